"""Sums of money that take their money from elsewhere in the article: from a sum before, a sign that several share.

"Thirty grand", "it was 35", "now it costs 900", "a note of K500": the number alone does not tell; the article does.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from spacy.tokens import Doc, Token

from analysis.components.local_currencies import (
    WORLD,
    countries_told,
    homes,
    local_code,
    shared,
    sign_of,
    signed_codes,
)
from analysis.components.mentions import QuantityMention, text_of
from analysis.components.word_classes import word_class

#: nouns whose size is a sum of money
COSTLY = word_class("sums_of_money")
#: verbs that tell what somebody pays, gets or asks, and those that tell it behind "for" or "at"
PRICING = word_class("verbs_of_price")
SALES = word_class("verbs_of_sale")
#: verbs whose object is a sum where it is large and has no noun
GIVING = word_class("verbs_of_giving")
#: magnitudes of the Indian count
INDIAN = re.compile(r"\b(?:lakh|crore)s?\b")
#: verbs whose object, where it is vague millions, is money
SPENDING = word_class("verbs_of_spending")
#: how large a number without a noun must be to be a sum of money
LARGE = 1e6
#: how large a number behind a letter must be to be money by the country told
LEAST_SUM = 20.0
#: a point between thousands ("16.000 shillings")
GROUPED = re.compile(r"[1-9]\d{0,2}\.\d00")
#: sentences after a sum of money in which a bare number may be of the same money
REACH = 2
#: dependencies by which a price hangs on its verb
_PAID = frozenset({"dobj", "npadvmod", "dative"})
_PRICES = frozenset({"for", "at", "to", "from"})


def settle_money(doc: Doc, found: Sequence[QuantityMention], codebook: str | None) -> None:
    """Give each sum of money in ``found`` its money, and find those that only the rest of the article tells."""
    money = [m for m in found if m.kind == "money"]
    if money or any(_signed(doc, m, codebook) for m in found if m.kind == "designation"):
        _settle_signs(doc, found, money, codebook)
    _bare_sums(doc, found)
    _told_of_it(doc, found)
    _priced(doc, found)


def _settle_signs(
    doc: Doc, found: Sequence[QuantityMention], money: Sequence[QuantityMention], codebook: str | None
) -> None:
    """Give each sum the money that its sign or name stands for in this article."""
    for mention in money:
        digits = [w for w in text_of(doc)[mention.start : mention.end].split() if GROUPED.fullmatch(w.strip("$€£¥"))]
        if digits and mention.low == float(digits[0].strip("$€£¥")):
            mention.low, mention.high = mention.low * 1e3, None if mention.high is None else mention.high * 1e3
    told, acting = countries_told(doc, doc._.places or (), codebook)
    _settle(money, signed_codes(money, told, codebook), codebook, signed=True)
    _settle(money, local_code(money, told, acting, codebook), codebook, signed=False)
    signs = signed_codes(money, told, codebook, named=True)
    _settle(money, signs, codebook, signed=True)
    _small_sums(doc, found, {m.unit for m in money}, told, codebook)


def _settle(money: Sequence[QuantityMention], codes: dict[str, str], codebook: str | None, signed: bool) -> None:
    """Replace the money of those whose sign (``signed``) or code is a key of ``codes``."""
    for mention in money if codes else ():
        sign = sign_of(mention, codebook)
        key = sign if signed else (mention.unit if sign is None else None)
        if key is not None and key in codes:
            mention.unit = codes[key]


def _bare_sums(doc: Doc, found: Sequence[QuantityMention]) -> None:
    """Large numbers without a noun are of the money told before them, "thirty grand" of that or the next."""
    money: QuantityMention | None = None
    named = next((m.unit for m in found if m.kind == "money" and "money_words" not in m.rule), "item")
    for mention in found:
        if mention.kind in ("magnitude", "cardinal") and _vague_sum(doc, mention):
            best = "INR" if INDIAN.search(text_of(doc)[mention.start : mention.end].lower()) else WORLD
            mention.kind, mention.unit, mention.head = "money", named if named != "item" else best, None
        if mention.kind == "money" and mention.unit == "item" and "money_words" in mention.rule:  # "thirty grand"
            mention.unit = named if money is None else money.unit
        elif mention.kind == "money":
            start = mention.start if mention.modifier_start is None else min(mention.start, mention.modifier_start)
            money = money if money is not None and text_of(doc)[start - 1 : start] == "(" else mention  # a conversion
        elif money is not None and _is_sum(doc, mention):
            mention.kind, mention.unit = "money", money.unit


def _vague_sum(doc: Doc, mention: QuantityMention) -> bool:
    """ "Billions in aid", "squandered millions": vague sums, of the money told or of that which is told everywhere."""
    if mention.unit_text is not None or (mention.low or 0) < LARGE / 10:
        return False
    root = doc[mention.token_start : mention.token_end].root
    after = doc[mention.token_end] if mention.token_end < len(doc) else None
    if after is not None and after.lower_ == "in":
        return any(
            o.lemma_.lower() in COSTLY for c in (after, *after.conjuncts) for o in c.children if o.dep_ == "pobj"
        )
    if mention.kind == "cardinal" or (mention.low or 0) < LARGE:
        return False
    bare = after is None or after.lower_ in ("of", "people") or after.pos_ not in ("NOUN", "PROPN", "ADJ", "NUM")
    return bare and mention.head is None and root.dep_ == "dobj" and root.head.lemma_.lower() in SPENDING


def _is_sum(doc: Doc, mention: QuantityMention) -> bool:
    """ "They had two billion for new trams", "the bill may reach 15 trillion": large numbers without a noun are money."""
    if mention.kind not in ("cardinal", "magnitude") or mention.unit_text is not None or mention.head is not None:
        return False
    if (mention.low or mention.high or 0) < LARGE:
        return False
    root = doc[mention.token_start : mention.token_end].root
    after = doc[mention.token_end] if mention.token_end < len(doc) else None
    if after is not None and after.lower_ == "for" and root.dep_ == "dobj":
        return True
    if root.dep_ == "dobj" and root.head.lemma_.lower() in GIVING:
        return True  # "the minister had offered 2 million"
    verb = root.head.head if root.dep_ == "pobj" else root.head
    return any(c.dep_ in ("nsubj", "nsubjpass") and c.lemma_.lower() in COSTLY for c in verb.children)


def _told_of_it(doc: Doc, found: Sequence[QuantityMention]) -> None:
    """ "A loaf cost 90 crowns. Last week it was 35.": the bare number that "it" is has the money told just before."""
    for before, mention in itertools.pairwise(found):
        if before.kind != "money" or mention.kind != "cardinal" or mention.unit_text or mention.head is not None:
            continue
        token = doc[mention.token_start : mention.token_end].root
        it = token.dep_ == "attr" and any(c.dep_ == "nsubj" and c.lower_ == "it" for c in token.head.children)
        if it and doc[before.token_start].sent.end == token.sent.start:
            mention.kind, mention.unit, mention.per = "money", before.unit, before.per


def _priced(doc: Doc, found: Sequence[QuantityMention]) -> None:
    """ "It cost 650 francs; it costs 900 now", "she earns 4,000 a day": a bare number that is paid or got, behind a sum."""
    before: QuantityMention | None = None
    for mention in found:
        if mention.kind == "money":
            before = mention
        elif (
            before is not None
            and mention.kind == "cardinal"
            and mention.unit_text is None
            and (mention.head is None or doc[mention.head].ent_type_ in ("DATE", "TIME"))
            and _is_paid(doc[mention.token_start : mention.token_end].root)
            and _near(doc, before, mention)
        ):
            mention.kind, mention.unit, mention.head = "money", before.unit, None


def _is_paid(token: Token) -> bool:
    after = token.nbor().lower_ if token.i + 1 < len(token.doc) else ""
    if token.dep_ == "conj" and after in ("for", "per", "to", "a"):
        token = token.head  # "get 300,000 crowns for each person killed and 40,000 for each injured"
    verb = token.head
    if token.dep_ in _PAID:
        return verb.lemma_.lower() in PRICING
    if token.dep_ != "pobj" or verb.lower_ not in _PRICES:
        return False
    verb = verb.head
    if verb.dep_ == "prep" and verb.lower_ in _PRICES:  # "from 300 to 900"
        verb = verb.head
    return verb.lemma_.lower() in SALES


def _near(doc: Doc, before: QuantityMention, mention: QuantityMention) -> bool:
    """True where ``mention`` stands in the sentence of ``before`` or in one of the REACH sentences behind it."""
    sentence = doc[before.token_start].sent
    for _ in range(REACH):
        if mention.token_start < sentence.end or sentence.end >= len(doc):
            return True
        sentence = doc[sentence.end].sent
    return mention.token_start < sentence.end


def _signed(doc: Doc, mention: QuantityMention, codebook: str | None) -> str:
    """The shared sign of money before a number that was read as a name ("K" of "K500"); empty where none stands there."""
    if mention.low is None or "designation_letters" not in mention.rule or mention.unit_text is not None:
        return ""
    words = text_of(doc)[max(mention.start - 6, 0) : mention.start].split()
    sign = words[-1].strip("(“\"'") if words else ""
    return sign if sign in shared(codebook) else ""


def _beside(doc: Doc, mention: QuantityMention) -> set[str]:
    """Parts of speech of the words around ``mention``."""
    after = doc[mention.token_end] if mention.token_end < len(doc) else None
    before = doc[mention.token_start - 1] if mention.token_start else None
    return {t.pos_ for t in (before, after) if t is not None}


def _by_noun(doc: Doc, mention: QuantityMention) -> bool:
    """True where a plural stands right behind: "N95 masks"."""
    return mention.token_end < len(doc) and doc[mention.token_end].tag_ == "NNS"


def _small_sums(
    doc: Doc, found: Sequence[QuantityMention], used: set[str | None], told: Counter[str], codebook: str | None
) -> None:
    """ "A note of K500" where the article tells of kwacha or of a country that has them: a letter that else names a thing.

    By the country alone only from LEAST_SUM on, and before no noun, for "N95 masks" are worn in Nigeria too; what is a
    name beside a noun is none without it in the same article.
    """
    signs = [(_signed(doc, m, codebook) if m.kind == "designation" else "", m) for m in found]
    names = {(sign, m.low) for sign, m in signs if sign and _by_noun(doc, m)}
    for sign, mention in signs:
        if not sign or (sign, mention.low) in names:
            continue
        codes = shared(codebook)[sign]
        code = next((c for c in codes if c in used), None)
        if code is None and (mention.low or 0) >= LEAST_SUM and not _beside(doc, mention) & {"NOUN", "PROPN"}:
            code = next((c for c in codes if any(told[h] for h in homes(codebook)[c])), None)
        start = text_of(doc).rindex(sign, 0, mention.start)
        span = doc.char_span(start, mention.end, alignment_mode="expand")
        if code is not None and span is not None:
            mention.start, mention.token_start, mention.token_end = start, span.start, span.end
            mention.kind, mention.unit, mention.unit_text = "money", code, sign
