"""Countries that no list holds, as one article introduces them: "Zelmara's army", "the capital of Zelmara".

No list can hold every state: old ones, ones that few recognise, ones that a writer made up. A name is a country's here
where the article gives it what only a state has (an army, an ambassador, a foreign minister), or says so ("Zelmara, a
landlocked nation"). Each such phrase weighs as the codebook's classes say, and a name needs the weight of two weak ones or
one strong one. What is known as a region, a city or a man's surname is none. Its adjective ("Zelmaran") is found by its stem.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable

from spacy.tokens import Doc, Span, Token

from analysis.actors import ActorIndex, Name
from analysis.components.country_adjectives import ENDINGS, LONE, SHARED, adjective_of, to_nouns
from analysis.components.datelines import datelines
from analysis.components.event_grammar import grammar
from analysis.components.word_classes import word_class

#: nouns for what only a state has, and for what mostly a state has
SURE = word_class("only_of_states")
LIKELY = word_class("mostly_of_states")
#: the words before "minister" and "ministry" by which he is a state's
PORTFOLIOS = word_class("portfolios_of_states")
#: nouns that say of a name that it is a country's
COUNTRIES = word_class("country_words")
#: words before "capital" that make it no country's
PARTLY = word_class("below_the_state")
#: capitalised words that stand before such nouns and name no country
PLAIN = word_class("capitalised_adjectives")
#: words before forces that make them the government's, and what governments do in headlines
FORCES = word_class("armies")
RULING = frozenset({"government", "state", "federal", "regime", "junta", "national"})
SPEAKING = frozenset(
    {"says", "claims", "denies", "confirms", "admits", "vows", "accuses", "reports", "insists", "rejects"}
)
#: words in the names of armed groups: their armies are no state's
ARMED = grammar("armed_names")
#: nouns for towns and parts of a country, prepositions of what is wide, and words for a part of it
PARTS = (word_class("settlement_nouns"), word_class("region_nouns"), word_class("district_nouns"))
SPANNING = frozenset({"across", "throughout"})
SIDES = frozenset({"northern", "southern", "eastern", "western", "central", "north", "south", "east", "west"})
#: adjectives of countries
BESET = frozenset({"landlocked", "impoverished"})
#: adjectives of towns and provinces that only one of a country has
OUTSTANDING = frozenset(
    {"second", "third", "fourth", "largest", "biggest", "main", "principal", "northernmost", "southernmost", "oldest"}
)
#: people in towns that are too large to be such a country, where the evidence is strong, and where it is not
LARGE_TOWN, SMALL_TOWN = 100_000, 5_000
#: weight of a strong and a weak phrase, and the least that makes a country
STRONG, WEAK = 2, 1
ENOUGH = 2
#: words that a name of a country may have
MAX_WORDS = 3
#: labels of the recogniser that no name of a country has
OTHER = frozenset({"DATE", "TIME", "MONEY", "PERCENT", "CARDINAL", "ORDINAL", "QUANTITY", "LANGUAGE", "LAW"})
#: how long an acronym is
ACRONYM = 5
#: tokens between a name and the noun behind a comma that says what it is
APPOSED = 6


def own_countries(doc: Doc, index: ActorIndex, known: Callable[[str, int], bool]) -> ActorIndex | None:
    """Return an index of the countries that the article itself introduces and their adjectives, None without any.

    ``index`` holds the countries that are listed; ``known(name, people)`` is true for the gazetteer's regions, and for its
    towns of so many people.
    """
    told, wide, national = _evidence(doc)
    for weights in (told, wide):
        for name in [name for name in weights if index.longest(name.split(), 0) is not None]:
            del weights[name]
        for name in [name for name in weights if name.endswith(ENDINGS) and known(name, LARGE_TOWN)]:
            del weights[name]
        to_nouns(doc, weights)
    names = [name for name in {**told, **wide} if index.longest(name.split(), 0) is None]
    if not names:
        return None
    surnames = _surnames(doc)
    found: dict[str, list[str]] = {}
    weak: list[str] = []
    for name in names:
        if name.split()[-1] in surnames:
            continue
        adjectives = _adjectives(doc, name, index)
        weight = told.get(name, 0) + (max(WEAK, sum(strength for _, strength in adjectives)) if adjectives else 0)
        if weight >= ENOUGH and not known(name, LARGE_TOWN):
            found[name] = [word for word, _ in adjectives]
        elif weight + wide.get(name, 0) + national >= ENOUGH and (weight or wide.get(name, 0)):
            weak.append(name)
    if weak and not found and not _abroad(doc, index):
        first = max(weak, key=lambda name: (told.get(name, 0) + wide.get(name, 0), -names.index(name)))
        if not known(first, SMALL_TOWN):
            found[first] = [word for word, _ in _adjectives(doc, first, index)]
    if not found:
        return None
    own = ActorIndex()
    for name, words in found.items():
        own.add(name, Name(name, "country", "name", name, "government", None, ""))
        for word in words:
            own.add(word, Name(name, "country", "demonym", name, "government", None, ""))
    return own


def likely_country(doc: Doc) -> str | None:
    """The name that is most likely the country of an article that names none which a list holds; None without a sign.

    No region or town that the gazetteer holds is one ("Bavaria's interior minister").
    """
    told, wide, _ = _evidence(doc)
    surnames = _surnames(doc)
    listed = [p for p in doc._.places or () if p.country_iso3 and p.kind != "country"]
    known = {name for p in listed for name in (p.name, doc.text[p.start : p.end])}
    names = [name for name in {**told, **wide} if name not in known and name.split()[-1] not in surnames]
    weight = {name: told.get(name, 0) + wide.get(name, 0) for name in names}
    first = {t.text: -t.i for t in reversed(doc) if t.pos_ == "PROPN"} if len(weight) > 1 else {}
    return max(weight, key=lambda n: (weight[n], told.get(n, 0), first.get(n.split()[0], -len(doc))), default=None)


def _surnames(doc: Doc) -> set[str]:
    """The last words of men's names; what only an adjective stands before ("neighbouring Zelmara") is none."""
    people = (e for e in doc.ents if e.label_ == "PERSON" and len(e) > 1)
    places = {e.text for e in doc.ents if e.label_ == "GPE"}
    return {e[-1].text for e in people if e[-2].text[0].isupper() or not e[-2].is_alpha} - places


