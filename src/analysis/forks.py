"""The fork server: one process that has imported the slow packages, from which the kernels of a run are forked.

This module imports nothing slow itself, so that the server can be started before the runner imports what it needs.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import types
from collections.abc import Iterator
from contextlib import contextmanager

#: the module that the server imports before it forks
PRELOAD = "analysis.preload"
#: What is imported for nothing; those who import it do without where it is not there. jsonschema, which half of the
#: packages here import, builds a grammar of internationalised addresses at once: a second of every start, for a format
#: that nothing here checks. ipykernel loads a debugger into every kernel; nobody steps through a scheduled run.
SPARED = ("rfc3987_syntax", "debugpy")


def spare() -> None:
    """Keep SPARED from being imported in this process; to be called before anything slow is imported."""
    for name in SPARED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]


def fork_server_possible() -> bool:
    return "forkserver" in multiprocessing.get_all_start_methods()


def fork_server_wanted(kernels: str) -> bool:
    """Whether kernels are forked for a value of the parameter ``kernels``.

    ``auto`` forks on Linux only: on macOS system libraries may start threads that a fork breaks (bpo-33725).
    """
    return kernels == "fork" or (kernels == "auto" and fork_server_possible() and sys.platform.startswith("linux"))


@contextmanager
def no_main_module() -> Iterator[None]:
    """Keep multiprocessing from importing the caller's script into the kernel, where it has no business."""
    main = sys.modules["__main__"]
    sys.modules["__main__"] = types.ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def start_fork_server() -> None:
    """Start the server, if it does not run yet, so that it imports while the caller does something else."""
    from multiprocessing import forkserver

    multiprocessing.get_context("forkserver").set_forkserver_preload([PRELOAD])
    # the resource tracker, started with the server, complains of what a killed kernel left; it clears that away itself
    before = os.environ.get("PYTHONWARNINGS")
    os.environ["PYTHONWARNINGS"] = "ignore:resource_tracker"
    try:
        with no_main_module():
            forkserver.ensure_running()
    finally:
        if before is None:
            del os.environ["PYTHONWARNINGS"]
        else:
            os.environ["PYTHONWARNINGS"] = before
