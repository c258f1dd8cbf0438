"""The report: numbers read from the tables, everything escaped, nothing asked from outside, cut where it says so."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import reported

from analysis import findings, page, page_rows, phrases, report, trust


class Elements(HTMLParser):
    """Every element of a page with its attributes, and the text of its scripts."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self.words: list[str] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))
        if tag == "script":
            self.scripts.append("")

    def handle_data(self, data: str) -> None:
        if self.found and self.cdata_elem == "script":
            self.scripts[-1] += data
        elif self.cdata_elem is None:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))


@pytest.fixture(scope="module")
def mine(tmp_path_factory: pytest.TempPathFactory) -> Elements:
    folder = reported.save(reported.mine_collapse(), tmp_path_factory.mktemp("mine"))
    (folder / "run.json").write_text(json.dumps({"run_id": "run_7", "versions": {"analysis": "0.1"}}))
    (folder / "validation").mkdir()
    failed = {"table": "claims", "expectation": "a number has a unit", "severity": "warning", "success": False}
    failed |= {"detail": "one row has none", "rows": ["clm_x"]}
    (folder / "validation" / "claims.json").write_text(json.dumps([failed, failed | {"success": True}]))
    return Elements(report.write(folder).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = reported.save(reported.attack(), tmp_path_factory.mktemp("attack"))
    return report.write(folder).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words",
    [
        "Six articles from six outlets, published 4 to 9 March 2025, report seven figures.",
        "Six outlets put miners killed in Ostrava at 9 to 14, or more than 20",
        "Four figures of seven have no named source: three have none at all, one an anonymous one.",
        "One article of six copies or rewrites another one",
        "Miners killed in Ostrava: 9 to 14, or more than 20",
        "Wire North",
        "torn.json",
        "a number has a unit",
        "one row has none",
        "1 of 2 checks of the tables passed",
        "Residents displaced in Ostrava",
        "run_7",
    ],
)
def test_page_says(mine: Elements, words: str) -> None:
    assert words in mine.text


def test_figure_is_highlighted_in_its_sentence(mine: Elements) -> None:
    assert Counter(tag for tag, _ in mine.found)["mark"] >= 7


def test_every_table_can_be_downloaded(mine: Elements) -> None:
    links = {a["href"] for tag, a in mine.found if tag == "a" and "download" in a}
    assert {f"{name}.{kind}" for name in reported.tables() for kind in ("csv", "parquet")} <= links


