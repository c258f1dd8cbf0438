"""Figures put into groups that compare: figures told again stay together, the others join what they fit.

A unit is one figure with its retellings. Units join the group that they fit best, those that tell their place and side
first; the order of the rows does not matter.
"""

from __future__ import annotations

import bisect
import functools
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from analysis import syndication
from analysis.comparable import NO_UNIT, UNKNOWN, Facet, Rules, main_value, most
from analysis.labels import is_country
from analysis.nested import nest, same_place
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


class Group:
    """Figures that compare, in order; ``place`` and ``side`` are those of its members that have one.

    What a further figure is held against is kept as it comes in, so that fitting one does not read every member.
    """

    def __init__(self, number: int = 0):
        self.number = number
        self.members: list[Figure] = []
        self.place: str | None = None
        self.side: str | None = None
        self.first_held = "9999-12-31"
        self.last_held = "0001-01-01"
        self.order: tuple[Any, ...] = ()
        self.days: set[int] = set()
        #: what is counted -> the articles that count it
        self.articles_of: dict[Facet, set[str]] = defaultdict(set)
        self.articles: set[str] = set()
        #: the members that one voice gives in one article
        self.told: dict[tuple[str, str], list[Figure]] = defaultdict(list)
        self.periods: Counter[tuple[str | None, str | None]] = Counter()
        self._sides: Counter[str] = Counter()
        self._places: Counter[str] = Counter()
        self._told_places: set[tuple[str, str, bool]] = set()

    def add(self, figures: Sequence[Figure]) -> None:
        self.members += figures
        for f in figures:
            self.days.add(_ordinal(f.held))
            self.articles_of[f.facet].add(f.article)
            self.articles.add(f.article)
            self.told[f.article, f.origin].append(f)
            self.periods[_period(f)] += 1
            if f.facet.side is not None:
                self._sides[f.facet.side] += 1
            if f.facet.place:
                told = (f.article, f.facet.place, f.facet.loose_place)
                # a stated place counts twice, and each article once, however often it repeats its figure
                self._places[f.facet.place] += 0 if told in self._told_places else 1 if f.facet.loose_place else 2
                self._told_places.add(told)
        self.place = _narrowest(self._places)
        self.side = most(self._sides)
        self.first_held = min(self.first_held, *(f.held for f in figures))
        self.last_held = max(self.last_held, *(f.held for f in figures))
        first = min(f.order for f in figures)
        self.order = min(self.order, first) if self.order else first


def _narrowest(places: Counter[str]) -> str | None:
    """The place of a group: the commonest; a country only where few members tell a place in it."""
    inside = {place: n for place, n in places.items() if not is_country(place)}
    return most(inside if sum(inside.values()) >= NARROW * places.total() else places)


@functools.lru_cache(maxsize=65536)
def _ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def _period(figure: Figure) -> tuple[str | None, str | None]:
    """First and last day for which the text says that it holds."""
    start = text_of(figure.claim, "as_of_start")
    return start, text_of(figure.claim, "as_of_end") or start


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
    return abs(_ordinal(one) - _ordinal(other))


