"""A candidate for the list of a page, with its score."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Final
from urllib.parse import urlsplit

from monitor.sources.page.document import text_width
from monitor.sources.page.rows import Row

MIN_DATED_SHARE: Final = 0.5
"""A list counts as a list with dates if at least this share of its rows has a date."""

MIN_TITLE_WIDTH: Final = 16
"""The minimum median width of titles in a list without dates whose links lead to documents. Menus have shorter ones."""

_FULL_TITLE_WIDTH: Final = 40  # wider titles do not improve the score
SURE_TITLE_WIDTH: Final = 28
"""The minimum median width of titles in a list that has no other sign of not being a menu."""
_MIN_ROWS: Final = 3
_MAX_SHARE_IN_TEXT: Final = 0.25
_DOCUMENT_ADDRESS = re.compile(r"\d{2}|\.(?:pdf|docx?)\b|(?:[^/?]+[-_]){3}|[^/?]{24}", re.IGNORECASE)


def dated_share_of(rows: Sequence[Row]) -> float:
    """Return the share of rows that have a date."""
    return sum(row.published is not None for row in rows) / len(rows) if rows else 0.0


@dataclass(frozen=True)
class CandidateList:
    """A candidate for the list of a page. `rows` are in the order of the page; `path` are the tags around its links.

    `in_box` means that it is in a side box. `may_be_part` means that it may be only a part of a list: it is a region of
    the page that has a name.
    """

    rows: tuple[Row, ...]
    path: tuple[str, ...]
    in_box: bool
    may_be_part: bool = False

    @cached_property
    def dated_share(self) -> float:
        """The share of its rows that have a date."""
        return dated_share_of(self.rows)

    @cached_property
    def title_width(self) -> float:
        """The median width of its titles. A Chinese character counts 2."""
        return median(text_width(row.title) for row in self.rows)

    @cached_property
    def score(self) -> float:
        """How likely it is the main list of the page."""
        own = len({row.url for row in self.rows}) / len(self.rows)
        quality = (
            min(1.0, self.title_width / _FULL_TITLE_WIDTH) * (1 if self.title_width >= MIN_TITLE_WIDTH / 2 else 0.5)
            + 2 * self.dated_share
        )
        return (
            quality**2
            * math.log2(1 + len(self.rows))
            * own
            * (0.15 if self.in_box else 1)
            * (0.9 if self.may_be_part else 1)
        )

    @cached_property
    def is_plausible(self) -> bool:
        """Whether it can be a list of entries. Two rows are enough if both have a date.

        A list without dates must have long titles; if most of its links look like links to documents, shorter titles
        are enough.
        """
        if sum(row.in_text for row in self.rows) > _MAX_SHARE_IN_TEXT * len(self.rows):
            return False
        if self.dated_share >= MIN_DATED_SHARE:
            return len(self.rows) >= _MIN_ROWS or (len(self.rows) > 1 and self.dated_share == 1)
        documents = sum(
            _DOCUMENT_ADDRESS.search(urlsplit(row.url).path + "?" + urlsplit(row.url).query) is not None
            for row in self.rows
        )
        least = MIN_TITLE_WIDTH if documents * 2 > len(self.rows) else SURE_TITLE_WIDTH
        return len(self.rows) >= _MIN_ROWS and self.title_width >= least and not self.in_box
