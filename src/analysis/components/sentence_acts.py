"""All acts of one sentence: those of nouns ("her estimate") and phrases ("according to") beside those of verbs."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Span, Token

from analysis.codebook import Row
from analysis.components.acts import POLLS, VERBAL, Act, Cues, aged, clause, frames, has_digit, limit, owner, speaks
from analysis.components.attribution_surface import GOING, surface_acts
from analysis.components.second_speakers import bracketed, gapped
from analysis.components.verb_acts import verb_acts


def _opens(noun: Token, sent: Span) -> bool:
    """ "In a Gallup poll on Monday, 40 per cent ...": the sentence opens with where it is told."""
    return noun.lemma_.lower() in POLLS and all(t.is_punct or t.is_space for t in sent.doc[sent.start : noun.head.i])


def _gives(noun: Token, verb: Token, who: Token, row: Row, book: Cues) -> bool:
    """Whether a plain verb tells what somebody's count says: "the ministry's toll rose to 61", not "Lebanon's toll"."""
    lemma = noun.lemma_.lower()
    if row["code"] != "count" or lemma in POLLS or lemma in ("census", "record"):
        return True
    place = who.ent_type_ in ("GPE", "LOC", "NORP") or who.lower_ in book.roles.countries
    body = who.ent_type_ in ("ORG", "PERSON") or who.lemma_.lower() in book.roles.nouns
    if place or not body:
        return False
    return lemma in ("toll", "tally", "count") or verb.lemma_ in ("give", "stand", "contain", "include", "be")


def _noun_acts(token: Token, sent: Span, book: Cues) -> Iterator[Act]:
    row = book.nouns[token.lemma_.lower()]
    who = owner(token, book)
    if who is None or "owner" not in frames(row):
        return
    content: list[tuple[int, int]] = []
    for child in token.rights:
        if child.dep_ in ("acl", "ccomp", "relcl") and any(
            c.dep_ == "mark" and c.lower_ == "that" for c in child.children
        ):
            content.append((child.left_edge.i, child.right_edge.i + 1))
        elif child.dep_ == "acl" and row["code"] == "claim" and any(c.lower_ == "to" for c in child.lefts):
            content.append((child.left_edge.i, child.right_edge.i + 1))  # "their claim to have captured 40"
        elif (
            child.dep_ == "prep"
            and child.lower_ == "of"
            and row["code"] in ("estimate", "claim", "count", "deny", "believe")
        ) and not child.left_edge.i <= who.i <= child.right_edge.i:
            content.append((child.i + 1, child.right_edge.i + 1))
    verb = token.head
    if verb.tag_ == "VB" and token.i + 1 < sent.end and token.nbor().lower_ == "to":
        return  # "with the storm forecast to pass"
    opening = sent.doc[sent.start]
    if not content and opening.lower_ == "by" and token.left_edge.i == sent.start + 1 and token.dep_ != "pobj":
        content.append((token.i + 1, sent.end))  # "By the union's count between 40 and 60 died": made the subject
    if (
        not content
        and token.dep_ == "nsubj"
        and verb.pos_ in VERBAL
        and row["code"] in ("estimate", "count", "claim", "report")
    ):
        known = book.verbs.get(verb.lemma_.lower(), ())
        plain = _gives(token, verb, who, row, book) and not any({"clause", "set"} & set(frames(r)) for r in known)
        if not plain and _gives(token, verb, who, row, book) and not any("clause" in frames(r) for r in known):
            # "the poll gave the party 40%": a verb of putting at, without the "at"
            plain = not any(act.content for act in verb_acts(verb, sent, book))
        if plain and verb.right_edge.i > token.right_edge.i:
            content.append((token.right_edge.i + 1, limit(verb, token.i + 1, sent)))
    if (
        not content
        and token.dep_ == "pobj"
        and token.head.lower_ in ("by", "on", "in")
        and row["code"] in ("count", "estimate", "believe", "report")
    ) and (
        token.head.lower_ == "by"
        or row["code"] == "believe"
        or (token.head.lower_ == "on" and row["code"] in ("count", "estimate") and who.dep_ == "poss")
        or (token.head.lower_ == "in" and _opens(token, sent))
    ):
        verb = token.head.head
        span = clause(verb)[0]
        phrase = (token.head.left_edge.i, token.head.right_edge.i + 1)
        if any(c.dep_ == "prep" and c.lower_ == "between" for c in token.rights):
            phrase = (phrase[0], token.i + 1)  # "By the union's count between 40 and 60 died"
        content = [(a, b) for a, b in ((span[0], phrase[0]), (phrase[1], span[1])) if b > a]
        two = len(content) > 1 and all(any(has_digit(t) for t in sent.doc[a:b]) for a, b in content)
        if two and sent.doc[content[1][0]].text == "," and token.head.lower_ == "by":
            content.pop()  # "40 by police count, 200 according to the union"
        marks = [t.i for t in sent if t.text == ";"]
        first = max((m + 1 for m in marks if m < token.i), default=sent.start)
        final = min((m for m in marks if m > token.i), default=sent.end)
        content = [(max(a, first), min(b, final)) for a, b in content if max(a, first) < min(b, final)]
        if token.head.left_edge.i == first and phrase[1] < final:
            content = [(phrase[1], final)]  # "By the union's count, ...": all that follows
    if content:
        yield Act(row, token, (token.i, token.i + 1), who, content, clause=(token.left_edge.i, token.i + 1), owner=True)


