"""For which body a person speaks: "the union's secretary, Ilda Marn", "Ilda Marn of the Dockers' Union".

A body's figures and those that its people give on a day go back to one utterance, whichever name an outlet takes. Read
from the words about a name, with the role words of the codebook, and only for bodies that speak somewhere in the story.
"""

from __future__ import annotations

import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from analysis.codebook import load
from analysis.comparable import most
from analysis.labels import is_country
from analysis.retelling import Claim, text_of
from analysis.speakers import CLOCK, plain_source, speaker_of
from analysis.wording import stem

#: words on each side of a name in which its role stands
ROLE_WORDS = 8
#: words before "its spokesman" in which the body is named
NAMED_BEFORE = 60
#: kinds of places, which a body may have in its name ("Save the Valleys")
PLACES = frozenset(
    {"valley", "valleys", "hill", "hills", "island", "islands", "coast", "river", "mountain", "mountains"}
)
LED = frozenset({"run", "runs", "head", "heads", "lead", "leads", "chair", "chairs", "headed", "led"})
LINKS = frozenset({"the", "a", "an", "of", "for", "and", "in", "at", "de", "her", "his", "its", "their"})
OF = frozenset({"of", "for", "at", "from"})
ITS = frozenset({"its", "their"})
ENDS = frozenset({".", ";", ":", "(", ")", '"', "“", "”"})
WORD = re.compile(r"[^\W_]+(?:[-'’](?![sS]\b)[^\W_]+)*|['’][sS]\b|(?<=s)['’](?=\s)|[.,;:()\"“”]")


@functools.lru_cache(maxsize=4)
def roles(codebook: str | None) -> tuple[frozenset[str], frozenset[str]]:
    """Nouns for people who hold a role ("spokesman"), and for bodies ("ministry")."""
    people: set[str] = set()
    bodies: set[str] = set()
    book = load(codebook)
    for row in book.files.get("source_kinds", ()):
        (people if row["person"] == "yes" else bodies).update(book.split(row["match"]))
    return frozenset(people), frozenset(bodies)


@dataclass(frozen=True)
class Body:
    """A body that speaks: its one name, the stems of its words, the stem of its noun, whether it is told by a name."""

    name: str
    stems: frozenset[str]
    noun: str
    named: bool


def _words(source: str) -> list[str]:
    return re.findall(r"[^\W\d_]+", re.sub(r"['’]s\b", "", source))


def _telling(words: Iterable[str]) -> list[str]:
    return [w for w in words if w not in LINKS and len(w) > 1]


def is_person(claim: Claim, codebook: str | None = None) -> bool:
    """True where a source is told by first and last name and known by the last one."""
    _, bodies = roles(codebook)
    words, known = _words(plain_source(claim)), speaker_of(claim)
    if known is None or len(words) < 2 or str(claim.get("source_named")) == "False":
        return False
    if not (words[0][0].isupper() and words[-1][0].isupper()):
        return False
    ticker = CLOCK.match(text_of(claim, "source_id") or "") is not None and all(w[0].isupper() for w in words)
    return " " not in known or (ticker and not bodies & {w.casefold() for w in words})


def body_of(claim: Claim, name: str, codebook: str | None = None) -> Body | None:
    """The body that speaks in a claim; None for persons, people in a role, anonymous ones and countries."""
    people, bodies = roles(codebook)
    said = _words(plain_source(claim))
    words = [w.casefold() for w in said]
    if str(claim.get("source_named")) == "False" or is_person(claim, codebook) or not _telling(words):
        return None
    before = next((words[:i] for i, w in enumerate(words) if i and w in OF), words)
    noun = (_telling(before) or _telling(words))[-1]
    # "the United States, South Korea and Ukraine" are countries, whose people speak for themselves
    if noun in people or is_country(noun) or (len(_telling(words)) < 2 and noun not in bodies):
        return None
    return Body(name, frozenset(stem(w) for w in _telling(words)), stem(noun), any(w[0].isupper() for w in said))


