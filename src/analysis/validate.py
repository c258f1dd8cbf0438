"""Validation of the tables: the only module that knows Great Expectations.

A suite a table lies in ``expectations/<table>.json``: the half generated from the schema (``meta.origin`` =
``schema``) and the half of human judgement (``judgement``, each with its why). ``critical`` expectations are errors and
stop publishing, ``warning`` ones stand in the report. Results are rendered by us: GX's own Data Docs run scripts that
they find in data.
"""

from __future__ import annotations

import json
import logging
import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.checks import CHECKS
from analysis.codebook import Codebook, load
from analysis.paths import project_root
from analysis.tables import DTYPES, ISO_DAY, Table, schema

#: rows of a failed expectation that are kept with their article and quote
MAX_ROWS = 25
#: a table that shrinks below this share of the previous run's rows is worth a warning
SHRINK_WARNING = 0.5


@dataclass(frozen=True)
class Validation:
    """Outcome of one expectation: ``severity`` is ``error`` or ``warning``; ``rows`` name what failed (at most
    MAX_ROWS), each with the key, the column's value, the outlet and file of the article and a quote from it; ``failed``
    counts all.
    """

    table: str
    expectation: str
    severity: str
    success: bool
    detail: str
    failed: int = 0
    rows: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


class SuiteError(RuntimeError):
    """A suite in ``expectations/`` that cannot be used; the message names the file and the entry."""


def expectations_folder() -> Path:
    return project_root() / "expectations"


def generated(table: Table) -> list[dict[str, Any]]:
    """The expectations that follow from the schema of one table, as GX configurations."""

    def entry(kind: str, identity: str, **kwargs: Any) -> dict[str, Any]:
        meta = {"id": f"{table.name}.{identity}", "origin": "schema"}
        return {"type": kind, "kwargs": kwargs, "severity": "critical", "meta": meta}

    entries = []
    if len(table.key) == 1:
        entries.append(entry("expect_column_values_to_be_unique", "key.unique", column=table.key[0]))
    else:
        entries.append(
            entry(
                "expect_compound_columns_to_be_unique", "key.unique", column_list=list(table.key), ignore_row_if="never"
            )
        )
    for c in table.columns:
        if c.required:
            entries.append(entry("expect_column_values_to_not_be_null", f"{c.name}.required", column=c.name))
        if c.allowed:
            kwargs: dict[str, Any] = {"column": c.name, "value_set": list(c.allowed)}
            entries.append(entry("expect_column_values_to_be_in_set", f"{c.name}.allowed", **kwargs))
        if c.minimum is not None or c.maximum is not None:
            kwargs = {"column": c.name, "min_value": c.minimum, "max_value": c.maximum}
            entries.append(
                entry(
                    "expect_column_values_to_be_between",
                    f"{c.name}.bounds",
                    **{k: v for k, v in kwargs.items() if v is not None},
                )
            )
        if c.type == "date":
            kwargs = {"column": c.name, "regex": f"^{ISO_DAY.pattern}$"}
            entries.append(entry("expect_column_values_to_match_regex", f"{c.name}.iso_day", **kwargs))
        if c.references:
            keys = {"$PARAMETER": "__".join(c.references)}
            entries.append(
                entry("expect_column_values_to_be_in_set", f"{c.name}.reference", column=c.name, value_set=keys)
            )
    return entries


def read_suite(name: str, folder: Path | None = None) -> list[dict[str, Any]]:
    """Entries of ``<folder>/<name>.json``.

    Raises SuiteError where the file is missing or malformed, an id stands twice, or a human entry gives no why.
    """
    path = (folder or expectations_folder()) / f"{name}.json"
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))["expectations"]
    except FileNotFoundError:
        raise SuiteError(f"there is no suite {path.name}; 'figures docs' writes the generated half of it") from None
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise SuiteError(f"{path.name} is no suite: {error}") from None
    ids = [e.get("meta", {}).get("id") for e in entries]
    for e in entries:
        meta = e.get("meta", {})
        if not meta.get("id") or ids.count(meta["id"]) > 1:
            raise SuiteError(f"{path.name}: an entry of type {e.get('type')!r} has no id of its own (meta.id)")
        if meta.get("origin") == "judgement" and not (meta.get("why") and meta.get("says")):
            raise SuiteError(f"{path.name}: {meta['id']} needs meta.says (the rule in words) and meta.why")
    return list(entries)


def suite_text(name: str, folder: Path | None = None) -> str:
    """The suite as it should stand: the generated half anew, the human half as it is."""
    path = (folder or expectations_folder()) / f"{name}.json"
    human = [e for e in read_suite(name, folder) if e["meta"]["origin"] == "judgement"] if path.exists() else []
    suite = {"name": name, "expectations": generated(schema()[name]) + human}
    return json.dumps(suite, indent=1, ensure_ascii=False) + "\n"


