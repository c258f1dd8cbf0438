"""Acts of attribution in one sentence: cue, the noun that speaks, and the characters that are reported.

Every function reads the dependency parse and the rows of reporting_cues.csv. A sentence without a cue lemma costs one
look-up a token.
"""

from __future__ import annotations

import functools
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from spacy.tokens import Span, Token

from analysis.codebook import Codebook, Row, load
from analysis.components.roles import Roles, roles

SPEAKING_ENTITIES = ("PERSON", "ORG", "GPE", "NORP")
PRONOUNS = frozenset(["he", "she", "they", "it", "who", "which"])
OBLIQUE = {"about": ("of", "about", "against", "on"), "of": ("of", "for", "over"), "as": ("as",), "set": ("at", "as")}
QUOTE_MARKS = ("“", '"', "‘", "'", "”", "«", ":")
#: verbs whose object is the one who is told
ADDRESSED = frozenset(
    (
        "tell",
        "inform",
        "notify",
        "brief",
        "update",
        "advise",
        "remind",
        "assure",
        "reassure",
        "alert",
        "warn",
        "ask",
        "urge",
    )
)
#: nouns whose "of" tells what is counted, not who counts
COUNTED = frozenset(
    ("number", "count", "toll", "tally", "figure", "record", "estimate", "survey", "poll", "census", "data")
)
SUBJECTS = ("nsubj", "nsubjpass", "csubj")
VERBAL = ("VERB", "AUX")


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
    parent: Act | None = None
    owner: bool = False
    negative: bool = False


@dataclass(frozen=True)
class Cues:
    """Rows of reporting_cues.csv by lemma and part of speech."""

    verbs: dict[str, tuple[Row, ...]]
    nouns: dict[str, Row]
    phrases: dict[str, tuple[tuple[tuple[str, ...], Row], ...]]
    marks: dict[str, Row]
    roles: Roles


@functools.lru_cache(maxsize=8)
def cues(folder: str | None) -> Cues:
    """Read the cues from the codebook in ``folder`` (None: the default)."""
    verbs: dict[str, tuple[Row, ...]] = {}
    nouns: dict[str, Row] = {}
    phrases: dict[str, tuple[tuple[tuple[str, ...], Row], ...]] = {}
    marks: dict[str, Row] = {}
    for row in load(folder).rows("reporting_cues"):
        for match in Codebook.split(row["match"]):
            if row["pos"] == "verb":
                verbs[match] = (*verbs.get(match, ()), row)
            elif row["pos"] == "noun":
                nouns.setdefault(match, row)
            elif row["pos"] == "phrase" and "elaborates" not in row["frame"]:
                parts = tuple(match.split())
                phrases[parts[0]] = (*phrases.get(parts[0], ()), (parts, row))
        if row["pos"] == "mark":
            marks[row["id"]] = row
    return Cues(verbs, nouns, phrases, marks, roles(folder))


def frames(row: Row) -> tuple[str, ...]:
    return Codebook.split(row["frame"])


def speaks(token: Token, book: Cues) -> bool:
    """Whether the noun can be a source: a name, a role, a body, a country, a document or a personal pronoun."""
    if token.lower_ in PRONOUNS:
        return True
    if token.ent_type_ in SPEAKING_ENTITIES and token.pos_ in ("PROPN", "NOUN", "ADJ", "X"):
        return True
    lemma = token.lemma_.lower()
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
        if child.dep_ == "acl" and child.tag_ == "VBN":
            for agent in child.children:
                if agent.dep_ == "agent" or (agent.dep_ == "prep" and agent.lower_ in ("by", "from")):
                    for grandchild in agent.children:
                        if grandchild.dep_ == "pobj" and speaks(grandchild, book):
                            return grandchild
    best = None
    for child in noun.lefts:
        if child.dep_ in ("compound", "amod", "nmod"):
            if (
                child.lower_ in book.roles.countries
                or child.ent_type_ in ("ORG", "GPE", "NORP", "PERSON")
                or child.lemma_.lower() in book.roles.nouns
                and child.pos_ in ("NOUN", "PROPN")
            ):
                best = child
    return best


def subject(verb: Token) -> Token | None:
    """The noun that is the subject of ``verb``, also through coordination, participles and relative clauses."""
    seen = 0
    token = verb
    while seen < 6:
        for child in token.children:
            if child.dep_ in ("nsubj", "nsubjpass"):
                if child.lower_ in ("who", "which", "that") and token.dep_ == "relcl":
                    return token.head
                return child
        if token.dep_ in ("conj", "xcomp", "advcl", "ccomp") and token.head.pos_ in VERBAL:
            if token.dep_ == "ccomp" and token.tag_ != "VBG":
                return None
            if token.dep_ == "advcl" and token.tag_ != "VBG":
                return None
            token = token.head
        elif token.dep_ == "acl":
            return token.head
        elif token.dep_ in ("pcomp",) and token.head.head.pos_ in VERBAL:
            token = token.head.head
        else:
            return None
        seen += 1
    return None


