"""Which articles carry the same wire copy: verbatim, lightly edited, or told again in other words.

Three steps, each near-linear in the number of articles: sentences that stand in several articles are found with MinHash
and locality-sensitive hashing (datasketch) and checked word by word; articles that tell the same figures in the same
company, in several sentences, are taken for rewrites; groups are what links leave connected. Sentences that recur in
unrelated articles (menus, share lines, legal notices) count for nothing.
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

import pandas as pd
from datasketch import MinHash, MinHashLSH

from analysis.provenance import group_id
from analysis.tables import frame
from analysis.wording import STOP_WORDS, Sentence, overlapping, read

#: words of a shingle; a light edit of one word spoils three of them
SHINGLE = 3
#: below this many words a sentence says too little about where it comes from
SENTENCE_WORDS = 6
PERMUTATIONS = 64
SEED = 1
#: Jaccard similarity from which two sentences are looked at
LSH_THRESHOLD = 0.4
#: share of the shorter sentence's shingles that must stand in the other
SENTENCE_MATCH = 0.6
#: share of an article's words that must stand in the other, and how many words that must be at least
COPIED_SHARE = 0.5
COPIED_WORDS = 30
#: a sentence in three or more articles of which fewer than half are otherwise alike is page furniture
FURNITURE_ARTICLES = 3
#: rewrites: share of an article's figures that stand in like company in the other, their least number, and in how many
#: sentences of the other. In the two constructed collections rewrites have 0.5 to 0.9, independent articles on the same
#: story at most 0.14; two newspapers' own reports of one battle 0.35
FIGURE_SHARE = 0.5
FIGURES = 4
FIGURE_SENTENCES = 3
#: the same for short texts: fewer figures, of which more must be met
SHORT_FIGURES = 3
SHORT_SHARE = 0.6
SHORT_SENTENCES = 2
#: the same where the article says whose text it is
CREDITED_SHARE = 0.3
CREDITED_FIGURES = 2
#: stems that two sentences must share besides the figure
COMPANY = 2
#: the same where only the numbers are kept, as in a thorough rewrite: numbers that do not meet by chance, their least count
#: and share of the text that has fewer, in how many sentences, and how many of them in like words. In six collections
#: rewrites that nothing else shows have 6 or more and 0.6 or more, other articles on the story at most 4 and 0.36
TELLING = 13
NUMBERS, NUMBER_SHARE, NUMBER_SENTENCES, NUMBER_FIGURES = 6, 0.6, 4, 1
CREDITED_NUMBERS, CREDITED_NUMBER_SHARE = 4, 0.4
#: a figure is paired with the next ones up to this distance, to find articles that tell the same figures in like order
REACH = 3
#: a pair of figures that stands in more articles than this says nothing
COMMON = 200
#: days between a text and its rewrite
REWRITE_DAYS = 10

#: words of a line that credits a text: "By Meridian News Agency", "(Reuters)", "Copyright AFP", "Source: KPA"
CREDIT_MARKS = {"copyright", "©", "source", "credit", "from"}
AGENCY_WORDS = {"agency", "press", "wire", "newswire", "agencies"}


@dataclass
class _Text:
    """One article as read here."""

    id: str
    outlet: str
    published: str
    credit: str | None
    sentences: list[Sentence]
    shingles: list[frozenset[tuple[str, ...]]] = field(default_factory=list)
    dropped: set[int] = field(default_factory=set)

    @property
    def order(self) -> tuple[str, str, str]:
        return (self.published or "9999", self.outlet, self.id)

    def counted(self) -> list[int]:
        """Sentences that count: long enough and no page furniture."""
        return [i for i, s in enumerate(self.sentences) if len(s.words) >= SENTENCE_WORDS and i not in self.dropped]

    def telling(self) -> list[int]:
        """Sentences that count and have a name or a number: news has them, an invitation to subscribe has none."""
        return [i for i in self.counted() if self.sentences[i].names or self.sentences[i].numbers]

    def figures(self) -> dict[str, list[int]]:
        """Every number's key -> the sentences in which it stands."""
        found: dict[str, list[int]] = defaultdict(list)
        for i, sentence in enumerate(self.sentences):
            for number in sentence.numbers if i not in self.dropped else ():
                found[number.key].append(i)
        return dict(found)


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


def _shingles(words: Sequence[str]) -> frozenset[tuple[str, ...]]:
    return frozenset(tuple(words[i : i + SHINGLE]) for i in range(max(len(words) - SHINGLE + 1, 1)))


