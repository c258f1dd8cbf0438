"""Time expressions that name a day, month or year, and times of the day."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from analysis import dates
from analysis.dates import Stretch
from analysis.time_words import DASHES, Cursor, Timex

DAY = re.compile(r"(0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?")
BETWEEN = DASHES | {"and", "or", "to", ",", "&"}
#: forms that are also other words: they count with a capital and a day, year or sign of time beside them
DOUBTFUL = {"may", "march", "sun", "sat", "mon", "wed", "mar", "jan", "sept", "sep"}


class CalendarRules(Cursor):
    """Rules over digits, months and weekdays: each returns (word after it, what it found) or (where it began, nothing)."""

    def year_at(self, i: int) -> int | None:
        text = self.lower(i)
        return int(text) if len(text) == 4 and text.isdigit() and 1000 <= int(text) <= 2199 else None

    def numeric(self, i: int) -> tuple[int, list[Timex]]:
        """2024-11-14, 14.11.2024, 11/14/2024 (the month first unless it cannot be)."""
        w = self.words
        if i + 4 >= len(w) or not all(w[k].glued for k in range(i + 1, i + 5)):
            return i, []
        if self.lower(i - 1) == "/" and w[i].glued or self.lower(i + 5) == "/" and self.glued(i + 5):
            return i, []  # part of an address
        a, sep, b, again, c = (x.lower for x in w[i : i + 5])
        if sep != again or sep not in "-/." or not (a.isdigit() and b.isdigit() and c.isdigit()):
            return i, []
        if len(a) == 4:
            day = dates.valid(int(a), int(b), int(c))
        elif len(c) in (2, 4):
            whole = int(c) if len(c) == 4 else 2000 + int(c)
            first, second = int(a), int(b)
            day = dates.valid(whole, first, second) if sep == "/" and first <= 12 else dates.valid(whole, second, first)
        else:
            day = None
        return (i + 5, self.timex(i, i + 5, dates.single(day), "numeric")) if day else (i, [])

    def day_at(self, i: int) -> int | None:
        match = DAY.fullmatch(self.lower(i))
        return int(match[1]) if match and int(match[1]) else None

    def month_at(self, i: int) -> tuple[int, int] | None:
        hit = self.lex(i, "month")
        if hit is None or not self.words[i].text[0].isupper():
            return None
        j = hit[0]
        if self.lower(j) == "." and self.glued(j) and self.lower(i) != hit[2]:
            j += 1
        if self.lower(i) in DOUBTFUL and self.day_at(j) is None and self.year_at(j) is None:
            sign = (
                self.lex(i - 1, "year_sign") or self.lex(i - 1, "shift") or self.lower(i - 1) in (*DASHES, "and", "or")
            )
            if i == 0 or not sign or self.day_at(i - 1) is None and self.lower(i - 1) in ("to", "and", "or"):
                return None if self.day_at(i - 1) is None else (j, int(hit[1]))
        return j, int(hit[1])

    def calendar(self, i: int) -> tuple[int, list[Timex]]:
        """Weekday, day, month, year in their orders, with lists of days; a month or a year alone."""
        start = i
        named = self.weekday_at(i)
        if named is not None:
            i = self.skip(named[0], ",")
            i = self.skip(i, "the")
        j, found = self._day_first(i)
        if j == i:
            j, found = self._month_first(i)
        if j == i:
            return start, []
        if named is not None:
            if found[0].stretch.precision != "day":
                return start, []
            found[0] = replace(found[0], start=self.words[start].start)
        return j, found

    def weekday_at(self, i: int) -> tuple[int, int] | None:
        hit = self.lex(i, "weekday")
        if hit is None or not self.words[i].text[0].isupper():
            return None
        j = hit[0]
        if len(self.words[i].text) <= 5 and self.lower(i)[-3:] != "day":
            if self.lower(j) != "." and not (self.lower(j) == "," or self.month_at(j)):
                return None
            j = self.skip(j, ".")
        return j, int(hit[1])

    def _year_after(self, j: int) -> tuple[int, int | None]:
        ref, k = self.setting.published, self.skip(j, "of")
        shift = {"last": -1, "this": 0, "next": 1}.get(self.lower(k))
        if ref is not None and shift is not None and self.lex(k + 1, "unit") == (k + 2, "Y", "unit_year"):
            return k + 2, ref.year + shift
        k = self.skip(self.skip(j, ","), "of", "in") if self.year_at(j) is None else j
        found = self.year_at(k)
        if found is None or not 1500 <= found <= 2199 or (k > j and self.lower(j) == "," and self.lower(k + 1) == ","
                                                            and self.day_at(k + 2)):  # fmt: skip
            return j, None
        return k + 1, found

    def _dated(self, spans: list[tuple[int, int, int]], number: int, whole: int | None, end: int) -> list[Timex]:
        """Days ``(from word, to word, day)`` of one month; the last or only one carries the words up to ``end``."""
        found = []
        for k, (a, b, day) in enumerate(spans):
            ref = self.setting.published
            there = dates.valid(whole, number, day) if whole else None
            if whole is None and ref is not None:
                there = self._near(ref, number, day, spans[0][0])
            stretch = dates.single(there) if there else None
            if stretch is None and (whole is not None or dates.valid(2024, number, day) is None):
                return []
            if stretch is None:
                stretch = Stretch(None, None, "day", "DATE", f"XXXX-{number:02d}-{day:02d}")
            found += self.timex(a, end if k == len(spans) - 1 and b < end else b, stretch, "month_day")
        return found

    def _near(self, ref: date, number: int, day: int, i: int) -> date | None:
        back, ahead = dates.day_near(ref, number, day, False), dates.day_near(ref, number, day, True)
        nearer = back is None or ahead is None or (ahead - ref) < (ref - back)
        return ahead if self.forward(i, nearer) else back

    def _days(self, i: int) -> list[tuple[int, int, int]]:
        """A list or range of days: "14 and 15", "6-10", "1, 2 and 3"."""
        spans: list[tuple[int, int, int]] = []
        while (day := self.day_at(i)) is not None:
            spans.append((i, i + 1, day))
            k = i + 1
            if self.lower(k) not in BETWEEN:
                break
            k = self.skip(k + 1, "and", "or") if self.lower(k) == "," else k + 1
            if self.day_at(k) is None or self.lower(k + 1) in ("-", ":", "%", "percent") or self.lex(k + 1, "unit"):
                break
            i = k
        return spans

    def _day_first(self, i: int) -> tuple[int, list[Timex]]:
        spans = self._days(i)
        while spans:
            k = self.skip(spans[-1][1], "of")
            month = self.month_at(k)
            if month is not None:
                end, whole = self._year_after(month[0])
                found = self._dated(spans, month[1], whole, end)
                return (end, found) if found else (i, [])
            return i, []
        return i, []

    def _month_first(self, i: int) -> tuple[int, list[Timex]]:
        month = self.month_at(i)
        if month is None:
            return i, []
        j, number = month
        k = self.skip(j, "the")
        spans = self._days(k)
        if spans and self.lower(spans[0][1]) not in ("percent", "%", "million"):
            spans[0] = (i, spans[0][1], spans[0][2])
            end, whole = self._year_after(spans[-1][1])
            found = self._dated(spans, number, whole, end)
            if found:
                return end, found
        end, whole = self._year_after(j)
        if whole:
            return end, self.timex(i, end, dates.month(whole, number), "month_year")
        ref = self.setting.published
        if ref is None:
            return j, self.timex(i, j, Stretch(None, None, "month", "DATE", f"XXXX-{number:02d}"), "month")
        ahead = (number - ref.month) % 12
        return j, self.timex(i, j, dates.month_near(ref, number, self.forward(i, ahead < 6)), "month")

    def clock(self, i: int) -> tuple[int, list[Timex]]:
        """16:15 UTC, 4 p.m., 4.30 pm."""
        named = self.lex(i, "daypart")
        if named is not None and named[1] in ("MI", "24:00"):
            day = self._day_beside(i, named[0])
            value = f"{day.isoformat() if day else 'XXXX-XX-XX'}T{named[1]}"
            return named[0], self.timex(i, named[0], Stretch(day, day, "day", "TIME", value), named[2])
        hour, j, minute = self.lower(i), i + 1, 0
        if not hour.isdigit() or int(hour) > 24:
            return i, []
        exact = (
            self.lower(j) in (":", ".")
            and self.glued(j)
            and self.glued(j + 1)
            and re.fullmatch(r"[0-5]\d", self.lower(j + 1))
        )
        sign = self.lower(j)
        if exact:
            minute, j = int(self.lower(j + 1)), j + 2
        half = self.lex(j, "clock")
        if half is None and not (exact and sign == ":"):
            return i, []
        number = int(hour)
        if half is not None:
            number = number % 12 + (12 if self.lower(j)[0] == "p" else 0)
            j = half[0]
            if self.lower(j) == "." and self.glued(j) and j + 1 < len(self.words):
                j += 1
        zone = self.lex(j, "zone")
        j = zone[0] if zone else j
        day = self._day_beside(i, j)
        value = f"T{number:02d}:{minute:02d}{zone[1] if zone else ''}"
        return j, self.timex(
            i, j, Stretch(day, day, "day", "TIME", (day.isoformat() if day else "XXXX-XX-XX") + value), "clock"
        )

    def _day_beside(self, i: int, j: int) -> date | None:
        """The day of a time: told right after it, else the day told last before it in the sentence, else publication."""
        k = self.skip(self.skip(j, ","), "on")
        if k < len(self.words) and (self.weekday_at(k) or self.month_at(k) or self.day_at(k) or self.lex(k, "day")):
            for rule in (self.calendar, self.single):
                _, found = rule(k)
                if found and found[0].stretch.precision == "day":
                    return found[0].stretch.start
        told = self.year_at(i - 2) or self.day_at(i - 2) or self.weekday_at(i - 2) if i > 1 else None
        if self.lower(i - 1) in ("at", ",") and told is not None and self.setting.anchor is not None:
            return self.setting.anchor
        return self.setting.published
