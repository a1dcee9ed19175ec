"""Make entries as the first version of the program read them: archives contain its keys, titles and addresses.

The first version read a feed with an unescaped `&` by a lenient parser. In all guids and titles, this parser changed
`&lang=` into a character and `&cat=` into `&cat;=`; in addresses it changed `&lang=` too. In a guid that was escaped
or in CDATA it kept `&amp;`. The repaired document does not show which form was there, so keys, titles and addresses of
both forms are made.
"""

from __future__ import annotations

import html
import re
from dataclasses import replace
from html.entities import name2codepoint
from typing import Any, Final

from monitor.model import Entry
from monitor.sources.plain import one_line, text_of_html
from monitor.text.address import absolute_url, former_url

_NAMED_REFERENCE = re.compile(r"&([A-Za-z][-.A-Za-z0-9]*)(;?)(?![A-Za-z0-9])")
_REFERENCE = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_MARKUP_TYPES: Final = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})
_ABSOLUTE_URL = re.compile(r"https?://", re.IGNORECASE)


def as_first_version(entry: Entry, node: dict[str, Any], base: str, *, atom: bool, lenient: bool) -> Entry:
    """Return `entry` with the key, title and address that the first version read for it.

    `node` is the data of feedparser for this entry. `lenient` means that the feed is ill-formed.
    """
    title = _title_as_first_version(node, atom=atom, lenient=lenient)
    if entry.key and title == entry.title and not lenient:
        return entry  # key and title were the same
    before = replace(entry, title=title, url=_article_url(node, base, atom=atom, lenient=lenient))
    if not lenient:
        return before
    url = _article_url(node, base, atom=atom, lenient=False)
    linked = (former_url(url), former_url(url.replace("&", "&amp")))  # the second: if it was escaped twice
    return replace(
        before,
        key=_read_leniently(entry.key),
        former_keys=(html.escape(entry.key, quote=False),) if entry.key else linked,
        former_titles=(_title_as_first_version(node, atom=atom, lenient=False),),
        former_addresses=(url,),
    )


def _article_url(node: dict[str, Any], base: str, *, atom: bool, lenient: bool) -> str:
    links = [link for link in node.get("links") or () if link.get("rel") == "alternate" and link.get("href")]
    pages = [link for link in links if link.get("type") in _MARKUP_TYPES]
    guid, link = str(node.get("id", "")), str(node.get("link", ""))
    origin, linked = str(node.get("feedburner_origlink", "")), [str(each["href"]) for each in (*pages, *links)[:1]]
    if lenient:
        origin, guid = _read_leniently(origin), _read_leniently(guid)
        if not atom:  # in Atom links are attributes, which the parser did not change
            link, linked = _link_as_first_version(link), list(map(_link_as_first_version, linked))
    stated = (
        origin,
        *linked,
        "" if link == guid and not _ABSOLUTE_URL.match(link) else link,
        guid if node.get("guidislink") is True and _ABSOLUTE_URL.match(guid) else "",
    )
    return next(filter(None, (absolute_url(base, address) for address in stated if address.strip())), "")


def _link_as_first_version(text: str) -> str:
    """Return the text of a `<link>` as the first version read it: without the semicolons that its parser had added."""
    return re.sub(r"&([A-Za-z0-9_]+);", r"&\1", _read_leniently(text))


def _title_as_first_version(node: dict[str, Any], *, atom: bool, lenient: bool) -> str:
    value, detail = node.get("title"), node.get("title_detail")
    if not isinstance(value, str):
        return ""
    stated_type = _read_leniently(value) if lenient else value
    markup = isinstance(detail, dict) and detail.get("type") in _MARKUP_TYPES
    if stated_type != value and not atom:
        # In RSS, the parser does not take a text with unknown entities for markup.
        markup = markup and all(name in name2codepoint for name in re.findall(r"&(\w+);", stated_type))
    text = text_of_html(stated_type, sections=False) if markup else stated_type
    return one_line(html.unescape(text) if _REFERENCE.search(text) else text)


def _read_leniently(text: str) -> str:
    """Return the text with the changes that feedparser's lenient parser made to each `&` that begins no reference."""
    return _NAMED_REFERENCE.sub(_replace_reference, text)


def _replace_reference(match: re.Match[str]) -> str:
    known = match[1] in name2codepoint and match[1] not in ("lt", "gt", "quot", "amp")
    return chr(name2codepoint[match[1]]) if known else f"&{match[1]};"
