"""The media beside a cue: told CNN, in an interview with the BBC, quoted by TASS."""

from __future__ import annotations

from spacy.tokens import Doc, Span, Token

from analysis.components.acts import Cues
from analysis.components.cast import Cast
from analysis.components.roles import opening
from analysis.components.speakers import Speaker
from analysis.components.verb_frames import ADDRESSED

PREPOSITIONS = ("by", "on", "for", "in", "via", "through", "to", "with")
#: words between a preposition and the name of a medium
BESIDE = frozenset(
    ("state", "local", "news", "press", "agency", "broadcaster", "newspaper", "television", "channel", "radio")
)
#: verbs and nouns beside which a medium is the way the news came
VENUES = frozenset(
    ("interview", "obtain", "see", "review", "carry", "air", "appear", "show", "conversation", "response", "email")
)
#: words in the longest name of a medium that is looked up as it stands
LONGEST_NAME = 6


def _by_another(verb: Token, head: Speaker) -> bool:
    """ "The list gave 74, but survivors told Sultra TV": the medium was told by the subject of its own clause."""
    if verb.dep_ != "conj":
        return False
    own = [c for c in verb.lefts if c.dep_ == "nsubj" and c.pos_ in ("NOUN", "PROPN")]
    return bool(own) and not any(head.start <= t.idx < head.end for t in own[0].subtree)


def _whole_name(doc: Doc, start: int, last: int, cast: Cast) -> list[Token] | None:
    """The longest name of a medium that the codebook lists word by word, however it is parsed ("Die Zeit")."""
    word = doc[start].text
    if not word[:1].isupper() or opening(word) not in cast.roles.openings_of_media:
        return None
    for size in range(min(LONGEST_NAME, last - start), 1, -1):
        text = doc[start : start + size].text
        if text.lower().removeprefix("the ") in cast.roles.media:
            return list(doc[start : start + size])
    return None


def media_beside(sent: Span, content: list[list[int]], head: Speaker | None, cast: Cast, book: Cues) -> list[str]:
    """Media in the sentence, outside what is reported, to or through which the source ``head`` spoke."""
    doc, first, last = sent.doc, sent.start, sent.end
    found: list[str] = []
    for token in doc[first:last]:
        if token.pos_ == "NOUN" and token.dep_ == "nsubj" and token.head.lemma_ in ("quote", "cite"):
            # "state television quoted him as saying"
            row = cast.roles.nouns.get(token.lemma_.lower())
            quoting = cast.resolve(token) if row is not None and row["id"] == "media" else None
            if quoting is not None and quoting.name not in found and not cast.is_own(quoting.name):
                found.append(quoting.name)
        # "told the agency": the medium named before
        if token.pos_ != "NOUN" or token.dep_ not in ("dobj", "dative") or token.head.lemma_.lower() not in ADDRESSED:
            continue
        row = cast.roles.nouns.get(token.lemma_.lower())
        told_of = [c for c in token.lefts if c.dep_ in ("amod", "compound", "nmod") and c.pos_ in ("ADJ", "NOUN")]
        if row is not None and row["id"] == "media" and told_of and token.right_edge.i == token.i:
            plain = Cast._text(list(doc[told_of[0].i : token.i + 1]))  # "told state television"
            if plain.islower() and plain not in found:
                found.append(plain)
        if any(c.dep_ == "det" and c.lower_ == "the" for c in token.lefts):
            short = cast._short(token, [token])
            if short is not None and short.medium and not cast.is_own(short.name) and short.name not in found:
                found.append(short.name)
    k = first
    while k < last:
        token = doc[k]
        whole = _whole_name(doc, k, last, cast)
        if (
            (token.pos_ not in ("PROPN", "NOUN", "ADJ") and whole is None)
            or not token.text[:1].isupper()
            or any(a <= token.idx < b for a, b in content)
        ):
            k += 1
            continue
        run = [token]
        while k + len(run) < last and (
            doc[k + len(run)].text[:1].isupper()
            or doc[k + len(run)].text.isdigit()
            or (doc[k + len(run)].text == "-" and not run[-1].whitespace_)  # "Trans-Gulf Press"
        ):
            run.append(doc[k + len(run)])
        name = None
        for size in range(len(run), 0, -1):
            name = cast.medium(Cast._text(run[:size]))
            if name:
                break
        if whole is not None and (not name or len(whole) > size):
            run, size, name = whole, len(whole), cast.medium(doc[k : k + len(whole)].text)
        k += max(1, size if name else 1)
        if not name or (head is not None and head.name == name) or cast.is_own(name):
            continue
        root = max(run[:size], key=lambda t: len(list(t.subtree)))
        # "told the broadcaster Kanal Plus": the noun is told, the name is its apposition
        role = root.head if root.dep_ == "appos" and root.head.i < run[0].i else root
        if role.dep_ in ("compound", "amod", "nmod") and run[size - 1].i < role.head.i <= run[size - 1].i + 3:
            role = role.head  # "quoted by the Norwire news agency": the noun stands behind the name
        first = run[0].i
        while first > 0 and (doc[first - 1].lower_ in ("the", "a") or doc[first - 1].lower_ in BESIDE):
            first -= 1  # "carried by state news agency Norwire"
        before = doc[role.left_edge.i - 1].lower_ if role is not root else doc[first - 1].lower_ if first else ""
        if before in ("the", "a") and first > 1:
            before = doc[first - 2].lower_
        if before not in PREPOSITIONS and first and doc[first - 1].lower_ in PREPOSITIONS:
            before = doc[first - 1].lower_
        if before in PREPOSITIONS:
            preposition = role.head if role is not root else doc[first - 1]
            if preposition.lower_ != before:
                preposition = doc[first - 1] if doc[first - 1].lower_ == before else doc[first - 2]
            governor = preposition.head.lemma_.lower()
            if governor not in book.verbs and governor not in VENUES and governor not in book.nouns:
                continue
        if role.dep_ == "nsubj" and role.head.lemma_.lower() in ("quote", "cite") and name not in found:
            found.append(name)
            continue
        back = first - 1
        while back > 0 and doc[back].pos_ in ("ADJ", "DET"):
            back -= 1
        verb = doc[max(back, 0)]
        told = verb.pos_ == "VERB" and verb.lemma_.lower() in ADDRESSED
        told = told or role.dep_ in ("dobj", "dative", "iobj") and role.head.lemma_.lower() in ADDRESSED
        told = told or (whole is not None and first > 0 and doc[first - 1].lemma_.lower() in ADDRESSED)
        beside = role.dep_ in ("pobj", "poss", "compound", "npadvmod") and before in PREPOSITIONS
        if told and head is not None and role.head.pos_ == "VERB" and _by_another(role.head, head):
            continue
        if (told or beside) and name not in found:
            found.append(name)
    return found
