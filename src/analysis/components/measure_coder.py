"""Component ``measure_coder``: what each figure measures, whose it is, where and when it holds.

The verb, noun or adjective that governs the counted noun decides the measure, by the rows of ``measure_cues``; where no
such word governs it, the class of the counted noun (``counted_classes``), then figures before it, then the unit.
``code_meanings`` finds, the component writes ``doc._.meanings``, one for each of ``doc._.figures`` in the same order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc, Token

from analysis import codebook as codebooks
from analysis.codebook import Codebook, CodebookError
from analysis.components.counted import (
    ClassTable,
    Counted,
    is_money,
    noun_phrase,
    resolve,
)
from analysis.components.figure_place import Places, place_of, tree_distance
from analysis.components.figure_side import Parties, side_of
from analysis.components.governors import PREPOSITION_FRAMES, Link, links
from analysis.components.mentions import DateMention, Fault, Meaning, QuantityMention

#: how sure a measure is by where its cue stands: in the noun's own clause, in a modifier or clause around, nowhere
CONFIDENCE = {
    "own": 0.9,
    "near": 0.8,
    "outer": 0.65,
    "class": 0.6,
    "before": 0.5,
    "context": 0.5,
    "unit": 0.7,
    "none": 0.4,
}
#: kinds whose measure may run on from the figure before where their own sentence leaves it open
RUNNING = frozenset({"land", "settlement", "weapon", "equipment", "people", "troops"})
#: measures that make casualties where one number counts two of them
JOINED = frozenset({"killed", "wounded", "missing"})
#: how many sentences a context cue reaches back
CONTEXT_SENTENCES = 4


@dataclass(frozen=True, slots=True)
class Cue:
    """One alternative of a row of ``measure_cues``."""

    id: str
    first: str
    rest: tuple[str, ...]
    pos: str
    frames: frozenset[str]
    kinds: frozenset[str]
    measure: str
    aspect: str | None
    side: str
    word: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The measure of one figure with the cue and the governing word that decided it."""

    measure: str
    cue: Cue | None
    word: Token | None
    rule: str
    basis: str


class CueTable:
    """The rows of ``measure_cues`` by first word, longest match first."""

    def __init__(self, codebook: Codebook) -> None:
        self.measures = codebook.by_id("measures")
        codes = {row["code"] for row in self.measures.values()}
        self.shares = {row["code"] for row in self.measures.values() if row["shares"]}
        self.by_first: dict[str, list[Cue]] = {}
        self.context: list[Cue] = []
        for row in codebook.rows("measure_cues"):
            if row["measure"] not in codes:
                raise CodebookError(
                    f"measure_cues.csv, {row['id']}: measure {row['measure']!r} is not in measures.csv"
                )
            for phrase in codebook.split(row["match"]):
                words = phrase.lower().split()
                cue = Cue(
                    id=row["id"],
                    first=words[0],
                    rest=tuple(words[1:]),
                    pos=row["pos"],
                    frames=frozenset(codebook.split(row["frame"])),
                    kinds=frozenset(codebook.split(row["kinds"])),
                    measure=row["measure"],
                    aspect=row["aspect"] or None,
                    side=row["side"] or "counted",
                    word=row["word"],
                )
                (
                    self.context
                    if "context" in cue.frames
                    else self.by_first.setdefault(cue.first, [])
                ).append(cue)
        for row in codebook.rows("counted_classes"):
            if row["measure"] and row["measure"] not in codes:
                raise CodebookError(
                    f"counted_classes.csv, {row['id']}: measure {row['measure']!r} is not in measures.csv"
                )
        for cues in self.by_first.values():
            cues.sort(key=lambda c: -len(c.rest))

    def match(self, link: Link, kind: str | None) -> Cue | None:
        """The first cue that fits a link and a kind of counted class."""
        for lemma in dict.fromkeys((link.word.lemma_.lower(), link.word.lower_)):
            for cue in self.by_first.get(lemma, ()):
                if link.frame not in cue.frames or not _fits_pos(cue.pos, link.word):
                    continue
                if cue.kinds and (kind or "thing") not in cue.kinds:
                    continue
                if cue.rest and not _has(link.word, cue.rest):
                    continue
                return cue
        return None


