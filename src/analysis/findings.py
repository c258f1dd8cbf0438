"""Findings in words, read from the tables: amounts, chains of sources, comparisons, what matters first.

Pure wording over frames, shared by the charts and the report, so that a title, a tooltip and a sentence never differ.
No sentence holds a typed number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

Row = Mapping[str, Any]

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
OWN_VOICE = "no source named"
UNATTRIBUTED = "source left open"
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


@dataclass(frozen=True)
class Finding:
    """One finding: a sentence, and the id of the place in the report that shows its evidence."""

    text: str
    anchor: str


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


def listed(parts: Iterable[str], most: int = 4) -> str:
    """``a, b and c``; beyond ``most`` parts ``a, b, c and 4 more``."""
    names = list(parts)
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1:,} more"]
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""


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


def amount(claim: Row, signs: bool = False) -> str:
    """A claim's figure with comparator and unit: ``about 50,000``, ``more than 40 per cent``."""
    figure = bounds(claim.get("low"), claim.get("high"), claim.get("comparator"), signs)
    unit = unit_words(claim.get("unit"), claim.get("per"))
    return f"{figure} {unit}".strip()


def is_vague(claim: Row) -> bool:
    """True for a magnitude in words (``tens of thousands``), whose lower bound is a convention."""
    text = claim.get("figure_text")
    return (
        present(text)
        and claim.get("comparator") == ">="
        and not present(claim.get("high"))
        and re.search(r"\d", str(text)) is None
        and str(text).split()[0].lower().endswith("s")
    )


def speaker(claim: Row) -> str:
    """Who is reported to have said it, in words for a label."""
    if present(claim.get("source")):
        return str(claim["source"])
    return UNATTRIBUTED if claim.get("source_kind") == "unattributed" else OWN_VOICE


def speaker_key(claim: Row) -> str:
    """One name for one speaker across articles, for colour and grouping."""
    return str(claim["source_id"]) if present(claim.get("source_id")) else speaker(claim)


def vias(claim: Row) -> list[str]:
    """The media it came through, nearest first."""
    return [v for v in str(claim["via"]).split("+") if v] if present(claim.get("via")) else []


def chain(claim: Row) -> list[str]:
    """From the outlet we read it in back to the first who said it."""
    return [str(claim["outlet"]), *vias(claim), speaker(claim)]


def has_named_source(claims: pd.DataFrame) -> pd.Series:
    """True per claim where a source stands in the text and has a name."""
    return claims["source"].notna() & claims["source_named"].fillna(True).astype(bool)


def told_once(claims: pd.DataFrame) -> pd.DataFrame:
    """Claims without those that only repeat a sentence of the same article."""
    return claims[claims["repeat_of"].isna()]


def figures(claims: pd.DataFrame) -> pd.DataFrame:
    return claims[claims["kind"] == "figure"]


def group_amount(claims: pd.DataFrame) -> str:
    """What a group of comparable figures says, in one phrase.

    Closed figures (``=``, ``~``, range) give the span; an open or vague one is named beside it only where it does not
    hold for that span. With no closed figure, the tightest open one speaks.
    """
    rows = records(claims)
    distinct = {(r["low"], r["high"], r["comparator"]) for r in rows if present(r["low"]) or present(r["high"])}
    if not distinct:
        return "figures without a value"
    unit = unit_words(rows[0].get("unit"), rows[0].get("per"))
    if len(distinct) == 1:
        return f"{bounds(*distinct.pop())} {unit}".strip()
    closed = [d for d in distinct if present(d[0]) and present(d[1])]
    floors = sorted((d for d in distinct if not present(d[1])), key=lambda d: (d[0], d[2]))
    ceilings = sorted((d for d in distinct if not present(d[0])), key=lambda d: (d[1], d[2]))
    phrases = []
    if closed:
        low, high = min(d[0] for d in closed), max(d[1] for d in closed)
        about = "~" if low == high and all(d[2] == "~" for d in closed) else "="
        phrases.append(bounds(low, high, about))
        phrases += [bounds(*d) for d in floors[-1:] if d[0] > high or (d[0] == high and d[2] == ">")]
        phrases += [bounds(*d) for d in ceilings[:1] if d[1] < low or (d[1] == low and d[2] == "<")]
    else:
        phrases += [bounds(*d) for d in (*floors[-1:], *ceilings[:1])]
    return f"{', or '.join(phrases)} {unit}".strip()


