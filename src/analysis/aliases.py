"""One name for one speaker within a text: a person and the body for which he speaks, an office and who holds it."""

from __future__ import annotations

import heapq
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from analysis.ledger import Ledger, by_bounds, told_alike
from analysis.retelling import Claim, text_of
from analysis.speakers import is_title, plain_source, surname
from analysis.spokespeople import Body, Spokespeople, body_of, is_person, one_name, roles, spoken_for
from analysis.stories import Stories
from analysis.wording import content_stems

#: days between two texts in which one body speaks, and how many texts are asked for a body, the nearest in time first
STORY_DAYS, TEXTS = 21, 40


@dataclass
class _Voices:
    """Who speaks in one article: bodies, persons and spokesmen without a name, by the name in the ledger."""

    bodies: dict[str, Body] = field(default_factory=dict)
    persons: dict[str, Claim] = field(default_factory=dict)
    unnamed: dict[str, Claim] = field(default_factory=dict)
    #: told by their office alone ("the interior minister")
    offices: dict[str, Claim] = field(default_factory=dict)


class _Story:
    """Articles on the story of one, of those that have a word in common which tells a speaker."""

    def __init__(self, ledger: Ledger, stories: Stories, tellers: Iterable[tuple[str, str]]):
        self.stories = stories
        self.days = {
            a: date.fromisoformat(ledger.published(claims[0])).toordinal() for a, claims in ledger.by_article.items()
        }
        self.tellers: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for word, article in tellers:
            self.tellers[word].append((self.days[article], article))
        for told in self.tellers.values():
            told.sort()

    def named(self, article: str) -> list[str]:
        """Articles on the story in which this text's words name a speaker, and itself."""
        words = set(re.findall(r"[^\W\d_]+", self.stories.text[article].casefold()))
        return sorted({article, *self.near(article, sorted(words & self.tellers.keys()))})

    def near(self, article: str, words: Iterable[str]) -> list[str]:
        found: set[str] = set()
        now = self.days[article]
        for word in words:
            told = self.tellers.get(word, [])
            within = told[bisect_left(told, (now - STORY_DAYS,)) : bisect_left(told, (now + STORY_DAYS + 1,))]
            found.update(a for _, a in heapq.nsmallest(TEXTS, ((abs(day - now), a) for day, a in within)))
        return sorted(a for a in found if self.stories.same(article, a))


def _voices(ledger: Ledger) -> dict[str, _Voices]:
    found: dict[str, _Voices] = defaultdict(_Voices)
    told: dict[tuple[str, str], Claim] = {}
    for claim in ledger.claims.values():
        name, voices = ledger.speaker(claim), found[claim["article_id"]]
        if name is None:
            continue
        if " @ " in name:
            voices.unnamed.setdefault(name, claim)
        elif is_person(claim, ledger.codebook):
            voices.persons.setdefault(name, claim)
        elif _is_office(claim, ledger.codebook):
            voices.offices.setdefault(name, claim)
        elif body := body_of(claim, name, ledger.codebook):
            voices.bodies.setdefault(name, body)
            told.setdefault((claim["article_id"], name), claim)
    _part_persons(found, told)
    return dict(sorted(found.items()))


def _is_office(claim: Claim, codebook: str | None) -> bool:
    """True for a source told by an office that one person holds ("the interior minister"), without a name."""
    words = _whole(claim).split()
    people, _ = roles(codebook)
    return len(words) > 1 and words[-1] in people and not words[-1].endswith("s") and is_title(claim)


def _whole(claim: Claim) -> str:
    return " ".join(re.findall(r"\w+", plain_source(claim).casefold()))


def _part_persons(voices: Mapping[str, _Voices], told: Mapping[tuple[str, str], Claim]) -> None:
    """Take a name that more articles take for a person's than for a body's for a person, wherever it stands whole."""
    persons = Counter(_whole(c) for v in voices.values() for c in v.persons.values())
    bodies = Counter(_whole(c) for c in told.values())
    for (article, name), claim in told.items():
        whole = _whole(claim)
        if persons[whole] > bodies[whole]:
            del voices[article].bodies[name]
            voices[article].persons.setdefault(name, claim)


def _last(name: str) -> str:
    return name.rpartition(" ")[2]


