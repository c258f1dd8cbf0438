"""Numbers that are dates, years, clock times or ages, by the words beside them."""

from __future__ import annotations

import re

from spacy.tokens import Token

from analysis.components.counted_nouns import head_of, unit_of
from analysis.components.listed_counts import listed
from analysis.components.quantity_reading import Reading, Sentence
from analysis.components.quantity_units import Tables

#: several of a model
_MODELS = re.compile(r"\d+s$")
#: several of what short letters name ("SLRs", "MPs"), whatever the tagger makes of it
_PLURAL = re.compile(r"[A-Z]{2,}s")


class ContextWords:
    """Words of ``left_out.csv`` by row, as sets and phrases."""

    def __init__(self, tables_rows: dict[str, tuple[str, ...]]) -> None:
        self.rows = {row: frozenset(words) for row, words in tables_rows.items()}

    def __getitem__(self, row: str) -> frozenset[str]:
        return self.rows[row]


def counts_plural(sentence: Sentence, reading: Reading) -> bool:
    """True where a plural noun that the number counts stands right behind it."""
    if reading.end >= len(sentence.lexemes):
        return False
    token = sentence.token(reading.end)
    for _ in range(4):
        if token.tag_ in ("NNS", "NNPS") or _PLURAL.fullmatch(token.text):
            return True
        if _MODELS.search(token.text):  # "14 Leopard 2s"
            return True
        if token.pos_ not in ("ADJ", "NOUN", "PROPN") or token.i + 1 >= len(token.doc):
            return token.lower_ in ("people", "others", "dead", "wounded", "injured", "missing", "troops", "police")
        if token.lower_ in ("people", "dead", "wounded", "missing", "homeless"):
            return True
        token = token.nbor()
    return False


def beside_month(sentence: Sentence, words: ContextWords, reading: Reading) -> bool:
    months = words["date_month"]
    start, end = reading.start, reading.end
    at = start - 2 if sentence.low(start - 1) in (".", "the", ",") else start - 1
    if at >= 0 and _is_month(sentence, at, months):
        return True
    at = end + 1 if sentence.low(end) in ("of", "-", "–") else end
    return at < len(sentence.lexemes) and _is_month(sentence, at, months)


def _hour(sentence: Sentence, words: ContextWords, reading: Reading) -> bool:
    """True for an hour in words: "ten in the morning", "shortly after seven", where no noun is counted."""
    behind = " ".join(sentence.low(reading.end + k) for k in range(3))
    phrases = words["time_of_day"]
    if any(behind == p or behind.startswith(f"{p} ") for p in phrases):
        return True
    first = reading.modifier[0] if reading.modifier else reading.start
    before = f"{sentence.low(first - 2)} {sentence.low(first - 1)}"
    return before in phrases and head_of(sentence, reading) is None


def _done_at(sentence: Sentence, words: ContextWords, reading: Reading, preposition: str) -> bool:
    """ "The shops open at ten", "closed from one to three", "look west after ten": an hour without its marker."""
    if preposition not in _AT_HOURS or reading.high is None or not reading.high.is_integer():
        return False
    if reading.comparator == "range" and preposition != "from":
        return False
    token = sentence.token(reading.number.start)
    above = token.nbor(-1) if preposition == "from" else token.head
    if (
        (token.dep_ != "pobj" and preposition != "from")
        or above.dep_ == "agent"
        or head_of(sentence, reading) is not None
    ):
        return False
    counted = any(x.kind == "number" or x.kind == "currency" for x in sentence.lexemes[: reading.start])
    if preposition in ("after", "before", "until", "till") and reading.form == "words" and not counted:
        return above.head.pos_ in ("VERB", "AUX")
    for _ in range(3):
        above = above.head
        told = [above, *(c for c in above.children if above.lemma_ == "be" and c.dep_ == "acomp")]
        if any(t.lemma_.lower() in words["time_of_doing"] or t.lower_ in words["time_of_doing"] for t in told):
            return reading.form == "words" or above.lemma_.lower() not in _PRICED
        if above.pos_ in ("VERB", "NOUN"):
            break
    return False


#: words with which "dead at 58" gives a number of dead
_PUT = frozenset({"put", "puts", "number", "toll", "count", "figure", "estimate", "estimated", "stood", "stands"})
#: prepositions before an hour
_AT_HOURS = frozenset({"at", "by", "after", "before", "until", "till", "from"})
#: what a price does too: "shares closed at 9"
_PRICED = frozenset({"open", "close", "start", "end", "finish", "trade"})


def _is_month(sentence: Sentence, i: int, months: frozenset[str]) -> bool:
    """A month's name, upper case; "may" and "march" also stand for verbs."""
    lexeme = sentence.lexemes[i]
    if lexeme.kind != "word" or lexeme.low not in months:
        return False
    if (
        not lexeme.text[0].isupper()
        and lexeme.low in ("may", "march", "mar", "jan", "dec", "sept")
        and sentence.low(i + 1) != "."
    ):
        return False
    return sentence.token(i).pos_ not in ("AUX", "VERB") or lexeme.low not in ("may", "march")


