"""Reads the quantities of one sentence: numbers with their units, ranges, and the words that bound or approximate them.

Pure functions over lexemes and the parsed sentence; what the numbers are (count, date, age, ...) is decided in
``number_kinds``, what they count in ``counted_nouns``.
"""

from __future__ import annotations

from analysis.components.number_lexer import DASHES, HYPHENS, Lexeme
from analysis.components.number_words import Number
from analysis.components.quantity_bounds import qualify
from analysis.components.quantity_reading import Reading, Sentence
from analysis.components.quantity_units import Tables

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
#: words that add a second, higher number to a first
PERHAPS = frozenset(["maybe", "perhaps", "possibly"])
_MEASURES = frozenset(("length", "area", "mass", "volume"))


def read_quantities(sentence: Sentence, tables: Tables) -> list[Reading]:
    """All numbers of the sentence in order, as readings that do not overlap."""
    found: list[Reading] = []
    i = 0
    lexemes = sentence.lexemes
    floor = 0  # first lexeme that no earlier reading has taken
    while i < len(lexemes):
        reading = _quantity(sentence, tables, i, floor)
        if reading is None:
            i += 1
            continue
        _negate(sentence, reading, floor)
        reading = _range(sentence, tables, reading)
        qualify(sentence, tables, reading, floor)
        found.append(reading)
        i = floor = max(reading.end, i + 1)
    return found


def _quantity(sentence: Sentence, tables: Tables, i: int, floor: int) -> Reading | None:
    """The number that starts at lexeme ``i``, with its unit or currency."""
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
    if number.form == "digits" and number.letters and currency is None:
        _resolve_letters(sentence, tables, number)
    if number.form == "digits" and currency is None:
        share = tables.words.in_every(lexemes, number)
        if share is not None and not _counts_time(tables, lexemes, share.end):
            number = share
    if number.form == "share" and "in_every" in number.rules and _counts_time(tables, lexemes, number.end):
        plain = tables.words._words(lexemes, i) if lexeme.kind == "word" else tables.words._digits(lexemes, i)
        number = plain
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
    if reading.form in ("share", "article_share"):
        # "half a mile" is a length; "half of the miles" a share
        at = j + 1 if sentence.low(j) == "of" else j  # "a quarter of a percentage point"
        if sentence.low(at) in ("a", "an"):
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
    for start in starts:
        unit = tables.units.unit(lexemes, start)
        money = tables.units.currency_name(lexemes, start)
        if unit is not None and money is not None:  # "pound"
            large = reading.number.magnitude >= 1e6 and sentence.low(unit.end) != "of"
            unit = None if large or sentence.low(money.end - 1) == "sterling" else unit
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


def _resolve_letters(sentence: Sentence, tables: Tables, number: Number) -> None:
    """ "5m people" are millions, "rose by 4.2m" are metres: without money a letter needs a counted noun behind it."""
    letters = number.letters
    if len(letters) > 1 and letters != "cr":
        return
    after = number.end
    millions = tables.units.currency_name(sentence.lexemes, after) is not None
    if not millions and after < len(sentence.lexemes) and sentence.lexemes[after].kind == "word":
        token = sentence.token(after)
        word = sentence.low(after)
        if word == "of":
            before = sentence.low(number.start - 1)
            millions = before != "within" and sentence.low(after + 1) in _GROUPS
        elif word not in _DIMENSIONS:
            millions = token.pos_ in ("NOUN", "PROPN", "ADJ") or token.tag_ == "VBN"
    if letters == "k" or (letters in ("b", "cr") and millions) or (letters == "m" and millions):
        return
    number.low = number.high = number.plain
    number.magnitude, number.letters = 1.0, ""
    number.end -= 1
    if "magnitude_letters" in number.rules:
        number.rules.remove("magnitude_letters")


# -- ranges ----------------------------------------------------------------------------------------------------------


def _negate(sentence: Sentence, reading: Reading, floor: int) -> None:
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


