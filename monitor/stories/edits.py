"""What an edit changes in an article: its sentences, and whether what the article stated is still true.

An edit is material if something that the article stated is no longer true: another amount, number, date or name is in
its place now, a denial was added, the headline says something else, or the text was withdrawn. Corrected spelling,
punctuation and blanks are not material, and neither is an addition to the text.

See docs/decisions/0027-an-edit-is-material-if-what-was-stated-holds-no-more.md.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from itertools import pairwise
from typing import Final

from monitor.model.edits import Difference, DifferenceKind, Edit
from monitor.stories.naming import replaced_names
from monitor.stories.repairs import same_words
from monitor.stories.sense import turned_sense
from monitor.stories.statements import TIME_KEY_PREFIX, Change, Statement, Token, join_keys, statement
from monitor.text.fold import simplify
from monitor.text.sentences import sentence_ends

_MIN_SIMILARITY: Final = 0.5
"""Minimum similarity, from 0 to 1, of a sentence and its edited form. The similarity is the share of common words."""

_MIN_LINE_SIMILARITY: Final = 0.75
"""The same minimum for lines without an end mark, such as the titles of other articles on the page."""

_MIN_REMAINING_SHARE: Final = 0.7
"""Minimum share of a text that is left after an edit. If less is left, the text was shortened, not withdrawn."""

_MAX_SENTENCES: Final = 40
"""Maximum number of removed and of added sentences that are compared. If more changed, the text is another one."""

_MAX_STEPS_PER_PAIR: Final = 160_000
"""Maximum number of steps to compare two sentences: the words of one times the words of the other."""

_MAX_STEPS: Final = 4_000_000
"""Maximum number of steps to compare all sentences of an edit."""

_MAX_KEPT_SENTENCES_LENGTH: Final = 2_000
"""Maximum total length of a sentence before and after an edit that are kept with a difference, in characters."""

_NUMBER_PATTERN: Final = r"(?<![\d.,])[\d.,]{1,15}"
_COUNTER_OR_AGE: Final = re.compile(
    r"(?i)(?<!\d)\d{1,4}\s?(?:(?:second|minute|min|hour|hr|day|week|month|year)s?\sago\b|(?:秒|分钟|小时|天|日|周|个月|年)前)"
    rf"|{_NUMBER_PATTERN}\s?[km]?\s(?:views?|reads?|shares?|comments?|likes?|replies|reactions|retweets|followers)\b"
    rf"|\b(?:views?|reads?|shares?|comments?|likes?|replies|hits)\s?(?:[:：]\s?{_NUMBER_PATTERN}|\({_NUMBER_PATTERN}\))"
    r"|(?<!\d)\d{1,4}\s?-?\s?min(?:ute)?s?\.?\s(?:read|video|listen)\b"
    r"|(?:阅读|浏览|点击|访问|评论|点赞|转发|收藏|分享)(?:量|数|次数)?\s?[:：]?\s?[\d.,]{1,15}\s?[万亿]?\s?次?"
    rf"|{_NUMBER_PATTERN}\s?[万亿]?\s?(?:次|人|条)?(?:阅读|浏览|点击|访问|评论|点赞|转发|收藏)"
)
"""Counters on a page, such as "12 comments", and times that depend on the visit, such as "3 hours ago"."""

_PAGE_LINE: Final = re.compile(
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
"""The beginning of a line that belongs to the page and not to the article."""

_END_MARK: Final = re.compile(r"[.!?。！？…；;][\"'”’」』）)]*\Z")


def compare_texts(before: str, after: str) -> Edit:
    """Return what an edit changed in a text."""
    old, new = statements_of(before), statements_of(after)
    removed, added = _statements_not_in(old, new), _statements_not_in(new, old)
    known = {join_keys(one.tokens) for one in added} & {join_keys(one.tokens) for one in removed}
    removed, added = ([one for one in side if join_keys(one.tokens) not in known] for side in (removed, added))
    if join_keys(_tokens_of(removed)) == join_keys(_tokens_of(added)):
        return Edit()
    sides = tuple(one.text for one in removed), tuple(one.text for one in added)
    if not removed or len(removed) > _MAX_SENTENCES or len(added) > _MAX_SENTENCES:
        return Edit(*sides)
    pairs, later = _pair_statements(removed, added), LaterText(new)
    found = [each for one, other in pairs for each in sentence_differences(one, other, later)]
    found += _withdrawn_figures(old, removed, [one for one, _ in pairs], later)
    return Edit(*sides, tuple({(one, one.said, one.says): one for one in found}.values()))


def compare_titles(before: str, after: str) -> Difference | None:
    """Return the difference between two headlines; None if the later headline says the same as the earlier one."""
    if not before.strip() or not after.strip() or same_words(before, after):
        return None
    return Difference("title", " ".join(before.split()), " ".join(after.split()))


def compare(before: tuple[str, str], after: tuple[str, str]) -> Edit:
    """Return what an edit changed in an article. `before` and `after` are each a title and a text."""
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
        """Return whether the text does not contain a figure. Figures that nearly every text has are never lacking."""
        is_common = token.figure.is_common if token.figure is not None else not token.key.startswith(TIME_KEY_PREFIX)
        return not is_common and token.key not in self._figures


def statements_of(text: str) -> list[Statement]:
    """Return the sentences of a text, without counters, relative times and lines of the page itself."""
    bounds = [0, *sentence_ends(simplify(text)), len(text)]
    parts = (_COUNTER_OR_AGE.sub(" ", text[start:end]).strip() for start, end in pairwise(bounds))
    return [statement(part) for part in parts if not _PAGE_LINE.match(part) and any(map(str.isalnum, part))]


def _statements_not_in(some: Sequence[Statement], others: Sequence[Statement]) -> list[Statement]:
    """Return the sentences that do not occur in `others` word for word."""
    known = {other.text for other in others}
    return [one for one in some if one.text not in known]


def _tokens_of(some: Sequence[Statement]) -> list[Token]:
    return [token for one in some for token in one.tokens]


def _pair_statements(removed: Sequence[Statement], added: Sequence[Statement]) -> list[tuple[Statement, Statement]]:
    """Return the pairs of a removed sentence and the added sentence that replaces it, in the order of the text.

    The most similar sentences become a pair first.
    """
    places = sorted(
        ((here, there) for here in range(len(removed)) for there in range(len(added))),
        key=lambda place: abs(place[0] - place[1]),
    )
    steps, alike = _MAX_STEPS, []
    for here, there in places:
        one, other = removed[here], added[there]
        cost = len(one.keys) * len(other.keys)
        if cost <= min(_MAX_STEPS_PER_PAIR, steps) and _may_be_alike(one, other):
            steps -= cost
            likeness = SequenceMatcher(None, one.skeleton, other.skeleton, autojunk=False).ratio()
            alike += [(-likeness, here, there)] if likeness >= _min_similarity(one, other) else []
    taken: dict[int, int] = {}
    for _, here, there in sorted(alike):
        if here not in taken and there not in taken.values():
            taken[here] = there
    return [(removed[here], added[there]) for here, there in sorted(taken.items())]


def _may_be_alike(one: Statement, other: Statement) -> bool:
    """Return whether two sentences have enough words in common, in any order."""
    common = sum((Counter(one.skeleton) & Counter(other.skeleton)).values())
    return 2 * common >= _min_similarity(one, other) * (len(one.skeleton) + len(other.skeleton))


def _min_similarity(one: Statement, other: Statement) -> float:
    whole = _END_MARK.search(one.text) and _END_MARK.search(other.text)
    return _MIN_SIMILARITY if whole else _MIN_LINE_SIMILARITY


def sentence_differences(one: Statement, other: Statement, later: LaterText) -> Iterator[Difference]:
    """Yield what a sentence stated before an edit and does not state after it. `later` is the whole later text."""
    changes = _token_changes(one, other)
    found = [
        *_figures(one, other, changes, later),
        *(Difference("name", before, after) for before, after in replaced_names(one, other, changes)),
        *(Difference("sense", before, after) for before, after in turned_sense(one, other, changes)),
    ]
    is_short = len(one.text) + len(other.text) <= _MAX_KEPT_SENTENCES_LENGTH
    yield from (replace(each, said=one.text, says=other.text) for each in found) if is_short else found


def _token_changes(one: Statement, other: Statement) -> list[Change]:
    """Return the places where the tokens of two sentences differ."""
    matcher = SequenceMatcher(None, one.keys, other.keys, autojunk=False)
    return [(a, b, c, d) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def _figures(one: Statement, other: Statement, changes: Sequence[Change], later: LaterText) -> Iterator[Difference]:
    """Yield the figures that another figure replaces, and the removed figures that are nowhere in the later text."""
    if one.skeleton == other.skeleton:  # only figures differ: compare those at the same place, to see exchanged ones
        pairs = zip(one.tokens, other.tokens, strict=True)
        yield from (_replacement_difference(one, token, other, new) for token, new in pairs if token.key != new.key)
        return
    less, more = one.figures - other.figures, other.figures - one.figures
    removed = list(_take_wanted([token for a, b, _, _ in changes for token in one.tokens[a:b]], less))
    added = list(_take_wanted([token for _, _, c, d in changes for token in other.tokens[c:d]], more))
    for token in removed:
        replacement = next((new for new in added if new.family == token.family), None)
        if replacement is None:
            if later.lacks(token):
                yield Difference(_difference_kind(token), one.written_form(token))
            continue
        added.remove(replacement)
        if not _is_finer(token, replacement):
            yield _replacement_difference(one, token, other, replacement)


def _replacement_difference(one: Statement, token: Token, other: Statement, replacement: Token) -> Difference:
    before, after = one.written_form(token), other.written_form(replacement)
    return Difference(_difference_kind(token), *_without_common_end(before, after))


def _take_wanted(tokens: Sequence[Token], wanted: Counter[str]) -> Iterator[Token]:
    """Yield the tokens whose keys are wanted, each key at most as often as `wanted` says."""
    left = wanted.copy()
    for token in tokens:
        if left[token.key] > 0:
            left[token.key] -= 1
            yield token


def _difference_kind(token: Token) -> DifferenceKind:
    return "date" if token.family == "date" else "number"


def _is_finer(token: Token, replacement: Token) -> bool:
    """Return whether a date only makes an earlier date more exact: it adds the day to the month."""
    rough, fine = token.figure, replacement.figure
    if rough is None or fine is None or (rough.kind, fine.kind) != ("month", "day"):
        return False
    return fine.value // 100 == rough.value


def _without_common_end(before: str, after: str) -> tuple[str, str]:
    """Return two phrases without the common words at the end of the first: `500` and `300 million yuan`."""
    ones, others = before.split(" "), after.split(" ")
    same = 0
    while same < min(len(ones), len(others)) - 1 and ones[-1 - same].lower() == others[-1 - same].lower():
        same += 1
    return " ".join(ones[: len(ones) - same]).rstrip(","), after


def _withdrawn_figures(
    old: Sequence[Statement], removed: Sequence[Statement], edited: Sequence[Statement], later: LaterText
) -> Iterator[Difference]:
    """Yield the figures of sentences that were removed from a text, if the text before and after them was kept."""
    kept = sum(len(one.text) for one in old if one not in removed or one in edited)
    if kept < _MIN_REMAINING_SHARE * sum(len(one.text) for one in old):
        return
    last = max((at for at, one in enumerate(old) if one not in removed), default=0)
    for one in (one for one in old[:last] if one in removed and one not in edited and _END_MARK.search(one.text)):
        said = one.text if len(one.text) <= _MAX_KEPT_SENTENCES_LENGTH else ""
        for token in one.tokens:
            if later.lacks(token):
                yield Difference(_difference_kind(token), one.written_form(token), said=said)
