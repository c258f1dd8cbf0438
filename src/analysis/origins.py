"""Which claims go back to one utterance, or to one wire story in its own voice.

An origin is a speaker on a day; the wire story for what it says itself; an outlet's own voice elsewhere. A copy or
rewrite keeps the origin of what it tells again, also where it drops the speaker or distorts the number. Nothing is
merged without a reason, which ``merge_reasons`` gives.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from analysis.aliases import join_bodies, join_offices
from analysis.distortions import conversion_beside, distortions
from analysis.ledger import REMEMBERED_DAYS, Ledger, bounds_of, by_bounds, days_apart, told_alike
from analysis.provenance import group_id
from analysis.retelling import READ, Claim, quantity_of, records, retold, text_of
from analysis.speakers import broad, full_name, same_office, short_form, speaker_of, surname
from analysis.spokespeople import roles
from analysis.stories import Stories
from analysis.tables import frame
from analysis.wording import content_stems

#: an utterance of the last days goes on over several sentences, an older one is only referred to
CURRENT_DAYS = 2
#: the reason of an utterance of which no text tells the day
DATED_BY_PAPER = "speaker, day of publication"
#: days within which a second person passes on what the first said
PASSED_ON_DAYS = 2
#: sentences around a figure in which the first speaker is named where a second one passes it on
NEAR = 2


# --- utterances -------------------------------------------------------------------------------------------------------


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


def _utterance(ledger: Ledger, claim: Claim, speaker: str) -> None:
    if day := ledger.said(claim):
        ledger.put(claim, ("utterance", speaker, day), "speaker and day of the utterance")
    elif like := ledger.remembered(claim, speaker):
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


def _same_speech(ledger: Ledger) -> None:
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


def _said_elsewhere(
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


def _passed_on(ledger: Ledger) -> None:
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


def _order(articles: Mapping[str, Mapping[str, Any]], claim: Claim) -> tuple[Any, ...]:
    article = articles[claim["article_id"]]
    copy = text_of(article, "copy_of") is not None
    return (copy, text_of(claim, "published") or "9999", claim["outlet"], claim["article_id"], int(claim["start"]))


def _ledger(articles: pd.DataFrame, claims: pd.DataFrame, codebook: str | None) -> Ledger:
    by_id: dict[str, Mapping[str, Any]] = {a["article_id"]: a for a in records(articles)}
    rows: list[Claim] = sorted(({**c, READ: quantity_of(c)} for c in records(claims)), key=lambda c: _order(by_id, c))
    ledger, stories = Ledger(rows, by_id, codebook), Stories(records(articles))
    join_bodies(ledger, stories)
    told_again = _told_again(ledger)
    join_offices(ledger, told_again)
    if ledger.aliases:
        told_again = _told_again(ledger)
    explicit_first = sorted(rows, key=lambda c: ledger.said(c) is None)
    elsewhere = _speakers_of_copies(ledger, told_again)
    for claim in explicit_first:
        if claim["claim_id"] in told_again:
            continue
        if speaker := elsewhere.get(claim["claim_id"]) or ledger.speaker(claim):
            _utterance(ledger, claim, speaker)
    _passed_on(ledger)
    _tell_again(ledger, rows, told_again)
    _same_speech(ledger)
    spoken = by_bounds(ledger.claims[c] for ids in ledger.by_speaker.values() for c in ids)
    for claim in rows:
        if claim["claim_id"] in ledger.origin or claim["claim_id"] in told_again:
            continue
        if like := ledger.in_article(claim):
            ledger.put(claim, ledger.origin[like], "same figure with its speaker in this article", like)
        elif like := _said_elsewhere(ledger, claim, spoken, stories):
            ledger.put(claim, ledger.origin[like], "same figure, its speaker named beside it", like)
        else:
            ledger.put(claim, ("voice", claim["article_id"], ledger.published(claim)), "own voice of the outlet")
    _tell_again(ledger, rows, told_again)
    _headlines(ledger)
    return ledger


def _speakers_of_copies(ledger: Ledger, told_again: Mapping[str, tuple[str, str]]) -> dict[str, str]:
    """claim_id of a first telling -> who said it by those who tell it again in words of their own.

    Only where the first telling seems to name nobody, or where two of them agree on another than it does.
    """
    tellings: dict[str, dict[str, str]] = defaultdict(dict)
    for claim_id, (first, reason) in sorted(told_again.items()):
        while first in told_again:
            first = told_again[first][0]
        speaker = ledger.speaker(ledger.claims[claim_id])
        words = text_of(ledger.claims[claim_id], "sentence_text") or claim_id
        other_words = words != text_of(ledger.claims[first], "sentence_text")
        if reason.startswith("same f") and speaker and " @ " not in speaker and other_words:
            tellings[first].setdefault(words, speaker)
    found = {}
    for first, told in tellings.items():
        times = Counter(told.values())
        best = min(times, key=lambda name: (-times[name], name))
        own = ledger.speaker(ledger.claims[first])
        if own is None or (best != own and times[best] > 1 + times[own]):
            found[first] = best
    return found


def _tell_again(ledger: Ledger, rows: Sequence[Claim], told_again: Mapping[str, tuple[str, str]]) -> None:
    """Give claims that tell another one again its origin, as far as that is known by now."""
    for claim in rows:
        first, reason = told_again.get(claim["claim_id"], (None, ""))
        if first in ledger.origin and claim["claim_id"] not in ledger.origin:
            ledger.put(claim, ledger.origin[first], reason, first)


def _told_again(ledger: Ledger) -> dict[str, tuple[str, str]]:
    """claim_id in a copy or rewrite -> (claim_id of the first telling, reason); chains are followed to their start."""
    groups: dict[str, list[str]] = defaultdict(list)
    for article in ledger.by_article:
        if group := text_of(ledger.articles[article], "syndication_id"):
            groups[group].append(article)
    found: dict[str, tuple[str, str]] = {}
    for ids in groups.values():
        ids = sorted(ids, key=lambda a: _order(ledger.articles, ledger.by_article[a][0])[:4])
        pool = [ledger.with_speaker(c) for c in ledger.by_article[ids[0]]]
        for article in ids[1:]:
            mine = [ledger.with_speaker(c) for c in ledger.by_article[article]]
            again = retold(mine, pool)
            found.update(again)
            pool += [c for c in mine if c["claim_id"] not in again]
    return found


def _headlines(ledger: Ledger) -> None:
    """Give a figure told with only an office or country as its source the origin of the person who speaks for it there."""
    for claims in (same for told in ledger.by_article.values() for same in by_bounds(told).values()):
        for claim in claims:
            for other in claims:
                if other is claim or not (speaker_of(claim) and speaker_of(other)):
                    continue
                if not told_alike(claim, other, anywhere=0 in (int(claim["sentence"]), int(other["sentence"]))):
                    continue
                if (broad(claim, other) and not broad(other, claim)) or short_form(claim, other):
                    ledger.origin[claim["claim_id"]] = ledger.origin[other["claim_id"]]
                    ledger.reason[claim["claim_id"]] = (
                        "same figure, its speaker named in this article",
                        other["claim_id"],
                    )
                    break


def _ids(ledger: Ledger) -> dict[tuple[str, str, str], str]:
    first: dict[tuple[str, str, str], tuple[Any, ...]] = {}
    for claim_id, key in ledger.origin.items():
        claim = ledger.claims[claim_id]
        order = (*_order(ledger.articles, claim), claim_id)
        if key not in first or order < first[key]:
            first[key] = order
    return {key: group_id("org", order[-1]) for key, order in first.items()}


@dataclass(frozen=True)
class Traced:
    """Claims with their origins, and for each claim why it has this one (see ``merge_reasons``)."""

    claims: pd.DataFrame
    reasons: pd.DataFrame


def trace(articles: pd.DataFrame, claims: pd.DataFrame, codebook: str | None = None) -> Traced:
    """``originate`` and ``merge_reasons`` in one go."""
    ledger = _ledger(articles, claims, codebook)
    ids = _ids(ledger)
    return Traced(_filled(ledger, ids, claims), _reasons(ledger, ids))


def originate(articles: pd.DataFrame, claims: pd.DataFrame, codebook: str | None = None) -> pd.DataFrame:
    """Fill ``origin_id``, ``origin_reason``, ``retells`` and ``distortion`` of every claim.

    ``articles`` must have passed ``syndication.syndicate``.
    """
    ledger = _ledger(articles, claims, codebook)
    return _filled(ledger, _ids(ledger), claims)


def merge_reasons(articles: pd.DataFrame, claims: pd.DataFrame, codebook: str | None = None) -> pd.DataFrame:
    """One row a claim: ``claim_id``, ``origin_id``, ``kind`` (utterance, voice), ``who``, ``day``, ``reason``, ``like``,
    ``speaker``.

    ``speaker`` is one name for who is told to have said it, ``who`` the speaker (or article) of the origin;
    ``like`` is the claim_id of the claim that it was joined to, null where it stands for itself.
    """
    ledger = _ledger(articles, claims, codebook)
    return _reasons(ledger, _ids(ledger))


def _filled(ledger: Ledger, ids: Mapping[tuple[str, str, str], str], claims: pd.DataFrame) -> pd.DataFrame:
    rows = records(claims)
    for row in rows:
        claim = ledger.claims[row["claim_id"]]
        reason, like = ledger.reason[row["claim_id"]]
        row["origin_id"] = ids[ledger.origin[row["claim_id"]]]
        row["origin_reason"], row["retells"] = reason, like
        row["source"] = _fullest(ledger, claim)
        changed = conversion_beside(claim, ledger.by_article[claim["article_id"]])
        if like and ledger.claims[like]["article_id"] != claim["article_id"]:
            changed = distortions(claim, ledger.claims[like]) + changed
        row["distortion"] = "; ".join(changed) or None
    return frame("claims", rows)


def _fullest(ledger: Ledger, claim: Claim) -> str | None:
    """Its source, a bare last name with the first names that its article gives."""
    source = text_of(claim, "source")
    if (
        source is None
        or str(claim.get("source_named")) == "False"
        or not re.fullmatch(r"[A-Z][^\W\d_]+", source)
        or ledger.speaker(claim) in ledger.nouns
    ):
        return source
    titles = roles(ledger.codebook)
    return full_name(ledger.articles[claim["article_id"]]["text"], source, titles[0] | titles[1]) or source


def _reasons(ledger: Ledger, ids: Mapping[tuple[str, str, str], str]) -> pd.DataFrame:
    rows = []
    for claim_id in sorted(ledger.origin):
        kind, who, day = ledger.origin[claim_id]
        reason, like = ledger.reason[claim_id]
        speaker = (ledger.speaker(ledger.claims[claim_id]) or "").partition(" @ ")[0] or None
        rows.append((claim_id, ids[(kind, who, day)], kind, who.partition(" @ ")[0], day, reason, like, speaker))
    return pd.DataFrame(rows, columns=["claim_id", "origin_id", "kind", "who", "day", "reason", "like", "speaker"])
