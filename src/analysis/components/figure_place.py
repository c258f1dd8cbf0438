"""Where a figure holds: the place nearest in syntax, else in the sentence, else in the sentences before it."""

from __future__ import annotations

from collections import Counter
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
#: how many sentences back the context reaches
MAX_BACK = 3


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
        counts = Counter(p.name for p, _, located in self.found if located and p.kind != "country")
        self.main = min(counts, key=lambda n: (-counts[n], n)) if counts else None

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
                return node.head.lemma_.lower() in MOTION and node is anchor
            if dep in ("compound", "poss", "conj", "appos", "nmod", "amod") and node.head is not node:
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
    while token.head is not token and len(path) < 60:
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


def place_of(places: Places, counted: Counted, measure: str, word: Token | None) -> tuple[str | None, str | None]:
    """Return (place name, basis) of one figure; basis is ``stated`` in its sentence, ``context`` before it."""
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
    if near:
        near.sort(key=lambda n: (n[0], n[1], n[2], n[3].start))
        best = near[0]
        same = [n for n in near if n[0] <= best[0] + 2]
        return min(same, key=lambda n: (n[1], n[0], n[2]))[3].name, "stated"
    if measure == "money":
        return None, None
    sentence = sent
    for _ in range(MAX_BACK):
        if sentence.start == 0:
            break
        sentence = places.doc[sentence.start - 1].sent
        told = [(p, a) for p, a, located in places.in_sentence(sentence) if located]
        if told:
            best_place = min(told, key=lambda f: (RANK.get(f[0].kind, 3), -f[1].i))[0]
            return best_place.name, "context"
    return (places.main, "context") if places.main else (None, None)
