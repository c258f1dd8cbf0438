"""To which utterance a figure with a speaker goes back: the day it was said, a speech that goes on, one passed on."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from analysis.ledger import REMEMBERED_DAYS, Ledger, bounds_of, days_apart, told_alike
from analysis.retelling import Claim, quantity_of, text_of
from analysis.speakers import same_office, surname
from analysis.stories import Stories
from analysis.wording import content_stems

#: an utterance of the last days goes on over several sentences, an older one is only referred to
CURRENT_DAYS = 2
#: the reason of an utterance of which no text tells the day
DATED_BY_PAPER = "speaker, day of publication"
#: days within which a second person passes on what the first said
PASSED_ON_DAYS = 2
#: sentences around a figure in which the first speaker is named where a second one passes it on
NEAR = 2


def _own_day(ledger: Ledger, claim: Claim, speaker: str) -> str | None:
    """The day that the article gives for another figure of the same speaker, where it runs on in the past tense."""
    text = (text_of(claim, "sentence_text") or "").lower()
    present = {w + "s" for w in ("say", "tell", "add", "put", "count", "report", "claim")}
    if int(claim["sentence"]) and present & set(re.findall(r"\w+", text)):
        return None
    at = int(claim["start"])
    days = [
        (int(c["start"]) > at, abs(at - int(c["start"])), day)
        for c in ledger.by_article[claim["article_id"]]
        if ledger.speaker(c) == speaker and (day := ledger.said(c))
        if 0 <= days_apart(ledger.published(claim), day) <= CURRENT_DAYS
        and not _said_otherwise(ledger, claim, speaker, day)
    ]
    return min(days)[2] if days else None


def _said_otherwise(ledger: Ledger, claim: Claim, speaker: str, day: str) -> bool:
    """True where this speaker gave another number of the same thing on that day: this one is of another day."""
    for other_id in ledger.by_day.get((speaker, day), ()):
        other, mine, theirs = ledger.claims[other_id], quantity_of(claim), quantity_of(ledger.claims[other_id])
        if mine is None or theirs is None or mine.unit != theirs.unit:
            continue
        words = (text_of(c, "counted") for c in (claim, other))
        same = all(
            text_of(claim, c) == text_of(other, c)
            for c in ("measure", "side", "place", "per", "aspect", "counted_class")
        )
        if same and len(set(words)) == 1 and mine.is_point and theirs.is_point and mine.low != theirs.low:
            return True
    return False


def _newer_beside(ledger: Ledger, claim: Claim, speaker: str) -> bool:
    """True where the article has another figure of the same thing by this speaker, that he had not given before."""
    mine = quantity_of(claim)
    for other in ledger.by_article[claim["article_id"]]:
        theirs = quantity_of(other)
        if mine is None or theirs is None or other is claim or ledger.speaker(other) != speaker:
            continue
        same = all(text_of(claim, c) == text_of(other, c) for c in ("measure", "unit", "per", "counted_class"))
        before = ledger.remembered(other, speaker) if same and mine.low != theirs.low else claim["claim_id"]
        if before is None or (before in ledger.origin and ledger.origin[before][2] == ledger.published(claim)):
            return True
    return False


def utterance(ledger: Ledger, claim: Claim, speaker: str) -> None:
    day, like = ledger.said(claim), ledger.remembered(claim, speaker)
    if day == ledger.published(claim) and like and _newer_beside(ledger, claim, speaker):
        ledger.put(claim, ledger.origin[like], "same speaker gave this figure before, and another one now", like)
    elif day:
        ledger.put(claim, ("utterance", speaker, day), "speaker and day of the utterance")
    elif like:
        ledger.put(claim, ledger.origin[like], "same speaker gave this figure before", like)
    elif day := _own_day(ledger, claim, speaker):
        ledger.put(claim, ("utterance", speaker, day), "same speaker in this article, day from an earlier figure")
    else:
        ledger.put(claim, ("utterance", speaker, ledger.published(claim)), DATED_BY_PAPER)


def _around(ledger: Ledger, claim: Claim) -> str:
    """The sentences about a claim."""
    text = ledger.articles[claim["article_id"]]["text"]
    spans = ledger.spans(claim["article_id"])
    here = next((i for i, (s, e) in enumerate(spans) if s <= int(claim["start"]) < e), 0)
    return text[spans[max(here - NEAR, 0)][0] : spans[min(here + NEAR, len(spans) - 1)][1]] if spans else ""


def _names(around: str, other: Claim) -> bool:
    """True where the speaker of ``other`` is named in these sentences."""
    name = surname(other)
    return name is not None and re.search(rf"\b{re.escape(name)}\b", around) is not None


def same_speech(ledger: Ledger) -> None:
    """Let a figure of which only the day of publication is known go back to the speech of the same speaker's other ones.

    That these are of an earlier day must be known from another text, of two numbers at least: one may well be repeated in
    a new speech. A number that he gave otherwise on that day is one of a later day.
    """
    for claims in ledger.by_article.values():
        speeches: dict[tuple[str, str, str], list[Claim]] = defaultdict(list)
        for claim in claims:
            key, like = ledger.origin.get(claim["claim_id"]), ledger.reason.get(claim["claim_id"], ("", None))[1]
            if key and key[0] == "utterance" and like and ledger.claims[like]["article_id"] != claim["article_id"]:
                speeches[key].append(claim)
        for claim in claims:
            key = ledger.origin.get(claim["claim_id"])
            if key is None or ledger.reason[claim["claim_id"]][0] != DATED_BY_PAPER:
                continue
            near = [
                (min(abs(int(other["start"]) - int(claim["start"])) for other in told), speech)
                for speech, told in speeches.items()
                if speech[1] == key[1] and 0 < days_apart(key[2], speech[2]) <= CURRENT_DAYS
                if len({bounds_of(other) for other in told}) > 1 and not _said_otherwise(ledger, claim, *speech[1:])
            ]
            if near:
                ledger.put(claim, min(near)[1], "same speaker in this article, day from another text")


def said_elsewhere(
    ledger: Ledger, claim: Claim, spoken: Mapping[tuple[float | None, float | None], Sequence[Claim]], stories: Stories
) -> str | None:
    """An utterance of this figure in another text of the story whose speaker these sentences name, the first of all.

    "On Monday the army had spoken of 27 dead. It is now 34" may be read without the speaker of the first figure.
    """
    around = _around(ledger, claim)
    stems = content_stems(re.findall(r"[^\W\d_]+", around.casefold()))
    found = []
    for other in spoken.get(bounds_of(claim), ()):
        day = ledger.origin[other["claim_id"]][2]
        if not 0 <= days_apart(ledger.published(claim), day) <= REMEMBERED_DAYS or not told_alike(claim, other):
            continue
        named = ledger.nouns.get(ledger.origin[other["claim_id"]][1]) in stems or _names(around, other)
        if named and stories.same(claim["article_id"], other["article_id"]):
            found.append((day, other["claim_id"]))
    return min(found)[1] if found else None


def passed_on(ledger: Ledger) -> None:
    """Give a second person who passes on the first one's report the first one's origin.

    The evidence is the same figure within some days, with the other speaker named beside it, while no article has both
    of them give it (two who give one number independently). Who was first is taken to be the one to whom more articles,
    copies included, give it.
    """
    by_figure: dict[tuple[Any, ...], list[Claim]] = defaultdict(list)
    for claim_id in sorted(i for ids in ledger.by_speaker.values() for i in ids):
        c = ledger.claims[claim_id]
        q = quantity_of(c)
        by_figure[(text_of(c, "measure"), q and (q.low, q.high), text_of(c, "unit"))].append(c)
    for alike in by_figure.values():
        keys = {c["claim_id"]: ledger.origin[c["claim_id"]] for c in alike}
        if len({key[1] for key in keys.values()}) < 2:
            continue
        by_day: dict[int, list[Claim]] = defaultdict(list)
        for c in alike:
            by_day[date.fromisoformat(keys[c["claim_id"]][2]).toordinal()].append(c)
        told_in: dict[tuple[str, str, str], set[str]] = defaultdict(set)
        for c in alike:
            told_in[keys[c["claim_id"]]].add(c["article_id"])
        tellers = {key: sum(ledger.copies(a) for a in sorted(where)) for key, where in told_in.items()}
        for claim in alike:
            mine, around = keys[claim["claim_id"]], _around(ledger, claim)
            firsts = []
            day = date.fromisoformat(mine[2]).toordinal()
            near = [c for d in range(day - PASSED_ON_DAYS, day + PASSED_ON_DAYS + 1) for c in by_day.get(d, ())]
            for other in near:
                theirs = keys[other["claim_id"]]
                rank = (-tellers[theirs], theirs)
                if theirs[1] == mine[1] or rank >= (-tellers[mine], mine) or not told_alike(claim, other):
                    continue
                both = told_in[mine] & told_in[theirs]
                named = not both and (_names(around, other) or _names(_around(ledger, other), claim))
                if named or same_office(claim, other):
                    firsts.append((rank, theirs, other["claim_id"]))
            if firsts:
                _, theirs, like = min(firsts)
                ledger.origin[claim["claim_id"]] = theirs
                ledger.reason[claim["claim_id"]] = ("passes on what the other said", like)
