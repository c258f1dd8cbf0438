"""Kernels for a run: each notebook gets a process of its own, forked from a server that has imported the slow packages.

Importing Great Expectations, spaCy and pandas takes longer than the work of a stage on a small corpus; the fork server
pays for that once. A forked kernel shares no state with another: the server runs no notebook code. Where processes
cannot be forked (Windows) or it is not wanted, the same manager starts plain kernels.
"""

from __future__ import annotations

import atexit
import importlib
import math
import multiprocessing
import os
import queue
import shutil
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Mapping
from contextlib import suppress
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any, cast

import zmq
from jupyter_client.asynchronous import AsyncKernelClient
from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

from analysis.forks import fork_server_possible, fork_server_wanted, no_main_module, start_fork_server

#: name of ForkServerProvisioner among jupyter's provisioners
PROVISIONER = "figures-fork-server"
#: longest path of a Unix socket, with room for jupyter's suffix (sockaddr_un holds 104 bytes on macOS, 108 on Linux)
MAX_SOCKET_PATH = 90
#: how often to look whether a kernel of our own is there, or gone; jupyter looks every tenth of a second
POLL_MILLISECONDS = 5
#: the signal that nothing survives; Windows has one for all
KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


def _end_with_runner() -> None:
    """Wait until the runner is gone, then end this kernel and its children: nobody is left to read what they do."""
    runner = multiprocessing.parent_process()
    if runner is not None:
        runner.join()
        os.killpg(os.getpgrp(), signal.SIGKILL)


def _run_kernel(arguments: list[str], env: Mapping[str, str], cwd: str) -> None:
    """Body of a forked process: become an ipykernel."""
    atexit.unregister(os._exit)  # the server's own end, not that of a kernel
    os.setsid()  # a group of its own: Ctrl-C goes to the runner, which decides, and a kill takes the kernel's children
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    sys.argv = ["ipykernel_launcher", *arguments]
    sys.path[:] = [p for p in sys.path if p]
    warnings.resetwarnings()
    warnings.simplefilter("ignore", DeprecationWarning)
    kernelapp = importlib.import_module("ipykernel.kernelapp")
    app = kernelapp.IPKernelApp.instance()
    threading.Thread(target=_end_with_runner, daemon=True).start()
    # a parent keeps it from telling how to end it on a terminal
    app.initialize([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])
    try:
        app.start()
    finally:
        atexit._run_exitfuncs()  # a forked process does that by itself from Python 3.13 on only


