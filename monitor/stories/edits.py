"""What an edit changes of an article: its sentences, and whether what was stated still holds.

Material is an edit by which something that was stated holds no more: another amount, number, date or name is in its
place now, a denial was added, the headline says something else, or the text was withdrawn. Corrected spelling, signs
and blanks are not, nor is what a text adds.

See docs/decisions/0027-an-edit-is-material-if-what-was-stated-holds-no-more.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise
from typing import Final

from monitor.model.edits import Difference, DifferenceKind, Edit
from monitor.stories.naming import replaced_names
from monitor.stories.repairs import same_words
from monitor.stories.sense import turned_sense
from monitor.stories.statements import TIME, Change, Statement, Token, join_keys, statement
from monitor.text.fold import simplify
from monitor.text.sentences import sentence_ends

_ALIKE: Final = 0.5
"""Share of two sentences' words from which the later one is the earlier one edited."""

_LINES_ALIKE: Final = 0.75
"""The same for lines without an end mark, such as the titles of other articles on the page."""

_KEPT: Final = 0.7
"""Share of a text that an edit keeps: if less is left, the text was abridged, and no sentence was withdrawn."""

_MOST: Final = 40
"""Sentences on either side that are compared with each other; a text that is changed further is another one."""

_LARGEST: Final = 160_000
"""Words of one sentence times words of the other, above which they are not compared: it takes that many steps."""

_STEPS: Final = 4_000_000
"""The same for all sentences of an edit together."""

_NUMBER: Final = r"(?<![\d.,])[\d.,]{1,15}"
_PASSING: Final = re.compile(
    r"(?i)(?<!\d)\d{1,4}\s?(?:(?:second|minute|min|hour|hr|day|week|month|year)s?\sago\b|(?:秒|分钟|小时|天|日|周|个月|年)前)"
    rf"|{_NUMBER}\s?[km]?\s(?:views?|reads?|shares?|comments?|likes?|replies|reactions|retweets|followers)\b"
    rf"|\b(?:views?|reads?|shares?|comments?|likes?|replies|hits)\s?(?:[:：]\s?{_NUMBER}|\({_NUMBER}\))"
    r"|(?<!\d)\d{1,4}\s?-?\s?min(?:ute)?s?\.?\s(?:read|video|listen)\b"
    r"|(?:阅读|浏览|点击|访问|评论|点赞|转发|收藏|分享)(?:量|数|次数)?\s?[:：]?\s?[\d.,]{1,15}\s?[万亿]?\s?次?"
    rf"|{_NUMBER}\s?[万亿]?\s?(?:次|人|条)?(?:阅读|浏览|点击|访问|评论|点赞|转发|收藏)"
)
"""What a page counts, or dates by the time of the visit."""

_OF_THE_PAGE: Final = re.compile(
    r"(?i)(?:last\s|first\s)?(?:updated|modified|published|posted|reviewed)(?:\s(?:at|on)|\s?[:：]|\s\d|\s[a-z]{3,9}\s\d)"
    r"|(?:related|read (?:more|also|next)|see also|more on|also read|recommended|share|tags?)\b.{0,20}:"
    r"|(?:photo|image|picture|credit)\b.{0,20}:"
    r"|last\s(?:update|change|modification)\b|(?:this|the)\s(?:article|story|page|post)\s(?:was|has\sbeen)\s"
    r"(?:(?:first|last|originally)\s)?(?:updated|published|modified|posted)"
    r"|(?:additional\s)?(?:reporting|writing|editing)\sby\b|(?:compiled|translated|edited|written)\sby\b"
    r"|(?:copyright|©|\(c\)\s)|all rights reserved|advertisement|subscribe|sign up"
    r"|(?:更新|发布|发表|刊发|修改|采集)(?:时间|日期|于)|(?:相关|推荐|延伸|更多)(?:阅读|新闻|链接|文章|报道)"
    r"|[上下]一[篇条]|责任?编辑|编辑[:：]|来源[:：]|字[号体][:：]|版权所有|扫一扫|打印"
)
"""How a line begins that is the page's and not the article's."""

