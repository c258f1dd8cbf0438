"""Storing: the same bytes for the same rows, nothing lost, nothing half written, published in one step."""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pandas as pd
import pytest
from spacy.language import Language
from world import world

from analysis import doc_store, store
from analysis.components.mentions import ATTRIBUTES
from analysis.steps import example
from analysis.tables import frame

NASTY = [
    "=1+1",
    "+x",
    "-x",
    "@x",
    "\tx",
    "\rx",
    "a,b",
    'q"q',
    "line\nline",
    "cr\rcr",
    "  =late",
    "plain",
    "ü \u2028",
    "",
]


def _rejected(details: list[str]) -> pd.DataFrame:
    rows = [{"raw_path": f"{i:02d}", "record": "1", "reason": "bad_json", "detail": d} for i, d in enumerate(details)]
    return frame("rejected", rows)


@pytest.mark.parametrize("name", list(world()))
def test_a_table_comes_back_as_it_was(tmp_path: Path, name: str) -> None:
    data = world()[name]
    store.write_table(name, data, tmp_path)
    pd.testing.assert_frame_equal(store.read_table(name, tmp_path), data)


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    written = []
    for folder in ("a", "b"):
        paths = store.write_table("claims", world()["claims"], tmp_path / folder)
        written.append([p.read_bytes() for p in paths])
    assert written[0] == written[1]
    assert b"pandas" not in written[0][0], "pandas' own notes differ between versions"


def test_csv_cells_are_no_formulas_and_parquet_keeps_the_text(tmp_path: Path) -> None:
    data = _rejected(NASTY)
    store.write_table("rejected", data, tmp_path)
    assert list(store.read_table("rejected", tmp_path)["detail"]) == NASTY
    with (tmp_path / "rejected.csv").open(encoding="utf-8", newline="") as stream:
        cells = [row["detail"] for row in csv.DictReader(stream)]
    assert [c.removeprefix("'") for c in cells] == NASTY
    assert [c for c in cells if c.lstrip()[:1] in ("=", "+", "-", "@") or c[:1] in ("\t", "\r")] == []


def test_null_and_empty_text_differ_in_csv(tmp_path: Path) -> None:
    article = {
        **world()["articles"].iloc[0].to_dict(),
        "title": "",
        "byline": None,
        "credit": None,
        "copied_share": None,
    }
    row = {k: None if pd.isna(v) else v for k, v in article.items()}
    text = store.to_csv(frame("articles", [row]))
    assert text.count('""') == 1 and "\r" not in text and text.endswith("\n")


def test_a_missing_table_says_what_there_is(tmp_path: Path) -> None:
    store.write_table("rejected", _rejected([]), tmp_path)
    with pytest.raises(store.TableMissing, match="no table 'claims'; it has rejected"):
        store.read_table("claims", tmp_path)
    with pytest.raises(store.TableMissing, match="stage 02_claims"):
        doc_store.read_docs(tmp_path)


def test_annotated_articles_come_back_whole(tmp_path: Path, nlp: Language) -> None:
    doc = example(
        "The army said on Monday that it hadn't lost 120 soldiers near Kursk.\n\nPolice arrested two men.", nlp
    )
    doc_store.write_docs([doc], tmp_path)
    first = (tmp_path / store.DOCS).read_bytes()
    back = doc_store.read_docs(tmp_path)[0]
    assert back.text == doc.text and back._.outlet == "Example" and back._.published == doc._.published
    for name in ATTRIBUTES:
        assert getattr(back._, name) == getattr(doc._, name), name
    for one, other in zip(doc, back, strict=True):
        assert (one.lemma_, one.pos_, one.dep_, one.head.i, one.norm_, one.ent_type_, one.is_sent_start) == (
            *(other.lemma_, other.pos_, other.dep_, other.head.i, other.norm_, other.ent_type_, other.is_sent_start),
        )
    doc_store.write_docs([back], tmp_path)
    assert (tmp_path / store.DOCS).read_bytes() == first


def test_a_write_that_breaks_off_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    store.write_text(path, "old")
    with pytest.raises(RuntimeError), store.replacing(path) as partial:
        partial.write_text("ne", encoding="utf-8")
        raise RuntimeError
    assert path.read_text(encoding="utf-8") == "old"


def _runs(tmp_path: Path) -> tuple[Path, Path]:
    runs = [tmp_path / "runs" / n for n in ("one", "two")]
    for run in runs:
        run.mkdir(parents=True)
        (run / "name").write_text(run.name, encoding="utf-8")
    return runs[0], runs[1]


def test_publishing_swaps_a_relative_link(tmp_path: Path) -> None:
    latest = tmp_path / "latest"
    for run in _runs(tmp_path):
        store.publish(run, latest)
        assert (latest / "name").read_text(encoding="utf-8") == run.name
        assert os.readlink(latest) == f"runs/{run.name}"
    moved = tmp_path.rename(tmp_path.with_name("moved"))
    assert (moved / "latest" / "name").exists(), "the link must survive a move of the folder"


def test_publishing_without_links_makes_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object, **__: object) -> None:
        raise OSError("no links on this file system")

    one, two = _runs(tmp_path)
    latest = tmp_path / "latest"
    store.publish(one, latest)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "symlink_to", no_links)
        store.publish(two, latest)
        assert not latest.is_symlink() and (latest / "name").read_text(encoding="utf-8") == "two"
        store.publish(one, latest)
    assert (latest / "name").read_text(encoding="utf-8") == "one"
    store.publish(two, latest)
    assert latest.is_symlink() and (one / "name").exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["latest", "runs"], "nothing is left over"
