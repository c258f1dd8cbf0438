"""A candidate for an event, and what the readers of verbs and nouns share: objects, classes of nouns, targets."""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from spacy.tokens import Token

from analysis.components.event_context import Context
from analysis.components.event_frames import EventBook, Trigger
from analysis.components.parties import resolve

TARGET_PREPOSITIONS = {
    "ASSAULT": ("against", "on", "at", "into", "upon", "toward", "towards", "with", "from", "of"),
    "MOBILIZE": ("against",),
    "RETREAT": ("to",),
    "COERCE": ("against", "on", "from", "of"),
    "AID": ("to", "for", "of", "with", "in"),
    "AGREE": ("with",),
    "COOPERATE": ("with", "to"),
    "CONSULT": ("with", "to", "in", "by"),
    "SUPPORT": ("to", "for", "of", "behind", "with"),
    "CONCEDE": ("on", "to", "against", "for", "from"),
    "REQUEST": ("to", "on", "upon", "from", "with", "of"),
    "ACCUSE": ("of", "against", "on", "at", "with"),
    "REJECT": ("from", "by", "with", "of", "to"),
    "THREATEN": ("with", "against", "to", "of"),
    "PROTEST": ("against", "at"),
    "SANCTION": ("on", "against", "with", "to", "from"),
}
#: what is told of people, and not done to them
TALLIES = frozenset({"number", "count", "toll", "tally", "total", "figure"})
#: nouns that only hold what stands before them ("arms shipment", "curfew order")
CONTAINERS = frozenset({"package", "shipment", "system", "order", "delivery", "supply", "regime"})


#: an article is on work if it has so many times more words of work than of arms
WORK_OVER_ARMS = 3


@dataclass(slots=True)
class Candidate:
    """A trigger with its reading. ``clause`` is the verb of its clause (the light verb of a noun, if it has one)."""

    token: Token
    words: list[Token]
    trigger: Trigger
    clause: Token | None
    actors: list[str] = field(default_factory=list)
    targets: list[str] = field(default_factory=list)
    realis: str = "actual"
    negated: bool = False
    consumed: list[Token] = field(default_factory=list)
    dropped: str = ""
    results: list[Token] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.trigger.row["code"]

    @property
    def is_noun(self) -> bool:
        return self.trigger.row["pos"] == "noun"


def kind_of(token: Token | None, context: Context) -> str:
    """What sort of actor a noun is: a mention's kind, ``soldier``-like roles as ``military``, else empty."""
    if token is None:
        return ""
    actor = context.mention(token)
    if actor is None:
        return ""
    if actor.form == "role" and actor.source_kind == "military":
        return "military"
    return actor.kind


def is_official(token: Token, context: Context) -> bool:
    """True for a person by name or office."""
    actor = context.mention(token)
    return actor is not None and (actor.kind in ("person", "role") or actor.form == "role")


def object_of(verb: Token) -> Token | None:
    """The object of a verb; in a relative clause the noun that its pronoun (or its gap) stands for."""
    found = next((c for c in verb.rights if c.dep_ in ("dobj", "attr", "oprd")), None)
    if found is not None or verb.dep_ != "relcl" or verb.head.pos_ not in ("NOUN", "PROPN"):
        return found
    pronoun = next((c for c in verb.lefts if c.dep_ == "dobj"), None)
    subject = next((c for c in verb.lefts if c.dep_ in ("nsubj", "nsubjpass")), None)
    gap = pronoun is None and subject is not None and subject.tag_ not in ("WDT", "WP")
    if (pronoun is not None and pronoun.tag_ in ("WDT", "WP")) or (
        gap and subject is not None and subject.dep_ == "nsubj"
    ):
        return verb.head if not any(c.dep_ == "prep" for c in verb.rights) or pronoun is not None else None
    return None


def object_words(token: Token | None) -> list[Token]:
    """An object with what may stand for it: coordinated nouns and the noun behind "of"."""
    if token is None:
        return []
    words = [token, *token.conjuncts]
    for noun in list(words):
        if noun.lemma_.lower() in TALLIES and any(d.lower_ == "the" for d in noun.lefts):
            continue  # "put the number of soldiers at 40"
        for prep in noun.children:
            if prep.dep_ == "prep" and prep.lower_ == "of":
                words += [n for n in prep.children if n.dep_ == "pobj"]
    return words


def in_class(tokens: list[Token], words: AbstractSet[str]) -> bool:
    for token in tokens:
        if token.lemma_.lower() in words or token.lower_ in words:
            return True
        if token.i > 1 and token.nbor(-1).text == "-" and f"{token.nbor(-2).lower_}-{token.lemma_.lower()}" in words:
            return True
        before = any(c.dep_ == "compound" and c.lemma_.lower() in words for c in token.lefts)
        if before and token.lemma_.lower() in CONTAINERS:
            return True
    return False


def clause_verb(token: Token) -> Token:
    """The nearest verb above a noun (the noun itself if there is none)."""
    for above in ancestors(token):
        if above.pos_ in ("VERB", "AUX"):
            return above
    return token


def ancestors(token: Token, limit: int = 8) -> list[Token]:
    found: list[Token] = []
    while token.head != token and len(found) < limit:
        token = token.head
        found.append(token)
    return found


def words_below(verb: Token) -> set[str]:
    return {t.lower_ for c in verb.children for t in (c, *c.children)}


def refused(verb: Token) -> bool:
    """True for "will not", "would not", "does not" before a verb of acceptance."""
    aux = {c.lemma_.lower() for c in verb.lefts if c.dep_ == "aux"}
    return any(c.dep_ == "neg" for c in verb.children) and bool(aux & {"will", "would", "do", "shall", "wo"})


def targets_of(noun: Token, context: Context, code: str) -> list[str]:
    found = resolve(noun, context)
    if found or code not in ("ASSAULT", "SANCTION", "COERCE"):
        return found
    place = context.places.get(noun.i)
    if place is not None and place.country_iso3 in context.country_names:
        context.placed.add(noun.i)
        return [context.country_names[place.country_iso3]]
    return []


def meant(noun: Token | None) -> Token | None:
    """A noun, or the one that a relative pronoun stands for ("the quake, which struck")."""
    if noun is None or noun.tag_ not in ("WDT", "WP"):
        return noun
    verb = noun.head
    return verb.head if verb.dep_ == "relcl" and verb.head.i < noun.i else noun


def labour(word: Token, book: EventBook, context: Context) -> bool:
    """True where the sentence speaks of work and not of arms; where it speaks of neither, the article decides."""
    near = {t.lemma_.lower() for t in word.sent}
    before = {t.lemma_.lower() for t in word.subtree}
    work, arms = book.words["labour"], book.words["fire_words"]
    if before & arms:
        return False
    if before & work or near & work and not near & arms:
        return True
    if near & arms:
        return False
    if context.at_work is None:
        told = [t.lemma_.lower() for t in context.doc if t.pos_ in ("NOUN", "PROPN")]
        context.at_work = sum(lemma in work for lemma in told) > WORK_OVER_ARMS * sum(lemma in arms for lemma in told)
    return context.at_work
