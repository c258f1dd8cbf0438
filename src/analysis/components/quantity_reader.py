"""Reads the quantities of one sentence: numbers with their units, ranges, and the words that bound or approximate them.

Pure functions over lexemes and the parsed sentence; what the numbers are (count, date, age, ...) is decided in
``number_kinds``, what they count in ``counted_nouns``.
"""

from __future__ import annotations

import re

from analysis.components.number_lexer import DASHES, HYPHENS
from analysis.components.quantity_bounds import qualify
from analysis.components.quantity_reading import Reading, Sentence
from analysis.components.quantity_single import negate, quantity_at
from analysis.components.quantity_units import Tables

#: words that add a second, higher number to a first
PERHAPS = frozenset(["maybe", "perhaps", "possibly"])


def read_quantities(sentence: Sentence, tables: Tables) -> list[Reading]:
    """All numbers of the sentence in order, as readings that do not overlap."""
    found: list[Reading] = []
    i = 0
    lexemes = sentence.lexemes
    floor = 0  # first lexeme that no earlier reading has taken
    while i < len(lexemes):
        reading = quantity_at(sentence, tables, i, floor)
        if reading is None:
            i += 1
            continue
        negate(sentence, reading, floor)
        if reading.unit is None and found:
            _take_unit(sentence, found[-1], reading)
        reading = _range(sentence, tables, reading)
        qualify(sentence, tables, reading, floor)
        found.append(reading)
        i = floor = max(reading.end, i + 1)
    _played(sentence, found)
    return found


#: words before the score of a match
WON = frozenset(("win", "won", "wins", "winning", "lose", "lost", "loses", "losing", "beat", "beating", "beaten"))
#: how many times the first number the second is, where "by 12 to 340" is no range
GROWTH = 4.0
#: a number that may be a year, and the last that is one
YEAR = re.compile(r"(?:19|20)\d\d")
LAST_YEAR = 2199.0
#: the highest score of a match that may look like a range, and that of a set, which needs no other score beside it
HIGHEST = 60
HIGHEST_OF_SET = 7


def _played(sentence: Sentence, found: list[Reading]) -> None:
    """ "Won 6-7, 7-6, 7-6", "after losing 3-6": what looks like a range is the score of a match where others are told."""
    told = any(r.form == "score" for r in found)
    for reading in found:
        if reading.comparator != "range" or reading.form != "digits" or reading.unit is not None:
            continue
        if sentence.low(reading.number.end) not in DASHES or (reading.high or 0) > HIGHEST:
            continue
        at, before = reading.end, sentence.low(reading.start - 1)
        plain = at >= len(sentence.lexemes) or sentence.lexemes[at].kind != "word" or sentence.token(at).pos_ in PLAYED
        if plain and (told or (before in WON and (reading.high or 0) <= HIGHEST_OF_SET)):
            reading.form, reading.comparator = "score", "="


#: what stands behind a score: no noun that is counted
PLAYED = frozenset(("ADP", "SCONJ", "CCONJ", "VERB", "AUX", "ADV", "PRON", "NUM", "DET"))


def _take_unit(sentence: Sentence, before: Reading, reading: Reading) -> None:
    """ "From 14 km to 24 last year", "from 5 million euros to 7 million": the unit stands only at the first number."""
    first = before.modifier[0] if before.modifier else before.start
    if before.unit is None or reading.form not in ("digits", "words") or before.end + 1 != reading.start:
        return
    opened = [sentence.low(first - k) for k in range(3)]
    if sentence.low(before.end) != "to" or "from" not in (opened if "between" in opened else opened[:2]):
        return
    if before.number.magnitude > 1 and reading.number.magnitude == 1:
        return
    if reading.end < len(sentence.lexemes) and sentence.lexemes[reading.end].kind == "word":
        following = sentence.token(reading.end)
        if following.pos_ in ("NOUN", "PROPN", "ADJ", "NUM", "VERB") and following.ent_type_ not in ("DATE", "TIME"):
            return  # "from 14 km to 24 villages"
    reading.unit = before.unit
    reading.rules = list(dict.fromkeys([*reading.rules, before.unit.row]))