def _closing_noun(token: Token, sent: Span, book: Cues) -> Act | None:
    """ "..., ministry data show.": a verb at the end of the sentence that the parser took for a noun."""
    lemma = token.lower_.removesuffix("s")
    row = next((r for r in book.verbs.get(lemma, ()) if r["code"] == "find"), None)
    if (
        row is None
        or token.pos_ != "NOUN"
        or any(not t.is_punct and not t.is_space for t in sent.doc[token.i + 1 : sent.end])
    ):
        return None
    before = sent.doc[token.i - 1] if token.i > sent.start + 2 else token
    if before.lemma_.lower() not in book.nouns and speaks(before, book) and before.i != token.i:
        # "..., figures from the labour ministry show."
        comma = next((k for k in range(before.i, max(sent.start, before.i - 9), -1) if sent.doc[k].text == ","), None)
        noun = sent.doc[comma + 1] if comma is not None else token
        from_ = sent.doc[comma + 2] if comma is not None and comma + 2 < before.i else token
        if comma is None or noun.lemma_.lower() not in book.nouns or from_.lower_ not in ("from", "by", "of"):
            return None
        named = (from_.i + 1 + (from_.nbor().pos_ == "DET"), token.i)
        spoken, at = [(sent.start, comma)], (comma + 1, token.i + 1)
        cue = (token.i, token.i + 1)
        return Act(row, token, cue, before, spoken, clause=at, owner=True, closing=True, named=named)
    if before.lemma_.lower() not in book.nouns or before.i == token.i:
        return None
    comma = next((k for k in range(before.i - 1, max(sent.start, before.i - 6), -1) if sent.doc[k].text == ","), None)
    if comma is None or comma + 1 == before.i or not speaks(sent.doc[before.i - 1], book):
        return None
    content, clause_ = [(sent.start, comma)], (comma + 1, token.i + 1)
    who = sent.doc[before.i - 1]
    return Act(row, token, (token.i, token.i + 1), who, content, clause=clause_, owner=True, closing=True)


def _closing_plural(token: Token, sent: Span, book: Cues) -> Act | None:
    """ "..., engineers of the grid report.": a plural subject before a last word that the tagger took for a noun."""
    row = next((r for r in book.verbs.get(token.lower_, ()) if "clause" in frames(r)), None)
    last = all(t.is_punct or t.is_space for t in sent.doc[token.i + 1 : sent.end])
    comma = next((k for k in range(token.i - 1, max(sent.start, token.i - 9), -1) if sent.doc[k].text == ","), None)
    if row is None or not last or comma is None or comma + 1 == token.i:
        return None
    chunk = sent.doc[comma + 1 : token.i]
    front = next((k for k, t in enumerate(chunk) if t.pos_ == "ADP"), len(chunk))
    head = chunk[front - 1] if front else chunk[0]
    plural = head.tag_ in ("NNS", "NNPS") or head.lower_ in ("police", "media")
    plain = all(t.pos_ in ("DET", "ADJ", "NOUN", "PROPN", "ADP", "PART") for t in chunk) and chunk[0].pos_ != "ADP"
    if not (plural and plain and speaks(head, book) and any(t.pos_ in VERBAL for t in sent.doc[sent.start : comma])):
        return None
    named = (comma + 1 + (chunk[0].pos_ == "DET"), token.i)
    clause_ = (comma + 1, token.i + 1)
    return Act(
        row, token, (token.i, token.i + 1), head, [(sent.start, comma)], clause=clause_, closing=True, named=named
    )