def dated(sentence: Sentence, tables: Tables, words: ContextWords, reading: Reading) -> tuple[str, str] | None:
    lexemes, start, end = sentence.lexemes, reading.start, reading.end
    low = reading.low if reading.low is not None else reading.high or 0.0
    text = lexemes[reading.number.start].text
    if reading.form == "words":
        if sentence.low(end) in ("o’clock", "o'clock"):
            return "time", "time_hour"
        minutes = sentence.low(start) in words["time_half"] and sentence.low(end + 1) in tables.words.cardinal
        if minutes and (sentence.low(end) == "past" or (sentence.low(end) == "to" and sentence.low(start - 1) == "at")):
            return "time", "time_half"  # "at ten to six"
        if low > 12 or reading.unit is not None or (reading.high or 0) > 12:
            return None
        if sentence.low(start - 1) in ("past", "to") and sentence.low(start - 2) in words["time_half"]:
            sure = sentence.low(start - 1) == "past" or sentence.low(start - 2) == "quarter"
            if sure or sentence.low(start - 3) == "at":
                return "time", "time_half"  # "half past nine", "at ten to six"
        if sentence.low(start - 1) == "or" and sentence.low(start - 3) in ("a", "an"):
            unit = tables.units.unit(sentence.lexemes, start - 2)
            if unit is not None and unit.kind == "time":
                return "duration", "duration"  # "a day or two"
        if _hour(sentence, words, reading):
            return "time", "time_of_day"
        first = reading.modifier[0] if reading.modifier else reading.start
        return ("time", "time_of_doing") if _done_at(sentence, words, reading, sentence.low(first - 1)) else None
    if (
        low <= 12
        and text.isdigit()
        and reading.unit is None
        and _done_at(sentence, words, reading, sentence.low(reading.start - 1))
    ):
        return "time", "time_of_doing"
    hour, dot, minute = text.partition(".")
    if dot and len(minute) == 2 and minute.isdigit() and hour.isdigit() and int(hour) < 24 and int(minute) < 60:
        zone = sentence.lexemes[end].text if end < len(lexemes) else ""
        if zone.lower() in words["time_hour"] and (zone.isupper() or zone.lower() in ("am", "pm")):
            return "time", "time_hour"
    if reading.number.magnitude > 1 or "," in text or "." in text:
        return None
    if (
        end < len(lexemes)
        and (sentence.low(end) in words["time_hour"] and low <= 2400)
        and not counts_plural(sentence, reading)
    ):
        return "time", "time_hour"
    counted = counts_plural(sentence, reading)
    if low <= 31 and beside_month(sentence, words, reading):
        before_is_month = start >= 1 and _is_month(
            sentence, start - (2 if sentence.low(start - 1) == "." else 1), words["date_month"]
        )
        if not (
            before_is_month
            and counted
            and sentence.token(start).head.i > sentence.token(start).i
            and sentence.token(start).dep_ == "nummod"
            and sentence.token(start).ent_type_ != "DATE"
        ):
            return "date", "date_month"
    dashed = low <= 31 and end + 2 < len(lexemes) and lexemes[end].text in "-–/"
    if dashed and lexemes[end + 1].kind == "number" and _is_month(sentence, end + 2, words["date_month"]):
        return "date", "date_month"
    if reading.comparator == "range" and reading.last is not None:
        last = lexemes[reading.last.start].text
        if (
            len(text) == len(last) == 4
            and text.isdigit()
            and last.isdigit()
            and 1000 <= low
            and (reading.high or 0) <= 2199
        ):
            return None if _counts_known(sentence, tables, reading) else ("date", "date_year")
    if len(text) == 4 and text.isdigit() and 1000 <= low <= 2199:
        return _year(sentence, tables, words, reading, counted)
    if len(text) == 2 and start >= 2 and sentence.low(start - 1) in ("-", "–", "/") and sentence.glued(start):
        before = lexemes[start - 2]
        if before.kind == "number" and len(before.text) == 4:
            return "date", "date_year"
    apostrophe = start >= 1 and lexemes[start - 1].text in ("'", "’", "‘") and lexemes[start].glued
    if apostrophe and any(x.text in ("'", "’") and x.glued for x in lexemes[end:]):
        apostrophe = False  # "'21 fighters' killed": a quotation
    if apostrophe and len(text) == 2 and (not counted or lexemes[start - 1].glued):
        return "date", "date_year"
    until = end + 1 < len(lexemes) and (lexemes[end].low in ("to", "and", "until", "till") or lexemes[end].text in "-–")
    if until and lexemes[end + 1].kind == "time" and low <= 12:
        return "time", "time_hour"  # "from 1 to 2:30 p.m."
    if (
        low <= 31
        and sentence.low(start - 1) in words["date_weekday"]
        and not counted
        and sentence.token(start).ent_type_ == "DATE"
    ):
        return "date", "date_weekday"
    if len(text) == 8 and text.isdigit() and text[:2] in ("19", "20"):
        return "date", "date_numeric"
    return None


