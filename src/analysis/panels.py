"""Panels of reported figures: a row per outlet and speaker, with the words beside the mark and the bounds drawn.

Colour and shape both tell the speaker; a filled mark includes its value, a hollow one does not; a halo is "about", a
bar is what an interval spans and an arrow where it is open.
"""

from __future__ import annotations

import itertools
import math
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import altair as alt
import pandas as pd

from analysis import findings, phrases
from analysis.panel_rows import outlet_words, who_words

#: Okabe and Ito (2008), Color Universal Design: told apart with every common colour vision; yellow and black left out
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#AA3E8D", "#E69F00", "#56B4E9", "#7F5539")
STAR = "M0,.5L.6,.8L.5,.1L1,-.3L.3,-.4L0,-1L-.3,-.4L-1,-.3L-.5,.1L-.6,.8Z"
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", STAR)
#: speakers beyond the palette, and figures without one
OTHER = ("#3C3C3C", "square")
SILENT = ("#8A8A8A", "circle")
INK, QUIET, LINE = "#1B1B1B", "#5F6368", "#E2E2DE"
#: an axis that the marks speak louder than
QUIET_AXIS: dict[str, Any] = {"domain": False, "ticks": False, "labelColor": QUIET}
QUIET_AXIS |= {"titleColor": QUIET, "titleFontWeight": "normal"}
FONT = "Inter, 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', sans-serif"
#: beyond this ratio of largest to smallest figure a linear axis hides the small ones
LOG_RATIO = 30


@dataclass(frozen=True)
class Layout:
    """Measures of a panel in pixels: a wide one has columns of text beside the plot, a narrow one above each mark."""

    plot: int
    outlet: int
    source: int
    figure: int
    narrow: bool = False

    @property
    def text(self) -> int:
        return 0 if self.narrow else self.outlet + self.source + self.figure


WIDE = Layout(plot=450, outlet=170, source=220, figure=130)
#: fits beside JupyterLab's file list on a laptop's screen of 1,280 pixels, where a wider chart is cut
NOTEBOOK = Layout(plot=320, outlet=150, source=180, figure=110)
NARROW = Layout(plot=340, outlet=340, source=340, figure=0, narrow=True)


