"""Imports that kernels find made; only the fork server imports this module.

Only what most stages import anyway: what a single one needs would delay the first stage for nothing.
"""

from __future__ import annotations

import importlib

from analysis.forks import spare

spare()
for name in ("ipykernel.kernelapp", "IPython.core.completer", "analysis.steps", "great_expectations"):
    importlib.import_module(name)
