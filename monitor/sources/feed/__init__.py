"""Feeds: RSS 0.9x to 2.0, RDF, Atom 0.3 and 1.0, CDF, and JSON Feed 1.0 and 1.1.

`xmlfeed` and `jsonfeed` read them; `document` says what a document is that is none of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from pydantic import BaseModel

from monitor.model import Reading
from monitor.sources.base import NoOptions
from monitor.text.dates import Dates
from monitor.text.decode import decode


class FeedKind:
    """A feed. What it is shows in its bytes; the content type only helps to decode them."""

    kind: str = "feed"
    synonyms: tuple[str, ...] = ("rss", "rss2", "atom", "rdf", "xml", "jsonfeed", "rsshub", "订阅")
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
        """Return the entries of the feed `body`; of anything else none, and a problem that says what it is."""
        # The parsers are heavy, and needed in children only.
        from monitor.sources.feed.jsonfeed import read_json
        from monitor.sources.feed.xmlfeed import read_xml

        if not body.strip():
            return Reading("feed", problems=("the answer is empty",), readable=False)
        decoded = decode(body, content_type)
        dates = Dates(now, timezone)
        read_format = read_json if decoded.text.lstrip()[:1] in ("{", "[") else read_xml
        reading = read_format(decoded.text, url, dates)
        if reading is None:
            from monitor.sources.feed.document import what_it_is

            problem = f"not a feed: it is {what_it_is(body, decoded.text)}"
            return Reading("feed", problems=(problem, *decoded.problems), readable=False)
        problems = (*decoded.problems, *reading.problems, *dates.problems())
        return replace(reading, problems=problems, readable=bool(reading.entries) or not reading.problems)