def _passive(verb: Token) -> bool:
    return any(c.dep_ in ("auxpass", "nsubjpass") for c in verb.children) or (
        verb.tag_ == "VBN" and verb.dep_ in ("acl",) and not any(c.dep_ in ("aux",) for c in verb.children)
    )


def _agent(verb: Token) -> Token | None:
    for child in verb.children:
        if child.dep_ == "agent" or (child.dep_ == "prep" and child.lower_ == "by"):
            for grandchild in child.children:
                if grandchild.dep_ == "pobj":
                    return grandchild
    return None


def _limit(verb: Token, after: int, sent: Span) -> int:
    """Where what ``verb`` reports ends at the latest: before the next verb coordinated with it, else the sentence."""
    end = sent.end
    for child in verb.rights:
        if child.dep_ == "conj" and child.pos_ in VERBAL and child.i > after:
            first = child.left_edge.i
            while first > after and (sent.doc[first - 1].dep_ == "cc" or sent.doc[first - 1].text == ","):
                first -= 1
            end = min(end, first)
    # an embedded cue reports no further than its own clause
    if verb.dep_ in ("relcl", "acl", "advcl", "ccomp", "pcomp", "xcomp") and verb.right_edge.i + 1 > after:
        end = min(end, verb.right_edge.i + 1)
    return end


def _background(start: int, end: int, sent: Span) -> list[tuple[int, int]]:
    """Non-restrictive relative clauses inside a reported clause: facts that the outlet adds in its own voice."""
    found = []
    for token in sent.doc[start:end]:
        if token.dep_ != "relcl" or token.left_edge.i <= start or sent.doc[token.left_edge.i - 1].text != ",":
            continue
        # one at the end, with its own "which" or "who": inside the reported clause it stays reported,
        # and "of which", "two of whom" only spell out the figure
        plain = token.left_edge.lower_ in ("which", "who")
        if plain and all(t.is_punct or t.is_space for t in sent.doc[token.right_edge.i + 1 : sent.end]):
            found.append((token.left_edge.i, min(token.right_edge.i + 1, end)))
    return found


def _cue_clause(verb: Token, source: Token | None) -> tuple[int, int]:
    """Tokens of the cue's own clause: subject, verb and what stands between them."""
    first, last = verb.i, verb.i + 1
    if source is not None and source.sent == verb.sent and source.head.i == verb.i:
        first, last = min(first, source.left_edge.i), max(last, source.right_edge.i + 1)
    for child in verb.children:
        if child.dep_ in ("aux", "neg", "auxpass", "prt") or (child.dep_ == "advmod" and abs(child.i - verb.i) == 1):
            first, last = min(first, child.i), max(last, child.i + 1)
    return first, last


