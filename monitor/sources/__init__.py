"""The registry of the kinds of sources. Each kind has a module or package.

To add a kind, write a file with a class that satisfies `SourceKind`, and add a line here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Final
from zoneinfo import ZoneInfo

from monitor.clock import to_utc
from monitor.model import Reading
from monitor.model.feeds import FeedReading, FeedSlices
from monitor.sources.api import ApiKind
from monitor.sources.base import SourceKind
from monitor.sources.discover.recognise import recognise_document
from monitor.sources.feed import FeedKind
from monitor.sources.page import PageKind
from monitor.sources.sitemap import SitemapKind

__all__ = ["KINDS", "SourceKind", "read", "read_delta"]

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
    """Read the entries that a source lists. Faults of the document are in `Reading.problems`, and never raise.

    `url` is the address of the body, `content_type` the header of the server. If `kind` is None, it is recognised from
    the bytes. `now` must be aware. Raises ValueError for an unknown kind or a naive `now`,
    zoneinfo.ZoneInfoNotFoundError for an unknown `timezone`, and MemoryError if there is not enough memory.
    """
    to_utc(now), ZoneInfo(timezone)  # an error of the caller must not look like an error of the document
    if not kind:
        return recognise_document(body, url=url, content_type=content_type, now=now, timezone=timezone)
    if kind not in KINDS:
        raise ValueError(f"no such kind of source: {kind!r}; there are {', '.join(KINDS)}")
    try:
        return KINDS[kind].read(
            body, url=url, content_type=content_type, options=options or {}, now=now, timezone=timezone
        )
    except MemoryError:
        raise  # not a fault of the document; the process pool that set the limit reports it
    except Exception as error:  # noqa: BLE001 - hostile bytes may find any bug of a parser: that fails this document only
        error_text = " ".join(f"{type(error).__name__}: {error}".split())
        return Reading(kind, problems=(f"could not be read: {error_text}"[:300],), readable=False)


def read_delta(
    body: bytes, *, url: str, content_type: str | None, now: dt.datetime, timezone: str, before: FeedSlices
) -> FeedReading:
    """Read a feed like `read`, but where possible only the entries that are not in `before`, its last answer."""
    from monitor.sources.feed import delta

    try:
        return delta.read_delta(body, url=url, content_type=content_type, now=now, timezone=timezone, before=before)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - as above: then `read` says what is wrong with the document
        return FeedReading(read(body, url=url, content_type=content_type, kind="feed", now=now, timezone=timezone))
