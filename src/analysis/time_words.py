"""What the grammar of time expressions stands on: words with offsets, the codebook's words of time, a cursor over both."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from analysis.dates import Stretch

_TOKEN = re.compile(
    r"\d{1,3}(?:,\d{3})+(?!\d)|\d+(?:st|nd|rd|th|s)?\b|\d+|[^\W\d_](?:\.[^\W\d_])+|['’]s\b|[^\W\d_]+|\S"
)
DASHES = {"-", "–", "—", "‑"}


@dataclass(frozen=True, slots=True)
class Word:
    """A token of the grammar with its character offsets in the document; ``glued`` if no space stands before it."""

    text: str
    lower: str
    start: int
    end: int
    glued: bool


@dataclass(frozen=True, slots=True)
class Timex:
    """A time expression at ``start:end``; ``rule`` is the row or rule that found it."""

    start: int
    end: int
    stretch: Stretch
    rule: str


@dataclass(slots=True)
class Setting:
    """What an expression is read against. ``anchor`` is the day told last, ``told`` the start of the last date
    of any precision; both move as the text goes on.
    """

    published: date | None
    anchor: date | None
    told: date | None = field(default=None, init=False)
    tense: Callable[[int], str | None]
    is_year: Callable[[int, int], bool | None]


def split(text: str, offset: int = 0) -> list[Word]:
    """The words of a text, numbers and hyphens apart."""
    words, last = [], -1
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        words.append(Word(match[0], match[0].lower().replace("’", "'"), start + offset, end + offset, start == last))
        last = end
    return words


Entry = tuple[tuple[str, ...], str, str]


class Lexicon:
    """The rows of date_words.csv by their first word, longest phrase first."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self._entries: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            for phrase in (p.strip() for p in row["match"].split("|")):
                parts = tuple(w.lower for w in split(phrase))
                self._entries[row["code"]][parts[0]].append((parts, row["value"], row["id"]))
        for by_first in self._entries.values():
            for entries in by_first.values():
                entries.sort(key=lambda e: -len(e[0]))
        self.starters = frozenset(w for by_first in self._entries.values() for w in by_first)

    def at(self, words: list[Word], i: int, code: str) -> tuple[int, str, str] | None:
        """(index after it, value, row id) of the phrase with that code at word ``i``."""
        if i >= len(words):
            return None
        for parts, value, row_id in self._entries[code].get(words[i].lower, ()):
            if len(parts) == 1 or tuple(w.lower for w in words[i : i + len(parts)]) == parts:
                return i + len(parts), value, row_id
        return None


class Cursor:
    """The words of a sentence and what stands where among them; the grammar's rules are methods of its heirs."""

    def __init__(self, lexicon: Lexicon, words: list[Word], setting: Setting) -> None:
        self.lexicon, self.words, self.setting = lexicon, words, setting

    # what stands where

    def lex(self, i: int, code: str) -> tuple[int, str, str] | None:
        return self.lexicon.at(self.words, i, code)

    def lower(self, i: int) -> str:
        return self.words[i].lower if 0 <= i < len(self.words) else ""

    def glued(self, i: int) -> bool:
        return 0 <= i < len(self.words) and self.words[i].glued

    def skip(self, i: int, *words: str) -> int:
        return i + 1 if self.lower(i) in words else i

    def timex(self, i: int, j: int, stretch: Stretch | None, rule: str) -> list[Timex]:
        return [] if stretch is None else [Timex(self.words[i].start, self.words[j - 1].end, stretch, rule)]

    def forward(self, i: int, near: bool | None = None) -> bool:
        """Whether a day without year or week is a coming one: by the word before it, else by the verb's tense.

        ``near`` tells whether the coming one is the nearer: it decides where the tense does not. Without it (weekdays)
        the present tense is read as a report of what was, an infinitive as what is to come.
        """
        before = i - 1
        if near is None and self.lower(before) == "for" and self.lower(i + 1) not in ("'s", "’s", "s"):
            return True  # "called a strike for Friday"
        while self.lower(before) in ("the", "on", "for", "in", "early", "late", "mid", "-", "at", ","):
            before -= 1
        if self.lex(before, "future_sign"):
            return True
        if self.lex(before, "past_sign"):
            return False
        tense = self.setting.tense(self.words[i].start)
        if near is not None and tense in ("near", "present"):
            return near
        return tense in ("future", "near")

    def single(self, i: int) -> tuple[int, list[Timex]]:
        """The expression of one word at word ``i``; none here."""
        return i, []

    def at(self, i: int) -> tuple[int, list[Timex]]:
        """The expression that begins at word ``i``; a cursor alone has no rules and finds none."""
        return i, []

    def day_at_weekday(self, i: int) -> tuple[int, int] | None:
        """A weekday's full name or short form with a capital: (word after it, its number)."""
        hit = self.lex(i, "weekday")
        return (hit[0], int(hit[1])) if hit and self.words[i].text[0].isupper() else None

    @staticmethod
    def time_of(day: date, code: str) -> Stretch:
        """A part of a day; a night ends on the next one."""
        last = day + timedelta(days=1) if code in ("NI", "24:00") else day
        return Stretch(day, day if code == "MI" else last, "day", "TIME", f"{day.isoformat()}T{code}")

    def year_value(self, i: int) -> int | None:
        """The four digits at word ``i`` as a year."""
        text = self.lower(i)
        return int(text) if len(text) == 4 and text.isdigit() and 1500 <= int(text) <= 2199 else None
