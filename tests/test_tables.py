"""The frame gate, the dictionary and ids."""

from __future__ import annotations

import hashlib

import pandas as pd
import pytest

from analysis import provenance, tables
from analysis.paths import project_root

LEFT_OUT = {"article_id": "art_1", "start": 3, "end": 7, "text": "2024", "reason": "date"}


def test_rows_become_typed_columns_in_schema_order() -> None:
    data = tables.frame("left_out", [LEFT_OUT])
    assert list(data.columns) == tables.schema()["left_out"].names
    assert str(data["start"].dtype) == "Int64" and str(data["text"].dtype) == "str"


def test_an_empty_table_keeps_its_types() -> None:
    data = tables.frame("claims", [])
    assert len(data) == 0 and str(data["low"].dtype) == "Float64" and str(data["hedged"].dtype) == "boolean"


def test_order_of_rows_does_not_show() -> None:
    other = LEFT_OUT | {"start": 1, "end": 2}
    pd.testing.assert_frame_equal(
        tables.frame("left_out", [LEFT_OUT, other]), tables.frame("left_out", [other, LEFT_OUT])
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"reason": None}, "required and null"),
        ({"start": "3"}, "not of type int"),
        ({"start": True}, "not of type int"),
        ({"colour": "red"}, "no column 'colour'"),
    ],
)
def test_the_gate_refuses(change: dict[str, object], message: str) -> None:
    with pytest.raises(tables.SchemaError, match=message):
        tables.frame("left_out", [LEFT_OUT | change])


def test_unknown_codes_and_bad_days_are_refused() -> None:
    row = {"raw_path": "a", "record": "1", "reason": "tired", "detail": "Sleep."}
    with pytest.raises(tables.SchemaError, match="not one of"):
        tables.frame("rejected", [row])
    event = {c.name: c.example for c in tables.schema()["events"].columns} | {"date_start": "2024-13-01"}
    with pytest.raises(tables.SchemaError, match="not of type date"):
        tables.frame("events", [event])


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", " =1"])
def test_formulas_are_defused(cell: str) -> None:
    assert tables.formula_safe(cell) == "'" + cell


@pytest.mark.parametrize("cell", ["11,000", "a=b", "", None, 5])
def test_harmless_cells_stay(cell: object) -> None:
    assert tables.formula_safe(cell) == cell


def test_examples_of_the_schema_pass_its_own_gate() -> None:
    for table in tables.schema().values():
        data = tables.frame(table.name, [{c.name: c.example for c in table.columns}])
        assert len(data) == 1


def test_data_dictionary_is_fresh() -> None:
    path = project_root() / "docs" / "data-dictionary.md"
    assert path.read_text(encoding="utf-8") == tables.data_dictionary(), "run 'figures docs' to write it anew"


def test_ids_come_from_content() -> None:
    assert provenance.content_id("art", "x") == "art_" + hashlib.sha256(b'["art","x"]').hexdigest()[:16]
    assert provenance.article_id("A", "u", "t") != provenance.article_id("A", None, "ut")
    assert provenance.claim_id("a", "figure", 1, 12) != provenance.claim_id("a", "figure", 11, 2)
