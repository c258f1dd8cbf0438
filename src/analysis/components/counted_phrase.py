"""The column ``counted``: the shortest clear phrase for what a figure counts, with the words of the text.

The noun comes first, then what sets it apart: the participle of the word that decided the measure, who did it, or the
clause in which the noun stands ("teachers surrounding the Statehouse", "drones launched by Russia").
"""

from __future__ import annotations

from spacy.tokens import Token

from analysis.components.counted import Counted, is_number, noun_phrase
from analysis.components.governors import passive
from analysis.components.measure_cues import Decision

#: entities that tell when and where, which other columns hold
_ELSEWHERE = frozenset({"DATE", "TIME", "GPE", "LOC", "CARDINAL", "MONEY", "PERCENT", "ORDINAL"})
_REPORTING = frozenset(
    {"say", "report", "tell", "estimate", "announce", "claim", "believe", "expect", "be", "have", "include", "see"}
)
MAX_ARGUMENT_TOKENS = 5
#: verb endings that double before -ing
_DOUBLING = frozenset({"sit", "cut", "run", "get", "put", "stop", "hit", "win", "set", "shut", "begin", "swim", "plan"})


def gerund(lemma: str) -> str:
    """The -ing form of a verb by the regular rules of spelling."""
    if lemma.endswith("ie"):
        return lemma[:-2] + "ying"
    if lemma.endswith("e") and not lemma.endswith(("ee", "ye", "oe")):
        return lemma[:-1] + "ing"
    return lemma + (lemma[-1] if lemma in _DOUBLING else "") + "ing"


def _short(token: Token, limit: int = MAX_ARGUMENT_TOKENS) -> str | None:
    """A noun phrase of at most ``limit`` words, without what other columns hold."""
    if token.ent_type_ in _ELSEWHERE - {"GPE", "LOC"} or token.pos_ not in ("NOUN", "PROPN"):
        return None
    words = noun_phrase(token).split()
    if len(words) > limit:
        words = [w for w in (*[c.text for c in token.lefts if c.dep_ in ("amod", "compound")], token.text)][-limit:]
    return " ".join(words)


def _arguments(verb: Token, skip: Token, objects: bool = True) -> str | None:
    """The first short object or prepositional argument of a verb after it."""
    for child in verb.rights:
        if child == skip or child.is_ancestor(skip):
            continue
        if objects and child.dep_ in ("dobj", "attr") and (text := _short(child)):
            return text
        if child.dep_ == "prt":
            continue
        if child.dep_ == "prep":
            for obj in child.children:
                if obj.dep_ == "pobj" and obj.ent_type_ not in _ELSEWHERE and (text := _short(obj, 3)):
                    return f"{child.lower_} {text}"
    return None


def _doer(verb: Token) -> str | None:
    """Who or what did it: the subject of an active verb, the agent of a passive one."""
    for child in verb.children:
        if child.dep_ == "agent":
            for obj in child.children:
                if text := _short(obj, 3):
                    return f"by {text}"
        if child.dep_ == "nsubj" and child.tag_ not in ("WDT", "WP") and (text := _short(child, 3)):
            return f"by {text}"
    if verb.dep_ in ("advcl", "xcomp", "conj") and verb.head.pos_ == "VERB":
        return None if any(c.dep_ == "nsubj" for c in verb.children) else _doer(verb.head)
    if verb.dep_ == "relcl" and any(c.tag_ in ("WDT", "WP") for c in verb.children):
        text = _short(verb.head, 2)
        return f"by {text}" if text else None
    return None


def _particle(verb: Token) -> str:
    return "".join(f" {c.lower_}" for c in verb.children if c.dep_ == "prt")


def _circumstance(verb: Token, skip: Token) -> str | None:
    """In what it happened: "in the floods", "of cholera"; no time and no place."""
    for child in verb.children:
        if child.dep_ == "prep" and child.lower_ in ("in", "by", "from", "of", "during", "out", "for"):
            for obj in child.children:
                if obj == skip or obj.is_ancestor(skip):
                    continue
                if obj.dep_ == "pobj" and obj.ent_type_ not in _ELSEWHERE and (text := _short(obj, 3)):
                    return f"{child.lower_} {text}"
                if obj.dep_ == "prep":
                    for inner in obj.children:
                        if inner.dep_ == "pobj" and (text := _short(inner, 2)):
                            return f"{child.lower_} {obj.lower_} {text}"
    return None


