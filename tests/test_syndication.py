"""Copies and rewrites are found by what they say; shared page furniture and shared subjects are no copies."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from told import article

from analysis import passages
from analysis.credits import first_hand
from analysis.retelling import records
from analysis.syndication import credit_line, same_agency, syndicate
from analysis.tables import frame
from analysis.wording import candidates, overlapping, read_sentence

WIRE = """Ferry sinks off Lorne, 26 feared dead

PORT LORNE, June 3 - A ferry with 140 people on board sank off the island of Lorne on Tuesday, the coast guard said.

Captain Ilse Marten of the coast guard told reporters that 114 passengers had been pulled out of the water by noon.
She said that 26 were feared dead and that 9 of them were children.

The hospital in Carrow took in 58 of the survivors. Its director, Jon Peel, said 12 of them were in a grave state.

The ferry company paid $300,000 for repairs last winter. Divers reached the wreck at a depth of 43 metres.

The minister of transport has ordered an inquiry into the sinking and will speak in parliament on Wednesday.
"""
REWRITE = """Island in mourning

An old ferry went down near Lorne with 140 on board. The boss of the coast guard, Ilse Marten, counted 114 passengers saved.

26 are feared lost, she told reporters. Nine of them are children.

At Carrow the hospital is looking after 58 survivors, twelve of whom are in a grave state, says director Jon Peel.

Divers found the wreck 43 metres down. The company had spent $300,000 on repairs of the ferry.
"""
THOROUGH = """What the sea took from Lorne

Nobody on the quay says 26 aloud. That is how many of those who got on board are thought to be gone, out of a boatload of 140.

The living number 114, by the tally that Ilse Marten gave. Fifty-eight went to Carrow, where Jon Peel had the corridors cleared.

The hull rests 43 metres beneath the swell; its owners had paid $300,000 to have it patched.
"""
BRIEFED = """A captain and her list

Ilse Marten has a list. There are 140 names on it, she told us, and 26 have no tick; 114 have one. Nobody spoke.

Jon Peel, whom we met in Carrow, has 17 nurses for three wards and asked the army for 40 beds, of which 22 came by night.

On the pier 60 candles burn. The harbour master, who is 71, lit the first; 15 boats stayed in port.
"""
INDEPENDENT = """On the quay at Port Lorne

I met Tessa Brand on the quay. She had waited for her brother since the morning, with 3 neighbours and a flask of tea.

Captain Ilse Marten read a statement: 26 people were feared dead. Nobody asked her anything.

The chapel has 80 seats and at 7 in the evening all were taken. A collection for the families brought in $4,150.

