"""Who speaks: from the words that stand for a source to the fullest name that the article gives.

Pronouns, last names, short forms ("the ministry"), roles ("the minister") and possessors ("his office") are followed
back through the article. Nothing here looks at what was said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from analysis.components.roles import EMPTY, Roles, folded

PERSONAL = {"he": "person", "she": "person", "they": "many", "it": "body", "who": "antecedent", "which": "antecedent"}
FIRST = frozenset(("i", "we", "you", "us", "me", "one"))
#: document nouns that only repeat a speaker told before ("the report", "the statement")
LEFT = ("det", "predet", "cc", "preconj", "punct", "case", "advmod", "mark", "intj")
CUT = ("relcl", "acl", "appos", "ccomp", "advcl", "parataxis", "dep", "csubj", "xcomp")
HONORIFICS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "sir",
        "dame",
        "lord",
        "lady",
        "prof",
        "professor",
        "rev",
        "fr",
        "st",
        "gen",
        "col",
        "lt",
        "maj",
        "sgt",
        "capt",
    ]
)
#: short titles before a name
TITLES = {
    "gen": "general", "col": "colonel", "gov": "governor", "sen": "senator", "rep": "representative", "lt": "lieutenant",
    "capt": "captain", "sgt": "sergeant", "maj": "major", "prof": "professor", "pm": "minister", "premier": "minister",
}  # fmt: skip
#: endings of nouns for people who do something, for nouns that the codebook does not know
AGENTIVE = ("er", "or", "ist", "ian", "ant", "ent", "ee", "man", "woman", "eon")
#: words of rank that do not tell one office from another
RANKS = frozenset(
    ("top", "senior", "chief", "former", "country", "deputy", "own", "provincial", "regional", "local", "new", "then")
)
AFTER_COMMA = ("prep", "npadvmod", "nmod", "amod", "advmod", "nummod", "dep")
REACH = 4


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


def words(text: str) -> list[str]:
    """Lower-case words of a phrase, possessive marks apart."""
    return [w.strip(",.()“”\"'‘’") for w in text.lower().replace("’s", " ").replace("'s", " ").split()]


def _parts(mark: Token) -> bool:
    """Whether the mark sets off what follows it: a hyphen does only between blanks."""
    return mark.text in ",(—–:" or (mark.text == "-" and bool(mark.whitespace_))


def phrase(head: Token) -> list[Token]:
    """Tokens of the noun phrase of ``head`` without its determiner, clauses, appositions and bracketed parts."""
    dropped: set[int] = set()
    for token in head.subtree:
        if token.i == head.i:
            continue
        after_comma = token.left_edge.i > head.i and _parts(head.doc[token.left_edge.i - 1])
        listed = token.dep_ == "appos" and any(c.dep_ == "cc" for t in token.subtree for c in t.children)
        cut = token.dep_ in CUT and not listed and not (token.dep_ == "acl" and not after_comma)
        if cut or (after_comma and token.dep_ in AFTER_COMMA):
            dropped.update(t.i for t in token.subtree)
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
    while len(run) > 1 and run[-1].i != head.i and (run[-1].is_punct or run[-1].dep_ in ("cc", "case")):
        run.pop()
    return run


class Cast:
    """The speakers of one article. Build once a Doc; ``resolve`` is asked in the order of the text."""

    def __init__(self, doc: Doc, roles: Roles) -> None:
        self.doc = doc
        self.roles = roles
        self.own = doc._.outlet if doc.has_extension("outlet") else None
        self.turns: list[Speaker] = []
        self.full: dict[str, str] = {}
        self.described: dict[str, list[str]] = {}
        self.acronyms: dict[str, str] = {}
        self.bodies: list[tuple[int, str]] = []
        self.people: list[tuple[int, str]] = []
        self.actors = sorted(doc._.actors or [], key=lambda a: a.start) if doc.has_extension("actors") else []
        self.local: dict[int, str] = {}
        self.shorts: dict[str, str] = {}
        self._meet()
        self.surnames = frozenset(folded(name.split()[-1]) for _, name in self.people)
        self._media()

    # -- what the article tells about its people and bodies

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
            elif ent.label_ == "ORG":
                text = self._text(list(ent))
                self.bodies.append((ent.start, text))
        for token in self.doc:
            # "Peace Monitoring Group (PMG)": the brackets give the short form
            if token.text == "(" and token.i + 2 < len(self.doc) and self.doc[token.i + 2].text == ")":
                short = self.doc[token.i + 1].text
                if short.isupper() and len(short) > 1:
                    self._acronym(token.i, short)

    def _media(self) -> None:
        """Media that the article names, and the first words by which it calls them later ("Meridian")."""
        for token in self.doc:
            # "the agency Meridian": the noun makes a medium of the name
            row = self.roles.nouns.get(token.lemma_.lower())
            if row is None or not (row["id"] == "media" or token.lower_ == "agency") or token.i + 1 >= len(self.doc):
                continue
            after = self.doc[token.i + 1]
            if token.pos_ == "NOUN" and after.pos_ == "PROPN" and (token.head.i == after.i or after.head.i == token.i):
                self.shorts.setdefault(after.text, after.text)
        for ent in self.doc.ents:
            name = self.roles.medium(self._text(list(ent)), self.own)
            if name:
                self.local[ent.start] = name
                parts = [t for t in name.split() if t.lower() != "the"]
                if len(parts) > 1 and parts[-1] in self.roles.endings | {"Agency"} and len(parts[0]) > 3:
                    self.shorts.setdefault(parts[0], name)

    def is_own(self, name: str) -> bool:
        """Whether ``name`` is the outlet of the article itself, by name or by domain: it has nothing via itself."""
        own = self.own or ""
        site = own.lower().removeprefix("www.").split(".")[0]
        return bool(own) and (own == name or own.startswith(name + " ") or site == name.lower().replace(" ", ""))

    def medium(self, name: str) -> str | None:
        """Canonical name of the medium that ``name`` stands for in this article, else None."""
        known = self.roles.medium(name, self.own)
        return known or (name if name in self.shorts and name.lower() not in self.roles.countries else None)

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
        if root.dep_ == "appos":
            found += [t.lemma_.lower() for t in phrase(root.head)] + [t.lower_ for t in phrase(root.head)]
        return found + [TITLES[w.strip(".")] for w in found if w.strip(".") in TITLES]

    @staticmethod
    def _text(run: list[Token]) -> str:
        text = run[0].doc.text[run[0].idx : run[-1].idx + len(run[-1])] if run else ""
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
        return self._text(run) or None

    # -- resolution

    def resolve(self, head: Token) -> Speaker | None:
        """The speaker for whom the noun phrase of ``head`` stands, None where it stands for nobody ("we", "this")."""
        if head.lower_ in PERSONAL or head.pos_ == "PRON":
            return self._pronoun(head)
        run = phrase(head)
        text = self._text(run)
        if not text:
            return None
        start, end = run[0].idx, run[-1].idx + len(run[-1])
        if medium := self.medium(text) or self.medium(self._name(head) or ""):
            return Speaker(
                medium,
                start,
                end,
                medium.lower(),
                None,
                "media",
                True,
                medium=True,
                lemma=head.lemma_.lower(),
                at=head.i,
            )
        conjoined = any(t.dep_ == "conj" for t in head.children if t in run)
        if not conjoined:
            if person := self._person(head):
                return replace(person, start=start, end=end, at=head.i)
            if short := self._short(head, run):
                return replace(short, start=start, end=end, at=head.i)
        if head.text in self.acronyms and len(run) == 1:
            text = self.acronyms[head.text]
        text = self._possessed(head, run, text)
        return self._body(text, head, run, start, end)

    def _possessed(self, head: Token, run: list[Token], text: str) -> str:
        """ "Turk's office" -> "Volker Turk's office", "his office" -> "Volker Turk's office"."""
        for child in head.lefts:
            if child.dep_ != "poss" or child not in run:
                continue
            owner = self.resolve(child) if child.pos_ == "PRON" else self._person(child)
            if owner is None:
                continue
            rest = self._text([t for t in run if t.i > child.right_edge.i and t.dep_ != "case"])
            return f"{owner.name}'s {rest}"
        return text

    def _person(self, head: Token) -> Speaker | None:
        proper = head
        if head.pos_ != "PROPN" or (self._title(head) and head.ent_type_ != "PERSON"):
            for child in head.rights:
                if (
                    child.dep_ == "appos"
                    and child.pos_ == "PROPN"
                    and (child.ent_type_ == "PERSON" or (self._title(head) and child.ent_type_ in ("", "ORG", "GPE")))
                ):
                    proper = child
                    break
            else:
                return None
        name = self._name(proper)
        if not name:
            return None
        key = folded(name.split()[-1])
        titled = any(
            self._title(t) for t in self.doc[max(0, proper.i - 4) : proper.i] if t.head.i in (proper.i, proper.head.i)
        )
        known = key in self.full or any(folded(n.split()[-1]) == key for _, n in self.people)
        if not (proper.ent_type_ == "PERSON" or titled or proper is not head or (known and len(name.split()) == 1)):
            return None
        if proper.ent_type_ in ("ORG", "NORP") and proper is head and not titled and not known:
            return None
        full = self.full.get(key, name) if len(name.split()) == 1 else name
        described = self.described.get(key, []) + self._description(head) + self._description(proper)
        row = self.roles.row(w for w in described if w in self.roles.nouns)
        actor = self._actor(proper.idx, proper.idx + len(proper))
        party = (actor.party if actor else None) or self.roles.country(described)
        kind = (actor.source_kind if actor else None) or (row["source_kind"] if row and row["source_kind"] else None)
        return Speaker(full, 0, 0, key, party, kind or "other", True, person=True, lemma=head.lemma_.lower())

    def _actor(self, start: int, end: int):  # type: ignore[no-untyped-def]
        for actor in self.actors:
            if actor.start < end and start < actor.end:
                return actor
        return None

    def _body(self, text: str, head: Token, run: list[Token], start: int, end: int) -> Speaker:
        lemmas = [t.lemma_.lower() for t in run]
        listed = words(text)
        own_row = self.roles.nouns.get(head.lemma_.lower()) or self.roles.nouns.get(head.lower_)
        kind = own_row["source_kind"] if own_row else None
        person = bool(own_row and own_row["person"] == "yes")
        if own_row is None and head.pos_ == "NOUN" and head.lower_.endswith(AGENTIVE):
            person = True
        beside = self.roles.row(w for w in [*lemmas, *listed] if w != head.lemma_.lower())
        if own_row is None or not kind:
            kind = beside["source_kind"] if beside and beside["source_kind"] else kind
        multi = self.roles.nouns.get(" ".join(listed)) or self.roles.row(listed[-3:])
        if multi is not None and len(multi["match"]) and not kind:
            kind = multi["source_kind"]
        party = self.roles.country(listed)
        actor = self._actor(start, end)
        if actor is not None:
            party = actor.party or party
            kind = kind or actor.source_kind
        if not kind and head.lemma_.lower() == "official":
            kind = "government"
        bare_country = " ".join(listed) in self.roles.countries
        if not kind and bare_country:
            kind = "government"
        named = True
        if own_row is not None and own_row["named"] == "false":
            named = False
        elif person or (head.pos_ == "NOUN" and own_row is not None):
            definite = any(t.dep_ in ("det", "poss") and t.lower_ not in ("a", "an", "some") for t in head.lefts)
            plural = head.tag_ in ("NNS", "NNPS")
            named = definite and not plural if person else (definite or not plural)
        key = [folded(self.roles.country([w]) or w) for w in listed if w not in EMPTY and w]
        speaker_id = folded(self.roles.countries[" ".join(listed)]) if bare_country else " ".join(dict.fromkeys(key))
        return Speaker(
            text, start, end, speaker_id, party, kind or "other", named, person=person,
            plural=head.tag_ in ("NNS", "NNPS"), lemma=head.lemma_.lower(), at=head.i,
        )  # fmt: skip

    def _recent(self, sent_start: int, at: int, want: str) -> Speaker | None:
        for turn in reversed(self.turns):
            if turn.at >= at:
                continue
            if self._distance(turn.at, at) > REACH:
                break
            if want == "person" and turn.person and not turn.plural:
                return turn
            if want == "many" and (turn.plural or not turn.person):
                return turn
            if want == "body" and not turn.person and not turn.plural:
                return turn
        return None

    def _distance(self, first: int, second: int) -> int:
        """How many sentences with a verb begin between two tokens: headlines and page furniture do not count."""
        if second <= first:
            return 0
        return sum(1 for t in self.doc[first:second] if t.is_sent_start and any(w.pos_ == "VERB" for w in t.sent))

    def _pronoun(self, head: Token) -> Speaker | None:
        want = PERSONAL.get(head.lower_)
        if head.lower_ in ("his", "her"):
            want = "person"
        if head.lower_ in ("its",):
            want = "body"
        if head.lower_ in ("their", "many", "some", "others", "several"):
            want = "many" if head.lower_ == "their" else None
        if want is None:
            if head.lower_ in ("some", "many", "others", "several", "both"):
                return Speaker(
                    head.text, head.idx, head.idx + len(head), head.lower_, None, "other", False, plural=True, at=head.i
                )
            return None
        if want == "antecedent":
            verb = head.head
            antecedent = verb.head if verb.dep_ == "relcl" else None
            return self.resolve(antecedent) if antecedent is not None and antecedent.i != head.i else None
        found = self._recent(head.sent.start, head.i, want)
        named = self._last_subject(head, want)
        if named is not None and (found is None or named.at > found.at):
            found = named
        if found is None:
            end = head.idx + len(head)
            return Speaker(
                head.text, head.idx, end, head.lower_, None, "other", False, plural=want == "many", at=head.i
            )
        return replace(found, start=head.idx, end=head.idx + len(head), at=head.i)

    def _last_subject(self, head: Token, want: str) -> Speaker | None:
        """The last subject before ``head`` that the pronoun can stand for, within reach."""
        for k in range(head.i - 1, -1, -1):
            token = self.doc[k]
            if token.is_sent_start and self._distance(k, head.i) > 2:
                return None
            if token.dep_ not in ("nsubj", "nsubjpass") or token.pos_ not in ("NOUN", "PROPN"):
                continue
            plural = token.tag_ in ("NNS", "NNPS")
            row = self.roles.nouns.get(token.lemma_.lower())
            human = token.ent_type_ == "PERSON" or folded(token.text) in self.surnames
            human = human or (row is not None and row["person"] == "yes" and not plural)
            human = human or (row is None and token.pos_ == "NOUN" and not plural and token.lower_.endswith(AGENTIVE))
            body = token.ent_type_ in ("ORG", "GPE") or (row is not None and row["person"] == "no" and not plural)
            fits = {"person": human, "body": body and not human, "many": plural and row is not None}[want]
            if fits:
                found = self.resolve(token)
                return replace(found, at=token.i) if found else None
        return None

    def _holder(self, head: Token, run: list[Token]) -> Speaker | None:
        """The named person whom the article gives the office of ``head`` ("the country's top commander")."""
        row = self.roles.nouns.get(head.lemma_.lower())
        if row is None or row["person"] != "yes" or row["named"] != "true" or head.tag_ in ("NNS", "NNPS"):
            return None
        if any(t.dep_ == "det" and t.lower_ in ("a", "an", "another", "some", "one") for t in head.lefts):
            return None
        wanted = {w for w in words(self._text(run)) if w not in EMPTY}
        scored: dict[str, int] = {}
        for _, name in self.people:
            key = folded(name.split()[-1])
            described = self.described.get(key, [])
            if head.lemma_.lower() in described:
                scored[key] = len(wanted & set(described))
        if not scored:
            return None
        best = max(scored.values())
        holders = [key for key, score in scored.items() if score == best]
        if len(holders) != 1:
            return None
        # other words of the phrase may not tell of another office ("interior", "foreign")
        modifiers = {t.lower_ for t in head.lefts if t.dep_ in ("compound", "amod") and t.lower_ not in RANKS}
        if modifiers - set(self.described[holders[0]]) and best < 2:
            return None
        for start, name in self.people:
            if folded(name.split()[-1]) == holders[0]:
                return self.resolve_name(start)
        return None

    def _short(self, head: Token, run: list[Token]) -> Speaker | None:
        """Follow "the ministry", "the officer", "the unions" back to the fuller phrase with the same noun."""
        if holder := self._holder(head, run):
            return holder
        definite = any(t.dep_ == "det" and t.lower_ in ("the", "that", "this", "these", "those") for t in head.lefts)
        if not definite or head.pos_ == "PROPN" and len(run) > 1 or len(run) > 2 or head.sent.start == 0:
            return None
        lemma = head.lemma_.lower()
        row = self.roles.nouns.get(lemma)
        # the same noun in fuller words
        for token in reversed(self.doc[: run[0].i]):
            if token.lemma_.lower() != lemma or token.pos_ not in ("NOUN", "PROPN"):
                continue
            if (
                row is not None
                and row["person"] == "yes"
                and (token.tag_ in ("NNS", "NNPS")) != (head.tag_ in ("NNS", "NNPS"))
            ):
                continue
            if person := self._titled(token):
                return person
            other = phrase(token)
            if token.dep_ == "compound" or len(other) <= len(run):
                continue
            text = self._possessed(token, other, self._text(other))
            return self._body(text, token, other, 0, 0)
        if row is None:
            return None
        if row["person"] == "yes":
            for turn in reversed(self.turns):
                if turn.person and turn.at < head.i and lemma in self.described.get(turn.speaker_id, ()):
                    return turn
            for start, name in reversed(self.people):
                key = folded(name.split()[-1])
                if start < head.i and lemma in self.described.get(key, ()):
                    return self.resolve_name(start)
            return None
        if row["id"] == "media" or lemma == "agency":
            for start in sorted(self.local, reverse=True):
                if start < head.i:
                    name = self.local[start]
                    return Speaker(name, 0, 0, name.lower(), None, "media", True, medium=True, lemma=lemma)
        if lemma in (
            "agency",
            "group",
            "organisation",
            "organization",
            "charity",
            "company",
            "body",
            "utility",
            "union",
            "bank",
        ):
            for turn in reversed(self.turns):
                if not turn.person and turn.at < head.i and turn.name[:1].isupper() and not turn.medium:
                    return turn
        return None

    def _titled(self, token: Token) -> Speaker | None:
        """The person whose name goes with the title ``token`` ("minister" in "Interior Minister Tomas Orlec")."""
        if not self._title(token):
            return None
        if token.dep_ == "compound" and token.head.pos_ == "PROPN":
            return self._person(token.head)
        if token.dep_ == "appos" and token.head.pos_ == "PROPN":
            return self._person(token.head)
        return self._person(token) if token.pos_ in ("NOUN", "PROPN") else None

    def resolve_name(self, start: int) -> Speaker | None:
        """The speaker of the person entity that begins at token ``start``."""
        token = self.doc[start]
        while token.dep_ in ("compound", "flat") and token.head.i > token.i:
            token = token.head
        return self._person(token)
