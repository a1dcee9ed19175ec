"""RSS, RDF, Atom and CDF, by feedparser; what it does too much or too little is done here.

It is given bytes only: a text that looks like an address or a file name it would open. It is given UTF-8 only: its own
guess believes a header before the bytes. Its dates are not used: for it `2026年10月6日` is the first of this month. Its
values are not trusted to have a type: an element that is named like one of its own keys replaces that.
"""

from __future__ import annotations

import io
import re
import sys
from dataclasses import dataclass
from typing import Any, Final

import feedparser

from monitor.model import Entry, Reading
from monitor.sources.base import Dates
from monitor.sources.feed.common import finished, language_tag, longest, names
from monitor.sources.feed.whole import whole
from monitor.sources.plain import clean, html_text, looks_like_markup, one_line, tidy, unescape
from monitor.text.address import absolute_url

Node = dict[str, Any]

_HEADERS: Final = {"content-type": "application/xml; charset=utf-8"}
_MARKUP: Final = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})
_HEAD: Final = 4096
_DECLARATION = re.compile(r"<\?xml[\s?][^<>]*\?>")
_REFERENCE = re.compile(r"&#([0-9]{5,4000}|[xX][0-9A-Fa-f]{4,});?")  # those that may be out of range
_ADDRESS = re.compile(r"(?:mailto:)?[^\s()<>\[\],;]+@[^\s()<>\[\],;]+")
_LONGEST_AUTHOR: Final = 200
_HALVES: Final = range(0xD800, 0xE000)  # of surrogate pairs
_PREFIXED = re.compile(r"<([A-Za-z][\w.-]{0,30}):(?:channel|item|feed|entry)\b")
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)


def read_xml(text: str, url: str, dates: Dates) -> Reading | None:
    """The feed that `text` is, well-formed or not; None if it is no feed."""
    text = _mended(text)
    parsed = _parse(text)
    version, raw = _text(parsed, "version"), _nodes(parsed, "entries")
    if not version and not raw:
        return None
    head = _Head.of(_node(parsed, "feed"), url, atom=version.startswith("atom"))
    entries, problems = finished([_entry(node, head, dates) for node in raw])
    return Reading(
        "feed",
        entries,
        title=_line(_node(parsed, "feed"), "title") or None,
        language=head.language,
        next_url=absolute_url(url, _linked(_node(parsed, "feed"), "next")) or None,
        problems=(*_ill_formed(parsed), *problems),
        complete=parsed.get("bozo_exception") is None or whole(text, len(raw)),
    )


def _mended(text: str) -> str:
    """`text` without what would stop any XML parser but harms nothing.

    That is: control characters, blanks at the start, an XML declaration (it need not be true any more, and sometimes
    stands twice or behind a comment), references to characters that do not exist, a prefix of the feed's own elements
    that is declared nowhere.
    """
    text = clean(text).lstrip()
    text = _DECLARATION.sub("", text[:_HEAD]) + text[_HEAD:]
    text = _REFERENCE.sub(_existing, text)
    prefixed = _PREFIXED.search(text)
    if prefixed and f"xmlns:{prefixed[1]}" not in text:
        text = re.sub(rf"<(/?){re.escape(prefixed[1])}:", r"<\1", text)
    return text


def _existing(reference: re.Match[str]) -> str:
    """The reference itself if it means a character, else the character that stands for an unknown one."""
    digits = reference[1]
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return reference[0] if code <= sys.maxunicode and code not in _HALVES else "\ufffd"


