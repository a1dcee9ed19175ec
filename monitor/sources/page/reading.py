"""Read the entries of a page: by the operator's selectors, else automatically, else from scripts and comments."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from statistics import median
from typing import Final

from monitor.model import Reading
from monitor.sources.feed import FeedKind
from monitor.sources.feed.document import describe_document
from monitor.sources.keys import assign_keys
from monitor.sources.page import missing
from monitor.sources.page.dated import Calendar
from monitor.sources.page.document import ParsedPage, parse, text_width, texts_of
from monitor.sources.page.find import describe_links_left_out, find_rows
from monitor.sources.page.hidden import describe_data_left_out, hidden_rows, row_requests
from monitor.sources.page.next import next_page
from monitor.sources.page.options import PageOptions
from monitor.sources.page.rows import Row, describe_shortened
from monitor.sources.page.selectors import apply_matching_selectors, select_rows
from monitor.text.address import absolute_url, host_of
from monitor.text.decode import decode

_FEED_START = re.compile(
    r"\s*+(?>(?:<\?[^>]*>|<!--(?:(?!-->).)*-->|<!DOCTYPE (?!html)[^>]*>)\s*+)*+<(?:rss|feed|rdf:RDF)[\s>]", re.DOTALL
)
_MARKUP_START = re.compile(r"<[A-Za-z!?]")
_REFRESH_URL = re.compile(r"\s*[\d.]*\s*[;,]\s*url\s*=", re.IGNORECASE)
_TAG_START = re.compile(r"</?[a-z]")
_PAGE_END_LENGTH: Final = 16_384  # characters; if a page is cut off within a link, the link begins in these
_PAGE_HEAD_LENGTH: Final = 4096
_MIN_SURE_TITLE_WIDTH: Final = 28  # shorter titles without dates may be a menu
_MAX_SHORT_LIST: Final = 12
_RowsAndProblems = tuple[Sequence[Row], tuple[str, ...], tuple[str, ...]]
"""The rows, messages about problems, and messages about limits that left rows out."""


def read_page(
    body: bytes, options: PageOptions, *, url: str, content_type: str | None, now: dt.datetime, timezone: str
) -> Reading:
    """Read the entries of the page's list. If there is no list, the reading is not readable, and a problem says why."""
    if not body.strip():
        return Reading("page", problems=("the answer is empty",), readable=False)
    decoded = decode(body, content_type)
    if _FEED_START.match(decoded.text[:_PAGE_HEAD_LENGTH]):
        feed = FeedKind()
        reading = feed.read(body, url=url, content_type=content_type, options={}, now=now, timezone=timezone)
        return replace(reading, kind="page", problems=('it is a feed: use kind = "feed"', *reading.problems))
    page = parse(decoded.text, url) if _MARKUP_START.search(decoded.text) else None
    if page is None:
        problem = f"not a page: it is {describe_document(body, decoded.text)}"
        return Reading("page", problems=(problem, *decoded.problems), readable=False)
    calendar = Calendar(now, timezone, page.language or "")
    rows, problems, cuts = _read_rows(decoded.text, page, options, calendar)
    rows, cut = _merge_same_address(rows), is_cut_in_link(decoded.text)
    entries, too_long = assign_keys([row.entry() for row in rows]), describe_shortened(rows)
    problems = (*problems, *cuts, *too_long)
    return Reading(
        "page",
        entries,
        title=page.title,
        language=page.language,
        problems=(
            *problems,
            *decoded.problems,
            *calendar.problems(),
            *(("the page is cut off within a link",) if cut else ()),
        ),
        next_url=next_page(page, options, decoded.text),
        readable=bool(rows),
        complete=not cut,
        unfinished=frozenset({entries[-1].key} if cut and entries else ()),
        cuts=cuts,
        shortened=too_long,
    )


def is_cut_in_link(text: str) -> bool:
    """Return whether a page ends in the middle of a tag or a link, because the connection was closed too early.

    A page with its end tags (`</html>`), or a fragment that ends after a complete link, does not count as cut off.
    """
    end = text[-_PAGE_END_LENGTH:].lower()
    if "</html" in end or "</body" in end:
        return False
    tag = end.rfind("<")
    in_tag = tag > end.rfind(">") and _TAG_START.match(end, tag) is not None
    return in_tag or end.rfind("<a ") > end.rfind("</a")


