"""The request to a source, besides the address."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Literal

_BODY_HEADERS: Final = ("content-encoding", "content-language", "content-location", "content-type")
"""Headers that speak of a body, and go where it goes (https://fetch.spec.whatwg.org/#http-redirect-fetch)."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to send with a request, and how far to trust its server. The defaults hold for every source.

    `headers`, `body`, `verify` and `tls` are for one place only, that of `trusted_url`: headers and body for its origin
    (scheme, host and port), the others for its host. `trusted_url` None is the address that is asked for. `user_agent`
    None is the program's own; it goes wherever a redirect leads. `verify` False takes any certificate; `tls` "legacy"
    speaks to servers that are not up to date. `secrets` are what no link and no text may show of headers and body.
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
        """Return whether there is a header of this name, whatever its capitals."""
        return any(header.lower() == name.lower() for header, _ in self.headers)

    def without_body(self) -> Request:
        """Return the same request as a GET: without the body, and without headers about it."""
        headers = tuple((name, value) for name, value in self.headers if name.lower() not in _BODY_HEADERS)
        return replace(self, method="GET", body=None, headers=headers)

    def for_page(self, trusted_url: str) -> Request:
        """Return the request for the page of an article that a source lists: a GET, without `Accept`.

        If `trusted_url` is already set, it is kept: the source may be read from another address than the headers are
        for.
        """
        request = self.without_body()
        headers = tuple((name, value) for name, value in request.headers if name.lower() != "accept")
        return replace(request, headers=headers, trusted_url=self.trusted_url or trusted_url)


DEFAULT_REQUEST: Final = Request()
"""A plain GET: nothing is set."""
