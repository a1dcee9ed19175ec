"""What a changed entry makes of what its article stated."""

from __future__ import annotations

from monitor.collect.articles import NO_PAGE, Page
from monitor.collect.diff import ChangedEntry, article_of
from monitor.collect.entries import decide_entry
from monitor.model import Article, Decision, Difference, Entry, KnownEntry, Source
from monitor.rules import compile_rules

SOURCE = Source("bank", "https://bank.example/feed", "feed")
URL = "https://bank.example/7"
LESS = Difference("number", "500", "300 million yuan")
BEFORE, AFTER = "The bank lends 500 million yuan to firms.", "The bank lends 300 million yuan to firms."
RULES = compile_rules({"web3": "blockchain"})


def differences(
    text: str,
    before: Article,
    *,
    title: str = "Bank supports firms",
    known: str = "Bank supports firms",
    page_read: bool = False,
    page: str = "",
) -> tuple[Difference, ...]:
    """Return what a changed entry makes of `before`, with the page `page` if it was read."""
    entry = Entry("7", title, URL, summary=text)
    recorded = KnownEntry("7", "hash", 1, (), title=known, page_read=page_read)
    changed = ChangedEntry(entry, article_of(entry), "new hash", Decision("changed", ""), recorded, before)
    read = Page(Article(URL, title, page)) if page else NO_PAGE
    return decide_entry(changed, read, SOURCE, RULES).differences


def article(text: str, title: str = "Bank supports firms") -> Article:
    return Article(URL, title, text)


def test_an_edit_of_what_a_source_lists() -> None:
    assert differences(AFTER, article(BEFORE)) == (LESS,)
    assert differences(BEFORE.replace(".", " !"), article(BEFORE)) == ()


def test_an_edit_of_the_page() -> None:
    assert differences("x", article(BEFORE), page_read=True, page=AFTER) == (LESS,)


def test_a_page_that_is_read_for_the_first_time_is_no_edit_of_what_the_list_says() -> None:
    assert differences(BEFORE, article(BEFORE), page=AFTER) == ()


def test_a_page_that_cannot_be_read_this_time_is_none_either() -> None:
    assert differences(AFTER, article(BEFORE), page_read=True) == ()


def test_an_edit_of_the_title_as_the_source_lists_it() -> None:
    found = differences(BEFORE, article(BEFORE, "Another source's title"), title="Bank leaves firms alone")
    assert found == (Difference("title", "Bank supports firms", "Bank leaves firms alone"),)
    assert differences(BEFORE, article(BEFORE, "Another source's title")) == ()


def test_a_title_that_the_list_cuts_is_not_compared() -> None:
    assert differences(BEFORE, article(BEFORE), title="Bank sup…", known="Bank helps firms in the…") == ()


def test_a_new_entry_is_no_edit() -> None:
    entry = Entry("7", "Bank supports firms", URL, summary=AFTER)
    new = ChangedEntry(entry, article_of(entry), "hash", Decision("new", ""))
    assert decide_entry(new, NO_PAGE, SOURCE, RULES).differences == ()
