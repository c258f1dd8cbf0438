"""Unit of a count whose noun is left out or a pronoun, from the sentence around it."""

from __future__ import annotations

from spacy.tokens import Token

from analysis.components.counted_nouns import BUNDLES, PRONOUNS, relative_head, shows_up, unit_of
from analysis.components.listed_counts import listed, of_whole
from analysis.components.quantity_units import Tables
from analysis.components.word_classes import word_class

_ATTACK_VERBS = frozenset(("strike", "attack", "bomb", "bombard", "shell", "hit", "raid", "target", "assault"))
#: nouns for things, and verbs that only people do
THINGS = word_class("things")
DONE_BY_PEOPLE = word_class("done_by_people")
#: verbs of harm that befall things as well
_HARMS_THINGS = frozenset(
    ("strike", "shoot", "capture", "free", "release", "burn", "trap", "strand", "evacuate", "displace")
)
#: rows of ``units`` whose nouns in the singular are one person, but for those that stand for many
_ONE_PERSON = frozenset({"roles", "kin"})
#: by how much a vote was won
_LEADS = frozenset({"majority", "margin", "lead", "plurality", "swing"})
_BODIES = frozenset({"staff", "crew"})


def unit_in_context(token: Token, noun: Token | None, counted: bool, tables: Tables) -> str | None:
    """Unit of a number whose noun is left out or a pronoun, from the sentence around it; None where nothing tells.

    ``counted`` is true where the sentence has counted something before.
    """
    if noun is None and token.i > 1 and token.nbor(-1).lower_ in ("to", "against") and token.nbor(-2).lower_ == "votes":
        return "item"  # "passed the house by 151 votes to 143"
    if (whole := listed(token) or (of_whole(token) if noun is None else None)) is not None:
        return unit_of(whole, tables)[0]
    if noun is not None and noun.lower_ in ("time", "times", "occasion", "occasions"):
        return _unit_of_times(noun, tables)
    if noun is not None and (noun.lower_ in ("us", "you") or _held(noun)):
        return "person"
    if noun is not None and noun.lower_ in ("them", "us") and left_or_came(token, tables):
        return "person"  # "nine of them went to one school"
    if noun is not None and (head := relative_head(noun)) is not None:
        return unit_of(head, tables)[0]
    if noun is not None and noun.lower_ not in PRONOUNS:
        return "person" if noun.lower_ == "strong" else None
    if noun is not None:
        after = noun.nbor() if noun.i + 1 < len(noun.doc) else None
        if after is not None and after.tag_ == "NNS" and noun.lower_ == "them":
            return unit_of(after, tables)[0]
    if harmed(token, tables) or (noun is None and (_done_by_people(token, tables) or _there(token, tables))):
        return "person"
    if noun is None and (unit := _told_to_be(token, tables)) is not None:
        return unit
    if noun is None and (_in_venue(token, tables) or _without(token)):
        return "person"
    bundled = False
    for candidate in _governing_nouns(token):
        unit, row = unit_of(candidate, tables)
        if candidate.lemma_.lower() in _LEADS:
            return None  # "won with a majority of 9,222"
        if row in _ONE_PERSON and candidate.tag_ == "NN" and candidate.lemma_.lower() not in _BODIES:
            continue  # "the mayor put it at 40"
        if unit == "building" and candidate.tag_ == "NN" and token.head.lower_ == "of" and token.head.head == candidate:
            continue  # "police spoke of 40 injured, the hospital of 61"
        if candidate.lemma_ == "capacity" and token.head.lower_ == "of" and not _of_works(candidate):
            return "person"  # "a ferry with a capacity of 90"
        if unit in ("unit", "attack") and candidate.tag_ == "NN":
            continue  # "the army lost nine", "the strike drew 500"
        grouped = candidate.lemma_.lower() in tables.units.outcomes["groups"]
        if (unit == "settlement" or grouped) and token.head.lower_ == "of":
            return "person"  # "a town of 12,000", "a team of 56"
        if unit != "item":
            return unit
        bundled = bundled or candidate.lemma_.lower() in BUNDLES
    if noun is not None or (bundled and not counted):
        return antecedent(token, tables) or ("person" if noun is not None and noun.lower_ == "others" else None)
    return None


def _of_works(capacity: Token) -> bool:
    """True for what a plant or a store can make or hold: "a refining capacity of 90,000"."""
    plain = ("passenger", "seating", "licensed", "maximum", "total", "full", "legal", "official", "permitted", "design")
    return any(c.dep_ in ("compound", "amod") and c.lower_ not in plain for c in capacity.lefts)


