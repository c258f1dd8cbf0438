"""Who speaks: from the words that stand for a source to the fullest name that the article gives.

Pronouns, last names, short forms ("the ministry"), roles ("the minister") and possessors ("his office") are followed
back through the article. Nothing here looks at what was said.
"""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from analysis.components.roles import EMPTY, Roles, folded
from analysis.components.word_classes import word_class

PERSONAL = {"he": "person", "she": "person", "they": "many", "it": "body", "who": "antecedent", "which": "antecedent"}
GENDERS = {"he": "he", "his": "he", "him": "he", "she": "she", "her": "she", "hers": "she"}
#: words that tell whether "he" or "she" stands for somebody, and what compounds of them end in
GENDERED = ((word_class("male"), "he"), (word_class("female"), "she"))
GENDERED_ENDINGS = (("human", ""), ("woman", "she"), ("man", "he"))
#: document nouns that only repeat a speaker told before ("the report", "the statement")
LEFT = ("det", "predet", "cc", "preconj", "punct", "case", "advmod", "mark", "intj")
CUT = ("relcl", "acl", "appos", "ccomp", "advcl", "parataxis", "dep", "csubj", "xcomp")
HONORIFICS = frozenset(
    ("mr", "mrs", "ms", "miss", "dr", "sir", "dame", "lord", "lady", "prof", "professor", "rev", "fr", "st")
    + ("gen", "col", "lt", "maj", "sgt", "capt", "brig", "cmdr", "cdr", "cpl", "adm", "insp", "supt", "det", "hon")
    + ("sp", "ssp", "dsp", "asp", "dig", "igp", "aig", "dgp", "adgp", "dcp", "acp", "sho", "engr", "barr", "alhaji")
    + ("hajia", "mallam", "shri", "smt", "datuk", "datin", "dato", "ustaz", "mme", "herr", "frau", "señor", "don")
)
#: short titles before a name
TITLES = {
    "gen": "general", "col": "colonel", "gov": "governor", "sen": "senator", "rep": "representative", "lt": "lieutenant",
    "capt": "captain", "sgt": "sergeant", "maj": "major", "prof": "professor", "pm": "minister", "premier": "minister",
}  # fmt: skip
#: endings of nouns for people who do something, for nouns that the codebook does not know
AGENTIVE = ("er", "or", "ist", "ian", "ant", "ent", "ee", "man", "woman", "eon")
#: words of rank that do not tell one office from another
RANKS = word_class("ranks_of_office")
#: nouns that make a medium of the name before them
PRESS = frozenset(("newspaper", "broadcaster", "television", "channel", "magazine", "website", "tabloid", "newswire"))
AFTER_COMMA = ("prep", "npadvmod", "nmod", "amod", "advmod", "nummod", "dep")
REACH = 4
#: words of a participle behind a noun that still tells who it is ("the group monitoring the war")
LONGEST_PARTICIPLE = 7


@dataclass(frozen=True, slots=True)
class Speaker:
    """One speaker as the article names him in full; ``start``/``end`` are the words here that stand for him."""

    name: str
    start: int
    end: int
    speaker_id: str
    party: str | None = None
    kind: str | None = None
    named: bool = True
    person: bool = False
    plural: bool = False
    medium: bool = False
    lemma: str = ""
    at: int = 0

    def source_is_words(self, text: str) -> bool:
        """Whether the name is just the words here, not one followed from elsewhere in the article."""
        return self.name in " ".join(text[self.start : self.end].split())


def words(text: str) -> list[str]:
    """Lower-case words of a phrase, possessive marks apart."""
    found = [w.strip(",()“”\"'‘’") for w in text.lower().replace("’s", " ").replace("'s", " ").split()]
    return [w if "." in w[:-1] else w.rstrip(".") for w in found]  # "u.s." keeps its points


def _parts(mark: Token) -> bool:
    """Whether the mark sets off what follows it: a hyphen does only between blanks."""
    return mark.text in ",(—–:" or (mark.text == "-" and bool(mark.whitespace_))


