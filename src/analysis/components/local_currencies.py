"""The money that a bare "$", "pesos" or a sign of several moneys ("Rs", "K") stands for, by what the article speaks of.

A bare name is the money of the one country that an article speaks of, not of the best known one. An article that names
another money of the family in full ("US$", "Canadian dollars") means the best known one by the bare word; so does one
that speaks of the country of the best known one too. Money other than dollars is also that of a country told beside
others, where no other country of the family is told ("crowns" in an article on Prague and Berlin), and that of the one
sister that the article names ("CFA francs", then "francs"). A sign that several moneys share is the money of that country
among theirs which is told most, else the one that the article names, else the best known one.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Sequence

from spacy.tokens import Doc

from analysis.codebook import Codebook, load
from analysis.components.mentions import PlaceMention, QuantityMention

#: which part of the places of an article lies in its one country, and how many there are at least
SHARE = 0.75
LEAST = 2
#: the money that is told all over the world, in articles on any country
WORLD = "USD"


@functools.lru_cache(maxsize=8)
def families(codebook_path: str | None) -> dict[str, dict[str, str]]:
    """Code of the best known money of a family -> country (ISO 3166) -> code of that country's money."""
    rows = load(codebook_path).rows("currencies")
    first: dict[str, str] = {}
    for row in rows:
        for name in Codebook.split(row["match"]):
            if " " not in name:
                first.setdefault(name, row["id"])
    found: dict[str, dict[str, str]] = {}
    for row in rows:
        for name in Codebook.split(row["match"]):
            best = first.get(name.split()[-1])
            if best is not None and row["country"] and best != row["id"]:
                found.setdefault(best, {}).update((c, row["id"]) for c in Codebook.split(row["country"]))
    return found


@functools.lru_cache(maxsize=8)
def homes(codebook_path: str | None) -> dict[str, tuple[str, ...]]:
    """Countries of each money."""
    return {row["id"]: Codebook.split(row["country"]) for row in load(codebook_path).rows("currencies")}


@functools.lru_cache(maxsize=8)
def shared(codebook_path: str | None) -> dict[str, tuple[str, ...]]:
    """Signs that stand for several moneys, and letters, by their moneys: "Rs", "K", "Sh", "kr"; best known first."""
    found: dict[str, list[str]] = {}
    letters: set[str] = set()
    for row in load(codebook_path).rows("currencies"):
        own = Codebook.split(row["letters"])
        letters.update(own)
        for sign in (*Codebook.split(row["symbols"]), *own):
            found.setdefault(sign, []).append(row["id"])
    return {sign: tuple(codes) for sign, codes in found.items() if len(codes) > 1 or sign in letters}


def countries_told(
    doc: Doc, places: Sequence[PlaceMention], codebook_path: str | None
) -> tuple[Counter[str], set[str]]:
    """How often each country is told by a place or an actor, and the countries that act."""
    names = {row["name"]: row["id"] for row in load(codebook_path).rows("demonyms")}
    acting = [iso for a in doc._.actors or () if (iso := names.get(a.name)) is not None]
    return Counter([*(p.country_iso3 for p in places if p.country_iso3), *acting]), set(acting)


def sign_of(quantity: QuantityMention, codebook_path: str | None) -> str | None:
    """The shared sign beside a sum of money, or None."""
    sign = (quantity.unit_text or "").strip()
    return sign if sign in shared(codebook_path) else None


def signed_codes(
    money: Sequence[QuantityMention], told: Counter[str], codebook_path: str | None, named: bool = False
) -> dict[str, str]:
    """Shared sign -> the money of those that share it whose country is told most; ``named``: that is told by name."""
    found: dict[str, str] = {}
    codes = {q.unit for q in money if sign_of(q, codebook_path) is None}
    for sign in dict.fromkeys(s for q in money if (s := sign_of(q, codebook_path)) is not None):
        counts = {c: sum(told[h] for h in homes(codebook_path)[c]) for c in shared(codebook_path)[sign]}
        best = max(counts, key=lambda c: counts[c])
        if counts[best]:
            found[sign] = best
        elif named and (known := [c for c in counts if c in codes]):
            found[sign] = known[0]
    return found


def local_code(
    money: Sequence[QuantityMention], told: Counter[str], acting: set[str], codebook_path: str | None
) -> dict[str, str]:
    """Codes to be read otherwise in this article, where no sign but a name or "$" tells them: {"USD": "CAD"}."""
    country, count = min(told.items(), key=lambda c: (-c[1], c[0])) if told else ("", 0)
    alone = count >= LEAST and count >= SHARE * sum(told.values())
    signed = {q.unit for q in money if sign_of(q, codebook_path) is not None}
    money = [q for q in money if sign_of(q, codebook_path) is None]
    changed: dict[str, str] = {}
    for best, by_country in families(codebook_path).items():
        used = {q.unit for q in money if q.unit == best or q.unit in by_country.values()}
        if best not in used or not all(bare(q) or plain(q, best, codebook_path) for q in money if q.unit == best):
            continue
        local, home = by_country.get(country), homes(codebook_path)[best]
        known = [c for c in by_country.values() if c in used or c in signed]
        if best != WORLD and len(set(known)) == 1 and not any(told[h] for h in home):
            changed[best] = known[0]  # "CFA francs" and "francs", "Rs" of Pakistan and "rupees"
        elif used != {best}:
            continue
        elif local is not None and alone and not any(h in acting or told[h] * 3 > count for h in home):
            changed[best] = local
        elif best != WORLD and not any(told[h] for h in home):
            near = {code for iso, code in by_country.items() if told[iso]}
            if len(near) == 1:
                changed[best] = near.pop()
    return changed


def bare(quantity: QuantityMention) -> bool:
    """True where the text gives a bare sign or one plain word: "$", "pesos"."""
    words = (quantity.unit_text or "").replace(".", "").split()
    return len(words) == 1 and (words[0] == "$" or (words[0].isalpha() and words[0].islower()))


def plain(quantity: QuantityMention, code: str, codebook_path: str | None) -> bool:
    """True where the text gives no more than the first name of the money: "CFA francs"."""
    row = next(r for r in load(codebook_path).rows("currencies") if r["id"] == code)
    first = Codebook.split(row["match"])[0].split()
    words = [w.removesuffix("s") for w in (quantity.unit_text or "").lower().split()]
    return len(first) > 1 and words == first
