"""What a number counts: the noun it hangs on in the dependency parse, and the unit of that noun's class."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from analysis.components.quantity_reading import Reading, Sentence
from analysis.components.quantity_units import Tables

_UP = frozenset(
    ("nummod", "quantmod", "amod", "compound", "nmod", "det", "advmod", "npadvmod", "predet", "punct", "appos")
)
_PERSON_ENDS = (
    *("ist", "ists", "ician", "icians", "man", "men", "woman", "women", "people", "eer", "eers", "boy", "boys", "girl"),
    *("girls", "child", "children", "person", "persons", "folk", "folks", "wife", "wives"),
)
_AGENT_ENDS = ("er", "ers", "or", "ors", "ee", "ees", "ant", "ants")
#: nouns that stand for what their complement names ("rounds of talks", "a number of homes")
_BUNDLES = frozenset(
    (
        "round",
        "wave",
        "series",
        "string",
        "batch",
        "number",
        "total",
        "count",
        "figure",
        "estimate",
        "tally",
        "sum",
        "majority",
        "rest",
    )
)
_PRONOUNS = frozenset(("them", "these", "those", "which", "whom", "others", "who", "it"))
_RELATIVE = frozenset(("last", "this", "next", "the"))
_ATTACK_VERBS = frozenset(("strike", "attack", "bomb", "bombard", "shell", "hit", "raid", "target", "assault"))


def head_of(sentence: Sentence, reading: Reading) -> Token | None:
    """The counted noun of a reading, or None where the sentence leaves it out."""
    noun = _head(sentence, reading)
    if noun is None or noun.text[0].isdigit():
        return None  # "25k or 40k"
    if noun.ent_type_ == "DATE" and any(c.lower_ in _RELATIVE for c in noun.lefts):
        return None  # "and 2.1 last year"
    return noun


def _head(sentence: Sentence, reading: Reading) -> Token | None:
    if reading.form in ("digits", "words") and reading.unit is None and sentence.low(reading.end) == "times":
        return sentence.token(reading.end)  # "6.5 times earnings"
    last = reading.last or reading.number
    anchor_lexeme = min(reading.end, len(sentence.lexemes)) - 1
    first = sentence.token(reading.start)
    final = sentence.token_at(sentence.lexemes[anchor_lexeme].end - 1)
    span = sentence.doc[first.i : final.i + 1]
    root = span.root
    inside = range(span.start, span.end)
    of = _complement(root, inside)
    if of is not None:
        return of
    kind = reading.unit.kind if reading.unit is not None else ""
    if final.i + 1 < len(sentence.doc) and sentence.doc[final.i + 1].like_num and not kind:
        return _behind_calibre(sentence, final.i + 1)  # "two 120 mm rounds"
    if root.dep_ in _UP and root.head.i not in inside and root.head is not root:
        head = root.head
        while head.pos_ in ("NUM", "SYM", "ADJ", "ADV") and head.dep_ in _UP and head.head is not head:
            if head.tag_ in ("JJ",) and head.lower_ in ("dead", "wounded", "injured", "missing", "homeless"):
                break
            head = head.head
        if head.pos_ in ("NOUN", "PROPN") and head.i > span.start:
            return _coordinated(head, reading)
        if head.lower_ in ("dead", "wounded", "injured", "missing", "homeless", "strong"):
            return head
        if kind and head.pos_ in ("NOUN", "PROPN"):
            return head
    following = _noun_after(sentence.doc, final.i + 1, sentence.token_at(sentence.lexemes[-1].start).i)
    if following is not None and not kind and (last.form != "share"):
        return following
    return None


def _behind_calibre(sentence: Sentence, i: int) -> Token | None:
    noun = None
    for token in sentence.doc[i : i + 6]:
        if token.tag_ in ("NNS", "NNPS"):
            noun = token
        elif noun is not None or token.is_punct and token.text != "-":
            break
    return noun


def _coordinated(noun: Token, reading: Reading) -> Token:
    """ "1,000 maintenance and cleaning workers": the plural behind "and", where the first part is only a modifier."""
    if noun.tag_ == "NN" and (reading.low or reading.high or 0) > 1:
        for other in noun.conjuncts:
            if other.tag_ == "NNS" and noun.i < other.i <= noun.i + 4:
                return other
    return noun


def _complement(root: Token, inside: range) -> Token | None:
    """The noun behind "of": "hundreds of troops", "40 per cent of the land"."""
    for child in root.children:
        if child.i >= inside.stop and child.dep_ == "prep" and child.lower_ == "of" and child.i - inside.stop <= 1:
            for noun in child.children:
                if noun.dep_ == "pobj":
                    return noun
    for i in inside:
        for child in root.doc[i].children:
            if child.i == inside.stop and child.lower_ == "of":
                for noun in child.children:
                    if noun.dep_ == "pobj":
                        return noun
    return None


def shot_dead(token: Token) -> bool:
    """ "Six shot dead": a participle that the tagger may take for a noun."""
    return token.lower_ == "shot" and token.i + 1 < len(token.doc) and token.nbor().lower_ == "dead"


def _noun_after(doc: Doc, i: int, last: int) -> Token | None:
    """The head of a noun phrase that starts right behind the number, past hyphens, adjectives and "more", "other"."""
    noun = None
    steps = 0
    while i <= last and steps < 7:
        token = doc[i]
        if token.is_space or shot_dead(token):
            return noun
        if token.lower_ in ("dead", "wounded", "injured", "missing", "homeless") and noun is None:
            nxt = doc[i + 1] if i + 1 <= last else None
            if nxt is None or nxt.pos_ not in ("NOUN", "PROPN"):
                return token
        if noun is None and token.dep_ == "npadvmod" and token.ent_type_ in ("DATE", "TIME"):
            return None  # "we were half a million today"
        if token.pos_ in ("NOUN", "PROPN"):
            noun = token
        elif noun is not None:
            return noun
        elif (
            token.pos_ in ("ADJ",)
            or token.lower_
            in (
                "more",
                "other",
                "additional",
                "further",
                "-",
                "strong",
                "and",
                "or",
            )
            or token.tag_ in ("VBN", "VBG")
            and steps == 0
            and i + 1 <= last
            and doc[i + 1].pos_ == "NOUN"
        ):
            pass
        else:
            return None
        i += 1
        steps += 1
    return noun


def unit_of(noun: Token, tables: Tables) -> tuple[str, str | None]:
    """Unit of a counted noun and the codebook row that told, ``item`` and None for an unknown one."""
    counted = tables.units.counted
    text, lemma = noun.lower_, noun.lemma_.lower()
    if lemma == "plant" and _grows(noun, tables.units.outcomes["growing"]):
        return "item", None
    if lemma in _BUNDLES:
        of = of_complement(noun)
        if of is not None:
            return unit_of(of, tables) if of.lower_ not in _PRONOUNS else ("item", None)
    compound = [c for c in noun.lefts if c.dep_ == "compound"]
    if compound:
        joined = f"{compound[-1].lower_}-{lemma}"
        if joined in counted:
            return counted[joined]
    for form in (text, lemma, text[:-1] if text.endswith("s") and text != "others" else text):
        if form in counted:
            code, row = counted[form]
            if (
                code == "unit"
                and lemma == "unit"
                and any(c.lower_ in ("housing", "apartment", "bed") for c in compound)
            ):
                return "building", row
            return code, row
    part = text.rsplit("-", 1)[-1]
    if part != text and part in counted:
        return counted[part]
    named = noun.pos_ == "PROPN" and noun.tag_ == "NNPS" and text.endswith(("ans", "ese", "ish", "is", "ites", "ees"))
    if named or (noun.ent_type_ == "NORP" and text.endswith(("s", "ese", "ish", "ch"))):
        return "person", "people"
    if noun.pos_ == "NOUN" and text != "others":
        if text.endswith(_PERSON_ENDS):
            return "person", "people"
        if text.endswith(_AGENT_ENDS) and len(lemma) > 4 and noun.tag_ == "NNS" and _is_agent(lemma):
            return "person", "people"
    return "item", None


def _grows(noun: Token, words: frozenset[str]) -> bool:
    """True for a plant in a garden, not for a factory: by its verb, an adjective, or what stands beside it."""
    if noun.dep_ in ("dobj", "nsubjpass", "conj") and noun.head.lemma_.lower() in words:
        return True
    beside = [*noun.conjuncts, *(c for c in noun.lefts if c.dep_ == "amod")]
    return any(word.lemma_.lower() in words for word in beside)


def of_complement(noun: Token) -> Token | None:
    """The noun behind "of": "number of homes"."""
    for child in noun.children:
        if child.dep_ == "prep" and child.lower_ == "of":
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    return None


def unit_in_context(token: Token, noun: Token | None, counted: bool, tables: Tables) -> str | None:
    """Unit of a number whose noun is left out or a pronoun, from the sentence around it; None where nothing tells.

    ``counted`` is true where the sentence has counted something before.
    """
    if noun is not None and noun.lower_ in ("time", "times", "occasion", "occasions"):
        return _unit_of_times(noun, tables)
    if noun is not None and (noun.lower_ in ("us", "you") or _held(noun)):
        return "person"
    if noun is not None and (head := relative_head(noun)) is not None:
        return unit_of(head, tables)[0]
    if noun is not None and noun.lower_ not in _PRONOUNS:
        return "person" if noun.lower_ == "strong" else None
    if noun is not None:
        after = noun.nbor() if noun.i + 1 < len(noun.doc) else None
        if after is not None and after.tag_ == "NNS" and noun.lower_ == "them":
            return unit_of(after, tables)[0]
    if harmed(token, tables) or (noun is None and _done_by_people(token, tables)):
        return "person"
    bundled = False
    for candidate in _governing_nouns(token):
        unit = unit_of(candidate, tables)[0]
        if unit in ("unit", "attack") and candidate.tag_ == "NN":
            continue  # "the army lost nine", "the strike drew 500"
        if unit == "settlement" and token.head.lower_ == "of":
            return "person"  # "a town of 12,000"
        if unit != "item":
            return unit
        bundled = bundled or candidate.lemma_.lower() in _BUNDLES
    if noun is not None or (bundled and not counted):
        return antecedent(token, tables) or ("person" if noun is not None and noun.lower_ == "others" else None)
    return None


def answers(token: Token) -> bool:
    """True for a number that another source gives instead of one before: "put it at 40", "made it 34", "spoke of 60"."""
    verb, prep = token.head, None
    if token.dep_ == "pobj":
        verb, prep = token.head.head, token.head.lower_
        if verb.pos_ in ("ADV", "ADJ", "ADP") and verb.head is not verb:
            verb = verb.head
    while verb.lower_ == "it" and verb.head is not verb:
        verb = verb.head
    lemma = verb.lemma_.lower()
    if lemma in ("put", "make"):
        return any(c.lower_ in ("it", "that") for c in verb.children) or any(
            c.lower_ == "it" for d in verb.children if d.dep_ == "ccomp" for c in d.children
        )
    return lemma in ("speak", "talk") and prep in ("of", "to", "about")


def relative_head(pronoun: Token) -> Token | None:
    """The noun that "which" or "whom" stands for: the one that its relative clause hangs on, else the last before."""
    if pronoun.lower_ not in ("which", "whom"):
        return None
    node = pronoun
    while node.head != node:
        if node.dep_ == "relcl" and _plural(node.head):
            return node.head
        node = node.head
    before = [t for t in pronoun.sent if t.i < pronoun.i and _plural(t)]
    return before[-1] if before else None


def _plural(token: Token) -> bool:
    return token.tag_ in ("NNS", "NNPS") and token.ent_type_ not in ("DATE", "TIME")


def _held(noun: Token) -> bool:
    """ "Those held", "those who fled": people."""
    if noun.lower_ != "those":
        return False
    return any(
        c.dep_ in ("acl", "relcl") and (c.tag_ == "VBN" or any(w.lower_ == "who" for w in c.children))
        for c in noun.children
    )


def _done_by_people(token: Token, tables: Tables) -> bool:
    """ "120,000 marched", "we were half a million": a number without a noun that counts people."""
    verb = token.head
    if token.dep_ == "nsubj":
        return verb.pos_ == "VERB" and verb.lemma_.lower() in tables.units.outcomes["people_verbs"]
    if token.dep_ == "attr" and verb.lemma_ == "be":
        return any(c.dep_ == "nsubj" and c.lower_ in ("we", "they", "you") and c.i < token.i for c in verb.children)
    return False


def _unit_of_times(noun: Token, tables: Tables) -> str | None:
    verb = noun.head
    for _ in range(3):
        if verb.pos_ == "VERB" or verb.head is verb:
            break
        verb = verb.head
    if verb.lemma_.lower() in _ATTACK_VERBS:
        return "attack"
    for child in verb.children:
        if child.dep_ in ("dobj", "nsubj", "nsubjpass") and unit_of(child, tables)[0] == "attack":
            return "attack"
    return None


def _governing_nouns(token: Token) -> list[Token]:
    """Nouns that tell what a bare number is of: "the toll rose to 10", "gives the number of dead as 31"."""
    found: list[Token] = []
    for _ in range(4):
        head = token.head
        if head is token:
            break
        token = head
        if token.pos_ == "NOUN":
            found.append(token)
        elif token.pos_ in ("VERB", "AUX"):
            if token.dep_ in ("acl", "relcl") and token.head.pos_ == "NOUN":  # "protesters, put at 25,000"
                found.append(token.head)
            found.extend(c for c in token.children if c.dep_ in ("nsubj", "nsubjpass", "dobj") and c.pos_ == "NOUN")
            for child in token.children:  # "of the dead, 19 were found"
                if child.dep_ == "prep" and child.lower_ in ("of", "among") and child.i < token.i:
                    found.extend(c for c in child.children if c.dep_ == "pobj")
            break
    return found


def antecedent(token: Token, tables: Tables) -> str | None:
    """Unit of the nearest plural noun before, up to the sentence before this one, that has a class."""
    first = max(token.sent.start - 40, 0)
    for i in range(token.i - 1, first, -1):
        before = token.doc[i]
        if before.tag_ == "NNS":
            above = before.head
            if before.dep_ == "nsubj" and any(c.dep_ == "ccomp" and c.is_ancestor(token) for c in above.children):
                continue  # "economists think another 90,000 could go"
            unit = unit_of(before, tables)[0]
            if unit != "item":
                return unit
            if before.i >= token.sent.start:
                return "item"
    return None


def _is_agent(lemma: str) -> bool:
    return lemma.endswith(("er", "or", "ee")) and not lemma.endswith(("meter", "ster" if lemma != "gangster" else "#"))


def harmed(token: Token, tables: Tables) -> bool:
    """True where the governing verb or adjective reports what befell persons ("killed 30", "30 were injured")."""
    outcomes = tables.units.outcomes
    persons = outcomes["harm_verbs"] - {"strike", "shoot", "capture", "survive"}
    steps = 0
    while steps < 5:
        if token.lemma_.lower() in persons and token.pos_ in ("VERB", "ADJ"):
            return True
        if token.lower_ in outcomes["harm_adjectives"]:
            return True
        if any(
            c.lower_ in outcomes["harm_adjectives"] or (c.dep_ in ("acl", "relcl") and c.lemma_.lower() in persons)
            for c in token.children
        ):
            return True
        if token.head is token or (token.pos_ == "VERB" and steps):
            return False
        token = token.head
        steps += 1
    return False
