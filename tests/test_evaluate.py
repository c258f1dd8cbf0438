"""Measured accuracy: floors under the scores on the project's own gold, and scorers that notice what gets worse."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis import accuracy, accuracy_charts, calibration, docs, floors
from analysis.codebook import load
from analysis.evaluate import main, parser
from analysis.evaluation import (
    GoldError,
    error_class,
    evaluate,
    evaluate_figures,
    evaluate_seeds,
    figures_with_features,
    read_gold,
)
from analysis.pipeline import Frames, rows, run
from analysis.provenance import sha256_file

ROOT = Path(__file__).parents[1]
BASELINE = ROOT / floors.BASELINE


def test_no_score_is_below_its_floor(seed_tables: Frames) -> None:
    scores = {name: found.scores for name, found in evaluate_seeds(seed_tables).items()}
    below = floors.fallen(floors.read(BASELINE), scores)
    assert not below, f"{floors.told(below)}\nsee what changed: figures evaluate --gold {ROOT}/tests/gold/... --show 50"


def test_every_guarded_score_has_a_floor() -> None:
    kept = floors.read(BASELINE)
    assert {name: set(metrics) for name, metrics in floors.GUARDED.items()} == {
        n: set(f) for n, f in kept["floors"].items()
    }
    assert all(lowered["reason"] for lowered in kept["lowered"])


def _of_figures(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Frames], Frames]:
    return lambda tables: {**tables, "claims": change(tables["claims"].copy())}


def _of_events(change: Callable[[pd.DataFrame], pd.DataFrame]) -> Callable[[Frames], Frames]:
    return lambda tables: {**tables, "event_mentions": change(tables["event_mentions"].copy())}


@pytest.mark.parametrize(("worsen", "name", "falls"), [
    (_of_figures(lambda c: c[c.index % 5 != 0]), "figures-seeds", "recall"),
    (_of_figures(lambda c: pd.concat([c, c.assign(start=c["start"] + 400, end=c["end"] + 400)])), "figures-seeds", "precision"),
    (_of_figures(lambda c: c.assign(high=c["high"] * 10)), "figures-seeds", "numeric_f1"),
    (_of_figures(lambda c: c.assign(measure="killed")), "figures-seeds", "meaning_f1"),
    (_of_figures(lambda c: c.assign(side=None)), "figures-seeds", "side"),
    (_of_figures(lambda c: c.assign(place="Oslo")), "figures-seeds", "place"),
    (_of_figures(lambda c: c.assign(counted="ducks")), "figures-seeds", "counted"),
    (_of_figures(lambda c: c.assign(source=c["source"].shift())), "figures-seeds", "full_row_f1"),
    (_of_figures(lambda c: c.assign(source=None)), "figures-seeds", "source_recall"),
    (_of_figures(lambda c: c.assign(source=c["source"].fillna("Nobody"))), "figures-seeds", "source_precision"),
    (_of_figures(lambda c: c.assign(hedged=~c["hedged"])), "figures-seeds", "hedged"),
    (_of_events(lambda e: e[e.index % 5 != 0]), "events-seeds", "recall"),
    (_of_events(lambda e: e.assign(event_type="AID")), "events-seeds", "type_f1"),
    (_of_events(lambda e: e.assign(actor="Norway")), "events-seeds", "type_parties_f1"),
    (_of_events(lambda e: e.assign(date_start="1999-01-01", date_end="1999-01-01")), "events-seeds", "date"),
])  # fmt: skip
def test_worse_tables_fall_below_the_floors(
    seed_tables: Frames, tmp_path: Path, worsen: Callable[[Frames], Frames], name: str, falls: str
) -> None:
    floors.ratchet(tmp_path / "b.json", {n: found.scores for n, found in evaluate_seeds(seed_tables).items()})
    scores = {n: found.scores for n, found in evaluate_seeds(worsen(seed_tables)).items()}
    below = floors.fallen(floors.read(tmp_path / "b.json"), scores)
    assert (name, falls) in {(n, metric) for n, metric, _, _ in below}
    assert {n for n, *_ in below} == {name}, "the other gold is untouched"


SCORES: dict[str, dict[str, float | None]] = {
    name: dict.fromkeys(metrics, 0.5) for name, metrics in floors.GUARDED.items()
}


def test_floors_only_rise_unless_a_reason_is_given(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    assert floors.ratchet(path, SCORES)
    assert floors.ratchet(path, SCORES) == []
    better = SCORES | {"events-seeds": SCORES["events-seeds"] | {"recall": 0.61239}}
    assert floors.ratchet(path, better) == ["events-seeds recall: 0.5 -> 0.6123"]
    before = path.read_bytes()
    with pytest.raises(floors.Fallen, match=r"recall: 0.5000 is below its floor 0.6123\nmend it, or lower"):
        floors.ratchet(path, SCORES)
    with pytest.raises(floors.Fallen):
        floors.ratchet(path, SCORES, lower="  ")
    assert path.read_bytes() == before
    floors.ratchet(path, SCORES, lower="the gold was mended")
    lowered = json.loads(path.read_text())["lowered"]
    assert [(entry["score"], entry["from"], entry["to"]) for entry in lowered] == [("recall", 0.6123, 0.5)]
    assert lowered[0]["reason"] == "the gold was mended"


def test_a_score_that_is_gone_is_fallen(tmp_path: Path) -> None:
    floors.ratchet(tmp_path / "b.json", SCORES)
    assert floors.fallen(floors.read(tmp_path / "b.json"), {**SCORES, "events-seeds": {}})


def test_help_tells_the_forms_of_gold_and_examples() -> None:
    text = parser().format_help()
    for word in ("--gold", "--articles", "--ratchet", "--lower", "--golden", "--calibrate", "gold.json", "examples:"):
        assert word in text


@pytest.mark.parametrize(("arguments", "told"), [
    ([], "give --gold"),
    (["--lower", "because"], "--lower goes with --ratchet"),
])  # fmt: skip
def test_wrong_arguments_are_refused(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2 and told in capsys.readouterr().err


@pytest.mark.parametrize(("name", "text", "told"), [
    ("no.jsonl", None, "there is no gold file"),
    ("g.jsonl", "{", "is not JSON"),
    ("g.jsonl", '{"id": "a"}', "neither figures nor events"),
    ("gold.json", "{}", "is no collection gold"),
])  # fmt: skip
def test_gold_that_cannot_be_used(
    tmp_path: Path, name: str, text: str | None, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if text is not None:
        (tmp_path / name).write_text(text)
    assert main(["--gold", str(tmp_path / name), "--articles", str(tmp_path)]) == 2
    assert told in capsys.readouterr().err


def test_gold_of_another_text_is_refused(seed_tables: Frames) -> None:
    _, gold = read_gold(ROOT / floors.SETS["figures-seeds"])
    stem, marks = next(iter(gold.items()))
    with pytest.raises(GoldError, match="not the text that was annotated"):
        evaluate_figures({stem: [marks[0] | {"start": marks[0]["start"] + 1}]}, seed_tables)
    with pytest.raises(GoldError, match="no readable article 'nobody'"):
        evaluate_figures({"nobody": []}, seed_tables)


@pytest.mark.parametrize(("name", "right", "found", "expected"), [
    ("side", "Norway", None, "side: none found"),
    ("side", None, "Norway", "side: found where there is none"),
    ("side", "Sweden", "Norway", "side: another"),
    ("measure", "killed", "other", "measure: not recognised"),
    ("measure", "other", "killed", "measure: recognised where there is none"),
    ("measure", "wounded", "killed", "measure: another"),
    ("hedged", False, True, "hedged: another"),
])  # fmt: skip
def test_classes_of_errors(name: str, right: Any, found: Any, expected: str) -> None:
    assert error_class(name, right, found) == expected


def _record(name: str, kind: str = "figures", **more: Any) -> dict[str, Any]:
    scores = {"detection_f1": 0.9, "membership": 0.8}
    base = {
        "set": name,
        "kind": kind,
        "date": "2026-01-02",
        "gold_sha256": "ab" * 32,
        "counts": {"gold": 7, "articles": 2},
    }
    return base | {"metrics": scores, "intervals": {"detection_f1": [0.85, 0.95]}, "human": {}, "errors": {}} | more


def test_records_replace_the_earlier_one_of_their_set(tmp_path: Path) -> None:
    accuracy.keep(_record("b"), tmp_path)
    accuracy.keep(_record("story", "collection"), tmp_path)
    accuracy.keep(_record("a", "events"), tmp_path)
    accuracy.keep(_record("b", date="2026-02-03"), tmp_path)
    assert [(r["set"], r["date"]) for r in accuracy.read_records(tmp_path)] == [
        ("b", "2026-02-03"),
        ("a", "2026-01-02"),
        ("story", "2026-01-02"),
    ]


def test_the_table_shows_intervals_people_and_peers() -> None:
    peers = [{"who": "somebody", "measure": "value_f1", "value": 0.7, "part": "published"}]
    public = _record("theirs", "public", metrics={"value_f1": 0.91}, intervals={}, peers=peers)
    text = accuracy.accuracy_table([_record("own"), _record("story", "collection"), public])
    assert "| own | 2026-01-02 | 7 in 2 articles, `abababab` | 0.900 (0.85 to 0.95) |" in text
    assert "| *two people* |  | other articles | 0.975 |" in text
    assert "| theirs | value F1 | 0.910 | somebody 0.700 (published) |" in text
    assert text.count("story") == 2, "a collection has figures and comparisons"
    assert accuracy.accuracy_table([]) == "Nothing was measured yet.\n"


def test_errors_are_summed_by_class() -> None:
    first, second = ({"side: none found": 3}, {"side: none found": 1, "via: another": 4})
    text = accuracy.errors_table([_record("a", errors=first), _record("b", "collection", errors=second)])
    assert "**figures**: 8 errors" in text and "| side: none found | 4 | 50% |" in text


def test_pages_quote_the_kept_records() -> None:
    text = docs.with_generated("a\n<!-- accuracy -->\nSTALE\n<!-- /accuracy -->\nb\n")
    assert (
        text.startswith("a\n<!-- accuracy -->\n") and text.endswith("<!-- /accuracy -->\nb\n") and "STALE" not in text
    )
    assert docs.with_generated(text) == text


def _case(article: int, features: tuple[str, ...], right: bool) -> calibration.Case:
    return calibration.Case(str(article), ("base", *features), right)


def test_confidence_learns_what_is_right() -> None:
    cases = [_case(i, ("cue_beside",), i % 10 != 0) for i in range(40)] + [
        _case(i, ("no_cue",), i % 2 == 0) for i in range(40)
    ]
    weights = calibration.fit(cases)
    assert weights == calibration.fit(cases) and list(weights) == list(calibration.FEATURES)
    high, low = (calibration.probability(("base", name), weights) for name in ("cue_beside", "no_cue"))
    assert high == pytest.approx(0.9, abs=0.05) and low == pytest.approx(0.5, abs=0.07)
    found = calibration.reliability(cases)
    assert found["brier"]["fitted"] < found["brier"]["one share for all"]
    assert sum(b["figures"] for b in found["bins"]) == len(cases) == found["figures"]
    with pytest.raises(ValueError, match="no figures"):
        calibration.fit([])


def test_the_kept_weights_cover_every_feature() -> None:
    rows = load().rows("confidence")
    assert {r["id"]: r["definition"] for r in rows} == calibration.FEATURES
    assert calibration.as_csv(calibration.weights()) == (ROOT / calibration.WEIGHTS).read_text(encoding="utf-8")


def test_confidence_stays_between_0_and_1(seed_tables: Frames) -> None:
    figures = seed_tables["claims"][seed_tables["claims"]["kind"] == "figure"]
    assert figures["confidence"].between(0, 1).all() and figures["confidence"].nunique() > 3


def test_confusions_leave_out_what_is_right() -> None:
    found = accuracy.confusions(
        [_record("s", "public", confusion={"AID -> AID": 9, "AID -> none": 1, "YIELD -> AID": 2})]
    )
    assert [(row["gold"], row["found"]) for row in found] == [("YIELD", "AID"), ("AID", "none")]


def test_charts_say_what_they_show() -> None:
    rows = accuracy.score_rows([_record("own", human={"detection_f1": 0.8}), _record("other")])
    told = accuracy_charts.scores(rows).to_dict()["description"]
    assert "1 of 1" in told
    bins = [{"figures": 10, "stated": 0.5, "right": 0.6}, {"figures": 30, "stated": 0.9, "right": 0.9}]
    told = accuracy_charts.reliability({"figures": 40, "articles": 4, "bins": bins}).to_dict()["description"]
    assert "mean gap 0.025" in told and "40 figures of 4 articles" in told


def test_the_command_scores_shows_and_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], seed_tables: Frames
) -> None:
    monkeypatch.setattr("analysis.evaluation.run", lambda *_, **__: seed_tables)
    gold, out = ROOT / floors.SETS["figures-seeds"], tmp_path / "record.json"
    arguments = ["--gold", str(gold), "--articles", str(ROOT / floors.SEEDS), "--show", "3", "--json", str(out)]
    assert main(arguments) == 0
    said, kept = capsys.readouterr().out, json.loads(out.read_text())
    assert "full_row_f1" in said and "(" in said and len([w for w in said.split() if w == "DIFF"]) <= 3
    assert kept["gold_sha256"] == sha256_file(gold) and kept["counts"]["articles"] == 5
    assert kept["intervals"].keys() <= accuracy.QUOTED.keys() and kept["human"]["side"] < 1
    assert sum(kept["errors"].values()) >= 1 and kept["metrics"]["detection_f1"] > 0.5


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample as a collection whose gold is what the pipeline makes of it."""
    folder = tmp_path_factory.mktemp("collection")
    for path in (ROOT / "data" / "sample").iterdir():
        if path.is_file():
            shutil.copy(path, folder)
    tables = run(folder)
    stem = {a["article_id"]: Path(a["raw_path"]).stem for a in rows(tables["articles"])}
    claims = [c for c in rows(tables["claims"]) if c["kind"] == "figure"]
    members: dict[str, list[list[Any]]] = {}
    origins: dict[str, list[list[Any]]] = {}
    for c in claims:
        origins.setdefault(c["origin_id"], []).append([stem[c["article_id"]], c["start"]])
        if c["comparison_id"]:
            members.setdefault(c["comparison_id"], []).append([stem[c["article_id"]], c["start"]])
    groups = {g["comparison_id"]: g for g in rows(tables["comparisons"])}
    counted = ("label", "agreement", "n_outlets", "n_sources", "n_origins")
    copies = {stem[a["article_id"]]: {"copy_group": a["syndication_id"]} for a in rows(tables["articles"])}
    gold = {
        "articles": copies,
        "figures": [c | {"article": stem[c["article_id"]], "text": c["figure_text"]} for c in claims],
        "origins": [{"members": told} for told in origins.values()],
        "comparisons": [{k: groups[g][k] for k in counted} | {"members": told} for g, told in members.items()],
    }
    (folder / "gold.json").write_text(json.dumps(gold))
    return folder


@pytest.mark.parametrize("from_gold", [False, True])
def test_a_collection_scored_against_itself_is_perfect(sample: Path, from_gold: bool) -> None:
    found = evaluate(sample, sample, from_gold=from_gold)
    assert {name: value for name, value in found.scores.items() if value not in (None, 1.0)} == {}
    assert found.details == [] and not found.errors and not found.wrong
    assert ("detection_f1" in found.scores) is not from_gold


def test_features_tell_which_figures_are_right(sample: Path) -> None:
    cases = figures_with_features(sample, sample)
    assert cases and all(c.right and c.features[0] == "base" for c in cases)
