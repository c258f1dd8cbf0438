"""Names of actors: a pure index of countries, organisations, armed groups and roles, without spaCy or pandas.

The words come from the codebook (``demonyms``, ``actors``, ``actor_roles``), the remaining countries of ISO 3166-1 from
pycountry. ``ActorIndex`` is a trie over words: the longest name that starts at a position wins.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pycountry

from analysis.codebook import Codebook, load

#: letters from which on a word in capitals may be a name as headlines print it ("IRAN FIRES 30 MISSILES")
CAPITALS = 4
#: two states of the past and Kosovo, which pycountry does not list among the countries of today
NOT_IN_ISO = frozenset({"XKX", "CSK", "YUG"})


@dataclass(frozen=True, slots=True)
class Name:
    """What a name stands for: fields as in ``mentions.ActorMention``."""

    name: str
    kind: str
    form: str
    party: str
    source_kind: str
    iso3: str | None
    actor_id: str


@dataclass(frozen=True, slots=True)
class Role:
    """A head noun for people who act. ``belongs`` is ``country``, ``own`` or ``either`` (a country's if one is named)."""

    role_id: str
    name: str
    belongs: str
    source_kind: str
    title: bool


class _Node(dict[str, "_Node"]):
    __slots__ = ("entry",)

    def __init__(self) -> None:
        super().__init__()
        self.entry: Name | None = None


def split_words(phrase: str) -> list[str]:
    """Words of a name as spaCy's English tokenizer mostly splits it: at spaces, hyphens, slashes and before ``'s``."""
    words: list[str] = []
    for chunk in phrase.replace("’", "'").split():
        if chunk.endswith("'s"):
            words += [*split_words(chunk[:-2]), "'s"]
            continue
        if chunk.endswith("'"):
            words += [*split_words(chunk[:-1]), "'"]
            continue
        part = ""
        for char in chunk:
            if char in "-/":
                words += [part, char] if part else [char]
                part = ""
            else:
                part += char
        if part:
            words.append(part)
    return words


class ActorIndex:
    """A trie of names. ``longest(words, i)`` gives the longest name that starts at word ``i``."""

    def __init__(self, tokenize: Callable[[str], Sequence[str]] = split_words) -> None:
        self._root = _Node()
        self._tokenize = tokenize

    def add(self, phrase: str, entry: Name) -> None:
        """Add one name; a name that is there already stays (the codebook's order decides)."""
        node = self._root
        for word in self._tokenize(phrase):
            node = node.setdefault(word.replace("’", "'"), _Node())
        if node.entry is None:
            node.entry = entry

    def longest(self, words: Sequence[str], i: int) -> tuple[int, Name] | None:
        """Number of words and the entry of the longest name that starts at ``words[i]``, or None."""
        node: _Node | None = self._root
        best: tuple[int, Name] | None = None
        for j in range(i, len(words)):
            assert node is not None
            word = words[j]
            following = node.get(word)
            if following is None and len(word) >= CAPITALS and word.isupper():
                following = node.get(word.title())  # headlines in capitals
            if following is None:
                break
            node = following
            if node.entry is not None:
                best = (j + 1 - i, node.entry)
        return best

    def find(self, words: Sequence[str]) -> Iterator[tuple[int, int, Name]]:
        """Yield (start, end, entry) of the non-overlapping names, leftmost and longest first."""
        i = 0
        while i < len(words):
            hit = self.longest(words, i)
            if hit is None:
                i += 1
                continue
            yield i, i + hit[0], hit[1]
            i += hit[0]

    def country_of(self, phrase: str) -> str | None:
        """Canonical name of the first country that ``phrase`` names, by name, nationality or metonym; else None."""
        for _, _, entry in self.find(self._tokenize(phrase)):
            if entry.iso3 is not None or entry.kind == "country":
                return entry.party
        return None

    def party_of(self, phrase: str) -> str | None:
        """Canonical party (country or organisation) of the first actor that ``phrase`` names; else None."""
        return next((entry.party for _, _, entry in self.find(self._tokenize(phrase))), None)


def build_index(codebook: Codebook, tokenize: Callable[[str], Sequence[str]] = split_words) -> ActorIndex:
    """The index of all names of a codebook, completed by pycountry's countries that it does not list."""
    index = ActorIndex(tokenize)
    for row in codebook.rows("actors"):
        entry = Name(
            name=row["name"],
            kind=row["kind"],
            form=row["form"],
            party=row["party"],
            source_kind=row["source_kind"],
            iso3=row["iso3"] or None,
            actor_id=row["id"],
        )
        for phrase in codebook.split(row["match"]):
            index.add(phrase, entry)
    known = set()
    for row in codebook.rows("demonyms"):
        known.add(row["id"])
        columns = (("name", "name"), ("aliases", "name"), ("demonyms", "demonym"), ("metonyms", "metonym"))
        for column, form in columns:
            for phrase in codebook.split(row[column]):
                index.add(
                    phrase, Name(row["name"], "country", form, row["name"], "government", row["id"], row["id"].lower())
                )
    for country in pycountry.countries:
        if country.alpha_3 not in known and "," not in country.name:
            entry = Name(
                country.name, "country", "name", country.name, "government", country.alpha_3, country.alpha_3.lower()
            )
            index.add(country.name, entry)
    return index


def build_roles(codebook: Codebook) -> dict[str, Role]:
    """Role by the lemma of its head noun (lower case)."""
    roles: dict[str, Role] = {}
    for row in codebook.rows("actor_roles"):
        for lemma in codebook.split(row["match"]):
            role = Role(row["id"], row["name"] or lemma, row["belongs"], row["source_kind"], row["title"] == "yes")
            roles.setdefault(lemma, role)
    return roles


@functools.cache
def default_index() -> ActorIndex:
    """The index of the default codebook, for callers outside a pipeline."""
    return build_index(load())


def country_of(phrase: str) -> str | None:
    """Canonical country of a phrase by the default codebook: ``country_of("Kyiv's forces") == "Ukraine"``."""
    return default_index().country_of(phrase)
