"""Choose the endpoint of a poll: the stated endpoint, the remembered endpoint, or an endpoint discovered now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Final
from zlib import crc32
from zoneinfo import ZoneInfo

from monitor.collect.discovery import Discovery, DiscoveryFailed, discover
from monitor.collect.documents import Failure
from monitor.collect.ports import Gate, Readers
from monitor.failpoint import failpoint
from monitor.model import Endpoint, Source, SourceState

GONE_FOR_GOOD: Final = (404, 410)
"""Statuses with which a server says that an address has no document (RFC 9110, 15.5.5 and 15.5.11)."""

MAY_BE_REMOVED: Final = ("error", "login")
"""Kinds of walls that servers also show in place of a removed document.

Behind the other kinds the document is still there, and no other endpoint is looked for.
"""

MIN_MOVED_ANSWERS: Final = 3
"""A source is requested at its new address after permanent redirects led to it in this number of answers in a row."""

_SECONDS_PER_DAY: Final = 86_400

MAX_FAILED_POLLS: Final = 3
"""A discovered endpoint that cannot be read is given up after this number of failed polls in a row."""


@dataclass(frozen=True, slots=True)
class PollContext:
    """The context of a poll: the source, its recorded state, and the time.

    `source` is the source with the endpoint that is read. `configured` is the source as in the configuration.
    `rediscovered`: the endpoint was discovered in this poll. It replaces `previous`, which failed for `lost_reason`
    ("": there was no endpoint before). `zone` is the time zone of the times in messages.
    """

    source: Source
    state: SourceState
    now: dt.datetime
    configured: Source
    rediscovered: bool = False
    lost_reason: str = ""
    previous: Endpoint | None = None
    zone: dt.tzinfo = dt.UTC

    @classmethod
    def of(cls, source: Source, state: SourceState, now: dt.datetime, zone: dt.tzinfo = dt.UTC) -> PollContext:
        """Return the context of a poll, at the remembered endpoint if the configuration does not state the kind.

        If that address has moved for good, the context is at the new address.
        """
        there = source if source.kind or state.found is None else at_endpoint(source, state.found)
        context = cls(there, state, now, source, zone=zone)
        if not context.is_at_new_address or state.moved_to is None:
            return context
        return replace(context, source=at_address(there, state.moved_to))

    def with_endpoint(self, found: Endpoint, lost_reason: str) -> PollContext:
        """Return the context of the same poll, with an endpoint that was just discovered."""
        return replace(
            self,
            source=at_endpoint(self.configured, found),
            state=replace(self.state, found=found, moved_to=None, moved_answers=0),
            rediscovered=True,
            lost_reason=lost_reason,
            previous=self.state.found,
        )

    def without_discovery(self) -> PollContext:
        """Return the context without the endpoint that was discovered in this poll, because that endpoint failed."""
        return replace(self, state=replace(self.state, found=self.previous)) if self.rediscovered else self

    @property
    def zone_of_source(self) -> dt.tzinfo:
        """The time zone in which the source publishes."""
        return ZoneInfo(self.source.timezone)

    @property
    def is_at_new_address(self) -> bool:
        """Whether the source is requested at the address to which it has moved for good, and not where it was before.

        The configured address is requested once a day, in case the move was a mistake. A POST is never sent to another
        address than the configured one.
        """
        has_moved = self.state.moved_answers >= MIN_MOVED_ANSWERS and self.configured.request.method == "GET"
        return has_moved and not self.is_unconditional

    @property
    def is_still_a_page(self) -> bool:
        """Whether both the previous and the new endpoint are pages. The list must then fit the known entries."""
        return self.previous is not None and self.previous.kind == self.source.kind == "page"

    @property
    def is_unconditional(self) -> bool:
        """Whether the source is requested without validators now, as at the first poll of each day.

        A server may wrongly answer "not modified" for ever. The source's name decides when its day begins, so that not
        all sources are requested in full at the same hour. A request that failed counts, because the server may have
        seen it. False for a source that has never answered.
        """
        last, offset = self.state.last_polled_at, crc32(self.source.name.encode())
        return (
            last is not None
            and self.state.last_success_at is not None
            and (self.now.timestamp() + offset) // _SECONDS_PER_DAY != (last.timestamp() + offset) // _SECONDS_PER_DAY
        )

    def endpoint_is_dead(self, failure: Failure) -> bool:
        """Return whether the remembered endpoint failed for good, so that another one must be discovered."""
        found = self.state.found
        if found is None or self.configured.kind or self.rediscovered:
            return False
        if failure.wall is not None and failure.wall.kind not in MAY_BE_REMOVED:
            return False
        if failure.status in GONE_FOR_GOOD:
            return found.url != ""
        return (failure.unreadable or failure.wall is not None) and self.state.failures + 1 >= MAX_FAILED_POLLS


@dataclass(frozen=True, slots=True)
class Located:
    """The endpoint of a poll. `discovery` is the result of a discovery or its failure, if a discovery was needed."""

    context: PollContext
    discovery: Discovery | Failure | None = None


def locate(context: PollContext, gate: Gate, readers: Readers) -> Located:
    """Return the endpoint to read. It is discovered now if it is neither stated nor remembered. Raises Stopped."""
    return Located(context) if context.source.kind else relocate_endpoint(context, "", gate, readers)


def relocate_endpoint(context: PollContext, lost_reason: str, gate: Gate, readers: Readers) -> Located:
    """Discover an endpoint at the configured address. `lost_reason` says why the endpoint before, if any, was lost."""
    found = discover(context.configured, gate, readers, context.now)
    failpoint("collect.found")
    if isinstance(found, Discovery):
        return Located(context.with_endpoint(found.endpoint, lost_reason), found)
    reason = f"{lost_reason}; rediscovered: {found.reason}" if lost_reason else found.reason
    return Located(context, _failure(reason, found))


def _failure(reason: str, failed: DiscoveryFailed) -> Failure:
    error = failed.error
    if error is None:
        return Failure(reason, unreadable=True)
    return Failure.of(error, reason)


def at_endpoint(source: Source, found: Endpoint) -> Source:
    """Return `source`, whose kind is not stated, with the kind and address of the discovered endpoint."""
    there = at_address(source, found.url) if found.url else source
    return replace(there, kind=found.kind)


def at_address(source: Source, url: str) -> Source:
    """Return `source` with another address, to which its headers are sent only if it has the same origin."""
    request = replace(source.request, trusted_url=source.request.trusted_url or source.url)
    return replace(source, url=url, shown_url=url, request=request)
