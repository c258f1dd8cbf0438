"""The tables of the seed articles, row by row, and the same bytes whatever the machine does."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from analysis import golden
from analysis.pipeline import Frames

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / golden.FOLDER


@pytest.mark.parametrize("name", list(golden.KEYS))
def test_tables_are_as_kept(seed_tables: Frames, name: str) -> None:
    kept = (FOLDER / f"{name}.csv").read_text(encoding="utf-8")
    lines = golden.differences(name, kept, golden.to_csv(seed_tables[name]))
    assert not lines, "\n".join(
        [f"{name}: {len(lines)} rows differ; if wanted: figures evaluate --golden", *lines[:40]]
    )


def test_there_is_no_other_golden_table() -> None:
    assert {p.stem for p in FOLDER.glob("*.csv")} == set(golden.KEYS)


def test_differences_name_the_row_and_the_cell(seed_tables: Frames) -> None:
    claims = seed_tables["claims"]
    kept = golden.to_csv(claims)
    assert golden.differences("claims", kept, kept) == []
    first = claims["claim_id"].iloc[0]
    changed = claims.assign(side=claims["side"].where(claims["claim_id"] != first, "Norway"))
    (line,) = golden.differences("claims", kept, golden.to_csv(changed))
    assert line.startswith("~ art_") and line.endswith("-> 'Norway'") and "side: " in line
    (gone,) = golden.differences("claims", kept, golden.to_csv(claims.iloc[1:]))
    (came,) = golden.differences("claims", golden.to_csv(claims.iloc[1:]), kept)
    assert gone[0] == "-" and came == "+" + gone[1:]
    assert golden.differences("claims", kept, golden.to_csv(claims.iloc[::-1])) == ["the same rows in another order"]


def test_a_new_column_is_one_line(seed_tables: Frames) -> None:
    events = seed_tables["events"]
    kept = golden.to_csv(events)
    assert golden.differences("events", kept, golden.to_csv(events.assign(colour="red"))) == ["+ column colour"]
    assert golden.differences("events", kept, golden.to_csv(events.drop(columns="place"))) == ["- column place"]


def test_writing_again_changes_nothing(seed_tables: Frames, tmp_path: Path) -> None:
    assert len(golden.write(seed_tables, tmp_path)) == len(golden.KEYS)
    assert golden.write(seed_tables, tmp_path) == []


RUN = """
import sys
from pathlib import Path
from analysis import articles, pipeline, store
raw, out, processes = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
found, rejected = articles.read(raw)
docs = pipeline.docs_of(found, processes=processes, batch_size=2 if processes > 1 else 32)
for name, table in {**pipeline.tables_of(found, docs), "rejected": rejected}.items():
    store.write_table(name, table, out)
"""


def _run(raw: Path, out: Path, seed: str, processes: int) -> dict[str, bytes]:
    subprocess.run(
        [sys.executable, "-c", RUN, str(raw), str(out), str(processes)],
        env={**os.environ, "PYTHONHASHSEED": seed},
        check=True,
        timeout=240,
    )
    return {p.name: p.read_bytes() for p in sorted(out.iterdir())}


def test_the_same_bytes_in_any_order_and_with_more_processes(tmp_path: Path) -> None:
    raw = ROOT / "data" / "raw"
    shuffled = tmp_path / "raw"
    shuffled.mkdir()
    files = sorted(p for p in raw.iterdir() if p.suffix == ".txt")
    random.Random(3).shuffle(files)
    for path in files:
        shutil.copy(path, shuffled)
    head, *lines = (raw / "metadata.csv").read_text(encoding="utf-8").splitlines()
    (shuffled / "metadata.csv").write_text("\n".join([head, *reversed(lines)]) + "\n", encoding="utf-8")
    first = _run(raw, tmp_path / "first", seed="1", processes=1)
    second = _run(shuffled, tmp_path / "second", seed="2", processes=2)
    assert list(first) == list(second) and len(first) == 14
    assert [name for name in first if first[name] != second[name]] == []
