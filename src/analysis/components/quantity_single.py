"""Reads one number of a sentence with its unit or currency: "5m people", "$-50m", "half a mile", "minus 5C"."""

from __future__ import annotations

from analysis.components.number_lexer import HYPHENS, Lexeme
from analysis.components.number_words import Number
from analysis.components.quantity_reading import Reading, Sentence
from analysis.components.quantity_units import Tables, UnitMatch
from analysis.components.word_classes import word_class

_DIMENSIONS = frozenset(
    [
        "high",
        "tall",
        "deep",
        "long",
        "wide",
        "away",
        "thick",
        "apart",
        "ahead",
        "behind",
        "below",
        "above",
        "from",
        "of",
        "in",
        "by",
        "to",
        "at",
    ]
)
_GROUPS = frozenset(["the", "them", "these", "those", "us", "whom", "its", "his", "her", "their", "our"])
#: words that may stand between a number and its unit: "320,000 fine metric tons", "20 more kilometres"
BEFORE_UNITS = frozenset(
    (
        "fine",
        "long",
        "short",
        "gross",
        "net",
        "dry",
        "wet",
        "imperial",
        "us",
        "deadweight",
        "additional",
        "more",
        "extra",
    )
    + ("further", "whole", "full", "vertical", "statute", "troy", "total", "good", "solid")
)
#: below how large a sum a tagged verb ("won") is no money
WORDY = 1000.0
_MEASURES = frozenset(("length", "area", "mass", "volume"))

#: verbs whose object in pounds is money, not mass
PAYING = frozenset(
    {"pay", "cost", "earn", "charge", "owe", "spend", "repay", "borrow", "fine", "save", "lend", "donate", "raise"}
)


def quantity_at(sentence: Sentence, tables: Tables, i: int, floor: int, money: bool = False) -> Reading | None:
    """The number that starts at lexeme ``i``, with its unit or currency; ``money`` is true behind a sum and a dash."""
    lexemes = sentence.lexemes
    lexeme = lexemes[i]
    if lexeme.kind in ("url", "path", "handle", "date", "time", "phone", "version"):
        if not any(c.isdigit() for c in lexeme.text):
            return None
        kind = "url" if lexeme.kind == "path" else lexeme.kind
        return Reading(i, i + 1, None, None, "=", kind, Number(i, i + 1, 0.0, 0.0, kind))
    if lexeme.low == "no" and sentence.low(i + 2) == "than":
        return None  # "no more than 30": part of a bound
    number = tables.words.read(lexemes, i)  # type: ignore[assignment]
    if number is None:
        return None
    currency = tables.units.currency_before(lexemes, i) if i > floor else None
    if number.form == "digits" and number.letters and currency is None and not money:
        _resolve_letters(sentence, tables, number)
    if number.form == "digits" and currency is None:
        share = tables.words.in_every(lexemes, number)
        if share is not None and not _counts_time(tables, lexemes, share.end):
            number = share
    if number.form == "share" and "in_every" in number.rules and _counts_time(tables, lexemes, number.end):
        plain = tables.words._words(lexemes, i) if lexeme.kind == "word" else tables.words._digits(lexemes, i)
        number = plain
    part = number.form == "digits" and "/" in lexeme.text and 0 < number.low < 1
    if part and sentence.low(number.end) == "of" and sentence.low(number.end + 1) not in ("a", "an", "one"):
        percent = round(100 * number.low, 2)  # "3/4 of the milk"
        number = Number(i, number.end, percent, percent, "share", [*number.rules, "fractions"])
    reading = Reading(i, number.end, number.low, number.high, "=", number.form, number, rules=list(number.rules))
    if number.form in ("ordinal", "decade", "zero", "nobody", "multiple", "fraction_word", "collective_word"):
        return reading
    if currency is not None:
        reading.unit, reading.start = currency, currency.start
        named = tables.units.currency_name(lexemes, number.end)
        if named is not None:
            reading.end = named.end
            if named.code != currency.code:
                reading.unit = named
        reading.rules.append(reading.unit.row)
        return reading
    _attach_unit(sentence, tables, reading)
    return reading


def _counts_time(tables: Tables, lexemes: list[Lexeme], i: int) -> bool:
    unit = tables.units.unit(lexemes, i)
    return unit is not None and unit.kind == "time"


