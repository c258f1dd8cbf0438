"""Who is cited by which outlet: speakers against outlets, with the number of figures in each cell."""

from __future__ import annotations

import textwrap
from collections import Counter
from typing import Any

import altair as alt
import pandas as pd

from analysis import findings, phrases
from analysis.charts import dressed
from analysis.panels import INK, QUIET_AXIS, WIDE, Layout, values_of

#: rows and columns beyond these are joined in the last one
MOST_SPEAKERS, MOST_OUTLETS, MOST_OUTLETS_NARROW = 16, 16, 7
OTHERS = "all others"
CELL, ROW, LONGEST_NAME = 28, 34, 34
#: pixels of a letter of the labels
LETTER = 6.2


def _kept(counts: Counter[str], most: int) -> list[str]:
    order = sorted(counts, key=lambda name: (-counts[name], name))
    return order if len(order) <= most else order[: most - 1]


def citations(claims: pd.DataFrame, outlets: int = MOST_OUTLETS) -> pd.DataFrame:
    """One row per speaker and outlet: ``speaker``, ``outlet``, ``figures``, ``through``, ``claim_id`` (of the first figure).

    Speakers cited by most outlets come first, those without a name last; beyond the limits they are joined.
    """
    rows = phrases.records(findings.told_once(claims))
    fullest: dict[str, str] = {}
    tellers: dict[str, set[str]] = {}
    for c in rows:
        key = findings.speaker_key(c)
        fullest[key] = max(fullest.get(key, ""), findings.speaker(c), key=len)
        tellers.setdefault(key, set()).add(c["outlet"])
    silent = (findings.OWN_VOICE,)
    named = Counter({k: len(o) for k, o in tellers.items() if k not in silent})
    speakers = _kept(named, MOST_SPEAKERS)
    columns = _kept(Counter(c["outlet"] for c in rows), outlets)
    cells: dict[tuple[str, str], dict[str, Any]] = {}
    for c in rows:
        key = findings.speaker_key(c)
        speaker = fullest[key] if key in speakers or key in silent else OTHERS
        outlet = c["outlet"] if c["outlet"] in columns else OTHERS
        cell = cells.setdefault(
            (speaker, outlet),
            {"speaker": speaker, "outlet": outlet, "figures": 0, "through": [], "claim_id": c["claim_id"]},
        )
        cell["figures"] += 1
        cell["through"] += [v for v in findings.vias(c) if v not in cell["through"]]
    order = [fullest[k] for k in speakers] + [OTHERS, *silent]
    across = [*columns, OTHERS]
    made = sorted(cells.values(), key=lambda c: (order.index(c["speaker"]), across.index(c["outlet"])))
    return pd.DataFrame(made, columns=["speaker", "outlet", "figures", "through", "claim_id"])


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"


def _two_lines(name: str, pixels: float) -> str:
    """A name on at most two lines of that width, cut only where it is longer still."""
    return "\n".join(textwrap.wrap(name, int(pixels / LETTER), max_lines=2, placeholder=" …")) or name


def _speakers(lines: list[str], y: alt.Y) -> list[Any]:
    """The speakers left of the cells; axis labels cannot be centred on two lines."""
    layers = []
    for count in (1, 2):
        some = [{"line": line} for line in lines if line.count("\n") == count - 1]
        if some:
            mark = alt.Chart(alt.InlineData(values=some)).mark_text(
                align="right", baseline="middle", lineBreak="\n", lineHeight=14, dy=-7 * (count - 1), fontSize=12,
                color=INK, aria=False,
            )  # fmt: skip
            layers.append(mark.encode(x=alt.XValue(-10), y=y, text=alt.Text("line:N")))
    return layers


