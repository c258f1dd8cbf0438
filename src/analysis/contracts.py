"""What each stage may read and must write: the runner holds the stages to it, the stages hold themselves to it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Contract:
    """What a stage may read and must write."""

    reads: tuple[str, ...]
    writes: tuple[str, ...]
    docs: str = ""  # "writes" or "reads" docs.spacy


STAGES: dict[str, Contract] = {
    "01_articles": Contract((), ("articles", "rejected")),
    "02_claims": Contract(("articles",), ("claims", "left_out"), docs="writes"),
    "03_events": Contract(("articles", "claims"), ("event_mentions", "events"), docs="reads"),
    "04_comparisons": Contract(("articles", "claims", "event_mentions", "events"), ("claims", "comparisons")),
}
