"""Places within places, and one place under several spellings."""

from __future__ import annotations

import pytest

from analysis.nested import nest, same_place


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Bangalore", "Bengaluru", True),
        ("Cologne", "Köln", True),
        ("Kiev", "Kyiv", True),
        ("Menaka", "Ménaka", True),
        ("Plyokhovo", "Plekhovo", True),
        ("Kursk", "Kursk region", True),
        ("Paris", "London", False),
        ("Rome", "Milan", False),
        ("Brazil", "Rio de Janeiro", False),
    ],
)
def test_spellings_of_one_town_meet(one: str, other: str, same: bool) -> None:
    assert same_place(one, other) == same_place(other, one) == same


def test_a_town_lies_in_its_country() -> None:
    assert nest("Bangalore", "India")
    assert not nest("Bangalore", "Pakistan")
