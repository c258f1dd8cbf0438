"""Numbers that name instead of counting: designations, ranks, list entries, addresses."""

from __future__ import annotations

from spacy.tokens import Token

from analysis.components.mentions import text_of
from analysis.components.number_dates import ContextWords, counts_plural
from analysis.components.number_lexer import HYPHENS
from analysis.components.quantity_reading import Reading, Sentence

_NAMED = frozenset({"PRODUCT", "LAW", "EVENT", "FAC", "WORK_OF_ART", "ORG"})


#: endings of names for the members of a group
MEMBERS = ("ists", "ians", "ans", "ers", "is", "ites", "men")


def _in_name(sentence: Sentence, reading: Reading) -> bool:
    """A number word inside a proper name: "the Final Four", "Six Flags"; headlines in capitals tell nothing."""
    lexeme = sentence.lexemes[reading.start]
    if reading.form != "words" or not lexeme.text[0].isupper() or reading.unit is not None:
        return False
    plain = [x for x in sentence.lexemes if x.kind == "word" and len(x.text) > 3]
    if sum(1 for x in plain if x.text[0].isupper()) > len(plain) / 2:
        return False
    first = sentence.token(reading.start)
    before = first.nbor(-1) if first.i > first.sent.start else None
    if before is not None and before.pos_ == "PROPN" and before.text[:1].isupper():
        return not counts_plural(sentence, reading)
    after = sentence.token(reading.end) if reading.end < len(sentence.lexemes) else None
    named = after is not None and after.pos_ == "PROPN" and after.ent_type_ not in ("NORP", "GPE", "LOC")
    if before is None and after is not None and after.lower_.endswith(MEMBERS):
        return False  # "Twelve Maoists were killed"
    return named and (before is not None or after is not None and after.tag_ == "NNPS")


def dialled(sentence: Sentence, words: ContextWords, reading: Reading) -> tuple[str, str] | None:
    """Phone numbers: "dial 112", "the helpline on 1070 or 1077", "text HELP to 60777"."""
    text = sentence.lexemes[reading.start].text
    if reading.form != "digits" or not text.isdigit() or reading.unit is not None or reading.modifier is not None:
        return None
    verb = sentence.low(reading.start - 1) in words["phone"]
    line = len(text) > 2 and any(sentence.low(reading.start - k) in words["phone_line"] for k in range(1, 5))
    if not (verb or line) or counts_plural(sentence, reading):
        return None
    return "phone", "phone" if verb else "phone_line"


