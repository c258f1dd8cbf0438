"""What sort of number a reading is: a count, a share, money, a measure, or a date, an age, a designation, ...

The order of the questions matters: the shape of the number first, then its unit, then the words around it.
"""

from __future__ import annotations

import re

from analysis.components.number_dates import ContextWords, aged, beside_month, counts_plural, dated
from analysis.components.number_lexer import HYPHENS
from analysis.components.number_names import dialled, named
from analysis.components.quantity_reading import Reading, Sentence
from analysis.components.quantity_units import Tables

SHAPES = {"url": "url", "handle": "handle", "date": "date", "time": "time", "phone": "phone", "version": "designation"}
SHAPE_RULES = {
    "url": "url",
    "handle": "handle",
    "date": "date_numeric",
    "time": "time_clock",
    "phone": "phone",
    "version": "version",
}
#: two years with a stroke
_YEARS = re.compile(r"(?:19|20)\d\d/(?:\d\d|(?:19|20)\d\d)")
#: words that join phone numbers
JOINING = frozenset(["and", "or", ",", "/", "on", "to"])
_AS_SHARE = frozenset(
    [
        "the",
        "as",
        "more",
        "less",
        "fewer",
        "larger",
        "smaller",
        "higher",
        "lower",
        "bigger",
        "its",
        "their",
        "his",
        "of",
    ]
)


def kind_of(sentence: Sentence, tables: Tables, words: ContextWords, reading: Reading) -> tuple[str, str]:
    """Kind of the reading and the codebook row that told it (empty where the number itself tells)."""
    form = reading.form
    if form in SHAPES:
        return SHAPES[form], SHAPE_RULES[form]
    if form == "years" or (form == "digits" and _YEARS.fullmatch(sentence.lexemes[reading.number.start].text)):
        return "date", "date_year"
    if form == "score":
        return "score", "score"
    if form in ("ordinal", "decade", "zero", "nobody", "multiple", "fraction_word", "collective_word", "article_share"):
        return _special(sentence, tables, words, reading)
    shaped = _grown(sentence, tables, words, reading)
    if shaped is not None:
        return shaped
    unit = reading.unit
    if unit is not None and unit.kind == "money":
        return "money", ""
    if unit is not None and unit.kind == "percent":
        return "percent", ""
    if unit is not None and unit.kind == "time":
        return _time_span(sentence, words, reading)
    if unit is not None:
        return _measure(sentence, words, reading)
    if form == "share":
        return _share(sentence, words, reading)
    if form == "vague":
        if sentence.lexemes[reading.start].low == "scores" and not _scores_count(sentence, tables, reading):
            return "score", "score_noun"
        return "magnitude", ""
    if form == "odds":
        return "ratio", ""
    if form == "bare":
        return _bare(sentence, reading)
    found = (
        dialled(sentence, words, reading)
        or dated(sentence, tables, words, reading)
        or aged(sentence, tables, words, reading)
        or named(sentence, words, reading)
    )
    if found is not None:
        return found
    return "cardinal", ""


def _special(sentence: Sentence, tables: Tables, words: ContextWords, reading: Reading) -> tuple[str, str]:
    form, start, end = reading.form, reading.start, reading.end
    if form == "ordinal":
        return ("date", "date_month") if beside_month(sentence, words, reading) else ("ordinal", "ordinal")
    if form == "decade":
        value = reading.low or 0
        if value >= 1000:
            return "date", "date_decade"
        if value < 10:
            return "designation", "designation_letters"  # "14 Leopard 2s"
        grown = _grown_left(sentence, start)
        if grown and grown not in ("mid", "early", "late", "under", "over"):
            return "designation", "designation_letters"
        if grown in ("under", "over") or sentence.low(end + 1) in words["age_old"]:
            return "age", "age_old"
        at = start - 2 if grown else start  # "his mid-40s"
        if {sentence.low(at - 1), sentence.low(at - 2)} & words["age_decade"]:
            return "age", "age_decade"
        return "date", "date_decade"
    if form in ("zero", "nobody"):
        return form, ""
    if form == "multiple":
        return "multiple", "multiple"
    if form == "collective_word" and sentence.low(start) == "dozen" and counts_plural(sentence, reading):
        return "cardinal", ""  # "40 dead and dozen others hurt"
    if form == "collective_word":
        return "not_a_measure", "not_a_number"
    if form == "fraction_word":
        return "date", "quarter_of_year"
    # "a third", "a fifth": a share or the next in a row
    before, after = sentence.low(start - 1), sentence.low(end)
    if (
        sentence.low(end - 1) == "quarter"
        and after == "of"
        and sentence.lexemes[min(end + 1, len(sentence.lexemes) - 1)].kind == "number"
    ):
        return "date", "quarter_of_year"
    if after == "of" and sentence.low(end + 1) in ("a", "an", "the") and _is_time(sentence, tables, end + 2):
        return "duration", "duration_half"
    if after != "of" and reading.modifier is None and _next_in_row(sentence, tables, reading):
        return "ordinal", "not_a_number"
    if reading.modifier is not None or after in _AS_SHARE or before in ("by", "to", "than", "only", "just", "lost"):
        return "fraction", ""
    if end >= len(sentence.lexemes) or sentence.lexemes[end].kind != "word":
        return ("fraction", "") if sentence.low(end - 1) == "quarter" else ("ordinal", "not_a_number")
    token = sentence.token(end)
    if token.pos_ in ("NOUN", "PROPN", "ADJ", "NUM"):
        return "ordinal", "not_a_number"
    return "fraction", ""


