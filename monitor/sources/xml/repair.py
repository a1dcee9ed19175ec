"""Repair ill-formed XML, so that a strict parser can read it. An error then affects only its own place.

A lenient parser may also change other parts of an ill-formed document: it replaces `&lang=` in addresses by a
character, and joins entries.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from monitor.sources.xml.tokens import INVALID_CHARACTER, Token, escape_xml, repair_references, tokenize

_ENTRY_NAMES: Final = {"urlset": frozenset({"url"}), "sitemapindex": frozenset({"sitemap"})}
_ITEM_NAMES: Final = frozenset({"item", "entry"})
# Elements that contain text, or markup that is meant as text.
_TEXT_ELEMENTS: Final = frozenset(
    (
        *("title", "link", "description", "guid", "pubdate", "category", "comments", "summary", "id", "published"),
        *("updated", "issued", "modified", "created", "name", "email", "uri", "rights", "copyright", "language"),
        *("generator", "encoded", "content", "creator", "date", "subject", "subtitle", "tagline", "abstract"),
        *("loc", "lastmod", "changefreq", "priority", "publication_date", "keywords", "genres", "body"),
    )
)
_VOID_ELEMENTS: Final = frozenset({"br", "hr", "img", "wbr", "input", "col", "area", "embed"})
_SIBLINGS: Final = _TEXT_ELEMENTS | {"enclosure", "author", "source", "image", "thumbnail", "group", "news", "video"}
_ROOT_ELEMENTS: Final = frozenset({"rss", "rdf", "feed", "channel", "items", "urlset", "sitemapindex"})
_CONTAINER_ELEMENTS: Final = frozenset(
    (
        *(*_ROOT_ELEMENTS, *_ITEM_NAMES),
        *("url", "sitemap", "image", "author", "contributor", "source", "group", "news", "publication"),
    )
)
_MAX_REPEATED_TOKENS: Final = 100_000
"""The greatest number of tokens that are read again because elements are not closed: a limit for hostile documents."""
_XHTML_TYPES: Final = ("xhtml", "application/xhtml+xml", "application/xml", "text/xml")
_UNDECLARED_NAMESPACE: Final = "urn:undeclared:"
_ENTITY_DECLARATION = re.compile(r"""<!ENTITY\s+([\w.-]+)\s+(?:"([^"%]{0,200})"|'([^'%]{0,200})')\s*>""")
_TAG_FOLLOWS = re.compile(r"\s*</?[A-Za-z]")
_NAMESPACES: Final = {
    "a": "http://www.w3.org/2005/Atom",
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "feedburner": "http://rssnamespace.org/feedburner/ext/1.0",
    "georss": "http://www.georss.org/georss",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "slash": "http://purl.org/rss/1.0/modules/slash/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "thr": "http://purl.org/syndication/thread/1.0",
    "video": "http://www.google.com/schemas/sitemap-video/1.1",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "xhtml": "http://www.w3.org/1999/xhtml",
    "xlink": "http://www.w3.org/1999/xlink",
}


def repair_xml(text: str, *, drop_open: bool = False) -> str:
    """Return a well-formed document, repaired from the ill-formed document `text`.

    With `drop_open`, an entry that is cut off at the end of the document is left out: its address may be incomplete.
    """
    document = _XmlRepairer()
    document.write(tokenize(INVALID_CHARACTER.sub("", text)))
    return document.finish(drop_open=drop_open)


@dataclass(slots=True)
class _OpenElement:
    """An open element, with the position of its start tag in the output."""

    token: Token
    position: int


@dataclass(slots=True)
class _OpenTextElement:
    """An open element that contains text: its start tag and its content so far."""

    token: Token
    inner: list[Token] = field(default_factory=list)
    depth: int = 0  # the number of open elements of the same name in it

    @property
    def is_xhtml(self) -> bool:
        return (self.token.attributes or {}).get("type", "").lower() in _XHTML_TYPES


