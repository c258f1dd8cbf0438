"""Pronouns followed to the last speaker or subject for whom they can stand, by number, gender and kind."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from analysis.components.roles import folded
from analysis.components.speakers import (
    AGENTIVE,
    GENDERED,
    GENDERED_ENDINGS,
    GENDERS,
    HONORIFICS,
    PERSONAL,
    REACH,
    Roster,
    Speaker,
    words,
)
from analysis.components.word_classes import value_of


class Pronouns(Roster):
    """What "he", "they" and "it" stand for in one article."""

    def resolve(self, head: Token) -> Speaker | None:
        """The speaker of a noun phrase: ``Cast`` knows it, a bare pronoun has none."""
        return None

    def _recent(self, at: int, want: str, gender: str | None = None) -> Speaker | None:
        for turn in reversed(self.turns):
            if turn.at >= at:
                continue
            if self._distance(turn.at, at) > REACH:
                break
            if want == "person" and turn.person and not turn.plural and self._fits(turn, gender):
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
        gender = GENDERS.get(head.lower_)
        if want == "body" and (body := self._said_of_itself(head)) is not None:
            return replace(body, start=head.idx, end=head.idx + len(head), at=head.i)
        found = self._recent(head.i, want, gender)
        named = self._last_subject(head, want, gender)
        if named is not None and (found is None or named.at > found.at):
            found = named
        if found is None and want == "body":
            found = self._body_before(head)
        if found is None and want == "person" and head.sent.start > 0:
            found = self._person_before(head, gender)
        if found is None:
            end = head.idx + len(head)
            return Speaker(
                head.text, head.idx, end, head.lower_, None, "other", False, plural=want == "many", at=head.i
            )
        if gender is not None and found.person:
            self.genders.setdefault(found.speaker_id, gender)
        return replace(found, start=head.idx, end=head.idx + len(head), at=head.i)

    def _said_of_itself(self, head: Token) -> Speaker | None:
        """ "Varn Motors said it expected": who speaks of itself as "it" is a body, whatever the recogniser took it for."""
        verb = head.head
        if head.dep_ not in ("nsubj", "nsubjpass") or verb.dep_ != "ccomp" or verb.head.pos_ != "VERB":
            return None
        subjects = [c for c in verb.head.lefts if c.dep_ == "nsubj" and c.i < verb.head.i < head.i]
        subject = subjects[0] if subjects else None
        if subject is None or subject.pos_ not in ("NOUN", "PROPN"):
            return None
        if subject.tag_ in ("NNS", "NNPS") and not (subject.tag_ == "NNPS" and subject.text.istitle()):
            return None
        row = self.roles.nouns.get(subject.lemma_.lower())
        if row is not None and row["person"] == "yes":
            return None
        found = self.resolve(subject)
        # a person of two names is told by "he" or "she"; what "it" then stands for is another
        titled = any(self._title(t) for t in subject.lefts if t.pos_ == "PROPN")
        return replace(found, person=False) if found is not None and not titled else None

    def _person_before(self, head: Token, gender: str | None) -> Speaker | None:
        """The only person named in this sentence and the two before it, whatever his part in them."""
        near = {folded(n.split()[-1]): k for k, n in self.people if k < head.i and self._distance(k, head.i) <= 2}
        if len(near) != 1:
            return None
        found = self.resolve_name(next(iter(near.values())))
        return found if found is not None and self._fits(found, gender) else None

    def resolve_name(self, start: int) -> Speaker | None:
        """The speaker of the person entity that begins at token ``start``: ``Cast`` knows it."""
        return None

    def _body_before(self, head: Token) -> Speaker | None:
        """The last body before "it" in its own sentence, whatever its part: "it has cost the firm 40 days, it says"."""
        for k in range(head.i - 1, head.sent.start - 1, -1):
            token = self.doc[k]
            if token.pos_ in ("NOUN", "PROPN") and token.dep_ != "compound" and self._is_body(token):
                return self.resolve(token)
            named = token.ent_type_ == "ORG" or (token.pos_ == "PROPN" and not token.ent_type_)
            if token.dep_ == "poss" and named:
                return self.resolve(token)  # "Norbank's shares fell after it said"
        return None

    def _fits(self, speaker: Speaker, gender: str | None) -> bool:
        """Whether "he" or "she" can stand for the speaker, as far as the article tells."""
        if gender is None:
            return True
        known = self.genders.get(speaker.speaker_id)
        for word in (*self.described.get(speaker.speaker_id, ()), *words(speaker.name)):
            known = known or value_of(word.strip("."), GENDERED)
        if known is None and speaker.lemma.islower():  # a woman may be told to be a spokesman, but not named so alone
            known = next((g for ending, g in GENDERED_ENDINGS if speaker.name.lower().endswith(ending)), None)
        return not known or known == gender

    def _last_subject(self, head: Token, want: str, gender: str | None = None) -> Speaker | None:
        """The last subject before ``head`` that the pronoun can stand for, within reach of it or of the same pronoun."""
        reach = head.i
        for k in range(head.i - 1, -1, -1):
            token = self.doc[k]
            if self.doc[min(k + 1, head.i)].is_sent_start and self._distance(k + 1, reach) > 2:
                return None
            if gender is not None and token.dep_ == "nsubj" and token.lower_ == head.lower_:
                reach = k
            if token.dep_ not in ("nsubj", "nsubjpass") or token.pos_ not in ("NOUN", "PROPN"):
                continue
            if head.i - 2 in (token.i, token.right_edge.i) and self.doc[head.i - 1].text == ",":
                continue  # "The front, it said, was down to two towns": told of, by another
            parted = token.sent == head.sent and any(t.text in (":", ";") for t in self.doc[token.i : head.i])
            if token.head.dep_ in ("relcl", "acl", "ccomp") and not parted:
                continue  # who is told of inside a clause about another is not whom the text goes on with
            plural = token.tag_ in ("NNS", "NNPS")
            row = self.roles.nouns.get(token.lemma_.lower())
            human = token.ent_type_ == "PERSON" or folded(token.text) in self.surnames
            human = human or (row is not None and row["person"] == "yes" and not plural)
            human = human or (token.pos_ == "PROPN" and folded(token.text) in self.firsts)
            human = human or any(t.lower_.strip(".") in HONORIFICS for t in token.lefts)
            agent = row is None and token.pos_ == "NOUN" and not plural and token.lower_.endswith(AGENTIVE)
            human = human or (agent and any(c.dep_ in ("relcl", "appos") for c in token.rights))
            human = human or (gender is not None and token.pos_ == "PROPN" and self._lives(token))
            body = token.ent_type_ in ("ORG", "GPE") or (row is not None and row["person"] == "no" and not plural)
            body = body or any(self._is_body(c) for c in token.rights if c.dep_ == "appos")
            human = human and not any(self._is_body(c) for c in token.rights if c.dep_ == "appos")
            fits = {"person": human, "body": body and not human, "many": plural and row is not None}[want]
            if fits:
                found = self.resolve(token)
                if found is not None and not self._fits(found, gender):
                    continue
                return replace(found, at=token.i) if found else None
        return None

    @staticmethod
    def _lives(token: Token) -> bool:
        """ "Mirel, who sells cloth", "Mirel, 34,": a name with an age or a relative clause of people is a person's."""
        for child in token.rights:
            if child.dep_ == "relcl" and any(c.lower_ == "who" for c in child.lefts):
                return True
            aged = child.dep_ in ("appos", "nummod", "npadvmod") and child.text.isdigit() and len(child.text) < 3
            if aged and child.i > 0 and child.doc[child.i - 1].text == ",":
                return True
        return False

    def _is_body(self, token: Token) -> bool:
        row = self.roles.nouns.get(token.lemma_.lower())
        return row is not None and row["person"] == "no" and token.tag_ != "NNS"
