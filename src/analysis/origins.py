"""Which claims go back to one utterance, or to one wire story in its own voice.

An origin is a speaker on a day; the wire story for what it says itself; an outlet's own voice elsewhere. A copy or
rewrite keeps the origin of what it tells again, also where it drops the speaker or distorts the number. Nothing is
merged without a reason, which ``merge_reasons`` gives.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from analysis.distortions import conversion_beside, distortions
from analysis.nested import within
from analysis.provenance import group_id
from analysis.quantity import Quantity
from analysis.retelling import READ, UNKNOWN, Claim, is_true, quantity_of, records, retold, same_value, text_of
from analysis.speaking import day_of_speaking
from analysis.tables import frame
from analysis.wording import content_stems, sentence_spans

#: how long after an utterance its figure, told without a day, is still taken to be of that utterance
REMEMBERED_DAYS = 21
#: an utterance of the last days goes on over several sentences, an older one is only referred to
CURRENT_DAYS = 2
#: days within which a second person passes on what the first said
PASSED_ON_DAYS = 2
#: places that only the context gives: they may be wrong
LOOSE = {"context", "assumed"}
#: units of a figure beside which no noun stands ("half a million march")
NO_NOUN = {None, "item"}
#: what a ticker puts before a speaker: "07:20 Police", "3. Police"
CLOCK = re.compile(r"^[\d\s:.,)-]+")
#: sentences around a figure in which the first speaker is named where a second one passes it on
NEAR = 2


# --- utterances -------------------------------------------------------------------------------------------------------


def _speaker(claim: Claim) -> str | None:
    """The speaker as this claim names him; None in the outlet's own voice and where nobody in particular is meant."""
    name = text_of(claim, "source_id") or text_of(claim, "source")
    if name is None or text_of(claim, "source_kind") == "unattributed":
        return None
    return CLOCK.sub("", name).casefold() or None


def _apart(one: str, other: str) -> int:
    return (date.fromisoformat(one) - date.fromisoformat(other)).days


def _told_alike(one: Claim, other: Claim) -> bool:
    """Same measure and value, and neither side nor place speaks against it."""
    a, b = quantity_of(one), quantity_of(other)
    if a is None or b is None or not (a.unit == b.unit or {a.unit, b.unit} & NO_NOUN):
        return False
    measures = {text_of(one, "measure"), text_of(other, "measure")}
    if len(measures) > 1 and not (UNKNOWN in measures and a.unit not in (None, "item")):
        return False
    for column in ("side", "place", "per", "aspect"):
        x, y = text_of(one, column), text_of(other, column)
        loose = column == "place" and {text_of(one, "place_basis"), text_of(other, "place_basis")} & LOOSE
        nested = column == "place" and x is not None and y is not None and (within(x, y) or within(y, x))
        if x is not None and y is not None and x != y and not loose and not nested:
            return False
    return is_true(one, "negated") == is_true(other, "negated") and _same_bounds(a, b)


def _bounds(claim: Claim) -> tuple[float | None, float | None]:
    """Its bounds; claims that tell the same have the same."""
    quantity = quantity_of(claim)
    return (None, None) if quantity is None else (quantity.low, quantity.high)


def _by_bounds(claims: Iterable[Claim]) -> dict[tuple[float | None, float | None], list[Claim]]:
    """Claims by their bounds, in order; only those of one entry can tell the same."""
    found: dict[tuple[float | None, float | None], list[Claim]] = defaultdict(list)
    for claim in claims:
        found[_bounds(claim)].append(claim)
    return found


def _same_bounds(a: Quantity, b: Quantity) -> bool:
    return (a.low, a.high) == (b.low, b.high) or (a.is_point and b.is_point and same_value(a, b))


