"""One form for every address of one article."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote_plus

from monitor.text.address.absolute import EDGES, Address, parse
from monitor.text.address.tracking import is_tracking, may_be_known_since

_UNRESERVED: Final = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# Delimiters that no server tells from their escapes, in paths and within the values of a query.
_PLAIN_IN_PATH: Final = _UNRESERVED | frozenset(b"!$'()*,:@")
_PLAIN_IN_QUERY: Final = _UNRESERVED | frozenset(b"!$'()*,:@/?")

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_SESSION = re.compile(r"(?i);(?:jsessionid|phpsessid)=[^/;]*")
_WIKIPEDIA = re.compile(r"\A([a-z-]+)\.m\.(wikipedia\.org|wikinews\.org)\Z")
_IP = re.compile(r"[0-9.]+|\[.*\]")

_DEVICE = re.compile(r"(?:m|mobile|wap|amp|touch)\.(?=[^.]+\.)")
_SUFFIX = re.compile(r"(?:co|com|net|org|gov|gob|edu|ac|or|ne|go)\.[a-z]{2}")  # names of registries, of no site
_AMP_SUFFIX = re.compile(r"(?<=[^/])\.amp((?:\.html?)?)\Z")

_CHANGED = re.compile(r"//[^/]*(?:m|mobile|wap|amp|touch)\.|amp", re.IGNORECASE)

# Hosts that serve the same articles under the same paths.
_TWINS: Final = {
    "m.thepaper.cn": "thepaper.cn",
    "m.youtube.com": "youtube.com",
    "m.facebook.com": "facebook.com",
    "mobile.twitter.com": "x.com",
    "m.twitter.com": "x.com",
    "twitter.com": "x.com",
    "old.reddit.com": "reddit.com",
    "np.reddit.com": "reddit.com",
}
_WECHAT: Final = ("__biz", "mid", "idx", "sn")
# Pages that only forward: host, path, and the parameter that holds where to.
_FORWARDERS: Final = {
    ("google.com", "/url"): ("url", "q"),
    ("bing.com", "/news/apiclick.aspx"): ("url",),
    ("l.facebook.com", "/l.php"): ("u",),
}


def canonical_url(url: str) -> str:
    """The one form of an address by which articles are told apart. An identity: fetch and show the address as found.

    - Scheme and host in lower case and ASCII; default ports and user names away. Dot segments are resolved, escapes
      brought to one form.
    - A fragment goes, unless it routes (`#!…`, `#/…`) or has a number, as where one page holds many entries (release
      notes `#v2.1`, a day's posts `#a010633`); parameters in it (`#xtor=RSS-1`) always go.
    - `http` on its default port counts as `https`, and `www.` as nothing: where both exist, they are one site.
    - Parameters that only track (`monitor.text.address.tracking`) and session ids go; the others are sorted by name,
      for their order rarely means anything; those of one name keep theirs. WeChat articles keep what names them.
    - A slash at the end of a path goes. AMP forms (`…/slug/amp`, `slug.amp.html`, `?amp=1`, Google's AMP cache), hosts
      for telephones (`m.`, `amp.`), and forwarding pages (Google Alerts, Bing News) become what they stand for.

    Idempotent. What is no usable http or https address is given back without blanks around it. Never raises.
    """
    return _form(url, former=False)


def former_url(url: str) -> str:
    """Return the canonical form of an address as the first version had it; the archives that it filled hold those."""
    return _form(url, former=True)


def had_another_form(url: str) -> bool:
    """Return False where `canonical_url` and `former_url` surely agree, which is quicker to say than both forms."""
    return _CHANGED.search(url) is not None or ("?" in url and may_be_known_since(url))


def _form(url: str, *, former: bool) -> str:
    address = parse(url)
    if address is None:
        return url.strip(EDGES)
    address = _canonical(address, former=former)
    while inner := _forwarded(address):
        address = _canonical(inner, former=former)
    return str(address)


def bare_host(url: str) -> bool:
    """Whether an address leads to the root of a site and so cannot tell articles apart: no path, query or route."""
    address = parse(canonical_url(url))
    return address is not None and address.path == "/" and not address.query and not address.fragment


def _canonical(address: Address, *, former: bool) -> Address:
    host = _host(address.host)
    path = _path(address.path)
    if not former:
        host = _without_device(host)
        path = path if host == "google.com" else _without_amp(path)
    query = _query(host, path, address.query, former=former)
    if host == "youtu.be" and path.count("/") == 1 and len(path) > 1:
        host, path, query = "youtube.com", "/watch", f"v={path[1:]}"
    scheme = "https" if address.port is None else address.scheme
    fragment = _unescaped(address.fragment, _PLAIN_IN_PATH)
    return Address(scheme, host, address.port, path, query, fragment if _names_something(fragment) else "")


def _host(host: str) -> str:
    while host.startswith("www.") and "." in (rest := host.removeprefix("www.")) and not _IP.fullmatch(rest):
        host = rest
    host = _WIKIPEDIA.sub(r"\1.\2", host)
    return _TWINS.get(host, host)


def _without_device(host: str) -> str:
    """The host without the label of a site's pages for telephones (`m.`), unless that is all that names the site."""
    while _DEVICE.match(host) and not _SUFFIX.fullmatch(rest := host.partition(".")[2]):
        host = _host(rest)
    return host


def _without_amp(path: str) -> str:
    """The path of the article that an AMP page stands for: `/amp/a-1`, `/a-1.amp`, `/a-1.amp.html`."""
    path = _AMP_SUFFIX.sub(r"\1", path)
    first, _, rest = path.removeprefix("/").partition("/")
    return f"/{rest}" if first in ("amp", "amphtml") and any(c == "-" or c.isdigit() for c in rest) else path


def _names_something(fragment: str) -> bool:
    if fragment.startswith(("!", "/")):
        return len(fragment) > 1
    return "=" not in fragment and any(character.isdigit() for character in _ESCAPE.sub("", fragment))


def _path(path: str) -> str:
    path = _without_dots(_SESSION.sub("", _unescaped(path, _PLAIN_IN_PATH)))
    path = path.rstrip("/")
    while _amp_of_article(path):
        path = path.removesuffix("/amp").rstrip("/")
    return path or "/"


def _amp_of_article(path: str) -> bool:
    """`/amp` behind something that looks like an article's name; `/topics/amp` may be a page of its own."""
    before, _, last = path.rpartition("/")
    name = before.rstrip("/").rpartition("/")[2]
    return last == "amp" and any(character == "-" or character.isdigit() for character in name)


def _without_dots(path: str) -> str:
    """Resolve `.` and `..` (RFC 3986, 5.2.4)."""
    kept: list[str] = []
    for segment in path.split("/")[1:]:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    return "/" + "/".join(kept)


def _query(host: str, path: str, query: str, *, former: bool) -> str:
    pairs = []
    for part in query.split("&"):
        name, equals, value = part.partition("=")
        name, value = _parameter(name), _parameter(value)
        if part and not is_tracking(host, name.lower(), value.lower(), former=former):
            pairs.append((name, equals + value))
    pairs.sort(key=lambda pair: pair[0])
    if host == "mp.weixin.qq.com":
        pairs = _wechat(path, pairs)
    return "&".join(name + value for name, value in pairs)


def _wechat(path: str, pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """WeChat names an article by its account, message, place in it and signature; or by a short name in the path."""
    if path.startswith("/s/"):
        return []
    names = {name for name, _ in pairs}
    return [pair for pair in pairs if pair[0] in _WECHAT] if {"__biz", "mid"} <= names else pairs


def _parameter(text: str) -> str:
    return _unescaped(text, _PLAIN_IN_QUERY).replace("%20", "+")


def _unescaped(text: str, plain: frozenset[int]) -> str:
    def one(found: re.Match[str]) -> str:
        byte = int(found[1], 16)
        return chr(byte) if byte in plain else f"%{byte:02X}"

    return _ESCAPE.sub(one, text)


def _forwarded(address: Address) -> Address | None:
    """Where a canonical address that only forwards leads, None if it is no such. Each step sheds a wrapping."""
    host = address.host
    if host == "google.com" and address.path.startswith("/amp/"):
        return _amp(address.path.removeprefix("/amp/"), address.query)
    if host.endswith(".cdn.ampproject.org"):
        return _amp(re.sub(r"\A/[a-z]/", "", address.path), address.query)
    for name in _FORWARDERS.get((host, address.path), ()):
        for part in address.query.split("&"):
            key, _, value = part.partition("=")
            if key == name and (inner := parse(unquote_plus(value))):
                return inner
    return None


def _amp(rest: str, query: str) -> Address | None:
    """The cached page's address: `s/` means https."""
    secure = rest.startswith("s/")
    target = parse(f"{'https' if secure else 'http'}://{rest.removeprefix('s/')}")
    return target._replace(query=query) if target else None
