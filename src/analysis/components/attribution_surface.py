"""Acts read from the order of words, for cues whose sentence the parser got wrong.

A report is told in few orders: speaker, cue, words; words, comma, speaker, cue; words, comma, cue, speaker. Where the
parse gives a cue neither content nor speaker, these orders are read from the words themselves. What stands between
commas in the speaker ("the league, whose head has fled,") is passed over.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Span, Token

from analysis.codebook import Row
from analysis.components.acts import GOES_ON, SPEAKING_ENTITIES, VERBAL, Act, Cues, and_more, frames, has_digit
from analysis.components.attribution_names import (
    BETWEEN,
    BREAKS,
    DAYS,
    FINITE,
    LONGEST_INSERTION,
    Name,
    before_insertions,
    insertion,
    name_after,
    name_at,
    name_before,
)
from analysis.components.verb_frames import ADDRESSED

#: forms of "go on", which is saying where a mark follows
GOING = ("went", "goes")
OPENERS = frozenset(("“", '"', "‘", "«", "„"))
#: words that open a clause which is not what was said
SCENES = frozenset(
    ("when", "after", "as", "while", "before", "because", "since", "until", "where", "during", "following", "although")
    + ("though", "to", "of", "about", "on", "in", "at", "by", "for", "with", "from", "if", "unless", "once", "than")
)
#: verbs that stand before a person who speaks ("..., confirmed the mayor")
INVERTING = frozenset(
    (
        "confirm",
        "state",
        "note",
        "recall",
        "claim",
        "admit",
        "stress",
        "report",
        "announce",
        "continue",
        "write",
        "observe",
    )
)
#: and those that stand before a body, which they can have for no object ("..., retorts the ministry")
ADDING = frozenset(
    ("say", "add", "explain", "warn", "insist", "reply", "retort", "argue", "concede", "complain", "remark", "counter")
)
#: nouns for media that report ("..., reported the AP news agency")
WIRES = frozenset(("agency", "newspaper", "daily", "broadcaster", "newswire", "wire", "media", "television", "paper"))
ADDRESSEE = ("DET", "PROPN", "NOUN", "ADJ", "PRON")
#: words that point at what was said elsewhere
POINTING = frozenset(("this", "so", "it", "nothing", "much"))


def surface_acts(cues: list[Token], sent: Span, book: Cues, found: list[Act]) -> Iterator[Act]:
    """Acts of the ``cues`` in ``sent`` that ``found`` has no content for; mends sources that stand in an insertion."""
    for token in cues:
        row = book.forms.get(token.lower_)
        if row is None:
            if (act := _goes_on(token, sent, book)) is not None:
                yield act
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
        if (after := _inverted(token, own, _part(token, sent), book)) is not None:
            for other in own:
                found.remove(other)
            yield after
            continue
        if (told and not _left_out(sent, found)) or not _is_cue(token, sent):
            continue
        if told and token.i + 1 < sent.end and (more := and_more(token.i + 1, sent)) is not None:
            told[0].content = [*told[0].content, more]
            continue
        act = _act(token, row, _part(token, sent), book)
        if act is None:
            continue
        if not told:
            for other in own:
                found.remove(other)
            yield act
        elif act.content[0][0] < token.i and _holds(act.content, told[0].content):
            # what stands before a closing cue is all reported, also where the parse hangs the cue on its end
            told[0].content = act.content


def _part(token: Token, sent: Span) -> Span:
    """The part of the sentence between semicolons in which ``token`` stands."""
    marks = [t.i for t in sent if t.text == ";"]
    first = max((m + 1 for m in marks if m < token.i), default=sent.start)
    return sent.doc[first : min((m for m in marks if m > token.i), default=sent.end)] if marks else sent


def _goes_on(token: Token, sent: Span, book: Cues) -> Act | None:
    """ "Nine towns were cut off, he went on, and 40 people hurt.": going on is saying where a mark follows."""
    on = token.nbor() if token.i + 2 < sent.end else token
    row = next((r for r in book.verbs.get("continue", ()) if "clause" in frames(r)), None)
    if row is None or on.lower_ != "on" or on.nbor().text not in (",", ".", ":", ";", "—", "–"):
        return None
    name = name_before(token, sent, book)
    if name is None or name.first == sent.start:
        return None
    cue = (token.i, on.i + 1)
    content = [(sent.start, name.first - 1), (on.i + 2, sent.end)]
    return _made(row, token, cue, name, content, (name.first, on.i + 1))


def _unserved(token: Token, found: list[Act]) -> bool:
    return not any(a.anchor.i == token.i and a.content for a in found)


def _holds(outer: list[tuple[int, int]], inner: list[tuple[int, int]]) -> bool:
    return all(any(a <= x and y <= b for a, b in outer) for x, y in inner)


def _left_out(sent: Span, found: list[Act]) -> bool:
    """Whether a number of the sentence stands in no content."""
    return any(
        t.pos_ == "NUM"
        and t.ent_type_ not in ("DATE", "TIME")
        and not any(a <= t.i < b for act in found for a, b in act.content)
        for t in sent
    )


def _inverted(token: Token, own: list[Act], sent: Span, book: Cues) -> Act | None:
    """ "40 were trapped, others for days, said the mayor": who stands after the cue speaks, not who stands before."""
    if token.i == sent.start or token.nbor(-1).text not in BREAKS or (token.pos_ not in VERBAL and token.tag_ != "NNS"):
        return None
    if any(a.source is None or a.source.i > token.i for a in own):
        return None
    row = own[0].row if own else book.forms[token.lower_]
    name = name_after(token, sent, book)
    office = book.roles.nouns.get(name.head.lemma_.lower()) if name is not None else None
    person = name is not None and (
        name.head.ent_type_ == "PERSON" or (office is not None and office["person"] == "yes")
    )
    medium = name is not None and book.roles.medium(sent.doc[name.first : name.last].text) is not None
    lemma = token.lower_.removesuffix("s") if token.pos_ == "NOUN" else token.lemma_.lower()
    inverting = lemma in ADDING or (lemma in INVERTING and person)
    if not inverting and not medium and (name is None or name.head.lemma_.lower() not in WIRES):
        return None  # "the carrier, a unit of Varn, reported the loss"
    if (
        name is None
        or token.lemma_.lower() in ADDRESSED
        or name.head.lower_ in DAYS
        or name.head.ent_type_ in ("DATE", "TIME")
    ):
        return None
    if name.head.ent_type_ not in SPEAKING_ENTITIES and name.head.lemma_.lower() not in book.roles.nouns:
        return None
    content, clause = [(sent.start, token.i - 1)], (token.i, name.last)
    if name.last < sent.end - 2 and sent.doc[name.last].text == ",":
        content.append((name.last + 1, sent.end))  # "..., confirmed the mayor, wounding three men"
    return Act(row, token, (token.i, token.i + 1), name.head, content, clause=clause, named=(name.first, name.last))


def _is_cue(token: Token, sent: Span) -> bool:
    """Whether the word is a finite cue here and no noun, adjective or participle."""
    before = token.nbor(-1) if token.i > sent.start else None
    after = token.nbor() if token.i + 1 < sent.end else None
    following = after.nbor() if after is not None and after.text in (",", ":") and after.i + 1 < sent.end else after
    if before is None or before.pos_ in ("DET", "ADP", "NUM") or before.lower_ in ("to", "not", "n't", "never"):
        return False
    if token.tag_ == "VBG" or token.dep_ == "amod" or before.tag_ in ("WDT", "WP", "WP$"):
        return False
    if following is not None and following.text in OPENERS:
        return False  # the quotation after it is joined to the cue
    if token.lemma_.lower() == "answer" and any(c.dep_ == "dobj" for c in token.rights):
        return False  # a brigade that answers 40 calls
    if token.pos_ in VERBAL:
        return not any(c.dep_ == "neg" for c in token.lefts)
    if token.lower_ == token.lemma_.lower() and token.tag_ in ("VBP", "NN", "NNP", "VB"):
        # "officials estimate", "inform the authorities": a plural's cue closes the sentence or stands before its speaker
        plural = before.tag_ in ("NNS", "NNPS") or before.lower_ in ("they", "police", "media")
        closes = after is None or after.is_punct or after.is_space
        return (plural and closes) or (before.text in BREAKS and token.pos_ in VERBAL)
    last = after is None or after.is_punct or after.is_space
    # "the ministry estimates": a plural noun to the tagger, and the last word or before its clause
    return last or (after is not None and after.lower_ == "that") or before.text in BREAKS


def _act(token: Token, row: Row, sent: Span, book: Cues) -> Act | None:
    name = name_before(token, sent, book)
    cue = (token.i, token.i + 1)
    if name is None:
        if token.nbor(-1).text not in BREAKS or token.lemma_.lower() == "tell":
            return None
        after = name_after(token, sent, book)
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
    edge = name.first - 1 - (sent.doc[name.first - 1].pos_ == "DET")
    said = (sent.start, edge)
    if not any(t.pos_ in VERBAL for t in sent.doc[said[0] : said[1]]):
        return None
    if not clause:
        told = [t for t in sent.doc[rest : sent.end] if not t.is_punct and not t.is_space]
        before = sent.doc[edge]
        if any(has_digit(t) and t.pos_ == "NUM" and t.ent_type_ not in ("DATE", "TIME") for t in told):
            return None  # "in the season in which he posted six wins"
        if before.text not in BREAKS and (before.pos_ not in ("VERB", "NOUN", "PROPN", "ADV") or len(told) > 3):
            return None
        return _made(row, token, cue, name, [said], here)
    if rest < sent.end and sent.doc[token.i + 1].text == ",":
        return _made(row, token, cue, name, [said, (rest, sent.end)], here)
    return None


def _made(
    row: Row, token: Token, cue: tuple[int, int], name: Name, content: list[tuple[int, int]], clause: tuple[int, int]
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
    aside = act.source.ent_type_ in ("GPE", "LOC") and act.source.i > sent.start + 1
    if aside and sent.doc[sent.start].pos_ == "ADP" and sent.doc[act.source.i - 1].text == ",":
        name = name_before(cue, sent, book)  # "In the capital, Norham, the mayor, Ada Ruiz, said"
    elif sent.doc[k].text == ",":
        comma = insertion(k, sent)
        if comma is not None and comma < act.source.i < k and sent.doc[comma + 1].tag_ in ("WP$", "WP", "WDT"):
            name = name_at(comma - 1, sent, book)
    if name is None and cue.dep_ == "conj" and act.source.head.i == cue.head.i:
        name = name_before(cue, sent, book)
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
    name = (
        name_before(verb.nbor(-1), sent, book)
        if passive
        else name_at(before_insertions(token.i - 2, sent), sent, book, verb.i + 1)
    )
    if name is None:
        return None
    cue = (token.i, token.i + 1)
    if token.i + 3 < sent.end:
        return _made(row, token, cue, name, [(token.i + 1, sent.end)], (name.first, token.i + 1))
    return _made(row, token, cue, name, [(sent.start, name.first - 1)], (name.first, token.i + 1))
