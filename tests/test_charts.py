"""Charts: what they draw, what they say, and that they draw the same everywhere."""

from __future__ import annotations

import itertools
import json
import xml.etree.ElementTree as ET
from typing import Any

import altair as alt
import pandas as pd
import pytest
import reported

from analysis import charts, findings, panel_rows, panels, phrases

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def mine() -> reported.Tables:
    return reported.mine_collapse()


def group(tables: reported.Tables, label: str) -> tuple[dict[str, Any], pd.DataFrame]:
    rows = phrases.records(tables["comparisons"])
    row = next(r for r in rows if r["label"] == label)
    return row, tables["claims"][tables["claims"]["comparison_id"] == row["comparison_id"]]


def texts(svg: str) -> list[str]:
    return ["".join(t.itertext()) for t in ET.fromstring(svg).iter(f"{SVG}text")]


def drawn_rows(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return spec["data"]["values"] if "values" in spec["data"] else next(iter(spec["datasets"].values()))


def test_every_outlet_speaker_and_figure_is_in_the_drawing(mine: reported.Tables) -> None:
    row, claims = group(mine, "Miners killed in Ostrava")
    words = " | ".join(texts(charts.svg(charts.comparison(claims, row))))
    for expected in ("Herald", "Courier", "governor of Ostrava", "a union, via Wire North", "no source named"):
        assert expected in words
    for figure in ("> 20", "≥ 10", "9–14", "12"):
        assert figure in words


def test_title_says_the_finding_from_the_data(mine: reported.Tables) -> None:
    row, claims = group(mine, "Miners killed in Ostrava")
    spec = charts.comparison(claims, row).to_dict()
    assert spec["title"]["text"] == ["Miners killed in Ostrava: 9 to 14, or more than 20"]
    assert spec["title"]["subtitle"] == ["Six outlets, five origins; they contradict one another."] or (
        spec["title"]["subtitle"][0].startswith("Six outlets, ")
    )


@pytest.mark.parametrize(
    ("figure", "open_to", "point", "ticks", "hollow"),
    [
        ("more than 20", "right", 20, None, True),
        ("at least 10", "right", 10, None, False),
        ("9 to 14", None, None, (9, 14), False),
        ("12", None, 12, None, False),
    ],
)
def test_bounds_are_drawn_as_the_text_gives_them(
    mine: reported.Tables, figure: str, open_to: str | None, point: float | None, ticks: Any, hollow: bool
) -> None:
    row, claims = group(mine, "Miners killed in Ostrava")
    mark = next(r for r in drawn_rows(charts.comparison(claims, row).to_dict()) if r["Figure"] == figure)
    assert mark["open_to"] == open_to
    assert mark["point"] == point
    assert (mark["tick_low"], mark["tick_high"]) == (ticks or (None, None))
    assert (mark["fill"] == "white") is hollow


def test_speakers_differ_in_colour_and_in_shape(mine: reported.Tables) -> None:
    styles = charts.palette(mine["claims"])
    named = [styles["governor of Ostrava"], styles["a union"]]
    assert len({colour for colour, _ in named}) == 2
    assert len({shape for _, shape in named}) == 2
    assert styles[findings.OWN_VOICE] == panels.SILENT


def test_speakers_beyond_the_palette_share_a_colour_and_keep_shapes() -> None:
    claims = reported.many_outlets(1, most=10)["claims"]
    chosen = panels.panel_palette([findings.speaker_key(c) for c in phrases.records(claims)], charts.palette(claims))
    assert len(set(chosen.values())) == 10


def test_a_speaker_keeps_his_colour_in_every_panel() -> None:
    claims = reported.many_outlets(3, most=9)["claims"]
    styles = charts.palette(claims)
    one = panels.panel_palette(["Speaker 1 of the Provincial Committee for Civil Protection"], styles)
    assert all(styles[k] == v for k, v in one.items())


def test_fifty_outlets_stay_legible() -> None:
    tables = reported.many_outlets(50)
    row, claims = group(tables, "Miners killed")
    spec = charts.comparison(claims, row).to_dict()
    rows = drawn_rows(spec)
    assert len(rows) == panel_rows.MOST_ROWS
    assert "not drawn: see the table" in " ".join(spec["title"]["subtitle"])
    values = [r["point"] for r in rows]
    assert min(values) == 100, "the lowest figure stays"
    assert max(values) == 152, "the highest figure stays"
    heights = sorted(r["y"] for r in rows)
    assert min(b - a for a, b in itertools.pairwise(heights)) >= 30, "no two rows overlap"


@pytest.mark.parametrize("layout", [charts.WIDE, charts.NARROW])
def test_no_label_is_cut(layout: charts.Layout) -> None:
    tables = reported.many_outlets(4)
    row, claims = group(tables, "Miners killed")
    svg = charts.svg(charts.comparison(claims, row, layout=layout))
    assert "…" not in " ".join(texts(svg))
    root = ET.fromstring(svg)
    assert float(root.attrib["width"]) <= layout.plot + layout.text + 30


def test_chart_and_marks_have_text_alternatives(mine: reported.Tables) -> None:
    row, claims = group(mine, "Miners killed in Ostrava")
    chart = charts.comparison(claims, row)
    spec = chart.to_dict()
    assert "Gazette: at least 10, a union, via Wire North" in spec["description"]
    assert 'aria-label="Courier, 7 March 2025: more than 20; no source named"' in charts.svg(chart)


def test_large_ratios_use_a_logarithmic_axis() -> None:
    story = reported.article("Herald", "In one place 3 died. In all 40000 died.")
    claims = [reported.figure(story, "3", 3, 3), reported.figure(story, "40000", 40000, 40000)]
    row = reported.comparison(claims, "Dead", "conflict")
    tables = reported.tables(articles=[story], claims=claims, comparisons=[row])
    spec = charts.comparison(tables["claims"], row).to_dict()
    assert '"type": "log"' in json.dumps(spec)


def test_one_figure_told_in_two_units_is_one_row_in_the_unit_of_the_group() -> None:
    herald = reported.article("Herald", "They hold 1,000 sq km (386 square miles), the army said.")
    gazette = reported.article("Gazette", "They hold 500 square miles, the army said.")
    area = {"measure": "territory_controlled", "source": "the army"}
    claims = [
        reported.figure(herald, "1,000 sq km", 1000, 1000, unit="km2", **area),
        reported.figure(herald, "386 square miles", 386, 386, unit="mi2", **area),
        reported.figure(gazette, "500 square miles", 500, 500, unit="mi2", **area),
    ]
    row = reported.comparison(claims, "Land held", "conflict", unit="km2")
    frame = reported.tables(articles=[herald, gazette], claims=claims, comparisons=[row])["claims"]
    rows, hidden = panel_rows.comparison_rows(frame, "km2")
    assert hidden == 0
    assert rows[["figure", "low"]].values.tolist() == [["500 square miles", 1295.0], ["1,000 km²", 1000.0]]
    assert findings.comparison_title(row, frame) == "Land held: 1,000 to 1,295 km²"


def test_time_chart_and_movement() -> None:
    stories = [
        reported.article("Herald", f"The governor said {n} died.", f"2025-03-0{d}") for d, n in ((4, 12), (6, 19))
    ]
    claims = [
        reported.figure(s, w, int(w), int(w), source="governor") for s, w in zip(stories, ("12", "19"), strict=True)
    ]
    row = reported.comparison(claims, "Miners killed", "drift")
    tables = reported.tables(articles=stories, claims=claims, comparisons=[row])
    assert charts.movement(tables["claims"], row) == "Miners killed: up from 12 to 19, 4 March to 6 March 2025"
    words = " ".join(texts(charts.svg(charts.figures_over_time(tables["claims"], row))))
    assert "up from 12 to 19" in words
    assert "governor" in words


def test_lines_and_movement_leave_altered_retellings_out_and_average_nothing() -> None:
    said = [("Herald", 12, 4), ("Gazette", 19, 6), ("Courier", 19, 6), ("Mirror", 91, 6), ("Observer", 21, 6)]
    stories = [reported.article(o, f"The governor said {n} died.", f"2025-03-0{d}") for o, n, d in said]
    claims = [
        reported.figure(s, str(n), n, n, source="governor", distortion="digits swapped" if n == 91 else None)
        for s, (_, n, _) in zip(stories, said, strict=True)
    ]
    row = reported.comparison(claims, "Miners killed", "conflict")
    frame = reported.tables(articles=stories, claims=claims, comparisons=[row])["claims"]
    spec = charts.figures_over_time(frame, row).to_dict()
    line, _, marks, hollow = spec["layer"]
    assert [point["middle"] for point in spec["datasets"][line["data"]["name"]]] == [12.0, 19.0]
    assert "aggregate" not in line["encoding"]["y"]
    assert marks["mark"]["filled"] and not hollow["mark"]["filled"]
    assert "91" in spec["description"] and "changed on the way: digits swapped" in spec["description"]


def test_no_movement_is_told_where_nothing_moved(mine: reported.Tables) -> None:
    row, claims = group(mine, "Miners killed in Ostrava")
    assert charts.movement(claims, row) is None


def test_territory_share() -> None:
    story = reported.article("Herald", "They lost more than 40 per cent of it.")
    more = {
        "comparator": ">",
        "unit": "percent",
        "measure": "territory_lost",
        "side": "Ruritania",
        "place": "Lorne",
    }
    claim = reported.figure(story, "40 per cent", 40, None, **more)
    claims = reported.tables(articles=[story], claims=[claim])["claims"]
    chart = charts.territory_share(claims)
    assert chart is not None
    assert "more than 40 per cent lost by Ruritania in Lorne" in chart.to_dict()["description"]
    assert charts.territory_share(claims.iloc[:0]) is None


def test_overview_names_every_comparison(mine: reported.Tables) -> None:
    spec = charts.figures_by_outlet(mine["claims"], mine["comparisons"]).to_dict()
    assert "Miners killed in Ostrava" in spec["description"]
    assert len(spec["vconcat"]) == 2


def test_renderer_gives_viewer_svg_and_words_and_no_script(mine: reported.Tables) -> None:
    row, claims = group(mine, "Miners killed in Ostrava")
    charts.enable()
    try:
        shown: Any = charts.comparison(claims, row)._repr_mimebundle_()
    finally:
        alt.renderers.enable("default")
    bundle, metadata = shown
    assert set(bundle) == {"application/vnd.vegalite.v5+json", "image/svg+xml", "text/plain"}
    assert bundle["text/plain"].startswith("Chart: Miners killed in Ostrava")
    assert metadata["image/svg+xml"]["alt"].startswith("Miners killed in Ostrava")
    assert "<script" not in bundle["image/svg+xml"]


def test_same_rows_give_the_same_bytes(mine: reported.Tables) -> None:
    row, claims = group(mine, "Miners killed in Ostrava")
    first = charts.svg(charts.comparison(claims, row))
    assert first == charts.svg(charts.comparison(claims.sample(frac=1, random_state=1), row))


def test_hostile_words_stay_words() -> None:
    tables = reported.attack()
    row = phrases.records(tables["comparisons"])[0]
    svg = charts.svg(charts.comparison(tables["claims"], row))
    names = {node.tag.removeprefix(SVG) for node in ET.fromstring(svg).iter()}
    assert names <= {"svg", "g", "path", "text", "tspan", "rect", "line", "defs", "clipPath"}
    assert not [a for node in ET.fromstring(svg).iter() for a in node.attrib if a.startswith("on") or "href" in a]
