"""Classes of words by what they tell of the clause below them: the codebook's ``event_grammar``."""

from __future__ import annotations

from analysis.components.word_classes import WordClass, word_class


def grammar(name: str) -> WordClass:
    """One class of words (``HUMAN = grammar("human")``). Raises CodebookError if the default codebook has none."""
    return word_class(name, "event_grammar")
