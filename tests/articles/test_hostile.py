"""Pages made to break what reads them: never an exception, and time that grows with the page alone."""

from __future__ import annotations

import time
from collections.abc import Callable

import pytest

from monitor.model import Article

Extract = Callable[..., Article]
SENTENCE = "The district opened a laboratory for the third generation of the web and hired forty people for it. "

_TAIL = f"<article>{'<p>' + SENTENCE * 4 + '</p>'}</article>" * 3
_LD = '<script type="application/ld+json">'

PAGES = {
    "open comments": "<!--" * 250_000,
    "comments": "<!-- a -->" * 100_000,
    "deep nesting": "<div>" * 150_000,
    "deep formatting": "<b>" * 200_000 + "text",
    "a huge attribute": f'<p class="{"a " * 500_000}">hello</p>',
    "many attributes": f"<p {' '.join(f'a{n}=1' for n in range(60_000))}>hello</p>",
    "attributes in quotes": "<p " + 'a="> b=' * 100_000,
    "open quotes": "<a '" * 200_000,
    "only signs": "<" * 1_000_000,
    "deep JSON": _LD + "[" * 500_000 + "</script>",
    "many dates in JSON": _LD + '"datePublished":"' * 60_000,
    "many metas": '<meta name="date" content="2020">' * 20_000,
    "a title of separators": f"<title>{'a - ' * 250_000}</title>",
    "a title of blanks": f"<title>{' ' * 1_000_000}|</title>",
    "labels without dates": "<p>发布时间：" * 20_000,
    "bad times": '<time datetime="2020-13-01">' * 20_000,
    "digits": "<p>" + "1" * 1_000_000,
    "a line of Chinese": "<p>" + "中" * 300_000,
    "zeros": "\0" * 1_000_000,
    "tables in tables": "<table><tr><td>hello" * 20_000,
    "almost boilerplate": "<p>" + "follow " + "a " * 500_000 + "</p>",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_a_hostile_page_is_read_in_time(name: str, read: Extract) -> None:
    body = (PAGES[name] + _TAIL).encode()
    begun = time.process_time()
    read(body)
    assert time.process_time() - begun < 5, "a megabyte takes about a second"


def test_a_tag_with_hundreds_of_attributes_loses_them_and_the_page_is_read(read: Extract) -> None:
    crowd = " ".join(f'data-{number}="value of it"' for number in range(500))
    assert SENTENCE.strip() in read(f"<html><body><div {crowd}>{_TAIL}</div></body></html>".encode()).text


@pytest.mark.parametrize(
    "odd",
    [
        '<a href="x"" >link</a>',
        "<p class='it' s>x</p>",
        '<script>if (a<b && c==\'"\') d="</p>"</script>',
        "<p title=don't>x</p>",
    ],
)
def test_odd_quotes_do_not_hide_the_page(odd: str, read: Extract) -> None:
    assert SENTENCE.strip() in read(f"<html><body>{odd * 200}{_TAIL}</body></html>".encode()).text
