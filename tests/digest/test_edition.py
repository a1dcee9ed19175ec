"""Every pending story is in an edition once, under its first rule, with the sentence that matched."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.digest import Digest, parse_schedule
from monitor.digest.edition import MAX_EXCERPT_LENGTH, build_edition
from monitor.digest.subscription import Follow
from monitor.model import (
    AlternateLink,
    Article,
    Coverage,
    Edition,
    Item,
    ItemCounts,
    Match,
    Moment,
    Pending,
    SeeAlso,
    SourceIssue,
    Span,
    Window,
)
from tests.support.growth import assert_grows_with_size

NOW = dt.datetime(2026, 11, 21, 0, 0, 5, tzinfo=dt.UTC)
WINDOW = Window(NOW - dt.timedelta(days=1), NOW, "2026-11-21 08:00")


def spans(field: str, text: str, *terms: str) -> tuple[Span, ...]:
    return tuple(Span(field, text.index(term), text.index(term) + len(term), term) for term in terms)


def pending(
    number: int = 1,
    *,
    story: int | None = None,
    lead: int | None = None,
    title: str = "A title",
    text: str = "",
    rules: tuple[str, ...] = ("web3",),
    terms: tuple[str, ...] = (),
    hours: float = 0,
    published: Moment | None = None,
    source: str | None = None,
    alternates: tuple[AlternateLink, ...] = (),
    sent_as: str | None = None,
    related: tuple[int, ...] = (),
    at_once: bool = False,
) -> Pending:
    article = Article(f"https://example.org/{number}", title, text, published, "en")
    found = spans("title", title, *(t for t in terms if t in title)) + spans(
        "text", text, *(t for t in terms if t in text)
    )
    return Pending(
        story_id=story or number,
        lead_id=lead or story or number,
        article_id=number,
        article=article,
        source=source or f"source {number}",
        seen=NOW - dt.timedelta(hours=10 - hours),
        matches=tuple(Match(rule, found) for rule in rules),
        alternates=alternates,
        sent_as=sent_as,
        see_also=tuple(SeeAlso(n, f"Title {n}", f"https://example.org/{n}", "Paper", "another day") for n in related),
        at_once=at_once,
    )


def build(
    *found: Pending,
    rules: tuple[str, ...] = ("web3", "metaverse"),
    follow: Follow = "lines",
    official: frozenset[str] = frozenset(),
) -> Edition:
    digest = Digest(
        "morning", rules, parse_schedule("08:00"), "Asia/Shanghai", ("mail",), follow=follow, official=official
    )
    return build_edition(digest, WINDOW, found, Coverage(3, (SourceIssue("x", "broken"),)), NOW)


def only(*found: Pending) -> Item:
    (item,) = build(*found).items
    return item


def shown(item: Item) -> str:
    """Return the excerpt with its marks in brackets."""
    assert item.excerpt is not None
    return bracketed(item.excerpt.text, item.excerpt.marks)


def bracketed(text: str, marks: tuple[tuple[int, int], ...]) -> str:
    for start, end in reversed(marks):
        text = f"{text[:start]}[{text[start:end]}]{text[end:]}"
    return text


def test_an_edition_says_what_it_is_and_how_complete() -> None:
    edition = build(pending())
    assert edition == Edition(
        "morning", WINDOW, NOW, "Asia/Shanghai", edition.groups, Coverage(3, (SourceIssue("x", "broken"),))
    )


def test_nothing_pending_is_an_edition_without_groups() -> None:
    assert build().groups == ()


def test_groups_come_in_the_order_of_the_digest_and_empty_ones_not_at_all() -> None:
    edition = build(pending(1, rules=("b",)), pending(2, rules=("a",)), rules=("a", "empty", "b"))
    assert [group.rule for group in edition.groups] == ["a", "b"]


def test_an_item_is_listed_once_under_its_first_rule_and_names_all() -> None:
    edition = build(pending(rules=("metaverse", "web3")))
    assert [(group.rule, [item.rules for item in group.items]) for group in edition.groups] == [
        ("web3", [("web3", "metaverse")])
    ]


def test_a_rule_that_the_digest_no_longer_has_loses_nothing() -> None:
    edition = build(pending(1, rules=("old",)), pending(2, rules=("older", "web3")), pending(3))
    assert [group.rule for group in edition.groups] == ["web3", "old"]
    assert len(edition.items) == 3


def test_a_rule_named_twice_by_the_digest_is_one_group() -> None:
    edition = build(pending(), rules=("web3", "web3"))
    assert [(group.rule, len(group.items)) for group in edition.groups] == [("web3", 1)]


def test_a_pending_article_without_a_match_is_a_surprise() -> None:
    with pytest.raises(ValueError, match="story 1 is pending without a match"):
        build(pending(rules=()))


def test_items_are_newest_first_by_publication_or_else_by_when_they_were_seen() -> None:
    early, late = (Moment(NOW - dt.timedelta(hours=hours), "minute") for hours in (30, 1))
    edition = build(pending(1, published=early), pending(2, published=late), pending(3, hours=5), pending(4, hours=6))
    assert [item.article_id for item in edition.items] == [2, 4, 3, 1]


# --- stories ----------------------------------------------------------------------------------------------------------


def test_a_story_is_one_item_shown_as_the_article_seen_first() -> None:
    item = only(pending(1, story=9, hours=2, title="Later"), pending(2, story=9, hours=1, title="First"))
    assert (item.story_id, item.article_id, item.title) == (9, 2, "First")
    assert item.alternates == (AlternateLink("Later", "https://example.org/1", "source 1"),)


def test_a_story_is_listed_under_the_rules_of_all_its_articles() -> None:
    item = only(pending(1, story=9, rules=("metaverse",)), pending(2, story=9, rules=("web3",), hours=1))
    assert item.rules == ("web3", "metaverse")


def test_a_story_comes_from_the_archive_if_all_of_it_does() -> None:
    first, second = (replace(pending(number, story=1), backfilled=True) for number in (1, 2))
    assert only(first, second).backfilled
    assert not only(first, replace(second, backfilled=False)).backfilled
    assert not only(pending()).backfilled


def test_other_places_are_named_once_and_the_shown_one_not_at_all() -> None:
    copy = AlternateLink("First", "https://example.org/1", "copycat")
    own = AlternateLink("First", "https://example.org/1", "source 1")
    second = AlternateLink("Second", "https://example.org/2", "source 2")
    first = pending(1, story=9, title="First", alternates=(copy, own, second))
    item = only(first, pending(2, story=9, title="Second", hours=1, alternates=(copy,)))
    assert item.alternates == (second, copy)


# --- excerpts ---------------------------------------------------------------------------------------------------------

TEXT = "It rains. The city opens a Web3 park in Chongqing. Web3 is new. Nobody came."


def test_the_excerpt_is_the_sentence_that_matched_with_its_terms_marked() -> None:
    assert (
        shown(only(pending(text="It rains. A Web3 park opens. Nobody came.", terms=("Web3",))))
        == "A [Web3] park opens."
    )


def test_of_several_sentences_the_one_with_most_terms_is_shown() -> None:
    found = spans("text", TEXT, "Web3 is new")  # a span in the later sentence, and two terms in the earlier one
    item = pending(text=TEXT, terms=("Web3", "Chongqing"))
    item = replace(item, matches=(*item.matches, Match("metaverse", found)))
    assert shown(only(item)) == "The city opens a [Web3] park in [Chongqing]."


def test_the_first_of_equally_good_sentences_is_shown() -> None:
    text = "Web3 here. Web3 there."
    item = replace(
        pending(text=text), matches=(Match("web3", (Span("text", 11, 15, "Web3"), Span("text", 0, 4, "Web3"))),)
    )
    assert shown(only(item)) == "[Web3] here."


def test_without_a_term_in_the_text_its_opening_is_shown_unmarked() -> None:
    item = only(pending(title="Web3 park", text="  \n The city said so. And more.", terms=("Web3",)))
    assert shown(item) == "The city said so."
    assert bracketed(item.title, item.title_marks) == "[Web3] park"


@pytest.mark.parametrize("text", ["", " \n\t"])
def test_without_a_text_there_is_no_excerpt(text: str) -> None:
    assert only(pending(title="Web3", text=text, terms=("Web3",))).excerpt is None


def test_terms_of_all_rules_are_marked_and_overlapping_marks_are_one() -> None:
    text = "The Web 3.0 park."
    item = pending(text=text)
    first, second = Span("text", 4, 9, "a"), Span("text", 6, 11, "b")
    item = replace(item, matches=(Match("web3", (second,)), Match("metaverse", (first,))))
    assert shown(only(item)) == "The [Web 3.0] park."


def test_blanks_are_collapsed_and_marks_stay_on_their_words() -> None:
    item = only(pending(title="  A\n\u3000 Web3\t  park ", text="In   the \u00a0 Web3\t park .", terms=("Web3",)))
    assert item.title == "A Web3 park"
    assert bracketed(item.title, item.title_marks) == "A [Web3] park"
    assert shown(item) == "In the [Web3] park ."


def test_chinese_text_is_excerpted_by_its_own_stops() -> None:
    text = "天气晴。两江新区发布元宇宙计划。共十条。"
    assert shown(only(pending(text=text, terms=("元宇宙", "两江")))) == "[两江]新区发布[元宇宙]计划。"


def test_where_a_long_sentence_is_cut_an_ellipsis_says_so() -> None:
    text = "Start. " + "word " * 200 + "Web3 " + "more " * 200 + "end."
    item = only(pending(text=text, terms=("Web3",)))
    assert item.excerpt is not None
    assert len(item.excerpt.text) <= MAX_EXCERPT_LENGTH + 4
    assert item.excerpt.text.startswith("… word ")
    assert item.excerpt.text.endswith(" more …")
    assert "[Web3]" in shown(item)


@pytest.mark.parametrize(
    "text", ["He said “no.” Web3 goes on. (So it is.)", "A heading\nWeb3 goes on.\nBy our staff", "Web3 goes on."]
)
def test_where_nothing_is_cut_there_is_no_ellipsis(text: str) -> None:
    assert shown(only(pending(text=text, terms=("Web3",)))) == "[Web3] goes on."


# --- laws -------------------------------------------------------------------------------------------------------------

some_pending = st.lists(
    st.builds(
        pending,
        st.integers(1, 40),
        story=st.integers(1, 6),
        title=st.sampled_from(["Web3 opens", "元宇宙", "Other"]),
        text=st.text(alphabet="Web3 .。\n元a", max_size=80),
        rules=st.sampled_from([("web3",), ("metaverse", "web3"), ("gone",)]),
        hours=st.integers(0, 9),
    ),
    max_size=12,
    unique_by=lambda found: found.article_id,
)


@given(some_pending, st.randoms(use_true_random=False))
def test_every_story_is_in_exactly_once_whatever_the_order(found: list[Pending], rng: random.Random) -> None:
    shuffled = found[:]
    rng.shuffle(shuffled)
    edition = build(*found)
    assert build(*shuffled) == edition
    assert sorted(item.story_id for item in edition.items) == sorted({each.story_id for each in found})
    places = {(link.source, link.url) for item in edition.items for link in item.alternates}
    places |= {(item.source, item.url) for item in edition.items}
    assert places == {(each.source, each.article.url) for each in found}


@given(st.text(alphabet="ab元 \n\t。.", max_size=120), st.data())
def test_marks_cover_what_the_spans_cover_but_for_blanks(text: str, data: st.DataObject) -> None:
    """The characters under the marks are those under the spans within the sentence; marks are sorted and disjoint."""
    pairs = data.draw(st.lists(st.tuples(st.integers(0, len(text)), st.integers(0, len(text))), max_size=4))
    found = tuple(Span("text", min(pair), max(pair), "t") for pair in pairs)
    item = only(replace(pending(text=text, title=text), matches=(Match("web3", found + tuple(
        replace(span, field="title") for span in found)),)))  # fmt: skip
    marked = "".join(item.title[start:end] for start, end in item.title_marks)
    covered = sorted({at for span in found for at in range(span.start, span.end) if not text[at].isspace()})
    assert "".join(marked.split()) == "".join(text[at] for at in covered)
    for excerpt in filter(None, (item.excerpt,)):
        flat = [at for mark in excerpt.marks for at in mark]
        assert flat == sorted(set(flat))
        assert all(0 <= at <= len(excerpt.text) for at in flat)
        assert all(excerpt.text[start:end].strip() == excerpt.text[start:end] != "" for start, end in excerpt.marks)
        assert "  " not in excerpt.text


# --- stories with several reports


def three_reports() -> tuple[Pending, ...]:
    """Return an agency's report, a copy of it, a newspaper's own report and the office's own page."""
    return (
        pending(1, story=7, lead=1, title="Agency report", source="Agency", hours=1),
        pending(2, story=7, lead=1, title="Agency report, copied", source="Portal", hours=2),
        pending(3, story=7, lead=3, title="Newspaper report", source="Newspaper", hours=3),
        pending(4, story=7, lead=4, title="Notice of the office", source="Office", hours=4),
    )


