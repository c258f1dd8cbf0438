"""Whose troops, losses, land or arms a figure counts: by nationality, possessor and subject of the governing verb."""

from __future__ import annotations

from spacy.tokens import Token

from analysis.components.counted import Counted
from analysis.components.figure_camps import ARMIES, OF_REBELS
from analysis.components.figure_ground import NOBODY, holder, of_length
from analysis.components.figure_parties import MAX_CLIMB, Parties
from analysis.components.noun_clauses import passive
from analysis.components.number_names import MEMBERS
from analysis.components.word_classes import word_class

#: words for the other side
ENEMY = word_class("enemy")
#: armed forces of a state, gendarmes among them
FORCES = word_class("state_forces")
#: nouns for the men of a force, besides the armies
RANKS = word_class("ranks")
#: kinds of counted class whose force is asked even where it stands away from the noun
FORCE_KINDS = frozenset(
    {"troops", "captives", "weapon", "equipment", "land", "settlement", "region", "attack", "formation", "length"}
)
#: kinds of ground that a side holds
GROUND = frozenset({"land", "settlement", "region"})
#: men of forces that each state has one of
NATIONAL_POLICE = word_class("national_police")
#: tokens behind a number in which the word for such men stands
NEAR = 4
#: people without arms, whose number together with soldiers is no side's
UNARMED = word_class("unarmed")
#: names for people of a faith, and measures that fighting groups have
FAITHS = word_class("faiths")
FOUGHT = frozenset({"killed", "wounded", "captured", "casualties", "personnel_strength"})
#: measures without a side, unless a nationality stands at counted people
SIDELESS = frozenset({"money", "vote", "share", "buildings_damaged", "crowd_size", "affected"})
#: verbs whose subject deals the losses that their object names
DEALING = word_class("dealing")
#: verbs of what only an enemy does, who tells it in the passive
TAKING = word_class("verbs_of_taking")
#: verbs by which both parties give and take
EXCHANGING = frozenset({"exchange", "swap", "trade"})
#: adjectives of guests
FOREIGN = word_class("foreign_forces")
#: fighters who may be anybody's, not those of the one group that an article names
ANYBODY = word_class("anybodys_fighters")


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
    """Return the side of one figure: actor names joined by ``+``; None where the sentence names none, NOBODY for no side.

    ``role`` is the cue's column ``side``, ``word`` the governing word, ``speaker`` the party of the figure's source.
    """
    noun, kind = counted.noun, counted.kind
    parties.speaker = speaker
    if kind in ("people", "troops", "captives", "equipment") and (owned := _of_own(parties, counted)):
        return owned
    if measure in SIDELESS and kind != "people":
        return None
    if word is not None and word.pos_ == "NOUN" and (noun is None or counted.elided) and word != noun:
        # "put rebel losses at 37"
        told = parties.of_noun(word, camps=True) if word.lemma_.lower() in ("loss", "casualty") else None
        if told:
            return told
    if noun is not None and kind in ("people", "troops", "equipment", "weapon", "formation") and _is_enemy(noun):
        own = speaker or parties.before(noun)
        if own and (rival := parties.opponent(own)):
            return rival
        if len(parties.ranked) == 1 and parties.ranked[0][0] != speaker:
            return parties.ranked[0][0]  # the only party named is the enemy of a speaker who is not of it
    if kind == "people":
        return _of_people(parties, counted, measure, role, word)
    if kind not in FORCE_KINDS or (kind in GROUND and not measure.startswith("territory")):
        return None
    if kind == "length":
        return of_length(parties, counted, measure) if measure in ("distance", "territory_gained") else None
    if noun is not None and any(c.lemma_.lower() in FOREIGN for c in noun.lefts) and not parties.of_noun(noun):
        return NOBODY  # "two foreign soldiers" are not the army's of the country
    if kind == "troops" and measure == "personnel_strength":
        if body := _organisation(parties, counted):
            return body
        if role != "counted" and word is not None and (sender := _sender(parties, counted, word)):
            return sender
        if role != "counted" and of_strangers(parties, counted):
            return NOBODY
    if noun is not None and (own := _of_force(parties, counted, noun, kind)) is not None:
        return own
    if kind == "captives" and measure == "other" and noun is not None and (both := _of_exchange(parties, noun)):
        return both
    if word is None:
        if kind == "attack" or (kind == "equipment" and measure == "other"):
            return None  # who counts or hears attacks did not carry them out
        verb = _verb_above(noun if noun is not None and not counted.elided else counted.root)
        doer = parties.subject(verb) if verb is not None and role == "subject_or_counted" else None
        return parties.opponent(doer) if doer and kind == "captives" and measure == "captured" else doer
    if role == "phrase":
        for obj in word.children:
            if obj.dep_ == "pobj" and (found := parties.resolve(obj)):
                return found
        return parties.subject(word)
    if role in ("subject", "subject_or_counted"):
        return parties.subject(word)
    if kind == "attack" and role != "owner":
        return None
    if kind == "captives" and measure != "captured":
        return None  # inmates and exchanged prisoners are whose the noun says
    lost = _of_loser(parties, word)
    if lost is None and kind == "captives" and speaker is not None:
        return parties.opponent(speaker)  # prisoners of whom only those speak who took them
    if counted.counted_class == "fighters" and lost is not None and lost not in parties.insurgent:
        lost = parties.rebels()  # they are no country's because another country is named
    if lost is None and measure == "weapons_intercepted" and speaker is not None:
        return parties.opponent(speaker)  # "11 drones were shot down, the ministry said": by those who say so
    return lost


