"""Pages: lists in HTML, read by CSS selectors or found automatically.

`find` finds the list, `selectors` reads it where the operator says it is, `hidden` looks where no selector reaches.
`rows` reads the content of a row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from pydantic import BaseModel

from monitor.model import Reading
from monitor.sources.page.options import PageOptions


class PageKind:
    """A page that lists entries. Without options its list is found automatically."""

    kind: str = "page"
    synonyms: tuple[str, ...] = (
        "html",
        "htm",
        "web",
        "webpage",
        "website",
        "site",
        "list",
        "css",
        "selector",
        "网页",
        "列表",
    )
    accept: str = "text/html, application/xhtml+xml;q=0.9, application/xml;q=0.8, */*;q=0.1"
    Options: type[BaseModel] = PageOptions

    def read(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str | None,
        options: Mapping[str, object],
        now: dt.datetime,
        timezone: str,
    ) -> Reading:
        """Read the entries of the list on the page `body`; without a list none, and a problem that says why."""
        from monitor.sources.page.reading import read_page  # its parser is heavy and needed in children only

        where = PageOptions.model_validate(options)
        return read_page(body, where, url=url, content_type=content_type, now=now, timezone=timezone)
