"""Distortions: what a figure lost or changed on its way from the first telling to this one.

Two tellings of one figure are compared column by column; each difference that changes what a reader learns is told in a
few words. A rounding or a right conversion is no distortion.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis import phrases
from analysis.labels import names_actor
from analysis.quantity import Quantity, unit_kind
from analysis.retelling import Claim, is_true, quantity_of, stems_of, text_of
from analysis.wording import content_stems

#: words for a comparator that a retelling dropped
COMPARATORS = {">": "more than", ">=": "at least", "<": "less than", "<=": "up to", "~": "about", "range": "from … to"}
#: measures that are parts of one another, so that one told as the other is a distortion (others may be misread here)
LOSSES = {"casualties", "killed", "wounded", "missing", "captured"}
#: stems of words for them
LOSS_STEMS = {
    "killed": content_stems(
        ["killed", "kill", "died", "dead", "deaths", "drowned", "slain", "perished", "fatalities", "lives", "bodies"]
    ),
    "wounded": content_stems(["wounded", "injured", "hurt", "injuries", "wounds", "maimed"]),
    "missing": content_stems(["missing", "vanished", "unaccounted", "disappeared"]),
    "captured": content_stems(["captured", "captive", "prisoner", "prisoners", "seized"]),
}
#: classes of people that stand on two sides
OTHER_PEOPLE = {"soldiers", "fighters"}
#: share by which a converted figure may lie off; writers round to two or three digits
SLACK = 0.05
#: characters between a figure and its conversion: "1,000 sq km (386 sq miles)"
BESIDE = 4


def told(quantity: Quantity) -> str:
    """A figure in words: ``up to 1,200 km²``."""
    words = phrases.bounds(quantity.low, quantity.high, quantity.comparator)
    return phrases.with_unit(words, quantity.unit, quantity.per)


def misconverted(one: Quantity, other: Quantity) -> bool:
    """True where two figures in different units of one kind are too far apart to be conversions of one another."""
    if one.unit == other.unit or unit_kind(one.unit) != unit_kind(other.unit) or not one.unit or not other.unit:
        return False
    here = one.to(other.unit).midpoint
    return abs(here - other.midpoint) > SLACK * max(abs(here), abs(other.midpoint))


def _lost(one: Quantity, first: Quantity) -> list[str]:
    if one.comparator == first.comparator or one.comparator not in ("=", "~"):
        return []
    numbers = {first.low, first.high} - {None}
    if one.low not in numbers or first.comparator in ("=", "~" if one.comparator == "~" else "="):
        return []
    return [f"“{COMPARATORS[first.comparator]}” lost: {told(first)} became {told(one)}"]


def _losses(claim: Claim) -> frozenset[str]:
    """The measures of what befell people that a sentence has words of: where two have the same, one was misread."""
    stems = stems_of(claim)
    return frozenset(measure for measure, words in LOSS_STEMS.items() if stems & words)


def _in_words(claim: Claim) -> bool:
    """True for a share in words, which is round whatever stands before it ("nearly a third")."""
    return not any(c.isdigit() for c in text_of(claim, "figure_text") or "")


def _words(side: str) -> set[str]:
    return {w.casefold() for w in side.replace("+", " ").split()}


def _named(claim: Claim) -> bool:
    """True where a claim's sentence names its side."""
    sentence = text_of(claim, "sentence_text") or ""
    return all(names_actor(sentence, actor) for actor in (text_of(claim, "side") or "").split("+"))


def _other_side(claim: Claim, first: Claim) -> bool:
    """True where two tellings surely give a figure to two sides: by other people, or by name in both sentences."""
    a, b = text_of(claim, "side") or "", text_of(first, "side") or ""
    if not set(a.split("+")).isdisjoint(b.split("+")) or _words(a) <= _words(b) or _words(b) <= _words(a):
        return False  # "police" are "Norrland police"
    classes = {text_of(c, "counted_class") for c in (claim, first)}
    return classes == OTHER_PEOPLE or (_named(claim) and _named(first))


def distortions(claim: Claim, first: Claim) -> list[str]:
    """How ``claim`` differs from ``first``, which it tells again; empty where it does not."""
    a, b = quantity_of(claim), quantity_of(first)
    if a is None or b is None:
        return []
    found = []
    one, other = text_of(claim, "measure"), text_of(first, "measure")
    same_number = (a.low, a.high) == (b.low, b.high)
    if one != other and {one, other} <= LOSSES and _losses(claim) != _losses(first):
        found.append(f"{other} told as {one}")
    sides = text_of(claim, "side"), text_of(first, "side")
    if None not in sides and _other_side(claim, first):
        found.append(f"{sides[1]} told as {sides[0]}")
    if a.unit != b.unit and unit_kind(a.unit) == unit_kind(b.unit) and misconverted(a, b):
        found.append(f"{told(b)} told as {told(a)}" + (": the unit changed, not the number" if same_number else ""))
    elif not same_number and a.is_point and b.is_point and a.unit == b.unit and not a.intersects(b, SLACK):
        found.append(f"{told(b)} told as {told(a)}")
    elif a.unit == b.unit and not (b.comparator == "~" and b.unit == "percent" and _in_words(first)):
        found += _lost(a, b)
    if is_true(first, "negated") != is_true(claim, "negated"):
        found.append("denial lost" if is_true(first, "negated") else "told as denied")
    return found


def conversion_beside(claim: Claim, others: Sequence[Claim]) -> list[str]:
    """Whether the figure that stands right before it, in another unit, converts to something else."""
    mine = quantity_of(claim)
    if mine is None:
        return []
    for other in others:
        theirs = quantity_of(other)
        near = 0 < int(claim["start"]) - int(other["end"]) <= BESIDE
        if near and theirs is not None and misconverted(theirs, mine) and mine.unit:
            right = phrases.with_unit(
                phrases.number(float(f"{theirs.to(mine.unit).midpoint:.3g}")), mine.unit, mine.per
            )
            return [f"conversion does not fit: {told(theirs)} is {right}, not {told(mine)}"]
    return []
