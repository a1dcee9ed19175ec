"""A page that ends in the middle of a link was cut off."""

from __future__ import annotations

import datetime as dt

import pytest

import monitor
from monitor.model import Reading
from monitor.sources.page.reading import is_cut_in_link

ROW = "<li><a href='/notices/{0}.html'>City council publishes notice number {0}</a> <span>2026-11-{1:02}</span></li>\n"
ROWS = "".join(ROW.format(number, 21 - number) for number in range(8))
PAGE = f"<html><head><title>Notices</title></head><body><h1>Notices</h1><ul>{ROWS}</ul></body></html>"


def read(text: str) -> Reading:
    return monitor.read(
        text.encode(), url="https://a.example/", kind="page", now=dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
    )


def test_wherever_a_page_is_cut_off_no_title_or_address_is_taken_that_it_does_not_have() -> None:
    there = {(entry.title, entry.url) for entry in read(PAGE).entries}
    assert len(there) == 8
    fifth = PAGE.index(ROW.format(4, 17))
    for end in range(fifth, fifth + len(ROW.format(4, 17))):
        cut = read(PAGE[:end])
        taken = {(entry.title, entry.url) for entry in cut.entries if entry.key not in cut.unfinished}
        assert taken <= there, PAGE[:end][-40:]


@pytest.mark.parametrize(
    "text",
    [
        PAGE,
        PAGE.replace("</body></html>", ""),
        PAGE.replace("</html>", "</html><a href='x'"),
        "<ul><li><a href='x'>y</a> 1 < 2",
        "",
    ],
)
def test_a_page_that_is_all_there_does_not_end_in_a_link(text: str) -> None:
    assert not is_cut_in_link(text)


@pytest.mark.parametrize("text", ["<ul><li><a href='/not", "<a href='/x'>Half a ti", "<a href='/x'>Title</", "<p><im"])
def test_what_ends_in_a_tag_or_a_link_is_cut_off(text: str) -> None:
    assert is_cut_in_link(text)