def _verb_content(verb: Token, row: Row, source: Token | None, sent: Span, book: Cues) -> list[tuple[int, int]]:
    """Where the content of an active cue verb stands, as token ranges."""
    wanted = frames(row)
    first, last = _cue_clause(verb, source)
    right: list[int] = []
    left: list[Token] = []
    for child in verb.children:
        that = next((c for c in child.children if c.dep_ == "mark" and c.lower_ in ("that", "whether", "if")), None)
        clausal = child.dep_ == "ccomp" or (child.dep_ == "advcl" and that is not None and that.lower_ == "that")
        edge = child.left_edge.i
        opens = sent.doc[edge].text in QUOTE_MARKS or sent.doc[max(0, edge - 1)].text in QUOTE_MARKS
        if clausal and child.i < verb.i:
            if "clause" in wanted or "quote" in wanted:
                left.append(child)
        elif clausal and ("clause" in wanted or ("quote" in wanted and opens)):
            right.append(that.i if that is not None and that.i > verb.i else max(edge, verb.i + 1))
        elif (
            child.dep_ == "xcomp"
            and "infinitive" in wanted
            and child.i > verb.i
            or (child.dep_ == "xcomp" and child.tag_ == "VBG" and "object" in wanted and child.i > verb.i)
        ):
            right.append(max(child.left_edge.i, verb.i + 1))
        elif child.dep_ in ("dobj", "oprd", "attr") and "object" in wanted and child.i > verb.i:
            right.append(child.left_edge.i)
        elif child.dep_ in ("prep", "dative", "agent") and child.i > verb.i:
            for frame in wanted:
                if frame in OBLIQUE and child.lower_ in OBLIQUE[frame]:
                    if frame == "set":
                        if not any(t.like_num for t in child.subtree):
                            continue
                        objects = [c.left_edge.i for c in verb.rights if c.dep_ in ("dobj", "ccomp")]
                        right.append(min(objects, default=child.i))
                    else:
                        right.append(child.i + 1)
    if (
        verb.dep_ == "relcl"
        and verb.head.i < first
        and any(c.dep_ == "nsubj" and c.lower_ not in PRONOUNS - {"he", "she", "they", "it"} for c in verb.children)
    ):
        # "the villages that Kyiv says it holds": what the clause hangs on is reported too
        pieces = [(verb.head.left_edge.i, first)]
        return (
            [*pieces, (min(right), _limit(verb, min(right), sent))]
            if right
            else [*pieces, (last, verb.right_edge.i + 1)]
        )
    if right and not left:
        start = min(right)
        return [(start, max(start + 1, _limit(verb, start, sent)))]
    if left:
        start = min(c.left_edge.i for c in left)
        pieces = [(min(start, first), first)] if start < first else []
        if right:
            pieces.append((min(right), _limit(verb, min(right), sent)))
        return pieces
    if "set" in wanted and (figure := _set_content(verb, sent)):
        return figure
    if "clause" not in wanted and "quote" not in wanted:
        return []
    if verb.dep_ == "advcl" and any(c.dep_ == "mark" and c.lower_ == "as" for c in verb.lefts):
        # "as the mayor put it": the sentence around the clause is what was said
        return [(a, b) for a, b in ((sent.start, verb.left_edge.i), (verb.right_edge.i + 1, sent.end)) if b > a]
    if "clause" in wanted and (far := _far_content(verb, last, sent, row["code"] == "say", book.verbs)):
        return far
    # a cue set into or after the clause that it reports
    if verb.dep_ in ("parataxis", "advcl", "ccomp", "conj", "dep") and verb.head.i != verb.i:
        before = sent.doc[first - 1].text if first > sent.start else ""
        own = any(c.dep_ == "nsubj" for c in verb.children) and not any(c.dep_ == "cc" for c in verb.lefts)
        free = verb.dep_ in ("parataxis", "dep", "ccomp") or (verb.dep_ == "conj" and own)
        if before in (",", "—", "–", "-", "”", '"') and free:
            end = min(sent.end, verb.head.right_edge.i + 1)
            pieces = [(verb.head.left_edge.i, first)] if verb.head.left_edge.i < first else []
            if end > last + 1:
                pieces.append((last, end))
            return pieces
    if (
        first > sent.start + 1
        and sent.doc[first - 1].text in (",", "”", '"', "’", "'", "—", "–")
        and verb.dep_ == "ROOT"
    ):
        rest = [t for t in sent.doc[last : sent.end] if not t.is_punct]
        if len(rest) <= 12 or sent.doc[last].text == ",":
            return [(sent.start, first)]
    return []


def _set_content(verb: Token, sent: Span) -> list[tuple[int, int]]:
    """ "put the number of those held at 40", wherever the parser hangs the "at"."""
    objects = [c for c in verb.rights if c.dep_ in ("dobj", "ccomp")]
    if not objects:
        return []
    for token in sent.doc[objects[0].i + 1 : verb.right_edge.i + 1]:
        if token.dep_ == "prep" and token.lower_ in OBLIQUE["set"] and any(t.like_num for t in token.rights):
            return [(objects[0].left_edge.i, _limit(verb, token.i, sent))]
    return []


def _far_content(verb: Token, last: int, sent: Span, saying: bool, known: Container[str]) -> list[tuple[int, int]]:
    """A "that" set apart from its cue by a long addressee, or an object that the parser made of a clause."""
    for token in sent.doc[last : sent.end]:
        other = token.head.head
        if other.i > last and other.lemma_.lower() in known and other.tag_ != "VBG":
            continue
        if token.dep_ == "mark" and token.lower_ == "that" and token.head.dep_ in ("ccomp", "advcl", "acl", "conj"):
            return [(token.i, max(token.i + 1, _limit(verb, token.i, sent)))]
    for child in verb.rights:
        if child.dep_ == "dobj" and saying and verb.lemma_.lower() not in ADDRESSED:
            return [(child.left_edge.i, max(child.i + 1, _limit(verb, child.i, sent)))]
    return []


