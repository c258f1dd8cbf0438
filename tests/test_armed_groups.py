"""Organisations that an article makes out to be armed groups, and whose losses are whose in a fight with one."""

from __future__ import annotations

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from analysis.components import make_doc


def read(nlp: Language, text: str) -> Doc:
    return nlp(
        make_doc(nlp, {"article_id": "a", "outlet": "o", "title": None, "published": "2025-06-03", "text": text})
    )


def armed(doc: Doc) -> set[tuple[str, str]]:
    return {(doc.text[a.start : a.end], a.name) for a in doc._.actors if a.kind == "armed_group"}


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        (
            "Fighters of the Kessa Liberation Movement attacked a base in Niger. The KLM gave no figures.",
            "KLM",
            "Kessa Liberation Movement",
        ),
        (
            "The rebel group Arda Front seized a bridge in Chad. The Front said it would hold it.",
            "Front",
            "Arda Front",
        ),
        (
            "Kessa Liberation Movement rebels shot at a convoy in Chad. The rebels fled.",
            "rebels",
            "Kessa Liberation Movement",
        ),
    ],
)
def test_the_article_makes_it_an_armed_group(nlp: Language, text: str, words: str, name: str) -> None:
    assert (words, name) in armed(read(nlp, text))


@pytest.mark.parametrize(
    "text",
    [
        "The Kessa Teachers Union called a strike in Niger. The union gave no figures.",
        "Rebels attacked a base in Niger. The Red Cross treated the wounded.",
    ],
)
def test_other_organisations_are_none(nlp: Language, text: str) -> None:
    assert armed(read(nlp, text)) == set()


def sides(doc: Doc) -> dict[str, str | None]:
    return {doc.text[f.start : f.end]: m.side for f, m in zip(doc._.figures, doc._.meanings, strict=True)}


def test_whose_soldiers_and_whose_rebels(nlp: Language) -> None:
    text = (
        "Fighters of the Kessa Liberation Movement attacked an army base in northern Niger, killing at least 23 soldiers. "
        "The army said that it had killed 40 rebels. The KLM said it had captured 17 soldiers."
    )
    assert sides(read(nlp, text)) == {"23": "Niger", "40": "Kessa Liberation Movement", "17": "Niger"}
