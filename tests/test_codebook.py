"""The codebook loader: unknown codes are errors, a folder of one's own extends or replaces."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import codebook


def file(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def default_row(name: str) -> dict[str, str]:
    return dict(codebook.load().rows(name)[0])


def as_csv(row: dict[str, str]) -> str:
    cells = ('"' + value.replace('"', '""') + '"' for value in row.values())
    return ",".join(row) + "\n" + ",".join(cells) + "\n"


def test_every_default_file_has_a_schema_and_rows() -> None:
    book = codebook.load()
    schemas = {p.stem for p in (codebook.DEFAULT / "schema").glob("*.yml")}
    assert set(book.files) == schemas
    assert all(book.rows(name) for name in book.files)


def test_version_follows_the_rows(tmp_path: Path) -> None:
    row = default_row("measures") | {"id": "own_measure"}
    own = codebook.load(file(tmp_path, "measures.csv", as_csv(row)))
    assert own.version != codebook.load().version
    assert own.row("measures", "own_measure")
    assert len(own.rows("measures")) == len(codebook.load().rows("measures")) + 1


def test_a_known_id_replaces_the_row(tmp_path: Path) -> None:
    row = default_row("measures") | {"definition": "changed"}
    own = codebook.load(file(tmp_path, "measures.csv", as_csv(row)))
    assert own.row("measures", row["id"])["definition"] == "changed"
    assert len(own.rows("measures")) == len(codebook.load().rows("measures"))


def test_a_listed_file_replaces_the_default(tmp_path: Path) -> None:
    file(tmp_path, "codebook.yml", "name: own\nreplace: [measures]\n")
    own = codebook.load(file(tmp_path, "measures.csv", as_csv(default_row("measures"))))
    assert own.name == "own" and len(own.rows("measures")) == 1


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("colours.csv", "id\nred\n", "unknown codebook file colours.csv"),
        ("measures.csv", "id,colour\nx,red\n", "unknown column 'colour'"),
        ("measures.csv", "id\nx\nx\n", "is required|stands twice"),
        ("codebook.yml", "nmae: x\n", "unknown key 'nmae'"),
        ("codebook.yml", "name: x\n", "holds no CSV file"),
    ],
)
def test_unknown_things_are_errors(tmp_path: Path, name: str, text: str, message: str) -> None:
    with pytest.raises(codebook.CodebookError, match=message):
        codebook.load(file(tmp_path, name, text))


@pytest.mark.parametrize("replace, message", [
    ("[measurs]", "no measurs.csv"),
    ("measures", "must be a list of file names"),
])  # fmt: skip
def test_replace_names_files_that_are_there(tmp_path: Path, replace: str, message: str) -> None:
    file(tmp_path, "codebook.yml", f"replace: {replace}\n")
    with pytest.raises(codebook.CodebookError, match=message):
        codebook.load(file(tmp_path, "measures.csv", as_csv(default_row("measures"))))


def test_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(codebook.CodebookError, match="does not exist"):
        codebook.load(tmp_path / "nowhere")


def test_a_repeated_id_is_an_error(tmp_path: Path) -> None:
    row = as_csv(default_row("measures"))
    with pytest.raises(codebook.CodebookError, match="stands twice"):
        codebook.load(file(tmp_path, "measures.csv", row + row.split("\n", 1)[1]))


def test_a_file_saved_by_a_spreadsheet_is_read(tmp_path: Path) -> None:
    row = default_row("measures") | {"id": "own_measure"}
    (tmp_path / "measures.csv").write_bytes(as_csv(row).replace("\n", "\r\n").encode("utf-8-sig"))
    assert codebook.load(tmp_path).row("measures", "own_measure")


@pytest.mark.parametrize("name, content, message", [
    ("measures.csv", "id,code\nmörder,x\n".encode("latin-1"), "measures.csv: byte 10 is no UTF-8"),
    ("codebook.yml", b"name: [", "codebook.yml is no YAML"),
    ("codebook.yml", b"- measures", "codebook.yml must hold name: and replace:, not a list"),
])  # fmt: skip
def test_an_unreadable_file_is_an_error(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(codebook.CodebookError, match=message):
        codebook.load(tmp_path)