def _fits_pos(pos: str, token: Token) -> bool:
    tag = token.tag_
    if pos == "verb":
        return (
            tag.startswith("V")
            or token.pos_ in ("VERB", "AUX")
            or (tag == "JJ" and token.lower_.endswith("ed"))
        )
    if pos == "noun":
        return (
            tag.startswith("N")
            or token.pos_ in ("NOUN", "PROPN")
            or (tag == "JJ" and token.lower_ == "dead")
        )
    if pos == "adj":
        return (
            tag.startswith(("J", "R"))
            or tag in ("VBN", "VBG", "VBD")
            or token.pos_ in ("ADJ", "NOUN", "ADV")
        )
    if pos == "phrase":
        return token.pos_ in ("ADP", "SCONJ", "ADV", "PART")
    return True


def _has(word: Token, rest: Sequence[str]) -> bool:
    below: set[str] = set()
    for child in word.children:
        below.update((child.lemma_.lower(), child.lower_))
        for grandchild in child.children:
            below.update((grandchild.lemma_.lower(), grandchild.lower_))
    return all(w in below for w in rest)


def _expanded(found: Sequence[Link]) -> list[Link]:
    """Phrases also by the noun in them ("in custody")."""
    out: list[Link] = []
    for link in found:
        out.append(link)
        if link.frame == "phrase" and link.word.pos_ in ("ADP", "SCONJ"):
            out.extend(
                Link(o, "phrase", link.near)
                for o in link.word.children
                if o.dep_ in ("pobj", "pcomp")
            )
    return out


def decide(
    table: CueTable,
    classes: ClassTable,
    figure: QuantityMention,
    counted: Counted,
    before: Sequence[tuple[QuantityMention, Counted, Decision]],
) -> Decision:
    """Choose the measure of one figure."""
    if is_money(figure.unit):
        return Decision("money", None, None, "unit:money", "unit")
    allowed = table.shares if counted.share else None
    kinds = [counted.kind]
    if figure.unit == "person" and counted.kind != "people":
        kinds.append("people")
    for link in _expanded(links(counted)):
        if counted.share and counted.kind is None and link.frame == "of":
            above = classes.rows.get(classes.of_noun(link.word) or "")
            if above is not None and above["kind"] == "land":
                kinds = ["land"]
        cue = next(
            (c for c in (table.match(link, kind) for kind in kinds) if c is not None),
            None,
        )
        if cue is None or (allowed is not None and cue.measure not in allowed):
            continue
        if cue.measure in JOINED and _joined(table, cue, link, kinds[0]):
            return Decision("casualties", cue, link.word, f"{cue.id}+joined", "own")
        basis = (
            "own" if link.near == 0 else ("outer" if link.frame == "outer" else "near")
        )
        return Decision(cue.measure, cue, link.word, cue.id, basis)
    if counted.share:
        return Decision("share", None, None, "unit:percent", "unit")
    if counted.elided:
        for _, earlier, decision in reversed(before):
            if earlier.noun is counted.noun and decision.basis in (
                "own",
                "near",
                "outer",
            ):
                return Decision(
                    decision.measure, decision.cue, None, decision.rule, "before"
                )
    if counted.kind == "people" and figure.unit in (None, "person"):
        sent = counted.root.sent
        for cue in table.context:
            if cue.kinds and counted.kind not in cue.kinds:
                continue
            if any(
                t.lemma_.lower() == cue.first
                for t in _window(sent.doc, sent.start, sent.end)
            ):
                return Decision(cue.measure, cue, None, cue.id, "context")
    row = classes.rows.get(counted.class_id) if counted.class_id else None
    if row is not None and row["measure"]:
        return Decision(row["measure"], None, None, row["id"], "class")
    if counted.kind in RUNNING and (
        counted.elided or counted.kind in ("land", "settlement")
    ):
        for other, earlier, decision in reversed(before):
            if earlier.kind == counted.kind and decision.basis in (
                "own",
                "near",
                "outer",
            ):
                return Decision(
                    decision.measure, decision.cue, None, decision.rule, "before"
                )
    return Decision("other", None, None, "", "none")


