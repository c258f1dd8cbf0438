"""From annotated text to rows: figures, statements, and what is left out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from spacy.language import Language
from spacy.tokens import Doc

from analysis import tables
from analysis.claims import FAILED, claims, confidence
from analysis.components import annotate
from analysis.components.mentions import Attribution, Fault, Meaning, QuantityMention
from analysis.provenance import article_id

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "claims.jsonl").open(encoding="utf-8")]


def article(text: str) -> dict[str, Any]:
    outlet = "The Northern Post"
    return {
        "article_id": article_id(outlet, None, text),
        "outlet": outlet,
        "title": None,
        "published": "2024-11-09",
        "text": text,
    }


def built(nlp: Language, *texts: str) -> tuple[pd.DataFrame, pd.DataFrame, list[Doc]]:
    docs = list(annotate(nlp, map(article, texts)))
    rows, left_out = claims(docs)
    return rows, left_out, docs


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(nlp: Language, case: dict[str, Any], request: pytest.FixtureRequest) -> None:
    if case.get("xfail"):
        request.applymarker(pytest.mark.xfail(reason=case["xfail"], strict=True))
    rows, left_out, _ = built(nlp, case["text"])
    figures = rows[rows["kind"] == "figure"]
    assert list(figures["figure_text"]) == [row["figure_text"] for row in case["rows"]]
    for wanted, (_, got) in zip(case["rows"], figures.iterrows(), strict=True):
        found = {column: None if pd.isna(got[column]) else got[column] for column in wanted}
        assert found == wanted
    assert list(left_out["text"]) == case.get("left_out", [])


def test_offsets_and_sentences_hold(nlp: Language, seeds: list[dict[str, Any]]) -> None:
    docs = list(annotate(nlp, seeds))
    rows, left_out = claims(docs)
    text = {seed["article_id"]: seed["text"] for seed in seeds}
    for row in rows.to_dict("records"):
        whole = text[row["article_id"]]
        sentence = whole[row["sentence_start"] : row["sentence_end"]]
        assert sentence == row["sentence_text"] == sentence.strip()
        assert row["sentence_start"] <= row["start"] < row["sentence_end"]
        if row["kind"] == "figure":
            assert whole[row["start"] : row["end"]] == row["figure_text"]
        else:
            assert pd.isna(row["figure_text"])
    for row in left_out.to_dict("records"):
        assert text[row["article_id"]][row["start"] : row["end"]] == row["text"]
    assert rows["claim_id"].is_unique
    assert set(rows["part_of"].dropna()) <= set(rows["claim_id"])
    assert set(rows["repeat_of"].dropna()) <= set(rows["claim_id"])
    assert not rows["measure"][rows["kind"] == "figure"].isna().any()
    assert rows["origin_id"].isna().all() and rows["comparison_id"].isna().all()


def test_no_number_is_both_claim_and_left_out(nlp: Language, seeds: list[dict[str, Any]]) -> None:
    rows, left_out = claims(list(annotate(nlp, seeds)))
    figures = {(r.article_id, r.start) for r in rows[rows["kind"] == "figure"].itertuples()}
    assert not figures & {(r.article_id, r.start) for r in left_out.itertuples()}


def test_same_rows_in_any_order(nlp: Language, seeds: list[dict[str, Any]]) -> None:
    docs = list(annotate(nlp, seeds))
    for one, other in zip(claims(docs), claims(list(reversed(docs))), strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_a_repeated_sentence_points_at_the_first(nlp: Language) -> None:
    text = "The flood killed 12 people.\n\nRain fell all day.\n\nThe flood killed 12 people.\n\nThe flood killed 14 people."
    rows, _, _ = built(nlp, text)
    figures = rows[rows["kind"] == "figure"]
    assert list(figures["figure_text"]) == ["12", "12", "14"]
    first, second, other = figures["claim_id"]
    assert list(figures["repeat_of"].isna()) == [True, False, True]
    assert figures["repeat_of"].iloc[1] == first
    assert len({first, second, other}) == 3


def test_part_of_a_whole(nlp: Language) -> None:
    rows, _, _ = built(nlp, "The shelling killed 24 people, including eight children.")
    whole, part = rows[rows["kind"] == "figure"].to_dict("records")
    assert part["part_of"] == whole["claim_id"] and pd.isna(whole["part_of"])
    assert (whole["measure"], part["measure"]) == ("killed", "killed")


def test_a_faulted_sentence_is_left_out(nlp: Language) -> None:
    doc = next(iter(annotate(nlp, [article("The flood killed 12 people. The fire killed 30 people.")])))
    sentence = next(iter(doc.sents))
    doc._.faults = [Fault("quantity_ruler", sentence.start_char, sentence.end_char, "ValueError: no number")]
    rows, left_out = claims([doc])
    assert list(rows["figure_text"].dropna()) == ["30"]
    assert list(zip(left_out["text"], left_out["reason"], strict=True)) == [("12", FAILED)]


def test_a_figure_without_meaning_is_still_a_row(nlp: Language) -> None:
    doc = next(iter(annotate(nlp, [article("The flood killed 12 people.")])))
    doc._.meanings = []
    rows, _ = claims([doc])
    assert (rows["measure"].iloc[0], rows["figure_text"].iloc[0]) == ("other", "12")


def test_a_wrong_code_fails_loudly(nlp: Language) -> None:
    doc = next(iter(annotate(nlp, [article("The flood killed 12 people.")])))
    doc._.figures[0].comparator = "≈"
    with pytest.raises(tables.SchemaError, match="comparator"):
        claims([doc])


def test_nothing_gives_empty_tables() -> None:
    rows, left_out = claims([])
    assert rows.empty and left_out.empty
    assert list(rows.columns) == tables.schema()["claims"].names


def test_statement_without_figure(nlp: Language) -> None:
    rows, _, _ = built(nlp, "The ministry denied that its soldiers had crossed the border.")
    statements = rows[rows["kind"] == "statement"]
    assert list(statements["statement_type"]) == ["deny"]
    assert statements["figure_text"].isna().all() and statements["low"].isna().all()


def test_statement_that_holds_a_figure_is_no_row_of_its_own(nlp: Language) -> None:
    rows, _, _ = built(nlp, "The ministry denied that 40 soldiers had crossed the border.")
    assert list(rows["kind"]) == ["figure"]


def test_confidence_falls_with_distance() -> None:
    figure = QuantityMention(0, 2, 0, 1, "cardinal", 24, 24, "=", "person", head=1)
    near, far = (Meaning(0, 2, measure="killed", side="Sweden", confidence=c) for c in (0.9, 0.4))
    told, inherited = (Attribution(content=[[0, 2]], inherited=i) for i in (False, True))
    assert 0 < confidence(figure, near, inherited) < confidence(figure, near, told) < 1
    assert confidence(figure, far, told) < confidence(figure, near, told)


def test_docs_survive_storage(nlp: Language) -> None:
    from spacy.tokens import DocBin

    docs = list(annotate(nlp, [article("The shelling killed 24 people, including eight children.")]))
    stored = DocBin(store_user_data=True, docs=docs).to_bytes()
    again = list(DocBin(store_user_data=True).from_bytes(stored).get_docs(nlp.vocab))
    pd.testing.assert_frame_equal(claims(docs)[0], claims(again)[0])
