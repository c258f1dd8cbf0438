"""Signals of a run: they stop it wherever it is, but never within an import."""

from __future__ import annotations

import importlib
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from analysis import watch
from analysis.watch import Stopped, signals_noted

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sends signals as Unix does")


def test_a_signal_stops_once() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with signals_noted() as seen:
        with pytest.raises(Stopped):
            os.kill(os.getpid(), signal.SIGTERM)
        os.kill(os.getpid(), signal.SIGINT)  # while the first one is seen to
    assert seen == [signal.SIGTERM] and signal.getsignal(signal.SIGTERM) is before


def test_a_signal_that_was_lost_can_be_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "GRACE", 0.05)
    with signals_noted() as seen:
        for _ in range(2):
            with pytest.raises(Stopped):
                os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.1)
    assert seen == [signal.SIGINT]


def test_a_signal_during_an_import_waits_until_that_is_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Raised there it can be swallowed, or leave the import lock taken, and the run hangs."""
    lines = ["import os, signal, time", "os.kill(os.getpid(), signal.SIGTERM)", "time.sleep(0.2)", "DONE = True"]
    (tmp_path / "slow_to_import.py").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(watch, "RUNNER", __name__)
    with signals_noted() as seen, pytest.raises(Stopped):
        assert importlib.import_module("slow_to_import").DONE
        time.sleep(5)
    assert seen == [signal.SIGTERM] and sys.modules["slow_to_import"].DONE
