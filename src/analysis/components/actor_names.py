"""Names, persons, organisations and roles in one sentence, with the party each belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from analysis.actors import ActorIndex, Name, Role
from analysis.components.event_grammar import grammar
from analysis.components.group_names import DETACHING, INSIDE_PHRASE, backed, of_trade

#: prepositions after which a capital is a place and no government
LOCATIVE = frozenset(
    [
        "in",
        "at",
        "near",
        "around",
        "outside",
        "inside",
        "across",
        "through",
        "into",
        "within",
        "towards",
        "toward",
        "above",
        "off",
    ]
)
#: words before an office that is none of the state
OUT_OF_OFFICE = grammar("out_of_office")
#: words in the names of armed groups
ARMED = grammar("armed_names")
#: what a role or person can belong to
AFFILIATING = frozenset({"country", "organisation", "armed_group"})
NOT_A_NAME = frozenset(
    ["mr", "mrs", "ms", "dr", "sir", "lord", "lady", "gen", "gen.", "lt", "lt.", "col", "col.", "sgt", "prof"]
)
PLURALS_OF_OFFICE = frozenset({"NNS", "NNPS"})


@dataclass(slots=True)
class Found:
    """A mention in the making, in token offsets."""

    start: int
    end: int
    name: str
    kind: str
    form: str
    party: str | None
    source_kind: str | None
    iso3: str | None = None
    actor_id: str | None = None


def role_of(token: Token, roles: Mapping[str, Role]) -> Role | None:
    """The role that a noun names, by its lemma; proper nouns in titles ("President") count."""
    if token.pos_ not in ("NOUN", "PROPN") and token.tag_ not in ("NNS", "NNPS"):
        return None
    lemma = token.lemma_.lower()
    if lemma.endswith("men"):
        lemma = f"{lemma[:-3]}man"  # plurals that the tagger took for a name
    return roles.get(lemma) or (roles.get(lemma[:-1]) if token.pos_ == "PROPN" and lemma.endswith("s") else None)


def _join(names: Sequence[str]) -> str | None:
    return "+".join(dict.fromkeys(names)) or None


def _detached(doc: Doc, end: int) -> bool:
    """True where the name that ends at token ``end`` is part of "<name>-backed" and the like."""
    if end < len(doc) and doc[end].text in ("-", "–") and end + 1 < len(doc):
        return doc[end + 1].lower_ in DETACHING
    return False


def _is_place(doc: Doc, start: int, end: int, entry: Name) -> bool:
    """True where a capital stands as a city and not for its government."""
    if entry.form != "metonym" or entry.iso3 is None:
        return False
    head = doc[end - 1]
    first = doc[start]
    if first.i > 0 and doc[first.i - 1].lower_ in LOCATIVE:
        return True
    if head.dep_ == "compound" and head.head.i == end and head.head.pos_ in ("NOUN", "PROPN"):
        return head.head.lower_ in ("region", "oblast", "province", "area", "airport", "suburb", "suburbs", "district")
    return False


def _is_surname(doc: Doc, i: int, entry: Name, roles: dict[str, Role]) -> bool:
    """True where a nationality is somebody's surname ("Volker Turk"): a proper noun after a given name."""
    token = doc[i]
    if entry.form != "demonym" or token.tag_ != "NNP" or token.dep_ in ("amod", "compound", "nmod") or i == 0:
        return False
    before = doc[i - 1]
    named = before.tag_ == "NNP" and before.dep_ == "compound" and before.head == token and not before.is_upper
    return named and role_of(before, roles) is None


def _named(words: list[str], index: ActorIndex, own: ActorIndex | None) -> list[tuple[int, int, Name]]:
    """The listed names among words, and those of the article's own countries that do not overlap them."""
    listed = list(index.find(words))
    if own is None:
        return listed
    taken = {i for start, end, _ in listed for i in range(start, end)}
    further = [hit for hit in own.find(words) if taken.isdisjoint(range(hit[0], hit[1]))]
    return sorted([*listed, *further], key=lambda hit: hit[0])


