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


def test_what_is_added_to_a_larger_count_is_no_count_of_its_own() -> None:
    first = _paper("North", "In Lorne 26 had died. Two further people died on Tuesday.")
    other = _paper("South", "In Lorne 26 died. A further nine were hurt.")
    added = figure(first, "Two", low=2.0, high=2.0, **STATED)
    hurt = figure(other, "nine", low=9.0, high=9.0, measure="wounded", **STATED)
    ids, compared = _groups(
        (first, figure(first, "26", **STATED)), (first, added), (other, figure(other, "26", **STATED)), (other, hurt)
    )
    assert ids[0] == ids[2] != ids[1]
    # the hurt are further to the dead, not to other hurt
    assert all(pd.isna(row["aspect"]) for row in compared if row["measure"] == "wounded")


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("In Lorne 31 died, the most since 1987, when the quay fell.", True),
        ("In 1987 it was 31 who died in Lorne.", False),
        ("It was the worst since 1987, when 31 died in Lorne.", False),
        ("Since the storms of 1987 31 have died in Lorne.", True),
    ],
)
def test_a_figure_of_another_year_is_apart(text: str, together: bool) -> None:
    first = _paper("North", "In Lorne 26 died on Monday.")
    other = _paper("South", text)
    ids, _ = _groups((first, figure(first, "26", **STATED)), (other, figure(other, "31", **STATED)))
    assert (ids[0] == ids[1]) is together


def test_a_price_of_a_day_to_come_is_apart() -> None:
    sums = {"measure": "money", "unit": "EUR", "counted": "price of a loaf", "counted_class": "money"}
    first = _paper("North", "A loaf costs 4 euros in Lorne.")
    other = _paper("South", "From Monday a loaf will cost 6 euros in Lorne.")
    later = figure(other, "6 euros", low=6.0, high=6.0, as_of_start="2025-06-09", as_of_end="2025-06-09", **sums)
    ids, _ = _groups((first, figure(first, "4 euros", low=4.0, high=4.0, **sums)), (other, later))
    assert ids[0] != ids[1] or ids == [None, None]


def test_the_tellings_of_a_number_agree_on_its_measure() -> None:
    # the third paper's words tell no measure, and it was read as that of the sentence before
    first = _paper("North", "Some 95 people were arrested in Lorne.")
    other = _paper("South", "Police arrested 95 people in Lorne on Monday.")
    third = _paper("East", "Ilse Marten now has 95 people under lock and key.")
    arrested = {"measure": "detained", "counted_class": "people", **STATED}
    misread = figure(third, "95", counted="people wounded", counted_class="people", measure="crowd_size", **STATED)
    ids, compared = _groups(
        (first, figure(first, "95", **arrested)), (other, figure(other, "95", **arrested)), (third, misread)
    )
    assert len(set(ids)) == 1
    assert compared[0]["measure"] == "detained"
    assert compared[0]["note"] == "taken from other tellings of the number: East, 95 (read as crowd_size)"


def test_a_loss_told_as_another_one_stays_what_it_is_told_as() -> None:
    first = _paper("North", "Some 214 people were wounded in Lorne.")
    other = _paper("South", "In Lorne 214 people were wounded on Monday.")
    third = _paper("East", "With a death toll of 214, Lorne mourns.")
    hurt = {"measure": "wounded", "counted_class": "people", **STATED}
    dead = figure(third, "214", counted="death toll", **STATED)
    ids, _ = _groups((first, figure(first, "214", **hurt)), (other, figure(other, "214", **hurt)), (third, dead))
    assert ids[0] == ids[1] != ids[2]


