"""Zeros, "one" and "the two": which of them report a measured outcome, and which only point or speak."""

from __future__ import annotations

import re

from spacy.tokens import Doc, Token

from analysis.codebook import Codebook
from analysis.components.mentions import QuantityMention, text_of
from analysis.components.quantity_units import Tables


class FilterWords:
    """The rows of ``left_out.csv`` that the filter reads: phrases, lines and nouns."""

    def __init__(self, book: Codebook) -> None:
        self.rows = {r["id"]: tuple(w.lower() for w in book.split(r["match"])) for r in book.rows("left_out")}
        self.idioms = _phrases(self.rows["idiom"])
        self.line = _phrases(self.rows["page_teaser"])
        self.counters_after = [(row, _phrases(self.rows[row])) for row in ("page_ago", "page_min_read")]
        self.counters_before = frozenset(self.rows["page_counter"])
        self.credits = self.rows["page_credit"]
        self.listicle = frozenset(self.rows["page_listicle"])
        self.parties = frozenset(self.rows["anaphor_parties"])
        self.pointers = frozenset(self.rows["anaphor_the"])
        self.no_longer = frozenset(self.rows["no_longer"])


def _phrases(words: tuple[str, ...] | list[str]) -> re.Pattern[str]:
    ordered = sorted(words, key=lambda w: (-len(w), w))
    joined = "|".join(re.escape(w).replace(r"\ ", r"[\s-]+").replace("'", "['’]") for w in ordered)
    return re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)


def zero_reason(doc: Doc, quantity: QuantityMention, lookup: Tables, words: FilterWords) -> tuple[str | None, str]:
    """ "No casualties" and "nobody was hurt" are measured; "no plans" and "nobody knew" are not."""
    outcomes = lookup.units.outcomes
    token = doc[quantity.token_start]
    last = doc[quantity.token_end - 1]
    following = doc[quantity.token_end] if quantity.token_end < len(doc) else None
    if quantity.kind == "zero" and token.lower_ == "no":
        if following is not None and following.lower_ in words.no_longer:
            return "not_a_count", "no_longer"
        noun = token.head if token.dep_ == "det" else doc[quantity.head] if quantity.head is not None else None
        if noun is None or noun.i < token.i:
            return "not_a_count", "not_measured"
        if noun.lemma_.lower() in outcomes["harm_nouns"] and (noun.tag_ == "NNS" or noun.lemma_.lower() != "case"):
            return None, "harm_nouns"
        if quantity.unit == "person" and _harmed_argument(noun, outcomes):
            return None, "harm_verbs"
        return "not_a_count", "not_measured"
    if token.lower_ == "none":
        earlier = doc[quantity.token_end - 1].dep_ in ("dobj", "nsubjpass", "nsubj", "attr")
        verb = token.head.lemma_.lower()
        quiet = following is None or following.is_punct
        if verb in outcomes["harm_verbs"] or (earlier and quiet and verb in ("have", "be", "lose", "report")):
            return None, "zero"
        return "pronoun", "pronoun_nobody"
    if _harmed_argument(last, outcomes) or _harmed_argument(token, outcomes):
        return None, "harm_verbs"
    return "pronoun", "pronoun_nobody"


def _harmed_argument(noun: Token, outcomes: dict[str, frozenset[str]]) -> bool:
    """True where the noun is what a verb of harm befell, or is told to be dead, missing, ..."""
    head = noun.head
    verb = head.lemma_.lower()
    if noun.dep_ in ("nsubj", "nsubjpass") and head.lower_ in outcomes["harm_adjectives"]:
        return True
    if noun.dep_ in ("nsubjpass", "dobj") and verb in outcomes["harm_verbs"]:
        return True
    if noun.dep_ == "nsubj" and verb in ("die", "perish", "drown", "survive"):
        return True
    if noun.dep_ == "nsubj" and verb == "be":  # "no foreigners were among the dead"
        among = [c for c in head.children if c.dep_ == "prep" and c.lower_ == "among"]
        if any(o.lower_ in outcomes["harm_adjectives"] for prep in among for o in prep.children):
            return True
    around = [*noun.children, *(head.children if noun.dep_ in ("nsubj", "nsubjpass", "attr") else ())]
    for word in around:
        if word.lower_ in outcomes["harm_adjectives"]:
            return True
        if word.dep_ in ("acl", "acomp", "amod") and word.lemma_.lower() in outcomes["harm_verbs"]:
            return True
    return False


