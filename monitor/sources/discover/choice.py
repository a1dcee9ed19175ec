"""Decide whether a feed or sitemap at another address has the same subject as the given page.

A feed that a page declares is often the feed of the whole site. If it replaced the list of a section, it would have
other entries, and lack older entries of the section. So a feed replaces a list only if both have the same newest
entries.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from monitor.model import Entry, Reading
from monitor.sources.discover.addresses import EndpointCandidate, folder_of, is_below, is_front_page, is_in_section
from monitor.sources.discover.survey import Survey
from monitor.text.address import absolute_url, canonical_url
from monitor.text.fold import fold_text

MIN_COMMON_SHARE: Final = 0.5
"""The minimum share of the newest entries that a feed and a list of the same subject have in common."""

STALE_AFTER: Final = dt.timedelta(days=60)
"""A feed counts as no longer updated if its newest entry is older than the page's newest entry by this time."""

_MAX_COMPARED: Final = 30
_MAX_ENTRIES: Final = 1000
_COMMENT_TITLE = re.compile(r"comments? (?:on|for)\b|评论|評論", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Judgement:
    """The decision whether a candidate is chosen, and the reason.

    `is_offered` means that the candidate is not chosen, but shown to the user as an alternative.
    """

    is_chosen: bool
    reason: str
    is_offered: bool = False


def judge_feed(candidate: EndpointCandidate, feed: Reading, page_survey: Survey, url: str) -> Judgement:
    """Decide whether the feed at `candidate` replaces the page at `url`; `page_survey` is the survey of that page."""
    page_entries = page_survey.reading.entries if page_survey.reading.readable else ()
    if refusal := _why_unusable(feed, page_entries):
        return Judgement(False, refusal)
    if is_front_page(url):
        return Judgement(True, f"{candidate.reason}, and the address is the front page of its site")
    if page_entries:
        return _compare_with_page(
            candidate, feed.entries, page_entries, has_own_address=is_in_section(candidate.url, url)
        )
    if page_survey.article:
        return _judge_feed_of_article(candidate, feed.entries, url)
    if is_in_section(candidate.url, url):
        return Judgement(True, f"{candidate.reason}, and it is of its own section")
    if page_survey.loads_rows_by_script:
        return Judgement(False, "it may be a feed of the whole site: nothing shows that it has the entries of the page")
    return Judgement(True, f"{candidate.reason}, and the page has no list of its own")


def judge_sitemap(candidate: EndpointCandidate, sitemap_survey: Survey, page_survey: Survey, url: str) -> Judgement:
    """Decide whether the sitemap `sitemap_survey` at `candidate` replaces the page at `url`, which has no list.

    An index is taken only if it names a sitemap of news.
    """
    found = sitemap_survey.reading
    if not found.readable or not (found.entries or sitemap_survey.candidates):
        return Judgement(False, "; ".join(found.problems) or "it lists nothing")
    if sitemap_survey.candidates and "news" in sitemap_survey.candidates[0].url.rpartition("/")[2].lower():
        return Judgement(False, "an index, which names a sitemap of news")
    titled = sum(bool(entry.title) for entry in found.entries) * 2 > len(found.entries)
    if page_survey.loads_rows_by_script and not titled:
        return Judgement(False, "a sitemap, but without titles")
    folder = folder_of(url)
    own = sum(is_below(entry.url, folder) for entry in found.entries)
    if is_front_page(url) or (own and own * 2 >= len(found.entries)):
        return Judgement(True, f"{candidate.reason}, and the page has neither list nor feed")
    return Judgement(
        False, f'a sitemap of the whole site; with kind = "sitemap" and include = "{folder}*" it can be used'
    )


def _why_unusable(feed: Reading, page_entries: Sequence[Entry]) -> str:
    """Return why a feed cannot replace the page that names it, whatever the page lists; "" if it can."""
    if not feed.readable:
        return "; ".join(feed.problems) or "it cannot be read"
    if not feed.entries and page_entries:
        return "a feed that lists nothing at present"
    if feed.title and _COMMENT_TITLE.match(feed.title):
        return "a feed of comments"
    newest, page = _newest_date(feed.entries), _newest_date(page_entries)
    if newest and page and page - newest > STALE_AFTER:
        return f"a feed that is no longer updated: its newest entry is of {newest:%F}, the page's of {page:%F}"
    return ""


def _newest_date(entries: Sequence[Entry]) -> dt.datetime | None:
    return max((moment.at for entry in entries if (moment := entry.published or entry.updated)), default=None)


def _compare_with_page(
    candidate: EndpointCandidate, feed: Sequence[Entry], page_entries: Sequence[Entry], *, has_own_address: bool
) -> Judgement:
    """Decide whether a feed lists the same as a page: at least half of the newest entries must be the same.

    If the address of the feed is below the address of the page, one common entry is enough.
    """
    feed, page_entries = feed[:_MAX_ENTRIES], page_entries[:_MAX_ENTRIES]
    count = min(len(feed), len(page_entries), _MAX_COMPARED)
    in_page = _count_common(_newest_first(feed)[:count], page_entries)
    in_feed = _count_common(_newest_first(page_entries)[:count], feed)
    share = f"{in_page} of its {count} newest entries are on the page"
    if (has_own_address and in_page) or (in_page >= MIN_COMMON_SHARE * count and in_feed >= MIN_COMMON_SHARE * count):
        return Judgement(True, f"{candidate.reason}, and it lists the same as the page: {share}")
    if in_page >= MIN_COMMON_SHARE * count:
        return Judgement(
            False, f"a feed that lacks most entries of the page: it has only {in_feed} of the {count} newest"
        )
    return Judgement(False, f"a feed about another subject, or about the whole site: {share}")


def _judge_feed_of_article(candidate: EndpointCandidate, feed: Sequence[Entry], url: str) -> Judgement:
    """Decide whether a feed replaces the page of an article: the feed must list the page or its section."""
    if candidate.is_named and any(canonical_url(entry.url) == canonical_url(url) for entry in feed if entry.url):
        return Judgement(True, f"{candidate.reason}, and it lists this page")
    folder = folder_of(absolute_url(url, "."))
    own = sum(is_below(entry.url, folder) for entry in feed)
    if candidate.is_named and not is_front_page(folder) and own and own >= MIN_COMMON_SHARE * len(feed):
        return Judgement(True, f"{candidate.reason}, and it lists the section of this page")
    return Judgement(False, "a feed of the site; nothing shows that it is about this article", is_offered=bool(feed))


def _newest_first(entries: Sequence[Entry]) -> list[Entry]:
    """Return the entries, the newest first. Without dates the order of the feed is kept."""
    dated = [(moment.at, entry) for entry in entries if (moment := entry.published or entry.updated)]
    if len(dated) < len(entries):
        return list(entries)
    return [entry for _, entry in sorted(dated, key=lambda pair: pair[0], reverse=True)]


def _count_common(some: Sequence[Entry], others: Sequence[Entry]) -> int:
    """Return how many of `some` are among `others`, by address or by title."""
    addresses = {canonical_url(entry.url) for entry in others if entry.url}
    titles = {fold_text(entry.title) for entry in others if entry.title}
    return sum(
        (bool(entry.url) and canonical_url(entry.url) in addresses)
        or (bool(entry.title) and fold_text(entry.title) in titles)
        for entry in some
    )
