"""Nouns that tell an event, read by what hangs on them and by the light verb that carries them ("launched an attack on")."""

from __future__ import annotations

from spacy.tokens import Token

from analysis.components.event_candidates import (
    TARGET_PREPOSITIONS,
    Candidate,
    ancestors,
    in_class,
    kind_of,
    labour,
    object_of,
    targets_of,
)
from analysis.components.event_context import Context, coalition
from analysis.components.event_frames import noun_matches, realis_of, stopped
from analysis.components.event_grammar import grammar
from analysis.components.event_phrases import agent_of, prepositional
from analysis.components.event_verbs import VerbReader
from analysis.components.parties import resolve, subject_of

#: what hangs on an event's noun: by-phrases and "of" for nouns of motion name the actor
ACTOR_OF = frozenset({"MOBILIZE", "RETREAT", "PROTEST", "CONSULT", "AGREE", "COOPERATE"})
#: nouns whose possessor suffers ("the minister's arrest")
SUFFERED = frozenset({"COERCE"})
TIME_ANCHORS = frozenset({"after", "since", "before", "during", "following", "amid", "until", "prior", "despite"})
#: light verbs whose subject only tells of the act, or suffers it
REPORTING = grammar("reporting")
SUFFERING = grammar("suffering")
HUMAN = grammar("human")
#: those who bring others together are no party to the talks
MEDIATING = grammar("mediating")
STATE_KINDS = frozenset({"country", "organisation", "armed_group"})


def nominal(token: Token) -> bool:
    """True for a noun, also one that the tagger took for a verb although it is an object ("Chad and Sudan hold talks")."""
    return token.pos_ in ("NOUN", "PROPN") or (token.tag_ == "VBZ" and token.dep_ in ("dobj", "pobj"))


