"""Component ``measure_coder``: what each figure measures, whose it is, where and when it holds.

``code_meanings`` finds, the component writes ``doc._.meanings``: one for each of ``doc._.figures``, in the same order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc

from analysis import codebook as codebooks
from analysis.codebook import Codebook
from analysis.components.counted import ClassTable, Counted
from analysis.components.counted_phrase import phrase_of
from analysis.components.counted_resolve import resolve
from analysis.components.figure_parties import Parties
from analysis.components.figure_place import PLACELESS, place_of, tree_distance
from analysis.components.figure_scene import Places
from analysis.components.figure_side import FORCE_KINDS, of_strangers, side_of
from analysis.components.measure_cues import CueTable, Decision, Earlier
from analysis.components.measure_decision import OF_PERSONS, decide, is_bare
from analysis.components.mentions import DateMention, Fault, Meaning, QuantityMention, text_of
from analysis.components.word_classes import using, word_class

#: how sure a measure is by where its cue stands: in the noun's own clause, in a modifier or clause around, nowhere
CONFIDENCE = {
    "own": 0.9,
    "near": 0.8,
    "outer": 0.65,
    "class": 0.6,
    "before": 0.5,
    "context": 0.5,
    "unit": 0.7,
    "none": 0.4,
}
#: words that begin a part of what was counted before
INCLUDING = frozenset({"including", "among", "includes", "included"})
#: what stands between a figure and its conversion
BRACKETS = frozenset({"(", "(about", "(around", "(some", "(nearly", "(roughly"})
#: measures whose side runs through an article where it is not told again
RUNNING_SIDES = frozenset({"territory_controlled", "territory_gained", "captured"})
#: measures in which the police are a force with a side
OF_FORCES = frozenset({"personnel_strength", "killed", "wounded", "casualties", "captured", "missing", "hostages"})
#: measures of what a force loses in men
OF_LOSSES = frozenset({"killed", "wounded", "casualties", "missing", "captured"})
#: kinds that no measure of persons fits: a number taken for one of them, "1,040 killed", counts people
THINGS = frozenset(
    {"attack", "weapon", "equipment", "vehicle", "building", "land", "settlement", "formation", "region"}
)
#: nouns for things and happenings, which are nobody whatever befell them
THINGS_COUNTED = word_class("things")
#: nouns for vehicles that are as often of civil as of military use
CARRIAGE = frozenset(
    {"plane", "jet", "aircraft", "airplane", "helicopter", "ship", "vessel", "boat", "truck", "vehicle"}
)
#: how many sentences back an elided or bare figure finds its side
SIDE_SENTENCES = 2


def _whole(figure: QuantityMention, counted: Counted, before: Sequence[Earlier]) -> tuple[Earlier | None, bool]:
    """The figure of which this one is told to be a part, and whether "including" or the like says so.

    "24 people, including eight children"; "11 vehicles, four of them tanks".
    """
    node = counted.noun if counted.noun is not None and not counted.elided else counted.root
    pronoun = any(
        o.lower_ in ("them", "whom", "which") for c in counted.root.children if c.lower_ == "of" for o in c.children
    )
    told = pronoun
    for _ in range(5):
        if told or node.head == node or node.pos_ in ("VERB", "AUX"):
            break
        node = node.head
        told = node.lower_ in INCLUDING
    if not told:
        return None, False
    for earlier in reversed(before):
        if earlier.counted.root.sent != counted.root.sent:
            break
        if earlier.figure.unit == figure.unit and not earlier.counted.share:
            return earlier, not pronoun or _verbless(counted)
    return None, False


def _verbless(counted: Counted) -> bool:
    """True for a part told without a verb of its own: "17 killed (three of them gendarmes)"."""
    for token in counted.root.doc[counted.root.i + 1 : counted.root.sent.end]:
        if token.is_punct or token.lower_ in ("and", "while", "but"):
            break
        if token.pos_ in ("VERB", "AUX"):
            return False
    return True


def dates_of(dates: Sequence[DateMention], counted: Counted, published: str | None) -> tuple[str | None, str | None]:
    """The days for which a figure holds: the time expression nearest in syntax in its own clause."""
    sent = counted.root.sent
    best: tuple[int, DateMention] | None = None
    for date in dates:
        if not (sent.start_char <= date.start < sent.end_char) or date.date_start is None or date.timex != "DATE":
            continue
        span = sent.doc.char_span(date.start, date.end, alignment_mode="expand")
        if span is None:
            continue
        distance = tree_distance(counted.root, span.root)
        if best is None or distance < best[0]:
            best = (distance, date)
    if best is None or best[0] > 8:
        return None, None
    date = best[1]
    span = sent.doc.char_span(date.start, date.end, alignment_mode="expand")
    if span is not None and span.root.head.lower_ == "since":
        return date.date_start, published
    return date.date_start, date.date_end


class MeasureCoder:
    """The component: holds the tables of one codebook."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook
        self.cues = CueTable(codebook)
        self.classes = ClassTable(codebook)
        self.countries = {row["id"]: row["name"] for row in codebook.rows("demonyms")}

    def code_meanings(self, doc: Doc) -> tuple[list[Meaning], list[Fault]]:
        """Return one Meaning for each figure of ``doc._.figures`` in order, and the sentences that failed."""
        figures = list(doc._.figures or ())
        parties = Parties(doc, doc._.actors or (), self.countries)
        acting = frozenset(
            i
            for i, a in parties.by_token.items()
            if a.kind == "country" and not (a.form == "metonym" and doc[i].dep_ == "compound")
        )
        places = Places(doc, doc._.places or (), acting, doc._.attributions or ())
        before: list[Earlier] = []
        meanings: list[Meaning] = []
        faults: list[Fault] = []
        for figure in figures:
            try:
                meanings.append(self._code(doc, figure, parties, places, before))
            except Exception as error:  # one sentence that fails must not cost the article
                sent = doc[min(figure.token_start, len(doc) - 1)].sent
                faults.append(
                    Fault(
                        "measure_coder",
                        sent.start_char,
                        sent.end_char,
                        f"{type(error).__name__}: {error}",
                    )
                )
                meanings.append(Meaning(figure.start, figure.end, rule="fault", confidence=0.0))
        return meanings, faults

    def _side_elsewhere(
        self,
        parties: Parties,
        counted: Counted,
        decision: Decision,
        before: Sequence[Earlier],
        whole: Earlier | None,
    ) -> str | None:
        """The side of a figure whose own clause names none."""
        if whole is not None and whole.side is not None:
            return whole.side
        kind, measure = counted.kind, decision.measure
        if kind == "length" and measure == "distance":
            last = before[-1] if before else None
            here = last is not None and last.counted.root.sent == counted.root.sent
            if last is not None and here and last.counted.kind in FORCE_KINDS and last.decision.measure != "other":
                return last.side
            above = counted.root.head if counted.root.head.pos_ == "NOUN" else None
            subjects = [c for c in counted.root.head.children if c.dep_ == "nsubj"]
            for noun in (above, *subjects):
                row = self.classes.rows.get(self.classes.of_noun(noun) or "") if noun is not None else None
                if noun is not None and row is not None and row["kind"] in ("troops", "attack", "formation"):
                    return parties.before(noun)
            return None
        leaning = counted.elided or decision.basis == "before" or measure == "casualties" or _bare_outcome(counted)
        if kind == "people" and not counted.elided and not _bare_outcome(counted) and measure != "casualties":
            leaning = False  # people with a noun of their own are not the soldiers told before
        if (leaning or kind in FORCE_KINDS) and kind != "attack" and (told := _side_before(before, counted, decision)):
            return told
        police = counted.counted_class == "police"
        if police and (measure in OF_FORCES or decision.basis == "before"):
            if counted.noun is not None and counted.noun.lemma_.lower() == "guard":
                return None  # of a prison or a firm, if no force is named with them
            if counted.elided and counted.noun is not None and counted.noun.sent != counted.root.sent:
                return None  # a number without its noun may count others than the police of the sentence before
            told_of = next((b.side for b in before if b.counted.counted_class == "police" and b.side), None)
            if told_of is not None:
                return told_of  # an article's police are one force
            sender = counted.noun.head if counted.noun is not None and counted.noun.dep_ == "dobj" else None
            own = parties.subject(sender) if sender is not None and sender.lemma_ == "have" else None
            if own is None and measure == "personnel_strength" and (parties.police or "").islower():
                own = parties.home()  # police of no force that is named: those of the country
            return own or parties.police
        if measure == "personnel_strength" and of_strangers(parties, counted):
            return None
        if kind == "troops" and (measure == "personnel_strength" or counted.counted_class == "soldiers"):
            return parties.home() or parties.state()
        if kind == "people" and measure == "personnel_strength" and not police:
            return parties.home() or parties.state()
        return None

    def _code(
        self,
        doc: Doc,
        figure: QuantityMention,
        parties: Parties,
        places: Places,
        before: list[Earlier],
    ) -> Meaning:
        counted = resolve(doc, figure, self.classes, [(b.figure, b.counted) for b in before])
        whole, inside = _whole(figure, counted, before)
        decision = decide(self.cues, self.classes, figure, counted, before, whole if inside else None)
        strange = counted.kind in THINGS if counted.elided else counted.noun is None and counted.kind is None
        if strange and decision.measure in OF_PERSONS:
            row_id = self.classes.by_unit.get("person")
            counted = replace(counted, noun=None, elided=False, class_id=row_id, counted_class="people", kind="people")
        if counted.elided and _another_outcome(self.classes.rows.get(counted.class_id or ""), decision):
            row_id = self.classes.by_unit.get("person")
            counted = replace(counted, noun=None, elided=False, class_id=row_id, counted_class="people", kind="people")
        speaker = _speaker(doc, figure, parties)
        role = decision.cue.side if decision.cue is not None else "subject_or_counted"
        side = side_of(parties, counted, decision.measure, role, decision.word, speaker)
        if whole is not None and decision.basis in ("none", "class") and not counted.share:
            decision = whole.decision
        if side is None:
            side = self._side_elsewhere(parties, counted, decision, before, whole)
        side = parties.regular(counted, side or None)
        if decision.measure == "equipment_supplied" and side is None and _civil(counted, parties):
            decision = Decision("other", None, None, decision.rule, decision.basis)
        place, basis = place_of(
            places,
            counted,
            decision.measure,
            decision.word,
            parties.nations(),
            parties.country_against(side),
        )
        carried = basis != "stated" and decision.measure not in PLACELESS
        if carried and (same := _place_before(before, counted)) is not None:
            place, basis = same, "context"
        as_of_start, as_of_end = dates_of(doc._.dates or (), counted, doc._.published)
        if (first := _converted(doc, figure, before)) is not None:
            decision, side, place = first.decision, first.side, first.place
            phrase = first.phrase
        else:
            row = self.classes.rows.get(counted.class_id or "")
            said = row is not None and counted.kind != "troops" and row["measure"] == decision.measure
            phrase = phrase_of(counted, decision, said)
        before.append(Earlier(figure, counted, decision, side, place, phrase))
        return Meaning(
            start=figure.start,
            end=figure.end,
            counted=phrase,
            counted_class=counted.counted_class,
            unit="person" if _of_persons(figure, counted, decision) else None,
            measure=decision.measure,
            aspect=decision.cue.aspect if decision.cue is not None else None,
            base=phrase if counted.share else None,
            side=side,
            place=place,
            place_basis=basis,
            as_of_start=as_of_start,
            as_of_end=as_of_end,
            part_of_start=whole.figure.start if whole is not None else None,
            rule="+".join(r for r in (counted.class_id or "", decision.rule) if r),
            confidence=CONFIDENCE[decision.basis],
        )


