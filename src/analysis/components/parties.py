"""Who acts and who is acted upon: the parties of a verb or noun, read off the dependency parse.

``resolve`` turns a noun or pronoun into parties (countries and organisations by canonical name, otherwise the group or
person), looking through quantities ("hundreds of protesters"), coordination, relative and personal pronouns, and roles
without a named party ("the army", "its forces"). ``subject_of`` finds the understood subject of infinitives, participles
and coordinated verbs.
"""

from __future__ import annotations

from collections import Counter

from spacy.tokens import Doc, Token

from analysis.components.actor_names import out_of_office
from analysis.components.event_context import Context, coalition, some_people
from analysis.components.event_grammar import grammar
from analysis.components.mentions import ActorMention, PlaceMention
from analysis.components.word_classes import word_class

SUBJECTS = frozenset({"nsubj", "csubj"})
PASSIVE_SUBJECTS = frozenset({"nsubjpass", "csubjpass"})
#: verbs whose object is the understood subject of the infinitive or gerund below them
OBJECT_CONTROL = grammar("object_control")
PARTITIVE = grammar("partitive")
#: groups that only point back to something named before
POINTING = word_class("pointing_groups")
#: groups that are a party of their own in the plural
UNIONS = frozenset({"unions"})
VAGUE = word_class("vague_groups")
#: groups of fighters that often stand for one named before
BARE_GROUPS = frozenset({"militia", "rebels", "militants"})
THEY = frozenset({"they", "them", "themselves", "their", "theirs"})
IT = frozenset({"it", "its", "itself"})
HE = frozenset({"he", "him", "his", "she", "her", "hers", "himself", "herself"})
WE = frozenset({"we", "us", "our", "ours", "i", "my", "me"})
#: people without a name are taken for the article's own group ("protesters") if it is told so often
MAIN_GROUP = 3
UNNAMED = frozenset(
    {"people", "man", "woman", "person", "those", "other", "some", "many", "hundred", "thousand", "dozen"}
)
BOTH_SIDES = word_class("both_sides")
#: what carries people, goods and explosives: whose it is must be told
CARRIERS = word_class("carriers")
OF_STATE = frozenset({"military", "army", "police", "naval", "troop", "government"})
MAX_DEPTH = 5

#: an article is on one country's affairs if it names it so many times more often than any other
DOMESTIC = 2


def build_context(doc: Doc, country_names: dict[str, str]) -> Context:
    """Index the Doc's actors and places; ``country_names`` maps ISO3 codes to canonical names."""
    by_token = {i: a for a in doc._.actors or [] for i in range(a.token_start, a.token_end)}
    places: dict[int, PlaceMention] = {}
    for place in doc._.places or []:
        span = doc.char_span(place.start, place.end, alignment_mode="expand")
        if span is not None:
            places.update(dict.fromkeys(range(span.start, span.end), place))
    context = Context(doc, by_token, places, country_names)
    counts = Counter(a.party for a in doc._.actors or [] if a.party and a.kind == "country")
    if counts:
        context.main_country = max(counts, key=lambda name: (counts[name], -list(counts).index(name)))
        second = max((n for name, n in counts.items() if name != context.main_country), default=0)
        context.domestic = counts[context.main_country] >= DOMESTIC * second
    named = Counter(
        a.party
        for a in doc._.actors or []
        if a.party and (a.iso3 or a.kind in ("country", "armed_group")) and "+" not in a.party
    )
    first = {name: k for k, name in enumerate(named)}
    context.sides = sorted(named, key=lambda name: (-named[name], first[name]))[:2]
    groups = Counter(a.name for a in doc._.actors or [] if a.kind == "group" and a.name not in VAGUE)
    for name in groups:
        longer = [other for other in groups if other.endswith(f" {name}") and other.islower()]
        if len(longer) == 1:
            context.full_names[name] = longer[0]
    if groups:
        most = max(groups.values())
        context.main_group = next(n for n in groups if groups[n] == most) if most >= MAIN_GROUP else None
    for token in doc:
        by_agent = token.dep_ == "pobj" and token.head.dep_ == "agent"
        if token.dep_ in SUBJECTS | PASSIVE_SUBJECTS or by_agent:
            actor = by_token.get(token.i)
            if actor is not None and actor.party and actor.kind != "media" and actor.party not in BARE_GROUPS:
                context.subjects.append((token.i, actor.party, actor.kind))
            elif actor is not None and actor.form == "role" and (found := _role(token, actor, context)):
                context.subjects.append((token.i, "+".join(found), "role"))
    return context


