"""Links as they stand on pages → addresses that can be asked for; as browsers do it (https://url.spec.whatwg.org/)."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urljoin, urlsplit

LIMIT: Final = 8192
_MAX_HOST: Final = 253
_MAX_PORT: Final = 65535
SCHEMES: Final = {"http": 80, "https": 443}

_INSIDE = re.compile(r"[\t\n\r]")
EDGES: Final = "".join(chr(code) for code in range(0x3001) if chr(code) <= " " or chr(code).isspace()) + "\x7f\ufeff"
"""What is no part of an address when it stands before or behind it: all blanks and the ASCII control characters."""
_PLAIN = re.compile(rf"[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]{{0,{LIMIT}}}")
"""What needs no preparing, but for too many slashes: nearly every address."""
_SLASHES = re.compile(r"(?i)\A(https?:)/{2,}")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\]")
_ILLEGAL = re.compile(r"[^A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]|%(?![0-9A-Fa-f]{2})")


class Address(NamedTuple):
    """A web address in parts: host in lower-case ASCII, port None if it is the scheme's own, no user name, no password.

    `path` starts with a slash. `query` and `fragment` stand without `?` and `#`. All are ASCII without blanks.
    """

    scheme: str
    host: str
    port: int | None
    path: str
    query: str = ""
    fragment: str = ""

    def __str__(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        query = f"?{self.query}" if self.query else ""
        fragment = f"#{self.fragment}" if self.fragment else ""
        return f"{self.scheme}://{self.host}{port}{self.path}{query}{fragment}"


def absolute_url(base: str, url: str) -> str:
    """`url` as found on the page at `base`, made absolute; "" unless it leads to http or https with a usable host.

    Blanks and control characters around it are dropped, line ends and tabs within it too, and backslashes are
    slashes, as in browsers. What may not stand in an address is percent-encoded, the host is put in ASCII. A user
    name and password never get into the result. Longer than 8,192 characters is unusable. Never raises.
    """
    link = _cleaned(url)
    if not link:
        return ""
    try:
        joined = urljoin(_cleaned(base), link)
    except ValueError:
        return ""
    address = parse(joined)
    return str(address) if address else ""


def host_of(url: str) -> str:
    """The host of an http or https address, in lower-case ASCII, without port; "" if it has none. Never raises."""
    address = parse(_cleaned(url))
    return address.host if address else ""


def parse(url: str) -> Address | None:
    """An absolute http or https address in parts; None if it is none, or unusable. Never raises."""
    try:
        parts = urlsplit(_cleaned(url))
        host, port = _host(parts.hostname or ""), _port(parts)
    except ValueError:
        return None
    if parts.scheme not in SCHEMES or not host or port == 0:
        return None
    path = _encoded(parts.path)
    if not path.startswith("/"):
        path = f"/{path}"
    port = None if port == SCHEMES[parts.scheme] else port
    return Address(parts.scheme, host, port, path, _encoded(parts.query), _encoded(parts.fragment))


def _cleaned(url: str) -> str:
    """As browsers prepare an address before they read it. Too long to be one: nothing."""
    if _PLAIN.fullmatch(url) and ":///" not in url:
        return url
    url = _INSIDE.sub("", url[: LIMIT * 2].strip(EDGES))
    if len(url) > LIMIT:
        return ""
    place, mark, rest = url.partition("?")
    return _SLASHES.sub(r"\1//", place.replace("\\", "/")) + mark + rest


def _host(host: str) -> str:
    """In ASCII and lower case; "" if it cannot be one."""
    host = host.rstrip(".").lower()
    if not host or len(host) > _MAX_HOST:
        return ""
    if ":" in host:
        host = f"[{host}]"
    elif not host.isascii():
        host = host.encode("idna").decode("ascii").lower().rstrip(".")
    usable = _HOST.fullmatch(host) and ".." not in host and len(host) <= _MAX_HOST
    return host if usable else ""


def _port(parts: SplitResult) -> int | None:
    port = parts.port
    return port if port is None or port <= _MAX_PORT else 0


def _encoded(part: str) -> str:
    return _ILLEGAL.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace")), part)
