"""Find lists in comments, data records and scripts, where CSS selectors find nothing; also addresses that load rows.

Some government sites have their rows in `<script type="text/xml">`, in `<datastore>` or in arrays of a script, and a
script shows them. The rows can be read without running the script.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from lxml.html import HtmlElement

from monitor.sources.page.dated import Calendar
from monitor.sources.page.document import ParsedPage, parse, text_width
from monitor.sources.page.find import find_rows
from monitor.sources.page.literals import arrays_of_records, arrays_of_values, describe_script_left_out, string_values
from monitor.sources.page.prose import is_mostly_article
from monitor.sources.page.recorded import rows_of_records, rows_of_tuples
from monitor.sources.page.rows import Row, read_row, significant_rows
from monitor.text.address import absolute_url

_MAX_SEARCHED_LENGTH: Final = 1 << 21
_StartAndEnd = tuple[re.Pattern[str], re.Pattern[str]]
_RECORD_ENDS: Final[_StartAndEnd] = (re.compile(r"<record>\s{0,99}<!\[CDATA\[", re.IGNORECASE), re.compile(r"\]\]>"))
_COMMENT_ENDS: Final[_StartAndEnd] = (re.compile(r"<!--(?!\[if)"), re.compile(r"-->"))
_SCRIPT_ENDS: Final[_StartAndEnd] = (
    re.compile(r"<script\b[^<>]*>", re.IGNORECASE),
    re.compile(r"</script", re.IGNORECASE),
)
_LINK_TAG = re.compile(r"<a\b[^>]*\bhref", re.IGNORECASE)
_DATA_TAGS: Final = frozenset({"abbr", "textarea", "div", "span", "pre", "template", "noscript"})
_MIN_DATA_LENGTH: Final = 40
_TEMPLATE_SIGN = re.compile(r"\{\{|\$\{|<%|<#|\{%")
_SCRIPT_REQUEST = re.compile(
    r"""(?:\b\w{0,20}(?:url|api)\w{0,10}["']?\s*[:=]|\.(?:get|post|getJSON|load)\(|\bfetch\(|\baxios(?:\.\w+)?\(|\.open\(\s*["'](?:GET|POST)["']\s*,)"""
    r"""\s*(?:\w+\s*\+\s*)?["'`]([^"'`\s<>{}$]{2,300})""",
    re.IGNORECASE,
)
_ROW_REQUEST_WORDS = re.compile(
    r"api|json|list|query|search|page|data|article|news|info|\.(?:do|action|jsp|ashx|php)\b", re.IGNORECASE
)
_OTHER_REQUEST_WORDS = re.compile(
    r"\.(?:js|css|png|jpe?g|gif|svg|ico)(?:$|\?)|visit|count|stat|hits|login|captcha|suggest|weather|share|analytics|baidu|log\b",
    re.IGNORECASE,
)


def hidden_rows(text: str, page: ParsedPage, calendar: Calendar) -> list[Row]:
    """Return the rows of the first hidden place that has rows; no rows for an article."""
    text = text[:_MAX_SEARCHED_LENGTH]
    for find in (_rows_from_records, _rows_from_strings, _rows_from_data, _rows_from_comments):
        rows = find(text, page, calendar)
        if rows:
            total_width = sum(text_width(row.title) for row in rows)
            return [] if is_mostly_article(page.root, (), total_width) else rows
    return []


def describe_data_left_out(text: str) -> tuple[str, ...]:
    """Return a message if a page is too long to be searched completely; else no message."""
    if len(text) > _MAX_SEARCHED_LENGTH:
        return (f"only the first {_MAX_SEARCHED_LENGTH >> 20} MiB of the page were searched for data",)
    return tuple(dict.fromkeys(words for script in scripts_of(text) for words in describe_script_left_out(script)))