def _described(source: Token) -> bool:
    """Whether a comma after ``source`` opens what tells who it is, not what it says."""
    first = source.i + 2
    for child in source.rights:
        if child.dep_ in ("appos", "relcl", "acl") and child.left_edge.i <= first <= child.i:
            after = child.right_edge.i + 1
            after += after < child.sent.end and child.doc[after].text == ","
            verb = child.doc[after] if after < child.sent.end else None
            # "According to Ruiz, an area near the town, and the town itself, was lost": the subject of the clause
            return verb is None or verb.tag_ not in ("VBD", "VBZ", "VBP", "MD")
    return False


def _own_share(content: list[tuple[int, int]], start: int, parts: tuple[str, ...], sent: Span) -> list[tuple[int, int]]:
    """ "12,000 according to police, 40,000 according to the union": each speaks for what stands before him."""
    same = [
        t.i for t in sent if t.lower_ == parts[0] and tuple(w.lower_ for w in sent.doc[t.i : t.i + len(parts)]) == parts
    ]
    if len(same) < 2:
        return content
    before = max((k for k in same if k < start), default=None)
    if before is not None and before == next(t.i for t in sent if not t.is_space and not t.is_punct):
        # "According to police, 3,000 came - a part of all, according to the union": the last part is the union's
        cut = max(
            (k for k in range(before, start - 1) if sent.doc[k].text in (",", ";", "-", "–", "—")), default=before
        )
        return [(max(a, cut + 1), b) for a, b in content if b > cut + 1] or content
    if before is not None:
        comma = next((k for k in range(before, start) if sent.doc[k].text in (",", ";", "and", "but")), None)
        return content if comma is None else [(max(a, comma + 1), b) for a, b in content if b > comma + 1]
    first = [(a, min(b, start)) for a, b in content if a < start]
    return first or content


