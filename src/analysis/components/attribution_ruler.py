"""Who is reported to have said what: ``doc._.attributions``, and ``attribute`` for the characters of one figure.

Acts of attribution (``acts``) are found sentence by sentence, their sources followed through the article (``speakers``),
quotations joined to them (``quotes``), and nested acts chained: in "the paper reported, citing an officer, that ..." the
officer is the source and the paper stands in ``via``. The component finds, then writes; it fails per sentence.
"""

from __future__ import annotations

import functools
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from analysis.codebook import Codebook, Row, load
from analysis.components import acts as acting
from analysis.components import hedges as hedging
from analysis.components import mentions
from analysis.components.acts import Act, Cues
from analysis.components.mentions import Attribution, Fault
from analysis.components.quotes import Quotation, paragraphs, quotations
from analysis.components.roles import folded
from analysis.components.speakers import Cast, Speaker

#: sentences between a statement and the warning that it could not be verified
CAVEAT_REACH = 6
#: words by which a warning points back at what was said
CLAIMED = frozenset(
    ("claim", "figure", "number", "report", "statement", "account", "toll", "information", "allegation", "assertion")
    + ("this", "these", "it", "detail", "count", "estimate", "tally", "which")
)
#: characters of the longest first line that is still a headline
TITLE_LENGTH = 200
#: characters between a quotation and its cue clause that may part them
JOINTS = frozenset(" ,:;.-–—\n\t…?!")


@functools.lru_cache(maxsize=16)
def _quotations(text: str) -> tuple[Quotation, ...]:
    return tuple(quotations(text))


