"""Units of measure, currencies and qualifiers beside a number: lookup tables from the codebook, matched on lexemes."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from analysis.codebook import Codebook, Row, load
from analysis.components.number_lexer import HYPHENS, Lexeme, lex
from analysis.components.number_words import NumberWords, number_words

#: unit forms of one letter count only where they are grown to the number
_GLUED_ONLY = frozenset(
    {
        "c",
        "f",
        "v",
        "g",
        "t",
        "l",
        "p",
        "m",
        "ha",
        "mi",
        "pp",
        "mt",
        "kt",
        "kn",
        "gb",
        "mb",
        "tb",
        "db",
        "bps",
        "min",
        "in",
    }
)
#: what makes a sum large, so that a letter before it stands for money (K10bn)
_LARGE = frozenset(
    {"million", "billion", "trillion", "m", "bn", "tn", "mn", "mln", "b", "trn", "thousand", "lakh", "crore", "k"}
)
_IRREGULAR = {"feet": "foot", "inches": "inch", "centuries": "century", "millennia": "millennium", "pence": "penny"}


def singular(word: str) -> str:
    """A unit word without plural s and dots ("miles" -> "mile", "U.S." -> "us")."""
    word = word.replace(".", "") if len(word) < 7 else word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    return word[:-1] if len(word) > 2 and word.endswith("s") and not word.endswith("ss") else word


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """A unit or currency at lexemes ``start:end``: its codebook row id, code, kind, rate and words."""

    start: int
    end: int
    row: str
    code: str
    kind: str
    per: str | None


def _is_large(lexemes: list[Lexeme], i: int, behind: bool = False) -> bool:
    """True where the number at lexeme ``i`` is in thousands ("K45,000") or has a magnitude ("K10bn", "P1.2-billion").

    ``behind`` is true where ``i`` is the last lexeme of the number.
    """
    if i < 0 or (behind and lexemes[i].low in _LARGE):
        return i >= 0
    if re.fullmatch(r"\d{1,3}(?:,\d{2,3})+(?:\.\d+)?", lexemes[i].text):
        return True
    after = [x for x in lexemes[i + 1 : i + 3] if x.text not in HYPHENS]
    return not behind and lexemes[i].kind == "number" and bool(after) and after[0].low in _LARGE


#: words behind a sum with which no noun follows that it would name ("V10bn on roads", but "the A10bn road")
_BEHIND_A_SUM = frozenset(
    {"a", "an", "and", "as", "at", "by", "each", "for", "from", "in", "last", "of", "on", "or", "per", "this", "to"}
)


def _ends_behind(lexemes: list[Lexeme], i: int) -> bool:
    """True where a magnitude stands behind the number at lexeme ``i``, and then no noun."""
    k = i + 1
    while k < len(lexemes) and (lexemes[k].text in HYPHENS or lexemes[k].low in _LARGE):
        k += 1
    return k > i + 1 and (k == len(lexemes) or lexemes[k].kind != "word" or lexemes[k].low in _BEHIND_A_SUM)


Forms = dict[str, list[tuple[tuple[str, ...], Row]]]


def _forms(rows: list[tuple[str, Row]]) -> Forms:
    table: Forms = {}
    for form, row in rows:
        words = tuple(singular(x.low) if x.kind == "word" else x.low for x in lex(form) if x.text not in HYPHENS)
        table.setdefault(words[0], []).append((words, row))
    for entries in table.values():
        entries.sort(key=lambda e: -len(e[0]))
    return table


class UnitTables:
    """Units, currencies and qualifiers, and the classes of counted nouns."""

    def __init__(self, codebook: Codebook) -> None:
        split = codebook.split
        units = [r for r in codebook.rows("units") if r["kind"] != "counted"]
        self.units = _forms([(form, r) for r in units for form in split(r["match"])])
        self.currencies = _forms([(name, r) for r in codebook.rows("currencies") for name in split(r["match"])])
        self.symbols: dict[str, str] = {}
        self.letters: dict[str, str] = {}
        for row in codebook.rows("currencies"):
            for symbol in split(row["symbols"]):
                self.symbols.setdefault(symbol, row["id"])
            for sign in split(row["letters"]):
                self.letters.setdefault(sign, row["id"])
        self.counted: dict[str, tuple[str, str]] = {}
        for row in codebook.rows("units"):
            if row["kind"] == "counted":
                for noun in split(row["match"]):
                    self.counted.setdefault(noun.lower(), (row["code"], row["id"]))
        #: nouns of a class that is not of people
        self.things = frozenset(
            noun.lower()
            for row in codebook.rows("counted_classes")
            if row["kind"] not in ("people", "troops", "captives", "job")
            for noun in split(row["match"])
        )
        self.before: dict[str, list[tuple[tuple[str, ...], Row]]] = {}
        self.after: dict[str, list[tuple[tuple[str, ...], Row]]] = {}
        self.verbs: dict[str, Row] = {}
        for row in codebook.rows("qualifiers"):
            for phrase in split(row["match"]):
                words = tuple(phrase.lower().split())
                if row["needs"] == "verb":
                    self.verbs[words[0]] = row
                elif row["position"] == "before":
                    self.before.setdefault(words[-1], []).append((words, row))
                else:
                    self.after.setdefault(words[0], []).append((words, row))
        for table in (self.before, self.after):
            for entries in table.values():
                entries.sort(key=lambda e: -len(e[0]))
        self.outcomes = {r["id"]: frozenset(w.lower() for w in split(r["match"])) for r in codebook.rows("outcomes")}

    # -- units -----------------------------------------------------------------------------------------------------

    def unit(self, lexemes: list[Lexeme], i: int) -> UnitMatch | None:
        """The unit of measure that starts at lexeme ``i`` (a hyphen grown to both sides may stand before it)."""
        if i < len(lexemes) and lexemes[i].text in HYPHENS and lexemes[i].glued and i + 1 < len(lexemes):
            i += 1
        if i >= len(lexemes):
            return None
        match = self._longest(self.units, lexemes, i)
        if match is None:
            return None
        row, end = match
        first = lexemes[i]
        if end == i + 1 and first.low not in _GLUED_ONLY and singular(first.low) in _GLUED_ONLY and first.low != "mins":
            return None  # "2 has", "5 cs"
        if first.low in _GLUED_ONLY and end == i + 1:
            number_before = i > 0 and lexemes[i - 1].kind == "number"
            grown = i + 1 < len(lexemes) and lexemes[i + 1].glued and lexemes[i + 1].text in HYPHENS
            heat = first.text in ("C", "F", "GB", "MB", "TB", "MT") and not grown  # "12 C"
            if not number_before or not (
                first.glued or heat or (first.low in ("m", "ha", "mi", "min") and first.text.islower())
            ):
                return None
            if first.low in ("c", "f", "v") and first.text.islower():
                return None
            if first.low in ("g", "t", "l", "p") and first.text.isupper():
                return None  # "5G", "3L"
        if (
            row["id"] == "time"
            and first.low == "second"
            and (i == 0 or (lexemes[i - 1].low not in ("1", "one", "-") and "." not in lexemes[i - 1].text))
        ):
            return None  # "two second-hand cars"; the time unit stands in the plural or behind a hyphen
        if row["id"] == "percent" and first.low in ("pc", "pp") and first.text.isupper():
            return None
        if (
            end < len(lexemes)
            and lexemes[end].text in ("2", "²", "3", "³")
            and lexemes[end].glued
            and end == i + 1
            and row["kind"] == "length"
        ):
            power = {"2": "2", "²": "2", "3": "3", "³": "3"}[lexemes[end].text]
            squared = self.units.get(singular(first.low) + power) or self.units.get(
                first.low + "²" if power == "2" else ""
            )
            if squared:
                row, end = squared[0][1], end + 1
        return UnitMatch(i, end, row["id"], row["code"], row["kind"], row["per"] or None)

    def currency_name(self, lexemes: list[Lexeme], i: int) -> UnitMatch | None:
        """A currency name or code that starts at lexeme ``i``: "dollars", "Australian dollars", "USD", "$"."""
        if i < len(lexemes) and lexemes[i].text in HYPHENS and lexemes[i].glued:
            i += 1
            if i + 1 < len(lexemes) and lexemes[i].kind == "currency" and lexemes[i + 1].kind == "number":
                return None  # "€640mn-€700mn": the sign of the next sum
        if i >= len(lexemes):
            return None
        match = self._longest(self.currencies, lexemes, i)
        if match is not None:
            row, end = match
            if end < len(lexemes) and lexemes[end].low == "sterling":
                end += 1
            return UnitMatch(i, end, row["id"], row["id"], "money", None)
        lexeme = lexemes[i]
        if lexeme.kind == "currency" or (lexeme.kind == "word" and (len(lexeme.text) > 1 or not lexeme.text.isascii())):
            code = self.symbols.get(lexeme.text) or (
                self.letters.get(lexeme.text) if _is_large(lexemes, i - 1, behind=True) else None
            )
            if code is not None:
                return UnitMatch(i, i + 1, code, code, "money", None)
        return None

    def currency_before(self, lexemes: list[Lexeme], i: int) -> UnitMatch | None:
        """A currency symbol or code directly before the number at lexeme ``i``."""
        if i < 1:
            return None
        lexeme = lexemes[i - 1]
        if lexeme.text in "-−" and lexemes[i].glued and i > 1 and lexemes[i - 2].kind == "currency":  # "$-50m"
            code = self.symbols.get(lexemes[i - 2].text)
            return UnitMatch(i - 2, i, code, code, "money", None) if code is not None else None
        if lexeme.kind not in ("currency", "word"):
            return None
        code, large = self.symbols.get(lexeme.text), _is_large(lexemes, i)
        if code is None and large:
            code = self.letters.get(lexeme.text)  # "N95 masks" are no money, N95m is
        letter = len(lexeme.text) == 1 and lexeme.text.isupper() and lexemes[i].glued
        if code is None and letter and large and "," not in lexemes[i].text and _ends_behind(lexemes, i):
            return UnitMatch(i - 1, i, "magnitude_letters", "item", "money", None)  # "V10bn": money of a place unknown
        if code is None or (lexeme.kind == "word" and len(lexeme.text) == 1 and not (lexemes[i].glued or large)):
            return None
        if lexeme.text == "$" and i > 1 and lexemes[i - 2].kind == "word":  # "HK $5.4m"
            joined = self.symbols.get(lexemes[i - 2].text + "$")
            joins = len(lexemes[i - 2].text) > 1 or lexeme.glued  # "A $50 fine" is no Australian money
            if joined is not None and joins and lexemes[i - 2].text.isupper():
                return UnitMatch(i - 2, i, joined, joined, "money", None)
        return UnitMatch(i - 1, i, code, code, "money", None)

    def _longest(self, table: Forms, lexemes: list[Lexeme], i: int) -> tuple[Row, int] | None:
        first = lexemes[i].low
        for key in dict.fromkeys((first, singular(first))):
            for words, row in table.get(key, ()):
                end = self._matches(words, lexemes, i)
                if end:
                    return row, end
        return None

    @staticmethod
    def _matches(words: tuple[str, ...], lexemes: list[Lexeme], i: int) -> int:
        j = i
        for k, word in enumerate(words):
            if k and j < len(lexemes) and (lexemes[j].text in HYPHENS or lexemes[j].text == "."):
                j += 1
            if j >= len(lexemes) or (lexemes[j].low != word and singular(lexemes[j].low) != word):
                return 0
            j += 1
        return j

    # -- qualifiers ------------------------------------------------------------------------------------------------

    def qualifier_before(self, lexemes: list[Lexeme], i: int) -> tuple[Row, int, int] | None:
        """The longest qualifier that ends directly before lexeme ``i``: its row, its first lexeme, its length."""
        if i < 1:
            return None
        for words, row in self.before.get(lexemes[i - 1].low, ()):
            n = len(words)
            if i >= n and all(lexemes[i - n + k].low == words[k] for k in range(n)):
                return row, i - n, n
        return None

    def qualifier_after(self, lexemes: list[Lexeme], i: int) -> tuple[Row, int, int] | None:
        """The longest qualifier that starts at lexeme ``i``: its row, the lexeme after it, its length."""
        if i >= len(lexemes):
            return None
        for words, row in self.after.get(lexemes[i].low, ()):
            n = len(words)
            if i + n <= len(lexemes) and all(lexemes[i + k].low == words[k] for k in range(n)):
                return row, i + n, n
        return None


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything the quantity layer looks up."""

    words: NumberWords
    units: UnitTables


@functools.lru_cache(maxsize=8)
def tables(codebook_path: str | None) -> Tables:
    """The lookup tables of one codebook folder (None: the default)."""
    return Tables(number_words(codebook_path), UnitTables(load(codebook_path)))
