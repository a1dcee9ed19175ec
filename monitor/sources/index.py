"""The sitemaps in an index (https://www.sitemaps.org/protocol.html#index), the newest first. Pure."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import Final

from monitor.model import Moment, SitemapRef
from monitor.text.dates import parse_moment

MOST_SITEMAPS: Final = 2_000
"""Of more sitemaps only the newest are read."""

_NUMBER = re.compile(r"\d+")
_NEVER: Final = dt.datetime.min.replace(tzinfo=dt.UTC)
_LONGEST_DATE: Final = 60


def sitemaps_of(maps: Iterable[tuple[str, str]], now: dt.datetime, timezone: str) -> tuple[SitemapRef, ...]:
    """Return the sitemaps of an index, from the stated time of change and address of each; each address once.

    The newest come first: those that changed last, then those with the greatest numbers in their address, as
    `news-12.xml` before `news-9.xml`. Those without a time are at the end.
    """
    by_address = {address: stated.strip()[:_LONGEST_DATE] for stated, address in maps}
    moments = {stated: _moment(stated, now, timezone) for stated in dict.fromkeys(by_address.values())}
    sitemaps = [SitemapRef(address, stated, moments[stated]) for address, stated in by_address.items()]
    return tuple(sorted(sitemaps, key=_age, reverse=True)[:MOST_SITEMAPS])


def _age(sitemap: SitemapRef) -> tuple[dt.datetime, Sequence[int]]:
    numbers = [int(found[:18]) for found in _NUMBER.findall(sitemap.url)]
    return (sitemap.changed.at if sitemap.changed else _NEVER), numbers


def _moment(stated: str, now: dt.datetime, timezone: str) -> Moment | None:
    """Read a date in the usual form quickly: an index may state 50,000 dates. A date in the future is ignored."""
    try:
        at = dt.datetime.fromisoformat(stated) if "T" in stated else None
    except ValueError:
        at = None
    if at is not None and at.tzinfo is not None:
        return Moment(at, "second") if at <= now + dt.timedelta(days=1) else None
    return parse_moment(stated, now=now, timezone=timezone) if stated else None
