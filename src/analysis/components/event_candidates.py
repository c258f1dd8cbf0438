"""Candidates for events in one sentence: triggers that pass their conditions, with who did what to whom.

A verb is read by its row's frame, a noun by what hangs on it and on the light verb that carries it ("launched an attack
on"). ``settle`` then drops what is no event of its own: the result of an act told beside it, the noun under a request,
the infinitive under a refusal.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Span, Token

from analysis.components.event_frames import (
    EventBook,
    Trigger,
    noun_matches,
    noun_realis,
    realis_of,
    silent,
    stopped,
    verb_matches,
)
from analysis.components.parties import Context, agent_of, prepositional, resolve, subject_of

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
#: what hangs on an event's noun: by-phrases and "of" for nouns of motion name the actor
ACTOR_OF = frozenset({"MOBILIZE", "RETREAT", "PROTEST", "CONSULT", "AGREE", "COOPERATE"})
#: nouns whose possessor suffers ("the minister's arrest")
SUFFERED = frozenset({"COERCE"})
#: types whose object or infinitive tells what is wanted or refused, not what happened
UNREALISED_BELOW = frozenset({"REQUEST", "AGREE", "THREATEN", "REJECT", "CONCEDE"})
NOUNS_SWALLOWED_BY = frozenset({"REQUEST", "AGREE", "THREATEN", "CONCEDE", "SANCTION", "RETREAT"})
#: nouns that are only refused ("rejected a call for talks"); a denied attack stays an attack
NOUNS_REFUSED = frozenset({"REQUEST", "CONSULT", "AGREE", "CONCEDE", "AID", "COOPERATE", "SUPPORT"})
TIME_ANCHORS = frozenset({"after", "since", "before", "during", "following", "amid", "until", "prior", "despite"})
HARM = frozenset({"ASSAULT", "COERCE", "SANCTION"})
THREAT_WORDS = frozenset(
    [
        "retaliation",
        "mean",
        "consequence",
        "force",
        "war",
        "revenge",
        "action",
        "strike",
        "attack",
        "response",
        "reprisal",
        "retaliate",
        "respond",
        "avenge",
        "bomb",
        "destroy",
        "attack",
        "punish",
        "invade",
        "annihilate",
        "means",
    ]
)
#: in the simple present these tell a state
STATES_IN_PRESENT = frozenset({"occupy", "surround", "hold", "oppose", "control", "secure"})
#: "rebels backed by Chad": a relation, no act
STATIVE_PARTICIPLE = frozenset({"SUPPORT", "COOPERATE"})
RESULT_NOUNS = frozenset({"assault_n_destroy", "assault_n_kill", "assault_n_torture"})
HELPING = frozenset({"help", "assist", "support", "aid", "defend", "join", "protect"})
SPEAKER_HIMSELF = frozenset({"it", "they", "he", "we", "she", "i"})
COUNTS = frozenset({"hundred", "thousand", "dozen", "score", "ten", "number", "million"})
#: "armed with machetes": equipment, no act
STATE_PARTICIPLES = frozenset({"arm", "equip", "train", "fund", "supply"})
#: nouns that only hold what stands before them ("arms shipment", "curfew order")
CONTAINERS = frozenset({"package", "shipment", "system", "order", "delivery", "supply", "regime"})
STATE_KINDS = frozenset({"country", "organisation", "armed_group"})
HUMAN = frozenset(
    [
        "people",
        "man",
        "woman",
        "person",
        "child",
        "boy",
        "girl",
        "citizen",
        "national",
        "victim",
        "leader",
        "member",
        "worker",
        "official",
        "activist",
        "lawyer",
        "priest",
        "monk",
        "editor",
        "writer",
        "blogger",
        "candidate",
        "politician",
        "suspect",
        "other",
        "dozen",
        "hundred",
        "thousand",
        "score",
    ]
)


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


def _kind(token: Token | None, context: Context) -> str:
    """What sort of actor a noun is: a mention's kind, ``soldier``-like roles as ``military``, else empty."""
    if token is None:
        return ""
    actor = context.mention(token)
    if actor is None:
        return ""
    if actor.form == "role" and actor.source_kind == "military":
        return "military"
    return actor.kind


def _object(verb: Token) -> Token | None:
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


def _object_words(token: Token | None) -> list[Token]:
    """An object with what may stand for it: coordinated nouns and the noun behind "of"."""
    if token is None:
        return []
    words = [token, *token.conjuncts]
    for noun in list(words):
        for prep in noun.children:
            if prep.dep_ == "prep" and prep.lower_ == "of":
                words += [n for n in prep.children if n.dep_ == "pobj"]
    return words