@dataclass(slots=True)
class _XmlRepairer:
    """Repairs a document. Has the output so far and its open elements."""

    pieces: list[str] = field(default_factory=list)
    stack: list[_OpenElement] = field(default_factory=list)
    leaf: _OpenTextElement | None = None
    pending_tokens: deque[Token] = field(default_factory=deque)  # tokens that must be read again
    repeats_left: int = _MAX_REPEATED_TOKENS
    entities: dict[str, str] = field(default_factory=dict)
    entries: frozenset[str] = _ITEM_NAMES
    used_prefixes: set[str] = field(default_factory=set)
    declared_prefixes: set[str] = field(default_factory=lambda: {"xml", "xmlns"})

    def write(self, document: Iterable[Token]) -> None:
        """Write the tokens of a document up to the end of its root element. Tokens after it are ignored."""
        for token in document:
            self.pending_tokens.append(token)
            while self.pending_tokens:
                self._write_token(self.pending_tokens.popleft())
            if self.pieces and not self.stack:
                return

    def finish(self, *, drop_open: bool) -> str:
        """Return the whole output. Open elements are closed, and all prefixes are declared."""
        while self.leaf is not None:
            self._close_leaf(self.leaf)
            while self.pending_tokens:
                self._write_token(self.pending_tokens.popleft())
        if drop_open:
            entries = (at for at, each in enumerate(self.stack) if _local_name(each.token.name) in self.entries)
            if (at := next(entries, None)) is not None:
                del self.pieces[self.stack[at].position :]
                del self.stack[at:]
        self._close_to(0)
        if unbound := sorted(self.used_prefixes - self.declared_prefixes):
            uris = {prefix: _NAMESPACES.get(prefix, _UNDECLARED_NAMESPACE + prefix) for prefix in unbound}
            declarations = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in uris.items())
            self.pieces[0] = re.sub(r"(?=[\s/>])", lambda _: declarations, self.pieces[0], count=1)
        return "".join(self.pieces)

    def _write_token(self, token: Token) -> None:
        if self.leaf is not None:
            self._add_to_leaf(self.leaf, token)
        elif token.kind == "doctype":
            self.entities.update((name, one or other) for name, one, other in _ENTITY_DECLARATION.findall(token.text))
        elif token.kind == "start":
            self._open_element(token)
        elif token.kind == "end":
            if (at := self._index_of_open(token)) is not None:  # without an open element the end tag is left out
                self._close_to(at)
        elif self.stack:
            self.pieces.append(self._text(token))

    def _open_element(self, token: Token) -> None:
        local = _local_name(token.name)
        if not self.pieces:
            self.entries = _ENTRY_NAMES.get(local, _ITEM_NAMES)
        if local in self.entries:
            # Elements that are still open where an entry begins were never closed.
            places = (at for at, each in enumerate(self.stack) if _local_name(each.token.name) not in _ROOT_ELEMENTS)
            self._close_to(next(places, len(self.stack)))
        if self.stack and local in _TEXT_ELEMENTS and not token.is_empty:
            self.leaf = _OpenTextElement(token)
            return
        if not token.is_empty:
            self.stack.append(_OpenElement(token, len(self.pieces)))
        self.pieces.append(self._tag_text(token, is_empty=token.is_empty))

    def _close_to(self, at: int) -> None:
        """Close the element at index `at`. Open elements in it without children were meant as empty (`<a/>`)."""
        while len(self.stack) > at:
            element = self.stack.pop()
            if len(self.stack) == at or _local_name(element.token.name) in _CONTAINER_ELEMENTS:
                self.pieces.append(f"</{element.token.name}>")
            else:
                self.pieces[element.position] = self._tag_text(element.token, is_empty=True)

    def _index_of_open(self, token: Token) -> int | None:
        places = reversed(range(len(self.stack)))
        return next((at for at in places if _is_same_element(self.stack[at].token, token)), None)

    def _add_to_leaf(self, leaf: _OpenTextElement, token: Token) -> None:
        """Add `token` to the leaf, or end the leaf if it is its end tag."""
        if _is_same_element(leaf.token, token):
            # In `<title>…<title>` the second tag lacks its slash. With attributes it is an element in the first one.
            ends = token.kind == "end" or not (token.attributes or token.is_empty or leaf.is_xhtml)
            if ends and leaf.depth == 0:
                self._write_leaf(leaf)
                return
            leaf.depth += 0 if token.is_empty else -1 if token.kind == "end" else 1
        elif (token.kind == "start" and _local_name(token.name) in self.entries) or (
            token.kind == "end" and self._index_of_open(token) is not None
        ):
            self.pending_tokens.appendleft(token)
            self._close_leaf(leaf)
            return
        if token.kind != "section" or not self._split(leaf, token):
            leaf.inner.append(token)

    def _split(self, leaf: _OpenTextElement, section: Token) -> bool:
        """Split an unclosed CDATA section that continues into the next one. Return False for other sections."""
        at = unclosed_section_end(section.text, leaf.token.name)
        if at is None:
            return False
        leaf.inner.append(Token("section", section.text[:at]))
        self.pending_tokens.extendleft(reversed([*tokenize(section.text[at:] + "]]>")]))
        return True

    def _close_leaf(self, leaf: _OpenTextElement) -> None:
        """Close a leaf without end tag where a sibling begins. The tokens after this place are read again."""
        starts = ((at, token.name) for at, token in enumerate(leaf.inner) if token.kind == "start")
        siblings = (at for at, name in starts if ":" in name or _local_name(name) in _SIBLINGS)
        count = next(siblings, len(leaf.inner))
        rest = leaf.inner[count:]
        self.repeats_left -= len(rest)
        if self.repeats_left > 0:
            del leaf.inner[count:]
            self.pending_tokens.extendleft(reversed(rest))
        while leaf.inner and (leaf.inner[-1].kind == "end" or not leaf.inner[-1].text.strip()):
            leaf.inner.pop()  # a misspelled end tag
        if _ends_in_cut_tag(leaf.inner, leaf.token.name):
            del leaf.inner[-2:]
        self._write_leaf(leaf)

    def _write_leaf(self, leaf: _OpenTextElement) -> None:
        self.leaf = None
        fits = _is_nested(leaf.inner)
        text = [self._tag_text(leaf.token, is_empty=False)]
        for token in leaf.inner:
            if token.kind not in ("start", "end"):
                text.append(self._text(token))
            elif not fits:
                text.append(escape_xml(token.text))
            elif token.kind == "start":
                is_empty = token.is_empty or _local_name(token.name) in _VOID_ELEMENTS
                text.append(self._tag_text(token, is_empty=is_empty))
            elif _local_name(token.name) not in _VOID_ELEMENTS:
                text.append(f"</{token.name}>")
        self.pieces.append(f"{''.join(text)}</{leaf.token.name}>")

    def _text(self, token: Token) -> str:
        if token.kind == "section":
            return escape_xml(token.text)
        return repair_references(token.text, self.entities).replace("<", "&lt;").replace("]]>", "]]&gt;")

    def _tag_text(self, token: Token, *, is_empty: bool) -> str:
        self._note_prefix(token.name)
        attributes = []
        for name, value in (token.attributes or {}).items():
            prefix, _, rest = name.partition(":")
            if prefix == "xmlns":
                self.declared_prefixes.add(rest)
            else:
                self._note_prefix(name)
            attributes_text = value or (_UNDECLARED_NAMESPACE if prefix == "xmlns" else "")
            written = repair_references(attributes_text, self.entities).replace('"', "&quot;").replace("<", "&lt;")
            attributes.append(f' {name}="{written}"')
        return f"<{token.name}{''.join(attributes)}{'/' if is_empty else ''}>"

    def _note_prefix(self, name: str) -> None:
        prefix, colon, _ = name.partition(":")
        if colon:
            self.used_prefixes.add(prefix)


