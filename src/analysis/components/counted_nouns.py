"""What a number counts: the noun it hangs on in the dependency parse, and the unit of that noun's class."""

from __future__ import annotations

import re

from spacy.tokens import Doc, Token

from analysis.components.listed_counts import counts_in_brackets
from analysis.components.quantity_reading import Reading, Sentence
from analysis.components.quantity_units import Tables
from analysis.components.word_classes import word_class

_UP = frozenset(
    ("nummod", "quantmod", "amod", "compound", "nmod", "det", "advmod", "npadvmod", "predet", "punct", "appos")
)
_PERSON_ENDS = (
    *("ist", "ists", "ician", "icians", "man", "men", "woman", "women", "people", "eer", "eers", "boy", "boys", "girl"),
    *("girls", "child", "children", "person", "persons", "folk", "folks", "wife", "wives"),
)
_AGENT_ENDS = ("er", "ers", "or", "ors", "ee", "ees", "ant", "ants")
#: nouns that stand for what their complement names ("rounds of talks", "a number of homes")
BUNDLES = word_class("bundles_of_units")
#: words that make "units" homes and offices, not formations
BUILT = word_class("units_of_building")
#: names of peoples: "1,500 Rohingya"
PEOPLES = word_class("peoples")
#: nouns that before a colon say who speaks: "Unions: 900 out", "Officials: 12 dead"
SPEAKING = word_class("vague_groups")
SPEAKERS = frozenset(
    {
        "official",
        "police",
        "witness",
        "medic",
        "source",
        "report",
        "doctor",
        "organiser",
        "organizer",
        "activist",
        "rescuer",
        "authority",
        "rebel",
        "expert",
        "reporter",
        "analyst",
        "monitor",
        "prosecutor",
        "lawyer",
        "aide",
    }
)
#: what is counted by heads
HEADED = word_class("counted_by_heads")
PRONOUNS = frozenset(("them", "these", "those", "which", "whom", "others", "who", "it"))
HARMED = frozenset(("injured", "wounded", "dead", "missing", "homeless", "displaced", "arrested", "detained", "killed"))
_RELATIVE = frozenset(("last", "this", "next", "the"))
_DAYS = frozenset(("today", "yesterday", "tomorrow", "tonight"))


def head_of(sentence: Sentence, reading: Reading) -> Token | None:
    """The counted noun of a reading, or None where the sentence leaves it out."""
    noun = _head(sentence, reading)
    opening = sentence.token(reading.end).i if sentence.low(reading.end) == "(" else len(sentence.doc)
    if noun is not None and counts_in_brackets(noun, opening):
        return None  # "40,000 (organisers) marched": who counted
    if reading.unit is None and reading.form in ("digits", "words") and (noun is None or noun.tag_ not in _PLURALS):
        noun = _shared_noun(sentence, reading) or noun
    if reading.form == "vague" and noun is not None and noun.lower_ in _VAGUE:
        noun = of_complement(noun) or noun  # "hundreds or thousands of men"
    first = reading.modifier[0] if reading.modifier else reading.start
    if first >= 2 and sentence.low(first - 1) == ":" and (noun is None or noun.tag_ not in ("NNS", "NNPS")):
        label = sentence.token(first - 2)
        people = noun is not None and noun.lower_ in HARMED  # "Floods: 41 dead"
        people = people or sentence.low(reading.end) in HARMED  # "Protests: 17 killed"
        if label.tag_ == "NNS" and reading.unit is None and not people and not speaks(label):
            return label  # "Homes: 860 gone"
    if noun is not None and noun.text[0].isdigit() and noun.text.endswith("s") and noun.nbor(-1).pos_ == "PROPN":
        return noun.nbor(-1)  # "14 Leopard 2s"
    if noun is not None and noun.lower_ == "plus" and noun.i + 1 < len(noun.doc) and noun.nbor().tag_ == "NNS":
        return noun.nbor()  # "200-plus tents"
    if noun is None or noun.text[0].isdigit() or noun.lower_ in ("plus", "tops", "max") or shows_up(noun):
        return None  # "25k or 40k", "300 plus", "35 show up"
    if _does(noun, (reading.low or reading.high or 0) > 1):
        return None
    flees = noun.dep_ == "ROOT" and reading.end < len(sentence.lexemes) and reading.unit is None
    if flees and sentence.token(reading.end).dep_ == "compound":
        return None if sentence.low(reading.end) in ("flee", "march", "rally", "die", "perish") else noun  # a headline
    if noun.ent_type_ == "DATE" and (noun.lower_ in _DAYS or any(c.lower_ in _RELATIVE for c in noun.lefts)):
        return None  # "and 2.1 last year", "cancelled 310 today"
    return noun


