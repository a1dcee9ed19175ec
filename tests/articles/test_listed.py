"""What an article is made of when only its source's listing is read."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.articles import article_of
from monitor.model import Entry, Moment

AT = Moment(dt.datetime(2026, 11, 20, 8, tzinfo=dt.UTC), "minute")


@pytest.mark.parametrize(
    ("summary", "content", "text"),
    [
        ("Short.", "", "Short."),
        ("", "Long.", "Long."),
        ("", "", ""),
        ("The fund opens …", "The fund opens on Friday.", "The fund opens on Friday."),
        ("By our staff", "The fund opens.", "By our staff\n\nThe fund opens."),
    ],
    ids=["only a summary", "only content", "neither", "a cut of the content", "something of its own"],
)
def test_nothing_that_a_rule_may_ask_for_is_dropped(summary: str, content: str, text: str) -> None:
    assert article_of(Entry("k", "T", "https://a.example/1", summary=summary, content=content)).text == text


def test_the_source_speaks_where_the_entry_does_not() -> None:
    article = article_of(Entry("k", "T", "https://a.example/1", updated=AT, author="Li"), site="Gazette", language="zh")
    assert (article.published, article.site, article.language, article.authors) == (AT, "Gazette", "zh", ("Li",))


def test_the_entrys_own_language_wins() -> None:
    assert article_of(Entry("k", "T", "", language="en"), language="zh").language == "en"
