"""Forms of English verbs that the phrase builder needs: participles and -ing forms, regular and irregular."""

from __future__ import annotations

from spacy.tokens import Token

#: past participles that do not end in -ed
# fmt: off
IRREGULAR = {
    "be": "been", "bear": "borne", "beat": "beaten", "become": "become", "begin": "begun", "blow": "blown",
    "break": "broken", "bring": "brought", "build": "built", "buy": "bought", "catch": "caught", "choose": "chosen",
    "come": "come", "cost": "cost", "cut": "cut", "deal": "dealt", "do": "done", "draw": "drawn", "drive": "driven",
    "eat": "eaten", "fall": "fallen", "feed": "fed", "feel": "felt", "fight": "fought", "find": "found",
    "flee": "fled", "fly": "flown", "forbid": "forbidden", "get": "got", "give": "given", "go": "gone",
    "grow": "grown", "hang": "hung", "have": "had", "hear": "heard", "hit": "hit", "hold": "held", "hurt": "hurt",
    "keep": "kept", "know": "known", "lay": "laid", "lead": "led", "leave": "left", "lend": "lent", "let": "let",
    "lose": "lost", "make": "made", "mean": "meant", "meet": "met", "overrun": "overrun", "pay": "paid", "put": "put",
    "read": "read", "rise": "risen", "run": "run", "say": "said", "see": "seen", "seek": "sought", "sell": "sold",
    "send": "sent", "set": "set", "shoot": "shot", "show": "shown", "shut": "shut", "sink": "sunk", "slay": "slain",
    "spend": "spent", "split": "split", "stand": "stood", "steal": "stolen", "strike": "struck", "sweep": "swept",
    "swim": "swum", "take": "taken", "teach": "taught", "tear": "torn", "tell": "told", "think": "thought",
    "throw": "thrown", "understand": "understood", "win": "won", "withdraw": "withdrawn", "write": "written",
}
#: verbs whose last consonant doubles before an ending
DOUBLING = frozenset({
    "begin", "control", "cut", "drop", "get", "grab", "hit", "jam", "level", "plan", "put", "rob", "run", "set", "shut",
    "ship", "sit", "split", "stab", "stop", "swap", "swim", "tap", "trap", "win", "wrap",
})
# fmt: on


def gerund(lemma: str) -> str:
    """The -ing form of a verb."""
    if lemma.endswith("ie"):
        return lemma[:-2] + "ying"
    if lemma.endswith("e") and not lemma.endswith(("ee", "ye", "oe")) and lemma != "be":
        return lemma[:-1] + "ing"
    return lemma + (lemma[-1] if lemma in DOUBLING else "") + "ing"


def participle(verb: Token) -> str:
    """The past participle of a verb in the text."""
    lemma = verb.lemma_.lower()
    if verb.tag_ == "VBN" or (verb.tag_ == "VBD" and verb.lower_.endswith("ed")):
        return verb.lower_
    if lemma in IRREGULAR:
        return IRREGULAR[lemma]
    if lemma.endswith("e"):
        return lemma + "d"
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        return lemma[:-1] + "ied"
    return lemma + (lemma[-1] if lemma in DOUBLING else "") + "ed"
