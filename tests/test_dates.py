"""Calendar arithmetic at its edges: month ends, year ends, leap days, ISO weeks."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis import dates

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31))


@given(DAYS, st.integers(0, 6))
def test_weekday_is_the_nearest(ref: date, number: int) -> None:
    back, ahead = dates.weekday(ref, number, False), dates.weekday(ref, number, True)
    assert back.weekday() == ahead.weekday() == number
    assert timedelta(0) <= ref - back < timedelta(7)
    assert timedelta(0) <= ahead - ref < timedelta(7)


@given(DAYS, st.sampled_from(["D", "W", "WE", "M", "Q", "Y", "DE"]), st.integers(-3, 3))
def test_periods_of_one_unit_do_not_overlap(ref: date, unit: str, shift: int) -> None:
    one, after = dates.period(unit, ref, shift), dates.period(unit, ref, shift + 1)
    assert one is not None
    assert after is not None
    assert one.start is not None
    assert one.end is not None
    assert after.start is not None
    assert one.start <= one.end < after.start
    if unit != "WE":
        assert after.start == one.end + timedelta(1)


@given(DAYS, st.integers(1, 12))
def test_month_near_holds_or_flanks_the_day(ref: date, number: int) -> None:
    back, ahead = dates.month_near(ref, number, False), dates.month_near(ref, number, True)
    assert back.start is not None
    assert ahead.end is not None
    assert back.start <= ref <= ahead.end
    assert (ref - back.start).days < 366


@pytest.mark.parametrize(
    ("day", "value"),
    [
        (date(2024, 12, 30), "2025-W01"),
        (date(2021, 1, 3), "2020-W53"),
        (date(2024, 1, 1), "2024-W01"),
        (date(2023, 1, 1), "2022-W52"),
    ],
)
def test_iso_weeks_at_year_ends(day: date, value: str) -> None:
    assert dates.week(day).value == value


@pytest.mark.parametrize(
    ("ref", "unit", "n", "value"),
    [
        (date(2024, 3, 31), "M", -1, "2024-02"),
        (date(2024, 1, 15), "M", -1, "2023-12"),
        (date(2024, 3, 1), "D", -1, "2024-02-29"),
        (date(2023, 3, 1), "D", -1, "2023-02-28"),
        (date(2024, 2, 29), "Y", -1, "2023"),
        (date(2024, 11, 14), "2W", -1, "2024-10-31"),
        (date(2024, 11, 14), "DE", -2, "2004"),
    ],
)
def test_moved(ref: date, unit: str, n: float, value: str) -> None:
    stretch = dates.moved(ref, unit, n)
    assert stretch is not None
    assert stretch.value == value


def test_out_of_the_calendar_is_none_not_an_error() -> None:
    assert dates.moved(date(2024, 1, 1), "Y", -5000) is None
    assert dates.period("M", date(2024, 1, 1), -(10**9)) is None
    assert dates.reach(date(2024, 1, 1), "DE", 10**6) is None


def test_seasons_and_winter_over_new_year() -> None:
    assert dates.season(2023, "WI").end == date(2024, 2, 29)
    assert dates.season_near(date(2024, 1, 10), "WI", False).value == "2023-WI"
    assert dates.season_near(date(2024, 11, 14), "SU", True).value == "2025-SU"


@pytest.mark.parametrize(("code", "first", "last"), [("START", 1, 10), ("MID", 11, 20), ("END", 21, 29)])
def test_parts_of_a_leap_february(code: str, first: int, last: int) -> None:
    stretch = dates.part(dates.month(2024, 2), code)
    assert (stretch.start, stretch.end, stretch.value) == (date(2024, 2, first), date(2024, 2, last), "2024-02")


def test_day_near_finds_the_leap_year() -> None:
    assert dates.day_near(date(2023, 5, 2), 2, 29, False) == date(2020, 2, 29)
    assert dates.day_near(date(2023, 5, 2), 2, 29, True) == date(2024, 2, 29)
    assert dates.day_near(date(2023, 5, 2), 2, 30, True) is None
