"""Remove the secrets of a request from what a source says. Pure.

A link that is relative to the feed inherits parts of the feed's address, and many private feeds write their key into
every link. In both ways the secret would get into the database, and from there into every mail.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import SplitResult, unquote, unquote_plus, urlsplit

from monitor.model import Article, Entry, Reading, Source
from monitor.secret import MASK
from monitor.sources.keys import assign_keys
from monitor.text.address import canonical_url

MIN_LENGTH: Final = 4
"""Minimum characters of a password or a parameter's value that is treated as a secret."""

MIN_LENGTH_INSIDE: Final = 6
"""Minimum characters of a value that is looked for in other texts. Shorter values may be part of any word."""

# A part of a path that looks like a key, with capitals or with digits and letters. Usual words are in lower case.
_TOKEN_SEGMENT = re.compile(r"(?=.*[A-Z]|.*[0-9].*[a-z]|.*[a-z].*[0-9])[\w~=-]{6,}")

# Keys that cannot be in an article's text by chance: long, with both digits and letters.
_KEY_IN_TEXT = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[\w~=+/-]{10,}")


def redact(reading: Reading, source: Source, answered_at: str = "") -> Reading:
    """Return `reading` without the secrets in the address, headers and body with which `source` is requested.

    From the address of an entry, parameters are removed that the source's address has, too. The address is dropped if
    it is the source's own address, or still contains a secret. A key that contains a secret is replaced by the entry's
    address, or by a hash if there is no address. `answered_at` is the address that answered: after a redirect it may
    repeat secrets.
    """
    if not source.address_is_secret and not source.request.secrets:
        return reading
    known = _SourceSecrets.of(source, answered_at)
    cleaned = [_redact_entry(entry, known) for entry in reading.entries]
    entries = assign_keys(cleaned)
    # Keys may have changed. Entries are recognised by everything else.
    cut = {
        replace(clean, key="")
        for entry, clean in zip(reading.entries, cleaned, strict=True)
        if entry.key in reading.unfinished
    }
    return replace(
        reading,
        entries=entries,
        title=known.mask(reading.title) if reading.title else reading.title,
        next_url=known.address(reading.next_url) or None if reading.next_url else None,
        problems=tuple(map(known.mask_message, reading.problems)),
        cuts=tuple(map(known.mask_message, reading.cuts)),
        shortened=tuple(map(known.mask_message, reading.shortened)),
        parts=tuple(replace(sitemap, url="", stated=known.mask(sitemap.stated)) for sitemap in reading.parts),
        unfinished=frozenset(entry.key for entry in entries if replace(entry, key="") in cut),
        language=known.mask(reading.language) if reading.language else reading.language,
    )


def redact_message(text: str, source: Source) -> str:
    """Return `text`, this program's message about `source`, without secrets of the source's address and request."""
    if not source.address_is_secret and not source.request.secrets:
        return text
    return _SourceSecrets.of(source, "").mask_message(text)


def redact_article(article: Article, source: Source) -> Article:
    """Return `article`, read from its page, without secrets of the request."""
    words = source.request.secrets
    if not words:
        return article
    return replace(
        article,
        url="" if _contains_any(article.url, words) else article.url,
        title=_mask(article.title, words),
        text=_mask(article.text, words),
        language=_mask(article.language, words) if article.language else article.language,
        site=_mask(article.site, words) if article.site else article.site,
        authors=tuple(_mask(author, words) for author in article.authors),
        problems=tuple(_mask(problem, words) for problem in article.problems),
        shortened=_mask(article.shortened, words),
        dated_by=_mask(article.dated_by, words),
        origin=_mask(article.origin, words) if article.origin else article.origin,
        attachments=tuple(address for address in article.attachments if not _contains_any(address, words)),
        next_url=None if _contains_any(article.next_url or "", words) else article.next_url,
        canonical="" if _contains_any(article.canonical, words) else article.canonical,
    )


def _contains_any(address: str, secrets: Iterable[str]) -> bool:
    forms = (address, unquote(address), unquote_plus(address))
    return any(secret in form for secret in secrets for form in forms)


def _mask(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, MASK)
    return text


