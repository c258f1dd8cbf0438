"""On which day it was said: the date beside the cue, outside what is reported."""

from __future__ import annotations

from spacy.tokens import Doc

from analysis.components.acts import Act
from analysis.components.cast import Cast
from analysis.components.mentions import text_of
from analysis.components.quoted_speech import Row
from analysis.components.quotes import quotations_of

#: sentences over which a speaker goes on with what he said on one day
GOES_ON_FOR = 2


def date_acts(doc: Doc, rows: list[Row], cast: Cast) -> None:
    """Give every act the day beside its cue; a speaker goes on on the day on which he began."""
    told: dict[str, tuple[str, int]] = {}
    for act, attribution in sorted(rows, key=lambda row: row[1].cue_start or 0):
        attribution.said_start = _said(doc, act, attribution.content)
        key = attribution.source_id
        if key is None:
            continue
        if attribution.said_start:
            if act.anchor.dep_ not in ("relcl", "advcl", "acl"):
                told[key] = (attribution.said_start, act.anchor.i)
            else:
                told.pop(key, None)  # "on Tuesday, when he spoke of 11": an earlier day, looked back on
        elif (
            key in told
            and cast._distance(told[key][1], act.anchor.i) <= GOES_ON_FOR
            and not any(c.dep_ == "aux" and c.lower_ == "had" for c in act.anchor.children)
            and not _dated(doc, act, attribution.content)
        ):
            attribution.said_start = told[key][0]
            told[key] = (told[key][0], act.anchor.i)


def _said(doc: Doc, act: Act, content: list[list[int]]) -> str | None:
    """The day to which a date beside the cue, outside the content and any quotation, resolves."""
    dates = doc._.dates if doc.has_extension("dates") else None
    sent = act.anchor.sent
    near = [
        d
        for d in dates or []
        if sent.start_char <= d.start < sent.end_char
        and d.precision == "day"
        and (d.date_start == d.date_end or d.timex == "TIME")
        and not any(a <= d.start < b for a, b in content)
        and not any(q.start <= d.start < q.end for q in quotations_of(text_of(doc)))
        and not (doc._.published and (d.date_start or "") > doc._.published)
        and _beside(doc, act, d.start)
    ]
    at = doc[act.cue[0]].idx
    return min(near, key=lambda d: abs(d.start - at)).date_start if near else _stamped(doc, sent.start_char)


def _stamped(doc: Doc, start: int) -> str | None:
    """The day of the entry of a live blog that holds character ``start``: its line opens with a clock time."""
    line = text_of(doc).rfind("\n", 0, start) + 1
    stamp = next((d for d in doc._.dates or [] if line <= d.start <= line + 1 and d.timex == "TIME"), None)
    return stamp.date_start if stamp is not None and stamp.end <= start else None


def _dated(doc: Doc, act: Act, content: list[list[int]]) -> bool:
    """Whether the sentence tells another time for the cue ("the day before", "last month")."""
    sent = act.anchor.sent
    return any(
        t.ent_type_ in ("DATE", "TIME") and not any(a <= t.idx < b for a, b in content)
        for t in sent
        if not any(q.start <= t.idx < q.end for q in quotations_of(text_of(doc)))
    )


def _beside(doc: Doc, act: Act, at: int) -> bool:
    """Whether the day at character ``at`` hangs on the cue, not on a clause about something else."""
    span = doc.char_span(at, at + 1, alignment_mode="expand")
    token = span[0] if span is not None else None
    while token is not None and token.head.i != token.i and token.i != act.anchor.i:
        if token.dep_ == "relcl" and not token.left_edge.i <= act.anchor.i <= token.right_edge.i:
            return False
        token = token.head
    return token is not None
