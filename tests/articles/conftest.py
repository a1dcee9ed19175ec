"""Pages for the tests: a small one with everything, and a way to write others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from monitor.articles.page import extract
from monitor.model import Article

NOW = dt.datetime(2026, 11, 21, 4, tzinfo=dt.UTC)
SENTENCE = "The district opened a laboratory for the third generation of the web and hired forty people for it. "

Extract = Callable[..., Article]


@pytest.fixture
def now() -> dt.datetime:
    return NOW


@pytest.fixture
def page() -> Callable[..., bytes]:
    def build(body: str = "", head: str = "", lang: str = "en") -> bytes:
        text = "".join(f"<p>{SENTENCE * 3}{number}</p>" for number in range(4))
        return (
            f"<!DOCTYPE html><html lang={lang}><head><meta charset=utf-8>{head}</head>"
            f"<body>{body}<article>{text}</article></body></html>"
        ).encode()

    return build


@pytest.fixture
def read() -> Extract:
    def call(body: bytes, *, url: str = "https://a.example/news/4711", **more: object) -> Article:
        return extract(body, url=url, now=NOW, **more)  # type: ignore[arg-type]  # what a test gives, by name

    return call
