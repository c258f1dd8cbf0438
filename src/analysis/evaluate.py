"""``figures evaluate``: score the extraction against gold, by the gold's own definitions, and keep a dated record.

Gold is a JSON Lines file of figures or of events (one line an article), or a constructed collection's ``gold.json``.
Records are kept in ``docs/accuracy.json`` with the gold's hash, so that the table which README, report and notebook
quote tells what was measured, when, and on what.
"""

from __future__ import annotations

import argparse
import datetime
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import __version__
from analysis.codebook import load
from analysis.paths import project_root
from analysis.pipeline import Frames, docs_of, rows, run, tables_of
from analysis.provenance import claim_id, sha256_file
from analysis.scoring import collections as scoring_collections
from analysis.scoring import events as scoring_events
from analysis.scoring import figures as scoring_figures
from analysis.scoring.measures import intervals
from analysis.tables import frame

RECORDS = "docs/accuracy.json"
#: scores that are quoted, in this order, with the words for people
QUOTED = {
    "detection_f1": "detection F1",
    "numeric_f1": "numeric F1",
    "meaning_f1": "meaning F1",
    "full_row_f1": "full row F1",
    "type_f1": "detection + type F1",
    "type_parties_f1": "detection + type + parties F1",
    "date_recall": "date recall",
    "date_precision": "date precision",
    "source_recall": "source recall",
    "source_precision": "source precision",
    "membership": "membership B-cubed F1",
    "origins": "origins B-cubed F1",
    "agreement_macro_f1": "agreement macro-F1",
    "n_origins_multi": "n_origins exact (where > 1)",
    "copies": "copies B-cubed F1",
}
#: agreement of two careful annotators with the same scorer (from the notes that come with the gold)
HUMAN = {
    "figures": {"detection_f1": 0.975, "numeric_f1": 0.975, "meaning_f1": 0.942, "full_row_f1": 0.925},
    "events": {"detection_f1": 0.919, "type_f1": 0.909, "type_parties_f1": 0.798},
}


class GoldError(ValueError):
    """Gold that cannot be used; the message says what is wrong with which file."""


