"""Origins as they are found: which claim goes back to which utterance, or to whose own voice, and for what reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from analysis.nested import within
from analysis.quantity import Quantity
from analysis.retelling import UNKNOWN, Claim, is_telling, is_true, nounless, quantity_of, same_value, text_of
from analysis.speakers import speaker_of
from analysis.speaking import day_of_speaking, same_day
from analysis.wording import sentence_spans

#: how long after an utterance its figure, told without a day, is still taken to be of that utterance
REMEMBERED_DAYS = 21
#: places that only the context gives: they may be wrong
LOOSE = {"context", "assumed"}
#: units of a figure beside which no noun stands ("half a million march")
NO_NOUN = {None, "item"}


def days_apart(one: str, other: str) -> int:
    return (date.fromisoformat(one) - date.fromisoformat(other)).days


def told_alike(one: Claim, other: Claim, anywhere: bool = False) -> bool:
    """Same measure and value, and neither side nor place speaks against it; ``anywhere``: whatever the place."""
    a, b = quantity_of(one), quantity_of(other)
    if a is None or b is None:
        return False
    guess = (nounless(one) or nounless(other)) and is_telling(a)
    if not (guess or a.unit == b.unit or {a.unit, b.unit} & NO_NOUN):
        return False
    measures = {text_of(one, "measure"), text_of(other, "measure")}
    if len(measures) > 1 and not guess and not (UNKNOWN in measures and a.unit not in (None, "item")):
        return False
    for column in ("side", "place", "per", "aspect"):
        x, y = text_of(one, column), text_of(other, column)
        loose = column == "place" and {text_of(one, "place_basis"), text_of(other, "place_basis")} & LOOSE
        nested = column == "place" and x is not None and y is not None and (within(x, y) or within(y, x))
        open_place = column == "place" and (anywhere or loose or nested)
        if x is not None and y is not None and x != y and not open_place:
            return False
    return is_true(one, "negated") == is_true(other, "negated") and _same_bounds(a, b)


def bounds_of(claim: Claim) -> tuple[float | None, float | None]:
    """Its bounds; claims that tell the same have the same."""
    quantity = quantity_of(claim)
    return (None, None) if quantity is None else (quantity.low, quantity.high)


def by_bounds(claims: Iterable[Claim]) -> dict[tuple[float | None, float | None], list[Claim]]:
    """Claims by their bounds, in order; only those of one entry can tell the same."""
    found: dict[tuple[float | None, float | None], list[Claim]] = defaultdict(list)
    for claim in claims:
        found[bounds_of(claim)].append(claim)
    return found


def _same_bounds(a: Quantity, b: Quantity) -> bool:
    return (a.low, a.high) == (b.low, b.high) or (a.is_point and b.is_point and same_value(a, b))


class Ledger:
    """Origins as they are found: each claim gets one, with a reason."""

    def __init__(self, claims: Sequence[Claim], articles: Mapping[str, Mapping[str, Any]], codebook: str | None):
        self.claims = {c["claim_id"]: c for c in claims}
        self.articles = articles
        self.codebook = codebook
        self.origin: dict[str, tuple[str, str, str]] = {}
        self.reason: dict[str, tuple[str, str | None]] = {}
        self.aliases: dict[str, dict[str, str]] = defaultdict(dict)
        #: the stem of the noun of every body that speaks ("union")
        self.nouns: dict[str, str] = {}
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
            self.by_value[key[1], *bounds_of(claim)].append(claim["claim_id"])
            self.by_day[key[1], key[2]].append(claim["claim_id"])

    def said(self, claim: Claim) -> str | None:
        """The day of speaking that its sentence tells, read once."""
        if claim["claim_id"] not in self._speaking:
            day = day_of_speaking(claim, self.codebook)
            self._speaking[claim["claim_id"]] = day or self._same_day(claim)
        return self._speaking[claim["claim_id"]]

    def _same_day(self, claim: Claim) -> str | None:
        """The day of "that night" in its sentence, or in the one before it of the same paragraph."""
        if (published := text_of(claim, "published")) is None:
            return None
        text, spans = self.articles[claim["article_id"]]["text"], self.spans(str(claim["article_id"]))
        here = next((i for i, (s, e) in enumerate(spans) if s <= int(claim["start"]) < e), 0)
        starts = [spans[i] for i in (here, here - 1) if i >= 0 and "\n" not in text[spans[i][1] : spans[here][0]]]
        return next((day for s, e in starts if (day := same_day(text[s:e], text[:s], published))), None)

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
        return self.scope_of(str(claim["article_id"]))

    def scope_of(self, article: str) -> str:
        return text_of(self.articles[article], "syndication_id") or article

    def speaker(self, claim: Claim) -> str | None:
        """One name for the speaker within this text; an unnamed one ("an officer") is himself only here."""
        name = speaker_of(claim)
        if name is None:
            return None
        unnamed = str(claim.get("source_named")) == "False"
        own = f"{name} @ {self.scope(claim)}" if unnamed else name
        return self.aliases[scope].get(own, own) if (scope := self.scope(claim)) in self.aliases else own

    def published(self, claim: Claim) -> str:
        return text_of(claim, "published") or "9999-12-31"

    def remembered(self, claim: Claim, speaker: str) -> str | None:
        """The first utterance of this speaker with this figure, on or shortly before the day of publication."""
        found = []
        for other_id in self.by_value.get((speaker, *bounds_of(claim)), ()):
            other, key = self.claims[other_id], self.origin[other_id]
            if not 0 <= days_apart(self.published(claim), key[2]) <= REMEMBERED_DAYS:
                continue
            quantity = quantity_of(claim)
            if told_alike(claim, other, anywhere=quantity is not None and is_telling(quantity)):
                found.append((key[2], other_id))
        return min(found)[1] if found else None

    def in_article(self, claim: Claim) -> str | None:
        """The nearest claim of this article with this figure and a known speaker."""
        found = []
        for other in self.by_article[claim["article_id"]]:
            known = self.origin.get(other["claim_id"])
            # a headline tells what the body tells, whatever the place
            heads = 0 in (int(claim["sentence"]), int(other["sentence"]))
            if known and known[0] == "utterance" and other is not claim and told_alike(claim, other, anywhere=heads):
                found.append((abs(int(other["start"]) - int(claim["start"])), other["claim_id"]))
        return min(found)[1] if found else None
