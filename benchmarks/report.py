"""The report of many articles against a bare Altair page of the same points: opening and filtering, in one browser run.

    python benchmarks/report.py                  2,000 articles, 5 rounds
    python benchmarks/report.py --articles 500

Both pages are opened in the same headless Chromium in alternating rounds; what counts is the ratio of the medians. The
articles are made here, word by word; none was published anywhere.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

import altair as alt
import pandas as pd
from playwright.sync_api import Page, sync_playwright

from analysis import comparisons, provenance, report, store
from analysis.tables import frame, schema

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
TOWNS = [
    a + b for a in ("Oster", "Brann", "Kelle", "Vard", "Sund", "Mare") for b in ("wick", "holm", "by", "ford", "ley")
]
SPEAKERS = ["Ada Brandt", "Otto Lind", "the Rescue Service", "Mira Voss", "the Health Ministry", "Jon Hald", None]
MEASURES = [("killed", "people were killed"), ("wounded", "people were hurt"), ("displaced", "people left their homes")]
MEASURES += [
    ("missing", "people were missing"),
    ("detained", "people were arrested"),
    ("casualties", "casualties were counted"),
]
WORDS = [
    "rain",
    "river",
    "road",
    "bridge",
    "night",
    "council",
    "school",
    "market",
    "crew",
    "alarm",
    "winter",
    "harbour",
    "field",
    "siren",
    "queue",
    "lamp",
]


def made(count: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """``count`` articles with six figures each, and these figures as claims."""
    draw = random.Random(11)
    articles, claims = [], []
    for number in range(count):
        outlet, town = f"Outlet {number % 60}", draw.choice(TOWNS)
        published = f"2025-{1 + number % 12:02d}-{1 + number % 28:02d}"
        parts, spots = [f"{town} after the flood, {number}\n\n"], []
        for measure, words in MEASURES:
            low, speaker = draw.randrange(1, 900), draw.choice(SPEAKERS)
            lead = f"{speaker} said " if speaker else "In all, "
            at = sum(map(len, parts))
            parts += [f"{lead}{low} {words} in {town}. ", f"{' '.join(draw.sample(WORDS, 9)).capitalize()}.\n"]
            spots.append((measure, low, speaker, at, at + len(lead)))
        text = "".join(parts)
        url = f"https://outlet-{number % 60}.example/{number}"
        article_id = provenance.article_id(outlet, url, text)
        known = {"outlet": outlet, "published": published}
        row: dict[str, Any] = {
            "article_id": article_id,
            "outlet_basis": "metadata",
            "url": url,
            "published_basis": "metadata",
        }
        row |= {"raw_path": f"{number}.txt", "raw_sha256": provenance.sha256_bytes(text.encode()), "text": text}
        articles.append(row | known)
        for sentence, (measure, low, speaker, begin, start) in enumerate(spots):
            end, stop = start + len(str(low)), text.index(". ", begin) + 1
            claim: dict[str, Any] = {
                "claim_id": provenance.claim_id(article_id, "figure", start, end),
                "article_id": article_id,
            }
            claim |= {"kind": "figure", "sentence": sentence + 1, "sentence_start": begin, "sentence_end": stop}
            claim |= {"sentence_text": text[begin:stop], "start": start, "end": end, "figure_text": str(low)}
            claim |= {"low": low, "high": low, "comparator": "=", "unit": "person", "counted": "people"}
            claim |= {"counted_class": "people", "measure": measure, "place": town, "place_basis": "stated"}
            claim |= {"source": speaker, "source_id": speaker, "source_named": None if speaker is None else True}
            claim |= {"said_date": published, "mode": "indirect" if speaker else "none", "hedged": False}
            claim |= {"negated": False, "extractor": "made", "confidence": 1.0, "stance": None}
            claims.append(claim | known)
    return articles, claims


def bare(claims: pd.DataFrame, path: Path) -> None:
    """A plain Altair page of the same points, with a choice of the outlet."""
    alt.data_transformers.disable_max_rows()
    columns = ["outlet", "published", "low", "measure", "place", "source", "sentence_text"]
    points = claims[columns].astype({"published": str}).fillna("")
    pick = alt.selection_point(
        fields=["outlet"], bind=alt.binding_select(options=[None, *sorted(points["outlet"].unique())], name="Outlet")
    )
    chart = (
        alt.Chart(points)
        .mark_point()
        .encode(x="low:Q", y="measure:N", color="source:N", tooltip=columns)
        .add_params(pick)
        .transform_filter(pick)
    )
    chart.save(path, inline=True)


def timed(page: Page, address: str, drawn: str, choose: str) -> tuple[float, float]:
    """Seconds until the first chart stands, and until a choice of the outlet is drawn."""
    start = time.perf_counter()
    page.goto(address)
    page.evaluate("() => document.querySelector('figure')?.scrollIntoView()")  # the report draws what is seen
    page.locator(drawn).first.wait_for(timeout=120_000)
    opened = time.perf_counter() - start
    start = time.perf_counter()
    page.locator(choose).first.select_option("Outlet 7")
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 0)))")
    return opened, time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    rows, figures = made(chosen.articles)
    with tempfile.TemporaryDirectory() as folder:
        tables = {name: frame(name, []) for name in schema()}
        start = time.perf_counter()
        tables["articles"], tables["claims"], tables["comparisons"] = comparisons.build(
            frame("articles", rows), frame("claims", figures)
        )
        compared = time.perf_counter() - start
        for name, table in tables.items():
            store.write_table(name, table, Path(folder))
        start = time.perf_counter()
        page = report.write(Path(folder))
        written = time.perf_counter() - start
        plain = Path(folder) / "bare.html"
        bare(tables["claims"], plain)
        path = next((found for name in NAMES if (found := shutil.which(name))), None)
        taken: dict[str, list[tuple[float, float]]] = {"report": [], "bare": []}
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-gpu"])
            for _ in range(chosen.rounds):
                for name, address, drawn, choose in (
                    ("report", page, "figure.alive", "form.filters select[name=outlet]"),
                    ("bare", plain, "canvas, svg.marks", "select"),
                ):
                    tab = browser.new_page(viewport={"width": 1280, "height": 900})
                    taken[name].append(timed(tab, address.as_uri(), drawn, choose))
                    tab.close()
            browser.close()
        median = {n: [statistics.median(t[i] for t in times) for i in (0, 1)] for n, times in taken.items()}
        told = {
            "articles": chosen.articles,
            "figures": len(figures),
            "comparisons": len(tables["comparisons"]),
            "opening_ratio": round(median["report"][0] / median["bare"][0], 2),
            "filter_ratio": round(median["report"][1] / median["bare"][1], 2),
            "report_megabytes": round(page.stat().st_size / 1e6, 1),
            "bare_megabytes": round(plain.stat().st_size / 1e6, 1),
            "seconds": {"compare": round(compared, 1), "write": round(written, 1)} | median,
        }
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
