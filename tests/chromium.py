"""A headless Chromium for the tests that open a page: it reaches no other machine."""

from __future__ import annotations

import shutil
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--no-first-run", "--disable-sync"),
]


@contextmanager
def launched(untested: str, reachable: str = "") -> Iterator[Browser]:
    """A browser that finds no host but ``reachable``; skips the test, saying what goes ``untested``, where none is."""
    hosts = f"MAP * ~NOTFOUND{f', EXCLUDE {reachable}' if reachable else ''}"
    with sync_playwright() as playwright:
        own = playwright.chromium.executable_path  # where "playwright install chromium" puts it
        path = next((found for name in NAMES if (found := shutil.which(name))), own if Path(own).exists() else None)
        if path is None:
            message = f"NO BROWSER: {untested}; install Chromium (apt-get install chromium) to test it"
            warnings.warn(message, stacklevel=2)
            pytest.skip(message)
        running = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, f"--host-resolver-rules={hosts}"])
        yield running
        running.close()