def _civil(counted: Counted, parties: Parties) -> bool:
    """True for planes, ships and trucks of an article without soldiers: an airline orders 60 jets."""
    armed = any(a.source_kind == "military" for a in parties.by_token.values())
    return not armed and counted.noun is not None and counted.noun.lemma_.lower() in CARRIAGE


def _another_outcome(row: Mapping[str, str] | None, decision: Decision) -> bool:
    """True where the noun taken over from an earlier figure tells another outcome: "59 deaths ... 804 injured"."""
    told = row["measure"] if row is not None else ""
    return told in OF_PERSONS and decision.measure != told and decision.measure in OF_PERSONS | {"affected"}


def _of_persons(figure: QuantityMention, counted: Counted, decision: Decision) -> bool:
    """True for a number whose unit is none of its own, of a measure that only people have.

    It stands bare, or took the unit of a figure before. Households are no persons.
    """
    if decision.measure not in OF_PERSONS or counted.counted_class == "households":
        return False
    own = counted.noun is not None and not counted.elided
    if own and counted.noun is not None and counted.noun.lemma_.lower() in THINGS_COUNTED:
        return False  # "captured two gas fields"
    if own and counted.kind == "region":
        return False  # "brings the number of affected countries to 33"
    if (figure.low or figure.high or 0) % 1 or (decision.measure == "crowd_size" and _of_things(counted)):
        return False  # "a shock of 6.3", "rallies at 20 airports"
    return is_bare(figure) or (counted.noun is None and figure.unit in THINGS)


