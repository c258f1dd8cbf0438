"""Whose troops, losses, land or arms a figure counts: from nationality, possessors and the subject of the governing verb."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from spacy.tokens import Doc, Token

from analysis.components.counted import Counted
from analysis.components.mentions import ActorMention

PARTY_KINDS = frozenset({"country", "organisation", "armed_group"})
#: kinds of counted class whose force is asked even where it stands away from the noun
FORCE_KINDS = frozenset(
    {
        "troops",
        "captives",
        "weapon",
        "equipment",
        "land",
        "settlement",
        "attack",
        "formation",
        "length",
    }
)
#: measures that never have a side
SIDELESS = frozenset(
    {"money", "vote", "share", "buildings_damaged", "crowd_size", "affected"}
)
_NAMING = frozenset({"amod", "compound", "poss", "nmod", "nummod", "conj", "appos"})
_BELONGING = frozenset({"of", "from"})
MAX_BACK = 2


class Parties:
    """The parties named in one Doc, by token."""

    def __init__(self, doc: Doc, actors: Sequence[ActorMention]) -> None:
        self.doc = doc
        self.by_token: dict[int, ActorMention] = {}
        counts: Counter[str] = Counter()
        for actor in actors:
            name = self.party_name(actor)
            if name is None:
                continue
            if actor.kind in ("country", "armed_group"):
                counts[name] += 1
            for i in range(actor.token_start, actor.token_end):
                self.by_token[i] = actor
        ranked = sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))
        self.rivals = tuple(name for name, n in ranked[:2] if n > 1)

    @staticmethod
    def party_name(actor: ActorMention) -> str | None:
        """The party that an actor mention stands for (a person or a role stands for its country)."""
        return actor.name if actor.kind in PARTY_KINDS else actor.party

    def at(self, token: Token) -> str | None:
        actor = self.by_token.get(token.i)
        return None if actor is None else self.party_name(actor)

    def opponent(self, name: str) -> str | None:
        """The other of the two parties that the article mostly names, if there are just two such."""
        if len(self.rivals) == 2 and name in self.rivals:
            return self.rivals[1] if name == self.rivals[0] else self.rivals[0]
        return None

    def join(self, tokens: Sequence[Token]) -> str | None:
        names: list[str] = []
        for token in sorted(tokens, key=lambda t: t.i):
            name = self.at(token)
            if name and name not in names:
                names.append(name)
        return "+".join(names) or None

    def of_noun(self, noun: Token, belonging: bool = True) -> str | None:
        """Parties that name a noun more closely: "Russian and North Korean troops", "soldiers of the Syrian army"."""
        tokens = [noun]
        stack = [
            c
            for c in noun.children
            if c.dep_ in _NAMING and (c.dep_ != "conj" or self.at(c))
        ]
        while stack:
            token = stack.pop()
            if token.dep_ in ("relcl", "acl"):
                continue
            tokens.append(token)
            stack.extend(
                c
                for c in token.children
                if c.dep_ in ("amod", "compound", "poss", "nmod", "conj")
            )
        found = self.join(tokens)
        if found or not belonging:
            return found
        for prep in noun.children:
            if prep.dep_ == "prep" and prep.lower_ in _BELONGING:
                for obj in prep.children:
                    if obj.dep_ == "pobj" and (found := self.of_noun(obj)):
                        return found
        return None

    def of_agent(self, noun: Token) -> str | None:
        """The party that did it, told by a participle of the noun: "missiles fired by Iran"."""
        for child in noun.children:
            if child.dep_ in ("acl", "relcl", "prep", "agent"):
                for by in (child, *child.children):
                    if by.lower_ == "by":
                        for obj in by.children:
                            if obj.dep_ == "pobj" and (found := self.resolve(obj)):
                                return found
                if child.dep_ == "relcl":
                    for subject in child.children:
                        if subject.dep_ == "nsubj" and subject.tag_ not in (
                            "WDT",
                            "WP",
                        ):
                            if found := self.resolve(subject):
                                return found
        return None

    def resolve(self, token: Token) -> str | None:
        """The party of a noun phrase or pronoun; a pronoun stands for the nearest party named before it."""
        if found := self.of_noun(token):
            return found
        if token.pos_ == "PRON" or any(c.tag_ == "PRP$" for c in token.children):
            return self.before(token)
        return None

    def before(self, token: Token) -> str | None:
        """The nearest party before a token that is a subject or possessor, else any, within two sentences."""
        first = token.sent.start
        for _ in range(MAX_BACK):
            if first > 0:
                first = self.doc[first - 1].sent.start
        fallback = None
        for i in range(token.i - 1, first - 1, -1):
            name = self.at(self.doc[i])
            if name is None:
                continue
            fallback = fallback or name
            holder = self.doc[i]
            for _ in range(3):
                if holder.dep_ in ("nsubj", "nsubjpass"):
                    return name
                if holder.dep_ not in ("compound", "amod", "poss", "nmod"):
                    break
                holder = holder.head
        return fallback

    def subject(self, word: Token) -> str | None:
        """The party that does what a verb or a noun of action tells; its clause may lend the subject."""
        node = word
        for _ in range(5):
            for child in node.children:
                if child.dep_ == "agent":
                    for obj in child.children:
                        if found := self.resolve(obj):
                            return found
            subject = next(
                (c for c in node.children if c.dep_ in ("nsubj", "csubj")), None
            )
            if subject is not None and subject.tag_ not in ("WDT", "WP"):
                return self.resolve(subject)
            if any(c.dep_ == "nsubjpass" for c in node.children):
                return None
            if node.dep_ in ("acl", "relcl") and node.head.pos_ in ("NOUN", "PROPN"):
                return self.of_noun(node.head) or self.of_agent(node.head)
            if node.pos_ in ("NOUN", "PROPN") and (
                found := self.of_noun(node) or self.of_agent(node)
            ):
                return found
            if node.head is node:
                return None
            node = node.head
        return None


def side_of(
    parties: Parties,
    counted: Counted,
    measure: str,
    role: str,
    word: Token | None,
    speaker: str | None,
) -> str | None:
    """Return the side of one figure, or None.

    ``role`` is the cue's column ``side``, ``word`` the governing word, ``speaker`` the party of the figure's source.
    """
    if measure in SIDELESS and not (
        counted.noun is not None and counted.kind == "people"
    ):
        return None
    noun = counted.noun
    kind = counted.kind
    if noun is not None and kind not in ("land", "settlement", "length"):
        if own := parties.of_noun(
            noun,
            belonging=kind != "people"
            or any(c.lower_ == "from" for c in noun.children),
        ):
            return own
    if kind not in FORCE_KINDS:
        if kind == "people" and word is not None and measure == "casualties":
            return parties.of_noun(word) or parties.subject(word)
        return None
    if (
        noun is not None
        and noun.lemma_.lower() in ("enemy",)
        or (noun is not None and any(c.lower_ == "enemy" for c in noun.children))
    ):
        rival = parties.opponent(speaker) if speaker else None
        if rival:
            return rival
    if noun is not None and kind in (
        "weapon",
        "attack",
        "equipment",
        "land",
        "settlement",
    ):
        if done := parties.of_agent(noun):
            return done
    if noun is not None and any(c.tag_ == "PRP$" for c in noun.children):
        owner = next(c for c in noun.children if c.tag_ == "PRP$")
        return parties.before(owner)
    if word is None:
        return None
    if role == "phrase":
        for token in word.subtree:
            if name := parties.at(token):
                return name
        return None
    if role in ("subject", "subject_or_counted"):
        return parties.subject(word) or (
            parties.of_noun(word) if word.pos_ == "NOUN" else None
        )
    if role == "owner" or (role == "counted" and kind in ("troops", "captives")):
        doer = parties.subject(word)
        return parties.opponent(doer) if doer else None
    if word.pos_ in ("NOUN", "PROPN"):
        return parties.of_noun(word)
    return None
