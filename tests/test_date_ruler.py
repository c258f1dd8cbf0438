"""Time expressions in sentences: the cases, the codebook's examples, and what an article without a date gives."""

from __future__ import annotations

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language

from analysis import codebook
from analysis.components import build_nlp
from analysis.components.mentions import DateMention
from analysis.timexes import Finder, infer_published

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "dates.jsonl").read_text().splitlines()]
ROWS = codebook.load().rows("date_words")


@pytest.fixture(scope="module")
def dated() -> Language:
    return build_nlp(only=["date_ruler"])


def find(nlp: Language, text: str, published: str | None) -> list[DateMention]:
    doc = nlp.make_doc(text)
    doc._.published = published
    doc = nlp(doc)
    assert not doc._.faults
    return doc._.dates


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_case(dated: Language, case: dict[str, Any]) -> None:
    text = case["text"]
    got = [
        [text[m.start : m.end], m.timex, m.value, m.date_start, m.date_end, m.precision]
        for m in find(dated, text, case["published"])
    ]
    assert got == case["expected"]


@pytest.mark.parametrize("row", ROWS, ids=[r["id"] for r in ROWS])
def test_codebook_example(dated: Language, row: codebook.Row) -> None:
    found = find(dated, row["example_yes"], "2024-11-14")
    assert [m.value for m in found] == list(codebook.Codebook.split(row["example_value"])), row["id"]


def test_does_not_know_today(dated: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    class Frozen(datetime.date):
        @classmethod
        def today(cls) -> Frozen:
            raise AssertionError("a date was resolved against today's date")

    monkeypatch.setattr(datetime, "date", Frozen)
    text = "On Friday the army said that it had lost the town in August, a day after 3 May."
    assert len(find(dated, text, "2019-03-05")) == 4
    assert all(m.date_start is None for m in find(dated, text, None))


def test_broken_sentence_costs_only_itself(dated: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    ruler = dated.get_pipe("date_ruler")
    whole = Finder.find

    def fails(self: Finder, text: str, offset: int, setting: Any) -> Any:
        if "Bad" in text:
            raise RuntimeError("broken")
        return whole(self, text, offset, setting)

    monkeypatch.setattr(Finder, "find", fails)
    doc = dated.make_doc("Bad luck struck on Monday. The road was cut on Tuesday.")
    doc._.published = "2024-11-14"
    doc = dated(doc)
    assert ruler is not None
    assert [m.value for m in doc._.dates] == ["2024-11-12"]
    assert [(f.component, f.sentence_start) for f in doc._.faults] == [("date_ruler", 0)]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Dam breaks\nUpdated: 12 November 2024\nThe dam broke on 3 November 2024.", "2024-11-12"),
        ("Dam breaks\nNov. 12, 2024\n\nThe dam broke on 3 November 2024.", "2024-11-12"),
        ("KYIV, Aug. 13, 2024 (Wire) - The dam broke.", "2024-08-13"),
        ("KYIV, Aug. 13 (Wire) - The dam that was built on 2 May 2024 broke.", "2024-08-13"),
        ("KYIV, Aug. 13 (Wire) - The dam that was built on 2 May 1954 was renewed on 3 June 2003.", None),
        ("The dam broke on 3 November 2024.", None),
        ("", None),
    ],
)
def test_infer_published(text: str, day: str | None) -> None:
    assert infer_published(text, Finder(ROWS)) == day
