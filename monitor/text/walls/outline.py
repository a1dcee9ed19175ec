"""What a page shows and what it is made of, by its text alone: enough to tell a wall from a page with content.

It is read in the program itself, so every pattern needs time that is linear in the page: none has to look further than
the next tag, or it looks at a bounded number of characters.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from itertools import islice
from typing import Final

SOLID: Final = 20
"""The weight of a link's text, a Han character counting two, from which on it may be the title of an entry."""

LONGEST: Final = 6_000
"""The weight of what a wall shows at most: questions for consent name all that they want."""

_NOTHING: Final = 80  # weight
_HEADINGS: Final = 5
_LINKS: Final = 80
_HIDDEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style|textarea|template|svg|select|title)\b[^<>]*+>.*?(?:</\1|\Z)",
    re.DOTALL | re.IGNORECASE,
)
_TAG = re.compile(r"<[^<>]*+>")
_TITLE = re.compile(r"<title\b[^<>]*+>((?:(?!</?title\b).){0,400})</title", re.DOTALL | re.IGNORECASE)
_HEADING = re.compile(r"<h[1-3]\b[^<>]*+>((?:(?!</?h[1-3]\b).){0,300})</h[1-3]", re.DOTALL | re.IGNORECASE)
_LINK = re.compile(r"<a\s[^<>]*+>((?:(?!</?a\b).){0,600})</a", re.DOTALL | re.IGNORECASE)
_BREAK = re.compile(r"\s*[|\-_–—·•:：»«>\\/]+\s*")
_FOOT = re.compile(
    r"备案|ICP|公网安备|许可证|copyright|privacy|terms|polic(?:y|ies)|cookie|legal|impressum|datenschutz|隐私|协议|条款|声明"
    r"|password|密码|account|[帐账]号|regist|注册|登[录入]|sign|log ?in|help|帮助|contact|联系|浏览器|browser|support",
    re.IGNORECASE,
)
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d\s?(?:[-/.]\s?\d{1,2}[-/.]\s?\d{1,2}|年\s?\d{1,2}\s?月)|\d{1,2}[/.]\d{1,2}[/.](?:19|20)\d\d)"
    r"|\b\d{1,2}\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?,? (?:19|20)\d\d"
    r"|\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2},? (?:19|20)\d\d",
    re.IGNORECASE,
)
_ARTICLE: Final = ("<article", "<time", "article:published", 'og:type" content="article', "newsarticle", "blogposting")
_DATA: Final = ("application/json", "application/ld+json", "__next_data__", "__nuxt__", "__initial_state__", "<record")


@dataclass(frozen=True)
class Outline:
    """A page: what it shows (`text`), and what it is made of (`code`: tags, scripts and comments, in lower case)."""

    title: str
    headings: tuple[str, ...]
    text: str
    code: str
    links: int

    @cached_property
    def size(self) -> int:
        """The weight of all that it shows; a Han character counts two."""
        return weight(self.text)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The title and its parts: a site writes its own name before or behind that of the page."""
        return tuple(dict.fromkeys(filter(None, (self.title, *_BREAK.split(self.title)))))

    @cached_property
    def dates(self) -> int:
        """How many days it names."""
        return len(_DATE.findall(self.text))

    def within(self, size: int, *, links: int = 0, dates: int = 0, headings: int = _HEADINGS) -> bool:
        """Return whether it shows no more than this, and does not call itself an article: then it may be a wall."""
        fits = self.size <= size and self.links <= links and len(self.headings) <= headings
        return fits and self.dates <= dates and not self.is_article

    @property
    def is_article(self) -> bool:
        """Whether it calls itself an article."""
        return any(mark in self.code for mark in _ARTICLE)

    @property
    def has_data(self) -> bool:
        """Whether it carries data for its scripts, which may be a list."""
        return any(mark in self.code for mark in _DATA)

    @property
    def is_empty(self) -> bool:
        """Whether it shows nothing, and has no data that its scripts could show."""
        return self.size <= _NOTHING and "<a " not in self.code and not self.has_data

    @property
    def said(self) -> str:
        """What it says of itself, for a message: its title, else a heading, else how its text begins."""
        return next(filter(None, (self.title, *self.headings, self.text)), "")[:80].strip()


def outline(page: str) -> Outline:
    """Return the outline of a page. `links` counts those that may lead to entries, by the length of their text."""
    title = _TITLE.search(page)
    hidden = (found[0] for found in _HIDDEN.finditer(page))
    shown = _HIDDEN.sub(" ", page)
    headings = (plain(heading[1]) for heading in islice(_HEADING.finditer(shown), _HEADINGS))
    texts = [plain(link[1]) for link in islice(_LINK.finditer(shown), _LINKS)]
    return Outline(
        plain(title[1]) if title else "",
        tuple(filter(None, headings)),
        plain(shown),
        "\n".join((*hidden, *_TAG.findall(shown))).lower(),
        sum(weight(text) >= SOLID and not _FOOT.search(text) for text in texts),
    )


def plain(markup: str) -> str:
    """Return the text of a piece of markup on one line."""
    return " ".join(unescape(_TAG.sub(" ", markup)).split())


def weight(text: str) -> int:
    """Return the length of a text, a Han character counting two."""
    return len(text) + sum(character > "\u2e7f" for character in text)
