"""The runner, with its failures tried for real: each test runs notebooks in kernels, and looks at what is left behind."""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from world import world

from analysis import record, store
from analysis.contracts import STAGES
from analysis.parameters import ParameterError, Parameters, cell, check
from analysis.provenance import sha256_bytes
from analysis.run import Locked, Outcome, Refused, run
from analysis.validate import write_suites

TESTS = Path(__file__).parent

#: a stage that saves its part of a small valid world of tables
GOOD = """\
import sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from world import world
from analysis.stage import Stage
stage = Stage({stage!r}, Path(raw), Path(run_dir))
if stage.contract.docs == "writes":
    stage.keep([])
tables = {{name: world()[name] for name in stage.contract.writes}}
"""
SAVE = "stage.save(**tables)"


class Project:
    """A checkout of its own, with small notebooks in the place of the real ones."""

    def __init__(self, root: Path):
        self.root, self.out = root, root / "data" / "pro {cess} ü"  # a name that no step may trip over
        (root / "data" / "raw").mkdir(parents=True)
        (root / "data" / "raw" / "one.txt").write_text("The army said that 120 soldiers were killed.", encoding="utf-8")
        (root / "notebooks").mkdir()
        write_suites(root / "expectations")  # only what follows from the schema: the codebook may change
        (root / "pyproject.toml").write_text("", encoding="utf-8")
        for stage in STAGES:
            self.stage(stage)

    def stage(self, name: str, before_saving: str = "", parameters: str | None = None, save: str = SAVE) -> None:
        """Write one stage's notebook; ``before_saving`` is a cell of its own."""
        first = nbformat.v4.new_code_cell(cell(name) if parameters is None else parameters)
        first.metadata["tags"] = ["parameters"]
        sources = [GOOD.format(tests=str(TESTS), stage=name), before_saving, save]
        cells = [first, *(nbformat.v4.new_code_cell(s) for s in sources if s)]
        path = self.root / "notebooks" / f"{name}.ipynb"
        nbformat.write(nbformat.v4.new_notebook(cells=cells), path)

    def run(self, **given: Any) -> tuple[Outcome, str]:
        said = io.StringIO()
        return run(
            check({"out": str(self.out), "raw": str(self.root / "data" / "raw"), **given}), said
        ), said.getvalue()

    def command(self) -> list[str]:
        raw = self.root / "data" / "raw"
        return [sys.executable, "-m", "analysis.cli", "run", "--raw", str(raw), "--out", str(self.out)]

    def records(self) -> list[dict[str, Any]]:
        found = [record.read(p) for p in sorted((self.out / "runs").glob("*"))]
        return [r for r in found if r]

    def latest(self) -> dict[str, Any]:
        return json.loads((self.out / "latest" / "run.json").read_text(encoding="utf-8"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    def report(run_dir: Path) -> Path:
        store.write_text(run_dir / "report.html", "<p>The report has tests of its own.</p>")
        return run_dir / "report.html"

    monkeypatch.setenv("FIGURES_ROOT", str(tmp_path))
    monkeypatch.setattr("analysis.report.write", report)
    monkeypatch.setattr("analysis.report.summary_lines", lambda tables: [f"{len(tables['claims'])} claims"])
    return Project(tmp_path)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text(encoding="utf-8") if os.name == "posix" else True


def _wait(until: Callable[[], bool], seconds: float = 60.0) -> None:
    end = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def test_a_run_publishes_its_tables_and_says_how_it_went(project: Project) -> None:
    outcome, said = project.run()
    assert (outcome.status, outcome.exit_code) == ("ok", 0), said
    found = project.latest()
    assert found["status"] == "ok" and found["ended"] and found["pid"] == os.getpid()
    assert [s["stage"] for s in found["stages"]] == list(STAGES)
    assert all(s["status"] == "ok" and s["seconds"] > 0 for s in found["stages"])
    assert found["counts"]["claims"] == len(store.read_table("claims", project.out / "latest"))
    assert found["inputs"].keys() == {"one.txt"}
    assert found["validation"]["02_claims"]["expectations"] > 10
    assert found["versions"]["model"]["version"] and found["versions"]["codebook"]["version"]
    for table in ("articles", "rejected", "claims", "left_out", "event_mentions", "events", "comparisons"):
        assert (project.out / "latest" / f"{table}.parquet").exists()
        assert (project.out / "latest" / f"{table}.csv").exists()
    assert (project.out / "latest" / "report.html").exists()
    executed = (project.out / "latest" / "notebooks" / "02_claims.ipynb").read_text(encoding="utf-8")
    assert "execution_count" in executed and "papermill" not in executed and "start_time" not in executed
    assert said.splitlines()[-2:] == ["3 claims", f"report: {project.out / 'latest' / 'report.html'}"]
    assert os.readlink(project.out / "latest") == f"runs/{found['run_id']}"

    _a_second_run_has_the_same_tables_and_tells_what_is_new(project)


def _a_second_run_has_the_same_tables_and_tells_what_is_new(project: Project) -> None:
    first = {p.name: p.read_bytes() for p in (project.out / "latest").glob("*.csv")}
    project.run(keep_runs=1)
    second = {p.name: p.read_bytes() for p in (project.out / "latest").glob("*.csv")}
    assert first == second and len(first) == 7
    found = project.latest()
    assert found["previous"]["counts"] == found["counts"]
    assert found["new"]["claims"] == {"added": 0, "gone": 0, "added_ids": [], "gone_ids": []}
    assert len(project.records()) == 1, "keep_runs=1 leaves the newest run only"


def test_a_damaged_or_older_latest_keeps_no_run_from_publishing(project: Project) -> None:
    project.run()
    latest = project.out / "latest"
    (latest / "claims.parquet").write_bytes(b"no parquet")
    outcome, said = project.run()
    assert outcome.status == "ok" and f"what is new is not told: {latest} cannot be compared with: " in said
    found = project.latest()
    assert found["run_id"] == Path(outcome.run_dir).name and found["new"] is None and found["previous"]
    store.write_json(latest / "run.json", {"run_id": found["run_id"], "counts": {"claims": "many", "events": 1}})
    outcome, said = project.run()
    assert outcome.status == "ok" and project.latest()["previous"]["counts"] == {"events": 1}
    store.write_json(latest / "run.json", {"counts": 3})
    outcome, said = project.run()
    assert outcome.status == "ok" and project.latest()["previous"] is None


@pytest.mark.parametrize("given, message", [
    ({"modle": "x"}, "did you mean 'model'"),
    ({"raw": "/nowhere/at/all"}, "there is no folder /nowhere/at/all"),
    ({"processes": "many"}, "parameter 'processes'"),
    ({"processes": 0}, "greater than or equal to 1"),
    ({"model": "en_core_web_huge"}, "'en_core_web_huge' is not installed"),
    ({"model": "numpy"}, "'numpy' is no spaCy pipeline"),
    ({"codebook": "/nowhere"}, "there is no folder /nowhere"),
    ({"kernels": "quick"}, "parameter 'kernels'"),
    ({"codebook": str(TESTS / "cases")}, "holds no CSV file"),
    ({"gazetteer": __file__}, "line 1: 1 columns where GeoNames has 19"),
    ({"raw": "OUT/runs/one"}, "is a folder of results"),
    ({"raw": "OUT/empty"}, "is empty; put articles into it"),
])  # fmt: skip
def test_wrong_parameters_are_refused_before_anything_starts(
    project: Project, given: dict[str, Any], message: str
) -> None:
    if str(given.get("raw")).startswith("OUT/"):
        given = {"raw": str(project.out / given["raw"][4:])}
        Path(given["raw"]).mkdir(parents=True)
    with pytest.raises(ParameterError, match=message):
        project.run(**given)
    assert not list(project.out.glob("*/*/run.json"))


def test_a_broken_codebook_is_refused(project: Project) -> None:
    own = project.root / "own"
    own.mkdir()
    (own / "nonsense.csv").write_text("id\nx\n", encoding="utf-8")
    with pytest.raises(ParameterError, match="unknown codebook file nonsense.csv"):
        project.run(codebook=str(own))
    assert not (project.out / "runs").exists()


def test_a_folder_that_cannot_be_written_is_refused(project: Project) -> None:
    blocked = project.root / "data" / "raw" / "one.txt" / "out"
    with pytest.raises(Refused, match="cannot write to .*one.txt/out"):
        run(check({"raw": str(project.root / "data" / "raw")}).model_copy(update={"out": str(blocked)}))


def test_a_full_disk_is_told_and_leaves_no_half_files(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_run_dir: Path) -> Path:
        with store.replacing(project.out / "latest.html") as partial:
            partial.write_bytes(b"<p>")
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("analysis.report.write", full)
    outcome, said = project.run()
    assert (outcome.status, outcome.exit_code) == ("failed", 1)
    assert "report failed: OSError: " in said and "No space left on device" in said
    assert not (project.out / "latest").exists()
    assert not list(project.out.rglob(f"*{store.PARTIAL}"))


@pytest.mark.parametrize("cells, message", [
    ("raw = ''", "must assign raw, run_dir"),
    ("raw = ''\nrun_dir = ''\nextra = 1", "it assigns extra, raw, run_dir"),
])  # fmt: skip
def test_a_notebook_with_other_parameters_is_refused(project: Project, cells: str, message: str) -> None:
    project.stage("01_articles", parameters=cells)
    with pytest.raises(Refused, match=message):
        project.run()


@pytest.mark.parametrize("body, status, code, told", [
    ("raise ValueError('The Post (a.txt): no verb')", "failed", 1, "ValueError: The Post (a.txt): no verb"),
    ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "killed_kernel", 4, "process died"),
    ("sys.exit(0)", "early_exit", 6, "ended with SystemExit"),
    ("sys.exit(3)", "early_exit", 6, "sys.exit(3)"),
    ("import time; time.sleep(60)", "timed_out", 5, "stage_timeout = 8"),
    ("tables['claims'] = tables['claims'].iloc[[0, 0]]", "invalid", 7, "claims: "),
    ("tables.pop('left_out')", "failed", 1, "must save claims, left_out"),
])  # fmt: skip
def test_a_stage_that_fails_is_told_apart_and_publishes_nothing(
    project: Project, body: str, status: str, code: int, told: str
) -> None:
    (project.out / "runs" / "before").mkdir(parents=True)
    store.publish(project.out / "runs" / "before", project.out / "latest")
    before = os.readlink(project.out / "latest")
    project.stage("02_claims", before_saving=body)
    outcome, said = project.run(**({"stage_timeout": 8} if status == "timed_out" else {}))
    assert (outcome.status, outcome.exit_code) == (status, code), said
    assert told in said.splitlines()[-1] and "02_claims" in said.splitlines()[-1]
    assert os.readlink(project.out / "latest") == before, "latest must stay as it was"
    found = project.records()[-1]
    assert (found["status"], found["exit_code"]) == (status, code)
    assert [s["status"] for s in found["stages"]] == ["ok", status]
    kept = Path(outcome.run_dir) / "notebooks" / "02_claims.ipynb"
    assert str(kept) in said and kept.exists()
    if status == "failed":
        assert "Traceback" in kept.read_text(encoding="utf-8")


def test_a_fork_server_that_is_gone_is_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: Any) -> None:
        raise EOFError("unexpected EOF")

    monkeypatch.setattr("analysis.kernels._Forked", gone)
    outcome, said = project.run(kernels="fork")
    assert (outcome.status, outcome.exit_code) == ("killed_kernel", 4) and "died before it began" in said


