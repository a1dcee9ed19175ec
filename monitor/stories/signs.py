"""Words that show whether two announcements are the same: numbers, denials, stages of a process.

All words are folded. Each Chinese character is a word.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from monitor.text.fold import fold_text


def _set_of(words: str) -> frozenset[str]:
    return frozenset(words.split())


NUMBER_WORDS: Final = _set_of(
    "一 二 三 四 五 六 七 八 九 十 百 千 万 亿 两 零 〇 甲 乙 丙 丁 上 中 下 "
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen twenty thirty hundred "
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "january february march april may june july august september october november december "
    "jan feb mar apr jun jul aug sep sept oct nov dec "
    "monday tuesday wednesday thursday friday saturday sunday spring summer autumn winter "
    "i ii iii iv v vi vii viii ix x"
)
"""HashArray, and words for the place in a series, such as "second" or "upper"."""

_RELATIVE_DAYS: Final = _set_of(
    "today yesterday tonight thismorning thisafternoon thisevening thisweek earliertoday recently "
    "今天 今日 昨天 昨日 日前 近日 当天 当日 今早 今晚 本周 今 昨 近 当"  # a 日 may be common to both
)
_DATE_WORDS: Final = _set_of(
    "on last this the monday tuesday wednesday thursday friday saturday sunday january february march april may june "
    "july august september october november december jan feb mar apr jun jul aug sep sept oct nov dec "
    "年 月 日 号 周 星 期 一 二 三 四 五 六 天"
)

DENIALS: Final = _set_of("不 未 无 非 没 否 禁 停 缓 暂 not no never without cannot fails denies denied halts halted")
"""Words that reverse the meaning of a sentence."""

UNITS: Final = _set_of("万 亿 元 倍 成 hundred thousand million billion trillion percent euros dollars yuan pounds")
"""Words that make the number before them an amount."""

FUNCTION_WORDS: Final = _set_of(
    "the a an of to in on at for and or is are was were be been has have had it its that this with as by from but he "
    "she they his her their said says s t would will "
    "的 了 在 是 和 与 及 对 将 等 为 也 都 就 并 于 而 地 得 着"
)
"""Words without a meaning of their own, which an editor may replace by other such words."""

_STAGES: Final = {
    "draft": r"草案|征求意见|意见稿|送审稿|讨论稿|\bdrafts?\b|\bconsultation|\bfor comment",
    "correction": (
        r"更正|勘误|修正|补充|变更|澄清|答疑|修订"
        r"|\bcorrect(?:ion|ed|s)\b|\berrat|\bamend|\baddend|\brevis|\bclarif"
    ),
    "result": r"中标|成交|结果|入围|获奖|评审公示|\bawarded\b|\bresults?\b|\bwinners?\b|\bshortlist",
    "ended": r"终止|废标|流标|取消|撤销|撤回|中止|暂停|\bcancel|\bwithdraw|\bterminat|\bsuspen|\brevok|\bretract",
    "delayed": r"延期|推迟|延长|顺延|\bpostpone|\bdelay|\bextend|\bextension|\bdefer",
    "again": r"重新|二次|再次|复牌|\bre-?tender|\bre-?issue|\breopen|\bresum",
    "invited": r"招标|磋商公告|征集|报名|\binvit|\bcall for|\bnominat|\bapplications? (?:open|now)",
    "explained": r"解读|问答|一图|图解|\bexplain|\bfaq\b|\bq&a\b",
    "closed": r"闭幕|结束|落幕|收官|\bcloses?\b|\bclosed\b|\bends?\b|\bconclude",
    "before": r"预告|前瞻|倒计时|\bpreview|\bahead of",
    "after": r"回顾|\brecap\b|\breview of\b",
    "reminder": r"提醒|\bremind",
}
_DAY_PATTERN: Final = re.compile(r"\d{1,2}(?:st|nd|rd|th)?|(?:19|20)\d\d")
_STAGE_PATTERNS: Final = {stage: re.compile(pattern) for stage, pattern in _STAGES.items()}
_ANY_STAGE: Final = re.compile("|".join(_STAGES.values()))


def is_number(word: str) -> bool:
    """Return whether a word is a number or is used like a number, such as a month, a weekday or an ordinal."""
    return word[0].isdigit() or word in NUMBER_WORDS


def stages_of(text: str) -> frozenset[str]:
    """Return the stages of a process that a text names, such as "draft" and "adopted" for a law."""
    plain = fold_text(text)
    if not _ANY_STAGE.search(plain):
        return frozenset()
    return frozenset(stage for stage, pattern in _STAGE_PATTERNS.items() if pattern.search(plain))


def may_be_one_day(one: Sequence[str], other: Sequence[str]) -> bool:
    """Return whether one name of a day is relative and the other is a date or weekday: "today" and "on Monday".

    A news agency writes "today". An outlet that reprints the text on the next day writes the date or the weekday.
    """
    pairs = ((one, other), (other, one))
    return any("".join(day) in _RELATIVE_DAYS and all(map(_is_date_word, date)) for day, date in pairs)


def _is_date_word(word: str) -> bool:
    return word in _DATE_WORDS or _DAY_PATTERN.fullmatch(word) is not None
