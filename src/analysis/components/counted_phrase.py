"""The column ``counted``: the shortest clear phrase for what a figure counts, with the words of the text.

The noun comes first, then what sets it apart: the participle of the verb that governs it with who did it and where to
("drones launched by Russia"), or the clause in which it stands ("teachers surrounding the Statehouse").
"""

from __future__ import annotations

from spacy.tokens import Token

from analysis.components.counted import Counted, is_number, noun_phrase
from analysis.components.governors import passive
from analysis.components.measure_cues import Decision
from analysis.components.verb_forms import gerund, participle

#: entities that other columns hold (times, numbers), and places, which are named only after verbs of motion
_ELSEWHERE = frozenset({"DATE", "TIME", "CARDINAL", "MONEY", "PERCENT", "ORDINAL", "QUANTITY"})
_PLACES = frozenset({"GPE", "LOC", "FAC"})
#: verbs that report or only say that something is
_EMPTY = frozenset(
    {"say", "report", "tell", "estimate", "announce", "claim", "believe", "be", "have", "include", "see", "number"}
    | {"measure", "record", "count", "document", "find", "put", "list", "confirm", "expect", "note", "register"}
)
#: vague numbers that stand as nouns of their own ("displaced millions")
_MAGNITUDES = frozenset({"million", "thousand", "hundred", "billion", "dozen", "ten", "score"})
#: measures whose cue is named by its plain word rather than by the verb of the text ("died" is "killed")
_PLAIN = frozenset({"killed", "missing", "casualties"})
_DIRECTIONS = frozenset({"at", "into", "out", "from", "to", "on", "against", "for", "toward", "towards", "with", "of"})
MAX_WORDS = 4


def phrase_of(counted: Counted, decision: Decision, side: str | None) -> str | None:
    """The counted phrase of one figure, or None where the text gives nothing to name."""
    if counted.kind == "length":
        return _length(counted, decision)
    noun, word, cue = counted.noun, decision.word, decision.cue
    if counted.elided and decision.basis == "own" and counted.root.lemma_.lower() in _MAGNITUDES:
        head: str | None = counted.counted_class if counted.kind not in ("people", "troops") else "people"
    elif noun is not None and counted.kind == "land" and not counted.share and noun.ent_type_ in _PLACES:
        head = "territory"
    else:
        head = noun_phrase(noun, counted.root) if noun is not None else (counted.counted_class or None)
    if noun is None and (amount := _amount(counted)):
        return amount
    if cue is None:
        return _join(head, _clause(counted))
    by = f"by {side.replace('+', ' and ')}" if side and cue.side in ("subject", "subject_or_counted") else None
    if cue.measure == "casualties" and counted.kind == "troops" and side:
        by = f"by {side.replace('+', ' and ')}"
    if word is None:
        return _join(head, cue.word or _clause(counted), by)
    if cue.pos == "phrase" or word.pos_ in ("ADP", "SCONJ"):
        return _join(head, " ".join(t.text for t in word.subtree if not t.is_space and t.dep_ != "det")[:60].strip())
    if word.pos_ not in ("VERB", "AUX"):
        if (noun is None or counted.elided) and word != noun and word.pos_ == "NOUN" and cue.measure == "casualties":
            return _join(noun_phrase(word))
        if noun is None or counted.elided:
            return _join(head, cue.word)
        return _join(head, cue.word if word != noun else _clause(counted), by)
    if noun is not None and noun.lemma_.lower() == "time":
        return _join(head, _told_by(word), participle(word) if passive(word) else word.lower_, _arguments(word, noun))
    if word.dep_ in ("acl", "relcl", "amod") and word.tag_ == "VBN" and passive(word):
        return _join(head, participle(word) + _particle(word), _doer(word) or by or _direction(word, counted))
    if (_subject_of(word, counted) and not passive(word)) or "object" not in cue.frames:
        if cue.measure in _PLAIN or (cue.rest and cue.word) or "subject" not in cue.frames:
            return _join(head, cue.word, _direction(word, counted, ("in", "of", "from")))
        return _join(head, _acting(word), _arguments(word, noun or counted.root))
    if counted.elided and (own := _direction(counted.root, counted, ("for", "from", "in"))):
        return _join(head, participle(word) + _particle(word), own)
    if _oblique(counted, word) or cue.measure == "missing":
        at = _told_by(word) if not cue.word else None
        return _join(head, cue.word, by if cue.word else (f"at {at}" if at else None))
    doer = by or _doer(word)
    return _join(head, participle(word) + _particle(word), doer, _direction(word, counted) if not doer or by else None)


def _acting(verb: Token) -> str:
    """The verb of which the noun is the subject: "who entered" as the text says it, else "entering"."""
    if verb.dep_ == "relcl":
        pronoun = next((c.lower_ for c in verb.children if c.tag_ in ("WDT", "WP")), "that")
        return f"{pronoun} {verb.lower_}{_particle(verb)}"
    return gerund(verb.lemma_.lower()) + _particle(verb)


