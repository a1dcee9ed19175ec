"""Read OPML 1.0, 1.1 and 2.0 (http://opml.org/spec2.opml): the subscriptions of feed readers, with folders."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from lxml import etree

from monitor.interchange.base import CandidateBuilder, ParsedFile, SourceCandidate, Unmapped, UnreadableFile

NAMESPACE: Final = "urn:announcement-monitor:source"
"""The namespace of our attribute `source`, in which our exports store settings that OPML cannot express."""

OWN_ELEMENT: Final = f"{{{NAMESPACE}}}source"

_DECLARATION: Final = re.compile(r"\A\s*<\?xml[^>]{0,200}\?>")
_BARE_AMPERSAND: Final = re.compile(r"&(?!(?:#[0-9]{1,7}|#x[0-9a-fA-F]{1,6}|amp|lt|gt|quot|apos);)")
_NAMED_REFERENCE: Final = re.compile(r"&([a-zA-Z][a-zA-Z0-9]{1,30});")
# A value ends at the quote before another attribute or before the end of the tag.
_QUOTED_VALUE: Final = re.compile(r'(\s[\w:.-]+\s*=\s*)"(.*?)"(?=\s+[\w:.-]+\s*=\s*"|\s*/?>\s*(?:<|\Z))', re.DOTALL)
_OUTLINE_START: Final = re.compile(r"(?=<outline\b)")
_ENTITY: Final = re.compile(r"<!ENTITY", re.IGNORECASE)
_OPML_ROOT: Final = re.compile(r"<opml\b", re.IGNORECASE)
_PLACE_IN_MESSAGE: Final = re.compile(r", line \d+, column \d+$")
_XML_ENTITIES: Final = ("amp", "lt", "gt", "quot", "apos")
_HEAD_SIZE: Final = 20_000


def is_opml(text: str) -> bool:
    """Return whether `text` is OPML, even if it is malformed."""
    return text.lstrip().startswith("<") and _OPML_ROOT.search(text[:_HEAD_SIZE]) is not None


def parse(text: str) -> ParsedFile:
    """Return the outlines of `text`. Raises UnreadableFile if it is not XML, or declares entities."""
    if found := _ENTITY.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise UnreadableFile(line, 1, "this declares its own entities, which are not read", "remove <!ENTITY …>")
    body = _DECLARATION.sub(lambda declaration: "\n" * declaration[0].count("\n"), text)
    try:
        return _collect(_parse_tree(body))
    except etree.XMLSyntaxError as wrong:
        line, column = wrong.position
        said = _PLACE_IN_MESSAGE.sub("", wrong.msg)
    try:
        head, *outlines = _OUTLINE_START.split(body)
        root = _parse_tree(
            _BARE_AMPERSAND.sub(
                "&amp;", "".join([head, *(_QUOTED_VALUE.sub(_escape_value, outline) for outline in outlines)])
            )
        )
    except etree.XMLSyntaxError:
        remedy = "write & as &amp; and < as &lt; there, or export the file again"
        if "depth" in said.lower():
            remedy = "folders are nested too deeply; 100 levels can be read"
        raise UnreadableFile(line, column, f"this is not valid XML: {said}", remedy) from None
    warning = (
        f"line {line}: this is not valid XML ({said}); unescaped &, < and quotes in its outlines were read as text"
    )
    return replace(_collect(root), warnings=(warning,))


def _parse_tree(text: str) -> etree._Element:
    # `text` has no XML declaration, since its encoding would be wrong. Its line ends are kept, for line numbers.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    return etree.fromstring(text.encode("utf-8"), parser)


def _escape_value(value: re.Match[str]) -> str:
    plain = _NAMED_REFERENCE.sub(
        lambda entity: entity[0] if entity[1] in _XML_ENTITIES else html.unescape(entity[0]), value[2]
    )
    inner = _BARE_AMPERSAND.sub("&amp;", plain).replace("<", "&lt;").replace('"', "&quot;")
    return f'{value[1]}"{inner}"'


def _collect(root: etree._Element) -> ParsedFile:
    candidates: list[SourceCandidate] = []
    unmapped: list[Unmapped] = []
    for outline, folders in _outlines_with_folders(root):
        outcome = _read_outline(outline, folders)
        if isinstance(outcome, SourceCandidate):
            candidates.append(outcome)
        elif outcome is not None:
            unmapped.append(outcome)
    return ParsedFile(tuple(candidates), tuple(unmapped))


def _outlines_with_folders(root: etree._Element) -> Iterator[tuple[etree._Element, tuple[str, ...]]]:
    """Yield every outline in the order of the file, with the names of the folders that contain it."""
    stack = [(child, ()) for child in reversed(root) if _has_name(child, "body")]
    waiting: list[tuple[etree._Element, tuple[str, ...]]] = list(stack)
    while waiting:
        element, folders = waiting.pop()
        inner = folders
        if _has_name(element, "outline"):
            yield element, folders
            inner = (
                folders
                if (
                    any(_attribute(element, name) for name in ("xmlUrl", "htmlUrl", "url"))
                    or OWN_ELEMENT in element.attrib
                )
                else (*folders, _outline_name(element))
            )
        waiting.extend((child, inner) for child in reversed(element))


def _has_name(element: etree._Element, name: str) -> bool:
    return isinstance(element.tag, str) and etree.QName(element).localname.lower() == name


def _attribute(outline: etree._Element, name: str) -> str:
    """Return an attribute. The case of its name is ignored, since some programs write `xmlurl`."""
    return next((str(value).strip() for key, value in outline.attrib.items() if str(key).lower() == name.lower()), "")


def _outline_name(outline: etree._Element) -> str:
    return _attribute(outline, "title") or _attribute(outline, "text")


def _read_outline(outline: etree._Element, folders: tuple[str, ...]) -> SourceCandidate | Unmapped | None:
    where = f"line {outline.sourceline}"
    if settings := outline.get(OWN_ELEMENT):
        return _read_own_source(where, settings, outline)
    builder = CandidateBuilder(where)
    feed, page = _attribute(outline, "xmlUrl"), _attribute(outline, "htmlUrl") or _attribute(outline, "url")
    if not feed and not page:
        children = any(_has_name(child, "outline") for child in outline)
        return None if children else Unmapped(where, f'"{_outline_name(outline)}"', "it has no address")
    if _attribute(outline, "type").lower() == "include":
        return Unmapped(where, f'"{_outline_name(outline)}"', "it includes another list; import that list separately")
    builder.table |= {"name": _outline_name(outline), "url": feed or page, **({"kind": "feed"} if feed else {})}
    # First the folders, outermost first, then the parts of `category`: `/Boston/Weather,/Tech`.
    parts = (part.strip() for category in _attribute(outline, "category").split(",") for part in category.split("/"))
    if tags := [tag for tag in dict.fromkeys((*folders, *parts)) if tag]:
        builder.table["tags"] = tags
    return builder.build()


def _read_own_source(where: str, settings: str, outline: etree._Element) -> SourceCandidate | Unmapped:
    """Return a source that this program exported, with its exported settings."""
    try:
        table: Any = json.loads(settings)
    except (ValueError, RecursionError):
        table = None
    if not isinstance(table, dict):
        return Unmapped(where, f'"{_outline_name(outline)}"', "its attribute `source` of this program is damaged")
    address = next(filter(None, (_attribute(outline, name) for name in ("xmlUrl", "url", "htmlUrl"))), "")
    return SourceCandidate(where, {"name": _outline_name(outline), "url": address, **table})
