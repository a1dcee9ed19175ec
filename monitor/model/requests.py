"""The parts of a request to a source apart from its address."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

_BODY_HEADERS: Final = ("content-encoding", "content-language", "content-location", "content-type")
"""Headers that describe a body. They are sent only together with it.

See https://fetch.spec.whatwg.org/#http-redirect-fetch.
"""


@dataclass(frozen=True, slots=True)
class Request:
    """What to send with a request, and how far to trust its server. The defaults suit every source.

    `headers` and `body` are sent only to the origin (scheme, host and port) of `trusted_url`; `verify` and `tls` apply
    only to its host. `trusted_url` None: the requested address. `user_agent` None: the program's own user agent. The
    user agent is sent to every server to which a redirect leads. `verify` False: any certificate is accepted. `tls`
    "legacy": outdated servers are accepted. `secrets` are the parts of headers and body that must not be shown in any
    link or text.
    """

    method: Literal["GET", "POST"] = "GET"
    body: bytes | None = field(default=None, repr=False)
    headers: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    user_agent: str | None = None
    verify: bool = True
    tls: Literal["modern", "legacy"] = "modern"
    trusted_url: str | None = field(default=None, repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)

    def has_header(self, name: str) -> bool:
        """Return whether there is a header of this name, in capital or small letters."""
        return any(header.lower() == name.lower() for header, _ in self.headers)

    def without_body(self) -> Request:
        """Return the same request as a GET: without the body, and without headers about it."""
        headers = tuple((name, value) for name, value in self.headers if name.lower() not in _BODY_HEADERS)
        return replace(self, method="GET", body=None, headers=headers)

    def for_page(self, trusted_url: str) -> Request:
        """Return the request for the page of an article that a source lists: a GET, without `Accept`.

        If `trusted_url` is already set, it is kept, because the headers may be meant for another address than the one
        from which the source is read.
        """
        request = self.without_body()
        headers = tuple((name, value) for name, value in request.headers if name.lower() != "accept")
        return replace(request, headers=headers, trusted_url=self.trusted_url or trusted_url)


DEFAULT_REQUEST: Final = Request()
"""A plain GET: all values are the defaults."""
