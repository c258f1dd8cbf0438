"""Open a stage, and what the stages before the last do, as one call each, so that any notebook runs by itself.

The notebooks make the same calls one by one and show what comes of them; ``analysis.pipeline`` makes them in one go.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from analysis import claims, events, origins, store, syndication
from analysis.articles import read
from analysis.components import make_doc
from analysis.contracts import STAGES
from analysis.parameters import DEFAULT_MODEL
from analysis.paths import project_root
from analysis.pipeline import Frames, docs_of, run
from analysis.provenance import article_id
from analysis.stage import Stage, StageError

#: name of the folder of a notebook that runs by itself, and after how many seconds a forgotten one is removed
SCRATCH, SCRATCH_SECONDS = "figures-stage-", 86_400


def articles_step(stage: Stage) -> Frames:
    """Raw folder -> articles, with copies of one text found, and rejected."""
    found, rejected = read(stage.raw, stage.own_codebook)
    return {"articles": syndication.syndicate(found), "rejected": rejected}


def claims_step(stage: Stage) -> Frames:
    """Articles -> claims with their origins, and left_out; keeps the annotated articles for the stages after it."""
    articles = stage.read("articles")
    docs = stage.keep(docs_of(articles, stage.nlp()))
    found, left_out = stage.correct_claims(*claims.claims(docs, stage.own_codebook))
    return {"claims": origins.originate(articles, found, stage.own_codebook), "left_out": left_out}


def events_step(stage: Stage) -> Frames:
    """Annotated articles and claims -> event_mentions and events."""
    articles, found = stage.read("articles"), stage.read("claims")
    mentions = stage.correct_mentions(events.event_mentions(stage.docs(), found))
    return {"event_mentions": mentions, "events": events.events(mentions, found, articles)}


#: in pipeline order; nothing follows the last stage, so it is not among them
STEPS: Mapping[str, Callable[[Stage], Frames]] = {
    "01_articles": articles_step,
    "02_claims": claims_step,
    "03_events": events_step,
}


def open_stage(
    name: str,
    raw: str,
    run_dir: str = "",
    model: str = DEFAULT_MODEL,
    codebook: str = "",
    corrections: str = "",
    gazetteer: str = "",
) -> Stage:
    """Open one stage: in the folder of a run, or, without ``run_dir``, in a scratch folder.

    In a scratch folder the stages before this one are worked through at once, so that any notebook runs by itself. A
    relative ``raw`` is taken from the project's root, wherever the notebook runs.

    Raises StageError in a kernel of another environment, for an unknown stage or a missing folder.
    """
    runner = os.environ.get("FIGURES_PREFIX")
    if runner and runner != sys.prefix:
        raise StageError(f"this kernel runs in {sys.prefix}, the run in {runner}; register one kernel for both")
    if name not in STAGES:
        raise StageError(f"unknown stage {name!r}; known: {', '.join(STAGES)}")
    articles = project_root() / raw
    if not articles.is_dir():
        raise StageError(f"there is no folder {articles}; give raw = a folder with articles")
    if run_dir:
        folder = Path(run_dir)
        if not folder.is_dir():
            raise StageError(f"there is no run folder {folder}; leave run_dir empty to try the notebook by itself")
        return Stage(name, articles, folder, model, codebook, False, corrections, gazetteer)
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=SCRATCH))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    stage = Stage(name, articles, folder, model, codebook, True, corrections, gazetteer)
    _prepare(stage)
    return stage


def _sweep() -> None:
    """Remove the scratch folders that killed kernels left behind: nbval ends its kernels without their goodbyes."""
    for left in Path(tempfile.gettempdir()).glob(f"{SCRATCH}*"):
        with contextlib.suppress(OSError):
            if time.time() - left.lstat().st_mtime > SCRATCH_SECONDS:
                shutil.rmtree(left)


def _prepare(stage: Stage) -> None:
    """Work through the stages before this one, without their validation."""
    for step_name, step in STEPS.items():
        if step_name == stage.name:
            return
        before = Stage(
            step_name, stage.raw, stage.folder, stage.model, stage.codebook_folder, True, stage.corrections_file
        )
        for table, data in step(before).items():
            store.write_table(table, data, stage.folder)


def open_tables(run_dir: str = "", raw: str = "data/sample") -> Frames:
    """Every table of a finished run (a relative folder is taken from the project's root), or those that follow from ``raw``."""
    if run_dir:
        return store.read_tables(project_root() / run_dir)
    return run(project_root() / raw)


def example(text: str, nlp: Language, published: str = "2025-03-05") -> Doc:
    """An annotated article of one's own, published on a given day: to try what the pipeline makes of a sentence."""
    outlet = "Example"
    row = {"article_id": article_id(outlet, None, text), "outlet": outlet, "title": None, "published": published}
    return nlp(make_doc(nlp, {**row, "text": text}))
