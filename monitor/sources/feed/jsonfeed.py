"""Read JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/), also with common errors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from monitor.model import Entry, Moment, Reading
from monitor.sources.fields import read_epoch, text_of
from monitor.sources.keys import finalize_entries
from monitor.sources.plain import (
    clean_lines,
    clean_names,
    one_line,
    text_of_html,
    title_in_plain_text,
    unescape,
    valid_language_tag,
)
from monitor.text.address import absolute_url
from monitor.text.dates import Dates

Object = Mapping[str, object]
_MAX_TIMESTAMP: Final = 1e13  # milliseconds; Python also reads infinite numbers from JSON
_ITEM_KEYS: Final = frozenset({"id", "url", "external_url", "title", "content_html", "content_text", "summary"})


def read_json(text: str, url: str, dates: Dates) -> Reading | None:
    """Read `text` as a JSON Feed. Return None for other JSON, and a reading with a problem for ill-formed JSON."""
    try:
        feed = json.loads(text.strip(), strict=False)  # strings may contain unescaped control characters
    except (ValueError, RecursionError) as error:
        problem = f"not a feed: JSON that cannot be read: {one_line(str(error))[:120]}"
        return Reading("feed", problems=(problem,), readable=False, complete=False)
    if not isinstance(feed, dict) or not _is_feed(feed):
        return None
    items = [item for item in _items(feed) if isinstance(item, dict)]
    language = valid_language_tag(_text(feed, "language"))
    authors = _author_names(feed)
    drafts = [_make_entry(item, url, language, authors, dates) for item in items]
    # The entries as the first version read them: the key of an entry without id and address was a hash of its title,
    # and the address of an attachment was not used.
    former = [
        replace(draft, title=one_line(unescape(_text(item, "title"))), url=_page_url(item, url))
        for draft, item in zip(drafts, items, strict=True)
    ]
    entries, problems = finalize_entries(drafts, None if former == drafts else former)
    strays = len(_items(feed)) - len(items)
    return Reading(
        "feed",
        entries,
        title=one_line(unescape(_text(feed, "title"))) or None,
        language=language,
        next_url=absolute_url(url, _text(feed, "next_url")) or None,
        problems=(*problems, *((f"{strays} of its items are not objects",) if strays else ())),
    )


def _is_feed(feed: Object) -> bool:
    """Return whether JSON is a feed by its `version`; without a version, whether its items look like a feed's."""
    version = feed.get("version")
    if isinstance(version, str) and "jsonfeed.org" in version:
        return True
    first = next(iter(_items(feed)), None)
    return isinstance(first, dict) and len(_ITEM_KEYS & first.keys()) > 1


def _items(feed: Object) -> list[object]:
    items = feed.get("items")
    return items if isinstance(items, list) else []


def _make_entry(item: Object, base: str, language: str | None, authors: str | None, dates: Dates) -> Entry:
    language = valid_language_tag(_text(item, "language")) or language
    updated = _date_under(item, "date_modified", dates, language)
    markup, plain = text_of_html(_text(item, "content_html")), clean_lines(_text(item, "content_text"))
    return Entry(
        key=_item_id(item),
        title=title_in_plain_text(_text(item, "title"), plain=True),
        url=_page_url(item, base) or _attachment_url(item, base),
        published=_date_under(item, "date_published", dates, language) or updated,
        updated=updated,
        summary=clean_lines(unescape(_text(item, "summary"))),
        author=_author_names(item) or authors,
        language=language,
        tags=clean_names(tag for tag in _list(item, "tags") if isinstance(tag, str)),
        content=max(markup, plain, key=len),
    )


def _page_url(item: Object, base: str) -> str:
    """Return the address of the item's page: the stated one, else an id that is an address, else ""."""
    guid = _item_id(item)
    stated = (_text(item, "url"), _text(item, "external_url"), guid if guid.startswith(("http://", "https://")) else "")
    return next(filter(None, (absolute_url(base, address) for address in stated if address.strip())), "")


def _attachment_url(item: Object, base: str) -> str:
    """Return the address of the first attachment that has one; podcasts may have no other address."""
    attachments = (each for each in _list(item, "attachments") if isinstance(each, dict))
    stated = (_text(each, "url") for each in attachments)
    return next(filter(None, (absolute_url(base, address) for address in stated if address.strip())), "")


def _date_under(item: Object, key: str, dates: Dates, language: str | None) -> Moment | None:
    """Return the date under `key`. It should be a text, but numbers of seconds or milliseconds are common."""
    value = item.get(key)
    if isinstance(value, float):
        value = int(value) if abs(value) < _MAX_TIMESTAMP else str(value)
    stated = text_of(value)
    return read_epoch(stated, dates.now) or dates.moment(stated, language=language)


def _item_id(item: Object) -> str:
    """Return the id as text. It should be a text, but numbers are common."""
    value = item.get("id")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return one_line(value) if isinstance(value, str) else ""


def _author_names(feed_or_item: Object) -> str | None:
    """Return the names in `authors` (JSON Feed 1.1) or `author` (1.0)."""
    authors = [*_list(feed_or_item, "authors"), feed_or_item.get("author")]
    found = clean_names(_text(author, "name") if isinstance(author, dict) else author for author in authors)
    return ", ".join(found) or None


def _text(parent: Object, key: str) -> str:
    value = parent.get(key)
    return value if isinstance(value, str) else ""


def _list(parent: Object, key: str) -> list[object]:
    value = parent.get(key)
    return value if isinstance(value, list) else []