def _is_time(sentence: Sentence, tables: Tables, i: int) -> bool:
    unit = tables.units.unit(sentence.lexemes, i)
    return unit is not None and unit.kind == "time"


def _next_in_row(sentence: Sentence, tables: Tables, reading: Reading) -> bool:
    """ "Two were held and a third is sought": the number below it stands before."""
    rank = tables.words.fraction.get(sentence.low(reading.end - 1), 0.0)
    words = tables.words
    for lexeme in sentence.lexemes[: reading.start]:
        value = words.cardinal.get(lexeme.low, -1.0) if lexeme.kind == "word" else -1.0
        if lexeme.text.isdigit():
            value = float(lexeme.text)
        if value == rank - 1 and rank > 2:
            return True
    return False


def _grown_left(sentence: Sentence, i: int) -> str:
    """Letters grown to the left of lexeme ``i``, directly or by a hyphen; empty where there are none."""
    if i < 1 or not sentence.glued(i):
        return ""
    before = sentence.lexemes[i - 1]
    if before.kind == "word":
        return before.low
    if before.text in HYPHENS and before.glued and i >= 2 and sentence.lexemes[i - 2].kind in ("word", "number"):
        return sentence.lexemes[i - 2].low
    if before.text == "." and before.glued and i >= 2 and sentence.lexemes[i - 2].text.isupper():
        return sentence.lexemes[i - 2].low  # "ID.3"
    return ""


def _grown(sentence: Sentence, tables: Tables, words: ContextWords, reading: Reading) -> tuple[str, str] | None:
    """Numbers grown together with letters: "F-16", "5G", "COVID-19", "12-year-old", "14-storey"."""
    if reading.start != reading.number.start:
        return None  # a currency stands before it
    left = _grown_left(sentence, reading.start)
    if reading.form == "share" and reading.number.rules == ["half"] and reading.unit is None:
        joined = (
            sentence.low(reading.end) in HYPHENS and sentence.glued(reading.end) and sentence.glued(reading.end + 1)
        )
        if joined and sentence.low(reading.end):
            return "not_a_measure", "idiom"
    if left and reading.form in ("digits", "words", "bare"):
        if left in ("mid", "early", "late", "pre", "post") and 1000 <= (reading.low or reading.high or 0) <= 2100:
            return "date", "date_year"
        if reading.form == "digits" and left in ("under", "over"):
            return "age", "age_over"
        if reading.unit is not None and reading.unit.kind == "percent" and left.isdigit():
            return None  # "54-46 per cent"
        if left == "magnitude" or (left in ("now", "then") and reading.unit is not None):
            return None  # "his now-18-month-old son"
        if left in ("top",) or reading.form == "digits":
            return "designation", "designation_letters"
        return "not_a_measure", "not_a_number"
    if reading.unit is not None:
        return None
    end = reading.end
    if end < len(sentence.lexemes) and reading.form == "digits" and sentence.glued(end):
        if sentence.low(end) in words["time_hour"]:
            return "time", "time_hour"
        if sentence.lexemes[end].kind == "word":
            return "designation", "designation_letters"
    hyphen = end + 1 < len(sentence.lexemes) and sentence.lexemes[end].text in HYPHENS and sentence.glued(end)
    if hyphen and sentence.low(end + 1) in ("and", "or", "to"):  # "two- and three-storey houses"
        kind = next((sentence.low(k + 1) for k in (end + 3, end + 4) if sentence.low(k) in HYPHENS), "")
        return ("designation", "designation_storey") if kind in words["designation_storey"] else None
    if hyphen and sentence.glued(end + 1):
        word = sentence.low(end + 1)
        if word in words["designation_storey"] and not (word == "point" and reading.form == "digits"):
            return "designation", "designation_storey"
        if sentence.lexemes[end + 1].kind == "word" and word not in (
            "strong",
            "plus",
            "odd",
            "ish",
            "member",
            "person",
        ):
            token = sentence.token(end + 1)
            if reading.form in ("words", "share") and token.pos_ not in ("NOUN", "PROPN"):
                return "not_a_measure", "idiom"
            if reading.form == "digits" and sentence.lexemes[end + 1].text.isupper():
                return "designation", "designation_letters"
    return None