def _counts_known(sentence: Sentence, tables: Tables, reading: Reading) -> bool:
    """True where the noun behind the number has a class of its own: "2000 soldiers", but not "2018 sales"."""
    noun = head_of(sentence, reading)
    return noun is not None and unit_of(noun, tables)[0] != "item"


def _year(
    sentence: Sentence, tables: Tables, words: ContextWords, reading: Reading, counted: bool
) -> tuple[str, str] | None:
    start, end = reading.start, reading.end
    low = int(reading.low or reading.high or 0)
    token: Token = sentence.token(start)
    before, after = sentence.low(start - 1), sentence.low(end)
    at = start - 2 if before == "," else start - 1
    if at >= 0 and (
        _is_month(sentence, at, words["date_month"]) or _is_month(sentence, start - 1, words["date_month"])
    ):
        return "date", "date_month"
    if at >= 0 and before == "," and sentence.lexemes[at].kind == "number" and token.ent_type_ == "DATE":
        return "date", "date_year"
    if before == "," and start >= 3 and _is_month(sentence, start - 3, words["date_month"]):
        return "date", "date_month"
    plausible = 1500 <= low <= 2099
    lead = sentence.low(reading.modifier[0] - 1) if reading.modifier else before
    if plausible and reading.modifier is not None and lead in words["date_year"] and not counted:
        return "date", "date_year"
    if reading.unit is not None:
        return None
    named = start >= 1 and sentence.lexemes[start - 1].kind == "word" and sentence.token(start - 1).pos_ == "PROPN"
    if counted and named and 1950 <= low <= 2049 and sentence.token(start - 1).ent_type_ not in ("GPE", "LOC"):
        return "date", "date_year"  # "the Euro 2016 qualifiers"
    if counted and (not plausible or reading.modifier is not None):
        return None
    if (
        counted
        and token.ent_type_ != "DATE"
        and not (1950 <= low <= 2049 and not _counts_known(sentence, tables, reading))
    ):
        return None
    if counted:
        return "date", "date_year"
    if reading.modifier is not None and before in ("than", "least", "to", "some", "nearly", "almost"):
        return None
    if before in words["date_year"] or before in ("(", "©") or (plausible and token.ent_type_ == "DATE"):
        return ("date", "date_year") if plausible or token.ent_type_ == "DATE" or before in ("in", "since") else None
    if (
        plausible
        and (end >= len(sentence.lexemes) or sentence.lexemes[end].kind == "mark" or sentence.token(end).tag_ != "NNS")
        and after not in ("people", "men", "troops", "dead")
    ):
        return "date", "date_year"
    return None


#: entities whose name is not followed by an age
_NO_PERSONS = frozenset({"GPE", "LOC", "FAC", "DATE", "TIME", "CARDINAL", "MONEY", "NORP", "EVENT", "LAW", "PRODUCT"})


#: words behind "children under 10"
OVER_AGE = frozenset(
    ("and", "who", "were", "are", "or", "in", "have", "with", "by", "at", "from", "to", "for", "as", "has", "had", "is")
    + (
        "was",
        "will",
        "would",
        "could",
        "can",
        "must",
        "may",
        "should",
        "against",
        "during",
        "before",
        "after",
        "on",
        "since",
    )
)