def _phrase_acts(token: Token, sent: Span, book: Cues) -> Iterator[Act]:
    for parts, row in book.phrases[token.lower_]:
        last = token.i + len(parts)
        if last >= sent.end or tuple(t.lower_ for t in sent.doc[token.i : last]) != parts:
            continue
        governor = sent.doc[last - 1]
        named = (0, 0)
        source = next((c for c in governor.rights if c.dep_ in ("pobj", "dobj", "nsubj")), None)
        if source is None and (of := next((c for c in governor.rights if c.dep_ == "pcomp"), None)) is not None:
            # "according to tracking data": the parser takes the first word for a verb
            source = next((c for c in of.rights if c.dep_ == "dobj"), None)
            if source is not None and of.text[:1].isupper() and source.text[:1].isupper():
                named = (of.i, source.i + 1)  # "according to Save the Children"
        if source is None:
            after = sent.doc[last]
            source = after
            while source.dep_ in ("det", "compound", "amod", "poss", "case") and source.head.i > source.i:
                source = source.head
        if not speaks(source, book) and source.pos_ != "PROPN" and row["id"] != "according_to":
            continue
        bare = source.tag_ == "NN" and not any(c.dep_ in ("det", "poss") for c in source.lefts)
        if parts == ("based", "on") and (source.lemma_.lower() not in book.nouns or owner(source, book) is None):
            continue  # "a group based on the coast"
        if parts == ("per",) and bare:
            continue  # "$40 per household"
        if source.pos_ not in ("NOUN", "PROPN", "PRON", "ADJ", "X") or source.like_num or source.i >= sent.end:
            continue
        end = max(source.right_edge.i + 1, last + 1)
        start = token.i
        content: list[tuple[int, int]]
        at_end = all(t.is_punct or t.is_space for t in sent.doc[end : sent.end])
        at_start = all(t.is_punct or t.pos_ in ("CCONJ", "ADV") for t in sent.doc[sent.start : start])
        if at_start:
            aside = next((c for c in source.rights if c.dep_ in ("relcl", "appos", "acl")), None)
            last_ = aside.right_edge.i if aside is not None else source.i
            if aside is not None and aside.dep_ == "relcl" and last_ + 2 < end and sent.doc[last_ + 1].text == ",":
                end = last_ + 1  # "According to Ada Ruiz, who heads the port, between 40 and 60 died"
            elif source.i + 1 < end and sent.doc[source.i + 1].text == "," and not _described(source):
                end = source.i + 1  # "according to Ada Ruiz, between 40 and 60 died": what was said hangs on the name
            elif (
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
        content = _own_share(content, start, parts, sent)
        if sum(b - a for a, b in content) < 2 and not any(has_digit(t) for a, b in content for t in sent.doc[a:b]):
            content = [(end, sent.end)] if end < sent.end else content
        yield Act(row, token, (token.i, last), source, content, clause=(start, end), named=named)


def _is_verb(token: Token) -> bool:
    """Whether a cue lemma is a verb here: also one with a subject that the tagger took for a noun ("figures show")."""
    if token.pos_ in VERBAL:
        return token.dep_ not in ("amod", "aux") or (token.tag_ == "VBD" and aged(token.nbor(-1)) if token.i else False)
    return token.pos_ == "NOUN" and token.dep_ == "ROOT" and any(c.dep_ == "nsubj" for c in token.lefts)


def _forecast(token: Token, book: Cues) -> Act | None:
    """ "The IMF forecast growth of 2%": past and present of the verb look like the noun."""
    who = token.nbor(-1) if token.i else token
    row = next((r for r in book.verbs.get("forecast", ()) if r["code"] == "expect"), None)
    noun = token.head
    body = book.roles.nouns.get(who.lemma_.lower())
    named = (who.pos_ == "PROPN" and who.ent_type_ == "ORG") or (body is not None and body["person"] == "no")
    if row is None or not named or token.dep_ not in ("nmod", "compound") or noun.i < token.i:
        return None
    content = [(token.i + 1, noun.right_edge.i + 1)]
    if not any(has_digit(t) for t in token.doc[content[0][0] : content[0][1]]):
        return None
    return Act(row, token, (token.i, token.i + 1), who, content, clause=(who.i, token.i + 1))


def _owned_number(owner_: Token, book: Cues) -> Iterator[Act]:
    """ "14 bodies, not the ministry's eleven": a number without a noun of its own is its owner's count."""
    number = owner_.head
    row = book.nouns.get("count")
    person = owner_.ent_type_ == "PERSON"  # "lost by 42,600 votes to Vale's 27,058"
    if (
        row is not None
        and not person
        and number.dep_ not in ("nummod", "compound", "quantmod")
        and speaks(owner_, book)
    ):
        content = [(number.i, number.right_edge.i + 1)]
        yield Act(row, number, (number.i, number.i + 1), owner_, content, clause=(number.i, number.i + 1), owner=True)


def _participle_acts(token: Token, book: Cues) -> Iterator[Act]:
    """ "The bank's projected growth of 3%": what the owner of the noun projects."""
    row = next((r for r in book.verbs[token.lemma_.lower()] if r["code"] in ("expect", "estimate", "claim")), None)
    noun = token.head
    who = next((c for c in noun.lefts if c.dep_ == "poss" and c.i < token.i), None)
    if row is None or who is None or not speaks(who, book):
        return
    content = [(token.i + 1, noun.right_edge.i + 1)]
    yield Act(row, token, (token.i, token.i + 1), who, content, clause=(token.i, token.i + 1), owner=True)


def find(sent: Span, book: Cues) -> list[Act]:
    """All acts of attribution whose cue stands in ``sent``, in order of their cue."""
    found: list[Act] = []
    cues: list[Token] = []
    for token in sent:
        lemma, word = token.lemma_.lower(), token.lower_
        if word in book.forms or word in GOING:
            cues.append(token)
        if lemma == "forecast" and (act := _forecast(token, book)):
            found.append(act)
        elif lemma in book.verbs and _is_verb(token):
            found.extend(verb_acts(token, sent, book))
        elif token.dep_ == "amod" and token.tag_ == "VBN" and lemma in book.verbs:
            found.extend(_participle_acts(token, book))
        elif lemma in book.nouns and token.pos_ == "NOUN":
            found.extend(_noun_acts(token, sent, book))
        elif token.dep_ == "poss" and token.head.pos_ == "NUM":
            found.extend(_owned_number(token, book))
        elif token.pos_ == "NOUN" and (act := _closing_noun(token, sent, book)):
            found.append(act)
        if word == "report" and token.pos_ == "NOUN" and (act := _closing_plural(token, sent, book)):
            found.append(act)
        if word in book.phrases:
            found.extend(_phrase_acts(token, sent, book))
    if cues:
        found.extend(list(surface_acts(cues, sent, book, found)))
    return [*_closed(found), *gapped(found, sent, book), *bracketed(sent, book)]


def _closed(found: list[Act]) -> list[Act]:
    """What others say ends before the cue that closes the sentence: "The union says 40 came, the agency reports"."""
    for last in found:
        if not last.closing:
            continue
        for act in found:
            if act is not last and act.cue[0] < last.clause[0]:
                act.content = [(a, min(b, last.clause[0] - 1)) for a, b in act.content if a < last.clause[0] - 1]
    return found