def _joined(table: CueTable, cue: Cue, link: Link, kind: str | None) -> bool:
    """True where one number counts killed and wounded together ("40 deaths and injuries", "20 killed or wounded")."""
    for other in link.word.conjuncts:
        if any(
            c.dep_ in ("nummod", "nsubj", "nsubjpass", "dobj") for c in other.children
        ):
            continue
        if any(c.like_num for c in other.children):
            continue
        for frame in (link.frame, "self", "object", "predicate"):
            found = table.match(Link(other, frame, 0), kind)
            if (
                found is not None
                and found.measure != cue.measure
                and found.measure in JOINED
            ):
                return True
    return False


def _window(doc: Doc, start: int, end: int) -> list[Token]:
    first = start
    for _ in range(CONTEXT_SENTENCES):
        if first > 0:
            first = doc[first - 1].sent.start
    return list(doc[first:end])


def phrase_of(counted: Counted, decision: Decision) -> str | None:
    """The counted phrase: the noun as the text names it, with the word that the measure adds."""
    if counted.noun is None:
        return decision.cue.word or None if decision.cue is not None else None
    phrase = noun_phrase(counted.noun, counted.root)
    cue = decision.cue
    if cue is None or decision.word is None:
        return phrase
    added = cue.word
    if (
        decision.word.tag_ in ("VBN", "VBD")
        and "object" in cue.frames
        and cue.pos == "verb"
        and not cue.rest
    ):
        added = decision.word.lower_ if added else ""
    present = {t.lower() for t in phrase.split()}
    if added and added.lower() not in present and decision.word is not counted.noun:
        phrase = f"{phrase} {added}"
    return phrase


def _part_of(
    figure: QuantityMention,
    counted: Counted,
    before: Sequence[tuple[QuantityMention, Counted, Decision]],
) -> int | None:
    """Start of the figure of which this one is told to be a part ("24 people, including eight children")."""
    node = (
        counted.noun
        if counted.noun is not None and not counted.elided
        else counted.root
    )
    for _ in range(6):
        head = node.head
        if head is node:
            return None
        if head.lower_ in ("including", "among") or (
            head.lower_ == "of" and node.dep_ == "pobj" and head.head is counted.root
        ):
            for other, earlier, _ in reversed(before):
                if earlier.root.sent == counted.root.sent and other.unit == figure.unit:
                    return other.start
            return None
        if head.pos_ in ("VERB", "AUX"):
            return None
        node = head
    return None


def dates_of(
    dates: Sequence[DateMention], counted: Counted, published: str | None
) -> tuple[str | None, str | None]:
    """The days for which a figure holds: the time expression nearest in syntax in its own clause."""
    sent = counted.root.sent
    best: tuple[int, DateMention] | None = None
    for date in dates:
        if (
            not (sent.start_char <= date.start < sent.end_char)
            or date.date_start is None
            or date.timex != "DATE"
        ):
            continue
        span = sent.doc.char_span(date.start, date.end, alignment_mode="expand")
        if span is None:
            continue
        distance = tree_distance(counted.root, span.root)
        if best is None or distance < best[0]:
            best = (distance, date)
    if best is None or best[0] > 8:
        return None, None
    date = best[1]
    span = sent.doc.char_span(date.start, date.end, alignment_mode="expand")
    if span is not None and span.root.head.lower_ == "since":
        return date.date_start, published
    return date.date_start, date.date_end