def _names(sent: Span, index: ActorIndex, roles: dict[str, Role], own: ActorIndex | None) -> list[Found]:
    doc = sent.doc
    words = [token.text.replace("’", "'") for token in sent]
    found = []
    for start, end, entry in _named(words, index, own):
        first, last = sent.start + start, sent.start + end
        around = doc[first].ent_type_ == "PERSON" and entry.kind == "country"
        if around and any(
            0 <= i < len(doc)
            and doc[i].ent_type_ == "PERSON"
            and doc[i].pos_ == "PROPN"
            and i not in range(first, last)
            for i in (first - 1, last)
        ):
            continue  # a country's name inside a person's
        if _is_place(doc, first, last, entry):
            continue
        if last < len(doc) and doc[last].ent_type_ == "MONEY" and doc[last].pos_ == "NOUN":
            continue  # "US dollars"
        if _is_surname(doc, first, entry, roles):
            found.append(Found(first - 1, last, doc[first - 1 : last].text, "person", "name", None, "other"))
            continue
        found.append(
            Found(
                first,
                last,
                entry.name,
                entry.kind,
                entry.form,
                entry.party,
                entry.source_kind,
                entry.iso3,
                entry.actor_id or None,
            )
        )
    return found


def affiliation(token: Token, by_token: dict[int, Found], sent_start: int) -> str | None:
    """The parties named in the noun phrase before ``token``, or after it with "of" or "from", joined by ``+``."""
    doc = token.doc
    names: list[str] = []
    i = token.i - 1
    while i >= sent_start:
        before = doc[i]
        found = by_token.get(i)
        if found is not None and found.kind != "media":
            if found.party and found.kind in AFFILIATING and not _detached(doc, found.end):
                names.append(found.party)
            i = found.start - 1
            continue
        if before.pos_ in INSIDE_PHRASE or before.text in ("-", "–", "'s", "’s", "'", "’") or before.ent_type_ == "ORG":
            if before.pos_ == "CCONJ" and not names and not (doc[i - 1].pos_ in ("ADJ", "PROPN") and i > sent_start):
                break
            if names and before.pos_ not in ("CCONJ", "PUNCT") and before.dep_ in ("nsubj", "dobj", "pobj", "ROOT"):
                break
            i -= 1
            continue
        if before.text == "," and names and i - 1 in by_token:
            i -= 1
            continue
        break
    if names:
        return _join(names[::-1])
    for child in token.rights:
        if child.dep_ != "prep" or child.lower_ not in ("of", "from"):
            continue
        for pobj in child.rights:
            if pobj.dep_ != "pobj":
                continue
            for noun in [pobj, *pobj.conjuncts]:
                found = by_token.get(noun.i)
                if found is not None and found.kind in AFFILIATING and found.party:
                    names.append(found.party)
    return _join(names)


def _persons(sent: Span, taken: dict[int, Found], roles: dict[str, Role]) -> list[Found]:
    doc = sent.doc
    found = []
    for ent in sent.ents:
        if ent.label_ not in ("PERSON", "ORG", "GPE", "FAC", "PRODUCT", "WORK_OF_ART", "NORP"):
            continue
        start, end = ent.start, ent.end
        while start < end and (doc[start].lower_ in NOT_A_NAME or doc[start].pos_ in ("DET", "PUNCT")):
            start += 1
        titled = False
        while start < end - 1 and (role := role_of(doc[start], roles)) is not None and role.title:
            start, titled = start + 1, True
        while end > start and (
            doc[end - 1].lower_ in ("'s", "’s", "'", "’") or doc[end - 1].pos_ in ("PUNCT", "SPACE")
        ):
            end -= 1
        if start >= end or any(i in taken for i in range(start, end)):
            continue
        if not all(t.pos_ in ("PROPN", "PART", "ADP", "PUNCT", "NOUN", "X", "ADJ") for t in doc[start:end]):
            continue
        before = role_of(doc[start - 1], roles) if start > sent.start else None
        titled = titled or (
            before is not None and before.title and doc[start - 1].dep_ in ("compound", "nmod", "nsubj")
        )
        root = doc[start:end].root
        if root.dep_ == "appos" and (role := role_of(root.head, roles)) is not None and role.title:
            titled = root.head.tag_ not in PLURALS_OF_OFFICE
        if ent.label_ == "PERSON" or (titled and end - start > 1):
            if not doc[start].text[:1].isupper():
                continue
            found.append(Found(start, end, doc[start:end].text, "person", "name", None, "other"))
    return found


