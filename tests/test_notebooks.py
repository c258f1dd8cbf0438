"""The notebooks as committed: executed, short, prose before code, nothing computed in them that belongs in the package."""

from __future__ import annotations

import ast
import os
import tempfile
from pathlib import Path

import nbformat
import pytest

from analysis import notebooks
from analysis.articles import read
from analysis.contracts import STAGES
from analysis.pipeline import run
from analysis.stage import Stage, StageError, StageInvalid
from analysis.steps import open_stage
from analysis.store import read_tables

FOLDER = Path(__file__).parents[1] / "notebooks"
ALL = sorted(FOLDER.glob("*.ipynb"))
MOST_LINES = 12
FORBIDDEN = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.Try, ast.Lambda)


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.stem)
def test_a_notebook_is_committed_as_executed(path: Path) -> None:
    notebook = notebooks.read(path)
    assert notebooks.unfinished(notebook) is None, f"run 'figures notebooks {path.name}'"
    counts = [c.execution_count for c in notebooks.code_cells(notebook)]
    assert counts == list(range(1, len(counts) + 1)), "executed from top to bottom, once"
    shown = [c for c in notebooks.code_cells(notebook) if c.outputs]
    assert len(shown) * 2 >= len(counts), "most cells show something; without outputs nothing would be compared"


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.stem)
def test_a_notebook_is_normalised(path: Path) -> None:
    notebook = notebooks.read(path)
    text = path.read_text(encoding="utf-8")
    assert text == nbformat.writes(notebooks.normalise(notebook), version=4) + "\n", "run 'figures notebooks'"
    for word in ("papermill", "iopub", tempfile.gettempdir() + "/", str(FOLDER.parent), "cdn.jsdelivr", "<script"):
        assert word not in text, word


@pytest.mark.parametrize("path", ALL, ids=lambda p: p.stem)
def test_cells_are_short_and_prose_comes_first(path: Path) -> None:
    notebook = notebooks.read(path)
    before = None
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert len(cell.source.splitlines()) <= MOST_LINES, cell.source
            found = [n for n in ast.walk(ast.parse(cell.source)) if isinstance(n, FORBIDDEN)]
            assert not found, f"{type(found[0]).__name__} belongs in the package: {cell.source}"
            assert all(o.output_type != "stream" or o.name == "stdout" for o in cell.outputs), "no warnings"
        if path.stem in STAGES and cell.cell_type == "code":
            assert before == "markdown", f"prose before code: {cell.source}"
        before = cell.cell_type


@pytest.mark.parametrize("stage", list(STAGES))
def test_a_stage_notebook_says_what_it_reads_and_writes(stage: str) -> None:
    notebook = notebooks.read(FOLDER / f"{stage}.ipynb")
    head = notebook.cells[0].source
    for word in ("**Question.**", "**Reads**", "**Writes**", *(f"`{t}`" for t in STAGES[stage].writes)):
        assert word in head, word
    assert notebooks.declared(notebook, stage) >= {"raw", "run_dir"}
    headings = [line for c in notebook.cells if c.cell_type == "markdown" for line in c.source.splitlines()]
    for heading in (
        "## The words used here",
        "## A small example",
        "## A look",
        "## Save",
        "## What this still misses",
    ):
        assert heading in headings


def test_stages_give_the_tables_of_the_pipeline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a notebook may run anywhere
    monkeypatch.setenv("FIGURES_ROOT", str(FOLDER.parent))
    stage = open_stage("04_comparisons", raw="data/sample")
    found = read_tables(stage.folder)
    whole = run(FOLDER.parent / "data" / "sample")
    for table in ("articles", "rejected", "left_out", "event_mentions", "events"):
        assert found[table].equals(whole[table]), table
    without = whole["claims"].assign(comparison_id=None).astype(found["claims"].dtypes.to_dict())
    assert found["claims"].equals(without)


def test_a_stage_keeps_to_its_contract(tmp_path: Path) -> None:
    stage = Stage("02_claims", tmp_path, tmp_path)
    with pytest.raises(StageError, match="does not read events"):
        stage.read("events")
    with pytest.raises(StageError, match="does not read docs.spacy"):
        stage.docs()
    with pytest.raises(StageError, match="must save claims, left_out"):
        stage.save()


@pytest.mark.parametrize("given, message", [
    ({"name": "05_nothing", "raw": "data/sample"}, "unknown stage"),
    ({"name": "01_articles", "raw": "no/such"}, "there is no folder"),
    ({"name": "01_articles", "raw": "data/sample", "run_dir": "/nowhere"}, "there is no run folder"),
])  # fmt: skip
def test_a_stage_that_cannot_be_opened(given: dict[str, str], message: str) -> None:
    with pytest.raises(StageError, match=message):
        open_stage(**given)


def test_a_kernel_of_another_environment_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIGURES_PREFIX", "/another/environment")
    with pytest.raises(StageError, match="register one kernel for both"):
        open_stage("01_articles", raw="data/sample")


@pytest.mark.parametrize("files, message", [
    ({}, "the folder holds no file"),
    ({"a.json": "{"}, "a.json: bad_json: The file is no JSON"),
])  # fmt: skip
def test_a_raw_folder_without_articles_says_why(tmp_path: Path, files: dict[str, str], message: str) -> None:
    for name, content in files.items():
        (tmp_path / "raw" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "raw" / name).write_text(content, encoding="utf-8")
    (tmp_path / "raw").mkdir(exist_ok=True)
    stage = open_stage("01_articles", raw=str(tmp_path / "raw"))
    articles, rejected = read(stage.raw)
    with pytest.raises(StageInvalid, match=message):
        stage.save(articles=articles, rejected=rejected)


def test_scratch_folders_of_killed_kernels_go_after_a_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, fresh, other, link = (tmp_path / n for n in ("figures-stage-a", "figures-stage-b", "notes", "figures-stage-c"))
    for folder in (old, fresh, other):
        folder.mkdir()
        (folder / "claims.csv").write_text("x", encoding="utf-8")
    link.symlink_to(other)
    for path in (old, other, link):
        os.utime(path, (1e9, 1e9), follow_symlinks=False)
    open_stage("01_articles", raw="data/sample")
    assert not old.exists() and fresh.exists()
    assert (other / "claims.csv").exists()
