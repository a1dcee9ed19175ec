"""The settings for fetching that the operator may choose, and the fixed limits."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from importlib import metadata
from typing import Final

from monitor.secret import Secret

Network = ipaddress.IPv4Network | ipaddress.IPv6Network

PROJECT_URL: Final = "https://github.com/announcement-monitor/announcement-monitor"
DISTRIBUTION: Final = "announcement-monitor"

MIB: Final = 1 << 20
MAX_REDIRECTS: Final = 10
# Gets in flight to one host name: the one bound of politeness, which polls keep as well.
MAX_REQUESTS_PER_HOST: Final = 2
MAX_ADDRESSES: Final = 10  # of one name, tried in turn
MAX_HEADER_SIZE: Final = 256 << 10  # bytes before the answer's body, interim (1xx) answers included
# Bytes; a server that is sent back more than its own header limit would refuse us for ever.
MAX_VALIDATOR_LENGTH: Final = 4096


def user_agent(version: str, project: str = PROJECT_URL) -> str:
    """Return the user agent: name, version, and the project's address for questions and complaints."""
    return f"{DISTRIBUTION}/{version} (+{project})"


def installed_user_agent(distribution: str = DISTRIBUTION) -> str:
    """Return the user agent with the installed version, 0 if none is installed."""
    try:
        return user_agent(metadata.version(distribution))
    except metadata.PackageNotFoundError:  # run from a checkout that was never installed
        return user_agent("0")


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """How to fetch.

    allow_private: special-purpose networks that may be dialled all the same, each named by itself.
    proxy: `http://user:password@host:port`; it resolves names, and is trusted to. None: dial directly. Proxies named
    in the environment are ignored.
    seconds: the whole time of one get, names, redirects and body together; waiting for a free slot does not count.
    max_bytes: of a body, as sent and as decoded. per_host: gets in flight to one host name.
    """

    allow_private: tuple[Network, ...] = ()
    proxy: Secret | None = None
    seconds: float = 30.0
    max_bytes: int = 15 * MIB
    per_host: int = MAX_REQUESTS_PER_HOST
    user_agent: str = field(default_factory=installed_user_agent)