def _modifier_parties(token: Token, context: Context) -> list[str]:
    """Parties that stand before a noun in its own noun phrase, as possessor, nationality or name."""
    names: list[str] = []
    for child in token.lefts:
        if child.dep_ not in ("poss", "amod", "compound", "nmod", "nsubj"):
            continue
        if child.dep_ == "poss" and child.pos_ == "PRON":
            names += resolve(child, context)
            continue
        if child.lemma_.lower() == "coalition" and (named := coalition(context)) is not None:
            names.append(named)  # "coalition jets"
        for noun in [child, *[c for c in child.conjuncts if c.i < token.i]]:
            actor = context.mention(noun)
            if actor is None or actor.kind == "media":
                continue
            if actor.form == "role" and child.dep_ != "poss":
                names += actor.party.split("+") if actor.party else []
            elif actor.kind in ("country", "organisation", "armed_group"):
                if not _detached(context.doc, actor.token_end):
                    names += (actor.party or actor.name).split("+")
            elif child.dep_ == "poss":
                names += resolve(noun, context)
    return list(dict.fromkeys(names))


def _detached(doc: Doc, end: int) -> bool:
    return end + 1 < len(doc) and doc[end].text in ("-", "–") and doc[end + 1].tag_ in ("VBN", "VBD", "JJ")


def _last_subject(token: Token, context: Context, kinds: tuple[str, ...] | None) -> str | None:
    """The party of the last subject before ``token``: of this sentence first, else of the one or two before."""
    sent = token.sent
    earliest = max(0, sent.start - 120)
    for i, party, kind in reversed(context.subjects):
        if i >= token.i or i < earliest:
            continue
        one = token.lower_ in IT and kind == "group" and context.doc[i].tag_ == "NN"  # "the union said its members"
        if kinds is None or kind in kinds or one:
            return party
    return None


def _last_mention(token: Token, context: Context, kinds: tuple[str, ...]) -> str | None:
    for actor in reversed(context.doc._.actors or []):
        if actor.token_end <= token.i and actor.kind in kinds and actor.party:
            return actor.party
    return None


def _last_person(token: Token, context: Context) -> ActorMention | None:
    """The last person named before "he" or "she" in this sentence or the one before, if no office stands in between."""
    doc = context.doc
    start = token.sent.start
    earliest = doc[start - 1].sent.start if start else 0
    for actor in reversed(doc._.actors or []):
        if actor.token_end > token.i or actor.token_start < earliest:
            continue
        dep = doc[actor.token_end - 1].dep_
        if dep not in (*SUBJECTS, *PASSIVE_SUBJECTS, "attr", "appos", "conj"):
            continue
        return actor if actor.kind == "person" else None
    return None


def _pronoun(token: Token, context: Context) -> list[str]:
    word = token.lower_
    if token.tag_ in ("WP", "WDT", "WP$") or word in ("which", "who", "that", "whose", "whom"):
        verb = token.head
        while verb.dep_ not in ("relcl", "acl", "ROOT") and verb.head != verb:
            verb = verb.head
        if verb.dep_ in ("relcl", "acl") and verb.head.i < token.i:
            return resolve(verb.head, context)
        return []
    if word in HE and (person := _last_person(token, context)) is not None:
        return (person.party or _office(person, context) or person.name).split("+")
    if word in THEY | IT | HE:
        kinds: tuple[str, ...] = ("organisation", "armed_group", "role")
        if word not in HE:
            kinds = ("country", *kinds)  # no country is a "she"
        if word in THEY | HE:
            kinds = (*kinds, "group", "person")
        party = _last_subject(token, context, kinds)
        if word in IT and party is not None and some_people(party):
            party = None
        if party is None or party in VAGUE:
            party = _last_mention(token, context, tuple(k for k in kinds if k not in ("group", "person"))) or party
        return party.split("+") if party else []
    if word in WE:
        for attribution in context.doc._.attributions or []:
            if attribution.source_party and any(a <= token.idx < b for a, b in attribution.content):
                return str(attribution.source_party).split("+")
    return []


