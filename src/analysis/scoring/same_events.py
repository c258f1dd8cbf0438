"""Score the grouping of event mentions into events: B-cubed over the gold mentions that were found.

Gold is a JSON file ``{"collection": name, "same_events": [{"event": name, "mentions": [[article, start, end], ...]}]}``
with character offsets into the articles' texts and no text. A gold mention is found where a trigger overlaps it; how many
were found is told beside the score, for a mention that was missed says nothing of the grouping.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analysis.scoring.measures import bcubed

Row = Mapping[str, Any]
Mention = tuple[str, int, int]


@dataclass(frozen=True)
class ScoredEvents:
    """B-cubed precision, recall and F1, the share of mentions found, how many there are; ``wrong`` in words."""

    scores: dict[str, float | None]
    counts: dict[str, int]
    wrong: list[str]


def read(path: Path) -> dict[Mention, str]:
    """Event name by gold mention (article, start, end). Raises ValueError where the file is no such gold."""
    gold = json.loads(path.read_text(encoding="utf-8"))
    if "same_events" not in gold:
        raise ValueError(f"{path} has no same_events")
    found = {}
    for event in gold["same_events"]:
        for article, start, end in event["mentions"]:
            found[str(article), int(start), int(end)] = str(event["event"])
    return found


def score(gold: Mapping[Mention, str], mentions: Mapping[str, Sequence[Row]]) -> ScoredEvents:
    """Score ``event_id`` of ``mentions`` (rows of event_mentions by gold article id) against ``gold`` (of ``read``).

    Each gold mention is matched to the trigger that overlaps it most. ``several_f1`` leaves out gold events of which only
    one mention was found: those are right by default wherever nothing was joined to them.
    """
    event_of: dict[Mention, str] = {}
    for article, start, end in gold:
        best, most = None, 0
        for row in mentions.get(article, ()):
            shared = min(end, int(row["end"])) - max(start, int(row["start"]))
            if shared > most:
                best, most = row, shared
        if best is not None:
            event_of[article, start, end] = str(best["event_id"])
    found = {m: gold[m] for m in gold if m in event_of}
    scores: dict[str, float | None] = {"mentions_found": len(found) / len(gold) if gold else None}
    counts = {"articles": len({m[0] for m in gold}), "gold": len(gold), "predicted": len(found)}
    if not found:
        return ScoredEvents(scores | {"bcubed_precision": None, "bcubed_recall": None, "bcubed_f1": None}, counts, [])
    ours: dict[Any, Any] = dict(event_of)
    theirs: dict[Any, Any] = dict(found)
    precision, recall, f1 = bcubed(ours, theirs)
    scores |= {"bcubed_precision": precision, "bcubed_recall": recall, "bcubed_f1": f1}
    sizes = {name: sum(n == name for n in found.values()) for name in set(found.values())}
    several = {m: name for m, name in theirs.items() if sizes[name] > 1}
    scores["several_f1"] = bcubed({m: ours[m] for m in several}, several)[2] if several else None
    return ScoredEvents(scores, counts, _wrong(event_of, found))


def _wrong(event_of: Mapping[Mention, str], found: Mapping[Mention, str]) -> list[str]:
    """Gold events that fell apart, and found events that join several, in words."""
    lines = []
    for name in dict.fromkeys(found.values()):
        parts: dict[str, list[str]] = {}
        for mention in found:
            if found[mention] == name:
                parts.setdefault(event_of[mention], []).append(f"{mention[0]}:{mention[1]}")
        if len(parts) > 1:
            lines.append(f"SPLIT {name}: " + " | ".join(" ".join(part) for part in parts.values()))
    for event_id in dict.fromkeys(event_of.values()):
        names = dict.fromkeys(found[m] for m in found if event_of[m] == event_id)
        if len(names) > 1:
            lines.append(f"JOINED {', '.join(names)}")
    return lines