def test_further_reports_are_lines_below_the_first_and_copies_are_links() -> None:
    edition = build(*three_reports())
    (item,) = edition.items
    assert (item.source, item.first_seen, item.more_on) == ("Agency", None, None)
    assert [link.source for link in item.alternates] == ["Portal"]
    assert [(report.source, report.title) for report in item.reports] == [
        ("Newspaper", "Newspaper report"),
        ("Office", "Notice of the office"),
    ]
    assert edition.counts == ItemCounts(stories=1, lines=2, copies=1, left_out=0)


def test_an_official_source_leads_and_the_first_seen_is_named() -> None:
    (item,) = build(*three_reports(), official=frozenset({"Office"})).items
    assert item.source == "Office"
    assert item.first_seen is not None
    assert (item.first_seen.source, item.first_seen.seen) == ("Agency", NOW - dt.timedelta(hours=9))
    assert [report.source for report in item.reports] == ["Agency", "Newspaper"]


def test_of_copies_the_official_one_is_shown() -> None:
    (item,) = build(*three_reports()[:2], official=frozenset({"Portal"})).items
    assert (item.source, [link.source for link in item.alternates], item.copies) == ("Portal", ["Agency"], 1)


def test_a_digest_may_leave_further_reports_out_but_no_official_one() -> None:
    edition = build(*three_reports(), follow="none")
    assert [(item.source, item.reports) for item in edition.items] == [("Agency", ())]
    assert edition.counts == ItemCounts(stories=1, lines=0, copies=1, left_out=2)
    official = build(*three_reports(), follow="none", official=frozenset({"Office", "Newspaper"}))
    assert [(item.source, [report.source for report in item.reports]) for item in official.items] == [
        ("Newspaper", ["Office"])
    ]
    assert official.counts == ItemCounts(stories=1, lines=1, copies=0, left_out=2)


