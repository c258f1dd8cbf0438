"""What figures measure: every example of the codebook, and cases of grammar."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from analysis import codebook
from analysis.components import annotate, build_nlp
from analysis.components.measure_coder import MeasureCoder
from analysis.components.mentions import Meaning, QuantityMention

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "meanings.jsonl").open(encoding="utf-8")]
FILES = ("measures", "measure_cues", "counted_classes")


def marked(sentence: str) -> tuple[str, int, int]:
    """The sentence without its brackets, and where the bracketed figure stands."""
    start, end = sentence.index("["), sentence.index("]") - 1
    return sentence.replace("[", "", 1).replace("]", "", 1), start, end


def examples() -> list[tuple[str, dict[str, str], str, str]]:
    """(file, row, yes or no, sentence) of every row."""
    book = codebook.load()
    return [
        (name, dict(row), kind, row[f"example_{kind}"])
        for name in FILES
        for row in book.rows(name)
        for kind in ("yes", "no")
        if row[f"example_{kind}"]
    ]


def article(text: str) -> dict[str, Any]:
    return {
        "article_id": "art_0",
        "outlet": "The Northern Post",
        "title": None,
        "published": "2024-11-09",
        "text": text,
    }


@pytest.fixture(scope="module")
def docs(nlp: Language) -> dict[str, Doc]:
    """Every sentence of the codebook and of the cases, annotated once."""
    texts = [marked(sentence)[0] for *_, sentence in examples()] + [case["text"] for case in CASES]
    unique = list(dict.fromkeys(texts))
    return dict(zip(unique, annotate(nlp, map(article, unique)), strict=True))


def meaning_at(doc: Doc, start: int, end: int) -> Meaning | None:
    return next((m for m in doc._.meanings if m.start < end and start < m.end), None)


@pytest.mark.parametrize(
    ("name", "row", "kind", "sentence"), examples(), ids=[f"{r['id']}-{k}" for _, r, k, _ in examples()]
)
def test_codebook_example(docs: dict[str, Doc], name: str, row: dict[str, str], kind: str, sentence: str) -> None:
    text, start, end = marked(sentence)
    meaning = meaning_at(docs[text], start, end)
    if kind == "no" and meaning is None:
        return
    assert meaning is not None, f"{row['id']}: no figure is found in {sentence!r}"
    if name == "counted_classes":
        got, wanted = meaning.counted_class, row["code"]
    else:
        got, wanted = meaning.measure, row["code"] if name == "measures" else row["measure"]
    if row.get("aspect"):
        got, wanted = f"{got} {meaning.aspect}", f"{wanted} {row['aspect']}"
    assert (got == wanted) is (kind == "yes"), (
        f"{row['id']}, {row['definition']}: {sentence!r} gives {got} ({meaning.rule})"
    )


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_meaning(docs: dict[str, Doc], case: dict[str, Any], request: pytest.FixtureRequest) -> None:
    if case.get("xfail"):
        request.applymarker(pytest.mark.xfail(reason=case["xfail"], strict=True))
    doc = docs[case["text"]]
    for wanted in case["figures"]:
        start = case["text"].index(wanted["figure"])
        meaning = meaning_at(doc, start, start + len(wanted["figure"]))
        assert meaning is not None, f"no figure {wanted['figure']!r}"
        got = {field: getattr(meaning, field) for field in wanted if field not in ("figure", "part_of")}
        assert got == {field: value for field, value in wanted.items() if field not in ("figure", "part_of")}
        if "part_of" in wanted:
            assert meaning.part_of_start == case["text"].index(wanted["part_of"])


def test_one_meaning_for_each_figure(docs: dict[str, Doc]) -> None:
    for doc in docs.values():
        assert [(m.start, m.end) for m in doc._.meanings] == [(f.start, f.end) for f in doc._.figures]


def test_a_failing_sentence_costs_only_itself(nlp: Language) -> None:
    doc = next(iter(annotate(nlp, [article("The flood killed 12 people. Police arrested 30 men.")])))
    coder = MeasureCoder(codebook.load())
    broken = QuantityMention(
        0, 3, token_start=10**6, token_end=10**6 + 1, kind="cardinal", low=1, high=1, comparator="=", unit=None
    )
    broken.start = 10**6
    doc._.figures = [*doc._.figures, broken]
    meanings, faults = coder.code_meanings(doc)
    assert [m.measure for m in meanings[:2]] == ["killed", "detained"]
    assert [f.component for f in faults] in ([], ["measure_coder"])


@pytest.fixture(scope="module")
def elections() -> MeasureCoder:
    return MeasureCoder(codebook.load(Path(__file__).parents[1] / "examples" / "codebook-elections"))


@pytest.mark.parametrize(
    ("sentence", "measure"),
    [
        ("The bank will lay off [300] clerks.", "layoffs"),
        ("The party fielded [45] candidates in the north.", "candidates"),
        ("The quake killed [300] clerks.", "killed"),
    ],
)
def test_own_codebook_needs_no_code(nlp: Language, elections: MeasureCoder, sentence: str, measure: str) -> None:
    text, start, end = marked(sentence)
    doc = next(iter(annotate(nlp, [article(text)])))
    doc._.meanings = elections.code_meanings(doc)[0]
    meaning = meaning_at(doc, start, end)
    assert meaning is not None and meaning.measure == measure


def test_same_result_in_any_batch(docs: dict[str, Doc]) -> None:
    again = build_nlp(codebook=None)
    texts = list(docs)[:20]
    for text, doc in zip(texts, annotate(again, map(article, texts), batch_size=3), strict=True):
        assert doc._.meanings == docs[text]._.meanings
