"""The outcomes of a request. A failure of the server is a value, `FetchError`, never an exception.

Answer
├── Fetched        a complete body
├── NotModified    nothing new, by the server's word
├── SameBody       nothing new, by the hash of the body
└── FetchError     no complete answer; it has no validators, so none can be saved
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Literal

from monitor.model import Validators
from monitor.text.walls import Wall

FailureKind = Literal[
    "bad_url",  # not an http or https address that can be fetched
    "dns",  # the name leads nowhere
    "blocked",  # it leads into a network that is not allowed
    "connect",  # no line, or it broke before an answer came
    "tls",  # no trustworthy line
    "timeout",  # the deadline passed
    "http",  # an answer, but not one with the document; `status` says which
    "redirect",  # in a circle, too many, or to nowhere
    "too_large",
    "truncated",  # the body ended too early
    "encoding",  # a compression that was not asked for, or is broken
    "protocol",  # not HTTP
    "wall",  # an answer, but a challenge, a login or another page that is not the document; `wall` says which
]


@dataclass(frozen=True, slots=True)
class Fetched:
    """A complete answer. `url` is the address that gave it, without credentials: the base of its relative links.

    `validators` are for the address that was asked for: if it answered by a redirect there are no ETag and no
    Last-Modified among them, because they are another address's. `moved_to` is where the document lives now, if every
    redirect said "for good" and none led from https to http. `url` and `moved_to` may hold a secret of the configured
    address: they and the body are left out of `repr`.
    """

    url: str = field(repr=False)
    status: int
    body: bytes = field(repr=False)
    content_type: str | None
    validators: Validators
    seconds: float = 0.0
    moved_to: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server says that the last document is still current. `validators` are those that were sent."""

    status: int
    validators: Validators
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class SameBody:
    """A complete answer with the same body as the last one. `validators` are the new ones."""

    validators: Validators
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class FetchError:
    """No complete answer. `kind` is stable; `reason` is for the operator and holds no secret.

    `status` is that of the answer, if there was one. `retry_after` is the wait that the server asks for, at most a day.
    The reason of a `wall` quotes its page, which may repeat the address that was requested: redact it.
    """

    kind: FailureKind
    reason: str
    status: int | None = None
    retry_after: dt.timedelta | None = None
    seconds: float = 0.0
    wall: Wall | None = None


Answer = Fetched | NotModified | SameBody | FetchError


class FetchFailed(Exception):
    """Ends a request inside this package; the gate turns it into a `FetchError`."""

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
