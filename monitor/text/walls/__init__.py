"""Walls: pages that a server sends instead of the content. Pure.

A challenge, a block, a login, a question for consent, a block by country and an error page are no list, no article, and
no "nothing new". They are recognised and named; none is answered: what a person can do is in `Wall.remedy`.

A wall taken for content loses news, content taken for a wall does too. So a mark counts only where the page shows
little else: titles of entries, days, and a longer text are content, whatever is around them. With a status that
brings no document there is nothing to lose, and each mark counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from monitor.text.decode import decode
from monitor.text.walls.families import FAMILIES, Family, WallKind
from monitor.text.walls.outline import LONGEST, Outline, outline
from monitor.text.walls.pages import is_consent, is_error, is_login, is_refusal, is_region, is_test

__all__ = ["FEED", "LARGEST", "Wall", "WallKind", "recognise"]

LARGEST: Final = 128 << 10
"""Bytes of a page that is looked at; with a document, a larger one is content."""

_PROLOG: Final = rb"(?>(?:<\?[^>]*>|<!--(?:(?!-->).)*-->|<!DOCTYPE\s+(?!html)[^>\[]*(?:\[[^\]]*\]\s*)?>)\s*+)*+"
FEED: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:"
    + _PROLOG
    + rb"<(?:[\w.-]{1,40}:)?(?:rss|feed|rdf|urlset|sitemapindex|opml|channel)[\s>]"
    + rb"|<\?xml\b[^>]*>\s*+"
    + _PROLOG
    + rb"<(?!html\b|head\b|body\b|script\b)\w)",
    re.DOTALL | re.IGNORECASE,
)
"""How a feed, a sitemap or other XML begins. It is no wall, and need not be looked at."""

_WITH_DOCUMENT: Final = frozenset({200, 203, 226})
_BEGINNING: Final = 4_096  # bytes
_HEADERS: Final = 16_384  # bytes of all headers together
_JSON: Final = 4_096  # bytes; an answer in JSON that only says where the test is
_KEYS: Final = ('"title"', '"items"', '"entries"', '"content"')
_MANY_LINKS: Final = 80  # of any kind
_FEW: Final = 3  # links with a text as long as a title
_LONG: Final = 4_000  # the weight of what a challenge or a refusal shows
_TITLED: Final = 2_000
_LITTLE: Final = 600
_LEGAL: Final = 451  # RFC 7725: unavailable for legal reasons, which are those of a country
_REFUSES: Final = frozenset(
    {202, 403, 405, 406, 412, 418, 468, 512, 521, 566, 567}
)  # others say why, or are the site's

_OWN: Final[tuple[tuple[WallKind, Callable[[Outline, str], bool]], ...]] = (
    ("region", is_region),
    ("consent", is_consent),
    ("login", is_login),
    ("challenge", is_test),
    ("block", is_refusal),
    ("error", is_error),
)

_WORDS: Final[dict[WallKind, str]] = {
    "challenge": "a challenge",
    "block": "a refusal",
    "login": "a login page",
    "consent": "a page that asks for consent",
    "region": "a refusal because of the country or region",
    "error": "an error page",
}
_ELSEWHERE: Final = "look for a feed or an API of the site, or a bridge such as RSSHub"
_REMEDIES: Final[dict[WallKind, str]] = {
    "challenge": "the site tests whether a browser asks, and the program does not answer: open it in a browser and"
    f" {_ELSEWHERE}; ask the site to allow your address; poll it more rarely (every)",
    "block": f"ask the site to allow your address, or use one that it allows ([fetch] proxy); {_ELSEWHERE}; poll it"
    " more rarely (every)",
    "login": "open it in a browser: if it should be public, its address has changed; with an account, put what the site"
    f" accepts into headers; or {_ELSEWHERE}",
    "consent": f"open it in a browser and {_ELSEWHERE}, which need no consent",
    "region": f"use an address of a country that it serves ([fetch] proxy), or {_ELSEWHERE}",
    "error": "open it in a browser: if it has moved, change url; if the site is down, nothing need be done",
}


@dataclass(frozen=True, slots=True)
class Wall:
    """What a server sent instead of the content. `family`: whose it is ("": not known); `said`: what the page says.

    `said` is the page's own text: it may quote the address that was asked for, and a secret in it.
    """

    kind: WallKind
    family: str = ""
    said: str = ""

    @property
    def name(self) -> str:
        """What it is, in words: "a challenge of Cloudflare"."""
        if not self.family:
            return _WORDS[self.kind]
        return (
            f"{_WORDS[self.kind]} ({self.family})" if self.kind == "region" else f"{_WORDS[self.kind]} of {self.family}"
        )

    @property
    def quoted(self) -> str:
        """What the page says, as the end of a sentence; "" if it says nothing."""
        return f": “{self.said}”" if self.said else ""

    @property
    def remedy(self) -> str:
        """What a person can do."""
        return _REMEDIES[self.kind]


def recognise(
    status: int,
    headers: Iterable[tuple[bytes, bytes]],
    body: bytes,
    *,
    content_type: str | None = None,
    page_wanted: bool = True,
    landed: str = "",
) -> Wall | None:
    """Return the wall that an answer is; None if it is none, or nothing shows that. Never raises for any bytes.

    `page_wanted`: a page may be the content; if a feed or JSON was asked for, a page is none in any case. `landed` is
    where a redirect led ("": there was none).
    """
    brings = status in _WITH_DOCUMENT
    lines = b"\n".join(name + b": " + value for name, value in headers)[:_HEADERS].decode("latin-1").lower()
    page = _outline(body, content_type, strict=brings and page_wanted)
    signs = _Signs(page, lines, strict=brings and page_wanted, refused=status in _REFUSES)
    for family in FAMILIES:
        if signs.show(family):
            return Wall(family.kind, family.name, page.said if page else "")
    if status == _LEGAL:
        return Wall("region", "", page.said if page else "")
    if page is None:
        return None
    for kind, holds in _OWN:
        if (brings or kind != "error") and holds(page, landed):
            return Wall(kind, "", page.said)
    return None


def _outline(body: bytes, content_type: str | None, *, strict: bool) -> Outline | None:
    """Return the outline of a page that may be a wall: no feed, no large one, no data that is no text."""
    if FEED.match(body[:_BEGINNING]) or b"\0" in body[:_BEGINNING] or not body:
        return None
    if strict and (len(body) > LARGEST or body[:LARGEST].lower().count(b"<a ") > _MANY_LINKS):
        return None
    text = decode(body[:LARGEST], content_type).text
    if text.lstrip()[:1] in ("{", "["):
        is_short = len(body) <= _JSON and not any(key in text for key in _KEYS)
        return Outline(scripts=text.lower()) if is_short else None
    page = outline(text)
    if not strict:
        return replace(page, links=0)
    return page if page.size <= LONGEST else None


@dataclass(frozen=True, slots=True)
class _Signs:
    """An answer, and how much its signs must prove.

    `strict`: it may be the content. `refused`: its status says that it is not, and why is not clear.
    """

    page: Outline | None
    lines: str
    strict: bool
    refused: bool

    def show(self, family: Family) -> bool:
        """Return whether it is a wall of this family."""
        if any(mark in self.lines for mark in family.headers):
            return True
        if self.page is None:
            return self._is_refused_by(family)
        return self._has_marks(family, self.page) or self._is_refused_by(family)

    def _is_refused_by(self, family: Family) -> bool:
        return self.refused and any(mark in self.lines for mark in family.refusals)

    def _has_marks(self, family: Family, page: Outline) -> bool:
        if self.strict and not page.within(_LONG, links=_FEW, dates=_FEW):
            return False
        if any(mark in page.code for mark in family.code):
            return True
        if family.titles and family.titles.fullmatch(page.title) and page.within(_TITLED, links=_FEW, dates=1):
            return True
        if (
            family.words
            and (not self.strict or page.within(_LITTLE, others=_FEW, dates=1))
            and family.words.search(page.text[:_LONG])
        ):
            return True
        return (self.refused or page.is_empty) and any(mark in page.code for mark in family.traces)
