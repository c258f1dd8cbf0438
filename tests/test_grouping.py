"""What ties loosely read figures to a group, what keeps others out, and how comparisons of one name are told apart."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from told import article, figure, tables

from analysis.comparisons import build
from analysis.labels import distinct
from analysis.retelling import is_guess, records

STATED = {"place": "Lorne", "place_basis": "stated"}
MARTEN = {"source": "Ilse Marten", "source_id": "marten"}
PEEL = {"source": "Jon Peel", "source_id": "peel"}
#: the names of one story, in words of each paper's own
ABOUT = {
    "North": "Ilse Marten met Jon Peel in Carrow near Lorne.",
    "South": "Nobody slept on the quay, neither Jon Peel of Carrow nor Ilse Marten of Lorne.",
    "East": "Bells rang. Lorne and Carrow heard what Peel, first name Jon, wrote to Marten, first name Ilse.",
}
Told = tuple[dict[str, Any], dict[str, Any]]


def _paper(outlet: str, text: str, published: str = "2025-06-03") -> dict[str, Any]:
    return article(outlet, published, f"The ferry\n\n{text}\n{ABOUT[outlet]}")


def _groups(*told: Told) -> tuple[list[str | None], list[dict[str, Any]]]:
    """Comparison ids of the figures in order, and the comparisons."""
    papers = {a["article_id"]: a for a, _ in told}
    _, claims, compared = build(*tables([*papers.values()], [f for _, f in told]))
    by_id = {c["claim_id"]: c["comparison_id"] for c in records(claims)}
    return [None if pd.isna(i) else i for i in (by_id[f["claim_id"]] for _, f in told)], records(compared)


@pytest.mark.parametrize(
    ("text", "words", "columns", "guess"),
    [
        ("On Monday he had spoken of 860, and of 11 people in boats.", "860", {"counted": "people killed"}, True),
        ("The dead: 37.", "37", {"counted": "dead", "counted_class": "people"}, False),
        ("It put 500,000 in the streets.", "500,000", {"counted": None, "unit": "item"}, True),
        ("They found 860 homes in ruins.", "860", {"counted": "homes", "unit": "building"}, False),
    ],
)
def test_a_measure_is_a_guess_where_no_word_beside_tells_it(
    text: str, words: str, columns: dict[str, Any], guess: bool
) -> None:
    assert is_guess(figure(_paper("North", text), words, **columns)) is guess


def test_a_guessed_measure_is_that_of_the_other_accounts() -> None:
    homes = {
        "measure": "buildings_damaged",
        "unit": "building",
        "counted": "homes",
        "counted_class": "houses",
        **STATED,
    }
    first = _paper("North", "The storm took 860 homes in Lorne.")
    other = _paper("South", "Gone are 860 homes of Lorne.")
    third = _paper("East", "On Monday Ilse Marten had spoken of 860.", "2025-06-04")
    guess = figure(third, "860", counted="people killed", counted_class="people", **STATED, **MARTEN)
    ids, compared = _groups(
        (first, figure(first, "860", **homes)), (other, figure(other, "860", **homes)), (third, guess)
    )
    assert len(set(ids)) == 1
    assert compared[0]["measure"] == "buildings_damaged"


def test_people_are_not_counted_in_fractions() -> None:
    first = _paper("North", "The shock was a 6.3, and 26 died in Lorne.")
    ids, _ = _groups((first, figure(first, "6.3", **STATED)), (first, figure(first, "26", **STATED)))
    assert ids[0] != ids[1]


def test_who_left_their_homes_are_people() -> None:
    first = _paper("North", "In Lorne 4,100 people fled.")
    other = _paper("South", "Some 5,200 left their homes in Lorne.")
    homes = {"measure": "displaced", "counted": "houses left", "counted_class": "houses", "unit": "building", **STATED}
    ids, compared = _groups(
        (first, figure(first, "4,100", measure="displaced", **STATED)), (other, figure(other, "5,200", **homes))
    )
    assert ids[0] == ids[1]
    assert compared[0]["label"] == "People displaced in Lorne"


@pytest.mark.parametrize(("far", "together"), [("9,000", False), ("60", True)])
def test_a_number_of_another_order_is_another_thing(far: str, together: bool) -> None:
    first = _paper("North", "In Lorne 26 officers died.")
    other = _paper("South", f"In Lorne {far} flood the quay, dead or not.")
    officers = figure(first, "26", counted="officers", counted_class="police", **STATED)
    ids, _ = _groups((first, officers), (other, figure(other, far, counted=None, unit="item", **STATED)))
    assert (ids[0] == ids[1]) is together


def test_a_figure_given_to_the_wrong_speaker_parts_no_group() -> None:
    # the third paper gives both numbers to one man; the others know whose they are
    first = _paper("North", "In Lorne 26 died, says Ilse Marten.")
    other = _paper("South", "In Lorne 31 died, says Jon Peel.")
    third = _paper("East", "In Lorne Jon Peel counts 31. Marten: 26.", "2025-06-04")
    ids, _ = _groups(
        (first, figure(first, "26", **STATED, **MARTEN)),
        (other, figure(other, "31", **STATED, **PEEL)),
        (third, figure(third, "31", **STATED, **PEEL)),
        (third, figure(third, "26", **STATED, **PEEL)),
    )
    assert len(set(ids)) == 1


def test_one_sum_under_two_names_is_one() -> None:
    first = _paper("North", "The dockers want a raise of 180 euros.")
    other = _paper("South", "They got more than half of the 180 euros that they had asked for.")
    sums = {"measure": "money", "unit": "EUR", "counted_class": "money", "low": 180.0, "high": 180.0}
    ids, _ = _groups(
        (first, figure(first, "180 euros", counted="raise", **sums)),
        (other, figure(other, "180 euros", counted="half", **sums)),
    )
    assert ids[0] is not None
    assert ids[0] == ids[1]


def test_people_without_another_word_are_not_compared() -> None:
    first = _paper("North", "In Lorne 340 people had tea.")
    other = _paper("South", "In Lorne 360 people sang.")
    words = {"measure": "other", "counted": "people", "counted_class": "people", **STATED}
    ids, _ = _groups((first, figure(first, "340", **words)), (other, figure(other, "360", **words)))
    assert ids == [None, None]


def _row(label: str, **columns: Any) -> dict[str, Any]:
    return {"label": label, "unit": "person", "low": 11.0, "high": 34.0, "first_outlet": "North", **columns}


@pytest.mark.parametrize(
    ("one", "other", "labels"),
    [
        ({"side": "Kenya"}, {"side": "Chad"}, ["Dead in Lorne (Kenya)", "Dead in Lorne (Chad)"]),
        ({"aspect": "serious"}, {}, ["Dead in Lorne (serious)", "Dead in Lorne"]),
        (
            {"period_start": "2025-06-03", "period_end": "2025-06-05"},
            {"period_end": "2025-09-03"},
            ["Dead in Lorne (3 to 5 June 2025)", "Dead in Lorne (on 3 September 2025)"],
        ),
        ({}, {"low": 200.0, "high": 200.0}, ["Dead in Lorne (figures of 11 to 34)", "Dead in Lorne (figure of 200)"]),
        ({}, {}, ["Dead in Lorne", "Dead in Lorne (2)"]),
    ],
)
def test_comparisons_of_one_name_are_told_apart(one: dict[str, Any], other: dict[str, Any], labels: list[str]) -> None:
    made = distinct([_row("Dead in Lorne", **one), _row("Dead in Lorne", **other), _row("Dead in Carrow")])
    assert made == [*labels, "Dead in Carrow"]
