"""Corrections applied: only to the row they were made for, never to what changed, never silently."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from reviewing import applied, changed_article, row
from world import world

from analysis import correcting, corrections
from analysis.checks import CHECKS
from analysis.correction import Correction, rows_of
from analysis.review import Sheet, sheet
from analysis.tables import frame

Frames = dict[str, pd.DataFrame]


def test_corrections_are_applied_and_rejected_numbers_stay_accounted_for(read: Sheet, found: Frames) -> None:
    one, two = read.handles
    read.correct(one, reason="more than, not exactly", comparator=">", high=None)
    read.reject(two, reason="an old figure")
    claims, left_out, outcomes = correcting.correct_claims(
        found["claims"], found["left_out"], found["articles"], corrections.read(read.path)
    )
    assert [o.state for o in outcomes] == ["applied"] * 3
    kept = next(r for r in rows_of(claims) if r["kind"] == "figure")
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
    mention = rows_of(found["event_mentions"])[0]
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
    rows = [r | {column: now} if r["figure_text"] == "120" else r for r in rows_of(found["claims"])]
    (outcome,) = applied(read, {**found, "claims": frame("claims", rows)}).outcomes
    assert outcome.state == ("stale" if why[action] else "applied") and why[action] in outcome.why


def test_corrections_of_a_row_are_applied_together_or_not_at_all(read: Sheet, found: Frames) -> None:
    read.correct(read.handles[0], reason="wrong", comparator=">", high=None, place="Lower Brenk")
    rows = [r | {"place": "Brenk Hill"} if r["figure_text"] == "120" else r for r in rows_of(found["claims"])]
    after = {**found, "claims": frame("claims", rows)}
    done = applied(read, after)
    assert [o.state for o in done.outcomes] == ["stale"] * 3 and done.rows.equals(after["claims"])
    assert sum("another correction of the same row" in o.why for o in done.outcomes) == 2


def test_a_code_that_the_codebook_no_longer_has_stops_no_run(read: Sheet, found: Frames) -> None:
    read.correct(read.handles[0], reason="wrong", measure="wounded")
    cells = asdict(corrections.read(read.path)[0]) | {"new": "hurt", "id": ""}
    corrections.write(read.path, [Correction(**cells)])
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
