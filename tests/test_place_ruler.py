"""Place names in sentences: the cases, the codebook's examples, and a component that fails for one sentence only."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language
from spacy.tokens import DocBin

from analysis import codebook
from analysis.components import build_nlp, place_ruler
from analysis.components.mentions import PlaceMention

CASES = [
    json.loads(line) for line in (Path(__file__).parent / "cases" / "places.jsonl").read_text("utf-8").splitlines()
]
WORDS = codebook.load().rows("place_words")


@pytest.fixture(scope="module")
def placed() -> Language:
    return build_nlp(only=["place_ruler"])


def find(nlp: Language, text: str) -> list[PlaceMention]:
    doc = nlp(text)
    assert not doc._.faults
    return doc._.places


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_case(placed: Language, case: dict[str, Any]) -> None:
    text = case["text"]
    got = [[text[p.start : p.end], p.name, p.kind, p.country_iso3, p.admin1, p.precision] for p in find(placed, text)]
    assert got == case["expected"]


@pytest.mark.parametrize("row", WORDS, ids=[r["id"] for r in WORDS])
def test_codebook_example(placed: Language, row: codebook.Row) -> None:
    names = {p.name: p.kind for p in find(placed, row["example_yes"])}
    assert row["example_name"] in names
    if row["code"] not in ("locative", "motion", "direction"):
        assert names[row["example_name"]] == row["code"]


def test_every_answer_is_honest(placed: Language, seeds: list[dict[str, Any]]) -> None:
    for article in seeds:
        text = article["text"]
        for place in find(placed, text):
            assert 0 <= place.start < place.end <= len(text)
            assert (place.latitude is None) == (place.precision == "none")
            if place.precision in ("admin1", "country"):
                assert place.geonames_id is None, "a place known by its region only has no id of its own"


def test_mentions_travel_with_the_doc(placed: Language) -> None:
    doc = placed("Aid reached el-Fasher in Sudan.")
    (again,) = DocBin(docs=[doc], store_user_data=True).get_docs(placed.vocab)
    assert list(again._.places) == doc._.places


def test_broken_sentence_costs_only_itself(placed: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = place_ruler.find_places

    def fails(sent: Any, *rest: Any) -> Any:
        if "Bad" in sent.text:
            raise RuntimeError("broken")
        return whole(sent, *rest)

    monkeypatch.setattr(place_ruler, "find_places", fails)
    doc = placed("Bad luck struck in London. The road to Rome was cut.")
    assert [p.name for p in doc._.places] == ["Rome"]
    assert [(f.component, f.sentence_start) for f in doc._.faults] == [("place_ruler", 0)]
