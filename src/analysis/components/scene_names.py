"""Places of an article that no gazetteer holds, by what only places have: a dateline, a capital, streets, a region.

The model's label may be wrong for a name that it does not know. A name is a place here where the article says so once
plainly ("the streets of Sundby", "Sundby, the capital of Marel", "SUNDBY, Oct 14 -"), or stands twice in a phrase of place;
then all its mentions are.
"""

from __future__ import annotations

from collections import defaultdict

from spacy.tokens import Doc, Token

from analysis.components.datelines import PAGE_LABELS, datelines
from analysis.components.mentions import PlaceMention
from analysis.components.word_classes import value_of, word_class

#: prepositions that hardly ever do anything but place
# fmt: off
PLAIN = frozenset(
    {
        "in", "at", "near", "inside", "into", "across", "around", "throughout", "outside", "within", "onto",
        "through", "over", "on", "along", "off", "north", "south", "east", "west", "above", "below", "beside"
    }
)
# fmt: on
#: entities of the model that the gazetteer lacks, as kinds of place: used only after a plain preposition of place
NAMED = {"FAC": "facility", "GPE": "settlement", "LOC": "region"}
#: entities that are no places
NOT_PLACES = frozenset(
    {"DATE", "TIME", "NORP", "MONEY", "LANGUAGE", "EVENT", "WORK_OF_ART", "LAW", "PRODUCT", "PERCENT"}
)
#: prepositions that take nothing but places before a name
SPANNING = frozenset({"across", "throughout"})
#: nouns that a place name completes ("the town of Drellick"), and that stand for the last place of their kind
PLACE_NOUNS = (
    (word_class("settlement_nouns"), "settlement"),
    (word_class("region_nouns"), "region"),
    (word_class("district_nouns"), "region"),
    (word_class("country_nouns"), "country"),
)
#: nouns for a part or side of a place ("the outskirts of Drellick", "west of Drellick")
PARTS = word_class("parts_of_places")
#: nouns for what serves or governs one place, and is named after it ("Drellick police", "the mayor of Drellick")
LOCAL = word_class("local_bodies")
#: words that name no place, however they are written ("in Congress")
NO_NAMES = word_class("capitalised_adjectives")
#: verbs whose object is the place where it happens, and verbs of going
ACTED_ON = word_class("acts_on_places")
MOVING = frozenset(
    {"come", "go", "travel", "flee", "run", "drive", "fly", "march", "move", "return", "walk", "sail", "head", "spread"}
)
#: the seat of a country
SEAT = "capital"
#: words that end the name of a thing in a town, and tell what it is
BUILT = word_class("facility", "place_words")
#: words that end the name of a firm, an office or a body
BODIES = word_class("endings_of_bodies")
#: words for a road or a line, which a number tells apart
ROADS = frozenset(
    {"route", "highway", "interstate", "road", "motorway", "autobahn", "freeway", "line", "flight", "exit"}
)
#: what one has "in" a firm
HELD = frozenset({"share", "stake", "stock", "holding", "interest", "investment", "investor", "shareholder", "bond"})
#: how near the noun behind a comma is that tells what a name is
APPOSED = 6


def unlisted(doc: Doc, covered: set[int]) -> list[tuple[PlaceMention, Token]]:
    """Places that no gazetteer holds, with all their mentions, by the last token of each."""
    kinds: dict[str, str] = {}
    votes: dict[str, int] = defaultdict(int)
    names: list[tuple[str, Token, Token]] = []
    written: dict[str, str] = {}
    for line in datelines(doc):
        if covered.isdisjoint(range(line.start, line.town)):
            town = doc[line.start : line.town]
            if town.text.casefold() in NO_NAMES:
                continue
            kinds.setdefault(town.text.casefold(), "settlement")
            names.append((town.text, town[0], town[-1]))
    in_lines = {i for _, first, last in names for i in range(first.i, last.i + 1)}
    for token in doc:
        if token.pos_ != "PROPN" or token.i in covered or token.i in in_lines:
            continue
        if token.dep_ == "compound" and token.head.pos_ == "PROPN" and token.head.i == token.i + 1:
            continue
        first = _first(token)
        name = doc[first.i : token.i + 1].text
        if (
            name.casefold() in NO_NAMES
            or name.casefold() in PAGE_LABELS
            or _numbered(token)
            or name.casefold() in BUILT
            or _ends_a_body(first, token)
        ):
            continue
        names.append((name, first, token))
        key = name.casefold()
        kind = _told_kind(token)
        if token.ent_type_ in NOT_PLACES and kind is None:
            continue
        placed = token.dep_ == "pobj" and token.head.lower_ in PLAIN
        placed = placed and token.head.head.lemma_.lower() not in HELD  # "shares in Norvik"
        opens = _opens_sentence(first, token)
        sure = (token.ent_type_ in NAMED and placed) or (placed and _told_by_number(first)) or opens
        # the model takes a town that it does not know for a man, but nothing happens in a man
        sure = sure or (token.dep_ == "pobj" and token.head.lower_ == "in" and _may_be_misread(token))
        if kind is not None:
            kinds[key] = kind
        elif sure or (token.dep_ == "pobj" and token.head.lower_ in SPANNING):
            kinds.setdefault(key, NAMED.get(token.ent_type_, "region"))
        votes[key] += placed or _serves(token) or _reached(token)
    for key, count in votes.items():
        if count > 1:
            kinds.setdefault(key, "settlement")
    seen = covered | {i for _, first, last in names for i in range(first.i, last.i + 1)}
    names += [  # the tagger takes some mentions for other words
        (token.text, token, token)
        for token in (doc if kinds else ())
        if token.text[:1].isupper() and token.i not in seen and token.text.casefold() in kinds
    ]
    for name, _, _ in names:
        key = name.casefold()
        if key not in written or (written[key].isupper() and not name.isupper()):
            written[key] = name
    built = {key for key in kinds if value_of(key.split()[-1], ((BUILT, True),))}
    kinds.update(dict.fromkeys(built, "facility"))
    return [
        (PlaceMention(first.idx, last.idx + len(last), _in_case(written[key]), kinds[key]), last)
        for name, first, last in names
        if (key := name.casefold()) in kinds
    ]


