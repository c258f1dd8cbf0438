"""Figures go back to the utterance, the wire story or the outlet that they come from, and nothing else is merged."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import article, figure, tables

from analysis.origins import merge_reasons, originate, trace
from analysis.retelling import records
from analysis.speaking import day_of_speaking
from analysis.syndication import syndicate

WIRE = article(
    "Lorne Press Agency",
    "2025-06-03",
    "Ferry sinks off Lorne\n\n"
    "Captain Ilse Marten of the coast guard said on Tuesday that 26 passengers had died and 114 were saved.\n\n"
    "The hospital in Carrow took in 58 survivors of the ferry, said its director Jon Peel.\n\n"
    "The ferry company paid $300,000 for repairs of the engines last winter, and divers reached the wreck.\n",
)
REWRITE = article(
    "Rewrite Record",
    "2025-06-04",
    "Island in mourning\n\n"
    "The ferry off Lorne took 26 passengers to their death, and 114 were saved from the sea.\n\n"
    "At Carrow the hospital has 58 survivors of the ferry. The company had paid $300,000 for repairs.\n\n"
    "Our reporters counted 70 people at the harbour of Lorne.\n",
    credit="Lorne Press Agency",
)


def _told() -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    marten = {"source": "Ilse Marten", "source_id": "marten"}
    peel = {"source": "Jon Peel", "source_id": "peel"}
    saved = {"measure": "other", "counted": "passengers saved"}
    treated = {"measure": "affected", "counted": "survivors in hospital"}
    repairs = {"measure": "money", "unit": "USD", "counted": "repairs", "low": 300000.0, "high": 300000.0}
    return [WIRE, REWRITE], [
        figure(WIRE, "26", said_date="2025-06-03", **marten),
        figure(WIRE, "114", said_date="2025-06-03", **marten, **saved),
        figure(WIRE, "58", **peel, **treated),
        figure(WIRE, "$300,000", **repairs),
        figure(REWRITE, "26"),
        figure(REWRITE, "114", **saved),
        figure(REWRITE, "58", **treated),
        figure(REWRITE, "$300,000", **repairs),
        figure(REWRITE, "70", measure="crowd_size"),
    ]


def _origins(articles: list[dict[str, Any]], figures: list[dict[str, Any]]) -> list[str]:
    """Origin ids in the order of the figures given."""
    article_table, claim_table = tables(articles, figures)
    by_id = {c["claim_id"]: c["origin_id"] for c in records(originate(syndicate(article_table), claim_table))}
    return [by_id[f["claim_id"]] for f in figures]


def test_a_rewrite_that_drops_the_speakers_keeps_their_origins() -> None:
    died, saved, treated, paid, died_2, saved_2, treated_2, paid_2, counted = _origins(*_told())
    assert died == saved == died_2 == saved_2
    assert treated == treated_2
    assert paid == paid_2
    assert len({died, treated, paid, counted}) == 4


def test_every_merge_has_its_reason() -> None:
    article_table, claim_table = tables(*_told())
    reasons = records(merge_reasons(syndicate(article_table), claim_table))
    assert len(reasons) == len(claim_table)
    assert all(r["reason"] for r in reasons)
    retold = [r for r in reasons if isinstance(r["like"], str)]
    assert len(retold) == 4
    assert {r["reason"] for r in retold} == {"same figure in a copy or rewrite"}


def test_a_distortion_keeps_its_origin() -> None:
    text = REWRITE["text"].replace("26 passengers", "62 passengers").replace("took", "claimed, said Ilse Marten, took")
    wrong = article("Globe Flash", "2025-06-04", text, credit="Lorne Press Agency")
    _, claims = _told()
    last = figure(wrong, "62", source="Ilse Marten", source_id="marten")
    ids = _origins([WIRE, wrong], [*claims[:4], last])
    assert ids[0] == ids[-1]


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (("2025-06-03", "marten", "2025-06-03"), ("2025-06-05", "marten", "2025-06-03"), True),
        (("2025-06-03", "marten", "2025-06-03"), ("2025-06-05", "marten", "2025-06-05"), False),
        (("2025-06-03", "marten", "2025-06-03"), ("2025-06-05", "marten", None), True),  # the same figure, remembered
        (("2025-06-03", "marten", "2025-06-03"), ("2025-08-05", "marten", None), False),  # too long ago
        (("2025-06-03", "marten", "2025-06-03"), ("2025-06-03", "peel", "2025-06-03"), False),
        (("2025-06-03", None, None), ("2025-06-03", None, None), False),  # two outlets in their own voice
    ],
)
def test_speaker_and_day_make_an_utterance(first: tuple[Any, ...], second: tuple[Any, ...], same: bool) -> None:
    told, figures = [], []
    texts = ("A ferry went down and 26 died at sea.", "No one knew on the quay of Lorne whether 26 or more were gone.")
    for i, (published, speaker, said) in enumerate((first, second)):
        told.append(article(f"Paper {i}", published, texts[i]))
        figures.append(figure(told[i], "26", source_id=speaker, source=speaker, said_date=said))
    one, other = _origins(told, figures)
    assert (one == other) is same


def test_who_passes_on_a_report_is_no_second_origin() -> None:
    general = article("Wire", "2025-06-03", "Gen. Ada Brook said on Tuesday that her troops held 19 villages.")
    president = article("Paper", "2025-06-03", "The president spoke of 19 villages. He had a report by Gen. Ada Brook.")
    rival = article("Rival", "2025-06-03", "The president spoke of 19 villages on Tuesday.")
    land = {"measure": "territory_controlled", "unit": "settlement", "counted": "villages"}
    brook = figure(general, "19", source="Ada Brook", source_id="brook", **land)
    speaker = {"source": "Olof Strand", "source_id": "strand"}
    ids = _origins([general, president], [brook, figure(president, "19", **speaker, **land)])
    assert ids[0] == ids[1]
    ids = _origins([general, rival], [brook, figure(rival, "19", **speaker, **land)])
    assert ids[0] != ids[1]


def test_two_who_give_one_number_in_one_article_are_two_origins() -> None:
    told = article("Paper", "2025-06-03", "Jon Peel said 12 had died. Ilse Marten also gave the number as 12.")
    one = figure(told, "12", source="Jon Peel", source_id="peel")
    at = told["text"].rindex("12")
    other = {**one, "claim_id": "clm_other", "start": at, "end": at + 2, "sentence": 1}
    other |= {"source": "Ilse Marten", "source_id": "marten"}
    ids = _origins([told], [one, other])
    assert ids[0] != ids[1]


def test_unnamed_sources_of_two_outlets_are_two() -> None:
    told = [
        article("North", "2025-06-03", "An officer of the coast guard said that 26 had died in the cold water."),
        article("South", "2025-06-03", "The sea was calm again when we spoke to an officer on the quay: 26 dead."),
    ]
    officer = {"source": "officer", "source_id": "officer", "source_named": False, "said_date": "2025-06-03"}
    one, other = _origins(told, [figure(t, "26", **officer) for t in told])
    assert one != other


def test_the_headline_has_the_origin_of_the_body() -> None:
    told = article(
        "Paper", "2025-06-04", "Kyiv claims 26 villages\n\nGen. Ada Brook said on Tuesday it held 26 villages."
    )
    land = {"measure": "territory_gained", "unit": "settlement", "counted": "villages", "source_party": "Ukraine"}
    head = figure(told, "26", source="Ukraine", source_id="ukraine", **land)
    at = told["text"].rindex("26")
    span = {"start": at, "end": at + 2, "sentence": 1, "claim_id": "clm_body"}
    body = {**head, **span, "source": "Ada Brook", "source_id": "brook", "said_date": "2025-06-03"}
    one, other = _origins([told], [head, body])
    assert one == other


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(9)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    article_table, claim_table = tables(*_told())
    article_table = syndicate(article_table)
    shuffled = claim_table.iloc[order].reset_index(drop=True)
    turned = article_table.iloc[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(originate(article_table, claim_table), originate(turned, shuffled))
    traced = trace(article_table, claim_table)
    pd.testing.assert_frame_equal(traced.claims, originate(article_table, claim_table))
    pd.testing.assert_frame_equal(traced.reasons, merge_reasons(article_table, traced.claims))


def test_no_claims() -> None:
    article_table, claim_table = tables([WIRE], [])
    assert originate(syndicate(article_table), claim_table).empty


@pytest.mark.parametrize(
    ("sentence", "words", "day"),
    [
        ("The mayor said on Monday that 26 had died.", "26", "2025-06-02"),
        ("The mayor said yesterday that 26 had died.", "26", "2025-06-03"),
        ("On 30 May the mayor had spoken of 26 dead.", "26", "2025-05-30"),
        ("It has 40 since Monday, when the mayor spoke of 26 dead.", "26", "2025-06-02"),
        ("It has 40 since Monday, when the mayor spoke of 26 dead.", "40", None),
        ("The mayor says 26 have died since Monday.", "26", None),
        ("The waters rose on Monday and 26 people died.", "26", None),
    ],
)
def test_the_day_of_speaking_is_read_beside_a_verb_of_saying(sentence: str, words: str, day: str | None) -> None:
    told = article("Paper", "2025-06-04", sentence)
    assert day_of_speaking(figure(told, words)) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("On Monday the quay was full. The same evening the mayor spoke of 26 dead.", "2025-06-02"),
        ("After Sunday's storm nobody slept. A doctor said that night that 26 had died.", "2025-06-01"),
        # told in the sentence before, of one paragraph
        ("After Sunday's storm she let us in that night. Her list has 26 dead, she says.", "2025-06-01"),
        ("After Sunday's storm she let us in that night.\n\nHer list has 26 dead, she says.", "2025-06-04"),
        ("The mayor, who had the same day in mind, spoke of 26 dead.", "2025-06-04"),
        ("On 3 May it rained. The mayor spoke that night of 26 dead.", "2025-06-04"),
    ],
)
def test_the_same_night_is_that_of_the_day_told_before(text: str, day: str) -> None:
    told = article("Paper", "2025-06-04", text)
    claim = figure(told, "26", source="mayor", source_id="mayor")
    reasons = records(trace(*tables([{**told, "syndication_id": None}], [claim])).reasons)
    assert [r["day"] for r in reasons] == [day]


def test_a_first_telling_has_the_speaker_whom_those_who_tell_it_again_name() -> None:
    articles, claims = _told()
    silent = {**claims[2], "source": None, "source_id": None, "mode": "none"}
    named = {**claims[6], "source": "Jon Peel", "source_id": "peel", "mode": "indirect"}
    ids = _origins(articles, [silent, named])
    assert ids[0] == ids[1]
    reasons = records(trace(syndicate(tables(articles, [])[0]), tables(articles, [silent, named])[1]).reasons)
    assert {(r["kind"], r["who"]) for r in reasons} == {("utterance", "peel")}


def test_a_rounding_in_a_rewrite_is_the_figure_that_it_rounds() -> None:
    text = REWRITE["text"].replace("114 were saved", "more than 110 were saved")
    again = article("Rewrite Record", "2025-06-04", text, credit="Lorne Press Agency")
    _, claims = _told()
    saved = {"measure": "other", "counted": "passengers saved"}
    rounded = figure(again, "110", low=110.0, high=None, comparator=">", **{**saved, "measure": "affected"})
    first = {**claims[1], "measure": "affected"}
    ids = _origins([WIRE, again], [claims[0], first, rounded])
    assert ids[1] == ids[2]


def test_another_number_of_a_former_year_is_no_distortion() -> None:
    wire = article("Lorne Press Agency", "2025-06-03", WIRE["text"] + "In 1987 a ferry took 71 passengers with it.\n")
    again = article(
        "Rewrite Record", "2025-06-04", REWRITE["text"].replace("26 passengers", "62 passengers"), "Lorne Press Agency"
    )
    old, new = figure(wire, "71"), figure(again, "62")
    ids = _origins([wire, again], [old, new])
    assert ids[0] != ids[1] or trace(*tables([wire, again], [old, new])).reasons["like"].isna().all()


def test_a_name_that_most_take_for_a_persons_is_one() -> None:
    union = {"source": "Dockers' Union", "source_id": "dockers union", "source_kind": "other"}
    person = {"source": "Ilda Marn", "source_id": "marn"}
    texts = {
        "North": "Ilda Marn, who runs the Dockers' Union, counted 340 in Lorne. The Dockers' Union spoke of 12 arrests.",
        "South": "We met Ilda Marn of Lorne and of the Dockers' Union: 355 it was.",
        "East": "In our studio: Ilda Marn. Not the 12 of the Dockers' Union in Lorne, but 360 now!",
    }
    told = {k: article(k, "2025-06-03", t) for k, t in texts.items()}
    claims = [
        figure(told["North"], "340", measure="crowd_size", **person),
        figure(told["North"], "12", measure="detained", **union),
        figure(told["South"], "355", measure="crowd_size", **person),
        # here the name was read as that of a body
        figure(
            told["East"], "360", measure="crowd_size", source="Ilda Marn", source_id="ilda marn", source_kind="other"
        ),
    ]
    reasons = {
        r["claim_id"]: r
        for r in records(merge_reasons(syndicate(tables([*told.values()], [])[0]), tables([], claims)[1]))
    }
    assert {reasons[c["claim_id"]]["speaker"] for c in claims} == {"dockers union"}


def test_a_stated_day_of_speaking_is_kept() -> None:
    told = article("Paper", "2025-06-04", "The mayor said on Monday that 26 had died.")
    assert day_of_speaking(figure(told, "26", said_date="2025-06-01")) == "2025-06-01"


def test_a_headline_without_a_noun_has_the_origin_of_its_body() -> None:
    told = article(
        "North", "2025-06-03", "Half of 900 out, union says\n\nThe Dockers' Union counted 900 strikers at Lorne."
    )
    union = {"source_party": "Dockers' Union", "measure": "crowd_size"}
    head = figure(told, "900", **union, source="union", source_id="union", unit="item", counted="out")
    at = told["text"].rindex("900")
    body = {**figure(told, "900", **union, source="Dockers' Union", source_id="dockers"), "claim_id": "clm_body"}
    body |= {"start": at, "end": at + 3, "sentence": 1, "sentence_start": at - 26, "sentence_end": at + 22}
    assert len(set(_origins([told], [head, body]))) == 1


def test_the_clock_of_a_ticker_is_no_part_of_a_name() -> None:
    told = article("Ticker", "2025-06-03", "07:20 Coast guard says 26 died.\n\n09:10 Coast guard says 31 were saved.")
    sources = {"source_id": "07:20 coast guard"}, {"source_id": "09:10 coast guard"}
    ids = _origins([told], [figure(told, "26", **sources[0]), figure(told, "31", **sources[1])])
    assert ids[0] == ids[1]


def test_another_number_of_the_same_thing_is_of_another_day() -> None:
    first = article("Wire", "2025-06-03", "The coast guard said on Tuesday that 19 sailors were hurt off Lorne.")
    text = "Live\n\nThe coast guard counts 23 sailors hurt. On Tuesday it said 73 were saved, on Wednesday 96 were."
    later = article("Ticker", "2025-06-04", text)
    guard = {"source": "coast guard", "source_id": "guard"}
    hurt = {"measure": "wounded", "counted": "sailors", **guard}
    saved = {"measure": "other", "counted": "sailors saved", **guard}
    ids = _origins(
        [first, later],
        [
            figure(first, "19", **hurt, said_date="2025-06-03"),
            figure(later, "23", **hurt),
            figure(later, "73", **saved, said_date="2025-06-03"),
            figure(later, "96", **saved, said_date="2025-06-04"),
        ],
    )
    assert ids[0] == ids[2]
    assert ids[1] == ids[3] != ids[0]


def test_figures_of_one_speech_in_a_later_paper_are_of_its_day() -> None:
    wire = article(
        "North", "2025-06-03", "Lorne\n\nIn Lorne Ilse Marten counted 26 dead and 52 missing. Jon Peel left Carrow."
    )
    later = article(
        "South",
        "2025-06-04",
        "Lorne\n\nOn the screen in Carrow stood Ilse Marten of Lorne. The dead: 26. The missing: 52. Of the hurt she said that "
        "there were 214. Jon Peel looked away.",
    )
    marten = {"source": "Ilse Marten", "source_id": "marten"}
    missing, hurt = {"measure": "missing", "counted": "people"}, {"measure": "wounded", "counted": "people"}
    told = [figure(wire, "26", **marten), figure(wire, "52", **marten, **missing)]
    again = [figure(later, "26", **marten), figure(later, "52", **marten, **missing)]
    new = figure(later, "214", **marten, **hurt)
    origins = _origins([wire, later], [*told, *again, new])
    assert len(set(origins)) == 1
    # of one number alone he may speak anew
    origins = _origins([wire, later], [told[0], again[0], new])
    assert origins[0] == origins[1] != origins[2]


def test_an_office_is_who_the_story_says_holds_it() -> None:
    person = {"source": "Ilda Marn", "source_id": "marn"}
    office = {"source": "harbour minister", "source_id": "harbour minister", "source_kind": "government"}
    texts = {
        "North": "In Lorne Harbour Minister Ilda Marn counted 340 boats. Carrow has none.",
        "South": "Ilda Marn and Jon Peel like boats. In Lorne and Carrow the harbour minister has 355 of them.",
        "East": "Jon Peel, the harbour minister of Carrow, likes boats. In Lorne, he said, 12 sank.",
    }
    told = {k: article(k, "2025-06-03", t) for k, t in texts.items()}
    claims = [
        figure(told["North"], "340", measure="crowd_size", said_date="2025-06-03", **person),
        figure(told["South"], "355", measure="crowd_size", said_date="2025-06-03", **office),
    ]
    ids = _origins([told["North"], told["South"]], claims)
    assert ids[0] == ids[1]
    # two who are called so
    peel = figure(told["East"], "12", source="Jon Peel", source_id="peel")
    claims[1] = {**claims[1], "source_id": "harbour minister"}
    reasons = merge_reasons(syndicate(tables([*told.values()], [])[0]), tables([], [*claims, peel])[1])
    assert "harbour minister" in set(reasons["speaker"])


def test_a_headline_has_the_origin_of_its_body_whatever_the_place() -> None:
    told = article(
        "North", "2025-06-03", "Carrow adds up 594 prisoners\n\nIn Lorne Ilse Marten put the prisoners at 594."
    )
    held = {"measure": "captured", "counted": "prisoners", "place_basis": "stated"}
    head = figure(told, "594", place="Carrow", **held)
    at = told["text"].rindex("594")
    body = {**head, "claim_id": "clm_body", "start": at, "end": at + 3, "sentence": 1, "place": "Lorne"}
    body |= {"source": "Ilse Marten", "source_id": "marten", "mode": "indirect"}
    ids = _origins([told], [head, body])
    assert ids[0] == ids[1]


def test_one_speaker_under_several_names_has_one_id() -> None:
    told = article("North", "2025-06-03", "Flood\n\nThe governor spoke of 26 dead. In all 40 homes are gone, he said.")
    named = (
        {"source": "Karvel's governor", "source_id": "karvel governor"},
        {
            "source": "governor of Karvel",
            "source_id": "governor karvel",
        },
    )
    figures = [figure(told, "26", **named[0]), figure(told, "40", measure="buildings_damaged", **named[1])]
    article_table, claim_table = tables([told], figures)
    assert trace(syndicate(article_table), claim_table).claims["source_id"].nunique() == 1


@pytest.mark.parametrize(
    ("told", "same"),
    [
        ("Harbour minister Ilda Marn likes boats.", True),
        ("The harbour minister, Ilda Marn, likes boats.", True),
        ("Ilda Marn, the harbour minister of Lorne, likes boats.", True),
        ("Asked by Ilda Marn, the harbour minister laughed.", False),
        ("After a call with the harbour minister, Marn laughed.", False),
    ],
)
def test_an_office_beside_a_name_is_his_only_in_apposition(told: str, same: bool) -> None:
    paper = article("North", "2025-06-03", f"{told} The harbour minister counted 340. Ilda Marn spoke of 12 dead.")
    office = {"source": "harbour minister", "source_id": "harbour minister", "source_kind": "government"}
    claims = [
        figure(paper, "340", measure="crowd_size", **office),
        figure(paper, "12", source="Ilda Marn", source_id="marn"),
    ]
    speakers = list(merge_reasons(syndicate(tables([paper], [])[0]), tables([], claims)[1])["speaker"])
    assert (len(set(speakers)) == 1) is same


def test_several_countries_are_no_body_for_which_a_president_speaks() -> None:
    paper = article(
        "North", "2025-06-03", "Kenya and Chad see 340 boats. Chad's president, Ilda Marn, spoke of 12 dead."
    )
    claims = [
        figure(paper, "340", source="Kenya and Chad", source_id="kenya chad", source_kind="government"),
        figure(paper, "12", source="Ilda Marn", source_id="marn"),
    ]
    reasons = merge_reasons(syndicate(tables([paper], [])[0]), tables([], claims)[1])
    assert set(reasons["speaker"]) == {"kenya chad", "marn"}
