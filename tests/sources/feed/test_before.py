"""What the first version recorded of an ill-formed feed is known again. It gave feedparser the document as it was."""

from __future__ import annotations

import datetime as dt
import hashlib
import io

import feedparser
import pytest

from monitor import sources
from monitor.sources.keys import MAX_KEY_LENGTH
from monitor.sources.plain import one_line
from monitor.text.address import absolute_url, former_url

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
SLIPS = ("R&D", "a < b", "<b>x", "a&#0;b", "a&#1;b", "a&#x1F;b", "a&#xFFFE;b", "a\ufffeb", "a\uffffb")
ADDRESSES = (
    "http://a.example/?id=1&amp;lang=en&amp;cat=2",
    "http://a.example/?id=1&lang=en&cat=2",
    "<![CDATA[http://a.example/?id=1&lang=en&cat=2]]>",
    "http://m.a.example/?id=1&#38;lang=en",
    "http://a.example/?id=1&amp;amp;lang=en",
    f"http://a.example/?id=1&amp;lang=en&amp;x={'y' * 600}",
)
FORMATS = {
    "rss": "<rss version='2.0'><channel><title>F</title>{}</channel></rss>",
    "feed": "<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title><id>f</id>{}</feed>",
}


@pytest.mark.parametrize("slip", SLIPS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_the_key_of_an_entry_next_to_a_slip_is_known(address: str, slip: str) -> None:
    guid = {"rss": "<guid isPermaLink='false'>{}</guid>", "feed": "<id>{}</id>"}
    link = {"rss": "<link>{}</link>", "feed": ""}
    entry = {"rss": "item", "feed": "entry"}
    for name, document in FORMATS.items():
        for element in filter(None, (guid[name], link[name])):
            stated = f"<{entry[name]}><title>t</title>{element.format(address)}</{entry[name]}>"
            body = document.format(f"<{entry[name]}><title>{slip}</title></{entry[name]}>{stated}").encode()
            *_, found = sources.read(body, url="http://a.example/f", kind="feed", now=NOW).entries
            *_, node = feedparser.parse(io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False).entries
            then = one_line(node.get("id", "")) or former_url(absolute_url("http://a.example/f", node.link))
            if len(then) > MAX_KEY_LENGTH:
                then = f"sha256:{hashlib.sha256(then.encode()).hexdigest()}"
            assert then in (found.key, *found.former_keys)
