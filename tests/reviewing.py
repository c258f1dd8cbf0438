"""A sheet of the small world's figures, as a reviewer has it before him: what tests of corrections begin with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from analysis import correcting, corrections
from analysis.correction import rows_of
from analysis.provenance import article_id
from analysis.review import Sheet, sheet
from analysis.tables import frame

Frames = dict[str, pd.DataFrame]


def figures_sheet(found: Frames, folder: Path) -> Sheet:
    """All figures of the small world: 120 soldiers in the Northern Post, 150 in the Harbour Gazette."""
    claims = found["claims"]
    return sheet(found, claims[claims["kind"] == "figure"], author="R. Reader", file=str(folder / "c.jsonl"))


def applied(read: Sheet, found: Frames, table: str = "claims") -> correcting.Corrected:
    """The table with the verdicts of a sheet applied, as a run does it."""
    return correcting.apply(table, found[table], found["articles"], corrections.read(read.path))


def row(found: Frames, words: str) -> dict[str, Any]:
    return next(r for r in rows_of(found["claims"]) if r["figure_text"] == words)


def changed_article(found: Frames, old: str, new: str) -> Frames:
    """The world after the Northern Post changed its text: what a run extracts from it anew."""
    articles = rows_of(found["articles"])
    article = next(a for a in articles if old in a["text"])
    before = article["article_id"]
    article["text"] = article["text"].replace(old, new)
    article["article_id"] = article_id(article["outlet"], article["url"], article["text"])
    claims = rows_of(found["claims"])
    for claim in (c for c in claims if c["article_id"] == before):
        claim["article_id"], claim["claim_id"] = article["article_id"], claim["claim_id"].replace("clm_", "clm_f")[:20]
        claim["sentence_text"] = claim["sentence_text"].replace(old, new)
        if claim["figure_text"] == old:
            claim["figure_text"] = new
    for other in articles:
        other["copy_of"] = other["copied_share"] = None
    pointers = {"part_of": None, "about_claim_id": None}
    return {
        "articles": frame("articles", articles),
        "claims": frame("claims", [c | pointers for c in claims]),
    }
