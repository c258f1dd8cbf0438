"""The links of a noun downward: what its clauses, participles and phrases say of it.

``governors`` walks upward from a counted noun and asks here what stands below each word that it meets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from analysis.components.verb_forms import IRREGULAR

#: verbs that only carry what their predicate or their clause says ("were left homeless", "are feared dead")
# fmt: off
CARRIERS = frozenset(
    {
        "be", "have", "leave", "report", "say", "fear", "believe", "presume", "think", "understand",
        "confirm", "remain", "become", "find", "count", "list", "feel", "see", "get", "include", "claim",
        "number", "total", "declare", "estimate", "consider", "know", "stand", "go", "come", "make", "keep",
        "force", "order", "tell", "ask", "begin", "start", "continue", "help", "cause", "manage", "able",
        "seem", "appear", "happen", "need", "want", "allow", "compel", "urge", "plan", "expect", "try",
        "refuse", "face", "risk", "dread"
    }
)
# fmt: on


#: verbs whose prepositional phrase is said of their subject or object ("are in custody", "left without power")
COPULAS = frozenset(
    {"be", "remain", "stay", "leave", "live", "find", "sit", "stand", "keep", "come", "go", "put", "have"}
)


#: participles that the tagger may take for presents ("14 rebels slain")
PARTICIPLES = frozenset(form for verb, form in IRREGULAR.items() if form != verb and not form.endswith("ing"))
#: prepositions that set a part beside its whole
PARTS = frozenset({"of", "among"})


@dataclass(frozen=True, slots=True)
class Link:
    """``word`` governs the figure's noun in ``frame``; ``near`` counts the steps (0 = the noun's own clause)."""

    word: Token
    frame: str
    near: int


def passive(verb: Token) -> bool:
    """True for a passive, also a participle without auxiliary ("had 65 soldiers killed")."""
    if any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children):
        return True
    if verb.dep_ == "conj" and verb.head.pos_ == "VERB" and not any(c.dep_ in ("nsubj", "aux") for c in verb.children):
        return passive(verb.head)  # "had killed 60 and taken 17"
    return verb.tag_ == "VBN" and not any(c.dep_ == "aux" for c in verb.children)


def modifiers(noun: Token, near: int, restrictive: bool = True) -> Iterator[Link]:
    for child in noun.children:
        if child.dep_ == "amod" and not restrictive:
            continue
        if child.dep_ in ("acl", "relcl", "amod", "appos", "advcl", "ccomp", "nmod") and child.i != noun.i:
            yield from _clause(child, near)
            for conjunct in child.conjuncts:
                yield from _clause(conjunct, near)
        elif child.dep_ == "prep":
            yield Link(child, "phrase", near)
            if child.i < noun.i and child.lower_ in PARTS:
                yield from of_whole(child, near)
        elif child.dep_ == "compound":
            yield Link(child, "compound", near + 1)


def _part(token: Token) -> bool:
    """True for a number of which a relative clause tells: "five of which", "of whom 38"."""
    if token.dep_ == "prep" and token.lower_ == "of":
        return any(c.lower_ in ("which", "whom") for c in token.children)
    if not token.like_num:
        return False
    return any(o.lower_ in ("which", "whom") for c in token.children if c.lower_ == "of" for o in c.children)


def _clause(child: Token, near: int) -> Iterator[Link]:
    if child.dep_ == "relcl":
        if any(_part(c) for c in child.children):
            return  # "twelve coaches, five of which overturned": told of the five
        subject = next((c for c in child.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        if subject is not None and subject.dep_ == "nsubjpass":
            yield Link(child, "object", near)
        elif subject is not None and subject.tag_ in ("WDT", "WP"):
            yield from as_subject(child, near)
        else:
            told = [c for c in child.children if c.dep_ == "ccomp" and c.pos_ in ("VERB", "AUX")]
            for clause in told:  # "the land which the general said was under his control"
                if not any(c.dep_ in ("nsubj", "nsubjpass") and c.tag_ not in ("WDT", "WP") for c in clause.children):
                    yield from as_subject(clause, near)
            yield Link(child, "object", near + bool(told))
            if child.lemma_.lower() in CARRIERS:  # "officers whom the police had listed as injured"
                yield from below(child, near)
        return
    if child.tag_ == "VBN" or (child.tag_ in ("VBD", "JJ") and child.lower_.endswith("ed")):
        yield Link(child, "object", near)
        yield Link(child, "predicate", near)
        yield from below(child, near)
    elif child.tag_ == "VBG":
        yield from as_subject(child, near)
        yield Link(child, "predicate", near)
    else:
        yield Link(child, "predicate", near)
        yield Link(child, "object", near + 1)


def as_subject(verb: Token, near: int) -> Iterator[Link]:
    yield Link(verb, "object" if passive(verb) else "subject", near)
    full = any(c.dep_ in ("dobj", "ccomp", "xcomp", "prt", "acomp") or c.lower_ == "for" for c in verb.children)
    if (verb.tag_ == "VBD" or (verb.tag_ == "VBP" and verb.lower_ in PARTICIPLES)) and not full:
        yield Link(verb, "object", near)  # a headline leaves out "were": "27 soldiers killed in assault"
    yield from below(verb, near)
    for child in verb.rights:
        if (
            child.dep_ == "advcl"
            and child.tag_ == "VBG"
            and not any(c.dep_ in ("nsubj", "mark") for c in child.children)
        ):
            yield Link(child, "subject", near + 3)  # "arrived at the border, fleeing the fighting"
    if verb.lemma_.lower() in CARRIERS:
        for child in verb.children:
            if child.dep_ in ("xcomp", "ccomp") and child.pos_ in ("VERB", "AUX"):
                if any(c.dep_ in ("nsubj", "nsubjpass") for c in child.children) and child.dep_ == "ccomp":
                    continue
                yield from as_subject(child, near)


def below(verb: Token, near: int) -> Iterator[Link]:
    """Predicates and phrases of a verb that say something of its subject or object."""
    for child in verb.children:
        if child.dep_ in ("acomp", "oprd", "attr", "xcomp") and child.pos_ in (
            "ADJ",
            "NOUN",
            "VERB",
            "ADV",
        ):
            yield Link(child, "predicate", near)
            if child.tag_ == "VBN":
                yield Link(child, "object", near)
            for conjunct in child.conjuncts:
                yield Link(conjunct, "predicate", near)
            for prep in child.children:
                if prep.dep_ == "prep":
                    yield Link(prep, "phrase", near)
        elif child.dep_ in ("prep", "advmod"):
            if child.lower_ in PARTS and verb.lemma_.lower() in COPULAS:
                yield from of_whole(child, near, "predicate")
            yield Link(child, "phrase", near + (verb.lemma_.lower() not in COPULAS))


def of_whole(prep: Token, near: int, frame: str = "toll") -> Iterator[Link]:
    """What a partitive phrase beside a number says: "four were among those who died", "of those held, 60 are minors"."""
    for obj in prep.children:
        if obj.dep_ == "pobj":
            yield Link(obj, frame, near)
            yield from modifiers(obj, near)


def fronted(verb: Token, node: Token) -> Iterator[Token]:
    """The prepositions of partitive phrases that a clause begins with, before its number ``node``."""
    for child in verb.lefts:
        if child.dep_ == "prep" and child.lower_ in PARTS and child.i < node.i:
            yield child
