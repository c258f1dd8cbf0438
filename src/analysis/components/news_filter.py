"""spaCy component ``news_filter``: which of the numbers are figures, and why the others are none.

``doc._.figures`` and ``doc._.left_out`` together account for every number and number word of the text; what no rule
could read is left out with the reason ``unread``.
"""

from __future__ import annotations

import dataclasses
from bisect import bisect_right

from spacy.language import Language
from spacy.tokens import Doc

from analysis.codebook import load
from analysis.components import mentions
from analysis.components.figure_outcomes import FilterWords, anaphor_reason, one_reason, zero_reason
from analysis.components.mentions import QuantityMention, text_of
from analysis.components.number_words import number_words
from analysis.components.quantity_units import Tables, tables

#: kinds of the quantity layer that are never figures -> their reason
REASONS = {
    "date": "date",
    "time": "time",
    "duration": "duration",
    "age": "age",
    "ordinal": "ordinal",
    "designation": "designation",
    "list_number": "list_number",
    "url": "url",
    "handle": "handle",
    "phone": "phone",
    "score": "score",
    "address": "address",
    "multiple": "multiple",
    "not_a_measure": "not_a_measure",
}
_MAX_FURNITURE_WORDS = 12


def every_number(doc: Doc) -> list[tuple[int, int]]:
    """Spans of all digit sequences and number words of the text, by a plain scan that knows nothing of the rules.

    Validation uses it: each span must lie within a figure or a left_out row.
    """
    return [match.span() for match in number_words(None).scan.finditer(text_of(doc))]


def uncovered(doc: Doc) -> list[tuple[int, int]]:
    """Spans of ``every_number`` that neither ``doc._.figures`` nor ``doc._.left_out`` covers."""
    covered = sorted((m.start, m.end) for m in [*(doc._.figures or []), *(doc._.left_out or [])])
    starts = [start for start, _ in covered]
    missing = []
    for start, end in every_number(doc):
        k = bisect_right(starts, start) - 1
        if k < 0 or covered[k][1] < end:
            missing.append((start, end))
    return missing


def lines_of(text: str) -> list[tuple[int, int]]:
    """Start and end of every line."""
    found, start = [], 0
    for line in text.split("\n"):
        found.append((start, start + len(line)))
        start += len(line) + 1
    return found


def _teaser_blocks(text: str, lines: list[tuple[int, int]], words: FilterWords) -> frozenset[int]:
    """Starts of the lines below a heading such as "More to read" that stand there as links to other articles.

    A block ends at the first line that ends like a sentence: the article goes on.
    """
    found = set()
    inside = False
    for start, end in lines:
        content = text[start:end].strip()
        if not content:
            continue
        if content[-1] in '.!?”"':
            inside = content.endswith("...") and (inside or words.line.match(content) is not None)
        elif words.line.match(content) is not None and len(content.split()) <= 5:
            inside = True
        elif inside:
            found.add(start)
    return frozenset(found)


def split_figures(
    doc: Doc, quantities: list[QuantityMention], lookup: Tables, words: FilterWords
) -> tuple[list[QuantityMention], list[QuantityMention]]:
    """Figures and left-out numbers; the mentions are copied, left-out ones carry their reason."""
    lines = lines_of(text_of(doc))
    teasers = _teaser_blocks(text_of(doc), lines, words)
    line_starts = [start for start, _ in lines]
    figures: list[QuantityMention] = []
    left: list[QuantityMention] = []
    counted_before: set[tuple[float | None, str]] = set()
    for k, quantity in enumerate(quantities):
        reason: str | None
        line = lines[bisect_right(line_starts, quantity.start) - 1]
        if line[0] in teasers and quantity.kind not in ("url", "handle"):
            reason, rule = "page_furniture", "page_teaser"
        else:
            reason, rule = _reason(doc, quantities, k, line, lookup, words, counted_before)
        if quantity.head is not None and quantity.kind == "cardinal":
            counted_before.add((quantity.low, doc[quantity.head].lemma_.lower()))
        if quantity.unit == "person":
            counted_before.add((quantity.low, "person"))
        copy = dataclasses.replace(quantity, reason=reason)
        if rule:
            copy.rule = f"{copy.rule}+{rule}" if copy.rule else rule
        (figures if reason is None else left).append(copy)
    return figures, left


def _reason(
    doc: Doc,
    quantities: list[QuantityMention],
    k: int,
    line: tuple[int, int],
    lookup: Tables,
    words: FilterWords,
    counted_before: set[tuple[float | None, str]],
) -> tuple[str | None, str]:
    quantity = quantities[k]
    text = text_of(doc)
    if quantity.kind in ("url", "handle"):
        return REASONS[quantity.kind], ""
    furniture = _furniture(doc, line, quantity, words)
    if furniture:
        return "page_furniture", furniture
    left = text[max(line[0], quantity.start - 30) : min(line[1], quantity.end + 30)]
    offset = max(line[0], quantity.start - 30)
    if quantity.kind in ("cardinal", "zero", "nobody", "fraction", "ordinal", "money"):
        for match in words.idioms.finditer(left):
            if offset + match.start() <= quantity.start and quantity.end <= offset + match.end():
                return "idiom", "idiom"
    if quantity.kind in REASONS:
        return REASONS[quantity.kind], ""
    if quantity.kind in ("zero", "nobody"):
        return zero_reason(doc, quantity, lookup, words)
    if quantity.kind == "cardinal":
        naught = text[quantity.start : quantity.end].lower() == "zero" and quantity.unit_text is None
        if naught and quantity.head is not None and doc[quantity.head].tag_ == "NN":
            return "not_a_count", "not_measured"  # "zero chance"
        if text[quantity.start : quantity.end].lower() == "one" and quantity.unit_text is None:
            return one_reason(doc, quantities, k, lookup)
        return anaphor_reason(doc, quantity, words, counted_before)
    return None, ""


