"""Attributions of one article: acts given their speakers, quotations joined, nested acts chained."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from spacy.tokens import Doc, Span, Token

from analysis.components import acts as acting
from analysis.components import quoted_speech
from analysis.components.acts import Act, Cues
from analysis.components.attribution_days import date_acts
from analysis.components.attribution_offices import Offices
from analysis.components.attribution_posts import HANDLE, post_acts
from analysis.components.cast import Cast
from analysis.components.headlines import colon_acts, headline_acts
from analysis.components.mentions import Attribution, Fault, text_of
from analysis.components.quoted_speech import covers
from analysis.components.quotes import is_headline, quotations_of
from analysis.components.sentence_acts import find as find_acts
from analysis.components.speakers import Speaker, phrase
from analysis.components.venues import media_beside
from analysis.components.word_classes import word_class

#: adjectives that leave "reports" and "estimates" without anybody who made them
VAGUE = word_class("vague_makers")
#: those of them by which even a count is not yet sure
EARLY = frozenset(("unconfirmed", "unverified", "initial", "early", "conflicting", "preliminary", "provisional"))


def _characters(doc: Doc, start: int, end: int) -> list[int] | None:
    """Characters of tokens ``start:end`` without blanks and commas at the ends."""
    while start < end and (doc[start].is_space or doc[start].text in (",", ":", ";", "-", "–", "—", ")")):
        start += 1
    while end > start and (doc[end - 1].is_space or doc[end - 1].text in (",", ":", ";", "-", "–", "—", "(", ".")):
        end -= 1
    return [doc[start].idx, doc[end - 1].idx + len(doc[end - 1])] if start < end else None


def _without(piece: list[int], start: int, end: int) -> list[list[int]]:
    if end <= piece[0] or start >= piece[1]:
        return [piece]
    return [p for p in ([piece[0], start], [end, piece[1]]) if p[1] - p[0] > 1]


def _content(doc: Doc, act: Act) -> list[list[int]]:
    pieces = [p for p in (_characters(doc, a, b) for a, b in act.content) if p]
    for a, b in act.holes:
        hole = [doc[a].idx, doc[b - 1].idx + len(doc[b - 1])]
        pieces = [q for p in pieces for q in _without(p, *hole)]
    return pieces


class Builder:
    """Finds the attributions of one Doc. ``faults`` holds the sentences that failed."""

    def __init__(self, doc: Doc, book: Cues) -> None:
        self.doc = doc
        self.book = book
        self.cast = Cast(doc, book.roles)
        self.text = text_of(doc)
        self.quotes = quotations_of(self.text)
        self.faults: list[Fault] = []
        self.rows: list[tuple[Act, Attribution]] = []
        self.offices = Offices(self.cast)

    def build(self) -> list[Attribution]:
        for sent in self.doc.sents:
            try:
                self._sentence(sent)
            except Exception as error:  # one bad sentence must not cost the article
                self.faults.append(
                    Fault("attribution_ruler", sent.start_char, sent.end_char, f"{type(error).__name__}: {error}")
                )
        if HANDLE in self.text:
            for act, speaker, content in post_acts(self.doc, self.book, self.cast):
                self.rows.append((act, self._attribution(act, speaker, content)))
        quoted_speech.join(self.doc, self.rows)
        self.offices.name([attribution for _, attribution in self.rows])
        self._chain()
        self._carry()
        date_acts(self.doc, self.rows, self.cast)
        found = [a for _, a in self.rows if a.content or a.statement_type == "decline_comment"]
        found.sort(key=lambda a: (a.content[0][0] if a.content else a.cue_start or 0, a.cue_start or 0))
        return found

    # -- one sentence

    def _sentence(self, sent: Span) -> None:
        raw = find_acts(sent, self.book)
        if is_headline(self.text, sent.start_char):
            raw = headline_acts(sent, self.book, self.cast, raw)
        raw = raw or colon_acts(sent, self.book, self.cast)
        self._part(sent, raw)
        for act in raw:
            speaker = None
            at = self.doc[act.cue[0]].idx
            around = next((q for q in self.quotes if q.start <= at < q.end), None)
            if act.source is not None:
                if around is not None and act.source.pos_ == "PRON":
                    continue  # "they say" inside a quotation: its speaker stays the source
                speaker = self._speaker(act)
                unnamed = speaker is None and act.source.lemma_.lower() in self.book.nouns
                if speaker is None and not unnamed:
                    continue
                if act.row["pos"] != "mark":
                    speaker = self._spoken_words(act, speaker) if speaker is not None else None
            content = _content(self.doc, act)
            if around is not None:
                content = [
                    [max(a, around.start), min(b, around.end)]
                    for a, b in content
                    if a < around.end and around.start < b
                ]
            else:
                content = [self._whole(piece) for piece in content]
            attribution = self._attribution(act, speaker, content)
            self.rows.append((act, attribution))
            if speaker is not None and act.source is not None:
                self.offices.note(act.source, speaker)
            if speaker is not None and not speaker.medium:
                self.cast.turns.append(replace(speaker, at=act.source.i if act.source is not None else act.anchor.i))

    @staticmethod
    def _part(sent: Span, raw: list[Act]) -> None:
        """A semicolon parts two speakers: what one says does not reach into the clause in which another speaks."""
        marks = [t.i for t in sent if t.text == ";"]
        if not marks:
            return
        edges = [sent.start, *[m + 1 for m in marks], sent.end]
        parts = list(pairwise(edges))
        homes = [next(k for k, (a, b) in enumerate(parts) if a <= act.cue[0] < b) for act in raw]
        for act, home in zip(raw, homes, strict=True):
            others = [parts[k] for k in sorted(set(homes) - {home})]
            pieces = []
            for first, last in act.content:
                for a, b in parts:
                    if (a, b) not in others and max(a, first) < min(b, last):
                        pieces.append((max(a, first), min(b, last)))
            act.content = pieces

    def _whole(self, piece: list[int]) -> list[int]:
        """A piece of content with the whole of the quotations that begin in it or right before it."""
        start, end = piece
        for quotation in self.quotes:
            if quotation.start == start - 1:
                start = quotation.start
            if start <= quotation.start < end < quotation.end:
                end = quotation.end
        return [start, end]

    def _spoken_words(self, act: Act, speaker: Speaker) -> Speaker:
        """The words here that name the source: with its apposition; the relative pronoun where one stands for it."""
        head = act.source
        assert head is not None
        if act.anchor.dep_ == "relcl":
            for child in act.anchor.children:
                if child.dep_ in ("nsubj", "nsubjpass") and child.lower_ in ("who", "which", "that"):
                    return replace(speaker, start=child.idx, end=child.idx + len(child))
        end = speaker.end
        for child in head.rights:
            if child.dep_ == "appos" and child.sent == head.sent and not act.cue[0] <= child.i < act.cue[1]:
                last = child.right_edge
                if not child.left_edge.i <= act.anchor.i <= last.i:
                    end = max(end, last.idx + len(last))
        start = speaker.start
        if head.idx < start or head.idx >= end:
            start, end = head.left_edge.idx, head.idx + len(head)
        return replace(speaker, start=start, end=end)

    def _speaker(self, act: Act) -> Speaker | None:
        head = act.source
        assert head is not None
        if act.row["id"] == "quotation_alone":
            # a headline is no full sentence: the words before the quotation are all there is of the speaker
            run = [t for t in self.doc[act.clause[0] : act.clause[1]] if not t.is_punct]
            person = self.cast._person(head)
            spoken = person or self.cast._body(
                self.cast._text(run), run[-1], run, run[0].idx, run[-1].idx + len(run[-1])
            )
            return replace(spoken, start=run[0].idx, end=run[-1].idx + len(run[-1]), at=head.i)
        if act.named != (0, 0):
            run = list(self.doc[act.named[0] : act.named[1]])
            if head.pos_ == "PRON":
                return self.cast.resolve(head)
            if act.row["pos"] == "verb" and (known := self.cast.known(head, run)) is not None:
                return known
            return self.cast._body(self.cast._text(run), head, run, run[0].idx, run[-1].idx + len(run[-1]))
        lemma = head.lemma_.lower()
        if lemma in self.book.nouns and not act.owner and head.pos_ == "NOUN":
            owned = "owner" in acting.frames(self.book.nouns[lemma])
            who = acting.owner(head, self.book) if owned else None
            if who is not None:
                named = self._owner(who)
                if named is not None:
                    start = min(head.left_edge.idx, named.start)
                    return replace(named, start=start, end=max(head.idx + len(head), named.end))
            told = any(t.dep_ == "det" and t.lower_ in ("the", "this", "that", "its", "these") for t in head.lefts)
            if owned and told:
                maker = self._maker(head)
                if maker is not None:
                    return replace(maker, start=head.left_edge.idx, end=head.idx + len(head))
            bare = head.tag_ == "NNS" and not any(
                t.dep_ in ("det", "compound", "nmod", "poss", "amod") and t.lower_ not in VAGUE for t in head.lefts
            )
            if bare and ("itself" not in acting.frames(self.book.nouns[lemma]) or lemma == "report"):
                return None  # "estimates suggest", "reports say": nobody is named
            return self.cast.resolve(head)
        if act.owner:
            return self._owner(head)
        found = self.cast.resolve(head)
        if (
            found is not None
            and head.pos_ != "PRON"
            and head.left_edge.tag_ in ("WDT", "WP")
            and head.i > head.left_edge.i
        ):
            return None  # "which the union reckons would add": a clause that the parser took for a name
        return self._placed(head, found)

    @staticmethod
    def _placed(head: Token, speaker: Speaker | None) -> Speaker | None:
        """ "the Sumy region, where officials count": the officials are those in the region."""
        clause = head.head
        where = any(c.dep_ == "advmod" and c.lower_ == "where" for c in clause.lefts)
        plain = speaker is not None and not speaker.medium and speaker.name == head.text
        if not (where and plain and clause.dep_ == "relcl" and head.dep_ == "nsubj") or speaker is None:
            return speaker
        run = phrase(clause.head)
        return replace(
            speaker,
            name=f"{speaker.name} in {Cast._text([t for t in run if t.dep_ != 'poss' and t.lower_ not in ('its', 'own', 'their')])}",
        )

    def _owner(self, who: Token) -> Speaker | None:
        if who.dep_ in ("amod", "compound", "nmod"):
            first = who
            while (
                first.i > 0
                and self.doc[first.i - 1].dep_ in ("amod", "compound")
                and self.doc[first.i - 1].head.i in (who.i, who.head.i)
            ):
                first = self.doc[first.i - 1]
            run = list(self.doc[first.i : who.i + 1])
            country = self.book.roles.countries.get(" ".join(t.lower_ for t in run)) or self.book.roles.countries.get(
                who.lower_
            )
            start, end = run[0].idx, run[-1].idx + len(run[-1])
            if country:
                return Speaker(
                    country,
                    start,
                    end,
                    country.lower(),
                    country,
                    "government",
                    True,
                    lemma=who.lemma_.lower(),
                    at=who.i,
                )
            text = self.cast._text(run)
            if text.lower() not in self.book.roles.nouns:
                text = self.cast.acronyms.get(text, text)
            medium = self.cast.medium(text)
            if medium:
                return Speaker(medium, start, end, medium.lower(), None, "media", True, medium=True, at=who.i)
            return self.cast._body(text, who, run, start, end)
        firm = [t for t in who.lefts if t.dep_ == "compound" and t.pos_ == "PROPN"]
        poll = who.dep_ == "pobj" and who.head.head.lemma_.lower() in acting.POLLS
        if (
            poll
            and firm
            and who.pos_ == "NOUN"
            and firm[-1].i == who.i - 1
            and firm[-1].ent_type_ not in ("GPE", "NORP")
        ):
            # "a poll by the Merida agency": the noun only tells what Merida is
            run = list(self.doc[firm[-1].left_edge.i : firm[-1].i + 1])
            return self.cast._body(self.cast._text(run), who, run, run[0].idx, who.idx + len(who))
        return self.cast.resolve(who)

    def _maker(self, noun: Token) -> Speaker | None:
        """Whose "the report", "the statement" is: the owner of the last such noun, else the last body that spoke."""
        lemma = noun.lemma_.lower()
        for token in reversed(self.doc[: noun.left_edge.i]):
            if token.lemma_.lower() == lemma and token.pos_ in ("NOUN", "PROPN"):
                who = acting.owner(token, self.book)
                if who is not None:
                    return self._owner(who)
        if lemma in ("report", "article", "story"):
            for start in sorted(self.cast.local, reverse=True):
                if start < noun.i and self.cast._distance(start, noun.i) <= 6:
                    name = self.cast.local[start]
                    return Speaker(name, 0, 0, name.lower(), None, "media", True, medium=True, lemma=lemma, at=noun.i)
        for turn in reversed(self.cast.turns):
            if turn.at < noun.i and self.cast._distance(turn.at, noun.i) <= 4 and not turn.person:
                return turn
        return None

    def _attribution(self, act: Act, speaker: Speaker | None, content: list[list[int]]) -> Attribution:
        first, last = act.cue
        cue_start, cue_end = (self.doc[first].idx, self.doc[last - 1].idx + len(self.doc[last - 1]))
        row = act.row
        attribution = Attribution(
            content=content,
            cue=self.text[cue_start:cue_end],
            cue_start=cue_start,
            cue_end=cue_end,
            cue_code=row["code"],
            stance=row["stance"],
            mode="indirect" if speaker is not None else "none",
            negated=row["stance"] == "denying",
            statement_type=row["statement_type"],
            rule="+".join(dict.fromkeys(i for i in (row["id"], self._document(act)) if i)),
        )
        if speaker is None:
            attribution.source_kind = "unattributed"
            noun = self._document(act) if act.source is not None else None
            doubtful = act.source is not None and any(t.lower_ in EARLY for t in act.source.lefts)
            if act.source is not None and (noun != "figure_noun" or doubtful):  # "figures show" leaves no doubt
                attribution.hedged, attribution.hedge_text = True, act.source.text
            return attribution
        self._name(attribution, speaker)
        sent = act.anchor.sent
        attribution.via = "+".join(media_beside(sent, content, speaker, self.cast, self.book)) or None
        return attribution

    def _document(self, act: Act) -> str | None:
        """The row of the reporting noun through which the source speaks ("its report said")."""
        lemma = act.source.lemma_.lower() if act.source is not None else ""
        return self.book.nouns[lemma]["id"] if lemma in self.book.nouns else None

    @staticmethod
    def _name(attribution: Attribution, speaker: Speaker) -> None:
        attribution.source = speaker.name
        attribution.source_start, attribution.source_end = speaker.start, speaker.end
        attribution.source_id = speaker.speaker_id
        attribution.source_party = speaker.party
        attribution.source_kind = speaker.kind
        attribution.source_named = speaker.named

    # -- chains

    def _chain(self) -> None:
        """Media that report another's report stand in ``via`` of the inner act, nearest first."""
        for act, inner in self.rows:
            if inner.source is None:
                continue
            chain = [m for m in (inner.via or "").split("+") if m]
            outer = [
                (sum(b - a for a, b in other.content), other)
                for _, other in self.rows
                if other is not inner and other.source and other.cue_start is not None and other.content
                and not self._set_against(other, inner)
                and (covers(other, inner.cue_start or 0) or (act.row["code"] == "cite" and self._same_sentence(other, inner)))
            ]  # fmt: skip
            for _, other in sorted(outer, key=lambda pair: pair[0]):
                names = [other.source] if other.source_kind == "media" and other.source != inner.source else []
                for name in [*names, *(other.via or "").split("+")]:
                    if name and name not in chain and name != inner.source:
                        chain.append(name)
            inner.via = "+".join(chain) or None

    def _set_against(self, outer: Attribution, inner: Attribution) -> bool:
        """ "The broadcaster put it at 40, while the union said 60": the one does not report the other."""
        first, last = outer.cue_end or 0, inner.cue_start or 0
        if first >= last:
            return False
        between = self.text[first:last].replace("\n", " ")
        return any(mark in between for mark in (", while ", ", whereas ", "; "))

    def _carry(self) -> None:
        """A speaker who was told to speak to a medium goes on speaking to it in the sentences right after."""
        told: dict[str, tuple[str, int]] = {}
        order = sorted(self.rows, key=lambda row: row[1].cue_start or 0)
        for act, attribution in order:
            key = attribution.source_id
            if key is None:
                continue
            if attribution.via:
                told[key] = (attribution.via, act.anchor.i)
            elif key in told and self.cast._distance(told[key][1], act.anchor.i) <= 2:
                attribution.via = told[key][0]

    def _same_sentence(self, other: Attribution, inner: Attribution) -> bool:
        span = self.doc.char_span(inner.cue_start or 0, inner.cue_end or 0, alignment_mode="expand")
        if span is None:
            return False
        sent = span[0].sent
        return sent.start_char <= (other.cue_start or 0) < sent.end_char
