"""Bytes → a reading, where hostile bytes are read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, ParamSpec, Protocol, TypeVar

from monitor import sources
from monitor.collect.conceal import conceal
from monitor.model import Article, Reading, Source

ARTICLE: Final = "article"
"""No kind of source: what a source that is no list but one article is looked at as."""

P = ParamSpec("P")
R = TypeVar("R")


class Readers(Protocol):
    """Where hostile bytes are read."""

    def run(self, function: Callable[P, R], /, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call `function`, within limits. Raises ReaderFailed when it passes one."""
        ...


@dataclass(frozen=True, slots=True)
class Document:
    """A complete answer: its bytes, the address that gave them, and their media type as the server said it."""

    body: bytes
    url: str
    content_type: str | None = None


def read_document(document: Document, source: Source, readers: Readers, now: dt.datetime) -> Reading:
    """What `document` lists as an answer of `source`, without what is secret in the address of that source.

    Raises ReaderFailed when it passes a limit.
    """
    return conceal(read_openly(document, source, readers, now), source, document.url)


def read_openly(document: Document, source: Source, readers: Readers, now: dt.datetime) -> Reading:
    """What `document` lists, with all that is secret in it: where it goes on must be asked for as it stands.

    Raises ReaderFailed when it passes a limit.
    """
    return readers.run(
        sources.read, document.body, url=document.url, content_type=document.content_type, kind=source.kind,
        options=dict(source.options), now=now, timezone=source.timezone,
    )  # fmt: skip


def read_article(document: Document, source: Source, readers: Readers, now: dt.datetime) -> Article:
    """The article on the page `document`, read as those of `source` are.

    Raises ReaderFailed when it passes a limit.
    """
    return readers.run(
        _extract, document.body, url=document.url, content_type=document.content_type, now=now,
        timezone=source.timezone, content=source.content,
    )  # fmt: skip


def _extract(
    body: bytes, *, url: str, content_type: str | None, now: dt.datetime, timezone: str, content: str | None
) -> Article:
    """Loads the extractors in the child that needs them, not in the program."""
    from monitor.articles import extract

    return extract(body, url=url, content_type=content_type, now=now, timezone=timezone, content=content)
