"""What number words are worth, as lookup tables from the codebook, and a number as it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from analysis.codebook import Codebook


@dataclass(slots=True)
class Number:
    """A number at lexemes ``start:end`` (end exclusive).

    ``form`` is ``digits``, ``words``, ``vague``, ``share`` (a fraction, as percent in ``low``), ``ordinal``, ``decade``,
    ``zero``, ``nobody``, ``multiple``, ``indefinite``. ``high`` is None for vague numbers. ``grown`` are letters grown
    to its right that are no unit or magnitude. ``magnitude`` is the factor that a following "million" gave.
    """

    start: int
    end: int
    low: float
    high: float | None
    form: str
    rules: list[str] = field(default_factory=list)
    magnitude: float = 1.0
    letters: str = ""  # short magnitude that may be a unit instead: m, b, k, t
    plain: float = 0.0  # value without magnitude


class NumberTables:
    """Lookup tables from ``number_words.csv``."""

    def __init__(self, codebook: Codebook) -> None:
        self.by_kind: dict[str, dict[str, float]] = {}
        self.rule: dict[tuple[str, str], str] = {}
        for row in codebook.rows("number_words"):
            words = [w.lower() for w in codebook.split(row["match"])]
            values = [float(v) for v in codebook.split(row["value"])] or [0.0] * len(words)
            if len(words) != len(values):
                raise ValueError(f"number_words.csv: row {row['id']} has {len(words)} words and {len(values)} values")
            table = self.by_kind.setdefault(row["kind"], {})
            for word, value in zip(words, values, strict=True):
                table[word] = value
                self.rule[row["kind"], word] = row["id"]
        get = self.by_kind.get
        self.cardinal: dict[str, float] = get("cardinal", {})
        self.tens: dict[str, float] = get("tens", {})
        self.hundred: dict[str, float] = get("hundred", {})
        self.magnitude: dict[str, float] = get("magnitude", {})
        self.letters: dict[str, float] = get("letters", {})
        self.collective: dict[str, float] = get("collective", {})
        self.vague: dict[str, float] = get("vague", {})
        self.indefinite: dict[str, float] = get("indefinite", {})
        self.half: dict[str, float] = get("half", {})
        self.fraction: dict[str, float] = get("fraction", {})
        self.ordinal: dict[str, float] = get("ordinal", {})
        self.zero: dict[str, float] = get("zero", {})
        self.nobody: dict[str, float] = get("nobody", {})
        self.multiple: dict[str, float] = get("multiple", {})
        self.money: dict[str, float] = get("money", {})
        #: words with which a number may start
        self.words = frozenset(
            w
            for kind in ("cardinal", "tens", "hundred", "magnitude", "collective", "vague", "half", "fraction")
            for w in self.by_kind.get(kind, {})
        ) | frozenset(
            w.split()[0] for kind in ("ordinal", "zero", "nobody", "multiple") for w in self.by_kind.get(kind, {})
        )
        self.plural_fraction = {word + "s": value for word, value in self.fraction.items()}
        every = {w for w in self.words if w not in {"couple", "score", "once", "double", "triple"}}
        every |= set(self.plural_fraction)
        alternatives = "|".join(sorted(map(re.escape, every), key=lambda w: (-len(w), w)))
        self.scan = re.compile(rf"\d+|(?<![^\W\d_])(?:{alternatives})(?![^\W\d_])", re.IGNORECASE)
