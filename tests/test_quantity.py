"""Interval arithmetic, conversion and agreement of quantities."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.quantity import (
    COMPARATORS,
    Interval,
    Quantity,
    UnitMismatch,
    agree,
    common_interval,
    common_unit,
    deciding_pair,
    half_last_digit,
    spread,
    unit_kind,
)


def point(value: float, unit: str = "person", comparator: str = "=") -> Quantity:
    return Quantity(value, value, comparator, unit)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Quantity(30, None, ">"), point(30), False),
        (Quantity(30, None, ">="), point(30), True),
        (Quantity(None, 30, "<"), point(30), False),
        (Quantity(None, 30, "<="), point(30), True),
        (Quantity(30, None, ">"), Quantity(None, 30, "<="), False),
        (Quantity(30, None, ">"), Quantity(None, 31, "<"), True),
        (Quantity(30, None, ">"), Quantity(40, None, ">="), True),
        (Quantity(1200, 1500, "range"), point(1500), True),
        (Quantity(1200, 1500, "range"), Quantity(1500, None, ">"), False),
        (Quantity(1200, 1500, "range"), Quantity(1000, 1200, "range"), True),
        (point(11000, comparator="~"), point(11000), True),
        (point(0), Quantity(0, None, ">"), False),
    ],
)
def test_bounds_are_strict_where_the_words_are(one: Quantity, other: Quantity, expected: bool) -> None:
    one = Quantity(one.low, one.high, one.comparator)
    other = Quantity(other.low, other.high, other.comparator)
    assert one.intersects(other) is expected
    assert other.intersects(one) is expected


def test_tolerance_widens_only_the_approximate() -> None:
    about, exact = point(50_000, comparator="~"), point(47_000)
    assert not agree([about, exact])
    assert agree([about, exact], tolerance=0.1)
    assert not agree([point(50_000), exact], tolerance=0.1)
    assert not agree([about, point(44_000)], tolerance=0.1)


def test_all_must_share_one_value() -> None:
    three = [
        Quantity(10, 20, "range"),
        Quantity(15, 30, "range"),
        Quantity(None, 15, "<="),
    ]
    assert agree(three)
    assert common_interval(three) == Interval(15, 15)
    assert not agree([*three, point(16, unit=None)])  # type: ignore[arg-type]
    assert common_interval([point(1), point(2)]) is None


def test_deciding_pair_is_the_one_furthest_apart() -> None:
    assert deciding_pair([point(10), point(12), point(40), point(30)]) == (0, 2)
    assert deciding_pair([point(10)]) is None
    assert deciding_pair([]) is None


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (point(1000, "km2"), point(386, "mi2"), True),
        (point(1376, "km2"), point(531, "mi2"), True),
        (point(1376, "km2"), point(540, "mi2"), False),
        (point(5, "km"), point(3, "mi"), True),
        (point(5, "km"), point(4, "mi"), False),
        (point(1500, "m"), point(1.5, "km"), True),
        (point(100, "km2"), point(10_000, "ha"), True),
        (Quantity(100, None, ">", "km2"), point(30, "mi2"), False),
    ],
)
def test_a_converted_unit_may_differ_by_its_rounding(one: Quantity, other: Quantity, expected: bool) -> None:
    assert agree([one, other]) is expected
    assert agree([other, one]) is expected


@pytest.mark.parametrize(
    ("value", "half"),
    [
        (1376, 0.5),
        (40, 0.5),
        (3, 0.5),
        (480, 5),
        (1000, 50),
        (1.5, 0.05),
        (1.34, 0.005),
        (0, 0.5),
    ],
)
def test_half_of_the_last_digit_that_counts(value: float, half: float) -> None:
    assert half_last_digit(value) == pytest.approx(half)


def test_what_cannot_be_compared_is_an_error() -> None:
    with pytest.raises(UnitMismatch, match="km and km2 are not"):
        agree([point(3, "km2"), point(3, "km")])
    with pytest.raises(UnitMismatch, match="per day"):
        common_unit([Quantity(3, 3, "=", "person", "day"), Quantity(3, 3, "=", "person")])
    with pytest.raises(UnitMismatch):
        point(3, "USD").to("EUR")
    assert unit_kind("mi2") == unit_kind("ha") == "area"
    assert unit_kind("person") == "person"


@pytest.mark.parametrize(
    "arguments",
    [(1, 1, "=="), (None, None, "="), (3, 2, "range")],
    ids=["comparator", "no bound", "order"],
)
def test_a_quantity_that_makes_no_sense_is_an_error(
    arguments: tuple[float | None, float | None, str],
) -> None:
    with pytest.raises(ValueError, match=r"comparator|bound"):
        Quantity(*arguments)


def test_from_a_row_of_the_claims_table() -> None:
    row = {
        "low": float("nan"),
        "high": 3,
        "comparator": "<=",
        "unit": "item",
        "per": None,
        "measure": "other",
    }
    assert Quantity.of(row) == Quantity(None, 3.0, "<=", "item")
    assert str(Quantity.of(row)) == "<= 3 item"
    assert str(Quantity(1200, 1500, "range", "person", "day")) == "1,200-1,500 person per day"


def test_midpoint_and_spread() -> None:
    assert Quantity(1200, 1500, "range").midpoint == 1350
    assert Quantity(None, 3, "<=").midpoint == 3
    assert spread([point(10), Quantity(20, None, ">=", "person")]) == 2
    assert spread([point(0), point(3)]) is None
    assert spread([point(1, "mi2"), point(2.589988110336, "km2")]) == pytest.approx(1)


bounded = st.floats(min_value=0, max_value=1e6, allow_nan=False)


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    comparator = draw(st.sampled_from(COMPARATORS))
    low, high = sorted((draw(bounded), draw(bounded)))
    if comparator in ("=", "~"):
        high = low
    return Quantity(
        None if comparator in ("<", "<=") else low,
        None if comparator in (">", ">=") else high,
        comparator,
        "person",
    )


@given(st.lists(quantities(), max_size=5))
def test_agreement_is_that_of_every_pair_and_of_any_order(
    found: list[Quantity],
) -> None:
    assert agree(found) == agree(found[::-1])
    assert agree(found) == all(a.intersects(b) for a, b in itertools.combinations(found, 2))
    assert agree(found) == (common_interval(found) is not None) or not found


@given(quantities())
def test_a_quantity_agrees_with_itself_and_more_tolerance_never_divides(
    quantity: Quantity,
) -> None:
    assert quantity.intersects(quantity)
    assert quantity.intersects(quantity, tolerance=0.5)
