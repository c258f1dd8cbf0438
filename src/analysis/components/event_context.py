"""What an article tells about its actors and places, asked by the readers of events."""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Doc, Token

from analysis.components.mentions import ActorMention, PlaceMention

#: endings of common nouns for people, and bodies that end alike
PERSONAL = ("man", "woman", "men", "women", "er", "or", "ers", "ors", "ees", "ists", "ants", "ents", "ians")
OTHER_BODIES = frozenset({"center", "centre"})


@dataclass(slots=True)
class Context:
    """What the article tells about its actors: mentions by token, places by token, who was subject where."""

    doc: Doc
    by_token: dict[int, ActorMention]
    places: dict[int, PlaceMention]
    country_names: dict[str, str]
    main_country: str | None = None
    subjects: list[tuple[int, str, str]] = field(default_factory=list)  # token, party, kind
    sides: list[str] = field(default_factory=list)
    main_group: str | None = None
    full_names: dict[str, str] = field(default_factory=dict)  # "workers" -> "airport workers", if there are no others
    domestic: bool = False  # one country stands far before all others
    at_work: bool | None = None  # whether the article is on work rather than arms; None before it is asked
    placed: set[int] = field(default_factory=set)  # places whose country was taken for a target

    def mention(self, token: Token) -> ActorMention | None:
        return self.by_token.get(token.i)


def coalition(context: Context) -> str | None:
    """The article's coalition by its first telling name ("Arab coalition", "Saudi-led coalition")."""
    for actor in context.doc._.actors or []:
        if actor.form != "role" or context.doc[actor.token_start].lemma_.lower() != "coalition":
            continue
        if actor.name.endswith(" coalition"):
            return str(actor.name)
        before = context.doc[actor.token_start - 1] if actor.token_start else None
        if before is not None and before.text[0].isupper() and before.dep_ in ("amod", "compound"):
            return f"{before.text} coalition"
    return None


def some_people(party: str) -> bool:
    """True for a person by an office, and for people by a plural: common nouns that no "it" stands for."""
    last = party.split()[-1]
    return party[0].islower() and last not in OTHER_BODIES and (last.endswith(PERSONAL) or "+" in party)
