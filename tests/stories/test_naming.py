"""Names in the place of others."""

from __future__ import annotations

import pytest

from monitor.stories.edits import compare_texts

NO_NAMES = [
    ("The Ministry said it would wait until spring.", "The ministry said it would wait until spring."),
    ("Library doors are closed for works in spring.", "Museum doors are closed for works in spring."),
    ("It was sold by International Business Machines last year.", "It was sold by IBM last year."),
    ("It was sold by Northwind Corporation last year.", "It was sold by Northwind last year."),
    ("有关部门负责解释本办法。", "相关部门负责解释本办法。"),
    ("大家在会上作了发言，气氛热烈。", "大家在会上做了发言，气氛热烈。"),
]
NAMES = [
    ("It was sold by Northwind Motors last year.", "It was sold by Harbour Coaches last year.",
     "Northwind Motors", "Harbour Coaches"),
    ("Jean-Luc Moreau signed the paper on Monday.", "Marie Moreau signed the paper on Monday.",
     "Jean-Luc Moreau", "Marie Moreau"),
    ("会议由副市长陈鸣波主持，各部门参加。", "会议由副市长郑向东主持，各部门参加。", "陈鸣波", "郑向东"),
    ("该项目由中国工商银行承办，为期两年。", "该项目由中国建设银行承办，为期两年。", "中国工商银行", "中国建设银行"),
    ("活动在南山区举行，欢迎参加。", "活动在福田区举行，欢迎参加。", "南山区", "福田区"),
]  # fmt: skip


def names_in(before: str, after: str) -> list[tuple[str, str]]:
    found = compare_texts(before, after).differences
    return [(one.before, one.after) for one in found if one.kind == "name"]


@pytest.mark.parametrize(("before", "after"), NO_NAMES)
def test_other_words_are_no_other_name(before: str, after: str) -> None:
    assert names_in(before, after) == []


@pytest.mark.parametrize(("before", "after", "name", "instead"), NAMES)
def test_a_name_in_the_place_of_another_one(before: str, after: str, name: str, instead: str) -> None:
    assert names_in(before, after) == [(name, instead)]
    assert names_in(after, before) == [(instead, name)]
