"""The embedded gazetteer: places by name, from installed packages and the codebook, without any network.

The packages' places stand in the index (``analysis.place_index``); the codebook (``places.csv``) adds countries with their
centre, demonyms, corrected regions, seas and informal regions, and puts right what the index has otherwise.
"""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from analysis.codebook import Codebook
from analysis.place_dump import LOOSE_MARK
from analysis.place_index import countries, index_path
from analysis.place_names import fold, loose, short_region


@dataclass(frozen=True, slots=True)
class Place:
    """One place. ``country`` is ISO 3166-1 alpha-3, ``region`` the first-order region as a key (``RUS.kursk``).

    ``latitude`` and ``longitude`` are None where only the region or country of the place is known. ``main`` is true where
    the name looked up is the place's own, not an alternate one; ``reviewed`` where the codebook lists it as an alias,
    ``indexed`` where the place stands in the index only: a lake or range of a dump is less than one that the codebook lists.
    """

    name: str
    kind: str
    latitude: float | None
    longitude: float | None
    country: str | None
    region: str | None
    region_name: str | None
    population: int
    geonames_id: int | None
    main: bool = True
    reviewed: bool = False
    indexed: bool = False


def place_rows(codebook: Codebook) -> list[dict[str, str]]:
    """The rows of places.csv, countries with their names from demonyms.csv, where a country's names have their one home.

    A name of a country that is also a place of its own (England, Scottish) stays with that place.
    """
    split, rows = codebook.split, codebook.rows("places")
    own = {
        fold(n)
        for r in rows
        if r["kind"] != "country"
        for n in (r["name"], *split(r["aliases"]), *split(r["demonyms"]))
    }
    named = codebook.by_id("demonyms")
    found = [dict(row) for row in rows]
    for row in found:
        country = named.get(row["country"]) if row["kind"] == "country" else None
        if country is None:
            continue
        for column in ("aliases", "demonyms"):
            words = dict.fromkeys((*split(row[column]), *split(country[column])))
            row[column] = " | ".join(w for w in words if fold(w) not in own)
    return found


COLUMNS = "p.name, kind, latitude, longitude, country, region, region_name, population, geonames_id"