def _texts(articles: pd.DataFrame) -> dict[str, _Text]:
    found = {}
    for row in articles.to_dict("records"):
        text = _Text(
            row["article_id"],
            row["outlet"],
            row["published"] if isinstance(row.get("published"), str) else "",
            row["credit"] if isinstance(row.get("credit"), str) else None,
            read(row["text"]),
        )
        text.shingles = [_shingles(s.words) for s in text.sentences]
        found[text.id] = text
    return dict(sorted(found.items(), key=lambda pair: pair[1].order))


# --- copies -----------------------------------------------------------------------------------------------------------


@functools.cache
def _no_shingles() -> MinHash:
    """A sketch of nothing, whose permutations all others take over."""
    return MinHash(num_perm=PERMUTATIONS, seed=SEED)


def _sketch(shingles: frozenset[tuple[str, ...]]) -> MinHash:
    sketch = _no_shingles().copy()
    sketch.update_batch([" ".join(s).encode("utf-8") for s in sorted(shingles)])
    return sketch


def _star(ids: Sequence[str]) -> Iterable[tuple[str, str]]:
    """The first with each other one, and each with the next: enough to connect all, without all pairs."""
    yield from ((ids[0], other) for other in ids[1:])
    yield from pairwise(ids[1:])


def _like_sentences(texts: Mapping[str, _Text]) -> set[tuple[str, str]]:
    """Pairs of articles that share a sentence or one like it."""
    holders: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for text in texts.values():
        for i in text.counted():
            words = text.sentences[i].words
            if not holders[words] or holders[words][-1] != text.id:
                holders[words].append(text.id)
    pairs: set[tuple[str, str]] = set()
    lsh = MinHashLSH(threshold=LSH_THRESHOLD, num_perm=PERMUTATIONS)
    keys = list(holders)
    for number, words in enumerate(keys):
        sketch = _sketch(_shingles(words))
        pairs.update(_star(holders[words]))
        for like in sorted(lsh.query(sketch)):
            pairs.update((a, b) for a in holders[keys[like]][:2] for b in holders[words][:2] if a != b)
        lsh.insert(number, sketch)
    order = {a: i for i, a in enumerate(texts)}
    return {(a, b) if order[a] < order[b] else (b, a) for a, b in pairs}


class _Matches:
    """Which sentences of the articles stand in one another, so that most pairs of articles need not be read."""

    def __init__(self, texts: Mapping[str, _Text]):
        number: dict[tuple[str, ...], int] = {}
        self.own = {
            t.id: frozenset(number.setdefault(t.sentences[i].words, len(number)) for i in t.counted())
            for t in texts.values()
        }
        self.like = overlapping([_shingles(words) for words in number], SENTENCE_MATCH)
        self.near = {a: frozenset().union(*(self.like[i] for i in own)) for a, own in self.own.items()}
        self.telling = {
            t.id: [(number[words], len(words)) for i in t.telling() for words in [t.sentences[i].words]]
            for t in texts.values()
        }

    def alike(self, one: str, other: str) -> float:
        """The larger share of one that stands in the other; 0 where too few words are shared."""
        if self.own[other].isdisjoint(self.near[one]):
            return 0.0
        shares = []
        for a, b in ((one, other), (other, one)):
            total = sum(length for _, length in self.telling[a])
            shared = sum(n for i, n in self.telling[a] if not self.like[i].isdisjoint(self.own[b]))
            shares.append(_share(shared, total))
        return max(shares)


def _copied(one: _Text, other: _Text, within: Sequence[int] | None = None) -> tuple[int, int]:
    """How many words of ``one`` stand in ``other``, and how many words count; ``within`` restricts to some sentences."""
    index: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for j in other.counted():
        for shingle in other.shingles[j]:
            index[shingle].append(j)
    shared = total = 0
    for i in one.counted() if within is None else within:
        length = len(one.sentences[i].words)
        total += length
        hits: Counter[int] = Counter(j for shingle in sorted(one.shingles[i]) for j in index.get(shingle, ()))
        best = max((n / min(len(one.shingles[i]), len(other.shingles[j])) for j, n in hits.items()), default=0.0)
        shared += length if best >= SENTENCE_MATCH else 0
    return shared, total


def _share(shared: int, total: int) -> float:
    enough = shared >= COPIED_WORDS or (total and shared == total)
    return shared / total if total and enough else 0.0


def _alike(one: _Text, other: _Text) -> float:
    """The larger share of one that stands in the other; 0 where too few words are shared."""
    shares = []
    for a, b in ((one, other), (other, one)):
        shared, total = _copied(a, b, a.telling())
        shares.append(_share(shared, total))
    return max(shares)


