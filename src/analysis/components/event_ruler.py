"""``event_ruler``: who did what to whom, when and where, after the PLOVER types, as ``doc._.event_mentions``.

Sentence by sentence the codebook's triggers are read over the parse (``event_verbs``, ``event_nouns``, ``event_settling``); then the article fills what
is plain from context: the opponent of a party that fights one opponent throughout, the place and the parties of an act
that a following sentence only points back to. Acts that only might happen are left out; announced ones are ``planned``.
Types and modes follow the PLOVER manual (Open Event Data Alliance), the decisions those of docs/method.md.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from analysis.codebook import load
from analysis.components.attribution_ruler import attribute
from analysis.components.event_candidates import Candidate
from analysis.components.event_context import Context
from analysis.components.event_frames import build_event_book
from analysis.components.event_grammar import grammar
from analysis.components.event_nouns import Reader
from analysis.components.event_scenes import Scenes
from analysis.components.event_settings import date_of, figures_of, place_of
from analysis.components.event_settling import read_sentence
from analysis.components.event_verbs import peaceful
from analysis.components.mentions import DateMention, EventMention, Fault, PlaceMention, text_of
from analysis.components.parties import build_context
from analysis.components.word_classes import using

#: acts that are told of one occasion: what is dated once holds for the others
ONE_OCCASION = frozenset({"PROTEST", "COERCE"})
#: who is arrested once is not who is arrested throughout
TOLD_OFTEN = 2
#: those who mediate are no party to the talks
MEDIATING = grammar("mediating")
FOUGHT = frozenset({"ASSAULT"})
#: what begins a line of a link list
BULLETS = ("* ", "• ", "▪ ", "► ", "» ")
#: "the attack", "such strikes": the act told shortly before
POINTERS = frozenset({"the", "this", "that", "these", "those", "such"})
POINTER_REACH = 90
WEEK = dt.timedelta(days=7)
#: an opponent fills a gap if at least this share of a party's told fights are with it
MAIN_OPPONENT = 0.6


def opponents(found: list[Candidate], context: Context) -> dict[str, str]:
    """For each party the one it mostly fights in this article, where one stands out."""
    pairs: Counter[tuple[str, str]] = Counter()
    countries = set(context.country_names.values())
    groups = {a.name for a in context.doc._.actors or [] if a.kind == "group" and a.source_kind != "military"}
    for c in found:
        if c.code not in FOUGHT or c.dropped == "hypothetical":
            continue
        by_place = any(t.i in context.placed for t in c.token.subtree)
        told = [(a, t) for a in c.actors for t in c.targets if not {a, t} & groups]
        if not c.targets and len(c.actors) == 2 and not set(c.actors) & groups:
            told = [(c.actors[0], c.actors[1])]
        for a, b in told:
            if by_place and a not in countries:
                continue  # a group that strikes a place need not fight the country
            pairs[a, b] += 1
            pairs[b, a] += 1
    main: dict[str, str] = {}
    for party in dict.fromkeys(a for a, _ in pairs):
        rivals = {b: n for (a, b), n in pairs.items() if a == party}
        rival = max(rivals, key=lambda b: rivals[b])
        if rivals[rival] >= MAIN_OPPONENT * sum(rivals.values()):
            main[party] = rival
    return main


def _fill_parties(found: list[Candidate], context: Context) -> None:
    """Fill the opponent of a lone fighter, and both sides of fighting told without any (in place)."""
    main = opponents(found, context)
    _side_by_side(found, main, context)
    pair: list[str] = []
    if main:
        weight: Counter[tuple[str, ...]] = Counter()
        for c in found:
            for a in c.actors:
                for t in c.targets:
                    weight[tuple(sorted((a, t)))] += c.code in FOUGHT
        if weight:
            best = max(weight, key=lambda p: (weight[p], p))
            pair = list(best) if weight[best] >= 2 else []
    groups = {a.name for a in context.doc._.actors or [] if a.kind in ("group", "role")}
    last: Candidate | None = None
    for c in found:
        if c.code not in FOUGHT:
            continue
        if c.dropped == "hypothetical":
            last = c if c.actors and c.targets else last  # "could launch an assault on them. The offensive ..."
            continue
        pointing = c.is_noun and any(t.lower_ in POINTERS for t in c.token.lefts)
        near = last is not None and c.token.i - last.token.i < POINTER_REACH
        if pointing and near and last is not None and not c.actors and not c.targets:
            c.actors, c.targets = list(last.actors), list(last.targets)
        if len({*c.actors, *c.targets}) > 1:
            last = c
        lone = not c.is_noun or c.trigger.row["id"] == "assault_n_fight"
        if len(c.actors) == 1 and not c.targets and c.actors[0] in main and not _strikes_a_thing(c, groups):
            c.targets = [main[c.actors[0]]]
        elif len(c.targets) == 1 and not c.actors and main.get(c.targets[0]) and lone:
            c.actors = [main[c.targets[0]]]
        elif not c.actors and not c.targets and pair and c.trigger.row["id"] == "assault_n_fight":
            c.actors = pair


def _side_by_side(found: list[Candidate], main: dict[str, str], context: Context) -> None:
    """Whoever is told to fight "with" those whose opponent he has as well fights beside them (in place)."""
    beside = [c for c in found if c.code in FOUGHT and c.targets and _with(c)]
    if not beside:
        return
    apart = opponents([c for c in found if c not in beside], context)
    for c in beside:
        rivals = {apart.get(name) for name in c.actors} - {None}
        if len(rivals) == 1 and not rivals & set(c.targets) and all(apart.get(t) in rivals for t in c.targets):
            c.targets = sorted(r for r in rivals if r is not None)
    main.update(apart)


def _with(c: Candidate) -> bool:
    return any(p.dep_ == "prep" and p.lower_ in ("with", "alongside", "beside") for p in c.token.rights)


def _strikes_a_thing(c: Candidate, groups: set[str]) -> bool:
    """True for protesters, gunmen and the like who burn or hit a thing: whose it is the text does not tell."""
    thing = not c.is_noun and any(k.dep_ == "dobj" for k in c.token.rights)
    return thing and c.actors[0] in groups


def _fill_by_type(found: list[Candidate], countries: frozenset[str] = frozenset()) -> None:
    """Fill missing parties of a type from those this article mostly tells for it (in place).

    Talks and agreements without parties are those of the article's negotiators, an arrest without police is by those
    who arrest throughout, protests are by protesters.
    """
    for codes in (("CONSULT", "AGREE"), ("COERCE",), ("PROTEST",)):
        group = [c for c in found if c.code in codes and c.dropped != "hypothetical"]
        mutual = Counter(
            tuple(sorted({*c.actors, *c.targets}))
            for c in group
            if len({*c.actors, *c.targets}) > 1 and c.token.lemma_.lower() not in MEDIATING
        )
        doers = Counter(tuple(c.actors) for c in group if c.actors)
        sufferers = Counter(tuple(c.targets) for c in group if c.targets)
        for c in group:
            if codes[0] == "CONSULT":
                untold = c.is_noun or c.code == "AGREE"  # "truce agreed"
                if not c.actors and not c.targets and untold and (pair := _usual(mutual)):
                    c.actors = list(pair)
                continue
            if not c.actors and (usual := _usual(doers, TOLD_OFTEN if codes[0] == "PROTEST" else 1)):
                c.actors = [name for name in usual if name not in c.targets]
            if not c.targets and codes[0] == "COERCE" and (usual := _usual(sufferers, TOLD_OFTEN)):
                c.targets = [name for name in usual if name not in c.actors]
            of_country = c.is_noun and set(c.actors) <= set(countries)
            if codes[0] == "PROTEST" and (not c.actors or of_country):
                c.actors = ["protesters"]  # "the Chad protests" are no country's
    marchers = Counter(name for c in found if c.code == "PROTEST" and not c.dropped for name in c.actors)
    for c in found:
        arrest = c.code == "COERCE" and c.is_noun and not c.targets and c.actors
        if arrest and max(marchers.values(), default=0) >= TOLD_OFTEN and not c.dropped:
            c.targets = [max(marchers, key=lambda name: marchers[name])]  # "police made 37 arrests"


def _countries(context: Context) -> frozenset[str]:
    """Names of countries, those of a list and the article's own."""
    own = (a.party for a in context.doc._.actors or [] if a.kind == "country" and a.party)
    return frozenset((*context.country_names.values(), *own))


