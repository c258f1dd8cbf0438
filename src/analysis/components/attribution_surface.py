"""Acts read from the order of words, for cues whose sentence the parser got wrong.

A report is told in few orders: speaker, cue, words; words, comma, speaker, cue; words, comma, cue, speaker. Where the
parse gives a cue neither content nor speaker, these orders are read from the words themselves. What stands between
commas in the speaker ("the league, whose head has fled,") is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spacy.tokens import Span, Token

from analysis.codebook import Row
from analysis.components.acts import GOES_ON, VERBAL, Act, Cues, aged, has_digit, speaks
from analysis.components.verb_frames import ADDRESSED

#: marks that close what was said before the speaker is named, and those that part clauses
BREAKS = frozenset((",", "”", '"', "’", "'", "–", "—", ";", ":", "…"))
STOPS = frozenset((";", ":", "–", "—", "”", '"', "“"))
FINITE = ("VBD", "VBZ", "VBP", "MD")
OPENERS = frozenset(("“", '"', "‘", "«", "„"))
#: words that open a clause which is not what was said
SCENES = frozenset(
    ("when", "after", "as", "while", "before", "because", "since", "until", "where", "during", "following", "although")
    + ("though", "to", "of", "about", "on", "in", "at", "by", "for", "with", "from", "if", "unless", "once", "than")
)
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
ADDRESSEE = ("DET", "PROPN", "NOUN", "ADJ", "PRON")
#: words that point at what was said elsewhere
POINTING = frozenset(("this", "so", "it", "nothing", "much"))
LONGEST_INSERTION = 16
MOST_PARTS = 3


@dataclass(frozen=True, slots=True)
class _Name:
    """Tokens ``first:last`` of a speaker and the noun that he is; ``opens`` is true where nothing is said before him."""

    first: int
    last: int
    head: Token
    opens: bool


def surface_acts(sent: Span, book: Cues, found: list[Act]) -> Iterator[Act]:
    """Acts of the cues in ``sent`` that ``found`` has no content for; mends sources that stand inside an insertion."""
    for token in sent:
        row = book.forms.get(token.lower_)
        if row is None:
            continue
        if token.tag_ == "VBG":
            if token.i > sent.start + 2 and token.nbor(-1).lower_ == "as" and _unserved(token, found):
                act = _quoted(token, row, sent, book)
                if act is not None:
                    yield act
            continue
        own = [a for a in found if a.anchor.i == token.i and a.source is not None]
        for act in own:
            _mend(act, sent, book)
        told = [a for a in own if a.content]
        if (told and not _left_out(sent, found)) or not _is_cue(token, sent):
            continue
        act = _act(token, row, sent, book)
        if act is None:
            continue
        if not told:
            for other in own:
                found.remove(other)
            yield act
        elif act.content[0][0] < token.i and _holds(act.content, told[0].content):
            # what stands before a closing cue is all reported, also where the parse hangs the cue on its end
            told[0].content = act.content


def _unserved(token: Token, found: list[Act]) -> bool:
    return not any(a.anchor.i == token.i and a.content for a in found)


def _holds(outer: list[tuple[int, int]], inner: list[tuple[int, int]]) -> bool:
    return all(any(a <= x and y <= b for a, b in outer) for x, y in inner)


def _left_out(sent: Span, found: list[Act]) -> bool:
    """Whether a number of the sentence stands in no content."""
    return any(
        has_digit(t)
        and t.ent_type_ not in ("DATE", "TIME")
        and not any(a <= t.i < b for act in found for a, b in act.content)
        for t in sent
    )


def _is_cue(token: Token, sent: Span) -> bool:
    """Whether the word is a finite cue here and no noun, adjective or participle."""
    before = token.nbor(-1) if token.i > sent.start else None
    after = token.nbor() if token.i + 1 < sent.end else None
    if before is None or before.pos_ in ("DET", "ADP", "NUM") or before.lower_ in ("to", "not", "n't", "never"):
        return False
    if token.tag_ in ("VBG", "VB") or token.dep_ == "amod" or before.tag_ in ("WDT", "WP", "WP$"):
        return False
    joint = after is not None and after.text in (",", ":") and after.i + 1 < sent.end
    following = after.nbor() if after is not None and joint else after
    if following is not None and following.text in OPENERS:
        return False  # the quotation after it is joined to the cue
    if token.pos_ in VERBAL:
        return not any(c.dep_ == "neg" for c in token.lefts)
    last = after is None or after.is_punct or after.is_space
    # "the ministry estimates": a plural noun to the tagger, and the last word or before its clause
    return last or after.lower_ == "that" or before.text in BREAKS


def _act(token: Token, row: Row, sent: Span, book: Cues) -> Act | None:
    name = _before(token, sent, book)
    cue = (token.i, token.i + 1)
    if name is None:
        if token.nbor(-1).text not in BREAKS:
            return None
        after = _after(token, sent, book)
        if after is None:
            return None
        content = [(sent.start, token.i - 1)]
        return _made(row, token, cue, after, content, (token.i, after.last))
    rest = _skip(token, sent)
    clause = _says(rest, sent)
    if clause and row["id"] == "publish" and not _that(token.i + 1, sent):
        return None  # "the government released 40 vans that had been seized"
    here = (name.first, token.i + 1)
    if name.opens:
        return _made(row, token, cue, name, [(rest, sent.end)], here) if clause else None
    said = (sent.start, name.first - 1)
    if not any(t.pos_ in VERBAL for t in sent.doc[said[0] : said[1]]):
        return None
    if not clause:
        return _made(row, token, cue, name, [said], here)
    if rest < sent.end and sent.doc[token.i + 1].text == ",":
        return _made(row, token, cue, name, [said, (rest, sent.end)], here)
    return None


def _made(
    row: Row, token: Token, cue: tuple[int, int], name: _Name, content: list[tuple[int, int]], clause: tuple[int, int]
) -> Act | None:
    content = [(a, b) for a, b in content if b - a > 1]
    if not content:
        return None
    return Act(row, token, cue, name.head, content, clause=clause, named=(name.first, name.last))


def _skip(token: Token, sent: Span) -> int:
    """The first token after the cue, its day, its place and those who are told."""
    k = token.i + 1
    told = token.lemma_.lower() in ADDRESSED
    for that in sent.doc[k : min(k + LONGEST_INSERTION, sent.end)] if told else ():
        if that.lower_ == "that" and that.tag_ == "IN":
            return that.i
    while k < sent.end:
        word = sent.doc[k]
        if word.ent_type_ in ("DATE", "TIME") and not has_digit(word) or word.lower_ in DAYS:
            k += 1
        elif word.lower_ in ("on", "late", "early", "earlier", "later", "in") and k + 1 < sent.end:
            if sent.doc[k + 1].ent_type_ not in ("DATE", "TIME") and sent.doc[k + 1].lower_ != "on":
                break
            k += 1
        elif word.text == "," or (told and word.pos_ in ADDRESSEE and not has_digit(word)):
            k += 1
        else:
            break
    return k


def _says(first: int, sent: Span) -> bool:
    """Whether the words from ``first`` on may be what was said: a clause of their own, no scene and no occasion."""
    words = [t for t in sent.doc[first : sent.end] if not t.is_space]
    while words and (words[0].is_punct or words[0].lower_ in ("that", "how")):
        words = words[1:]
    if not words:
        return False
    if words[0].lower_ in POINTING and len(words) > 1 and words[1].lower_ in SCENES:
        return False
    opens = words[0].lower_
    number = len(words) > 1 and (has_digit(words[1]) or words[1].lower_ in ("least", "most"))
    if opens in SCENES and not (opens in ("at", "in", "by", "about", "over") and number) or opens == "and":
        return opens in ("on", "in", "at") and _that(first, sent)
    first_verb = next((t for t in words if t.tag_ in FINITE or (t.pos_ in VERBAL and t.tag_ == "VBN")), None)
    if first_verb is None or first_verb == words[0]:
        return False
    before = first_verb.nbor(-1)
    if before.tag_ in ("WDT", "WP", "WP$"):
        return False  # "claimed responsibility for the attack, which killed"
    while before.i > first and before.pos_ in BETWEEN:
        before = before.nbor(-1)
    # "released 40 vans and sent 20 men": a verb of the same subject tells what it did
    return before.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "DET", "ADJ") or before.text in ("%", ",", ")", "”", '"')


def _that(first: int, sent: Span) -> bool:
    """ "said at a news conference that 40 died": a "that" behind the occasion."""
    for token in sent.doc[first : min(first + 10, sent.end)]:
        if token.lower_ == "that" and token.dep_ in ("mark", "nsubj", "nsubjpass", "det"):
            return True
        if token.is_punct:
            return False
    return False


def _insertion(last: int, sent: Span) -> int | None:
    """The comma that opens what is set between commas and closes at token ``last``; None where that is no insertion."""
    for k in range(last - 1, max(sent.start, last - LONGEST_INSERTION), -1):
        if sent.doc[k].text in STOPS:
            return None
        if sent.doc[k].text == ",":
            inner = sent.doc[k + 1 : last]
            if inner[0].lower_ in RELATIVES or inner[0].tag_ in ("WP$", "WP", "WDT"):
                return k
            if inner[0].tag_ == "VBG" or not any(t.tag_ in FINITE for t in inner):
                counting = inner[0].lower_ in COUNTING or (has_digit(inner[0]) and len(inner) > 1)
                return None if counting else k
            return _insertion(k, sent) if _related(k, sent) else None
    return None


def _related(comma: int, sent: Span) -> bool:
    """Whether a relative clause is open at ``comma`` ("who, she adds, heads")."""
    return any(t.lower_ in RELATIVES for t in sent.doc[max(sent.start, comma - LONGEST_INSERTION) : comma])


def _before(token: Token, sent: Span, book: Cues) -> _Name | None:
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
        comma = _insertion(ends[-1], sent)
        if comma is None or comma <= sent.start:
            break
        ends.append(comma - 1)
        if sent.doc[comma - 1].text in BREAKS:
            return None
        # a second insertion stands before the first one ("Ada Ruiz, 43, a nurse, said")
        inner = _insertion(comma, sent)
        if (
            inner is not None
            and inner > sent.start
            and _title(sent.doc[inner - 1], book)
            and _side(sent, inner, comma, book)
        ):
            ends.append(inner - 1)
            break
    if sent.doc[ends[-1]].text == ",":
        return None
    if len(ends) > 1 and sent.doc[k].text != ",":
        return None
    return _name(ends[-1], sent, book)


def _title(token: Token, book: Cues) -> bool:
    if token.ent_type_ in ("GPE", "LOC", "FAC", "NORP", "DATE", "TIME"):
        return False  # "Speaking in Norham, the mayor, Lena Holt, said"
    return token.pos_ == "PROPN" or token.lemma_.lower() in book.roles.nouns


def _side(sent: Span, first: int, last: int, book: Cues) -> bool:
    """Whether the words between two commas are an age, an office or a description, not a part of what was said."""
    inner = sent.doc[first + 1 : last]
    if len(inner) == 1 and inner[0].text.isdigit():
        return True
    return inner[0].pos_ in ("DET", "NOUN", "PROPN", "ADJ") and inner.root.lemma_.lower() in book.roles.nouns


def _name(last: int, sent: Span, book: Cues, bound: int = 0) -> _Name | None:
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
    return _Name(start, last + 1, head, opens) if start <= head.i else None


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


def _after(token: Token, sent: Span, book: Cues) -> _Name | None:
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
    if not any(t.pos_ in VERBAL for t in sent.doc[sent.start : token.i]):
        return None
    run = sent.doc[first:last]
    head = _head(run, book)
    if head is None or not speaks(head, book):
        return None
    return _Name(first + (sent.doc[first].pos_ == "DET"), last, head, False)


def _mend(act: Act, sent: Span, book: Cues) -> None:
    """Name the right speaker where the parse took one out of an insertion or out of the clause before.

    "The league, whose head Vale has fled, said": who is told of in an insertion is not who speaks. "The mine was closed
    and Ada Ruiz, a nurse, said": nor is the subject of the clause before.
    """
    if act.source is None or act.closing or act.source.i >= act.anchor.i or act.named != (0, 0):
        return
    cue = act.anchor
    if cue.tag_ == "VB" and cue.head.lemma_.lower() in GOES_ON:
        cue = cue.head  # "went on to say"
    k = cue.i - 1
    while k > sent.start and sent.doc[k].pos_ in BETWEEN:
        k -= 1
    name = None
    if sent.doc[k].text == ",":
        comma = _insertion(k, sent)
        if comma is not None and comma < act.source.i < k and sent.doc[comma + 1].tag_ in ("WP$", "WP", "WDT"):
            name = _name(comma - 1, sent, book)
    if name is None and cue.dep_ == "conj" and act.source.head.i == cue.head.i:
        name = _before(cue, sent, book)
        if name is not None and name.first <= act.source.i < name.last:
            name = None
    if name is not None:
        act.source, act.named = name.head, (name.first, name.last)


def _quoted(token: Token, row: Row, sent: Span, book: Cues) -> Act | None:
    """ "Ada Ruiz was quoted as saying", "state media quoted medics as saying": who is quoted speaks."""
    verb = next((t for t in reversed(sent.doc[sent.start : token.i - 1]) if t.lower_ in ("quoted", "cited")), None)
    if verb is None or verb.i == sent.start:
        return None
    passive = verb.nbor(-1).lemma_ == "be" or verb.nbor(-1).lower_ in ("been", "being", "widely")
    name = _before(verb.nbor(-1), sent, book) if passive else _name(_last(token.i - 2, sent), sent, book, verb.i + 1)
    if name is None:
        return None
    cue = (token.i, token.i + 1)
    if token.i + 3 < sent.end:
        return _made(row, token, cue, name, [(token.i + 1, sent.end)], (name.first, token.i + 1))
    return _made(row, token, cue, name, [(sent.start, name.first - 1)], (name.first, token.i + 1))


def _last(k: int, sent: Span) -> int:
    """The end of a name before token ``k``, over what is set between commas."""
    while sent.doc[k].text == "," and (comma := _insertion(k, sent)) is not None:
        k = comma - 1
    return k