def _told_by(verb: Token) -> str | None:
    """The doer of a verb without "by"."""
    told = _doer(verb)
    return told.removeprefix("by ") if told else None


def _short(token: Token | None, limit: int = MAX_WORDS) -> str | None:
    """A noun phrase of at most ``limit`` words, without what other columns hold."""
    if token is None or token.ent_type_ in _ELSEWHERE or token.pos_ not in ("NOUN", "PROPN"):
        return None
    words = noun_phrase(token).split()
    if len(words) > limit:
        words = [*[c.text for c in token.lefts if c.dep_ in ("amod", "compound")], token.text][-limit:]
    return " ".join(words)


def _arguments(verb: Token, skip: Token) -> str | None:
    """The first object, clause or prepositional argument of a verb, in few words."""
    for child in verb.rights:
        if child == skip or child.is_ancestor(skip) or child.dep_ == "prt":
            continue
        if child.dep_ in ("dobj", "attr", "acomp") and (text := _short(child)):
            return text
        if child.dep_ in ("xcomp", "pcomp"):
            return " ".join(t.text for t in child.subtree if not t.is_space and t.dep_ != "det" and not t.is_punct)[:40]
        if child.dep_ == "prep":
            for obj in child.children:
                if obj.dep_ == "pobj" and (text := _short(obj, 3)):
                    return f"{child.lower_} {text}"
                if obj.dep_ == "pcomp" and (text := _arguments(obj, skip)):
                    return f"{child.lower_} {obj.lower_} {text}"
    return None


def _doer(verb: Token) -> str | None:
    """Who or what did it: the subject of an active verb, the agent of a passive one."""
    for child in verb.children:
        if child.dep_ == "agent":
            for obj in child.children:
                if text := _short(obj, 3):
                    return f"by {text}"
        if (
            child.dep_ == "nsubj"
            and not passive(verb)
            and child.tag_ not in ("WDT", "WP")
            and (text := _short(child, 3))
        ):
            return f"by {text}"
    if passive(verb) or any(c.dep_ == "nsubj" and c.tag_ not in ("WDT", "WP") for c in verb.children):
        return None
    if verb.dep_ in ("advcl", "xcomp", "conj") and verb.head.pos_ == "VERB":
        return _doer(verb.head)
    if verb.dep_ in ("relcl", "acl") and (text := _short(verb.head, 3)):
        return f"by {text}"
    return None


def _particle(verb: Token) -> str:
    return "".join(f" {c.lower_}" for c in verb.children if c.dep_ == "prt")


def _direction(verb: Token, counted: Counted, preps: tuple[str, ...] = ()) -> str | None:
    """Where to, against whom, in what it happened: "out of the valley", "at the journalists", "in the floods"."""
    for child in verb.children:
        wanted = preps or (*_DIRECTIONS, "in", "during", "over")
        if child.dep_ != "prep" or child.lower_ not in wanted:
            continue
        for obj in child.children:
            if obj == counted.root or obj.is_ancestor(counted.root) or obj == counted.noun:
                continue
            place = obj.ent_type_ in _PLACES and child.lower_ in ("in", "at", "on", "near")
            if obj.dep_ == "pobj" and not place and (text := _short(obj, 3)):
                return f"{child.lower_} {text}"
            if obj.dep_ == "prep":
                for inner in obj.children:
                    if inner.dep_ == "pobj" and (text := _short(inner, 2)):
                        return f"{child.lower_} {obj.lower_} {text}"
    return None


def _oblique(counted: Counted, verb: Token) -> bool:
    """True where the noun hangs on the verb by a preposition ("attacked with 40 drones", "cut power to 90 homes")."""
    node = counted.noun if counted.noun is not None and not counted.elided else counted.root
    for _ in range(4):
        if node.dep_ == "pobj" and node.head.lower_ in ("with", "by", "to", "for", "from"):
            return node.head.head == verb
        if node.dep_ not in ("conj", "pobj", "prep"):
            return False
        node = node.head
    return False


def _subject_of(verb: Token, counted: Counted) -> bool:
    start = counted.noun if counted.noun is not None and not counted.elided else counted.root
    for child in verb.children:
        if child.dep_ in ("nsubj", "nsubjpass") and (child in (start, counted.root) or child.is_ancestor(start)):
            return True
    return start.is_ancestor(verb)


def _join(*parts: str | None) -> str | None:
    words: list[str] = []
    for part in parts:
        if part and f" {part.lower()} " not in f" {' '.join(words).lower()} ":
            words.append(part)
    return " ".join(words) or None