def _usual(told: Counter[tuple[str, ...]], least: int = 1) -> tuple[str, ...]:
    """What is told in at least half of the cases and ``least`` times, else nothing."""
    if not told or max(told.values()) < least:
        return ()
    best = max(told.values())
    return next(names for names in told if told[names] == best) if best >= sum(told.values()) / 2 else ()


def _types(names: list[str], context: Context) -> str | None:
    """What sort of actor each party is (``country``, ``armed_group``, ``group``, ...), each once, joined by ``+``."""
    countries = set(context.country_names.values())
    kinds: dict[str, str] = {}
    for actor in context.doc._.actors or []:
        if actor.party in names and actor.form != "role":
            kinds.setdefault(actor.party, "country" if actor.iso3 else actor.kind)
        elif actor.name in names:
            kinds.setdefault(actor.name, "group" if actor.kind == "role" else actor.kind)
    told = [kinds.get(name, "country" if name in countries else "other") for name in names]
    return "+".join(dict.fromkeys(told)) or None


def _date_one_occasion(mentions: list[EventMention], doc: Doc) -> None:
    """Give the only date that is told of a protest and its arrests to those told without any (in place).

    A sentence with a time of its own ("in 2021", "last year") keeps to it.
    """
    group = [m for m in mentions if m.event_type in ONE_OCCASION and m.realis == "actual" and not m.negated]
    dated = [m for m in group if m.date_start]
    if len({(m.date_start, m.date_end, m.date_precision) for m in dated}) != 1:
        return
    timed = [doc.char_span(d.start, d.end, alignment_mode="expand") for d in doc._.dates or [] if d.timex == "DATE"]
    own = {span.sent.start for span in timed if span is not None}
    for m in group:
        span = doc.char_span(m.start, m.end, alignment_mode="expand")
        if m.date_start is None and span is not None and span.sent.start not in own:
            m.date_start, m.date_end, m.date_precision = dated[0].date_start, dated[0].date_end, dated[0].date_precision


