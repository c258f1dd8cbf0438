"""The quantity layer: cases, the examples of the codebook, and numbers in every form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from spacy.language import Language
from spacy.tokens import Doc

from analysis import codebook
from analysis.components import build_nlp
from analysis.components.mentions import QuantityMention
from analysis.components.number_lexer import digits_value, lex
from analysis.components.number_words import number_words
from analysis.components.quantity_units import tables

CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "quantities.jsonl").read_text(encoding="utf-8").splitlines()
    if line
]
FILES = ("number_words", "qualifiers", "units", "outcomes", "left_out")
#: rows that no sentence can show: the program writes them where something went wrong
UNSHOWN = frozenset({"unread", "extraction_failed"})


def examples() -> list[tuple[str, str, str, str]]:
    """File, row id, column and text of every example in the codebook files of the quantity layer."""
    book = codebook.load()
    return [
        (name, row["id"], column, row[column])
        for name in FILES
        for row in book.rows(name)
        for column in ("example_yes", "example_no")
        if row[column]
    ]


def unbraced(text: str) -> tuple[str, list[str]]:
    """The text without braces, and what stood in them."""
    spans = [part.split("}")[0] for part in text.split("{")[1:]]
    return text.replace("{", "").replace("}", ""), spans


@pytest.fixture(scope="module")
def ruler() -> Language:
    """Only the components of this part: other components change nothing here."""
    return build_nlp(only=["quantity_ruler", "news_filter"])


@pytest.fixture(scope="module")
def read(ruler: Language) -> dict[str, Doc]:
    """All texts of cases and examples, parsed at once."""
    texts = list(dict.fromkeys([c["text"] for c in CASES] + [unbraced(e[3])[0] for e in examples()]))
    return dict(zip(texts, ruler.pipe(texts), strict=True))


def written(doc: Doc, mention: QuantityMention) -> str:
    return doc.text[mention.start : mention.end]


def row_of(doc: Doc, mention: QuantityMention) -> list[Any]:
    return [
        written(doc, mention),
        mention.low,
        mention.high,
        mention.comparator,
        mention.unit,
        mention.per,
    ]


@pytest.mark.parametrize("case", CASES, ids=[c["name"] for c in CASES])
def test_case(case: dict[str, Any], read: dict[str, Doc]) -> None:
    doc = read[case["text"]]
    assert not doc._.faults
    assert [row_of(doc, m) for m in doc._.figures] == case["figures"]
    if "left_out" in case:
        assert [[written(doc, m), m.reason] for m in doc._.left_out] == case["left_out"]


@pytest.mark.parametrize(
    ("name", "row", "column", "text"), examples(), ids=[f"{e[0]}:{e[1]}:{e[2]}" for e in examples()]
)
def test_example_of_the_codebook(name: str, row: str, column: str, text: str, read: dict[str, Doc]) -> None:
    plain, spans = unbraced(text)
    doc = read[plain]
    used = {rule for m in [*doc._.figures, *doc._.left_out] for rule in m.rule.split("+")}
    found = {written(doc, m) for m in doc._.figures}
    definition = codebook.load().row(name, row)["definition"]
    if column == "example_yes" and row not in UNSHOWN and name != "outcomes":
        assert row in used, f"{name}.csv, {row}: {definition} No number of {plain!r} was read by this row: {used}"
    if column == "example_no":
        assert row not in used, f"{name}.csv, {row}: {plain!r} must not be read by this row"
    for span in spans:
        assert span in found, f"{name}.csv, {row}: {span!r} should be a figure of {plain!r}; figures: {found}"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("11,000", 11000),
        ("1 376", 1376),
        ("12,34,567.89", 1234567.89),
        ("1'294'000", 1294000),
        (".5", 0.5),
        ("4½", 4.5),
        ("3/4", 0.75),
        ("1,5", 1.5),
    ],
)
def test_digits(text: str, value: float) -> None:
    assert digits_value(text) == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("twenty-two thousand", 22_000, 22_000),
        ("one hundred and twenty", 120, 120),
        ("three and a half million", 3_500_000, 3_500_000),
        ("a million and a half", 1_500_000, 1_500_000),
        ("two million three hundred thousand", 2_300_000, 2_300_000),
        ("half a million", 500_000, 500_000),
        ("a quarter of a million", 250_000, 250_000),
        ("half a dozen", 6, 6),
        ("two dozen", 24, 24),
        ("a couple of hundred", 200, 200),
        ("several hundred", 200, None),
        ("a few dozen", 24, None),
        ("tens of thousands", 20_000, None),
        ("hundreds of millions", 200_000_000, None),
        ("24 lakh", 2_400_000, 2_400_000),
        ("8.2 billion", 8_200_000_000, 8_200_000_000),
        ("nine out of ten", 90, 90),
        ("two-thirds", 66.67, 66.67),
    ],
)
def test_number_words(text: str, low: float, high: float | None) -> None:
    number = number_words(None).read(lex(text), 0)
    assert number is not None
    assert (number.low, number.high) == (low, high)
    assert number.end == len(lex(text))


def test_offsets_are_those_of_the_text(ruler: Language) -> None:
    text = "Über 3 000 Leute\u00a0– some “11,000” men\nand 5,000–6,000\tmore."
    doc = ruler(text)
    for mention in [*doc._.figures, *doc._.left_out]:
        assert 0 <= mention.start < mention.end <= len(text)
        assert doc[mention.token_start].idx <= mention.start
    assert "11,000" in {written(doc, m) for m in doc._.figures}


def test_the_head_is_the_counted_noun(ruler: Language) -> None:
    doc = ruler("Of the 11,000 North Korean troops, 4,000 were hurt.")
    heads = [doc[m.head].text if m.head is not None else None for m in doc._.figures]
    assert heads == ["troops", None]


def test_a_failing_sentence_costs_only_itself(ruler: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    from analysis.components import quantity_ruler

    real = quantity_ruler.find_quantities

    def fails(doc: Doc, sentence: Any, *rest: Any) -> list[QuantityMention]:
        if "seven" in sentence.text:
            raise RuntimeError("broken")
        return real(doc, sentence, *rest)

    monkeypatch.setattr(quantity_ruler, "find_quantities", fails)
    doc = ruler("The storm wrecked 40 homes. It killed seven people. It left 30 missing.")
    assert [written(doc, m) for m in doc._.figures] == ["40", "30"]
    assert [(f.component, "broken" in f.error) for f in doc._.faults] == [("quantity_ruler", True)]
    assert [(written(doc, m), m.reason) for m in doc._.left_out] == [("seven", "extraction_failed")]


def test_every_unit_form_is_read() -> None:
    units = tables(None).units
    for row in codebook.load().rows("units"):
        if row["kind"] == "counted" or row["kind"] == "time":
            continue
        for form in codebook.Codebook.split(row["match"]):
            for text in (f"3{form}", f"3 {form}", f"3 {form}s"):
                match = units.unit(lex(text), 1)
                if match is not None:
                    break
            else:
                match = units.unit(lex(f"3{form.upper()}"), 1)
            assert match is not None, f"units.csv, {row['id']}: {form!r} is never read"
            assert match.code == row["code"], f"units.csv, {row['id']}: {form!r} is read as {match.row}"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("Trams in Perth, Sydney and Melbourne will get $40 million this year.", "AUD"),
        ("Trams in Perth, Sydney and Melbourne will get US$40 million this year.", "USD"),
        ("Trams in Perth, Sydney and New York will get $40 million this year.", "USD"),
        ("Schools in Manila, Cebu and Davao will get 40 million pesos this year.", "PHP"),
        ("Schools in Lilongwe and Blantyre will get K40 million this year.", "MWK"),
        ("Schools in Lusaka and Ndola will get K40 million this year.", "ZMW"),
        ("Schools in Lahore and Karachi will get Rs 40 million this year.", "PKR"),
        ("Schools in Pune and Nagpur will get Rs 40 million this year.", "INR"),
        ("Schools in Kampala and Gulu will get Shs40 million this year.", "UGX"),
        ("Schools in Oslo and Bergen will get kr 40 million this year.", "NOK"),
        ("Schools in Rabat and Fez will get Dh40 million this year.", "MAD"),
        ("Schools in Yaounde and Douala will get FCFA 40 million this year.", "XAF"),
        ("Schools in Zurich and Geneva will get 40 million francs this year.", "CHF"),
        ("Schools in Ambele will get 40 million francs this year.", "XOF"),
        ("Schools in Lusaka and Ndola in Zambia will get K280 each this year.", "ZMW"),
    ],
)
def test_money_of_the_one_country_told_of(nlp: Language, text: str, unit: str) -> None:
    assert [f.unit for f in nlp(text)._.figures] == [unit]
