"""Convert markup to plain text, and remove characters that no text should contain."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from html.entities import html5
from typing import Final

from monitor.sources.visible import visible_lines

# Control characters except tab, line feed and carriage return; and lone surrogates, which no encoding can express.
_FORBIDDEN_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_LOOKS_LIKE_MARKUP = re.compile(
    r"</(?:p|a|b|i|em|strong|div|span|ul|ol|li|h[1-6]|table|blockquote)\s*>|<(?:br|img|p)\b", re.IGNORECASE
)


# The tags that are used in titles. Inline tags may be within a word; the others separate words. Those in
# _TAGS_USED_ALONE are markup even if their end tag is missing.
_INLINE_TAGS: Final = frozenset(
    (
        *("a", "abbr", "acronym", "b", "bdi", "bdo", "big", "blink", "cite", "code", "del", "dfn", "em", "font", "i"),
        *("ins", "kbd", "mark", "nobr", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u"),
        *("var", "wbr"),
    )
)
_SEPARATING_TAGS: Final = frozenset(
    ("center", "div", "h1", "h2", "h3", "h4", "h5", "h6", "li", "ol", "p", "table", "tbody", "td", "th", "tr", "ul")
)
_EMPTY_TAGS: Final = frozenset({"br", "hr", "img", "wbr"})
_TAGS_USED_ALONE: Final = frozenset(
    ("a", "b", "i", "em", "strong", "u", "s", "span", "font", "sub", "sup", "p", "div", "li", "td", "ul", "ol", "tr")
)
_TAG_NAMES: Final = "|".join(sorted(_INLINE_TAGS | _EMPTY_TAGS | _SEPARATING_TAGS, key=len, reverse=True))
_ATTRIBUTES: Final = r"""(?:\s+[\w:.-]++\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s"'<>=]++))*+"""
_TITLE_TAG = re.compile(rf"<(?:({_TAG_NAMES}){_ATTRIBUTES}\s*+/?|/({_TAG_NAMES})\s*+)>", re.IGNORECASE)
_ALT_ATTRIBUTE = re.compile(r"""\salt\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>/]+))""", re.IGNORECASE)
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,4}")
_CDATA_END = re.compile(r"\]\]>\s*\Z")
_CDATA_SECTION = re.compile(r"<!\[CDATA\[((?:(?!<!\[CDATA\[).)*?)\]\]>", re.DOTALL)


def remove_control_characters(text: str) -> str:
    """Remove control characters and lone surrogates from `text`, since databases and mails refuse them."""
    return _FORBIDDEN_CHARACTERS.sub("", text)


def one_line(text: str) -> str:
    """Return cleaned text on one line: each run of blanks and line ends becomes one blank."""
    return " ".join(remove_control_characters(text).split())


def clean_lines(text: str) -> str:
    """Return cleaned text with its lines: in each line a run of blanks becomes one blank; empty lines are removed."""
    lines = (" ".join(line.split()) for line in remove_control_characters(text).splitlines())
    return "\n".join(filter(None, lines))


def clean_names(values: Iterable[object]) -> tuple[str, ...]:
    """Return names or keywords as plain text, in order, without duplicates, empty texts and other values."""
    lines = (one_line(unescape(name)) for name in values if isinstance(name, str))
    return tuple(dict.fromkeys(filter(None, lines)))


def valid_language_tag(text: str) -> str | None:
    """Return `text` if it is a BCP 47 tag (`zh_CN` is read as `zh-CN`); else None."""
    tag = text.strip().replace("_", "-")
    return tag if _LANGUAGE_TAG.fullmatch(tag) else None


def unescape(text: str) -> str:
    """Return `text` with character references resolved, also references that were escaped twice.

    A reference must end with a semicolon: `&lang=en` is not a reference.
    """
    return _ENTITY.sub(_resolve_reference, text) if "&" in text else text


def _resolve_reference(reference: re.Match[str]) -> str:
    known = reference[0][1] == "#" or reference[0][1:] in html5
    return html.unescape(reference[0]) if known else reference[0]


def remove_cdata_marks(text: str) -> str:
    """Return `text` without the marks of escaped CDATA sections, which have no meaning in text."""
    if "<![CDATA[" not in text:  # parsers read this as a declaration and leave its end in the text
        return text if "[[" in text else _CDATA_END.sub("", text)
    text = _CDATA_SECTION.sub(r"\1", text)
    return text.replace("<![CDATA[", "").removesuffix("]]>") if "<![CDATA[" in text else text


def title_in_plain_text(title: str, *, plain: bool = False) -> str:
    """Return a title as one line of plain text. Usual tags are removed; other text in angle brackets is kept.

    Usual tags are those for paragraphs, emphasis and pictures (replaced by their alternative text). Most other text in
    angle brackets is meant as text, such as `List<String>`. Rarer tags are removed only if they have an end tag.
    `plain` means that the format declares plain text: then all tags except empty ones need an end tag.
    """
    text = remove_cdata_marks(title)
    if "<" in text:
        found = _TITLE_TAG.findall(text)
        closed_tags = {end.lower() for _, end in found} & {start.lower() for start, _ in found}
        rendered = closed_tags | (_EMPTY_TAGS if plain else _EMPTY_TAGS | _TAGS_USED_ALONE)
        text = _TITLE_TAG.sub(lambda tag: _render_tag(tag) if (tag[1] or tag[2]).lower() in rendered else tag[0], text)
    return one_line(remove_cdata_marks(unescape(text)))


def _render_tag(tag: re.Match[str]) -> str:
    name = (tag[1] or tag[2]).lower()
    if name == "img":
        described = _ALT_ATTRIBUTE.search(tag[0])
        return f" {next(filter(None, described.groups()), '') if described else ''} "
    return "" if name in _INLINE_TAGS else " "


def looks_like_markup(text: str) -> bool:
    """Return whether a text that is labelled as plain text is HTML."""
    return _LOOKS_LIKE_MARKUP.search(text) is not None


def text_of_html(markup: str, *, sections: bool = True) -> str:
    """Return the visible text of `markup`, with a line for each block, without scripts and styles.

    Any fragment of HTML is accepted, also a broken one. With `sections`, marks of escaped CDATA sections are removed.
    """
    markup = remove_cdata_marks(remove_control_characters(markup)) if sections else remove_control_characters(markup)
    if "<" not in markup:
        return one_line(html.unescape(markup))
    return "\n".join(visible_lines(markup))
