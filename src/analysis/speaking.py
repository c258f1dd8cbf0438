"""On which day a figure was said: a day in its sentence beside a verb of saying.

Only for claims whose ``said_date`` is null: the attribution of the text knows more than this reading of single words.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise

from analysis.codebook import load
from analysis.retelling import Claim, text_of
from analysis.wording import MONTH_NAMES, MONTHS

WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAY_NOUNS = {"yesterday": 1, "today": 0, "tonight": 0}
#: a day after these is no day of speaking ("since Monday")
BOUNDS = {"since", "until", "till", "by", "before", "after", "from", "between", "through"}
IRREGULAR = dict(
    form.split(" ", 1)
    for form in (
        *("say said", "tell told", "speak spoke spoken", "write wrote written", "give gave given", "put put"),
        *("find found", "hold held", "make made", "show showed shown", "hear heard", "know knew known", "see saw seen"),
        *("think thought", "understand understood", "swear swore sworn", "read read", "set set", "draw drew drawn"),
    )
)
#: words between a verb of saying and its day
CLOSE = 5
#: parts of a day that may be "the same" as one told before, or "that" one
TIMES = {"day", "morning", "afternoon", "evening", "night"}
#: days within which a text tells one after another
NEWS_DAYS = 6
WORD = re.compile(r"\w+|[,;:]")


@functools.lru_cache(maxsize=8)
def _saying(codebook: str | None) -> frozenset[str]:
    """Forms of the codebook's verbs of saying."""
    forms = set()
    book = load(codebook)
    rows = book.files.get("reporting_cues", ())
    lemmas = [m for row in rows if row["pos"] == "verb" for m in book.split(row["match"])] + ["give", "speak"]
    for lemma in lemmas:
        base = lemma.removesuffix("e")
        forms |= {lemma, lemma + "s", base + "ed", base.removesuffix("y") + "ied", *IRREGULAR.get(lemma, "").split()}
    return frozenset(forms)


def _days(words: Sequence[str], published: date) -> Iterable[tuple[int, int, date]]:
    """Days named in a sentence (small letters): index of the first and last word, and the day, never a later one."""
    for i, word in enumerate(words):
        before = words[i - 1] if i else ""
        if word in WEEKDAYS:
            back = (published.weekday() - WEEKDAYS.index(word)) % 7
            yield i, i, published - timedelta(days=back)
        elif word in DAY_NOUNS or (word == "night" and before == "last"):
            yield i, i, published - timedelta(days=DAY_NOUNS.get(word, 1))
        elif word in MONTHS:
            after = words[i + 1] if i + 1 < len(words) else ""
            number = after if after.isdigit() and len(after) <= 2 else before if before.isdigit() else ""
            if number and 1 <= int(number) <= 31:
                for year in (published.year, published.year - 1):
                    try:
                        day = date(year, [m[:3] for m in MONTH_NAMES].index(word[:3]) + 1, int(number))
                    except ValueError:
                        continue
                    if day <= published:
                        yield (i, i + 1, day) if number == after else (i - 1, i, day)
                        break


def day_of_speaking(claim: Claim, codebook: str | None = None) -> str | None:
    """The day on which it was said: ``said_date``, else a day in its sentence beside a verb of saying, else None.

    A text that is of the day ("LIVE") dates what it tells by that; an earlier day in the sentence itself tells more.
    """
    stated = text_of(claim, "said_date")
    published, text = text_of(claim, "published"), text_of(claim, "sentence_text")
    if published is None or text is None or (stated is not None and stated != published):
        return stated
    found = [(m.group().lower(), m.start()) for m in WORD.finditer(text)]
    words = [w for w, _ in found]
    at = int(claim["start"]) - int(claim["sentence_start"])
    saying = _saying(codebook)
    best: tuple[int, str] | None = None
    nearest = 10**6
    for first, last, day in _days(words, date.fromisoformat(published)):
        nearest = min(nearest, abs(at - found[first][1]))
        when = words[last + 1 : last + 3] == [",", "when"]
        if not when and BOUNDS & set(words[max(first - 4, 0) : first]):
            continue
        around = [
            words[max(first - CLOSE, 0) : first][::-1],
            words[last + 1 : last + 1 + (2 * CLOSE if when else CLOSE)],
        ]
        if not when and first > 1:
            around = [part[: part.index(",")] if "," in part else part for part in around]
        if not any(w in saying for part in around for w in part):
            continue
        where = found[first][1]
        if when and where > at:
            continue
        distance = abs(at - where)
        if best is None or distance < best[0]:
            best = (distance, day.isoformat())
    if best is None or (stated is not None and best[0] > nearest):
        return stated
    return best[1]


def same_day(sentence: str, before: str, published: str) -> str | None:
    """The day of "the same evening" or "that night" in a sentence: the last one named in the text before it."""
    words = [m.group().lower() for m in WORD.finditer(sentence)]
    pairs = enumerate(pairwise(words))
    at = next((i for i, (a, b) in pairs if b in TIMES and (a == "that" or (a == "same" and i))), None)
    if at is None:
        return None
    paper = date.fromisoformat(published)
    earlier = [m.group().lower() for m in WORD.finditer(before)]
    told = [day for _, _, day in _days([*earlier, *words[:at]], paper)]
    return told[-1].isoformat() if told and (paper - told[-1]).days <= NEWS_DAYS else None
