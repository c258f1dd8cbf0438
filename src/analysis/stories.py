"""Which articles tell one story, and where its places lie: what one article leaves open, another may tell.

That a place lies in another is read from the words between their names ("Sundby, a town in the northern province of
Tarn", "Tarn's capital, Sundby"), so that places nest that no gazetteer knows. Only what some claim has as a stated place
is taken for one.
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise, takewhile
from typing import Any

from analysis.codebook import load
from analysis.comparable import most
from analysis.components.country_adjectives import adjective_of
from analysis.labels import is_country
from analysis.nested import known_place, nest
from analysis.retelling import Claim, text_of
from analysis.speaking import WEEKDAYS
from analysis.spokespeople import roles
from analysis.wording import MONTH_NAMES, STOP_WORDS, read

#: share of the names of the shorter article that two articles on one story have in common
SAME_STORY = 0.3
#: words between the names of two places of which one may lie in the other
BETWEEN = 7
#: words in which a place is told to be of a kind ("Sundby, an old mining town")
BESIDE = 5
WORD = re.compile(r"[^\W_]+(?:[-'’](?![sS]\b)[^\W_]+)*|['’][sS]\b|[.,;:()]")
#: words after a figure in which its place is told
AFTER = 12
#: articles that are asked what a place is called
CALLERS = 50
#: the seat of a country, and what stands for the country itself
SEAT = "capital"
MINISTERS = (["minister"], ["ministry"], ["secretary"])
DAYS = frozenset({*WEEKDAYS, *MONTH_NAMES})
COUNTRY = frozenset({"country", "nation", "nationwide", "countrywide"})


class Stories:
    """Which articles tell one story: by the names in them, and by what they copy."""

    def __init__(self, articles: Sequence[Mapping[str, Any]]):
        self.names: dict[str, frozenset[str]] = {}
        self.text: dict[str, str] = {}
        self.copied: dict[str, str] = {}
        for a in articles:
            counts = Counter(n for s in read(a["text"]) for n in s.names)
            self.names[a["article_id"]] = frozenset(counts)
            self.text[a["article_id"]] = a["text"]
            self.copied[a["article_id"]] = text_of(a, "syndication_id") or a["article_id"]

    def same(self, one: str, other: str) -> bool:
        if self.copied[one] == self.copied[other]:
            return True
        a, b = self.names[one], self.names[other]
        return len(a & b) >= SAME_STORY * min(len(a), len(b)) and len(a & b) > 1

    def names_place(self, article: str, place: str) -> bool:
        return place.casefold() in self.text[article].casefold()


@functools.lru_cache(maxsize=4)
def _kinds(codebook: str | None) -> frozenset[str]:
    """What places are called in common: town, province, island."""
    book = load(codebook)
    rows = book.files.get("place_words", ())
    wide = (row["match"] for row in rows if row["code"] in ("admin1", "admin2", "settlement", "region"))
    return frozenset({SEAT} | COUNTRY | {w for match in wide for w in book.split(match) if not w.endswith("s")})


@functools.lru_cache(maxsize=4)
def _of_states(codebook: str | None) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Nouns for what only a state has (in both numbers), words for a minister of one, and words for a country."""
    book = load(codebook)
    owned, offices, called = (
        frozenset(book.split(book.row("word_classes", name)["match"]))
        for name in ("only_of_states", "portfolios_of_states", "country_words")
    )
    return owned | {f"{noun}s" for noun in owned} | {SEAT}, offices, called


def _states(names: Sequence[str], texts: Iterable[str], codebook: str | None) -> set[str]:
    """Which names some text introduces as a country's: "Zelmara's army", "Zelmaran troops", "Zelmara, a small nation".

    Names that the gazetteer has for a region or a city are none ("Gaza's border"), nor are armed groups that are listed.
    """
    owned, offices, called = _of_states(codebook)
    listed = {row["name"] for row in load(codebook).rows("actors")}
    open_ones = {n: _words(n) for n in names if n not in listed and not is_country(n) and not known_place(n, codebook)}
    found: set[str] = set()
    for text in texts:
        words = _words(text) if open_ones else []
        for i, word in enumerate(words):
            if not word[0].isupper():
                continue
            for name, parts in open_ones.items():
                whole = words[i : i + len(parts)] == parts
                after = words[i + (len(parts) if whole else 1) :][: BESIDE + 1]
                if whole and after[:1] == ["'s"]:
                    after = after[1:]
                elif whole and after[:1] == [","]:
                    if any(w in called for w in takewhile(lambda w: w not in ".,;:()", after[1:])):
                        found.add(name)
                    continue
                elif whole and words[max(i - 1, 0) : i] == ["of"] and i > 1 and words[i - 2] in owned | called:
                    found.add(name)
                    continue
                elif not whole and not (len(parts) == 1 and adjective_of(word, name)):
                    continue
                if after and (after[0] in owned or (after[0] in offices and after[1:2] in MINISTERS)):
                    found.add(name)
    return found


