"""spaCy component ``quantity_ruler``: every number and number word of the text, with its bounds, unit and kind.

This is the general layer: dates, ages and designations are found and typed here too; ``news_filter`` decides which
numbers are figures.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span

from analysis.codebook import Codebook, load
from analysis.components import mentions
from analysis.components.counted_nouns import head_of, mixed, unit_of
from analysis.components.mentions import Fault, QuantityMention, text_of
from analysis.components.number_dates import ContextWords
from analysis.components.number_kinds import another_phone, follows, kind_of
from analysis.components.number_lexer import HYPHENS
from analysis.components.quantity_context import acts_like_person, answers, antecedent, left_or_came, unit_in_context
from analysis.components.quantity_money import settle_money
from analysis.components.quantity_reader import read_quantities
from analysis.components.quantity_reading import Reading, Sentence
from analysis.components.quantity_units import Tables, tables
from analysis.components.rates import rate_of
from analysis.components.word_classes import using

#: days of a month
DAYS = frozenset(float(day) for day in range(1, 32))
#: prepositions between a clock time and an hour that follows it
HOURLY = frozenset({"at", "by", "until", "till", "to", "and", "or", "before", "after", "around"})
#: kinds that are no quantity: they keep their span and have no bounds
WITHOUT_BOUNDS = frozenset({"url", "handle", "phone", "time", "date", "designation", "list_number", "address", "score"})


@functools.lru_cache(maxsize=8)
def context_words(codebook: str | None) -> ContextWords:
    """The words of ``left_out.csv`` by row id."""
    book = load(codebook)
    return ContextWords({r["id"]: tuple(w.lower() for w in Codebook.split(r["match"])) for r in book.rows("left_out")})


def find_quantities(
    doc: Doc,
    sentence: Span,
    offsets: list[int],
    lookup: Tables,
    words: ContextWords,
    earlier: QuantityMention | None = None,
) -> list[QuantityMention]:
    """The quantities of one sentence in order of their start, as mentions that do not overlap.

    ``earlier`` is the last count of the sentences before: a count without a noun may go on counting that.
    """
    text = text_of(doc)[sentence.start_char : sentence.end_char]
    if (
        lookup.words.scan.search(text) is None
        and not any(c in text for c in "½¼¾⅓⅔⅛")
        and not any(phrase in text.lower() for phrase in ("a couple", "a score of"))
    ):
        return []
    read = Sentence(doc, sentence.start_char, sentence.end_char, offsets)
    found: list[QuantityMention] = []
    for reading in read_quantities(read, lookup):
        mention = _mention(read, lookup, words, reading)
        bare = mention.kind == "cardinal" and mention.modifier_start is None and mention.head is None
        if found and bare and doc[mention.token_start].dep_ not in ("nsubj", "nsubjpass"):
            between = text_of(doc)[found[-1].end : mention.start]
            if follows(found[-1].kind, "designation", between) or follows(found[-1].kind, "age", between):
                mention.kind, mention.rule = found[-1].kind, found[-1].rule
            elif follows(found[-1].kind, "date", between) and found[-1].low in DAYS and mention.low in DAYS:
                mention.kind, mention.rule = "date", found[-1].rule  # "on March 17, 18 and 19"
            elif _again(mention, found, between):  # "at 4 a.m. and again at six"
                mention.kind, mention.rule = "time", "time_hour"
        called = found and found[-1].kind == "phone" and mention.kind in ("cardinal", "date")
        if called and another_phone(
            text_of(doc)[mention.start : mention.end], text_of(doc)[found[-1].end : mention.start]
        ):
            mention.kind, mention.rule = "phone", found[-1].rule
        _resolve_unit(doc, mention, found, earlier, lookup)
        found.append(mention)
    return found


def _again(mention: QuantityMention, before: list[QuantityMention], between: str) -> bool:
    """True for an hour that follows a clock time of its sentence: "at 4 a.m. and again at six"."""
    last = between.split()[-1:]
    hour = mention.low is not None and mention.low == mention.high and mention.low in range(1, 25)
    return hour and any(m.kind == "time" for m in before) and bool(last) and last[0].lower() in HOURLY


#: short forms before a number, whose dot ends no sentence
SHORT = frozenset({"ext", "no", "nos", "tel", "vol", "fig", "para", "art", "sec", "approx", "est", "ca", "c"})


def _whole(doc: Doc) -> Iterator[Span]:
    """The sentences; one that the parser cut between a word and the number behind it ("is about / 2.9 km") in one."""
    start = 0
    for sentence in doc.sents:
        last = doc[sentence.end - 1]
        following = doc[sentence.end] if sentence.end < len(doc) else None
        word = doc[sentence.end - 2] if last.text == "." and len(sentence) > 1 else last
        cut = (last.is_alpha and last.is_lower) or word.lower_.removesuffix(".") in SHORT
        if following is not None and following.text[:1].isdigit() and cut:
            continue
        yield doc[start : sentence.end]
        start = sentence.end


def _told_again(doc: Doc, found: list[QuantityMention]) -> None:
    """A large count without its noun ("500,000 on the streets") counts what the same number counts elsewhere."""
    nouns: dict[float, set[tuple[str, int]]] = {}
    bare: list[QuantityMention] = []
    for mention in found:
        value = mention.low if mention.low is not None else mention.high
        if mention.kind != "cardinal" or mention.unit_text is not None or value is None or value < REPEATED:
            continue
        if mention.head is not None and doc[mention.head].tag_ in ("NNS", "NNPS"):
            nouns.setdefault(value, set()).add((mention.unit or "item", mention.head))
        elif mention.head is None or mention.unit == "item":
            bare.append(mention)
    for mention in bare:
        told = nouns.get(mention.low if mention.low is not None else mention.high or 0.0, set())
        if len({unit for unit, _ in told}) == 1:
            mention.unit = next(iter(told))[0]
            mention.head = min(head for _, head in told) if mention.head is None else mention.head


def is_count(mention: QuantityMention) -> bool:
    """True for a count of something that the text names, and a large one of known kind ("120,000 marched")."""
    named = mention.head is not None or (mention.unit not in (None, "item") and (mention.low or 0) >= REPEATED)
    return mention.kind in ("cardinal", "magnitude") and mention.unit_text is None and named


def _resolve_unit(
    doc: Doc,
    mention: QuantityMention,
    before: list[QuantityMention],
    previous: QuantityMention | None,
    lookup: Tables,
) -> None:
    """Unit (and rate) of a count whose noun is left out or a pronoun."""
    if mention.unit != "item" or mention.unit_text is not None:
        return
    if mention.kind not in ("cardinal", "magnitude", "zero", "nobody"):
        return
    noun = doc[mention.head] if mention.head is not None else None
    if noun is not None and noun.lower_ in ("own", "left"):  # "nine of their own", "only six left"
        noun = None
    if noun is not None and noun.lemma_ == "point" and not any(c.dep_ == "compound" for c in noun.lefts):
        if any(t.lemma_.lower() in POLLED for t in noun.sent):
            mention.unit = "percent"  # "the polls were wrong by five points"
        return
    if mention.kind == "nobody":
        mention.unit = "person"
        return
    token = doc[mention.token_start : mention.token_end].root
    value = mention.low if mention.low is not None else mention.high or 0.0
    if noun is None and not value.is_integer():
        # "54.7 per cent against 43.2", "3.2 metres in May and 2.1 in June": nobody counts persons in tenths
        told = next((m for m in reversed(before) if m.kind in ("percent", "measure")), None)
        if told is None or (told.kind == "percent" and value > WHOLE):  # "rose 2% to 4,512.3"
            return
        if told.kind == "measure" and any(t.dep_ == "nsubj" for t in doc[told.token_end : mention.token_start]):
            return  # another subject, another matter
        mention.unit = told.unit
        if told.kind == "measure":
            mention.per, mention.kind, mention.unit_text = told.per, told.kind, told.unit_text
        return
    if noun is None and before and before[-1].unit_text is not None and _compared(doc, before[-1], mention):
        mention.unit, mention.per = before[-1].unit, before[-1].per
        mention.kind, mention.unit_text = before[-1].kind, before[-1].unit_text
        return
    counts = [m for m in before if is_count(m)]
    person = [m for m in before[-1:] if m.kind == "cardinal" and m.unit == "person"]
    last = counts[-1] if counts else (person[0] if person else previous)
    if noun is None and last is not None and answers(token):  # "the rebels put it at 40"
        mention.unit, mention.per = last.unit, mention.per or last.per
        return
    if noun is not None and noun.lower_ in ("them", "whom") and counts and counts[-1].unit == "person":
        mention.unit = "person"  # "90 people fled their homes; 40 of them ..."
        return
    if noun is not None and acts_like_person(token, noun, lookup):
        mention.unit = "person"
        return
    unit = unit_in_context(token, noun, bool(counts), lookup)
    if unit is None and noun is None:
        if counts:
            unit = counts[-1].unit
            mention.per = mention.per or counts[-1].per
        elif mention.kind == "magnitude" or (person and mention.start - person[0].end < NEXT):
            unit = "person"  # "17 in Panay, 11 in Negros"
        elif left_or_came(token, lookup):
            unit = antecedent(token, lookup)
            unit = "person" if unit in (None, "item") else unit
        elif previous is not None:
            unit = antecedent(token, lookup) or previous.unit
    if unit is not None:
        mention.unit = unit


#: a point between thousands, where what is counted has no parts ("50.000 people"); 2.125 of them are a mean
GROUPED = re.compile(r"[1-9]\d{1,2}\.\d{3}|[1-9]\.\d00")
#: a number without a noun above it is no share
WHOLE = 100.0
#: what is told in percentage points where bare points are named
POLLED = frozenset(
    {
        "poll",
        "vote",
        "rating",
        "turnout",
        "approval",
        "inflation",
        "rate",
        "popularity",
        "growth",
        "unemployment",
        "swing",
    }
)
#: characters within which a bare number behind one of persons goes on counting them
NEXT = 40
#: how large a number must be to mean the same where it stands without its noun
REPEATED = 100.0
#: words before a number that is told beside an earlier one of the same unit ("5 km a day, down from nine")
COMPARING = (
    ("down", "from"),
    ("up", "from"),
    ("compared", "with"),
    ("compared", "to"),
    ("against",),
    ("versus",),
    ("of", "the"),
)


def _compared(doc: Doc, first: QuantityMention, second: QuantityMention) -> bool:
    start = second.modifier_start if second.modifier_start is not None else second.start
    words = tuple(text_of(doc)[first.end : start].lower().replace(",", " ").split())
    return len(words) <= 8 and any(words[-len(c) :] == c for c in COMPARING)


def _mention(sentence: Sentence, lookup: Tables, words: ContextWords, reading: Reading) -> QuantityMention:
    kind, rule = kind_of(sentence, lookup, words, reading)
    lexemes = sentence.lexemes
    start, end = lexemes[reading.start].start, lexemes[reading.end - 1].end
    first, last = sentence.token_at(start), sentence.token_at(end - 1)
    rules = [*reading.rules, rule] if rule else reading.rules
    found = QuantityMention(
        start,
        end,
        first.i,
        last.i + 1,
        kind,
        reading.low,
        reading.high,
        reading.comparator,
        "item",
        rule="+".join(dict.fromkeys(rules)),
    )
    if reading.modifier is not None:
        left, right = reading.modifier
        found.modifier_start = min(lexemes[left].start, start)
        found.modifier_end = max(lexemes[right - 1].end, end)
    if kind in WITHOUT_BOUNDS and reading.form in ("url", "handle", "phone", "time", "date", "version"):
        return found
    if found.low is None and found.comparator in (">=", ">"):
        found.comparator = "="
    if found.high is None and found.comparator == "=":
        found.comparator = ">="
    unit = reading.unit
    if unit is not None:
        found.unit_text = text_of(sentence.doc)[lexemes[unit.start].start : lexemes[unit.end - 1].end]
        found.unit, found.per = unit.code, unit.per
    elif reading.form in ("share", "article_share"):
        found.unit = "percent"
    if sentence.low(reading.start) == "one" and sentence.low(reading.start - 1) == "not" and unit is None:
        found.low = found.high = 0.0  # "not one soldier was hurt"
    noun = head_of(sentence, reading)
    if noun is not None:
        found.head = noun.i
        if found.unit == "item" and unit is None:
            found.unit, row = unit_of(noun, lookup)
            if found.unit == "person" and mixed(noun, lookup):
                found.unit = "item"  # "2,500 people and companies"
            if noun.lemma_.lower() in MASSES and noun.tag_ in ("NNS", "NNPS"):
                many = (found.low or found.high or 0) >= REPEATED
                found.unit = "person" if many else "unit"  # "thousands of militias", "three forces"
            if row is not None:
                found.rule += f"+{row}"
            if found.unit != "item" and GROUPED.fullmatch(text_of(sentence.doc)[start:end]) and found.low:
                found.low, found.high = found.low * 1e3, None if found.high is None else found.high * 1e3
    if unit is None and found.unit in ("item", "building") and _strong(sentence, reading):
        found.unit = "person"  # "the 193-strong House", "a crowd 5,000 strong"
    if found.per is None:
        found.per = rate_of(sentence, reading, noun)
    return found


def _strong(sentence: Sentence, reading: Reading) -> bool:
    """ "A 40-strong crew", "the 193 strong House": as many persons, but for fleets and herds."""
    at = reading.end + (sentence.low(reading.end) in HYPHENS)
    return sentence.low(at) == "strong" and sentence.low(at + 1) not in HERDS


#: nouns that in hundreds count the men, in small numbers the bodies
MASSES = frozenset({"force", "militia", "army", "paramilitary"})
#: groups that are no persons
HERDS = frozenset({"fleet", "convoy", "flotilla", "herd", "pack", "squadron", "armada", "flock", "field"})


@Language.factory("quantity_ruler", assigns=["doc._.quantities"], default_config={"codebook": None})
def create_quantity_ruler(nlp: Language, name: str, codebook: str | None) -> QuantityRuler:
    """The component; ``codebook`` is a folder that extends the default codebook."""
    return QuantityRuler(codebook)


class QuantityRuler:
    """Writes ``doc._.quantities``; a sentence that fails is recorded in ``doc._.faults`` and keeps no quantities."""

    def __init__(self, codebook: str | None = None) -> None:
        mentions.register()
        self.codebook = codebook
        self.lookup = tables(codebook)
        self.words = context_words(codebook)

    def __call__(self, doc: Doc) -> Doc:
        with using(load(self.codebook)):
            return self._written(doc)

    def _written(self, doc: Doc) -> Doc:
        offsets = [token.idx for token in doc]
        found: list[QuantityMention] = []
        faults = list(doc._.faults or [])
        earlier: QuantityMention | None = None
        for sentence in _whole(doc):
            try:
                here = find_quantities(doc, sentence, offsets, self.lookup, self.words, earlier)
                earlier = next((m for m in reversed(here) if is_count(m)), earlier)
                found.extend(here)
            except Exception as error:  # one odd sentence must not cost the article
                faults.append(Fault("quantity_ruler", sentence.start_char, sentence.end_char, repr(error)))
        _told_again(doc, found)
        settle_money(doc, found, self.codebook)
        doc._.quantities = found
        doc._.faults = faults
        return doc
