"""Names of sources that come without one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.config.naming import MAX_LENGTH, unused_name
from monitor.config.tables import check_name

URL = "https://www.a.example/news/list.html?x=1"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("District news", "District news"),
        ("  公告公示\n\t重庆  ", "公告公示 重庆"),
        ("A\u202eB\x00C\u200b", "ABC"),
        ("x" * 200, "x" * (MAX_LENGTH - 1) + "…"),
        (None, "a.example/news/list.html"),
        (" \u200b ", "a.example/news/list.html"),
    ],
)
def test_a_name_is_the_title_else_the_place(title: str | None, name: str) -> None:
    assert unused_name(title, URL, ()) == name


def test_a_name_that_is_taken_gets_a_number() -> None:
    assert unused_name("News", URL, {"News"}) == "News (2)"
    assert unused_name("News", URL, {"News", "News (2)"}) == "News (3)"


def test_a_name_that_thousands_have_is_numbered_in_order_and_soon() -> None:
    asked = 0

    class Counted(set[str]):
        def __contains__(self, name: object) -> bool:
            nonlocal asked
            asked += 1
            return super().__contains__(name)

    taken = Counted()
    for _ in range(3000):
        taken.add(unused_name("News", URL, taken))
    assert taken == {"News", *(f"News ({number})" for number in range(2, 3001))}
    assert asked < 3000 * 40


def test_without_title_and_place_there_is_still_a_name() -> None:
    assert unused_name("", "", ()) == "source"


@given(st.text(), st.text())
def test_every_title_gives_a_name_that_the_file_takes(title: str, url: str) -> None:
    try:
        name = unused_name(title, url, ())
    except ValueError:
        assert "[" in url or "]" in url or not url.isascii(), "only what is no address at all"
        return
    assert check_name(name) == name