def who_cites_whom(claims: pd.DataFrame, *, layout: Layout = WIDE, titled: bool = True) -> alt.LayerChart | None:
    """Speakers against outlets, a mark in each cell as large as the number of figures; None without figures.

    A ring tells that at least one of them came through another medium.
    """
    rows = citations(claims, MOST_OUTLETS_NARROW if layout.narrow else MOST_OUTLETS)
    if rows.empty:
        return None
    silent = (findings.OWN_VOICE,)
    names = 145 if layout.narrow else 220
    drawn = rows.assign(
        passed=[phrases.listed(v) for v in rows["through"]],
        through=[bool(v) for v in rows["through"]],
        colour=["#8A8A8A" if s in silent else "#0072B2" for s in rows["speaker"]],
        line=[_two_lines(s, names) for s in rows["speaker"]],
        outlet_short=[_short(o) for o in rows["outlet"]],
        words=[
            f"{o}: {phrases.many(int(n), 'figure')} from {s}"
            for o, n, s in zip(rows["outlet"], rows["figures"], rows["speaker"], strict=True)
        ],
    )
    quiet = QUIET_AXIS | {"title": None, "labelColor": INK, "gridColor": "#EFEFEC"}
    columns, lines = list(dict.fromkeys(drawn["outlet_short"])), list(dict.fromkeys(drawn["line"]))
    columns.sort(key=lambda o: (o == OTHERS, -int(drawn[drawn["outlet_short"] == o]["figures"].sum()), o))
    overhang = 0.7 * LETTER * len(columns[-1])  # of the last slanting label
    room = (layout.plot + layout.text - names - overhang) / max(len(columns), 1)
    step = min(64.0, max(float(CELL), room)) if not layout.narrow else min(46.0, room)
    x = alt.X(
        "outlet_short:N", sort=columns, axis=alt.Axis(orient="top", labelAngle=-45, labelLimit=150, grid=True, **quiet)
    )
    y = alt.Y("line:N", sort=lines, axis=alt.Axis(labels=False, grid=True, aria=False, **quiet))
    tooltip = [
        alt.Tooltip("speaker:N", title="Who said it"),
        alt.Tooltip("outlet:N", title="Printed by"),
        alt.Tooltip("figures:Q", title="Figures"),
        alt.Tooltip("passed:N", title="Through"),
    ]
    size = alt.Size("figures:Q", scale=alt.Scale(type="sqrt", range=[110, 560]), legend=None)
    base = alt.Chart().encode(x=x, y=y, tooltip=tooltip)
    marks = base.mark_circle(opacity=1).encode(
        size=size, color=alt.Color("colour:N", scale=None), description=alt.Description("words:N")
    )
    rings = (
        base.transform_filter("datum.through")
        .mark_point(filled=False, strokeWidth=1.4, opacity=1, size=700, aria=False, color="#D55E00")
        .encode()
    )
    counts = base.mark_text(color="white", fontSize=11, fontWeight="bold", aria=False).encode(
        text=alt.Text("figures:Q")
    )
    named = rows[~rows["speaker"].isin([*silent, OTHERS])]
    spread = named.groupby("speaker", sort=False)["outlet"].nunique()
    title = f"{phrases.sentence_case(phrases.many(rows['outlet'].nunique(), 'outlet'))} and whom they cite"
    if len(spread) and spread.max() > 1:
        widest = [s for s in spread.index if spread[s] == spread.max()]
        verb = "is" if len(widest) == 1 else "are"
        title = f"{phrases.listed(widest, 3)} {verb} cited by most outlets ({phrases.counted(int(spread.max()))})"
    note = "Number of figures each outlet has from each speaker; an orange ring: through another medium; grey: no source named."
    description = f"{title}. " + "; ".join(drawn["words"].head(14)) + "."
    layers = alt.layer(
        marks,
        rings,
        counts,
        *_speakers(lines, y),
        data=values_of(drawn),
        width=step * len(columns),
        height=alt.Step(ROW),
    )
    made: alt.LayerChart = dressed(layers, title, note, description, layout.plot + layout.text, titled)
    return made
