"""Feeds: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, CDF, and JSON Feed 1.0 and 1.1.

`jsonfeed` reads JSON Feed; `document` describes documents that are not feeds. XML feeds are read here, by the library
feedparser, with corrections.

Feedparser gets bytes, since it would open a text that looks like an address or a file name. The bytes are always UTF-8,
since feedparser trusts a header more than the bytes. Its dates are not used: it reads `2026年10月6日` as the first day
of the current month. The types of its values are checked: an element of a feed may replace a value of feedparser that
has the same name.
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
from monitor.sources.feed.before import as_first_version
from monitor.sources.feed.hints import read_hints
from monitor.sources.keys import finalize_entries
from monitor.sources.plain import (
    clean_lines,
    clean_names,
    looks_like_markup,
    one_line,
    remove_cdata_marks,
    text_of_html,
    title_in_plain_text,
    unescape,
    valid_language_tag,
)
from monitor.sources.xml import ends_in_entry, prepare_xml, repair_xml, seems_complete, xml_fault
from monitor.text.address import absolute_url
from monitor.text.dates import Dates
from monitor.text.decode import DecodedBody, decode

Node = dict[str, Any]

_FEEDPARSER_HEADERS: Final = {"content-type": "application/xml; charset=utf-8"}
_MARKUP_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})
_MAIL_ADDRESS = re.compile(r"(?:mailto:)?[^\s()<>\[\],;]+@[^\s()<>\[\],;]+")
# The invisible parts of an HTML title: comments, scripts, and elements that embed something.
_INVISIBLE_MARKUP = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b[^>]*>.*?</\1\s*>|<(?!img\b)[a-z]+\s[^<>=]*=[^<>]*>"
    r"|</(?:applet|audio|button|embed|form|iframe|object|video)\s*>",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP_SIGNS = re.compile("[<&]")  # all versions read a title without these in the same way
_MAX_AUTHOR_LENGTH: Final = 200
_IANA_RELATION = re.compile(r"\Ahttps?://www\.iana\.org/assignments/(?:link-)?relations?/#?", re.IGNORECASE)
_ABSOLUTE_URL = re.compile(r"https?://", re.IGNORECASE)


class FeedKind:
    """The kind for feeds. The format is recognised from the bytes; the content type is used only for decoding."""

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
        """Return the entries of the feed `body`; for other documents, a message that says what the document is."""
        return read_decoded(body, decode(body, content_type), url, Dates(now, timezone))


def read_decoded(body: bytes, decoded: DecodedBody, url: str, dates: Dates) -> Reading:
    """Return the entries of a feed that was decoded; for other documents, a message that says what the document is."""
    from monitor.sources.feed.jsonfeed import read_json

    if not body.strip():
        return Reading("feed", problems=("the answer is empty",), readable=False)
    read_format = read_json if decoded.text.lstrip()[:1] in ("{", "[") else read_xml
    reading = read_format(decoded.text, url, dates)
    if reading is None:
        from monitor.sources.feed.document import describe_document

        problem = f"not a feed: it is {describe_document(body, decoded.text)}"
        return Reading("feed", problems=(problem, *decoded.problems), readable=False)
    return add_problems(reading, decoded, dates)


def add_problems(reading: Reading, decoded: DecodedBody, dates: Dates) -> Reading:
    """Return a reading with the problems of the document's encoding and dates too."""
    problems = (*decoded.problems, *reading.problems, *dates.problems())
    return replace(reading, problems=problems, readable=bool(reading.entries) or not reading.problems)


# --- XML


@dataclass(frozen=True, slots=True)
class ReadFeed:
    """A feed that was read, and its entries before each got its key: `key` is the guid, or ""."""

    reading: Reading
    drafts: tuple[Entry, ...]


def read_xml(text: str, url: str, dates: Dates) -> Reading | None:
    """Return the feed in `text`, well-formed or not; None if it is not a feed."""
    feed = read_xml_feed(text, url, dates)
    return None if feed is None else feed.reading


