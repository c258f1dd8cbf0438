"""Imports that kernels find made; only the fork server imports this module.

Only what most stages import anyway: what a single one needs would delay the first stage for nothing.
"""

from __future__ import annotations

import atexit
import importlib
import os
import signal

from analysis.forks import spare

spare()
# the server is done when the runner is: whoever reads the runner's output waits until the server, which inherited it, ends
atexit.register(os._exit, 0)
runner = os.getppid()
# Ctrl-C goes to all processes of a terminal; the runner says what comes of it
on_interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
for name in ("ipykernel.kernelapp", "IPython.core.completer", "analysis.steps", "great_expectations"):
    importlib.import_module(name)
    if os.getppid() != runner:
        os._exit(0)
signal.signal(signal.SIGINT, on_interrupt)  # what the kernels inherit; the server has its own from here on
