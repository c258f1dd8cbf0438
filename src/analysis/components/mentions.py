"""What the components write on a Doc: one dataclass for each kind of mention.

All offsets are character offsets into ``doc.text`` (end exclusive) unless a field says ``token``. The mentions live in
underscore attributes (``doc._.quantities``, ``doc._.attributions``, ...), which ``register()`` declares once, and they
travel with the Doc through ``Doc.to_bytes``, ``DocBin(store_user_data=True)`` and ``nlp.pipe(n_process=...)`` by
spaCy's own msgpack registry.
"""

from __future__ import annotations

import dataclasses
import functools
from dataclasses import dataclass, field
from typing import Any

import srsly
from spacy.tokens import Doc


@functools.lru_cache(maxsize=32)
def text_of(doc: Doc) -> str:
    """``doc.text``, joined once: spaCy joins all tokens anew at every access, which costs more than any of our rules."""
    return str(doc.text)


@dataclass(slots=True)
class QuantityMention:
    """One number or magnitude in the text, read by the general quantity layer (before any news filter).

    ``start:end`` is the numeric expression with its unit of measure or percent sign, without approximators and without
    the counted noun. ``low``/``high`` are bounds in ``unit`` (null where open), ``comparator`` one of
    ``= ~ > >= < <= range``. ``head`` is the token index of the counted noun (or of the unit noun's complement) where
    the syntax gives one, else None. ``modifier_start:modifier_end`` are the words that bound or approximate.
    ``kind`` says what sort of expression it is (``cardinal``, ``percent``, ``fraction``, ``money``, ``measure``,
    ``magnitude``, ``ordinal``, ``date``, ``time``, ``duration``, ``age``, ``designation``, ...). ``rule`` holds
    codebook row ids joined by ``+``. ``reason`` is None for a figure, otherwise a left_out reason.
    """

    start: int
    end: int
    token_start: int
    token_end: int
    kind: str
    low: float | None
    high: float | None
    comparator: str
    unit: str | None
    per: str | None = None
    unit_text: str | None = None
    modifier_start: int | None = None
    modifier_end: int | None = None
    head: int | None = None
    rule: str = ""
    reason: str | None = None


@dataclass(slots=True)
class Meaning:
    """What a figure measures: written by ``measure_coder`` for the quantity at ``start:end`` (same span)."""

    start: int
    end: int
    counted: str | None = None
    counted_class: str | None = None
    unit: str | None = None
    measure: str = "other"
    aspect: str | None = None
    base: str | None = None
    side: str | None = None
    place: str | None = None
    place_basis: str | None = None
    as_of_start: str | None = None
    as_of_end: str | None = None
    part_of_start: int | None = None
    rule: str = ""
    confidence: float = 0.5


@dataclass(slots=True)
class Attribution:
    """One act of attribution: somebody (``source``) is reported to have said ``content``.

    ``content`` is a list of [start, end] pairs (a quotation may be split by its cue). ``source`` is the fullest form the
    article gives; ``source_start:source_end`` the words in this sentence that name or stand for him (None if implied by
    an earlier sentence). ``via`` are media or bodies, nearest first, joined by ``+``. ``inherited`` is true where the
    attribution runs on from an earlier sentence.
    """

    content: list[list[int]]
    source: str | None = None
    source_start: int | None = None
    source_end: int | None = None
    source_id: str | None = None
    source_party: str | None = None
    source_kind: str | None = None
    source_named: bool | None = None
    said_start: str | None = None
    via: str | None = None
    cue: str | None = None
    cue_start: int | None = None
    cue_end: int | None = None
    cue_code: str | None = None
    stance: str | None = None
    mode: str = "none"
    hedged: bool = False
    hedge_text: str | None = None
    caveat: str | None = None
    negated: bool = False
    inherited: bool = False
    statement_type: str | None = None
    rule: str = ""