def test_only_the_hashed_scripts_may_run(mine: Elements) -> None:
    policy = next(a["content"] for tag, a in mine.found if a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None
    kinds = [a.get("type") for tag, a in mine.found if tag == "script"]
    running = [s for s, kind in zip(mine.scripts, kinds, strict=True) if kind != "application/json"]
    hashes = [base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in running]
    assert len(hashes) == 2
    assert sorted(re.findall(r"'sha256-(.+?)'", policy)) == sorted(hashes)
    assert policy.startswith("default-src 'none'")
    assert "unsafe-eval" not in policy


def test_nothing_is_loaded_from_outside(mine: Elements) -> None:
    for tag, attributes in mine.found:
        assert not any(a in attributes for a in ("src", "srcset", "data", "action", "formaction")), tag
        assert tag not in ("link", "iframe", "object", "embed", "base", "img")


def test_every_outside_link_gives_no_referrer(mine: Elements) -> None:
    outside = [a for tag, a in mine.found if tag == "a" and str(a.get("href")).startswith("http")]
    assert outside
    assert all(a.get("rel") == "noopener noreferrer" for a in outside)


def test_ids_are_unique_and_links_inside_lead_somewhere(mine: Elements) -> None:
    ids = Counter(a["id"] for tag, a in mine.found if "id" in a and tag != "path")
    assert not [i for i, n in ids.items() if n > 1]
    wanted = {str(a["href"])[1:] for tag, a in mine.found if tag == "a" and str(a.get("href")).startswith("#")}
    assert wanted <= set(ids)


def test_every_chart_has_a_text_alternative(mine: Elements) -> None:
    figures = [a for tag, a in mine.found if tag == "figure"]
    assert figures
    assert all(len(str(a["aria-label"])) > 20 for a in figures)


def test_readable_claims_carry_offsets_and_chain(mine: Elements) -> None:
    carried = json.loads(next(s for s in mine.scripts if s.startswith("{")))
    told = {tuple(c["chain"]): c for c in carried["claims"].values()}
    claim = told[("Gazette", "Wire North", "a union")]
    assert carried["articles"][claim["article"]]["text"][claim["start"] : claim["end"]] == "10"


def test_attack_adds_no_element_and_no_handler(hostile: str, mine: Elements) -> None:
    elements = Elements(hostile)
    assert {tag for tag, _ in elements.found} <= {tag for tag, _ in mine.found} | {"br", "line", "tspan"}
    assert Counter(tag for tag, _ in elements.found)["script"] == 3
    for tag, attributes in elements.found:
        assert not [a for a in attributes if a.startswith("on")], tag
        for address in (attributes.get("href"), attributes.get("xlink:href")):
            assert address is None or not address.lower().strip().startswith(("javascript:", "data:")), address


def test_attack_stands_as_text(hostile: str) -> None:
    text = Elements(hostile).text
    for payload in reported.PAYLOADS:
        assert re.sub(r"\s+", " ", payload) in text


@pytest.mark.parametrize(
    ("address", "safe"),
    [
        ("https://outlet.example/a", True),
        ("http://outlet.example", True),
        ("javascript:alert(1)", False),
        ("JaVaScRiPt:alert(1)", False),
        ("javascript://outlet.example/%0aalert(1)", False),
        ("ftp://outlet.example/a", False),
        (" javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//outlet.example", False),
        ("https:///nohost", False),
        ("http://[broken", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(address: str | None, safe: bool) -> None:
    assert (page_rows.safe_url(address) is not None) is safe


@pytest.mark.parametrize("value", [*reported.PAYLOADS, "\u2028", "a & b", {"<b>": ["</script>"]}])
def test_embedded_json_ends_no_script_and_keeps_its_value(value: Any) -> None:
    text = str(report.embedded(value))
    assert not re.search("[<>&\u2028\u2029]", text)
    assert json.loads(text) == value


def test_empty_run_gives_a_page(tmp_path: Path) -> None:
    folder = reported.save(reported.tables(), tmp_path)
    text = Elements(report.write(folder).read_text(encoding="utf-8")).text
    assert "No article could be read." in text


def test_articles_without_figures_give_a_page(tmp_path: Path) -> None:
    folder = reported.save(reported.tables(articles=[reported.article("Herald", "Nothing counted here.")]), tmp_path)
    assert "No reported figure was found" in report.write(folder).read_text(encoding="utf-8")


def test_text_budget_cuts_and_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "TEXT_BUDGET", 150)
    folder = reported.save(reported.mine_collapse(), tmp_path)
    elements = Elements(report.write(folder).read_text(encoding="utf-8"))
    carried = json.loads(next(s for s in elements.scripts if s.startswith("{")))
    without = [a for a in carried["articles"].values() if a["text"] is None]
    assert without
    assert f"{phrases.many(len(without), 'article')} come without" in elements.text.lower()


def test_long_tables_are_cut_and_say_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_ROWS", 20)
    folder = reported.save(reported.many_outlets(12), tmp_path)
    text = Elements(report.write(folder).read_text(encoding="utf-8")).text
    assert "20 of 48 rows stand here" in text


def test_each_list_that_is_cut_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_ROWS", 0)
    folder = reported.save(reported.mine_collapse(), tmp_path)
    text = Elements(report.write(folder).read_text(encoding="utf-8")).text
    cut = set(re.findall(r"0 of [\d,]+ ([a-z ]+) stand here", text))
    assert cut == {"rows", "groups", "speakers", "families of copies", "events", "articles", "inputs"}


def test_filter_with_many_values_says_how_many_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "MOST_CHOICES", 5)
    folder = reported.save(reported.many_outlets(12), tmp_path)
    assert "<option disabled>and 7 more</option>" in report.write(folder).read_text(encoding="utf-8")


def test_same_tables_give_the_same_page(tmp_path: Path) -> None:
    folder = reported.save(reported.mine_collapse(), tmp_path)
    assert report.write(folder).read_bytes() == report.write(folder).read_bytes()


def accuracy_record(name: str, **metrics: float) -> dict[str, object]:
    return {
        "date": "2025-05-01",
        "set": name,
        "metrics": metrics,
        "human": {"full_row_f1": 0.925},
        "counts": {"gold": 80},
    }


def test_accuracy_record_is_shown_with_what_to_expect(tmp_path: Path) -> None:
    pilot = accuracy_record("pilot", detection_f1=0.9123, numeric_f1=0.9, meaning_f1=0.8, full_row_f1=0.7)
    fresh = accuracy_record("six others (unseen)", detection_f1=0.91, recall=0.9, numeric_f1=0.85, full_row_f1=0.55)
    more = accuracy_record("a story (unseen)", detection_f1=0.95, recall=0.96, numeric_f1=0.91, full_row_f1=0.61)
    old = accuracy_record("once (first look)", detection_f1=0.81, recall=0.8, numeric_f1=0.75, full_row_f1=0.35)
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "accuracy.json").write_text(json.dumps([pilot, fresh, more, old]))
    folder = reported.save(reported.mine_collapse(), tmp_path / "run")
    text = Elements(report.write(folder).read_text(encoding="utf-8")).text
    assert "had not looked at (160 figures read by hand), it found about 93 of 100 figures" in text
    assert "of 100 rows about 88 agreed with the reader in number, bounds and unit, and 58 also in what" in text
    assert text.index("six others (unseen)") < text.index("pilot") < text.index("once (first look)")
    assert "0.912" in text
    assert "0.925" in text


@pytest.mark.parametrize("records", [[], [{"set": "x", "metrics": {"pair_f1": 0.5}}], [{"set": "pilot"}]])
def test_without_a_usable_record_nothing_is_promised(records: list[dict[str, object]]) -> None:
    assert trust.told(records) is None


def test_sets_that_were_learnt_from_promise_nothing() -> None:
    found = trust.told([accuracy_record("figures-dev", detection_f1=1.0, numeric_f1=0.99, full_row_f1=0.9)])
    assert found is not None
    assert found["sentence"] is None
    assert found["sets"][0]["name"] == "development articles"


def test_summary_lines_say_what_was_found_and_what_not() -> None:
    lines = report.summary_lines(reported.mine_collapse())
    assert lines[0].startswith("Six articles from six outlets")
    assert lines[-1] == "One input could not be used: bad_json 1."
    assert report.summary_lines({}) == ["No article could be read.", "No reported figure was found in them."]


@pytest.mark.parametrize(
    ("row", "words", "signs"),
    [
        ({"low": 11000.0, "high": 11000.0, "comparator": "=", "unit": "person"}, "11,000", "11,000"),
        ({"low": 11000.0, "high": 11000.0, "comparator": "~", "unit": "person"}, "about 11,000", "≈ 11,000"),
        ({"low": 40.0, "high": None, "comparator": ">", "unit": "percent"}, "more than 40 per cent", "> 40 per cent"),
        ({"low": None, "high": 3.0, "comparator": "<=", "unit": "item"}, "up to 3", "≤ 3"),
        (
            {"low": 1200.0, "high": 1500.0, "comparator": "range", "per": "day"},
            "1,200 to 1,500 per day",
            "1,200–1,500 per day",
        ),
        ({"low": 2e6, "high": None, "comparator": ">=", "unit": "person"}, "at least 2 million", "≥ 2 million"),
        ({"low": 66.6667, "high": 66.6667, "comparator": "=", "unit": "percent"}, "66.7 per cent", "66.7 per cent"),
        ({"low": 0.5, "high": 0.5, "comparator": "=", "unit": "km2"}, "0.5 km²", "0.5 km²"),
        ({"low": None, "high": None, "comparator": None}, "an unknown number", "an unknown number"),
    ],
)
def test_amounts_in_words_and_signs(row: dict[str, Any], words: str, signs: str) -> None:
    assert findings.amount(row) == words
    assert findings.amount(row, signs=True) == signs


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        ("2025-03-04", "2025-03-09", "4 to 9 March 2025"),
        ("2025-03-04", "2025-04-09", "4 March to 9 April 2025"),
        ("2024-12-30", "2025-01-02", "30 December 2024 to 2 January 2025"),
        ("2025-03-04", "2025-03-04", "4 March 2025"),
        (None, None, "undated"),
    ],
)
def test_spans_of_days(start: str | None, end: str | None, words: str) -> None:
    assert phrases.days(start, end) == words


def test_clip_paths_are_named_for_their_drawing() -> None:
    svg = '<clipPath id="clip7"></clipPath><g clip-path="url(#clip7)"></g><g clip-path="url(#clip9)"></g>'
    told = page._still(svg, "map-wide")
    assert told.count("clip-map-wide-0") == 2
    assert told.count("clip-map-wide-1") == 1
