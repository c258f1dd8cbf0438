"""Events: one row per mention of an event, and one row per event with what is told of it.

``event_mentions`` reads the Docs and groups the mentions into events; ``events`` sums each group up. Reads the claims
(for the figures told of an event) and the articles (for wire copies); writes nothing else.

Grouping. Two mentions can be one event if they have the same PLOVER type, their parties agree (equal sets, direction
ignored, or one set within the other), their places agree (equal, or one untold) and their dates share a day. Within an
article a mention joins the nearest earlier event with which it agrees. Across articles only events with equal parties
meet that tell a place or a date: sorted by day, an event joins the running group as long as all its members still share
a day; an undated mention stands for the UNDATED_DAYS days up to its publication. So a group cannot drift through a
war, and the work grows with n log n.

Killed and casualties. The figures are those of the claims linked to the event's mentions with the measure ``killed`` or
``casualties``; negated claims, repeats and parts of another linked claim are left out; figures of one sentence for
different classes of people ("three soldiers and five civilians") are added; of the claims with one ``origin_id`` only
the latest counts. ``low`` is the lowest lower bound, ``high`` the highest upper bound (a lower bound where the claim is
open above), ``best`` the value told last: the median of the last day of publication, rounded down. Compare: UCDP's
georeferenced dataset gives for each event a best, a low and a high estimate, the best being the most reliable number
and the low and high those of credible sources that differ; ACLED records one number, the most conservative or most
recent of the reports. Ours follows UCDP in its three numbers and ACLED in preferring the latest report; it judges no
source.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from spacy.tokens import Doc, Span

from analysis import provenance, tables
from analysis.components.mentions import EventMention, PlaceMention

#: an undated mention is taken to tell of the days up to its publication
UNDATED_DAYS = 3
#: how many events of one type back a mention may join within its article
REACH = 12
PRECISION_ORDER = ("exact", "admin1", "country", "none")
PLACE_COLUMNS = ("place", "latitude", "longitude", "country_iso3", "admin1", "geonames_id", "place_precision")
COUNTED_MEASURES = {"killed": "killed", "casualties": "casualties"}
VERBS = {
    "AGREE": "agrees with",
    "CONSULT": "meets",
    "SUPPORT": "supports",
    "CONCEDE": "concedes to",
    "COOPERATE": "cooperates with",
    "AID": "aids",
    "RETREAT": "retreats or releases",
    "REQUEST": "asks",
    "ACCUSE": "accuses",
    "REJECT": "rejects",
    "THREATEN": "threatens",
    "PROTEST": "protests",
    "SANCTION": "sanctions",
    "MOBILIZE": "moves forces",
    "COERCE": "coerces",
    "ASSAULT": "attacks",
}


def _value(cell: Any) -> Any:
    """A cell with every kind of missing value as None."""
    return None if pd.isna(cell) else cell


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _value(cell) for name, cell in row.items()} for row in table.to_dict("records")]


def _day(text: Any) -> dt.date | None:
    return None if _value(text) is None else dt.date.fromisoformat(str(text)[:10])


# -- mentions ----------------------------------------------------------------------------------------------------


def event_mentions(docs: Iterable[Doc], claims: pd.DataFrame) -> pd.DataFrame:
    """The event_mentions table of annotated Docs: one row per ``doc._.event_mentions``, with ``event_id``.

    ``claims`` gives the ids of the figures told of a mention (by article and start). Raises SchemaError if a row does
    not fit the schema.
    """
    by_start: dict[tuple[str, int], str] = {}
    for row in _records(claims):
        if row.get("kind") == "figure":
            by_start[str(row["article_id"]), int(row["start"])] = str(row["claim_id"])
    rows = [row for doc in docs for row in _mention_rows(doc, by_start)]
    for row, event_id in zip(rows, group(rows), strict=True):
        row["event_id"] = event_id
    return tables.frame("event_mentions", rows)


def _mention_rows(doc: Doc, by_start: Mapping[tuple[str, int], str]) -> list[dict[str, Any]]:
    article = doc._.article_id
    published = None if doc._.published is None else str(doc._.published)[:10]
    sentences: Sequence[Span] = list(doc.sents)
    rows = []
    number = 0
    for mention in sorted(doc._.event_mentions or [], key=lambda m: (m.start, m.end, m.event_type)):
        while number + 1 < len(sentences) and sentences[number].end_char <= mention.start:
            number += 1
        sent = sentences[number]
        figures = [by_start[article, start] for start in mention.figure_starts if (article, start) in by_start]
        rows.append(
            {
                "mention_id": provenance.mention_id(article, mention.event_type, mention.start, mention.end),
                "article_id": article,
                "outlet": doc._.outlet or "unknown",
                "published": published,
                "sentence": number,
                "sentence_start": sent.start_char,
                "sentence_end": sent.end_char,
                "sentence_text": sent.text,
                "claim_ids": "+".join(figures) or None,
                "extractor": f"event:{mention.rule}",
                **_place_cells(doc, mention),
                **{name: getattr(mention, name) for name in COPIED},
            }
        )
    return rows


COPIED = (
    "start",
    "end",
    "trigger",
    "event_type",
    "event_mode",
    "realis",
    "actor",
    "actor_type",
    "target",
    "target_type",
    "date_start",
    "date_end",
    "date_precision",
    "source",
    "source_kind",
    "via",
    "cue",
    "mode",
    "hedged",
    "negated",
    "confidence",
)


def _place_cells(doc: Doc, mention: EventMention) -> dict[str, Any]:
    place: PlaceMention | None = next((p for p in doc._.places or [] if p.start == mention.place_start), None)
    if mention.place is None or place is None:
        return {"place": mention.place, "place_precision": "none"}
    return {
        "place": mention.place,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "country_iso3": place.country_iso3,
        "admin1": place.admin1,
        "geonames_id": place.geonames_id,
        "place_precision": place.precision,
    }


# -- grouping ----------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Group:
    """Mentions taken for one event: what all of them agree on."""

    members: list[int]
    event_type: str
    parties: frozenset[str]
    place: str | None
    first: dt.date | None
    last: dt.date | None
    dated: bool
    negated: bool
    key: tuple[Any, ...] = field(default=())


def _parties(row: Mapping[str, Any]) -> frozenset[str]:
    names = [*str(_value(row.get("actor")) or "").split("+"), *str(_value(row.get("target")) or "").split("+")]
    return frozenset(name for name in names if name)


def _single(i: int, row: Mapping[str, Any]) -> _Group:
    first, last = _day(row.get("date_start")), _day(row.get("date_end"))
    published = _day(row.get("published"))
    dated = first is not None
    if first is None and published is not None:
        first, last = published - dt.timedelta(days=UNDATED_DAYS), published
    key = (str(_value(row.get("published")) or "9999"), str(row["outlet"]), str(row["article_id"]), int(row["start"]))
    return _Group(
        [i],
        row["event_type"],
        _parties(row),
        _value(row.get("place")),
        first,
        last if last is not None else first,
        dated,
        bool(row["negated"]),
        key,
    )


def _days_meet(a: _Group, b: _Group) -> bool:
    if a.first is None or b.first is None or a.last is None or b.last is None:
        return True
    return a.first <= b.last and b.first <= a.last


def _agree(a: _Group, b: _Group) -> bool:
    """True where the two may be one event (see the module's head)."""
    if a.event_type != b.event_type or a.negated != b.negated:
        return False
    if not (a.parties <= b.parties or b.parties <= a.parties):
        return False
    if a.place is not None and b.place is not None and a.place != b.place:
        return False
    return not (a.dated and b.dated) or _days_meet(a, b)


def _join(into: _Group, other: _Group) -> None:
    into.members += other.members
    into.parties |= other.parties
    into.place = into.place or other.place
    if other.dated and not into.dated:
        into.first, into.last, into.dated = other.first, other.last, True
    elif other.dated == into.dated and other.first is not None and into.first is not None:
        assert other.last is not None
        assert into.last is not None
        if _days_meet(into, other):
            into.first, into.last = max(into.first, other.first), min(into.last, other.last)
    into.key = min(into.key, other.key)


def _within_articles(rows: Sequence[Mapping[str, Any]]) -> list[_Group]:
    order = sorted(range(len(rows)), key=lambda i: (rows[i]["article_id"], rows[i]["start"], rows[i]["mention_id"]))
    groups: list[_Group] = []
    open_groups: dict[tuple[str, str], list[_Group]] = defaultdict(list)
    for i in order:
        single = _single(i, rows[i])
        candidates = open_groups[rows[i]["article_id"], rows[i]["event_type"]]
        known = next((g for g in reversed(candidates[-REACH:]) if _agree(g, single)), None)
        if known is None:
            groups.append(single)
            candidates.append(single)
        else:
            _join(known, single)
            candidates.remove(known)
            candidates.append(known)
    return groups


def group(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """The event_id of every mention, in the order of ``rows``: hashes anchored on each event's earliest mention."""
    groups = _within_articles(rows)
    blocks: dict[tuple[Any, ...], list[_Group]] = defaultdict(list)
    for g in groups:
        alone = not g.parties or g.first is None or (g.place is None and not g.dated)
        owner = g.key if alone else None
        blocks[g.event_type, tuple(sorted(g.parties)), g.place, g.negated, owner].append(g)
    event_of = [""] * len(rows)
    for block in blocks.values():
        block.sort(key=lambda g: (g.first or dt.date.max, g.key))
        running: _Group | None = None
        merged: list[_Group] = []
        for g in block:
            if running is not None and _days_meet(running, g):
                assert running.first is not None
                assert running.last is not None
                assert g.first is not None
                assert g.last is not None
                first, last = max(running.first, g.first), min(running.last, g.last)
                _join(running, g)
                running.first, running.last = first, last
                continue
            running = g
            merged.append(g)
        for g in merged:
            earliest = min(
                g.members,
                key=lambda i: (
                    str(_value(rows[i].get("published")) or "9999"),
                    rows[i]["outlet"],
                    rows[i]["article_id"],
                    rows[i]["start"],
                    rows[i]["mention_id"],
                ),
            )
            event_id = provenance.group_id("evt", rows[earliest]["mention_id"])
            for i in g.members:
                event_of[i] = event_id
    return event_of


# -- events ------------------------------------------------------------------------------------------------------


def events(mentions: pd.DataFrame, claims: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """The events table: one row per ``event_id`` of ``mentions``.

    ``articles`` gives ``syndication_id`` (copies of one wire story are one origin) where it has that column.
    """
    wire: dict[str, str] = {}
    if "syndication_id" in articles:
        for article in _records(articles):
            if article["syndication_id"] is not None:
                wire[str(article["article_id"])] = str(article["syndication_id"])
    told = {str(row["claim_id"]): row for row in _records(claims)}
    grouped: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _records(mentions):
        grouped[str(row["event_id"])].append(row)
    return tables.frame("events", [_event(event_id, rows, told, wire) for event_id, rows in grouped.items()])


def _event(
    event_id: str, rows: list[dict[str, Any]], told: Mapping[str, Mapping[str, Any]], wire: Mapping[str, str]
) -> dict[str, Any]:
    rows = sorted(rows, key=lambda r: (str(r["published"] or "9999"), r["outlet"], r["article_id"], r["start"]))
    first = rows[0]
    fullest = max(rows, key=lambda r: (bool(r["actor"]) + bool(r["target"]), -rows.index(r)))
    placed = min(rows, key=lambda r: (PRECISION_ORDER.index(r["place_precision"]), r["place"] is None, rows.index(r)))
    dated = [r for r in rows if r["date_start"] is not None]
    ids = dict.fromkeys(claim for r in rows for claim in str(r["claim_ids"] or "").split("+") if claim)
    linked = [told[claim] for claim in ids if claim in told]
    exact = min(dated, key=lambda r: (str(r["date_end"]) > str(r["date_start"]), rows.index(r))) if dated else None
    actor, target, place = fullest["actor"], fullest["target"], placed["place"]
    row: dict[str, Any] = {
        "event_id": event_id,
        "event_type": first["event_type"],
        "actor": actor,
        "target": target,
        "label": label(first["event_type"], actor, target, place),
        **{column: placed[column] for column in PLACE_COLUMNS},
        "date_start": exact["date_start"] if exact else None,
        "date_end": exact["date_end"] if exact else None,
        "date_precision": exact["date_precision"] if exact else None,
        "first_published": next((r["published"] for r in rows if r["published"] is not None), None),
        "first_outlet": first["outlet"],
        "n_mentions": len(rows),
        "n_outlets": len({r["outlet"] for r in rows}),
        "n_origins": len({wire.get(str(r["article_id"]), str(r["outlet"])) for r in rows}),
    }
    for measure, name in COUNTED_MEASURES.items():
        low, best, high = toll([c for c in linked if c.get("measure") == measure])
        row |= {f"{name}_low": low, f"{name}_best": best, f"{name}_high": high}
    return row


def label(event_type: str, actor: str | None, target: str | None, place: str | None) -> str:
    """A readable name: ``Ukraine attacks Russia in Kursk``."""
    parts = [(actor or "unknown").replace("+", " and "), VERBS[event_type]]
    if target:
        parts.append(target.replace("+", " and "))
    if place:
        parts += ["in", place.replace("+", " and ")]
    return " ".join(parts)


def toll(linked: Sequence[Mapping[str, Any]]) -> tuple[float | None, float | None, float | None]:
    """(low, best, high) over the claims of one measure that are linked to one event, by the rule at the module's head."""
    ids = {c["claim_id"] for c in linked}
    counted = [
        {str(k): _value(v) for k, v in c.items()}
        for c in linked
        if not c.get("negated")
        and _value(c.get("repeat_of")) not in ids
        and _value(c.get("part_of")) not in ids
        and (_value(c.get("low")) is not None or _value(c.get("high")) is not None)
        and _value(c.get("unit")) in (None, "person")
    ]
    by_sentence: dict[tuple[Any, ...], dict[Any, dict[str, Any]]] = defaultdict(dict)
    for claim in counted:
        place = (str(claim.get("published") or ""), claim["article_id"], claim.get("sentence"), claim.get("origin_id"))
        by_sentence[place].setdefault((claim.get("counted_class"), claim.get("counted")), claim)
    told: dict[Any, tuple[str, float, float]] = {}
    for (published, article, sentence, origin), classes in sorted(by_sentence.items(), key=lambda x: str(x[0])):
        lows = [c["low"] if c["low"] is not None else 0.0 for c in classes.values()]
        highs = [c["high"] if c["high"] is not None else c["low"] for c in classes.values()]
        told[origin if origin is not None else (article, sentence)] = (published, float(sum(lows)), float(sum(highs)))
    if not told:
        return None, None, None
    values = list(told.values())
    last_day = max(published for published, _, _ in values)
    latest = [low if low > 0 else high for published, low, high in values if published == last_day]
    low = min(v[1] for v in values)
    high = max(max(v[1], v[2]) for v in values)
    return low, float(statistics.median_low(latest)), high
