"""Posts of social networks printed in an article: "We lost 40 homes. — Ana Ruiz (@anaruiz) October 3, 2024"."""

from __future__ import annotations

from spacy.tokens import Doc

from analysis.components.acts import Act, Cues
from analysis.components.cast import Cast
from analysis.components.mentions import text_of
from analysis.components.quotes import paragraph_at, paragraphs_of
from analysis.components.roles import folded
from analysis.components.speakers import Speaker, words

HANDLE = "(@"
DASHES = ("—", "–", "--", "- ")
LONGEST_SIGNATURE = 60


def post_acts(doc: Doc, book: Cues, cast: Cast) -> list[tuple[Act, Speaker, list[list[int]]]]:
    """Acts of the posts in ``doc``: the words before the dash, or the paragraph before one that opens with it."""
    text = text_of(doc)
    found: list[tuple[Act, Speaker, list[list[int]]]] = []
    at = text.find(HANDLE)
    while at >= 0:
        number = paragraph_at(text, at)
        left = paragraphs_of(text)[number][0]
        dash = max(text.rfind(mark, left, at) for mark in DASHES)
        name = text[dash:at].strip(" —–-")
        if dash >= left and 0 < len(name) <= LONGEST_SIGNATURE:
            start, end = (left, dash) if dash > left else paragraphs_of(text)[number - 1] if number else (left, left)
            end = max(start, start + len(text[start:end].rstrip()))
            span = doc.char_span(dash, at, alignment_mode="expand")
            if end - start > 1 and span is not None:
                first = text.index(name, dash)
                head = span[-1] if span[-1].text not in ("(", "(@") else span[-2]
                key = folded(name.split()[-1])
                person = key in cast.full
                speaker_id = key if person else " ".join(words(name))
                speaker = Speaker(
                    name, first, first + len(name), speaker_id, None, "other", person=person, at=head.i
                )  # fmt: skip
                act = Act(book.marks["post"], head, (span.start, span.end), head, [(span.start, span.end)])
                found.append((act, speaker, [[start, end]]))
        at = text.find(HANDLE, at + 1)
    return found