def resolve(token: Token, context: Context, depth: int = 0) -> list[str]:
    """The parties for which a noun or pronoun stands, in order, with those coordinated to it; [] if none is known."""
    if depth > MAX_DEPTH:
        return []
    names = _resolve_one(token, context, depth)
    for other in token.conjuncts:
        if other.i > token.i and other.dep_ == "conj" and other.pos_ in ("NOUN", "PROPN", "PRON", "ADJ"):
            names += _resolve_one(other, context, depth + 1)
    return list(dict.fromkeys(names))


def _resolve_one(token: Token, context: Context, depth: int) -> list[str]:
    if token.pos_ == "PRON" or token.tag_ in ("WP", "WDT", "PRP", "PRP$"):
        return _pronoun(token, context)
    if token.lemma_.lower() in BOTH_SIDES and any(c.lower_ in ("both", "two", "warring", "rival") for c in token.lefts):
        return list(context.sides) if len(context.sides) == 2 else []
    if token.lower_ in ("sides", "parties") and len(context.sides) == 2 and any(c.lower_ == "the" for c in token.lefts):
        return list(context.sides)
    if token.lower_ in ("other", "another") and any(c.lower_ in ("each", "one") for c in token.lefts):
        doer, _ = subject_of(token.head, context) if token.head.pos_ == "VERB" else (None, False)
        return resolve(doer, context, depth + 1) if doer is not None and doer != token else []
    actor = context.mention(token)
    if actor is not None:
        a_guess = guessed_party(actor) or (actor.kind == "person" and actor.actor_id is None and not actor.party)
        if actor.kind == "media" or (a_guess and token.i in context.places):
            return []
        if actor.kind == "person":
            return (actor.party or _office(actor, context) or actor.name).split("+")
        if actor.form == "role":
            return _role(token, actor, context, depth)
        return (actor.party or actor.name).split("+")
    place = context.places.get(token.i)
    if place is not None and place.kind == "water":
        return []  # "the Sea of Japan"
    modifiers = _modifier_parties(token, context)
    if modifiers:
        return modifiers
    if token.lemma_.lower() in PARTITIVE or token.pos_ == "NUM" or token.tag_ in ("DT", "JJ", "JJS"):
        for prep in token.children:
            if prep.dep_ == "prep" and prep.lower_ in ("of", "from"):
                for pobj in prep.children:
                    if pobj.dep_ == "pobj" and (found := resolve(pobj, context, depth + 1)):
                        return found
    for prep in token.children:
        if prep.dep_ == "prep" and prep.lower_ == "of":
            for pobj in prep.children:
                inner = context.mention(pobj)
                if pobj.dep_ == "pobj" and inner is not None and inner.kind in ("country", "armed_group"):
                    return (inner.party or inner.name).split("+")
    for child in token.children:
        if child.dep_ == "appos" and (found := _resolve_one(child, context, depth + 1)):
            return found
    if context.main_group is not None and (token.lemma_.lower() in UNNAMED or token.lower_ in UNNAMED):
        return [context.main_group]
    return []


def guessed_party(actor: ActorMention) -> bool:
    """True for an organisation that only the recogniser tells, which may be a place."""
    return (
        actor.kind == "organisation" and actor.actor_id is None and actor.form == "name" and actor.party == actor.name
    )


