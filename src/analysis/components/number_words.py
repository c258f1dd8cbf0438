"""Reads numbers in digits and words from the lexemes of a sentence; what words are worth stands in the codebook."""

from __future__ import annotations

import functools
import re

from analysis.components.number_lexer import HYPHENS, Lexeme, digits_value
from analysis.components.number_tables import Number, NumberTables

#: denominators of "one in five" that read as a share
SHARES = frozenset([2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 15, 16, 20, 25, 30, 40, 50, 100, 200, 500, 1000, 10000, 100000])


class NumberWords(NumberTables):
    """Reads numbers with the tables of one codebook."""

    # -- reading ---------------------------------------------------------------------------------------------------

    def read(self, lexemes: list[Lexeme], i: int) -> Number | None:
        """The number that starts at lexeme ``i``, as long as it goes; None where none starts there."""
        lexeme = lexemes[i]
        if lexeme.kind == "number":
            return self._finish(lexemes, self._digits(lexemes, i))
        if lexeme.kind != "word":
            return None
        word = lexeme.low
        if word in ("a", "an") or word in self.indefinite:
            return self._after_article(lexemes, i)
        if word not in self.words and word not in self.plural_fraction:
            return None
        if word in self.vague:
            return self._vague(lexemes, i)
        if word in self.half:
            return self._half(lexemes, i)
        if word in self.cardinal or word in self.tens:
            number = self._words(lexemes, i)
            share = self._share(lexemes, number)
            if share is not None:
                return share
            return self._finish(lexemes, number)
        if word in self.magnitude or word in self.hundred:
            return self._bare_magnitude(lexemes, i)
        if word in self.ordinal:
            return Number(i, i + 1, self.ordinal[word], self.ordinal[word], "ordinal", [self.rule["ordinal", word]])
        if word in self.fraction or word in self.plural_fraction:  # "quarter", "thirds" alone
            return Number(i, i + 1, 0.0, None, "fraction_word", ["fractions"])
        if word == "no" and _low(lexemes, i + 1) in HYPHENS and _low(lexemes, i + 2) == "one":
            return Number(i, i + 3, 0.0, 0.0, "nobody", [self.rule.get(("nobody", "no one"), "nobody")])
        if word == "no" and _low(lexemes, i + 1) == "one" and _tight(lexemes, i + 1) < 2:
            return Number(i, i + 2, 0.0, 0.0, "nobody", [self.rule.get(("nobody", "no one"), "nobody")])
        if word in self.nobody:
            return Number(i, i + 1, 0.0, 0.0, "nobody", [self.rule["nobody", word]])
        if word in self.zero:
            return Number(i, i + 1, 0.0, 0.0, "zero", [self.rule["zero", word]])
        if word in self.multiple:
            value = self.multiple[word]
            return Number(i, i + 1, value, value, "multiple", [self.rule["multiple", word]])
        if word in self.collective:
            value = self.collective[word]
            return Number(i, i + 1, value, value, "collective_word", [self.rule["collective", word]])
        return None

    def _digits(self, lexemes: list[Lexeme], i: int) -> Number:
        lexeme = lexemes[i]
        value = digits_value(lexeme.text)
        number = Number(i, i + 1, value, value, "digits", ["digits"], plain=value)
        following = lexemes[i + 1] if i + 1 < len(lexemes) else None
        if following is None:
            return number
        if following.text in ("'", "’") and following.glued and _low(lexemes, i + 2) == "s" and lexemes[i + 2].glued:
            number.form, number.end = "decade", i + 3  # "his 90's"
        elif following.text in ("nd", "rd", "th") and not following.glued:  # "the 23 rd renewal"
            number.form, number.end = "ordinal", i + 2
        elif following.kind == "word" and following.glued:
            if following.low in ("st", "nd", "rd", "th"):
                number.form, number.end = "ordinal", i + 2
            elif following.low in ("s", "’s", "'s") or following.low == "s":
                number.form, number.end = "decade", i + 2
            elif following.low in self.letters:
                number.letters, number.end = following.low, i + 2
        elif (
            following.kind == "word"
            and following.low in self.letters
            and len(following.low) > 1
            and (following.text.islower() or following.low == "bn")
        ):
            number.letters, number.end = following.low, i + 2
        elif following.kind == "number" and re.fullmatch(r"\d/\d", following.text) and lexeme.text.isdigit():
            number.low = number.high = number.plain = value + digits_value(following.text)
            number.end = i + 2
        if number.form == "digits" and number.letters:
            factor = self.letters[number.letters]
            number.low = number.high = _tidy(number.plain * factor)
            number.magnitude = factor
            number.rules.append("magnitude_letters")
        return number

    def _words(self, lexemes: list[Lexeme], i: int) -> Number:
        """A cardinal in words below the magnitudes: "twenty-two", "one hundred and twenty"."""
        total, current, j = 0.0, 0.0, i
        rules: list[str] = []
        last = ""
        while j < len(lexemes):
            lexeme = lexemes[j]
            if lexeme.text in HYPHENS and lexeme.glued and last and j + 1 < len(lexemes):
                after = lexemes[j + 1]
                if not (after.glued and self._continues(after.low, last)):
                    break
                j += 1
                continue
            if lexeme.low == "and" and last == "hundred" and j + 1 < len(lexemes):
                if lexemes[j + 1].low in self.cardinal or lexemes[j + 1].low in self.tens:
                    j += 1
                    continue
                break
            if not self._continues(lexeme.low, last):
                break
            word = lexeme.low
            if word in self.cardinal:
                current += self.cardinal[word]
                last = "teen" if self.cardinal[word] > 9 or self.cardinal[word] == 0 else "unit"
                rule = self.rule["cardinal", word]
            elif word in self.tens:
                current += self.tens[word]
                last, rule = "tens", self.rule["tens", word]
            else:
                current = (current or 1.0) * 100
                last, rule = "hundred", self.rule["hundred", word]
            if rule not in rules:
                rules.append(rule)
            j += 1
        while j > i + 1 and lexemes[j - 1].text in HYPHENS:
            j -= 1
        total += current
        return Number(i, j, total, total, "words", rules, plain=total)

    def _continues(self, word: str, last: str) -> bool:
        if word in self.cardinal:
            return last in ("", "hundred") or (last == "tens" and 0 < self.cardinal[word] < 10)
        if word in self.tens:
            return last in ("", "hundred")
        return word in self.hundred and last in ("unit", "teen", "tens")

    def _finish(self, lexemes: list[Lexeme], number: Number) -> Number:
        """Add magnitudes behind a number: "1.5 million", "three and a half million", "two dozen", "2,400 crore"."""
        j = number.end
        if number.form not in ("digits", "words"):
            return number
        halved = (
            _low(lexemes, j) == "and" and _low(lexemes, j + 1) in ("a", "one") and _low(lexemes, j + 2) in self.half
        )
        hyphened = not halved and "".join(_low(lexemes, j + k) for k in range(6)) in ("-and-a-half",)
        if (halved or hyphened) and number.low < 1000:
            number.low = number.high = number.plain = number.low + 0.5
            number.end = j = j + (6 if hyphened else 3)
        first = True
        while j < len(lexemes):
            at = j
            if lexemes[at].text in HYPHENS and lexemes[at].glued:
                at += 1
            word = _low(lexemes, at)
            if word in self.magnitude or word in self.hundred:
                table, kind = (self.magnitude, "magnitude") if word in self.magnitude else (self.hundred, "hundred")
                if number.form == "words" and word in self.hundred:
                    break
                number.low = number.high = _tidy(number.low * table[word])
                number.magnitude *= table[word]
                number.rules.append(self.rule[kind, word])
                number.end = j = at + 1
                if table[word] >= 1e3 and number.magnitude == table[word]:
                    j = self._remainder(lexemes, number)
                first = False
                continue
            if first and word in self.collective and word == "dozen":
                number.low = number.high = number.low * self.collective[word]
                number.magnitude = self.collective[word]
                number.rules.append(self.rule["collective", word])
                number.end = at + 1
            break
        j = number.end
        halved = _low(lexemes, j) == "and" and _low(lexemes, j + 1) == "a" and _low(lexemes, j + 2) in self.half
        if halved and number.magnitude >= 1e3:
            number.low = number.high = number.low + number.magnitude / 2
            number.end += 3
        return number

    def _remainder(self, lexemes: list[Lexeme], number: Number) -> int:
        """ "two thousand three hundred", "one million two hundred thousand": adds what is below the magnitude."""
        j = number.end
        if _low(lexemes, j) == "and":
            j += 1
        if number.form != "words" or j >= len(lexemes) or lexemes[j].kind != "word":
            return number.end
        if lexemes[j].low not in self.cardinal and lexemes[j].low not in self.tens:
            return number.end
        rest = self._words(lexemes, j)
        end, value = rest.end, rest.low
        inner = self.magnitude.get(_low(lexemes, end), 0.0)
        if inner and inner < number.magnitude:
            value, end = value * inner, end + 1
        elif _low(lexemes, j - 1) == "and" and value >= 100:
            return number.end
        if value >= number.magnitude or (
            value < 1 or _low(lexemes, j - 1) == "and" and number.magnitude > 1000 and not inner
        ):
            return number.end
        number.low = number.high = number.low + value
        number.end = end
        return end

    def _share(self, lexemes: list[Lexeme], number: Number) -> Number | None:
        """ "two-thirds", "one fifth", "one in five", "nine out of ten"; None where it is no share."""
        j = number.end
        spaced = _low(lexemes, j) in HYPHENS and _low(lexemes, j + 1) in (*self.fraction, *self.plural_fraction)
        at = j + 1 if j < len(lexemes) and lexemes[j].text in HYPHENS and (lexemes[j].glued or spaced) else j
        word = _low(lexemes, at)
        denominator = 0.0
        if word in self.plural_fraction and number.low > 1:
            denominator, rule = self.plural_fraction[word], "fractions"
        elif word in self.fraction and number.low == 1:
            denominator, rule = self.fraction[word], "fractions"
        elif word in self.half and number.low <= 1:
            denominator, rule = 2.0, "half"
        if denominator and number.low < 100:
            percent = round(100 * number.low / denominator, 2)
            share = Number(number.start, at + 1, percent, percent, "share", [*number.rules, rule])
            return self._of_magnitude(lexemes, share)
        return self.in_every(lexemes, number)

    def in_every(self, lexemes: list[Lexeme], number: Number) -> Number | None:
        """ "one in five", "nine out of ten", "2 in 10" as a share; None where it is no share."""
        j = number.end
        if _low(lexemes, j) in HYPHENS and _low(lexemes, j + 1) == "in" and _low(lexemes, j + 2) in HYPHENS:
            j += 3  # "a one-in-three chance"
        elif _low(lexemes, j) == "in":
            j += 1
        elif _low(lexemes, j) == "out" and _low(lexemes, j + 1) == "of":
            j += 2
        else:
            return None
        every = _low(lexemes, j) == "every"
        if every:
            j += 1
        if j >= len(lexemes):
            return None
        below = (
            self._digits(lexemes, j)
            if lexemes[j].kind == "number"
            else self._words(lexemes, j)
            if lexemes[j].low in self.cardinal or lexemes[j].low in self.tens
            else None
        )
        if below is None or below.form not in ("digits", "words"):
            return None
        below = self._finish(lexemes, below)
        if (
            (below.low not in SHARES and below.low % 50 and not every)
            or not 0 < number.low < below.low
            or number.low > 99
        ):
            return None
        if re.search(r"[,.]", lexemes[number.start].text):
            return None
        percent = round(100 * number.low / below.low, 2)
        return Number(number.start, below.end, percent, percent, "share", [*number.rules, "in_every"])

    def _of_magnitude(self, lexemes: list[Lexeme], share: Number) -> Number:
        """ "a quarter of a million", "three quarter million" are numbers, no shares."""
        j = share.end
        if _low(lexemes, j) in self.magnitude and _low(lexemes, j - 1) not in self.half:
            factor = self.magnitude[lexemes[j].low]
            value = _tidy(share.low / 100 * factor)
            return Number(share.start, j + 1, value, value, "words", [*share.rules, "magnitudes"], factor)
        if _low(lexemes, j) == "of" and _low(lexemes, j + 1) in ("a", "an") and _low(lexemes, j + 2) in self.magnitude:
            factor = self.magnitude[lexemes[j + 2].low]
            value = _tidy(share.low / 100 * factor)
            return Number(share.start, j + 3, value, value, "words", [*share.rules, "magnitudes"], factor)
        return share

    def _half(self, lexemes: list[Lexeme], i: int, start: int | None = None) -> Number:
        start = i if start is None else start
        j = i + 1
        rules = [self.rule["half", lexemes[i].low]]
        if _low(lexemes, j) in ("a", "an", "of"):
            if _low(lexemes, j) == "of" and _low(lexemes, j + 1) in ("a", "an"):
                j += 1
            j += 1
        elif j < len(lexemes) and lexemes[j].text in HYPHENS and lexemes[j].glued:
            j += 1
            if _low(lexemes, j) == "a" and _low(lexemes, j + 1) in HYPHENS:
                j += 2  # "half-a-dozen"
        word = _low(lexemes, j)
        if word in self.magnitude:
            value = self.magnitude[word] / 2
            return Number(start, j + 1, value, value, "words", [*rules, "magnitudes"], self.magnitude[word])
        if word == "dozen":
            return Number(start, j + 1, 6.0, 6.0, "words", [*rules, "collectives"], 12.0)
        return Number(start, i + 1, 50.0, 50.0, "share", rules)

    def _after_article(self, lexemes: list[Lexeme], i: int) -> Number | None:
        """ "a dozen", "a hundred", "a fifth", "a half", "several thousand", "a few dozen", "a couple of hundred"."""
        j = i
        article = lexemes[j].low in ("a", "an")
        if article:
            j += 1
        if j >= len(lexemes) or lexemes[j].kind != "word":
            return None
        word = lexemes[j].low
        start = i
        if word in self.indefinite:
            after = _low(lexemes, j + 1)
            if after in self.vague and not article:
                number = self._vague(lexemes, j + 1)
                if number is not None and word != "some":
                    number.start = j
                return number if word != "some" else None
            factor = self.magnitude.get(after) or self.hundred.get(after) or (12.0 if after == "dozen" else 0.0)
            if not factor or (word == "some"):
                return None
            low = _tidy(2 * factor)
            rules = [self.rule["indefinite", word], "collectives" if after == "dozen" else "magnitudes"]
            return Number(start, j + 2, low, None, "vague", rules, factor)
        if not article:
            return None
        if word in self.hundred or word in self.magnitude:
            number = Number(start, j, 1.0, 1.0, "words", [], plain=1.0)
            if word in self.hundred:
                number.low = number.high = self.hundred[word]
                number.rules, number.end = [self.rule["hundred", word]], j + 1
                if _low(lexemes, j + 1) == "and" and _low(lexemes, j + 2) in {**self.cardinal, **self.tens}:
                    rest = self._words(lexemes, j + 2)
                    if rest.low < 100:
                        number.low = number.high = number.low + rest.low
                        number.end = rest.end
            return self._finish(lexemes, number)
        if word in self.collective:
            value = self.collective[word]
            end, factor = j + 1, 1.0
            at = end + 1 if _low(lexemes, end) == "of" else end
            after = _low(lexemes, at)
            if word == "couple" and (after in self.hundred or after in self.magnitude or after == "dozen"):
                factor = self.hundred.get(after) or self.magnitude.get(after) or 12.0
                end = at + 1
            elif word == "couple" and not (after.endswith("s") or after in ("of", "more")) and at == end:
                return None  # "a couple walking their dog"
            elif word == "score" and (_low(lexemes, end) not in ("of", "or") or at < len(lexemes) and after.isdigit()):
                return None
            value = _tidy(value * factor)
            return Number(start, end, value, value, "words", [self.rule["collective", word]], value)
        if word in self.half:
            return self._half(lexemes, j, start)
        if word in self.fraction:
            percent = round(100 / self.fraction[word], 2)
            share = Number(start, j + 1, percent, percent, "article_share", ["fractions"])
            return self._of_magnitude(lexemes, share)
        return None

    def _vague(self, lexemes: list[Lexeme], i: int) -> Number:
        """ "dozens", "tens of thousands", "hundreds of millions", "thousands upon thousands"."""
        word = lexemes[i].low
        low, j = self.vague[word], i + 1
        rules = [self.rule["vague", word]]
        factor = 1.0
        if _low(lexemes, j) == "of" and _low(lexemes, j + 1) in self.vague and low < self.vague[_low(lexemes, j + 1)]:
            factor = self.vague[_low(lexemes, j + 1)] / 2
            low, j = low * factor, j + 2
        elif _low(lexemes, j) in ("upon", "and") and _low(lexemes, j + 1) == word:
            j += 2
        return Number(i, j, _tidy(low), None, "vague", rules, factor)

    def _bare_magnitude(self, lexemes: list[Lexeme], i: int) -> Number:
        """ "hundred", "million" without a number before it: one of them ("the hundred days")."""
        word = lexemes[i].low
        kind = "hundred" if word in self.hundred else "magnitude"
        value = self.hundred.get(word) or self.magnitude[word]
        number = Number(i, i + 1, value, value, "bare", [self.rule[kind, word]], value)
        return number


def _low(lexemes: list[Lexeme], i: int) -> str:
    return lexemes[i].low if 0 <= i < len(lexemes) else ""


def _tight(lexemes: list[Lexeme], i: int) -> int:
    """Characters between lexeme ``i`` and the one before it."""
    return lexemes[i].start - lexemes[i - 1].end if 0 < i < len(lexemes) else 0


def _tidy(value: float) -> float:
    """Without the noise of binary fractions: 1.1 million is 1100000, not 1100000.0000000002."""
    return float(f"{value:.12g}")


@functools.lru_cache(maxsize=8)
def number_words(codebook_path: str | None) -> NumberWords:
    """The tables for one codebook folder (None: the default)."""
    from analysis.codebook import load

    return NumberWords(load(codebook_path))
