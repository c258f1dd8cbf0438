"""Where a figure holds: the place nearest in syntax, else in the sentence, else in the sentences before it."""

from __future__ import annotations

from spacy.tokens import Token

from analysis.components.counted import PLACING, Counted
from analysis.components.figure_scene import NATIONAL, Places
from analysis.components.mentions import PlaceMention
from analysis.components.scene_names import PLACE_NOUNS
from analysis.components.word_classes import value_of

#: how precise a kind of place is; the most precise of one phrase counts
RANK = {
    "facility": 0,
    "settlement": 1,
    "water": 2,
    "region": 2,
    "admin1": 3,
    "country": 4,
}
#: measures without a place: a sum is nowhere
PLACELESS = frozenset({"money"})
#: measures that hold for the country of the story where the sentence names no place and nothing known is counted
NATION_WIDE = frozenset({"share", "vote", "crowd_size"})
#: measures that tell nothing of what a count is of
OPEN = frozenset({"other", "share"})
#: words between a place and the one in which it lies
LINKING = 7
#: words that make a sentence one about no country
WORLDWIDE = frozenset({"worldwide", "globally", "global"})
#: measures whose place is where the weapons flew
AIMED = frozenset({"weapons_launched", "weapons_intercepted"})
#: words that open a clause of another time, and by how many arcs its places stand further off
OTHER_TIMES = frozenset({"since", "before", "after", "until", "although", "though", "while", "whereas"})
APART = 4
#: by how many arcs the place directly behind a number or its noun stands nearer
BESIDE = 3


def _path(token: Token) -> list[int]:
    path = [token.i]
    while token.head != token and len(path) < 60:
        token = token.head
        path.append(token.i)
    return path


def tree_distance(a: Token, b: Token) -> int:
    """Number of arcs between two tokens of one sentence (100 where they do not meet)."""
    up = {i: n for n, i in enumerate(_path(a))}
    for n, i in enumerate(_path(b)):
        if i in up:
            return up[i] + n
    return 100


def _named_in(counted: Counted, nations: dict[int, str]) -> str | None:
    """The country that the counted noun itself names ("Ukrainian territory", "Kenya's schools")."""
    if counted.noun is None or counted.elided:
        return None
    for token in (counted.noun, *counted.noun.lefts):
        if token.dep_ in ("amod", "compound", "poss", "nmod") or token == counted.noun:
            for near in (token, *token.lefts):
                if near.i in nations:
                    return nations[near.i]
    return None


def _within(places: Places, counted: Counted) -> str | None:
    """A place in the noun phrase that is narrower than a country ("land in Denmark's Jutland region")."""
    noun = counted.noun
    if noun is None:
        return None
    inside = [p for p, a, _ in places.in_sentence(noun.sent) if p.kind != "country" and (a == noun or a.head == noun)]
    return min(inside, key=lambda p: (RANK.get(p.kind, 3), p.start)).name if inside else None


def place_of(
    places: Places, counted: Counted, measure: str, word: Token | None, nations: dict[int, str], aimed_at: str | None
) -> tuple[str | None, str | None]:
    """Return (place name, basis) of one figure; basis is ``stated`` in its sentence, ``context`` before it.

    ``nations`` names countries by token, ``aimed_at`` the country that weapons flew to. Money has no place.
    """
    if measure in PLACELESS:
        return None, None
    named = _named_in(counted, nations)
    if named and measure.startswith("territory") and counted.kind == "land":
        return _within(places, counted) or named, "stated"
    if stated := _stated(places, counted, word):
        return stated, "stated"
    if aimed_at is not None and measure in AIMED:
        return aimed_at, "context"
    if named and counted.kind not in ("people", "troops", "weapon", "captives", "equipment", "attack"):
        return named, "stated"
    if any(t.lower_ in WORLDWIDE for t in counted.root.sent):
        return None, None
    if counted.kind is None and measure in NATION_WIDE and (country := places.country()):
        return country, "context"
    if counted.kind is None and measure in OPEN - {"other"} and (country := places.country()):
        return country, "context"  # a count of no known class belongs to no event before it
    if any(t.lower_ in NATIONAL for t in counted.root.sent) and (country := places.country()):
        return country, "context"
    context = places.context(counted.root) or places.country()
    return (context, "context") if context else (None, None)


