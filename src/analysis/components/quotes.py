"""Quotations: which characters of an article stand inside quotation marks, and which quotations run on.

Straight and typographic double marks, guillemets and single marks are read paragraph by paragraph. A quotation that is
not closed at the end of its paragraph ends there; if the next paragraph opens with a mark it runs on (the usual way of
printing one speech in several paragraphs).
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

OPENING = {"“": "”", "„": "”", "«": "»", '"': '"', "‘": "’", "'": "'", "‟": "”"}
#: characters of the longest first line that is still a headline
HEADLINE_LENGTH = 200
#: marks that also serve as apostrophes: they open only before a word and close only after one
APOSTROPHES = ("'", "’", "‘")


@dataclass(frozen=True, slots=True)
class Quotation:
    """Characters ``start:end`` with their marks; ``runs_on`` is true where it continues the quotation before it."""

    start: int
    end: int
    closed: bool
    runs_on: bool


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Offsets of the non-empty lines of ``text``: line ends part paragraphs, as ``paragraph_breaks`` reads them."""
    found = []
    position = 0
    for line in text.splitlines(keepends=True):
        body = line.rstrip()
        if body.strip():
            found.append((position + len(body) - len(body.lstrip()), position + len(body)))
        position += len(line)
    return found


def _opens(text: str, at: int, left: int, right: int) -> bool:
    mark = text[at]
    after = text[at + 1] if at + 1 < right else " "
    before = text[at - 1] if at > left else " "
    if mark in APOSTROPHES:
        return not after.isspace() and not (before.isalnum() or before in ".,") and mark != "’"
    return not after.isspace() or before.isspace()


def _close(text: str, at: int, right: int) -> int | None:
    """Index of the mark that closes the one at ``at``, None if the paragraph ends first."""
    closing = OPENING[text[at]]
    depth = 1
    for k in range(at + 1, right):
        if text[k] == text[at] and closing != text[at]:
            depth += 1
        if text[k] != closing:
            continue
        if closing in APOSTROPHES:
            after = text[k + 1] if k + 1 < right else " "
            if after.isalnum() or text[k - 1].isspace():
                continue
            if text[k - 1] == "s" and any(
                text[j] == closing and not (text[j + 1 : j + 2] or " ").isalnum() for j in range(k + 1, right)
            ):
                continue
        depth -= 1
        if depth == 0:
            return k
    return None


def quotations(text: str) -> list[Quotation]:
    """All quotations of ``text`` in order of start, none inside another."""
    found: list[Quotation] = []
    open_before = False
    for left, right in paragraphs(text):
        runs_on = open_before and text[left] in OPENING
        open_before = False
        k = left
        while k < right:
            if text[k] not in OPENING or not _opens(text, k, left, right):
                k += 1
                continue
            closing = _close(text, k, right)
            if closing is None:
                if text[k] in APOSTROPHES:
                    k += 1
                    continue
                found.append(Quotation(k, right, False, runs_on and k == left))
                open_before = True
                break
            found.append(Quotation(k, closing + 1, True, runs_on and k == left))
            k = closing + 1
    return found


def quoted(found: list[Quotation], start: int, end: int) -> Quotation | None:
    """The quotation that holds all of ``start:end``, if any."""
    for quotation in found:
        if quotation.start <= start and end <= quotation.end:
            return quotation
    return None


@functools.lru_cache(maxsize=16)
def quotations_of(text: str) -> tuple[Quotation, ...]:
    """``quotations``, kept for the last few articles."""
    return tuple(quotations(text))


@functools.lru_cache(maxsize=16)
def paragraphs_of(text: str) -> tuple[tuple[int, int], ...]:
    """``paragraphs``, kept for the last few articles."""
    return tuple(paragraphs(text))


def paragraph_at(text: str, at: int) -> int:
    """Index of the paragraph that holds character ``at``, or of the next one."""
    found = paragraphs_of(text)
    low, high = 0, len(found)
    while low < high:
        middle = (low + high) // 2
        if found[middle][1] <= at:
            low = middle + 1
        else:
            high = middle
    return low


def is_headline(text: str, at: int) -> bool:
    """Whether character ``at`` stands in a first line that is a headline: short and without a full stop."""
    first = paragraphs_of(text)[:1]
    if not first or at >= first[0][1]:
        return False
    return first[0][1] - first[0][0] < HEADLINE_LENGTH and text[first[0][1] - 1] not in '.!”"'
