"""Lookups for speakers, read from the codebook: roles, media, countries, and names folded to one spelling."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from analysis.codebook import Codebook, Row, load

#: words that tell nothing about who a body is
EMPTY = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "and",
        "in",
        "on",
        "for",
        "at",
        "by",
        "from",
        "to",
        "'s",
        "’s",
        "its",
        "their",
        "his",
        "her",
        "as",
        "well",
    ]
)
#: the letters and digits that a name opens with
LETTERS = re.compile(r"[^\W_]+")
#: spellings of one sound in names transliterated from Cyrillic, longest first
TRANSLITERATED = (("skyi", "sky"), ("skyy", "sky"), ("skiy", "sky"), ("skij", "sky"), ("skii", "sky"), ("yy", "y"),
                  ("iy", "y"), ("yi", "y"), ("ij", "y"), ("ii", "y"))  # fmt: skip


#: endings of addresses by which media call themselves
SITES = (".com", ".net", ".news", ".info", ".tv", ".fm")


def folded(word: str) -> str:
    """``word`` in lower case without accents and with one spelling for common transliterations."""
    plain = unicodedata.normalize("NFKD", word)
    plain = "".join(c for c in plain if not unicodedata.combining(c)).lower().replace("’", "'").strip(".'")
    plain = plain.removesuffix("'s")
    for variant, one in TRANSLITERATED:
        if plain.endswith(variant):
            plain = plain[: -len(variant)] + one
            break
    if plain.endswith("ski"):
        plain = plain[:-1] + "y"
    return plain


def _grams(words: list[str], longest: int = 5) -> Iterable[str]:
    for size in range(min(longest, len(words)), 0, -1):
        for k in range(len(words) - size + 1):
            yield " ".join(words[k : k + size])


def opening(name: str) -> str:
    """The first letters of a name, of one word at most: what a name must share with a text to stand there."""
    letters = LETTERS.match(name)
    return letters[0][:4].lower() if letters else ""


class RoleNouns(dict[str, Row]):
    """Role noun -> row. A match that begins with a hyphen ("-ologist") holds for every word with that ending."""

    def __init__(self, rows: Mapping[str, Row]) -> None:
        super().__init__({match: row for match, row in rows.items() if match[:1] != "-"})
        self.endings = tuple((match[1:], row) for match, row in rows.items() if match[:1] == "-")
        self.ends = tuple(end for end, _ in self.endings)
        self.met: dict[object, Row | None] = {}

    def _by_ending(self, word: object) -> Row | None:
        if word not in self.met:
            ends = isinstance(word, str) and word.endswith(self.ends)
            self.met[word] = next(row for end, row in self.endings if str(word).endswith(end)) if ends else None
        return self.met[word]

    def __contains__(self, word: object) -> bool:
        return super().__contains__(word) or self._by_ending(word) is not None

    def __missing__(self, word: str) -> Row:
        row = self._by_ending(word)
        if row is None:
            raise KeyError(word)
        return row

    def get(self, word: str, default: Any = None) -> Any:
        return super().get(word) or self._by_ending(word) or default


@dataclass(frozen=True)
class Roles:
    """What the codebook knows of speakers: role noun -> row, medium -> name, country word -> country."""

    nouns: RoleNouns
    media: dict[str, str]
    endings: frozenset[str]
    openings: frozenset[str]
    tails: tuple[str, ...]
    countries: dict[str, str]
    longest: int
    #: with what the media's names open, and "the", which any of them may have before it
    openings_of_media: frozenset[str]

    def country(self, words: Iterable[str]) -> str | None:
        """The first country, by name, demonym or metonym, among lower-case ``words``."""
        listed = [w.removesuffix("'s").removesuffix("’s") for w in words]
        best: tuple[int, str] | None = None
        for gram in _grams([w for w in listed if w not in ("'s", "’s")]):
            if gram in self.countries:
                at = listed.index(gram.split()[0])
                if best is None or at < best[0]:
                    best = (at, self.countries[gram])
        return best[1] if best else None

    def row(self, words: Iterable[str]) -> Row | None:
        """The role row of the longest run among lower-case lemmas ``words`` that ends last."""
        listed = list(words)
        for size in range(min(4, len(listed)), 0, -1):
            for k in range(len(listed) - size, -1, -1):
                row = self.nouns.get(" ".join(listed[k : k + size]))
                if row is not None:
                    return row
        return None

    def medium(self, name: str, own: str | None = None) -> str | None:
        """Canonical name of the medium that ``name`` stands for, else None; ``own`` is the outlet of the article."""
        bare = " ".join(w for w in name.replace("’s", "").replace("'s", "").split())
        if bare.startswith(("the ", "The ")):
            bare = bare[4:]
        if bare.lower() in self.media and (bare != bare.lower()):
            return self.media[bare.lower()]
        parts = bare.split()
        if len(parts) > 1 and any(bare.endswith(" " + e) for e in self.endings) and parts[0][:1].isupper():
            return bare
        if len(parts) > 1 and parts[0] in self.openings and (parts[1][:1].isupper() or parts[1].isdigit()):
            return bare
        if len(parts) > 1 and parts[0].lower() in self.media and parts[1] in self.openings and parts[0].isupper():
            return bare  # "BBC Radio Norham"
        if (
            len(parts) == 1
            and bare[:1].isupper()
            and bare.lower().endswith(self.tails)
            and bare.lower() not in self.tails
        ):
            return bare
        if len(parts) == 1 and bare[:1].isupper() and bare.lower().endswith(SITES):
            return bare  # "Dawn.com"
        if own and bare and bare[:1].isupper() and (own == bare or own.startswith(bare + " ")):
            return bare
        return None


@functools.lru_cache(maxsize=8)
def roles(folder: str | None) -> Roles:
    """Read the lookups from the codebook in ``folder`` (None: the default)."""
    book = load(folder)
    nouns: dict[str, Row] = {}
    for row in book.rows("source_kinds"):
        for match in Codebook.split(row["match"]):
            nouns.setdefault(match, row)
    media: dict[str, str] = {}
    parts: dict[str, set[str]] = {"ending": set(), "opening": set(), "tail": set()}
    for row in book.rows("media"):
        if row["kind"] in parts:
            parts[row["kind"]].add(row["name"])
            continue
        for form in (row["name"], *Codebook.split(row["aliases"])):
            media[form.lower().removeprefix("the ")] = row["name"]
    countries: dict[str, str] = {}
    if "demonyms" in book.files:
        for row in book.rows("demonyms"):
            for column in ("name", "aliases", "demonyms", "metonyms"):
                for form in Codebook.split(row[column]):
                    countries.setdefault(form.lower(), row["name"])
    return Roles(
        RoleNouns(nouns),
        media,
        frozenset(parts["ending"]),
        frozenset(parts["opening"]),
        tuple(sorted(parts["tail"])),
        countries,
        5,
        frozenset({"the", *map(opening, media)}),
    )
