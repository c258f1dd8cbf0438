"""Kept records of measured accuracy (``docs/accuracy.json``), and the tables that README, docs and notebook show of them.

A record tells what was measured, when, with which version, and on which gold (by its hash). One record a set: a new
measurement takes the place of the earlier one.
"""

from __future__ import annotations

import datetime
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis import __version__, store
from analysis.codebook import load
from analysis.paths import project_root
from analysis.provenance import sha256_file

RECORDS = "docs/accuracy.json"
Record = Mapping[str, Any]

#: scores that are quoted, in this order, with the words for people
QUOTED = {
    "detection_f1": "detection F1",
    "numeric_f1": "numeric F1",
    "meaning_f1": "meaning F1",
    "full_row_f1": "full row F1",
    "type_f1": "detection + type F1",
    "type_parties_f1": "detection + type + parties F1",
    "date_recall": "date recall",
    "date_precision": "date precision",
    "source_recall": "source recall",
    "source_precision": "source precision",
    "membership": "membership B-cubed F1",
    "origins": "origins B-cubed F1",
    "agreement_macro_f1": "agreement macro-F1",
    "n_origins_multi": "n_origins exact (where > 1)",
    "copies": "copies B-cubed F1",
    "mentions_found": "mentions found",
    "bcubed_precision": "B-cubed precision",
    "bcubed_recall": "B-cubed recall",
    "bcubed_f1": "B-cubed F1",
}
#: the part of a record's scores that stands in one table
SECTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "Figures": ("figures", ("detection_f1", "numeric_f1", "meaning_f1", "full_row_f1", "source_recall", "source_precision")),
    "Events": ("events", ("detection_f1", "type_f1", "type_parties_f1", "date_recall", "source_recall")),
    "One event": ("same_events", ("bcubed_f1", "bcubed_precision", "bcubed_recall", "mentions_found")),
    "Comparisons": ("collection", ("membership", "origins", "agreement_macro_f1", "n_origins_multi", "copies")),
}  # fmt: skip
#: the public sets by their own names
PUBLIC = {
    "attribution_factappeal": "FactAppeal (attribution)",
    "attribution_polnear": "PolNeAR (attribution)",
    "event_plover_gsr": "PLOVER gold records (event types)",
    "event_plv": "PLV (event types)",
    "geo_geowebnews": "GeoWebNews (places)",
    "geo_lgl": "LGL (places)",
    "geo_trnews": "TR-News (places)",
    "newsquant": "NewsQuant (quantities)",
    "rquant": "R-Quant (quantities)",
    "timex_meantime": "MEANTIME (dates)",
    "timex_te3platinum": "TempEval-3 platinum (dates)",
}
#: agreement of two careful annotators with the same scorer, on unseen articles (from the notes that come with the gold)
HUMAN: dict[str, dict[str, float]] = {
    "figures": {
        "detection_f1": 0.975,
        "numeric_f1": 0.975,
        "meaning_f1": 0.942,
        "full_row_f1": 0.925,
        "measure": 0.991,
        "side": 0.974,
        "counted": 0.932,
        "place": 0.863,
        "source": 0.966,
        "source_recall": 0.970,
        "source_precision": 0.942,
        "via": 1.0,
        "mode": 0.983,
        "hedged": 0.983,
    },
    "events": {
        "detection_f1": 0.919,
        "type_f1": 0.909,
        "type_parties_f1": 0.798,
        "event_type": 0.989,
        "actor": 0.978,
        "target": 0.890,
        "place": 0.824,
        "date": 0.967,
        "source": 0.978,
    },
}


def record(
    name: str,
    kind: str,
    gold_path: Path,
    scores: Mapping[str, float | None],
    bounds: Mapping[str, tuple[float, float]],
    counts: Mapping[str, int],
    model: str,
    **more: Any,
) -> dict[str, Any]:
    """A dated record of one evaluation; scores are shares of one. ``more`` are further keys (errors, peers, ...)."""
    path = gold_path / "gold.json" if gold_path.is_dir() else gold_path
    found = {
        "set": name,
        "kind": kind,
        "date": datetime.date.today().isoformat(),
        "gold_sha256": sha256_file(path),
        "version": __version__,
        "model": model,
        "codebook": load().version,
        "counts": dict(counts),
        "metrics": {k: round(v, 6) for k, v in scores.items() if v is not None},
        "intervals": {k: [round(low, 4), round(high, 4)] for k, (low, high) in bounds.items() if k in scores},
        "human": HUMAN.get("figures" if kind == "collection" else kind, {}),
    }
    return found | more


def read_records(root: Path | None = None) -> list[dict[str, Any]]:
    """All kept records: figures first, then by kind and name; none where nothing was measured yet."""
    path = (root or project_root()) / RECORDS
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []


def keep(found: Record, root: Path | None = None) -> Path:
    """Put one record in the place of the earlier one of its set; return the file."""
    path = (root or project_root()) / RECORDS
    records = [r for r in read_records(root) if r["set"] != found["set"]] + [dict(found)]
    order = ("figures", "events", "same_events", "collection", "public")
    records.sort(key=lambda r: (order.index(r["kind"]), r["set"]))
    path.parent.mkdir(parents=True, exist_ok=True)
    store.write_text(path, json.dumps(records, indent=1, ensure_ascii=False) + "\n")
    return path


def _score(found: Record, name: str) -> str:
    value = found["metrics"].get(name)
    if value is None:
        return ""
    low, high = found["intervals"].get(name, (None, None))
    return f"{value:.3f}" + (f" ({low:.2f} to {high:.2f})" if low is not None and high is not None else "")


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


