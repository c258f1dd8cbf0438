"""What the tellings of one number tell together, so that one misread field tears no comparison apart.

Tellings of a number are its copies and what other texts of the story tell of the same number in like words. Where the
words about one do not tell its measure, it takes the one that the others tell; a side that only one of them has, and that
its sentence does not name, yields to that of the others. Only what is compared changes, never the claim.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from analysis.comparable import UNKNOWN, Rules, most, singular
from analysis.groups import Figure, same_side
from analysis.labels import names_actor
from analysis.retelling import LIKE, counted_stems, is_guess, is_telling, likeness, same_value, stems_of, text_of
from analysis.stories import Stories
from analysis.syndication import Groups
from analysis.twins import COUNTS, LARGE, LOSSES, adopt

#: share of the words for what is counted that two tellings have in common where their sentences have little
SAME_COUNTED = 0.5
#: tellings of one number that follow a figure in time and are held against it, and within how many days
NEXT, DAYS = 12, 21
#: what a telling speaks for its measure: its sentence has a word of it; the noun only; nothing beside it
CUED, READ, GUESSED = 1.0, 0.7, 0.1
#: what one speaks for having no measure, that counts something beside which nothing befalls it
NONE = 0.4
#: how much more the measure that is taken over must be told than any other
CLEARLY = 1.5
#: sentences within which a share answers another
ANSWERED = 2
LINKS = frozenset({"of", "the", "a"})
#: figures that are named in the note on a comparison
SHOWN = 3
#: tellings in words of their own that give a figure one side, for each that gives it another, so that this one yields
SIDED = 3


def settle(book: Rules, figures: Sequence[Figure], first_of: Mapping[str, Figure], stories: Stories) -> None:
    """Let the tellings of one number agree on measure and side."""
    for tellings in _tellings(figures, first_of, stories):
        if len(tellings) > 1:
            _settle_measure(book, tellings)
            _settle_class(tellings)
            _settle_side(tellings)


def answer(book: Rules, figures: Sequence[Figure]) -> None:
    """Let a share without a noun of its own be of what the one before it is: "four-fifths stayed away; the ministry, 35%"."""
    before: dict[str, Figure] = {}
    for f in figures:
        if f.facet.kind != "percent":
            continue
        first = before.get(f.article)
        near = first is not None and int(f.claim["sentence"]) - int(first.claim["sentence"]) <= ANSWERED
        if first is not None and near and f.speaker and f.speaker != first.speaker and _of_nothing(book, f):
            names = ("measure", "counted_class", "noun", "stems", "base", "numbers", "is_part")
            f.facet = replace(f.facet, **{name: getattr(first.facet, name) for name in names})
        else:
            before[f.article] = f


def _of_nothing(book: Rules, figure: Figure) -> bool:
    """True where no words tell of what a share is, but such as "share", or those for who says it."""
    words = re.findall(r"[^\W\d_]+", (text_of(figure.claim, "counted") or "").casefold())
    source = re.findall(r"[^\W\d_]+", (text_of(figure.claim, "source") or "").casefold())
    return all(singular(w) in book.neutral or w in source or w in LINKS for w in words)


def _tellings(figures: Sequence[Figure], first_of: Mapping[str, Figure], stories: Stories) -> list[list[Figure]]:
    by_id = {f.id: f for f in figures}
    groups = Groups(by_id)
    alike: dict[tuple[float | None, float | None, str | None, bool], list[Figure]] = defaultdict(list)
    for f in figures:
        first = first_of.get(f.id)
        if first is not None and first.article != f.article and same_value(f.quantity, first.quantity):
            groups.join(f.id, first.id)
        if is_telling(f.quantity):
            alike[*f.bounds, f.facet.per, f.facet.kind == "percent"].append(f)
    for same in alike.values():
        same.sort(key=lambda f: f.order)
        for i, one in enumerate(same):
            for other in same[i + 1 : i + 1 + NEXT]:
                if groups.find(one.id) != groups.find(other.id) and _one_number(one, other, stories):
                    groups.join(one.id, other.id)
    return [[by_id[i] for i in ids] for ids in groups.members().values()]


def _one_number(one: Figure, other: Figure, stories: Stories) -> bool:
    """True where two texts of one story tell a number of the same thing, by the words about it or by its size."""
    days = [date.fromisoformat(p) for f in (one, other) if (p := text_of(f.claim, "published"))]
    if one.article == other.article or (len(days) > 1 and abs((days[0] - days[1]).days) > DAYS):
        return False
    if not stories.same(one.article, other.article):
        return False
    if one.facet.kind != other.facet.kind and not {one.quantity.unit, other.quantity.unit} & COUNTS:
        return False
    large = one.quantity.midpoint >= LARGE and one.facet.kind != "percent"
    told = one.spoken and one.origin == other.origin
    return (
        large
        or told
        or likeness(stems_of(one.claim), stems_of(other.claim)) >= LIKE
        or likeness(counted_stems(one.claim), counted_stems(other.claim)) >= SAME_COUNTED
    )


def _weight(book: Rules, figure: Figure) -> float:
    if figure.facet.measure == UNKNOWN:
        return GUESSED if is_guess(figure.claim) or figure.facet.counted_class is None else NONE
    if book.cues[figure.facet.measure] & stems_of(figure.claim):
        return CUED
    return GUESSED if is_guess(figure.claim) else READ


def _by_wording(figures: Iterable[Figure]) -> list[Figure]:
    """One figure of each sentence: a verbatim copy is no second witness."""
    found: dict[tuple[str, int], Figure] = {}
    for f in figures:
        place = int(f.claim["start"]) - int(f.claim["sentence_start"])
        found.setdefault((text_of(f.claim, "sentence_text") or f.id, place), f)
    return list(found.values())


def _settle_measure(book: Rules, tellings: Sequence[Figure]) -> None:
    if len({f.facet.measure for f in tellings}) == 1:
        return
    by_article: dict[tuple[str, str], float] = {}
    for f in _by_wording(tellings):
        voice = (f.facet.measure, f.article)  # an article that tells a number three times is one witness
        by_article[voice] = max(by_article.get(voice, 0.0), _weight(book, f))
    told: dict[str, float] = defaultdict(float)
    for (measure, _), weight in by_article.items():
        told[measure] += weight
    best = min(told, key=lambda measure: (measure == UNKNOWN, -told[measure], measure))
    others = max((n for measure, n in told.items() if measure != best), default=0.0)
    if best == UNKNOWN or told[best] < CLEARLY * others:
        return
    model = max((f for f in tellings if f.facet.measure == best), key=lambda f: (_weight(book, f), f.id))
    for f in tellings:
        distorted = {f.facet.measure, best} <= LOSSES and _weight(book, f) > GUESSED
        if f.facet.measure != best and _weight(book, f) < CUED and not distorted:
            adopt(book, f, model)


def _settle_class(tellings: Sequence[Figure]) -> None:
    """Let tellings beside which no noun stands count whom the others do: "a further 126 were hurt" after three gendarmes."""
    for measure in sorted({f.facet.measure for f in tellings}):
        alike = [f for f in tellings if f.facet.measure == measure]
        told = [f for f in alike if f.facet.counted_class is not None and not f.facet.guessed]
        classes = {f.facet.counted_class for f in told}
        if len(classes) != 1:
            continue
        model = min(told, key=lambda f: f.order)
        for f in alike:
            if f.facet.counted_class not in classes and f.facet.guessed:
                names = ("counted_class", "noun", "stems")
                f.facet = replace(f.facet, **{name: getattr(model.facet, name) for name in names})


def _settle_side(tellings: Sequence[Figure]) -> None:
    sided = [f for f in _by_wording(tellings) if f.facet.side is not None]
    told = Counter(f.facet.side for f in sided if f.facet.side)
    if len(told) < 2:
        return
    best = most(told)
    if best is None or told[best] < SIDED or told[best] < SIDED * (told.total() - told[best]):
        return
    classes = {f.facet.counted_class for f in sided if f.facet.side == best}
    for f in tellings:
        side = f.facet.side
        # told of rebels, not of soldiers, it is another side, if only by a distortion
        like = f.facet.counted_class is None or f.facet.counted_class in classes
        if side is not None and like and not same_side(side, best) and not _names(f, side):
            f.facet = replace(f.facet, side=best)


def _names(figure: Figure, side: str) -> bool:
    sentence = text_of(figure.claim, "sentence_text") or ""
    return any(names_actor(sentence, actor) for actor in side.split("+"))


def settled(members: Sequence[Figure]) -> str | None:
    """Which members are compared by another measure or side than their claim has, in words; None where none is."""
    told = []
    for f in members:
        was = [
            text_of(f.claim, column) or "none"
            for column, now in (("measure", f.facet.measure), ("side", f.facet.side))
            if now is not None and text_of(f.claim, column) != now
        ]
        if was:
            told.append(f"{f.claim['outlet']}, {text_of(f.claim, 'figure_text')} (read as {', '.join(was)})")
    if not told:
        return None
    rest = f" and {len(told) - SHOWN} more" if len(told) > SHOWN else ""
    return f"taken from other tellings of the number: {'; '.join(told[:SHOWN])}{rest}"