def comparison_title(comparison: Row, claims: pd.DataFrame) -> str:
    """``North Korean troops in Kursk: 10,000 to 11,000``."""
    return f"{comparison['label']}: {group_amount(claims)}"


def agreement_words(comparison: Row) -> str:
    """Whether the figures agree, as a clause without a full stop."""
    strict, tolerant = comparison["agreement"], comparison["agreement_tolerant"]
    if strict == "single":
        return "nothing independent to compare it with"
    if strict == "agree":
        return "they agree"
    if strict == "drift":
        return "they changed with time, in one direction"
    if tolerant in ("agree", "single"):
        return "they agree if “about” is allowed for"
    if tolerant == "drift":
        return "they changed with time, if “about” is allowed for"
    return "they contradict one another"


def comparison_note(comparison: Row, verdict: bool = True) -> str:
    """``Five outlets, four origins; they agree if “about” is allowed for.``, the last clause only with ``verdict``."""
    outlets, origins = int(comparison["n_outlets"]), int(comparison["n_origins"])
    if comparison["agreement"] == "single" and outlets > 1:
        return f"{sentence_case(many(outlets, 'outlet'))}, but a single origin: nothing independent confirms it."
    clause = f"; {agreement_words(comparison)}" if verdict and comparison["agreement"] != "single" else ""
    return f"{sentence_case(many(outlets, 'outlet'))}, {many(origins, 'origin')}{clause}."


def speakers_and_outlets(claims: pd.DataFrame) -> list[tuple[str, list[str]]]:
    """Per speaker the outlets that report him, most outlets first; a speaker's name in its fullest form."""
    told: dict[str, tuple[str, list[str]]] = {}
    for claim in records(claims):
        key, name = speaker_key(claim), speaker(claim)
        known, outlets = told.setdefault(key, (name, []))
        if len(name) > len(known):
            told[key] = (name, outlets)
        if claim["outlet"] not in outlets:
            outlets.append(claim["outlet"])
    return sorted(
        told.values(),
        key=lambda s: (s[0] in (OWN_VOICE, UNATTRIBUTED), -len(s[1]), s[0]),
    )


def origins_sentence(claims: pd.DataFrame) -> str:
    """Who stands behind the figures: ``Volodymyr Zelensky (two outlets) and …; one outlet names no source.``"""
    told = speakers_and_outlets(claims)
    named = [f"{who} ({many(len(o), 'outlet')})" for who, o in told if who not in (OWN_VOICE, UNATTRIBUTED)]
    silent = sorted({outlet for who, o in told if who in (OWN_VOICE, UNATTRIBUTED) for outlet in o})
    parts = [f"Said by {listed(named)}"] if named else []
    if silent:
        verb = "gives it" if len(silent) == 1 else "give it"
        parts.append(f"{many(len(silent), 'outlet')} {verb} without naming a source")
    return sentence_case("; ".join(parts)) + "."


def ranked(comparisons: pd.DataFrame) -> pd.DataFrame:
    """Comparisons, the ones that tell most first: most outlets, then origins, then claims."""
    order = ["n_outlets", "n_origins", "n_claims", "first_published", "comparison_id"]
    return comparisons.sort_values(order, ascending=[False, False, False, True, True], kind="stable")


def headline(comparison: Row, claims: pd.DataFrame) -> str:
    """``Five outlets put North Korean troops in Kursk at 10,000 to 11,000, from four origins. They …``"""
    label = str(comparison["label"])
    outlets, origins = int(comparison["n_outlets"]), int(comparison["n_origins"])
    start = (
        f"{sentence_case(many(outlets, 'outlet'))} {'puts' if outlets == 1 else 'put'} {_mid_sentence(label, claims)}"
    )
    clause = f"; all go back to {many(origins, 'origin')}" if origins < outlets else f", from {many(origins, 'origin')}"
    if comparison["agreement"] == "single":
        return f"{start} at {group_amount(claims)}; all go back to one origin."
    return f"{start} at {group_amount(claims)}{clause}. {sentence_case(agreement_words(comparison))}."


