"""Time expressions that count from another day: "last week", "that day", "earlier this month"."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from analysis import dates
from analysis.dates import Stretch
from analysis.time_single import SingleRules
from analysis.time_words import DASHES, Timex

#: shifts that count from the day told before, where there is one
_FROM_ANCHOR = {"previous", "preceding", "following"}
#: words before "the last week" that make it the seven days up to publication
_OVER = {"over", "during", "within", "in", "for", "across", "throughout"}
Found = tuple[int, list[Timex]]


class RelativeRules(SingleRules):
    """Rules over shifts and parts: each returns (word after it, what it found)."""

    def part(self, i: int) -> Found:
        """ "early August", "the end of the year", "later this week": a part of what follows."""
        j = self.skip(i, "the")
        j = self.skip(j, "very")
        hit = self.lex(j, "early")
        if hit is None:
            return i, []
        k = self.skip(hit[0], "of", "in", "to", *DASHES)
        if k >= len(self.words):
            return i, []
        named = self.whole(k)
        if named[0] == k:
            named = self.at(k)
        if not named[1] or named[1][0].stretch.timex == "DURATION" or named[1][0].start != self.words[k].start:
            return i, []
        first, ref = named[1][0], self.setting.published
        stretch = dates.part(first.stretch, hit[1])
        running = ref and first.stretch.start and first.stretch.end and first.stretch.start <= ref <= first.stretch.end
        if running and self.lower(j) == "earlier":
            stretch = replace(first.stretch, end=ref)
        elif running and self.lower(j) == "later":
            stretch = replace(first.stretch, start=ref)
        return named[0], [Timex(self.words[i].start, first.end, stretch, f"{hit[2]}+{first.rule}"), *named[1][1:]]

    def whole(self, i: int) -> Found:
        """ "the year", "the week" as the running one, where a part of it is told."""
        unit = self.lex(i + 1, "unit") if self.lower(i) == "the" else None
        ref = self.setting.published
        if unit is not None and unit[1] == "D":
            ref = self.setting.anchor or ref
        if unit is None or ref is None or self.lower(unit[0]) in ("of", "-"):
            return i, []
        return unit[0], self.timex(i, unit[0], dates.period(unit[1], ref, 0), unit[2])

    def shifted(self, i: int) -> Found:
        """ "last week", "the past five days", "next Monday", "that day", "the following year"."""
        j = self.skip(i, "the")
        same = self.lex(j, "span")
        if same is not None:
            return self._same(i, same[0])
        hit = self.lex(j, "shift")
        if hit is None:
            return i, []
        k, shift, word = hit[0], int(hit[1]), self.lower(j)
        ref = self.setting.published
        anchor = self.setting.anchor if word in _FROM_ANCHOR and self.setting.anchor else ref
        end, n = self.count(k)
        if end > k:
            unit = self.lex(self.over(end), "unit")
            if unit is None or shift == 0:
                return i, []
            stretch = dates.duration(unit[1], n)
            span = dates.reach(ref, unit[1], shift * n) if ref and n is not None else None
            if span:
                stretch = replace(stretch, start=span[0], end=span[1])
            return unit[0], self.timex(i, unit[0], stretch, f"{hit[2]}+{unit[2]}")
        unit = self.lex(k, "unit")
        if unit is not None and self.lower(k).endswith("s") and shift:
            return unit[0], self.timex(i, unit[0], dates.duration(unit[1], None), f"{hit[2]}+{unit[2]}")
        if unit is not None and unit[1] not in ("TS", "TM", "TH", "2W"):
            return self._unit(i, unit, shift, word, j > i)
        if ref is None or anchor is None:
            return i, []
        weekday = self.day_at_weekday(k)
        if weekday is not None:
            return self._weekday(i, weekday, shift)
        month = self.lex(k, "month")
        if month is not None and self.words[k].text[0].isupper():
            number = int(month[1])
            stretch = {-1: dates.month_near(ref.replace(day=1) - timedelta(days=1), number, False),
                       1: dates.month_near((ref.replace(day=28) + timedelta(days=4)).replace(day=1), number, True),
                       0: dates.month(ref.year, number)}[shift]  # fmt: skip
            return month[0], self.timex(i, month[0], stretch, f"{hit[2]}+{month[2]}")
        season = self.lex(k, "season")
        if season is not None:
            now = dates.season_near(ref, season[1], False)
            year = now.start.year if now.start else ref.year
            running = now.end is not None and now.end >= ref
            number = {-1: year - running, 1: year + 1, 0: ref.year - (season[1] == "WI" and ref.month < 3)}[shift]
            return season[0], self.timex(i, season[0], dates.season(number, season[1]), f"{hit[2]}+{season[2]}")
        daypart = self.lex(k, "daypart")
        if daypart is not None:
            day = ref + timedelta(days=shift)
            return daypart[0], self.timex(i, daypart[0], self.time_of(day, daypart[1]), f"{hit[2]}+{daypart[2]}")
        return i, []

    def _same(self, i: int, k: int) -> Found:
        unit, anchor = self.lex(k, "unit"), self.setting.anchor or self.setting.published
        if unit is None or anchor is None or unit[1] not in ("D", "W", "M", "Y", "WE"):
            return i, []
        return unit[0], self.timex(i, unit[0], dates.period(unit[1], anchor, 0), "same")

    def _unit(self, i: int, unit: tuple[int, str, str], shift: int, word: str, definite: bool) -> Found:
        end, code, rule = unit
        ref, anchor = self.setting.published, self.setting.anchor
        if word == "last" and self.lower(end) == "of" and code in ("D", "W", "WE") and end + 1 < len(self.words):
            j, told = self.at(end + 1)
            last = told[0].stretch.end if told and told[0].stretch.precision in ("month", "year") else None
            if last is None:
                return i, []
            day = last - timedelta(days={"D": 0, "W": 3, "WE": 6}[code])
            return j, self.timex(i, j, dates.period(code, day, 0), rule)
        over = definite and word in ("last", "next") and self.lower(i - 1) in _OVER and code in ("W", "M", "Y", "DE")
        if over or (word in ("past", "coming") and code not in ("D", "WE") and shift):
            span = dates.reach(ref, code, shift) if ref else None
            stretch = dates.duration(code, 1)
            return end, self.timex(i, end, replace(stretch, start=span[0], end=span[1]) if span else stretch, rule)
        if word in _FROM_ANCHOR and code in ("DE", "CE"):
            return end, self.timex(i, end, dates.duration(code, 1), rule)
        if word in _FROM_ANCHOR or (word == "next" and definite and code == "D"):
            base = anchor if code == "D" else self.setting.told
            if base is None and (ref is None or word == "following" or code == "D"):
                return end, self.timex(i, end, Stretch(None, None, "vague", "DATE", "XXXX-XX-XX"), rule)
            ref = base or ref
        if ref is None or (code == "D" and word in ("this", "current", "last", "past")):
            return i, []
        if code == "WE" and shift == 0 and ref.weekday() < 5 and not self.forward(i):
            shift = -1 if ref.weekday() < 3 or self.setting.tense(self.words[i].start) else 0
        there = dates.period(code, ref, shift)
        quarter = self.lower(end) == "of" and code == "Q"
        return (i, []) if quarter else (end, self.timex(i, end, there, f"shift+{rule}"))

    def _weekday(self, i: int, weekday: tuple[int, int], shift: int) -> Found:
        ref = self.setting.published
        assert ref is not None
        if shift < 0:
            day = dates.weekday(ref - timedelta(days=1), weekday[1], False)
        elif shift > 0:
            day = dates.weekday(ref + timedelta(days=1), weekday[1], True)
        else:
            day = dates.weekday(ref, weekday[1], self.forward(i))
        j, found = weekday[0], self.timex(i, weekday[0], dates.single(day), "shift+weekday")
        daypart = self.lex(j, "daypart")
        return (
            (daypart[0], self.timex(i, daypart[0], self.time_of(day, daypart[1]), "weekday")) if daypart else (j, found)
        )
