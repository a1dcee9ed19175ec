"""A rule as a tree. `str(tree)` is a rule again, and reading that gives the same tree.

Positions (`at`: line and column, from 1) tell errors where to point; they take no part in comparing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

FIELDS = ("title", "text", "url", "source", "tag", "lang", "author")
BARE = ("title", "text")  # where a term without a field looks
_NAMES = {
    "title": "intitle allintitle headline subject 标题 標題",
    "text": "body content intext description summary fulltext 正文 内容 內容 全文",
    "url": "site inurl link domain host http https 网址 網址 链接 連結 网站",
    "source": "feed from publisher site_name 来源 來源 媒体",
    "tag": "tags category categories keyword keywords topic 标签 標籤 分类",
    "lang": "language 语言 語言",
    "author": "by authors creator writer 作者",
}
OTHER_NAMES = {other: name for name, others in _NAMES.items() for other in others.split()}  # as other programs say it
# What opens a phrase, and what closes it. The later ones came when rules were in use that had these signs in words.
FIRST_QUOTES = (('"“”„‟＂', '"“”„‟＂'), ("「", "」"), ("『", "』"), ("‘", "’"))
LATER_QUOTES = (("«", "»"), ("‹", "›"), ("〝", "〞〟"))
QUOTES = FIRST_QUOTES + LATER_QUOTES

At: TypeAlias = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Term:
    """A word or, between quotes, a phrase. `text` is what the rule writes, without the quotes, with its `*`."""

    text: str
    phrase: bool = False
    at: At = field(default=(1, 1), compare=False, repr=False)

    def __str__(self) -> str:
        if not self.phrase:
            return self.text
        opening, closing = next(pair for pair in QUOTES if not set(pair[1]) & set(self.text))
        return f"{opening[0]}{self.text}{closing[0]}"


@dataclass(frozen=True, slots=True)
class Concept:
    """`@name`: any of the terms of a concept."""

    name: str
    at: At = field(default=(1, 1), compare=False, repr=False)

    def __str__(self) -> str:
        return f"@{self.name}"


@dataclass(frozen=True, slots=True)
class Negation:
    """`NOT part`, `-part`. What is denied twice is not denied: no part of it is a `Not`."""

    part: Node
    at: At = field(default=(1, 1), compare=False, repr=False)

    def __str__(self) -> str:
        return f"NOT {_enclosed(self.part, And, Or, Near)}"


@dataclass(frozen=True, slots=True)
class And:
    """All parts, of which there are at least two, none itself an `And`."""

    parts: tuple[Node, ...]
    at: At = field(default=(1, 1), compare=False, repr=False)

    def __str__(self) -> str:
        return " AND ".join(_enclosed(part, Or) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Or:
    """Any of the parts, of which there are at least two, none itself an `Or`."""

    parts: tuple[Node, ...]
    at: At = field(default=(1, 1), compare=False, repr=False)

    def __str__(self) -> str:
        return " OR ".join(str(part) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Within:
    """`field:part`: what the part asks, asked of one field."""

    name: str
    part: Node
    at: At = field(default=(1, 1), compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.name}:{_enclosed(self.part, And, Or, Negation, Near)}"


@dataclass(frozen=True, slots=True)
class Regex:
    """`/source/`, by RE2; `cased` is written `/source/c`."""

    source: str
    cased: bool = False
    at: At = field(default=(1, 1), compare=False, repr=False)

    def __str__(self) -> str:
        return f"/{self.source}/{'c' if self.cased else ''}"


@dataclass(frozen=True, slots=True)
class Near:
    """`left NEAR/words right`, or BEFORE where `ordered`: at most so many words between the two, in one field."""

    left: Node
    right: Node
    words: int
    ordered: bool = False
    at: At = field(default=(1, 1), compare=False, repr=False)

    def __str__(self) -> str:
        operator = "BEFORE" if self.ordered else "NEAR"
        return f"{_operand(self.left)} {operator}/{self.words} {_operand(self.right)}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """`SENTENCE(part)`: one sentence of one field for which the part holds."""

    part: Node
    at: At = field(default=(1, 1), compare=False, repr=False)

    def __str__(self) -> str:
        return f"SENTENCE({self.part})"


@dataclass(frozen=True, slots=True)
class Case:
    """`CASE(part)`: what the part asks, with capitals and small letters as written."""

    part: Node
    at: At = field(default=(1, 1), compare=False, repr=False)

    def __str__(self) -> str:
        return f"CASE({self.part})"


@dataclass(frozen=True, slots=True)
class CountOf:
    """`count OF (part, part …)`: that many of the parts, or more."""

    count: int
    parts: tuple[Node, ...]
    at: At = field(default=(1, 1), compare=False, repr=False)

    def __str__(self) -> str:
        return f"{self.count} OF ({', '.join(map(str, self.parts))})"


Node: TypeAlias = Term | Concept | Regex | Negation | And | Or | Within | Near | Sentence | Case | CountOf


def parts_of(node: Node) -> tuple[Node, ...]:
    """The parts that a part of a rule is made of; none for a term, an expression or a concept."""
    match node:
        case And() | Or() | CountOf():
            return node.parts
        case Negation() | Within() | Sentence() | Case():
            return (node.part,)
        case Near():
            return (node.left, node.right)
        case _:
            return ()


def terms_in(node: Node, field: str, *, within: bool = False) -> Iterator[Term]:
    """The terms that are asked of one field by its name. `within`: the part itself is asked of it."""
    if within and isinstance(node, Term):
        yield node
    inside = node.name == field if isinstance(node, Within) else within
    for part in parts_of(node):
        yield from terms_in(part, field, within=inside)


def _enclosed(node: Node, *loose: type) -> str:
    return f"({node})" if isinstance(node, loose) else str(node)


def _operand(node: Node) -> str:
    return _enclosed(node, And, Or, Near)
