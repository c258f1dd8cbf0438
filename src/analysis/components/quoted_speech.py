"""Quotations joined to the act that introduces them, also where the cue stands a sentence or a paragraph away."""

from __future__ import annotations

from spacy.tokens import Doc

from analysis.components import acts as acting
from analysis.components.acts import Act
from analysis.components.mentions import Attribution, text_of
from analysis.components.quotes import Quotation, paragraph_at, paragraphs_of, quotations_of

#: an act and the attribution made of it
Row = tuple[Act, Attribution]
#: characters between a quotation and its cue clause that may part them
JOINTS = frozenset(" ,:;.-–—\n\t…?!")


def covers(attribution: Attribution, at: int) -> bool:
    """Whether character ``at`` is part of what is reported."""
    return any(start <= at < end for start, end in attribution.content)


def join(doc: Doc, rows: list[Row]) -> None:
    """Extend the content of the acts in ``rows`` by the quotations that belong to them."""
    speaker_of: dict[int, Row] = {}
    order = sorted(rows, key=lambda row: row[1].cue_start or 0)
    text = text_of(doc)
    for quotation in quotations_of(text):
        here = paragraph_at(text, quotation.start)
        found = _joined(doc, quotation, order)
        length = len(text[quotation.start : quotation.end].split())
        whole = length >= 4 or (length >= 2 and quotation.closed and text[quotation.end - 2] in ".!?")
        if found is None and whole and not any(covers(a, quotation.start + 1) for _, a in order if a.source):
            found = _around(doc, quotation, here, speaker_of, order)
        if found is None:
            continue
        _act, attribution = found
        speaker_of[here] = found
        if not all(covers(attribution, at) for at in (quotation.start + 1, quotation.end - 2)):
            _extend(attribution, quotation)


def _joined(doc: Doc, quotation: Quotation, order: list[Row]) -> Row | None:
    """The act whose cue clause stands right before or after the quotation."""
    text = text_of(doc)
    best: tuple[int, Row] | None = None
    for act, attribution in order:
        wanted = set(acting.frames(act.row))
        if attribution.source is None or not {"quote", "clause", "object"} & wanted:
            continue
        if "quote" not in wanted and not attribution.content:
            continue  # "he understands “war”": believing alone is no speech
        a, b = act.clause if act.clause != (0, 0) else act.cue
        start, end = doc[a].idx, doc[b - 1].idx + len(doc[b - 1])
        if (
            start < quotation.end
            and quotation.start < end
            and quotation.start <= (attribution.cue_start or 0) < quotation.end
        ):
            continue
        ending = text[quotation.end - 2] if quotation.closed else ""
        said = bool(attribution.content) and attribution.content[0][0] > (attribution.cue_start or 0)
        if quotation.end <= start and (ending == "." or (ending in "?!" and said)):
            continue  # a full stop ends the quotation: what follows opens a sentence of its own
        if (
            quotation.end <= start
            and start - quotation.end <= 3
            and set(text[quotation.end : start]) <= JOINTS - {".", "\n"}
        ):
            return act, attribution
        if end <= quotation.start:
            between = text[end : quotation.start]
            adjoining = set(between) <= JOINTS - {"."}
            colon = between.rstrip().endswith((":", ",")) and act.anchor.sent.end_char >= quotation.start - 2
            if (adjoining or colon) and "\n" not in between.rstrip("\n ") and len(between) < 120:
                gap = len(between)
                if best is None or gap < best[0]:
                    best = (gap, (act, attribution))
    return best[1] if best else None


def _around(
    doc: Doc,
    quotation: Quotation,
    here: int,
    speaker_of: dict[int, Row],
    order: list[Row],
) -> Row | None:
    """The speaker of a quotation without a cue of its own: of the same paragraph, or of the one before."""
    text = text_of(doc)
    start, end = paragraphs_of(text)[here]
    alone = not any(c.isalpha() for c in text[start : quotation.start]) or quotation.start == start
    if here in speaker_of:
        return speaker_of[here]
    sentence = doc.char_span(quotation.start, quotation.start + 1, alignment_mode="expand")
    left = sentence[0].sent.start_char if sentence is not None else start
    starts_sentence = not any(c.isalnum() for c in text[left : quotation.start])
    before = [
        row for row in order
        if row[1].source and start <= (row[1].cue_start or 0) < quotation.start
    ]  # fmt: skip
    if before and starts_sentence:
        return before[-1]
    later = [row for row in order if row[1].source and quotation.end <= (row[1].cue_start or 0) < end]
    if later and starts_sentence:
        return later[0]
    if alone and here > 0:
        if quotation.runs_on and here - 1 in speaker_of:
            return speaker_of[here - 1]
        begin = paragraphs_of(text)[here - 1][0]
        earlier = [row for row in order if row[1].source and begin <= (row[1].cue_start or 0) < start]
        if earlier:
            return earlier[-1]
        if here - 1 in speaker_of:
            return speaker_of[here - 1]
    return _named_next(text, here, order) if alone and quotation.end >= end - 1 else None


def _named_next(text: str, here: int, order: list[Row]) -> Row | None:
    """The speaker of a paragraph of quotation whom only the next one names: it opens with a quotation and its cue."""
    if here + 1 >= len(paragraphs_of(text)):
        return None
    start, end = paragraphs_of(text)[here + 1]
    follows = next((q for q in quotations_of(text) if q.start == start), None)
    if follows is None:
        return None
    return next((row for row in order if row[1].source and follows.end <= (row[1].cue_start or 0) < end), None)


def _extend(attribution: Attribution, quotation: Quotation) -> None:
    pieces = [*attribution.content, [quotation.start, quotation.end]]
    merged: list[list[int]] = []
    for piece in sorted(pieces):
        if merged and piece[0] <= merged[-1][1] + 2:
            merged[-1][1] = max(merged[-1][1], piece[1])
        else:
            merged.append(list(piece))
    attribution.content = merged
