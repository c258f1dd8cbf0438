"""One quantity with its bounds: interval arithmetic, conversion between units of one kind, agreement of several.

A quantity is what one figure says about the world: all values between its bounds are possible, every other value is
not. ``=`` and (strictly read) ``~`` allow one value, ``>`` and ``<`` leave out the bound itself, ``>=``, ``<=`` and
``range`` include it. No spaCy and no pandas here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

COMPARATORS = ("=", "~", ">", ">=", "<", "<=", "range")

#: unit -> (kind, factor to the first unit of that kind); the factors are the legal definitions of the units
CONVERSIONS: Mapping[str, tuple[str, float]] = {
    "km2": ("area", 1.0),
    "mi2": ("area", 2.589988110336),
    "ha": ("area", 0.01),
    "km": ("length", 1.0),
    "mi": ("length", 1.609344),
    "m": ("length", 0.001),
}


class UnitMismatch(ValueError):
    """Two quantities whose units (or rates) cannot be compared; the message names both."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A set of possible values between two ends; ``open`` ends are not in it. Infinite ends are always open."""

    low: float
    high: float
    low_open: bool = False
    high_open: bool = False

    @property
    def empty(self) -> bool:
        """True where no value fits."""
        return self.low > self.high or (self.low == self.high and (self.low_open or self.high_open))

    def __contains__(self, value: float) -> bool:
        above = value > self.low or (value == self.low and not self.low_open)
        below = value < self.high or (value == self.high and not self.high_open)
        return above and below

    def intersection(self, other: Interval) -> Interval:
        """The values in both; may be empty."""
        low = max(self.low, other.low)
        high = min(self.high, other.high)
        return Interval(
            low,
            high,
            any(i.low == low and i.low_open for i in (self, other)),
            any(i.high == high and i.high_open for i in (self, other)),
        )

    def intersects(self, other: Interval) -> bool:
        """True where at least one value is in both."""
        return not self.intersection(other).empty

    def gap(self, other: Interval) -> float:
        """Distance between two intervals: 0 where they touch or overlap."""
        return max(self.low - other.high, other.low - self.high, 0.0)


def _number(value: Any) -> float | None:
    """A bound as float; None for every kind of missing value."""
    try:
        number = float(value)
    except (TypeError, ValueError):  # None, and missing values of a table library that do not convert
        return None
    return None if math.isnan(number) else number


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


@dataclass(frozen=True, slots=True)
class Quantity:
    """A figure's bounds in its own unit. ``low``/``high`` are None where open; ``per`` is the rate ("day"), if any.

    Raises ValueError for an unknown comparator, for bounds in the wrong order and for a quantity without any bound.
    """

    low: float | None
    high: float | None
    comparator: str = "="
    unit: str | None = None
    per: str | None = None

    def __post_init__(self) -> None:
        if self.comparator not in COMPARATORS:
            raise ValueError(f"unknown comparator {self.comparator!r}; known: {' '.join(COMPARATORS)}")
        if self.low is None and self.high is None:
            raise ValueError("a quantity needs at least one bound")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low bound {self.low} is above high bound {self.high}")

    @classmethod
    def of(cls, row: Mapping[str, Any] | Any) -> Quantity:
        """From a row of the claims table (a mapping, or an object with these attributes); missing values become None."""
        get = row.get if isinstance(row, Mapping) else lambda name: getattr(row, name, None)
        return cls(
            _number(get("low")),
            _number(get("high")),
            _text(get("comparator")) or "=",
            _text(get("unit")),
            _text(get("per")),
        )

    @property
    def midpoint(self) -> float:
        """The middle of a range; the only bound of a half-open quantity. In the quantity's own unit."""
        if self.low is None or self.high is None:
            return float(self.low if self.low is not None else self.high)  # type: ignore[arg-type]
        return (self.low + self.high) / 2

    @property
    def is_point(self) -> bool:
        """True where exactly one value fits (strictly read)."""
        return self.low is not None and self.low == self.high

    def to(self, unit: str) -> Quantity:
        """The same quantity in another unit of its kind, not widened (for charts and spreads).

        Raises UnitMismatch where the units are not of one kind.
        """
        if unit == self.unit:
            return self
        factor = conversion_factor(self.unit, unit)
        return replace(
            self,
            low=None if self.low is None else self.low * factor,
            high=None if self.high is None else self.high * factor,
            unit=unit,
        )

    def interval(self, unit: str | None = None, tolerance: float | None = None) -> Interval:
        """All values that this quantity allows, in ``unit`` (default: its own).

        ``tolerance`` reads ``~`` as that share either way (0.1: "about 50,000" allows 45,000 to 55,000); None reads it
        strictly. A conversion widens both ends by half the last significant digit, for somebody rounded there.
        """
        factor = 1.0
        widen_low = widen_high = 0.0
        if unit is not None and unit != self.unit:
            factor = conversion_factor(self.unit, unit)
            widen_low = 0.0 if self.low is None else half_last_digit(self.low)
            widen_high = 0.0 if self.high is None else half_last_digit(self.high)
        low = -math.inf if self.low is None else self.low
        high = math.inf if self.high is None else self.high
        if self.comparator == "~" and tolerance is not None:
            low, high = low - abs(low) * tolerance, high + abs(high) * tolerance
        return Interval(
            (low - widen_low) * factor,
            (high + widen_high) * factor,
            low_open=self.low is None or (self.comparator == ">" and not widen_low),
            high_open=self.high is None or (self.comparator == "<" and not widen_high),
        )

    def intersects(self, other: Quantity, tolerance: float | None = None) -> bool:
        """True where one value fits both. Raises UnitMismatch where they cannot be compared."""
        return agree([self, other], tolerance)

    def __str__(self) -> str:
        bounds = (
            f"{_short(self.low)}-{_short(self.high)}"
            if self.comparator == "range"
            else f"{'' if self.comparator == '=' else self.comparator + ' '}{_short(self.midpoint)}"
        )
        unit = f" {self.unit}" if self.unit else ""
        return f"{bounds}{unit}{' per ' + self.per if self.per else ''}"


