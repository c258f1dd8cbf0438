"""Time expressions in a sentence: a small grammar over the words of ``date_words.csv``. Pure; knows no spaCy.

``Finder.find`` reads a sentence from left to right and takes the longest expression at each word. What an expression means
depends on the day of publication, on the day told before it ("a day later") and on the tense of its verb ("on Monday"),
which the caller tells through two functions over character offsets.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from analysis.time_calendar import CalendarRules
from analysis.time_relative import RelativeRules
from analysis.time_words import Lexicon, Setting, Timex, split


class Reading(CalendarRules, RelativeRules):
    """One pass over the words of a sentence."""

    def at(self, i: int) -> tuple[int, list[Timex]]:
        """The longest expression that begins at word ``i``: (word after it, what it means)."""
        first = self.words[i]
        starts = first.lower in self.lexicon.starters or first.lower in ("the", "that", "very")
        if not starts and not first.text[0].isdigit() and first.text[0] != "Q":
            return i + 1, []
        for rule in (self.numeric, self.clock, self.calendar, self.part, self.shifted, self.counted, self.single):
            j, found = rule(i)
            if j > i:
                return j, found
        return i, []


class Finder:
    """Finds and resolves time expressions."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self.lexicon = Lexicon(rows)

    def find(self, text: str, offset: int, setting: Setting) -> list[Timex]:
        """The time expressions of one sentence in order; ``setting.anchor`` moves to the last day told."""
        words = split(text, offset)
        reading = Reading(self.lexicon, words, setting)
        found: list[Timex] = []
        i = 0
        while i < len(words):
            j, here = reading.at(i)
            for timex in here:
                found.append(timex)
                stretch = timex.stretch
                if stretch.timex in ("DATE", "TIME") and stretch.start is not None:
                    setting.told = stretch.start
                    setting.anchor = stretch.start if stretch.precision == "day" else setting.anchor
            i = max(j, i + 1)
        return found
