"""The runner: the four notebooks through papermill, in one process, each in a kernel of its own.

It publishes a run whole or not at all: ``latest`` changes only after every stage proved that it finished, the tables were
valid and the report was written. What became of a run stands in ``run.json``, also when it was killed.
"""

from __future__ import annotations

import importlib
import logging
import os
import shutil
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

import filelock

from analysis import corrections, notebooks, place_dump, record, store
from analysis.codebook import CodebookError, load
from analysis.contracts import STAGES
from analysis.correction import CorrectionError
from analysis.forks import fork_server_possible, fork_server_wanted, start_fork_server
from analysis.kernels import RunKernelManager
from analysis.parameters import NOTEBOOK_PARAMETERS, ParameterError, Parameters
from analysis.provenance import sha256_file
from analysis.watch import Progress, Stopped, deadline, signals_noted

#: characters of the one line that a failed run prints
MOST_CHARACTERS = 400


class Refused(ValueError):
    """A run that is not started; the message says why and what to do."""


class Locked(RuntimeError):
    """Another run is writing to the output folder."""


class StageFailed(Exception):
    """A stage that did not finish: ``status`` is a key of ``statuses.STATUSES``."""

    def __init__(self, status: str, why: str):
        super().__init__(why)
        self.status = status


@dataclass
class Outcome:
    """How a run ended: its status, exit code, folder and the line that was printed for it."""

    status: str
    exit_code: int
    run_dir: Path
    message: str | None


def _one_line(text: str) -> str:
    lines = [line.strip() for line in str(text).splitlines() if line.strip()]
    line = lines[0] if lines else "no message"
    return line if len(line) <= MOST_CHARACTERS else line[: MOST_CHARACTERS - 1] + "…"


def _check_notebooks() -> dict[str, Any]:
    """Read the stage notebooks and hold their parameters against the schema. Raises Refused."""
    found = {}
    for stage in STAGES:
        try:
            notebook = notebooks.read(notebooks.folder() / f"{stage}.ipynb")
            names = notebooks.declared(notebook, f"{stage}.ipynb")
        except (notebooks.NotebookError, SyntaxError) as error:
            raise Refused(str(error)) from None
        if names != set(NOTEBOOK_PARAMETERS[stage]):
            wanted = ", ".join(NOTEBOOK_PARAMETERS[stage])
            raise Refused(
                f"the parameters cell of {stage}.ipynb must assign {wanted}; it assigns {', '.join(sorted(names))}"
            )
        found[stage] = notebook
    return found


def _execute(stage: str, notebook: Any, run_dir: Path, parameters: Parameters) -> None:
    """Run one stage and make sure that it finished. Raises StageFailed or Stopped; the executed notebook stays."""
    import papermill
    from nbclient.exceptions import DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    kept = run_dir / record.CORRECTIONS
    values = {**parameters.model_dump(), "run_dir": str(run_dir), "corrections": str(kept) if kept.exists() else ""}
    output = run_dir / "notebooks" / f"{stage}.ipynb"
    try:
        with deadline(parameters.stage_timeout) as late:
            try:
                papermill.execute_notebook(
                    notebook,
                    str(output).replace("{", "{{").replace("}", "}}"),
                    parameters={name: values[name] for name in NOTEBOOK_PARAMETERS[stage]},
                    kernel_name="python3",
                    language="python",
                    progress_bar=False,
                    cwd=str(notebooks.folder()),
                    kernel_manager_class=RunKernelManager,
                    shutdown_kernel="immediate",
                )
            except Exception as error:
                if late.is_set():
                    seconds = parameters.stage_timeout
                    why = f"took longer than stage_timeout = {seconds} seconds; give a longer one or fewer articles"
                    raise StageFailed("timed_out", why) from error
                if isinstance(error, PapermillExecutionError):
                    raise _from_cell(error) from error
                if isinstance(error, DeadKernelError) or "ernel died" in str(error):
                    where = " before it began" if "before" in str(error) else ""
                    raise StageFailed("killed_kernel", f"its process died{where} (killed, or out of memory)") from error
                raise StageFailed("failed", f"{type(error).__name__}: {_one_line(str(error))}") from error
        why_not = notebooks.unfinished(notebooks.read(output)) or _unproven(stage, run_dir)
        if why_not:
            raise StageFailed("early_exit", why_not)
    finally:
        if (manager := RunKernelManager.current) is not None:
            manager.clear()
        if output.exists():
            # a half-written notebook stays as it is: why it is one is told by the error that is under way
            with suppress(notebooks.NotebookError, OSError):
                notebooks.write(notebooks.normalise(notebooks.read(output)), output)


def _from_cell(error: Any) -> StageFailed:
    """What an error raised in a cell means for the run."""
    why = _one_line(error.evalue)
    if error.ename == "SystemExit":
        return StageFailed("early_exit", f"a cell called sys.exit({why})")
    if error.ename == "StageInvalid":
        return StageFailed("invalid", why)
    return StageFailed("failed", why if error.ename == "StageError" else f"{error.ename}: {why}")