@functools.lru_cache(maxsize=16)
def _paragraphs(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(paragraphs(text))


def _paragraph(text: str, at: int) -> int:
    found = _paragraphs(text)
    low, high = 0, len(found)
    while low < high:
        middle = (low + high) // 2
        if found[middle][1] <= at:
            low = middle + 1
        else:
            high = middle
    return low


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


def _covers(attribution: Attribution, at: int) -> bool:
    return any(start <= at < end for start, end in attribution.content)


def _media(cast: Cast, doc: Doc, first: int, last: int, content: list[list[int]], head: Speaker | None) -> list[str]:
    """Media named in tokens ``first:last`` outside the content that stand after "told", "to", "with", "by" and the like."""
    found: list[str] = []
    k = first
    while k < last:
        token = doc[k]
        if (
            token.pos_ not in ("PROPN", "NOUN", "ADJ")
            or not token.text[:1].isupper()
            or any(a <= token.idx < b for a, b in content)
        ):
            k += 1
            continue
        run = [token]
        while k + len(run) < last and doc[k + len(run)].text[:1].isupper() and not doc[k + len(run)].is_punct:
            run.append(doc[k + len(run)])
        name = None
        for size in range(len(run), 0, -1):
            name = cast.medium(Cast._text(run[:size]))
            if name:
                break
        k += max(1, size if name else 1)
        if not name or (head is not None and head.name == name) or cast.is_own(name):
            continue
        root = max(run[:size], key=lambda t: len(list(t.subtree)))
        before = doc[run[0].i - 1].lower_ if run[0].i else ""
        if before in ("the", "a") and run[0].i > 1:
            before = doc[run[0].i - 2].lower_
        if before in ("by", "on", "for", "in", "via", "through", "to", "with"):
            preposition = doc[run[0].i - 1 if doc[run[0].i - 1].lower_ == before else run[0].i - 2]
            governor = preposition.head.lemma_.lower()
            if (
                governor not in acting.cues(None).verbs
                and governor not in VENUES
                and governor not in acting.cues(None).nouns
            ):
                continue
        governed = root.dep_ in ("dobj", "dative", "pobj", "iobj", "poss", "nsubj", "compound")
        if governed and (before in ("told", "tells", "telling", "tell", "to", "with", "by", "on", "for", "via", "in", "through") or root.dep_ in ("dobj", "dative")) and name not in found:  # fmt: skip
            found.append(name)
    return found


#: verbs and nouns beside which a medium is the way the news came
VENUES = frozenset(
    ("interview", "obtain", "see", "review", "carry", "air", "appear", "show", "conversation", "response", "email")
)


class Builder:
    """Finds the attributions of one Doc. ``faults`` holds the sentences that failed."""

    def __init__(self, doc: Doc, book: Cues) -> None:
        self.doc = doc
        self.book = book
        self.cast = Cast(doc, book.roles)
        self.quotes = _quotations(doc.text)
        self.faults: list[Fault] = []
        self.rows: list[tuple[Act, Attribution]] = []

    def build(self) -> list[Attribution]:
        sents = list(self.doc.sents)
        for k, sent in enumerate(sents):
            try:
                self._sentence(sent, headline=k == 0)
            except Exception as error:  # one bad sentence must not cost the article
                self.faults.append(
                    Fault("attribution_ruler", sent.start_char, sent.end_char, f"{type(error).__name__}: {error}")
                )
        self._quotations()
        self._chain()
        self._carry()
        found = [a for _, a in self.rows if a.content or a.statement_type == "decline_comment"]
        found.sort(key=lambda a: (a.content[0][0] if a.content else a.cue_start or 0, a.cue_start or 0))
        return found

    # -- one sentence

    def _sentence(self, sent: Span, headline: bool) -> None:
        raw = acting.find(sent, self.book)
        if headline or self._is_headline(sent):
            raw += self._headline(sent, bool(raw))
        for act in raw:
            speaker = None
            at = self.doc[act.cue[0]].idx
            around = next((q for q in self.quotes if q.start <= at < q.end), None)
            if act.source is not None:
                if around is not None and act.source.pos_ == "PRON":
                    continue  # "they say" inside a quotation: its speaker stays the source
                speaker = self._speaker(act)
                if speaker is None:
                    continue
                speaker = self._spoken_words(act, speaker)
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
            if speaker is not None and not speaker.medium:
                self.cast.turns.append(replace(speaker, at=act.source.i if act.source is not None else act.anchor.i))

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
        lemma = head.lemma_.lower()
        if lemma in self.book.nouns and not act.owner:
            who = acting.owner(head, self.book)
            if who is not None:
                named = self._owner(who)
                if named is not None:
                    start, end = head.left_edge.idx, head.idx + len(head)
                    return replace(named, start=start, end=end)
            if any(t.dep_ == "det" and t.lower_ in ("the", "this", "that", "its", "these") for t in head.lefts):
                maker = self._maker(head)
                if maker is not None:
                    return replace(maker, start=head.left_edge.idx, end=head.idx + len(head))
            elif head.tag_ == "NNS" and not any(t.dep_ in ("amod", "compound", "nmod", "poss") for t in head.lefts):
                if "itself" not in acting.frames(self.book.nouns[lemma]) or lemma == "report":
                    return None  # "estimates suggest", "reports say": nobody is named
            return self.cast.resolve(head)
        if act.owner:
            return self._owner(head)
        return self.cast.resolve(head)

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
            medium = self.cast.medium(text)
            if medium:
                return Speaker(medium, start, end, medium.lower(), None, "media", True, medium=True, at=who.i)
            return self.cast._body(text, who, run, start, end)
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
            cue=self.doc.text[cue_start:cue_end],
            cue_start=cue_start,
            cue_end=cue_end,
            cue_code=row["code"],
            stance=row["stance"],
            mode="indirect" if speaker is not None else "none",
            negated=row["stance"] == "denying",
            statement_type=row["statement_type"],
            rule=row["id"],
        )
        if speaker is None:
            attribution.source_kind = "unattributed"
            return attribution
        self._name(attribution, speaker)
        sent = act.anchor.sent
        attribution.via = "+".join(_media(self.cast, self.doc, sent.start, sent.end, content, speaker)) or None
        attribution.said_start = self._said(act, content)
        return attribution

    @staticmethod
    def _name(attribution: Attribution, speaker: Speaker) -> None:
        attribution.source = speaker.name
        attribution.source_start, attribution.source_end = speaker.start, speaker.end
        attribution.source_id = speaker.speaker_id
        attribution.source_party = speaker.party
        attribution.source_kind = speaker.kind
        attribution.source_named = speaker.named

    def _said(self, act: Act, content: list[list[int]]) -> str | None:
        """The day to which a date beside the cue, outside the content, resolves."""
        dates = self.doc._.dates if self.doc.has_extension("dates") else None
        sent = act.anchor.sent
        near = [
            d
            for d in dates or []
            if sent.start_char <= d.start < sent.end_char
            and d.precision == "day"
            and d.date_start == d.date_end
            and not any(a <= d.start < b for a, b in content)
        ]
        at = self.doc[act.cue[0]].idx
        return min(near, key=lambda d: abs(d.start - at)).date_start if near else None

    # -- headlines

    def _is_headline(self, sent: Span) -> bool:
        start, end = _paragraphs(self.doc.text)[
            min(_paragraph(self.doc.text, sent.start_char), len(_paragraphs(self.doc.text)) - 1)
        ]
        return start == 0 and end - start < 200 and self.doc.text[end - 1] not in '.!”"'

    def _headline(self, sent: Span, spoken: bool) -> list[Act]:
        if not self._is_headline(sent) or spoken:
            return []
        for quotation in self.quotes:
            if sent.start_char < quotation.start < sent.end_char:
                lead = self.doc.char_span(sent.start_char, quotation.start, alignment_mode="contract")
                said = self.doc.char_span(quotation.start, quotation.end, alignment_mode="expand")
                if lead is not None and said is not None and 0 < len(lead) <= 5 and self._speaking(lead):
                    row = self.book.marks["quotation_alone"]
                    at = (said.start, said.start + 1)
                    return [Act(row, said[0], at, lead.root, [(said.start, said.end)])]
        if tail := self._tail(sent):
            return tail
        for token in sent:
            left, right = (self.doc[sent.start : token.i], self.doc[token.i + 1 : sent.end])
            if token.text == ":" and 0 < len(left) <= 5 and len(right) > 2 and self._speaking(left):
                return [
                    Act(
                        self.book.marks["headline_colon"],
                        token,
                        (token.i, token.i + 1),
                        left.root,
                        [(token.i + 1, sent.end)],
                    )
                ]
            if (
                token.text in ("-", "–", "—", ":")
                and token.whitespace_
                and 0 < len(right) <= 6
                and len(left) > 2
                and self._speaking(right)
            ):
                row = self.book.marks["headline_dash"]
                return [Act(row, token, (token.i, token.i + 1), right.root, [(sent.start, token.i)])]
        return []

    def _tail(self, sent: Span) -> list[Act]:
        """ "34 dead, minister confirms": the words after the last comma are a speaker and a cue, however parsed."""
        comma = max((t.i for t in sent if t.text in (",", "–", "—")), default=sent.start)
        tail = [t for t in self.doc[comma + 1 : sent.end] if not t.is_space]
        if not 2 <= len(tail) <= 6 or comma == sent.start:
            return []
        for verb, rest in ((tail[-1], tail[:-1]), (tail[0], tail[1:])):
            lemmas = (verb.lemma_.lower(), verb.lower_.removesuffix("s"), verb.lower_)
            rows = [r for lemma in lemmas for r in self.book.verbs.get(lemma, ()) if "clause" in acting.frames(r)]
            span = self.doc[rest[0].i : rest[-1].i + 1]
            if rows and self._speaking(span):
                return [Act(rows[0], verb, (verb.i, verb.i + 1), span.root, [(sent.start, comma)])]
        return []

    def _speaking(self, span: Span) -> bool:
        root = span.root
        if root.pos_ not in ("PROPN", "NOUN") or any(t.pos_ in ("VERB", "NUM") for t in span):
            return False
        known = root.lemma_.lower() in self.book.roles.nouns
        person = folded(span[-1].text) in self.cast.surnames
        country = span.text.lower() in self.book.roles.countries
        return known or person or country or root.ent_type_ in ("PERSON",) or root.text in self.cast.acronyms

    # -- quotations

    def _quotations(self) -> None:
        last: tuple[Attribution, Act] | None = None
        speaker_of: dict[int, tuple[Act, Attribution]] = {}
        order = sorted(self.rows, key=lambda row: row[1].cue_start or 0)
        for quotation in self.quotes:
            here = _paragraph(self.doc.text, quotation.start)
            found = self._joined(quotation, order)
            length = len(self.doc.text[quotation.start : quotation.end].split())
            if found is None and length >= 4 and not any(_covers(a, quotation.start + 1) for _, a in order if a.source):
                found = self._around(quotation, here, speaker_of, order)
            if found is None:
                continue
            _act, attribution = found
            speaker_of[here] = found
            if not all(_covers(attribution, at) for at in (quotation.start + 1, quotation.end - 2)):
                self._extend(attribution, quotation)
        del last

    def _joined(self, quotation: Quotation, order: list[tuple[Act, Attribution]]) -> tuple[Act, Attribution] | None:
        """The act whose cue clause stands right before or after the quotation."""
        text = self.doc.text
        best: tuple[int, tuple[Act, Attribution]] | None = None
        for act, attribution in order:
            if attribution.source is None or not {"quote", "clause", "object"} & set(acting.frames(act.row)):
                continue
            a, b = act.clause if act.clause != (0, 0) else act.cue
            start, end = self.doc[a].idx, self.doc[b - 1].idx + len(self.doc[b - 1])
            if (
                start < quotation.end
                and quotation.start < end
                and quotation.start <= (attribution.cue_start or 0) < quotation.end
            ):
                continue
            if (
                quotation.end <= start
                and start - quotation.end <= 3
                and set(text[quotation.end : start]) <= JOINTS - {".", "\n"}
            ):
                return act, attribution
            if end <= quotation.start:
                between = text[end : quotation.start]
                adjoining = set(between) <= JOINTS - {"."}
                colon = between.rstrip().endswith((":", ",")) and act.anchor.sent.end_char >= quotation.start - 2
                if (adjoining or colon) and "\n" not in between.rstrip("\n ") and len(between) < 120:
                    gap = len(between)
                    if best is None or gap < best[0]:
                        best = (gap, (act, attribution))
        return best[1] if best else None

    def _around(
        self,
        quotation: Quotation,
        here: int,
        speaker_of: dict[int, tuple[Act, Attribution]],
        order: list[tuple[Act, Attribution]],
    ) -> tuple[Act, Attribution] | None:
        """The speaker of a quotation without a cue of its own: of the same paragraph, or of the one before."""
        text = self.doc.text
        start, end = _paragraphs(text)[here]
        alone = not any(c.isalpha() for c in text[start : quotation.start]) or quotation.start == start
        if here in speaker_of:
            return speaker_of[here]
        sentence = self.doc.char_span(quotation.start, quotation.start + 1, alignment_mode="expand")
        left = sentence[0].sent.start_char if sentence is not None else start
        starts_sentence = not any(c.isalnum() for c in text[left : quotation.start])
        before = [
            row for row in order
            if row[1].source and start <= (row[1].cue_start or 0) < quotation.start
        ]  # fmt: skip
        if before and starts_sentence:
            return before[-1]
        later = [row for row in order if row[1].source and quotation.end <= (row[1].cue_start or 0) < end]
        if later and starts_sentence:
            return later[0]
        if alone and here > 0:
            if quotation.runs_on and here - 1 in speaker_of:
                return speaker_of[here - 1]
            begin = _paragraphs(text)[here - 1][0]
            earlier = [row for row in order if row[1].source and begin <= (row[1].cue_start or 0) < start]
            if earlier:
                return earlier[-1]
            if here - 1 in speaker_of:
                return speaker_of[here - 1]
        return None

    def _extend(self, attribution: Attribution, quotation: Quotation) -> None:
        pieces = [*attribution.content, [quotation.start, quotation.end]]
        merged: list[list[int]] = []
        for piece in sorted(pieces):
            if merged and piece[0] <= merged[-1][1] + 2:
                merged[-1][1] = max(merged[-1][1], piece[1])
            else:
                merged.append(list(piece))
        attribution.content = merged

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
                and (_covers(other, inner.cue_start or 0) or (act.row["code"] == "cite" and self._same_sentence(other, inner)))
            ]  # fmt: skip
            for _, other in sorted(outer, key=lambda pair: pair[0]):
                names = [other.source] if other.source_kind == "media" and other.source != inner.source else []
                for name in [*names, *(other.via or "").split("+")]:
                    if name and name not in chain and name != inner.source:
                        chain.append(name)
            inner.via = "+".join(chain) or None

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
        span = self.doc.char_span(inner.cue_start, inner.cue_end, alignment_mode="expand")
        if span is None:
            return False
        sent = span[0].sent
        return sent.start_char <= (other.cue_start or 0) < (inner.cue_start or 0)


