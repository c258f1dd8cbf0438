"""Score the tables of a run against gold: figures, events, or a constructed collection with its comparisons."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import calibration, floors
from analysis.articles import read
from analysis.claims import claims_of
from analysis.components.attribution_ruler import attribute
from analysis.paths import project_root
from analysis.pipeline import Frames, docs_of, rows, run, tables_of
from analysis.provenance import claim_id
from analysis.scoring import collections as scoring_collections
from analysis.scoring import events as scoring_events
from analysis.scoring import figures as scoring_figures
from analysis.scoring import same_events
from analysis.scoring.matched import Row, ScoredArticle, Scores, Total
from analysis.scoring.measures import intervals
from analysis.tables import frame


class GoldError(ValueError):
    """Gold that cannot be used; the message says what is wrong with which file."""


@dataclass
class Evaluation:
    """Scores of one set; ``details`` are the misses and differences, as printable lines.

    ``errors`` counts them by class (a row wrong in two fields counts in both), ``wrong`` the wrong columns of comparisons.
    """

    kind: str
    scores: dict[str, float | None]
    bounds: dict[str, tuple[float, float]] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    details: list[str] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    wrong: Counter[str] = field(default_factory=Counter)


def read_gold(path: Path) -> tuple[str, dict[str, Any]]:
    """Kind of gold (``figures``, ``events``, ``same_events``, ``collection``) and its content by article id (or whole).

    Raises GoldError where the file is missing or is none of the three.
    """
    if path.is_dir():
        path = path / "gold.json"
    if not path.is_file():
        raise GoldError(f"there is no gold file {path}")
    try:
        if path.suffix == ".json":
            gold = json.loads(path.read_text(encoding="utf-8"))
            if "same_events" in gold:
                return "same_events", {"same_events": same_events.read(path)}
            if not {"articles", "figures", "comparisons", "origins"} <= gold.keys():
                raise GoldError(f"{path} is no collection gold: articles, figures, comparisons or origins are missing")
            return "collection", gold
        lines = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
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


def error_class(name: str, right: Any, found: Any) -> str:
    """The class of a wrong field: what was expected against what was found."""
    if name == "measure" and "other" in (right, found):
        return f"{name}: not recognised" if found == "other" else f"{name}: recognised where there is none"
    if isinstance(right, bool) or isinstance(found, bool) or name in ("mode", "measure", "event_type"):
        return f"{name}: another"
    if not found:
        return f"{name}: none found"
    return f"{name}: another" if right else f"{name}: found where there is none"


#: field, what a detail shows of it, what gold says and what was found
Wrong = tuple[str, Any, Any, Any]


def _wrong_figure(g: Row, p: Row) -> Iterator[Wrong]:
    for name, test in scoring_figures.FIELDS.items():
        if not test(g, p):
            told = tuple((g.get(k), p.get(k)) for k in (("low", "high") if name == "value" else (name,)))
            yield name, told, *told[0]


def _wrong_event(g: Row, p: Row) -> Iterator[Wrong]:
    for name, test in scoring_events.FIELDS.items():
        if name != "parties" and not test(g, p):
            told = (g.get(name), scoring_events.predicted_range(p) if name == "date" else p.get(name))
            yield name, told, *told


def _evaluation(
    kind: str,
    scored: Sequence[ScoredArticle],
    score: Callable[[Sequence[ScoredArticle]], Scores],
    texts: Mapping[str, str],
    wrong_of: Callable[[Row, Row], Iterator[Wrong]],
    bounds: bool,
) -> Evaluation:
    """The scores of matched articles, with every miss and difference in words, counted by class."""
    one = kind.removesuffix("s")
    details = []
    errors: Counter[str] = Counter()
    for s in scored:
        text = texts[s.article]
        errors[f"{one}: missed"] += len(s.missed)
        errors[f"{one}: extra"] += len(s.extra)
        details += [f"MISSED {s.article} {_named(g)} | {_around(text, g)}" for g in s.missed]
        details += [f"EXTRA {s.article} {_named(p)} | {_around(text, p)}" for p in s.extra]
        for g, p in s.pairs:
            wrong = {}
            for name, shown, right, found in wrong_of(g, p):
                wrong[name] = shown
                errors[error_class(name, right, found)] += 1
            if wrong:
                details.append(f"DIFF {s.article} {g['text']!r} {wrong} | {_around(text, g)}")
    counts = {"articles": len(scored), "gold": Total(scored).gold, "predicted": Total(scored).predicted}
    return Evaluation(kind, score(scored), intervals(scored, score) if bounds else {}, counts, details, +errors)


def _named(row: Row) -> str:
    """The words of a gold or predicted row, and its type where it is an event."""
    words = next(row[k] for k in ("text", "figure_text", "trigger") if row.get(k) is not None)
    return f"{words!r} {row['event_type']}" if "event_type" in row else repr(words)


def evaluate_figures(gold: Mapping[str, Any], tables: Frames, bounds: bool = True) -> Evaluation:
    """Score the claims table against gold figures; ``bounds`` asks for intervals, which take some seconds."""
    texts = _texts(tables)
    _check_offsets(gold, texts)
    claims = _by_stem(tables, "claims")
    scored = [
        scoring_figures.match(a, figures, [c for c in claims.get(a, []) if c["kind"] == "figure"])
        for a, figures in gold.items()
    ]
    return _evaluation("figures", scored, scoring_figures.score, texts, _wrong_figure, bounds)


def evaluate_events(gold: Mapping[str, Any], tables: Frames, bounds: bool = True) -> Evaluation:
    """Score the event mentions against gold events; ``bounds`` as above."""
    texts = _texts(tables)
    _check_offsets(gold, texts)
    mentions = _by_stem(tables, "event_mentions")
    scored = [scoring_events.match(a, texts[a], events, mentions.get(a, [])) for a, events in gold.items()]
    return _evaluation("events", scored, scoring_events.score, texts, _wrong_event, bounds)


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

    What the gold does not annotate (counted class, dates, aspect, where a place is told) is taken from the extracted claim that overlaps the
    gold figure best, if any.
    """
    by_stem = {Path(a["raw_path"]).stem: a for a in rows(articles)}
    ours: dict[str, list[dict[str, Any]]] = {}
    for claim in rows(extracted):
        if claim["kind"] == "figure":
            ours.setdefault(claim["article_id"], []).append(claim)
    claims = []
    now: dict[str, str] = {}  # extracted claim -> the gold figure in its place
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
        if "claim_id" in claim:
            now[claim["claim_id"]] = claim_id(article["article_id"], "figure", start, end)
        basis = claim.get("place_basis") if claim.get("place") == figure.get("place") else None
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
            "place_basis": (basis or "stated") if figure.get("place") else None,
            "part_of": claim.get("part_of"),
            "repeat_of": None,
            "about_claim_id": None,
            "extractor": "gold",
            "confidence": 1.0,
        }
        claims.append(claim)
    for claim in claims:
        claim["part_of"] = now.get(claim["part_of"])
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
    if kind == "same_events":
        return evaluate_same_events(gold["same_events"], articles)
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
        "collection",
        scores,
        {} if from_gold else figures.bounds,
        figures.counts,
        wrong + figures.details,
        Counter() if from_gold else figures.errors,
        Counter() if from_gold else Counter(name for _, name, _, _ in scored.wrong),
    )