#: how the name of a record ends that is not made anew, since its errors were looked at
FIRST_LOOK = "(first look)"
#: what must be said beside scores on sets that the rules were made with
CAVEAT = (
    "The rules were made while looking at errors on these sets, except those marked *unseen* or *first look*, which were "
    "scored by their totals before any error in them was looked at: expect numbers like those of articles of your own. "
    "A *first look* is kept as it was then, under an earlier codebook. "
    "Brackets are 95 % bootstrap intervals over whole articles."
)


def accuracy_table(records: Sequence[Record]) -> str:
    """The records as Markdown: a table each for figures, events, comparisons and the public sets of others.

    One row a set, the quoted scores with their 95 % bootstrap intervals over whole articles, and last what two careful
    people reach with the same scorer where that is known.
    """
    parts: list[str] = []
    for title, (kind, names) in SECTIONS.items():
        measured = [r for r in records if r["kind"] != "public" and names[0] in r["metrics"]]
        measured = [r for r in measured if r["kind"] == kind or (kind == "figures" and r["kind"] == "collection")]
        if not measured:
            continue
        rows = [[r["set"], r["date"], _size(r), *(_score(r, n) for n in names)] for r in measured]
        human = HUMAN.get(kind)
        if human:
            told = (f"{human[n]:.3f}" if n in human else "" for n in names)
            rows.append(["*two people*", "", "other articles", *told])
        parts.append(
            (f"{CAVEAT}\n\n" if not parts else "")
            + f"**{title}**\n\n"
            + _table(["set", "date", "gold", *(QUOTED[n] for n in names)], rows)
        )
    if any(r["kind"] == "public" for r in records):
        head = "<details><summary><b>Public sets of others</b> (their development parts), a long table</summary>"
        parts.append(f"{head}\n\n{public_table(records)}\n</details>\n")
    return "\n".join(parts) or "Nothing was measured yet.\n"


def _size(found: Record) -> str:
    counts = found["counts"]
    return f"{counts.get('gold', '')} in {counts.get('articles', '')} articles, `{found['gold_sha256'][:8]}`"


def public_table(records: Sequence[Record]) -> str:
    """Scores on public sets beside what others published or reach with the same scorer."""
    rows: list[list[str]] = []
    for r in (r for r in records if r["kind"] == "public"):
        for name in r["metrics"]:
            peers = "; ".join(f"{p['who']} {p['value']:.3f}{_part(p)}" for p in r["peers"] if p["measure"] == name)
            rows.append([PUBLIC.get(r["set"], str(r["set"])), _words(name), _score(r, name), peers])
    return _table(["set", "measure", "this project", "others"], rows)


def _words(name: str) -> str:
    """The name of a score on a public set for people."""
    return name.replace("_", " ").replace(" f1", " F1")


def _part(peer: Mapping[str, Any]) -> str:
    return f" ({peer['part']})" if peer.get("part") else ""


def error_counts(records: Sequence[Record]) -> dict[str, list[tuple[str, int]]]:
    """The errors by class over all kept sets, most frequent first: of figures, of events, of comparisons.

    Sets whose record was kept from a first look are left out: that was an older extraction.
    """
    found = {}
    for title, kinds, key in (
        ("figures", ("figures", "collection"), "errors"),
        ("events", ("events",), "errors"),
        ("comparisons", ("collection",), "wrong"),
    ):
        counts: Counter[str] = Counter()
        for r in records:
            if r["kind"] in kinds and not r["set"].endswith(FIRST_LOOK):
                counts.update(r.get(key, {}))
        if counts:
            found[title] = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return found


def errors_table(records: Sequence[Record]) -> str:
    """The classes of errors over all kept sets as Markdown, with their share of all errors of their kind."""
    parts = []
    for title, counts in error_counts(records).items():
        total = sum(count for _, count in counts)
        rows = [[name, str(count), f"{count / total:.0%}"] for name, count in counts]
        parts.append(f"**{title}**: {total} errors\n\n" + _table(["class", "errors", "share"], rows))
    return "\n".join(parts) or "Nothing was measured yet.\n"


def score_rows(records: Sequence[Record]) -> list[dict[str, Any]]:
    """The quoted scores in long form for charts and notebooks: set, measure, value, low, high, human."""
    rows = []
    for r in (r for r in records if r["kind"] != "public"):
        for name, words in QUOTED.items():
            if name in r["metrics"]:
                low, high = r["intervals"].get(name, (None, None))
                rows.append(
                    {
                        "set": r["set"],
                        "kind": r["kind"],
                        "measure": words,
                        "score": r["metrics"][name],
                        "low": low,
                        "high": high,
                        "two people": r["human"].get(name),
                    }
                )
    return rows


def public_rows(records: Sequence[Record]) -> list[dict[str, Any]]:
    """Scores on public sets and those of others in long form: set, measure, who, score."""
    rows = []
    for r in (r for r in records if r["kind"] == "public"):
        for name, value in r["metrics"].items():
            words, title = _words(name), PUBLIC.get(r["set"], str(r["set"]))
            rows.append({"set": title, "measure": words, "who": "this project", "score": value})
            for peer in r["peers"]:
                if peer["measure"] == name:
                    who = f"{peer['who']}{_part(peer)}"
                    rows.append({"set": title, "measure": words, "who": who, "score": peer["value"]})
    return rows


def confusions(records: Sequence[Record]) -> list[dict[str, Any]]:
    """What was found where the annotated event type of a public set was not, most frequent first."""
    rows = []
    for r in records:
        for pair, count in r.get("confusion", {}).items():
            theirs, found = pair.split(" -> ")
            if theirs != found:
                rows.append({"set": PUBLIC.get(r["set"], r["set"]), "gold": theirs, "found": found, "sentences": count})
    return sorted(rows, key=lambda row: (-row["sentences"], row["set"], row["gold"], row["found"]))
