"""Formats of raw files: one function each, the bytes of a file in, records out; and what makes an input unusable."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

#: bytes of one raw file; a corpus belongs into several files, so that a broken one costs only its own articles
MAX_BYTES = 256_000_000
#: share of NUL characters above which a file is no text
MOST_NULS = 0.1
#: what may stand between the cells of a CSV file; where commas are decimal marks, spreadsheets write semicolons
DELIMITERS = ",;\t"


class Unusable(ValueError):
    """One input that cannot be used: ``reason`` is a code of ``rejected.reason``, the message says what to do."""

    def __init__(self, reason: str, detail: str):
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True)
class Record:
    """One article as found: its key in the file, and its fields or why it cannot be read."""

    key: str
    fields: Mapping[str, Any] | Unusable


def decode(payload: bytes) -> str:
    """Decode UTF-8 (or UTF-16 that says so by its byte order mark); the mark is no text, newlines stay as they are.

    Raises Unusable (``bad_encoding``).
    """
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if payload.startswith(mark):
            payload = payload[len(mark) :]
            break
    else:
        encoding = "utf-8"
    try:
        text = payload.decode(encoding)
    except UnicodeDecodeError as error:
        detail = f"Byte {error.start + 1} is no {encoding.upper()}; save the file as UTF-8."
        raise Unusable("bad_encoding", detail) from None
    if text.count("\0") > MOST_NULS * len(text):
        raise Unusable("bad_encoding", "The file is binary, or UTF-16 that does not say so; save it as UTF-8 text.")
    return text


def _plain_text(payload: bytes) -> Iterator[Record]:
    yield Record("1", {"text": decode(payload)})


def _load_json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and error.lineno > 1:
            detail = f"{where} is more than one JSON value; make it a list, or a .jsonl file with one object a line."
            raise Unusable("bad_json", detail) from None
        spot = f"line {error.lineno}, column {error.colno}"
        raise Unusable("bad_json", f"{where} is no JSON ({error.msg} at {spot}); mend or remove it.") from None
    except (RecursionError, ValueError):
        raise Unusable("bad_json", f"{where} is nested too deeply or holds a number too long; mend it.") from None


def _as_record(key: str, found: Any, where: str) -> Record:
    if isinstance(found, dict):
        return Record(key, found)
    return Record(key, Unusable("bad_record", f"{where} is no JSON object with a text; mend or remove it."))


def _json(payload: bytes) -> Iterator[Record]:
    found = _load_json(decode(payload), "The file")
    if isinstance(found, list):
        for number, member in enumerate(found, 1):
            yield _as_record(str(number), member, f"Member {number}")
    else:
        yield _as_record("1", found, "The file")


def _json_lines(payload: bytes) -> Iterator[Record]:
    # not str.splitlines: a text may hold U+2028, which ends no JSON line
    for number, line in enumerate(decode(payload).split("\n"), 1):
        if line.strip():
            try:
                yield _as_record(str(number), _load_json(line, f"Line {number}"), f"Line {number}")
            except Unusable as problem:
                yield Record(str(number), problem)


def csv_rows(payload: bytes) -> Iterator[tuple[int, dict[str, str | None]]]:
    """Yield (line, row) of a CSV file; its header tells the delimiter, cells keep their newlines."""
    csv.field_size_limit(MAX_BYTES)
    text = decode(payload)
    head = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=head.count)
    reader = csv.DictReader(io.StringIO(text, newline=""), restkey="", delimiter=delimiter)
    try:
        for row in reader:
            yield reader.line_num, cast(dict[str, str | None], row)
    except csv.Error as error:
        raise Unusable("bad_record", f"Line {reader.line_num} is no CSV ({error}); mend the file.") from None


def _csv(payload: bytes) -> Iterator[Record]:
    for line, row in csv_rows(payload):
        if "" in row or None in row.values():
            detail = f"Line {line} has more or fewer cells than the header; quote cells that hold commas or newlines."
            yield Record(str(line), Unusable("bad_record", detail))
        else:
            yield Record(str(line), row)


#: suffix -> reader; a new format is one function and one row here
FORMATS: Mapping[str, Callable[[bytes], Iterator[Record]]] = {
    ".txt": _plain_text,
    ".json": _json,
    ".jsonl": _json_lines,
    ".ndjson": _json_lines,
    ".csv": _csv,
}