def test_a_count_of_what_befalls_nobody_keeps_its_measure() -> None:
    first = _paper("North", "The boat had 240 passengers on board off Lorne.")
    other = _paper("South", "There were 240 passengers on the boat to Lorne.")
    third = _paper("East", "With 240 passengers it tipped over near Lorne.")
    aboard = {"measure": "other", "counted": "passengers", "counted_class": "people", **STATED}
    misread = figure(third, "240", counted="passengers", counted_class="people", measure="killed", **STATED)
    ids, compared = _groups(
        (first, figure(first, "240", **aboard)), (other, figure(other, "240", **aboard)), (third, misread)
    )
    assert ids[0] == ids[1]
    assert "killed" not in {row["measure"] for row in compared if row["comparison_id"] == ids[0]}


def test_a_side_that_one_telling_of_many_has_yields() -> None:
    troops = {"measure": "personnel_strength", "counted": "soldiers", "counted_class": "soldiers", **STATED}
    told = [
        (_paper("North", "Kenya has 1,200 soldiers in Lorne."), "Kenya"),
        (_paper("South", "Kenyan soldiers, 1,200 of them, hold Lorne."), "Kenya"),
        (_paper("East", "With 1,200 soldiers Kenya guards Lorne."), "Kenya"),
        (article("West", "2025-06-03", f"Lorne\n\nThe 1,200 soldiers stay.\n{ABOUT['North']}"), "Chad"),
    ]
    ids, compared = _groups(*((paper, figure(paper, "1,200", side=side, **troops)) for paper, side in told))
    assert len(set(ids)) == 1
    assert compared[0]["side"] == "Kenya"


def test_a_sea_beside_a_town_is_where_the_town_is() -> None:
    first = _paper("North", "In Lorne 26 drowned, says Marten.")
    other = _paper("South", "In the Sea of Peth 31 drowned off Lorne.")
    sea = {"place": "Sea of Peth", "place_basis": "stated"}
    ids, compared = _groups((first, figure(first, "26", **STATED)), (other, figure(other, "31", **sea)))
    assert ids[0] == ids[1]
    assert compared[0]["place"] == "Lorne"


def test_a_town_lies_in_the_country_that_no_list_holds() -> None:
    first = _paper("North", "In Lorne 26 died, says Marten of the Marelian army.")
    other = _paper("South", "Across Marel 31 died.")
    army = figure(first, "26", side="Marel", **STATED)
    country = {"place": "Marel", "place_basis": "stated"}
    ids, _ = _groups((first, army), (other, figure(other, "31", **country)))
    assert ids[0] == ids[1]


def test_the_headline_counts_whom_the_body_counts() -> None:
    first = article("North", "2025-06-03", f"Toll rises to 21 in Lorne\n\nIn Lorne 21 soldiers died.\n{ABOUT['North']}")
    head = figure(first, "21", counted="toll", counted_class="people", **STATED)
    at = first["text"].index("21 soldiers")
    body = {**head, "claim_id": "clm_body", "start": at, "end": at + 2, "sentence": 1, "counted": "soldiers"}
    body |= {"counted_class": "soldiers", "side": "Kenya", "sentence_text": "In Lorne 21 soldiers died."}
    body |= {"sentence_start": at - 9, "sentence_end": at + 17}
    ids, _ = _groups((first, head), (first, body))
    assert ids[0] == ids[1] is not None


def test_two_numbers_of_one_sentence_are_two_things_whoever_repeats_them() -> None:
    sums = {"measure": "money", "unit": "EUR", "counted": "price of a loaf", "counted_class": "money", **STATED}
    first = _paper("North", "A loaf in Lorne went from 65 euros to 90.")
    other = _paper("South", "In Lorne a loaf cost 65 euros on Monday. It costs 90 now.")
    told = [
        figure(paper, words, low=float(words[:2]), high=float(words[:2]), **sums)
        for paper in (first, other)
        for words in ("65 euros", "90")
    ]
    ids, _ = _groups((first, told[0]), (first, told[1]), (other, told[2]), (other, told[3]))
    assert ids[0] == ids[2] != ids[1] == ids[3]


