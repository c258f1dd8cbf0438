"""The fields of one record: under which names inputs carry them, what they may hold, and what an address tells.

A record becomes one row of the articles table, or the reason why it cannot.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from dateutil import parser as date_parser
from spacy.lang.en.stop_words import STOP_WORDS

from analysis.codebook import load
from analysis.formats import Unusable
from analysis.provenance import article_id
from analysis.tables import schema
from analysis.timexes import Finder, infer_published

#: characters; spaCy's own limit for one text (``Language.max_length``)
MAX_CHARACTERS = 1_000_000
#: A text without a stated language counts as English from this share of English function words on. In 53 English news
#: articles it lies between 0.24 and 0.59, in spaCy's example sentences of 17 other languages below 0.13.
ENGLISH_SHARE = 0.15
#: below this many words the share says too little
ENGLISH_WORDS = 30
UNKNOWN_OUTLET = "unknown"

#: column of the articles table -> names under which inputs carry it, the first one found wins
FIELDS: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "maintext", "body", "content", "article", "article_text", "full_text"),
    "outlet": ("outlet", "source_name", "publisher", "publication", "newspaper", "source"),
    "domain": ("domain", "source_domain"),
    "url": ("url", "link"),
    "published": ("published", "date", "date_publish", "published_at", "publishedat", "published_date", "pub_date"),
    "published_basis": ("published_basis",),
    "credit": ("credit",),
    "title": ("title", "headline"),
    "byline": ("byline", "authors", "author"),
    "language": ("language", "lang"),
}
#: what exports write where they have nothing
NOTHING = frozenset({"-", "--", "?", "n/a", "nan", "none", "null", "nil", "unknown", "undefined"})
#: a year before or after which nothing was published online: a typing error, or a default of some software
YEARS = range(1800, 2101)
#: a date that begins with its year has one reading, whatever stands between the numbers
YEAR_FIRST = re.compile(r"(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})(?!\d)|(\d\d)(\d\d)$)")
#: marks of a web page that was saved as text: the words would be read together with the tags
HTML = re.compile(r"<!doctype html|<html\b|</(?:p|div|li|ul|h[1-6]|td|tr|body|span|a)>|<br ?/?>", re.IGNORECASE)
#: from so many on; an article may quote a tag
MOST_TAGS = 3
#: columns of a record that a message lists
MOST_LISTED = 8
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
#: a day in an address: /2024/11/09/, /2024/nov/09/, -2024-11-09, 20241109
URL_DAY = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:([/-])(\d{1,2}|" + "|".join(MONTHS) + r")\2(\d{1,2})|(\d\d)(\d\d))(?!\d)", re.IGNORECASE
)


def plain_names(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of a record by their names in small letters; the first of two that differ in no more wins."""
    found: dict[str, Any] = {}
    for name, value in fields.items():
        found.setdefault(str(name or "").strip().lower().replace(" ", "_"), value)
    return found


def listed(fields: Mapping[str, Any]) -> str:
    """The names of a record's fields, for a message."""
    names = [" ".join(str(name).split())[:40] for name in fields if name]
    more = ["..."] if len(names) > MOST_LISTED else []
    return ", ".join([*names[:MOST_LISTED], *more]).encode("utf-8", "replace").decode("utf-8") or "nothing"


def _plain(value: Any) -> Any:
    """A value as exports nest it: a list joined by commas, an object by its name."""
    if isinstance(value, list):
        return ", ".join(str(p) for p in map(_plain, value) if p is not None)
    return _plain(value.get("name")) if isinstance(value, dict) else value


def _field(fields: Mapping[str, Any], column: str) -> str | None:
    """First value under any of the column's names that says something, as text; lists are joined by commas."""
    for name in FIELDS[column]:
        value = _plain(fields.get(name))
        if column == "published" and value is None and fields.get(name) is not None:
            raise Unusable("bad_record", f"The field {name} holds no text; write the date as YYYY-MM-DD.")
        if isinstance(value, float) and column == "published" and value == value:
            value = str(value)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip().lower() not in NOTHING:
            found = str(value).strip()
            if not found:
                continue
            if any("\ud800" <= c <= "\udfff" for c in found):
                raise Unusable("bad_encoding", f"The field {name} holds half a character; export it as UTF-8.")
            return found
    return None


def parse_day(value: str) -> str:
    """Return the ISO day of a date as written (its own time zone); raise Unusable if it has no single reading."""
    try:
        if year_first := YEAR_FIRST.match(value):
            year, _, month, day, compact_month, compact_day = year_first.groups()
            readings = {date(int(year), int(month or compact_month), int(day or compact_day))}
        else:
            # two readings of day and month and two of what is left out: only a whole, unambiguous date survives all four
            readings = {
                date_parser.parse(value, dayfirst=day_first, default=default).date()
                for day_first in (True, False)
                for default in (datetime(2000, 1, 1), datetime(2003, 3, 3))
            }
    except (ValueError, OverflowError):
        readings = set()
    if len(readings) != 1:
        raise Unusable("bad_record", f"The date {value!r} has no single reading; write it as YYYY-MM-DD.")
    day = readings.pop()
    if day.year not in YEARS:
        detail = f"The date {value!r} lies outside the years {YEARS[0]} to {YEARS[-1]}; correct it or leave it out."
        raise Unusable("bad_record", detail)
    return day.isoformat()