def write_suites(folder: Path | None = None) -> list[Path]:
    """Write the generated half of every suite anew; returns the files."""
    target = folder or expectations_folder()
    target.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in schema():
        path = target / f"{name}.json"
        path.write_text(suite_text(name, folder), encoding="utf-8")
        paths.append(path)
    return paths


def _context() -> Any:
    """A context that writes nothing, draws no progress bars and sends nothing."""
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    import great_expectations as gx
    from great_expectations.data_context.types.base import (
        DataContextConfig,
        InMemoryStoreBackendDefaults,
        ProgressBarsConfig,
    )

    logging.getLogger("great_expectations").setLevel(logging.ERROR)
    memory = InMemoryStoreBackendDefaults()
    config = DataContextConfig(
        stores=dict(memory.stores),
        expectations_store_name=memory.expectations_store_name,
        validation_results_store_name=memory.validation_results_store_name,
        checkpoint_store_name=memory.checkpoint_store_name,
        data_docs_sites={},
        progress_bars=ProgressBarsConfig(globally=False),
        analytics_enabled=False,
    )
    return gx.get_context(mode="ephemeral", project_config=config)


def _says(entry: Mapping[str, Any]) -> str:
    """The rule in words."""
    meta, kwargs = entry["meta"], entry["kwargs"]
    if meta.get("says"):
        return str(meta["says"])
    column = kwargs.get("column", "")
    return {
        "key.unique": f"no two rows share {' and '.join(kwargs.get('column_list', [column]))}",
        "required": f"{column} is never null",
        "allowed": f"{column} is one of {', '.join(map(str, kwargs.get('value_set', [])))}"
        if isinstance(kwargs.get("value_set"), list)
        else "",
        "bounds": f"{column} lies within its bounds",
        "iso_day": f"{column} is an ISO day",
        "reference": f"{column} is found in {kwargs.get('value_set', {}).get('$PARAMETER', '').replace('__', '.')}"
        if isinstance(kwargs.get("value_set"), dict)
        else "",
    }["key.unique" if meta["id"].endswith("key.unique") else meta["id"].rsplit(".", 1)[1]]


def _parameters(
    tables: Mapping[str, pd.DataFrame], previous: Mapping[str, int] | None, codebook: Codebook
) -> dict[str, Any]:
    """Values of the ``$PARAMETER`` names that suites may use: keys of other tables, codes of the codebook, counts."""
    values: dict[str, Any] = {}
    for table in schema().values():
        if table.name in tables and len(table.key) == 1:
            values[f"{table.name}__{table.key[0]}"] = tables[table.name][table.key[0]].tolist()
    for file, rows in codebook.files.items():
        values[f"codebook__{file}"] = [row["id"] for row in rows]
        if rows and "code" in rows[0]:
            values[f"codebook__{file}__code"] = sorted({row["code"] for row in rows if row["code"]})
    for name, count in (previous or {}).items():
        values[f"previous__{name}"] = int(count * SHRINK_WARNING)
    return values


def _wanted_parameters(entry: Mapping[str, Any]) -> set[str]:
    return {v["$PARAMETER"] for v in entry["kwargs"].values() if isinstance(v, dict) and "$PARAMETER" in v}


def _types(name: str, data: pd.DataFrame) -> Validation:
    """Columns and types as the schema says (GX's own type expectations misread pandas 3 strings)."""
    table = schema()[name]
    wrong = [c.name for c in table.columns if c.name not in data or str(data[c.name].dtype) != DTYPES[c.type]]
    wrong += [c for c in data.columns if c not in table.names]
    detail = f"wrong or missing: {', '.join(wrong)}" if wrong else f"{len(table.columns)} columns"
    return Validation(name, "columns and types are those of the schema", "error", not wrong, detail, len(wrong))


def _row(
    table: Table, data: pd.DataFrame, index: Any, columns: Sequence[str], articles: Mapping[str, tuple[str, str]]
) -> dict[str, Any]:
    """One failed row, for a person: key, values, article and quote."""
    source = data.loc[index]
    row: dict[str, Any] = {k: source[k] for k in table.key}
    row.update({c: source[c] for c in columns if c not in row and not c.startswith("check_")})
    article = source.get("article_id")
    if isinstance(article, str) and article in articles:
        row["outlet"], row["file"] = articles[article]
    quote = next((source[c] for c in ("sentence_text", "label", "text", "detail") if source.get(c)), None)
    row["quote"] = None if quote is None or pd.isna(quote) else str(quote)[:240]
    return {k: None if v is None or pd.isna(v) else (v.item() if hasattr(v, "item") else v) for k, v in row.items()}


