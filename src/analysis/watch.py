"""What a run does besides its stages: say how far it is, listen for signals, watch the clock."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Any, TextIO

from analysis.kernels import KILL, RunKernelManager

#: seconds between asking a kernel to stop and killing it
GRACE = 5.0


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


@contextmanager
def signals_noted() -> Iterator[list[int]]:
    """Turn SIGINT and SIGTERM into Stopped, once; gives the list in which the signal that came is noted."""
    seen: list[int] = []

    def handler(signum: int, _frame: FrameType | None) -> None:
        if not seen:
            seen.append(signum)
            raise Stopped(signum)

    if threading.current_thread() is not threading.main_thread():
        yield seen
        return
    before = {s: signal.signal(s, handler) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield seen
    finally:
        for signum, old in before.items():
            signal.signal(signum, old)


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
            if RunKernelManager.current is not None:
                RunKernelManager.current.signal_group(signum)
                signum = KILL
            done.wait(GRACE)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield late
    finally:
        done.set()
        watcher.join()
