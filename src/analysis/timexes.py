"""Time expressions in a sentence: a small grammar over the words of ``date_words.csv``. Pure; knows no spaCy.

``Finder.find`` reads a sentence from left to right and takes the longest expression at each word. What an expression means
depends on the day of publication, on the day told before it ("a day later") and on the tense of its verb ("on Monday"),
which the caller tells through two functions over character offsets.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

from analysis import dates
from analysis.time_calendar import CalendarRules
from analysis.time_relative import RelativeRules
from analysis.time_words import Lexicon, Setting, Timex, split

#: words that begin expressions of time, but make none by themselves, and in how many words the one that does must follow
SMALL = frozenset(
    {
        "the",
        "that",
        "very",
        "a",
        "an",
        "and",
        "of",
        "in",
        "to",
        "for",
        "from",
        "by",
        "at",
        "on",
        "over",
        "than",
        "between",
    }
)
WITHIN = 6


class Reading(RelativeRules, CalendarRules):
    """One pass over the words of a sentence."""

    @functools.cached_property
    def next_telling(self) -> list[int]:
        """For each word the next that may make an expression of time by itself."""
        told, at = [], len(self.words) + WITHIN
        for i in range(len(self.words) - 1, -1, -1):
            word = self.words[i]
            if word.text[0].isdigit() or (word.lower in self.lexicon.starters and word.lower not in SMALL):
                at = i
            told.append(at)
        return told[::-1]

    def at(self, i: int) -> tuple[int, list[Timex]]:
        """The longest expression that begins at word ``i``: (word after it, what it means)."""
        first = self.words[i]
        starts = first.lower in self.lexicon.starters or first.lower in ("the", "that", "very")
        if not starts and not first.text[0].isdigit() and first.text[0] != "Q":
            return i + 1, []
        if first.lower in SMALL and self.next_telling[i] > i + WITHIN:
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


def infer_published(text: str, finder: Finder) -> str | None:
    """The day of publication that the text itself tells, as an ISO day, or None.

    In this order: a whole date after a word of publishing ("Updated: 12 November 2024"); a line near the beginning or end
    that is little more than a date; a dateline ("KYIV, Aug. 13, 2024"), whose year may be the only year of the text's whole
    dates. Nothing is guessed from a date in running text.
    """
    lines: list[tuple[str, list[Timex]]] = []
    at = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            lines.append((line.strip(), finder.find(line, at, Setting(None, None, lambda _: None, lambda *_: None))))
        at += len(line)
    whole = [
        (n, line, timex)
        for n, (line, found) in enumerate(lines)
        for timex in found
        if timex.stretch.timex == "DATE" and timex.stretch.precision == "day" and timex.stretch.start is not None
    ]
    for _, _, timex in whole:
        before = split(text[max(0, timex.start - 25) : timex.start])
        signs = [i for i in range(len(before)) if finder.lexicon.at(before, i, "published_sign")]
        if signs and all(w.lower in (":", "on", "at", "|", "-", "updated") for w in before[signs[-1] + 1 :] if w.text):
            return _iso(timex)
    for n, line, timex in whole:
        edge = n < 6 or n >= len(lines) - 3
        if edge and len(line) - (timex.end - timex.start) <= 14:
            return _iso(timex)
    for line, found in lines[:4]:
        first = next((t for t in found if t.stretch.precision == "day" and t.stretch.timex == "DATE"), None)
        if first is None or not _dateline(text[: first.start].rsplit("\n", 1)[-1]):
            continue
        if first.stretch.start is not None:
            return _iso(first)
        years = {t.stretch.start.year for _, _, t in whole if t.stretch.start is not None}
        if len(years) == 1 and first.stretch.value and line:
            month_day = first.stretch.value.removeprefix("XXXX-")
            found_day = dates.valid(years.pop(), int(month_day[:2]), int(month_day[3:]))
            return found_day.isoformat() if found_day else None
    return None


def _iso(timex: Timex) -> str | None:
    return timex.stretch.start.isoformat() if timex.stretch.start is not None else None


def _dateline(before: str) -> bool:
    """Whether what stands before a date is the place of a dateline ("KYIV, ", "BEIRUT/THE HAGUE, ")."""
    place = before.strip().rstrip(",").strip()
    return (
        3 <= len(place) <= 40
        and place.upper() == place
        and any(c.isalpha() for c in place)
        and before.rstrip().endswith(",")
    )
