"""The outcomes of a request. A failure of the server is a value, `FetchError`, never an exception.

Answer
├── Fetched        a complete body
├── NotModified    nothing new: the server says so
├── SameBody       nothing new: the hash of the body is the same
└── FetchError     no complete answer, so there are no validators to save
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal

from monitor.model import Validators

if TYPE_CHECKING:
    from monitor.text.walls import Wall

UNASKED_NOT_MODIFIED: Final = 'the server answered "not modified", though the request had no conditions'
"""Why a request without validators has no document, when nothing else is wrong."""

FailureKind = Literal[
    "resting",  # nothing was requested: the host asked for a wait that is not over; `retry_after` is the rest of it
    "robots",  # nothing was requested: the robots.txt of the site forbids it
    "bad_url",  # not an http or https address that can be fetched
    "dns",  # the name has no address
    "blocked",  # the address is in a network that is not allowed
    "connect",  # no connection, or it broke before the answer came
    "tls",  # no trustworthy TLS connection
    "timeout",  # the deadline passed
    "http",  # an answer without the document; `status` has its status
    "redirect",  # redirects in a circle, too many of them, or one without a usable address
    "too_large",
    "truncated",  # the body ended too early
    "encoding",  # a compression that was not asked for, or broken compressed data
    "protocol",  # not HTTP
    "wall",  # a challenge, a login or another page instead of the document; `wall` says which
]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A complete answer. `url` is the address that gave it, without credentials: the base of its relative links.

    `validators` are for the address that was requested. After a redirect they have no ETag and no Last-Modified,
    because these belong to another address. `moved_to` is the new address of the document, if all redirects were
    permanent and none led from https to http. `stated_time` are the headers Date and Age: see `server_time`.
    `fresh_for` is how long the document does not change, as the server says. `url` and `moved_to` may contain a secret
    from the configured address: they and the body are left out of `repr`.
    """

    url: str = field(repr=False)
    status: int
    body: bytes = field(repr=False)
    content_type: str | None
    validators: Validators
    seconds: float = 0.0
    moved_to: str | None = field(default=None, repr=False)
    stated_time: tuple[bytes, bytes] = (b"", b"")
    fresh_for: dt.timedelta | None = None


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that the last document is still current. `validators` are those that were sent.

    `fresh_for` is as in `Fetched`.
    """

    status: int
    validators: Validators
    seconds: float = 0.0
    fresh_for: dt.timedelta | None = None


@dataclass(frozen=True, slots=True)
class SameBody:
    """A complete answer with the same body as the last one. `validators` are the new ones.

    `moved_to` and `fresh_for` are as in `Fetched`.
    """

    validators: Validators
    seconds: float = 0.0
    moved_to: str | None = field(default=None, repr=False)
    fresh_for: dt.timedelta | None = None


@dataclass(frozen=True, slots=True)
class FetchError:
    """There was no complete answer. `kind` never changes its name. `reason` is for the operator and has no secret.

    `status` is the status of the answer, if there was an answer. `retry_after` is the wait that the server asks for, at
    most a week (`MAX_RETRY_AFTER`). The reason of a `wall` quotes its page, which may repeat the requested address:
    redact it.
    """

    kind: FailureKind
    reason: str
    status: int | None = None
    retry_after: dt.timedelta | None = None
    seconds: float = 0.0
    wall: Wall | None = None


Answer = Fetched | NotModified | SameBody | FetchError


class FetchFailed(Exception):
    """Raised inside this package to end a request. The gate turns it into a `FetchError`."""

    def __init__(
        self,
        kind: FailureKind,
        reason: str,
        *,
        status: int | None = None,
        retry_after: dt.timedelta | None = None,
        wall: Wall | None = None,
    ) -> None:
        super().__init__(f"{kind}: {reason}")
        self.kind = kind
        self.reason = reason
        self.status = status
        self.retry_after = retry_after
        self.wall = wall
