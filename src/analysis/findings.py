"""Findings in words, read from the tables: amounts, chains of sources, comparisons, what matters first.

Pure wording over frames, shared by the charts and the report, so that a title, a tooltip and a sentence never differ.
No sentence holds a typed number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis import phrases
from analysis.labels import adjective
from analysis.quantity import UnitMismatch, conversion_factor

Row = Mapping[str, Any]

#: how far a converted figure may lie from the one it was converted from; writers round to two or three digits
CONVERSION_SLACK = 0.05
#: the label where nobody is named: in the outlet's own voice, and where the text marks a believer without naming one
OWN_VOICE = UNATTRIBUTED = "no source named"
#: figures of one outlet alone that the findings name
MOST_ALONE = 6
#: what a sentence puts an article before: "the share of ..."
WITH_ARTICLE = re.compile(r"(?:share|length|depth|width|height|level|number|size|rate|cost|price) of\b")


@dataclass(frozen=True)
class Finding:
    """One finding: a sentence, and the id of the place in the report that shows its evidence."""

    text: str
    anchor: str


def amount(claim: Row, signs: bool = False) -> str:
    """A claim's figure with comparator and unit: ``about 50,000``, ``more than 40 per cent``."""
    figure = phrases.bounds(claim.get("low"), claim.get("high"), claim.get("comparator"), signs)
    return phrases.with_unit(figure, claim.get("unit"), claim.get("per"))


def is_vague(claim: Row) -> bool:
    """True for a magnitude in words (``tens of thousands``), whose lower bound is a convention."""
    text = claim.get("figure_text")
    return (
        phrases.present(text)
        and claim.get("comparator") == ">="
        and not phrases.present(claim.get("high"))
        and re.search(r"\d", str(text)) is None
        and str(text).split()[0].lower().endswith("s")
    )


def speaker(claim: Row) -> str:
    """Who is reported to have said it, in words for a label."""
    if phrases.present(claim.get("source")):
        return str(claim["source"]).lstrip(" .,;:–-")
    return OWN_VOICE


def speaker_key(claim: Row) -> str:
    """One name for one speaker across articles, for colour and grouping."""
    known = phrases.present(claim.get("source_id")) and phrases.present(claim.get("source"))
    return str(claim["source_id"]) if known else speaker(claim)


def vias(claim: Row) -> list[str]:
    """The media it came through, nearest first."""
    return [v for v in str(claim["via"]).split("+") if v] if phrases.present(claim.get("via")) else []


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


def in_unit(claim: Row, unit: Any) -> tuple[float | None, float | None]:
    """A claim's bounds in another unit of its kind, to four digits that count; unchanged where it has that unit."""
    factor = 1.0
    if phrases.present(unit) and phrases.present(claim.get("unit")) and claim["unit"] != unit:
        try:
            factor = conversion_factor(str(claim["unit"]), str(unit))
        except UnitMismatch:
            factor = 1.0
    low, high = (float(claim[b]) if phrases.present(claim.get(b)) else None for b in ("low", "high"))
    if factor == 1.0:
        return low, high
    return tuple(None if v is None else float(f"{v * factor:.4g}") for v in (low, high))  # type: ignore[return-value]


