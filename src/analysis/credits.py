"""Credit lines: whose text an article says it is, and which names mean one medium."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from analysis.wording import STOP_WORDS

#: words of a line that credits a text: "By Meridian News Agency", "(Reuters)", "Copyright AFP", "Source: KPA"
CREDIT_MARKS = {"copyright", "©", "source", "credit", "from"}
AGENCY_WORDS = {"agency", "press", "wire", "newswire", "agencies"}
#: words with which a text tells of its own asking and counting, outside of quotations: who does so retells nobody
FIRST_HAND = re.compile(
    r"\b(?:told|tells|showed|shows|let|met|asked|gave) (?:me|this (?:reporter|correspondent|newspaper|paper|magazine))\b"
    r"|\b(?:[Ff]rom|[Bb]y) our (?:own |special )*(?:correspondent|reporter)s?\b|\bthis (?:reporter|correspondent)\b"
    r"|\bI (?:counted|saw|met|asked|made it|spoke to|watched|heard)\b"
)
QUOTED = re.compile(r"[\"“][^\"“”\n]*[\"”]")


def _letters(name: str) -> str:
    return "".join(w[0] for w in re.findall(r"[A-Za-z]+", name) if w.lower() not in STOP_WORDS).lower()


def same_agency(one: str, other: str) -> bool:
    """True where two names mean one medium: equal, a short form ("Meridian"), or its initials ("KPA")."""
    a, b = sorted((one.strip().casefold(), other.strip().casefold()), key=len)
    if not a:
        return False
    inner = [w for w in re.findall(r"\w+", a) if w not in STOP_WORDS | AGENCY_WORDS]
    words = set(re.findall(r"\w+", b))
    return a == b or (bool(inner) and set(inner) <= words) or (len(a) > 1 and a == _letters(b))


def _named(words: Sequence[str]) -> str | None:
    """The words as a name, if all that carry meaning are capitalised and there are few of them."""
    name = " ".join(words).strip(" .,;:|()-–—")
    inner = [w for w in name.split() if w.lower() not in STOP_WORDS]
    return name if 0 < len(inner) <= 5 and all(w[0].isupper() for w in inner) else None


def credit_line(text: str, agencies: Iterable[str] = ()) -> str | None:
    """Whose text it says it is, from a short line of its own or a dateline; None where no such line stands.

    ``agencies`` are names known as media: "By X" and "(X)" count only for them, for all capitals or with a word like
    "Agency" in it, since a reporter's byline looks the same.
    """
    known = list(agencies)

    def medium(name: str | None) -> bool:
        if name is None:
            return False
        capitals = name.isupper() and 2 < len(name) < 12 and " " not in name
        return capitals or bool(set(name.lower().split()) & AGENCY_WORDS) or any(same_agency(name, k) for k in known)

    for line in (part.strip() for part in text.splitlines()):
        words = line.split()
        if not words or len(line) > 400:
            continue
        head = words[0].lower().strip(":")
        dateline = re.match(r"[A-Z][\w .,'’/-]{1,60}\(([A-Z][\w .]{1,30})\)\s*[-–—]", line)
        bracket = re.fullmatch(r"\(([^()]{2,40})\)", line) or dateline
        if bracket and medium(_named(bracket[1].split())):
            return _named(bracket[1].split())
        if len(words) > 12:
            continue
        if head in CREDIT_MARKS and (line.count(":") or head in ("copyright", "©")):
            rest = re.split(
                r"[.|]",
                " ".join(w for w in words[1:] if not re.fullmatch(r"(©|\(c\)|\d{4})", w)),
            )[0]
            if name := _named(rest.split()):
                return name
        if head == "by" and medium(name := _named(re.split(r"[|,]", " ".join(words[1:]))[0].split())):
            return name
    return None


def first_hand(text: str) -> bool:
    """True where a text tells of its author's own asking or counting: "she told me", "From our correspondent"."""
    return FIRST_HAND.search(QUOTED.sub(" ", text)) is not None
