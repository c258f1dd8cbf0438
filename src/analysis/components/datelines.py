"""Datelines: "SUNDBY, Marel, March 4 (SNA) - Three people ...", told by the shapes of their words, before any parse.

The parser takes a dateline for a part of the first sentence and reads both wrongly: "Aug 19 - Six people drowned".
"""

from __future__ import annotations

from spacy.tokens import Doc

#: the dash behind a dateline, and those that stand for themselves without a space
DASHES = frozenset({"-", "--", "–", "—"})
WIDE = frozenset({"--", "–", "—"})
#: words in small letters that a dateline may hold
SMALL = frozenset({"of", "the", "and", "de", "la", "el", "al", "du", "da", "del", "am", "pm", "a.m.", "p.m.", "gmt"})
MARKS = frozenset({",", ".", "/", "(", ")", "'", "’", "-", ":"})
#: tokens of the longest dateline, and letters of the shortest name in capitals
LONGEST = 18
CAPITALS = 3


def end_of_dateline(doc: Doc, start: int) -> int | None:
    """The token with which the text begins behind the dateline that opens a paragraph at ``start``; None without one.

    A dateline names its place in capitals, or before a bracket with the agency, or as two names with a comma between
    them; a dash closes it.
    """
    closing = start
    for token in doc[start : min(start + LONGEST, len(doc) - 1)]:
        if token.i > start and _closes(doc, token.i):
            closing = token.i
            break
        if not _fits(token.text):
            return None
    words = doc[start:closing]
    if not len(words) or not words[0].text[0].isupper():
        return None
    first = words[0].text
    marks = {token.text for token in words}
    named = (first.isupper() and len(first) >= CAPITALS) or "(" in marks or (first.istitle() and "," in marks)
    opening = doc[closing + 1].text
    begins = opening[0].isupper() or opening[0].isdigit() or opening[0] in "\"“‘'$€£"
    return closing + 1 if named and begins else None


def _closes(doc: Doc, k: int) -> bool:
    text = doc[k].text
    if text not in DASHES:
        return False
    return bool(doc[k].whitespace_) and (text in WIDE or bool(doc[k - 1].whitespace_) or doc[k - 1].text == ")")


def _fits(text: str) -> bool:
    return text in MARKS or text[0].isupper() or text.lower() in SMALL or (text.isdigit() and len(text) <= 4)
