"""Where the project is: notebooks, papermill, nbval and JupyterLab all have working directories of their own."""

from __future__ import annotations

import os
from pathlib import Path

MARKER = "expectations"


def project_root() -> Path:
    """The checkout: the folder of ``$FIGURES_ROOT``, else the nearest one above the working directory or this package.

    Raises FileNotFoundError where none has a pyproject.toml with an ``expectations`` folder beside it.
    """
    named = os.environ.get("FIGURES_ROOT")
    starts = [Path(named)] if named else [Path.cwd(), Path(__file__).resolve()]
    for start in starts:
        for folder in (start, *start.parents):
            if (folder / "pyproject.toml").is_file() and (folder / MARKER).is_dir():
                return folder.resolve()
    raise FileNotFoundError("no checkout of reported-figures here; run in its folder or set FIGURES_ROOT to it")
