"""Where an act took place when its clause does not name the place: "the city", "the town, which they took", "where"."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from spacy.tokens import Token

from analysis.components.event_candidates import Candidate
from analysis.components.event_context import Context
from analysis.components.mentions import PlaceMention, text_of
from analysis.components.word_classes import value_of, word_class

#: nouns that stand for the last place of their kinds ("fighting in the region")
SORTS = (
    (word_class("settlement_nouns"), frozenset({"settlement"})),
    (word_class("region_nouns"), frozenset({"admin1", "region"})),
    (word_class("district_nouns"), frozenset({"admin2"})),
    (word_class("country_nouns"), frozenset({"country"})),
)
#: nouns of sites: they stand for the last name that ends in them ("the plant", "the square")
SITES = word_class("sites")
POINTERS = frozenset({"the", "this", "that"})
#: how many sentences back a noun may point
POINT_BACK = 4
#: types whose object is where they happen ("overran the city", "visited the town")
AT_OBJECT = frozenset({"ASSAULT", "CONSULT"})
LEAVING = frozenset({"ASSAULT", "RETREAT"})


def pointed(token: Token, context: Context) -> PlaceMention | None:
    """The place that "the city", "this region" or "the plant" stands for: the last one of its kind before it, if near."""
    lemma = token.lemma_.lower()
    if token.tag_ != "NN" or (value_of(lemma, SORTS) is None and lemma not in SITES):
        return None
    if not any(c.lower_ in POINTERS for c in token.lefts):
        return None
    if any(c.dep_ in ("amod", "nummod", "compound", "poss", "relcl") or c.lower_ == "of" for c in token.children):
        return None
    sent, doc = token.sent, context.doc
    for _ in range(POINT_BACK):
        if sent.start == 0:
            break
        sent = doc[sent.start - 1].sent
    kinds, text = value_of(lemma, SORTS), text_of(doc)
    for place in reversed(context.doc._.places or []):
        if place.end > token.idx or place.start < sent.start_char:
            continue
        if kinds is None:
            named, after = text[place.start : place.end], text[place.end : place.end + len(lemma) + 1]
            if named.casefold().endswith(lemma) or after.casefold().strip() == lemma:
                return place
        elif place.kind in kinds:
            return place
    return None


def relative_place(c: Candidate, context: Context) -> PlaceMention | None:
    """ "Sudzha, where they clashed", "the town, which fell": the place on which the act's clause hangs."""
    verb = c.clause if c.clause is not None else c.token
    if (
        c.is_noun
        and c.clause is None
        and c.token.dep_ in ("nsubj", "nsubjpass")
        and c.token.head.dep_ in ("relcl", "advcl")
    ):
        verb = c.token.head  # "where fighting is heavy"
    where_word = next((t for t in verb.lefts if t.lower_ == "where" and t.dep_ == "advmod"), None)
    if where_word is not None and where_word.i > where_word.sent.start:
        before = where_word.nbor(-1)
        before = before.nbor(-1) if before.text == "," and before.i > before.sent.start else before
        inside = before.dep_ == "pobj" and before.head.lower_ == "in" and before.head.i > before.sent.start
        for token in (before.head.nbor(-1) if inside else before, before):  # "Lund in Sweden, where"
            if token.i in context.places:
                return context.places[token.i]
    if verb.dep_ != "relcl":
        return None
    passed = any(t.lower_ in ("which", "that") and t.dep_ == "dobj" for t in verb.lefts) and c.code in LEAVING
    fell = c.trigger.row["frame"] == "loser" or any(t.dep_ == "nsubjpass" and t.tag_ == "WDT" for t in verb.lefts)
    if not (where_word is not None or passed or (fell and c.code in LEAVING)):
        return None
    head = verb.head
    noun = head.head.head if head.dep_ == "pobj" and head.head.lower_ == "of" else head
    if (
        noun is not head
        and noun.dep_ == "appos"
        and value_of(noun.lemma_.lower(), SORTS) is not None
        and noun.head.i in context.places
    ):
        return context.places[noun.head.i]  # "Lund, the capital of the north, which fell"
    for token in (head, *([head.head] if head.dep_ in ("appos", "attr") else [])):
        for inner in (token, *token.lefts):
            place = context.places.get(inner.i)
            if place is not None and (inner is token or inner.dep_ in ("compound", "nmod")):
                return place
        for prep in token.rights:
            if (
                prep.dep_ == "prep"
                and prep.lower_ == "of"
                and value_of(token.lemma_.lower(), SORTS) is not None
                and token is head
            ):
                for noun in prep.children:
                    if noun.i in context.places and token.lemma_.lower() not in ("capital",):
                        return context.places[noun.i]
    return pointed(head, context)