def _attach_unit(sentence: Sentence, tables: Tables, reading: Reading) -> None:
    lexemes, j = sentence.lexemes, reading.end
    if (
        sentence.low(j) in tables.words.money
        and reading.form in ("digits", "words")
        and not _names_noun(sentence, j + 1)
    ):
        _sum_of_money(tables, reading, sentence.low(j))
        return
    if reading.form in ("share", "article_share"):
        # "half a mile" is a length; "half of the miles" a share
        at = j + 1 if sentence.low(j) == "of" else j  # "a quarter of a percentage point"
        if sentence.low(at) in ("a", "an"):
            if sentence.low(at + 1) == "point":  # "cut by half a point"
                reading.low = reading.high = (reading.low or 0) / 100
                reading.form = "words"
                return
            unit = tables.units.unit(lexemes, at + 1)
            if unit is not None and unit.kind == "percent" and at > j:
                reading.low = reading.high = (reading.low or 0) / 100
                reading.form, reading.unit, reading.end = "words", unit, unit.end
                reading.rules.append(unit.row)
                return
            if unit is not None and (unit.kind in _MEASURES or unit.kind == "time"):
                value = (reading.low or 0) / 100
                reading.low = reading.high = value
                reading.form, reading.unit, reading.end = "words", unit, unit.end
                reading.rules.append(unit.row)
        else:
            unit = tables.units.unit(lexemes, j)
            if unit is not None and (
                unit.kind in _MEASURES or (unit.kind == "time" and reading.number.rules == ["half"])
            ):
                value = (reading.low or 0) / 100
                reading.low = reading.high = value
                reading.form, reading.unit, reading.end = "words", unit, unit.end
                reading.rules.append(unit.row)
        return
    starts = [j]
    couple = reading.number.rules == ["collectives"] and reading.start + 2 == reading.end
    if (reading.form == "vague" or couple) and sentence.low(j) == "of":
        starts.append(j + 1)
    if sentence.low(j) in BEFORE_UNITS and j + 1 < len(lexemes) and not starts[1:]:
        starts.append(j + 1)
    for start in starts:
        unit = tables.units.unit(lexemes, start)
        if start != j and sentence.low(j) in BEFORE_UNITS and (unit is None or unit.kind not in _MEASURES):
            continue  # "40 more people", "20 long days"
        money = tables.units.currency_name(lexemes, start)
        if unit is not None and _is_modifier(sentence, unit):
            unit = None
        if money is not None and _is_verb(sentence, money, reading):
            money = None
        if unit is not None and money is not None and lexemes[start].text in tables.units.letters:  # "5,000 Ft"
            unit = None
        elif unit is not None and money is not None:  # "pound"
            large = reading.number.magnitude >= 1e6 and sentence.low(unit.end) != "of"
            verb = sentence.token(unit.end - 1).head
            paid = verb.lemma_.lower() in PAYING and verb.pos_ == "VERB" and sentence.low(unit.end) != "of"
            unit = None if large or paid or sentence.low(money.end - 1) == "sterling" else unit
        match = unit or money
        if match is None:
            continue
        if match.kind == "time" and start != j and sentence.low(match.start) in ("day", "night"):
            continue
        if match.row == "percent" and reading.form == "vague":
            continue
        reading.unit, reading.end = match, match.end
        reading.rules.append(match.row)
        factor = tables.words.magnitude.get(sentence.low(match.end), 0.0)
        if match.kind == "money" and factor and reading.number.magnitude == 1 and reading.low is not None:
            reading.low = reading.high = reading.low * factor  # "75 USD million"
            reading.end = match.end + 1
        after = [sentence.low(match.end + k) for k in range(3)]
        if match.kind == "time" and after[:2] == ["and", "a"] and after[2] in tables.words.half:
            reading.low = reading.high = (reading.low or 0) + 0.5
            reading.end = match.end + 3
        if match.row == "temperature" and after[0] in ("celsius", "fahrenheit", "centigrade"):
            reading.end = match.end + 1
        return


def _is_verb(sentence: Sentence, money: UnitMatch, reading: Reading) -> bool:
    """ "40 won the prize", "three real friends": a verb or an adjective, no name of money."""
    if money.end != money.start + 1 or sentence.lexemes[money.start].kind != "word":
        return False
    token = sentence.token(money.start)
    if token.pos_ not in ("VERB", "ADJ"):
        return False
    small = (reading.low or reading.high or 0) < WORDY
    return small or token.pos_ == "ADJ" or any(c.dep_ == "dobj" and c.i > token.i for c in token.children)


