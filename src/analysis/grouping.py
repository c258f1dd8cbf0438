"""Figures put into groups that compare: figures told again stay together, the others join what they fit.

A unit is one figure with its retellings. Units join the group that they fit best, those that tell their place and side
first; the order of the rows does not matter.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from analysis import syndication
from analysis.comparable import NO_UNIT, UNKNOWN, Facet, Rules, main_value
from analysis.labels import is_country
from analysis.nested import within
from analysis.quantity import Quantity, UnitMismatch
from analysis.retelling import ROUNDING, Claim, same_value, text_of
from analysis.wording import read

#: share of the names of the shorter article that two articles on one story have in common
SAME_STORY = 0.3
#: from here on a number seldom stands twice in a story by chance; from LARGE on, also not nearly
TELLING, LARGE = 13, 1000
#: share by which two accounts of one large number may part
NEARLY = 0.05
#: share of the told places from which one within a country stands for all
NARROW = 1 / 3


@dataclass
class Figure:
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
class Group:
    """Figures that compare, in order; ``place`` and ``side`` are those of its members that have one."""

    members: list[Figure] = field(default_factory=list)
    place: str | None = None
    side: str | None = None
    first_held: str = "9999-12-31"
    last_held: str = "0001-01-01"

    def add(self, figures: Sequence[Figure]) -> None:
        self.members += figures
        self.place = _narrowest(self.members)
        self.side = main_value(f.facet.side for f in self.members)
        self.first_held = min(self.first_held, *(f.held for f in figures))
        self.last_held = max(self.last_held, *(f.held for f in figures))

    @property
    def order(self) -> tuple[Any, ...]:
        return min(f.order for f in self.members)


def _narrowest(figures: Sequence[Figure]) -> str | None:
    """The place of a group: the commonest; a country only where few members tell a place in it.

    A stated place counts twice, and each article once, however often it repeats its figure.
    """
    told = {(f.article, f.facet.place, f.facet.loose_place) for f in figures if f.facet.place}
    places = [p for _, p, loose in sorted(told) for _ in range(1 if loose else 2)]
    within = [p for p in places if p and not is_country(p)]
    return main_value(within if len(within) >= NARROW * len(places) else places)


class Stories:
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


def fill_measures(book: Rules, figures: Sequence[Figure], first_of: Mapping[str, Figure]) -> None:
    """Give figures whose words tell no measure that of the same figure in the text they copy, else in their article."""
    known: dict[tuple[Any, ...], list[Figure]] = defaultdict(list)

    def key(f: Figure) -> tuple[Any, ...]:
        return (f.article, f.origin, f.facet.per, f.quantity.low, f.quantity.high)

    def from_copy(figure: Figure) -> None:
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


def fill_from_story(book: Rules, figures: Sequence[Figure], stories: Stories) -> None:
    """Give figures whose words tell no measure that of a like figure of the same story, where all like ones have one.

    Like is a number of several digits, equal or nearly so, of the same kind and of things that may be the same.
    """
    known = [f for f in figures if f.facet.measure != UNKNOWN and f.quantity.is_point]
    for figure in figures:
        value = figure.quantity.low
        if figure.facet.measure != UNKNOWN or not figure.quantity.is_point or value is None or value < TELLING:
            continue
        slack = NEARLY * value if value >= LARGE else 0.0
        like = [
            f
            for f in known
            if f.quantity.low is not None
            and abs(f.quantity.low - value) <= slack
            and figure.facet.kind in (f.facet.kind, NO_UNIT)
            and (figure.facet.per, figure.facet.aspect) == (f.facet.per, f.facet.aspect)
            and f.article != figure.article
            and book.rule(f.facet.measure).free
            and book.same_class(replace(figure.facet, measure=f.facet.measure), f.facet)
            and stories.same(figure.article, f.article)
        ]
        if len({f.facet.measure for f in like}) == 1:
            _adopt(figure, like[0])


def twins(figures: Sequence[Figure], first_of: Mapping[str, Figure]) -> list[list[Figure]]:
    """Figures that tell one another again: copies with the same measure, and a figure repeated within its article."""
    by_id = {f.id: f for f in figures}
    groups = syndication.Groups(by_id)

    def may(one: Figure, other: Figure) -> bool:
        a, b = one.facet, other.facet
        side = a.side is None or b.side is None or _same_side(a.side, b.side)
        return side and (a.measure, a.kind, a.per) == (b.measure, b.kind, b.per)

    for figure in figures:
        first = first_of.get(figure.id)
        # within one article a shared origin says nothing of what is counted
        if first is not None and may(figure, first) and first.article != figure.article:
            groups.join(figure.id, first.id)
    inside: dict[tuple[Any, ...], list[Figure]] = defaultdict(list)
    for f in figures:
        inside[(f.article, f.origin, f.facet.measure, f.quantity.low, f.quantity.high, f.facet.counted_class)].append(f)
    for alike in inside.values():
        for i, one in enumerate(alike):
            for other in alike[i + 1 :]:
                place = one.facet.place is None or other.facet.place is None or one.facet.place == other.facet.place
                if may(one, other) and place and same_value(one.quantity, other.quantity):
                    groups.join(one.id, other.id)
    return [[by_id[i] for i in ids] for ids in groups.members().values()]


def _adopt(figure: Figure, other: Figure) -> None:
    """Let a figure whose words tell no measure measure what the same figure measures elsewhere."""
    figure.facet = replace(figure.facet, measure=other.facet.measure, kind=other.facet.kind)
    if figure.quantity.unit == NO_UNIT:
        figure.quantity = replace(figure.quantity, unit=other.quantity.unit)


# --- grouping ---------------------------------------------------------------------------------------------------------


def _cannot(one: Figure, other: Figure) -> bool:
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


def _periods_meet(rule_apart: bool, one: Figure, other: Figure) -> bool:
    starts = [text_of(f.claim, "as_of_start") for f in (one, other)]
    ends = [text_of(f.claim, "as_of_end") or s for f, s in zip((one, other), starts, strict=True)]
    if not rule_apart or None in starts or None in ends:
        return True
    return starts[0] <= ends[1] and starts[1] <= ends[0]  # type: ignore[operator]


class Grouping:
    """Figures of one measure, kind of unit and rate, put into groups one unit (of twins) after the other."""

    def __init__(self, book: Rules, stories: Stories):
        self.book = book
        self.stories = stories
        self.groups: list[Group] = []

    def fit(self, unit: Sequence[Figure], group: Group) -> float:
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
        best, meet = 0.0, 0
        for f in unit:
            for g in group.members:
                if _cannot(f, g):
                    return 0.0
                meet += 1 if _periods_meet(rule.apart, f, g) else -1
                fits = self.book.compatible(f.facet, g.facet)
                best = max(best, fits)
                if not fits and f.facet.stems and g.facet.stems and f.article != g.article and rule.free:
                    return 0.0
        # one misread day among many does not set a figure apart
        return score + (1.0 if rule.free else best) if best and meet >= 0 else 0.0

    def _fit_place(self, unit: Sequence[Figure], place: str | None, group: Group) -> float:
        """2 for one place; less where the story has to fill it, or only the context gives another; 0 where it differs."""
        if place is not None and group.place is not None:
            words = [re.findall(r"\w+", (text_of(f.claim, "counted") or "").casefold()) for f in unit]
            inside = any(set(re.findall(r"\w+", group.place.casefold())) <= set(told) for told in words)
            if inside or _same_place(place, group.place):
                return 2.0
        one_story = any(self.stories.same(f.article, g.article) for f in unit for g in group.members)
        if place is not None and group.place is not None:
            if one_story and self._nested(unit, place, group):
                return 0.7
            loose = all(f.facet.loose_place or f.facet.place is None for f in unit)
            return 0.5 if loose and one_story else 0.0
        named = all(self.stories.names_place(f.article, group.place) for f in unit) if group.place else False
        return 1.0 if one_story or named else 0.0

    @staticmethod
    def _nested(unit: Sequence[Figure], place: str, group: Group) -> bool:
        """True where one place lies in the other and the numbers agree, so that one figure is told of both."""
        if not (within(place, group.place or "") or within(group.place or "", place)):
            return False
        pairs = [sorted((f.quantity.midpoint, g.quantity.midpoint)) for f in unit for g in group.members]
        return any(0 < high <= (1 + ROUNDING) * low for low, high in pairs)

    def add(self, unit: Sequence[Figure]) -> None:
        fits = [(self.fit(unit, group), group) for group in self.groups]
        fits = [(score, group) for score, group in fits if score > 0]
        if fits:
            _, chosen = min(
                fits, key=lambda pair: (-pair[0], -len({f.article for f in pair[1].members}), pair[1].order)
            )
            chosen.add(list(unit))
        else:
            group = Group()
            group.add(list(unit))
            self.groups.append(group)


def group_units(units: Sequence[Sequence[Figure]], book: Rules, stories: Stories) -> list[Group]:
    buckets: dict[tuple[str, str, str], list[Sequence[Figure]]] = defaultdict(list)
    for unit in units:
        facet = unit[0].facet
        buckets[(facet.measure, facet.kind, facet.per or "")].append(unit)

    def order(unit: Sequence[Figure]) -> tuple[Any, ...]:
        open_place = min(
            3 if f.facet.place is None else 2 * f.facet.loose_place + is_country(f.facet.place) for f in unit
        )
        open_side = all(f.facet.side is None for f in unit)
        return (open_place, open_side, min(f.held for f in unit), min(f.order for f in unit))

    found = []
    for key in sorted(buckets):
        grouping = Grouping(book, stories)
        for unit in sorted(buckets[key], key=order):
            grouping.add(unit)
        found += grouping.groups
    return found
