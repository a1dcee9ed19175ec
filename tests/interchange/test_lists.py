"""Tables and lines with addresses."""

from __future__ import annotations

import pytest

from monitor.interchange.base import UnreadableFile
from monitor.interchange.lists import is_address_list, is_table, parse_lines, parse_table

TABLE = """名称 title, Address, RSS feed, tags
阮一峰, https://r.org, https://r.org/feed, 编程; 前端
"A, B", https://a.org, ,
C, https://c.org, https://c.org/feed
"""


def test_a_table_has_a_source_in_each_row_with_a_feed() -> None:
    assert is_table(TABLE)
    parsed = parse_table(TABLE)
    assert [(candidate.where, dict(candidate.table)) for candidate in parsed.candidates] == [
        ("line 2", {"name": "阮一峰", "url": "https://r.org/feed", "kind": "feed", "tags": ["编程", "前端"]}),
        ("line 4", {"name": "C", "url": "https://c.org/feed", "kind": "feed"}),
    ]
    assert [(left.where, left.what, left.reason) for left in parsed.unmapped] == [
        ("line 3", '"A, B"', "it has no feed")
    ]


@pytest.mark.parametrize("text", ["a, b\n", "feed\nx\n", "https://a.org/feed, x\n", ""])
def test_without_names_of_columns_it_is_no_table(text: str) -> None:
    assert not is_table(text)


def test_a_table_with_a_huge_cell_is_reported() -> None:
    with pytest.raises(UnreadableFile, match="this table cannot be read: field larger"):
        parse_table("name, feed\na, " + "x" * 200_000)


LINES = """# a comment http://no.org/feed
| 名称 | [https://a.org/rss](https://a.org/rss) | [see](https://b.org) |
- Blog: <https://b.org/atom.xml>.
https://c.org/page
https://d.org/search form=1
|ls -al ~

words
"""


def test_lines_have_a_source_each() -> None:
    parsed = parse_lines(LINES)
    assert [dict(candidate.table) for candidate in parsed.candidates] == [
        {"name": "名称", "url": "https://a.org/rss", "kind": "feed"},
        {"name": "Blog:", "url": "https://b.org/atom.xml", "kind": "feed"},
        {"name": "", "url": "https://c.org/page"},
    ]
    assert [(left.where, left.what) for left in parsed.unmapped] == [
        ("line 5", "https://d.org/search"),
        ("line 6", "|ls -al ~"),
    ]


@pytest.mark.parametrize(
    ("text", "is_list"),
    [
        ("https://a.org\nhttps://b.org", True),
        ("- https://a.org # x", True),
        ("a\nb\nhttps://a.org", False),
        ("x\n" * 20 + "https://a.org/feed\n" * 6, True),
        ("<p>https://a.org", False),
        ("words", False),
        ("", False),
    ],
)
def test_a_list_is_known_by_its_lines(text: str, is_list: bool) -> None:
    assert is_address_list(text) is is_list
