"""Which noun a figure counts where its own words leave it open: the figure before, a whole told first, a verb of telling.

Pure functions over a parsed Doc.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from spacy.tokens import Doc, Token

from analysis.components.counted import (
    AREA_UNITS,
    BUNDLES,
    LENGTH_UNITS,
    PLACING,
    ClassTable,
    Counted,
    is_money,
    is_number,
    noun_of,
    of_complement,
)
from analysis.components.counted_nouns import HARMED, relative_head, speaks
from analysis.components.listed_counts import listed, of_whole
from analysis.components.mentions import QuantityMention
from analysis.components.near_words import numbered
from analysis.components.word_classes import word_class

#: adjectives that with an article stand for people
THE_SICK = frozenset(
    {"sick", "ill", "poor", "young", "elderly", "old", "homeless", "jobless", "unemployed", "dying", "living", "needy"}
)
#: verbs whose object is the number of what they are said of: "a crowd numbering 300"
AMOUNTING = frozenset({"number", "total", "exceed", "reach", "top", "surpass", "approach", "near", "equal", "include"})


#: verbs whose subject, where only a number is told, is people
PEOPLE_VERBS = word_class("people_verbs", "outcomes")
DONE_BY_PEOPLE = word_class("done_by_people")


def resolve(
    doc: Doc,
    figure: QuantityMention,
    classes: ClassTable,
    before: Sequence[tuple[QuantityMention, Counted]],
) -> Counted:
    """Find what ``figure`` counts; ``before`` are the figures already resolved, in order of the text."""
    root, noun = noun_of(doc, figure)
    if figure.unit in (None, "item", "person") and (told_of := listed(root) or of_whole(root)) is not None:
        row_id = classes.of_noun(told_of)
        row = classes.rows.get(row_id) if row_id else None
        in_list = listed(root) is not None
        return Counted(
            root, told_of, in_list, row_id, row["code"] if row else None, row["kind"] if row else None, False
        )
    if noun is not None and noun.tag_ in ("NNP", "JJ") and noun.dep_ in ("nmod", "amod") and noun.head.tag_ == "NNS":
        noun = noun.head if noun.head.i > noun.i else noun  # "seven Wagner and Malian government fighters"
    if noun is not None and noun.lower_ == "number":
        noun = numbered(root) or noun
    acts = noun is not None and (_headline_verb(noun, figure) or noun.lower_ == "more")
    if acts:
        noun = None
    own = noun is not None and noun.lower_ == "own"  # "nine of their own"
    if own:
        noun = None
    if noun is None and not own and not acts and figure.head is not None and figure.head < len(doc):
        noun = doc[figure.head]
        if is_number(noun) or noun.pos_ not in ("NOUN", "PROPN", "ADJ") or noun.sent != root.sent:
            noun = None  # a noun of the sentence before is taken over as an elided one
        elif noun.i < root.i and any(earlier.noun == noun and not earlier.elided for _, earlier in before):
            noun = None  # so is one that has a number of its own ("17 dead, three in custody")
    share = figure.unit == "percent"
    if noun is not None and noun.lower_ == "others" and (told := _told_before(figure, root, before)) is not None:
        return replace(told, root=root, elided=True, share=share)
    if noun is None and not is_money(figure.unit) and (whole := _fronted(root)) is not None:
        row_id = classes.of_noun(whole)
        row = classes.rows.get(row_id) if row_id else None
        kind = "land" if share and _is_place(whole) else row["kind"] if row else None
        return Counted(root, whole, True, row_id, row["code"] if row else None, kind, share)
    if noun is None and not share and not is_money(figure.unit):
        noun = _told_noun(root) or numbered(root) or _labelled(root)
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
        if _population(root, classes):
            row_id = classes.by_unit.get("person")
            return Counted(root, None, False, row_id, "people", "people", share)
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
        if earlier is None and (them := _them(doc, figure, classes)) is not None:
            row_id = classes.of_noun(them) or ""
            row = classes.rows[row_id]
            return Counted(root, them, True, row_id, row["code"], row["kind"], share)
    the_sick = noun is not None and noun.lower_ in THE_SICK and any(c.lower_ == "the" for c in noun.lefts)
    if row_id is None and noun is not None and (noun.lower_ in ("those", "others") or the_sick):
        row_id = classes.by_unit.get("person")  # "the number of those who fled", "85 others with injuries"
    named = noun is not None and (noun.ent_type_ == "NORP" or (noun.tag_ == "NNPS" and figure.unit == "person"))
    if row_id is None and named:
        coded = noun is not None and any(c.isdigit() for c in noun.text)  # AK-47s are no people
        row_id = None if coded else classes.by_unit.get("person")
    row = classes.rows.get(row_id) if row_id else None
    if row is not None and row["kind"] == "money" and not is_money(figure.unit):
        row_id, row = None, None
    if row is not None and row["kind"] == "building" and figure.unit == "person":  # "the 193-strong House"
        row_id = classes.by_unit.get("person")
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


def _headline_verb(noun: Token, figure: QuantityMention) -> bool:
    """ "10,000 rally in the capital": a verb that the tagger takes for a noun in the singular."""
    behind = noun.doc[figure.token_end].lower_ if figure.token_end < len(noun.doc) else ""
    if behind == "downed" and noun.lower_ == "tools":
        return True
    many = (figure.low or 0) >= 2 and figure.unit in (None, "item", "person")
    if noun.tag_ not in ("NN", "JJ", "VB", "VBP") or noun.i != figure.token_end or not many:
        return False
    return (noun.lower_ in PEOPLE_VERBS or noun.lower_ in DONE_BY_PEOPLE) and noun.text.islower()


def _them(doc: Doc, figure: QuantityMention, classes: ClassTable) -> Token | None:
    """The people that "of them" points at where no number was told of them: a subject of the two sentences before."""
    after = doc[figure.token_end : figure.token_end + 2]
    if len(after) < 2 or after[0].lower_ != "of" or after[1].lower_ not in ("them", "us"):
        return None
    first = after.sent.start
    for _ in range(2):
        first = doc[first - 1].sent.start if first else first
    for token in reversed(doc[first : figure.token_start]):
        row = classes.rows.get(classes.of_noun(token) or "") if token.tag_ == "NNS" and token.dep_ == "nsubj" else None
        if row is not None and row["kind"] in ("people", "troops", "captives"):
            return token
    return None


def _population(root: Token, classes: ClassTable) -> bool:
    """ "A country of 19 million", "a town of 6,000": the people who live there, not what was counted before."""
    above = root.head.head if root.dep_ == "pobj" and root.head.lower_ == "of" else None
    row = classes.rows.get(classes.of_noun(above) or "") if above is not None and above.tag_ == "NN" else None
    return row is not None and row["kind"] in ("region", "settlement")


def _labelled(root: Token) -> Token | None:
    """The plural before a colon that a line begins with: "Homes: 860 gone"."""
    for token in root.doc[root.sent.start : root.i]:
        if token.text == ":":
            if root.i + 1 < len(root.doc) and root.nbor().lower_ in HARMED:
                return None  # "Protests: 17 killed"
            noun = token.nbor(-1) if token.i > root.sent.start else token
            return noun if noun.tag_ == "NNS" and token.i + 3 > root.i and not speaks(noun) else None
    return None


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
            if prep.dep_ in ("prep", "dep") and prep.lower_ == "of" and prep.i < root.i:
                for obj in prep.children:
                    if obj.lower_ in ("whom", "which") and verb.dep_ == "relcl":
                        return verb.head  # "the missing, of whom there were 52"
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
    amounts = root.dep_ != "dobj" or verb.lemma_.lower() in AMOUNTING
    if verb.dep_ == "acl" and verb.head.pos_ == "NOUN" and amounts:  # not "a truck carrying 62"
        return verb.head
    if verb.pos_ not in ("VERB", "AUX"):
        return None
    at = root.dep_ == "pobj" and root.head.lower_ == "at"
    above = (
        verb.head if at and verb.dep_ in ("advcl", "acl", "conj") else verb
    )  # "put the number of men taken prisoner at 9"
    for child in (*verb.children, *(above.children if above != verb else ())):
        if verb.lemma_ == "number" and child.dep_ == "nsubj" and child.tag_ in ("NNS", "NNPS") and child != root:
            return child  # "the attackers numbered 300"
        bundle = child.dep_ in ("dobj", "nsubj", "nsubjpass") and child != root and child.lemma_.lower() in BUNDLES
        if bundle and (noun := of_complement(child)) is not None:
            return noun
    return None


def _relative(doc: Doc, figure: QuantityMention) -> Token | None:
    """The noun before "four of which", "two of whom"."""
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
    if figure.low is not None and figure.low % 1:
        return None  # "a 6.3": no count
    start = root.sent.start
    earlier_start = root.sent[0].nbor(-1).sent.start if start > 0 else start
    for other, counted in reversed(before):
        if counted.root.i < earlier_start or (counted.noun is None):
            break
        same = other.unit == figure.unit or figure.unit in (None, "item", "percent")
        if same and not is_money(other.unit) and counted.kind not in ("length", "money"):
            return counted
    return None
