"""Secrets by reference: `env:NAME` and `file:PATH`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from monitor.config.addresses import plain_address
from monitor.config.suggestions import nearest_name
from monitor.secret import MASK, Secret, password_of

MAX_SECRET_FILE: Final = 64 * 1024
# Masking shorter values would also mask parts of ordinary words.
MIN_PASSWORD_LENGTH: Final = 4
MIN_TOKEN_LENGTH: Final = 12


class SecretMissing(ValueError):
    """Raised if a secret that the file names is not available. The message says what to do."""


class Secrets:
    """Resolves the secrets that the file names. `found` are the secrets that were resolved so far."""

    def __init__(self, environ: Mapping[str, str], folder: Path) -> None:
        self.found: list[Secret] = []
        self._environ = environ
        self._folder = folder

    @property
    def context(self) -> dict[str, object]:
        """The context for pydantic: the function that resolves secrets, and the folder for relative paths."""
        return {"resolve_secret": self.resolve, "folder": self._folder}

    def resolve(self, text: str) -> Secret:
        """Return the secret that `text` refers to, or `text` itself as a secret.

        Raises SecretMissing, without any value.
        """
        if text.startswith("env:"):
            secret = _secret_from_environment(self._environ, text)
        elif text.startswith("file:"):
            secret = read_secret_file(self._folder, text)
        else:
            secret = Secret(text)
        self.found.append(secret)
        return secret


def read_secret_file(folder: Path, reference: str) -> Secret:
    """Return the content of the file that `file:PATH` names, without its last line end.

    Relative paths are in `folder`.
    """
    name = reference.removeprefix("file:")
    if not name:
        raise SecretMissing('"file:" names no file; write file:PATH')
    try:
        with (folder / name).open("rb") as file:
            body = file.read(MAX_SECRET_FILE + 1)
    except OSError as wrong:
        raise SecretMissing(f"{reference} cannot be read: {wrong.strerror}; put the secret into that file") from None
    if len(body) > MAX_SECRET_FILE:
        raise SecretMissing(
            f"{reference} is larger than {MAX_SECRET_FILE // 1024} KiB; name a file that holds only the secret"
        )
    try:
        value = body.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise SecretMissing(f"{reference} is not UTF-8; save it as UTF-8 text") from None
    if not value.strip():
        raise SecretMissing(f"{reference} is empty; put the secret into that file")
    return Secret(value, reference)


def _secret_from_environment(environ: Mapping[str, str], reference: str) -> Secret:
    name = reference.removeprefix("env:")
    if not name:
        raise SecretMissing('"env:" names no variable; write env:NAME')
    if name not in environ:
        near = nearest_name(name, environ)
        hint = f' ("{near}" is set: did you mean that?)' if near else ""
        raise SecretMissing(f"the environment variable {name} is not set{hint}; set it, or write file:PATH")
    if not environ[name].strip():
        raise SecretMissing(f"the environment variable {name} is empty; set it to the secret")
    return Secret(environ[name].strip(), reference)


def values_to_redact(secrets: Iterable[Secret]) -> tuple[Secret, ...]:
    """Return `secrets`, and parts of them that a message could contain alone: passwords, and tokens in web addresses.

    Values that are too short to be secrets are left out, since masking them would make messages unreadable. Addresses
    without a secret in them are also left out.
    """
    hidden: dict[Secret, None] = {}
    for secret in secrets:
        if secret.origin == "inline" and not is_plaintext(secret):
            continue
        value = secret.reveal()
        for part in (value, *_secret_parts(value)):
            if len(part) >= MIN_PASSWORD_LENGTH:
                hidden.setdefault(secret if part == value else Secret(part, secret.origin))
    return tuple(hidden)


def mask_password(url: str) -> str:
    """Return `url` with `***` in place of its password, if it has one. Full-width signs become plain ones."""
    plain = plain_address(url)
    password = password_of(plain)
    if not password:
        return url
    head, _, tail = plain.rpartition("@")
    return f"{head.removesuffix(password)}{MASK}@{tail}"


def is_plaintext(secret: Secret) -> bool:
    """Return whether a secret is in plain text in the file. An address without a password or token is not secret."""
    if secret.origin != "inline":
        return False
    return "://" not in secret.reveal() or bool(_secret_parts(secret.reveal()))


def _secret_parts(value: str) -> list[str]:
    """Return the parts of an address that are secret by themselves."""
    if "://" not in value:
        return []
    try:
        split = urlsplit(value)
    except ValueError:
        return []
    parts = [split.password, unquote(split.password)] if split.password else []
    if split.scheme in ("http", "https"):
        path = split.path.strip("/")
        parts += [part for part in (path, path.rpartition("/")[2], split.query) if len(part) >= MIN_TOKEN_LENGTH]
    return list(dict.fromkeys(parts))
