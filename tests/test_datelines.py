"""Datelines are told from the text that they open, and make a sentence of their own."""

from __future__ import annotations

import pytest
from spacy.language import Language

from analysis.components import make_doc
from analysis.components.datelines import end_of_dateline


def sentences(nlp: Language, text: str) -> list[str]:
    doc = nlp(make_doc(nlp, {"article_id": "a", "outlet": "o", "title": None, "published": "2025-08-19", "text": text}))
    return [sent.text.strip() for sent in doc.sents]


@pytest.mark.parametrize(
    "line",
    [
        "CARROW, Aug 19 -",
        "CARROW, Aug. 19 (SNA) —",
        "Carrow (SNA) –",
        "Carrow, Marel —",
        "CARROW/VELM, Marel, 19 August 2025 (SNA) --",
        "SAN PEDRO DEL MAR —",
        "CARROW -",
        "MARCH, England (SNA) —",
        "LIVE OAK, Marel (SNA) —",
    ],
)
def test_a_dateline_stands_by_itself(nlp: Language, line: str) -> None:
    rest = "Six people drowned and 14 were missing on Tuesday."
    assert sentences(nlp, f"Ferry sinks off Carrow\n\n{line} {rest}")[-2:] == [line, rest]


@pytest.mark.parametrize(
    "text",
    [
        "The ferry - an old one - sank off Carrow.",
        "Six people drowned - Carrow's worst day since 1990.",
        "Carrow-based Varn Lines lost two ferries.",
        "A US - Marel deal was signed on Tuesday.",
        "Mayor Ada Brandt — who was on board — said that six people had drowned.",
        "CARROW, Aug 19 - and so on.",
        "VIDEO — Six people drowned off Carrow.",
        "LIVE UPDATES: Marel (SNA) — Six people drowned off Carrow.",
        "UPDATE 2 - Six people drowned off Carrow.",
        "Thursday, March 4 - Six people drowned off Carrow.",
        "August 19 (SNA) - Six people drowned off Carrow.",
        "-",
        "CARROW -",
    ],
)
def test_other_dashes_close_none(nlp: Language, text: str) -> None:
    assert end_of_dateline(nlp.tokenizer(text), 0) is None


def test_what_a_dateline_opens_is_read_without_it(nlp: Language) -> None:
    text = "CARROW, Aug 19 - Six people drowned and 14 were missing after a ferry sank, the coastguard said."
    doc = nlp(make_doc(nlp, {"article_id": "a", "outlet": "o", "title": None, "published": "2025-08-19", "text": text}))
    assert [(m.measure, m.counted, m.place) for m in doc._.meanings] == [
        ("killed", "people killed", "Carrow"),
        ("missing", "people missing", "Carrow"),
    ]


@pytest.mark.parametrize("label", ["EXPLAINER —", "LIVE UPDATES -", "Thursday, March 4 -", "National (SNA) —"])
def test_what_labels_a_page_is_no_place(nlp: Language, label: str) -> None:
    text = f"{label} Six people were killed in a fire near Carrow."
    doc = nlp(make_doc(nlp, {"article_id": "a", "outlet": "o", "title": None, "published": "2025-08-19", "text": text}))
    assert {p.name for p in doc._.places} == {"Carrow"}
    assert [(doc.text[f.start : f.end], m.measure) for f, m in zip(doc._.figures, doc._.meanings, strict=True)] == [
        ("Six", "killed")
    ]