def _formed(doc: Doc) -> set[str]:
    """Capitalised words that have the form of another's adjective: "Zelmaran" beside "Zelmara"."""
    alike: dict[str, set[str]] = defaultdict(set)
    for token in doc:
        if token.text[0].isupper() and len(token) >= SHARED:
            alike[token.text[: SHARED - 1]].add(token.text)
    return {w for words in alike.values() for w in words if any(n != w and adjective_of(w, n) for n in words)}


def _evidence(doc: Doc) -> tuple[dict[str, int], dict[str, int], bool]:
    """What names have that states have, how wide they are by their prepositions, and if the article is on one country."""
    told: dict[str, int] = defaultdict(int)
    wide: dict[str, int] = defaultdict(int)
    named = {e.text for e in doc.ents if e.label_ in ("GPE", "NORP", "LOC")} | _formed(doc)
    alone: dict[str, int] = defaultdict(int)
    parts: set[str] = set()
    has, called, national = SURE | LIKELY, frozenset(COUNTRIES), False
    forces = SURE | FORCES
    parts_of = frozenset(noun for nouns in PARTS for noun in nouns)
    for token in doc:
        if token.pos_ == "ADP":
            for name in _across(token):
                wide[name] += WEAK
        elif token.pos_ in ("NOUN", "PROPN"):
            noun = token.lemma_.lower()
            if noun in forces:
                for name in _stationed(token):
                    wide[name] += WEAK
            if token.pos_ == "PROPN" and any(c.lower_ in BESET or _beset(c) for c in token.lefts):
                for name in _run(token):
                    wide[name] += WEAK
            if token.pos_ == "PROPN" and not token.is_sent_start and doc[token.i - 1].lower_ in SIDES:
                for name in _quartered(token):
                    wide[name] += WEAK
            if noun in has:
                strength = _strength(token, noun)
                for name in _owners(token, named):
                    told[name] += strength
                for word in _adjectival(token):
                    told[word] += WEAK
                before = doc[token.i - 1]
                if noun in forces and before.dep_ in ("compound", "amod") and before.text not in named:
                    alone[before.text] += before.text.endswith(LONE) and before.text[0].isupper()
            elif noun in called:
                national = national or any(c.lower_ == "the" for c in token.lefts)
                for name in _called(token):
                    told[name] += STRONG
            elif noun in parts_of and any(c.lower_ in OUTSTANDING for c in token.lefts):
                for name in (*_inside(token), *_parts(token)):
                    told[name] += STRONG  # "the second city of Zelmara"
            elif noun in parts_of:
                inside = _inside(token)
                wide.update({name: wide[name] + WEAK for name in inside})
                parts.update(name for name in _parts(token) if name not in inside)
    for word, times in alone.items():
        if times > 1:  # "Zelmaran troops", "Zelmaran soldiers": no man has both
            told[word] += STRONG
    seconds = (line.second(doc) for line in datelines(doc)[:1])
    for second in seconds:
        if second is not None and not any(t.ent_type_ in OTHER for t in second):
            told[second.text] += WEAK
    first = next(doc.sents, None)
    for name in _speaking(first) if first is not None else ():
        wide[name] += WEAK
    for ent in first.ents if first is not None else ():
        if ent.label_ == "GPE" and len(ent) <= MAX_WORDS:
            for name in _run(ent[-1]):
                wide[name] += WEAK
    return (
        {n: w for n, w in told.items() if n not in parts},
        {n: w for n, w in wide.items() if n not in parts},
        national,
    )


