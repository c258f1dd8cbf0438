"""Verbs that tell an event, read by the frame of their codebook row: who does it to whom."""

from __future__ import annotations

from spacy.tokens import Token

from analysis.components.event_candidates import (
    TARGET_PREPOSITIONS,
    Candidate,
    clause_verb,
    in_class,
    is_official,
    kind_of,
    labour,
    meant,
    object_of,
    object_words,
    refused,
    targets_of,
    words_below,
)
from analysis.components.event_context import Context
from analysis.components.event_frames import EventBook, noun_matches, silent, stopped, verb_matches
from analysis.components.event_grammar import grammar
from analysis.components.event_phrases import agent_of, prepositional
from analysis.components.parties import guessed_party, resolve, subject_of, unnamed_sides

HARM = frozenset({"ASSAULT", "COERCE", "SANCTION"})
THREAT_WORDS = grammar("threat_words")
#: in the simple present these tell a state
STATES_IN_PRESENT = frozenset({"occupy", "surround", "hold", "oppose", "control", "secure"})
#: "rebels backed by Chad": a relation, no act
STATIVE_PARTICIPLE = frozenset({"SUPPORT", "COOPERATE"})
HELPING = frozenset({"help", "assist", "support", "aid", "defend", "join", "protect"})
SPEAKER_HIMSELF = frozenset({"it", "they", "he", "we", "she", "i"})
#: what people do who are no troops
HELD = frozenset({"COERCE", "RETREAT"})
UNNAMED = frozenset({"others", "dozens", "hundreds", "thousands", "scores"})
GOING = frozenset({"flee", "leave", "arrive"})
COUNTS = frozenset({"hundred", "thousand", "dozen", "score", "ten", "number", "million"})
#: "armed with machetes": equipment, no act
STATE_PARTICIPLES = frozenset({"arm", "equip", "train", "fund", "supply"})
#: words before an "it" in which the fire or flood stands that it means
NEAR = 60
#: sorts of acts that are a movement: people who flee and travel do them too
MOVING = frozenset({"operation", "ground"})
TRAVELLERS = frozenset(
    {"people", "person", "family", "resident", "child", "woman", "passenger", "refugee", "migrant", "traveller"}
    | {"villager", "tourist", "driver", "motorist", "commuter", "thousand", "hundred"}
)
#: kinds of bodies that bear no arms
PEACEFUL = frozenset({"international_organisation", "think_tank", "other", "ngo", "media", "company", "research"})
#: bodies of states that send forces of their own
ALLIANCES = frozenset(
    {"NATO", "African Union", "ECOWAS", "SADC", "CSTO", "Coalition", "G5 Sahel", "East African Community"}
)
DEAD = frozenset({"dead", "fallen", "wounded", "injured", "killed", "slain"})
ADDRESSED = frozenset({"you", "yourself"})
HUMAN = grammar("human")
NATURAL = grammar("natural")


def _no_attack(c: Candidate, actor: Token | None, patient: Token | None, context: Context) -> bool:
    """True for what nature does, what is done to it ("battling flames"), and what those do who bear no arms."""
    if any(noun is not None and noun.lemma_.lower() in NATURAL for noun in (actor, patient)):
        return True
    if actor is not None and actor.lower_ in ("it", "which", "they") and _of_nature(actor):
        return True
    if actor is not None and c.trigger.row["kin"] in MOVING:
        mention = context.mention(actor)
        if mention is None and actor.lemma_.lower() in TRAVELLERS:
            return True  # "9,400 people had crossed the river"
    return bool(c.actors) and set(c.actors) <= peaceful(context)


def peaceful(context: Context) -> set[str]:
    """Names of the article's bodies that bear no arms."""
    bodies = (a for a in context.doc._.actors or [] if a.kind == "organisation" and a.source_kind in PEACEFUL)
    return {a.name for a in bodies} - ALLIANCES


def _of_nature(pronoun: Token) -> bool:
    """True where a pronoun stands for a fire or flood: the last subject or object before it is one."""
    doc, told = pronoun.doc, 0
    for i in range(pronoun.i - 1, max(pronoun.i - NEAR, -1), -1):
        if doc[i].dep_ in ("nsubj", "nsubjpass", "dobj") and doc[i].pos_ in ("NOUN", "PROPN"):
            told += 1
            if doc[i].lemma_.lower() in NATURAL:
                return True
            if told == 2:
                return False
    return False


def _people(noun: Token) -> list[str]:
    """People by the text's own plural ("schoolgirls"), where they have no other name."""
    if noun.pos_ == "NUM" or noun.lemma_.lower() in COUNTS:
        noun = next(iter(prepositional(noun, "of")), noun)
    return [noun.lower_] if noun.tag_ == "NNS" and noun.lemma_.lower() in HUMAN and noun.lower_ not in UNNAMED else []


