"""Signs that two articles are the same article: addresses, titles and texts. Pure."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from monitor.model import Article, EntryChange, KnownArticle
from monitor.text.address import canonical_url, parse
from monitor.text.fold import fold_text

MIN_TEXT_LENGTH: Final = 40
"""Minimum number of letters of a text that identifies an article."""

_HAN_WEIGHT: Final = 3
"""A Han character says about as much as three Latin letters."""

_AMP = re.compile(r"(?:/amp|[._-]amp(?=\.|$))", re.IGNORECASE)
_NUMBERS = re.compile(r"\d+")
_NOT_LETTERS = re.compile(r"[\W_]+")  # every character that is not a letter or digit in the sense of `str.isalnum`


def further_address(change: EntryChange) -> str:
    """Return the canonical address that the article's page states, if the article is listed at another one; else ""."""
    stated = canonical_url(change.article.canonical)
    return stated if stated != change.address and address_forms(stated) else ""


def tells(shared: str, own: str) -> bool:
    """Return whether the address `shared` identifies an article as exactly as the article's own address.

    It must have all numbers of the own address, and must not be the beginning of it.
    """
    if shared == own:
        return True
    is_part = own.startswith(shared) and own[len(shared)] in "/?#"
    return not is_part and set(_NUMBERS.findall(own)) <= set(_NUMBERS.findall(shared))


def have_same_words(article: Article, known: KnownArticle, *, telling: bool) -> bool:
    """Return whether title and text show that two articles with a common address are the same article.

    The text of one must contain the text of the other: offices give many notices one title, and a template may state
    one address on all of them. `telling`: only one known article has the address, and another source lists it. Then the
    titles may differ; and if one article has no text yet, an equal title and an equal last part of the address are
    enough, as on the page of a site for phones.
    """
    texts = sorted((fold_text(article.text), fold_text(known.text)), key=len)
    title = fold_text(article.title)
    same_title = bool(title) and title == fold_text(known.title)
    if latin_length(only_letters(texts[0])) >= MIN_TEXT_LENGTH:
        return texts[0] in texts[1] and (same_title or telling)
    return same_title and telling and _last_part(article.url) == _last_part(known.url) != ""


def _last_part(url: str) -> str:
    """Return the last part of the path of an address that names something, without what a page for phones adds."""
    parts = parse(canonical_url(url))
    return "" if parts is None else _AMP.sub("", parts.path.rstrip("/")).rpartition("/")[2]


def text_key(title: str, text: str) -> str | None:
    """Return a hash of title and text, which does not depend on typography; None if the text is too short."""
    letters = only_letters(text)
    if latin_length(letters) < MIN_TEXT_LENGTH:
        return None
    return hashlib.sha256(f"{only_letters(title)}\n{letters}".encode("utf-8", "replace")).hexdigest()


def content_hash(title: str, url: str, text: str) -> str:
    """Return a hash of the whole content of an entry. If an entry has another hash than before, it was revised."""
    return hashlib.sha256(f"{title}\x00{url}\x00{text}".encode("utf-8", "replace")).hexdigest()


def only_letters(text: str) -> str:
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