def _time_span(sentence: Sentence, words: ContextWords, reading: Reading) -> tuple[str, str]:
    end = reading.end
    lexemes = sentence.lexemes
    text = lexemes[reading.number.start].text
    if len(text) == 4 and text.isdigit() and 1900 <= int(text) < 2100 and not sentence.low(end - 1).endswith("s"):
        return "date", "date_year"  # "the 2019 season"
    at = end + 1 if end < len(lexemes) and lexemes[end].text in HYPHENS and lexemes[end].glued else end
    if sentence.low(at) in words["age_old"] or (sentence.low(at) == "of" and sentence.low(at + 1) == "age"):
        return "age", "age_old"
    if sentence.low(reading.start - 1) in words["age_aged"]:
        return "age", "age_aged"
    return "duration", "duration_half" if reading.rules[:1] == ["half"] else "duration"


def _measure(sentence: Sentence, words: ContextWords, reading: Reading) -> tuple[str, str]:
    unit = reading.unit
    if unit is None:
        return "measure", ""
    if unit.kind == "voltage":
        return "designation", "designation_voltage"
    if unit.row in ("small_length", "small_mass", "metre", "kilometre"):
        at = reading.end
        while at < len(sentence.lexemes) and sentence.lexemes[at].text in HYPHENS:
            at += 1
        if sentence.low(at) in ("calibre", "caliber"):
            return "designation", "designation_calibre"
        singular_unit = not sentence.low(unit.end - 1).endswith("s") or len(sentence.low(unit.end - 1)) < 4
        if unit.row in ("small_length", "small_mass") and singular_unit:
            for step in range(6):
                word = sentence.low(at + step)
                if word and sentence.lexemes[at + step].kind == "mark" and word not in HYPHENS:
                    break
                if word in words["designation_calibre"] or (
                    word.endswith("s") and word[:-1] in words["designation_calibre"]
                ):
                    return "designation", "designation_calibre"
    return "measure", ""


def _share(sentence: Sentence, words: ContextWords, reading: Reading) -> tuple[str, str]:
    if reading.number.rules == ["half"] or reading.rules[:1] == ["half"]:
        before, after = sentence.low(reading.start - 1), sentence.low(reading.end)
        if before in words["quarter_of_year"] or _grown_left(sentence, reading.start) in words["quarter_of_year"]:
            return "date", "quarter_of_year"
        if before in words["half_of_a_whole"] or _grown_left(sentence, reading.start) in words["half_of_a_whole"]:
            return "not_a_measure", "half_of_a_whole"  # "the northern half of the island"
        if after == "past":
            return "time", "time_half"
        if before == "and" and sentence.low(reading.start) in ("a", "an"):
            return "duration", "duration_half"
        if before == "in" and after in ("", ".", ",", "by", "since", "to"):
            return "fraction", ""
        token = sentence.token(reading.start)
        if (
            (
                token.dep_ in ("advmod", "npadvmod")
                and token.head.pos_ in ("ADJ", "VERB", "ADV")
                and token.head.i > token.i
            )
            and reading.modifier is None
            and after not in ("of", "the", "its", "their", "as")
        ):
            return "not_a_measure", "idiom"
    return "fraction", ""


def _scores_count(sentence: Sentence, tables: Tables, reading: Reading) -> bool:
    token = sentence.token(reading.start)
    if token.dep_ in ("dobj", "nsubjpass") and token.head.lemma_.lower() in tables.units.outcomes["harm_verbs"]:
        return True  # "air strike kills scores"
    after = sentence.low(reading.end)
    if sentence.low(reading.start - 1) in (
        "the",
        "test",
        "match",
        "his",
        "her",
        "their",
        "their",
        "final",
        "he",
        "she",
        "who",
    ):
        return False
    return after in ("of", "more") or (
        token.pos_ != "VERB" and after in ("were", "are", "have", "had", "injured", "wounded", "dead", "killed", "hurt")
    )


def _bare(sentence: Sentence, reading: Reading) -> tuple[str, str]:
    before = sentence.low(reading.start - 1)
    if counts_plural(sentence, reading) and before in (
        "the",
        "its",
        "their",
        "every",
        "these",
        "those",
        "last",
        "past",
    ):
        return "cardinal", ""
    return "not_a_measure", "not_a_number"


def follows(before: str, kind: str, between: str) -> bool:
    """True where a bare number goes on a list of the kind before it: "Pages 6 and 7", "the age from 25 to 18"."""
    return before == kind and between.strip().lower() in ("and", "or", "to", ",", "-", "–", "/", "&", ", and")


def another_phone(mention_digits: str, between: str) -> bool:
    """True for a number that stands beside a phone number: "1070 (State) or 1077 (District)"."""
    words = [w for w in between.lower().replace(",", " , ").split() if not w.startswith("(")]
    return mention_digits.isdigit() and 2 < len(mention_digits) < 12 and 0 < len(words) <= 3 and words[-1] in JOINING
