"""Corrections by people: recorded with a guard, applied at each run, never applied to what changed, never silently."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import reported
from reported import PAYLOADS
from world import world

from analysis import correcting, corrections, report, review, store
from analysis.checks import CHECKS
from analysis.corrections import COLUMNS, TABLES, CorrectionError
from analysis.provenance import article_id
from analysis.review import Sheet, sheet
from analysis.stage import Stage
from analysis.steps import open_stage
from analysis.tables import frame, schema

Frames = dict[str, pd.DataFrame]
ROOT = Path(__file__).parents[1]


@pytest.fixture
def found() -> Frames:
    return world()


@pytest.fixture
def read(found: Frames, tmp_path: Path) -> Sheet:
    """All figures of the small world: 120 soldiers in the Northern Post, 150 in the Harbour Gazette."""
    claims = found["claims"]
    return sheet(found, claims[claims["kind"] == "figure"], author="R. Reader", file=str(tmp_path / "c.jsonl"))


def applied(read: Sheet, found: Frames, table: str = "claims") -> correcting.Corrected:
    return correcting.apply(table, found[table], found["articles"], corrections.read(read.path))


def row(found: Frames, words: str) -> dict[str, Any]:
    return next(r for r in corrections.rows_of(found["claims"]) if r["figure_text"] == words)


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
    first, second = (next(r for r in corrections.rows_of(rows) if r["figure_text"] == w) for w in ("120", "150"))
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


def test_the_committed_file_can_be_read() -> None:
    assert isinstance(corrections.read(ROOT / "data" / "corrections" / "corrections.jsonl"), list)


# -- applying ------------------------------------------------------------------------------------------------------


def test_corrections_are_applied_and_rejected_numbers_stay_accounted_for(read: Sheet, found: Frames) -> None:
    one, two = read.handles
    read.correct(one, reason="more than, not exactly", comparator=">", high=None)
    read.reject(two, reason="an old figure")
    claims, left_out, outcomes = correcting.correct_claims(
        found["claims"], found["left_out"], found["articles"], corrections.read(read.path)
    )
    assert [o.state for o in outcomes] == ["applied"] * 3
    kept = next(r for r in corrections.rows_of(claims) if r["kind"] == "figure")
    assert (kept["comparator"], kept["low"], kept["high"]) == (">", 120, None)
    assert all(o.correction.id in kept["extractor"] for o in outcomes[:2])
    assert len(claims) == len(found["claims"]) - 1
    assert claims["part_of"].isna().all() and (claims["about_claim_id"].dropna() == kept["claim_id"]).all()
    gone = left_out[left_out["reason"] == correcting.REJECTED]
    assert gone[["text", "article_id"]].values.tolist() == [["150", row(found, "150")["article_id"]]]
    frames = {**found, "claims": claims, "left_out": left_out}
    assert CHECKS["check_numbers_accounted"].flags(frames).all()
    assert CHECKS["check_left_out_text"].flags(frames).all()


def test_nothing_to_apply_leaves_the_table_as_it_is(found: Frames) -> None:
    done = correcting.apply("claims", found["claims"], found["articles"], [])
    assert done.rows is found["claims"] and done.outcomes == []


def test_applying_twice_gives_the_same(read: Sheet, found: Frames) -> None:
    read.correct(read.handles[0], reason="wrong", place="Lower Brenk")
    assert applied(read, found).rows.equals(applied(read, world()).rows)


def test_a_corrected_mention_moves_to_another_event(found: Frames, tmp_path: Path) -> None:
    mention = corrections.rows_of(found["event_mentions"])[0]
    start = found["articles"].set_index("article_id")["text"][mention["article_id"]].index("killed")
    more = {"mention_id": "evm_0000000000000001", "trigger": "killed", "start": start, "end": start + 6}
    sentence = row(found, "120")
    more |= {k: sentence[k] for k in ("sentence", "sentence_start", "sentence_end", "sentence_text")}
    found["event_mentions"] = frame("event_mentions", [mention, mention | more])
    read = sheet(
        found, found["event_mentions"], author="R. Reader", table="event_mentions", file=str(tmp_path / "c.jsonl")
    )
    ids = correcting.correct_mentions(found["event_mentions"], found["articles"], [])[0]["event_id"]
    assert ids.nunique() == 1
    read.correct(read.handles[1], reason="not the rebels", actor="army", target="rebels", event_type="COERCE")
    rows, outcomes = correcting.correct_mentions(
        found["event_mentions"], found["articles"], corrections.read(read.path)
    )
    assert {o.state for o in outcomes} == {"applied"} and rows["event_id"].nunique() == 2
    read.reject(read.handles[0], reason="it never happened")
    rows, _ = correcting.correct_mentions(found["event_mentions"], found["articles"], corrections.read(read.path))
    assert rows["trigger"].tolist() == [read.rows[1]["trigger"]]


# -- the guard -----------------------------------------------------------------------------------------------------


def changed_article(found: Frames, old: str, new: str) -> Frames:
    """The world after the Northern Post changed its text: what a run extracts from it anew."""
    articles = corrections.rows_of(found["articles"])
    article = next(a for a in articles if old in a["text"])
    before = article["article_id"]
    article["text"] = article["text"].replace(old, new)
    article["article_id"] = article_id(article["outlet"], article["url"], article["text"])
    claims = corrections.rows_of(found["claims"])
    for claim in (c for c in claims if c["article_id"] == before):
        claim["article_id"], claim["claim_id"] = article["article_id"], claim["claim_id"].replace("clm_", "clm_f")[:20]
        claim["sentence_text"] = claim["sentence_text"].replace(old, new)
        if claim["figure_text"] == old:
            claim["figure_text"] = new
    for other in articles:
        other["copy_of"] = other["copied_share"] = None
    pointers = {"part_of": None, "about_claim_id": None}
    return {
        "articles": frame("articles", articles),
        "claims": frame("claims", [c | pointers for c in claims]),
    }


@pytest.mark.parametrize("old, new, why", [
    ("120", "130", "that 130 soldiers were killed near Brenk.”, and “120” is now “130”"),
    ("Monday", "Sunday", "the sentence now reads “The army said on Sunday that 120 soldiers were killed near Brenk.”"),
    ("Rebels shelled Brenk.", "All is quiet.", "this sentence is still the same; look again"),
])  # fmt: skip
def test_a_changed_article_is_told_precisely_and_nothing_applied(
    read: Sheet, found: Frames, old: str, new: str, why: str
) -> None:
    read.correct(read.handles[0], reason="wrong", measure="wounded")
    after = changed_article(found, old, new)
    done = applied(read, after)
    (outcome,) = done.outcomes
    assert outcome.state == "stale" and outcome.why.startswith("the article changed (the.txt)") and why in outcome.why
    assert done.rows.equals(after["claims"])


def test_a_sentence_that_is_gone_is_told(read: Sheet, found: Frames) -> None:
    read.accept(read.handles[0])
    after = changed_article(found, "120", "130")
    after["claims"] = after["claims"][after["claims"]["figure_text"] != "130"]
    after["articles"]["text"] = after["articles"]["text"].str.replace("The army said", "Nobody said")
    assert (
        "“The army said on Monday that 120 soldiers were killed near Brenk.” is gone"
        in applied(read, after).outcomes[0].why
    )


@pytest.mark.parametrize("action", ["accept", "correct", "reject"])
@pytest.mark.parametrize("column, now, why", [
    ("measure", "displaced", {"accept": "measure is now extracted as 'displaced', it was 'killed'",
                              "correct": "measure is now extracted as 'displaced', it was 'killed'", "reject": ""}),
    ("measure", "wounded", {"accept": "measure is now extracted as 'wounded'",
                            "correct": "now gives measure 'wounded' by itself; the correction can be withdrawn",
                            "reject": ""}),
    ("place", None, {"accept": "place is now extracted as None, it was 'Brenk'", "correct": "", "reject": ""}),
    ("sentence_text", "Cut.", dict.fromkeys(["accept", "correct", "reject"], "its sentence is now cut as “Cut.”")),
    ("figure_text", "12", dict.fromkeys(["accept", "correct", "reject"], "no longer stands on “120”")),
    ("claim_id", "clm_0", dict.fromkeys(["accept", "correct", "reject"], "no longer makes this row of “120”")),
    ("confidence", 0.1, dict.fromkeys(["accept", "correct", "reject"], "")),
])  # fmt: skip
def test_a_row_that_is_extracted_otherwise(
    read: Sheet, found: Frames, action: str, column: str, now: Any, why: dict[str, str]
) -> None:
    handle = read.handles[0]
    if action == "correct":
        read.correct(handle, reason="wrong", measure="wounded")
    elif action == "accept":
        read.accept(handle)
    else:
        read.reject(handle, reason="wrong")
    rows = [r | {column: now} if r["figure_text"] == "120" else r for r in corrections.rows_of(found["claims"])]
    (outcome,) = applied(read, {**found, "claims": frame("claims", rows)}).outcomes
    assert outcome.state == ("stale" if why[action] else "applied") and why[action] in outcome.why


def test_corrections_of_a_row_are_applied_together_or_not_at_all(read: Sheet, found: Frames) -> None:
    read.correct(read.handles[0], reason="wrong", comparator=">", high=None, place="Lower Brenk")
    rows = [
        r | {"place": "Brenk Hill"} if r["figure_text"] == "120" else r for r in corrections.rows_of(found["claims"])
    ]
    after = {**found, "claims": frame("claims", rows)}
    done = applied(read, after)
    assert [o.state for o in done.outcomes] == ["stale"] * 3 and done.rows.equals(after["claims"])
    assert sum("another correction of the same row" in o.why for o in done.outcomes) == 2


def test_a_code_that_the_codebook_no_longer_has_stops_no_run(read: Sheet, found: Frames) -> None:
    read.correct(read.handles[0], reason="wrong", measure="wounded")
    cells = asdict(corrections.read(read.path)[0]) | {"new": "hurt", "id": ""}
    corrections.write(read.path, [corrections.Correction(**cells)])
    cells = json.loads(read.path.read_text(encoding="utf-8"))
    del cells["id"]
    read.path.write_text(json.dumps(cells), encoding="utf-8")
    (outcome,) = applied(read, found).outcomes
    assert outcome.state == "stale" and "no code of the codebook" in outcome.why


def test_corrections_of_other_collections_are_counted_and_no_warning(read: Sheet, found: Frames) -> None:
    read.accept(*read.handles)
    after = {**found, "articles": found["articles"][:1]}
    states = [o.state for o in applied(read, after).outcomes]
    assert sorted(states) == ["applied", "elsewhere"]


# -- a run ---------------------------------------------------------------------------------------------------------


def test_a_stage_notes_and_warns(read: Sheet, found: Frames, tmp_path: Path) -> None:
    one, two = read.handles
    read.accept(one)
    read.correct(two, reason="wrong", measure="wounded")
    rows = [
        r | {"measure": "missing"} if r["figure_text"] == "150" else r for r in corrections.rows_of(found["claims"])
    ]
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


# -- sheets --------------------------------------------------------------------------------------------------------


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
    rows = corrections.rows_of(found["claims"])
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


def test_tables_name_their_ids_and_words() -> None:
    for table, (key, words) in TABLES.items():
        assert schema()[table].key == (key,) and words in schema()[table].names


# -- the report ----------------------------------------------------------------------------------------------------


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
