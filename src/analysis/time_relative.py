"""Time expressions that count from another day: "last week", "three days ago", "earlier this month", "for two years"."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from analysis import dates
from analysis.dates import Stretch
from analysis.time_words import DASHES, Cursor, Timex

_DECADE = re.compile(r"(\d{2}|\d{4})s")
_ORDINAL = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_QUARTER = re.compile(r"q([1-4])")
#: units whose singular after "a" is mostly another word ("a second", "a quarter")
_OTHER_WORDS = {"TS", "Q", "CE"}
#: words between a number and its unit that leave it a length of time
_BETWEEN = {
    "consecutive",
    "trading",
    "straight",
    "successive",
    "full",
    "whole",
    "more",
    "calendar",
    "working",
    "long",
    "mere",
}
#: shifts that count from the day told before, where there is one
_FROM_ANCHOR = {"previous", "preceding", "following"}
Found = tuple[int, list[Timex]]


class RelativeRules(Cursor):
    """Rules over shifts, counts and single words: each returns (word after it, what it found)."""

    def day_at_weekday(self, i: int) -> tuple[int, int] | None:
        hit = self.lex(i, "weekday")
        return (hit[0], int(hit[1])) if hit and self.words[i].text[0].isupper() else None

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
        first = named[1][0]
        stretch = dates.part(first.stretch, hit[1])
        return named[0], [Timex(self.words[i].start, first.end, stretch, f"{hit[2]}+{first.rule}"), *named[1][1:]]

    def at(self, i: int) -> Found:
        raise NotImplementedError

    def whole(self, i: int) -> Found:
        """ "the year", "the week" as the running one, where a part of it is told."""
        unit = self.lex(i + 1, "unit") if self.lower(i) == "the" else None
        ref = self.setting.published
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
            unit = self.lex(self._over(end), "unit")
            if unit is None or shift == 0:
                return i, []
            stretch = dates.duration(unit[1], n)
            span = dates.reach(ref, unit[1], shift * n) if ref and n is not None else None
            if span:
                stretch = replace(stretch, start=span[0], end=span[1])
            return unit[0], self.timex(i, unit[0], stretch, f"{hit[2]}+{unit[2]}")
        unit = self.lex(k, "unit")
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
            return daypart[0], self.timex(i, daypart[0], self._time(day, daypart[1]), f"{hit[2]}+{daypart[2]}")
        return i, []

    def _same(self, i: int, k: int) -> Found:
        unit, anchor = self.lex(k, "unit"), self.setting.anchor or self.setting.published
        if unit is None or anchor is None or unit[1] not in ("D", "W", "M", "Y", "WE"):
            return i, []
        return unit[0], self.timex(i, unit[0], dates.period(unit[1], anchor, 0), "same")

    def _unit(self, i: int, unit: tuple[int, str, str], shift: int, word: str, definite: bool) -> Found:
        end, code, rule = unit
        ref, anchor = self.setting.published, self.setting.anchor
        if word in ("past", "coming") and code not in ("D", "WE") and shift:
            span = dates.reach(ref, code, shift) if ref else None
            stretch = dates.duration(code, 1)
            return end, self.timex(i, end, replace(stretch, start=span[0], end=span[1]) if span else stretch, rule)
        if word in _FROM_ANCHOR and code in ("DE", "CE"):
            return end, self.timex(i, end, dates.duration(code, 1), rule)
        if word in _FROM_ANCHOR or (word == "next" and definite and code == "D"):
            base = anchor if code == "D" else self.setting.told
            if base is None and (ref is None or word == "following"):
                return end, self.timex(i, end, Stretch(None, None, "vague", "DATE", "XXXX-XX-XX"), rule)
            ref = base or ref
        if ref is None or (code == "D" and word in ("this", "current", "last", "past")):
            return i, []
        if code == "WE" and shift == 0 and ref.weekday() < 5 and not self.forward(i):
            shift = 0 if self.setting.tense(self.words[i].start) in ("future", None) else -1
        stretch = dates.period(code, ref, shift)
        quarter = self.lower(end) == "of" and code == "Q"
        return (i, []) if quarter else (end, self.timex(i, end, stretch, f"shift+{rule}"))

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
            (daypart[0], self.timex(i, daypart[0], self._time(day, daypart[1]), "weekday")) if daypart else (j, found)
        )

    @staticmethod
    def _time(day, code: str) -> Stretch:  # type: ignore[no-untyped-def]
        last = day + timedelta(days=1) if code in ("NI", "24:00") else day
        return Stretch(day, day if code == "MI" else last, "day", "TIME", f"{day.isoformat()}T{code}")

    # numbers of units

    def count(self, i: int) -> tuple[int, float | None]:
        """A number before a unit: (word after it, its value or None for "several"); nothing found if the index stays."""
        few = self.lex(i, "few") or (self.lex(i + 1, "few") if self.lower(i) in ("a", "the") else None)
        if few is not None:
            j = self.skip(few[0], "of")
            return (j, 2.0 if self.lower(few[0] - 1) == "couple" else None)
        text = self.lower(i)
        if text.replace(",", "").isdigit():
            j, n = i + 1, float(text)
            if self.lower(j) == "." and self.glued(j) and self.glued(j + 1) and self.lower(j + 1).isdigit():
                n, j = float(f"{text}.{self.lower(j + 1)}"), j + 2
        elif (hit := self.lex(i, "number")) is not None:
            j, n = hit[0], float(hit[1])
            ones = self.lex(self.skip(j, *DASHES), "number") if 20 <= n <= 90 else None
            if ones is not None and float(ones[1]) < 10 and self.lower(j) in DASHES:
                j, n = ones[0], n + float(ones[1])
            elif n <= 9 and (hundred := self.lex(j, "number")) is not None and hundred[1] == "100":
                j, n = hundred[0], n * 100
        elif (half := self.lex(i, "half")) is not None:
            return self.skip(half[0], "a", "an", *DASHES), 0.5
        else:
            return i, None
        if self.lower(j) == "and" and self.lower(j + 1) == "a" and self.lex(j + 2, "half"):
            return j + 3, n + 0.5
        return j, n

    def _over(self, j: int) -> int:
        j = self.skip(j, *DASHES)
        while self.lower(j) in _BETWEEN:
            j += 1
        return j

    def counted(self, i: int) -> Found:
        """ "three days ago", "two weeks later", "for six months", "27-year", "60 to 90 days", "weeks"."""
        article = self.lower(i) in ("a", "an") and not self.lex(i + 1, "few") and not self.lex(i + 1, "number")
        j, n = self.count(i)
        lower: tuple[int, float] | None = None
        if j > i and n is not None and self.lower(j) in ("and", "to", "or", *DASHES) and not article:
            k, m = self.count(j + 1)
            if k > j + 1 and m is not None and self.lex(self._over(k), "unit"):
                lower, j, n = (j, n), k, m
        if j == i:
            return self._bare(i)
        at = self._over(j)
        unit = self.lex(at, "unit")
        if unit is None or (n is None and self.lower(i) in ("many", "some") and not unit[1]):
            return i, []
        end, code, rule = unit
        singular = n is not None and n > 1 and self.lower(at)[-1] != "s"
        if singular and self.lower(j) not in DASHES:
            return i, []
        if code == "WE" or (code == "Q" and self.lower(end) != "ago") or (code in _OTHER_WORDS and article):
            return i, []
        if self.lower(end) in DASHES and self.lower(end + 1) in ("old", "olds") or self.lower(end) in ("old", "olds"):
            return end, []
        if self.lower(end) == "of" and self.lower(end + 1) in ("age", "jail", "prison"):
            return (
                (end, []) if self.lower(end + 1) == "age" else (end, self.timex(i, end, dates.duration(code, n), rule))
            )
        turned = self._turned(i, end, code, n, rule)
        if turned is not None:
            return turned
        if article and not self.lex(i - 1, "duration_sign"):
            return i, []
        found = self.timex(i, end, dates.duration(code, n), rule)
        if lower is not None:
            found = [
                *self.timex(i, lower[0], dates.duration(code, lower[1]), rule),
                *self.timex(lower[0] + 1, end, dates.duration(code, n), rule),
            ]
        return end, found

    def _turned(self, i: int, end: int, code: str, n: float | None, rule: str) -> Found | None:
        """A count that a word turns to a day: "ago", "earlier", "later", "after 6 August", "from now"."""
        ref, anchor = self.setting.published, self.setting.anchor
        ago, later = self.lex(end, "ago"), self.lex(end, "later")
        word = ago or later
        if word is None:
            return None
        j, value, row = word
        if self.lower(end) in ("before", "after", "earlier") and self.lower(end + 1) not in (
            "",
            ".",
            ",",
            ";",
            ":",
            ")",
            '"',
            "”",
        ):
            if self.lower(end) == "earlier":
                return end, self.timex(i, end, dates.duration(code, n), rule)
            k = self.skip(j, "on", "the")
            _, told = self.at(k) if k < len(self.words) else (k, [])
            day = told[0].stretch.start if told and told[0].stretch.precision == "day" else None
            if day is None or n is None or told[0].start != self.words[k].start:
                return j, self.timex(i, end, dates.duration(code, n), rule)
            return j, self.timex(i, j, dates.moved(day, code, n if later else -n), f"{rule}+{row}")
        base = (anchor or ref) if value.endswith("a") else ref
        sign = -1 if ago else 1
        if n is None or base is None:
            vague = Stretch(None, None, "vague", "DATE", "PAST_REF" if ago else "FUTURE_REF")
            return j, self.timex(i, j, vague, f"{rule}+{row}")
        return j, self.timex(i, j, dates.moved(base, code, sign * n), f"{rule}+{row}")

    def _bare(self, i: int) -> Found:
        """Plural units without a number: "for weeks", "in minutes"."""
        unit = self.lex(i, "unit")
        if (
            unit is None
            or not self.lower(i).endswith("s")
            or unit[1] in ("WE", "Q")
            or not self.lex(i - 1, "duration_sign")
        ):
            return i, []
        if self.lower(i) in ("secs", "mins", "hrs") or self.lower(i - 1) == "of":
            return i, []
        return unit[0], self.timex(i, unit[0], dates.duration(unit[1], None), unit[2])

    # single words

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
        if hit is None:
            return i, []
        j, value, row = hit
        if ref is None:
            return j, self.timex(i, j, Stretch(None, None, "vague", "DATE", "PRESENT_REF"), row)
        night = value.endswith("NI")
        day = ref + timedelta(days=int(value.removesuffix("NI")))
        daypart = self.lex(j, "daypart")
        if night or daypart is not None:
            j = daypart[0] if daypart else j
            return j, self.timex(i, j, self._time(day, daypart[1] if daypart else "NI"), row)
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
            return daypart[0], self.timex(i, daypart[0], self._time(day, daypart[1]), "weekday")
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

    def year_value(self, i: int) -> int | None:
        text = self.lower(i)
        return int(text) if len(text) == 4 and text.isdigit() and 1500 <= int(text) <= 2199 else None

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
        if before in ("$", "€", "£", "¥", "#", "no", "/", "+") or self.lower(i + 1) in (
            "%",
            "percent",
            "per",
            "km",
            "m",
        ):
            return i, []
        if (before in DASHES and word.glued and self.year_value(i - 2) is None) or self.lex(i + 1, "unit"):
            return i, []
        sign = self.lex(i - 1, "year_sign") or before in ("(", *DASHES, ",", "") or self.lower(i + 1) == "'s"
        if not self.setting.is_year(word.start, word.end) and not (sign and before not in (",", "")):
            return i, []
        return i + 1, self.timex(i, i + 1, dates.year(year), "year")

    def _vague(self, i: int) -> Found:
        hit = self.lex(i, "vague")
        if hit is None or self.count(hit[0])[0] > hit[0] or self.lex(hit[0], "unit"):
            return i, []
        return hit[0], self.timex(i, hit[0], Stretch(None, None, "vague", "DATE", hit[1]), hit[2])

    def _often(self, i: int) -> Found:
        """ "every day", "each year"; "daily" as an adverb."""
        hit = self.lex(i, "every")
        if hit is not None:
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
