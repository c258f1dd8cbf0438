"""One sentence as lexemes, and one quantity read from it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from analysis.components.mentions import text_of
from analysis.components.number_lexer import Lexeme, lex
from analysis.components.number_words import Number
from analysis.components.quantity_units import UnitMatch


@dataclass(slots=True)
class Reading:
    """One quantity at lexemes ``start:end`` of the sentence, before it is known what sort of number it is."""

    start: int
    end: int
    low: float | None
    high: float | None
    comparator: str
    form: str
    number: Number
    unit: UnitMatch | None = None
    last: Number | None = None
    modifier: tuple[int, int] | None = None
    rules: list[str] = field(default_factory=list)


class Sentence:
    """The lexemes of one sentence, with the way from characters to tokens."""

    def __init__(self, doc: Doc, start: int, end: int, offsets: list[int]) -> None:
        self.doc = doc
        self.text = text_of(doc)[start:end]
        self.lexemes: list[Lexeme] = lex(self.text, start)
        self._offsets = offsets

    def token(self, i: int) -> Token:
        """The token that holds the first character of lexeme ``i``."""
        return self.token_at(self.lexemes[i].start)

    def token_at(self, offset: int) -> Token:
        return self.doc[max(bisect_right(self._offsets, offset) - 1, 0)]

    def low(self, i: int) -> str:
        return self.lexemes[i].low if 0 <= i < len(self.lexemes) else ""

    def glued(self, i: int) -> bool:
        return 0 <= i < len(self.lexemes) and self.lexemes[i].glued