class Reader(VerbReader):
    """Reads verbs and nouns with one codebook."""

    def noun(self, token: Token, context: Context) -> Candidate | None:
        """The first row that the noun passes, with the parties around it."""
        if not nominal(token) or token.dep_ == "compound" or stopped(token, self.book):
            return None
        if token.i in context.by_token and context.by_token[token.i].form == "name":
            return None
        for trigger in noun_matches(token, self.book):
            candidate = Candidate(token, [token], trigger, None)
            light = self._light_verb(token)
            candidate.clause = light
            self._noun_parties(candidate, light, context)
            if self._noun_passes(candidate, light, context):
                return candidate
            if len(trigger.words) > 1:
                return None  # a hunger strike that tells nothing is no strike of arms
        return None

    def _light_verb(self, noun: Token) -> Token | None:
        candidates = []
        head = noun.head
        first = noun
        while first.dep_ == "conj" and first.head.pos_ in ("NOUN", "PROPN"):
            first = first.head
            head = first.head
        if head.pos_ in ("VERB", "AUX"):
            candidates.append(head)
        elif head.dep_ in ("prep", "agent"):
            above = head.head
            if above.pos_ == "NOUN" and above.head.pos_ == "VERB":
                above = above.head
            if above.pos_ == "VERB":
                candidates.append(above)
        candidates += [c for c in first.rights if c.dep_ in ("acl", "relcl") and c.pos_ == "VERB"]
        for verb in candidates:
            if noun in self._carried(verb):
                return verb
        return None

    def _noun_parties(self, c: Candidate, light: Token | None, context: Context) -> None:
        noun, code = c.token, c.code
        actors: list[str] = []
        targets: list[str] = []
        suffered = code in SUFFERED or c.trigger.row["id"] in ("assault_n_kill", "retreat_n_release")
        for child in noun.lefts:
            if child.dep_ not in ("poss", "amod", "compound", "nmod"):
                continue
            found = self._left(child, context)
            if not found and child.lemma_.lower() == "coalition" and (named := coalition(context)) is not None:
                found = [named]  # "coalition air strikes"
            actor = context.mention(child)
            if child.dep_ == "poss" and suffered and not _is_state(child, context):
                targets += found
            elif child.dep_ == "compound" and actor is not None and actor.form == "name" and code == "ASSAULT":
                acts = actor.kind in ("armed_group", "organisation") or noun.tag_ == "NNS"
                (actors if acts else targets).extend(found)
            else:
                actors += found
        if noun.dep_ == "pobj" and noun.head.lower_ == "on" and noun.head.head.pos_ == "AUX" and code == "PROTEST":
            subject, _ = subject_of(noun.head.head, context)  # "are on strike"
            actors += resolve(subject, context) if subject is not None else []
        for by in (agent_of(noun), *[agent_of(v) for v in noun.rights if v.dep_ in ("acl", "relcl")]):
            if by is not None:
                actors += resolve(by, context)
        if code == "ASSAULT" and not actors and (claimant := _claimed_by(noun, context)) is not None:
            actors += resolve(claimant, context)
        hosts = [noun]
        verb = noun.head if noun.dep_ in ("nsubj", "nsubjpass", "dobj") and noun.head.pos_ == "VERB" else None
        if light is not None:
            verb = light
            subject, passive = subject_of(light, context)
            told = light.lemma_.lower()
            told_by = told in REPORTING and told != "announce" and not prepositional(noun, "with")
            if subject is not None and subject != noun and not passive and not told_by:
                if light.lemma_.lower() in SUFFERING:
                    targets += resolve(subject, context)
                elif not actors:
                    actors += resolve(subject, context)
            if (by := agent_of(light)) is not None:
                actors += resolve(by, context)
        if verb is not None and (noun.dep_ in ("nsubj", "nsubjpass") or light is not None):
            hosts.append(verb)
        both: list[str] = []
        for host in hosts:
            for between in prepositional(host, "between", "among", "involving"):
                both += resolve(between, context)
        if len(both) > 1 or (both and not actors):
            actors, targets = both, []
        of = [n for n in prepositional(noun, "of", "from") if n.dep_ == "pobj"]
        for patient in of:
            found = resolve(patient, context) or (targets_of(patient, context, code) if code == "ASSAULT" else [])
            if code in ACTOR_OF or c.trigger.row["id"] in ("assault_n_operation",):
                hosted = len(found) > 1 and light is not None and light.lemma_.lower() in MEDIATING
                actors = found if hosted else actors or found
            else:
                targets += found
        for host in hosts:
            names = tuple(p for p in TARGET_PREPOSITIONS[code] if p not in ("of", "from"))
            for patient in prepositional(host, *names, "targeting", "for" if code in ("AID", "REQUEST") else "against"):
                targets += targets_of(patient, context, code)
        for verb_below in (
            v for v in noun.rights if v.dep_ in ("acl", "relcl") and v.lemma_ in ("target", "hit", "kill")
        ):
            dobj = object_of(verb_below)
            if dobj is not None:
                targets += targets_of(dobj, context, code)
        if code == "CONSULT" and targets and not actors:
            actors = self._meets(noun, targets, context)
        c.actors = list(dict.fromkeys(actors))
        c.targets = [t for t in dict.fromkeys(targets) if t not in c.actors]

    @staticmethod
    def _meets(noun: Token, targets: list[str], context: Context) -> list[str]:
        """Who held the talks with somebody: the subject of the clause around ("After talks with Chad, Niger withdrew")."""
        for verb in [t for t in ancestors(noun) if t.pos_ in ("VERB", "AUX")]:
            subject, passive = subject_of(verb, context)
            if subject is None or passive or noun in subject.subtree:
                continue
            return [name for name in resolve(subject, context) if name not in targets]
        return []

    def _left(self, child: Token, context: Context) -> list[str]:
        """Parties that a modifier before the noun names, with those joined to it by "and", a comma or a hyphen."""
        actor = context.mention(child)
        if child.dep_ == "poss" or actor is None:
            if child.dep_ == "poss":
                return resolve(child, context)
            found: list[str] = []
            for inner in child.lefts:
                if context.mention(inner) is not None and inner.dep_ in (
                    "amod",
                    "compound",
                    "nmod",
                    "punct",
                    "npadvmod",
                ):
                    found += _plain(inner, context)
            return found if context.doc[child.i - 1].text in ("-", "–") or child.dep_ == "compound" else []
        found = _plain(child, context)
        i = child.i + 1
        doc = context.doc
        if i + 1 < len(doc) and doc[i].text in ("-", "–", "/") and doc[i + 1].tag_ in ("VBN", "VBD", "JJ"):
            return []
        for other in child.conjuncts:
            found += _plain(other, context)
        for inner in child.lefts:
            if context.mention(inner) is not None:
                found = _plain(inner, context) + found
        return list(dict.fromkeys(found))

    def _noun_passes(self, c: Candidate, light: Token | None, context: Context) -> bool:
        noun, needs, row = c.token, c.trigger.needs, c.trigger.row
        words = self.book.words
        lemma_below = {t.lemma_.lower() for t in noun.subtree if t != noun}
        if row["object"] and not in_class(
            [n for n in prepositional(noun, "of", "from")] + [k for k in noun.lefts if k.dep_ == "compound"],
            words[row["object"]],
        ):
            return False
        known = bool(c.actors or c.targets)
        foes = prepositional(noun, "against", "for")
        if (
            row["id"] == "assault_n_fight"
            and foes
            and not any(resolve(n, context) or n.i in context.places for n in foes)
        ):
            return False  # the battle against inflation
        of = prepositional(noun, "of")
        of += [n for count in of if count.pos_ == "NUM" for n in prepositional(count, "of")]
        of += [k for k in noun.lefts if k.dep_ in ("compound", "poss")]
        checks = {
            "party": known,
            "party_noun": known,
            "strong": known or light is not None,
            "labour": "labour" in needs and labour(noun, self.book, context),
            "military_noun": known
            and bool(
                {t.lower_ for t in noun.lefts} & {"military", "ground", "air", "naval", "special", "combat", "rescue"}
            )
            or any(kind_of(t, context) == "military" for t in [*noun.lefts, *of])
            or (light is not None and known and any(t.i in context.places for t in noun.subtree)),
            "forces_noun": in_class(of, words["forces"]) or any(kind_of(t, context) == "military" for t in of),
            "captive_noun": any(context.mention(t) is not None for t in of)
            or in_class(of, words["captive"])
            or in_class(of, HUMAN),
            "aid_noun": in_class(of, words["aid"] | words["arms"])
            or any(w in lemma_below for w in ("aid", "arms", "weapon")),
            "engagement": bool(
                {t.lower_ for t in noun.lefts} & {"military", "limited", "naval", "armed", "first", "tense"}
            )
            or bool(prepositional(noun, "between"))
            or any(k in lemma_below for k in ("fire", "force", "troop", "soldier")),
            "carried": light is not None or noun.dep_ in ("nsubj", "nsubjpass"),
            "agreement_noun": noun.dep_ in ("nsubj", "nsubjpass")
            and noun.head.lemma_
            in ("come", "take", "begin", "hold", "sign", "reach", "be", "go", "enter", "start", "last")
            and (known or noun.lemma_ in ("ceasefire", "cease", "truce", "fire"))
            or light is not None
            and known,
        }
        return all(checks.get(need, True) for need in needs) and self._told(c, light, context)

    def _told(self, c: Candidate, light: Token | None, context: Context) -> bool:
        """True where the sentence tells something of the event: parties, a place, a number, a verb that carries it."""
        noun = c.token
        lefts = [t for t in noun.lefts if t.dep_ not in ("det", "punct", "predet")]
        head = noun.head
        prior = head.lower_ == "to" and head.head.lower_ == "prior"
        anchor = head.dep_ in ("prep", "mark") and (head.lower_ in TIME_ANCHORS or prior)
        counted = any(t.dep_ == "nummod" and t.ent_type_ != "DATE" for t in lefts)
        if anchor and not c.actors and not counted:
            return False
        if light is not None or c.actors or c.targets:
            return True
        if any(t.i in context.places for t in noun.subtree):
            return True
        if c.code != "ASSAULT" and c.code not in ("CONSULT", "PROTEST", "COERCE", "AGREE"):
            return False
        determined = any(t.lower_ in ("the", "this", "that") for t in noun.lefts)
        verbal = ("VERB", "AUX") if c.trigger.row["id"] == "assault_n_fight" else ("VERB",)
        carried = noun.dep_ in ("nsubj", "nsubjpass") and head.pos_ in verbal
        if carried:
            return True
        if noun.tag_ == "NNS":
            return bool(lefts) or not determined
        return bool(lefts) and c.code == "ASSAULT"


def _plain(token: Token, context: Context) -> list[str]:
    actor = context.mention(token)
    if actor is None or actor.kind == "media":
        return []
    if actor.kind == "group" or actor.form == "role":
        return resolve(token, context)
    return (actor.party or actor.name).split("+")


def _claimed_by(noun: Token, context: Context) -> Token | None:
    """Who claims an attack, or responsibility for it."""
    claimed = noun
    if noun.dep_ == "pobj" and noun.head.lower_ == "for":
        claimed = noun.head.head if noun.head.head.lemma_.lower() == "responsibility" else claimed
        claimed = claimed if claimed is not noun or noun.head.head.lemma_ != "claim" else noun.head
    verb = claimed.head
    if verb.lemma_ != "claim" or claimed.dep_ not in ("dobj", "prep") or realis_of(verb)[1]:
        return None
    subject, passive = subject_of(verb, context)
    return None if passive else subject


def _is_state(token: Token, context: Context) -> bool:
    actor = context.mention(token)
    return actor is not None and (actor.kind in STATE_KINDS or actor.source_kind in ("military", "government"))
