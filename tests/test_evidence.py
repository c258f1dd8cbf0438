"""How a comparison came about, who is cited by whom, what changed on the way and who copies whom, from small tables."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
import reported

from analysis import charts, citation_chart, evidence
from analysis.tables import frame

TEXT = "Rescue in {}\n\nThe governor spoke of 12 dead. A doctor spoke of 15. Later it was more than 20."
MINES = [
    reported.article(outlet, TEXT.format(outlet), f"2025-03-0{4 + i}") for i, outlet in enumerate(("Herald", "Courier"))
]


def _claims(*more: dict[str, Any]) -> pd.DataFrame:
    rows = []
    for told, columns in zip((MINES[0], MINES[0], MINES[1], MINES[1]), more, strict=False):
        words, low, high = columns.pop("words"), columns.pop("low"), columns.pop("high")
        rows.append(reported.figure(told, words, low, high, **columns))
    return frame("claims", rows)


@pytest.fixture
def claims() -> pd.DataFrame:
    governor = {"source": "governor of Ostrava", "source_id": "governor"}
    return _claims(
        {"words": "12", "low": 12, "high": 12, "origin_id": "org_a", **governor},
        {"words": "15", "low": 15, "high": 15, "origin_id": "org_b", "source": "doctor", "via": "Radio"},
        {
            "words": "12",
            "low": 12,
            "high": 12,
            "origin_id": "org_a",
            "distortion": "wounded told as killed",
            **governor,
        },
        {"words": "more than 20", "low": 20, "high": None, "comparator": ">", "origin_id": "org_c", **governor},
    )


def test_a_history_has_an_entry_for_each_origin(claims: pd.DataFrame) -> None:
    told = evidence.history(claims, "person")
    assert [(e["figure"], e["who"], e["step"], e["first"], e["also"]) for e in told] == [
        ("12", "governor of Ostrava", "first report", "Herald", "Courier"),
        ("15", "doctor", "higher", "Herald", ""),
        ("more than 20", "governor of Ostrava", "also", "Courier", ""),
    ]
    assert told[0]["changed"] == ["Courier: wounded told as killed"]
    assert evidence.history(claims[claims["origin_id"] == "org_a"], "person") == []
    assert evidence.history(claims, "person", most=2) == told[:2]


def test_a_second_figure_of_one_speaker_is_a_revision(claims: pd.DataFrame) -> None:
    closed = claims.assign(high=claims["low"], comparator="=")
    assert [e["step"] for e in evidence.history(closed, "person")] == ["first report", "higher", "revised up"]


def test_the_matrix_counts_figures_by_speaker_and_outlet(claims: pd.DataFrame) -> None:
    cells = citation_chart.citations(claims)
    assert [(c.speaker, c.outlet, c.figures, c.through) for c in cells.itertuples()] == [
        ("governor of Ostrava", "Courier", 2, []),
        ("governor of Ostrava", "Herald", 1, []),
        ("doctor", "Herald", 1, ["Radio"]),
    ]
    chart = citation_chart.who_cites_whom(claims)
    assert chart is not None
    assert "governor of Ostrava is cited by most outlets (two)" in chart.to_dict()["description"]
    assert "<svg" in charts.svg(chart)
    assert citation_chart.who_cites_whom(claims.head(0)) is None


def test_the_matrix_joins_what_is_beyond_its_limits(claims: pd.DataFrame) -> None:
    cells = citation_chart.citations(claims.assign(outlet=["A", "B", "C", "C"]), outlets=2)
    assert set(cells["outlet"]) == {"C", citation_chart.OTHERS}
    assert cells["figures"].sum() == 4


def test_changes_name_the_claim_that_they_go_back_to(claims: pd.DataFrame) -> None:
    first = claims["claim_id"].iloc[0]
    told = evidence.changed_on_the_way(claims.assign(retells=[None, None, first, None]))
    assert [(c["distortion"], f["claim_id"]) for c, f in told if f] == [("wounded told as killed", first)]


def test_of_two_changes_in_one_article_the_nearer_is_told(claims: pd.DataFrame) -> None:
    far, near = claims["claim_id"].iloc[0], claims["claim_id"].iloc[1]
    row = claims.iloc[[2]].assign(low=40.0, high=40.0, unit="person", measure="killed", distortion="rounded")
    firsts = claims.iloc[:2].assign(low=[4.0, 39.0], high=[4.0, 39.0], distortion=None, retells=None)
    twice = [row.assign(claim_id=f"{origin}_again", retells=origin) for origin in (far, near)]
    told = evidence.changed_on_the_way(pd.concat([firsts, *twice], ignore_index=True))
    assert [f["claim_id"] for _, f in told if f] == [near]


def test_copy_families_tell_why(claims: pd.DataFrame) -> None:
    articles = frame("articles", [MINES[0], {**MINES[1], "copy_of": MINES[0]["article_id"], "copied_share": 0.9}])
    first = claims["claim_id"].iloc[0]
    again = claims.assign(retells=[None, None, first, None], origin_reason="same figure in a copy or rewrite")
    (family,) = evidence.families(articles, again)
    assert family["first"]["outlet"] == "Herald"
    assert [c["reasons"] for c in family["copies"]] == [["1 × same figure in a copy or rewrite"]]
