"""Recognise known entries and articles. Pure.

Entries of a source are recognised by their keys, or by their titles if the source moved. A key may have its present
form or the form of an earlier version of this program: so known entries stay known when the rules for keys change. The
same key may also lead to another article than before (decision 0006).

An article is recognised by its canonical address or its exact text. If two articles are taken for the same article, an
announcement is lost. If one article is taken for two, an announcement is only repeated. So an article in doubt is new:

An address identifies an article only together with its title, because several notices may link to one page. If only
one article has the address, and another source lists it, the address also identifies the article together with its
text, if the text is too long to be boilerplate. The root address of a site identifies nothing.

An article's page may state a canonical address. Some templates state a list, the home page or one and the same article
on all pages. So this address counts only if the text of one article contains the text of the other; or, where one of
them has no text yet, if the titles and the last parts of the addresses are equal.

An equal text at another address identifies an article only together with its title.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeVar

from monitor.model import Article, Entry, EntryChange, KnownArticle, KnownEntry, Placement
from monitor.model.polling import SHARED_ADDRESS
from monitor.stories.same import (
    MIN_TEXT_LENGTH,
    address_forms,
    further_address,
    have_same_words,
    latin_length,
    only_letters,
    tells,
)
from monitor.text.address import canonical_url
from monitor.text.fold import fold_text

MIN_KNOWN_TITLES: Final = 3
"""Minimum number of known titles by which the entries of a source that moved are recognised."""

MIN_TITLE_LENGTH: Final = 12
"""Minimum number of letters of a title by which an entry is recognised."""

T = TypeVar("T")


# --- entries


def known_by_key(entries: Sequence[Entry], found: Mapping[str, KnownEntry]) -> dict[str, KnownEntry]:
    """Return the recorded state of `entries`, by their present keys. `found` has the state by present and former keys.

    A recorded key belongs to one entry. If several entries have the same former key, it belongs to the first of them.
    """
    known = {entry.key: found[entry.key] for entry in entries if entry.key in found}
    taken = {recorded.key for recorded in known.values()}
    for entry in entries:
        former = next((key for key in entry.former_keys if key in found and found[key].key not in taken), None)
        if entry.key not in known and former is not None:
            known[entry.key] = found[former]
            taken.add(found[former].key)
    return known


def known_by_title(
    entries: Sequence[Entry], known: Mapping[str, KnownEntry], recorded: Iterable[tuple[str, str, KnownEntry]]
) -> dict[str, KnownEntry]:
    """Return the recorded state of unknown `entries` by their titles, if most have another key or address now.

    `known` is the state that was found by keys. `recorded` has the titles and addresses of the source's recorded
    entries. At least three long titles must be found, because a few equal titles may belong to a series. Entries with
    their recorded title and address are found without this minimum. Titles that occur twice are ignored.
    """
    titles = _without_repeated(
        (fold_text(title).strip(), (url, recorded_entry)) for title, url, recorded_entry in recorded
    )
    listed = _without_repeated((fold_text(entry.title).strip(), entry) for entry in entries)
    taken = {one.key for one in known.values()}  # a recorded entry is found only once
    found, in_place = {}, {}
    for title, entry in listed.items():
        url, one = titles.get(title, ("", None))
        if one is None or entry.key in known or one.key in taken:
            continue
        if latin_length(title) >= MIN_TITLE_LENGTH:
            found[entry.key] = one
        if address_forms(canonical_url(url)) & address_forms(canonical_url(entry.url)):
            in_place[entry.key] = one
    if len(found) >= MIN_KNOWN_TITLES and len(found) * 2 > len(entries):
        return found | in_place
    return in_place if len(in_place) * 2 > len(entries) else {}


def has_new_key(entry: Entry, known: KnownEntry) -> bool:
    """Return whether the source gave a known entry another key. Another form of the same key does not count."""
    return known.key != entry.key and known.key not in entry.former_keys


def is_other_article(
    listed: Article,
    old: Article,
    *,
    same_title: bool,
    is_only_entry: bool,
    has_shared_address: bool = False,
    former_addresses: Iterable[str] = (),
) -> bool:
    """Return whether the article that is now listed under the key of `old` is another article, not an edit of it.

    Some sources number their entries by position, or use numbers again. So if title and address changed, the article is
    an edit only if it has the same date to the second. Midnight does not count, because it is how programs write a day.
    `is_only_entry`: the source lists one entry, known by its address, like the feed of an office that shows its latest
    notice under the address of the office. Then another title means another notice, and so does another date with
    another text. `has_shared_address`: several entries of the list have the same address. Then another title means
    another article. If the entry has no address, another title with another date means another article.
    `former_addresses` are the forms in which earlier versions of this program may have read the listed address.
    """
    if _same_second(listed, old):
        return False
    if canonical_url(old.url) not in map(canonical_url, (listed.url, *former_addresses)):
        return not same_title
    moments = listed.published, old.published
    other_date = None not in moments and len({moment and moment.at for moment in moments}) > 1
    if is_only_entry:
        return not same_title or (other_date and fold_text(listed.text) not in fold_text(old.text))
    return not same_title and (has_shared_address or (other_date and not listed.url))


def _same_second(one: Article, other: Article) -> bool:
    if one.published is None or other.published is None:
        return False
    exact = one.published.precision == other.published.precision == "second"
    midnight = dt.time() in (one.published.at.time(), other.published.at.time())
    return exact and not midnight and one.published.at == other.published.at


def _without_repeated(pairs: Iterable[tuple[str, T]]) -> dict[str, T]:
    """Return the pairs whose first part occurs only once."""
    found: dict[str, T] = {}
    seen: set[str] = set()
    for name, value in pairs:
        if name in seen:
            found.pop(name, None)
        else:
            found[name] = value
        seen.add(name)
    return found


# --- articles


@dataclass(frozen=True, slots=True)
class DedupResult:
    """The result for an article: `same` is the identical article in the archive.

    If `same` is None, the article is new, and `placement` is its place. `by_page`: the two articles are listed at
    different addresses, but share an address that a page states.
    """

    same: KnownArticle | None
    placement: Placement
    by_page: bool = False


class DedupIndex:
    """The articles with which new articles are compared: those of the archive and those of the same poll."""

    def __init__(self, known: Iterable[KnownArticle] = ()) -> None:
        self._by_address: dict[str, list[KnownArticle]] = defaultdict(list)
        self._by_further: dict[str, list[KnownArticle]] = defaultdict(list)
        self._by_text: dict[str, list[KnownArticle]] = defaultdict(list)
        self._listed_by: dict[int, set[str]] = defaultdict(set)
        self._known: dict[int, KnownArticle] = {}
        for article in known:
            self.add(article)

    def add(self, article: KnownArticle) -> None:
        """Remember this article, so that later articles are compared with it."""
        self._known[article.id] = article
        self._listed_by[article.id].update(article.sources)
        for address in address_forms(article.address):
            self._by_address[address].append(article)
        for address in article.further:
            self._by_further[address].append(article)
        if article.text_key is not None:
            self._by_text[article.text_key].append(article)

    def revise(self, article: KnownArticle) -> None:
        """Replace the state of a known article, so that later articles are compared with the new state."""
        before = self._known.get(article.id)
        if before is not None:
            named_by = [self._by_address[address] for address in address_forms(before.address)]
            further = (self._by_further[address] for address in before.further)
            for named in (*named_by, *further, self._by_text[before.text_key or ""]):
                named[:] = [other for other in named if other.id != article.id]
            article = replace(article, further=before.further)
        self.add(article)

    def classify(self, change: EntryChange, source: str, *, trust_pages: bool = True) -> DedupResult:
        """Return whether the article of `change`, listed by `source`, is known, a copy, or new.

        `trust_pages` False: a canonical address on a page can only make the article a copy, not a known article.
        """
        same = self._find_at_address(change, source)
        if same is not None:
            self._listed_by[same.id].add(source)
            reason = "the same address, and the same title or text"
            return DedupResult(same, Placement(same.story_id, "copy", of=same.url, reason=reason))
        named = self._find_at_named_address(change, source)
        if named is not None:
            placement = Placement(named.story_id, "copy", named.url, 1.0, _BY_PAGE, of_number=named.id)
            if not trust_pages:
                return DedupResult(None, placement)
            self._listed_by[named.id].add(source)
            self._by_further[change.address].append(named)
            return DedupResult(named, placement, by_page=True)
        if change.text_key is not None and (twins := self._by_text.get(change.text_key)):
            twin = twins[0]
            return DedupResult(
                None,
                Placement(twin.story_id, "copy", of=twin.url, reason="the same title and text", of_number=twin.id),
            )
        return DedupResult(None, Placement(None, "new", reason="no article has its address or its text"))

    def _find_at_address(self, change: EntryChange, source: str) -> KnownArticle | None:
        articles = self._by_address.get(change.address, [])
        title, text = fold_text(change.article.title), fold_text(change.article.text)
        for article in articles:
            if fold_text(article.title) == title and (title or fold_text(article.text) == text):
                return article
        # Several titles under one address: the address names a page, not an article.
        if len(articles) != 1 or source in self._listed_by[articles[0].id]:
            return None
        is_long_enough = latin_length(only_letters(text)) >= MIN_TEXT_LENGTH
        return articles[0] if is_long_enough and fold_text(articles[0].text) == text else None

    def _find_at_named_address(self, change: EntryChange, source: str) -> KnownArticle | None:
        """Return the known article with the same address, where at least one of the two addresses is from a page."""
        own, stated = change.address, further_address(change)
        pairs = [(article, own) for article in self._by_further.get(own, ())]
        if stated:
            found = (*self._by_address.get(stated, ()), *self._by_further.get(stated, ()))
            pairs += [(article, stated) for article in found]
        here = {article.id: (article, shared) for article, shared in pairs}
        if len(here) >= SHARED_ADDRESS:
            return None
        for article, shared in sorted(here.values(), key=lambda pair: pair[0].id):
            at_it = shared in (own, article.address) and source not in self._listed_by[article.id]
            telling = at_it and len(here) == 1 and tells(shared, own) and tells(shared, article.address)
            if have_same_words(change.article, article, telling=telling):
                return article
        return None


_BY_PAGE: Final = "its page names the same address, and the text of one is in the other's"
