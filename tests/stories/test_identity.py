"""Two articles taken for one lose an announcement; two rows for one article only repeat it."""

from __future__ import annotations

import pytest

from monitor.model import Article, Entry, Find, KnownArticle
from monitor.stories import Neighbours, content_hash, text_key

BODY = "The district government said on Tuesday that the programme will run for three years."


def known(
    id_: int = 1, *, title: str = "Fund opens", address: str = "https://a.example/1", text: str = BODY, by: str = "one"
) -> KnownArticle:
    return KnownArticle(id_, 10 + id_, address, text_key(title, text), title, address, (by,), text)


def find(title: str = "Fund opens", address: str = "https://a.example/1", text: str = BODY) -> Find:
    return Find(Entry("key", title, address), Article(address, title, text), address, text_key(title, text), "hash")


def test_an_unknown_article_is_new() -> None:
    verdict = Neighbours([known(address="https://a.example/2", title="Another", text="x" * 99)]).place(find(), "two")
    assert verdict.same is None
    assert verdict.placement.relation == "new"
    assert verdict.placement.story is None


def test_the_same_address_and_title_is_the_same_article_even_at_its_own_source() -> None:
    verdict = Neighbours([known()]).place(find(text="other words"), "one")
    assert verdict.same == known()


def test_the_same_address_and_text_at_another_source_is_the_same_article_whatever_its_title() -> None:
    verdict = Neighbours([known()]).place(find(title="District opens fund", text=BODY.upper()), "two")
    assert verdict.same == known()


@pytest.mark.parametrize("text", ["", "Read more.", BODY])
def test_another_title_and_text_under_one_address_is_another_article(text: str) -> None:
    """A page of notices: every source links to it, whatever it lists."""
    page = known(title="Notice one", text="" if text == BODY else text)
    verdict = Neighbours([page]).place(find(title="Notice two, another", text=text), "two")
    assert verdict.same is None
    assert (verdict.placement.relation, verdict.placement.story) == ("new", None)


def test_what_has_no_title_is_named_by_its_address_and_text() -> None:
    neighbours = Neighbours([known(title="", text="Short.")])
    assert neighbours.place(find(title="", text="short."), "two").same is not None
    assert neighbours.place(find(title="", text="Other."), "two").same is None


def test_a_revised_article_is_known_by_what_it_is_now() -> None:
    neighbours = Neighbours([known()])
    neighbours.revise(known(title="Fund closes", address="https://a.example/2"))
    assert neighbours.place(find(), "two").placement.relation == "new"
    assert neighbours.place(find("Fund closes", "https://a.example/2"), "one").same is not None
    assert neighbours.place(find("Fund closes", "https://b.example/9"), "one").placement.relation == "copy"


def test_an_article_that_is_revised_is_compared_with_later_ones_though_it_was_no_neighbour() -> None:
    neighbours = Neighbours()
    neighbours.revise(known())
    assert neighbours.place(find(), "two").same == known()


def test_a_source_that_lists_another_title_under_an_address_lists_another_article() -> None:
    """A page of release notes: every entry links to it."""
    verdict = Neighbours([known(title="Version 1")]).place(find(title="Version 2", text="Other"), "one")
    assert verdict.same is None
    assert verdict.placement.relation == "new"


def test_an_address_with_several_titles_names_no_article() -> None:
    neighbours = Neighbours([known(1, title="Version 1", text=""), known(2, title="Version 2", text="")])
    assert neighbours.place(find(title="Version 3", text=""), "two").same is None


def test_a_second_source_of_such_a_page_loses_no_entry_either() -> None:
    """The first entry of the second source joins the only known article; its second one must not."""
    neighbours = Neighbours([known(title="Version 1", text="")])
    assert neighbours.place(find(title="Version 1", text=""), "two").same is not None
    assert neighbours.place(find(title="Version 2", text=""), "two").same is None


@pytest.mark.parametrize("address", ["https://a.example/", "https://a.example", ""])
def test_the_root_of_a_site_and_no_address_name_no_article(address: str) -> None:
    neighbours = Neighbours([known(address=address, text="")])
    assert neighbours.place(find(address=address, text=""), "two").same is None


def test_the_same_title_and_text_elsewhere_is_a_copy_in_the_same_story() -> None:
    verdict = Neighbours([known()]).place(find(address="https://b.example/9"), "two")
    assert verdict.same is None
    assert (verdict.placement.relation, verdict.placement.story, verdict.placement.of) == ("copy", 11, known().url)


def test_boilerplate_under_different_titles_is_no_copy() -> None:
    other = find(title="Another fund", address="https://a.example/2")
    assert Neighbours([known()]).place(other, "one").placement.relation == "new"


def test_articles_of_the_same_poll_are_compared_with_one_another() -> None:
    neighbours = Neighbours()
    neighbours.add(known(7))
    assert neighbours.place(find(address="https://b.example/9"), "two").placement.of == known().url


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
