"""Names of groups by their work or their backer: "airport workers", "Moscow-backed separatists"."""

from __future__ import annotations

from spacy.tokens import Token

from analysis.components.event_grammar import grammar

#: words after a name and a hyphen that take the name away from what follows ("Moscow-backed separatists")
DETACHING = grammar("detaching")
INSIDE_PHRASE = frozenset({"ADJ", "NOUN", "PROPN", "PART", "NUM", "CCONJ", "ADV"})


def of_trade(token: Token, name: str) -> str:
    """ "airport workers", "fast food workers": a group by its work."""
    before = [c.lower_ for c in token.lefts if c.dep_ == "compound" and c.pos_ == "NOUN" and c.text.islower()]
    return " ".join([*before, name])


def backed(token: Token, sent_start: int) -> str | None:
    """The whole phrase of a group known by its backer ("Moscow-backed separatists"), else None."""
    doc = token.doc
    i = token.i - 1
    while i > sent_start + 1:
        if doc[i].lower_ in DETACHING and doc[i - 1].text in ("-", "–"):
            start = i - 2
            while start > sent_start and doc[start - 1].pos_ == "PROPN":
                start -= 1
            return doc[start : token.i + 1].text
        if doc[i].pos_ not in INSIDE_PHRASE:
            break
        i -= 1
    return None