class _Ledger:
    """Origins as they are found: each claim gets one, with a reason."""

    def __init__(self, claims: Sequence[Claim], articles: Mapping[str, Mapping[str, Any]], codebook: str | None):
        self.claims = {c["claim_id"]: c for c in claims}
        self.articles = articles
        self.codebook = codebook
        self.origin: dict[str, tuple[str, str, str]] = {}
        self.reason: dict[str, tuple[str, str | None]] = {}
        self.aliases: dict[str, dict[str, str]] = defaultdict(dict)
        self.by_article: dict[str, list[Claim]] = defaultdict(list)
        self.group_sizes = Counter(g for a in articles.values() if (g := text_of(a, "syndication_id")))
        self.by_speaker: dict[str, list[str]] = defaultdict(list)
        self.by_value: dict[tuple[Any, ...], list[str]] = defaultdict(list)
        self.by_day: dict[tuple[str, str], list[str]] = defaultdict(list)
        self._speaking: dict[str, str | None] = {}
        self._spans: dict[str, list[tuple[int, int]]] = {}
        for c in claims:
            self.by_article[c["article_id"]].append(c)

    def put(self, claim: Claim, key: tuple[str, str, str], reason: str, like: str | None = None) -> None:
        self.origin[claim["claim_id"]] = key
        self.reason[claim["claim_id"]] = (reason, like)
        if key[0] == "utterance":
            self.by_speaker[key[1]].append(claim["claim_id"])
            self.by_value[key[1], *_bounds(claim)].append(claim["claim_id"])
            self.by_day[key[1], key[2]].append(claim["claim_id"])

    def said(self, claim: Claim) -> str | None:
        """The day of speaking that its sentence tells, read once."""
        if claim["claim_id"] not in self._speaking:
            self._speaking[claim["claim_id"]] = day_of_speaking(claim, self.codebook)
        return self._speaking[claim["claim_id"]]

    def spans(self, article: str) -> list[tuple[int, int]]:
        """The sentences of an article, read once."""
        if article not in self._spans:
            self._spans[article] = sentence_spans(self.articles[article]["text"])
        return self._spans[article]

    def with_speaker(self, claim: Claim) -> Claim:
        """The claim with one name for its speaker."""
        return {**claim, "source_id": self.speaker(claim)} if self.aliases else claim

    def copies(self, article: str) -> int:
        """How many articles carry the text of this one."""
        group = text_of(self.articles[article], "syndication_id")
        return self.group_sizes[group] if group else 1

    def scope(self, claim: Claim) -> str:
        """The text that an article carries: its wire text, or its own."""
        return text_of(self.articles[claim["article_id"]], "syndication_id") or str(claim["article_id"])

    def speaker(self, claim: Claim) -> str | None:
        """One name for the speaker within this text; an unnamed one ("an officer") is himself only here."""
        name = _speaker(claim)
        if name is None:
            return None
        unnamed = str(claim.get("source_named")) == "False"
        own = f"{name} @ {self.scope(claim)}" if unnamed else name
        return self.aliases[scope].get(own, own) if (scope := self.scope(claim)) in self.aliases else own

    def published(self, claim: Claim) -> str:
        return text_of(claim, "published") or "9999-12-31"

    def remembered(self, claim: Claim, speaker: str) -> str | None:
        """An utterance of this speaker with this figure, on or shortly before the day of publication."""
        found = []
        for other_id in self.by_value.get((speaker, *_bounds(claim)), ()):
            other, key = self.claims[other_id], self.origin[other_id]
            if 0 <= _apart(self.published(claim), key[2]) <= REMEMBERED_DAYS and _told_alike(claim, other):
                found.append((key[2], other_id))
        return max(found)[1] if found else None

    def in_article(self, claim: Claim) -> str | None:
        """The nearest claim of this article with this figure and a known speaker."""
        found = []
        for other in self.by_article[claim["article_id"]]:
            known = self.origin.get(other["claim_id"])
            if known and known[0] == "utterance" and other is not claim and _told_alike(claim, other):
                found.append((abs(int(other["start"]) - int(claim["start"])), other["claim_id"]))
        return min(found)[1] if found else None


def _own_day(ledger: _Ledger, claim: Claim, speaker: str) -> str | None:
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
        if 0 <= _apart(ledger.published(claim), day) <= CURRENT_DAYS
        and not _said_otherwise(ledger, claim, speaker, day)
    ]
    return min(days)[2] if days else None


def _said_otherwise(ledger: _Ledger, claim: Claim, speaker: str, day: str) -> bool:
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


def _utterance(ledger: _Ledger, claim: Claim, speaker: str) -> None:
    if day := ledger.said(claim):
        ledger.put(claim, ("utterance", speaker, day), "speaker and day of the utterance")
    elif like := ledger.remembered(claim, speaker):
        ledger.put(claim, ledger.origin[like], "same speaker gave this figure before", like)
    elif day := _own_day(ledger, claim, speaker):
        ledger.put(claim, ("utterance", speaker, day), "same speaker in this article, day from an earlier figure")
    else:
        ledger.put(claim, ("utterance", speaker, ledger.published(claim)), "speaker, day of publication")