def _range(sentence: Sentence, tables: Tables, first: Reading) -> Reading:
    """``first`` joined with a second number ("A to B", "between A and B", "A-B", "A or B"), or ``first`` itself."""
    lexemes, j = sentence.lexemes, first.end
    if j >= len(lexemes) or (first.form == "vague" and lexemes[j].low != "to"):
        if j < len(lexemes) and lexemes[j].low == "or" and first.unit is None and j + 1 < len(lexemes):
            second = quantity_at(sentence, tables, j + 1, j + 1)
            if second is not None and second.form == "vague" and second.unit is not None:
                first.unit = second.unit  # "hundreds or thousands of dollars"
                first.rules = list(dict.fromkeys([*first.rules, second.unit.row]))
        return first
    if first.form not in ("digits", "words", "share", "article_share", "vague"):
        return first
    word = lexemes[j].low
    suspended = lexemes[j].text in HYPHENS and lexemes[j].glued and sentence.low(j + 1) in ("to", "or", "and")
    if suspended:  # "a 7- or 8-inch screen"
        j += 1
        word = lexemes[j].low
    dash = lexemes[j].text in DASHES and j + 1 < len(lexemes)
    if dash and (lexemes[j].text == "—" or (lexemes[j].glued != lexemes[j + 1].glued)):
        return first
    spaced = dash and lexemes[j].text in HYPHENS and not lexemes[j].glued
    previous = sentence.low(first.start - 1)
    between = "between" in (previous, sentence.low(first.start - 2) if previous in ("-", "−") else "")
    perhaps = sentence.low(j) == "," and sentence.low(j + 1) in PERHAPS  # "forty, maybe fifty"
    if word == "," and first.unit is None and first.form == "digits":
        _share_time(sentence, tables, first, j + 1)
    if word == "and" and not between and not suspended:
        _share_forward(sentence, tables, first, j + 1)
        return first
    if not (dash or perhaps or word in ("to", "or") or (word == "and" and (between or suspended))):
        return first
    if word == "or" and any(x.low == "respectively" for x in lexemes[j:]):
        return first  # "25 or 40 cheaper than the two others respectively"
    k = j + 1 + perhaps
    below = _below_zero(sentence, first, k)
    k += below
    if word == "to" and k < len(lexemes) and lexemes[k].text in HYPHENS and lexemes[k].glued:
        k += 1  # "200 to-260"
    if word == "to" and sentence.low(k) == "as" and sentence.low(k + 1) in ("many", "much"):
        return first
    if k < len(lexemes) and (
        lexemes[k].kind == "currency"
        or lexemes[k].text in tables.units.symbols
        or lexemes[k].text in tables.units.letters
    ):
        k += 1
    if k >= len(lexemes):
        return first
    second = quantity_at(sentence, tables, k, j + 1, money=first.unit is not None and first.unit.kind == "money")
    if second is None or second.form not in ("digits", "words", "share", "article_share"):
        return first
    if below:
        return _frost(first, second)
    if suspended and word != "to":
        if first.unit is None and second.unit is not None:
            _share_unit(first, second)
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
        alike = first.form == second.form and (first.low or 0) < 1000
        if change and first.unit is None and (alike or (second.unit is not None and first.form in ("digits", "words"))):
            _share_unit(first, second)
        elif dash and first.unit is None and second.unit is not None and second.unit.kind == "percent":
            _share_unit(first, second)  # "won by 54-46 per cent"
        return first
    if spaced and joined.unit is None and first.form == "digits" and joined.form not in ("score",):
        return first
    if word in ("to", "or") and not between and _is_change(sentence, tables, first, second, previous, word):
        if first.unit is None and second.unit is not None and first.form in ("digits", "words"):
            _share_unit(first, second)
        return first
    return joined


