"""Stage 02: from annotated Docs to the tables ``claims`` and ``left_out``.

One row for each figure and for each attributed statement that holds no figure; every other number is in ``left_out``.
The stage reads what the components wrote and joins it; it decides nothing about grammar and compares no articles
(``origin_id`` and ``comparison_id`` stay null until stage 04).
"""

from __future__ import annotations

import bisect
import re
from collections.abc import Iterable, Mapping
from typing import Any

import pandas as pd
from spacy.tokens import Doc, Span

from analysis import calibration, tables
from analysis.components.attribution_ruler import attribute
from analysis.components.mentions import Attribution, Meaning, QuantityMention, text_of
from analysis.provenance import claim_id

Row = dict[str, Any]

#: how sure a row is where its meaning is unknown; a fault of the measure coder leaves it so
UNCODED_CONFIDENCE = 0.1
#: factor of a statement's confidence where its attribution runs on from an earlier sentence
INHERITED_FACTOR = 0.85
STATEMENT_CONFIDENCE = 0.6
#: the reason of a number whose sentence a component failed on
FAILED = "extraction_failed"
UNKNOWN_OUTLET = "unknown"


class Sentences:
    """The sentences of one Doc without blanks at their ends: number and offsets by character."""

    def __init__(self, doc: Doc) -> None:
        self.text = text_of(doc)
        self.spans: list[tuple[int, int]] = [trimmed(sent) for sent in doc.sents]
        self.starts = [start for start, _ in self.spans]

    def at(self, offset: int) -> int:
        """Number of the sentence that holds a character (the first for one before all)."""
        return max(0, bisect.bisect_right(self.starts, offset) - 1)


def trimmed(sent: Span) -> tuple[int, int]:
    """Character offsets of a sentence without whitespace at its ends."""
    text = sent.text
    start = sent.start_char + len(text) - len(text.lstrip())
    return start, max(start, sent.start_char + len(text.rstrip()))


