"""Who speaks: from the words that stand for a source to the fullest name that the article gives.

Pronouns, last names, short forms ("the ministry"), roles ("the minister") and possessors ("his office") are followed
back through the article. Nothing here looks at what was said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from spacy.tokens import Doc, Token

from analysis.components.roles import EMPTY, Roles, folded

PERSONAL = {
    "he": "person",
    "she": "person",
    "they": "many",
    "it": "body",
    "who": "antecedent",
    "which": "antecedent",
}
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
    return [
        w.strip(",.()“”\"'‘’")
        for w in text.lower().replace("’s", " ").replace("'s", " ").split()
    ]


def phrase(head: Token) -> list[Token]:
    """Tokens of the noun phrase of ``head`` without its determiner, clauses, appositions and bracketed parts."""
    dropped: set[int] = set()
    for token in head.subtree:
        if token.i == head.i:
            continue
        after_comma = (
            token.left_edge.i > head.i
            and head.doc[token.left_edge.i - 1].text in ",(—–-:"
        )
        if (token.dep_ in CUT and not (token.dep_ == "acl" and not after_comma)) or (
            after_comma and token.dep_ not in ("conj", "punct", "cc")
        ):
            dropped.update(t.i for t in token.subtree)
        if token.dep_ == "conj" and token.pos_ in ("VERB", "AUX"):
            dropped.update(t.i for t in token.subtree)
    kept = [t for t in head.subtree if t.i not in dropped and not t.is_space]
    while (
        kept
        and kept[0].i != head.i
        and (
            kept[0].dep_ in LEFT
            or kept[0].is_punct
            or kept[0].lower_ in ("the", "a", "an")
        )
    ):
        kept.pop(0)
    while (
        kept
        and kept[-1].i != head.i
        and (kept[-1].is_punct or kept[-1].dep_ in ("cc", "case"))
    ):
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
    while (
        len(run) > 1
        and run[-1].i != head.i
        and (run[-1].is_punct or run[-1].dep_ in ("cc", "case"))
    ):
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
        self.actors = (
            sorted(doc._.actors or [], key=lambda a: a.start)
            if doc.has_extension("actors")
            else []
        )
        self._meet()

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
            if (
                token.text == "("
                and token.i + 2 < len(self.doc)
                and self.doc[token.i + 2].text == ")"
            ):
                short = self.doc[token.i + 1].text
                if short.isupper() and len(short) > 1:
                    self._acronym(token.i, short)

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
        found = [t.lower_ for t in root.lefts for t in t.subtree] + [
            t.lemma_.lower() for t in root.lefts
        ]
        for child in root.rights:
            if child.dep_ == "appos":
                found += [t.lemma_.lower() for t in child.subtree] + [
                    t.lower_ for t in child.subtree
                ]
        if root.dep_ == "appos":
            found += [t.lemma_.lower() for t in phrase(root.head)] + [
                t.lower_ for t in phrase(root.head)
            ]
        return found

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
        if medium := self.roles.medium(text, self.own) or self.roles.medium(
            self._name(head) or "", self.own
        ):
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
            rest = self._text(
                [t for t in run if t.i > child.right_edge.i and t.dep_ != "case"]
            )
            return f"{owner.name}'s {rest}"
        return text

    def _person(self, head: Token) -> Speaker | None:
        proper = head
        if head.pos_ != "PROPN" or (self._title(head) and head.ent_type_ != "PERSON"):
            for child in head.rights:
                if (
                    child.dep_ == "appos"
                    and child.pos_ == "PROPN"
                    and (
                        child.ent_type_ == "PERSON"
                        or (self._title(head) and child.ent_type_ in ("", "ORG", "GPE"))
                    )
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
            self._title(t)
            for t in self.doc[max(0, proper.i - 4) : proper.i]
            if t.head.i in (proper.i, proper.head.i)
        )
        known = key in self.full or any(
            folded(n.split()[-1]) == key for _, n in self.people
        )
        if not (
            proper.ent_type_ == "PERSON"
            or titled
            or proper is not head
            or (known and len(name.split()) == 1)
        ):
            return None
        if (
            proper.ent_type_ in ("ORG", "NORP")
            and proper is head
            and not titled
            and not known
        ):
            return None
        full = self.full.get(key, name) if len(name.split()) == 1 else name
        described = (
            self.described.get(key, [])
            + self._description(head)
            + self._description(proper)
        )
        row = self.roles.row(w for w in described if w in self.roles.nouns)
        actor = self._actor(proper.idx, proper.idx + len(proper))
        party = (actor.party if actor else None) or self.roles.country(described)
        kind = (actor.source_kind if actor else None) or (
            row["source_kind"] if row and row["source_kind"] else None
        )
        return Speaker(
            full,
            0,
            0,
            key,
            party,
            kind or "other",
            True,
            person=True,
            lemma=head.lemma_.lower(),
        )

    def _actor(self, start: int, end: int):  # type: ignore[no-untyped-def]
        for actor in self.actors:
            if actor.start < end and start < actor.end:
                return actor
        return None

    def _body(
        self, text: str, head: Token, run: list[Token], start: int, end: int
    ) -> Speaker:
        lemmas = [t.lemma_.lower() for t in run]
        listed = words(text)
        own_row = self.roles.nouns.get(head.lemma_.lower()) or self.roles.nouns.get(
            head.lower_
        )
        kind = own_row["source_kind"] if own_row else None
        person = bool(own_row and own_row["person"] == "yes")
        beside = self.roles.row(
            w for w in [*lemmas, *listed] if w != head.lemma_.lower()
        )
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
            definite = any(
                t.dep_ in ("det", "poss") and t.lower_ not in ("a", "an", "some")
                for t in head.lefts
            )
            plural = head.tag_ in ("NNS", "NNPS")
            named = definite and not plural if person else (definite or not plural)
        key = [
            folded(self.roles.country([w]) or w) for w in listed if w not in EMPTY and w
        ]
        speaker_id = (
            folded(self.roles.countries[" ".join(listed)])
            if bare_country
            else " ".join(dict.fromkeys(key))
        )
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
        return (
            sum(1 for t in self.doc[first:second] if t.is_sent_start)
            if second > first
            else 0
        )

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
                    head.text,
                    head.idx,
                    head.idx + len(head),
                    head.lower_,
                    None,
                    "other",
                    False,
                    plural=True,
                    at=head.i,
                )
            return None
        if want == "antecedent":
            verb = head.head
            antecedent = verb.head if verb.dep_ == "relcl" else None
            return (
                self.resolve(antecedent)
                if antecedent is not None and antecedent.i != head.i
                else None
            )
        found = self._recent(head.sent.start, head.i, want)
        named = self._last_person(head) if want == "person" else None
        if named is not None and (found is None or named.at > found.at):
            found = named
        if found is None and want != "person":
            found = self._last_body(head)
        if found is None:
            return None
        return replace(found, start=head.idx, end=head.idx + len(head), at=head.i)

    def _last_person(self, head: Token) -> Speaker | None:
        """The last person before ``head`` that is the subject of its clause, within reach."""
        for start, _ in reversed(self.people):
            if start >= head.i:
                continue
            if self._distance(start, head.i) > 2:
                return None
            token = self.doc[start]
            while token.dep_ in ("compound", "flat") and token.head.i > token.i:
                token = token.head
            if token.dep_ in ("appos",):
                token = token.head
            if token.dep_ in ("nsubj", "nsubjpass"):
                person = self.resolve(token)
                return replace(person, at=token.i) if person else None
        return None

    def _last_body(self, head: Token) -> Speaker | None:
        for start, text in reversed(self.bodies):
            if start < head.i and self._distance(start, head.i) <= 2:
                token = self.doc[start]
                while token.dep_ == "compound":
                    token = token.head
                if token.dep_ == "nsubj":
                    return self._body(
                        text, token, [token], token.idx, token.idx + len(token)
                    )
        return None

    def _short(self, head: Token, run: list[Token]) -> Speaker | None:
        """Follow "the ministry", "the officer", "the unions" back to the fuller phrase with the same noun."""
        definite = any(
            t.dep_ == "det" and t.lower_ in ("the", "that", "this", "these", "those")
            for t in head.lefts
        )
        if (
            not definite
            or head.pos_ == "PROPN"
            and len(run) > 1
            or len(run) > 2
            or head.sent.start == 0
        ):
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
                if (
                    turn.person
                    and turn.at < head.i
                    and lemma in self.described.get(turn.speaker_id, ())
                ):
                    return turn
            for start, name in reversed(self.people):
                key = folded(name.split()[-1])
                if start < head.i and lemma in self.described.get(key, ()):
                    return self.resolve_name(start)
            return None
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
                if (
                    not turn.person
                    and turn.at < head.i
                    and turn.name[:1].isupper()
                    and not turn.medium
                ):
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
