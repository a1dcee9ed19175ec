"""Show editions of a digest, or send an edition now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from json import loads
from typing import Any, Final

from monitor import channels
from monitor.app.passes import report_send
from monitor.app.program import Program
from monitor.config import Config
from monitor.deliver import EditionBuilder
from monitor.digest import Digest, dump, load
from monitor.errors import UsageError
from monitor.model import Edition
from monitor.model.orders import SendAttempt
from monitor.store import Store

JSON_FORMAT: Final = "json"
"""The name of the format that shows an edition as data, not as a channel would send it."""


def format_names() -> tuple[str, ...]:
    """Return the names of all formats in which an edition can be shown."""
    return (*channels.formats(), JSON_FORMAT)


def check_format(name: str) -> None:
    """Raise UsageError, which lists the valid names, if no format has this name."""
    if name not in format_names():
        raise UsageError(f'unknown format "{name}"; there are {", ".join(format_names())}', argument="format")


def show_edition(edition: Edition, form: str) -> str:
    """Return the edition in a format other than JSON, as a channel would send it."""
    return channels.formats()[form](edition)


def editions_as_data(editions: Sequence[Edition]) -> dict[str, Any]:
    """Return the editions as one JSON document."""
    return {"editions": [loads(dump(edition)) for edition in editions]}


@dataclass(frozen=True, slots=True)
class SentEdition:
    """An edition that was built on demand, and its deliveries that failed. `edition` is None if nothing was pending."""

    edition: Edition | None = None
    failed: tuple[SendAttempt, ...] = ()


def find_digest(config: Config, name: str) -> Digest:
    """Return the digest of this name. Raises UsageError, which lists the existing names, if it does not exist."""
    digests = {digest.name: digest for digest in config.digests}
    if name not in digests:
        raise UsageError(f'no digest is called "{name}"; digests are: {", ".join(digests) or "none"}')
    return digests[name]


def preview_edition(store: Store, digest: Digest, now: dt.datetime) -> Edition | None:
    """Return the edition that would be sent now, or None if nothing is pending. Nothing is stored."""
    return EditionBuilder(store, {}).preview(digest, now)


def kept_editions(store: Store, name: str, start: dt.datetime, end: dt.datetime) -> tuple[Edition, ...]:
    """Return the stored editions of a digest whose windows overlap with [start, end), the newest first."""
    return tuple(load(kept.encoded) for kept in store.editions_in(name, start, end))


def send_now(program: Program, digest: Digest) -> SentEdition:
    """Build an edition of all that is pending for `digest`, whatever its schedule, and send it."""
    program.run_backfill()
    bound = program.build_now(digest.name)
    if bound is None:
        return SentEdition()
    tried = (report_send(sending) for sending in program.outbox.send_due(bound.id))
    return SentEdition(bound.edition, tuple(one for one in tried if one.outcome != "sent"))
