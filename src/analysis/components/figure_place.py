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
LOCATIVE = frozenset(
    "in at near on inside into across around from to toward towards through throughout outside along over within "
    "against of between off beyond under onto via south north east west off".split()
)
#: verbs whose object is the place where it happens
MOTION = frozenset(
    "hit strike attack bomb shell target leave flee enter invade reach storm devastate ravage cross batter pound "
    "occupy surround fill cover seize capture control hold take liberate visit pack sweep rock shake join".split()
)
#: measures without a place: a sum is nowhere
PLACELESS = frozenset({"money"})
#: measures whose place is where the weapons flew
AIMED = frozenset({"weapons_launched", "weapons_intercepted"})
#: what a mention of a place counts a sentence later
FADING = 0.9


class Places:
    """The place mentions of one Doc with their anchor tokens and their role."""

    def __init__(self, doc: Doc, places: Sequence[PlaceMention], acting: frozenset[int]) -> None:
        self.doc = doc
        self.found: list[tuple[PlaceMention, Token, bool]] = []
        for place in places:
            span = doc.char_span(place.start, place.end, alignment_mode="expand")
            if span is None or not len(span):
                continue
            anchor = span.root
            self.found.append((place, anchor, self._locative(anchor, span, acting)))
        self.numbers = {sent.start: n for n, sent in enumerate(doc.sents)}

    def context(self, token: Token) -> str | None:
        """The place that the sentences before a token speak of: each mention counts, the nearer the more."""
        now = self.numbers[token.sent.start]
        weight: dict[str, float] = {}
        for place, anchor, located in self.found:
            if not located or anchor.i >= token.i:
                continue
            back = now - self.numbers[anchor.sent.start]
            weight[place.name] = weight.get(place.name, 0.0) + FADING**back
        return min(weight, key=lambda n: (-weight[n], n)) if weight else None

    @staticmethod
    def _locative(anchor: Token, span: Span, acting: frozenset[int]) -> bool:
        """True where the name is used as a place, not as an actor (subject, possessor of troops, agent)."""
        node = anchor
        for _ in range(4):
            dep = node.dep_
            if dep == "pobj":
                return node.head.lower_ in LOCATIVE and node.head.dep_ != "agent"
            if dep in ("dobj", "obj"):
                return node.head.lemma_.lower() in MOTION
            if dep == "nsubjpass":
                return node.head.lemma_.lower() in MOTION and node == anchor
            if dep in ("compound", "poss", "conj", "appos", "nmod", "amod") and node.head != node:
                if node.i in acting and dep in ("amod",):
                    return False
                node = node.head
                continue
            return False
        return False

    def in_sentence(self, sent: Span) -> list[tuple[PlaceMention, Token, bool]]:
        return [f for f in self.found if sent.start <= f[1].i < sent.end]


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
    if measure.startswith("territory") and counted.kind == "land":
        if named := _named_in(places, counted, nations):
            return named, "stated"
    if stated := _stated(places, counted, word):
        return stated, "stated"
    if aimed_at is not None and measure in AIMED:
        return aimed_at, "context"
    if counted.kind not in ("people", "troops", "weapon", "captives", "equipment", "attack"):
        if named := _named_in(places, counted, nations):
            return named, "stated"
    context = places.context(counted.root)
    return (context, "context") if context else (None, None)


def _stated(places: Places, counted: Counted, word: Token | None) -> str | None:
    root = counted.root
    sent = root.sent
    near: list[tuple[float, int, int, PlaceMention]] = []
    start = counted.noun if counted.noun is not None and not counted.elided else root
    for place, anchor, located in places.in_sentence(sent):
        if not located:
            continue
        distance = min(tree_distance(root, anchor), tree_distance(start, anchor))
        if word is not None and word.sent == sent:
            distance = min(distance, tree_distance(word, anchor) + 1)
        after = 0 if anchor.i > root.i else 1
        near.append((distance + after, RANK.get(place.kind, 3), abs(anchor.i - root.i), place))
    if not near:
        return None
    near.sort(key=lambda n: (n[0], n[1], n[2], n[3].start))
    same = [n for n in near if n[0] <= near[0][0] + 2]
    return min(same, key=lambda n: (n[1], n[0], n[2]))[3].name