def _abroad(doc: Doc, index: ActorIndex) -> bool:
    """True where the article names a listed country more than once: what it has is then more likely a town."""
    listed = (name for _, _, name in index.find([t.text for t in doc]) if name.kind == "country")
    return sum(1 for _ in listed) > 1


def _across(prep: Token) -> list[str]:
    """ "Across Zelmara", "all over Zelmara", "in northern Zelmara": said of countries more than of towns."""
    for obj in prep.rights:
        if obj.dep_ != "pobj" or obj.pos_ != "PROPN":
            continue
        before = [c for c in obj.lefts if c.dep_ in ("det", "amod")]
        if any(c.dep_ == "det" for c in before):
            return []  # "across the Sierra"
        wide = prep.lower_ in SPANNING or (prep.lower_ == "over" and any(c.lower_ == "all" for c in prep.lefts))
        return _run(obj) if wide or any(c.lower_ in SIDES and c.text[0].islower() for c in before) else []
    return []


def _inside(noun: Token) -> list[str]:
    """What towns and provinces are in: "the towns of Zelmara", "a valley in Zelmara"."""
    return [
        run
        for prep in noun.rights
        if prep.lower_ == "in" or (prep.lower_ == "of" and noun.tag_ == "NNS")
        for obj in prep.rights
        if obj.dep_ == "pobj" and obj.pos_ == "PROPN"
        for run in _run(obj)
    ]


def _parts(noun: Token) -> list[str]:
    """Names of provinces and towns: "the Vashorn region", "the town of Ostrelle"."""
    before = noun.nbor(-1) if noun.i else None
    named = _run(before) if before is not None and before.pos_ == "PROPN" else []
    for prep in noun.rights:
        if prep.lower_ == "of" and prep.i == noun.i + 1:
            named += [run for obj in prep.rights if obj.dep_ == "pobj" for run in _run(obj)]
    return named


def _run(last: Token) -> list[str]:
    """The capitalised words that end with ``last``, if a country may be called so; none or one."""
    doc, first = last.doc, last.i
    while first > 0 and not doc[first].is_sent_start and _nameable(doc[first - 1]):
        first -= 1
    tokens = list(doc[first : last.i + 1])
    if not _nameable(last) or len(tokens) > MAX_WORDS:
        return []
    words = [t.lower_ for t in tokens]
    alone = len(tokens) == 1
    if any(w in PLAIN or w in ARMED for w in words) or (alone and last.is_upper and len(last) <= ACRONYM):
        return []
    if words[-1] in SURE or words[-1] in LIKELY or (alone and words[-1] in COUNTRIES):
        return []
    owning = last.i + 1 < len(doc) and doc[last.i + 1].tag_ == "POS"
    if alone and doc[first].is_sent_start and not last.ent_type_ and not owning:
        return []  # the first word of a sentence is capitalised whatever it is
    # headlines in capitals name what the text names
    return [" ".join(t.text.title() if t.is_upper and len(t) > ACRONYM else t.text for t in tokens)]


def _nameable(token: Token) -> bool:
    return token.pos_ == "PROPN" and token.text[0].isupper() and token.is_alpha and token.ent_type_ not in OTHER


def _strength(token: Token, noun: str) -> int:
    if noun in SURE:
        return STRONG
    if noun in ("minister", "ministry", "secretary") and any(c.lower_ in PORTFOLIOS for c in token.lefts):
        return STRONG
    if noun == "capital":
        return 0 if any(c.lower_ in PARTLY for c in token.lefts) else STRONG
    return WEAK


