"""Which place a name means: one pure function over the text, the names found in it and the gazetteer.

A name may stand for many places. What decides, in this order of weight: the region or country told beside it ("Paris,
Texas"; "in the Kursk region"), what sort of place the words beside it say, the countries and regions the article speaks
of, the distance to its other places, population. A name keeps one place within an article. What the gazetteer lacks is put
at the region or country that the text gives, never at a namesake elsewhere.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from analysis.gazetteer import Gazetteer, Place
from analysis.geography import Geography, beside
from analysis.place_names import SIDES, fold

#: evidence in units of one power of ten of population; set once on the development parts of LGL, TR-News and GeoWebNews
TOLD_BESIDE = 8.0
KIND_TOLD = 5.0
COUNTRY_SHARE = 3.0
REGION_SHARE = 2.5
NEARBY = 3.5
NEAR_KM = 100.0
ALTERNATE_NAME = -1.5
ALIAS_REVIEWED = 4.0
#: "New York", "Kursk" alone are the town rather than the region around it
SEAT_FIRST = 1.5
PRIOR = {"country": 9.0, "region": 6.5, "water": 6.5, "facility": 6.0}
#: a settlement of at most so many people is no candidate in a country that the article does not speak of
VILLAGE = 30_000
ROUNDS = 2
#: a hamlet at least so far from the article's places, in a region that it does not speak of, is a namesake
FAR_KM = 300.0
HAMLET = 2_000
#: hamlets of one name that differ by less evidence, and lie so far apart, cannot be told apart
TIE = 0.3
APART_KM = 15.0
#: codes of place_words.csv that tell where a place may stand, not what sort it is
POSITIONS = ("locative", "motion", "direction")


@dataclass(frozen=True, slots=True)
class Toponym:
    """A place name at ``start:end`` of the text; ``kinds`` are what the words beside it allow (empty: anything)."""

    start: int
    end: int
    name: str
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a name was put. ``precision`` is ``exact``, ``admin1`` (only its region is known), ``country`` or ``none``."""

    name: str
    kind: str
    latitude: float | None = None
    longitude: float | None = None
    country: str | None = None
    region_name: str | None = None
    geonames_id: int | None = None
    precision: str = "none"


def km(a: Place, b: Place) -> float:
    """Great-circle distance in kilometres (haversine); infinite where a point is unknown."""
    if a.latitude is None or a.longitude is None or b.latitude is None or b.longitude is None:
        return math.inf
    p, q = math.radians(a.latitude), math.radians(b.latitude)
    half = math.radians(b.longitude - a.longitude) / 2
    h = math.sin((q - p) / 2) ** 2 + math.cos(p) * math.cos(q) * math.sin(half) ** 2
    return 12742.02 * math.asin(min(1.0, math.sqrt(h)))


def _spellings(groups: Sequence[_Group]) -> dict[tuple[str, int | None], str]:
    """The article's own spelling of each place by kind and GeoNames id: the commonest, of these the first.

    Only of settlements that the index alone has: it writes many in the language of the country ("Köln"), while the
    codebook's names are chosen. A name in capitals or of several places is no spelling of one.
    """
    told: dict[tuple[str, int | None], Counter[str]] = defaultdict(Counter)
    for group in groups:
        best = group.best
        if best is None or not best.indexed or best.kind != "settlement" or not best.geonames_id:
            continue
        if not group.looked_up or (group.name.isupper() and len(group.name) > 1):
            told[best.kind, best.geonames_id][best.name] += 0
        else:
            told[best.kind, best.geonames_id][group.name] += len(group.members)
    return {key: max(names, key=lambda n: names[n]) for key, names in told.items()}


def _within(place: Place, containers: Sequence[Place]) -> bool:
    for c in containers:
        if c is place or (c.kind == place.kind and c.name == place.name and c.country == place.country):
            continue
        if c.kind == "country" and place.country == c.country and place.kind != "country":
            return True
        if c.kind == "admin1" and place.region == c.region and place.kind != "admin1":
            return True
    return False


