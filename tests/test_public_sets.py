"""The adapters to public sets of others: what they write for the scorers, and the lists that stand beside them."""

from __future__ import annotations

import csv
import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from spacy.language import Language

from analysis.codebook import schema
from analysis.components import annotate

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.fixture(scope="module")
def public_sets() -> ModuleType:
    spec = importlib.util.spec_from_file_location("public_sets", BENCHMARKS / "public_sets.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["public_sets"] = module
    spec.loader.exec_module(module)
    return module


def _rows(name: str) -> list[dict[str, str]]:
    with (BENCHMARKS / name).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_the_mapping_gives_only_types_of_ours() -> None:
    ours = set(schema("event_types")["columns"]["code"]["allowed"])
    rows = _rows("plover_mapping.csv")
    assert len({(r["set"], r["theirs"]) for r in rows}) == len(rows)
    assert {code for r in rows for code in r["ours"].split(" | ")} <= ours


def test_scores_of_others_are_shares_and_have_a_score_of_ours(public_sets: ModuleType) -> None:
    quoted = {start: set(names) for start, (_, _, names) in public_sets.SETS.items()}
    for row in _rows("peers.csv"):
        assert 0 <= float(row["value"]) <= 1 and row["part"] and row["who"]
        names = next(names for start, names in quoted.items() if row["set"].startswith(start))
        assert row["measure"] in names, row


@pytest.mark.parametrize(("sentence", "expected"), [
    ("The dam holds about 40 tons of silt.", [{"value": 40, "bound": "~", "unit": "tons"}]),
    ("At least 12 miners were hurt.", [{"value": 12, "bound": ">", "unit": "miner"}]),
    ("The bridge cost $3 million.", [{"value": 3e6, "bound": "=", "unit": "us dollar"}]),
    ("Prices rose by 8 per cent.", [{"value": 8, "bound": "=", "unit": "percentage"}]),
    ("It stands 15 km away.", [{"value": 15, "bound": "=", "unit": "kilometre"}]),
    ("Hundreds of homes were lost.", [{"value": [100, 1000], "bound": "=", "unit": "home"}]),
    ("The village lost a third of its wells.", [{"value": pytest.approx(1 / 3), "bound": "=", "unit": "-"}]),
])  # fmt: skip
def test_quantities_as_the_sets_write_them(
    nlp: Language, public_sets: ModuleType, sentence: str, expected: list[dict[str, Any]]
) -> None:
    (doc,) = annotate(nlp, [{"text": sentence}])
    found = [public_sets.quantity(m, doc, {"USD": "us dollar"}) for m in doc._.quantities]
    told = [{k: v for k, v in q.items() if k != "span"} for q in found if q is not None]
    assert told == expected


@pytest.mark.parametrize(("sentence", "expected"), [
    ("Output rose from 12 to 15 tonnes.", [([12, 15], "=", "tonnes")]),
    ("The tank holds 8 or 9 litres.", [(8, "=", "litres"), (9, "=", "litres")]),
    ("It weighs about 8 or 9 kg.", [(8, "~", "kilogram"), (9, "=", "kilogram")]),
    ("They flew more than 30 miles (48 km).", [(30, ">", "miles"), (48, ">", "kilometre")]),
    ("They lost 40 boats, including six in the bay.", [(40, "=", "boat"), (6, "=", "boat")]),
    ("They lost 40 boats and six men.", [(40, "=", "boat"), (6, "=", "man")]),
    ("They sent men from 12 towns to 15 farms.", [(12, "=", "town"), (15, "=", "farm")]),
    ("The train goes at 90 m.p.h.", [(90, "=", "mile per hour")]),
])  # fmt: skip
def test_quantities_are_cut_as_the_sets_cut_them(
    nlp: Language, public_sets: ModuleType, sentence: str, expected: list[tuple[Any, str, str]]
) -> None:
    (doc,) = annotate(nlp, [{"text": sentence}])
    told = public_sets.sentence_quantities(doc, {"USD": "us dollar"})
    assert [(q["value"], q["bound"], q["unit"]) for q in told] == expected


def test_judged_gold_is_listed_once_with_its_reason(public_sets: ModuleType) -> None:
    rows = _rows("judged_gold.csv")
    assert len({(r["set"], r["case"]) for r in rows}) == len(rows)
    assert all(r["field"] in ("value", "bound", "unit") and r["class"] and r["why"] for r in rows)
    assert len(public_sets.judged_gold("newsquant")) == sum(r["set"] == "newsquant" for r in rows)
    assert public_sets.judged_gold("geo_lgl") == []


def test_types_are_scored_by_sentence(public_sets: ModuleType, tmp_path: Path) -> None:
    sentences = [
        {"id": "a", "text": "Norway's army shelled the Swedish port on Monday.", "event": "ASSAULT"},
        {"id": "b", "text": "The library opens at nine.", "event": "YIELD"},
    ]
    (tmp_path / "event_plv.jsonl").write_text("".join(json.dumps(s) + "\n" for s in sentences))
    scores, bounds, more = public_sets.scored(tmp_path, "event_plv")
    assert scores == {"type_recall": 0.5, "type_precision": 1.0}
    assert bounds["type_recall"][0] <= 0.5 <= bounds["type_recall"][1]
    assert more["confusion"] == {"ASSAULT -> ASSAULT": 1, "YIELD -> none": 1}


def test_a_folder_without_sets_is_told(
    public_sets: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["public_sets.py", "--public", str(tmp_path)])
    assert public_sets.main() == 2
    assert "holds no set" in capsys.readouterr().err
