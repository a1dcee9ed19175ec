"""Words that say which of several announcements one is."""

from __future__ import annotations

import pytest

from monitor.stories.signs import is_number, stages_of


@pytest.mark.parametrize("word", ["12", "3.5", "三", "first", "november", "monday", "ii", "上"])
def test_what_counts_is_a_number(word: str) -> None:
    assert is_number(word)


@pytest.mark.parametrize("word", ["bank", "湖", "day"])
def test_other_words_are_none(word: str) -> None:
    assert not is_number(word)


@pytest.mark.parametrize(
    ("title", "stages"),
    [
        ("户外广告管理办法（征求意见稿）", {"draft"}),
        ("戶外廣告管理辦法（徵求意見稿）", {"draft"}),
        ("照明改造采购更正公告", {"correction"}),
        ("照明改造采购招标公告", {"invited"}),
        ("照明改造采购中标公告", {"result"}),
        ("音乐会延期", {"delayed"}),
        ("Concert cancelled", {"ended"}),
        ("Draft guidelines: consultation opens", {"draft"}),
        ("Correction: Concert", {"correction"}),
        ("The mayor opens a bridge", set()),
    ],
)
def test_titles_name_stages(title: str, stages: set[str]) -> None:
    assert stages_of(title) == stages
