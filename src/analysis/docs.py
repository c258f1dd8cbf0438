"""The generated docs: written by ``figures docs``, compared by a test."""

from __future__ import annotations

from pathlib import Path

from analysis import accuracy, parameters, statuses, store
from analysis.paths import project_root
from analysis.tables import data_dictionary
from analysis.validate import write_suites


def _accuracy() -> str:
    return "\n" + accuracy.accuracy_table(accuracy.read_records()) + "\n"


def _errors() -> str:
    return "\n" + accuracy.errors_table(accuracy.read_records()) + "\n"


MARKS = {"parameters": parameters.markdown, "exit codes": statuses.markdown, "accuracy": _accuracy, "errors": _errors}
#: what stands around a generated part: NAME filled in
BOUNDS = (("<!-- generated: {} -->\n", "<!-- end -->"), ("<!-- {} -->\n", "<!-- /{} -->"))


def with_generated(text: str) -> str:
    """Fill the parts of a page between ``<!-- generated: NAME -->`` and ``<!-- end -->`` anew.

    ``<!-- NAME -->`` and ``<!-- /NAME -->`` do the same, for a page that people read as text.
    """
    for name, make in MARKS.items():
        for first, last in BOUNDS:
            head, opening, rest = text.partition(first.format(name))
            _, closing, tail = rest.partition(last.format(name))
            if opening and closing:
                text = head + opening + make() + closing + tail
    return text


def pages() -> dict[Path, str]:
    """Every page that is generated, wholly or in part, as it should stand."""
    docs = project_root() / "docs"
    found = {docs / "data-dictionary.md": data_dictionary()}
    for path in (*sorted(docs.glob("*.md")), docs.parent / "README.md"):
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        if (filled := with_generated(text)) != text or "<!-- generated: " in text or "<!-- /" in text:
            found[path] = filled
    return found


def write() -> list[Path]:
    """Write the generated docs and the generated half of the expectations; return the files that changed."""
    root = project_root()
    changed = []
    for path, text in pages().items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            store.write_text(path, text)
            changed.append(path.relative_to(root))
    before = {p: p.read_bytes() for p in sorted((root / "expectations").glob("*.json"))}
    changed += [p.relative_to(root) for p in write_suites() if before.get(p) != p.read_bytes()]
    return changed