class MeasureCoder:
    """The component: holds the tables of one codebook."""

    def __init__(self, codebook: Codebook) -> None:
        self.cues = CueTable(codebook)
        self.classes = ClassTable(codebook)

    def code_meanings(self, doc: Doc) -> tuple[list[Meaning], list[Fault]]:
        """Return one Meaning for each figure of ``doc._.figures`` in order, and the sentences that failed."""
        figures = list(doc._.figures or ())
        parties = Parties(doc, doc._.actors or ())
        acting = frozenset(
            i for i, a in parties.by_token.items() if a.form == "demonym"
        )
        places = Places(doc, doc._.places or (), acting)
        before: list[tuple[QuantityMention, Counted, Decision]] = []
        meanings: list[Meaning] = []
        faults: list[Fault] = []
        for figure in figures:
            try:
                meanings.append(self._code(doc, figure, parties, places, before))
            except (
                Exception
            ) as error:  # one sentence that fails must not cost the article
                sent = doc[min(figure.token_start, len(doc) - 1)].sent
                faults.append(
                    Fault(
                        "measure_coder",
                        sent.start_char,
                        sent.end_char,
                        f"{type(error).__name__}: {error}",
                    )
                )
                meanings.append(
                    Meaning(figure.start, figure.end, rule="fault", confidence=0.0)
                )
        return meanings, faults

    def _code(
        self,
        doc: Doc,
        figure: QuantityMention,
        parties: Parties,
        places: Places,
        before: list[tuple[QuantityMention, Counted, Decision]],
    ) -> Meaning:
        counted = resolve(doc, figure, self.classes, [(f, c) for f, c, _ in before])
        decision = decide(self.cues, self.classes, figure, counted, before)
        speaker = _speaker(doc, figure)
        role = decision.cue.side if decision.cue is not None else "subject_or_counted"
        side = side_of(parties, counted, decision.measure, role, decision.word, speaker)
        if (
            side is None
            and decision.basis == "before"
            or (side is None and counted.elided)
        ):
            side = _side_before(before, doc, counted)
        place, basis = place_of(places, counted, decision.measure, decision.word)
        as_of_start, as_of_end = dates_of(doc._.dates or (), counted, doc._.published)
        part_of = _part_of(figure, counted, before)
        before.append((figure, counted, decision))
        phrase = phrase_of(counted, decision)
        return Meaning(
            start=figure.start,
            end=figure.end,
            counted=phrase,
            counted_class=counted.counted_class,
            measure=decision.measure,
            aspect=decision.cue.aspect if decision.cue is not None else None,
            base=phrase if counted.share else None,
            side=side,
            place=place,
            place_basis=basis,
            as_of_start=as_of_start,
            as_of_end=as_of_end,
            part_of_start=part_of,
            rule="+".join(r for r in (counted.class_id or "", decision.rule) if r),
            confidence=CONFIDENCE[decision.basis],
        )


def _side_before(
    before: Sequence[tuple[QuantityMention, Counted, Decision]],
    doc: Doc,
    counted: Counted,
) -> str | None:
    return None


def _speaker(doc: Doc, figure: QuantityMention) -> str | None:
    """The party of the source that reports the figure."""
    for attribution in doc._.attributions or ():
        if any(start <= figure.start < end for start, end in attribution.content):
            party: str | None = attribution.source_party
            return party
    return None


@Language.factory("measure_coder", default_config={"codebook": None})
def make_measure_coder(
    nlp: Language, name: str, codebook: str | None
) -> MeasureCoderPipe:
    return MeasureCoderPipe(MeasureCoder(codebooks.load(codebook)))


class MeasureCoderPipe:
    """Writes ``doc._.meanings``."""

    def __init__(self, coder: MeasureCoder) -> None:
        self.coder = coder

    def __call__(self, doc: Doc) -> Doc:
        meanings, faults = self.coder.code_meanings(doc)
        doc._.meanings = meanings
        doc._.faults = [*(doc._.faults or ()), *faults]
        return doc
