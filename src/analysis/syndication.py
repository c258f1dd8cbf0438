"""Which articles carry the same wire copy: verbatim, lightly edited, or told again in other words.

Three steps, each near-linear in the number of articles: articles that share sentences are copies (``passages``), those
that tell the same figures in the same company are rewrites (``rewrites``), groups are what links leave connected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.credits import credit_line, same_agency
from analysis.passages import COPIED_SHARE, Matches, Text, copied, drop_furniture, like_sentences, texts_of
from analysis.provenance import group_id
from analysis.rewrites import REWRITE_DAYS, credits_text, days_apart, retells, same_figures
from analysis.tables import frame

__all__ = ["Groups", "credit_line", "same_agency", "syndicate"]


class Groups:
    """Disjoint groups; the smallest member (in the given order) stands for each."""

    def __init__(self, members: Iterable[str]):
        self.parent = {m: m for m in members}

    def find(self, one: str) -> str:
        while self.parent[one] != one:
            self.parent[one] = self.parent[self.parent[one]]
            one = self.parent[one]
        return one

    def join(self, one: str, other: str) -> None:
        a, b = sorted((self.find(one), self.find(other)))
        self.parent[b] = a

    def members(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for one in sorted(self.parent):
            found[self.find(one)].append(one)
        return dict(found)


def _link(texts: Mapping[str, Text]) -> Groups:
    groups, matches = Groups(texts), Matches(texts)
    for a, b in like_sentences(texts):
        if groups.find(a) != groups.find(b) and matches.alike(a, b) >= COPIED_SHARE:
            groups.join(a, b)
    for a, b in sorted(same_figures(texts)):
        one, other = texts[a], texts[b]
        near = groups.find(a) != groups.find(b) and days_apart(one, other) <= REWRITE_DAYS
        if near and (retells(one, other) or retells(other, one)):
            groups.join(a, b)
    return groups


def _root(members: Sequence[Text]) -> Text:
    """The earliest article; of those of one day the one that others credit, then one that credits nobody."""
    first = min(t.published or "9999" for t in members)
    same_day = [t for t in members if (t.published or "9999") == first]
    credited = {t.id: sum(credits_text(o, t) for o in members if o.id != t.id) for t in same_day}
    given = {t.id: sum(copied(o, t)[0] for o in members if o.id != t.id) for t in same_day}
    return min(
        same_day,
        key=lambda t: (-credited[t.id], t.credit is not None, -given[t.id], t.order),
    )


def syndicate(articles: pd.DataFrame) -> pd.DataFrame:
    """Fill ``credit`` (where the metadata has none), ``syndication_id``, ``copy_of`` and ``copied_share``.

    An article that shares its text with no other keeps nulls. The earliest article of a group has no ``copy_of``.
    ``copied_share`` is the share of words whose sentence stands (at least in most of its wording) in that article too,
    so a rewrite in other words has a low one. The order of the rows does not matter.
    """
    rows: list[dict[str, Any]] = [{str(k): v for k, v in row.items()} for row in articles.to_dict("records")]
    outlets = sorted({r["outlet"] for r in rows} | {r["credit"] for r in rows if isinstance(r.get("credit"), str)})
    for row in rows:
        if not isinstance(row.get("credit"), str):
            found = credit_line(row["text"], outlets)
            row["credit"] = None if found is None or same_agency(found, row["outlet"]) else found
    texts = texts_of(pd.DataFrame(rows, columns=articles.columns)) if rows else {}
    drop_furniture(texts)
    filled: dict[str, tuple[str, str | None, float | None]] = {}
    for ids in _link(texts).members().values():
        if len(ids) < 2:
            continue
        members = [texts[i] for i in ids]
        root = _root(members)
        for text in members:
            shared, total = copied(text, root)
            own = text.id == root.id
            share = None if own else round(shared / total, 4) if total else 0.0
            filled[text.id] = (
                group_id("syn", root.id),
                None if own else root.id,
                share,
            )
    for row in rows:
        row["syndication_id"], row["copy_of"], row["copied_share"] = filled.get(row["article_id"], (None, None, None))
    return frame("articles", rows)
