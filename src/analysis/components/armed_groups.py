"""Which organisations of an article are armed groups, and under which short names they go there.

No list can hold every front and movement. An organisation is an armed group where the article's own words make it one:
its fighters or rebels are spoken of ("fighters of the X", "X rebels"), or it stands in apposition to such a word ("the
rebel group X", "X, an insurgent group"), or where it has the name of one ("Front", "Brigades") in an article on rebels. Then its initials ("the KLM") and the capitalised head of its name ("the Front")
stand for it, and so do the rebels or militants of an article that names one such group only.
"""

from __future__ import annotations

from collections.abc import Mapping

from spacy.tokens import Doc, Span, Token

from analysis.actors import Role
from analysis.components.actor_names import LOCATIVE, Found, role_of
from analysis.components.event_grammar import grammar
from analysis.components.word_classes import word_class

#: tokens before or behind a name in which the word for its fighters stands
REACH_BEFORE = 3
REACH_BEHIND = 5
#: rows of actor_roles whose members are those of the one armed group that an article names; gunmen may be anyone's
MEMBERS = frozenset({"rebels", "militants"})
MIN_INITIALS = 2
#: roles of a state's forces, and how often they stand in an article on a fight
SOLDIERS = frozenset({"soldiers", "army"})
MIN_SOLDIERS = 3
#: words in the names of armed groups, and nouns that such a name may end in
NAMES = grammar("armed_names")
BODIES = word_class("nouns_of_armed_names")
#: words beside a name that make its owners fight for themselves though they are no fighters ("a drug gang")
GANGS = word_class("criminal_groups")
#: verbs of what armed groups do
FOUGHT = word_class("verbs_of_fighting")
#: adjectives that make a group one that fights
FIGHTING = word_class("words_of_rebels")
#: groups that fight for a state: they are not the rebels of an article
HIRED = word_class("hired_groups")
#: verbs of who has fighters of its own
HAVING = frozenset({"have", "command", "field", "boast", "muster", "lose", "train"})
#: verbs before the name of a group, and articles inside one
CALLED = frozenset({"know", "call", "name", "dub", "style"})
ARTICLES = frozenset({"al", "el", "as", "ash", "ad", "an", "ar", "wal", "ul", "e", "i"})
#: letters of a longer word, and the share of small words that a headline has
LONG = 3
FEW_SMALL = 0.25


def _fighting(role: Role | None) -> bool:
    return role is not None and role.belongs == "own" and role.source_kind == "military"


def _fights(found: Found, doc: Doc) -> bool:
    """True for a name like an armed group's that does what they do: "the Front, which has fought the army", "overran"."""
    if not any(t.lower_ in NAMES and t.text[0].isupper() for t in doc[found.start : found.end]):
        return False
    root = doc[found.start : found.end].root
    verbs = [c for t in doc[found.start : found.end] for c in t.rights if c.dep_ == "relcl"]
    verbs += [root.head] if root.dep_ == "nsubj" else []
    return any(verb.lemma_.lower() in FOUGHT for verb in verbs)


def _has_fighters(name: Token, roles: Mapping[str, Role]) -> bool:
    """ "The DLA has some 3,000 fighters"."""
    if name.dep_ != "nsubj" or name.head.lemma_.lower() not in HAVING:
        return False
    return any(c.dep_ == "dobj" and _fighting(role_of(c, dict(roles))) for c in name.head.rights)


def _is_armed(found: Found, doc: Doc, roles: Mapping[str, Role], fighters: set[str], members: bool) -> bool:
    """True where the words beside the name, or the name in an article on ``members``, say that it fights for itself."""
    if found.name in fighters:
        return True
    if members and any(t.lower_ in NAMES and t.text[0].isupper() for t in doc[found.start : found.end]):
        return True
    sentence = doc[found.start].sent
    if _fights(found, doc) or _has_fighters(doc[found.start : found.end].root, roles):
        return True
    before = range(max(sentence.start, found.start - REACH_BEFORE), found.start)
    if any(
        doc[i].tag_ in ("NN", "NNP") and (doc[i].lemma_.lower() in GANGS or _fighting(role_of(doc[i], roles)))
        for i in before
    ):
        return True
    placed = found.start > sentence.start and doc[found.start - 1].lower_ in LOCATIVE
    if not placed and found.end < sentence.end and doc[found.end].text == ",":
        behind = range(found.end + 1, min(sentence.end, found.end + 1 + REACH_BEHIND))
        for i in behind:
            if doc[i].is_punct or doc[i].pos_ == "VERB":
                break
            if doc[i].dep_ in ("compound", "poss"):
                continue  # "a militia official", "the rebels' last city"
            if doc[i].lemma_.lower() in GANGS or _fighting(role_of(doc[i], roles)):
                return True
    return False


