"""Texts, addresses and codes of a feed row, read into one clean form or refused with a reason.

All functions take a cell without spaces around it.
"""

from __future__ import annotations

import html
import re

import nh3

from orion_catalog.feed.errors import CellError

_TRUE = frozenset({"true", "yes", "ja", "wahr", "oui", "vrai", "1"})
_FALSE = frozenset({"false", "no", "nein", "falsch", "non", "faux", "0"})

# Control characters but tab and line ends, and the marks that turn the direction of text around.
_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
_BLOCK_TAG = re.compile(r"<(?:br|/p|/div|/li|/tr|/h[1-6])\b[^<>]*>", re.IGNORECASE)
_MAX_NESTING = 5
# The HTML parser's time grows with the square of open tags: 0.01 s for this many, a second for ten times as many.
_MAX_TAGS = 2_000
_ADDRESS = re.compile(r"https?://[^\s/?#@<>\"'\\\x00-\x1f\x7f]+(?:[/?#][^\s<>\"\\\x00-\x1f\x7f]*)?", re.IGNORECASE)
_BETWEEN_ADDRESSES = re.compile(r",(?=\s*https?://)", re.IGNORECASE)
_GTIN_LENGTHS = (8, 12, 13, 14)
_SPREADSHEET_NUMBER = re.compile(r"[0-9][.,]?[0-9]*e\+?[0-9]+", re.IGNORECASE)


def line_of_text(text: str) -> str:
    """Return the text on one line: tags and control characters gone, entities resolved, spaces single."""
    return " ".join(_plain(text).split())


def paragraphs(text: str) -> str:
    """Return the text without tags, its line breaks kept."""
    plain = _plain(text)
    if "\n" not in plain and "\r" not in plain:
        return " ".join(plain.split())
    lines = (" ".join(line.split()) for line in plain.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def raw_text(text: str) -> str:
    """Return the text of an unknown column: as given but for control characters."""
    return text if text.isprintable() else _UNSEEN.sub("", text).strip()


def _plain(text: str) -> str:
    if "<" in text or "&" in text:
        text = _without_markup(text)
    return text if text.isprintable() else _UNSEEN.sub("", text)


def _without_markup(text: str) -> str:
    # Resolving entities can bring new tags to light (&lt;script&gt;), so this goes on until nothing changes.
    for _ in range(_MAX_NESTING):
        if text.count("<") > _MAX_TAGS:
            raise CellError("too_much_markup", f"has more than {_MAX_TAGS:,} tags")
        cleaned = html.unescape(nh3.clean(_BLOCK_TAG.sub("\n", text), tags=set()))
        if cleaned == text:
            return text
        text = cleaned
    return text.replace("<", "")


def identifier(text: str) -> str:
    if not text.isprintable():
        raise CellError("bad_identifier", "holds line breaks or characters that cannot be seen")
    return text


def web_address(text: str) -> str:
    if not _ADDRESS.fullmatch(text):
        raise CellError("bad_url", "is not a web address starting with http:// or https://")
    return text


def web_addresses(text: str) -> tuple[str, ...]:
    """Return the addresses of a comma-separated list, without repetitions."""
    return tuple(dict.fromkeys(web_address(part.strip()) for part in _BETWEEN_ADDRESSES.split(text)))


def boolean(text: str) -> bool:
    word = text.lower()
    if word not in _TRUE and word not in _FALSE:
        raise CellError("not_a_boolean", "is neither yes nor no; write true or false")
    return word in _TRUE


def choice(text: str, allowed: tuple[str, ...]) -> str:
    """Return the allowed value meant, whether written with spaces, dashes or underscores.

    Raises:
        CellError: It is none of them.
    """
    word = re.sub(r"[\s_-]+", "_", text.lower())
    if word not in allowed:
        raise CellError("unknown_value", f"is none of: {', '.join(allowed)}")
    return word


def category_path(text: str) -> tuple[str, ...]:
    return tuple(filter(None, (part.strip() for part in line_of_text(text).split(">"))))


def gtin(text: str) -> str:
    """Return the digits of an EAN, UPC, GTIN-14 or ISBN whose check digit is right.

    Raises:
        CellError: Wrong characters, length or check digit.
    """
    bare = text.replace(" ", "").replace("-", "").upper()
    if _SPREADSHEET_NUMBER.fullmatch(bare):
        raise CellError("bad_gtin", "was turned into a number by a spreadsheet; format the column as text")
    if len(bare) == 10 and _isbn10_is_right(bare):
        return bare
    if len(bare) not in _GTIN_LENGTHS or not (bare.isascii() and bare.isdigit()):
        raise CellError("bad_gtin", "is not an EAN, UPC, GTIN or ISBN of 8, 10, 12, 13 or 14 digits")
    digits = [int(digit) for digit in reversed(bare)]
    if (sum(digits[0::2]) + 3 * sum(digits[1::2])) % 10 or not any(digits):
        raise CellError("gtin_check_digit", "has a wrong check digit; compare it with the package")
    return bare


def _isbn10_is_right(text: str) -> bool:
    if not re.fullmatch(r"[0-9]{9}[0-9X]", text):
        return False
    digits = [10 if sign == "X" else int(sign) for sign in text]
    return sum(weight * digit for weight, digit in zip(range(10, 0, -1), digits, strict=True)) % 11 == 0
