"""What was found at another place: is it about the same?"""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.model import Entry, Moment, Reading
from monitor.sources.discover import EndpointCandidate, Judgement, Survey, judge_feed, judge_sitemap
from monitor.sources.discover.choice import STALE_AFTER

A = "https://a.example"
NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
SECTION = f"{A}/zwgk/gggs/"
SITE_FEED = EndpointCandidate("feed", f"{A}/rss.xml", "the page declares this feed")
OWN_FEED = EndpointCandidate("feed", f"{A}/zwgk/gggs/rss.xml", "the page declares this feed")
SITEMAP = EndpointCandidate("sitemap", f"{A}/sitemap.xml", "robots.txt names this sitemap")


def entry(name: str, age: int | None = None, url: str | None = None) -> Entry:
    published = None if age is None else Moment(NOW - dt.timedelta(days=age), "day")
    return Entry(name, f"公告 number {name}", f"{A}/n/{name}" if url is None else url, published)


def entries(*names: object, dated: bool = False) -> tuple[Entry, ...]:
    return tuple(entry(str(name), number if dated else None) for number, name in enumerate(names))


def page(*listed: Entry, problems: tuple[str, ...] = ()) -> Survey:
    return Survey(Reading("page", listed, readable=bool(listed), problems=problems))


def feed(*listed: Entry, title: str = "Feed", readable: bool = True) -> Reading:
    return Reading("feed", listed, title=title, readable=readable, problems=() if readable else ("not a feed: JSON",))


def judge(reading: Reading, here: Survey, candidate: EndpointCandidate = SITE_FEED, url: str = SECTION) -> Judgement:
    return judge_feed(candidate, reading, here, url)


LIST = entries(*range(10))


@pytest.mark.parametrize(
    ("listed", "taken", "reason"),
    [
        pytest.param(LIST, True, "lists the same as the page: 10 of its 10", id="the same"),
        pytest.param(LIST[:6], True, "lists the same", id="a shorter one"),
        pytest.param(entries(*range(30)), True, "lists the same", id="a longer one"),
        pytest.param(entries(1, 2, 3, "x", "y"), True, "3 of its 5", id="half and more"),
        pytest.param(entries(*"abcdefgh"), False, "another subject, or about the whole site: 0 of its 8", id="another"),
        pytest.param(entries(0, *"abcdefgh"), False, "1 of its 9", id="of the whole site"),
        pytest.param(entries(*"abcdefgh", *range(10)), False, "whole site", id="with the section at its end"),
        pytest.param((), False, "lists nothing", id="empty"),
    ],
)
def test_a_feed_replaces_a_list_that_it_agrees_with(listed: tuple[Entry, ...], taken: bool, reason: str) -> None:
    verdict = judge(feed(*listed), page(*LIST))
    assert verdict.is_chosen is taken
    assert reason in verdict.reason


def test_a_feed_that_leaves_out_most_of_the_list_does_not_replace_it() -> None:
    verdict = judge(feed(*entries(7, 8, 9, dated=False)), page(*LIST))
    assert not verdict.is_chosen
    assert "lacks most entries of the page" in verdict.reason


def test_entries_are_the_same_by_title_when_addresses_differ() -> None:
    through = tuple(entry(str(number), url=f"https://feeds.example/~r/{number}") for number in range(10))
    assert judge(feed(*through), page(*LIST)).is_chosen


def test_addresses_are_compared_in_their_one_form() -> None:
    tracked = tuple(Entry("k", "", f"http://www.a.example/n/{number}?utm_source=rss") for number in range(10))
    assert judge(feed(*tracked), page(*LIST)).is_chosen


def test_a_feed_that_runs_from_old_to_new_is_compared_by_its_dates() -> None:
    listed = entries(*range(5), dated=True)
    assert judge(feed(*reversed(entries(*range(40), dated=True))), page(*listed)).is_chosen


def test_a_feed_that_is_not_kept_up_replaces_no_list() -> None:
    old = entry("0", age=STALE_AFTER.days + 1)
    for candidate in (OWN_FEED, SITE_FEED):
        for url in (SECTION, f"{A}/"):
            verdict = judge(feed(old), page(entry("0", age=0), entry("1", age=1)), candidate, url)
            assert not verdict.is_chosen
            assert "no longer updated: its newest entry is of 2026-09-21, the page's of 2026-11-21" in verdict.reason


def test_the_feed_of_the_section_itself_needs_one_entry_in_common() -> None:
    assert judge(feed(*entries(0, *"abcdefgh")), page(*LIST), OWN_FEED).is_chosen
    assert not judge(feed(*entries(*"abcdefgh")), page(*LIST), OWN_FEED).is_chosen


