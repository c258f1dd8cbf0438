"""The words that govern a counted noun, nearest first: which verb, noun or adjective tells what the figure measures.

``links`` walks from the noun up the dependency tree (and into the modifiers of the noun) and names, for each word that
it meets, the frame in which the noun stands to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from analysis.components.counted import BUNDLES, Counted

#: frames in which a counted noun stands to the word that tells its measure
FRAMES = (
    "subject",
    "object",
    "of",
    "self",
    "predicate",
    "toll",
    "agent",
    "phrase",
    "compound",
    "outer",
)
#: prepositions of a verb that are frames of their own
PREPOSITION_FRAMES = frozenset({"with", "by", "to", "for", "from", "of"})
MAX_CLIMB = 7
#: verbs that only carry what their predicate or their clause says ("were left homeless", "are feared dead")
# fmt: off
CARRIERS = frozenset(
    {
        "be", "have", "leave", "report", "say", "fear", "believe", "presume", "think", "understand",
        "confirm", "remain", "become", "find", "count", "list", "feel", "see", "get", "include", "claim",
        "number", "total", "declare", "estimate", "consider", "know", "stand", "go", "come", "make", "keep",
        "force", "order", "tell", "ask", "begin", "start", "continue", "help", "cause", "manage", "able",
        "seem", "appear", "happen", "need", "want", "allow", "compel", "urge", "plan", "expect", "try",
        "refuse"
    }
)
# fmt: on


#: verbs whose prepositional phrase is said of their subject or object ("are in custody", "left without power")
COPULAS = frozenset(
    {"be", "remain", "stay", "leave", "live", "find", "sit", "stand", "keep", "come", "go", "put", "have"}
)
#: verbs that say what their subject amounts to ("the toll reached 40")
EQUATING = frozenset(
    {"be", "reach", "exceed", "top", "total", "number", "hit", "pass", "surpass", "approach", "near", "include"}
)


@dataclass(frozen=True, slots=True)
class Link:
    """``word`` governs the figure's noun in ``frame``; ``near`` counts the steps (0 = the noun's own clause)."""

    word: Token
    frame: str
    near: int


def passive(verb: Token) -> bool:
    """True for a passive, also a participle without auxiliary ("had 65 soldiers killed")."""
    if any(c.dep_ in ("nsubjpass", "auxpass") for c in verb.children):
        return True
    if verb.dep_ == "conj" and verb.head.pos_ == "VERB" and not any(c.dep_ in ("nsubj", "aux") for c in verb.children):
        return passive(verb.head)  # "had killed 60 and taken 17"
    return verb.tag_ == "VBN" and not any(c.dep_ == "aux" for c in verb.children)


def links(counted: Counted) -> list[Link]:
    """All links of a figure, best first, without repeats."""
    noun = counted.noun if counted.noun is not None and not counted.elided and counted.kind != "length" else None
    start = counted.root if noun is None else noun
    top = counted.root if _partitive(counted) else start
    found = list(_up(top, 0))
    if noun is not None:
        found.append(Link(noun, "self", 0))
    elif counted.noun is not None:
        found.append(Link(counted.noun, "self", 2))
    if top != start:
        found.extend(_up(start, 1))
    found.extend(_modifiers(start, 0, restrictive=not counted.share))
    found.extend(_following(counted))
    if counted.root != start:
        found.extend(_modifiers(counted.root, 0))
    if counted.elided and counted.noun is not None and not any(link.word.pos_ == "VERB" for link in found):
        found.extend(Link(k.word, k.frame, k.near + 2) for k in (*_up(counted.noun, 2), *_modifiers(counted.noun, 2)))
    seen: set[tuple[int, str]] = set()
    unique: list[Link] = []
    for link in sorted(found, key=lambda k: k.near):
        key = (link.word.i, link.frame)
        if key not in seen:
            seen.add(key)
            unique.append(link)
    return unique


def _partitive(counted: Counted) -> bool:
    noun = counted.noun
    return (
        noun is not None
        and noun.dep_ == "pobj"
        and noun.head.lower_ in ("of", "in")
        and noun.head.head != noun
        and (noun.head.head == counted.root or counted.root.is_ancestor(noun))
    )


def own_modifiers(counted: Counted) -> list[Link]:
    """Only the words that modify the counted noun itself."""
    noun = counted.noun if counted.noun is not None and not counted.elided else counted.root
    return list(_modifiers(noun, 0))


def _following(counted: Counted) -> Iterator[Link]:
    """The phrase right after the number and its noun, wherever the parser hangs it."""
    last = counted.root
    if counted.noun is not None and not counted.elided and counted.noun.i > last.i:
        last = counted.noun
    doc, i = last.doc, last.i + 1
    if i < len(doc) and doc[i].text == "(":
        while i < len(doc) and doc[i].text != ")" and i - last.i < 8:
            i += 1
        i += 1
    if i < len(doc) and doc[i].sent == last.sent and doc[i].pos_ in ("ADP", "ADJ", "VERB"):
        if doc[i].pos_ == "ADP":
            yield Link(doc[i], "phrase", 0)
        elif doc[i].tag_ in ("VBN", "JJ"):
            yield Link(doc[i], "predicate", 1)
    bare = counted.noun is None or counted.elided
    if bare and i < len(doc) and doc[i].sent == last.sent and doc[i].tag_ in ("VBN", "VBD", "VBP", "JJ", "NN", "VBG"):
        # a number without its noun takes the word behind it ("34 were killed and 56 wounded", "four missing"), whatever
        # the parser hangs it on: of two clauses run together it takes the verb of the first
        yield Link(doc[i], "predicate", -1)
        after = doc[i + 1] if doc[i].lemma_ == "be" and i + 1 < last.sent.end else None
        if after is not None and after.tag_ in ("VBN", "JJ"):  # "at the bridge and 58 were wounded"
            yield Link(after, "object", -1)
            yield Link(after, "predicate", -1)


def _modifiers(noun: Token, near: int, restrictive: bool = True) -> Iterator[Link]:
    for child in noun.children:
        if child.dep_ == "amod" and not restrictive:
            continue
        if child.dep_ in ("acl", "relcl", "amod", "appos", "advcl", "ccomp", "nmod") and child.i != noun.i:
            yield from _clause(child, near)
            for conjunct in child.conjuncts:
                yield from _clause(conjunct, near)
        elif child.dep_ == "prep":
            yield Link(child, "phrase", near)
        elif child.dep_ == "compound":
            yield Link(child, "compound", near + 1)


def _clause(child: Token, near: int) -> Iterator[Link]:
    if child.dep_ == "relcl":
        subject = next((c for c in child.children if c.dep_ in ("nsubj", "nsubjpass")), None)
        if subject is not None and subject.dep_ == "nsubjpass":
            yield Link(child, "object", near)
        elif subject is not None and subject.tag_ in ("WDT", "WP"):
            yield from _as_subject(child, near)
        else:
            yield Link(child, "object", near)
        return
    if child.tag_ == "VBN" or (child.tag_ in ("VBD", "JJ") and child.lower_.endswith("ed")):
        yield Link(child, "object", near)
        yield Link(child, "predicate", near)
        yield from _below(child, near)
    elif child.tag_ == "VBG":
        yield from _as_subject(child, near)
        yield Link(child, "predicate", near)
    else:
        yield Link(child, "predicate", near)
        yield Link(child, "object", near + 1)


def _as_subject(verb: Token, near: int) -> Iterator[Link]:
    yield Link(verb, "object" if passive(verb) else "subject", near)
    yield from _below(verb, near)
    if verb.lemma_.lower() in CARRIERS:
        for child in verb.children:
            if child.dep_ in ("xcomp", "ccomp") and child.pos_ in ("VERB", "AUX"):
                if any(c.dep_ in ("nsubj", "nsubjpass") for c in child.children) and child.dep_ == "ccomp":
                    continue
                yield from _as_subject(child, near)


def _below(verb: Token, near: int) -> Iterator[Link]:
    """Predicates and phrases of a verb that say something of its subject or object."""
    for child in verb.children:
        if child.dep_ in ("acomp", "oprd", "attr", "xcomp") and child.pos_ in (
            "ADJ",
            "NOUN",
            "VERB",
            "ADV",
        ):
            yield Link(child, "predicate", near)
            if child.tag_ == "VBN":
                yield Link(child, "object", near)
            for conjunct in child.conjuncts:
                yield Link(conjunct, "predicate", near)
            for prep in child.children:
                if prep.dep_ == "prep":
                    yield Link(prep, "phrase", near)
        elif child.dep_ in ("prep", "advmod"):
            yield Link(child, "phrase", near + (verb.lemma_.lower() not in COPULAS))


def _up(node: Token, near: int) -> Iterator[Link]:
    for _ in range(MAX_CLIMB):
        head = node.head
        dep = node.dep_
        if head == node:
            if node.pos_ in ("NOUN", "PROPN", "NUM"):
                yield from _modifiers(node, near)
            return
        if dep in ("conj", "appos") and head.pos_ not in ("VERB", "AUX"):
            node = head
            if near == 0 and not _same_sort(node):
                yield Link(head, "self", 1)
            yield from _modifiers(node, near + 1)
            continue
        if dep in ("nsubj", "csubj"):
            yield from _as_subject(head, near)
            yield from _coordinate(head, near, "subject")
            if head.lemma_.lower() in (
                "be",
                "number",
                "total",
                "stand",
                "reach",
                "rise",
                "include",
            ):
                yield from _attributes(head, near)
            yield from _outer(head, near)
            return
        if dep == "nsubjpass":
            yield Link(head, "object", near)
            yield from _below(head, near)
            yield from _coordinate(head, near, "object")
            for child in head.children:
                if child.dep_ in ("xcomp", "ccomp") and child.pos_ in ("VERB", "AUX"):
                    yield from _as_subject(child, near)
            yield from _outer(head, near)
            return
        if dep in ("dobj", "obj", "dative", "oprd", "acomp"):
            yield Link(head, "object", near)
            if head.lemma_.lower() in CARRIERS:
                for child in head.children:
                    if child.dep_ in ("xcomp", "ccomp") and child.i > node.i and child.pos_ == "VERB":
                        yield from _as_subject(child, near)
            yield from _below(head, near)
            yield from _subjects(head, near + (head.lemma_.lower() not in EQUATING))
            yield from _outer(head, near)
            return
        if dep == "attr":
            yield from _subjects(head, near)
            for child in head.children:
                if child.dep_ == "prep" and child.lower_ in ("among", "of"):
                    yield from (Link(o, "toll", near) for o in child.children if o.dep_ == "pobj")
            yield Link(head, "subject", near)
            yield from _below(head, near)
            yield from _outer(head, near)
            return
        if dep == "pobj":
            above = head.head
            prep = head.lower_
            if prep == "of" and above.pos_ in ("NOUN", "PROPN", "NUM"):
                yield Link(above, "of", near)
                yield Link(above, "toll", near)
                yield from _modifiers(above, near + 1)
                node = above
                if above.lemma_.lower() not in BUNDLES and not above.like_num:
                    near += 1
                continue
            if prep in (
                "including",
                "like",
                "with",
                "among",
                "plus",
            ) and above.pos_ in ("NOUN", "PROPN", "NUM"):
                yield Link(above, "self", near + 1)
                yield from _modifiers(above, near + 1)
                node, near = above, near + 1
                continue
            frame = prep if prep in PREPOSITION_FRAMES else "phrase"
            frame = "agent" if head.dep_ == "agent" else frame
            yield Link(above, frame, near)
            yield Link(head, "phrase", near + 1)
            if above.pos_ in ("VERB", "AUX"):
                if above.lemma_ not in ("speak", "talk"):  # "the army spoke of 27": who speaks is no measure
                    yield from _subjects(above, near, "toll")
                yield from _subjects(above, near, "toll", ("dobj",))
                yield from _below(above, near + 1)
                yield from _outer(above, near)
                return
            yield from _modifiers(above, near + 2)
            node, near = above, near + 1
            continue
        if dep in ("npadvmod", "advmod", "nummod", "quantmod") and head.pos_ in (
            "VERB",
            "AUX",
        ):
            yield Link(head, "by", near)
            yield Link(head, "object", near)
            yield from _subjects(head, near)
            yield from _outer(head, near)
            return
        if head.pos_ in ("VERB", "AUX"):
            yield Link(
                head,
                "object" if dep in ("dep", "nmod", "ccomp", "conj") else "subject",
                near + 1,
            )
            yield from _below(head, near + 1)
            yield from _outer(head, near + 1)
            return
        if head.pos_ in ("NOUN", "PROPN", "ADJ", "ADV") and dep in (
            "compound",
            "amod",
            "nmod",
            "poss",
            "npadvmod",
        ):
            yield Link(head, "of", near + 1)
        node = head
        near += 0 if head.pos_ in ("ADP", "SCONJ", "NUM") else 1


def _coordinate(verb: Token, near: int, frame: str) -> Iterator[Link]:
    """Verbs that share the subject: "were stabbed and killed"."""
    for child in verb.conjuncts:
        if child.i > verb.i and not any(c.dep_ in ("nsubj", "nsubjpass") for c in child.children):
            yield Link(
                child,
                "object" if passive(child) or child.tag_ == "VBN" else frame,
                near + 1,
            )


def _same_sort(token: Token) -> bool:
    return token.like_num or token.pos_ == "NUM"


def _subjects(
    verb: Token,
    near: int,
    frame: str = "toll",
    deps: tuple[str, ...] = ("nsubj", "nsubjpass"),
) -> Iterator[Link]:
    for child in verb.children:
        if child.dep_ in deps and child.pos_ in ("NOUN", "PROPN", "NUM", "ADJ", "VERB"):
            yield Link(child, frame, near)
            yield from _modifiers(child, near + 1)
            if child.lemma_.lower() in BUNDLES:
                for prep in child.children:
                    if prep.dep_ == "prep":
                        yield from (Link(o, frame, near) for o in prep.children if o.dep_ in ("pobj", "pcomp"))
                yield from (Link(c, frame, near) for c in child.children if c.dep_ in ("amod", "compound"))


def _attributes(verb: Token, near: int) -> Iterator[Link]:
    for child in verb.children:
        if child.dep_ in ("attr", "acomp", "dobj") and child.pos_ in ("NOUN", "ADJ"):
            yield Link(child, "predicate", near)


def _outer(verb: Token, near: int) -> Iterator[Link]:
    """Clauses around: the verb's conjunct and the clause that it serves, as weaker evidence."""
    node = verb
    for step in range(1, 4):
        head = node.head
        if head == node:
            return
        if node.dep_ == "conj" and not any(c.dep_ in ("nsubj", "nsubjpass") for c in node.children):
            yield Link(head, "outer", near + 2 + step)
        elif node.dep_ in ("acl", "relcl") and head.lemma_.lower() in BUNDLES:
            yield from _up(head, near + 1)
            return
        elif node.dep_ in ("xcomp", "advcl", "acl", "relcl", "pcomp", "prep"):
            yield Link(head, "outer", near + 2 + step)
        else:
            return
        node = head
