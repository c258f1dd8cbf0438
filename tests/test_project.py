"""The project as it is installed: what is imported is declared, and the lock fits any machine and names no host."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")


def _plain(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[^\w.-]", requirement)[0]).lower()


def _imported(folder: str) -> set[str]:
    """Top names of what the modules below a folder import, but for the standard library and the project's own."""
    found = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.split(".")[0])
    own = {"analysis"} | {path.stem for path in (ROOT / folder).glob("*.py")}
    return found - own - set(sys.stdlib_module_names)


def test_what_is_imported_is_declared() -> None:
    needed = {_plain(d) for d in PROJECT["dependencies"]}
    tested = needed | {_plain(d) for d in PROJECT["optional-dependencies"]["test"]}
    names = metadata.packages_distributions()
    for folder, declared in (("src", needed), ("tests", tested), ("benchmarks", tested)):
        lost = {n for n in _imported(folder) if not {_plain(d) for d in names.get(n, [])} & declared}
        assert not lost, f"{folder} imports {', '.join(sorted(lost))}: add to pyproject.toml, and change the lock"


def test_the_lock_has_every_dependency_with_hashes_and_names_no_host() -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", LOCK)
    locked = {_plain(block) for block in blocks}
    declared = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]
    assert {_plain(d) for d in declared} <= locked, "change the lock: CONTRIBUTING.md says how"
    for block in blocks:
        assert re.match(r"[a-z0-9._-]+==\S+ *(;.*)?\\?\n", block), block[:60]
        assert "--hash=sha256:" in block, block[:60]
    assert "://" not in LOCK and " @ " not in LOCK and "--index" not in LOCK
    markers = " ".join(re.findall(r"^[a-z0-9].*;(.*)$", LOCK, re.MULTILINE))
    assert "win32" in markers and "darwin" in markers, "the lock is for one system only"