class _Forked:
    """The part of ``subprocess.Popen`` that a provisioner uses, over a process of the fork server."""

    stdin = stdout = stderr = None

    def __init__(self, arguments: list[str], env: Mapping[str, str], cwd: str):
        context = multiprocessing.get_context("forkserver")
        self._process = context.Process(target=_run_kernel, args=(arguments, dict(env), cwd), daemon=True)
        with no_main_module():
            self._process.start()

    @property
    def pid(self) -> int:
        return int(self._process.pid or 0)

    def poll(self) -> int | None:
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        self._process.join(timeout)
        return self._process.exitcode

    def send_signal(self, signum: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, signum)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class ForkServerProvisioner(LocalProvisioner):
    """Launches kernels from the fork server; all the rest is as with local kernels."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        start_fork_server()
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        cwd = str(kwargs.get("cwd") or Path.cwd())
        try:
            forked = _Forked(arguments, kwargs.get("env") or os.environ, cwd)
        except (EOFError, ConnectionError) as error:
            raise RuntimeError("Kernel died before it began: the process that forks it is gone") from error
        self.process = cast(Any, forked)
        self.pid = self.pgid = forked.pid  # the child makes itself a group leader
        self.cwd = cwd
        return self.connection_info


def kernel_spec(fork: bool) -> KernelSpec:
    """The kernel of this very interpreter; nothing has to be installed and no other environment can answer."""
    metadata = {"kernel_provisioner": {"provisioner_name": PROVISIONER, "config": {}}} if fork else {}
    return KernelSpec(
        argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
        display_name="Python 3 (reported-figures)",
        language="python",
        metadata=metadata,
        resource_dir="",
    )


class RunKernelClient(AsyncKernelClient):
    """Talks to a kernel that is nobody else's, so what it answers first is the answer to us."""

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        # it connects before the kernel listens, and is to try again at once, not after a tenth of a second
        self.context.setsockopt(zmq.RECONNECT_IVL, POLL_MILLISECONDS)

    async def wait_for_ready(self, timeout: float | None = None) -> None:
        """Wait until the kernel answers and is idle again. Raises RuntimeError if it dies or needs over ``timeout`` seconds.

        The inherited method reads on until nothing came for a fifth of a second; the kernel's own word that it is idle
        after one of our questions tells as much. That of an earlier question counts too: on a busy machine it is late,
        and asking anew each time would keep the kernel busy.
        """
        latest = time.monotonic() + (math.inf if timeout is None else timeout)
        asked: set[str] = set()
        while time.monotonic() < latest:
            asked.add(self.kernel_info())
            with suppress(queue.Empty):
                reply = await self.shell_channel.get_msg(timeout=1)
                while reply["msg_type"] == "kernel_info_reply":
                    told = await self.iopub_channel.get_msg(timeout=0.03)
                    ours = told["parent_header"].get("msg_id") in asked
                    if ours and told["content"].get("execution_state") == "idle":
                        self._handle_kernel_info_reply(reply)
                        return
            if not await self.is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
        raise RuntimeError(f"Kernel didn't respond in {timeout} seconds")


class RunKernelManager(AsyncKernelManager):
    """Manages the kernel of one stage: over IPC, in a private folder, from the fork server where that can be."""

    client_class = f"{__name__}.{RunKernelClient.__name__}"
    client_factory = RunKernelClient
    #: use the fork server; the runner sets it for the whole run
    fork = fork_server_wanted("auto")
    #: the manager whose kernel runs now, so that the runner can end a kernel that is over its time
    current: RunKernelManager | None = None

    def __init__(self, **kwargs: Any):
        super().__init__(**kwargs)
        self._folder = tempfile.mkdtemp(prefix="figures-")
        if sys.platform != "win32" and len(self._folder) < MAX_SOCKET_PATH:
            self.transport = "ipc"
        self.connection_file = str(Path(self._folder) / "kernel.json")
        fork = type(self).fork and fork_server_possible()
        # what an entry point of the package would do, without the need to install anything
        entry = EntryPoint(
            PROVISIONER, f"{__name__}:{ForkServerProvisioner.__name__}", KernelProvisionerFactory.GROUP_NAME
        )
        KernelProvisionerFactory.instance().provisioners.setdefault(PROVISIONER, entry)
        self._kernel_spec = kernel_spec(fork)
        RunKernelManager.current = self

    @property
    def kernel_spec(self) -> KernelSpec | None:
        return self._kernel_spec

    async def _async_wait(self, pollinterval: float = POLL_MILLISECONDS / 1000) -> None:
        await super()._async_wait(pollinterval)

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        await super()._async_cleanup_resources(restart)
        if not restart:
            shutil.rmtree(self._folder, ignore_errors=True)
            if RunKernelManager.current is self:
                RunKernelManager.current = None

    cleanup_resources = _async_cleanup_resources

    def clear(self) -> None:
        """End the kernel if it still runs and remove its sockets: for a stage that was broken off."""
        self.signal_group(KILL)
        shutil.rmtree(self._folder, ignore_errors=True)
        RunKernelManager.current = None

    def signal_group(self, signum: int) -> None:
        """Send a signal to the kernel and its children, from any thread; no error if it is gone already."""
        pid = getattr(self.provisioner, "pid", None)
        if not pid:
            return
        with suppress(ProcessLookupError, PermissionError):
            try:
                (os.killpg if hasattr(os, "killpg") else os.kill)(pid, signum)
            except ProcessLookupError:  # just forked, and no leader of a group yet
                os.kill(pid, signum)
