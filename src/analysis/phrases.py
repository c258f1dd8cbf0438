"""Phrases: counts, numbers, bounds, days and lists in words, as a newspaper writes them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import date
from typing import Any

import pandas as pd

SMALL = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)
UNITS = {
    "percent": "per cent",
    "km2": "km²",
    "mi2": "square miles",
    "m2": "m²",
    "mi": "miles",
    "ha": "hectares",
}
#: units that the label of a comparison already names ("North Korean troops"), so that the amount stands alone
COUNTED_UNITS = {
    "person",
    "item",
    "settlement",
    "vehicle",
    "aircraft",
    "drone",
    "missile",
    "weapon",
    "unit",
}
COUNTED_UNITS |= {"building", "attack"}
WORDS = {
    ">": "more than ",
    ">=": "at least ",
    "<": "fewer than ",
    "<=": "up to ",
    "~": "about ",
    "=": "",
    "range": "",
}
SIGNS = {">": "> ", ">=": "≥ ", "<": "< ", "<=": "≤ ", "~": "≈ ", "=": "", "range": ""}


def present(value: Any) -> bool:
    """True unless null (None, NaN, NA) or an empty string."""
    return not (value is None or value is pd.NA or value == "" or (isinstance(value, float) and math.isnan(value)))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as dicts by column name."""
    columns = [frame[name].tolist() for name in frame.columns]
    names = [str(name) for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def number(value: float) -> str:
    """A number as a newspaper writes it: ``11,000``, ``2 million``, ``66.7``."""
    value = float(value)
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(value) >= size:
            return f"{value / size:,.6g} {word}"
    if value == int(value):
        return f"{int(value):,}"
    return f"{value:,.2f}".rstrip("0").rstrip(".") if abs(value) < 10 else f"{value:,.1f}".removesuffix(".0")


def many(count: int, noun: str, plural: str | None = None) -> str:
    """``five outlets``, ``one outlet``, ``28 figures``: words to twelve, then digits."""
    return f"{counted(count)} {noun if count == 1 else plural or noun + 's'}"


def counted(count: int) -> str:
    """A count in words to twelve, then in digits."""
    return SMALL[count] if 0 <= count < len(SMALL) else f"{count:,}"


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def listed(parts: Iterable[str], most: int = 4, separator: str = ", ") -> str:
    """``a, b and c``; beyond ``most`` parts ``a, b, c and 4 more``; another ``separator`` stands before the last too."""
    names = list(parts)
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1:,} more"]
    last = " and " if separator == ", " else separator
    return last.join([separator.join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def day(value: Any, year: bool = True) -> str:
    """An ISO day as ``9 November 2024``; an unknown one as ``undated``."""
    if not present(value):
        return "undated"
    moment = date.fromisoformat(str(value)[:10])
    return f"{moment.day} {moment:%B}" + (f" {moment.year}" if year else "")


def days(start: Any, end: Any) -> str:
    """A span of days without repeating the year or month."""
    if not (present(start) and present(end)) or start == end:
        return day(start if present(start) else end)
    first, last = date.fromisoformat(str(start)[:10]), date.fromisoformat(str(end)[:10])
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day} to {day(end)}"
    return f"{day(start, year=first.year != last.year)} to {day(end)}"


def unit_words(unit: Any, per: Any = None, counted: bool = False) -> str:
    """The unit as a reader says it; units that only count things are left out unless ``counted``."""
    words = ""
    if present(unit):
        words = {"person": "people", "item": ""}.get(unit, f"{unit}s") if counted and unit in COUNTED_UNITS else ""
        if unit not in COUNTED_UNITS:
            words = UNITS.get(unit, str(unit))
    return f"{words} per {per}".strip() if present(per) else words


def bounds(low: Any, high: Any, comparator: Any, signs: bool = False) -> str:
    """The bare figure with its comparator: in words (``more than 30,000``) or signs (``> 30,000``)."""
    prefix = (SIGNS if signs else WORDS).get(str(comparator), "")
    if present(low) and present(high):
        if low == high:
            return prefix + number(low)
        return f"{number(low)}–{number(high)}" if signs else f"{number(low)} to {number(high)}"
    if present(low):
        return (prefix or ("≥ " if signs else "at least ")) + number(low)
    if present(high):
        return (prefix or ("≤ " if signs else "up to ")) + number(high)
    return "an unknown number"


def with_unit(figure: str, unit: Any, per: Any) -> str:
    """A figure in words with its unit; money is told by the code before it."""
    if present(unit) and re.fullmatch("[A-Z]{3}", str(unit)):
        words, rate = f"{unit} {figure}", f" per {per}" if present(per) else ""
        digits = re.search(r"\d", figure)
        if digits and digits.start():
            words = f"{figure[: digits.start()]}{unit} {figure[digits.start() :]}"
        return words + rate
    return f"{figure} {unit_words(unit, per)}".strip()
