"""Read and write the tables of a run, and publish a finished run in one step.

Every file is written beside its place, flushed to disk and renamed: a reader sees the old file or the new one, never
half a file. The same rows give the same bytes, on any machine.
"""

from __future__ import annotations

import json
import math
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from analysis.tables import DTYPES, formula_safe, schema

DOCS = "docs.spacy"
#: suffix of a file that is being written; left behind only by a killed process, and removed by the next run
PARTIAL = ".partial"
ARROW = {"str": pa.string(), "date": pa.string(), "int": pa.int64(), "float": pa.float64(), "bool": pa.bool_()}


class TableMissing(FileNotFoundError):
    """A table that was asked for does not lie in the folder; the message says what does."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a partial path to write to; it takes the place of ``path`` once it is whole and on disk, else it is removed."""
    partial = path.with_name(path.name + PARTIAL)
    try:
        yield partial
        with partial.open("rb+") as stream:
            os.fsync(stream.fileno())
        os.replace(partial, path)
    except BaseException:
        with suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def write_text(path: Path, text: str) -> None:
    with replacing(path) as partial:
        partial.write_bytes(text.encode("utf-8"))


def write_json(path: Path, value: Any) -> None:
    write_text(path, json.dumps(value, ensure_ascii=False, indent=2, sort_keys=False) + "\n")


def read_json(path: Path) -> Any:
    """The value in a JSON file, or None where there is no such file or it is not whole."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _cell(value: Any) -> str:
    """One CSV cell. Null is an empty cell, an empty text is ``""``; the csv module would leave a lone CR unquoted."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return ""
    text = str(formula_safe(value))
    if not text or any(c in text for c in ',"\n\r'):
        return '"' + text.replace('"', '""') + '"'
    return text


def to_csv(data: pd.DataFrame) -> str:
    """The table as CSV: UTF-8, LF, no index, no cell that a spreadsheet takes for a formula."""
    lines = [",".join(_cell(c) for c in data.columns)]
    lines += [",".join(_cell(v) for v in row) for row in data.itertuples(index=False, name=None)]
    return "\n".join(lines) + "\n"


def to_arrow(name: str, data: pd.DataFrame) -> pa.Table:
    """The table with the types of the schema and without pandas' own notes, which differ between machines."""
    columns = schema()[name].columns
    arrays = [pa.array(data[c.name], type=ARROW[c.type], from_pandas=True) for c in columns]
    fields = [pa.field(c.name, ARROW[c.type], nullable=not c.required) for c in columns]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def write_table(name: str, data: pd.DataFrame, folder: Path) -> list[Path]:
    """Write one table as ``<name>.parquet`` (plain text) and ``<name>.csv`` (formula-safe); return both paths."""
    folder.mkdir(parents=True, exist_ok=True)
    parquet, csv_file = folder / f"{name}.parquet", folder / f"{name}.csv"
    with replacing(parquet) as partial:
        pq.write_table(to_arrow(name, data), partial, compression="zstd")
    write_text(csv_file, to_csv(data))
    return [parquet, csv_file]


def read_table(name: str, folder: Path) -> pd.DataFrame:
    """Read one table from its Parquet file, with the types that ``tables.frame`` gives it. Raises TableMissing."""
    path = folder / f"{name}.parquet"
    if not path.exists():
        there = ", ".join(sorted(p.stem for p in folder.glob("*.parquet"))) or "no table"
        raise TableMissing(f"{folder} has no table {name!r}; it has {there}. Run the stages before this one first")
    table = pq.read_table(path)
    types = {c.name: DTYPES[c.type] for c in schema()[name].columns if c.name in table.column_names}
    return table.to_pandas(types_mapper={pa.int64(): pd.Int64Dtype(), pa.float64(): pd.Float64Dtype()}.get).astype(
        types
    )


def read_tables(folder: Path, names: Iterable[str] | None = None) -> dict[str, pd.DataFrame]:
    """Read the named tables, or every table that lies in the folder, in pipeline order."""
    wanted = [t for t in schema() if (folder / f"{t}.parquet").exists()] if names is None else list(names)
    return {name: read_table(name, folder) for name in wanted}


def _sync_folder(folder: Path) -> None:
    """Flush a folder's own entries; not every system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)


def publish(run_dir: Path, latest: Path) -> Path:
    """Make ``latest`` stand for the finished run, in one step: all its files change at once or none does.

    ``latest`` becomes a relative link, swapped by a rename. Where the file system has no links it becomes a copy of the
    folder, swapped by two renames. Returns ``latest``.
    """
    _sync_folder(run_dir)
    partial = latest.with_name(latest.name + PARTIAL)
    old = latest.with_name(latest.name + ".old")
    for leftover in (partial, old):
        remove(leftover)
    try:
        partial.symlink_to(os.path.relpath(run_dir, latest.parent), target_is_directory=True)
    except (OSError, NotImplementedError):
        shutil.copytree(run_dir, partial)
    if latest.is_dir() and not (latest.is_symlink() and partial.is_symlink()):
        os.replace(latest, old)
    os.replace(partial, latest)
    remove(old)
    _sync_folder(latest.parent)
    return latest


def remove(path: Path) -> None:
    """Remove a file, link or folder if it is there; a link's target stays."""
    if path.is_symlink() or path.is_file():
        path.unlink()
    elif path.is_dir():
        shutil.rmtree(path)


def counts(tables: Mapping[str, pd.DataFrame]) -> dict[str, int]:
    return {name: len(data) for name, data in tables.items()}