def test_the_front_of_a_site_has_its_feed() -> None:
    assert judge(feed(*entries(*"abcdefgh")), page(*LIST), url=f"{A}/").is_chosen
    assert judge(feed(), page(), url=f"{A}/en/").is_chosen


def test_from_an_article_a_feed_is_taken_only_if_it_is_named_and_about_it() -> None:
    url, article = f"{A}/news/tech/plan.html", Survey(Reading("page", readable=False), article=True)
    usual = EndpointCandidate("feed", f"{A}/feed", "feeds are often there", is_named=False)
    own, section = entry("x", url=f"{url}?utm_source=rss"), [entry(str(n), url=f"{A}/news/tech/{n}") for n in range(5)]
    assert "it lists this page" in judge(feed(*LIST, own), article, url=url).reason
    assert "lists the section of this page" in judge(feed(*section, *LIST[:5]), article, url=url).reason
    for refused in (judge(feed(*LIST), article, url=url), judge(feed(*LIST, own), article, usual, url)):
        assert (refused.is_chosen, refused.is_offered) == (False, True)
    assert not judge(feed(*LIST), article, url=f"{A}/plan.html").is_chosen, "all of a site is no section"


def test_a_page_without_a_list_takes_the_feed_that_there_is() -> None:
    verdict = judge(feed(*LIST), page())
    assert verdict.is_chosen
    assert "the page has no list of its own" in verdict.reason
    assert "of its own section" in judge(feed(*LIST), page(), OWN_FEED).reason


def test_rows_that_a_script_loads_are_not_replaced_by_the_feed_of_the_site() -> None:
    scripted = page(problems=('rows are loaded by a script from /x.json: use kind = "api"',))
    assert not judge(feed(*LIST), scripted).is_chosen
    assert judge(feed(*LIST), scripted, OWN_FEED).is_chosen


@pytest.mark.parametrize("title", ["Comments on: A plan", "Comments for Site", "评论：公告"])
def test_comments_are_no_news(title: str) -> None:
    assert judge(feed(*LIST, title=title), page(*LIST)) == Judgement(False, "a feed of comments")


def test_what_cannot_be_read_says_why() -> None:
    assert judge(feed(readable=False), page()) == Judgement(False, "not a feed: JSON")


# --- sitemaps


def sitemap(*urls: str, title: str = "") -> Survey:
    return Survey(Reading("sitemap", tuple(Entry(url, title, url) for url in urls)))


def test_the_front_of_a_site_has_its_sitemap() -> None:
    assert judge_sitemap(SITEMAP, sitemap(f"{A}/1"), page(), f"{A}/").is_chosen


def test_a_section_has_a_sitemap_that_is_mostly_its_own() -> None:
    assert judge_sitemap(SITEMAP, sitemap(f"{SECTION}1", f"{A}/2"), page(), SECTION).is_chosen
    verdict = judge_sitemap(SITEMAP, sitemap(f"{SECTION}1", f"{A}/2", f"{A}/3"), page(), SECTION)
    assert not verdict.is_chosen
    assert f'include = "{SECTION}*"' in verdict.reason


def test_a_sitemap_without_titles_does_not_replace_what_a_script_loads() -> None:
    scripted = page(problems=("rows are loaded by a script from /x.json",))
    assert not judge_sitemap(SITEMAP, sitemap(f"{A}/1"), scripted, f"{A}/").is_chosen
    assert judge_sitemap(SITEMAP, sitemap(f"{A}/1", title="News"), scripted, f"{A}/").is_chosen


def index(*urls: str) -> Survey:
    return Survey(
        Reading("sitemap"), tuple(EndpointCandidate("sitemap", url, "the index names this sitemap") for url in urls)
    )


def test_an_index_is_of_the_whole_site() -> None:
    assert judge_sitemap(SITEMAP, index(f"{A}/1.xml"), page(), f"{A}/").is_chosen
    assert not judge_sitemap(SITEMAP, index(f"{A}/1.xml"), page(), SECTION).is_chosen


def test_of_an_index_the_sitemap_of_news_is_better() -> None:
    assert not judge_sitemap(SITEMAP, index(f"{A}/news-1.xml", f"{A}/1.xml"), page(), f"{A}/").is_chosen


def test_a_sitemap_that_lists_nothing_is_not_taken() -> None:
    assert not judge_sitemap(SITEMAP, sitemap(), page(), f"{A}/").is_chosen
