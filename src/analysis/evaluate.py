"""``figures evaluate``: score the extraction against gold, by the gold's own definitions, and keep a dated record.

Gold is a JSON Lines file of figures or of events (one line an article), or a constructed collection's ``gold.json``.
Records are kept in ``docs/accuracy.json`` with the gold's hash, so that the table which README, report and notebook
quote tells what was measured, when, and on what.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from analysis import accuracy, calibration, floors, golden, store
from analysis.accuracy import accuracy_table, read_records
from analysis.evaluation import Evaluation, GoldError, evaluate, evaluate_seeds, figures_with_features
from analysis.paths import project_root
from analysis.pipeline import run

__all__ = ["accuracy_table", "evaluate", "main", "read_records"]

ABOUT = """Score the extraction against gold, or guard the project's own gold.

Gold is a JSON Lines file, a line an article, {"id": ..., "figures": [...]} or {"id": ..., "events": [...]} in the
columns of the tables claims and event_mentions; or the folder of a constructed collection with its gold.json. "id" is
the stem of the article's file in the articles folder, start and end are characters of its text. A figure counts as
found at an overlap of 0.4 with a gold figure; intervals are 95 % bootstrap intervals over whole articles."""
EPILOG = """examples:
  figures evaluate --gold tests/gold/figures-seeds.jsonl --articles data/raw --show 20
  figures evaluate --gold my/events.jsonl --articles my/articles --record my-events
  figures evaluate --gold my/collection --from-gold
  figures evaluate --same-events tests/gold/same-events/kursk-august.json --articles my/collection
  figures evaluate --calibrate tests/gold/figures-seeds.jsonl=data/raw my/collection
  figures evaluate --golden --ratchet
  figures evaluate --ratchet --lower "the guideline changed: places of talks are none"

exit codes: 0 done; 1 a score is below its floor; 2 gold or articles that cannot be used"""


def record_of(name: str, gold_path: Path, found: Evaluation, model: str) -> dict[str, Any]:
    """The record of one evaluation, with the errors by class."""
    bounds = {k: v for k, v in found.bounds.items() if k in accuracy.QUOTED}
    errors = {"errors": dict(sorted(found.errors.items())), "wrong": dict(sorted(found.wrong.items()))}
    return accuracy.record(name, found.kind, gold_path, found.scores, bounds, found.counts, model, **errors)


def parser() -> argparse.ArgumentParser:
    """Arguments of ``figures evaluate``."""
    arguments = argparse.ArgumentParser(
        prog="figures evaluate", description=ABOUT, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    gold = arguments.add_argument_group("score against gold")
    gold.add_argument("--gold", type=Path, help="gold file (.jsonl), or the folder of a collection with its gold.json")
    gold.add_argument(
        "--same-events", type=Path, dest="gold", metavar="GOLD", help="gold of mentions that tell one event (.json)"
    )
    gold.add_argument(
        "--articles", type=Path, metavar="DIR", help="the annotated articles (default: the gold's folder)"
    )
    gold.add_argument("--from-gold", action="store_true", help="collections: group the gold figures, not the extracted")
    gold.add_argument("--show", type=int, default=0, metavar="N", help="print the first N errors with their text")
    gold.add_argument("--record", metavar="NAME", help=f"keep the scores under this name in {accuracy.RECORDS}")
    gold.add_argument("--json", type=Path, metavar="FILE", help="write the record to this file")
    own = arguments.add_argument_group("guard the project's own gold (the seed articles)")
    own.add_argument(
        "--ratchet", action="store_true", help=f"raise the floors in {floors.BASELINE} to the scores of now"
    )
    own.add_argument(
        "--lower", metavar="REASON", default="", help="with --ratchet: lower fallen floors, keep the reason"
    )
    own.add_argument("--golden", action="store_true", help=f"write the tables in {golden.FOLDER} anew")
    fit = arguments.add_argument_group("fit the confidence of claims")
    fit.add_argument(
        "--calibrate",
        nargs="+",
        metavar="GOLD[=DIR]",
        help=f"gold of figures with its articles; writes {calibration.WEIGHTS} and {calibration.RELIABILITY}",
    )
    return arguments


def calibrate(named: Sequence[str]) -> int:
    """Fit confidence to the gold named ``GOLD[=DIR]`` and write the weights and how reliable they are."""
    cases = []
    for name in named:
        gold, _, folder = name.partition("=")
        path = Path(gold)
        cases += figures_with_features(path, Path(folder) if folder else path if path.is_dir() else path.parent)
    root = project_root()
    weights = calibration.fit(cases)
    found = calibration.reliability(cases)
    store.write_text(root / calibration.WEIGHTS, calibration.as_csv(weights))
    store.write_json(root / calibration.RELIABILITY, found)
    print(json.dumps(found["brier"]))
    return 0


def guard(ratchet: bool, lower: str, write_golden: bool) -> int:
    """Run the pipeline on the seeds once; raise the floors and write the golden tables as asked."""
    root = project_root()
    tables = run(root / floors.SEEDS)
    changed: list[str] = []
    if write_golden:
        changed += [f"{path.relative_to(root)} written anew" for path in golden.write(tables, root / golden.FOLDER)]
    if ratchet:
        scores = {name: found.scores for name, found in evaluate_seeds(tables).items()}
        try:
            changed += floors.ratchet(root / floors.BASELINE, scores, lower)
        except floors.Fallen as error:
            print(f"figures evaluate: {error}", file=sys.stderr)
            return 1
    print(*(changed or ["nothing changed"]), sep="\n")
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of ``figures evaluate``; returns 0, 1 for a score below its floor, 2 for unusable gold or articles."""
    from analysis.components import DEFAULT_MODEL

    arguments = parser()
    chosen = arguments.parse_args(argv)
    if chosen.lower and not chosen.ratchet:
        arguments.error("--lower goes with --ratchet")
    if chosen.ratchet or chosen.golden:
        return guard(chosen.ratchet, chosen.lower, chosen.golden)
    if chosen.gold is None and not chosen.calibrate:
        arguments.error("give --gold, or --ratchet or --golden for the project's own gold")
    try:
        return calibrate(chosen.calibrate) if chosen.calibrate else score(chosen, DEFAULT_MODEL)
    except GoldError as error:
        print(f"figures evaluate: {error}", file=sys.stderr)
        return 2


def score(chosen: argparse.Namespace, model: str) -> int:
    """Score against one gold as the arguments say, print the scores, and keep them where asked."""
    articles = chosen.articles or (chosen.gold if chosen.gold.is_dir() else chosen.gold.parent)
    if not articles.is_dir():
        raise GoldError(f"articles folder {articles} does not exist")
    evaluation = evaluate(chosen.gold, articles, from_gold=chosen.from_gold)
    found = record_of(chosen.record or chosen.gold.stem, chosen.gold, evaluation, model)
    for name, value in evaluation.scores.items():
        span = evaluation.bounds.get(name)
        words = f"  ({span[0]:.3f} to {span[1]:.3f})" if span and name in accuracy.QUOTED else ""
        print(f"{name:20} {'' if value is None else format(value, '.3f')}{words}")
    print(*evaluation.details[: chosen.show], sep="\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if chosen.record:
        print(f"kept in {accuracy.keep(found)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
