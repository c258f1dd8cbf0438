"""When and where an event happened, and which figures are told of it: from its clause, else plainly carried over."""

from __future__ import annotations

from spacy.tokens import Doc, Token

from analysis.components.event_candidates import Candidate
from analysis.components.event_context import Context
from analysis.components.event_grammar import grammar
from analysis.components.event_scenes import AT_OBJECT, SCENES, SORTS, pointed, relative_place
from analysis.components.mentions import DateMention, PlaceMention
from analysis.components.parties import guessed_party
from analysis.components.word_classes import value_of

#: finer places win: a village over its region over its country
FINENESS = {"settlement": 0, "facility": 0, "admin2": 1, "region": 2, "admin1": 2, "water": 2, "country": 3}
USABLE_DATES = frozenset({"day", "week", "month"})
OPEN_DATES = frozenset({"since", "until", "till", "by"})
REPORTING = grammar("reporting")
LOCATING = grammar("locating")
STRICTLY_LOCATING = frozenset(
    ["in", "at", "near", "across", "inside", "into", "outside", "throughout", "around", "over", "within"]
)
#: acts whose infinitive tells what is wanted: its day and place are not theirs
WANTING = frozenset({"REQUEST", "AGREE", "THREATEN", "REJECT"})
#: before another happening than the one told
HAPPENINGS = frozenset({"after", "before", "since", "following", "despite", "because", "until", "ahead"})
#: before what talks are about
TOPICS = frozenset({"on", "about", "over", "regarding", "concerning"})
TALKING = frozenset({"CONSULT", "AGREE"})
#: acts of words
SPOKEN = frozenset({"REQUEST", "ACCUSE", "REJECT", "THREATEN", "SUPPORT"})


def clause_of(token: Token) -> Token:
    """The verb (or root) whose clause holds ``token``."""
    while token.head != token:
        if token.pos_ in ("VERB", "AUX") and token.dep_ not in ("amod", "aux", "auxpass", "compound"):
            return token
        token = token.head
    return token


def _governor(token: Token) -> Token:
    """What a place or date phrase hangs on, past prepositions and nouns of direction ("south of")."""
    head = token.head
    while head.dep_ in (
        "prep",
        "pobj",
        "pcomp",
        "advmod",
        "npadvmod",
        "compound",
        "appos",
        "conj",
        "agent",
        "amod",
        "poss",
    ):
        if head.head == head or head.pos_ in ("VERB", "AUX"):
            break
        head = head.head
    return head


def _chain(token: Token) -> list[Token]:
    found = [token]
    while token.head != token:
        token = token.head
        found.append(token)
    return found


def _owned(token: Token, c: Candidate, others: set[int]) -> int | None:
    """How near a phrase stands to a candidate: 0 on the trigger, 1 on its clause, None elsewhere.

    Climbing from the phrase, the first trigger or clause of a candidate decides.
    """
    clause = c.clause if c.clause is not None else c.token
    for step in _chain(token):
        if step == c.token or step in c.words:
            return 0
        if step == clause or step in c.results:
            return 1
        if step.i in others or (c.code in WANTING and _to_do(step) and step.head in (c.token, *c.words)):
            return None
        if step.dep_ in ("ccomp", "relcl", "parataxis", "acl") and step.pos_ in ("VERB", "AUX"):
            if step.dep_ == "acl" and step.head in (c.token, clause):
                continue
            holds = c.token in step.subtree
            return 2 if holds else None
    above = _chain(clause)
    governor = clause_of(token)
    if governor in above[:4] and governor.lemma_.lower() not in REPORTING:
        return 2
    return None


def _of_saying(start: int, doc: Doc) -> bool:
    """True for a date right behind a verb of saying ("said on Thursday they had left")."""
    i = start - 1
    if i > 0 and doc[i].lower_ in ("on", "late", "early"):
        i -= 1
    return i >= 0 and doc[i].pos_ == "VERB" and doc[i].lemma_.lower() in REPORTING


def _to_do(verb: Token) -> bool:
    return verb.dep_ in ("xcomp", "advcl") and any(a.dep_ == "aux" and a.lower_ == "to" for a in verb.lefts)


