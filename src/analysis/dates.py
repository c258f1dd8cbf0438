"""Stretches of days: calendar arithmetic for time expressions, against a reference day. Pure; no clock, no locale.

A Stretch is what a time expression means: its first and last day (inclusive, None where the text does not tell), how
precise it is, and its TimeML type and value (TIMEX3, Pustejovsky et al. 2003). Nothing here looks at today's date.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

#: TimeML season -> its first month; all last three months (winter runs into the next year)
SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
#: unit of the codebook -> precision of a DATE in that unit
PRECISION = {
    "D": "day",
    "W": "week",
    "WE": "week",
    "M": "month",
    "Q": "season",
    "Y": "year",
    "DE": "year",
    "CE": "vague",
}
#: days of the shortest whole month and year: less is a part already ("later, late May")
WHOLE = {"month": 28, "year": 365}
#: part of a month or year -> its share, for the first and last day of "early August", "late 2023"
PARTS = {"START": (0, 1), "MID": (1, 2), "END": (2, 3)}
EARLIEST = date(1000, 1, 1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """``precision`` is day, week, month, season, year or vague; ``timex`` DATE, TIME, DURATION or SET."""

    start: date | None
    end: date | None
    precision: str
    timex: str
    value: str | None


def single(day: date) -> Stretch:
    """One day."""
    return Stretch(day, day, "day", "DATE", day.isoformat())


def month(year: int, number: int) -> Stretch:
    """A calendar month, ``number`` 1 to 12."""
    last = calendar.monthrange(year, number)[1]
    return Stretch(date(year, number, 1), date(year, number, last), "month", "DATE", f"{year:04d}-{number:02d}")


def year(number: int) -> Stretch:
    """A calendar year."""
    return Stretch(date(number, 1, 1), date(number, 12, 31), "year", "DATE", f"{number:04d}")


def quarter(number: int, nth: int) -> Stretch:
    """Quarter ``nth`` (1 to 4) of a year."""
    first = date(number, 3 * nth - 2, 1)
    return Stretch(first, first + relativedelta(months=3, days=-1), "season", "DATE", f"{number:04d}-Q{nth}")


def half(number: int, nth: int) -> Stretch:
    """Half ``nth`` (1 or 2) of a year."""
    first = date(number, 6 * nth - 5, 1)
    return Stretch(first, first + relativedelta(months=6, days=-1), "season", "DATE", f"{number:04d}-H{nth}")


def season(number: int, code: str) -> Stretch:
    """A season of the year in which it begins; ``code`` is SP, SU, FA or WI."""
    first = date(number, SEASONS[code], 1)
    return Stretch(first, first + relativedelta(months=3, days=-1), "season", "DATE", f"{number:04d}-{code}")


def week(day: date) -> Stretch:
    """The ISO week (Monday to Sunday) that holds ``day``."""
    monday = day - timedelta(days=day.weekday())
    number = day.isocalendar()
    return Stretch(monday, monday + timedelta(days=6), "week", "DATE", f"{number.year:04d}-W{number.week:02d}")


def weekend(day: date) -> Stretch:
    """Saturday and Sunday of the ISO week that holds ``day``."""
    whole = week(day)
    assert whole.end is not None
    return Stretch(whole.end - timedelta(days=1), whole.end, "week", "DATE", f"{whole.value}-WE")


def decade(first: int) -> Stretch:
    """Ten years from ``first`` (1990)."""
    return Stretch(date(first, 1, 1), date(first + 9, 12, 31), "year", "DATE", f"{first // 10:03d}")


def century(nth: int) -> Stretch:
    """The ``nth`` century, from year 100 * (nth - 1)."""
    first = 100 * (nth - 1)
    return Stretch(date(max(first, 1), 1, 1), date(first + 99, 12, 31), "vague", "DATE", f"{nth - 1:02d}")


def period(unit: str, ref: date, shift: int) -> Stretch | None:
    """The ``unit`` that lies ``shift`` units from the one that holds ``ref`` ("last month" is -1, "this year" 0)."""
    try:
        if unit == "D":
            return single(ref + timedelta(days=shift))
        if unit == "W":
            return week(ref + timedelta(weeks=shift))
        if unit == "WE":
            return weekend(ref + timedelta(weeks=shift))
        if unit == "M":
            moved = ref + relativedelta(months=shift)
            return month(moved.year, moved.month)
        if unit == "Q":
            moved = ref + relativedelta(months=3 * shift)
            return quarter(moved.year, (moved.month + 2) // 3)
        if unit == "Y":
            return year(ref.year + shift)
        if unit == "DE":
            return decade((ref.year + 10 * shift) // 10 * 10)
        if unit == "CE":
            return century(ref.year // 100 + 1 + shift)
    except (ValueError, OverflowError):
        return None
    return None


def moved(ref: date, unit: str, n: float) -> Stretch | None:
    """``n`` units from ``ref``: "three days ago" is a day, "two months ago" a month, "six years ago" a year."""
    try:
        if unit in ("D", "TH", "TM", "TS"):
            days = n if unit == "D" else 0
            return single(ref + timedelta(days=round(days)))
        if unit in ("W", "2W"):
            return single(ref + timedelta(days=round(n * (14 if unit == "2W" else 7))))
        if unit == "M":
            there = ref + relativedelta(months=round(n))
            return month(there.year, there.month)
        if unit in ("Y", "DE", "CE"):
            return year(ref.year + round(n * {"Y": 1, "DE": 10, "CE": 100}[unit]))
        return period(unit, ref, round(n))
    except (ValueError, OverflowError):
        return None


def reach(ref: date, unit: str, n: float) -> tuple[date, date] | None:
    """The days from ``ref`` to ``n`` units away, either way ("the past five days", "the next six months")."""
    step = {"D": relativedelta(days=1), "W": relativedelta(weeks=1), "2W": relativedelta(weeks=2), "M": relativedelta(months=1),
            "Y": relativedelta(years=1), "DE": relativedelta(years=10), "Q": relativedelta(months=3)}.get(unit)  # fmt: skip
    if step is None:
        return (ref - timedelta(days=1), ref) if n < 0 else (ref, ref + timedelta(days=1))
    try:
        there = ref + step * int(n)
    except (ValueError, OverflowError):
        return None
    return (there, ref) if there < ref else (ref, there)


def duration(unit: str, n: float | None) -> Stretch:
    """A length of time; ``n`` is None where the text gives no number ("several weeks")."""
    if unit == "2W":
        unit, n = "W", None if n is None else 2 * n
    if n == 0.5 and unit == "TH":
        unit, n = "TM", 30
    number = "X" if n is None else f"{n:g}"
    if unit.startswith("T"):
        return Stretch(None, None, "vague", "DURATION", f"PT{number}{unit[1:]}")
    return Stretch(None, None, "vague", "DURATION", f"P{number}{unit}")


def weekday(ref: date, number: int, forward: bool) -> date:
    """The nearest such weekday (Monday 0), ``ref`` itself included, on or before it (or on or after it)."""
    ahead = (number - ref.weekday()) % 7
    return ref + timedelta(days=ahead) if forward else ref - timedelta(days=(7 - ahead) % 7)


def month_near(ref: date, number: int, forward: bool) -> Stretch:
    """The nearest such month, the month of ``ref`` included, looking back (or forward)."""
    if forward:
        return month(ref.year + (number < ref.month), number)
    return month(ref.year - (number > ref.month), number)


def day_near(ref: date, number: int, day: int, forward: bool) -> date | None:
    """The nearest such day of the year, ``ref`` included, looking back (or forward); 29 February finds its leap year."""
    for step in range(9):
        try:
            there = date(ref.year + (step if forward else -step), number, day)
        except ValueError:
            continue
        if (there >= ref) if forward else (there <= ref):
            return there
    return None


def season_near(ref: date, code: str, forward: bool) -> Stretch:
    """The nearest season that has begun (or, forward, that is not over)."""
    candidates = [season(y, code) for y in (ref.year - 1, ref.year, ref.year + 1)]
    if forward:
        return next(s for s in candidates if s.end is not None and s.end >= ref)
    return next(s for s in reversed(candidates) if s.start is not None and s.start <= ref)


def part(whole: Stretch, code: str) -> Stretch:
    """The first, middle or last third of a stretch ("early August"); the TimeML value stays that of the whole."""
    if whole.start is None or whole.end is None or whole.timex != "DATE" or whole.precision == "day":
        return whole
    days = (whole.end - whole.start).days + 1
    if days < WHOLE.get(whole.precision, 1):
        return whole
    low, high = PARTS[code]
    if whole.precision == "year":
        months = (whole.end.year - whole.start.year + 1) * 12
        first = whole.start + relativedelta(months=months * low // 3)
        return replace(whole, start=first, end=whole.start + relativedelta(months=months * high // 3, days=-1))
    if whole.precision == "month":
        first = whole.start + timedelta(days=10 * low)
        return replace(whole, start=first, end=whole.end if high == 3 else whole.start + timedelta(days=10 * high - 1))
    last = whole.start + timedelta(days=days * high // 3 - 1)
    return replace(whole, start=whole.start + timedelta(days=days * low // 3), end=last)


def valid(y: int, m: int, d: int) -> date | None:
    """The day, or None if there is none such."""
    try:
        return date(y, m, d)
    except ValueError:
        return None
