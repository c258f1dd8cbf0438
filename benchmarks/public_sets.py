"""Measure the layers of the extraction on public gold sets of others, beside what others reach there.

    python benchmarks/public_sets.py --public DIR              every set in DIR, a table
    python benchmarks/public_sets.py --public DIR --only geo   sets whose name holds "geo"
    python benchmarks/public_sets.py --public DIR --record     keep the scores in docs/accuracy.json

DIR holds the sets (newsquant.jsonl, attribution_polnear.jsonl, ...) and their scorers (score_quantities.py, ...), each a
script of its own that takes gold, predictions and ``--json``. For each set this script writes predictions in the form that
the scorer wants, runs it, and reads the scores. The sets are not part of this project: several state no licence. Scores of
others stand in ``peers.csv``, the types of the PLOVER sets beside ours in ``plover_mapping.csv``. A set is scored on all
its cases, and once more without those whose gold ``judged_gold.csv`` lists as wrong or at odds with our definitions.

Quantities are scored as they stand before the news filter, places on the gold's own spans (resolution alone), dates with
the gold's day of publication. A PLOVER sentence has one annotated event: recall asks whether its type is among the types
found, and precision counts every other type found as wrong, though the sentence may tell of it.
"""

from __future__ import annotations

import argparse
import csv
import json
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from spacy.tokens import Doc

from analysis import accuracy
from analysis.codebook import load
from analysis.components import DEFAULT_MODEL, annotate, build_nlp
from analysis.components.attribution_ruler import find as find_attributions
from analysis.components.mentions import QuantityMention
from analysis.components.place_ruler import load_resolver
from analysis.scoring.measures import RESAMPLES, SEED

HERE = Path(__file__).parent
Row = Mapping[str, Any]
#: kinds of numbers that are no quantities
NO_QUANTITY = frozenset(
    {"url", "handle", "date", "time", "phone", "list_number", "designation", "ordinal", "address", "score", "zero"}
    | {"nobody", "not_a_measure", "multiple"}
)
#: full names of symbols and short forms, as the quantity sets write units
UNITS = {
    "hp": "horsepower",
    "bhp": "brake horsepower",
    "mm": "millimetre",
    "cm": "centimetre",
    "m": "metre",
    "km": "kilometre",
    "ft": "foot",
    "feet": "foot",
    "inches": "inch",
    "mph": "mile per hour",
    "min": "minute",
    "mins": "minute",
    "hours": "hour",
    "lb": "pound-mass",
    "lbs": "pound-mass",
    "pound": "pound-mass",
    "pounds": "pound-mass",
    "g": "gram",
    "kg": "kilogram",
    "l": "litre",
    "kw": "kilowatt",
    "mw": "megawatt",
    "rpm": "revolutions per minute",
    "gb": "gigabyte",
    "mb": "megabyte",
    "ghz": "gigahertz",
    "mp": "megapixel",
    "p": "point",
    "cents": "cent",
    "t": "metric ton",
    "mt": "metric ton",
    "mpg": "mile per gallon",
    "°": "degree",
    "deg": "degree",
    "degrees c": "celsius",
    "degrees f": "fahrenheit",
}
#: the scorer knows four bounds; a range is its pair of values
BOUND = {"=": "=", "~": "~", ">": ">", ">=": ">", "<": "<", "<=": "<", "range": "="}


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSON Lines file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]


def annotated(texts: Iterator[Row], *only: str) -> Iterator[Doc]:
    """Docs of texts with some of the components; ``published`` may be given with a text."""
    return annotate(build_nlp(only=only or None), texts)


