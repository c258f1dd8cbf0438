"""``actor_ruler``: names, nationalities, metonyms, persons and roles that stand for an actor, as ``doc._.actors``.

Names come from the codebook's index, organisations and persons that it lacks from the entity recogniser, roles ("troops",
"protesters") from the codebook's head nouns. A role's or person's party is the country or organisation named with it in
its noun phrase ("Kenyan troops", "the UN envoy", "the president of Ghana", "Ukraine's top commander, Oleksandr
Syrskyi"); a person keeps the party through the article. Roles without a named party have ``party`` None: whose "the
army" is depends on what is asked.
"""

from __future__ import annotations

from collections.abc import Callable

from spacy.language import Language
from spacy.tokens import Doc

from analysis.actors import ActorIndex, Role, build_index, build_roles
from analysis.codebook import load
from analysis.components.actor_names import Found, find_sentence_actors
from analysis.components.armed_groups import name_armed_groups
from analysis.components.mentions import ActorMention, Fault
from analysis.components.own_countries import own_countries
from analysis.components.place_ruler import load_resolver
from analysis.components.word_classes import using
from analysis.gazetteer import Gazetteer


def _unify(found: list[Found], doc: Doc) -> None:
    """Give a later surname the full name and party, and an acronym in brackets what it abbreviates (in place)."""
    full: dict[str, Found] = {}
    for f in found:
        if f.kind == "person" and (f.end - f.start > 1 or f.actor_id is not None):
            known = full.get(doc[f.end - 1].text)
            if known is None:
                full[doc[f.end - 1].text] = f
            elif known.name == f.name:
                known.party = known.party or f.party
    for f in found:
        known = full.get(doc[f.end - 1].text)
        if known is None or known is f:
            continue
        alone = f.end - f.start == 1 and doc[f.start].tag_ in ("NNP", "NNPS")
        by_surname = f.kind in ("person", "organisation") and f.actor_id is None
        by_demonym = f.form == "demonym" and doc[f.start].dep_ not in ("amod", "compound", "nmod")
        if f.name == known.name or (alone and (by_surname or by_demonym)):
            f.name, f.kind, f.form, f.iso3, f.actor_id = (known.name, "person", "name", None, known.actor_id)
            f.party = known.party or (None if by_demonym or f.party == doc[f.start].text else f.party)
            f.source_kind = known.source_kind
    short: dict[str, Found] = {}
    for f in found:
        bracket = f.end + 2 < len(doc) and doc[f.end].text == "(" and doc[f.end + 2].text == ")"
        if bracket and f.kind in ("organisation", "armed_group") and doc[f.end + 1].text.isupper():
            short.setdefault(doc[f.end + 1].text, f)
    for f in found:
        known = short.get(f.name)
        if known is not None and f.end - f.start == 1 and f.actor_id is None:
            f.name, f.kind, f.party, f.source_kind = (known.name, known.kind, known.party, known.source_kind)


def find_actors(
    doc: Doc, index: ActorIndex, roles: dict[str, Role], known: Callable[[str, int], bool] = lambda name, people: False
) -> tuple[list[ActorMention], list[Fault]]:
    """All actors of a Doc in order, and the sentences that failed.

    ``known`` tells names of regions and cities, which are no countries though no list of countries holds them.
    """
    found: list[Found] = []
    faults: list[Fault] = []
    own = own_countries(doc, index, known)
    for sent in doc.sents:
        try:
            found += find_sentence_actors(sent, index, roles, own)
        except Exception as error:
            faults.append(Fault("actor_ruler", sent.start_char, sent.end_char, repr(error)))
    _unify(found, doc)
    found = name_armed_groups(found, doc, roles)
    actors = [
        ActorMention(
            start=doc[f.start].idx,
            end=doc[f.end - 1].idx + len(doc[f.end - 1]),
            token_start=f.start,
            token_end=f.end,
            name=f.name,
            kind=f.kind,
            form=f.form,
            party=f.party,
            source_kind=f.source_kind,
            iso3=f.iso3,
            actor_id=f.actor_id,
        )
        for f in found
    ]
    return actors, faults


class ActorRuler:
    """spaCy component: writes ``doc._.actors``."""

    def __init__(self, nlp: Language, codebook: str | None) -> None:
        rows = load(codebook)
        tokenizer = nlp.tokenizer
        self.codebook = rows
        self.index = build_index(rows, lambda phrase: [t.text for t in tokenizer(phrase)])
        self.roles = build_roles(rows)
        self.folder = codebook
        self._gazetteer: Gazetteer | None = None

    def known(self, name: str, people: int) -> bool:
        """True for a name of the gazetteer, opened when first asked: a region's, or a town's of so many people."""
        if self._gazetteer is None:
            self._gazetteer = load_resolver(self.folder).gazetteer
        places = self._gazetteer.lookup(name)
        return bool(self._gazetteer.areas(name)) or any(
            p.main and (p.population >= people or p.kind == "region") for p in places
        )

    def __call__(self, doc: Doc) -> Doc:
        with using(self.codebook):
            actors, faults = find_actors(doc, self.index, self.roles, self.known)
        doc._.actors = actors
        doc._.faults = [*(doc._.faults or []), *faults]
        return doc


@Language.factory("actor_ruler", default_config={"codebook": None}, assigns=["doc._.actors"])
def make_actor_ruler(nlp: Language, name: str, codebook: str | None) -> ActorRuler:
    return ActorRuler(nlp, codebook)