def _short(value: float | None) -> str:
    return "" if value is None else f"{value:,.10g}"


def unit_kind(unit: str | None) -> str:
    """Kind of a unit: ``area`` for km2, mi2 and ha; a unit that converts into no other is a kind of its own."""
    return CONVERSIONS[unit][0] if unit is not None and unit in CONVERSIONS else (unit or "none")


def base_unit(unit: str | None) -> str | None:
    """The unit in which all units of this kind are compared (km2 for mi2); the unit itself where there is no other."""
    kind = unit_kind(unit)
    return next((name for name, (other, _) in CONVERSIONS.items() if other == kind), unit)


def conversion_factor(unit: str | None, other: str | None) -> float:
    """By what a value in ``unit`` is multiplied to stand in ``other``.

    Raises UnitMismatch where the two are not of one kind.
    """
    if unit == other:
        return 1.0
    if unit is None or other is None or unit_kind(unit) != unit_kind(other):
        raise UnitMismatch(f"{unit} and {other} are not units of one kind")
    return CONVERSIONS[unit][1] / CONVERSIONS[other][1]


def half_last_digit(value: float) -> float:
    """Half of the last digit that counts: 0.5 for 1,376 and 40, 5 for 480, 50 for 1,000, 0.05 for 1.5.

    Trailing zeros of a whole number count as rounding, but the first two digits always count.
    """
    if value == 0:
        return 0.5
    digits = f"{abs(value):.12g}"
    if "e" in digits:
        return 10.0 ** (math.floor(math.log10(abs(value))) - 1) / 2
    if "." in digits:
        return 10.0 ** -len(digits.partition(".")[2]) / 2
    zeros = len(digits) - len(digits.rstrip("0"))
    return 10.0 ** max(min(zeros, len(digits) - 2), 0) / 2


def common_unit(quantities: Sequence[Quantity]) -> str | None:
    """The unit to compare in: the shared one, else the base unit of their kind (which does not depend on the order).

    Raises UnitMismatch where units are not of one kind, or rates differ.
    """
    units = list(dict.fromkeys(q.unit for q in quantities))
    rates = list(dict.fromkeys(q.per for q in quantities))
    if len(rates) > 1:
        raise UnitMismatch(f"rates per {rates[0]} and per {rates[1]} cannot be compared")
    if len(units) <= 1:
        return units[0] if units else None
    base = base_unit(units[0])
    for unit in units:
        conversion_factor(unit, base)
    return base


def intervals(quantities: Sequence[Quantity], tolerance: float | None = None) -> list[Interval]:
    """What each allows, all in one unit, in the same order. Raises UnitMismatch where that cannot be."""
    unit = common_unit(quantities)
    return [q.interval(unit, tolerance) for q in quantities]


def agree(quantities: Sequence[Quantity], tolerance: float | None = None) -> bool:
    """True where one value fits all intervals. An empty or single list agrees.

    ``tolerance`` as in ``Quantity.interval``. Raises UnitMismatch where the quantities cannot be compared.
    """
    return deciding_pair(quantities, tolerance) is None


def deciding_pair(quantities: Sequence[Quantity], tolerance: float | None = None) -> tuple[int, int] | None:
    """Indexes of the two quantities that are furthest apart and exclude each other; None where all agree.

    On a line, intervals have a common value exactly if every two have one, so a pair always decides. Of pairs equally
    far apart the first in the given order decides.
    """
    found = intervals(quantities, tolerance)
    best: tuple[int, int] | None = None
    best_gap = -1.0
    for i, one in enumerate(found):
        for j in range(i + 1, len(found)):
            if not one.intersects(found[j]) and one.gap(found[j]) > best_gap:
                best, best_gap = (i, j), one.gap(found[j])
    return best


def common_interval(quantities: Sequence[Quantity], tolerance: float | None = None) -> Interval | None:
    """The values that fit all, in ``common_unit``; None where there are none, or no quantities."""
    found = intervals(quantities, tolerance)
    if not found:
        return None
    shared = found[0]
    for one in found[1:]:
        shared = shared.intersection(one)
    return None if shared.empty else shared


def spread(quantities: Sequence[Quantity]) -> float | None:
    """Highest bound divided by lowest bound, in one unit; None where there is no bound or the lowest is not positive."""
    unit = common_unit(quantities)
    bounds = [
        bound
        for q in quantities
        for bound in (
            (q.to(unit) if unit is not None else q).low,
            (q.to(unit) if unit is not None else q).high,
        )
        if bound is not None
    ]
    if not bounds or min(bounds) <= 0:
        return None
    return max(bounds) / min(bounds)
