"""Pages that only forward to an address that is in their own address.

Hosts and parameters were collected from links in real pages, mails and feeds. Addresses with only a number or code
(`t.co/…`, `news.google.com/rss/articles/…`) are missing: their target is known only to their server.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, unquote_plus

# The parameters that may contain the target, by host and path of canonical addresses.
_TARGET_PARAMETERS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("google.com", "/url"): ("url", "q"),
    ("bing.com", "/news/apiclick.aspx"): ("url",),
    ("l.facebook.com", "/l.php"): ("u",),
}

# Forwarding pages that the first version did not know. It kept their addresses, which are looked up by `former_url`.
_TARGETS_AFTER_FIRST_VERSION: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("lm.facebook.com", "/l.php"): ("u",),
    ("l.instagram.com", "/"): ("u",),
    ("l.threads.net", "/"): ("u",),
    ("l.threads.com", "/"): ("u",),
    ("youtube.com", "/redirect"): ("q",),
    ("linkedin.com", "/redir/redirect"): ("url",),
    ("slack-redir.net", "/link"): ("url",),
    ("duckduckgo.com", "/l"): ("uddg",),
    ("vk.com", "/away.php"): ("to",),
    ("steamcommunity.com", "/linkfilter"): ("u", "url"),
    ("t.umblr.com", "/redirect"): ("z",),
    ("exit.sc", "/"): ("url",),
    ("link.zhihu.com", "/"): ("target",),
    ("link.juejin.cn", "/"): ("target",),
    ("link.csdn.net", "/"): ("target",),
    ("gitee.com", "/link"): ("target",),
    ("jianshu.com", "/go-wild"): ("url",),
    ("douban.com", "/link2"): ("url",),
    ("weibo.cn", "/sinaurl"): ("u", "toasturl"),
    ("c.pc.qq.com", "/middlem.html"): ("pfurl",),
    ("c.pc.qq.com", "/pc.html"): ("pfurl", "url"),
}
_GOOGLE_HOST = re.compile(r"google\.(?:com?\.)?[a-z]{2}")
_SAFELINKS_SUFFIX: Final = ".safelinks.protection.outlook.com"
_YAHOO_TARGET = re.compile(r"/RU=([^/]+)")


def forward_targets(host: str, path: str, query: str, *, first_version: bool) -> tuple[str, ...]:
    """Return the possible targets of a forwarding page, the likeliest first; () if the address does not forward.

    `host`, `path` and `query` are parts of a canonical address. `first_version`: only forwarding pages that the
    first version knew.
    """
    if not first_version and host == "r.search.yahoo.com":
        found = _YAHOO_TARGET.search(path)
        return (unquote(found[1]),) if found else ()
    names = _TARGET_PARAMETERS.get((host, path)) or (() if first_version else _later_target_parameters(host, path))
    pairs = [part.partition("=") for part in query.split("&")]
    return tuple(unquote_plus(value) for name in names for key, _, value in pairs if key == name)


def _later_target_parameters(host: str, path: str) -> tuple[str, ...]:
    if path == "/url" and _GOOGLE_HOST.fullmatch(host):
        return ("url", "q")
    if host == "out.reddit.com" or host.endswith(_SAFELINKS_SUFFIX):
        return ("url",)
    return _TARGETS_AFTER_FIRST_VERSION.get((host, path), ())
