"""``date_ruler`` writes ``doc._.dates``: time expressions, resolved against ``doc._.published``.

The grammar stands in ``analysis.timexes``; this component tells it the tense of the verb that an expression belongs to and
whether four digits count something. Without a day of publication only what the text tells whole is resolved.
"""

from __future__ import annotations

from datetime import date

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from analysis import codebook as codebooks
from analysis.components.mentions import DateMention, Fault
from analysis.timexes import Finder, Setting, Timex


def tense(token: Token, planned: frozenset[str] = frozenset(), begun: frozenset[str] = frozenset()) -> str | None:
    """``future``, ``past``, ``present``, ``near`` or None: the tense of the verb that governs ``token``.

    Future: will/shall or a bare infinitive with "to" ("plans to meet on Monday"), a progressive present ("are meeting"),
    or a participle of planning ("is scheduled for Monday"; ``planned`` holds such lemmas). Near: an infinitive under a past
    verb ("agreed to meet on Monday", "agreed to sell in October"), where only the distance decides; past under a verb of
    ``begun`` ("appeared to begin on Thursday").
    """
    for word in [token, *token.ancestors]:
        if word.lower_ in planned or (word.pos_ == "VERB" and word.lemma_ in planned and word.tag_ != "VBD"):
            return "future"
        if word.pos_ not in ("VERB", "AUX"):
            continue
        helpers = [c for c in word.children if c.dep_ in ("aux", "auxpass")]
        tags = {c.tag_ for c in helpers} | {word.tag_}
        if any(c.tag_ == "MD" and c.lemma_ in ("will", "shall", "'ll", "may", "can") for c in helpers):
            return "future"
        if any(c.tag_ == "MD" for c in helpers):
            return "past" if any(c.lemma_ == "have" for c in helpers) else "future"
        if "VBD" in tags or (word.tag_ == "VBN"):
            return "past"
        if word.tag_ == "VB" and any(c.lower_ == "to" for c in helpers):
            over = next((a for a in word.ancestors if a.pos_ in ("VERB", "AUX")), None)
            if over is not None and over.lemma_ in begun:
                return "past"
            return "near" if over is not None and over.tag_ in ("VBD", "VBN") else "future"
        if word.tag_ == "VBG" and any(c.tag_ in ("VBP", "VBZ") for c in helpers):
            return "future"
        if word.tag_ in ("VBP", "VBZ"):
            return "present"
    return None


def find_dates(
    sent: Span, finder: Finder, setting: Setting, planned: frozenset[str], begun: frozenset[str]
) -> list[Timex]:
    """The time expressions of one sentence."""
    doc, text = sent.doc, sent.text

    def token_at(start: int) -> Token | None:
        span = doc.char_span(start, start + 1, alignment_mode="expand")
        return span[0] if span is not None and len(span) else None

    def tense_at(start: int) -> str | None:
        token = token_at(start)
        return tense(token, planned, begun) if token is not None else None

    def is_year(start: int, end: int) -> bool | None:
        token = token_at(start)
        if token is None or (token.dep_ == "nummod" and token.head.tag_ == "NNS" and token.head.i > token.i):
            return False
        return True if token.ent_type_ == "DATE" or token.i == sent.start else None

    setting.tense, setting.is_year = tense_at, is_year
    return finder.find(text, sent.start_char, setting)


def to_mention(timex: Timex) -> DateMention:
    """A Timex as what stands on the Doc."""
    s = timex.stretch
    return DateMention(
        start=timex.start,
        end=timex.end,
        date_start=s.start.isoformat() if s.start else None,
        date_end=s.end.isoformat() if s.end else None,
        precision=s.precision,
        timex=s.timex,
        value=s.value,
        rule=timex.rule,
    )


def day(text: str | None) -> date | None:
    """An ISO day, or None where it is none or lies where no news does (the calendar's ends)."""
    try:
        found = date.fromisoformat(text[:10]) if text else None
    except ValueError:
        return None
    return found if found and 1500 <= found.year <= 2500 else None


def _nothing(*_: int) -> None:
    return None


class DateRuler:
    """The component. A sentence that fails adds a Fault and has no dates; the article goes on."""

    def __init__(self, codebook: str | None = None) -> None:
        book = codebooks.load(codebook)
        self.finder = Finder(book.rows("date_words"))
        signs = [w for r in book.rows("date_words") if r["code"] == "future_sign" for w in book.split(r["match"])]
        self.planned = frozenset(w for w in signs if w not in ("until", "till", "by"))
        self.begun = frozenset(
            w for r in book.rows("date_words") if r["code"] == "begun" for w in book.split(r["match"])
        )

    def __call__(self, doc: Doc) -> Doc:
        doc._.dates = self.find(doc)
        return doc

    def find(self, doc: Doc) -> list[DateMention]:
        """The dates of ``doc``, in order of start."""
        setting = Setting(day(doc._.published), None, _nothing, _nothing)
        found: list[DateMention] = []
        for sent in doc.sents:
            try:
                found += [to_mention(t) for t in find_dates(sent, self.finder, setting, self.planned, self.begun)]
            except Exception as error:  # one bad sentence must not cost the article
                fault = Fault("date_ruler", sent.start_char, sent.end_char, f"{type(error).__name__}: {error}")
                doc._.faults = [*(doc._.faults or []), fault]
        return found


@Language.factory(
    "date_ruler", default_config={"codebook": None}, assigns=["doc._.dates"], requires=["token.dep", "token.tag"]
)
def make_date_ruler(nlp: Language, name: str, codebook: str | None) -> DateRuler:
    return DateRuler(codebook)
