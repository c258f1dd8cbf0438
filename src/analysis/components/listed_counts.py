"""Counts in brackets behind names ("from Nairobi (17), Nakuru (3) and Kajiado (3)"), and who counted in brackets."""

from __future__ import annotations

from spacy.tokens import Token

from analysis.components.word_classes import word_class

#: nouns for people or what befell them, which such a list counts rather than the places that it names
# fmt: off
COUNTED = frozenset(
    {
        "dead", "death", "fatality", "victim", "casualty", "injured", "wounded", "injury", "missing", "case", "infection",
        "arrest", "hospitalisation", "hospitalization", "patient", "refugee", "evacuee", "house", "home", "school", "seat",
        "vote", "attack", "incident", "abduction", "killing", "worker", "soldier", "member", "people", "person", "job",
    }
)
# fmt: on
#: how many names with a count make a list
LEAST = 2
#: what may be the age of somebody who is named
CHILD, OLDEST = 12, 110


def _bracketed(token: Token) -> bool:
    doc, i = token.doc, token.i
    if not (1 < i < len(doc) - 1) or doc[i - 1].text != "(" or doc[i + 1].text != ")":
        return False
    name = doc[i - 2]
    alone = i < 4 or doc[i - 3].pos_ != "PROPN" or name.ent_type_ in ("GPE", "LOC")
    number = token.text.replace(",", "")
    aged = name.ent_type_ == "PERSON" and not (number.isdigit() and not CHILD <= int(number) <= OLDEST)
    return token.text[:1].isdigit() and name.text[:1].isupper() and not aged and alone


def listed(token: Token) -> Token | None:
    """The noun that a number in brackets counts, where the sentence lists names each with its count; else None."""
    if not _bracketed(token):
        return None
    sent = token.sent
    counts = [t for t in sent if t.text == "(" and t.i + 1 < sent.end and _bracketed(t.nbor())]
    if len(counts) < LEAST:
        return None
    before = [t for t in sent.doc[sent.start : counts[0].i] if t.pos_ in ("NOUN", "ADJ", "PROPN")]
    told = [t for t in before if t.lemma_.lower() in COUNTED or t.lower_ in COUNTED]
    plural = [t for t in before if t.tag_ == "NNS"]
    found = told or plural
    return found[-1] if found else None


def of_whole(token: Token) -> Token | None:
    """ "33 out of the 40 blazes": the noun of the whole."""
    after = token.doc[token.i + 1 : token.i + 6]
    if len(after) < 4 or after[0].lower_ != "out" or after[1].lower_ != "of":
        return None
    return next((t for t in after[2:] if t.tag_ in ("NNS", "NNPS")), None)


#: bodies and people whose name in brackets tells whose count the number before it is
COUNTERS = word_class("counters_in_brackets")


def counts_in_brackets(noun: Token, behind: int) -> bool:
    """Whether ``noun`` stands alone in brackets that open at token ``behind`` and is one of those who count."""
    doc = noun.doc
    if not behind < noun.i < len(doc) - 1 or doc[behind].text != "(" or noun.nbor().text != ")":
        return False
    return noun.lemma_.lower() in COUNTERS and all(t.text not in "()" for t in doc[behind + 1 : noun.i])
