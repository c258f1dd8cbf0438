"""Speakers as claims name them: by name, by office, by body; which of these names may mean one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection

from analysis.retelling import Claim, text_of
from analysis.speaking import WEEKDAYS
from analysis.wording import STOP_WORDS, content_stems

#: capitalised words before a name that are none of it ("Yesterday Vols said")
OPENERS = frozenset({"yesterday", "today", "tonight", "earlier", "later", "outgoing", "acting", "former", "new"})
#: a source that stands for somebody the reader knows from before
PRONOUNS = frozenset({"he", "she", "they", "it", "we", "i", "him", "her", "them"})
#: what a ticker puts before a speaker: "07:20 Police", "3. Police"
CLOCK = re.compile(r"^[\d\s:.,)-]+")


def speaker_of(claim: Claim) -> str | None:
    """The speaker as this claim names him; None in the outlet's own voice and where nobody in particular is meant."""
    name = text_of(claim, "source_id") or text_of(claim, "source")
    if name is None or text_of(claim, "source_kind") == "unattributed" or name.casefold() in PRONOUNS:
        return None
    return CLOCK.sub("", name).casefold() or None


def plain_source(claim: Claim) -> str:
    """Who is reported to have said it, as the article has it, without the time that a ticker puts before."""
    return CLOCK.sub("", text_of(claim, "source") or "")


def broad(claim: Claim, other: Claim) -> bool:
    """True where the one's source is only the country or body for which the other's speaks ("Kyiv says")."""
    source, party = text_of(claim, "source"), text_of(claim, "source_party")
    theirs = text_of(other, "source_party")
    return theirs is not None and party == theirs and source is not None and source.casefold() == theirs.casefold()


def short_form(claim: Claim, other: Claim) -> bool:
    """True where a headline names only an office ("minister"), or a body by fewer words, for the speaker of the body."""
    if int(claim["sentence"]) > 0 or int(other["sentence"]) == 0:
        return False
    if not is_title(claim):
        a, b = (content_stems(re.findall(r"[^\W\d_]+", plain_source(c).casefold())) for c in (claim, other))
        return bool(a) and a < b
    mine, theirs = text_of(claim, "source_party"), text_of(other, "source_party")
    return mine is None or theirs is None or mine == theirs


def same_office(claim: Claim, other: Claim) -> bool:
    """True where two sources are one office under two names ("interior minister", "Interior Ministry")."""
    if any(str(c.get("source_named")) == "False" for c in (claim, other)):
        return False
    mine, theirs = text_of(claim, "source_party"), text_of(other, "source_party")
    if mine is not None and theirs is not None and mine != theirs:
        return False
    a, b = (content_stems(re.findall(r"[a-z]+", (text_of(c, "source") or "").lower())) for c in (claim, other))
    return len(a & b) >= min(len(a), len(b), 2) > 0 and bool(a and b)


def surname(claim: Claim) -> str | None:
    words = [w for w in re.findall(r"[^\W\d_]+", text_of(claim, "source") or "") if w[0].isupper() and len(w) > 3]
    return words[-1] if words else None


def is_title(claim: Claim) -> bool:
    """True where the source is an office, not a name: a word of it is written small ("interior minister")."""
    words = re.findall(r"[^\W\d_]+", text_of(claim, "source") or "")
    return any(w[0].islower() and len(w) > 3 for w in words)


#: second parts of words that tell whose or from where somebody is ("state-run", "Lagos-based")
BELONGING = frozenset(("run", "based", "owned", "led", "backed", "born", "controlled", "funded", "aligned", "trained"))


def full_name(text: str, last: str, titles: Collection[str] = ()) -> str | None:
    """The first names that a text gives before a last name, with it ("Irena Vols"); None where it gives none.

    ``titles`` are words that are no names ("governor").
    """
    found: Counter[str] = Counter()
    for match in re.finditer(rf"((?:(?:[A-Z]\.|[A-Z][^\W\d_]+(?:[-’'][^\W\d_]+)*) )+){re.escape(last)}\b", text):
        words = match[1].split()
        while words and words[0].casefold().rstrip(".") in {*titles, *STOP_WORDS, *OPENERS, *WEEKDAYS}:
            words = words[1:]
        # "NPR's Ada", "the Paris-based Norwire": what stands before tells whose or what it is
        told = [k for k, w in enumerate(words) if w.endswith(("'s", "’s")) or w.rpartition("-")[2] in BELONGING]
        words = words[told[-1] + 1 :] if told else words
        if words:
            found[" ".join(words)] += 1
    best = min(found, key=lambda name: (-found[name], -len(name), name), default=None)
    return None if best is None else f"{best} {last}"