def of_strangers(parties: Parties, counted: Counted) -> bool:
    """ "The Marnians have 12,000": the subject is a name, but no party that is known."""
    verb = counted.root.head if counted.noun is None or counted.elided else counted.noun.head
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None) if verb.pos_ in ("VERB", "AUX") else None
    if subject is None or subject in (counted.root, counted.noun):
        return False
    return (subject.pos_ == "PROPN" or subject.ent_type_ == "NORP") and parties.resolve(subject) is None


def _of_exchange(parties: Parties, noun: Token) -> str | None:
    """ "Ghana and Togo exchanged 84 prisoners": those of both."""
    verb = _verb_above(noun)
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None) if verb is not None else None
    if subject is None or verb is None or verb.lemma_.lower() not in EXCHANGING:
        return None
    sides = [own for one in (subject, *subject.conjuncts) if (own := parties.resolve(one))]
    return "+".join(dict.fromkeys(sides)) if len(set(sides)) > 1 else None


def _of_own(parties: Parties, counted: Counted) -> str | None:
    """ "Nine of their own": the party that the pronoun stands for."""
    for token in counted.root.doc[counted.root.i + 1 : counted.root.i + 4]:
        if token.lower_ == "own" and token.nbor(-1).tag_ == "PRP$" and token.nbor(-2).lower_ == "of":
            return parties.before(token.nbor(-1))
    return None


def _of_people(parties: Parties, counted: Counted, measure: str, role: str, word: Token | None) -> str | None:
    """People have a side by their nationality; recruits that of the army that takes them."""
    taken = measure in ("personnel_strength", "killed") and role == "subject"  # "recruited 90 men", "lost 27 men"
    if counted.counted_class == "police" and counted.noun is not None and not counted.elided:
        return _of_police(parties, counted, counted.noun, word)
    if counted.counted_class == "police":
        behind = counted.root.doc[counted.root.i + 1 : counted.root.i + 1 + NEAR]  # "three of them gendarmes"
        return parties.state() if any(t.lemma_.lower() in NATIONAL_POLICE for t in behind) else None
    if taken and word is not None and (found := parties.subject(word)):
        return found
    if ranks := _of_ranks(parties, counted):
        return ranks
    if counted.noun is not None and (own := parties.of_noun(counted.noun, counted.root, nations=True)):
        return own
    if measure in FOUGHT and (group := _members(counted)):
        return group
    if measure == "casualties" and word is not None:
        return parties.of_noun(word, nations=True) or parties.subject(word)
    if measure == "personnel_strength" and word is not None:
        return parties.subject(word)
    return None


