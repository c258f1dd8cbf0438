"""The same figure told again: which claims of two articles that carry one wire text stand for one another.

A copy has the same figure in the same sentence, a rewrite the same figure in like company, a distortion another value
(or unit, side, measure) in the same place of the story, said by the same speaker. Claims are plain mappings with the
columns of the claims table.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Any

import pandas as pd

from analysis.quantity import Quantity, unit_kind
from analysis.wording import content_stems, read_sentence, stem

Claim = Mapping[str, Any]

#: how near a bound must be to a value to be taken for its rounding ("more than 4 metres" of 4.2)
ROUNDING = 0.2
#: share of the shorter sentence's stems from which two sentences are taken to tell the same, where the value tells so
#: too, and where it does not
LIKE = 0.25
#: key under which a claim carries its quantity, so that it is read once
READ = "_quantity"
#: from here on a number seldom stands twice in one text by chance
TELLING = 13
#: the measure of a figure whose words tell none
UNKNOWN = "other"
VERY_LIKE = 0.5
#: how near a number is to one that it rounds, where only the measure says that both count the same
NEAR = 0.06
#: how many years back another year lies, and the words between it and its figure
LONG_AGO, BESIDE_YEAR = 2, 9
ROUNDED = "same figure, rounded, in a copy or rewrite"
#: words on each side of a figure that are held against those of a copy, and how alike they must be
BESIDE, SAME_CLAUSE = 6, 0.85


@dataclass(frozen=True)
class Match:
    """Two claims that stand for one another, how well, and why (a fixed word)."""

    score: float
    reason: str


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a table as dicts by column name."""
    return [{str(k): v for k, v in row.items()} for row in table.to_dict("records")]


def text_of(claim: Claim, column: str) -> str | None:
    """A cell as text; None where it is empty or any kind of missing value."""
    value = claim.get(column)
    return value if isinstance(value, str) and value else None


def is_true(claim: Claim, column: str) -> bool:
    """A yes-or-no cell; a missing value is no."""
    value = claim.get(column)
    return value is True or str(value) == "True"


def quantity_of(claim: Claim) -> Quantity | None:
    """Its quantity; None for a statement or a figure without bounds. Read once where ``READ`` holds it already."""
    if READ in claim:
        known: Quantity | None = claim[READ]
        return known
    try:
        return Quantity.of(claim)
    except ValueError:
        return None


@functools.lru_cache(maxsize=65536)
def _stems(text: str) -> frozenset[str]:
    return read_sentence(text, 0, len(text)).stems


def stems_of(claim: Claim) -> frozenset[str]:
    """Stems of the sentence that carries it."""
    return _stems(text_of(claim, "sentence_text") or "")


def likeness(one: frozenset[str], other: frozenset[str]) -> float:
    """Share of the smaller set that stands in the larger."""
    return len(one & other) / min(len(one), len(other)) if one and other else 0.0


@functools.lru_cache(maxsize=65536)
def _stems_of_phrase(phrase: str) -> frozenset[str]:
    return content_stems(phrase.lower().replace("-", " ").split())


def counted_stems(claim: Claim) -> frozenset[str]:
    """Stems of the words for what is counted."""
    return _stems_of_phrase(text_of(claim, "counted") or "")


def nounless(claim: Claim) -> bool:
    """True where no noun beside the figure tells what is counted, so that its measure is a guess ("500,000 in the streets")."""
    return text_of(claim, "unit") in (None, "item") and text_of(claim, "counted_class") is None


def is_guess(claim: Claim) -> bool:
    """True where its sentence does not tell what is counted: no noun, or one taken over from a sentence before.

    "On Monday he had spoken of 860": homes, or the dead of the sentence before?
    """
    counted = text_of(claim, "counted")
    return nounless(claim) or (counted is not None and not _counted_nouns(counted) & _beside(claim))


@functools.lru_cache(maxsize=65536)
def _counted_nouns(counted: str) -> frozenset[str]:
    return frozenset(stem(word) for word in re.findall(r"[^\W\d_]+", counted.lower()))


