"""Speakers told by office or description first and by name after: "the country's largest union", "its top general"."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Token

from analysis.components.cast import Cast
from analysis.components.mentions import Attribution, text_of
from analysis.components.quotes import is_headline
from analysis.components.roles import EMPTY, folded
from analysis.components.speakers import RANKS, Speaker, phrase, words
from analysis.components.word_classes import word_class

#: rows of source_kinds.csv for offices that one person holds
OFFICES = ("head_of_state", "minister", "soldier", "leader", "official_anonymous", "scholar")
#: sentences within which the name follows
NAMED_WITHIN = 3
#: adjectives that do not tell one body from another
PLAIN = word_class("plain_adjectives")
#: bodies told by what they are, whose name may leave the noun out
POINTING = (word_class("pointing_groups"), word_class("pointing_offices"))


class Offices:
    """Offices and descriptions of one article that the next sentences give a name."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast
        self.doc = cast.doc
        self.found: dict[str, Speaker] = {}

    def note(self, head: Token, speaker: Speaker) -> None:
        """Note a speaker told by office or description only, in case the next sentences name him."""
        row = self.cast.roles.nouns.get(head.lemma_.lower())
        told = head.pos_ == "NOUN" and speaker.source_is_words(text_of(self.doc)) and not speaker.plural
        if row is None or not told or speaker.name in self.found or head.tag_ in ("NNS", "NNPS"):
            return
        if row["person"] == "yes":
            definite = any(t.dep_ in ("det", "poss") and t.lower_ not in ("a", "an") for t in head.lefts)
            holder = self._person(head, row["id"]) if definite and row["id"] in OFFICES else None
        else:
            holder = self._body(head, speaker)
        if holder is not None:
            self.found[speaker.name] = holder

    def _person(self, head: Token, office: str) -> Speaker | None:
        """The person whom the sentences right after an office introduce by full name and without another office."""
        cast = self.cast
        seen = {folded(name.split()[-1]) for start, name in cast.people if start < head.i}
        for start, name in cast.people:
            key = folded(name.split()[-1])
            if start < head.i or key in seen or " " not in name:
                continue
            if cast._distance(head.i, start) > NAMED_WITHIN:
                return None
            seen.add(key)
            token = self.doc[start]
            while token.dep_ in ("compound", "flat") and token.head.i > token.i:
                token = token.head
            titled = any(cast._title(t) for t in token.lefts)
            if token.dep_ != "nsubj" and not (token.dep_ == "appos" and token.head.dep_ == "nsubj"):
                continue
            nouns = cast.roles.nouns
            told = [w for w in cast.described.get(key, ()) if w in nouns and nouns[w]["person"] == "yes"]
            if office in ("official_anonymous", "scholar") and head.lemma_.lower() not in told:
                return None  # an official who is not named stays so unless the name comes with the same word
            ranks = office == "soldier"
            if all(w == head.lemma_.lower() or (ranks and nouns[w]["id"] == "soldier") for w in told):
                return cast.resolve_name(start)
            if titled:
                return None
        return None

    def _body(self, head: Token, speaker: Speaker) -> Speaker | None:
        """The body whose name the next sentences give: it repeats the noun, or a word that sets the body apart."""
        text = [t for t in phrase(head) if t.i != head.i]
        if any(t.pos_ == "PROPN" and t.lower_ not in self.cast.roles.countries for t in text):
            return None
        lemma = head.lemma_.lower()
        apart = {t.lemma_.lower() for t in text if t.pos_ in ("NOUN", "ADJ")} - EMPTY - {lemma}
        apart = {word for word in apart if word not in RANKS and word not in PLAIN}
        apart -= {w for w in apart if w in self.cast.roles.countries}
        alone = not apart - set(self.cast.roles.nouns)
        before = {name.lower() for start, name in self.cast.bodies if start < head.i}
        for start, name in self.cast.bodies:
            if start < head.i or name.lower() in before or not name[:1].isupper():
                continue
            if self.cast._distance(head.i, start) > NAMED_WITHIN:
                return None
            listed = [w.rstrip("s") for w in words(name)]
            # "the league" is the Workers' League; "a doctors' group" the Doctors' Network
            if not any(lemma in nouns for nouns in POINTING) and lemma not in listed:
                continue  # "the provincial health department" is not the World Health Organization
            same = alone and len(listed) > 1 and lemma in (listed[-1], listed[0])
            if not same and not {w.rstrip("s") for w in apart} & set(listed):
                continue
            token = next((t for t in self.doc[start : start + len(name.split()) + 3] if t.dep_ in _ROLES), None)
            if token is not None and token.pos_ == "PROPN":
                return self.cast._body(name, token, [token], 0, 0)
        return None

    def _in_full(self, source: str, later: list[Attribution]) -> Speaker | None:
        """Who a headline's short form is in the text: "ministry" the energy ministry, "minister" its only minister."""
        short = [w for w in words(source) if w not in EMPTY]
        row = self.cast.roles.nouns.get(short[-1]) if short else None
        if row is None:
            return None
        if row["person"] == "yes":
            holders = {
                folded(name.split()[-1]): start
                for start, name in self.cast.people
                if short[-1] in self.cast.described.get(folded(name.split()[-1]), ())
            }
            return self.cast.resolve_name(next(iter(holders.values()))) if len(holders) == 1 else None
        full: dict[str, Attribution] = {}
        for other in later:
            listed = words(other.source or "")
            if listed and set(short) < set(listed) and listed[-1] == short[-1]:
                full.setdefault(other.source_id or "", other)
        if len(full) != 1:
            return None
        one = next(iter(full.values()))
        return Speaker(one.source or "", 0, 0, one.source_id or "", one.source_party, one.source_kind)

    def name(self, attributions: Iterable[Attribution]) -> None:
        """Write the names into the attributions that have only the office or the description."""
        text = text_of(self.doc)
        attributions = list(attributions)
        later = [a for a in attributions if a.source and not is_headline(text, a.cue_start or 0)]
        by_case = {office.lower(): holder for office, holder in self.found.items()}
        for attribution in attributions:
            source = (attribution.source or "").lower()
            holder = by_case.get(source)
            if holder is None and source and is_headline(text, attribution.cue_start or 0):
                # "minister says" in a headline is the minister of the story
                same = [h for office, h in by_case.items() if set(words(source)) <= set(words(office))]
                same = list({h.speaker_id: h for h in same}.values())
                holder = same[0] if len(same) == 1 else self._in_full(source, later)
            if holder is None:
                continue
            attribution.source, attribution.source_id = holder.name, holder.speaker_id
            attribution.source_named = True
            attribution.source_party = attribution.source_party or holder.party


_ROLES = ("nsubj", "nsubjpass", "pobj", "poss", "appos", "dobj", "conj")
