"""Stage 01: the raw folder as received becomes the tables ``articles`` and ``rejected``.

This stage may not change a text: every offset in every table indexes into it. It may not stop at a bad input either:
what cannot be used becomes a row of ``rejected`` with a fixed reason and one sentence that says what to do.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, cast
from urllib.parse import urlsplit

import pandas as pd
from dateutil import parser as date_parser
from spacy.lang.en.stop_words import STOP_WORDS

from analysis.codebook import load
from analysis.provenance import article_id, sha256_bytes
from analysis.tables import frame, schema
from analysis.timexes import Finder, infer_published

METADATA = "metadata.csv"
#: characters; spaCy's own limit for one text (``Language.max_length``)
MAX_CHARACTERS = 1_000_000
#: bytes of one raw file; a corpus belongs into several files, so that a broken one costs only its own articles
MAX_BYTES = 256_000_000
#: A text without a stated language counts as English from this share of English function words on. In 53 English news
#: articles it lies between 0.24 and 0.59, in spaCy's example sentences of 17 other languages below 0.13.
ENGLISH_SHARE = 0.15
#: below this many words the share says too little
ENGLISH_WORDS = 30
UNKNOWN_OUTLET = "unknown"

#: column of the articles table -> names under which inputs carry it, the first one found wins
FIELDS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "maintext", "body"),
    "outlet": ("outlet", "source_name", "publisher"),
    "domain": ("domain", "source_domain"),
    "url": ("url", "link"),
    "published": ("published", "date", "date_publish", "published_at"),
    "published_basis": ("published_basis",),
    "credit": ("credit",),
    "title": ("title", "headline"),
    "byline": ("byline", "authors", "author"),
    "language": ("language", "lang"),
}
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
#: a day in an address: /2024/11/09/, /2024/nov/09/, -2024-11-09, 20241109
URL_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:([/-])(\d{1,2}|" + "|".join(MONTHS) + r")\2(\d{1,2})|(\d\d)(\d\d))(?!\d)", re.IGNORECASE
)


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


# --- formats: one function each, file bytes in, records out -----------------------------------------------------------


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
        return payload.decode(encoding)
    except UnicodeDecodeError as error:
        detail = f"Byte {error.start + 1} is no {encoding.upper()}; save the file as UTF-8."
        raise Unusable("bad_encoding", detail) from None


def _plain_text(payload: bytes) -> Iterator[Record]:
    yield Record("1", {"text": decode(payload)})


def _load_json(text: str, where: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
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


def _csv_rows(payload: bytes) -> Iterator[tuple[int, dict[str, str | None]]]:
    """Yield (line, row) of a CSV file with a header; cells keep their newlines."""
    csv.field_size_limit(MAX_BYTES)
    reader = csv.DictReader(io.StringIO(decode(payload), newline=""), restkey="")
    try:
        for row in reader:
            yield reader.line_num, cast(dict[str, str | None], row)
    except csv.Error as error:
        raise Unusable("bad_record", f"Line {reader.line_num} is no CSV ({error}); mend the file.") from None


def _csv(payload: bytes) -> Iterator[Record]:
    for line, row in _csv_rows(payload):
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
    ".csv": _csv,
}


# --- fields -----------------------------------------------------------------------------------------------------------


def _field(fields: Mapping[str, Any], column: str) -> str | None:
    """First non-empty value under any of the column's names, as text; lists are joined by commas."""
    for name in FIELDS[column]:
        value = fields.get(name)
        if isinstance(value, list):
            value = ", ".join(str(v) for v in value if v is not None)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            found = str(value).strip()
            if any("\ud800" <= c <= "\udfff" for c in found):
                raise Unusable("bad_encoding", f"The field {name} holds half a character; export it as UTF-8.")
            return found
    return None


def parse_day(value: str) -> str:
    """Return the ISO day of a date as written (its own time zone); raise Unusable if it has no single reading."""
    try:
        if re.match(r"\d{4}-\d\d-\d\d(?!\d)", value):
            return date.fromisoformat(value[:10]).isoformat()
        # two readings of day and month and two of what is left out: only a whole, unambiguous date survives all four
        readings = {
            date_parser.parse(value, dayfirst=day_first, default=default).date()
            for day_first in (True, False)
            for default in (datetime(2000, 1, 1), datetime(2003, 3, 3))
        }
    except (ValueError, OverflowError):
        readings = set()
    if len(readings) == 1:
        return readings.pop().isoformat()
    raise Unusable("bad_record", f"The date {value!r} has no single reading; write it as YYYY-MM-DD.")


def day_in_url(url: str) -> str | None:
    """The ISO day in an address such as ``/2024/11/09/``, else None."""
    for found in URL_DAY.finditer(urlsplit(url).path):
        year, _, month, day, compact_month, compact_day = found.groups()
        month = month or compact_month
        number = MONTHS.index(month.lower()) + 1 if month.lower() in MONTHS else int(month)
        try:
            return date(int(year), number, int(day or compact_day)).isoformat()
        except ValueError:
            continue
    return None


