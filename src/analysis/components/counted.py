"""What a figure counts: the noun, its class from the codebook, and the shortest clear phrase for it.

Pure functions over a parsed Doc; nothing is written here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from analysis.codebook import Codebook
from analysis.components.counted_nouns import relative_head, shot_dead
from analysis.components.mentions import QuantityMention

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
# fmt: off
BUNDLES = frozenset(
    {
        "total", "number", "group", "force", "contingent", "batch", "crowd", "column", "convoy", "set",
        "series", "wave", "string", "handful", "estimate", "figure", "minimum", "maximum", "average",
        "record", "combined", "rest", "majority", "range", "pair", "body", "bulk", "count", "tally", "round"
    }
)
# fmt: on
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
        return self.by_phrase.get(lemma) or self.by_phrase.get(noun.lower_)


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


def _of_complement(token: Token, preps: Sequence[str] = ("of",)) -> Token | None:
    for child in token.rights:
        if child.dep_ == "prep" and child.lower_ in preps:
            for obj in child.children:
                if obj.dep_ in ("pobj", "pcomp") and (child.lower_ == "of" or obj.ent_type_ not in PLACE_ENTITIES):
                    return obj
    return None


def noun_of(doc: Doc, figure: QuantityMention) -> tuple[Token, Token | None]:
    """Return (root of the number, counted noun or None where the text leaves it out)."""
    tokens = figure_tokens(doc, figure)
    inside = {t.i for t in tokens}
    root = number_root(tokens)
    share_or_unit = figure.unit == "percent" or figure.kind in MEASURED_KINDS or is_money(figure.unit)
    complement = _of_complement(root, ("of", "in") if share_or_unit else ("of",))
    if complement is None and len(tokens) > 1:
        for token in reversed(tokens):
            complement = _of_complement(token, ("of", "in") if share_or_unit else ("of",))
            if complement is not None:
                break
    if complement is not None and complement.i not in inside and not (share_or_unit and is_number(complement)):
        if complement.lower_ in PRONOUNS:
            after = doc[complement.i + 1] if complement.i + 1 < len(doc) else None
            return root, after if after is not None and after.tag_ in ("NNS", "NN") else None
        if complement.ent_type_ != "DATE":
            return root, _through_bundles(complement)
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
        if climbed.i not in inside and not is_number(climbed) and climbed.pos_ in ("NOUN", "PROPN"):
            return root, _through_bundles(climbed)
    if climbed != root and climbed.i not in inside and climbed.pos_ in ("NOUN", "PROPN", "ADJ", "VERB"):
        if climbed.pos_ in ("NOUN", "PROPN"):
            return root, _through_bundles(climbed)
        return root, (climbed if climbed.pos_ == "ADJ" else None)
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
            if obj.dep_ == "pobj" and obj.pos_ == "NOUN" and obj.ent_type_ != "DATE":
                return obj
    return None


def is_money(unit: str | None) -> bool:
    return unit is not None and len(unit) == 3 and unit.isupper()


def _through_bundles(noun: Token) -> Token:
    for _ in range(3):
        inner = _of_complement(noun) if noun.lemma_.lower() in BUNDLES else None
        if inner is None or inner.pos_ not in ("NOUN", "PROPN") or is_number(inner):
            return noun
        noun = inner
    return noun


def resolve(
    doc: Doc,
    figure: QuantityMention,
    classes: ClassTable,
    before: Sequence[tuple[QuantityMention, Counted]],
) -> Counted:
    """Find what ``figure`` counts; ``before`` are the figures already resolved, in order of the text."""
    root, noun = noun_of(doc, figure)
    own = noun is not None and noun.lower_ == "own"  # "nine of their own"
    if own:
        noun = None
    if noun is None and not own and figure.head is not None and figure.head < len(doc):
        noun = doc[figure.head]
        if is_number(noun) or noun.pos_ not in ("NOUN", "PROPN", "ADJ"):
            noun = None
    share = figure.unit == "percent"
    if noun is not None and noun.lower_ == "others" and (told := _told_before(figure, root, before)) is not None:
        return replace(told, root=root, elided=True, share=share)
    if noun is None and not is_money(figure.unit) and (whole := _fronted(root)) is not None:
        row_id = classes.of_noun(whole)
        row = classes.rows.get(row_id) if row_id else None
        kind = "land" if share and _is_place(whole) else row["kind"] if row else None
        return Counted(root, whole, True, row_id, row["code"] if row else None, kind, share)
    if noun is None and not share and not is_money(figure.unit):
        noun = _told_noun(root)
    row_id = classes.of_noun(noun) if noun is not None else None
    if row_id is None and noun is not None:
        alike = [c for c in noun.conjuncts if not any(n.dep_ == "nummod" for n in c.children)]
        row_id = next((r for r in (classes.of_noun(c) for c in alike) if r), None)
    if noun is None and not is_money(figure.unit) and (head := _relative(doc, figure)) is not None:
        row_id = classes.of_noun(head) or classes.by_unit.get(figure.unit or "")
        row = classes.rows.get(row_id) if row_id else None
        return Counted(root, head, True, row_id, row["code"] if row else None, row["kind"] if row else None, share)
    measured = figure.kind == "measure" or is_money(figure.unit)
    if noun is None and not measured and not (share and _stands_alone(root)):
        earlier = _antecedent(root, figure, before)
        if earlier is not None and earlier.noun is not None:
            return Counted(
                root,
                earlier.noun,
                True,
                earlier.class_id,
                earlier.counted_class,
                earlier.kind,
                share,
            )
    if row_id is None and noun is not None and (noun.ent_type_ == "NORP" or noun.tag_ == "NNPS"):
        row_id = classes.by_unit.get("person")
    row = classes.rows.get(row_id) if row_id else None
    if row is not None and row["kind"] == "money" and not is_money(figure.unit):
        row_id, row = None, None
    if figure.unit in LENGTH_UNITS or (figure.unit in AREA_UNITS and (row is None or row["kind"] != "land")):
        row_id = classes.by_unit.get(figure.unit or "")
    elif (
        share
        and noun is not None
        and (_is_area(noun, row["kind"] if row else None) or (row is None and _is_place(noun)))
    ):
        row_id = classes.by_unit.get("km2")
    if row_id is None and figure.unit == "item" and figure.unit_text:
        row_id = classes.by_unit.get(figure.unit_text.lower().rstrip("s"))
    if row_id is None and figure.unit:
        row_id = classes.by_unit.get("money" if is_money(figure.unit) else figure.unit)
    row = classes.rows.get(row_id) if row_id else None
    return Counted(
        root,
        noun,
        False,
        row_id,
        row["code"] if row else None,
        row["kind"] if row else None,
        share,
    )


def _is_area(noun: Token, kind: str | None) -> bool:
    """True for a noun of a place of which a share is land: "the province", "a fifth of the capital"."""
    return kind == "region" or (noun.tag_ == "NN" and (kind == "settlement" or noun.lemma_ == "capital"))


def _told_before(
    figure: QuantityMention, root: Token, before: Sequence[tuple[QuantityMention, Counted]]
) -> Counted | None:
    """What the figure just before in the sentence counts: "one soldier was killed and four others were hurt"."""
    if before and before[-1][1].root.sent == root.sent and before[-1][0].unit == figure.unit:
        return before[-1][1] if before[-1][1].noun is not None else None
    return None


def _fronted(root: Token) -> Token | None:
    """The whole that a clause begins with: "of the vehicles he saved two", "of the dead, 19 were found there"."""
    node = root
    for _ in range(3):
        node = node.head
        if node.pos_ in ("VERB", "AUX"):
            break
    for verb in (root, node):
        for prep in verb.lefts:
            if prep.dep_ == "prep" and prep.lower_ == "of" and prep.i < root.i:
                for obj in prep.children:
                    if obj.dep_ == "pobj" and obj.pos_ in ("NOUN", "PROPN", "ADJ", "VERB") and not is_number(obj):
                        return obj
    return None


def _is_place(noun: Token) -> bool:
    """True for a name that the parser takes for a place, or that stands in a phrase of place somewhere in the text."""
    if noun.ent_type_ in ("GPE", "LOC"):
        return True
    if noun.pos_ != "PROPN" or noun.ent_type_ in ("MONEY", "PRODUCT"):
        return False
    alike = (t for t in noun.doc if t.lower_ == noun.lower_ and t.dep_ == "pobj" and t.i != noun.i)
    return any(t.head.lower_ in PLACING for t in alike)


def _told_noun(root: Token) -> Token | None:
    """The noun of "put the number of prisoners at 594", "the number of dead is 31"."""
    verb = root.head
    if root.dep_ == "pobj" and verb.lower_ in ("at", "to", "as", "by"):
        verb = verb.head
    if verb.dep_ == "acl" and verb.head.pos_ == "NOUN":
        return verb.head
    if verb.pos_ not in ("VERB", "AUX"):
        return None
    above = verb.head if verb.dep_ in ("advcl", "acl", "conj") else verb  # "put the number of men taken prisoner at 9"
    for child in (*verb.children, *(above.children if above != verb else ())):
        if verb.lemma_ == "number" and child.dep_ == "nsubj" and child.tag_ in ("NNS", "NNPS") and child != root:
            return child  # "the attackers numbered 300"
        bundle = child.dep_ in ("dobj", "nsubj", "nsubjpass") and child != root and child.lemma_.lower() in BUNDLES
        if bundle and (noun := _of_complement(child)) is not None:
            return noun
    return None


def _relative(doc: Doc, figure: QuantityMention) -> Token | None:
    """The noun before, of "four of which" and "two of whom"."""
    after = doc[figure.token_end : figure.token_end + 2]
    return relative_head(after[1]) if len(after) == 2 and after[0].lower_ == "of" else None


def _stands_alone(root: Token) -> bool:
    """True for a share that an object or predicate tells of something else: "turnout was 71 per cent", "offered 2%"."""
    if root.dep_ == "attr":
        return any(c.dep_ == "nsubj" and c.pos_ in ("NOUN", "PROPN") for c in root.head.children)
    return root.dep_ in ("dobj", "npadvmod", "advmod") or (
        root.dep_ == "pobj" and root.head.lower_ in ("to", "by", "at", "from")
    )


def _antecedent(
    root: Token,
    figure: QuantityMention,
    before: Sequence[tuple[QuantityMention, Counted]],
) -> Counted | None:
    """The figure whose noun an elided one takes over: nearest in the sentence, else in the one before, of one unit."""
    start = root.sent.start
    earlier_start = root.sent[0].nbor(-1).sent.start if start > 0 else start
    for other, counted in reversed(before):
        if counted.root.i < earlier_start or (counted.noun is None):
            break
        same = other.unit == figure.unit or figure.unit in (None, "item", "percent")
        if same and not is_money(other.unit) and counted.kind not in ("length", "money"):
            return counted
    return None
