"""Score event mentions against gold events.

Matching is one to one: first by overlap of the triggers (longest first, same type before other type, then the nearer
start), then what is left by same sentence and same type. A date is right when the gold day lies in the predicted range,
the gold month overlaps it, or both are null.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from typing import Any

from analysis.scoring.matched import Fields, Row, ScoredArticle, Scores, Total, paired
from analysis.scoring.names import parties, same_name

_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Sgt|Gov|Sen|Rep|St|No|Jan|Feb|Mar|Apr|Aug|Sept|Sep|Oct|Nov|Dec|vs|etc)"
    r"|\b[A-Z]|\b[A-Z]\.[A-Z])\.$"
)
_SENTENCE_END = re.compile(r"\n+|[.!?][\"”’')\]]*(?=\s+[\"“‘'(\[]?[A-Z0-9])")


def day(date: Any, last: bool = False) -> str | None:
    """An ISO day, month or year as its first (or last) day; None for anything else."""
    if date is None:
        return None
    text = str(date)[:10]
    if re.fullmatch(r"\d{4}", text):
        return text + ("-12-31" if last else "-01-01")
    if re.fullmatch(r"\d{4}-\d\d", text):
        days = calendar.monthrange(int(text[:4]), int(text[5:]))[1]
        return f"{text}-{days:02}" if last else f"{text}-01"
    return text if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None


def predicted_range(p: Row) -> tuple[str, str] | None:
    first, last = p.get("date_start"), p.get("date_end")
    low, high = day(first if day(first) else last), day(last if day(last) else first, last=True)
    return (low, high) if low and high else None


def same_date(g: Row, p: Row) -> bool:
    span = predicted_range(p)
    first, last = day(g.get("date")), day(g.get("date"), last=True)
    if first is None or last is None or span is None:
        return first is None and span is None
    return span[0] <= last and span[1] >= first


def sentence_ends(text: str) -> list[int]:
    """Ends of the gold's sentences: at a line end, or at .!? before a space and a capital, digit or quotation mark."""
    ends, start = [], 0
    for m in _SENTENCE_END.finditer(text):
        if m.group() == "." and _ABBREVIATION.search(text[start : m.end()]):
            continue
        ends.append(m.end())
        start = m.end()
    return [*ends, len(text) + 1]


FIELDS: Fields = {
    "event_type": lambda g, p: bool(g["event_type"] == p.get("event_type")),
    "actor": lambda g, p: parties(g["actor"]) == parties(p.get("actor")),
    "target": lambda g, p: parties(g["target"]) == parties(p.get("target")),
    "parties": lambda g, p: _both(g) == _both(p),
    "place": lambda g, p: same_name(g["place"], p.get("place")),
    "date": same_date,
    "source": lambda g, p: same_name(g["source"], p.get("source")),
    "hedged": lambda g, p: bool(g["hedged"]) == bool(p.get("hedged")),
    "negated": lambda g, p: bool(g["negated"]) == bool(p.get("negated")),
}


def _both(row: Row) -> frozenset[str]:
    return parties(row.get("actor")) | parties(row.get("target"))


def match(article: str, text: str, gold: Sequence[Row], predicted: Sequence[Row]) -> ScoredArticle:
    """Match the events of one article one to one."""
    ends = sentence_ends(text)

    def sentence(row: Row) -> int:
        return next(k for k, end in enumerate(ends) if row["start"] < end)

    by_trigger, by_sentence = [], []
    for i, g in enumerate(gold):
        for k, p in enumerate(predicted):
            shared = min(g["end"], p["end"]) - max(g["start"], p["start"])
            same_type, apart = g["event_type"] == p.get("event_type"), abs(g["start"] - p["start"])
            if shared > 0:
                by_trigger.append((-shared, not same_type, apart, i, k))
            if same_type and sentence(g) == sentence(p):
                by_sentence.append((0, False, apart, i, k))
    best_first = [(i, k) for *_, i, k in (*sorted(by_trigger), *sorted(by_sentence))]
    return paired(article, gold, predicted, best_first, FIELDS)


def score(articles: Sequence[ScoredArticle]) -> Scores:
    """Detection, with type, with parties; each field on matched events; date and source recall and precision."""
    total = Total(articles)
    scores = total.detection()
    scores["type_f1"] = total.f1("event_type")
    scores["type_parties_f1"] = total.f1("event_type", "parties")
    scores |= total.accuracy(FIELDS)
    scores |= total.told("date", lambda g: g.get("date"), predicted_range)
    return scores | total.told("source", lambda g: g.get("source"), lambda p: p.get("source"))