def _drop_furniture(texts: Mapping[str, _Text]) -> None:
    """Mark sentences that recur in articles that are otherwise not alike."""
    holders: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for text in texts.values():
        for i, sentence in enumerate(text.sentences):
            if len(sentence.words) >= SENTENCE_WORDS:
                holders[sentence.words].append((text.id, i))
    alike: dict[tuple[str, str], bool] = {}
    furniture = []
    for where in holders.values():
        ids = list(dict.fromkeys(a for a, _ in where))
        if len(ids) < FURNITURE_ARTICLES:
            continue
        if max(Counter(texts[a].outlet for a in ids).values()) >= FURNITURE_ARTICLES:
            furniture.append(where)
            continue
        pairs = list(pairwise(ids))[:20]
        for pair in pairs:
            if pair not in alike:
                alike[pair] = _alike(texts[pair[0]], texts[pair[1]]) >= COPIED_SHARE
        if 2 * sum(alike[p] for p in pairs) < len(pairs):
            furniture.append(where)
    for where in furniture:
        for article, i in where:
            texts[article].dropped.add(i)


# --- rewrites ---------------------------------------------------------------------------------------------------------


def _days_apart(one: _Text, other: _Text) -> int:
    if not one.published or not other.published:
        return 0
    return abs((date.fromisoformat(one.published) - date.fromisoformat(other.published)).days)


def _same_figures(texts: Mapping[str, _Text]) -> list[tuple[str, str]]:
    """Pairs of articles that have two or more pairs of figures standing close to one another in both."""
    holders: dict[tuple[str, str], list[str]] = defaultdict(list)
    for text in texts.values():
        told = [n.key for i, s in enumerate(text.sentences) if i not in text.dropped for n in s.numbers]
        close = {(min(a, b), max(a, b)) for i, a in enumerate(told) for b in told[i + 1 : i + 1 + REACH] if a != b}
        for pair in sorted(close):
            holders[pair].append(text.id)
    shared: Counter[tuple[str, str]] = Counter()
    for ids in holders.values():
        if len(ids) > COMMON:
            shared.update(_star(ids))
        else:
            shared.update((a, b) for i, a in enumerate(ids) for b in ids[i + 1 :])
    return [pair for pair, n in shared.items() if n >= 2]


def _in_like_company(one: _Text, other: _Text) -> list[tuple[int, int]]:
    """For every figure of ``one`` that ``other`` tells with like words around it: the two sentences."""
    theirs = other.figures()
    found = []
    for key, mine in one.figures().items():
        best: tuple[int, int, int] | None = None
        for i in mine:
            for j in theirs.get(key, ()):
                company = len(one.sentences[i].stems & other.sentences[j].stems)
                if company >= COMPANY and (best is None or (company, -i, -j) > best):
                    best = (company, -i, -j)
        if best is not None:
            found.append((-best[1], -best[2]))
    return found


def _telling(key: str) -> bool:
    """Whether two texts seldom have a number by chance: no small whole one."""
    return not (key.isdigit() and int(key) < TELLING)


def _same_numbers(one: _Text, other: _Text) -> tuple[int, float, int]:
    """Telling numbers that stand in both texts: how many, their share of the text that has fewer, in how many sentences."""
    figures = [{k: where for k, where in t.figures().items() if _telling(k)} for t in (one, other)]
    both = figures[0].keys() & figures[1].keys()
    spread = min(len({i for k in both for i in f[k]}) for f in figures)
    return len(both), len(both) / max(1, min(len(f) for f in figures)), spread


def _credits(one: _Text, other: _Text) -> bool:
    return one.credit is not None and same_agency(one.credit, other.outlet)


def _retells(one: _Text, other: _Text) -> bool:
    """True where ``one`` tells what ``other`` tells: most of its figures, in like words, from several of its sentences."""
    figures = one.figures()
    met = _in_like_company(one, other)
    share = len(met) / len(figures) if figures else 0.0
    numbers, number_share, number_spread = _same_numbers(one, other)
    if _credits(one, other):
        kept = numbers >= CREDITED_NUMBERS and number_share >= CREDITED_NUMBER_SHARE
        return len(met) >= CREDITED_FIGURES and (share >= CREDITED_SHARE or kept)
    names = [frozenset().union(*(s.names for s in t.sentences)) for t in (one, other)]
    if len(names[0] & names[1]) < COMPANY:
        return False
    if numbers >= NUMBERS and number_share >= NUMBER_SHARE and number_spread >= NUMBER_SENTENCES:
        return len(met) >= NUMBER_FIGURES
    spread = min(len({i for i, _ in met}), len({j for _, j in met}))
    return (len(met) >= FIGURES and share >= FIGURE_SHARE and spread >= FIGURE_SENTENCES) or (
        len(met) >= SHORT_FIGURES and share >= SHORT_SHARE and spread >= SHORT_SENTENCES
    )