def is_telling(quantity: Quantity) -> bool:
    """True for a value that seldom stands twice in one story by chance: no small whole number."""
    return quantity.midpoint >= TELLING or quantity.midpoint != int(quantity.midpoint)


def _around(claim: Claim) -> list[str]:
    """The words on both sides of a figure, in small letters."""
    text, at = text_of(claim, "sentence_text") or "", int(claim["sentence_start"])
    before = re.findall(r"\w+", text[: max(int(claim["start"]) - at, 0)].lower())[-BESIDE:]
    return before + re.findall(r"\w+", text[max(int(claim["end"]) - at, 0) :].lower())[:BESIDE]


def _beside(claim: Claim) -> frozenset[str]:
    """Stems of the words about a figure, up to the next number on either side."""
    text, at = text_of(claim, "sentence_text") or "", int(claim["sentence_start"])
    before = re.findall(r"\w+", text[: max(int(claim["start"]) - at, 0)].lower())
    after = re.findall(r"\w+", text[max(int(claim["end"]) - at, 0) :].lower())
    near = [*takewhile(lambda w: not w.isdigit(), reversed(before)), *takewhile(lambda w: not w.isdigit(), after)]
    return frozenset(stem(word) for word in near)


def same_clause(one: Claim, other: Claim) -> bool:
    """True where nearly the same words stand around two figures: a copy, or one with a light edit elsewhere."""
    a, b = _around(one), _around(other)
    if min(len(a), len(b)) < BESIDE:
        return False
    alike = sum(block.size for block in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks())
    return alike >= SAME_CLAUSE * min(len(a), len(b))


def same_value(one: Quantity, other: Quantity) -> bool:
    """True where two figures give one value: equal numbers (in whatever unit), a conversion, or a rounding."""
    if (one.low, one.high) == (other.low, other.high):
        return True
    if one.is_point and other.is_point and one.low == other.low:
        return True
    bounds = [{q.low, q.high} - {None} for q in (one, other)]
    if len(bounds[0]) == len(bounds[1]) == 1 and bounds[0] == bounds[1]:
        return True
    if unit_kind(one.unit) != unit_kind(other.unit) or one.per != other.per:
        return False
    if not one.intersects(other):
        return False
    theirs = other.to(one.unit).midpoint if one.unit else other.midpoint
    near = abs(one.midpoint - theirs) <= ROUNDING * max(abs(one.midpoint), abs(theirs))
    return near or (one.comparator == "range" and other.comparator == "range")


def _differ(one: Claim, other: Claim, column: str) -> bool:
    a, b = text_of(one, column), text_of(other, column)
    return a is not None and b is not None and a.casefold() != b.casefold()


def _equal(one: Claim, other: Claim, column: str) -> bool:
    a, b = text_of(one, column), text_of(other, column)
    return a is not None and b is not None and a.casefold() == b.casefold()


def past_year(claim: Claim) -> str | None:
    """The year of long ago beside a figure ("112 died in 1991"); None where it only tells since when something holds."""
    text, published = text_of(claim, "sentence_text") or "", text_of(claim, "published")
    if published is None:
        return None
    start = int(claim["start"]) - int(claim["sentence_start"])
    end = int(claim["end"]) - int(claim["sentence_start"])
    for found in re.finditer(r"\b(?:18|19|20)\d\d\b", text):
        if start <= found.start() < end or int(found[0]) > int(published[:4]) - LONG_AGO:
            continue
        after = found.start() >= end
        between = text[end : found.start()] if after else text[found.end() : start]
        before = re.findall(r"[a-z]+", text[: found.start()].lower())
        told = before[-1:] in (["in"], ["of"]) or (not after and re.match(r"\W*(?:when|in which)\b", between))
        opens = bool({"since", "from", "between", "until"} & set(before[-BESIDE_YEAR:])) and not (
            not after and re.match(r"\W*(?:when|in which)\b", between)
        )
        if told and not opens and len(between.split()) <= BESIDE_YEAR and not any(c.isdigit() for c in between):
            return found[0]
    return None