def _initials(name: str) -> set[str]:
    """The acronyms that a name can have: of its capitalised words, and of all its words."""
    words = name.replace("-", " ").split()
    return {"".join(w[0] for w in words if w[0].isupper()), "".join(w[0].upper() for w in words)}


def _named(found: list[Found], doc: Doc) -> list[Found]:
    """Names of armed groups that the model missed: "the insurgents call themselves the Front for the Free Coast"."""
    # "the Movement for the Sands": a role noun may be the head of a name
    taken = {i for f in found if f.form != "role" or doc[f.start].lower_ not in NAMES for i in range(f.start, f.end)}
    named: list[Found] = []
    for token in doc:
        if token.lower_ not in NAMES or not token.text[0].isupper() or token.is_sent_start or token.i in taken:
            continue
        start, end = token.i, token.i + 1
        if _in_headline(token):
            continue
        while start and doc[start - 1].pos_ in ("PROPN", "ADJ") and doc[start - 1].text[0].isupper():
            start -= 1
        while end < len(doc):
            step = end
            while step < len(doc) and doc[step].lower_ in ("of", "for", "the") and step - end < 2:
                step += 1
            if step >= len(doc) or not doc[step].text[0].isupper() or not doc[step].is_alpha:
                break
            end = step + 1
        if end - start < MIN_INITIALS or not _ends_as_group(doc[start:end]) or not taken.isdisjoint(range(start, end)):
            continue
        name = doc[start:end].text
        named.append(Found(start, end, name, "organisation", "name", name, "military"))
        taken.update(range(start, end))
    return named


def _called_groups(found: list[Found], doc: Doc, roles: Mapping[str, Role]) -> list[Found]:
    """Names beside "rebel group" or "drug gang" that no list and no recogniser takes for a body's: "Los Cuervos, a gang"."""
    taken = {i for f in found for i in range(f.start, f.end) if f.actor_id is not None or f.kind == "organisation"}
    named: list[Found] = []
    heads = BODIES | GANGS
    for token in doc:
        if token.tag_ != "NN" or token.lemma_.lower() not in heads:
            continue
        words = [token, *(t for t in token.lefts if t.dep_ in ("amod", "compound", "nmod"))]
        words += [t for word in words[1:] for t in word.lefts]
        if not any(w.lemma_.lower() in GANGS or _fighting(role_of(w, roles)) or w.lower_ in FIGHTING for w in words):
            continue
        beside = [c for c in token.rights if c.dep_ == "appos"]
        if token.dep_ == "appos" and any(t.lower_ in ("a", "an") for t in token.lefts):
            beside.append(token.head)
        if token.dep_ == "compound" and token.head.i > token.i:
            beside.append(token.head)  # "rebel group Ansar al-Haqq"
        for clause in (c for c in token.rights if c.dep_ == "acl" and c.lemma_.lower() in CALLED):
            beside += [t for c in clause.rights for t in (c, *c.rights) if t.dep_ in ("pobj", "oprd", "dobj", "attr")]
        for name in beside:
            start = name.i
            while start > name.sent.start and start - 1 != token.i and _of_name(doc[start - 1]):
                start -= 1
            if name.pos_ != "PROPN" or not taken.isdisjoint(range(start, name.i + 1)) or name.ent_type_ == "NORP":
                continue
            text = doc[start : name.i + 1].text
            named.append(Found(start, name.i + 1, text, "armed_group", "name", text, "military"))
            taken.update(range(start, name.i + 1))
    return named


def _of_name(token: Token) -> bool:
    """True for a word inside a name, the article and hyphen of "Ansar al-Haqq" among them."""
    if token.text == "-":
        return token.i > 0 and not token.whitespace_
    return token.pos_ == "PROPN" and (token.text[0].isupper() or token.lower_ in ARTICLES)


