"""Which organisations of an article are armed groups, and under which short names they go there.

No list can hold every front and movement. An organisation is an armed group where the article's own words make it one:
its fighters or rebels are spoken of ("fighters of the X", "X rebels"), or it stands in apposition to such a word ("the
rebel group X", "X, an insurgent group"), or where it has the name of one ("Front", "Brigades") in an article on rebels. Then its initials ("the KLM") and the capitalised head of its name ("the Front")
stand for it, and so do the rebels or militants of an article that names one such group only.
"""

from __future__ import annotations

from collections.abc import Mapping

from spacy.tokens import Doc

from analysis.actors import Role
from analysis.components.actor_names import Found, role_of
from analysis.components.event_grammar import grammar

#: tokens before or behind a name in which the word for its fighters stands
REACH_BEFORE = 3
REACH_BEHIND = 5
#: rows of actor_roles whose members are those of the one armed group that an article names; gunmen may be anyone's
MEMBERS = frozenset({"rebels", "militants"})
MIN_INITIALS = 2
#: roles of a state's forces, and how often they stand in an article on a fight
SOLDIERS = frozenset({"soldiers", "army"})
MIN_SOLDIERS = 3
#: words in the names of armed groups
NAMES = grammar("armed_names")


def _fighting(role: Role | None) -> bool:
    return role is not None and role.belongs == "own" and role.source_kind == "military"


def _is_armed(found: Found, doc: Doc, roles: Mapping[str, Role], fighters: set[str], members: bool) -> bool:
    """True where the words beside the name, or the name in an article on ``members``, say that it fights for itself."""
    if found.name in fighters:
        return True
    if members and any(t.lower_ in NAMES and t.text[0].isupper() for t in doc[found.start : found.end]):
        return True
    sentence = doc[found.start].sent
    before = range(max(sentence.start, found.start - REACH_BEFORE), found.start)
    if any(_fighting(role_of(doc[i], dict(roles))) and doc[i].tag_ in ("NN", "NNP") for i in before):
        return True
    if found.end < sentence.end and doc[found.end].text == ",":
        behind = range(found.end + 1, min(sentence.end, found.end + 1 + REACH_BEHIND))
        for i in behind:
            if doc[i].text == "," or doc[i].pos_ == "VERB":
                break
            if _fighting(role_of(doc[i], dict(roles))):
                return True
    return False


def _initials(name: str) -> set[str]:
    """The acronyms that a name can have: of its capitalised words, and of all its words."""
    words = name.replace("-", " ").split()
    return {"".join(w[0] for w in words if w[0].isupper()), "".join(w[0].upper() for w in words)}


def _named(found: list[Found], doc: Doc) -> list[Found]:
    """Names of armed groups that the model missed: "the insurgents call themselves the Front for the Free Coast"."""
    taken = {i for f in found for i in range(f.start, f.end)}
    named: list[Found] = []
    for token in doc:
        if token.lower_ not in NAMES or not token.text[0].isupper() or token.is_sent_start or token.i in taken:
            continue
        start, end = token.i, token.i + 1
        while start and doc[start - 1].pos_ in ("PROPN", "ADJ") and doc[start - 1].text[0].isupper():
            start -= 1
        while end < len(doc):
            step = end
            while step < len(doc) and doc[step].lower_ in ("of", "for", "the") and step - end < 2:
                step += 1
            if step >= len(doc) or not doc[step].text[0].isupper() or not doc[step].is_alpha:
                break
            end = step + 1
        if end - start < MIN_INITIALS or not taken.isdisjoint(range(start, end)):
            continue
        name = doc[start:end].text
        named.append(Found(start, end, name, "organisation", "name", name, "military"))
        taken.update(range(start, end))
    return named


def name_armed_groups(found: list[Found], doc: Doc, roles: Mapping[str, Role]) -> list[Found]:
    """Return the actors of a Doc with its armed groups recognised as such, short forms and members included."""
    fighters = {f.name for f in found if f.kind == "group" and f.form == "role" and f.source_kind == "military"}
    members = {role.name for role in roles.values() if role.role_id in MEMBERS}
    spoken_of = any(f.kind == "group" and f.name in members for f in found)
    soldiers = sum(1 for f in found if f.name in SOLDIERS and f.kind == "role")
    if spoken_of:
        found = sorted([*found, *_named(found, doc)], key=lambda f: (f.start, f.end))
    spoken_of = spoken_of or soldiers >= MIN_SOLDIERS
    groups: dict[str, Found] = {}
    for f in found:
        unlisted = f.kind == "organisation" and f.actor_id is None and f.iso3 is None and f.party == f.name
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
            if head.text[0].isupper() and role_of(head, dict(roles)) is None:
                short.setdefault(head.text, full)
    only = next(iter(groups)) if len(groups) == 1 else None
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