def acts_like_person(token: Token, noun: Token, tables: Tables) -> bool:
    """ "30 Oshi fled", "two of the Lumari died": a noun that no list knows, and that does what only people do.

    It is a plural or a name, of no class of things, and the subject of such a verb, what was killed or hurt, or has a
    "who" behind it.
    """
    lemma = noun.lemma_.lower()
    if noun.tag_ not in ("NNS", "NNPS", "NNP") or noun.pos_ not in ("NOUN", "PROPN") or noun.lower_ in PRONOUNS:
        return False
    if {lemma, noun.lower_} & tables.units.things or lemma in THINGS or lemma in tables.units.counted:
        return False
    if any(c.dep_ == "relcl" and any(w.lower_ == "who" for w in c.children) for c in noun.children):
        return True
    outcomes = tables.units.outcomes
    for word in (noun, token):
        verb = word.head.lemma_.lower()
        if word.dep_ == "nsubj" and verb in DONE_BY_PEOPLE:
            return True
        if word.dep_ == "nsubjpass" and verb in outcomes["harm_verbs"] and verb not in _HARMS_THINGS:
            return True
    return False


def answers(token: Token) -> bool:
    """True for a number that another source gives instead of one before: "put it at 40", "made it 34", "spoke of 60"."""
    verb, prep = token.head, None
    if token.dep_ == "pobj":
        verb, prep = token.head.head, token.head.lower_
        if verb.pos_ in ("ADV", "ADJ", "ADP") and verb.head is not verb:
            verb = verb.head
    while verb.lower_ == "it" and verb.head is not verb:
        verb = verb.head
    lemma = verb.lemma_.lower()
    if lemma in ("put", "make"):
        return any(c.lower_ in ("it", "that") for c in verb.children) or any(
            c.lower_ == "it" for d in verb.children if d.dep_ == "ccomp" for c in d.children
        )
    if lemma in ("claim", "say", "report", "cite", "estimate", "give"):
        return token.dep_ == "dobj" and any(c.dep_ == "nsubj" for c in verb.children)  # "the union claimed 100,000"
    return lemma in ("speak", "talk") and prep in ("of", "to", "about")


def _held(noun: Token) -> bool:
    """ "Those held", "those who fled": people."""
    if noun.lower_ != "those":
        return False
    return any(
        c.dep_ in ("acl", "relcl") and (c.tag_ == "VBN" or any(w.lower_ == "who" for w in c.children))
        for c in noun.children
    )


def _done_by_people(token: Token, tables: Tables) -> bool:
    """ "120,000 marched", "we were half a million": a number without a noun that counts people."""
    verb = token.head
    after = token.nbor() if token.i + 1 < len(token.doc) else None
    if after is not None and after.i + 1 < len(after.doc) and shows_up(after):
        return True
    if after is not None and after.lower_ == "who":
        return True  # "the 97 who are sheltering there"
    if after is not None and after.dep_ == "compound" and after.lower_ in tables.units.outcomes["people_verbs"]:
        return True  # "5,000 flee fires"
    if token.dep_ in ("dobj", "nsubjpass") and verb.lemma_.lower() in tables.units.outcomes["people_objects"]:
        return True
    held = [c for c in token.children if c.dep_ == "acl"] + ([verb] if token.dep_ in ("nsubj", "nsubjpass") else [])
    if any(c.lower_ in ("held", "charged", "jailed") and not any(o.dep_ == "dobj" for o in c.children) for c in held):
        return True  # "two held after raid"
    if token.dep_ == "dobj" and verb.lemma_ == "hold":
        venues = tables.units.outcomes["venues"]
        return any(c.dep_ == "nsubj" and c.lemma_.lower() in venues for c in verb.children)  # "the hall holds 600"
    if token.dep_ == "pobj" and verb.lower_ == "to" and verb.head.lower_ == "home":
        return True  # "the camp is home to 12,000"
    if token.dep_ in ("nsubj", "nummod") and verb.pos_ == "VERB":
        took_part = verb.lemma_ == "take" and any(c.lower_ in ("part", "to") for c in verb.children)
        came = verb.lemma_ in ("turn", "show", "walk", "line", "sign")
        took_part = took_part or (came and any(c.lower_ in ("out", "up") for c in verb.children))
        return took_part or verb.lemma_.lower() in tables.units.outcomes["people_verbs"]
    if token.dep_ == "attr" and verb.lemma_ == "be":
        return any(c.dep_ == "nsubj" and c.lower_ in ("we", "they", "you") and c.i < token.i for c in verb.children)
    return False


def _told_to_be(token: Token, tables: Tables) -> str | None:
    """ "Of the 312 held, 45 were minors": what the subject is told to be."""
    if token.dep_ != "nsubj" or token.head.lemma_ != "be":
        return None
    attributes = (c for c in token.head.children if c.dep_ == "attr" and c.tag_ in ("NNS", "NNPS") and c.i > token.i)
    units = (unit_of(c, tables)[0] for c in attributes)
    return next((unit for unit in units if unit != "item"), None)


def _in_venue(token: Token, tables: Tables) -> bool:
    """ "2,000 in shelters", "40 at the hospital": whom a place for people holds, told without a verb."""
    if token.dep_ not in ("ROOT", "conj", "appos", "dep") or token.i + 2 >= len(token.doc):
        return False
    after = token.nbor()
    if after.lower_ not in ("in", "at", "inside"):
        return False
    return any(c.dep_ == "pobj" and c.lemma_.lower() in tables.units.outcomes["venues"] for c in after.children)


