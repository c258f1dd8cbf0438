"""Families of verbs, nouns and idioms that tell what a figure measures: sentences with ``[figure|measure]``."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from analysis.components import annotate

LINES = (Path(__file__).parent / "cases" / "measures.jsonl").read_text(encoding="utf-8").splitlines()
CASES: list[dict[str, str]] = [json.loads(line) for line in LINES]
MARK = re.compile(r"\[([^|\]]+)\|(\w+)\]")


def plain(text: str) -> tuple[str, list[tuple[int, int, str]]]:
    """The text without its marks, and (start, end, measure) of each marked figure."""
    out, at, figures = "", 0, []
    for mark in MARK.finditer(text):
        out += text[at : mark.start()]
        figures.append((len(out), len(out) + len(mark[1]), mark[2]))
        out += mark[1]
        at = mark.end()
    return out + text[at:], figures


def article(text: str) -> dict[str, Any]:
    return {"article_id": "art_0", "outlet": "The Post", "title": None, "published": "2024-11-09", "text": text}


@pytest.fixture(scope="module")
def docs(nlp: Language) -> dict[str, Doc]:
    texts = [plain(case["text"])[0] for case in CASES]
    return dict(zip(texts, annotate(nlp, map(article, texts)), strict=True))


@pytest.mark.parametrize("case", CASES, ids=[case["text"][:60] for case in CASES])
def test_measure(docs: dict[str, Doc], case: dict[str, str]) -> None:
    text, figures = plain(case["text"])
    assert figures, "a case marks at least one figure"
    for start, end, measure in figures:
        found = [m for m in docs[text]._.meanings if m.start < end and start < m.end]
        assert found, f"no figure {text[start:end]!r}"
        assert found[0].measure == measure, f"{text[start:end]}: {found[0].rule}"
