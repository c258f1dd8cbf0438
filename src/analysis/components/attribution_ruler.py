"""Who is reported to have said what: ``doc._.attributions``, and ``attribute`` for the characters of one figure.

Acts of attribution (``acts``) are found sentence by sentence, their sources followed through the article (``speakers``),
quotations joined to them (``quotes``), and nested acts chained: in "the paper reported, citing an officer, that ..." the
officer is the source and the paper stands in ``via``. The component finds, then writes; it fails per sentence.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from analysis.codebook import Codebook, Row, load
from analysis.components import acts as acting
from analysis.components import hedges as hedging
from analysis.components import mentions
from analysis.components.attribution_builder import Builder
from analysis.components.attribution_denials import denied
from analysis.components.mentions import Attribution, Fault, text_of
from analysis.components.quoted_speech import covers
from analysis.components.quotes import Quotation, is_headline, paragraph_at, quotations_of
from analysis.components.word_classes import using, word_class

#: sentences between a statement and the warning that it could not be verified
CAVEAT_REACH = 6
#: parts of a list that may stand between a speaker and what he goes on to count
MOST_FRAGMENTS = 4
#: words for a part of what was counted, at the head of a sentence
PORTIONS = frozenset(("all", "most", "half", "some", "many", "several", "none", "dozens", "hundreds", "thousands"))
#: words by which a warning points back at what was said
CLAIMED = word_class("words_said")


def find(doc: Doc, codebook: str | None = None) -> tuple[list[Attribution], list[Fault]]:
    """Return the attributions of ``doc`` in order of start, and the sentences that failed; writes nothing."""
    builder = Builder(doc, acting.cues(codebook))
    found = builder.build()
    return found, builder.faults


def _token(doc: Doc, start: int, end: int) -> Token | None:
    span = doc.char_span(start, end, alignment_mode="expand")
    return span.root if span is not None else None


def _innermost(found: list[Attribution]) -> Attribution:
    def depth(attribution: Attribution) -> tuple[int, int, int]:
        inside = sum(1 for other in found if other is not attribution and covers(other, attribution.cue_start or 0))
        prepositional = attribution.cue_code in ("cite", "according_to")
        return (inside, int(prepositional), -sum(b - a for a, b in attribution.content))

    return max(found, key=depth)


def _outer(chosen: Attribution, named: list[Attribution], quotations: Sequence[Quotation]) -> Attribution:
    """Who answers for what ``chosen`` says: who denies it, or who tells in quotation marks what a body counted.

    "He denied that doctors counted 41": he denies it. "“The party has counted 26,” its spokesman said": he says so.
    """
    for other in named:
        if other is chosen or not covers(other, chosen.cue_start or 0):
            continue
        another = other.source_id != chosen.source_id and "_noun" not in (chosen.rule or "")
        if other.stance == "denying" and chosen.stance != "denying" and another:
            return other
        at = chosen.cue_start or 0
        if other.cue_code == "say" and chosen.cue_code == "count" and any(q.start <= at < q.end for q in quotations):
            return other
    return chosen


def attribute(doc: Doc, start: int, end: int, codebook: str | None = None) -> Attribution | None:
    """The attribution that holds for characters ``start:end`` (a figure, an event trigger), None for the outlet's voice.

    The innermost act counts; mode, hedge, caveat and denial are those of these characters. Where nobody is named but
    the words are hedged, the source is None, ``mode`` is ``none`` and ``hedged`` is true.
    """
    token = _token(doc, start, end)
    if token is None:
        return None
    candidates = [a for a in doc._.attributions or [] if covers(a, start)]
    named = [a for a in candidates if a.source]
    book = hedging.hedges(codebook)
    word = hedging.hedge(token, book) or hedging.approximated(doc, start, book)
    chosen = _innermost(named) if named else None
    if chosen is not None and chosen.source_kind == "media":
        # "a report from the agency that ..., according to officials": the officials are the origin
        told = [a for a in named if a.source_id != chosen.source_id]
        origins = [a for a in told if a.source_kind != "media" and a.cue_code in ("cite", "according_to")]
        origins = origins or [a for a in told if a.cue_code == "cite"]
        chosen = _innermost(origins) if origins else chosen
    if chosen is not None and chosen.source_kind != "media" and chosen.cue_code in ("say", "announce"):
        # "the agency reported, citing the mayor": the mayor is the origin, whatever the list of media knows
        cites = [a for a in named if a.rule == "citing" and a.source_id != chosen.source_id]
        if cites and (chosen.cue_end or 0) < (cites[0].cue_start or 0) < (chosen.cue_end or 0) + 4:
            via = chosen.source if (chosen.source or "").isupper() else None
            chosen = replace(cites[0], via="+".join(v for v in (cites[0].via, via) if v) or None)
    if chosen is not None:
        chosen = _outer(chosen, named, quotations_of(text_of(doc)))
    if chosen is None:
        chosen = _inherited(doc, token, codebook)
    with using(load(codebook)):
        untrue = denied(token, acting.cues(codebook).nouns)
    if chosen is None and word is None and not candidates and not untrue:
        caveat = _caveat(doc, start, None, book)
        if caveat is None:
            return None
    unnamed = candidates[0] if candidates and chosen is None else None
    if chosen is not None:
        result = replace(chosen, content=[list(p) for p in chosen.content])
        inside = any(q.start <= start and end <= q.end for q in quotations_of(text_of(doc)))
        result.mode = "direct" if inside or chosen.cue_code == "post" else "indirect"
    elif unnamed is not None:
        result = replace(unnamed, content=[list(p) for p in unnamed.content])
    else:
        result = Attribution(content=[], rule="hedge" if word is not None else "denial" if untrue else "caveat")
        if word is not None and word.lemma_.lower() in {
            w for kind in ("passive", "noun_bare") for w in book.kinds.get(kind, {})
        }:
            result.source_kind = "unattributed"
    if word is not None and chosen is not None and _outside(doc, word, chosen):
        own = chosen.cue_code in ("believe", "estimate") or word.lemma_.lower() in book.kinds.get("noun", {})
        own = own or (
            word.lower_.endswith("edly") and word.head.idx == chosen.cue_start
        )  # "have reportedly found that"
        word = word if own else None
    vague = any(a.source is None and a.hedged for a in candidates)
    result.negated = result.negated or untrue
    result.hedged = word is not None or vague
    result.hedge_text = word.text if word is not None else (result.hedge_text if vague else None)
    caveat = _caveat(doc, start, chosen if result.mode != "direct" else None, book)
    if caveat is not None:
        result.caveat = text_of(doc)[caveat[0] : caveat[1]]
        result.hedged = result.hedged or caveat[2]["hedges"] == "yes"
        if caveat[2]["id"] == "retracted":
            result.negated, result.source, result.mode = True, None, "none"
    return result


def _outside(doc: Doc, word: Token, chosen: Attribution) -> bool:
    return bool(chosen.content) and not covers(chosen, word.idx)


def _caveat(doc: Doc, start: int, chosen: Attribution | None, book: hedging.Hedges) -> tuple[int, int, Row] | None:
    """The caveat in the sentence of the figure, or the one on the statement that it stands in.

    A warning that a claim could not be verified holds for the last attributed figures before it, not for a headline.
    """
    found = hedging.caveats(doc, book)
    span = doc.char_span(start, start + 1, alignment_mode="expand") if found else None
    if span is None:
        return None
    sent = span[0].sent
    for caveat in found:
        if sent.start_char <= caveat[0] < sent.end_char:
            return caveat
        if chosen is None or caveat[2]["hedges"] != "yes" or caveat[0] < start or is_headline(text_of(doc), start):
            continue
        warning = doc.char_span(caveat[0], caveat[1], alignment_mode="expand")
        if warning is None:
            continue
        # "It put the losses at 40, a figure that could not be verified": a number beside the warning takes it
        between = doc[sent.end : max(sent.end, warning.start)]
        points = [t for t in warning[0].sent if t.lower_ == "that" and t.dep_ in ("nsubj", "nsubjpass")]
        if not points and not any(t.lemma_.lower() in CLAIMED for t in warning[0].sent):
            continue
        told = [t for t in between if t.like_num and t.ent_type_ not in ("DATE", "TIME", "ORDINAL")]
        if not told and sum(1 for t in between if t.is_sent_start) <= CAVEAT_REACH:
            return caveat
    return None


def _inherited(doc: Doc, token: Token, codebook: str | None) -> Attribution | None:
    """The attribution that runs on over an unattributed sentence of an unbroken report; None is the outlet's voice."""
    sent = token.sent
    if sent.start == 0:
        return None
    previous = doc[sent.start - 1].sent
    here = paragraph_at(text_of(doc), sent.start_char)
    before = _ending(doc, previous)
    for _ in range(MOST_FRAGMENTS):
        if before is not None or previous.start == 0 or not _part_of_list(previous):
            break
        if paragraph_at(text_of(doc), previous.start_char) != here:
            break
        previous = doc[previous.start - 1].sent  # "Homes gone: 910. Roads cut: 27.": a list that goes on
        before = _ending(doc, previous)
    if before is None:
        return None
    same = paragraph_at(text_of(doc), previous.start_char) == here
    opening = tuple(t.lower_ for t in sent[:4])
    elaborates = any(opening[: len(p)] == p for p in _elaborations(codebook))
    # "Four of the dead were officers.", "Seventeen in all.": a part of the count before, a sentence without a verb
    counted = acting.has_digit(sent[0]) or sent[0].lower_ in PORTIONS
    if counted and any(p[0] == "of" and opening[1 : len(p) + 1] == p for p in _elaborations(codebook)):
        elaborates = same
    elaborates = elaborates or (same and _part_of_list(sent))
    following = doc[sent.end].sent if sent.end < len(doc) else None
    sandwiched = False
    if same and following is not None and paragraph_at(text_of(doc), following.start_char) == here:
        after = [
            a
            for a in doc._.attributions or []
            if a.source and following.start_char <= (a.cue_start or 0) < following.end_char
        ]
        sandwiched = any(a.source_id == before.source_id for a in after)
    # "Injuries are put at 300." after "The group counted 40 deaths.": the same estimator goes on
    root = sent.root
    goes_on = (
        same
        and root.lemma_.lower() in ("estimate", "put")
        and any(c.dep_ in ("auxpass", "nsubjpass") for c in root.children)
        and before.cue_code in ("count", "estimate", "find")
    )
    if elaborates or sandwiched or goes_on or (same and (_back_shifted(sent, previous) or _also(token, root))):
        result = replace(before, content=[list(p) for p in before.content], inherited=True)
        return result
    return None


