"""How sure a claim is: the chance that its whole row is right, fitted to gold and kept as reviewed rows.

A logistic regression over a few yes-or-no features of how the row was made (Platt 1999 scales scores in the same way); its
weights stand in ``codebook/confidence.csv``, where anyone can read what raises or lowers confidence. How reliable it is
was measured with each article's figures left out of the fit, and stands in ``docs/reliability.json``.
"""

from __future__ import annotations

import csv
import functools
import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from analysis import codebook as codebooks
from analysis.components.mentions import Attribution, Meaning, QuantityMention

WEIGHTS = "src/analysis/codebook/confidence.csv"
RELIABILITY = "docs/reliability.json"
#: feature -> what it says of a row; the base holds for every row
FEATURES = {
    "base": "Every figure.",
    "cue_beside": "The cue of the measure stands in the figure's own phrase or clause.",
    "no_cue": "No cue of a measure was found; the measure is other or follows from the unit.",
    "no_side": "No side was found, though such a measure, or fighting men, nearly always have one.",
    "from_before": "Measure or side lean on a figure told before.",
    "share": "A percentage or a fraction.",
    "money": "An amount of money.",
    "vague": "A magnitude without a numeral, as dozens or hundreds.",
    "no_noun": "No counted noun was found beside the number.",
    "own_voice": "No attribution: the outlet says it itself.",
    "inherited": "The attribution runs on from an earlier sentence.",
    "via": "The outlet has it through another medium or body.",
}
#: measures that nearly always have a side; the hurt and dead have one where they are soldiers
SIDED = frozenset(
    {"personnel_strength", "captured", "territory_controlled", "territory_gained", "territory_lost"}
    | {"weapons_launched", "weapons_intercepted", "equipment_lost"}
)
SOLDIERS = frozenset({"soldiers", "fighters"})
#: weight of the quadratic penalty towards PRIOR, so that what few figures show moves a weight only little
PENALTY = 1.0
#: what a weight is without evidence, where it is not 0: what runs on from an earlier sentence is less sure
PRIOR = {"inherited": -0.7}
STEPS = 50
#: bounds of the stated confidence in the table of reliability
BINS = (0.0, 0.6, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True)
class Case:
    """One extracted figure of an annotated article: what is known of it, and whether its whole row is right."""

    article: str
    features: tuple[str, ...]
    right: bool


def features(figure: QuantityMention, meaning: Meaning | None, attribution: Attribution | None) -> tuple[str, ...]:
    """The features of one figure, in the order of FEATURES."""
    sure = meaning.confidence if meaning is not None else 0.0
    sided = meaning is not None and (meaning.measure in SIDED or meaning.counted_class in SOLDIERS)
    no_side = sided and meaning is not None and meaning.side is None
    holds = {
        "base": True,
        "cue_beside": sure >= 0.8,
        "no_cue": sure < 0.5,
        "no_side": no_side,
        "from_before": sure == 0.5,
        "share": figure.unit == "percent",
        "money": figure.kind == "money",
        "vague": figure.kind == "magnitude",
        "no_noun": figure.head is None,
        "own_voice": attribution is None,
        "inherited": attribution is not None and attribution.inherited,
        "via": attribution is not None and bool(attribution.via),
    }
    return tuple(name for name in FEATURES if holds[name])


@functools.lru_cache(maxsize=8)
def weights(folder: str | None = None) -> Mapping[str, float]:
    """The weights of a codebook, by feature."""
    return {row["id"]: float(row["weight"]) for row in codebooks.load(folder).rows("confidence")}


def probability(told: Sequence[str], by_feature: Mapping[str, float]) -> float:
    """The chance that a row with these features is right; features without a weight do not count."""
    return 1.0 / (1.0 + math.exp(-sum(by_feature.get(name, 0.0) for name in told)))


def fit(cases: Sequence[Case]) -> dict[str, float]:
    """Weights of a penalised logistic regression, by Newton's method; the base is not penalised.

    Raises ValueError without cases.
    """
    import numpy as np

    if not cases:
        raise ValueError("no figures to fit confidence to")
    names = list(FEATURES)
    prior = np.array([PRIOR.get(n, 0.0) for n in names])
    x = np.array([[float(n in c.features) for n in names] for c in cases])
    y = np.array([float(c.right) for c in cases])
    penalty = np.diag([0.0 if n == "base" else PENALTY for n in names])
    w = np.zeros(len(names))
    for _ in range(STEPS):
        p = 1.0 / (1.0 + np.exp(-(x @ w)))
        gradient = x.T @ (p - y) + penalty @ (w - prior)
        hessian = (x * (p * (1 - p))[:, None]).T @ x + penalty + 1e-9 * np.eye(len(names))
        step = np.linalg.solve(hessian, gradient)
        w = w - step
        if float(np.abs(step).max()) < 1e-10:
            break
    return {name: round(weight, 3) + 0.0 for name, weight in zip(names, w.tolist(), strict=True)}


def left_out(cases: Sequence[Case]) -> list[float]:
    """The probability of each case by weights that were fitted without the cases of its article."""
    by_article = {a: fit([c for c in cases if c.article != a]) for a in dict.fromkeys(c.article for c in cases)}
    return [probability(c.features, by_article[c.article]) for c in cases]


def brier(stated: Sequence[float], right: Sequence[bool]) -> float:
    """Mean squared difference of probability and outcome (Brier 1950); lower is better."""
    return sum((p - r) ** 2 for p, r in zip(stated, right, strict=True)) / len(right)


def reliability(cases: Sequence[Case]) -> dict[str, Any]:
    """How far stated confidence and the share of right rows agree, each article left out of its own fit.

    ``bins`` part the figures by stated confidence, each with its mean and the share that is right; ``brier`` compares
    with stating the same share for every figure.
    """
    stated, right = left_out(cases), [c.right for c in cases]
    share = sum(right) / len(right)
    bins = []
    for low, high in pairwise(BINS):
        members = [i for i, p in enumerate(stated) if low <= p < high]
        if members:
            bins.append(
                {
                    "figures": len(members),
                    "stated": round(sum(stated[i] for i in members) / len(members), 4),
                    "right": round(sum(right[i] for i in members) / len(members), 4),
                }
            )
    return {
        "figures": len(cases),
        "articles": len({c.article for c in cases}),
        "brier": {"fitted": round(brier(stated, right), 4), "one share for all": round(share * (1 - share), 4)},
        "bins": bins,
    }


def as_csv(by_feature: Mapping[str, float]) -> str:
    """The weights as the text of ``codebook/confidence.csv``."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["id", "weight", "definition", "note"])
    rows.writerows([name, format(by_feature[name], "g"), FEATURES[name], ""] for name in FEATURES)
    return text.getvalue()
