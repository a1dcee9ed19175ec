"""Further documents of a source: what they add to the first one's reading, and how one is fetched and read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from monitor.collect.conceal import conceal
from monitor.collect.reading import Document, Readers, read_openly
from monitor.errors import ReaderFailed
from monitor.fetch import Answer, Fetched, FetchError
from monitor.model import PLAIN, KnownPart, Reading, Request, Source, Validators
from monitor.sandbox import STOPPED


class Gate(Protocol):
    """What reading on needs of the outbound gate."""

    def get(self, url: str, *, validators: Validators, accept: str, request: Request = PLAIN) -> Answer:
        """Fetch `url` as `request` says, conditionally where there are validators."""
        ...


@dataclass(frozen=True, slots=True)
class Followed:
    """A reading with what further documents list.

    `overlap`: a known entry was reached, so that nothing passed between two polls. `old` are the keys of entries from
    further documents that are no news. `failure`: why one could not be read. `again`: the first document is to be read
    again in any case; `gap_since` says since when entries may be missing. `parts` is what is to be kept of parts.
    `size` is that of the further documents.
    """

    reading: Reading
    overlap: bool = True
    old: frozenset[str] = frozenset()
    documents: int = 0
    failure: str = ""
    again: bool = False
    gap_since: dt.datetime | None = None
    parts: Mapping[str, KnownPart] = field(default_factory=dict)
    size: int = 0
    stopped: bool = False

    @property
    def told(self) -> str:
        """What the poll says of it."""
        told = f"read {len(self.reading.entries)} entries"
        if self.documents:
            told += f" in {self.documents + 1} documents"
        return f"{told}; {self.failure}" if self.failure else told


@dataclass(frozen=True, slots=True)
class Read:
    """A further document that was read: its reading with all secrets, and the same without them."""

    url: str
    open: Reading
    shown: Reading
    validators: Validators
    size: int


@dataclass(frozen=True, slots=True)
class Unchanged:
    """A further document that says what it said before."""

    validators: Validators


@dataclass(frozen=True, slots=True)
class Unread:
    """Why a further document could not be read, in words."""

    reason: str

    @property
    def stopped(self) -> bool:
        """The program is about to end."""
        return self.reason == STOPPED


@dataclass(frozen=True, slots=True)
class Further:
    """Fetches and reads further documents of `source`."""

    gate: Gate
    readers: Readers
    source: Source
    accept: str
    now: dt.datetime

    def get(self, url: str, validators: Validators | None = None) -> Read | Unchanged | Unread:
        """What is at `url`."""
        request = replace(self.source.request.bodiless(), home=self.source.url)
        answer = self.gate.get(url, validators=validators or Validators(), accept=self.accept, request=request)
        if isinstance(answer, FetchError):
            return Unread(STOPPED if answer.kind == "stopped" else answer.reason)
        return self._read(answer) if isinstance(answer, Fetched) else Unchanged(answer.validators)

    def _read(self, answer: Fetched) -> Read | Unread:
        document = Document(answer.body, answer.url, answer.content_type)
        try:
            reading = read_openly(document, self.source, self.readers, self.now)
        except ReaderFailed as error:
            return Unread(STOPPED if error.reason == STOPPED else f"reading it {error.reason}")
        shown = conceal(reading, self.source, answer.url)
        if not reading.readable:
            return Unread("; ".join(shown.problems))
        return Read(answer.url, reading, shown, answer.validators, len(answer.body))
