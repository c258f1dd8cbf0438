"""Comparable figures come together, others do not; agreement follows the days of utterance and the origins."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import article, figure, tables

from analysis.codebook import load
from analysis.comparable import UNKNOWN, rules
from analysis.comparisons import agreement, build
from analysis.quantity import Quantity
from analysis.retelling import records

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "comparisons.jsonl").open(encoding="utf-8")]
NORTH = "Ferry sinks off Lorne, 26 dead\n\nA ferry sank off Lorne near Carrow. Ilse Marten counted 26 that night."
SOUTH = "On the quay of Carrow\n\nWe met Ilse Marten near Lorne. She would not hope for more: 31 was her number."
Tables = tuple[list[dict[str, Any]], list[dict[str, Any]]]


def _build(articles: list[dict[str, Any]], figures: list[dict[str, Any]]) -> Tables:
    """Claims in the order of the figures given, and comparisons."""
    _, claims, compared = build(*tables(articles, figures))
    by_id = {c["claim_id"]: c for c in records(claims)}
    return [by_id[f["claim_id"]] for f in figures], records(compared)


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_what_is_compared(case: dict[str, Any]) -> None:
    two = []
    for text, words, columns in ((NORTH, "26", case["one"]), (SOUTH, "31", case["other"])):
        told = article(text[:8], columns.get("published", "2025-06-03"), text)
        defaults = {"place": "Lorne", "side": None}
        columns = {k: v for k, v in columns.items() if k != "published"}
        claim = figure(told, words, **{**defaults, **columns})
        claim["sentence_text"] += f" {claim['counted'] or ''}"  # a noun that stands elsewhere would part nothing
        two.append((told, claim))
    claims, compared = _build([a for a, _ in two], [f for _, f in two])
    ids = [c["comparison_id"] for c in claims]
    assert (isinstance(ids[0], str) and ids[0] == ids[1]) is case["together"]
    if case["together"]:
        assert len(compared) == 1
        assert compared[0]["n_outlets"] == compared[0]["n_claims"] == 2


def _quantities(*values: float | tuple[float | None, float | None, str]) -> list[Quantity]:
    return [Quantity(*v, unit="person") if isinstance(v, tuple) else Quantity(v, v, "=", "person") for v in values]


@pytest.mark.parametrize(
    ("values", "days", "origins", "label"),
    [
        ((11, 11), "1 1", "a a", "single"),
        ((11, 11), "1 2", "a b", "agree"),
        ((11, (10, None, ">")), "1 2", "a b", "agree"),
        ((11, 14), "1 2", "a b", "drift"),
        ((23, 17, 9), "1 2 3", "a b c", "drift"),
        ((11, 14, 11), "1 2 3", "a b c", "conflict"),
        ((11, 14), "1 1", "a b", "conflict"),
        ((11, 34), "1 1", "a a", "conflict"),  # a distortion of one utterance
        (((None, 20, "<="), 14, 31), "2 1 3", "a b c", "drift"),
        (((50000, 50000, "~"), 48000), "1 1", "a b", "conflict"),
        (((7500, 8500, "range"), (8000, 8000, "~")), "1 1", "a b", "agree"),
    ],
)
def test_agreement(values: tuple[Any, ...], days: str, origins: str, label: str) -> None:
    found, pair = agreement(_quantities(*values), days.split(), origins.split())
    assert found == label
    assert (pair is None) is (label in ("single", "agree"))


def test_a_tolerant_reading_widens_approximations() -> None:
    values = _quantities((50000, 50000, "~"), 48000)
    assert agreement(values, ["1", "1"], ["a", "b"], 0.1)[0] == "agree"


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(1, 3), st.sampled_from("abc")), min_size=1, max_size=6))
def test_agreement_does_not_depend_on_the_order(members: list[tuple[int, int, str]]) -> None:
    def label(rows: list[tuple[int, int, str]]) -> str:
        return agreement(_quantities(*(r[0] for r in rows)), [str(r[1]) for r in rows], [r[2] for r in rows])[0]

    assert label(members) == label(members[::-1]) == label(sorted(members))


def test_converted_units_compare_and_agree() -> None:
    told = article("Paper", "2025-06-03", "The army holds 1,000 sq km (386 sq miles) of Lorne.")
    land = {"measure": "territory_controlled", "counted": "territory", "side": "Kenya", "place": "Lorne"}
    metric = figure(told, "1,000 sq km", unit="km2", **land)
    imperial = figure(told, "386 sq miles", unit="mi2", **land)
    _, compared = _build([told], [metric, imperial])
    assert len(compared) == 1
    assert compared[0]["agreement"] == "single"
    assert compared[0]["unit"] == "km2"


def test_a_denied_figure_is_in_no_comparison() -> None:
    told = article("North", "2025-06-03", NORTH)
    claims, compared = _build([told], [figure(told, "26", negated=True)])
    assert pd.isna(claims[0]["comparison_id"])
    assert compared == []


def test_a_single_figure_stands_alone_where_its_measure_is_compared() -> None:
    told = article("North", "2025-06-03", NORTH)
    _, compared = _build([told], [figure(told, "26")])
    assert [(c["n_claims"], c["agreement"]) for c in compared] == [(1, "single")]
    _, compared = _build([told], [figure(told, "26", measure="other", unit="item", counted="seats")])
    assert compared == []


def test_a_repeated_passage_counts_once() -> None:
    told = article("North", "2025-06-03", NORTH + "\n" + NORTH.partition("\n\n")[2])
    first = figure(told, "26")
    at = told["text"].rindex("26")
    again = {**first, "claim_id": "clm_again", "start": at, "end": at + 2, "repeat_of": first["claim_id"]}
    claims, compared = _build([told], [first, again])
    assert claims[0]["comparison_id"] == claims[1]["comparison_id"]
    assert compared[0]["n_claims"] == 1


def test_one_speaker_does_not_contradict_himself_in_one_article() -> None:
    told = article("North", "2025-06-03", "Marten said 26 men were dead in the harbour, and that 4 men lay in Lorne.")
    speaker = {"source": "Marten", "source_id": "marten", "place": "Lorne"}
    claims, _ = _build([told], [figure(told, "26", **speaker), figure(told, "4", **speaker)])
    assert claims[0]["comparison_id"] != claims[1]["comparison_id"]


def test_the_comparison_says_who_stands_behind_it() -> None:
    north, south = article("North", "2025-06-03", NORTH), article("South", "2025-06-04", SOUTH)
    one = figure(north, "26", source="Ilse Marten", source_id="marten", source_party="Lorne", said_date="2025-06-02")
    other = figure(south, "31", source="Jon Peel", source_id="peel", said_date="2025-06-04", place="Lorne")
    _, compared = _build([north, south], [one, other])
    found = compared[0]
    assert found["label"] == "People killed in Lorne"
    assert (found["n_sources"], found["n_parties"], found["n_origins"], found["n_articles"]) == (2, 1, 2, 2)
    assert (found["low"], found["high"], found["median"], found["agreement"]) == (26, 31, 28.5, "drift")
    assert found["place_basis"] == "assumed"
    assert set(found["deciding_claims"].split("+")) == {one["claim_id"], other["claim_id"]}


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(4)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    north, south = article("North", "2025-06-03", NORTH), article("South", "2025-06-04", SOUTH)
    figures = [figure(north, "26"), figure(south, "31", place="Lorne")]
    head = figure(north, "26", place="Lorne")
    figures += [{**head, "claim_id": "clm_b", "start": 90, "end": 92}, {**figures[1], "claim_id": "clm_c", "start": 1}]
    article_table, claim_table = tables([north, south], figures)
    expected = build(article_table, claim_table)
    found = build(article_table.iloc[::-1].reset_index(drop=True), claim_table.iloc[order].reset_index(drop=True))
    for a, b in zip(expected, found, strict=True):
        pd.testing.assert_frame_equal(a, b)


@pytest.mark.parametrize(
    ("columns", "label"),
    [
        (
            {"measure": "casualties", "counted": "troops lost by Kenya", "side": "Kenya", "per": "day"},
            "Kenyan casualties a day in Lorne",
        ),
        (
            {"measure": "personnel_strength", "counted": "armed men", "side": "Kenya+Uganda"},
            "Kenyan and Ugandan men in Lorne",
        ),
        (
            {"measure": "personnel_strength", "counted": "soldiers sent by Kenya", "side": "Kenya"},
            "Kenyan troops in Lorne",
        ),
        ({"measure": "killed", "counted": "dead left by the flood", "side": None}, "People killed in Lorne"),
        ({"measure": "killed", "counted": "teachers who were in the school", "side": None}, "Teachers killed in Lorne"),
        (
            {"measure": "territory_lost", "counted": "territory", "side": "Kenya", "unit": "percent"},
            "Share of its Lorne territory that Kenya lost",
        ),
        (
            {"measure": "territory_gained", "counted": "villages", "side": "Kenya", "unit": "settlement"},
            "Settlements taken by Kenya in Lorne",
        ),
        (
            {"measure": "weapons_launched", "counted": "Shahed drones", "side": "Kenya", "unit": "drone"},
            "Kenyan drones launched in Lorne",
        ),
        (
            {"measure": "affected", "counted": "homes without power", "side": None, "unit": "building"},
            "Homes without power in Lorne",
        ),
        ({"measure": "captured", "counted": "prisoners", "side": "Kenya"}, "Kenyan prisoners taken in Lorne"),
        (
            {"measure": "personnel_strength", "counted": "fighters", "side": "Army of the Northern Hills Front"},
            "Fighters (Army of the Northern Hills Front) in Lorne",
        ),
    ],
)
def test_labels_are_made_of_the_codebook_s_words(columns: dict[str, Any], label: str) -> None:
    told = article("North", "2025-06-03", NORTH)
    _, compared = _build([told], [figure(told, "26", **{"place": "Lorne", **columns})])
    assert [c["label"] for c in compared] == [label]


def test_a_country_yields_to_a_place_in_it() -> None:
    articles = [article(f"Paper {i}", "2025-06-03", NORTH) for i in range(3)]
    places = [("Kenya", "stated"), ("Lorne", "context"), ("Lorne", "context")]
    figures = [
        figure(told, "26", place=place, place_basis=basis)
        for told, (place, basis) in zip(articles, places, strict=True)
    ]
    _, compared = _build(articles, figures)
    assert [(c["place"], c["n_claims"]) for c in compared] == [("Lorne", 3)]


def test_a_figure_without_a_measure_takes_that_of_its_like_in_the_story() -> None:
    north = article("North", "2025-06-03", "Ilse Marten of Carrow said 121,000 people fled the flood at Lorne.")
    south = article("South", "2025-06-04", "Ilse Marten told Carrow radio that at Lorne it was 120,000 residents.")
    told = {"measure": "displaced", "unit": "person", "counted": "people", "place": "Lorne"}
    figures = [figure(north, "121,000", **told), figure(south, "120,000", **{**told, "measure": UNKNOWN})]
    claims, _ = _build([north, south], figures)
    assert claims[0]["comparison_id"] == claims[1]["comparison_id"]
    far = [figures[0], figure(south, "120,000", **{**told, "measure": UNKNOWN}, low=90000.0, high=90000.0)]
    claims, _ = _build([north, south], far)
    assert claims[0]["comparison_id"] != claims[1]["comparison_id"]


def test_a_figure_of_another_day_is_apart_where_its_measure_counts_by_the_day() -> None:
    story = "Marchers fill Carrow, union says\n\nIlse Marten counted {} in the march of Lorne."
    articles = [article(f"Paper {i}", "2025-06-03", story.format(26 + i)) for i in range(4)]
    days = ["2025-06-03", "2025-06-03", "2025-06-04", "2025-06-03"]
    march = {"measure": "crowd_size", "counted": "marchers", "place": "Lorne"}
    figures = [
        figure(told, str(26 + i), **march, as_of_start=day, as_of_end=day)
        for i, (told, day) in enumerate(zip(articles, days, strict=True))
    ]
    _, compared = _build(articles, figures)
    assert sorted(c["n_claims"] for c in compared) == [1, 3]
    figures[2] |= {"as_of_start": "2025-06-03"}
    assert [c["n_claims"] for c in _build(articles, figures)[1]] == [4]


def test_one_figure_of_a_town_and_of_its_region_is_compared() -> None:
    texts = [
        "Sudzha in fear\n\nIlse Marten of Carrow put the soldiers in the town at 11,000 and no fewer.",
        "On the border\n\nKursk has 11,000 soldiers to feed, if Ilse Marten is right; Carrow has none.",
        "What Russia says\n\nNo word from Carrow on the 11,000 men whom Ilse Marten has seen.",
        "A quiet capital\n\nKyiv counts 11,000 in uniform. Ilse Marten, once of Carrow, is not among them.",
    ]
    places = ["Sudzha", "Kursk", "Russia", "Kyiv"]
    articles = [article(place, "2025-06-03", text) for place, text in zip(places, texts, strict=True)]
    force = {"measure": "personnel_strength", "counted": "soldiers", "side": "Kenya", "place_basis": "stated"}
    figures = [figure(told, "11,000", **force, place=told["outlet"]) for told in articles]
    _, compared = _build(articles, figures)
    assert sorted((c["place"], c["n_claims"]) for c in compared) == [("Kursk", 3), ("Kyiv", 1)]
    figures[0] |= {"low": 300.0, "high": 300.0}
    assert ("Sudzha", 1) in [(c["place"], c["n_claims"]) for c in _build(articles, figures)[1]]


def test_no_claims() -> None:
    _, compared = _build([article("North", "2025-06-03", NORTH)], [])
    assert compared == []


# --- the codebook's rows are their own tests ---------------------------------------------------------------------------

ROWS = load().rows("comparability")


def _compare(measure: str, one: str, other: str) -> bool:
    book = rules()
    unit = book.measures[measure].unit or "item"
    told = [article("Paper", "2025-06-03", f"There were 26 of them: {counted}.") for counted in (one, other)]
    facets = [
        book.facet(figure(paper, "26", measure=measure, unit=unit, counted=counted))
        for paper, counted in zip(told, (one, other), strict=True)
    ]
    return book.compatible(*facets) > 0


@pytest.mark.parametrize("row", [r for r in ROWS if "/" in r["example_yes"] + r["example_no"]], ids=lambda r: r["id"])
def test_examples_of_classes_and_measures(row: dict[str, str]) -> None:
    own = row["match"] if row["kind"] == "measure" else "killed"
    measure = load().split(row["measures"] or own)[0]
    for cell, expected in ((row["example_yes"], True), (row["example_no"], False)):
        if cell:
            one, other = load().split(cell.replace("/", "|"))
            assert _compare(measure, one, other) is expected, cell


@pytest.mark.parametrize("row", [r for r in ROWS if r["kind"] == "aspect"], ids=lambda r: r["id"])
def test_examples_of_aspects(row: dict[str, str]) -> None:
    measure = load().split(row["measures"] or UNKNOWN)[0]
    for cell, expected in ((row["example_yes"], True), (row["example_no"], False)):
        words = cell[cell.index("[") + 1 : cell.index("]")]
        told = article("Paper", "2025-06-03", cell.replace("[", "").replace("]", ""))
        found = rules().aspect_of(figure(told, words, measure=measure, low=1.0, high=1.0))
        assert (found == row["code"]) is expected, cell


def test_every_measure_has_a_rule() -> None:
    assert {m["code"] for m in load().rows("measures")} == set(rules().measures)
