"""The words that govern a counted noun, nearest first: which verb, noun or adjective tells what the figure measures.

``links`` walks from the noun up the dependency tree (and into the modifiers of the noun) and names, for each word that
it meets, the frame in which the noun stands to it.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from analysis.components.counted import BUNDLES, Counted, is_number
from analysis.components.near_words import SAID_OF_PEOPLE, before, counting, following, labelled, left_places, topic
from analysis.components.noun_clauses import (
    CARRIERS,
    PARTS,
    Link,
    as_subject,
    below,
    fronted,
    modifiers,
    of_whole,
    passive,
)

#: prepositions of a verb that are frames of their own
PREPOSITION_FRAMES = frozenset({"with", "by", "to", "for", "from", "of"})
#: prepositions that set a part or a companion beside a noun
BESIDE = frozenset({"including", "like", "with", "among", "plus"})
#: tags of adjectives and participles
ADJECTIVES = frozenset({"JJ", "VBN", "VBG"})
#: words of a bound or of vagueness that the parser takes for prepositions of a verb ("displaced over 31,000")
ABOUT = frozenset({"over", "under", "about", "around", "above", "below", "near"})
#: verbs whose object tells how large their subject is
COVERING = frozenset({"cover", "span", "measure", "comprise", "contain", "form", "occupy", "represent", "employ"})
#: verbs whose attribute tells what their subject is
AMOUNTING = frozenset({"be", "number", "total", "stand", "reach", "rise", "include"})
MAX_CLIMB = 7
#: verbs that say what their subject amounts to ("the toll reached 40")
EQUATING = frozenset(
    {"be", "reach", "exceed", "top", "total", "number", "hit", "pass", "surpass", "approach", "near", "include"}
)


def links(counted: Counted) -> list[Link]:
    """All links of a figure, best first, without repeats."""
    noun = counted.noun if counted.noun is not None and not counted.elided and counted.kind != "length" else None
    start = counted.root if noun is None else noun
    top = counted.root if _partitive(counted) else start
    found = list(_up(top, 0))
    if noun is not None:  # an adjective that stands for people says the measure itself ("11 dead and 23 missing")
        found.append(Link(noun, "self", -1 if noun.tag_ in ADJECTIVES and noun.dep_ != "pobj" else 0))
        if noun.tag_ == "VBN":  # "the number of detained"
            found.append(Link(noun, "object", 0))
    elif counted.noun is not None:
        found.append(Link(counted.noun, "self", 2))
    if top != start:
        found.extend(_up(start, 1))
    found.extend(modifiers(start, 0, restrictive=not counted.share))
    found.extend(following(counted))
    if counted.root != start:
        found.extend(modifiers(counted.root, 0))
    if noun is None:
        found.extend(_of_those(counted.root))
    edge = start.left_edge
    found.extend(before(edge if edge.i <= counted.root.i else counted.root.left_edge))
    found.extend(topic(counted.root))
    if counted.noun is None or counted.elided:
        found.extend(counting(counted.root))
    if (label := labelled(counted.root)) is not None:
        found.append(Link(label, "toll", 3))
    if counted.elided and counted.noun is not None and not any(link.word.pos_ == "VERB" for link in found):
        found.extend(Link(k.word, k.frame, k.near + 2) for k in (*_up(counted.noun, 2), *modifiers(counted.noun, 2)))
    seen: set[tuple[int, str]] = set()
    unique: list[Link] = []
    for link in sorted(found, key=lambda k: k.near):
        key = (link.word.i, link.frame)
        if key not in seen:
            seen.add(key)
            unique.append(link)
    return unique


def _of_those(root: Token) -> Iterator[Link]:
    """What is told of the whole: "four of those arrested were minors"."""
    for prep in root.children:
        if prep.dep_ == "prep" and prep.lower_ == "of":
            for obj in prep.children:
                if obj.lower_ in ("those", "these"):
                    yield from modifiers(obj, 1)


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
    return list(modifiers(noun, 0))


def _up(node: Token, near: int) -> Iterator[Link]:
    for _ in range(MAX_CLIMB):
        head = node.head
        dep = node.dep_
        if head == node:
            if node.pos_ in ("NOUN", "PROPN", "NUM"):
                yield from modifiers(node, near)
            return
        if dep in ("conj", "appos") and head.pos_ not in ("VERB", "AUX"):
            node = head
            if near == 0 and dep == "appos" and not _same_sort(node):
                yield Link(head, "self", 1)
            yield from modifiers(node, near + 1)
            continue
        if dep in ("nsubj", "csubj"):
            yield from as_subject(head, near)
            yield from _whole_before(head, node, near)
            yield from _coordinate(head, near, "subject")
            if head.lemma_.lower() in AMOUNTING:
                yield from _attributes(head, near)
            if head.pos_ == "AUX" and head.dep_ == "advcl" and any(c.lower_ == "as" for c in head.lefts):
                yield from below(head.head, near + 1)  # "the port is under their control, as are three hamlets"
            yield from _outer(head, near)
            return
        if dep == "nsubjpass":
            yield Link(head, "object", near)
            yield from below(head, near)
            yield from _whole_before(head, node, near + 1)
            yield from _coordinate(head, near, "object")
            for child in head.children:
                if child.dep_ in ("xcomp", "ccomp") and child.pos_ in ("VERB", "AUX"):
                    yield from as_subject(child, near)
            yield from _outer(head, near)
            return
        if dep in ("dobj", "obj", "dative", "oprd", "acomp"):
            equal = head.lemma_.lower() in EQUATING
            if equal:  # "the toll hits 88": what it is the value of comes before what the verb else does
                yield from _subjects(head, near, "toll")
                if head.dep_ == "xcomp" and head.head.pos_ == "VERB":  # "the toll is expected to reach thousands"
                    yield from _subjects(head.head, near, "toll")
            yield Link(head, "object", near)
            if head.lemma_.lower() in CARRIERS:
                for child in head.children:
                    if child.dep_ in ("xcomp", "ccomp") and child.i > node.i and child.pos_ == "VERB":
                        yield from as_subject(child, near)
            yield from below(head, near)
            if head.lemma_.lower() in CARRIERS:
                yield from _left_so(head, node, near)
            yield from _whole_before(head, node, near + 1)
            if not equal:
                yield from _subjects(head, near + 1, "doer")
            yield from _outer(head, near)
            return
        if dep == "attr":
            yield from _subjects(head, near)
            yield from _whole_before(head, node, near)
            yield Link(head, "subject", near)
            yield from below(head, near)
            yield from _outer(head, near)
            return
        if dep == "pobj":
            above = head.head
            prep = head.lower_
            if prep == "to" and above.lower_ == "from" and above.head.pos_ == "VERB":
                above = above.head  # "rose from 98 to 117"
            bound = (
                prep == "to" and head.nbor(-1).lower_ == "up" and head.nbor(-1).pos_ != "VERB" and head.i + 1 <= node.i
            )
            bound = bound or (prep in ABOUT and head.i + 1 == node.left_edge.i and (node.like_num or node.tag_ == "CD"))
            if bound and (verb := above.head if above.lower_ == "up" else above).pos_ == "VERB":
                yield Link(verb, "object", near)  # "seized up to 16 men"
            if prep == "than" and above.head.pos_ in ("VERB", "AUX") and above.i < above.head.i:
                yield from as_subject(above.head, near)  # "no fewer than 214 have had to be treated"
            whole = prep in PARTS and head.dep_ == "prep" and above.pos_ in ("VERB", "AUX") and head.i < above.i
            if prep == "of" and (left := left_places(head)) is not None:
                yield left
            if whole or (prep == "of" and above.lower_ == "out"):
                return  # "of the 90 aboard, 40 drowned", "out of 640 houses": what befell the part is not told of it
            if prep == "of" and above.tag_ == "CD":
                return  # "34 of the 41 people": what befell the 34 is not told of the 41
            if prep == "of" and above.pos_ in ("NOUN", "PROPN", "NUM"):
                yield Link(above, "of", near)
                yield Link(above, "toll", near)
                yield from modifiers(above, near + 1)
                node = above
                if above.lemma_.lower() not in BUNDLES and not above.like_num:
                    near += 1
                continue
            if prep in BESIDE and above.pos_ in ("NOUN", "PROPN", "NUM"):
                yield Link(above, "self", near + 1)
                yield from modifiers(above, near + 1)
                node, near = above, near + 1
                continue
            last = head.nbor(-1) if head.i else head
            if prep == "at" and last != above and last.lower_ in SAID_OF_PEOPLE:
                yield Link(last, "toll", near)  # "puts protest dead at 17"
            if prep == "with" and above.lower_ in ("along", "together"):
                yield from _beside_others(above, near + 1)
            frame = prep if prep in PREPOSITION_FRAMES else "phrase"
            frame = "agent" if head.dep_ == "agent" else frame
            yield Link(above, frame, near)
            yield Link(head, "phrase", near + 1)
            if above.pos_ in ("VERB", "AUX"):
                if above.lemma_ not in ("speak", "talk"):  # "the army spoke of 27": who speaks is no measure
                    yield from _subjects(above, near, "toll")
                if is_number(node) or prep in (
                    "at",
                    "to",
                    "by",
                ):  # not "pulled 61 bodies from the lake and 12 survivors"
                    yield from _subjects(above, near, "toll", ("dobj",))
                yield from below(above, near + 1)
                yield from _outer(above, near)
                return
            if prep == "with" and above.dep_ == "dobj" and above.head.pos_ == "VERB":
                yield Link(above.head, "with", near + 1)  # "hit the town with 40 rockets"
            if prep == "at" and above.pos_ == "NOUN":  # "estimates their losses at 600"
                yield Link(above, "toll", near)
            yield from modifiers(above, near + 2)
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
            yield Link(head, "object" if dep in ("dep", "nmod", "ccomp", "conj") else "subject", near + 1)
            yield from below(head, near + 1)
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


def _beside_others(adverb: Token, near: int) -> Iterator[Link]:
    """The verb of "was killed along with two guards"."""
    node = adverb.head
    for _ in range(3):
        if node.pos_ == "VERB":
            yield from as_subject(node, near)
            return
        node = node.head


def _left_so(verb: Token, node: Token, near: int) -> Iterator[Link]:
    """A participle behind the objects of a verb, hung on the verb: "left 27 officers and 40 marchers injured"."""
    for child in verb.rights:
        if child.tag_ != "VBN" or child.i < node.i or child.dep_ not in ("advcl", "dep"):
            continue
        if child.left_edge == child and not any(c.dep_ == "dobj" for c in child.children):
            yield Link(child, "object", near)
            yield Link(child, "predicate", near)


def _whole_before(verb: Token, node: Token, near: int) -> Iterator[Link]:
    """The whole told at the head of the clause: "of those held, 60 are minors", "among the dead were two nurses"."""
    for prep in fronted(verb, node):
        yield from of_whole(prep, near)


def _coordinate(verb: Token, near: int, frame: str) -> Iterator[Link]:
    """Verbs that share the subject: "were stabbed and killed"."""
    for child in verb.conjuncts:
        if child.i > verb.i and not any(c.dep_ in ("nsubj", "nsubjpass") for c in child.children):
            yield Link(child, "object" if passive(child) or child.tag_ == "VBN" else frame, near + 1)


def _same_sort(token: Token) -> bool:
    return token.like_num or token.pos_ == "NUM"


def _subjects(
    verb: Token,
    near: int,
    frame: str = "toll",
    deps: tuple[str, ...] = ("nsubj", "nsubjpass"),
) -> Iterator[Link]:
    for child in verb.children:
        if child.dep_ in deps and child.lower_ in ("those", "these"):
            yield from modifiers(child, near)  # "those not yet found are 31"
        elif child.dep_ in deps and child.pos_ in ("NOUN", "PROPN", "NUM", "ADJ", "VERB"):
            yield Link(child, frame, near)
            if frame == "doer" and verb.lemma_.lower() not in COVERING:
                continue  # "a vote, held in May, required 75 votes": what is told of who does it is not told of these
            yield from modifiers(child, near + 1)
            if child.lemma_.lower() in BUNDLES:
                for prep in child.children:
                    if prep.dep_ == "prep":
                        yield from (Link(o, frame, near) for o in prep.children if o.dep_ in ("pobj", "pcomp"))
                        for o in prep.children:  # "the estimate of buildings destroyed is 1,700"
                            yield from modifiers(o, near + 1)
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