def _elsewhere(anchor: Token, root: Token) -> bool:
    """True for a place in a clause of another time, of which the figure is no part ("since they entered Drellick")."""
    node = anchor
    while node.head != node and not node.is_ancestor(root):
        if node.dep_ == "advcl" and any(c.dep_ == "mark" and c.lower_ in OTHER_TIMES for c in node.children):
            return True
        node = node.head
    return False


def _of_next_clause(anchor: Token, start: Token) -> bool:
    """ "11 died in the state of Orne, and two died in Velm": the place of a clause that counts something of its own."""
    node = anchor
    while node.head != node and node.pos_ not in ("VERB", "AUX"):
        node = node.head
    if node.dep_ not in ("conj", "advcl") or node.is_ancestor(start) or not node.head.is_ancestor(start):
        return False
    subjects = [c for c in node.lefts if c.dep_ in ("nsubj", "nsubjpass")]
    return any(t.like_num for c in subjects for t in (c, *c.lefts))


def _of_another_number(anchor: Token, counted: Counted) -> bool:
    """True for the place of a number in a list ("72 died, 30 of them in Carrow, 22 in Fenn") for every other number."""
    while anchor.dep_ == "conj" and anchor.head.pos_ == "PROPN":
        anchor = anchor.head  # "one each in Fenn, Lorne and Carrow"
    prep = anchor.head if anchor.dep_ == "pobj" else None
    if prep is None or prep.dep_ != "prep":
        return False
    number = prep.nbor(-1) if prep.i > 0 else prep
    if number.lower_ == "them" and prep.i > 2 and prep.nbor(-2).lower_ == "of":
        number = prep.nbor(-3)
    if number.lower_ in ("each", "more", "others") and prep.i > 1:
        number = prep.nbor(-2)
    own = {counted.root.i, counted.root.head.i if counted.root.dep_ in ("nummod", "quantmod", "compound") else -1}
    return number.like_num and number.i not in own and not counted.root.is_ancestor(number)


def _lies_in(inner: Token, outer: Token) -> bool:
    """True for "Sundby in the northern region of Tarn", "Sundby, Marel": only what links two places stands between them."""
    between = inner.doc[inner.i + 1 : outer.i]
    return (
        0 < len(between) <= LINKING
        and all(
            t.lower_ in ("in", "of", "the", ",")
            or t.pos_ == "ADJ"
            or value_of(t.lemma_.lower(), PLACE_NOUNS) is not None
            for t in between
        )
        and between[0].lower_ in ("in", ",")
    )


def _stated(places: Places, counted: Counted, word: Token | None) -> str | None:
    root = counted.root
    sent = root.sent
    near: list[tuple[float, int, int, PlaceMention, Token]] = []
    if root.i > 1 and root.nbor(-1).text == "(":
        for place, anchor, _ in places.in_sentence(sent):
            if anchor.i == root.i - 2:
                return place.name  # "Nairobi (17), Nakuru (3)"
    start = counted.noun if counted.noun is not None and not counted.elided else root
    for place, anchor, use in places.in_sentence(sent):
        if use <= 0 or _of_another_number(anchor, counted):
            continue
        distance = min(tree_distance(root, anchor), tree_distance(start, anchor))
        if word is not None and word.sent == sent:
            distance = min(distance, tree_distance(word, anchor) + 1)
        aimed = counted.kind == "length" and root.is_ancestor(anchor)
        doubt = (anchor.i < root.i) + (0 if use == 2 or aimed else 2) + (APART if _elsewhere(anchor, root) else 0)
        doubt += APART if _of_next_clause(anchor, start) else 0
        beside = anchor.dep_ == "pobj" and anchor.head.i in (root.i + 1, start.i + 1)
        doubt -= BESIDE if beside and anchor.head.lower_ in PLACING else 0  # "seven in Carrow, four in Fenn"
        near.append((distance + doubt, RANK.get(place.kind, 3), abs(anchor.i - root.i), place, anchor))
    if not near:
        return None
    near.sort(key=lambda n: (n[0], n[1], n[2], n[3].start))
    best = near[0]
    nested = [n for n in near if n[4].is_ancestor(best[4]) or best[4].is_ancestor(n[4]) or _lies_in(n[4], best[4])]
    return min((best, *nested), key=lambda n: (n[1], n[0], n[2]))[3].name
