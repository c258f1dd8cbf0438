"""Names and roles of actors: cases, the codebook's own examples, offsets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pycountry
import pytest
from spacy.language import Language
from spacy.tokens import Doc

from analysis.actors import NOT_IN_ISO, build_index, country_of, default_index
from analysis.codebook import Codebook, load
from analysis.components import build_nlp

CASES = [
    json.loads(line) for line in (Path(__file__).parent / "cases" / "actors.jsonl").read_text("utf-8").splitlines()
]
CODEBOOK = load()


@pytest.fixture(scope="module")
def actor_nlp() -> Language:
    return build_nlp(only=["actor_ruler"])


def found(doc: Doc) -> list[tuple[str, str, str | None]]:
    return [(doc.text[a.start : a.end], a.name, a.party) for a in doc._.actors]


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_cases(actor_nlp: Language, case: dict[str, Any]) -> None:
    doc = actor_nlp(case["text"])
    mentions = found(doc)
    for text, name, party in case["actors"]:
        assert (text, name, party) in mentions
    for text in case["not"]:
        assert text not in [mention[0] for mention in mentions]
    assert doc._.faults == []


def test_mentions_are_sorted_and_do_not_overlap(actor_nlp: Language, seeds: list[dict[str, Any]]) -> None:
    for doc in actor_nlp.pipe([seed["text"] for seed in seeds]):
        ends = 0
        for actor in doc._.actors:
            assert actor.start >= ends
            assert doc[actor.token_start : actor.token_end].text == doc.text[actor.start : actor.end]
            ends = actor.end


@pytest.mark.parametrize("name", ["demonyms", "actors", "actor_roles"])
def test_examples_of_every_row(actor_nlp: Language, name: str) -> None:
    rows = CODEBOOK.rows(name)
    docs = actor_nlp.pipe([row["example_yes"] for row in rows])
    wrong = []
    for row, doc in zip(rows, docs, strict=True):
        if name == "actor_roles":
            words = Codebook.split(row["match"])
            hit = any(a.form == "role" and doc[a.token_start].lemma_.lower() in words for a in doc._.actors)
        else:
            hit = any(a.name == row["name"] for a in doc._.actors)
        if not hit:
            wrong.append((row["id"], row["example_yes"], found(doc)))
    assert wrong == []


@pytest.mark.parametrize("name", ["demonyms", "actors"])
def test_counterexamples(actor_nlp: Language, name: str) -> None:
    for row in CODEBOOK.rows(name):
        if row["example_no"]:
            doc = actor_nlp(row["example_no"])
            assert row["name"] not in [a.name for a in doc._.actors if a.form != "name" or a.iso3], row["id"]


def test_every_alias_is_in_the_index() -> None:
    index = build_index(CODEBOOK)
    for row in CODEBOOK.rows("actors"):
        for phrase in Codebook.split(row["match"]):
            assert index.party_of(phrase) == row["party"], phrase


def test_country_codes_are_known_to_pycountry() -> None:
    for row in CODEBOOK.rows("demonyms"):
        assert row["id"] in NOT_IN_ISO or pycountry.countries.get(alpha_3=row["id"]) is not None, row["id"]


def test_country_of_a_phrase() -> None:
    assert country_of("Kyiv's forces") == "Ukraine"
    assert country_of("South Korean") == "South Korea"
    assert country_of("us") is None
    assert default_index().party_of("the UN envoy") == "United Nations"


def test_same_result_in_any_batch(actor_nlp: Language) -> None:
    texts = [case["text"] for case in CASES]
    one = [found(doc) for doc in actor_nlp.pipe(texts, batch_size=1)]
    many = [found(doc) for doc in actor_nlp.pipe(texts, batch_size=64)]
    assert one == many