def _read_rows(text: str, page: ParsedPage, options: PageOptions, calendar: Calendar) -> _RowsAndProblems:
    if options.item is None and options.link is None:
        return _find_rows(text, page, options, calendar)
    calendar.learn_order(texts_of(page.root))
    rows, problems = select_rows(page, options, calendar)
    if rows:
        return rows, problems, ()
    key = "item" if options.item is not None else "link"
    problem = f'{key} = "{options.item or options.link}" selects nothing on the page'
    found = len(find_rows(page, calendar))
    return (), (f"{problem}; without selectors a list of {found} rows is found" if found else problem, *problems), ()


def _find_rows(text: str, page: ParsedPage, options: PageOptions, calendar: Calendar) -> _RowsAndProblems:
    """Find the list of the page. A visible list without dates may be navigation, so a hidden list is preferred.

    A short visible list with dates may be a side box: a longer hidden list with dates is preferred too.
    """
    visible, unused = apply_matching_selectors(find_rows(page, calendar), page, options, calendar)
    if _is_dated(visible) and len(visible) > _MAX_SHORT_LIST:
        return visible, unused, describe_links_left_out(page)
    hidden = hidden_rows(text, page, calendar)
    longer = len(hidden) > len(visible) and {row.url for row in hidden}.isdisjoint(row.url for row in visible)
    if hidden and (not _is_dated(visible) or (_is_dated(hidden) and longer)):
        return hidden, (), describe_data_left_out(text)
    if not visible:
        return (), (missing.explain_missing_rows(text, page) or _explain_no_list(page),), ()
    if (
        not _is_dated(visible)
        and median(text_width(row.title) for row in visible) < _MIN_SURE_TITLE_WIDTH
        and row_requests(text, page)
    ):
        return (), (missing.explain_missing_rows(text, page) or _explain_no_list(page),), ()
    problem, rejected = missing.check_empty_places(visible, text, page)
    return (
        () if rejected else visible,
        (*unused, *((problem,) if problem else ())),
        () if rejected else describe_links_left_out(page),
    )


def _explain_no_list(page: ParsedPage) -> str:
    named = f" (“{page.title[:80]}”)" if page.title else ""
    problem = f"no list of entries was found on the page{named}"
    other = next(_other_addresses(page), "")
    return f"{problem}; it shows or redirects to {other}: try that address as url" if other else problem


def _other_addresses(page: ParsedPage) -> Iterator[str]:
    """Yield the addresses of frames in a page, and the target of its automatic redirect."""
    frames = (element.get("src") or "" for element in page.root.iter("frame", "iframe"))
    refreshed = (
        _REFRESH_URL.sub("", element.get("content") or "", count=1)
        for element in page.root.iter("meta")
        if (element.get("http-equiv") or "").lower() == "refresh" and _REFRESH_URL.match(element.get("content") or "")
    )
    found = (absolute_url(page.base, stated.strip(" '\"")) for stated in chain(refreshed, frames) if stated)
    return (url for url in found if url and host_of(url) == host_of(page.url) and url != page.url)


def _is_dated(rows: Sequence[Row]) -> bool:
    return bool(rows) and sum(row.published is not None for row in rows) * 2 >= len(rows)


def _merge_same_address(rows: Sequence[Row]) -> list[Row]:
    """Merge rows with the same address (a list and a box of its newest entries). The longest title is kept.

    If most rows have the same address, they are not merged.
    """
    addresses = {row.url for row in rows if row.url}
    if len(addresses) * 2 < len(rows):
        return list(rows)
    kept: dict[object, Row] = {}
    for number, row in enumerate(rows):
        before = kept.setdefault(row.url or number, row)
        if before is not row:
            kept[row.url] = replace(
                before,
                title=max(before.title, row.title, key=text_width),
                published=before.published or row.published,
                summary=max(before.summary, row.summary, key=len),
            )
    return list(kept.values())
