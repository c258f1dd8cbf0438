"""Stage 01: the raw folder as received becomes the tables ``articles`` and ``rejected``.

This stage may not change a text: every offset in every table indexes into it. It may not stop at a bad input either:
what cannot be used becomes a row of ``rejected`` with a fixed reason and one sentence that says what to do.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any

import pandas as pd

from analysis.fields import FIELDS, day_told, listed, plain_names, row_of
from analysis.formats import FORMATS, MAX_BYTES, Record, Unusable, csv_rows
from analysis.provenance import printable, sha256_bytes
from analysis.tables import frame

METADATA = "metadata.csv"
#: columns of it that may name the file, the first one found wins
NAMES_FILE = ("file", "filename", "file_name", "path")


def _name(path: Path, raw: Path) -> str:
    """Path below the raw folder with forward slashes; bytes of a file name that are no UTF-8 show as escapes."""
    return printable(path.relative_to(raw).as_posix())


def _outside(path: Path, raw: Path) -> bool:
    return not path.resolve().is_relative_to(raw.resolve())


def _files(raw: Path) -> Iterator[Path]:
    """Every visible file below the folder, sorted by name; folders behind links are given, not entered."""
    for folder, folders, names in os.walk(raw):
        folders.sort()
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        folders[:] = [name for name in folders if not name.startswith(".") and name not in links]
        yield from (Path(folder) / name for name in sorted(names + links) if not name.startswith((".", "README")))


def _is_metadata(path: Path) -> bool:
    return path.name.lower() == METADATA


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
            for line, found in csv_rows(_payload(path, self.raw)):
                row = plain_names(found)
                column = next((name for name in NAMES_FILE if name in row), None)
                if column is None:
                    detail = f"No column names the files; it has {listed(row)}. Rename the one that does to 'file'."
                    raise Unusable("bad_record", detail)
                named = (row.pop(column) or "").strip()
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
                detail = f"Files of type {path.suffix or 'none'} are not read; export the articles as one of {known}."
                raise Unusable("unsupported_format", detail)
            beside = self.metadata.get(path, {})
            if isinstance(beside, Unusable):
                raise beside
            sha256 = sha256_bytes(payload)
            records = 0
            for records, record in enumerate(reader(payload), 1):
                key = record.key
                self.read_record(name, record, beside, sha256)
            if not records:
                detail = "The file holds no record, only a header at most; add some or remove it."
                raise Unusable("empty_text", detail)
        except Unusable as problem:
            self.reject(name, key, problem)

    def read_record(self, name: str, record: Record, beside: Mapping[str, Any], sha256: str) -> None:
        try:
            if isinstance(record.fields, Unusable):
                raise record.fields
            row = row_of({**plain_names(record.fields), **beside}, self.day_told) | {
                "raw_path": name,
                "raw_sha256": sha256,
            }
            first = self.articles.setdefault(row["article_id"], row)
            if first is not row:
                detail = f"The same outlet, address and text stand in {first['raw_path']}; remove one of them."
                raise Unusable("duplicate", detail)
        except Unusable as problem:
            self.reject(name, record.key, problem)


def read(raw: Path, codebook: str | None = None) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Read every article below ``raw``: the tables ``articles`` and ``rejected``, independent of the order of files.

    Formats are plain text (with ``metadata.csv`` beside it), JSON, JSON Lines and CSV. Hidden files and READMEs are passed
    over. Where the input names no date, the day in the address is taken, then the one that the text tells; without either
    ``published`` stays null (basis ``unknown``). ``codebook`` is a folder that extends the default one.

    Raises NotADirectoryError if the folder is not there; no input makes it raise.
    """
    raw = Path(raw)
    if not raw.is_dir():
        raise NotADirectoryError(f"raw folder {raw} does not exist")
    reading = _Reading(raw, day_told(codebook))
    files = list(_files(raw))
    for path in files:
        if _is_metadata(path):
            reading.read_metadata(path)
    for path in files:
        if not _is_metadata(path):
            reading.read_file(path)
    return frame("articles", reading.articles.values()), frame("rejected", reading.rejected.values())
