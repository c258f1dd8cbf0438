"""Timeline of events: when what happened and who tells of it. Tidy frames in, ``alt.Chart`` out.

The map is in ``event_map``; both return None where there is nothing to draw, take ``layout`` and ``titled`` as the charts
of figures do, and compute title, note and text alternative from the frames.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from analysis import phrases
from analysis.charts import NARROW, WIDE, Layout, day_ticks, dressed
from analysis.event_map import event_map, type_words
from analysis.panels import COLOURS, INK, OTHER, QUIET_AXIS, SHAPES, legend_below

__all__ = ["NARROW", "WIDE", "event_map", "timeline"]

#: outlets with a colour and shape of their own; the others share one
MOST_OUTLETS = 6
#: pixels of a row of the timeline: one for each outlet that tells of a type
ROW = 19
#: share of the dated events that the axis must hold
RECENT = 0.85
OTHERS = "other outlets"


def timeline(
    events: pd.DataFrame, mentions: pd.DataFrame, *, layout: Layout = WIDE, titled: bool = True
) -> alt.LayerChart | None:
    """Events by type, day and outlet: a mark for each event that an outlet tells, a bar where it lasted or is dated roughly.

    ``events`` and ``mentions`` are the tables of that name. Colour and shape tell the outlet, within a type each outlet
    has its own line. None where no event has a day.
    """
    dated, earlier = _recent(events[events["date_start"].notna()])
    if dated.empty:
        return None
    by_id = {e["event_id"]: e for e in phrases.records(dated)}
    told: Counter[tuple[str, str]] = Counter()
    first: dict[tuple[str, str], Any] = {}
    for mention in phrases.records(mentions):
        if mention["event_id"] in by_id:
            pair = mention["event_id"], mention["outlet"]
            told[pair] += 1
            first.setdefault(pair, mention.get("mention_id"))
    if not told:
        return None
    busy = Counter(outlet for _, outlet in told)
    named = sorted(busy, key=lambda o: (-busy[o], o))
    own = named if len(named) <= MOST_OUTLETS + 1 else named[:MOST_OUTLETS]
    shown = [*own, OTHERS] if len(own) < len(named) else own
    rows = []
    for (event_id, outlet), times in told.items():
        event = by_id[event_id]
        end = event["date_end"] if phrases.present(event["date_end"]) else event["date_start"]
        when = phrases.days(event["date_start"], end)
        rows.append(
            {
                "claim_id": first[event_id, outlet],
                "type": type_words(event["event_type"]),
                "start": event["date_start"],
                "end": end,
                "middle": str(
                    pd.Timestamp(event["date_start"]) + (pd.Timestamp(end) - pd.Timestamp(event["date_start"])) / 2
                )[:10],
                "outlet": outlet if outlet in own else OTHERS,
                "Outlet": outlet,
                "When": when,
                "What": event["label"],
                "Told": phrases.many(times, "time"),
                "alt": f"{when}, {outlet}: {event['label']}",
            }
        )
    frame = pd.DataFrame(rows).sort_values(["start", "type", "outlet", "What"], kind="stable")
    counts = Counter(type_words(e["event_type"]) for e in by_id.values())
    order = sorted(counts, key=lambda t: (-counts[t], t))
    width = layout.plot if layout.narrow else layout.plot + layout.text - 120
    x_axis = alt.Axis(title=None, format="%-d %b %Y", gridColor="#EFEFEC", labelOverlap=True, tickCount=day_ticks(frame["start"].min(), frame["end"].max(), max(2, width // 110)), **QUIET_AXIS)  # fmt: skip
    first_row = "split(datum.label, '|')[1] == '0' ? split(datum.label, '|')[0] : ''"
    y_axis = alt.Axis(title=None, labelExpr=first_row, aria=False, labelFontSize=12, labelColor=INK, domain=False, ticks=False, grid=False)  # fmt: skip
    lanes = {
        (kind, outlet): f"{kind}|{k}"
        for kind in order
        for k, outlet in enumerate(o for o in shown if ((frame["type"] == kind) & (frame["outlet"] == o)).any())
    }
    frame["lane"] = [lanes[kind, outlet] for kind, outlet in zip(frame["type"], frame["outlet"], strict=True)]
    base = alt.Chart(frame).encode(y=alt.Y("lane:N", sort=list(lanes.values()), axis=y_axis))
    legend = legend_below(layout, labelLimit=width, symbolOpacity=1)
    colours = [OTHER[0] if o == OTHERS else COLOURS[i % len(COLOURS)] for i, o in enumerate(shown)]
    shapes = [OTHER[1] if o == OTHERS else SHAPES[i % len(SHAPES)] for i, o in enumerate(shown)]
    colour = alt.Color("outlet:N", scale=alt.Scale(domain=shown, range=colours), legend=legend)
    shape = alt.Shape("outlet:N", scale=alt.Scale(domain=shown, range=shapes), legend=legend)
    spans = base.transform_filter("datum.start != datum.end").mark_rule(strokeWidth=4, opacity=0.3, aria=False)
    bars = spans.encode(x=alt.X("start:T"), x2=alt.X2("end:T"), color=colour)
    marks = base.mark_point(filled=True, size=62, opacity=0.9).encode(
        x=alt.X("middle:T", axis=x_axis, scale=alt.Scale(padding=14)),
        color=colour,
        shape=shape,
        tooltip=[alt.Tooltip(f"{name}:N") for name in ("When", "What", "Outlet", "Told")],
        description=alt.Description("alt:N"),
    )
    lasting = bool((frame["start"] != frame["end"]).any())  # a layer without rows has no extent, of which Vega warns
    chart = alt.layer(*([bars] if lasting else []), marks, width=width, height=alt.Step(ROW))
    title = _timeline_title(list(by_id.values()), told)
    kinds = phrases.listed([f"{t.lower()} ({counts[t]:,})" for t in order], 4)
    note = f"{phrases.sentence_case(phrases.many(len(by_id), 'dated event'))}: {kinds}. A mark for each outlet that tells of one; a bar where the date is a span."  # fmt: skip
    without = int(events["date_start"].isna().sum())
    if earlier:
        note += f" {phrases.sentence_case(phrases.many(earlier, 'event'))} before {phrases.day(dated['date_start'].min())} not drawn."
    if without:
        note += f" {phrases.sentence_case(phrases.many(without, 'event'))} without a date not drawn."
    described = f"{title}. {note} " + "; ".join(frame["alt"].head(12)) + "."
    drawn: alt.LayerChart = dressed(chart, title, note, described, width, titled)
    return drawn


def _recent(dated: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The events of the stretch that holds most of them, and how many far earlier ones would only stretch the axis."""
    days = sorted(pd.Timestamp(d) for d in dated["date_start"])
    if len(days) < 4:
        return dated, 0
    first = days[int((1 - RECENT) * len(days))]
    first -= max(days[-1] - first, pd.Timedelta(days=60))
    if days[-1] - days[0] < 2 * (days[-1] - first):
        return dated, 0
    kept = dated[pd.to_datetime(dated["date_start"]) >= first]
    return kept, len(dated) - len(kept)


def _timeline_title(events: Sequence[dict[str, Any]], told: Counter[tuple[str, str]]) -> str:
    """The event of most outlets, else the day with most events."""
    outlets = Counter(event_id for event_id, _ in told)
    widest = max(events, key=lambda e: (outlets[e["event_id"]], str(e["event_id"])))
    if outlets[widest["event_id"]] > 1:
        end = widest["date_end"] if phrases.present(widest["date_end"]) else widest["date_start"]
        when = phrases.days(widest["date_start"], end)
        return f"Told most widely: {widest['label']}, {when}, by {phrases.many(outlets[widest['event_id']], 'outlet')}"
    days = Counter(e["date_start"] for e in events)
    busiest = max(days, key=lambda d: (days[d], d))
    return f"No dated event is told by two outlets; most on {phrases.day(busiest)} ({phrases.many(days[busiest], 'event')})"
