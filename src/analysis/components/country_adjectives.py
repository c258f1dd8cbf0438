"""Adjectives of countries that no list holds, by their endings: "Zelmaran" of "Zelmara"."""

from __future__ import annotations

from spacy.tokens import Doc, Token

#: letters that a country's name and its adjective share at least, and letters of the name that may differ
SHARED = 4
ENDING = 3
#: endings of adjectives of countries
# fmt: off
ENDINGS = ("n", "an", "ian", "ean", "nian", "ese", "nese", "i", "ani", "ish", "ic", "er", "ns", "ans", "ians", "is", "ers",
           "ite", "ites", "ard", "ards", "iot", "iots")
# fmt: on
#: endings of adjectives whose noun stands in them, but for the last letter
LONE = ("i", "an")


def to_nouns(doc: Doc, weights: dict[str, int]) -> None:
    """Give what "the Zelmaran capital" weighs to "Zelmara"; drop other adjectives whose noun the article lacks (in place)."""
    words = [w for w in weights if w.endswith(ENDINGS)]
    named = sorted({t.text for t in doc if t.pos_ == "PROPN"}) if words else []
    for word in words:
        nouns = [name for name in named if name != word and adjective_of(word, name)]
        if nouns:
            noun = max(nouns, key=lambda n: (len(n), n))
            weights[noun] = weights.get(noun, 0) + weights.pop(word)
        elif word.endswith(LONE) and len(word) > SHARED and all(_adjective(t) for t in doc if t.text == word):
            # the endings that leave the noun nearly always whole: Iraqi, Nepali, Kenyan, Serbian
            weights[word[:-1]] = weights.pop(word)
        elif any(t.text == word and (t.ent_type_ == "NORP" or t.tag_ == "JJ") for t in doc):
            del weights[word]


def _adjective(token: Token) -> bool:
    """True where a word is used of what a country has: before a noun, or as the name of its people."""
    return token.ent_type_ == "NORP" or token.dep_ in ("amod", "compound")


def adjective_of(word: str, name: str) -> bool:
    """True where ``word`` can be the adjective of a country ``name``: "Zelmaran" of "Zelmara", "Tessarese" of "Tessara"."""
    short = min(len(word), len(name))
    shared = next((i for i in range(short) if word[i].lower() != name[i].lower()), short)
    if shared < min(SHARED, max(ENDING, len(name) - 1)) or len(name) - shared > ENDING:
        return False
    rest = word[shared:].lower()
    return bool(rest) and (rest in ENDINGS or word[shared - 1 :].lower() in ENDINGS)
