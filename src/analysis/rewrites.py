"""Rewrites: articles that tell the same figures in the same company, in several sentences, in words of their own."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import date

from analysis.credits import same_agency
from analysis.passages import Text, star
from analysis.retelling import TELLING

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
#: stems that two sentences must share besides the figure, and names that two texts must share
COMPANY = NAMES = 2
#: the same where only the numbers are kept, as in a thorough rewrite: numbers that do not meet by chance, their least count
#: and share of the text that has fewer, in how many sentences, and how many of them in like words. In six collections
#: rewrites that nothing else shows have 6 or more and 0.6 or more, other articles on the story at most 4 and 0.36
NUMBERS, NUMBER_SHARE, NUMBER_SENTENCES, NUMBER_FIGURES = 6, 0.6, 4, 1
#: the same for short texts, nearly all of whose numbers are met
FEW_NUMBERS, MOST_NUMBERS, FEW_FIGURES = 5, 0.7, 2
CREDITED_NUMBERS, CREDITED_NUMBER_SHARE = 4, 0.4
#: share of the numbers of the text that retells: one with more of its own tells its own story. Of two texts of one day
#: either may retell the other, so both must have it
OWN_SHARE = 0.5
#: a figure is paired with the next ones up to this distance, to find articles that tell the same figures in like order
REACH = 3
#: of the articles that share a pair of figures, beyond this many each is held against its neighbours only
COMMON = 200
#: days between a text and its rewrite
REWRITE_DAYS = 10


def days_apart(one: Text, other: Text) -> int:
    if not one.published or not other.published:
        return 0
    return abs((date.fromisoformat(one.published) - date.fromisoformat(other.published)).days)


def same_figures(texts: Mapping[str, Text]) -> list[tuple[str, str]]:
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
            shared.update(star(ids))
        else:
            shared.update((a, b) for i, a in enumerate(ids) for b in ids[i + 1 :])
    return [pair for pair, n in shared.items() if n >= 2]


def _in_like_company(one: Text, other: Text) -> list[tuple[int, int]]:
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


def _same_numbers(one: Text, other: Text) -> tuple[int, float, list[float], int]:
    """Telling numbers that stand in both texts: how many, their share of the text that has fewer, their share of each, in
    how many sentences.
    """
    figures = [{k: where for k, where in t.figures().items() if _telling(k)} for t in (one, other)]
    both = figures[0].keys() & figures[1].keys()
    spread = min(len({i for k in both for i in f[k]}) for f in figures)
    shares = [len(both) / max(1, len(f)) for f in figures]
    return len(both), max(shares), shares, spread


def credits_text(one: Text, other: Text) -> bool:
    return one.credit is not None and same_agency(one.credit, other.outlet)


def retells(one: Text, other: Text) -> bool:
    """True where ``one`` tells what ``other`` tells: most of its figures, in like words, from several of its sentences.

    An earlier text retells no later one, and a reporter who tells what he was told himself retells nobody.
    """
    if one.published and other.published and one.published < other.published:
        return False
    figures = one.figures()
    met = _in_like_company(one, other)
    share = len(met) / len(figures) if figures else 0.0
    numbers, number_share, shares, number_spread = _same_numbers(one, other)
    if credits_text(one, other):
        kept = numbers >= CREDITED_NUMBERS and number_share >= CREDITED_NUMBER_SHARE
        return len(met) >= CREDITED_FIGURES and (share >= CREDITED_SHARE or kept)
    names = [frozenset().union(*(s.names for s in t.sentences)) for t in (one, other)]
    if one.first_hand or len(names[0] & names[1]) < NAMES:
        return False
    if min(shares if one.published == other.published else shares[:1]) < OWN_SHARE:
        number_share = 0.0
    if numbers >= NUMBERS and number_share >= NUMBER_SHARE and number_spread >= NUMBER_SENTENCES:
        return len(met) >= NUMBER_FIGURES
    if numbers >= FEW_NUMBERS and number_share >= MOST_NUMBERS and number_spread >= FIGURE_SENTENCES:
        return len(met) >= FEW_FIGURES
    spread = min(len({i for i, _ in met}), len({j for _, j in met}))
    return (len(met) >= FIGURES and share >= FIGURE_SHARE and spread >= FIGURE_SENTENCES) or (
        len(met) >= SHORT_FIGURES and share >= SHORT_SHARE and spread >= SHORT_SENTENCES
    )