def _of_police(parties: Parties, counted: Counted, noun: Token, word: Token | None) -> str | None:
    """ "Three gendarmes", "two border guards": men of a force that each state has one of; other police are a force's own."""
    if own := parties.of_noun(noun, counted.root, nations=True):
        return own
    sender = next((c for c in word.children if c.dep_ == "nsubj"), None) if word is not None else None
    if sender is not None and parties.nations().get(sender.i):
        return parties.at(sender)  # "Kenya sent 400 police officers"
    return parties.state() if noun.lemma_.lower() in NATIONAL_POLICE else None


def _members(counted: Counted) -> str | None:
    """The group whose members a name in the plural counts ("twelve Maoists"); no faith is a party."""
    noun = counted.noun
    if noun is None or counted.elided or noun.tag_ != "NNPS" or noun.lower_ in FAITHS:
        return None
    return noun.text if noun.lower_.endswith(MEMBERS) and noun.dep_ != "compound" else None


def _of_ranks(parties: Parties, counted: Counted) -> str | None:
    """ "Nine dead in their ranks", "12 wounded among its troops": the force whose ranks they are."""
    noun = counted.noun if counted.noun is not None and not counted.elided else counted.root
    behind = noun.doc[noun.i + 1 : noun.i + 2]  # the parser may hang the phrase on the verb
    for prep in (*noun.rights, *counted.root.rights, *behind):
        if prep.dep_ == "prep" and prep.lower_ in ("in", "among", "from", "on", "of"):
            for obj in prep.children:
                named = obj.lemma_.lower() in ARMIES or obj.lemma_.lower() in FORCES
                if (
                    obj.dep_ == "pobj"
                    and (named or (obj.lemma_.lower() in RANKS and prep.lower_ not in ("of", "from")))
                    and (found := parties.resolve(obj))
                ):
                    return found
    return None


def _is_enemy(noun: Token) -> bool:
    if noun.lemma_.lower() in ENEMY or any(c.lemma_.lower() in ENEMY for c in noun.lefts):
        return True
    return any(o.lemma_.lower() in ENEMY for c in noun.rights if c.lower_ == "of" for o in c.children)


def _of_force(parties: Parties, counted: Counted, noun: Token, kind: str | None) -> str | None:
    """The force that the noun phrase itself names."""
    if kind in ("weapon", "attack", "equipment", "land", "settlement", "region") and (done := parties.of_agent(noun)):
        return done
    if kind in ("weapon", "equipment") and any(c.dep_ == "acl" and _by_somebody(c) for c in noun.rights):
        return NOBODY  # "two bombs carried by girls"
    if kind in GROUND:
        return holder(parties, noun)
    if kind == "troops" and any(c.lemma_.lower() in UNARMED for c in _joined(noun)):
        return NOBODY  # "soldiers and civilians" are no one side's
    if own := parties.of_noun(noun, counted.root, camps=True):
        return _with_joined(parties, noun, own) if kind == "troops" else own
    if kind == "troops" and (body := _world_body(parties, noun)):
        return body
    if kind == "troops" and (group := _unlisted_group(parties, noun)):
        return group
    owner = next((c for c in noun.children if c.tag_ == "PRP$"), None)
    if owner is not None:
        return parties.before(owner)
    if kind == "troops" and counted.counted_class == "fighters" and parties.insurgent and not parties.at(noun):
        before = [t for c in noun.lefts for t in (c, *c.lefts)]
        people = any(t.ent_type_ == "NORP" and t.i not in parties.by_token for t in before)
        if people or noun.lemma_.lower() in ANYBODY:
            return NOBODY
        rebels = parties.rebels()
        return _with_joined(parties, noun, rebels) if rebels else None
    if kind == "troops" and (parties.open_role(noun) or (counted.counted_class == "soldiers" and parties.insurgent)):
        state = parties.state()
        return _with_joined(parties, noun, state) if state else None
    army = next((c for c in noun.lefts if c.lemma_.lower() in ARMIES and c.dep_ in ("compound", "poss")), None)
    return parties.state() if army is not None and parties.open_role(army) else None