def _broad(claim: Claim, other: Claim) -> bool:
    """True where the one's source is only the country or body for which the other's speaks ("Kyiv says")."""
    source, party = text_of(claim, "source"), text_of(claim, "source_party")
    theirs = text_of(other, "source_party")
    return theirs is not None and party == theirs and source is not None and source.casefold() == theirs.casefold()


def _short_form(claim: Claim, other: Claim) -> bool:
    """True where a headline names only an office ("minister") for the speaker whom the body names."""
    if int(claim["sentence"]) > 0 or int(other["sentence"]) == 0 or not _is_title(claim):
        return False
    mine, theirs = text_of(claim, "source_party"), text_of(other, "source_party")
    return mine is None or theirs is None or mine == theirs


def _same_office(claim: Claim, other: Claim) -> bool:
    """True where two sources are one office under two names ("interior minister", "Interior Ministry")."""
    if any(str(c.get("source_named")) == "False" for c in (claim, other)):
        return False
    mine, theirs = text_of(claim, "source_party"), text_of(other, "source_party")
    if mine is not None and theirs is not None and mine != theirs:
        return False
    a, b = (content_stems(re.findall(r"[a-z]+", (text_of(c, "source") or "").lower())) for c in (claim, other))
    return len(a & b) >= min(len(a), len(b), 2) > 0 and bool(a and b)


def _surname(claim: Claim) -> str | None:
    words = [w for w in re.findall(r"[^\W\d_]+", text_of(claim, "source") or "") if w[0].isupper() and len(w) > 3]
    return words[-1] if words else None


def _around(ledger: _Ledger, claim: Claim) -> str:
    """The sentences about a claim."""
    text = ledger.articles[claim["article_id"]]["text"]
    spans = ledger.spans(claim["article_id"])
    here = next((i for i, (s, e) in enumerate(spans) if s <= int(claim["start"]) < e), 0)
    return text[spans[max(here - NEAR, 0)][0] : spans[min(here + NEAR, len(spans) - 1)][1]] if spans else ""


def _names(around: str, other: Claim) -> bool:
    """True where the speaker of ``other`` is named in these sentences."""
    name = _surname(other)
    return name is not None and re.search(rf"\b{re.escape(name)}\b", around) is not None


def _is_title(claim: Claim) -> bool:
    """True where the source is an office, not a name: a word of it is written small ("interior minister")."""
    words = re.findall(r"[^\W\d_]+", text_of(claim, "source") or "")
    return any(w[0].islower() and len(w) > 3 for w in words)


def _join_speakers(ledger: _Ledger, told_again: Mapping[str, tuple[str, str]]) -> None:
    """Take an office and a name for one speaker where both are given the same figure, in one article or its copies."""
    pairs = [
        (ledger.claims[c], ledger.claims[first]) for c, (first, why) in told_again.items() if why.startswith("same f")
    ]
    for claims in ledger.by_article.values():
        for same in _by_bounds(claims).values():
            pairs += [(a, b) for i, a in enumerate(same) for b in same[i + 1 :] if _told_alike(a, b)]
    for one, other in sorted(pairs, key=lambda p: (p[0]["claim_id"], p[1]["claim_id"])):
        a, b = ledger.speaker(one), ledger.speaker(other)
        if a is None or b is None or a == b or not (_is_title(one) or _is_title(other)):
            continue
        parties = {text_of(one, "source_party"), text_of(other, "source_party")} - {None}
        if len(parties) > 1:
            continue
        old, new = (a, b) if _is_title(one) and not (_is_title(other) and a < b) else (b, a)
        names = ledger.aliases[ledger.scope(one)]
        names.update({name: new for name, known in names.items() if known == old})
        names[old] = new


def _passed_on(ledger: _Ledger) -> None:
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
                if theirs[1] == mine[1] or rank >= (-tellers[mine], mine) or not _told_alike(claim, other):
                    continue
                both = told_in[mine] & told_in[theirs]
                named = not both and (_names(around, other) or _names(_around(ledger, other), claim))
                if named or _same_office(claim, other):
                    firsts.append((rank, theirs, other["claim_id"]))
            if firsts:
                _, theirs, like = min(firsts)
                ledger.origin[claim["claim_id"]] = theirs
                ledger.reason[claim["claim_id"]] = ("passes on what the other said", like)