#: types whose place carries over, by the occasion they share; talks and protests stay where they are, fronts move
CARRIES_PLACE = {
    "ASSAULT": ("ASSAULT", 3),
    "MOBILIZE": ("MOBILIZE", 3),
    "PROTEST": ("protest", 8),
    "COERCE": ("protest", 8),
    "CONSULT": ("talks", 8),
    "AGREE": ("talks", 8),
}
#: types that share a scene, where the article tells one
SCENES = dict.fromkeys(("ASSAULT", "MOBILIZE", "RETREAT", "COERCE", "PROTEST"), "ground")
SCENES |= dict.fromkeys(("CONSULT", "AGREE"), "talks")
#: one place, region or country is the scene of an occasion if at least this share of its placed acts lies there
SCENE_SHARE = 0.6
SCENE_LEAST = 2
AREAS = ("admin1", "region")
INSIDE = frozenset({"in", "at", "near", "across", "inside", "outside", "around", "over", "into", "on", "from", "to"})
#: sentences over which the place told last stands before the article's scene
NEXT = 1


def scene_of(told: Sequence[PlaceMention], context: Context) -> PlaceMention | None:
    """The one place where most acts are told to have taken place: a town, else their region, else their country.

    Within a region the place told most stands for it, the region itself before its towns.
    """
    if len(told) == 1 and told[0].kind not in ("country", "region", "water"):
        return told[0]
    least = max(SCENE_LEAST, SCENE_SHARE * len(told))
    finer = [p for p in told if p.kind != "country"]
    names = Counter(p.name for p in finer)
    regions = Counter((p.country_iso3, p.admin1) for p in finer if p.admin1)
    countries = Counter(p.country_iso3 for p in told if p.country_iso3)
    if names and max(names.values()) >= least:
        return max(finer, key=lambda p: names[p.name])
    if regions and max(regions.values()) >= least:
        region = max(regions, key=lambda r: regions[r])
        inside = [p for p in finer if (p.country_iso3, p.admin1) == region]
        if any(p.kind in AREAS for p in finer):
            return max(inside, key=lambda p: (names[p.name], p.kind == "admin1"))
        whole = [p for p in context.doc._.places or [] if p.kind in AREAS and (p.country_iso3, p.admin1) == region]
        if whole:
            return whole[0]
    if countries and max(countries.values()) >= least:
        return _country(max(countries, key=lambda c: countries[c]), context)
    return None


def _country(iso3: str | None, context: Context) -> PlaceMention | None:
    """The first mention of a country as a place."""
    every: Sequence[PlaceMention] = context.doc._.places or []
    return next((p for p in every if p.kind == "country" and p.country_iso3 == iso3), None)


