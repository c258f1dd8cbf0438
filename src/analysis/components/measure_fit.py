"""Where a cue fits by its words, but not by who is counted: agents, crowds of passers-by, goods, minorities."""

from __future__ import annotations

from analysis.components.counted import ClassTable, Counted
from analysis.components.measure_cues import Cue
from analysis.components.measure_leaning import OF_PERSONS, PERSONS
from analysis.components.noun_clauses import CARRIERS, Link

#: what people do who are only there, or are only counted: a protest told nearby makes them its crowd
# fmt: off
PRESENT = frozenset(
    {
        "be", "stand", "come", "go", "arrive", "wait", "remain", "stay", "sit", "turn", "show", "walk", "move", "head",
        "see", "count", "estimate", "number", "reach", "put", "say", "expect", "report", "include", "join", "start", "set",
        "make", "take", "call", "demand", "hold", "carry", "sing", "shout", "block", "watch", "travel", "pass", "follow",
        "rise", "grow", "swell", "have", "cheer", "wave", "lie", "camp", "speak", "cross", "file", "mill", "linger",
        "bring", "draw", "attract", "film", "lead", "claim", "tally", "give", "press", "spread", "shuffle", "clap",
        "cover", "enter", "descend", "tell", "address", "involve", "occupy", "crowd", "throng", "wander", "approach", "climb", "tour",
    }
)
#: verbs whose object may be a crowd
COUNTING = frozenset(
    {
        "see", "count", "estimate", "number", "reach", "put", "expect", "report", "include", "have", "bring", "draw",
        "attract", "film", "claim", "tally", "give", "involve", "join", "lead", "tell", "address", "watch", "face", "block",
        "show", "picture", "capture", "photograph", "spot", "find",
    }
)
#: people of whom a protest told nearby makes no crowd
NO_CROWD = frozenset(
    {
        "member", "group", "official", "observer", "candidate", "guest", "passenger", "tourist", "survivor", "suspect",
        "migrant", "commuter", "pilot", "player", "delegate", "mayor", "minister", "judge", "inhabitant", "customer", "user",
        "investor", "subscriber", "reader", "viewer", "employer", "victim", "relative", "citizen", "voter", "lawmaker",
    }
)
#: people who fill boats and buses, not squares
ABOARD = frozenset({"migrant", "passenger", "commuter", "refugee", "evacuee", "inmate", "patient"})
#: people who are a crowd only where they come together
AUDIENCE = frozenset({"pilgrim", "fan", "worshipper", "worshiper", "spectator", "churchgoer", "reveller", "onlooker"})
#: further verbs that put a force somewhere
POSTING = frozenset(
    {
        "deploy", "send", "field", "station", "keep", "involve", "find", "mobilise", "mobilize", "post", "place", "order",
        "pull", "withdraw", "muster", "need", "use", "assign", "commit", "fly", "recruit", "hire", "train", "add", "back",
        "position", "gather", "mass", "dispatch", "command", "employ", "meet", "face", "stage", "lose", "mark", "honour",
    }
)
# fmt: on
#: nouns of people in which nobody is under arms ("its 1.1 million-strong minority")
CIVIL = frozenset(
    {
        "minority",
        "community",
        "population",
        "workforce",
        "union",
        "crew",
        "staff",
        "team",
        "choir",
        "congregation",
        "membership",
        "electorate",
        "diaspora",
        "delegation",
        "tribe",
        "audience",
        "party",
        "assembly",
        "parliament",
        "council",
        "profession",
        "labour",
        "company",
        "family",
        "church",
        "orchestra",
        "squad",
        "cast",
    }
)
#: measures of things to which something was done
DONE_TO = frozenset({"buildings_damaged", "equipment_lost"})
#: people who are there for another reason than the crowd
APART = frozenset({"police", "patients", "commanders", "prisoners"})


