"""Figures as they are compared, and groups of them with what a further figure is held against."""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from analysis.comparable import Facet, most
from analysis.labels import is_country
from analysis.quantity import Quantity
from analysis.retelling import Claim, text_of

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
    #: places that its sentence names
    named: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        return str(self.claim["claim_id"])

    @property
    def article(self) -> str:
        return str(self.claim["article_id"])

    @property
    def bounds(self) -> tuple[float | None, float | None]:
        return (self.quantity.low, self.quantity.high)

    @property
    def order(self) -> tuple[Any, ...]:
        return (
            text_of(self.claim, "published") or "9999",
            self.claim["outlet"],
            self.article,
            int(self.claim["start"]),
        )

    @property
    def voices(self) -> list[str]:
        """The utterance it goes back to and its speaker, where somebody is told to have said it."""
        return [self.origin, *([f"by {self.speaker}"] if self.speaker else [])] if self.spoken else []

    @property
    def held(self) -> str:
        """The day for which it holds, for the length of a comparison."""
        return text_of(self.claim, "as_of_end") or self.day


@functools.lru_cache(maxsize=65536)
def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"\w+", text.casefold()))


class Unit:
    """One figure with its retellings: what a group is held against. ``loose``: its place is not told beside it."""

    def __init__(self, figures: Sequence[Figure]):
        self.figures = list(figures)
        told = Counter(f.facet.place for f in self.figures if f.facet.place is not None and not f.facet.loose_place)
        self.place = most(told or Counter(f.facet.place for f in self.figures if f.facet.place is not None))
        self.side = most(Counter(f.facet.side for f in self.figures if f.facet.side is not None))
        self.loose = all(f.facet.loose_place or f.facet.place is None for f in self.figures)
        self.named = frozenset(place for f in self.figures for place in f.named)
        self.days = sorted({ordinal(f.held) for f in self.figures})
        self.articles = {f.article for f in self.figures}
        self.speakers = {f.speaker for f in self.figures if f.speaker}
        self.first = self.figures[0].facet
        self.classes = {f.facet.counted_class for f in self.figures if f.facet.counted_class}
        self.bounds = {f.bounds for f in self.figures}

    def counts_in(self, place: str) -> bool:
        """True where the words for what is counted name a place ("the dead of Sundby")."""
        wanted = _words(place)
        return any(wanted <= _words(text_of(f.claim, "counted") or "") for f in self.figures)

    def order(self, tied: bool) -> tuple[Any, ...]:
        """Units that tell their place and side come first; of these those of which a number stands in another one."""
        open_place = min(
            3 if f.facet.place is None else 2 * f.facet.loose_place + is_country(f.facet.place) for f in self.figures
        )
        first = min(f.order for f in self.figures)
        return (open_place, not tied, self.side is None, min(f.held for f in self.figures), first)


class Group:
    """Figures that compare, in order; ``place`` and ``side`` are those of its members that have one.

    What a further figure is held against is kept as it comes in, so that fitting one does not read every member.
    """

    def __init__(self, number: int = 0):
        self.number = number
        self.members: list[Figure] = []
        self.place: str | None = None
        self.side: str | None = None
        self.order: tuple[Any, ...] = ()
        self.days: set[int] = set()
        #: what is counted -> the articles that count it
        self.articles_of: dict[Facet, set[str]] = defaultdict(set)
        self.articles: set[str] = set()
        self.speakers: set[str] = set()
        self.classes: set[str] = set()
        #: places that members tell beside them
        self.stated: set[str] = set()
        #: True while no member tells its place beside it
        self.loose = True
        #: the members that one voice gives in one article
        self.told: dict[tuple[str, str], list[Figure]] = defaultdict(list)
        self.periods: Counter[tuple[str | None, str | None]] = Counter()
        #: the bounds of its members, and the least and the largest of them
        self.values: Counter[tuple[float | None, float | None]] = Counter()
        #: which utterance, and which speaker, gave which of them in which article
        self.uttered: dict[tuple[str, tuple[float | None, float | None]], set[str]] = defaultdict(set)
        #: who gave which of them in which article
        self.tellers: dict[tuple[float | None, float | None], set[tuple[str, str | None, str]]] = defaultdict(set)
        self.least, self.largest = float("inf"), float("-inf")
        self._sides: Counter[str] = Counter()
        self._told_sides: set[tuple[str, str]] = set()
        self._places: Counter[str] = Counter()
        self._told_places: set[tuple[str, str, bool]] = set()

    def add(self, figures: Sequence[Figure]) -> None:
        self.members += figures
        for f in figures:
            self.days.add(ordinal(f.held))
            self.articles_of[f.facet.anywhere].add(f.article)
            self.articles.add(f.article)
            self.loose = self.loose and (f.facet.loose_place or f.facet.place is None)
            self.classes.update({f.facet.counted_class} if f.facet.counted_class else ())
            self.speakers.update({f.speaker} if f.speaker else ())
            self.told[f.article, f.origin].append(f)
            self.periods[period(f)] += 1
            self.values[f.bounds] += 1
            for voice in f.voices or [f.origin]:
                self.uttered[voice, f.bounds].add(f.article)
            self.tellers[f.bounds].add((f.origin, f.speaker, f.article))
            self.least = min(self.least, f.quantity.midpoint)
            self.largest = max(self.largest, f.quantity.midpoint)
            if f.facet.side is not None and (f.article, f.facet.side) not in self._told_sides:
                self._told_sides.add((f.article, f.facet.side))
                self._sides[f.facet.side] += 1
            if f.facet.place:
                self.stated.update(() if f.facet.loose_place else {f.facet.place})
                told = (f.article, f.facet.place, f.facet.loose_place)
                # a stated place counts twice, and each article once, however often it repeats its figure
                self._places[f.facet.place] += 0 if told in self._told_places else 1 if f.facet.loose_place else 2
                self._told_places.add(told)
        self.place = _narrowest(self._places)
        # what few tell may be misread, and would keep others out
        self.side = most(self._sides) if self._sides.total() >= NARROW * len(self.articles) else None
        first = min(f.order for f in figures)
        self.order = min(self.order, first) if self.order else first


def _narrowest(places: Counter[str]) -> str | None:
    """The place of a group: the commonest; a country only where few members tell a place in it."""
    inside = {place: n for place, n in places.items() if not is_country(place)}
    return most(inside if sum(inside.values()) >= NARROW * places.total() else places)


@functools.lru_cache(maxsize=65536)
def ordinal(day: str) -> int:
    return date.fromisoformat(day).toordinal()


def period(figure: Figure) -> tuple[str | None, str | None]:
    """First and last day for which the text says that it holds."""
    start = text_of(figure.claim, "as_of_start")
    return start, text_of(figure.claim, "as_of_end") or start


@functools.lru_cache(maxsize=65536)
def same_side(one: str, other: str) -> bool:
    """The same actors in any order; the forces of a country act for it ("Armed Forces of Kenya")."""
    a, b = ([set(re.findall(r"\w+", part.casefold())) for part in side.split("+")] for side in (one, other))
    return len(a) == len(b) and all(any(x <= y or y <= x for y in b) for x in a)