def sentence_quantities(doc: Doc, currencies: Mapping[str, str]) -> list[Row]:
    """The quantities of a sentence, cut where the quantity sets cut them.

    The sets write a change "from A to B" as one pair of values (we: two figures), "A or B" as two values of which the
    bound covers the first (we: a range), and give a conversion in brackets the bound of what it converts (we: "=").
    A count without a noun has the unit of the count before it, as with us.
    """
    found: list[tuple[QuantityMention, dict[str, Any]]] = []
    for mention in doc._.quantities:
        told = quantity(mention, doc, currencies)
        if told is None:
            continue
        before, last = found[-1] if found else (None, None)
        if before is not None and last is not None:
            between = doc.text[before.end : mention.start].strip()
            if _from_to(doc, before, mention) and not isinstance(last["value"], list):
                unit = told["unit"] if told["unit"] != "-" else last["unit"]
                bound = "=" if last["bound"] == told["bound"] == "=" else "~"
                found[-1] = (mention, {**last, "value": [last["value"], told["value"]], "unit": unit, "bound": bound})
                continue
            if between == "(" and before.unit_text and mention.unit_text and told["bound"] == "=":
                told["bound"] = last["bound"]
            if mention.head is None and mention.unit_text is None and mention.unit == before.unit != "item":
                told["unit"] = last["unit"] if told["unit"] == "-" else told["unit"]
        if (
            mention.comparator == "range"
            and isinstance(told["value"], list)
            and " or " in doc.text[mention.start : mention.end]
        ):
            low, high = told["value"]
            found.append((mention, {**told, "value": low}))
            told = {**told, "value": high, "bound": "="}
        found.append((mention, told))
    return [told for _, told in found]


def _from_to(doc: Doc, first: QuantityMention, second: QuantityMention) -> bool:
    """True for "from 13.5 to 14 mm" and "from 20 miles in 2008 to 29": a change told with both its ends."""
    ends = [min(m.start, m.modifier_start if m.modifier_start is not None else m.start) for m in (first, second)]
    before, between = doc.text[: ends[0]].lower().split(), doc.text[first.end : ends[1]].lower().split()
    if {first.kind, second.kind} & {"duration", "age"} or second.comparator == "range":
        return False
    dated = len(between) in (2, 3, 4) and between[0] in ("in", "on", "last")
    return before[-1:] == ["from"] and between[-1:] == ["to"] and (len(between) == 1 or dated)


def quantity(mention: QuantityMention, doc: Doc, currencies: Mapping[str, str]) -> dict[str, Any] | None:
    """One quantity as the quantity sets write it, or None for a number that is none."""
    if mention.kind in NO_QUANTITY or (
        mention.kind == "age" and not mention.unit_text and mention.comparator != "range"
    ):
        return None
    low, high = mention.low, mention.high
    value: Any = low if high is None else high if low is None else low if low == high else [low, high]
    unit, bound = _unit(mention, doc, currencies), BOUND[mention.comparator]
    if mention.kind == "fraction" and mention.unit_text is None:
        value, unit = ([v / 100 for v in value] if isinstance(value, list) else _part(value)), "-"
    rules = mention.rule.split("+")
    if mention.comparator == "range" and "about" in rules:
        bound = "~"
    if "vague" in rules and high is None and low:
        dozens = doc.text[mention.start : mention.end].lower() == "dozens"
        first = low / 2  # the sets write hundreds as 100 to 1,000; our low is two hundred
        value, bound = [first, first * 10] if not dozens else [12, 120], "="
    return {"value": value, "bound": bound, "unit": unit, "span": [mention.start, mention.end]}


def _part(percent: float) -> float:
    """A fraction that was kept as a rounded percentage."""
    thirds = {33.33: 1 / 3, 66.67: 2 / 3}
    return thirds.get(round(percent, 2), round(percent / 100, 4))


def _unit(mention: QuantityMention, doc: Doc, currencies: Mapping[str, str]) -> str:
    text = (mention.unit_text or "").lower().strip("-")
    text = text if UNITS.get(text) or len(text) > 7 else text.replace(".", "")  # "m.p.h.", "p."
    if mention.kind == "age":
        return "year of age"
    if mention.unit == "percent":
        return "percentage"
    if mention.unit is not None and mention.unit in currencies:
        return currencies[mention.unit]
    if text:
        return UNITS.get(text, text)
    if mention.head is None:
        return "-"
    head = doc[mention.head]
    words = [child.text for child in head.lefts if child.dep_ in ("compound", "amod")]
    name = " ".join([*words, head.lemma_]).rstrip(".")
    return UNITS.get(name, name)


def quantities(gold: list[dict[str, Any]]) -> Iterator[Row]:
    """Quantities of each sentence, before the news filter."""
    currencies = {row["id"]: row["definition"].lower() for row in load().rows("currencies")}
    docs = annotated(({"text": g["sentence"]} for g in gold), "quantity_ruler")
    for g, doc in zip(gold, docs, strict=True):
        yield {"id": g["id"], "quantities": sentence_quantities(doc, currencies)}