def claims(docs: Iterable[Doc], codebook: str | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Build the tables ``claims`` and ``left_out`` from annotated Docs.

    Each Doc must carry ``article_id`` and what the components write. Raises tables.SchemaError where a row does not fit
    the schema (a programming error, never bad input).
    """
    rows: list[Row] = []
    left_out: list[Row] = []
    for doc in docs:
        article_rows, article_left_out = claims_of(doc, codebook)
        rows.extend(article_rows)
        left_out.extend(article_left_out)
    return tables.frame("claims", rows), tables.frame("left_out", left_out)


def claims_of(doc: Doc, codebook: str | None = None) -> tuple[list[Row], list[Row]]:
    """Rows of one article for ``claims`` and ``left_out``, in order of the text."""
    sentences = Sentences(doc)
    figures, lost = _without_faults(doc)
    meanings = {(m.start, m.end): m for m in doc._.meanings or ()}
    rows = [_figure(doc, sentences, figure, meanings.get((figure.start, figure.end)), codebook) for figure in figures]
    _link_parts(rows, meanings)
    starts = sorted(figure.start for figure in figures)
    for attribution in doc._.attributions or ():
        row = _statement(doc, sentences, attribution, starts)
        if row is not None:
            rows.append(row)
    unique = {row["claim_id"]: row for row in reversed(rows)}
    kept = sorted(unique.values(), key=lambda r: (r["start"], r["end"], r["kind"]))
    _link_statements(kept)
    _link_repeats(kept)
    return kept, _left_out(doc, lost)


def _without_faults(doc: Doc) -> tuple[list[QuantityMention], list[QuantityMention]]:
    """Figures whose sentence no component failed on, and those that are lost with their sentence."""
    failed = [(f.sentence_start, f.sentence_end) for f in doc._.faults or ()]
    kept: list[QuantityMention] = []
    lost: list[QuantityMention] = []
    for figure in doc._.figures or ():
        broken = any(start <= figure.start < end for start, end in failed)
        (lost if broken else kept).append(figure)
    return kept, lost


def _base(doc: Doc, sentences: Sentences, kind: str, start: int, end: int) -> Row:
    number = sentences.at(start)
    sentence_start, sentence_end = sentences.spans[number]
    return {
        "claim_id": claim_id(doc._.article_id, kind, start, end),
        "article_id": doc._.article_id,
        "outlet": doc._.outlet or UNKNOWN_OUTLET,
        "published": doc._.published,
        "kind": kind,
        "sentence": number,
        "sentence_start": sentence_start,
        "sentence_end": sentence_end,
        "sentence_text": sentences.text[sentence_start:sentence_end],
        "start": start,
        "end": end,
    }


def _figure(
    doc: Doc, sentences: Sentences, figure: QuantityMention, meaning: Meaning | None, codebook: str | None
) -> Row:
    row = _base(doc, sentences, "figure", figure.start, figure.end)
    attribution = attribute(doc, figure.start, figure.end, codebook)
    meaning = meaning or Meaning(figure.start, figure.end, confidence=UNCODED_CONFIDENCE)
    row.update(
        figure_text=text_of(doc)[figure.start : figure.end],
        low=figure.low,
        high=figure.high,
        comparator=figure.comparator,
        unit=meaning.unit or figure.unit,
        per=figure.per,
        counted=meaning.counted,
        counted_class=meaning.counted_class,
        measure=meaning.measure,
        aspect=meaning.aspect,
        base=meaning.base,
        side=meaning.side,
        place=meaning.place,
        place_basis=meaning.place_basis,
        as_of_start=meaning.as_of_start,
        as_of_end=meaning.as_of_end,
        extractor="+".join(r for r in (figure.rule, meaning.rule, attribution.rule if attribution else "") if r)
        or "quantity",
        confidence=confidence(figure, meaning, attribution, codebook),
    )
    row.update(_attributed(attribution))
    return row


def confidence(
    figure: QuantityMention, meaning: Meaning, attribution: Attribution | None, codebook: str | None = None
) -> float:
    """The chance that the whole row is right, by the fitted weights of ``confidence.csv``."""
    features = calibration.features(figure, meaning, attribution)
    return round(calibration.probability(features, calibration.weights(codebook)), 3)


def _attributed(attribution: Attribution | None) -> Row:
    """The columns of claims that come from the attribution; the outlet's own voice has no source."""
    if attribution is None:
        return {"mode": "none", "hedged": False, "negated": False}
    own = attribution.source is None
    return {
        "source": attribution.source,
        "source_start": attribution.source_start,
        "source_end": attribution.source_end,
        "source_id": attribution.source_id,
        "source_party": attribution.source_party,
        "source_kind": attribution.source_kind,
        "source_named": None if own else attribution.source_named,
        "said_date": attribution.said_start,
        "via": attribution.via,
        "cue": attribution.cue,
        "cue_start": attribution.cue_start,
        "cue_end": attribution.cue_end,
        "stance": attribution.stance,
        "mode": attribution.mode,
        "hedged": attribution.hedged,
        "hedge_text": attribution.hedge_text,
        "caveat": attribution.caveat,
        "negated": attribution.negated,
    }


def _statement(doc: Doc, sentences: Sentences, attribution: Attribution, figure_starts: list[int]) -> Row | None:
    """A row for an attributed statement that holds no figure, else None."""
    if attribution.statement_type is None or not attribution.content:
        return None
    if any(_holds(figure_starts, start, end) for start, end in attribution.content):
        return None
    start, end = attribution.content[0][0], attribution.content[-1][1]
    if end <= start:
        return None
    row = _base(doc, sentences, "statement", start, end)
    row.update(_attributed(attribution))
    row.update(
        statement_type=attribution.statement_type,
        extractor=attribution.rule or "attribution",
        confidence=round(STATEMENT_CONFIDENCE * (INHERITED_FACTOR if attribution.inherited else 1.0), 3),
    )
    return row


def _holds(starts: list[int], start: int, end: int) -> bool:
    at = bisect.bisect_left(starts, start)
    return at < len(starts) and starts[at] < end


def _link_parts(rows: list[Row], meanings: Mapping[tuple[int, int], Meaning]) -> None:
    by_start = {row["start"]: row["claim_id"] for row in rows}
    for row in rows:
        meaning = meanings.get((row["start"], row["end"]))
        whole = by_start.get(meaning.part_of_start) if meaning and meaning.part_of_start is not None else None
        if whole is not None and whole != row["claim_id"]:
            row["part_of"] = whole


#: statements that answer a claim told before them
_ANSWERS = frozenset({"confirm", "deny", "decline_comment"})
#: words by which an answer points back at what was told
_POINTING = frozenset(
    ("it", "this", "that", "these", "those", "them", "so", "claim", "claims", "report", "reports", "figure", "figures")
    + ("number", "numbers", "toll", "account", "accounts", "allegation", "allegations", "accusation", "accusations")
    + ("comment", "commenting", "charge", "charges", "estimate", "involvement", "responsibility")
)
#: letters of a word that must agree, and the length from which a word tells what a claim is about
_STEM, _TELLING = 5, 5


def _link_statements(rows: list[Row]) -> None:
    """Confirmations, denials and refusals are about the last claim told in the same sentence or the one before.

    The answer must point back ("denied it", "declined to comment") or speak of the same things.
    """
    last: Row | None = None
    for row in rows:
        answers = row["kind"] == "statement" and row.get("statement_type") in _ANSWERS
        if answers and last is not None and row["sentence"] - last["sentence"] <= 1 and _about(row, last):
            row["about_claim_id"] = last["claim_id"]
        elif not answers:
            last = row


def _about(answer: Row, claim: Row) -> bool:
    start = answer["start"] - answer["sentence_start"]
    said = re.findall(r"\w+", answer["sentence_text"][start : start + answer["end"] - answer["start"]].lower())
    if answer["statement_type"] == "decline_comment" or (len(said) <= 8 and _POINTING & set(said)):
        return True
    told = {w[:_STEM] for w in re.findall(r"\w+", claim["sentence_text"].lower()) if len(w) >= _TELLING}
    return bool(told & {w[:_STEM] for w in said if len(w) >= _TELLING}) and answer["sentence"] != claim["sentence"]


def _link_repeats(rows: list[Row]) -> None:
    """The same sentence again in one article: each of its claims points at the first."""
    first: dict[tuple[str, str, int, int], str] = {}
    for row in rows:
        sentence = re.sub(r"\s+", " ", row["sentence_text"])
        key = (row["kind"], sentence, row["start"] - row["sentence_start"], row["end"] - row["sentence_start"])
        if key in first:
            row["repeat_of"] = first[key]
        else:
            first[key] = row["claim_id"]


def _left_out(doc: Doc, lost: Iterable[QuantityMention]) -> list[Row]:
    rows: dict[tuple[int, int], Row] = {}
    failed = [(f.sentence_start, f.sentence_end) for f in doc._.faults or ()]
    for quantity in (*(doc._.left_out or ()), *lost):
        broken = any(start <= quantity.start < end for start, end in failed) and quantity.reason is None
        rows[quantity.start, quantity.end] = {
            "article_id": doc._.article_id,
            "start": quantity.start,
            "end": quantity.end,
            "text": text_of(doc)[quantity.start : quantity.end],
            "reason": FAILED if broken or quantity.reason is None else quantity.reason,
        }
    return [rows[key] for key in sorted(rows)]