def _order(articles: Mapping[str, Mapping[str, Any]], claim: Claim) -> tuple[Any, ...]:
    article = articles[claim["article_id"]]
    copy = text_of(article, "copy_of") is not None
    return (copy, text_of(claim, "published") or "9999", claim["outlet"], claim["article_id"], int(claim["start"]))


def _ledger(articles: pd.DataFrame, claims: pd.DataFrame, codebook: str | None) -> _Ledger:
    by_id: dict[str, Mapping[str, Any]] = {a["article_id"]: a for a in records(articles)}
    rows: list[Claim] = sorted(({**c, READ: quantity_of(c)} for c in records(claims)), key=lambda c: _order(by_id, c))
    ledger = _Ledger(rows, by_id, codebook)
    told_again = _told_again(ledger)
    _join_speakers(ledger, told_again)
    if ledger.aliases:
        told_again = _told_again(ledger)
    explicit_first = sorted(rows, key=lambda c: ledger.said(c) is None)
    for claim in explicit_first:
        if claim["claim_id"] not in told_again and (speaker := ledger.speaker(claim)):
            _utterance(ledger, claim, speaker)
    _passed_on(ledger)
    _tell_again(ledger, rows, told_again)
    for claim in rows:
        if claim["claim_id"] in ledger.origin or claim["claim_id"] in told_again:
            continue
        if like := ledger.in_article(claim):
            ledger.put(claim, ledger.origin[like], "same figure with its speaker in this article", like)
        else:
            ledger.put(claim, ("voice", claim["article_id"], ledger.published(claim)), "own voice of the outlet")
    _tell_again(ledger, rows, told_again)
    _headlines(ledger)
    return ledger


def _tell_again(ledger: _Ledger, rows: Sequence[Claim], told_again: Mapping[str, tuple[str, str]]) -> None:
    """Give claims that tell another one again its origin, as far as that is known by now."""
    for claim in rows:
        first, reason = told_again.get(claim["claim_id"], (None, ""))
        if first in ledger.origin and claim["claim_id"] not in ledger.origin:
            ledger.put(claim, ledger.origin[first], reason, first)


def _told_again(ledger: _Ledger) -> dict[str, tuple[str, str]]:
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


def _headlines(ledger: _Ledger) -> None:
    """Give a figure told with only an office or country as its source the origin of the person who speaks for it there."""
    for claims in (same for told in ledger.by_article.values() for same in _by_bounds(told).values()):
        for claim in claims:
            for other in claims:
                if other is claim or not (_speaker(claim) and _speaker(other)) or not _told_alike(claim, other):
                    continue
                if (_broad(claim, other) and not _broad(other, claim)) or _short_form(claim, other):
                    ledger.origin[claim["claim_id"]] = ledger.origin[other["claim_id"]]
                    ledger.reason[claim["claim_id"]] = (
                        "same figure, its speaker named in this article",
                        other["claim_id"],
                    )
                    break


def _ids(ledger: _Ledger) -> dict[tuple[str, str, str], str]:
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


def _filled(ledger: _Ledger, ids: Mapping[tuple[str, str, str], str], claims: pd.DataFrame) -> pd.DataFrame:
    rows = records(claims)
    for row in rows:
        claim = ledger.claims[row["claim_id"]]
        reason, like = ledger.reason[row["claim_id"]]
        row["origin_id"] = ids[ledger.origin[row["claim_id"]]]
        row["origin_reason"], row["retells"] = reason, like
        changed = conversion_beside(claim, ledger.by_article[claim["article_id"]])
        if like and ledger.claims[like]["article_id"] != claim["article_id"]:
            changed = distortions(claim, ledger.claims[like]) + changed
        row["distortion"] = "; ".join(changed) or None
    return frame("claims", rows)


def _reasons(ledger: _Ledger, ids: Mapping[tuple[str, str, str], str]) -> pd.DataFrame:
    rows = []
    for claim_id in sorted(ledger.origin):
        kind, who, day = ledger.origin[claim_id]
        reason, like = ledger.reason[claim_id]
        speaker = (ledger.speaker(ledger.claims[claim_id]) or "").partition(" @ ")[0] or None
        rows.append((claim_id, ids[(kind, who, day)], kind, who.partition(" @ ")[0], day, reason, like, speaker))
    return pd.DataFrame(rows, columns=["claim_id", "origin_id", "kind", "who", "day", "reason", "like", "speaker"])
