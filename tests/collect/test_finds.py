"""What a reading brings: new entries, revisions, and other articles under old keys."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from monitor.collect.finds import News, find_of, late_find, news_in
from monitor.collect.fulltext import Page, PageReader
from monitor.fetch import Answer, FetchError
from monitor.model import (
    PLAIN,
    Article,
    Entry,
    Find,
    KnownEntry,
    LatePage,
    Moment,
    Reading,
    Request,
    Source,
    Validators,
)
from monitor.model.articles import Precision
from monitor.rules import compile_rules
from monitor.sandbox import Inline

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
RULES = compile_rules({"web3": "web3", "fund": "fund"})
SOURCE = Source("one", "https://one.example/feed", "feed")
PAGED = replace(SOURCE, full_text=True)
OLD = Article("https://one.example/p/1", "Web3 first", "Words.")


class Door:
    """A gate that gives one answer, and keeps what it was asked for."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def get(self, url: str, *, validators: Validators, accept: str, request: Request = PLAIN) -> Answer:
        self.asked.append(url)
        return self.answer


def shut() -> Door:
    return Door(FetchError("connect", "no"))


def found(
    entry: Entry,
    *,
    old: Article | None = None,
    fresh: bool = False,
    source: Source = SOURCE,
    door: Door | None = None,
) -> Find:
    reading = Reading("feed", (entry,))
    known = {entry.key: KnownEntry(entry.key, "before", 7)} if old else {}
    (news,) = news_in(reading, known)
    archive = {7: old} if old else {}
    pages = PageReader(door or shut(), Inline(), source, NOON)
    return find_of(news, source, reading, archive=archive, rules=RULES, since=NOON, fresh=fresh, pages=pages)


def rules(matches: tuple[object, ...]) -> list[str]:
    return sorted(getattr(match, "rule", "") for match in matches)


def test_what_is_known_as_it_is_is_no_news() -> None:
    entry = Entry("1", "Web3 first", "https://one.example/p/1", summary="Words.")
    (news,) = news_in(Reading("feed", (entry,)), {})
    assert news_in(Reading("feed", (entry,)), {"1": KnownEntry("1", news.content_hash, 7)}) == ()


def test_a_new_entry_is_found_with_all_that_matches() -> None:
    find = found(Entry("1", "Web3 fund", "https://one.example/p/1?utm_source=rss"))
    assert (find.known, find.held, find.address) == (None, None, "https://one.example/p/1")
    assert (rules(find.matches), rules(find.refreshed)) == (["fund", "web3"], [])


@pytest.mark.parametrize(
    ("title", "url"),
    [
        ("Web3 first, with a fund", "https://one.example/p/1"),
        ("WEB3  first", "https://one.example/moved"),
        ("Web3 fund", ""),
    ],
    ids=["another title", "another address", "no address"],
)
def test_one_of_title_and_address_changed_is_a_revision(title: str, url: str) -> None:
    old = Article(url, OLD.title, OLD.text) if not url else OLD
    find = found(Entry("1", title, url, summary="Other words."), old=old)
    assert find.known is not None
    assert rules(find.refreshed) == ["web3"]
    assert rules(find.matches) == (["fund"] if "fund" in title else [])


def test_a_key_that_leads_to_another_title_and_address_is_a_new_entry() -> None:
    find = found(Entry("1", "Web3 second", "https://one.example/p/2"), old=OLD)
    assert find.known is None
    assert (rules(find.matches), rules(find.refreshed)) == (["web3"], [])


@pytest.mark.parametrize(
    ("age", "precision", "held"),
    [
        (2 * DAY, "second", None),
        (3.5 * DAY, "second", "baseline"),
        (3.5 * DAY, "day", None),
        (9 * DAY, "month", None),
        (None, "second", "baseline"),
    ],
)
def test_a_first_poll_holds_back_what_is_older_than_the_backfill(
    age: dt.timedelta | None, precision: Precision, held: str | None
) -> None:
    moment = None if age is None else Moment(NOON - age, precision)
    entry = Entry("1", "Web3", "https://one.example/p/1", published=moment)
    assert found(entry, fresh=True).held == held
    assert found(entry).held is None


def test_no_backfill_holds_everything_back() -> None:
    entry = Entry("1", "Web3", "https://one.example/p/1", published=Moment(NOON, "second"))
    assert found(entry, fresh=True, source=Source("one", "https://x/", "feed", backfill=dt.timedelta())).held