def _unproven(stage: str, run_dir: Path) -> str | None:
    """Why there is no proof that the stage wrote and validated what it declares, or None."""
    note = store.read_json(run_dir / "validation" / f"{stage}.json")
    if note is None or note.get("run_id") != run_dir.name:
        return "it ended without saving its tables"
    for table in STAGES[stage].writes:
        parquet = run_dir / f"{table}.parquet"
        if not parquet.exists() or not (run_dir / f"{table}.csv").exists():
            return f"it ended without writing {table}"
        if note["tables"].get(table, {}).get("sha256") != sha256_file(parquet):
            return f"{table} is not what was validated"
    if STAGES[stage].docs == "writes" and not (run_dir / store.DOCS).exists():
        return f"it ended without writing {store.DOCS}"
    return None


def _open_record(parameters: Parameters, out: Path) -> tuple[record.Record, Path]:
    """Make the folder of a new run, with a record that says it is running."""
    started = record.now()
    inputs = record.input_hashes(Path(parameters.raw))
    base = run_id = record.run_id(started, inputs)
    for attempt in range(2, 100):
        try:
            (out / "runs" / run_id).mkdir(parents=True)
            break
        except FileExistsError:
            run_id = f"{base}-{attempt}"
    run_dir = out / "runs" / run_id
    (run_dir / "notebooks").mkdir()
    opened = record.Record(
        run_id=run_id,
        status="running",
        started=started,
        pid=os.getpid(),
        parameters=parameters.model_dump(),
        versions=record.versions(parameters),
        inputs=inputs,
        previous=record.previous_run(out / "latest"),
    )
    opened.write(run_dir)
    if parameters.corrections and Path(parameters.corrections).is_file():
        # every stage applies the same ones, whatever a reviewer records meanwhile
        shutil.copyfile(parameters.corrections, run_dir / record.CORRECTIONS)
    return opened, run_dir


def _unwritable(out: Path, error: OSError) -> Refused:
    return Refused(f"cannot write to {out} ({error.strerror or error}); mend that or give another out")


@contextmanager
def _lock(out: Path) -> Iterator[None]:
    """Keep other runs out of the output folder; the system lets go of the lock when the process ends."""
    lock = filelock.FileLock(out / ".lock")
    try:
        (out / "runs").mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except filelock.Timeout:
        at_work = [r for r in map(record.read, sorted((out / "runs").glob("*"))) if r and r.get("status") == "running"]
        who = f" (process {at_work[-1]['pid']}, since {at_work[-1]['started']})" if at_work else ""
        raise Locked(f"another run{who} is writing to {out}; wait for it, or stop it, or give another out") from None
    except OSError as error:
        raise _unwritable(out, error) from None
    try:
        yield
    finally:
        lock.release()


def run(parameters: Parameters, stream: TextIO | None = None) -> Outcome:
    """Run the four stages, write the report and publish the run as ``<out>/latest``.

    Returns the Outcome of a run that was started, whatever became of it. Raises Refused, ParameterError or Locked where
    none was started.
    """
    stream = stream or sys.stdout
    fork = fork_server_wanted(parameters.kernels)
    if fork and not fork_server_possible():
        raise ParameterError("parameter 'kernels': this system cannot fork; use kernels=plain")
    RunKernelManager.fork = fork
    try:
        load(parameters.codebook or None)
    except CodebookError as error:
        raise ParameterError(f"parameter 'codebook': {error}") from None
    try:
        if parameters.corrections:
            corrections.read(parameters.corrections)
    except CorrectionError as error:
        raise ParameterError(f"parameter 'corrections': {error}") from None
    try:
        if parameters.gazetteer:
            place_dump.check(Path(parameters.gazetteer))
    except (OSError, ValueError) as error:
        raise ParameterError(f"parameter 'gazetteer': {error}") from None
    sources = _check_notebooks()
    out = Path(parameters.out)
    with _lock(out), notebooks.environment():
        if fork:
            start_fork_server()
        try:
            interrupted = record.mark_interrupted(out / "runs")
            opened, run_dir = _open_record(parameters, out)
        except OSError as error:
            raise _unwritable(out, error) from None
        progress = Progress(stream, len(STAGES))
        for marked in interrupted:
            progress.say(f"run {marked} had been interrupted; marked so")
        files = f"{len(opened.inputs)} file{'s' if len(opened.inputs) != 1 else ''}"
        progress.say(f"run {opened.run_id}: {files} in {parameters.raw}")
        try:
            return _run(opened, run_dir, sources, parameters, progress)
        finally:
            progress.close()


