"""Stage 04: claims become comparisons of comparable figures, with what they agree on and who stands behind them.

This stage may not change what a claim says: it adds ``comparison_id`` (and, by ``build``, ``origin_id``). A figure that
is denied is in no comparison; a passage that stands twice in an article counts once.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import pandas as pd

from analysis import origins, syndication
from analysis.comparable import NO_UNIT, UNKNOWN, Facet, Rules, main_value, rules
from analysis.provenance import group_id
from analysis.quantity import Quantity, UnitMismatch, common_unit, deciding_pair
from analysis.retelling import Claim, is_true, quantity_of, records, same_value, text_of
from analysis.tables import frame
from analysis.wording import read

#: share of the names of the shorter article that two articles on one story have in common
SAME_STORY = 0.3
#: longer phrases for what is counted make no good label
LABEL_WORDS = 6


@dataclass
class _Figure:
    """One claim as it is compared: its quantity, what it counts, the day on which it was said, its origin."""

    claim: Claim
    quantity: Quantity
    facet: Facet
    day: str
    origin: str
    spoken: bool
    speaker: str | None

    @property
    def id(self) -> str:
        return str(self.claim["claim_id"])

    @property
    def article(self) -> str:
        return str(self.claim["article_id"])

    @property
    def order(self) -> tuple[Any, ...]:
        return (
            text_of(self.claim, "published") or "9999",
            self.claim["outlet"],
            self.article,
            int(self.claim["start"]),
        )

    @property
    def held(self) -> str:
        """The day for which it holds, for the length of a comparison."""
        return text_of(self.claim, "as_of_end") or self.day


@dataclass
class _Group:
    """Figures that compare, in order; ``place`` and ``side`` are those of its members that have one."""

    members: list[_Figure] = field(default_factory=list)
    place: str | None = None
    side: str | None = None
    first_held: str = "9999-12-31"
    last_held: str = "0001-01-01"

    def add(self, figures: Sequence[_Figure]) -> None:
        self.members += figures
        stated = [f.facet.place for f in self.members if not f.facet.loose_place]
        self.place = main_value(stated) or main_value(f.facet.place for f in self.members)
        self.side = main_value(f.facet.side for f in self.members)
        self.first_held = min(self.first_held, *(f.held for f in figures))
        self.last_held = max(self.last_held, *(f.held for f in figures))

    @property
    def order(self) -> tuple[Any, ...]:
        return min(f.order for f in self.members)


class _Stories:
    """Which articles tell one story: by the names in them, and by what they copy."""

    def __init__(self, articles: Sequence[Mapping[str, Any]]):
        self.names: dict[str, frozenset[str]] = {}
        self.text: dict[str, str] = {}
        self.copied: dict[str, str] = {}
        for a in articles:
            counts = Counter(n for s in read(a["text"]) for n in s.names)
            self.names[a["article_id"]] = frozenset(counts)
            self.text[a["article_id"]] = a["text"]
            self.copied[a["article_id"]] = text_of(a, "syndication_id") or a["article_id"]

    def same(self, one: str, other: str) -> bool:
        if self.copied[one] == self.copied[other]:
            return True
        a, b = self.names[one], self.names[other]
        return len(a & b) >= SAME_STORY * min(len(a), len(b)) and len(a & b) > 1

    def names_place(self, article: str, place: str) -> bool:
        return place.casefold() in self.text[article].casefold()


def _apart(one: str, other: str) -> int:
    return abs((date.fromisoformat(one) - date.fromisoformat(other)).days)


def _same_place(one: str, other: str) -> bool:
    a, b = one.casefold().split(), other.casefold().split()
    return a == b or (bool(a) and bool(b) and (set(a) <= set(b) or set(b) <= set(a)))


def _same_side(one: str, other: str) -> bool:
    """The same actors in any order; the forces of a country act for it ("Armed Forces of Kenya")."""
    a, b = ([set(re.findall(r"\w+", part.casefold())) for part in side.split("+")] for side in (one, other))
    return len(a) == len(b) and all(any(x <= y or y <= x for y in b) for x in a)


# --- figures told again stay together ---------------------------------------------------------------------------------


def _fill_measures(book: Rules, figures: Sequence[_Figure], first_of: Mapping[str, _Figure]) -> None:
    """Give figures whose words tell no measure that of the same figure in the text they copy, else in their article."""
    known: dict[tuple[Any, ...], list[_Figure]] = defaultdict(list)

    def key(f: _Figure) -> tuple[Any, ...]:
        return (f.article, f.origin, f.facet.per, f.quantity.low, f.quantity.high)

    def from_copy(figure: _Figure) -> None:
        first = first_of.get(figure.id)
        if first is None or first.article == figure.article or figure.facet.measure == first.facet.measure:
            return
        same_kind = figure.facet.kind in (first.facet.kind, NO_UNIT)
        may = book.may_be(figure.facet.measure, first.facet.measure) and first.facet.measure != UNKNOWN
        if may and same_kind and same_value(figure.quantity, first.quantity):
            _adopt(figure, first)

    for figure in figures:
        from_copy(figure)
    for figure in figures:
        if figure.facet.measure != UNKNOWN:
            known[key(figure)].append(figure)
    for original in (True, False):
        for figure in figures:
            copied = figure.id in first_of and first_of[figure.id].article != figure.article
            if figure.facet.measure != UNKNOWN or copied is original:
                continue
            from_copy(figure)
            for other in known[key(figure)] if figure.facet.measure == UNKNOWN else ():
                if figure.facet.kind in (other.facet.kind, NO_UNIT):
                    _adopt(figure, other)
                    break


def _twins(figures: Sequence[_Figure], first_of: Mapping[str, _Figure]) -> list[list[_Figure]]:
    """Figures that tell one another again: copies with the same measure, and a figure repeated within its article."""
    by_id = {f.id: f for f in figures}
    groups = syndication.Groups(by_id)

    def may(one: _Figure, other: _Figure) -> bool:
        a, b = one.facet, other.facet
        side = a.side is None or b.side is None or _same_side(a.side, b.side)
        return side and (a.measure, a.kind, a.per) == (b.measure, b.kind, b.per)

    for figure in figures:
        first = first_of.get(figure.id)
        # within one article a shared origin says nothing of what is counted
        if first is not None and may(figure, first) and first.article != figure.article:
            groups.join(figure.id, first.id)
    inside: dict[tuple[Any, ...], list[_Figure]] = defaultdict(list)
    for f in figures:
        inside[(f.article, f.origin, f.facet.measure, f.quantity.low, f.quantity.high, f.facet.counted_class)].append(f)
    for alike in inside.values():
        for i, one in enumerate(alike):
            for other in alike[i + 1 :]:
                place = one.facet.place is None or other.facet.place is None or one.facet.place == other.facet.place
                if may(one, other) and place and same_value(one.quantity, other.quantity):
                    groups.join(one.id, other.id)
    return [[by_id[i] for i in ids] for ids in groups.members().values()]


def _adopt(figure: _Figure, other: _Figure) -> None:
    """Let a figure whose words tell no measure measure what the same figure measures elsewhere."""
    figure.facet = replace(figure.facet, measure=other.facet.measure, kind=other.facet.kind)
    if figure.quantity.unit == NO_UNIT:
        figure.quantity = replace(figure.quantity, unit=other.quantity.unit)


# --- grouping ---------------------------------------------------------------------------------------------------------


def _cannot(one: _Figure, other: _Figure) -> bool:
    """True where one voice gives both in one article, and they must be two things.

    One speaker does not contradict himself in one speech; an outlet may well tell an older figure beside a newer one,
    so in its own voice only figures of one sentence are set apart. Of one sentence, two values with two nouns are apart
    even where one value would fit both ("up to 11 vehicles, four of them tanks").
    """
    if one.article != other.article or one.origin != other.origin:
        return False
    beside = one.claim["sentence_start"] == other.claim["sentence_start"]
    if not beside and not (one.spoken and other.spoken):
        return False
    a, b = one.quantity, other.quantity
    if beside and one.facet.noun != other.facet.noun and one.facet.stems != other.facet.stems and not same_value(a, b):
        return True
    try:
        return not a.intersects(b)
    except UnitMismatch:
        return True


def _periods_meet(rule_apart: bool, one: _Figure, other: _Figure) -> bool:
    starts = [text_of(f.claim, "as_of_start") for f in (one, other)]
    ends = [text_of(f.claim, "as_of_end") or s for f, s in zip((one, other), starts, strict=True)]
    if not rule_apart or None in starts or None in ends:
        return True
    return starts[0] <= ends[1] and starts[1] <= ends[0]  # type: ignore[operator]


class _Grouping:
    """Figures of one measure, kind of unit and rate, put into groups one unit (of twins) after the other."""

    def __init__(self, book: Rules, stories: _Stories):
        self.book = book
        self.stories = stories
        self.groups: list[_Group] = []

    def fit(self, unit: Sequence[_Figure], group: _Group) -> float:
        """How well a unit fits a group; 0 where it does not."""
        place = main_value(f.facet.place for f in unit)
        side = main_value(f.facet.side for f in unit)
        rule = self.book.rule(unit[0].facet.measure)
        days = sorted(f.held for f in unit)
        if days[0] > group.last_held and _apart(days[0], group.last_held) > rule.days:
            return 0.0
        if days[-1] < group.first_held and _apart(days[-1], group.first_held) > rule.days:
            return 0.0
        score = 0.0
        if side is not None and group.side is not None and not _same_side(side, group.side):
            return 0.0
        score += 1.0 if (side is None) == (group.side is None) else 0.0
        place_fits = self._fit_place(unit, place, group)
        if not place_fits:
            return 0.0
        score += place_fits
        if min(_apart(f.held, g.held) for f in unit for g in group.members) > rule.days:
            return 0.0
        best = 0.0
        for f in unit:
            for g in group.members:
                if _cannot(f, g) or not _periods_meet(rule.apart, f, g):
                    return 0.0
                fits = self.book.compatible(f.facet, g.facet)
                best = max(best, fits)
                if not fits and f.facet.stems and g.facet.stems and f.article != g.article and rule.free:
                    return 0.0
        return score + (1.0 if rule.free else best) if best else 0.0

    def _fit_place(self, unit: Sequence[_Figure], place: str | None, group: _Group) -> float:
        """2 for one place; less where the story has to fill it, or only the context gives another; 0 where it differs."""
        if place is not None and group.place is not None and _same_place(place, group.place):
            return 2.0
        one_story = any(self.stories.same(f.article, g.article) for f in unit for g in group.members)
        if place is not None and group.place is not None:
            loose = all(f.facet.loose_place or f.facet.place is None for f in unit)
            return 0.5 if loose and one_story else 0.0
        named = all(self.stories.names_place(f.article, group.place) for f in unit) if group.place else False
        return 1.0 if one_story or named else 0.0

    def add(self, unit: Sequence[_Figure]) -> None:
        fits = [(self.fit(unit, group), group) for group in self.groups]
        fits = [(score, group) for score, group in fits if score > 0]
        if fits:
            _, chosen = min(
                fits, key=lambda pair: (-pair[0], -len({f.article for f in pair[1].members}), pair[1].order)
            )
            chosen.add(list(unit))
        else:
            group = _Group()
            group.add(list(unit))
            self.groups.append(group)


def _group(units: Sequence[Sequence[_Figure]], book: Rules, stories: _Stories) -> list[_Group]:
    buckets: dict[tuple[str, str, str], list[Sequence[_Figure]]] = defaultdict(list)
    for unit in units:
        facet = unit[0].facet
        buckets[(facet.measure, facet.kind, facet.per or "")].append(unit)

    def order(unit: Sequence[_Figure]) -> tuple[Any, ...]:
        open_place = min(2 if f.facet.place is None else int(f.facet.loose_place) for f in unit)
        open_side = all(f.facet.side is None for f in unit)
        return (open_place, open_side, min(f.held for f in unit), min(f.order for f in unit))

    found = []
    for key in sorted(buckets):
        grouping = _Grouping(book, stories)
        for unit in sorted(buckets[key], key=order):
            grouping.add(unit)
        found += grouping.groups
    return found


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


def _label(book: Rules, group: _Group) -> str:
    """What is compared, in a line: the plainest words for what is counted, and the place."""
    first = group.members[0].facet
    sides = group.side.split("+") if group.side else []

    def plain(words: str) -> tuple[Any, ...]:
        sided = all(side[:4].casefold() in words.casefold() for side in sides)
        return (not sided, len(words.split()) > LABEL_WORDS, -counted[words], len(words), words)

    counted = Counter(words for f in group.members if (words := text_of(f.claim, "counted")))
    words = min(counted, key=plain) if counted else (first.counted_class or first.measure).replace("_", " ")
    label = words if book.tells(first.measure, words) else book.rule(first.measure).label.replace("{counted}", words)
    if first.kind == "percent" and "share" not in label:
        label = f"share of {label}"
    aspect = main_value(f.facet.aspect for f in group.members)
    if aspect and aspect not in label:
        label += f" ({aspect})"
    if sides and not all(side[:4].casefold() in label.casefold() for side in sides):
        label += f" ({' and '.join(sides)})"
    if group.place and group.place.casefold() not in label.casefold():
        label += f" in {group.place}"
    label += f" per {first.per}" if first.per else ""
    return label[0].upper() + label[1:]


def _row(book: Rules, group: _Group) -> dict[str, Any]:
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
    starts = [text_of(f.claim, "as_of_start") or f.held for f in members]
    basis = main_value(text_of(f.claim, "place_basis") for f in members if f.facet.place)
    if group.place and any(f.facet.place is None for f in members):
        basis = "assumed"

    def distinct(column: str) -> int:
        return len({v.casefold() for f in members if (v := text_of(f.claim, column))})

    return {
        "comparison_id": group_id("cmp", members[0].id),
        "label": _label(book, group),
        "measure": measure,
        "counted_class": main_value(text_of(f.claim, "counted_class") or f.facet.counted_class for f in members),
        "aspect": main_value(f.facet.aspect for f in members),
        "base": main_value(text_of(f.claim, "base") for f in members),
        "side": group.side,
        "place": group.place,
        "place_basis": (basis or "stated") if group.place else None,
        "unit": unit or "item",
        "per": members[0].facet.per,
        "period_start": min(starts),
        "period_end": max(f.held for f in members),
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
        "deciding_claims": None if pair is None else "+".join(members[i].id for i in pair),
    }


# --- the stage --------------------------------------------------------------------------------------------------------


def compare(
    articles: pd.DataFrame, claims: pd.DataFrame, codebook: str | None = None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Fill ``comparison_id`` of the claims and make the table of comparisons.

    ``articles`` and ``claims`` must have passed ``syndicate`` and ``originate``. The order of the rows does not matter.
    A figure alone makes a comparison where the codebook says so of its measure.
    """
    book, rows = rules(codebook), records(claims)
    reasons = origins.merge_reasons(articles, claims, codebook).set_index("claim_id") if rows else None
    figures = []
    for claim in rows:
        quantity = quantity_of(claim) if claim["kind"] == "figure" else None
        if quantity is None or is_true(claim, "negated") or reasons is None:
            continue
        reason = reasons.loc[claim["claim_id"]]
        origin = text_of(claim, "origin_id") or str(reason["origin_id"])
        spoken = reason["kind"] == "utterance"
        quantity = replace(quantity, unit=book.unit_of(claim))
        figures.append(
            _Figure(claim, quantity, book.facet(claim), str(reason["day"]), origin, spoken, text_of(reason, "speaker"))
        )
    figures.sort(key=lambda f: f.order)
    by_id = {f.id: f for f in figures}
    likes = {} if reasons is None else reasons["like"].to_dict()
    first_of = {i: by_id[likes[i]] for i in by_id if likes[i] in by_id}
    _fill_measures(book, figures, first_of)
    stories = _Stories(records(articles))
    made, member_of = [], {}
    for group in _group(_twins(figures, first_of), book, stories):
        if len(group.members) < 2 and not book.rule(group.members[0].facet.measure).alone:
            continue
        row = _row(book, group)
        made.append(row)
        member_of.update({f.id: row["comparison_id"] for f in group.members})
    for claim in rows:
        claim["comparison_id"] = member_of.get(claim["claim_id"])
    return frame("claims", rows), frame("comparisons", made)


def build(
    articles: pd.DataFrame, claims: pd.DataFrame, codebook: str | None = None
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The whole stage: copies, origins, comparisons. Returns articles, claims and comparisons."""
    articles = syndication.syndicate(articles)
    claims = origins.originate(articles, claims, codebook)
    claims, compared = compare(articles, claims, codebook)
    return articles, claims, compared
