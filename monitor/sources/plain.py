"""Convert markup to plain text, and remove characters that no text should contain."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from html.entities import html5
from typing import Final

from bs4 import BeautifulSoup
from bs4.element import CData, NavigableString, PageElement, Tag

_BLOCKS: Final = frozenset(
    (
        *("address", "article", "aside", "blockquote", "br", "caption", "center", "dd", "details", "dialog", "dir"),
        *("div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hr", "legend", "li", "main", "menu", "nav", "ol", "option", "p", "pre", "section", "summary"),
        *("table", "tr", "ul"),
    )
)
_CELLS: Final = frozenset({"td", "th"})
_UNSEEN: Final = frozenset({"script", "style", "template", "head", "object", "svg", "math"})
_TEXTS: Final = (str, NavigableString, CData)  # the others are comments and the like
_BREAK: Final = "\x1e"  # the border of a block; no document can hold it, `clean` and XML both refuse it

# Controls but tab, line feed and carriage return; and halves of surrogate pairs, which cannot be written anywhere.
_FORBIDDEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_MARKUP = re.compile(
    r"</(?:p|a|b|i|em|strong|div|span|ul|ol|li|h[1-6]|table|blockquote)\s*>|<(?:br|img|p)\b", re.IGNORECASE
)


# The tags that titles have. Inline ones are within words too, the others part words. Those in _LONE mean markup even
# where their end is missing.
_INLINE: Final = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "blink", "cite", "code", "del", "dfn", "em", "font", "i"),
        *("ins", "kbd", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u"),
        *("var", "wbr"),
    )
)
_PARTING: Final = frozenset(
    ("center", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "table", "tbody", "td", "th", "tr", "ul")
)
_EMPTY: Final = frozenset({"br", "hr", "img", "wbr"})
_LONE: Final = frozenset(
    ("a", "b", "i", "em", "strong", "u", "s", "span", "font", "sub", "sup", "p", "div", "li", "td", "ul", "ol", "tr")
)
_NAMES: Final = "|".join(sorted(_INLINE | _EMPTY | _PARTING, key=len, reverse=True))
_ATTRIBUTES: Final = r"""(?:\s+[\w:.-]++\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'<>=]++))*+"""
_TITLE_TAG = re.compile(rf"<(?:({_NAMES}){_ATTRIBUTES}\s*+/?|/({_NAMES})\s*+)>", re.IGNORECASE)
_ALT = re.compile(r"""\salt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>/]+))""", re.IGNORECASE)
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")
_SECTION_END = re.compile(r"\]\]>\s*\Z")
_SECTION = re.compile(r"<!\[CDATA\[((?:(?!<!\[CDATA\[).)*?)\]\]>", re.DOTALL)


def clean(text: str) -> str:
    """Remove control characters and lone surrogates from `text`; databases and mails refuse both."""
    return _FORBIDDEN.sub("", text)


def one_line(text: str) -> str:
    """Return cleaned text with every run of blanks and line ends as one blank."""
    return " ".join(clean(text).split())


def tidy(text: str) -> str:
    """Return cleaned text with its lines kept: blanks collapsed within lines, empty lines dropped."""
    lines = (" ".join(line.split()) for line in clean(text).splitlines())
    return "\n".join(filter(None, lines))


def names(stated: Iterable[object]) -> tuple[str, ...]:
    """Return names or keywords as plain lines in order: unique, not empty, only texts."""
    lines = (one_line(unescape(name)) for name in stated if isinstance(name, str))
    return tuple(dict.fromkeys(filter(None, lines)))


def language_tag(stated: str) -> str | None:
    """Return `stated` if it is a BCP 47 tag (`zh_CN` is taken for `zh-CN`), else None."""
    tag = stated.strip().replace("_", "-")
    return tag if _LANGUAGE_TAG.fullmatch(tag) else None


def unescape(text: str) -> str:
    """Return `text` with character references resolved, also those that were escaped twice, as in many titles.

    Only what ends in a semicolon is a reference: `&lang=en` is not.
    """
    return _ENTITY.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    known = reference[0][1] == "#" or reference[0][1:] in html5
    return html.unescape(reference[0]) if known else reference[0]


def without_cdata(text: str) -> str:
    """Return `text` without the marks of escaped CDATA sections, which mean nothing."""
    if "<![CDATA[" not in text:  # parsers take what begins so for a declaration, and leave its end
        return text if "[[" in text else _SECTION_END.sub("", text)
    text = _SECTION.sub(r"\1", text)
    return text.replace("<![CDATA[", "").removesuffix("]]>") if "<![CDATA[" in text else text


def title_text(stated: str, *, plain: bool = False) -> str:
    """Return a title as one line: tags that titles use are rendered, other text in angle brackets is kept.

    Titles more often mention `<head>` or `List<String>` than they use other elements than paragraphs, emphasis and
    pictures (which are shown by their alternative text). Rarer tags are rendered if they have end tags. `plain`: the
    format says that there is no markup, and only empty tags need no end tag.
    """
    text = without_cdata(stated)
    if "<" in text:
        found = _TITLE_TAG.findall(text)
        paired = {end.lower() for _, end in found} & {start.lower() for start, _ in found}
        rendered = paired | (_EMPTY if plain else _EMPTY | _LONE)
        text = _TITLE_TAG.sub(lambda tag: _render(tag) if (tag[1] or tag[2]).lower() in rendered else tag[0], text)
    return one_line(without_cdata(unescape(text)))


def _render(tag: re.Match[str]) -> str:
    name = (tag[1] or tag[2]).lower()
    if name == "img":
        described = _ALT.search(tag[0])
        return f" {next(filter(None, described.groups()), '') if described else ''} "
    return "" if name in _INLINE else " "


def looks_like_markup(text: str) -> bool:
    """Return whether a text labelled as plain is HTML."""
    return _MARKUP.search(text) is not None


def html_text(markup: str, *, sections: bool = True) -> str:
    """Return the visible text of `markup`: a line for each block, no scripts or styles, references resolved.

    Any fragment of HTML is accepted, however broken. `sections`: marks of escaped CDATA sections are removed.
    """
    markup = without_cdata(clean(markup)) if sections else clean(markup)
    if "<" not in markup:
        return one_line(html.unescape(markup))
    # In an element of its own a fragment is never taken for a file name or an XML document, which bs4 would warn of.
    soup = BeautifulSoup(f"<div>{markup}</div>", "lxml")
    lines = (" ".join(line.split()) for line in "".join(_visible_texts(soup)).split(_BREAK))
    return "\n".join(filter(None, lines))


def _visible_texts(top: Tag) -> Iterator[str]:
    """Yield the texts below `top` in order, with a break where a block begins and ends.

    In one pass and without recursion: hostile markup has a hundred thousand elements in a row, or one in another.
    """
    todo: list[PageElement | str] = [top]
    while todo:
        node = todo.pop()
        if isinstance(node, Tag):
            if node.name in _UNSEEN:
                continue
            border = _BREAK if node.name in _BLOCKS else " " if node.name in _CELLS else ""
            yield border
            todo.append(border)
            todo.extend(reversed(node.contents))
        elif type(node) in _TEXTS:
            yield str(node)
