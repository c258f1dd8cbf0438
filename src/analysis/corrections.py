"""Corrections by people: records with a reason, an author and a guard, kept apart from the tables and applied at each run.

One line of ``data/corrections/corrections.jsonl`` is one verdict on one row of ``claims`` or ``event_mentions``: it is
right as it stands (``accept``), one of its cells is wrong (``correct``), or it should not be there (``reject``). The
guard keeps what the person read: the words, their sentence, a hash of the article, the old value. Where any of it is
no longer so the correction is not applied and says why; nothing is ever corrected on a guess. The idea is that of the
corrections of owid/etl: a record with a reason, and a check that fails once the error is gone.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import phrases, store
from analysis.provenance import content_id, sha256_bytes
from analysis.tables import ISO_DAY, schema

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
#: warnings that a terminal shows; the report has them all
MOST_WARNINGS = 20


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


# -- the file ------------------------------------------------------------------------------------------------------


def read(path: Path | str) -> list[Correction]:
    """The corrections in a file, in its order; none where there is no file.

    Raises CorrectionError, with file and line, on anything that is no correction, and on two verdicts on one cell.
    """
    path = Path(path)
    if not path.exists():
        return []
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise CorrectionError(f"{path} cannot be read: {error}") from None
    found: list[Correction] = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(_parsed(line))
                _once(found)
            except CorrectionError as error:
                raise CorrectionError(f"{path.name}, line {number}: {error}") from None
    return found


def _parsed(line: str) -> Correction:
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
    return _identified(made)


def _identified(made: Correction) -> Correction:
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


def _once(found: Sequence[Correction]) -> None:
    """Raise where the last correction and an earlier one cannot both hold."""
    last = found[-1]
    for other in found[:-1]:
        same_row = (other.table, other.row_id) == (last.table, last.row_id)
        if same_row and (other.key == last.key or other.action != last.action):
            raise CorrectionError(f"{last.action} of {last.row_id} against {other.action} in {other.id}; keep one")


def write(path: Path | str, corrections: Iterable[Correction]) -> None:
    """Write the file whole; a reader sees the old file or the new one."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    store.write_text(path, "".join(c.line() + "\n" for c in corrections))


def add(path: Path | str, new: Sequence[Correction]) -> list[Correction]:
    """Add verdicts to a file and return the file's corrections.

    A verdict takes the place of an earlier one on the same row, a correction that of an earlier one of the same cell
    (the old value stays that of the extraction). Raises CorrectionError, and leaves the file alone, where a row is
    accepted that stands corrected.
    """
    kept = read(path)
    for one in new:
        same = [c for c in kept if (c.table, c.row_id) == (one.table, one.row_id)]
        corrected = [c for c in same if c.action == "correct"]
        if one.action == "accept" and corrected:
            raise CorrectionError(f"{one.row_id} stands corrected ({corrected[0].id}): that is its review")
        if one.action == "correct":
            gone = [c for c in same if c.action != "correct" or c.column == one.column]
            before = next((c for c in gone if c.action == "correct"), None)
            if before is not None and before.article_id == one.article_id:
                one = Correction(**{**asdict(one), "old": before.old})
        else:
            gone = same
        if any(_same(one, c) for c in gone):
            continue  # said before, in the same words: the record keeps its day
        kept = [c for c in kept if c not in gone]
        if one.action != "correct" or one.old != one.new:  # back at what was extracted: nothing is left to correct
            checked(one)
            kept.append(_identified(one))
    write(path, kept)
    return kept


def _same(one: Correction, other: Correction) -> bool:
    return asdict(one) | {"date": "", "id": ""} == asdict(other) | {"date": "", "id": ""}


def withdraw(path: Path | str, correction_id: str) -> Correction:
    """Take one correction out of a file, and return it. Raises CorrectionError where it is not in there."""
    kept = read(path)
    gone = next((c for c in kept if c.id == correction_id), None)
    if gone is None:
        raise CorrectionError(f"{path} has no correction {correction_id!r}")
    write(path, [c for c in kept if c is not gone])
    return gone


