"""Read rows against their sentences in a notebook, and record what was found: accepted, corrected, rejected.

A sheet shows rows, each with a short name, with their words marked in the sentence and the cells by their column names; three verbs
record verdicts in a file of corrections, at once, for the next run to apply. No widget is needed. Articles are texts
by strangers: what is shown is escaped, and not typeset as formulas either.
"""

from __future__ import annotations

import csv
import tempfile
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import correcting, correction, corrections, findings, store
from analysis.codebook import Codebook, load
from analysis.correction import COLUMNS, TABLES, Correction, CorrectionError, Row, rows_of
from analysis.paths import project_root
from analysis.tables import FORMULA, schema

#: JupyterLab typesets what stands between dollar signs, and a formula may hold a link that runs a script
PLAIN = "tex2jax_ignore mathjax_ignore"
#: characters of a printed line
LINE = 92
#: digits of a row's id that name it in a sheet
DIGITS = 6
STYLE = "text-align:left;vertical-align:top;white-space:normal;overflow-wrap:break-word"
CELL = '<span style="display:inline-block;margin-right:1em">{} = <b>{}</b></span>'
READ = "read against the sentence: right as it stands"
WHOLE = '<span style="white-space:nowrap">{}</span>'
VERBS = {"accept": "accepted", "correct": "corrected", "reject": "rejected"}
SHEET = ("row", "outlet", "published", "words", "sentence", "cells", "verdict", "column", "new", "reason")
#: columns of a source that hang together: without a source the outlet speaks in its own voice
SOURCE = ("source_id", "source_party", "source_kind", "source_named", "said_date")


@dataclass(frozen=True)
class Shown:
    """A table for a notebook: safe HTML, and plain text for everything that shows none."""

    html: str
    text: str

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return self.text


def enable() -> None:
    """Set how notebooks show tables: wide enough to read, and no text typeset as a formula."""
    pd.set_option("display.max_colwidth", 90, "display.width", 160, "display.max_columns", 30)
    pd.set_option("display.html.use_mathjax", False)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], texts: Sequence[Sequence[str]]) -> Shown:
    """A table from cells that are escaped already, and the same in plain text."""
    least = {"row": 5, "verdict": 4, "outlet": 7, "sentence": 14, "cells": 20, "chain": 10, "figure": 5}
    if "verdict" in head and any(row[head.index("verdict")] for row in rows):
        least["verdict"] = 11
    wide = {name: f";min-width:{ems}em" for name, ems in least.items()}
    top = "".join(f'<th scope="col" style="{STYLE}{wide.get(h, "")}">{escape(h)}</th>' for h in head)
    body = "".join("<tr>" + "".join(f'<td style="{STYLE}">{c}</td>' for c in row) + "</tr>" for row in rows)
    html = f'<table class="{PLAIN}"><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>'
    return Shown(html, "\n".join(" | ".join(" ".join(str(c).split()) for c in row) for row in texts))


def marked(row: Row, table: str = "claims") -> str:
    """The sentence of a row as safe HTML with its words marked."""
    text, offset = row["sentence_text"], row["sentence_start"]
    start, end = max(0, row["start"] - offset), max(0, row["end"] - offset)
    if row[TABLES[table][1]] is None or end > len(text):
        return escape(text)
    return f"{escape(text[:start])}<mark>{escape(text[start:end])}</mark>{escape(text[end:])}"


def wrapped(*texts: str) -> str:
    """Texts as paragraphs of lines that a notebook shows without breaking words."""
    return "\n\n".join(textwrap.fill(text, LINE) for text in texts)


def quotes(claims: pd.DataFrame) -> Shown:
    """Claims as a reader wants them: the chain from the outlet back to the speaker, the figure, the sentence."""
    cells, texts = [], []
    for row in rows_of(claims):
        chain = " ← ".join(findings.chain(row))
        figure = findings.amount(row) if row["kind"] == "figure" else ""
        day = WHOLE.format(escape(str(row["published"] or "")))
        cells.append([escape(chain), day, escape(figure), marked(row)])
        texts.append([chain, row["published"] or "", figure, row["sentence_text"]])
    return _table(["chain", "published", "figure", "sentence"], cells, texts)


def judged_cells(table: str, row: Row) -> dict[str, str]:
    """The cells that a person can judge, as text, those that say something."""
    told = {c: row[c] for c in COLUMNS[table] if row[c] is not None and row[c] is not False}
    return {c: f"{v:.15g}" if isinstance(v, float) else str(v) for c, v in told.items()}


