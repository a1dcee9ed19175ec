"""Pages made to break what reads them: never an exception, and time that grows with the page alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from monitor.model import Article
from tests.support.growth import assert_grows_with_size

Extract = Callable[..., Article]
SENTENCE = "The district opened a laboratory for the third generation of the web and hired forty people for it. "

_TAIL = f"<article>{'<p>' + SENTENCE * 4 + '</p>'}</article>" * 3
_LD = '<script type="application/ld+json">'


def fill(piece: str, size: int) -> str:
    return piece * (size // len(piece))


def crowded(size: int) -> str:
    return f"<p {' '.join(f'a{n}=1' for n in range(size // 8))}>hello</p>"


PAGES: dict[str, Callable[[int], str]] = {
    "open comments": partial(fill, "<!--"),
    "comments": partial(fill, "<!-- a -->"),
    "deep nesting": partial(fill, "<div>"),
    "deep formatting": lambda size: fill("<b>", size) + "text",
    "a huge attribute": lambda size: f'<p class="{fill("a ", size)}">hello</p>',
    "many attributes": crowded,
    "attributes in quotes": lambda size: "<p " + fill('a="> b=', size),
    "open quotes": partial(fill, "<a '"),
    "only signs": partial(fill, "<"),
    "deep JSON": lambda size: _LD + fill("[", size) + "</script>",
    "many dates in JSON": lambda size: _LD + fill('"datePublished":"', size),
    "many metas": partial(fill, '<meta name="date" content="2020">'),
    "a title of separators": lambda size: f"<title>{fill('a - ', size)}</title>",
    "a title of blanks": lambda size: f"<title>{fill(' ', size)}|</title>",
    # So many blocks that no reader of quadratic time begins; a few thousand take such readers a second or two.
    "labels without dates": lambda size: fill("<p>发布时间：", 2 * size),
    "bad times": partial(fill, '<time datetime="2020-13-01">'),
    "headings": partial(fill, "<h2>a b</h2>"),
    "forms": partial(fill, "<form>a b</form>"),
    "preformatted": partial(fill, "<pre>a b</pre>"),
    "digits": lambda size: "<p>" + fill("1", size),
    "a line of Chinese": lambda size: "<p>" + fill("中", size),
    "zeros": partial(fill, "\0"),
    "tables in tables": partial(fill, "<table><tr><td>hello"),
    "almost boilerplate": lambda size: "<p>" + "follow " + fill("a ", size) + "</p>",
}


@pytest.mark.slow
@pytest.mark.parametrize("name", PAGES)
def test_reading_a_hostile_page_takes_time_that_grows_with_the_page(name: str, read: Extract) -> None:
    assert_grows_with_size(lambda size: read((PAGES[name](size) + _TAIL).encode()), 20_000)


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
