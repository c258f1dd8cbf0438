"""Whose troops, losses, land or arms a figure counts: by nationality, possessor and subject of the governing verb."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from analysis.components.counted import Counted
from analysis.components.governors import passive
from analysis.components.mentions import ActorMention

#: kinds of actor that can be a side; other actors (persons, roles) stand for their party
#: organisations that are a force of their own where no country is known for them
FORCES = frozenset({"military"})
#: how often the first country of an article must stand for each time of the second to be its only one
DOMINANCE = 3
#: the same where an armed group is its opponent, so that other countries are bystanders
CLEARLY = 2
#: words for the other side
ENEMY = frozenset({"enemy", "adversary", "foe", "opponent"})
#: nouns for a state's armed forces
ARMIES = frozenset(
    {"army", "military", "soldier", "troop", "troops", "force", "forces", "garrison", "navy", "conscript", "regiment"}
)
#: what a nationality at one of them counts beside a bare mention
ARMY_WEIGHT = 3
NATION_KINDS = frozenset({"country", "armed_group"})
#: kinds of counted class whose force is asked even where it stands away from the noun
FORCE_KINDS = frozenset(
    {"troops", "captives", "weapon", "equipment", "land", "settlement", "attack", "formation", "length"}
)
#: measures without a side, unless a nationality stands at counted people
SIDELESS = frozenset({"money", "vote", "share", "buildings_damaged", "crowd_size", "affected"})
#: verbs whose subject deals the losses that their object names
DEALING = frozenset({"inflict", "cause", "deal", "kill", "wound", "capture", "destroy"})
#: places whose distance from another is nobody's, whatever country they belong to
SITES = frozenset(
    {"border", "frontier", "city", "town", "village", "capital", "port", "camp", "base", "coast", "island", "airport"}
)
#: participles of who made or paid for arms
MAKING = frozenset(
    {"made", "built", "designed", "supplied", "manufactured", "produced", "donated", "funded", "trained"}
)
_MODIFIERS = frozenset({"amod", "compound", "poss", "nmod", "conj", "npadvmod"})
#: clauses that share the subject of the clause above them, and clauses that do not
_SHARED = frozenset({"xcomp", "advcl", "conj", "pcomp", "prep", "pobj", "acl", "relcl", "dobj", "ccomp", "attr", "dep"})
MAX_BACK = 2
MAX_CLIMB = 7


class Parties:
    """The parties named in one Doc, by token."""

    def __init__(self, doc: Doc, actors: Sequence[ActorMention]) -> None:
        self.doc = doc
        self.by_token: dict[int, ActorMention] = {}
        counts: Counter[str] = Counter()
        #: armed groups that are no state's, and groups of fighters without a name
        self.insurgent = {
            actor.name
            for actor in actors
            if actor.kind == "armed_group"
            or (actor.kind == "group" and actor.form == "role" and actor.source_kind == "military")
        }
        for actor in actors:
            if actor.kind in NATION_KINDS:
                counts[actor.name] += 1
            for i in range(actor.token_start, actor.token_end):
                self.by_token[i] = actor
        self.ranked = sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))
        #: the party of the source of the figure at hand: what "we" and "our" stand for
        self.speaker: str | None = None
        self.rivals = tuple(name for name, n in self.ranked[:2] if n > 1)

    def at(self, token: Token) -> str | None:
        """The party that a token names or stands for (a person, role or office for its country)."""
        actor = self.by_token.get(token.i)
        if actor is None or actor.kind in NATION_KINDS:
            return None if actor is None else actor.name
        if actor.kind in ("person", "role", "organisation") and actor.party != actor.name:
            return actor.party
        return actor.name if actor.kind == "organisation" and actor.source_kind in FORCES else None

    def home(self) -> str | None:
        """The one country that an article is about, if it is about one."""
        if not self.rivals or (len(self.ranked) > 1 and self.ranked[0][1] < DOMINANCE * self.ranked[1][1]):
            return None
        return self.ranked[0][0]

    def state(self) -> str | None:
        """The country whose army "the army" is: the one that the article is about, or that an armed group fights.

        A nationality at an army or its soldiers ("Kenyan troops", "the Kenyan army") tells more than one elsewhere.
        """
        if not self.insurgent:
            return self.home()
        weight = {name: n for name, n in self.ranked if name not in self.insurgent}
        first = next((a.name for _, a in sorted(self.by_token.items()) if a.name in weight), None)
        if first is not None:
            weight[first] += 1  # what an article is about it names first
        for i, actor in self.by_token.items():
            head = self.doc[i].head
            if actor.name in weight and i != head.i and (head.lemma_.lower() in ARMIES):
                weight[actor.name] += ARMY_WEIGHT
        countries = sorted(weight.items(), key=lambda kv: (-kv[1], kv[0]))
        clear = len(countries) == 1 or (len(countries) > 1 and countries[0][1] >= CLEARLY * countries[1][1])
        return countries[0][0] if clear else None

    def rebels(self) -> str | None:
        """The one armed group of the article, if it names one only."""
        named = sorted({a.name for a in self.by_token.values() if a.kind == "armed_group"})
        return named[0] if len(named) == 1 else None

    def regular(self, counted: Counted, side: str | None) -> str | None:
        """``side``, unless the context gives soldiers to the armed group, or its fighters to the state they fight.

        Only what names the noun itself can do that ("soldiers of the Liberation Army").
        """
        noun = counted.noun
        if counted.kind != "troops" or noun is None or not self.insurgent or side is None:
            return side
        if not counted.elided and self.of_noun(noun, counted.root, nations=True):
            return side
        if (
            counted.counted_class == "soldiers"
            and noun.lemma_.lower() not in ("force", "enemy")
            and side in self.insurgent
        ):
            return self.state()
        if counted.counted_class == "fighters" and side not in self.insurgent and side == self.state():
            return self.rebels()
        return side

    def open_role(self, token: Token) -> bool:
        """True for a role whose party the noun phrase leaves open ("the army", "his troops")."""
        actor = self.by_token.get(token.i)
        return actor is not None and actor.kind == "role" and actor.party is None

    def nations(self) -> dict[int, str]:
        """Countries by token."""
        return {
            i: actor.name for i, actor in self.by_token.items() if actor.kind == "country" and actor.form != "metonym"
        }

    def opponent(self, name: str) -> str | None:
        """The other of the two parties that the article names most, if it names two."""
        if len(self.rivals) == 2 and name in self.rivals:
            return self.rivals[1] if name == self.rivals[0] else self.rivals[0]
        return None

    def of_noun(self, noun: Token, number: Token | None = None, nations: bool = False) -> str | None:
        """Parties that name a noun more closely: "Russian and North Korean troops", "soldiers of the Syrian army".

        Words before ``number`` count only as possessors; ``nations`` takes countries and armed groups only.
        """
        names: dict[str, None] = {}
        for token in sorted(self._modifiers(noun, number), key=lambda t: t.i):
            actor = self.by_token.get(token.i)
            if actor is not None and actor.kind in NATION_KINDS:
                names.setdefault(actor.name)
            elif not nations and actor is not None and actor.kind == "organisation" and (name := self.at(token)):
                names.setdefault(name)
        if names:
            return "+".join(names)
        for prep in noun.children:
            if prep.dep_ == "prep" and prep.lower_ in ("of", "from") and not (nations and prep.lower_ == "of"):
                for obj in prep.children:
                    if obj.dep_ == "pobj" and (found := self.of_noun(obj, nations=nations)):
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
            if child.dep_ == "relcl":
                for subject in child.children:
                    own = subject.dep_ == "nsubj" and subject.tag_ not in ("WDT", "WP")
                    if own and (found := self.resolve(subject)):
                        return found
        return None

    def resolve(self, token: Token) -> str | None:
        """The party of a noun phrase; a pronoun or a role without a party stands for the nearest one before it."""
        if token.pos_ != "PRON" and (found := self.of_noun(token)):
            return found
        own = (token.lower_, *(c.lower_ for c in token.lefts))
        if self.speaker is not None and ("we" in own or "our" in own or token.lower_ in ("us", "ours")):
            return self.speaker
        owned = any(c.tag_ == "PRP$" or any(g.tag_ == "PRP$" for g in c.children) for c in token.lefts)
        if self.open_role(token) and not owned and (state := self.state()):
            return state
        if token.pos_ == "PRON" or owned or self.open_role(token):
            return self.before(token)
        return None

    def before(self, token: Token) -> str | None:
        """The nearest party before a token that is a subject, else the nearest at all, within two sentences."""
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


def _verb_above(token: Token) -> Token | None:
    """The verb whose clause a token stands in, not beyond that clause."""
    node = token
    for _ in range(MAX_CLIMB):
        if node.head == node or node.dep_ in ("ccomp", "relcl"):
            return None
        node = node.head
        if node.pos_ in ("VERB", "AUX"):
            return node
    return None


def side_of(
    parties: Parties, counted: Counted, measure: str, role: str, word: Token | None, speaker: str | None
) -> str | None:
    """Return the side of one figure: actor names joined by ``+``, or None.

    ``role`` is the cue's column ``side``, ``word`` the governing word, ``speaker`` the party of the figure's source.
    """
    noun, kind = counted.noun, counted.kind
    parties.speaker = speaker
    if kind in ("people", "troops", "captives", "equipment") and (owned := _of_own(parties, counted)):
        return owned
    if measure in SIDELESS and kind != "people":
        return None
    if noun is not None and kind in ("people", "troops", "equipment", "weapon", "formation") and _is_enemy(noun):
        own = speaker or parties.before(noun)
        if own and (rival := parties.opponent(own)):
            return rival
    if kind == "people":
        return _of_people(parties, counted, measure, role, word)
    if kind not in FORCE_KINDS or (kind in ("land", "settlement") and not measure.startswith("territory")):
        return None
    if kind == "length":
        return _of_length(parties, counted) if measure in ("distance", "territory_gained") else None
    if noun is not None and (own := _of_force(parties, counted, noun, kind)):
        return own
    if word is None:
        verb = _verb_above(noun if noun is not None and not counted.elided else counted.root)
        return parties.subject(verb) if verb is not None and role == "subject_or_counted" else None
    if role == "phrase":
        for obj in word.children:
            if obj.dep_ == "pobj" and (found := parties.resolve(obj)):
                return found
        return parties.subject(word)
    if role in ("subject", "subject_or_counted"):
        return parties.subject(word)
    return None if kind == "attack" else _of_loser(parties, word)


def _of_own(parties: Parties, counted: Counted) -> str | None:
    """ "Nine of their own": the party that the pronoun stands for."""
    for token in counted.root.doc[counted.root.i + 1 : counted.root.i + 4]:
        if token.lower_ == "own" and token.nbor(-1).tag_ == "PRP$" and token.nbor(-2).lower_ == "of":
            return parties.before(token.nbor(-1))
    return None


def _of_people(parties: Parties, counted: Counted, measure: str, role: str, word: Token | None) -> str | None:
    """People have a side by their nationality; recruits that of the army that takes them."""
    taken = measure == "personnel_strength" and role == "subject" and word is not None
    if taken and word is not None and (found := parties.subject(word)):
        return found
    if counted.noun is not None and (own := parties.of_noun(counted.noun, counted.root, nations=True)):
        return own
    if measure == "casualties" and word is not None:
        return parties.of_noun(word, nations=True) or parties.subject(word)
    if measure == "personnel_strength" and word is not None:
        return parties.subject(word)
    return None


def _is_enemy(noun: Token) -> bool:
    if noun.lemma_.lower() in ENEMY or any(c.lemma_.lower() in ENEMY for c in noun.lefts):
        return True
    return any(o.lemma_.lower() in ENEMY for c in noun.rights if c.lower_ == "of" for o in c.children)


def _of_force(parties: Parties, counted: Counted, noun: Token, kind: str | None) -> str | None:
    """The force that the noun phrase itself names."""
    if kind in ("weapon", "attack", "equipment", "land", "settlement") and (done := parties.of_agent(noun)):
        return done
    if kind in ("land", "settlement"):
        return None
    if own := parties.of_noun(noun, counted.root):
        return own
    owner = next((c for c in noun.children if c.tag_ == "PRP$"), None)
    if owner is not None:
        return parties.before(owner)
    if kind == "troops" and counted.counted_class == "fighters" and parties.insurgent and not parties.at(noun):
        return parties.rebels()
    if kind == "troops" and (parties.open_role(noun) or (counted.counted_class == "soldiers" and parties.insurgent)):
        return parties.state()
    army = next((c for c in noun.lefts if c.lemma_.lower() in ARMIES and c.dep_ in ("compound", "poss")), None)
    return parties.state() if army is not None and parties.open_role(army) else None


def _of_length(parties: Parties, counted: Counted) -> str | None:
    """The force that advanced or stands at a distance: the nearest noun or subject above the number."""
    node = counted.root
    for _ in range(MAX_CLIMB):
        if node.head == node:
            return None
        node = node.head
        named = node.pos_ in ("NOUN", "PROPN") and node.dep_ != "pobj" and node.lemma_.lower() not in SITES
        if named and (found := parties.of_noun(node)):
            return found
        if node.pos_ in ("VERB", "AUX"):
            subject = next((c for c in node.children if c.dep_ == "nsubj"), None)
            bare = subject is not None and (subject.lower_ == "it" or subject.lemma_.lower() in SITES)
            still = node.lemma_ in ("be", "lie", "stand") and (
                bare or (node.dep_ == "relcl" and node.head.lemma_ in SITES)
            )
            return None if still else parties.subject(node)
    return None


def _of_loser(parties: Parties, word: Token) -> str | None:
    """The side that bore a loss: the subject of suffering, the opponent of who dealt it."""
    if word.pos_ in ("NOUN", "PROPN"):
        if own := parties.of_noun(word):
            return own
        verb = _verb_above(word)
        doer = parties.subject(word)
        if doer and verb is not None and verb.lemma_.lower() in DEALING:
            return parties.opponent(doer)
        return doer
    if word.pos_ not in ("VERB", "AUX") or passive(word):
        for agent in word.children:
            if agent.dep_ == "agent":
                doer = next((found for obj in agent.children if (found := parties.resolve(obj))), None)
                return parties.opponent(doer) if doer else None
        verb = _verb_above(word)
        return parties.subject(verb) if verb is not None and verb != word.head.head else None
    doer = parties.subject(word)
    return parties.opponent(doer) if doer else None
