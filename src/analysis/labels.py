"""Labels of comparisons: the codebook's wording of a measure, filled with whose, what and where.

A wording is a template such as ``[{adj} ]{noun} killed``: a part in square brackets stands only where all its names have
a value, and of alternatives parted by ``|`` the first counts whose other names all have one. Names are ``noun`` (what
is counted, in one noun), ``counted`` (in the articles' words), ``adj`` (whose, as an adjective), ``side`` (whose, as a
name), ``place`` and ``aspect``.
"""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from analysis import label_words, phrases
from analysis.codebook import load
from analysis.comparable import PEOPLE, Facet, Rules, main_value, singular
from analysis.components.country_adjectives import adjective_of
from analysis.wording import STOP_WORDS, stem

#: a name of more words stands behind what it has ("troops of the ...")
NAME_WORDS = 3
#: aspects that a label need not tell: any height or amount is a level
PLAIN_ASPECTS = frozenset({"level"})
#: what a measure is called where no article names what is counted
BARE = {"other": "other figure", "money": "sum of money", "share": "share", "distance": "distance", "vote": "votes"}
#: names that want a word more
SAID = {"money": "sum of money"}
#: nouns that name no thing by themselves
AMOUNTS = frozenset(
    {"percentage", "size", "total", "half", "rest", "record", "majority", "figure", "distance"}
    | {"money", "sum", "amount", "number", "share"}
)
#: the noun by the unit of a measure, where no member tells what is counted
BY_UNIT = {"person": "people", "building": "buildings", "vehicle": "vehicles", "settlement": "settlements"}
#: measures that do not tell what befell whom or what
UNTOLD = frozenset({"affected", "other"})
#: aspects that are a kind of length, so that "distance" says less
KINDS_OF_LENGTH = frozenset({"depth", "length", "width", "height"})
#: waters, whose level is told by their name alone
WATERS = frozenset({"river", "water", "lake", "sea", "reservoir", "tide", "dam"})
#: classes of people who bear arms
ARMED = frozenset({"soldiers", "fighters"})
#: units of length: a length an hour is a speed, which the figure tells
LENGTHS = frozenset({"km", "mi", "m", "ft"})
#: forces that are their own side
OWN_NAMES = frozenset({"police", "army", "military", "gendarmerie"})
#: a word of a name
WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
#: the noun where members count different classes of people
ANYBODY = "people"


@functools.lru_cache(maxsize=4)
def adjectives(codebook: str | None = None) -> Mapping[str, str]:
    """Adjective of each country, in small letters of its name: ``north korea`` -> ``North Korean``."""
    book = load(codebook)
    known: dict[str, str] = {}
    for row in book.files.get("demonyms", ()):
        forms = book.split(row["demonyms"])
        for name in (row["name"], *book.split(row["aliases"])):
            if forms:
                known.setdefault(name.casefold(), forms[0])
    return known


def is_country(place: str, codebook: str | None = None) -> bool:
    """True for the name of a country, as the codebook has it."""
    return place.casefold() in adjectives(codebook)


@functools.lru_cache(maxsize=4)
def _country_names(codebook: str | None) -> Mapping[str, tuple[str, ...]]:
    """Names, other names and adjectives of each country, by its name in small letters."""
    book = load(codebook)
    rows = book.files.get("demonyms", ())
    return {
        row["name"].casefold(): (row["name"], *book.split(row["aliases"]), *book.split(row["demonyms"])) for row in rows
    }


@functools.lru_cache(maxsize=1024)
def _forms(actor: str, codebook: str | None) -> tuple[re.Pattern[str], ...]:
    """Patterns of how a listed country is named, each after one of longer names that hold it ("South Sudan": "Sudan")."""
    known = _country_names(codebook)
    own = known.get(actor.casefold(), ())
    others = [name for country, names in known.items() if country != actor.casefold() for name in names]
    longer = [name for name in others if any(set(form.split()) < set(name.split()) for form in own)]
    patterns = [re.compile("|".join(_whole(name) for name in longer))] if longer else [re.compile(r"(?!)")]
    return (*patterns, re.compile("|".join(map(_whole, own)))) if own else ()


def _whole(name: str) -> str:
    """A name as a whole word; an acronym only in capitals ("US")."""
    words = re.escape(name)
    return rf"(?<!\w){words if name.isupper() else f'(?i:{words})'}(?!\w)"


