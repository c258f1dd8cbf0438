"""Words that tell what a number measures from outside its own noun phrase: labels, topics, lists, what stands behind.

``governors`` asks here for what the tree alone does not give.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from analysis.components.counted import Counted
from analysis.components.noun_clauses import CARRIERS, Link, as_subject, below, modifiers

#: adjectives that stand for people and that the parser hangs anywhere
SAID_OF_PEOPLE = frozenset(
    {"dead", "injured", "wounded", "missing", "killed", "homeless", "displaced", "arrested", "detained", "hurt"}
)
#: what follows a verb that has an object of its own
OBJECTS = frozenset({"NOUN", "DET", "PRON", "PROPN"})
#: among how many tokens at the head of a line a label may stand
LABEL_TOKENS = 5
#: words between a noun and the participle or adjective that is said of it
# fmt: off
BETWEEN = frozenset(
    {
        "was", "were", "is", "are", "be", "been", "being", "has", "have", "had", "will", "would", "also", "still",
        "later", "reportedly", "already", "feared", "believed", "reported", "left", "found", "confirmed", "now",
        "then", "just", "so", "far", "allegedly", "presumed", "thought", "known", "remain", "remained", "got", "get",
        "listed", "declared", "themselves", "or", "more", "others", "other",
    }
)
# fmt: on
MAX_BETWEEN = 5
#: nouns that say as what somebody is held
HELD_AS = frozenset({"hostage", "captive", "prisoner"})
#: nouns for a number of what they complete ("a list of those arrested", "the number of dead")
COUNTS = frozenset(
    {"list", "roll", "register", "count", "tally", "toll", "number", "total", "figure", "tracker", "database", "record"}
)
#: pronouns that stand for such a count, and verbs that give its value
COUNT_PRONOUNS = frozenset({"it", "that", "this", "which"})
VALUING = frozenset(
    {"reach", "be", "stand", "rise", "grow", "climb", "exceed", "top", "pass", "hit", "number", "total", "contain"}
)
#: what a topic begins with ("On the size of the rally, she ...")
TOPICS = frozenset({"for", "regarding", "concerning", "on"})
#: nouns that say how large the thing is that completes them
SIZES = frozenset({"size", "number", "strength", "count", "scale", "toll", "turnout"})
#: verbs of moving out: "pulled out of four villages"
MOVING_OUT = frozenset(
    {"pull", "withdraw", "retreat", "drive", "push", "throw", "force", "chase", "move", "kick", "flush", "get", "fall"}
)


def labelled(root: Token) -> Token | None:
    """The word before a colon at the head of a line: "Missing: 31", "Power: off for about 900 people"."""
    first = root.sent.start
    for token in root.doc[first : min(first + LABEL_TOKENS, root.i)]:
        if token.text == ":" and token.i > first and token.nbor(-1).pos_ in ("NOUN", "PROPN", "ADJ", "VERB"):
            return token.nbor(-1)
    return None


def behind(last: Token) -> Iterator[Link]:
    """The participle or adjective behind a noun and its auxiliaries, whatever the parser makes of them."""
    doc, i = last.doc, last.i + 1
    end = min(last.sent.end, i + MAX_BETWEEN)
    if i < end and doc[i].lower_ in HELD_AS:
        yield Link(doc[i], "predicate", -1)  # "took seven fighters hostage"
        return
    while i < end and doc[i].lower_ in BETWEEN:
        i += 1
    skipped = {t.lower_ for t in doc[last.i + 1 : i]}
    active = skipped & {"has", "have", "had"} and not skipped & {"been", "was", "were", "is", "are"}
    if i < end and doc[i].tag_ in ("VBN", "VBD", "JJ") and i > last.i + 1:
        if active:
            yield Link(doc[i], "subject", 3)  # "860 have vanished", not "900 have lost their crops"
            return
        yield Link(doc[i], "object", 3)
        yield Link(doc[i], "predicate", 3)


def before(first: Token) -> Iterator[Link]:
    """The verb right before a number and its noun, where the parser hangs the noun on another: "that killed 75 people"."""
    verb = first.doc[first.i - 1] if first.i > first.sent.start else first
    if verb.pos_ == "VERB" and verb.tag_ in ("VBD", "VBG", "VBN", "VBZ"):
        yield Link(verb, "object", 3)


def topic(root: Token) -> Iterator[Link]:
    """What a sentence begins with as its topic: "On the size of the rally, she stood by the 12,000"."""
    sent = root.sent
    if root.i - sent.start < 4 or sent[0].lower_ not in ("as", "regarding", "concerning", "on"):
        return
    prep = sent[1] if sent[0].lower_ == "as" else sent[0]
    if prep.lower_ not in TOPICS:
        return
    for noun in prep.children:
        if noun.dep_ == "pobj" and noun.i < root.i:
            yield Link(noun, "toll", 3)
            if noun.lemma_.lower() in SIZES:
                yield from (Link(o, "toll", 3) for o in _completing(noun))


def counting(root: Token) -> Iterator[Link]:
    """What a count before tells, where only a pronoun stands for it: "runs a tally of the poets jailed; it reached 74"."""
    verb = root.head.head if root.dep_ == "pobj" else root.head
    if verb.lemma_.lower() not in VALUING:
        return
    if not any(c.dep_ == "nsubj" and c.lower_ in COUNT_PRONOUNS for c in verb.children):
        return
    for token in reversed(root.doc[root.sent.start : verb.i]):
        if token.pos_ == "NOUN" and token.lemma_.lower() in COUNTS:
            yield Link(token, "toll", 1)
            for noun in _completing(token):
                yield Link(noun, "toll", 1)
                yield from modifiers(noun, 1)
            return


def _completing(noun: Token) -> Iterator[Token]:
    for prep in noun.children:
        if prep.dep_ == "prep" and prep.lower_ == "of":
            yield from (o for o in prep.children if o.dep_ == "pobj")


def numbered(root: Token) -> Token | None:
    """The noun whose number is told: "strikers, whose number the council gave as 12,000", "the rebels number 5,000"."""
    verb = root.head.head if root.dep_ == "pobj" else root.head
    if verb.dep_ == "relcl" and verb.head.i < root.i:
        for child in verb.children:
            told = child.lemma_.lower() in (SIZES | {"rank", "membership", "population", "force"})
            if told and any(c.tag_ == "WP$" for c in child.children):
                return verb.head
    before = root.doc[max(root.sent.start, root.i - 3) : root.i]
    for token in before:
        if token.lower_ == "number" and token.i > root.sent.start and token.nbor(-1).tag_ in ("NNS", "NNPS"):
            return token.nbor(-1)  # which the tagger takes for a noun
    return None


def left_places(prep: Token) -> Link | None:
    """The verb of "pulled out of four villages": the places that somebody leaves."""
    verb = prep.head.head
    if prep.head.lower_ == "out" and verb.pos_ == "VERB" and verb.lemma_.lower() in MOVING_OUT:
        return Link(verb, "from", 0)
    return None


def last_of_pair(noun: Token) -> Token:
    """The second noun of "soldiers and policemen", which share one number."""
    for other in noun.conjuncts:
        if noun.i < other.i <= noun.i + 4 and not any(c.like_num for c in other.children):
            return other
    return noun


def following(counted: Counted) -> Iterator[Link]:
    """The phrase right after the number and its noun, wherever the parser hangs it."""
    last = counted.root
    if counted.noun is not None and not counted.elided and counted.noun.i > last.i:
        last = counted.noun
    doc, i = last.doc, last.i + 1
    noun = counted.noun if not counted.elided else None
    if (
        noun is not None
        and noun.i < counted.root.i
        and noun.i + 1 < len(doc)
        and doc[noun.i + 1].tag_ in ("VBN", "VBD")
    ):
        yield Link(doc[noun.i + 1], "object", 1)  # "put the number of men taken prisoner at nine"
    if i < len(doc) and doc[i].text == "(":
        while i < len(doc) and doc[i].text != ")" and i - last.i < 8:
            i += 1
        i += 1
    if i < len(doc) and doc[i].sent == last.sent and doc[i].pos_ in ("ADP", "ADJ", "VERB"):
        if doc[i].pos_ == "ADP":
            # "14 people dead and nine in hospital": of a number without its noun the phrase tells before the verb
            yield Link(doc[i], "phrase", -1 if counted.elided and _listed(counted.root) else 0)
        elif doc[i].tag_ in ("VBN", "JJ"):
            yield Link(doc[i], "predicate", 1)
        people = counted.kind not in ("building", "vehicle", "equipment")  # "a mob of 900 burned the hall"
        acts = people and doc[i].tag_ == "VBD" and any(c.dep_ == "dobj" for c in doc[i].children)
        if doc[i].tag_ in ("VBN", "VBD") and not acts and doc[i].head != last and last.head != doc[i]:
            # a participle right behind its noun, hung on the verb ("put the number of men taken prisoner at nine")
            yield Link(doc[i], "object", 1)
    bare = counted.noun is None or counted.elided
    if bare and i < len(doc) and doc[i].lower_ in ("more", "others"):
        i += 1
    verb = doc[last.i - 1] if last.i > last.sent.start else last
    if bare and verb.tag_ == "VBN" and verb.dep_ == "amod" and last.tag_ == "NNS" and last.dep_ == "conj":
        yield Link(verb, "object", -1)  # "has killed hundreds, displaced millions": a verb to the reader
    above = last.head.head if last.dep_ == "pobj" and last.head.lower_ == "of" else last
    if above == last or not above.like_num or counted.root == above:
        yield from behind(last_of_pair(last))  # of "three of the five bridges are gone" it is not told of the five
    if bare and i < len(doc) and doc[i].sent == last.sent and doc[i].tag_ in ("VBN", "VBD", "VBP", "JJ", "NN", "VBG"):
        # a number without its noun takes the word behind it ("34 were killed and 56 wounded", "four missing"), whatever
        # the parser hangs it on: of two clauses run together it takes the verb of the first
        yield Link(doc[i], "predicate", -1)
        acts = doc[i].tag_ in ("VBD", "VBN") and i + 1 < len(doc) and doc[i + 1].pos_ in OBJECTS
        if acts or doc[i].tag_ in ("NN", "VBP", "VBG"):
            yield Link(doc[i], "subject", -1)  # "2,000 flee fighting"
            if doc[i].dep_ == "amod":
                yield Link(doc[i].head, "of", -1)  # "11,000 downed tools"
        if doc[i].tag_ in ("VBN", "VBD") and doc[i].lemma_.lower() in CARRIERS:  # "85 listed as missing"
            yield from below(doc[i], -1)
        k = i + 1
        while k < last.sent.end and (doc[k].pos_ == "ADV" or doc[k].lower_ in ("being", "been", "since")):
            k += 1
        after = doc[k] if doc[i].lemma_ in ("be", "have", "remain") and k < last.sent.end else None
        if after is not None and doc[i].lemma_ == "have" and doc[k - 1].lower_ != "been":
            yield from as_subject(after, -1)  # "two more have since died"
            after = None
        # "at the bridge and 58 were wounded", "nine drowned and 52 are still missing"
        if after is not None and (after.tag_ in ("VBN", "JJ") or after.lower_ in SAID_OF_PEOPLE):
            yield Link(after, "object", -1)
            yield Link(after, "predicate", -1)


def _listed(root: Token) -> bool:
    """True for a number that goes on a list: "14 dead, nine in hospital"."""
    return root.dep_ == "conj" or (root.i > root.sent.start and root.nbor(-1).lower_ in (",", "and", ";"))
