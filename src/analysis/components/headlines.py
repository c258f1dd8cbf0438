"""Headlines that attribute without a full sentence: "Mayor: 40 homes gone", "40 homes gone - officials"."""

from __future__ import annotations

from spacy.tokens import Span

from analysis.components import acts as acting
from analysis.components.acts import Act, Cues
from analysis.components.cast import Cast
from analysis.components.mentions import text_of
from analysis.components.quotes import paragraphs_of, quotations_of
from analysis.components.roles import folded


def headline_acts(sent: Span, book: Cues, cast: Cast, found: list[Act]) -> list[Act]:
    """Acts of a headline: those ``found`` as in a full sentence, else by its colon, dash, tail or quotation.

    The tail counts also where the parser gave its cue another subject ("Strike: 40 held, says union").
    """
    tail = _tail(sent, book, cast)
    if found and tail and tail[0].anchor.i in {a.anchor.i for a in found}:
        beside = tail[0].clause[0]
        good = [a for a in found if a.anchor.i == tail[0].anchor.i and a.source is not None and a.source.i >= beside]
        return found if good else tail
    if found or tail:
        return found or tail
    for quotation in quotations_of(text_of(sent.doc)):
        if sent.start_char < quotation.start < sent.end_char:
            lead = sent.doc.char_span(sent.start_char, quotation.start, alignment_mode="contract")
            said = sent.doc.char_span(quotation.start, quotation.end, alignment_mode="expand")
            if lead is not None and said is not None and 0 < len(lead) <= 5 and _speaking(lead, book, cast):
                row = book.marks["quotation_alone"]
                at = (said.start, said.start + 1)
                return [Act(row, said[0], at, lead.root, [(said.start, said.end)], clause=(lead.start, lead.end))]
    for token in sent:
        stop = sent.end
        if token.text == ":" and token.i + 1 == stop:  # the parser ends a sentence at the colon
            line = paragraphs_of(text_of(sent.doc))[0][1]
            stop = next((t.i for t in sent.doc[stop:] if t.idx >= line), len(sent.doc))
        left, right = sent.doc[sent.start : token.i], sent.doc[token.i + 1 : stop]
        if token.text == ":" and 0 < len(left) <= 5 and len(right) > 2 and _speaking(left, book, cast):
            return [
                Act(
                    book.marks["headline_colon"],
                    token,
                    (token.i, token.i + 1),
                    left.root,
                    [(token.i + 1, stop)],
                )
            ]
        if (
            token.text in ("-", "–", "—", ":")
            and token.whitespace_
            and 0 < len(right) <= 6
            and len(left) > 2
            and (_speaking(right, book, cast) or _named_body(right))
        ):
            row = book.marks["headline_dash"]
            # the parser may run the speaker into the clause ("kills four, 13 rebels - army")
            apart = right.root.left_edge.i >= right.start and right.root.right_edge.i < right.end
            end = max(t.i for t in right if not t.is_space) + 1
            named = (0, 0) if apart else (right.start, end)
            return [Act(row, token, (token.i, token.i + 1), right.root, [(sent.start, token.i)], named=named)]
    return []


def colon_acts(sent: Span, book: Cues, cast: Cast) -> list[Act]:
    """ "Ana Ruiz, head of the port: "We lost 40."": a speaker, a colon and a quotation, without a verb."""
    for token in sent:
        if token.text != ":" or token.i + 2 >= sent.end or sent.doc[token.i + 1].text not in ("“", '"', "«", "‘"):
            continue
        left = sent.doc[sent.start : token.i]
        if 0 < len(left) <= 16 and not any(t.pos_ in ("VERB", "AUX") for t in left) and _names(left, book, cast):
            row = book.marks["headline_colon"]
            clause = (left.start, token.i + 1)
            return [Act(row, token, (token.i, token.i + 1), left.root, [(token.i + 1, sent.end)], clause=clause)]
    return []


def _names(span: Span, book: Cues, cast: Cast) -> bool:
    root = span.root
    first = root.left_edge.i <= span.start + 1
    return (
        first
        and root.pos_ in ("PROPN", "NOUN")
        and (root.ent_type_ == "PERSON" or _speaking(span[:1], book, cast) or root.lemma_.lower() in book.roles.nouns)
    )


def _tail(sent: Span, book: Cues, cast: Cast) -> list[Act]:
    """ "Nine held, mayor confirms": the words after the last comma are a speaker and a cue, however parsed."""
    comma = max((t.i for t in sent if t.text in (",", "–", "—")), default=sent.start)
    tail = [t for t in sent.doc[comma + 1 : sent.end] if not t.is_space]
    if not 2 <= len(tail) <= 6 or comma == sent.start:
        return []
    for verb, rest in ((tail[-1], tail[:-1]), (tail[0], tail[1:])):
        lemmas = (verb.lemma_.lower(), verb.lower_.removesuffix("s"), verb.lower_)
        rows = [r for lemma in lemmas for r in book.verbs.get(lemma, ()) if "clause" in acting.frames(r)]
        span = sent.doc[rest[0].i : rest[-1].i + 1]
        if rows and _speaking(span, book, cast):
            return [
                Act(rows[0], verb, (verb.i, verb.i + 1), span.root, [(sent.start, comma)], clause=(comma + 1, sent.end))
            ]
    return []


def _named_body(span: Span) -> bool:
    """Whether what closes a headline is the name of a body alone: "- Red Cross", "- Amnesty", ": HRW"."""
    words = [t for t in span if not t.is_space and t.lower_ != "the"]
    acronym = len(words) == 1 and words[0].text.isupper() and 2 <= len(words[0].text) <= 6 and words[0].text.isalpha()
    return acronym or (bool(words) and all(t.ent_type_ == "ORG" and t.pos_ == "PROPN" for t in words))


def _speaking(span: Span, book: Cues, cast: Cast) -> bool:
    root = span.root
    if root.pos_ not in ("PROPN", "NOUN") or any(t.pos_ in ("VERB", "NUM") for t in span):
        return False
    known = root.lemma_.lower() in book.roles.nouns or root.lower_ in book.roles.nouns
    known = known or span.text.strip().lower() in book.roles.nouns
    person = folded(span[-1].text) in cast.surnames
    country = span.text.lower() in book.roles.countries
    if known or person or country or root.ent_type_ in ("PERSON",) or root.text in cast.acronyms:
        return True
    # a name that speaks in the text ("Varn Motors: 40 posts go")
    last = span[-1].text
    return root.pos_ == "PROPN" and any(
        t.text == last and t.dep_ == "nsubj" and t.i >= span.end and t.head.lemma_.lower() in book.verbs
        for t in span.doc
    )