class Scenes:
    """Carries the places of an article's events from sentence to sentence."""

    def __init__(self, context: Context, told: Iterable[tuple[Candidate, list[PlaceMention]]]) -> None:
        """``told`` are the article's acts with the places that their sentences tell."""
        self.context = context
        #: occasion -> number of the sentence, places and parties told there
        self.carried: dict[str, tuple[int, list[PlaceMention], set[str]]] = {}
        by_occasion: dict[str, list[PlaceMention]] = defaultdict(list)
        for c, places in told:
            by_occasion[SCENES.get(c.code, c.code)] += places[:1]
        self.told = by_occasion["ground"]
        #: the only town of the article's country, once it was asked for
        self.town: tuple[PlaceMention | None] | None = None
        self.scenes = {occasion: scene_of(places, context) for occasion, places in by_occasion.items()}

    def places(self, number: int, c: Candidate, told: list[PlaceMention]) -> list[PlaceMention]:
        """The places of an act in sentence ``number``: those ``told`` there, else those carried over; [] if none."""
        occasion, reach = CARRIES_PLACE.get(c.code, (c.code, 0))
        parties = {*c.actors, *c.targets}
        if told:
            self.carried[occasion] = (number, told, parties)
            if c.code in SCENES:  # whoever comes to a protest comes to its place
                self.carried[SCENES[c.code]] = (number, told, set() if occasion == "protest" else parties)
            return told
        scene = self.scenes.get(SCENES.get(c.code, ""))
        before, since = self._before(occasion, reach, number, c, parties)
        if not before and scene is None:
            before, since = self._before(SCENES.get(c.code, ""), NEXT, number, c, parties)
        if scene is not None and (not before or since > NEXT) and self._plays_here(c, scene):
            return [scene]
        return before or self._struck_country(c) or self._at_home(c)

    def _at_home(self, c: Candidate) -> list[PlaceMention]:
        """The country of an article on one country's own affairs, for what happens on the ground and names no other."""
        names = self.context.country_names
        home = self.context.main_country
        if not self.context.domestic or home is None or c.code not in SCENES or SCENES[c.code] != "ground":
            return []
        foreign = {*c.actors, *c.targets} & set(names.values()) - {home}
        code = next((iso3 for iso3, name in names.items() if name == home), None)
        country = _country(code, self.context)
        if foreign or country is None or not self._plays_here(c, country, own=True):
            return []
        if self.town is None:
            self.town = (self._only_town(code),)
        return [self.town[0] or country]

    def _only_town(self, iso3: str | None) -> PlaceMention | None:
        """The town of a country, if the article places things in one only."""
        towns: dict[str, PlaceMention] = {}
        for token in self.context.doc:
            place = self.context.places.get(token.i)
            if place is None or place.kind != "settlement" or place.country_iso3 != iso3:
                continue
            up = token.head.head if token.dep_ == "pobj" and token.head.lower_ == "of" else token  # "the city of Lund"
            if up.dep_ == "pobj" and up.head.lower_ in INSIDE:
                towns.setdefault(place.name, place)
        return next(iter(towns.values())) if len(towns) == 1 else None

    def _before(
        self, occasion: str, reach: int, number: int, c: Candidate, parties: set[str]
    ) -> tuple[list[PlaceMention], int]:
        """The places told last of an occasion, and how many sentences ago; none where they do not fit the act."""
        if occasion not in self.carried:
            return [], 0
        sentence, before, others = self.carried[occasion]
        same = not others or bool(others & parties) or not parties
        fits = same and number - sentence <= reach and not self._own_country(before, c)
        return (before if fits else []), number - sentence

    def _struck_country(self, c: Candidate) -> list[PlaceMention]:
        """The country that is attacked, where the article tells of another act within it."""
        if c.code != "ASSAULT" or len(c.targets) != 1 or not c.actors:
            return []
        there = (p for p in self.told if self.context.country_names.get(p.country_iso3 or "") == c.targets[0])
        struck = next(there, None)
        country = _country(struck.country_iso3, self.context) if struck is not None else None
        return [country] if country is not None else []

    def _plays_here(self, c: Candidate, scene: PlaceMention, own: bool = False) -> bool:
        """True where the sentence names no other place, and the scene is no country that itself acts there."""
        for token in c.token.sent:
            place = self.context.places.get(token.i)
            locates = token.dep_ == "pobj" and token.head.lower_ in INSIDE
            if place is not None and locates and place.kind != "country" and place.name != scene.name:
                return False
        return own or not self._own_country([scene], c)

    def _own_country(self, places: list[PlaceMention], c: Candidate) -> bool:
        """True where a place carried over is a whole country that itself acts here: then it is not where it acts."""
        names = self.context.country_names
        return all(p.kind == "country" and names.get(p.country_iso3 or "") in c.actors for p in places)