def _mid_sentence(label: str, claims: pd.DataFrame) -> str:
    """A label inside a sentence: its first letter falls unless the articles write that word with a capital too."""
    first = label.split(" ", 1)[0]
    named = " ".join(str(w) for c in ("counted", "side", "place") for w in claims[c].dropna().unique())
    return label if first in re.findall(r"[\w'’-]+", named) or first.isupper() else label[:1].lower() + label[1:]


def leading(tables: Mapping[str, pd.DataFrame], most: int = 3) -> list[Finding]:
    """The few findings that matter first, each with the anchor of its evidence."""
    articles, claims, comparisons = (
        tables["articles"],
        figures(tables["claims"]),
        tables["comparisons"],
    )
    found = [Finding(corpus_sentence(articles, claims), "articles")]
    if claims.empty:
        return [*found, Finding("No reported figure was found in them.", "left-out")]
    shared = ranked(comparisons[comparisons["n_outlets"] > 1])
    for row in records(shared.head(most)):
        members = claims[claims["comparison_id"] == row["comparison_id"]]
        found.append(Finding(headline(row, members), anchor_of(row["comparison_id"])))
    found.append(_contradiction_sentence(comparisons))
    found.append(_source_sentence(claims))
    found += _copies_sentence(articles)
    return found


def anchor_of(comparison_id: str) -> str:
    return str(comparison_id)


def corpus_sentence(articles: pd.DataFrame, claims: pd.DataFrame) -> str:
    if articles.empty:
        return "No article could be read."
    published = articles["published"].dropna()
    when = f", published {days(published.min(), published.max())}," if len(published) else ""
    plural = articles["article_id"].nunique() != 1
    return (
        f"{sentence_case(many(len(articles), 'article'))} from {many(articles['outlet'].nunique(), 'outlet')}{when} "
        f"{'report' if plural else 'reports'} {many(len(told_once(claims)), 'figure')}."
    )


def _contradiction_sentence(comparisons: pd.DataFrame) -> Finding:
    compared = comparisons[comparisons["n_claims"] > 1]
    conflict = compared[(compared["agreement"] == "conflict") & (compared["agreement_tolerant"] == "conflict")]
    if conflict.empty:
        return Finding("No figures contradict one another beyond rounding.", "contradictions")
    labels = listed(ranked(conflict)["label"].head(4).tolist(), 3)
    more = f" The widest reported: {labels}." if len(conflict) > 1 else f" {labels}."
    subject = sentence_case(many(len(conflict), "group"))
    verb = "holds" if len(conflict) == 1 else "hold"
    text = f"{subject} of comparable figures, of {counted(len(compared))}, {verb} figures that contradict one another."
    return Finding(text + more, "contradictions")


def _source_sentence(claims: pd.DataFrame) -> Finding:
    once = told_once(claims)
    silent = int((~has_named_source(once)).sum())
    if not silent:
        return Finding("Every figure has a named source.", "no-source")
    anonymous = int((once["source"].notna() & ~has_named_source(once)).sum())
    parts = [f"{counted(silent - anonymous)} have none at all"] if silent > anonymous else []
    parts += [f"{counted(anonymous)} an anonymous one"] if anonymous else []
    text = f"{sentence_case(many(silent, 'figure'))} of {counted(len(once))} {'has' if silent == 1 else 'have'} no named source"
    return Finding(f"{text}{': ' + ', '.join(parts) if anonymous else ''}.", "no-source")


def _copies_sentence(articles: pd.DataFrame) -> list[Finding]:
    copies = int(articles["copy_of"].notna().sum())
    if not copies:
        return []
    verb = "copies or rewrites" if copies == 1 else "copy or rewrite"
    text = f"{sentence_case(many(copies, 'article'))} of {counted(len(articles))} {verb} another one; "
    return [Finding(text + "what they repeat counts as one origin.", "copies")]
