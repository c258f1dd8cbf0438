"""spaCy component ``news_filter``: which of the numbers are figures, and why the others are none.

``doc._.figures`` and ``doc._.left_out`` together account for every number and number word of the text; what no rule
could read is left out with the reason ``unread``.
"""

from __future__ import annotations

import dataclasses
import re
from bisect import bisect_right

from spacy.language import Language
from spacy.tokens import Doc, Token

from analysis.codebook import Codebook, load
from analysis.components import mentions
from analysis.components.mentions import QuantityMention
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


class FilterWords:
    """The rows of ``left_out.csv`` that the filter reads: phrases, lines and nouns."""

    def __init__(self, book: Codebook) -> None:
        self.rows = {r["id"]: tuple(w.lower() for w in book.split(r["match"])) for r in book.rows("left_out")}
        self.idioms = _phrases(self.rows["idiom"])
        self.line = _phrases(self.rows["page_teaser"])
        self.counters_after = [(row, _phrases(self.rows[row])) for row in ("page_ago", "page_min_read")]
        self.counters_before = frozenset(self.rows["page_counter"])
        self.credits = self.rows["page_credit"]
        self.parties = frozenset(self.rows["anaphor_parties"])
        self.pointers = frozenset(self.rows["anaphor_the"])
        self.no_longer = frozenset(self.rows["no_longer"])


def _phrases(words: tuple[str, ...] | list[str]) -> re.Pattern[str]:
    ordered = sorted(words, key=lambda w: (-len(w), w))
    joined = "|".join(re.escape(w).replace(r"\ ", r"[\s-]+").replace("'", "['’]") for w in ordered)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)


def every_number(doc: Doc) -> list[tuple[int, int]]:
    """Spans of all digit sequences and number words of the text, by a plain scan that knows nothing of the rules.

    Validation uses it: each span must lie within a figure or a left_out row.
    """
    return [match.span() for match in number_words(None).scan.finditer(doc.text)]


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
        if content[-1] in ".!?”\"":
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
    lines = lines_of(doc.text)
    teasers = _teaser_blocks(doc.text, lines, words)
    line_starts = [start for start, _ in lines]
    figures: list[QuantityMention] = []
    left: list[QuantityMention] = []
    counted_before: set[tuple[float | None, str]] = set()
    for k, quantity in enumerate(quantities):
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
    text = doc.text
    if quantity.kind in ("url", "handle"):
        return REASONS[quantity.kind], ""
    furniture = _furniture(text, line, quantity, words)
    if furniture:
        return "page_furniture", furniture
    left = text[max(line[0], quantity.start - 30) : min(line[1], quantity.end + 30)]
    offset = max(line[0], quantity.start - 30)
    if quantity.kind in ("cardinal", "zero", "nobody", "fraction", "ordinal"):
        for match in words.idioms.finditer(left):
            if offset + match.start() <= quantity.start and quantity.end <= offset + match.end():
                return "idiom", "idiom"
    if quantity.kind in REASONS:
        return REASONS[quantity.kind], ""
    if quantity.kind in ("zero", "nobody"):
        return _zero(doc, quantity, lookup, words)
    if quantity.kind == "cardinal":
        if text[quantity.start : quantity.end].lower() == "one" and quantity.unit_text is None:
            return _one(doc, quantities, k, lookup)
        return _anaphor(doc, quantity, words, counted_before)
    return None, ""


def _furniture(text: str, line: tuple[int, int], quantity: QuantityMention, words: FilterWords) -> str:
    """The row of ``left_out`` by which the number belongs to the page, or an empty string."""
    content = text[line[0] : line[1]].strip()
    low = content.lower()
    teaser = words.line.search(content)
    if teaser is not None and teaser.start() <= 4:
        return "page_teaser"
    if any(mark in low[:8] for mark in words.credits):
        return "page_credit"
    if text[quantity.start : quantity.end] == content and quantity.kind == "cardinal":
        return "page_counter"  # a line that holds nothing but a counter
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


def _zero(doc: Doc, quantity: QuantityMention, lookup: Tables, words: FilterWords) -> tuple[str | None, str]:
    """ "No casualties" and "nobody was hurt" are measured; "no plans" and "nobody knew" are not."""
    outcomes = lookup.units.outcomes
    token = doc[quantity.token_start]
    last = doc[quantity.token_end - 1]
    following = doc[quantity.token_end] if quantity.token_end < len(doc) else None
    if quantity.kind == "zero" and token.lower_ == "no":
        if following is not None and following.lower_ in words.no_longer:
            return "not_a_count", "no_longer"
        noun = token.head if token.dep_ == "det" else doc[quantity.head] if quantity.head is not None else None
        if noun is None or noun.i < token.i:
            return "not_a_count", "not_measured"
        if noun.lemma_.lower() in outcomes["harm_nouns"] and quantity.unit in ("person", None):
            return None, "harm_nouns"
        if quantity.unit == "person" and _harmed_argument(noun, outcomes):
            return None, "harm_verbs"
        return "not_a_count", "not_measured"
    if token.lower_ == "none":
        earlier = doc[quantity.token_end - 1].dep_ in ("dobj", "nsubjpass", "nsubj", "attr")
        verb = token.head.lemma_.lower()
        quiet = following is None or following.is_punct
        if verb in outcomes["harm_verbs"] or (earlier and quiet and verb in ("have", "be", "lose", "report")):
            return None, "zero"
        return "pronoun", "pronoun_nobody"
    if _harmed_argument(last, outcomes) or _harmed_argument(token, outcomes):
        return None, "harm_verbs"
    return "pronoun", "pronoun_nobody"


