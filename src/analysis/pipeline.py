"""The stages as plain functions, one after the other in one process: what evaluation, benchmarks and tests run.

The notebooks run the same functions stage by stage; nothing is computed in them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
from spacy.language import Language
from spacy.tokens import Doc

from analysis import articles, claims, comparisons, events, origins, syndication
from analysis.components import BATCH_SIZE, annotate, build_nlp

Frames = dict[str, pd.DataFrame]


def rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """A table as dicts with None for null."""
    return [{str(k): None if pd.isna(v) else v for k, v in r.items()} for r in table.to_dict("records")]


def docs_of(
    table: pd.DataFrame, nlp: Language | None = None, processes: int = 1, batch_size: int = BATCH_SIZE
) -> list[Doc]:
    """Annotated Docs of the articles table, in its order."""
    return list(annotate(nlp or build_nlp(), rows(table), batch_size=batch_size, processes=processes))


def tables_of(
    article_table: pd.DataFrame,
    docs: Sequence[Doc],
    replace_claims: Callable[[pd.DataFrame], pd.DataFrame] | None = None,
) -> Frames:
    """All tables that follow from articles and their annotated Docs.

    ``replace_claims`` may put other claims (gold figures, say) in the place of the extracted ones, so that the later
    stages can be measured alone.
    """
    article_table = syndication.syndicate(article_table)
    claim_table, left_out = claims.claims(docs)
    if replace_claims is not None:
        claim_table = replace_claims(claim_table)
    mentions = events.event_mentions(docs, claim_table)
    traced = origins.trace(article_table, claim_table)
    claim_table, comparison_table = comparisons.compare(article_table, traced.claims, reasons=traced.reasons)
    event_table = events.events(mentions, claim_table, article_table)
    return {
        "articles": article_table,
        "claims": claim_table,
        "left_out": left_out,
        "event_mentions": mentions,
        "events": event_table,
        "comparisons": comparison_table,
    }


def run(raw: Path, nlp: Language | None = None, only: Iterable[str] | None = None) -> Frames:
    """Every table for a raw folder; ``only`` restricts to files with these stems."""
    article_table, rejected = articles.read(raw)
    if only is not None:
        stems = set(only)
        keep = [Path(path).stem in stems for path in article_table["raw_path"]]
        article_table = article_table[keep].reset_index(drop=True)
    return {**tables_of(article_table, docs_of(article_table, nlp)), "rejected": rejected}
