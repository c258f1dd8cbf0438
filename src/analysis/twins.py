"""Figures told again stay together: copies, repeats within an article, and figures whose words tell no measure."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from analysis import syndication
from analysis.comparable import NO_UNIT, UNKNOWN, Rules
from analysis.groups import Figure, same_side
from analysis.quantity import unit_kind
from analysis.retelling import is_guess, is_telling, nounless, same_clause, same_value, stems_of, text_of
from analysis.stories import Stories

#: a value from which on also nearly equal ones seldom stand in a story by chance, and how near that is
LARGE = 1000
#: measures of what befell people: told as another one of them, a figure is distorted, not misread
LOSSES = frozenset({"killed", "wounded", "missing", "captured", "casualties"})
#: units of what is only counted
COUNTS = frozenset({None, "item", "person", "building", "attack"})
NEARLY = 0.05
#: characters between a figure and its conversion
BRACKET = 3
#: how many times a vague number a figure may be that it stands for
VAGUELY = 10
#: share of the articles with a like figure that have to give it one measure
NEARLY_ALL = 0.75


def fill_measures(book: Rules, figures: Sequence[Figure], first_of: Mapping[str, Figure]) -> None:
    """Give figures whose words tell no measure that of the same figure in the text they copy, else in their article.

    So with figures beside which no noun stands, and with copies that keep the words about the figure: one of the two
    readings is wrong then.
    """

    def may_adopt(figure: Figure, first: Figure) -> bool:
        if first.facet.measure == UNKNOWN or not same_value(figure.quantity, first.quantity):
            return False
        if figure.facet.kind not in (first.facet.kind, NO_UNIT) and not _is_guess(book, figure):
            return False
        return (
            book.may_be(figure.facet.measure, first.facet.measure)
            or same_clause(figure.claim, first.claim)
            or (_is_guess(book, figure) and not _is_guess(book, first) and _telling(figure))
        )

    def from_copy(figure: Figure) -> None:
        first = first_of.get(figure.id)
        if first is None or first.article == figure.article or figure.facet.measure == first.facet.measure:
            return
        if may_adopt(figure, first):
            adopt(book, figure, first)

    for figure in figures:
        from_copy(figure)
    inside: dict[tuple[Any, ...], list[Figure]] = defaultdict(list)
    spoken: dict[tuple[Any, ...], list[Figure]] = defaultdict(list)
    for f in figures:
        if f.facet.measure != UNKNOWN:
            spoken[(f.article, f.origin, f.facet.per, *f.bounds)].append(f)
            if not _is_guess(book, f):
                inside[(f.article, f.facet.per, *f.bounds)].append(f)
    for figure in figures:
        told = inside[(figure.article, figure.facet.per, *figure.bounds)]
        if _is_guess(book, figure) and _telling(figure) and len({f.facet.measure for f in told}) == 1:
            adopt(book, figure, told[0])
    for original in (True, False):
        for figure in figures:
            copied = figure.id in first_of and first_of[figure.id].article != figure.article
            if figure.facet.measure != UNKNOWN or copied is original:
                continue
            from_copy(figure)
            alike = spoken[(figure.article, figure.origin, figure.facet.per, *figure.bounds)]
            for other in alike if figure.facet.measure == UNKNOWN else ():
                if figure.facet.kind in (other.facet.kind, NO_UNIT):
                    adopt(book, figure, other)
                    break


def _is_guess(book: Rules, figure: Figure) -> bool:
    """True where only the context told what is counted, and neither unit nor a word of the measure says it here."""
    if text_of(figure.claim, "unit") not in COUNTS or not is_guess(figure.claim):
        return False
    return nounless(figure.claim) or not book.cues[figure.facet.measure] & stems_of(figure.claim)


def _telling(figure: Figure) -> bool:
    return is_telling(figure.quantity)


def _open_measure(book: Rules, figure: Figure) -> bool:
    """True where its words tell no measure, or only that it is a share of something."""
    share = figure.facet.measure == "share" and figure.facet.counted_class is None
    return figure.facet.measure == UNKNOWN or share or _is_guess(book, figure)


def fill_from_story(book: Rules, figures: Sequence[Figure], stories: Stories) -> None:
    """Give figures whose words tell no measure that of a like figure of the same story, where nearly all like ones agree.

    Like is a number of several digits, equal or nearly so, of the same kind and of things that may be the same.
    """
    known = [f for f in figures if not _open_measure(book, f) and f.facet.measure != "share"]
    plain: dict[tuple[float | None, float | None], list[Figure]] = defaultdict(list)
    for f in figures:
        if f.facet.measure == UNKNOWN and f.facet.counted_class is not None and not is_guess(f.claim):
            plain[f.bounds].append(f)
    by_value = sorted((f.quantity.midpoint, i) for i, f in enumerate(known))

    def about(figure: Figure) -> list[Figure]:
        value = figure.quantity.midpoint
        slack = NEARLY * value if value >= LARGE and figure.facet.kind != "percent" else 0.0
        low, high = value - slack, value + slack
        if figure.quantity.comparator == "range" and figure.quantity.low and figure.quantity.high:
            low, high = min(low, figure.quantity.low), max(high, figure.quantity.high)
        first = bisect.bisect_left(by_value, (low, -1))
        last = bisect.bisect_right(by_value, (high, len(known)))
        return [known[i] for i in sorted(i for _, i in by_value[first:last])]

    for figure in figures:
        if not _open_measure(book, figure) or not _telling(figure):
            continue
        share, guess = figure.facet.kind == "percent", _is_guess(book, figure)
        like = [
            f
            for f in about(figure)
            if (guess or figure.facet.kind in (f.facet.kind, NO_UNIT))
            and figure.facet.per == f.facet.per
            and figure.facet.aspect in (None, f.facet.aspect)
            and f.article != figure.article
            and book.rule(f.facet.measure).free
            and (share or guess or book.same_class(replace(figure.facet, measure=f.facet.measure), f.facet))
            and stories.same(figure.article, f.article)
        ]
        texts: dict[str, set[str]] = defaultdict(set)
        for f in like:
            texts[f.facet.measure].add(f.article)
        # others who count the same and tell of nothing that befalls it
        alike = {f.article for f in plain[figure.bounds] if f.article != figure.article} if like else set()
        unread = {a for a in alike if stories.same(figure.article, a)}
        for measure, articles in texts.items():
            if len(articles) > len(unread) and len(articles) >= NEARLY_ALL * len({f.article for f in like}):
                adopt(book, figure, next(f for f in like if f.facet.measure == measure))
                break


def set_increments_apart(book: Rules, figures: Sequence[Figure]) -> None:
    """Set figures apart that are told as added to a larger one of their article ("six further deaths" beside 23 dead)."""
    inside: dict[tuple[Any, ...], list[Figure]] = defaultdict(list)
    for f in figures:
        inside[f.article, f.facet.measure, f.facet.kind, f.facet.per].append(f)
    for alike in inside.values():
        added = {f.id: aspect for f in alike if len(alike) > 1 and (aspect := book.increment_of(f.claim))}
        for f in alike:
            if (
                f.id in added
                and f.facet.aspect is None
                and any(_adds_to(book, f, g) for g in alike if g.id not in added)
            ):
                f.facet = replace(f.facet, aspect=added[f.id])


def _adds_to(book: Rules, figure: Figure, whole: Figure) -> bool:
    a, b = figure.facet.side, whole.facet.side
    larger = figure.quantity.midpoint < whole.quantity.midpoint
    return larger and (a is None or b is None or same_side(a, b)) and book.same_class(figure.facet, whole.facet)


def twins(book: Rules, figures: Sequence[Figure], first_of: Mapping[str, Figure]) -> list[list[Figure]]:
    """Figures that tell one another again: copies with the same measure, and a figure repeated within its article."""
    by_id = {f.id: f for f in figures}
    groups = syndication.Groups(by_id)

    def may(one: Figure, other: Figure) -> bool:
        a, b = one.facet, other.facet
        side = a.side is None or b.side is None or same_side(a.side, b.side)
        # in a copy a side is distorted where it is that of losses, else misread
        copied = (
            one.article != other.article and one.bounds == other.bounds and _telling(one) and a.measure not in LOSSES
        )
        return (side or copied) and (a.measure, a.kind, a.per) == (b.measure, b.kind, b.per)

    for figure in figures:
        first = first_of.get(figure.id)
        # within one article a shared origin says nothing of what is counted
        if first is not None and may(figure, first) and first.article != figure.article:
            groups.join(figure.id, first.id)
    by_article: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        by_article[figure.article].append(figure)
    for figure in figures:
        first = first_of.get(figure.id)
        if first is not None and first.article != figure.article and first.facet.kind != figure.facet.kind:
            # "250 million som ($2.9 million)" told as "$250 million": what it stands for is the conversion
            beside = (f for f in by_article[first.article] if _converts(f, first) and may(f, figure))
            groups.join(figure.id, next((f.id for f in beside), figure.id))
    _join_headlines(book, figures, may, groups.join)
    inside: dict[tuple[Any, ...], list[Figure]] = defaultdict(list)
    large: dict[tuple[Any, ...], list[Figure]] = defaultdict(list)
    for f in figures:
        inside[(f.article, f.origin, f.facet.measure, f.quantity.low, f.quantity.high, f.facet.counted_class)].append(f)
        if f.quantity.midpoint >= LARGE and f.facet.kind != "percent":
            large[f.article, f.facet.measure, f.quantity.low, f.quantity.high].append(f)
    for first, *again in large.values():
        for other in again:
            if may(first, other) and book.same_class(first.facet, other.facet):
                groups.join(first.id, other.id)  # a large number does not stand twice in a text by chance
    for alike in inside.values():
        for i, one in enumerate(alike):
            for other in alike[i + 1 :]:
                a, b = one.facet.place, other.facet.place
                # a headline tells what the body tells; of one mouth a large number is one thing
                heads = 0 in (int(one.claim["sentence"]), int(other.claim["sentence"])) and _telling(one)
                place = a is None or b is None or a == b or heads or (one.spoken and one.quantity.midpoint >= LARGE)
                if may(one, other) and place and same_value(one.quantity, other.quantity):
                    groups.join(one.id, other.id)
    return [[by_id[i] for i in ids] for ids in groups.members().values()]


def _converts(figure: Figure, first: Figure) -> bool:
    """True for the figure in brackets right behind another one, in another unit."""
    gap = int(figure.claim["start"]) - int(first.claim["end"])
    return figure.article == first.article and 0 < gap <= BRACKET and figure.facet.measure == first.facet.measure


def _join_headlines(
    book: Rules,
    figures: Sequence[Figure],
    may: Callable[[Figure, Figure], bool],
    join: Callable[[str, str], None],
) -> None:
    """Join a figure of a headline with that of the body which tells the same number, whoever it counts there."""
    body: dict[tuple[Any, ...], list[Figure]] = defaultdict(list)
    for f in figures:
        if int(f.claim["sentence"]) > 0 and _telling(f):
            body[f.article, f.facet.measure, *f.bounds].append(f)
    vague: dict[tuple[str, str], list[Figure]] = defaultdict(list)
    for f in figures:
        if int(f.claim["sentence"]) > 0:
            vague[f.article, f.facet.measure].append(f)
    for f in figures:
        if int(f.claim["sentence"]) == 0 and f.quantity.high is None and f.facet.kind != "percent":
            fits = [g for g in vague[f.article, f.facet.measure] if may(f, g) and _is_one_of(book, f, g)]
            if len({g.bounds for g in fits}) == 1:
                join(f.id, fits[0].id)
        if int(f.claim["sentence"]) == 0 and (told := body.get((f.article, f.facet.measure, *f.bounds))):
            whom = book.class_of(f.claim) in (None, "people")
            first = next((g for g in told if may(f, g) and (whom or book.same_class(f.facet, g.facet))), None)
            if first is not None:
                join(f.id, first.id)


def _is_one_of(book: Rules, vague: Figure, figure: Figure) -> bool:
    """True where a figure of the body is what the headline tells vaguely: 340 arrests as "hundreds"."""
    low = vague.quantity.low or 0.0
    whom = book.class_of(vague.claim) in (None, "people") or book.same_class(vague.facet, figure.facet)
    return whom and low <= figure.quantity.midpoint < VAGUELY * low


def adopt(book: Rules, figure: Figure, other: Figure) -> None:
    """Let a figure whose words tell no measure measure what the same figure measures elsewhere."""
    figure.facet = replace(figure.facet, measure=other.facet.measure, kind=other.facet.kind)
    if _is_guess(book, figure):
        counted = {name: getattr(other.facet, name) for name in ("counted_class", "noun", "stems", "aspect")}
        figure.facet = replace(figure.facet, **counted)
    elif figure.facet.aspect is None:
        figure.facet = replace(figure.facet, aspect=other.facet.aspect)
    if unit_kind(figure.quantity.unit) != other.facet.kind:
        figure.quantity = replace(figure.quantity, unit=other.quantity.unit)