The next boat to the mainland, with 35 places, leaves in the morning.
"""
FURNITURE = """You are reading a free story. Register now to get ten stories a month sent to your inbox by our editors.
All rights reserved. No part of this site may be reproduced without the written permission of the publisher.
"""
OTHERS = [
    "Council votes on trams\n\nThe council of Harbour voted on Monday for a new tram line through the old town centre.",
    "Storm closes the pass\n\nSnow and wind closed the Grey Pass on Monday night, and lorries waited in long queues below.",
    "Choir wins prize\n\nA choir of bakers from Millbrook won the first prize at the autumn festival in the capital.",
    "School gets a roof\n\nThe primary school at Fenn has a roof again after a year of lessons held in the village hall.",
]


def _groups(rows: list[dict[str, object]]) -> list[set[str]]:
    groups: dict[str, set[str]] = {}
    for row in records(syndicate(frame("articles", rows))):
        if isinstance(row["syndication_id"], str):
            groups.setdefault(row["syndication_id"], set()).add(row["outlet"])
    return sorted(groups.values(), key=sorted)


def test_copies_edits_and_rewrites_are_one_group() -> None:
    rows = [
        article("Lorne Press Agency", "2025-06-03", WIRE),
        article("Copy Post", "2025-06-03", "Sea takes ferry\n\n" + WIRE.partition("\n\n")[2] + "\n(LPA)\n"),
        article("Edit Echo", "2025-06-04", WIRE.replace("coast guard", "coastguard").replace(", June 3", "")),
        article("Rewrite Record", "2025-06-04", REWRITE),
        article("Own Observer", "2025-06-04", INDEPENDENT),
    ]
    assert _groups(rows) == [{"Lorne Press Agency", "Copy Post", "Edit Echo", "Rewrite Record"}]
    by_outlet = {row["outlet"]: row for row in records(syndicate(frame("articles", rows)))}
    wire = by_outlet["Lorne Press Agency"]
    assert pd.isna(wire["copy_of"])
    assert {by_outlet[o]["copy_of"] for o in ("Copy Post", "Edit Echo", "Rewrite Record")} == {wire["article_id"]}
    assert by_outlet["Copy Post"]["copied_share"] > 0.9
    assert by_outlet["Rewrite Record"]["copied_share"] < 0.3
    assert by_outlet["Copy Post"]["credit"] == "LPA"


def test_an_article_within_a_longer_one_is_its_copy() -> None:
    longer = "\n\n".join([*OTHERS, WIRE, INDEPENDENT.replace("Port Lorne", "Port Ash")])
    rows = [article("Lorne Press Agency", "2025-06-03", WIRE), article("Weekly Digest", "2025-06-05", longer)]
    assert _groups(rows) == [{"Lorne Press Agency", "Weekly Digest"}]


def test_a_thorough_rewrite_keeps_the_numbers_and_a_report_of_the_same_briefing_has_others() -> None:
    rows = [
        article("Lorne Press Agency", "2025-06-03", WIRE),
        article("Rewrite Record", "2025-06-04", THOROUGH),
        article("Briefed Bugle", "2025-06-04", BRIEFED),
        article("Own Observer", "2025-06-04", INDEPENDENT),
    ]
    assert _groups(rows) == [{"Lorne Press Agency", "Rewrite Record"}]


def test_a_reporter_who_asked_himself_retells_nobody() -> None:
    own = "Nobody on the quay would speak but one. She told me what she had told the others.\n"
    rows = [
        article("Lorne Press Agency", "2025-06-03", WIRE),
        article("Own Observer", "2025-06-04", THOROUGH.replace("\n\n", f"\n\n{own}\n", 1)),
    ]
    assert _groups(rows) == []


def test_nobody_retells_a_later_text() -> None:
    longer = THOROUGH + "\n".join(
        f"On pier {n} stood {n} carts and {n + 1} boats, not {n + 2}." for n in range(20, 90, 7)
    )
    rows = [article("Early Echo", "2025-06-02", THOROUGH), article("Own Observer", "2025-06-04", longer)]
    assert _groups(rows) == [{"Early Echo", "Own Observer"}]  # one stands in the other
    other = longer.replace(THOROUGH, WIRE)
    rows = [article("Early Echo", "2025-06-02", THOROUGH), article("Own Observer", "2025-06-04", other)]
    assert _groups(rows) == []


def test_page_furniture_makes_no_copies() -> None:
    assert _groups([article(f"Paper {i}", "2025-06-03", t + "\n\n" + FURNITURE) for i, t in enumerate(OTHERS)]) == []


def test_a_common_quotation_makes_no_copy() -> None:
    said = '"We have never seen a night like this one, and we hope never to see another," Captain Ilse Marten said.\n'
    rows = [article("North", "2025-06-03", WIRE + said), article("South", "2025-06-03", INDEPENDENT + said)]
    assert _groups(rows) == []


def test_the_same_figures_a_year_later_are_no_rewrite() -> None:
    rows = [article("Lorne Press Agency", "2025-06-03", WIRE), article("Rewrite Record", "2026-06-03", REWRITE)]
    assert _groups(rows) == []


def test_no_articles() -> None:
    assert syndicate(frame("articles", [])).empty


@settings(max_examples=15, deadline=None)
@given(st.permutations(range(5)))
def test_the_order_of_rows_does_not_matter(order: list[int]) -> None:
    rows = [
        article("Lorne Press Agency", "2025-06-03", WIRE),
        article("Copy Post", "2025-06-03", "Sea takes ferry\n\n" + WIRE.partition("\n\n")[2]),
        article("Rewrite Record", "2025-06-04", REWRITE),
        article("Own Observer", "2025-06-04", INDEPENDENT),
        article("Paper", "2025-06-04", OTHERS[0]),
    ]
    table = frame("articles", rows)
    shuffled = table.iloc[order].reset_index(drop=True)
    pd.testing.assert_frame_equal(syndicate(table), syndicate(shuffled))


@pytest.mark.parametrize(
    ("text", "credit"),
    [
        ("Title\n\nBy Meridian News Agency | 4 min read\n\nText.", "Meridian News Agency"),
        ("Title\n\nText of the story.\n\n(AFP)", "AFP"),
        ("BERLIN (Reuters) - The minister said on Monday that it was late.", "Reuters"),
        ("Text.\n\nCopyright 2024 Northern Wire. All rights reserved.", "Northern Wire"),
        ("Text.\n\nSource: Coast Press", "Coast Press"),
        ("Title\n\nBy Ann Author\n\nText.", None),
        ("The minister (right) spoke.\n\n(Photo above)", None),
        ("By Monday all had left.", None),
    ],
)
def test_credit_lines(text: str, credit: str | None) -> None:
    assert credit_line(text, ["Reuters"]) == credit


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("She told me that nobody slept.", True),
        ("From our correspondent in Lorne", True),
        ("I counted them from the roof.", True),
        ('"She told me that nobody slept," the mayor said.', False),
        ("The mayor told reporters that nobody slept.", False),
        ("I think that nobody slept.", False),
    ],
)
def test_a_text_tells_of_its_authors_own_asking(text: str, own: bool) -> None:
    assert first_hand(text) is own


def test_short_forms_of_agencies() -> None:
    assert same_agency("KPA", "Karsland Press Agency")
    assert same_agency("Meridian", "Meridian News Agency")
    assert not same_agency("News Agency of Ames", "Meridian News Agency")
    assert not same_agency("", "Meridian News Agency")


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("Some 121 thousand, 121K or 121,000 left.", ["121000"] * 3),
        ("Two in five; two-fifths; 40 per cent", ["40%"] * 3),
        ("It cost $45m or 45 million dollars.", ["4.5e+07"] * 2),
        ("A dozen of SEVENTY-FOUR", ["12", "74"]),
        ("In 2024, on 13 August, one of them left.", []),
        ("nearly a fifth and half of it", ["20%", "50%"]),
    ],
)
def test_numbers_are_read_in_all_their_forms(text: str, keys: list[str]) -> None:
    assert [n.key for n in read_sentence(text, 0, len(text)).numbers] == keys


def test_overlapping_sets_are_those_of_comparing_every_two() -> None:
    draw = random.Random(5)
    parts = [frozenset(draw.sample(range(14), draw.randrange(1, 9))) for _ in range(60)]
    found = overlapping(parts, 0.6)
    for i, one in enumerate(parts):
        assert found[i] == {j for j, two in enumerate(parts) if len(one & two) / min(len(one), len(two)) >= 0.6}


def _template(number: int) -> str:
    """An article of a form that an agency fills anew every hour, with nothing of another one's but the form."""
    draw = random.Random(number)
    town, name = (f"{''.join(draw.choices('bdfgklmnprst', k=3)).capitalize()}{number}a" for _ in range(2))
    counts = [draw.randrange(20, 900_000) for _ in range(4)]
    return (
        f"Hourly bulletin for {town}\n\n"
        f"According to the figures of this hour, {counts[0]} people used the ferry at {town} and {counts[1]} used the bus.\n"
        f"The office of {name} said that the level of the river at {town} was {counts[2]} millimetres above the mark.\n"
        f"The next bulletin of the office of {name} in {town} will have the figures of the {counts[3]} passengers of the day.\n"
    )


