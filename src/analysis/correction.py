"""One correction: a person's verdict on one row of a table, with a reason, an author and a guard.

The guard keeps what the person read: the words, their sentence, a hash of the article, the old value. Where any of it is
no longer so the correction is not applied and says why; nothing is ever corrected on a guess. The idea is that of the
corrections of owid/etl: a record with a reason, and a check that fails once the error is gone.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from analysis.provenance import content_id, sha256_bytes
from analysis.tables import ISO_DAY, plain, schema

Row = dict[str, Any]

ACTIONS = ("accept", "correct", "reject")
#: id column of the tables that can be corrected, and the column with the words that a row stands on
TABLES = {"claims": ("claim_id", "figure_text"), "event_mentions": ("mention_id", "trigger")}
#: columns that a person may judge; ids, offsets and what is copied from the article are not among them
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "claims": (
        *("low", "high", "comparator", "unit", "per", "counted", "counted_class", "measure", "aspect", "base", "side"),
        *("place", "place_basis", "as_of_start", "as_of_end", "source", "source_id", "source_party", "source_kind"),
        *("source_named", "said_date", "via", "stance", "mode", "hedged", "hedge_text", "caveat", "negated"),
        "statement_type",
    ),
    "event_mentions": (
        *("event_type", "event_mode", "realis", "actor", "actor_type", "target", "target_type", "place", "latitude"),
        *("longitude", "country_iso3", "admin1", "geonames_id", "place_precision", "date_start", "date_end"),
        *("date_precision", "source", "source_kind", "via", "mode", "hedged", "negated"),
    ),
}


class CorrectionError(ValueError):
    """A correction that cannot be recorded or read; the message names it and says what to do."""


@dataclass(frozen=True)
class Correction:
    """One verdict on one row. ``old`` and ``new`` are the cell before and after; ``row`` holds all judged cells of an
    accepted row, ``sentence`` and ``words`` what was read, ``text_sha256`` the article it was read in.
    """

    table: str
    row_id: str
    article_id: str
    action: str
    column: str | None
    old: Any
    new: Any
    outlet: str
    url: str | None
    raw_path: str
    text_sha256: str
    start: int
    end: int
    words: str
    sentence: str
    author: str
    date: str
    reason: str
    row: Row | None = None
    id: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """Table, row and column: there is one verdict for each."""
        return self.table, self.row_id, self.column or ""

    def content(self) -> str:
        """The id that follows from what the verdict says of which row."""
        return content_id("cor", self.table, self.row_id, self.action, self.column, self.old, self.new)

    def line(self) -> str:
        """The record as one line of JSON, keys in a fixed order, empty ones left out where they say nothing."""
        cells = asdict(self)
        order = ["id", *(k for k in cells if k not in ("id", "row")), *(["row"] if self.row is not None else [])]
        return json.dumps({k: cells[k] for k in order}, ensure_ascii=False, allow_nan=False)


@dataclass
class Outcome:
    """What became of one correction in a run: ``applied``, ``stale`` (not applied, ``why`` says what changed) or
    ``elsewhere`` (its article is not among those of this run)."""

    correction: Correction
    state: str
    why: str = ""

    def as_dict(self) -> Row:
        kept = ("id", "table", "row_id", "action", "column", "old", "new", "outlet", "words", "sentence")
        cells = {k: getattr(self.correction, k) for k in (*kept, "author", "date", "reason")}
        return cells | {"state": self.state, "why": self.why}


def parsed(line: str) -> Correction:
    """The correction that a line of JSON holds. Raises CorrectionError on anything else."""
    try:
        cells = json.loads(line)
    except (ValueError, RecursionError):
        raise CorrectionError("this is no JSON; mend or remove the line") from None
    if not isinstance(cells, dict):
        raise CorrectionError("this is no JSON object; mend or remove the line")
    fields = Correction.__dataclass_fields__
    if unknown := sorted(set(cells) - set(fields)):
        raise CorrectionError(f"unknown key {unknown[0]!r}; known: {', '.join(fields)}")
    if missing := sorted(set(fields) - set(cells) - {"row", "id"}):
        raise CorrectionError(f"the key {missing[0]!r} is missing")
    made = Correction(**cells)
    checked(made)
    if made.id and made.id != made.content():
        raise CorrectionError(f"the id {made.id} is not that of its content; write {made.content()}, or no id")
    return identified(made)


def identified(made: Correction) -> Correction:
    """The same with the id that follows from its content."""
    return Correction(**{**asdict(made), "id": made.content()})


def checked(made: Correction) -> None:
    """Raise CorrectionError unless every cell of a record is of its kind."""
    if made.table not in TABLES:
        raise CorrectionError(
            f"no corrections are made to the table {made.table!r}; to {' and '.join(TABLES)} they are"
        )
    if made.action not in ACTIONS:
        raise CorrectionError(f"unknown action {made.action!r}; known: {', '.join(ACTIONS)}")
    texts = {k: getattr(made, k) for k in ("row_id", "article_id", "outlet", "raw_path", "text_sha256", "words")}
    texts |= {k: getattr(made, k) for k in ("sentence", "author", "date", "reason", "id")}
    if wrong := next((k for k, v in texts.items() if not isinstance(v, str)), None):
        raise CorrectionError(f"{wrong} must be text")
    if made.url is not None and not isinstance(made.url, str):
        raise CorrectionError("url must be text or null")
    if not all(isinstance(n, int) and not isinstance(n, bool) for n in (made.start, made.end)):
        raise CorrectionError("start and end must be whole numbers")
    for name in ("author", "reason"):
        text = texts[name]
        if not text.strip():
            raise CorrectionError(f"{name} is empty; every correction says who made it and why")
        if not text.isprintable():
            raise CorrectionError(f"{name} must be one line of printable text")
    if not ISO_DAY.fullmatch(made.date):
        raise CorrectionError(f"date is {made.date!r}, not a day like 2025-03-05")
    if (made.column is not None) != (made.action == "correct"):
        raise CorrectionError("a correction names its column, an acceptance or rejection none")
    if made.column is not None and made.column not in COLUMNS[made.table]:
        raise CorrectionError(no_such_column(made.table, made.column))
    if made.column is not None and made.old == made.new:
        raise CorrectionError(f"{made.column} is {made.new!r} already")
    if (made.row is not None) != (made.action == "accept") or not isinstance(made.row, dict | None):
        raise CorrectionError("an accepted row, and no other, keeps its cells under 'row'")


def no_such_column(table: str, column: Any) -> str:
    known = ", ".join(COLUMNS[table])
    if column in schema()[table].names:
        return f"{table}.{column} is copied from the article or an id, and cannot be corrected; these can: {known}"
    return f"{table} has no column {column!r}; these can be corrected: {known}"


def rows_of(table: pd.DataFrame) -> list[Row]:
    """The rows of a table as dicts of plain values."""
    columns = [str(c) for c in table.columns]
    return [{c: plain(v) for c, v in zip(columns, r, strict=True)} for r in table.itertuples(index=False, name=None)]


def text_hash(text: str) -> str:
    return sha256_bytes(text.encode("utf-8", "surrogatepass"))


def words_of(table: str, row: Row, text: str) -> str:
    """The words a row stands on: a figure, a trigger, the content of a statement."""
    return str(row[TABLES[table][1]] or text[row["start"] : row["end"]])


def make(
    table: str, row: Row, article: Row, action: str, author: str, reason: str, day: str = "", **cell: Any
) -> Correction:
    """One verdict on a row of a table; ``cell`` are ``column`` and ``new`` of a correction. The day is today's unless
    one is given. Raises CorrectionError on anything a record cannot hold."""
    column, text = cell.get("column"), str(article["text"])
    made = Correction(
        table=table,
        row_id=row[TABLES[table][0]],
        article_id=row["article_id"],
        action=action,
        column=column,
        old=row.get(column) if column else None,
        new=cell.get("new"),
        outlet=row["outlet"],
        url=article["url"],
        raw_path=article["raw_path"],
        text_sha256=text_hash(text),
        start=row["start"],
        end=row["end"],
        words=words_of(table, row, text),
        sentence=row["sentence_text"],
        author=author,
        date=day or dt.datetime.now(dt.UTC).date().isoformat(),
        reason=reason,
        row={c: row[c] for c in COLUMNS[table] if row[c] is not None} if action == "accept" else None,
    )
    checked(made)
    return identified(made)
