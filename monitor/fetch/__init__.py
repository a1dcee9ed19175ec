"""The only part of the program that reads from the network.

    address ─ check scheme, host, port
            ─ refuse while the host rests          it asked for a wait (`Retry-After`)
            ─ wait for a slot of the host          politeness; the wait does not count against the deadline
            ─ resolve once, check every address    special-purpose networks are refused unless allowed
            ─ connect to a checked address         Host and TLS still use the name
            ─ send the request                     a conditional GET with our validators, gzip only
            ─ follow redirects                     at most ten, each with all these steps
            ─ read and decompress within limits    only a complete body is an answer
            ─ recognise walls                      a challenge or a login instead of the document is a failure

All steps together end at one deadline. Whatever the server does is returned as a value: `Answer`.
"""

from typing import TYPE_CHECKING

from monitor.fetch.dial import Dialer, Resolver, SystemDialer, SystemResolver
from monitor.fetch.guard import is_nearby
from monitor.fetch.outcome import (
    UNASKED_NOT_MODIFIED,
    Answer,
    FailureKind,
    Fetched,
    FetchError,
    NotModified,
    SameBody,
)
from monitor.fetch.reply import server_time
from monitor.fetch.rests import HostRests
from monitor.fetch.settings import (
    DISTRIBUTION,
    HANGING_PER_HOST,
    HANGING_SECONDS,
    MAX_REQUESTS_PER_HOST,
    PROJECT_URL,
    FetchSettings,
    Network,
    user_agent,
)
from monitor.lazy import lazily

if TYPE_CHECKING:
    from monitor.fetch.gate import Gate
    from monitor.fetch.transport import proxy_of

__all__ = [
    "DISTRIBUTION",
    "HANGING_PER_HOST",
    "HANGING_SECONDS",
    "MAX_REQUESTS_PER_HOST",
    "PROJECT_URL",
    "UNASKED_NOT_MODIFIED",
    "Answer",
    "Dialer",
    "FailureKind",
    "FetchError",
    "FetchSettings",
    "Fetched",
    "Gate",
    "HostRests",
    "Network",
    "NotModified",
    "Resolver",
    "SameBody",
    "SystemDialer",
    "SystemResolver",
    "is_nearby",
    "proxy_of",
    "server_time",
    "user_agent",
]

__getattr__ = lazily(__name__, {"monitor.fetch.gate": "Gate", "monitor.fetch.transport": "proxy_of"})