def one_reason(doc: Doc, quantities: list[QuantityMention], k: int, lookup: Tables) -> tuple[str | None, str]:
    """ "One" is a figure behind a bound, in a breakdown, and as a reported outcome; else a pronoun or determiner."""
    quantity = quantities[k]
    outcomes = lookup.units.outcomes
    token = doc[quantity.token_start]
    following = doc[quantity.token_end] if quantity.token_end < len(doc) else None
    if following is not None and following.lower_ == "of":
        after = doc[following.i + 1].lower_ if following.i + 1 < len(doc) else ""
        part = after in ("them", "whom") and token.i and token.nbor(-1).text == "," and k
        if part and quantities[k - 1].unit == "person" and doc[quantities[k - 1].token_start].sent == token.sent:
            return None, ""
        return "pronoun", "pronoun_one_of"
    previous = token.nbor(-1).lower_ if token.i else ""
    if quantity.modifier_start is not None and quantity.comparator != "~" and previous not in ("the", "this", "that"):
        return None, ""
    if following is not None and following.like_num:
        return "pronoun", "pronoun_one"  # "one 6.3 tremor"
    if previous in ("including", "only", "just", "plus", "exactly"):
        return None, ""
    if previous == "that" and token.nbor(-1).dep_ == "mark":
        previous = ""  # "confirmed that one soldier is missing"
    if previous in ("the", "this", "that", "no", "each", "every", "any", "another", "which", "some"):
        return "pronoun", "pronoun_one"
    noun = doc[quantity.head] if quantity.head is not None else None
    if _breakdown(doc, quantities, k) or (
        noun is not None and (_beside(doc, quantities, k, noun) or _to_so_many(noun))
    ):
        return None, ""
    if noun is None:
        if _harmed_argument(token, outcomes) or (
            following is not None and following.lower_ in outcomes["harm_adjectives"]
        ):
            return None, "harm_verbs"
        return "pronoun", "pronoun_one"
    if quantity.unit == "person" and _harmed_argument(noun, outcomes):
        return None, "harm_verbs"
    if quantity.unit in ("person",) and noun.lemma_.lower() in outcomes["harm_nouns"] - {"case"}:
        return None, "harm_nouns"
    if quantity.unit in ("drone", "missile", "aircraft", "vehicle") and noun.dep_ in ("dobj", "nsubjpass"):
        return None, ""
    return "pronoun", "pronoun_one"


def _beside(doc: Doc, quantities: list[QuantityMention], k: int, noun: Token) -> bool:
    """ "Five pickets were held and one officer was bitten": persons counted by the clause before, in one sentence."""
    verb, before = noun.head, quantities[k - 1] if k else None
    if quantities[k].unit != "person" or noun.dep_ not in ("nsubj", "nsubjpass") or verb.dep_ != "conj":
        return False
    if before is None or before.unit != "person" or before.head is None or doc[before.head].sent != noun.sent:
        return False
    subject = doc[before.head]
    return subject.dep_ in ("nsubj", "nsubjpass") and subject.head == verb.head


def _to_so_many(noun: Token) -> bool:
    """ "One latrine for every 300 people"."""
    after = noun.doc[noun.i + 1 : noun.i + 4]
    return len(after) == 3 and after[0].lower_ == "for" and after[1].lower_ in ("every", "each") and after[2].like_num


def _breakdown(doc: Doc, quantities: list[QuantityMention], k: int) -> bool:
    """True where "one" stands in a row with other counts: "five for assault, two for theft and one for arson"."""
    token = doc[quantities[k].token_start]
    linked = {token.i, token.head.i}
    linked |= {c.i for t in (token, token.head) for c in t.conjuncts}
    for j in (k - 1, k + 1):
        if 0 <= j < len(quantities):
            other = quantities[j]
            if other.kind not in ("cardinal", "magnitude", "zero") or doc[other.token_start].sent != token.sent:
                continue
            tokens = {other.token_start, doc[other.token_start].head.i}
            if tokens & linked:
                return True
            if token.dep_ == "dobj" and j < k and quantities[k].head is None:
                return True  # "sinking two, seizing one"
            between = text_of(doc)[min(other.end, quantities[k].end) : max(other.start, quantities[k].start)]
            if re.search(r"(?:,|;|\band)\s*$", between) and j < k and len(between) < 120 and quantities[k].head is None:
                return True
    return False


def anaphor_reason(
    doc: Doc, quantity: QuantityMention, words: FilterWords, counted_before: set[tuple[float | None, str]]
) -> tuple[str | None, str]:
    """ "The two countries", "these three": points at what is known. The first mention of a number is a figure."""
    token = doc[quantity.token_start]
    if quantity.low is None or quantity.low > 10 or quantity.modifier_start is not None or not token.i:
        return None, ""
    previous = token.nbor(-1)
    if previous.lower_ not in words.pointers:
        return None, ""
    if (
        previous.lower_ in ("other", "former", "latter", "same")
        and token.i > 1
        and token.nbor(-2).lower_ not in ("the", "these", "those")
    ):
        return None, ""
    noun = doc[quantity.head] if quantity.head is not None else None
    if noun is None:
        return ("anaphor", "anaphor_the") if token.text.isalpha() else (None, "")
    if noun.lemma_.lower() in words.parties and token.text.isalpha():
        return "anaphor", "anaphor_parties"
    restricted = any(
        c.dep_ in ("amod", "relcl", "acl") or (c.dep_ == "prep" and c.lower_ == "of") for c in noun.children
    )
    known = (quantity.low, noun.lemma_.lower()) in counted_before
    known = known or (quantity.unit == "person" and (quantity.low, "person") in counted_before)
    if previous.lower_ == "the" and not restricted and token.text.isalpha() and (quantity.low == 2 or known):
        return "anaphor", "anaphor_the"
    if (quantity.low, noun.lemma_.lower()) in counted_before or previous.lower_ in ("these", "those", "both"):
        return "anaphor", "anaphor_the"
    return None, ""
