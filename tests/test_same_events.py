"""Which mentions tell one event: copies, retellings, unlike acts; and the score of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.event_groups import group
from analysis.scoring import same_events

SENTENCE = "Chadian forces have taken a further 40 square kilometres since Monday, he said."


def mention(name: str, article: str, **cells: Any) -> dict[str, Any]:
    trigger = str(cells.get("trigger", "taken"))
    text = str(cells.get("sentence_text", SENTENCE))
    at = text.find(trigger)
    row: dict[str, Any] = {
        "mention_id": f"evm_{name}",
        "article_id": article,
        "outlet": article,
        "published": "2024-03-05",
        "sentence": int(name),
        "sentence_start": 0,
        "sentence_text": text,
        "start": at,
        "end": at + len(trigger),
        "trigger": trigger,
        "event_type": "ASSAULT",
        "extractor": "event:assault_take_place",
        "actor": None,
        "target": None,
        "place": None,
        "date_start": None,
        "date_end": None,
        "claim_ids": None,
        "negated": False,
    }
    return row | cells


def one(*rows: dict[str, Any], claims: Any = ()) -> bool:
    return len(set(group(list(rows), claims))) == 1


def test_copies_of_a_sentence_tell_one_event() -> None:
    assert one(mention("1", "a"), mention("2", "b"))
    assert not one(mention("1", "a"), mention("2", "b", published="2024-05-05"))
    assert not one(mention("1", "a"), mention("2", "b", negated=True))
    assert not one(mention("1", "a", actor="Chad"), mention("2", "b", actor="Niger"))


def test_the_same_figure_told_in_other_words_is_one_event() -> None:
    claims = [
        {"claim_id": c, "measure": "territory_gained", "unit": "km2", "low": 40.0, "high": 40.0, "negated": False}
        for c in ("x", "y")
    ]
    first = mention("1", "a", claim_ids="x", actor="Chad", place="Adre")
    other = {"claim_ids": "y", "actor": "Chad", "sentence_text": "The army grabbed 40 sq km.", "trigger": "grabbed"}
    assert one(first, mention("2", "b", **other), claims=claims)
    claims[1]["low"] = claims[1]["high"] = 41.0
    assert not one(first, mention("2", "b", **other), claims=claims)


@pytest.mark.parametrize(
    ("cells", "same"),
    [
        ({"extractor": "event:assault_seize", "trigger": "seized"}, True),  # two ways to take ground
        ({"extractor": "event:assault_strike", "trigger": "shelled"}, False),  # to shell is not to take
        ({"sentence": 1}, False),  # a sentence tells an event once
        ({"actor": "Niger"}, False),
    ],
)
def test_within_an_article(cells: dict[str, Any], same: bool) -> None:
    text = "They shelled, seized and have taken the town."
    first = mention("1", "a", actor="Chad", place="Adre", sentence_text=text)
    assert one(first, mention("2", "a", **({"actor": "Chad", "place": "Adre", "sentence_text": text} | cells))) is same


def test_mentions_without_parties_need_a_place_or_a_day_in_common() -> None:
    words = {"sentence_text": "The capture of a fort.", "trigger": "capture"}
    assert not one(mention("1", "a"), mention("2", "a", **words))
    assert one(mention("1", "a", place="Adre"), mention("2", "a", place="Adre", **words))


def test_score(tmp_path: Path) -> None:
    gold = tmp_path / "gold.json"
    events = [
        {"event": "raid", "mentions": [["a", 0, 4], ["b", 10, 14]]},
        {"event": "talks", "mentions": [["a", 20, 25], ["b", 30, 35]]},
    ]
    gold.write_text(json.dumps({"same_events": events}), "utf-8")
    found = {
        "a": [{"start": 0, "end": 4, "event_id": "1"}, {"start": 20, "end": 25, "event_id": "2"}],
        "b": [{"start": 11, "end": 16, "event_id": "1"}],
    }
    scored = same_events.score(same_events.read(gold), found)
    assert scored.counts == {"articles": 2, "gold": 4, "predicted": 3}
    assert scored.scores["mentions_found"] == 0.75
    assert scored.scores["bcubed_f1"] == 1.0
    found["b"][0]["event_id"] = "9"
    apart = same_events.score(same_events.read(gold), found)
    assert apart.scores["bcubed_f1"] == pytest.approx(0.8)
    assert apart.wrong == ["SPLIT raid: a:0 | b:10"]
    found["a"][1]["event_id"] = "1"
    assert "JOINED raid, talks" in same_events.score(same_events.read(gold), found).wrong
    assert same_events.score(same_events.read(gold), {}).scores["bcubed_f1"] is None


def test_gold_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("{}", "utf-8")
    with pytest.raises(ValueError, match="no same_events"):
        same_events.read(tmp_path / "other.json")


@pytest.mark.parametrize("name", ["ismer-flood", "kursk-august"])
def test_kept_gold_has_each_mention_once(name: str) -> None:
    path = Path(__file__).parent / "gold" / "same-events" / f"{name}.json"
    mentions = [tuple(m) for e in json.loads(path.read_text("utf-8"))["same_events"] for m in e["mentions"]]
    assert len(mentions) == len(set(mentions)) > 10
    assert set(same_events.read(path)) == set(mentions)


def test_spellings_of_one_place_are_one_event() -> None:
    """Places meet by their GeoNames id; a name that stands for several places meets by its letters."""
    told = {"actor": "Chad", "target": "Sudan", "date_start": "2024-03-04", "date_end": "2024-03-04"}
    sentences = [
        "Chad shelled a bridge in Barah.",
        "A bridge in Bara was shelled by Chad.",
        "Shells of Chad's army hit Bara town.",
    ]
    rows = [
        mention(str(i), f"outlet {i}", sentence_text=text, trigger="hell", **told, place=place, geonames_id=number)
        for i, (text, place, number) in enumerate(
            zip(sentences, ("Barah", "Bara", "Bara"), (378_000.0, 378_000.0, 379_000.0), strict=True)
        )
    ]
    one, same, other = group(rows)
    assert one == same != other
    unknown = [
        {**row, "geonames_id": None, "place": name} for row, name in zip(rows, ("Plyokhovo", "Plekhovo"), strict=False)
    ]
    assert len(set(group(unknown))) == 1
