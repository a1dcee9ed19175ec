"""The settings for fetching that the operator may choose, and the fixed limits."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import Final

from monitor.secret import Secret

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PROJECT_URL: Final = "https://github.com/announcement-monitor/announcement-monitor"
DISTRIBUTION: Final = "announcement-monitor"

MIB: Final = 1 << 20
MAX_REDIRECTS: Final = 10
# Requests at the same time to one host name, where the operator sets no other number; polls use it, too.
MAX_REQUESTS_PER_HOST: Final = 2
# A request that takes longer hangs. Where the operator allows more requests than usual to one host, as for a bridge of
# many sources, another one of its host may then begin; any other host never gets more than its number.
HANGING_SECONDS: Final = 0.8  # less than the second between two ticks of the daemon
HANGING_PER_HOST: Final = 32
MAX_ADDRESSES: Final = 10  # addresses of one name that are tried, one after another
MAX_HEADER_SIZE: Final = 256 << 10  # bytes before the answer's body, interim (1xx) answers included
# Bytes. A longer validator might exceed the server's own limit for headers, and the server would refuse every request.
MAX_VALIDATOR_LENGTH: Final = 4096


def user_agent(version: str, project: str = PROJECT_URL) -> str:
    """Return the user agent: name, version, and the project's address for questions and complaints."""
    return f"{DISTRIBUTION}/{version} (+{project})"


def installed_user_agent(distribution: str = DISTRIBUTION) -> str:
    """Return the user agent with the installed version of the program; version 0 if it is not installed."""
    from importlib import metadata

    try:
        return user_agent(metadata.version(distribution))
    except metadata.PackageNotFoundError:  # the program runs from a checkout and is not installed
        return user_agent("0")


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How to fetch.

    allow_private: special-purpose networks that may be dialled although such networks are usually refused.
    proxy: `http://user:password@host:port`. The proxy resolves names, and its answers are trusted. None: connect
    directly. Proxies in environment variables are ignored.
    seconds: the maximum duration of one request, including name lookups, redirects and the body, but without the wait
    for a free slot of the host.
    max_bytes: the maximum size of a body, both as sent and decoded.
    per_host: the maximum number of requests at the same time to one host name. If it is higher than usual, requests
    that hang do not count.
    hangs_after: the seconds after which a request hangs.
    pause: the minimum number of seconds between the starts of two requests to one host, except hosts nearby.
    """

    allow_private: tuple[Network, ...] = ()
    proxy: Secret | None = None
    seconds: float = 30.0
    max_bytes: int = 15 * MIB
    per_host: int = MAX_REQUESTS_PER_HOST
    hangs_after: float = HANGING_SECONDS
    pause: float = 0.0
    user_agent: str = field(default_factory=installed_user_agent)
