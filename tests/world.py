"""A small valid world of tables, built through the frame gate, for tests that plant something wrong in it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.provenance import article_id, claim_id, group_id, mention_id
from analysis.tables import frame

TEXTS = {
    "The Northern Post": "The army said on Monday that 120 soldiers were killed near Brenk. Rebels shelled Brenk.",
    "Harbour Gazette": "About 150 soldiers died near Brenk, officials said. In 2023 the town was quiet.",
}
PUBLISHED = {"The Northern Post": "2024-03-05", "Harbour Gazette": "2024-03-06"}


def _span(text: str, words: str) -> tuple[int, int]:
    start = text.index(words)
    return start, start + len(words)


def world() -> dict[str, pd.DataFrame]:
    """Two articles, two comparable figures, one statement, one event, one number left out; nothing rejected."""
    articles: list[dict[str, Any]] = []
    for outlet, text in TEXTS.items():
        url = f"https://{outlet.lower().replace(' ', '')}.example/1"
        articles.append(
            {
                "article_id": article_id(outlet, url, text),
                "outlet": outlet,
                "outlet_basis": "metadata",
                "url": url,
                "title": None,
                "language": "en",
                "published": PUBLISHED[outlet],
                "published_basis": "metadata",
                "raw_path": f"{outlet.split()[0].lower()}.txt",
                "raw_sha256": "0" * 64,
                "text": text,
            }
        )
    first, second = articles
    claims = [
        _figure(
            first,
            "120",
            "The army said on Monday that 120 soldiers were killed near Brenk.",
            "army",
            "said",
            120.0,
            "=",
        ),
        _figure(second, "150", "About 150 soldiers died near Brenk, officials said.", "officials", "said", 150.0, "~"),
    ]
    comparison = group_id("cmp", claims[0]["claim_id"])
    for claim in claims:
        claim["comparison_id"] = comparison
        claim["origin_id"] = group_id("org", claim["claim_id"])
    start, end = _span(first["text"], "Rebels shelled Brenk")
    claims.append(
        {
            **{k: claims[0][k] for k in ("article_id", "outlet", "published", "mode", "source", "stance", "extractor")},
            "claim_id": claim_id(first["article_id"], "statement", start, end),
            "kind": "statement",
            "sentence": 1,
            "sentence_start": start,
            "sentence_end": end + 1,
            "sentence_text": "Rebels shelled Brenk.",
            "start": start,
            "end": end,
            "statement_type": "accuse",
            "about_claim_id": claims[0]["claim_id"],
            "hedged": False,
            "negated": False,
            "confidence": 0.5,
        }
    )
    claims[1]["part_of"] = claims[0]["claim_id"]
    left = _span(second["text"], "2023")
    shelled = _span(first["text"], "shelled")
    event = group_id("evt", "first")
    mention = {
        "mention_id": mention_id(first["article_id"], "ASSAULT", *shelled),
        "event_id": event,
        "article_id": first["article_id"],
        "outlet": first["outlet"],
        "published": first["published"],
        "sentence": 1,
        "sentence_start": start,
        "sentence_end": end + 1,
        "sentence_text": "Rebels shelled Brenk.",
        "start": shelled[0],
        "end": shelled[1],
        "trigger": "shelled",
        "event_type": "ASSAULT",
        "realis": "actual",
        "actor": "rebels",
        "place": "Brenk",
        "latitude": 50.0,
        "longitude": 30.0,
        "place_precision": "exact",
        "date_start": "2024-03-04",
        "date_end": "2024-03-04",
        "date_precision": "day",
        "mode": "none",
        "hedged": False,
        "negated": False,
        "claim_ids": claims[0]["claim_id"],
        "extractor": "event:shell.v",
        "confidence": 0.5,
    }
    event_row = {
        k: mention[k] for k in ("event_id", "event_type", "actor", "place", "place_precision", "date_start", "date_end")
    }
    event_row |= {"label": "rebels shell Brenk", "first_outlet": first["outlet"], "first_published": first["published"]}
    event_row |= {
        "n_mentions": 1,
        "n_outlets": 1,
        "n_origins": 1,
        "killed_low": 1.0,
        "killed_best": 2.0,
        "killed_high": 3.0,
    }
    event_row |= {"casualties_low": 1.0, "casualties_best": 2.0, "casualties_high": 3.0, "date_precision": "day"}
    group = {
        "comparison_id": comparison,
        "label": "soldiers killed near Brenk",
        "measure": "killed",
        "unit": "person",
        "place": "Brenk",
        "place_basis": "stated",
        "period_start": "2024-03-04",
        "period_end": "2024-03-06",
        "first_published": "2024-03-05",
        "last_published": "2024-03-06",
        "n_claims": 2,
        "n_articles": 2,
        "n_outlets": 2,
        "n_sources": 2,
        "n_parties": 0,
        "n_origins": 2,
        "low": 120.0,
        "high": 150.0,
        "median": 135.0,
        "spread": 1.25,
        "agreement": "conflict",
        "agreement_tolerant": "conflict",
        "deciding_claims": "+".join(c["claim_id"] for c in claims[:2]),
    }
    first["syndication_id"] = group_id("syn", first["article_id"])
    second |= {"syndication_id": first["syndication_id"], "copy_of": first["article_id"], "copied_share": 0.5}
    left_out = [
        {"article_id": second["article_id"], "start": left[0], "end": left[1], "text": "2023", "reason": "date"}
    ]
    return {
        "articles": frame("articles", articles),
        "claims": frame("claims", claims),
        "left_out": frame("left_out", left_out),
        "event_mentions": frame("event_mentions", [mention]),
        "events": frame("events", [event_row]),
        "comparisons": frame("comparisons", [group]),
        "rejected": frame("rejected", []),
    }


def _figure(
    article: dict[str, Any], words: str, sentence: str, source: str, cue: str, value: float, comparator: str
) -> dict[str, Any]:
    text = article["text"]
    start, end = _span(text, words)
    sentence_start, sentence_end = _span(text, sentence)
    source_start, source_end = _span(text, source)
    cue_start, cue_end = _span(text, cue)
    return {
        "claim_id": claim_id(article["article_id"], "figure", start, end),
        "article_id": article["article_id"],
        "outlet": article["outlet"],
        "published": article["published"],
        "kind": "figure",
        "sentence": 0,
        "sentence_start": sentence_start,
        "sentence_end": sentence_end,
        "sentence_text": sentence,
        "start": start,
        "end": end,
        "figure_text": words,
        "low": value,
        "high": value,
        "comparator": comparator,
        "unit": "person",
        "counted": "soldiers",
        "counted_class": "soldiers",
        "measure": "killed",
        "place": "Brenk",
        "place_basis": "stated",
        "as_of_start": "2024-03-04",
        "as_of_end": "2024-03-04",
        "source": source,
        "source_start": source_start,
        "source_end": source_end,
        "source_id": source,
        "source_kind": "military",
        "source_named": False,
        "said_date": "2024-03-04",
        "cue": cue,
        "cue_start": cue_start,
        "cue_end": cue_end,
        "stance": "neutral",
        "mode": "indirect",
        "hedged": False,
        "negated": False,
        "extractor": "quantity:digits",
        "confidence": 0.5,
    }
