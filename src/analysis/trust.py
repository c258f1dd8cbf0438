"""How far a reader may trust the figures of a report: the kept records of measured accuracy, in words for readers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analysis import phrases

Record = Mapping[str, Any]

#: gold sets whose scores stand side by side
MOST_SETS = 4
#: scores that a reader can make use of, with their words; each of the first four asks for all that those before ask for
MEASURES = {
    "detection_f1": "The figure is found",
    "numeric_f1": "… with its bounds and unit",
    "meaning_f1": "… with what it measures, and whose it is",
    "full_row_f1": "… with who said it, through whom",
    "type_f1": "The event is found, with its type",
    "type_parties_f1": "… with who did it to whom",
    "membership": "Comparable figures stand together",
    "origins": "Figures go back to the right origin",
    "agreement_macro_f1": "Agreement or contradiction is told rightly",
    "copies": "Copies are found",
}
#: names of sets for readers
SETS = {"figures-dev": "development articles", "figures-seeds": "seed articles", "own": "articles of our own"}
#: words in the name of a set whose errors nobody had looked at when it was scored
UNSEEN = ("unseen", "first look")


def _unseen(record: Record) -> bool:
    return any(word in str(record["set"]) for word in UNSEEN)


def told(records: Sequence[Record]) -> dict[str, Any] | None:
    """The scores for a reader: ``sentence`` (None without an unseen set), ``sets``, ``rows``, ``people``; None without any.

    Sets that nobody had looked at come first, the largest of them before the others, since the reader's own articles are
    such ones; then the sets that the rules were made with, newest first. ``people`` says whether it is known of any measure how well
    two people agree.
    """
    blank: dict[str, Any] = {"date": None, "set": "gold set", "metrics": {}, "human": {}, "counts": {}}
    usable = [{**blank, **{k: v for k, v in r.items() if v}} for r in records]
    usable = [r for r in usable if any(name in r["metrics"] for name in MEASURES)]
    if not usable:
        return None
    usable.sort(key=lambda r: str(r["date"]), reverse=True)
    usable.sort(
        key=lambda r: (not _unseen(r), "full_row_f1" not in r["metrics"], -r["counts"].get("gold", 0) * _unseen(r))
    )
    shown = usable[:MOST_SETS]
    rows = []
    for name, words in MEASURES.items():
        values = [r["metrics"].get(name) for r in shown]
        people = next((r["human"][name] for r in shown if name in r["human"]), None)
        if any(value is not None for value in values):
            rows.append({"measure": words, "values": values, "person": people})
    sets = [{"name": SETS.get(str(r["set"]), r["set"]), "date": r["date"]} for r in shown]
    return {"sentence": _sentence(shown[0]), "sets": sets, "rows": rows, "people": any(r["person"] for r in rows)}


def _sentence(record: Record) -> str | None:
    """What to expect, of a set that nobody had looked at: "of 100 figures about 92 are found ...", None for other sets."""
    scores = [record["metrics"].get(name) for name in ("detection_f1", "numeric_f1", "full_row_f1")]
    if not _unseen(record) or None in scores:
        return None
    found, numbers, rows = (round(100 * score) for score in scores)
    gold = record["counts"].get("gold")
    size = f" ({phrases.many(gold, 'figure')} read by hand)" if gold else ""
    return (
        f"Extracted by program. In articles that its makers had never looked at{size}, about {found} of 100 figures were "
        f"found, {numbers} had the right number, bounds and unit, and {rows} were right in every field. Read before you quote."
    )