#: gerunds that the tagger takes for nouns where a number of people does them: "with 70,000 crossing into the south"
DOING = word_class("doings_of_people")


def _does(noun: Token, many: bool) -> bool:
    after = noun.nbor().lower_ if noun.i + 1 < len(noun.doc) else ""
    return many and noun.tag_ in ("NN", "VBG") and noun.lower_ in DOING and after in _WHERE


_WHERE = frozenset(
    ("in", "into", "to", "from", "at", "across", "through", "toward", "towards", "the", "over", "by", "on")
)


_VAGUE = frozenset(("dozens", "scores", "hundreds", "thousands", "millions"))
_PLURALS = frozenset(("NNS", "NNPS"))
#: what may stand between numbers of one noun
_LINKS = frozenset((",", "and", "or", "out", "of", "the", "to", "/", "his", "her", "their", "its", "our"))


def _shared_noun(sentence: Sentence, reading: Reading) -> Token | None:
    """The noun behind the last of several numbers: "132, 81 and 79 seats", "56 out of 59 constituencies"."""
    lexemes, i, more = sentence.lexemes, reading.end, False
    if i >= len(lexemes) or lexemes[i].low not in (",", "and", "or", "out", "of"):
        return None
    while i < len(lexemes) and i < reading.end + 9:
        if lexemes[i].kind == "number" and "." not in lexemes[i].text:
            more = True
        elif lexemes[i].low not in _LINKS:
            break
        i += 1
    if not more or i >= len(lexemes) or lexemes[i - 1].kind != "number":
        return None
    for token in sentence.doc[sentence.token(i).i : sentence.token(i).i + 3]:
        if token.tag_ == "NNS" and token.dep_ not in ("nsubj", "nsubjpass") and token.ent_type_ not in ("DATE", "TIME"):
            return token
        if token.pos_ not in ("ADJ", "NOUN", "PROPN"):
            return None
    return None


def _head(sentence: Sentence, reading: Reading) -> Token | None:
    if reading.form in ("digits", "words") and reading.unit is None and sentence.low(reading.end) == "times":
        return sentence.token(reading.end)  # "6.5 times earnings"
    if sentence.low(reading.end) == "of" and sentence.low(reading.end + 1) in ("the", "those"):
        noun = sentence.token(reading.end + 2) if reading.end + 2 < len(sentence.lexemes) else None
        if noun is not None and noun.lower_ in HARMED and (noun.i + 1 == len(noun.doc) or noun.nbor().pos_ != "NOUN"):
            return noun  # "four of the injured"
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
    if noun.tag_ in ("NN", "NNP") and (reading.low or reading.high or 0) > 1:
        above = noun.head
        if noun.dep_ == "compound" and above.tag_ == "NNS" and above.i == noun.i + 1:
            return above  # "two barrel bombs"
        if noun.dep_ == "nmod" and above.tag_ == "NNS" and noun.i < above.i <= noun.i + 5:
            return above
        for other in noun.conjuncts:
            own = any(c.dep_ == "nummod" for c in other.lefts)  # "21 crew and 9,000 cars"
            if other.tag_ == "NNS" and noun.i < other.i <= noun.i + 4 and not own:
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


def speaks(label: Token) -> bool:
    """True for a noun before a colon that names who says the number, not what is counted."""
    return label.lemma_.lower() in SPEAKERS or label.lemma_.lower() in SPEAKING


def shows_up(token: Token) -> bool:
    """ "On a good day 35 show up": a verb that the tagger may take for a noun."""
    after = token.nbor().lower_ if token.i + 1 < len(token.doc) else ""
    return token.lower_ in ("show", "turn", "walk", "sign", "line") and after in ("up", "out")


def shot_dead(token: Token) -> bool:
    """ "Six shot dead": a participle that the tagger may take for a noun."""
    return token.lower_ == "shot" and token.i + 1 < len(token.doc) and token.nbor().lower_ == "dead"


