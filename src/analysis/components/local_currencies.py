"""A bare "$", "pesos" or "rupees" is the money of the one country that an article speaks of, not of the best known one.

An article that names another money of the family in full ("US$", "Canadian dollars") means the best known one by the
bare word; so does one that speaks of the country of the best known one too. Money other than dollars is also that of a
country told beside others, where no other country of the family is told: "crowns" in an article on Prague and Berlin.
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


def local_code(
    doc: Doc, quantities: Sequence[QuantityMention], places: Sequence[PlaceMention], codebook_path: str | None
) -> dict[str, str]:
    """Codes to be read otherwise in this article: {"USD": "CAD"}."""
    money = [q for q in quantities if q.kind == "money"]
    if not money:
        return {}
    names = {row["name"]: row["id"] for row in load(codebook_path).rows("demonyms")}
    countries = Counter(p.country_iso3 for p in places if p.country_iso3)
    acting = Counter(iso for a in doc._.actors or () if (iso := names.get(a.name)) is not None)
    told = countries + acting
    country, count = min(countries.items(), key=lambda c: (-c[1], c[0])) if countries else ("", 0)
    alone = count >= LEAST and count >= SHARE * sum(countries.values())
    changed: dict[str, str] = {}
    for best, by_country in families(codebook_path).items():
        used = {q.unit for q in money if q.unit == best or q.unit in by_country.values()}
        if used != {best} or not all(bare(q) or plain(q, best, codebook_path) for q in money if q.unit == best):
            continue
        local, home = by_country.get(country), homes(codebook_path)[best]
        if local is not None and alone and not any(h in acting or countries[h] * 3 > count for h in home):
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
