"""The parameters: one schema for the command line, the docs and the notebooks."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from analysis import notebooks, parameters
from analysis.components import BATCH_SIZE, DEFAULT_MODEL
from analysis.contracts import STAGES
from analysis.parameters import NOTEBOOK_PARAMETERS, ParameterError, Parameters, check, parse

ROOT = Path(__file__).parents[1]


def test_the_notebooks_have_the_cell_that_the_schema_gives() -> None:
    assert list(NOTEBOOK_PARAMETERS) == list(STAGES)
    for stage in STAGES:
        notebook = notebooks.read(ROOT / "notebooks" / f"{stage}.ipynb")
        tagged = [c.source for c in notebook.cells if "parameters" in c.metadata.get("tags", ())]
        assert tagged == [parameters.cell(stage)], f"put parameters.cell({stage!r}) into the parameters cell"


def test_a_cell_holds_literals_of_the_schema() -> None:
    cell = ast.parse(parameters.cell("02_claims"))
    values = {s.targets[0].id: ast.literal_eval(s.value) for s in cell.body if isinstance(s, ast.Assign)}  # type: ignore[attr-defined]
    assert values["processes"] == 1 and values["raw"] == "data/sample" and values["run_dir"] == ""
    assert values["model"] == Parameters().model


def test_defaults_are_those_of_the_pipeline() -> None:
    assert Parameters().model == DEFAULT_MODEL
    assert Parameters().batch_size == BATCH_SIZE


def test_every_parameter_is_described_everywhere() -> None:
    table = parameters.markdown()
    for name, kind, _, meaning in parameters.describe():
        assert kind and meaning and f"| `{name}` | {kind} |" in table


@pytest.mark.parametrize("given, message", [
    (["processes"], "write name=value"),
    (["=3"], "write name=value"),
    (["s=1\nimport os\nz=2", "s=1"], "given twice"),
    (["a b=1"], "write name=value"),
])  # fmt: skip
def test_assignments_that_are_none(given: list[str], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        parse(given)


def test_values_may_hold_anything() -> None:
    assert parse(["raw=a=b ü\n"]) == {"raw": "a=b ü\n"}


@pytest.mark.parametrize("given, message", [
    ({"proceses": "2"}, "did you mean 'processes'"),
    ({"zzzz": "2"}, "known: raw, out, model"),
    ({"processes": "2.5"}, "parameter 'processes' cannot be '2.5'"),
    ({"keep_runs": "0"}, "greater than or equal to 1"),
    ({"raw": "no/such/folder"}, "there is no folder"),
    ({"out": "pyproject.toml"}, "is a file"),
    ({"out": "data/raw/out"}, "inside the raw folder"),
    ({"model": "xx_none"}, "'xx_none' is not installed"),
    ({"model": ""}, "is not installed"),
])  # fmt: skip
def test_what_is_refused(given: dict[str, str], message: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    with pytest.raises(ParameterError, match=message):
        check(given)


def test_given_folders_are_of_the_caller_and_defaults_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.txt").write_text("Rebels took Brenk.", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FIGURES_ROOT", str(ROOT))
    found = check({"raw": "mine", "processes": "2"})
    assert (found.raw, found.out, found.processes) == (str(tmp_path / "mine"), str(ROOT / "data" / "processed"), 2)


def test_a_gazetteer_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="country dump of GeoNames"):
        check({"gazetteer": str(tmp_path / "UA.txt")})
