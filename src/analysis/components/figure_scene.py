"""The places that one article speaks of, how each is used, and which of them a sentence without a place is about."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from analysis.components.datelines import datelines, end_of_dateline
from analysis.components.mentions import Attribution, PlaceMention
from analysis.components.scene_names import PARTS, PLACE_NOUNS, PLAIN, SEAT, at_seat, unlisted
from analysis.components.word_classes import value_of, word_class

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
MOTION = word_class("acts_on_places")
#: bodies of a state, whose seat is no scene
OFFICES = word_class("state_offices")
#: kinds that a noun of place may stand for
SORTS = {
    "settlement": frozenset({"settlement"}),
    "region": frozenset({"region", "admin1", "settlement"}),
    "country": frozenset({"country"}),
}
#: words that make a sentence one about the whole country
NATIONAL = word_class("national")
#: codes of cues whose verb is an act of speech, done somewhere
SPOKEN = frozenset({"say", "inform", "announce"})
#: words after such a verb within which its place stands
SPOKEN_WITHIN = 3
#: what a mention of a wide or a very narrow place counts beside one of a town
BREADTH = {"country": 0.8, "region": 0.8, "facility": 0.1, "water": 0.2}
#: what a mention counts of a region that lies in no one country
CONTINENT = 0.2
#: what a mention counts that may be a place, and one in a dateline
PERHAPS = 0.5
#: a place name among the first words before a bracket or dash is a dateline
DATELINE_TOKENS = 5
#: what bears the name of a place without being there
NAMED_AFTER = frozenset(
    {
        "ferry",
        "ship",
        "vessel",
        "boat",
        "tanker",
        "freighter",
        "trawler",
        "yacht",
        "liner",
        "hurricane",
        "typhoon",
        "cyclone",
    }
)
#: how many sentences ahead a figure without a place before it looks
MAX_AHEAD = 3
#: what a mention of a place in the headline counts: it names the scene
HEADLINE = 4.0
#: what a mention of a place counts a sentence later
FADING = 0.95

Found = tuple[PlaceMention, Token, int]


class Places:
    """The place mentions of one Doc: which are used as places, and where they stand."""

    def __init__(
        self,
        doc: Doc,
        places: Sequence[PlaceMention],
        acting: frozenset[int],
        attributions: Iterable[Attribution] = (),
    ) -> None:
        self.doc = doc
        self.numbers: dict[int, int] = {}
        number = 0
        for sent in doc.sents:  # a dateline counts as a part of the sentence that it opens
            self.numbers[sent.start] = number
            number += end_of_dateline(doc, sent.start) != sent.end
        anchors: list[tuple[PlaceMention, Token]] = []
        covered: set[int] = set()
        for place in places:
            span = doc.char_span(place.start, place.end, alignment_mode="expand")
            if span is not None and len(span):
                anchors.append((place, span.root))
                # not what hangs on it: the parser hangs the next item of a list ("12 in Medway, five in Tarrow") on it
                listed = {t.i for c in span.root.children if c.like_num for t in c.subtree}
                covered.update(t.i for t in span.root.subtree if t.i not in listed)
        anchors += unlisted(doc, covered)
        anchors.sort(key=lambda a: a[0].start)
        # a country that no list holds may stand among the towns
        self.nations = {actor.name for actor in doc._.actors or () if actor.kind == "country"}
        anchors = [
            (replace(p, kind="country") if p.name in self.nations and p.country_iso3 is None else p, a)
            for p, a in anchors
        ]
        #: the capital that the article names, and the names beside which it says so
        self.seat, at_seats = _seat(doc, anchors)
        taken = {anchor.i for _, anchor in anchors}
        attributions = list(attributions)
        speakers = _speakers(doc, attributions) | _said_there(doc, attributions)
        #: (mention, anchor, how it is used: 2 plainly a place, 1 in a phrase that may be one, 0 not, -1 dateline)
        self.found: list[Found] = [
            (
                place,
                anchor,
                2 if anchor.i in at_seats else 0 if anchor.i in speakers else _use(anchor, place, acting, taken),
            )
            for place, anchor in anchors
        ]
        self.found = [(self._seat_of(f[0], f[1]), f[1], f[2]) for f in self.found]
        self.found += self._pointed(taken | speakers)
        self.found.sort(key=lambda f: (f[1].i, f[0].start))

    def _seat_of(self, place: PlaceMention, anchor: Token) -> PlaceMention:
        """The capital for "the capital of Marel", where the article names it; else the place itself."""
        of = anchor.dep_ == "pobj" and anchor.head.lower_ == "of" and anchor.head.head.lower_ == SEAT
        return self.seat if of and self.seat is not None and place.name in self.nations else place

    def _pointed(self, taken: set[int]) -> list[Found]:
        """ "The city", "the country": the last place of that kind named before."""
        pointed: list[Found] = []
        for token in self.doc:
            sort = value_of(token.lemma_.lower(), PLACE_NOUNS) if token.pos_ == "NOUN" and token.tag_ == "NN" else None
            headline = token.lower_ == SEAT and self.numbers[token.sent.start] == 0
            if sort is None or not (headline or any(c.lower_ in ("the", "this", "that") for c in token.lefts)):
                continue
            if any(t.i in taken for t in token.subtree):
                continue
            if self.seat is not None and token.lower_ == SEAT:
                if _use(token, self.seat, frozenset(), taken) == 2:
                    pointed.append((self.seat, token, 2))
                continue
            if token.dep_ != "pobj" or token.head.lower_ not in PLAIN:
                continue
            if any(c.dep_ in ("amod", "nummod") or c.lower_ == "of" for c in token.children):
                continue
            before = [f for f in self.found if f[1].i < token.i and f[0].kind in SORTS[sort] and f[2]]
            if before:
                # a story has one country, and many towns
                now = None if sort == "country" else self.numbers[token.sent.start]
                pointed.append((self._heaviest(before, now), token, 2))
        return pointed

    def _heaviest(self, found: Sequence[Found], now: int | None = None) -> PlaceMention:
        """The place that is named most, and nearest where ``now`` (a sentence number) is given."""
        weight: dict[str, float] = {}
        for place, anchor, _ in found:
            back = 0 if now is None else now - self.numbers[anchor.sent.start]
            weight[place.name] = weight.get(place.name, 0.0) + FADING**back
        return min((f[0] for f in found), key=lambda p: (-weight[p.name], p.start))

    def country(self) -> str | None:
        """The country that the article speaks of most."""
        weight: Counter[str] = Counter(f[0].name for f in self.found if f[0].kind == "country")
        told = {f[1].i for f in self.found}
        weight.update(a.name for a in self.doc._.actors or () if a.kind == "country" and a.token_start not in told)
        return min(weight, key=lambda name: (-weight[name], name)) if weight else None

    def context(self, token: Token) -> str | None:
        """The place that the sentences before a token speak of: each plain mention counts, the nearer the more.

        A figure before the first place (a headline) takes the first that follows.
        """
        now = self.numbers[token.sent.start]
        weight: dict[str, float] = {}
        for place, anchor, use in self.found:
            if use <= 0 and use != -1:
                continue
            if anchor.i >= token.i:
                continue
            at = self.numbers[anchor.sent.start]
            broad = place.kind == "region" and place.country_iso3 is None
            sure = (CONTINENT if broad else BREADTH.get(place.kind, 1.0)) * (1.0 if use == 2 else PERHAPS)
            sure *= HEADLINE if at == 0 else FADING ** (now - at)
            weight[place.name] = weight.get(place.name, 0.0) + sure
        if weight:
            return min(weight, key=lambda n: (-weight[n], n))
        later = (p.name for p, a, use in self.found if use == 2 and self.numbers[a.sent.start] - now <= MAX_AHEAD)
        return next(later, None)

    def in_sentence(self, sent: Span) -> list[Found]:
        return [f for f in self.found if sent.start <= f[1].i < sent.end]


def _seat(doc: Doc, anchors: Sequence[tuple[PlaceMention, Token]]) -> tuple[PlaceMention | None, set[int]]:
    """The capital of the article, and the tokens of its names in a phrase such as "in the capital, Sundby"."""
    seat: PlaceMention | None = None
    inside: set[int] = set()
    for place, anchor in anchors:
        span = doc.char_span(place.start, place.end, alignment_mode="expand")
        word = at_seat(span[0], span[-1]) if span is not None and place.kind != "country" else None
        if word is None:
            continue
        seat = seat or place
        if word.i < anchor.i and word.dep_ == "pobj" and word.head.lower_ in PLAIN:
            inside.add(anchor.i)
    if seat is None:  # news of a country are sent from its capital, where no other town is told to be it
        lines = {line.start: line.town for line in datelines(doc)}
        own = any(place.kind == "country" and place.country_iso3 is None for place, _ in anchors)
        sent = (p for p, a in anchors if own and p.kind == "settlement" and any(s <= a.i < e for s, e in lines.items()))
        seat = next(sent, None)
    return seat, inside


def _speakers(doc: Doc, attributions: Iterable[Attribution]) -> set[int]:
    """Tokens of places that only tell where a speaker is: "a diplomat in Oslo said"."""
    inside: set[int] = set()
    for attribution in attributions:
        if attribution.source_start is None or attribution.source_end is None:
            continue
        span = doc.char_span(attribution.source_start, attribution.source_end, alignment_mode="expand")
        if span is None:
            continue
        if attribution.source_kind == "media":
            inside.update(range(span.start, span.end))  # "the Saba news agency" is in no Saba
        for token in (span.root, *span.root.children):
            if token.dep_ == "prep" or token == span.root:
                for child in token.children:
                    if child.dep_ in ("pobj", "prep") and (token != span.root or child.dep_ == "prep"):
                        inside.update(t.i for t in child.subtree)
    return inside


def _said_there(doc: Doc, attributions: Iterable[Attribution]) -> set[int]:
    """Tokens of places that only tell where something was said: "said in Oslo", "told reporters in Bergen"."""
    inside: set[int] = set()
    for attribution in attributions:
        if attribution.cue_code not in SPOKEN or attribution.cue_start is None or attribution.cue_end is None:
            continue
        span = doc.char_span(attribution.cue_start, attribution.cue_end, alignment_mode="expand")
        verb = span.root if span is not None else None
        if verb is None or verb.pos_ != "VERB":
            continue
        addressed = [
            c for c in verb.children if c.dep_ == "dobj" and c.tag_ == "NNS" and verb.lemma_ in ("tell", "inform")
        ]
        for prep in (c for head in (verb, *addressed) for c in head.children if c.dep_ == "prep"):
            for thing in (c for c in prep.children if c.dep_ == "pobj"):
                if verb.i < prep.i <= verb.i + SPOKEN_WITHIN and prep.lower_ in ("in", "at", "from"):
                    inside.add(thing.i)
                if prep.lower_ in ("at", "during", "after") and not any(t.like_num for t in thing.subtree):
                    inside.update(t.i for t in thing.subtree if t != thing)  # an occasion: "at a briefing in Oslo"
    return inside


def _use(anchor: Token, place: PlaceMention, acting: frozenset[int], taken: set[int]) -> int:
    """How a place name is used: as a place, perhaps as one, or as an actor, an owner, a part of another name."""
    after = anchor.doc[anchor.i + 1 : anchor.i + 2].text
    if anchor.i - anchor.sent.start < DATELINE_TOKENS and after in ("(", "—", "–", "-", "--", ":"):
        return -1
    if end_of_dateline(anchor.doc, anchor.sent.start) == anchor.sent.end:
        return -1
    node = anchor
    for step in range(5):
        dep, head = node.dep_, node.head
        if dep == "pobj":
            prep = head.lower_
            if head.dep_ == "agent":
                return 0
            above = head.head
            if prep == "of" and above.lemma_ == "size":
                return 0
            if prep == "in" and above.pos_ in ("NOUN", "PROPN") and above.lemma_.lower() in OFFICES:
                return 0  # the ministry in Oslo speaks of another place
            if prep == "from" and above.pos_ in ("NOUN", "PROPN"):
                return 0  # rescuers from Norway are where they were sent
            if prep == "of" and (
                value_of(above.lemma_.lower(), PLACE_NOUNS) is not None
                or above.lower_ in PARTS
                or above.lemma_ in PARTS
            ):
                if above.pos_ in ("ADV", "ADP") or above.dep_ in ("advmod", "npadvmod", "prep"):
                    return 2
                node = above
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
            if dep in ("compound", "nmod") and head.lemma_.lower() in NAMED_AFTER:
                return 0  # "the KMP Marina ferry", "Florence, a hurricane"
            node = head
            continue
        return 0
    return 0