def names_actor(text: str, actor: str, codebook: str | None = None) -> bool:
    """True where a text names a party: a country by any of its names or adjectives, others by all words of their name.

    A name that no list holds may stand as an adjective ("Zelmaran" of "Zelmara"), a common noun in another number.
    """
    if patterns := _forms(actor, codebook):
        longer, own = patterns
        return own.search(longer.sub(" ", text)) is not None
    words = WORD.findall(text)
    told = {stem(singular(word.casefold())) for word in words}
    parts = [part for part in WORD.findall(actor) if part.casefold() not in STOP_WORDS]
    return bool(parts) and all(
        stem(singular(part.casefold())) in told
        or (part[0].isupper() and any(word[0].isupper() and adjective_of(word, part) for word in words))
        for part in parts
    )


def joined(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1] if names else ""


def possessive(name: str) -> str:
    """``Kenya’s``, ``the Philippines’``."""
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def adjective(sides: Sequence[str], codebook: str | None = None) -> str | None:
    """Whose, before a noun; None where nobody's, or where a name is too long for that."""
    known = adjectives(codebook)
    forms = [known.get(side.casefold(), side) for side in sides]
    long = any(len(form.split()) > NAME_WORDS for form in forms)
    return joined(forms) if forms and not long else None


def filled(template: str, values: Mapping[str, str | None]) -> str | None:
    """The first alternative of a template whose names outside of brackets all have a value; None where none has."""

    def known(text: str) -> bool:
        return all(values.get(name) for name in re.findall(r"\{(\w+)\}", text))

    for alternative in template.split("|"):
        text = re.sub(r"\[([^\]]*)\]", lambda part: part[1] if known(part[1]) else "", alternative.strip())
        if known(text):
            return re.sub(r"\{(\w+)\}", lambda name: str(values[name[1]]), text).strip()
    return None


def noun_of(book: Rules, facets: Sequence[Facet], counted: Sequence[str]) -> str:
    """What is counted, in one noun: the codebook's name of the class, else the articles' commonest noun of it."""
    classes = {f.counted_class for f in facets if f.counted_class}
    people = {c for c in classes if book.is_people(c)}
    if len(people) > 1 and people == classes and not classes & set(book.names):
        return ANYBODY
    main = main_value(f.counted_class for f in facets)
    if main == PEOPLE and (armed := [f.counted_class for f in facets if f.counted_class in ARMED]) and facets[0].side:
        main = armed[0]  # of a side, "men" are what the other members call them
    if main and main in book.names:
        return book.names[main]
    nouns: Counter[str] = Counter()
    for words in counted:
        noun, known = book.noun_of(words)
        if noun and noun not in book.neutral and (main is None or known == main):
            nouns.update(w for w in re.findall(r"[a-z-]+", words.lower()) if singular(w) == noun)
    if nouns:
        noun = min(nouns, key=lambda n: (n == singular(n), -nouns[n], n))
        return noun if noun != singular(noun) else book.plural(noun)
    if main is None:
        return BY_UNIT.get(book.rule(facets[0].measure).unit or "", facets[0].measure.replace("_", " "))
    return main.replace("_", " ")


def plain_words(
    counted: Iterable[str], sides: Sequence[str], book: Rules | None = None, measure: str = ""
) -> str | None:
    """The plainest of the articles' phrases for what is counted: one that names the side and a known noun, common, short.

    Where the ``measure`` does not tell what befell them, a phrase that does goes first.
    """

    def rank(words: str) -> tuple[bool, bool, bool]:
        sided = all(names_actor(words, side) for side in sides)
        telling = " who " in words if measure == "share" else " " in words or measure not in UNTOLD
        return not sided, book is not None and book.noun_of(words)[1] is None, not telling

    return label_words.plainest(counted, rank, book.neutral | AMOUNTS if book else AMOUNTS)


def _tells(words: str, sides: Sequence[str], codebook: str | None = None) -> bool:
    """True where words name all sides, as names or as adjectives."""
    return bool(sides) and all(names_actor(words, side, codebook) for side in sides)


