"""Who holds ground, and whose a length is: how far a force came, not how far a place lies."""

from __future__ import annotations

from spacy.tokens import Token

from analysis.components.counted import Counted
from analysis.components.figure_parties import MAX_CLIMB, Parties
from analysis.components.word_classes import word_class

#: the side of what plainly has none
NOBODY = ""
#: what ground is in or under
HOLDING = word_class("holding")
#: places whose distance from another is nobody's, whatever country they belong to
SITES = word_class("points_of_distance")
#: verbs of who advances or stands somewhere
MOVING = word_class("verbs_of_advance")
#: tokens behind a length in which the side of another place stands
NEAR = 4
#: verbs of where a place is, and words for the side of another place on which it is
LYING = frozenset({"be", "lie", "stand", "sit", "locate", "situate", "perch", "nestle"})
# fmt: off
ASIDE = frozenset(
    {
        "north", "south", "east", "west", "northeast", "northwest", "southeast", "southwest", "outside", "away", "off",
        "inland", "offshore", "upstream", "downstream", "below", "above", "beyond", "northward", "southward"
    }
)
# fmt: on


def holder(parties: Parties, noun: Token) -> str | None:
    """Who holds ground: "rebel territory", "three towns are in their hands", "under the control of the army"."""
    for child in noun.lefts:
        for word in (child, *child.children):
            if word.dep_ != "poss" and (own := parties.camp(word)):
                return own
    for token in noun.sent:
        named = token.lemma_.lower() in HOLDING and token.dep_ in ("pobj", "attr") and token != noun
        if not named or (token.dep_ == "pobj" and token.head.lower_ not in ("in", "under", "into")):
            continue
        for owner in (*token.lefts, *(o for c in token.rights if c.lower_ == "of" for o in c.children)):
            own = parties.before(owner) if owner.tag_ == "PRP$" else parties.camp(owner) or parties.resolve(owner)
            if own and owner.pos_ != "DET":
                return own
    return None


def of_length(parties: Parties, counted: Counted, measure: str) -> str | None:
    """The force that advanced or stands at a distance: the nearest noun or subject above the number.

    How far one place lies from another is nobody's: "took Kibirizi, 30 km to the north", "it lies 20 km from the coast".
    """
    node, far = counted.root, measure == "distance"
    if far and _behind_place(parties, counted):
        return NOBODY
    for _ in range(MAX_CLIMB):
        if node.head == node:
            return None
        node = node.head
        named = node.pos_ in ("NOUN", "PROPN") and node.dep_ != "pobj" and node.lemma_.lower() not in SITES
        if far and node.ent_type_ == "PERSON":
            return NOBODY  # "Chile's Silva jumped 8 metres"
        if named and (found := parties.of_noun(node)):
            return found
        if far and node.pos_ == "PROPN" and node.i not in parties.by_token:
            return NOBODY
        if node.pos_ in ("VERB", "AUX"):
            subject = next((c for c in node.children if c.dep_ == "nsubj"), None)
            place = subject is not None and (subject.lower_ == "it" or subject.lemma_.lower() in SITES)
            inside = node.dep_ == "relcl" and node.head.lemma_.lower() in SITES
            lying = node.lemma_.lower() in LYING and (place or inside)
            aside = any(t.lower_ in ASIDE for t in counted.root.doc[counted.root.i + 1 : counted.root.i + 1 + NEAR])
            done = any(c.dep_ == "auxpass" for c in node.lefts)
            if far and (lying or place or ((aside or done) and node.lemma_.lower() not in MOVING)):
                return NOBODY
            return parties.subject(node)
    return None


def _behind_place(parties: Parties, counted: Counted) -> bool:
    """ "Kell, 30 km from the coast", "a town about 20 km away": a length that stands behind the name of a place."""
    first = counted.root.left_edge.i
    before = counted.root.doc[max(first - 2, counted.root.sent.start) : first]
    if not len(before):
        return False
    place = before[-1] if before[-1].text != "," or len(before) == 1 else before[0]
    if place.lemma_.lower() in SITES or place.lemma_.lower() in ("region", "area", "district", "province"):
        return True
    actor = parties.by_token.get(place.i)
    fighting = actor is not None and actor.kind == "armed_group"
    return place.pos_ == "PROPN" and before[-1].text == "," and not fighting
