"""Labels of events, as a reader would say them: who did what to whom, and where.

A type of event is told by a verb where somebody is named who did it, else by a noun ("Attack on a village"). The words
are looser than the types, for a type holds many acts: what is only sure is told, and no more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """How a type of event is told: with a target, without one, by several at once, and as a noun of nobody's.

    ``to`` and ``alone`` are verbs of one who acts; what is before the first space takes the plural, as each word behind
    an "or". ``noun`` is the act, ``at`` what stands between it and the target.
    """

    to: str
    alone: str
    noun: str
    at: str
    together: str | None = None


WORDS = {
    "AGREE": Words("agrees with", "makes an agreement", "agreement", "with", "agree"),
    "CONSULT": Words("meets", "holds talks", "talks", "with", "hold talks"),
    "SUPPORT": Words("supports", "voices support", "support", "for"),
    "CONCEDE": Words("gives way to", "concedes something", "concession", "to"),
    "COOPERATE": Words("works with", "works with others", "cooperation", "with", "work together"),
    "AID": Words("helps", "gives aid", "aid", "to"),
    "RETREAT": Words("gives way to", "withdraws or gives something up", "withdrawal or release", "of"),
    "REQUEST": Words("makes a demand on", "makes a demand", "demand", "on"),
    "ACCUSE": Words("accuses or criticises", "makes an accusation", "accusation", "against"),
    "REJECT": Words("contradicts or refuses", "denies or refuses something", "denial or refusal", "to"),
    "THREATEN": Words("threatens or warns", "makes a threat", "threat", "to"),
    "PROTEST": Words("protests against", "protests", "protest", "against"),
    "SANCTION": Words("takes measures against", "takes measures", "sanctions", "against"),
    "MOBILIZE": Words("moves forces against", "moves forces", "movement of forces", "against"),
    "COERCE": Words("uses force or powers against", "uses force or powers", "use of force or powers", "against"),
    "ASSAULT": Words("attacks", "attacks", "attack or fighting", "against", "fight"),
}
#: words of one mode of a type, where it tells more
MODES = {
    ("COERCE", "arrest"): Words("arrests", "makes arrests", "arrest", "of"),
    ("COERCE", "detain"): Words("holds", "holds people", "detention", "of"),
    ("COERCE", "blockade"): Words("cuts off", "closes a way", "blockade", "of"),
    ("COERCE", "curfew"): Words("restricts", "imposes a curfew", "curfew", "on"),
    ("COERCE", "ban"): Words("bans", "imposes a ban", "ban", "on"),
    ("COERCE", "coup"): Words("overthrows", "seizes power", "seizure of power", "from"),
    ("RETREAT", "withdraw"): Words("withdraws before", "withdraws", "withdrawal", "of"),
    ("RETREAT", "release"): Words("frees", "frees people", "release", "of"),
    ("RETREAT", "ceasefire"): Words("stops fighting against", "stops fighting", "ceasefire", "with"),
    ("PROTEST", "strike"): Words("strikes against", "strikes", "strike", "against"),
    ("CONSULT", "visit"): Words("visits", "makes a visit", "visit", "to", "make visits"),
    ("CONSULT", "host"): Words("receives", "receives visitors", "visit", "by"),
    ("ACCUSE", "investigate"): Words("investigates", "opens an inquiry", "inquiry", "into"),
}
#: what a reader calls the types, for legends and tables
TYPES = {
    "AGREE": "agreement",
    "CONSULT": "meeting",
    "SUPPORT": "support",
    "CONCEDE": "concession",
    "COOPERATE": "cooperation",
    "AID": "aid",
    "RETREAT": "withdrawal or release",
    "REQUEST": "demand",
    "ACCUSE": "accusation",
    "REJECT": "denial or refusal",
    "THREATEN": "threat",
    "PROTEST": "protest or strike",
    "SANCTION": "sanctions",
    "MOBILIZE": "forces moved",
    "COERCE": "arrest or force",
    "ASSAULT": "attack or fighting",
}
#: actors who only are those who do it
BARE = {"PROTEST": frozenset({"protesters", "demonstrators", "marchers", "people", "crowd"})}
#: second verbs behind an "or"
FINITE = frozenset({"criticises", "refuses", "warns", "gives"})
#: nouns without an "s" that stand for several, and names whose last word makes them plural
PLURAL_NOUNS = frozenset({"people", "police", "children", "militia", "paramilitary"})
PLURAL_NAMES = frozenset(
    {"forces", "brigades", "rebels", "guards", "fighters", "workers", "houthis", "units", "separatists"}
)


def words_of(event_type: str, modes: Collection[str | None] = ()) -> Words:
    """How a type is told; by its mode where all mentions have the same one."""
    told = set(modes)
    mode = next(iter(told)) if len(told) == 1 else None
    if (event_type, mode or "") in MODES:
        return MODES[event_type, mode or ""]
    name = event_type.replace("_", " ").lower()  # a type that only a user's own codebook has
    return WORDS.get(event_type) or Words(f"– {name} –", f"– {name}", name, "–")


def label(
    event_type: str, actor: str | None, target: str | None, place: str | None, modes: Collection[str | None] = ()
) -> str:
    """A readable name: ``Ukraine attacks Russia in Kursk``, ``Protest in Lima``, ``Attack or fighting in Sumy``."""
    words = words_of(event_type, modes)
    if actor and not target and set(actor.split("+")) <= BARE.get(event_type, frozenset()):
        actor = None
    if actor is None:
        parts = [words.noun, *([words.at, _named(target)] if target else [])]
    elif not target and words.together and "+" in actor:
        parts = [_named(actor), words.together]
    else:
        verb = words.to if target else words.alone
        parts = [_named(actor), _plural(verb) if several(actor) else verb, *([_named(target)] if target else [])]
    if place and place not in (actor, target):
        parts += ["in", _joined(place)]
    told = " ".join(parts)
    return told[:1].upper() + told[1:]


def _joined(names: str) -> str:
    """Names that the tables join by a plus, as a reader lists them."""
    *first, last = names.split("+")
    return f"{', '.join(first)} and {last}" if first else last


def _named(names: str) -> str:
    """Names of parties; a common noun in the singular takes its article ("the mayor")."""
    return _joined("+".join(name if _stands_alone(name) else f"the {name}" for name in names.split("+")))


def _stands_alone(name: str) -> bool:
    return name[:1].isupper() or (several(name) and name != "police")


def several(actor: str) -> bool:
    """Whether an actor takes a verb in the plural: two parties, or a group by a plural noun ("farmers", not "Hamas")."""
    last = actor.split()[-1]
    noun = last.casefold()
    ends = noun.endswith("men") or (noun.endswith("s") and not noun.endswith("ss"))
    plural_noun = last[:1].islower() and (noun in PLURAL_NOUNS or ends)
    return "+" in actor or plural_noun or noun in PLURAL_NAMES


def _plural(verb: str) -> str:
    """A verb in the plural, each of those that an "or" joins: "contradicts or refuses" -> "contradict or refuse"."""
    words = verb.split(" ")
    heads = {0} | {i + 1 for i, w in enumerate(words) if w == "or" and i + 1 < len(words) and words[i + 1] in FINITE}
    return " ".join(_bare(w) if i in heads else w for i, w in enumerate(words))


def _bare(verb: str) -> str:
    """A verb without the ending of its third person."""
    return verb.removesuffix("es") if verb.endswith(("ches", "sses", "shes")) else verb.removesuffix("s")
