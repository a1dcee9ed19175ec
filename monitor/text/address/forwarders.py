"""Pages that only forward, and carry in their own address where to.

Hosts and parameters were collected from links in real pages, mails and feeds. One that has only a number of its own
(`t.co/…`, `news.google.com/rss/articles/…`) says nothing without being asked.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote, unquote_plus

# By host and path, as in canonical addresses: the parameters that may hold the target.
_TARGET_PARAMETERS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
    ("google.com", "/url"): ("url", "q"),
    ("bing.com", "/news/apiclick.aspx"): ("url",),
    ("l.facebook.com", "/l.php"): ("u",),
}

# What the first version did not know. Addresses are looked up as it had them too (`former_url`).
_LATER_TARGET_PARAMETERS: Final[dict[tuple[str, str], tuple[str, ...]]] = {
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


def forward_targets(host: str, path: str, query: str, *, former: bool) -> tuple[str, ...]:
    """Return where the canonical address in these parts may forward to, the likeliest first; () if it does not.

    `former`: as the first version knew it.
    """
    if not former and host == "r.search.yahoo.com":
        found = _YAHOO_TARGET.search(path)
        return (unquote(found[1]),) if found else ()
    names = _TARGET_PARAMETERS.get((host, path)) or (() if former else _later_target_parameters(host, path))
    pairs = [part.partition("=") for part in query.split("&")]
    return tuple(unquote_plus(value) for name in names for key, _, value in pairs if key == name)


def _later_target_parameters(host: str, path: str) -> tuple[str, ...]:
    if path == "/url" and _GOOGLE_HOST.fullmatch(host):
        return ("url", "q")
    if host == "out.reddit.com" or host.endswith(_SAFELINKS_SUFFIX):
        return ("url",)
    return _LATER_TARGET_PARAMETERS.get((host, path), ())
