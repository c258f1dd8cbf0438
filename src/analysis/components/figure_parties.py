"""The parties that one article names, by token: who a noun, a role or a pronoun stands for, and who does an act."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from analysis.components.counted import Counted
from analysis.components.figure_camps import COALITION, NATION_KINDS, OF_REBELS, Camps
from analysis.components.word_classes import word_class

#: organisations that are a force of their own where no country is known for them
FORCES = frozenset({"military"})
#: words in the names of a state's own forces: "the Presidential Guard" is its country's
STATE_NAMES = word_class("state_force_names")
#: nouns that point back at an armed group named before
GROUPS = word_class("group_nouns")
#: participles of who made or paid for arms, or stands behind a force
MAKING = word_class("made_or_backed")
_MODIFIERS = frozenset({"amod", "compound", "poss", "nmod", "conj", "npadvmod"})
#: clauses that share the subject of the clause above them, and clauses that do not
_SHARED = frozenset({"xcomp", "advcl", "conj", "pcomp", "prep", "pobj", "acl", "relcl", "dobj", "ccomp", "attr", "dep"})
#: fighters against the state whose nationality stands before them
REBELLING = word_class("rebels_against")
#: pronouns that in reported speech stand for who speaks
REPORTED = frozenset({"it", "its", "they", "their", "he", "his", "she", "her"})
MAX_BACK = 2
MAX_CLIMB = 7


class Parties(Camps):
    """The parties named in one Doc, by token: what nouns, pronouns and acts stand for."""

    def at(self, token: Token) -> str | None:
        """The party that a token names or stands for (a person, role or office for its country)."""
        actor = self.by_token.get(token.i)
        if actor is None or actor.kind in NATION_KINDS:
            return None if actor is None else actor.name
        if actor.kind == "role" and self.of_rebels(token):
            return self.rebels()
        if actor.kind in ("person", "role", "organisation") and actor.party != actor.name:
            return actor.party
        if actor.kind != "organisation" or actor.source_kind not in FORCES or any(c.isdigit() for c in actor.name):
            return None  # a name with a digit is a type of arms: "Air Force C-17"
        words = actor.name.lower().replace("-", " ").split()
        return (self.state() if all(word in STATE_NAMES for word in words) else None) or actor.name

    def regular(self, counted: Counted, side: str | None) -> str | None:
        """``side``, unless the context gives soldiers to the armed group, or its fighters to the state they fight.

        Only what names the noun itself can do that ("soldiers of the Liberation Army").
        """
        noun = counted.noun
        if counted.kind != "troops" or noun is None or not self.insurgent or side is None:
            return side
        if not counted.elided and self.of_noun(noun, counted.root, camps=True):
            return side
        if (
            counted.counted_class == "soldiers"
            and noun.lemma_.lower() not in ("force", "enemy")
            and side in self.insurgent
        ):
            return self.state()
        parts = side.split("+")
        if counted.counted_class == "fighters" and all(p.endswith(("Police", "police")) for p in parts):
            return None  # who counts or fights them
        if counted.counted_class == "fighters" and side not in self.insurgent and side == self.state():
            return self.rebels()
        return side

    def nations(self) -> dict[int, str]:
        """Countries by token."""
        return {
            i: actor.name for i, actor in self.by_token.items() if actor.kind == "country" and actor.form != "metonym"
        }

    def opponent(self, name: str) -> str | None:
        """The other of the two parties that the article names most, if it names two."""
        if len(self.rivals) == 2 and name in self.rivals:
            return self.rivals[1] if name == self.rivals[0] else self.rivals[0]
        if not self.insurgent:
            return None
        return self.state() if name in self.insurgent or name == self.rebels() else self.rebels()

    def country_against(self, side: str | None) -> str | None:
        """The country that a side fights, if it is a country: where its weapons go."""
        other = self.opponent(side) if side else None
        return None if other in self.insurgent or other == self.rebels() else other

    def of_noun(
        self, noun: Token, number: Token | None = None, nations: bool = False, camps: bool = False
    ) -> str | None:
        """Parties that name a noun more closely: "Russian and North Korean troops", "soldiers of the Syrian army".

        Words before ``number`` count only as possessors; ``nations`` takes countries and armed groups only, ``camps`` also
        words for the state and its rebels ("government troops").
        """
        names: dict[str, None] = {}
        for token in sorted(self._modifiers(noun, number), key=lambda t: t.i):
            actor = self.by_token.get(token.i)
            if actor is not None and actor.kind in NATION_KINDS:
                names.setdefault(actor.name)
            elif not nations and actor is not None and actor.kind == "organisation" and (name := self.at(token)):
                names.setdefault(name)
            elif camps and token != noun and (not names or token.nbor(-1).dep_ == "cc") and (own := self.camp(token)):
                names.setdefault(own)
        if names and self.insurgent and noun.lemma_.lower() in REBELLING and not self.groups & names.keys():
            return self.rebels() or "+".join(names)  # "Syrian rebels" are not Syria's
        if names:
            return "+".join(names)
        for prep in noun.children:
            if prep.dep_ == "prep" and prep.lower_ in ("of", "from") and not (nations and prep.lower_ == "of"):
                for obj in prep.children:
                    # people are of where they come from; whom they were saved from, or of what firm, tells nothing
                    direct = not nations or obj.i in self.nations()
                    if obj.dep_ == "pobj" and direct and (found := self.of_noun(obj, nations=nations, camps=camps)):
                        return found
        return None if nations else self.at(noun)

    def _modifiers(self, noun: Token, number: Token | None) -> Iterator[Token]:
        stack = [noun]
        while stack:
            token = stack.pop()
            yield token
            for child in token.children:
                if child.dep_ not in _MODIFIERS or (child.dep_ == "conj" and token == noun):
                    continue
                if number is not None and child.i < number.i < noun.i and child.dep_ != "poss":
                    continue
                if child.lower_ in MAKING or (child.i + 2 < noun.i and child.nbor(2).lower_ in MAKING):
                    continue  # "Danish-made drones": who made them is not whose they are
                stack.append(child)

    def of_agent(self, noun: Token) -> str | None:
        """The party that did it, told after the noun: "missiles fired by Iran", "villages that the army held"."""
        for child in noun.children:
            if child.dep_ not in ("acl", "relcl", "prep", "agent"):
                continue
            for by in (child, *child.children):
                if by.lower_ == "by":
                    for obj in by.children:
                        if obj.dep_ == "pobj" and (found := self.resolve(obj)):
                            return found
            if child.dep_ == "relcl" and not any(c.dep_ == "ccomp" for c in child.children):
                for subject in child.children:
                    own = subject.dep_ == "nsubj" and subject.tag_ not in ("WDT", "WP")
                    if own and (found := self.resolve(subject)):
                        return found
        return None

    def resolve(self, token: Token) -> str | None:
        """The party of a noun phrase; a pronoun or a role without a party stands for the nearest one before it."""
        if token.pos_ != "PRON" and (found := self.of_noun(token)):
            return found
        whose = next((c for c in token.lefts if c.tag_ == "WP$"), None)
        if whose is not None and (owner := _antecedent(token)) is not None:
            return self.resolve(owner)
        own = (token.lower_, *(c.lower_ for c in token.lefts))
        if self.speaker is not None and ("we" in own or "our" in own or token.lower_ in ("us", "ours")):
            return self.speaker
        owned = any(c.tag_ == "PRP$" or any(g.tag_ == "PRP$" for g in c.children) for c in token.lefts)
        if self.open_role(token) and not owned and (state := self.state()):
            return state
        if token.pos_ == "PRON" or owned or self.open_role(token):
            return self.before(token)
        if token.pos_ in ("NOUN", "PROPN", "ADJ") and token.lemma_.lower() in OF_REBELS and self.insurgent:
            return self.rebels()
        if token.lemma_.lower() == COALITION:
            return self.coalition
        if token.lemma_.lower() in GROUPS and any(c.lower_ in ("the", "this", "that") for c in token.lefts):
            named = (
                a.name
                for i, a in sorted(self.by_token.items(), reverse=True)
                if i < token.i and a.kind == "armed_group"
            )
            return next(named, None)
        return None

    def before(self, token: Token) -> str | None:
        """The nearest party before a token that is a subject, else the nearest at all, within two sentences.

        Who speaks comes first: "the alliance said it had lost nine men".
        """
        speaker = _speaker_of(token)
        if speaker is not None and (own := self.at(speaker) or self.resolve(speaker)):
            return own
        first = token.sent.start
        for _ in range(MAX_BACK):
            if first > 0:
                first = self.doc[first - 1].sent.start
        fallback = None
        for i in range(token.i - 1, first - 1, -1):
            name = self.at(self.doc[i]) or (self.state() if self.open_role(self.doc[i]) else None)
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
        """The party that does what a verb or a noun of action tells; clauses above may lend it their subject."""
        node = word
        for step in range(MAX_CLIMB):
            for child in node.children:
                if child.dep_ == "agent":
                    for obj in child.children:
                        if found := self.resolve(obj):
                            return found
            if step and (controller := _controller(node, word)) is not None and (found := self.resolve(controller)):
                return found
            subject = next((c for c in node.children if c.dep_ in ("nsubj", "csubj")), None)
            passive_subject = next((c for c in node.children if c.dep_ == "nsubjpass"), None)
            if subject is None and step:
                subject = passive_subject
            if subject is not None and subject.tag_ not in ("WDT", "WP"):
                if subject.lower_ in ("it", "there") and node.dep_ == "relcl":
                    return None
                return self.resolve(subject)
            if passive_subject is not None and not step:
                return None
            if node.dep_ in ("acl", "relcl") and node.head.pos_ in ("NOUN", "PROPN"):
                return self.resolve(node.head) or self.of_agent(node.head)
            if node.pos_ in ("NOUN", "PROPN") and (found := self.of_noun(node) or self.of_agent(node)):
                return found
            if node.head == node or node.dep_ not in _SHARED:
                return None
            node = node.head
        return None


def _antecedent(token: Token) -> Token | None:
    """The noun on which the relative clause of a token hangs: "Ghana, whose army has sent 900 men"."""
    for _ in range(MAX_CLIMB):
        if token.dep_ == "relcl":
            return token.head
        if token.head == token:
            break
        token = token.head
    return None


def _speaker_of(token: Token) -> Token | None:
    """The subject of the verb in whose clause of speech a pronoun of the third person stands."""
    if token.lower_ not in REPORTED:
        return None
    node = token
    for _ in range(MAX_CLIMB):
        if node.dep_ == "ccomp" and node.head.pos_ == "VERB" and node.i > node.head.i:
            subject = next((c for c in node.head.lefts if c.dep_ == "nsubj"), None)
            return subject if subject is not None and subject.pos_ in ("NOUN", "PROPN") else None
        if node.head == node:
            return None
        node = node.head
    return None


def _controller(verb: Token, below: Token) -> Token | None:
    """The object that does what the clause below tells: "accused the army of shelling", "ordered troops to leave"."""
    for obj in verb.children:
        if obj.dep_ == "dobj" and obj.i < below.i:
            for child in verb.children:
                if (
                    child.is_ancestor(below)
                    and child.i > obj.i
                    and (
                        child.dep_ == "xcomp"
                        or (child.dep_ == "prep" and any(c.dep_ == "pcomp" for c in child.children))
                    )
                ):
                    return obj
    return None
