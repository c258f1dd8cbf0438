"""What a figure counts: the noun, its class from the codebook, and the shortest clear phrase for it.

Pure functions over a parsed Doc; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from analysis.codebook import Codebook
from analysis.components.counted_nouns import model_family, shot_dead
from analysis.components.listed_counts import counts_in_brackets
from analysis.components.mentions import QuantityMention
from analysis.components.word_classes import word_class

#: dependencies by which a number hangs on what it counts
NUMBER_DEPS = frozenset(
    {
        "nummod",
        "quantmod",
        "amod",
        "compound",
        "nmod",
        "det",
        "npadvmod",
        "advmod",
        "predet",
    }
)
#: units of measure, money and shares stand as nouns of their own; what they measure is their complement
MEASURED_KINDS = frozenset({"percent", "fraction", "money", "measure"})
#: nouns that only bundle what they contain ("a group of 20 soldiers", "a total of 40 people")
BUNDLES = word_class("bundles")
#: unit words that stand between a number and its noun ("two 120 mm rounds")
# fmt: off
UNIT_WORDS = frozenset(
    {
        "mm", "cm", "km", "kg", "mph", "kph", "ton", "tonne", "metre", "meter", "caliber", "calibre", "foot",
        "inch"
    }
)
# fmt: on
LENGTH_UNITS = frozenset({"km", "m", "mi", "ft", "cm", "mm", "yd", "in"})
AREA_UNITS = frozenset({"km2", "mi2", "ha", "acre", "m2"})
# fmt: off
PRONOUNS = frozenset(
    {
        "them", "these", "those", "which", "whom", "it", "us", "you", "they", "that"
    }
)
# fmt: on
#: prepositions behind which only places stand
PLACING = frozenset({"in", "near", "across", "outside", "inside", "throughout"})
#: entities in which a share is told, not of which: "sales fell 20 per cent in Alberta"
PLACE_ENTITIES = frozenset({"GPE", "LOC", "FAC", "DATE"})
SETTLED = (word_class("settlement_nouns"), word_class("region_nouns"), word_class("country_nouns"))
MAX_PHRASE_TOKENS = 9


@dataclass(frozen=True, slots=True)
class Counted:
    """The counted noun of one figure.

    ``root`` is the top token of the numeric expression, ``noun`` the counted noun (None where the text leaves it out
    and nothing before supplies it), ``elided`` true where the noun was taken over from an earlier figure, ``row`` the
    row of ``counted_classes`` that fits, ``kind`` its kind (people, troops, land, ...), ``share`` true for percentages
    and fractions.
    """

    root: Token
    noun: Token | None
    elided: bool
    class_id: str | None
    counted_class: str | None
    kind: str | None
    share: bool


class ClassTable:
    """Lookup of counted classes by noun lemma, or by the unit of the quantity."""

    def __init__(self, codebook: Codebook) -> None:
        self.rows = {row["id"]: row for row in codebook.rows("counted_classes")}
        self.by_phrase: dict[str, str] = {}
        self.by_unit: dict[str, str] = {}
        for row in self.rows.values():
            for phrase in codebook.split(row["match"]):
                self.by_phrase.setdefault(phrase.lower(), row["id"])
            for unit in codebook.split(row["units"]):
                self.by_unit.setdefault(unit, row["id"])

    def of_noun(self, noun: Token) -> str | None:
        """Row id for a noun: two-word names first ("police officer", "power plant"), then the noun itself."""
        lemma = noun.lemma_.lower()
        for child in noun.lefts:
            if child.dep_ in ("compound", "amod", "nmod", "poss"):
                for first in (child.lemma_.lower(), child.lower_):
                    row_id = self.by_phrase.get(f"{first} {lemma}")
                    if row_id:
                        return row_id
        for child in noun.rights:
            if child.dep_ == "prep":
                for obj in child.children:
                    row_id = self.by_phrase.get(f"{lemma} {child.lower_} {obj.lower_}")
                    if row_id:
                        return row_id
        text = noun.lower_  # first, for corpses have the lemma of corps
        forms = (text, lemma, text.removesuffix("s"), model_family(text))
        return next((row for form in forms if (row := self.by_phrase.get(form)) is not None), None)


def figure_tokens(doc: Doc, figure: QuantityMention) -> list[Token]:
    """Tokens of the numeric expression (never empty: the token at its start stands in)."""
    span = doc.char_span(figure.start, figure.end, alignment_mode="expand")
    return list(span) if span is not None and len(span) else [doc[min(figure.token_start, len(doc) - 1)]]


def number_root(tokens: Sequence[Token]) -> Token:
    """The token of the expression whose head lies outside; for several the last (the unit noun ends the expression)."""
    inside = {t.i for t in tokens}
    roots = [t for t in tokens if t.head.i not in inside or t.head is t]
    words = [t for t in roots if t.is_alpha or t.like_num or t.text == "%"]
    return (words or roots or list(tokens))[-1]


def is_number(token: Token) -> bool:
    return token.like_num or token.tag_ == "CD" or token.lower_ in _MAGNITUDES


# fmt: off
_MAGNITUDES = frozenset(
    {
        "dozen", "dozens", "score", "scores", "hundreds", "thousands", "millions", "billions", "tens",
        "couple"
    }
)
# fmt: on


def of_complement(token: Token, preps: Sequence[str] = ("of",)) -> Token | None:
    """The noun of a phrase with one of ``preps`` behind a word: "hundreds of troops"."""
    for child in token.rights:
        if child.dep_ == "prep" and child.lower_ in preps:
            for obj in child.children:
                if obj.dep_ in ("pobj", "pcomp") and (child.lower_ == "of" or not _place(obj)):
                    return obj
    return None


def _place(noun: Token) -> bool:
    """True for a noun in which a share is told, not of which."""
    return noun.ent_type_ in PLACE_ENTITIES or any(noun.lemma_.lower() in words for words in SETTLED)


#: dashes with blanks around them
DASHES = ("-", "–", "—")


def noun_of(doc: Doc, figure: QuantityMention) -> tuple[Token, Token | None]:
    """Return (root of the number, counted noun or None where the text leaves it out)."""
    tokens = figure_tokens(doc, figure)
    inside = {t.i for t in tokens}
    root = number_root(tokens)
    share_or_unit = figure.unit == "percent" or figure.kind in MEASURED_KINDS or is_money(figure.unit)
    complement = of_complement(root, ("of", "in") if share_or_unit else ("of",))
    if complement is None and len(tokens) > 1:
        for token in reversed(tokens):
            complement = of_complement(token, ("of", "in") if share_or_unit else ("of",))
            if complement is not None:
                break
    if complement is not None and complement.i not in inside and not (share_or_unit and is_number(complement)):
        if complement.lower_ in PRONOUNS:
            after = doc[complement.i + 1] if complement.i + 1 < len(doc) else None
            return root, after if after is not None and after.tag_ in ("NNS", "NN") else None
        if complement.ent_type_ != "DATE":
            return root, _through_bundles(complement)
    beside = doc[tokens[-1].i + 1 : tokens[-1].i + 3]
    if len(beside) == 2 and beside[0].tag_ == "NNS" and beside[0].whitespace_ and beside[1].text in DASHES:
        return root, beside[0]  # "13 rebels - army": the dash of a headline, whatever the parser makes of it
    climbed = root
    for _ in range(4):
        head = climbed.head
        if head == climbed or climbed.dep_ not in NUMBER_DEPS:
            break
        if climbed.dep_ in ("npadvmod", "advmod") and head.pos_ in ("VERB", "AUX"):
            break
        climbed = head
        if climbed.lower_ in UNIT_WORDS and climbed.dep_ in NUMBER_DEPS:
            continue
        if climbed.ent_type_ in ("DATE", "TIME") and climbed.dep_ == "npadvmod":
            return root, None  # "cancelled 310 today"
        named = climbed.tag_ == "NN" and climbed.dep_ == "compound" and climbed.head.i == climbed.i + 1
        if named and climbed.head.tag_ == "NNS" and (figure.low or figure.high or 0) > 1 and climbed.i not in inside:
            climbed = climbed.head  # "two barrel bombs"
        if climbed.i not in inside and not is_number(climbed) and climbed.pos_ in ("NOUN", "PROPN"):
            if counts_in_brackets(climbed, tokens[-1].i + 1):
                return root, None  # "40,000 (organisers) marched"
            if climbed.i < root.i and climbed.ent_type_ in ("DATE", "TIME"):
                behind = doc[tokens[-1].i + 1 : tokens[-1].i + 2]  # "by evening 43 of the fugitives were in custody"
                return root, _after(doc, tokens[-1].i + 1) if behind.text == "of" else None
            return root, _through_bundles(climbed)
    if climbed != root and climbed.i not in inside and climbed.pos_ in ("NOUN", "PROPN", "ADJ", "VERB"):
        if climbed.pos_ in ("NOUN", "PROPN"):
            return root, _through_bundles(climbed)
        named = climbed.pos_ == "ADJ" or any(c.dep_ == "det" for c in climbed.lefts)  # "half the wounded"
        return root, climbed if named else None
    if share_or_unit and (after := _after(doc, tokens[-1].i + 1)) is not None:
        return root, after
    following = doc[tokens[-1].i + 1] if tokens[-1].i + 1 < len(doc) else None
    if (
        following is not None
        and following.pos_ == "NOUN"
        and not shot_dead(following)
        and following.head in (root.head, root)
    ):
        return root, following
    head = root.head
    bundled = root.dep_ == "pobj" and head.lower_ == "of" and head.head.pos_ in ("NOUN", "PROPN")
    if bundled and (share_or_unit or head.head.lemma_.lower() in BUNDLES):
        return root, head.head
    return root, None


def _after(doc: Doc, i: int) -> Token | None:
    """The noun of an ``in`` or ``of`` phrase right after a number and its bracket ("$45m (€42m) in aid")."""
    if i < len(doc) and doc[i].text == "(":
        while i < len(doc) and doc[i].text != ")":
            i += 1
        i += 1
    elif i < len(doc) and doc[i].text == ")":
        i += 1
    if i < len(doc) and doc[i].lower_ in ("in", "of"):
        for obj in doc[i].children:
            told = obj.ent_type_ != "DATE" and (doc[i].lower_ == "of" or not _place(obj))
            if obj.dep_ == "pobj" and obj.pos_ == "NOUN" and told:
                return obj
    return None


def is_money(unit: str | None) -> bool:
    return unit is not None and len(unit) == 3 and unit.isupper()


#: nouns for one time of what their complement names, where that befalls people: "32 cases of abduction"
INSTANCES = frozenset({"case", "instance", "incident", "report", "count"})
# fmt: off
BEFALLING = frozenset(
    {
        "abduction", "kidnapping", "arrest", "detention", "disappearance", "death", "killing", "murder", "injury",
        "execution", "drowning", "suicide", "homicide", "fatality",
    }
)
# fmt: on


def of_instances(noun: Token) -> bool:
    """ "32 cases of abduction": what befell people that many times."""
    told = noun.dep_ == "pobj" and noun.head.lower_ == "of" and noun.lemma_.lower() in BEFALLING
    return told and noun.head.head.lemma_.lower() in INSTANCES


def _through_bundles(noun: Token) -> Token:
    for _ in range(3):
        inner = of_complement(noun) if noun.lemma_.lower() in BUNDLES | INSTANCES else None
        if noun.lemma_.lower() in INSTANCES and (inner is None or inner.lemma_.lower() not in BEFALLING):
            return noun
        if inner is None or inner.pos_ not in ("NOUN", "PROPN") or is_number(inner):
            return noun
        noun = inner
    return noun
