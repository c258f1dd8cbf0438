"""Corrections by people: recorded with a guard, in a file that loses none, and counted after a run."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import filelock
import pandas as pd
import pytest
from reviewing import applied, row

from analysis import correcting, corrections, store
from analysis.checks import CHECKS
from analysis.correction import COLUMNS, TABLES, CorrectionError, rows_of
from analysis.review import Sheet, sheet
from analysis.stage import Stage
from analysis.steps import open_stage
from analysis.tables import frame, schema

ROOT = Path(__file__).parents[1]
Frames = dict[str, pd.DataFrame]


# -- recording -----------------------------------------------------------------------------------------------------


def test_a_record_says_who_why_when_and_what_was_read(read: Sheet) -> None:
    read.correct(read.handles[0], reason="the army said so itself", source_kind="government")
    (line,) = read.path.read_text(encoding="utf-8").splitlines()
    cells = json.loads(line)
    assert (cells["action"], cells["column"], cells["old"], cells["new"]) == (
        *("correct", "source_kind"),
        *("military", "government"),
    )
    assert (cells["author"], cells["reason"]) == ("R. Reader", "the army said so itself")
    assert len(cells["date"]) == 10 and cells["id"].startswith("cor_") and len(cells["text_sha256"]) == 64
    assert cells["words"] == "120" and cells["sentence"].startswith("The army said on Monday that 120")


def test_the_same_verdict_again_changes_nothing(read: Sheet) -> None:
    read.accept(*read.handles)
    before = read.path.read_bytes()
    read.accept(*read.handles)
    assert read.path.read_bytes() == before


def test_a_later_verdict_takes_the_place_of_an_earlier_one(read: Sheet, found: Frames) -> None:
    one, two = read.handles
    read.accept(one, two)
    read.correct(one, reason="a typing error", low=121, high=121)
    read.correct(one, reason="a typing error of mine", low=122, high=122)
    read.reject(two, reason="an old figure")
    assert [(c.action, c.column, c.old, c.new) for c in corrections.read(read.path)] == [
        ("correct", "low", 120.0, 122.0),
        ("correct", "high", 120.0, 122.0),
        ("reject", None, None, None),
    ]
    with pytest.raises(CorrectionError, match="stands corrected"):
        read.accept(one)
    assert row(found, "120")["low"] == 120, "the tables at hand stay as they are"


def test_a_correction_back_to_what_was_extracted_is_none(read: Sheet, found: Frames) -> None:
    read.correct(read.handles[0], reason="wrong", measure="wounded")
    after = {**found, "claims": applied(read, found).rows}
    again = sheet(after, after["claims"][after["claims"]["kind"] == "figure"], author="R. Reader", file=str(read.path))
    again.correct(again.handles[0], reason="it was right", measure="killed")
    assert corrections.read(read.path) == []


def test_one_can_be_taken_back(read: Sheet) -> None:
    read.accept(*read.handles)
    first, second = corrections.read(read.path)
    assert corrections.withdraw(read.path, first.id) == first
    assert corrections.read(read.path) == [second]
    with pytest.raises(CorrectionError, match="has no correction"):
        corrections.withdraw(read.path, first.id)


@pytest.mark.parametrize("changes, message", [
    ({"claim_id": "x"}, "is copied from the article or an id"),
    ({"start": 3}, "is copied from the article or an id"),
    ({"figure_text": "12"}, "is copied from the article or an id"),
    ({"origin_id": "x"}, "is copied from the article or an id"),
    ({"colour": "red"}, "has no column 'colour'"),
    ({"measure": "deaths"}, "no code of the codebook"),
    ({"measure": None}, "every figure has a measure"),
    ({"unit": None}, "a comparator and a unit"),
    ({"low": "many"}, "not of type float"),
    ({"low": float("inf")}, "not of type float"),
    ({"comparator": "about"}, "not one of"),
    ({"comparator": ">="}, "low and high must be there as the comparator says"),
    ({"low": 500}, "low is at most high"),
    ({"mode": "none"}, "a row with a source has mode"),
    ({"as_of_start": "2024-13-01"}, "not of type date"),
    ({"as_of_start": "2024-06-01"}, "as_of_start is not after as_of_end"),
    ({"measure": "killed"}, "nothing changes: measure is 'killed' already"),
    ({}, "give the cells that are wrong"),
])  # fmt: skip
def test_what_a_run_would_not_take_is_refused(read: Sheet, changes: dict[str, Any], message: str) -> None:
    with pytest.raises(CorrectionError, match=message):
        read.correct(read.handles[0], reason="to see", **changes)
    assert not read.path.exists()


@pytest.mark.parametrize("author, reason, message", [
    ("", "a reason", "author is empty"),
    ("R. Reader", " ", "reason is empty"),
    ("R. Reader", "two\nlines", "one line of printable text"),
    ("R.\u202eReader", "a reason", "one line of printable text"),
])  # fmt: skip
def test_nobody_corrects_without_name_and_reason(read: Sheet, author: str, reason: str, message: str) -> None:
    read.author = author
    with pytest.raises(CorrectionError, match=message):
        read.reject(read.handles[0], reason=reason)


def test_another_source_brings_its_party_and_no_source_the_own_voice(read: Sheet, found: Frames) -> None:
    one, two = read.handles
    read.correct(one, reason="the officials said it", source="officials")
    read.correct(two, reason="the outlet's own words", source=None)
    rows = applied(read, found).rows
    first, second = (next(r for r in rows_of(rows) if r["figure_text"] == w) for w in ("120", "150"))
    assert (first["source"], first["source_id"], first["source_start"]) == ("officials", "officials", None)
    assert (second["source"], second["source_id"], second["source_kind"], second["mode"]) == (None, None, None, "none")


def test_ids_offsets_and_words_of_the_article_cannot_be_corrected() -> None:
    for table, columns in COLUMNS.items():
        for name in columns:
            column = schema()[table].column(name)
            assert column.references is None and name not in schema()[table].key
            assert (
                not name.endswith(("sentence", "sentence_start", "cue_start", "cue_end", "_text"))
                or name == "hedge_text"
            )
        assert not {"start", "end", "outlet", "published", "article_id", "extractor", "confidence"} & set(columns)
        assert set(correcting.RULES[table]) <= set(CHECKS)


def test_tables_name_their_ids_and_words() -> None:
    for table, (key, words) in TABLES.items():
        assert schema()[table].key == (key,) and words in schema()[table].names


# -- the file ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("change, message", [
    ({"table": "articles"}, "no corrections are made to the table 'articles'"),
    ({"action": "improve"}, "unknown action"),
    ({"column": "start"}, "is copied from the article"),
    ({"column": None}, "names its column"),
    ({"new": "military"}, "is 'military' already"),
    ({"author": 3}, "author must be text"),
    ({"date": "yesterday"}, "not a day"),
    ({"start": "3"}, "whole numbers"),
    ({"colour": "red"}, "unknown key 'colour'"),
    ({"reason": ...}, "the key 'reason' is missing"),
    ({"new": "media"}, "is not that of its content; write cor_"),
])  # fmt: skip
def test_a_line_that_is_no_correction_is_named(read: Sheet, change: dict[str, Any], message: str) -> None:
    read.correct(read.handles[0], reason="a reason", source_kind="government")
    cells = json.loads(read.path.read_text(encoding="utf-8")) | change
    line = json.dumps({k: v for k, v in cells.items() if v is not ...})
    read.path.write_text(f"\n{line}\n", encoding="utf-8")
    with pytest.raises(CorrectionError, match=rf"c\.jsonl, line 2: .*{message}"):
        corrections.read(read.path)


@pytest.mark.parametrize("text", ["{", "[]", "nonsense", "[" * 100_000])
def test_a_line_that_is_no_json(tmp_path: Path, text: str) -> None:
    (tmp_path / "c.jsonl").write_text(text, encoding="utf-8")
    with pytest.raises(CorrectionError, match="line 1: this is no JSON"):
        corrections.read(tmp_path / "c.jsonl")


def test_two_verdicts_on_one_row_are_refused(read: Sheet) -> None:
    read.accept(read.handles[0])
    line = read.path.read_text(encoding="utf-8")
    read.reject(read.handles[0], reason="no")
    with read.path.open("a", encoding="utf-8") as stream:
        stream.write(line)
    with pytest.raises(CorrectionError, match="line 2: accept of clm_.* against reject in cor_"):
        corrections.read(read.path)


RECORD_ROWS = """\
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from reviewing import figures_sheet
from world import world
sheet = figures_sheet(world(), Path({folder!r}))
sheet.author = {author!r}
for time in range(30):
    sheet.correct(sheet.handles[{row}], reason="count " + str(time), low=float(time), high=200.0 + time)
