"""Evidence for the report: how a comparison came about, what changed on the way, what adds up, who copies whom."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis import arithmetic, findings, phrases

#: entries of one history; the rest stands in the table under the chart
MOST_ENTRIES = 14


def _day(claim: findings.Row) -> str | None:
    said = claim["said_date"] if phrases.present(claim["said_date"]) else claim["published"]
    return str(said) if phrases.present(said) else None


def _middle(claims: Iterable[findings.Row], unit: Any) -> float | None:
    """The middle of closed figures; None where all are open."""
    bounds = [findings.in_unit(c, unit) for c in claims]
    values = [v for low, high in bounds if low is not None and high is not None for v in (low, high)]
    return (min(values) + max(values)) / 2 if values else None


def _step(value: float | None, before: float | None, same_speaker: bool) -> str:
    """How an entry stands to the one before it, in a word or two; an open figure ("at least") neither rises nor falls."""
    if value is None or before is None:
        return "also"
    if abs(value - before) <= findings.CONVERSION_SLACK * max(abs(value), abs(before)):
        return "same"
    if same_speaker:
        return "revised up" if value > before else "revised down"
    return "higher" if value > before else "lower"  # another speaker's figure revises nothing


def history(claims: pd.DataFrame, unit: Any, most: int | None = None) -> list[dict[str, Any]]:
    """How a comparison came about: one entry per origin in the order of utterance, with who printed it first.

    The first ``most`` of them, where given: naming each costs, and a wide group has thousands.

    Empty where there is but one origin. Each entry: ``when``, ``figure``, ``who``, ``first`` (outlet), ``also``
    (outlets), ``step`` (``first report``, ``same``, ``higher``, ``revised down``, ...), ``id`` (claim to read),
    ``changed`` (what outlets made of it).
    """
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    ordered = findings.told_once(claims).sort_values(
        ["published", "outlet", "start"], kind="stable", na_position="last"
    )
    for claim in phrases.records(ordered):
        origin = claim["origin_id"] if phrases.present(claim["origin_id"]) else claim["claim_id"]
        groups[str(origin)].append(claim)
    if len(groups) < 2:
        return []
    entries: list[dict[str, Any]] = []
    last_of: dict[str, float | None] = {}
    before: float | None = None

    def start(told: Sequence[findings.Row]) -> tuple[str, str, str, int]:
        first = told[0]
        return min(_day(c) or "9999" for c in told), first["published"] or "9999", first["outlet"], int(first["start"])

    for told in sorted(groups.values(), key=start)[:most]:
        bent = {(c["outlet"], c["low"], c["high"]) for c in told if phrases.present(c.get("distortion"))}
        true = [c for c in told if (c["outlet"], c["low"], c["high"]) not in bent] or told
        spoken = next((c for c in true if phrases.present(c["source"])), true[0])
        who, value = findings.speaker_key(spoken), _middle(true, unit)
        known = who in last_of
        step = _step(value, last_of[who] if known else before, known) if entries else "first report"
        outlets = list(dict.fromkeys(str(c["outlet"]) for c in told))
        changed = {str(c["outlet"]): str(c["distortion"]) for c in told if phrases.present(c.get("distortion"))}
        first_day = start(told)[0]
        entries.append(
            {
                "when": phrases.day(first_day) if first_day < "9999" else "undated",
                "figure": str(spoken["figure_text"])
                if all(findings.is_vague(c) for c in true)
                else findings.group_amount(pd.DataFrame(true), unit),
                "who": findings.speaker(spoken),
                "silent": not phrases.present(spoken["source"]),
                "first": outlets[0],
                "also": phrases.listed(outlets[1:], 5),
                "step": step,
                "id": spoken["claim_id"],
                "changed": [f"{outlet}: {what}" for outlet, what in changed.items()],
            }
        )
        last_of[who] = value
        before = before if value is None else value
    return entries


def changed_on_the_way(claims: pd.DataFrame) -> list[tuple[dict[str, Any], dict[str, Any] | None]]:
    """Figures with a distortion, each with the claim that it tells again, where that is another one."""
    rows = phrases.records(findings.told_once(claims))
    by_id = {c["claim_id"]: c for c in phrases.records(claims)}
    told = [(c, by_id.get(c["retells"])) for c in rows if phrases.present(c["distortion"])]
    of_article: dict[str, list[Change]] = defaultdict(list)
    for pair in told:
        of_article[pair[0]["article_id"]].append(pair)
    kept = [pair for pair in told if not any(_better(other, pair) for other in of_article[pair[0]["article_id"]])]
    once = {(c["article_id"], c["distortion"]): (c, first) for c, first in reversed(kept)}  # of repeats the first
    return [pair for pair in kept if once[pair[0]["article_id"], pair[0]["distortion"]][0] is pair[0]]


Change = tuple[dict[str, Any], dict[str, Any] | None]


def _better(other: Change, one: Change) -> bool:
    """True where an article tells one number twice, and the other time it lies nearer to the figure it was made of."""
    (a, first), (b, origin) = one, other
    same = all(str(a[c]) == str(b[c]) for c in ("article_id", "low", "high", "measure", "unit"))
    if not same or first is None or origin is None or not phrases.present(a["low"]):
        return False
    return _apart(b, origin) < _apart(a, first)


def _apart(claim: findings.Row, first: findings.Row) -> float:
    values = [max(abs(float(c["low"] if phrases.present(c["low"]) else c["high"])), 0.5) for c in (claim, first)]
    return max(values) / min(values)


def sums(claims: pd.DataFrame) -> list[arithmetic.Check]:
    """Whether the numbers of each story add up."""
    return arithmetic.checks(phrases.records(claims))


def families(articles: pd.DataFrame, claims: pd.DataFrame) -> list[dict[str, Any]]:
    """Copy families: the first article, its copies, and why their figures count as told again (reason, how many)."""
    why: dict[str, Counter[str]] = defaultdict(Counter)
    for claim in phrases.records(findings.told_once(claims)):
        if phrases.present(claim["retells"]) and phrases.present(claim["origin_reason"]):
            why[claim["article_id"]][str(claim["origin_reason"])] += 1
    by_id: Mapping[str, dict[str, Any]] = {a["article_id"]: a for a in phrases.records(articles)}
    copies: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for article in by_id.values():
        if phrases.present(article["copy_of"]):
            reasons = [f"{n} × {reason}" for reason, n in why[article["article_id"]].most_common()]
            copies[str(article["copy_of"])].append({"article": article, "reasons": reasons})
    made = [{"first": by_id.get(first, {}), "copies": told} for first, told in copies.items()]
    return sorted(made, key=lambda f: -len(f["copies"]))  # type: ignore[arg-type]