def group_amount(claims: pd.DataFrame, unit: Any = None) -> str:
    """What a group of comparable figures says, in one phrase and in one unit (of the first claim if not given).

    Closed figures (``=``, ``~``, range) give the span; an open or vague one is named beside it only where it does not
    hold for that span. With no closed figure, the tightest open one speaks. A figure converted from another unit
    counts only where it lies beyond rounding from those that stand in the unit.
    """
    rows = phrases.records(claims)
    if not rows:
        return "no figure"
    unit = unit if phrases.present(unit) else rows[0].get("unit")
    bare = [(*in_unit(r, unit), r["comparator"], r.get("unit") == unit) for r in rows]
    native = [d for d in bare if d[3]]
    distinct = {d[:3] for d in bare if d[3] or not any(_near(d, n) for n in native)}
    distinct = {d for d in distinct if d[0] is not None or d[1] is not None}
    if not distinct:
        return "figures without a value"
    closed = [(low, high, sign) for low, high, sign in distinct if low is not None and high is not None]
    floors = sorted((low, str(sign)) for low, high, sign in distinct if low is not None and high is None)
    ceilings = sorted((high, str(sign)) for low, high, sign in distinct if high is not None and low is None)
    tightest = [(low, phrases.bounds(low, None, sign)) for low, sign in floors[-1:]]
    lowest = [(high, phrases.bounds(None, high, sign)) for high, sign in ceilings[:1]]
    if len(distinct) == 1:
        phrase = phrases.bounds(*distinct.pop())
    elif closed:
        low, high = min(d[0] for d in closed), max(d[1] for d in closed)
        about = "~" if low == high and all(d[2] == "~" for d in closed) else "="
        outside = [words for value, words in tightest if value > high]
        outside += [words for value, words in lowest if value < low]
        phrase = ", or ".join([phrases.bounds(low, high, about), *outside])
    else:
        phrase = " and ".join(words for _, words in (*tightest, *lowest))
    return phrases.with_unit(phrase, unit, rows[0].get("per"))