def _may_be_misread(token: Token) -> bool:
    """True for a name that the model takes for a man or a body, which nothing tells to be one."""
    return token.ent_type_ in ("PERSON", "") or (
        token.ent_type_ == "ORG" and not token.is_upper and token.lemma_.lower() not in NO_NAMES
    )


def _numbered(token: Token) -> bool:
    """ "Near Route 14", "on Interstate 5": the word for a road that has only a number."""
    after = token.nbor() if token.i + 1 < len(token.doc) else token
    return token.lower_ in ROADS and after.text[:1].isdigit()


def _ends_a_body(first: Token, last: Token) -> bool:
    """ "Vorda Carbon", "the National Health Service": the last word tells a firm, an office or a body."""
    return first.i < last.i and last.lower_ in BODIES


def _opens_sentence(first: Token, last: Token) -> bool:
    """ "In Ostby 30 homes burned": a name between the preposition that opens a sentence and a number."""
    if first.i == 0 or not first.nbor(-1).is_sent_start or first.nbor(-1).lower_ not in ("in", "at", "near", "around"):
        return False
    after = last.nbor() if last.i + 1 < len(last.doc) else last
    return after.like_num and after.text.isalnum() and len(after.text) < 4


def _first(token: Token) -> Token:
    """The first token of a name that ends with ``token``."""
    first = token
    while first.i and (
        (first.nbor(-1).pos_ == "PROPN" and first.nbor(-1).head == token)
        or (
            first.nbor(-1).text == "-"
            and not first.nbor(-1).whitespace_
            and first.i > 1
            and first.nbor(-2).pos_ == "PROPN"
        )
    ):
        first = first.nbor(-1 if first.nbor(-1).text != "-" else -2)
    return first


def _in_case(name: str) -> str:
    """A name that stands in capitals only, as one writes it."""
    return name.title() if name.isupper() and len(name) > 3 else name


def _told_kind(token: Token) -> str | None:
    """The kind of place that the words at a name tell it to be; None where they tell none."""
    head = token.head
    if token.dep_ == "pobj" and head.lower_ == "of":
        noun = head.head.lemma_.lower()
        if noun == SEAT:
            return "country"
        if noun in PARTS:
            return NAMED.get(token.ent_type_, "settlement")
        return value_of(noun, PLACE_NOUNS)
    if token.dep_ == "poss" and head.lemma_.lower() == SEAT:
        return "country"
    if token.dep_ == "appos" and head.pos_ == "NOUN":
        return "settlement" if head.lemma_.lower() == SEAT else value_of(head.lemma_.lower(), PLACE_NOUNS)
    for child in token.rights:
        if child.dep_ == "appos" and child.pos_ == "NOUN" and child.i - token.i <= APPOSED:
            return "settlement" if child.lemma_.lower() == SEAT else value_of(child.lemma_.lower(), PLACE_NOUNS)
    if token.dep_ in ("compound", "nmod") and head.pos_ == "NOUN" and head.i == token.i + 1:
        kind = value_of(head.lemma_.lower(), PLACE_NOUNS)
        return kind if kind == "region" else None
    return None


def _reached(token: Token) -> bool:
    """True for what is hit, held or reached, where the model takes it for no man: "hits Brannevik", "fled to Brannevik"."""
    if token.ent_type_ == "PERSON":
        return False
    if token.dep_ in ("dobj", "obj"):
        return token.head.lemma_.lower() in ACTED_ON
    return (
        token.dep_ == "pobj"
        and token.head.lower_ in ("to", "from", "toward", "towards")
        and (token.head.head.pos_ == "VERB" and token.head.head.lemma_.lower() in MOVING)
    )


def _serves(token: Token) -> bool:
    """True where a name stands before or behind what serves one place: "Sundby police", "the mayor of Sundby"."""
    head = token.head
    if token.dep_ in ("compound", "nmod", "poss") and head.pos_ in ("NOUN", "PROPN"):
        return head.lemma_.lower() in LOCAL
    return token.dep_ == "pobj" and head.lower_ == "of" and head.head.lemma_.lower() in LOCAL


def _told_by_number(first: Token) -> bool:
    """ "Twelve in Carrow, five in Fenn": a number that stands directly before the preposition of a name."""
    return first.i > 1 and first.nbor(-2).like_num and first.nbor(-1).lower_ in ("in", "at", "near")


def at_seat(first: Token, last: Token) -> Token | None:
    """The word "capital" beside a name that tells it to be one: "the capital, Sundby", "Sundby, the capital of Marel"."""
    doc = last.doc
    before = doc[max(first.i - 2, 0) : first.i]
    if len(before) == 2 and before[1].text == "," and before[0].lower_ == SEAT:
        return before[0]
    if len(before) and before[-1].lower_ == SEAT:
        return before[-1]
    after = doc[last.i + 1 : last.i + APPOSED]
    if len(after) > 1 and after[0].text == ",":
        told = next((t for t in after[1:] if t.lower_ == SEAT or t.is_punct), None)
        return told if told is not None and told.lower_ == SEAT else None
    return None
