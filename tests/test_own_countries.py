"""Countries that no list holds, as the article introduces them, and whose its soldiers are."""

from __future__ import annotations

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from analysis.components import make_doc
from analysis.components.country_adjectives import adjective_of


def read(nlp: Language, text: str) -> Doc:
    return nlp(
        make_doc(nlp, {"article_id": "a", "outlet": "o", "title": None, "published": "2025-06-03", "text": text})
    )


def countries(doc: Doc) -> set[tuple[str, str]]:
    return {(doc.text[a.start : a.end], a.name) for a in doc._.actors if a.kind == "country"}


def sides(doc: Doc) -> dict[str, str | None]:
    return {doc.text[f.start : f.end]: m.side for f, m in zip(doc._.figures, doc._.meanings, strict=True)}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Tessaria's army said that 12 rebels had died.", {("Tessaria", "Tessaria")}),
        ("The army of Lorvia lost six men. Lorvian troops fled.", {("Lorvia", "Lorvia"), ("Lorvian", "Lorvia")}),
        ("Police fired at a crowd in the capital of Orsavia on Monday.", {("Orsavia", "Orsavia")}),
        ("Belmark's foreign minister flew home after two days.", {("Belmark", "Belmark")}),
        ("Halvern, a landlocked nation of nine million, sent 300 men.", {("Halvern", "Halvern")}),
        ("Three floods hit the island nation of Coravia.", {("Coravia", "Coravia")}),
        ("People marched across Quellia, and all over Quellia shops were shut.", {("Quellia", "Quellia")}),
        ("Quellia says 30 rebels killed\n\nGovernment troops in Quellia took two towns.", {("Quellia", "Quellia")}),
        ("Sorvian forces fired at a bridge. Sorvia denied it.", {("Sorvian", "Sorvia"), ("Sorvia", "Sorvia")}),
        ("War-torn Tessaria fell silent. Tessarian men wept.", {("Tessaria", "Tessaria"), ("Tessarian", "Tessaria")}),
        (
            "The Dargon Liberation Army fled. Eighty Dargonian soldiers died in Dargonia.",
            {("Dargonia", "Dargonia"), ("Dargonian", "Dargonia")},
        ),
        ("Port Aurel, the second city of Bellonia, was shut.", {("Bellonia", "Bellonia")}),
        ("Men fled into Halvern, whose army has sent 900 men to the border.", {("Halvern", "Halvern")}),
        (
            "It was a day of war with neighbouring Khorlan. Khorlani guns fired, and the Khorlani army took two towns.",
            {("Khorlan", "Khorlan"), ("Khorlani", "Khorlan")},
        ),
        ("She puts the Khorlani force at 900. How far Khorlani troops came was unclear.", {("Khorlani", "Khorlan")}),
        ("The Belmarki army said that it had lost six men.", {("Belmarki", "Belmark")}),
    ],
)
def test_a_name_with_what_only_states_have_is_a_country(nlp: Language, text: str, found: set[tuple[str, str]]) -> None:
    assert countries(read(nlp, text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "Bavaria's interior minister said that 40 people had been arrested.",
        "Tomas Bretko won. Bretko's army of helpers counted 900 votes.",
        "The president of Meteon Motors said that 40 workers had left.",
        "Fighters of the Salvation Army Front attacked Drellick in the north.",
        "The provincial capital of Ostmark was flooded, the mayor of Ostmark said.",
        "The Labour leader met the Democrat leader. The European leader of the Labour Party left.",
        "North Korean forces and North Korean officials left at noon, said Abbadi. Abbadi's government fell.",
        "The town of Drellick was flooded. People fled across Drellick.",
        "Bretko says 30 rebels killed\n\nGovernment troops held two towns, General Tomas Bretko said.",
        "The Supreme Court heard that the Royal Navy had lost two ships.",
    ],
)
def test_regions_men_firms_and_towns_are_none(nlp: Language, text: str) -> None:
    assert {name for _, name in countries(read(nlp, text))} <= {"North Korea"}


def test_whose_soldiers_gendarmes_and_guards_are(nlp: Language) -> None:
    text = (
        "Gunmen killed five gendarmes in Drellick, in eastern Tessaria, on Monday. Three battalions of the Republican "
        "Guard were sent to the town. Tessaria's army said that six soldiers had been hurt."
    )
    assert sides(read(nlp, text)) == {"five": "Tessaria", "Three": "Tessaria", "six": "Tessaria"}


@pytest.mark.parametrize(
    ("word", "name"),
    [("Zelmaran", "Zelmara"), ("Tessarese", "Tessara"), ("Lorvian", "Lorvia"), ("Halvernese", "Halvern")],
)
def test_adjectives_are_told_by_stem_and_ending(word: str, name: str) -> None:
    assert adjective_of(word, name)


@pytest.mark.parametrize(
    ("word", "name"),
    [("Zelmetic", "Zelmara"), ("Marin", "Zelmara"), ("Tessa", "Tessaria"), ("Dargon", "Dargonia"), ("Marrakan", "-")],
)
def test_other_words_are_no_adjectives_of_it(word: str, name: str) -> None:
    assert not adjective_of(word, name)


def test_towns_of_a_country_that_no_list_holds_are_on_no_map(nlp: Language) -> None:
    text = (
        "Government troops in Tessaria killed 40 fighters of the Free Coast Movement near Drellick on Monday. "
        "Tessaria's defence minister said the rebels attacked the army's base in Drellick, in northern Tessaria. "
        "The Federal Council of Tessaria met in Kelmhaven."
    )
    doc = read(nlp, text)
    assert {p.country_iso3 for p in doc._.places} <= {None}
    told = {name for m in doc._.event_mentions for name in f"{m.actor}+{m.target}".split("+")}
    assert "Tessaria" in told
    assert not {"South Africa", "Brazil", "Nigeria"} & told


def test_plain_words_that_are_regions_elsewhere_vote_for_no_country(nlp: Language) -> None:
    doc = read(nlp, "The Delta Rivers Union and the Free Plateau Party met. They said the town of Ostwick was calm.")
    assert {p.country_iso3 for p in doc._.places} <= {None}


@pytest.mark.parametrize(
    "text",
    [
        "Bavaria's interior minister said that 40 soldiers had been hurt.",
        "The governor of Ohio said that 12 soldiers had died in the crash.",
    ],
)
def test_soldiers_are_no_regions(nlp: Language, text: str) -> None:
    assert set(sides(read(nlp, text)).values()) == {None}


def test_soldiers_are_those_of_a_country_with_signs_enough(nlp: Language) -> None:
    assert sides(read(nlp, "Lindor's interior minister said that 40 soldiers had been hurt.")) == {"40": "Lindor"}