def test_a_digest_may_show_each_report_in_full() -> None:
    edition = build(*three_reports(), follow="all")
    assert sorted(item.source for item in edition.items) == ["Agency", "Newspaper", "Office"]
    assert edition.counts == ItemCounts(stories=3, lines=0, copies=1, left_out=0)


def test_reports_of_a_story_that_was_sent_are_lines_under_its_headline() -> None:
    later = pending(3, story=7, source="Newspaper", sent_as="Agency report")
    edition = build(later)
    assert [(item.more_on, item.source) for item in edition.items] == [("Agency report", "Newspaper")]
    assert edition.counts == ItemCounts(stories=0, lines=1, copies=0, left_out=0)
    assert build(later, follow="all").items[0].more_on is None
    assert (build(later, follow="none").items, build(later, follow="none").left_out) == ((), 1)
    official = build(later, follow="none", official=frozenset({"Newspaper"}))
    assert [item.more_on for item in official.items] == ["Agency report"]


def test_what_a_source_listed_at_once_is_one_item_with_a_line_for_each_article() -> None:
    flood = [pending(n, source="Agency", title=f"Title {n}", at_once=True) for n in range(1, 5)]
    edition = build(pending(9, source="Agency"), *flood, pending(10, source="Agency"))
    at_once, *others = sorted(edition.items, key=lambda item: item.article_id)
    assert (at_once.at_once, at_once.title, [report.title for report in at_once.reports]) == (
        True,
        "Title 1",
        ["Title 2", "Title 3", "Title 4"],
    )
    assert [item.at_once for item in others] == [False, False]
    assert edition.counts == ItemCounts(stories=2, lines=0, copies=0, left_out=0, at_once=4)