def _near(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    """True where both bounds lie within what converting and rounding a unit does."""
    return all(
        (a is None) == (b is None) and (a is None or abs(a - b) <= CONVERSION_SLACK * max(abs(a), abs(b)))
        for a, b in zip(one[:2], other[:2], strict=True)
    )


def group_value(comparison: Row, claims: pd.DataFrame) -> str:
    """The group's amount, without the rate where its label tells that already."""
    value = group_amount(claims, comparison.get("unit"))
    if not phrases.present(comparison.get("per")):
        return value
    rate = str(comparison["per"])
    told = re.search(rf"\b(?:a|an|per) {re.escape(rate)}\b", str(comparison["label"]))
    return value.removesuffix(f" per {rate}") if told else value


def comparison_title(comparison: Row, claims: pd.DataFrame) -> str:
    """``North Korean troops in Kursk: 10,000 to 11,000``."""
    return f"{comparison['label']}: {group_value(comparison, claims)}"


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
        return "taken exactly they differ, allowing for “about” they agree"
    if tolerant == "drift":
        return "taken exactly they differ, allowing for “about” they changed with time"
    return "they contradict one another"


def comparison_note(comparison: Row, verdict: bool = True) -> str:
    """``Five outlets, four origins; they agree if “about” is allowed for.``, the last clause only with ``verdict``."""
    outlets, origins = int(comparison["n_outlets"]), int(comparison["n_origins"])
    if comparison["agreement"] == "single" and outlets > 1:
        return f"{phrases.sentence_case(phrases.many(outlets, 'outlet'))}, but a single origin: nothing independent confirms it."
    clause = f"; {agreement_words(comparison)}" if verdict and comparison["agreement"] != "single" else ""
    return f"{phrases.sentence_case(phrases.many(outlets, 'outlet'))}, {phrases.many(origins, 'origin')}{clause}."


def speakers_and_outlets(claims: pd.DataFrame) -> list[tuple[str, list[str]]]:
    """Per speaker the outlets that report him, most outlets first; a speaker's name in its fullest form."""
    told: dict[str, tuple[str, list[str]]] = {}
    for claim in phrases.records(claims):
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
    named = [f"{who} ({phrases.many(len(o), 'outlet')})" for who, o in told if who not in (OWN_VOICE, UNATTRIBUTED)]
    silent = sorted({outlet for who, o in told if who in (OWN_VOICE, UNATTRIBUTED) for outlet in o})
    if claims["outlet"].nunique() == 1:
        parts = (
            [f"said by {phrases.listed(who for who, _ in told if who not in (OWN_VOICE, UNATTRIBUTED))}"]
            if named
            else []
        )
        parts += [f"{'also ' if named else ''}given without a named source"] if silent else []
        return phrases.sentence_case("; ".join(parts)) + "."
    several = any(" and " in who for who in named)  # a list of names that are lists themselves
    parts = [f"Said by {phrases.listed(named, separator='; ' if several else ', ')}"] if named else []
    if silent:
        verb = "gives it" if len(silent) == 1 else "give it"
        parts.append(f"{phrases.many(len(silent), 'outlet')} {verb} without naming a source")
    return phrases.sentence_case("; ".join(parts)) + "."


def ranked(comparisons: pd.DataFrame) -> pd.DataFrame:
    """Comparisons, the ones that tell most first: most outlets, then origins, then claims."""
    order = ["n_outlets", "n_origins", "n_claims", "first_published", "comparison_id"]
    return comparisons.sort_values(order, ascending=[False, False, False, True, True], kind="stable")


def headline(comparison: Row, claims: pd.DataFrame) -> str:
    """``Five outlets put North Korean troops in Kursk at 10,000 to 11,000, from four origins. They …``"""
    label = str(comparison["label"])
    outlets, origins = int(comparison["n_outlets"]), int(comparison["n_origins"])
    start = f"{phrases.sentence_case(phrases.many(outlets, 'outlet'))} {'puts' if outlets == 1 else 'put'} {_mid_sentence(label, claims)}"
    clause = (
        f"; they go back to {phrases.many(origins, 'origin')}"
        if origins < outlets
        else f", from {phrases.many(origins, 'origin')}"
    )
    value = re.sub(r"^at least (\S+(?: (?:million|billion|trillion))?)", r"\1 or more", group_value(comparison, claims))
    if comparison["agreement"] == "single":
        return f"{start} at {value}; {'all go' if outlets > 1 else 'it goes'} back to one origin."
    return f"{start} at {value}{clause}. {phrases.sentence_case(agreement_words(comparison))}."


def _mid_sentence(label: str, claims: pd.DataFrame) -> str:
    """A label inside a sentence: its first letter falls unless the articles write that word with a capital too."""
    first = label.split(" ", 1)[0]
    named = " ".join(str(w) for c in ("counted", "side", "place") for w in claims[c].dropna().unique())
    named += " " + " ".join(adjective(str(side).split("+")) or "" for side in claims["side"].dropna().unique())
    words = re.findall(r"[\w'’-]+", named)
    if first in words or re.sub("’s?$", "", first) in words or first.isupper():
        return label
    lower = label[:1].lower() + label[1:]
    return f"the {lower}" if WITH_ARTICLE.match(lower) else lower


def leading(tables: Mapping[str, pd.DataFrame], most: int = 3) -> list[Finding]:
    """The few findings that matter first, each with the anchor of its evidence."""
    articles, claims, comparisons = (
        tables["articles"],
        figures(tables["claims"]),
        tables["comparisons"],
    )
    found = [Finding(corpus_sentence(articles, claims), "articles")]
    if claims.empty:
        where = "it" if len(articles) == 1 else "them"
        return [*found, Finding(f"No reported figure was found in {where}.", "left-out")]
    shared = ranked(comparisons[comparisons["n_outlets"] > 1])
    for row in phrases.records(shared.head(most)):
        members = claims[claims["comparison_id"] == row["comparison_id"]]
        found.append(Finding(headline(row, members), anchor_of(row["comparison_id"])))
    found += _alone_sentence(comparisons, claims)
    found.append(_contradiction_sentence(comparisons, claims))
    found.append(_source_sentence(claims))
    found += _copies_sentence(articles)
    return found


def anchor_of(comparison_id: str) -> str:
    return str(comparison_id)


def corpus_sentence(articles: pd.DataFrame, claims: pd.DataFrame) -> str:
    if articles.empty:
        return "No article could be read."
    published = articles["published"].dropna()
    when = f", published {phrases.days(published.min(), published.max())}," if len(published) else ""
    plural = articles["article_id"].nunique() != 1
    return (
        f"{phrases.sentence_case(phrases.many(len(articles), 'article'))} from {phrases.many(articles['outlet'].nunique(), 'outlet')}{when} "
        f"{'report' if plural else 'reports'} {phrases.many(len(told_once(claims)), 'figure')}."
    )


def _alone_sentence(comparisons: pd.DataFrame, claims: pd.DataFrame) -> list[Finding]:
    """What stands in one outlet alone, with who said it: figures in digits first, then those with a named source."""
    alone = comparisons[comparisons["n_outlets"] == 1]
    told = []
    for row in phrases.records(alone):
        members = told_once(claims[claims["comparison_id"] == row["comparison_id"]])
        if members.empty or members["negated"].fillna(False).astype(bool).any():
            continue
        rows = phrases.records(members)
        vague = all(is_vague(c) for c in rows)
        who = speakers_and_outlets(members)[0][0]
        value = str(rows[0]["figure_text"]) if vague else group_value(row, members)
        rank = (vague, not has_named_source(members).any(), -int(row["n_origins"]), str(row["first_published"]))
        text = f"{_mid_sentence(str(row['label']), members)}, {value} ({who})"
        told.append((*rank, str(row["comparison_id"]), text))
    if not told:
        return []
    told.sort()
    shown, rest = [t[-1] for t in told[:MOST_ALONE]], len(told) - MOST_ALONE
    shown += [f"{phrases.counted(rest)} more"] if rest > 0 else []
    listed = "; ".join(shown[:-1]) + (" and " if rest > 0 else "; ") + shown[-1] if len(shown) > 1 else shown[0]
    return [Finding(f"In one outlet only: {listed}.", "listed")]


def _contradiction_sentence(comparisons: pd.DataFrame, claims: pd.DataFrame) -> Finding:
    compared = comparisons[comparisons["n_claims"] > 1]
    conflict = compared[(compared["agreement"] == "conflict") & (compared["agreement_tolerant"] == "conflict")]
    if conflict.empty:
        return Finding("No figures contradict one another beyond rounding.", "contradictions")
    members = {
        row["comparison_id"]: claims[claims["comparison_id"] == row["comparison_id"]]
        for row in phrases.records(conflict)
    }
    labels = phrases.listed(
        (
            f"{_mid_sentence(str(row['label']), members[row['comparison_id']])} ({group_value(row, members[row['comparison_id']])})"
            for row in phrases.records(ranked(conflict))
        ),
        3,
    )
    verb = "holds" if len(conflict) == 1 else "hold"
    subject = phrases.sentence_case(phrases.many(len(conflict), "group"))
    text = f"{subject} of comparable figures, of {phrases.counted(len(compared))}, {verb} figures that contradict"
    return Finding(f"{text} one another: {labels}.", "contradictions")


def _source_sentence(claims: pd.DataFrame) -> Finding:
    once = told_once(claims)
    silent = int((~has_named_source(once)).sum())
    if not silent:
        return Finding("Every figure has a named source.", "no-source")
    anonymous = int((once["source"].notna() & ~has_named_source(once)).sum())
    parts = [f"{phrases.counted(silent - anonymous)} have none at all"] if silent > anonymous else []
    parts += [f"{phrases.counted(anonymous)} an anonymous one"] if anonymous else []
    text = f"{phrases.sentence_case(phrases.many(silent, 'figure'))} of {phrases.counted(len(once))} {'has' if silent == 1 else 'have'} no named source"
    return Finding(f"{text}{': ' + ', '.join(parts) if anonymous else ''}.", "no-source")


def _copies_sentence(articles: pd.DataFrame) -> list[Finding]:
    copies = int(articles["copy_of"].notna().sum())
    if not copies:
        return []
    verb = "copies or rewrites" if copies == 1 else "copy or rewrite"
    text = f"{phrases.sentence_case(phrases.many(copies, 'article'))} of {phrases.counted(len(articles))} {verb} another one; "
    return [Finding(text + "what they repeat counts as one origin.", "copies")]