def _parse(text: str) -> Node:
    parsed: Node = feedparser.parse(
        io.BytesIO(text.encode("utf-8", "replace")),
        response_headers=_HEADERS,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    return parsed


def _ill_formed(parsed: Node) -> tuple[str, ...]:
    """What the strict parser said, if it gave up and the lenient one was used."""
    error = parsed.get("bozo_exception")
    if error is None:
        return ()
    said = error.getMessage() if hasattr(error, "getMessage") else str(error)
    line = f" near line {error.getLineNumber() - 1}" if hasattr(error, "getLineNumber") else ""
    return (f"not well-formed XML: {one_line(said)[:120]}{line}; read leniently",)


@dataclass(frozen=True, slots=True)
class _Head:
    """What a feed says of itself and its entries inherit."""

    atom: bool
    base: str
    language: str | None
    author: str | None

    @classmethod
    def of(cls, feed: Node, url: str, *, atom: bool) -> _Head:
        """Links in Atom are relative to the document, in RSS to the site: its `<channel><link>`."""
        site = "" if atom else absolute_url(url, _text(feed, "link"))
        author = _author(feed) if atom else None
        return cls(atom, site or url, language_tag(_text(feed, "language")), author)


def _entry(node: Node, head: _Head, dates: Dates) -> Entry:
    updated = dates.moment(_text(node, "updated"))
    return Entry(
        key=one_line(_text(node, "id")),
        title=_line(node, "title"),
        url=_url(node, head.base),
        published=dates.moment(_text(node, "published"), _text(node, "created")) or updated,
        updated=updated,
        summary=_summary(node),
        author=_author(node) or head.author,
        language=_language(node) or head.language,
        tags=names(_text(tag, "label") or _text(tag, "term") for tag in _nodes(node, "tags")),
        content=longest(*(_block(_text(part, "value"), _text(part, "type")) for part in _nodes(node, "content"))),
    )


def _url(node: Node, base: str) -> str:
    """The address of the article, absolute; "" if there is none.

    In order: the original that a service moved away (FeedBurner), the first alternate link, the link element, a guid
    that is an address.
    """
    guid = _text(node, "id")
    link = _text(node, "link")
    stated = (
        _text(node, "feedburner_origlink"),
        _linked(node, "alternate"),
        "" if link == guid and not _ABSOLUTE.match(link) else link,
        guid if node.get("guidislink") is True and _ABSOLUTE.match(guid) else "",
    )
    return next(filter(None, (absolute_url(base, address) for address in stated if address.strip())), "")


def _linked(node: Node, relation: str) -> str:
    """The first link of that relation, a page if there is one."""
    links = [link for link in _nodes(node, "links") if _text(link, "rel") == relation and _text(link, "href")]
    pages = [link for link in links if _text(link, "type") in _MARKUP]
    return next((_text(link, "href") for link in (*pages, *links)), "")


def _line(node: Node, key: str) -> str:
    """A title as one line of plain text. Where a format leaves markup open, feedparser has decided by its looks."""
    value = _text(node, key)
    kind = _text(_node(node, f"{key}_detail"), "type")
    return one_line(unescape(html_text(value) if kind in _MARKUP else value))


def _summary(node: Node) -> str:
    """The summary that the feed gives. Without a detail it is feedparser's copy of the content, which is no summary."""
    detail = _node(node, "summary_detail")
    return _block(_text(node, "summary"), _text(detail, "type")) if detail else ""


def _block(value: str, kind: str) -> str:
    """A summary or content as plain text of several lines; "" if it is data.

    Text that then starts with a tag was escaped twice, or is markup that calls itself plain.
    """
    if kind not in _MARKUP and not kind.startswith("text/"):
        return ""
    text = html_text(value) if kind in _MARKUP else tidy(unescape(value))
    return html_text(text) if text.startswith("<") and looks_like_markup(text) else text


def _author(node: Node) -> str | None:
    """The names of the authors; a mail address, which is what RSS asks for, only where there is no name.

    `author` is what the last one's element says. Feedparser's own parting of it cuts `li@a.technology` after `.tech`.
    """
    stated = one_line(unescape(_text(node, "author")))[:_LONGEST_AUTHOR]
    last = _ADDRESS.sub(" ", stated).strip(" ()<>[],;:-") or stated
    earlier = (_text(author, "name") for author in _nodes(node, "authors")[:-1])
    return ", ".join(names((*earlier, last))) or None


def _language(node: Node) -> str | None:
    """The entry's own statement, else the language in force at its title or text (`xml:lang`)."""
    details = (_node(node, "title_detail"), _node(node, "summary_detail"), *_nodes(node, "content"))
    stated = (_text(node, "language"), *(_text(detail, "language") for detail in details))
    return next(filter(None, map(language_tag, stated)), None)


def _text(node: Node, key: str) -> str:
    value = dict.get(node, key)  # feedparser's own `get` falls back from one date to another
    return value if isinstance(value, str) else ""


def _node(node: Node, key: str) -> Node:
    value = node.get(key)
    return value if isinstance(value, dict) else {}


def _nodes(node: Node, key: str) -> list[Node]:
    value = node.get(key)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []
