"""Extract the article from its page."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Final

from monitor.articles.authors import authors_of
from monitor.articles.body import body_of, select_text
from monitor.articles.named import address_of, attachments_of, base_of, canonical_of, origin_of, site_of
from monitor.articles.paging import next_page
from monitor.articles.published import PageContext, find_publication_date, lines_for_dates
from monitor.articles.stated import read_structured_data
from monitor.articles.titles import title_of
from monitor.articles.tree import MAX_PAGE_LENGTH, drop_further_paragraphs, parse
from monitor.clock import to_utc
from monitor.model import Article
from monitor.text.address import absolute_url
from monitor.text.decode import decode
from monitor.text.language import language_of
from monitor.text.safe import plain_text

MAX_TEXT_LENGTH: Final = 500_000
"""Characters of an article's text that are kept. A longer text is shortened, with a message in `problems`.

The longest known reports have a fifth of this.
"""

_SIGNATURES: Final = {
    b"%PDF-": "a PDF document",
    b"PK\x03\x04": "a document or archive",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"\x1f\x8b": "a compressed file",
}
_DOCUMENT_SIGNATURES: Final = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def extract(
    body: bytes,
    *,
    url: str,
    content_type: str | None = None,
    now: dt.datetime,
    timezone: str = "UTC",
    content: str | None = None,
) -> Article:
    """Return the article on the page `body`, which came from `url`. Never raises for any bytes: see `problems`.

    `now` must be aware. `timezone` (an IANA name) is used for dates without a time zone. `content` is a CSS selector
    for the elements that contain the text. Without `content`, or if it selects nothing, the text is found
    automatically.

    Call it in only one thread of a process: it uses libraries that crash if several threads run them.
    """
    to_utc(now)
    for mark, what in _SIGNATURES.items():
        if body.startswith(mark):
            attached = (url,) if mark in _DOCUMENT_SIGNATURES else ()
            return Article(url, "", "", problems=(f"it is {what}, which is not read",), attachments=attached)
    decoded = decode(body, content_type)
    if (content_type or "").lower().startswith("text/plain"):
        text, cut = _shorten(plain_text(decoded.text))
        return Article(url, "", text, language=language_of(text), problems=decoded.problems, shortened=cut)
    tree = parse(decoded.text)
    if tree is None:
        return Article(url, "", "", problems=(*decoded.problems, "the document has no HTML in it"))
    cut = drop_further_paragraphs(tree)
    data = read_structured_data(tree, url)
    lines = lines_for_dates(tree)
    page = PageContext(tree, data, absolute_url(url, url), title_of(tree, data, lines), lines, now, timezone)
    article = _make_article(page, content, decoded.problems)
    if len(decoded.text) > MAX_PAGE_LENGTH:
        cut = f"only the first {MAX_PAGE_LENGTH:,} of {len(decoded.text):,} characters of its page were read"
    if cut:
        article = replace(article, shortened=cut)
    return article if article.url else replace(article, url=url)


def _make_article(page: PageContext, content: str | None, problems: tuple[str, ...]) -> Article:
    tree, data, title, url = page.tree, page.data, page.title, page.url
    dated = find_publication_date(page)
    selected, select_problems = select_text(tree, content) if content else ([], ())
    text, cut = _shorten(plain_text("\n\n".join(selected or body_of(tree, data, title, page.lines))))
    if not text:
        select_problems = (*select_problems, "no text of an article was found on it")
    return Article(
        url=address_of(tree, data, url),
        title=plain_text(title),
        text=text,
        published=dated.moment if dated else None,
        language=language_of(f"{title}\n{text}", (tree.get("lang"), data.meta.get("og:locale"))),
        site=site_of(data, next((element.text or "" for element in tree.iter("title")), ""), title, url),
        authors=authors_of(data, tree, page.lines, text),
        problems=(*problems, *select_problems),
        dated_by=dated.source if dated else "",
        origin=origin_of(data, page.lines),
        attachments=attachments_of(tree, url),
        next_url=next_page(tree, url, base_of(tree, url)),
        shortened=cut,
        canonical=canonical_of(tree, data, url),
    )


def _shorten(text: str) -> tuple[str, str]:
    """Return the text, shortened if necessary, and a message if it was shortened."""
    if len(text) <= MAX_TEXT_LENGTH:
        return text, ""
    return text[
        :MAX_TEXT_LENGTH
    ], f"only the first {MAX_TEXT_LENGTH:,} of {len(text):,} characters of its text are kept"