def phrase(head: Token) -> list[Token]:
    """Tokens of the noun phrase of ``head`` without its determiner, clauses, appositions and bracketed parts."""
    dropped: set[int] = set()
    for token in head.subtree:
        if token.i == head.i:
            continue
        long_ = token.dep_ == "acl" and token.right_edge.i - token.left_edge.i >= LONGEST_PARTICIPLE
        after_comma = token.left_edge.i > head.i and _parts(head.doc[token.left_edge.i - 1])
        # "medics, police and residents", not "the organisers, a coalition of unions and parties"
        described = token.left_edge.lower_ in ("a", "an", "one", "its", "their")
        listed = token.dep_ == "appos" and not described and any(c.dep_ == "cc" for c in token.children)
        cut = token.dep_ in CUT and not listed and not (token.dep_ == "acl" and not after_comma)
        if token.dep_ == "appos" and token.i < head.i and head.doc[token.i - 1].text == "(":
            continue  # "the Front for the North (FN) alliance"
        issued = token.dep_ == "acl" and token.lemma_ in ("issue", "release", "publish", "file", "dated")
        issued = issued and not any(c.dep_ == "agent" for c in token.children)
        cut = cut or long_ or issued or (token.dep_ == "acl" and token.lemma_ in ("quote", "cite"))
        if cut or (after_comma and token.dep_ in AFTER_COMMA):
            dropped.update(t.i for t in token.subtree)
        if token.dep_ == "prep" and any(c.dep_ == "pobj" and c.ent_type_ in ("DATE", "TIME") for c in token.children):
            dropped.update(t.i for t in token.subtree)
        aside = token.dep_ in ("nmod", "npadvmod") and token.ent_type_ in ("GPE", "LOC", "FAC") and token.i < head.i
        if aside and head.doc[token.i + 1].text == ",":
            dropped.update(t.i for t in token.subtree)  # "In the capital, Norham, officials"
        if token.dep_ == "conj" and token.pos_ in ("VERB", "AUX"):
            dropped.update(t.i for t in token.subtree)
    kept = [t for t in head.subtree if t.i not in dropped and not t.is_space]
    while (
        kept
        and kept[0].i != head.i
        and (kept[0].dep_ in LEFT or kept[0].is_punct or kept[0].lower_ in ("the", "a", "an"))
    ):
        kept.pop(0)
    while kept and kept[-1].i != head.i and (kept[-1].is_punct or kept[-1].dep_ in ("cc", "case")):
        kept.pop()
    # one run of tokens around the head: what a bracket or clause cut off stays off
    run = [head]
    present = {t.i for t in kept}
    for k in range(head.i - 1, -1, -1):
        if k not in present:
            break
        run.insert(0, head.doc[k])
    for k in range(head.i + 1, len(head.doc)):
        if k not in present:
            break
        run.append(head.doc[k])
    while len(run) > 1 and run[-1].i != head.i and (run[-1].is_punct or run[-1].dep_ in ("cc", "case", "advmod")):
        run.pop()
    return run


