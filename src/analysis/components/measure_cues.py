"""The rows of ``measure_cues``: words that tell what a figure measures, looked up by the frame in which they stand."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from spacy.tokens import Doc, Token

from analysis import codebook as codebooks
from analysis.codebook import Codebook, CodebookError
from analysis.components.counted import Counted
from analysis.components.mentions import QuantityMention
from analysis.components.noun_clauses import Link

#: how many sentences a context cue reaches back
CONTEXT_SENTENCES = 4


@dataclass(frozen=True, slots=True)
class Cue:
    """One alternative of a row of ``measure_cues``."""

    id: str
    first: str
    rest: tuple[str, ...]
    pos: str
    frames: frozenset[str]
    kinds: frozenset[str]
    measure: str
    aspect: str | None
    side: str
    word: str


@dataclass(frozen=True, slots=True)
class Decision:
    """The measure of one figure with the cue and the governing word that decided it."""

    measure: str
    cue: Cue | None
    word: Token | None
    rule: str
    basis: str


@dataclass(frozen=True, slots=True)
class Earlier:
    """A figure coded before, for those that lean on it."""

    figure: QuantityMention
    counted: Counted
    decision: Decision
    side: str | None
    place: str | None
    phrase: str | None


class CueTable:
    """The rows of ``measure_cues`` by first word, longest match first."""

    def __init__(self, codebook: Codebook) -> None:
        self.measures = codebook.by_id("measures")
        self.codes = codes = {row["code"] for row in self.measures.values()}
        self.shares = {row["code"] for row in self.measures.values() if row["shares"]}
        self.by_first: dict[str, list[Cue]] = {}
        self.context: list[Cue] = []
        default = {row["id"]: row for row in codebooks.load().rows("measure_cues")}
        self.own = {row["id"] for row in codebook.rows("measure_cues") if default.get(row["id"]) != row}
        for row in codebook.rows("measure_cues"):
            if row["measure"] not in codes:
                raise CodebookError(f"measure_cues.csv, {row['id']}: measure {row['measure']!r} is not in measures.csv")
            for words in _alternatives(codebook.split(row["match"])):
                cue = Cue(
                    id=row["id"],
                    first=words[0],
                    rest=tuple(words[1:]),
                    pos=row["pos"],
                    frames=frozenset(codebook.split(row["frame"])),
                    kinds=frozenset(codebook.split(row["kinds"])),
                    measure=row["measure"],
                    aspect=row["aspect"] or None,
                    side=row["side"] or "counted",
                    word=row["word"],
                )
                (self.context if cue.frames == {"context"} else self.by_first.setdefault(cue.first, [])).append(cue)
        for row in codebook.rows("counted_classes"):
            if row["measure"] and row["measure"] not in codes:
                raise CodebookError(
                    f"counted_classes.csv, {row['id']}: measure {row['measure']!r} is not in measures.csv"
                )
        for cues in self.by_first.values():
            cues.sort(key=lambda c: (-len(c.rest), c.id not in self.own))

    def match(self, link: Link, kind: str | None, allowed: AbstractSet[str] | None = None) -> Cue | None:
        """The first cue that fits a link and a kind of counted class and gives one of the ``allowed`` measures."""
        for lemma in _forms(link.word, self.by_first):
            for cue in self.by_first.get(lemma, ()):
                if link.frame not in cue.frames or not _fits_pos(cue.pos, link.word):
                    continue
                if cue.pos == "noun" and link.word.ent_type_ == "DATE":  # "in March"
                    continue
                if cue.kinds and (kind or "thing") not in cue.kinds:
                    continue
                if allowed is not None and cue.measure not in allowed:
                    continue
                if cue.rest and not _has(link.word, cue.rest, "context" in cue.frames):
                    continue
                return cue
        return None


def _forms(word: Token, known: Mapping[str, object]) -> Iterator[str]:
    """The lemma and the form of a word, and for a past the stem where the lemma is none that is known (staged: "stag")."""
    lemma, lower = word.lemma_.lower(), word.lower_
    yield lemma
    if lower != lemma:
        yield lower
    if lower.endswith("ed") and lemma not in known:
        yield lower[:-1]
        yield lower[:-2]


def _alternatives(phrases: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The phrases of a match word by word; ``cut/slash will/may`` stands for all four pairs.

    ``claim <war/flood>`` stands for ``claim <war>`` and ``claim <flood>``: a subject.
    """
    for phrase in phrases:
        yield from itertools.product(*(_choices(word) for word in phrase.lower().split()))


def _choices(word: str) -> list[str]:
    choices = word.strip("<>").split("/")
    return [f"<{choice}>" for choice in choices] if word.startswith("<") else choices


