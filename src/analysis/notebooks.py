"""The notebooks as files: what they declare, whether they ran to the end, and a form that makes quiet diffs."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from analysis import store
from analysis.paths import project_root

#: seconds that one cell may take where the outputs are written anew
CELL_TIMEOUT = 600
KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


class NotebookError(ValueError):
    """A notebook that cannot be used as a stage; the message says what to mend."""


def folder() -> Path:
    return project_root() / "notebooks"


def read(path: Path) -> NotebookNode:
    """Read a notebook. Raises NotebookError if it is not there or is none."""
    try:
        return nbformat.read(path, as_version=4)
    except FileNotFoundError:
        raise NotebookError(f"there is no notebook {path}") from None
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, UnicodeDecodeError) as error:
        raise NotebookError(f"{path} is no notebook: {str(error).splitlines()[0]}") from None


def code_cells(notebook: NotebookNode) -> Iterator[NotebookNode]:
    yield from (c for c in notebook.cells if c.cell_type == "code" and c.source.strip())


def declared(notebook: NotebookNode, name: str) -> set[str]:
    """Names that the parameters cell assigns. Raises NotebookError unless there is exactly one such cell."""
    tagged = [c for c in code_cells(notebook) if "parameters" in c.metadata.get("tags", ())]
    if len(tagged) != 1:
        raise NotebookError(f"{name} has {len(tagged)} cells tagged 'parameters'; it needs one")
    names = set()
    for statement in ast.parse(tagged[0].source).body:
        if isinstance(statement, ast.Assign):
            names |= {t.id for t in statement.targets if isinstance(t, ast.Name)}
    return names


def unfinished(notebook: NotebookNode) -> str | None:
    """Why a notebook did not run to its end, or None if every code cell ran without an error."""
    for number, cell in enumerate(code_cells(notebook), 1):
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                return f"code cell {number} ended with {output.ename}"
        if cell.execution_count is None:
            return f"code cell {number} never ran"
    return None


def normalise(notebook: NotebookNode) -> NotebookNode:
    """A copy without run times, ids of runs and the like: what is left changes only with the content."""
    clean = nbformat.from_dict(notebook)
    clean.metadata = nbformat.from_dict({"kernelspec": KERNELSPEC, "language_info": {"name": "python"}})
    for number, cell in enumerate(clean.cells):
        cell["id"] = f"cell-{number:02d}"
        kept: dict[str, Any] = {k: v for k, v in cell.metadata.items() if k in ("tags", "jupyter")}
        if not kept.get("tags"):
            kept.pop("tags", None)
        cell.metadata = nbformat.from_dict(kept)
        if cell.cell_type == "code":
            cell.outputs = [_merged for _merged in _without_breaks(cell.outputs)]
    clean.nbformat, clean.nbformat_minor = 4, 5
    return clean


def _without_breaks(outputs: list[NotebookNode]) -> Iterator[NotebookNode]:
    """Join what was printed in one go: how a kernel cuts a stream into messages depends on the moment."""
    last: NotebookNode | None = None
    for output in outputs:
        if last is not None and output.output_type == last.output_type == "stream" and output.name == last.name:
            last.text += output.text
            continue
        if last is not None:
            yield last
        last = output
    if last is not None:
        yield last


def write(notebook: NotebookNode, path: Path) -> None:
    """Write a notebook whole, with the bytes that nbformat gives it."""
    store.write_text(path, nbformat.writes(notebook, version=4) + "\n")


@contextmanager
def environment() -> Iterator[None]:
    """What kernels are told: where the project is, and in which environment the caller runs."""
    import sys

    told = {"FIGURES_ROOT": str(project_root()), "FIGURES_PREFIX": sys.prefix}
    before = {name: os.environ.get(name) for name in told}
    os.environ.update(told)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def rewrite(path: Path) -> bool:
    """Execute one notebook with its defaults and write its outputs back; return whether the file changed.

    Raises NotebookError where a cell fails; the file stays as it was.
    """
    from nbclient import NotebookClient
    from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

    from analysis.kernels import RunKernelManager

    notebook = read(path)
    before = path.read_bytes()
    client = NotebookClient(
        notebook,
        timeout=CELL_TIMEOUT,
        kernel_manager_class=RunKernelManager,
        resources={"metadata": {"path": str(path.parent)}},
    )
    try:
        with environment():
            client.execute()
    except CellExecutionError as error:
        raise NotebookError(f"{path.name} stays as it was; a cell failed: {error.ename}: {error.evalue}") from None
    except CellTimeoutError:
        raise NotebookError(f"{path.name} stays as it was; a cell took longer than {CELL_TIMEOUT} seconds") from None
    except DeadKernelError:
        raise NotebookError(f"{path.name} stays as it was; its process died (killed, or out of memory)") from None
    write(normalise(notebook), path)
    return path.read_bytes() != before
