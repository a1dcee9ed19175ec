"""Remove harmless parts that stop every XML parser, and check whether the rest is well-formed."""

from __future__ import annotations

import re
import sys
from typing import Final
from xml.parsers import expat

from monitor.sources.plain import remove_control_characters
from monitor.sources.xml.repair import unclosed_section_end

_HEAD_SIZE: Final = 4096
_MAX_LEAD_LENGTH: Final = 1 << 16
_DECLARATION = re.compile(r"<\?xml[\s?][^<>]*\?>")
_DOCTYPE = re.compile(r"<!DOCTYPE\s[^<>\[\]]*>", re.IGNORECASE)  # a DOCTYPE without declarations in it
_REFERENCE = re.compile(r"&#([0-9]{5,4000}|[xX][0-9A-Fa-f]{4,});?")  # only references that may be out of range
_SURROGATES: Final = range(0xD800, 0xE000)  # code points of surrogates
_CDATA_ELEMENT = re.compile(r"<([A-Za-z_][\w.:-]*+)[^<>]*+>\s*+<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
PREFIXED_ROOT = re.compile(r"<([A-Za-z][\w.-]{0,30}):(?:channel|item|feed|entry|urlset|sitemapindex|url|sitemap)\b")
_ROOT = re.compile(r"<(?:[\w.-]{1,30}:)?(?:rss|rdf|feed|urlset|sitemapindex)\b", re.IGNORECASE)
_PROLOG = re.compile(r"<(?:\?xml[\s?]|!DOCTYPE\s|!--)", re.IGNORECASE)
_FIRST_TAG = re.compile(r"<(?![/?!]?(?:b|br|p|i|em|strong|font|pre|div|span|hr|php)\b)", re.IGNORECASE)
_HTML_ROOT = re.compile(r"<(?:html|head|body|!doctype\s+html)\b", re.IGNORECASE)


def prepare_xml(text: str) -> str:
    """Return `text` without parts that stop XML parsers but are harmless.

    These parts are: control characters; blanks and text before the document (such as warnings of PHP; an HTML page is
    not changed); the XML declaration (it may be wrong, appear twice, or come after a comment); the name of a DTD;
    references to characters that do not exist; an undeclared prefix of the document's own elements.
    """
    text = remove_control_characters(text).lstrip("\ufeff \t\r\n")
    root = None if _FIRST_TAG.match(text) else _ROOT.search(text, 0, _MAX_LEAD_LENGTH)
    if root is not None and not _HTML_ROOT.search(text, 0, root.start()):
        prolog = _PROLOG.search(text, 0, root.start())
        text = text[(prolog or root).start() :]
    head = _DECLARATION.sub("", text[:_HEAD_SIZE])
    text = _DOCTYPE.sub("", head) + text[_HEAD_SIZE:]
    text = _REFERENCE.sub(_repair_reference, text)
    prefixed = PREFIXED_ROOT.search(text)
    if prefixed and f"xmlns:{prefixed[1]}" not in text:
        text = re.sub(rf"<(/?){re.escape(prefixed[1])}:", r"<\1", text)
    return text


def xml_fault(text: str) -> str | None:
    """Return a message with the fault in the XML of `text` and its place; None if the document is well-formed.

    A CDATA section that continues past the end of its element into the next one is a fault here, though XML allows it.
    """
    if found := xml_fault_of_bytes(text.encode("utf-8", "replace")):
        return found
    if text.count("<![CDATA[") != text.count("]]>"):
        sections = _CDATA_ELEMENT.finditer(text, 0, text.rfind("]]>") + 3)
        if any(unclosed_section_end(section[2], section[1]) is not None for section in sections):
            return "unclosed CDATA section"
    return None


def xml_fault_of_bytes(body: bytes) -> str | None:
    """Return a message with the fault in the XML of `body` (in UTF-8) and its place; None if it is well-formed."""
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        return f"{expat.ErrorString(error.code)} near line {error.lineno}"
    return None


def _repair_reference(reference: re.Match[str]) -> str:
    """Return the reference if it means a valid character; else U+FFFD."""
    digits = reference[1]
    code = int(digits[1:], 16) if digits[0] in "xX" else int(digits)
    return reference[0] if code <= sys.maxunicode and code not in _SURROGATES else "\ufffd"
