"""The name of a speaker read from the order of words: before his cue, after it, over what is set between commas."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Span, Token

from analysis.components.acts import VERBAL, Cues, aged, has_digit, speaks

#: marks that close what was said before the speaker is named, and those that part clauses
BREAKS = frozenset((",", "”", '"', "’", "'", "–", "—", ";", ":", "…"))
STOPS = frozenset((";", ":", "–", "—", "”", '"', "“"))
FINITE = ("VBD", "VBZ", "VBP", "MD")
RELATIVES = frozenset(("who", "which", "whose", "whom", "where"))
#: words between a speaker and his cue
BETWEEN = ("ADV", "AUX", "PART")
#: parts of speech of which a speaker's name is made
NAMING = ("DET", "ADJ", "NOUN", "PROPN", "PART", "NUM", "X", "PRON", "ADV")
LINKS = frozenset(("of", "for", "in", "at", "from", "on", "with", "without", "to", "by", "under", "and", "&", "near"))
#: words that open a phrase which belongs to what was said, not to the speaker
COUNTING = frozenset(("among", "including", "most", "some", "many", "half", "all", "with", "but", "and", "or"))
#: words with which a sentence opens before its speaker
OPENING = ("ADP", "ADV", "SCONJ", "VERB", "CCONJ")
DAYS = frozenset(("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "today", "yesterday"))
LONGEST_INSERTION = 16
MOST_PARTS = 3


@dataclass(frozen=True, slots=True)
class Name:
    """Tokens ``first:last`` of a speaker and the noun that he is; ``opens`` is true where nothing is said before him."""

    first: int
    last: int
    head: Token
    opens: bool


def insertion(last: int, sent: Span) -> int | None:
    """The comma that opens what is set between commas and closes at token ``last``; None where that is no insertion."""
    for k in range(last - 1, max(sent.start, last - LONGEST_INSERTION), -1):
        if sent.doc[k].text in STOPS:
            return None
        if sent.doc[k].text == ",":
            inner = sent.doc[k + 1 : last]
            if not inner:
                continue  # two commas in a row
            if inner[0].lower_ in RELATIVES or inner[0].tag_ in ("WP$", "WP", "WDT"):
                return k
            if inner[0].tag_ == "VBG" or not any(t.tag_ in FINITE for t in inner):
                counting = inner[0].lower_ in COUNTING or (has_digit(inner[0]) and len(inner) > 1)
                return None if counting else k
            return insertion(k, sent) if _related(k, sent) else None
    return None


def _related(comma: int, sent: Span) -> bool:
    """Whether a relative clause is open at ``comma`` ("who, she adds, heads")."""
    return any(t.lower_ in RELATIVES for t in sent.doc[max(sent.start, comma - LONGEST_INSERTION) : comma])


def name_before(token: Token, sent: Span, book: Cues) -> Name | None:
    """The speaker who stands before the cue, over adverbs, days and what is set between commas."""
    k = token.i - 1
    while k > sent.start and (
        sent.doc[k].pos_ in BETWEEN or sent.doc[k].ent_type_ in ("DATE", "TIME") or sent.doc[k].lower_ in DAYS
    ):
        if sent.doc[k].lower_ in ("be", "been", "being", "is", "are", "was", "were") and token.tag_ == "VBN":
            return None
        k -= 1
    if k > sent.start and sent.doc[k].lower_ in ("on", "late", "early") and k < token.i - 1:
        k -= 1
    ends = [k]
    while len(ends) <= MOST_PARTS and sent.doc[ends[-1]].text == ",":
        comma = insertion(ends[-1], sent)
        if comma is None or comma <= sent.start:
            break
        ends.append(comma - 1)
        if sent.doc[comma - 1].text in BREAKS:
            return None
        # a second insertion stands before the first one ("Ada Ruiz, 43, a nurse, said")
        inner = insertion(comma, sent)
        if (
            inner is not None
            and inner > sent.start
            and _title(sent.doc[inner - 1], book)
            and _side(sent, inner, comma, book)
            # "40 pensioners, the port's head, Ada Ruiz, said": the head speaks, and no pensioner is one
            and (sent.doc[inner - 1].pos_ == "PROPN" or sent.doc[inner + 1].lower_ not in ("the", "its", "their"))
        ):
            ends.append(inner - 1)
            break
    if sent.doc[ends[-1]].text == ",":
        return None
    if len(ends) > 1 and sent.doc[k].text != ",":
        return None
    return name_at(ends[-1], sent, book)


def _title(token: Token, book: Cues) -> bool:
    if token.ent_type_ in ("GPE", "LOC", "FAC", "NORP", "DATE", "TIME"):
        return False  # "Speaking in Norham, the mayor, Lena Holt, said"
    named = token.pos_ == "PROPN" and token.text[:1].isupper()
    return named or token.lemma_.lower() in book.roles.nouns


def _side(sent: Span, first: int, last: int, book: Cues) -> bool:
    """Whether the words between two commas are an age, an office or a description, not a part of what was said."""
    inner = sent.doc[first + 1 : last]
    if len(inner) == 1 and inner[0].text.isdigit():
        return True
    return inner[0].pos_ in ("DET", "NOUN", "PROPN", "ADJ") and inner.root.lemma_.lower() in book.roles.nouns


def name_at(last: int, sent: Span, book: Cues, bound: int = 0) -> Name | None:
    """The noun phrase that ends at token ``last`` and begins at token ``bound`` at the earliest."""
    k = last
    while k >= max(sent.start, bound):
        word = sent.doc[k]
        bracket = word.text in (")", "(") or (k > sent.start and sent.doc[k - 1].text == "(")
        capital = word.text[:1].isupper() and k > sent.start and word.lower_ not in book.forms
        # a name may open with a verb ("Save the Rivers")
        capital = capital or (
            k == sent.start
            and k < last
            and word.tag_ in ("VB", "VBP", "VBG", "NN")
            and _called(sent.doc[k + 1 : last + 1])
        )
        named = word.pos_ in NAMING or word.lower_ in LINKS or bracket or capital or word.text in ("-", "’s", "'s")
        if not named or word.tag_ in FINITE and not capital:
            clause = _clause_of(k, sent)
            if clause is None:
                break
            k = clause
            last = clause
            continue
        if word.text in BREAKS or (word.pos_ == "CCONJ" and sent.doc[k - 1].ent_type_ in ("DATE", "TIME")):
            break
        k -= 1
    first = k + 1
    while first < last and (sent.doc[first].lower_ in LINKS or sent.doc[first].pos_ in ("ADV", "CCONJ")):
        first += 1
    if first > last:
        return None
    run = sent.doc[first : last + 1]
    head = _head(run, book)
    if any(t.pos_ == "PROPN" and t.nbor(-1).lemma_.lower() in book.nouns for t in run[1:]):
        return None  # "a tally Kyiv disputes": a clause about the tally
    if any(t.pos_ == "DET" and t.nbor(-1).pos_ in ("NOUN", "PROPN") for t in run[1:]):
        return None  # "the biggest rise the ministry recorded"
    if head is None or not speaks(head, book) or any(has_digit(t) and t.i > first for t in run):
        return None
    start = first + (sent.doc[first].pos_ == "DET")
    before = sent.doc[first - 1] if first > sent.start else None
    opens = before is None or before.text in (";", ":") or _opening(sent, first)
    free = bound == first or head.pos_ == "PRON"
    if before is not None and not opens and before.text not in BREAKS and not free:
        return None
    return Name(start, last + 1, head, opens) if start <= head.i else None


def _called(run: Span) -> bool:
    """ "the Rivers", "Open Doors": capitalised words that may end a name which begins with a verb."""
    return all(t.text[:1].isupper() or t.pos_ in ("DET", "ADP") for t in run) and run[-1].text[:1].isupper()


def _clause_of(at: int, sent: Span) -> int | None:
    """ "a resident who asked not to be named": the token before the relative pronoun to the left of ``at``."""
    for k in range(at, max(sent.start, at - 12), -1):
        if sent.doc[k].is_punct:
            return None
        if sent.doc[k].lower_ in ("who", "which", "that") and sent.doc[k].tag_ in ("WP", "WDT"):
            return k - 1
    return None


def _opening(sent: Span, first: int) -> bool:
    """Whether nothing is said before token ``first``: only where, when and how ("In Norham,", "Asked why,", "but")."""
    before = sent.doc[first - 1]
    if before.pos_ == "CCONJ" or before.lower_ in ("but", "and", "while"):
        return True
    if before.text != ",":
        return before.pos_ == "ADV" and first - 1 == sent.start
    words = [t for t in sent.doc[sent.start : first - 1] if not t.is_space]
    if not words:
        return True
    told = any(t.tag_ in FINITE for t in words) and words[0].pos_ != "SCONJ" and words[0].tag_ not in ("VBG", "VBN")
    return not told and (words[0].pos_ in OPENING or words[0].ent_type_ in ("DATE", "TIME"))


def _head(run: Span, book: Cues) -> Token | None:
    """The noun of a phrase: the last one before its first "of", "in" or "for", a bracket or a clause."""
    head = None
    for token in run:
        if head is not None and (token.lower_ in LINKS or token.text == "(") and token.lower_ not in ("and", "&"):
            break
        noun = token.pos_ in ("NOUN", "PROPN", "PRON", "X") or token.text[:1].isupper() or aged(token)
        if noun or token.lemma_.lower() in book.roles.nouns:
            head = token
    return head


def name_after(token: Token, sent: Span, book: Cues) -> Name | None:
    """The speaker who stands after the cue, to the end of the sentence or the next comma: "..., retorts the ministry"."""
    first = token.i + 1
    if first >= sent.end or sent.doc[first].pos_ not in ("DET", "ADJ", "NOUN", "PROPN", "NUM", "PRON", "X", "ADV"):
        return None
    last = first
    while last < sent.end and (sent.doc[last].pos_ in NAMING or sent.doc[last].lower_ in LINKS):
        if sent.doc[last].tag_ in FINITE:
            return None
        last += 1
    rest = [t for t in sent.doc[last : sent.end] if not t.is_space]
    if rest and not rest[0].is_punct and rest[0].lower_ not in ("who", "that", "which"):
        return None
    if not any(t.pos_ in VERBAL or has_digit(t) for t in sent.doc[sent.start : token.i]):
        return None
    run = sent.doc[first:last]
    head = _head(run, book)
    if head is None or not speaks(head, book):
        return None
    return Name(first + (sent.doc[first].pos_ == "DET"), last, head, False)


def before_insertions(k: int, sent: Span) -> int:
    """The end of a name before token ``k``, over what is set between commas."""
    while sent.doc[k].text == "," and (comma := insertion(k, sent)) is not None:
        k = comma - 1
    return k