def _noun_after(doc: Doc, i: int, last: int) -> Token | None:
    """The head of a noun phrase that starts right behind the number, past hyphens, adjectives and "more", "other"."""
    noun = None
    steps = 0
    while i <= last and steps < 7:
        token = doc[i]
        wrapped = noun is None and token.text.count("\n") == 1 and i < last and doc[i + 1].text[:1].islower()
        if token.is_space and wrapped:
            i += 1
            continue  # a line that breaks inside a sentence
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
            and token.head.i > token.i
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
    if text == "head" or (lemma == "head" and (of := of_complement(noun)) is not None and of.lemma_.lower() in HEADED):
        return "item", None  # "180,000 head of cattle", "40 heads of cabbage"
    if lemma == "case" and (_boxed(noun, tables.units.outcomes["cases_of_things"]) or instances(noun)):
        return "item", None
    if lemma == "plant" and _grows(noun, tables.units.outcomes["growing"]):
        return "item", None
    if lemma in BUNDLES:
        of = of_complement(noun)
        if of is not None:
            return unit_of(of, tables) if of.lower_ not in PRONOUNS else ("item", None)
    compound = [c for c in noun.lefts if c.dep_ == "compound"]
    if compound:
        joined = f"{compound[-1].lower_}-{lemma}"
        if joined in counted:
            return counted[joined]
    for form in (text, lemma, text[:-1] if text.endswith("s") and text != "others" else text, model_family(text)):
        if form in counted:
            code, row = counted[form]
            if code == "unit" and lemma == "unit" and any(c.lower_ in BUILT for c in noun.lefts):
                return "building", row
            return code, row
    part = text.rsplit("-", 1)[-1]
    if part != text and part in counted:
        return counted[part]
    named = noun.pos_ == "PROPN" and noun.tag_ == "NNPS" and text.endswith(("ans", "ese", "ish", "is", "ites", "ees"))
    people = noun.text[:1].isupper() and (text in PEOPLES or (text.endswith("s") and text[:-1] in PEOPLES))
    if named or people or (noun.ent_type_ == "NORP" and text.endswith(("s", "ese", "ish", "ch"))):
        return "person", "people"
    if noun.pos_ == "NOUN" and text != "others":
        if text.endswith(_PERSON_ENDS):
            return "person", "people"
        if text.endswith(_AGENT_ENDS) and len(lemma) > 4 and noun.tag_ == "NNS" and _is_agent(lemma):
            return "person", "people"
    return "item", None


#: a type by its letters and number: "AK-103s", "MiG-29", "T-72B3s"
_MODEL = re.compile(r"([a-z][a-z/]{0,4})-\d+[a-z0-9]{0,4}")


def model_family(word: str) -> str:
    """The form under which the codebook holds all types of one family, "ak-*" for "ak-103s"; empty for other words."""
    model = _MODEL.fullmatch(word)
    return f"{model[1]}-*" if model is not None else ""


def _is_agent(lemma: str) -> bool:
    return lemma.endswith(("er", "or", "ee")) and not lemma.endswith(("meter", "ster"))


def instances(case: Token) -> bool:
    """ "In two cases the doors were locked": instances, no patients."""
    if case.lemma_ != "case" or case.dep_ != "pobj" or case.head.lower_ != "in":
        return False
    told = any(c.dep_ in ("compound", "amod", "acl", "relcl") or c.lower_ == "of" for c in case.children)
    return not told and case.head.head.pos_ in ("VERB", "AUX", "ADV")


def _boxed(noun: Token, words: frozenset[str]) -> bool:
    """True for cases of goods and cases at court, not of a disease."""
    of = of_complement(noun)
    within = [*noun.lefts, *([] if of is None else [of, *of.lefts])]
    return any(word.lemma_.lower() in words for word in within)


def _grows(noun: Token, words: frozenset[str]) -> bool:
    """True for a plant in a garden, not for a factory: by its verb, an adjective, or what stands beside it."""
    if noun.dep_ in ("dobj", "nsubjpass", "conj") and noun.head.lemma_.lower() in words:
        return True
    beside = [*noun.conjuncts, *(c for c in noun.lefts if c.dep_ == "amod")]
    return any(word.lemma_.lower() in words for word in beside)


def mixed(noun: Token, tables: Tables) -> bool:
    """ "2,500 people and companies": what is joined to the persons is none, and has no number of its own."""
    for other in noun.conjuncts:
        if (
            other.i > noun.i
            and other.tag_ == "NNS"
            and other.lower_ != "others"
            and not any(c.dep_ in ("nummod", "det", "poss") for c in other.lefts)
        ):
            if any(t.pos_ == "NUM" or t.text == "," for t in noun.doc[noun.i + 1 : other.i]):
                continue
            if unit_of(other, tables)[0] != "person":
                return True
    return False


def of_complement(noun: Token) -> Token | None:
    """The noun behind "of": "number of homes"."""
    for child in noun.children:
        if child.dep_ == "prep" and child.lower_ == "of":
            return next((c for c in child.children if c.dep_ == "pobj"), None)
    return None


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
