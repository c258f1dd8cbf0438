"""``place_ruler`` writes ``doc._.places``: place names in the text, and where they are.

A name counts as a place where the model's entity recogniser says so (GPE, LOC, FAC), where a generic word beside it says so
("the village of X", "the X region"), or where a locative word stands before it and the gazetteer knows it; what is
coordinated with a place and known to the gazetteer is one too. Which place it is, ``analysis.toponyms`` decides.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from analysis import codebook as codebooks
from analysis.components.mentions import Fault, PlaceMention, text_of
from analysis.components.place_spans import ARTICLES, linked, runs, trim
from analysis.gazetteer import Gazetteer, place_rows
from analysis.geography import Geography, beside
from analysis.place_names import SIDES, fold
from analysis.toponyms import Placed, Resolver, Toponym

PLACE_LABELS = {"GPE", "LOC", "FAC"}
#: entity labels of a run of capitalised words that a locative word cannot overrule
OTHER_LABELS = {
    "DATE",
    "TIME",
    "PERCENT",
    "MONEY",
    "QUANTITY",
    "ORDINAL",
    "CARDINAL",
    "LANGUAGE",
    "EVENT",
    "LAW",
}
Words = Mapping[str, tuple[str, str, bool]]
#: kinds that a generic word gives to a name the gazetteer may lack
TELLING = {"settlement", "admin1", "admin2"}
#: people from which on a town is known beyond its country
LARGE = 500_000


def load_resolver(folder: str | None = None, gazetteer: str | None = None) -> Resolver:
    """The resolver over the default gazetteer and the codebook in ``folder``.

    ``gazetteer`` is the path of a file in GeoNames' tab format (a country dump) whose places are added.
    """
    book = codebooks.load(folder)
    words: dict[str, tuple[str, str, bool]] = {}
    generic: list[str] = []
    for row in book.rows("place_words"):
        if row["order"] == "name":
            generic += map(fold, book.split(row["match"]))
            continue
        for word in book.split(row["match"]):
            code, order, strip = words.get(word, (row["code"], row["order"], False))
            words[word] = (code, order if order == row["order"] else "both", strip or row["strip"] == "yes")
    generic += [fold(w) for w, (code, _, strip) in words.items() if strip and code in ("admin1", "admin2")]
    return Resolver(Gazetteer(place_rows(book), generic, Path(gazetteer) if gazetteer else None), words)


def _before(span: Span) -> Token | None:
    """The word before a name, past article and lower-case adjectives ("in the northern Tarna")."""
    i = span.start - 1
    while (
        i >= 0 and (span.doc[i].pos_ in ("DET", "ADJ") or span.doc[i].dep_ == "amod") and span.doc[i].text[0].islower()
    ):
        i -= 1
    return span.doc[i] if i >= 0 and not span.doc[i].is_punct else None


def _known(resolver: Resolver, name: str, population: int = 1000, main: bool = False) -> bool:
    """Whether the gazetteer has a place of that name and size; ``main`` leaves out alternate names of small places."""
    if set(fold(name).split()) <= SIDES:
        return False
    if resolver.gazetteer.areas(name, demonyms=False):
        return True
    places = [p for p in resolver.gazetteer.lookup(name) if p.main or not main or p.population > 500_000]
    return any(
        p.population >= population or p.latitude is None or (p.kind == "region" and not p.indexed) for p in places
    )


def find_places(sent: Span, resolver: Resolver, geography: Geography, people: frozenset[str]) -> list[Span]:
    """The place names of one sentence, in order, without overlaps.

    ``people`` are words of the names of persons in the article: they are no places.
    """
    found: list[Span] = []
    taken: set[int] = set()

    def take(span: Span) -> None:
        if not any(i in taken for i in range(span.start, span.end)):
            found.append(span)
            taken.update(range(span.start, span.end))

    for name in linked(sent, resolver):
        take(name)
    for first, second in itertools.pairwise(sent.ents):  # "DR Congo", which the recogniser tears into two
        torn = first.end == second.start and {first.label_, second.label_} <= PLACE_LABELS
        whole = sent.doc[first.start : second.end]
        if torn and resolver.gazetteer.areas(whole.text, demonyms=False):
            take(whole)
    for ent in sent.ents:
        if ent.label_ in PLACE_LABELS:
            start = ent.start
            for i in [t.i for t in ent if t.text == ","] + [ent.end]:
                if i > start and (span := trim(sent.doc[start:i])) is not None and _trusted(span, resolver):
                    take(span)
                start = i + 1
    named = list(runs(sent))
    for run in named:
        labels = {t.ent_type_ for t in run} - {""}
        if any(i in taken for i in range(run.start, run.end)) or labels & OTHER_LABELS:
            continue
        if (labels and run.text in people) or resolver.gazetteer.is_demonym(run.text):
            continue
        sure = not labels or _in_play(run, resolver, geography)
        if _is_place(run, labels, resolver, sure) or _possessed(run, taken, resolver):
            take(run)
    for run in named:
        joined = run[0].i not in taken and run.root.dep_ in ("conj", "appos") and run.root.head.i in taken
        if (
            joined
            and not {t.ent_type_ for t in run} & OTHER_LABELS
            and run.text not in people
            and _known(resolver, run.text)
        ):
            take(run)
    return sorted(found, key=lambda s: s.start)


def _again(doc: Doc, spans: list[Span], people: frozenset[str]) -> list[Span]:
    """The other mentions of names that are places elsewhere in the article, whatever the recogniser takes them for.

    Not where the name is part of a longer one ("Victoria Smith", "the Lagos Times") or that of a person.
    """
    names = {s.text for s in spans}
    taken = {i for s in spans for i in range(s.start, s.end)}
    found = []
    for run in runs(doc[:]):
        if run.text not in names or run.text in people or any(t.i in taken for t in run):
            continue
        if {t.ent_type_ for t in run} & OTHER_LABELS:
            continue
        entity = next((e for e in doc.ents if e.start <= run.start < e.end), None)
        if entity is None or (entity.start >= run.start and entity.end <= run.end):
            found.append(run)
    return found


def _possessed(run: Span, taken: set[int], resolver: Resolver) -> bool:
    """ "Sudan's Kordofan": a known name that a place owns."""
    doc = run.doc
    if run.start < 2 or doc[run.start - 1].tag_ != "POS" or run.start - 2 not in taken:
        return False
    last = resolver.words.get(run[-1].lower_) if len(run) > 1 else None
    if last and last[1] != "before":
        return True
    return (run.end == len(doc) or doc[run.end].pos_ not in ("NOUN", "PROPN")) and _known(resolver, run.text, main=True)


def _trusted(span: Span, resolver: Resolver) -> bool:
    """Whether a name that the recogniser calls a place may be one: not an adjective, nor a piece of another name."""
    if set(fold(span.text).removeprefix("the ").split()) <= SIDES:
        return False
    after = span.doc[span.end] if span.end < len(span.doc) else span[-1]
    if len(span) == 1 and span.text.isupper() and len(span.text) < 6 and after.text in ("regions", "states"):
        return False  # "five WHO regions"
    if resolver.gazetteer.is_demonym(span.text) or (len(span) == 1 and span[0].tag_.startswith("JJ")):
        return False
    if resolver.gazetteer.lookup(resolver.read(text_of(span.doc), span.start_char, span.end_char).name):
        return True
    doc, root = span.doc, span.root
    if any(c.isdigit() for c in span.text) or not _evidence(span, resolver):
        return False
    if span.start > 0 and doc[span.start - 1].pos_ == "PROPN" and doc[span.start - 1].text not in ARTICLES:
        return False
    if root.dep_ in ("compound", "amod", "nmod") and root.head.i >= span.end and root.head.text[0].islower():
        entry = resolver.words.get(root.head.lower_)
        return entry is not None and entry[0] in TELLING
    return True


def _evidence(span: Span, resolver: Resolver) -> bool:
    """Whether words beside a name that the gazetteer lacks say that it is a place: "near X", "the village of X", "X, Iraq"."""
    if {t.ent_type_ for t in span} == {"FAC"}:
        return True
    if len(span) > 1 and (last := resolver.words.get(span[-1].lower_)) and last[1] != "before":
        return True
    before, after = _before(span), span.doc[span.end : span.end + 1].text
    entry = resolver.words.get(before.lower_) if before is not None else None
    if entry and entry[0] == "locative" or after and (told := resolver.words.get(after)) and told[0] in TELLING:
        return True
    if before is not None and before.lower_ == "of" and before.i > 0:
        entry = resolver.words.get(span.doc[before.i - 1].lower_)
        return entry is not None and entry[0] in TELLING
    return bool(beside(text_of(span.doc), span.end_char, resolver.gazetteer))


def _in_play(run: Span, resolver: Resolver, geography: Geography) -> bool:
    """Whether a place of exactly that name lies in a country that the article speaks of."""
    name = resolver.read(text_of(run.doc), run.start_char, run.end_char).name
    return any(p.main and p.country and geography.country.get(p.country) for p in resolver.gazetteer.lookup(name))


def _is_place(run: Span, labels: set[str], resolver: Resolver, sure: bool) -> bool:
    """Whether the words beside a run of capitalised words make it a place.

    ``sure`` is false where the recogniser takes it for something else and the article's geography does not speak for it.
    """
    doc, words = run.doc, resolver.words
    after = doc[run.end] if run.end < len(doc) else None
    entry = words.get(after.text) if after is not None and after.text != "state" else None
    acronym = len(run) == 1 and run.text.isupper() and 1 < len(run.text) < 6  # "five WHO regions", "NATO countries"
    if entry and entry[0] in TELLING and entry[1] != "before" and not (acronym and doc[run.end].text.endswith("s")):
        return True
    if run.start >= 2 and doc[run.start - 1].lower_ == "of":
        entry = words.get(doc[run.start - 2].lower_)
        if entry and entry[0] in TELLING and entry[1] != "after":
            return True
    last = words.get(run[-1].lower_) if len(run) > 1 else None
    if last and last[0] in TELLING and last[1] != "before":
        core = resolver.gazetteer.lookup(doc[run.start : run.end - 1].text)
        if any(p.main and (p.kind == "admin1" or last[0] != "admin1") for p in core):
            return True
    if "PERSON" not in labels and resolver.gazetteer.listed(run.text):
        return True
    first = run.start == run.sent.start and len(run.text) > 3 and run.text.isupper()
    if first and after is not None and after.text in (",", "(", "/") and _known(resolver, run.text, main=True):
        return True  # a dateline
    before = _before(run)
    if before is None:
        return False
    entry = words.get(before.lower_) or (words.get(before.lemma_) if before.pos_ == "VERB" else None)
    if entry is None or entry[1] != "before" or after is not None and after.pos_ == "PROPN":
        return False
    if entry[0] == "motion":
        return sure and _known(resolver, run.text, main=True)
    if entry[0] == "locative":
        return _known(resolver, run.text, main=bool(labels)) or (before.lower_ in ("near", "outside") and not labels)
    return (
        entry[0] in ("direction", "settlement")
        and (sure and not labels & {"PERSON", "NORP"})
        and _known(resolver, run.text, 15_000, main=bool(labels))
    )


def to_mention(toponym: Toponym, placed: Placed) -> PlaceMention:
    """A Placed as what stands on the Doc."""
    return PlaceMention(
        start=toponym.start,
        end=toponym.end,
        name=placed.name,
        kind=placed.kind,
        latitude=placed.latitude,
        longitude=placed.longitude,
        country_iso3=placed.country,
        admin1=placed.region_name,
        geonames_id=placed.geonames_id,
        precision=placed.precision,
    )


class PlaceRuler:
    """The component. A sentence that fails adds a Fault and has no places; the article goes on."""

    def __init__(self, codebook: str | None = None, gazetteer: str | None = None) -> None:
        self.resolver = load_resolver(codebook, gazetteer)

    def __call__(self, doc: Doc) -> Doc:
        doc._.places = self.find(doc)
        return doc

    def find(self, doc: Doc) -> list[PlaceMention]:
        """The places of ``doc``, in order of start."""
        geography = Geography(text_of(doc), self.resolver.gazetteer)
        people = frozenset(t.text for e in doc.ents if e.label_ == "PERSON" and len(e) > 1 for t in e)
        spans: list[Span] = []
        for sent in doc.sents:
            try:
                spans += find_places(sent, self.resolver, geography, people)
            except Exception as error:  # one bad sentence must not cost the article
                fault = Fault("place_ruler", sent.start_char, sent.end_char, f"{type(error).__name__}: {error}")
                doc._.faults = [*(doc._.faults or []), fault]
        spans = sorted([*spans, *_again(doc, spans, people)], key=lambda s: s.start)
        toponyms = [self.resolver.read(text_of(doc), s.start_char, s.end_char) for s in spans]
        placed = self.resolver.resolve(text_of(doc), toponyms, geography)
        found = [to_mention(t, p) for t, p in zip(toponyms, placed, strict=True)]
        return self._at_home(found, doc)

    def _at_home(self, found: list[PlaceMention], doc: Doc) -> list[PlaceMention]:
        """The places without countries that were only guessed, in an article on a country that no list holds.

        Its towns are on no map; a small namesake elsewhere, in a country that the article does not name, is another one.
        """
        countries = [a for a in doc._.actors or [] if a.kind == "country"]
        if all(a.iso3 for a in countries):
            return found
        named = {a.iso3 for a in countries}
        named |= {p.country_iso3 for p in found if p.kind == "country"}
        return [p if p.country_iso3 in named or self._large(p) else _unplaced(p) for p in found]

    def _large(self, place: PlaceMention) -> bool:
        """True for a place that is known by its own name whatever the article speaks of."""
        if place.geonames_id is None:
            return place.kind == "country"
        known = (p for p in self.resolver.gazetteer.lookup(place.name) if p.geonames_id == place.geonames_id)
        return any(p.population >= LARGE for p in known)


def _unplaced(place: PlaceMention) -> PlaceMention:
    """The place by its name alone."""
    nowhere = {"latitude": None, "longitude": None, "country_iso3": None, "admin1": None, "geonames_id": None}
    return replace(place, precision="none", **nowhere)  # type: ignore[arg-type]


@Language.factory(
    "place_ruler",
    default_config={"codebook": None, "gazetteer": None},
    assigns=["doc._.places"],
    requires=["doc.ents", "token.dep"],
)
def make_place_ruler(nlp: Language, name: str, codebook: str | None, gazetteer: str | None) -> PlaceRuler:
    return PlaceRuler(codebook, gazetteer)
