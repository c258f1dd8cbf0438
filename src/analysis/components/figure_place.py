"""Where a figure holds: the place nearest in syntax, else in the sentence, else in the sentences before it."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Doc, Span, Token

from analysis.components.counted import Counted
from analysis.components.mentions import PlaceMention

#: how precise a kind of place is; the most precise of one phrase counts
RANK = {
    "facility": 0,
    "settlement": 1,
    "water": 2,
    "region": 2,
    "admin1": 3,
    "country": 4,
}
# fmt: off
LOCATIVE = frozenset(
    {
        "in", "at", "near", "on", "inside", "into", "across", "around", "from", "to", "toward", "towards",
        "through", "throughout", "outside", "along", "over", "within", "against", "of", "between", "off",
        "beyond", "under", "onto", "via", "south", "north", "east", "west"
    }
)
# fmt: on
#: verbs whose object is the place where it happens
# fmt: off
MOTION = frozenset(
    {
        "hit", "strike", "attack", "bomb", "shell", "target", "leave", "flee", "enter", "invade", "reach",
        "storm", "devastate", "ravage", "cross", "batter", "pound", "occupy", "surround", "fill", "cover",
        "seize", "capture", "control", "hold", "take", "liberate", "visit", "pack", "sweep", "rock", "shake",
        "join"
    }
)
# fmt: on
#: prepositions that hardly ever do anything but place
# fmt: off
PLAIN = frozenset(
    {
        "in", "at", "near", "inside", "into", "across", "around", "throughout", "outside", "within", "onto",
        "through", "over", "on", "along", "off", "north", "south", "east", "west"
    }
)
# fmt: on
#: entities of the model that the gazetteer lacks, as kinds of place: used only after a plain preposition of place
NAMED = {"FAC": "facility", "GPE": "settlement", "LOC": "region"}
#: nouns that a place name completes ("the town of Brannick")
# fmt: off
PLACE_NOUNS = frozenset(
    {
        "town", "city", "village", "province", "region", "district", "state", "county", "island", "port",
        "suburb", "outskirt", "area", "capital", "valley", "centre", "center"
    }
)
# fmt: on
#: what a mention of a wide place counts beside one of a narrow place
BREADTH = {"country": 0.8, "region": 0.8}
#: what a mention counts of a region that lies in no one country
CONTINENT = 0.2
#: what a mention counts that may be a place, and one in a dateline
PERHAPS = 0.5
#: a place name among the first words before a bracket or dash is a dateline
DATELINE_TOKENS = 5
#: how many sentences ahead a figure without a place before it looks
MAX_AHEAD = 3
#: measures without a place: a sum is nowhere
PLACELESS = frozenset({"money"})
#: measures whose place is where the weapons flew
AIMED = frozenset({"weapons_launched", "weapons_intercepted"})
#: what a mention of a place counts a sentence later
FADING = 0.9


class Places:
    """The place mentions of one Doc: which are used as places, and where they stand."""

    def __init__(self, doc: Doc, places: Sequence[PlaceMention], acting: frozenset[int]) -> None:
        self.doc = doc
        self.numbers = {sent.start: n for n, sent in enumerate(doc.sents)}
        anchors: list[tuple[PlaceMention, Token]] = []
        for place in places:
            span = doc.char_span(place.start, place.end, alignment_mode="expand")
            if span is not None and len(span):
                anchors.append((place, span.root))
        covered = {i for _, a in anchors for i in (a.i, *(t.i for t in a.subtree))}
        for entity in doc.ents:
            root = entity.root
            named = entity.label_ in NAMED and root.i not in covered and root.pos_ == "PROPN"
            if named and root.dep_ == "pobj" and root.head.lower_ in PLAIN:
                name = entity.text.removeprefix("the ").removeprefix("The ").removesuffix("'s").strip()
                anchors.append(
                    (PlaceMention(entity.start_char, entity.end_char, name, NAMED[entity.label_]), entity.root)
                )
        anchors.sort(key=lambda a: a[0].start)
        taken = {anchor.i for _, anchor in anchors}
        #: (mention, anchor, how it is used: 2 plainly a place, 1 in a phrase that may be one, 0 not)
        self.found = [(place, anchor, _use(anchor, place, acting, taken)) for place, anchor in anchors]

    def context(self, token: Token) -> str | None:
        """The place that the sentences before a token speak of: each plain mention counts, the nearer the more.

        A figure before the first place (a headline) takes the first that follows.
        """
        now = self.numbers[token.sent.start]
        weight: dict[str, float] = {}
        for place, anchor, use in self.found:
            if not use or anchor.i >= token.i:
                continue
            back = now - self.numbers[anchor.sent.start]
            broad = place.kind == "region" and place.country_iso3 is None
            worth = (
                FADING**back * (CONTINENT if broad else BREADTH.get(place.kind, 1.0)) * (1.0 if use == 2 else PERHAPS)
            )
            weight[place.name] = weight.get(place.name, 0.0) + worth
        if weight:
            return min(weight, key=lambda n: (-weight[n], n))
        later = (p.name for p, a, use in self.found if use == 2 and self.numbers[a.sent.start] - now <= MAX_AHEAD)
        return next(later, None)

    def in_sentence(self, sent: Span) -> list[tuple[PlaceMention, Token, int]]:
        return [f for f in self.found if sent.start <= f[1].i < sent.end]


def _use(anchor: Token, place: PlaceMention, acting: frozenset[int], taken: set[int]) -> int:
    """How a place name is used: as a place, perhaps as one, or as an actor, an owner, a part of another name."""
    after = anchor.doc[anchor.i + 1 : anchor.i + 2].text
    if anchor.i - anchor.sent.start < DATELINE_TOKENS and after in ("(", "—", "–", "-", "--", ":"):
        return -1
    node = anchor
    for step in range(5):
        dep, head = node.dep_, node.head
        if dep == "pobj":
            prep = head.lower_
            if head.dep_ == "agent":
                return 0
            if prep == "of" and head.head.lemma_.lower() in PLACE_NOUNS:
                node = head.head
                continue
            return 2 if prep in PLAIN else int(prep in LOCATIVE)
        if dep in ("dobj", "obj"):
            return 2 if head.lemma_.lower() in MOTION else 0
        if dep in ("nsubj", "nsubjpass", "ROOT", "attr"):
            own = anchor.i not in acting and place.kind not in ("country", "region") and step <= 2
            return 2 if own and (dep != "nsubj" or node != anchor or head.pos_ == "AUX") else 0
        if dep in ("compound", "poss", "conj", "appos", "nmod", "amod") and head != node:
            if head.i in taken and dep in ("compound", "poss", "appos", "nmod", "amod") and place.kind == "country":
                return 0
            if dep == "amod" and node.i in acting:
                return 0
            node = head
            continue
        return 0
    return 0


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


def _named_in(places: Places, counted: Counted, nations: dict[int, str]) -> str | None:
    """The country that the counted noun itself names ("Ukrainian territory", "Kenya's schools")."""
    if counted.noun is None or counted.elided:
        return None
    for token in (counted.noun, *counted.noun.lefts):
        if token.dep_ in ("amod", "compound", "poss", "nmod") or token == counted.noun:
            for near in (token, *token.lefts):
                if near.i in nations:
                    return nations[near.i]
    return None


def place_of(
    places: Places, counted: Counted, measure: str, word: Token | None, nations: dict[int, str], aimed_at: str | None
) -> tuple[str | None, str | None]:
    """Return (place name, basis) of one figure; basis is ``stated`` in its sentence, ``context`` before it.

    ``nations`` names countries by token, ``aimed_at`` the country that weapons flew to. Money has no place.
    """
    if measure in PLACELESS:
        return None, None
    named = _named_in(places, counted, nations)
    if named and measure.startswith("territory") and counted.kind == "land":
        return named, "stated"
    if stated := _stated(places, counted, word):
        return stated, "stated"
    if aimed_at is not None and measure in AIMED:
        return aimed_at, "context"
    if named and counted.kind not in ("people", "troops", "weapon", "captives", "equipment", "attack"):
        return named, "stated"
    if counted.kind is None:
        return None, None  # a count of no known class belongs to no event before it
    context = places.context(counted.root)
    return (context, "context") if context else (None, None)


def _stated(places: Places, counted: Counted, word: Token | None) -> str | None:
    root = counted.root
    sent = root.sent
    near: list[tuple[float, int, int, PlaceMention, Token]] = []
    start = counted.noun if counted.noun is not None and not counted.elided else root
    for place, anchor, use in places.in_sentence(sent):
        if use <= 0:
            continue
        distance = min(tree_distance(root, anchor), tree_distance(start, anchor))
        if word is not None and word.sent == sent:
            distance = min(distance, tree_distance(word, anchor) + 1)
        doubt = (anchor.i < root.i) + (0 if use == 2 else 2)
        near.append((distance + doubt, RANK.get(place.kind, 3), abs(anchor.i - root.i), place, anchor))
    if not near:
        return None
    near.sort(key=lambda n: (n[0], n[1], n[2], n[3].start))
    best = near[0]
    nested = [n for n in near if n[4].is_ancestor(best[4]) or best[4].is_ancestor(n[4])]
    return min((best, *nested), key=lambda n: (n[1], n[0], n[2]))[3].name
