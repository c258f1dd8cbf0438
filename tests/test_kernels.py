"""Kernels of a run: how the runner waits for one, what one does at its end, and how processes of the project end."""

from __future__ import annotations

import asyncio
import os
import queue
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import nbformat
import pytest

from analysis import forks, notebooks
from analysis.kernels import RunKernelClient

ASKED = "kernel_info_reply"


class Channel:
    """A channel on which the given messages lie; None is a while in which nothing comes."""

    def __init__(self, messages: Iterator[Mapping[str, Any] | None]):
        self.messages = messages

    async def get_msg(self, timeout: float) -> Mapping[str, Any]:
        found = next(self.messages, None)
        if found is None:
            raise queue.Empty
        return found


class Client(RunKernelClient):
    """A client whose channels are given, and whose questions are counted."""

    def __init__(self, shell: Iterator[Any], iopub: Iterator[Any], alive: bool = True):
        super().__init__()
        self.told, self.alive, self.questions = (Channel(shell), Channel(iopub)), alive, 0

    shell_channel = property(lambda self: self.told[0])  # type: ignore[assignment]
    iopub_channel = property(lambda self: self.told[1])  # type: ignore[assignment]

    def kernel_info(self, reply: bool = False, timeout: float | None = None) -> Any:
        self.questions += 1
        return f"question {self.questions}"

    async def is_alive(self) -> bool:
        return self.alive

    def _handle_kernel_info_reply(self, msg: Any) -> None:
        pass


def _status(state: str, question: str | None) -> dict[str, Any]:
    return {"content": {"execution_state": state}, "parent_header": {"msg_id": question} if question else {}}


def _replies() -> Iterator[dict[str, Any]]:
    while True:
        yield {"msg_type": ASKED}


def test_the_answer_to_an_earlier_question_is_enough() -> None:
    said = iter([_status("idle", None), _status("idle", "another's"), None, _status("busy", "question 1"), None, None])
    client = Client(_replies(), iter([*said, _status("idle", "question 1")]))
    asyncio.run(client.wait_for_ready(timeout=5))
    assert client.questions == 4


@pytest.mark.parametrize("alive, timeout, told", [
    (False, None, "died"),
    (True, 0.05, "didn't respond in 0.05 seconds"),
    (True, 0, "didn't respond in 0 seconds"),
])  # fmt: skip
def test_a_kernel_that_does_not_answer_is_not_waited_for_forever(alive: bool, timeout: float | None, told: str) -> None:
    with pytest.raises(RuntimeError, match=told):
        asyncio.run(Client(iter([]), iter([]), alive).wait_for_ready(timeout))


def test_a_kernel_does_at_its_end_what_was_registered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIGURES_ROOT", str(Path(__file__).parents[1]))
    note = tmp_path / "note"
    source = f"import atexit, pathlib; atexit.register(pathlib.Path({str(note)!r}).write_text, 'left in order')"
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
    nbformat.write(notebook, tmp_path / "one.ipynb")
    notebooks.rewrite(tmp_path / "one.ipynb")
    assert note.read_text() == "left in order"


@pytest.mark.parametrize("platform, forked", [("linux", True), ("darwin", False), ("win32", False)])
def test_kernels_are_forked_by_themselves_on_linux_only(
    platform: str, forked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forks, "fork_server_possible", lambda: platform != "win32")
    monkeypatch.setattr(sys, "platform", platform)
    assert forks.fork_server_wanted("auto") is forked
    assert forks.fork_server_wanted("fork") and not forks.fork_server_wanted("plain")


def _script(body: str, redirect: str = "") -> subprocess.CompletedProcess[str]:
    code = f"import sys\nfrom analysis import cli\ndef main():\n    {body}\ncli.main = main\ncli.script()"
    shell = f'"$0" -c "$1" {redirect}'
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    return subprocess.run(
        ["sh", "-c", shell, sys.executable, code],
        capture_output=True, text=True, timeout=60, check=False, env=buffered,
    )  # fmt: skip


@pytest.mark.skipif(sys.platform == "win32", reason="asks a Unix shell")
@pytest.mark.parametrize("body, redirect, code, told", [
    ("return 3", "", 3, ""),
    ("sys.exit('no such thing')", "", 1, "no such thing\n"),
    ("sys.exit()", "", 0, ""),
    ("raise ValueError('a fault of ours')", "", 1, "ValueError: a fault of ours"),
    ("import atexit; atexit.register(print, 'last words', file=sys.stderr); return 0", "", 0, "last words\n"),
    ("print('x'); return 0", ">&-", 0, ""),
    ("import os; return int(os.open('/dev/zero', os.O_RDONLY) < 3)", ">&- <&-", 0, ""),
    ("import os; return os.system(f'{sys.executable} -c \"print(1, flush=True)\"')", ">&- <&-", 0, ""),
    ("print('x'); return 0", "| true", 0, ""),
])  # fmt: skip
def test_a_process_ends_with_its_code_and_says_all(body: str, redirect: str, code: int, told: str) -> None:
    ended = _script(body, redirect)
    assert ended.returncode == code and told in ended.stderr and ("Traceback" in ended.stderr) == ("fault" in told)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no disk that is always full")
def test_output_that_is_lost_is_told() -> None:
    ended = _script("print('x'); return 0", "> /dev/full")
    assert ended.returncode == 1 and "could not be written: No space left on device" in ended.stderr
    assert _script("sys.argv[1:] = ['run']; print('x'); return 0", "> /dev/full").returncode == 0, "its folder is there"


def test_a_notebook_whose_kernel_dies_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIGURES_ROOT", str(Path(__file__).parents[1]))
    source = "import os, signal; os.kill(os.getpid(), signal.SIGTERM)"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)]), tmp_path / "one.ipynb")
    before = (tmp_path / "one.ipynb").read_bytes()
    with pytest.raises(notebooks.NotebookError, match="one.ipynb stays as it was; its process died"):
        notebooks.rewrite(tmp_path / "one.ipynb")
    assert (tmp_path / "one.ipynb").read_bytes() == before
