"""Distortions: what a figure lost or changed on its way from the first telling to this one.

Two tellings of one figure are compared column by column; each difference that changes what a reader learns is told in a
few words. A rounding or a right conversion is no distortion.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis import phrases
from analysis.quantity import Quantity, unit_kind
from analysis.retelling import Claim, is_true, quantity_of, text_of

#: words for a comparator that a retelling dropped
COMPARATORS = {">": "more than", ">=": "at least", "<": "less than", "<=": "up to", "~": "about", "range": "from … to"}
#: measures that are parts of one another, so that one told as the other is a distortion (others may be misread here)
LOSSES = {"casualties", "killed", "wounded", "missing", "captured"}
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


def distortions(claim: Claim, first: Claim) -> list[str]:
    """How ``claim`` differs from ``first``, which it tells again; empty where it does not."""
    a, b = quantity_of(claim), quantity_of(first)
    if a is None or b is None:
        return []
    found = []
    one, other = text_of(claim, "measure"), text_of(first, "measure")
    same_number = (a.low, a.high) == (b.low, b.high)
    if one != other and {one, other} <= LOSSES:
        found.append(f"{other} told as {one}")
    sides = text_of(claim, "side"), text_of(first, "side")
    if None not in sides and set(str(sides[0]).split("+")).isdisjoint(str(sides[1]).split("+")):
        found.append(f"{sides[1]} told as {sides[0]}")
    if a.unit != b.unit and unit_kind(a.unit) == unit_kind(b.unit) and misconverted(a, b):
        found.append(f"{told(b)} told as {told(a)}" + (": the unit changed, not the number" if same_number else ""))
    elif not same_number and a.is_point and b.is_point and a.unit == b.unit and not a.intersects(b, SLACK):
        found.append(f"{told(b)} told as {told(a)}")
    elif a.unit == b.unit:
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