def _part_of_list(sent: Span) -> bool:
    """ "Seventeen in all.", "Roads cut: 27.": prose without a verb, or with a count behind a colon; no line of a table."""
    words = [t for t in sent if not t.is_space]
    if len(words) < 2 or words[-1].text != ".":
        return False
    colon = next((k for k, t in enumerate(words) if t.text == ":"), len(words))
    return not any(t.pos_ in ("VERB", "AUX") for t in words) or (colon < len(words) and colon >= len(words) - 4)


def _also(token: Token, root: Token) -> bool:
    """ "The ministry said 40 homes burned. Six schools were also destroyed.": the report goes on with the next count."""
    state = root.lemma_ == "be" or any(c.lemma_ == "be" and c.dep_ in ("aux", "auxpass") for c in root.lefts)
    also = any(c.lower_ == "also" for c in root.children)
    return (
        state
        and also
        and any(c.dep_ in ("nsubj", "nsubjpass") and c.is_ancestor(token) or c.i == token.i for c in root.lefts)
    )


def _back_shifted(sent: Span, previous: Span) -> bool:
    """ "The front said it held 22. It had freed three others.": the past perfect goes on with what was said."""
    root = sent.root
    had = any(c.dep_ == "aux" and c.lower_ == "had" for c in root.children) and root.tag_ == "VBN"
    own = any(c.dep_ in ("nsubj", "nsubjpass") and c.lower_ in ("it", "they", "he", "she") for c in root.lefts)
    return had and own and previous.root.tag_ == "VBD" and any(c.dep_ == "ccomp" for c in previous.root.rights)


