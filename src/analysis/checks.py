"""Row checks that compare columns or tables: each gives one flag column that an expectation then holds to be true.

Great Expectations looks at one column, or a pair, of one frame. What needs the article's text, another table or several
columns is computed here, a pure function a check: frames in, nullable booleans out (``<NA>`` where the check does not
apply). ``CHECKS`` names them; the suites in ``expectations/`` use the names as columns.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from analysis.codebook import Codebook, load

Frames = Mapping[str, pd.DataFrame]
Flags = pd.Series


@dataclass(frozen=True)
class Check:
    """``flags(frames)`` gives one nullable boolean per row of ``table``; ``needs`` are the other tables it reads."""

    table: str
    needs: tuple[str, ...]
    flags: Callable[[Frames], Flags]


CHECKS: dict[str, Check] = {}


def _check(table: str, *needs: str) -> Callable[[Callable[[Frames], list[bool | None]]], None]:
    def note(function: Callable[[Frames], list[bool | None]]) -> None:
        @functools.wraps(function)
        def flags(frames: Frames) -> Flags:
            return pd.Series(pd.array(function(frames), dtype="boolean"), index=frames[table].index)

        CHECKS[function.__name__] = Check(table, needs, flags)

    return note


def _texts(frames: Frames) -> dict[str, str]:
    return dict(zip(frames["articles"]["article_id"], frames["articles"]["text"], strict=True))


def _present(value: Any) -> bool:
    return value is not None and not pd.isna(value)


def _same_text(frames: Frames, table: str, start: str, end: str, words: str) -> list[bool | None]:
    """True where the article's text from ``start`` to ``end`` is the cell ``words``; None where that cell is null."""
    texts = _texts(frames)
    rows = frames[table][["article_id", start, end, words]].itertuples(index=False, name=None)
    return [
        (_present(s) and _present(e) and texts.get(article, "")[int(s) : int(e)] == cell) if _present(cell) else None
        for article, s, e, cell in rows
    ]


@_check("claims", "articles")
def check_figure_text(frames: Frames) -> list[bool | None]:
    return _same_text(frames, "claims", "start", "end", "figure_text")


@_check("claims", "articles")
def check_claim_sentence_text(frames: Frames) -> list[bool | None]:
    return _same_text(frames, "claims", "sentence_start", "sentence_end", "sentence_text")


@_check("claims", "articles")
def check_cue_text(frames: Frames) -> list[bool | None]:
    """The cue stands at its offsets; a cue in an earlier sentence (an attribution that runs on) has none."""
    claims = frames["claims"]
    same = _same_text(frames, "claims", "cue_start", "cue_end", "cue")
    return [ok if _present(start) else None for ok, start in zip(same, claims["cue_start"], strict=True)]


@_check("claims", "articles")
def check_source_span(frames: Frames) -> list[bool | None]:
    texts = _texts(frames)
    rows = frames["claims"][["article_id", "source_start", "source_end"]].itertuples(index=False, name=None)
    return [
        (_present(e) and 0 <= int(s) < int(e) <= len(texts.get(article, ""))) if _present(s) else None
        for article, s, e in rows
    ]


@_check("claims")
def check_inside_sentence(frames: Frames) -> list[bool | None]:
    claims = frames["claims"]
    inside = (claims["start"] >= claims["sentence_start"]) & (claims["end"] <= claims["sentence_end"])
    return [bool(ok) if kind == "figure" else None for ok, kind in zip(inside, claims["kind"], strict=True)]


@_check("claims")
def check_bounds_fit_comparator(frames: Frames) -> list[bool | None]:
    """Open and closed bounds as the comparator says: ``>`` has no upper bound, ``<=`` may lack a lower one."""
    wanted = {
        "=": (True, True),
        "~": (True, True),
        "range": (True, True),
        ">": (True, False),
        ">=": (True, False),
        "<": (False, True),
        "<=": (False, True),
    }
    rows = frames["claims"][["comparator", "low", "high"]].itertuples(index=False, name=None)
    return [
        ((_present(low), _present(high)) == wanted[comparator]) if _present(comparator) else None
        for comparator, low, high in rows
    ]


