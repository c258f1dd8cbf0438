"""The timeline and the map of events: what is drawn, what is said, and that the map is cut to the events."""

from __future__ import annotations

import json
import math
from typing import Any

import altair as alt
import pandas as pd
import pytest

from analysis import boundaries, charts, event_charts
from analysis.boundaries import Box


def event(name: str, **cells: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "event_id": f"evt_{name}",
        "event_type": "ASSAULT",
        "label": "Chad attacks Sudan in Adre",
        "place": "Adre",
        "latitude": 13.47,
        "longitude": 22.2,
        "place_precision": "exact",
        "date_start": "2024-03-04",
        "date_end": "2024-03-04",
        "n_outlets": 1,
        "killed_low": None,
        "killed_best": None,
        "killed_high": None,
    }
    return row | cells


def table(*rows: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(list(rows))


def told(*pairs: tuple[str, str]) -> pd.DataFrame:
    return pd.DataFrame([{"event_id": f"evt_{name}", "outlet": outlet} for name, outlet in pairs])


EVENTS = table(
    *[event(str(i)) for i in range(10)],
    event("a", place="Abeche", latitude=13.83, longitude=20.83, killed_low=3.0, killed_best=4.0, killed_high=5.0),
    event("b", place="Adre", latitude=13.5, longitude=22.3, place_precision="admin1"),
    event(
        "c",
        place="Chad",
        latitude=15.0,
        longitude=19.0,
        place_precision="country",
        date_start="2024-02-01",
        date_end="2024-02-29",
    ),
    event("d", place=None, latitude=None, longitude=None, place_precision="none"),
)
MENTIONS = told(("a", "Northern Post"), ("a", "Harbour Times"), ("b", "Harbour Times"), ("c", "Northern Post"))


def drawn(chart: Any) -> dict[str, Any]:
    assert chart is not None
    spec = chart.to_dict()
    assert "http" not in json.dumps({k: v for k, v in spec.items() if k != "$schema"})
    return dict(spec)


def rows_with(spec: Any, column: str) -> list[dict[str, Any]]:
    sets = list(spec.get("datasets", {}).values())
    return next(rows for rows in sets if rows and column in rows[0])


def test_ten_events_of_a_town_are_one_mark() -> None:
    spec = drawn(event_charts.event_map(EVENTS, MENTIONS))
    marks = rows_with(spec, "known")
    assert sorted((m["place"], m["count"], m["known"]) for m in marks) == [
        ("Abeche", 1, "place known"),
        ("Adre", 10, "place known"),
        ("Adre region", 1, "only the region known"),
        ("Chad", 1, "only the country known"),
    ]
    apart = [(m["x"], m["y"]) for m in marks]
    assert min(math.dist(a, b) for i, a in enumerate(apart) for b in apart[i + 1 :]) > 10


def test_map_says_what_it_shows_and_what_not() -> None:
    spec = drawn(event_charts.event_map(EVENTS, MENTIONS))
    assert spec["title"]["text"][0].startswith("Adre and its region have eleven of 13 events on the map")
    assert "One event without a place." in " ".join(spec["title"]["subtitle"])
    assert "Adre: ten events, place known" in spec["description"]
    assert "<svg" in charts.svg(event_charts.event_map(EVENTS, MENTIONS))


def test_what_lies_far_off_does_not_shrink_the_map() -> None:
    far = event("far", place="Lima", latitude=-12.0, longitude=-77.0)
    spec = drawn(event_charts.event_map(pd.concat([EVENTS, table(far)]), MENTIONS))
    assert "Lima" not in {m["place"] for m in rows_with(spec, "known")}
    assert "Lima (1)." in " ".join(spec["title"]["subtitle"])


def test_nothing_to_draw() -> None:
    assert event_charts.event_map(EVENTS.assign(latitude=None), MENTIONS) is None
    assert event_charts.timeline(EVENTS.assign(date_start=None), MENTIONS) is None


def test_timeline_has_a_mark_for_each_outlet_and_a_bar_for_a_span() -> None:
    spec = drawn(event_charts.timeline(EVENTS, MENTIONS))
    marks = rows_with(spec, "lane")
    assert len(marks) == 4
    assert {(m["Outlet"], m["start"] != m["end"]) for m in marks if m["What"]} >= {("Northern Post", True)}
    assert spec["title"]["text"][0].startswith("Told most widely: Chad attacks Sudan in Adre, 4 March 2024, by two")
    assert len({m["lane"] for m in marks}) == 2


def test_far_earlier_events_do_not_stretch_the_timeline() -> None:
    early = event("early", date_start="2001-01-01", date_end="2001-01-01")
    mentions = pd.concat([MENTIONS, told(("early", "Harbour Times"))])
    spec = drawn(event_charts.timeline(pd.concat([EVENTS, table(early)]), mentions))
    assert all(m["start"] >= "2024" for m in rows_with(spec, "lane"))
    assert "One event before" in " ".join(spec["title"]["subtitle"])


@pytest.mark.parametrize("layout", [event_charts.WIDE, event_charts.NARROW])
def test_same_chart_every_time(layout: charts.Layout) -> None:
    first = drawn(event_charts.event_map(EVENTS, MENTIONS, layout=layout))
    assert first == drawn(event_charts.event_map(EVENTS, MENTIONS, layout=layout))
    assert isinstance(event_charts.timeline(EVENTS, MENTIONS, layout=layout), alt.LayerChart)


def test_boundaries_are_cut_to_the_box() -> None:
    box = Box(20.0, 10.0, 26.0, 14.0)
    assert boundaries.available()
    lines = boundaries.borders(box)
    assert lines
    for feature in [*lines, *boundaries.areas(box)]:
        points = feature["geometry"]["coordinates"]
        ring = points[0] if feature["geometry"]["type"] == "Polygon" else points[1:-1]
        assert all(19.9 <= x <= 26.1 and 9.9 <= y <= 14.1 for x, y in ring)
    assert boundaries.areas(Box(-40.0, 20.0, -38.0, 22.0)) == []