def test_a_correction_recorded_meanwhile_waits_for_the_next_run(project: Project) -> None:
    path = project.root / "c.jsonl"
    path.write_text("\n", encoding="utf-8")
    project.stage("01_articles", before_saving=f"Path({str(path)!r}).write_text('no correction')")
    outcome, said = project.run(corrections=str(path))
    assert outcome.status == "ok", said
    assert (outcome.run_dir / "corrections.jsonl").read_text(encoding="utf-8") == "\n"
    told = project.latest()["corrections"]
    assert (told["file"], told["sha256"]) == ("c.jsonl", sha256_bytes(b"\n"))


def test_a_stage_that_does_not_save_has_not_finished(project: Project) -> None:
    project.stage("03_events", save="'nothing saved'")
    outcome, said = project.run()
    assert outcome.status == "early_exit" and "without saving its tables" in said
    assert not (project.out / "latest").exists()


def test_a_second_run_is_kept_out(project: Project) -> None:
    project.stage("01_articles", before_saving="import time; time.sleep(60)")
    with subprocess.Popen(project.command(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as first:
        _wait(lambda: any(r["status"] == "running" for r in project.records()))
        with pytest.raises(Locked, match=rf"another run \(process {first.pid}, since .*\) is writing"):
            project.run()
        first.send_signal(signal.SIGTERM)
        assert first.wait(30) == 143
    found = project.records()[-1]
    assert (found["status"], found["exit_code"]) == ("interrupted", 143)
    assert "SIGTERM" in found["message"]


def test_a_killed_runner_is_found_by_the_next_run(project: Project) -> None:
    note = project.root / "kernel"
    project.stage(
        "01_articles",
        before_saving=f"import os, time; Path({str(note)!r}).write_text(str(os.getpid())); time.sleep(60)",
    )
    with subprocess.Popen(project.command(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as first:
        _wait(lambda: note.exists() and bool(note.read_text(encoding="utf-8")))
        first.kill()
    assert project.records()[-1]["status"] == "running"
    kernel = int(note.read_text(encoding="utf-8"))
    _wait(lambda: not _alive(kernel), 15)
    project.stage("01_articles")
    outcome, said = project.run()
    assert outcome.status == "ok" and "had been interrupted" in said
    assert [r["status"] for r in project.records()] == ["interrupted", "ok"]


def test_ctrl_c_is_recorded(project: Project) -> None:
    note = project.root / "kernel"
    project.stage(
        "02_claims", before_saving=f"import os, time; Path({str(note)!r}).write_text(str(os.getpid())); time.sleep(60)"
    )
    with subprocess.Popen(project.command(), stdout=subprocess.PIPE, text=True) as first:
        _wait(lambda: note.exists() and bool(note.read_text(encoding="utf-8")))
        first.send_signal(signal.SIGINT)
        said = first.communicate(timeout=30)[0]
    assert first.returncode == 130 and "02_claims interrupted: stopped by SIGINT" in said
    found = project.records()[-1]
    assert (found["status"], found["exit_code"]) == ("interrupted", 130)
    _wait(lambda: not _alive(int(note.read_text(encoding="utf-8"))), 15)


def test_plain_kernels_tell_the_same(project: Project) -> None:
    project.stage("01_articles", before_saving="import os; raise ValueError(f'child of {os.getppid()}')")
    outcome, said = project.run(kernels="plain")
    assert outcome.status == "failed" and f"ValueError: child of {os.getpid()}" in said, "started by the runner itself"
    outcome, said = project.run(kernels="fork")
    assert outcome.status == "failed" and f"child of {os.getpid()}" not in said and "ValueError: child of" in said


def test_old_runs_go_but_latest_stays(tmp_path: Path) -> None:
    for name in ("1", "2", "3", "4", "5"):
        (tmp_path / "runs" / name).mkdir(parents=True)
        store.write_json(tmp_path / "runs" / name / "run.json", {"status": "ok"})
    (tmp_path / "runs" / "0 somebody's folder").mkdir()
    store.publish(tmp_path / "runs" / "2", tmp_path / "latest")
    record.prune(tmp_path / "runs", 2, tmp_path / "latest")
    assert sorted(p.name for p in (tmp_path / "runs").iterdir()) == ["0 somebody's folder", "2", "4", "5"]


def test_what_is_new_names_changed_comparisons() -> None:
    before, after = world(), world()
    after["claims"] = after["claims"].iloc[1:]
    after["comparisons"] = after["comparisons"].assign(agreement="agree")
    found = record.whats_new(before, after)
    assert (found["claims"]["added"], found["claims"]["gone"]) == (0, 1)
    was = before["comparisons"].iloc[0]
    assert [(c["comparison_id"], c["was"], c["is"]) for c in found["comparisons"]["changed"]] == [
        (was["comparison_id"], was["agreement"], "agree")
    ]


def test_defaults_are_those_of_the_schema() -> None:
    assert Parameters().model_dump().keys() == Parameters.model_fields.keys()
