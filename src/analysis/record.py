"""The record of a run, ``run.json``: written by the runner from what it saw, never read off an executed notebook."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import __version__, corrections, store
from analysis.codebook import load
from analysis.parameters import Parameters
from analysis.provenance import content_id, printable, sha256_bytes, sha256_file
from analysis.statuses import STATUSES

RECORD = "run.json"
#: the corrections as they were when the run began
CORRECTIONS = "corrections.jsonl"
#: ids listed of what is new; counts are complete
MOST_IDS = 500


def now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def code_version() -> str:
    """First 12 hex digits of a hash over the package's files: tells two states of one version apart."""
    package = Path(__file__).parent
    files = sorted(p for p in package.rglob("*") if p.is_file() and p.suffix in (".py", ".csv", ".yml"))
    listed = "\n".join(f"{p.relative_to(package).as_posix()} {sha256_file(p)}" for p in files)
    return sha256_bytes(listed.encode("utf-8"))[:12]


def versions(parameters: Parameters) -> dict[str, Any]:
    """Versions of everything that can change a number."""
    codebook = load(parameters.codebook or None)
    return {
        "package": __version__,
        "code": code_version(),
        "python": platform.python_version(),
        "spacy": metadata.version("spacy"),
        "model": {"name": parameters.model, "version": metadata.version(parameters.model)},
        "codebook": {"name": codebook.name, "version": codebook.version},
    }


def input_hashes(raw: Path) -> dict[str, str]:
    """SHA-256 of every visible file of the raw folder, by its path; ``unreadable`` where it cannot be read."""
    found = {}
    for path in sorted(raw.rglob("*")):
        name = path.relative_to(raw)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            try:
                found[printable(name.as_posix())] = sha256_file(path)
            except OSError:
                found[printable(name.as_posix())] = "unreadable"
    return found


@dataclass
class Record:
    """One run. ``status`` is ``running`` or a key of STATUSES; times are UTC."""

    run_id: str
    status: str
    started: str
    pid: int
    parameters: dict[str, Any]
    versions: dict[str, Any]
    inputs: dict[str, str]
    previous: dict[str, Any] | None
    ended: str | None = None
    exit_code: int | None = None
    message: str | None = None
    stages: list[dict[str, Any]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)
    validation: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[dict[str, Any]] = field(default_factory=list)
    corrections: dict[str, Any] = field(default_factory=dict)
    new: dict[str, Any] | None = None

    def write(self, run_dir: Path) -> None:
        store.write_json(run_dir / RECORD, asdict(self))

    def finish(self, status: str, message: str | None = None, exit_code: int | None = None) -> None:
        self.status, self.message, self.ended = status, message, now()
        self.exit_code = STATUSES[status][0] if exit_code is None else exit_code

    def add_validation(self, note: Mapping[str, Any]) -> None:
        """Take over what a stage noted: how many expectations were held, and those that were broken."""
        outcomes = note["results"]
        broken = [o for o in outcomes if not o["success"]]
        self.validation[note["stage"]] = {
            "expectations": len(outcomes),
            "errors": sum(o["severity"] == "error" for o in broken),
            "warnings": sum(o["severity"] == "warning" for o in broken),
            "broken": [{k: o[k] for k in ("table", "expectation", "severity", "detail") if k in o} for o in broken],
        }
        self.faults += note["faults"]


def run_id(started: str, inputs: Mapping[str, str]) -> str:
    """``20241109T101112Z-1a2b3c4d``: when, and of which input. The time is in this name only, never in a table."""
    return f"{started.replace('-', '').replace(':', '')}-{content_id('run', dict(inputs)).split('_')[1][:8]}"


def read(run_dir: Path) -> dict[str, Any] | None:
    """The record in a run's folder, or None where there is none that can be read."""
    try:
        found = json.loads((run_dir / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def previous_run(latest: Path) -> dict[str, Any] | None:
    """What the record keeps of the run before: its id and its counts."""
    found = read(latest) or {}
    counts = found.get("counts")
    if not isinstance(counts, dict) or not isinstance(found.get("run_id"), str):
        return None
    kept = {name: rows for name, rows in counts.items() if isinstance(rows, int)}
    return {"run_id": found["run_id"], "counts": kept} if kept else None


def mark_interrupted(runs: Path) -> list[str]:
    """Mark runs whose runner is gone, and clear away half-written files; return their ids.

    Only for a caller who holds the lock: then no other run can be at work.
    """
    marked = []
    for run_dir in sorted(runs.glob("*")):
        found = read(run_dir)
        if found and found.get("status") == "running":
            message = f"the runner (process {found.get('pid')}) ended without a word; found by the next run"
            found.update(status="interrupted", ended=None, exit_code=None, message=message)
            store.write_json(run_dir / RECORD, found)
            for partial in sorted(run_dir.rglob(f"*{store.PARTIAL}")):
                store.remove(partial)
            marked.append(str(found.get("run_id", run_dir.name)))
    return marked


def prune(runs: Path, keep: int, latest: Path) -> None:
    """Remove the oldest runs until ``keep`` are left; the one that ``latest`` stands for always stays."""
    published = latest.resolve()
    candidates = sorted(p for p in runs.glob("*") if p.is_dir() and not p.is_symlink() and (p / RECORD).exists())
    for run_dir in candidates[:-keep]:
        if run_dir.resolve() != published:
            store.remove(run_dir)


def _ids(data: pd.DataFrame | None, key: str) -> set[str]:
    return set() if data is None else set(data[key])


def whats_new(before: Mapping[str, pd.DataFrame], after: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """What came and went since the previous run, by table, and which comparisons changed their agreement."""
    found: dict[str, Any] = {}
    for table, key in (
        ("articles", "article_id"),
        ("claims", "claim_id"),
        ("events", "event_id"),
        ("comparisons", "comparison_id"),
    ):
        was_there, is_there = _ids(before.get(table), key), _ids(after.get(table), key)
        added, gone = sorted(is_there - was_there), sorted(was_there - is_there)
        found[table] = {
            "added": len(added),
            "gone": len(gone),
            "added_ids": added[:MOST_IDS],
            "gone_ids": gone[:MOST_IDS],
        }
    changed = []
    if "comparisons" in before and "comparisons" in after:
        columns = ["comparison_id", "agreement"]
        old = dict(before["comparisons"][columns].itertuples(index=False, name=None))
        for row in after["comparisons"].itertuples(index=False):
            if row.comparison_id in old:
                was = old[row.comparison_id]
                if was != row.agreement:
                    changed.append(
                        {"comparison_id": row.comparison_id, "label": row.label, "was": was, "is": row.agreement}
                    )
    found["comparisons"]["changed"] = changed
    return found


def corrections_of(parameters: Parameters, run_dir: Path) -> dict[str, Any]:
    """What the record keeps of the corrections: their file and its hash, how many were applied, and what no longer fits."""
    kept = run_dir / CORRECTIONS
    found = corrections.summary(run_dir)
    found.pop("applied_rows")
    named = {"file": Path(parameters.corrections).name, "sha256": sha256_file(kept)} if kept.exists() else {}
    return {"file": None, "sha256": None, **named, **found}
