"""Figures that are told not to be so: "it is not true that 40", "the claim of 40 is false", "12, not 40", "no evidence"."""

from __future__ import annotations

from collections.abc import Container

from spacy.tokens import Token

from analysis.components.word_classes import word_class

#: predicates by which a claim is denied, and those that deny when negated
FALSE = word_class("false")
TRUE = word_class("true")
#: what is lacking where a claim is denied ("there is no evidence that 40 died")
GROUNDS = word_class("grounds")
#: verbs by which somebody calls a figure what it is
BRANDING = frozenset(("call", "label", "brand", "term", "dub"))
CALLING = BRANDING | {"describe", "dismiss", "denounce", "reject", "be"}
STEPS = 12


def denied(token: Token, nouns: Container[str]) -> bool:
    """Whether the figure at ``token`` is told not to be so; ``nouns`` are the nouns of claiming and counting."""
    return _set_against(token) or _clause_denied(token, nouns)


def _set_against(token: Token) -> bool:
    """ "12, not 40", "nowhere near 40"."""
    first = token.left_edge if token.left_edge.i < token.i and token.pos_ == "NUM" else token
    if first.i < token.i and first.lower_ == "not" and first.nbor().i == token.i:
        first = token
    doc, at = token.doc, first.i
    while at > first.sent.start and doc[at - 1].is_currency:
        at -= 1
    before = [doc[k].lower_ for k in range(max(first.sent.start, at - 2), at)]
    if before[-1:] == ["near"]:
        return before[-2:-1] == ["nowhere"]
    number = token.like_num or token.pos_ in ("NUM", "SYM")
    if before[-1:] == ["no"] and number and token.lower_ != "one":
        return True  # "there are no 41 bodies"
    if any(c.dep_ == "poss" for c in token.lefts):
        return False  # "14, not the ministry's 11": somebody else's figure
    if number and before[-1:] == ["never"]:
        return True
    return number and before[-1:] == ["not"] and before[:1] not in (["if"], ["or"], ["whether"])


def _told_false(verb: Token) -> bool:
    negative = any(c.dep_ == "neg" for c in verb.children)
    for child in verb.children:
        if child.dep_ in ("acomp", "attr", "oprd") and child.lemma_.lower() in (TRUE if negative else FALSE):
            return True
    return False


def _called(word: Token, noun: Token, verb: Token) -> bool:
    """Whether ``word`` is what ``verb`` calls ``noun``: "a lie", "as false"; not a word for what is counted."""
    if word.head.i == noun.i and word.i < noun.i:
        return True  # "dismissed false claims of 40"
    if verb.lemma_.lower() in BRANDING or any(c.lower_ in ("a", "an") and c.i > verb.i + 1 for c in word.lefts):
        return True  # "called the figure of 40 a lie", wherever the parser hangs the lie
    node = word
    while node.i not in (verb.i, noun.i) and node.head.i != node.i:
        if node.lower_ == "as":
            return True
        before = node.dep_ in ("amod", "compound") and node.i < node.head.i
        if (before or (node.dep_ == "pobj" and node.head.lower_ == "of")) and node.head.i != verb.i:
            return False  # "a number of 40 false alarms"
        node = node.head
    return True


def _clause_denied(token: Token, nouns: Container[str]) -> bool:
    node = previous = token
    for _ in range(STEPS):
        head = node.head
        if head.i == node.i:
            # "it is not true, it says, that 40 died": the parser makes the clause itself the root
            marked = [c for below in (node, previous) for c in below.lefts if c.dep_ == "mark"]
            return bool(marked) and any(c.dep_ == "ccomp" and c.lemma_ == "be" and _told_false(c) for c in node.lefts)
        if node.dep_ in ("nsubj", "nsubjpass") and node.lemma_.lower() in nouns and head.lemma_ in ("be", "remain"):
            return _told_false(head)
        calling = node.lemma_.lower() in nouns and head.lemma_.lower() in CALLING and node.i > head.i
        if calling and any(_called(t, node, head) for t in head.subtree if t.i > head.i and t.lemma_.lower() in FALSE):
            return True  # "called the figure of 40 a lie"
        if node.dep_ in ("ccomp", "csubj", "advcl", "acl") and node.pos_ in ("VERB", "AUX"):
            if head.lemma_ == "be" and node.dep_ != "acl" and any(c.lower_ in ("it", "that") for c in head.lefts):
                if _told_false(head):
                    return True
            elif head.lemma_.lower() in FALSE | TRUE and head.head.lemma_ == "be":
                return _told_false(head.head)
        if head.lemma_.lower() in GROUNDS and any(c.lower_ in ("no", "any") for c in head.lefts):
            none = any(c.lower_ == "no" for c in head.lefts) or any(c.dep_ == "neg" for c in head.head.children)
            if none and node.dep_ in ("acl", "ccomp", "relcl", "prep"):
                return True
        if node.dep_ in ("relcl", "conj") and node.pos_ in ("VERB", "AUX"):
            return False
        previous, node = node, head
    return False
