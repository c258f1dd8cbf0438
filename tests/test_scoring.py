"""The scorers' definitions, on small cases worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from analysis.scoring import collections, events, figures, measures, names

GOLD: dict[str, Any] = {
    "start": 10,
    "end": 16,
    "low": 11000,
    "high": 11000,
    "comparator": "=",
    "unit": "person",
    "per": None,
    "counted": "North Korean troops",
    "measure": "personnel_strength",
    "side": "North Korea",
    "place": "Kursk",
    "source": "Volodymyr Zelensky",
    "via": None,
    "mode": "indirect",
    "hedged": False,
    "negated": False,
}


def test_a_right_figure_scores_full() -> None:
    scored = figures.match("a", [GOLD], [GOLD | {"source": "Zelenskyy", "place": "Kursk region", "side": "DPRK"}])
    scores = figures.score([scored])
    assert scores["full_row_f1"] == scores["detection_f1"] == 1.0


@pytest.mark.parametrize(
    ("change", "lost"),
    [
        ({"comparator": "~"}, {"numeric_f1", "meaning_f1", "full_row_f1"}),
        ({"measure": "killed"}, {"meaning_f1", "full_row_f1"}),
        ({"side": "Russia"}, {"meaning_f1", "full_row_f1"}),
        ({"via": "CNN"}, {"full_row_f1"}),
        ({"place": "Moscow"}, set()),
    ],
)
def test_a_wrong_field_costs_the_levels_above_it(change: dict[str, Any], lost: set[str]) -> None:
    scores = figures.score([figures.match("a", [GOLD], [GOLD | change])])
    levels = {"numeric_f1", "meaning_f1", "full_row_f1"}
    assert {k for k in levels if scores[k] == 0.0} == lost


def test_spans_match_one_to_one_at_two_fifths() -> None:
    wide = GOLD | {"start": 10, "end": 25}
    assert figures.match("a", [GOLD], [wide]).pairs
    assert not figures.match("a", [GOLD], [GOLD | {"end": 26}]).pairs
    scored = figures.match("a", [GOLD], [GOLD, wide])
    assert len(scored.pairs) == 1 and scored.extra == [wide]


def test_misses_and_extras_count() -> None:
    scores = figures.score([figures.match("a", [GOLD, GOLD | {"start": 50, "end": 55}], [GOLD])])
    assert scores["precision"] == 1.0 and scores["recall"] == 0.5
    assert scores["detection_f1"] == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Zelensky", "Volodymyr Zelenskyy", True),
        ("the Kremlin", "Moscow", True),
        ("Ukraine", "Russia", False),
        (None, None, True),
        (None, "Ukraine", False),
        ("a senior official", "officials", False),
    ],
)
def test_same_name(a: str | None, b: str | None, same: bool) -> None:
    assert names.same_name(a, b) is same


def test_bcubed_by_hand() -> None:
    gold = {1: "a", 2: "a", 3: "b"}
    assert measures.bcubed({1: "x", 2: "x", 3: "y"}, gold) == (1.0, 1.0, 1.0)
    precision, recall, _ = measures.bcubed({1: "x", 2: "x", 3: "x"}, gold)
    assert precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3) / 3) and recall == 1.0


def test_macro_f1_counts_kinds_alike() -> None:
    assert measures.macro_f1([("agree", "agree"), ("conflict", None)]) == 0.5


def test_intervals_are_the_same_twice() -> None:
    articles = [figures.match(str(i), [GOLD], [GOLD] if i % 3 else []) for i in range(9)]
    first, second = (measures.intervals(articles, figures.score) for _ in range(2))
    assert first == second and first["recall"][0] < 6 / 9 < first["recall"][1]


EVENT = {"start": 5, "end": 13, "event_type": "ASSAULT", "actor": "Ukraine", "target": "Russia", "place": None}
EVENT |= {"date": "2024-08-06", "source": None, "hedged": False, "negated": False}


def test_events_match_by_trigger_then_by_sentence() -> None:
    text = "They attacked. They marched on."
    ours = EVENT | {"start": 15, "end": 19, "date_start": "2024-08-01", "date_end": "2024-08-31"}
    assert not events.match("a", text, [EVENT], [ours]).pairs
    near = ours | {"start": 0, "end": 4}
    scored = events.match("a", text, [EVENT], [near])
    assert scored.pairs and events.score([scored])["date"] == 1.0


def test_collection_scores_by_hand() -> None:
    gold = {
        "articles": {"x": {"copy_group": None}, "y": {"copy_group": None}},
        "figures": [GOLD | {"article": "x"}, GOLD | {"article": "y"}],
        "origins": [{"members": [["x", 10]]}, {"members": [["y", 10]]}],
        "comparisons": [
            {
                "label": "t",
                "members": [["x", 10], ["y", 10]],
                "agreement": "agree",
                "n_outlets": 2,
                "n_sources": 1,
                "n_origins": 2,
            }
        ],
    }
    claim = GOLD | {"comparison_id": "c", "origin_id": "o"}
    group = {"comparison_id": "c", "agreement": "agree", "n_outlets": 2, "n_sources": 1, "n_origins": 1}
    scored = collections.score(gold, {"x": [claim], "y": [claim]}, [group], {"x": "x", "y": "y"})
    assert scored.scores["membership"] == 1.0 and scored.scores["origins"] == pytest.approx(2 / 3)
    assert scored.scores["agreement_macro_f1"] == 1.0 and scored.scores["n_origins_multi"] == 0.0
    assert scored.scores["copies"] == 1.0 and [w[1] for w in scored.wrong] == ["n_origins"]
