"""What each stage does, as one call: the notebooks make the same calls one by one and show what comes of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pandas as pd

from analysis.stage import Stage

Tables = dict[str, pd.DataFrame]


def articles(stage: Stage) -> Tables:
    """Raw folder -> articles, with copies of one text found, and rejected."""
    from analysis.articles import read
    from analysis.syndication import syndicate

    found, rejected = read(stage.raw)
    return {"articles": syndicate(found), "rejected": rejected}


def claims(stage: Stage) -> Tables:
    """Articles -> claims and left_out; keeps the annotated articles for the stages after it."""
    from analysis.claims import claims as build
    from analysis.components import annotate

    rows = stage.read("articles").to_dict("records")
    docs = stage.keep(annotate(stage.nlp(), as_rows(rows)))
    found, left_out = build(docs)
    return {"claims": found, "left_out": left_out}


def events(stage: Stage) -> Tables:
    """Annotated articles and claims -> event_mentions and events."""
    from analysis.events import event_mentions, events as group

    mentions = event_mentions(stage.docs(), stage.read("claims"))
    return {"event_mentions": mentions, "events": group(mentions, stage.read("claims"))}


def as_rows(rows: list[dict[Any, Any]]) -> list[Mapping[str, Any]]:
    return [{str(k): v for k, v in row.items()} for row in rows]


#: the stages that others build on, in order
STEPS: Mapping[str, Callable[[Stage], Tables]] = {"01_articles": articles, "02_claims": claims, "03_events": events}
