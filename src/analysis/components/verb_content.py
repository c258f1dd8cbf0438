"""Where the content of a verb of saying stands: in its complement, around it, before it or behind it."""

from __future__ import annotations

from spacy.tokens import Span, Token

from analysis.codebook import Row
from analysis.components.acts import PRONOUNS, SPOKEN, SUBJECTS, VERBAL, Cues, and_more, frames, has_digit, limit
from analysis.components.verb_frames import ADDRESSED, GOING_ON, OBLIQUE, PARTS, far_content, set_content

#: words that open the clause in which the outlet sets the scene
SCENES = frozenset(("when", "after", "as", "asked", "while", "before"))
#: verbs after which a number without a noun is what was said ("the union claimed 500,000")
BARE = frozenset(("claim", "confirm", "acknowledge", "admit", "concede", "insist", "maintain", "count", "report"))
#: how a figure that a verb gives hangs on it
FIGURES = ("dobj", "npadvmod", "attr", "oprd")
QUOTE_MARKS = ("“", '"', "‘", "'", "”", "«", ":")


def background(start: int, end: int, sent: Span) -> list[tuple[int, int]]:
    """Non-restrictive relative clauses inside a reported clause: facts that the outlet adds in its own voice."""
    found = []
    for token in sent.doc[start:end]:
        if token.dep_ != "relcl" or token.left_edge.i <= start or sent.doc[token.left_edge.i - 1].text != ",":
            continue
        # one at the end, with its own "which" or "who": inside the reported clause it stays reported,
        # and "of which", "two of whom" only spell out the figure
        plain = token.left_edge.lower_ in ("which", "who", "where")
        if plain and all(t.is_punct or t.is_space for t in sent.doc[token.right_edge.i + 1 : sent.end]):
            found.append((token.left_edge.i, min(token.right_edge.i + 1, end)))
    return found


def _figure(child: Token, verb: Token) -> bool:
    """Whether ``child`` is a bare figure that ``verb`` gives: no time, nor the people who are told."""
    if child.ent_type_ in ("DATE", "TIME") or not any(has_digit(t) for t in child.subtree):
        return False
    told = any(c.dep_ in ("dobj", "dative") and verb.i < c.i < child.i for c in verb.children)
    return verb.lemma_.lower() != "tell" or told


def _object(child: Token, verb: Token, wanted: tuple[str, ...], document: bool) -> bool:
    """Whether ``child`` is what an object cue reports, or a bare figure that a cue of saying gives."""
    if child.dep_ in ("dobj", "oprd", "attr") and "object" in wanted:
        return True
    share = child.lower_ in ("%", "percent") and not any(c.dep_ == "prep" and c.lower_ == "of" for c in child.rights)
    bare = (child.dep_ == "dobj" and child.pos_ == "NUM") or (share and child.dep_ in FIGURES)
    if bare and "clause" in wanted and verb.lemma_.lower() in BARE:
        return _figure(child, verb)
    return child.dep_ in FIGURES and ("figure" in wanted or document) and _figure(child, verb)


def _gerund(verb: Token) -> bool:
    """ "losing", "having lost"."""
    return verb.tag_ == "VBG" or any(c.dep_ in ("aux", "auxpass") and c.tag_ == "VBG" for c in verb.lefts)


def _event(preposition: Token) -> bool:
    """Whether what follows the preposition is something done: "of firing", not "of ministers"."""
    return any(c.dep_ == "pcomp" or (c.dep_ == "pobj" and c.tag_ == "VBG") for c in preposition.rights)


def cue_clause(verb: Token, source: Token | None) -> tuple[int, int]:
    """Tokens of the cue's own clause: subject, verb and what stands between them."""
    first, last = verb.i, verb.i + 1
    if source is not None and source.sent == verb.sent and verb.i in (source.head.i, source.right_edge.i + 1):
        first, last = min(first, source.left_edge.i), max(last, source.right_edge.i + 1)
    for child in verb.children:
        if child.dep_ in ("aux", "neg", "auxpass", "prt") or (child.dep_ == "advmod" and abs(child.i - verb.i) == 1):
            first, last = min(first, child.i), max(last, child.i + 1)
    return first, last


