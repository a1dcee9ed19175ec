"""The sitemaps in an index (https://www.sitemaps.org/protocol.html#index), the newest first. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Final

from monitor.model import Moment, SitemapRef
from monitor.text.dates import parse_moment

MAX_SITEMAPS_OF_INDEX: Final = 2_000
"""At most this many sitemaps of an index are read, the newest ones."""

_NUMBER = re.compile(r"\d+")
_LONG_AGO: Final = dt.datetime.min.replace(tzinfo=dt.UTC)
_MAX_DATE_LENGTH: Final = 60


def sitemaps_of(listed: Iterable[tuple[str, str]], now: dt.datetime, timezone: str) -> tuple[SitemapRef, ...]:
    """Return the sitemaps of an index, from the stated time of change and address of each; each address once.

    The newest come first: those that changed last, then those with the greatest numbers in their address, as
    `news-12.xml` before `news-9.xml`. Those without a time are at the end.
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
    return (sitemap.changed.at if sitemap.changed else _LONG_AGO), numbers


def _read_date_quickly(text: str, now: dt.datetime, timezone: str) -> Moment | None:
    """Read a date in the usual form quickly: an index may state 50,000 dates. A date in the future is ignored."""
    try:
        at = dt.datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        at = None
    if at is not None and at.tzinfo is not None:
        return Moment(at, "second") if at <= now + dt.timedelta(days=1) else None
    return parse_moment(text, now=now, timezone=timezone) if text else None
