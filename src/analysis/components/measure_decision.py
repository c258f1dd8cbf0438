"""Which measure a figure has: the cue that governs it, the figure that it leans on, its class, its unit.

Pure functions over a parsed Doc; the cues are read by ``measure_cues``.
"""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Token

from analysis.components.counted import ClassTable, Counted, is_money, is_number
from analysis.components.governors import links, own_modifiers
from analysis.components.measure_cues import Cue, CueTable, Decision, Earlier, window
from analysis.components.mentions import QuantityMention
from analysis.components.noun_clauses import CARRIERS, Link

#: kinds whose measure may run on from the figure before where their own sentence leaves it open
RUNNING = frozenset({"land", "settlement", "weapon", "equipment", "people", "troops"})
#: measures that make casualties where one number counts two of them
JOINED = frozenset({"killed", "wounded", "missing"})
#: measures that only people have: a bare number with one of them counts people
OF_PERSONS = frozenset(
    {"killed", "wounded", "casualties", "captured", "missing", "detained", "hostages", "displaced", "crowd_size"}
)
#: measures of people harmed: a share told of them is one of the same measure
HARM = JOINED | {"casualties"}
#: words for people hurt, told beside those lost
HURT = frozenset({"wound", "wounded", "injure", "injured", "hurt"})
#: verbs that say no more of what they count than the figure before did
TELLING = frozenset({"speak", "talk", "put", "cite", "mention", "insist", "make"})
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
#: words that stand for a number told before, and how many sentences back it may stand
NUMBER_WORDS = frozenset({"it", "that", "this", "figure", "number", "count", "total", "estimate", "tally", "toll"})
ANSWER_SENTENCES = 3
#: people who are there for another reason than the crowd
APART = frozenset({"police", "patients", "commanders", "prisoners"})


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
    kinds = [counted.kind]
    bare = counted.noun is None and is_bare(figure)
    fixed = ("people",) if counted.elided else ("people", "troops", "captives")
    if bare or (figure.unit == "person" and counted.kind not in fixed):
        kinds.append("people")
    if whole is not None and allowed is None and whole.decision.basis != "none":
        own = any(table.match(link, kind) for link in own_modifiers(counted) for kind in kinds)
        if not own:
            return whole.decision
    found = links(counted)
    if counted.noun is not None and _tells_itself(table, classes, counted):
        found.insert(0, Link(counted.noun, "self", 0))
    for link in _expanded(found):
        if counted.share and counted.kind is None and link.frame == "of":
            above = classes.rows.get(classes.of_noun(link.word) or "")
            if above is not None and above["kind"] == "land":
                kinds = ["land"]
        # the word right behind a number without a noun ("1,040 killed") counts people, whatever was counted before
        tried = [*kinds, "people"] if link.near < 0 and counted.elided else kinds
        cue = next((c for c in (table.match(link, kind, allowed) for kind in tried) if c is not None), None)
        if cue is None or (cue.measure == "crowd_size" and counted.counted_class in APART):
            continue
        if link.frame == "compound" and counted.kind is None and cue.measure in OF_PERSONS:
            continue  # evacuation orders, death certificates, rescue missions: nobody was counted
        if cue.measure in JOINED and _joined(table, cue, link, kinds[0] or "people"):
            return Decision("casualties", cue, link.word, f"{cue.id}+joined", "own")
        if cue.measure == "casualties" and link.word.lemma_.lower() in ("lose", "loss") and _apart(counted, before):
            return Decision("killed", cue, link.word, f"{cue.id}+apart", "own")
        basis = "own" if link.near == 0 else ("outer" if link.frame == "outer" else "near")
        return Decision(cue.measure, cue, link.word, cue.id, basis)
    if counted.share:
        return Decision("share", None, None, "unit:percent", "unit")
    if counted.elided:
        for told in reversed(before):
            earlier, decision = told.counted, told.decision
            if earlier.noun == counted.noun and decision.basis not in ("none", "unit"):
                return Decision(decision.measure, decision.cue, None, decision.rule, "before")
    last = before[-1] if before else None
    if last is not None and last.decision.measure == "vote" and _against(last, counted):
        return Decision("vote", last.decision.cue, None, last.decision.rule, "before")
    if (answered := _answered(figure, counted, before)) is not None:
        return Decision(answered.decision.measure, answered.decision.cue, None, answered.decision.rule, "before")
    persons = figure.unit in (None, "person") or (counted.elided and is_bare(figure))
    if counted.kind == "people" and persons and not _busy(counted, classes):
        sent = counted.root.sent
        for cue in table.context:
            if cue.kinds and (counted.kind not in cue.kinds or counted.counted_class in APART):
                continue
            if any(
                t.lemma_.lower() == cue.first and t.ent_type_ != "DATE" for t in window(sent.doc, sent.start, sent.end)
            ):
                return Decision(cue.measure, cue, None, cue.id, "context")
    row = classes.rows.get(counted.class_id) if counted.class_id else None
    if row is not None and row["measure"]:
        return Decision(row["measure"], None, None, row["id"], "class")
    if counted.kind in RUNNING and (counted.elided or counted.kind in ("land", "settlement")):
        for told in reversed(before):
            earlier, decision = told.counted, told.decision
            mixed = earlier.root.sent == counted.root.sent and {earlier.kind, counted.kind} == {"land", "settlement"}
            if (earlier.kind == counted.kind or mixed) and decision.basis in (
                "own",
                "near",
                "outer",
            ):
                return Decision(decision.measure, decision.cue, None, decision.rule, "before")
    return Decision("other", None, None, "", "none")


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
    if noun is None or counted.elided or counted.share or row is None or row["measure"] not in OF_PERSONS:
        return False
    if not noun.tag_.startswith("N") or noun.dep_ == "pobj":
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