@pytest.mark.parametrize(
    ("title", "known"),
    [("Web3 first …", True), ("Web3 fi...", True), ("Web3 second …", False), ("…", False), ("", False)],
)
def test_a_title_that_the_list_cuts_is_no_other_than_the_page_completed(title: str, known: bool) -> None:
    entry = Entry("1", title, "https://one.example/moved")
    assert (found(entry, old=OLD, source=PAGED).known is not None) is known
    assert found(entry, old=OLD).known is None, "without pages nothing completes a title"


def test_the_page_of_another_article_under_a_known_key_is_asked_for_and_its_old_text_forgotten() -> None:
    old = replace(OLD, text="Words of a page that are many more.")
    door = shut()
    find = found(
        Entry("1", "Web3 second", "https://one.example/p/2", summary="Words."), old=old, source=PAGED, door=door
    )
    assert door.asked == ["https://one.example/p/2"]
    assert (find.known, find.article.text) == (None, "Words.")
    assert find.page_due is not None


def test_a_revision_that_is_held_back_keeps_the_text_of_its_page() -> None:
    old = replace(OLD, text="Words of a page that are many more.")
    door = shut()
    find = found(Entry("1", "Web3 first!", OLD.url, summary="Words."), old=old, source=PAGED, door=door, fresh=True)
    assert (find.held, door.asked) == ("baseline", [])
    assert find.article.text == old.text


def test_without_pages_a_revision_says_what_its_entry_says() -> None:
    old = replace(OLD, text="Words that are many more.")
    assert found(Entry("1", "Web3 first!", OLD.url, summary="Words."), old=old).article.text == "Words."


@pytest.mark.parametrize(
    ("text", "kept"),
    [("Of a fund.", "Words.\n\nOf a fund."), ("WORDS.", "Words."), ("Words. And more.", "Words. And more.")],
)
def test_a_late_page_adds_what_the_article_does_not_say_yet(text: str, kept: str) -> None:
    late = LatePage(KnownEntry("1", "said", 7), OLD.title, OLD.url, 1)
    find = late_find(late, OLD, Page(Article(OLD.url, "Page", text)), PAGED, RULES)
    assert (find.article.text, find.article.title, find.known) == (kept, OLD.title, late.known)
    told = ["fund"] if "fund" in text else ["web3"] if text == "WORDS." else []
    assert (rules(find.matches), rules(find.refreshed)) == (told, [] if text == "WORDS." else ["web3"])
    assert (find.page_due, find.page_read, find.content_hash) == (None, True, "said")


def test_a_late_page_that_goes_on_replaces_what_was_read_of_it() -> None:
    late = LatePage(KnownEntry("1", "said", 7), OLD.title, OLD.url, 1)
    old = replace(OLD, text="Only the list says so.\n\nThe first page.")
    page = Page(Article(OLD.url, "Page", "The first page.\nThe second page."), "page 3 of it: no", NOON, 2)
    find = late_find(late, old, page, PAGED, RULES)
    assert find.article.text == "Only the list says so.\n\nThe first page.\nThe second page."
    assert (find.page_due, find.page_tries, find.page_reason) == (NOON, 2, "page 3 of it: no")


TAGGED = compile_rules({"tagged": "fund AND tag:money"})


@pytest.mark.parametrize(("tags", "told"), [(("money",), ["tagged"]), ((), []), (None, [])])
def test_a_late_page_is_matched_with_its_entrys_tags(tags: tuple[str, ...] | None, told: list[str]) -> None:
    late = LatePage(KnownEntry("1", "said", 7, tags), OLD.title, OLD.url, 1)
    find = late_find(late, OLD, Page(Article(OLD.url, "Page", "Of a fund.")), PAGED, TAGGED)
    assert rules(find.matches) == told
    assert find.entry.tags == (tags or ())


@pytest.mark.parametrize(("before", "told"), [(("money",), []), ((), ["tagged"]), (None, [])])
def test_a_tag_that_comes_with_a_revision_may_make_a_rule_hold(before: tuple[str, ...] | None, told: list[str]) -> None:
    entry = Entry("1", "Web3 first", OLD.url, summary="Words of a fund!", tags=("money",))
    known = News(entry, "now", KnownEntry("1", "then", 7, before))
    find = find_of(
        known, SOURCE, Reading("feed"), archive={7: replace(OLD, text="Words of a fund.")}, rules=TAGGED, since=NOON,
        fresh=False, pages=PageReader(shut(), Inline(), SOURCE, NOON),
    )  # fmt: skip
    assert rules(find.matches) == told