def label(
    book: Rules,
    facets: Sequence[Facet],
    counted: Sequence[str],
    units: Sequence[str],
    side: str | None,
    place: str | None,
    codebook: str | None = None,
) -> str:
    """What is compared, in a line: ``Russian casualties a day in Kursk``.

    ``facets``, ``counted`` (phrases) and ``units`` are those of the members; ``side`` and ``place`` the group's.
    """
    first, sides = facets[0], side.split("+") if side else []
    rule = book.rule(first.measure)
    aspect = main_value(f.aspect for f in facets)
    known = [f for f in facets if f.counted_class]
    unit = main_value(units)
    noun = noun_of(book, facets, counted) if known else book.names.get(unit or "") or noun_of(book, facets, counted)
    phrase = plain_words(counted, sides, book, first.measure) or (noun if known else BARE.get(first.measure, noun))
    phrase = f"{phrase} level" if aspect == "level" and phrase.casefold() in WATERS else SAID.get(phrase, phrase)
    if aspect in KINDS_OF_LENGTH and phrase.casefold().startswith("distance"):
        phrase = str(aspect)
    share = first.kind == "percent"
    if known and {side.casefold() for side in sides} <= OWN_NAMES and "police" in {f.counted_class for f in known}:
        sides = []  # "gendarmes killed", not "police gendarmes killed"
    template = rule.label_share if share else rule.label
    own_words = "{counted}" in template and _tells(phrase, sides)
    adj = None if own_words else adjective(sides, codebook)
    words = {"noun": noun, "counted": phrase, "adj": adj, "side": joined(sides) or None}
    words |= {"place": place, "aspect": aspect}
    made = filled(template, words) or phrase
    made = made.removeprefix("Share of share").strip() or "Share" if made.startswith("Share of share") else made
    if share and "share" not in made.casefold():
        made = f"share of {made}"
    if aspect and aspect not in made and aspect not in PLAIN_ASPECTS:
        made += f" ({aspect})"
    if sides and not _tells(made, sides, codebook):
        long = any(len(name.split()) > NAME_WORDS for name in sides)
        made = f"{made} ({joined(sides)})" if long else f"{possessive(joined(sides))} {made[:1].lower()}{made[1:]}"
    if first.per and not (unit in LENGTHS and first.per == "hour"):
        made += f" {'an' if first.per == 'hour' else 'a'} {first.per}"
    if place and place.casefold() not in made.casefold():
        made += f" in {place}"
    return made[0].upper() + made[1:]


def _period(row: Mapping[str, Any]) -> str | None:
    start, end = (row.get(c) for c in ("period_start", "period_end"))
    if not phrases.present(end):
        return None
    words = phrases.days(start if phrases.present(start) else end, end)
    return words if " to " in words or "–" in words else f"on {words}"


def _amounts(row: Mapping[str, Any]) -> str:
    low, high = phrases.number(float(row["low"])), phrases.number(float(row["high"]))
    return f"figure of {low}" if low == high else f"figures of {low} to {high}"


def _known(column: str, words: str = "{}") -> Callable[[Mapping[str, Any]], str | None]:
    return lambda row: words.format(row[column]) if phrases.present(row.get(column)) else None


#: what tells two comparisons of one label apart, the plainest first: its name for the reader, None where it has none
DIFFERENCES: tuple[Callable[[Mapping[str, Any]], str | None], ...] = (
    _known("aspect"),
    _known("side"),
    lambda row: (base := label_words.plain(str(row.get("base") or ""))) and f"of {base}" or None,
    _known("words"),
    lambda row: (words := phrases.unit_words(row.get("unit")).strip()) and f"in {words}" or None,
    _period,
    _amounts,
    _known("first_outlet", "told by {}"),
)


def distinct(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Labels of comparisons, each told apart from the others of its name by what differs: "(children)", "(on 6 May)".

    ``rows`` have the columns of the table and ``words`` (what is counted, as the articles say it) and ``first_outlet``.
    What is told already by the label is not added again. Where nothing differs that a reader could name, a number tells
    them apart.
    """
    made = [str(row["label"]) for row in rows]
    for told in DIFFERENCES:
        alike: dict[str, list[int]] = {}
        for i, name in enumerate(made):
            alike.setdefault(name.casefold(), []).append(i)
        for same in (group for group in alike.values() if len(group) > 1):
            words = [told(rows[i]) for i in same]
            if len({w and w.casefold() for w in words}) == 1:
                continue
            for i, add in zip(same, words, strict=True):
                if add is not None and add.casefold() not in made[i].casefold():
                    made[i] = f"{made[i][:-1]}, {add})" if made[i].endswith(")") else f"{made[i]} ({add})"
    times: Counter[str] = Counter()
    for i, name in enumerate(made):
        times[name.casefold()] += 1
        if times[name.casefold()] > 1:
            made[i] = f"{name} ({times[name.casefold()]})"
    return made