def _organisations(sent: Span, taken: dict[int, Found], roles: dict[str, Role]) -> list[Found]:
    """Organisations of the recogniser; one that holds a country and a state's role acts for the country."""
    doc = sent.doc
    found = []
    for ent in sent.ents:
        if ent.label_ != "ORG":
            continue
        start, end = ent.start, ent.end
        while start < end and doc[start].pos_ in ("DET", "PUNCT"):
            start += 1
        while end > start and (
            doc[end - 1].lower_ in ("'s", "’s", "'", "’") or doc[end - 1].pos_ in ("PUNCT", "SPACE")
        ):
            end -= 1
        if any(t.text in (",", "/") for t in doc[start:end]):
            continue  # datelines and lists
        if start >= end or not any(t.text[:1].isupper() for t in doc[start:end]):
            continue
        named_in = {i for i in range(start, end) if i in taken}
        if not any(doc[i].text[:1].isupper() for i in range(start, end) if i not in named_in):
            continue  # "U.S. navy": a country and a role
        if end - start == 1 and (_in_title(doc, start, sent, roles) or _opening_noun(doc[start], sent, roles)):
            continue
        inside = {id(taken[i]): taken[i] for i in range(start, end) if i in taken}
        if inside and any(f.start < start or f.end > end or f.kind != "country" for f in inside.values()):
            continue
        if any(f.start == start and f.end == end for f in inside.values()):
            continue
        if start > sent.start and start - 1 in taken and doc[start - 1].dep_ in ("amod", "compound", "nmod"):
            inside[id(taken[start - 1])] = taken[start - 1]
        named = [role for t in doc[start:end] if (role := role_of(t, roles)) is not None]
        country = next((f.party for f in inside.values()), None)
        possessor = doc[start - 2] if start - 2 >= sent.start and doc[start - 1].lower_ in ("'s", "’s") else None
        if country is None and possessor is not None and possessor.i in taken:
            country = taken[possessor.i].party
        group = any(t.lower_ in ARMED and t.text[0].isupper() for t in doc[start:end])
        state = bool(named) and named[-1].belongs == "country" and not group
        rest = [doc[i] for i in range(start, end) if i not in named_in]
        if inside and all(any(c.isdigit() for c in t.text) for t in rest):
            continue  # "Thai F-16": a nationality and a type
        if inside and not named:
            last = max(inside.values(), key=lambda f: f.end)
            of_group = any(doc[i].lower_ in ARMED and doc[i].text[0].isupper() for i in range(start, last.start))
            if last.end == end and not of_group:
                continue  # "the war in Ukraine": a name at the end is the name itself, but for "the Front of Ukraine"
        text = doc[start:end].text
        party = country if state and country else text
        kind = named[-1].source_kind if named else "other"
        found.append(Found(start, end, text, "organisation", "name", party, kind))
    return found


def _peoples(sent: Span, taken: dict[int, Found]) -> list[Found]:
    """Peoples, faiths and political camps of the recogniser that no country is named after ("Kurds", "Sunnis")."""
    doc = sent.doc
    return [
        Found(ent.start, ent.end, ent.text, "group", "demonym", ent.text, "other")
        for ent in sent.ents
        if ent.label_ == "NORP"
        and doc[ent.end - 1].tag_ in ("NNS", "NNPS")
        and not any(i in taken for i in range(ent.start, ent.end))
    ]


def _opening_noun(token: Token, sent: Span, roles: dict[str, Role]) -> bool:
    """ "Farmers blocked": a plural noun for people whose capital only opens the sentence."""
    return token.i == sent.start and token.tag_ in ("NNS", "NNPS") and role_of(token, roles) is not None


def _in_title(doc: Doc, i: int, sent: Span, roles: dict[str, Role]) -> bool:
    """True where one capitalised word is part of an office ("Defense Secretary", "Secretary of State")."""
    if doc[i].is_upper and len(doc[i]) > 1:
        return False
    after = role_of(doc[i + 1], roles) if i + 1 < sent.end else None
    before = role_of(doc[i - 2], roles) if i - 2 >= sent.start and doc[i - 1].lower_ == "of" else None
    return any(role is not None and role.title for role in (after, before))


