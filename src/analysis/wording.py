"""Texts as sentences, words and numbers, for finding the same passage in other words.

This reading is coarse on purpose: it never makes a claim, it only tells whether two sentences of two articles say the
same. No spaCy pipeline is needed, so that it can run over every article before any is parsed.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.lang.en.stop_words import STOP_WORDS

#: a sentence ends at a full stop, question or exclamation mark before a space and a capital, quotation mark or digit;
#: a paragraph always ends one
SENTENCE_END = re.compile(r"(?<=[.!?])[\"'”’)\]]*\s+(?=[\"'“‘(\[]?[A-Z0-9])|\n+")
#: a word with inner hyphens, apostrophes and points, or a number with separators, scale letter and sign
WORD = re.compile(r"[$€£]?\d[\d,.]*\d%?|[$€£]?\d%?|[^\W\d_]+(?:['’-][^\W\d_]+)*|%")
#: letters after a number that scale it ("8K", "$45m" is told from metres by its sign)
SCALE_LETTERS = {"k": 1e3, "mn": 1e6, "bn": 1e9, "tn": 1e12}
UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
SMALL = {w: float(i) for i, w in enumerate(UNITS)} | {w: 20.0 + 10 * i for i, w in enumerate(TENS)}
SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
}
PARTS = {
    "half": 2,
    "third": 3,
    "quarter": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
}
PERCENT = {"%", "percent", "pc"}
MONTH_NAMES = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
MONTHS = {m for name in MONTH_NAMES for m in (name, name[:3])} | {"sept"}
#: letters of a word that stand for the word with all its endings ("settlement", "settlements")
STEM = 6


@dataclass(frozen=True, slots=True)
class Number:
    """One number: its value, whether it is a share (in per cent), and the index of its first word in the sentence."""

    value: float
    share: bool
    index: int

    @property
    def key(self) -> str:
        return f"{self.value:.6g}{'%' if self.share else ''}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence at ``start:end`` of its text: words in small letters, stems that carry meaning, names, numbers."""

    start: int
    end: int
    words: tuple[str, ...]
    stems: frozenset[str]
    names: frozenset[str]
    numbers: tuple[Number, ...]


def stem(word: str) -> str:
    """The first letters of a word without possessive: enough to know it again in another form."""
    for ending in ("'s", "’s"):
        word = word.removesuffix(ending)
    return word[:STEM]


def content_stems(words: Iterable[str]) -> frozenset[str]:
    """Stems of the words that carry meaning: no function words, no digits."""
    return frozenset(stem(w) for w in words if w not in STOP_WORDS and w[0].isalpha() and len(w) > 2 and w not in SMALL)


def sentence_spans(text: str) -> list[tuple[int, int]]:
    """Start and end of every sentence or line, without surrounding spaces; empty ones are left out."""
    cuts = [0]
    for match in SENTENCE_END.finditer(text):
        cuts += [match.start(), match.end()]
    cuts.append(len(text))
    spans = []
    for start, end in zip(cuts[::2], cuts[1::2], strict=True):
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start < end:
            spans.append((start, end))
    return spans


def _plain(word: str) -> float | None:
    digits = word.lstrip("$€£").rstrip("%").replace(",", "")
    try:
        return float(digits)
    except ValueError:
        return None


def _spelt(words: list[str], i: int) -> tuple[float, int] | None:
    """A number in words from ``i`` on: its value and the index after it; None where there is none."""
    total, current, at, seen = 0.0, 0.0, i, False
    while at < len(words):
        word = words[at]
        if word in SMALL:
            current, seen = current + SMALL[word], True
        elif word in SCALES and (seen or (at == i and i and words[i - 1] in ("a", "one", "some"))):
            current, seen = (current or 1.0) * SCALES[word], True
            if SCALES[word] >= 1e3:
                total, current = total + current, 0.0
        elif word == "dozen" and (seen or (i and words[i - 1] in ("a", "some"))):
            current, seen = (current or 1.0) * 12, True
        elif not (
            word == "and" and seen and at + 1 < len(words) and words[at - 1] in SCALES and words[at + 1] in SMALL
        ):
            break
        at += 1
    return (total + current, at) if seen else None


