"""The gazetteer: names, the index and its cache, the codebook's places, and which of several places a name means."""

from __future__ import annotations

import multiprocessing
import os
import pickle
from pathlib import Path

import pytest

from analysis import codebook, place_index
from analysis.components.place_ruler import load_resolver
from analysis.gazetteer import Gazetteer, place_rows
from analysis.geography import Geography, beside
from analysis.place_names import fold, loose, plain
from analysis.toponyms import Resolver

PLACES = place_rows(codebook.load())


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return load_resolver()


@pytest.fixture(scope="module")
def gazetteer(resolver: Resolver) -> Gazetteer:
    return resolver.gazetteer


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("El-Fasher", "el fasher"),
        ("Zürich", "ZURICH"),
        ("Łódź", "Lodz"),
        ("N.Y.", "ny"),
        ("Northern Darfur", "North Darfur"),
    ],
)
def test_names_that_meet(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_transliterations_meet_loosely() -> None:
    assert loose("Serhiivka") == loose("Sergiyivka")
    assert loose("Plyokhovo") == loose("Plekhovo") == loose("Plehovo")
    assert loose("Sudzha") != loose("Rylsk")


def test_a_transliteration_the_codebook_does_not_list(gazetteer: Gazetteer) -> None:
    assert gazetteer.lookup("Zaporijia")[0].name == "Zaporizhzhia"


def test_plain_keeps_letters_of_the_language() -> None:
    assert plain("Khān Yūnis") == "Khan Yunis"
    assert plain("São Paulo") == "São Paulo"


@pytest.mark.parametrize("row", PLACES, ids=[r["id"] for r in PLACES])
def test_codebook_place_is_found_by_every_name(gazetteer: Gazetteer, row: codebook.Row) -> None:
    for name in (row["name"], *codebook.Codebook.split(row["aliases"])):
        found = [p for p in gazetteer.lookup(name) if p.name == row["name"] and p.country == (row["country"] or None)]
        assert found, name
        if row["latitude"]:
            assert any(p.latitude == float(row["latitude"]) for p in found), name
    for word in codebook.Codebook.split(row["demonyms"]):
        assert any(p.name == row["name"] for p in gazetteer.demonym(word)), word
    if row["latitude"]:
        assert -90 <= float(row["latitude"]) <= 90
        assert -180 <= float(row["longitude"]) <= 180


def test_names_of_countries_have_one_home() -> None:
    rows = [r for r in codebook.load().rows("places") if r["kind"] == "country"]
    named = codebook.load().by_id("demonyms")
    assert [r["id"] for r in rows if r["aliases"] or r["demonyms"] or r["name"] != named[r["country"]]["name"]] == []


def test_every_country_has_a_point(gazetteer: Gazetteer) -> None:
    lost = [code for code, r in place_index.countries().items() if r["capital"] and gazetteer.country(code) is None]
    assert set(lost) <= {"ANT", "SCG", "UMI", "ATF", "IOT", "SGS", "HMD", "BVT", "GGY", "JEY", "CUW", "SXM"}, lost


@pytest.mark.parametrize(
    ("text", "name", "country", "region"),
    [
        ("The mayor of Springfield, Ill., resigned.", "Springfield", "USA", "Illinois"),
        ("The mayor of Springfield, Ohio, resigned.", "Springfield", "USA", "Ohio"),
        ("Georgia's governor spoke in Atlanta. Voters in Savannah, Georgia, waited.", "Savannah", "USA", "Georgia"),
        ("Spain sent pumps to Valencia after the flood. Spanish soldiers came.", "Valencia", "ESP", "Valencia"),
        (
            "Venezuela sent pumps to Valencia after the flood. Maracay and Caracas were spared.",
            "Valencia",
            "VEN",
            "Carabobo",
        ),
        ("The French police closed roads around Tours and Blois.", "Tours", "FRA", "Centre-Val de Loire"),
    ],
)
def test_the_article_decides(resolver: Resolver, text: str, name: str, country: str, region: str) -> None:
    spans = [
        (text.index(n), text.index(n) + len(n)) for n in (name, "Atlanta", "Caracas", "Maracay", "Blois") if n in text
    ]
    put = resolver.resolve(text, [resolver.read(text, a, b) for a, b in spans])[0]
    assert (put.country, put.region_name, put.precision) == (country, region, "exact")


def test_never_a_namesake_elsewhere(resolver: Resolver) -> None:
    text = "Fighters took the village of Berezivka in the Kursk region of Russia."
    spans = [(text.index("Berezivka"), text.index(" in the"))]
    put = resolver.resolve(text, [resolver.read(text, *spans[0])])[0]
    assert (put.name, put.country, put.region_name, put.precision) == ("Berezivka", "RUS", "Kursk", "admin1")


def test_nothing_known_is_none(resolver: Resolver) -> None:
    text = "They met at Qwxyzzt."
    put = resolver.resolve(text, [resolver.read(text, 12, 19)])[0]
    assert (put.latitude, put.country, put.precision) == (None, None, "none")


def test_beside_and_geography(gazetteer: Gazetteer) -> None:
    text = "It rained in Sochi, Russia, on Monday. Ukrainians and Russians disagree."
    assert [p.name for p in beside(text, text.index(","), gazetteer)] == ["Russia"]
    assert Geography(text, gazetteer).main_country() == "RUS"


def dump(tmp_path: Path) -> Path:
    """A file in GeoNames' tab format with one village and one stream."""
    cells = [
        "1",
        "Verkhnyaya Tarna",
        "Verkhnyaya Tarna",
        "Verkhnjaja Tarna",
        "51.1",
        "35.2",
        "P",
        "PPL",
        "RU",
        "",
        "41",
    ]
    cells += ["", "", "", "84", "", "150", "Europe/Moscow", "2024-01-01"]
    skipped = [*cells]
    skipped[0], skipped[6], skipped[7] = "2", "S", "BLDG"
    path = tmp_path / "RU.txt"
    path.write_text("\t".join(cells) + "\n" + "\t".join(skipped) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A cache folder and an index of one settlement instead of the packages'."""
    row = (7, "Sudzha", "settlement", 51.19, 35.27, "RUS", "RUS.kursk oblast", "Kursk", 6940)
    monkeypatch.setattr(place_index, "package_rows", lambda words: iter([(row, [("sudzha", 1)])]))
    folder = tmp_path / "cache"
    monkeypatch.setenv("FIGURES_CACHE", str(folder))
    return folder


def test_extra_geonames_file(small: Path, tmp_path: Path) -> None:
    gazetteer = Gazetteer((), extra=dump(tmp_path))
    assert [(p.name, p.country, p.geonames_id) for p in gazetteer.lookup("verkhnyaya tarna")] == [
        ("Verkhnyaya Tarna", "RUS", 1)
    ]
    assert [p.name for p in gazetteer.lookup("Sudzha")] == ["Sudzha"]
    broken = tmp_path / "broken.txt"
    broken.write_text("1\tTarna\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.txt, line 1: 2 columns"):
        Gazetteer((), extra=broken).lookup("Tarna")


def test_index_is_built_once_and_the_same(small: Path, tmp_path: Path) -> None:
    first = place_index.index_path(("region",))
    assert first.parent == small
    written = first.stat().st_mtime_ns
    assert place_index.index_path(("region",)).stat().st_mtime_ns == written
    assert place_index.index_path(("oblast",)) != first
    again = tmp_path / "again.sqlite3"
    place_index.build_index(again, ("region",))
    assert again.read_bytes() == first.read_bytes()
    assert not list(small.glob("*.part"))


def test_index_falls_back_where_nothing_can_be_written(
    small: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("no folder", encoding="utf-8")
    monkeypatch.setenv("FIGURES_CACHE", str(blocked / "cache"))
    monkeypatch.setattr(place_index.tempfile, "gettempdir", lambda: str(tmp_path))
    path = place_index.index_path(("region",))
    assert path.is_file()
    assert path.parent.parent == tmp_path


def test_failed_build_leaves_nothing(small: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(words: object) -> object:
        raise OSError("disk is gone")

    monkeypatch.setattr(place_index, "package_rows", broken)
    with pytest.raises(OSError, match="disk is gone"):
        place_index.index_path(("region",))
    assert list(small.iterdir()) == []


def _look(gazetteer: Gazetteer) -> tuple[int, int]:
    return os.getpid(), len(gazetteer.lookup("Sudzha"))


def test_gazetteer_in_other_processes(small: Path) -> None:
    gazetteer = Gazetteer(())
    assert len(gazetteer.lookup("Sudzha")) == 1
    assert len(pickle.loads(pickle.dumps(gazetteer)).lookup("Sudzha")) == 1
    with multiprocessing.get_context("fork").Pool(1) as pool:
        process, found = pool.apply(_look, (gazetteer,))
    assert process != os.getpid()
    assert found == 1
