"""Check the addresses in the file: find out what is wrong with an address, and how to fix it."""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from monitor.secret import Secret

_WEB_SCHEMES: Final = ("http", "https")
_URL_PARTS: Final = re.compile(r"([^/／?？#＃]*?[:：][/／]{2})?([^/／?？#＃]*)(.*)", re.DOTALL)
_PLAIN_CHARACTERS: Final[dict[int, int | str]] = {
    **{wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)},
    ord("。"): ".",
    ord("｡"): ".",
}
"""The characters that Chinese input methods write instead of ASCII: full-width forms (U+FF01–FF5E), and full stops."""


def check_source_url(url: str, redacted: str) -> None:
    """Raise ValueError for an address that cannot be polled. The message shows `redacted` instead of `url`."""
    if (without_wide_signs := plain_address(url)) != url:
        intended = f'did you mean "{without_wide_signs}"?' if url == redacted else "write it in plain ASCII characters"
        raise ValueError(f'"{redacted}" has full-width characters in it; {intended}')
    if any(letter.isspace() or not letter.isprintable() for letter in url):
        raise ValueError(f'"{redacted}" contains a space or an invisible character; remove it, or write %20')
    split = _split_url(url)
    if split is None:
        raise ValueError(f'"{redacted}" is not a valid address; check its host and port')
    if split.scheme not in _WEB_SCHEMES:
        raise ValueError(f'"{redacted}" is not an http or https address; {_scheme_remedy(url, redacted, split)}')
    if not split.hostname:
        raise ValueError(f'"{redacted}" has no host; write an address such as "https://example.org/feed.xml"')


def plain_address(url: str) -> str:
    """Return `url` with plain characters in place of the full-width ones in its scheme and host.

    In the rest of the address, full-width characters may be intended. They are replaced only if the scheme or the host
    had some too.
    """
    found = _URL_PARTS.fullmatch(url)
    scheme, host, rest = found.groups(default="") if found else ("", url, "")
    plain = f"{scheme}{host}".translate(_PLAIN_CHARACTERS)
    if plain == f"{scheme}{host}" and not rest.startswith("／"):
        return url
    return plain + rest.translate(str.maketrans("／？＃＝＆", "/?#=&"))


def parse_listen(text: str) -> tuple[str, int]:
    """Return the address and the port of `text`, as in "127.0.0.1:9464". Raises ValueError unless it is a loopback one.

    Only programs of this machine can reach a loopback address.
    """
    host, _, port = text.strip().rpartition(":")
    form = 'write an address of this machine and a port, as in "127.0.0.1:9464" or "[::1]:9464"'
    if not host or not re.fullmatch(r"[0-9]{1,5}", port, re.ASCII) or not 0 < int(port) < 1 << 16:
        raise ValueError(f'"{text}" is not an address and a port; {form}')
    if host == "localhost":
        return "127.0.0.1", int(port)
    try:
        address = ipaddress.ip_address(host[1:-1] if host.startswith("[") and host.endswith("]") else host)
    except ValueError:
        raise ValueError(f'"{text}" names no IP address; {form}') from None
    if not address.is_loopback:
        remedy = f'write "127.0.0.1:{port}"; a web server with a login can pass requests on to it'
        raise ValueError(f'"{text}" can be reached from other machines, and these pages have no login; {remedy}')
    return str(address), int(port)


def check_proxy(proxy: Secret) -> Secret:
    """Return `proxy` itself if it is valid, else raise ValueError. The message does not contain the address."""
    from monitor.fetch import proxy_of

    try:
        proxy_of(proxy)
    except ValueError:
        raise ValueError(
            "this is not a proxy address; write http://host:port or http://user:password@host:port"
        ) from None
    return proxy


def check_ping(ping: Secret) -> Secret:
    """Return `ping` itself if it is valid, else raise ValueError. The message does not contain the address."""
    value = ping.reveal()
    split = _split_url(value)
    if split is None or split.scheme not in _WEB_SCHEMES or not split.hostname or any(map(str.isspace, value)):
        raise ValueError(
            "this is not an address that can be called; write it as in https://hc-ping.com/…, as env:NAME or file:PATH"
        )
    return ping


def check_instance(instance: Secret) -> Secret:
    """Return the RSSHub `instance` itself if it is valid, else raise ValueError without the address in its message."""
    value = instance.reveal()
    split = _split_url(value)
    if split is None or split.scheme not in _WEB_SCHEMES or not split.hostname or any(map(str.isspace, value)):
        raise ValueError(
            "this is not the address of an RSSHub instance; write an address such as https://rsshub.example.org"
        )
    return instance


def _split_url(url: str) -> SplitResult | None:
    """Return the parts of an address; None when its host or port cannot be read."""
    try:
        split = urlsplit(url)
        split.port  # noqa: B018 - reading the port checks it
    except ValueError:
        return None
    return split


def _scheme_remedy(url: str, redacted: str, split: SplitResult) -> str:
    if url != redacted:
        return "it must begin with https:// or http://"
    if split.scheme == "feed":
        rest = url.partition(":")[2].lstrip("/")
        return f'write "{rest if rest.startswith(_WEB_SCHEMES) else "https://" + rest}"'
    if split.scheme == "rsshub":
        return f'did you mean "rsshub://{url.partition(":")[2].lstrip("/")}"?'
    if split.scheme in ("", "localhost") or "." in split.scheme:
        return f'did you mean "https://{url.lstrip("/")}"?'
    return "it must begin with https:// or http://"