@functools.lru_cache(maxsize=65536)
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
    by_value = sorted((f.quantity.midpoint, i) for i, f in enumerate(known))

    def about(value: float, slack: float) -> list[Figure]:
        # wider than the slack, which is held against each of them
        first = bisect.bisect_left(by_value, (value - 2 * slack, -1))
        last = bisect.bisect_right(by_value, (value + 2 * slack, len(known)))
        return [known[i] for i in sorted(i for _, i in by_value[first:last])]

    for figure in figures:
        value = figure.quantity.low
        if figure.facet.measure != UNKNOWN or not figure.quantity.is_point or value is None or value < TELLING:
            continue
        slack = NEARLY * value if value >= LARGE else 0.0
        like = [
            f
            for f in about(value, slack)
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


def _periods_meet(one: tuple[str | None, str | None], other: tuple[str | None, str | None]) -> bool:
    if one[0] is None or one[1] is None or other[0] is None or other[1] is None:
        return True
    return one[0] <= other[1] and other[0] <= one[1]


class Grouping:
    """Figures of one measure, kind of unit and rate, put into groups one unit (of twins) after the other.

    A unit is held only against groups with a figure of about its days and with a place and side that may fit.
    """

    def __init__(self, book: Rules, stories: Stories):
        self.book = book
        self.stories = stories
        self.groups: list[Group] = []
        #: place and side -> stretch of days -> groups; entries of a group that has changed its place or side are left
        self.index: dict[tuple[str | None, str | None], dict[int, dict[int, Group]]] = defaultdict(dict)
        self.fitting: dict[tuple[Facet, Facet], float] = {}

    def compatible(self, one: Facet, other: Facet) -> float:
        if (one, other) not in self.fitting:
            self.fitting[one, other] = self.book.compatible(one, other)
        return self.fitting[one, other]

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
        if min(abs(_ordinal(f.held) - day) for f in unit for day in group.days) > rule.days:
            return 0.0
        place_fits = self._fit_place(unit, place, group)
        if not place_fits:
            return 0.0
        score += place_fits
        best, meet = 0.0, 0
        for f in unit:
            if any(_cannot(f, g) for g in group.told.get((f.article, f.origin), ())):
                return 0.0
            for period, times in group.periods.items():
                meet += times if not rule.apart or _periods_meet(_period(f), period) else -times
            for facet, articles in group.articles_of.items():
                fits = self.compatible(f.facet, facet)
                best = max(best, fits)
                if not fits and f.facet.stems and facet.stems and articles != {f.article} and rule.free:
                    return 0.0
        # one misread day among many does not set a figure apart
        return score + (1.0 if rule.free else best) if best and meet >= 0 else 0.0

    def _one_story(self, unit: Sequence[Figure], group: Group) -> bool:
        return any(self.stories.same(one, other) for one in {f.article for f in unit} for other in group.articles)

    def _fit_place(self, unit: Sequence[Figure], place: str | None, group: Group) -> float:
        """2 for one place; less where the story has to fill it, or only the context gives another; 0 where it differs."""
        if place is not None and group.place is not None:
            if _names_it(unit, group.place) or same_place(place, group.place):
                return 2.0
            if nest(place, group.place) and self._one_story(unit, group) and self._nested(unit, group):
                return 0.7
            return 0.5 if _is_loose(unit) and self._one_story(unit, group) else 0.0
        named = all(self.stories.names_place(f.article, group.place) for f in unit) if group.place else False
        return 1.0 if named or self._one_story(unit, group) else 0.0

    @staticmethod
    def _nested(unit: Sequence[Figure], group: Group) -> bool:
        """True where the numbers agree, so that one figure is told of a place and of the one that it lies in."""
        pairs = [sorted((f.quantity.midpoint, g.quantity.midpoint)) for f in unit for g in group.members]
        return any(0 < high <= (1 + ROUNDING) * low for low, high in pairs)

    def _may_fit(self, unit: Sequence[Figure]) -> list[Group]:
        """Groups that a unit has to be held against, in the order in which they came up."""
        place = main_value(f.facet.place for f in unit)
        side = main_value(f.facet.side for f in unit)
        stretch = self.book.rule(unit[0].facet.measure).days + 1
        near = {_ordinal(f.held) // stretch + step for f in unit for step in (-1, 0, 1)}
        open_place = place is None or _is_loose(unit)
        found: dict[int, Group] = {}
        for (their_place, their_side), by_days in self.index.items():
            if side is not None and their_side is not None and not _same_side(side, their_side):
                continue
            if not open_place and place is not None and their_place is not None:
                same = same_place(place, their_place) or nest(place, their_place) or _names_it(unit, their_place)
                if not same:
                    continue
            for part in near & by_days.keys() if len(near) > len(by_days) else near:
                found.update(by_days.get(part, {}))
        return [group for _, group in sorted(found.items())]

    def add(self, unit: Sequence[Figure]) -> None:
        fits = [(self.fit(unit, group), group) for group in self._may_fit(unit)]
        fits = [(score, group) for score, group in fits if score > 0]
        if fits:
            _, chosen = min(fits, key=lambda pair: (-pair[0], -len(pair[1].articles), pair[1].order))
        else:
            chosen = Group(len(self.groups))
            self.groups.append(chosen)
        chosen.add(list(unit))
        stretch = self.book.rule(unit[0].facet.measure).days + 1
        by_days = self.index[chosen.place, chosen.side]
        for part in {day // stretch for day in chosen.days}:
            by_days.setdefault(part, {})[chosen.number] = chosen


def _is_loose(unit: Sequence[Figure]) -> bool:
    return all(f.facet.loose_place or f.facet.place is None for f in unit)


def _names_it(unit: Sequence[Figure], place: str) -> bool:
    """True where the words for what is counted name a place ("the dead of Sundby")."""
    wanted = _words(place)
    return any(wanted <= _words(text_of(f.claim, "counted") or "") for f in unit)


@functools.lru_cache(maxsize=65536)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


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
