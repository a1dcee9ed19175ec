"""A candidate for the list of a page: its quality, and whether it can be a list of entries."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from statistics import median
from typing import Final
from urllib.parse import urlsplit

from monitor.sources.page.document import weight
from monitor.sources.page.rows import Row

DATED: Final = 0.5
"""The share of its rows that have a date in a list that is dated."""

LEAST_SAID: Final = 16
"""What the title of an entry says at least, in the middle, where no date tells it from a menu."""

_FULL: Final = 40  # a title of this weight says all that can be asked of one
MUCH_SAID: Final = 28
"""What it says at least where nothing else tells it from one."""
_LEAST_ROWS: Final = 3
_FLOWING: Final = 0.25
_DOCUMENT = re.compile(r"\d{2}|\.(?:pdf|docx?)\b|(?:[^/?]+[-_]){3}|[^/?]{24}", re.IGNORECASE)


def share_dated(rows: Sequence[Row]) -> float:
    """Return the share of rows that have a date."""
    return sum(row.published is not None for row in rows) / len(rows) if rows else 0.0


@dataclass(frozen=True)
class CandidateList:
    """A candidate: its rows in the order of the page, the tags around its links, whether it is in a side box.

    `partial` says that it may be a part of a list: a region of the page with its own name.
    """

    rows: tuple[Row, ...]
    path: tuple[str, ...]
    in_box: bool
    partial: bool = False

    @cached_property
    def dated(self) -> float:
        """The share of its rows that have a date."""
        return share_dated(self.rows)

    @cached_property
    def said(self) -> float:
        """The middle weight of its titles."""
        return median(weight(row.title) for row in self.rows)

    @cached_property
    def score(self) -> float:
        """How likely it is the main list of the page."""
        own = len({row.url for row in self.rows}) / len(self.rows)
        quality = min(1.0, self.said / _FULL) * (1 if self.said >= LEAST_SAID / 2 else 0.5) + 2 * self.dated
        return (
            quality**2
            * math.log2(1 + len(self.rows))
            * own
            * (0.15 if self.in_box else 1)
            * (0.9 if self.partial else 1)
        )

    @cached_property
    def plausible(self) -> bool:
        """Whether it can be a list of entries. Two rows are enough if both have a date.

        Without dates its titles must say much, or a little and lead to what looks like documents: menus do not.
        """
        if sum(row.in_text for row in self.rows) > _FLOWING * len(self.rows):
            return False
        if self.dated >= DATED:
            return len(self.rows) >= _LEAST_ROWS or (len(self.rows) > 1 and self.dated == 1)
        documents = sum(
            _DOCUMENT.search(urlsplit(row.url).path + "?" + urlsplit(row.url).query) is not None for row in self.rows
        )
        least = LEAST_SAID if documents * 2 > len(self.rows) else MUCH_SAID
        return len(self.rows) >= _LEAST_ROWS and self.said >= least and not self.in_box
