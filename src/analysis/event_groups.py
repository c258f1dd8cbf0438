"""Which mentions tell of one event: within an article, and across articles.

Within an article a mention joins the nearest earlier event with which it agrees. Two mentions agree if they have the same
PLOVER type, their parties agree (equal sets, direction ignored, or one set within the other), their places agree (equal,
or one untold), their dates share a day or one is untold, and they stand in different sentences (a sentence tells an
event once). Mentions of unlike acts of a type (``kin`` in the codebook: to shell is not to take a town) and mentions
without any party must agree in more: what is told of both must be equal, and not only be missing.

Across articles three things are evidence of one event: the same words around the trigger (copies and rewrites of one
text), the same figure told of the same act (a retelling in other words), and equal parties, kin and place or day (an
independent report). Each is a key under which events meet, so the work grows with n log n. Events sorted by day join as
long as all their members still share a day, so that a group cannot drift through a war; an undated mention stands for the
UNDATED_DAYS days up to its publication, copies and retellings meet within RETOLD_DAYS days.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from analysis import provenance
from analysis.codebook import Codebook, load
from analysis.place_names import loose

#: an undated mention is taken to tell of the days up to its publication
UNDATED_DAYS = 3
#: publications of copies and retellings lie no further apart
RETOLD_DAYS = 7
#: how many events of one type back a mention may join within its article
REACH = 12
#: words on each side of a trigger that make a copy of a sentence
BESIDE = 3
#: smaller counts are no evidence of one event: too many events have two dead
TELLING_FIGURE = 10
#: forces without a name: whose they are, another report may tell
UNNAMED_FORCES = frozenset({"soldiers", "forces", "army", "troops"})
_WORD = re.compile(r"\w+")
Row = Mapping[str, Any]
Key = tuple[Any, ...]


@dataclass(slots=True)
class Group:
    """Mentions taken for one event: what all of them agree on. ``key`` puts groups in order of their first report."""

    members: list[int]
    event_type: str
    kin: str
    stem: str
    parties: frozenset[str]
    place: str | None
    first: dt.date | None
    last: dt.date | None
    dated: bool
    negated: bool
    published: dt.date | None
    key: Key
    sentences: set[Any] = field(default_factory=set)
    keys: set[Key] = field(default_factory=set)


def _value(cell: Any) -> Any:
    return None if cell is None or cell != cell else cell


def _day(text: Any) -> dt.date | None:
    return None if _value(text) is None else dt.date.fromisoformat(str(text)[:10])


def kins(codebook: Codebook) -> dict[str, str]:
    """Sort of act by codebook row; the type where a row tells none."""
    return {row["id"]: row["kin"] or row["code"] for row in codebook.rows("event_types")}


def _parties(row: Row) -> frozenset[str]:
    names = [*str(_value(row.get("actor")) or "").split("+"), *str(_value(row.get("target")) or "").split("+")]
    return frozenset(name for name in names if name and name not in UNNAMED_FORCES)


def _place(row: Row) -> str | None:
    """What tells places apart: the GeoNames id, so that spellings meet; without one the coarse name."""
    name, number = _value(row.get("place")), _value(row.get("geonames_id"))
    if name is None or "+" in name:
        return name
    return loose(name) if number is None else f"#{int(number)}"


def report_key(row: Row) -> Key:
    """What orders mentions by their report: publication, outlet, article, place in it."""
    day = str(_value(row.get("published")) or "9999")
    return (day, str(row["outlet"]), str(row["article_id"]), int(row["start"]), str(row["mention_id"]))


def _around(row: Row) -> Key | None:
    """The words around the trigger, the same in every copy of the sentence; None where the sentence is not given."""
    text = _value(row.get("sentence_text"))
    if text is None or "end" not in row:
        return None
    at = int(row["start"]) - int(row["sentence_start"])
    before = _WORD.findall(str(text)[:at].casefold())[-BESIDE:]
    after = _WORD.findall(str(text)[int(row["end"]) - int(row["sentence_start"]) :].casefold())
    after = after[: 2 * BESIDE - len(before)]  # more behind a trigger that opens its sentence
    trigger = str(row.get("trigger") or "").casefold()
    return (*before, trigger, *after) if len(before) + len(after) >= 2 * BESIDE - 1 else None


def _single(i: int, row: Row, kin: Mapping[str, str], figures: Mapping[str, Row]) -> Group:
    first, last = _day(row.get("date_start")), _day(row.get("date_end"))
    published = _day(row.get("published"))
    dated = first is not None
    if first is None and published is not None:
        first, last = published - dt.timedelta(days=UNDATED_DAYS), published
    rule = str(row.get("extractor") or "").removeprefix("event:")
    group = Group(
        members=[i],
        event_type=row["event_type"],
        kin=kin.get(rule, row["event_type"]),
        stem=str(row.get("trigger") or "").casefold()[:5],
        parties=_parties(row),
        place=_place(row),
        first=first,
        last=last if last is not None else first,
        dated=dated,
        negated=bool(row["negated"]),
        published=published,
        key=report_key(row),
    )
    if _value(row.get("sentence")) is not None:
        group.sentences.add((row["article_id"], row["sentence"]))
    if (around := _around(row)) is not None:
        group.keys.add(("words", group.event_type, *around))
    for claim in str(_value(row.get("claim_ids")) or "").split("+"):
        told = figures.get(claim)
        if told is not None and _telling(told):
            value = (told["measure"], told.get("unit"), told.get("low"), told.get("high"))
            group.keys.add(("figure", group.event_type, group.kin, *value))
    return group


def _telling(claim: Row) -> bool:
    low, high = _value(claim.get("low")), _value(claim.get("high"))
    size = max((abs(float(v)) for v in (low, high) if v is not None), default=0.0)
    return size >= TELLING_FIGURE and claim.get("measure") != "other" and not claim.get("negated")


def _days_meet(a: Group, b: Group) -> bool:
    if a.first is None or b.first is None or a.last is None or b.last is None:
        return True
    return a.first <= b.last and b.first <= a.last


def _compatible(a: Group, b: Group) -> bool:
    """True where nothing that both tell differs."""
    if a.event_type != b.event_type or a.negated != b.negated or a.sentences & b.sentences:
        return False
    if not (a.parties <= b.parties or b.parties <= a.parties):
        return False
    if a.place is not None and b.place is not None and a.place != b.place:
        return False
    return not (a.dated and b.dated) or _days_meet(a, b)


def _agree(a: Group, b: Group) -> bool:
    """True where two mentions of one article may be one event (see the module's head)."""
    if not _compatible(a, b):
        return False
    alike = a.stem == b.stem or a.kin == b.kin
    if alike and a.parties and b.parties:
        return True
    same_place = a.place is not None and a.place == b.place
    same_day = a.dated and b.dated
    if alike:
        return same_place or same_day or (a.stem == b.stem and a.place == b.place)
    return bool(a.parties) and a.parties == b.parties and same_place and same_day


def _join(into: Group, other: Group) -> None:
    into.members += other.members
    into.parties |= other.parties
    into.place = into.place or other.place
    into.sentences |= other.sentences
    into.keys |= other.keys
    if other.dated and not into.dated:
        into.first, into.last, into.dated = other.first, other.last, True
    elif other.dated == into.dated and other.first is not None and into.first is not None and _days_meet(into, other):
        assert other.last is not None
        assert into.last is not None
        into.first, into.last = max(into.first, other.first), min(into.last, other.last)
    into.key = min(into.key, other.key)


def _within_articles(rows: Sequence[Row], kin: Mapping[str, str], figures: Mapping[str, Row]) -> list[Group]:
    order = sorted(range(len(rows)), key=lambda i: (rows[i]["article_id"], rows[i]["start"], rows[i]["mention_id"]))
    groups: list[Group] = []
    open_groups: dict[tuple[str, str], list[Group]] = defaultdict(list)
    for i in order:
        single = _single(i, rows[i], kin, figures)
        candidates = open_groups[rows[i]["article_id"], rows[i]["event_type"]]
        known = next((g for g in reversed(candidates[-REACH:]) if _agree(g, single)), None)
        if known is None:
            groups.append(single)
            candidates.append(single)
        else:
            _join(known, single)
            candidates.remove(known)
            candidates.append(known)
    return groups


class _Union:
    """Groups that are one event: each set of groups keeps what its members agree on."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.groups = groups
        self.above = list(range(len(groups)))

    def top(self, i: int) -> int:
        while self.above[i] != i:
            self.above[i] = self.above[self.above[i]]
            i = self.above[i]
        return i

    def join(self, i: int, k: int) -> None:
        a, b = self.top(i), self.top(k)
        if a == b:
            return
        if self.groups[b].key < self.groups[a].key:
            a, b = b, a
        _join(self.groups[a], self.groups[b])
        self.above[b] = a


def _published_near(a: Group, b: Group) -> bool:
    if a.published is None or b.published is None:
        return True
    return abs((a.published - b.published).days) <= RETOLD_DAYS


def _retold(union: _Union) -> None:
    """Join events that copies of one sentence, or the same figure, tell (in place)."""
    meeting: dict[Key, list[int]] = defaultdict(list)
    for i, group in enumerate(union.groups):
        for key in group.keys:
            meeting[key].append(i)
    for key in sorted(meeting, key=repr):
        alike = sorted(meeting[key], key=lambda i: (union.groups[i].published or dt.date.max, union.groups[i].key))
        for before, after in itertools.pairwise(alike):
            a, b = union.groups[union.top(before)], union.groups[union.top(after)]
            if _compatible(a, b) and _published_near(union.groups[before], union.groups[after]):
                union.join(before, after)


def _reported(union: _Union) -> None:
    """Join events of equal parties, kin and place whose days meet (in place); without a place the day must be told."""
    blocks: dict[Key, list[int]] = defaultdict(list)
    for i, g in enumerate(union.groups):
        if union.top(i) != i or not g.parties or g.first is None or (g.place is None and not g.dated):
            continue
        blocks[g.event_type, g.kin, tuple(sorted(g.parties)), g.place or "", g.negated].append(i)
    for block in blocks.values():
        block.sort(key=lambda i: (union.groups[i].first or dt.date.max, union.groups[i].key))
        running: int | None = None
        first = last = dt.date.max
        for i in block:
            g = union.groups[i]
            assert g.first is not None
            assert g.last is not None
            if running is not None and union.groups[union.top(running)].sentences & g.sentences:
                continue
            if running is not None and g.first <= last:
                first, last = max(first, g.first), min(last, g.last)
                union.join(running, i)
                top = union.groups[union.top(running)]
                top.first, top.last = first, last
            else:
                running, first, last = i, g.first, g.last


def group(rows: Sequence[Row], claims: Sequence[Row] = (), codebook: Codebook | None = None) -> list[str]:
    """The event_id of every mention, in the order of ``rows``: hashes anchored on each event's earliest mention.

    ``rows`` have the columns of event_mentions; ``claims`` give the figures that ``claim_ids`` names.
    """
    figures = {str(claim["claim_id"]): claim for claim in claims}
    union = _Union(_within_articles(rows, kins(codebook or load()), figures))
    _retold(union)
    _reported(union)
    anchors: dict[int, str] = {}
    event_of = [""] * len(rows)
    for top in {union.top(i) for i in range(len(union.groups))}:
        earliest = min(union.groups[top].members, key=lambda i: report_key(rows[i]))
        anchors[top] = provenance.group_id("evt", rows[earliest]["mention_id"])
        for i in union.groups[top].members:
            event_of[i] = anchors[top]
    return event_of