def _harmed_argument(noun: Token, outcomes: dict[str, frozenset[str]]) -> bool:
    """True where the noun is what a verb of harm befell, or is told to be dead, missing, ..."""
    head = noun.head
    verb = head.lemma_.lower()
    if noun.dep_ in ("nsubj", "nsubjpass") and head.lower_ in outcomes["harm_adjectives"]:
        return True
    if noun.dep_ in ("nsubjpass", "dobj") and verb in outcomes["harm_verbs"]:
        return True
    if noun.dep_ == "nsubj" and verb in ("die", "perish", "drown", "survive"):
        return True
    around = [*noun.children, *(head.children if noun.dep_ in ("nsubj", "nsubjpass", "attr") else ())]
    for word in around:
        if word.lower_ in outcomes["harm_adjectives"]:
            return True
        if word.dep_ in ("acl", "acomp", "amod") and word.lemma_.lower() in outcomes["harm_verbs"]:
            return True
    return False


def _one(doc: Doc, quantities: list[QuantityMention], k: int, lookup: Tables) -> tuple[str | None, str]:
    """ "One" is a figure behind a bound, in a breakdown, and as a reported outcome; else a pronoun or determiner."""
    quantity = quantities[k]
    outcomes = lookup.units.outcomes
    token = doc[quantity.token_start]
    following = doc[quantity.token_end] if quantity.token_end < len(doc) else None
    if following is not None and following.lower_ == "of":
        return "pronoun", "pronoun_one_of"
    previous = token.nbor(-1).lower_ if token.i else ""
    if quantity.modifier_start is not None and quantity.comparator != "~" and previous not in ("the", "this", "that"):
        return None, ""
    if previous in ("including", "only", "just", "plus", "exactly"):
        return None, ""
    if previous in ("the", "this", "that", "no", "each", "every", "any", "another", "which", "some"):
        return "pronoun", "pronoun_one"
    noun = doc[quantity.head] if quantity.head is not None else None
    if _breakdown(doc, quantities, k):
        return None, ""
    if noun is None:
        if _harmed_argument(token, outcomes) or (following is not None and following.lower_ in outcomes["harm_adjectives"]):
            return None, "harm_verbs"
        return "pronoun", "pronoun_one"
    if quantity.unit == "person" and _harmed_argument(noun, outcomes):
        return None, "harm_verbs"
    if quantity.unit in ("person",) and noun.lemma_.lower() in outcomes["harm_nouns"]:
        return None, "harm_nouns"
    if quantity.unit in ("drone", "missile", "aircraft", "vehicle") and noun.dep_ in ("dobj", "nsubjpass"):
        return None, ""
    return "pronoun", "pronoun_one"


def _breakdown(doc: Doc, quantities: list[QuantityMention], k: int) -> bool:
    """True where "one" stands in a row with other counts: "five for assault, two for theft and one for arson"."""
    token = doc[quantities[k].token_start]
    linked = {token.i, token.head.i}
    linked |= {c.i for t in (token, token.head) for c in t.conjuncts}
    for j in (k - 1, k + 1):
        if 0 <= j < len(quantities):
            other = quantities[j]
            if other.kind not in ("cardinal", "magnitude", "zero") or doc[other.token_start].sent != token.sent:
                continue
            tokens = {other.token_start, doc[other.token_start].head.i}
            if tokens & linked:
                return True
            between = doc.text[min(other.end, quantities[k].end) : max(other.start, quantities[k].start)]
            if re.search(r"(?:,|;|\band)\s*$", between) and j < k and len(between) < 120 and quantities[k].head is None:
                return True
    return False


def _anaphor(
    doc: Doc, quantity: QuantityMention, words: FilterWords, counted_before: set[tuple[float | None, str]]
) -> tuple[str | None, str]:
    """ "The two countries", "these three": points at what is known. The first mention of a number is a figure."""
    token = doc[quantity.token_start]
    if quantity.low is None or quantity.low > 10 or quantity.modifier_start is not None or not token.i:
        return None, ""
    previous = token.nbor(-1)
    if previous.lower_ not in words.pointers:
        return None, ""
    if previous.lower_ in ("other", "former", "latter", "same") and token.i > 1 and token.nbor(-2).lower_ not in ("the", "these", "those"):
        return None, ""
    noun = doc[quantity.head] if quantity.head is not None else None
    if noun is None:
        return ("anaphor", "anaphor_the") if token.text.isalpha() else (None, "")
    if noun.lemma_.lower() in words.parties and token.text.isalpha():
        return "anaphor", "anaphor_parties"
    restricted = any(
        c.dep_ in ("amod", "relcl", "acl") or (c.dep_ == "prep" and c.lower_ == "of") for c in noun.children
    )
    known = (quantity.low, noun.lemma_.lower()) in counted_before
    known = known or (quantity.unit == "person" and (quantity.low, "person") in counted_before)
    if previous.lower_ == "the" and not restricted and token.text.isalpha() and (quantity.low == 2 or known):
        return "anaphor", "anaphor_the"
    if (quantity.low, noun.lemma_.lower()) in counted_before or previous.lower_ in ("these", "those", "both"):
        return "anaphor", "anaphor_the"
    return None, ""


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
            if quantity.modifier_start is not None and quantity.modifier_start <= start and end <= (quantity.modifier_end or 0):
                reason = "comparator"
        for fault in doc._.faults or []:
            if fault.sentence_start <= start < fault.sentence_end:
                reason = "extraction_failed"
        first, last = (span.start, span.end) if span is not None else (0, 0)
        return QuantityMention(
            start, end, first, last, "word", None, None, "=", None, rule=reason, reason=reason
        )
