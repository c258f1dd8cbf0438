"""Phrases around the verb or noun of an event: by-phrases and objects of prepositions."""

from __future__ import annotations

from spacy.tokens import Token


def agent_of(verb: Token) -> Token | None:
    """The noun of a by-phrase."""
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            for noun in child.children:
                if noun.dep_ == "pobj":
                    return noun
    return None


def prepositional(head: Token, *prepositions: str) -> list[Token]:
    """Objects of the prepositions that hang on ``head``, in the order of the prepositions asked for."""
    found = []
    for wanted in prepositions:
        for child in head.children:
            if child.dep_ in ("prep", "dative", "agent", "prt", "advmod") and child.lower_ == wanted:
                for noun in child.children:
                    if noun.dep_ == "pobj":
                        found.append(noun)
                    elif noun.dep_ == "prep":
                        found += [n for n in noun.children if n.dep_ == "pobj"]
    return found
