"""What channels say alike."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.channels import wording
from monitor.channels.render import as_html, as_text
from monitor.channels.slack.blocks import render_messages
from monitor.model import AlternateLink, Coverage, Edition, Group, Item, Moment, Report, SeeAlso, SourceIssue, Window
from monitor.text.safe import one_line

BERLIN = ZoneInfo("Europe/Berlin")
SEEN = dt.datetime(2026, 11, 20, 7, 30, tzinfo=dt.UTC)
STATED = dt.datetime(2026, 11, 21, 0, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
ITEM = Item(1, 1, "A title", "https://example.org/1", "Wire", SEEN)


@pytest.mark.parametrize(
    ("moment", "shown"),
    [
        (Moment(STATED, "second"), "20 Nov 2026, 17:00"),
        (Moment(STATED, "minute"), "20 Nov 2026, 17:00"),
        (Moment(STATED, "hour"), "20 Nov 2026, about 17:00"),
        (Moment(STATED, "day"), "21 Nov 2026"),
        (Moment(STATED, "month"), "Nov 2026"),
        (Moment(STATED, "year"), "2026"),
        (None, "seen 20 Nov 2026, 08:30"),
    ],
)
def test_a_time_is_shown_in_the_readers_zone_and_no_more_exactly_than_stated(moment: Moment | None, shown: str) -> None:
    assert wording.publication_time(replace(ITEM, published=moment), BERLIN) == shown


@pytest.mark.parametrize("backfilled", [True, False])
def test_every_form_says_which_items_come_from_the_archive(backfilled: bool) -> None:
    window = Window(SEEN, SEEN, "s")
    edition = Edition("d", window, SEEN, "UTC", (Group("r", (replace(ITEM, backfilled=backfilled),)),))
    for form in (as_text(edition), as_html(edition), "".join(render_messages(edition))):
        assert ("from the archive: the rule is new or has changed" in form) is backfilled


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Harbour opens a Web 3.0 sandbox - Daily Wire", "Wire"),
        ("HARBOUR OPENS A WEB3 SANDBOX", "Wire"),
        ("What the new rules mean for firms", "Wire: What the new rules mean for firms"),
        ("港口启用元宇宙平台", "Wire: 港口启用元宇宙平台"),
        ("", "Wire"),
    ],
)
def test_another_place_has_its_headline_if_that_says_something_else(title: str, shown: str) -> None:
    report = Report(
        1, "Harbour opens a Web3 sandbox", "u", "Post", STATED, (AlternateLink(title, "https://w.example", "Wire"),)
    )
    assert [label for label, _ in wording.labelled_alternates(report)] == [shown]


@pytest.mark.parametrize(
    ("start", "end", "shown"),
    [
        ("2026-11-19T07:00Z", "2026-11-20T07:00Z", "19 Nov 2026, 08:00 – 20 Nov 2026, 08:00 (Europe/Berlin)"),
        ("2026-11-20T07:00Z", "2026-11-20T09:05Z", "20 Nov 2026, 08:00 – 10:05 (Europe/Berlin)"),
    ],
)
def test_a_period_names_a_day_once(start: str, end: str, shown: str) -> None:
    window = Window(dt.datetime.fromisoformat(start), dt.datetime.fromisoformat(end), "s")
    assert wording.period(Edition("d", window, window.end, "Europe/Berlin")) == shown


def edition(*groups: int) -> Edition:
    made = tuple(Group(f"rule {i}", (ITEM,) * count) for i, count in enumerate(groups))
    return Edition("morning", Window(SEEN, SEEN, "s"), SEEN, "UTC", made)


@pytest.mark.parametrize(
    ("groups", "summary", "subject"),
    [
        ((), "Nothing new", "morning: nothing new"),
        ((1,), "1 story", "morning: A title"),
        ((2, 1), "3 stories under 2 rules", "morning: A title (+2 more)"),
    ],
)
def test_an_edition_is_summed_up(groups: tuple[int, ...], summary: str, subject: str) -> None:
    assert wording.summary(edition(*groups)) == summary
    assert wording.subject(edition(*groups)) == subject


def test_what_editions_left_out_that_were_not_sent_is_counted_apart() -> None:
    def summary(*groups: int, left_out: int = 0) -> str:
        return wording.summary(replace(edition(*groups), left_out=left_out, left_out_before=4))

    assert summary(1) == "1 story (4 left out since the last edition)"
    assert summary(1, left_out=2) == ("1 story (3 articles = 1 story + 2 left out; 4 left out since the last edition)")
    assert summary() == "Nothing new (4 left out since the last edition)"
    assert summary(left_out=1) == "Nothing new (1 article = 1 left out; 4 left out since the last edition)"


def test_the_headline_of_a_related_article_is_not_sent_again() -> None:
    other = SeeAlso(2, "Other title", "https://b.example", "Post", "they are not alike")
    assert wording.see_also(other) == ("Post: Other title", "not joined: they are not alike")
    assert wording.see_also(replace(other, sent_before=True))[0] == "an earlier report of Post"


def test_what_was_listed_at_once_is_counted_apart_from_stories() -> None:
    flood = replace(ITEM, at_once=True, reports=(Report(2, "Other", "https://b.example", "Post", SEEN),))
    mixed = replace(edition(), groups=(Group("r", (ITEM, flood)),))
    assert wording.summary(mixed) == "1 story (3 articles = 1 story + 2 articles listed at once)"
    assert wording.group_size(mixed.groups[0]) == "1 story and 2 articles listed at once"
    assert wording.headline(flood).text == f"{ITEM.source}: 2 articles listed at once"
    assert [line.title for line in wording.line_reports(flood)] == [ITEM.title, "Other"]


def test_an_edition_says_that_it_holds_what_came_after_its_window() -> None:
    plain = edition(1)
    late = replace(ITEM, seen=plain.window.end + dt.timedelta(minutes=30))
    built = replace(plain, groups=(Group("r", (late,)),), built_at=plain.window.end + dt.timedelta(hours=2))
    assert ", and what came until " not in wording.period(plain)
    assert ", and what came until " in wording.period(built)


def test_an_edition_without_items_says_which_sources_could_not_be_read_and_not_that_nothing_is_new() -> None:
    blind = Coverage(9, (SourceIssue("a", "x", blind=True), SourceIssue("b", "x", blind=True), SourceIssue("c", "x")))
    empty = replace(edition(), coverage=blind)
    assert wording.summary(empty) == "2 of 9 sources could not be read"
    assert wording.subject(empty) == "morning: 2 of 9 sources could not be read"


def test_an_edition_says_that_it_may_repeat_what_was_sent() -> None:
    restored = Coverage(9, restored_at=edition().window.end)
    assert wording.repeat_warning(Coverage(9), ZoneInfo("UTC")) == ""
    assert wording.repeat_warning(restored, ZoneInfo("UTC")).startswith(
        "May repeat: the database was restored from a backup ("
    )


def test_a_long_headline_is_cut_in_a_subject() -> None:
    item = replace(ITEM, title="long  title " * 20)
    said = wording.subject(replace(edition(), groups=(Group("r", (item,)),)))
    assert said == f"morning: {('long title ' * 20)[:109].rstrip()}…"


@pytest.mark.parametrize(
    ("title", "url", "said"),
    [(" T ", "u", "T"), ("\n ", "https://example.org", "https://example.org"), ("", "", "(no title)")],
)
def test_a_story_without_a_title_is_named_by_its_address(title: str, url: str, said: str) -> None:
    assert one_line(wording.headline(replace(ITEM, title=title, url=url)).text) == said


def test_another_source_is_named_with_its_headline_only_where_that_is_new() -> None:
    alternates = (
        AlternateLink("A TITLE!", "u1", "Copy"),
        AlternateLink("Another", "u2", "Paper"),
        AlternateLink("another", "u3", "Echo"),
        AlternateLink("", "u4", "Blank"),
    )
    labels = [label for label, _ in wording.labelled_alternates(replace(ITEM, alternates=alternates))]
    assert labels == ["Copy", "Paper: Another", "Echo", "Blank"]


@pytest.mark.parametrize(
    ("coverage", "said"),
    [
        (Coverage(), ""),
        (Coverage(1), "1 source watched, all of them read."),
        (Coverage(1200), "1,200 sources watched, all of them read."),
        (Coverage(9, (SourceIssue("a", "b"),)), "9 sources watched; 1 was not read, so something may be missing:"),
        (Coverage(9, (SourceIssue("a", "b"),) * 2), "9 sources watched; 2 were not read, so something may be missing:"),
        (
            Coverage(9, (SourceIssue("a", "b", gap=True),)),
            "9 sources watched; 1 has a gap, so something may be missing:",
        ),
        (
            Coverage(9, (SourceIssue("a", "b", gap=True),) * 2 + (SourceIssue("c", "d"),)),
            "9 sources watched; 1 was not read and 2 have a gap, so something may be missing:",
        ),
    ],
)
def test_an_edition_says_how_complete_it_is(coverage: Coverage, said: str) -> None:
    assert wording.completeness(coverage) == said


def test_an_issue_says_since_when_if_that_is_known() -> None:
    assert wording.issue_line(SourceIssue("Wire", "answered 503", SEEN), BERLIN) == (
        "Wire: answered 503 (since 20 Nov 2026, 08:30)"
    )
    assert wording.issue_line(SourceIssue("Wire", "gone"), BERLIN) == "Wire: gone"


@given(st.text(max_size=30), st.lists(st.integers(0, 30), max_size=8))
def test_pieces_put_together_are_the_text(text: str, borders: list[int]) -> None:
    found = sorted({min(border, len(text)) for border in borders})
    marks = list(zip(found[::2], found[1::2], strict=False))
    pieces = list(wording.split_at_marks(text, marks))
    assert "".join(piece for piece, _ in pieces) == text
    assert [piece for piece, mark in pieces if mark] == [text[start:end] for start, end in marks]


def test_a_very_long_title_is_cut_and_its_marks_stay_on_their_characters() -> None:
    long = f"Chongqing {'链' * 1490} Chongqing"
    item = replace(ITEM, title=long, title_marks=((0, 9), (295, 305), (1501, 1510)))
    shown = wording.headline(item)
    assert shown.text == f"{long[:299]}…"
    assert shown.marks == ((0, 9), (295, 299))
    assert wording.headline(ITEM).text == "A title"


def test_a_very_long_title_is_cut_in_every_form() -> None:
    alternates = (AlternateLink(f"Other {'y' * 1500}", "https://example.org/2", "Post"),)
    item = replace(ITEM, title="x" * 1500, alternates=alternates)
    edition = Edition("news", Window(SEEN, SEEN, "s"), SEEN, "UTC", (Group("rule", (item,)),))
    for form in (as_text(edition), as_html(edition), *render_messages(edition)):
        assert "x" * 200 in form
        assert "x" * 300 not in form
        assert "y" * 300 not in form
    assert len(wording.subject(edition)) < 200


def test_a_headline_that_is_cut_is_still_distinguished_from_another_by_its_whole() -> None:
    title = "x" * 1500
    item = replace(ITEM, title=title, alternates=(AlternateLink(title, "https://example.org/2", "Post"),))
    assert [label for label, _ in wording.labelled_alternates(item)] == ["Post"]


def test_a_window_without_length_is_one_time() -> None:
    edition = Edition("news", Window(SEEN, SEEN, "s"), SEEN, "Europe/Berlin")
    assert wording.period(edition) == "20 Nov 2026, 08:30 (Europe/Berlin)"
