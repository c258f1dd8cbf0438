"""The report: one HTML page made from the tables of a run, that opens from a file with no network.

Everything in the tables is text written by strangers. It reaches the page escaped, as JSON that cannot end its script
element, or inside SVG made from data; scripts run only with a hash named in the page's own policy, and an address
becomes a link only if it is http or https.
"""

from __future__ import annotations

import base64
import functools
import hashlib
import json
import os
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import altair as alt
import jinja2
import pandas as pd
import vl_convert
from markupsafe import Markup

from analysis import charts, corrections, event_map, findings, page, phrases, store, trust
from analysis.tables import frame, schema


def summary_lines(tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """What a run found, for a terminal: the leading findings, the groups most outlets report, what was not used."""
    known = {name: tables.get(name, frame(name, [])) for name in schema()}
    lines = [f.text for f in findings.leading(known)]
    rejected = known["rejected"]
    if len(rejected):
        reasons = rejected["reason"].value_counts().sort_index()
        told = phrases.listed([f"{reason} {count:,}" for reason, count in reasons.items()], 6)
        lines.append(f"{phrases.sentence_case(phrases.many(len(rejected), 'input'))} could not be used: {told}.")
    return lines


def embedded(value: Any) -> Markup:
    """A value as JSON for a script element: no ``<``, ``>`` or ``&`` of the data can end the element or open another."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)


def hash_source(script: str) -> str:
    """The hash of a script as a Content-Security-Policy source."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


def _accuracy(run_dir: Path) -> dict[str, Any] | None:
    """The committed record of measured accuracy, looked for above the run and above the package, for a reader."""
    above = [*run_dir.resolve().parents, *Path(__file__).resolve().parents]
    found = next((f for f in (p / "docs" / "accuracy.json" for p in above) if f.is_file()), None)
    record = store.read_json(found) if found else []
    return trust.told([r for r in record or [] if isinstance(r, dict)])


def _checks(run_dir: Path) -> dict[str, Any]:
    """The validation results: how many passed, and those that did not with their rows."""
    results: list[dict[str, Any]] = []
    for path in sorted((run_dir / "validation").glob("*.json")):
        entries = store.read_json(path)
        entries = entries.get("results", []) if isinstance(entries, dict) else entries
        blank = {
            "table": path.stem,
            "expectation": "",
            "severity": "warning",
            "success": True,
            "detail": "",
            "rows": [],
        }
        results += [blank | e for e in entries or [] if isinstance(e, dict)]
    failed = [r for r in results if not r["success"]]
    return {"total": len(results), "failed": failed}


def _files(run_dir: Path) -> list[dict[str, Any]]:
    """The tables beside the page, as relative links."""
    found = []
    for name, table in schema().items():
        kinds = [e for e in ("csv", "parquet") if (run_dir / f"{name}.{e}").is_file()]
        found.append({"name": name, "about": table.about, "files": [{"href": f"{name}.{e}", "kind": e} for e in kinds]})
    return found


def run_record(run: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The run in words: id, times, versions, parameters, seconds per stage; folders by their last name only."""
    told: list[tuple[str, str]] = []
    for key in ("run_id", "status", "started", "ended", "previous", "message"):
        if run.get(key) and (key, run[key]) != ("status", "running"):  # the page is written before its run ends
            told.append((key.replace("_", " "), str(run[key])))
    for group in ("versions", "parameters"):
        for key, value in (run.get(group) or {}).items():
            words = " ".join(str(v) for v in value.values()) if isinstance(value, dict) else str(value)
            told.append(
                (str(key).replace("_", " "), Path(words).name if Path(words).is_absolute() else words or "default")
            )
    for stage in run.get("stages") or []:
        told.append((str(stage.get("stage")), f"{stage.get('status')}, {stage.get('seconds')} seconds"))
    return told


def _dictionary_link(run_dir: Path) -> str | None:
    for folder in (run_dir.resolve(), *run_dir.resolve().parents):
        for path in (folder / "data-dictionary.md", folder / "docs" / "data-dictionary.md"):
            if path.is_file():
                return Path(os.path.relpath(path, run_dir.resolve())).as_posix()
    return None


def _read_template(name: str) -> str:
    return (resources.files("analysis") / "templates" / name).read_text(encoding="utf-8")


@functools.cache
def script_bundle() -> str:
    """Vega, Vega-Lite and their embedder as one script, the same for every page; a second of work."""
    return str(vl_convert.javascript_bundle("window.vegaEmbed=vegaEmbed;"))


@functools.cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals |= {"number": phrases.number, "day": phrases.day, "many": phrases.many}
    environment.globals |= {"sentence_case": phrases.sentence_case}
    return environment.from_string(_read_template("report.html"))


def prepare() -> None:
    """Do what every page needs and no table changes, for a runner whose kernels are at work meanwhile.

    That is most of what the first page of a process waits for: Vega's engine, the script, the template, the gazetteer
    that names the countries of a map.
    """
    script_bundle()
    charts.svg(alt.Chart(alt.InlineData(values=[{"x": 1}])).mark_point().encode(x=alt.X("x:Q")))
    _template()
    event_map.prepare()


def html(tables: Mapping[str, pd.DataFrame], run_dir: Path) -> str:
    """The page as text."""
    parts = page.Page(tables)
    bundle = script_bundle()
    script, style = _read_template("report.js"), _read_template("report.css")
    run = store.read_json(run_dir / "run.json") or {}
    shown: dict[str, Any] = {
        "leading": parts.headlines(),
        "panels": parts.panels(),
        "listed": parts.listed(),
        "moving": parts.moving(),
        "territory": parts.territory(),
        "contradictions": parts.contradictions(),
        "changed": parts.changed(),
        "sums": parts.sums(),
        "cited": parts.cited(),
        "trails": parts.trails(),
        "no_source": parts.no_source(),
        "copies": parts.copies(),
        "events": parts.happened(),
        "every": parts.every(),
        "choices": parts.choices(),
        "period": sorted(parts.claims["published"].dropna().unique()),
        **parts.inputs(),
        "left_out": phrases.records(tables["left_out"]["reason"].value_counts().reset_index()),
        "checks": _checks(run_dir),
        "reviewed": corrections.summary(run_dir),
        "accuracy": _accuracy(run_dir),
        "files": _files(run_dir),
        "dictionary": schema(),
        "dictionary_link": _dictionary_link(run_dir),
        "run": {"new": None} | run,
        "record": run_record(run),
        "counts": {name: len(frame) for name, frame in tables.items()},
    }
    shown["sections"] = [
        ("findings", "In short", True),
        ("compared", "Compared", shown["panels"]),
        ("time", "Over time", shown["moving"]),
        ("territory", "Territory", shown["territory"]),
        ("contradictions", "Contradictions", True),
        ("changed", "Changed", shown["changed"]["total"]),
        ("sums", "Sums", shown["sums"]["total"]),
        ("trails", "From whom", True),
        ("no-source", "No source", True),
        ("copies", "Copies", shown["copies"]["total"]),
        ("events", "Events", shown["events"]["total"]),
        ("every", "Every figure", shown["every"]["total"]),
        ("articles", "Articles", True),
        ("checks", "Checks", True),
        ("files", "Tables", True),
    ]
    texts, without = parts.texts()
    markup = _template().render(
        **shown,
        texts_missing=without,
        style=Markup(style),
        policy=f"default-src 'none'; script-src {hash_source(bundle)} {hash_source(script)}; "
        "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'",
        bundle=Markup(bundle),
        script=Markup(script),
        embedded=embedded({"charts": parts.specs, "claims": parts.readable, "articles": texts}),
    )
    return markup.lstrip() + "\n"


def write(run_dir: Path) -> Path:
    """Write ``report.html`` into the folder of a run from its tables, run record and validation results.

    A table that a stopped run never wrote counts as empty.
    """
    there = store.read_tables(run_dir)
    tables = {name: there[name] if name in there else frame(name, []) for name in schema()}
    path = run_dir / "report.html"
    store.write_text(path, html(tables, run_dir))
    return path
