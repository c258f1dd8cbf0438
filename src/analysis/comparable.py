"""Which figures may be compared: the codebook's rules (``comparability.csv``) applied to two claims.

``Rules`` reads the codebook once; ``facet`` says what a claim counts and how it is set apart; ``Facet`` values are
compared without looking at texts again. Equal is not needed: classes may stand for one another, words may vary.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from analysis.codebook import Codebook, Row, load
from analysis.quantity import unit_kind
from analysis.retelling import UNKNOWN, Claim, likeness, past_year, text_of
from analysis.wording import content_stems, stem

#: share of the smaller set of stems from which two phrases for what is counted mean the same
SAME_WORDS = 0.6
#: words between a figure and the words that set it apart
BESIDE = 9
#: the aspect of a figure of a day to come, and the verbs that tell it ("from Monday a loaf will cost four crowns")
TO_COME = "to come"
FUTURE = frozenset({"will", "shall"})
#: what the aspect of a figure of another year begins with
YEAR = "in "
#: the unit of whatever has none
NO_UNIT = "item"
#: the class of people of whom nothing more is told
PEOPLE = "people"
#: the class of dwellings
HOMES = "houses"
PLURALS = {"people": "people", "men": "man", "women": "woman", "children": "child", "personnel": "personnel"}


@dataclass(frozen=True)
class Rule:
    """How figures of one measure compare."""

    free: bool = False
    days: int = 21
    apart: bool = False
    tolerance: float = 0.1
    alone: bool = False
    label: str = "{counted}"
    label_share: str = "Share of {counted}"
    unit: str | None = None


@dataclass(frozen=True)
class Facet:
    """What a claim counts: key columns, class, noun and stems of the counted phrase, aspect."""

    measure: str
    kind: str
    per: str | None
    side: str | None
    place: str | None
    counted_class: str | None
    noun: str | None
    stems: frozenset[str]
    aspect: str | None
    base: frozenset[str]
    numbers: frozenset[str] = frozenset()
    is_part: bool = False
    loose_place: bool = False
    #: True where the noun for what is counted stands in another sentence
    guessed: bool = False

    @property
    def anywhere(self) -> Facet:
        """The same without place and side, which are looked at elsewhere."""
        return replace(self, place=None, side=None, loose_place=False)


def singular(word: str) -> str:
    """A noun without its plural ending, roughly: only for looking nouns up in the codebook."""
    word = PLURALS.get(word, word)
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) and len(word) > 3 else word


def _words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


@functools.lru_cache(maxsize=65536)
def _stems_in(sentence: str) -> frozenset[str]:
    return frozenset(stem(singular(word)) for word in _words(sentence)) | frozenset(map(stem, _words(sentence)))


class Rules:
    """The rows of ``comparability.csv`` and ``counted_classes.csv``, read once."""

    def __init__(self, book: Codebook):
        self.measures: dict[str, Rule] = {}
        self.classes: list[tuple[frozenset[str], frozenset[str]]] = []
        self.neutral: set[str] = set()
        self.parts: set[tuple[str, str]] = set()
        self.words: set[str] = set()
        self.generic: set[str] = set()
        self.aspects: list[tuple[re.Pattern[str], frozenset[str], str]] = []
        self.apart: set[str] = {TO_COME}
        self.added: dict[str, str] = {}
        self.near: list[frozenset[str]] = []
        self.names: dict[str, str] = {}
        for row in book.rows("comparability"):
            self._add(book, row)
        self.cues: dict[str, frozenset[str]] = defaultdict(frozenset)
        for row in book.files.get("measure_cues", ()):
            words = re.findall(r"[a-z]+", row["match"].replace("|", " ").lower())
            self.cues[row["measure"]] |= content_stems(words)
        # of a cue of several words ("launch raid/assault") the later ones name what it is done to
        heads = (
            cue.split()[:1] for row in book.files.get("measure_cues", ()) for cue in book.split(row["match"].lower())
        )
        self.all_cues = content_stems(word for head in heads for word in "/".join(head).split("/") if word)
        classes = book.files.get("counted_classes", ())
        self.nouns = {noun: row["code"] for row in classes for noun in book.split(row["match"])}
        self.kinds = {row["code"]: row["kind"] for row in classes}

    def _add(self, book: Codebook, row: Row) -> None:
        match, measures = book.split(row["match"]), frozenset(book.split(row["measures"]))
        if row["kind"] == "measure":
            rule = Rule(
                row["wording"] != "same",
                int(row["days"] or Rule.days),
                row["periods"] == "apart",
                float(row["tolerance"] or Rule.tolerance),
                row["alone"] == "yes",
                row["label"] or Rule.label,
                row["label_share"] or Rule.label_share,
                row["unit"] or None,
            )
            self.measures.update(dict.fromkeys(match, rule))
        elif row["kind"] == "class":
            self.classes.append((frozenset(match), measures))
        elif row["kind"] == "part":
            self.parts.update((part, row["code"]) for part in match)
        elif row["kind"] == "increment":
            self.added.update(dict.fromkeys(match, row["code"]))
            self.apart.add(row["code"])
        elif row["kind"] == "near":
            self.near.append(frozenset(match))
        elif row["kind"] == "name":
            self.names.update(dict.fromkeys(match, row["code"]))
        elif row["kind"] == "aspect":
            phrases = "|".join(re.escape(p) for p in sorted(match, key=len, reverse=True))
            self.aspects.append((re.compile(rf"\b(?:{phrases})\b", re.IGNORECASE), measures, row["code"]))
            if row["alone"] == "yes":
                self.apart.add(row["code"])
        else:
            {"neutral": self.neutral, "words": self.words, "generic": self.generic}[row["kind"]].update(match)

    def rule(self, measure: str) -> Rule:
        return self.measures.get(measure, Rule())

    def is_people(self, counted_class: str) -> bool:
        """True for a class of people who bear no arms."""
        return self.kinds.get(counted_class) in ("people", "captives")

    @staticmethod
    def plural(noun: str) -> str:
        """A noun of the codebook in the plural."""
        for many, one in PLURALS.items():
            if one == noun:
                return many
        if noun.endswith("y") and noun[-2:-1] not in "aeiou":
            return noun[:-1] + "ies"
        return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")

    def may_be(self, one: str, other: str) -> bool:
        """True where a retelling's measure may stand for the other: unknown, or one that words do not keep apart."""
        return one == UNKNOWN or any({one, other} <= measures for measures in self.near)

    def noun_of(self, counted: str) -> tuple[str | None, str | None]:
        """The first noun of the phrase that the codebook knows, and its class (longest match at one place).

        What tells only the outcome goes for an adjective before another noun ("injured demonstrators").
        """
        words = [singular(w) for w in re.findall(r"[a-z-]+", counted.lower())]
        found: tuple[str, str] | None = None
        for i in range(len(words)):
            for length in (3, 2, 1):
                phrase = " ".join(words[i : i + length])
                if i + length <= len(words) and phrase in self.nouns:
                    if phrase not in self.neutral or found:
                        return (words[i + length - 1], self.nouns[phrase])
                    found = (phrase, self.nouns[phrase])
                    break
            else:
                if found:
                    break
        return found or (None, None)

    def measure_of(self, claim: Claim) -> str:
        """Its measure; none where people would be counted in fractions ("a shock of 6.3")."""
        measure = text_of(claim, "measure") or UNKNOWN
        values = [v for b in ("low", "high") if isinstance(v := claim.get(b), (int, float)) and v == v]
        people = self.rule(measure).unit == "person" and text_of(claim, "unit") in ("person", NO_UNIT, None)
        whole = text_of(claim, "per") is not None or all(v == int(v) for v in values)
        return UNKNOWN if people and not whole else measure

    def unit_of(self, claim: Claim) -> str:
        """Its unit; where the text counts no noun ("it killed 31"), the unit in which the measure counts."""
        unit = text_of(claim, "unit")
        measure = self.measure_of(claim)
        if measure != text_of(claim, "measure"):
            return NO_UNIT
        known = self.rule(measure).unit
        misread = known == "person" and unit == "building"
        return known or NO_UNIT if misread or unit in (None, NO_UNIT) else str(unit)

    def aspect_of(self, claim: Claim) -> str | None:
        """What sets the figure apart: the claim's own aspect, else words of the codebook beside it."""
        if own := text_of(claim, "aspect"):
            return own
        day, published = text_of(claim, "as_of_start"), text_of(claim, "published")
        if day and published and day > published and FUTURE & set(_words(text_of(claim, "sentence_text") or "")):
            return TO_COME
        if year := past_year(claim):
            return f"{YEAR}{year}"
        measure, text = text_of(claim, "measure") or UNKNOWN, text_of(claim, "sentence_text") or ""
        start = int(claim["start"]) - int(claim["sentence_start"])
        end = int(claim["end"]) - int(claim["sentence_start"])
        best: tuple[int, str] | None = None
        for pattern, measures, code in self.aspects:
            if measures and measure not in measures:
                continue
            for found in pattern.finditer(text):
                between = text[end : found.start()] if found.start() >= end else text[found.end() : start]
                distance = len(between.split())
                other_number = any(c.isdigit() for c in between)
                if distance <= BESIDE and not other_number and (best is None or distance < best[0]):
                    best = (distance, code)
        return best[1] if best else None

    def increment_of(self, claim: Claim) -> str | None:
        """The aspect of a figure that is added to another one ("a further 40", "six more deaths"); None where it is none."""
        text = text_of(claim, "sentence_text") or ""
        start = int(claim["start"]) - int(claim["sentence_start"])
        end = int(claim["end"]) - int(claim["sentence_start"])
        before, after = _words(text[:start])[-2:], _words(text[end:])[:2]
        if after[1:] == ["than"]:
            after = []
        return next((self.added[w] for w in (*before[::-1], *after[:1]) if w in self.added and w != "more"), None) or (
            self.added.get("more") if after[:1] == ["more"] else None
        )

    def _fitting(self, measure: str, counted_class: str | None) -> str | None:
        """The class, unless a measure of people would count the homes that they have left ("5,200 left their homes")."""
        return None if counted_class == HOMES and self.rule(measure).unit == "person" else counted_class

    def class_of(self, claim: Claim) -> str | None:
        """The class that the claim tells, where its measure can count it."""
        return self._fitting(text_of(claim, "measure") or UNKNOWN, text_of(claim, "counted_class"))

    def facet(self, claim: Claim) -> Facet:
        """What this claim counts. Place and side are as the claim has them."""
        counted = text_of(claim, "counted") or ""
        noun, known = self.noun_of(counted)
        measure = self.measure_of(claim)
        told_class = text_of(claim, "counted_class")
        if told_class == PEOPLE and self.kinds.get(known or "") in ("people", "captives", "troops"):
            told_class = known  # the noun of a correction or of a gold row says more than the class beside it
        known = self._fitting(measure, told_class or known)
        place, side = text_of(claim, "place"), text_of(claim, "side")
        about = content_stems(re.findall(r"[^\W\d_]+", f"{place or ''} {side or ''}".lower()))
        told = [w for w in re.findall(r"[^\W\d_]+", counted.lower()) if singular(w) not in self.neutral]
        stems = content_stems(told)
        whole = re.findall(r"[^\W\d_]+", (text_of(claim, "base") or "").lower())
        base = content_stems(w for w in whole if singular(w) not in self.neutral)
        return Facet(
            measure,
            unit_kind(self.unit_of(claim)),
            text_of(claim, "per"),
            side,
            place,
            None if noun in self.neutral else known,
            noun,
            (stems - about) or stems,
            self.aspect_of(claim),
            base,
            frozenset(re.findall(r"\d+", counted)),
            text_of(claim, "part_of") is not None,
            text_of(claim, "place_basis") in ("context", "assumed"),
            noun is not None and stem(noun) not in _stems_in(text_of(claim, "sentence_text") or ""),
        )

    def same_class(self, one: Facet, other: Facet) -> bool:
        """True where what is counted may be one thing under two names."""
        a, b = one.counted_class, other.counted_class
        if a is None or b is None or a == b:
            return not {a, b} & self.words or self._same_thing(one, other)
        declared = any({a, b} <= classes and one.measure in only for classes, only in self.classes)
        if (a, b) in self.parts or (b, a) in self.parts:
            return declared
        declared = declared or any({a, b} <= classes and not only for classes, only in self.classes)
        return declared and all(f.counted_class not in self.words or f.noun in self.generic for f in (one, other))

    def _same_thing(self, one: Facet, other: Facet) -> bool:
        """In a wide class: one noun or a general one, and no words beside it that differ ("company's", "armoured")."""
        nouns = {one.noun, other.noun}
        if len(nouns) > 1 and None not in nouns and not nouns & self.generic:
            return False
        general = self.all_cues | content_stems(n for n in nouns if n) | content_stems(self.generic)
        mine, theirs = one.stems - general, other.stems - general
        return not (mine and theirs) or bool(mine & theirs)

    def _same_words(self, one: Facet, other: Facet) -> float:
        """Likeness of the phrases for what is counted; nouns of one class count as one word."""
        words = likeness(one.stems, other.stems)
        pair = {one.counted_class, other.counted_class}
        if words < SAME_WORDS and len(pair) == 1 and {one.noun, other.noun} & self.generic:
            mine, theirs = (
                f.stems - (content_stems([f"{f.noun}s"]) if f.noun in self.generic else set()) for f in (one, other)
            )
            words = max(words, likeness(mine, theirs))
        alike = any(pair <= classes and (not only or one.measure in only) for classes, only in self.classes)
        if words < SAME_WORDS and alike and one.noun and other.noun and self.same_class(one, other):
            mine, theirs = (f.stems - content_stems([f.noun or "-", f"{f.noun}s"]) for f in (one, other))
            return likeness(mine, theirs) if mine or theirs else 1.0
        return words

    def _says_nothing(self, facet: Facet) -> bool:
        """True where the words for what is counted only say that it is people."""
        return facet.counted_class == PEOPLE and facet.stems <= content_stems(
            [facet.noun or "people", "people", "total"]
        )

    def compatible(self, one: Facet, other: Facet) -> float:
        """How well two claims compare by what they count, 0 where they do not; place and side are looked at elsewhere."""
        if (one.measure, one.kind, one.per) != (other.measure, other.kind, other.per):
            return 0.0
        words = self._same_words(one, other)
        if one.numbers and other.numbers and not one.numbers & other.numbers:
            return 0.0
        if one.aspect != other.aspect:
            known = one.aspect and other.aspect
            if known or any(a in self.apart or a.startswith(YEAR) for a in (one.aspect, other.aspect) if a):
                return 0.0
            if words < 1.0 and not self.rule(one.measure).free:
                return 0.0
        if one.base and other.base and likeness(one.base, other.base) < SAME_WORDS:
            return 0.0
        same_aspect = bool(one.aspect) and one.aspect == other.aspect
        elsewhere = (one.guessed or other.guessed) and self.rule(one.measure).free
        if (words < 1.0 or one.stems != other.stems) and not elsewhere and not self.same_class(one, other):
            return 0.0
        free = self.rule(one.measure).free and one.kind != "percent"
        if one.measure == UNKNOWN and self._says_nothing(one) and self._says_nothing(other):
            return 0.0
        if not free and not same_aspect and words < SAME_WORDS:
            return 0.0
        if one.is_part != other.is_part and words < 1.0:
            return 0.0
        return 0.5 + words / 2


@functools.lru_cache(maxsize=4)
def rules(codebook: str | None = None) -> Rules:
    """The rules of the default codebook, or of one that a folder extends."""
    return Rules(load(codebook))


def main_value(values: Iterable[str | None], weights: Mapping[str, int] | None = None) -> str | None:
    """The most frequent of some values that are not None; of equally frequent ones the first in the alphabet."""
    counts: dict[str, int] = {}
    for value in values:
        if value is not None:
            counts[value] = counts.get(value, 0) + (weights or {}).get(value, 1)
    return most(counts)


def most(counts: Mapping[str, int]) -> str | None:
    """The value with the highest count; of equal ones the first in the alphabet; None where there is none."""
    return min(counts, key=lambda v: (-counts[v], v)) if counts else None