def day_in_url(url: str) -> str | None:
    """The ISO day in an address such as ``/2024/11/09/``, else None."""
    for found in URL_DAY.finditer(urlsplit(url).path):
        year, _, month, day, compact_month, compact_day = found.groups()
        month = month or compact_month
        number = MONTHS.index(month.lower()) + 1 if month.lower() in MONTHS else int(month)
        try:
            return date(int(year), number, int(day or compact_day)).isoformat()
        except ValueError:
            continue
    return None


def _host(url: str) -> str | None:
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname
    except ValueError:
        return None
    return re.sub(r"^(www|amp|m)\.", "", host) if host else None


def english_share(text: str) -> float:
    """Share of English function words (spaCy's list) among the first 1000 words; 1.0 for a text too short to tell."""
    words = re.findall(r"[^\W\d_]+", text[:20_000].lower())[:1000]
    if len(words) < ENGLISH_WORDS:
        return 1.0
    return sum(w in STOP_WORDS for w in words) / len(words)


def _text(fields: Mapping[str, Any]) -> str:
    told = [fields[name] for name in FIELDS["text"] if fields.get(name) is not None]
    text = next((found for found in told if not isinstance(found, str) or found.strip()), told[0] if told else None)
    if text is None:
        known = ", ".join(FIELDS["text"])
        detail = f"The record has no text; it has {listed(fields)}. Name the column with the article one of {known}."
        raise Unusable("bad_record", detail)
    if not isinstance(text, str):
        raise Unusable("bad_record", f"The text is of type {type(text).__name__}; give it as a string.")
    if not text.strip():
        raise Unusable("empty_text", "The text is empty; add it or remove the record.")
    if len(text) > MAX_CHARACTERS:
        raise Unusable("too_long", f"The text has {len(text)} characters; split it, {MAX_CHARACTERS} are the limit.")
    if any("\ud800" <= c <= "\udfff" for c in text):
        raise Unusable("bad_encoding", "The text holds half a character (a lone surrogate); export it as UTF-8.")
    if sum(1 for _ in itertools.islice(HTML.finditer(text), MOST_TAGS)) == MOST_TAGS:
        detail = "The text is full of HTML tags, which would be read as words; export the article as plain text."
        raise Unusable("unsupported_format", detail)
    return text


def day_told(codebook: str | None) -> Callable[[str], str | None]:
    """A function that finds the day of publication that a text itself tells, by the codebook's words for dates."""
    finder = Finder(load(codebook).rows("date_words"))
    return lambda text: infer_published(text, finder)


def row_of(fields: Mapping[str, Any], told: Callable[[str], str | None]) -> dict[str, Any]:
    """One row of the articles table, without what only the file knows. Raises Unusable."""
    text = _text(fields)
    language = _field(fields, "language")
    if language and language.lower().replace("_", "-").split("-")[0] not in ("en", "eng", "english"):
        raise Unusable("other_language", f"The language is {language!r}; only English is read, remove the record.")
    if language is None and english_share(text) < ENGLISH_SHARE:
        detail = "The text does not look English; remove it, or state language en if it is."
        raise Unusable("other_language", detail)
    url, outlet, domain = _field(fields, "url"), _field(fields, "outlet"), _field(fields, "domain")
    outlet_basis = "metadata"
    if outlet is None and domain is not None:
        outlet = _host(domain)
    if outlet is None:
        outlet, outlet_basis = (_host(url) if url else None), "url"
    if outlet is None:
        outlet, outlet_basis = UNKNOWN_OUTLET, "unknown"
    published, published_basis = _field(fields, "published"), "metadata"
    if published is not None:
        published = parse_day(published)
        stated = _field(fields, "published_basis")
        # a basis outside our codes was still given beside the text
        published_basis = stated if stated in schema()["articles"].column("published_basis").allowed else "metadata"
    else:
        published, published_basis = (day_in_url(url) if url else None), "url"
        if published is None:
            published, published_basis = told(text), "text"
        if published is None:
            published_basis = "unknown"
    return {
        "article_id": article_id(outlet, url, text),
        "outlet": outlet,
        "outlet_basis": outlet_basis,
        "credit": _field(fields, "credit"),
        "url": url,
        "title": _field(fields, "title"),
        "byline": _field(fields, "byline"),
        "language": "en" if language else None,
        "published": published,
        "published_basis": published_basis,
        "text": text,
    }
