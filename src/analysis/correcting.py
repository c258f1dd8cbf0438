"""Apply corrections to freshly extracted tables, and say what changed where one no longer fits.

Nothing is corrected on a guess: a correction whose words, sentence, article or old value are no longer as they were is
left out and comes back as ``stale`` with the reason. The likeness of sentences only finds words for that reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

import pandas as pd

from analysis import events
from analysis.checks import CHECKS
from analysis.codebook import Codebook, load
from analysis.correction import (
    COLUMNS,
    TABLES,
    Correction,
    CorrectionError,
    Outcome,
    Row,
    no_such_column,
    rows_of,
    text_hash,
    words_of,
)
from analysis.tables import SchemaError, frame, plain, schema

#: reason of a rejected figure's number in ``left_out``: every number stays accounted for
REJECTED = "rejected_by_reviewer"
#: a sentence at least this like the old one is taken for what became of it, in the words of a warning only
LIKE = 0.6
MOST_QUOTE = 160
#: columns whose values are codes of the codebook: file and column
CODES = {"measure": ("measures", "id"), "counted_class": ("counted_classes", "code")}
#: rules over several columns of one row; a correction may not break one that held
RULES: Mapping[str, Mapping[str, str]] = {
    "claims": {
        "check_bounds_fit_comparator": "low and high must be there as the comparator says",
        "check_source_has_mode": "a row with a source has mode direct or indirect",
        "check_as_of_order": "as_of_start is not after as_of_end",
    },
    "event_mentions": {
        "check_event_dates_ordered": "date_start is not after date_end",
        "check_actual_not_after_publication": "what happened is not dated after its publication",
        "check_point_fits_precision": "coordinates stand where place_precision says so, and only there",
    },
}


@dataclass
class Corrected:
    """A table with its corrections applied, the numbers of rejected figures, and what became of each correction."""

    rows: pd.DataFrame
    left_out: list[Row] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)


def gate(table: str, before: Row, changes: Mapping[str, Any], codebook: Codebook | None = None) -> Row:
    """The row with its cells changed. Raises CorrectionError where the schema, the codebook or a rule over several
    columns that held before would not take it: nothing that a person records can break a later run."""
    book = codebook or load()
    described = schema()[table]
    for name, value in changes.items():
        if name not in COLUMNS[table]:
            raise CorrectionError(no_such_column(table, name))
        column = described.column(name)
        low, high = column.minimum, column.maximum
        if isinstance(value, int | float) and (
            (low is not None and value < low) or (high is not None and value > high)
        ):
            raise CorrectionError(f"{name} is {value!r}, out of its bounds")
        if name in CODES and value is not None:
            file, key = CODES[name]
            known = sorted({r[key] for r in book.rows(file) if r[key]})
            if value not in known:
                raise CorrectionError(f"{name} is {value!r}, no code of the codebook: {', '.join(known)}")
    after = before | dict(changes)
    if table == "claims" and "source" in changes:
        after |= {"source_start": None, "source_end": None}  # they point at the words of the wrong one
    try:
        was, now = frame(table, [before]), frame(table, [after])
    except SchemaError as error:
        raise CorrectionError(str(error)) from None
    if before.get("kind") == "figure" and after.get("measure") is None:
        raise CorrectionError("every figure has a measure")
    if before.get("kind") == "figure" and (after.get("comparator") is None or after.get("unit") is None):
        raise CorrectionError("every figure has a comparator and a unit")
    if table == "claims" and after["low"] is not None and after["high"] is not None and after["low"] > after["high"]:
        raise CorrectionError("low is at most high; change both together")
    for rule, words in RULES[table].items():
        held = [plain(CHECKS[rule].flags({table: data})[0]) for data in (was, now)]
        if held[1] is False and held[0] is not False:
            raise CorrectionError(f"{words}; change the columns together")
    return rows_of(now)[0]


def apply(
    table: str,
    rows: pd.DataFrame,
    articles: pd.DataFrame,
    corrections: Sequence[Correction],
    codebook: Codebook | None = None,
) -> Corrected:
    """Apply the corrections of one table to its freshly extracted rows.

    The corrections of a row are applied together or not at all. A row that a person corrected or accepted names the
    corrections in ``extractor``; a rejected one is gone, and ids that pointed at it are null.
    """
    own = [c for c in corrections if c.table == table]
    if not own:
        return Corrected(rows)
    key = TABLES[table][0]
    found = rows_of(rows)
    at = {row[key]: i for i, row in enumerate(found)}
    reader = _Reader(table, found, rows_of(articles))
    of_row: dict[str, list[Correction]] = defaultdict(list)
    for one in own:
        of_row[one.row_id].append(one)
    outcomes: dict[str, Outcome] = {}
    rejected: list[Row] = []
    for row_id, verdicts in of_row.items():
        row = found[at[row_id]] if row_id in at else None
        judged = [reader.judge(one, row) for one in verdicts]
        fits = row is not None and all(o.state == "applied" for o in judged)
        if fits and row is not None and verdicts[0].action == "reject":
            rejected.append(row)
        elif fits and row is not None:
            changes = {str(c.column): c.new for c in verdicts if c.action == "correct"}
            try:
                after = gate(table, row, changes, codebook) if changes else dict(row)
                after["extractor"] = "+".join([row["extractor"], *(c.id for c in verdicts)])
                found[at[row_id]] = after
            except CorrectionError as error:
                fits = False
                judged = [Outcome(o.correction, "stale", f"the tables no longer take it: {error}") for o in judged]
        for outcome in judged:
            if outcome.state == "applied" and not fits:
                outcome.state, outcome.why = "stale", "another correction of the same row no longer fits"
            outcomes[outcome.correction.id] = outcome
    gone = {row[key] for row in rejected}
    kept = [_unpointed(row, gone) for row in found if row[key] not in gone]
    left_out = [
        {
            "article_id": r["article_id"],
            "start": r["start"],
            "end": r["end"],
            "text": r["figure_text"],
            "reason": REJECTED,
        }
        for r in rejected
        if r.get("kind") == "figure"
    ]
    return Corrected(frame(table, kept), left_out, [outcomes[c.id] for c in own])


def _unpointed(row: Row, gone: set[str]) -> Row:
    pointers = [p for p in ("part_of", "about_claim_id", "repeat_of") if row.get(p) in gone]
    return row | dict.fromkeys(pointers) if pointers else row


def correct_claims(
    claims: pd.DataFrame,
    left_out: pd.DataFrame,
    articles: pd.DataFrame,
    corrections: Sequence[Correction],
    codebook: Codebook | None = None,
) -> tuple[pd.DataFrame, pd.DataFrame, list[Outcome]]:
    """Apply corrections to ``claims``; the numbers of rejected figures go to ``left_out``."""
    done = apply("claims", claims, articles, corrections, codebook)
    if done.left_out:
        left_out = frame("left_out", [*rows_of(left_out), *done.left_out])
    return done.rows, left_out, done.outcomes


def correct_mentions(
    mentions: pd.DataFrame,
    articles: pd.DataFrame,
    corrections: Sequence[Correction],
    codebook: Codebook | None = None,
) -> tuple[pd.DataFrame, list[Outcome]]:
    """Apply corrections to ``event_mentions`` and group the mentions into events anew."""
    done = apply("event_mentions", mentions, articles, corrections, codebook)
    if not any(o.state == "applied" and o.correction.action != "accept" for o in done.outcomes):
        return done.rows, done.outcomes
    rows = rows_of(done.rows)
    for row, event_id in zip(rows, events.group(rows), strict=True):
        row["event_id"] = event_id
    return frame("event_mentions", rows), done.outcomes


class _Reader:
    """Holds corrections against the articles and rows of a run, and says what changed under one."""

    def __init__(self, table: str, rows: Sequence[Row], articles: Sequence[Row]) -> None:
        self.table = table
        self.by_id = {a["article_id"]: a for a in articles}
        self.by_url = {(a["outlet"], a["url"]): a for a in articles if a["url"] is not None}
        self.by_path = {(a["outlet"], a["raw_path"]): a for a in articles}
        self.rows: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            self.rows[row["article_id"]].append(row)

    def judge(self, one: Correction, row: Row | None) -> Outcome:
        """Whether a correction fits the row of its id as it is extracted now, and if not, why."""
        article = self.by_id.get(one.article_id)
        if article is None:
            article = self.by_url.get((one.outlet, one.url or "")) or self.by_path.get((one.outlet, one.raw_path))
            if article is None:
                return Outcome(one, "elsewhere", "its article is not among those of this run")
            return Outcome(one, "stale", self._article_changed(one, article))
        if text_hash(article["text"]) != one.text_sha256:
            return Outcome(one, "stale", "the record's hash is not that of the article; record it anew")
        if row is None:
            more = "; it can be withdrawn" if one.action == "reject" else ""
            return Outcome(one, "stale", f"the extraction no longer makes this row of {_quoted(one.words)}{more}")
        if (row["start"], row["end"]) != (one.start, one.end) or words_of(
            self.table, row, article["text"]
        ) != one.words:
            return Outcome(one, "stale", f"the row no longer stands on {_quoted(one.words)}")
        if row["sentence_text"] != one.sentence:
            return Outcome(one, "stale", f"its sentence is now cut as {_quoted(row['sentence_text'])}")
        expected = {one.column: one.old} if one.column else one.row or {}
        judged = (
            expected if one.column else dict.fromkeys(COLUMNS[self.table] if one.row is not None else ()) | expected
        )
        for column, old in judged.items():
            if row[str(column)] != old:
                return Outcome(one, "stale", _value_changed(one, str(column), old, row[str(column)]))
        return Outcome(one, "applied")

    def _article_changed(self, one: Correction, article: Row) -> str:
        text, name = article["text"], f"the article changed ({article['raw_path']})"
        if text_hash(text) == one.text_sha256:
            return f"{name}: its text is the same, its outlet or address is another; look again and record it anew"
        if one.sentence in text:
            return f"{name}: this sentence is still the same; look again and record it anew"
        rows = self.rows[article["article_id"]]
        likeness = [(_likeness(one.sentence, r["sentence_text"]), r) for r in rows]
        if not likeness or max(score for score, _ in likeness) < LIKE:
            return f"{name}: the sentence {_quoted(one.sentence)} is gone"
        best = max(score for score, _ in likeness)
        near = [r for score, r in likeness if score == best]
        told = f"{name}: the sentence now reads {_quoted(near[0]['sentence_text'])}"
        words = [words_of(self.table, r, text) for r in near]
        if one.words not in near[0]["sentence_text"]:
            told += f", and {_quoted(one.words)} is now {' or '.join(map(_quoted, dict.fromkeys(words)))}"
        return told


def _likeness(one: str, other: str) -> float:
    match = SequenceMatcher(None, one, other, autojunk=False)
    return match.ratio() if match.real_quick_ratio() >= LIKE and match.quick_ratio() >= LIKE else 0.0


def _value_changed(one: Correction, column: str, old: Any, now: Any) -> str:
    if one.action == "correct" and now == one.new:
        return f"the extraction now gives {column} {now!r} by itself; the correction can be withdrawn"
    return f"{column} is now extracted as {now!r}, it was {old!r}; look again and record it anew"


def _quoted(text: str) -> str:
    text = " ".join(text.split())
    return f"“{text if len(text) <= MOST_QUOTE else text[: MOST_QUOTE - 1] + '…'}”"
