"""Forms of English verbs: past, participles and -ing forms, regular and irregular."""

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
    "swear": "sworn", "swim": "swum", "take": "taken", "teach": "taught", "tear": "torn", "tell": "told", "think": "thought",
    "throw": "thrown", "understand": "understood", "win": "won", "withdraw": "withdrawn", "write": "written",
}
#: past forms that differ from the participle
PAST = {
    "be": "was", "bear": "bore", "beat": "beat", "become": "became", "begin": "began", "blow": "blew",
    "break": "broke", "choose": "chose", "come": "came", "do": "did", "draw": "drew", "drive": "drove", "eat": "ate",
    "fall": "fell", "fly": "flew", "forbid": "forbade", "give": "gave", "go": "went", "grow": "grew", "know": "knew",
    "overrun": "overran", "rise": "rose", "run": "ran", "see": "saw", "show": "showed", "sink": "sank", "slay": "slew",
    "swear": "swore", "swim": "swam", "take": "took", "tear": "tore", "throw": "threw", "withdraw": "withdrew",
    "write": "wrote",
}
#: prefixes with which a verb keeps its irregular forms ("foretold", "rewrote", "gainsaid")
PREFIXES = ("fore", "gain", "mis", "re", "over", "under")
#: verbs whose last consonant doubles before an ending
DOUBLING = frozenset({
    "admit", "aver", "begin", "blog", "brag", "commit", "control", "cut", "deadpan", "drop", "get", "grab", "hit", "jam",
    "level", "log", "omit", "permit", "plan", "put", "quip", "rebut", "recap", "refer", "rob", "run", "set", "shut",
    "ship", "sit", "snap", "sob", "split", "stab", "stop", "submit", "swap", "swim", "tap", "trap", "win", "wrap",
})
# fmt: on


def gerund(lemma: str) -> str:
    """The -ing form of a verb."""
    if lemma.endswith("ie"):
        return lemma[:-2] + "ying"
    if lemma.endswith("e") and not lemma.endswith(("ee", "ye", "oe")) and lemma != "be":
        return lemma[:-1] + "ing"
    return lemma + (lemma[-1] if lemma in DOUBLING else "") + "ing"


def past(lemma: str) -> str:
    """The past form of a verb ("admitted", "wrote", "said")."""
    irregular = IRREGULAR | PAST
    if lemma in irregular:
        return irregular[lemma]
    for prefix in PREFIXES:
        if lemma.startswith(prefix) and lemma.removeprefix(prefix) in irregular:
            return prefix + irregular[lemma.removeprefix(prefix)]
    return _regular(lemma)


def _regular(lemma: str) -> str:
    """The form in -ed."""
    if lemma.endswith("e"):
        return lemma + "d"
    if lemma.endswith("y") and lemma[-2:-1] not in "aeou":
        return lemma[:-1] + "ied"
    return lemma + (lemma[-1] if lemma in DOUBLING else "") + "ed"


def participle(verb: Token) -> str:
    """The past participle of a verb in the text."""
    lemma = verb.lemma_.lower()
    if verb.tag_ == "VBN" or (verb.tag_ == "VBD" and verb.lower_.endswith("ed")):
        return verb.lower_
    return IRREGULAR[lemma] if lemma in IRREGULAR else _regular(lemma)
