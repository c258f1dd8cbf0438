"""Articles and figures for tests of copies, origins and comparisons, built through the frame gate."""

from __future__ import annotations

from typing import Any

import pandas as pd

from analysis.provenance import article_id, claim_id
from analysis.tables import frame
from analysis.wording import sentence_spans


def article(outlet: str, published: str, text: str, credit: str | None = None) -> dict[str, Any]:
    """One row of the articles table."""
    url = f"https://{''.join(c for c in outlet.lower() if c.isalnum())}.example/{published}"
    return {
        "article_id": article_id(outlet, url, text),
        "outlet": outlet,
        "outlet_basis": "metadata",
        "url": url,
        "published": published,
        "published_basis": "metadata",
        "credit": credit,
        "raw_path": f"{outlet}.txt",
        "raw_sha256": "0",
        "text": text,
    }


def figure(told: dict[str, Any], words: str, **columns: Any) -> dict[str, Any]:
    """One row of the claims table for the first place where ``words`` stand; "1,200" gives low and high by itself."""
    start = told["text"].index(words)
    end = start + len(words)
    spans = sentence_spans(told["text"])
    number, (first, last) = next((i, s) for i, s in enumerate(spans) if s[0] <= start < s[1])
    row: dict[str, Any] = {
        "claim_id": claim_id(told["article_id"], "figure", start, end),
        "article_id": told["article_id"],
        "outlet": told["outlet"],
        "published": told["published"],
        "kind": "figure",
        "sentence": number,
        "sentence_start": first,
        "sentence_end": last,
        "sentence_text": told["text"][first:last],
        "start": start,
        "end": end,
        "figure_text": words,
        "comparator": "=",
        "unit": "person",
        "counted": "people",
        "measure": "killed",
        "mode": "indirect" if columns.get("source_id") else "none",
        "hedged": False,
        "negated": False,
        "extractor": "test",
        "confidence": 1.0,
    }
    if "low" not in columns and "high" not in columns:
        row["low"] = row["high"] = float(words.replace(",", "").split()[0])
    return {**row, **columns}


def tables(articles: list[dict[str, Any]], figures: list[dict[str, Any]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    return frame("articles", articles), frame("claims", figures)
