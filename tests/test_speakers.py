"""Names of speakers: first and last name, a person and the body for which he speaks, a body and its short name."""

from __future__ import annotations

from typing import Any

import pytest
from told import article, figure, tables

from analysis.origins import merge_reasons, originate
from analysis.retelling import records
from analysis.speakers import full_name
from analysis.spokespeople import Body, Spokespeople
from analysis.syndication import syndicate

UNION = Body("dockers union", frozenset({"docker", "union"}), "union", True)
POLICE = Body("police", frozenset({"police"}), "police", False)
MINISTRY = Body("harbour ministry", frozenset({"harbou", "minist"}), "minist", True)
VALLEYS = Body("save the valleys", frozenset({"save", "valley"}), "valley", True)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("The union's secretary, Ilda Marn, spoke of 400.", "dockers union"),
        ("Ilda Marn of the Dockers' Union spoke of 400.", "dockers union"),
        ("Ilda Marn, a spokeswoman for the union, spoke of 400.", "dockers union"),
        ("Ilda Marn, who runs the Dockers' Union, spoke of 400.", "dockers union"),
        ("The union struck at dawn. Its chairwoman, Ilda Marn, spoke of 400.", "dockers union"),
        ("The police chief Ilda Marn spoke of 400.", "police"),
        ("The harbour minister, Ilda Marn, spoke of 400.", "harbour ministry"),
        # of no body: a bystander, another union, a valley, one who only talked to it
        ("Ilda Marn, a baker, saw the union march.", None),
        ("Ilda Marn, a spokeswoman for the Miners Union, spoke of 400.", None),
        ("The village lies at the head of the valley. Its head, Ilda Marn, spoke of 400.", None),
        ("The union met. Ilda Marn spoke of 400.", None),
    ],
)
def test_for_whom_a_person_speaks(text: str, body: str | None) -> None:
    assert Spokespeople().speaks_for(text, "Marn", [UNION, POLICE, MINISTRY, VALLEYS]) == body


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("The governor, Irena Vols, spoke. Vols left.", "Irena Vols"),
        ("Governor Irena Vols spoke. Vols left.", "Irena Vols"),
        ("On Monday J. Vols spoke.", "J. Vols"),
        ("Yesterday Vols said so.", None),
        ("Governor Vols said so.", None),
        ("The State-run Vols agency was shut. Vols said so.", None),
        ("Radio Norham's Vols was there. Vols said so.", None),
        ("Radio Norham's Irena Vols was there. Vols said so.", "Irena Vols"),
    ],
)
def test_the_first_names_that_a_text_gives(text: str, name: str | None) -> None:
    assert full_name(text, "Vols", {"governor"}) == name


def _origins(*told: tuple[dict[str, Any], dict[str, Any]]) -> tuple[list[str], list[str | None], list[str | None]]:
    """Origins, speakers and sources of the figures, in order."""
    articles, claims = tables(list({a["article_id"]: a for a, _ in told}.values()), [f for _, f in told])
    articles = syndicate(articles)
    found = {c["claim_id"]: c for c in records(originate(articles, claims))}
    why = {r["claim_id"]: r for r in records(merge_reasons(articles, claims))}
    ids = [f["claim_id"] for _, f in told]
    return [found[i]["origin_id"] for i in ids], [why[i]["speaker"] for i in ids], [found[i]["source"] for i in ids]


STRIKE = article(
    "North",
    "2025-06-03",
    "Dockers strike\n\nThe Dockers' Union counted 4,100 at the gates of Lorne. In Carrow the union's secretary, Ilda Marn, said "
    "that 950 had come. Jon Peel was there.",
)
SECOND = article(
    "South",
    "2025-06-03",
    "Lorne\n\nIlda Marn had a number before Jon Peel came to Carrow: 4,100 at the gates of Lorne.",
)
UNION_SAYS = {"source": "Dockers' Union", "source_id": "dockers union", "source_named": True}
MARN_SAYS = {"source": "Ilda Marn", "source_id": "marn", "source_named": True}
CROWD = {"measure": "crowd_size", "counted": "people"}


def test_a_person_and_the_body_for_which_he_speaks_are_one_speaker() -> None:
    origins, speakers, _ = _origins(
        (STRIKE, figure(STRIKE, "4,100", **UNION_SAYS, **CROWD)),
        (STRIKE, figure(STRIKE, "950", **MARN_SAYS, **CROWD)),
        (SECOND, figure(SECOND, "4,100", **MARN_SAYS, **CROWD)),
    )
    assert len(set(origins)) == 1
    assert set(speakers) == {"dockers union"}


def test_the_army_is_the_only_army_that_speaks_in_the_story() -> None:
    first = article(
        "North", "2025-06-03", "Tarn\n\nThe Kenyan army said in Tarn that 26 men fell. Jon Peel and Ilda Marn met."
    )
    other = article("South", "2025-06-03", "Tarn\n\nIn Tarn the army has it at 26 men, Jon Peel told Ilda Marn.")
    origins, _, _ = _origins(
        (first, figure(first, "26", source="Kenyan army", source_id="kenya army", source_named=True)),
        (other, figure(other, "26", source="army", source_id="army", source_named=True)),
    )
    assert origins[0] == origins[1]


def test_a_last_name_has_the_first_name_that_its_article_gives() -> None:
    told = article("North", "2025-06-03", "Flood\n\nThe governor, Irena Vols, came to Brisk. Vols spoke of 26 dead.")
    _, _, sources = _origins((told, figure(told, "26", source="Vols", source_id="vols", source_named=True)))
    assert sources == ["Irena Vols"]


def test_an_earlier_figure_beside_its_speaker_goes_back_to_him() -> None:
    first = article(
        "North", "2025-06-03", "Tarn\n\nThe coast guard said in Tarn that 26 had died. Ilda Marn and Jon Peel met."
    )
    later = article(
        "South",
        "2025-06-06",
        "Tarn\n\nIn Tarn Ilda Marn counts 31 dead. Jon Peel had heard 26 from the coast guard on Tuesday.",
    )
    alone = article("East", "2025-06-06", "Tarn\n\nThere are 26 dead in Tarn, as Ilda Marn and Jon Peel know by now.")
    guard = {"source": "coast guard", "source_id": "coast guard", "source_named": True}
    origins, _, _ = _origins(
        (first, figure(first, "26", **guard)), (later, figure(later, "26")), (alone, figure(alone, "26"))
    )
    assert origins[0] == origins[1] != origins[2]
