"""The tables of events: rows from Docs, grouping within and across articles, figures told of an event."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from spacy.language import Language

from analysis import events
from analysis.components import annotate

NO_CLAIMS = pd.DataFrame({"claim_id": [], "article_id": [], "kind": [], "start": []})


def article(name: str, text: str, published: str, outlet: str) -> dict[str, Any]:
    return {"article_id": name, "text": text, "published": published, "outlet": outlet, "title": None}


def mention(name: str, **cells: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "mention_id": f"evm_{name}",
        "article_id": "art_1",
        "outlet": "Northern Post",
        "published": "2024-03-05",
        "start": int(name),
        "event_type": "ASSAULT",
        "actor": "Chad",
        "target": "Sudan",
        "place": "Adre",
        "date_start": "2024-03-04",
        "date_end": "2024-03-04",
        "negated": False,
    }
    return row | cells


@pytest.fixture(scope="module")
def told(nlp: Language) -> pd.DataFrame:
    first = "Ethiopian troops attacked a base in Asmara on Monday. The attack by Ethiopian troops lasted an hour."
    second = "On Monday, Ethiopian soldiers attacked a base in Asmara. Kenya sent 200 soldiers to Haiti on Tuesday."
    docs = annotate(
        nlp,
        [
            article("art_1", first, "2024-03-05", "Northern Post"),
            article("art_2", second, "2024-03-06", "Harbour Times"),
        ],
    )
    return events.event_mentions(list(docs), NO_CLAIMS)


def test_rows_hold_their_offsets(told: pd.DataFrame) -> None:
    assert len(told) >= 3
    for row in told.to_dict("records"):
        at = row["start"] - row["sentence_start"]
        assert row["sentence_text"][at : at + len(row["trigger"])] == row["trigger"]


def test_one_event_in_two_articles(told: pd.DataFrame) -> None:
    attacks = told[told["event_type"] == "ASSAULT"]
    assert attacks["event_id"].nunique() == 1
    assert set(attacks["article_id"]) == {"art_1", "art_2"}
    table = events.events(told, NO_CLAIMS, pd.DataFrame({"article_id": ["art_1", "art_2"]}))
    row = table[table["event_type"] == "ASSAULT"].iloc[0]
    assert (row["n_outlets"], row["first_outlet"]) == (2, "Northern Post")
    assert table["event_id"].is_unique


def test_copies_of_one_wire_story_are_one_origin(told: pd.DataFrame) -> None:
    copies = pd.DataFrame({"article_id": ["art_1", "art_2"], "syndication_id": ["syn_1", "syn_1"]})
    table = events.events(told, NO_CLAIMS, copies)
    assert table[table["event_type"] == "ASSAULT"].iloc[0]["n_origins"] == 1


def test_order_of_articles_does_not_matter() -> None:
    rows = [
        mention("10"),
        mention("20", article_id="art_2", outlet="Harbour Times"),
        mention("30", article_id="art_3", place="Abeche"),
    ]
    forwards = dict(zip([r["mention_id"] for r in rows], events.group(rows), strict=True))
    backwards = dict(zip([r["mention_id"] for r in rows[::-1]], events.group(rows[::-1]), strict=True))
    assert forwards == backwards
    assert len(set(forwards.values())) == 2


@pytest.mark.parametrize(
    ("cells", "same"),
    [
        ({}, True),
        ({"actor": "Sudan", "target": "Chad"}, True),
        ({"place": None}, True),
        ({"date_start": None, "date_end": None}, True),
        ({"place": "Abeche"}, False),
        ({"date_start": "2024-02-01", "date_end": "2024-02-01"}, False),
        ({"target": "Niger"}, False),
        ({"event_type": "CONSULT"}, False),
        ({"negated": True}, False),
    ],
)
def test_what_agrees_within_an_article(cells: dict[str, Any], same: bool) -> None:
    first, second = events.group([mention("10"), mention("20", **cells)])
    assert (first == second) is same


def test_an_undated_event_without_a_place_stays_in_its_article() -> None:
    bare = {"place": None, "date_start": None, "date_end": None}
    first, second = events.group([mention("10", **bare), mention("20", article_id="art_2", **bare)])
    assert first != second


def test_a_group_does_not_drift_through_the_days() -> None:
    rows = [
        mention(str(day), article_id=f"art_{day}", date_start=None, date_end=None, published=f"2024-03-{day:02}")
        for day in range(1, 29)
    ]
    found = events.group(rows)
    assert len(set(found)) > 3
    assert found[0] != found[-1]


def claim(name: str, low: float | None, **cells: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "claim_id": name,
        "article_id": f"art_{name}",
        "sentence": 1,
        "measure": "killed",
        "low": low,
        "high": low,
        "unit": "person",
        "published": "2024-03-05",
        "counted_class": "soldiers",
        "counted": "soldiers",
        "origin_id": f"org_{name}",
        "repeat_of": None,
        "part_of": None,
        "negated": False,
    }
    return row | cells


def test_toll_takes_the_last_value_as_best() -> None:
    linked = [claim("a", 10.0), claim("b", 14.0, published="2024-03-06"), claim("c", 12.0)]
    assert events.toll(linked) == (10.0, 14.0, 14.0)


def test_toll_adds_classes_of_one_sentence_and_leaves_out_parts() -> None:
    linked = [
        claim("a", 3.0, article_id="art_1", origin_id=None),
        claim("b", 5.0, article_id="art_1", origin_id=None, counted_class="civilians", counted="civilians"),
        claim("c", 2.0, article_id="art_1", origin_id=None, part_of="b"),
    ]
    assert events.toll(linked) == (8.0, 8.0, 8.0)


def test_toll_counts_an_origin_once_and_no_denied_claim() -> None:
    linked = [claim("a", 10.0), claim("b", 10.0, origin_id="org_a"), claim("c", 99.0, negated=True)]
    assert events.toll(linked) == (10.0, 10.0, 10.0)
    assert events.toll([]) == (None, None, None)


def test_open_bound_keeps_its_low_value() -> None:
    assert events.toll([claim("a", 20.0, high=None)]) == (20.0, 20.0, 20.0)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("ASSAULT", "Chad+Niger", "Sudan", "Adre"), "Chad and Niger attack Sudan in Adre"),
        (("ASSAULT", "Chad+Niger", None, "Adre"), "Chad and Niger fight in Adre"),
        (("ASSAULT", None, None, "Adre"), "Attack or fighting in Adre"),
        (("ASSAULT", None, "Chad", None), "Attack or fighting against Chad"),
        (("ASSAULT", "gunmen", "Chad", "Chad"), "Gunmen attack Chad"),
        (("ASSAULT", "Rapid Support Forces", "Sudan", None), "Rapid Support Forces attack Sudan"),
        (("ASSAULT", "Hamas", "Israel", None), "Hamas attacks Israel"),
        (("PROTEST", None, None, None), "Protest"),
        (("PROTEST", "protesters", None, "Lima"), "Protest in Lima"),
        (("PROTEST", "nurses", None, "Lima"), "Nurses protest in Lima"),
        (("PROTEST", "police", "Peru", None), "The police protest against Peru"),
        (("REQUEST", "United States", "Iran", None), "United States makes a demand on Iran"),
        (("REQUEST", None, "drivers", None), "Demand on drivers"),
        (("REJECT", "minister", None, None), "The minister denies or refuses something"),
        (("REJECT", "unions", "Chad", None), "Unions contradict or refuse Chad"),
        (("ACCUSE", "Chad+Niger", "Mali", None), "Chad and Niger accuse or criticise Mali"),
        (("RETREAT", "Chad+Niger", None, None), "Chad and Niger withdraw or give something up"),
        (("AGREE", "Chad", None, None), "Chad makes an agreement"),
        (("MOBILIZE", "army", None, "Adre"), "The army moves forces in Adre"),
        (("CONSULT", "Chad", None, None), "Chad holds talks"),
    ],
)
def test_label(words: tuple[str, str | None, str | None, str | None], told: str) -> None:
    assert events.label(*words) == told


def test_label_by_its_mode() -> None:
    assert events.label("COERCE", "police", "protesters", "Lima", ["arrest", "arrest"]) == (
        "The police arrest protesters in Lima"
    )
    assert events.label("COERCE", "police", "protesters", None, ["arrest", "ban"]) == (
        "The police use force or powers against protesters"
    )
    assert events.label("RETREAT", "Chad", None, "Adre", ["withdraw"]) == "Chad withdraws in Adre"


SIDE_OF_THE_BORDER = {
    "RUS": {"Kursk", "Sudzha", "Korenevo", "Glushkovsky", "Belgorod", "Plekhovo", "Sochi", "Moscow", "Russia"},
    "UKR": {"Ukraine", "Shevchenko", "Donetsk", "Pokrovsk", "Kyiv", "Kurakhove"},
}


def test_no_event_of_the_seeds_lies_beyond_the_border(nlp: Language, seeds: list[dict[str, Any]]) -> None:
    mentions = events.event_mentions(list(annotate(nlp, seeds)), NO_CLAIMS)
    placed = mentions[mentions["country_iso3"].notna()]
    assert len(placed) > 25
    country_of = {name: iso3 for iso3, names in SIDE_OF_THE_BORDER.items() for name in names}
    for row in placed.to_dict("records"):
        first = row["place"].split("+")[0]
        assert country_of.get(first, row["country_iso3"]) == row["country_iso3"], row["sentence_text"]
    assert set(placed["country_iso3"]) <= {"RUS", "UKR", "PRK", "USA"}
    regions = placed[placed["place_precision"] == "admin1"]
    assert "Kursk" in set(regions["admin1"])