class Spokespeople:
    """Reads for whom the persons of an article speak, given the bodies that speak in its story."""

    def __init__(self, codebook: str | None = None):
        self.people, _ = roles(codebook)

    def speaks_for(self, text: str, person: str, bodies: Sequence[Body]) -> str | None:
        """The name of the body for which the person of this last name speaks; None where the text does not tell."""
        found: Counter[str] = Counter()
        words = [w.replace("’", "'") for w in WORD.findall(text)]
        for i, word in enumerate(words):
            if word.casefold() != person.casefold() or not word[0].isupper():
                continue
            for told in (self._before(words, i), self._after(words, i)):
                if body := self._body(told, bodies) or self._owner(told, words[max(i - NAMED_BEFORE, 0) : i], bodies):
                    found[body] += 1
        return most(found)

    @staticmethod
    def _before(words: Sequence[str], at: int) -> list[str]:
        """Words before a name, as far as they may tell its role."""
        told: list[str] = []
        for i in range(at - 1, max(at - ROLE_WORDS - 3, -1), -1):
            if words[i] in ENDS:
                break
            told.insert(0, words[i])
        return told

    @staticmethod
    def _after(words: Sequence[str], at: int) -> list[str]:
        """Words after a name that tell its role: an apposition, an of-phrase, "who runs"."""
        rest = list(words[at + 1 : at + 2 + ROLE_WORDS])
        if not rest or rest[0] not in (",", "of", "from", "who"):
            return []
        end = next((i for i, w in enumerate(rest) if i and (w in ENDS or w == ",")), len(rest))
        return rest[:end]

    def _body(self, told: Sequence[str], bodies: Sequence[Body]) -> str | None:
        best: dict[str, int] = {}
        small = [w.casefold() for w in told]
        stems = [stem(w) for w in small]
        role = any(w in self.people for w in small)
        for body in bodies:
            for i in range(len(told)):
                if self._is_named(told, i, body) and self._linked(small, i, role, body):
                    best[body.name] = max(best.get(body.name, 0), len(body.stems & set(stems)))
        named = {body.name for body in bodies if body.named} & set(best)
        best = {name: n for name, n in best.items() if name in named} if named else best
        top = [name for name, n in best.items() if n == max(best.values())]
        return top[0] if len(top) == 1 else None

    @staticmethod
    def _is_named(words: Sequence[str], i: int, body: Body) -> bool:
        """True where the word at ``i`` is the noun of this body, and no other name stands before it."""
        if stem(words[i].casefold()) != body.noun or words[i] in PLACES:
            return False
        before = words[i - 1] if i else ""
        other = before[:1].isupper() and words[i][0].isupper() and stem(before.casefold()) not in body.stems
        return not other or before.casefold() in LINKS

    def _linked(self, told: Sequence[str], i: int, role: bool, body: Body) -> bool:
        """True where the noun of a body at ``i`` is told to be a person's: "the union's", "of the union", "police chief"."""
        after = told[i + 1] if i + 1 < len(told) else ""
        if told[i] in self.people:  # the minister of a ministry
            return len(body.stems) > 1 and body.stems <= {stem(w) for w in told}
        if after in ("'s", "'") or after in self.people:
            return role
        whole = len(body.stems) > 1 and body.stems <= {stem(w) for w in told}
        ends = after in ("", ",", "in", "of", "for") or stem(after) in body.stems or whole
        leads = bool(set(told[max(i - 4, 0) : i]) & (OF | LED))
        return leads and ends and (role or told[0] in ("of", "from", "who") or told[1] == "who")

    def _owner(self, words: Sequence[str], before: Sequence[str], bodies: Sequence[Body]) -> str | None:
        """The body of "its spokesman": the one named last."""
        small = [w.casefold() for w in words]
        told = pairwise(small)
        if not any((one in ITS and other in self.people) or (one in LED and other == "it") for one, other in told):
            return None
        for i in range(len(before) - 1, -1, -1):
            if before[i].casefold() in self.people:
                continue
            if named := [body.name for body in bodies if self._is_named(before, i, body)]:
                return named[0] if len(named) == 1 else None
        return None


def spoken_for(claim: Claim, bodies: Sequence[Body]) -> str | None:
    """The body of an unnamed spokesman ("a spokesman for the Kenyan army"); None for any other source."""
    words = [w.casefold() for w in _words(plain_source(claim))]
    stems = {stem(w) for w in words if not w.startswith("spokes")}
    if not any(w.startswith("spokes") for w in words):
        return None
    fits = [
        body for body in bodies if body.noun in stems and (body.stems <= stems or stems & body.stems == {body.noun})
    ]
    top = [body.name for body in fits if len(body.stems & stems) == max(len(b.stems & stems) for b in fits)]
    return top[0] if len(top) == 1 else None


def one_name(bodies: Sequence[Body]) -> dict[str, str]:
    """Names of bodies and the one that stands for them: other orders of its words, and its noun alone.

    "The army" is the "Kenyan army" where no other army speaks.
    """
    by_noun: dict[str, list[Body]] = defaultdict(list)
    by_words: dict[frozenset[str], list[str]] = defaultdict(list)
    for body in bodies:
        by_noun[body.noun].append(body)
        by_words[body.stems].append(body.name)
    found = {name: min(names) for names in by_words.values() for name in names}
    for alike in by_noun.values():
        for short in alike:
            fuller = [b for b in alike if short.stems < b.stems]
            longer = {b.stems for b in fuller if b.named or not any(other.named for other in fuller)}
            if len(short.stems) == 1 and len(longer) == 1:
                found[short.name] = min(by_words[longer.pop()])
    return {name: one for name, one in found.items() if name != one}
