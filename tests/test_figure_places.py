"""Where figures hold: towns of the article, also such as no gazetteer knows, and the scene that it tells."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from analysis.components import annotate
from analysis.components.datelines import datelines
from analysis.components.scene_names import unlisted

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "figure_places.jsonl").open(encoding="utf-8")]


def _article(text: str) -> dict[str, Any]:
    return {
        "article_id": "art_0",
        "outlet": "The Northern Post",
        "title": None,
        "published": "2025-10-15",
        "text": text,
    }


@pytest.fixture(scope="module")
def docs(nlp: Language) -> dict[str, Doc]:
    texts = [case["text"] for case in CASES]
    return dict(zip(texts, annotate(nlp, map(_article, texts)), strict=True))


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_where_a_figure_holds(docs: dict[str, Doc], case: dict[str, Any]) -> None:
    for wanted in case["figures"]:
        start = case["text"].index(wanted["figure"])
        found = [m for m in docs[case["text"]]._.meanings if m.start <= start + len(wanted["figure"]) and start < m.end]
        assert found, wanted["figure"]
        assert found[0].place == wanted["place"]


@pytest.mark.parametrize(
    ("text", "towns"),
    [
        ("SUNDBY, Marel, March 4 (SNA) - It rained.", ["SUNDBY"]),
        ("PORT SUND, June 3 - It rained.", ["PORT SUND"]),
        ("Sundby (SNA) — It rained.", ["Sundby"]),
        ("Sundby, a town in Marel - it rained.", []),
        ("Rain fell on Sundby - and on Lund.", []),
        ("It rained\n\nSUNDBY, June 3 (SNA) - It rained.", ["SUNDBY"]),
    ],
)
def test_datelines(nlp: Language, text: str, towns: list[str]) -> None:
    doc = nlp.make_doc(text)
    assert [doc[line.start : line.town].text for line in datelines(doc)] == towns


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("They met in the streets of Brannevik.", {"Brannevik": "settlement"}),
        ("It fell on the province of Ulvar.", {"Ulvar": "region"}),
        ("He flew to the capital of Marel.", {"Marel": "country"}),
        ("The mayor of Brannevik spoke. Later Brannevik police came.", {"Brannevik": "settlement"}),
        ("BRANNEVIK, June 3 (SNA) - Rain fell on Brannevik.", {"Brannevik": "settlement"}),
        ("He met Jon Peel of the union.", {}),
    ],
)
def test_names_that_no_gazetteer_holds(nlp: Language, text: str, kinds: dict[str, str]) -> None:
    doc = next(iter(annotate(nlp, [_article(text)])))
    assert {place.name: place.kind for place, _ in unlisted(doc, set())} == kinds
