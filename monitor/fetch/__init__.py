"""The only outbound read of the program.

    address ─ check scheme, host, port
            ─ wait for a slot of the host          politeness; does not count against the deadline
            ─ resolve once, check every address    special-purpose networks are refused unless allowed
            ─ dial one that was checked            the name stays in Host and in TLS
            ─ ask, with the validators we have     conditional GET, gzip only
            ─ redirect? at most ten, each from the top
            ─ read and inflate within bounds       and only to the end is it an answer
            ─ a wall instead of the document?      a challenge, a login …: a failure with its name, whatever the status

Everything together ends at one deadline. What the far end does is a value: `Answer`.
"""

from monitor.fetch.dial import Dialer, Resolver, SystemDialer, SystemResolver
from monitor.fetch.gate import Gate
from monitor.fetch.outcome import Answer, FailureKind, Fetched, FetchError, NotModified, SameBody
from monitor.fetch.settings import MAX_REQUESTS_PER_HOST, PROJECT_URL, FetchSettings, Network, user_agent
from monitor.fetch.transport import proxy_of

__all__ = [
    "MAX_REQUESTS_PER_HOST",
    "PROJECT_URL",
    "Answer",
    "Dialer",
    "FailureKind",
    "FetchError",
    "FetchSettings",
    "Fetched",
    "Gate",
    "Network",
    "NotModified",
    "Resolver",
    "SameBody",
    "SystemDialer",
    "SystemResolver",
    "proxy_of",
    "user_agent",
]