def _run(
    opened: record.Record, run_dir: Path, sources: dict[str, Any], parameters: Parameters, progress: Progress
) -> Outcome:
    logging.getLogger("papermill").setLevel(logging.CRITICAL)  # what went wrong is said in our own line
    threading.Thread(target=_warm_up, daemon=True).start()
    stage = "start"
    look = run_dir / "notebooks"
    with signals_noted() as seen:
        try:
            for stage, notebook in sources.items():
                look = run_dir / "notebooks" / f"{stage}.ipynb"
                progress.start(stage)
                _stage(opened, stage, notebook, run_dir, parameters, progress)
                if seen:  # raised where it was swallowed
                    raise Stopped(seen[0])
            stage, look = "report", run_dir
            _finish(opened, run_dir, parameters, progress)
        except (Exception, KeyboardInterrupt) as error:  # whatever it is, the record must say how the run ended
            if not _published(opened, parameters):
                status, why = _meaning(error, seen)
            else:
                progress.say(f"published; what was left to do was broken off: {_meaning(error, seen)[1]}")
                return Outcome("ok", 0, run_dir, None)
        else:
            return Outcome("ok", 0, run_dir, None)
    message = f"{stage} {status.replace('_', ' ')}: {why}; see {look if look.exists() else run_dir}"
    opened.finish(status, message, 128 + seen[0] if status == "interrupted" else None)
    progress.say(message)
    try:
        opened.write(run_dir)
    except OSError as problem:
        progress.say(f"run.json could not be written ({problem.strerror}); the next run will mark this one interrupted")
    return Outcome(status, int(opened.exit_code or 0), run_dir, message)


def _published(opened: record.Record, parameters: Parameters) -> bool:
    """Whether ``latest`` is this very run: what comes after that cannot undo it."""
    return (record.read(Path(parameters.out) / "latest") or {}).get("run_id") == opened.run_id


def _warm_up() -> None:
    """Import, while the kernels of the stages work, what the report needs; a broken import is told when it is needed."""
    try:
        importlib.import_module("analysis.report").prepare()
    except Exception as error:
        logging.getLogger(__name__).debug("no warm-up of the report: %s", error)


def _meaning(error: BaseException, seen: list[int]) -> tuple[str, str]:
    """Status of a run that ended with ``error``, and why, in words."""
    if seen:
        return "interrupted", f"stopped by {signal.Signals(seen[0]).name}"
    if isinstance(error, StageFailed):
        return error.status, str(error)
    return "failed", f"{type(error).__name__}: {_one_line(str(error))}"


def _stage(
    opened: record.Record, stage: str, notebook: Any, run_dir: Path, parameters: Parameters, progress: Progress
) -> None:
    """Run one stage and write into the record how it went."""
    started = time.monotonic()
    entry: dict[str, Any] = {"stage": stage, "status": "interrupted"}
    opened.stages.append(entry)
    try:
        _execute(stage, notebook, run_dir, parameters)
        entry["status"] = "ok"
    except StageFailed as error:
        entry["status"] = error.status
        raise
    finally:
        entry["seconds"] = round(time.monotonic() - started, 2)
        note = store.read_json(run_dir / "validation" / f"{stage}.json")
        if note:
            opened.add_validation(note)
            entry["tables"] = {name: about["rows"] for name, about in note["tables"].items()}
        opened.write(run_dir)
    counts = ", ".join(f"{name} {rows}" for name, rows in entry["tables"].items())
    warned = opened.validation[stage]["warnings"]
    warnings = f"; {warned} warning{'s' if warned > 1 else ''}" if warned else ""
    progress.say(f"{stage:<15} ok {entry['seconds']:6.1f} s  {counts}{warnings}")
    progress.finish()


def _finish(opened: record.Record, run_dir: Path, parameters: Parameters, progress: Progress) -> None:
    """Count, compare with the previous run, write the report, publish, tell what was found, remove old runs."""
    from analysis.report import write as write_report

    out = Path(parameters.out)
    tables = store.read_tables(run_dir)
    opened.counts = store.counts(tables)
    opened.corrections = record.corrections_of(parameters, run_dir)
    if opened.previous:
        try:
            opened.new = record.whats_new(store.read_tables(out / "latest"), tables)
        except Exception as error:  # a run published by another version, or damaged since: no reason to stop this one
            why = _one_line(str(error))
            progress.say(f"what is new is not told: {out / 'latest'} cannot be compared with: {why}")
    opened.write(run_dir)
    write_report(run_dir)
    opened.finish("ok")
    opened.write(run_dir)
    store.publish(run_dir, out / "latest")
    for line in _closing_lines(parameters, run_dir):
        progress.say(line)
    record.prune(out / "runs", parameters.keep_runs, out / "latest")


def _closing_lines(parameters: Parameters, run_dir: Path) -> list[str]:
    from analysis.report import summary_lines

    return [
        *summary_lines(store.read_tables(run_dir)),
        *corrections.lines(run_dir),
        f"report: {Path(parameters.out) / 'latest' / 'report.html'}",
    ]
