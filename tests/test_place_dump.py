"""A GeoNames dump named for a run: its villages stand in their regions, from the file to the table of events."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analysis import place_index, tables
from analysis.components import annotate, build_nlp
from analysis.events import event_mentions, events
from analysis.gazetteer import Gazetteer

#: id, name, alternate names, latitude, longitude, class, code, country, region, population
DUMP: list[tuple[Any, ...]] = [
    (538555, "Kurskaya Oblast’", "Kursk Oblast,Kurschtschina", 51.7, 36.2, "A", "ADM1", "RU", "41", 1_100_000),
    (901, "Plyokhovo", "Plekhovo,Плёхово", 51.107, 35.321, "P", "PPL", "RU", "41", 0),
    (902, "Plekhovo", "", 53.2, 33.9, "P", "PPL", "RU", "10", 450),
    (903, "Verkhnyaya Tarna", "Upper Tarna,Verkhnjaja Tarna", 51.15, 35.25, "P", "PPL", "RU", "41", 0),
    (904, "Verkhnyaya Tarna", "", 55.9, 61.2, "P", "PPL", "RU", "13", 900),
    (905, "Sosnovy Brod", "", 51.3, 35.4, "P", "PPL", "RU", "41", 0),
    (906, "Sosnovy Brod", "", 51.9, 37.9, "P", "PPL", "RU", "41", 0),
    (907, "Dalny Log", "", 62.0, 129.7, "P", "PPL", "RU", "63", 40),
    (908, "Tarna", "", 51.2, 35.3, "H", "STM", "RU", "41", 0),
    (909, "Tarna Mill", "", 51.2, 35.3, "S", "BLDG", "RU", "41", 0),
    (910, "Malaya Tarna", "", 53.0, 34.0, "P", "PPL", "RU", "99", 0),
    (911, "Ninety-nine", "", 53.0, 34.0, "A", "ADM1", "RU", "99", 5),
    (7, "Sudzha", "Sudja", 50.0, 30.0, "P", "PPL", "RU", "41", 1),
]
REGIONS = {("RU", "41"): "Kursk Oblast", ("RU", "10"): "Bryansk Oblast", ("RU", "13"): "Chelyabinsk"}
REGIONS |= {("RU", "63"): "Sakha"}
PACKAGED = [
    ((7, "Sudzha", "settlement", 51.19, 35.27, "RUS", "RUS.kursk oblast", "Kursk", 6940), [("sudzha", 1)]),
    (
        (None, "Kursk", "admin1", 51.6, 35.9, "RUS", "RUS.kursk oblast", "Kursk", 797_689),
        [("kursk oblast", 1), ("kursk", 1)],
    ),
]


def line(row: tuple[Any, ...]) -> str:
    number, name, alternates, latitude, longitude, *feature, country, region, population = row
    cells = [number, name, name, alternates, latitude, longitude, *feature, country, "", region]
    return "\t".join(map(str, [*cells, "", "", "", population, "", 150, "Europe/Moscow", "2024-01-01"])) + "\n"


@pytest.fixture(scope="module")
def dump(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("dump") / "RU.txt"
    path.write_text("".join(map(line, DUMP)), encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def packages(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """An index of one town and its region instead of the packages'."""
    monkeypatch.setattr(place_index, "package_rows", lambda words: iter(PACKAGED))
    monkeypatch.setattr(place_index, "package_regions", lambda: REGIONS)
    monkeypatch.setenv("FIGURES_CACHE", str(tmp_path / "cache"))


def tell(text: str, dump: Path | None) -> Any:
    """The event mentions of one article, as the table has them."""
    nlp = build_nlp(gazetteer=str(dump) if dump else None)
    article = {"article_id": "art_0", "text": text, "published": "2024-12-18", "outlet": "Northern Post", "title": None}
    return event_mentions(annotate(nlp, [article]), tables.frame("claims", []))


