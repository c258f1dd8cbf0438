"""Fixtures that several tests share."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from reviewing import figures_sheet
from spacy.language import Language
from world import world

from analysis.provenance import article_id
from analysis.review import Sheet

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def nlp() -> Language:
    """The whole pipeline with the default model and codebook."""
    from analysis.components import build_nlp

    return build_nlp()


@pytest.fixture(scope="session")
def quantities() -> Language:
    """Only what finds numbers and decides which are figures."""
    from analysis.components import build_nlp

    return build_nlp(only=["quantity_ruler", "news_filter"])


@pytest.fixture(scope="session")
def seeds() -> list[dict[str, Any]]:
    """The five seed articles as rows of the articles table (only what the components need)."""
    rows = []
    with (ROOT / "data" / "raw" / "metadata.csv").open(encoding="utf-8", newline="") as stream:
        for meta in csv.DictReader(stream):
            text = (ROOT / "data" / "raw" / meta["file"]).read_text(encoding="utf-8")
            rows.append(
                {
                    "article_id": article_id(meta["outlet"], meta["url"], text),
                    "outlet": meta["outlet"],
                    "url": meta["url"],
                    "title": None,
                    "published": meta["published"],
                    "raw_path": meta["file"],
                    "text": text,
                }
            )
    return rows


@pytest.fixture(scope="session")
def seed_tables(nlp: Language) -> dict[str, Any]:
    """Every table of the seed articles, made once."""
    from analysis.pipeline import run

    return run(ROOT / "data" / "raw", nlp)


@pytest.fixture
def found() -> dict[str, pd.DataFrame]:
    """Every table of the small world, made anew."""
    return world()


@pytest.fixture
def read(found: dict[str, pd.DataFrame], tmp_path: Path) -> Sheet:
    """A sheet of its figures, as a reviewer has it before him."""
    return figures_sheet(found, tmp_path)
