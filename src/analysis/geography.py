"""What a text speaks of on the map: its countries and regions, and the region or country that follows a name."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from analysis.gazetteer import Gazetteer, Place
from analysis.place_names import SIDES, fold

#: mentions added to all those of countries (or regions), so that one mention alone is weak evidence
SMOOTHING = 2.0
#: what a name of several countries or regions counts as evidence for them
AMBIGUOUS = 0.2
#: regions whose name without "state" or "region" is a plain word ("Free State"): alone it speaks of no place
PLAIN = SIDES | frozenset(
    ("free", "federal", "capital", "rivers", "delta", "lakes", "plateau", "islands", "unity", "savannah", "coast")
)


def _words(text: str) -> Iterator[tuple[int, int]]:
    start = None
    for i, c in enumerate(text):
        inside = c.isalnum() or c in "'’.-&"
        if inside and start is None:
            start = i
        elif not inside and start is not None:
            yield start, i
            start = None
    if start is not None:
        yield start, len(text)


class Geography:
    """The countries and regions that a text speaks of, as shares of all such mentions."""

    def __init__(self, text: str, gazetteer: Gazetteer) -> None:
        self.country: dict[str, float] = defaultdict(float)
        self.region: dict[str, float] = defaultdict(float)
        spans = list(_words(text))
        i = 0
        while i < len(spans):
            step = 1
            if text[spans[i][0]].isupper():
                for n in (4, 3, 2, 1):
                    if i + n > len(spans):
                        continue
                    words = text[spans[i][0] : spans[i + n - 1][1]]
                    if n == 1 and fold(words.strip("'’.-&")) in PLAIN:
                        continue
                    if "\n" in words or not (places := gazetteer.areas(words.strip("'’.-&"))):
                        continue
                    seats = [p for p in gazetteer.lookup(words) if p.reviewed and p.kind == "settlement"]
                    self._vote(seats or places)
                    step = n
                    break
            i += step
        self._share()

    def _vote(self, places: Sequence[Place]) -> None:
        weight = 1.0 if len(places) == 1 else AMBIGUOUS / len(places)
        for place in places:
            if place.country:
                self.country[place.country] += weight if place.kind == "country" else 0.7 * weight
            if place.kind == "admin1" and place.region:
                self.region[place.region] += weight

    def _share(self) -> None:
        for votes in (self.country, self.region):
            total = sum(votes.values())
            for key in votes:
                votes[key] /= total + SMOOTHING

    def main_country(self) -> str | None:
        return min(self.country, key=lambda c: (-self.country[c], c)) if self.country else None


def beside(text: str, end: int, gazetteer: Gazetteer) -> list[Place]:
    """The region or country that follows a name: after a comma, in brackets, after "in" ("Sochi, Russia")."""
    for opening in (", in the ", ", in ", ", ", " (", " in the ", " in "):
        if text.startswith(opening, end):
            rest = text[end + len(opening) : end + len(opening) + 60]
            break
    else:
        return []
    spans = list(_words(rest))[:4]
    if not spans or spans[0][0] != 0 or not rest[0].isupper():
        return []
    for n in range(len(spans), 0, -1):
        name = rest[: spans[n - 1][1]].rstrip("'’-&")
        if any(c in name for c in ",;:()\n"):
            continue
        if name.endswith(("'s", "’s")):
            name = name[:-2]
        if places := gazetteer.areas(name, demonyms=False):
            own = rest[spans[n - 1][1] :] if rest[: spans[n - 1][1]].endswith(("'s", "’s")) else ""
            return _owned(own.strip(), places, gazetteer) or list(places)
    return []


def _owned(text: str, owners: Sequence[Place], gazetteer: Gazetteer) -> list[Place]:
    """The regions of a country at the start of ``text``: "Sudzha in Russia's Kursk region" lies in the region."""
    spans = list(_words(text))[:3]
    countries = {p.country for p in owners if p.kind == "country"}
    if not spans or spans[0][0] != 0 or not text[0].isupper():
        return []
    for n in range(len(spans), 0, -1):
        found = gazetteer.areas(text[: spans[n - 1][1]], demonyms=False)
        if regions := [p for p in found if p.kind == "admin1" and p.country in countries]:
            return regions
    return []