# --- credit lines -----------------------------------------------------------------------------------------------------


def _letters(name: str) -> str:
    return "".join(w[0] for w in re.findall(r"[A-Za-z]+", name) if w.lower() not in STOP_WORDS).lower()


def same_agency(one: str, other: str) -> bool:
    """True where two names mean one medium: equal, a short form ("Meridian"), or its initials ("KPA")."""
    a, b = sorted((one.strip().casefold(), other.strip().casefold()), key=len)
    if not a:
        return False
    inner = [w for w in re.findall(r"\w+", a) if w not in STOP_WORDS | AGENCY_WORDS]
    words = set(re.findall(r"\w+", b))
    return a == b or (bool(inner) and set(inner) <= words) or (len(a) > 1 and a == _letters(b))


def _named(words: Sequence[str]) -> str | None:
    """The words as a name, if all that carry meaning are capitalised and there are few of them."""
    name = " ".join(words).strip(" .,;:|()-–—")
    inner = [w for w in name.split() if w.lower() not in STOP_WORDS]
    return name if 0 < len(inner) <= 5 and all(w[0].isupper() for w in inner) else None


def credit_line(text: str, agencies: Iterable[str] = ()) -> str | None:
    """Whose text it says it is, from a short line of its own or a dateline; None where no such line stands.

    ``agencies`` are names known as media: "By X" and "(X)" count only for them, for all capitals or with a word like
    "Agency" in it, since a reporter's byline looks the same.
    """
    known = list(agencies)

    def medium(name: str | None) -> bool:
        if name is None:
            return False
        capitals = name.isupper() and 2 < len(name) < 12 and " " not in name
        return capitals or bool(set(name.lower().split()) & AGENCY_WORDS) or any(same_agency(name, k) for k in known)

    for line in (part.strip() for part in text.splitlines()):
        words = line.split()
        if not words or len(line) > 400:
            continue
        head = words[0].lower().strip(":")
        dateline = re.match(r"[A-Z][\w .,'’/-]{1,60}\(([A-Z][\w .]{1,30})\)\s*[-–—]", line)
        bracket = re.fullmatch(r"\(([^()]{2,40})\)", line) or dateline
        if bracket and medium(_named(bracket[1].split())):
            return _named(bracket[1].split())
        if len(words) > 12:
            continue
        if head in CREDIT_MARKS and (line.count(":") or head in ("copyright", "©")):
            rest = re.split(
                r"[.|]",
                " ".join(w for w in words[1:] if not re.fullmatch(r"(©|\(c\)|\d{4})", w)),
            )[0]
            if name := _named(rest.split()):
                return name
        if head == "by" and medium(name := _named(re.split(r"[|,]", " ".join(words[1:]))[0].split())):
            return name
    return None


# --- the stage --------------------------------------------------------------------------------------------------------


def _link(texts: Mapping[str, _Text]) -> Groups:
    groups, matches = Groups(texts), _Matches(texts)
    for a, b in _like_sentences(texts):
        if groups.find(a) != groups.find(b) and matches.alike(a, b) >= COPIED_SHARE:
            groups.join(a, b)
    for a, b in sorted(_same_figures(texts)):
        one, other = texts[a], texts[b]
        near = groups.find(a) != groups.find(b) and _days_apart(one, other) <= REWRITE_DAYS
        if near and (_retells(one, other) or _retells(other, one)):
            groups.join(a, b)
    return groups


def _root(members: Sequence[_Text]) -> _Text:
    """The earliest article; of those of one day the one that others credit, then one that credits nobody."""
    first = min(t.published or "9999" for t in members)
    same_day = [t for t in members if (t.published or "9999") == first]
    credited = {t.id: sum(_credits(o, t) for o in members if o.id != t.id) for t in same_day}
    given = {t.id: sum(_copied(o, t)[0] for o in members if o.id != t.id) for t in same_day}
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
    texts = _texts(pd.DataFrame(rows, columns=articles.columns)) if rows else {}
    _drop_furniture(texts)
    filled: dict[str, tuple[str, str | None, float | None]] = {}
    for ids in _link(texts).members().values():
        if len(ids) < 2:
            continue
        members = [texts[i] for i in ids]
        root = _root(members)
        for text in members:
            shared, total = _copied(text, root)
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
