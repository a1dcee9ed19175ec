"""Walls: pages that a server sends instead of the content. Pure.

There are six kinds: a challenge (a test for robots), a refusal, a login page, a page that asks for consent, a refusal
because of the country, and an error page. A wall is not a list or an article, and does not mean that nothing is new.
Walls are recognised and named, but never answered. `Wall.remedy` says what a person can do.

If a wall is mistaken for content, or content for a wall, news is lost. So a sign of a wall counts only if the page
shows hardly anything else: titles of entries, dates and sentences about another subject are content. Only the visible
text counts, not the size of scripts, styles and pictures. If the HTTP status says that there is no document, no news
can be lost, and each sign counts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from monitor.text.decode import decode
from monitor.text.walls.families import FAMILIES, Family, WallKind
from monitor.text.walls.outline import MAX_WALL_WIDTH, Outline, outline
from monitor.text.walls.pages import is_consent, is_error, is_login, is_refusal, is_region, is_test
from monitor.text.walls.words import WALL_TOPIC

__all__ = ["FEED", "MAX_PAGE_BYTES", "Wall", "WallKind", "recognise"]

MAX_PAGE_BYTES: Final = 128 << 10
"""Bytes of a refusal that are looked at. If the status allows content, a page with more HTML than this is content."""

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
"""The beginning of a feed, a sitemap or other XML. Such a document is never a wall."""

_CONTENT_STATUSES: Final = frozenset({200, 203, 226})
_HEAD_SIZE: Final = 4_096  # bytes
_MAX_HEADERS_SIZE: Final = 16_384  # bytes; all headers together
_MAX_JSON_SIZE: Final = 4_096  # bytes; a longer answer in JSON is content
_CONTENT_KEYS: Final = ('"title"', '"items"', '"entries"', '"content"')
_MAX_BYTES_WITH_BULK: Final = 2 << 20  # with scripts, styles and pictures
_BULKY_PARTS = re.compile(
    rb"<!--.*?(?:-->|\Z)|<(script|style|textarea|template|svg)\b.*?(?:</\1|\Z)"
    rb"|data:[\w/+.-]{1,60};base64,[\w+/=%-]*+",
    re.DOTALL | re.IGNORECASE,
)
_TAGS_AND_BLANKS = re.compile(rb"<[^<>]*+>|\s+")
_MAX_TEXT_BYTES: Final = 20_000  # bytes; a wall with its footer has the width ten thousand at most
_MAX_LINKS: Final = 300  # of any kind
_MAX_WIDTH: Final = 4_000  # width of the text of a challenge or a refusal
_MAX_WIDTH_WITH_TITLE: Final = 2_000
_MAX_TITLES: Final = 3  # links with a text as long as a title
_MAX_WIDTH_WITH_WORDS: Final = 1_000
_MAX_OTHER_WIDTH: Final = 60  # width of all sentences about another subject
_MAX_OTHER_WIDTH_WITH_TITLE: Final = 120
_UNAVAILABLE_FOR_LEGAL_REASONS: Final = 451  # RFC 7725: unavailable for legal reasons in a country
_REFUSAL_STATUSES: Final = frozenset(
    {202, 403, 405, 406, 412, 418, 468, 512, 521, 566, 567}
)  # other status codes give a reason, or come from the site itself

_TESTS_OF_SITE_WALLS: Final[tuple[tuple[WallKind, Callable[[Outline, str], bool]], ...]] = (
    ("region", is_region),
    ("consent", is_consent),
    ("login", is_login),
    ("challenge", is_test),
    ("block", is_refusal),
    ("error", is_error),
)

_KIND_NAMES: Final[dict[WallKind, str]] = {
    "challenge": "a challenge",
    "block": "a refusal",
    "login": "a login page",
    "consent": "a page that asks for consent",
    "region": "a refusal because of the country or region",
    "error": "an error page",
}
_OTHER_SOURCES: Final = "look for a feed or an API of the site, or a bridge such as RSSHub"
_REMEDIES: Final[dict[WallKind, str]] = {
    "challenge": "the site tests whether its visitor is a browser, and the program does not take such tests: open it in"
    f" a browser and {_OTHER_SOURCES}; ask the site to allow your address; poll it more rarely (every)",
    "block": f"ask the site to allow your address, or use one that it allows ([fetch] proxy); {_OTHER_SOURCES}; poll it"
    " more rarely (every)",
    "login": "open it in a browser: if it should be public, its address has changed; if you have an account, put"
    f" its cookie or token into headers; or {_OTHER_SOURCES}",
    "consent": f"open it in a browser and {_OTHER_SOURCES}, which need no consent",
    "region": f"use an address of a country that it serves ([fetch] proxy), or {_OTHER_SOURCES}",
    "error": "open it in a browser: if it has moved, change url; if the site is down, wait",
}


@dataclass(frozen=True, slots=True)
class Wall:
    """A page that a server sent instead of the content.

    `family` is the service that made it ("" if not known). `shown_text` is the title or first text of the page; it may
    quote the requested address, with a secret in it.
    """

    kind: WallKind
    family: str = ""
    shown_text: str = ""

    @property
    def name(self) -> str:
        """The name of the wall for a message: "a challenge of Cloudflare"."""
        if not self.family:
            return _KIND_NAMES[self.kind]
        return (
            f"{_KIND_NAMES[self.kind]} ({self.family})"
            if self.kind == "region"
            else f"{_KIND_NAMES[self.kind]} of {self.family}"
        )

    @property
    def quoted(self) -> str:
        """The text of the page (`shown_text`) in quotes, to end a sentence; "" if it has no text."""
        return f": “{self.shown_text}”" if self.shown_text else ""

    @property
    def remedy(self) -> str:
        """Advice for the operator: what to do about this wall."""
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
    """Return which wall the answer is; None if there is no sign of a wall. Never raises for any bytes.

    `page_wanted` means that the content may be a page. It is false if a feed or JSON was requested: then no page is
    content. `landed` is the address to which a redirect led; "" if there was no redirect.
    """
    may_be_content = status in _CONTENT_STATUSES
    lines = b"\n".join(name + b": " + value for name, value in headers)[:_MAX_HEADERS_SIZE].decode("latin-1").lower()
    page = _outline(body, content_type, strict=may_be_content and page_wanted)
    if page is None and may_be_content:
        return None
    signs = _Signs(page, lines, strict=may_be_content and page_wanted, refused=status in _REFUSAL_STATUSES)
    for family in FAMILIES:
        if signs.is_wall_of(family):
            return Wall(family.kind, family.name, page.shown_text if page else "")
    if status == _UNAVAILABLE_FOR_LEGAL_REASONS:
        return Wall("region", "", page.shown_text if page else "")
    if page is None:
        return None
    for kind, is_kind in _TESTS_OF_SITE_WALLS:
        if (may_be_content or kind != "error") and is_kind(page, landed):
            return Wall(kind, "", page.shown_text)
    return None


def _outline(body: bytes, content_type: str | None, *, strict: bool) -> Outline | None:
    """Return the outline of a page that may be a wall; None for feeds, binary data, and pages that are too large."""
    if FEED.match(body[:_HEAD_SIZE]) or b"\0" in body[:_HEAD_SIZE] or (strict and _is_large(body)):
        return None
    text = decode(body if strict else body[:MAX_PAGE_BYTES], content_type).text
    if text.lstrip()[:1] in ("{", "["):
        is_short = len(body) <= _MAX_JSON_SIZE and not any(key in text for key in _CONTENT_KEYS)
        return Outline(scripts=text.lower()) if is_short else None
    page = outline(text)
    if not strict:
        return replace(page, links=0)
    return page if page.size <= MAX_WALL_WIDTH else None


def _is_large(body: bytes) -> bool:
    """Return whether a page is too large for a wall, without its scripts, styles and pictures."""
    if len(body) > _MAX_BYTES_WITH_BULK:
        return True
    markup = _BULKY_PARTS.sub(b"", body)
    if len(markup) > MAX_PAGE_BYTES or markup.lower().count(b"<a ") > _MAX_LINKS:
        return True
    return len(markup) > _MAX_TEXT_BYTES and len(_TAGS_AND_BLANKS.sub(b"", markup)) > _MAX_TEXT_BYTES


@dataclass(frozen=True, slots=True)
class _Signs:
    """An answer of a server, in which signs of walls are looked for. `lines` are its headers in lower case.

    `strict` means that the answer may be content, so signs count only on a page with little content. `refused` means
    that the status refuses the request without a clear reason.
    """

    page: Outline | None
    lines: str
    strict: bool
    refused: bool

    def is_wall_of(self, family: Family) -> bool:
        """Return whether the answer is a wall of the service `family`."""
        if self.refused and any(mark in self.lines for mark in family.refusals):
            return True
        if self.page is None or not self.strict or self.page.is_bare:
            if any(mark in self.lines for mark in family.headers):
                return True
            if self.page is not None and any(mark in self.page.code for mark in family.code):
                return True
        return self.page is not None and (self._has_words_of(family, self.page) or self._has_traces(family, self.page))

    def _has_words_of(self, family: Family, page: Outline) -> bool:
        """Return whether a page has the title or the words of the service, and hardly any other text."""
        titled = family.titles is not None and family.titles.fullmatch(page.title) is not None
        if titled and self._is_alone(page, _MAX_WIDTH_WITH_TITLE, rest=_MAX_OTHER_WIDTH_WITH_TITLE):
            return True
        if (
            titled
            and page.has_at_most(_MAX_WIDTH, links=_MAX_TITLES, dates=1)
            and any(mark in page.code for mark in family.code)
        ):
            return True  # two marks: it may explain itself at length
        if family.words is None or family.words.search(page.text[:_MAX_WIDTH]) is None:
            return False
        return not self.strict or self._is_alone(page, _MAX_WIDTH_WITH_WORDS, rest=_MAX_OTHER_WIDTH)

    def _is_alone(self, page: Outline, size: int, *, rest: int) -> bool:
        if not page.has_at_most(size, dates=1):
            return False
        return not self.strict or (page.count_off_topic_links(WALL_TOPIC) <= 1 and page.is_about(WALL_TOPIC, rest=rest))

    def _has_traces(self, family: Family, page: Outline) -> bool:
        if not self.refused and not (page.is_empty and (not self.strict or page.is_about(WALL_TOPIC, rest=0))):
            return False
        return any(mark in page.code for mark in family.traces)
