"""Numbers of one story add up or do not; what a figure lost on its way is told."""

from __future__ import annotations

from typing import Any

import pytest
from told import article, figure, tables

from analysis.arithmetic import checks
from analysis.comparisons import build
from analysis.distortions import conversion_beside, distortions
from analysis.retelling import records

TEXT = "The army of Kenya: 60 dead, 90 hurt, 150 in all, 40 and 1,376 and 800 and 12."


def _claim(words: str, **columns: Any) -> dict[str, Any]:
    return figure(article("North", "2025-06-03", TEXT), words, **{"side": "Kenya", "place": "Lorne", **columns})


LOST = _claim("40", measure="territory_lost", unit="percent", counted="territory")
BEFORE = _claim("1,376", measure="territory_controlled", unit="km2", counted="territory")
AFTER = _claim("800", measure="territory_controlled", unit="km2", counted="territory")
ALL = _claim("150", measure="casualties")
DEAD, HURT = _claim("60", measure="killed"), _claim("90", measure="wounded")


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ([LOST, BEFORE, AFTER], "consistent: 40 per cent lost; from 1,376 km² to 800 km² is 41.9 per cent"),
        ([{**LOST, "low": 60.0, "high": 60.0}, BEFORE, AFTER], "inconsistent: 60 per cent lost; from"),
        ([LOST, AFTER], "untestable: 40 per cent lost: the land held before and after is not told"),
        ([ALL, DEAD, HURT], "consistent: 60 killed and 90 wounded fit 150 casualties"),
        ([{**ALL, "low": 100.0, "high": 100.0}, DEAD, HURT], "inconsistent: 60 killed and 90 wounded are more than"),
        ([{**ALL, "low": 200.0, "high": None}, DEAD, HURT], "inconsistent: 60 killed and 90 wounded are fewer than"),
        ([ALL, DEAD], "untestable: 150 casualties, 60 killed: the wounded are not told"),
        ([{**ALL, "low": 50.0, "high": 50.0}, DEAD], "inconsistent: 60 killed are more than 50 casualties"),
        ([DEAD, _claim("12", part_of=DEAD["claim_id"])], "consistent: 12 people are part of 60 people"),
        (
            [_claim("12"), {**DEAD, "part_of": _claim("12")["claim_id"]}],
            "inconsistent: 60 people are more than 12 people",
        ),
        ([{**ALL, "side": "Uganda"}, DEAD, HURT], None),
        ([DEAD, HURT], None),
    ],
)
def test_checks(claims: list[dict[str, Any]], expected: str | None) -> None:
    found = [c.sentence for c in checks(claims)]
    assert (len(found) == 1 and found[0].startswith(expected)) if expected else found == []


def test_a_comparison_notes_what_does_not_add_up() -> None:
    told = article("North", "2025-06-03", TEXT)
    dead, hurt = ({**c, "low": 95.0, "high": 95.0} for c in (DEAD, HURT))
    _, _, compared = build(*tables([told], [ALL, dead, hurt]))
    notes = {c["measure"]: c["note"] for c in records(compared)}
    assert notes["casualties"] == "inconsistent: 95 killed and 95 wounded are more than 150 casualties"
    assert set(notes.values()) == {notes["casualties"]}


AREA = {"measure": "territory_controlled", "counted": "territory", "unit": "km2"}


@pytest.mark.parametrize(
    ("claim", "first", "expected"),
    [
        (
            {**_claim("60", measure="killed"), "sentence_text": "It said 60 had died."},
            {**_claim("60", measure="wounded"), "sentence_text": "It said 60 had been hurt."},
            "wounded told as killed",
        ),
        (  # one of two in the same words is misread
            {**_claim("60", measure="killed"), "sentence_text": "Nine have drowned and 60 are missing."},
            {**_claim("60", measure="missing"), "sentence_text": "Nine drowned and 60 were missing."},
            None,
        ),
        (_claim("60", measure="killed"), _claim("60", measure="other"), None),
        (
            {**_claim("60", side="Uganda"), "sentence_text": "Uganda lost 60 men."},
            {**_claim("60"), "sentence_text": "Kenya lost 60 men."},
            "Kenya told as Uganda",
        ),
        (
            {**_claim("60", side="Uganda", counted_class="soldiers"), "sentence_text": "They killed 60 soldiers."},
            {**_claim("60", counted_class="fighters"), "sentence_text": "They killed 60 rebels."},
            "Kenya told as Uganda",
        ),
        ({**_claim("60", side="Uganda"), "sentence_text": "It lost 60 men."}, _claim("60"), None),
        (_claim("60", side="police"), _claim("60", side="Lorne police"), None),
        (
            _claim("60", unit="percent", figure_text="a third"),
            _claim("60", unit="percent", figure_text="nearly a third", comparator="~"),
            None,
        ),
        (_claim("60"), _claim("60", low=None, high=60.0, comparator="<="), "“up to” lost: up to 60 became 60"),
        (_claim("60"), _claim("60", low=60.0, high=None, comparator=">"), "“more than” lost: more than 60 became 60"),
        (_claim("60", comparator="~"), _claim("60"), None),
        (_claim("90"), _claim("60"), "60 told as 90"),
        (_claim("800", **{**AREA, "unit": "mi2"}), _claim("800", **AREA), "800 km² told as 800 square miles: the unit"),
        (_claim("60", **{**AREA, "unit": "mi2"}), _claim("150", **AREA), None),
        (_claim("60"), _claim("60", negated=True), "denial lost"),
    ],
)
def test_distortions(claim: dict[str, Any], first: dict[str, Any], expected: str | None) -> None:
    found = distortions(claim, first)
    assert (len(found) == 1 and found[0].startswith(expected)) if expected else found == []


def test_a_conversion_gone_wrong() -> None:
    told = article("North", "2025-06-03", "They hold 1,000 sq km (621 sq miles) of Lorne.")
    metric, wrong = figure(told, "1,000 sq km", **AREA), figure(told, "621 sq miles", **{**AREA, "unit": "mi2"})
    assert conversion_beside(wrong, [metric]) == [
        "conversion does not fit: 1,000 km² is 386 square miles, not 621 square miles"
    ]
    assert conversion_beside({**wrong, "low": 386.0, "high": 386.0}, [metric]) == []
    _, claims, _ = build(*tables([told], [metric, wrong]))
    assert [c["distortion"] is None or c["distortion"] != c["distortion"] for c in records(claims)] == [True, False]
