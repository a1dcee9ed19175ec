"""Feeds: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, CDF, and JSON Feed 1.0 and 1.1.

`jsonfeed` reads JSON Feed; `document` describes documents that are not feeds. The others are read here, by feedparser,
with corrections.

Feedparser gets bytes only: it would open a text that looks like an address or a file name. It gets UTF-8 only: its
own detection trusts a header more than the bytes. Its dates are not used: it reads `2026年10月6日` as the first of
this month. The types of its values are checked: an element with the name of one of its own keys replaces that value.
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import BaseModel

from monitor.model import Entry, Reading
from monitor.sources.base import NoOptions
from monitor.sources.feed.before import as_before
from monitor.sources.keys import finalize
from monitor.sources.plain import (
    html_text,
    language_tag,
    looks_like_markup,
    names,
    one_line,
    tidy,
    title_text,
    unescape,
    without_cdata,
)
from monitor.sources.xml import ends_in_entry, fault, prepare, repair, whole
from monitor.text.address import absolute_url
from monitor.text.dates import Dates
from monitor.text.decode import decode

Node = dict[str, Any]

_HEADERS: Final = {"content-type": "application/xml; charset=utf-8"}
_MARKUP: Final = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})
_ADDRESS = re.compile(r"(?:mailto:)?[^\s()<>\[\],;]+@[^\s()<>\[\],;]+")
# What no reader of an HTML title sees: comments, scripts, and elements that something is embedded with.
_UNSEEN = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b[^>]*>.*?</\1\s*>|<(?!img\b)[a-z]+\s[^<>=]*=[^<>]*>"
    r"|</(?:applet|audio|button|embed|form|iframe|object|video)\s*>",
    re.IGNORECASE | re.DOTALL,
)
_MARKS = re.compile("[<&]")  # a title without them has been read the same by every version
_LONGEST_AUTHOR: Final = 200
_RELATION = re.compile(r"\Ahttps?://www\.iana\.org/assignments/(?:link-)?relations?/#?", re.IGNORECASE)
_ABSOLUTE = re.compile(r"https?://", re.IGNORECASE)


class FeedKind:
    """A feed. Its bytes show its format; the content type is used only for decoding."""

    kind: str = "feed"
    synonyms: tuple[str, ...] = ("rss", "rss2", "atom", "rdf", "xml", "jsonfeed", "rsshub", "订阅")
    accept: str = (
        "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
        "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
    )
    Options: type[BaseModel] = NoOptions

    def read(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str | None,
        options: Mapping[str, object],  # noqa: ARG002 - there are none
        now: dt.datetime,
        timezone: str,
    ) -> Reading:
        """Return the entries of the feed `body`; for anything else none, and a problem that says what it is."""
        from monitor.sources.feed.jsonfeed import read_json

        if not body.strip():
            return Reading("feed", problems=("the answer is empty",), readable=False)
        decoded = decode(body, content_type)
        dates = Dates(now, timezone)
        read_format = read_json if decoded.text.lstrip()[:1] in ("{", "[") else read_xml
        reading = read_format(decoded.text, url, dates)
        if reading is None:
            from monitor.sources.feed.document import what_it_is

            problem = f"not a feed: it is {what_it_is(body, decoded.text)}"
            return Reading("feed", problems=(problem, *decoded.problems), readable=False)
        problems = (*decoded.problems, *reading.problems, *dates.problems())
        return replace(reading, problems=problems, readable=bool(reading.entries) or not reading.problems)


# --- XML


def read_xml(text: str, url: str, dates: Dates) -> Reading | None:
    """Return the feed in `text`, well-formed or not; None if it is not a feed.

    An ill-formed feed is repaired first: the parser's own leniency guesses at every place of the document.
    """
    import feedparser  # heavy, and needed in children only

    text = prepare(text)
    slip = fault(text)
    parsed: Node = feedparser.parse(
        io.BytesIO((repair(text) if slip else text).encode("utf-8", "replace")),
        response_headers=_HEADERS,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    version, raw, feed = _text(parsed, "version"), _nodes(parsed, "entries"), _node(parsed, "feed")
    if not version and not raw:
        return None
    atom = version.startswith("atom")
    # Links in Atom are relative to the document, in RSS to the site: its `<channel><link>`.
    site = "" if atom else absolute_url(url, _text(feed, "link"))
    head = _Head(atom, site or url, language_tag(_text(feed, "language")), _author(feed) if atom else None)
    drafts = [_entry(node, head, dates) for node in raw]
    former = [
        draft
        if draft.key and not slip and not _MARKS.search(_text(node, "title"))
        else as_before(draft, node, head.base, atom=atom, lenient=bool(slip))
        for draft, node in zip(drafts, raw, strict=True)
    ]
    entries, problems = finalize(drafts, former if slip or former != drafts else None)
    lenient = parsed.get("bozo_exception") is not None
    problem = f"not well-formed XML: {slip or 'an entity'}; {'read leniently' if lenient else 'repaired'}"
    complete = not (slip or lenient) or whole(text, len(raw))
    cut = not complete and ends_in_entry(text, len(raw))
    return Reading(
        "feed",
        entries,
        title=_title_line(feed, "title", atom=atom) or None,
        language=head.language,
        next_url=absolute_url(url, _linked(feed, "next")) or None,
        problems=(*((problem,) if slip or lenient else ()), *problems),
        complete=complete,
        unfinished=frozenset({entries[-1].key} if cut and entries else ()),
    )


@dataclass(frozen=True, slots=True)
class _Head:
    """Data of a feed that its entries inherit."""

    atom: bool
    base: str
    language: str | None
    author: str | None


def _entry(node: Node, head: _Head, dates: Dates) -> Entry:
    summary, contents = _node(node, "summary_detail"), _nodes(node, "content")
    texts = (_text_block(_text(part, "value"), _text(part, "type")) for part in contents)
    # The language that the entry states, else the one in force at its title or text (`xml:lang`).
    stated = (_text(each, "language") for each in (node, _node(node, "title_detail"), summary, *contents))
    language = next(filter(None, map(language_tag, stated)), head.language)
    updated = dates.moment(_text(node, "updated"), language=language)
    return Entry(
        key=one_line(_text(node, "id")),
        title=_title_line(node, "title", atom=head.atom),
        url=_url(node, head.base),
        published=dates.moment(_text(node, "published"), _text(node, "created"), language=language) or updated,
        updated=updated,
        # Without a detail it is feedparser's copy of the content, which is no summary.
        summary=_text_block(_text(node, "summary"), _text(summary, "type")) if summary else "",
        author=_author(node) or head.author,
        language=language,
        tags=names(_text(tag, "label") or _text(tag, "term") for tag in _nodes(node, "tags")),
        content=max(texts, key=len, default=""),
    )


def _url(node: Node, base: str) -> str:
    """Return the address of the article, absolute; "" if there is none.

    In order: the original address that a service replaced (FeedBurner), the first alternate link, the link element, a
    guid that is an address, an enclosure.
    """
    guid = _text(node, "id")
    link = without_cdata(_text(node, "link"))
    stated = (
        without_cdata(_text(node, "feedburner_origlink")),
        _linked(node, "alternate"),
        "" if link == guid and not _ABSOLUTE.match(link) else link,
        without_cdata(guid) if node.get("guidislink") is True and _ABSOLUTE.match(without_cdata(guid)) else "",
        _linked(node, "enclosure"),
    )
    return next(filter(None, (absolute_url(base, address) for address in stated if address.strip())), "")


def _linked(node: Node, relation: str) -> str:
    """Return the first link with the relation, preferably to a page. A relation may be an IRI (RFC 4287, 4.2.7.2)."""
    links = [link for link in _nodes(node, "links") if _RELATION.sub("", _text(link, "rel")) == relation]
    links = [link for link in links if _text(link, "href")]
    pages = [link for link in links if _text(link, "type") in _MARKUP]
    return next((without_cdata(_text(link, "href")) for link in (*pages, *links)), "")


def _title_line(node: Node, key: str, *, atom: bool) -> str:
    """Return a title as one line of plain text. In RSS it may or may not be markup; Atom says which.

    Titles mention HTML tags more often than they contain markup: a tag that no title uses is text, except a script.
    """
    value, kind = _text(node, key), _text(_node(node, f"{key}_detail"), "type")
    if kind in _MARKUP:
        return unescape(title_text(_UNSEEN.sub(" ", value) if atom else value))
    return title_text(value, plain=atom)


def _text_block(value: str, kind: str) -> str:
    """Return a summary or content as plain text of several lines; "" if it is binary data.

    Text that still starts with a tag was escaped twice, or is markup labelled as plain text.
    """
    if kind not in _MARKUP and not kind.startswith("text/"):
        return ""
    value = without_cdata(value)
    text = html_text(value) if kind in _MARKUP else tidy(unescape(value))
    return html_text(text) if text.startswith("<") and looks_like_markup(text) else text


def _author(node: Node) -> str | None:
    """Return the names of the authors; a mail address, which RSS asks for, only if there is no name.

    `author` is the text of the last element: feedparser's own parts cut `li@a.technology` after `.tech`.
    """
    stated = one_line(unescape(_text(node, "author")))[:_LONGEST_AUTHOR]
    last = _ADDRESS.sub(" ", stated).strip(" ()<>[],;:-") or stated
    earlier = (_text(author, "name") for author in _nodes(node, "authors")[:-1])
    return ", ".join(names((*earlier, last))) or None


def _text(node: Node, key: str) -> str:
    value = dict.get(node, key)  # feedparser's own `get` falls back from one date to another
    return value if isinstance(value, str) else ""


def _node(node: Node, key: str) -> Node:
    value = node.get(key)
    return value if isinstance(value, dict) else {}


def _nodes(node: Node, key: str) -> list[Node]:
    value = node.get(key)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []
