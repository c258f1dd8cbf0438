"""When two names, units or numbers count as the same in scoring (lists in ``names.yml``)."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import Any

from analysis.codebook import read_yaml

#: least share of common content words (F1) at which two names mean the same
SAME_NAME = 0.5


@functools.cache
def _lists() -> dict[str, Any]:
    return dict(read_yaml(Path(__file__).with_name("names.yml")))


@functools.cache
def _inverted(section: str) -> dict[str, str]:
    return {alias: name for name, aliases in _lists()[section].items() for alias in aliases}


@functools.cache
def _empty_words() -> frozenset[str]:
    return frozenset(_lists()["empty_words"].split())


@functools.cache
def _party_words() -> re.Pattern[str]:
    words = re.sub(r"\s+", " ", _lists()["party_words"].strip()).split("|")
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b")


@functools.lru_cache(maxsize=4096)
def normal(name: Any) -> str | None:
    """Lower case, no possessive, known aliases folded; None stays None."""
    if name is None:
        return None
    text = re.sub(r"[’']s\b", "", str(name).strip().lower())
    text = re.sub(r"\s+", " ", text)
    return _inverted("aliases").get(text, text)


@functools.lru_cache(maxsize=4096)
def side_set(side: Any) -> frozenset[str | None]:
    """The actors of a ``side`` cell, whatever their order."""
    if not side:
        return frozenset()
    return frozenset(normal(p) for p in re.split(r"\s*(?:\+|,|/| and )\s*", str(side)) if p.strip())


@functools.lru_cache(maxsize=4096)
def content_words(name: Any) -> frozenset[str]:
    """Content words of a name; all words where none is left."""
    aliases, spellings = _inverted("aliases"), _inverted("spellings")
    words = [aliases.get(w, w).strip(".") for w in re.findall(r"[a-z0-9.]+", normal(name) or "")]
    kept = [spellings.get(w, w) for w in words if w not in _empty_words()]
    return frozenset(kept or words)


def word_f1(a: Any, b: Any) -> float:
    """F1 of the content words of two names; 1 where both are empty."""
    left, right = content_words(a), content_words(b)
    return 2 * len(left & right) / (len(left) + len(right)) if left or right else 1.0


def same_name(a: Any, b: Any) -> bool:
    """Both null, or word F1 at least SAME_NAME."""
    if not a or not b:
        return not a and not b
    return word_f1(a, b) >= SAME_NAME


def same_number(a: Any, b: Any) -> bool:
    """Both null, or equal to one part in a million."""
    if a is None or b is None:
        return a is None and b is None
    return abs(float(a) - float(b)) <= 1e-6 * max(1.0, abs(float(a)))


def unit(name: Any) -> str:
    text = (name or "").lower()
    return _inverted("units").get(text, text)


def party(name: str) -> str:
    """One name for one country or organisation of an event."""
    text = re.sub(r"[’']s?\b", "", normal(name) or "").strip()
    for _ in range(2):
        if text in _inverted("parties"):
            return _inverted("parties")[text]
        if text in _inverted("aliases"):
            return _inverted("aliases")[text]
        short = re.sub(r"\s+", " ", _party_words().sub(" ", text)).strip()
        if not short or short == text:
            break
        text = short
    return text


@functools.lru_cache(maxsize=4096)
def parties(cell: Any) -> frozenset[str]:
    """The parties of an ``actor`` or ``target`` cell, whatever their order."""
    if not cell:
        return frozenset()
    return frozenset(party(p) for p in re.split(r"\s*(?:\+|,|/|;| and )\s*", str(cell)) if p.strip())