def test_a_share_without_words_is_of_what_the_one_before_is() -> None:
    shares = {"measure": "share", "unit": "percent", "comparator": "~"}
    first = _paper("North", "Marten of Lorne says 80 percent of clerks stayed away. Peel put the share at 35 percent.")
    other = _paper("South", "In Lorne, says Marten, 66 percent of the clerks stay away.")
    clerks = {"counted": "clerks who stayed away", "base": "clerks who stayed away", "counted_class": "workers"}
    told = [
        (first, figure(first, "80 percent", low=80.0, high=80.0, **shares, **clerks, **MARTEN)),
        (first, figure(first, "35 percent", low=35.0, high=35.0, counted="share", base="share", **shares, **PEEL)),
        (other, figure(other, "66 percent", low=66.0, high=66.0, **shares, **clerks, **MARTEN)),
    ]
    ids, _ = _groups(*told)
    assert len(set(ids)) == 1


def test_a_vague_headline_stands_for_the_figure_of_the_body() -> None:
    first = article("North", "2025-06-03", f"Hundreds held in Lorne\n\nIn Lorne 340 were held.\n{ABOUT['North']}")
    held = {"measure": "detained", "counted_class": "people", **STATED}
    head = figure(first, "Hundreds", low=200.0, high=None, comparator=">=", **held)
    ids, _ = _groups((first, head), (first, figure(first, "340", **held)))
    assert ids[0] == ids[1] is not None


def test_one_telling_of_many_gives_a_group_no_side() -> None:
    hurt = {"measure": "wounded", "counted_class": "people", **STATED}
    told = [
        (paper := _paper(outlet, f"In Lorne {n} were hurt, {outlet} counts."), figure(paper, n, side=side, **hurt))
        for outlet, n, side in (("North", "126", "Lorne police"), ("South", "130", None), ("East", "140", None))
    ]
    late = article("West", "2025-06-04", f"Lorne\n\nIn Lorne 310 were hurt.\n{ABOUT['East']}")
    also = article("Centre", "2025-06-04", f"Lorne\n\nIn Lorne 150 were hurt.\n{ABOUT['South']}")
    told += [(also, figure(also, "150", **hurt)), (late, figure(late, "310", **hurt))]
    ids, compared = _groups(*told)
    assert len(set(ids)) == 1
    assert pd.isna(compared[0]["side"])


def test_a_sum_told_in_the_wrong_currency_is_held_against_the_conversion() -> None:
    wire = article(
        "Lorne Press Agency",
        "2025-06-03",
        "Ferry aid\n\nFor Lorne the cabinet of Ilse Marten set aside 250 crowns ($29) on Tuesday, Jon Peel of Carrow said.",
    )
    again = article("South", "2025-06-03", wire["text"].replace("250 crowns ($29)", "$250"), "Lorne Press Agency")
    aid = {"measure": "money", "counted": "aid set aside", "counted_class": "money"}
    told = [
        (wire, figure(wire, "250 crowns", low=250.0, high=250.0, unit="SEK", **aid)),
        (wire, figure(wire, "$29", low=29.0, high=29.0, unit="USD", **aid)),
        (again, figure(again, "$250", low=250.0, high=250.0, unit="USD", **aid)),
    ]
    ids, compared = _groups(*told)
    assert ids[1] == ids[2] is not None
    assert [row["agreement"] for row in compared] == ["conflict"]


def test_a_noun_of_another_sentence_parts_no_group() -> None:
    first = _paper("North", "Three guards died in Lorne. A further 126 were hurt.")
    other = _paper("South", "In Lorne 310 people were hurt.")
    third = _paper("East", "In Lorne 130 people were hurt.")
    hurt = {"measure": "wounded", **STATED}
    guards = figure(first, "126", counted="guards hurt", counted_class="police", **hurt)
    people = {"counted": "people hurt", "counted_class": "people"}
    ids, _ = _groups(
        (first, guards),
        (other, figure(other, "310", **hurt, **people)),
        (third, figure(third, "130", **hurt, **people)),
    )
    assert len(set(ids)) == 1
