"""The schema of the tables, read from ``codebook/tables.yml``, and ``frame``: the only gate from rows to a table."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.codebook import read_yaml

SCHEMA_FILE = Path(__file__).parent / "codebook" / "tables.yml"
DTYPES = {"str": "str", "date": "str", "int": "Int64", "float": "Float64", "bool": "boolean"}
ISO_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
#: what a spreadsheet takes for the start of a formula
FORMULA = re.compile(r"^[\s\x00]*[=+\-@]|^[\t\r]")


class SchemaError(ValueError):
    """Rows that do not fit the schema: a programming error in a stage, never bad input."""


@dataclass(frozen=True)
class Column:
    """One column: ``type`` is str, int, float, bool or date; ``references`` is (table, column) or None."""

    name: str
    type: str
    required: bool
    meaning: str
    example: Any
    allowed: tuple[str, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    references: tuple[str, str] | None = None


@dataclass(frozen=True)
class Table:
    """One table: its unique ``key`` columns and its columns in order."""

    name: str
    about: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def column(self, name: str) -> Column:
        return next(c for c in self.columns if c.name == name)

    @property
    def names(self) -> list[str]:
        return [c.name for c in self.columns]


@functools.cache
def schema() -> dict[str, Table]:
    """All tables by name, in pipeline order."""
    described = read_yaml(SCHEMA_FILE)
    tables = {}
    for name, about in described.items():
        columns = []
        for column, c in about["columns"].items():
            ref = c.get("references")
            columns.append(
                Column(
                    name=column,
                    type=c["type"],
                    required=c["required"],
                    meaning=c["meaning"],
                    example=c["example"],
                    allowed=tuple(c.get("allowed", ())),
                    minimum=c.get("minimum"),
                    maximum=c.get("maximum"),
                    references=tuple(ref.split(".")) if ref else None,
                )
            )
        tables[name] = Table(name, about["about"], tuple(about["key"]), tuple(columns))
    return tables


def plain(value: Any) -> Any:
    """A cell as a plain value: None for null, no numpy types."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.item() if hasattr(value, "item") else value


def _check(table: Table, column: Column, value: Any) -> Any:
    where = f"{table.name}.{column.name}"
    value = plain(value)
    if value is None:
        if column.required:
            raise SchemaError(f"{where} is required and null")
        return None
    ok = {
        "str": isinstance(value, str),
        "date": isinstance(value, str) and bool(ISO_DAY.fullmatch(value)),
        "int": isinstance(value, int) and not isinstance(value, bool),
        "float": isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value),
        "bool": isinstance(value, bool),
    }[column.type]
    if not ok:
        raise SchemaError(f"{where} is {value!r}, not of type {column.type}")
    if column.allowed and value not in column.allowed:
        raise SchemaError(f"{where} is {value!r}, not one of {', '.join(column.allowed)}")
    return float(value) if column.type == "float" else value


def frame(name: str, rows: Iterable[Mapping[str, Any]]) -> pd.DataFrame:
    """Build one table: check every row, order columns as the schema says and rows by content.

    A row may leave out columns that are not required. Rows come out sorted by article and position where the table has
    them, else by key, so that neither the order of files nor of processes shows.

    Raises SchemaError on an unknown column, a wrong type, an unknown code or a missing required value.
    """
    table = schema()[name]
    known = set(table.names)
    checked = []
    for row in rows:
        if unknown := set(row) - known:
            raise SchemaError(f"{name} has no column {min(unknown)!r}")
        checked.append({c.name: _check(table, c, row.get(c.name)) for c in table.columns})
    data = pd.DataFrame(checked, columns=table.names).astype({c.name: DTYPES[c.type] for c in table.columns})
    order: list[str] = [c for c in ("published", "outlet", "article_id", "start", "end") if c in known]
    if name in ("events", "comparisons"):
        order = ["first_published", *table.key]
    order += [k for k in table.key if k not in order]
    return data.sort_values(order, kind="stable", na_position="last", ignore_index=True)


def formula_safe(value: Any) -> Any:
    """Return a CSV cell that no spreadsheet takes for a formula (a leading apostrophe where needed)."""
    return "'" + value if isinstance(value, str) and FORMULA.search(value) else value


def data_dictionary() -> str:
    """The data dictionary as Markdown, generated from the schema."""
    lines = [
        "# Data dictionary",
        "",
        "Generated from `src/analysis/codebook/tables.yml`; do not edit. `figures docs` writes it anew.",
        "",
        "Every table comes as Parquet and CSV. Nulls are real nulls, dates are ISO days, offsets are character offsets",
        "(end exclusive) into `articles.text`. In CSV a cell that a spreadsheet would take for a formula carries a",
        "leading apostrophe.",
    ]
    for table in schema().values():
        lines += ["", f"## {table.name}", "", f"{table.about}. Key: {', '.join(f'`{k}`' for k in table.key)}.", ""]
        lines += ["| column | type | null | meaning | values | example |", "|---|---|---|---|---|---|"]
        for c in table.columns:
            values = ", ".join(f"`{a}`" for a in c.allowed)
            if c.minimum is not None or c.maximum is not None:
                low = "" if c.minimum is None else f"{c.minimum:g}"
                high = "" if c.maximum is None else f"{c.maximum:g}"
                values = f"{low} to {high}" if high else f"{low} or more"
            if c.references:
                values = f"in `{c.references[0]}.{c.references[1]}`"
            example = str(c.example).lower() if isinstance(c.example, bool) else c.example
            null = "never" if c.required else "yes"
            lines.append(f"| `{c.name}` | {c.type} | {null} | {c.meaning} | {values} | `{example}` |")
    return "\n".join(lines) + "\n"
