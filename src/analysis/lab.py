"""JupyterLab on the project's notebooks: on this machine only, without news and update checks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from analysis.notebooks import folder
from analysis.paths import project_root

#: JupyterLab asks a new user whether it may fetch news, and looks for updates; this keeps it from both
OVERRIDES = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}}


def command(port: int, browser: bool) -> list[str]:
    arguments = [sys.executable, "-m", "jupyterlab", f"--port={port}", "--ServerApp.ip=127.0.0.1"]
    arguments += [f"--ServerApp.root_dir={project_root()}", f"--ServerApp.default_url=/lab/tree/{folder().name}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments.append(
            "--allow-root"
        )  # in a container one is root; the server listens on the loopback interface only
    return arguments + ([] if browser else ["--no-browser"])


def serve(port: int, browser: bool = True) -> int:
    """Start JupyterLab and wait until it ends; return its exit code."""
    settings = Path(sys.prefix) / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    found = json.loads(settings.read_text(encoding="utf-8")) if settings.exists() else {}
    settings.parent.mkdir(parents=True, exist_ok=True)
    settings.write_text(json.dumps(found | OVERRIDES, indent=2), encoding="utf-8")
    environment = os.environ | {"FIGURES_ROOT": str(project_root())}
    try:
        return subprocess.call(command(port, browser), env=environment)
    except KeyboardInterrupt:
        return 0
