"""Sentence starts at paragraph breaks, set before the parser, which keeps them.

Headlines, captions and list lines have no full stop, and the parser would join them with what follows.
"""

from __future__ import annotations

import re

from spacy.language import Language
from spacy.tokens import Doc

#: a text whose lines mostly end near one width is hard-wrapped: its single line ends mean nothing
WRAP_WIDTH = 100
MIN_WRAPPED_LINES = 5


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
    if not breaks:
        return doc
    position = 0
    pending = False
    opening = False
    for token in doc:
        while position < len(breaks) and breaks[position] <= token.idx:
            pending = True
            position += 1
        if pending and not token.is_space and token.i > 0:
            token.is_sent_start = True
            pending, opening = False, not token.is_punct
        elif opening:
            if not token.is_space and not token.is_punct:
                token.is_sent_start = False  # one word is no sentence: "US President ..."
            opening = False
    return doc