def _range(sentence: Sentence, tables: Tables, first: Reading) -> Reading:
    """``first`` joined with a second number ("A to B", "between A and B", "A-B", "A or B"), or ``first`` itself."""
    lexemes, j = sentence.lexemes, first.end
    if first.form not in ("digits", "words", "share", "article_share") or j >= len(lexemes):
        return first
    word = lexemes[j].low
    dash = lexemes[j].text in DASHES and j + 1 < len(lexemes)
    if dash and (lexemes[j].text == "—" or (lexemes[j].glued != lexemes[j + 1].glued)):
        return first
    spaced = dash and lexemes[j].text in HYPHENS and not lexemes[j].glued
    previous = sentence.low(first.start - 1)
    between = previous == "between"
    perhaps = sentence.low(j) == "," and sentence.low(j + 1) in PERHAPS  # "forty, maybe fifty"
    if not (dash or perhaps or word in ("to", "or") or (word == "and" and between)):
        return first
    k = j + 1 + perhaps
    if word == "to" and sentence.low(k) == "as" and sentence.low(k + 1) in ("many", "much"):
        return first
    if k < len(lexemes) and (lexemes[k].kind == "currency" or lexemes[k].text in tables.units.symbols):
        k += 1
    if k >= len(lexemes):
        return first
    second = _quantity(sentence, tables, k, j + 1)
    if second is None or second.form not in ("digits", "words", "share", "article_share"):
        return first
    change = previous == "from" and word == "to"
    if change and second.unit is None and second.number.magnitude == 1:
        second = _range(sentence, tables, second)  # "from 24 to 33-35 billion"
    joined = (
        None
        if change and second.comparator == "range"
        else _join(sentence, tables, first, second, "dash" if dash else "maybe" if perhaps else word)
    )
    if joined is None:
        if change and first.unit is None and first.form == second.form and (first.low or 0) < 1000:
            _share_unit(first, second)
        return first
    if spaced and joined.unit is None and first.form == "digits" and joined.form not in ("score",):
        return first
    if word in ("to", "or") and not between and _is_change(sentence, tables, first, second, previous, word):
        if first.unit is None and first.form == second.form and second.unit is not None:
            _share_unit(first, second)
        return first
    return joined


def _share_unit(first: Reading, second: Reading) -> None:
    """ "From 24 to 33 billion euros", "from 4.8 to 4.7 percent": unit and magnitude stand only once."""
    last = second.last or second.number
    if second.unit is not None:
        first.unit = second.unit
        first.rules = list(dict.fromkeys([*first.rules, second.unit.row]))
    if last.magnitude > 1 and first.number.magnitude == 1 and first.low is not None:
        first.low = first.high = first.low * last.magnitude


def _join(sentence: Sentence, tables: Tables, first: Reading, second: Reading, link: str) -> Reading | None:
    one, two = first.number, second.number
    low, high = first.low, second.high
    if low is None or high is None:
        return None
    if first.unit is not None and second.unit is not None and first.unit.code != second.unit.code:
        return None
    if (first.form in ("share", "article_share")) != (second.form in ("share", "article_share")):
        return None
    if first.unit is not None and second.unit is None and first.unit.kind != "money" and link != "maybe":
        return None
    if link == "maybe" and (second.unit is not None and first.unit is None and second.unit.kind == "time"):
        return None
    spread = (
        two.magnitude > 1
        and one.magnitude == 1
        and one.form in ("digits", "words")
        and one.low < two.low / two.magnitude
    )
    if spread and not (one.low >= 1000 and "," in sentence.lexemes[one.start].text):
        low *= two.magnitude
    rules = list(dict.fromkeys([*first.rules, *second.rules]))
    unit = second.unit or first.unit
    if low >= high:
        if link == "to" and second.low == 1 and low > 1 and unit is None and one.magnitude == 1:
            return Reading(first.start, second.end, first.low, first.high, "=", "odds", one, None, two, rules=rules)
        if link == "dash" and unit is None and low < 100 and one.form == two.form == "digits":
            return Reading(first.start, second.end, low, high, "=", "score", one, None, two, rules=rules)
        if link == "dash" and one.form == two.form == "digits" and unit is None and 1900 <= low < 2100:
            return Reading(first.start, second.end, low, high, "range", "years", one, None, two, rules=rules)
        return None
    if link == "or" and (unit is not None and first.unit is not None and unit.kind == "money"):
        return None
    if first.form in ("share", "article_share") and link == "dash":
        return None
    return Reading(first.start, second.end, low, high, "range", first.form, one, unit, two, rules=rules)


def _is_change(sentence: Sentence, tables: Tables, first: Reading, second: Reading, previous: str, link: str) -> bool:
    """ "Rose from 3 to 5": two figures. "Ranges from 3 to 5", "3 to 5 were hurt": one range."""
    if link == "or":
        return False
    outcomes = tables.units.outcomes
    token = sentence.token(first.number.start)
    if previous in ("from", "to", "by"):
        if previous == "to":
            return False
        start = first.start - 2
        nearby = {sentence.low(start), sentence.low(start - 1)}
        if nearby & outcomes["range_nouns"]:
            return False
        if previous == "from" and nearby & outcomes["change_verbs"]:
            return True
    steps = 0
    own_unit = first.unit is not None and second.unit is not None
    while steps < 8:
        lemma = token.lemma_.lower()
        if lemma in outcomes["range_nouns"]:
            return False
        if token.pos_ in ("VERB", "NOUN") and lemma in outcomes["change_verbs"] and steps:
            implied = second.number.magnitude > 1 and first.number.magnitude == 1
            return previous == "from" or (own_unit and not implied)
        if token.pos_ == "VERB" and steps:
            break
        if token.head is token:
            break
        token = token.head
        steps += 1
    return False
