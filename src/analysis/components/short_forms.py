"""Short forms followed back to fuller words: "the ministry", "the officer", "the port's new director", "the carrier"."""

from __future__ import annotations

from spacy.tokens import Token

from analysis.codebook import Row
from analysis.components.pronouns import Pronouns
from analysis.components.roles import EMPTY, folded
from analysis.components.speakers import RANKS, REACH, Speaker, phrase, words
from analysis.components.word_classes import word_class

#: bodies that only point back at one that was named, firms, and bodies of people who join
POINTING = word_class("pointing_bodies")
FIRMS = word_class("firms")
UNIONS = word_class("unions")
SITES = word_class("sites")


class ShortForms(Pronouns):
    """What the short forms of one article stand for."""

    def _person(self, head: Token) -> Speaker | None:
        """The person of a name: ``Cast`` knows it."""
        return None

    def _body(self, text: str, head: Token, run: list[Token], start: int, end: int) -> Speaker:
        """The body of a name: ``Cast`` knows its kind and party."""
        return Speaker(text, start, end, text.lower(), lemma=head.lemma_.lower(), at=head.i)

    def _apposed(self, head: Token) -> list[Token] | None:
        """The name after a noun: ``Cast`` knows it."""
        return None

    def _possessed(self, head: Token, run: list[Token], text: str) -> str:
        """The words with their possessor named: ``Cast`` knows it."""
        return text

    def _holder(self, head: Token, run: list[Token]) -> Speaker | None:
        """The named person whom the article gives the office of ``head`` ("the port's new director")."""
        row = self.roles.nouns.get(head.lemma_.lower())
        if row is None or row["person"] != "yes" or row["named"] != "true" or head.tag_ in ("NNS", "NNPS"):
            return None
        if any(t.dep_ == "det" and t.lower_ in ("a", "an", "another", "some", "one") for t in head.lefts):
            return None
        wanted = {w for w in words(self._text(run)) if w not in EMPTY}
        scored: dict[str, int] = {}
        for _, name in self.people:
            key = folded(name.split()[-1])
            described = self.described.get(key, [])
            if head.lemma_.lower() in described:
                scored[key] = len(wanted & set(described))
        if not scored:
            return None
        best = max(scored.values())
        holders = [key for key, score in scored.items() if score == best]
        if len(holders) != 1:
            return None
        # other words of the phrase may not tell of another office ("interior", "foreign")
        modifiers = {t.lower_ for t in head.lefts if t.dep_ in ("compound", "amod") and t.lower_ not in RANKS}
        if modifiers - set(self.described[holders[0]]) and best < 2:
            return None
        for start, name in self.people:
            if folded(name.split()[-1]) == holders[0]:
                return self.resolve_name(start)
        return None

    def _short(self, head: Token, run: list[Token]) -> Speaker | None:
        """Follow "the ministry", "the officer", "the unions" back to the fuller phrase with the same noun.

        A noun that only points back ("the group", "the firm", "the carrier") stands for the body that spoke last, unless
        fuller words with the same noun were said after it.
        """
        if holder := self._holder(head, run):
            return holder
        definite = any(t.dep_ == "det" and t.lower_ in ("the", "that", "this", "these", "those") for t in head.lefts)
        if not definite or head.pos_ == "PROPN" and len(run) > 1 or len(run) > 2 or head.sent.start == 0:
            return None
        full = any(c.dep_ == "relcl" and c.left_edge.i == head.i + 1 for c in head.rights)
        if full and head.lemma_.lower() in ("company", "firm", "operator", "carrier", "contractor", "utility"):
            return None  # "the company that runs the port" is told in full
        lemma = head.lemma_.lower()
        row = self.roles.nouns.get(lemma)
        token = self._fuller(head, run, row)
        pointed = self._pointed_at(head, run, row)
        if pointed is not None and (token is None or (lemma in POINTING and token.i < pointed.at)):
            return pointed
        if token is not None:
            if person := self._titled(token):
                return person
            if named := self._apposed(token):
                return self._body(self._text(named), named[-1], named, 0, 0)
            other = phrase(token)
            text = self._possessed(token, other, self._text(other))
            if medium := self.medium(text):
                return Speaker(medium, 0, 0, medium.lower(), None, "media", True, medium=True, lemma=lemma)
            return self._body(text, token, other, 0, 0)
        if row is None:
            return None
        if row["person"] == "yes":
            return self._short_person(head, lemma, row)
        if row["id"] == "media" or lemma == "agency":
            for start in sorted(self.local, reverse=True):
                if start < head.i:
                    name = self.local[start]
                    return Speaker(name, 0, 0, name.lower(), None, "media", True, medium=True, lemma=lemma)
        if lemma in POINTING or lemma in FIRMS or lemma in UNIONS or lemma.endswith("maker"):
            if len(run) > 1 or head.tag_ != "NN":
                return None
            before = self._last_subject(head, "body")  # "Open Doors runs a clinic. The group said"
            if before is not None and before.name[:1].isupper() and before.kind != "government":
                return before
        return None

    def _fuller(self, head: Token, run: list[Token], row: Row | None) -> Token | None:
        """The last noun like ``head`` that fuller words stand with, in the same number."""
        lemma = head.lemma_.lower()
        for token in reversed(self.doc[: run[0].i]):
            if token.lemma_.lower() != lemma or token.pos_ not in ("NOUN", "PROPN"):
                continue
            if (token.tag_ in ("NNS", "NNPS")) != (head.tag_ in ("NNS", "NNPS")) and row is not None:
                continue
            if self._titled(token) is not None:
                return token
            other = phrase(token)
            told = [
                t for t in other if not t.like_num and t.pos_ != "NUM"
            ]  # "40 rebels" says no more than "the rebels"
            if token.dep_ == "compound" or len(told) <= len(run):
                continue
            apart = {
                t.lower_
                for t in run
                if t.dep_ in ("compound", "amod", "nmod") and t.lower_ not in RANKS and t.lower_ != "same"
            }
            if apart <= {t.lower_ for t in other}:
                return token  # "the weather agency" is not the search and rescue agency
        return None

    def _pointed_at(self, head: Token, run: list[Token], row: Row | None) -> Speaker | None:
        """The named body that spoke last, for a singular noun that only points at one."""
        lemma = head.lemma_.lower()
        firm = lemma in FIRMS or lemma.endswith("maker")
        points = lemma in POINTING
        if (row is not None and row["person"] == "yes") or head.tag_ != "NN" or lemma in SITES:
            return None
        if not (points or firm or lemma in UNIONS):
            return None
        # "the separatist alliance", but not "the bar association"
        plain = all(t.i == head.i or (points and t.pos_ != "PROPN" and not t.text[:1].isupper()) for t in run)
        if not plain or any(t.lower_ in self.roles.countries for t in run):
            return None
        barred: tuple[str, ...] = ("government",) if points and not firm else ("government", "military", "intelligence")
        if lemma in ("agency", "body", "institution"):
            barred = ()
        for turn in reversed(self.turns):
            if turn.person or turn.plural or turn.medium or turn.at >= head.i or not turn.name[:1].isupper():
                continue
            named = words(turn.name)
            if turn.kind in barred or " ".join(named) in self.roles.countries:
                continue
            if firm and any(word in UNIONS for word in named):
                continue  # "the carrier" is not the pilots' union
            if not points and lemma in UNIONS and not any(word in UNIONS for word in named):
                continue
            return turn
        return None

    def _short_person(self, head: Token, lemma: str, row: Row) -> Speaker | None:
        """Who "the officer", "the doctor" is: the last person who was described so; a rank the last soldier named."""
        for turn in reversed(self.turns):
            if turn.person and turn.at < head.i and lemma in self.described.get(turn.speaker_id, ()):
                return turn
        for start, name in reversed(self.people):
            key = folded(name.split()[-1])
            if start < head.i and lemma in self.described.get(key, ()):
                return self.resolve_name(start)
        if row["id"] == "soldier" and head.tag_ == "NN":
            # a rank goes back to the last soldier who was named
            for start, name in reversed(self.people):
                key = folded(name.split()[-1])
                if start < head.i and " " in name and self._distance(start, head.i) <= REACH:
                    ranks = [w for w in self.described.get(key, ()) if w in self.roles.nouns]
                    if any(self.roles.nouns[w]["source_kind"] == "military" for w in ranks):
                        return self.resolve_name(start)
            for turn in reversed(self.turns):
                if turn.at < head.i and turn.person and " " in turn.name and self._distance(turn.at, head.i) <= REACH:
                    return turn if turn.kind == "military" else None
        return None

    def _titled(self, token: Token) -> Speaker | None:
        """The person whose name goes with the title ``token`` ("minister" in "Interior Minister Osric Vale")."""
        if not self._title(token):
            return None
        if token.dep_ == "compound" and token.head.pos_ == "PROPN":
            return self._person(token.head)
        if token.dep_ == "appos" and token.head.pos_ == "PROPN":
            return self._person(token.head)
        return self._person(token) if token.pos_ in ("NOUN", "PROPN") else None
