"""Web addresses: make them absolute as browsers do (https://url.spec.whatwg.org/), and find their canonical form."""

from __future__ import annotations

import re
from typing import Final, NamedTuple
from urllib.parse import urljoin, urlsplit

from monitor.text.address.forwarders import forward_targets
from monitor.text.address.tracking import is_tracking, may_have_later_tracking

_MAX_LENGTH: Final = 8192
_MAX_HOST_LENGTH: Final = 253
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}

_LINE_ENDS_AND_TABS = re.compile(r"[\t\n\r]")
_STRIPPED_CHARACTERS: Final = (
    "".join(chr(code) for code in range(0x3001) if chr(code) <= " " or chr(code).isspace()) + "\x7f\ufeff"
)
"""Characters that are removed at both ends of an address: all blanks and the ASCII control characters."""
_CLEAN_URL = re.compile(rf"[A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]{{0,{_MAX_LENGTH}}}")
"""An address that needs no cleaning, unless it has too many slashes. Nearly every address matches."""
_TOO_MANY_SLASHES = re.compile(r"(?i)\A(https?:)/{2,}")
_HOST_PATTERN = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?|\[[0-9a-f:.]+\]")
_ILLEGAL_CHARACTER = re.compile(r"[^A-Za-z0-9\-._~:/?#@!$&'()*+,;=%]|%(?![0-9A-Fa-f]{2})")

_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Bytes that mean the same to servers whether they are escaped or not, in paths and in the values of a query.
_UNESCAPED_IN_PATH: Final = _UNRESERVED | frozenset(b"!$'()*,:@")
_UNESCAPED_IN_QUERY: Final = _UNRESERVED | frozenset(b"!$'()*,:@/?")

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_DOUBLE_ESCAPE = re.compile(r"\A(?:amp;)+")  # the rest of an `&` that was escaped as `&amp;`
_SESSION_ID = re.compile(r"(?i);(?:jsessionid|phpsessid)=[^/;]*")
_MOBILE_WIKIPEDIA_HOST = re.compile(r"\A([a-z-]+)\.m\.(wikipedia\.org|wikinews\.org)\Z")
_IP_ADDRESS = re.compile(r"[0-9.]+|\[.*\]")
_DEVICE_LABEL = re.compile(r"(?:m|mobile|wap|3g|amp|touch)\.(?=[^.]+\.)")
_PUBLIC_SUFFIX = re.compile(r"(?:co|com|net|org|gov|gob|edu|ac|or|ne|go)\.[a-z]{2}")  # not a site
_AMP_SUFFIX = re.compile(r"(?<=[^/])\.amp((?:\.html?)?)\Z")
_FORM_CHANGED_LATER = re.compile(r"//[^/]*(?:m|mobile|wap|3g|amp|touch)\.|amp|.https?(?::|%3a)", re.IGNORECASE)

# Hosts that serve the same articles under the same paths.
_TWIN_HOSTS: Final = {
    "m.thepaper.cn": "thepaper.cn",
    "m.youtube.com": "youtube.com",
    "m.facebook.com": "facebook.com",
    "mobile.twitter.com": "x.com",
    "m.twitter.com": "x.com",
    "twitter.com": "x.com",
    "old.reddit.com": "reddit.com",
    "np.reddit.com": "reddit.com",
}
_WECHAT_PARAMETERS: Final = ("__biz", "mid", "idx", "sn")


