"""What a run does besides its stages: say how far it is, listen for signals, watch the clock."""

from __future__ import annotations

import math
import queue
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, TextIO

from analysis.kernels import KILL, RunKernelManager

#: seconds between asking a kernel to stop and killing it
GRACE = 5.0
#: seconds after which a signal that came during an import is sent again
AGAIN = 0.05
#: the module whose frames are those of a run
RUNNER = "analysis.run"


class Stopped(KeyboardInterrupt):
    """SIGINT or SIGTERM. A KeyboardInterrupt, because asyncio swallows any other exception of a signal handler."""


class Progress:
    """One line per stage; on a terminal a bar above them."""

    def __init__(self, stream: TextIO, stages: int):
        self.stream = stream
        self.bar: Any = None
        if stream.isatty():
            from tqdm import tqdm

            self.bar = tqdm(
                total=stages, file=stream, leave=False, bar_format="{desc} {bar} {n_fmt}/{total_fmt} {elapsed}"
            )

    def say(self, line: str) -> None:
        if self.bar is not None:
            self.bar.clear()
        with suppress(OSError):  # a reader who went away, or a full disk under the log, is no reason to stop
            print(line, file=self.stream, flush=True)
        if self.bar is not None:
            self.bar.refresh()

    def start(self, stage: str) -> None:
        if self.bar is not None:
            self.bar.set_description_str(stage)

    def finish(self) -> None:
        if self.bar is not None:
            self.bar.update(1)

    def close(self) -> None:
        if self.bar is not None:
            self.bar.close()


def _importing(frame: FrameType | None) -> bool:
    """Whether the runner is within an import.

    An exception that a signal raises there may be swallowed by a callback of the import machinery, and may leave the
    lock of all imports taken for ever, for which other threads then wait.
    """
    while frame is not None and frame.f_globals.get("__name__") != RUNNER:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False


def _send(signum: int) -> None:
    """Send a signal to the main thread, so that it wakes up where it waits."""
    if hasattr(signal, "pthread_kill"):
        signal.pthread_kill(threading.main_thread().ident or 0, signum)
    else:
        signal.raise_signal(signum)


@contextmanager
def signals_noted() -> Iterator[list[int]]:
    """Turn SIGINT and SIGTERM into Stopped; gives the list in which the signal that came is noted.

    One that comes during an import is put off until that is done. While the first one is seen to, others are passed
    over; one that comes GRACE seconds later is a Stopped again, since the first one was lost then.
    """
    seen: list[int] = []
    latest = -math.inf
    over = threading.Event()
    put_off: queue.SimpleQueue[int | None] = queue.SimpleQueue()  # its put may interrupt itself

    def handler(signum: int, frame: FrameType | None) -> None:
        nonlocal latest
        if _importing(frame):
            put_off.put(signum)
        elif time.monotonic() - latest > GRACE:
            latest = time.monotonic()
            seen[:] = seen or [signum]
            raise Stopped(signum)

    def send_again() -> None:
        while (signum := put_off.get()) is not None:
            if not over.wait(AGAIN):
                _send(signum)

    if threading.current_thread() is not threading.main_thread():
        yield seen
        return
    again = threading.Thread(target=send_again, daemon=True)
    again.start()
    before = {s: signal.signal(s, handler) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield seen
    finally:
        for signum, old in before.items():
            signal.signal(signum, old)
        over.set()
        put_off.put(None)
        again.join()


@contextmanager
def deadline(seconds: float) -> Iterator[threading.Event]:
    """Stop the kernel when the time is up, first politely; gives the event that is set by then."""
    done, late = threading.Event(), threading.Event()

    def watch() -> None:
        if done.wait(seconds):
            return
        late.set()
        signum = signal.SIGINT
        while not done.is_set():
            if (manager := RunKernelManager.current) is not None:
                manager.signal_group(signum)
                signum = KILL
            done.wait(GRACE)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield late
    finally:
        done.set()
        watcher.join()
