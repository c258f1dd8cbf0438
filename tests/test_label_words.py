"""Phrases for what is counted as names in labels."""

from __future__ import annotations

import pytest

from analysis.label_words import plain, plainest


@pytest.mark.parametrize(
    ("phrase", "name"),
    [
        ("Chadian medics who flown in with tents", "Chadian medics"),
        ("nurses who stopped work", "nurses who stopped work"),
        ("names that belong to people", "names"),
        ("its fleet cancelled", "fleet cancelled"),
        ("lake rose", "lake"),
        ("people got out", "people"),
        ("villages cut off", "villages cut off"),
        ("villages under control of", "villages under control"),
        ("more than half of them children", "children"),
        ("town's bridges", "bridges"),
        ("km/h gusts", "gusts"),
        ("Aug people missing", "people missing"),
        ("May people missing", "people missing"),
        ("the May Day marchers", "May Day marchers"),
        ("Third Brigade soldiers", "Third Brigade soldiers"),
        ("third of voters", "voters"),
        ("on table", None),
        ("against dollar", None),
        ("offered", None),
        ("-4", None),
        ("read", None),
        ("share", None),
        ("they who left", None),
    ],
)
def test_a_name_of_what_is_counted(phrase: str, name: str | None) -> None:
    assert plain(phrase, ["share"]) == name


def test_the_plainest_is_common_and_short() -> None:
    told = ["cars lost", "lost", "cars", "cars", "cars parked on the long road to the lake"]
    assert plainest(told, lambda _: ()) == "cars"
    assert plainest(["offered", "on table"], lambda _: ()) is None
