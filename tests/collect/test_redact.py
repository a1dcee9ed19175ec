"""A secret address of a source never gets into what is recorded of it."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import sources
from monitor.collect.redact import redact, redact_article
from monitor.model import Article, Entry, Reading, Request, SitemapRef, Source

NOW = dt.datetime(2026, 11, 21, tzinfo=dt.UTC)
URL = "https://feeds.example/private/feed.xml?key=CANARY&page=1"
SECRET = Source("one", URL, "feed", "env:FEED_URL")
FORMS = {
    "query": URL,
    "path": "https://feeds.example/private/CANARY1/feed.xml",
    "user": "https://me:CANARY@feeds.example/feed.xml",
    "token as user": "https://CANARY@feeds.example/feed.xml",
    "escaped": "https://feeds.example/feed.xml?key=CANARY%2B%2F1",
}


def source(url: str) -> Source:
    return Source("one", url, "feed", "env:FEED_URL")


def of_url(url: str, key: str = "urn:1", *, at: Source = SECRET) -> Entry:
    [entry] = redact(Reading("feed", (Entry(key, "t", url),)), at).entries
    return entry


def atom(*links: str, url: str = URL) -> Reading:
    entries = "".join(
        f'<entry><title>{number}</title><link href="{link}"/></entry>' for number, link in enumerate(links)
    )
    feed = (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><link rel="next" href="?page=2"/>{entries}</feed>'
    )
    return sources.read(feed.encode(), url=url, now=NOW)


@pytest.mark.parametrize("url", FORMS.values(), ids=FORMS)
@pytest.mark.parametrize("link", ["#e1", "", "?", "a.html", "/a.html?b", "?id=2", "../c/"])
def test_no_link_of_a_feed_carries_its_secret(url: str, link: str) -> None:
    reading = redact(atom(link, "/other.html", url=url), source(url))
    assert len(reading.entries) == 2
    assert "CANARY" not in repr(reading)


def test_an_entry_at_the_address_of_its_source_has_none() -> None:
    entry = of_url(f"{URL}#e1", f"{URL}#e1")
    assert entry.url == ""
    assert entry.key.startswith("sha256:")


def test_entries_that_only_fragments_tell_apart_stay_apart() -> None:
    reading = redact(atom("#e1", "#e2", "#e3"), SECRET)
    assert [entry.title for entry in reading.entries] == ["0", "1", "2"]
    assert {entry.url for entry in reading.entries} == {""}


def test_a_relative_link_keeps_host_and_path() -> None:
    [entry] = redact(atom("a.html"), SECRET).entries
    assert entry.url == "https://feeds.example/private/a.html"
    assert entry.key == "https://feeds.example/private/a.html"


def test_the_key_is_taken_out_of_a_link_that_has_more_to_say() -> None:
    entry = of_url("https://feeds.example/read?id=7&key=CANARY", "https://feeds.example/read?id=7&key=CANARY")
    assert entry.url == "https://feeds.example/read?id=7"
    assert entry.key == "https://feeds.example/read?id=7"


@pytest.mark.parametrize("value", ["CANARY%2B%2F1", "CANARY%2b/1"])
def test_a_key_is_known_however_it_is_escaped(value: str) -> None:
    url = f"https://feeds.example/read?id=7&key={value}"
    assert of_url(url, at=source(FORMS["escaped"])).url == "https://feeds.example/read?id=7"


@pytest.mark.parametrize("guid", ["tag:feeds.example:CANARY/7", f"{URL}#7", "https://x.example/%43ANARY"])
def test_a_guid_that_holds_the_secret_is_none(guid: str) -> None:
    assert of_url("https://feeds.example/7", guid).key == "https://feeds.example/7"


def test_what_an_earlier_version_read_is_without_it_too() -> None:
    former = Entry("urn:1", "t", "https://a.example/1", former_titles=(f"see {URL}",), former_addresses=(URL,))
    [entry] = redact(Reading("feed", (former,)), SECRET).entries
    assert "CANARY" not in f"{entry.former_titles} {entry.former_addresses}"


@pytest.mark.parametrize(
    "url", ["https://feeds.example/private/7.html", "https://feeds.example/?page=1", "https://other.example/a?b=c", ""]
)
def test_what_holds_no_secret_is_left_alone(url: str) -> None:
    assert of_url(url) == Entry("urn:1", "t", url)


def test_short_words_of_a_secret_address_do_not_cost_the_links_that_use_them() -> None:
    at = source("https://feeds.example/news/feed.xml?type=rss&key=CANARY")
    assert of_url("https://feeds.example/news/rss/1", at=at).url == "https://feeds.example/news/rss/1"


def test_the_next_page_and_the_texts_hide_it_too() -> None:
    entry = Entry("urn:1", f"see {URL}", "", summary=URL, content=f"at {URL}.")
    reading = redact(Reading("feed", (entry,), title=URL, next_url=f"{URL}&page=2", problems=(f"no {URL}",)), SECRET)
    assert "CANARY" not in repr(reading)
    assert reading.next_url == "https://feeds.example/private/feed.xml?page=1&page=2"


@pytest.mark.parametrize("shown", ["env:FEED_URL", "rsshub://gov/zhengce"])
def test_texts_do_not_repeat_a_key_of_the_address(shown: str) -> None:
    key = "CANARY12345"
    at = Source("one", f"https://feeds.example/gov/zhengce?key={key}&lang=chinese-2026", "feed", shown)
    says = f"chinese of 2026: https://other.example/a?token={key}"
    [entry] = (
        reading := redact(Reading("feed", (Entry("k", says, "", summary=says, content=says),), f"F {key}"), at)
    ).entries
    assert key not in repr(reading)
    assert entry.title == entry.summary == entry.content == says.replace(key, "***")


def test_where_a_redirect_led_is_secret_too() -> None:
    led = "https://cdn.example/f/CANARY2/feed.xml"
    reading = redact(atom("#e1", "a.html", url=led), SECRET, led)
    assert "CANARY2" not in repr(reading)


def test_an_address_of_which_only_the_password_is_hidden_keeps_its_links() -> None:
    at = Source(
        "one", "https://me:CANARY@feeds.example/f?a=long-word", "feed", "https://me:***@feeds.example/f?a=long-word"
    )
    assert of_url("https://feeds.example/f?a=long-word#1", at=at).url == "https://feeds.example/f?a=long-word#1"
    assert of_url("https://feeds.example/CANARY", at=at).url == ""


@pytest.mark.parametrize("shown", ["", URL])
def test_an_address_that_is_no_secret_changes_nothing(shown: str) -> None:
    reading = atom("#e1", "a.html")
    assert redact(reading, Source("one", URL, "feed", shown)) is reading


@given(st.lists(st.text("abc#?=&/:.CANARY%é", max_size=30), max_size=4))
def test_whatever_the_links_the_secret_is_gone_and_no_entry_lost(links: list[str]) -> None:
    """A link may itself be the word; what must not be there is what the address added."""
    stated = [link.replace("CANARY", "c").replace("&", "&amp;") for link in links]
    before = atom(*stated)
    after = redact(before, SECRET)
    assert "key=CANARY" not in repr(after)
    assert len(after.entries) == len(before.entries)


def test_a_secret_instance_is_not_in_what_it_gives_but_the_links_to_the_site_are() -> None:
    url = "https://hub.example/base/gov/zuixin?limit=20&key=CANARY01"
    hub = Source("one", url, "feed", "rsshub://gov/zuixin?limit=20")
    reading = redact(atom("https://www.gov.cn/a.html?limit=20", "?page=2", url=url), hub)
    assert reading.entries[0].url.startswith("https://www.gov.cn/a.html")
    assert "CANARY" not in repr(reading)


# --- what goes along with the request


ASKED = Request(headers=(("Authorization", "Bearer CANARY-1"),), secrets=("Bearer CANARY-1", "CANARY-1"))


@pytest.mark.parametrize(
    "shown", ["https://feeds.example/feed.xml", "env:FEED_URL", "https://me:***@feeds.example/feed"]
)
def test_what_went_along_does_not_come_back(shown: str) -> None:
    url = (
        "https://feeds.example/feed.xml" if shown.startswith("https://feeds") else "https://me:pass@feeds.example/feed"
    )
    one = Source("one", url, "feed", shown, request=ASKED)
    entry = Entry(
        "k?CANARY-1", "t CANARY-1", "https://feeds.example/a?token=CANARY%2D1", summary="Bearer CANARY-1 it is"
    )
    reading = redact(Reading("feed", (entry,), title="CANARY-1", problems=("no CANARY-1",)), one)
    assert "CANARY" not in repr(reading)
    assert (reading.entries[0].title, reading.entries[0].url) == ("t ***", "")
    assert reading.entries[0].summary == "*** it is"


def test_what_went_along_leaves_other_links_alone() -> None:
    one = Source("one", "https://feeds.example/feed.xml?page=12345678", "feed", request=ASKED)
    assert of_url("https://feeds.example/a?page=12345678", at=one).url == "https://feeds.example/a?page=12345678"


def test_a_page_does_not_give_it_back_either() -> None:
    article = Article(
        "https://a.example/1", "CANARY-1 speaks", "You are Bearer CANARY-1.", attachments=("/CANARY-1.pdf", "/a.pdf")
    )
    concealed = redact_article(article, Source("one", URL, "feed", request=ASKED))
    assert (concealed.title, concealed.text, concealed.attachments) == ("*** speaks", "You are ***.", ("/a.pdf",))
    assert redact_article(article, Source("one", URL, "feed")) is article


# --- every field

KEY = "k3yTOKEN9abcXYZ77"
KEYED = Source("one", f"https://feeds.example/f?token={KEY}", "feed", "env:FEED_URL", request=Request(secrets=(KEY,)))
NO_TEXT = {"published", "updated", "has_guid", "readable", "complete", "kind", "hints"}
"""Fields that hold times, numbers and flags, or a word of ours."""
OTHERWISE = {
    "entries": (Entry(KEY, KEY, KEY),),
    "parts": (SitemapRef(f"https://feeds.example/{KEY}.xml", KEY),),
    "unfinished": frozenset({KEY}),
}


def filled(type_: type[Entry | Reading | Article]) -> dict[str, object]:
    """Return a value that shows the secret, or may be made of it, for every field that can hold one."""
    fields = [field for field in dataclasses.fields(type_) if field.name not in NO_TEXT]
    several = {field.name: (f"x {KEY} y",) if "tuple" in str(field.type) else f"x {KEY} y" for field in fields}
    return {**several, **{name: value for name, value in OTHERWISE.items() if name in several}}


def test_no_field_of_an_entry_keeps_the_secret() -> None:
    given = filled(Entry)
    assert all(KEY in str(value) for value in given.values())
    [entry] = redact(Reading("feed", (Entry(**given),)), KEYED).entries  # type: ignore[arg-type]  # any field
    assert [name for name, value in dataclasses.asdict(entry).items() if KEY in str(value)] == []


def test_no_field_of_a_reading_keeps_the_secret() -> None:
    reading = redact(Reading("feed", **filled(Reading)), KEYED)  # type: ignore[arg-type]  # any field
    assert [name for name, value in dataclasses.asdict(reading).items() if KEY in str(value)] == []
    assert reading.unfinished == {reading.entries[0].key}, "it is cut off under its new key too"


def test_no_field_of_an_article_keeps_the_secret() -> None:
    article = redact_article(Article(**filled(Article)), KEYED)  # type: ignore[arg-type]  # any field
    assert [name for name, value in dataclasses.asdict(article).items() if KEY in str(value)] == []
