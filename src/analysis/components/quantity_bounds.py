"""Words that bound or approximate a number, before or behind it: sets the bounds and comparator of a reading."""

from __future__ import annotations

from spacy.tokens import Token

from analysis.components.number_lexer import HYPHENS
from analysis.components.quantity_reading import Reading, Sentence
from analysis.components.quantity_units import Tables
from analysis.components.word_classes import word_class

#: nouns whose "over" tells what they are about
DISPUTES = word_class("disputes")
#: verbs behind which "past" tells that a number was passed
RISING = frozenset(
    {
        "climb",
        "rise",
        "soar",
        "surge",
        "jump",
        "leap",
        "creep",
        "swell",
        "grow",
        "rocket",
    }
)
#: words that behind a number are bounds, but not before a noun
LIMITS = frozenset({"minimum", "maximum", "max"})


def qualify(sentence: Sentence, tables: Tables, reading: Reading, floor: int) -> None:
    """Set bounds and comparator from the words before and behind the number."""
    if reading.form in (
        "ordinal",
        "decade",
        "url",
        "handle",
        "date",
        "time",
        "phone",
        "version",
        "zero",
        "nobody",
        "score",
    ):
        return
    start, end = reading.start, reading.end
    marks: list[tuple[str, str]] = []
    first = start
    i = start
    if sentence.low(i - 1) in ("between", "from") and reading.comparator == "range":
        first = i = i - 1
    while i > floor and len(marks) < 3:
        at = i - 1 if sentence.low(i - 1) in ("the", "a", "an") and i - 1 > floor else i
        hit = tables.units.qualifier_before(sentence.lexemes, i) or (
            tables.units.qualifier_before(sentence.lexemes, at) if at != i else None
        )
        if (
            hit is not None
            and hit[1] >= floor
            and _bounds(sentence, tables, reading, hit[1], hit[2], hit[0]["comparator"])
        ):
            topic = sentence.low(i - 1) == "the"  # "a strike over the 30,000 minimum wage"
            if at != i and (topic or (hit[2] == 1 and hit[0]["comparator"] == "~")):
                break  # "8 more than the 104 needed"
            marks.append((hit[0]["comparator"], hit[0]["id"]))
            first = i = hit[1]
            continue
        verb = sentence.token(at - 1) if at - 1 >= floor else None
        row = tables.units.verbs.get(verb.lemma_.lower()) if verb is not None and verb.pos_ == "VERB" else None
        if row is not None and verb is not None and not marks and not _crossed(sentence, verb, reading):
            denied = row["comparator"] == ">" and any(c.dep_ == "neg" for c in verb.children)
            marks.append(("<=" if denied else row["comparator"], row["id"]))  # "did not exceed 300"
        break
    after = _qualifier_after(sentence, tables, reading)
    if after is not None:
        marks.append((after[0], after[1]))
        end = max(end, after[2])
    if not marks:
        return
    bound = next((m for m in marks if m[0] != "~"), marks[0])
    reading.rules.extend(m[1] for m in marks)
    reading.modifier = (first, end)
    _apply(reading, bound[0])


def _crossed(sentence: Sentence, verb: Token, reading: Reading) -> bool:
    """ "Passed 12 laws", "passed 226 to 84": what a verb passes is no mark, unless the number stands alone."""
    if verb.lemma_ != "pass" or reading.unit is not None:
        return False
    end = reading.end
    noun = end < len(sentence.lexemes) and sentence.token(end).pos_ in ("NOUN", "PROPN", "ADJ")
    return noun or sentence.low(end) in ("to", "-", "–")


def _apply(reading: Reading, comparator: str) -> None:
    if reading.comparator == "range":
        if comparator == "<=" and reading.form == "odds":
            reading.comparator, reading.low = "<=", None
        return
    if reading.high is None and reading.low is not None:  # vague: "at least dozens", "more than hundreds"
        if comparator == ">":
            reading.comparator = ">"
        return
    reading.comparator = comparator
    if comparator in (">", ">="):
        reading.high = None
    elif comparator in ("<", "<="):
        reading.low = None