def test_rows_stand_in_the_region_of_their_code(dump: Path) -> None:
    gazetteer = Gazetteer((), ("oblast",), dump)
    found = {(p.geonames_id, p.region, p.region_name) for p in gazetteer.lookup("Plekhovo")}
    assert found == {(901, "RUS.kursk oblast", "Kursk"), (902, "RUS.bryansk oblast", "Bryansk")}
    assert [p.region_name for p in gazetteer.lookup("Malaya Tarna")] == ["Ninety-nine"], "the dump's own region"
    assert gazetteer.lookup("Tarna Mill") == (), "a building is no place of news"


def test_what_the_packages_say_stays(dump: Path) -> None:
    gazetteer = Gazetteer((), ("oblast",), dump)
    assert [(p.geonames_id, p.latitude) for p in gazetteer.lookup("Sudja")] == [(7, 51.19)]
    regions = [p for p in gazetteer.lookup("Kurschtschina") if p.kind == "admin1"]
    assert [(p.name, p.geonames_id, p.latitude) for p in regions] == [("Kursk", 538555, 51.6)]


def test_a_codebook_row_without_a_point_takes_that_of_the_dump(dump: Path) -> None:
    row = dict.fromkeys(("latitude", "longitude", "geonames_id", "demonyms", "note"), "")
    row |= {"id": "settlement_tarna", "name": "Tarna", "kind": "settlement", "country": "RUS", "admin1": "Kursk Oblast"}
    row |= {"aliases": "Verkhnyaya Tarna | Verhnjaja Tarna"}
    for name in ("Tarna", "Verkhnyaya Tarna", "Verhnyaya Tarna"):
        best = Gazetteer([row], ("oblast",), dump).lookup(name)[0]
        assert (best.name, best.geonames_id, best.latitude) == ("Tarna", 903, 51.15)
        assert Gazetteer([row], ("oblast",)).lookup(name)[0].latitude is None


def test_a_spelling_that_the_dump_lacks(dump: Path) -> None:
    assert [p.geonames_id for p in Gazetteer((), (), dump).lookup("Verhnyaya Tarna")] == [904, 903]
    assert Gazetteer(()).lookup("Verhnyaya Tarna") == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # named with its region; the codebook's row without a point takes that of the dump
        ("Ukrainian forces attacked a convoy near the village of Plekhovo in the Kursk region.", ("Kursk", 901)),
        ("Ukrainian forces shelled the village of Verkhnyaya Tarna in Russia's Kursk region.", ("Kursk", 903)),
        # the region is told elsewhere in the article
        ("The Kursk region is under fire. Ukraine shelled the village of Verkhnyaya Tarna.", ("Kursk", 903)),
    ],
)
def test_the_event_has_the_point_of_the_village(dump: Path, text: str, expected: tuple[str, int]) -> None:
    (row,) = tell(text, dump).to_dict("records")
    assert (row["admin1"], row["geonames_id"], row["place_precision"]) == (*expected, "exact")
    (told,) = [r for r in DUMP if r[0] == expected[1]]
    assert (row["latitude"], row["longitude"]) == told[3:5]
    without = tell(text, None).to_dict("records")[0]
    assert without["place_precision"] != "exact", "the packages lack it"


@pytest.mark.parametrize(
    "text",
    [
        # the dump has that name only in another region
        "Ukrainian forces shelled the village of Dalny Log in the Kursk region.",
        "The Kursk region is under fire, said officials in Sudzha. Ukraine shelled the village of Dalny Log.",
        # two hamlets of the region have the name, and nothing tells them apart
        "Ukrainian forces shelled the village of Sosnovy Brod in the Kursk region.",
    ],
)
def test_a_namesake_never_wins(dump: Path, text: str) -> None:
    (row,) = tell(text, dump).to_dict("records")
    assert (row["admin1"], row["place_precision"]) == ("Kursk", "admin1")


def test_the_events_table_has_the_village(dump: Path) -> None:
    text = "Ukraine shelled the village of Verkhnyaya Tarna in the Kursk region on Saturday."
    mentions = tell(text, dump)
    table = events(mentions, tables.frame("claims", []), tables.frame("articles", []))
    assert table["place_precision"].tolist() == ["exact"]
    assert table["geonames_id"].tolist() == [903]