def _make_whole(found: list[Found], doc: Doc) -> None:
    """Give groups the words of their names that the recogniser left out: "Tarn" of "Tarn Front" (in place)."""
    whole: dict[str, str] = {}
    taken = {i for f in found for i in range(f.start, f.end)}
    for f in found:
        token = doc[f.start]
        if f.kind != "organisation" or f.actor_id is not None or f.end - f.start > 1 or token.lower_ not in NAMES:
            continue
        start = f.start
        while start and not doc[start].is_sent_start and doc[start - 1].pos_ == "PROPN" and start - 1 not in taken:
            start -= 1
        if start < f.start and f.name == token.text:
            whole[f.name] = doc[start : f.end].text
            f.start = start
    for f in found:
        if f.name in whole and f.kind in ("organisation", "group"):
            f.name = f.party = whole[f.name]


def _in_headline(token: Token) -> bool:
    """True where every longer word of the sentence is capitalised, so that a capital tells nothing."""
    words = [t for t in token.sent if t.is_alpha and len(t) > LONG and t.i != token.i]
    return len(words) > 1 and sum(1 for t in words if t.text[0].islower()) <= len(words) * FEW_SMALL


def _ends_as_group(name: Span) -> bool:
    """True where the noun of a name, before any "of" or "for", is one of groups: "Free Coast Front", no "Front Row"."""
    first = next((t.i for t in name if t.lower_ in ("of", "for")), name.end)
    return first > name.start and (name.doc[first - 1].lower_ in NAMES or name.doc[first - 1].lemma_.lower() in BODIES)


def name_armed_groups(found: list[Found], doc: Doc, roles: Mapping[str, Role]) -> list[Found]:
    """Return the actors of a Doc with its armed groups recognised as such, short forms and members included."""
    _make_whole(found, doc)
    fighters = {f.name for f in found if f.kind == "group" and f.form == "role" and f.source_kind == "military"}
    members = {role.name for role in roles.values() if role.role_id in MEMBERS}
    spoken_of = any(f.kind == "group" and f.name in members for f in found)
    soldiers = sum(1 for f in found if f.name in SOLDIERS and f.kind == "role")
    called = _called_groups(found, doc, roles)
    if called:
        over = {i for f in called for i in range(f.start, f.end)}
        found = sorted([*(f for f in found if over.isdisjoint(range(f.start, f.end))), *called], key=lambda f: f.start)
    if fighters or soldiers >= MIN_SOLDIERS:
        missed = _named(found, doc)
        over = {i for f in missed for i in range(f.start, f.end)}
        found = sorted([*(f for f in found if f.start not in over), *missed], key=lambda f: (f.start, f.end))
    spoken_of = spoken_of or soldiers >= MIN_SOLDIERS
    groups: dict[str, Found] = {}
    for f in found:
        unlisted = f.kind == "organisation" and f.actor_id is None and f.iso3 is None and f.party == f.name
        if any(f.name == full.split(" of ")[0].split(" for ")[0].split()[-1] for full in groups if full != f.name):
            continue  # "the Front": a short form of one before
        if (f.kind == "armed_group" and f.form == "name") or (
            unlisted and _is_armed(f, doc, roles, fighters, spoken_of)
        ):
            groups.setdefault(f.name, f)
    if not groups:
        return found
    short: dict[str, str] = {}
    for full, first in groups.items():
        words = [t for t in doc[first.start : first.end] if t.text[0].isupper()]
        if len(words) >= MIN_INITIALS:
            short.update({initials: full for initials in _initials(full) if len(initials) >= MIN_INITIALS})
            head = doc[first.start : first.end].root
            if head.text[0].isupper() and (role_of(head, roles) is None or head.lower_ in NAMES):
                short.setdefault(head.text, full)
    own = [name for name in groups if name.lower() not in HIRED] or list(groups)
    only = own[0] if len(own) == 1 and own[0].lower() not in HIRED else None
    taken = {i for f in found for i in range(f.start, f.end)}
    for f in found:
        name: str | None = f.name if f.name in groups else short.get(f.name)
        if name is None and only is not None and f.kind == "group" and f.form == "role" and f.name in members:
            name = only
        if name is not None and f.kind in ("organisation", "armed_group", "group"):
            f.name, f.party, f.kind, f.source_kind = name, name, "armed_group", "military"
    for token in doc:
        named = short.get(token.text)
        if named is not None and token.i not in taken and token.i > 0 and doc[token.i - 1].lower_ in ("the", "-"):
            found.append(Found(token.i, token.i + 1, named, "armed_group", "name", named, "military"))
    return sorted(found, key=lambda f: (f.start, f.end))
