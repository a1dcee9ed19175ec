"""Whether an ill-formed feed is all there. The tests of the formats judge feeds; here is what is no feed."""

from __future__ import annotations

import datetime as dt

import pytest

import monitor
from monitor.model import Reading
from monitor.sources.xml.whole import seems_complete
from tests.support.growth import assert_grows_with_size


@pytest.mark.parametrize("text", ["", "text", "<!-- <rss></rss> -->", "<?xml version='1.0'?>", "</rss>"])
def test_what_has_no_root_is_not_whole(text: str) -> None:
    assert not seems_complete(text, 0)


def test_entries_that_were_not_read_are_missed() -> None:
    feed = "<rss><item/><item></item><a:entry x='1'></a:entry></rss>"
    assert seems_complete(feed, 2)
    assert not seems_complete(feed, 1)


@pytest.mark.parametrize("piece", ["<!--", "<item ", "<![CDATA[", "</rss", "<a:", "<a"])
def test_hostile_text_takes_linear_time(piece: str) -> None:
    assert_grows_with_size(lambda size: seems_complete("<rss>" + piece * (size // len(piece)), 0), 60_000)


RSS = (
    "<item><title>Title {0}</title><link>https://a.example/{0}</link><guid>g{0}</guid>"
    "<pubDate>Sat, 21 Nov 2026 00:0{0}:00 GMT</pubDate><description>Some text {0}.</description></item>"
)
ATOM = (
    "<entry><id>urn:{0}</id><title>Title {0}</title><link href='https://a.example/{0}'/>"
    "<updated>2026-11-2{0}T00:00:00Z</updated><summary>Some text {0}.</summary></entry>"
)
FORMS = {
    "rss": f"<rss version='2.0'><channel><title>F</title>{''.join(map(RSS.format, range(3)))}</channel></rss>",
    "atom": f"<feed xmlns='http://www.w3.org/2005/Atom'><title>F</title>{''.join(map(ATOM.format, range(3)))}</feed>",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_wherever_a_feed_is_cut_off_no_entry_is_taken_that_it_does_not_have(text: str) -> None:
    def read(body: str) -> Reading:
        now = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
        return monitor.read(body.encode(), url="https://a.example/feed", kind="feed", now=now)

    there = set(read(text).entries)
    for end in range(text.index("<title>Title 0"), len(text)):
        cut = read(text[:end])
        taken = {entry for entry in cut.entries if entry.key not in cut.unfinished}
        assert taken <= there, text[:end][-40:]
        assert not cut.complete or end > text.rindex("</"), text[:end][-40:]
    assert read(text).complete
    assert not read(text).unfinished
