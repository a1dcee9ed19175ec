"""Recognise known entries and articles. Pure.

Entries of a source are recognised by their keys, or by their titles if the source moved (`renamed`). A key may have
its present form or the form of an earlier version of this program: so known entries stay known when the rules for keys
change. The same key may also lead to another article than before (`renamed`, decision 0006).

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

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from monitor.model import Article, Entry, EntryChange, KnownArticle, KnownEntry, Placement
from monitor.model.polling import SHARED_ADDRESS
from monitor.text.address import canonical_url, parse
from monitor.text.fold import fold_text

MIN_TEXT_LENGTH: Final = 40
"""Minimum number of letters of a text that identifies an article."""

_HAN_WEIGHT: Final = 3
"""A Han character says about as much as three Latin letters."""

_AMP = re.compile(r"(?:/amp|[._-]amp(?=\.|$))", re.IGNORECASE)
_NUMBERS = re.compile(r"\d+")
_NOT_LETTERS = re.compile(r"[\W_]+")  # every character that is not a letter or digit in the sense of `str.isalnum`


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


def has_new_key(entry: Entry, known: KnownEntry) -> bool:
    """Return whether the source gave a known entry another key. Another form of the same key does not count."""
    return known.key != entry.key and known.key not in entry.former_keys


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
            placement = Placement(named.story_id, "copy", named.url, 1.0, _SAME_PAGE_ADDRESS_REASON, of_number=named.id)
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
        is_long_enough = latin_length(letters_of(text)) >= MIN_TEXT_LENGTH
        return articles[0] if is_long_enough and fold_text(articles[0].text) == text else None

    def _find_at_named_address(self, change: EntryChange, source: str) -> KnownArticle | None:
        """Return the known article with the same address, if the page of one of the two articles states it."""
        own, stated = change.address, address_stated_by_page(change)
        pairs = [(article, own) for article in self._by_further.get(own, ())]
        if stated:
            found = (*self._by_address.get(stated, ()), *self._by_further.get(stated, ()))
            pairs += [(article, stated) for article in found]
        here = {article.id: (article, shared) for article, shared in pairs}
        if len(here) >= SHARED_ADDRESS:
            return None
        for article, shared in sorted(here.values(), key=lambda pair: pair[0].id):
            at_it = shared in (own, article.address) and source not in self._listed_by[article.id]
            is_exact = is_as_exact(shared, own) and is_as_exact(shared, article.address)
            if have_same_words(change.article, article, identifying_address=at_it and len(here) == 1 and is_exact):
                return article
        return None


_SAME_PAGE_ADDRESS_REASON: Final = "its page states the same address, and one of the two texts contains the other"


def address_stated_by_page(change: EntryChange) -> str:
    """Return the canonical address that the article's page states, if the article is listed at another one; else ""."""
    stated = canonical_url(change.article.canonical)
    return stated if stated != change.address and address_forms(stated) else ""


def is_as_exact(shared: str, own: str) -> bool:
    """Return whether the address `shared` identifies an article as exactly as the article's own address.

    It must have all numbers of the own address, and must not be the beginning of it.
    """
    if shared == own:
        return True
    is_part = own.startswith(shared) and own[len(shared)] in "/?#"
    return not is_part and set(_NUMBERS.findall(own)) <= set(_NUMBERS.findall(shared))


def have_same_words(article: Article, known: KnownArticle, *, identifying_address: bool) -> bool:
    """Return whether title and text show that two articles with a common address are the same article.

    The text of one must contain the text of the other: offices give many notices one title, and a template may state
    one address on all of them. `identifying_address`: only one known article has the address, and another source lists
    it. Then the titles may differ. If one article has no text yet, an equal title and an equal last part of the address
    are enough, as on the page of a site for phones. An article whose text was removed is never the same.
    """
    if known.text_removed:  # its text may have been another one
        return False
    texts = sorted((fold_text(article.text), fold_text(known.text)), key=len)
    title = fold_text(article.title)
    same_title = bool(title) and title == fold_text(known.title)
    if latin_length(letters_of(texts[0])) >= MIN_TEXT_LENGTH:
        return texts[0] in texts[1] and (same_title or identifying_address)
    return same_title and identifying_address and _last_part(article.url) == _last_part(known.url) != ""


def _last_part(url: str) -> str:
    """Return the last part of the path of an address, without the addition of a page for phones (`/amp`)."""
    parts = parse(canonical_url(url))
    return "" if parts is None else _AMP.sub("", parts.path.rstrip("/")).rpartition("/")[2]


def text_key(title: str, text: str) -> str | None:
    """Return a hash of title and text, which does not depend on typography; None if the text is too short."""
    letters = letters_of(text)
    if latin_length(letters) < MIN_TEXT_LENGTH:
        return None
    return hashlib.sha256(f"{letters_of(title)}\n{letters}".encode("utf-8", "replace")).hexdigest()


def content_hash(title: str, url: str, text: str) -> str:
    """Return a hash of the whole content of an entry. If an entry has another hash than before, it was revised."""
    return hashlib.sha256(f"{title}\x00{url}\x00{text}".encode("utf-8", "replace")).hexdigest()


def letters_of(text: str) -> str:
    """Return the letters and digits of a text, folded."""
    return _NOT_LETTERS.sub("", fold_text(text))


def latin_length(letters: str) -> int:
    """Return the length of `letters` in Latin letters. Letters after the first `MIN_TEXT_LENGTH` do not count."""
    return sum(_HAN_WEIGHT if "㐀" <= c <= "鿿" else 1 for c in letters[:MIN_TEXT_LENGTH])


def address_forms(address: str) -> set[str]:
    """Return the forms in which an address may be recorded: as given, and in its present canonical form.

    Earlier versions of this program recorded addresses in other forms. The root address of a site does not identify an
    article: for it the result is empty.
    """
    now = canonical_url(address)
    parts = parse(now)
    is_root = parts is not None and parts.path == "/" and not parts.query and not parts.fragment
    return {address, now} if address and not is_root else set()