def unnamed_sides(token: Token | None) -> bool:
    """True for "the two sides", "both leaders": actors, whoever they are."""
    if token is None or token.tag_ != "NNS" or token.lemma_.lower() not in BOTH_SIDES:
        return False
    before = {c.lower_ for c in token.lefts}
    return bool(before & {"both", "two", "warring", "rival", "three"}) or (
        "the" in before and token.lemma_.lower() in ("side", "party")
    )


def _office(actor: ActorMention, context: Context) -> str | None:
    """The article's main country for a person whose office stands before the name without any country."""
    for other in context.doc._.actors or []:
        if other.kind == "person" and other.name == actor.name and other.token_start > 0:
            before = context.by_token.get(other.token_start - 1)
            of_state = before is not None and before.source_kind in ("government", "military")
            if (
                before is not None
                and of_state
                and before.form == "role"
                and not out_of_office(other.token_start, context.doc)
            ):
                return before.party or context.main_country
    return None


def _role(token: Token, actor: ActorMention, context: Context, depth: int = 0) -> list[str]:
    """A role's party: named with it, by its possessor, or for "the army" and "the group" the last that fits."""
    thing = actor.source_kind == "military" and actor.name == token.lemma_.lower() and token.tag_ == "NNS"
    if thing and not actor.party and token.n_lefts == 0 and token.dep_ in ("dobj", "pobj", "nsubjpass"):
        return []  # "shot down drones": whose they are is not told
    if actor.kind == "role" and out_of_office(token.i, context.doc):
        if any(c.dep_ == "compound" and c.lemma_.lower() == "union" for c in token.lefts):
            return ["unions"]  # "union leaders"
        beside = (context.mention(c) for c in token.rights if c.dep_ == "appos")
        person = next((m for m in beside if m is not None and m.kind == "person"), None)
        return [person.name if person is not None else context.main_group or actor.name]
    if actor.party and actor.party not in VAGUE and actor.party not in BARE_GROUPS:
        return [context.full_names.get(name, name) for name in actor.party.split("+")]
    for child in token.lefts:
        if child.dep_ == "compound" and child.lemma_.lower() == "police" and token.lemma_.lower() != "police":
            return [child.lemma_.lower()]  # "police officers"
    for child in token.lefts:
        if child.dep_ == "poss" and child.pos_ == "PRON" and (found := _pronoun(child, context)):
            return found
    allied = any(t.lemma_.lower() == "coalition" for t in (token, *token.lefts))
    if allied and (ours := coalition(context)) is not None:
        return [ours]
    for child in token.children:
        inner = context.mention(child) if child.dep_ == "appos" else None
        if inner is not None and inner.kind == "armed_group" and inner.party:
            return inner.party.split("+")  # "the militant group Boko Haram"
    for prep in token.rights:
        if prep.dep_ == "prep" and prep.lower_ in ("of", "in", "from"):
            for pobj in prep.children:
                inner = context.mention(pobj)
                if inner is not None and inner.kind in ("country", "armed_group", "organisation") and inner.party:
                    return inner.party.split("+")
                stands_for = token.lemma_.lower() in PARTITIVE and inner is not None and inner.form == "role"
                if stands_for and depth < MAX_DEPTH:
                    return resolve(pobj, context, depth + 1)  # "representatives of the government and the rebels"
                place = context.places.get(pobj.i)
                there = (
                    place.country_iso3
                    if place is not None and (place.geonames_id or place.kind != "settlement")
                    else None
                )
                if there in context.country_names and actor.kind == "role":
                    return [context.country_names[there]]  # "the governor of Kursk"
    if token.lemma_.lower() in CARRIERS and not any(t.lower_ in OF_STATE for t in token.lefts):
        return []  # "attacked a convoy", "a drone hit": whose it is the text does not tell
    points_back = any(c.lower_ in ("the", "this") for c in token.lefts) and token.tag_ not in ("NNS", "NNPS")
    if (points_back or actor.name not in UNIONS) and (actor.name in POINTING or token.lemma_.lower() in POINTING):
        party = _last_mention(token, context, ("armed_group", "organisation"))
        if party is None and actor.name is not None and actor.name in UNIONS:
            party = actor.name
        return [party] if party else []
    if actor.party is not None and actor.party in VAGUE:
        return [actor.party] if actor.kind == "group" else []
    if actor.kind == "group":
        definite = any(c.lower_ in ("the", "this") for c in token.lefts)
        if definite and token.lemma_.lower() in ("paramilitary", "militia", "fighter", "militant", "insurgent"):
            party = _last_mention(token, context, ("armed_group",))
            return [party] if party else [actor.name]
        return [actor.name]
    for child in token.children:
        if child.dep_ == "appos" and (inner := context.mention(child)) is not None and inner.party:
            return inner.party.split("+")
    party = _last_subject(token, context, ("country", "role"))
    named = any(c.lower_ in ("the", "this") for c in token.lefts) or token.tag_ in ("NNS", "NNPS")
    bare = not any(c.lower_ in ("the", "this", "its", "their") for c in token.lefts)
    unknown = party not in context.country_names.values() or not named
    if unknown or context.domestic or (bare and party not in context.sides):
        party = context.main_country
    return [party or actor.name]


