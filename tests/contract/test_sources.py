"""What every kind of source promises, whichever it is: one test a promise, over the registry."""

from __future__ import annotations

import datetime as dt
import inspect
import pickle
import re
import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from monitor import sources
from monitor.model import Reading
from monitor.sources import KINDS, SourceKind

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
URL = "http://127.0.0.1/list"
ALL = pytest.mark.parametrize("kind", KINDS)

HOSTILE = {
    "empty": b"",
    "blank": b" \r\n\t" * 1000,
    "zeros": b"\x00" * 1000,
    "every byte": bytes(range(256)) * 100,
    "text": b"not what you think",
    "utf-16": "<rss><channel/></rss>".encode("utf-16"),
    "half a character": "<rss><channel><item><title>重庆".encode()[:-1],
    "html": b"<!doctype html><html><head><title>Sign in</title></head><body><p>Please</p></body></html>",
    "json": b'{"a": 1}',
    "ill-formed json": b'{"version": "https://jsonfeed.org/version/1", "items": [',
    "deep json": b"[" * 100_000,
    "odd json": b'{"version": "https://jsonfeed.org/version/1", "items": [1, null, [], {"id": {}, "title": []}]}',
    "deep xml": b"<rss>" + b"<a>" * 10_000,
    "huge": b"<rss version='2.0'><channel><item><title>" + b"x " * 1_000_000 + b"</title></item></channel></rss>",
    "own names": b"<rss><channel><item><links>a</links><title_detail>c</title_detail></item></channel></rss>",
    "no character": b"<rss><channel><item><title>&#xD800;&#99999999999;</title></item></channel></rss>",
}


def read(kind: str, body: bytes, content_type: str | None = None) -> Reading:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return sources.read(body, url=URL, content_type=content_type, kind=kind, now=NOW)


def check(reading: Reading, kind: str) -> None:
    """Check what holds for a reading of anything."""
    assert reading.kind == kind
    keys = [entry.key for entry in reading.entries]
    assert all(keys)
    assert len(set(keys)) == len(keys)
    assert all(problem.strip() and "\n" not in problem for problem in reading.problems)
    for entry in reading.entries:
        assert entry.title or entry.url or entry.summary or entry.content
        assert entry.url == "" or re.match(r"https?://", entry.url)
        assert "\n" not in entry.title
        for text in (entry.key, entry.title, entry.url, entry.summary, entry.content, entry.author or "", *entry.tags):
            text.encode()  # half a character would be refused by the database, and so would NUL
            assert "\x00" not in text
        for moment in (entry.published, entry.updated):
            assert moment is None or moment.at.tzinfo is not None


@ALL
@pytest.mark.parametrize("name", HOSTILE)
def test_no_bytes_raise_and_what_is_read_can_be_stored(kind: str, name: str) -> None:
    reading = read(kind, HOSTILE[name])
    check(reading, kind)
    assert pickle.loads(pickle.dumps(reading)) == reading  # noqa: S301 - written here


@ALL
@given(
    body=st.binary(max_size=400),
    content_type=st.sampled_from([None, "text/xml; charset=gbk", "application/json", "\x00"]),
)
def test_no_bytes_at_all_raise(kind: str, body: bytes, content_type: str | None) -> None:
    check(read(kind, body, content_type), kind)