def palette(claims: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """Colour and shape of each speaker: those in the widest comparisons get the palette, then the most cited."""
    outlets = claims.groupby("comparison_id")["outlet"].nunique().to_dict()
    widest: dict[str, int] = {}
    times: dict[str, int] = {}
    for claim in phrases.records(claims):
        key = findings.speaker_key(claim)
        times[key] = times.get(key, 0) + 1
        widest[key] = max(widest.get(key, 0), outlets.get(claim["comparison_id"], 0))
    silent = {findings.OWN_VOICE}
    order = sorted((k for k in times if k not in silent), key=lambda k: (-widest[k], -times[k], k))
    styles = {key: (COLOURS[i], SHAPES[i]) if i < len(COLOURS) else OTHER for i, key in enumerate(order)}
    return styles | dict.fromkeys(silent, SILENT)


def panel_palette(speakers: Iterable[str], styles: Mapping[str, tuple[str, str]]) -> dict[str, tuple[str, str]]:
    """The speakers of one panel: colours stay what they are elsewhere; the rest is told apart by shape."""
    shapes = itertools.cycle(SHAPES[1:])
    chosen = {}
    for key in dict.fromkeys(speakers):
        colour, shape = styles.get(key, OTHER)
        chosen[key] = (colour, next(shapes) if colour == OTHER[0] else shape)
    return chosen


def legend_below(layout: Layout, **more: Any) -> alt.Legend:
    """A legend under a chart, in as many columns as there is room for."""
    return alt.Legend(title=None, orient="bottom", columns=1 if layout.narrow else 3, **more)


def _wrapped(text: str, pixels: int, size: int = 12) -> str:
    """Text broken to a column; a letter of these faces is about 0.55 of its size wide."""
    return "\n".join(textwrap.wrap(text, max(8, int(pixels / (size * 0.55))), break_long_words=True)) or text


def _domain(rows: pd.DataFrame, percent: bool) -> tuple[float, float, str]:
    """Lower end, upper end and scale of the axis."""
    values = [float(v) for c in ("low", "high") for v in rows[c] if phrases.present(v)]
    top, positive = max(values, default=1.0), [v for v in values if v > 0]
    if percent:
        return 0.0, max(100.0, top), "linear"
    if positive and min(values) > 0 and max(positive) / min(positive) > LOG_RATIO:
        return (
            10 ** math.floor(math.log10(min(positive))),
            10 ** math.ceil(math.log10(top * 1.05)),
            "log",
        )
    return min(0.0, min(values, default=0.0)), (top * 1.15) or 1.0, "linear"


def _placed(
    rows: pd.DataFrame,
    layout: Layout,
    styles: Mapping[str, tuple[str, str]],
    percent: bool,
) -> pd.DataFrame:
    """Rows with what is drawn: wrapped texts, heights, ends of bars and arrows, colour and shape."""
    low_end, high_end, _ = _domain(rows, percent)
    chosen = panel_palette(rows["who"], styles)
    drawn, y, before = [], 0.0, None
    for row in phrases.records(rows):
        low, high = (row[c] if phrases.present(row[c]) else None for c in ("low", "high"))
        outlet, who, figure_text = (
            outlet_words(row),
            who_words(row),
            str(row["figure"]),
        )
        if layout.narrow:
            outlet_text = _wrapped(f"{outlet}: {row['figure']}", layout.outlet, 13)
            who_text = _wrapped(who, layout.source)
            lines = (outlet_text.count("\n") + 1, who_text.count("\n") + 1)
            above = 17.0 * lines[0] + 15 * lines[1]
            height, mark = above + 36, above + 18
            text_y: tuple[float, ...] = (y + 12, y + 12 + 17 * lines[0], y)
        else:
            outlet_text = _wrapped(outlet, layout.outlet - 12, 13) if row["outlets"] != before else ""
            who_text = _wrapped(who, layout.source - 12)
            figure_text = _wrapped(figure_text, layout.figure - 14, 14)
            lines_most = max(t.count("\n") for t in (outlet_text, who_text, figure_text)) + 1
            height, mark = 16.0 + 15 * lines_most, 8 + 7.5 * lines_most
            texts = (outlet_text, who_text, figure_text)
            text_y = tuple(y + height / 2 - 7.5 * t.count("\n") for t in texts)
        colour, shape = chosen[row["who"]]
        when = phrases.day(row["published"])
        drawn.append(
            {
                "claim_id": row["claim_id"],
                "Outlet": ", ".join(row["outlets"]) if len(row["outlets"]) < 13 else outlet,
                "Published": when,
                "Figure": row["amount"],
                "Said by": row["speaker"],
                "Through": phrases.listed(row["via"]) or "directly",
                "Sentence": row["sentence"],
                "label": f"{outlet}, {when}: {row['amount']}; {who}",
                "outlet_text": outlet_text,
                "who_text": who_text,
                "figure_text": figure_text,
                "outlet_y": text_y[0],
                "who_y": text_y[1],
                "figure_y": text_y[2],
                "top": y if row["outlets"] != before else None,
                "y": y + mark,
                "point": _point(low, high),
                "from": low if low is not None else low_end,
                "to": high if high is not None else high_end,
                "open_at": high_end if high is None else low_end if low is None else None,
                "open_to": "right" if high is None else "left" if low is None else None,
                "around": row["comparator"] == "~",
                "tick_low": low if low is not None and high is not None and low != high else None,
                "tick_high": high if low is not None and high is not None and low != high else None,
                "fill": "white" if row["comparator"] in (">", "<") else colour,
                "colour": colour,
                "shape": shape,
            }
        )
        y, before = y + height, row["outlets"]
    frame = pd.DataFrame(drawn)
    frame.attrs["height"] = y
    return frame


def _point(low: float | None, high: float | None) -> float | None:
    if low is not None and high is not None:
        return low if low == high else None
    return low if low is not None else high


def _axis(unit: Any, per: Any, scale: str, width: int) -> alt.Axis:
    title = phrases.unit_words(unit, per, counted=True) or None
    return alt.Axis(
        title=title,
        format=",.12~g",
        orient="bottom",
        grid=True,
        gridColor="#EFEFEC",
        titleAnchor="end",
        tickCount=max(2, width // 90) if scale == "linear" else 4,
        labelOverlap=True,
        **QUIET_AXIS,
    )


def values_of(frame: pd.DataFrame) -> alt.InlineData:
    """The rows as inline data, nulls as nulls: one copy for all layers."""
    rows = [{k: v if phrases.present(v) or v == "" else None for k, v in r.items()} for r in phrases.records(frame)]
    return alt.InlineData(values=rows)


def panel(
    rows: pd.DataFrame,
    unit: Any,
    per: Any,
    layout: Layout,
    styles: Mapping[str, tuple[str, str]],
) -> Any:
    percent = unit == "percent"
    drawn = _placed(rows, layout, styles, percent)
    height = float(drawn.attrs["height"])
    low_end, high_end, scale = _domain(rows, percent)
    position = alt.Scale(domain=[low_end, high_end], type=scale, nice=False)  # type: ignore[arg-type]
    x_axis = _axis(unit, per, scale, layout.plot)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, height], reverse=True, nice=False), axis=None)
    tooltip = [alt.Tooltip(f"{n}:N") for n in ("Outlet", "Published", "Figure", "Said by", "Through", "Sentence")]
    base = alt.Chart().encode(y=y, x=alt.X("from:Q", scale=position, axis=x_axis))
    paint = {
        "color": alt.Color("colour:N", scale=None),
        "tooltip": tooltip,
        "description": alt.Description("label:N"),
    }

    def some(column: str) -> Any:
        return base.transform_filter(f"isValid(datum['{column}'])")

    def text(column: str, at: str, x: float, **mark: Any) -> Any:
        height_of = alt.Y(
            f"{at}:Q",
            scale=alt.Scale(domain=[0, height], reverse=True, nice=False),
            axis=None,
        )
        drawn_text = alt.Chart().mark_text(lineBreak="\n", baseline="middle", lineHeight=15, aria=False, **mark)
        return drawn_text.encode(x=alt.XValue(x), y=height_of, text=alt.Text(f"{column}:N"))

    def header(words: str, x: float) -> Any:
        mark = alt.Chart(alt.Data(values=[{}])).mark_text(align="left", fontSize=11, color=QUIET, aria=False)
        return mark.encode(x=alt.XValue(x), y=alt.YValue(-9), text=alt.TextValue(words))

    edge = -layout.text
    layers = [
        some("top")
        .mark_rule(color=LINE, aria=False)
        .encode(
            x=alt.XValue(edge),
            x2=alt.X2Value(layout.plot),
            y=alt.Y(
                "top:Q",
                scale=alt.Scale(domain=[0, height], reverse=True, nice=False),
                axis=None,
            ),
        ),
        base.mark_rule(strokeWidth=3, opacity=0.55).encode(x2=alt.X2("to"), **paint),
        base.transform_filter("datum.around")
        .mark_point(shape="circle", filled=True, size=440, opacity=0.2, aria=False)
        .encode(x=alt.X("point:Q"), color=alt.Color("colour:N", scale=None)),
    ]
    for end in ("tick_low", "tick_high"):
        layers.append(some(end).mark_tick(orient="vertical", size=16, thickness=3).encode(x=alt.X(f"{end}:Q"), **paint))
    for side in ("right", "left"):
        arrow = base.transform_filter(f"datum.open_to == '{side}'")
        layers.append(
            arrow.mark_point(
                shape="triangle-right" if side == "right" else "triangle-left",
                filled=True,
                size=90,
                opacity=1,
                aria=False,
            ).encode(x=alt.X("open_at:Q"), color=alt.Color("colour:N", scale=None))
        )
    points = some("point").mark_point(size=110, strokeWidth=2.2, opacity=1)
    layers.append(
        points.encode(
            x=alt.X("point:Q"),
            shape=alt.Shape("shape:N", scale=None),
            fill=alt.Fill("fill:N", scale=None),
            stroke=alt.Stroke("colour:N", scale=None),
            tooltip=tooltip,
            description=alt.Description("label:N"),
        )
    )
    if layout.narrow:
        layers.append(
            text(
                "outlet_text",
                "outlet_y",
                0,
                align="left",
                fontSize=13,
                fontWeight="bold",
                color=INK,
            )
        )
        layers.append(text("who_text", "who_y", 0, align="left", fontSize=12, color=QUIET))
    else:
        swatch = alt.Chart().mark_point(size=60, strokeWidth=1.8, opacity=1, aria=False)
        who_x = edge + layout.outlet
        figure_x = who_x + layout.source
        layers += [
            text(
                "outlet_text",
                "outlet_y",
                edge,
                align="left",
                fontSize=13,
                fontWeight="bold",
                color=INK,
            ),
            swatch.encode(
                x=alt.XValue(who_x),
                y=y,
                shape=alt.Shape("shape:N", scale=None),
                stroke=alt.Stroke("colour:N", scale=None),
                fill=alt.Fill("fill:N", scale=None),
            ),
            text("who_text", "who_y", who_x + 14, align="left", fontSize=12, color=INK),
            *(
                header(words, x)
                for words, x in (
                    ("Outlet", edge),
                    ("Who said it", who_x),
                    ("Figure", figure_x),
                )
            ),
            text(
                "figure_text",
                "figure_y",
                figure_x,
                align="left",
                fontSize=13,
                fontWeight="bold",
                color=INK,
            ),
        ]
    return alt.layer(*layers, data=values_of(drawn), width=layout.plot, height=height)
