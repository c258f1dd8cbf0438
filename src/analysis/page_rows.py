"""Rows of the report's tables: a claim, an event or an article as the template and the reading pane show it."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from analysis import findings, phrases

#: characters of one sentence in a table
MOST_SENTENCE = 420
AGREEMENT = {"single": "One origin", "agree": "Agree", "drift": "Change with time", "conflict": "Contradict"}
FILTERS = ("measure", "side", "outlet", "source")


def safe_url(url: Any) -> str | None:
    """The address if it is http or https with a host, else None: any other scheme stays text."""
    if not phrases.present(url):
        return None
    try:
        parts = urlsplit(str(url).strip())
    except ValueError:
        return None
    return str(url).strip() if parts.scheme in ("http", "https") and parts.netloc else None


def excerpt(claim: findings.Row) -> dict[str, str]:
    """A claim's sentence in three parts around its figure, cut at words where it is very long."""
    text, offset = str(claim["sentence_text"]), int(claim["sentence_start"])
    start, end = max(0, int(claim["start"]) - offset), max(0, int(claim["end"]) - offset)
    if claim["kind"] != "figure" or end > len(text):
        start = end = 0
    before, figure, after = text[:start], text[start:end], text[end:]
    room = MOST_SENTENCE // 2
    if len(before) > room:
        before = "… " + before[-room:].split(" ", 1)[-1]
    if len(after) > room:
        after = after[:room].rsplit(" ", 1)[0] + " …"
    return {"before": before.lstrip(), "figure_span": figure, "after": after.rstrip()}


def marks(claim: findings.Row) -> list[str]:
    """What a reader must know beside the figure: denied, hedged, not verified, doubted, changed on the way."""
    told = []
    if bool(claim["negated"]):
        told.append("denied")
    if bool(claim["hedged"]):
        told.append(f"hedged: “{claim['hedge_text']}”" if phrases.present(claim["hedge_text"]) else "hedged")
    if phrases.present(claim["caveat"]):
        told.append(str(claim["caveat"]))
    if claim["stance"] in ("doubting", "denying") and claim["cue"] != claim["hedge_text"]:
        told.append(f"{claim['stance']}: “{claim['cue']}”")
    if phrases.present(claim.get("distortion")):
        told.append(f"changed on the way: {claim['distortion']}")
    return told


def readable(claim: findings.Row) -> dict[str, Any]:
    """What the reading pane needs of a claim: article, chain, amount, sentence, places in the text, its like (``together``)."""
    spans = {k: int(claim[k]) for k in ("start", "end")}
    for part in ("source", "cue"):
        if phrases.present(claim[f"{part}_start"]) and phrases.present(claim[f"{part}_end"]):
            spans |= {f"{part}_start": int(claim[f"{part}_start"]), f"{part}_end": int(claim[f"{part}_end"])}
    together = ("comparison_id", "origin_id")
    return {
        "article": claim["article_id"],
        "chain": findings.chain(claim),
        "amount": findings.amount(claim),
        "sentence": claim["sentence_text"],
        "why": str(claim["origin_reason"]) if phrases.present(claim["origin_reason"]) else "",
        "together": "+".join(str(claim[c]) for c in together)
        if all(map(phrases.present, map(claim.get, together)))
        else "",
        **spans,
    }


def readable_event(mention: findings.Row, label: str) -> dict[str, Any]:
    """What the reading pane needs of a sentence that tells of an event."""
    said = [str(mention["source"])] if phrases.present(mention["source"]) else []
    return {
        "article": mention["article_id"],
        "chain": [str(mention["outlet"]), *findings.vias(mention), *said],
        "amount": label,
        "sentence": mention["sentence_text"],
        "why": "",
        "together": "",
        "event": True,
        "start": int(mention["start"]),
        "end": int(mention["end"]),
    }


def telling(events: pd.DataFrame) -> pd.Series:
    """True per event of which a reader learns enough: two of who (or to whom), where and when, or two outlets tell it."""
    who = events["actor"].notna() | events["target"].notna()
    both = events["actor"].notna() & events["target"].notna()
    where, when = events["place"].notna(), events["date_start"].notna()
    sure = ~events["label"].astype(str).str.endswith("(told as not so)")
    return sure & ((who.astype(int) + where + when >= 2) | both | ((events["n_outlets"] > 1) & who))


