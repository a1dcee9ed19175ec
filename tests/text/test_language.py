"""Which language a text is in."""

from __future__ import annotations

import pytest

from monitor.text.language import language_of

ENGLISH = "The district opened a laboratory for the web and hired forty people for it in the spring of this year."
GERMAN = "Der Bezirk hat ein neues Labor eröffnet und will im Frühjahr vierzig Leute einstellen, die dort mit der Technik und nicht am Schreibtisch arbeiten."  # noqa: E501 - one text


@pytest.mark.parametrize(
    ("text", "declared", "language"),
    [
        ("两江新区今日发布行动计划", (), "zh"),
        ("两江新区今日发布行动计划", ("en",), "zh"),
        ("兩江新區今日發布行動計劃", ("zh_TW",), "zh-TW"),
        ("两江新区今日发布行动计划", ("zh-cmn-Hans",), "zh-Hans"),
        ("两江新区今日发布行动计划", ("cn",), "zh"),
        ("重庆发布第三代互联网行动计划，Web3 with some English words", (), "zh"),
        ("これは日本語で書かれた新聞の記事です", ("zh",), "ja"),
        ("이것은 한국어로 쓰여진 신문 기사이며 여러 문장이 있습니다", (), "ko"),
        ("Это статья на русском языке о новых технологиях", (), "ru"),
        ("Це стаття українською мовою про нові технології", ("uk",), "uk"),
        ("هذه مقالة باللغة العربية حول التقنيات الجديدة", (), "ar"),
        (ENGLISH, (), "en"),
        (ENGLISH, ("en-GB",), "en-GB"),
        (ENGLISH, ("zh-CN",), "en"),
        (ENGLISH, (None, "", "x", "not a tag"), "en"),
        (GERMAN, (), "de"),
        (GERMAN, ("en",), "de"),
        ("Bitcoin 99", ("de",), "de"),
        (
            "Lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et",
            (),
            None,
        ),
        ("", (), None),
        ("12345", ("fr-FR",), "fr-FR"),
    ],
)
def test_the_script_decides_before_what_is_declared(
    text: str, declared: tuple[str | None, ...], language: str | None
) -> None:
    assert language_of(text, declared) == language
