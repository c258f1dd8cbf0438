"""Score claims against gold figures.

A gold and a predicted span match one to one at intersection over union of at least 0.4, gold in order of its rows, best
overlap first. A figure's numeric part is right when value, comparator, unit and rate are; its meaning when measure and
side are too; the full row when source and via are too.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.scoring.matched import Fields, Row, ScoredArticle, Scores, Total, paired
from analysis.scoring.names import same_name, same_number, side_set, unit, word_f1

MIN_OVERLAP = 0.4

FIELDS: Fields = {
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


def match(article: str, gold: Sequence[Row], predicted: Sequence[Row]) -> ScoredArticle:
    """Match the figures of one article one to one."""
    overlaps = [
        (i, -shared, k)
        for i, g in enumerate(gold)
        for k, p in enumerate(predicted)
        if (shared := overlap(g, p)) >= MIN_OVERLAP
    ]
    return paired(article, gold, predicted, [(i, k) for i, _, k in sorted(overlaps)], FIELDS)


def score(articles: Sequence[ScoredArticle]) -> Scores:
    """Detection, numeric, meaning and full-row F1, and each field's accuracy on matched figures."""
    total = Total(articles)
    scores = total.detection()
    for name, fields in (("numeric_f1", NUMERIC), ("meaning_f1", MEANING), ("full_row_f1", FULL)):
        scores[name] = total.f1(*fields)
    scores |= total.accuracy(FIELDS)
    return scores | total.told("source", lambda g: g["source"], lambda p: p.get("source"))