@pytest.mark.parametrize("follow", ["lines", "none", "all"])
def test_of_a_story_that_was_listed_at_once_each_report_is_a_line_unless_the_digest_leaves_it_out(
    follow: Follow,
) -> None:
    reports = [replace(one, at_once=True) for one in three_reports()]
    edition = build(*reports, pending(8, source="Agency", at_once=True), follow=follow)
    left_out = 2 if follow == "none" else 0
    assert edition.counts == ItemCounts(stories=0, lines=0, copies=1, left_out=left_out, at_once=4 - left_out)


def test_what_is_listed_at_once_is_grouped_by_source_and_rule() -> None:
    flood = [
        pending(n, source=source, rules=rules, at_once=True)
        for n, (source, rules) in enumerate([("A", ("web3",)), ("B", ("web3",)), ("A", ("metaverse", "web3"))], 1)
    ] + [pending(4, source="A", rules=("metaverse",), at_once=True)]
    edition = build(*flood)
    assert [(group.rule, [item.source for item in group.items]) for group in edition.groups] == [
        ("web3", ["A", "B"]),
        ("metaverse", ["A"]),
    ]
    assert edition.counts.at_once == 4


def test_a_story_with_a_report_that_came_alone_and_one_that_was_sent_before_are_shown_as_always() -> None:
    one, other = pending(1, story=7, lead=1, at_once=True), pending(2, story=7, lead=2)
    assert build(one, other).counts == ItemCounts(stories=1, lines=1, copies=0, left_out=0)
    (item,) = build(replace(one, sent_as="Sent")).items
    assert (item.more_on, item.at_once) == ("Sent", False)


