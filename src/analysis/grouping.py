"""Figures put into groups that compare: figures told again stay together, the others join what they fit.

A unit is one figure with its retellings. Units join the group that they fit best, those that tell their place and side
first; the order of the rows does not matter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations

from analysis.comparable import Facet, Rules
from analysis.groups import Figure, Group, Unit, period, same_side
from analysis.nested import same_place, wide
from analysis.quantity import UnitMismatch
from analysis.retelling import ROUNDING, TELLING, is_telling, same_value, text_of
from analysis.stories import Places, Stories

#: what a number that stands in a group speaks for it, and one of about its size, up to so many times as much
SAME_NUMBER = 2.0
SAME_SIZE, NEAR_SIZE = 0.3, 2.0
#: from so many times as much on, a number is of another order; of one class of things only far beyond
FAR, FAR_ALIKE = 20.0, 100.0
#: members of a group that may still be joined to another: a larger one stands on its own, and every pair costs
MOST_JOINED = 40
#: from here on one number of one kind is one thing, whatever the words
LARGE = 1000
#: share of the pairs of what is counted that may not go together where the others do, of kinds and of tellings
MISREAD, MISREAD_TIMES = 0.34, 0.3


Bounds = tuple[float | None, float | None]
Pair = tuple[Bounds, Bounds]


def _pair(one: Bounds, other: Bounds) -> Pair:
    first, second = sorted((one, other), key=str)
    return first, second


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


def settle_places(figures: Iterable[Figure], places: Places) -> None:
    """Let figures hold for the place that their sentence tells beside them, where they have none or only the context's."""
    for f in figures:
        f.named = places.of(f.claim)
        if f.facet.place is not None and (wide(f.facet.place) or places.only_seat(f.claim)):
            f.facet = replace(f.facet, loose_place=True)
        own = f.facet.place
        inner = [p for p in f.named if own is not None and places.inside(p, own)]
        told = own is not None and own in (text_of(f.claim, "sentence_text") or "")
        if own is not None and not f.facet.loose_place and not (told and own not in f.named and len(inner) == 1):
            continue
        if f.named and own not in f.named:
            f.facet = replace(f.facet, place=(inner or f.named)[0], loose_place=len(f.named) > 1)


def _near_size(unit: Unit, group: Group) -> bool:
    return any(group.least / NEAR_SIZE <= f.quantity.midpoint <= group.largest * NEAR_SIZE for f in unit.figures)


def _far_off(unit: Unit, group: Group) -> bool:
    """True where the numbers are of another order and nothing says that they count the same thing."""
    if unit.first.kind == "percent" or unit.speakers & group.speakers:
        return False
    values = [f.quantity.midpoint for f in unit.figures]
    far = FAR_ALIKE if unit.classes & group.classes else FAR
    return min(values) > far * max(group.largest, 1.0) or max(max(values), 1.0) * far < group.least


