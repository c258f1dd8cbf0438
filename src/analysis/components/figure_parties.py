"""The parties that one article names, by token: who a noun, a role or a pronoun stands for, and who does an act."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from spacy.tokens import Doc, Token

from analysis.components.counted import Counted
from analysis.components.mentions import ActorMention
from analysis.components.own_countries import likely_country
from analysis.components.word_classes import word_class

#: organisations that are a force of their own where no country is known for them
FORCES = frozenset({"military"})
#: how often the first country of an article must stand for each time of the second to be its only one
DOMINANCE = 3
#: the same where an armed group is its opponent, so that other countries are bystanders
CLEARLY = 2
#: sentences of the lead, in which the country of an article stands
LEAD = 4
#: nouns for a state's armed forces
ARMIES = word_class("armies")
#: offices and bodies that only a state has
OFFICES = word_class("state_offices")
#: words in the names of a state's own forces: "the Presidential Guard" is its country's
STATE_NAMES = word_class("state_force_names")
#: nouns that point back at an armed group named before
GROUPS = word_class("group_nouns")
#: what a nationality at one of them counts beside a bare mention
ARMY_WEIGHT = 3
#: kinds of actor that can be a side; other actors (persons, roles) stand for their party
NATION_KINDS = frozenset({"country", "armed_group"})
#: participles of who made or paid for arms, or stands behind a force
MAKING = word_class("made_or_backed")
_MODIFIERS = frozenset({"amod", "compound", "poss", "nmod", "conj", "npadvmod"})
#: clauses that share the subject of the clause above them, and clauses that do not
_SHARED = frozenset({"xcomp", "advcl", "conj", "pcomp", "prep", "pobj", "acl", "relcl", "dobj", "ccomp", "attr", "dep"})
MAX_BACK = 2
MAX_CLIMB = 7


class Parties:
    """The parties named in one Doc, by token."""

    def __init__(self, doc: Doc, actors: Sequence[ActorMention], countries: Mapping[str, str] | None = None) -> None:
        self.doc = doc
        #: names of countries by ISO 3166 code
        self.countries = countries or {}
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
        #: the two parties that the article names most; two are enough where it names no third
        self.rivals = tuple(name for name, n in self.ranked[:2] if n > 1 or len(self.ranked) == 2)

    def at(self, token: Token) -> str | None:
        """The party that a token names or stands for (a person, role or office for its country)."""
        actor = self.by_token.get(token.i)
        if actor is None or actor.kind in NATION_KINDS:
            return None if actor is None else actor.name
        if actor.kind in ("person", "role", "organisation") and actor.party != actor.name:
            return actor.party
        if actor.kind != "organisation" or actor.source_kind not in FORCES:
            return None
        words = actor.name.lower().replace("-", " ").split()
        return (self.state() if all(word in STATE_NAMES for word in words) else None) or actor.name

    def home(self) -> str | None:
        """The one country that an article is about, if it is about one; where it names none, that of its places."""
        if not self.ranked or (len(self.ranked) == 1 and self._in_passing):
            return self._unnamed
        if len(self.ranked) == 1 or (self.rivals and self.ranked[0][1] >= DOMINANCE * self.ranked[1][1]):
            return self.ranked[0][0]
        if self.ranked[1][1] > 1 or self.insurgent:
            return None
        towns = self._towns()  # others are named in passing: the towns of the article tell
        weight = sorted(((n + towns[name], name) for name, n in self.ranked), key=lambda w: (-w[0], w[1]))
        first = next((a.name for _, a in sorted(self.by_token.items()) if a.kind in NATION_KINDS), None)
        clear = weight[0][0] >= DOMINANCE * weight[1][0] and weight[0][1] == first
        return weight[0][1] if clear else None

    @functools.cached_property
    def _in_passing(self) -> bool:
        """True where the only country is named once, far from the lead and at no army or office: it is not the home."""
        mentions = [i for i, a in sorted(self.by_token.items()) if a.kind in NATION_KINDS]
        if len({self.by_token[i].start for i in mentions}) > 1 or self.by_token[mentions[0]].kind != "country":
            return False
        heads = {self.doc[i].head.lemma_.lower() for i in mentions}
        lead = next((n for n, sent in enumerate(self.doc.sents) if mentions[0] < sent.end), 0) < LEAD
        return not lead and not any(h in ARMIES or h in OFFICES for h in heads)

    def _towns(self) -> Counter[str]:
        """How many places of the article the gazetteer knows in each country."""
        known = [p for p in self.doc._.places or () if p.kind != "country" and p.precision == "exact"]
        places = {p.name: p.country_iso3 or "" for p in known}
        return Counter(self.countries[iso] for iso in places.values() if iso in self.countries)

    @functools.cached_property
    def _unnamed(self) -> str | None:
        """The country of an article that names no country we know: a name with an office, or the one its towns lie in.

        "Lindor's interior minister": only a state has one, also a state that no list holds.
        """
        placed = self._towns().most_common(2)
        clear = placed and placed[0][1] > 1 and (len(placed) == 1 or placed[0][1] >= DOMINANCE * placed[1][1])
        return placed[0][0] if clear else likely_country(self.doc)

    @functools.cached_property
    def police(self) -> str | None:
        """The police force of the article: the first that it names ("Devon and Cornwall Police"), else the police."""
        bare = None
        for token in self.doc:
            if token.lower_ != "police" or token.pos_ not in ("NOUN", "PROPN"):
                continue
            bare = "police"
            first = token.i
            while first > token.sent.start and _names(self.doc[first - 1], self.doc[first]):
                first -= 1
            while first < token.i and not self.doc[first].text[:1].isupper():
                first += 1
            if first < token.i and not any(
                i in self.by_token and self.by_token[i].kind in NATION_KINDS for i in range(first, token.i)
            ):
                return self.doc[first : token.i + 1].text
        return (self.state() if self.insurgent else None) or bare

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
        if not weight:
            return self._unnamed
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
        own = (token.lower_, *(c.lower_ for c in token.lefts))
        if self.speaker is not None and ("we" in own or "our" in own or token.lower_ in ("us", "ours")):
            return self.speaker
        owned = any(c.tag_ == "PRP$" or any(g.tag_ == "PRP$" for g in c.children) for c in token.lefts)
        if self.open_role(token) and not owned and (state := self.state()):
            return state
        if token.pos_ == "PRON" or owned or self.open_role(token):
            return self.before(token)
        if token.lemma_.lower() in GROUPS and any(c.lower_ in ("the", "this", "that") for c in token.lefts):
            named = (
                a.name
                for i, a in sorted(self.by_token.items(), reverse=True)
                if i < token.i and a.kind == "armed_group"
            )
            return next(named, None)
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


def _names(token: Token, after: Token) -> bool:
    """True for a word of the name of a force: "Devon", "and" and "Cornwall" before "Police"."""
    if token.pos_ == "PROPN" and token.ent_type_ != "DATE":
        return True
    return token.lower_ in ("and", "of") and after.pos_ == "PROPN" and token.i > 0 and token.nbor(-1).pos_ == "PROPN"


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
