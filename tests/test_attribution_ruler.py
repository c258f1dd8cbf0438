"""Attributions: every row of the codebook by its own examples, then the cases of constructions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from analysis.claims import claims_of
from analysis.codebook import load
from analysis.components import attribution_ruler, build_nlp, make_doc
from analysis.components.attribution_offices import POINTING
from analysis.components.attribution_ruler import attribute
from analysis.components.own_countries import likely_country
from analysis.components.quotes import quotations
from analysis.components.roles import folded, roles
from analysis.components.word_classes import using

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "attributions.jsonl").read_text(encoding="utf-8").splitlines()
    if line.strip()
]
CUES = load().rows("reporting_cues")
HEDGES = load().rows("hedges")
CAVEATS = load().rows("caveats")
MEDIA = load().rows("media")
KINDS = load().rows("source_kinds")


@pytest.fixture(scope="module")
def ruler() -> Language:
    """The model with only what attributions need."""
    return build_nlp(only=["actor_ruler", "attribution_ruler"])


@pytest.fixture(scope="module")
def dated() -> Language:
    """The model with dates too."""
    return build_nlp(only=["date_ruler", "actor_ruler", "attribution_ruler"])


def read(nlp: Language, text: str, outlet: str | None = None) -> Doc:
    return nlp(make_doc(nlp, {"article_id": "a", "outlet": outlet, "title": None, "published": None, "text": text}))


def unmarked(example: str) -> tuple[str, dict[str, tuple[int, int]]]:
    """The plain text of a marked example, and where its [source] and its {figure} stand."""
    text = ""
    found: dict[str, tuple[int, int]] = {}
    opened = 0
    for character in example:
        if character in "[{":
            opened = len(text)
        elif character in "]}":
            found["source" if character == "]" else "figure"] = (opened, len(text))
        else:
            text += character
    return text, found


@pytest.mark.parametrize("row", CUES, ids=[row["id"] for row in CUES])
def test_cue_attributes_its_own_example(ruler: Language, row: dict[str, str]) -> None:
    text, marks = unmarked(row["example_yes"])
    doc = read(ruler, text)
    found = attribute(doc, *marks["figure"])
    assert found is not None, f"{row['id']}: {text!r} is not attributed"
    if "source" in marks:
        assert found.source, f"{row['id']}: no source in {text!r}"
        assert found.source_start is not None and found.source_end is not None
        start, end = marks["source"]
        assert found.source_start < end and start < found.source_end or found.inherited
    else:
        assert found.source is None
    if row["frame"] != "elaborates":
        rules = {part for a in doc._.attributions for part in a.rule.split("+")}
        assert row["id"] in rules, f"{row['id']}: found by {sorted(rules)} instead"


@pytest.mark.parametrize("row", CUES, ids=[row["id"] for row in CUES])
def test_cue_leaves_its_counterexample_alone(ruler: Language, row: dict[str, str]) -> None:
    text, marks = unmarked(row["example_no"])
    found = attribute(read(ruler, text), *marks["figure"])
    assert found is None or found.rule != row["id"], (
        f"{row['id']}: {text!r} is attributed to {found and found.source!r}"
    )


@pytest.mark.parametrize(
    "name, row",
    [*(("hedged", r) for r in HEDGES), *(("caveat", r) for r in CAVEATS)],
    ids=lambda value: value if isinstance(value, str) else value["id"],
)
def test_hedge_and_caveat_examples(ruler: Language, name: str, row: dict[str, str]) -> None:
    for column, wanted in (("example_yes", True), ("example_no", False)):
        text, marks = unmarked(row[column])
        found = attribute(read(ruler, text), *marks["figure"])
        assert bool(found and getattr(found, name)) is wanted, f"{row['id']}: {text!r}"


@pytest.mark.parametrize("row", KINDS, ids=[row["id"] for row in KINDS])
def test_source_kind_examples(row: dict[str, str]) -> None:
    book = roles(None)
    for column, wanted in (("example_yes", True), ("example_no", False)):
        words = [w for w in row[column].lower().split() if w not in ("a", "an", "the")]
        found = book.row(words)
        assert (found is not None and found["id"] == row["id"]) is wanted, f"{row['id']}: {row[column]!r}"


def test_media_examples() -> None:
    book = roles(None)
    for row in MEDIA:
        made = {"ending": f"Norham {row['name']}", "opening": f"{row['name']} Norham", "tail": f"Nor{row['name']}"}
        name = made.get(row["kind"], row["name"])
        assert book.medium(name), row["id"]
    assert book.medium("Marta") is None


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(ruler: Language, case: dict[str, Any]) -> None:
    text, marks = unmarked(case["text"])
    start, end = marks["figure"]
    found = attribute(read(ruler, text, case.get("outlet")), start, end)
    given = {
        "source": found.source if found else None,
        "via": found.via if found else None,
        "mode": found.mode if found else "none",
        "hedged": bool(found and found.hedged),
        "negated": bool(found and found.negated),
        "source_kind": found.source_kind if found else None,
        "source_id": found.source_id if found else None,
        "source_party": found.source_party if found else None,
        "source_named": found.source_named if found else None,
        "stance": found.stance if found else None,
    }
    wanted = {"source": None, "via": None, "mode": "none", "hedged": False, "negated": False} | case["expected"]
    assert {key: given[key] for key in wanted} == wanted


def test_statements_without_a_figure(ruler: Language) -> None:
    doc = read(ruler, "The ministry declined to comment. Osric Vale denied that the dam had broken.")
    assert [(a.statement_type, a.source) for a in doc._.attributions] == [
        ("decline_comment", "ministry"),
        ("deny", "Osric Vale"),
    ]


def test_an_answer_points_at_the_claim_before(ruler: Language) -> None:
    doc = read(ruler, "Police said the bridge was shut. The mayor denied it. The harbour is old. Vale denied fraud.")
    said, denied, other = claims_of(doc)[0]
    assert denied["about_claim_id"] == said["claim_id"]
    assert other.get("about_claim_id") is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("The army said on Tuesday that 40 tanks had burned on Sunday.", "2026-03-03"),
        ("“We lost 40 tanks,” the army said in a statement late on Sunday.", "2026-03-01"),
        ("On Monday, the army told reporters that 40 tanks were lost.", "2026-03-02"),
        ("“We will send 40 tanks on Saturday,” the army said.", None),
        ("The general, who was appointed on Sunday, said 40 men had died.", None),
        ("The army said on Tuesday that 12 men had died. It said 40 were hurt.", "2026-03-03"),
        ("Battle live\n\n14:20 The army has put its losses at 40 men.\n\n14:05 Snow fell.", "2026-03-05"),
        ("Battle live\n\n14:20 GMT Smoke rises over the port. The army says it lost 40 men.", "2026-03-05"),
        ("The army said on Tuesday it held 12 villages since Monday, when it had spoken of 40.", "2026-03-02"),
        ("The army said on Tuesday that it held 12 villages. In May it had put them at 40.", None),
    ],
)
def test_day_of_the_cue(dated: Language, text: str, day: str | None) -> None:
    doc = dated(
        make_doc(dated, {"article_id": "a", "outlet": None, "title": None, "published": "2026-03-05", "text": text})
    )
    start = text.index("40")
    found = attribute(doc, start, start + 2)
    assert found is not None and found.said_start == day


def test_content_is_in_order_and_inside_the_text(ruler: Language) -> None:
    text = "“We lost forty homes,” Mayor Ada Brandt said. “Nobody slept that night.” Police said 12 people were hurt."
    doc = read(ruler, text)
    starts = [a.content[0][0] for a in doc._.attributions]
    assert starts == sorted(starts)
    for found in doc._.attributions:
        assert all(0 <= a < b <= len(text) for a, b in found.content)
        assert text[found.cue_start : found.cue_end] == found.cue
    assert text[slice(*doc._.attributions[0].content[-1])] == "“Nobody slept that night.”"


def test_attributions_travel_with_the_doc(ruler: Language) -> None:
    doc = read(ruler, "Police said 12 people were hurt.")
    box = DocBin(store_user_data=True)
    box.add(doc)
    (again,) = DocBin().from_bytes(box.to_bytes()).get_docs(ruler.vocab)
    assert [a.source for a in again._.attributions] == [a.source for a in doc._.attributions]
    assert attribute(again, 12, 14) == attribute(doc, 12, 14)


def test_one_failing_sentence_is_a_fault_not_a_lost_article(ruler: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    from analysis.components import attribution_builder

    real = attribution_builder.find_acts

    def broken(sent: Any, book: Any) -> Any:
        if "boom" in sent.text:
            raise RuntimeError("boom")
        return real(sent, book)

    monkeypatch.setattr(attribution_builder, "find_acts", broken)
    doc = read(ruler, "Police said the boom fell on 3 cars. The mayor said 12 people were hurt.")
    assert [f.component for f in doc._.faults] == ["attribution_ruler"]
    assert [a.source for a in doc._.attributions] == ["mayor"]


def test_finding_twice_gives_the_same(ruler: Language) -> None:
    doc = read(ruler, "The Norham Times reported, citing a general, that 40 tanks burned. He denied it.")
    assert attribution_ruler.find(doc) == attribution_ruler.find(doc)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("He said: “A b.” Then “c d”.", ["“A b.”", "“c d”"]),
        ("It's the boys' own, isn't it?", []),
        ("'So we go', he said, the dogs' bowls aside.", ["'So we go'"]),
        ("“One.\n“Two,” she said.", ["“One.", "“Two,”"]),
        ('"A" and "B"', ['"A"', '"B"']),
    ],
)
def test_quotations(text: str, wanted: list[str]) -> None:
    assert [text[q.start : q.end] for q in quotations(text)] == wanted


def test_a_quotation_runs_on_over_paragraphs() -> None:
    assert [q.runs_on for q in quotations("“One.\n“Two,” she said.\n“Three.”")] == [False, True, False]


@pytest.mark.parametrize("name", ["Zelensky", "Zelenskyy", "Zelenskiy", "Zelenskyi", "Zelenski"])
def test_one_spelling_of_a_transliterated_name(name: str) -> None:
    assert folded(name) == "zelensky"


NEWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "attribution_news.jsonl").read_text(encoding="utf-8").splitlines()
]


@pytest.mark.parametrize("case", NEWS, ids=[case["name"] for case in NEWS])
def test_constructions_of_news(ruler: Language, case: dict[str, Any]) -> None:
    """Source, medium, mode and hedge of every {figure} of a construction; a source of null is the outlet's voice."""
    text, spans, opened = "", [], 0
    for character in case["text"]:
        if character == "{":
            opened = len(text)
        elif character == "}":
            spans.append((opened, len(text)))
        else:
            text += character
    doc = read(ruler, text, "Own Outlet")
    assert not doc._.faults
    for (start, end), wanted in zip(spans, case["expected"], strict=True):
        found = attribute(doc, start, end)
        told = {"source": None, "via": None, "mode": "none", "hedged": False}
        if found is not None:
            told = {k: getattr(found, k) for k in told}
        assert told == wanted, text[start:end]


def test_classes_of_a_folder_hold_for_offices_and_countries(ruler: Language, tmp_path: Path) -> None:
    (tmp_path / "word_classes.csv").write_text(
        "id,match,definition,note\nsettlement_nouns,town | bastide,nouns for towns,\n"
        "pointing_offices,firm | guildhouse,bodies that a name follows,\n",
        "utf-8",
    )
    doc = read(ruler, "It had rained for days. The bridge to the second bastide of Bellonia was shut.")
    found = []
    for book in (load(), load(str(tmp_path))):
        with using(book):
            found.append((likely_country(doc), any("guildhouse" in nouns for nouns in POINTING)))
    assert found == [(None, False), ("Bellonia", True)]
