"""Rates: "1,200 troops a day", "$2,000 per month", "monthly losses of 26,000"."""

from __future__ import annotations

from spacy.tokens import Token

from analysis.components.mentions import text_of
from analysis.components.number_lexer import HYPHENS
from analysis.components.quantity_reading import Reading, Sentence

PERIODS = {
    "hour": "hour",
    "day": "day",
    "week": "week",
    "month": "month",
    "year": "year",
    "annum": "year",
    "night": "day",
}
ADVERBS = {
    "hourly": "hour",
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "yearly": "year",
    "annually": "year",
    "annual": "year",
}
#: verbs that give the level of a rate
LEVELS = frozenset(
    {"be", "reach", "hit", "fall", "rise", "stand", "average", "total", "exceed", "top", "amount", "drop"}
)
DETERMINERS = frozenset({"a", "an", "per", "each", "every"})
_NOT_RATE = frozenset({"after", "before", "later", "earlier", "ago", "ahead", "from", "old", "long", "and"})
_SPANS = frozenset({"in", "within", "for", "over", "after", "than", "about", "of", "by", "half", "since", "until"})
_MAX_GAP = 9
#: words of a conversion in brackets
BRACKET = 7


def rate_of(sentence: Sentence, reading: Reading, noun: Token | None) -> str | None:
    """The period of a rate, or None. Looks right behind the number and its noun, and at adjectives before it."""
    lexemes, end = sentence.lexemes, reading.end
    if reading.unit is not None and reading.unit.kind == "time":
        return None
    share = reading.form == "share" or (reading.unit is not None and reading.unit.kind == "percent")
    after_noun = noun.idx + len(noun.text) if noun is not None else lexemes[end - 1].end
    if lexemes[end - 1].end < len(text_of(sentence.doc)) and end < len(lexemes) and lexemes[end].text == "/":
        period = PERIODS.get(sentence.low(end + 1))
        if period:
            return period
    if (converted := _past_conversion(sentence, end)) is not None:
        return converted
    i = end
    while i < len(lexemes) and i - end < _MAX_GAP:
        lexeme = lexemes[i]
        if lexeme.kind in ("number", "currency") or lexeme.text in (";", ":", "(", "—", "–"):
            break
        if lexeme.kind == "word":
            if lexeme.low in ADVERBS and not share and _modifies(sentence, i, noun):
                return ADVERBS[lexeme.low]
            hyphened = sentence.low(i + 1) in HYPHENS and sentence.low(i - 1) in HYPHENS
            if lexeme.low in DETERMINERS and hyphened and sentence.low(i + 2) in PERIODS:
                return PERIODS[sentence.low(i + 2)]  # "a $2bn-a-year scheme"
            if lexeme.low in DETERMINERS and sentence.low(i + 1) in PERIODS:
                following = sentence.low(i + 2)
                attached = lexeme.start <= after_noun + 1 or _governs(sentence, i + 1, reading, noun)
                joined = following == "and" and sentence.low(i + 4) != "half"  # "a year and a cap", no year and a half
                spanned = following in _NOT_RATE and not joined
                if not spanned and attached and not _reached(sentence, i, lexeme.low):
                    return PERIODS[sentence.low(i + 1)]
            if (
                lexeme.low == "each"
                and sentence.low(i + 1) == "of"
                and "years" in {sentence.low(i + k) for k in range(2, 6)}
            ):
                return "year"
        i += 1
    return None if share else _before(sentence, reading, noun) or _every(sentence, reading)


def _past_conversion(sentence: Sentence, end: int) -> str | None:
    """ "90 km (56 miles) an hour": the period behind the bracket is that of both."""
    if sentence.low(end) != "(":
        return None
    close = next((k for k in range(end + 1, end + BRACKET) if sentence.low(k) == ")"), None)
    if close is None or not any(x.kind == "number" for x in sentence.lexemes[end:close]):
        return None
    return PERIODS.get(sentence.low(close + 2)) if sentence.low(close + 1) in DETERMINERS else None


def _every(sentence: Sentence, reading: Reading) -> str | None:
    """ "Every day of war costs $172m", "each month, 300 arrive": the sentence opens with the period, the number follows."""
    if sentence.low(0) not in ("every", "each") or sentence.low(1) not in PERIODS:
        return None
    earlier = any(x.kind == "number" for x in sentence.lexemes[2 : reading.start])
    return None if earlier else PERIODS[sentence.low(1)]


def _reached(sentence: Sentence, i: int, word: str) -> bool:
    """ "within a day", "in a month", "for a year": a period, no rate."""
    before = (
        sentence.low(i - 2)
        if sentence.low(i - 1) in ("just", "only", "about", "barely", "under")
        else sentence.low(i - 1)
    )
    return word in ("a", "an") and before in _SPANS


def _modifies(sentence: Sentence, i: int, noun: Token | None) -> bool:
    token = sentence.token(i)
    return token.pos_ == "ADV" or token.dep_ == "advmod" or (noun is not None and token.head == noun)


def _governs(sentence: Sentence, i: int, reading: Reading, noun: Token | None) -> bool:
    """True where the period hangs on the noun, on the number, or on the verb whose argument they are."""
    period = sentence.token(i)
    target = noun if noun is not None else sentence.token(reading.number.start)
    head = period.head
    if head.dep_ == "prep":
        head = head.head
    chain = [target]
    while len(chain) < 6 and chain[-1].head is not chain[-1]:
        chain.append(chain[-1].head)
        if chain[-1].pos_ == "VERB":
            break
    return head in chain


def _before(sentence: Sentence, reading: Reading, noun: Token | None) -> str | None:
    """ "daily losses of 1,200", "a monthly salary of $2,000", "2,000 daily strikes"."""
    if noun is not None:
        for child in noun.children:
            if child.lower_ in ADVERBS and child.i < noun.i:
                return ADVERBS[child.lower_]
    token = sentence.token(reading.number.start)
    above = token.head.head if token.dep_ == "pobj" and token.head.lower_ in ("to", "at", "by") else token.head
    above = above.head if above.pos_ == "NOUN" and above.dep_ in ("dobj", "attr") else above
    if above.lemma_.lower() in LEVELS:  # "the monthly toll fell to 40", "the annual budget is $2bn"
        for subject in above.children:
            told = (c for c in subject.children if subject.dep_ == "nsubj" and c.dep_ == "amod" and c.lower_ in ADVERBS)
            if (adverb := next(told, None)) is not None:
                return ADVERBS[adverb.lower_]
    for _ in range(4):
        if token.head is token:
            return None
        if token.dep_ == "prep" and token.lower_ in ("of", "at"):
            for child in token.head.children:
                if child.lower_ in ADVERBS and child.dep_ == "amod":
                    return ADVERBS[child.lower_]
            return None
        token = token.head
    return None
