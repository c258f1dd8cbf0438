"""Golden tables: what the pipeline makes of the seed articles, kept as CSV, so that every change of a row is seen.

``figures evaluate --golden`` writes them anew; ``git diff tests/golden`` then shows what a change of a rule changed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from analysis import store

FOLDER = "tests/golden"
#: table -> columns that tell a row; the rows of both sides are paired by them
KEYS = {
    "claims": ("claim_id",),
    "left_out": ("article_id", "start", "end"),
    "event_mentions": ("mention_id",),
    "events": ("event_id",),
    "comparisons": ("comparison_id",),
}
#: columns left out: they repeat the article, or move with things that are no result
OMITTED = frozenset(
    {"sentence_text", "sentence_start", "sentence_end", "outlet", "published", "extractor", "confidence"}
)
#: columns that name a row to people, as far as its table has them
NAMED = ("article_id", "start", "figure_text", "text", "trigger", "event_type", "label")


def to_csv(data: pd.DataFrame) -> str:
    """The kept columns of a table as CSV."""
    return store.to_csv(data[[c for c in data.columns if c not in OMITTED]])


def write(tables: Mapping[str, pd.DataFrame], folder: Path) -> list[Path]:
    """Write every golden table; return the files whose content changed."""
    folder.mkdir(parents=True, exist_ok=True)
    changed = []
    for name in KEYS:
        path, text = folder / f"{name}.csv", to_csv(tables[name])
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            store.write_text(path, text)
            changed.append(path)
    return changed


def differences(name: str, golden: str, found: str) -> list[str]:
    """How two golden CSV texts of one table differ, a line for each column or row that came, went or changed.

    None if equal. A row that changed shows its cells as old -> new.
    """
    before, after = _rows(name, golden), _rows(name, found)
    kept, made = ({c: None for row in rows.values() for c in row} for rows in (before, after))
    both = [c for c in kept if c in made]
    lines = [f"- column {c}" for c in kept if made and c not in made]
    lines += [f"+ column {c}" for c in made if kept and c not in kept]
    lines += [f"- {_title(before[key])}" for key in before if key not in after]
    lines += [f"+ {_title(after[key])}" for key in after if key not in before]
    for key, row in after.items():
        old = before.get(key, row)
        cells = [f"{c}: {old[c]!r} -> {row[c]!r}" for c in both if old[c] != row[c]]
        if cells:
            lines.append(f"~ {_title(row)} | {'; '.join(cells)}")
    if not lines and golden != found:
        lines.append("the same rows in another order")
    return lines


def _rows(name: str, text: str) -> dict[tuple[str, ...], dict[str, str]]:
    read = csv.DictReader(io.StringIO(text, newline=""))
    return {tuple(row[k] for k in KEYS[name]): row for row in read}


def _title(row: Mapping[str, str]) -> str:
    return " ".join(row[c] for c in NAMED if row.get(c))
