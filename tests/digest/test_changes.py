"""What an edition says of edited articles."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from monitor.digest.changes import sent_changes
from monitor.model import AlternateLink, Difference, PendingChange

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
LESS = Difference("number", "500", "300 million yuan")


def pending(number: int, *differences: Difference, lead: int = 0) -> PendingChange:
    url = f"https://example.org/{number}"
    return PendingChange(lead or number, number, f"Title  {number}", url, f"source {number}", NOON, (differences,))


def title(before: str, after: str) -> Difference:
    return Difference("title", before, after)


def test_each_edited_article_is_a_line_in_their_order() -> None:
    lines = sent_changes([pending(2, LESS), pending(1, title("A", "B"))])
    assert [(line.article_id, line.title, line.words) for line in lines] == [
        (2, "Title 2", "changed: 500 → 300 million yuan"),
        (1, "Title 1", 'title: "A" → "B"'),
    ]


def test_copies_that_were_edited_alike_are_one_line() -> None:
    (line, other) = sent_changes([pending(1, LESS), pending(2, LESS, lead=1), pending(3, title("A", "B"), lead=1)])
    assert line.alternates == (AlternateLink("Title 2", "https://example.org/2", "source 2"),)
    assert (other.article_id, other.alternates) == (3, ())


def test_articles_that_are_no_copies_are_a_line_each() -> None:
    assert [line.article_id for line in sent_changes([pending(1, LESS), pending(2, LESS)])] == [1, 2]


def test_edits_that_say_nothing_in_the_end_are_no_line() -> None:
    assert sent_changes([pending(1)]) == ()


def test_the_same_change_in_several_sentences_is_named_once() -> None:
    twice = [replace(LESS, said=said, says=f"{said}!") for said in ("one", "two")]
    assert [line.words for line in sent_changes([pending(1, *twice)])] == ["changed: 500 → 300 million yuan"]