def _words(text: str) -> list[str]:
    return [word.replace("’", "'") for word in WORD.findall(text)]


class Places:
    """The places of the claims of a run: how they lie in one another, and which of them a sentence names."""

    def __init__(self, stories: Stories, claims: Sequence[Claim], codebook: str | None = None):
        self.stories = stories
        self.kinds = _kinds(codebook)
        self.bodies = roles(codebook)[1]
        self._first: dict[str, list[tuple[list[str], str]]] = defaultdict(list)
        #: place -> places in which texts put it
        self.outer: dict[str, Counter[str]] = defaultdict(Counter)
        #: article -> "town" -> the places called so
        self.called: dict[str, dict[str, Counter[str]]] = {}
        for name in sorted({p for c in claims if text_of(c, "place_basis") == "stated" and (p := text_of(c, "place"))}):
            words = [w.casefold() for w in _words(name)]
            if words and name.split()[-1][0].isupper():
                self._first[words[0]].append((words, name))
        sides = {part for c in claims for part in (text_of(c, "side") or "").split("+") if part and part[0].isupper()}
        #: countries, also such as no list holds, where some text gives them what only a state has
        self.nations = {s for s in sides if is_country(s)} | _states(sorted(sides), stories.text.values(), codebook)
        self._callers: dict[str, list[str]] = defaultdict(list)
        self._sentences: dict[tuple[str, int], list[tuple[int, str]]] = {}
        #: article and start of a sentence -> where its figures start
        self._figures: dict[tuple[str, int], list[int]] = defaultdict(list)
        for c in claims:
            if c["kind"] == "figure":
                self._figures[c["article_id"], int(c["sentence_start"])].append(int(c["start"]))
        for article, text in sorted(stories.text.items()):
            self.called[article] = self._read(text)
            for kind in self.called[article]:
                self._callers[kind].append(article)

    def _named(self, words: Sequence[str]) -> list[tuple[int, int, str]]:
        """Names of places: index of the first word and after the last, and the place; the longest name at one spot."""
        found, after = [], 0
        for i, word in enumerate(words):
            if i < after or not word[0].isupper():
                continue
            fits = [
                (len(name), place)
                for name, place in self._first.get(word.casefold(), ())
                if [w.casefold() for w in words[i : i + len(name)]] == name
            ]
            if fits:
                length, place = max(fits)
                after = i + length
                if not self._goes_on(words, i, after):
                    found.append((i, after, place))
        return found

    def _goes_on(self, words: Sequence[str], start: int, end: int) -> bool:
        """True where a name is only part of a longer one ("Radio Sundby", "the Sundby Mercury")."""
        before = {w.casefold() for w in words[max(start - 1, 1) : start] if w[0].isupper()} - STOP_WORDS
        after = {w.casefold() for w in words[end : end + 1] if w[0].isupper()}
        return bool((before | after) - self.kinds - DAYS)

    def _read(self, text: str) -> dict[str, Counter[str]]:
        called: dict[str, Counter[str]] = defaultdict(Counter)
        for line in text.splitlines():
            words = _words(line)
            named = self._named(words)
            small = [word.casefold() for word in words] if named else []
            for start, end, place in named:
                for kind in self._kinds_of(small, start, end):
                    called[kind][place] += 1
            for (first, end, one), (start, last, other) in pairwise(named):
                between = small[end:start]
                if first == 0 and one != other and self._dated(between, small[last:]):
                    self.outer[one][other] += 1
                    continue
                if len(between) > BETWEEN or one == other or {".", ";", ":", "and"} & set(between):
                    continue
                inner, outer = (other, one) if between[:1] == ["'s"] else (one, other)
                if self._lies_in(between):
                    self.outer[inner][outer] += 1
                    if SEAT in between:
                        called["country"][outer] += 1
        return dict(called)

    def _kinds_of(self, small: Sequence[str], start: int, end: int) -> set[str]:
        """What a place is called beside its name: "the town of Sundby", "the capital, Sundby", "Sundby, a town"."""
        before, after = list(small[max(start - 2, 0) : start]), list(small[end : end + BESIDE])
        found = set()
        if before[-1:] == [","] or (before[-1:] == ["of"] and before[0] != SEAT):
            found.add(before[0])
        if after[:1] == [","]:
            found.update(next(([w] for w in after[1:] if w in self.kinds or w in (",", ".")), []))
        found.update(before[-1:] + after[:1])
        return found & self.kinds

    @staticmethod
    def _dated(between: Sequence[str], after: Sequence[str]) -> bool:
        """True between the names of a dateline: "SUNDBY, Marel, March 4 (SNA) -"."""
        return list(between) == [","] and after[:1] in ([","], ["("]) and "(" in after[:6]

    def _lies_in(self, between: Sequence[str]) -> bool:
        """True for words that put one place into the other: "in the northern province of", ", a town in", "'s capital,"."""
        told = bool(self.kinds & set(between))
        if between[:1] == ["'s"]:
            return told
        if between[:1] == ["in"] or between[:2] == [",", "in"]:
            return between[-1] in ("in", "the") or (told and between[-1] == "of")
        return between[:1] == [","] and told and between[-1] in ("in", "of")

    def inside(self, inner: str, outer: str) -> bool:
        """True where the texts put ``inner`` into ``outer``, and not the other way round."""
        return self.outer[inner][outer] > self.outer[outer][inner] if inner in self.outer else False

    def nest(self, one: str, other: str) -> bool:
        """True where one of the two lies in the other, by the texts or by the gazetteer."""
        own = [place in self.nations and not is_country(place) for place in (one, other)]
        if own[0] != own[1] and not is_country(other if own[0] else one):
            return True  # what a text tells of such a country lies in it
        return self.inside(one, other) or self.inside(other, one) or nest(one, other)

    def of(self, claim: Claim) -> tuple[str, ...]:
        """The places for which its sentence may tell a figure, in order, without those in the name of who said it.

        A place before all figures of the sentence holds for each, any other one for the figures next to it. Of a place
        told within another ("Sundby in the province of Tarn") only the inner one counts.
        """
        begin, at = int(claim["sentence_start"]), int(claim["start"])
        spans = [claim.get(column) for column in ("source_start", "source_end")]
        known = all(isinstance(spot, (int, float)) and spot == spot for spot in spans)
        source = range(*(int(spot) for spot in spans)) if known else range(0)  # type: ignore[arg-type]
        starts = self._figures[claim["article_id"], begin]
        told = []
        sentence = text_of(claim, "sentence_text") or ""
        for where, place in self._in_sentence(str(claim["article_id"]), begin, sentence):
            between = [s for s in starts if min(where, at) < s < max(where, at) and s != at]
            if where in source or (between and any(s < where for s in starts)):
                continue
            if where > at and len(sentence[at - begin : where - begin].split()) > AFTER:
                continue
            told.append(place)
        return tuple(dict.fromkeys(told))

    def _in_sentence(self, article: str, begin: int, sentence: str) -> list[tuple[int, str]]:
        """Places that a sentence names or calls by what they are, with the offset in the text, in order."""
        if (article, begin) in self._sentences:
            return self._sentences[article, begin]
        spots = [(m.start(), m.group().replace("’", "'")) for m in WORD.finditer(sentence)]
        words = [word for _, word in spots]
        small = [word.casefold() for word in words]
        named = self._named(words)
        told_seats = {start for start, _, _ in named if self._is_seat(small, start)}
        outer = {
            other
            for (_, end, one), (start, _, other) in pairwise(named)
            if one != other and small[end:start][:1] != ["'s"] and self._lies_in(small[end:start])
        }
        told = [
            (begin + spots[start][0], place)
            for start, _, place in named
            if place not in outer and start not in told_seats
        ]
        for i, (before, word, after) in enumerate(zip(["", *small], small, [*small[1:], ""], strict=False)):
            kind = "country" if word in COUNTRY else word
            meant = kind in (SEAT, "country") or before in ("the", "this")
            if kind in self.kinds and meant and after not in ("of", ",") and (place := self._called(article, kind)):
                told.append((begin + spots[i][0], place))
        self._sentences[article, begin] = sorted(told)
        return self._sentences[article, begin]

    def _is_seat(self, small: Sequence[str], start: int) -> bool:
        """True where a place only tells which body is meant ("the ministry in Sundby")."""
        before = [w for w in small[max(start - 3, 0) : start] if w != "the"]
        return len(before) > 1 and before[-1] in ("in", "of") and before[-2].removesuffix("s") in self.bodies

    def only_seat(self, claim: Claim) -> bool:
        """True where the place of a claim stands in its sentence, but only to tell which body is meant."""
        place, sentence = text_of(claim, "place"), text_of(claim, "sentence_text") or ""
        words = _words(sentence)
        small = [word.casefold() for word in words]
        starts = [start for start, _, named in self._named(words) if named == place]
        return bool(starts) and all(self._is_seat(small, start) for start in starts)

    def _called(self, article: str, kind: str) -> str | None:
        """The place that is called so: in this article, else in others on its story."""
        if own := self.called.get(article, {}).get(kind):
            return most(own)
        found: Counter[str] = Counter()
        for other in self._callers.get(kind, ())[:CALLERS]:
            if self.stories.same(article, other):
                found.update(self.called[other][kind])
        return most(found)
