"""Places within places: a town in its region, a region in its country, as the gazetteer has them."""

from __future__ import annotations

import functools

from analysis.codebook import load
from analysis.gazetteer import Gazetteer, Place, place_rows
from analysis.place_names import fold, loose

#: places of one name that are looked at, the largest first: further namesakes are villages elsewhere
NAMESAKES = 3
#: people of a city whose name is taken for it, not for a country that no list holds
CITY = 100_000


@functools.lru_cache(maxsize=2)
def _gazetteer(codebook: str | None) -> Gazetteer:
    return Gazetteer(place_rows(load(codebook)))


@functools.lru_cache(maxsize=4096)
def _places(name: str, codebook: str | None) -> tuple[Place, ...]:
    return _gazetteer(codebook).lookup(name)[:NAMESAKES]


def _holds(outer: Place, inner: Place) -> bool:
    if outer.kind == "country":
        return inner.kind != "country" and inner.country == outer.country
    return outer.kind == "admin1" and inner.kind not in ("country", "admin1") and inner.region == outer.region


@functools.lru_cache(maxsize=4096)
def within(inner: str, outer: str, codebook: str | None = None) -> bool:
    """True where a place called ``inner`` lies in a country or region called ``outer``; False where either is unknown."""
    small, large = _places(inner, codebook), _places(outer, codebook)
    return any(_holds(b, a) and not (a.reviewed and a.kind == "country") for a in small for b in large)


@functools.lru_cache(maxsize=4096)
def known_place(name: str, codebook: str | None = None) -> bool:
    """True for the name of a region, or of a city that is the largest place of its name."""
    first = next(iter(_places(name, codebook)), None)
    return first is not None and first.kind != "country" and (first.kind != "settlement" or first.population >= CITY)


@functools.lru_cache(maxsize=65536)
def nest(one: str, other: str) -> bool:
    """True where one of the two lies in the other."""
    return within(one, other) or within(other, one)


@functools.lru_cache(maxsize=65536)
def same_place(one: str, other: str, codebook: str | None = None) -> bool:
    """True for one name, also where the other has more words to it ("Kursk", "Kursk region") or is another spelling.

    Transliterations ("Plyokhovo", "Plekhovo") meet by their letters, names of one town ("Bangalore", "Bengaluru") by the
    gazetteer.
    """
    a, b = fold(one).split(), fold(other).split()
    if loose(one) == loose(other) or (bool(a) and bool(b) and (set(a) <= set(b) or set(b) <= set(a))):
        return True
    ids = {p.geonames_id for p in _places(one, codebook) if p.kind == "settlement"} - {None}
    return any(p.geonames_id in ids for p in _places(other, codebook) if p.kind == "settlement")


#: words in the names of waters, which are only near to where something holds
WATERS = frozenset(
    {"sea", "ocean", "strait", "straits", "gulf", "bay", "channel", "lake", "river", "delta", "sound", "fjord", "canal"}
)


@functools.lru_cache(maxsize=4096)
def wide(place: str, codebook: str | None = None) -> bool:
    """True for a part of the world that lies in no one country, and for waters: others tell the same place more narrowly."""
    if WATERS & set(fold(place).split()):
        return True
    known = _places(place, codebook)
    return bool(known) and known[0].kind in ("region", "water") and known[0].country is None
