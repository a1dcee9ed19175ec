"""What collecting needs of the other parts, as far as it minds them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from monitor.fetch import Answer
from monitor.model import PLAIN, Article, KnownEntry, KnownPart, LatePage, Request, SourceState, Validators


class Store(Protocol):
    """What collecting needs of the store."""

    def source_state(self, name: str) -> SourceState:
        """What is known about a source."""
        ...

    def known_entries(self, source_id: int, keys: Collection[str]) -> Mapping[str, KnownEntry]:
        """The entries recorded before, by key."""
        ...

    def last_entries(self, source_id: int, limit: int) -> Sequence[tuple[str, str]]:
        """Titles and addresses of the entries of a source that came last."""
        ...

    def last_listed(self, source_id: int) -> int:
        """How many entries the last answer of a source had that was read."""
        ...

    def parts(self, source_id: int) -> Mapping[str, KnownPart]:
        """The documents that a source is made of, as far as they were seen before, by key."""
        ...

    def late_pages(self, source_id: int, now: dt.datetime, limit: int) -> tuple[LatePage, ...]:
        """The entries whose pages could not be read and are due again."""
        ...

    def articles(self, ids: Collection[int]) -> Mapping[int, Article]:
        """Articles of the archive, by id."""
        ...


class Gate(Protocol):
    """What collecting needs of the outbound gate."""

    def get(self, url: str, *, validators: Validators, accept: str, request: Request = PLAIN) -> Answer:
        """Fetch `url` as `request` says, conditionally where there are validators."""
        ...
