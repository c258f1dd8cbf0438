"""Which words tell an event: the codebook's triggers over the parse, with their conditions.

A row of ``event_types`` matches a verb by its lemma (and, where the row has several words, by what hangs on it) or a noun
by its lemma (and what stands before it). ``realis_of`` reads from the clause whether the act happened.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from spacy.tokens import Token

from analysis.codebook import Codebook, Row
from analysis.components.event_grammar import grammar

HYPOTHETICAL_MODALS = frozenset({"could", "might", "may", "should", "must", "can", "ought", "shall"})
PLANNED_VERBS = grammar("planned_verbs")
#: verbs (mostly passive) that only report the infinitive below them
REPORTED_BY = grammar("reported_by")
#: verbs whose infinitive or gerund did happen
ACHIEVED_BY = grammar("achieved_by")
#: verbs whose clause tells what did not happen or only might
UNREAL_CLAUSE = grammar("unreal_clause")
#: what somebody declines to do without rejecting anything
SILENCE = grammar("silence")
BARRING = grammar("barring")
CONDITIONAL = frozenset({"if", "unless", "whether", "lest", "provided", "once", "until", "till"})
FINITE = frozenset({"VBD", "VBZ", "VBP"})
NEGATIONS = frozenset({"not", "never", "no", "nor", "neither"})
UNREAL_NOUN_ADJECTIVES = grammar("unreal_noun_adjectives")
#: before a noun they make its infinitive a fact
FULFILLED = frozenset({"first", "second", "third", "latest", "last", "only", "next"})
PLANNED_ADJECTIVES = frozenset(
    ["planned", "upcoming", "forthcoming", "scheduled", "expected", "looming", "proposed", "next"]
)


@dataclass(slots=True)
class Trigger:
    """One row's way to match: the words that must be found, in lemmas, and the row."""

    words: tuple[str, ...]
    row: Row
    needs: frozenset[str]


@dataclass(slots=True)
class EventBook:
    """The event files of a codebook, indexed by the lemma of the verb or the last word of the noun."""

    verbs: dict[str, list[Trigger]]
    nouns: dict[str, list[Trigger]]
    words: dict[str, frozenset[str]]
    light: frozenset[str]
    aspect: frozenset[str]
    stops: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)


def build_event_book(codebook: Codebook) -> EventBook:
    """Index ``event_types``, ``event_words``, ``light_verbs`` and ``event_stop``."""
    verbs: dict[str, list[Trigger]] = defaultdict(list)
    nouns: dict[str, list[Trigger]] = defaultdict(list)
    for row in codebook.rows("event_types"):
        for phrase in codebook.split(row["match"]):
            parts = tuple(phrase.lower().replace("-", " - ").split())
            trigger = Trigger(parts, row, frozenset(codebook.split(row["needs"])))
            if row["pos"] == "verb":
                verbs[parts[0]].append(trigger)
            else:
                head = next((i for i, w in enumerate(parts) if w in ("of", "to", "for", "from", "on")), len(parts)) - 1
                nouns[parts[head]].append(trigger)
    for triggers in (*verbs.values(), *nouns.values()):
        triggers.sort(key=lambda t: -len(t.words))  # stable: longer phrases first, then the codebook's order
    words = {row["id"]: frozenset(codebook.split(row["match"])) for row in codebook.rows("event_words")}
    roles: dict[str, set[str]] = {"light": set(), "aspect": set()}
    for row in codebook.rows("light_verbs"):
        roles[row["role"]].update(codebook.split(row["match"]))
    stops: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for row in codebook.rows("event_stop"):
        for phrase in codebook.split(row["match"]):
            parts = tuple(phrase.lower().replace("-", " - ").split())
            for part in dict.fromkeys(parts):
                stops[part].append(parts)
    return EventBook(
        dict(verbs), dict(nouns), words, frozenset(roles["light"]), frozenset(roles["aspect"]), dict(stops)
    )


def stopped(token: Token, book: EventBook, least: int = 1) -> bool:
    """True where ``token`` stands in an expression of at least ``least`` words that tells no event."""
    doc = token.doc
    for parts in book.stops.get(token.lemma_.lower(), ()) or book.stops.get(token.lower_, ()):
        for k, part in enumerate(parts):
            if part not in (token.lemma_.lower(), token.lower_) or len(parts) < least:
                continue
            start = token.i - k
            if start < 0 or start + len(parts) > len(doc):
                continue
            window = doc[start : start + len(parts)]
            if all(p in (t.lemma_.lower(), t.lower_) for p, t in zip(parts, window, strict=True)):
                return True
    return False