def attributions(gold: list[dict[str, Any]]) -> Iterator[Row]:
    """Sources, cues and contents of each text."""
    for g, doc in zip(gold, annotated(({"text": g["text"]} for g in gold), "actor_ruler"), strict=True):
        found = []
        for a in find_attributions(doc)[0]:
            if a.content:
                source = [] if a.source_start is None else [[a.source_start, a.source_end]]
                cue = [] if a.cue_start is None else [[a.cue_start, a.cue_end]]
                found.append({"source": source, "cue": cue, "content": a.content})
        yield {"id": g["id"], "attributions": found}


def timexes(gold: list[dict[str, Any]]) -> Iterator[Row]:
    """Time expressions of each text with their TimeML values."""
    texts = ({"text": g["text"], "published": g["dct"]} for g in gold)
    for g, doc in zip(gold, annotated(texts, "date_ruler"), strict=True):
        found = [{"start": m.start, "end": m.end, "type": m.timex, "value": m.value} for m in doc._.dates]
        yield {"id": g["id"], "timexes": found}


def toponyms(gold: list[dict[str, Any]]) -> Iterator[Row]:
    """The gold's own place names of each text, each put on the map."""
    resolver = load_resolver()
    for g in gold:
        named = [resolver.read(g["text"], t["start"], t["end"]) for t in g["toponyms"]]
        found = []
        for t, place in zip(g["toponyms"], resolver.resolve(g["text"], named), strict=True):
            found.append({"start": t["start"], "end": t["end"], "lat": place.latitude, "lon": place.longitude})
            if place.geonames_id:
                found[-1]["geonames_id"] = place.geonames_id
        yield {"id": g["id"], "toponyms": found}


#: start of a set's name -> scorer, predictions, and which of the scorer's numbers are quoted under which name
SETS: dict[str, tuple[str, Callable[[list[dict[str, Any]]], Iterator[Row]], dict[str, str]]] = {
    "newsquant": (
        "score_quantities.py",
        quantities,
        {"value_f1": "value", "bounds_only_f1": "bounds only", "value_unit_lenient_f1": "value+unit~"},
    ),
    "rquant": ("score_quantities.py", quantities, {"value_f1": "value", "value_unit_lenient_f1": "value+unit~"}),
    "attribution_polnear": (
        "score_attribution.py",
        attributions,
        {"pair_f1": "pair", "source_overlap_f1": "source overlap", "cue_overlap_f1": "cue overlap"},
    ),
    "attribution_factappeal": (
        "score_attribution.py",
        attributions,
        {"pair_f1": "pair", "source_overlap_f1": "source overlap"},
    ),
    "timex_": ("score_timex.py", timexes, {"value_f1": "value", "relaxed_f1": "relaxed"}),
    "geo_": ("score_geo.py", toponyms, {"accuracy_161_km": "by gold spans"}),
}


def scored(public: Path, name: str) -> tuple[dict[str, float], dict[str, tuple[float, float]], dict[str, Any]]:
    """Scores of one set with the scorer beside it, as shares of one: scores, intervals, and further keys of the record."""
    if name.startswith("event_"):
        return plover(public, name)
    scorer, predictions, quoted = next(entry for start, entry in SETS.items() if name.startswith(start))
    gold = read(public / f"{name}.jsonl")
    rows = list(predictions(gold))
    scores, bounds = _told(public / scorer, gold, rows, quoted)
    judged = {row["case"] for row in judged_gold(name)}
    if not judged:
        return scores, bounds, {}
    kept, _ = _told(public / scorer, [g for g in gold if g["id"] not in judged], rows, quoted)
    return scores, bounds, {"judged_cases": len(judged), "without_judged": {k: round(v, 4) for k, v in kept.items()}}


def _told(
    scorer: Path, gold: list[dict[str, Any]], rows: list[Row], quoted: Mapping[str, str]
) -> tuple[dict[str, float], dict[str, tuple[float, float]]]:
    """What the scorer says of predictions on gold rows: scores and intervals, as shares of one."""
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / "gold.jsonl", Path(folder) / "predictions.jsonl"]
        known = {g["id"] for g in gold}
        parts: list[list[Row]] = [list(gold), [row for row in rows if row["id"] in known]]
        for path, lines in zip(paths, parts, strict=True):
            path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        command = [sys.executable, str(scorer), *map(str, paths), "--json"]
        told = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    scores, bounds = {}, {}
    for ours, theirs in quoted.items():
        found = told[theirs] if theirs in told else told["metrics"][theirs]
        span = found["95" if "95" in found else "F1_95"]
        scores[ours] = found["acc@161" if "acc@161" in found else "F1"] / 100
        bounds[ours] = (span[0] / 100, span[1] / 100)
    return scores, bounds


