"""Charts: tidy frame in, ``alt.Chart`` out, one function a chart.

Every title, note and text alternative is computed from the frame, never typed.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd
import vl_convert

from analysis import findings, phrases
from analysis.panel_rows import comparison_rows, outlet_words, who_words
from analysis.panels import (
    FONT,
    INK,
    NARROW,
    NOTEBOOK,
    QUIET,
    QUIET_AXIS,
    WIDE,
    Layout,
    legend_below,
    palette,
    panel,
    panel_palette,
    values_of,
)

__all__ = ["NARROW", "WIDE", "Layout", "comparison", "enable", "figures_by_outlet"]
__all__ += ["figures_over_time", "movement", "palette", "svg", "territory_share"]

#: a smaller change between the first and the last day is not called a movement
WORTH_TELLING = 0.1
#: marks of a chart over time; more are thinned
MOST_MARKS = 120
PADDING = {"left": 1, "right": 8, "top": 4, "bottom": 4}
VEGALITE_MIME = "application/vnd.vegalite.v5+json"


def dressed(chart: Any, title: str, note: str, description: str, width: int, titled: bool = True) -> Any:
    """Title, note, text alternative and quiet defaults, the same for every chart.

    They are set on the chart itself: altair's methods return a changed copy, and each copy of layers copies all layers.
    """
    heading = alt.TitleParams(
        text=textwrap.wrap(title, max(24, int(width / 8.6))) or [""],
        subtitle=textwrap.wrap(note, max(30, int(width / 6.4))) or [""],
        anchor="start",
        frame="bounds",
        fontSize=16,
        subtitleFontSize=12.5,
        subtitleColor=QUIET,
        color=INK,
        offset=14,
        subtitlePadding=5,
        lineHeight=20,
        subtitleLineHeight=16,
    )
    chart.description = description
    if titled:
        chart.title = heading
    chart.config = alt.Config(
        font=FONT,
        background="white",
        padding=PADDING,
        view=alt.ViewConfig(stroke=None),
        axis=alt.AxisConfig(labelFontSize=11, titleFontSize=11, labelLimit=400),
    )
    return chart


def comparison(
    claims: pd.DataFrame,
    group: findings.Row,
    *,
    styles: Mapping[str, tuple[str, str]] | None = None,
    layout: Layout = WIDE,
    titled: bool = True,
) -> alt.LayerChart:
    """One group of comparable figures: a row per outlet and speaker with its bounds.

    ``claims`` are the members, ``group`` the row of comparisons; ``styles`` (of ``palette``) keeps colours the same
    from panel to panel.
    """
    rows, hidden = comparison_rows(claims, group.get("unit"))
    drawn = panel(rows, group.get("unit"), group.get("per"), layout, styles or palette(claims))
    title, note = (
        findings.comparison_title(group, claims),
        findings.comparison_note(group),
    )
    if hidden:
        note += f" {phrases.sentence_case(phrases.many(hidden, 'further row'))} not drawn: see the table."
    told = [f"{outlet_words(r)}: {r['amount']}, {who_words(r)}" for r in phrases.records(rows)]
    description = f"{title}. {note} " + "; ".join(told[:12]) + ("." if len(told) <= 12 else f"; {len(told) - 12} more.")
    return dressed(
        drawn,
        title,
        note,
        description,
        layout.plot + layout.text,
        titled,
    )


def figures_by_outlet(claims: pd.DataFrame, comparisons: pd.DataFrame, most: int = 6) -> alt.VConcatChart:
    """Reported figures by outlet, one panel a comparison, the groups that most outlets report first."""
    groups = phrases.records(findings.ranked(comparisons).head(most))
    styles = palette(claims)
    drawings = []
    for group in groups:
        members = claims[claims["comparison_id"] == group["comparison_id"]]
        rows, _ = comparison_rows(members, group["unit"], limit=12)
        drawn = panel(rows, group["unit"], group["per"], NOTEBOOK, styles)
        heading = alt.TitleParams(
            text=textwrap.wrap(findings.comparison_title(group, members), 80),
            subtitle=findings.comparison_note(group),
            anchor="start",
            frame="group",
            dx=-NOTEBOOK.text,
            fontSize=14,
            subtitleColor=QUIET,
            offset=10,
        )
        drawings.append(drawn.properties(title=heading))
    shown = (
        f" The {len(groups)} of {len(comparisons):,} that most outlets report."
        if len(groups) < len(comparisons)
        else ""
    )
    title = f"What {phrases.many(claims['outlet'].nunique(), 'outlet')} {'reports' if claims['outlet'].nunique() == 1 else 'report'}, and who said it"
    note = f"One row per outlet and speaker.{shown} Filled: value included; hollow: not; halo: about; arrow: open."
    told = "; ".join(
        findings.comparison_title(g, claims[claims["comparison_id"] == g["comparison_id"]]) for g in groups
    )
    return dressed(
        alt.vconcat(*drawings, spacing=34),
        title,
        note,
        f"{title}. {told}.",
        NOTEBOOK.plot + NOTEBOOK.text,
    )


def _values(claims: pd.DataFrame, unit: Any = None) -> pd.DataFrame:
    """Figures in the unit with the day they were said (else published) and the one value to draw; repeats left out."""
    frame = findings.told_once(claims)
    if unit is not None:
        frame = frame[frame["unit"].isna() | (frame["unit"] == unit)]
    when = frame["said_date"].fillna(frame["published"])
    frame = frame.assign(day=when, value=frame["low"].fillna(frame["high"]), top=frame["high"].fillna(frame["low"]))
    return frame[frame["day"].notna() & frame["value"].notna()].sort_values(["day", "outlet", "start"], kind="stable")


def movement(claims: pd.DataFrame, group: findings.Row) -> str | None:
    """How figures moved with the days they were said, in words, each end a figure that was really reported.

    The group as a whole where it drifts, else the speaker with most outlets whose own figure changed; None where
    neither moved.
    """
    frame = _values(claims, group["unit"])
    closed = frame[frame["comparator"].isin(["=", "~", "range"]) & frame["distortion"].isna()]
    if group["agreement"] == "drift" and (told := _moved(closed)):
        return f"{group['label']}: {told}"
    speakers = closed[closed["source"].notna()].assign(
        key=lambda f: [findings.speaker_key(c) for c in phrases.records(f)]
    )
    by_speaker = sorted(speakers.groupby("key"), key=lambda s: (-s[1]["outlet"].nunique(), str(s[0])))
    for _, own in by_speaker:
        if told := _moved(own):
            return f"{group['label']}, by {findings.speaker(phrases.records(own)[0])}: {told}"
    return None


def _moved(closed: pd.DataFrame) -> str | None:
    ends = [closed[closed["day"] == d] for d in (closed["day"].min(), closed["day"].max())] if len(closed) else []
    if not ends or ends[0]["day"].iloc[0] == ends[1]["day"].iloc[0]:
        return None
    first, last = (float(((e["value"] + e["top"]) / 2).median()) for e in ends)
    if abs(last - first) < WORTH_TELLING * max(abs(first), abs(last)):
        return None
    if any(float(e["top"].max()) - float(e["value"].min()) > WORTH_TELLING * float(e["top"].max()) for e in ends):
        return None  # a day with two values has no single figure to name
    verb = "up" if last > first else "down"
    start, end = (str(e["day"].iloc[0]) for e in ends)
    amounts = f"{findings.group_amount(ends[0])} to {findings.group_amount(ends[1])}"
    when = f"{phrases.day(start, start[:4] != end[:4])} to {phrases.day(end)}"
    return f"{verb} from {amounts}, {when}"


def figures_over_time(
    claims: pd.DataFrame,
    group: findings.Row,
    *,
    styles: Mapping[str, tuple[str, str]] | None = None,
    layout: Layout = WIDE,
    titled: bool = True,
) -> alt.LayerChart:
    """One group of comparable figures by the day they were said: drift and outliers.

    A mark per figure with its interval; a line joins the figures of one speaker.
    """
    frame = _values(claims, group["unit"])
    speakers = [findings.speaker_key(c) for c in phrases.records(frame)]
    chosen = panel_palette(speakers, styles or palette(claims))
    fullest: dict[str, str] = {}
    for c, key in zip(phrases.records(frame), speakers, strict=True):
        fullest[key] = max(fullest.get(key, ""), findings.speaker(c), key=len)
    rows = [
        {
            "claim_id": c["claim_id"],
            "day": c["day"],
            "low": float(c["value"]),
            "high": float(c["top"]),
            "middle": (float(c["value"]) + float(c["top"])) / 2,
            "Outlet": c["outlet"],
            "Said": phrases.day(c["day"]),
            "Figure": findings.amount(c),
            "Said by": findings.speaker(c),
            "who": fullest[key],
            "changed": str(c["distortion"]) if phrases.present(c["distortion"]) else "",
            "Sentence": c["sentence_text"],
            "colour": chosen[key][0],
            "shape": chosen[key][1],
            "label": f"{phrases.day(c['day'])}, {c['outlet']}: {findings.amount(c)}, {findings.speaker(c)}",
        }
        for c, key in zip(phrases.records(frame), speakers, strict=True)
    ]
    for row in rows:
        row["label"] += f", changed on the way: {row['changed']}" if row["changed"] else ""
    drawn = _thinned(pd.DataFrame(rows))
    unnamed = drawn["who"].isin([findings.OWN_VOICE])
    below = pd.concat([drawn[unnamed], drawn[~unnamed]])  # where marks meet, the one with a speaker lies above
    width = layout.plot if layout.narrow else layout.plot + layout.text - 80
    unit = phrases.unit_words(group["unit"], group["per"], counted=True)
    y_axis = alt.Axis(title=unit or None, format=",.12~g", gridColor="#EFEFEC", tickCount=5, **QUIET_AXIS)
    ticks = day_ticks(drawn["day"].min(), drawn["day"].max(), width // 110)
    x_axis = alt.Axis(
        title=None, format="%-d %b %Y", labelOverlap=True, tickCount=ticks, offset=8, grid=False, **QUIET_AXIS
    )
    base = alt.Chart().encode(
        x=alt.X("day:T", axis=x_axis, scale=alt.Scale(padding=18)),
        y=alt.Y("low:Q", axis=y_axis, scale=alt.Scale(zero=True)),
    )
    names = list(dict.fromkeys(drawn["who"]))
    marks_of = dict(zip(drawn["who"], zip(drawn["colour"], drawn["shape"], strict=True), strict=True))
    legend = legend_below(layout, labelLimit=width, symbolSize=90, symbolOpacity=1, labelFontSize=11.5)
    colour = alt.Color("who:N", scale=alt.Scale(domain=names, range=[marks_of[n][0] for n in names]), legend=legend)
    shape = alt.Shape("who:N", scale=alt.Scale(domain=names, range=[marks_of[n][1] for n in names]), legend=legend)
    speaking = [n for n in names if n != findings.OWN_VOICE]
    said = alt.Chart(values_of(_trails(pd.DataFrame(rows), speaking)))
    line = said.mark_line(strokeWidth=1.5, opacity=0.4, aria=False).encode(
        x=alt.X("day:T"), y=alt.Y("middle:Q"), color=colour
    )
    detail = {
        "tooltip": [alt.Tooltip(f"{t}:N") for t in ("Outlet", "Said", "Figure", "Said by", "Sentence")],
        "description": alt.Description("label:N"),
    }
    bars = base.mark_rule(strokeWidth=3, opacity=0.55, aria=False).encode(y2=alt.Y2("high"), color=colour)
    own = base.transform_filter("datum.changed === ''")
    marks = own.mark_point(filled=True, size=100, opacity=0.9).encode(
        y=alt.Y("middle:Q"), color=colour, shape=shape, **detail
    )
    bent = base.transform_filter("datum.changed !== ''")
    hollow = bent.mark_point(filled=False, size=90, opacity=0.9, strokeWidth=1.6).encode(
        y=alt.Y("middle:Q"), color=colour, shape=shape, **detail
    )
    title = movement(claims, group) or findings.comparison_title(group, claims)
    note = "Each mark is a figure on the day it was said; a line joins the figures of one speaker."
    note += " Hollow: changed on the way, outside the line." if drawn["changed"].any() else ""
    description = f"{title}. " + "; ".join(str(r) for r in drawn["label"].head(12)) + "."
    layers = alt.layer(line, bars, marks, hollow, data=values_of(below), width=width, height=240)
    return dressed(layers, title, note, description, width, titled)


def _trails(rows: pd.DataFrame, speaking: list[str]) -> pd.DataFrame:
    """The points of each speaker's line, one a day: the figure that most outlets have from him, never a mean of several."""
    own = rows[rows["who"].isin(speaking) & (rows["changed"] == "")]
    value = ["who", "day", "low", "high", "middle"]
    told = own.groupby(value, sort=False)["Outlet"].nunique().reset_index(name="outlets")
    most = told.sort_values(["outlets", "middle"], ascending=[False, True], kind="stable")
    return most.drop_duplicates(["who", "day"]).sort_values(["who", "day"], kind="stable")


