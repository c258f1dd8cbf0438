"""Do the numbers of one story add up? Sums, shares and parts that an article tells beside one another.

Each check is ``consistent``, ``inconsistent`` or ``untestable``, with the claims that it is about. Nothing is corrected.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis import phrases
from analysis.quantity import Quantity
from analysis.retelling import READ, Claim, is_true, quantity_of, text_of

#: percentage points by which a told share may lie off the one that its numbers give
POINTS = 2.5
#: how far "about" reaches in a sum, as a share
ABOUT = 0.1
#: words for what is counted that are short enough for a check
SHORT = 4
CONSISTENT, INCONSISTENT, UNTESTABLE = "consistent", "inconsistent", "untestable"


@dataclass(frozen=True)
class Check:
    """One check: how it came out, in words, and the claims in it, the one that is checked first."""

    status: str
    text: str
    claims: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """``inconsistent: 11 killed and 20 wounded are more than the 25 casualties``"""
        return f"{self.status}: {self.text}"


def _figure(claim: Claim) -> Quantity:
    quantity = quantity_of(claim)
    if quantity is None:
        raise ValueError(f"{claim['claim_id']} has no bounds")
    return quantity


def _counted(claim: Claim) -> str:
    """What it counts, where that is short."""
    counted = text_of(claim, "counted") or ""
    return counted if len(counted.split()) <= SHORT and _figure(claim).unit not in ("percent", "km2", "mi2") else ""


def _words(claim: Claim, noun: str = "") -> str:
    quantity = _figure(claim)
    words = phrases.bounds(quantity.low, quantity.high, quantity.comparator)
    return f"{phrases.with_unit(words, quantity.unit, None)} {noun}".strip()


def _alike(one: Claim, other: Claim) -> bool:
    """Same side and rate, no other place, no other speaker."""
    for column in ("side", "per"):
        if text_of(one, column) != text_of(other, column):
            return False
    for column in ("place", "source_id"):
        a, b = text_of(one, column), text_of(other, column)
        if a is not None and b is not None and a != b:
            return False
    return True


def _nearest(claim: Claim, others: Iterable[Claim]) -> Claim | None:
    return min(others, key=lambda o: (abs(int(o["start"]) - int(claim["start"])), int(o["start"])), default=None)


def _losses(claims: Sequence[Claim]) -> Iterator[Check]:
    """Killed and wounded against casualties."""
    for whole in (c for c in claims if text_of(c, "measure") == "casualties" and _figure(c).unit != "percent"):
        alike = [c for c in claims if _alike(c, whole) and _figure(c).unit != "percent"]
        killed = _nearest(whole, (c for c in alike if text_of(c, "measure") == "killed"))
        wounded = _nearest(whole, (c for c in alike if text_of(c, "measure") == "wounded"))
        if killed and wounded:
            total, parts = _figure(whole), [_figure(killed), _figure(wounded)]
            low = sum(q.low or 0.0 for q in parts)
            high = None if any(q.high is None for q in parts) else sum(q.high or 0.0 for q in parts)
            slack = ABOUT if "~" in {total.comparator, *(q.comparator for q in parts)} else 0.0
            over = total.high is not None and low > total.high * (1 + slack)
            under = high is not None and total.low is not None and high < total.low * (1 - slack)
            verdict = "are more than" if over else "are fewer than" if under else "fit"
            text = (
                f"{_words(killed, 'killed')} and {_words(wounded, 'wounded')} {verdict} {_words(whole, 'casualties')}"
            )
            ids = (whole["claim_id"], killed["claim_id"], wounded["claim_id"])
            yield Check(INCONSISTENT if over or under else CONSISTENT, text, ids)
        elif part := killed or wounded:
            noun, missing = ("killed", "wounded") if killed else ("wounded", "killed")
            both = (whole["claim_id"], part["claim_id"])
            top, least = _figure(whole).high, _figure(part).low
            if top is not None and least is not None and least > top:
                text = f"{_words(part, noun)} are more than {_words(whole, 'casualties')}"
                yield Check(INCONSISTENT, text, both)
            else:
                text = f"{_words(whole, 'casualties')}, {_words(part, noun)}: the {missing} are not told"
                yield Check(UNTESTABLE, text, both)


def _shares(claims: Sequence[Claim]) -> Iterator[Check]:
    """A share of land lost against the land held before and after."""
    lost = [c for c in claims if text_of(c, "measure") == "territory_lost" and _figure(c).unit == "percent"]
    for share in lost:
        held = [
            c
            for c in claims
            if text_of(c, "measure") in ("territory_controlled", "territory_gained")
            and _figure(c).unit != "percent"
            and (None in (text_of(c, "side"), text_of(share, "side")) or text_of(c, "side") == text_of(share, "side"))
        ]
        by_unit: dict[str | None, list[Claim]] = defaultdict(list)
        for claim in held:
            by_unit[_figure(claim).unit].append(claim)
        pairs = [sorted(c, key=lambda x: _figure(x).midpoint) for c in by_unit.values() if len(c) > 1]
        pairs = [p for p in pairs if _figure(p[-1]).midpoint > _figure(p[0]).midpoint > 0]
        told = _figure(share).midpoint
        if not pairs:
            text = f"{_words(share)} lost: the land held before and after is not told"
            yield Check(UNTESTABLE, text, (share["claim_id"],))
            continue
        after, before = pairs[0][0], pairs[0][-1]
        given = 100 * (1 - _figure(after).midpoint / _figure(before).midpoint)
        status = CONSISTENT if abs(given - told) <= POINTS else INCONSISTENT
        text = f"{_words(share)} lost; from {_words(before)} to {_words(after)} is {phrases.number(round(given, 1))} per cent"
        yield Check(status, text, (share["claim_id"], before["claim_id"], after["claim_id"]))


def _parts(claims: Sequence[Claim]) -> Iterator[Check]:
    """A part against the whole that the text tells it to be part of."""
    by_id = {c["claim_id"]: c for c in claims}
    for part in claims:
        whole = by_id.get(text_of(part, "part_of") or "")
        if whole is None or _figure(part).unit != _figure(whole).unit:
            continue
        low, high = _figure(part).low, _figure(whole).high
        if low is None or high is None:
            continue
        over = low > high
        verb = "are more than" if over else "are part of"
        text = f"{_words(part, _counted(part))} {verb} {_words(whole, _counted(whole))}"
        yield Check(INCONSISTENT if over else CONSISTENT, text, (part["claim_id"], whole["claim_id"]))


def checks(claims: Iterable[Claim]) -> list[Check]:
    """The checks of all articles, what does not add up first; the same check in another copy is told once."""
    articles: dict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        quantity = quantity_of(claim) if claim["kind"] == "figure" else None
        if quantity is not None and not is_true(claim, "negated") and text_of(claim, "repeat_of") is None:
            articles[claim["article_id"]].append({**claim, READ: quantity})
    found: dict[tuple[str, str], Check] = {}
    firsts = sorted(articles.values(), key=lambda c: (text_of(c[0], "published") or "9999", str(c[0]["outlet"])))
    for told in firsts:
        for check in (*_losses(told), *_shares(told), *_parts(told)):
            found.setdefault((check.status, check.text), check)
    order = (INCONSISTENT, CONSISTENT, UNTESTABLE)
    return sorted(found.values(), key=lambda c: order.index(c.status))


def notes(made: Iterable[Check], comparison_of: Mapping[str, str]) -> dict[str, str]:
    """comparison_id -> the checks about its figures, in one line."""
    lines: dict[str, list[str]] = defaultdict(list)
    for check in made:
        for comparison in dict.fromkeys(comparison_of[c] for c in check.claims if c in comparison_of):
            lines[comparison].append(check.sentence)
    return {comparison: "; ".join(told) for comparison, told in lines.items()}