#: what stands behind the noun of a heading such as "Five takeaways from the debate"
_HEADING = frozenset({"to", "you", "we", "that", "about", "from", "for", "why", "how", "on", "as", "every"})


def _listicle(doc: Doc, line: tuple[int, int], quantity: QuantityMention, words: FilterWords) -> bool:
    """ "Five reasons to stay at home", "Also in Travel: 12 things to know": the heading of a list elsewhere.

    Only by what there is so many of: "40,000 nurses to see a pay rise" tells the news.
    """
    before = text_of(doc)[line[0] : quantity.start].strip()
    if quantity.kind != "cardinal" or quantity.head is None or (before and before[-1] not in ":|"):
        return False
    noun = doc[quantity.head]
    after = doc[noun.i + 1 : noun.i + 3]
    if len(after) < 2 or noun.tag_ != "NNS" or after[0].lower_ not in _HEADING:
        return False
    return noun.lemma_.lower() in words.listicle


def _furniture(doc: Doc, line: tuple[int, int], quantity: QuantityMention, words: FilterWords) -> str:
    """The row of ``left_out`` by which the number belongs to the page, or an empty string."""
    text = text_of(doc)
    content = text[line[0] : line[1]].strip()
    low = content.lower()
    teaser = words.line.search(content)
    if teaser is not None and teaser.start() <= 4:
        return "page_teaser"
    if any(mark in low[:8] for mark in words.credits):
        return "page_credit"
    asked = text[: quantity.start].rstrip(" (").split()[-1:] if text[quantity.start - 1 : quantity.start] == "(" else []
    if asked and asked[0].lower() in ("yes", "no") and text[quantity.end : quantity.end + 1] == ")":
        return "page_counter"  # "Was this useful? Yes (88) No (61)"
    if text[quantity.start : quantity.end] == content and quantity.kind == "cardinal":
        return "page_counter"  # a line that holds nothing but a counter
    if (
        len(content.split()) <= _MAX_FURNITURE_WORDS
        and content[-1:].isalnum()
        and _listicle(doc, line, quantity, words)
    ):
        return "page_listicle"
    if len(content.split()) > _MAX_FURNITURE_WORDS or content.endswith((".", "!", "?", "”", '"')):
        return ""
    after = text[quantity.start : line[1]].lstrip("0123456789.,: )-")
    for row, pattern in words.counters_after:
        counter = pattern.match(after)
        if counter is not None:
            rest = after[counter.end() :].strip(" .,|)·•")
            if not rest or not rest[0].isalpha() or len(content.split()) <= 4:
                return row
    before = text[line[0] : quantity.start].rstrip(" (:").split()
    if before and before[-1].lower().strip("|·•") in words.counters_before and len(content.split()) <= 4:
        return "page_counter"
    return ""


@Language.factory(
    "news_filter",
    requires=["doc._.quantities"],
    assigns=["doc._.figures", "doc._.left_out"],
    default_config={"codebook": None},
)
def create_news_filter(nlp: Language, name: str, codebook: str | None) -> NewsFilter:
    """The component; ``codebook`` is a folder that extends the default codebook."""
    return NewsFilter(codebook)


class NewsFilter:
    """Writes ``doc._.figures`` and ``doc._.left_out``, both in order of start."""

    def __init__(self, codebook: str | None = None) -> None:
        mentions.register()
        self.lookup = tables(codebook)
        self.words = FilterWords(load(codebook))

    def __call__(self, doc: Doc) -> Doc:
        figures, left = split_figures(doc, doc._.quantities or [], self.lookup, self.words)
        doc._.figures, doc._.left_out = figures, left
        left = [*left, *(self._gap(doc, start, end) for start, end in uncovered(doc))]
        doc._.left_out = sorted(left, key=lambda m: (m.start, m.end))
        return doc

    def _gap(self, doc: Doc, start: int, end: int) -> QuantityMention:
        """A left_out row for a number that no quantity covers: part of a bound, a failed sentence, or unread."""
        span = doc.char_span(start, end, alignment_mode="expand")
        reason = "unread"
        for quantity in doc._.quantities or []:
            if (
                quantity.modifier_start is not None
                and quantity.modifier_start <= start
                and end <= (quantity.modifier_end or 0)
            ):
                reason = "comparator"
        for fault in doc._.faults or []:
            if fault.sentence_start <= start < fault.sentence_end:
                reason = "extraction_failed"
        first, last = (span.start, span.end) if span is not None else (0, 0)
        return QuantityMention(start, end, first, last, "word", None, None, "=", None, rule=reason, reason=reason)
