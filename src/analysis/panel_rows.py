"""Rows of a panel: which figures of a group are drawn, one per outlet and speaker, and in which unit."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from analysis import findings, phrases

#: rows of one panel; more are joined or left to the table under it
MOST_ROWS = 24


def comparison_rows(claims: pd.DataFrame, unit: Any = None, limit: int = MOST_ROWS) -> tuple[pd.DataFrame, int]:
    """One row per figure that an outlet has from a speaker, bounds in one unit; repeats in an outlet are one row.

    Beyond ``limit`` rows, outlets with the same figure from the same speaker are joined; if that is not enough, those
    that most outlets have stay, with the lowest and the highest. Returns the rows and how many were left out.
    """
    frame = claims.sort_values(["published", "outlet", "start"], kind="stable", na_position="last")
    told = phrases.records(frame)
    unit = unit if phrases.present(unit) else told[0].get("unit") if told else None
    fullest: dict[str, str] = {}
    for claim in told:
        key = findings.speaker_key(claim)
        fullest[key] = max(fullest.get(key, ""), findings.speaker(claim), key=len)
    rows: dict[tuple[Any, ...], dict[str, Any]] = {}
    for claim in sorted(told, key=lambda c: c.get("unit") != unit):
        low, high = findings.in_unit(claim, unit)
        who = findings.speaker_key(claim)
        row = {
            "claim_id": claim["claim_id"],
            "outlets": [claim["outlet"]],
            "who": who,
            "speaker": fullest[who],
            "via": findings.vias(claim),
            "figure": _written(claim),
            "amount": findings.amount(claim),
            "low": low,
            "high": high,
            "comparator": claim["comparator"] if phrases.present(claim["comparator"]) else "=",
            "published": claim["published"] if phrases.present(claim["published"]) else None,
            "sentence": claim["sentence_text"],
            "changed": claim["distortion"] if phrases.present(claim.get("distortion")) else None,
            "converted": claim.get("unit") != unit,
        }
        if row["converted"] and any(_converts(row, known) for known in rows.values()):
            continue  # "1,000 km² (386 square miles)" is one figure
        rows.setdefault((claim["outlet"], who, low, high, row["comparator"]), row)
    drawn = sorted(rows.values(), key=lambda r: (r["published"] is None, r["published"] or "", r["outlets"][0]))
    if len(drawn) > limit:
        drawn = sorted(_joined(drawn), key=lambda r: -len(r["outlets"]))
    if len(drawn) > limit:
        ends = sorted(drawn[limit - 4 :], key=_middle)
        return pd.DataFrame([*drawn[: limit - 4], *ends[:2], *ends[-2:]]), len(drawn) - limit
    first_seen = {outlet: i for i, outlet in reversed(list(enumerate(r["outlets"][0] for r in drawn)))}
    drawn.sort(key=lambda r: (-len(r["outlets"]), first_seen[r["outlets"][0]]))
    return pd.DataFrame(drawn), 0


def _converts(row: Mapping[str, Any], known: Mapping[str, Any]) -> bool:
    """True where an outlet has the same figure of the same speaker in the unit of the panel too."""
    same = row["outlets"] == known["outlets"] and row["who"] == known["who"] and not known["converted"]
    return same and abs(_middle(row) - _middle(known)) <= findings.CONVERSION_SLACK * abs(_middle(known))


def _middle(row: Mapping[str, Any]) -> float:
    known = [float(row[c]) for c in ("low", "high") if row[c] is not None]
    return sum(known) / len(known) if known else 0.0


def _joined(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    joined: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        same = joined.setdefault(
            (row["who"], row["low"], row["high"], row["comparator"]),
            row | {"outlets": []},
        )
        same["outlets"] = list(dict.fromkeys([*same["outlets"], *row["outlets"]]))
        same["changed"] = same["changed"] if len(same["outlets"]) == 1 else None  # not what all of them did
    return list(joined.values())


def _written(claim: findings.Row) -> str:
    """The figure for the column beside the mark: as written where the words are vague, else with a sign."""
    return str(claim["figure_text"]) if findings.is_vague(claim) else findings.amount(claim, signs=True)


def who_words(row: Mapping[str, Any]) -> str:
    """Who said it, through whom, and what became of the figure on the way."""
    words = f"{row['speaker']}, via {' and '.join(row['via'])}" if row["via"] else str(row["speaker"])
    return f"{words} ({row['changed']})" if phrases.present(row["changed"]) else words


def outlet_words(row: Mapping[str, Any]) -> str:
    outlets = row["outlets"]
    return outlets[0] if len(outlets) == 1 else f"{len(outlets)} outlets"
