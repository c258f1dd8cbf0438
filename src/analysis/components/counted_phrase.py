"""The column ``counted``: the shortest clear phrase for what a figure counts, with the words of the text.

The noun comes first, with the words that name it more closely ("North Korean troops"); a participle follows only where
the noun does not say it ("soldiers killed", "territory they controlled", "ministers who resigned"). Who did it, where
and when stand in other columns.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from analysis.components.counted import MAX_PHRASE_TOKENS, Counted, is_number
from analysis.components.measure_cues import Decision
from analysis.components.noun_clauses import passive
from analysis.components.verb_forms import gerund, participle

#: entities that other columns hold
_ELSEWHERE = frozenset({"DATE", "TIME", "CARDINAL", "MONEY", "PERCENT", "ORDINAL", "QUANTITY"})
_PLACES = frozenset({"GPE", "LOC", "FAC"})
#: verbs that report, or that say too little to set a noun apart
# fmt: off
_EMPTY = frozenset(
    {
        "say", "report", "tell", "estimate", "announce", "claim", "believe", "be", "have", "include", "see", "number",
        "measure", "record", "count", "document", "find", "put", "list", "confirm", "expect", "note", "register",
        "get", "go", "come", "do", "make", "take", "give", "bring", "set", "let", "keep", "leave", "become", "remain",
        "happen", "occur", "begin", "start", "continue", "add", "cite", "mention", "describe", "show", "think", "hear",
        "mean", "seem", "appear", "know", "want", "need", "face", "use", "involve", "spend", "watch", "meet", "speak",
        "rise", "reach", "exceed", "total", "top", "pass", "hit", "stand", "cause", "suffer", "warn", "force", "fear",
    }
)
# fmt: on
#: vague numbers that stand as nouns of their own ("displaced millions")
_MAGNITUDES = frozenset({"million", "thousand", "hundred", "billion", "dozen", "ten", "score"})
#: measures that the noun and the other columns tell in full: troops there, money, votes
_SAID = frozenset({"personnel_strength", "units", "vote", "attacks"})
#: words that a phrase must not end with
_DANGLING = frozenset({"of", "in", "and", "or", "for", "to", "the", "from", "with", "that", "who"})
#: verbs that say what a sum or share amounts to, moves to or goes by
# fmt: off
_MOVING = frozenset(
    {
        "be", "rise", "fall", "drop", "grow", "slide", "slip", "climb", "jump", "sink", "increase", "decrease",
        "decline", "shrink", "total", "reach", "exceed", "equal", "stand", "hit", "average", "remain", "stay", "amount",
        "go", "come", "close", "end", "top", "put", "estimate", "set", "plunge", "tumble", "surge", "soar",
    }
)
# fmt: on
_PERSONS = frozenset({"people", "troops", "captives"})
#: nouns that only carve a length out of something
_PIECES = frozenset({"part", "stretch", "piece", "section", "rest"})
#: verbs of attack that are nouns as well
ATTACKS = frozenset({"strike", "attack", "raid", "assault", "ambush", "airstrike", "bombardment"})
MAX_WORDS = 4


def phrase_of(counted: Counted, decision: Decision, said: bool = False) -> str | None:
    """The counted phrase of one figure, or None where the text gives nothing to name.

    ``said`` is true where the noun alone tells the measure ("deaths", "prisoners").
    """
    if counted.kind == "length":
        return _length(counted, decision)
    noun, word, cue = counted.noun, decision.word, decision.cue
    if noun is not None and noun.lemma_ == "time" and decision.measure == "attacks" and word is not None:
        return _times(word)
    if noun is None and (counted.share or counted.kind in (None, "money")) and (amount := _amount(counted)):
        return amount
    head = _head(counted, decision)
    if noun is not None and (decision.measure in _SAID or said):
        return head if head != "people" or said else _join(head, _clause(counted))
    if cue is None or cue.pos == "context" or word is None:
        return _join(head, (cue.word if cue is not None else "") or _clause(counted))
    if word == noun or (noun is not None and word.is_ancestor(noun) and word.lemma_ == noun.lemma_):
        return _join(head, _clause(counted)) if decision.measure == "other" else head
    if cue.pos == "phrase" or word.pos_ in ("ADP", "SCONJ"):
        return _join(head, _subtree(word))
    if word.pos_ not in ("VERB", "AUX") or cue.pos == "adj" or (decision.basis == "outer" and cue.word):
        return _join(head, cue.word)
    return _join(head, _told(word, counted, cue.word, cue.rest))


def _times(verb: Token) -> str:
    """What was done so many times: "struck the grid 217 times" counts strikes on the grid."""
    done = next((c for c in verb.children if c.dep_ == "dobj"), None)
    if done is not None and done.lemma_.lower() in ATTACKS:
        return noun_phrase(done)
    name = f"{verb.lemma_.lower()}s" if verb.lemma_.lower() in ATTACKS else "attacks"
    told = _short(done, 3)
    return f"{name} on {told}" if told else name


def _head(counted: Counted, decision: Decision) -> str | None:
    """The noun phrase, or the word for its class where the text has none."""
    noun = counted.noun
    if counted.elided and decision.basis == "own" and counted.root.lemma_.lower() in _MAGNITUDES:
        return counted.counted_class if counted.kind not in ("people", "troops") else "people"
    if noun is None:
        return counted.counted_class
    if counted.kind == "land" and not counted.share and noun.ent_type_ in _PLACES:
        return "territory"
    return noun_phrase(noun, counted.root)


def _told(verb: Token, counted: Counted, plain: str | None, rest: Sequence[str]) -> str | None:
    """What a verb says of the noun: "killed", "shot down", "who marched".

    ``plain`` is the codebook's word for it, ``rest`` the further words of the cue ("lost power").
    """
    if passive(verb) or not _subject_of(verb, counted):
        if _oblique(counted, verb):
            return plain
        if counted.kind == "land" and verb.dep_ == "relcl":
            return _relative(verb)
        return participle(verb) + _particle(verb)
    if cue_rest := [c for c in verb.rights if c.dep_ == "dobj" and c.lemma_.lower() in rest]:
        return f"{_acting(verb, counted)} {cue_rest[0].lower_}"
    return plain or (_acting(verb, counted) if verb.lemma_.lower() not in _EMPTY else None)


def _relative(verb: Token) -> str:
    """ "they controlled" of "territory they controlled"."""
    subject = next((c for c in verb.children if c.dep_ == "nsubj" and c.tag_ not in ("WDT", "WP")), None)
    told = _short(subject, 3) or (subject.lower_ if subject is not None and subject.pos_ == "PRON" else "")
    return f"{told} {verb.lower_}{_particle(verb)}" if told else participle(verb) + _particle(verb)


def _acting(verb: Token, counted: Counted) -> str:
    """The verb of which the noun is the subject: "who resigned", "that sank", "waiting"."""
    ongoing = any(c.lemma_ == "be" and c.dep_ == "aux" for c in verb.children)
    if verb.tag_ == "VBG" or ongoing or verb.tag_ == "VB":
        return gerund(verb.lemma_.lower()) + _particle(verb)
    pronoun = "who" if counted.kind in _PERSONS else "that"
    return f"{pronoun} {verb.lower_}{_particle(verb)}"


def _subtree(word: Token) -> str | None:
    """A prepositional phrase in the words of the text, without articles, at most five words."""
    kept: list[Token] = []
    for token in word.subtree:
        if token.is_space or token.dep_ == "det" or len(kept) > MAX_WORDS:
            continue
        if kept and (is_number(token) or (token.is_punct and token.text != "-") or token.ent_type_ in _ELSEWHERE):
            break
        kept.append(token)
    while kept and kept[-1].lower_ in _DANGLING:
        kept.pop()
    return spelled(kept) or None


def _short(token: Token | None, limit: int = MAX_WORDS) -> str | None:
    """A noun phrase of at most ``limit`` words, without what other columns hold."""
    if token is None or token.ent_type_ in _ELSEWHERE or token.pos_ not in ("NOUN", "PROPN"):
        return None
    words = noun_phrase(token).split()
    if len(words) > limit:
        words = [*[c.text for c in token.lefts if c.dep_ in ("amod", "compound")], token.text][-limit:]
    return " ".join(words)


def _arguments(verb: Token, skip: Token) -> str | None:
    """The object of a verb, or the noun of its first prepositional phrase, in few words."""
    for child in verb.rights:
        if child == skip or child.is_ancestor(skip) or child.dep_ == "prt":
            continue
        if child.dep_ in ("dobj", "attr") and (text := _short(child, 3)):
            return text
        if child.dep_ == "prep":
            for obj in child.children:
                placed = obj.ent_type_ in _PLACES and child.lower_ != "from"
                if obj.dep_ == "pobj" and not placed and (text := _short(obj, 3)):
                    return f"{child.lower_} {text}"
    return None


def _particle(verb: Token) -> str:
    return "".join(f" {c.lower_}" for c in verb.children if c.dep_ == "prt")


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
    if verb.dep_ == "relcl" and verb.is_ancestor(start) is False and start.is_ancestor(verb):
        return any(c.dep_ == "nsubj" and c.tag_ in ("WDT", "WP") for c in verb.children)
    return start.is_ancestor(verb) and verb.tag_ == "VBG"


def _join(*parts: str | None) -> str | None:
    words: list[str] = []
    for part in parts:
        if part and f" {part.lower()} " not in f" {' '.join(words).lower()} ":
            words.append(part)
    return " ".join(words) or None


def _amount(counted: Counted) -> str | None:
    """What a sum or a share is the amount of: "turnout was 71 per cent", "shares closed down 2 per cent"."""
    node, verb = counted.root, counted.root.head
    if node.dep_ == "pobj" and verb.lower_ in ("at", "to") and verb.head.pos_ == "NOUN":
        return _short(verb.head)
    for _ in range(4):
        if verb.pos_ in ("VERB", "AUX") or verb == node:
            break
        node, verb = verb, verb.head
    if verb.pos_ not in ("VERB", "AUX"):
        return None
    lemma = verb.lemma_.lower()
    subject = next((c for c in verb.children if c.dep_ in ("nsubj", "nsubjpass") and c.i < counted.root.i), None)
    changed = next((c for c in verb.children if c.dep_ == "dobj" and c.i < counted.root.i), None)
    if changed is not None and node.dep_ in ("prep", "npadvmod", "advmod") and (text := _short(changed)):
        return text
    told = _short(subject)
    if lemma == "cost":
        return f"cost of {told}" if told else "cost"
    if subject is None and verb.dep_ in ("acl", "relcl", "advcl") and lemma in _MOVING:
        told = _short(verb.head)
    moved = node.dep_ == "prep" and node.lower_ in ("to", "from", "at", "by")
    if told and (moved or lemma in _MOVING or node.dep_ in ("npadvmod", "advmod", "attr") or verb.pos_ == "AUX"):
        return told
    if node.dep_ == "dobj" and counted.kind == "money":
        return _join("money", None if lemma in _EMPTY else participle(verb) + _particle(verb))
    return None


def _clause(counted: Counted) -> str | None:
    """What the sentence says of a noun that no cue governs: its own clause, or the verb that it belongs to."""
    noun = counted.noun if counted.noun is not None and not counted.elided else counted.root
    for child in noun.rights:
        if child.dep_ in ("acl", "relcl") and child.pos_ == "VERB":
            if child.dep_ == "acl":
                form = participle(child) if child.tag_ == "VBN" else gerund(child.lemma_.lower())
                return _join(form + _particle(child), _arguments(child, noun) if child.tag_ != "VBN" else None)
            if passive(child):
                return participle(child) + _particle(child)
            own = any(c.dep_ == "nsubj" and c.tag_ in ("WDT", "WP") for c in child.children)
            return _join(_acting(child, counted), _arguments(child, noun)) if own else None
        if child.dep_ == "prep" and child.lower_ in ("to", "on", "for", "against", "between", "without"):
            for obj in child.children:
                if obj.dep_ == "pobj" and (text := _short(obj, 3)):
                    return f"{child.lower_} {text}"
    node = counted.root if counted.root.is_ancestor(noun) else noun
    while node.dep_ == "conj" and node.head.pos_ != "VERB":
        node = node.head
    verb = node.head
    if verb.pos_ != "VERB" or verb.lemma_.lower() in _EMPTY:
        return None
    if node.dep_ == "nsubj" and not passive(verb):
        return _join(_acting(verb, counted), _arguments(verb, noun))
    if node.dep_ in ("nsubjpass", "dobj"):
        return participle(verb) + _particle(verb)
    return None


def _length(counted: Counted, decision: Decision) -> str | None:
    """ "distance from the city", "depth of the incursion", "river level"."""
    cue, word = decision.cue, decision.word
    aspect = cue.aspect if cue is not None else None
    node, subject = counted.root, None
    for _ in range(5):
        if node.head == node:
            break
        node = node.head
        if node.pos_ in ("NOUN", "PROPN") and node.dep_ != "appos" and not is_number(node):
            subject = node if node.lemma_.lower() not in _PIECES else None
            break
        if node.pos_ in ("VERB", "AUX"):
            subject = next((c for c in node.children if c.dep_ in ("nsubj", "nsubjpass")), None)
            break
    told = _short(subject, 3)
    if decision.measure not in ("distance", "territory_gained"):
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
    if aspect == "advance":
        return _join("advance", f"of {told}" if told else None)
    return _join("distance", f"of {told}" if told else None, target)


# fmt: off
_LEFT_OUT = frozenset(
    {
        "more", "less", "fewer", "least", "other", "another", "further", "new", "additional", "such", "some",
        "same", "total", "overall"
    }
)
# fmt: on


def noun_phrase(noun: Token, number: Token | None = None) -> str:
    """The noun with what names it more closely (nationality, status, owner) and a short ``of`` phrase."""
    kept: list[Token] = []
    for child in noun.lefts:
        if child.dep_ in (
            "det",
            "nummod",
            "quantmod",
            "punct",
            "cc",
            "predet",
            "advmod",
            "prep",
            "case",
        ):
            continue
        if number is not None and child.i < number.i < noun.i and child.dep_ != "poss":
            continue
        if is_number(child) or child.lower_ in _LEFT_OUT or any(is_number(t) for t in child.subtree):
            continue
        kept.extend(t for t in child.subtree if t.dep_ not in ("det",) and not t.is_space and not t.is_punct)
    kept.append(noun)
    for child in noun.rights:
        if child.dep_ == "prep" and child.lower_ in (
            "of",
            "in",
            "on",
            "at",
            "from",
            "for",
            "to",
            "inside",
            "with",
        ):
            limit = MAX_PHRASE_TOKENS - len(kept)
            part = [t for t in child.subtree if not t.is_space and t.dep_ != "det" and not t.is_quote]
            named = any(t.ent_type_ in ("GPE", "LOC") for t in part)
            if child.lower_ == "of" and len(part) <= limit and number not in part and not named:
                kept.extend(part)
        elif (
            child.dep_ == "conj"
            and child.i - noun.i <= 4
            and noun.nbor().dep_ == "cc"
            and not any(is_number(t) for t in child.subtree)
        ):
            kept.extend(t for t in noun.rights if t.dep_ == "cc" and t.i < child.i)
            kept.extend(t for t in child.subtree if t.dep_ in ("amod", "compound") or t is child)
    words = sorted({t.i: t for t in kept}.values(), key=lambda t: t.i)
    return spelled(words[1:] if words[0].dep_ == "case" and len(words) > 1 else words)


def spelled(tokens: Sequence[Token]) -> str:
    """Tokens in their order as the text spells them: one space where some were left out, none inside a word."""
    text = ""
    last: Token | None = None
    for token in tokens:
        if last is not None:
            joined = token.i == last.i + 1 and not last.whitespace_
            hyphen = token.i == last.i + 2 and last.nbor().text == "-" and not last.whitespace_
            text += "-" if hyphen else "" if joined else " "
        text += token.text
        last = token
    return text
