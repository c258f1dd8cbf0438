"""Sentence starts at paragraph breaks, set before the parser, which keeps them.

Headlines, captions and list lines have no full stop, and the parser would join them with what follows.
"""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

from analysis.components.datelines import end_of_dateline

#: a text whose lines mostly end near one width is hard-wrapped: its single line ends mean nothing
WRAP_WIDTH = 100
MIN_WRAPPED_LINES = 5
#: the clock time with which an entry of a live blog opens, and the words that may follow it
STAMP = re.compile(r"([01]?\d|2[0-4])[:.h][0-5]\d(am|pm)?$", re.IGNORECASE)
ZONES = frozenset(
    {
        "am",
        "pm",
        "a.m.",
        "p.m.",
        "gmt",
        "utc",
        "bst",
        "cet",
        "cest",
        "et",
        "est",
        "edt",
        "pt",
        "ist",
        "local",
        "time",
        "h",
    }
)
STAMP_MARKS = frozenset({"-", "–", "—", "|", ":", "·", "•"})


def hard_wrapped(text: str) -> bool:
    """True where single line ends are only the typist's: many full lines that end without stopping a sentence."""
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) < MIN_WRAPPED_LINES or max(map(len, lines)) > WRAP_WIDTH:
        return False
    open_ended = sum(1 for line in lines[:-1] if not re.search(r"[.!?:;\"”’')\]]\s*$", line))
    return open_ended > len(lines) / 2


@Language.component("paragraph_breaks")
def paragraph_breaks(doc: Doc) -> Doc:
    pattern = r"\n\s*\n" if hard_wrapped(doc.text) else r"\n"
    breaks = [m.end() for m in re.finditer(pattern, doc.text)]
    if not breaks and not (len(doc) and (STAMP.match(doc[0].text) or end_of_dateline(doc, 0) is not None)):
        return doc
    position = 0
    pending = False
    opening = False
    for token in doc:
        while position < len(breaks) and breaks[position] <= token.idx:
            pending = True
            position += 1
        if pending or token.i == 0:
            entry = _stamped(doc, token.i)
            if entry is None and (entry := end_of_dateline(doc, token.i)) is not None:
                for inside in doc[token.i + 1 : entry]:
                    inside.is_sent_start = False
            if entry is not None:
                doc[entry].is_sent_start = True
        if pending and not token.is_space and token.i > 0:
            token.is_sent_start = True
            pending, opening = False, not token.is_punct
        elif opening:
            if not token.is_space and not token.is_punct and not token.is_sent_start:
                token.is_sent_start = False  # one word is no sentence: "US President ..."
            opening = False
    return doc


def _stamped(doc: Doc, i: int) -> int | None:
    """The first token behind the clock time that a line opens with: "14:20 GMT Two people were hurt"."""
    if not STAMP.match(doc[i].text):
        return None
    sure = ":" in doc[i].text or doc[i].text.lower().endswith("m")
    for token in doc[i + 1 : i + 5]:
        if token.lower_ in ZONES:
            sure = True
        elif token.text not in STAMP_MARKS:
            return token.i if sure and token.text[:1].isupper() and "\n" not in doc[i : token.i].text else None
    return None