def _of_things(counted: Counted) -> bool:
    """True for a plural of its own that is no known name of people: the crowd stood at 20 of them."""
    noun = counted.noun
    return noun is not None and not counted.elided and noun.tag_ == "NNS" and noun.pos_ == "NOUN"


def _converted(doc: Doc, figure: QuantityMention, before: Sequence[Earlier]) -> Earlier | None:
    """The figure that this one gives in another unit, in a bracket right after it ("40 km (25 miles)")."""
    if before and text_of(doc)[before[-1].figure.end : figure.start].strip() in BRACKETS:
        return before[-1] if before[-1].figure.unit != figure.unit else None
    return None


def _place_before(before: Sequence[Earlier], counted: Counted) -> str | None:
    """The place of the figure just before in the same sentence."""
    if before and before[-1].counted.root.sent == counted.root.sent:
        return before[-1].place
    return None


def _bare_outcome(counted: Counted) -> bool:
    """ "41 more wounded": a number with a word for the outcome alone."""
    return counted.noun is None or counted.noun.tag_[:2] in ("VB", "JJ")


def _side_before(before: Sequence[Earlier], counted: Counted, decision: Decision) -> str | None:
    """The side of the figure that this one leans on: one of the same measure and kind.

    Land and prisoners have one holder through an article; else it stands at most two sentences back.
    """
    first = counted.root.sent
    for _ in range(SIDE_SENTENCES):
        if first.start > 0:
            first = first.doc[first.start - 1].sent
    running = decision.measure in RUNNING_SIDES
    for told in reversed(before):
        if not running and told.counted.root.i < first.start:
            return None
        if decision.measure == "weapons_intercepted" and told.counted.kind == counted.kind and told.side:
            return told.side
        same = told.counted.root.sent == counted.root.sent
        if _bare_outcome(counted) and same and {told.decision.measure, decision.measure} <= OF_LOSSES and told.side:
            return told.side  # "lost 27 men, with 41 more wounded"
        if not same and not counted.elided and _bare_outcome(counted) and counted.kind == "people":
            return None
        if decision.measure == "other" and not counted.elided:
            return None  # planes and boats that no war is told of are not whose the last ones were
        arms = decision.basis == "before" and {told.counted.kind, counted.kind} == {"weapon", "equipment"}
        if counted.elided and told.counted.noun == counted.noun and told.counted.root.sent == counted.root.sent:
            return told.side  # "34 soldiers were killed and 56 wounded"
        alike = told.decision.measure == decision.measure and (running or arms or told.counted.kind == counted.kind)
        if alike and (told.side or not running):
            return told.side
    return None


def _speaker(doc: Doc, figure: QuantityMention, parties: Parties) -> str | None:
    """The party of the source that reports the figure: its own, else that of the words for it ("the rebels said")."""
    for attribution in doc._.attributions or ():
        if any(start <= figure.start < end for start, end in attribution.content):
            party: str | None = attribution.source_party
            if party is None and attribution.source_start is not None and attribution.source_end is not None:
                span = doc.char_span(attribution.source_start, attribution.source_end, alignment_mode="expand")
                party = parties.at(span.root) or parties.rebels_named(span.root) if span is not None else None
            return party
    return None


@Language.factory("measure_coder", default_config={"codebook": None})
def make_measure_coder(nlp: Language, name: str, codebook: str | None) -> MeasureCoderPipe:
    return MeasureCoderPipe(MeasureCoder(codebooks.load(codebook)))


class MeasureCoderPipe:
    """Writes ``doc._.meanings``."""

    def __init__(self, coder: MeasureCoder) -> None:
        self.coder = coder

    def __call__(self, doc: Doc) -> Doc:
        with using(self.coder.codebook):
            meanings, faults = self.coder.code_meanings(doc)
        doc._.meanings = meanings
        doc._.faults = [*(doc._.faults or ()), *faults]
        return doc
