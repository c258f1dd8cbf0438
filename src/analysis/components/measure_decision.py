"""Which measure a figure has: the cue that governs it, the figure that it leans on, its class, its unit.

Pure functions over a parsed Doc; the cues are read by ``measure_cues``.
"""

from __future__ import annotations

from collections.abc import Sequence

from analysis.components.counted import ClassTable, Counted, is_money, is_number, of_instances
from analysis.components.counted_nouns import instances
from analysis.components.governors import links, own_modifiers
from analysis.components.measure_cues import Cue, CueTable, Decision, Earlier, window
from analysis.components.measure_fit import APART, busy, done_to, unfit
from analysis.components.measure_leaning import HARM, JOINED, OF_PERSONS, against, answered, continued, recalled
from analysis.components.mentions import QuantityMention
from analysis.components.noun_clauses import Link
from analysis.components.word_classes import word_class

#: kinds whose measure may run on from the figure before where their own sentence leaves it open
RUNNING = frozenset({"land", "settlement", "weapon", "equipment", "people", "troops"})
#: words for people hurt, told beside those lost
HURT = frozenset({"wound", "wounded", "injure", "injured", "hurt"})
#: words for a change of what is counted: a share of change is no share of it
# fmt: off
CHANGES = frozenset(
    {
        "rise", "fall", "drop", "grow", "growth", "increase", "decrease", "decline", "reduction", "jump", "surge", "climb",
        "slump", "shrink", "plunge", "soar", "more", "few", "fewer", "less", "high", "higher", "low", "lower", "up", "down",
        "tumble", "slide", "slip", "double", "cut",
    }
)
# fmt: on
#: measures of ground held or taken, and what grows on ground that nobody takes
GROUND = frozenset({"territory_gained", "territory_lost", "territory_controlled"})
CROPS = word_class("crops")
#: what is brought under control without being taken
FIRES = frozenset({"fires", "blaze", "blazes", "wildfire", "wildfires", "bushfires", "outbreak", "epidemic", "spill"})
#: words of an article in which seats are those of a parliament
POLITICS = frozenset(
    {"parliament", "party", "election", "vote", "assembly", "coalition", "senate", "congress", "poll", "majority"}
)
#: words for forces, which make "men" soldiers
ARMIES = word_class("armies")
#: words for a number of their own ("eight were killed and several wounded")
SOME = frozenset({"several", "many", "some", "others", "more", "numerous", "few"})


def _expanded(found: Sequence[Link]) -> list[Link]:
    """Phrases also by the noun in them ("in custody")."""
    out: list[Link] = []
    for link in found:
        out.append(link)
        if link.frame == "phrase" and link.word.pos_ in ("ADP", "SCONJ"):
            out.extend(Link(o, "phrase", link.near) for o in link.word.children if o.dep_ in ("pobj", "pcomp", "amod"))
    return out