def _host(url: str) -> str | None:
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:
        return None
    return re.sub(r"^(www|amp|m)\.", "", host) if host else None


def english_share(text: str) -> float:
    """Share of English function words (spaCy's list) among the first 1000 words; 1.0 for a text too short to tell."""
    words = re.findall(r"[^\W\d_]+", text[:20_000].lower())[:1000]
    if len(words) < ENGLISH_WORDS:
        return 1.0
    return sum(w in STOP_WORDS for w in words) / len(words)


def _text(fields: Mapping[str, Any]) -> str:
    text = next((fields[name] for name in FIELDS["text"] if fields.get(name) is not None), None)
    if text is None:
        raise Unusable("bad_record", f"The record has no text; give it under {' or '.join(FIELDS['text'])}.")
    if not isinstance(text, str):
        raise Unusable("bad_record", f"The text is of type {type(text).__name__}; give it as a string.")
    if not text.strip():
        raise Unusable("empty_text", "The text is empty; add it or remove the record.")
    if len(text) > MAX_CHARACTERS:
        raise Unusable("too_long", f"The text has {len(text)} characters; split it, {MAX_CHARACTERS} are the limit.")
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise Unusable("bad_encoding", "The text holds half a character (a lone surrogate); export it as UTF-8.")
    return text


def _day_told(codebook: str | None) -> Callable[[str], str | None]:
    """A function that finds the day of publication that a text itself tells, by the codebook's words for dates."""
    finder = Finder(load(codebook).rows("date_words"))
    return lambda text: infer_published(text, finder)


def _row(fields: Mapping[str, Any], day_told: Callable[[str], str | None]) -> dict[str, Any]:
    """One row of the articles table, without what only the file knows. Raises Unusable."""
    text = _text(fields)
    language = _field(fields, "language")
    if language and language.lower().replace("_", "-").split("-")[0] not in ("en", "eng", "english"):
        raise Unusable("other_language", f"The language is {language!r}; only English is read, remove the record.")
    if language is None and english_share(text) < ENGLISH_SHARE:
        detail = "The text does not look English; remove it, or state language en if it is."
        raise Unusable("other_language", detail)
    url, outlet, domain = _field(fields, "url"), _field(fields, "outlet"), _field(fields, "domain")
    outlet_basis = "metadata"
    if outlet is None and domain is not None:
        outlet = _host(domain)
    if outlet is None:
        outlet, outlet_basis = (_host(url) if url else None), "url"
    if outlet is None:
        outlet, outlet_basis = UNKNOWN_OUTLET, "unknown"
    published, published_basis = _field(fields, "published"), "metadata"
    if published is not None:
        published = parse_day(published)
        stated = _field(fields, "published_basis")
        # a basis outside our codes was still given beside the text
        published_basis = stated if stated in schema()["articles"].column("published_basis").allowed else "metadata"
    else:
        published, published_basis = (day_in_url(url) if url else None), "url"
        if published is None:
            published, published_basis = day_told(text), "text"
        if published is None:
            published_basis = "unknown"
    return {
        "article_id": article_id(outlet, url, text),
        "outlet": outlet,
        "outlet_basis": outlet_basis,
        "credit": _field(fields, "credit"),
        "url": url,
        "title": _field(fields, "title"),
        "byline": _field(fields, "byline"),
        "language": "en" if language else None,
        "published": published,
        "published_basis": published_basis,
        "text": text,
    }


# --- the folder -------------------------------------------------------------------------------------------------------


def _name(path: Path, raw: Path) -> str:
    """Path below the raw folder with forward slashes; bytes of a file name that are no UTF-8 show as escapes."""
    return os.fsencode(path.relative_to(raw).as_posix()).decode("utf-8", "backslashreplace")


def _outside(path: Path, raw: Path) -> bool:
    return not path.resolve().is_relative_to(raw.resolve())


def _files(raw: Path) -> Iterator[Path]:
    """Every visible file below the folder, sorted by name; folders behind links are given, not entered."""
    for folder, folders, names in os.walk(raw):
        folders.sort()
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        folders[:] = [name for name in folders if not name.startswith(".") and name not in links]
        yield from (Path(folder) / name for name in sorted(names + links) if not name.startswith((".", "README")))


def _payload(path: Path, raw: Path) -> bytes:
    if _outside(path, raw):
        raise Unusable("unsafe_path", "The link leads out of the raw folder; copy the file into it.")
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise Unusable("unreadable", "This is no regular file; remove it from the raw folder.")
        if status.st_size > MAX_BYTES:
            raise Unusable("too_long", f"The file has {status.st_size} bytes; split it, {MAX_BYTES} are the limit.")
        return path.read_bytes()
    except OSError as error:
        detail = f"The file cannot be read ({error.strerror}); mend its permissions or remove it."
        raise Unusable("unreadable", detail) from None


