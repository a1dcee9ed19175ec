"""How changes of what was sent are shown."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from monitor.channels import wording
from monitor.channels.render import as_html, as_text
from monitor.channels.slack.blocks import MAX_BLOCKS, encoded_length, render_messages
from monitor.digest import dump, load
from monitor.model import AlternateLink, Coverage, Edition, Group, SentChange, SourceIssue
from tests.channels.conftest import at, make_edition, make_item

CHANGE = SentChange(
    7,
    "Bank supports small firms",
    "https://bank.example/7",
    "Bank",
    at(21, 7, 30),
    "changed: 500 → 300 million yuan",
    (AlternateLink("Bank supports firms", "https://post.example/7", "Post"),),
)
ITEM = make_item(1, "A [blockchain] in the harbour", "It has a [blockchain].")


def edition(*changes: SentChange, news: bool = True) -> Edition:
    groups = (Group("web3", (ITEM,)),) if news else ()
    return replace(make_edition(*groups), changes=changes)


def test_the_text_has_headline_words_and_address() -> None:
    text = as_text(edition(CHANGE))
    section = text[text.index("-- Changed since it was sent --") :]
    assert section.splitlines()[1:8] == [
        "",
        "- Bank supports small firms",
        "  changed: 500 → 300 million yuan",
        "  Bank | seen 21 Nov 2026, 07:30",
        "  https://bank.example/7",
        "  Also at Post | https://post.example/7",
        "",
    ]
    assert text.index("A blockchain in the harbour") < text.index("Changed since")


def test_the_page_has_headline_words_and_address() -> None:
    page = as_html(edition(CHANGE))
    assert "Changed since it was sent" in page
    assert 'href="https://bank.example/7"' in page
    assert "changed: 500 → 300 million yuan" in page
    assert 'href="https://post.example/7"' in page


def test_slack_has_headline_words_and_address() -> None:
    (message,) = render_messages(edition(CHANGE))
    said = json.dumps(json.loads(message), ensure_ascii=False)
    assert "*Changed since it was sent* · 1 change" in said
    assert "*<https://bank.example/7|Bank supports small firms>*" in said
    assert "> changed: 500 → 300 million yuan" in said
    assert "Also at <https://post.example/7|Post>" in said


def test_many_changes_fill_as_many_messages_as_they_need() -> None:
    many = [replace(CHANGE, article_id=number, title=f"Title {number} {'x' * 300}") for number in range(120)]
    parts = [json.loads(message)["blocks"] for message in render_messages(edition(*many))]
    assert len(parts) > 1
    assert all(len(blocks) <= MAX_BLOCKS and encoded_length(blocks) < 13_000 for blocks in parts)
    shown = json.dumps(parts)
    assert [number for number in range(120) if f"Title {number} x" not in shown] == []


@pytest.mark.parametrize(
    ("shown", "summary", "subject"),
    [
        (edition(CHANGE), "1 story; 1 change of what was sent", "morning: A blockchain in the harbour"),
        (edition(CHANGE, news=False), "1 change of what was sent", "morning: changed: Bank supports small firms"),
        (
            edition(CHANGE, CHANGE, news=False),
            "2 changes of what was sent",
            "morning: changed: Bank supports small firms (+1 more)",
        ),
        (edition(news=False), "Nothing new", "morning: nothing new"),
    ],
)
def test_changes_are_counted_apart_from_the_articles_of_the_edition(shown: Edition, summary: str, subject: str) -> None:
    assert wording.summary(shown) == summary
    assert wording.subject(shown) == subject
    assert shown.counts.articles == len(shown.items)


def test_an_edition_of_changes_alone_does_not_say_that_nothing_matched() -> None:
    assert "Nothing matched" not in as_html(edition(CHANGE, news=False))
    assert "Nothing matched" in as_html(edition(news=False))


def test_changes_do_not_hide_that_sources_could_not_be_read() -> None:
    blind = replace(edition(CHANGE, news=False), coverage=Coverage(2, (SourceIssue("x", "gone", blind=True),)))
    assert wording.summary(blind) == "1 change of what was sent; 1 of 2 sources could not be read"


def test_what_a_page_says_is_safe_wherever_it_is_shown() -> None:
    hostile = replace(CHANGE, title="<b>x</b>\r\nBcc: a", url="javascript:alert(1)", words='title: "<i>" → "*&"')
    page, text, slack = as_html(edition(hostile)), as_text(edition(hostile)), render_messages(edition(hostile))[0]
    assert "<b>x</b>" not in page
    assert "javascript:" not in page + text + slack
    assert "\nBcc" not in text
    assert "<i>" not in slack


def test_an_edition_with_changes_loads_as_it_was_dumped() -> None:
    assert load(dump(edition(CHANGE))) == edition(CHANGE)
    assert '"changes"' not in dump(edition())
