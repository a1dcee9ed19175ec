"""Export sources as OPML 2.0 (http://opml.org/spec2.opml), for feed readers and for our own import."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lxml import etree

from monitor.interchange.lists import is_feed_address
from monitor.interchange.opml import NAMESPACE, OWN_ELEMENT
from monitor.secret import is_reference, password_of
from monitor.sources.posting import plaintext_secrets
from monitor.text.safe import plain_text

_SECRET_HEADER: Final = re.compile(r"(?i)auth|cookie|token|key|secret|password|session")
_KEYS_OF_OUTLINE: Final = frozenset({"name", "url", "kind", "tags"})


@dataclass(frozen=True, slots=True)
class OpmlExport:
    """An OPML document.

    `notes` are about secrets that it does not contain; `left_out` says whether sources are missing.
    """

    text: str
    sources: int
    notes: tuple[str, ...] = ()
    left_out: bool = False


def export_opml(tables: Sequence[Mapping[str, Any]]) -> OpmlExport:
    """Return the sources as outlines. The first tag of a source is its folder; its other tags are its category.

    Settings that OPML cannot express go into an attribute of our own namespace, from which an import restores them. No
    secret is exported: `env:` and `file:` stay references. Sources with a password or a key in their address or body,
    and headers that give access, are left out.
    """
    root = etree.Element("opml", version="2.0", nsmap={"monitor": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Sources"
    body = etree.SubElement(root, "body")
    folders: dict[str, etree._Element] = {}
    notes: list[str] = []
    count = 0
    for table in tables:
        if key := _plaintext_secret(table):
            notes.append(f'"{table["name"]}" is left out: its {key} holds a secret; write env:NAME instead')
            continue
        count += 1
        kept, said = _remove_secrets(table)
        notes += said
        tags = [str(tag) for tag in kept.get("tags", ())]
        if tags and tags[0] not in folders:
            folders[tags[0]] = etree.SubElement(body, "outline", text=_clean_line(tags[0]))
        parent = folders[tags[0]] if tags else body
        _add_outline(parent, kept, tags[1:])
    etree.indent(root)
    text = etree.tostring(root, encoding="unicode")
    return OpmlExport(
        f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n', count, tuple(notes), left_out=count < len(tables)
    )


def _add_outline(parent: etree._Element, table: Mapping[str, Any], others: Sequence[str]) -> None:
    url, name = str(table["url"]), _clean_line(str(table["name"]))
    outline = etree.SubElement(parent, "outline", text=name, title=name)
    if not is_reference(url):
        for attribute, value in _address_attributes(table.get("kind"), url):
            outline.set(attribute, value)
    if others:
        outline.set("category", ",".join(map(_clean_line, others)))
    if not _fits_outline(table):
        own = {key: value for key, value in table.items() if key != "url" or is_reference(url)}
        outline.set(OWN_ELEMENT, json.dumps(own))


def _address_attributes(kind: str | None, url: str) -> Iterator[tuple[str, str]]:
    """Yield the attributes for an address: `xmlUrl` for a feed, else `url`. `kind` None: the address decides."""
    if kind == "feed" or (kind is None and is_feed_address(url)):
        yield from (("type", "rss"), ("xmlUrl", url))
    elif kind in ("page", None):
        yield from (("type", "link"), ("url", url), ("htmlUrl", url))
    else:
        yield from (("type", "link"), ("url", url))


def _fits_outline(table: Mapping[str, Any]) -> bool:
    """Return whether an outline can express the whole source."""
    tags = [str(tag) for tag in table.get("tags", ())]
    names = [str(table["name"]), *tags]
    return (
        table.keys() <= _KEYS_OF_OUTLINE
        and (table.get("kind") == "feed")
        == (("type", "rss") in _address_attributes(table.get("kind"), str(table["url"])))
        and table.get("kind", "feed") == "feed"
        and not is_reference(str(table["url"]))
        and not any("," in tag or "/" in tag for tag in tags)
        and all(name == " ".join(_clean_line(name).split()) for name in names)
    )


def _plaintext_secret(table: Mapping[str, Any]) -> str:
    """Return the key whose value is a secret that the source needs, in plain text; "" if there is no such key."""
    url = str(table["url"])
    if password_of(url) or (not is_reference(url) and plaintext_secrets(url.partition("#")[0].partition("?")[2])):
        return "address"
    return "body" if plaintext_secrets(table.get("body")) else ""


def _remove_secrets(table: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Return the table without headers that give access, and notes on what is left out."""
    kept, notes = dict(table), []
    if is_reference(str(table["url"])):
        notes.append(f'"{table["name"]}": its address is a secret; only the reference {table["url"]} is exported')
    headers = table.get("headers")
    if isinstance(headers, Mapping):
        shown = {
            key: value
            for key, value in headers.items()
            if is_reference(str(value)) or not _SECRET_HEADER.search(str(key))
        }
        if len(shown) < len(headers):
            kept["headers"] = shown
            secret = [str(key) for key in headers if key not in shown]
            holds = "the header {} holds a secret and is not exported; in sources.toml write its value as env:NAME"
            if len(secret) > 1:
                holds = (
                    "the headers {} hold secrets and are not exported; in sources.toml write their values as env:NAME"
                )
            notes.append(f'"{table["name"]}": {holds.format(", ".join(secret))}')
    return kept, notes


def _clean_line(text: str) -> str:
    """Return a text as one line, without characters that XML does not allow."""
    return plain_text(text).replace("\n", " ").replace("\t", " ")
