"""What every codebook file says of itself is run: examples that no test of a component runs, and lists word by word."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from spacy.language import Language

from analysis.codebook import DEFAULT, Codebook, load
from analysis.components import annotate, build_nlp

BOOK = load()
#: where the examples of each file are run
RUN_BY = {
    "test_actor_ruler": {"actors", "actor_roles", "demonyms"},
    "test_attribution_ruler": {"caveats", "hedges", "reporting_cues", "source_kinds"},
    "test_codebook_examples": {"media"},
    "test_comparisons": {"comparability"},
    "test_date_ruler": {"date_words"},
    "test_event_ruler": {"event_types", "light_verbs"},
    "test_measure_coder": {"counted_classes", "measure_cues", "measures"},
    "test_place_ruler": {"place_words"},
    "test_quantity_ruler": {"left_out", "number_words", "outcomes", "qualifiers", "units"},
}


def test_every_file_with_examples_is_run() -> None:
    with_examples = {name for name in BOOK.files if "example_yes" in BOOK.rows(name)[0]}
    assert with_examples == set().union(*RUN_BY.values())
    for module, names in RUN_BY.items():
        source = (Path(__file__).parent / f"{module}.py").read_text("utf-8")
        assert all(f'"{name}"' in source for name in names), module


def test_examples_of_media(nlp: Language) -> None:
    rows = BOOK.rows("media")
    texts = list(dict.fromkeys(row[column] for row in rows for column in ("example_yes", "example_no") if row[column]))
    articles = [{"article_id": f"art_{i}", "outlet": "North", "title": None, "published": "2024-11-09", "text": text}
                for i, text in enumerate(texts)]  # fmt: skip
    told = {}
    for text, doc in zip(texts, annotate(nlp, articles), strict=True):
        told[text] = {a.via for a in doc._.attributions} - {None}
    wrong = [row["id"] for row in rows if not told[row["example_yes"]]]
    wrong += [
        f"{row['id']}: {told[row['example_no']]}" for row in rows if row["example_no"] and told[row["example_no"]]
    ]
    assert wrong == []


def unread(quantities: Language, told: list[tuple[str, str, list[str]]]) -> list[tuple[str, str]]:
    """The codes with a form of which no sentence is read as that code; ``told`` holds (code, form, sentences)."""
    texts = [text for *_, sentences in told for text in sentences]
    units = {text: {m.unit for m in doc._.figures} for text, doc in zip(texts, quantities.pipe(texts), strict=True)}
    return [(code, form) for code, form, sentences in told if not any(code in units[text] for text in sentences)]


def test_every_name_of_a_currency_is_read(quantities: Language) -> None:
    told = [
        (row["id"], name, [f"The ministry paid 4 million {name}{end} on Monday." for end in ("s", "")])
        for row in BOOK.rows("currencies")
        for name in Codebook.split(row["match"])
    ]
    assert unread(quantities, told) == []


def test_every_symbol_of_a_currency_is_read(quantities: Language) -> None:
    """A symbol that several moneys share is read as the first of them where no country is told."""
    first: dict[str, str] = {}
    for column in ("symbols", "letters"):
        for row in BOOK.rows("currencies"):
            for symbol in Codebook.split(row[column]):
                first.setdefault(symbol, row["id"])
    told = [
        (code, symbol, [f"The ministry paid {symbol}{gap}40 million on Monday." for gap in ("", " ")])
        for symbol, code in first.items()
    ]
    assert unread(quantities, told) == []


def test_no_noun_has_two_units() -> None:
    """The first row that lists a noun gives its unit; a second row with another would never be read."""
    units: dict[str, str] = {}
    twice = [
        (noun, row["id"])
        for row in BOOK.rows("units")
        if row["kind"] == "counted"
        for noun in Codebook.split(row["match"])
        if units.setdefault(noun, row["code"]) != row["code"]
    ]
    assert twice == []


#: sentences in which a phrase may stand as a noun, a verb or the head of a line
CARRIERS = (
    "The talk was of a {} in Lima.",
    "The army began the {} in Lima on Monday.",
    "Chad {} Sudan on Monday.",
    "Rebels told of the {} by Chad.",
    "Chad announced a {} against Sudan.",
    "{} in Lima: 40 held.",
)


def happened(nlp: Language) -> dict[str, set[str]]:
    """For each row of ``event_stop`` its phrases in which the pipeline finds an event, in whatever carrier."""
    told = [
        (row["id"], p, c.format(p))
        for row in BOOK.rows("event_stop")
        for p in Codebook.split(row["match"])
        for c in CARRIERS
    ]
    articles = [{"article_id": f"art_{i}", "outlet": "North", "title": None, "published": "2024-11-09", "text": text}
                for i, (_, _, text) in enumerate(told)]  # fmt: skip
    found: dict[str, set[str]] = {}
    for (row, phrase, _), doc in zip(told, annotate(nlp, articles), strict=True):
        at = doc.text.index(phrase)
        if any(at <= e.start < at + len(phrase) for e in doc._.event_mentions):
            found.setdefault(row, set()).add(phrase)
    return found


def test_a_stopped_expression_is_no_event_and_would_be_one(nlp: Language, tmp_path: Path) -> None:
    assert happened(nlp) == {"visit_website": {"visiting hours"}}, "but for a verb in the carrier of verbs"
    (tmp_path / "codebook.yml").write_text("replace: [event_stop]\n", "utf-8")
    (tmp_path / "event_stop.csv").write_text("id,match,definition,note\nnone,no such words,nothing,\n", "utf-8")
    without = happened(build_nlp(codebook=str(tmp_path)))
    assert {"heart_attack", "attack_helicopter", "rally_driver", "demand_growth", "counter_terrorism", "call_to_prayer",
            "strike_a_balance", "talk_show", "march_madness"} <= without.keys()  # fmt: skip


@pytest.mark.parametrize(("name", "function"), [("word_classes", "word_class"), ("event_grammar", "grammar")])
def test_every_class_of_words_is_used(name: str, function: str) -> None:
    source = "\n".join(p.read_text("utf-8") for p in sorted(DEFAULT.parent.rglob("*.py")))
    used = set(re.findall(rf'\b{function}\("(\w+)"\)', source))
    assert {row["id"] for row in BOOK.rows(name)} == used


@pytest.mark.parametrize("name", ["word_classes", "event_grammar", "event_words", "counted_classes", "source_kinds"])
def test_no_row_lists_a_word_twice(name: str) -> None:
    for row in BOOK.rows(name):
        words = Codebook.split(row["match"])
        assert sorted(set(words)) == sorted(words), row["id"]