def sheet(
    found: Mapping[str, pd.DataFrame],
    rows: pd.DataFrame | int = 10,
    author: str = "",
    file: str = "",
    table: str = "claims",
    seed: int = 1,
    codebook: str | None = None,
) -> Sheet:
    """A sheet of rows to review.

    ``rows`` are the rows of the table to read, or how many to draw by chance: only the share of rows accepted in a
    random draw says how good the extraction is. ``file`` is the file of corrections (a relative one is taken from the
    project's root); without one the verdicts go to a scratch file and no run sees them. Raises CorrectionError where
    the file cannot be read.
    """
    if isinstance(rows, int):
        whole = found[table]
        whole = whole[whole["kind"] == "figure"] if table == "claims" else whole
        rows = whole.sample(min(rows, len(whole)), random_state=seed).sort_index()
    path = project_root() / file if file else Path(tempfile.mkdtemp(prefix="figures-review-")) / "corrections.jsonl"
    corrections.read(path)
    articles = {a["article_id"]: a for a in rows_of(found["articles"])}
    return Sheet(table, rows_of(rows), rows_of(found[table]), articles, path, author, load(codebook))


@dataclass
class Sheet:
    """Rows of one table, each with a short name, and the verdicts on them."""

    table: str
    rows: list[Row]
    whole: list[Row]
    articles: dict[str, Row]
    path: Path
    author: str
    codebook: Codebook = field(repr=False)

    def _repr_html_(self) -> str:
        return self.show().html

    def __repr__(self) -> str:
        return self.show().text

    @property
    def handles(self) -> list[str]:
        """Short names of the rows: the first digits of their ids, so that a name means the same row in every sheet."""
        return [_handle(self._id(row)) for row in self.rows]

    def show(self, *handles: str) -> Shown:
        """The rows with these handles, or all, each with its verdict."""
        verdicts: dict[str, list[Correction]] = {}
        for one in corrections.read(self.path):
            verdicts.setdefault(one.row_id, []).append(one)
        chosen = self.rows if not handles else [row for h in handles if (row := self._row(h)) is not None]
        cells, texts = [], []
        for row in chosen:
            name = _handle(self._id(row))
            told = "; ".join(_verdict(v) for v in verdicts.get(self._id(row), ()))
            listed = judged_cells(self.table, row)
            outlet, day = str(row["outlet"]), str(row["published"] or "no date")
            where = f"{escape(outlet)}, {WHOLE.format(escape(day))}"
            shown = " ".join(CELL.format(escape(k), escape(v)) for k, v in listed.items())
            plain = ", ".join(f"{k}={v}" for k, v in listed.items())
            cells.append([f"<code>{name}</code>", escape(told), where, marked(row, self.table), shown])
            texts.append([name, told, f"{outlet}, {day}", row["sentence_text"], plain])
        return _table(["row", "verdict", "outlet", "sentence", "cells"], cells, texts)

    def accept(self, *handles: str, reason: str = READ) -> Shown:
        """These rows are right as they stand, in every cell."""
        self._record([one for h in handles for one in self._made(h, "accept", reason)])
        return self.show(*handles)

    def reject(self, *handles: str, reason: str) -> Shown:
        """These rows should not be there: no figure, no statement, no event."""
        self._record([one for h in handles for one in self._made(h, "reject", reason)])
        return self.show(*handles)

    def correct(self, handle: str, reason: str, **changes: Any) -> Shown:
        """Cells of this row are wrong; give them by column: ``correct("1f3c9a", reason="...", measure="wounded")``.

        Cells that must change together are given together; None empties one. Raises CorrectionError on a value that
        schema, codebook or a rule over the row does not take.
        """
        if not changes:
            raise CorrectionError("give the cells that are wrong, by column, such as low=25, high=25")
        self._record(self._corrected(handle, reason, changes))
        return self.show(handle)

    def write(self, path: Path | str) -> Path:
        """Write the sheet as CSV, safe for a spreadsheet, with empty columns for verdict, column, new and reason."""
        rows = []
        for row in self.rows:
            words = correction.words_of(self.table, row, self.articles[row["article_id"]]["text"])
            cells = "; ".join(f"{k} = {v}" for k, v in judged_cells(self.table, row).items())
            known = (_handle(self._id(row)), row["outlet"], row["published"], words, row["sentence_text"], cells)
            rows.append(dict(zip(SHEET, (*known, None, None, None, None), strict=True)))
        store.write_text(Path(path), store.to_csv(pd.DataFrame(rows, columns=list(SHEET))))
        return Path(path)

    def take(self, path: Path | str) -> Shown:
        """Record the verdicts written into a sheet's CSV: accept, correct (with column and new) or reject, with a reason.

        Several corrections of one row are several lines with its name. Raises CorrectionError, naming the line, and
        records nothing, where one of them cannot be taken.
        """
        made: list[Correction] = []
        changes: dict[str, dict[str, Any]] = {}
        last: dict[str, tuple[int, str]] = {}
        at = 1
        try:
            with Path(path).open(encoding="utf-8-sig", newline="") as stream:
                for cells in csv.DictReader(stream):
                    at += 1
                    name = (cells.get("row") or "").strip()
                    verdict, reason = ((cells.get(k) or "").strip() for k in ("verdict", "reason"))
                    if verdict.lower() == "correct":
                        column = (cells.get("column") or "").strip()
                        changes.setdefault(name, {})[column] = self._typed(column, cells.get("new") or "")
                        last[name] = at, reason
                    elif verdict:
                        reason = reason or (READ if verdict.lower() == "accept" else "")
                        made += self._made(name, verdict.lower(), reason)
            for name, wanted in changes.items():
                at, reason = last[name]
                made += self._corrected(name, reason, wanted)
        except CorrectionError as error:
            raise CorrectionError(f"{Path(path).name}, line {at}: {error}") from None
        self._record(made)
        return self.show(*dict.fromkeys(_handle(c.row_id) for c in made))

    def _typed(self, column: str, text: str) -> Any:
        """A cell of the CSV as a value of its column's type; empty is null."""
        if column not in COLUMNS[self.table]:
            raise CorrectionError(f"{column!r} is no column to correct; {', '.join(COLUMNS[self.table])} are")
        text = text[1:] if text.startswith("'") and FORMULA.search(text[1:]) else text
        kind = schema()[self.table].column(column).type
        if not text.strip():
            return None
        if kind == "bool":
            if text.strip().lower() not in ("true", "false"):
                raise CorrectionError(f"{column} is true or false, not {text!r}")
            return text.strip().lower() == "true"
        if kind in ("int", "float"):
            try:
                return int(text) if kind == "int" else float(text.replace(",", ""))
            except ValueError:
                raise CorrectionError(f"{column} is a number, not {text!r}") from None
        return text

    def _record(self, made: Sequence[Correction]) -> None:
        corrections.add(self.path, made)

    def _made(self, handle: str, action: str, reason: str, **cell: Any) -> list[Correction]:
        """The record of a verdict; none where the row is gone because a verdict on it was applied by a run."""
        row = self._row(handle)
        if row is None:
            return []
        article = self.articles[row["article_id"]]
        return [correction.make(self.table, row, article, action, self.author, reason, **cell)]

    def _corrected(self, handle: str, reason: str, changes: Mapping[str, Any]) -> list[Correction]:
        """The records of changed cells; a change that stands recorded and applied already makes none."""
        row = self._row(handle)
        if row is None:
            return []
        wanted = _with_source(self.table, row, changes, self.whole)
        after = correcting.gate(self.table, row, wanted, self.codebook)
        standing = {(c.row_id, c.column) for c in corrections.read(self.path)}
        changed = [name for name in wanted if after[name] != row[name]]
        if not changed and not any((self._id(row), name) in standing for name in wanted):
            raise CorrectionError(f"nothing changes: {', '.join(f'{n} is {row[n]!r} already' for n in wanted)}")
        return [one for name in changed for one in self._made(handle, "correct", reason, column=name, new=after[name])]

    def _row(self, handle: str) -> Row | None:
        """The row with this handle, None where the file has a verdict on it and the tables no longer have the row."""
        found = [row for row in self.rows if len(handle) >= DIGITS and _digits(self._id(row)).startswith(handle)]
        if len(found) == 1:
            return found[0]
        known = any(_digits(c.row_id).startswith(handle) for c in corrections.read(self.path))
        if found or not known or len(handle) < DIGITS:
            raise CorrectionError(f"this sheet has no row {handle!r}; it has {', '.join(self.handles)}")
        return None

    def _id(self, row: Row) -> str:
        return str(row[TABLES[self.table][0]])


