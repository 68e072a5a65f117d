"""Readable parts of addresses, unique within a store."""

import re
import unicodedata
from collections.abc import Iterable
from hashlib import blake2b

_GAPS = re.compile(r"[^a-z0-9]+")
_SPELT_OUT = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "Æ": "ae", "Œ": "oe"})
MAX_LENGTH = 80


def slugify(text: str) -> str:
    """Return the text in lower case ASCII with dashes; a digest where nothing of it can be written so."""
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text.translate(_SPELT_OUT))
    slug = _GAPS.sub("-", plain.encode("ascii", "ignore").decode().lower()).strip("-")
    return slug[:MAX_LENGTH].rstrip("-") or blake2b(text.encode(), digest_size=4).hexdigest()


def distinct(wishes: Iterable[str], taken: set[str]) -> str:
    """Return the first wish that is free, or the last with a number, and take it."""
    wish = ""
    for wish in wishes:
        if wish not in taken:
            break
    else:
        number = 2
        while f"{wish}-{number}" in taken:
            number += 1
        wish = f"{wish}-{number}"
    taken.add(wish)
    return wish