def _amount(counted: Counted) -> str | None:
    """What a sum or a share is the amount of: "spending rose by 3 per cent", "a loan worth $2 million"."""
    head = counted.root.head
    if counted.root.dep_ == "pobj" and head.lower_ in ("by", "from", "to", "at"):
        verb = head.head if head.head.pos_ in ("VERB", "AUX") else head.head.head
        for dep in ("dobj", "nsubjpass", "nsubj"):
            for child in verb.children:
                if child.dep_ == dep and child.i < counted.root.i and (text := _short(child)):
                    return f"{text} {verb.lower_}"
    if counted.root.dep_ == "attr" or head.lemma_.lower() in ("cost", "total", "reach", "exceed", "equal"):
        told = next((text for c in head.children if c.dep_ == "nsubj" and (text := _short(c))), None)
        return f"cost of {told}" if told and head.lemma_.lower() == "cost" else told
    return None


def _clause(counted: Counted) -> str | None:
    """What the sentence says of a noun that no cue governs: its own clause, or the verb that it belongs to."""
    noun = counted.noun if counted.noun is not None and not counted.elided else counted.root
    node = counted.root if counted.root.is_ancestor(noun) else noun
    while node.dep_ == "conj" and node.head.pos_ != "VERB":
        node = node.head
    for child in noun.rights:
        if child.dep_ in ("acl", "relcl") and child.pos_ == "VERB":
            if child.tag_ == "VBN" and passive(child):
                return _join(child.lower_ + _particle(child), _doer(child) if child.dep_ == "acl" else None)
            return _join(_acting(child), _arguments(child, noun))
        if child.dep_ == "prep" and child.lower_ in ("to", "on", "for", "against", "between"):
            for obj in child.children:
                if obj.dep_ == "pobj" and (text := _short(obj, 3)):
                    return f"{child.lower_} {text}"
    verb = node.head
    purpose = next((c for c in verb.children if c.dep_ == "xcomp" and c.i > verb.i), None)
    if verb.pos_ == "VERB" and purpose is not None and node.dep_ in ("nsubj", "nsubjpass"):
        told = verb.lower_ if passive(verb) else gerund(verb.lemma_.lower())
        return _join(told, "to" if purpose.tag_ == "VB" else None, purpose.lower_, _arguments(purpose, noun))
    if verb.pos_ == "VERB" and verb.lemma_.lower() not in _EMPTY and node.dep_ in ("nsubj", "nsubjpass", "dobj"):
        if node.dep_ == "nsubj" and not passive(verb):
            return _join(gerund(verb.lemma_.lower()) + _particle(verb), _arguments(verb, noun))
        if node.dep_ == "nsubjpass" or passive(verb):
            return _join(verb.lower_ + _particle(verb), _arguments(verb, noun) or _direction(verb, counted))
        extra = next((t for c in verb.children if c.dep_ == "dobj" and c != node and (t := _short(c))), None)
        return _join(participle(verb) + _particle(verb), extra, _doer(verb) or _direction(verb, counted))
    if verb.pos_ == "VERB" and node.dep_ in ("npadvmod", "advmod"):
        extra = next((t for c in verb.children if c.dep_ == "dobj" and (t := _short(c))), None)
        return _join(_doer(verb), verb.lower_, extra)
    for child in noun.rights:
        if child.dep_ == "prep" and child.lower_ not in ("of", "including", "by", "than", "until", "since", "after"):
            for obj in child.children:
                if obj.dep_ == "pobj" and (text := _short(obj, 3)):
                    return f"{child.lower_} {text}"
    return None


def _length(counted: Counted, decision: Decision) -> str | None:
    """ "distance of troops from the city", "depth of the incursion", "river rose"."""
    cue, word = decision.cue, decision.word
    aspect = cue.aspect if cue is not None else None
    node, subject = counted.root, None
    for _ in range(5):
        if node.head == node:
            break
        node = node.head
        if node.pos_ in ("NOUN", "PROPN") and node.dep_ != "appos" and not is_number(node):
            subject = node
            break
        if node.pos_ in ("VERB", "AUX"):
            subject = next((c for c in node.children if c.dep_ in ("nsubj", "nsubjpass")), None)
            break
    told = _short(subject, 3)
    if decision.measure != "distance":
        return _join(told, word.lower_ if word is not None and word != subject else None)
    target = None
    for prep in (*counted.root.rights, *(node.rights if node != counted.root else ())):
        if prep.dep_ == "prep" and prep.lower_ in ("from", "of", "to", "into"):
            target = next((_short(o, 4) for o in prep.children if o.dep_ == "pobj"), None)
            if target:
                within = counted.root.head.lower_ in ("within", "to", "inside")
                target = f"{'of' if prep.lower_ == 'of' and not within else 'from'} {target}"
                break
    if aspect in ("depth", "width", "length"):
        return _join(aspect, f"of {told}" if told and told != aspect else None)
    return _join("distance", f"of {told}" if told else None, target)
