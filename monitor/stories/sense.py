"""Edits that reverse the meaning of a sentence: by a denial, or by the opposite of a word."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from monitor.stories.statements import Change, Statement
from monitor.text.kinds import is_han

_DENIALS: Final = frozenset(("not", "no", "never", "without", "cannot"))
_HAN_DENIAL: Final = re.compile(r"不(?!断|仅|但|少|同|过|久|得不|只|超过|低于)|未(?!来)|没有|并非|禁止")
_CANCELLING_WORD: Final = re.compile(
    r"\b(?:cancel|withdr[ae]w|postpone|suspend|revok|retract|reject|abandon|scrap)\w*|取消|撤销|撤回|暂停|中止|终止|延期|推迟"
)

_OPPOSITE_PAIRS: Final = (
    "rose|fell rises|falls rise|fall increased|decreased increase|decrease increases|decreases up|down higher|lower",
    "gained|lost gain|loss profit|loss more|fewer more|less above|below before|after approved|rejected allowed|banned",
    "passed|failed opens|closes open|closed opened|closed won|lost legal|illegal accepted|refused supports|opposes",
    "confirmed|denied buy|sell bought|sold minimum|maximum least|most guilty|innocent",
    "上涨|下跌 上调|下调 上升|下降 增长|下降 增加|减少 提高|降低 盈利|亏损 批准|否决 通过|否决 允许|禁止 开放|关闭",
    "高于|低于 以上|以下 之前|之后 同意|反对 支持|反对 合格|不合格 中标|落标 买入|卖出 收购|出售 合法|非法",
    "最高|最低 不少于|不超过",
)
_OPPOSITES: Final = tuple(tuple(pair.split("|")) for line in _OPPOSITE_PAIRS for pair in line.split())


def turned_sense(one: Statement, other: Statement, changes: Sequence[Change]) -> Iterator[tuple[str, str]]:
    """Yield the words before and after an edit that make a sentence say the opposite of what it said."""
    yield from _opposite_words(one, other)
    for a, b, c, d in changes:
        if _count_denials(one, a, b) != _count_denials(other, c, d):
            alone = a < b and c < d
            yield _part_as_text(one, a, b, alone=alone), _part_as_text(other, c, d, alone=alone)


def _opposite_words(one: Statement, other: Statement) -> Iterator[tuple[str, str]]:
    less, more = Counter(one.keys) - Counter(other.keys), Counter(other.keys) - Counter(one.keys)
    for pair in _OPPOSITES:
        for word, instead in (pair, pair[::-1]):
            if word.isascii():
                turned = less[word] and more[instead]
            else:
                turned = _count(one, word) > _count(other, word) and _count(one, instead) < _count(other, instead)
            if turned:
                yield word, instead


def _count(sentence: Statement, word: str) -> int:
    return sentence.plain.count(word)


def _count_denials(sentence: Statement, first: int, last: int) -> tuple[int, int]:
    """Return how many denials a part of a sentence has, and how many words such as "cancel" or "postpone"."""
    part = sentence.tokens[first:last]
    if not part:
        return 0, 0
    start, end = part[0].start, part[-1].end
    words = sum(token.key in _DENIALS or token.key.endswith("n't") for token in part)
    denied, ended = (
        sum(start <= found.start() < end for found in pattern.finditer(sentence.plain))
        for pattern in (_HAN_DENIAL, _CANCELLING_WORD)
    )
    return words + denied, ended


def _part_as_text(sentence: Statement, first: int, last: int, *, alone: bool) -> str:
    """Return a part of a sentence as text. If not `alone`, add the word before it and, except in Chinese, the next."""
    tokens = sentence.tokens
    if not alone:
        first = max(0, first - 1)
        last = min(len(tokens), last + (0 if is_han(tokens[first].key[0]) else 1))
    return sentence.between(tokens[first], tokens[max(first, last - 1)])