def _fits_pos(pos: str, token: Token) -> bool:
    tag = token.tag_
    if pos == "verb":
        if tag.startswith("V") or token.pos_ in ("VERB", "AUX") or (tag == "JJ" and token.lower_.endswith("ed")):
            return True
        return (
            tag == "NN" and token.i > 0 and token.nbor(-1).tag_ == "CD"
        )  # a headline: "10,000 march against dearer fuel"
    if pos == "noun":
        return tag.startswith("N") or token.pos_ in ("NOUN", "PROPN") or (tag == "JJ" and token.lower_ == "dead")
    if pos == "adj":
        return tag.startswith(("J", "R")) or tag in ("VBN", "VBG", "VBD") or token.pos_ in ("ADJ", "NOUN", "ADV")
    if pos == "phrase":
        return token.pos_ in ("ADP", "SCONJ", "ADV", "PART")
    return True


@functools.lru_cache(maxsize=2)
def _words_around(doc: Doc, start: int, end: int) -> frozenset[str]:
    """The words and lemmas of the window of a sentence; many cues ask for those of one sentence."""
    return frozenset(w for t in window(doc, start, end) for w in (t.lemma_.lower(), t.lower_))


def _has(word: Token, rest: Sequence[str], around: bool = False) -> bool:
    """True where all words of ``rest`` stand below a word, or with ``around`` in its sentence and those before."""
    below: set[str] = set()
    if around:
        below |= _words_around(word.doc, word.sent.start, word.sent.end)
    if word.dep_ == "conj":  # "will close two and cut 400": the first verb has the auxiliary of both
        below.update(c.lower_ for c in word.head.children if c.dep_ == "aux")
        if not any(c.dep_ in ("nsubj", "nsubjpass") for c in word.children):
            below.update(c.lemma_.lower() for c in word.head.children if c.dep_ in ("nsubj", "nsubjpass"))
    if word.dep_ == "relcl":  # "a gang that has 300 members"
        below.add(word.head.lemma_.lower())
    if word.dep_ == "xcomp" and word.head.pos_ == "AUX":  # "are yet to recover seven rifles"
        below.update(c.lower_ for c in word.head.children if c.dep_ == "advmod")
    for child in word.children:
        if child.tag_ == "TO":
            below.add("infinitive")  # "400 jobs to go"; "managed to escape" is no escape to somewhere
            continue
        if child.dep_ == "conj" and child.pos_ == "VERB":
            continue  # "were brought out and 11 were pulled out alive": words of the other verb
        below.update((child.lemma_.lower(), child.lower_))
        for grandchild in child.children:
            if grandchild.pos_ == "ADP" and child.dep_ in ("nsubj", "nsubjpass"):
                continue  # "fishermen in 17 boats pulled 124 people out" did not pull them in
            below.update((grandchild.lemma_.lower(), grandchild.lower_))
            if grandchild.pos_ == "ADP" and child.dep_ == "dobj" and child.tag_ == "NN":  # "take part in the search"
                below.update(o.lemma_.lower() for o in grandchild.children)
    if any(w.startswith("<") for w in rest):
        below.update(f"<{lemma}>" for lemma in _doers(word))
    return all(w in below for w in rest)


def _doers(word: Token) -> Iterator[str]:
    """Lemmas of the subject of a verb ("the war claimed 40", "claimed by the war"), or of the noun an adjective is at."""
    nouns = [c for c in word.children if c.dep_ == "nsubj"]
    nouns += [o for c in word.children if c.dep_ == "agent" for o in c.children]
    above = word
    while not nouns and above.dep_ in ("conj", "advcl", "xcomp") and above.head != above:
        above = above.head  # "the storm hit the coast, claiming 40 lives"
        nouns = [c for c in above.children if c.dep_ in ("nsubj", "nsubjpass")]
    if not nouns and above.dep_ in ("relcl", "acl", "amod"):
        nouns = [above.head]
    elif above.dep_ == "relcl":
        nouns.append(above.head)  # "a war that claimed 40 lives"
    for noun in nouns:
        yield noun.lemma_.lower()
        for child in noun.children:
            if child.dep_ in ("compound", "conj"):
                yield child.lemma_.lower()
            elif child.lower_ == "of":  # "a wave of attacks"
                yield from (o.lemma_.lower() for o in child.children if o.dep_ == "pobj")


def window(doc: Doc, start: int, end: int) -> list[Token]:
    """The tokens of a sentence and of those before it that a context cue reaches."""
    first = start
    for _ in range(CONTEXT_SENTENCES):
        if first > 0:
            first = doc[first - 1].sent.start
    return list(doc[first:end])
