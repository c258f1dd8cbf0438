"""Datelines: "SUNDBY, Marel, March 4 (SNA) - Three people ...", told by the shapes of their words, before any parse.

The parser takes a dateline for a part of the first sentence and reads both wrongly: "Aug 19 - Six people drowned".
"""

from __future__ import annotations

import calendar
import functools
from dataclasses import dataclass

from spacy.tokens import Doc, Span

from analysis.components.word_classes import word_class

#: the dash behind a dateline, and those that stand for themselves without a space
DASHES = frozenset({"-", "--", "–", "—"})
WIDE = frozenset({"--", "–", "—"})
#: words in small letters that a dateline may hold
SMALL = frozenset({"of", "the", "and", "de", "la", "el", "al", "du", "da", "del", "am", "pm", "a.m.", "p.m.", "gmt"})
MARKS = frozenset({",", ".", "/", "(", ")", "'", "’", "-", ":"})
#: words that label a page, a video or a later version of a text
PAGE_LABELS = word_class("page_labels")
DAYS = frozenset(name.casefold() for name in calendar.day_name)
MONTHS = frozenset(name.casefold() for form in (calendar.month_name, calendar.month_abbr) for name in form if name)
#: tokens of the longest dateline, and letters of the shortest name in capitals
LONGEST = 18
CAPITALS = 3


@dataclass(frozen=True, slots=True)
class Dateline:
    """Tokens of one dateline: its first, the one behind its town, and the one with which the text begins."""

    start: int
    town: int
    end: int

    def second(self, doc: Doc) -> Span | None:
        """The name behind the town's comma, a country or region: "Marel" of "SUNDBY, Marel, March 4 (SNA) -"."""
        if doc[self.town].text != ",":
            return None
        last = self.town + 1
        while last < self.end and doc[last].text not in MARKS | DASHES:
            last += 1
        name = doc[self.town + 1 : last]
        return name if len(name) and all(t.is_alpha and not t.is_upper for t in name) else None


@functools.lru_cache(maxsize=1)
def datelines(doc: Doc) -> tuple[Dateline, ...]:
    """The datelines of an article, in order."""
    found = []
    for start in (0, *(t.i + 1 for t in doc[:-1] if t.is_space and "\n" in t.text)):
        end = end_of_dateline(doc, start)
        if end is not None:
            town = next(t.i for t in doc[start:end] if t.text in DASHES or t.text in (",", "(", ":"))
            found.append(Dateline(start, town, end))
    return tuple(found)


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
    if _labels_page(words):
        return None
    marks = {token.text for token in words}
    named = (first.isupper() and len(first) >= CAPITALS) or "(" in marks or (first.istitle() and "," in marks)
    opening = doc[closing + 1].text
    begins = opening[0].isupper() or opening[0].isdigit() or opening[0] in "\"“‘'$€£"
    return closing + 1 if named and begins else None


def _labels_page(words: Span) -> bool:
    """True for what opens a page and names no place: "VIDEO", "LIVE UPDATES", "UPDATE 2", "Thursday, March 4"."""
    marked = next((t.i for t in words if t.text in MARKS), words.end) - words.start
    opening = words[: max(marked, 1)]
    if all(t.lower_ in PAGE_LABELS or t.text.isdigit() for t in opening):
        return True
    after = words[1].text if len(words) > 1 else ""
    first = words[0].lower_
    return (first in DAYS and (after in MARKS or after.lower() in MONTHS)) or (
        first in DAYS | MONTHS and (not after or after.isdigit() or (after == "." and words[2:3].text.isdigit()))
    )


def _closes(doc: Doc, k: int) -> bool:
    text = doc[k].text
    if text not in DASHES:
        return False
    return bool(doc[k].whitespace_) and (text in WIDE or bool(doc[k - 1].whitespace_) or doc[k - 1].text == ")")


def _fits(text: str) -> bool:
    return text in MARKS or text[0].isupper() or text.lower() in SMALL or (text.isdigit() and len(text) <= 4)
