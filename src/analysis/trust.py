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
#: ends of the name of a set whose errors nobody had looked at: with the rules of today, and with those of that day
UNSEEN, FIRST_LOOK = "(unseen)", "(first look)"
#: what must be known of a set to tell a reader what to expect
EXPECTED = ("recall", "numeric_f1", "full_row_f1")


def told(records: Sequence[Record]) -> dict[str, Any] | None:
    """The scores for a reader: ``sentence`` (None without an unseen set), ``sets``, ``rows``, ``people``; None without any.

    Sets that nobody had looked at come first, since the reader's own articles are such ones, then those that the rules
    were made with; first looks, which tell of older rules, stand in only where there is no other set. ``people`` says
    whether it is known of any measure how well two people agree.
    """
    blank: dict[str, Any] = {"date": None, "set": "gold set", "metrics": {}, "human": {}, "counts": {}}
    usable = [{**blank, **{k: v for k, v in r.items() if v}} for r in records]
    usable = [r for r in usable if any(name in r["metrics"] for name in MEASURES)]
    if not usable:
        return None
    usable.sort(key=lambda r: str(r["date"]), reverse=True)
    usable.sort(key=_place)
    shown = usable[:MOST_SETS]
    rows = []
    for name, words in MEASURES.items():
        values = [r["metrics"].get(name) for r in shown]
        people = next((r["human"][name] for r in shown if name in r["human"]), None)
        if any(value is not None for value in values):
            rows.append({"measure": words, "values": values, "person": people})
    sets = [{"name": SETS.get(str(r["set"]), r["set"]), "date": r["date"]} for r in shown]
    return {"sentence": _sentence(usable), "sets": sets, "rows": rows, "people": any(r["person"] for r in rows)}


def _place(record: Record) -> tuple[bool, bool, bool]:
    name = str(record["set"])
    return name.endswith(FIRST_LOOK), "full_row_f1" not in record["metrics"], not name.endswith(UNSEEN)


def _sentence(records: Sequence[Record]) -> str | None:
    """What to expect: "of 100 figures about 92 are found ...", over all unseen sets together; None without one."""
    unseen = [r for r in records if str(r["set"]).endswith(UNSEEN) and all(name in r["metrics"] for name in EXPECTED)]
    sizes = [r["counts"].get("gold") or 1 for r in unseen]
    if not unseen:
        return None
    found, numbers, whole = (
        round(100 * sum(r["metrics"][name] * size for r, size in zip(unseen, sizes, strict=True)) / sum(sizes))
        for name in EXPECTED
    )
    gold = f" ({phrases.many(sum(sizes), 'figure')} read by hand)" if sum(sizes) > len(sizes) else ""
    return (
        f"Extracted by program. In articles whose errors its makers had not looked at{gold}, it found about {found} of "
        f"100 figures; of 100 rows about {numbers} agreed with the reader in number, bounds and unit, and {whole} also in "
        "what is measured, whose it is, who said it and through whom. Read before you quote."
    )
