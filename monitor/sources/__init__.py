"""The kinds of sources: a module or package for each, and their registry.

A new kind is one file with a class that satisfies `SourceKind`, and one line here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from monitor.clock import to_utc
from monitor.model import Reading
from monitor.sources.api import ApiKind
from monitor.sources.base import SourceKind
from monitor.sources.discover.recognise import recognise_document
from monitor.sources.feed import FeedKind
from monitor.sources.page import PageKind
from monitor.sources.sitemap import SitemapKind

__all__ = ["KINDS", "SourceKind", "read"]

KINDS: Final[dict[str, SourceKind]] = {
    "feed": FeedKind(),
    "page": PageKind(),
    "sitemap": SitemapKind(),
    "api": ApiKind(),
}


def read(
    body: bytes,
    *,
    url: str,
    content_type: str | None = None,
    kind: str | None = None,
    options: Mapping[str, object] | None = None,
    now: dt.datetime,
    timezone: str = "UTC",
) -> Reading:
    """Read what a source lists. Never raises for any bytes: what is wrong is in `Reading.problems`.

    `url` is where the body came from, `content_type` the server's header. Where `kind` is None, the bytes decide it.
    `now` must be aware. Raises ValueError for an unknown kind or a naive `now`, zoneinfo.ZoneInfoNotFoundError for an
    unknown `timezone`, and MemoryError when there is not enough.
    """
    to_utc(now), ZoneInfo(timezone)  # a mistake of the caller's must not look like one of the document's
    if not kind:
        return recognise_document(body, url=url, content_type=content_type, now=now, timezone=timezone)
    if kind not in KINDS:
        raise ValueError(f"no such kind of source: {kind!r}; there are {', '.join(KINDS)}")
    try:
        return KINDS[kind].read(
            body, url=url, content_type=content_type, options=options or {}, now=now, timezone=timezone
        )
    except MemoryError:
        raise  # of the machine, not of the document; the pool that set the limit says so
    except Exception as error:  # noqa: BLE001 - hostile bytes may find any bug of a parser: that fails this document only
        error_text = " ".join(f"{type(error).__name__}: {error}".split())
        return Reading(kind, problems=(f"could not be read: {error_text}"[:300],), readable=False)
