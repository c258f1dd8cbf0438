"""Events: one row per mention of an event, and one row per event with what is told of it.

``event_mentions`` reads the Docs and groups the mentions into events; ``events`` sums each group up. Reads the claims
(for the figures told of an event) and the articles (for wire copies); writes nothing else.

Which mentions are one event, ``event_groups`` decides.

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

import statistics
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd
from spacy.tokens import Doc, Span

from analysis import provenance, tables
from analysis.components.mentions import EventMention, PlaceMention
from analysis.event_groups import group
from analysis.event_labels import label

#: a region or country that is itself the place tells no more than that
AREAS = {"admin1": "admin1", "region": "admin1", "water": "admin1", "country": "country"}
PRECISION_ORDER = ("exact", "admin1", "country", "none")
PLACE_COLUMNS = ("place", "latitude", "longitude", "country_iso3", "admin1", "geonames_id", "place_precision")
COUNTED_MEASURES = {"killed": "killed", "casualties": "casualties"}


def _value(cell: Any) -> Any:
    """A cell with every kind of missing value as None."""
    return None if pd.isna(cell) else cell


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return [{str(name): _value(cell) for name, cell in row.items()} for row in table.to_dict("records")]


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
    for row, event_id in zip(rows, group(rows, _records(claims)), strict=True):
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
    if place.kind == "region" and place.country_iso3 is None:
        return {"place": mention.place, "place_precision": "none"}  # a continent is no point on a map
    return {
        "place": mention.place,
        "latitude": place.latitude,
        "longitude": place.longitude,
        "country_iso3": place.country_iso3,
        "admin1": place.admin1,
        "geonames_id": place.geonames_id,
        "place_precision": AREAS.get(place.kind, place.precision) if place.precision == "exact" else place.precision,
    }


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
        "label": label(first["event_type"], actor, target, place, [r["event_mode"] for r in rows]) + _status(rows),
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


def _status(rows: Sequence[Mapping[str, Any]]) -> str:
    """What a reader must know beside the label of an event: that nobody tells it as a fact of the past."""
    if all(r["negated"] for r in rows):
        return " (told as not so)"
    return " (planned)" if all(r["realis"] == "planned" for r in rows) else ""


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