class _Reading:
    """What one pass over the raw folder found so far."""

    def __init__(self, raw: Path, day_told: Callable[[str], str | None]):
        self.raw = raw
        self.day_told = day_told
        self.metadata: dict[Path, Mapping[str, Any] | Unusable] = {}
        self.articles: dict[str, dict[str, Any]] = {}
        self.rejected: dict[tuple[str, str], dict[str, str]] = {}

    def reject(self, raw_path: str, record: str, problem: Unusable) -> None:
        row = {"raw_path": raw_path, "record": record, "reason": problem.reason, "detail": str(problem)}
        self.rejected.setdefault((raw_path, record), row)

    def read_metadata(self, path: Path) -> None:
        """Take the rows of one ``metadata.csv``; it speaks of files in its own folder and below."""
        name = _name(path, self.raw)
        try:
            for line, row in _csv_rows(_payload(path, self.raw)):
                named = (row.get("file") or "").strip()
                if not named:
                    self.reject(name, str(line), Unusable("bad_record", f"Line {line} names no file; fill in 'file'."))
                    continue
                try:
                    self._place(path, line, named, row)
                except Unusable as problem:
                    self.reject(named.encode("utf-8", "backslashreplace").decode("utf-8"), "1", problem)
        except Unusable as problem:
            self.reject(name, "1", problem)

    def _place(self, path: Path, line: int, named: str, row: dict[str, Any]) -> None:
        where = f"Line {line} of {_name(path, self.raw)}"
        absolute = PurePosixPath(named).is_absolute() or PureWindowsPath(named).is_absolute()
        if absolute or "\x00" in named or _outside(path.parent / named, self.raw):
            raise Unusable("unsafe_path", f"{where} names a file outside the raw folder; copy it into the folder.")
        file = Path(os.path.normpath(path.parent / named))
        if not file.exists():
            raise Unusable("missing_file", f"{where} names a file that is not there; add it or remove the line.")
        if "" in row or None in row.values():
            problem = Unusable(
                "bad_record", f"{where} has more or fewer cells than the header; quote cells with commas."
            )
            self.metadata[file] = problem
        elif file in self.metadata:
            self.metadata[file] = Unusable("bad_record", f"{where} names this file a second time; keep one line.")
        else:
            self.metadata[file] = {k: v for k, v in row.items() if v and k not in FIELDS["text"]}

    def read_file(self, path: Path) -> None:
        name = _name(path, self.raw)
        key = "1"
        try:
            payload = _payload(path, self.raw)
            reader = FORMATS.get(path.suffix.lower())
            if reader is None:
                known = ", ".join(FORMATS)
                raise Unusable(
                    "unsupported_format", f"Files of type {path.suffix or 'none'} are not read; use {known}."
                )
            beside = self.metadata.get(path, {})
            if isinstance(beside, Unusable):
                raise beside
            sha256 = sha256_bytes(payload)
            for record in reader(payload):
                key = record.key
                self.read_record(name, record, beside, sha256)
        except Unusable as problem:
            self.reject(name, key, problem)

    def read_record(self, name: str, record: Record, beside: Mapping[str, Any], sha256: str) -> None:
        try:
            if isinstance(record.fields, Unusable):
                raise record.fields
            row = _row({**record.fields, **beside}, self.day_told) | {"raw_path": name, "raw_sha256": sha256}
            first = self.articles.setdefault(row["article_id"], row)
            if first is not row:
                detail = f"The same outlet, address and text stand in {first['raw_path']}; remove one of them."
                raise Unusable("duplicate", detail)
        except Unusable as problem:
            self.reject(name, record.key, problem)


def read(raw: Path, codebook: str | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read every article below ``raw``: the tables ``articles`` and ``rejected``, independent of the order of files.

    Formats are plain text (with ``metadata.csv`` beside it), JSON, JSON lines and CSV. Hidden files and READMEs are passed
    over. Where the input names no date, the day in the address is taken, then the one that the text tells; without either
    ``published`` stays null (basis ``unknown``). ``codebook`` is a folder that extends the default one.

    Raises NotADirectoryError if the folder is not there; no input makes it raise.
    """
    raw = Path(raw)
    if not raw.is_dir():
        raise NotADirectoryError(f"raw folder {raw} does not exist")
    reading = _Reading(raw, _day_told(codebook))
    files = list(_files(raw))
    for path in files:
        if path.name == METADATA:
            reading.read_metadata(path)
    for path in files:
        if path.name != METADATA:
            reading.read_file(path)
    return frame("articles", reading.articles.values()), frame("rejected", reading.rejected.values())