@dataclass
class Evaluation:
    """Scores of one set; ``details`` are the misses and differences, as printable lines."""

    kind: str
    scores: dict[str, float | None]
    bounds: dict[str, tuple[float, float]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    details: list[str] = field(default_factory=list)


def read_gold(path: Path) -> tuple[str, dict[str, Any]]:
    """Kind of gold (``figures``, ``events`` or ``collection``) and its content by article id (or the whole gold.json).

    Raises GoldError where the file is missing or is none of the three.
    """
    if path.is_dir():
        path = path / "gold.json"
    if not path.is_file():
        raise GoldError(f"there is no gold file {path}")
    try:
        if path.suffix == ".json":
            gold = json.loads(path.read_text(encoding="utf-8"))
            if not {"articles", "figures", "comparisons", "origins"} <= gold.keys():
                raise GoldError(f"{path} is no collection gold: articles, figures, comparisons or origins are missing")
            return "collection", gold
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    except json.JSONDecodeError as error:
        raise GoldError(f"{path} is not JSON: {error}") from None
    kind = next((k for k in ("figures", "events") if lines and k in lines[0]), None)
    if kind is None:
        raise GoldError(f"{path} has neither figures nor events in its first line")
    return kind, {line["id"]: line[kind] for line in lines}


def _check_offsets(gold: Mapping[str, Sequence[Mapping[str, Any]]], texts: Mapping[str, str]) -> None:
    for article, marked in gold.items():
        if article not in texts:
            raise GoldError(f"the articles folder has no readable article {article!r} that the gold speaks of")
        for mark in marked:
            if texts[article][mark["start"] : mark["end"]] != mark["text"]:
                raise GoldError(
                    f"article {article!r} is not the text that was annotated: {mark['text']!r} is not there"
                )


def _by_stem(tables: Frames, name: str) -> dict[str, list[dict[str, Any]]]:
    """Rows of a table by the stem of their article's raw file."""
    articles = tables["articles"]
    stem = {a: Path(p).stem for a, p in zip(articles["article_id"], articles["raw_path"], strict=True)}
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in rows(tables[name]):
        grouped.setdefault(stem[row["article_id"]], []).append(row)
    return grouped


def _texts(tables: Frames) -> dict[str, str]:
    articles = tables["articles"]
    return {Path(p).stem: t for p, t in zip(articles["raw_path"], articles["text"], strict=True)}


def _around(text: str, row: Mapping[str, Any]) -> str:
    return text[max(0, row["start"] - 70) : row["end"] + 50].replace("\n", " ")


def evaluate_figures(gold: Mapping[str, Any], tables: Frames) -> Evaluation:
    """Score the claims table against gold figures."""
    texts = _texts(tables)
    _check_offsets(gold, texts)
    claims = _by_stem(tables, "claims")
    scored = [
        scoring_figures.match(a, figures, [c for c in claims.get(a, []) if c["kind"] == "figure"])
        for a, figures in gold.items()
    ]
    details = []
    for s in scored:
        text = texts[s.article]
        details += [f"MISSED {s.article} {g['text']!r} | {_around(text, g)}" for g in s.missed]
        details += [f"EXTRA {s.article} {p['figure_text']!r} | {_around(text, p)}" for p in s.extra]
        for g, p in s.pairs:
            wrong = {}
            for name, test in scoring_figures.FIELDS.items():
                if not test(g, p):
                    keys = ("low", "high") if name == "value" else (name,)
                    wrong[name] = tuple((g.get(k), p.get(k)) for k in keys)
            if wrong:
                details.append(f"DIFF {s.article} {g['text']!r} {wrong} | {_around(text, g)}")
    predicted = sum(len(s.pairs) + len(s.extra) for s in scored)
    counts = {"articles": len(gold), "gold": sum(map(len, gold.values())), "predicted": predicted}
    return Evaluation(
        "figures", scoring_figures.score(scored), intervals(scored, scoring_figures.score), counts, details
    )


def evaluate_events(gold: Mapping[str, Any], tables: Frames) -> Evaluation:
    """Score the event mentions against gold events."""
    texts = _texts(tables)
    _check_offsets(gold, texts)
    mentions = _by_stem(tables, "event_mentions")
    scored = [scoring_events.match(a, texts[a], events, mentions.get(a, [])) for a, events in gold.items()]
    details = []
    for s in scored:
        text = texts[s.article]
        details += [f"MISSED {s.article} {g['text']!r} {g['event_type']} | {_around(text, g)}" for g in s.missed]
        details += [f"EXTRA {s.article} {p['trigger']!r} {p['event_type']} | {_around(text, p)}" for p in s.extra]
        for g, p in s.pairs:
            wrong = {}
            for name, test in scoring_events.FIELDS.items():
                if name != "parties" and not test(g, p):
                    wrong[name] = (g.get(name), scoring_events.predicted_range(p) if name == "date" else p.get(name))
            if wrong:
                details.append(f"DIFF {s.article} {g['text']!r} {wrong} | {_around(text, g)}")
    predicted = sum(len(s.pairs) + len(s.extra) for s in scored)
    counts = {"articles": len(gold), "gold": sum(map(len, gold.values())), "predicted": predicted}
    return Evaluation("events", scoring_events.score(scored), intervals(scored, scoring_events.score), counts, details)


def evaluate_collection(gold: Mapping[str, Any], tables: Frames) -> scoring_collections.ScoredCollection:
    """Score comparisons, origins and copies against a collection's gold."""
    claims = {stem: [c for c in rows_ if c["kind"] == "figure"] for stem, rows_ in _by_stem(tables, "claims").items()}
    articles = rows(tables["articles"])
    syndication = {Path(a["raw_path"]).stem: a["syndication_id"] or a["article_id"] for a in articles}
    return scoring_collections.score(gold, claims, rows(tables["comparisons"]), syndication)


#: columns of gold figures that stand in the claims table under the same name
GOLD_COLUMNS = [
    "low",
    "high",
    "comparator",
    "unit",
    "per",
    "counted",
    "measure",
    "side",
    "place",
    "source",
    "via",
    "mode",
    "hedged",
    "negated",
    "source_id",
]


def claims_from_gold(gold: Mapping[str, Any], extracted: pd.DataFrame, articles: pd.DataFrame) -> pd.DataFrame:
    """Gold figures as a claims table, so that grouping can be measured without the errors of extraction.

    What the gold does not annotate (counted class, dates, aspect) is taken from the extracted claim that overlaps the
    gold figure best, if any.
    """
    by_stem = {Path(a["raw_path"]).stem: a for a in rows(articles)}
    ours: dict[str, list[dict[str, Any]]] = {}
    for claim in rows(extracted):
        if claim["kind"] == "figure":
            ours.setdefault(claim["article_id"], []).append(claim)
    claims = []
    for figure in gold["figures"]:
        article = by_stem[figure["article"]]
        text = article["text"]
        candidates = ours.get(article["article_id"], [])
        best = max(candidates, key=lambda c: scoring_figures.overlap(figure, c), default=None)
        if best is not None and scoring_figures.overlap(figure, best) >= scoring_figures.MIN_OVERLAP:
            claim = dict(best)
        else:
            line_start = text.rfind("\n", 0, figure["start"]) + 1
            line_end = text.find("\n", figure["end"])
            line_end = len(text) if line_end < 0 else line_end
            claim = {
                "sentence": 0,
                "sentence_start": line_start,
                "sentence_end": line_end,
                "sentence_text": text[line_start:line_end],
            }
        start, end = figure["start"], figure["end"]
        claim |= {k: figure.get(k) for k in GOLD_COLUMNS}
        claim |= {k: float(v) for k in ("low", "high") if (v := figure.get(k)) is not None}
        claim |= {
            "claim_id": claim_id(article["article_id"], "figure", start, end),
            "article_id": article["article_id"],
            "outlet": article["outlet"],
            "published": article["published"],
            "kind": "figure",
            "start": start,
            "end": end,
            "figure_text": text[start:end],
            "negated": bool(figure.get("negated")),
            "hedged": bool(figure.get("hedged")),
            "place_basis": "stated" if figure.get("place") else None,
            "part_of": None,
            "repeat_of": None,
            "about_claim_id": None,
            "extractor": "gold",
            "confidence": 1.0,
        }
        claims.append(claim)
    return frame("claims", claims)


def evaluate(gold_path: Path, articles: Path, from_gold: bool = False) -> Evaluation:
    """Run the extraction on ``articles`` and score it against ``gold_path``.

    ``from_gold`` (collections only) hands the gold figures to the grouping instead of the extracted ones.
    """
    kind, gold = read_gold(gold_path)
    if kind == "figures":
        return evaluate_figures(gold, run(articles, only=gold))
    if kind == "events":
        return evaluate_events(gold, run(articles, only=gold))
    tables = run(articles, only=gold["articles"])
    marked: dict[str, list[Any]] = {a: [] for a in gold["articles"]}
    for f in gold["figures"]:
        marked[f["article"]].append(f)
    figures = evaluate_figures(marked, tables)
    if from_gold:
        docs = docs_of(tables["articles"])
        tables = tables_of(
            tables["articles"], docs, lambda extracted: claims_from_gold(gold, extracted, tables["articles"])
        )
    scored = evaluate_collection(gold, tables)
    wrong = [f"WRONG {label!r} {name}: gold {want}, found {got}" for label, name, want, got in scored.wrong]
    scores = scored.scores if from_gold else figures.scores | scored.scores
    return Evaluation(
        "collection", scores, {} if from_gold else figures.bounds, figures.counts, wrong + figures.details
    )


def record(name: str, gold_path: Path, evaluation: Evaluation, model: str) -> dict[str, Any]:
    """A dated record of one evaluation, as kept in docs/accuracy.json."""
    path = gold_path / "gold.json" if gold_path.is_dir() else gold_path
    return {
        "set": name,
        "kind": evaluation.kind,
        "date": datetime.date.today().isoformat(),
        "gold_sha256": sha256_file(path),
        "version": __version__,
        "model": model,
        "codebook": load().version,
        "counts": evaluation.counts,
        "metrics": {k: round(v, 4) for k, v in evaluation.scores.items() if v is not None},
        "intervals": {
            k: [round(low, 4), round(high, 4)] for k, (low, high) in evaluation.bounds.items() if k in QUOTED
        },
        "human": HUMAN.get("figures" if evaluation.kind == "collection" else evaluation.kind, {}),
    }


def accuracy_table(records: Sequence[Mapping[str, Any]]) -> str:
    """The records as a Markdown table: one row a set, the quoted scores with their 95 % intervals."""
    names = [n for n in QUOTED if any(n in r["metrics"] for r in records)]
    lines = ["| set | date | gold | " + " | ".join(QUOTED[n] for n in names) + " |", "|---" * (len(names) + 3) + "|"]
    for r in records:
        cells = []
        for n in names:
            value = r["metrics"].get(n)
            low, high = r["intervals"].get(n, (None, None))
            span = f" ({low:.2f} to {high:.2f})" if low is not None and high is not None else ""
            cells.append("" if value is None else f"{value:.3f}{span}")
        size = f"{r['counts'].get('gold', '')} in {r['counts'].get('articles', '')} articles"
        lines.append(f"| {r['set']} | {r['date']} | {size}, `{r['gold_sha256'][:8]}` | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def read_records(root: Path | None = None) -> list[dict[str, Any]]:
    """All kept records, in order of their set's name; none where nothing was measured yet."""
    path = (root or project_root()) / RECORDS
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []


def keep(found: Mapping[str, Any], root: Path | None = None) -> Path:
    """Put one record in the place of the earlier one of its set."""
    path = (root or project_root()) / RECORDS
    records = [r for r in read_records(root) if r["set"] != found["set"]] + [dict(found)]
    records.sort(key=lambda r: (r["kind"] != "figures", r["kind"], r["set"]))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def parser() -> argparse.ArgumentParser:
    """Arguments of ``figures evaluate``."""
    arguments = argparse.ArgumentParser(prog="figures evaluate", description=__doc__.split("\n\n")[0])
    arguments.add_argument("--gold", type=Path, required=True, help="gold file (.jsonl) or a collection's folder")
    arguments.add_argument("--articles", type=Path, help="folder of the annotated articles (default: the gold's own)")
    arguments.add_argument("--from-gold", action="store_true", help="collections: hand in the gold figures")
    arguments.add_argument("--show", type=int, default=0, metavar="N", help="print the first N errors")
    arguments.add_argument("--record", metavar="NAME", help=f"keep the scores under this name in {RECORDS}")
    arguments.add_argument("--json", type=Path, help="write the record to this file")
    return arguments


def main(argv: Sequence[str] | None = None) -> int:
    """Entry point of ``figures evaluate``; returns 0, or 2 for gold or articles that cannot be used."""
    from analysis.components import DEFAULT_MODEL

    chosen = parser().parse_args(argv)
    articles = chosen.articles or (chosen.gold if chosen.gold.is_dir() else chosen.gold.parent)
    try:
        if not articles.is_dir():
            raise GoldError(f"articles folder {articles} does not exist")
        evaluation = evaluate(chosen.gold, articles, from_gold=chosen.from_gold)
    except GoldError as error:
        print(f"figures evaluate: {error}", file=sys.stderr)
        return 2
    found = record(chosen.record or chosen.gold.stem, chosen.gold, evaluation, DEFAULT_MODEL)
    for name, value in evaluation.scores.items():
        span = evaluation.bounds.get(name)
        words = f"  ({span[0]:.3f} to {span[1]:.3f})" if span and name in QUOTED else ""
        print(f"{name:20} {'' if value is None else format(value, '.3f')}{words}")
    print(*evaluation.details[: chosen.show], sep="\n")
    if chosen.json:
        chosen.json.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    if chosen.record:
        print(f"kept in {keep(found)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