_END_MARK: Final = re.compile(r"[.!?。！？…；;][\"'”’」』）)]*\Z")


def compare_texts(before: str, after: str) -> Edit:
    """Return what an edit of a text changed."""
    old, new = _statements(before), _statements(after)
    gone, came = _without(old, new), _without(new, old)
    known = {join_keys(one.tokens) for one in came} & {join_keys(one.tokens) for one in gone}
    gone, came = ([one for one in side if join_keys(one.tokens) not in known] for side in (gone, came))
    if join_keys(_all(gone)) == join_keys(_all(came)):
        return Edit()
    sides = tuple(one.text for one in gone), tuple(one.text for one in came)
    if not gone or len(gone) > _MOST or len(came) > _MOST:
        return Edit(*sides)
    pairs, later = _pairs(gone, came), LaterText(new)
    found = [difference for one, other in pairs for difference in _differences(one, other, later)]
    found += _withdrawn(old, gone, [one for one, _ in pairs], later)
    return Edit(*sides, tuple(dict.fromkeys(found)))


def compare_titles(before: str, after: str) -> Difference | None:
    """Return the difference of two headlines, if the later one says something else."""
    if not before.strip() or not after.strip() or same_words(before, after):
        return None
    return Difference("title", " ".join(before.split()), " ".join(after.split()))


def compare(before: tuple[str, str], after: tuple[str, str]) -> Edit:
    """Return what an edit changed of an article. Each side is a title and a text."""
    edit, title = compare_texts(before[1], after[1]), compare_titles(before[0], after[0])
    return edit if title is None else Edit(edit.gone, edit.came, (*edit.differences, title))


@dataclass(frozen=True)
class LaterText:
    """The sentences of the later text."""

    sentences: Sequence[Statement]

    @cached_property
    def _figures(self) -> frozenset[str]:
        return frozenset(key for one in self.sentences for key in one.figures)

    def lacks(self, token: Token) -> bool:
        """Return whether a figure is nowhere in it, and is none that every text has."""
        is_common = token.figure.is_common if token.figure is not None else not token.key.startswith(TIME)
        return not is_common and token.key not in self._figures


def _statements(text: str) -> list[Statement]:
    """Return the sentences of a text, without what the page itself counts and dates."""
    bounds = [0, *sentence_ends(simplify(text)), len(text)]
    parts = (_PASSING.sub(" ", text[start:end]).strip() for start, end in pairwise(bounds))
    return [statement(part) for part in parts if not _OF_THE_PAGE.match(part) and any(map(str.isalnum, part))]


def _without(some: Sequence[Statement], others: Sequence[Statement]) -> list[Statement]:
    """Return the sentences that are not among `others` as they are."""
    known = {other.text for other in others}
    return [one for one in some if one.text not in known]


def _all(some: Sequence[Statement]) -> list[Token]:
    return [token for one in some for token in one.tokens]


def _pairs(gone: Sequence[Statement], came: Sequence[Statement]) -> list[tuple[Statement, Statement]]:
    """Return each edited sentence with the one in its place, the most alike first chosen, in the order of the text."""
    places = sorted(
        ((here, there) for here in range(len(gone)) for there in range(len(came))),
        key=lambda place: abs(place[0] - place[1]),
    )
    steps, alike = _STEPS, []
    for here, there in places:
        one, other = gone[here], came[there]
        cost = len(one.keys) * len(other.keys)
        if cost <= min(_LARGEST, steps) and _may_be_alike(one, other):
            steps -= cost
            likeness = SequenceMatcher(None, one.skeleton, other.skeleton, autojunk=False).ratio()
            alike += [(-likeness, here, there)] if likeness >= _least(one, other) else []
    taken: dict[int, int] = {}
    for _, here, there in sorted(alike):
        if here not in taken and there not in taken.values():
            taken[here] = there
    return [(gone[here], came[there]) for here, there in sorted(taken.items())]


