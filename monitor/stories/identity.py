"""An article known again by what names it: its canonical address or its very text.

Two articles taken for one lose an announcement, two rows for one article only repeat it. So what is in doubt is new:

- An address names an article only together with its title, for a page may be the link of each of its notices. To
  another source's only article there it does so together with its text too, if that is long enough to be no
  boilerplate. The bare root of a site names nothing.
- A text elsewhere names an article only together with its title, and when it is as long.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from monitor.model import Find, KnownArticle, Placement
from monitor.text.address import bare_host, canonical_url
from monitor.text.fold import folded

MIN_TEXT = 40
"""Letters that a text needs to name an article; a Han character says about as much as three Latin letters."""

_HAN_WEIGHT = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """`same` is the very article, already in the archive; None: another one, and `placement` says where it goes."""

    same: KnownArticle | None
    placement: Placement


class Neighbours:
    """The articles with which new ones are compared: those of the archive and those of the same poll."""

    def __init__(self, known: Iterable[KnownArticle] = ()) -> None:
        self._by_address: dict[str, list[KnownArticle]] = defaultdict(list)
        self._by_text: dict[str, list[KnownArticle]] = defaultdict(list)
        self._listed_by: dict[int, set[str]] = defaultdict(set)
        self._known: dict[int, KnownArticle] = {}
        for article in known:
            self.add(article)

    def add(self, article: KnownArticle) -> None:
        """Let later articles be compared with this one."""
        self._known[article.id] = article
        self._listed_by[article.id].update(article.sources)
        for address in _forms(article.address):
            self._by_address[address].append(article)
        if article.text_key is not None:
            self._by_text[article.text_key].append(article)

    def revise(self, article: KnownArticle) -> None:
        """Let later articles be compared with what this one is now, and no more with what it was."""
        before = self._known.get(article.id)
        if before is not None:
            named_by = [self._by_address[address] for address in _forms(before.address)]
            for named in (*named_by, self._by_text[before.text_key or ""]):
                named[:] = [other for other in named if other.id != article.id]
        self.add(article)

    def place(self, find: Find, source: str) -> Verdict:
        """Say whether the article of `find`, listed by `source`, is known, a copy of one that is, or new."""
        same = self._at_address(find, source)
        if same is not None:
            self._listed_by[same.id].add(source)
            reason = "the same address, and the same title or text"
            return Verdict(same, Placement(same.story_id, "copy", of=same.url, reason=reason))
        twin = self._with_text(find)
        if twin is not None:
            return Verdict(None, Placement(twin.story_id, "copy", of=twin.url, reason="the same title and text"))
        return Verdict(None, Placement(None, "new", reason="no article has its address or its text"))

    def _at_address(self, find: Find, source: str) -> KnownArticle | None:
        here = self._by_address.get(find.address, [])
        title, text = folded(find.article.title), folded(find.article.text)
        for article in here:
            if folded(article.title) == title and (title or folded(article.text) == text):
                return article
        # Several titles under one address: the address names a page, not an article.
        if len(here) != 1 or source in self._listed_by[here[0].id]:
            return None
        return here[0] if _long_enough(_letters(text)) and folded(here[0].text) == text else None

    def _with_text(self, find: Find) -> KnownArticle | None:
        if find.text_key is None:
            return None
        return next(iter(self._by_text.get(find.text_key, [])), None)


def text_key(title: str, text: str) -> str | None:
    """A hash of title and text that survives typography: equal for the same article anywhere. None if too short."""
    letters = _letters(text)
    if not _long_enough(letters):
        return None
    return hashlib.sha256(f"{_letters(title)}\n{letters}".encode("utf-8", "replace")).hexdigest()


def content_hash(title: str, url: str, text: str) -> str:
    """A hash of all that an entry says: another one means that the entry was revised."""
    return hashlib.sha256(f"{title}\x00{url}\x00{text}".encode("utf-8", "replace")).hexdigest()


def _letters(text: str) -> str:
    return "".join(c for c in folded(text) if c.isalnum())


def _long_enough(letters: str) -> bool:
    return sum(_HAN_WEIGHT if "㐀" <= c <= "鿿" else 1 for c in letters[: MIN_TEXT + 1]) >= MIN_TEXT


def _forms(address: str) -> set[str]:
    """Return the forms of an address by which articles are looked for: as recorded, and as it would be recorded now.

    Articles of an earlier version have an address by the rules of then. One that names no article has no form.
    """
    return {address, canonical_url(address)} if address and not bare_host(address) else set()