def test_what_is_related_is_an_item_of_its_own_that_names_the_other_and_comes_next_to_it() -> None:
    edition = build(*(pending(n, hours=n, related=(1,) if n == 4 else ()) for n in range(1, 6)))
    assert [item.article_id for item in edition.items] == [5, 4, 1, 3, 2]
    assert [other.article_id for item in edition.items for other in item.see_also] == [1]
    assert edition.counts == ItemCounts(stories=5, lines=0, copies=0, left_out=0)


def test_what_is_related_to_one_report_of_a_story_comes_next_to_the_story() -> None:
    one, other = pending(1, story=7, lead=1, hours=1), pending(2, story=7, lead=2, hours=2)
    edition = build(one, other, pending(3, hours=3), pending(4, hours=4, related=(2,)))
    assert [item.article_id for item in edition.items] == [4, 1, 3]
    assert [other.article_id for other in edition.items[0].see_also] == [2]


def test_the_cost_of_an_edition_grows_with_its_articles() -> None:
    def work(size: int) -> object:
        return build(*(pending(n, related=(n - 1,) if n % 3 else ()) for n in range(1, size)))

    assert_grows_with_size(work, 300)


def test_of_many_related_articles_few_are_named() -> None:
    (item,) = build(pending(1, related=tuple(range(10, 30)))).items
    assert [other.article_id for other in item.see_also] == [10, 11, 12, 13, 14]


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.sampled_from("abc")), max_size=12),
    st.sampled_from(["lines", "none", "all"]),
    st.frozensets(st.sampled_from("abc")),
)
def test_every_article_is_accounted_for(
    shape: list[tuple[int, int, str]], follow: Follow, official: frozenset[str]
) -> None:
    found = [
        pending(
            100 + number,
            story=story + 1,
            lead=10 * (story + 1) + group,
            source=source,
            sent_as="Sent" if story == 0 else None,
            hours=number,
            related=(100 + number // 2,) if number % 3 else (),
            at_once=number % 5 < 3,
        )
        for number, (story, group, source) in enumerate(shape)
    ]
    edition = build(*found, follow=follow, official=official)
    assert edition.counts.articles == len(found)
    shown = [
        article
        for item in edition.items
        for article in (item.article_id, *(report.article_id for report in item.reports))
    ]
    counts = edition.counts
    assert len(shown) == len(set(shown)) == counts.stories + counts.lines + counts.at_once
    if follow == "all":
        assert edition.left_out == 0