class Grouping:
    """Figures of one measure, kind of unit and rate, put into groups one unit (of twins) after the other.

    A unit is held only against groups with a figure of about its days and with a place and side that may fit.
    """

    def __init__(self, book: Rules, stories: Stories, places: Places, beside: Mapping[Pair, frozenset[str]]):
        self.book = book
        #: pairs of numbers that one voice gives in one sentence -> the texts that have them so
        self.beside = beside
        self.stories = stories
        self.places = places
        self.groups: list[Group] = []
        #: place and side -> stretch of days -> groups; entries of a group that has changed its place or side are left
        self.index: dict[tuple[str | None, str | None], dict[int, dict[int, Group]]] = defaultdict(dict)
        #: voice and bounds -> groups with such a figure, whatever their place
        self.uttered: dict[tuple[str, tuple[float | None, float | None]], dict[int, Group]] = defaultdict(dict)
        self.fitting: dict[tuple[Facet, Facet], float] = {}

    def compatible(self, one: Facet, other: Facet) -> float:
        if (one, other) not in self.fitting:
            self.fitting[one, other] = self.book.compatible(one, other)
        return self.fitting[one, other]

    def fit(self, unit: Unit, group: Group) -> float:
        """How well a unit fits a group; 0 where it does not."""
        rule = self.book.rule(unit.first.measure)
        if min(abs(mine - theirs) for mine in unit.days for theirs in group.days) > rule.days:
            return 0.0
        if unit.side is not None and group.side is not None and not same_side(unit.side, group.side):
            return 0.0
        score = 1.0 if (unit.side is None) == (group.side is None) else 0.0
        place_fits = self._fit_place(unit, group)
        if not place_fits or _far_off(unit, group):
            return 0.0
        score += place_fits + self._fit_value(unit, group)
        best, meet = 0.0, 0
        for f in unit.figures:
            apart = [g for g in group.told.get((f.article, f.origin), ()) if _cannot(f, g)]
            if any(not self._misattributed(f, g, group) for g in apart):
                return 0.0
            for told, times in group.periods.items():
                meet += times if not rule.apart or _periods_meet(period(f), told) else -times
            best = max([best, *(self.compatible(f.facet, facet) for facet in group.articles_of)])
        if rule.free and self._unlike(unit, group):
            return 0.0
        if not best and not rule.free and self._same_sum(unit, group):
            best = 0.5
        # one misread day among many does not set a figure apart
        return score + best if best and meet >= 0 else 0.0

    @staticmethod
    def _same_sum(unit: Unit, group: Group) -> bool:
        """True for one large or odd number of what may be one thing under two names ("the raise", "what they asked for")."""
        classes = not unit.classes or not group.classes or unit.classes & group.classes
        money = unit.first.measure == "money"
        sums = [f.quantity.midpoint for f in unit.figures if f.bounds in group.values]
        return bool(classes) and any(value >= (TELLING if money else LARGE) for value in sums)

    def _misattributed(self, one: Figure, other: Figure, group: Group) -> bool:
        """True where another voice gives the one or the other elsewhere, and none elsewhere gives both as well."""
        if not (self._told_by_others(one, group) or self._told_by_others(other, group)):
            return False
        both = self.beside.get(_pair(one.bounds, other.bounds), frozenset())
        return both <= {self.stories.copied[one.article]}

    @staticmethod
    def _told_by_others(figure: Figure, group: Group) -> bool:
        """True where another voice gives this telling number in another article: it may be misattributed here."""
        return is_telling(figure.quantity) and any(
            origin != figure.origin and speaker is not None and speaker != figure.speaker and article != figure.article
            for origin, speaker, article in group.tellers.get(figure.bounds, ())
        )

    def _unlike(self, unit: Unit, group: Group) -> bool:
        """True where they count different things; what one of several tellings counts may be misread."""
        pairs, unlike = set(), set()
        tellings = parted = 0
        for f in unit.figures:
            mine = f.facet.anywhere
            for theirs, articles in group.articles_of.items():
                if not mine.stems or not theirs.stems or articles == {f.article}:
                    continue
                pair = (mine.counted_class, mine.stems, theirs.counted_class, theirs.stems)
                fits = self.compatible(mine, replace(theirs, is_part=mine.is_part)) > 0
                if fits and not (mine.counted_class and theirs.counted_class):
                    continue
                pairs.add(pair)
                tellings += len(articles)
                if not fits and not (mine.guessed or theirs.guessed):
                    unlike.add(pair)
                    parted += len(articles)
        return len(unlike) > MISREAD * len(pairs) and parted > MISREAD_TIMES * tellings

    @staticmethod
    def _fit_value(unit: Unit, group: Group) -> float:
        """What speaks for a group whose figures these may be: one of its numbers, or one of their size."""
        if same := [f.quantity.midpoint for f in unit.figures if f.bounds in group.values]:
            return SAME_NUMBER if max(same) >= TELLING and unit.first.kind != "percent" else SAME_SIZE
        return SAME_SIZE if _near_size(unit, group) else 0.0

    def _one_story(self, unit: Unit, group: Group) -> bool:
        return any(self.stories.same(one, other) for one in unit.articles for other in group.articles)

    def _fit_place(self, unit: Unit, group: Group) -> float:
        """2 for one place; less where the story has to fill it, or only the context gives another; 0 where it differs."""
        if unit.place is not None and group.place is not None:
            if unit.counts_in(group.place) or same_place(unit.place, group.place):
                return 2.0
            both_stated = not unit.loose and group.place in group.stated
            if not both_stated and self._one_utterance(unit, group):
                return 1.2
            if not self._one_story(unit, group):
                return 0.0
            if unit.loose and group.place in unit.named:
                return 1.6
            if group.place not in group.stated and any(same_place(unit.place, place) for place in group.stated):
                return 1.5
            rule = self.book.rule(unit.first.measure)
            if self.places.nest(unit.place, group.place):
                if self._about_one_number(unit, group):
                    return 0.7
                if unit.speakers & group.speakers and unit.classes & group.classes and _near_size(unit, group):
                    return 0.6
                if rule.free and _near_size(unit, group) and not self._told_in_both(unit, group):
                    return 0.55
            return 0.5 if unit.loose or group.loose else 0.0
        named = all(self.stories.names_place(a, group.place) for a in unit.articles) if group.place else False
        return 1.0 if named or self._one_story(unit, group) else 0.0

    @staticmethod
    def _told_in_both(unit: Unit, group: Group) -> bool:
        """True where an article tells one number of the place of a unit and another one of that of a group."""
        return any(
            f.article == g.article and not same_value(f.quantity, g.quantity)
            for f in unit.figures
            for g in group.members
        )

    @staticmethod
    def _one_utterance(unit: Unit, group: Group) -> bool:
        """True where one utterance gives one telling number here and there, so that one of the places is misread."""
        return any(
            is_telling(f.quantity) and group.uttered.get((voice, f.bounds), {f.article}) - {f.article}
            for f in unit.figures
            for voice in f.voices
        )

    @staticmethod
    def _about_one_number(unit: Unit, group: Group) -> bool:
        """True where the numbers agree, so that one figure is told of a place and of the one that it lies in."""
        pairs = [sorted((f.quantity.midpoint, g.quantity.midpoint)) for f in unit.figures for g in group.members]
        return any(0 < high <= (1 + ROUNDING) * low for low, high in pairs)

    def _may_fit(self, unit: Unit) -> list[Group]:
        """Groups that a unit has to be held against, in the order in which they came up."""
        stretch = self.book.rule(unit.first.measure).days + 1
        near = {day // stretch + step for day in unit.days for step in (-1, 0, 1)}
        found: dict[int, Group] = {}
        for (place, side), by_days in self.index.items():
            if unit.side is not None and side is not None and not same_side(unit.side, side):
                continue
            if not unit.loose and unit.place is not None and place is not None:
                same = same_place(unit.place, place) or self.places.nest(unit.place, place) or unit.counts_in(place)
                if not same:
                    continue
            for part in near & by_days.keys() if len(near) > len(by_days) else near:
                found.update(by_days.get(part, {}))
        for f in unit.figures:
            for voice in f.voices if is_telling(f.quantity) else ():
                found.update(self.uttered.get((voice, f.bounds), {}))
        return [group for _, group in sorted(found.items())]

    def add(self, unit: Unit) -> None:
        fits = [(self.fit(unit, group), group) for group in self._may_fit(unit)]
        fits = [(score, group) for score, group in fits if score > 0]
        if fits:
            _, chosen = min(fits, key=lambda pair: (-pair[0], -len(pair[1].articles), pair[1].order))
        else:
            chosen = Group(len(self.groups))
            self.groups.append(chosen)
        chosen.add(unit.figures)
        for f in unit.figures:
            for voice in f.voices:
                self.uttered[voice, f.bounds][chosen.number] = chosen
        stretch = self.book.rule(unit.first.measure).days + 1
        by_days = self.index[chosen.place, chosen.side]
        for part in {day // stretch for day in chosen.days}:
            by_days.setdefault(part, {})[chosen.number] = chosen

    def join_same_numbers(self) -> None:
        """Join groups that have a telling number in common and fit: which came up first may not part them."""
        holders: dict[tuple[float | None, float | None], list[Group]] = defaultdict(list)
        for group in self.groups:
            for bounds in group.values:
                if max(b or 0.0 for b in bounds) >= TELLING:
                    holders[bounds].append(group)
        into: dict[int, Group] = {}
        for bounds in sorted(holders, key=str):
            for group in holders[bounds][1:]:
                first, second = (self._now(into, g) for g in (holders[bounds][0], group))
                if first is second or len(second.members) > MOST_JOINED or not self.fit(Unit(second.members), first):
                    continue
                first.add(second.members)
                into[second.number] = first
        self.groups = [g for g in self.groups if g.number not in into]

    @staticmethod
    def _now(into: Mapping[int, Group], group: Group) -> Group:
        while group.number in into:
            group = into[group.number]
        return group


def _told_beside(units: Iterable[Unit], stories: Stories) -> dict[Pair, frozenset[str]]:
    """Pairs of numbers that one voice gives in one sentence, with the texts (a copy is none of its own)."""
    said: dict[tuple[str, str, int], set[Bounds]] = defaultdict(set)
    for f in (f for unit in units for f in unit.figures):
        said[f.article, f.origin, int(f.claim["sentence_start"])].add(f.bounds)
    found: dict[Pair, set[str]] = defaultdict(set)
    for (article, _, _), bounds in said.items():
        for pair in combinations(sorted(bounds, key=str), 2):
            found[_pair(*pair)].add(stories.copied[article])
    return {pair: frozenset(texts) for pair, texts in found.items()}


def group_units(units: Iterable[Sequence[Figure]], book: Rules, stories: Stories, places: Places) -> list[Group]:
    """Groups of comparable figures; the order of the units does not matter."""
    buckets: dict[tuple[str, str, str], list[Unit]] = defaultdict(list)
    for figures in units:
        unit = Unit(figures)
        buckets[(unit.first.measure, unit.first.kind, unit.first.per or "")].append(unit)
    found: list[Group] = []
    for key in sorted(buckets):
        grouping = Grouping(book, stories, places, _told_beside(buckets[key], stories))
        shared = Counter(bounds for unit in buckets[key] for bounds in unit.bounds)
        for unit in sorted(buckets[key], key=lambda one: one.order(any(shared[b] > 1 for b in one.bounds))):
            grouping.add(unit)
        grouping.join_same_numbers()
        found += grouping.groups
    return found
