"""Precision, recall, F1, B-cubed and their bootstrap intervals over articles."""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

#: 95 % percentile intervals from this many resamples of whole articles
RESAMPLES = 1000
SEED = 20241122


def prf(hits: float, predicted: float, gold: float) -> tuple[float, float, float]:
    """Precision, recall and F1 from counts; 0 where undefined."""
    precision = hits / predicted if predicted else 0.0
    recall = hits / gold if gold else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def bcubed(predicted: Mapping[Hashable, Hashable], gold: Mapping[Hashable, Hashable]) -> tuple[float, float, float]:
    """B-cubed precision, recall and F1 of a clustering (Bagga and Baldwin 1998): item -> cluster in both mappings."""
    members: dict[str, dict[Hashable, set[Hashable]]] = {"p": {}, "g": {}}
    for key in gold:
        members["p"].setdefault(predicted[key], set()).add(key)
        members["g"].setdefault(gold[key], set()).add(key)
    precision = recall = 0.0
    for key in gold:
        ours, theirs = members["p"][predicted[key]], members["g"][gold[key]]
        precision += len(ours & theirs) / len(ours)
        recall += len(ours & theirs) / len(theirs)
    precision, recall = precision / len(gold), recall / len(gold)
    return precision, recall, 2 * precision * recall / (precision + recall)


def macro_f1(labels: Sequence[tuple[str, str | None]]) -> float:
    """Mean F1 over the gold labels of (gold, predicted) pairs."""
    kinds = sorted({g for g, _ in labels})
    total = 0.0
    for kind in kinds:
        hits = sum(g == kind == p for g, p in labels)
        seen = sum(g == kind for g, _ in labels) + sum(p == kind for _, p in labels)
        total += 2 * hits / seen if seen else 0.0
    return total / len(kinds) if kinds else 0.0


def intervals(
    articles: Sequence[Any], score: Callable[[Sequence[Any]], Mapping[str, float | None]]
) -> dict[str, tuple[float, float]]:
    """95 % bootstrap intervals of every score, resampling whole articles with a fixed seed."""
    draw = random.Random(SEED)
    drawn: dict[str, list[float]] = {}
    for _ in range(RESAMPLES):
        sample = [articles[draw.randrange(len(articles))] for _ in articles]
        for name, value in score(sample).items():
            if value is not None:
                drawn.setdefault(name, []).append(value)
    bounds = {}
    for name, values in drawn.items():
        values.sort()
        bounds[name] = (values[int(0.025 * len(values))], values[min(len(values) - 1, int(0.975 * len(values)))])
    return bounds