# -- rows ----------------------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """A cell as a plain value: None for null, no numpy types."""
    if value is None or value is pd.NA or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.item() if hasattr(value, "item") else value


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
    return _identified(made)


# -- counting ------------------------------------------------------------------------------------------------------


def counted(outcomes: Iterable[Mapping[str, Any]]) -> Row:
    """Counts over the outcomes of a run, as in ``run.json``; ``accepted_share`` is the share of the reviewed rows
    that were right as they stood (null where none was reviewed), with its 95 % Wilson interval.

    Stale verdicts count as ``stale`` only: they speak of rows that are no longer there.
    """
    outcomes = list(outcomes)
    applied = [o for o in outcomes if o["state"] == "applied"]
    rows = {(o["table"], o["row_id"]): o["action"] for o in applied}
    per = Counter(rows.values())
    states = Counter(o["state"] for o in outcomes)
    share = per["accept"] / len(rows) if rows else None
    return {
        "records": len(outcomes),
        "applied": states["applied"],
        "stale": states["stale"],
        "elsewhere": states["elsewhere"],
        "reviewed_rows": len(rows),
        "accepted": per["accept"],
        "corrected": per["correct"],
        "rejected": per["reject"],
        "accepted_share": None if share is None else round(share, 4),
        "accepted_interval": None if share is None else wilson(per["accept"], len(rows)),
    }


def wilson(hits: int, n: int, z: float = 1.96) -> list[float]:
    """Wilson's score interval of a share (E. B. Wilson 1927), which stays within 0 and 1 for small samples."""
    share, square = hits / n, z * z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = z * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return [round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)]


def told(counts: Mapping[str, Any]) -> str:
    """The counts of ``counted`` in a sentence or two."""
    words = "No row of this run was reviewed."
    if counts["reviewed_rows"]:
        low, high = counts["accepted_interval"]
        rows = phrases.sentence_case(phrases.many(counts["reviewed_rows"], "row"))
        share = (
            f"{counts['accepted']} right as extracted ({low:.0%} to {high:.0%} of all, if they were drawn by chance)"
        )
        words = f"{rows} reviewed: {share}, {counts['corrected']} corrected, {counts['rejected']} rejected."
    if counts["stale"]:
        stale = phrases.sentence_case(phrases.many(counts["stale"], "correction"))
        words += f" {stale} no longer {'fits and was' if counts['stale'] == 1 else 'fit and were'} not applied."
    return words


def summary(run_dir: Path) -> Row:
    """What became of the corrections in a run, read from the notes of its stages.

    The counts of ``counted``, the same in ``words`` and ``by_table``, and the outcomes as lists of dicts: ``stale_rows`` (with ``why``)
    and ``applied_rows``, each with table, action, column, old, new, outlet, words, sentence, author, date and reason.
    All of it may hold text of articles: escape it.
    """
    outcomes: list[Row] = []
    for path in sorted((run_dir / "validation").glob("*.json")):
        note = store.read_json(path)
        if isinstance(note, dict):
            outcomes += [o for o in note.get("corrections") or [] if isinstance(o, dict)]
    counts = counted(outcomes)
    return {
        **counts,
        "words": told(counts),
        "by_table": {t: counted(o for o in outcomes if o["table"] == t) for t in TABLES},
        "stale_rows": [o for o in outcomes if o["state"] == "stale"],
        "applied_rows": [o for o in outcomes if o["state"] == "applied"],
    }


def lines(run_dir: Path) -> list[str]:
    """What a terminal says of the corrections of a run: nothing where there are none."""
    found = summary(run_dir)
    if not found["records"]:
        return []
    counts = [f"{found['applied']} applied"]
    counts += [f"{found['stale']} no longer fit"] if found["stale"] else []
    counts += [f"{found['elsewhere']} for articles that are not in this run"] if found["elsewhere"] else []
    stale = [f"WARNING: correction {o['id']} ({o['outlet']}) was not applied: {o['why']}" for o in found["stale_rows"]]
    return [f"corrections: {', '.join(counts)}", *stale[:MOST_WARNINGS]]
