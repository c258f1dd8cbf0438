"""Acts of attribution in one sentence: cue, the noun that speaks, and the characters that are reported.

Every function reads the dependency parse and the rows of reporting_cues.csv. A sentence without a cue lemma costs one
look-up a token.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

from spacy.tokens import Span, Token

from analysis.codebook import Codebook, Row, load
from analysis.components.cue_subjects import GOES_ON, VERBAL, subject
from analysis.components.roles import Roles, roles
from analysis.components.verb_forms import gerund, past

SPEAKING_ENTITIES = ("PERSON", "ORG", "GPE", "NORP")
PRONOUNS = frozenset(["he", "she", "they", "it", "who", "which"])
#: what a medium does with a document that others made
SEEN = ("see", "obtain", "review", "view", "leak", "examine")
#: nouns whose "of" tells what is counted, not who counts
COUNTED = frozenset(
    ("number", "count", "toll", "tally", "figure", "record", "estimate", "survey", "poll", "census", "data")
)
#: nouns before which any name is that of the maker
POLLS = frozenset(("poll", "survey", "questionnaire", "study"))
MADE = POLLS | {"tally", "analysis"}
#: verbs by which somebody makes a document of his own public
ISSUES = frozenset(("release", "issue", "publish", "send", "post", "make", "give", "deliver", "share", "write"))
MAKING = frozenset(
    ("produce", "compile", "prepare", "conduct", "draw", "commission", "carry", "author", "draft", "file")
)
#: words before a document that tell what it is about or where it was filed, not who speaks
MATTERS = frozenset(("intelligence", "court", "security"))
SUBJECTS = ("nsubj", "nsubjpass", "csubj")


@dataclass(slots=True)
class Act:
    """One cue with the head noun of its source (None: nobody named) and its content as token ranges (end exclusive)."""

    row: Row
    anchor: Token
    cue: tuple[int, int]
    source: Token | None
    content: list[tuple[int, int]]
    holes: list[tuple[int, int]] = field(default_factory=list)
    clause: tuple[int, int] = (0, 0)
    owner: bool = False
    closing: bool = False
    #: tokens that name the source, where the parse does not tell which belong to it
    named: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class Cues:
    """Rows of reporting_cues.csv by lemma and part of speech; ``tails`` are the words that a verb of a row must have
    after it ("stand" with "by")."""

    verbs: dict[str, tuple[Row, ...]]
    tails: dict[tuple[str, str], tuple[tuple[str, ...], ...]]
    nouns: dict[str, Row]
    phrases: dict[str, tuple[tuple[tuple[str, ...], Row], ...]]
    marks: dict[str, Row]
    roles: Roles
    #: forms of the verbs that report a clause ("said", "says", "say") -> row
    forms: dict[str, Row]


#: kinds of cue that are read from the order of words where the parse fails
SPOKEN = frozenset(
    (
        "say",
        "announce",
        "inform",
        "estimate",
        "claim",
        "confirm",
        "warn",
        "count",
        "argue",
        "testify",
        "deny",
        "believe",
    )
)
#: verbs of holding true that as often tell of a feeling or of having
FELT = frozenset(("know", "feel", "doubt", "hope", "worry", "consider", "understand"))


def _forms(lemma: str) -> tuple[str, ...]:
    """The third person and the past of a verb; of the plainest two the -ing form too."""
    sibilant = lemma.endswith(("s", "x", "z", "ch", "sh"))
    consonant = lemma.endswith("y") and lemma[-2:-1] not in "aeou"
    third = lemma[:-1] + "ies" if consonant else lemma + ("es" if sibilant else "s")
    if lemma in ("say", "tell"):
        return (f"{lemma}s", gerund(lemma), past(lemma))  # "was quoted as saying"
    return (third, past(lemma))


@functools.lru_cache(maxsize=8)
def cues(folder: str | None) -> Cues:
    """Read the cues from the codebook in ``folder`` (None: the default)."""
    verbs: dict[str, tuple[Row, ...]] = {}
    tails: dict[tuple[str, str], tuple[tuple[str, ...], ...]] = {}
    nouns: dict[str, Row] = {}
    phrases: dict[str, tuple[tuple[tuple[str, ...], Row], ...]] = {}
    marks: dict[str, Row] = {}
    for row in load(folder).rows("reporting_cues"):
        for match in Codebook.split(row["match"]):
            if row["pos"] == "verb":
                lemma, *tail = match.split()
                if row not in verbs.get(lemma, ()):
                    verbs[lemma] = (*verbs.get(lemma, ()), row)
                if tail:
                    tails[lemma, row["id"]] = (*tails.get((lemma, row["id"]), ()), tuple(tail))
            elif row["pos"] == "noun":
                nouns.setdefault(match, row)
            elif row["pos"] == "phrase" and "elaborates" not in row["frame"]:
                parts = tuple(match.split())
                phrases[parts[0]] = (*phrases.get(parts[0], ()), (parts, row))
        if row["pos"] == "mark":
            marks[row["id"]] = row
    forms: dict[str, Row] = {}
    for lemma, rows in verbs.items():
        for row in rows:
            if (
                row["code"] in SPOKEN
                and lemma not in FELT
                and "clause" in frames(row)
                and (lemma, row["id"]) not in tails
            ):
                for form in (lemma, *_forms(lemma)):
                    forms.setdefault(form, row)
    return Cues(verbs, tails, nouns, phrases, marks, roles(folder), forms)


def frames(row: Row) -> tuple[str, ...]:
    return Codebook.split(row["frame"])


def aged(token: Token) -> bool:
    """ "the 51-year-old": a person told by age, in one token or in five."""
    return token.lower_.endswith("year-old") or (
        token.lower_ == "old" and token.i > 3 and token.doc[token.i - 2].lower_ == "year"
    )


def speaks(token: Token, book: Cues) -> bool:
    """Whether the noun can be a source: a name, a role, a body, a country, a document or a personal pronoun."""
    if token.lower_ in PRONOUNS:
        return True
    if token.ent_type_ in SPEAKING_ENTITIES and token.pos_ in ("PROPN", "NOUN", "ADJ", "X"):
        return True
    lemma = token.lemma_.lower()
    if aged(token) or (lemma == "one" and token.i + 1 < len(token.doc) and token.nbor().lower_ == "of"):
        return True
    if lemma in book.roles.nouns or lemma in book.nouns or token.lower_ in book.roles.nouns:
        return True
    return token.pos_ == "PROPN" or token.lower_ in book.roles.countries


def owner(noun: Token, book: Cues) -> Token | None:
    """Whose estimate, report or statement ``noun`` is."""
    for child in noun.children:
        if child.dep_ == "poss":
            return child
    for child in noun.children:
        by = ("by", "from") if noun.lemma_.lower() in COUNTED else ("by", "from", "of")
        if child.dep_ in ("prep", "agent") and child.lower_ in by:
            for grandchild in child.children:
                if (
                    grandchild.dep_ == "pobj"
                    and speaks(grandchild, book)
                    and grandchild.lemma_.lower() not in book.nouns
                ):
                    return grandchild
        if child.dep_ == "acl" and child.tag_ == "VBN" and child.lemma_.lower() not in SEEN:
            for agent in child.children:
                if agent.dep_ == "agent" or (agent.dep_ == "prep" and agent.lower_ in ("by", "from")):
                    for grandchild in agent.children:
                        if grandchild.dep_ == "pobj" and speaks(grandchild, book):
                            return grandchild
    for child in noun.rights:
        # "a report into the blast published by the institute": the participle hangs on the blast
        for about in child.rights if child.dep_ == "prep" and child.lower_ in ("into", "on", "about") else ():
            for made in about.rights:
                maker = agent_of(made) if made.dep_ == "acl" and made.lemma_.lower() in ISSUES | MAKING else None
                if maker is not None:
                    return maker
    best = None
    for child in noun.lefts:
        if child.lower_ in MATTERS:
            continue
        if child.dep_ in ("compound", "amod", "nmod") and (
            child.lower_ in book.roles.countries
            or child.ent_type_ in ("ORG", "GPE", "NORP", "PERSON")
            or child.lemma_.lower() in book.roles.nouns
            and child.pos_ in ("NOUN", "PROPN")
            or (child.pos_ == "PROPN" and noun.lemma_.lower() in MADE and child.ent_type_ not in ("DATE", "EVENT"))
        ):
            best = child
    if best is None and noun.dep_ == "dobj" and noun.head.lemma_ in ISSUES:
        # "the ministry released a statement saying"
        return next((c for c in noun.head.lefts if c.dep_ == "nsubj" and speaks(c, book)), None)
    return best


def speaker_above(verb: Token, source: Token, book: Cues) -> Token | None:
    """ "The governor said 12 towns were cut off and warned that ...": the parser joins the cue to what was said."""
    clause = verb.head
    while clause.dep_ == "conj":
        clause = clause.head
    outer = clause.head
    own = any(c.dep_ in SUBJECTS for c in verb.lefts)
    if own or clause.dep_ != "ccomp" or outer.i > clause.i or outer.lemma_.lower() not in book.verbs:
        return None
    above = subject(outer)
    return above if above is not None and speaks(above, book) and not speaks(source, book) else None


#: participles by which a speaker goes on, whatever stands between
GOING_ON_TO_SAY = frozenset(("add", "stress", "note", "conclude", "reiterate", "clarify", "specify", "explain"))


def speaker_before(verb: Token, source: Token, book: Cues) -> Token | None:
    """ "The ministry said 40 homes burned, adding that ...": who said the first part says the second too.

    The parser joins the participle to the verb of what was said; its subject counts only where it can speak itself.
    """
    clause = verb.head
    while clause.dep_ in ("conj", "advcl", "relcl", "xcomp") and clause.head.i < clause.i:
        clause = clause.head
    outer = clause.head
    if verb.tag_ != "VBG" or clause.dep_ != "ccomp" or outer.i > clause.i or outer.lemma_.lower() not in book.verbs:
        return None
    if verb.i == 0 or verb.nbor(-1).text != ",":
        return None
    above = subject(outer)
    goes_on = verb.lemma_.lower() in GOING_ON_TO_SAY or not speaks(source, book)
    return above if goes_on and above is not None and above.i < outer.i and speaks(above, book) else None


def neighbour(verb: Token, book: Cues) -> Token | None:
    """The speaker right before a cue whose subject the parser hung elsewhere ("killed 12, medics and residents said")."""
    if verb.i == verb.sent.start:
        return None
    token = verb.doc[verb.i - 1]
    if aged(token):
        return token
    if token.ent_type_ in ("PERSON", "ORG") and token.pos_ == "PROPN":
        first = token.i
        while first > verb.sent.start and verb.doc[first - 1].ent_iob_ != "O" and verb.doc[first].ent_iob_ == "I":
            first -= 1
        if first == verb.sent.start or verb.dep_ == "ROOT":
            return token  # a name that the parser took apart, or for part of the phrase before it
    if token.pos_ not in ("NOUN", "PROPN", "PRON") or not speaks(token, book):
        return None
    while token.dep_ in ("conj", "compound") and token.head.i != token.i and token.head.pos_ in ("NOUN", "PROPN"):
        token = token.head
    edge = token.left_edge.i
    return token if edge > verb.sent.start and verb.doc[edge - 1].text in (",", "”", '"', "—", "–") else None


def clause(token: Token) -> list[tuple[int, int]]:
    verb = token
    while verb.pos_ not in VERBAL and verb.head.i != verb.i:
        verb = verb.head
    return [(verb.left_edge.i, verb.right_edge.i + 1)]


def agent_of(verb: Token) -> Token | None:
    """Who a passive verb says did it ("by the ministry")."""
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            for grandchild in child.children:
                if grandchild.dep_ == "pobj":
                    return grandchild
    for child in verb.rights:
        # "was put at $3bn by the bank": the parser may hang the agent on the figure
        if child.dep_ == "prep" and child.lower_ in ("at", "as") and any(c.dep_ == "auxpass" for c in verb.lefts):
            for word in child.subtree:
                if word.lower_ == "by" and word.dep_ in ("prep", "agent") and word.head.pos_ in ("NUM", "NOUN"):
                    return next((c for c in word.rights if c.dep_ == "pobj"), None)
    return None


def _listed(child: Token, verb: Token) -> bool:
    """ "spoke of 62 killed, 17 captured": a bare participle with its number goes on with the list, not with the verb."""
    bare = child.tag_ == "VBN" and not any(c.dep_ in ("aux", "auxpass") for c in child.children)
    number = any(c.dep_ in ("nsubj", "nsubjpass", "nummod") and (c.like_num or c.pos_ == "NUM") for c in child.lefts)
    return bare and number and child.i > verb.i


NONE = frozenset(("no", "none", "nobody", "nothing", "neither"))


def limit(verb: Token, after: int, sent: Span) -> int:
    """Where what ``verb`` reports ends at the latest: before the next verb coordinated with it, else the sentence."""
    end = sent.end
    for child in verb.rights:
        if child.dep_ == "conj" and child.pos_ in VERBAL and child.i > after and not _listed(child, verb):
            first = child.left_edge.i
            if sent.doc[first].lower_ == "of":
                continue  # "spoke of 860 homes, and of 11 people pulled out"
            if sent.doc[first - 1].lower_ == "but" and any(t.lower_ in NONE for t in sent.doc[after : after + 3]):
                continue  # "said no one was hurt, but four cars burned": the second half of one report
            while first > after and (sent.doc[first - 1].dep_ == "cc" or sent.doc[first - 1].text == ","):
                first -= 1
            end = min(end, first)
    # an embedded cue reports no further than its own clause
    embedded = verb.dep_ in ("relcl", "acl", "advcl", "ccomp", "pcomp", "xcomp")
    goes_on = verb.dep_ == "xcomp" and verb.head.lemma_.lower() in GOES_ON  # "went on to say"
    if embedded and not goes_on and verb.right_edge.i + 1 > after:
        end = min(end, verb.right_edge.i + 1)
    return end


def and_more(last: int, sent: Span) -> tuple[int, int] | None:
    """ "Fourteen civilians, he said, and three officers.": a count that goes on behind the cue that ends before ``last``."""
    rest = sent.doc[last + 1 : sent.end]
    if len(rest) < 3 or sent.doc[last].text != "," or rest[0].lower_ not in ("and", "plus", "or"):
        return None
    counts = any(has_digit(t) for t in rest[1:3])
    return (rest[0].i, sent.end) if counts and not any(t.pos_ in VERBAL for t in rest) else None


def has_digit(token: Token) -> bool:
    """Whether the token is a number, with or without a unit stuck to it ("3bn")."""
    return bool(token.like_num) or any(c.isdigit() for c in token.text)