def find(doc: Doc, codebook: str | None = None) -> tuple[list[Attribution], list[Fault]]:
    """Return the attributions of ``doc`` in order of start, and the sentences that failed; writes nothing."""
    builder = Builder(doc, acting.cues(codebook))
    found = builder.build()
    return found, builder.faults


def _token(doc: Doc, start: int, end: int) -> Token | None:
    span = doc.char_span(start, end, alignment_mode="expand")
    return span.root if span is not None else None


def _innermost(found: list[Attribution]) -> Attribution:
    def depth(attribution: Attribution) -> tuple[int, int, int]:
        inside = sum(1 for other in found if other is not attribution and _covers(other, attribution.cue_start or 0))
        prepositional = attribution.cue_code in ("cite", "according_to")
        return (inside, int(prepositional), -sum(b - a for a, b in attribution.content))

    return max(found, key=depth)


def attribute(doc: Doc, start: int, end: int, codebook: str | None = None) -> Attribution | None:
    """The attribution that holds for characters ``start:end`` (a figure, an event trigger), None for the outlet's voice.

    The innermost act counts; mode, hedge, caveat and denial are those of these characters. Where nobody is named but
    the words are hedged, the source is None, ``mode`` is ``none`` and ``hedged`` is true.
    """
    token = _token(doc, start, end)
    if token is None:
        return None
    candidates = [a for a in doc._.attributions or [] if _covers(a, start)]
    named = [a for a in candidates if a.source]
    book = hedging.hedges(codebook)
    word = hedging.hedge(token, book) or hedging.approximated(doc, start, book)
    chosen = _innermost(named) if named else None
    if chosen is not None and chosen.source_kind == "media":
        # "a report from the agency that ..., according to officials": the officials are the origin
        origins = [a for a in named if a.source_kind != "media" and a.cue_code in ("cite", "according_to")]
        chosen = _innermost(origins) if origins else chosen
    if chosen is None:
        chosen = _inherited(doc, token, codebook)
    if chosen is None and word is None and not candidates:
        caveat = _caveat(doc, start, None, book)
        if caveat is None:
            return None
    unnamed = candidates[0] if candidates and chosen is None else None
    if chosen is not None:
        result = replace(chosen, content=[list(p) for p in chosen.content])
        inside = any(q.start <= start and end <= q.end for q in _quotations(doc.text))
        result.mode = "direct" if inside else "indirect"
    elif unnamed is not None:
        result = replace(unnamed, content=[list(p) for p in unnamed.content])
    else:
        result = Attribution(content=[], rule="hedge")
        if word is not None and word.lemma_.lower() in {
            w for kind in ("passive", "noun_bare") for w in book.kinds.get(kind, {})
        }:
            result.source_kind = "unattributed"
    if word is not None and chosen is not None and _outside(doc, word, chosen):
        own = chosen.cue_code in ("believe", "estimate") or word.lemma_.lower() in book.kinds.get("noun", {})
        word = word if own else None
    result.hedged = word is not None
    result.hedge_text = word.text if word is not None else None
    caveat = _caveat(doc, start, chosen, book)
    if caveat is not None:
        result.caveat = doc.text[caveat[0] : caveat[1]]
        result.hedged = result.hedged or caveat[2]["hedges"] == "yes"
        if caveat[2]["id"] == "retracted":
            result.negated, result.source, result.mode = True, None, "none"
    return result


