"""Read lists in HTML pages, by CSS selectors or automatically.

`find` finds the list, `selectors` reads it by the operator's selectors, and `hidden` finds lists in scripts and
comments. `rows` reads the content of a row.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from pydantic import BaseModel

from monitor.model import Reading
from monitor.sources.page.options import PageOptions


class PageKind:
    """The kind for pages that list entries. Without options the list is found automatically."""

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
        """Read the entries of the list on the page `body`. If there is no list, `problems` has the reason."""
        from monitor.sources.page.reading import read_page  # its parser is heavy and needed in children only

        where = PageOptions.model_validate(options)
        return read_page(body, where, url=url, content_type=content_type, now=now, timezone=timezone)
