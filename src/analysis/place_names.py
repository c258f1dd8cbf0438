"""Spellings of place names: the form under which names meet, and the form that is shown."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Sequence

#: sides of the sky as ``fold`` writes them: no place by themselves
SIDES = frozenset({"north", "south", "east", "west", "central", "northeast", "northwest", "southeast", "southwest"})
DIRECTIONS = {
    "northern": "north",
    "southern": "south",
    "eastern": "east",
    "western": "west",
    "saint": "st",
    "mount": "mt",
}
_APOSTROPHES = re.compile("['’ʼ‘`´ʹʺ″′.]")
_GAPS = re.compile(r"[\W_]+")
#: letters that Unicode does not decompose
_LETTERS = str.maketrans(
    {"ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D", "ı": "i", "ß": "ss", "æ": "ae", "Æ": "Ae"}
)
#: transliterations of one Cyrillic or Arabic letter that meet, longest first
_LOOSE = (("shch", "s"), ("sch", "s"), ("kh", "h"), ("zh", "j"), ("ck", "k"), ("yo", "e"), ("jo", "e"), ("ye", "e"),
          ("ii", "i"), ("iy", "i"), ("yi", "i"), ("yy", "i"), ("ou", "u"), ("oo", "u"), ("y", "i"), ("g", "h"), ("w", "v"))  # fmt: skip


@functools.lru_cache(maxsize=65536)
def fold(name: str) -> str:
    """The form under which names meet: no accents, case, hyphens, apostrophes or points ("El-Fasher" -> "el fasher")."""
    name = unicodedata.normalize("NFKD", name.translate(_LETTERS))
    name = "".join(c for c in name if not unicodedata.combining(c))
    words = _GAPS.sub(" ", _APOSTROPHES.sub("", name)).casefold().split()
    return " ".join(DIRECTIONS.get(w, w) for w in words)


def plain(name: str) -> str:
    """A name without the marks of scholarly transliteration, which the news leaves out ("Khān Yūnis" -> "Khan Yunis")."""
    marks = "\u0304\u0323\u0331\u0327\u032e" if any(c in "āēīōūḩḥḑḍţṭşṣẓz̧ĀĪŪḨŞŢ" for c in name) else ""
    kept = "".join(c for c in unicodedata.normalize("NFD", name) if c not in marks)
    return unicodedata.normalize("NFC", kept).strip("’‘ʼ").replace("’’", "’")


def loose(name: str) -> str:
    """A coarser form under which transliterations of one name meet ("Plyokhovo", "Plekhovo"; "Sergiyivka", "Serhiivka").

    Only for names that are likely to be one place anyhow: unlike places may meet too.
    """
    key = fold(name)
    for letters, one in _LOOSE:
        key = key.replace(letters, one)
    return re.sub(r"(.)\1+", r"\1", key)


def short_region(name: str, words: Sequence[str]) -> str:
    """A region's name without generic words ("Kursk Oblast" -> "Kursk"); the whole name if nothing were left."""
    kept = [w for w in name.split() if fold(w) not in words]
    empty = not kept or kept[0].lower() in ("of", "the") or fold(" ".join(kept)) in SIDES
    return name if empty else " ".join(kept)


def latin(name: str) -> bool:
    """Whether a name is written in Latin letters as the news would: no abbreviation, no word in lower case."""
    return (
        bool(name)
        and name[0].isupper()
        and len(name) > 2
        and not name.isupper()
        and all(ord(c) < 0x250 or c in "’‘ʼ–" for c in name)
    )