class VerbReader:
    """Reads verbs with one codebook."""

    def __init__(self, book: EventBook) -> None:
        self.book = book

    def light_noun(self, verb: Token) -> Token | None:
        """The event's noun that a light verb carries, if it does."""
        for noun in self._carried(verb):
            if any(True for _ in noun_matches(noun, self.book)) and not stopped(noun, self.book):
                return noun
        return None

    def _carried(self, verb: Token) -> list[Token]:
        if any(c.dep_ == "oprd" for c in verb.rights):
            return []  # "calls the attack a crime"
        lemma = verb.lemma_.lower()
        particles = {c.lower_ for c in verb.children if c.dep_ in ("prt", "prep", "dobj")}
        phrases = [p for p in self.book.light if p.split()[0] == lemma]
        ok = [p for p in phrases if all(w in particles or w in words_below(verb) for w in p.split()[1:])]
        if not ok:
            return []
        found = [c for c in verb.children if c.dep_ in ("dobj", "nsubjpass")]
        if any(len(p.split()) > 1 for p in ok):
            for child in verb.children:
                if child.dep_ in ("prep", "agent") and any(child.lower_ in p.split() for p in ok):
                    found += [n for n in child.children if n.dep_ == "pobj"]
                for grand in child.children:
                    if child.dep_ == "dobj" and grand.dep_ == "prep":
                        found += [n for n in grand.children if n.dep_ == "pobj"]
        if verb.dep_ == "acl" and verb.head.pos_ == "NOUN":
            found.append(verb.head)
        if verb.dep_ == "relcl" and any(c.dep_ == "dobj" and c.tag_ in ("WDT", "WP") for c in verb.lefts):
            found.append(verb.head)
        return [n for noun in found for n in (noun, *noun.conjuncts)]

    def verb(self, token: Token, context: Context) -> Candidate | None:
        """The first row that the verb passes, read by its frame."""
        if token.dep_ in ("amod", "compound", "aux", "auxpass") or stopped(token, self.book):
            return None
        if self.light_noun(token) is not None:
            return None
        for trigger, rest in verb_matches(token, self.book):
            candidate = Candidate(token, [token, *rest], trigger, token)
            if self._reads(candidate, context):
                return candidate
        return None

    def _reads(self, c: Candidate, context: Context) -> bool:
        verb, needs, row = c.token, c.trigger.needs, c.trigger.row
        subject, passive = subject_of(verb, context)
        agent = agent_of(verb)
        dobj = object_of(verb)
        if any(w.dep_ == "dobj" for w in c.words[1:]):
            dobj = None
        patient = meant(subject if passive else dobj)
        if row["object"]:
            pool = object_words(patient)
            if not pool or (passive is False and dobj is None):
                pool += [n for p in verb.children if p.dep_ == "prep" for n in p.children if n.dep_ == "pobj"]
            pool += [n for p in c.words[1:] if p.dep_ == "prep" for n in p.children if n.dep_ == "pobj"]
            if row["frame"] == "receiver":
                pool += prepositional(verb, "with")
            if dobj is None and not passive and subject is not None:
                pool = [*pool, subject]  # headlines: "Truce agreed near the dam"
            pool = [noun for noun in pool if not stopped(noun, self.book, 2)]  # "held a press conference"
            if not in_class(pool, self.book.words[row["object"]]):
                return False
            c.consumed = pool
        self._frame(c, context, subject, passive, agent, dobj)
        actor_token = agent if passive else subject
        struck_by = meant(actor_token)
        if c.code == "ASSAULT" and _no_attack(c, struck_by, meant(subject if passive else dobj), context):
            return False
        if c.code == "MOBILIZE" and patient is not None and any(w.lower_ in DEAD for w in patient.lefts):
            return False  # "dead soldiers were brought in"
        if c.code == "REQUEST" and any(t is not None and t.lower_ in ADDRESSED for t in (actor_token, patient)):
            return False  # "if you ask", "asks you not to shout"
        if any(k.dep_ == "oprd" for k in verb.rights) and verb.lemma_ == "call":
            return False  # "calls the attack a crime"
        if verb.lemma_ in STATES_IN_PRESENT and verb.tag_ in ("VBZ", "VBP"):
            return False
        if verb.dep_ == "acl" and verb.tag_ == "VBN" and c.code in STATIVE_PARTICIPLE:
            return False
        if verb.dep_ == "acl" and verb.tag_ == "VBG" and prepositional(verb, "for", "alongside"):
            return False  # "units fighting for Russia": who they are
        if verb.lemma_ in STATE_PARTICIPLES and verb.dep_ in ("acl", "advcl") and verb.tag_ == "VBN":
            return False
        if c.code in ("REJECT", "REQUEST") and silent(verb):
            return False
        return self._passes(c, context, needs, actor_token, patient, passive)

    def _frame(
        self,
        c: Candidate,
        context: Context,
        subject: Token | None,
        passive: bool,
        agent: Token | None,
        dobj: Token | None,
    ) -> None:
        verb, row = c.token, c.trigger.row
        frame, code = row["frame"], row["code"]
        doer = agent if passive else subject
        actors = resolve(doer, context) if doer is not None else []
        if not actors and verb.dep_ == "acl" and verb.tag_ == "VBG" and verb.head.dep_ in ("dobj", "pobj"):
            issuer, _ = subject_of(clause_verb(verb.head), context)  # "issued a statement denouncing"
            actors = resolve(issuer, context) if issuer is not None else []
        prepositions = TARGET_PREPOSITIONS[code]
        heads = [verb, *[w for w in c.words[1:] if w.pos_ in ("NOUN", "ADP", "ADV")]]
        if frame == "loser":
            c.targets = resolve(subject, context) if subject is not None else []
            for noun in (n for h in heads for n in prepositional(h, "to", "from", "by", "of")):
                c.actors += resolve(noun, context)
            return
        targets: list[str] = []
        object_names_target = row["object"] not in (
            "weapon",
            "forces",
            "crowdcontrol",
            "aid",
            "arms",
            "sanction",
            "truce",
        )
        if frame in ("agent", "mutual") and (passive or dobj is not None) and object_names_target:
            patient = subject if passive else dobj
            targets = targets_of(patient, context, code) if patient is not None else []
        if frame == "receiver":
            for child in verb.children:
                if child.dep_ == "dative":
                    noun = next((n for n in child.children if n.dep_ == "pobj"), child)
                    targets += resolve(noun, context)
            given_with = bool(row["object"]) and prepositional(verb, "with")
            if not targets and dobj is not None and given_with:
                targets = resolve(dobj, context)
            for clause in (k for k in verb.subtree if "help" in c.trigger.needs and k.lemma_ in HELPING and k != verb):
                helped = object_of(clause)
                targets = targets or (resolve(helped, context) if helped is not None else [])
            if not targets and (not row["object"] or dobj is None) and (dobj is not None or passive):
                patient = subject if passive else dobj
                targets = resolve(patient, context) if patient is not None and not row["object"] else []
        if frame == "mover":
            targets = []
            if not actors and subject is not None:
                actors = resolve(subject, context)
            if not actors and dobj is not None:
                actors = resolve(dobj, context)
        if frame == "mutual":
            hosts = [verb, *(t for t in (subject, dobj) if t is not None)]  # "a truce between Chad and Niger began"
            both = [n for host in hosts for p in prepositional(host, "between") for n in resolve(p, context)]
            if len(set(both)) > 1:
                c.actors, c.targets = list(dict.fromkeys(both)), []
                return
        told = bool(targets)
        targets = [t for t in targets if t not in actors]
        if not (targets or (told and code == "ACCUSE")) or frame == "mutual":
            extra = prepositional(verb, *prepositions) if frame != "mutual" else prepositional(verb, "with", "against")
            nouns = list(extra)
            nouns += [n for h in heads[1:] for n in prepositional(h, *prepositions) if n not in extra]
            if dobj is not None and not targets and frame != "mover":
                beside = ("with",) if code == "CONSULT" else prepositions  # "discussed the war in Sudan": a topic
                nouns += [n for o in object_words(dobj) for n in prepositional(o, *beside)]
            nouns += [w for w in c.words[1:] if w.dep_ == "dobj" and frame == "agent"]
            nouns += [
                n
                for w in c.words[1:]
                if w.dep_ == "prep"
                for n in w.children
                if n.dep_ == "pobj" and n not in nouns and context.mention(n) is not None
            ]
            nouns += [o for w in c.words[1:] if w.pos_ == "VERB" and (o := object_of(w)) is not None]
            for noun in nouns:
                found = [name for name in targets_of(noun, context, code) if name not in actors]
                if found:
                    targets = list(dict.fromkeys(targets + found))
                    break
        if (
            not targets
            and code in HELD
            and frame == "agent"
            and (patient := meant(subject if passive else dobj)) is not None
        ):
            targets = _people(patient)
        c.actors = actors
        c.targets = [t for t in targets if t not in actors]

    def _passes(
        self,
        c: Candidate,
        context: Context,
        needs: frozenset[str],
        actor: Token | None,
        patient: Token | None,
        passive: bool,
    ) -> bool:
        verb = c.token
        known = bool(c.actors or c.targets)
        kind = kind_of(actor, context)
        names = {a.name: a for a in context.doc._.actors or []}
        own = any(n in names and names[n].kind == "group" for n in c.actors) or kind == "group"
        if actor is not None and (mention := context.mention(actor)) is not None:
            own = own or (mention.form == "demonym" and actor.tag_ in ("NNS", "NNPS"))
            untold = mention.form == "role" and mention.party == mention.name
            own = own or (untold and mention.source_kind not in ("government", "military"))
            own = own or (guessed_party(mention) and actor.i == actor.sent.start and actor.tag_ in ("NNS", "NNPS"))
        military = kind in ("military", "armed_group", "country")
        if verb.lemma_ in GOING and own:
            military = False  # "27,000 Burundians have fled"
        if passive and actor is None:
            military = kind_of(patient, context) == "military"
        if patient is not None and (patient.lemma_.lower() in COUNTS or patient.pos_ == "NUM"):
            patient = next(iter(prepositional(patient, "of")), patient)
        human = (
            patient is not None
            and patient.ent_type_ not in ("MONEY", "PERCENT")
            and (
                context.mention(patient) is not None
                or patient.lemma_.lower() in HUMAN
                or patient.pos_ in ("PRON", "NUM")
                or (patient.pos_ == "PROPN" and patient.i not in context.places)
            )
        )
        military_subject = kind == "military"
        said_by = context.mention(actor) if actor is not None else None
        armed = kind in ("military", "armed_group") or (said_by is not None and said_by.source_kind == "military")
        checks = {
            "party": known or unnamed_sides(actor) or (c.code == "ASSAULT" and self._armed(actor, patient)),
            "military": military and bool(c.actors or passive),
            "armed": armed,
            "own": own and not armed,
            "state": bool(c.actors) and not own,
            "official": kind in ("person", "role", "country", "organisation"),
            "police": kind in ("role", "military", "organisation") or (actor is not None and actor.lemma_ == "police"),
            "target": bool(c.targets),
            "result": (bool(c.actors) and (actor is not None if passive else patient is not None))
            or (passive and actor is not None and in_class(object_words(actor), self.book.words["weapon"])),
            "human_object": human,
            "human_subject": kind in ("person", "role", "group", "organisation"),
            "territory_object": patient is not None
            and (patient.i in context.places or in_class(object_words(patient), self.book.words["territory"])),
            "to_clause": any(
                k.dep_ in ("xcomp", "ccomp", "advcl")
                and any(a.lower_ in ("to", "be", "should", "must") for a in k.lefts)
                for k in verb.rights
            ),
            "active": not passive,
            "actor": bool(c.actors),
            "refused": refused(verb),
            "no_object": patient is None,
            "labour": "labour" in needs and labour(verb, self.book, context),
            "to_fight": any(
                k.dep_ in ("advcl", "xcomp") and k.lemma_ in ("fight", "defend", "battle") for k in verb.rights
            ),
            "spoken": verb.tag_ != "VBG"
            or any(k.dep_ in ("xcomp", "ccomp") for k in verb.rights)
            or any(k.dep_ == "prep" and k.lower_ in ("with", "of") for k in verb.rights)
            or any(a.dep_ == "aux" and a.lemma_ == "be" for a in verb.lefts)
            and bool(c.targets),
            "civil": not military_subject and verb.dep_ not in ("acl", "pcomp", "relcl") and kind != "group",
            "thing_object": patient is None or not is_official(patient, context),
            "no_clause": not any(k.dep_ == "ccomp" for k in verb.rights),
            "troops": kind == "military" or in_class([actor] if actor is not None else [], self.book.words["forces"]),
            "threat": self._threatens(c),
            "help": any(k.dep_ in ("xcomp", "advcl", "acl") and k.lemma_ in HELPING for k in verb.rights),
        }
        return all(checks.get(need, True) for need in needs)

    def _armed(self, *nouns: Token | None) -> bool:
        """True where a weapon strikes or is struck: an attack, whoever made it ("a drone hit a market")."""
        return any(in_class(object_words(noun), self.book.words["weapon"]) for noun in nouns if noun is not None)

    def _threatens(self, c: Candidate) -> bool:
        """True where the speaker says that he himself would do harm, or names force or retaliation."""
        verb = c.token
        if any(noun.lemma_.lower() in THREAT_WORDS for noun in prepositional(verb, "of", "with", "about")):
            return True
        for clause in (k for k in verb.rights if k.dep_ in ("xcomp", "ccomp")):
            own = [s for s in clause.children if s.dep_ in ("nsubj", "nsubjpass", "expl")]
            if any(s.lower_ not in SPEAKER_HIMSELF or s.dep_ == "expl" for s in own):
                continue
            if any(t.row["code"] in HARM for t in self.book.verbs.get(clause.lemma_.lower(), ())[:1]):
                return True
            if any(t.lemma_.lower() in THREAT_WORDS for t in clause.subtree):
                return True
        return False