def _adjectival(token: Token) -> list[str]:
    """The adjective before what states have: "Zelmaran forces", "the Zelmaran general staff"."""
    return [
        c.text
        for c in token.lefts
        if c.dep_ == "amod" and c.text[0].isupper() and c.ent_type_ in ("NORP", "GPE") and c.lower_ not in PLAIN
        if c.i == 0 or c.nbor(-1).pos_ not in ("PROPN", "ADJ") or not c.nbor(-1).text[0].isupper()  # "North Korean"
    ]


def _owners(token: Token, placed: set[str]) -> list[str]:
    """Whose the army, minister or capital is: "Zelmara's army", "the army of Zelmara", "the Zelmara army"."""
    for child in token.lefts:
        if child.dep_ == "poss" and child.pos_ == "PROPN":
            return _run(child)
        if child.tag_ == "WP$":  # "Zelmara, whose army": the clause hangs on the name
            clause = token if token.dep_ == "relcl" else token.head
            return _run(clause.head) if clause.dep_ == "relcl" and clause.head.pos_ == "PROPN" else []
    for prep in token.rights:
        if prep.dep_ == "prep" and prep.lower_ == "of":
            named = (c for c in prep.rights if c.dep_ == "pobj" and c.pos_ == "PROPN")
            return [run for obj in named if not any(c.dep_ == "det" for c in obj.lefts) for run in _run(obj)]
    before = None if token.is_sent_start or token.i == 0 else token.nbor(-1)
    if (
        before is None
        or token.pos_ != "NOUN"
        or before.dep_ not in ("compound", "nmod", "amod")
        or before.head != token
    ):
        return []
    return _run(before) if before.text in placed else []


def _beset(participle: Token) -> bool:
    """ "War-torn", "crisis-hit": what countries are called."""
    return participle.lower_ in ("torn", "hit", "ravaged", "stricken", "rich") and any(
        c.lower_ in ("war", "strife", "crisis", "conflict", "coup", "oil", "debt", "drought", "poverty")
        for c in participle.lefts
    )


def _stationed(token: Token) -> list[str]:
    """Where a state's own forces fight: "government troops in Zelmara"; those of other names may be guests there."""
    if not any(c.lower_ in RULING for c in token.lefts):
        return []
    named = (o for prep in token.rights if prep.lower_ == "in" for o in prep.rights if o.dep_ == "pobj")
    return [run for obj in named if obj.pos_ == "PROPN" for run in _run(obj)]


def _quartered(token: Token) -> list[str]:
    """ "(Temmur province, northern Zelmara)": a part of it named by its quarter where no preposition stands before."""
    return _run(token) if token.nbor(-1).text[0].islower() and token.dep_ != "pobj" else []


def _speaking(first: Span) -> list[str]:
    """The name that a headline lets speak for its government: "Zelmara says 140 rebels killed"."""
    word = first[0]
    if len(first) < 2 or first[1].lower_ not in SPEAKING or not word.is_title:
        return []
    inside = any(t.text == word.text and t.dep_ == "pobj" and t.head.lower_ == "in" for t in first.doc)
    return [word.text] if inside else []  # a person speaks in headlines too, but nothing happens in one


def _called(token: Token) -> list[str]:
    """What is called a country: "Zelmara, a landlocked nation", "the island nation of Zelmara", "Republic of Zelmara"."""
    for prep in token.rights:
        runs = [run for obj in prep.rights if obj.dep_ == "pobj" for run in _run(obj)] if prep.lower_ == "of" else []
        if runs and prep.i == token.i + 1:
            return runs
    if token.pos_ == "PROPN":
        return [run for run in _run(token) if " " in run]  # "the Velmar Republic"
    head = token.head
    if token.dep_ == "appos" and head.pos_ == "PROPN" and 0 < token.i - head.i <= APPOSED:
        return _run(head)
    subject = next((c for c in head.lefts if c.dep_ == "nsubj"), None) if token.dep_ == "attr" else None
    return _run(subject) if subject is not None and subject.pos_ == "PROPN" and head.lemma_ == "be" else []


def _adjectives(doc: Doc, name: str, index: ActorIndex) -> list[tuple[str, int]]:
    """Words of the article that are the adjective of ``name`` by stem and ending, each with what it weighs there."""
    found = []
    for token in doc:
        word = token.text
        if not word[0].isupper() or word == name or word[:SHARED].lower() != name[:SHARED].lower():
            continue
        if adjective_of(word, name) and index.longest([word], 0) is None:
            noun = token.head.lemma_.lower() if token.dep_ in ("amod", "compound", "nmod", "poss") else ""
            found.append((word, _strength(token.head, noun) if noun in SURE or noun in LIKELY else 0))
    return found
