"""Score claims against gold figures.

A gold and a predicted span match one to one at intersection over union of at least 0.4, gold in order of its rows, best
overlap first. A figure's numeric part is right when value, comparator, unit and rate are; its meaning when measure and
side are too; the full row when source and via are too.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.scoring.measures import prf
from analysis.scoring.names import same_name, same_number, side_set, unit, word_f1

MIN_OVERLAP = 0.4
Row = Mapping[str, Any]

FIELDS: dict[str, Callable[[Row, Row], bool]] = {
    "value": lambda g, p: same_number(g["low"], p.get("low")) and same_number(g["high"], p.get("high")),
    "comparator": lambda g, p: bool(g["comparator"] == p.get("comparator")),
    "unit": lambda g, p: unit(g["unit"]) == unit(p.get("unit")),
    "per": lambda g, p: bool((g.get("per") or None) == (p.get("per") or None)),
    "measure": lambda g, p: bool(g["measure"] == p.get("measure")),
    "counted": lambda g, p: word_f1(g["counted"], p.get("counted")) >= 0.5,
    "side": lambda g, p: side_set(g["side"]) == side_set(p.get("side")),
    "place": lambda g, p: same_name(g["place"], p.get("place")),
    "source": lambda g, p: same_name(g["source"], p.get("source")),
    "via": lambda g, p: same_name(g["via"], p.get("via")),
    "mode": lambda g, p: bool(g["mode"] == p.get("mode")),
    "hedged": lambda g, p: bool(g["hedged"]) == bool(p.get("hedged")),
    "negated": lambda g, p: bool(g.get("negated")) == bool(p.get("negated")),
}
NUMERIC = ("value", "comparator", "unit", "per")
MEANING = (*NUMERIC, "measure", "side")
FULL = (*MEANING, "source", "via")


def overlap(g: Row, p: Row) -> float:
    """Intersection over union of two spans (0 or negative where they do not touch)."""
    shared = min(g["end"], p["end"]) - max(g["start"], p["start"])
    return float(shared / (max(g["end"], p["end"]) - min(g["start"], p["start"])))


@dataclass(frozen=True)
class ScoredArticle:
    """Matched figures of one article and what is left on both sides."""

    article: str
    pairs: list[tuple[Row, Row]]
    missed: list[Row]
    extra: list[Row]

    @functools.cached_property
    def right(self) -> list[dict[str, bool]]:
        """Which fields of each pair are right; kept, since resampling asks a thousand times."""
        return [{k: test(g, p) for k, test in FIELDS.items()} for g, p in self.pairs]


def match(article: str, gold: Sequence[Row], predicted: Sequence[Row]) -> ScoredArticle:
    """Match the figures of one article one to one."""
    used: set[int] = set()
    pairs, missed = [], []
    for g in gold:
        best, most = None, 0.0
        for k, p in enumerate(predicted):
            if k not in used and (o := overlap(g, p)) >= MIN_OVERLAP and o > most:
                best, most = k, o
        if best is None:
            missed.append(g)
        else:
            used.add(best)
            pairs.append((g, predicted[best]))
    return ScoredArticle(article, pairs, missed, [p for k, p in enumerate(predicted) if k not in used])


def score(articles: Sequence[ScoredArticle]) -> dict[str, float | None]:
    """Detection, numeric, meaning and full-row F1, and each field's accuracy on matched figures."""
    pairs = [pair for a in articles for pair in a.pairs]
    gold = len(pairs) + sum(len(a.missed) for a in articles)
    predicted = len(pairs) + sum(len(a.extra) for a in articles)
    scores: dict[str, float | None] = {}
    scores["precision"], scores["recall"], scores["detection_f1"] = prf(len(pairs), predicted, gold)
    right = [r for a in articles for r in a.right]
    for name, fields in (("numeric_f1", NUMERIC), ("meaning_f1", MEANING), ("full_row_f1", FULL)):
        scores[name] = prf(sum(all(r[f] for f in fields) for r in right), predicted, gold)[2]
    for name in FIELDS:
        scores[name] = sum(r[name] for r in right) / len(right) if right else None
    told = [r["source"] for (g, _), r in zip(pairs, right, strict=True) if g["source"]]
    given = [r["source"] for (_, p), r in zip(pairs, right, strict=True) if p.get("source")]
    scores["source_recall"] = sum(told) / len(told) if told else None
    scores["source_precision"] = sum(given) / len(given) if given else None
    return scores