"""


def test_of_two_who_write_at_once_nobody_loses_a_verdict(tmp_path: Path) -> None:
    path, lengths = tmp_path / "c.jsonl", set()
    told = {"tests": str(Path(__file__).parent), "folder": str(tmp_path)}
    codes = [RECORD_ROWS.format(author=f"R. Reader {row}", row=row, **told) for row in (0, 1)]
    writers = [subprocess.Popen([sys.executable, "-c", code]) for code in codes]
    while any(writer.poll() is None for writer in writers):
        lengths.add(len(corrections.read(path)))  # a run reads whenever it likes
        time.sleep(0.002)
    assert [writer.returncode for writer in writers] == [0, 0] and max(lengths) <= 4
    kept = corrections.read(path)
    assert [(c.author, c.reason) for c in sorted(kept, key=lambda c: c.author)] == [
        (f"R. Reader {row}", "count 29") for row in (0, 0, 1, 1)
    ]
    assert [p.name for p in tmp_path.iterdir() if not p.name.startswith(".")] == ["c.jsonl"]


def test_a_file_that_stays_taken_or_cannot_be_written_is_told(
    read: Sheet, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(corrections, "PATIENCE", 0.05)
    with (
        filelock.FileLock(tmp_path / ".c.jsonl.lock"),
        pytest.raises(CorrectionError, match="is being written by another notebook; try again"),
    ):
        read.accept(read.handles[0])
    assert not read.path.exists()
    (tmp_path / "in the way").write_text("", encoding="utf-8")
    read.path = tmp_path / "in the way" / "c.jsonl"
    with pytest.raises(CorrectionError, match="cannot be written: "):
        read.accept(read.handles[0])


def test_the_committed_file_can_be_read() -> None:
    assert isinstance(corrections.read(ROOT / "data" / "corrections" / "corrections.jsonl"), list)


# -- a run ---------------------------------------------------------------------------------------------------------


def test_a_stage_notes_and_warns(read: Sheet, found: Frames, tmp_path: Path) -> None:
    one, two = read.handles
    read.accept(one)
    read.correct(two, reason="wrong", measure="wounded")
    rows = [r | {"measure": "missing"} if r["figure_text"] == "150" else r for r in rows_of(found["claims"])]
    folder = tmp_path / "run"
    store.write_table("articles", found["articles"], folder)
    stage = Stage("02_claims", tmp_path, folder, corrections_file=str(read.path))
    claims, left_out = stage.correct_claims(frame("claims", rows), found["left_out"])
    claims = claims.assign(comparison_id=None).astype(found["claims"].dtypes.to_dict())
    saved = stage.save(claims=claims, left_out=left_out)
    assert saved.set_index("table")["warnings"]["claims"] >= 1
    note = store.read_json(folder / "validation" / "02_claims.json")
    (broken,) = [r for r in note["results"] if r["expectation"] == "every correction fits the row that it was made for"]
    assert (broken["severity"], broken["success"], broken["failed"]) == ("warning", False, 1)
    assert "measure is now extracted as 'missing', it was 'killed'" in broken["detail"]
    counts = corrections.summary(folder)
    assert (counts["records"], counts["applied"], counts["stale"], counts["accepted"]) == (2, 1, 1, 1)
    assert counts["accepted_share"] == 1.0 and counts["by_table"]["event_mentions"]["accepted_share"] is None
    assert counts["stale_rows"][0]["reason"] == "wrong"
    lines = corrections.lines(folder)
    assert lines[0] == "corrections: 1 applied, 1 no longer fit" and lines[1].startswith("WARNING: correction cor_")
    assert counts["words"].startswith("One row reviewed: 1 right as extracted")


def test_the_share_accepted_is_that_of_reviewed_rows() -> None:
    outcomes = [{"table": "claims", "row_id": str(i), "action": "accept", "state": "applied"} for i in range(6)]
    outcomes += [{"table": "claims", "row_id": "6", "action": "correct", "state": "applied"}] * 2
    outcomes += [{"table": "claims", "row_id": "7", "action": "reject", "state": "applied"}]
    outcomes += [{"table": "claims", "row_id": "8", "action": "accept", "state": "stale"}]
    counts = corrections.counted(outcomes)
    assert (counts["reviewed_rows"], counts["accepted"], counts["corrected"], counts["rejected"]) == (8, 6, 1, 1)
    assert counts["accepted_share"] == 0.75 and counts["accepted_interval"] == [0.4093, 0.9285]


def test_a_broken_file_stops_the_stage_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "c.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(Exception, match=r"c\.jsonl, line 1: the key 'action' is missing"):
        open_stage("04_comparisons", raw="data/sample", corrections=str(tmp_path / "c.jsonl"))