def decide(
    table: CueTable,
    classes: ClassTable,
    figure: QuantityMention,
    counted: Counted,
    before: Sequence[Earlier],
    whole: Earlier | None = None,
) -> Decision:
    """Choose the measure of one figure; a part ("including four children") has that of its ``whole``."""
    if is_money(figure.unit):
        return Decision("money", None, None, "unit:money", "unit")
    if counted.kind == "length" and figure.per == "hour":
        return Decision("other", None, None, "unit:speed", "unit")
    if counted.counted_class == "patients" and _boxed(figure, counted):
        return Decision("other", None, None, "unit:cases", "unit")
    if counted.kind == "length" and _from(figure, counted):
        return Decision("distance", None, None, "unit:from", "unit")
    if counted.kind == "length" and counted.root.head.lower_ == "within":
        return Decision("distance", None, None, "unit:within", "unit")
    if counted.share and _of_them(figure, counted):
        last = before[-1] if before else None
        harmed = last is not None and last.decision.measure in HARM and last.counted.root.sent == counted.root.sent
        if harmed and last is not None:  # "90 people were killed, half of whom were children"
            return Decision(last.decision.measure, last.decision.cue, None, last.decision.rule, "before")
        return Decision("share", None, None, "unit:percent", "unit")
    if counted.share and _change(figure, counted):
        return Decision("share", None, None, "unit:percent", "unit")
    allowed = table.shares if counted.share else None
    if allowed is not None and (counted.elided or counted.kind is None):
        # "half of it": nobody's share of what was counted before, or of no people
        allowed = allowed - OF_PERSONS
    if allowed is None and (figure.low or figure.high or 0) % 1:
        # "a 7.2 magnitude earthquake": nobody is counted in fractions
        allowed = table.codes - OF_PERSONS - {"personnel_strength", "affected", "units", "attacks", "buildings_damaged"}
    if counted.noun is not None and not counted.elided and (instances(counted.noun) or _of_a_body(counted)):
        unit = "unit:percent" if counted.share else "in_cases"
        return Decision("share" if counted.share else "other", None, None, unit, "unit")
    seats = counted.noun is not None and counted.noun.lemma_ == "seat" and not counted.share
    if seats and not any(t.lemma_.lower() in POLITICS for t in counted.root.doc):
        return Decision("other", None, None, "seats", "class")  # of a stadium, a plane
    kinds = [counted.kind]
    bare = counted.noun is None and is_bare(figure)
    open_noun = counted.noun is None or (counted.elided and counted.kind in (None, "people"))
    alone = open_noun and (is_bare(figure) or figure.unit == "person")
    fixed = ("people",) if counted.elided else ("people", "troops", "captives")
    if bare or (figure.unit == "person" and counted.kind not in fixed):
        kinds.append("people")
    if whole is not None and allowed is None and whole.decision.basis != "none":
        own = any(table.match(link, kind) for link in own_modifiers(counted) for kind in kinds)
        if not own and not _tells_itself(table, classes, counted):  # "54 cases, including 25 deaths"
            return whole.decision
    found = links(counted)
    if counted.noun is not None and (_tells_itself(table, classes, counted) or of_instances(counted.noun)):
        found.insert(0, Link(counted.noun, "self", 0))
    for link in _expanded(found):
        if counted.share and counted.kind is None and link.frame == "of":
            above = classes.rows.get(classes.of_noun(link.word) or "")
            if above is not None and above["kind"] == "land":
                kinds = ["land"]
        # the word right behind a number without a noun ("1,040 killed") counts people, whatever was counted before
        tried = [*kinds, "people"] if link.near < 0 and counted.elided else kinds
        found_cues = (table.match(link, kind, allowed) for kind in tried)
        cue = next((c for c in found_cues if c is not None and c.measure != "money"), None)
        if cue is None and alone:
            cue = table.match(link, None, {"money"})  # "a loaf costs 900 now"
        if cue is None or unfit(cue, link, counted):
            continue
        if (
            counted.share
            and cue.measure in HARM
            and cue.pos == "noun"
            and link.frame == "self"
            and link.word.lower_.endswith("s")
        ):
            continue  # "40 per cent of deaths were caused by live rounds": a share of events
        if (
            cue.measure in ("displaced", "personnel_strength")
            and link.frame != "predicate"
            and (hurt := _harmed_already(table, counted))
        ):
            return Decision(hurt.measure, hurt, None, hurt.id, "near")
        if cue.measure in ("wounded", "casualties") and (end := _outcome(table, link)) is not None:
            return Decision(end.measure, end, link.word, f"{cue.id}+{end.id}", "own")
        if cue.measure in JOINED and _joined(table, cue, link, kinds[0] or "people"):
            return Decision("casualties", cue, link.word, f"{cue.id}+joined", "own")
        if cue.measure == "casualties" and link.word.lemma_.lower() in ("lose", "loss") and _apart(counted, before):
            return Decision("killed", cue, link.word, f"{cue.id}+apart", "own")
        if cue.measure == "wounded" and counted.counted_class == "patients" and link.word.lemma_.lower() not in HURT:
            return Decision("affected", cue, link.word, cue.id, "near")
        if cue.measure == "casualties" and counted.noun is not None and counted.noun.lemma_ == "life":
            return Decision("killed", cue, link.word, cue.id, "near")
        basis = "own" if link.near == 0 else ("outer" if link.frame == "outer" else "near")
        if cue.measure == "personnel_strength" and (counted.counted_class == "workers" or _of_goods(figure, counted)):
            return Decision("other", None, link.word, cue.id, basis)  # firefighters and blankets are no force
        if cue.measure == "territory_controlled" and any(t.lower_ in FIRES for t in counted.root.sent):
            continue  # "fires were brought under control in half of the provinces"
        if cue.measure in GROUND and counted.noun is not None and counted.noun.lemma_.lower() in CROPS:
            return Decision("other", None, link.word, cue.id, basis)  # "6,500 hectares of crops were lost"
        return Decision(cue.measure, cue, link.word, cue.id, basis)
    if counted.share:
        return Decision("share", None, None, "unit:percent", "unit")
    if counted.elided and not _aboard(counted):
        for other in reversed(before):
            earlier, decision = other.counted, other.decision
            if earlier.noun == counted.noun and decision.basis not in ("none", "unit"):
                return Decision(decision.measure, decision.cue, None, decision.rule, "before")
    last = before[-1] if before else None
    if last is not None and last.decision.measure == "vote" and against(last, counted):
        return Decision("vote", last.decision.cue, None, last.decision.rule, "before")
    if (going_on := continued(table, counted, before)) is not None:
        return going_on
    if (told := recalled(figure, counted, before) or answered(figure, counted, before)) is not None:
        return Decision(told.decision.measure, told.decision.cue, None, told.decision.rule, "before")
    men = counted.noun is not None and counted.noun.lower_ in ("men", "boys")
    if men and not counted.share and _in_arms(counted):
        for link in _expanded(found):
            cue = table.match(link, "troops", HARM | {"captured"})
            if cue is not None and not unfit(cue, link, counted):
                return Decision(cue.measure, cue, link.word, cue.id, "near")
        return Decision("personnel_strength", None, None, "men:troops", "class")
    persons = figure.unit in (None, "person") or (counted.elided and is_bare(figure))
    told_before = counted.elided and any(other.counted.noun == counted.noun for other in before)  # as no crowd
    if counted.kind == "people" and persons and not told_before and not busy(counted, classes):
        sent = counted.root.sent
        for cue in table.context:
            if cue.kinds and (counted.kind not in cue.kinds or counted.counted_class in APART):
                continue
            if any(
                t.lemma_.lower() == cue.first and t.ent_type_ != "DATE" for t in window(sent.doc, sent.start, sent.end)
            ):
                return Decision(cue.measure, cue, None, cue.id, "context")
    row = classes.rows.get(counted.class_id) if counted.class_id else None
    if row is not None and row["measure"] and not done_to(counted):
        return Decision(row["measure"], None, None, row["id"], "class")
    if counted.kind in RUNNING and (counted.elided or counted.kind in ("land", "settlement")):
        for other in reversed(before):
            earlier, decision = other.counted, other.decision
            mixed = earlier.root.sent == counted.root.sent and {earlier.kind, counted.kind} == {"land", "settlement"}
            if (earlier.kind == counted.kind or mixed) and decision.basis in (
                "own",
                "near",
                "outer",
            ):
                return Decision(decision.measure, decision.cue, None, decision.rule, "before")
    return Decision("other", None, None, "", "none")