def _rows_from_records(text: str, page: ParsedPage, calendar: Calendar) -> list[Row]:
    """Return the rows of markup in `<record><![CDATA[…]]></record>`; each record is a row."""
    fragments = list(_texts_between(text, _RECORD_ENDS))
    inner = parse("".join(f"<article>{fragment}</article>" for fragment in fragments), page.base) if fragments else None
    if inner is None:
        return []
    found = find_rows(inner, calendar)
    if len(found) >= len(fragments):
        return found
    read = (read_row((element,), page.base, calendar) for element in inner.root.iter("article"))
    return significant_rows(filter(None, read))


def _rows_from_strings(text: str, page: ParsedPage, calendar: Calendar) -> list[Row]:
    """Return rows of markup from strings in scripts, or from scripts and text areas with only markup."""
    written = (piece for script in scripts_of(text) for piece in string_values(script) if "<" in piece)
    areas = (element.text or "" for element in page.root.iter("textarea"))
    # Only finished markup, not templates.
    whole = (
        script
        for script in (*scripts_of(text), *areas)
        if script.lstrip()[:1] == "<" and not _TEMPLATE_SIGN.search(script)
    )
    return _rows_in_markup("".join(written), page, calendar) or _rows_in_markup("".join(whole), page, calendar)


def _rows_from_data(text: str, page: ParsedPage, calendar: Calendar) -> list[Row]:
    """Return rows from the longest array of data in scripts and invisible elements."""
    found: list[Row] = []
    scripts = scripts_of(text)
    parsed = (piece for script in scripts for piece in string_values(script) if _is_data(piece))
    for script in (*scripts, *parsed, *_data_in_elements(page.root)):
        for array in arrays_of_records(script):
            found = max(found, rows_of_records(array, page, calendar), key=len)
    return found or max(
        (rows_of_tuples(arrays_of_values(script), page, calendar) for script in scripts), key=len, default=[]
    )


def _rows_from_comments(text: str, page: ParsedPage, calendar: Calendar) -> list[Row]:
    """Return the rows of a list with dates in a comment: a script may show it."""
    rows = _rows_in_markup("".join(_texts_between(text, _COMMENT_ENDS)), page, calendar)
    return rows if sum(row.published is not None for row in rows) * 2 > len(rows) else []


def _rows_in_markup(markup: str, page: ParsedPage, calendar: Calendar) -> list[Row]:
    inner = parse(markup, page.base) if len(_LINK_TAG.findall(markup)) > 1 else None
    return find_rows(inner, calendar) if inner is not None else []


def scripts_of(text: str) -> list[str]:
    """Return the text of all scripts on a page, as written."""
    return [script for script in _texts_between(text, _SCRIPT_ENDS) if script.strip()]


def _texts_between(text: str, ends: _StartAndEnd) -> Iterator[str]:
    """Yield the texts between the two patterns `ends`. It takes one pass, even if many starts have no end."""
    start, end = ends
    place = 0
    while (opened := start.search(text, place)) and (closed := end.search(text, opened.end())):
        yield text[opened.end() : closed.start()]
        place = closed.end()


def _data_in_elements(root: HtmlElement) -> Iterator[str]:
    """Yield texts and attributes of elements that look like JSON data."""
    for element in root.iter():
        if element.tag in _DATA_TAGS and _is_data(element.text or ""):
            yield element.text or ""
        yield from (value for value in element.attrib.values() if _is_data(value))


def _is_data(text: str) -> bool:
    return len(text) > _MIN_DATA_LENGTH and text.lstrip()[:1] in ("[", "{")


def row_requests(text: str, page: ParsedPage) -> list[str]:
    """Return the addresses from which the scripts of a page may load its rows, the likeliest first."""
    addresses = (
        found[1] for script in scripts_of(text[:_MAX_SEARCHED_LENGTH]) for found in _SCRIPT_REQUEST.finditer(script)
    )
    found = (absolute_url(page.base, address) for address in addresses if not _OTHER_REQUEST_WORDS.search(address))
    likely = dict.fromkeys(address for address in found if address and _ROW_REQUEST_WORDS.search(address))
    return sorted(likely, key=lambda each: "json" not in each and "api" not in each)
