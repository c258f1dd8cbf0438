"""Acts of verbs in special frames: the passive, citing, "it emerged that", verbs that report with the words after them."""

from __future__ import annotations

from collections.abc import Container

from spacy.tokens import Span, Token

from analysis.codebook import Row
from analysis.components.acts import SUBJECTS, VERBAL, Act, Cues, agent_of, frames, has_digit, limit, speaks, subject
from analysis.components.word_classes import word_class

OBLIQUE = {
    "about": ("of", "about", "against", "on"), "of": ("of", "for", "over"), "as": ("as",), "set": ("at", "as", "between"),
    "for": ("for",),
}  # fmt: skip


def passive_content(verb: Token, agent: Token) -> list[tuple[int, int]]:
    """ "Losses were put at 40 by the ministry": the clause of the verb without the verb and its agent."""
    joined = [c.left_edge.i for c in verb.rights if c.dep_ == "cc" or (c.dep_ == "conj" and c.pos_ in VERBAL)]
    end = min(joined, default=verb.right_edge.i + 1)
    pieces = [(verb.left_edge.i, verb.i), (verb.i + 1, agent.head.i), (agent.right_edge.i + 1, end)]
    return [(a, b) for a, b in pieces if b > a]


def _tail(verb: Token, word: str) -> Token | None:
    """The word of a tail: a child of the verb, or right after it where the parser hangs it on the figure."""
    beside = verb.nbor() if verb.i + 1 < verb.sent.end else None
    if word == "it" and beside is not None and beside.lower_ == word:
        return beside
    return next((c for c in verb.rights if c.lower_ == word), None)


def _number_next(sent: Span, first: int) -> bool:
    """Whether a number follows, at most after words that round it ("some", "more than")."""
    for token in sent.doc[first : min(first + 4, sent.end)]:
        if has_digit(token):
            return True
        if token.pos_ in ("VERB", "NOUN", "PROPN", "PUNCT") or token.lower_ in ("to", "through", "into", "past", "out"):
            return False
    return False


#: words for how much there is of something, which can be put up or down
REVISED = word_class("revised_counts")
#: what is counted when a number is revised, not changed: people and things that are gone
GONE = word_class("counted_as_gone")


def revised(token: Token, row: Row, sent: Span, book: Cues) -> Act | None:
    """ "The army raised its toll to 19": the count is the content, the speaker is who puts it up or down."""
    count = next((c for c in token.rights if c.dep_ == "dobj" and c.lemma_.lower() in REVISED), None)
    if count is None:
        return None
    if count.lemma_.lower() in ("number", "total") and not any(t.lemma_.lower() in GONE for t in count.subtree):
        return None
    to = next(
        (t for t in sent.doc[count.i + 1 : sent.end] if t.lower_ == "to" and t.dep_ in ("prep", "quantmod")), None
    )
    source = subject(token)
    if to is None or source is None or not speaks(source, book) or not _number_next(sent, to.i + 1):
        return None
    content = [(count.left_edge.i, max(to.i + 2, limit(token, to.i, sent)))]
    return Act(row, token, (token.i, token.i + 1), source, content, clause=(token.i, token.i + 1))


def with_tail(token: Token, row: Row, tails: tuple[tuple[str, ...], ...], sent: Span, book: Cues) -> Act | None:
    """ "The ministry stands by the 210,000": a verb that reports only together with the words after it."""
    for tail in tails:
        found = [_tail(token, word) for word in tail]
        last = found[-1]
        if last is None or None in found:
            continue
        source = subject(token)
        end = limit(token, last.i + 1, sent) if last.right_edge.i == last.i else last.right_edge.i + 1
        if source is None or not speaks(source, book) or end <= last.i + 1:
            return None
        if end < sent.end and sent.doc[end].text == ":":
            end = sent.end  # "stands by the number it gave: 14 boats"
        if tail == ("it",) and not _number_next(sent, last.i + 1):
            return None  # "make it to the border with 40 others"
        if "figure" in frames(row) and not any(has_digit(t) for t in sent.doc[last.i + 1 : end]):
            return None
        return Act(row, token, (token.i, last.i + 1), source, [(last.i + 1, end)], clause=(token.i, last.i + 1))
    return None


#: nouns of amount and verbs by which somebody gives one
AMOUNTS = frozenset(("toll", "tally", "count", "figure", "number", "total", "estimate", "sum"))
GIVING = frozenset(
    ("give", "announce", "report", "claim", "provide", "cite", "release", "publish", "state", "quote", "read")
    + ("count", "tally", "estimate", "record", "register", "document", "log", "list")
)
#: kinds of cue that tell of a thing rather than do something to it
TOLD_OF = ("announce", "claim", "confirm", "estimate", "count", "expect")


