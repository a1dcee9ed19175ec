# ruff: noqa: D102  (the methods are documented in `Operator`)
"""`title:a`, `source:(a OR b)`: searches for the part in one field only."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lark import Token

from monitor.rules.operators.base import Hint, IncompleteOperator, Lexeme, NarrowingOperator, Word, position_of
from monitor.rules.planner import Planner, Scope
from monitor.rules.problems import RuleWarning, suggest_name
from monitor.rules.tree import DEFAULT_FIELDS, FIELDS, Binding, Node, Term, parenthesize

_SYNONYMS = {
    "title": "intitle allintitle headline subject 标题 標題",
    "text": "body content intext description summary fulltext 正文 内容 內容 全文",
    "url": "site inurl link domain host http https 网址 網址 链接 連結 网站",
    "source": "feed from publisher site_name 来源 來源 媒体",
    "tag": "tags category categories keyword keywords topic 标签 標籤 分类",
    "lang": "language 语言 語言",
    "author": "by authors creator writer 作者",
}
_FIELD_OF_SYNONYM = {
    other: name for name, others in _SYNONYMS.items() for other in others.split()
}  # names that other programs use
_FIELD = re.compile(r"([^\W\d_]\w*)([:：])")
_LANGUAGE_CODE = re.compile(r"[A-Za-z]{2,3}([-_]?\*|([-_][A-Za-z0-9]{2,8})*)")  # in the form of BCP 47
_LANGUAGE_OF_COUNTRY = {"cn": "zh", "tw": "zh-TW", "hk": "zh-HK", "jp": "ja", "kp": "ko", "us": "en", "gb": "en"}


@dataclass(frozen=True, slots=True)
class FieldNode(Node):
    """The node of `name:part`."""

    binding = Binding.FIELD

    name: str
    part: Node

    def __str__(self) -> str:
        return f"{self.name}:{parenthesize(self.part, Binding.FIELD)}"

    def children(self) -> tuple[Node, ...]:
        return (self.part,)


class FieldOperator(NarrowingOperator[FieldNode]):
    """The operator for fields. After a field, a word with a colon is a term (such as an address)."""

    node = FieldNode
    syntax = "FIELD operand"
    written = "unit"

    def read(self, word: Word) -> Lexeme | None:
        found = _FIELD.match(word.visible_text)
        if not found:
            return None
        name = unicodedata.normalize("NFKC", found[1])
        if name not in FIELDS:
            if word.follows_field:
                return None
            known = _FIELD_OF_SYNONYM.get(name.casefold(), name)
            hint = f"{suggest_name(known, FIELDS, '{}:')}; put a text with a colon in quotes"
            raise IncompleteOperator(f"there is no field {found[1]}", hint)
        plain = found.group() == f"{name}:"
        odd = None if plain else (f"{found.group()} is read as the field {name}", f"write {name}:")
        return Lexeme("FIELD", name, word.written.index(found[2]) + 1, odd)

    def build(self, tokens: list[Token], parts: list[Node]) -> Node:
        return FieldNode(tokens[0].value, parts[0], at=position_of(tokens[0]))

    def narrow_scope(self, node: FieldNode, planner: Planner, scope: Scope) -> Scope:
        if scope.fields is not DEFAULT_FIELDS:
            planner.raise_error(node, f"the field {node.name}: is within another field", "give each term one field")
        return replace(scope, fields=(node.name,))

    def missing_operand(self, token: Token) -> Hint:
        return f"a term is missing after {token}:", f'write {token}:term, {token}:"phrase" or {token}:(a OR b)'

    def warnings(self, node: FieldNode, rule: str) -> Iterator[RuleWarning]:
        """Yield warnings for values of `lang:` that are not language codes."""
        for term in terms_in_field(node, "lang"):
            code = _LANGUAGE_OF_COUNTRY.get(term.text.casefold())
            if code or not _LANGUAGE_CODE.fullmatch(term.text):
                message = f"{term} is not a language code, and lang: takes nothing else"
                hint = f"write lang:{code}" if code else "write lang:en or lang:zh, or with its region lang:zh-TW"
                yield RuleWarning(rule, *term.at, message, hint)


def terms_in_field(node: Node, field: str, *, within: bool = False) -> Iterator[Term]:
    """Yield the terms that are searched for in the named field. With `within`, the node itself is inside that field."""
    if within and isinstance(node, Term):
        yield node
    inside = node.name == field if isinstance(node, FieldNode) else within
    for part in node.children():
        yield from terms_in_field(part, field, within=inside)
