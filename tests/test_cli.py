"""The command line: what it answers, with which exit code, and how quickly."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from analysis import __version__, docs, lab
from analysis.cli import main
from analysis.parameters import Parameters
from analysis.statuses import STATUSES

ROOT = Path(__file__).parents[1]
HEAVY = ("spacy", "pandas", "great_expectations", "altair", "papermill")


def _python(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["run", "-p", "modle=x"], ["--version"]])
def test_help_and_refusals_import_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom analysis.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit:\n    pass\n"
        f"print([m for m in {HEAVY!r} if m in sys.modules])"
    )
    assert _python(code).stdout.splitlines()[-1] == "[]"


def test_help_names_every_parameter_and_exit_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["run", "--help"])
    said = capsys.readouterr().out
    for name in (*Parameters.model_fields, *STATUSES):
        assert name in said


def test_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out == f"figures {__version__}\n"


@pytest.mark.parametrize("arguments, told", [
    (["run", "-p", "modle=x"], "did you mean 'model'"),
    (["run", "--raw", "/nowhere/at/all"], "there is no folder /nowhere/at/all"),
    (["run", "--raw", "/x", "-p", "raw=/y"], "'raw' is given twice"),
    (["run", "-p", "processes"], "write name=value"),
    (["report", "/nowhere"], "no folder of a run"),
    (["notebooks", "/nowhere.ipynb"], "there is no notebook"),
])  # fmt: skip
def test_refusals(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == STATUSES["refused"][0]
    said = capsys.readouterr().err
    assert told in said and said.count("\n") == 1


def test_a_wrong_command_is_refused() -> None:
    with pytest.raises(SystemExit) as stop:
        main(["rnu"])
    assert stop.value.code == STATUSES["refused"][0]


def test_the_lab_stays_on_this_machine_and_asks_for_no_news() -> None:
    command = lab.command(9999, browser=False)
    assert "--ServerApp.ip=127.0.0.1" in command and "--no-browser" in command
    settings = next(iter(lab.OVERRIDES.values()))
    assert settings == {"fetchNews": "false", "checkForUpdates": False}


def test_generated_docs_are_fresh() -> None:
    for path, text in docs.pages().items():
        assert path.exists() and path.read_text(encoding="utf-8") == text, f"{path.name} is stale: run 'figures docs'"


def test_generated_parts_are_filled_in_place() -> None:
    page = "a\n<!-- generated: exit codes -->\nold\n<!-- end -->\nb\n"
    filled = docs.with_generated(page)
    assert "| 0 | `ok` |" in filled and "\nold\n" not in filled and filled.endswith("<!-- end -->\nb\n")
    assert docs.with_generated(filled) == filled
