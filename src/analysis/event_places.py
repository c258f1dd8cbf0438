"""The window of a map of events: places with their events, the box round them, its projection, marks set apart."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from analysis import phrases
from analysis.boundaries import Box

#: the map shows at least this share of the events; the rest is told below it where it would shrink the rest too much
SHOWN = 0.8
TOO_FAR = 2.5
#: degrees that a map shows at least
LEAST_SPAN = 5.0
#: pixels by which a mark may be moved so that it covers no other
ASIDE = 44
#: how a place is known, finest first: words of the legend
PRECISION = {"exact": "place known", "admin1": "only the region known", "country": "only the country known"}


@dataclass
class Spot:
    """One place with all its events."""

    place: str
    latitude: float
    longitude: float
    precision: str
    events: list[dict[str, Any]] = field(default_factory=list)
    figures: int = 0
    outlets: int = 0


def spots_of(events: pd.DataFrame, mentions: pd.DataFrame | None, claims: pd.DataFrame | None) -> list[Spot]:
    """Places with their events, those known alike at one point together."""
    spots: dict[tuple[float, float, str], Spot] = {}
    for event in phrases.records(events):
        if not (phrases.present(event["latitude"]) and phrases.present(event["longitude"])):
            continue
        at = (round(float(event["latitude"]), 2), round(float(event["longitude"]), 2), str(event["place_precision"]))
        if at[2] not in PRECISION:
            continue
        name = str(event["place"]).split("+")[0]
        spots.setdefault(at, Spot(name, at[0], at[1], at[2])).events.append(event)
    outlets: dict[str, set[str]] = {}
    for mention in phrases.records(mentions) if mentions is not None else []:
        outlets.setdefault(mention["event_id"], set()).add(mention["outlet"])
    told: Counter[str] = Counter()
    if claims is not None and len(claims):
        told.update(str(c["place"]) for c in phrases.records(claims) if phrases.present(c["place"]))
    for spot in spots.values():
        spot.figures = told[spot.place]
        spot.outlets = len(set().union(*(outlets.get(e["event_id"], set()) for e in spot.events)))
    return list(spots.values())


def window(spots: Sequence[Spot], shape: float) -> tuple[Box, list[Spot]]:
    """The box to draw and the places outside it: all of them, or their bulk where the rest would shrink it too much."""
    total = sum(len(s.events) for s in spots)
    centre = max(spots, key=lambda s: (sum(len(o.events) / (1 + _degrees(s, o)) for o in spots), s.place))
    near = sorted(spots, key=lambda s: (_degrees(centre, s), s.place))
    bulk: list[Spot] = []
    for spot in near:
        if sum(len(s.events) for s in bulk) >= SHOWN * total:
            break
        bulk.append(spot)
    whole, core = _round(spots, shape), _round(bulk, shape)
    if whole.east - whole.west <= TOO_FAR * (core.east - core.west):
        return whole, []
    away = [s for s in spots if not core.holds(s.longitude, s.latitude)]
    return core, sorted(away, key=lambda s: (-len(s.events), s.place))


def _degrees(a: Spot, b: Spot) -> float:
    squeeze = math.cos(math.radians((a.latitude + b.latitude) / 2))
    return math.hypot(a.latitude - b.latitude, (a.longitude - b.longitude) * squeeze)


def _mercator(latitude: float) -> float:
    return math.degrees(math.log(math.tan(math.pi / 4 + math.radians(latitude) / 2)))


def _latitude(y: float) -> float:
    return math.degrees(2 * math.atan(math.exp(math.radians(y))) - math.pi / 2)


def _round(spots: Sequence[Spot], shape: float) -> Box:
    """A box of the map's shape round the places, with a margin of context."""
    west, east = min(s.longitude for s in spots), max(s.longitude for s in spots)
    south, north = (_mercator(max(-80.0, min(80.0, f(s.latitude for s in spots)))) for f in (min, max))
    dx = max((east - west) * 1.35, LEAST_SPAN)
    dy = max((north - south) * 1.4, LEAST_SPAN / shape)
    dx, dy = max(dx, dy * shape), max(dy, dx / shape)
    if dx > 360:
        dx, dy = 360.0, 360.0 / shape
    x, y = (west + east) / 2, (south + north) / 2
    return Box(x - dx / 2, _latitude(y - dy / 2), x + dx / 2, _latitude(y + dy / 2))


class View:
    """The Mercator projection of one box onto a drawing of ``width`` by ``height`` pixels."""

    def __init__(self, box: Box, width: float, height: float) -> None:
        self.scale = width / math.radians(box.east - box.west)
        middle = math.radians((_mercator(box.south) + _mercator(box.north)) / 2)
        self.translate = [
            width / 2 - self.scale * math.radians((box.west + box.east) / 2),
            height / 2 + self.scale * middle,
        ]
        self.width, self.height = width, height

    def longitude(self, x: float) -> float:
        return math.degrees((x - self.translate[0]) / self.scale)

    def latitude(self, y: float) -> float:
        return _latitude(math.degrees((self.translate[1] - y) / self.scale))

    def pixel(self, longitude: float, latitude: float) -> tuple[float, float]:
        x = self.translate[0] + self.scale * math.radians(longitude)
        return x, self.translate[1] - self.scale * math.radians(_mercator(latitude))


def spread(rows: list[dict[str, Any]], view: View) -> None:
    """Move marks that would cover one another a little aside, the vaguer ones first (in place).

    Where there is no room within ASIDE pixels a mark stays where it is: rather covered in part than elsewhere.
    """
    most = max(row["count"] for row in rows)
    finest = list(PRECISION.values())
    done: list[tuple[float, float, float]] = []
    for row in sorted(rows, key=lambda r: finest.index(r["known"])):
        own = radius(row["count"], most)
        for step in range(0, ASIDE, 4):
            turns = [math.tau * i / 8 for i in range(8)] if step else [0.0]
            tried = [(row["x"] + step * math.cos(t), row["y"] + step * math.sin(t)) for t in turns]
            free = [p for p in tried if all(math.hypot(p[0] - x, p[1] - y) >= r + own for x, y, r in done)]
            if free:
                row["x"], row["y"] = free[0]
                break
        row["longitude"] = round(view.longitude(row["x"]), 4)
        row["latitude"] = round(view.latitude(row["y"]), 4)
        done.append((row["x"], row["y"], own))


def radius(count: int, most: int) -> float:
    size = 90 + (min(1100, 110 * (most - 1)) * (count - 1) / max(1, most - 1))
    return math.sqrt(size / math.pi) + 1.5
