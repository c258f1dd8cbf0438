"""Spans of a sentence that may be names of places: runs of capitals, names held together by small words."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Span, Token

from analysis.toponyms import Resolver

#: the Arabic article before a hyphen, assimilated or not ("el-Fasher", "as-Suwayda")
ARTICLES = {"al", "el", "ar", "as", "ash", "ad", "an", "at", "az", "ed", "en", "er", "es", "ez"}
#: small words within a name of a place, and how many tokens may follow the first of them
LINKS = frozenset({"of", "and", "the"})
LONGEST = 6


def trim(span: Span) -> Span | None:
    """The span without article, leading lower-case words ("eastern Ukraine") and trailing possessive."""
    start, end = span.start, span.end
    while start < end and not span.doc[start].text[0].isupper():
        if span.doc[start].lower_ in ARTICLES and span.doc[start + 1 : start + 2].text == "-":
            break
        start += 1
    if start < end and span.doc[start].lower_ == "the":
        start += 1
    while start < end and (span.doc[end - 1].tag_ == "POS" or span.doc[end - 1].is_punct):
        end -= 1
    return span.doc[start:end] if start < end else None


def runs(sent: Span) -> Iterator[Span]:
    """Longest runs of capitalised proper nouns, joined over hyphens ("el-Fasher", "Ivano-Frankivsk")."""
    doc, tokens = sent.doc, list(sent)
    proper = [_proper(token) for token in tokens]
    i = 0
    while i < len(tokens):
        if not proper[i]:
            i += 1
            continue
        start = sent.start + i
        while i < len(tokens) and (proper[i] or (tokens[i].text == "-" and i + 1 < len(tokens) and proper[i + 1])):
            i += 1
        if start - 2 >= sent.start and doc[start - 2 : start].text.lower().removesuffix("-") in ARTICLES:
            start -= 2
        yield doc[start : sent.start + i]


def linked(sent: Span, resolver: Resolver) -> Iterator[Span]:
    """Names of several words held together by small ones or hyphens, which the recogniser tears apart.

    "Democratic Republic of the Congo", "Mazar-i-Sharif", "Bosnia and Herzegovina": the longest that the gazetteer knows.
    """
    doc, end = sent.doc, sent.start
    for token in sent[1:-1]:
        if (
            token.i < end
            or (token.text != "-" and token.lower_ not in LINKS)
            or not doc[token.i - 1].text[:1].isupper()
        ):
            continue
        start = token.i - 1
        while start > max(end, sent.start) and doc[start - 1].text[0].isupper() and _proper(doc[start - 1]):
            start -= 1
        stop = token.i
        while stop < min(sent.end, token.i + LONGEST) and (
            doc[stop].text == "-"
            or doc[stop].lower_ in LINKS
            or doc[stop - 1].text == "-"
            or doc[stop].text[0].isupper()
        ):
            stop += 1
        spans = (doc[i:k] for k in range(stop, token.i + 1, -1) for i in range(start, token.i))
        for span in spans:
            if span[-1].text[0].isupper() and _whole_name(span.text, resolver):
                yield span
                end = span.end
                break


def _whole_name(name: str, resolver: Resolver) -> bool:
    """Whether the gazetteer has a country or region of that name, or, with hyphens, a place."""
    if resolver.gazetteer.areas(name, demonyms=False):
        return True
    return "-" in name and any(p.main or p.population >= 15_000 for p in resolver.gazetteer.lookup(name))


def _proper(token: Token) -> bool:
    return token.text[0].isupper() and token.pos_ in ("PROPN", "ADJ", "NOUN", "X") and token.is_alpha and len(token) > 1
