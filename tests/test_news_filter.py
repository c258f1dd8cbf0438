"""Figures and left-out numbers together account for every number of every article."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from spacy.language import Language

from analysis.components import make_doc
from analysis.components.news_filter import every_number, uncovered


def test_the_plain_scan_finds_every_number_word(quantities: Language) -> None:
    text = "No one saw 12 of the twenty-two; half fled, the third in 2024, nobody twice, dozens in 3km."
    found = [text[a:b] for a, b in every_number(quantities.make_doc(text))]
    assert found == ["No", "one", "12", "twenty", "two", "half", "third", "2024", "nobody", "twice", "dozens", "3"]


def test_the_scan_does_not_read_numbers_into_words(quantities: Language) -> None:
    text = "Someone alone lost a bone, often; the tenant wanted none the worse, nothing forty-ish."
    found = [text[a:b] for a, b in every_number(quantities.make_doc(text))]
    assert found == ["none", "forty"]


def test_every_number_of_the_seeds_is_accounted_for(quantities: Language, seeds: list[dict[str, Any]]) -> None:
    for row in seeds:
        doc = quantities(make_doc(quantities, row))
        assert not doc._.faults
        assert uncovered(doc) == []
        spans = sorted((m.start, m.end) for m in [*doc._.figures, *doc._.left_out])
        assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans)), "rows must not overlap"
        assert not [m for m in doc._.left_out if m.reason == "unread"], "the rules left a gap"
        assert all(m.reason is None for m in doc._.figures)
        assert all(m.reason for m in doc._.left_out)


def test_figures_of_the_seeds_are_numbers_with_bounds(quantities: Language, seeds: list[dict[str, Any]]) -> None:
    counts = []
    for row in seeds:
        doc = quantities(make_doc(quantities, row))
        counts.append(len(doc._.figures))
        for mention in doc._.figures:
            assert mention.low is not None or mention.high is not None
            assert mention.unit
    assert counts == [2, 7, 6, 10, 3]


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("He left home.\nRead also: Ten soups for spring\nHe came back.", ["page_furniture"]),
        ("He left home.\nMore to read\nBank lends $8 million to farmers\nAll went well.", ["page_furniture"]),
        ("He left home.\nComments (17)\nHe came back.", ["page_furniture"]),
        ("He left home.\n4 min read\nHe came back.", ["page_furniture"]),
        ("1. THE WATER. The river is rising.", ["list_number"]),
        ("The two sides met.", ["anaphor"]),
        ("One of them fled.", ["pronoun"]),
        ("They sent no more than three men.", ["comparator"]),
        ("See https://example.org/a/2024/12 now.", ["url"]),
    ],
)
def test_reasons(text: str, reasons: list[str], quantities: Language) -> None:
    assert [m.reason for m in quantities(text)._.left_out] == reasons
