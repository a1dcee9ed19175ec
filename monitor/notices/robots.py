"""The robots.txt of a site forbids pages of a source, and they are not requested."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType

ROBOTS = NoticeType(
    "robots",
    "problem",
    meaning="the robots.txt of the site forbids the source's list page, its next pages, or the pages of its articles;"
    " they are not requested",
    remedy="ask the site for permission, or set `robots` to false in the table of the source",
    closed_when="the pages are allowed, or `robots` is set to false",
    weight=2,
)

_REMEDY = "ask the site for permission, or set robots = false in its table"


def list_refused_notice(source: str, reason: str) -> Notice:
    """Return the notice that the source is not read, for the reason that its failure states."""
    return ROBOTS.notice(source, reason.partition("; ")[0], _REMEDY)


def pages_refused_notice(source: str, number: int, host: str) -> Notice:
    """Return the notice that this number of pages was not requested in a poll."""
    pages = "1 page was" if number == 1 else f"{number} pages were"
    return ROBOTS.notice(source, f"{pages} not requested: the robots.txt of {host} forbids that", _REMEDY)