def figure_of(verb: Token, row: Row) -> list[tuple[int, int]]:
    """ "The 44 deaths reported by the commission": the figure before the participle; not "the 40 men freed by it"."""
    noun = verb.head
    number = noun.like_num or noun.pos_ == "NUM"
    if number or noun.lemma_.lower() in AMOUNTS:
        told = verb.lemma_.lower() in GIVING
    else:
        told = row["code"] in TOLD_OF and row["id"] not in ("publish", "put_at")
    first = noun.head.head.left_edge.i if number and noun.head.dep_ == "prep" and noun.dep_ == "pobj" else 0
    whole = noun.head.head if first else noun
    start = whole.left_edge.i if whole.lemma_.lower() in AMOUNTS else noun.left_edge.i
    return [(start, verb.i)] if told and any(has_digit(t) for t in verb.doc[start : verb.i]) else []


def listed_figure(verb: Token, sent: Span) -> list[tuple[int, int]]:
    """ "The coastguard gave a new figure: 14 boats lost"."""
    for child in verb.rights:
        end = child.right_edge.i + 1
        if child.dep_ == "dobj" and child.lemma_.lower() in AMOUNTS and end < sent.end and sent.doc[end].text == ":":
            return [(end + 1, sent.end)]
    return []


def quoted_as(verb: Token, sent: Span) -> list[tuple[int, int]]:
    """ "40 were held, the agency quoted him as saying": what was said stands before the verb of quoting."""
    quoting = verb.head.head
    if verb.dep_ != "pcomp" or verb.head.lower_ != "as" or quoting.lemma_ not in ("quote", "cite"):
        return []
    said = [c for c in quoting.lefts if c.dep_ == "ccomp"]
    return [(said[0].left_edge.i, said[0].right_edge.i + 1)] if said else []


def unattributed(token: Token, row: Row, sent: Span, wanted: tuple[str, ...]) -> Act | None:
    if "it" in wanted:
        clause = [c for c in token.rights if c.dep_ in ("ccomp", "csubj", "advcl")]
        it = any(c.lower_ == "it" for c in token.lefts)
        if not clause or not it:
            return None
        start = max(clause[0].left_edge.i, token.i + 1)
        return Act(row, token, (token.i, token.i + 1), None, [(start, limit(token, start, sent))])
    if not any(c.dep_ == "auxpass" for c in token.children) or agent_of(token) is not None:
        return None
    complement = [c for c in token.rights if c.dep_ in ("xcomp", "ccomp", "oprd", "advcl")]
    if token.lemma_.lower() == "consider" and not any(t.lower_ == "to" for c in complement for t in c.lefts):
        return None  # "is considered a landmark" tells a view, "is considered to have" a belief
    it = any(c.dep_ in SUBJECTS and c.lower_ == "it" for c in token.children)
    if not complement:
        return None
    first = complement[0].left_edge.i if it else token.left_edge.i
    return Act(row, token, (token.i, token.i + 1), None, [(first, limit(token, complement[0].i, sent))])


def citing(token: Token, row: Row, sent: Span, book: Cues) -> Act | None:
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


def cited(token: Token, row: Row, sent: Span, book: Cues) -> Act | None:
    """ "The operator halted the trains, citing 40 faults": a thing that the subject brings forward as its reason."""
    thing = next((c for c in token.rights if c.dep_ == "dobj"), None)
    if thing is None or speaks(thing, book) or token.tag_ not in ("VBG", "VBD", "VBZ", "VBP"):
        return None
    source = subject(token)
    if source is None or not speaks(source, book):
        return None
    content = [(thing.left_edge.i, max(thing.i + 1, limit(token, thing.i, sent)))]
    return Act(row, token, (token.i, token.i + 1), source, content, clause=(token.i, token.i + 1))


#: kinds of cue that may close a sentence after all that they report
CLOSING_CODES = ("say", "announce", "inform", "believe", "estimate", "claim", "confirm", "warn", "count")
#: words that open a phrase which only goes on with a figure
GOING_ON = frozenset(
    ("for", "of", "from", "up", "down", "including", "bringing", "taking", "raising", "compared", "among")
)
#: verbs whose object is the one who is told
ADDRESSED = frozenset(
    ("tell", "inform", "notify", "brief", "update", "advise", "remind", "assure", "reassure", "alert", "warn")
)
#: words that a speaker's name is made of
NAMING = ("DET", "ADJ", "NOUN", "PROPN", "ADP", "PART", "PRON", "PUNCT", "NUM", "CCONJ", "X")
#: words that make a number behind the cue a part of what was counted before it
PARTS = frozenset(("them", "whom", "which", "those"))
LONGEST_NAME = 14
LONGEST_REST = 10


