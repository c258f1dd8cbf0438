"""Score comparisons, origins and copies of one run against a constructed collection's gold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis.scoring.figures import MIN_OVERLAP, overlap
from analysis.scoring.measures import bcubed, macro_f1

Row = Mapping[str, Any]
COUNTS = ("agreement", "n_outlets", "n_sources", "n_origins")


@dataclass(frozen=True)
class ScoredCollection:
    """Scores of one collection, its agreement labels as (gold, predicted), and every wrong count in words."""

    scores: dict[str, float | None]
    labels: list[tuple[str, str | None]]
    wrong: list[tuple[str, str, Any, Any]] = field(default_factory=list)


def score(
    gold: Mapping[str, Any],
    claims: Mapping[str, Sequence[Row]],
    comparisons: Sequence[Row],
    syndication: Mapping[str, str],
) -> ScoredCollection:
    """``claims`` are figures by gold article id (offsets into the gold text), ``syndication`` groups by article id."""
    by_id = {c["comparison_id"]: c for c in comparisons}
    found: dict[tuple[str, int], Row] = {}
    for article in gold["articles"]:
        used: set[int] = set()
        rows = claims.get(article, [])
        for g in sorted((f for f in gold["figures"] if f["article"] == article), key=lambda f: f["start"]):
            best, most = None, 0.0
            for k, p in enumerate(rows):
                if k not in used and (o := overlap(g, p)) >= MIN_OVERLAP and o > most:
                    best, most = k, o
            if best is not None:
                used.add(best)
                found[(article, g["start"])] = rows[best]
    keys: list[Hashable] = [(f["article"], f["start"]) for f in gold["figures"]]

    def grouping(groups: Sequence[Row], column: str) -> float:
        of = {tuple(m): k for k, group in enumerate(groups) for m in group["members"]}
        predicted = {k: (found[k].get(column) if k in found else None) or k for k in keys}  # type: ignore[index]
        return bcubed(predicted, {k: of.get(k, k) for k in keys})[2]  # type: ignore[arg-type,call-overload]

    scores: dict[str, float | None] = {
        "figures_found": len(found) / len(keys),
        "membership": grouping(gold["comparisons"], "comparison_id"),
        "origins": grouping(gold["origins"], "origin_id"),
    }
    right: Counter[str] = Counter()
    several = [0, 0]
    labels, wrong = [], []
    for g in gold["comparisons"]:
        votes = Counter(found[tuple(m)].get("comparison_id") for m in g["members"] if tuple(m) in found)
        votes.pop(None, None)
        elected = votes.most_common(1)
        of_most = by_id.get(elected[0][0]) if elected and elected[0][1] * 2 >= len(g["members"]) else None
        for name in COUNTS:
            ok = of_most is not None and of_most.get(name) == g[name]
            right[name] += ok
            if not ok:
                wrong.append((g["label"], name, g[name], None if of_most is None else of_most.get(name)))
        labels.append((g["agreement"], None if of_most is None else of_most.get("agreement")))
        if g["n_origins"] > 1:
            several[0] += of_most is not None and of_most.get("n_origins") == g["n_origins"]
            several[1] += 1
    for name in COUNTS:
        scores[name] = right[name] / len(gold["comparisons"])
    scores["n_origins_multi"] = several[0] / several[1] if several[1] else None
    scores["agreement_macro_f1"] = macro_f1(labels)
    groups = {a: syndication.get(a, f"missing {a}") for a in gold["articles"]}
    scores["copies"] = bcubed(groups, {a: (about["copy_group"] or a) for a, about in gold["articles"].items()})[2]
    return ScoredCollection(scores, labels, wrong)


def mean(collections: Sequence[ScoredCollection]) -> dict[str, float | None]:
    """Mean of every score over collections; macro-F1 of agreement over all their comparisons together."""
    means: dict[str, float | None] = {}
    for name in collections[0].scores:
        values = [v for c in collections if (v := c.scores[name]) is not None]
        means[name] = sum(values) / len(values) if values else None
    means["agreement_macro_f1"] = macro_f1([pair for c in collections for pair in c.labels])
    return means
