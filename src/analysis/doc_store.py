"""Annotated articles on their way from one stage to the next: spaCy's own format, with all that the components wrote.

Apart from the tables, so that who only reads tables need not wait for spaCy.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import spacy
from spacy.tokens import Doc, DocBin

from analysis.components import mentions
from analysis.store import DOCS, TableMissing, replacing

#: what is kept of each token; NORM too, since the tokenizer's own norms ("n't" is "not") cannot be made again
TOKEN_ATTRIBUTES = (
    *("ORTH", "SPACY", "NORM", "LEMMA", "TAG", "POS", "MORPH"),
    *("HEAD", "DEP", "ENT_IOB", "ENT_TYPE", "ENT_KB_ID", "ENT_ID"),
)


def write_docs(docs: Iterable[Doc], folder: Path) -> Path:
    """Keep the annotated Docs, with everything the components wrote on them, as ``docs.spacy``."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = DocBin(attrs=TOKEN_ATTRIBUTES, store_user_data=True)
    for doc in docs:
        kept.add(doc)
    path = folder / DOCS
    with replacing(path) as partial:
        partial.write_bytes(kept.to_bytes())
    return path


def read_docs(folder: Path) -> list[Doc]:
    """Read the annotated Docs of a run, in order; no model is loaded. Raises TableMissing."""
    path = folder / DOCS
    if not path.exists():
        raise TableMissing(f"{folder} has no {DOCS}; run stage 02_claims first")
    mentions.register()
    docs = list(DocBin().from_bytes(path.read_bytes()).get_docs(spacy.blank("en").vocab))
    for doc in docs:
        for name in mentions.ATTRIBUTES:
            found = getattr(doc._, name)
            setattr(doc._, name, None if found is None else list(found))  # they come back as tuples
    return docs