def _bounds(sentence: Sentence, tables: Tables, reading: Reading, start: int, length: int, comparator: str) -> bool:
    """True where the words at lexeme ``start`` modify the number, not a verb ("handed over") or a topic ("about")."""
    word = sentence.low(start)
    if word == "within":
        return reading.unit is not None and reading.unit.kind == "length"
    if word in ("minimum", "maximum", "max", "min") and length == 1:
        return True
    if word in ("past", "beyond") and length == 1:
        return bool(start) and sentence.token(start - 1).lemma_.lower() in RISING  # "climbed past 80"
    if word == "up" and sentence.low(start - 1) == "back":
        return False  # "climbed back up to 40 per cent" tells a way, no bound
    if length > 1 or sentence.lexemes[start].kind == "mark":
        return True
    token = sentence.token(start)
    if token.dep_ == "prt":
        return False
    if word == "estimated" and token.pos_ == "VERB" and any(c.dep_ == "nsubj" for c in token.children):
        return False  # "police estimated 30,000"
    if word == "over" and start and sentence.token(start - 1).lemma_.lower() in tables.units.outcomes["phrasal_verbs"]:
        return False
    if word == "over" and start and sentence.token(start - 1).lemma_.lower() in DISPUTES:
        return False  # "talks over a 14 percent rise", "anger over 40 job cuts"
    if word in (
        "some",
        "roughly",
        "approximately",
        "nearly",
        "almost",
        "circa",
        "virtually",
        "practically",
        "estimated",
    ):
        return True
    if token.dep_ in ("advmod", "quantmod", "amod", "nmod"):
        return True
    if word == "near":
        return reading.unit is not None
    small = reading.form == "words" and (reading.low or 0) < 20 and reading.unit is None
    return not small


def _qualifier_after(sentence: Sentence, tables: Tables, reading: Reading) -> tuple[str, str, int] | None:
    lexemes, end = sentence.lexemes, reading.end
    if end < len(lexemes) and lexemes[end].text == "+" and lexemes[end].glued:
        return ">=", "or_more", end + 1
    hyphened = end + 1 < len(lexemes) and lexemes[end].text in HYPHENS and lexemes[end].glued
    if hyphened and lexemes[end + 1].low in ("plus", "odd", "ish"):
        return (">=", "or_more", end + 2) if lexemes[end + 1].low == "plus" else ("~", "or_so", end + 2)
    for skip in range(5):
        at = end + skip
        if at >= len(lexemes) or (skip and lexemes[at - 1].kind != "word"):
            return None
        if lexemes[at].text == "," and (late := tables.units.qualifier_after(lexemes, at + 1)) is not None:
            row, stop, length = late  # "a fifth of the city, at most."
            closed = stop >= len(lexemes) or lexemes[stop].kind == "mark"
            return (row["comparator"], row["id"], at) if length > 1 and closed else None
        hit = tables.units.qualifier_after(lexemes, at)
        if hit is None:
            continue
        row, stop, length = hit
        if length == 1 and (skip or sentence.low(at) not in ("plus", "odd", "max", "tops", "maximum", "minimum")):
            continue
        if sentence.low(at) in LIMITS and stop < len(lexemes) and sentence.token(stop).pos_ == "NOUN":
            return None  # "the 30,000 minimum wage"
        if sentence.low(at) == "plus" and stop < len(lexemes) and lexemes[stop].kind != "mark":
            return None  # "20 plus a bonus"; the bound needs a hyphen, or an end
        following = lexemes[stop] if stop < len(lexemes) else None
        if following is not None and following.low in ("than", "as", "of"):
            share = following.low == "of" and sentence.low(at) == "or"  # "a third or more of the homes"
            return (row["comparator"], row["id"], stop) if share else None
        if following is not None and (following.kind in ("number", "currency") or tables.words.read(lexemes, stop)):
            return None
        if sentence.low(at) == "at" and not (following is None or following.kind == "mark" or skip == 0):
            return None
        return row["comparator"], row["id"], stop
    return None