def trailing(verb: Token, row: Row, sent: Span, book: Cues) -> Act | None:
    """ "..., the ministry said on Friday.": a cue that closes the sentence reports all of it, however it was parsed."""
    if row["code"] not in CLOSING_CODES or "clause" not in frames(row) or verb.tag_ not in ("VBD", "VBZ", "VBP", "VBN"):
        return None
    rest = [t for t in sent.doc[verb.i + 1 : sent.end] if not t.is_punct and not t.is_space]
    plain = all(t.pos_ not in ("VERB", "AUX", "SCONJ") for t in rest) and len(rest) <= LONGEST_REST
    told = {"dobj", "dative"} if verb.lemma_.lower() in ADDRESSED else set()
    if not plain or any(c.dep_ in {"dobj", "ccomp", "attr"} - told for c in verb.rights):
        return None
    if (
        rest
        and not told
        and rest[0].pos_ not in ("ADP", "ADV", "NOUN", "PROPN", "ADJ", "DET")
        or any(t.like_num for t in rest[:1])
    ):
        return None
    last = verb.i
    while last > sent.start and sent.doc[last - 1].dep_ in ("aux", "advmod") and sent.doc[last - 1].head.i == verb.i:
        last -= 1
    comma = next((k for k in range(last - 1, sent.start, -1) if sent.doc[k].text in (",", "—", "–")), None)
    if comma is None or not 1 <= last - comma - 1 <= LONGEST_NAME:
        return None
    if verb.dep_ == "relcl" and comma < verb.head.i < last:
        return None  # "..., more than the 40 it had reported"
    name = sent.doc[comma + 1 : last]
    if name[0].tag_ in ("WDT", "WP", "CC", "IN") or any(t.pos_ not in NAMING for t in name):
        return None
    if any(t.pos_ == "DET" and k and name[k - 1].pos_ in ("NOUN", "PROPN") for k, t in enumerate(name)):
        return None  # "the biggest rise the ministry recorded"
    if any(t.lemma_.lower() in book.nouns and t.i + 1 < last and t.nbor().pos_ == "PROPN" for t in name):
        return None  # "a tally Kyiv confirmed"
    if not any(t.pos_ in VERBAL for t in sent.doc[sent.start : comma]):
        return None
    source = subject(verb)
    if source is None or not comma < source.i < last:
        source = name.root
    if not speaks(source, book):
        return None
    content = [(sent.start, comma)]
    for mark in (t for t in sent.doc[verb.i + 1 : sent.end - 2] if t.text == ","):
        part = has_digit(mark.nbor()) and any(t.lower_ in PARTS for t in sent.doc[mark.i + 1 : mark.i + 6])
        with_ = mark.nbor().lower_ == "with" and any(has_digit(t) for t in sent.doc[mark.i + 2 : mark.i + 6])
        if part or with_:
            content.append((mark.i + 1, sent.end))  # "..., the agency said on Monday, three-quarters of them women"
            break
    if rest and rest[0].lower_ in GOING_ON and sent.doc[verb.i + 1].text == ",":
        content.append((rest[0].i, sent.end))
    return Act(row, verb, (verb.i, verb.i + 1), source, content, clause=(comma + 1, verb.i + 1), closing=True)


def set_content(verb: Token, sent: Span) -> list[tuple[int, int]]:
    """ "put the number of those held at 40", wherever the parser hangs the "at"."""
    objects = [c for c in verb.rights if c.dep_ in ("dobj", "ccomp")]
    if not objects:
        return []
    for token in sent.doc[objects[0].i + 1 : verb.right_edge.i + 1]:
        if token.dep_ == "prep" and token.lower_ in OBLIQUE["set"] and any(has_digit(t) for t in token.subtree):
            return [(objects[0].left_edge.i, limit(verb, token.i, sent))]
    return []


def far_content(verb: Token, last: int, sent: Span, saying: bool, known: Container[str]) -> list[tuple[int, int]]:
    """A "that" set apart from its cue by a long addressee, or an object that the parser made of a clause."""
    for token in sent.doc[last : sent.end]:
        if token.lower_ != "that":
            continue
        other = token.head.head
        if other.i > last and other.pos_ in VERBAL and other.lemma_.lower() in known and other.tag_ != "VBG":
            continue
        # "said the same night that", "told reporters on a call that": a clause that the parser hung on the occasion
        occasion = other.head.head if other.dep_ == "pobj" else other.head
        beside = other.dep_ == "npadvmod" or (other.dep_ == "pobj" and token.dep_ == "mark")
        timed = token.head.dep_ == "relcl" and beside and occasion.i == verb.i
        # "told a briefing that 40 ships waited": the parser makes the clause one about those who were told
        told = token.head.dep_ == "relcl" and other.dep_ == "dobj" and other.head.i == verb.i
        timed = timed or (told and verb.lemma_ in ADDRESSED and not any(c.dep_ == "xcomp" for c in verb.rights))
        clausal = token.head.dep_ in ("ccomp", "advcl", "acl", "conj") or timed
        if token.dep_ in ("mark", "nsubj", "dobj") and clausal:
            return [(token.i, max(token.i + 1, limit(verb, token.i, sent)))]
    for child in verb.rights:
        if (
            child.dep_ == "dobj"
            and child.lower_ not in ("this", "that", "it", "so")
            and saying
            and verb.lemma_.lower() in ("say", "state", "add")
        ):
            return [(child.left_edge.i, max(child.i + 1, limit(verb, child.i, sent)))]
    return []