def date_of(c: Candidate, context: Context, others: set[int]) -> DateMention | None:
    """The day, week or month that the clause tells for the event; None for open spans, years and vague expressions."""
    best: tuple[int, int, DateMention] | None = None
    for date in context.doc._.dates or []:
        if date.start < c.token.sent.start_char or date.end > c.token.sent.end_char:
            continue
        if date.timex not in ("DATE", "TIME") or date.precision not in USABLE_DATES or not date.date_start:
            continue
        span = context.doc.char_span(date.start, date.end, alignment_mode="expand")
        if span is None:
            continue
        before = context.doc[span.start - 1].lower_ if span.start else ""
        if before in OPEN_DATES or _of_saying(span.start, context.doc):
            continue
        if span.root.dep_ == "poss" and span.root.head not in (c.token, *c.words):
            continue  # "Saturday's election"
        near = _owned(span.root, c, others)
        if near is None:
            continue
        rank = (near, abs(span.root.i - c.token.i), date)
        if best is None or rank[:2] < best[:2]:
            best = rank
    return best[2] if best is not None else None


def place_of(c: Candidate, context: Context, others: set[int]) -> list[PlaceMention]:
    """The most specific places that the sentence tells for the event (several only if coordinated); [] if none."""
    found: list[tuple[int, int, int, PlaceMention, Token]] = []
    sent = c.token.sent
    for place in context.doc._.places or []:
        if place.start < sent.start_char or place.end > sent.end_char:
            continue
        span = context.doc.char_span(place.start, place.end, alignment_mode="expand")
        if span is None:
            continue
        root = span.root
        if not _locates(root, place, c, context) or _elsewhere(root, c):
            continue
        near = _owned(root, c, others)
        if near is None:
            anywhere = c.code in SCENES and root.dep_ in ("pobj", "appos", "conj", "compound")
            near = 3 if anywhere else None
        if near is None:
            continue
        found.append((FINENESS.get(place.kind, 2), near, abs(root.i - c.token.i), place, root))
    if (place := relative_place(c, context)) is not None:
        return [place]
    close = [f for f in found if f[1] <= 2]
    nearest = min(((f[1], f[2]) for f in close), default=(3, 0))
    if nearest[0] and (place := _pointed_at(c, context, others, nearest)) is not None:
        return [place]
    if c.code in SPOKEN:
        close = found = [
            f for f in found if f[1] <= 1
        ]  # words are heard everywhere: only a place that they are told at
    if not found:
        return []
    pool = close or found
    best = min(pool, key=lambda f: (f[0], f[1], f[2]))
    chosen = [best]
    for other in pool:
        if (
            other is not best
            and other[0] == best[0]
            and (other[4] in best[4].conjuncts or best[4] in other[4].conjuncts)
        ):
            chosen.append(other)
    return [f[3] for f in sorted(chosen, key=lambda f: f[3].start)]


def _elsewhere(root: Token, c: Candidate) -> bool:
    """True for a place of another happening ("left after a raid in Lund") or of what is only spoken of ("discussed")."""
    holds = {c.token, *_chain(c.token)}
    clause = c.clause if c.clause is not None else c.token
    asked = c.code == "REQUEST" and root.i > c.token.i  # "called for a truce in the valley"
    if c.code in SPOKEN and (asked or not (root.dep_ == "pobj" and root.head.head in (c.token, clause))):
        return True  # words are heard everywhere: only a place that they are told at
    for step in _chain(root):
        if step in holds:
            return False
        if step.dep_ == "prep" and step.lower_ in HAPPENINGS and c.code not in TALKING:
            return True  # but "agreed after talks in Lund"
        if step.dep_ == "advcl" and any(k.dep_ == "mark" and k.lower_ in HAPPENINGS for k in step.lefts):
            return True
        if c.code in TALKING and step.head in (c.token, clause):
            if step.dep_ == "prep" and step.lower_ in TOPICS:
                return True
            thing = step.dep_ == "dobj" and step != c.token and step.head == c.token
            return thing and step.i != root.i and value_of(step.lemma_.lower(), SORTS) is None
    return False


def _pointed_at(c: Candidate, context: Context, others: set[int], nearest: tuple[int, int]) -> PlaceMention | None:
    """What "in the region", "overran the city" point back to, where they stand nearer to the event than ``nearest``."""
    for token in c.token.sent:
        if token.dep_ not in ("pobj", "dobj", "nsubjpass") or token.pos_ != "NOUN":
            continue
        as_object = token.dep_ != "pobj" and c.code in AT_OBJECT and token.head == c.token
        after_preposition = (
            token.dep_ == "pobj" and token.head.lower_ in LOCATING and token.head.lower_ not in ("of", "from")
        )
        if not (as_object or after_preposition) or (place := pointed(token, context)) is None:
            continue
        near = _owned(token, c, others)
        if near is not None and (near, abs(token.i - c.token.i)) < nearest:
            return place
    return None