def judged_gold(name: str) -> list[dict[str, str]]:
    """Cases of a set whose gold we judge wrong, or at odds with our definition of a figure; see docs/public-sets.md."""
    with (HERE / "judged_gold.csv").open(encoding="utf-8", newline="") as stream:
        return [row for row in csv.DictReader(stream) if row["set"] == name]


def plover(public: Path, name: str) -> tuple[dict[str, float], dict[str, tuple[float, float]], dict[str, Any]]:
    """Type recall and precision over single sentences, with the table of what was found for what."""
    with (HERE / "plover_mapping.csv").open(encoding="utf-8", newline="") as stream:
        ours = {r["theirs"]: set(r["ours"].split(" | ")) for r in csv.DictReader(stream) if r["set"] == name}
    gold = read(public / f"{name}.jsonl")
    sentences: list[tuple[bool, int, int]] = []
    confusion: Counter[tuple[str, str]] = Counter()
    for g, doc in zip(gold, annotated({"text": g["text"]} for g in gold), strict=True):
        right, found = ours[g["event"]], {e.event_type for e in doc._.event_mentions}
        sentences.append((bool(right & found), len(found), len(right & found)))
        told = [g["event"]] if right & found else sorted(found) or ["none"]
        confusion.update((g["event"], other) for other in told)

    def score(rows: list[tuple[bool, int, int]]) -> dict[str, float]:
        hits, predicted = sum(r[2] for r in rows), sum(r[1] for r in rows)
        recall, precision = sum(r[0] for r in rows) / len(rows), hits / predicted if predicted else 0.0
        return {"type_recall": recall, "type_precision": precision}

    draw = random.Random(SEED)
    drawn = [score([sentences[draw.randrange(len(sentences))] for _ in sentences]) for _ in range(RESAMPLES)]
    bounds = {}
    for metric in ("type_recall", "type_precision"):
        values = sorted(d[metric] for d in drawn)
        bounds[metric] = (values[int(0.025 * len(values))], values[int(0.975 * len(values))])
    table = {f"{theirs} -> {found}": n for (theirs, found), n in sorted(confusion.items())}
    return score(sentences), bounds, {"confusion": table}


def peers(name: str) -> list[dict[str, Any]]:
    """What others reach on a set, and on which part of it."""
    with (HERE / "peers.csv").open(encoding="utf-8", newline="") as stream:
        return [{**row, "value": float(row["value"])} for row in csv.DictReader(stream) if row.pop("set") == name]


def main() -> int:
    """Score the sets that lie in the folder and print the table; keep the records where asked."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--public", type=Path, required=True, metavar="DIR", help="folder of the sets and scorers")
    arguments.add_argument("--only", default="", metavar="WORD", help="sets whose name holds this word")
    arguments.add_argument("--record", action="store_true", help=f"keep the scores in {accuracy.RECORDS}")
    arguments.add_argument("--confusion", action="store_true", help="print what was found for each PLOVER type")
    chosen = arguments.parse_args()
    starts = (*SETS, "event_")
    names = sorted(p.stem for p in chosen.public.glob("*.jsonl") if p.stem.startswith(starts) and chosen.only in p.stem)
    if not names:
        print(f"{chosen.public} holds no set whose name holds {chosen.only!r}", file=sys.stderr)
        return 2
    records = []
    for name in names:
        scores, bounds, more = scored(chosen.public, name)
        gold = chosen.public / f"{name}.jsonl"
        counts = {"texts": len(read(gold))}
        found = accuracy.record(
            name, "public", gold, scores, bounds, counts, DEFAULT_MODEL, peers=peers(name), part="development", **more
        )
        records.append(found)
        if chosen.record:
            accuracy.keep(found)
        if "without_judged" in more:
            rest = " ".join(f"{measure} {value:.3f}" for measure, value in more["without_judged"].items())
            print(f"{name} without the {more['judged_cases']} cases of judged_gold.csv: {rest}")
        if chosen.confusion and "confusion" in more:
            print(name, *(f"  {pair}: {n}" for pair, n in more["confusion"].items()), sep="\n")
    print(accuracy.public_table(records))
    return 0


if __name__ == "__main__":
    sys.exit(main())
