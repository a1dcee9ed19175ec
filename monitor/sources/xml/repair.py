"""Repair ill-formed XML, so that the strict parser reads it: an error affects only its own place.

A lenient parser instead guesses at every place of an ill-formed document: addresses with `&lang=` get a character, and
entries swallow each other.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from monitor.sources.xml.tokens import NO_CHARACTER, Token, escape, references, tokens

_ENTRIES: Final = {
    "urlset": frozenset({"url"}),
    "sitemapindex": frozenset({"sitemap"}),
}
_ITEMS: Final = frozenset({"item", "entry"})
# Elements that hold text, or markup that is meant as text.
_LEAVES: Final = frozenset(
    (
        *("title", "link", "description", "guid", "pubdate", "category", "comments", "summary", "id", "published"),
        *("updated", "issued", "modified", "created", "name", "email", "uri", "rights", "copyright", "language"),
        *("generator", "encoded", "content", "creator", "date", "subject", "subtitle", "tagline", "abstract"),
        *("loc", "lastmod", "changefreq", "priority", "publication_date", "keywords", "genres", "body"),
    )
)
_VOID: Final = frozenset({"br", "hr", "img", "wbr", "input", "col", "area", "embed"})
_SIBLINGS: Final = _LEAVES | {"enclosure", "author", "source", "image", "thumbnail", "group", "news", "video"}
_ROOTS: Final = frozenset({"rss", "rdf", "feed", "channel", "items", "urlset", "sitemapindex"})
_HOLDERS: Final = (
    _ROOTS | _ITEMS | {"url", "sitemap", "image", "author", "contributor", "source", "group", "news", "publication"}
)
_PATIENCE: Final = 100_000
"""So many tokens are read again where elements are not closed; hostile documents have no more of them repaired."""
_XHTML: Final = ("xhtml", "application/xhtml+xml", "application/xml", "text/xml")
_UNBOUND: Final = "urn:undeclared:"
_DECLARED = re.compile(r"""<!ENTITY\s+([\w.-]+)\s+(?:"([^"%]{0,200})"|'([^'%]{0,200})')\s*>""")
_BEHIND = re.compile(r"\s*</?[A-Za-z]")
_KNOWN: Final = {
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


def repair(text: str, *, drop_open: bool = False) -> str:
    """Return the ill-formed document `text` in a well-formed form.

    `drop_open`: an entry cut by the document's end is left out, since it may have half an address.
    """
    document = _Document()
    document.write(tokens(NO_CHARACTER.sub("", text)))
    return document.finish(drop_open=drop_open)


@dataclass(slots=True)
class _OpenElement:
    """An open element, and the position of its start tag in the output."""

    token: Token
    place: int


@dataclass(slots=True)
class _Leaf:
    """An open element that holds text: its start tag and its content so far."""

    token: Token
    inner: list[Token] = field(default_factory=list)
    depth: int = 0  # of elements of its own name within it

    @property
    def xhtml(self) -> bool:
        return (self.token.attributes or {}).get("type", "").lower() in _XHTML


@dataclass(slots=True)
class _Document:
    """The output so far, and the open elements in it."""

    pieces: list[str] = field(default_factory=list)
    stack: list[_OpenElement] = field(default_factory=list)
    leaf: _Leaf | None = None
    again: deque[Token] = field(default_factory=deque)  # what was taken for a part of a leaf and is none
    patience: int = _PATIENCE
    entities: dict[str, str] = field(default_factory=dict)
    entries: frozenset[str] = _ITEMS
    used: set[str] = field(default_factory=set)  # prefixes
    bound: set[str] = field(default_factory=lambda: {"xml", "xmlns"})

    def write(self, document: Iterable[Token]) -> None:
        """Write the tokens of a document up to the end of its root; anything after it is ignored."""
        for token in document:
            self.again.append(token)
            while self.again:
                self._take(self.again.popleft())
            if self.pieces and not self.stack:
                return

    def finish(self, *, drop_open: bool) -> str:
        """Return the whole output, with open elements closed and every prefix declared."""
        while self.leaf is not None:
            self._close_leaf(self.leaf)
            while self.again:
                self._take(self.again.popleft())
        if drop_open:
            entries = (at for at, each in enumerate(self.stack) if _local(each.token.name) in self.entries)
            if (at := next(entries, None)) is not None:
                del self.pieces[self.stack[at].place :]
                del self.stack[at:]
        self._close_to(0)
        if unbound := sorted(self.used - self.bound):
            said = "".join(f' xmlns:{prefix}="{_KNOWN.get(prefix, _UNBOUND + prefix)}"' for prefix in unbound)
            self.pieces[0] = re.sub(r"(?=[\s/>])", lambda _: said, self.pieces[0], count=1)
        return "".join(self.pieces)

    def _take(self, token: Token) -> None:
        if self.leaf is not None:
            self._collect(self.leaf, token)
        elif token.kind == "doctype":
            self.entities.update((name, one or other) for name, one, other in _DECLARED.findall(token.text))
        elif token.kind == "start":
            self._start(token)
        elif token.kind == "end":
            if (at := self._innermost(token)) is not None:  # an end tag of no open element is left out
                self._close_to(at)
        elif self.stack:
            self.pieces.append(self._text(token))

    def _start(self, token: Token) -> None:
        local = _local(token.name)
        if not self.pieces:
            self.entries = _ENTRIES.get(local, _ITEMS)
        if local in self.entries:
            # What is open where an entry belongs was never closed.
            places = (at for at, each in enumerate(self.stack) if _local(each.token.name) not in _ROOTS)
            self._close_to(next(places, len(self.stack)))
        if self.stack and local in _LEAVES and not token.empty:
            self.leaf = _Leaf(token)
            return
        if not token.empty:
            self.stack.append(_OpenElement(token, len(self.pieces)))
        self.pieces.append(self._tag(token, empty=token.empty))

    def _close_to(self, at: int) -> None:
        """Close the element at index `at`. Open elements in it without children were empty ones without their slash."""
        while len(self.stack) > at:
            element = self.stack.pop()
            if len(self.stack) == at or _local(element.token.name) in _HOLDERS:
                self.pieces.append(f"</{element.token.name}>")
            else:
                self.pieces[element.place] = self._tag(element.token, empty=True)

    def _innermost(self, token: Token) -> int | None:
        places = reversed(range(len(self.stack)))
        return next((at for at in places if _same(self.stack[at].token, token)), None)

    def _collect(self, leaf: _Leaf, token: Token) -> None:
        """Add `token` to the leaf, or end the leaf with it."""
        if _same(leaf.token, token):
            # `<title>…<title>` lacks a slash; one with attributes is an element within.
            ends = token.kind == "end" or not (token.attributes or token.empty or leaf.xhtml)
            if ends and leaf.depth == 0:
                self._write_leaf(leaf)
                return
            leaf.depth += 0 if token.empty else -1 if token.kind == "end" else 1
        elif (token.kind == "start" and _local(token.name) in self.entries) or (
            token.kind == "end" and self._innermost(token) is not None
        ):
            self.again.appendleft(token)
            self._close_leaf(leaf)
            return
        if token.kind != "section" or not self._split(leaf, token):
            leaf.inner.append(token)

    def _split(self, leaf: _Leaf, section: Token) -> bool:
        """Split a CDATA section that was never closed and continues into the next one; return whether it was one."""
        at = open_section(section.text, leaf.token.name)
        if at is None:
            return False
        leaf.inner.append(Token("section", section.text[:at]))
        self.again.extendleft(reversed([*tokens(section.text[at:] + "]]>")]))
        return True

    def _close_leaf(self, leaf: _Leaf) -> None:
        """Close a leaf without its end tag where a sibling begins; the following tokens are read again."""
        starts = ((at, token.name) for at, token in enumerate(leaf.inner) if token.kind == "start")
        siblings = (at for at, name in starts if ":" in name or _local(name) in _SIBLINGS)
        count = next(siblings, len(leaf.inner))
        rest = leaf.inner[count:]
        self.patience -= len(rest)
        if self.patience > 0:
            del leaf.inner[count:]
            self.again.extendleft(reversed(rest))
        while leaf.inner and (leaf.inner[-1].kind == "end" or not leaf.inner[-1].text.strip()):
            leaf.inner.pop()  # an end tag that is misspelt
        if _ends_in_cut_tag(leaf.inner, leaf.token.name):
            del leaf.inner[-2:]
        self._write_leaf(leaf)

    def _write_leaf(self, leaf: _Leaf) -> None:
        self.leaf = None
        fits = _nested(leaf.inner)
        said = [self._tag(leaf.token, empty=False)]
        for token in leaf.inner:
            if token.kind not in ("start", "end"):
                said.append(self._text(token))
            elif not fits:
                said.append(escape(token.text))
            elif token.kind == "start":
                said.append(self._tag(token, empty=token.empty or _local(token.name) in _VOID))
            elif _local(token.name) not in _VOID:
                said.append(f"</{token.name}>")
        self.pieces.append(f"{''.join(said)}</{leaf.token.name}>")

    def _text(self, token: Token) -> str:
        if token.kind == "section":
            return escape(token.text)
        return references(token.text, self.entities).replace("<", "&lt;").replace("]]>", "]]&gt;")

    def _tag(self, token: Token, *, empty: bool) -> str:
        self._note(token.name)
        attributes = []
        for name, value in (token.attributes or {}).items():
            prefix, _, rest = name.partition(":")
            if prefix == "xmlns":
                self.bound.add(rest)
            else:
                self._note(name)
            said = value or (_UNBOUND if prefix == "xmlns" else "")
            written = references(said, self.entities).replace('"', "&quot;").replace("<", "&lt;")
            attributes.append(f' {name}="{written}"')
        return f"<{token.name}{''.join(attributes)}{'/' if empty else ''}>"

    def _note(self, name: str) -> None:
        prefix, colon, _ = name.partition(":")
        if colon:
            self.used.add(prefix)


def open_section(inner: str, name: str) -> int | None:
    """Return where a CDATA section in the element `name` should have ended, if it was never closed; else None.

    Such a section contains the end tag of its element, further tags, and the start of the section that closed it.
    """
    at = inner.find(f"</{name}>")
    behind = at + len(name) + 3
    return at if at >= 0 and _BEHIND.match(inner, behind) and inner.find("<![CDATA[", behind) > 0 else None


def _ends_in_cut_tag(inner: Sequence[Token], name: str) -> bool:
    """Return whether a text ends with the beginning of its element's end tag (`</lo`)."""
    *_, opening, rest = (Token("text", ""), Token("text", ""), *inner)
    if opening.kind != "text" or rest.kind != "text":
        return False
    return opening.text == "<" and rest.text[:1] == "/" and name.startswith(rest.text[1:].strip())


def _nested(inner: Iterable[Token]) -> bool:
    """Return whether start and end tags match."""
    names: list[str] = []
    for token in inner:
        if token.kind == "start" and not token.empty and _local(token.name) not in _VOID:
            names.append(token.name)
        elif token.kind == "end" and _local(token.name) not in _VOID and (not names or names.pop() != token.name):
            return False
    return not names


def _same(one: Token, other: Token) -> bool:
    return one.name.lower() == other.name.lower()


def _local(name: str) -> str:
    return name.rpartition(":")[2].lower()
