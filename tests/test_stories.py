"""Places of a story: one lies in another by the words between them, and a sentence tells for which a figure holds."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import pytest
from told import article, figure, tables

from analysis.comparisons import build
from analysis.retelling import records
from analysis.stories import Places, Stories

STATED = {"place_basis": "stated"}


def _places(text: str, *names: str) -> tuple[Places, dict[str, Any]]:
    told = article("North", "2025-06-03", text)
    named = [{**figure(told, name, low=1.0, high=1.0), "place": name, **STATED} for name in names]
    return Places(Stories([told]), named), told


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("Fire broke out in the mill town of Sundby in the northern province of Tarn.", True),
        ("Sundby, a town in Tarn, burns.", True),
        ("Police sealed off Sundby, the capital of Tarn.", True),
        ("Crowds filled Tarn's capital, Sundby.", True),
        ("Trains between Sundby and Tarn stood still.", False),
        ("From Sundby, Tarn looks small.", False),
        ("They left Sundby for the port of Tarn.", False),
        ("He flew from Sundby. In Tarn it rained.", False),
    ],
)
def test_a_place_lies_in_another_by_the_words_between(text: str, inside: bool) -> None:
    places, _ = _places(text, "Sundby", "Tarn")
    assert places.inside("Sundby", "Tarn") is inside
    assert not places.inside("Tarn", "Sundby")


@pytest.mark.parametrize(
    ("text", "words", "told"),
    [
        # a place before all figures holds for each
        ("In Sundby 340 marched and 12 were hurt.", "12", ("Sundby",)),
        # one between two figures for the next ones only
        ("They lost 23 carts, and 40 horses died in Tarn.", "23", ()),
        ("They lost 23 carts, and 40 horses died in Tarn.", "40", ("Tarn",)),
        # the inner one of two that nest
        ("In Sundby in the province of Tarn 340 marched.", "340", ("Sundby",)),
        # no place: part of another name, seat of a body, far behind the figure
        ("He told Radio Sundby that 340 had come.", "340", ()),
        ("The ministry in Sundby spoke of 340 dead.", "340", ()),
        (
            "It put the missing at 340, most of them herders whose huts had stood on the slopes high above Sundby.",
            "340",
            (),
        ),
    ],
)
def test_the_sentence_tells_the_place(text: str, words: str, told: tuple[str, ...]) -> None:
    stories = _places(text + "\nSundby stands. Tarn too.", "Sundby", "Tarn")[0].stories
    one = article("North", "2025-06-03", text + "\nSundby stands. Tarn too.")
    named = [{**figure(one, name, low=1.0, high=1.0), "place": name, **STATED} for name in ("Sundby", "Tarn")]
    for claim in named:  # the names of places, not figures, tell which places there are
        claim["kind"] = "statement"
    figures = [figure(one, number) for number in re.findall(r"\d+", text)]
    places = Places(stories, [*named, *figures])
    claim = next(f for f in figures if f["figure_text"] == words)
    assert places.of(claim) == told


def test_the_capital_is_the_place_that_the_story_calls_so() -> None:
    first = article(
        "North", "2025-06-03", "March\n\nIn the capital, Sundby, 340 marched with Ilse Marten and Jon Peel."
    )
    other = article("South", "2025-06-04", "March\n\nIlse Marten and Jon Peel spoke. In the capital 900 sat down.")
    known = {**figure(first, "Sundby", low=1.0, high=1.0), "place": "Sundby", **STATED}
    claim = figure(other, "900")
    assert Places(Stories([first, other]), [known, claim]).of(claim) == ("Sundby",)


def _compared(*told: tuple[dict[str, Any], dict[str, Any]]) -> list[Any]:
    """Comparison ids of the figures, in order."""
    _, claims, _ = build(*tables([a for a, _ in told], [f for _, f in told]))
    by_id = {c["claim_id"]: c["comparison_id"] for c in records(claims)}
    return [None if pd.isna(by_id[f["claim_id"]]) else by_id[f["claim_id"]] for _, f in told]


MARTEN = {"source": "Ilse Marten", "source_id": "marten"}
PAPERS = [
    article(
        "North",
        "2025-06-03",
        "Fire in Sundby\n\nIlse Marten of Lowmark said that 26 had died in Sundby. Jon Peel left.",
    ),
    article(
        "South",
        "2025-06-04",
        "Fire in Sundby\n\nJon Peel of Lowmark saw it. Ilse Marten counts 26 dead in all of Brisk.",
    ),
    article(
        "East",
        "2025-06-05",
        "Fire in Sundby\n\nJon Peel of Lowmark saw it. Ilse Marten counts 31 dead in all of Brisk.",
    ),
]


def test_one_utterance_of_one_number_is_told_of_one_place() -> None:
    one = figure(PAPERS[0], "26", place="Sundby", **STATED, **MARTEN)
    other = figure(PAPERS[1], "26", place="Brisk", **STATED, **MARTEN)
    ids = _compared((PAPERS[0], one), (PAPERS[1], other))
    assert ids[0] == ids[1]


def test_another_number_of_another_place_stays_apart() -> None:
    one = figure(PAPERS[0], "26", place="Sundby", **STATED, **MARTEN)
    other = figure(PAPERS[2], "31", place="Brisk", **STATED, **MARTEN)
    ids = _compared((PAPERS[0], one), (PAPERS[2], other))
    assert ids[0] != ids[1]
