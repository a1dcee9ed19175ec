"""Feeds: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, CDF, and JSON Feed 1.0 and 1.1.

`document` tells them apart and says what a document is that is none of them; `xmlfeed` and `jsonfeed` read them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from pydantic import BaseModel

from monitor.model import Reading
from monitor.sources.base import NoOptions


class FeedKind:
    """A feed. What it is shows in its bytes; the content type only helps to decode them."""

    kind: str = "feed"
    accept: str = (
        "application/atom+xml, application/rss+xml, application/feed+json, application/rdf+xml;q=0.9, "
        "application/xml;q=0.8, text/xml;q=0.8, application/json;q=0.7, */*;q=0.1"
    )
    Options: type[BaseModel] = NoOptions

    def read(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str | None,
        options: Mapping[str, object],  # noqa: ARG002 - there are none
        now: dt.datetime,
        timezone: str,
    ) -> Reading:
        """The entries of the feed `body`; of anything else none, and a problem that says what it is."""
        from monitor.sources.feed.document import read_document  # its parsers are heavy and needed in children only

        return read_document(body, url=url, content_type=content_type, now=now, timezone=timezone)
