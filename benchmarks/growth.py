"""How the time of comparing grows with the number of articles: time at 2n over time at n, step by step.

    python benchmarks/growth.py                  500, 1,000 and 2,000 articles
    python benchmarks/growth.py --articles 250   250, 500 and 1,000

A ratio of 2 is linear, of 4 quadratic. The articles are those of ``report.py``; they all have one pattern, so more of
them are alike than in news.
"""

from __future__ import annotations

import argparse
import json
import time

from report import made

from analysis import arithmetic, comparisons, origins, phrases, syndication
from analysis.tables import frame


def seconds(count: int) -> dict[str, float]:
    """Seconds of computing that each step takes for ``count`` articles with six figures each."""
    rows, figures = made(count)
    articles, claims = frame("articles", rows), frame("claims", figures)
    start = time.process_time()
    articles = syndication.syndicate(articles)
    copies = time.process_time()
    traced = origins.trace(articles, claims)
    origin = time.process_time()
    compared, _ = comparisons.compare(articles, traced.claims, reasons=traced.reasons)
    comparison = time.process_time()
    arithmetic.checks(phrases.records(compared))
    end = time.process_time()
    return {
        "copies": copies - start,
        "origins": origin - copies,
        "comparisons": comparison - origin,
        "sums": end - comparison,
        "all": end - start,
    }


def growth(counts: list[int]) -> list[dict[str, object]]:
    """For each number of articles the seconds of each step, and how often those of the number before they are."""
    told: list[dict[str, object]] = []
    before: dict[str, float] = {}
    seconds(10)  # the codebook and the gazetteer are read before the first measurement
    for count in counts:
        taken = seconds(count)
        ratio = {step: round(taken[step] / before[step], 2) for step in before}
        told.append({"articles": count, "seconds": {s: round(t, 2) for s, t in taken.items()}, "ratio": ratio})
        before = taken
    return told


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=500)
    first = parser.parse_args().articles
    print(json.dumps(growth([first, 2 * first, 4 * first]), indent=1))


if __name__ == "__main__":
    main()
