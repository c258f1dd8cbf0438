"""Figures that lean on others: on the one before that they answer, on the harm that a sentence before tells.

"The army admits the loss of 12 vehicles. The rebels speak of 23." "He named the dead. Two women and a boy."
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Span, Token

from analysis.components.counted import Counted
from analysis.components.measure_cues import CueTable, Decision, Earlier
from analysis.components.mentions import QuantityMention
from analysis.components.noun_clauses import Link

#: measures that make casualties where one number counts two of them
JOINED = frozenset({"killed", "wounded", "missing"})
#: measures that only people have: a bare number with one of them counts people
OF_PERSONS = frozenset(
    {"killed", "wounded", "casualties", "captured", "missing", "detained", "hostages", "displaced", "crowd_size"}
)
#: measures of people harmed: a share told of them is one of the same measure
HARM = JOINED | {"casualties"}
#: kinds of counted class that are people
PERSONS = frozenset({"people", "troops", "captives"})
#: verbs that say no more of what they count than the figure before did
TELLING = frozenset({"speak", "talk", "put", "cite", "mention", "insist", "make"})
#: verbs whose object, where only a number is told, is the number that another gives ("doctors say 120")
REPORTING = frozenset({"say", "claim", "count", "report", "estimate", "give", "list", "tally", "record", "maintain"})
#: verbs of saying inside a sentence that otherwise only counts
SAYING = frozenset({"say", "add", "tell", "report", "note", "explain", "go", "reply", "answer", "insist", "recall"})
#: words that stand for a number told before, and how many sentences back it may stand
NUMBER_WORDS = frozenset({"it", "that", "this", "figure", "number", "count", "total", "estimate", "tally", "toll"})
ANSWER_SENTENCES = 3
#: the least number that points back by its value alone
POINTED = 13


def answered(figure: QuantityMention, counted: Counted, before: Sequence[Earlier]) -> Earlier | None:
    """The figure of the same kind that one told by a bare verb of telling answers, some sentences back.

    "The army admits the loss of 12 vehicles. The rebels speak of 23 vehicles and six mortars." "The police figure is
    40,000."
    """
    noun = counted.noun
    if not before or (figure.low is not None and figure.low % 1):
        return None
    owned = noun is not None and noun.lemma_.lower() in NUMBER_WORDS and any(c.dep_ == "poss" for c in noun.lefts)
    if owned and counted.root.head.lower_ == "of":
        told_of = [e for e in before if e.decision.measure in OF_PERSONS and e.decision.basis not in ("none", "unit")]
        return told_of[-1] if told_of else None  # "it sticks to its own count of 38"
    last = before[-1]
    joined = noun is not None and not counted.elided and noun.dep_ == "conj"
    if joined and last.counted.noun is not None and noun is not None and noun.head == last.counted.noun:
        return last if last.decision.basis == "before" else None
    verb = counted.root if counted.elided or noun is None else noun
    for _ in range(4):
        if verb.pos_ in ("VERB", "AUX") or verb.head == verb:
            break
        verb = verb.head
    told_it = verb.lemma_.lower() in REPORTING and counted.root.dep_ in ("dobj", "ccomp") and counted.root.head == verb
    if verb.lemma_.lower() not in TELLING and not told_it and not _names_number(verb, counted):
        return None
    first = counted.root.sent.start
    for _ in range(ANSWER_SENTENCES if noun is None or counted.elided else 1):
        first = counted.root.doc[first - 1].sent.start if first else first
    found = None
    for told in reversed(before):
        if told.counted.root.i < first:
            break
        people = noun is None and counted.kind in (None, "people") and told.decision.measure in OF_PERSONS
        sure = told.decision.basis not in ("none", "unit") and not told.counted.share
        if sure and (told.counted.kind == counted.kind or people):
            if (told.figure.low, told.figure.high) == (figure.low, figure.high):
                return told  # "eleven is the number": the eleven told before
            found = found or told
    return found


def recalled(figure: QuantityMention, counted: Counted, before: Sequence[Earlier]) -> Earlier | None:
    """The figure of the same value that a bare number with its article points back at: "she stands by the 120,000"."""
    first = counted.root.left_edge if counted.root.left_edge.i < counted.root.i else counted.root
    pointed = first.lower_ in ("the", "those", "these", "that", "its", "their", "his", "her")
    if counted.noun is not None and not counted.elided or not pointed or (figure.low or 0) < POINTED:
        return None
    for told in reversed(before):
        same = (told.figure.low, told.figure.high) == (figure.low, figure.high) and told.counted.share == counted.share
        if same and told.decision.basis not in ("none", "unit") and told.decision.measure != "other":
            return told
    return None


def continued(table: CueTable, counted: Counted, before: Sequence[Earlier]) -> Decision | None:
    """What a sentence without a verb of its own goes on counting: the people of the figure or the harm told before.

    "Seventeen people died, he said. Fourteen civilians and three gendarmes." "He named the dead. Two women and a boy."
    """
    sent, root = counted.root.sent, counted.root
    persons = counted.kind in PERSONS or (counted.noun is None and counted.kind is None)
    if not persons or counted.share or not sent.start or not _verbless(sent):
        return None
    last = before[-1] if before else None
    if last is not None and last.counted.root.sent == sent and last.decision.basis == "before":
        return Decision(last.decision.measure, last.decision.cue, None, last.decision.rule, "before")
    if root.i > sent.start + 4:
        return None
    above = sent.doc[sent.start - 1].sent
    if last is not None and last.counted.root.i >= above.start:
        sure = last.decision.measure in OF_PERSONS and last.decision.basis not in ("none", "context")
        if sure:
            return Decision(last.decision.measure, last.decision.cue, None, last.decision.rule, "before")
    asked = any(t.lower_ == "many" and t.i and t.nbor(-1).lower_ == "how" for t in above)
    for token in reversed(above):
        if asked and token.pos_ == "VERB":  # "How many died? Seventeen, says the ministry."
            cues = (table.match(Link(token, frame, 0), "people", OF_PERSONS) for frame in ("subject", "object"))
            if (cue := next((c for c in cues if c is not None), None)) is not None:
                return Decision(cue.measure, cue, None, cue.id, "before")
        cue = table.match(Link(token, "self", 0), "people") if token.pos_ in ("NOUN", "ADJ") else None
        if cue is not None and cue.measure in HARM:
            return Decision(cue.measure, cue, None, cue.id, "before")
    return None


def _verbless(sent: Span) -> bool:
    """True for a sentence whose only verbs report who says it."""
    for token in sent:
        if token.tag_ in ("VBN", "VBG") and token.dep_ not in ("amod", "compound"):
            return False
        reports = token.dep_ == "parataxis" or token.lemma_.lower() in SAYING
        if token.pos_ in ("VERB", "AUX") and token.tag_ not in ("VBN", "VBG") and not reports:
            return False
    return True


def against(last: Earlier, counted: Counted) -> bool:
    """ "By 204 votes to 145": the votes on the other side."""
    prep = counted.root.head
    near = 0 < counted.root.i - last.counted.root.i <= 4
    return near and counted.root.dep_ == "pobj" and prep.lower_ in ("to", "against")


def _names_number(verb: Token, counted: Counted) -> bool:
    """True where a copula only gives a number: "it is 31", "their figure is 40,000", "11 is the number", "had it at 9"."""
    if counted.noun is not None and not counted.elided:
        return False
    if verb.lemma_ == "be" and counted.root.dep_ == "pobj" and counted.root.head.lower_ == "at":
        return any(
            c.dep_ == "nsubj" and c.pos_ == "PRON" for c in verb.children
        )  # "across the country we are at 500,000"
    if verb.lemma_ in ("be", "stand") or (verb.lemma_ == "have" and counted.root.dep_ == "pobj"):
        said = (c for c in verb.children if c.dep_ in ("nsubj", "attr", "dobj") and c != counted.root)
        return any(c.lemma_.lower() in NUMBER_WORDS for c in said)
    return False
