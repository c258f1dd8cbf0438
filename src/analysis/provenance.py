"""Content-derived ids and hashes: the same input gives the same id on any machine, in any order, in any run."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import Any

#: 64 bits: a collision among a million rows has a chance of about 3e-8
ID_HEX_DIGITS = 16


def content_id(prefix: str, *parts: Any) -> str:
    """Return ``<prefix>_<16 hex digits>`` of the SHA-256 over the parts as canonical JSON.

    ``prefix`` names the kind of thing (``art``, ``clm``, ``evm``, ``evt``, ``cmp``, ``org``, ``syn``). Parts must be
    JSON values; the order counts.
    """
    canonical = json.dumps([prefix, *parts], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f"{prefix}_{hashlib.sha256(canonical.encode('utf-8')).hexdigest()[:ID_HEX_DIGITS]}"


def article_id(outlet: str | None, url: str | None, text: str) -> str:
    return content_id("art", outlet, url, text)


def claim_id(article: str, kind: str, start: int, end: int) -> str:
    return content_id("clm", article, kind, start, end)


def mention_id(article: str, event_type: str, start: int, end: int) -> str:
    return content_id("evm", article, event_type, start, end)


def group_id(prefix: str, earliest_member: str) -> str:
    """Id of a group, anchored on its earliest member, so that later members do not change it."""
    return content_id(prefix, earliest_member)


def sha256_bytes(payload: bytes) -> str:
    return hashlib.sha256(payload).hexdigest()


def sha256_file(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def printable(name: str) -> str:
    """A file name as valid text: bytes that are no UTF-8 show as escapes."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")
