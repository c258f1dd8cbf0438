"""What figures and events share when they are scored: rows matched one to one, and the measures over them."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from analysis.scoring.measures import prf

Row = Mapping[str, Any]
#: field -> whether a predicted row (second) has it as the gold row (first)
Fields = Mapping[str, Callable[[Row, Row], bool]]
Scores = dict[str, float | None]


@dataclass(frozen=True)
class ScoredArticle:
    """Matched rows of one article, gold and predicted, and what is left on both sides."""

    article: str
    pairs: list[tuple[Row, Row]]
    missed: list[Row]
    extra: list[Row]
    fields: Fields

    @functools.cached_property
    def right(self) -> list[dict[str, bool]]:
        """Which fields of each pair are right; kept, since resampling asks a thousand times."""
        return [{k: test(g, p) for k, test in self.fields.items()} for g, p in self.pairs]


def paired(
    article: str, gold: Sequence[Row], predicted: Sequence[Row], best_first: Iterable[tuple[int, int]], fields: Fields
) -> ScoredArticle:
    """Match one to one: of the pairs of positions in ``gold`` and ``predicted`` each that both sides are still free for."""
    of_gold: dict[int, int] = {}
    taken: set[int] = set()
    for i, k in best_first:
        if i not in of_gold and k not in taken:
            of_gold[i] = k
            taken.add(k)
    pairs = [(gold[i], predicted[k]) for i, k in of_gold.items()]
    missed = [g for i, g in enumerate(gold) if i not in of_gold]
    return ScoredArticle(article, pairs, missed, [p for k, p in enumerate(predicted) if k not in taken], fields)


class Total:
    """The matched rows of several articles, counted together."""

    def __init__(self, articles: Sequence[ScoredArticle]) -> None:
        self.pairs = [pair for a in articles for pair in a.pairs]
        self.right = [r for a in articles for r in a.right]
        self.gold = len(self.pairs) + sum(len(a.missed) for a in articles)
        self.predicted = len(self.pairs) + sum(len(a.extra) for a in articles)

    def detection(self) -> Scores:
        precision, recall, f1 = prf(len(self.pairs), self.predicted, self.gold)
        return {"precision": precision, "recall": recall, "detection_f1": f1}

    def f1(self, *fields: str) -> float:
        """F1 where a row counts as found if all these fields are right."""
        return prf(sum(all(r[f] for f in fields) for r in self.right), self.predicted, self.gold)[2]

    def accuracy(self, fields: Iterable[str]) -> Scores:
        """The share of matched rows in which each field is right; None where nothing was matched."""
        return {name: _share([r[name] for r in self.right]) for name in fields}

    def told(self, name: str, in_gold: Callable[[Row], Any], in_predicted: Callable[[Row], Any]) -> Scores:
        """Recall and precision of a field over the matched rows in which gold, or the prediction, has a value."""
        recalled = [r[name] for (g, _), r in zip(self.pairs, self.right, strict=True) if in_gold(g)]
        precise = [r[name] for (_, p), r in zip(self.pairs, self.right, strict=True) if in_predicted(p)]
        return {f"{name}_recall": _share(recalled), f"{name}_precision": _share(precise)}


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None
