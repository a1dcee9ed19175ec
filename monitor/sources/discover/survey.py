"""Survey a document of unknown kind: its entries, and the other addresses that it names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

from monitor.model import Reading
from monitor.sources.discover.addresses import EndpointCandidate
from monitor.sources.discover.recognise import likely_kinds, recognise_document

_MAX_SITEMAPS: Final = 2
_NAMED_BY_INDEX: Final = "the index names this sitemap"


@dataclass(frozen=True, slots=True)
class Survey:
    """The result for an address: the reading of its document, and the addresses that it names, the best first.

    `article` means that the document is a single announcement, not a list.
    """

    reading: Reading
    candidates: tuple[EndpointCandidate, ...] = ()
    article: bool = False

    @property
    def loads_rows_by_script(self) -> bool:
        """Whether the page loads its rows by a script."""
        return any("loaded by a script" in problem for problem in self.reading.problems)


def survey(body: bytes, *, url: str, content_type: str | None, now: dt.datetime, timezone: str) -> Survey:
    """Read a document as its likeliest kind, and list the addresses that it names. Never raises for any bytes."""
    reading = recognise_document(body, url=url, content_type=content_type, now=now, timezone=timezone)
    kinds = likely_kinds(body)
    if "page" in kinds and reading.kind == "page":
        from monitor.sources.discover.links import feeds_named_by  # its parser is heavy and needed in children only
        from monitor.sources.discover.single import is_article_page
        from monitor.sources.page.document import parse
        from monitor.text.decode import decode

        page = parse(decode(body, content_type).text, url)
        if page is None:
            return Survey(reading)
        return Survey(reading, feeds_named_by(page), article=not reading.readable and is_article_page(page))
    maps = sorted((sitemap.url for sitemap in reading.parts), key=lambda address: "news" not in address.lower())
    return Survey(reading, tuple(EndpointCandidate("sitemap", each, _NAMED_BY_INDEX) for each in maps[:_MAX_SITEMAPS]))