def claim_row(claim: findings.Row, article: findings.Row, label: str) -> dict[str, Any]:
    """One row of a table of claims."""
    said = claim["said_date"] if phrases.present(claim["said_date"]) else None
    values = filter_values(claim)
    return {
        "id": claim["claim_id"],
        "outlet": claim["outlet"],
        "figure": shown_amount(claim) if claim["kind"] == "figure" else "",
        "counted": claim["counted"] if phrases.present(claim["counted"]) else "",
        "source": findings.speaker(claim),
        "silent": not phrases.present(claim["source"]),
        "anonymous": phrases.present(claim["source_named"]) and not bool(claim["source_named"]),
        "via": findings.vias(claim),
        "published": values["day"],
        "said": said if said and said != claim["published"] else "",
        "url": safe_url(article.get("url")),
        "label": label,
        "measure": values["measure"],
        "side": values["side"],
        "who": values["source"],
        "marks": marks(claim),
        **excerpt(claim),
    }


def shown_amount(claim: findings.Row) -> str:
    """A claim's figure for a table: as written where the words are vague ("dozens")."""
    return str(claim["figure_text"]) if findings.is_vague(claim) else findings.amount(claim)


def group_amount(group: findings.Row, claims: pd.DataFrame) -> str:
    """What a group says, as written where all its figures are vague words."""
    rows = phrases.records(claims)
    if rows and all(findings.is_vague(c) for c in rows):
        return phrases.listed(dict.fromkeys(str(c["figure_text"]) for c in rows), 3)
    return findings.group_value(group, claims)


def filter_values(claim: findings.Row) -> dict[str, str]:
    """What a claim is filtered by, and its day of publication."""
    measure = str(claim["measure"]).replace("_", " ") if phrases.present(claim["measure"]) else "not set"
    side = str(claim["side"]) if phrases.present(claim["side"]) else "none"
    day = str(claim["published"]) if phrases.present(claim["published"]) else ""
    told = {"measure": measure, "side": side, "outlet": str(claim["outlet"]), "source": findings.speaker_key(claim)}
    return {**told, "day": day}


def group_filters(claims: pd.DataFrame) -> str:
    """The filter values of the claims of a group, each once, as JSON for a data attribute."""
    kept = dict.fromkeys(tuple(filter_values(c).items()) for c in phrases.records(claims))
    return json.dumps([dict(values) for values in kept], ensure_ascii=False)


def state(group: findings.Row) -> dict[str, str]:
    """Whether a group agrees: a code for its colour, and the words on it."""
    strict, tolerant = str(group["agreement"]), str(group["agreement_tolerant"])
    if strict == "conflict" and tolerant in ("agree", "single"):
        return {"code": "near", "words": "Agree if “about” is allowed for"}
    if strict == "conflict" and tolerant == "drift":
        return {"code": "drift", "words": AGREEMENT["drift"]}
    return {"code": strict, "words": AGREEMENT.get(strict, strict)}


def copies_sentence(claims: Iterable[findings.Row], first_of: dict[str, str]) -> str:
    """Which outlets have these figures only in articles that copy another outlet's; empty where none.

    ``first_of``: the outlet of the text that an article copies, by article_id, for copies only.
    """
    told: dict[str, set[str]] = {}
    for claim in claims:
        told.setdefault(str(claim["outlet"]), set()).add(first_of.get(claim["article_id"], ""))
    by_first: dict[str, list[str]] = {}
    for outlet, firsts in told.items():
        if len(firsts) == 1 and (first := next(iter(firsts))) not in ("", outlet):
            by_first.setdefault(first, []).append(outlet)
    parts = [
        f"{phrases.listed(outlets, 6)} only {'copies or rewrites' if len(outlets) == 1 else 'copy or rewrite'} the text of {first}"
        for first, outlets in by_first.items()
    ]
    return f"{'; '.join(parts)}." if parts else ""


def named(article: findings.Row) -> dict[str, Any]:
    """An article by outlet, title, day, credit line and address."""

    def known(column: str) -> Any:
        return article[column] if phrases.present(article.get(column)) else None

    first_line = str(article.get("text", "")).strip().split("\n", 1)[0]
    title = known("title") or textwrap.shorten(first_line, 120, placeholder=" …")
    basis = known("published_basis")
    return {
        "outlet": known("outlet") or "unknown outlet",
        "title": title,
        "published": phrases.day(known("published")) + (" (told by the text alone)" if basis == "inferred" else ""),
        "credit": known("credit"),
        "url": safe_url(article.get("url")),
        "address": str(known("url") or ""),
    }