class Gazetteer:
    """Places by name: the index plus the codebook's rows. Opens its file on first use and again in a forked process."""

    def __init__(self, rows: Iterable[Mapping[str, str]], words: Sequence[str] = (), extra: Path | None = None) -> None:
        """``rows`` are those of places.csv, ``words`` the generic words left out of region names, ``extra`` a GeoNames file."""
        self.words = tuple(sorted(words))
        self.extra = extra
        self._base: sqlite3.Connection | None = None
        self._process = 0
        self._own: dict[str, list[Place]] = defaultdict(list)
        self._demonyms: dict[str, list[Place]] = defaultdict(list)
        self._alias: dict[str, tuple[str, str, str]] = {}
        self._corrected: dict[str, Place] = {}
        self._cache: dict[str, tuple[Place, ...]] = {}
        self._regions: dict[str, Place | None] = {}
        self._areas: dict[str, tuple[Place, ...]] = {}
        self._loose: dict[str, str] = {}
        self._forms: set[str] = set()
        self._capitals: set[str] = set()
        self._demonym_forms: set[str] = set()
        for row in rows:
            self._add(row)
        listed = {p.country for places in self._own.values() for p in places if p.kind == "country"}
        self._unlisted = {fold(r["name"]): code for code, r in countries().items() if code not in listed}

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_base": None, "_cache": {}, "_regions": {}, "_areas": {}}

    def _add(self, row: Mapping[str, str]) -> None:
        region = f"{row['country']}.{fold(row['admin1'])}" if row["admin1"] else None
        split = [part.strip() for part in row["aliases"].split("|") if part.strip()]
        if row["kind"] == "settlement" and not row["latitude"]:
            for name in (row["name"], *split):
                self._loose.setdefault(loose(name), fold(name))
                self._alias[fold(name)] = (row["name"], row["country"], region or "")
            return
        country = countries().get(row["country"]) if row["kind"] == "country" else None
        place = Place(
            name=row["name"],
            kind=row["kind"],
            latitude=float(row["latitude"]),
            longitude=float(row["longitude"]),
            country=row["country"] or None,
            region=region,
            region_name=row["name"] if row["kind"] == "admin1" else (short_region(row["admin1"], self.words) or None),
            population=int(country["population"]) if country else 0,
            geonames_id=int(row["geonames_id"]) if row["geonames_id"] else None,
        )
        if row["kind"] == "admin1" and region:
            self._corrected[region] = place
        if row["kind"] in ("country", "admin1", "region", "water"):
            self._forms.update((row["name"], *split))
            self._capitals.update(n.upper() for n in (row["name"], *split))
        self._demonym_forms.update(part.strip() for part in row["demonyms"].split("|") if part.strip())
        for name in dict.fromkeys(fold(n) for n in (row["name"], *split)):
            self._own[name].append(replace(place, reviewed=row["kind"] == "settlement" or name != fold(row["name"])))
        for name in (part.strip() for part in row["demonyms"].split("|")):
            if name:
                self._demonyms[fold(name)].append(replace(place, main=False))

    def _connection(self) -> sqlite3.Connection:
        if self._base is None or self._process != os.getpid():
            path = index_path(self.words, self.extra)
            self._base = sqlite3.connect(
                f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False
            )
            self._process = os.getpid()
        return self._base

    def _indexed(self, name: str) -> list[Place]:
        query = f"SELECT {COLUMNS}, main FROM names n JOIN places p ON p.id = n.place WHERE n.name = ? ORDER BY population DESC, p.id"
        places = []
        for *columns, main in self._connection().execute(query, (name,)):
            place = replace(Place(*columns), main=bool(main), indexed=True)
            if place.region and place.region in self._corrected:
                better = self._corrected[place.region]
                place = replace(place, region_name=better.name)
                if place.kind == "admin1":
                    place = replace(self.region(better.region or "") or place, main=name == fold(better.name))
            places.append(place)
        return places

    def lookup(self, name: str) -> tuple[Place, ...]:
        """All places of that name, the codebook's first, then by population; empty if there is none."""
        key = fold(name)
        if key in self._cache:
            return self._cache[key]
        if key not in self._own and key not in self._alias and not self._indexed(key):
            key = self._loose.get(loose(name), key)
        own = list(self._own.get(key, ()))
        found = self._indexed(key)
        if not (own or found or self.extra is None or key in self._alias):
            found = [replace(p, main=False) for p in self._indexed(LOOSE_MARK + loose(name))]
        if not own and key in self._unlisted and (country := self._at_capital(self._unlisted[key])) is not None:
            own.append(country)
        if key in self._alias:
            canonical, code, region = self._alias[key]
            spellings = (fold(canonical), *sorted(k for k, alias in self._alias.items() if alias == self._alias[key]))
            named = [p for spelling in spellings for p in self._indexed(spelling) if p.country == code]
            there = [p for p in named if not region or p.region == region]
            near = [p for p in there if p.kind == "settlement"][:1]
            settled = [replace(p, name=canonical, main=True, indexed=False) for p in near]
            better = self._corrected.get(region)
            shown = better.name if better else None
            own += settled or [Place(canonical, "settlement", None, None, code, region or None, shown, 0, None)]
            found = [p for p in found if p.country != code or p.kind != "settlement"]
        grown = [self._grown(p) for p in own]
        known = {(p.kind, p.region) for p in grown if p.kind == "admin1"}
        ids = {p.geonames_id for p in grown if p.geonames_id}
        places = tuple(grown + [p for p in found if p.geonames_id not in ids and (p.kind, p.region) not in known])
        self._cache[key] = places
        return places

    def _at_capital(self, iso3: str) -> Place | None:
        """A country that the codebook does not list, at its capital."""
        record = countries()[iso3]
        found = [p for p in self._indexed(fold(record["capital"])) if p.country == iso3 and p.kind == "settlement"]
        if not found:
            return None
        seat = found[0]
        return Place(record["name"], "country", seat.latitude, seat.longitude, iso3, None, None, int(record["population"]),
                     int(record["geonameid"]))  # fmt: skip

    def _grown(self, place: Place) -> Place:
        """A codebook region or settlement with the population that the index has for it."""
        if place.kind == "settlement" and place.geonames_id:
            row = (
                self._connection()
                .execute(
                    "SELECT population, region, region_name FROM places WHERE geonames_id = ?", (place.geonames_id,)
                )
                .fetchone()
            )
            better = self._corrected.get(row[1]) if row else None
            shown = better.name if better else row[2] if row else None
            return replace(place, population=row[0], region=row[1], region_name=shown) if row else place
        known = self.region(place.region) if place.kind == "admin1" and place.region else None
        return replace(place, population=known.population) if known else place

    def demonym(self, word: str) -> tuple[Place, ...]:
        """The countries or regions that a demonym stands for ("Georgian")."""
        return tuple(self._demonyms.get(fold(word), ()))

    def region(self, key: str) -> Place | None:
        """The first-order region with that key (``RUS.kursk oblast``), as corrected by the codebook."""
        if key not in self._regions:
            query = f"SELECT {COLUMNS} FROM places p WHERE kind = 'admin1' AND region = ?"
            row = self._connection().execute(query, (key,)).fetchone()
            place, better = Place(*row) if row else None, self._corrected.get(key)
            if better:
                place = replace(better, population=place.population if place else 0)
            self._regions[key] = place
        return self._regions[key]

    def country(self, iso3: str) -> Place | None:
        """The country with that code."""
        name = countries().get(iso3, {}).get("name")
        return next((p for p in self.lookup(name) if p.kind == "country" and p.country == iso3), None) if name else None

    def areas(self, name: str, demonyms: bool = True) -> tuple[Place, ...]:
        """The countries and first-order regions of that name or demonym, as the codebook lists them, or by main name."""
        key = fold(name)
        if key not in self._areas:
            own = [p for p in self._own.get(key, ()) if p.kind in ("country", "admin1")]
            if not own and len(key) > 3:
                own = [p for p in self.lookup(name) if p.kind == "admin1" and p.main]
            self._areas[key] = tuple(own)
        return self._areas[key] or (self.demonym(name) if demonyms else ())

    def is_demonym(self, word: str) -> bool:
        """Whether the word is only a demonym, no place's name ("Russian", "Middle Eastern")."""
        return word in self._demonym_forms and word not in self._forms

    def listed(self, name: str) -> bool:
        """Whether the codebook lists a country, region or water in just these letters ("EU"; not "MISS" for "Miss.")."""
        return name in self._forms or (name.isupper() and len(name) > 4 and name in self._capitals)
