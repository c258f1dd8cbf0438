"""Numbers of units: "three days ago", "two weeks later", "for six months", "27-year"."""

from __future__ import annotations

from analysis import dates
from analysis.dates import Stretch
from analysis.time_words import DASHES, Cursor, Timex

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
Found = tuple[int, list[Timex]]


class CountRules(Cursor):
    """Rules over counts of units: each returns (word after it, what it found)."""

    def count(self, i: int) -> tuple[int, float | None]:
        """A number before a unit: (word after it, its value or None for "several"); nothing found if the index stays."""
        few = self.lex(i, "few") or (self.lex(i + 1, "few") if self.lower(i) in ("a", "the") else None)
        if few is not None:
            j = self.skip(few[0], "of")
            return (j, 2.0 if self.lower(few[0] - 1) == "couple" else None)
        text = self.lower(i)
        if text.replace(",", "").isdigit():
            j, n = i + 1, float(text.replace(",", ""))
            if self.lower(j) == "." and self.glued(j) and self.glued(j + 1) and self.lower(j + 1).isdigit():
                n, j = float(f"{text.replace(',', '')}.{self.lower(j + 1)}"), j + 2
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

    def over(self, j: int) -> int:
        """The word after a hyphen or an adjective between a number and its unit."""
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
            if k > j + 1 and m is not None and self.lex(self.over(k), "unit"):
                lower, j, n = (j, n), k, m
        if j == i:
            return self._bare(i)
        at = self.over(j)
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
        base = (anchor or self.setting.told) if value.endswith("a") else ref
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
