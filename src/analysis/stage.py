"""What every stage notebook calls first and last: open the stage, save its tables.

A stage may read only tables of the stages before it and write only its own. ``save`` writes the tables, holds them against
their expectations and leaves a note in ``validation/<stage>.json`` from which the runner sees that the stage finished.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import pandas as pd
from spacy.tokens import Doc

from analysis import correcting, corrections, doc_store, store
from analysis.codebook import Codebook, load
from analysis.contracts import STAGES, Contract
from analysis.correction import Correction, CorrectionError, Outcome
from analysis.parameters import DEFAULT_MODEL
from analysis.paths import project_root
from analysis.provenance import sha256_file
from analysis.tables import schema

if TYPE_CHECKING:
    from spacy.language import Language

RUN_RECORD = "run.json"


class StageError(RuntimeError):
    """A stage that cannot go on; where an article is at fault the message begins with its outlet and file."""


class StageInvalid(StageError):
    """Tables that break an expectation of severity ``error``; the message names the first one broken."""


def _fail_on_article(_name: str, _component: Any, docs: Sequence[Doc] | None, error: Exception) -> NoReturn:
    """spaCy's error handler: say which article it was."""
    if not docs:
        raise StageError(f"a process that annotates articles failed: {error}") from error
    doc = docs[0]
    raise StageError(f"{doc._.outlet}, article {doc._.article_id}: {type(error).__name__}: {error}") from error