def _outside(doc: Doc, word: Token, chosen: Attribution) -> bool:
    return bool(chosen.content) and not _covers(chosen, word.idx)


def _caveat(doc: Doc, start: int, chosen: Attribution | None, book: hedging.Hedges) -> tuple[int, int, Row] | None:
    """The caveat in the sentence of the figure, or the one on the statement that it stands in.

    A warning that a claim could not be verified holds for the last attributed figures before it, not for a headline.
    """
    found = hedging.caveats(doc, book)
    span = doc.char_span(start, start + 1, alignment_mode="expand") if found else None
    if span is None:
        return None
    sent = span[0].sent
    for caveat in found:
        if sent.start_char <= caveat[0] < sent.end_char:
            return caveat
        if chosen is None or caveat[2]["hedges"] != "yes" or caveat[0] < start or _paragraph(doc.text, start) == 0 and _is_title(doc.text):
            continue
        warning = doc.char_span(caveat[0], caveat[1], alignment_mode="expand")
        if warning is None:
            continue
        between = doc[sent.end : max(sent.end, warning[0].sent.start)]
        if not any(t.lemma_.lower() in CLAIMED for t in warning[0].sent):
            continue
        told = [t for t in between if t.like_num and t.ent_type_ not in ("DATE", "TIME", "ORDINAL")]
        if not told and sum(1 for t in between if t.is_sent_start) <= CAVEAT_REACH:
            return caveat
    return None