def _sets_in(child: Token, verb: Token) -> bool:
    """ "gave a count in a call": an "in" of place beside an object is no particle ("gave in")."""
    return child.dep_ == "prep" and any(c.dep_ == "dobj" and c.i < child.i for c in verb.rights)


def _of_time(child: Token) -> bool:
    """ "marched on Sunday": the "on" of a date is no particle ("marched on the capital")."""
    return child.dep_ == "prep" and any(c.dep_ == "pobj" and c.ent_type_ in ("DATE", "TIME") for c in child.rights)


def _hangs_on(verb: Token, words: tuple[str, ...]) -> list[Token] | None:
    """The tokens below ``verb`` that make up the phrase, or None."""
    found: list[Token] = []
    level = [verb]
    for word in words:
        hit = None
        for head in level:
            for child in head.children:
                if (word == "in" and _sets_in(child, verb)) or _of_time(child):
                    continue
                if child.i > verb.i and word in (child.lower_, child.lemma_.lower()) and child not in found:
                    hit = child
                    break
                if head != verb and child.dep_ == "pobj" and word in (child.lower_, child.lemma_.lower()):
                    hit = child
                    break
            if hit is not None:
                break
        if hit is None:
            # a particle that the parser hung elsewhere still stands right after the verb
            after = verb.i + 1 + len(found)
            token = verb.doc[after] if after < len(verb.doc) else None
            if token is not None and word == token.lower_ and token.sent == verb.sent and not _of_time(token):
                hit = token
        if hit is None:
            return None
        found.append(hit)
        level = [*level, hit]
    return found


def verb_matches(verb: Token, book: EventBook) -> Iterator[tuple[Trigger, list[Token]]]:
    """Rows whose words are there, in order of trial, with the words beyond the verb."""
    for trigger in book.verbs.get(verb.lemma_.lower(), ()):
        rest = _hangs_on(verb, trigger.words[1:])
        if rest is not None:
            yield trigger, rest


def noun_matches(noun: Token, book: EventBook) -> Iterator[Trigger]:
    """Rows for a noun whose other words stand before it, or after it with their preposition."""
    doc = noun.doc
    lemma = noun.lemma_.lower()
    for key in dict.fromkeys((lemma, noun.lower_)):
        for trigger in book.nouns.get(key, ()):
            at = len(trigger.words) - 1 - trigger.words[::-1].index(key)
            before, after = trigger.words[:at], trigger.words[at + 1 :]
            start = noun.i - len(before)
            if start < 0 or noun.i + 1 + len(after) > len(doc):
                continue
            left = all(w in (t.lower_, t.lemma_.lower()) for w, t in zip(before, doc[start : noun.i], strict=True))
            following = doc[noun.i + 1 : noun.i + 1 + len(after)]
            if left and all(w in (t.lower_, t.lemma_.lower()) for w, t in zip(after, following, strict=True)):
                yield trigger


def _negated(verb: Token) -> bool:
    for child in verb.children:
        if child.dep_ == "neg" or (child.lower_ in NEGATIONS and child.dep_ in ("neg", "advmod", "preconj")):
            return True
        if child.dep_ in ("nsubj", "nsubjpass") and any(c.lower_ in ("no", "neither") for c in child.lefts):
            return True
        if child.dep_ in ("nsubj", "nsubjpass") and child.lower_ in ("nobody", "none"):
            return True
    return False