def _roles(sent: Span, by_token: dict[int, Found], roles: dict[str, Role]) -> list[Found]:
    doc = sent.doc
    found = []
    for token in sent:
        if token.i in by_token:
            continue
        role = role_of(token, roles)
        if role is None:
            continue
        following = doc[token.i + 1] if token.i + 1 < sent.end else None
        if token.dep_ == "compound" and following is not None and following.pos_ == "NOUN":
            continue  # "drone strikes", "police station": the head noun decides
        party = affiliation(token, by_token, sent.start)
        if role.role_id == "side" and party is None:
            continue
        name = role.name
        if role.belongs == "own":
            name = token.lower_ if role.name == token.lemma_.lower() and token.tag_ == "NNS" else role.name
            if party is not None and role.source_kind == "military" and "+" not in party:
                name = _armed_group(token, party, role, by_token)
            if role.role_id == "workers":
                name = of_trade(token, name)
            if (phrase := backed(token, sent.start)) is not None:
                name = phrase
            found.append(Found(token.i, token.i + 1, name, "group", "role", name, role.source_kind))
            continue
        if party is None and role.belongs == "either":
            party = role.name
        found.append(Found(token.i, token.i + 1, name, "role", "role", party, role.source_kind))
    return found


def _armed_group(token: Token, party: str, role: Role, by_token: dict[int, Found]) -> str:
    """A group's fighters are the group ("RSF fighters"); a country's rebels are named with it ("Fijian rebels")."""
    before = by_token.get(token.i - 1)
    if before is None:
        named = {f.party for f in by_token.values() if f.kind == "country"}
        return role.name if party in named else party  # "fighters from the RSF"
    return party if before.kind != "country" else f"{token.doc[before.start : before.end].text} {role.name}"


def out_of_office(start: int, doc: Doc) -> bool:
    """True where the office before the name at token ``start`` is none of the state ("opposition leader Ana Silva")."""
    i = start - 1
    while i >= 0 and doc[i].pos_ in INSIDE_PHRASE and doc[i].sent == doc[start].sent and i > start - 5:
        if doc[i].lower_ in OUT_OF_OFFICE:
            return True
        i -= 1
    return False


def _attach(person: Found, doc: Doc, by_token: dict[int, Found], roles: dict[str, Role], sent: Span) -> str | None:
    """A person's party from his title, from what he is in apposition to, or from an apposition to him."""
    if out_of_office(person.start, doc):
        return None
    root = doc[person.start : person.end].root
    for token in (doc[person.start], root):
        if (party := affiliation(token, by_token, sent.start)) is not None:
            return party
    candidates = [child for child in root.children if child.dep_ == "appos"]
    if root.dep_ == "appos":
        candidates.append(root.head)
    if person.end + 1 < sent.end and doc[person.end].text == "," and not candidates:
        candidates += [t for t in doc[person.end + 1 : min(person.end + 8, sent.end)] if role_of(t, roles)][:1]
    if person.start - 1 >= sent.start and doc[person.start - 1].text == ",":
        candidates.append(doc[person.start - 2])
    if root.dep_ == "pobj" and root.head.lower_ in ("for", "of"):
        candidates.append(root.head.head)  # "the commissioner for human rights Ana Silva"
    for noun in candidates:
        found = by_token.get(noun.i)
        if found is not None and found.party is not None and found.kind in ("role", "organisation", "country"):
            return found.party
        if role_of(noun, roles) is not None and (party := affiliation(noun, by_token, sent.start)) is not None:
            return party
    return None


def _token_map(found: list[Found]) -> dict[int, Found]:
    return {i: f for f in found for i in range(f.start, f.end)}


def find_sentence_actors(
    sent: Span, index: ActorIndex, roles: dict[str, Role], own: ActorIndex | None = None
) -> list[Found]:
    """The actors of one sentence in order, not overlapping; ``own`` are countries that only the article knows."""
    found = _names(sent, index, roles, own)
    organisations = _organisations(sent, _token_map(found), roles)
    covered = _token_map(organisations)
    found = [f for f in found if f.start not in covered] + organisations
    found += _persons(sent, _token_map(found), roles)
    found += _peoples(sent, _token_map(found))
    persons = [f for f in found if f.kind == "person" and f.actor_id is None]
    by_token = _token_map(found)
    found += _roles(sent, by_token, roles)
    by_token = _token_map(found)
    for person in persons:
        person.party = _attach(person, sent.doc, by_token, roles, sent)
    return sorted(found, key=lambda f: f.start)