def _in_class(tokens: list[Token], words: frozenset[str]) -> bool:
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
    for above in _ancestors(token):
        if above.pos_ in ("VERB", "AUX"):
            return above
    return token


class Reader:
    """Reads candidates off a sentence with one codebook."""

    def __init__(self, book: EventBook) -> None:
        self.book = book

    # -- verbs ---------------------------------------------------------------------------------------------------

    def light_noun(self, verb: Token) -> Token | None:
        """The event's noun that a light verb carries, if it does."""
        for noun in self._carried(verb):
            if any(True for _ in noun_matches(noun, self.book)) and not stopped(noun, self.book):
                return noun
        return None

    def _carried(self, verb: Token) -> list[Token]:
        lemma = verb.lemma_.lower()
        particles = {c.lower_ for c in verb.children if c.dep_ in ("prt", "prep", "dobj")}
        phrases = [p for p in self.book.light if p.split()[0] == lemma]
        ok = [p for p in phrases if all(w in particles or w in _below(verb) for w in p.split()[1:])]
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
        dobj = _object(verb)
        if any(w.dep_ == "dobj" for w in c.words[1:]):
            dobj = None
        patient = subject if passive else dobj
        if row["object"]:
            pool = _object_words(patient)
            if not pool or (passive is False and dobj is None):
                pool += [n for p in verb.children if p.dep_ == "prep" for n in p.children if n.dep_ == "pobj"]
            if row["frame"] == "receiver":
                pool += prepositional(verb, "with")
            if dobj is None and not passive and subject is not None and not pool:
                pool = [subject]  # headlines: "Truce agreed near the dam"
            if not _in_class(pool, self.book.words[row["object"]]):
                return False
            c.consumed = pool
        self._frame(c, context, subject, passive, agent, dobj)
        actor_token = agent if passive else subject
        if verb.lemma_ in STATES_IN_PRESENT and verb.tag_ in ("VBZ", "VBP"):
            return False
        if verb.dep_ == "acl" and verb.tag_ == "VBN" and c.code in STATIVE_PARTICIPLE:
            return False
        if verb.lemma_ in STATE_PARTICIPLES and verb.dep_ in ("acl", "advcl") and verb.tag_ == "VBN":
            return False
        if c.code == "REJECT" and silent(verb):
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
            targets = self._targets(patient, context, code) if patient is not None else []
        if frame == "receiver":
            for child in verb.children:
                if child.dep_ == "dative":
                    noun = next((n for n in child.children if n.dep_ == "pobj"), child)
                    targets += resolve(noun, context)
            given_with = bool(row["object"]) and prepositional(verb, "with")
            if not targets and dobj is not None and given_with:
                targets = resolve(dobj, context)
            for clause in (k for k in verb.subtree if "help" in c.trigger.needs and k.lemma_ in HELPING and k != verb):
                helped = _object(clause)
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
        if (
            frame == "mutual"
            and len(both := [n for p in prepositional(verb, "between") for n in resolve(p, context)]) > 1
        ):
            c.actors, c.targets = both, []
            return
        if not targets or frame == "mutual":
            extra = prepositional(verb, *prepositions) if frame != "mutual" else prepositional(verb, "with", "against")
            nouns = list(extra)
            nouns += [n for h in heads[1:] for n in prepositional(h, *prepositions) if n not in extra]
            if dobj is not None and not targets and frame != "mover":
                nouns += prepositional(dobj, *prepositions)
            nouns += [w for w in c.words[1:] if w.dep_ == "dobj" and frame == "agent"]
            for noun in nouns:
                found = [name for name in self._targets(noun, context, code) if name not in actors]
                if found:
                    targets = list(dict.fromkeys(targets + found))
                    break
        c.actors = actors
        c.targets = [t for t in targets if t not in actors]

    def _targets(self, noun: Token, context: Context, code: str) -> list[str]:
        found = resolve(noun, context)
        if found or code not in ("ASSAULT", "SANCTION", "COERCE"):
            return found
        place = context.places.get(noun.i)
        if place is not None and place.country_iso3 in context.country_names:
            return [context.country_names[place.country_iso3]]
        return []

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
        kind = _kind(actor, context)
        names = {a.name: a for a in context.doc._.actors or []}
        own = any(n in names and names[n].kind == "group" for n in c.actors) or kind == "group"
        if actor is not None and (mention := context.mention(actor)) is not None:
            own = own or (mention.form == "demonym" and actor.tag_ in ("NNS", "NNPS"))
            untold = mention.form == "role" and mention.party == mention.name
            own = own or (untold and mention.source_kind not in ("government", "military"))
        military = kind in ("military", "armed_group", "country") or (False)
        if passive and actor is None:
            military = _kind(patient, context) == "military"
        if patient is not None and (patient.lemma_.lower() in COUNTS or patient.pos_ == "NUM"):
            patient = next(iter(prepositional(patient, "of")), patient)
        human = patient is not None and (
            context.mention(patient) is not None
            or patient.lemma_.lower() in HUMAN
            or patient.pos_ in ("PRON", "NUM", "PROPN")
        )
        military_subject = kind == "military"
        checks = {
            "party": known,
            "military": military and bool(c.actors or passive),
            "armed": kind in ("military", "armed_group", "group"),
            "own": own,
            "state": bool(c.actors) and not own,
            "official": kind in ("person", "role", "country", "organisation"),
            "police": kind in ("role", "military", "organisation") or (actor is not None and actor.lemma_ == "police"),
            "target": bool(c.targets),
            "result": (bool(c.actors) and (not passive or actor is not None))
            or (passive and actor is not None and _in_class(_object_words(actor), self.book.words["weapon"])),
            "human_object": human,
            "human_subject": kind in ("person", "role", "group", "organisation"),
            "territory_object": patient is not None
            and (patient.i in context.places or _in_class(_object_words(patient), self.book.words["territory"])),
            "to_clause": any(
                k.dep_ in ("xcomp", "ccomp", "advcl")
                and any(a.lower_ in ("to", "be", "should", "must") for a in k.lefts)
                for k in verb.rights
            ),
            "active": not passive,
            "actor": bool(c.actors),
            "refused": _refused(verb),
            "no_object": patient is None,
            "to_fight": any(
                k.dep_ in ("advcl", "xcomp") and k.lemma_ in ("fight", "defend", "battle") for k in verb.rights
            ),
            "spoken": verb.tag_ != "VBG"
            or any(k.dep_ in ("xcomp", "ccomp") for k in verb.rights)
            or any(k.dep_ == "prep" and k.lower_ in ("with", "of") for k in verb.rights)
            or any(a.dep_ == "aux" and a.lemma_ == "be" for a in verb.lefts)
            and bool(c.targets),
            "civil": not military_subject and verb.dep_ not in ("acl", "pcomp", "relcl") and kind != "group",
            "thing_object": patient is None or _kind(patient, context) not in ("person", "role"),
            "threat": self._threatens(c),
            "help": any(
                k.lemma_.lower() in ("help", "assist", "support", "aid", "defend", "join", "protect", "fight")
                for k in verb.subtree
                if k.dep_ in ("xcomp", "advcl", "acl", "relcl") or k.head.dep_ in ("prep",)
            ),
        }
        return all(checks.get(need, True) for need in needs)

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

    # -- nouns ---------------------------------------------------------------------------------------------------

    def noun(self, token: Token, context: Context) -> Candidate | None:
        """The first row that the noun passes, with the parties around it."""
        if token.pos_ not in ("NOUN", "PROPN") or token.dep_ == "compound" or stopped(token, self.book):
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
            actor = context.mention(child)
            if child.dep_ == "poss" and suffered and not _is_state(child, context):
                targets += found
            elif child.dep_ == "compound" and actor is not None and actor.form == "name" and code == "ASSAULT":
                (actors if actor.kind == "armed_group" or noun.tag_ == "NNS" else targets).extend(found)
            else:
                actors += found
        for by in (agent_of(noun), *[agent_of(v) for v in noun.rights if v.dep_ in ("acl", "relcl")]):
            if by is not None:
                actors += resolve(by, context)
        hosts = [noun]
        verb = noun.head if noun.dep_ in ("nsubj", "nsubjpass", "dobj") and noun.head.pos_ == "VERB" else None
        if light is not None:
            verb = light
            subject, passive = subject_of(light, context)
            if subject is not None and subject != noun and not passive and not actors:
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
            found = resolve(patient, context) or (self._targets(patient, context, code) if code == "ASSAULT" else [])
            if code in ACTOR_OF or c.trigger.row["id"] in ("assault_n_operation",):
                actors = actors or found
            else:
                targets += found
        for host in hosts:
            names = tuple(p for p in TARGET_PREPOSITIONS[code] if p not in ("of", "from"))
            for patient in prepositional(host, *names, "targeting", "for" if code in ("AID", "REQUEST") else "against"):
                targets += self._targets(patient, context, code)
        for verb_below in (
            v for v in noun.rights if v.dep_ in ("acl", "relcl") and v.lemma_ in ("target", "hit", "kill")
        ):
            dobj = _object(verb_below)
            if dobj is not None:
                targets += self._targets(dobj, context, code)
        c.actors = list(dict.fromkeys(actors))
        c.targets = [t for t in dict.fromkeys(targets) if t not in c.actors]

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
        if row["object"] and not _in_class(
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
        of = [n for n in prepositional(noun, "of")] + [k for k in noun.lefts if k.dep_ in ("compound", "poss")]
        checks = {
            "party": known,
            "party_noun": known,
            "strong": known or light is not None,
            "labour": self._labour(noun),
            "military_noun": known
            and bool(
                {t.lower_ for t in noun.lefts} & {"military", "ground", "air", "naval", "special", "combat", "rescue"}
            )
            or any(_kind(t, context) == "military" for t in [*noun.lefts, *of])
            or (light is not None and known and any(t.i in context.places for t in noun.subtree)),
            "forces_noun": _in_class(of, words["forces"]) or any(_kind(t, context) == "military" for t in of),
            "captive_noun": any(context.mention(t) is not None for t in of) or _in_class(of, words["captive"]),
            "aid_noun": _in_class(of, words["aid"] | words["arms"])
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

    def _labour(self, noun: Token) -> bool:
        """True where the sentence speaks of work and not of arms."""
        near = {t.lemma_.lower() for t in noun.sent}
        before = {t.lemma_.lower() for t in noun.subtree}
        if before & self.book.words["fire_words"]:
            return False
        return bool(before & self.book.words["labour"]) or bool(
            near & self.book.words["labour"] and not near & self.book.words["fire_words"]
        )

    def _told(self, c: Candidate, light: Token | None, context: Context) -> bool:
        """True where the sentence tells something of the event: parties, a place, a number, a verb that carries it."""
        noun = c.token
        lefts = [t for t in noun.lefts if t.dep_ not in ("det", "punct", "predet")]
        head = noun.head
        anchor = head.dep_ in ("prep", "mark") and head.lower_ in TIME_ANCHORS
        if anchor and not c.actors and not any(t.dep_ == "nummod" for t in lefts):
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


def _refused(verb: Token) -> bool:
    """True for "will not", "would not", "does not" before a verb of acceptance."""
    aux = {c.lemma_.lower() for c in verb.lefts if c.dep_ == "aux"}
    return any(c.dep_ == "neg" for c in verb.children) and bool(aux & {"will", "would", "do", "shall", "wo"})


def _below(verb: Token) -> set[str]:
    return {t.lower_ for c in verb.children for t in (c, *c.children)}


def _plain(token: Token, context: Context) -> list[str]:
    actor = context.mention(token)
    if actor is None or actor.kind == "media":
        return []
    if actor.kind == "group" or actor.form == "role":
        return resolve(token, context)
    return (actor.party or actor.name).split("+")


def _is_state(token: Token, context: Context) -> bool:
    actor = context.mention(token)
    return actor is not None and (actor.kind in STATE_KINDS or actor.source_kind in ("military", "government"))


def read_sentence(sent: Span, reader: Reader, context: Context) -> list[Candidate]:
    """All candidates of a sentence in order, settled: those dropped carry the reason in ``dropped``."""
    found: list[Candidate] = []
    for token in sent:
        candidate = None
        if token.pos_ == "VERB":
            candidate = reader.verb(token, context)
        if candidate is None and token.pos_ in ("NOUN", "PROPN"):
            candidate = reader.noun(token, context)
        if candidate is not None:
            candidate.realis, candidate.negated = _reality(candidate)
            found.append(candidate)
    settle(found)
    return found


def _reality(c: Candidate) -> tuple[str, bool]:
    if not c.is_noun:
        return realis_of(c.token)
    own, negated = noun_realis(c.token)
    if c.clause is not None:
        realis, below = realis_of(c.clause)
        return (realis if own == "actual" else own), negated or below
    head = c.token.head
    definite = any(t.dep_ == "poss" or t.lower_ in ("the", "these", "this") for t in c.token.lefts)
    if own == "actual" and not definite:
        while head.dep_ in ("prep", "pobj", "conj", "compound", "agent") and head.head != head:
            head = head.head
        if head.pos_ == "VERB" and realis_of(head)[0] == "hypothetical":
            return "hypothetical", negated
    return own, negated


def _ancestors(token: Token, limit: int = 8) -> list[Token]:
    found: list[Token] = []
    while token.head != token and len(found) < limit:
        token = token.head
        found.append(token)
    return found


def settle(found: list[Candidate]) -> None:
    """Drop candidates that tell no event of their own (in place, with the reason)."""
    by_token = {c.token.i: c for c in found}
    for c in found:
        if c.realis == "hypothetical":
            c.dropped = "hypothetical"
        for other in found:
            if other is c or other.dropped == "hypothetical" and not c.is_noun:
                continue
            if c.is_noun and c.token in other.consumed:
                c.dropped = "object of a trigger"
            if c.is_noun and c.token in other.words[1:]:
                c.dropped = "part of a trigger"
    for c in found:
        if c.dropped:
            continue
        above = _ancestors(c.token)
        for other in found:
            if other is c or other.token not in above:
                continue
            if (
                c.is_noun
                and other.code in NOUNS_SWALLOWED_BY
                and not other.is_noun
                and _straight(c.token, other.token)
                or not c.is_noun
                and other.code in UNREALISED_BELOW
                and _wanted(c.token, other.token)
            ):
                c.dropped = "wanted or agreed"
    for c in found:
        if c.dropped or c.code != "ASSAULT":
            continue
        for other in found:
            if other is c or other.code != "ASSAULT" or other.dropped:
                continue
            if _result_of(c, other):
                c.dropped = "result"
                other.results.append(c.token)
                break
    for c in found:
        for token in c.token.children:
            if token.dep_ == "advcl" and token.i not in by_token:
                c.results.append(token)


def _straight(noun: Token, verb: Token) -> bool:
    """True where only prepositions and nouns stand between a noun and the verb above it."""
    token = noun
    while token.head != token and token != verb:
        if token.pos_ in ("VERB", "AUX") and token != noun:
            return False
        token = token.head
    return token == verb and noun.dep_ not in ("nsubj", "nsubjpass")


def _wanted(verb: Token, above: Token) -> bool:
    token = verb
    while token != above:
        if token.dep_ not in ("xcomp", "ccomp", "conj", "advcl", "acl", "pcomp", "prep", "dobj"):
            return False
        if (
            token.dep_ == "ccomp"
            and token.tag_ in ("VBD", "VBZ", "VBP")
            and not any(a.dep_ == "aux" for a in token.lefts)
        ):
            return above.lemma_ not in ("deny", "accuse", "dismiss", "reject")
        if token.dep_ == "advcl" and token.tag_ == "VBG":
            return False
        token = token.head
    return True


def _result_of(c: Candidate, act: Candidate) -> bool:
    """True where ``c`` tells what the act ``act`` came to."""
    result = "result" in c.trigger.needs
    token = c.token
    if c.is_noun and act.is_noun and c.trigger.row["id"] in RESULT_NOUNS and act.token in token.subtree:
        return True  # destruction caused by an attack
    if result and token.tag_ == "VBG" and token.dep_ == "advcl" and act.token.i < token.i:
        return not any(s.dep_ in ("nsubj", "nsubjpass") for s in token.lefts)
    if c.is_noun:
        # "fighting off an attack", "stormed in a raid": the noun under an act of the other's clause
        return (
            not act.is_noun
            and "result" not in act.trigger.needs
            and _straight(token, act.token)
            and (token.head == act.token)
        )
    if act.is_noun:
        clause = act.clause
        if act.token.dep_ in ("nsubj", "nsubjpass") and act.token.head == token:
            return True
        if token.dep_ in ("relcl", "acl") and token.head == act.token:
            return True
        if token in _ancestors(act.token, 4) and result:
            return True  # killed in clashes
        if clause is not None and token.dep_ in ("advcl", "conj") and token.head == clause:
            return True
        return result and act.token.head == token.head and token.dep_ in ("conj", "advcl")
    if token.head == act.token and token.dep_ == "advcl" and token.tag_ in ("VBG", "VBN"):
        return True
    if (
        token.head == act.token
        and token.dep_ == "conj"
        and not any(s.dep_ in ("nsubj", "nsubjpass") for s in token.lefts)
    ):
        return c.actors == act.actors
    if result and act.token.head == token and act.token.dep_ in ("advcl", "pcomp", "xcomp") and not act.is_noun:
        return "result" not in act.trigger.needs
    return False
