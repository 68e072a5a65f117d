"""Reads a rendered mail: its subject from the title, its plain text from the body."""

import re
from html.parser import HTMLParser

_BREAKS = frozenset({"p", "div", "h1", "h2", "h3", "ul", "ol", "table"})
_BEFORE = {**dict.fromkeys(_BREAKS, "\n\n"), "br": "\n", "tr": "\n", "li": "\n- "}


def read_mail(html: str) -> tuple[str, str]:
    """Return subject and plain text of a mail.

    Args:
        html: A whole document; links become their text and address, rows of tables become lines.
    """
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [re.sub(r" {2,}", "  ", line).strip() for line in "".join(reader.text).split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    return " ".join("".join(reader.title).split()), f"{text}\n"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.title: list[str] = []
        self.text: list[str] = []
        self._in_title = self._in_head = False
        self._link: tuple[str, int] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "head":
            self._in_head = True
        elif tag == "title":
            self._in_title = True
        elif tag == "a":
            self._link = dict(attrs).get("href") or "", len(self.text)
        elif tag in {"td", "th"}:
            self.text.append("  ")
        else:
            self.text.append(_BEFORE.get(tag, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "head":
            self._in_head = False
        elif tag == "title":
            self._in_title = False
        elif tag == "a" and self._link is not None:
            address, start = self._link
            if address and "".join(self.text[start:]).strip() != address:
                self.text.append(f" ({address})")
            self._link = None
        elif tag in _BREAKS:
            self.text.append("\n\n")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
        elif not self._in_head:
            self.text.append(re.sub(r"\s+", " ", data))
