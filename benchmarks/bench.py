"""Benchmarks: ratios within one run, never absolute promises (machines differ, and so do minutes on one machine).

    python benchmarks/bench.py            throughput, import and run time by stage, peak memory
    python benchmarks/bench.py --articles 100 --rounds 5

Throughput: articles a second of the whole extraction (our components, claims and event mentions) against the bare
spaCy pipeline with all its own components, at the same batch size, on the same unique texts, in the same process, in
alternating rounds, with nothing cached. The texts are the paragraphs of the seed articles dealt out anew, so that each
is unique.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
IMPORTS = ("great_expectations", "altair", "papermill", "spacy", "pandas")


def texts(count: int) -> list[dict[str, Any]]:
    """``count`` unique articles of about the seeds' length, made of the seeds' paragraphs."""
    paragraphs = [
        p
        for path in sorted((ROOT / "data/raw").glob("*.txt"))
        for p in path.read_text("utf-8").split("\n")
        if p.strip()
    ]
    draw = random.Random(7)
    made = []
    for number in range(count):
        text = "\n\n".join(draw.sample(paragraphs, 14))
        made.append(
            {
                "article_id": f"art_{number:016x}",
                "outlet": f"Outlet {number % 9}",
                "published": "2024-12-20",
                "text": text,
            }
        )
    return made


def throughput(count: int, rounds: int) -> dict[str, Any]:
    """Articles a second, bare and whole, and the median of the ratios pair by pair."""
    from analysis import claims, events
    from analysis.components import BATCH_SIZE, annotate, build_nlp, load_model

    bare, whole = load_model(), build_nlp()
    articles = texts(count)

    def run_bare() -> None:
        for _ in bare.pipe((a["text"] for a in articles), batch_size=BATCH_SIZE):
            pass

    def run_whole() -> None:
        docs = list(annotate(whole, articles))
        claim_table, _ = claims.claims(docs)
        events.event_mentions(docs, claim_table)

    run_bare(), run_whole()
    seconds: dict[str, list[float]] = {"bare": [], "whole": []}
    for _ in range(rounds):
        for name, run in (("bare", run_bare), ("whole", run_whole)):
            start = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - start)
    ratios = [b / w for b, w in zip(seconds["bare"], seconds["whole"], strict=True)]
    return {
        "articles": count,
        "rounds": rounds,
        "bare_articles_per_second": round(count / statistics.median(seconds["bare"]), 1),
        "whole_articles_per_second": round(count / statistics.median(seconds["whole"]), 1),
        "ratio": round(statistics.median(ratios), 3),
        "ratio_min": round(min(ratios), 3),
        "ratio_max": round(max(ratios), 3),
    }


def timed(*command: str, rounds: int = 1) -> float:
    """Median wall seconds of a command."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, cwd=ROOT)
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def whole_run(rounds: int) -> dict[str, Any]:
    """Wall time of ``figures run`` on the seeds by stage, beside its slowest single import plus parse; medians."""
    empty = timed(sys.executable, "-c", "pass", rounds=rounds)
    imports = {name: round(timed(sys.executable, "-c", f"import {name}", rounds=rounds) - empty, 2) for name in IMPORTS}
    parse = (
        "from analysis.components import load_model; import pathlib\n"
        "nlp = load_model()\n"
        "list(nlp.pipe(p.read_text('utf-8') for p in sorted(pathlib.Path('data/raw').glob('*.txt'))))"
    )
    parsing = timed(sys.executable, "-c", parse, rounds=rounds) - empty
    runs = []
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as out:
            seconds = timed(sys.executable, "-m", "analysis.cli", "run", "--raw", "data/raw", "--out", out)
            record = json.loads((Path(out) / "latest" / "run.json").read_text("utf-8"))
        stages = {stage["stage"]: stage["seconds"] for stage in record["stages"]}
        runs.append((seconds, stages | {"start, report and publishing": round(seconds - sum(stages.values()), 2)}))
    seconds, stages = sorted(runs, key=lambda run: run[0])[len(runs) // 2]
    reference = max(imports.values()) + parsing
    return {
        "rounds": rounds,
        "seconds": round(seconds, 2),
        "stages": stages,
        "imports": imports,
        "parse_with_import": round(parsing, 2),
        "reference": round(reference, 2),
        "times_reference": round(seconds / reference, 2),
    }


def main() -> None:
    """Run all benchmarks and print them as JSON."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--articles", type=int, default=60)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--only", choices=["throughput", "run"])
    chosen = arguments.parse_args()
    found: dict[str, Any] = {}
    if chosen.only != "run":
        found["throughput"] = throughput(chosen.articles, chosen.rounds)
        found["peak_memory_mb_extraction"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    if chosen.only != "throughput":
        found["figures_run"] = whole_run(min(chosen.rounds, 3))
        found["peak_memory_mb_largest_child"] = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