def _answered(figure: QuantityMention, counted: Counted, before: Sequence[Earlier]) -> Earlier | None:
    """The figure of the same kind that one told by a bare verb of telling answers, some sentences back.

    "The army admits the loss of 12 vehicles. The rebels speak of 23 vehicles and six mortars." "The police figure is
    40,000."
    """
    noun = counted.noun
    if not before or (figure.low is not None and figure.low % 1):
        return None
    last = before[-1]
    joined = noun is not None and not counted.elided and noun.dep_ == "conj"
    if joined and last.counted.noun is not None and noun is not None and noun.head == last.counted.noun:
        return last if last.decision.basis == "before" else None
    verb = counted.root if counted.elided or noun is None else noun
    for _ in range(4):
        if verb.pos_ in ("VERB", "AUX") or verb.head == verb:
            break
        verb = verb.head
    if verb.lemma_.lower() not in TELLING and not _names_number(verb, counted):
        return None
    first = counted.root.sent.start
    for _ in range(ANSWER_SENTENCES if noun is None or counted.elided else 1):
        first = counted.root.doc[first - 1].sent.start if first else first
    found = None
    for told in reversed(before):
        if told.counted.root.i < first:
            break
        people = noun is None and counted.kind in (None, "people") and told.decision.measure in OF_PERSONS
        sure = told.decision.basis in ("own", "near", "outer", "before") and not told.counted.share
        if sure and (told.counted.kind == counted.kind or people):
            if (told.figure.low, told.figure.high) == (figure.low, figure.high):
                return told  # "eleven is the number": the eleven told before
            found = found or told
    return found


def _against(last: Earlier, counted: Counted) -> bool:
    """ "By 204 votes to 145": the votes on the other side."""
    prep = counted.root.head
    near = 0 < counted.root.i - last.counted.root.i <= 4
    return near and counted.root.dep_ == "pobj" and prep.lower_ in ("to", "against")


def _names_number(verb: Token, counted: Counted) -> bool:
    """True where a copula only gives a number: "it is 31", "their figure is 40,000", "11 is the number", "had it at 9"."""
    if counted.noun is not None and not counted.elided:
        return False
    if verb.lemma_ in ("be", "stand") or (verb.lemma_ == "have" and counted.root.dep_ == "pobj"):
        said = (c for c in verb.children if c.dep_ in ("nsubj", "attr", "dobj") and c != counted.root)
        return any(c.lemma_.lower() in NUMBER_WORDS for c in said)
    return False


def _busy(counted: Counted, classes: ClassTable) -> bool:
    """True where people of no known class do or suffer something that no cue knows: they are no crowd for that."""
    if counted.noun is None or counted.elided:
        return False
    above = counted.noun.head
    if counted.noun.dep_ == "pobj" and above.head.pos_ == "VERB" and above.head.lemma_.lower() not in CARRIERS:
        return True  # "promised free places to 9,000 pupils"
    if classes.of_noun(counted.noun) is not None:
        return False
    return counted.noun.dep_ in ("nsubj", "nsubjpass", "dobj") and counted.noun.head.pos_ == "VERB"


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
        if any(c.like_num for c in other.children) or any(is_number(t) for t in between):
            continue
        for frame in (link.frame, "self", "object", "predicate"):
            found = table.match(Link(other, frame, 0), kind)
            if found is not None and found.measure != cue.measure and found.measure in JOINED:
                return True
    return False
