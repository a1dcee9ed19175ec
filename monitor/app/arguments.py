"""Find the secrets in an address that was passed to a command, so that its output can mask them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import SplitResult, parse_qsl, quote, quote_plus, unquote, urlsplit

from monitor.config.addresses import plain_address
from monitor.secret import MASK
from monitor.sources.posting import plaintext_secrets

MIN_PASSWORD: Final = 4
"""Shorter passwords are masked only within the address. In other texts they may be parts of ordinary words."""

_MIN_TOKEN_LENGTH: Final = 12
_TOKEN: Final = re.compile(r"(?=.*[0-9])(?=.*[A-Za-z])[\w~=+/.-]+")
_SEPARATORS: Final = re.compile(r"[-_.~=+/]")
_UUID: Final = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_FILE_EXTENSION: Final = re.compile(r"\.\w{2,5}$")
_ARTICLE_NUMBER: Final = re.compile(r"[A-Za-z]{0,3}[0-9]+")  # such as t20261120001, the number of an article


def secrets_in_address(address: str) -> tuple[tuple[str, str], ...]:
    """Return pairs of a secret part of `address` and the text to show in its place, the longest secrets first.

    Secrets are the login, the query values with names such as "token", and long tokens in the path, the query and the
    fragment. A token has letters and digits mixed, and is not made of words and numbers.
    """
    try:
        parts = urlsplit(plain_address(address))
    except ValueError:
        return ()
    found = dict(_login_secrets(parts))
    values = [value for _, value in parse_qsl(f"{parts.query}&{parts.fragment}")]
    values += [part for part in (parts.query, parts.fragment) if "=" not in part]
    segments = parts.path.split("/")
    hidden = [*plaintext_secrets(parts.query), *filter(_is_token, [*values, *segments])]
    for secret in hidden:
        if len(secret) >= MIN_PASSWORD:
            found |= dict.fromkeys((secret, unquote(secret), quote(secret, safe=""), quote_plus(secret)), MASK)
    return tuple(sorted(found.items(), key=lambda pair: len(pair[0]), reverse=True))


def without_secrets(address: str) -> str:
    """Return `address` without its secrets, so that it may be shown, for example in the name of a source."""
    for secret, shown in secrets_in_address(address):
        address = address.replace(secret, shown)
    return address


def _login_secrets(parts: SplitResult) -> Iterator[tuple[str, str]]:
    login, at, _ = parts.netloc.rpartition("@")
    if not at:
        return
    name, colon, password = login.partition(":")
    shown = MASK if _is_token(name) or not colon else name
    yield f"{login}@", f"{shown}:{MASK}@" if colon else f"{MASK}@"
    for secret in (password, unquote(password)) if shown == name else (password, unquote(password), name):
        if len(secret) >= MIN_PASSWORD:
            yield secret, MASK


def _is_token(text: str) -> bool:
    """Return whether a part of an address looks like an access key: it is long and not made of words and numbers."""
    text = _FILE_EXTENSION.sub("", unquote(text))
    if _UUID.fullmatch(text):
        return True
    pieces = _SEPARATORS.split(text)
    return any(
        len(piece) >= _MIN_TOKEN_LENGTH and _TOKEN.fullmatch(piece) is not None and not _ARTICLE_NUMBER.fullmatch(piece)
        for piece in pieces
    )