def day_ticks(first: str, last: str, most: int) -> Any:
    """How many ticks an axis of days gets: one a day where there are no more days than that, so that none is told twice."""
    days = (pd.Timestamp(last) - pd.Timestamp(first)).days if phrases.present(first) and phrases.present(last) else 0
    return alt.TimeIntervalStep(interval="day", step=1) if days <= most else most


def _thinned(drawn: pd.DataFrame) -> pd.DataFrame:
    """One mark per day, speaker and figure; beyond what can be told apart, per day the outer and the commonest ones."""
    same = ["day", "low", "high", "who", "changed"]
    counted = drawn.groupby(same, sort=False)["Outlet"].agg(lambda o: phrases.listed(dict.fromkeys(o), 6))
    one = drawn.drop_duplicates(same).copy()
    one["Outlet"] = counted.loc[list(zip(*(one[c] for c in same), strict=True))].tolist()
    if len(one) <= MOST_MARKS:
        return one
    times = drawn.groupby(same, sort=False)["Outlet"].transform("count").loc[one.index]
    one = one.assign(times=times)
    kept = [
        frame.loc[list({frame["low"].idxmin(), frame["high"].idxmax(), frame["times"].idxmax()})]
        for _, frame in one.groupby("day")
    ]
    return pd.concat(kept).drop(columns="times").sort_index()