def validate(
    tables: Mapping[str, pd.DataFrame],
    names: Sequence[str],
    previous: Mapping[str, int] | None = None,
    codebook: Codebook | None = None,
    folder: Path | None = None,
    unchanged: Mapping[str, Collection[str]] | None = None,
) -> list[Validation]:
    """Hold the named tables against their suites; one Validation per expectation that could be asked.

    ``names`` are the tables written now, ``tables`` holds every table that exists so far, ``previous`` the row counts of
    the previous run. An expectation that needs a table, or a previous run, that is not there yet is left out; it is asked
    when the table it needs is among the written ones. So the articles, written first, are held against the claims later.
    ``unchanged`` names columns of a table that this stage wrote anew, but that are as an earlier stage wrote and validated
    them, with all rows: what concerns only these is answered.

    Raises SuiteError where a suite cannot be used (also when GX drops an expectation it does not know).
    """
    codebook = codebook or load()
    context = _context()
    source = context.data_sources.add_pandas("run")
    values = _parameters(tables, previous, codebook)
    articles = {}
    if "articles" in tables:
        columns = ["article_id", "outlet", "raw_path"]
        articles = {a: (o, p) for a, o, p in tables["articles"][columns].itertuples(index=False, name=None)}
    found: list[Validation] = []
    earlier = [t for t in tables if t not in names and ((folder or expectations_folder()) / f"{t}.json").exists()]
    for name in (*names, *earlier):
        answered = (unchanged or {}).get(name, ())
        entries = [e for e in read_suite(name, folder) if _asked(name, e, names, tables, values, answered)]
        typed = _types(name, tables[name])
        found += [typed] if name in names else []
        if typed.success and entries:
            found += _validate(name, entries, tables, values, articles, source)
    return found


def _asked(
    name: str,
    entry: Mapping[str, Any],
    written: Sequence[str],
    tables: Mapping[str, pd.DataFrame],
    values: Mapping[str, Any],
    unchanged: Collection[str],
) -> bool:
    """Whether one expectation of a table can be asked now, and is not answered already."""
    check = CHECKS.get(entry["kwargs"].get("column", ""))
    needs = set(check.needs) if check else set()
    known = _wanted_parameters(entry) <= values.keys() and needs <= tables.keys()
    open_still = name in written and not _concerns(entry, tables[name]) <= set(unchanged)
    return known and (open_still or not needs.isdisjoint(written))


def _concerns(entry: Mapping[str, Any], data: pd.DataFrame) -> set[str]:
    """What one expectation looks at: columns of the table, and by name whatever else it depends on."""
    kwargs = entry["kwargs"]
    columns = {kwargs[k] for k in ("column", "column_A", "column_B") if k in kwargs} | set(
        kwargs.get("column_list", ())
    )
    condition = set(re.findall(r"\w+", kwargs.get("row_condition", ""))) & set(data.columns)
    other = {p for p in _wanted_parameters(entry) if not p.startswith("codebook__")}
    return (columns | condition | other) or {"the whole table"}


def _validate(
    name: str,
    entries: Sequence[Mapping[str, Any]],
    tables: Mapping[str, pd.DataFrame],
    values: dict[str, Any],
    articles: Mapping[str, tuple[str, str]],
    source: Any,
) -> list[Validation]:
    import great_expectations as gx

    table = schema()[name]
    data = tables[name].reset_index(drop=True)
    for entry in entries:
        column = entry["kwargs"].get("column", "")
        if column in CHECKS:
            data[column] = CHECKS[column].flags({**tables, name: tables[name].reset_index(drop=True)})
    data["row"] = range(len(data))
    suite = gx.ExpectationSuite(
        name=name, expectations=[{k: e[k] for k in ("type", "kwargs", "severity", "meta")} for e in entries]
    )
    if len(suite.expectations) != len(entries):
        raise SuiteError(
            f"{name}.json: Great Expectations knows {len(suite.expectations)} of {len(entries)} expectations"
        )
    batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("all").get_batch({"dataframe": data})
    result = batch.validate(
        suite,
        expectation_parameters=values,
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["row"]},
    )
    by_id = {e["meta"]["id"]: e for e in entries}
    outcomes = {r.expectation_config.meta["id"]: r for r in result.results}
    return [_outcome(table, data, by_id[i], outcomes[i], articles) for i in by_id]


def _outcome(
    table: Table, data: pd.DataFrame, entry: Mapping[str, Any], outcome: Any, articles: Mapping[str, tuple[str, str]]
) -> Validation:
    severity = "warning" if entry["severity"] == "warning" else "error"
    found = outcome.result or {}
    failed = sorted({int(i["row"]) for i in found.get("unexpected_index_list") or []})
    kwargs = entry["kwargs"]
    columns = [kwargs[k] for k in ("column", "column_A", "column_B") if k in kwargs] + list(
        kwargs.get("column_list", [])
    )
    rows = [_row(table, data, i, columns, articles) for i in failed[:MAX_ROWS]]
    if outcome.success:
        detail = "holds"
    elif "observed_value" in found and not failed:
        detail = f"found {found['observed_value']}"
    elif failed:
        detail = f"{len(failed)} of {len(data)} rows"
    else:
        raised = [v.get("exception_message") for v in (outcome.exception_info or {}).values() if isinstance(v, dict)]
        detail = f"could not be asked: {next(filter(None, raised), 'unknown reason')}"
    return Validation(table.name, _says(entry), severity, bool(outcome.success), detail, len(failed), rows)