def _may_be_alike(one: Statement, other: Statement) -> bool:
    """Return whether two sentences have enough words in common, in whatever order."""
    common = sum((Counter(one.skeleton) & Counter(other.skeleton)).values())
    return 2 * common >= _least(one, other) * (len(one.skeleton) + len(other.skeleton))


def _least(one: Statement, other: Statement) -> float:
    whole = _END_MARK.search(one.text) and _END_MARK.search(other.text)
    return _ALIKE if whole else _LINES_ALIKE


def _differences(one: Statement, other: Statement, later: LaterText) -> Iterator[Difference]:
    """Yield what an edited sentence states no more; `later` is the whole text."""
    changes = _changes(one, other)
    yield from _figures(one, other, changes, later)
    for before, after in replaced_names(one, other, changes):
        yield Difference("name", before, after)
    for before, after in turned_sense(one, other, changes):
        yield Difference("sense", before, after)


def _changes(one: Statement, other: Statement) -> list[Change]:
    """Return the places of the tokens that replace each other."""
    matcher = SequenceMatcher(None, one.keys, other.keys, autojunk=False)
    return [(a, b, c, d) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def _figures(one: Statement, other: Statement, changes: Sequence[Change], later: LaterText) -> Iterator[Difference]:
    """Yield the figures of a sentence that another one replaces, and those that are nowhere in the later text."""
    if one.skeleton == other.skeleton:  # each figure is in the place of the same one, also if two were exchanged
        pairs = zip(one.tokens, other.tokens, strict=True)
        yield from (_replaced(one, token, other, new) for token, new in pairs if token.key != new.key)
        return
    less, more = one.figures - other.figures, other.figures - one.figures
    removed = list(_counted([token for a, b, _, _ in changes for token in one.tokens[a:b]], less))
    added = list(_counted([token for _, _, c, d in changes for token in other.tokens[c:d]], more))
    for token in removed:
        instead = next((new for new in added if new.family == token.family), None)
        if instead is None:
            if later.lacks(token):
                yield Difference(_kind(token), one.shown(token))
            continue
        added.remove(instead)
        if not _is_finer(token, instead):
            yield _replaced(one, token, other, instead)


def _replaced(one: Statement, token: Token, other: Statement, instead: Token) -> Difference:
    return Difference(_kind(token), *_without_common_end(one.shown(token), other.shown(instead)))


def _counted(tokens: Sequence[Token], wanted: Counter[str]) -> Iterator[Token]:
    """Yield the tokens with the wanted keys, each as often as it is wanted."""
    left = wanted.copy()
    for token in tokens:
        if left[token.key] > 0:
            left[token.key] -= 1
            yield token


def _kind(token: Token) -> DifferenceKind:
    return "date" if token.family == "date" else "number"


def _is_finer(token: Token, instead: Token) -> bool:
    """Return whether a date says more exactly what another one said: the day of a month."""
    rough, fine = token.figure, instead.figure
    if rough is None or fine is None or (rough.kind, fine.kind) != ("month", "day"):
        return False
    return fine.value // 100 == rough.value


def _without_common_end(before: str, after: str) -> tuple[str, str]:
    """Return two phrases, the words at their ends only once: `500`, `300 million yuan`."""
    ones, others = before.split(" "), after.split(" ")
    same = 0
    while same < min(len(ones), len(others)) - 1 and ones[-1 - same].lower() == others[-1 - same].lower():
        same += 1
    return " ".join(ones[: len(ones) - same]).rstrip(","), after


def _withdrawn(
    old: Sequence[Statement], gone: Sequence[Statement], edited: Sequence[Statement], later: LaterText
) -> Iterator[Difference]:
    """Yield the figures of sentences that were taken out of a text of which the rest, before and after, was kept."""
    kept = sum(len(one.text) for one in old if one not in gone or one in edited)
    if kept < _KEPT * sum(len(one.text) for one in old):
        return
    last = max((at for at, one in enumerate(old) if one not in gone), default=0)
    for one in (one for one in old[:last] if one in gone and one not in edited and _END_MARK.search(one.text)):
        for token in one.tokens:
            if later.lacks(token):
                yield Difference(_kind(token), one.shown(token))