def match(one: Claim, other: Claim) -> Match | None:
    """How well ``one`` stands for ``other`` in another article of the same wire text; None where it does not."""
    a, b = quantity_of(one), quantity_of(other)
    if a is None or b is None or is_true(one, "negated") != is_true(other, "negated"):
        return None
    measure = _equal(one, other, "measure")
    sentence = likeness(stems_of(one), stems_of(other))
    counted = likeness(counted_stems(one), counted_stems(other))
    speaker = _equal(one, other, "source_id")
    score = 2.0 * measure + 2.0 * sentence + counted + speaker
    score += sum(
        0.5 * _equal(one, other, c) - 0.5 * _differ(one, other, c) for c in ("place", "side", "unit", "aspect")
    )
    score -= 1.5 * _differ(one, other, "source_id")
    unknown = UNKNOWN in (text_of(one, "measure"), text_of(other, "measure"))
    one_number = len({a.low, a.high, b.low, b.high} - {None}) == 1
    rounded = not one_number and not (a.is_point and b.is_point) and (a.low, a.high) != (b.low, b.high)
    same_thing = measure and not unknown and counted >= VERY_LIKE and unit_kind(a.unit) == "percent"
    if same_value(a, b) and (sentence >= VERY_LIKE or not rounded or same_thing):
        score += 2.5 if rounded else 3.0
        if measure and (counted >= VERY_LIKE or sentence >= LIKE or unit_kind(a.unit) == unit_kind(b.unit)):
            return Match(score, "same figure in a copy or rewrite")
        if unknown and (sentence > 0 or counted > 0) and (a.low, a.high) == (b.low, b.high):
            return Match(score, "same figure in a copy or rewrite")
        kind = unit_kind(a.unit)
        telling = kind == unit_kind(b.unit) and kind != "item" and abs(a.midpoint) >= TELLING and not rounded
        if sentence >= LIKE or telling:
            return Match(score, "same number in a copy or rewrite, told of something else")
        return None
    if not measure or unit_kind(a.unit) != unit_kind(b.unit) or a.per != b.per:
        return None
    if _differ(one, other, "source_id"):
        return None
    if rounded and not unknown and not _differ(one, other, "side") and _round_of(a, b):
        return Match(score, ROUNDED)
    if not (a.is_point and b.is_point) or past_year(one) != past_year(other):
        return None
    if speaker and (counted > 0 or text_of(one, "measure") != UNKNOWN):
        return Match(score, "another number in the same place of the story")
    if sentence >= VERY_LIKE and counted >= VERY_LIKE and not _differ(one, other, "place"):
        return Match(score, "another number in the same place of the story")
    return None


def _round_of(one: Quantity, other: Quantity) -> bool:
    """True where the one is the other with fewer digits ("more than 120" of 126)."""
    near = abs(one.midpoint - other.midpoint) <= NEAR * max(abs(one.midpoint), abs(other.midpoint))
    digits = [len(f"{q.midpoint:.0f}".rstrip("0")) for q in (one, other)]
    return near and is_telling(one) and one.intersects(other) and digits[0] < digits[1]


def retold(claims: Sequence[Claim], earlier: Sequence[Claim]) -> dict[str, tuple[str, str]]:
    """For the claims of one article: claim_id -> (claim_id of the earlier claim that it tells again, reason).

    Several claims may tell one again (headline and body). A different number counts as a distortion only where no
    claim of this article has the earlier claim's own number.
    """
    found: dict[str, tuple[str, str]] = {}
    loose: list[tuple[float, str, str, str]] = []
    met: set[str] = set()
    for claim in claims:
        best: tuple[float, str, str] | None = None
        for other in earlier:
            one = match(claim, other)
            if one is None:
                continue
            if one.reason.startswith("another") or one.reason == ROUNDED:
                loose.append((one.score, claim["claim_id"], other["claim_id"], one.reason))
            elif best is None or (one.score, other["claim_id"]) > best[:2]:
                best = (one.score, other["claim_id"], one.reason)
        if best is not None:
            found[claim["claim_id"]] = (best[1], best[2])
            met.add(best[1])
    for _, mine, theirs, reason in sorted(loose, key=lambda x: (-x[0], x[1], x[2])):
        if mine not in found and theirs not in met:
            found[mine] = (theirs, reason)
    return found