def _boxed(figure: QuantityMention, counted: Counted) -> bool:
    """True for cases of goods, which the unit tells: "1,064 cases of whisky"."""
    noun = counted.noun
    return noun is not None and not counted.elided and noun.lemma_.lower() == "case" and figure.unit == "item"


def _from(figure: QuantityMention, counted: Counted) -> bool:
    """ "35 miles from the capital", "90 km away"."""
    after = counted.root.doc[figure.token_end : figure.token_end + 1]
    return bool(len(after)) and after[0].lower_ in ("from", "away")


def _in_arms(counted: Counted) -> bool:
    """True for men of whom the sentence or the two before tell under arms: "two battalions, some 1,100 men"."""
    sent = counted.root.sent
    first = sent.start
    for _ in range(2):
        first = sent.doc[first - 1].sent.start if first else first
    return any(t.lower_ in ARMIES or t.lemma_.lower() in ARMIES for t in sent.doc[first : sent.end])


def _harmed_already(table: CueTable, counted: Counted) -> Cue | None:
    """The cue of an adjective that tells the moved to be hurt or dead: "ferried 31 injured people to two clinics"."""
    for link in own_modifiers(counted):
        if link.frame == "predicate" and link.word.i < (counted.noun or counted.root).i:
            cue = table.match(link, counted.kind)
            if cue is not None and cue.measure in HARM:
                return cue
    return None


def _aboard(counted: Counted) -> bool:
    """ "17 people died when a truck carrying 62 overturned": those aboard, not more of those told before."""
    return counted.root.dep_ == "dobj" and counted.root.head.lemma_.lower() in ("carry", "transport", "ferry", "seat")


def _of_a_body(counted: Counted) -> bool:
    """ "Burns to 60 percent of her body": a share of a body is none of the dead."""
    noun = counted.noun
    return counted.share and noun is not None and noun.lemma_ == "body" and any(c.dep_ == "poss" for c in noun.lefts)