@dataclass(slots=True)
class DateMention:
    """A time expression resolved against the publication date: ISO days ``date_start``..``date_end`` inclusive.

    ``precision`` is ``day``, ``week``, ``month``, ``season``, ``year`` or ``vague``; ``timex`` is the TimeML type (``DATE``, ``TIME``,
    ``DURATION``, ``SET``) and ``value`` the TimeML value.
    """

    start: int
    end: int
    date_start: str | None
    date_end: str | None
    precision: str
    timex: str
    value: str | None
    rule: str = ""


@dataclass(slots=True)
class PlaceMention:
    """A place name with its resolution. ``name`` is the canonical short name ("Kursk" for "the Kursk region")."""

    start: int
    end: int
    name: str
    kind: str = "settlement"  # settlement, admin1, country, region, water, facility
    latitude: float | None = None
    longitude: float | None = None
    country_iso3: str | None = None
    admin1: str | None = None
    geonames_id: int | None = None
    precision: str = "none"  # exact, admin1, country, none


@dataclass(slots=True)
class ActorMention:
    """A name, demonym, metonym or role that stands for an actor. ``name`` is canonical ("North Korea")."""

    start: int
    end: int
    token_start: int
    token_end: int
    name: str
    kind: str  # country, organisation, armed_group, person, role, media, group
    form: str  # name, demonym, metonym, role
    party: str | None = None
    source_kind: str | None = None
    iso3: str | None = None
    actor_id: str | None = None


@dataclass(slots=True)
class EventMention:
    """One mention of an event. ``start:end`` is the trigger."""

    start: int
    end: int
    trigger: str
    event_type: str
    event_mode: str | None = None
    realis: str = "actual"
    actor: str | None = None
    actor_type: str | None = None
    target: str | None = None
    target_type: str | None = None
    place: str | None = None
    place_start: int | None = None
    date_start: str | None = None
    date_end: str | None = None
    date_precision: str | None = None
    source: str | None = None
    source_kind: str | None = None
    via: str | None = None
    cue: str | None = None
    mode: str = "none"
    hedged: bool = False
    negated: bool = False
    figure_starts: list[int] = field(default_factory=list)
    rule: str = ""
    confidence: float = 0.5


@dataclass(slots=True)
class Fault:
    """A component that failed on one sentence: the sentence keeps its numbers (as left_out), the article goes on."""

    component: str
    sentence_start: int
    sentence_end: int
    error: str


KINDS = {
    k.__name__: k
    for k in (QuantityMention, Meaning, Attribution, DateMention, PlaceMention, ActorMention, EventMention, Fault)
}

#: underscore attribute -> what it holds; one list a Doc, in order of start
ATTRIBUTES = {
    "quantities": QuantityMention,
    "figures": QuantityMention,
    "left_out": QuantityMention,
    "meanings": Meaning,
    "attributions": Attribution,
    "dates": DateMention,
    "places": PlaceMention,
    "actors": ActorMention,
    "event_mentions": EventMention,
    "faults": Fault,
}

#: underscore attributes that the caller sets before the pipeline runs
INPUTS = ("article_id", "outlet", "title", "published")


@srsly.msgpack_encoders("analysis.mentions")
def _encode(obj: Any, chain: Any = None) -> Any:
    if type(obj).__name__ in KINDS and dataclasses.is_dataclass(obj):
        return {"__mention__": type(obj).__name__, "fields": dataclasses.asdict(obj)}  # type: ignore[arg-type]
    return obj if chain is None else chain(obj)


def _lists(value: Any) -> Any:
    """msgpack gives lists back as tuples; a mention must come back equal to what it was."""
    return [_lists(v) for v in value] if isinstance(value, (list, tuple)) else value


@srsly.msgpack_decoders("analysis.mentions")
def _decode(obj: Any, chain: Any = None) -> Any:
    if isinstance(obj, dict) and "__mention__" in obj:
        return KINDS[obj["__mention__"]](**{name: _lists(value) for name, value in obj["fields"].items()})
    return obj if chain is None else chain(obj)


def register() -> None:
    """Declare every underscore attribute (idempotent)."""
    for name in ATTRIBUTES:
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)
    for name in INPUTS:
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)


register()
