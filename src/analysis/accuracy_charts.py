"""Charts of measured accuracy: scores beside what two people reach, and how far stated confidence holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from analysis.panels import FONT, INK, QUIET

WIDTH = 420
PEOPLE = "#B4530A"


def _dressed(chart: Any, title: str, note: str) -> Any:
    heading = alt.TitleParams(title, subtitle=note, anchor="start", frame="bounds", subtitleColor=QUIET, color=INK)
    described = chart.properties(title=heading, description=f"{title.rstrip('?')}: {note}")
    return described.configure(font=FONT, background="white").configure_view(stroke=None)


def scores(rows: Sequence[Mapping[str, Any]]) -> alt.FacetChart:
    """Quoted scores of each set with 95 % intervals; a tick where the score of two people is known.

    ``rows`` are those of ``accuracy.score_rows``.
    """
    table = pd.DataFrame(rows, columns=["set", "kind", "measure", "score", "low", "high", "two people"])
    order = list(dict.fromkeys(table["measure"]))
    base = alt.Chart(table).encode(y=alt.Y("measure:N", sort=order, title=None, axis=alt.Axis(labelLimit=260)))
    axis = alt.X("score:Q", title="score", scale=alt.Scale(domain=[0, 1]))
    people = alt.Tooltip("two people:Q", format=".3f")
    drawn = alt.layer(
        base.mark_rule(color=INK).encode(x=alt.X("low:Q", title="score", scale=alt.Scale(domain=[0, 1])), x2="high:Q"),
        base.mark_point(filled=True, size=60, color=INK, opacity=1).encode(x=axis, tooltip=["set", "measure", "score"]),
        base.mark_tick(thickness=3, size=16, color=PEOPLE).encode(x="two people:Q", tooltip=["measure", people]),
    ).properties(width=WIDTH)
    parted = drawn.facet(row=alt.Row("set:N", sort=list(dict.fromkeys(table["set"])), title=None)).resolve_scale(
        y="independent"
    )
    known = table.dropna(subset=["two people"])
    reached = int((known["score"] >= known["two people"]).sum())
    note = f"Lines are 95 % intervals, bars two careful people on other articles; as high on {reached} of {len(known)}."
    return _dressed(parted, "Scores on the kept sets", note)


def reliability(found: Mapping[str, Any]) -> alt.LayerChart:
    """Stated confidence against the share of right rows; on the line, confidence is what it says.

    ``found`` is what ``calibration.reliability`` gives.
    """
    table = pd.DataFrame(found["bins"], columns=["figures", "stated", "right"])
    scale = alt.Scale(domain=[0, 1])
    line = alt.Chart(pd.DataFrame({"stated": [0, 1], "right": [0, 1]})).mark_line(color=QUIET, strokeDash=[4, 4])
    points = alt.Chart(table).mark_point(filled=True, color=INK, opacity=1)
    x = alt.X("stated:Q", scale=scale, title="stated confidence")
    y = alt.Y("right:Q", scale=scale, title="share of rows that are right")
    size = alt.Size("figures:Q", scale=alt.Scale(rangeMin=30, rangeMax=300), legend=alt.Legend(title="figures"))
    drawn = alt.layer(line.encode(x=x, y=y), points.encode(x=x, y=y, size=size)).properties(width=300, height=300)
    gap = float((table["figures"] * (table["stated"] - table["right"]).abs()).sum() / max(1, table["figures"].sum()))
    note = f"{found['figures']} figures of {found['articles']} articles; mean gap {gap:.3f}."
    return _dressed(drawn, "Is confidence what it says?", note)
