"""Entries and articles known again: two taken for one lose an announcement, two rows for one only repeat it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.model import Article, Entry, EntryChange, KnownArticle, KnownEntry
from monitor.stories import (
    DedupIndex,
    content_hash,
    has_new_key,
    known_by_key,
    text_key,
)
from monitor.stories.identity import address_forms

NOON = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def recorded(key: str, article: int = 1) -> KnownEntry:
    return KnownEntry(key, "hash", article)


# --- keys


def test_an_entry_is_known_by_its_key_and_by_each_that_it_had() -> None:
    entries = [
        Entry("a", "", ""),
        Entry("b", "", "", former_keys=("b0", "b1")),
        Entry("c", "", "", former_keys=("c0",)),
    ]
    found = {key: recorded(key) for key in ("a", "b1", "x")}
    assert known_by_key(entries, found) == {"a": recorded("a"), "b": recorded("b1")}


def test_the_present_key_outranks_the_former_one() -> None:
    entry = Entry("a", "", "", former_keys=("a0",))
    assert known_by_key([entry], {"a": recorded("a"), "a0": recorded("a0")}) == {"a": recorded("a")}


def test_what_is_recorded_once_is_one_entry() -> None:
    entries = [Entry("a", "", "", former_keys=("z",)), Entry("b", "", "", former_keys=("z",)), Entry("z", "", "")]
    assert known_by_key(entries[:2], {"z": recorded("z")}) == {"a": recorded("z")}
    assert known_by_key(entries, {"z": recorded("z")}) == {"z": recorded("z")}


KEYS = st.sampled_from("abcdef")


@given(st.lists(st.tuples(KEYS, st.lists(KEYS, max_size=2)), unique_by=lambda pair: pair[0]), st.sets(KEYS))
def test_nothing_that_is_recorded_is_two_entries_and_no_present_key_is_passed_over(
    drafts: list[tuple[str, list[str]]], keys: set[str]
) -> None:
    entries = [Entry(key, "", "", former_keys=tuple(former)) for key, former in drafts]
    known = known_by_key(entries, {key: recorded(key) for key in keys})
    assert len({each.key for each in known.values()}) == len(known)
    assert all(known[entry.key].key == entry.key for entry in entries if entry.key in keys)


def test_a_key_is_new_if_no_rule_makes_it_of_the_recorded_one() -> None:
    entry = Entry("a", "", "", former_keys=("a0",))
    assert [has_new_key(entry, recorded(key)) for key in ("a", "a0", "b")] == [False, False, True]


# --- articles

BODY = "The district government said on Tuesday that the programme will run for three years."


def known(
    id_: int = 1, *, title: str = "Fund opens", address: str = "https://a.example/1", text: str = BODY, by: str = "one"
) -> KnownArticle:
    return KnownArticle(id_, 10 + id_, address, text_key(title, text), title, address, (by,), text)


def change(title: str = "Fund opens", address: str = "https://a.example/1", text: str = BODY) -> EntryChange:
    return EntryChange(
        Entry("key", title, address), Article(address, title, text), address, text_key(title, text), "hash"
    )


def test_an_unknown_article_is_new() -> None:
    result = DedupIndex([known(address="https://a.example/2", title="Another", text="x" * 99)]).classify(
        change(), "two"
    )
    assert result.same is None
    assert result.placement.relation == "new"
    assert result.placement.story is None


def test_the_same_address_and_title_is_the_same_article_even_at_its_own_source() -> None:
    result = DedupIndex([known()]).classify(change(text="other words"), "one")
    assert result.same == known()


def test_the_same_address_and_text_at_another_source_is_the_same_article_whatever_its_title() -> None:
    result = DedupIndex([known()]).classify(change(title="District opens fund", text=BODY.upper()), "two")
    assert result.same == known()


@pytest.mark.parametrize("text", ["", "Read more.", BODY])
def test_another_title_and_text_under_one_address_is_another_article(text: str) -> None:
    """A page of notices: every source links to it, whatever it lists."""
    page = known(title="Notice one", text="" if text == BODY else text)
    result = DedupIndex([page]).classify(change(title="Notice two, another", text=text), "two")
    assert result.same is None
    assert (result.placement.relation, result.placement.story) == ("new", None)


def test_what_has_no_title_is_named_by_its_address_and_text() -> None:
    dedup = DedupIndex([known(title="", text="Short.")])
    assert dedup.classify(change(title="", text="short."), "two").same is not None
    assert dedup.classify(change(title="", text="Other."), "two").same is None


def test_a_revised_article_is_known_by_what_it_is_now() -> None:
    dedup = DedupIndex([known()])
    dedup.revise(known(title="Fund closes", address="https://a.example/2"))
    assert dedup.classify(change(), "two").placement.relation == "new"
    assert dedup.classify(change("Fund closes", "https://a.example/2"), "one").same is not None
    assert dedup.classify(change("Fund closes", "https://b.example/9"), "one").placement.relation == "copy"


def test_an_article_that_is_revised_is_compared_with_later_ones_though_it_was_no_neighbour() -> None:
    dedup = DedupIndex()
    dedup.revise(known())
    assert dedup.classify(change(), "two").same == known()


def test_a_source_that_lists_another_title_under_an_address_lists_another_article() -> None:
    """A page of release notes: every entry links to it."""
    result = DedupIndex([known(title="Version 1")]).classify(change(title="Version 2", text="Other"), "one")
    assert result.same is None
    assert result.placement.relation == "new"


def test_an_address_with_several_titles_names_no_article() -> None:
    dedup = DedupIndex([known(1, title="Version 1", text=""), known(2, title="Version 2", text="")])
    assert dedup.classify(change(title="Version 3", text=""), "two").same is None


def test_a_second_source_of_such_a_page_loses_no_entry_either() -> None:
    """The first entry of the second source joins the only known article; its second one must not."""
    dedup = DedupIndex([known(title="Version 1", text="")])
    assert dedup.classify(change(title="Version 1", text=""), "two").same is not None
    assert dedup.classify(change(title="Version 2", text=""), "two").same is None


@pytest.mark.parametrize("address", ["https://a.example/", "https://a.example", ""])
def test_the_root_of_a_site_and_no_address_name_no_article(address: str) -> None:
    dedup = DedupIndex([known(address=address, text="")])
    assert dedup.classify(change(address=address, text=""), "two").same is None


def test_the_same_title_and_text_elsewhere_is_a_copy_in_the_same_story() -> None:
    result = DedupIndex([known()]).classify(change(address="https://b.example/9"), "two")
    assert result.same is None
    assert (result.placement.relation, result.placement.story, result.placement.of) == ("copy", 11, known().url)


def test_boilerplate_under_different_titles_is_no_copy() -> None:
    other = change(title="Another fund", address="https://a.example/2")
    assert DedupIndex([known()]).classify(other, "one").placement.relation == "new"


def test_articles_of_the_same_poll_are_compared_with_one_another() -> None:
    dedup = DedupIndex()
    dedup.add(known(7))
    assert dedup.classify(change(address="https://b.example/9"), "two").placement.of == known().url


NAMED = "https://a.example/2026/fund-opens"


def named(canonical: str = NAMED, **said: str) -> EntryChange:
    """Return an article whose page names an address."""
    one = change(**{"address": "https://a.example/?p=4711", **said})
    return replace(one, article=replace(one.article, canonical=canonical))


def same(dedup: DedupIndex, one: EntryChange, source: str = "two") -> bool:
    found = dedup.classify(one, source)
    assert found.by_page == (found.same is not None)
    return found.same is not None


def test_an_article_is_that_at_the_address_which_its_page_names() -> None:
    assert same(DedupIndex([known(address=NAMED)]), named(text=f"{BODY} More on the page."))
    assert same(DedupIndex([known(address=NAMED)]), named(text=f"{BODY} More on the page."), "one")


def test_an_article_at_an_address_is_the_one_whose_page_named_it() -> None:
    page = replace(known(address="https://a.example/?p=4711"), further=(NAMED,))
    assert same(DedupIndex([page]), change(address=NAMED, text=f"{BODY} More."))
    assert same(DedupIndex([page]), named(address="https://a.example/app/9", text=f"{BODY} More."))


def test_a_named_address_with_the_same_numbers_needs_the_title_alone_at_another_source() -> None:
    page = named(
        "https://a.example/news/4711", address="https://a.example/mobile/show/4711", text="What the page says."
    )
    dedup = DedupIndex([known(address="https://a.example/news/4711", text="")])
    assert same(dedup, page)
    assert not same(DedupIndex([known(address="https://a.example/news/4711", text="")]), page, "one")
    others = [known(address=f"https://a.example/news/{name}", text="") for name in ("471", "4711/plan")]
    assert not any(same(DedupIndex([other]), page) for other in others)


def test_of_two_texts_under_one_title_and_a_named_address_none_is_lost() -> None:
    south = "The agency approved 500 million for the southern project and asks contractors to apply now."
    north = "The agency rejected the northern project, since the environmental study is incomplete."
    first = known(title="Press statement", address="https://a.example/press/statement-south", text=south)
    for address in ("https://a.example/press/statement-north", "https://a.example/press/1/statement-south"):
        second = named(first.address, title="Press statement", address=address, text=north)
        assert not same(DedupIndex([first]), second)


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/rates?day=1130",  # less than its own address
        "https://a.example/rates/2026/1130",
        "https://a.example/show/1130",  # other numbers
    ],
)
def test_a_named_address_that_says_less_needs_the_text(address: str) -> None:
    at = "https://a.example/rates"
    today = named(at, title="Rates", address=address, text="One is 7.12 today, as the bank has said this morning.")
    other = known(title="Rates", address=at, text="One is 7.09 today, as the bank has said this morning.")
    assert not same(DedupIndex([other]), today)
    assert same(DedupIndex([replace(other, text=f"{today.article.text} More.")]), today)


@pytest.mark.parametrize("text", ["", "Read more.", BODY])
def test_another_title_under_a_named_address_is_another_article(text: str) -> None:
    dedup = DedupIndex([known(title="Notice one", address=NAMED, text=text)])
    assert not same(dedup, named(title="Notice two", text=text))


def test_different_articles_whose_pages_name_one_address_are_never_joined_by_it() -> None:
    dedup = DedupIndex()
    for number in range(6):
        one = named(
            "https://a.example/notices", address=f"https://a.example/n-{'abcdef'[number]}", text=f"No {number}."
        )
        assert not same(dedup, one, "one")
        dedup.add(
            replace(known(number, address=one.address, text=one.article.text), further=(NAMED, one.article.canonical))
        )


def test_an_address_that_many_pages_name_is_that_of_none() -> None:
    pages = [
        replace(known(n, title=f"Notice {n}", address=f"https://a.example/{n}", text=f"{n}"), further=(NAMED,))
        for n in range(2)
    ]
    third = replace(known(9, address="https://a.example/9"), further=(NAMED,))
    assert same(DedupIndex([*pages[:1], third]), named(text=f"{BODY} More."))
    assert not same(DedupIndex([*pages, third]), named(text=f"{BODY} More."))


def test_a_root_that_a_page_names_is_no_address() -> None:
    dedup = DedupIndex([replace(known(text=""), further=("https://a.example/",))])
    assert not same(dedup, named("https://a.example/", text="Other words"))


def test_an_article_that_is_revised_keeps_its_further_addresses() -> None:
    dedup = DedupIndex([replace(known(address="https://a.example/?p=4711"), further=(NAMED,))])
    dedup.revise(known(address="https://a.example/?p=4711", title="Fund opens today"))
    assert same(dedup, change(title="Fund opens today", address=NAMED, text=f"{BODY} More."))


def test_where_pages_are_not_trusted_they_make_copies() -> None:
    found = DedupIndex([known(address=NAMED)]).classify(named(text=f"{BODY} More."), "two", trust_pages=False)
    assert (found.same, found.placement.relation, found.placement.of_number) == (None, "copy", 1)


def test_typography_does_not_change_a_text_key() -> None:
    assert text_key("Fund “opens”", BODY) == text_key('fund "OPENS"', BODY.replace(" ", "\u00a0 ").upper())


@pytest.mark.parametrize(
    ("text", "long_enough"), [("", False), ("Read more.", False), (BODY, True), ("两江新区发布行动计划" * 2, True)]
)
def test_a_short_text_has_no_key(text: str, *, long_enough: bool) -> None:
    assert (text_key("Title", text) is not None) is long_enough


def test_a_content_hash_tells_each_part() -> None:
    hashes = {
        content_hash("a", "b", "c"),
        content_hash("x", "b", "c"),
        content_hash("a", "x", "c"),
        content_hash("a", "b", "x"),
    }
    assert len(hashes) == 4


@pytest.mark.parametrize("url", ["https://h.com", "http://www.h.com/?utm_source=rss#top", "https://h.com:8080//", ""])
def test_an_address_that_names_no_article_joins_none(url: str) -> None:
    assert address_forms(url) == set()


@pytest.mark.parametrize("url", ["https://h.com/a", "https://h.com/?id=1", "https://h.com/#!/a", "mailto:a@b.c"])
def test_an_address_that_names_an_article_has_a_form(url: str) -> None:
    assert url in address_forms(url)
