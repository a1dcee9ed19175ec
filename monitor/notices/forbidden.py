"""Pages of a source are requested although the robots.txt of their site forbids that."""

from __future__ import annotations

from monitor.model import Notice
from monitor.notices.base import NoticeType

FORBIDDEN = NoticeType(
    "forbidden",
    "information",
    meaning="the robots.txt of the site forbids pages that are requested nevertheless, because an earlier version of"
    " the program already polled the source",
    remedy="ask the site for permission, then set `robots` to false in the table of the source; or look for its feed",
    closed_when="the pages are allowed, or `robots` is set to false",
)


def forbidden_notice(source: str, host: str) -> Notice:
    """Return the notice that the robots.txt of `host` forbids what the source requests."""
    message = f"it is read although the robots.txt of {host} forbids that, because it was read before an upgrade"
    remedy = "ask the site for permission, then set robots = false in its table; or look for its feed"
    return FORBIDDEN.notice(source, message, remedy)
