"""Small tables for the tests of charts and report, and one collection whose articles attack the page."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from analysis import provenance, store
from analysis.tables import frame, schema

Tables = dict[str, pd.DataFrame]


def article(outlet: str, text: str, published: str | None = "2025-03-04", **more: Any) -> dict[str, Any]:
    url = more.pop("url", f"https://{outlet.lower().replace(' ', '-')}.example/1")
    return {
        "article_id": provenance.article_id(outlet, url, text),
        "outlet": outlet,
        "outlet_basis": "metadata",
        "url": url,
        "published": published,
        "published_basis": "metadata" if published else "unknown",
        "raw_path": f"{outlet}.txt",
        "raw_sha256": provenance.sha256_bytes(text.encode()),
        "text": text,
        **more,
    }


def told_in(story: dict[str, Any], words: str) -> dict[str, Any]:
    """Where words that stand once in an article stand there: the cells that claims and mentions share."""
    text: str = story["text"]
    start = text.index(words)
    begin = max(text.rfind("\n", 0, start), text.rfind(". ", 0, start) + 1) + 1
    stops = [i for i in (text.find(". ", start) + 1, text.find("\n", start)) if i > 0]
    end = min(stops, default=len(text))
    return {
        "article_id": story["article_id"],
        "outlet": story["outlet"],
        "published": story["published"],
        "sentence": 0,
        "sentence_start": begin,
        "sentence_end": end,
        "sentence_text": text[begin:end],
        "start": start,
        "end": start + len(words),
    }


def figure(story: dict[str, Any], words: str, low: float | None, high: float | None, **more: Any) -> dict[str, Any]:
    """The claim that ``words``, which stand once in the article, make there; by default people killed, own voice."""
    where = told_in(story, words)
    source = more.get("source")
    if source:
        more.setdefault("source_id", source)
        more.setdefault("source_named", True)
        more.setdefault("mode", "indirect")
    row = {
        "claim_id": provenance.claim_id(story["article_id"], "figure", where["start"], where["end"]),
        **where,
        "kind": "figure",
        "figure_text": words,
        "low": low,
        "high": high,
        "comparator": "=",
        "unit": "person",
        "counted": "miners",
        "measure": "killed",
        "place": "Ostrava",
        "mode": "none",
        "hedged": False,
        "negated": False,
        "said_date": story["published"],
        "extractor": "test",
        "confidence": 1.0,
    }
    return row | more


def comparison(claims: Sequence[dict[str, Any]], label: str, agreement: str, **more: Any) -> dict[str, Any]:
    """A comparison row of these claims, which get its id."""
    comparison_id = provenance.group_id("cmp", claims[0]["claim_id"])
    for claim in claims:
        claim["comparison_id"] = comparison_id
        claim.setdefault("origin_id", provenance.content_id("org", claim.get("source_id") or claim["outlet"]))
    values = [c[b] for c in claims for b in ("low", "high") if c[b] is not None]
    return {
        "comparison_id": comparison_id,
        "label": label,
        "measure": claims[0]["measure"],
        "side": claims[0].get("side"),
        "place": claims[0]["place"],
        "unit": claims[0]["unit"],
        "per": claims[0].get("per"),
        "first_published": min((c["published"] for c in claims if c["published"]), default=None),
        "last_published": max((c["published"] for c in claims if c["published"]), default=None),
        "n_claims": len(claims),
        "n_articles": len({c["article_id"] for c in claims}),
        "n_outlets": len({c["outlet"] for c in claims}),
        "n_sources": len({c["source_id"] for c in claims if c.get("source_id")}),
        "n_parties": 0,
        "n_origins": len({c["origin_id"] for c in claims}),
        "low": min(values),
        "high": max(values),
        "agreement": agreement,
        "agreement_tolerant": agreement,
        **more,
    }


def tables(**rows: Sequence[dict[str, Any]]) -> Tables:
    """Every table of a run, those not named empty."""
    return {name: frame(name, rows.get(name, ())) for name in schema()}


def mine_collapse() -> Tables:
    """Five outlets on one accident: four kinds of bounds, a chain of media, a figure with no source, a contradiction."""
    herald = article(
        "Herald", "A mine collapsed. Twelve miners died, the governor said. 🕯 Some 300 left.", title="Mine"
    )
    wire = article("Wire North", "The governor said 12 miners had died. He spoke on Tuesday.", "2025-03-05")
    gazette = article("Gazette", "At least 10 miners were killed, a union told Wire North.", "2025-03-06")
    courier = article("Courier", "More than 20 miners are dead in the pit.", "2025-03-07")
    lantern = article("Lantern", "Between 9 and 14 miners died, it is understood.", "2025-03-08", copy_of=None)
    copy = article("Echo", "The governor said 12 miners had died. He spoke.", "2025-03-09", copy_of=wire["article_id"])
    copy |= {"copied_share": 0.9, "syndication_id": "syn_1"}
    killed = [
        figure(herald, "Twelve", 12, 12, source="governor of Ostrava", cue="said"),
        figure(wire, "12", 12, 12, source="governor of Ostrava"),
        figure(gazette, "10", 10, None, comparator=">=", source="a union", source_named=False, via="Wire North"),
        figure(courier, "20", 20, None, comparator=">"),
        figure(lantern, "9 and 14", 9, 14, comparator="range", source_kind="unattributed", hedged=True),
        figure(copy, "12", 12, 12, source="governor of Ostrava"),
    ]
    left = figure(herald, "300", 300, 300, comparator="~", measure="displaced", counted="residents")
    deciding = f"{killed[3]['claim_id']}+{killed[0]['claim_id']}"
    groups = [
        comparison(killed, "Miners killed in Ostrava", "conflict", deciding_claims=deciding),
        comparison([left], "Residents displaced in Ostrava", "single"),
    ]
    moved = {"event_id": "evt_1", "event_type": "RETREAT", "place_precision": "none", "date_start": "2025-03-04"}
    moved |= {"date_end": "2025-03-04", "label": "Residents leave Ostrava", "first_outlet": "Herald"}
    mention = {"mention_id": "evm_1", "event_id": "evt_1", "trigger": "left", "place_precision": "none"}
    mention |= {"event_type": "RETREAT", "realis": "actual", "mode": "none", "hedged": False, "negated": False}
    mention |= {"extractor": "test", "confidence": 1.0} | told_in(herald, "left")
    return tables(
        articles=[herald, wire, gazette, courier, lantern, copy],
        events=[moved | {"n_mentions": 1, "n_outlets": 1, "n_origins": 1}],
        event_mentions=[mention],
        claims=[*killed, left],
        comparisons=groups,
        left_out=[{"article_id": wire["article_id"], "start": 3, "end": 5, "text": "ov", "reason": "date"}],
        rejected=[{"raw_path": "torn.json", "record": "1", "reason": "bad_json", "detail": "Mend or remove the file."}],
    )


#: what an article may hold to run in a reader's page
PAYLOADS = (
    "</script><script>document.title='ran'</script>",
    "<img src=x onerror=\"document.title='ran'\">",
    "<svg onload=alert(1)></svg>",
    "{{ 7 * 7 }}{% raw %}",
    "=HYPERLINK('https://evil.example','x')",
    "]]><!--<script>alert(2)//-->",
    "javascript:alert(3)",
)


def attack() -> Tables:
    """Every text of a collection carries a payload: outlet, title, sentence, source, place, address, reason."""
    stories, claims = [], []
    for number, payload in enumerate(PAYLOADS):
        story = article(
            f"{payload} {number}",
            f"{payload} {number}0 miners of {payload} died, {payload} said. {payload}",
            title=payload,
            byline=payload,
            credit=payload,
            url="javascript://x.example/%0aalert(4)"
            if number % 2
            else f'https://x.example/"><script>alert(5)</script>?{number}',
        )
        stories.append(story)
        more = {"source": payload, "via": payload, "cue": payload, "hedge_text": payload, "hedged": True}
        claims.append(
            figure(story, f"{number}0", number, number, counted=payload, side=payload, caveat=payload, **more)
        )
    group = comparison(claims, f"Miners {PAYLOADS[0]}", "conflict")
    group["deciding_claims"] = f"{claims[0]['claim_id']}+{claims[1]['claim_id']}"
    event = {
        "event_id": "evt_1",
        "label": PAYLOADS[1],
        "event_type": "ASSAULT",
        "place": PAYLOADS[0],
        "place_precision": "none",
        "date_start": "2025-03-04",
        "date_end": "2025-03-04",
        "first_outlet": PAYLOADS[0],
        "n_mentions": 1,
        "n_outlets": 1,
        "n_origins": 1,
    }
    rejected = {"raw_path": PAYLOADS[0], "record": PAYLOADS[1], "reason": "bad_json", "detail": PAYLOADS[0]}
    return tables(articles=stories, claims=claims, comparisons=[group], events=[event], rejected=[rejected])


def many_outlets(outlets: int = 50, most: int = 4) -> Tables:
    """One group in which ``outlets`` outlets with long names give figures of ``most`` speakers each."""
    stories, claims = [], []
    for i in range(outlets):
        lines = "\n".join(
            f"Speaker {k} of the Provincial Committee said {100 + i + k} miners died." for k in range(most)
        )
        story = article(f"The Old Harbour and District Observer of Affairs {i}", lines)
        stories.append(story)
        for k in range(most):
            speaker = f"Speaker {k} of the Provincial Committee for Civil Protection"
            claims.append(figure(story, str(100 + i + k), 100 + i + k, 100 + i + k, source=speaker))
    return tables(articles=stories, claims=claims, comparisons=[comparison(claims, "Miners killed", "conflict")])


def save(tables_: Tables, folder: Path) -> Path:
    """Write the tables as a run does."""
    for name, data in tables_.items():
        store.write_table(name, data, folder)
    return folder
