"""Speakers told without a verb: the second of two ("police said 40, the union 60"), and counters in brackets."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Span

from analysis.components.acts import VERBAL, Act, Cues, has_digit

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