@dataclass
class Stage:
    """One stage at work in the folder of a run (or in a scratch folder, where a notebook runs by itself)."""

    name: str
    raw: Path
    folder: Path
    model: str = DEFAULT_MODEL
    codebook_folder: str = ""
    scratch: bool = False
    corrections_file: str = ""
    gazetteer: str = ""
    faults: list[dict[str, Any]] = field(default_factory=list)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def contract(self) -> Contract:
        return STAGES[self.name]

    @property
    def own_codebook(self) -> str | None:
        """Folder of the run's own codebook, None for the default one: what the stages' functions take."""
        return self.codebook_folder or None

    @property
    def codebook(self) -> Codebook:
        return load(self.own_codebook)

    def nlp(self) -> Language:
        """The pipeline of this run; it names the article where it fails. Raises ModelMissing, CodebookError."""
        from analysis.components import build_nlp

        nlp = build_nlp(self.model, self.own_codebook, gazetteer=self.gazetteer or None)
        nlp.default_error_handler = _fail_on_article  # the parser's own class takes no handler
        return nlp

    def read(self, name: str) -> pd.DataFrame:
        """Read a table of an earlier stage. Raises StageError if the stage has not declared it."""
        if name not in self.contract.reads:
            raise StageError(
                f"{self.name} does not read {name}; it reads {', '.join(self.contract.reads) or 'no table'}"
            )
        return store.read_table(name, self.folder)

    def docs(self) -> list[Doc]:
        """The annotated articles, as stage 02 left them."""
        if self.contract.docs != "reads":
            raise StageError(f"{self.name} does not read {store.DOCS}")
        return doc_store.read_docs(self.folder)

    def keep(self, docs: Iterable[Doc]) -> list[Doc]:
        """Keep annotated articles for the stages that follow, and note sentences on which a component failed."""
        kept = list(docs)
        doc_store.write_docs(kept, self.folder)
        for doc in kept:
            for fault in doc._.faults or ():
                self.faults.append(
                    {
                        "article_id": doc._.article_id,
                        "outlet": doc._.outlet,
                        "component": fault.component,
                        "sentence": doc.text[fault.sentence_start : fault.sentence_end][:240],
                        "error": fault.error,
                    }
                )
        return kept

    def own_corrections(self) -> list[Correction]:
        """The corrections of this run, none without a file. Raises StageError where the file cannot be read."""
        if not self.corrections_file:
            return []
        try:
            return corrections.read(project_root() / self.corrections_file)
        except CorrectionError as error:
            raise StageError(str(error)) from None

    def correct_claims(self, claims: pd.DataFrame, left_out: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Both tables with the corrections of this run applied; what no longer fits is noted, and warned of by ``save``."""
        articles = self.read("articles")
        claims, left_out, self.outcomes = correcting.correct_claims(
            claims, left_out, articles, self.own_corrections(), self.codebook
        )
        return claims, left_out

    def correct_mentions(self, mentions: pd.DataFrame) -> pd.DataFrame:
        """Event mentions with the corrections of this run applied, grouped into events anew; as ``correct_claims``."""
        articles = self.read("articles")
        mentions, self.outcomes = correcting.correct_mentions(mentions, articles, self.own_corrections(), self.codebook)
        return mentions

    def save(self, **tables: pd.DataFrame) -> pd.DataFrame:
        """Write and validate the stage's tables; return what was held against them, one row a table.

        Raises StageError if a declared table is missing or another one is given, StageInvalid if an expectation of
        severity ``error`` is broken (the tables stay in the folder of the run, and nothing is published).
        """
        if set(tables) != set(self.contract.writes):
            raise StageError(
                f"{self.name} must save {', '.join(self.contract.writes)}, not {', '.join(tables) or 'nothing'}"
            )
        unchanged = {name: _unchanged(name, tables[name], self) for name in self.contract.writes}
        for name in self.contract.writes:
            store.write_table(name, tables[name], self.folder)
        outcomes = _validate(self, tables, unchanged)
        self._note(tables, outcomes)
        broken = [o for o in outcomes if not o.success and o.severity == "error"]
        if broken and "articles" in tables and tables["articles"].empty:
            raise StageInvalid(f"no article could be read from {self.raw}: {_first_rejected(tables['rejected'])}")
        if broken:
            first = broken[0]
            more = f" (and {len(broken) - 1} more)" if len(broken) > 1 else ""
            raise StageInvalid(f"{first.table}: {first.expectation}: {first.detail}{_culprit(first.rows)}{more}")
        rows = []
        for name in self.contract.writes:
            own = [o for o in outcomes if o.table == name]
            warned = sum(not o.success for o in own)
            rows.append({"table": name, "rows": len(tables[name]), "expectations": len(own), "warnings": warned})
        return pd.DataFrame(rows)

    def _note(self, tables: dict[str, pd.DataFrame], outcomes: list[Any]) -> None:
        folder = self.folder / "validation"
        folder.mkdir(exist_ok=True)
        written = {
            name: {"rows": len(data), "sha256": sha256_file(self.folder / f"{name}.parquet")}
            for name, data in tables.items()
        }
        note = {
            "stage": self.name,
            "run_id": self.folder.name,
            "tables": written,
            "results": [o.as_dict() for o in outcomes],
            "faults": self.faults,
            "corrections": [o.as_dict() for o in self.outcomes],
        }
        store.write_json(folder / f"{self.name}.json", note)


def _first_rejected(rejected: pd.DataFrame) -> str:
    """Why there is no article, in words."""
    if rejected.empty:
        return "the folder holds no file that could be one"
    first = rejected.iloc[0]
    more = f" (and {len(rejected) - 1} more inputs that cannot be used)" if len(rejected) > 1 else ""
    return f"{first['raw_path']}: {first['reason']}: {first['detail']}{more}"


def _culprit(rows: list[dict[str, Any]]) -> str:
    """The article of the first failed row, as the tail of a message."""
    named = next((r for r in rows if r.get("outlet")), None)
    return f", first in {named['outlet']} ({named.get('file')})" if named else ""


def _unchanged(name: str, data: pd.DataFrame, stage: Stage) -> set[str]:
    """Columns of a table that are as an earlier stage of the run wrote and found them valid, with all rows in place.

    What this stage itself wrote does not count: it may be saved again, in a notebook, because it was not valid.
    """
    path = stage.folder / f"{name}.parquet"
    before_this = [s for s in STAGES if s < stage.name and name in STAGES[s].writes]
    notes = [store.read_json(stage.folder / "validation" / f"{s}.json") or {} for s in before_this]
    valid = {note["tables"][name]["sha256"] for note in notes if note.get("tables", {}).get(name) and _held(note, name)}
    if not valid or not path.exists() or sha256_file(path) not in valid:
        return set()
    before, now = store.read_table(name, stage.folder), data.reset_index(drop=True)
    key = list(schema()[name].key)
    if not before[key].equals(now[key]):
        return set()
    return {c for c in before.columns if c in now and before[c].equals(now[c])}


def _held(note: Mapping[str, Any], table: str) -> bool:
    """Whether a stage's note says that no expectation of severity ``error`` was broken in a table."""
    return not any(
        o["table"] == table and o["severity"] == "error" and not o["success"] for o in note.get("results", ())
    )


def _validate(stage: Stage, tables: dict[str, pd.DataFrame], unchanged: Mapping[str, Collection[str]]) -> list[Any]:
    from analysis.validate import validate  # brings in Great Expectations, which takes seconds

    everything = {**store.read_tables(stage.folder), **tables}
    record = stage.folder / RUN_RECORD
    previous = json.loads(record.read_text(encoding="utf-8")).get("previous") if record.exists() else None
    counts = (previous or {}).get("counts")
    outcomes = validate(everything, list(stage.contract.writes), counts, codebook=stage.codebook, unchanged=unchanged)
    return outcomes + [_fit(table, stage) for table in stage.contract.writes if _of(table, stage)]


def _of(table: str, stage: Stage) -> list[Outcome]:
    return [o for o in stage.outcomes if o.correction.table == table]


def _fit(table: str, stage: Stage) -> Any:
    """Whether every correction fits the row it was made for, as the outcome of an expectation of its own."""
    from analysis.validate import MAX_ROWS, Validation

    stale = [o for o in _of(table, stage) if o.state == "stale"]
    rows = []
    for outcome in stale[:MAX_ROWS]:
        one = outcome.correction
        row = {"correction": one.id, table: one.row_id, "outlet": one.outlet, "file": one.raw_path}
        rows.append({**row, "why": outcome.why, "quote": one.sentence[:240]})
    says = "every correction fits the row that it was made for"
    detail = "holds"
    if stale:
        first = f"{stale[0].correction.id} ({stale[0].correction.outlet}): {stale[0].why}"
        detail = f"{len(stale)} of {len(_of(table, stage))} no longer fit and were not applied; the first: {first}"
    return Validation(table, says, "warning", not stale, detail, len(stale), rows)