def _struck_at_home(c: Candidate, places: list[PlaceMention], context: Context) -> None:
    """A country that attacks or visits a place in another one attacks or visits that one (in place), if nobody else is told."""
    countries = set(context.country_names.values())
    if (
        not (c.code in FOUGHT or c.trigger.row["id"] == "consult_visit")
        or c.targets
        or len(c.actors) != 1
        or c.actors[0] not in countries
    ):
        return
    there = {context.country_names.get(p.country_iso3 or "") for p in places}
    if len(there) == 1 and (owner := there.pop()) is not None and owner not in c.actors:
        c.targets = [owner]


def in_teaser(text: str, at: int) -> bool:
    """True where ``at`` lies in a line of a link list: behind a bullet, without a full stop at its end."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start : end if end >= 0 else len(text)].strip()
    return line.startswith(BULLETS) and not line.rstrip("\"'”’)]").endswith((".", "!", "?"))


def to_come(date: DateMention, published: str) -> DateMention:
    """A weekday told of an act that is planned, as the coming one: "unions have called a march on Friday"."""
    if date.rule != "weekday" or date.timex != "DATE" or not date.date_end or date.date_end >= published:
        return date
    first, last = (dt.date.fromisoformat(str(day)) + WEEK for day in (date.date_start, date.date_end))
    return replace(date, date_start=first.isoformat(), date_end=last.isoformat(), value=first.isoformat())


def _apart(found: list[Candidate]) -> Iterator[tuple[Candidate, set[int]]]:
    """The candidates of a sentence that are events, each with the words of the others."""
    kept = [c for c in found if not c.dropped]
    for c in kept:
        others = {w.i for o in kept if o is not c for w in (o.token, *([o.clause] if o.clause is not None else []))}
        yield c, others - ({c.clause.i} if c.clause is not None else set())


class EventRuler:
    """spaCy component: writes ``doc._.event_mentions``."""

    def __init__(self, codebook: str | None) -> None:
        rows = load(codebook)
        self.codebook = codebook
        self.rows = rows
        self.reader = Reader(build_event_book(rows))
        self.country_names = {row["id"]: row["name"] for row in rows.rows("demonyms")}

    def find(self, doc: Doc) -> tuple[list[EventMention], list[Fault]]:
        """All event mentions of a Doc in order, and the sentences that failed."""
        faults: list[Fault] = []
        context = build_context(doc, self.country_names)
        by_sentence: list[list[Candidate]] = []
        for sent in doc.sents:
            try:
                found = read_sentence(sent, self.reader, context)
                by_sentence.append([c for c in found if not in_teaser(text_of(doc), c.token.idx)])
            except Exception as error:  # one bad sentence must not lose the article
                by_sentence.append([])
                faults.append(Fault("event_ruler", sent.start_char, sent.end_char, repr(error)))
        every = [c for found in by_sentence for c in found]
        for c in every:
            if c.code in FOUGHT and c.is_noun and c.actors and set(c.actors) <= peaceful(context):
                c.actors = []  # "the institute noted their advance"
        _fill_parties(every, context)
        _fill_by_type(every, _countries(context))
        mentions: list[EventMention] = []
        told = {c.token.i: place_of(c, context, others) for found in by_sentence for c, others in _apart(found)}
        scenes = Scenes(context, ((c, told[c.token.i]) for c in every if c.token.i in told))
        for number, (sent, found) in enumerate(zip(doc.sents, by_sentence, strict=True)):
            try:
                mentions += self._sentence(number, found, context, scenes, told)
            except Exception as error:  # as above
                faults.append(Fault("event_ruler", sent.start_char, sent.end_char, repr(error)))
        _date_one_occasion(mentions, doc)
        return mentions, faults

    def _sentence(
        self,
        number: int,
        found: list[Candidate],
        context: Context,
        scenes: Scenes,
        told: Mapping[int, list[PlaceMention]],
    ) -> list[EventMention]:
        kept = [c for c in found if not c.dropped]
        figures = figures_of(kept, context.doc) if kept else {}
        mentions = []
        for c, others in _apart(found):
            _struck_at_home(c, told[c.token.i], context)
            places = scenes.places(number, c, told[c.token.i])
            _struck_at_home(c, places, context)
            mentions.append(self._mention(c, context, places, date_of(c, context, others), figures.get(c.token.i, [])))
        return mentions

    def _mention(
        self, c: Candidate, context: Context, places: list[PlaceMention], date: DateMention | None, figures: list[int]
    ) -> EventMention:
        doc = context.doc
        last = c.token
        for word in c.words[1:]:
            if word.i == last.i + 1:
                last = word
        start, end = c.token.idx, last.idx + len(last)
        row = c.trigger.row
        realis = c.realis
        published = str(doc._.published)[:10] if doc._.published else None
        if realis == "actual" and date is not None and published and date.date_start and date.date_start > published:
            realis = "planned"
        elif realis == "planned" and date is not None and published:
            date = to_come(date, published)
        told = attribute(doc, start, end, self.codebook)
        return EventMention(
            start=start,
            end=end,
            trigger=text_of(doc)[start:end],
            event_type=c.code,
            event_mode=row["mode"] or None,
            realis=realis,
            actor="+".join(c.actors) or None,
            actor_type=_types(c.actors, context),
            target="+".join(c.targets) or None,
            target_type=_types(c.targets, context),
            place="+".join(p.name for p in places) or None,
            place_start=places[0].start if places else None,
            date_start=date.date_start if date is not None else None,
            date_end=date.date_end if date is not None else None,
            date_precision=date.precision if date is not None else None,
            source=told.source if told is not None else None,
            source_kind=told.source_kind if told is not None else None,
            via=told.via if told is not None else None,
            cue=told.cue if told is not None else None,
            mode=told.mode if told is not None else "none",
            hedged=told.hedged if told is not None else False,
            negated=c.negated,
            figure_starts=figures,
            rule=row["id"],
            confidence=0.8 if c.actors and c.targets else 0.6 if c.actors or c.targets else 0.4,
        )

    def __call__(self, doc: Doc) -> Doc:
        with using(self.rows):
            mentions, faults = self.find(doc)
        doc._.event_mentions = mentions
        doc._.faults = [*(doc._.faults or []), *faults]
        return doc


@Language.factory("event_ruler", default_config={"codebook": None}, assigns=["doc._.event_mentions"])
def make_event_ruler(nlp: Language, name: str, codebook: str | None) -> EventRuler:
    return EventRuler(codebook)