class Address(NamedTuple):
    """A web address in parts, without user name and password.

    The host is lower-case ASCII. `port` is None for the default port of the scheme. `path` starts with a slash. `query`
    and `fragment` are without `?` and `#`. All parts are ASCII without blanks.
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
    """Return `url` from the page at `base` as an absolute address; "" if it is not a usable http or https address.

    As in browsers, blanks and control characters at both ends are removed, and so are line ends and tabs anywhere;
    backslashes become slashes. Forbidden characters are percent-encoded, and the host is converted to ASCII. User name
    and password are removed. An address of more than 8,192 characters is not usable. Never raises.
    """
    link = _clean(url)
    if not link:
        return ""
    try:
        joined = urljoin(_clean(base), link)
    except ValueError:
        return ""
    address = parse(joined)
    return str(address) if address else ""


def host_of(url: str) -> str:
    """Return the host of an http or https address, in lower-case ASCII without port; "" for others. Never raises."""
    address = parse(_clean(url))
    return address.host if address else ""


def parse(url: str) -> Address | None:
    """Return the parts of an absolute http or https address; None for other or unusable addresses. Never raises."""
    try:
        parts = urlsplit(_clean(url))
        host, port = _ascii_host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme not in _DEFAULT_PORTS or not host or port == 0:
        return None
    path = _percent_encode(parts.path)
    if not path.startswith("/"):
        path = f"/{path}"
    port = None if port == _DEFAULT_PORTS[parts.scheme] else port
    return Address(parts.scheme, host, port, path, _percent_encode(parts.query), _percent_encode(parts.fragment))


def _clean(url: str) -> str:
    """Return an address prepared for parsing, as browsers do; "" if it is too long."""
    if _CLEAN_URL.fullmatch(url) and ":///" not in url:
        return url
    url = _LINE_ENDS_AND_TABS.sub("", url[: _MAX_LENGTH * 2].strip(_STRIPPED_CHARACTERS))
    if len(url) > _MAX_LENGTH:
        return ""
    before_query, mark, rest = url.partition("?")
    return _TOO_MANY_SLASHES.sub(r"\1//", before_query.replace("\\", "/")) + mark + rest


def _ascii_host(host: str) -> str:
    """Return the host in ASCII and lower case; "" if it is not a valid host."""
    host = host.rstrip(".").lower()
    if not host or len(host) > _MAX_HOST_LENGTH:
        return ""
    if ":" in host:
        host = f"[{host}]"
    elif not host.isascii():
        host = host.encode("idna").decode("ascii").lower().rstrip(".")
    usable = _HOST_PATTERN.fullmatch(host) and ".." not in host and len(host) <= _MAX_HOST_LENGTH
    return host if usable else ""


def _percent_encode(part: str) -> str:
    return _ILLEGAL_CHARACTER.sub(
        lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode("utf-8", "replace")), part
    )


def canonical_url(url: str) -> str:
    """Return the canonical form of an address, which identifies an article. Fetch and show the address as found.

    - Scheme and host are in lower-case ASCII, without default ports and user names. Dot segments (`..`) are resolved,
      and percent escapes are written in one way.
    - A fragment is removed, unless it is a route (`#!…`, `#/…`) or has a number, as on pages with many entries (release
      notes `#v2.1`, posts of one day `#a010633`). Parameters in a fragment (`#xtor=RSS-1`) are always removed.
    - `http` on its default port becomes `https`, and `www.` is removed: both forms are one site.
    - Tracking parameters (`monitor.text.address.tracking`) and session ids are removed. The others are sorted by name;
      parameters of the same name keep their order. For WeChat only the parameters that identify an article are kept.
    - A slash at the end of a path is removed. AMP addresses (`…/slug/amp`, `slug.amp.html`, `?amp=1`, Google's AMP
      cache) and hosts for phones (`m.`, `amp.`) become the usual address. A forwarding page (Google Alerts, Bing News,
      `link.zhihu.com` …) becomes its target.

    Idempotent. Any other text than a usable http or https address is returned without blanks at its ends. Never raises.
    """
    return _canonical_form(url, first_version=False)


def former_url(url: str) -> str:
    """Return the canonical form of an address as the first version of the program made it: old archives contain it."""
    return _canonical_form(url, first_version=True)


def had_another_form(url: str) -> bool:
    """Return whether `canonical_url` and `former_url` may differ. If this is False, they are certainly equal."""
    return _FORM_CHANGED_LATER.search(url) is not None or ("?" in url and may_have_later_tracking(url))


def _canonical_form(url: str, *, first_version: bool) -> str:
    address = parse(url)
    if address is None:
        return url.strip(_STRIPPED_CHARACTERS)
    while True:
        host = _normalize_host(address.host, keep_device=first_version)
        path = _normalize_path(address.path, keep_amp=first_version or host == "google.com")
        query = _normalize_query(host, path, address.query, first_version=first_version)
        if host == "youtu.be" and path.count("/") == 1 and len(path) > 1:
            host, path, query = "youtube.com", "/watch", f"v={path[1:]}"
        fragment = _unescape(address.fragment, _UNESCAPED_IN_PATH)
        if fragment.startswith(("!", "/")):
            keeps_fragment = len(fragment) > 1
        else:
            keeps_fragment = "=" not in fragment and any(character.isdigit() for character in _ESCAPE.sub("", fragment))
        scheme = "https" if address.port is None else address.scheme
        address = Address(scheme, host, address.port, path, query, fragment if keeps_fragment else "")
        target = _forward_target(address, first_version=first_version)
        if target is None:
            return str(address)
        address = target  # replace a page that only forwards by its target


def _normalize_host(host: str, *, keep_device: bool) -> str:
    """Return the normal form of a host. The prefix of mobile pages (`m.`) is removed if a site name remains."""
    while True:
        while (
            host.startswith("www.") and "." in (rest := host.removeprefix("www.")) and not _IP_ADDRESS.fullmatch(rest)
        ):
            host = rest
        host = _MOBILE_WIKIPEDIA_HOST.sub(r"\1.\2", host)
        host = _TWIN_HOSTS.get(host, host)
        rest = host.partition(".")[2]
        if keep_device or not _DEVICE_LABEL.match(host) or _PUBLIC_SUFFIX.fullmatch(rest):
            return host
        host = rest


def _normalize_path(path: str, *, keep_amp: bool) -> str:
    """Return the normal form of a path. Without `keep_amp`, the path of an AMP page becomes that of its article.

    `/amp` at the end is removed if the part before it looks like an article: `/topics/amp` may be a page of its own.
    """
    path = _SESSION_ID.sub("", _unescape(path, _UNESCAPED_IN_PATH))
    if "/." in path:
        path = _resolve_dot_segments(path)
    path = path.rstrip("/")
    while path.endswith("/amp") and _looks_like_article_path(path.removesuffix("/amp").rstrip("/").rpartition("/")[2]):
        path = path.removesuffix("/amp").rstrip("/")
    if not keep_amp and "amp" in path:
        path = _AMP_SUFFIX.sub(r"\1", path)
        first, _, rest = path.removeprefix("/").partition("/")
        path = f"/{rest}" if first in ("amp", "amphtml") and _looks_like_article_path(rest) else path
    return path or "/"


def _looks_like_article_path(path: str) -> bool:
    return any(character == "-" or character.isdigit() for character in path)


def _resolve_dot_segments(path: str) -> str:
    """Resolve `.` and `..` in a path (RFC 3986, 5.2.4)."""
    segments: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del segments[-1:]
        elif segment != ".":
            segments.append(segment)
    return "/" + "/".join(segments)


def _normalize_query(host: str, path: str, query: str, *, first_version: bool) -> str:
    pairs = []
    # Escapes of `&` and `=` are not resolved here, so the query can be unescaped before it is split.
    for part in _unescape(query, _UNESCAPED_IN_QUERY).replace("%20", "+").split("&"):
        name, equals, value = (part if first_version else _DOUBLE_ESCAPE.sub("", part)).partition("=")
        if part and not is_tracking(host, name.lower(), value.lower(), first_version=first_version):
            pairs.append((name, equals + value))
    pairs.sort(key=lambda pair: pair[0])
    if host == "mp.weixin.qq.com":
        pairs = _keep_wechat_parameters(path, pairs, first_version=first_version)
    return "&".join(name + value for name, value in pairs)


def _keep_wechat_parameters(path: str, pairs: list[tuple[str, str]], *, first_version: bool) -> list[tuple[str, str]]:
    """Keep the parameters that identify a WeChat article: account, message, index and signature.

    A path that names the article (`/s/…`) needs no parameters. The account ends in `==` (Base64), which some links
    escape; the first version kept the escapes.
    """
    if path.startswith("/s/"):
        return []
    names = {name for name, _ in pairs}
    if not {"__biz", "mid"} <= names:
        return pairs
    kept = [(name, value) for name, value in pairs if name in _WECHAT_PARAMETERS]
    return kept if first_version else [(name, value.replace("%3D", "=")) for name, value in kept]


def _unescape(text: str, allowed: frozenset[int]) -> str:
    def unescape_plain(found: re.Match[str]) -> str:
        byte = int(found[1], 16)
        return chr(byte) if byte in allowed else f"%{byte:02X}"

    return _ESCAPE.sub(unescape_plain, text)


def _forward_target(address: Address, *, first_version: bool) -> Address | None:
    """Return the target of a canonical address that only forwards; None for others. Each call follows one step."""
    host = address.host
    if host == "google.com" and address.path.startswith("/amp/"):
        return _amp_cache_target(address.path.removeprefix("/amp/"), address.query)
    if host.endswith(".cdn.ampproject.org"):
        return _amp_cache_target(re.sub(r"\A/[a-z]/", "", address.path), address.query)
    if "http" not in f"{address.path}?{address.query}".lower():
        return None
    targets = forward_targets(host, address.path, address.query, first_version=first_version)
    return next((address_of_target for target in targets if (address_of_target := parse(target))), None)


def _amp_cache_target(rest: str, query: str) -> Address | None:
    """Return the address of a page in the AMP cache. `rest` is the path without its prefix; `s/` in it means https."""
    secure = rest.startswith("s/")
    target = parse(f"{'https' if secure else 'http'}://{rest.removeprefix('s/')}")
    return target._replace(query=query) if target else None