def phrase_of(counted: Counted, decision: Decision, side: str | None) -> str | None:
    """The counted phrase of one figure, or None where the text gives nothing to name."""
    if counted.kind == "length" and decision.measure == "distance":
        return _length(counted, decision)
    noun = counted.noun
    head = noun_phrase(noun, counted.root) if noun is not None else (counted.counted_class or None)
    word, cue = decision.word, decision.cue
    if cue is None or word is None:
        added = (cue.word if cue is not None else "") or _clause(counted)
        return _join(head, added)
    if cue.measure == "other" and word.pos_ == "VERB" and counted.kind in ("length", "thing", None):
        subject = next((c for c in word.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        if subject is not None and (text := _short(subject)):
            return f"{text} {word.lower_}"
    if word == noun or word.pos_ not in ("VERB", "AUX") or cue.pos == "phrase":
        if cue.pos == "phrase":
            rest = [t.text for t in word.subtree if not t.is_space and t.dep_ != "det"][:MAX_ARGUMENT_TOKENS]
            return _join(head, " ".join(rest))
        added = cue.word if word != noun and cue.word else ""
        clause = _clause(counted) if word == noun else None
        return _join(head, added or clause, _with_side(cue.side, side))
    is_subject = "subject" in cue.frames and not passive(word) and _subject_of(word, counted)
    if is_subject and not cue.word:
        return _join(head, gerund(word.lemma_.lower()) + _particle(word), _arguments(word, noun or counted.root))
    if is_subject:
        return _join(head, cue.word, _circumstance(word, counted.root))
    if cue.word:
        told = word.lower_ if word.tag_ == "VBN" and not cue.rest else cue.word
        doer = _circumstance(word, counted.root) if passive(word) or word.dep_ == "acl" else _doer(word)
        return _join(head, told, _with_side(cue.side, side) or doer)
    return _join(head, _object_clause(word, counted))


def _object_clause(verb: Token, counted: Counted) -> str | None:
    """What is done to the noun: "held by the bank", "the bank holds", "to raise for the town"."""
    argument = _circumstance(verb, counted.root)
    if verb.tag_ == "VBN" and (passive(verb) or verb.dep_ in ("acl", "amod", "relcl")):
        return _join(verb.lower_ + _particle(verb), _doer(verb) or argument)
    subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
    told = _short(subject, 3) if subject is not None else None
    if told:
        return _join(f"{told} {verb.lower_}{_particle(verb)}", argument)
    if verb.tag_ == "VB":
        return _join(f"to {verb.lower_}{_particle(verb)}", argument)
    if verb.tag_ == "VBN":
        return _join(verb.lower_ + _particle(verb), argument)
    return None


def _subject_of(verb: Token, counted: Counted) -> bool:
    start = counted.noun if counted.noun is not None else counted.root
    return any(
        c.dep_ in ("nsubj", "nsubjpass") and (c == start or c.is_ancestor(start) or c == counted.root)
        for c in verb.children
    ) or (start.is_ancestor(verb) and verb.dep_ in ("acl", "relcl"))


def _with_side(role: str, side: str | None) -> str | None:
    return f"by {side.replace('+', ' and ')}" if side and role in ("subject", "subject_or_counted") else None


def _join(*parts: str | None) -> str | None:
    words: list[str] = []
    for part in parts:
        if part and part.lower() not in " ".join(words).lower():
            words.append(part)
    return " ".join(words) or None


def _clause(counted: Counted) -> str | None:
    """What the sentence says of a noun that no cue governs: its own clause, or the verb that it belongs to."""
    noun = counted.noun if counted.noun is not None and not counted.elided else counted.root
    for child in noun.rights:
        if child.dep_ in ("acl", "relcl") and child.pos_ == "VERB":
            argument = _arguments(child, noun)
            if child.tag_ == "VBN":
                return _join(child.lower_ + _particle(child), argument)
            return _join(gerund(child.lemma_.lower()) + _particle(child), argument)
    for child in noun.rights:
        if child.dep_ == "prep" and child.lower_ not in ("of", "including", "by", "than"):
            for obj in child.children:
                if obj.dep_ == "pobj" and obj.ent_type_ != "DATE" and (text := _short(obj, 3)):
                    return f"{child.lower_} {text}"
    node = counted.root if counted.root.is_ancestor(noun) else noun
    while node.dep_ == "conj" and node.head.pos_ != "VERB":
        node = node.head
    verb = node.head
    if verb.pos_ != "VERB" or verb.lemma_.lower() in _REPORTING:
        return None
    if node.dep_ == "nsubj":
        return _join(gerund(verb.lemma_.lower()) + _particle(verb), _arguments(verb, noun))
    if node.dep_ in ("dobj", "nsubjpass"):
        return _object_clause(verb, counted)
    return None


def _length(counted: Counted, decision: Decision) -> str:
    aspect = decision.cue.aspect if decision.cue is not None else None
    kind = aspect if aspect in ("depth", "width", "length") else "distance"
    node = counted.root
    subject: Token | None = None
    for _ in range(5):
        if node.head == node:
            break
        node = node.head
        if node.pos_ in ("NOUN", "PROPN") and node.dep_ != "pobj" and not is_number(node):
            subject = node
            break
        if node.pos_ in ("VERB", "AUX"):
            subject = next((c for c in node.children if c.dep_ in ("nsubj", "nsubjpass")), None)
            break
    told = _short(subject, 3) if subject is not None else None
    target = None
    for prep in (*counted.root.rights, *(node.rights if node != counted.root else ())):
        if prep.dep_ == "prep" and prep.lower_ in ("from", "of", "to", "into"):
            target = next((_short(o, 4) for o in prep.children if o.dep_ == "pobj"), None)
            if target:
                break
    if kind != "distance":
        return _join(kind, f"of {told}" if told else None) or kind
    return _join("distance", f"of {told}" if told else None, f"from {target}" if target else None) or "distance"
