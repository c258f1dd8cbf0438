"""Which texts share sentences: the same words, or nearly so, without what everybody writes.

Sentences that may be alike are found with MinHash and locality-sensitive hashing (datasketch) and checked word by word.
Phrases that stand in many different sentences (a template, a stock phrase) count for nothing there, so that no bucket and
no list of holders grows with the corpus; and sentences that recur in unrelated articles (menus, share lines, legal
notices) are left out.
"""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pandas as pd
from datasketch import MinHash, MinHashLSH

from analysis.credits import first_hand
from analysis.wording import Sentence, overlapping, read

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
#: a sentence in three or more articles of which fewer than half are otherwise alike, or of one outlet, is page furniture
FURNITURE_ARTICLES = 3
#: a shingle in more different sentences than this is a phrase of everybody's. It bounds the work: a sentence is held against
#: at most so many others for each of its shingles
CROWD = 200

Shingles = frozenset[tuple[str, ...]]


@dataclass
class Text:
    """One article as read here."""

    id: str
    outlet: str
    published: str
    credit: str | None
    sentences: list[Sentence]
    #: True where it tells of its author's own asking
    first_hand: bool = False
    shingles: list[Shingles] = field(default_factory=list)
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


def shingles_of(words: Sequence[str]) -> Shingles:
    return frozenset(tuple(words[i : i + SHINGLE]) for i in range(max(len(words) - SHINGLE + 1, 1)))


def texts_of(articles: pd.DataFrame) -> dict[str, Text]:
    """Articles as read here, by id, the earliest first."""
    found = {}
    for row in articles.to_dict("records"):
        text = Text(
            row["article_id"],
            row["outlet"],
            row["published"] if isinstance(row.get("published"), str) else "",
            row["credit"] if isinstance(row.get("credit"), str) else None,
            read(row["text"]),
            first_hand(row["text"]),
        )
        text.shingles = [shingles_of(s.words) for s in text.sentences]
        found[text.id] = text
    return dict(sorted(found.items(), key=lambda pair: pair[1].order))


def own_shingles(sentences: Iterable[Sequence[str]]) -> list[Shingles]:
    """Shingles of different sentences, without those of the crowd: what stands in more than ``CROWD`` of them."""
    found = [shingles_of(words) for words in sentences]
    times = Counter(shingle for shingles in found for shingle in shingles)
    return [frozenset(s for s in shingles if times[s] <= CROWD) for shingles in found]


@functools.cache
def _no_shingles() -> MinHash:
    """A sketch of nothing, whose permutations all others take over."""
    return MinHash(num_perm=PERMUTATIONS, seed=SEED)


def _sketch(shingles: Shingles) -> MinHash:
    sketch = _no_shingles().copy()
    sketch.update_batch([" ".join(s).encode("utf-8") for s in sorted(shingles)])
    return sketch


def star(ids: Sequence[str]) -> Iterable[tuple[str, str]]:
    """The first with each other one, and each with the next: enough to connect all, without all pairs."""
    yield from ((ids[0], other) for other in ids[1:])
    yield from pairwise(ids[1:])


def like_sentences(texts: Mapping[str, Text]) -> set[tuple[str, str]]:
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
    for number, (words, shingles) in enumerate(zip(keys, own_shingles(keys), strict=True)):
        pairs.update(star(holders[words]))
        if not shingles:
            continue
        sketch = _sketch(shingles)
        for like in sorted(lsh.query(sketch)):
            pairs.update((a, b) for a in holders[keys[like]][:2] for b in holders[words][:2] if a != b)
        lsh.insert(number, sketch)
    order = {a: i for i, a in enumerate(texts)}
    return {(a, b) if order[a] < order[b] else (b, a) for a, b in pairs}


class Matches:
    """Which sentences of the articles stand in one another, so that most pairs of articles need not be read."""

    def __init__(self, texts: Mapping[str, Text]):
        number: dict[tuple[str, ...], int] = {}
        self.own = {
            t.id: frozenset(number.setdefault(t.sentences[i].words, len(number)) for i in t.counted())
            for t in texts.values()
        }
        self.like = overlapping(own_shingles(number), SENTENCE_MATCH)
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
            shares.append(share_of(shared, total))
        return max(shares)


def copied(one: Text, other: Text, within: Sequence[int] | None = None) -> tuple[int, int]:
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


def share_of(shared: int, total: int) -> float:
    """Share of the words that count; 0 where too few are shared, unless that is all."""
    enough = shared >= COPIED_WORDS or (total and shared == total)
    return shared / total if total and enough else 0.0


def alike(one: Text, other: Text) -> float:
    """The larger share of one that stands in the other; 0 where too few words are shared."""
    shares = []
    for a, b in ((one, other), (other, one)):
        shared, total = copied(a, b, a.telling())
        shares.append(share_of(shared, total))
    return max(shares)


def drop_furniture(texts: Mapping[str, Text]) -> None:
    """Mark sentences that recur in articles that are otherwise not alike."""
    holders: dict[tuple[str, ...], list[tuple[str, int]]] = defaultdict(list)
    for text in texts.values():
        for i, sentence in enumerate(text.sentences):
            if len(sentence.words) >= SENTENCE_WORDS:
                holders[sentence.words].append((text.id, i))
    known: dict[tuple[str, str], bool] = {}
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
            if pair not in known:
                known[pair] = alike(texts[pair[0]], texts[pair[1]]) >= COPIED_SHARE
        if 2 * sum(known[p] for p in pairs) < len(pairs):
            furniture.append(where)
    for where in furniture:
        for article, i in where:
            texts[article].dropped.add(i)