def unfit(cue: Cue, link: Link, counted: Counted) -> bool:
    """True where a cue fits by its words but cannot be said of this noun or number."""
    word, noun = link.word, counted.noun
    if cue.measure == "crowd_size" and (counted.counted_class in APART or (noun is not None and noun.lemma_ in ABOARD)):
        return True
    persons = cue.measure in OF_PERSONS
    apart = word.head != noun and cue.measure != "displaced"  # "evacuation orders for 900 people"
    if link.frame == "compound" and persons and (counted.kind is None or apart):
        return True  # evacuation orders, death sentences, rescue missions: nobody was counted
    if cue.pos == "verb" and persons and counted.kind is None and noun is not None and noun.tag_ == "NN":
        return not counted.elided  # of an unknown noun only a plural is people
    done = (persons and cue.measure != "crowd_size") or cue.measure in DONE_TO
    if link.frame == "subject" and "object" in cue.frames and done:
        # "two officers beating a boy": who does it
        others = (c for c in word.children if c.dep_ == "dobj" and c.i > word.i)
        return any(c.lemma_.lower() not in cue.rest and c.lower_ not in cue.rest for c in others)
    things = counted.kind is not None or cue.measure == "wounded"
    if persons and link.frame == "phrase" and noun is not None and counted.kind not in PERSONS and things:
        return True  # "54 crashes which result in injuries"
    if cue.first == "strong" and noun is not None and noun.lemma_.lower() in CIVIL:
        return True
    if cue.measure == "killed" and word.dep_ == "amod" and word.tag_ == "VBG":
        return True  # "starving refugees"
    if cue.measure == "territory_controlled" and word.dep_ == "amod" and counted.kind == "settlement":
        return word.i > 0 and word.nbor(-1).text == "-"  # "strikes on three rebel-held villages"
    return cue.first == "hold" and persons and word.tag_ == "VB" and word.dep_ != "conj"  # "big enough to hold 300"


def busy(counted: Counted, classes: ClassTable) -> bool:
    """True where people of no known class do or suffer something that no cue knows: they are no crowd for that."""
    if counted.noun is None or counted.elided:
        return False
    above = counted.noun.head
    prep = counted.root.head
    if counted.root.dep_ == "pobj" and prep.head.pos_ == "VERB" and prep.lower_ in ("to", "for"):
        return True  # "provided free places to 9,000 of the poorest pupils"
    within = counted.noun.tag_ == "NN" and counted.noun.dep_ in ("compound", "amod", "nmod")
    if within or counted.noun.lemma_.lower() in NO_CROWD:
        return True  # a 500-member chamber, 2,500 observers
    if counted.noun.dep_ == "pobj" and above.head.pos_ == "VERB" and above.head.lemma_.lower() not in CARRIERS:
        return True  # "promised free places to 9,000 pupils"
    if classes.of_noun(counted.noun) is not None:
        if above.pos_ == "AUX" and counted.counted_class == "workers":
            return True  # "200 clerks were at their desks"
        if above.pos_ != "VERB" or counted.noun.dep_ not in ("nsubj", "nsubjpass", "dobj"):
            return False
        return above.lemma_.lower() not in (COUNTING if counted.noun.dep_ == "dobj" else PRESENT)
    return counted.noun.dep_ in ("nsubj", "nsubjpass", "dobj") and counted.noun.head.pos_ == "VERB"


def done_to(counted: Counted) -> bool:
    """True for police to whom something is done that no cue knows: "pelted 40 officers with eggs"."""
    noun = counted.noun
    if noun is None or counted.elided:
        return False
    if noun.lemma_.lower() in AUDIENCE:  # pilgrims on a coach are no crowd
        after = [t.lower_ for t in noun.doc[noun.i + 1 : noun.i + 3]]
        return (
            bool({"aboard", "board"} & set(after))
            or noun.head.pos_ == "VERB"
            and noun.head.lemma_.lower() not in PRESENT
        )
    if counted.counted_class != "police":
        return False
    verb = noun.head
    told = verb.lemma_.lower() in PRESENT or verb.lemma_.lower() in POSTING
    return noun.dep_ in ("dobj", "nsubjpass") and verb.pos_ == "VERB" and not told