def _is_modifier(sentence: Sentence, unit: UnitMatch) -> bool:
    """ "Two barrel bombs", "three cup holders": a vessel that names a kind of thing, no unit."""
    word = sentence.low(unit.end - 1)
    if word not in ("barrel", "cup", "cent", "score", "stone") or unit.end >= len(sentence.lexemes):
        return False
    if unit.kind == "percent":
        return False  # "a 19 per cent pay rise"
    return not sentence.glued(unit.end - 1) and sentence.token(unit.end).pos_ == "NOUN" and not sentence.glued(unit.end)


def _names_noun(sentence: Sentence, i: int) -> bool:
    """ "Two grand pianos": a noun stands at lexeme ``i``."""
    return i < len(sentence.lexemes) and sentence.token(i).pos_ in ("NOUN", "PROPN", "ADJ")


def _sum_of_money(tables: Tables, reading: Reading, word: str) -> None:
    """ "Thirty grand": so many of the money that the article speaks of; the ruler finds out which."""
    factor = tables.words.money[word]
    reading.low, reading.high = (reading.low or 0) * factor, (reading.high or 0) * factor
    reading.number.low, reading.number.high = reading.low, reading.high
    reading.number.magnitude *= factor
    row = tables.words.rule["money", word]
    reading.unit = UnitMatch(reading.end, reading.end + 1, row, "item", "money", None)
    reading.end += 1
    reading.rules.append(row)


def _resolve_letters(sentence: Sentence, tables: Tables, number: Number) -> None:
    """ "5m people" are millions, "rose by 4.2m" are metres: without money a letter needs a counted noun behind it."""
    letters = number.letters
    if len(letters) > 1 and letters != "cr":
        return
    after = number.end
    unit = tables.units.unit(sentence.lexemes, after)
    measured = unit is not None and unit.kind in ("volume", "mass", "area", "power")  # "1.5m b/d"
    millions = measured or tables.units.currency_name(sentence.lexemes, after) is not None
    if not millions and after < len(sentence.lexemes) and sentence.lexemes[after].kind == "word":
        token = sentence.token(after)
        word = sentence.low(after)
        if word == "of":
            before = sentence.low(number.start - 1)
            millions = before != "within" and sentence.low(after + 1) in _GROUPS
        elif word not in _DIMENSIONS:
            millions = token.pos_ in ("NOUN", "PROPN", "ADJ") or token.tag_ == "VBN"
    if letters == "m" and not millions:  # "1.3 million more, a total of 5m"
        earlier = {lexeme.low for lexeme in sentence.lexemes[: number.start]}
        millions = bool(earlier & {"million", "billion"})
    millions = millions or (letters == "m" and _amounts(sentence, number))
    if letters == "k" or (letters in ("b", "cr") and millions) or (letters == "m" and millions):
        return
    number.low = number.high = number.plain
    number.magnitude, number.letters = 1.0, ""
    number.end -= 1
    if "magnitude_letters" in number.rules:
        number.rules.remove("magnitude_letters")


#: what is counted in millions and has no length, and words with which "4.1m" is a length
AMOUNTS = word_class("told_in_millions")
LENGTHS = word_class("words_of_length")


def _amounts(sentence: Sentence, number: Number) -> bool:
    """ "Sales were 4.1m", "the population reached 12m": the subject is told in millions and nothing speaks of lengths."""
    verb = sentence.token(number.start)
    for _ in range(4):
        verb = verb.head
        if verb.pos_ in ("VERB", "AUX"):
            break
    subjects = [c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass")]
    if not any(c.lemma_.lower() in AMOUNTS for c in subjects):
        return False
    return not any(lexeme.low in LENGTHS for lexeme in sentence.lexemes)


def negate(sentence: Sentence, reading: Reading, floor: int) -> None:
    """A minus before a number with a unit: "-1.3%", "minus-5 degrees", "minus 5C"."""
    i = reading.start
    if reading.unit is None or reading.form not in ("digits", "words") or reading.low is None or i <= floor:
        return
    if reading.unit.kind == "money" and i < reading.number.start and sentence.low(reading.number.start - 1) in "-−":
        reading.low = reading.high = -reading.low  # "$-50m"
        return
    sign = sentence.lexemes[i - 1]
    at = i - 1
    if sign.text in HYPHENS and sign.glued and sentence.low(i - 2) == "minus":
        at = i - 2
    elif not (sign.low == "minus" or (sign.text in "-−" and not sign.glued and sentence.lexemes[i].glued)):
        return
    if at < floor:
        return
    reading.low = reading.high = -reading.low
    reading.start = at
