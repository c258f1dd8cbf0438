"""Uncertainty: hedges that govern the clause of a figure, denials, and the outlet's own caveats."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from analysis.codebook import Codebook, Row, load

VERBAL = ("VERB", "AUX")
#: dependencies through which a hedge on the governor still holds for what it governs
THROUGH = ("xcomp", "ccomp", "pcomp", "acl", "oprd")
SHARES = frozenset(("half", "third", "quarter", "fifth", "sixth", "tenth", "majority", "percent", "%", "share", "rest"))
IMPOSSIBLE = frozenset(["unable", "impossible", "difficult", "cannot", "yet"])


@dataclass(frozen=True, eq=False)
class Hedges:
    """Rows of hedges.csv by kind and word; caveats by row. One object for each codebook, so that it can be a key."""

    kinds: dict[str, dict[str, Row]]
    caveats: tuple[Row, ...]


@functools.lru_cache(maxsize=8)
def hedges(folder: str | None) -> Hedges:
    """Read the hedges and caveats from the codebook in ``folder`` (None: the default)."""
    kinds: dict[str, dict[str, Row]] = {}
    book = load(folder)
    for row in book.rows("hedges"):
        for match in Codebook.split(row["match"]):
            kinds.setdefault(row["pos"], {})[match] = row
    return Hedges(kinds, book.rows("caveats"))


def _is(book: Hedges, kind: str, word: str) -> bool:
    return word in book.kinds.get(kind, {})


def _on_verb(verb: Token, book: Hedges, own: bool) -> Token | None:
    """The hedge that stands on ``verb``; ``own`` is true for the clause of the figure itself and what shares its modal."""
    for child in verb.children:
        if own and child.dep_ == "aux" and _is(book, "modal", child.lower_):
            return child if not any(c.dep_ == "neg" for c in verb.children) else None
        if child.dep_ == "advmod" and _is(book, "adverb", child.lower_) and (own or child.lower_.endswith("edly")):
            return child
    lemma = verb.lemma_.lower()
    if verb.dep_ == "acl" and verb.tag_ == "VBN" and lemma in ("estimate", "believe", "think", "suspect", "rumour"):
        return verb  # "the crowd, estimated at 40"
    for child in verb.children:
        if child.dep_ == "acomp" and _unknown(verb, child.lower_, book) and _asked(verb, child):
            return child  # "it is unclear whether 40 died"
    passive = any(c.dep_ == "auxpass" for c in verb.children)
    if passive and _is(book, "passive", lemma):
        agent = any(c.dep_ == "agent" for c in verb.children)
        # "nine deaths were reported, raising the toll": what follows from them is no complement
        complement = any(
            c.dep_ in ("xcomp", "ccomp", "oprd", "acomp") or (c.dep_ == "advcl" and c.tag_ != "VBG")
            for c in verb.children
        )
        if not complement and lemma not in ("estimate", "suspect", "believe", "fear"):
            return None
        return None if agent and not _is(book, "active", lemma) else verb
    if not passive and _is(book, "active", lemma) and any(c.dep_ == "nsubj" for c in verb.children):
        return verb
    if _is(book, "raising", lemma) and any(c.dep_ in ("xcomp", "oprd", "ccomp") for c in verb.children):
        return verb
    for child in verb.lefts:
        if child.dep_ == "prep" and child.lower_ == "by":
            for noun_ in child.rights:
                vague = all(c.lower_ in ("one", "some", "most", "many", "several") for c in noun_.lefts)
                if vague and _is(book, "noun", noun_.lemma_.lower()):
                    return noun_  # "by some estimates"
    for child in verb.children:
        if child.dep_ == "nsubj" and child.pos_ == "NOUN":
            noun = child.lemma_.lower()
            if _is(book, "noun", noun):
                return child
            if _is(book, "noun_bare", noun) and not any(
                c.dep_ in ("poss", "det", "amod", "compound") for c in child.children
            ):
                return child
    return None


def _unknown(verb: Token, word: str, book: Hedges) -> bool:
    """Whether ``word`` of ``verb`` tells that something is not known: "unclear", or "clear" where it is denied."""
    if _is(book, "unknown", word):
        return True
    return _is(book, "unknown_denied", word) and any(c.dep_ == "neg" for c in verb.children)


def _asked(verb: Token, adjective: Token) -> bool:
    """Whether the clause that ``adjective`` of ``verb`` is said of opens with "whether" or "if"."""
    return any(
        t.dep_ in ("mark", "advmod") and t.lower_ in ("whether", "if")
        for clause in (*verb.children, *adjective.children)
        if clause.dep_ in ("ccomp", "advcl", "csubj", "xcomp")
        for t in clause.children
    )


def _doubted(clause: Token, book: Hedges) -> Token | None:
    """ "It was not clear if 40 men were held": the adjective before a clause with "if" that the parser takes for adverbial."""
    if not any(c.dep_ == "mark" and c.lower_ in ("whether", "if") for c in clause.children):
        return None
    told = (c for c in clause.head.children if c.dep_ == "acomp" and c.i < clause.i)
    return next((c for c in told if _unknown(clause.head, c.lower_, book)), None)


def _over_all(verb: Token, book: Hedges) -> Token | None:
    """ "Officials fear that 40 died and 12 are missing": who doubts the first clause doubts the next."""
    while verb.dep_ == "conj":
        verb = verb.head
    over = verb.head
    if verb.dep_ != "ccomp" or over.i > verb.i or not _is(book, "active", over.lemma_.lower()):
        return None
    return over if any(c.dep_ == "nsubj" for c in over.children) else None


def hedge(token: Token, book: Hedges) -> Token | None:
    """The word that hedges the figure at ``token``, None if there is none.

    Climbs from the figure to the verb of its clause and on through complements; a relative or adverbial clause, or a
    coordinate clause with its own subject, is not reached by the hedge of another.
    """
    node = token
    for child in token.children:
        word = _is(book, "adverb", child.lower_) or _is(book, "adjective", child.lower_)
        if word and child.dep_ not in ("relcl", "acl"):  # "the 40 it had reported": a verb
            return child
    own = True
    previous = token
    for _ in range(40):
        if node.pos_ in VERBAL and node.dep_ != "prep":  # "including five girls"
            found = _on_verb(node, book, own)
            if found is not None:
                return found
            if node.dep_ in ("aux", "auxpass"):
                pass  # a number that the parser hung on the auxiliary
            elif node.dep_ in THROUGH:
                own = node.dep_ in ("xcomp", "pcomp", "acl", "oprd") and own
                if node.dep_ == "acl":
                    own = False
            elif node.dep_ == "conj":
                shares = not any(c.dep_ in ("nsubj", "nsubjpass") for c in node.children)
                if not shares:
                    return _over_all(node, book)
                own = own and not any(c.dep_ == "aux" for c in node.children)
            elif node.dep_ == "advcl" and any(c.lower_ == "with" for c in node.lefts):
                own = False
            elif node.dep_ == "advcl" and _doubted(node, book):
                return _doubted(node, book)
            else:
                return None
        else:
            for child in node.children:
                near = child.i < node.i and child.dep_ in ("amod", "advmod", "quantmod", "det")
                if previous.dep_ == "conj" and any(c.dep_ in ("det", "nummod") for c in previous.lefts):
                    near = False  # "57 suspected cases but no deaths": each has its own words
                kind = previous.i < child.i < node.i and _is(book, "kind", child.lower_)
                if near and not kind and (_is(book, "adjective", child.lower_) or _is(book, "adverb", child.lower_)):
                    return child
            if node is not token and _is(book, "noun", node.lemma_.lower()) and previous.i > node.i:
                return node
            bare = (
                node.tag_ == "NNS"
                and _is(book, "noun_bare", node.lemma_.lower())
                and not any(c.dep_ in ("poss", "amod", "compound") for c in node.children)
            )
            if node is not token and bare and previous.i > node.i:
                return node
            if node.dep_ == "relcl":
                return None
            if node.dep_ == "acomp" and _is(book, "adjective", node.lower_):
                return node  # "the toll is likely to pass 60"
            share = node.head.head
            if (
                node.dep_ == "pobj"
                and node.head.lower_ == "of"
                and (share.pos_ == "NUM" or share.lemma_.lower() in SHARES)
            ):
                return None  # the whole of which a share is told: "a third of the 900 posts may go"
        if node.head.i == node.i:
            return None
        previous = node
        node = node.head
    return None


def approximated(doc: Doc, start: int, book: Hedges) -> Token | None:
    """A hedging adverb or adjective within the three tokens before character ``start`` ("an estimated 40")."""
    span = doc.char_span(start, start + 1, alignment_mode="expand")
    if span is None:
        return None
    for token in reversed(doc[max(span[0].sent.start, span.start - 3) : span.start]):
        if _is(book, "adjective", token.lower_) and token.dep_ in ("amod", "advmod", "quantmod", "nmod", "compound"):
            return token
        if _is(book, "adverb", token.lower_):
            return token
        if token.is_punct or token.pos_ in VERBAL or token.pos_ in ("NOUN", "CCONJ"):
            return None  # "57 suspected cases but no deaths": another's adjective
    return None


def _disclaims(verb: Token) -> bool:
    """Whether a party to the story, not the outlet, has not confirmed: that is its statement, not a caveat."""
    passive = any(c.dep_ == "auxpass" for c in verb.children)
    node = verb
    while node.dep_ in ("xcomp", "conj", "advcl") and not any(c.dep_ == "nsubj" for c in node.children):
        node = node.head
    return not passive and any(c.dep_ == "nsubj" and c.ent_type_ in ("GPE", "NORP", "PERSON") for c in node.children)


def _caveat(sent: Span, row: Row) -> tuple[int, int] | None:
    matches = Codebook.split(row["match"])
    if row["id"] != "not_verified":
        lowered = sent.text.lower()
        for match in matches:
            at = lowered.find(match)
            if at >= 0:
                return sent.start_char + at, sent.start_char + at + len(match)
        return None
    for token in sent:
        if token.lemma_.lower() not in matches or token.pos_ not in VERBAL:
            continue
        if token.lemma_.lower() == "confirm" and _disclaims(token):
            continue
        negated = (
            any(c.dep_ == "neg" for c in token.children)
            or token.head.lemma_.lower() in IMPOSSIBLE
            or any(c.lower_ in ("cannot", "yet") for c in token.lefts)
        )
        negated = negated or any(
            t.lower_ in IMPOSSIBLE or t.dep_ == "neg" for t in sent.doc[max(sent.start, token.i - 4) : token.i]
        )
        if negated:
            first = token.i
            while first > sent.start and first > token.i - 4 and sent.doc[first - 1].pos_ in ("AUX", "PART", "ADV"):
                first -= 1
            return sent.doc[first].idx, token.idx + len(token)
    return None


@functools.lru_cache(maxsize=1)
def caveats(doc: Doc, book: Hedges) -> tuple[tuple[int, int, Row], ...]:
    """All caveats of the article: characters and row; looked for once, however many figures and events ask."""
    stems = {m for row in book.caveats for m in Codebook.split(row["match"])}
    heads = {m.split()[0] for m in stems}
    found = []
    for sent in doc.sents:
        if not any(t.lemma_.lower() in heads or t.lower_ in heads for t in sent):
            continue
        for row in book.caveats:
            at = _caveat(sent, row)
            if at is not None:
                found.append((*at, row))
    return tuple(found)