def subject_of(verb: Token, context: Context, depth: int = 0) -> tuple[Token | None, bool]:
    """The subject token of a verb, own or understood, and whether it is a passive one; (None, False) if none."""
    if depth > MAX_DEPTH:
        return None, False
    for child in reversed(list(verb.lefts)):
        if child.pos_ in ("PUNCT", "SYM", "SPACE"):
            continue  # marks of layout that the parser took for a subject
        if child.dep_ in SUBJECTS:
            return child, False
        if child.dep_ in PASSIVE_SUBJECTS:
            return child, True
    for child in verb.rights:
        if child.dep_ in SUBJECTS and child.i < verb.i + 4:
            return child, False
    head = verb.head
    if head == verb:
        return None, False
    passive_form = verb.tag_ == "VBN" and not any(c.dep_ in ("aux",) and c.lemma_ == "have" for c in verb.lefts)
    if verb.dep_ == "conj" and head.pos_ in ("VERB", "AUX"):
        token, passive = subject_of(head, context, depth + 1)
        own_aux = any(c.dep_ in ("aux", "auxpass") for c in verb.lefts)
        return token, passive and (passive_form and not own_aux)
    if verb.dep_ in ("xcomp", "ccomp", "advcl", "oprd", "dep", "parataxis") and head.pos_ in ("VERB", "AUX", "ADJ"):
        if verb.dep_ in ("ccomp", "parataxis") and verb.tag_ not in ("VBG", "VB", "VBN"):
            return None, False
        if verb.dep_ in ("xcomp", "ccomp", "advcl") and head.lemma_.lower() in OBJECT_CONTROL:
            for child in head.children:
                if child.dep_ in ("dobj", "nsubjpass", "dative") and child.i < verb.i:
                    return child, passive_form
        token, _ = subject_of(head, context, depth + 1)
        return token, passive_form and verb.dep_ in ("advcl", "oprd")
    if verb.dep_ in ("acl", "relcl"):
        if verb.dep_ == "relcl" and any(c.dep_ in SUBJECTS | PASSIVE_SUBJECTS for c in verb.lefts):
            return None, False
        return head, passive_form
    if verb.dep_ == "pcomp":
        governor = head.head
        if governor.pos_ in ("VERB", "AUX"):
            if governor.lemma_.lower() in OBJECT_CONTROL:
                for child in governor.children:
                    if child.dep_ in ("dobj", "nsubjpass"):
                        return child, False
            return subject_of(governor, context, depth + 1)
        if governor.pos_ == "NOUN":
            for child in governor.lefts:
                if child.dep_ == "poss":
                    return child, False
            if governor.head.pos_ == "VERB":
                return subject_of(governor.head, context, depth + 1)
    return None, False
