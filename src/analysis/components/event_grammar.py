"""Classes of words by what they tell of the clause below them, from the default codebook's ``event_grammar``."""

from __future__ import annotations

import functools

from analysis.codebook import Codebook, load


@functools.cache
def grammar(name: str) -> frozenset[str]:
    """The words of one class. Raises CodebookError if the class is unknown."""
    return frozenset(Codebook.split(load().row("event_grammar", name)["match"]))