def aged(sentence: Sentence, tables: Tables, words: ContextWords, reading: Reading) -> tuple[str, str] | None:
    lexemes, start, end = sentence.lexemes, reading.start, reading.end
    before = sentence.low(start - 1)
    value = reading.low if reading.low is not None else reading.high or 0.0
    if value > 120:
        return None
    first = reading.modifier[0] if reading.modifier else start
    lead = sentence.low(first - 1)
    if lead in words["age_aged"] or before in words["age_aged"]:
        return "age", "age_aged"
    for word, at in ((lead, first), (before, start)):  # "children under the age of 10": the bound stands before "age"
        if word in ("of", "between", "is", "was", "at", "from", "to") and sentence.low(at - 2) in (
            "age",
            "ages",
            "aged",
        ):
            return "age", "age_aged"
    if before in ("under", "over") and value <= 21 and (after_be := sentence.token(start - 1).head).lemma_ == "be":
        subjects = [c for c in after_be.children if c.dep_ == "nsubj"]
        if any(c.tag_ == "CD" or (c.tag_ == "NNS" and unit_of(c, tables)[0] == "person") for c in subjects) and (
            end >= len(lexemes) or lexemes[end].kind == "mark" or lexemes[end].low in ("and", "or", "when")
        ):
            return "age", "age_over"  # "12 of the 40 were under 18"
    closed = end >= len(lexemes) or lexemes[end].kind == "mark" or lexemes[end].low in ("and", "in", "on", "who", "are")
    grown = sentence.low(end) in ("or", "and") and sentence.low(end + 1) in ("older", "younger")
    turned = before in words["age_turn"] and head_of(sentence, reading) is None
    # "put the number of dead at 58", "the dead at 58"
    put = sentence.low(start - 3) == "the" or any(x.low in _PUT for x in lexemes[:start])
    dead = before == "at" and closed and sentence.low(start - 2) in ("dead", "dies", "died", "dying") and not put
    if grown or turned or dead or (before == "both" and closed and reading.form == "digits"):
        return "age", "age_turn"  # "65 or older", "turns 18", "dead at 79", "both 28"
    if before == "as" and sentence.low(start - 2) in ("young", "old") and head_of(sentence, reading) is None:
        return "age", "age_subject"
    if before in ("oldest", "youngest", "eldest") and head_of(sentence, reading) is None:
        return "age", "age_subject"
    if _told_of_age(sentence.token(start), words["age_subject"]) and not counts_plural(sentence, reading):
        return "age", "age_subject"
    after = lexemes[end] if end < len(lexemes) else None
    if (
        before in ("over", "under", "above", "below")
        and (lead if reading.modifier else sentence.low(start - 2)) in words["age_over"]
        and (after is None or after.kind == "mark" or after.low in OVER_AGE)
    ):
        return "age", "age_over"
    if before == "(" and listed(sentence.token(start)) is not None:
        return None  # "the dead are from Carrow (17) and Fenn (3)"
    if before in (",", "(") and reading.form == "digits" and start >= 2 and lexemes[start - 2].kind == "word":
        closed = (
            after is None
            or after.text in (",", ".", ")", ";", "—", "–")
            or (after.text == "-" and not after.glued)
            or after.low in ("and", "who", "was", "of", "from")
        )
        name = sentence.token(start - 2)
        between = after is not None and after.text == before and value >= 10
        person = name.pos_ == "PROPN" and (
            name.ent_type_ == "PERSON"
            or (between and (name.ent_type_ not in _NO_PERSONS or sentence.token(start).dep_ == "appos"))
            or (not name.ent_type_ and (sentence.token(start).ent_type_ == "DATE" or name.nbor(-1).pos_ == "PROPN"))
        )
        if closed and person and reading.modifier is None and value >= 1:
            return "age", "age_apposition"
        if between and reading.modifier is None and _one_person(name, tables):
            return "age", "age_apposition"  # "a farmer, 68, died"
    now = before in ("now", "then") and sentence.low(start - 2) == "," and reading.form == "digits"
    if now and closed and head_of(sentence, reading) is None:
        return "age", "age_apposition"  # "Klein, now 38, was ..."
    alone = reading.form == "digits" and reading.modifier is None and not counts_plural(sentence, reading)
    if before == "of" and alone and start >= 2 and value >= 10:
        holder = sentence.token(start - 2)
        if any(c.lower_ in ("a", "an") for c in holder.lefts) and _one_person(holder, tables):
            return "age", "age_apposition"  # "a man of 42"
    return None


def _one_person(noun: Token, tables: Tables) -> bool:
    many = noun.lemma_.lower() in tables.units.outcomes["groups"]  # "a crew of 14"
    return noun.tag_ == "NN" and not many and unit_of(noun, tables)[0] == "person"


def _of_then(number: Token) -> bool:
    """ "Nine when she fled", "was 12, the fighters came": the time of an age stands behind it."""
    after = number.nbor().lower_ if number.i + 1 < len(number.doc) else ""
    return after in ("when", "at", "and", ",", ".")


def _told_of_age(token: Token, subjects: frozenset[str]) -> bool:
    """ "The average age is 45", "the oldest was 91": the copula's subject is an age."""
    number = token
    for _ in range(3):
        token = token.head
        if token.pos_ in ("VERB", "AUX"):
            told = token.lemma_ == "be" and number.dep_ in ("attr", "acomp")
            people = {"he", "she", "i", "who"} if told and (number.is_digit or _of_then(number)) else set()
            if told and any(c.dep_ == "nsubj" and c.ent_type_ == "PERSON" for c in token.children):
                return number.is_digit or _of_then(number)  # "Nour was nine when she fled"
            return any(
                c.dep_ in ("nsubj", "nsubjpass")
                and (c.lower_ in subjects or c.lower_ in people or any(w.lower_ in subjects for w in c.lefts))
                for c in token.children
            )
    return False