@_check("claims")
def check_no_figure_overlaps(frames: Frames) -> list[bool | None]:
    claims = frames["claims"]
    figures = claims[claims["kind"] == "figure"].sort_values(["article_id", "start", "end"])
    clash: set[int] = set()
    last_article, last_end, last_row = None, -1, -1
    for row, article, start, end in figures[["article_id", "start", "end"]].itertuples(name=None):
        if article == last_article and start < last_end:
            clash |= {row, last_row}
        if article != last_article or end > last_end:
            last_article, last_end, last_row = article, end, row
    return [(row not in clash) if kind == "figure" else None for row, kind in claims["kind"].items()]


@_check("claims")
def check_source_has_mode(frames: Frames) -> list[bool | None]:
    rows = frames["claims"][["source", "mode"]].itertuples(index=False, name=None)
    return [mode != "none" if _present(source) else None for source, mode in rows]


@_check("claims")
def check_said_before_published(frames: Frames) -> list[bool | None]:
    rows = frames["claims"][["said_date", "published"]].itertuples(index=False, name=None)
    return [said <= published if _present(said) and _present(published) else None for said, published in rows]


@_check("claims")
def check_points_elsewhere(frames: Frames) -> list[bool | None]:
    """``part_of``, ``repeat_of`` and ``about_claim_id`` never point to the row itself."""
    columns = ["claim_id", "part_of", "repeat_of", "about_claim_id"]
    rows = frames["claims"][columns].itertuples(index=False, name=None)
    return [not any(_present(p) and p == own for p in pointers) for own, *pointers in rows]


@_check("claims")
def check_as_of_order(frames: Frames) -> list[bool | None]:
    return _ordered(frames["claims"], "as_of_start", "as_of_end")


def _ordered(data: pd.DataFrame, first: str, last: str) -> list[bool | None]:
    rows = data[[first, last]].itertuples(index=False, name=None)
    return [a <= b if _present(a) and _present(b) else None for a, b in rows]


@_check("left_out", "articles")
def check_left_out_text(frames: Frames) -> list[bool | None]:
    return _same_text(frames, "left_out", "start", "end", "text")


#: kinds of number words that must be accounted for; others ("in", "no", "many", "once") are numbers in some places only
NUMBER_KINDS = {"cardinal", "tens", "hundred", "magnitude", "collective", "vague", "half", "fraction", "ordinal"}


@functools.lru_cache(maxsize=4)
def _number_pattern(codebook: Codebook) -> re.Pattern[str]:
    rows = [row for row in codebook.rows("number_words") if row["kind"] in NUMBER_KINDS]
    words = {word for row in rows for word in Codebook.split(row["match"]) if word.isalpha()}
    alternatives = "|".join(sorted(map(re.escape, words), key=lambda w: (-len(w), w)))
    return re.compile(rf"\d+|\b(?:{alternatives})\b", re.IGNORECASE)


def unaccounted(text: str, spans: list[tuple[int, int]], codebook: Codebook) -> list[tuple[int, int]]:
    """Digits and number words of ``text`` that no span covers: [(start, end), ...]. A scan of its own, on purpose
    independent of the extraction that it checks."""
    covered = bytearray(len(text))
    for start, end in spans:
        covered[start:end] = b"\x01" * (end - start)
    return [m.span() for m in _number_pattern(codebook).finditer(text) if not any(covered[m.start() : m.end()])]


@_check("articles", "claims", "left_out")
def check_numbers_accounted(frames: Frames) -> list[bool | None]:
    """Claims and left_out together account for every number and number word in the article."""
    spans: dict[str, list[tuple[int, int]]] = {article: [] for article in frames["articles"]["article_id"]}
    for table in ("claims", "left_out"):
        data = frames[table]
        if table == "claims":
            data = data[data["kind"] == "figure"]
        for article, start, end in data[["article_id", "start", "end"]].itertuples(index=False, name=None):
            spans.setdefault(article, []).append((int(start), int(end)))
    codebook = load()
    rows = frames["articles"][["article_id", "text"]].itertuples(index=False, name=None)
    return [not unaccounted(text, spans[article], codebook) for article, text in rows]


@_check("articles")
def check_copy_fields_together(frames: Frames) -> list[bool | None]:
    rows = frames["articles"][["syndication_id", "copy_of", "copied_share"]].itertuples(index=False, name=None)
    return [
        _present(copy) == _present(share) and (not _present(copy) or _present(group)) for group, copy, share in rows
    ]


