"""Time expressions of one word or a fixed phrase: "yesterday", "the summer", "Q3 2024", "the 1990s", "now", "daily"."""

from __future__ import annotations

import re
from datetime import timedelta

from analysis import dates
from analysis.dates import Stretch
from analysis.time_counts import CountRules
from analysis.time_words import DASHES, Timex

_DECADE = re.compile(r"(\d{2}|\d{4})s")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_QUARTER = re.compile(r"q([1-4])")
Found = tuple[int, list[Timex]]


class SingleRules(CountRules):
    """Rules over single words: each returns (word after it, what it found)."""

    def single(self, i: int) -> Found:
        """Words that stand alone: weekdays, "yesterday", seasons, feasts, years, decades, "now", "daily"."""
        for rule in (self._day_word, self._weekday_word, self._nth, self._season_word, self._weekend, self._feast, self._years,
                     self._vague, self._often):  # fmt: skip
            j, found = rule(i)
            if j > i:
                return j, found
        return i, []

    def _day_word(self, i: int) -> Found:
        hit = self.lex(self.skip(i, "the"), "day")
        ref = self.setting.published
        if self.lower(i) == "overnight" and ref is not None and self.lower(i + 1) not in ("into", "to", "from"):
            return i + 1, self.timex(i, i + 1, self.time_of(ref - timedelta(days=1), "NI"), "night")
        if hit is None:
            return i, []
        j, value, row = hit
        if self.words[i].text.isupper() and i > 0 and self.words[i - 1].text.isupper():
            return i, []  # a name in capitals
        if ref is None:
            return j, self.timex(i, j, Stretch(None, None, "vague", "DATE", "PRESENT_REF"), row)
        night = value.endswith("NI")
        day = ref + timedelta(days=int(value.removesuffix("NI")))
        daypart = self.lex(j, "daypart")
        if night or daypart is not None:
            j = daypart[0] if daypart else j
            return j, self.timex(i, j, self.time_of(day, daypart[1] if daypart else "NI"), row)
        return j, self.timex(i, j, dates.single(day), row)

    def _weekday_word(self, i: int) -> Found:
        hit = self.day_at_weekday(i)
        ref = self.setting.published
        if hit is None or self.lower(i)[-3:] != "day":
            return i, []
        j = hit[0]
        if ref is None:
            return j, self.timex(i, j, Stretch(None, None, "day", "DATE", f"XXXX-WXX-{hit[1] + 1}"), "weekday")
        day = dates.weekday(ref, hit[1], self.forward(i))
        after = self.lower(j), self.lower(j + 1)
        if after in (("last", "week"), ("this", "week"), ("next", "week")):
            monday = dates.week(ref + timedelta(weeks={"last": -1, "this": 0, "next": 1}[after[0]])).start
            assert monday is not None
            return j + 2, self.timex(i, j + 2, dates.single(monday + timedelta(days=hit[1])), "weekday")
        daypart = self.lex(j, "daypart")
        if daypart is not None:
            return daypart[0], self.timex(i, daypart[0], self.time_of(day, daypart[1]), "weekday")
        return j, self.timex(i, j, dates.single(day), "weekday")

    def _nth(self, i: int) -> Found:
        """ "the fourth quarter of 2005", "Q3 2024", "the first half of last year", "the 20th century"."""
        k = self.skip(i, "the")
        short = _QUARTER.fullmatch(self.lower(k)) if k < len(self.words) and self.words[k].text[0] == "Q" else None
        ordinal = self.lex(k, "ordinal")
        nth = int(short[1]) if short else int(ordinal[1]) if ordinal else 0
        j = k + 1 if short else ordinal[0] if ordinal else k
        if not nth:
            digits = _ORDINAL.fullmatch(self.lower(k))
            unit = self.lex(k + 1, "unit")
            if digits and unit and unit[1] == "CE" and 1 <= int(digits[1]) <= 21:
                return unit[0], self.timex(i, unit[0], dates.century(int(digits[1])), "century")
            return i, []
        j = self.skip(j, "fiscal", "financial", "calendar", *DASHES)
        unit = self.lex(j, "unit") if not short else None
        halves = self.lex(j, "half") if not short else None
        if short is None and (unit is None or unit[1] != "Q") and halves is None:
            return i, []
        j = unit[0] if unit else halves[0] if halves else j
        k = self.skip(self.skip(j, "of", "in"), "the")
        told = self.at(k) if k < len(self.words) else (k, [])
        year = self.year_value(k)
        ref = self.setting.published
        if year is not None:
            j = k + 1
        elif told[1] and told[1][0].stretch.precision == "year" and told[1][0].stretch.start and k > j:
            year, j = told[1][0].stretch.start.year, told[0]
        elif ref is not None and not halves:
            begun = ref.month > 3 * (nth - 1)
            year = ref.year + (0 if begun or self.forward(i) else -1)
        if year is None or nth > (2 if halves else 4):
            return i, []
        return j, self.timex(i, j, dates.half(year, nth) if halves else dates.quarter(year, nth), "quarter")

    def _season_word(self, i: int) -> Found:
        k = self.skip(i, "the")
        hit = self.lex(k, "season")
        if hit is None:
            return i, []
        j, code, row = hit
        y = self.skip(j, "of")
        year = self.year_value(y)
        if year is not None:
            return y + 1, self.timex(i, y + 1, dates.season(year, code), row)
        sign = k > i or self.lower(i - 1) in DASHES or (i > 0 and self.words[k].text[0].isupper())
        sign = sign or (self.lower(i - 1) not in ("to", "and", "for") and self.lex(i - 1, "year_sign") is not None)
        ref = self.setting.published
        if not sign or ref is None or self.lower(k) == "fall" and self.lower(j) in ("of", "in", "from", "to"):
            return i, []
        return j, self.timex(i, j, dates.season_near(ref, code, self.forward(i)), row)

    def _weekend(self, i: int) -> Found:
        k = self.skip(i, "the")
        hit = self.lex(k, "unit")
        ref = self.setting.published
        if hit is None or hit[1] != "WE" or ref is None or k == i:
            return i, []
        ahead = self.forward(i) or ref.weekday() >= 5
        return hit[0], self.timex(i, hit[0], dates.period("WE", ref, 0 if ahead else -1), hit[2])

    def _feast(self, i: int) -> Found:
        hit = self.lex(self.skip(i, "the"), "holiday")
        if hit is None or not self.words[self.skip(i, "the")].text[0].isupper():
            return i, []
        j, value, row = hit
        month, day = (int(x) for x in value.split("-"))
        year, ref = self.year_value(self.skip(j, ",")), self.setting.published
        if year is not None:
            j = self.skip(j, ",") + 1
            return j, self.timex(i, j, dates.single(dates.valid(year, month, day) or dates.EARLIEST), row)
        there = dates.day_near(ref, month, day, self.forward(i)) if ref else None
        return j, self.timex(i, j, dates.single(there) if there else None, row)

    def _years(self, i: int) -> Found:
        k = self.skip(self.skip(i, "the"), "'")
        decade = _DECADE.fullmatch(self.lower(k))
        if decade and (len(decade[1]) == 4 or k > i):
            first = int(decade[1]) if len(decade[1]) == 4 else 1900 + int(decade[1])
            if first % 10 == 0 and first >= 1500:
                stretch = dates.decade(first)
                return k + 1, self.timex(i, k + 1, stretch, "decade")
            return i, []
        year = self.year_value(i)
        if year is None or (
            self.lower(i + 1) in (".", ",") and self.glued(i + 1) and self.glued(i + 2) and self.lower(i + 2).isdigit()
        ):
            return i, []
        before, word = self.lower(i - 1), self.words[i]
        if year < 1700:
            return i, []
        if before in ("$", "€", "£", "¥", "#", "no", "/", "+") or self.lower(i + 1) in (
            "%",
            "percent",
            "per",
            "km",
            "m",
        ):
            return i, []
        if (
            before in DASHES and word.glued and self.year_value(i - 2) is None and not self.lex(i - 2, "early")
        ) or self.lex(i + 1, "unit"):
            return i, []
        sign = self.lex(i - 1, "year_sign") or before in ("(", *DASHES, ",", "") or self.lower(i + 1) == "'s"
        told = self.setting.is_year(word.start, word.end)
        if told is False or (told is None and (not sign or before in (",", ""))):
            return i, []
        return i + 1, self.timex(i, i + 1, dates.year(year), "year")

    def _vague(self, i: int) -> Found:
        hit = self.lex(i, "vague")
        if hit is not None and self.lower(hit[0]) in ("after", "as", "enough"):
            return i, []
        if hit is None or self.count(hit[0])[0] > hit[0] or self.lex(hit[0], "unit"):
            return i, []
        return hit[0], self.timex(i, hit[0], Stretch(None, None, "vague", "DATE", hit[1]), hit[2])

    def _often(self, i: int) -> Found:
        """ "every day", "each year"; "daily" as an adverb."""
        hit = self.lex(i, "every")
        if hit is not None:
            weekday = self.day_at_weekday(hit[0])
            if weekday is not None:
                repeated = Stretch(None, None, "vague", "SET", f"XXXX-WXX-{weekday[1] + 1}")
                return weekday[0], self.timex(i, weekday[0], repeated, hit[2])
            j, n = self.count(hit[0])
            unit = self.lex(j, "unit")
            values = {"D": "XXXX-XX-XX", "W": "XXXX-WXX", "M": "XXXX-XX", "Y": "XXXX"}
            if unit is None:
                return i, []
            value = values.get(unit[1]) if j == hit[0] else dates.duration(unit[1], n).value
            value = value or dates.duration(unit[1], 1).value
            return unit[0], self.timex(i, unit[0], Stretch(None, None, "vague", "SET", value), hit[2])
        often = self.lex(i, "set")
        adjective = often is not None and self.lower(often[0])[:1].isalpha() and not self.lex(often[0], "year_sign")
        if often is None or (adjective and self.lower(i) != "annually"):
            return i, []
        return often[0], self.timex(i, often[0], Stretch(None, None, "vague", "SET", often[1]), often[2])
