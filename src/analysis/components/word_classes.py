"""Classes of words that a researcher reads and changes in the codebook, not in the code.

Modules hold a class as a constant (``ENEMY = word_class("enemy")``). The constant reads the rows of the codebook in use, so
that a user's own folder holds for it too: a component opens ``using(codebook)`` around its work; elsewhere the default
codebook holds.
"""

from __future__ import annotations

import contextlib
import contextvars
import functools
from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import TypeVar

from analysis.codebook import Codebook, load

Value = TypeVar("Value")
_in_use: contextvars.ContextVar[Codebook | None] = contextvars.ContextVar("word_classes", default=None)


@functools.lru_cache(maxsize=256)
def _words(codebook: Codebook, file: str, name: str) -> frozenset[str]:
    return frozenset(Codebook.split(codebook.row(file, name)["match"]))


class WordClass(AbstractSet[str]):
    """The words of one class in the codebook in use."""

    def __init__(self, name: str, file: str) -> None:
        self.name = name
        self.file = file
        self._last: tuple[Codebook | None, frozenset[str]] | None = None

    def _now(self) -> frozenset[str]:
        codebook = _in_use.get()
        if self._last is None or self._last[0] is not codebook:
            self._last = (codebook, _words(codebook or load(), self.file, self.name))
        return self._last[1]

    def __contains__(self, word: object) -> bool:
        return word in self._now()

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._now()))

    def __len__(self) -> int:
        return len(self._now())

    @classmethod
    def _from_iterable(cls, words: Iterable[str]) -> frozenset[str]:  # type: ignore[override]
        return frozenset(words)


@functools.cache
def word_class(name: str, file: str = "word_classes") -> WordClass:
    """One class of words. Raises CodebookError if the default codebook has no such class."""
    load().row(file, name)
    return WordClass(name, file)


def value_of(word: str, classes: Iterable[tuple[WordClass, Value]]) -> Value | None:
    """What goes with the first of ``classes`` that holds ``word``; None where none does."""
    return next((value for words, value in classes if word in words), None)


@contextlib.contextmanager
def using(codebook: Codebook) -> Iterator[None]:
    """Let all classes read the rows of ``codebook``."""
    token = _in_use.set(codebook)
    try:
        yield
    finally:
        _in_use.reset(token)
