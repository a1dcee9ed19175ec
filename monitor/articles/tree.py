"""Parse HTML into a tree. Time and memory are proportional to the size of the page, also for hostile pages."""

from __future__ import annotations

import re
from typing import Final

from lxml import etree, html


def _split_words(words: str) -> frozenset[str]:
    return frozenset(words.split())


MAX_PAGE_LENGTH: Final = 4_000_000
"""Characters of a page that are parsed. The longest articles have a tenth of this."""

MAX_PARAGRAPHS: Final = 20_000
"""Paragraphs (`<p>`) of a page that are kept: for more, XPath in libxml2 needs quadratic time to collect their text."""

_MAX_TAG_LENGTH: Final = 4_000
_MAX_ATTRIBUTES: Final = 100
_TAG = re.compile(r"<[a-zA-Z][a-zA-Z0-9:-]{0,30}")
_TAG_END_OR_VALUE = re.compile(r">|=\s{0,20}[\"']")
_END_OF_RAW_TEXT = re.compile("</(?:script|style)", re.IGNORECASE)
_PAGE_END_TAGS = re.compile(r"</(?:html|body)\s{0,20}>", re.IGNORECASE)
# Browsers show a line end between Chinese characters as nothing: https://www.w3.org/TR/css-text-3/#line-break-transform
_LINE_BREAK_IN_HAN = re.compile(r"\n[ \t]*(?=[\u3400-\u9fff\u3001-\u301f\uff01-\uff1f])")
_WIDE_CHARACTER = re.compile(r"[\u3400-\u9fff\u3001-\u301f\uff01-\uff1f]")
_INVALID_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BLOCK_TAGS: Final = _split_words(
    "address article aside blockquote body br caption dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 header hr li main nav ol p pre section table tbody td tfoot th thead tr ul"
)
INVISIBLE_TAGS: Final = _split_words("iframe noscript object script style svg template textarea title")
_ORDINAL_ENDING = re.compile(r"(?:st|nd|rd|th|er|e|o)\b")
_BLANK_RUN = re.compile(r"[ \t\r\f\v\u00a0\u3000]+")


def parse(text: str) -> html.HtmlElement | None:
    """Return the tree of a page without comments; None if there is nothing in it.

    Libxml2 drops elements deeper than 256. Attributes are removed from tags with hundreds of them: libxml2 would
    compare each one with each other. `</body>` and `</html>` in the middle of a page, as on pages made of parts, are
    removed: browsers ignore them, but libxml2 would drop the text after them.
    """
    safe = remove_crowded_attributes(
        _LINE_BREAK_IN_HAN.sub(
            _join_wide_characters,
            _PAGE_END_TAGS.sub("", _INVALID_CHARACTERS.sub(" ", text[:MAX_PAGE_LENGTH].replace("\r\n", "\n"))),
        )
    )
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(safe.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, AssertionError):
        return None


def drop_further_paragraphs(tree: html.HtmlElement) -> str:
    """Remove the paragraphs after the first MAX_PARAGRAPHS, with the texts after them. Return a message or ""."""
    paragraphs = list(tree.iter("p"))
    for paragraph in paragraphs[MAX_PARAGRAPHS:]:
        parent = paragraph.getparent()
        if parent is not None:
            parent.remove(paragraph)
    if len(paragraphs) <= MAX_PARAGRAPHS:
        return ""
    return f"only the first {MAX_PARAGRAPHS:,} of {len(paragraphs):,} paragraphs of its page were read"


def _join_wide_characters(match: re.Match[str]) -> str:
    """Return "" for a line break between two wide characters. The pattern has already checked the second one."""
    return "" if _WIDE_CHARACTER.match(match.string[match.start() - 1 : match.start()]) else match[0]


def remove_crowded_attributes(text: str) -> str:
    """Return `text` without the attributes of tags that have hundreds of them. It takes one pass."""
    kept, done, at = [], 0, 0
    while found := _TAG.search(text, at):
        at = _tag_end(text, found.end())
        if at - found.start() > _MAX_TAG_LENGTH and text.count("=", found.end(), at) > _MAX_ATTRIBUTES:
            kept += [text[done : found.end()], ">"]
            done = at
        elif found[0].lower() in {"<script", "<style"}:
            raw_end = _END_OF_RAW_TEXT.search(text, at)
            at = raw_end.end() if raw_end else len(text)
    return "".join((*kept, text[done:]))


def _tag_end(text: str, at: int) -> int:
    """Return the position after the `>` that ends the tag around `at`; the end of the text if there is no such `>`.

    A `>` in a quoted value does not end the tag.
    """
    while stop := _TAG_END_OR_VALUE.search(text, at):
        if stop[0] == ">":
            return stop.end()
        closing = text.find(stop[0][-1], stop.end())
        if closing < 0:
            return len(text)
        at = closing + 1
    return len(text)


def lines_of(element: html.HtmlElement, *, separate_numbers: bool = False) -> list[str]:
    """Return the visible text of `element`, with a line for each block and without blank lines.

    `separate_numbers`: add a blank after a number at the end of an inline element, where style sheets show a gap:
    `<span>10-03</span><span>11:20</span>`.
    """
    parts: list[str] = []
    _collect_text(element, parts, separate_numbers=separate_numbers)
    lines = (_BLANK_RUN.sub(" ", line).strip() for line in "".join(parts).split("\n"))
    return [line for line in lines if line]


def _collect_text(root: html.HtmlElement, parts: list[str], *, separate_numbers: bool) -> None:
    """Append the texts within `root` to `parts` in document order, with line ends around blocks; without recursion."""
    silent: object = None
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag
        if event == "start" and silent is None:
            if tag in INVISIBLE_TAGS:
                silent = element
                continue
            _append_text(parts, tag, element.text, separate_numbers=separate_numbers)
        elif event == "end":
            if silent is element:
                silent = None
            if silent is None:
                _append_text(parts, tag, element.tail if element is not root else "", separate_numbers=separate_numbers)


def _append_text(parts: list[str], tag: object, text: str | None, *, separate_numbers: bool) -> None:
    """Append the text at the start or end of an element with this `tag`, if it is not empty."""
    shown = (text or "").replace("\n", " ")
    if tag in BLOCK_TAGS:
        parts.append(f"\n{shown}")
    elif shown:
        # Two digits at the end of an element, and a letter or digit in the next one; but not 21<sup>st</sup>.
        glued = (
            separate_numbers and parts and parts[-1][-1].isdigit() and parts[-1][-2:-1].isdigit() and shown[0].isalnum()
        )
        parts.append(f" {shown}" if glued and not _ORDINAL_ENDING.match(shown) else shown)