def _by_somebody(verb: Token) -> bool:
    """True for a participle with who did it: "carried by girls", no "held by Monday"."""
    by = (c for c in verb.rights if c.dep_ == "agent")
    return any(o.dep_ == "pobj" and o.ent_type_ not in ("DATE", "TIME", "CARDINAL") for c in by for o in c.rights)


def _joined(noun: Token) -> list[Token]:
    """The nouns that share the number of a noun: "40 soldiers and rebels", not "40 soldiers and 12 rebels"."""
    return [c for c in noun.rights if c.dep_ == "conj" and not any(t.like_num for t in (c, *c.lefts))]


def _with_joined(parties: Parties, noun: Token, own: str) -> str:
    """ "Wagner fighters and Malian soldiers": the sides of all nouns that the number counts."""
    sides = [own]
    for other in _joined(noun):
        word = other.lemma_.lower()
        told = parties.of_noun(other, camps=True)
        if told is None and word in OF_REBELS:
            told = parties.rebels()
        elif (
            told is None and (word in ARMIES or word in ("policeman", "police", "officer")) and own in parties.insurgent
        ):
            told = parties.state()  # "Lebanese soldiers and police officers" are one side
        sides += told.split("+") if told else []
    return "+".join(dict.fromkeys(sides))


def _world_body(parties: Parties, noun: Token) -> str | None:
    """ "NATO troops", "UN peacekeepers": the alliance or world body whose name stands before its soldiers."""
    for child in noun.lefts:
        actor = parties.by_token.get(child.i)
        if actor is not None and actor.kind == "organisation" and actor.source_kind == "international_organisation":
            return actor.name
    return None


def _unlisted_group(parties: Parties, noun: Token) -> str | None:
    """The name before fighters whom no list of armed groups holds: "40 Ardun Front fighters"."""
    for child in noun.lefts:
        proper = child.pos_ == "PROPN" or (child.text.isupper() and len(child) > 1)
        named = child.dep_ in ("compound", "amod") and proper and child.ent_type_ in ("", "ORG", "PERSON")
        if named and child.i not in parties.by_token and child.i + 1 == noun.i:
            return str(noun.doc[child.left_edge.i : child.i + 1].text)
    return None


def _organisation(parties: Parties, counted: Counted) -> str | None:
    """The alliance or world body that has troops of no nation named: "NATO put 300,000 troops on alert"."""
    if counted.noun is not None and parties.of_noun(counted.noun, counted.root, nations=True):
        return None
    verb = _verb_above(counted.noun if counted.noun is not None and not counted.elided else counted.root)
    for child in verb.children if verb is not None else ():
        actor = parties.by_token.get(child.i) if child.dep_ == "nsubj" else None
        if actor is not None and actor.kind == "organisation" and actor.source_kind == "international_organisation":
            return actor.name
    return None


def _sender(parties: Parties, counted: Counted, word: Token) -> str | None:
    """ "Nigeria was preparing to fly in 300 soldiers": the country that sends, where the soldiers have no nation."""
    if counted.noun is None or parties.of_noun(counted.noun, counted.root, nations=True):
        return None
    verb = word if word.pos_ == "VERB" else _verb_above(word)
    while verb is not None:
        subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
        if subject is not None and subject.tag_ in ("WDT", "WP"):
            subject = verb.head if verb.dep_ == "relcl" else None  # "France, which has 1,500 soldiers there"
        if subject is not None:
            whose = any(c.tag_ == "WP$" for c in subject.lefts)
            actor = parties.by_token.get(subject.i)
            if actor is not None and actor.source_kind == "international_organisation":
                return actor.name
            return parties.resolve(subject) if whose or subject.i in parties.nations() else None
        verb = verb.head if verb.dep_ in ("xcomp", "pcomp", "conj", "relcl") and verb.head.pos_ == "VERB" else None
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
        own = parties.subject(verb) if verb is not None and verb != word.head.head else None
        if own or parties.speaker is None:
            return own
        if word.lemma_.lower() in TAKING:
            return parties.opponent(parties.speaker)  # "two tanks were captured, the rebels said"
        # "the army raised the number of vehicles lost": whoever owns up to a loss
        return parties.speaker if word.lemma_.lower() == "lose" else None
    doer = parties.subject(word)
    return parties.opponent(doer) if doer else None
