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
from typing import Any

import pandas as pd

from analysis.aliases import join_bodies, join_offices
from analysis.distortions import conversion_beside, distortions
from analysis.ledger import Ledger, by_bounds, told_alike
from analysis.provenance import group_id
from analysis.retelling import READ, Claim, quantity_of, records, retold, text_of
from analysis.speakers import broad, full_name, is_title, short_form, speaker_of
from analysis.spokespeople import roles
from analysis.stories import Stories
from analysis.tables import frame
from analysis.utterances import passed_on, said_elsewhere, same_speech, utterance


def _by_day(ledger: Ledger, claim: Claim) -> tuple[bool, str, bool]:
    said, published = ledger.said(claim), ledger.published(claim)
    told = said is not None and said < published
    return not told, "" if told else published, said is None


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
    # days told in words first; then day by day, so that an older figure is known when a later text tells it beside a new one
    explicit_first = sorted(rows, key=lambda c: _by_day(ledger, c))
    elsewhere = _speakers_of_copies(ledger, told_again)
    for claim in explicit_first:
        if claim["claim_id"] in told_again:
            continue
        if speaker := elsewhere.get(claim["claim_id"]) or ledger.speaker(claim):
            utterance(ledger, claim, speaker)
    passed_on(ledger)
    _tell_again(ledger, rows, told_again)
    same_speech(ledger)
    spoken = by_bounds(ledger.claims[c] for ids in ledger.by_speaker.values() for c in ids)
    for claim in rows:
        if claim["claim_id"] in ledger.origin or claim["claim_id"] in told_again:
            continue
        if like := ledger.in_article(claim):
            ledger.put(claim, ledger.origin[like], "same figure with its speaker in this article", like)
        elif like := said_elsewhere(ledger, claim, spoken, stories):
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
        row["source_id"] = _one_id(ledger, claim)
        changed = conversion_beside(claim, ledger.by_article[claim["article_id"]])
        if like and ledger.claims[like]["article_id"] != claim["article_id"]:
            changed = distortions(claim, ledger.claims[like]) + changed
        row["distortion"] = "; ".join(changed) or None
    return frame("claims", rows)


def _one_id(ledger: Ledger, claim: Claim) -> str | None:
    """The id of its speaker: where names of one share a word the one by which its story knows him.

    "Kursk's governor" and "head of the Kursk region" are the "governor of Kursk"; a person and his body keep their names.
    """
    own, known = text_of(claim, "source_id"), ledger.speaker(claim)
    if own is None or known is None or " @ " in known:
        return own
    mine, theirs = set(own.split()), set(known.split())
    one = known if mine < theirs or (mine & theirs and len(theirs) <= len(mine) + 1) else own
    return " ".join(sorted(one.split())) if is_title(claim) else one


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