def unclosed_section_end(inner: str, name: str) -> int | None:
    """Return where an unclosed CDATA section in the element `name` should have ended; None if it was closed.

    An unclosed section contains the end tag of its element, further tags, and the start of the next section.
    """
    at = inner.find(f"</{name}>")
    behind = at + len(name) + 3
    return at if at >= 0 and _TAG_FOLLOWS.match(inner, behind) and inner.find("<![CDATA[", behind) > 0 else None


def _ends_in_cut_tag(inner: Sequence[Token], name: str) -> bool:
    """Return whether a text ends with the first letters of the end tag of its element (`</lo`)."""
    *_, opening, rest = (Token("text", ""), Token("text", ""), *inner)
    if opening.kind != "text" or rest.kind != "text":
        return False
    return opening.text == "<" and rest.text[:1] == "/" and name.startswith(rest.text[1:].strip())


def _is_nested(inner: Iterable[Token]) -> bool:
    """Return whether all start and end tags in `inner` match."""
    names: list[str] = []
    for token in inner:
        if _local_name(token.name) in _VOID_ELEMENTS:
            continue
        if token.kind == "start" and not token.is_empty:
            names.append(token.name)
        elif token.kind == "end" and (not names or names.pop() != token.name):
            return False
    return not names


def _is_same_element(one: Token, other: Token) -> bool:
    return one.name.lower() == other.name.lower()


def _local_name(name: str) -> str:
    return name.rpartition(":")[2].lower()
