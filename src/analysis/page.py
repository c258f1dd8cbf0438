"""The parts of the report, built from the tables of one run: what the template shows, row by row.

Every list is cut at a length that a browser bears; the template says where, and names the file that holds the rest.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pandas as pd
import vl_convert
from altair.utils.schemapi import debug_mode
from markupsafe import Markup

from analysis import charts, event_charts, evidence, findings, phrases
from analysis.citation_chart import who_cites_whom
from analysis.event_map import event_map, type_words
from analysis.page_rows import (
    FILTERS,
    claim_row,
    copies_sentence,
    filter_values,
    group_amount,
    group_filters,
    named,
    readable,
    readable_event,
    state,
    telling,
)

#: comparisons drawn as a panel with chart and table; the others are listed
MOST_PANELS = 12
#: rows of the table under one chart, and of a list; the rest stands in the CSV files
MOST_PANEL_ROWS, MOST_ROWS = 60, 300
#: characters of article text that the page carries for reading at the highlighted words
TEXT_BUDGET = 1_500_000
#: pairs of figures that contradict one another, and of those that nearly agree
MOST_PAIRS = 25
#: values that a filter offers
MOST_CHOICES = 250
#: outlets of an event with a link to their words
MOST_TELLERS = 6
#: layers of a chart without a mark, which a screen reader would call an image without a name
EMPTY_MARKS = re.compile(r'<g class="mark-[^"]*" role="graphics-symbol"[^>]*?(?:/>|></g>)')
CLIPS = re.compile(r"(?<=[\"#])clip\d+\b")


def _still(svg: str, name: str) -> str:
    """A drawing without empty layers, its clip paths named anew: the renderer counts them through the whole process."""
    names: dict[str, str] = {}
    svg = EMPTY_MARKS.sub("", svg)
    return CLIPS.sub(lambda found: names.setdefault(found[0], f"clip-{name}-{len(names)}"), svg)


class Page:
    """What the template shows, built from the tables of one run."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self.tables = tables
        self.claims = findings.figures(tables["claims"])
        self.comparisons = findings.ranked(tables["comparisons"])
        self.labels = dict(zip(self.comparisons["comparison_id"], self.comparisons["label"], strict=True))
        self.styles = charts.palette(self.claims)
        self.articles = {a["article_id"]: a for a in phrases.records(tables["articles"])}
        self.members = {str(k): v for k, v in self.claims.groupby("comparison_id")}
        several = findings.told_once(self.claims)["comparison_id"].value_counts()
        several = several[several > 1]
        self.drawn = self.comparisons[self.comparisons["comparison_id"].isin(several.index)].head(MOST_PANELS)
        outlets = {article_id: a["outlet"] for article_id, a in self.articles.items()}
        copies = {i: a["copy_of"] for i, a in self.articles.items() if phrases.present(a["copy_of"])}
        self.first_of = {i: str(outlets[first]) for i, first in copies.items() if first in outlets}
        self.readable: dict[str, dict[str, Any]] = {}
        self.specs: dict[str, dict[str, Any]] = {}

    def row(self, claim: findings.Row) -> dict[str, Any]:
        """One row of a table of claims; the claim becomes readable in its article."""
        self.readable[claim["claim_id"]] = readable(claim)
        label = self.labels.get(claim["comparison_id"], "")
        return claim_row(claim, self.articles.get(claim["article_id"], {}), label)

    def rows(self, claims: pd.DataFrame, most: int | None = None) -> dict[str, Any]:
        """A table of claims: its first rows, and how many there are."""
        shown = claims.head(MOST_ROWS if most is None else most)
        return {"rows": [self.row(c) for c in phrases.records(shown)], "total": len(claims)}

    def figure(self, key: str, draw: Any) -> dict[str, Any] | None:
        """A chart as static SVG for wide and narrow pages, its specification kept for the interactive one."""
        with debug_mode(False):  # the tests check the charts against the schema; doing it here takes half the time
            wide = draw(charts.WIDE)
            if wide is None:
                return None
            specs = {"wide": wide.to_dict(validate=False), "narrow": draw(charts.NARROW).to_dict(validate=False)}
        self.specs[key] = specs
        drawn = {k: Markup(_still(vl_convert.vegalite_to_svg(s), f"{key}-{k}")) for k, s in specs.items()}
        return {"key": key, "description": specs["wide"]["description"], **drawn}

    def headlines(self) -> list[dict[str, Any]]:
        """The leading findings; those of a comparison with who said it and who only copies."""
        told = []
        for finding in findings.leading(self.tables):
            claims = self.members.get(finding.anchor)
            who = "" if claims is None else findings.origins_sentence(claims)
            told.append({"text": finding.text, "anchor": finding.anchor, "who": who})
        return told

    def panels(self) -> list[dict[str, Any]]:
        told = []
        for group in phrases.records(self.drawn):
            claims = self.members[group["comparison_id"]]
            self.readable |= {c["claim_id"]: readable(c) for c in phrases.records(claims.head(MOST_ROWS))}
            listed = findings.told_once(claims).sort_values(["published", "outlet", "start"], kind="stable")

            def draw(layout: charts.Layout, claims: pd.DataFrame = claims, group: findings.Row = group) -> Any:
                return charts.comparison(claims, group, styles=self.styles, layout=layout, titled=False)

            told.append(
                {
                    "id": findings.anchor_of(group["comparison_id"]),
                    "title": findings.comparison_title(group, claims),
                    "note": findings.comparison_note(group, verdict=False),
                    "origins": findings.origins_sentence(claims),
                    "copies": copies_sentence(phrases.records(listed), self.first_of),
                    "state": state(group),
                    "n_origins": int(group["n_origins"]),
                    "assumed": group["place_basis"] == "assumed",
                    "chart": self.figure(group["comparison_id"], draw),
                    "table": self.rows(listed, MOST_PANEL_ROWS),
                    "history": self.history(claims, group),
                    "sums": str(group["note"]) if phrases.present(group["note"]) else "",
                    "again": len(claims) - len(listed),
                    "filters": group_filters(claims),
                }
            )
        return told

    def listed(self) -> dict[str, Any]:
        """Comparisons without a panel: those of one claim, and those beyond the drawn ones."""
        rest = self.comparisons[~self.comparisons["comparison_id"].isin(self.drawn["comparison_id"])]
        rows = []
        for group in phrases.records(rest.head(MOST_ROWS)):
            claims = self.members.get(group["comparison_id"])
            if claims is None:
                continue
            rows.append(
                {
                    "id": group["comparison_id"],
                    "label": group["label"],
                    "amount": group_amount(group, claims),
                    "outlets": phrases.listed(dict.fromkeys(claims["outlet"]), 4),
                    "sources": phrases.listed([s for s, _ in findings.speakers_and_outlets(claims)], 3),
                    "state": state(group),
                    "first": self.row(phrases.records(claims)[0]),
                    "filters": group_filters(claims),
                }
            )
        return {"rows": rows, "total": len(rest)}

    def contradictions(self) -> dict[str, Any]:
        """Groups in conflict with the two claims that decide it; ``near``: those that a tolerance resolves."""
        conflict = self.comparisons[self.comparisons["agreement"] == "conflict"]
        by_id = {c["claim_id"]: c for c in phrases.records(self.claims)} if len(conflict) else {}
        told: dict[str, list[dict[str, Any]]] = {"pairs": [], "near": []}
        for group in phrases.records(conflict):
            kept = told["pairs" if group["agreement_tolerant"] == "conflict" else "near"]
            deciding = str(group["deciding_claims"]).split("+") if phrases.present(group["deciding_claims"]) else []
            claims = [by_id[c] for c in deciding if c in by_id]
            if len(claims) == 2 and len(kept) < MOST_PAIRS:
                kept.append({"label": group["label"], "state": state(group), "pair": [self.row(c) for c in claims]})
        return {**told, "total": len(conflict)}

    def trails(self) -> dict[str, Any]:
        """Who has it from whom: per speaker and way, the outlets and how many figures."""
        trails: dict[str, dict[str, Any]] = {}
        ways: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
        for claim in phrases.records(findings.told_once(self.claims)):
            key = findings.speaker_key(claim)
            trail = trails.setdefault(key, {"who": "", "silent": not phrases.present(claim["source"]), "figures": 0})
            trail["who"] = max(trail["who"], findings.speaker(claim), key=len)
            trail["figures"] += 1
            way = ways[(key, " ← ".join(findings.vias(claim)))]
            way[claim["outlet"]] = way.get(claim["outlet"], 0) + 1
        for (key, via), outlets in sorted(ways.items()):
            trails[key].setdefault("ways", []).append({"via": via, "outlets": sorted(outlets.items(), key=_most_first)})
        order = sorted(trails.values(), key=lambda t: (t["silent"], -t["figures"], t["who"]))
        return {"rows": order[:MOST_ROWS], "total": len(order)}

    def history(self, claims: pd.DataFrame, group: findings.Row) -> list[dict[str, Any]]:
        """The entries of a history; the claims that they name become readable."""
        entries = evidence.history(claims, group["unit"], evidence.MOST_ENTRIES)
        wanted = {e["id"] for e in entries}
        for claim in phrases.records(claims[claims["claim_id"].isin(wanted)]):
            self.row(claim)
        return entries

    def changed(self) -> dict[str, Any]:
        """Figures that changed on the way, with the telling that they go back to."""
        pairs = evidence.changed_on_the_way(self.claims)
        rows = [
            {"row": self.row(claim), "first": None if first is None else self.row(first), "what": claim["distortion"]}
            for claim, first in pairs[:MOST_ROWS]
        ]
        return {"rows": rows, "total": len(pairs)}

    def sums(self) -> dict[str, Any]:
        """Checks of sums, shares and parts, with the claim to read."""
        by_id = {c["claim_id"]: c for c in phrases.records(self.claims)}
        checks = evidence.sums(self.claims)
        rows = [{"status": c.status, "text": c.text, "row": self.row(by_id[c.claims[0]])} for c in checks[:MOST_ROWS]]
        return {"rows": rows, "total": len(checks)}

    def cited(self) -> dict[str, Any] | None:
        """The chart of who is cited by which outlet."""
        return self.figure("cited", lambda layout: who_cites_whom(self.claims, layout=layout))

    def copies(self) -> dict[str, Any]:
        """Copy families; the shared share of each copy, and why its figures count as told again."""
        families = evidence.families(self.tables["articles"], self.claims)
        told = []
        for family in families[:MOST_ROWS]:
            copies = [
                {"article": named(c["article"]), "share": c["article"]["copied_share"], "reasons": c["reasons"]}
                for c in family["copies"]
            ]
            told.append({"first": named(family["first"]), "copies": copies})
        return {"rows": told, "total": len(families)}

    def inputs(self) -> dict[str, dict[str, Any]]:
        """The articles that were read, and the inputs that could not be used."""
        rejected = self.tables["rejected"]
        read = [named(a) for a in list(self.articles.values())[:MOST_ROWS]]
        return {
            "articles": {"rows": read, "total": len(self.articles)},
            "rejected": {"rows": phrases.records(rejected.head(MOST_ROWS)), "total": len(rejected)},
        }

    def happened(self) -> dict[str, Any]:
        every = self.tables["events"]
        clear = telling(every)
        events = (every[clear] if clear.any() else every).sort_values(
            ["n_outlets", "n_mentions"], ascending=False, kind="stable"
        )
        mentions = self.tables["event_mentions"]

        def over_time(layout: charts.Layout) -> Any:
            return event_charts.timeline(events, mentions, layout=layout)

        def on_map(layout: charts.Layout) -> Any:
            return event_map(events, mentions, self.tables["claims"], layout=layout)

        drawn = [self.figure("events", over_time), self.figure("map", on_map)] if len(events) else []
        tellers: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        for mention in phrases.records(mentions):
            tellers[mention["event_id"]].setdefault(str(mention["outlet"]), mention)
        rows = []
        for event in phrases.records(events.head(MOST_ROWS)):
            label = str(event["label"])
            told = list(tellers[event["event_id"]].items())
            for _, mention in told[:MOST_TELLERS]:
                self.readable[mention["mention_id"]] = readable_event(mention, label)
            killed = event["killed_best"]
            dated = phrases.days(event["date_start"], event["date_end"])
            where = event["place"] if phrases.present(event["place"]) else ""
            rows.append(
                {
                    **event,
                    "label": label,
                    "type": type_words(str(event["event_type"])),
                    "told": [{"outlet": outlet, "id": m["mention_id"]} for outlet, m in told[:MOST_TELLERS]],
                    "untold": max(0, len(told) - MOST_TELLERS),
                    "when": dated,
                    "where": where,
                    "killed": phrases.number(killed) if phrases.present(killed) else "",
                }
            )
        left = len(every) - len(events)
        return {"rows": rows, "total": len(events), "left": left, "charts": [d for d in drawn if d]}

    def moving(self) -> list[dict[str, Any]]:
        drawn: list[dict[str, Any]] = []
        for group in phrases.records(self.comparisons[self.comparisons["n_claims"] > 2].head(40)):
            claims = self.members.get(group["comparison_id"])
            if claims is None or len(drawn) == 3 or charts.movement(claims, group) is None:
                continue

            def draw(layout: charts.Layout, claims: pd.DataFrame = claims, group: findings.Row = group) -> Any:
                return charts.figures_over_time(claims, group, styles=self.styles, layout=layout)

            chart = self.figure(f"time-{group['comparison_id']}", draw)
            drawn += [chart] if chart else []
        return drawn

    def territory(self) -> dict[str, Any] | None:
        def draw(layout: charts.Layout) -> Any:
            return charts.territory_share(self.claims, styles=self.styles, layout=layout)

        return self.figure("territory", draw)

    def no_source(self) -> dict[str, Any]:
        once = findings.told_once(self.claims)
        return self.rows(once[~findings.has_named_source(once)])

    def every(self) -> dict[str, Any]:
        """All figures, those of a group together; ``again``: how many only repeat a sentence of their article."""
        once = findings.told_once(self.claims).sort_values(["measure", "comparison_id", "published"], kind="stable")
        return {**self.rows(once), "again": len(self.claims) - len(once)}

    def choices(self) -> dict[str, dict[str, Any]]:
        """What the filters offer, most frequent first: value, its name for a reader, how many figures."""
        kept: dict[str, dict[str, int]] = {name: {} for name in FILTERS}
        names: dict[str, str] = {}
        for claim in phrases.records(findings.told_once(self.claims)):
            values = filter_values(claim)
            names[values["source"]] = max(names.get(values["source"], ""), findings.speaker(claim), key=len)
            for name, counts in kept.items():
                counts[values[name]] = counts.get(values[name], 0) + 1
        offered: dict[str, dict[str, Any]] = {}
        for name, counts in kept.items():
            most = sorted(counts.items(), key=_most_first)[:MOST_CHOICES]
            rows = [(value, names[value] if name == "source" else value, count) for value, count in most]
            offered[name] = {"rows": rows, "total": len(counts)}
        return offered

    def texts(self) -> tuple[dict[str, dict[str, Any]], int]:
        """The articles that a shown claim stands in, with their text while the budget lasts; how many came without."""
        wanted = dict.fromkeys(c["article"] for c in self.readable.values())
        room, without, told = TEXT_BUDGET, 0, {}
        for article_id in wanted:
            article = self.articles.get(article_id)
            if article is None:
                continue
            text: str | None = article["text"]
            if text is not None and len(text) > room:
                text, without = None, without + 1
            room -= len(text or "")
            told[article_id] = named(article) | {"text": text}
        return told, without


def _most_first(counted: tuple[str, int]) -> tuple[int, str]:
    return -counted[1], counted[0]
