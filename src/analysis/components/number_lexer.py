"""Cuts a sentence into lexemes: numbers in digits, words, currency signs, addresses of the web, clock times, marks.

Works on characters, not on spaCy's tokens, which keep "5,000–6,000" or "88.5kph" in one piece.
"""

from __future__ import annotations

import re

_FORMS = r"""
  (?P<url>(?:https?://|www\.)[^\s<>"”)]+|[\w.+-]+@[\w-]+\.[\w.]+|\b(?:[\w-]+\.)+(?:com|org|net|gov|edu|int|co\.uk|jpg|png|html?)\b[^\s<>"”)]*)
 |(?P<path>(?<!\S)[^\s]*(?:\w_\w|/[^\s/]+/)[^\s]*)
 |(?P<handle>(?<![\w&])[@\#](?=\w*[^\W\d])\w+)
 |(?P<date>\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}/\d{1,2}/\d{2,4}\b|\b\d{1,2}\.\d{1,2}\.(?:19|20)\d\d\b)
 |(?P<time>\b\d{1,3}:\d{2}(?::\d{2})?(?!\d|:\d)|\b\d{1,2}h\d{2}\b|\b\d{1,2}\.\d{2}(?=\s?[ap]\.?m\b))
 |(?P<phone>\+\d{1,3}[\s\d()-]{6,}\d|\b(?:1[-.])?\d{3}[-.]\d{3}[-.]\d{4}\b|\b0\d{2,4}[ -]\d{3,4}[ -]\d{3,4}\b|\b\d{3}-\d{4}\b|\b0\d{3,4}-\d{5,6}\b|\(\d{3,5}\)\s?\d{3}[\s-]?\d{4}\b)
 |(?P<version>\b(?!\d{1,3}(?:\.\d{3}){2,}\b)\d+\.\d+\.\d+(?:\.\d+)*\b)
 |(?P<number>
     \d+(?:\.\d+)?\s?[×x]\s?10(?:\^?[-−–]|\^)\d{1,2}(?!\d)
    |\d+(?:\.\d+)?\s?[×x]\s?10[⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]+
    |\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?(?!\d|,\d)
    |\d{1,3}(?:\.\d{3}){2,}(?!\d)
    |(?<=€)\d{1,3},\d{2}(?!\d)
    |\d{1,3}(?:[\u00a0\u202f\u2009\u2008'’]\d{3})+(?!\d)(?:[.,]\d+(?!\d))?
    |(?<![\d.,:/-])\d{1,3}(?:\ \d{3})+(?![\d:/]|[.,]\d)
    |\d{1,3},\d{1,2}(?!\d)(?=[\s-]?(?:million|billion|trillion|%|per\s?cent|percent|km|bn\b|mn?\b))
    |\d+[½¼¾⅓⅔⅛]|[½¼¾⅓⅔⅛]
    |\d+[/⁄]\d+(?![\d/⁄])
    |(?:\d+|(?<![^\W\d_]))\.\d+(?!\.?\d)
    |\d+
  )
 |(?P<currency>(?:(?:US|U\.S\.|USD|CAD|AUD|NZD|HKD|SGD|XCD|JMD|NAD|LRD|UYU|MXN|CA|AU|NZ|HK|NT|SG|FJ|TT|EC|SI|RD|BZ|GY|AR|COL|CLP|JA|LD|ZW|ZWL|CI|WS|MX|MN|MOP|Bds|[ABCFGJLNRSTZ]|Mex)\$|[Gg][Hh][¢₵ȼ]|¢(?=\d)|E£|£E|EG£|IR£|S£|SD£|CN¥|Ph₱|\bS/(?=\s?\d)|[$£¥֏؋৳฿៛₠-⃀﷼]|(?:Rs|Rp|Tk|Shs?|[Kk]r|Dhs|Fr|Gs|Bs|Lps|Nu)\.(?=\s?\d)))
 |(?P<word>[ap]\.m\b\.?|(?:[^\W\d_]\.){2,}|[^\W\d_]+(?:['’][^\W\d_]+)*)
 |(?P<mark>\S)
"""


_LEXER = re.compile(_FORMS, re.VERBOSE)


_VULGAR = {"½": 0.5, "¼": 0.25, "¾": 0.75, "⅓": 1 / 3, "⅔": 2 / 3, "⅛": 0.125}


#: raised digits and minus signs of a power of ten -> plain ones
_POWERS = str.maketrans("⁻−–⁰¹²³⁴⁵⁶⁷⁸⁹", "---0123456789")


HYPHENS = frozenset("-‐‑")


DASHES = frozenset("-‐‑–—−")


class Lexeme:
    """A piece of a sentence: ``start:end`` are offsets into the document, ``glued`` that no space stands before it."""

    __slots__ = ("end", "glued", "kind", "low", "start", "text")

    def __init__(self, kind: str, text: str, start: int, end: int, glued: bool) -> None:
        self.kind, self.text, self.start, self.end, self.glued = kind, text, start, end, glued
        self.low = text.lower() if kind == "word" else text

    def __repr__(self) -> str:
        return f"{self.kind}:{self.text}"


def lex(text: str, offset: int = 0) -> list[Lexeme]:
    """Cut ``text`` into lexemes; ``offset`` is where it starts in the document."""
    found = []
    last = 0
    for match in _LEXER.finditer(text):
        start, end = match.span()
        found.append(Lexeme(match.lastgroup or "mark", match.group(), offset + start, offset + end, start == last))
        last = end
    return found


def digits_value(text: str) -> float:
    """Value of a number in digits, as the lexer finds them. A point or comma is a decimal one unless it groups."""
    if "×" in text or "x" in text:
        mantissa, _, power = re.sub(r"\s", "", text).translate(_POWERS).replace("x", "×").partition("×10")
        return float(mantissa) * 10.0 ** int(power.replace("^", ""))
    for sign, value in _VULGAR.items():
        if text.endswith(sign):
            return (float(text[:-1]) if text[:-1] else 0.0) + value
    if "/" in text or "⁄" in text:
        above, below = text.replace("⁄", "/").split("/")
        return float(above) / float(below) if float(below) else 0.0
    plain = re.sub(r"[\s'’]", "", text)
    if plain.count(".") > 1:
        plain = plain.replace(".", "")
    if re.fullmatch(r"\d{1,3},\d{1,2}", plain):
        return float(plain.replace(",", "."))
    return float(plain.replace(",", ""))
