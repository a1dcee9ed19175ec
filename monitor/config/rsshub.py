"""Addresses `rsshub://ROUTE`: feeds that an RSSHub instance (https://docs.rsshub.app) makes for sites without feeds."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit, urlunsplit

from monitor.config.secrets import is_plaintext
from monitor.secret import Secret, is_reference

SCHEME: Final = "rsshub"


def is_rsshub(url: str) -> bool:
    """Return whether an address names a route of RSSHub."""
    return url.lower().startswith(f"{SCHEME}://")


def at_instance(route: Secret, instance: Secret | None) -> Secret:
    """Return the address of `route` at `instance`.

    The path of the instance comes before the route. Its query, such as an access key, comes after the query of the
    route. The `origin` of the result may be shown: it is that of `route` if the route or the instance is a secret, else
    the address. Raises ValueError, which says what to do, if no instance is configured or `route` is empty.
    """
    url, redacted = route.reveal(), route.origin
    if instance is None:
        raise ValueError(f'"{redacted}" needs an RSSHub instance; write rsshub = "https://…" under [fetch]')
    name, _, query = url[len(SCHEME) + 3 :].partition("#")[0].partition("?")
    if not name.strip("/"):
        raise ValueError(f'"{redacted}" has no route; write an address such as "rsshub://gov/zhengce/zuixin"')
    split = urlsplit(instance.reveal())
    path = f"{split.path.rstrip('/')}/{name.lstrip('/')}"
    queries = "&".join(filter(None, (query, split.query)))
    address = urlunsplit((split.scheme, split.netloc, path, queries, ""))
    return Secret(address, redacted if is_secret(instance) or is_reference(redacted) else address)


def is_secret(instance: Secret) -> bool:
    """Return whether an instance must not be shown: its address is an `env:` or `file:`, or has a password or a key."""
    return instance.origin != "inline" or bool(urlsplit(instance.reveal()).query) or is_plaintext(instance)


def parts_of(instance: Secret) -> tuple[Secret, ...]:
    """Return the parts of a secret instance that messages must not show: host and path, and the values of its query."""
    head, _, query = instance.reveal().partition("?")
    values = (value for pair in query.split("&") for value in (pair, pair.partition("=")[2]))
    return tuple(Secret(part, instance.origin) for part in (head.rstrip("/"), *values) if part)
