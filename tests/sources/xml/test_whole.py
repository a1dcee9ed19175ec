"""Whether an ill-formed feed is all there. How feeds are judged stands with the formats; here is what no feed is."""

from __future__ import annotations

import time

import pytest

from monitor.sources.xml.whole import whole


@pytest.mark.parametrize("text", ["", "text", "<!-- <rss></rss> -->", "<?xml version='1.0'?>", "</rss>"])
def test_what_has_no_root_is_not_whole(text: str) -> None:
    assert not whole(text, 0)


def test_entries_that_were_not_read_are_missed() -> None:
    feed = "<rss><item/><item></item><a:entry x='1'></a:entry></rss>"
    assert whole(feed, 2)
    assert not whole(feed, 1)


@pytest.mark.parametrize("piece", ["<!--", "<item ", "<![CDATA[", "</rss", "<a:", "<a"])
def test_hostile_text_takes_linear_time(piece: str) -> None:
    began = time.perf_counter()
    whole("<rss>" + piece * (1_000_000 // len(piece)), 0)
    assert time.perf_counter() - began < 3
