"""Rows for the place index from a file in GeoNames' tab format, as the country dumps are (RU.txt, SDN.txt, allCountries.txt).

A dump has the villages that the embedded packages lack. Its rows say which first-order region they lie in by a code; the
packages, else the dump's own ADM1 rows, give that code its name, so that "the village of X in the Y region" finds X in Y.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.place_names import fold, latin, loose, plain, short_region

#: the columns of ``places`` without the id, and [(folded name, 1 if it is the main one)]
Row = tuple[tuple[Any, ...], list[tuple[str, int]]]
#: (ISO 3166-1 alpha-2 code of the country, GeoNames' code of the first-order region)
Code = tuple[str, str]

COLUMNS = 19
#: what marks a coarse spelling among the names of the index
LOOSE_MARK = "~"
#: GeoNames feature codes -> kind; countries are embedded whole, the brooks, hills and estates of a dump are no places of news
FEATURE_KINDS = {"ADM1": "admin1", "ADM2": "admin2"}
FEATURE_KINDS |= dict.fromkeys(("BAY", "CHN", "GULF", "LK", "LKS", "OCN", "RSV", "SEA", "STM", "STRT"), "water")
FEATURE_KINDS |= dict.fromkeys(("ISL", "ISLS", "MTS", "PEN", "DSRT", "VAL", "RGN"), "region")
SETTLEMENTS = "P"


def _lines(path: Path) -> Iterator[list[str]]:
    """The cells of every line. Raises ValueError that names the first line with other than 19 of them."""
    try:
        with path.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                cells = line.rstrip("\r\n").split("\t")
                if len(cells) != COLUMNS:
                    raise ValueError(f"{path}, line {number}: {len(cells)} columns where GeoNames has {COLUMNS}")
                yield cells
    except UnicodeDecodeError:
        raise ValueError(f"{path} is no text in UTF-8; unpack the dump if it is packed") from None


def check(path: Path) -> None:
    """Raise ValueError where the first line is none of GeoNames' (the file may be large: the rest is read when needed)."""
    if next(_lines(path), None) is None:
        raise ValueError(f"{path} is empty; give a country dump of GeoNames, unpacked")


def _regions(path: Path, known: Mapping[Code, str]) -> dict[Code, str]:
    """Names of first-order regions by code: the packages' where they have one, else those of the dump's ADM1 rows."""
    own = {(cells[8], cells[10]): cells[1] for cells in _lines(path) if cells[7] == "ADM1"}
    return {**own, **known}


def dump_rows(
    path: Path, known: Mapping[Code, str], iso3: Mapping[str, str], words: Sequence[str] = ()
) -> Iterator[Row]:
    """Rows of a file with GeoNames' 19 columns (see its readme), in the file's order, each in the region of its code.

    ``known`` names the first-order regions of the packages, ``iso3`` maps the codes of countries, ``words`` are generic
    words left out of the names of regions. Settlements also get their coarse spellings, marked by LOOSE_MARK. Raises
    ValueError where a line is not of that format.
    """
    regions = _regions(path, known)
    for cells in _lines(path):
        kind = FEATURE_KINDS.get(cells[7]) or ("settlement" if cells[6] == SETTLEMENTS else None)
        country = iso3.get(cells[8])
        if kind is None or country is None:
            continue
        state = regions.get((cells[8], cells[10]), "")
        name = plain(state if kind == "admin1" and state else cells[1])
        short = plain(short_region(state, words)) or None
        region = f"{country}.{fold(state)}" if state else None
        own = [n for n in (cells[1], cells[2], *cells[3].split(",")) if n]
        names = {fold(n): 0 for n in own if latin(n)} | {fold(cells[2]): 1, fold(cells[1]): 1}
        if kind == "admin1":
            names |= {fold(short_region(n, words)): int(n == cells[1]) for n in own if latin(n)}
            name = short or name
        elif kind == "settlement":
            names |= {LOOSE_MARK + loose(n): 0 for n in own if latin(n)}
        names.pop("", None)
        columns = (int(cells[0]), name, kind, float(cells[4]), float(cells[5]), country, region, short,
                   int(cells[14] or 0))  # fmt: skip
        yield columns, sorted(names.items())