def _of_goods(figure: QuantityMention, counted: Counted) -> bool:
    """ "Flew in 4,000 blankets and 25 tonnes of food": things that somebody sends."""
    noun = counted.noun
    if noun is None or counted.elided or counted.kind is not None:
        return figure.unit == "ton"
    return figure.unit == "ton" or (figure.unit == "item" and noun.pos_ == "NOUN" and noun.tag_ in ("NNS", "NN"))


def _of_them(figure: QuantityMention, counted: Counted) -> bool:
    """ "A third of them children": a breakdown of what was counted before."""
    after = counted.root.doc[figure.token_end : figure.token_end + 2]
    return len(after) == 2 and after[0].lower_ == "of" and after[1].lower_ in ("them", "whom")


def is_bare(figure: QuantityMention) -> bool:
    """True for a plain number that stands without a unit and without a noun."""
    return figure.unit in (None, "item") and figure.unit_text is None


def _tells_itself(table: CueTable, classes: ClassTable, counted: Counted) -> bool:
    """True for a noun that is the outcome itself, whatever is done with it: "three deaths were recorded"."""
    noun = counted.noun
    row = classes.rows.get(counted.class_id or "")
    ill = counted.counted_class == "patients"  # "40 suspected infections and 12 deaths"
    if (
        noun is None
        or counted.elided
        or counted.share
        or row is None
        or row["measure"] not in OF_PERSONS | {"affected"}
    ):
        return False
    if row["measure"] == "affected" and not ill:
        return False
    if noun.lemma_ == "life":
        return False  # which may be saved
    if not noun.tag_.startswith("N") or (noun.dep_ == "pobj" and noun.head.lower_ in ("of", "among", "from")):
        return False
    cue = table.match(Link(noun, "self", 0), counted.kind)
    return cue is not None and cue.measure == row["measure"]


def _change(figure: QuantityMention, counted: Counted) -> bool:
    """True for a share by which something grew or shrank: "deaths rose by 20 per cent", "30% more arrests"."""
    doc, root = counted.root.doc, counted.root
    after = doc[figure.token_end].lemma_.lower() if figure.token_end < len(doc) else ""
    before = doc[figure.token_start - 1].lemma_.lower() if figure.token_start else ""
    if after in CHANGES or before in ("up", "down"):
        return True
    node = root.head if root.dep_ == "pobj" and root.head.lower_ == "by" else root
    return node.dep_ in ("npadvmod", "advmod", "prep", "dobj") and node.head.lemma_.lower() in CHANGES


def _apart(counted: Counted, before: Sequence[Earlier]) -> bool:
    """True where the sentence tells the hurt or the other side's dead apart from those lost: lost are then killed."""
    sent = counted.root.sent
    if any(e.decision.measure in ("killed", "wounded") and e.counted.root.sent == sent for e in before):
        return True
    hurt = [t for t in sent if t.i > counted.root.i + 2 and t.lemma_.lower() in HURT]
    return any(n.like_num for t in hurt for n in t.doc[t.i - 2 : t.i] if n.i > counted.root.i)


def _outcome(table: CueTable, link: Link) -> Cue | None:
    """The cue of what a verb of hurting comes to: "were stabbed and killed", "were shot and wounded"."""
    for other in link.word.conjuncts:
        if other.i == link.word.i + 2 and link.word.nbor().lower_ == "and" and link.word.lemma_.lower() not in HURT:
            if any(c.like_num or is_number(c) for c in other.children):
                continue
            found = table.match(Link(other, "object", 0), "people")
            return found if found is not None and found.measure in ("killed", "wounded") else None
    return None


def _joined(table: CueTable, cue: Cue, link: Link, kind: str | None) -> bool:
    """True where one number counts killed and wounded together ("40 deaths and injuries", "20 killed or wounded")."""
    beside = link.word.doc[link.word.i + 1 : link.word.i + 3]
    hurt = len(beside) == 2 and beside[0].lower_ in ("and", "or") and beside[1].lemma_.lower() in HURT
    if hurt and cue.measure == "killed" and link.word.tag_.startswith(("J", "N")):
        return True  # "the number of dead and injured", whatever the parser makes of it
    for other in link.word.conjuncts:
        if any(c.dep_ in ("nummod", "nsubj", "nsubjpass", "dobj") for c in other.children):
            continue
        between = other.doc[min(other.i, link.word.i) : max(other.i, link.word.i)]
        if any(c.like_num for c in other.children) or any(is_number(t) or t.lower_ in SOME for t in between):
            continue
        for frame in (link.frame, "self", "object", "predicate"):
            found = table.match(Link(other, frame, 0), kind)
            if found is not None and found.measure != cue.measure and found.measure in JOINED:
                return True
    return False
