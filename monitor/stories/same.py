"""What two articles have in common that may make them one: addresses, titles, texts. Pure."""

from __future__ import annotations

import hashlib
import re
from typing import Final

from monitor.model import Article, EntryChange, KnownArticle
from monitor.text.address import canonical_url, parse
from monitor.text.fold import fold_text

MIN_TEXT_LENGTH: Final = 40
"""Letters that a text needs to name an article."""

_HAN_WEIGHT: Final = 3
"""A Han character says about as much as three Latin letters."""

_NUMBERS = re.compile(r"\d+")
_NOT_LETTERS = re.compile(r"[\W_]+")  # what is no letter and no digit, as `str.isalnum` has it


def further_address(change: EntryChange) -> str:
    """Return the canonical address that the article's page names, if it is another one than its own; else ""."""
    stated = canonical_url(change.article.canonical)
    return stated if stated != change.address and address_forms(stated) else ""


def tells(shared: str, own: str) -> bool:
    """Return whether an address names an article as exactly as its own one: with its numbers, and not a part of it."""
    if shared == own:
        return True
    is_part = own.startswith(shared) and own[len(shared)] in "/?#"
    return not is_part and set(_NUMBERS.findall(own)) <= set(_NUMBERS.findall(shared))


def have_same_words(article: Article, known: KnownArticle, *, telling: bool) -> bool:
    """Return whether the words of two articles say that they are one, of which a page names the address.

    `telling`: another source lists the one at just that address, which no other article has; then less is enough.
    """
    texts = sorted((fold_text(article.text), fold_text(known.text)), key=len)
    contained = latin_length(only_letters(texts[0])) >= MIN_TEXT_LENGTH and texts[0] in texts[1]
    title = fold_text(article.title)
    same_title = bool(title) and title == fold_text(known.title)
    return (same_title and (contained or telling)) or (contained and telling)


def text_key(title: str, text: str) -> str | None:
    """Return a hash of title and text, equal for differences in typography. None if they are too short."""
    letters = only_letters(text)
    if latin_length(letters) < MIN_TEXT_LENGTH:
        return None
    return hashlib.sha256(f"{only_letters(title)}\n{letters}".encode("utf-8", "replace")).hexdigest()


def content_hash(title: str, url: str, text: str) -> str:
    """Return a hash of the whole content of an entry: another hash means that the entry was revised."""
    return hashlib.sha256(f"{title}\x00{url}\x00{text}".encode("utf-8", "replace")).hexdigest()


def only_letters(text: str) -> str:
    """Return the letters and digits of a text, folded."""
    return _NOT_LETTERS.sub("", fold_text(text))


def latin_length(letters: str) -> int:
    """Return the length of `letters` in Latin letters, as far as the limits above need it."""
    return sum(_HAN_WEIGHT if "㐀" <= c <= "鿿" else 1 for c in letters[:MIN_TEXT_LENGTH])


def address_forms(address: str) -> set[str]:
    """Return the forms of an address to look for: as recorded, and as it would be recorded now.

    Articles of an earlier version have an address by the rules of then. One that leads to the root of a site names no
    article, and has no form.
    """
    now = canonical_url(address)
    parts = parse(now)
    is_root = parts is not None and parts.path == "/" and not parts.query and not parts.fragment
    return {address, now} if address and not is_root else set()