def territory_share(
    claims: pd.DataFrame,
    *,
    styles: Mapping[str, tuple[str, str]] | None = None,
    layout: Layout = WIDE,
    titled: bool = True,
) -> alt.LayerChart | None:
    """Shares of territory held, gained or lost, as reported, on one axis to 100 per cent; None where there are none."""
    shares = claims[claims["measure"].fillna("").str.startswith("territory") & (claims["unit"] == "percent")]
    shares = shares[~shares["negated"].astype(bool)]
    if shares.empty:
        return None
    rows, _ = comparison_rows(shares, "percent")
    what = {c["claim_id"]: c for c in phrases.records(shares)}
    verbs = {"territory_controlled": "held", "territory_gained": "gained", "territory_lost": "lost"}
    told = []
    for row in phrases.records(rows):
        claim = what[row["claim_id"]]
        if not phrases.present(claim["side"]):
            told.append(
                str(claim["base"]) if phrases.present(claim["base"]) else verbs.get(claim["measure"], "territory")
            )
            continue
        where = f" in {claim['place']}" if phrases.present(claim["place"]) else ""
        told.append(f"{verbs.get(claim['measure'], 'territory')} by {str(claim['side']).replace('+', ' and ')}{where}")
    rows["figure"] = [f"{r['figure']}: {words}" for r, words in zip(phrases.records(rows), told, strict=True)]
    roomy = layout if layout.narrow else Layout(plot=layout.plot, outlet=150, source=170, figure=200)
    drawn = panel(rows, "percent", None, roomy, styles or palette(claims))
    parts = [f"{findings.amount(what[r['claim_id']])} {t}" for r, t in zip(phrases.records(rows), told, strict=True)]
    title = f"Share of territory: {phrases.listed(parts, 3)}"
    count = phrases.many(shares["outlet"].nunique(), "outlet")
    note = f"{phrases.sentence_case(phrases.many(len(rows), 'share'))}, as {count} reported them."
    return dressed(drawn, title, note, f"{title}. {note}", roomy.plot + roomy.text, titled)


def svg(chart: Any) -> str:
    """The chart as SVG; the same on every machine, but that clip ids count on through the process."""
    return str(vl_convert.vegalite_to_svg(chart.to_dict()))


def render(spec: Mapping[str, Any], **_: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Altair renderer without scripts from outside: JupyterLab's own viewer, SVG for every other reader, plain text."""
    words = str(spec.get("description") or "Chart")
    bundle = {
        VEGALITE_MIME: dict(spec),
        "image/svg+xml": vl_convert.vegalite_to_svg(dict(spec)),
        "text/plain": f"Chart: {words}",
    }
    return bundle, {"image/svg+xml": {"alt": words}}


def enable() -> None:
    """Make this renderer the one that notebooks use."""
    alt.renderers.register("reported_figures", render)
    alt.renderers.enable("reported_figures")