class Roster:
    """What one article tells about its people, bodies and media."""

    def __init__(self, doc: Doc, roles: Roles) -> None:
        self.doc = doc
        self.roles = roles
        self.own = doc._.outlet if doc.has_extension("outlet") else None
        self.turns: list[Speaker] = []
        self.genders: dict[str, str] = {}
        self.firsts: dict[str, list[str]] = {}
        self.full: dict[str, str] = {}
        self.described: dict[str, list[str]] = {}
        self.acronyms: dict[str, str] = {}
        self.bodies: list[tuple[int, str]] = []
        self.people: list[tuple[int, str]] = []
        self.actors = sorted(doc._.actors or [], key=lambda a: a.start) if doc.has_extension("actors") else []
        self.local: dict[int, str] = {}
        #: plural noun -> the name by which its people call themselves
        self.called: dict[str, list[Token]] = {}
        self.shorts: dict[str, str] = {}
        self._meet()
        self.surnames = frozenset(folded(name.split()[-1]) for _, name in self.people)
        self._media()

    def _meet(self) -> None:
        for ent in self.doc.ents:
            name = self._name(ent.root) if ent.root.pos_ == "PROPN" else None
            if ent.label_ == "PERSON" and name:
                parts = name.split()
                if len(parts) > 1:
                    self.full.setdefault(folded(parts[-1]), name)
                self.people.append((ent.start, name))
                described = self.described.setdefault(folded(parts[-1]), [])
                described.extend(self._description(ent.root))
            elif ent.label_ == "ORG" and name and self._surname_alone(name, ent.end):
                self.full.setdefault(folded(name.split()[-1]), name)
                self.people.append((ent.start, name))
                self.described.setdefault(folded(name.split()[-1]), []).extend(self._description(ent.root))
            elif ent.label_ == "ORG":
                run = list(ent)[1:] if len(ent) > 1 and ent[0].dep_ == "det" else list(ent)
                self.bodies.append((run[0].i, self._text(run)))
        for token in self.doc:
            # a name of two or three words that the recogniser did not see, as subject or apposition
            if token.pos_ != "PROPN" or token.ent_type_ or token.dep_ not in ("nsubj", "appos", "nsubjpass"):
                continue
            parts = (self._name(token) or "").split()
            plain = not any(p.lower() in self.roles.nouns or p.lower() in self.roles.countries for p in parts)
            if len(parts) in (2, 3) and plain and parts[-1] not in self.roles.endings:
                self.full.setdefault(folded(parts[-1]), " ".join(parts))
                self.people.append((token.i - len(parts) + 1, " ".join(parts)))
                self.described.setdefault(folded(parts[-1]), []).extend(self._description(token))
        for token in self.doc:
            if token.dep_ in ("oprd", "attr", "ccomp") and token.head.lemma_.lower() in (
                "call",
                "style",
                "name",
                "dub",
            ):
                # "the rebels call themselves the Front of the North"
                themselves = any(c.dep_ in ("dobj", "nsubj") and c.lower_ == "themselves" for c in token.head.rights)
                who = [c for c in token.head.lefts if c.dep_ == "nsubj" and c.tag_ == "NNS"]
                name_run = phrase(token)
                if themselves and who and name_run and name_run[0].text[:1].isupper():
                    self.called.setdefault(who[0].lemma_.lower(), name_run)
        self.people.sort()
        for name in self.full.values():
            self.firsts.setdefault(folded(name.split()[0]), []).append(name)
        for actor in self.actors:
            if actor.kind == "person" and " " in actor.name:
                self.full.setdefault(folded(actor.name.split()[-1]), actor.name)
        for token in self.doc:
            # "Peace Monitoring Group (PMG)": the brackets give the short form
            if token.text == "(" and token.i + 2 < len(self.doc):
                closing = next((k for k in (2, 4) if self.doc[min(token.i + k, len(self.doc) - 1)].text == ")"), 0)
                short = self.doc[token.i + 1 : token.i + closing].text if closing else ""
                if short.isupper() and len(short) > 1 and " " not in short:  # also "(CSP-DPA)"
                    self._acronym(token.i, short)

    def _surname_alone(self, name: str, after: int) -> bool:
        """Whether what the recogniser took for a body is a person: its last word goes on alone as a subject."""
        parts = name.split()
        if len(parts) not in (2, 3) or not all(p.isalpha() and p[:1].isupper() and not p.isupper() for p in parts):
            return False
        if parts[-1] in self.roles.endings or any(p.lower() in self.roles.nouns for p in parts):
            return False
        return any(
            t.text == parts[-1]
            and t.dep_ == "nsubj"
            and t.left_edge.i == t.i
            and t.head.lemma_ in ("say", "tell", "add")
            for t in self.doc[after:]
        )

    def _media(self) -> None:
        """Media that the article names, and the first words by which it calls them later ("Norham")."""
        for token in self.doc:
            if token.lower_ in ("daily", "weekly") and token.dep_ in ("amod", "nmod", "compound", "advmod"):
                # "the weekly Der Bote": the adjective makes a medium of the name, not of "the weekly Norham market"
                run = self._proper(token.i + 1)
                if len(run) and run[-1] == token.head and run[-1].dep_ in ("dobj", "nsubj", "dative", "pobj"):
                    self._note_medium(run, barred=("GPE", "NORP", "DATE", "TIME"))
            if token.pos_ != "NOUN":
                continue
            lemma = token.lemma_.lower()
            row = self.roles.nouns.get(lemma)
            if row is not None and row["person"] == "no" and (row["id"] == "media" or lemma == "agency"):
                # "the agency Norham", "Norham, a newspaper": the noun makes a medium of the name
                self._note_medium(self._proper(token.i + 1))
                if token.dep_ == "appos" and row["id"] == "media" and token.head.pos_ == "PROPN":
                    self._note_medium(self.doc[token.head.left_edge.i : token.head.i + 1], barred=("GPE", "NORP"))
            elif lemma == "interview" and token.head.lower_ in ("in", "during"):
                for child in token.rights:
                    if child.dep_ == "prep" and child.lower_ in ("with", "to"):
                        first = child.i + 1 + (child.i + 1 < len(self.doc) and self.doc[child.i + 1].lower_ == "the")
                        self._note_medium(self._proper(first))
        for ent in self.doc.ents:
            name = self.roles.medium(self._text(list(ent)), self.own)
            if name:
                self.local[ent.start] = name
                parts = [t for t in name.split() if t.lower() != "the"]
                if len(parts) > 1 and parts[-1] in self.roles.endings | {"Agency"} and len(parts[0]) > 3:
                    self.shorts.setdefault(parts[0], name)

    def _proper(self, first: int) -> Span:
        """The name of capitalised words, and numbers after them, that begins at token ``first``."""
        last = first
        while last < len(self.doc) and (
            self.doc[last].pos_ == "PROPN" or (last > first and self.doc[last].text.isdigit())
        ):
            last += 1
        return self.doc[first:last]

    def _note_medium(self, run: Span, barred: tuple[str, ...] = ("PERSON", "DATE", "TIME")) -> None:
        """Note the name of a medium; a person, a day or a country is none."""
        name = self._text([t for t in run if t.lower_ not in ("the", "a")]) if len(run) else ""
        if not name or name.lower() in self.roles.countries or any(t.ent_type_ in barred for t in run):
            return
        self.shorts.setdefault(name, name)

    def is_own(self, name: str) -> bool:
        """Whether ``name`` is the outlet of the article itself, by name or by domain: it has nothing via itself."""
        own = self.own or ""
        site = own.lower().removeprefix("www.").split(".")[0]
        same = own == name or own.startswith(name + " ") or site == name.lower().replace(" ", "")
        return bool(own) and (same or self.roles.media.get(own.lower()) == name)

    def medium(self, name: str) -> str | None:
        """Canonical name of the medium that ``name`` stands for in this article, else None."""
        known = self.roles.medium(name, self.own) or self._of_press(name)
        return known or (name if name in self.shorts and name.lower() not in self.roles.countries else None)

    def _of_press(self, name: str) -> str | None:
        """ "the AFP news agency", "Norwire news agency": a name with the noun that makes a medium of it."""
        parts = name.removeprefix("the ").removeprefix("The ").split()
        nouns = 2 if [p.lower() for p in parts[-2:]] in (["news", "agency"], ["press", "agency"]) else 1
        if len(parts) <= nouns or (nouns == 1 and parts[-1] not in PRESS):
            return None
        owned = [k + 1 for k, p in enumerate(parts) if p.endswith(("'s", "’s"))]
        kept = parts[owned[-1] if owned else 0 : -nouns]  # "Norway's Norwire news agency"
        bare = " ".join(kept)
        plain = not kept or bare.lower() in self.roles.countries or not all(p[:1].isupper() for p in kept)
        return None if plain else self.roles.medium(bare, self.own) or " ".join((*kept, *parts[-nouns:]))

    def _acronym(self, bracket: int, short: str) -> None:
        start = bracket
        initials = ""
        for k in range(bracket - 1, max(-1, bracket - 10), -1):
            word = self.doc[k]
            if word.is_punct or not (word.text[:1].isupper() or word.lower_ in EMPTY):
                break
            if word.text[:1].isupper():
                start = k
                initials = word.text[0] + initials
                if initials == short and self.doc[k].lower_ != "the":
                    break
        if start < bracket and bracket - start > 1:
            run = [t for t in self.doc[start:bracket]]
            if run[0].lower_ in ("the", "a", "an"):
                run = run[1:]
            self.acronyms[short] = self._text(run)

    def _description(self, root: Token) -> list[str]:
        found = [t.lower_ for t in root.lefts for t in t.subtree] + [t.lemma_.lower() for t in root.lefts]
        for child in root.rights:
            if child.dep_ == "appos":
                found += [t.lemma_.lower() for t in child.subtree] + [t.lower_ for t in child.subtree]
        if root.dep_ == "appos" and (office := self._office_of(root)) is not None:
            found += [t.lemma_.lower() for t in phrase(office)] + [t.lower_ for t in phrase(office)]
        if root.dep_ == "appos":
            found += [t.lemma_.lower() for t in phrase(root.head)] + [t.lower_ for t in phrase(root.head)]
        return found + [TITLES[w.strip(".")] for w in found if w.strip(".") in TITLES]

    def _office_of(self, name: Token) -> Token | None:
        """The office whose place the parser gave the name: "the mayor of Norham, Osric Vale,"."""
        place = name.head
        placed = place.dep_ == "pobj" and place.head.lower_ in ("of", "for", "in", "at")
        office = place.head.head if placed else None
        set_off = name.left_edge.i > 0 and self.doc[name.left_edge.i - 1].text == ","
        if office is None or not set_off or name.ent_type_ in ("GPE", "LOC", "NORP", "DATE") or name.pos_ != "PROPN":
            return None
        row = self.roles.nouns.get(office.lemma_.lower())
        person = row is not None and row["person"] == "yes" and office.tag_ not in ("NNS", "NNPS")
        parts = (self._name(name) or "").split()
        plain = not any(p.lower() in self.roles.nouns or p.lower() in self.roles.countries for p in parts)
        return office if person and plain and len(parts) in (2, 3) else None

    def _after_place(self, office: Token) -> Token | None:
        """The name that the parser hung on the place of ``office`` ("the mayor of Norham, Osric Vale,")."""
        for token in self.doc[office.i + 1 : office.right_edge.i + 1]:
            if token.dep_ == "appos" and token.pos_ == "PROPN" and self._office_of(token) == office:
                return token
        return None

    @staticmethod
    def _text(run: list[Token]) -> str:
        text = run[0].doc[run[0].i : run[-1].i + 1].text if run else ""
        text = " ".join(text.split())
        return text.removesuffix("'s").removesuffix("’s").strip(" ,;:")

    def _title(self, token: Token) -> bool:
        if token.lower_.strip(".") in HONORIFICS:
            return True
        row = self.roles.nouns.get(token.lower_.strip("."))
        return row is not None and row["person"] == "yes"

    def _name(self, head: Token) -> str | None:
        """The proper name that ends at or goes on from ``head``, titles and roles stripped; None if there is none."""
        if head.pos_ != "PROPN":
            return None
        run = [head]
        for k in range(head.i - 1, -1, -1):
            token = self.doc[k]
            if token.pos_ not in ("PROPN",) and not (
                token.text in ("de", "van", "von", "der", "al", "bin", "la", "-", "&")
            ):
                break
            if head.ent_type_ == "PERSON" and not token.ent_type_ and head.i - k > 1:
                break  # "Secretary of State Antony Blinken": the recogniser's name has ended
            if self._title(token) or token.sent.start > k:
                break
            run.insert(0, token)
        for k in range(head.i + 1, len(self.doc)):
            token = self.doc[k]
            if (
                token.pos_ != "PROPN"
                or token.head.i not in [t.i for t in run]
                or token.dep_ not in ("flat", "compound", "appos")
            ):
                break
            run.append(token)
        first = run[0].i
        if (
            len(run) > 2
            and first > 1
            and self.doc[first - 1].lower_ in ("of", "for")
            and self._title(self.doc[first - 2])
        ):
            run = run[-2:]  # "Minister of Foreign Affairs Ada Brandt"
        return self._text(run) or None