def named(sentence: Sentence, words: ContextWords, reading: Reading) -> tuple[str, str] | None:
    """Designations, list numbers, addresses, scores."""
    lexemes, start, end = sentence.lexemes, reading.start, reading.end
    text = lexemes[start].text
    if reading.modifier is not None or sentence.low(end) == "strong":
        return None  # "the 193 strong House"
    if text.isdigit() and len(text) > 11:
        return "designation", "designation_letters"  # the number of a post or an account
    if _in_name(sentence, reading):
        return "designation", "designation_name"
    at = end + 1 if sentence.low(end) in HYPHENS else end
    if sentence.low(at) == "block" and sentence.low(at + 1) == "of":
        return "address", "address"
    after = lexemes[end] if end < len(lexemes) else None
    if reading.form == "digits" and text in words["designation_jargon"]:
        called = after is not None and after.low.startswith(("call", "dispatch", "operator", "emergency"))
        if "/" in text or called:
            return "designation", "designation_jargon"  # "9/11", "a 911 caller"
    if after is not None and after.low in ("calibre", "caliber", "gauge"):
        return "designation", "designation_calibre"
    if after is not None and after.kind == "word" and sentence.token(end).tag_ == "JJS" and _one_of(sentence, start):
        return "designation", "designation_rank"
    if start == 0 and "/" in text and reading.form == "digits" and after is not None and after.text[:1].isupper():
        return "list_number", "list_number"  # "1/2 Today we ..."
    if start == 0 and after is not None and after.text in (".", ")") and after.glued and reading.form == "digits":
        line_start = lexemes[0].start == 0 or text_of(sentence.doc)[lexemes[0].start - 1] == "\n"
        apart = end + 1 >= len(lexemes) or not lexemes[end + 1].glued
        if line_start and apart and text.isdigit() and len(text) < 3:
            return "list_number", "list_number"
    counted = counts_plural(sentence, reading)
    before = sentence.low(start - 1)
    if before == "#" and lexemes[start].glued and text.isdigit():
        return "designation", "designation_noun"  # "the #1 rated club"
    if before == "." and lexemes[start - 1].glued and sentence.low(start - 2) in ("no", "nos"):
        return "designation", "designation_noun"
    if before == "." and sentence.low(start - 2) in ("ext", "tel", "vol", "fig", "para", "pp", "art", "sec"):
        return "designation", "designation_noun"
    token = sentence.token(start)
    noun = words["designation_noun"]
    loud = sentence.text.isupper() or sum(map(str.isupper, sentence.text)) > 0.5 * sum(map(str.isalpha, sentence.text))
    hung = token.dep_ in ("nummod", "npadvmod") and token.i and token.head == token.nbor(-1)
    marked = start >= 1 and any(c.isupper() for c in lexemes[start - 1].text[:2])  # "Galaxy", "iPhone"
    if before in noun and hung and reading.form == "digits" and marked and not loud:
        return "designation", "designation_noun"
    if before in words["designation_index"] and text.isdigit():
        return "designation", "designation_index"
    road = (
        text.isdigit() and marked and sentence.low(start - 2) in ("on", "along", "off") and token.head == token.nbor(-1)
    )
    if road and token.nbor(-1).ent_type_ == "GPE" and not counted:
        return "designation", "designation_name"  # "on Kentucky 192"
    model = text.isdigit() and marked and not loud and after is not None and after.low in words["designation_model"]
    if model and lexemes[end].text[:1].isupper() and sentence.token(start - 1).pos_ == "PROPN":
        return "designation", "designation_model"  # "the iPhone 11 Pro cameras"
    bare = hung and reading.form == "words" and not any(c.dep_ in ("det", "poss") for c in token.head.lefts)
    if bare and before in noun and not counted and (after is None or sentence.token(end).pos_ not in ("NOUN", "ADJ")):
        return "designation", "designation_noun"  # "in week two"
    if not counted:
        if before.endswith("s") and before[:-1] in noun and lexemes[start - 1].text[0].isupper() and not loud:
            return "designation", "designation_noun"
        shouted = start >= 1 and lexemes[start - 1].text.isupper() and len(before) > 3
        upper = start >= 1 and lexemes[start - 1].text[0].isupper()
        told = not upper and (_subject(sentence, reading) or "," in text or _done(sentence.token(start - 1)))
        told = told and sentence.low(start - 2) != ","  # "Risk Brief, issue 46"
        if before in noun and not shouted and not told and (upper or reading.form == "digits"):
            return "designation", "designation_noun"
        if before == "of" and f"{sentence.low(start - 2)} of" in noun and lexemes[start - 2].text[0].isupper():
            return "designation", "designation_noun"
    if (
        before in noun
        and start >= 1
        and lexemes[start - 1].text[0].isupper()
        and not loud
        and before not in ("top", "size", "war", "number")
        and lexemes[start - 1].start != lexemes[0].start
    ):
        return "designation", "designation_noun"
    if (
        reading.form == "digits"
        and not counted
        and after is not None
        and after.kind == "word"
        and after.text[0].isupper()
    ):
        for step in range(1, 4):
            if sentence.low(end + step) in words["address"] and sentence.lexemes[end + step].text[0].isupper():
                return "address", "address"
    if not counted and text.isdigit() and _listed(sentence, reading):
        return None  # "the Greens took 23 seats, the Liberals 18"
    if (
        token.ent_type_ in _NAMED
        and not counted
        and reading.form in ("digits", "words")
        and (
            token.ent_iob_ == "I"
            and token.i > 0
            and token.nbor(-1).text[:1].isupper()
            and token.nbor(-1).pos_ == "PROPN"
        )
    ):
        return "designation", "designation_name"
    if (
        (
            not counted
            and reading.form == "digits"
            and start >= 1
            and token.dep_ == "nummod"
            and token.head.i == token.i - 1
        )
        and token.head.pos_ == "PROPN"
        and token.head.ent_type_ not in ("GPE", "LOC", "PERSON", "NORP", "DATE")
    ):
        return "designation", "designation_name"
    if not counted and text.isdigit() and start >= 1 and lexemes[start - 1].kind == "word":
        name = sentence.token(start - 1)
        inside = after is None or after.kind == "mark" or sentence.token(end).pos_ not in ("ADJ", "NUM", "DET")
        if name.pos_ == "PROPN" and name.ent_type_ not in ("GPE", "LOC", "NORP", "DATE") and inside and not loud:
            return "designation", "designation_name"
    if not counted and text.isdigit() and after is not None and after.kind == "word" and not loud:
        name = sentence.token(end)
        if name.tag_ == "NNP" and name.ent_type_ not in ("NORP", "GPE", "LOC") and name.head.tag_ in ("NNP", "CD"):
            return "designation", "designation_name"
    return None


def _listed(sentence: Sentence, reading: Reading) -> bool:
    """ "The Liberals 18" behind another number: what a name with an article got, told without the noun."""
    start, end = reading.start, reading.end
    if start < 2 or not any(x.kind == "number" for x in sentence.lexemes[: start - 1]):
        return False
    name = sentence.token(start - 1)
    mark = end < len(sentence.lexemes) and sentence.lexemes[end].kind == "mark" and sentence.low(end) not in HYPHENS
    ends = end >= len(sentence.lexemes) or mark or sentence.low(end) == "and"
    return ends and name.tag_ in ("NNPS", "NNP") and any(c.lower_ == "the" for c in name.lefts)


def _done(verb: Token) -> bool:
    """ "They block 46": a verb with a subject, which "issue 46" of a heading lacks."""
    return verb.pos_ == "VERB" and any(c.dep_ in ("nsubj", "nsubjpass", "aux") for c in verb.children)


def _subject(sentence: Sentence, reading: Reading) -> bool:
    """ "In the camp 40 were hurt": the number is told of, and the noun before it belongs to a place."""
    noun, end = sentence.token(reading.start - 1), reading.end
    if not any(c.dep_ in ("det", "poss") for c in noun.lefts):
        return False
    verb = sentence.token(end) if end < len(sentence.lexemes) else None
    finite = verb is not None and verb.tag_ in ("VBD", "VBP", "VBZ", "MD")
    return finite or sentence.token(reading.start).dep_ in ("nsubj", "nsubjpass")


def _one_of(sentence: Sentence, start: int) -> bool:
    """ "one of the world's 10 largest": a rank."""
    return any(sentence.low(i) == "one" and sentence.low(i + 1) == "of" for i in range(max(0, start - 7), start))
