"""Speakers told without a verb: the second of two ("police said 40, the union 60"), and counters in brackets."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Span, Token

from analysis.components.acts import VERBAL, Act, Cues, has_digit
from analysis.components.word_classes import word_class

#: words between a speaker and his number where the verb is left out, and those that part two speakers
BEFORE_NUMBER = frozenset(
    (
        "of",
        "at",
        "by",
        "for",
        "the",
        "only",
        "just",
        "some",
        "about",
        "around",
        "nearly",
        "almost",
        "as",
        "more",
        "than",
    )
    + ("over", "under", "least", "most", "up", "to", "roughly", "between", "fewer", "less")
)
PARTING = frozenset((",", ";", "and", "but", "while", "whereas"))
#: kinds of cue whose verb may be left out the second time
REPEATED = ("say", "count", "claim", "estimate", "confirm", "announce")


def gapped(found: list[Act], sent: Span, book: Cues) -> Iterator[Act]:
    """ "Police spoke of 40 injured, the hospital of 61.": the verb is left out with the second speaker."""
    row = book.nouns.get("count")
    acts = [a for a in found if a.source is not None and a.row["code"] in REPEATED and a.row["pos"] == "verb"]
    if row is None or not acts:
        return
    doc = sent.doc
    for act in acts:
        for first, last in act.content:
            for k in range(first + 3, last):
                if not has_digit(doc[k]) or has_digit(doc[k - 1]):
                    continue
                j = k - 1
                while j > first and doc[j].lower_ in BEFORE_NUMBER:
                    j -= 1
                start = j
                while start > first and doc[start - 1].pos_ in ("DET", "ADJ", "NOUN", "PROPN", "PART"):
                    start -= 1
                end = next((e for e in range(k, last) if doc[e].text in (",", ";", ".")), last)
                body = doc[j].pos_ in ("NOUN", "PROPN") and doc[j].lemma_.lower() in book.roles.nouns
                parted = doc[start - 1].lower_ in PARTING and any(has_digit(t) for t in doc[first : start - 1])
                if body and parted and not any(t.pos_ in VERBAL for t in doc[k:end]):
                    start += doc[start].pos_ == "DET"
                    yield Act(row, doc[k], act.cue, doc[j], [(k, end)], owner=True, named=(start, j + 1))


#: bodies and people whose name in brackets tells whose count the number before it is
COUNTERS = word_class("counters_in_brackets")
#: those of them that as often own or are what is counted ("300 homes (company)")
OWNERS = word_class("owners_in_brackets")


def bracketed(sent: Span, book: Cues) -> Iterator[Act]:
    """ "Between 12,000 (police) and 40,000 (organisers) marched": who counted stands in brackets behind the number."""
    row = book.nouns.get("count")
    if row is None or sent.text.count("(") == 0:
        return
    doc = sent.doc
    found: list[tuple[Token, int]] = []
    for token in sent:
        if token.text == "(" and token.i > sent.start:
            close = next((k for k in range(token.i + 2, min(token.i + 6, sent.end)) if doc[k].text == ")"), None)
            if close is not None and doc[close - 1].lemma_.lower() in COUNTERS:
                found.append((token, close))
    for token, close in found:
        if len(found) == 1 and doc[close - 1].lemma_.lower() in OWNERS and not has_digit(doc[token.i - 1]):
            continue
        first = token.i - 1
        while first > sent.start and not has_digit(doc[first]) and token.i - first < 4:
            first -= 1
        if not has_digit(doc[first]):
            continue
        while first > sent.start and has_digit(doc[first - 1]):
            first -= 1
        name = (token.i + 1 + (doc[token.i + 1].pos_ == "DET"), close)
        yield Act(row, doc[first], (token.i, close), doc[close - 1], [(first, token.i)], owner=True, named=name)