def join_bodies(ledger: Ledger, stories: Stories) -> None:
    """Take a person and the body for which he speaks for one speaker, and a body under its short name ("the union").

    The body must speak in a text of the same story: in this one, a copy of it, or another. A last name alone and with
    first names before it are one person.
    """
    voices = _voices(ledger)
    bodies_in = _Story(ledger, stories, [(b.noun, a) for a, v in voices.items() for b in v.bodies.values()])
    persons_in = _Story(ledger, stories, [(_last(p), a) for a, v in voices.items() for p in v.persons])
    ledger.nouns = {name: body.noun for told in voices.values() for name, body in told.bodies.items()}
    reader = Spokespeople(ledger.codebook)
    spoken: dict[tuple[str, str], str] = {}
    for article, told in voices.items():
        if not (told.bodies or told.persons or told.unnamed):
            continue
        stems = content_stems(re.findall(r"[^\W\d_]+", stories.text[article].casefold()))
        near = {n: b for a in bodies_in.near(article, sorted(stems)) for n, b in voices[a].bodies.items()}
        names, one = ledger.aliases[ledger.scope_of(article)], one_name([*near.values()])
        names.update({name: one[name] for name in told.bodies if name in one})
        bodies = [body for name, body in sorted(near.items()) if name not in one]
        for name, claim in sorted(told.persons.items()):
            others = {p for a in persons_in.near(article, [_last(name)]) for p in voices[a].persons}
            if " " in name and _last(name) in others:
                names[name] = _last(name)
            whole = _whole(claim)
            found = whole if whole in near else reader.speaks_for(stories.text[article], surname(claim) or "", bodies)
            if found and found != name:
                names[name] = spoken[article, name] = one.get(found, found)
        for name, claim in sorted(told.unnamed.items()):
            if found := spoken_for(claim, bodies):
                names[name] = found
    for article, told in voices.items():
        for name, claim in sorted(told.offices.items()):
            held = _holders(claim, article, voices, persons_in, stories)
            if len(held) == 1:
                names = ledger.aliases[ledger.scope_of(article)]
                person = held.pop()
                names[name] = names.get(person, spoken.get((article, person), person))
    for article, told in voices.items():
        names = ledger.aliases[ledger.scope_of(article)] if told.persons else {}
        for name in sorted(told.persons):
            person = names.get(name, name)
            around = persons_in.near(article, [_last(name)])
            elsewhere = {spoken[a, person] for a in around if (a, person) in spoken}
            if (article, name) not in spoken and len(elsewhere) == 1:
                names[name] = names[person] = elsewhere.pop()


def _holders(
    claim: Claim, article: str, voices: Mapping[str, _Voices], persons_in: _Story, stories: Stories
) -> set[str]:
    """Persons of the story whom its texts call by the office of a source: "Interior Minister Ilda Marn"."""
    office = rf"(?i:{re.escape(_whole(claim))})"
    found: dict[str, str] = {}
    for where in persons_in.named(article):
        for person, named in voices[where].persons.items():
            last = re.escape(surname(named) or "-")
            first = r"[A-Z][\w'’.-]* "
            # "the minister, Ilda Marn, said", but not "a call with the minister, Marn said"
            after = rf"{office} (?:{first}){{0,2}}{last}\b|{office}, (?:{first}){{1,2}}{last},"
            before = rf"{last}, (?:who is )?(?:the |its |their )?{office}(?=[,.;]| of | in )"
            if re.search(rf"\b(?:{after}|{before})", stories.text[where]):
                found[_last(person)] = person
    return set(found.values())


def _share_word(one: Claim, other: Claim) -> bool:
    """True where two names of speakers have a word in common."""
    a, b = (content_stems(re.findall(r"[^\W\d_]+", plain_source(c).casefold())) for c in (one, other))
    return bool(a & b)


def join_offices(ledger: Ledger, told_again: Mapping[str, tuple[str, str]]) -> None:
    """Take an office and a name for one speaker where both are given the same figure, in one article or its copies."""
    pairs = [
        (ledger.claims[c], ledger.claims[first]) for c, (first, why) in told_again.items() if why.startswith("same f")
    ]
    for claims in ledger.by_article.values():
        for same in by_bounds(claims).values():
            pairs += [(a, b) for i, a in enumerate(same) for b in same[i + 1 :] if told_alike(a, b)]
    for one, other in sorted(pairs, key=lambda p: (p[0]["claim_id"], p[1]["claim_id"])):
        a, b = ledger.speaker(one), ledger.speaker(other)
        if a is None or b is None or a == b or not (is_title(one) or is_title(other)):
            continue
        parties = {text_of(one, "source_party"), text_of(other, "source_party")} - {None}
        if len(parties) > 1 or (is_title(one) and is_title(other) and not _share_word(one, other)):
            continue
        old, new = (a, b) if is_title(one) and not (is_title(other) and a < b) else (b, a)
        names = ledger.aliases[ledger.scope(one)]
        names.update({name: new for name, known in names.items() if known == old})
        names[old] = new
