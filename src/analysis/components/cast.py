"""Who speaks: pronouns, short forms, roles and possessors followed through the article to a speaker."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from analysis.codebook import Row
from analysis.components.mentions import ActorMention
from analysis.components.roles import EMPTY, folded
from analysis.components.short_forms import ShortForms
from analysis.components.speakers import AGENTIVE, PERSONAL, Speaker, phrase, words
from analysis.components.word_classes import word_class

#: armed forces of a state and the people in them
FORCES = word_class("state_forces")
SOLDIERS = word_class("state_soldiers")


class Cast(ShortForms):
    """The speakers of one article. Build once a Doc; ``resolve`` is asked in the order of the text."""

    # -- resolution

    def resolve(self, head: Token) -> Speaker | None:
        """The speaker for whom the noun phrase of ``head`` stands, None where it stands for nobody ("we", "this")."""
        if (head.lower_ in PERSONAL or head.pos_ == "PRON") and head.text != "WHO":
            return self._pronoun(head)
        if head.lower_.endswith("year-old") or (head.lower_ == "old" and head.i > 3 and self._title_free(head)):
            return self._recent(head.i, "person") or self._last_subject(head, "person")
        run = phrase(head)
        text = self._text(run)
        if not text or not text[0].isalnum():
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
        named = self._apposed(head)
        if named is not None:
            return self._body(self._text(named), named[-1], named, start, named[-1].idx + len(named[-1]))
        if head.lower_ == "one" and (person := self._one_of(head)) is not None:
            return replace(person, start=start, end=end, at=head.i)
        if (name := self._calls_himself(head)) is not None:
            return replace(self._body(self._text(name), name[-1], name, start, end), person=True)
        if len(run) == 1 and head.lemma_.lower() in FORCES and head.pos_ == "NOUN" and (nation := self._nation(head)):
            return self._body(f"{nation} {text}", head, run, start, end)
        conjoined = any(t.dep_ == "conj" for t in head.children if t in run)
        if not conjoined:
            if person := self._person(head):
                return replace(person, start=start, end=end, at=head.i)
            if short := self._short(head, run):
                return replace(short, start=start, end=end, at=head.i)
        if text in self.acronyms:
            text = self.acronyms[text]
        text = self._possessed(head, run, text)
        if len(run) == 1 and head.lemma_.lower().startswith("spokes") and any(t.lower_ == "a" for t in head.lefts):
            body = self._last_subject(head, "body") or self._silent(head)
            if body is not None and body.name[:1].isupper():
                text = f"{body.name} {text}"  # "Norvik declined to comment. A spokesman said": Norvik's
        if len(run) == 1 and (name := self.called.get(head.lemma_.lower())) and head.tag_ == "NNS":
            return self._body(self._text(name), name[-1], name, start, end)
        return self._body(text, head, run, start, end)

    def _one_of(self, head: Token) -> Speaker | None:
        """ "one of the strikers, Ana Ruiz,": the name that follows is who speaks."""
        for token in self.doc[head.i + 1 : head.right_edge.i + 1]:
            if token.dep_ == "appos" and token.pos_ == "PROPN" and self.doc[token.left_edge.i - 1].text == ",":
                run = phrase(token)
                plain = len(run) == 2 and all(t.pos_ == "PROPN" for t in run)
                return self._person(token) or (self._body(self._text(run), token, run, 0, 0) if plain else None)
        return None

    def _calls_himself(self, head: Token) -> list[Token] | None:
        """ "a man who called himself Captain Ilmo", "who gave his name as Anton": the name that he gives."""
        for verb in head.rights:
            if verb.dep_ != "relcl" or verb.lemma_.lower() not in ("call", "identify", "name", "introduce", "give"):
                continue
            at = next((t.i for t in verb.rights if t.lower_ in ("himself", "herself", "name")), None)
            if at is None:
                continue
            while at + 1 < verb.sent.end and self.doc[at + 1].lower_ in ("only", "as", "simply", "just"):
                at += 1
            run = list(self._proper(at + 1))
            if run:
                return run
        return None

    def known(self, head: Token, run: list[Token]) -> Speaker | None:
        """The person, medium or fuller name for which the words ``run`` stand, whatever the parse made of them."""
        start, end = run[0].idx, run[-1].idx + len(run[-1])
        if medium := self.medium(self._text(run)):
            return Speaker(medium, start, end, medium.lower(), None, "media", True, medium=True, at=head.i)
        found = self._person(head) or (self._short(head, run) if len(run) == 1 else None)
        return replace(found, start=start, end=end, at=head.i) if found is not None else None

    def _nation(self, force: Token) -> str:
        """Whose "the army" is: the country that the article gives an army, else the only one whose soldiers it tells of."""
        for nouns in (FORCES, SOLDIERS):
            found: dict[str, str] = {}
            for token in self.doc:
                if token.lemma_.lower() not in nouns or token.pos_ not in ("NOUN", "PROPN"):
                    continue
                of = [g for c in token.rights if c.dep_ == "prep" and c.lower_ == "of" for g in c.rights]
                for word in (*(c for c in token.lefts if c.dep_ in ("amod", "compound", "nmod", "poss")), *of):
                    country = self.roles.countries.get(word.lower_)
                    if country:
                        found.setdefault(country, f"{country}'s")
            if found:
                return next(iter(found.values())) if len(found) == 1 else ""
        return ""

    def _silent(self, head: Token) -> Speaker | None:
        """The firm of the sentence before that declined to comment, if the recogniser took its name for a person's."""
        last = self.turns[-1] if self.turns else None
        silent = (
            any(t.lemma_ in ("decline", "refuse", "respond") for t in self.doc[last.at : head.i]) if last else False
        )
        known = last is None or ((folded(last.name) in self.full or " " in last.name) and not silent) or last.plural
        return None if known or last is None or self._distance(last.at, head.i) > 1 else last

    def _behind_noun(self, head: Token) -> list[Token] | None:
        """ "Rights group Open Doors", "the Paris-based Open Doors": what stands before the name tells what it is."""
        run = phrase(head)
        for k in range(len(run) - 2, -1, -1):
            row = self.roles.nouns.get(run[k].lemma_.lower())
            noun = run[k].pos_ == "NOUN" and row is not None and row["person"] == "no"
            based = run[k].lower_ == "based" and k > 0
            name = run[k + 1 :]
            if (noun or based) and all(t.pos_ == "PROPN" or t.text in "-&" for t in name) and name[-1].i == run[-1].i:
                return name if name[0].text[:1].isupper() else None
        return None

    def _apposed(self, head: Token) -> list[Token] | None:
        """The name of a body after its noun: "the rights group Open Doors", "the weather agency, Meteon,"."""
        if head.pos_ == "PROPN":
            return self._behind_noun(head)
        row = self.roles.nouns.get(head.lemma_.lower())
        if row is None or row["person"] == "yes" or head.pos_ != "NOUN" or head.i + 1 >= len(self.doc):
            return None
        # "a coalition of civic groups, Lantern,": the parser hangs the name on the last noun
        of = [g for c in head.rights if c.dep_ == "prep" and c.lower_ == "of" for g in c.rights if g.dep_ == "pobj"]
        for child in [*head.rights, *(c for g in of for c in g.rights)]:
            if child.dep_ != "appos" or child.pos_ != "PROPN":
                continue
            first, after = child.left_edge.i, child.right_edge.i + 1
            if first == head.i + 1:
                return list(self.doc[first : child.i + 1])
            closed = after < len(self.doc) and self.doc[after].text in (",", ".", "–", "—", ")")
            if self.doc[first - 1].text != "," or not closed or child.ent_type_ in ("PERSON", "GPE", "NORP", "DATE"):
                continue
            first += self.doc[first].lower_ in ("the", "a")
            run = list(self.doc[first : child.i + 1])
            known = self.roles.nouns.get(child.lemma_.lower())
            if all(t.pos_ == "PROPN" or t.text in "-&" for t in run) and (known is None or len(run) > 1):
                return run
        return None

    def _possessed(self, head: Token, run: list[Token], text: str) -> str:
        """ "Vale's office" -> "Osric Vale's office", "his office" -> "Osric Vale's office"."""
        for child in head.lefts:
            if child.dep_ != "poss" or child not in run:
                continue
            owner = self.resolve(child) if child.pos_ == "PRON" else self._person(child)
            if owner is None or owner.name.lower() in PERSONAL or owner.name == child.text:
                continue
            rest = self._text([t for t in run if t.i > child.right_edge.i and t.dep_ != "case" and t.lower_ != "own"])
            many = next(
                (w for w in owner.name.split() if owner.lemma and w.islower() and w.startswith(owner.lemma)), ""
            )
            if owner.plural and child.pos_ == "PRON" and many.endswith("s"):
                return f"{many}' {rest}"  # "some 12,400 dockers ... their union": the dockers' union
            return f"{owner.name}'s {rest}"
        return text

    def _person(self, head: Token) -> Speaker | None:
        proper = head
        if head.pos_ != "PROPN" or (self._title(head) and head.ent_type_ != "PERSON"):
            for child in head.rights:
                if (
                    child.dep_ == "appos"
                    and child.pos_ == "PROPN"
                    and self.doc[child.left_edge.i - 1].text != "("
                    and (child.ent_type_ == "PERSON" or (self._title(head) and child.ent_type_ in ("", "ORG", "GPE")))
                ):
                    proper = child
                    break
            else:
                named = self._after_place(head)
                if named is None:
                    return None
                proper = named
        name = self._name(proper)
        office = self.roles.nouns.get(proper.lower_)
        if proper is head and proper.ent_type_ != "PERSON" and office is not None and office["person"] == "no":
            return None  # "General Staff" is a body, whatever stands before it
        key = folded(name.split()[-1]) if name else ""
        if not name or (name.lower() in self.roles.countries and key not in self.full):
            return None
        last = name.split()[-1]
        if " " in name and last.isupper() and len(last) > 2 and not name.isupper():
            return None  # "Kyauk Gyi PDF"
        titled = any(
            self._title(t) for t in self.doc[max(0, proper.i - 4) : proper.i] if t.head.i in (proper.i, proper.head.i)
        )
        if len(name.split()) == 1 and key not in self.full and len(self.firsts.get(key, ())) == 1:
            name = self.firsts[key][0]  # "Ilda" is Ilda Brandt
            key = folded(name.split()[-1])
            titled = True
        known = key in self.full or any(folded(n.split()[-1]) == key for _, n in self.people)
        sure = titled or proper is not head or (known and len(name.split()) == 1)
        if not (proper.ent_type_ == "PERSON" or sure or self._with_office(proper)):
            return None
        if proper.ent_type_ in ("ORG", "NORP") and proper is head and not titled and not known:
            return None
        full = self.full.get(key, name) if len(name.split()) == 1 else name
        described = self.described.get(key, []) + self._description(head) + self._description(proper)
        kinds = [self.roles.nouns[w]["source_kind"] for w in described if w in self.roles.nouns]
        actor = self._actor(proper.idx, proper.idx + len(proper))
        party = actor.party if actor is not None and actor.kind != "group" else None
        if party is None or party in (actor.name if actor else None, name, full) or not party[:1].isupper():
            party = None
        party = party or self.roles.country(described)
        kind = actor.source_kind if actor and actor.source_kind != "other" else None
        kind = kind or next((k for k in kinds if k and k != "other"), None)
        return Speaker(full, 0, 0, key, party, kind or "other", True, person=True, lemma=head.lemma_.lower())

    def _with_office(self, name: Token) -> bool:
        """ "Hemant Rao, deputy inspector of police,": two words with a person's office behind a comma are a person."""
        if name.ent_type_ in ("GPE", "LOC", "NORP", "FAC") or name.i == 0 or name.nbor(-1).pos_ != "PROPN":
            return False
        for child in name.rights:
            row = self.roles.nouns.get(child.lemma_.lower()) if child.dep_ == "appos" else None
            if row is not None and row["person"] == "yes" and child.tag_ == "NN":
                return name.ent_type_ != "ORG" or row["id"] not in ("leader", "member")
        return False

    def _actor(self, start: int, end: int) -> ActorMention | None:
        for actor in self.actors:
            if actor.start < end and start < actor.end:
                return actor
        return None

    def _body(self, text: str, head: Token, run: list[Token], start: int, end: int) -> Speaker:
        listed = words(text)
        own_row = self.roles.nouns.get(head.lemma_.lower()) or self.roles.nouns.get(head.lower_)
        person = bool(own_row and own_row["person"] == "yes")
        if own_row is None and head.pos_ == "NOUN" and head.lower_.endswith(AGENTIVE):
            person = True
        actor = self._actor(start, end)
        party = self.roles.country(listed)
        # "the Front for the Defence of Azar" is no party of Azar's defence
        behind = actor is not None and actor.start > head.idx and actor.kind not in ("country", "person")
        if actor is not None and not behind and actor.party and actor.party[:1].isupper() and actor.kind != "group":
            party = actor.party
        bare_country = " ".join(listed) in self.roles.countries
        kind = self._kind(head, run, listed, own_row, actor)
        if not kind and (head.lemma_.lower() == "official" or bare_country):
            kind = "government"
        named = True
        if own_row is not None and own_row["named"] == "false":
            named = False
        elif own_row is not None and own_row["person"] == "no":
            named = True
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

    def _kind(
        self, head: Token, run: list[Token], listed: list[str], own: Row | None, actor: ActorMention | None
    ) -> str | None:
        """The kind of a body or role: its whole name first, then its noun, the actor it is, the words beside the noun."""
        whole = self.roles.nouns.get(" ".join(listed))
        if whole is not None and whole["source_kind"]:
            return whole["source_kind"]
        rest = [w for t in run for w in (t.lemma_.lower(), t.lower_) if t.i != head.i]
        kinds = [self.roles.nouns[w]["source_kind"] for w in rest if w in self.roles.nouns]
        if "intelligence" in kinds:
            return "intelligence"
        known = actor.source_kind if actor is not None and actor.kind != "country" else None
        for kind in (own["source_kind"] if own else None, known, *kinds):
            if kind and kind != "other":
                return kind
        return own["source_kind"] if own else known

    def _title_free(self, head: Token) -> bool:
        return self.doc[head.i - 2].lower_ == "year" and not any(t.lower_ in ("a", "an") for t in head.lefts)

    def resolve_name(self, start: int) -> Speaker | None:
        """The speaker of the person entity that begins at token ``start``."""
        token = self.doc[start]
        while token.dep_ in ("compound", "flat") and token.head.i > token.i:
            token = token.head
        return self._person(token)
