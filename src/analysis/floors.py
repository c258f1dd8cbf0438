"""Floors under the scores on the project's own gold: quality only ratchets up.

``tests/baseline.json`` keeps for every set the floor of each guarded score, and every lowering with its reason. The floors
are raised by ``figures evaluate --ratchet``; lowering one takes ``--lower REASON``.
"""

from __future__ import annotations

import datetime
import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from analysis import store

#: gold of the seed articles; kind of gold is told by the file
SETS = {"figures-seeds": "tests/gold/figures-seeds.jsonl", "events-seeds": "tests/gold/events-seeds.jsonl"}
SEEDS = "data/raw"
BASELINE = "tests/baseline.json"
#: scores that have a floor; those of single fields of events are left out, since finding a hard event may lower them
GUARDED = {
    "figures-seeds": (
        *("precision", "recall", "detection_f1", "numeric_f1", "meaning_f1", "full_row_f1"),
        *("measure", "counted", "side", "place", "source", "via", "mode", "hedged", "negated"),
        *("source_recall", "source_precision"),
    ),
    "events-seeds": ("precision", "recall", "detection_f1", "type_f1", "type_parties_f1", "date", "source"),
}
#: floors keep four digits, rounded down, so that the score they come from passes
DIGITS = 4

Scores = Mapping[str, Mapping[str, float | None]]


class Fallen(ValueError):
    """Scores below their floor; the message lists them and says what to do."""


def read(path: Path) -> dict[str, Any]:
    """The baseline: ``floors`` by set and score, and ``lowered``, the list of lowerings. Empty where none is kept."""
    if not path.is_file():
        return {"floors": {}, "lowered": []}
    return dict(json.loads(path.read_text(encoding="utf-8")))


def fallen(baseline: Mapping[str, Any], scores: Scores) -> list[tuple[str, str, float, float]]:
    """Every guarded score below its floor: (set, score, floor, value); a score that is gone counts as 0."""
    below = []
    for name, floors in baseline["floors"].items():
        for metric, floor in floors.items():
            value = scores.get(name, {}).get(metric) or 0.0
            if value < floor - 1e-9:
                below.append((name, metric, floor, value))
    return below


def told(below: list[tuple[str, str, float, float]]) -> str:
    """The fallen scores as lines for people."""
    return "\n".join(
        f"{name} {metric}: {value:.4f} is below its floor {floor:.4f}" for name, metric, floor, value in below
    )


def ratchet(path: Path, scores: Scores, lower: str = "") -> list[str]:
    """Raise every floor to its score and write the baseline; return what changed, a line each.

    ``lower`` is the reason to lower the floors of fallen scores too; it is kept in the file. Raises Fallen, and writes
    nothing, where a score fell and no reason is given.
    """
    baseline = read(path)
    below = fallen(baseline, scores)
    if below and not lower.strip():
        raise Fallen(f"{told(below)}\nmend it, or lower the floor with --lower REASON")
    changed = []
    for name, metric, floor, value in below:
        lowered = {"set": name, "score": metric, "from": floor, "to": _floor(value)}
        baseline["lowered"].append({"date": datetime.date.today().isoformat(), **lowered, "reason": lower.strip()})
    for name, metrics in GUARDED.items():
        floors = baseline["floors"].setdefault(name, {})
        for metric in metrics:
            now = scores[name].get(metric)
            new = _floor(now or 0.0)
            if floors.get(metric) != new:
                changed.append(f"{name} {metric}: {floors.get(metric, 'none')} -> {new}")
                floors[metric] = new
    if changed:
        store.write_text(path, json.dumps(baseline, indent=1, ensure_ascii=False) + "\n")
    return changed


def _floor(value: float) -> float:
    return math.floor(value * 10**DIGITS + 1e-9) / 10**DIGITS
