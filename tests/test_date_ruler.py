"""Time expressions in sentences: the cases, the codebook's examples, and what an article without a date gives."""

from __future__ import annotations

import datetime
import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

from analysis import codebook
from analysis.components import build_nlp
from analysis.components.mentions import DateMention
from analysis.time_words import Setting
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


SOME = (
    "the a last next this week month year of in on at Monday May March 6 31 30 2023 , . - / : ' ago later earlier early mid"
    " end few two 99999999 9999 days day century decade 0 00 first quarter half Q4 to and between 1990s night noon p.m."
    " 1e9 12th 20th Christmas New Year's Day every daily hundred twenty summer winter fall 1,000 2024-02-30 29 February"
)
WORDS = SOME.split()


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=9),
    st.none() | st.dates(datetime.date(1600, 1, 1), datetime.date(2400, 12, 31)),
    st.sampled_from(["future", "past", "present", "near", None]),
)
def test_any_words_give_ordered_spans(words: list[str], published: datetime.date | None, tense: str | None) -> None:
    text = " ".join(words)
    found = Finder(ROWS).find(text, 0, Setting(published, None, lambda _: tense, lambda *_: None))
    assert all(0 <= t.start < t.end <= len(text) for t in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))
    for t in found:
        if t.stretch.start and t.stretch.end:
            assert t.stretch.start <= t.stretch.end