def _seat(region: Place, place: Place) -> bool:
    """Whether ``place`` is the town of the same name in a region, with a good part of its people."""
    same = place.region == region.region or (place.country == region.country and place.name == region.name)
    return place.kind == "settlement" and same and place.population > 0.25 * region.population


def _prior(place: Place) -> float:
    if place.kind in PRIOR and not place.indexed:
        return PRIOR[place.kind]
    size = math.log10(max(place.population, 30))
    size += {"admin1": 0.3, "admin2": -1.0}.get(place.kind, 0.0)
    return size + (0.0 if place.main else ALTERNATE_NAME)


@dataclass(slots=True)
class _Group:
    """The mentions of one name with one sort of place told."""

    name: str
    kinds: tuple[str, ...]
    members: list[int]
    containers: list[Place]
    candidates: list[Place]
    scores: list[float]
    best: Place | None = None
    looked_up: bool = True  # the name as it stands is one of the place's
    rivals: list[Place] = field(default_factory=list)  # small places of the name that fit about as well as the best


class Resolver:
    """Puts names on the map. ``words`` are (word, code, order) of place_words.csv, ``parts`` allows sub-names."""

    def __init__(self, gazetteer: Gazetteer, words: Mapping[str, tuple[str, str, bool]]) -> None:
        """``words`` maps a lower-case generic word to (kind, order, whether it is left out of the name)."""
        self.gazetteer = gazetteer
        self.words = words

    def read(self, text: str, start: int, end: int) -> Toponym:
        """A name span as a Toponym: article and generic words are taken off and tell the sort of place."""
        name, kinds = text[start:end], []
        if name[:4].lower() == "the ":
            name = name[4:]
        for possessive in ("'s", "’s"):
            name = name.removesuffix(possessive)
        after = text[end : end + 30].split(maxsplit=1)
        if text[end : end + 1] == " " and after:
            entry = self.words.get(after[0].strip(".,;:!?)'’\"”").lower())
            if entry and entry[1] != "before":
                kinds.append(entry[0])
        leading = text[max(0, start - 60) : start].split()
        before = [w.lower() for w in leading]
        if before and before[-1] == "the":
            before.pop()
        of = len(before) >= 2 and before[-1] == "of"
        entry = self.words.get(before[-2] if of else before[-1]) if before else None
        if of and len(before) >= 3 and leading[len(before) - 3][0].isupper():
            entry = None  # "the Pozniaky district of Kyiv": the word belongs to the name before it
        if entry and (entry[1] != "after" if of else entry[1] == "before"):
            kinds.append(entry[0])
        words = name.split()
        if len(words) > 2 and self.gazetteer.areas(name, demonyms=False):
            return Toponym(start, end, name, tuple(k for k in dict.fromkeys(kinds) if k not in POSITIONS))
        if len(words) > 1 and (entry := self.words.get(words[-1].lower())) and entry[1] != "before":
            if entry[2] and not gazetteer_has(self.gazetteer, name):
                words.pop()
            kinds.append(entry[0])
        if len(words) > 2 and words[1].lower() == "of" and (entry := self.words.get(words[0].lower())) and entry[2]:
            words = words[2:]
            kinds.append(entry[0])
        return Toponym(start, end, " ".join(words), tuple(k for k in dict.fromkeys(kinds) if k not in POSITIONS))

    def resolve(self, text: str, toponyms: Sequence[Toponym], geography: Geography | None = None) -> list[Placed]:
        """One Placed for each toponym, in their order. ``text`` is the whole article: it is the context."""
        geography = geography or Geography(text, self.gazetteer)
        groups: dict[tuple[str, tuple[str, ...]], _Group] = {}
        for i, toponym in enumerate(toponyms):
            key = (fold(toponym.name), toponym.kinds)
            if key not in groups:
                candidates = self._candidates(toponym)
                groups[key] = _Group(toponym.name, toponym.kinds, [], [], candidates, [])
                groups[key].looked_up = bool(candidates) and bool(self.gazetteer.lookup(toponym.name))
            groups[key].members.append(i)
            groups[key].containers += beside(text, toponym.end, self.gazetteer)
        shared: dict[str, list[Place]] = defaultdict(list)
        for (name, _), group in groups.items():
            shared[name] += group.containers
        for (name, _), group in groups.items():
            group.containers = group.containers or shared[name]
            group.scores = [self._score(c, group, geography) for c in group.candidates]
            self._choose(group, [0.0] * len(group.candidates), geography)
        order = list(groups.values())
        for _ in range(ROUNDS):
            bests = [(g.best, len(g.members)) for g in order]
            for group in order:
                near = [self._near(c, group, bests) for c in group.candidates]
                self._choose(group, near, geography)
        focus = self._focus(order)
        placed: list[Placed | None] = [None] * len(toponyms)
        for group in order:
            own = (
                focus is not None
                and group.best is focus
                and not (focus.main or geography.country.get(focus.country or ""))
            )
            others = self._focus([g for g in order if g is not group]) if own else focus
            put = self._put(group, geography, others)
            for i in group.members:
                placed[i] = put
        told = _spellings(order)
        return [
            Placed(t.name, "settlement") if p is None else replace(p, name=told.get((p.kind, p.geonames_id), p.name))
            for p, t in zip(placed, toponyms, strict=True)
        ]

    def _candidates(self, toponym: Toponym) -> list[Place]:
        found = [*self.gazetteer.lookup(toponym.name), *self.gazetteer.demonym(toponym.name)]
        if not found and " " in toponym.name and "-" not in toponym.name:
            shorter = toponym.name.removesuffix(" City").removesuffix(" city")
            found = list(self.gazetteer.lookup(shorter)) if shorter != toponym.name else []
        if toponym.kinds[:1] == ("admin1",):
            for place in tuple(found):
                seat = place.kind == "settlement" and place.region and fold(place.name) == fold(place.region_name or "")
                region = self.gazetteer.region(place.region) if seat and place.region else None
                if region is not None and all(p.kind != "admin1" or p.region != region.region for p in found):
                    found.append(region)
        return found

    @staticmethod
    def _score(place: Place, group: _Group, geography: Geography) -> float:
        score = _prior(place) + (ALIAS_REVIEWED if place.reviewed else 0.0)
        score += COUNTRY_SHARE * math.sqrt(geography.country.get(place.country or "", 0.0))
        if place.region and place.kind != "admin1":
            score += REGION_SHARE * math.sqrt(geography.region.get(place.region, 0.0))
        if group.containers and _within(place, group.containers):
            score += TOLD_BESIDE
        if (
            place.kind == "admin1"
            and not (group.kinds or place.reviewed)
            and any(_seat(place, c) for c in group.candidates)
        ):
            score -= SEAT_FIRST
        if group.kinds:
            kinds = {"admin1", "region"} if group.kinds[0] in ("admin1", "region") else {group.kinds[0]}
            score += KIND_TOLD if place.kind in kinds else 0.0
        return score

    @staticmethod
    def _near(place: Place, group: _Group, bests: Sequence[tuple[Place | None, int]]) -> float:
        if place.kind == "country":
            return 0.0
        total = 0.0
        for other, n in bests:
            if other is None or other is group.best or other.kind in ("country", "region", "water"):
                continue
            if other.name == place.name and other.kind == place.kind:
                continue
            total += min(n, 3) * math.exp(-km(place, other) / NEAR_KM)
        return NEARBY * total / (total + 0.7)

    @staticmethod
    def _choose(group: _Group, near: Sequence[float], geography: Geography) -> None:
        scored = [s + n for s, n in zip(group.scores, near, strict=True)]
        if not scored:
            return
        first = max(range(len(scored)), key=lambda i: (scored[i], -i))
        best = group.best = group.candidates[first]
        group.rivals = [
            c
            for c, score in zip(group.candidates, scored, strict=True)
            if c is not best
            and c.kind == "settlement"
            and score > scored[first] - TIE
            and APART_KM < km(c, best) < math.inf
        ]

    @staticmethod
    def _focus(groups: Sequence[_Group]) -> Place | None:
        weights: dict[int, float] = {}
        located = [
            g for g in groups if g.best and g.best.latitude is not None and g.best.kind not in ("region", "water")
        ]
        for i, g in enumerate(located):
            assert g.best is not None
            weights[i] = sum(
                len(o.members) * math.exp(-km(g.best, o.best) / NEAR_KM) for o in located if o.best is not None
            ) + (0.5 if g.best.kind in ("settlement", "admin2") else 0.0)
        return located[max(weights, key=lambda i: (weights[i], -i))].best if weights else None

    def _put(self, group: _Group, geography: Geography, focus: Place | None) -> Placed:
        best = group.best
        if best is not None and not self._elsewhere(best, group, geography, focus):
            if best.kind == "settlement" and best.population < HAMLET and group.rivals:
                if focus is not None and focus.country != best.country and km(best, focus) > NEAR_KM:
                    return self._at_region(group.name, focus.region, focus.country)  # none of these namesakes
                one = all(p.region == best.region for p in group.rivals)
                return self._at_region(group.name, best.region if one else None, best.country)
            if best.latitude is None:
                return self._at_region(group.name if not best.name else best.name, best.region, best.country)
            kind = "admin2" if group.kinds[:1] == ("admin2",) and best.kind == "settlement" else best.kind
            return Placed(best.name, kind, best.latitude, best.longitude, best.country, best.region_name,
                          best.geonames_id, "exact")  # fmt: skip
        kind = group.kinds[0] if group.kinds else "settlement"
        if group.containers:
            c = group.containers[0]
            return self._at_region(group.name, c.region, c.country, kind)
        if part := self._part(group.name):
            return Placed(group.name, "facility", part.latitude, part.longitude, part.country, part.region_name, None,
                          "country" if part.kind == "country" else "admin1")  # fmt: skip
        if kind == "water" and sum(weight > 0 for weight in geography.country.values()) > 1:
            return Placed(group.name, kind)  # rivers and seas lie between countries
        if focus is not None:
            return self._at_region(group.name, focus.region, focus.country, kind)
        return self._at_region(group.name, None, geography.main_country(), kind)

    @staticmethod
    def _elsewhere(best: Place, group: _Group, geography: Geography, focus: Place | None) -> bool:
        """Whether ``best`` is only a namesake: small, and not where the text says or where the article is."""
        if best.kind not in ("settlement", "admin2") or best.latitude is None:
            return False
        if group.containers:
            return not _within(best, group.containers) and best.population < VILLAGE
        if best.population >= VILLAGE or not geography.country:
            return False
        if geography.country.get(best.country or "", 0.0) == 0.0:
            return focus is None or km(best, focus) > 500
        spoken = geography.region.get(best.region or "", 0.0) > 0.0
        small = best.population < HAMLET and best.indexed
        return small and not spoken and focus is not None and km(best, focus) > FAR_KM

    def _part(self, name: str) -> Place | None:
        """A place named within a longer name ("Dubai World Cup", "Southern California")."""
        words = name.split()
        site = words[-1].lower() in self.words
        for n in range(len(words) - 1, 0, -1):
            for i in range(len(words) - n + 1):
                part = words[i : i + n]
                if n == 1 and (part[0].lower() in self.words or fold(part[0]) in SIDES):
                    continue
                named = self.gazetteer.lookup(" ".join(part))
                found = [p for p in named if p.main and (p.kind == "country" or p.population > 100_000)]
                if not named and n == 1 and not site:
                    found = list(self.gazetteer.demonym(part[0]))
                if found:
                    return max(found, key=_prior)
        return None

    def _at_region(self, name: str, region: str | None, country: str | None, kind: str = "settlement") -> Placed:
        if region and (there := self.gazetteer.region(region)):
            return Placed(name, kind, there.latitude, there.longitude, there.country, there.region_name, None, "admin1")
        if country and (there := self.gazetteer.country(country)):
            return Placed(name, kind, there.latitude, there.longitude, country, None, None, "country")
        return Placed(name, kind)


def gazetteer_has(gazetteer: Gazetteer, name: str) -> bool:
    """Whether the whole name is a place's own name ("New York City", "Licking County")."""
    return any(p.main for p in gazetteer.lookup(name))
