"""The proper names that an edit of a sentence replaced by other names, in English and in Chinese."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from monitor.lazy import lazy_pattern
from monitor.stories.gazetteer import find_named
from monitor.stories.repairs import is_repaired
from monitor.stories.signs import FUNCTION_WORDS
from monitor.stories.statements import Change, Statement, Token
from monitor.stories.terms import terms_of
from monitor.text.kinds import HAN, is_han

_SURNAMES: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩冯邓曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪"
    "廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文"
    "辛管裴席单岳尚殷梅洪温齐柯骆葛耿牛樊兰翟涂倪庄聂焦丛鲁柳祝纪舒屈项游凌霍冉阎俞盛柴凤阮季童欧詹关穆费卫池路艾简房苗"
)
_TITLES: Final = (
    "主席|总理|书记|省长|市长|区长|县长|镇长|部长|厅长|局长|处长|科长|司长|署长|行长|校长|院长|所长|会长|社长|台长|主任|秘书长"
    "|发言人|董事长|总经理|总裁|经理|教授|博士|律师|记者|先生|女士|同志|院士|研究员|法官|检察长|理事长|委员|代表"
)
_WORDS_BEFORE_PERSON: Final = (
    f"任命|聘任|聘请|免去|选举|推选|由|联系人|负责人|代表人|申请人|当事人|被告人?|原告|作者|{_TITLES}"
)
_WORDS_AFTER_PERSON: Final = (
    "表示|指出|强调|介绍|透露|认为|宣布|回应|说|称|主持|出席|参加|致辞|讲话|发言|签署|会见"
    f"|担任|出任|当选|辞去|任|为|同志|{_TITLES}"
)
_PERSON_PATTERN: Final = lazy_pattern(
    rf"(?:{_WORDS_BEFORE_PERSON})[:：]?(?P<after>[{_SURNAMES}][{HAN}]{{1,2}}?)(?={_WORDS_AFTER_PERSON}|[^{HAN}]|\Z)"
    rf"|(?P<before>[{_SURNAMES}][{HAN}]{{1,2}}?)(?={_WORDS_AFTER_PERSON})"
)
"""A Chinese personal name, recognised by the title or verb before or behind it."""

_NAME_END: Final = lazy_pattern(
    rf"[{HAN}]{{0,6}}?(?:公司|集团|银行|大学|学院|研究院|研究所|委员会|管委会|法院|检察院|医院|协会|基金会|联合会|商会|学会|中心"
    r"|[委局部厅署办省市县区州镇])"
    rf"(?=[^{HAN}]|\Z|负责|发布|表示|宣布|举[行办]|召开|主办|承办|印发|[的将与和为在对及等])"
)
"""The rest of the name of an office, a company or a place, from any character of the name to its end."""

_PARTICLES: Final = frozenset("由在与和向对将让被据为至到的是及或经从以等")
"""Characters before which a name begins: they do not belong to it."""

_MAX_LEFT_CHARACTERS: Final = 8
"""Maximum number of characters of a name before its replaced part."""

_MIN_INITIALS: Final = 2


def replaced_names(one: Statement, other: Statement, changes: Sequence[Change]) -> Iterator[tuple[str, str]]:
    """Yield each name that an edit of a sentence replaced, with the name that is now in its place."""
    if swapped := _swapped_names(one, other):
        yield swapped
    for a, b, c, d in _join_changes(one, changes):
        before, after = one.tokens[a:b], other.tokens[c:d]
        if not before or not after:
            continue
        if any(is_han(token.key[0]) for token in (*before, *after)):
            found = _han_names(one, other, (a, b, c, d))
        else:
            found = _latin_names(one, other, (a, b, c, d))
        if found is not None:
            yield found


def _swapped_names(one: Statement, other: Statement) -> tuple[str, str] | None:
    """Return the first of the exchanged names and the name in its place; None if anything but names was exchanged."""
    if len(one.keys) != len(other.keys) or Counter(one.keys) != Counter(other.keys):
        return None
    places = [at for at, (mine, theirs) in enumerate(zip(one.keys, other.keys, strict=True)) if mine != theirs]
    capital = all(one.tokens[at].is_capitalised and other.tokens[at].is_capitalised for at in places)
    if not places or not capital or any(one.keys[at] in FUNCTION_WORDS for at in places):
        return None
    return _whole_name(one, places[0], places[0]), _whole_name(other, places[0], places[0])


def _join_changes(one: Statement, changes: Sequence[Change]) -> list[Change]:
    """Return the changes. Two changes with one equal Chinese character between them become one change.

    Both names have that character by chance.
    """
    joined: list[Change] = []
    for a, b, c, d in changes:
        if joined and a - joined[-1][1] == 1 and is_han(one.keys[joined[-1][1]][0]):
            joined[-1] = (joined[-1][0], b, joined[-1][2], d)
        else:
            joined.append((a, b, c, d))
    return joined


def _latin_names(one: Statement, other: Statement, change: Change) -> tuple[str, str] | None:
    a, b, c, d = change
    before, after = _positions_of_own_names(one, other, range(a, b)), _positions_of_own_names(other, one, range(c, d))
    if not before or not after or _is_same_name([one.keys[at] for at in before], [other.keys[at] for at in after]):
        return None
    return _whole_name(one, before[0], before[-1]), _whole_name(other, after[0], after[-1])


def _positions_of_own_names(one: Statement, other: Statement, places: range) -> list[int]:
    """Return the places of words that are names, except for names that the other sentence has as often."""
    fewer = Counter(one.keys) - Counter(other.keys)
    return [at for at in places if _is_name(one, at) and fewer[one.keys[at]]]


def _is_name(sentence: Statement, at: int) -> bool:
    """Return whether a word is written like a name.

    The first word of a sentence must also be followed by a capitalised word, have a capital letter inside, or be a
    known place.
    """
    token = sentence.tokens[at]
    if not token.is_capitalised or token.family or token.key in FUNCTION_WORDS:
        return False
    follows = at + 1 < len(sentence.tokens) and sentence.tokens[at + 1].is_capitalised
    marked = at > 0 or follows or not sentence.text[token.start + 1 : token.end].islower()
    return marked or any(named.kind == "place" for named in find_named(terms_of(token.key)))


def _is_same_name(ones: Sequence[str], others: Sequence[str]) -> bool:
    """Return whether two names are the same name: one of them corrected, abbreviated, or written as its initials."""
    if len(ones) == len(others) and all(map(is_repaired, ones, others)):
        return True
    short, long = sorted((ones, others), key=lambda words: len("".join(words)))
    if set(short) <= set(long):
        return True
    initials = "".join(word[0] for word in long)
    return len(short) == 1 and len(long) >= _MIN_INITIALS and initials.startswith(short[0][: len(initials)])


def _whole_name(sentence: Statement, first: int, last: int) -> str:
    """Return a name with the capitalised words directly before and after it."""
    tokens = sentence.tokens
    while first and _adjoins(sentence, tokens[first - 1], tokens[first]) and _is_name(sentence, first - 1):
        first -= 1
    while (
        last + 1 < len(tokens) and _adjoins(sentence, tokens[last], tokens[last + 1]) and _is_name(sentence, last + 1)
    ):
        last += 1
    return sentence.between(tokens[first], tokens[last])


def _adjoins(sentence: Statement, token: Token, following: Token) -> bool:
    return sentence.text[token.end : following.start] in {" ", "-", "·", ". "}


def _han_names(one: Statement, other: Statement, change: Change) -> tuple[str, str] | None:
    a, b, c, d = change
    mine = (one.tokens[a].start, one.tokens[b - 1].end)
    theirs = (other.tokens[c].start, other.tokens[d - 1].end)
    before, after = _person_name(one, mine, other), _person_name(other, theirs, one)
    if before and after:
        return before, after
    before, after = _office_name(one, mine), _office_name(other, theirs)
    if before and after:
        return before, after
    places = [_place_names(sentence) for sentence in (one, other)]
    if places[0] - places[1] and places[1] - places[0]:
        return one.text[slice(*mine)], other.text[slice(*theirs)]
    return None


def _person_name(sentence: Statement, change: tuple[int, int], other: Statement) -> str:
    """Return the person's name to which the changed part belongs; "" if there is none.

    A name that the other sentence has too does not count.
    """
    for found in _PERSON_PATTERN.finditer(sentence.plain):
        group = "after" if found["after"] else "before"
        start, end = found.span(group)
        if start < change[1] and change[0] < end and found[group] not in other.plain:
            return sentence.text[start:end]
    return ""


def _office_name(sentence: Statement, change: tuple[int, int]) -> str:
    """Return the name of the office, company or place to which the changed part belongs; "" if there is none."""
    start, end = change
    within = next(
        (found for at in (start, end) if (found := _NAME_END.match(sentence.plain, at)) and found.end() >= end), None
    )
    if within is None:
        return ""
    left = start
    while left and start - left < _MAX_LEFT_CHARACTERS and is_han(sentence.plain[left - 1]):
        if sentence.plain[left - 1] in _PARTICLES:
            break
        left -= 1
    return sentence.text[left : within.end()]


def _place_names(sentence: Statement) -> frozenset[str]:
    named = find_named(terms_of(sentence.text))
    return frozenset(one.name for one in named if one.kind in {"place", "office"})