def evaluate_same_events(gold: Mapping[same_events.Mention, str], articles: Path) -> Evaluation:
    """Score which mentions of the articles are taken for one event."""
    tables = run(articles, only={article for article, _, _ in gold})
    found = same_events.score(gold, _by_stem(tables, "event_mentions"))
    return Evaluation("same_events", found.scores, {}, found.counts, found.wrong)


def evaluate_seeds(tables: Frames) -> dict[str, Evaluation]:
    """Score the tables of the seed articles against the project's own gold, by set, without intervals."""
    scored = {}
    for name, path in floors.SETS.items():
        kind, gold = read_gold(project_root() / path)
        scored[name] = (evaluate_figures if kind == "figures" else evaluate_events)(gold, tables, bounds=False)
    return scored


def figures_with_features(gold_path: Path, articles: Path) -> list[calibration.Case]:
    """Every extracted figure of the gold's articles as a case for calibration: its features, and whether it is right.

    A figure is right where the full row is: value, comparator, unit, rate, measure, side, source and via. An extra figure
    is wrong. Figures of articles without gold do not count.
    """
    kind, gold = read_gold(gold_path)
    if kind == "events":
        raise GoldError(f"{gold_path} holds events; confidence is fitted to figures")
    marked: dict[str, list[Any]] = {a: [] for a in gold["articles"]} if kind == "collection" else dict(gold)
    for f in gold["figures"] if kind == "collection" else ():
        marked[f["article"]].append(f)
    found, _ = read(articles)
    stems = [Path(p).stem for p in found["raw_path"]]
    found = found[[s in marked for s in stems]].reset_index(drop=True)
    cases = []
    for doc, path in zip(docs_of(found), found["raw_path"], strict=True):
        stem = Path(path).stem
        _check_offsets({stem: marked[stem]}, {stem: doc.text})
        claims = [c for c in claims_of(doc)[0] if c["kind"] == "figure"]
        scored = scoring_figures.match(stem, marked[stem], claims)
        right = {
            p["start"] for g, p in scored.pairs if all(scoring_figures.FIELDS[f](g, p) for f in scoring_figures.FULL)
        }
        meanings = {(m.start, m.end): m for m in doc._.meanings or ()}
        for figure in doc._.figures or ():
            meaning = meanings.get((figure.start, figure.end))
            told = calibration.features(figure, meaning, attribute(doc, figure.start, figure.end))
            cases.append(calibration.Case(stem, told, figure.start in right))
    return cases
