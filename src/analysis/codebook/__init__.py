"""The codebook: domain knowledge as reviewed rows that a researcher can read and change, never as code.

A codebook is a folder of CSV files. Each file ``<name>.csv`` has a schema ``schema/<name>.yml`` beside it that tells
what every column means, which are required and which codes are allowed. Unknown files, columns and codes are errors, as
are repeated or retired ids. A user's own folder extends the default (a row with a known ``id`` replaces it, a new id is added), or
replaces whole files that it lists under ``replace`` in its ``codebook.yml``.
"""

from __future__ import annotations

import csv
import functools
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

DEFAULT = Path(__file__).parent
Row = Mapping[str, str]


class CodebookError(ValueError):
    """A codebook file that cannot be used; the message names the file, the row and what to do."""


@dataclass(frozen=True, eq=False)
class Codebook:
    """All rows of a codebook, by file name (without ``.csv``), in file order."""

    name: str
    version: str
    files: Mapping[str, tuple[Row, ...]]
    path: Path

    def rows(self, name: str) -> tuple[Row, ...]:
        """Rows of one file; every value is a str, empty where the cell is empty."""
        try:
            return self.files[name]
        except KeyError:
            raise CodebookError(
                f"the codebook has no file {name}.csv; it has {', '.join(sorted(self.files))}"
            ) from None

    def row(self, name: str, row_id: str) -> Row:
        """One row by its id."""
        for row in self.rows(name):
            if row["id"] == row_id:
                return row
        raise CodebookError(f"{name}.csv has no row with id {row_id!r}")

    def by_id(self, name: str) -> dict[str, Row]:
        return {row["id"]: row for row in self.rows(name)}

    @staticmethod
    def split(cell: str) -> tuple[str, ...]:
        """The alternatives of a cell: ``a | b | c``."""
        return tuple(part.strip() for part in cell.split("|") if part.strip())