def _verb_acts(token: Token, sent: Span, book: Cues) -> Iterator[Act]:
    for row in book.verbs[token.lemma_.lower()]:
        wanted = frames(row)
        negative = any(c.dep_ == "neg" for c in token.children)
        if "passive" in wanted or "it" in wanted:
            if act := _unattributed(token, row, sent, wanted):
                yield act
            continue
        if "source" in wanted:
            if act := _citing(token, row, sent, book):
                yield act
            continue
        if _passive(token):
            agent = _agent(token)
            if agent is not None and speaks(agent, book):
                content = [(token.left_edge.i, token.i)] if token.dep_ != "acl" else []
                extra = [c for c in token.rights if c.dep_ in ("ccomp", "xcomp", "advcl")]
                if extra:
                    content = [(min(extra[0].left_edge.i, extra[0].i), token.right_edge.i + 1)]
                yield Act(row, token, (token.i, token.i + 1), agent, content, clause=(token.i, agent.right_edge.i + 1))
            continue
        source = subject(token)
        if source is None or source.i == token.i or source.lower_ in ("there", "what"):
            continue
        clausal = any(c.dep_ == "ccomp" and c.i > token.i for c in token.children)
        weak = bool({"object", "set", "infinitive", "of", "about", "as"} & set(wanted)) and not clausal
        if (weak or row["code"] in ("find", "learn")) and not speaks(source, book):
            continue
        if "comment" in wanted:
            words = [c for c in token.rights if c.dep_ in ("xcomp", "prep")]
            if words and any(
                t.lemma_.lower()
                in (
                    "comment",
                    "confirm",
                    "say",
                    "speak",
                    "elaborate",
                    "discuss",
                    "answer",
                    "respond",
                    "disclose",
                    "give",
                    "provide",
                )
                for t in words[0].subtree
            ):
                yield Act(row, token, (token.i, token.i + 1), source, [(words[0].left_edge.i, words[0].right_edge.i + 1)], clause=_cue_clause(token, source))  # fmt: skip
            continue
        content = _verb_content(token, row, source, sent, book)
        modal = any(c.dep_ == "aux" and c.lower_ in ("may", "might", "could", "should") for c in token.children)
        if (negative and row["stance"] != "denying") or (modal and not content):
            continue
        goes_on = token.dep_ == "xcomp" and token.head.lemma_.lower() in ("go", "continue", "proceed", "hasten")
        if token.dep_ in ("xcomp", "advcl") and token.tag_ == "VB" and not goes_on:
            continue
        if not content and "quote" not in wanted:
            continue
        holes = [h for start, end in content for h in _background(start, end, sent)]
        yield Act(row, token, (token.i, token.i + 1), source, content, holes, _cue_clause(token, source))
        if content:
            return


def _clause(token: Token) -> list[tuple[int, int]]:
    verb = token
    while verb.pos_ not in VERBAL and verb.head.i != verb.i:
        verb = verb.head
    return [(verb.left_edge.i, verb.right_edge.i + 1)]


def _unattributed(token: Token, row: Row, sent: Span, wanted: tuple[str, ...]) -> Act | None:
    if "it" in wanted:
        clause = [c for c in token.rights if c.dep_ in ("ccomp", "csubj", "advcl")]
        it = any(c.lower_ == "it" for c in token.lefts)
        if not clause or not it:
            return None
        start = max(clause[0].left_edge.i, token.i + 1)
        return Act(row, token, (token.i, token.i + 1), None, [(start, _limit(token, start, sent))])
    if not any(c.dep_ == "auxpass" for c in token.children) or _agent(token) is not None:
        return None
    complement = [c for c in token.rights if c.dep_ in ("xcomp", "ccomp", "oprd", "advcl")]
    it = any(c.dep_ in SUBJECTS and c.lower_ == "it" for c in token.children)
    if not complement:
        return None
    first = complement[0].left_edge.i if it else token.left_edge.i
    return Act(row, token, (token.i, token.i + 1), None, [(first, _limit(token, complement[0].i, sent))])


def _citing(token: Token, row: Row, sent: Span, book: Cues) -> Act | None:
    if token.tag_ != "VBG":
        return None
    source = next((c for c in token.rights if c.dep_ in ("dobj", "pobj", "nsubj") and speaks(c, book)), None)
    if source is None:
        return None
    end = source.right_edge.i + 1
    for token_after in sent.doc[source.i : end]:
        if token_after.text == "," or token_after.lower_ == "that":
            end = token_after.i
            break
    pieces = [(a, b) for a, b in ((sent.start, token.i), (end, sent.end)) if b > a]
    return Act(row, token, (token.i, token.i + 1), source, pieces, clause=(token.i, end))