def _share_time(sentence: Sentence, tables: Tables, first: Reading, k: int) -> None:
    """ "As confident as 15, 20 years ago": a span of time whose unit stands only at the number behind the comma.

    The numbers rise, and the first is nothing that a verb acts on: "the crash killed 10, 15 years ago" tells a count.
    """
    if k >= len(sentence.lexemes) or sentence.lexemes[k].kind != "number":
        return
    second = quantity_at(sentence, tables, k, k)
    if second is None or second.unit is None or second.unit.kind != "time":
        return
    rises = (first.low or 0) < min(second.low or 0, 100)
    if rises and sentence.token(first.start).dep_ not in ("dobj", "nsubj", "nsubjpass"):
        first.unit = second.unit
        first.rules = list(dict.fromkeys([*first.rules, second.unit.row]))


def _share_forward(sentence: Sentence, tables: Tables, first: Reading, k: int) -> None:
    """ "Above three and even four per cent": a share whose unit stands only at the number behind "and"."""
    k += sentence.low(k) in ("even", "then", "later", "perhaps", "possibly", "maybe")
    if first.unit is not None or first.form not in ("digits", "words") or k >= len(sentence.lexemes):
        return
    if sentence.token(k) not in sentence.token(first.start).conjuncts:
        return  # "in 2018 and 100 per cent in 2020"
    second = quantity_at(sentence, tables, k, k)
    if second is not None and second.unit is not None and second.unit.kind == "percent":
        first.unit = second.unit
        first.rules = list(dict.fromkeys([*first.rules, second.unit.row]))


def _below_zero(sentence: Sentence, first: Reading, k: int) -> bool:
    """True for the minus at lexeme ``k`` of "between -16 and -23 degrees"."""
    lexemes = sentence.lexemes
    if first.unit is not None or k + 1 >= len(lexemes) or not (lexemes[k].text in "-−" and lexemes[k + 1].glued):
        return False
    i = first.start - 1
    return i > 0 and lexemes[i].text in "-−" and not lexemes[i].glued and lexemes[first.start].glued


def _frost(first: Reading, second: Reading) -> Reading:
    """Both ends of a range below zero."""
    low, high = sorted((-(first.low or 0.0), -(second.low or 0.0)))
    rules = list(dict.fromkeys([*first.rules, *second.rules]))
    one, two = first.number, second.number
    return Reading(first.start - 1, second.end, low, high, "range", first.form, one, second.unit, two, rules=rules)


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
    text = sentence.lexemes[one.start].text
    if link == "to" and YEAR.fullmatch(text) and one.magnitude == 1 and first.unit is None and high > LAST_YEAR:
        return None  # "push arrivals for 2015 to 200,000"
    if first.form == "vague" and (first.unit is not None or second.form not in ("digits", "words") or high <= low):
        return None  # "several hundred to a thousand"
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
    if (
        one.form == two.form == "words"
        and one.low < 10
        and two.low < 1000
        and two.magnitude == 1
        and two.low % 100 == 0
    ):
        low *= 100  # "two or three hundred"
    if spread and not (one.low >= 1000 and "," in sentence.lexemes[one.start].text):
        low *= two.magnitude
    rules = list(dict.fromkeys([*first.rules, *second.rules]))
    unit = second.unit or first.unit
    if low >= high:
        if link == "to" and second.low == 1 and low > 1 and unit is None and one.magnitude == 1:
            return Reading(first.start, second.end, first.low, first.high, "=", "odds", one, None, two, rules=rules)
        if link == "dash" and unit is None and low < 1000 and one.form == two.form == "digits":
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
        grows = previous == "by" and second.unit is None and (second.low or 0) >= GROWTH * (first.low or 1)
        if previous == "from" and nearby & outcomes["change_verbs"]:
            return True
        if grows and start >= 0 and sentence.token(start).lemma_.lower() in outcomes["change_verbs"]:
            return True  # "rose by 12 to 340"
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
