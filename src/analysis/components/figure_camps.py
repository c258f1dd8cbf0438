"""The camps of one article's conflict: the country it is about, its army and police, its rebels."""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Mapping, Sequence

from spacy.tokens import Doc, Token

from analysis.components.datelines import datelines
from analysis.components.group_names import DETACHING
from analysis.components.mentions import ActorMention
from analysis.components.own_countries import likely_country
from analysis.components.word_classes import word_class

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
#: what a nationality at an army counts beside a bare mention
ARMY_WEIGHT = 3
#: kinds of actor that can be a side; other actors (persons, roles) stand for their party
NATION_KINDS = frozenset({"country", "armed_group"})
#: words before a force or its arms that make them the state's ("government troops", "junta airstrikes")
OF_STATE = word_class("words_of_the_state")
#: words that make them the rebels' ("rebel territory", "insurgent positions")
OF_REBELS = word_class("words_of_rebels")
#: groups that fight for a state: the rebels of an article are not theirs
HIRED = word_class("hired_groups")
#: plurals that name a camp where no group of it has a name
CAMPS = word_class("camps_without_a_name")
#: how words before a noun hang on it
BEFORE = frozenset({"amod", "compound", "nmod", "poss"})
#: arms and what carries them: whose they are must be told
CARRIERS = word_class("carriers")
#: forces of several states, which are theirs who lead them
COALITION = "coalition"
#: a movement that is spoken of by this word
RESISTANCE = "resistance"


class Camps:
    """The parties named in one Doc, by token, and which of them its soldiers, police and rebels are."""

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
        #: armed groups with a name
        self.groups = {actor.name for actor in actors if actor.kind == "armed_group"}
        where = {i for line in datelines(doc) for i in range(line.start, line.end)}
        for actor in actors:
            if actor.kind in NATION_KINDS and not _detached(doc, actor.token_end):
                counts[actor.name] += 1  # "the Kenyan-led force" is no mention of Kenya
            if actor.token_start in where:
                continue  # where a report was written is no party to what it tells
            for i in range(actor.token_start, actor.token_end):
                self.by_token[i] = actor
        self.ranked = sorted(counts.items(), key=lambda kv: (-kv[1], kv[0]))
        #: the party of the source of the figure at hand: what "we" and "our" stand for
        self.speaker: str | None = None
        #: the two parties that the article names most; two are enough where it names no third
        self.rivals = tuple(name for name, n in self.ranked[:2] if n > 1 or len(self.ranked) == 2)

    def home(self) -> str | None:
        """The one country that an article is about, if it is about one; where it names none, that of its places."""
        if not self.ranked or (len(self.ranked) == 1 and self._in_passing):
            return self._unnamed
        if len(self.ranked) == 1 and (elsewhere := self._elsewhere(self.ranked[0])):
            return elsewhere
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
        once = len({self.by_token[i].start for i in mentions}) == 1
        if not once or self.by_token[mentions[0]].kind != "country":
            return False
        heads = {self.doc[i].head.lemma_.lower() for i in mentions}
        lead = next((n for n, sent in enumerate(self.doc.sents) if mentions[0] < sent.end), 0) < LEAD
        return not lead and not any(h in ARMIES or h in OFFICES for h in heads)

    def _elsewhere(self, only: tuple[str, int]) -> str | None:
        """The country of all towns of an article that names another one once, as that of a man or a border."""
        towns = self._towns().most_common(2)
        alone = only[1] == 1 and len(towns) == 1 and towns[0][1] > 1 and towns[0][0] != only[0]
        return towns[0][0] if alone else None

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
        """The police force of the article: the first that it names ("Vale and Harbour Police"), else the police."""
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
            if self.doc[first].lower_ in ("riot", "traffic", "military", "secret", "mounted", "armed"):
                continue  # "Riot police": what they are, no name
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
        if len(countries) == 1 and (elsewhere := self._elsewhere((countries[0][0], countries[0][1] - 1))):
            return elsewhere
        clear = len(countries) == 1 or (len(countries) > 1 and countries[0][1] >= CLEARLY * countries[1][1])
        return countries[0][0] if clear else None

    def rebels(self) -> str | None:
        """The armed group of the article that is no state's, if it is mostly about one; its rebels if it names none."""
        named = [(n, name) for name, n in self.ranked if name in self.groups and name.lower() not in HIRED]
        if len(named) == 1 and named[0][0] == 1 and named[0][1] not in self._lead:
            return None  # named in passing
        if not named:
            return self._camp
        clear = len(named) == 1 or named[0][0] >= DOMINANCE * named[1][0]
        return named[0][1] if clear else None

    def rebels_named(self, token: Token) -> str | None:
        """The rebels, where a noun stands for them ("the insurgents")."""
        return self.rebels() if self.insurgent and token.lemma_.lower() in OF_REBELS else None

    @functools.cached_property
    def _lead(self) -> set[str]:
        """Names in the first sentences."""
        last = next((sent.end for n, sent in enumerate(self.doc.sents, 1) if n == LEAD), len(self.doc))
        return {actor.name for i, actor in self.by_token.items() if i < last}

    @functools.cached_property
    def coalition(self) -> str | None:
        """Who leads the coalition of an article: "the Saudi-led coalition" is Saudi Arabia's, also where it stands alone."""
        for token in self.doc:
            if token.lower_ == "led" and token.i > 1 and token.nbor(-1).text == "-":
                leader = self.by_token.get(token.i - 2)
                if leader is not None and leader.kind in ("country", "organisation"):
                    return leader.name
        return None

    @functools.cached_property
    def _camp(self) -> str | None:
        """What the rebels of an article are called if no group of theirs has a name: "separatists", "resistance groups"."""
        names = Counter(f"{t.lemma_.lower()}s" for t in self.doc if t.pos_ in ("NOUN", "ADJ", "PROPN"))
        told = [(n, name) for name, n in names.items() if name in CAMPS]
        return max(told)[1] if told else None

    def camp(self, token: Token) -> str | None:
        """The camp that a word before a force or its arms tells: "government troops", "rebel drones", "army trucks"."""
        word = token.lemma_.lower()
        if word == COALITION:
            return self.coalition
        if word in OF_STATE and (token.i not in self.by_token or self.open_role(token)):
            return self.state()
        if word not in OF_REBELS or not self.insurgent:
            return None
        return self.rebels() or (f"{RESISTANCE} groups" if word == RESISTANCE else None)

    def open_role(self, token: Token) -> bool:
        """True for a role whose party the noun phrase leaves open ("the army", "his troops")."""
        actor = self.by_token.get(token.i)
        if actor is None or actor.kind != "role" or actor.party is not None:
            return False
        return token.lemma_.lower() not in CARRIERS and not self.of_rebels(token)

    def of_rebels(self, token: Token) -> bool:
        """ "A rebel commander", "insurgent forces": a role among the rebels."""
        return any(c.lemma_.lower() in OF_REBELS and c.dep_ in BEFORE for c in token.lefts)


def _names(token: Token, after: Token) -> bool:
    """True for a word of the name of a force: "Devon", "and" and "Cornwall" before "Police"."""
    if token.pos_ == "PROPN" and token.ent_type_ != "DATE":
        return True
    return token.lower_ in ("and", "of") and after.pos_ == "PROPN" and token.i > 0 and token.nbor(-1).pos_ == "PROPN"


def _detached(doc: Doc, end: int) -> bool:
    """True where a name that ends at token ``end`` is part of "<name>-led" and the like."""
    return end + 1 < len(doc) and doc[end].text in ("-", "–") and doc[end + 1].lower_ in DETACHING