def read_xml_feed(text: str, url: str, dates: Dates) -> ReadFeed | None:
    """Return the feed in `text` like `read_xml`, with the drafts of its entries.

    An ill-formed feed is repaired first: the lenient parser of feedparser would change correct parts too.
    """
    import feedparser  # heavy, and needed in children only

    text = prepare_xml(text)
    slip = xml_fault(text)
    parsed: Node = feedparser.parse(
        io.BytesIO((repair_xml(text) if slip else text).encode("utf-8", "replace")),
        response_headers=_FEEDPARSER_HEADERS,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    version, raw, feed = _text(parsed, "version"), _child_nodes(parsed, "entries"), _child_node(parsed, "feed")
    if not version and not raw:
        return None
    atom = version.startswith("atom")
    # Links in Atom are relative to the document, and in RSS to the site (`<channel><link>`).
    site = "" if atom else absolute_url(url, _text(feed, "link"))
    head = _FeedDefaults(
        atom, site or url, valid_language_tag(_text(feed, "language")), _author_names(feed) if atom else None
    )
    drafts = [_make_entry(node, head, dates) for node in raw]
    former = [
        draft
        if draft.key and not slip and not _MARKUP_SIGNS.search(_text(node, "title"))
        else as_first_version(draft, node, head.base, atom=atom, lenient=bool(slip))
        for draft, node in zip(drafts, raw, strict=True)
    ]
    entries, problems = finalize_entries(drafts, former if slip or former != drafts else None)
    lenient = parsed.get("bozo_exception") is not None
    problem = f"not well-formed XML: {slip or 'an entity'}; {'read leniently' if lenient else 'repaired'}"
    complete = not (slip or lenient) or seems_complete(text, len(raw))
    cut = not complete and ends_in_entry(text, len(raw))
    reading = Reading(
        "feed",
        entries,
        title=_title_line(feed, "title", atom=atom) or None,
        language=head.language,
        next_url=absolute_url(url, _first_link(feed, "next")) or None,
        problems=(*((problem,) if slip or lenient else ()), *problems),
        complete=complete,
        unfinished=frozenset({entries[-1].key} if cut and entries else ()),
        hints=read_hints(text),
    )
    return ReadFeed(reading, tuple(drafts))


@dataclass(frozen=True, slots=True)
class _FeedDefaults:
    """Data of a feed that its entries have too if they do not state their own."""

    atom: bool
    base: str
    language: str | None
    author: str | None


def _make_entry(node: Node, defaults: _FeedDefaults, dates: Dates) -> Entry:
    summary, contents = _child_node(node, "summary_detail"), _child_nodes(node, "content")
    texts = (_text_block(_text(part, "value"), _text(part, "type")) for part in contents)
    # The language that the entry states, else the language of its title or text (`xml:lang`).
    dates_stated = (_text(each, "language") for each in (node, _child_node(node, "title_detail"), summary, *contents))
    language = next(filter(None, map(valid_language_tag, dates_stated)), defaults.language)
    updated = dates.moment(_text(node, "updated"), language=language)
    return Entry(
        key=one_line(_text(node, "id")),
        title=_title_line(node, "title", atom=defaults.atom),
        url=_article_url(node, defaults.base),
        published=dates.moment(_text(node, "published"), _text(node, "created"), language=language) or updated,
        updated=updated,
        # Without `summary_detail` the summary is only feedparser's copy of the content.
        summary=_text_block(_text(node, "summary"), _text(summary, "type")) if summary else "",
        author=_author_names(node) or defaults.author,
        language=language,
        tags=clean_names(_text(tag, "label") or _text(tag, "term") for tag in _child_nodes(node, "tags")),
        content=max(texts, key=len, default=""),
    )


def _article_url(node: Node, base: str) -> str:
    """Return the absolute address of the article; "" if there is no address.

    The first of these is used: the original address that a service replaced (FeedBurner), the first alternate link, the
    link element, a guid that is an address, an enclosure.
    """
    guid = _text(node, "id")
    link = remove_cdata_marks(_text(node, "link"))
    stated = (
        remove_cdata_marks(_text(node, "feedburner_origlink")),
        _first_link(node, "alternate"),
        "" if link == guid and not _ABSOLUTE_URL.match(link) else link,
        remove_cdata_marks(guid)
        if node.get("guidislink") is True and _ABSOLUTE_URL.match(remove_cdata_marks(guid))
        else "",
        _first_link(node, "enclosure"),
    )
    return next(filter(None, (absolute_url(base, address) for address in stated if address.strip())), "")


def _first_link(node: Node, relation: str) -> str:
    """Return the first link with a relation, preferably to a page. A relation may be an IRI (RFC 4287, 4.2.7.2)."""
    links = [link for link in _child_nodes(node, "links") if _IANA_RELATION.sub("", _text(link, "rel")) == relation]
    links = [link for link in links if _text(link, "href")]
    pages = [link for link in links if _text(link, "type") in _MARKUP_TYPES]
    return next((remove_cdata_marks(_text(link, "href")) for link in (*pages, *links)), "")


def _title_line(node: Node, key: str, *, atom: bool) -> str:
    """Return a title as one line of plain text. Atom states whether a title is markup; RSS does not.

    Titles mention HTML tags more often than they contain markup. So a tag that titles do not use is kept as text,
    except a script.
    """
    value, kind = _text(node, key), _text(_child_node(node, f"{key}_detail"), "type")
    if kind in _MARKUP_TYPES:
        return unescape(title_in_plain_text(_INVISIBLE_MARKUP.sub(" ", value) if atom else value))
    return title_in_plain_text(value, plain=atom)


def _text_block(value: str, kind: str) -> str:
    """Return a summary or content as plain text of several lines; "" if it is binary data.

    Plain text that starts with a tag is converted too: it was escaped twice, or is markup with a wrong label.
    """
    if kind not in _MARKUP_TYPES and not kind.startswith("text/"):
        return ""
    value = remove_cdata_marks(value)
    text = text_of_html(value) if kind in _MARKUP_TYPES else clean_lines(unescape(value))
    return text_of_html(text) if text.startswith("<") and looks_like_markup(text) else text


def _author_names(node: Node) -> str | None:
    """Return the names of the authors. A mail address, as RSS requires, is used only if there is no name.

    The text of the last `<author>` is used, not feedparser's parts of it: these shorten `li@a.technology` to
    `li@a.tech`.
    """
    stated = one_line(unescape(_text(node, "author")))[:_MAX_AUTHOR_LENGTH]
    last = _MAIL_ADDRESS.sub(" ", stated).strip(" ()<>[],;:-") or stated
    earlier = (_text(author, "name") for author in _child_nodes(node, "authors")[:-1])
    return ", ".join(clean_names((*earlier, last))) or None


def _text(node: Node, key: str) -> str:
    value = dict.get(node, key)  # feedparser's own `get` returns another date if this one is missing
    return value if isinstance(value, str) else ""


def _child_node(node: Node, key: str) -> Node:
    value = node.get(key)
    return value if isinstance(value, dict) else {}


def _child_nodes(node: Node, key: str) -> list[Node]:
    value = node.get(key)
    return [part for part in value if isinstance(part, dict)] if isinstance(value, list) else []
