"""Acts whose cue is a verb: who says it, and what stands in its frames."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Span, Token

from analysis.components.acts import (
    GOES_ON,
    Act,
    Cues,
    agent_of,
    frames,
    has_digit,
    neighbour,
    speaker_above,
    speaker_before,
    speaks,
    subject,
)
from analysis.components.verb_content import FIGURES, background, cue_clause, verb_content
from analysis.components.verb_frames import (
    cited,
    citing,
    figure_of,
    listed_figure,
    passive_content,
    quoted_as,
    revised,
    trailing,
    unattributed,
    with_tail,
)

#: what befalls a country that is said to report it
FALLEN_TO = frozenset(("case", "infection", "outbreak", "outage", "hospitalisation", "hospitalization", "shortage"))
UNNAMED = ("name", "identify", "quote", "remain", "stay")
PEOPLE = frozenset(("people", "person", "child", "man", "woman", "migrant", "case", "victim", "casualty", "applicant"))
WITNESSES = frozenset(("witness", "eyewitness", "resident", "bystander", "villager", "onlooker", "monitor", "observer"))


def _passive(verb: Token) -> bool:
    return any(c.dep_ in ("auxpass", "nsubjpass") for c in verb.children) or (
        verb.tag_ == "VBN" and verb.dep_ in ("acl",) and not any(c.dep_ in ("aux",) for c in verb.children)
    )


def _adds(verb: Token, source: Token, book: Cues) -> bool:
    """ "The plan would add 95 million", "a detour, which adds 210 km": a thing that adds an amount says nothing."""
    amount = [c for c in verb.rights if c.dep_ in FIGURES and any(has_digit(t) for t in c.subtree)]
    which = verb.dep_ == "relcl" and any(c.dep_ == "nsubj" and c.lower_ in ("which", "that") for c in verb.lefts)
    return bool(amount) and verb.lemma_.lower() == "add" and (which or not speaks(source, book))


def _witness(noun: Token, book: Cues) -> bool:
    """Journalists and those who are called witnesses or residents; what others see is told of them, not by them."""
    row = book.roles.nouns.get(noun.lemma_.lower())
    return row is not None and (row["id"] == "journalist" or noun.lemma_.lower() in WITNESSES)


def _people(noun: Token, book: Cues) -> bool:
    row = book.roles.nouns.get(noun.lemma_.lower())
    return noun.lemma_.lower() in PEOPLE or (row is not None and row["person"] == "yes")


def verb_acts(token: Token, sent: Span, book: Cues) -> Iterator[Act]:
    for row in book.verbs[token.lemma_.lower()]:
        wanted = frames(row)
        if tails := book.tails.get((token.lemma_.lower(), row["id"])):
            if act := with_tail(token, row, tails, sent, book):
                yield act
            elif token.dep_ == "acl" and (agent := agent_of(token)) is not None and speaks(agent, book):
                # "the 44 read out by the commission"
                yield Act(
                    row, token, (token.i, token.i + 1), agent, figure_of(token, row), clause=(token.i, token.i + 1)
                )
            continue
        negative = any(c.dep_ == "neg" for c in token.children)
        if "passive" in wanted or "it" in wanted:
            if act := unattributed(token, row, sent, wanted):
                yield act
            continue
        if "source" in wanted or "cited" in wanted:
            read = citing if "source" in wanted else cited
            if act := read(token, row, sent, book):
                yield act
            continue
        if "revised" in wanted:
            if act := revised(token, row, sent, book):
                yield act
            continue
        if _passive(token):
            agent = agent_of(token)
            if agent is not None and speaks(agent, book):
                content = passive_content(token, agent) if token.dep_ != "acl" else figure_of(token, row)
                extra = [c for c in token.rights if c.dep_ in ("ccomp", "xcomp", "advcl")]
                if token.dep_ == "acl" and not extra:  # "described by police as 4,000 strong"
                    extra = [c for c in token.rights if c.lower_ == "as" and any(has_digit(t) for t in c.subtree)]
                if extra:
                    content = [(min(extra[0].left_edge.i, extra[0].i), token.right_edge.i + 1)]
                yield Act(row, token, (token.i, token.i + 1), agent, content, clause=(token.i, agent.right_edge.i + 1))
            continue
        if act := trailing(token, row, sent, book):
            yield act
            return
        source = subject(token)
        if source is None and "clause" in wanted and token.tag_ in ("VBD", "VBZ", "VBP"):
            source = neighbour(token, book)
        if (
            source is not None
            and token.dep_ == "conj"
            and (above := speaker_above(token, source, book)) is not None
            or source is not None
            and (above := speaker_before(token, source, book)) is not None
        ):
            source = above
        if source is None or source.i == token.i or source.lower_ in ("there", "what") or source.text[:1].isdigit():
            continue
        if token.lemma_.lower() == "answer" and any(c.dep_ == "dobj" for c in token.rights):
            continue  # a brigade that answers 40 calls says nothing
        if token.lemma_.lower() == "admit" and any(_people(c, book) for c in token.rights if c.dep_ == "dobj"):
            continue  # a hospital that admits 40 patients says nothing
        counted = any(c.dep_ == "compound" and c.lemma_.lower() in book.nouns for c in source.lefts)
        if source.pos_ == "PROPN" and counted and any(c.lower_ in ("a", "an") for c in source.lefts):
            continue  # "a tally Kyiv disputes": a clause about the tally
        place = source.ent_type_ in ("GPE", "LOC") or source.lower_ in book.roles.countries
        if place and any(c.dep_ == "dobj" and c.lemma_.lower() in FALLEN_TO for c in token.rights):
            continue  # a country that reports 40 cases tells nothing: they fell to it
        if "by_body" in wanted and place and not any(c.dep_ == "ccomp" for c in token.children):
            continue  # a country that registers 40 cases counts nothing: they fell to it
        if "by_witness" in wanted and not _witness(source, book):
            continue
        clausal = any(c.dep_ == "ccomp" and c.i > token.i for c in token.children)
        weak = bool({"object", "set", "infinitive", "of", "about", "as", "for"} & set(wanted)) and not clausal
        if (weak or row["code"] in ("find", "learn")) and not speaks(source, book):
            continue
        if not clausal and _adds(token, source, book):
            continue
        if "comment" in wanted:
            words = [c for c in token.rights if c.dep_ in ("xcomp", "prep")]
            if words and any(
                t.lemma_.lower()
                in (
                    "comment",
                    "confirm",
                    "say",
                    "speak",
                    "elaborate",
                    "discuss",
                    "answer",
                    "respond",
                    "disclose",
                    "give",
                    "provide",
                )
                for t in words[0].subtree
            ):
                yield Act(row, token, (token.i, token.i + 1), source, [(words[0].left_edge.i, words[0].right_edge.i + 1)], clause=cue_clause(token, source))  # fmt: skip
            continue
        content = verb_content(token, row, source, sent, book) or quoted_as(token, sent)
        modal = any(c.dep_ == "aux" and c.lower_ in ("may", "might", "could", "should") for c in token.children)
        if (negative and row["stance"] != "denying") or (modal and not content):
            continue
        goes_on = token.head.lemma_.lower() in GOES_ON
        if token.dep_ in ("xcomp", "advcl", "acl") and token.tag_ == "VB" and not goes_on:
            continue
        if token.lemma_.lower() == "ask" and any(c.dep_ == "xcomp" and c.lemma_ in UNNAMED for c in token.rights):
            continue  # a source that asks not to be named demands nothing
        if not content and row["code"] in ("count", "announce", "say"):
            content = listed_figure(token, sent)
        if not content and "quote" not in wanted:
            continue
        holes = [h for start, end in content for h in background(start, end, sent)]
        if row["code"] == "judge":
            # "condemned the attack that killed 25": what is judged, not what it did
            objects = [c for c in token.rights if c.dep_ == "dobj"]
            holes += [(r.left_edge.i, r.right_edge.i + 1) for c in objects for r in c.rights if r.dep_ == "relcl"]
        yield Act(row, token, (token.i, token.i + 1), source, content, holes, cue_clause(token, source))
        if content:
            return
