"""Events in sentences: cases, the codebook's own examples, realis, parties, offsets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from analysis.codebook import Codebook, load
from analysis.components import annotate, build_nlp
from analysis.components.event_frames import build_event_book

CASES = [
    json.loads(line) for line in (Path(__file__).parent / "cases" / "events.jsonl").read_text("utf-8").splitlines()
]
CODEBOOK = load()
FIELDS = ("trigger", "event_type", "actor", "target")


def read(nlp: Language, text: str, published: str | None = "2024-03-06") -> Doc:
    article = {"article_id": "art_0", "text": text, "published": published, "outlet": "Northern Post", "title": None}
    return next(annotate(nlp, [article]))


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_cases(nlp: Language, case: dict[str, Any]) -> None:
    doc = read(nlp, case["text"], case.get("published", "2024-03-06"))
    told = [{name: getattr(e, name) for name in FIELDS} | _more(e, case) for e in doc._.event_mentions]
    assert told == [{**dict.fromkeys(FIELDS), **expected} for expected in case["events"]]
    assert doc._.faults == []


def _more(event: Any, case: dict[str, Any]) -> dict[str, Any]:
    asked = {name for expected in case["events"] for name in expected} - set(FIELDS)
    return {name: getattr(event, name) for name in sorted(asked)}


@pytest.mark.parametrize("row", CODEBOOK.rows("event_types"), ids=lambda row: row["id"])
def test_example_of_every_row(nlp: Language, row: dict[str, str]) -> None:
    doc = read(nlp, row["example_yes"])
    assert row["code"] in [e.event_type for e in doc._.event_mentions], row["example_yes"]
    if row["example_no"]:
        doc = read(nlp, row["example_no"])
        assert row["id"] not in [e.rule for e in doc._.event_mentions], row["example_no"]


@pytest.mark.parametrize("row", CODEBOOK.rows("light_verbs"), ids=lambda row: row["id"])
def test_light_verbs_give_way(nlp: Language, row: dict[str, str]) -> None:
    doc = read(nlp, row["example_yes"])
    words = {word.split()[0] for word in Codebook.split(row["match"])}
    assert doc._.event_mentions
    for event in doc._.event_mentions:
        span = doc.char_span(event.start, event.end, alignment_mode="expand")
        assert span is not None
        assert span[0].lemma_ not in words


def test_stop_expressions_tell_nothing(nlp: Language) -> None:
    for text in (
        "He had a heart attack on Monday.",
        "The strike price rose in May.",
        "Consumer demand fell in March.",
        "The press conference in Lima lasted an hour.",
        "Two attack helicopters stood near the hangar.",
    ):
        assert read(nlp, text)._.event_mentions == [], text


def test_every_object_class_exists() -> None:
    classes = {row["id"] for row in CODEBOOK.rows("event_words")}
    used = {row["object"] for row in CODEBOOK.rows("event_types") if row["object"]}
    assert used <= classes
    assert build_event_book(CODEBOOK).verbs["attack"]


def test_offsets_and_order(nlp: Language, seeds: list[dict[str, Any]]) -> None:
    for doc in annotate(nlp, seeds):
        starts = [e.start for e in doc._.event_mentions]
        assert starts == sorted(starts)
        assert len(starts) == len(set(starts))
        for event in doc._.event_mentions:
            assert doc.text[event.start : event.end] == event.trigger
            assert event.realis in ("actual", "planned")


def test_no_actual_event_after_publication(nlp: Language) -> None:
    doc = read(nlp, "Chad and Niger meet in Lagos on 20 March 2024.", "2024-03-06")
    assert [(e.realis, e.date_start) for e in doc._.event_mentions] == [("planned", "2024-03-20")]


def test_figures_of_an_event(nlp: Language) -> None:
    text = "Gunmen attacked a village in northern Mali, killing 12 farmers and burning 30 houses."
    doc = read(nlp, text)
    attack = next(e for e in doc._.event_mentions if e.event_type == "ASSAULT")
    assert text.index("12") in attack.figure_starts


def test_same_result_in_any_batch(nlp: Language) -> None:
    articles = [
        {"article_id": f"art_{i}", "text": case["text"], "published": "2024-03-06", "outlet": "x", "title": None}
        for i, case in enumerate(CASES)
    ]
    one = [doc._.event_mentions for doc in annotate(nlp, articles, batch_size=1)]
    many = [doc._.event_mentions for doc in annotate(nlp, articles, batch_size=50)]
    assert one == many


def test_own_word_classes_of_a_folder(tmp_path: Path) -> None:
    text = "Kenya hankers to attack Uganda."
    row = next(r for r in CODEBOOK.rows("event_grammar") if r["id"] == "planned_verbs")
    (tmp_path / "event_grammar.csv").write_text(
        f'id,match,definition,note\nplanned_verbs,{row["match"]} | hanker,"{row["definition"]}",\n', "utf-8"
    )
    realis = []
    for folder in (None, str(tmp_path)):
        doc = read(build_nlp(codebook=folder), text)
        realis.append([e.realis for e in doc._.event_mentions])
    assert realis == [[], ["planned"]]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("Kenya sent 400 soldiers and Peru spent 90 million dollars on tents.", {"sent": ["400"]}),
        ("The army said units lost 30 soldiers killed or wounded in clashes near Adre.", {"clashes": ["30"]}),
        ("An attack by Chad killed 30 people.", {"attack": ["30"]}),
        ("Chad shelled Adre on Monday, when he spoke of 500 villages.", {}),
    ],
)
def test_figures_hang_on_the_event_of_their_clause(nlp: Language, text: str, links: dict[str, list[str]]) -> None:
    doc = read(nlp, text)
    figure = {f.start: doc.text[f.start : f.end].split()[0] for f in doc._.figures}
    told = {e.trigger: [figure[s] for s in e.figure_starts] for e in doc._.event_mentions if e.figure_starts}
    assert told == links


@pytest.mark.parametrize(
    "text",
    [
        "The cabinet of Chad ordered 200 conscripts to clear the road from Abeche.",
        "Conscripts were hacking at the blocked road near Abeche.",
        "A wildfire reached Faya on Monday. It killed three residents and destroyed 40 homes.",
        "Firefighters were battling flames near Faya.",
        "Some 3,700 herders had waded the river into Chad by Monday.",
        "The dead soldiers were brought in from Faya on Monday.",
        "Two companies of Chad's army have taken up quarters in the town.",
        "He gave the number of tanks lost as 11.",
        "Join the conversation about Chad.",
        "A sum that the union called an insult was paid in Chad.",
        "If you ask the mayor, 12,000 people came.",
    ],
)
def test_what_is_no_attack_demand_talk_or_arrest(nlp: Language, text: str) -> None:
    doc = read(nlp, text, "2025-06-03")
    told = {m.event_type for m in doc._.event_mentions}
    assert not told & {"ASSAULT", "COERCE", "CONSULT", "REQUEST", "AID"}


def test_who_fights_with_whom_and_beside_whom(nlp: Language) -> None:
    text = (
        "Chadian forces attacked Sudan on Monday. Sudan shelled Chadian forces. Chad said its troops killed Sudanese "
        "soldiers. Libyan forces attacked Sudan on Tuesday. Sudan bombed Libyan forces. "
        "Libyan troops have been fighting with Chadian units near Faya."
    )
    doc = read(nlp, text, "2025-06-03")
    last = doc._.event_mentions[-1]
    assert (last.actor, last.target) == ("Libya", "Sudan")


def test_no_country_is_a_she(nlp: Language) -> None:
    text = "Chad closed its border on Monday. A nurse stood by the gate. She asks that her face be blurred."
    doc = read(nlp, text, "2025-06-03")
    assert "Chad" not in {m.actor for m in doc._.event_mentions if m.event_type == "REQUEST"}