def _digits(row_id: str) -> str:
    return row_id.rsplit("_", 1)[-1]


def _handle(row_id: str) -> str:
    return _digits(row_id)[:DIGITS]


def _verdict(one: Correction) -> str:
    told = f"{one.column}: {one.old} → {one.new}" if one.action == "correct" else VERBS[one.action]
    return f"{told} ({one.author}: {one.reason})"


def _with_source(table: str, row: Row, changes: Mapping[str, Any], whole: Sequence[Row]) -> dict[str, Any]:
    """The changes with what follows from another source: who that is elsewhere in the table, or the outlet's own voice."""
    if "source" not in changes or table != "claims":
        return dict(changes)
    source = changes["source"]
    if source is None:
        follows: dict[str, Any] = dict.fromkeys(SOURCE) | {"mode": "none"}
    else:
        known = next((r for r in whole if r["source"] == source and r["source_id"] is not None), None)
        follows = {c: known[c] for c in SOURCE[:-1]} if known else {"source_id": source}
        follows |= {"mode": "indirect"} if row["mode"] == "none" else {}
    return {**{c: v for c, v in follows.items() if v != row[c]}, **changes}


def verdicts(path: Path | str) -> pd.DataFrame:
    """The corrections in a file as a table, for a look."""
    columns = ["id", "table", "outlet", "action", "column", "old", "new", "words", "author", "date", "reason"]
    kept = corrections.read(project_root() / path) if str(path) else []
    rows = [{c: getattr(one, c) for c in columns} for one in kept]
    return pd.DataFrame(rows, columns=columns)
