"""Each expectation catches a planted row; a valid world passes all; results name rows with article and quote."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from world import world

from analysis import store, validate
from analysis.contracts import STAGES
from analysis.provenance import sha256_file
from analysis.stage import Stage, StageInvalid, _unchanged
from analysis.tables import schema

Frames = dict[str, pd.DataFrame]


def put(table: str, column: str, value: Any, row: int = 0) -> Callable[[Frames], None]:
    """Plant ``value`` in one cell."""

    def plant(frames: Frames) -> None:
        frames[table] = frames[table].copy()
        frames[table].loc[row, column] = value

    return plant


def twice(table: str) -> Callable[[Frames], None]:
    def plant(frames: Frames) -> None:
        frames[table] = pd.concat([frames[table], frames[table].head(1)], ignore_index=True)

    return plant


def empty(table: str) -> Callable[[Frames], None]:
    def plant(frames: Frames) -> None:
        frames[table] = frames[table].head(0)

    return plant


def generated_plant(table: str, entry: dict[str, Any]) -> Callable[[Frames], None]:
    """What must be caught by an expectation that the schema generates."""
    rule = entry["meta"]["id"].rsplit(".", 1)[1]
    if rule == "unique":
        return twice(table)
    column = entry["kwargs"]["column"]
    if rule == "bounds":
        low, high = entry["kwargs"].get("min_value"), entry["kwargs"].get("max_value")
        return put(table, column, low - 1 if low is not None else high + 1)
    values = {"required": None, "allowed": "no such code", "iso_day": "yesterday", "reference": "nowhere"}
    return put(table, column, values[rule])


def statement_row(frames: Frames) -> int:
    return int(frames["claims"].index[frames["claims"]["kind"] == "statement"][0])


def overlap(frames: Frames) -> None:
    claims = frames["claims"].copy()
    other = claims[claims["kind"] == "figure"].head(1).assign(claim_id="clm_other")
    frames["claims"] = pd.concat([claims, other], ignore_index=True)


def percent(column: str, value: float, measure: str) -> Callable[[Frames], None]:
    def plant(frames: Frames) -> None:
        put("claims", "unit", "percent")(frames)
        put("claims", "measure", measure)(frames)
        put("claims", column, value)(frames)

    return plant


def rejected(frames: Frames) -> None:
    row = {"raw_path": "x.json", "record": "1", "reason": "bad_json", "detail": "Mend the file."}
    frames["rejected"] = pd.DataFrame([row]).astype(frames["rejected"].dtypes.to_dict())


def rejected_without_remedy(frames: Frames) -> None:
    rejected(frames)
    put("rejected", "detail", "bad")(frames)


def as_plain_strings(table: str, column: str, value: str) -> Callable[[Frames], None]:
    return put(table, column, value)


JUDGEMENT: dict[str, Callable[[Frames], None]] = {
    "articles.not_empty": empty("articles"),
    "articles.not_shrunk": empty("articles"),
    "articles.text_not_empty": put("articles", "text", ""),
    "articles.raw_path_relative": put("articles", "raw_path", "../../etc/passwd"),
    "articles.url_http": put("articles", "url", "javascript:alert(1)"),
    "articles.published_known": put("articles", "published", None),
    "articles.outlet_known": put("articles", "outlet_basis", "unknown"),
    "articles.numbers_accounted": put("articles", "text", "It lost 77 men. The rest is silence.", 0),
    "articles.copy_fields_together": put("articles", "copied_share", None, 1),
    "claims.not_empty": empty("claims"),
    "claims.not_shrunk": empty("claims"),
    "claims.figure_text": put("claims", "figure_text", "121"),
    "claims.claim_sentence_text": put("claims", "sentence_text", "Another sentence."),
    "claims.inside_sentence": put("claims", "sentence_end", 5),
    "claims.cue_text": put("claims", "cue", "denied"),
    "claims.source_span": put("claims", "source_end", 10_000),
    "claims.no_figure_overlaps": overlap,
    "claims.bounds_fit_comparator": put("claims", "comparator", ">="),
    "claims.source_has_mode": put("claims", "mode", "none"),
    "claims.said_before_published": put("claims", "said_date", "2030-01-01"),
    "claims.points_elsewhere": lambda f: put("claims", "part_of", f["claims"].loc[0, "claim_id"])(f),
    "claims.as_of_order": put("claims", "as_of_start", "2030-01-01"),
    "claims.comparison_exists": put("claims", "comparison_id", "cmp_nowhere"),
    "claims.low_not_above_high": put("claims", "low", 1e9),
    "claims.low_not_negative": put("claims", "low", -5.0),
    "claims.percent_of_land": percent("high", 140.0, "territory_lost"),
    "claims.percent_sane": percent("low", 5000.0, "share"),
    "claims.figure_has_figure_text": put("claims", "figure_text", None),
    "claims.figure_has_comparator": put("claims", "comparator", None),
    "claims.figure_has_measure": put("claims", "measure", None),
    "claims.figure_has_unit": put("claims", "unit", None),
    "claims.figure_has_counted": put("claims", "counted", None),
    "claims.statement_has_type": lambda f: put("claims", "statement_type", None, statement_row(f))(f),
    "claims.measure_in_codebook": put("claims", "measure", "no such measure"),
    "claims.class_in_codebook": put("claims", "counted_class", "no such class"),
    "left_out.not_empty": empty("left_out"),
    "left_out.not_shrunk": empty("left_out"),
    "left_out.left_out_text": put("left_out", "text", "1999"),
    "left_out.not_empty_span": put("left_out", "end", 0),
    "left_out.nothing_failed": put("left_out", "reason", "extraction_failed"),
    "event_mentions.not_empty": empty("event_mentions"),
    "event_mentions.not_shrunk": empty("event_mentions"),
    "event_mentions.trigger_text": put("event_mentions", "trigger", "bombed"),
    "event_mentions.event_sentence_text": put("event_mentions", "sentence_text", "Another sentence."),
    "event_mentions.actual_not_after_publication": put("event_mentions", "date_start", "2030-01-01"),
    "event_mentions.event_dates_ordered": put("event_mentions", "date_end", "2020-01-01"),
    "event_mentions.point_fits_precision": put("event_mentions", "latitude", None),
    "event_mentions.linked_claims_exist": put("event_mentions", "claim_ids", "clm_nowhere"),
    "events.not_empty": empty("events"),
    "events.not_shrunk": empty("events"),
    "events.event_has_its_mentions": put("events", "n_mentions", 7),
    "events.death_bounds_ordered": put("events", "killed_low", 99.0),
    "comparisons.not_empty": empty("comparisons"),
    "comparisons.not_shrunk": empty("comparisons"),
    "comparisons.comparison_has_its_members": put("comparisons", "n_claims", 7),
    "comparisons.counts_nest": put("comparisons", "n_outlets", 7),
    "comparisons.comparison_bounds": put("comparisons", "low", 1e9),
    "comparisons.deciding_claims_are_members": put("comparisons", "deciding_claims", "clm_nowhere"),
    "comparisons.single_has_one_origin": put("comparisons", "agreement", "single"),
    "rejected.none": rejected,
    "rejected.detail_says": rejected_without_remedy,
}
PREVIOUS = {name: 10 for name in schema()}


def entries() -> list[tuple[str, dict[str, Any]]]:
    return [(name, entry) for name in schema() for entry in validate.read_suite(name)]


def test_every_judgement_has_a_plant() -> None:
    wanted = {e["meta"]["id"] for _, e in entries() if e["meta"]["origin"] == "judgement"}
    assert wanted == set(JUDGEMENT)


def test_a_valid_world_passes() -> None:
    failed = [v for v in validate.validate(world(), list(schema()), None) if not v.success]
    assert failed == []


@pytest.mark.parametrize(("table", "entry"), entries(), ids=[e["meta"]["id"] for _, e in entries()])
def test_expectation_catches_a_planted_row(table: str, entry: dict[str, Any], tmp_path: Path) -> None:
    frames = world()
    if entry["meta"]["id"].startswith("rejected.") and entry["meta"]["origin"] == "schema":
        rejected(frames)
    # the suite under test holds this one expectation, so that no other rule can catch the row for it
    (tmp_path / f"{table}.json").write_text(json.dumps({"name": table, "expectations": [entry]}), encoding="utf-8")
    before = validate.validate(frames, [table], {table: 0}, folder=tmp_path)
    clean = [v for v in before if v.table == table and not v.success]
    assert not clean or entry["meta"]["id"] == "rejected.none"
    plant = JUDGEMENT.get(entry["meta"]["id"]) or generated_plant(table, entry)
    plant(frames)
    outcome = validate.validate(frames, [table], PREVIOUS, folder=tmp_path)
    assert any(not v.success for v in outcome), f"{entry['meta']['id']} let the planted row through"
    assert all("could not be asked" not in v.detail for v in outcome), outcome


def test_every_expectation_is_asked_by_a_stage() -> None:
    frames, known, asked = world(), {}, set()
    for stage in STAGES.values():
        for name in stage.writes:
            known[name] = frames[name]
        found = validate.validate(known, stage.writes, PREVIOUS)
        asked |= {(v.table, v.expectation) for v in found}
    whole = {(v.table, v.expectation) for v in validate.validate(frames, list(schema()), PREVIOUS)}
    assert asked == whole and len(whole) > 200


def test_what_concerns_only_unchanged_columns_is_not_asked_again() -> None:
    frames = world()
    put("claims", "outlet", None)(frames)
    put("claims", "low", 10_000_000)(frames)
    columns = set(frames["claims"].columns)
    again = validate.validate(frames, ["claims"], unchanged={"claims": columns - {"low"}})
    asked, failed = {v.expectation for v in again}, [v.expectation for v in again if not v.success]
    assert "outlet is never null" not in asked and "low is at most high" in failed
    assert "text[start:end] is figure_text" in asked, "a rule over whole rows is asked again"
    assert "article_id is found in articles.article_id" in asked, "a rule on another table is asked again"
    whole = [v.expectation for v in validate.validate(frames, ["claims"]) if not v.success]
    assert {"outlet is never null", "low is at most high"} <= set(whole)


def test_a_column_is_unchanged_only_where_an_earlier_stage_validated_it(tmp_path: Path) -> None:
    claims, last = world()["claims"], Stage("04_comparisons", tmp_path, tmp_path)
    store.write_table("claims", claims, tmp_path)
    assert _unchanged("claims", claims, last) == set(), "written, but not validated"
    note = {"tables": {"claims": {"rows": 1, "sha256": sha256_file(tmp_path / "claims.parquet")}}}
    (tmp_path / "validation").mkdir()
    store.write_json(tmp_path / "validation" / "02_claims.json", note)
    assert _unchanged("claims", claims, last) == set(claims.columns)
    assert _unchanged("claims", claims, Stage("02_claims", tmp_path, tmp_path)) == set(), "the stage's own note"
    assert _unchanged("claims", claims.assign(comparison_id="c"), last) == set(claims.columns) - {"comparison_id"}
    assert _unchanged("claims", claims.iloc[1:], last) == set(), "a row is gone"
    broken = {"table": "claims", "severity": "error", "success": False}
    store.write_json(tmp_path / "validation" / "02_claims.json", note | {"results": [broken]})
    assert _unchanged("claims", claims, last) == set(), "what was not valid then is asked again"
    store.write_json(tmp_path / "validation" / "02_claims.json", note)
    store.write_table("claims", claims.assign(outlet="Another"), tmp_path)
    assert _unchanged("claims", claims, last) == set(), "the file is not what was validated"


def test_what_was_invalid_stays_so_when_a_notebook_saves_it_again(tmp_path: Path) -> None:
    tables = {name: world()[name] for name in STAGES["01_articles"].writes}
    tables["articles"] = tables["articles"].iloc[[0, 0]]
    stage = Stage("01_articles", tmp_path, tmp_path)
    for _ in range(2):
        with pytest.raises(StageInvalid, match="articles: "):
            stage.save(**tables)


def test_lost_figures_stop_a_run_and_articles_without_any_do_not() -> None:
    whole = world()
    frames = {"articles": whole["articles"], "claims": whole["claims"].iloc[:0], "left_out": whole["left_out"].iloc[:0]}
    failed = [v for v in validate.validate(frames, ["claims", "left_out"]) if not v.success and v.severity == "error"]
    assert [v.expectation for v in failed] == ["claims and left_out account for every number and number word"]
    frames["articles"] = frames["articles"].assign(text="The army spoke of heavy losses.")
    failed = [v for v in validate.validate(frames, ["claims", "left_out"]) if not v.success]
    assert {(v.table, v.severity) for v in failed} == {("claims", "warning"), ("left_out", "warning")}


def test_a_failure_names_article_and_quote() -> None:
    frames = world()
    put("claims", "figure_text", "121")(frames)
    failed = [v for v in validate.validate(frames, ["claims"]) if not v.success]
    assert [v.expectation for v in failed] == ["text[start:end] is figure_text"]
    row = failed[0].rows[0]
    assert row["outlet"] == "The Northern Post" and row["file"] == "the.txt"
    assert "120 soldiers were killed" in row["quote"]
    assert failed[0].severity == "error"
    assert json.dumps(failed[0].as_dict())


def test_wrong_types_are_named() -> None:
    frames = world()
    frames["claims"]["low"] = frames["claims"]["low"].astype("str")
    failed = [v for v in validate.validate(frames, ["claims"]) if not v.success]
    assert len(failed) == 1 and "low" in failed[0].detail


def test_generated_half_is_fresh() -> None:
    for name in schema():
        path = validate.expectations_folder() / f"{name}.json"
        assert path.read_text(encoding="utf-8") == validate.suite_text(name), (
            "run 'figures docs' to write the suites anew"
        )


def test_a_dropped_expectation_is_an_error(tmp_path: Path) -> None:
    entry = {
        "type": "expect_the_unknown",
        "kwargs": {},
        "severity": "critical",
        "meta": {"id": "x.y", "origin": "schema"},
    }
    (tmp_path / "articles.json").write_text(json.dumps({"expectations": [entry]}), encoding="utf-8")
    with pytest.raises(validate.SuiteError, match="knows 0 of 1"):
        validate.validate(world(), ["articles"], folder=tmp_path)


def test_a_judgement_without_why_is_an_error(tmp_path: Path) -> None:
    entry = {
        "type": "expect_column_to_exist",
        "kwargs": {"column": "text"},
        "meta": {"id": "a.b", "origin": "judgement"},
    }
    (tmp_path / "articles.json").write_text(json.dumps({"expectations": [entry]}), encoding="utf-8")
    with pytest.raises(validate.SuiteError, match="why"):
        validate.read_suite("articles", tmp_path)
