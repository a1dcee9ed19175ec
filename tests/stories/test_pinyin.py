"""Names by their sound: what a Latin text writes is found in the Chinese one."""

from __future__ import annotations

import pytest

from monitor.stories.pinyin import sound_of, spoken_names


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("director Lin Guofeng said", "主任林国峰表示"),
        ("the town of Qingshan", "青山镇"),
        ("Zhang Mei, who", "由張梅領導"),
        ("in Xiong'an today", "今天在雄安"),
        ("near Mingyue Lake", "明月湖附近"),
    ],
)
def test_a_name_is_heard_in_the_chinese_text(english: str, chinese: str) -> None:
    heard = {name for name in spoken_names(english) if name in sound_of(chinese)}
    assert heard


@pytest.mark.parametrize("text", ["London and Paris", "Bitcoin Falls", "in beijing", "Li", "", "Microsoft"])
def test_other_words_are_no_chinese_names(text: str) -> None:
    assert spoken_names(text) == frozenset()


def test_whatever_is_no_chinese_character_parts_what_is_heard() -> None:
    assert sound_of("北A京, 上海") == "bei jing shanghai"