def numbers(words: list[str]) -> tuple[Number, ...]:
    """Numbers among the words (small letters, hyphens split), without years, days of a month and a lone "one"."""
    found: list[Number] = []
    i = 0
    while i < len(words):
        word, start = words[i], i
        value = _plain(word) if any(c.isdigit() for c in word) else None
        if value is not None:
            i += 1
            if i < len(words) and words[i] in SCALE_LETTERS:
                value *= SCALE_LETTERS[words[i]]
            elif i < len(words) and words[i] == "m" and word[0] in "$€£":
                value *= 1e6
            elif i < len(words) and words[i] in SCALES:
                value *= SCALES[words[i]]
            is_year = word.isdigit() and len(word) == 4 and 1900 <= value < 2100
            beside = {
                words[start - 1] if start else "",
                words[start + 1] if start + 1 < len(words) else "",
            }
            if is_year or (value <= 31 and beside & MONTHS):
                continue
        elif spelt := _spelt(words, i):
            value, i = spelt
            if value == 1 and not (i < len(words) and (words[i].rstrip("s") in PARTS or words[i] in ("in", "per"))):
                continue
        elif word in PARTS and i and words[i - 1] in ("a", "about", "nearly", "almost", "over", "than", "only"):
            found.append(Number(100 / PARTS[word], True, start))
            i += 1
            continue
        elif word == "half":
            found.append(Number(50.0, True, start))
            i += 1
            continue
        else:
            i += 1
            continue
        share = word.endswith("%")
        rest = words[i : i + 3]
        if rest and rest[0].rstrip("s") in PARTS and value < 20:
            value, share, i = 100 * value / PARTS[rest[0].rstrip("s")], True, i + 1
        elif rest and (rest[0] in PERCENT or rest[:2] == ["per", "cent"]):
            share = True
        elif len(rest) > 1 and rest[0] == "in" and value < 100:
            whole = _plain(rest[1]) if rest[1][0].isdigit() else SMALL.get(rest[1])
            if whole is not None and value < whole <= 100 and whole in (3, 4, 5, 6, 7, 8, 9, 10, 20, 100):
                value, share, i = 100 * value / whole, True, i + 2
        found.append(Number(value, share, start))
    return tuple(found)


def read_sentence(text: str, start: int, end: int) -> Sentence:
    """Read one sentence of ``text``."""
    raw = [(m.group(), m.start()) for m in WORD.finditer(text, start, end)]
    names = frozenset(
        stem(w.lower())
        for i, (w, _) in enumerate(raw)
        if w[0].isupper() and len(w) > 2 and w.lower() not in STOP_WORDS and not (i == 0 and not w.isupper())
    )
    words = tuple(w.lower() for w, _ in raw)
    split = [part for w in words for part in (w.split("-") if w[0].isalpha() else [w]) if part]
    return Sentence(start, end, words, content_stems(split), names, numbers(split))


def read(text: str) -> list[Sentence]:
    """All sentences of a text that have a word."""
    found = (read_sentence(text, start, end) for start, end in sentence_spans(text))
    return [s for s in found if s.words]


def candidates(parts: Sequence[frozenset[Any]], share: float) -> Iterator[tuple[int, int, int]]:
    """Pairs of sets of which one may have this share of the smaller one: their indexes, and how many must be shared.

    By prefix filtering (Chaudhuri, Ganti and Kaushik 2006): of two sets with so much in common the larger one has one of
    the rarest members of the smaller, so only sets with such a member are compared.
    """
    holders: dict[Any, list[int]] = defaultdict(list)
    for one, mine in enumerate(parts):
        for part in mine:
            holders[part].append(one)
    for one, mine in enumerate(parts):
        needed = next((n for n in range(1, len(mine) + 1) if n / len(mine) >= share), 1)
        rarest = sorted(mine, key=lambda part: (len(holders[part]), part))[: len(mine) - needed + 1]
        for other in {h for part in rarest for h in holders[part]}:
            if len(parts[other]) >= len(mine):
                yield one, other, needed


def overlapping(parts: Sequence[frozenset[Any]], share: float) -> list[frozenset[int]]:
    """For every set the indexes of those (itself included) of which one has at least this share of the smaller one."""
    like: list[set[int]] = [{one} for one in range(len(parts))]
    for one, other, needed in candidates(parts, share):
        if len(parts[one] & parts[other]) >= needed:
            like[one].add(other)
            like[other].add(one)
    return [frozenset(others) for others in like]