PIECES = st.sampled_from(
    [
        *("<rss version='2.0'>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "<guid>", "<html>"),
        *("<feed xmlns='http://www.w3.org/2005/Atom'>", "<entry>", "<id>", "&lt;", "&#0;", "&#xD800;", "<![CDATA["),
        *("]]>", "<!--", "\x00", "重庆", "<description>", "<p>", "<links>", "<author>", "<textinput>", "<image>"),
        *("{", '"items":[', "http://a.example/", "<updated>2026-11-21T00:00:00Z</updated>", "<pubDate>", "<svg>"),
    ]
)


@ALL
@given(pieces=st.lists(PIECES, max_size=25))
def test_no_mixture_of_markup_raises(kind: str, pieces: list[str]) -> None:
    check(read(kind, "".join(pieces).encode("utf-8")), kind)


@ALL
def test_what_is_not_of_this_kind_gives_no_entries_and_says_so(kind: str) -> None:
    for name in ("empty", "blank", "every byte"):
        reading = read(kind, HOSTILE[name])
        assert reading.entries == ()
        assert reading.problems


@ALL
def test_reading_twice_gives_the_same(kind: str) -> None:
    assert all(read(kind, body) == read(kind, body) for body in HOSTILE.values())


@ALL
def test_it_is_registered_under_its_own_name(kind: str) -> None:
    assert KINDS[kind].kind == kind
    assert re.fullmatch(r"[a-z]+", kind)


@ALL
def test_it_says_what_it_accepts(kind: str) -> None:
    ranges = [part.split(";")[0].strip() for part in KINDS[kind].accept.split(",")]
    assert all(re.fullmatch(r"[a-z*]+/[a-z0-9.+*-]+", each) for each in ranges)


@ALL
def test_its_options_refuse_unknown_keys(kind: str) -> None:
    options = KINDS[kind].Options
    assert issubclass(options, BaseModel)
    with pytest.raises(ValidationError, match="extra_forbidden"):
        options.model_validate({"no_such_option": 1})


@ALL
def test_its_reader_takes_what_the_protocol_says(kind: str) -> None:
    assert inspect.signature(KINDS[kind].read).parameters.keys() == set(
        list(inspect.signature(SourceKind.read).parameters)[1:]
    )


def test_reading_can_be_sent_to_another_process() -> None:
    assert pickle.loads(pickle.dumps(sources.read)) is sources.read  # noqa: S301 - written here


def test_the_mistakes_of_a_caller_raise() -> None:
    with pytest.raises(ValueError, match="no such kind of source: 'fed'; there are feed"):
        sources.read(b"", url=URL, kind="fed", now=NOW)
    with pytest.raises(ValueError, match="no zone"):
        sources.read(b"", url=URL, now=NOW.replace(tzinfo=None))
    with pytest.raises(KeyError, match="No/Where"):
        sources.read(b"", url=URL, now=NOW, timezone="No/Where")


class Broken:
    """A kind with a bug, or without memory."""

    kind = "feed"
    accept = "*/*"
    Options = BaseModel

    def __init__(self, error: Exception) -> None:
        self._error = error

    def read(self, *_: object, **__: object) -> Reading:
        raise self._error


def test_a_bug_in_a_reader_fails_the_document_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "feed", Broken(KeyError("textinput")))
    said = "could not be read: KeyError: 'textinput'"
    assert read("feed", b"x") == Reading("feed", problems=(said,), readable=False)


def test_a_want_of_memory_is_no_bug_of_the_document(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "feed", Broken(MemoryError()))
    with pytest.raises(MemoryError):
        read("feed", b"x")


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["feeds-feedparser", "feeds-rsparser", "feeds-rss2email", "feeds-misc"])
def test_real_documents_are_read_as_promised(folder: str, shared_data: Callable[[str], Path]) -> None:
    paths = [path for path in shared_data(folder).rglob("*") if path.is_file()]
    for path in paths:
        check(read("feed", path.read_bytes()), "feed")
    assert paths


@pytest.mark.parametrize("kind", list(KINDS))
@pytest.mark.parametrize("body", [b"", b"\x89PNG\r\n", b"<!doctype html><title>Not found</title>"])
def test_what_is_no_source_of_the_kind_is_distinguished_from_one_that_lists_nothing(kind: str, body: bytes) -> None:
    reading = read(kind, body)
    assert not reading.readable
    assert reading.problems
    assert reading.entries == ()


def test_a_feed_that_lists_nothing_is_readable() -> None:
    assert read("feed", b'<rss version="2.0"><channel><title>F</title></channel></rss>').readable
