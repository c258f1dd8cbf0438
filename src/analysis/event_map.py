"""Map of events: where they happened and what figures are told of these places.

The map needs no network: coastlines and borders come from a package, the country of a point from its nearest town.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd
import pycountry
import reverse_geocode  # type: ignore[import-untyped]

from analysis import boundaries, phrases
from analysis.boundaries import Box
from analysis.charts import WIDE, Layout, dressed
from analysis.codebook import load
from analysis.event_labels import TYPES
from analysis.event_places import PRECISION, Spot, View, radius, spots_of, spread, window
from analysis.panels import COLOURS, INK, legend_below

LAND, WATER, BORDER = "#F4F2EC", "#E3EDF3", "#A8A59B"
EVENT = COLOURS[0]
HEIGHT = 430
#: points across and down at which the country is asked for
GRID = (24, 14)
#: degrees beyond which the nearest town does not tell the country: the sea, deserts
NEAREST_TOWN = 2.0
MOST_NAMES = 14
POSITION: dict[str, Any] = {"longitude": alt.Longitude("longitude:Q"), "latitude": alt.Latitude("latitude:Q")}


def prepare() -> None:
    """Load what tells the country of a point of the map, and the coastlines of a region, before a map is wanted."""
    reverse_geocode.search([(0.0, 0.0)])
    boundaries.areas(Box(0.0, 0.0, 5.0, 5.0))


def type_words(event_type: str) -> str:
    """An event type as a reader says it."""
    return phrases.sentence_case(TYPES.get(event_type, event_type.replace("_", " ").lower()))


def event_map(
    events: pd.DataFrame,
    mentions: pd.DataFrame | None = None,
    claims: pd.DataFrame | None = None,
    *,
    layout: Layout = WIDE,
    titled: bool = True,
) -> alt.LayerChart | None:
    """Where events happened and what figures are told of these places: one mark a place, larger for more events.

    A filled circle is a known place, a ring only a region, a diamond only a country. ``mentions`` gives the outlets,
    ``claims`` the figures of a place (by its name). The map is drawn round the bulk of the events; what lies far off is
    told in the note. None where no event has coordinates.
    """
    spots = spots_of(events, mentions, claims)
    if not spots:
        return None
    width = layout.plot if layout.narrow else layout.plot + layout.text - 60
    height = HEIGHT if not layout.narrow else 320
    box, away = window(spots, width / height)
    here = [s for s in spots if box.holds(s.longitude, s.latitude)]
    view = View(box, width, height)
    first: dict[Any, Any] = {}
    for mention in phrases.records(mentions) if mentions is not None else []:
        first.setdefault(mention["event_id"], mention.get("mention_id"))
    rows = [_spot_row(s, view, first) for s in sorted(here, key=lambda s: (-len(s.events), s.place))]
    names = Counter(row["place"] for row in rows)
    for row in rows:
        if names[row["place"]] > 1 and row["known"] == PRECISION["admin1"]:
            row["place"] += " region"
    spread(rows, view)
    frame = pd.DataFrame(rows)
    layers = [*_ground(box), *_countries(view, box, rows), *_marks(frame, layout), *_names(frame, view)]
    chart = alt.layer(
        *layers,
        width=width,
        height=height,
        projection=alt.Projection(type="mercator", scale=view.scale, translate=view.translate),
        resolve=alt.Resolve(scale=alt.ScaleResolveMap(color="independent")),
    )
    placed = sum(len(s.events) for s in spots)
    title = _map_title(here)
    drawn_events = sum(len(s.events) for s in here)
    note = f"{phrases.sentence_case(phrases.many(drawn_events, 'event'))} on the map; larger marks: more events."
    if away:
        far = phrases.listed(
            [f"{s.place} ({len(s.events):,}{', country only' if s.precision == 'country' else ''})" for s in away], 5
        )
        note += f" Outside it: {far}."
    if len(events) > placed:
        note += f" {phrases.sentence_case(phrases.many(len(events) - placed, 'event'))} without a place."
    described = f"{title}. {note} " + "; ".join(str(r["alt"]) for r in rows[:12]) + "."
    drawn: alt.LayerChart = dressed(chart, title, note, described, width, titled)
    return drawn


def _spot_row(spot: Spot, view: View, first: Mapping[Any, Any]) -> dict[str, Any]:
    """What is drawn of a place; a click on it reads the first sentence (``first``: by event) of its widest event."""
    events = sorted(spot.events, key=lambda e: (-int(e["n_outlets"]), str(e["date_start"] or "9999"), e["event_id"]))
    told = [f"{e['label']} ({phrases.days(e['date_start'], e['date_end'])})" if phrases.present(e["date_start"]) else e["label"] for e in events]  # fmt: skip
    figures = f"; {phrases.many(spot.figures, 'figure')}" if spot.figures else ""
    killed = [e for e in events if phrases.present(e.get("killed_best"))]
    dead = [f"{phrases.number(float(e['killed_low']))} to {phrases.number(float(e['killed_high']))}" if e["killed_low"] != e["killed_high"] else phrases.number(float(e["killed_best"])) for e in killed]  # fmt: skip
    x, y = view.pixel(spot.longitude, spot.latitude)
    words = PRECISION[spot.precision]
    count = phrases.many(len(events), "event")
    return {
        "claim_id": first.get(events[0]["event_id"]),
        "place": spot.place,
        "latitude": spot.latitude,
        "longitude": spot.longitude,
        "count": len(events),
        "known": words,
        "Place": f"{spot.place} ({words})",
        "Events": count + (f", {phrases.many(spot.outlets, 'outlet')}" if spot.outlets else ""),
        "What": "; ".join(told[:6]) + (f"; {len(told) - 6} more" if len(told) > 6 else ""),
        "Figures": phrases.many(spot.figures, "figure") if spot.figures else "none",
        "Killed": phrases.listed(dead, 4) if dead else "not told",
        "x": x,
        "y": y,
        "alt": f"{spot.place}: {count}{figures}, {words}",
    }


def _countries(view: View, box: Box, rows: Sequence[dict[str, Any]]) -> list[alt.Chart]:
    """Names of the countries on the map, each amid its part of it: by the nearest towns of a grid of points."""
    names = {row["id"]: row["name"] for row in load().rows("demonyms")}
    grid = [
        (view.width * (i + 0.5) / GRID[0], view.height * (k + 0.5) / GRID[1])
        for i in range(GRID[0])
        for k in range(GRID[1])
    ]
    places = [(view.latitude(y), view.longitude(x)) for x, y in grid]
    by_country: dict[str, list[tuple[float, float]]] = {}
    for point, (latitude, longitude), town in zip(grid, places, reverse_geocode.search(places), strict=True):
        far = math.hypot(town["latitude"] - latitude, town["longitude"] - longitude)
        country = pycountry.countries.get(alpha_2=town["country_code"])
        if country is not None and country.alpha_3 in names and far < NEAREST_TOWN:
            by_country.setdefault(names[country.alpha_3], []).append(point)
    labels = []
    for name, points in sorted(by_country.items()):
        others = [p for other, found in by_country.items() if other != name for p in found]
        marks = [(row["x"], row["y"]) for row in rows]
        free = max(points, key=lambda p: (_room(p, others, marks, view), p))
        if len(points) > 3 and _room(free, others, marks, view) > 20:
            labels.append(
                {"country": name.upper(), "longitude": view.longitude(free[0]), "latitude": view.latitude(free[1])}
            )
    if not labels:
        return []
    drawn = alt.Chart(alt.Data(values=labels)).mark_text(fontSize=11, color="#77736A", aria=False)
    return [drawn.encode(**POSITION, text=alt.Text("country:N"))]


def _room(
    point: tuple[float, float],
    others: Sequence[tuple[float, float]],
    marks: Sequence[tuple[float, float]],
    view: View,
) -> float:
    """Pixels between a label at ``point`` and the nearest edge, mark or point of another country."""
    x, y = point
    edge = min(x - 30, view.width - x - 30, 1.6 * (y + 10), 1.6 * (view.height - y + 10))
    near = [math.hypot((a - x) * 0.7, b - y) for a, b in [*others, *marks]]
    return min([edge, *near])


def _ground(box: Box) -> list[alt.Chart]:
    """Water, land, lakes and borders."""
    around = box.wider(0.15)
    ground: dict[str, Any] = {"clip": True, "aria": False}
    layers = [
        _shapes(boundaries.areas(around)).mark_geoshape(fill=LAND, stroke="#C9C6BC", strokeWidth=0.6, **ground),
        _shapes(boundaries.areas(around, boundaries.LAKE)).mark_geoshape(fill=WATER, stroke=None, **ground),
        _shapes(boundaries.borders(around)).mark_geoshape(filled=False, stroke=BORDER, strokeWidth=1, **ground),
    ]
    frame = [
        {
            "type": "Feature",
            "properties": {},
            "geometry": {"type": "Polygon", "coordinates": [_outline(box.wider(0.02))]},
        }
    ]
    return [_shapes(frame).mark_geoshape(fill=WATER, stroke=None, **ground), *layers]


def _outline(box: Box) -> list[list[float]]:
    """The box as a clockwise ring with points on its long sides, for great circles bow out."""
    steps = [box.west + (box.east - box.west) * i / 24 for i in range(25)]
    return [[x, box.south] for x in steps[:1]] + [[x, box.north] for x in steps] + [[x, box.south] for x in steps[::-1]]


def _shapes(features: list[dict[str, Any]]) -> alt.Chart:
    return alt.Chart(alt.Data(values=features or [{"type": "Feature", "properties": {}, "geometry": None}]))


def _marks(frame: pd.DataFrame, layout: Layout) -> list[alt.Chart]:
    """A mark a place: shape and filling tell how it is known, size how many events it has."""
    words = list(PRECISION.values())
    most = int(frame["count"].max())
    size = alt.Size("count:Q", scale=alt.Scale(type="linear", domain=[1, max(most, 2)], range=[90, 90 + min(1100, 110 * (most - 1)) or 91]), legend=None)  # fmt: skip
    detail: dict[str, Any] = {
        **POSITION,
        "size": size,
        "tooltip": [alt.Tooltip(f"{n}:N") for n in ("Place", "Events", "What", "Figures", "Killed")],
        "description": alt.Description("alt:N"),
    }
    legend = legend_below(layout, symbolSize=110, symbolStrokeWidth=2, labelFontSize=11.5)
    present = [w for w in words if w in set(frame["known"])]
    shapes = {words[0]: "circle", words[1]: "circle", words[2]: "diamond"}
    fills = {words[0]: EVENT, words[1]: "white", words[2]: "white"}
    marks = (
        alt.Chart(frame)
        .mark_point(filled=True, stroke=EVENT, strokeWidth=2, opacity=0.85)
        .encode(
            shape=alt.Shape(
                "known:N", scale=alt.Scale(domain=present, range=[shapes[w] for w in present]), legend=legend
            ),
            fill=alt.Fill("known:N", scale=alt.Scale(domain=present, range=[fills[w] for w in present]), legend=legend),
            **detail,
        )
    )
    several = frame[frame["count"] > 1]
    layers = [marks]
    if len(several):
        numbers = (
            alt.Chart(several)
            .mark_text(fontSize=10.5, fontWeight="bold", aria=False)
            .encode(
                **POSITION,
                text=alt.Text("count:Q"),
                color=alt.Color("known:N", scale=alt.Scale(domain=words, range=["white", EVENT, EVENT]), legend=None),
            )
        )
        layers.append(numbers)
    return layers


def _names(frame: pd.DataFrame, view: View) -> list[alt.Chart]:
    """Names of the places with most events, each where it covers no other name or mark."""
    most = int(frame["count"].max())
    taken: list[tuple[float, float, float, float]] = []
    for row in phrases.records(frame):
        r = radius(int(row["count"]), most)
        taken.append((row["x"] - r, row["y"] - r, row["x"] + r, row["y"] + r))
    sides: dict[str, list[dict[str, Any]]] = {"left": [], "right": []}
    for row in phrases.records(frame)[: 3 * MOST_NAMES]:
        if len(sides["left"]) + len(sides["right"]) >= MOST_NAMES:
            break
        long, gap = 6.4 * len(str(row["place"])), radius(int(row["count"]), most) + 4
        for side, left in (("left", row["x"] + gap), ("right", row["x"] - gap - long)):
            area = (left, row["y"] - 7, left + long, row["y"] + 7)
            free = all(area[0] > t[2] or area[2] < t[0] or area[1] > t[3] or area[3] < t[1] for t in taken)
            if free and area[0] > 2 and area[2] < view.width - 2:
                taken.append(area)
                sides[side].append(row | {"gap": gap})
                break
    layers = []
    for side, rows in sides.items():
        for row in rows:
            words = alt.Chart(alt.Data(values=[{k: row[k] for k in ("place", "longitude", "latitude")}]))
            dx = row["gap"] if side == "left" else -row["gap"]
            written: dict[str, Any] = {"align": side, "baseline": "middle", "dx": dx, "fontSize": 11.5, "aria": False}
            for style in ({"stroke": "white", "strokeWidth": 3, "opacity": 0.9}, {"color": INK}):
                layers.append(words.mark_text(**written, **style).encode(**POSITION, text=alt.Text("place:N")))
    return layers


def _map_title(spots: Sequence[Spot]) -> str:
    """Where most events are, in words: a town and its region of one name together."""
    total = sum(len(s.events) for s in spots)
    by_name: dict[str, list[Spot]] = {}
    for spot in spots:
        if spot.precision != "country" or all(s.precision == "country" for s in spots):
            by_name.setdefault(spot.place, []).append(spot)
    counts = {name: sum(len(s.events) for s in found) for name, found in by_name.items()}
    first = min(counts, key=lambda name: (-counts[name], name))
    if counts[first] == 1:
        return f"{phrases.sentence_case(phrases.many(total, 'event'))} in {phrases.many(len(spots), 'place')}, none with more than one"  # fmt: skip
    kinds = Counter(type_words(e["event_type"]).lower() for s in by_name[first] for e in s.events)
    what = phrases.listed([f"{k} ({n:,})" for k, n in sorted(kinds.items(), key=lambda i: (-i[1], i[0]))], 3)
    where = f"{first} and its region have" if len(by_name[first]) > 1 else f"{first} has"
    return f"{where} {phrases.counted(counts[first])} of {phrases.many(total, 'event')} on the map: {what}"