def _noun_acts(token: Token, sent: Span, book: Cues) -> Iterator[Act]:
    row = book.nouns[token.lemma_.lower()]
    who = owner(token, book)
    if who is None:
        return
    content: list[tuple[int, int]] = []
    for child in token.rights:
        if child.dep_ in ("acl", "ccomp", "relcl") and any(
            c.dep_ == "mark" and c.lower_ == "that" for c in child.children
        ):
            content.append((child.left_edge.i, child.right_edge.i + 1))
        elif (
            child.dep_ == "prep"
            and child.lower_ == "of"
            and row["code"] in ("estimate", "claim", "count", "deny", "believe")
        ):
            if not child.left_edge.i <= who.i <= child.right_edge.i:
                content.append((child.i + 1, child.right_edge.i + 1))
    verb = token.head
    if (
        not content
        and token.dep_ == "nsubj"
        and verb.pos_ in VERBAL
        and row["code"] in ("estimate", "count", "claim", "report")
    ):
        known = book.verbs.get(verb.lemma_.lower(), ())
        if not any({"clause", "set"} & set(frames(r)) for r in known) and verb.right_edge.i > token.right_edge.i:
            content.append((token.right_edge.i + 1, _limit(verb, token.i + 1, sent)))
    if (
        not content
        and token.dep_ == "pobj"
        and token.head.lower_ in ("by", "on", "in")
        and row["code"] in ("count", "estimate", "believe")
    ) and (token.head.lower_ == "by" or row["code"] == "believe"):
        verb = token.head.head
        span = _clause(verb)[0]
        phrase = (token.head.left_edge.i, token.head.right_edge.i + 1)
        content = [(a, b) for a, b in ((span[0], phrase[0]), (phrase[1], span[1])) if b > a]
    if content:
        yield Act(row, token, (token.i, token.i + 1), who, content, clause=(token.left_edge.i, token.i + 1), owner=True)


def _phrase_acts(token: Token, sent: Span, book: Cues) -> Iterator[Act]:
    for parts, row in book.phrases[token.lower_]:
        last = token.i + len(parts)
        if last >= sent.end or tuple(t.lower_ for t in sent.doc[token.i : last]) != parts:
            continue
        governor = sent.doc[last - 1]
        source = next((c for c in governor.rights if c.dep_ in ("pobj", "dobj", "nsubj")), None)
        if source is None:
            after = sent.doc[last]
            source = after
            while source.dep_ in ("det", "compound", "amod", "poss", "case") and source.head.i > source.i:
                source = source.head
        if not speaks(source, book) and source.pos_ != "PROPN" and row["id"] != "according_to":
            continue
        if source.pos_ not in ("NOUN", "PROPN", "PRON", "ADJ", "X") or source.like_num or source.i >= sent.end:
            continue
        end = max(source.right_edge.i + 1, last + 1)
        start = token.i
        content: list[tuple[int, int]]
        at_end = all(t.is_punct or t.is_space for t in sent.doc[end : sent.end])
        at_start = all(t.is_punct or t.pos_ in ("CCONJ", "ADV") for t in sent.doc[sent.start : start])
        if at_start:
            if (
                sent.doc[end - 1].i < sent.end
                and sent.doc[source.i : end].text.count(",")
                and source.right_edge.i + 1 >= sent.end - 1
            ):
                end = next(t.i for t in sent.doc[source.i : end] if t.text == ",")
            content = [(end, sent.end)]
        elif at_end:
            content = [(sent.start, start)]
        else:
            verb = token.head
            while verb.pos_ not in VERBAL and verb.head.i != verb.i:
                verb = verb.head
            first, final = verb.left_edge.i, verb.right_edge.i + 1
            content = [(first, start)] if first < start else [(sent.start, start)]
            if verb.dep_ in ("ROOT",) and final > end:
                content.append((end, final))
        yield Act(row, token, (token.i, last), source, content, clause=(start, end))


def find(sent: Span, book: Cues) -> list[Act]:
    """All acts of attribution whose cue stands in ``sent``, in order of their cue."""
    found: list[Act] = []
    for token in sent:
        lemma = token.lemma_.lower()
        if lemma in book.verbs and token.pos_ in ("VERB", "AUX") and token.dep_ not in ("amod", "aux"):
            found.extend(_verb_acts(token, sent, book))
        elif lemma in book.nouns and token.pos_ in ("NOUN", "PROPN"):
            found.extend(_noun_acts(token, sent, book))
        if token.lower_ in book.phrases:
            found.extend(_phrase_acts(token, sent, book))
    return found