def _redact_entry(entry: Entry, secrets: _SourceSecrets) -> Entry:
    return replace(
        entry,
        key="" if secrets.is_in(entry.key) else entry.key,
        former_keys=tuple(key for key in entry.former_keys if not secrets.is_in(key)),
        url=secrets.address(entry.url),
        former_addresses=tuple(map(secrets.address, entry.former_addresses)),
        title=secrets.mask(entry.title),
        former_titles=tuple(map(secrets.mask, entry.former_titles)),
        summary=secrets.mask(entry.summary),
        content=secrets.mask(entry.content),
        author=secrets.mask(entry.author) if entry.author else entry.author,
        language=secrets.mask(entry.language) if entry.language else entry.language,
        tags=tuple(map(secrets.mask, entry.tags)),
    )


@dataclass(frozen=True, slots=True)
class _SourceSecrets:
    """The secrets of a source.

    `addresses`: whole addresses (empty if only the password is secret). `parameters`: secret parameters. `parts`:
    secret parts of addresses. `words`: secrets that are also masked in the texts of articles: headers, parts of the
    body, and keys in the address.
    """

    addresses: tuple[str, ...]
    parameters: frozenset[str]
    parts: tuple[str, ...]
    words: tuple[str, ...]

    @classmethod
    def of(cls, source: Source, answered_at: str) -> _SourceSecrets:
        words = source.request.secrets
        if not source.address_is_secret:
            return cls((), frozenset(), words, words)
        asked = tuple(filter(None, dict.fromkeys((source.url, answered_at))))
        parts = dict.fromkeys(part for url in asked for part in _secret_parts(url) if part not in source.shown_url)
        if source.shown_url.startswith(("http://", "https://")):  # only the password in the address is secret
            return cls((), frozenset(), (*parts, *words), words)
        words = (*words, *filter(_KEY_IN_TEXT.fullmatch, parts))
        parameters = frozenset(
            pair for url in asked for pair in _parameters(urlsplit(url)) if len(pair[1]) >= MIN_LENGTH
        )
        return cls(asked, frozenset("=".join(pair) for pair in parameters), (*parts, *words), words)

    def address(self, url: str) -> str:
        """Return `url` without secret parameters; "" if it is secret itself or still contains a secret."""
        if not url or self._is_secret_address(url):
            return ""
        split = urlsplit(url)
        kept = "&".join(pair for pair in split.query.split("&") if unquote_plus(pair) not in self.parameters)
        url = split._replace(query=kept).geturl() if kept != split.query else url
        return "" if self.is_in(url) else url

    def is_in(self, text: str) -> bool:
        """Return whether `text`, a key or an address, contains a secret, with or without escapes."""
        forms = (text, unquote(text), unquote_plus(text))
        return self._is_secret_address(text) or any(part in form for part in self.parts for form in forms)

    def mask(self, text: str) -> str:
        """Return `text` with secret addresses and words masked."""
        return _mask(text, (*self.addresses, *self.words))

    def mask_message(self, text: str) -> str:
        """Return `text`, a message of the program, with all secrets masked."""
        text = self.mask(text)
        for part in self.parts:
            text = text.replace(part, MASK)
        return text

    def _is_secret_address(self, url: str) -> bool:
        place = _comparable_address(url)
        return any(place == _comparable_address(address) for address in self.addresses)


def _comparable_address(url: str) -> str:
    """Return an address without its fragment, in the form in which addresses are compared."""
    return canonical_url(url.partition("#")[0])


def _secret_parts(url: str) -> Iterator[str]:
    """Yield the parts of an address that are secret wherever they appear, each with and without escapes."""
    split = urlsplit(url)
    names = (segment.partition(".")[0] for segment in split.path.split("/"))
    values = (split.query, *(value for _, value in _parameters(split)))
    found = (
        *(part for part in (split.password or split.username,) if part and len(part) >= MIN_LENGTH),
        *(value for value in values if len(value) >= MIN_LENGTH_INSIDE),
        *(name for name in names if _TOKEN_SEGMENT.fullmatch(name)),
    )
    for part in found:
        yield from (part, unquote(part))


def _parameters(split: SplitResult) -> Iterator[tuple[str, str]]:
    """Yield the parameters of an address, without escapes."""
    for pair in split.query.split("&"):
        name, _, value = pair.partition("=")
        yield unquote_plus(name), unquote_plus(value)
