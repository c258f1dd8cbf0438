"""The subject of a cue: who says what follows, also where the parser hangs the speaker elsewhere."""

from __future__ import annotations

from spacy.tokens import Token

#: verbs before an infinitive of saying: "went on to say", "took to the radio to say"
GOES_ON = ("go", "continue", "proceed", "hasten", "take")
CLOSING = ("”", '"', "»")
VERBAL = ("VERB", "AUX")


def _unclosed(noun: Token, verb: Token) -> Token:
    """ "In the capital, Norham, the league counted": an apposition that no comma closes is the subject itself."""
    for child in noun.rights:
        opened = child.left_edge.i > 0 and child.doc[child.left_edge.i - 1].text == ","
        if child.dep_ == "appos" and opened and child.right_edge.i + 1 == verb.i and noun.i < child.i < verb.i:
            return child
    return noun


def subject(verb: Token) -> Token | None:
    """The noun that is the subject of ``verb``, also through coordination, participles and relative clauses.

    A subject inside a quotation that ends before the verb is none of it: then it is the noun between the two.
    """
    found = _subject(verb)
    found = _beside_list(found) if found is not None else None
    if found is None or found.i > verb.i or not any(t.text in CLOSING for t in verb.doc[found.i : verb.i]):
        return found
    closing = max(t.i for t in verb.doc[found.i : verb.i] if t.text in CLOSING)
    between = [t for t in verb.doc[closing + 1 : verb.i] if not t.is_punct]
    opened = any(t.text in ("“", "«", "„") for t in verb.doc[found.i : closing])
    if not between or opened or found.left_edge.i > closing:
        return found
    last = between[-1]
    within = [t for t in last.ancestors if t.dep_ == "relcl" and closing < t.head.i < t.i < verb.i]
    last = within[-1].head if within else last  # "and the chamber, which speaks for firms in the sector, said"
    return last if last.pos_ in ("NOUN", "PROPN", "PRON") else found


def _beside_list(noun: Token) -> Token:
    """ "Most of them children and pensioners, the port's head, said": what follows a closed list is none of its items."""
    items = sorted((noun, *noun.conjuncts), key=lambda t: t.i)
    if len(items) < 3 or items[-1].doc[items[-1].left_edge.i - 1].text != ",":
        return noun
    third, second, last = items[-3:]
    closed = any(t.dep_ == "cc" for t in noun.doc[third.i : second.i])
    goes_on = any(t.dep_ == "cc" for t in noun.doc[second.i : last.i])
    return last if closed and not goes_on and any(c.dep_ in ("det", "poss") for c in last.lefts) else noun


def _name_before(office: Token, verb: Token) -> Token:
    """ "Col Dahir Osmek, the army's spokesman, said": the name, where the parser hangs it loosely on the verb."""
    edge = office.left_edge.i
    if office.pos_ != "NOUN" or edge < office.sent.start + 2 or office.doc[edge - 1].text != ",":
        return office
    name = office.doc[edge - 2]
    loose = name.head == verb and name.dep_ in ("dep", "npadvmod", "advmod", "dobj", "intj", "meta", "nsubj")
    if not loose or name.pos_ != "PROPN" or name.left_edge.i == name.i or office.nbor(-1).lower_ not in ("the", "a"):
        return office
    return name


def _subject(verb: Token) -> Token | None:
    seen = 0
    token = verb
    while seen < 6:
        # who is counted does not count: "23 were injured, after counting 19"
        wanted = ("nsubj", "nsubjpass") if token.i == verb.i or verb.dep_ != "pcomp" else ("nsubj",)
        own = [c for c in token.children if c.dep_ in wanted]
        if own:
            before = [c for c in own if c.i < token.i]
            behind = own[-1] if own[-1].i > token.i and token.nbor(-1).text == "," else None
            if before and behind is not None and before[-1].left_edge.is_sent_start:
                return behind  # "Hogwash, say the rebels"
            child = _name_before(before[-1], token) if before else own[0]
            if child.lower_ in ("who", "which", "that") and token.dep_ == "relcl":
                return token.head
            return _unclosed(child, token)
        if token.dep_ in ("conj", "xcomp", "advcl", "ccomp") and token.head.pos_ in VERBAL:
            if token.dep_ == "ccomp" and token.tag_ != "VBG" and token.i == verb.i:
                return None
            if token.dep_ == "advcl" and token.tag_ != "VBG" and token.head.lemma_.lower() not in GOES_ON:
                return None
            token = token.head
        elif token.dep_ == "acl":
            return token.head
        elif token.dep_ == "pcomp" and token.head.head.pos_ in VERBAL:
            # "quoted an official as saying": who is quoted speaks, not who quotes
            quoting = token.head.head
            if token.head.lower_ == "as" and (
                quoted := [c for c in quoting.children if c.dep_ in ("dobj", "nsubjpass")]
            ):
                return quoted[0]
            token = token.head.head
        else:
            return None
        seen += 1
    return None