@functools.lru_cache(maxsize=8)
def _elaborations(codebook: str | None) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(m.split())
        for row in load(codebook).rows("reporting_cues")
        if "elaborates" in Codebook.split(row["frame"])
        for m in Codebook.split(row["match"])
    )


def _ending(doc: Doc, sent: Span) -> Attribution | None:
    """The attribution that holds for the sentence ``sent`` as a whole."""
    found = [
        a for a in doc._.attributions or []
        if a.source and a.content and sent.start_char <= (a.cue_start or 0) < sent.end_char
    ]  # fmt: skip
    return found[-1] if found else None


class AttributionRuler:
    """spaCy component: writes ``doc._.attributions``."""

    def __init__(self, codebook: str | None = None) -> None:
        self.codebook = codebook
        acting.cues(codebook)

    def __call__(self, doc: Doc) -> Doc:
        with using(load(self.codebook)):
            found, faults = find(doc, self.codebook)
        doc._.attributions = found
        if faults:
            doc._.faults = [*(doc._.faults or []), *faults]
        return doc


@Language.factory(
    "attribution_ruler",
    default_config={"codebook": None},
    assigns=["doc._.attributions"],
    requires=["token.dep", "token.lemma", "token.pos", "doc.ents"],
)
def create_attribution_ruler(nlp: Language, name: str, codebook: str | None) -> AttributionRuler:
    """Create the component; ``codebook`` is a folder or None for the default."""
    mentions.register()
    return AttributionRuler(codebook)