def _pairs_compared(texts: list[str]) -> tuple[int, int]:
    """How many pairs of sentences are held against one another, and how many pairs of articles come of it."""
    papers = [article(f"Paper {n}", "2025-06-03", text) for n, text in enumerate(texts)]
    read = passages.texts_of(frame("articles", papers))
    sentences = {t.sentences[i].words for t in read.values() for i in t.counted()}
    shingles = passages.own_shingles(sorted(sentences))
    return sum(1 for _ in candidates(shingles, passages.SENTENCE_MATCH)), len(passages.like_sentences(read))


def test_many_articles_of_one_form_are_not_all_compared() -> None:
    few, many = (_pairs_compared([_template(n) for n in range(count)]) for count in (400, 800))
    for before, after in zip(few, many, strict=True):
        assert after <= 2.2 * max(before, 400)
    assert many[0] <= 800 * 3 * 4  # of 800 * 800 * 3 pairs of like sentences


def test_a_copy_among_articles_of_one_form_is_found() -> None:
    texts = [_template(n) for n in range(260)]
    papers = [
        article(f"Paper {n}", "2025-06-03", text)
        for n, text in enumerate([*texts, WIRE, WIRE.replace("June 3", "Lorne")])
    ]
    found = records(syndicate(frame("articles", papers)))
    groups = [a["syndication_id"] for a in found if a["text"].startswith("Ferry sinks")]
    assert groups[0] == groups[1] is not None
    assert sum(isinstance(a["syndication_id"], str) for a in found) == 2