def _locates(root: Token, place: PlaceMention, c: Candidate, context: Context) -> bool:
    """True where a place name stands as a place: after a preposition, as object or passive subject, before the trigger.

    A country, or a name that may stand for a government, must follow a preposition of place.
    """
    actor = context.by_token.get(root.i)
    actor = None if actor is not None and guessed_party(actor) else actor
    part = root.dep_ == "poss" and root.head.dep_ == "pobj" and root.head.i not in context.by_token
    if part and place.kind == "settlement" and root.head.head.lower_ in LOCATING:
        actor = None  # "strikes on Beirut's suburbs"
    to_town = place.kind == "settlement" and root.dep_ == "pobj" and root.head.lower_ in ("to", "from")
    if to_town and root.head.head in (c.token, *c.words):
        return True  # "will travel to Kabul": no government is addressed
    if place.kind == "country" or (actor is not None and actor.kind in ("country", "organisation", "armed_group")):
        struck = (
            c.code == "ASSAULT"
            and root.pos_ == "PROPN"
            and (actor is None or actor.form == "name" or place.kind == "settlement")
        )
        if struck and (root.head == c.token and root.dep_ in ("dobj", "nsubjpass")):
            return True
        if (
            struck
            and root.dep_ == "pobj"
            and root.head.head == c.token
            and root.head.lower_ in ("of", "on", "into", "at")
        ):
            return True
        return root.dep_ == "pobj" and root.head.lower_ in STRICTLY_LOCATING
    token = root
    while token.dep_ in ("compound", "appos", "conj", "nmod", "poss", "amod") and token.head.pos_ in ("NOUN", "PROPN"):
        if token.dep_ in ("poss", "amod", "nmod") and place.kind == "country":
            return False
        if token.head == c.token:
            return place.kind != "country"
        token = token.head
    if token.dep_ == "pobj":
        return token.head.lower_ in LOCATING or token.head.dep_ == "prep"
    if token.dep_ in ("dobj", "nsubjpass"):
        return place.kind != "country" or c.code == "ASSAULT"
    return token.dep_ in ("npadvmod", "ROOT", "dep")


def _own_clause(verb: Token) -> bool:
    if verb.pos_ not in ("VERB", "AUX"):
        return False
    if verb.dep_ == "conj":
        return verb.tag_ in ("VBD", "VBZ", "VBP") or any(c.dep_ in ("nsubj", "nsubjpass") for c in verb.lefts)
    return verb.dep_ in ("ccomp", "relcl", "advcl", "parataxis")


def _clause(verb: Token) -> list[Token]:
    """The words of a verb's own clause, in order, without those of clauses beside or below it."""
    found, open_words = [], [verb]
    while open_words:
        word = open_words.pop()
        found.append(word)
        open_words += [c for c in word.children if not _own_clause(c)]
    return sorted(found, key=lambda t: t.i)


def _told_of(figure: Token, owner: dict[int, int]) -> int | None:
    """The trigger that a figure is told of: up the parse, within the clause and those that have its subject."""
    for step in _chain(figure):
        if step.i in owner:
            return owner[step.i]
        if step.pos_ not in ("VERB", "AUX") or step.dep_ in ("aux", "auxpass", "amod"):
            continue
        words = [t.i for t in _clause(step) if t.i in owner]
        if words:
            return owner[words[0]]  # "an attack killed 30", "30 were hurt in clashes"
        subjects = [c for c in step.lefts if c.dep_ in ("nsubj", "nsubjpass")]
        relative = step.dep_ == "relcl" and all(c.tag_ in ("WDT", "WP") for c in subjects)
        if not relative and (subjects or step.dep_ in ("ROOT", "ccomp", "parataxis", "relcl")):
            return None
    return None


def figures_of(found: list[Candidate], doc: Doc) -> dict[int, list[int]]:
    """Starts of the figures told of each event, by the trigger's token index: the nearest event up the parse."""
    owner: dict[int, int] = {}
    for c in found:
        for token in (*c.words, *c.results, *([c.clause] if c.clause is not None else [])):
            owner.setdefault(token.i, c.token.i)
    told: dict[int, list[int]] = {}
    if not owner:
        return told
    sent = found[0].token.sent
    for figure in doc._.figures or []:
        if not sent.start_char <= figure.start < sent.end_char:
            continue
        trigger = _told_of(doc[min(figure.token_start, len(doc) - 1)], owner)
        if trigger is not None:
            told.setdefault(trigger, []).append(figure.start)
    return told