def verb_content(verb: Token, row: Row, source: Token | None, sent: Span, book: Cues) -> list[tuple[int, int]]:
    """Where the content of an active cue verb stands, as token ranges."""
    wanted = frames(row)
    first, last = cue_clause(verb, source)
    # "the survey found 40 per cent against": a document finds things, a search party finds people
    document = row["code"] == "find" and source is not None and source.lemma_.lower() in book.nouns
    right: list[int] = []
    left: list[Token] = []
    for child in verb.children:
        that = next((c for c in child.children if c.dep_ == "mark" and c.lower_ in ("that", "whether", "if")), None)
        clausal = child.dep_ == "ccomp" or (child.dep_ == "advcl" and that is not None and that.lower_ == "that")
        edge = child.left_edge.i
        opens = sent.doc[edge].text in QUOTE_MARKS or sent.doc[max(0, edge - 1)].text in QUOTE_MARKS
        if clausal and child.i < verb.i:
            if ("clause" in wanted or "quote" in wanted) and sent.doc[child.right_edge.i + 1].text != ";":
                left.append(child)
        elif clausal and ("clause" in wanted or ("quote" in wanted and opens)):
            right.append(that.i if that is not None and that.i > verb.i else max(edge, verb.i + 1))
        elif (
            child.dep_ == "xcomp"
            and "infinitive" in wanted
            and child.i > verb.i
            or (child.dep_ == "xcomp" and _gerund(child) and "object" in wanted and child.i > verb.i)
        ):
            right.append(max(child.left_edge.i, verb.i + 1))
        elif child.i > verb.i and _object(child, verb, wanted, document):
            right.append(child.left_edge.i)
        elif child.dep_ == "dobj" and "of" in wanted and child.i > verb.i:
            # "accused the group of firing six": the parser may hang the "of" on the accused
            right += [c.i + 1 for c in child.rights if c.dep_ == "prep" and c.lower_ in OBLIQUE["of"] and _event(c)]
        elif child.dep_ in ("prep", "dative", "agent") and child.i > verb.i:
            for frame in wanted:
                if frame in OBLIQUE and child.lower_ in OBLIQUE[frame]:
                    if any(c.dep_ == "pobj" and c.ent_type_ in ("DATE", "TIME") for c in child.rights):
                        continue  # "speaking on Tuesday"
                    if frame == "set":
                        if not any(has_digit(t) for t in child.subtree):
                            continue
                        objects = [c.left_edge.i for c in verb.rights if c.dep_ in ("dobj", "ccomp")]
                        right.append(min(objects, default=child.i))
                    else:
                        right.append(child.i + 1)
    if (
        verb.dep_ == "relcl"
        and (right or "object" in wanted or row["code"] == "say" or "clause" not in wanted or row["id"] != "publish")
        and verb.head.i < first
        and verb.head.ent_type_ not in ("DATE", "TIME")
        and any(
            c.dep_ == "nsubj" and c.lower_ not in (PRONOUNS | {"that"}) - {"he", "she", "they", "it"}
            for c in verb.children
        )
    ):
        # "the villages that Kyiv says it holds": what the clause hangs on is reported too
        pieces = [(verb.head.left_edge.i, first)]
        after = sent.doc[last] if last < sent.end else verb
        if (
            not right
            and "clause" in wanted
            and after.tag_ in ("VBZ", "VBD", "VBP", "MD")
            and after.i > verb.right_edge.i
        ):
            # "a band that the police believe has 40 members": the parser hangs the verb elsewhere
            return [*pieces, (last, max(after.right_edge.i + 1, last + 1))]
        while last < verb.right_edge.i and (sent.doc[last].lower_ == "on" or sent.doc[last].ent_type_ == "DATE"):
            last += 1
        return (
            [*pieces, (min(right), limit(verb, min(right), sent))]
            if right
            else [*pieces, (last, verb.right_edge.i + 1)]
        )
    if right and not left:
        start = min(right)
        plain = row["code"] in SPOKEN and "clause" in wanted and sent.doc[start].lower_ != "that"
        gap = sent.doc[last:start] if plain and verb.lemma_.lower() not in ADDRESSED else ()
        if any(has_digit(t) and t.ent_type_ not in ("DATE", "TIME") for t in gap):
            start = last  # "said between 40 and 60 people died": the parser hangs the number on the cue
        end = max(start + 1, limit(verb, start, sent))
        aside = verb.dep_ == "relcl" and sent.doc[verb.left_edge.i - 1].text == "," and "clause" not in wanted
        if aside or (verb.dep_ == "relcl" and not any(c.dep_ == "ccomp" for c in verb.rights)):
            # "the firms, which had threatened action, ended 66 contracts": the clause closes with its comma
            comma = next((t.i for t in sent.doc[start:end] if t.text == ","), end)
            end = comma if sent.doc[verb.left_edge.i - 1].text == "," else end
        return [(start, max(start + 1, end))]
    if left:
        start = min(c.left_edge.i for c in left)
        pieces = [(min(start, first), first)] if start < first else []
        if right:
            pieces.append((min(right), limit(verb, min(right), sent)))
        elif more := _after_cue(verb, last, sent, book):
            pieces.append(more)
        return pieces
    as_clause = verb.dep_ == "advcl" and any(c.dep_ == "mark" and c.lower_ == "as" for c in verb.lefts)
    if as_clause and row["code"] in ("expect", "believe", "learn", "estimate"):
        return []  # "as analysts had expected": the outlet tells it and compares
    if as_clause and not any(c.dep_ in ("dobj", "ccomp", "xcomp") and c.lower_ != "it" for c in verb.rights):
        # "as the mayor put it": the sentence around the clause is what was said
        return [(a, b) for a, b in ((sent.start, verb.left_edge.i), (verb.right_edge.i + 1, sent.end)) if b > a]
    if ("set" in wanted or document) and (figure := set_content(verb, sent)):
        return figure
    if "clause" not in wanted and "quote" not in wanted:
        return []
    if {"clause", "quote"} & set(wanted) and last < sent.end - 1 and sent.doc[last].text == ":":
        return [(last + 1, sent.end)]
    if "clause" in wanted and (far := far_content(verb, last, sent, row["code"] == "say", book.verbs)):
        return far
    # a cue set into or after the clause that it reports
    if verb.dep_ in ("parataxis", "advcl", "ccomp", "conj", "dep") and verb.head.i != verb.i:
        before = sent.doc[first - 1].text if first > sent.start else ""
        own = any(c.dep_ == "nsubj" for c in verb.children) and not any(c.dep_ == "cc" for c in verb.lefts)
        free = verb.dep_ in ("parataxis", "dep", "ccomp") or (verb.dep_ == "conj" and own)
        if before in (",", "—", "–", "-", "”", '"') and free:
            end = min(sent.end, verb.head.right_edge.i + 1)
            top = _outer(verb, last, sent, book)
            while top.left_edge.i >= first - 1 and top.head.i != top.i:
                top = top.head  # "40 were hurt, it added, most of them badly": the cue hangs on the end
            pieces = [(top.left_edge.i, first)] if top.left_edge.i < first else []
            opens = any(t.text in QUOTE_MARKS[:-1] for t in sent.doc[last : min(last + 2, sent.end)])
            if pieces and opens and sent.doc[pieces[0][0]].lower_ in SCENES:
                pieces = []  # "When asked about the dead, he said, "...": what he was asked he did not say
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