def realis_of(verb: Token, depth: int = 0) -> tuple[str, bool]:
    """(``actual``, ``planned`` or ``hypothetical``; negated) of a clause by its verb and the clauses above it."""
    if depth > 6:
        return "actual", False
    negated = _negated(verb)
    lefts = list(verb.lefts)
    aux = {c.lower_ for c in lefts if c.dep_ in ("aux", "auxpass")}
    marks = {c.lower_ for c in lefts if c.dep_ in ("mark", "advmod")}
    infinitive = any(c.dep_ == "aux" and c.lower_ == "to" for c in lefts)
    head = verb.head
    if marks & CONDITIONAL and verb.dep_ in ("advcl", "ccomp", "acl", "pcomp"):
        return "hypothetical", negated
    if aux & HYPOTHETICAL_MODALS:
        return "hypothetical", negated
    if "would" in aux:
        counterfactual = "have" in aux or "'ve" in aux
        conditional = any(
            c.dep_ == "advcl" and any(m.lower_ in CONDITIONAL for m in c.lefts if m.dep_ in ("mark", "advmod"))
            for c in verb.children
        )
        return ("hypothetical" if counterfactual or conditional else "planned"), negated
    if aux & {"will", "'ll", "’ll", "wo"}:
        return "planned", negated
    if verb.dep_ == "conj" and head.pos_ in ("VERB", "AUX"):
        own = any(c.dep_ in ("nsubj", "nsubjpass") for c in lefts) or bool(aux - {"to"})
        own = own or (verb.tag_ in FINITE and head.tag_ not in FINITE)  # "will never bow and warned"
        if not own:
            above, above_negated = realis_of(head, depth + 1)
            return above, negated or above_negated
    if infinitive or (verb.dep_ in ("xcomp", "pcomp") and verb.tag_ == "VBG"):
        return _nonfinite(verb, head, infinitive, negated, depth)
    if verb.dep_ in ("xcomp", "ccomp", "oprd") and head.pos_ in ("VERB", "AUX", "ADJ"):
        lemma = head.lemma_.lower()
        if lemma in UNREAL_CLAUSE and lemma not in ("argue", "warn", "insist", "suggest", "agree", "predict"):
            return "hypothetical", negated
        finite = aux - {"be", "been", "being", "having"}
        if verb.tag_ in ("VB", "VBG", "VBN") and (verb.dep_ == "xcomp" or not finite):
            return realis_of(head, depth + 1)[0], negated
        return "actual", negated
    if verb.dep_ == "advcl" and not marks and verb.tag_ in ("VBG", "VBN"):
        return realis_of(head, depth + 1)[0], negated
    return "actual", negated


def silent(verb: Token) -> bool:
    """True where a refusal is only silence ("declined to comment", "has neither confirmed nor denied")."""
    if any(c.dep_ == "xcomp" and c.lemma_.lower() in SILENCE for c in verb.rights):
        return True
    if verb.lemma_.lower() == "deny":
        others = {t.lemma_.lower() for t in verb.conjuncts}
        return "confirm" in others or realis_of(verb)[1]
    return False


def _nonfinite(verb: Token, head: Token, infinitive: bool, negated: bool, depth: int) -> tuple[str, bool]:
    lemma = head.lemma_.lower()
    if verb.dep_ == "pcomp":
        preposition, governor = lemma, head.head
        above = governor.lemma_.lower()
        if preposition in ("without",):
            return "hypothetical", True
        if preposition == "from" and above in BARRING:
            return "hypothetical", True
        if preposition in ("instead", "than"):
            return "actual", True
        if above in UNREAL_CLAUSE or preposition in ("for",) and governor.pos_ in ("NOUN", "ADJ"):
            return "hypothetical", negated
        if governor.pos_ == "NOUN" and governor.lemma_.lower() in (
            "plan",
            "intention",
            "possibility",
            "idea",
            "threat",
            "decision",
            "prospect",
            "risk",
        ):
            return "hypothetical", negated
        return "actual", negated
    if verb.dep_ == "advcl":
        return "hypothetical", negated  # purpose
    if verb.dep_ in ("acl", "relcl"):
        if any(c.lower_ in FULFILLED for c in head.lefts):
            return "actual", negated  # "the first to be charged"
        if lemma in ("decision", "order", "move", "plan", "agreement", "operation"):
            return "planned" if lemma == "plan" else "hypothetical", negated
        return "hypothetical", negated
    if lemma in REPORTED_BY:
        return "actual", negated
    if lemma in PLANNED_VERBS:
        return ("hypothetical" if _negated(head) else "planned"), negated
    if lemma in ACHIEVED_BY:
        above, above_negated = realis_of(head, depth + 1)
        return above, negated or above_negated
    if lemma in ("have", "yet"):
        if any(c.lower_ == "yet" for c in head.children) or any(c.lower_ == "yet" for c in verb.children):
            return "actual", True
        return "hypothetical", negated
    if lemma == "be":
        return "planned", negated
    if verb.dep_ in ("xcomp", "ccomp", "oprd") and head.pos_ in ("VERB", "ADJ", "AUX"):
        return "hypothetical", negated
    if verb.tag_ == "VBG" and head.pos_ in ("VERB", "AUX"):
        return realis_of(head, depth + 1)[0], negated
    return ("hypothetical" if infinitive else "actual"), negated


def noun_realis(noun: Token) -> tuple[str, bool]:
    """(realis, negated) of an event's noun by its modifiers."""
    words = {c.lower_ for c in noun.lefts}
    if words & UNREAL_NOUN_ADJECTIVES:
        return "hypothetical", False
    if words & {"no", "without"}:
        return "actual", True
    if words & PLANNED_ADJECTIVES:
        return "planned", False
    return "actual", False
