"""An edition as Slack messages: whole ones compared, within every limit, and nothing hostile comes alive."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels.slack.blocks import (
    MAX_BLOCKS,
    MAX_HEADER_LENGTH,
    MAX_MESSAGE_LENGTH,
    MAX_SECTION,
    clip,
    encoded_length,
    item_text,
    join_within,
    render_messages,
    utf16_length,
)
from monitor.model import AlternateLink, Coverage, Edition, Excerpt, Group, Item, Report, SourceIssue, Window

Expected = Callable[[str, str], None]

AT = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
UTC = ZoneInfo("UTC")


def item(number: int = 1, **rest: Any) -> Item:
    given = {"title": f"Title {number}", "url": f"https://example.org/{number}", "source": "Wire", "seen": AT,
             "rules": ("r",), **rest}  # fmt: skip
    return Item(number, number, **given)


def edition(*groups: Group, digest: str = "morning", coverage: Coverage | None = None) -> Edition:
    return Edition(digest, Window(AT, AT, "s"), AT, "UTC", groups, coverage or Coverage())


def parsed(found: Edition) -> list[dict[str, Any]]:
    return [json.loads(body) for body in render_messages(found)]


def texts(message: dict[str, Any]) -> Iterator[str]:
    """Yield all that Slack reads as mrkdwn; a header it does not."""
    for block in message["blocks"]:
        for part in (block.get("text"), *block.get("elements", ())):
            if part and part["type"] == "mrkdwn":
                yield part["text"]


def within_limits(message: dict[str, Any]) -> bool:
    blocks = message["blocks"]
    headers = [block["text"]["text"] for block in blocks if block["type"] == "header"]
    sections = [block["text"]["text"] for block in blocks if block["type"] == "section"]
    return (
        len(blocks) <= MAX_BLOCKS
        and all(0 < utf16_length(text) <= MAX_HEADER_LENGTH for text in headers)
        and all(0 < utf16_length(text) <= MAX_SECTION for text in sections)
        and all(text for text in texts(message))
        and encoded_length(blocks) <= MAX_MESSAGE_LENGTH
    )


def test_an_edition_is_one_message(edition: Edition, expected: Expected) -> None:
    (message,) = parsed(edition)
    assert within_limits(message)
    expected("slack.json", json.dumps(message, ensure_ascii=False, indent=1) + "\n")


def test_an_empty_edition_says_so() -> None:
    (message,) = parsed(edition(coverage=Coverage(3)))
    assert message["text"] == "morning: nothing new"
    assert list(texts(message)) == [
        "Nothing new · 21 Nov 2026, 00:00 (UTC)", "3 sources watched, all of them read.",
    ]  # fmt: skip


def test_an_edition_that_may_repeat_says_so() -> None:
    (message,) = parsed(edition(coverage=Coverage(3, restored_at=AT)))
    assert "May repeat: the database was restored from a backup" in next(iter(texts(message)))


def test_a_story_shows_title_source_sentence_other_places_and_other_rules() -> None:
    shown = item_text(
        item(
            excerpt=Excerpt("A Web3 park & more", ((2, 6),)), rules=("r", "a<b"),
            alternates=(
                AlternateLink("Title 1", "https://example.net/1", "Echo"),
                AlternateLink("Other", "javascript:x", "Paper"),
            ),
        ), UTC,
    )  # fmt: skip
    assert shown.split("\n") == [
        "*<https://example.org/1|Title 1>*", "Wire · seen 21 Nov 2026, 00:00", "> A \u200b*Web3*\u200b park &amp; more",
        "Also at <https://example.net/1|Echo> · Paper: Other", "Also under a&lt;b",
    ]  # fmt: skip


def test_text_is_taken_as_it_is_and_no_link_is_unfurled(edition: Edition) -> None:
    (message,) = parsed(edition)
    assert message["unfurl_links"] is message["unfurl_media"] is False
    for block in message["blocks"]:
        for part in (block.get("text"), *block.get("elements", ())):
            assert part is None or part.get("verbatim", True) is True
            assert part is None or (part["type"] == "mrkdwn") is ("verbatim" in part)


def test_a_link_that_leaves_no_room_gives_way_to_its_title() -> None:
    shown = item_text(item(url="https://example.org/" + "x" * 2500), UTC)
    assert shown.startswith("*Title 1*\n")


def test_what_does_not_fit_is_left_out_the_least_important_first() -> None:
    alternates = tuple(
        AlternateLink(f"Headline {n}", f"https://example.net/{n}/" + "y" * 200, f"Source {n}") for n in range(30)
    )
    shown = item_text(item(alternates=alternates, excerpt=Excerpt("& " * 100), rules=("r", "other")), UTC)
    assert utf16_length(shown) <= MAX_SECTION
    assert "&amp; &amp;" in shown
    assert "Also at <https://example.net/0/" in shown
    assert re.search(r"Source \d+> · …\n", shown) or shown.endswith("…")
    huge = item_text(item(excerpt=Excerpt("&" * 2000)), UTC)
    assert huge == "*<https://example.org/1|Title 1>*\nWire · seen 21 Nov 2026, 00:00"


# --- parts ------------------------------------------------------------------------------------------------------------


def long_edition(count: int, issues: int = 0) -> Edition:
    text = Excerpt("x" * 300)
    groups = tuple(Group(f"rule {n}", tuple(item(n * count + i, excerpt=text) for i in range(count))) for n in range(3))
    coverage = Coverage(99, tuple(SourceIssue(f"source {n}", "answered 503 " * 20) for n in range(issues)))
    return edition(*groups, coverage=coverage)


def test_a_long_edition_is_split_and_its_parts_are_numbered_in_order() -> None:
    found = parsed(long_edition(40, issues=50))
    of = len(found)
    assert of > 3
    assert [message["blocks"][0]["text"]["text"] for message in found] == [
        f"morning ({number}/{of})" for number in range(1, of + 1)
    ]
    assert all(within_limits(message) for message in found)
    titles = re.findall(r"\|Title (\d+)>", " ".join(text for message in found for text in texts(message)))
    assert titles == [str(number) for number in range(120)]


def test_a_part_that_begins_within_a_rule_says_so() -> None:
    second = list(texts(parsed(long_edition(40))[1]))
    assert second[1] == "*rule 0* · continued"


def test_a_rule_that_begins_with_a_part_is_not_continued() -> None:
    """However the parts fall, each rule is opened once with its count."""
    for count in range(8, 26):
        shown = [text for message in parsed(long_edition(count)) for text in texts(message)]
        assert [text for text in shown if text.endswith(" stories") and text.startswith("*rule")] == [
            f"*rule {n}* · {count} stories" for n in range(3)
        ]


def test_many_short_items_are_split_by_the_number_of_blocks() -> None:
    found = parsed(edition(Group("r", tuple(item(n, url="") for n in range(100)))))
    assert len(found) == 3
    assert max(len(message["blocks"]) for message in found) <= MAX_BLOCKS


def report(number: int) -> Report:
    """Return a report whose line is about as long as a line may be."""
    places = tuple(
        AlternateLink(f"Headline {number} {name}", f"https://example.net/{number}/{name}", f"Paper {name}")
        for name in ("a", "b", "c")
    )
    title = f"Report {number:02} {'word ' * 45}"
    return Report(number, title, f"https://example.org/{number}/{'y' * 150}", f"Wire {number}", AT, places)


def test_a_story_of_many_reports_is_continued_in_further_messages_and_each_report_is_in_one() -> None:
    story = item(title="Park opens " * 40, reports=tuple(report(number) for number in range(40)))
    found = parsed(edition(Group("r", (story,))))
    assert len(found) > 2
    assert all(within_limits(message) for message in found)
    shown = ["\n".join(texts(message)) for message in found]
    for number in range(40):
        assert sum(f"Report {number:02} " in text for text in shown) == 1
    assert all("*r* · continued\n*Park opens" in text and "…* · continued\n• " in text for text in shown[1:])
    assert "continued" not in shown[0]


def test_only_the_first_part_says_above_the_news_what_was_not_read() -> None:
    found = parsed(long_edition(40, issues=50))
    has = ["99 sources watched; 50 were not read" in " ".join(texts(message)) for message in found]
    assert has == [True] + [False] * (len(found) - 1)
    account = next(text for text in texts(found[0]) if "were not read" in text)
    assert account.endswith("\n…")
    assert "• source 0: answered 503" in account


# --- hostile text -----------------------------------------------------------------------------------------------------

LIVE = re.compile(r"<(?!https?://[^<>|]*\||mailto:)")


def test_hostile_text_makes_no_mention_no_link_and_no_line(hostile: Edition) -> None:
    for message in parsed(hostile):
        assert within_limits(message)
        json.dumps(message, ensure_ascii=False).encode()
        for text in (message["text"], *texts(message)):
            assert not LIVE.search(text)
            assert not re.search(r"@(channel|here|everyone)", text)
        assert all(text.count("\n") <= 5 for text in texts(message))
        assert not re.search(r"<\s*javascript:", "".join(texts(message)))


def test_an_address_cannot_leave_its_link() -> None:
    shown = item_text(item(url="https://example.org/a|b><!channel>?x=1&y=2"), UTC).split("\n")[0]
    assert not LIVE.search(shown)
    assert shown.count("|") == 1
    assert shown.count("<") == shown.count(">") == 1
    assert "&amp;y=2|Title 1>*" in shown


# --- laws -------------------------------------------------------------------------------------------------------------

text = st.text(max_size=40) | st.sampled_from(["<!channel>", "&" * 700, "元宇宙" * 300, "😀" * 400, "*_~`", "\n\n"])
items = st.builds(
    item, st.integers(1, 99), title=text, url=st.sampled_from(["https://example.org/a?b=1&c=2", "", "javascript:x"]),
    source=text, excerpt=st.none() | st.builds(lambda said: Excerpt(said, ((0, len(said) // 2),)), text),
    alternates=st.lists(
        st.builds(AlternateLink, text, st.just("https://example.net/" + "z" * 300), text), max_size=4
    ).map(tuple),
    rules=st.lists(text, min_size=1, max_size=4).map(tuple),
)  # fmt: skip
many = st.builds(lambda some, times: tuple(some) * times, st.lists(items, min_size=1, max_size=3), st.integers(1, 25))
editions = st.builds(
    lambda groups, digest, issues: edition(*groups, digest=digest, coverage=Coverage(9, issues * 4)),
    st.lists(st.builds(Group, text, many), max_size=3), text,
    st.lists(st.builds(SourceIssue, text, text), max_size=4).map(tuple),
)  # fmt: skip


@pytest.mark.slow
@given(editions)
def test_every_message_of_every_edition_is_within_the_limits(found: Edition) -> None:
    assert render_messages(found) == render_messages(found)
    sent = parsed(found)
    assert all(within_limits(message) for message in sent)
    sections = [block for message in sent for block in message["blocks"] if block["type"] == "section"]
    headings = [block for message in sent for block in message["blocks"] if block["type"] == "divider"]
    assert len(sections) - len(headings) == len(found.items)


@given(st.text(max_size=60), st.integers(2, 40))
def test_clipping_keeps_to_its_limit_and_leaves_short_text_alone(shown: str, limit: int) -> None:
    cut = clip(shown, limit)
    assert utf16_length(cut) <= limit
    assert cut == shown or cut.endswith("…")
    if utf16_length(shown) <= limit:
        assert cut == shown


@given(st.lists(st.text(max_size=8), max_size=8), st.integers(0, 40))
def test_joining_keeps_to_its_room_and_to_the_order(entries: list[str], room: int) -> None:
    joined = join_within(entries, " · ", room)
    assert utf16_length(joined) <= max(room, 0)
    whole = " · ".join(filter(None, entries))
    assert joined in ("", whole) or (joined.endswith(" · …") and whole.startswith(joined.removesuffix("…")))


def test_the_length_is_counted_as_slack_counts() -> None:
    assert utf16_length("a元😀") == 4
    assert encoded_length([{"a": "😀"}]) == len('[{"a":""}]') + 2
