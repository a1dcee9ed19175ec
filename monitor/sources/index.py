"""Sort the sitemaps of an index (https://www.sitemaps.org/protocol.html#index), the newest first. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Final

from monitor.model import Moment, SitemapRef
from monitor.text.dates import parse_moment

MAX_SITEMAPS_OF_INDEX: Final = 2_000
"""The greatest number of sitemaps of an index that are read: the newest ones."""

_NUMBER = re.compile(r"\d+")
_BEFORE_ALL_DATES: Final = dt.datetime.min.replace(tzinfo=dt.UTC)
_MAX_DATE_LENGTH: Final = 60


def sitemaps_of(listed: Iterable[tuple[str, str]], now: dt.datetime, timezone: str) -> tuple[SitemapRef, ...]:
    """Return the sitemaps of an index, the newest first, each address once.

    `listed` has the stated time of change and the address of each sitemap. Sitemaps are sorted by time, then by the
    numbers in their address: `news-12.xml` comes before `news-9.xml`. Sitemaps without a time are at the end.
    """
    by_address = {address: changed_text.strip()[:_MAX_DATE_LENGTH] for changed_text, address in listed}
    moments = {
        changed_text: _read_date_quickly(changed_text, now, timezone)
        for changed_text in dict.fromkeys(by_address.values())
    }
    sitemaps = [
        SitemapRef(address, changed_text, moments[changed_text]) for address, changed_text in by_address.items()
    ]
    return tuple(sorted(sitemaps, key=_newness, reverse=True)[:MAX_SITEMAPS_OF_INDEX])


def _newness(sitemap: SitemapRef) -> tuple[dt.datetime, Sequence[int]]:
    numbers = [int(found[:18]) for found in _NUMBER.findall(sitemap.url)]
    return (sitemap.changed.at if sitemap.changed else _BEFORE_ALL_DATES), numbers


def _read_date_quickly(text: str, now: dt.datetime, timezone: str) -> Moment | None:
    """Read a date; the usual form is read quickly, since an index may have 50,000 dates. Ignore dates in the future."""
    try:
        at = dt.datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        at = None
    if at is not None and at.tzinfo is not None:
        return Moment(at, "second") if at <= now + dt.timedelta(days=1) else None
    return parse_moment(text, now=now, timezone=timezone) if text else None