def read_yaml(path: Path) -> Any:
    """What a YAML file says; read by libyaml, where it is there, which is ten times as fast."""
    with path.open(encoding="utf-8") as stream:
        return yaml.load(stream, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@functools.cache
def schema(name: str) -> dict[str, Any]:
    """Schema of one codebook file: ``about``, ``columns`` (name -> meaning, required, allowed), ``retired`` ids."""
    path = DEFAULT / "schema" / f"{name}.yml"
    if not path.exists():
        known = ", ".join(sorted(p.stem for p in (DEFAULT / "schema").glob("*.yml")))
        raise CodebookError(f"unknown codebook file {name}.csv; known files: {known}")
    return dict(read_yaml(path))


def _checked(path: Path) -> Iterator[Row]:
    described = schema(path.stem)
    columns: dict[str, dict[str, Any]] = described["columns"]
    retired = set(described.get("retired") or ())
    seen: set[str] = set()
    try:
        text = path.read_text(encoding="utf-8-sig")  # spreadsheets put a mark in front
    except UnicodeDecodeError as error:
        raise CodebookError(f"{path.name}: byte {error.start + 1} is no UTF-8; save the file as UTF-8 CSV") from None
    with io.StringIO(text, newline="") as stream:
        reader = csv.DictReader(stream)
        header = list(reader.fieldnames or ())
        if unknown := [c for c in header if c not in columns]:
            raise CodebookError(f"{path.name}: unknown column {unknown[0]!r}; known: {', '.join(columns)}")
        if missing := [c for c, d in columns.items() if (d or {}).get("required") and c not in header]:
            raise CodebookError(f"{path.name}: column {missing[0]!r} is required")
        for raw in reader:
            line = f"{path.name}, line {reader.line_num}"
            if None in raw or any(v is None for v in raw.values()):
                raise CodebookError(f"{line}: the row has more or fewer cells than the header; quote cells with commas")
            row = {c: (raw.get(c) or "").strip() for c in columns}
            if not row["id"]:
                raise CodebookError(f"{line}: the row has no id")
            if row["id"] in seen:
                raise CodebookError(f"{line}: id {row['id']!r} stands twice; ids are never reused")
            if row["id"] in retired:
                raise CodebookError(f"{line}: id {row['id']!r} is retired; choose a new one")
            seen.add(row["id"])
            for column, about in columns.items():
                about = about or {}
                if about.get("required") and not row[column]:
                    raise CodebookError(f"{line}: {column!r} is required and empty (id {row['id']})")
                allowed = about.get("allowed")
                if allowed and row[column]:
                    codes = Codebook.split(row[column]) if about.get("many") else (row[column],)
                    for code in codes:
                        if code not in allowed:
                            raise CodebookError(
                                f"{line}: {column} = {code!r} is no known code; known: {', '.join(map(str, allowed))}"
                            )
            yield MappingProxyType(row)


def _manifest(path: Path) -> dict[str, Any]:
    """What a folder says of itself; empty where it says nothing. Raises CodebookError if that is no YAML mapping."""
    try:
        found = read_yaml(path) if path.exists() else None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise CodebookError(f"{path.name} is no YAML: {' '.join(str(error).split())}") from None
    if not isinstance(found or {}, dict):
        raise CodebookError(f"{path.name} must hold name: and replace:, not a {type(found).__name__}")
    return found or {}


def _replaced(manifest: Mapping[str, Any], there: set[str]) -> set[str]:
    """Names of the files whose default rows are dropped. Raises CodebookError where one has no rows to take their place."""
    found = manifest.get("replace") or []
    if not isinstance(found, list):
        raise CodebookError(f"codebook.yml: replace must be a list of file names, as [measures], not {found!r}")
    if lost := [str(name) for name in found if str(name) not in there]:
        raise CodebookError(f"codebook.yml: replace names {lost[0]!r}, but the folder has no {lost[0]}.csv")
    return {str(name) for name in found}


def load(folder: str | Path | None = None) -> Codebook:
    """Read the default codebook, extended or replaced by the files in ``folder``.

    ``folder`` may hold ``codebook.yml`` with ``name`` and ``replace`` (file names whose default rows are dropped).
    The version is the first 12 hex digits of a SHA-256 over all rows, so a changed row shows in every run record.

    Raises CodebookError for a missing folder, an unknown file or column, an unknown code, a repeated id.
    """
    return _load(None if folder is None else Path(folder).resolve())


@functools.lru_cache(maxsize=8)
def _load(folder: Path | None) -> Codebook:
    files = {p.stem: list(_checked(p)) for p in sorted(DEFAULT.glob("*.csv"))}
    name = "default"
    if folder is not None:
        if not folder.is_dir():
            raise CodebookError(f"codebook folder {folder} does not exist; give a folder with CSV files")
        manifest = _manifest(folder / "codebook.yml")
        if unknown := set(manifest) - {"name", "replace", "about"}:
            raise CodebookError(f"codebook.yml: unknown key {min(unknown)!r}; known: about, name, replace")
        name = str(manifest.get("name") or folder.name)
        paths = sorted(folder.glob("*.csv"))
        if not paths:
            raise CodebookError(f"codebook folder {folder} holds no CSV file; give a folder with one, as measures.csv")
        replaced = _replaced(manifest, {path.stem for path in paths})
        for path in paths:
            own = list(_checked(path))
            if path.stem in replaced:
                files[path.stem] = own
                continue
            merged = {row["id"]: row for row in files.get(path.stem, [])}
            merged.update({row["id"]: row for row in own})
            files[path.stem] = list(merged.values())
    digest = hashlib.sha256()
    for file_name in sorted(files):
        for row in files[file_name]:
            digest.update(repr((file_name, sorted(row.items()))).encode("utf-8"))
    frozen = MappingProxyType({n: tuple(rows) for n, rows in files.items()})
    return Codebook(name=name, version=digest.hexdigest()[:12], files=frozen, path=folder or DEFAULT)
