"""Phrases for what is counted, made fit for a label: no relative clause, no pronoun, no verb left over."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

#: longer phrases for what is counted make no good label
LABEL_WORDS = 6
#: where a clause begins: what stands before it is the noun
CLAUSES = frozenset({"who", "which", "that", "whose", "whom", "where", "when"})
#: words that open a noun phrase and tell a reader nothing by themselves
OPENERS = frozenset(
    [
        "its",
        "their",
        "his",
        "her",
        "our",
        "your",
        "my",
        "the",
        "a",
        "an",
        "all",
        "some",
        "these",
        "those",
        "this",
        "that",
        "another",
        "such",
        "other",
        "no",
        "any",
        "each",
        "every",
        "both",
        "more",
        "than",
        "half",
        "third",
        "quarter",
        "of",
        "them",
        "us",
        "at",
        "least",
        "about",
        "nearly",
        "almost",
        "around",
        "up",
        "to",
        "over",
        "under",
        "some",
        "c",
        "k",
        "m",
        "bn",
    ]
)
#: words that no noun phrase begins with
NO_START = frozenset(
    [
        "in",
        "on",
        "at",
        "by",
        "with",
        "without",
        "from",
        "for",
        "against",
        "into",
        "onto",
        "after",
        "before",
        "during",
        "since",
        "between",
        "among",
        "as",
        "under",
        "over",
    ]
)
#: verbs in the past that an article puts behind a noun, and small words behind them
LEFT_OVER = frozenset(
    [
        "rose",
        "fell",
        "stood",
        "had",
        "been",
        "has",
        "have",
        "was",
        "were",
        "is",
        "are",
        "be",
        "got",
        "get",
        "sent",
        "flown",
        "lived",
        "told",
        "asked",
        "read",
        "gone",
        "went",
        "put",
        "found",
        "looked",
        "reached",
        "held",
        "brought",
        "ceased",
        "vanished",
        "came",
        "come",
        "made",
        "left",
        "given",
        "taken",
        "set",
        "hit",
        "grew",
        "dropped",
        "climbed",
        "walked",
        "crossed",
        "ruled",
        "run",
        "said",
        "says",
        "strong",
        "written",
        "owned",
        "counted",
        "belongs",
        "belong",
        "turned",
        "had",
    ]
)
#: small words behind a verb: they go with it ("got out"), and stay with another one ("cut off")
PARTICLES = frozenset({"out", "up", "off", "down", "on", "in", "away", "behind", "over"})
#: past participles that a clause lost its "have" before ("rescuers who flown in"), and verbs of saying
TORN = frozenset(
    [
        "flown",
        "gone",
        "been",
        "taken",
        "driven",
        "seen",
        "done",
        "given",
        "come",
        "become",
        "begun",
        "fallen",
        "risen",
        "says",
        "said",
    ]
)
#: words that ask for another one behind them
OPEN_END = frozenset(
    [
        "of",
        "the",
        "a",
        "an",
        "and",
        "or",
        "with",
        "to",
        "from",
        "for",
        "in",
        "on",
        "at",
        "by",
        "than",
        "armed",
        "his",
        "her",
        "its",
        "their",
        "our",
    ]
)
#: pronouns and verbs in the middle: a clause, not a name
NO_NAME = frozenset(
    [
        "they",
        "he",
        "she",
        "it",
        "we",
        "you",
        "i",
        "them",
        "him",
        "is",
        "are",
        "was",
        "were",
        "have",
        "has",
        "had",
        "will",
        "would",
        "not",
    ]
)
#: one word that is no noun
VERBAL = ("ed", "ing", "ly")
MONTHS = frozenset(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec"])
#: openers that names begin with
NAMING = frozenset(["may", "third", "half", "quarter"])


def plain(phrase: str, neutral: Iterable[str] = ()) -> str | None:
    """A phrase as a name for a label; None where nothing of it names a thing.

    ``neutral`` are nouns that only say that something is counted ("share", "number").
    """
    words = phrase.replace("…", " ").split()
    cut = next((i for i, w in enumerate(words) if i and w.casefold() in CLAUSES), len(words))
    whole = words[cut : cut + 1] == ["who"] and not TORN & set(words[cut + 1 : cut + 2])
    if whole and len(words) <= LABEL_WORDS and words[-1].casefold() not in LEFT_OVER | PARTICLES:
        cut = len(words)  # "employees who stayed at home"
    words = words[:cut]
    while words and _opens(words[0]) and not _begins_a_name(words):
        words = words[1:]
    while words and (left := _left_over([w.casefold() for w in words])):
        words = words[:-left]
    if not words or not any(c.isalpha() for c in words[0]) or words[0].casefold() in NO_START:
        return None
    small = [w.casefold() for w in words]
    if set(small) & NO_NAME or len(words) > LABEL_WORDS or any(c.isdigit() for w in words for c in w):
        return None
    if len(words) == 1 and (small[0] in LEFT_OVER or small[0].endswith(VERBAL)):
        return None
    return None if set(small) <= set(neutral) else " ".join(words)


def _opens(word: str) -> bool:
    """True for a word before a name that tells nothing of it: articles, owners, units ("town's", "km/h")."""
    return word.casefold().strip(".") in OPENERS | MONTHS or word.endswith(("'s", "’s")) or "/" in word


def _begins_a_name(words: Sequence[str]) -> bool:
    """ "May Day marchers", "Third Brigade soldiers": what is an opener elsewhere is here part of a name."""
    return words[0].casefold() in NAMING and all(w[:1].isupper() for w in words[:2]) and len(words) > 2


def _left_over(words: Sequence[str]) -> int:
    """How many words at the end are none of a name: verbs with their particle, small words that ask for another."""
    if words[-1] in PARTICLES:
        return 2 if len(words) > 2 and words[-2] in LEFT_OVER else int(len(words) < 2 or words[-2] in OPEN_END)
    return int(words[-1] in OPEN_END or (len(words) > 1 and words[-1] in LEFT_OVER))


def plainest(
    phrases: Iterable[str], rank: Callable[[str], Sequence[object]], neutral: Iterable[str] = ()
) -> str | None:
    """The plainest of some phrases by ``rank``, then the commonest, then the shortest; None where none is a name."""
    kept = set(neutral)
    times = Counter(name for phrase in phrases if (name := plain(phrase, kept)) is not None)
    return min(times, key=lambda name: (*rank(name), -times[name], len(name), name), default=None)
