"""The corrections on record: their file, kept apart from the tables and applied at each run, and what became of them.

One line of ``data/corrections/corrections.jsonl`` is one verdict on one row of ``claims`` or ``event_mentions``: it is
right as it stands (``accept``), one of its cells is wrong (``correct``), or it should not be there (``reject``).
Readers see the file before a change or after it; who changes it waits until another one is done.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import filelock

from analysis import phrases, store
from analysis.correction import TABLES, Correction, CorrectionError, Row, checked, identified, parsed

#: warnings that a terminal shows; the report has them all
MOST_WARNINGS = 20
#: seconds to wait for another one who writes: each change takes milliseconds
PATIENCE = 10.0


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
                found.append(parsed(line))
                _once(found)
            except CorrectionError as error:
                raise CorrectionError(f"{path.name}, line {number}: {error}") from None
    return found


def _once(found: Sequence[Correction]) -> None:
    """Raise where the last correction and an earlier one cannot both hold."""
    last = found[-1]
    for other in found[:-1]:
        same_row = (other.table, other.row_id) == (last.table, last.row_id)
        if same_row and (other.key == last.key or other.action != last.action):
            raise CorrectionError(f"{last.action} of {last.row_id} against {other.action} in {other.id}; keep one")


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Keep other writers out while the file is read, changed and written: no verdict of theirs is lost.

    The system lets go of the lock when the process ends. Raises CorrectionError where it stays taken, or where nothing
    can be written.
    """
    lock = filelock.FileLock(path.with_name(f".{path.name}.lock"), timeout=PATIENCE)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with lock:
            yield
    except filelock.Timeout:
        raise CorrectionError(f"{path} is being written by another notebook; try again when it is done") from None
    except OSError as error:
        raise CorrectionError(
            f"{path} cannot be written: {error.strerror or error}; mend that, or give another"
        ) from None


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
    with _alone(Path(path)):
        before = read(path)
        kept = _with(before, new)
        if kept != before or not Path(path).exists():
            write(path, kept)
    return kept


def _with(kept: list[Correction], new: Sequence[Correction]) -> list[Correction]:
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
            kept.append(identified(one))
    return kept


def _same(one: Correction, other: Correction) -> bool:
    return asdict(one) | {"date": "", "id": ""} == asdict(other) | {"date": "", "id": ""}


def withdraw(path: Path | str, correction_id: str) -> Correction:
    """Take one correction out of a file, and return it. Raises CorrectionError where it is not in there."""
    with _alone(Path(path)):
        kept = read(path)
        gone = next((c for c in kept if c.id == correction_id), None)
        if gone is None:
            raise CorrectionError(f"{path} has no correction {correction_id!r}")
        write(path, [c for c in kept if c is not gone])
    return gone


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