def _without(token: Token) -> bool:
    """ "Some 17,000 were without electricity", "900 remain at risk": what is told of people."""
    if token.dep_ != "nsubj" or token.head.lemma_ not in ("be", "remain", "stay", "go", "live"):
        return False
    for prep in token.head.children:
        if prep.dep_ == "prep" and prep.i > token.i:
            objects = [c.lower_ for c in prep.children if c.dep_ == "pobj"]
            if prep.lower_ == "without" or (prep.lower_ in ("at", "in") and set(objects) & {"risk", "need", "custody"}):
                return True
    return False


def _there(token: Token, tables: Tables) -> bool:
    """ "There are a hundred still underneath": people of whom only their lot is told."""
    verb = token.head
    if verb.lemma_ != "be" or not any(c.dep_ == "expl" for c in verb.children):
        return False
    return any(c.i > token.i and c.lower_ in tables.units.outcomes["harm_adjectives"] for c in verb.children)


def left_or_came(token: Token, tables: Tables) -> bool:
    """ "Some fled; 300 stayed": a verb that people do, and other things that may have been counted before."""
    verb = token.head
    went = verb.lemma_ == "go" and any(c.dep_ == "prep" and c.lower_ == "to" for c in verb.children)  # "went to school"
    return token.dep_ == "nsubj" and (went or verb.lemma_.lower() in tables.units.outcomes["people_moves"])


def _unit_of_times(noun: Token, tables: Tables) -> str | None:
    verb = noun.head
    for _ in range(3):
        if verb.pos_ == "VERB" or verb.head is verb:
            break
        verb = verb.head
    if verb.lemma_.lower() in _ATTACK_VERBS:
        return "attack"
    for child in verb.children:
        if child.dep_ in ("dobj", "nsubj", "nsubjpass") and unit_of(child, tables)[0] == "attack":
            return "attack"
    return None


def _governing_nouns(token: Token) -> list[Token]:
    """Nouns that tell what a bare number is of: "the toll rose to 10", "gives the number of dead as 31"."""
    found: list[Token] = []
    for _ in range(4):
        head = token.head
        if head is token:
            break
        token = head
        if token.pos_ == "NOUN":
            found.append(token)
        elif token.pos_ in ("VERB", "AUX"):
            if token.dep_ in ("acl", "relcl") and token.head.pos_ == "NOUN":  # "protesters, put at 25,000"
                found.append(token.head)
            found.extend(c for c in token.children if c.dep_ in ("nsubj", "nsubjpass", "dobj") and c.pos_ == "NOUN")
            for child in token.children:  # "of the dead, 19 were found"
                if child.dep_ == "prep" and child.lower_ in ("of", "among") and child.i < token.i:
                    found.extend(c for c in child.children if c.dep_ == "pobj")
            break
    return found


#: tokens before a sentence within which a noun may stand that a number in it leaves out
BACK = 40


def antecedent(token: Token, tables: Tables) -> str | None:
    """Unit of the nearest plural noun before, within BACK tokens of its sentence, that has a class."""
    first = max(token.sent.start - BACK, 0)
    for i in range(token.i - 1, first, -1):
        before = token.doc[i]
        if before.tag_ == "NNS":
            above = before.head
            if before.dep_ == "nsubj" and any(c.dep_ == "ccomp" and c.is_ancestor(token) for c in above.children):
                continue  # "economists think another 90,000 could go"
            unit = unit_of(before, tables)[0]
            if unit != "item":
                return unit
            if before.i >= token.sent.start:
                return "item"
    return None


def harmed(token: Token, tables: Tables) -> bool:
    """True where the governing verb or adjective reports what befell persons ("killed 30", "30 were injured")."""
    outcomes = tables.units.outcomes
    persons = outcomes["harm_verbs"] - {"strike", "shoot", "capture", "survive"}
    steps = 0
    while steps < 5:
        if token.lemma_.lower() in persons and token.pos_ in ("VERB", "ADJ"):
            return True
        if token.lower_ in outcomes["harm_adjectives"]:
            return True
        hurt = (o for c in token.children if c.dep_ == "prep" and c.lower_ == "with" for o in c.children)
        if token.lower_ == "others" and any(o.lemma_.lower() in outcomes["harm_nouns"] for o in hurt):
            return True  # "85 others with injuries"
        if any(
            c.lower_ in outcomes["harm_adjectives"]
            or (c.dep_ in ("acl", "relcl") and c.lemma_.lower() in persons and (c.tag_ != "VBG" or c.lemma_ != "burn"))
            for c in token.children
        ):
            return True
        if token.head is token or (token.pos_ == "VERB" and steps):
            return False
        token = token.head
        steps += 1
    return False
