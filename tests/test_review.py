"""Sheets for review: rows that keep their names, through a spreadsheet and back, with strangers' text shown as text only."""

from __future__ import annotations

import csv
from pathlib import Path

import pandas as pd
import pytest
import reported
from reported import PAYLOADS
from reviewing import applied

from analysis import corrections, report, review, store
from analysis.correction import CorrectionError, rows_of
from analysis.review import Sheet, sheet
from analysis.tables import frame

Frames = dict[str, pd.DataFrame]


def test_rows_keep_their_names_whatever_is_drawn(found: Frames) -> None:
    small, large = sheet(found, 1, author="R."), sheet(found, 2, author="R.")
    assert set(small.handles) <= set(large.handles) and all(len(h) == review.DIGITS for h in large.handles)
    with pytest.raises(CorrectionError, match="this sheet has no row"):
        small.accept("ffffff")
    with pytest.raises(CorrectionError, match="this sheet has no row"):
        large.accept("")


def test_running_all_cells_again_after_a_run_is_harmless(read: Sheet, found: Frames) -> None:
    one, two = read.handles
    read.correct(one, reason="wrong", measure="wounded")
    read.reject(two, reason="wrong")
    before = read.path.read_bytes()
    claims = applied(read, found).rows
    again = sheet(
        {**found, "claims": claims}, claims[claims["kind"] == "figure"], author="R. Reader", file=str(read.path)
    )
    again.correct(one, reason="wrong", measure="wounded")
    again.reject(two, reason="wrong")
    assert again.path.read_bytes() == before


def test_a_sheet_goes_through_a_spreadsheet(read: Sheet, tmp_path: Path) -> None:
    path = read.write(tmp_path / "review.csv")
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows[0] |= {"verdict": "correct", "column": "comparator", "new": ">=", "reason": "at least"}
    rows.append(rows[0] | {"column": "high", "new": ""})
    rows[1] |= {"verdict": "Accept"}
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    read.take(path)
    assert sorted((c.action, c.column or "", c.new) for c in corrections.read(read.path)) == [
        ("accept", "", None),
        ("correct", "comparator", ">="),
        ("correct", "high", None),
    ]


@pytest.mark.parametrize("cells, message", [
    ({"verdict": "maybe", "reason": "x"}, "line 2: unknown action 'maybe'"),
    ({"verdict": "reject"}, "line 2: reason is empty"),
    ({"verdict": "accept", "row": "ffffff"}, "line 2: this sheet has no row 'ffffff'"),
    ({"verdict": "correct", "column": "start", "new": "3", "reason": "x"}, "line 2: 'start' is no column to correct"),
    ({"verdict": "correct", "column": "low", "new": "a few", "reason": "x"}, "line 2: low is a number"),
    ({"verdict": "correct", "column": "hedged", "new": "perhaps", "reason": "x"}, "line 2: hedged is true or false"),
])  # fmt: skip
def test_a_spreadsheet_line_that_cannot_be_taken(
    read: Sheet, tmp_path: Path, cells: dict[str, str], message: str
) -> None:
    path = tmp_path / "review.csv"
    line = dict.fromkeys(review.SHEET, "") | {"row": read.handles[0]} | cells
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(review.SHEET))
        writer.writeheader()
        writer.writerow(line)
    with pytest.raises(CorrectionError, match=message):
        read.take(path)
    assert not read.path.exists()


@pytest.mark.parametrize("payload", [*PAYLOADS, r"$\href{javascript:alert(1)}{x}$"])
def test_articles_are_shown_as_text_only(found: Frames, tmp_path: Path, payload: str) -> None:
    rows = rows_of(found["claims"])
    hostile = [r | {"sentence_text": payload, "outlet": payload, "source": payload, "counted": payload} for r in rows]
    found["claims"] = frame("claims", [r | {"mode": "indirect", "published": r["published"]} for r in hostile])
    read = sheet(found, 2, author="R. Reader", file=str(tmp_path / "c.jsonl"))
    shown = [read._repr_html_(), review.quotes(found["claims"])._repr_html_()]
    shown.append(read.accept(*read.handles)._repr_html_())
    for html in shown:
        assert html.startswith('<table class="tex2jax_ignore mathjax_ignore">')
        for forbidden in ("<script", "<img", "<svg", "<!--", "<a ", "]]>"):
            assert forbidden not in html.lower()
    cells = next(iter(csv.DictReader(read.write(tmp_path / "review.csv").open(encoding="utf-8", newline=""))))
    assert not any(str(c).startswith(("=", "+", "-", "@")) for c in cells.values())


def test_the_report_tells_what_was_reviewed_and_runs_nothing_of_it(tmp_path: Path) -> None:
    run_dir = reported.save(reported.mine_collapse(), tmp_path)
    told = dict.fromkeys(("outlet", "words", "sentence", "reason", "author", "why", "old", "new"), PAYLOADS[0])
    known = {"id": "cor_0", "table": "claims", "column": "source", "date": "2025-03-05", "action": "correct"}
    outcomes = [known | told | {"row_id": str(i), "state": state} for i, state in enumerate(("applied", "stale"))]
    (run_dir / "validation").mkdir()
    store.write_json(run_dir / "validation" / "02_claims.json", {"results": [], "corrections": outcomes})
    page = report.write(run_dir).read_text(encoding="utf-8")
    assert "One row reviewed: 0 right as extracted" in page and "One correction no longer fits" in page
    assert "One verdict not applied" in page and "One verdict applied" in page
    assert "&lt;/script&gt;&lt;script&gt;document.title" in page and PAYLOADS[0] not in page