@_check("event_mentions", "articles")
def check_trigger_text(frames: Frames) -> list[bool | None]:
    return _same_text(frames, "event_mentions", "start", "end", "trigger")


@_check("event_mentions", "articles")
def check_event_sentence_text(frames: Frames) -> list[bool | None]:
    return _same_text(frames, "event_mentions", "sentence_start", "sentence_end", "sentence_text")


@_check("event_mentions")
def check_actual_not_after_publication(frames: Frames) -> list[bool | None]:
    rows = frames["event_mentions"][["realis", "negated", "date_start", "published"]].itertuples(index=False, name=None)
    return [
        day <= published if realis == "actual" and not negated and _present(day) and _present(published) else None
        for realis, negated, day, published in rows
    ]


@_check("event_mentions")
def check_event_dates_ordered(frames: Frames) -> list[bool | None]:
    return _ordered(frames["event_mentions"], "date_start", "date_end")


@_check("event_mentions")
def check_point_fits_precision(frames: Frames) -> list[bool | None]:
    """A place with a precision has both coordinates; one without has none: nothing is placed by guess."""
    columns = ["place_precision", "latitude", "longitude"]
    rows = frames["event_mentions"][columns].itertuples(index=False, name=None)
    return [(_present(lat), _present(lon)) == ((p != "none"),) * 2 for p, lat, lon in rows]


@_check("event_mentions", "claims")
def check_linked_claims_exist(frames: Frames) -> list[bool | None]:
    known = set(frames["claims"]["claim_id"])
    return [set(ids.split("+")) <= known if _present(ids) else None for ids in frames["event_mentions"]["claim_ids"]]


@_check("events", "event_mentions")
def check_event_has_its_mentions(frames: Frames) -> list[bool | None]:
    counts = frames["event_mentions"]["event_id"].value_counts()
    events = frames["events"]
    return [counts.get(e, 0) == n for e, n in zip(events["event_id"], events["n_mentions"], strict=True)]


@_check("events")
def check_death_bounds_ordered(frames: Frames) -> list[bool | None]:
    columns = ["killed_low", "killed_best", "killed_high", "casualties_low", "casualties_best", "casualties_high"]
    flags: list[bool | None] = []
    for row in frames["events"][columns].itertuples(index=False, name=None):
        pairs = [(row[i], row[i + 1]) for i in (0, 1, 3, 4)]
        flags.append(all(a <= b for a, b in pairs if _present(a) and _present(b)))
    return flags


@_check("comparisons", "claims")
def check_comparison_has_its_members(frames: Frames) -> list[bool | None]:
    claims = frames["claims"]
    counts = claims[claims["repeat_of"].isna()]["comparison_id"].value_counts()
    data = frames["comparisons"]
    return [counts.get(c, 0) == n for c, n in zip(data["comparison_id"], data["n_claims"], strict=True)]


@_check("comparisons")
def check_counts_nest(frames: Frames) -> list[bool | None]:
    data = frames["comparisons"]
    return [
        bool(outlets <= articles <= claims and origins <= claims)
        for outlets, articles, claims, origins in data[["n_outlets", "n_articles", "n_claims", "n_origins"]].itertuples(
            index=False, name=None
        )
    ]


@_check("comparisons", "claims")
def check_deciding_claims_are_members(frames: Frames) -> list[bool | None]:
    group = dict(zip(frames["claims"]["claim_id"], frames["claims"]["comparison_id"], strict=True))
    rows = frames["comparisons"][["comparison_id", "deciding_claims"]].itertuples(index=False, name=None)
    return [all(group.get(c) == own for c in ids.split("+")) if _present(ids) else None for own, ids in rows]


@_check("comparisons")
def check_single_has_one_origin(frames: Frames) -> list[bool | None]:
    rows = frames["comparisons"][["agreement", "n_origins"]].itertuples(index=False, name=None)
    return [bool(origins == 1) if agreement == "single" else None for agreement, origins in rows]


@_check("comparisons")
def check_comparison_bounds(frames: Frames) -> list[bool | None]:
    return _ordered(frames["comparisons"], "low", "high")


@_check("claims", "comparisons")
def check_comparison_exists(frames: Frames) -> list[bool | None]:
    known = set(frames["comparisons"]["comparison_id"])
    return [c in known if _present(c) else None for c in frames["claims"]["comparison_id"]]
