"""Candidates of one sentence, settled: the result of an act told beside it, the noun under a request, the infinitive under a
refusal are no events of their own.
"""

from __future__ import annotations

from spacy.tokens import Span, Token

from analysis.components.event_candidates import Candidate, ancestors
from analysis.components.event_context import Context
from analysis.components.event_frames import PLANNED_VERBS, noun_realis, realis_of
from analysis.components.event_grammar import grammar
from analysis.components.event_nouns import TIME_ANCHORS, Reader, nominal

#: types whose object or infinitive tells what is wanted or refused, not what happened
#: verbs whose object then did not happen
CANCELLED_BY = grammar("cancelling")
UNREALISED_BELOW = frozenset({"REQUEST", "AGREE", "THREATEN", "REJECT", "CONCEDE"})
NOUNS_SWALLOWED_BY = frozenset({"REQUEST", "AGREE", "THREATEN", "CONCEDE", "SANCTION", "RETREAT"})
SUBJECTS = frozenset({"nsubj", "nsubjpass"})
RESULT_NOUNS = frozenset({"assault_n_destroy", "assault_n_kill", "assault_n_torture"})


def read_sentence(sent: Span, reader: Reader, context: Context) -> list[Candidate]:
    """All candidates of a sentence in order, settled: those dropped carry the reason in ``dropped``."""
    found: list[Candidate] = []
    for token in sent:
        candidate = None
        if token.pos_ == "VERB" and not nominal(token):
            candidate = reader.verb(token, context)
        if candidate is None and nominal(token):
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
        if realis == "actual" and _announced(c):
            realis = "planned"
        return (realis if own == "actual" else own), negated or below
    head = c.token.head
    definite = any(t.dep_ == "poss" or t.lower_ in ("the", "these", "this") for t in c.token.lefts)
    if head.pos_ == "VERB" and head.lemma_.lower() in CANCELLED_BY and c.token.dep_ in ("dobj", "nsubjpass"):
        return "actual", realis_of(head)[0] == "actual"
    if own == "actual" and not definite:
        while head.dep_ in ("prep", "pobj", "conj", "compound", "agent") and head.head != head:
            head = head.head
        if head.pos_ == "VERB" and (above := realis_of(head)[0]) != "actual":
            return above, negated  # "will travel to Lima for talks"
    return own, negated


def _announced(c: Candidate) -> bool:
    """ "Unions plan a protest", "have called a strike": the act itself is to come."""
    verb = c.clause
    if verb is None:
        return False
    calls = c.code == "PROTEST" and verb.lemma_.lower() == "call"
    standing = verb.tag_ in ("VBZ", "VBP") or any(a.tag_ in ("VBZ", "VBP") for a in verb.lefts if a.dep_ == "aux")
    return verb.lemma_.lower() in PLANNED_VERBS or (calls and standing)


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
        above = ancestors(c.token)
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
        if not c.dropped and any(_same_act(c, other) for other in found if other is not c and not other.dropped):
            c.dropped = "same act"
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


def _same_act(c: Candidate, other: Candidate) -> bool:
    """True for a participle that only spells out a verb of its type ("marched through the town, chanting")."""
    if c.is_noun or other.is_noun or c.code != other.code or c.token.tag_ != "VBG":
        return False
    token = c.token
    if token.dep_ == "conj" and token.head.tag_ == "VBG":
        token = token.head
    own = any(s.dep_ in SUBJECTS for s in token.lefts)
    below = token.dep_ == "advcl" or (token.dep_ == "conj" and token.head.tag_ != "VBG")
    return below and token.head == other.token and not own and c.code != "ASSAULT"


def _straight(noun: Token, verb: Token) -> bool:
    """True where only prepositions and nouns stand between a noun and the verb above it."""
    token = noun
    while token.head != token and token != verb:
        if (token.pos_ in ("VERB", "AUX") and token != noun) or (token.dep_ == "prep" and token.lower_ in TIME_ANCHORS):
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
        finite = token.tag_ in ("VBD", "VBZ", "VBP") or any(a.dep_ in SUBJECTS for a in token.lefts)
        if token.dep_ in ("advcl", "conj") and (finite or token.tag_ == "VBG"):
            return False  # a fact beside what is asked: "while Portugal told its citizens"
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
        if token in ancestors(act.token, 4) and result:
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