def _is_title(text: str) -> bool:
    first = _paragraphs(text)[:1]
    return bool(first) and first[0][1] - first[0][0] < TITLE_LENGTH and text[first[0][1] - 1] not in '.!?”"'


def _inherited(doc: Doc, token: Token, codebook: str | None) -> Attribution | None:
    """The attribution that runs on over an unattributed sentence of an unbroken report; None is the outlet's voice."""
    sent = token.sent
    if sent.start == 0:
        return None
    previous = doc[sent.start - 1].sent
    here = _paragraph(doc.text, sent.start_char)
    before = _ending(doc, previous)
    if before is None:
        return None
    same = _paragraph(doc.text, previous.start_char) == here
    book = acting.cues(codebook)
    opening = tuple(t.lower_ for t in sent[:4])
    elaborates = any(opening[: len(p)] == p for p in _elaborations(codebook))
    del book
    following = doc[sent.end].sent if sent.end < len(doc) else None
    sandwiched = False
    if same and following is not None and _paragraph(doc.text, following.start_char) == here:
        after = [
            a
            for a in doc._.attributions or []
            if a.source and following.start_char <= (a.cue_start or 0) < following.end_char
        ]
        sandwiched = any(a.source_id == before.source_id for a in after)
    # "Injuries are put at 300." after "The group counted 40 deaths.": the same estimator goes on
    root = sent.root
    goes_on = (
        same
        and root.lemma_.lower() in ("estimate", "put")
        and any(c.dep_ in ("auxpass", "nsubjpass") for c in root.children)
        and before.cue_code in ("count", "estimate", "find")
    )
    if elaborates or sandwiched or goes_on:
        result = replace(before, content=[list(p) for p in before.content], inherited=True)
        return result
    return None


