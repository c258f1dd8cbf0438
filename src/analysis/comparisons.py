"""Stage 04: claims become comparisons of comparable figures, with what they agree on and who stands behind them.

This stage may not change what a claim says: it adds ``comparison_id`` (and, by ``build``, ``origin_id``). A figure that
is denied is in no comparison; a passage that stands twice in an article counts once.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from analysis import arithmetic, consensus, labels, origins, syndication
from analysis.comparable import NO_UNIT, Rules, main_value, rules
from analysis.grouping import group_units, settle_places
from analysis.groups import Figure, Group
from analysis.provenance import group_id
from analysis.quantity import Quantity, common_unit, deciding_pair
from analysis.retelling import is_true, quantity_of, records, text_of
from analysis.stories import Places, Stories
from analysis.tables import frame
from analysis.twins import fill_from_story, fill_measures, set_increments_apart, twins

#: stands for a day that is not known
NEVER = "9999"


# --- agreement --------------------------------------------------------------------------------------------------------


def agreement(
    quantities: Sequence[Quantity], days: Sequence[str], origin_ids: Sequence[str], tolerance: float | None = None
) -> tuple[str, tuple[int, int] | None]:
    """``single``, ``agree``, ``drift`` or ``conflict``, and the indexes of the pair that decides it (None if all fit).

    ``days`` are days of utterance. ``drift``: figures differ only between days, and later ones all go one way.
    """
    pair = deciding_pair(quantities, tolerance)
    if pair is None:
        return ("single" if len(set(origin_ids)) <= 1 else "agree"), None
    rises: tuple[int, int] | None = None
    falls: tuple[int, int] | None = None
    by_day: dict[str, list[int]] = defaultdict(list)
    for i, day in enumerate(days):
        by_day[day].append(i)
    for same_day in by_day.values():
        inside = deciding_pair([quantities[i] for i in same_day], tolerance)
        if inside is not None:
            return "conflict", (same_day[inside[0]], same_day[inside[1]])
    order = sorted(range(len(quantities)), key=lambda i: (days[i], i))
    unit = common_unit(quantities)
    spans = [q.interval(unit, tolerance) for q in quantities]
    for at, i in enumerate(order):
        for j in order[at + 1 :]:
            if days[i] == days[j] or spans[i].intersects(spans[j]):
                continue
            if spans[i].high <= spans[j].low:
                rises = rises or (i, j)
            else:
                falls = falls or (i, j)
            if rises and falls:
                return "conflict", (i, j)
    return "drift", pair


def _label(book: Rules, group: Group) -> str:
    members = group.members
    counted = [words for f in members if (words := text_of(f.claim, "counted"))]
    units = [f.quantity.unit or NO_UNIT for f in members]
    return labels.label(book, [f.facet for f in members], counted, units, group.side, group.place)


def _row(book: Rules, group: Group) -> dict[str, Any]:
    """One row of the table; members that repeat a passage of their article are not counted."""
    everyone = sorted(group.members, key=lambda f: f.order)
    members = [f for f in everyone if text_of(f.claim, "repeat_of") is None] or everyone
    quantities = [f.quantity for f in members]
    days, origin_ids = [f.day for f in members], [f.origin for f in members]
    measure = members[0].facet.measure
    unit = common_unit(quantities)
    strict, pair = agreement(quantities, days, origin_ids)
    tolerant, _ = agreement(quantities, days, origin_ids, book.rule(measure).tolerance)
    same_unit = [q if unit is None else q.to(unit) for q in quantities]
    bounds = [b for q in same_unit for b in (q.low, q.high) if b is not None]
    published = [p for f in members if (p := text_of(f.claim, "published"))]
    starts = [start for f in members if (start := text_of(f.claim, "as_of_start") or f.held) < NEVER]
    ends = [f.held for f in members if f.held < NEVER]
    basis = main_value(text_of(f.claim, "place_basis") for f in members if f.facet.place)
    if group.place and any(f.facet.place is None for f in members):
        basis = "assumed"

    def distinct(column: str) -> int:
        return len({v.casefold() for f in members if (v := text_of(f.claim, column))})

    return {
        "comparison_id": group_id("cmp", members[0].id),
        "label": _label(book, group),
        # only to tell labels apart
        "words": labels.plain_words(filter(None, (text_of(f.claim, "counted") for f in members)), []),
        "first_outlet": members[0].claim["outlet"],
        "measure": measure,
        "counted_class": main_value(book.class_of(f.claim) or f.facet.counted_class for f in members),
        "aspect": main_value(f.facet.aspect for f in members),
        "base": main_value(text_of(f.claim, "base") for f in members),
        "side": group.side,
        "place": group.place,
        "place_basis": (basis or "stated") if group.place else None,
        "unit": unit or "item",
        "per": members[0].facet.per,
        "period_start": min(starts, default=None),
        "period_end": max(ends, default=None),
        "first_published": min(published, default=None),
        "last_published": max(published, default=None),
        "n_claims": len(members),
        "n_articles": len({f.article for f in members}),
        "n_outlets": len({f.claim["outlet"] for f in members}),
        "n_sources": len({f.speaker for f in members if f.speaker}),
        "n_parties": distinct("source_party"),
        "n_origins": len(set(origin_ids)),
        "low": min(bounds),
        "high": max(bounds),
        "median": statistics.median(q.midpoint for q in same_unit),
        "spread": max(bounds) / min(bounds) if min(bounds) > 0 else None,
        "agreement": strict,
        "agreement_tolerant": tolerant,
        "note": consensus.settled(members),
        "deciding_claims": None if pair is None else "+".join(members[i].id for i in pair),
    }


# --- the stage --------------------------------------------------------------------------------------------------------


def compare(
    articles: pd.DataFrame, claims: pd.DataFrame, codebook: str | None = None, reasons: pd.DataFrame | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fill ``comparison_id`` of the claims and make the table of comparisons.

    ``articles`` and ``claims`` must have passed ``syndicate`` and ``originate``. The order of the rows does not matter.
    ``reasons`` are those of ``origins.trace``, where they are at hand; else the origins are traced once more.
    A figure alone makes a comparison where the codebook says so of its measure.
    """
    book, rows = rules(codebook), records(claims)
    if reasons is None:
        reasons = origins.merge_reasons(articles, claims, codebook)
    why = {reason["claim_id"]: reason for reason in records(reasons)}
    figures = []
    for claim in rows:
        quantity = quantity_of(claim) if claim["kind"] == "figure" else None
        if quantity is None or is_true(claim, "negated"):
            continue
        reason = why[claim["claim_id"]]
        origin = text_of(claim, "origin_id") or str(reason["origin_id"])
        spoken = reason["kind"] == "utterance"
        quantity = replace(quantity, unit=book.unit_of(claim))
        figures.append(
            Figure(claim, quantity, book.facet(claim), str(reason["day"]), origin, spoken, text_of(reason, "speaker"))
        )
    figures.sort(key=lambda f: f.order)
    by_id = {f.id: f for f in figures}
    first_of = {i: by_id[like] for i in by_id if (like := why[i]["like"]) in by_id}
    fill_measures(book, figures, first_of)
    stories = Stories(records(articles))
    consensus.answer(book, figures)
    consensus.settle(book, figures, first_of, stories)
    fill_from_story(book, figures, stories)
    set_increments_apart(book, figures)
    places = Places(stories, rows, codebook)
    settle_places(figures, places)
    made, member_of = [], {}
    for group in group_units(twins(book, figures, first_of), book, stories, places):
        if len(group.members) < 2 and not book.rule(group.members[0].facet.measure).alone:
            continue
        row = _row(book, group)
        made.append(row)
        member_of.update({f.id: row["comparison_id"] for f in group.members})
    for claim in rows:
        claim["comparison_id"] = member_of.get(claim["claim_id"])
    told = arithmetic.notes(arithmetic.checks(rows), member_of)
    names = labels.distinct(made)
    for row, name in zip(made, names, strict=True):
        row["note"] = "; ".join(filter(None, (told.get(row["comparison_id"]), row["note"]))) or None
        row["label"] = name
        del row["words"], row["first_outlet"]
    return frame("claims", rows), frame("comparisons", made)


def build(
    articles: pd.DataFrame, claims: pd.DataFrame, codebook: str | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The whole stage: copies, origins, comparisons. Returns articles, claims and comparisons."""
    articles = syndication.syndicate(articles)
    traced = origins.trace(articles, claims, codebook)
    claims, compared = compare(articles, traced.claims, codebook, traced.reasons)
    return articles, claims, compared