def _after_cue(verb: Token, last: int, sent: Span, book: Cues) -> tuple[int, int] | None:
    """ "Some 40 came, he told the paper, and six died": the clause after a cue set between commas is reported too.

    So is a phrase that only goes on with the figure: "Five were found, the ministry said, for a total of 16".
    """
    while last + 2 < sent.end and (
        sent.doc[last].ent_type_ in ("DATE", "TIME") or sent.doc[last].lower_ in ("on", "(", ")")
    ):
        last += 1
    rest = sent.doc[last + 1 : sent.end]
    with_ = len(rest) > 2 and rest[0].lower_ == "with" and any(has_digit(t) for t in rest[1:5])
    if sent.doc[last].text == "," and with_:
        return last + 1, sent.end  # "..., an official said on Monday, with 11 still missing"
    of_them = len(rest) > 2 and has_digit(rest[0]) and any(t.lower_ in PARTS for t in rest[:5])
    opens = len(rest) > 2 and (rest[0].tag_ == "VBG" or rest[0].lower_ in ("with", "along"))
    goes_on = opens and sent.doc[last].text == ","
    told = any(has_digit(t) and t.ent_type_ not in ("DATE", "TIME") for t in rest)
    if goes_on and told and not any(t.lemma_.lower() in book.verbs and t.pos_ in VERBAL for t in rest):
        return last + 1, limit(verb, last + 1, sent)  # "rallies were held, the ministry said, drawing 4,000"
    if more := and_more(last, sent):
        return more
    if last + 2 < sent.end and sent.doc[last].text == "," and (rest[0].lower_ in GOING_ON or of_them):
        end = limit(verb, last + 1, sent)
        if not any(t.lemma_.lower() in book.verbs and t.pos_ in VERBAL for t in sent.doc[last + 2 : end]):
            return last + 1, end
    for child in verb.rights:
        if child.dep_ != "conj" or child.pos_ not in VERBAL or child.lemma_.lower() in book.verbs:
            continue
        own = [c for c in child.lefts if c.dep_ in SUBJECTS]
        first = own[0].left_edge.i if own else sent.end
        joined = first > sent.start + 1 and sent.doc[first - 1].dep_ == "cc" and sent.doc[first - 2].text == ","
        if joined and any(has_digit(t) for t in own[0].subtree):
            return first, child.right_edge.i + 1
    return None


def _outer(verb: Token, last: int, sent: Span, book: Cues) -> Token:
    """What a cue at the end of a clause reports: "The union says 40 came, the agency reports" is all the agency's."""
    top = verb.head
    after = next((t for t in sent.doc[last : sent.end] if not t.is_space), None)
    if after is not None and after.text not in (".", ";", "!", "?"):
        return top
    while top.dep_ == "ccomp" and top.head.i < top.i and top.head.lemma_.lower() in book.verbs:
        top = top.head
    return top