@functools.lru_cache(maxsize=8)
def _elaborations(codebook: str | None) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(m.split())
        for row in load(codebook).rows("reporting_cues")
        if "elaborates" in Codebook.split(row["frame"])
        for m in Codebook.split(row["match"])
    )


def _ending(doc: Doc, sent: Span) -> Attribution | None:
    """The attribution that holds for the sentence ``sent`` as a whole."""
    found = [
        a for a in doc._.attributions or []
        if a.source and a.content and sent.start_char <= (a.cue_start or 0) < sent.end_char
    ]  # fmt: skip
    return found[-1] if found else None


class AttributionRuler:
    """spaCy component: writes ``doc._.attributions``."""

    def __init__(self, codebook: str | None = None) -> None:
        self.codebook = codebook
        acting.cues(codebook)

    def __call__(self, doc: Doc) -> Doc:
        found, faults = find(doc, self.codebook)
        doc._.attributions = found
        if faults:
            doc._.faults = [*(doc._.faults or []), *faults]
        return doc


@Language.factory(
    "attribution_ruler",
    default_config={"codebook": None},
    assigns=["doc._.attributions"],
    requires=["token.dep", "token.lemma", "token.pos", "doc.ents"],
)
def create_attribution_ruler(nlp: Language, name: str, codebook: str | None) -> AttributionRuler:
    """Create the component; ``codebook`` is a folder or None for the default."""
    mentions.register()
    return AttributionRuler(codebook)
