"""Word lists of TrendRadar."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import RuleSet, compile_rules, import_word_list


def compiled(text: str) -> RuleSet:
    found = import_word_list(text)
    return compile_rules(found.rules, found.concepts)


def names(text: str, title: str) -> list[str]:
    return [match.rule for match in compiled(text).match("", title=title)]


LIST = """# a comment
[GLOBAL_FILTER]
震惊
/赌博|博彩/

[WORD_GROUPS]

[苹果公司]
苹果
/\\biPhone\\b|库克/ => 苹果
!水果
@5

华为
鸿蒙 => 系统
+手机
+发布

AI
"""


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("苹果发布新品", ["苹果公司"]),
        ("new iphone today", ["苹果公司"]),
        ("新iPhone发布", []),
        ("庫克訪華", ["苹果公司"]),
        ("苹果是水果", []),
        ("震惊！苹果", []),
        ("博彩与苹果", ["苹果公司"]),
        ("/赌博|博彩/与苹果", []),
        ("华为手机发布", ["华为 / 系统 / 手机 / 发布"]),
        ("华为手机", []),
        ("he said", ["AI"]),
        ("he said of 水果", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_list_keeps_its_meaning(title: str, expected: list[str]) -> None:
    assert names(LIST, title) == expected


@pytest.mark.parametrize(
    ("line", "title", "excluded"),
    [
        ("车", "新车苹果", True),
        ("/车.*/", "新车苹果", False),
        ("/车.*/", "苹果/车.*/", True),
        ("车 => 交通", "新车苹果", False),
        ("AI", "苹果said", True),
        ("“", "“苹果", True),
    ],
)
def test_global_filters_are_plain_texts(line: str, title: str, excluded: bool) -> None:
    text = f"[GLOBAL_FILTER]\n{line}\n\n[WORD_GROUPS]\n苹果"
    assert names(text, title) == ([] if excluded else ["苹果"])
    assert names("苹果\n\n[ GLOBAL_FILTER ]\n车", "新车") == ["[ GLOBAL_FILTER ] / 车"]


def test_rules_look_in_titles_only() -> None:
    assert compiled("苹果").match("苹果") == []


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("苹果\n！水果", 2, "full-width sign"),
        ("苹果 # fruit", 1, "the comment is read as part of the word"),
        ("证监会|银保监会 => 监管", 1, 'the "|" is read literally'),
        ("苹果、华为", 1, "the comma is read literally"),
        ("苹果\n[水果]", 2, "the name of the group comes after its first line"),
        ("苹果\n \n华为", 2, "does not separate two groups"),
        ("苹果\n@x", 2, "is not a limit and does nothing"),
        ("苹果\n@3", 2, "the limit @3 is left out"),
        ("苹果\n!车", 2, "excludes in all groups"),
        ("苹果\n!", 2, "in TrendRadar it matches everything"),
        ("苹果\n=> x", 2, "in TrendRadar it matches everything"),
        ("[GLOBAL_FILTER]\n!车\n\n[WORD_GROUPS]\n苹果", 2, "does nothing among the global filters"),
        ("[GLOBAL_FILTER]\n/车.*/\n\n[WORD_GROUPS]\n苹果", 2, "is read literally: global filters are plain texts"),
        ("[GLOBAL_FILTER]\n车 => 交通\n\n[WORD_GROUPS]\n苹果", 2, "is read literally"),
        ("苹果\n[GLOBAL_FILTER]", 2, "is within a group"),
        ("[ GLOBAL_FILTER ]\n苹果", 1, "write it without spaces"),
        ("/(苹果/", 1, "is not valid and is read as a word"),
        ("苹果/梨/", 1, ""),
        ("/苹果|/", 1, "an empty alternative"),
        ("/(苹)(果)\\2/", 1, "is left out: it has a back-reference"),
        ("/x*/", 1, "is left out"),
        ("/\\bAI\\b/", 1, "no Latin word that touches Chinese"),
        ("ai", 1, "is found within other words too"),
        ("苹果\n!苹果", 1, "the group is left out"),
        ("\ufeff苹果", 1, "byte order mark"),
        ("", 1, "the list has no group of words"),
        ("/苹果", 1, "the slash is read literally"),
    ],
)
def test_what_its_author_surely_did_not_intend_is_warned_about(text: str, line: int, said: str) -> None:
    warnings = import_word_list(text).warnings
    assert not said or any(said in str(warning) and warning.line == line for warning in warnings)
    compiled(text)


@pytest.mark.parametrize(
    ("word", "title", "held"),
    [
        ('say "hi"', 'They SAY "HI"', True),
        ("a*b", "xA*by", True),
        ("a*b", "ab", False),
        ("！！", "好！！", True),
        ("C++", "用c++写", True),
        ("@all", "x", False),
        ("網際網路", "网际网路", True),
        ("a/b", "A/B", True),
        ("/a\\/b/", "a/b", True),
        ("/a/b/", "a/b", True),
        ("/^(?!.*广告).*AI/", "新AI", True),
        ("/^(?!.*广告).*AI/", "AI广告", False),
        ("/(?=.*苹果)(?=.*发布)/", "发布苹果", True),
        ("/(?=.*苹果)(?=.*发布)/", "苹果", False),
        ("/苹果(?!手机|派)/", "苹果派苹果手机", False),
        ("/苹果(?!手机|派)/", "吃苹果", True),
        ("/(?<!小)米粉/", "小米粉", False),
        ("/(?<=大)米/", "大米", True),
        ("/[\\w]+\\s?版{,2}x/", "新 x", True),
        ("/米(?!\\w)/", "米 a", True),
        ("/米(?!\\w)/", "米饭", False),
        ("/(?<![^大])米/", "大米", True),
        ("/(?<![^大])米/", "小米", False),
        ("/\\d\\b元/", "3元", False),
        ("/[.]\\bx/", "a.x", True),
        ("/x\\./", "x.", True),
        ("/(苹|萍)\\b/", "苹", True),
        ("/米(?!a*)/", "米", False),
        ("/a(?P<n>米|面)/", "A面", True),
    ],
)
def test_words_and_expressions_of_all_kinds(word: str, title: str, held: bool) -> None:
    assert bool(names(word, title)) == held
    assert bool(names(f"x\n!{word}", f"{title} x")) != (held or word == "x")


def test_names_are_of_one_line_and_different() -> None:
    assert list(import_word_list("苹果\n\n苹果\n\n" + "长" * 200).rules) == ["苹果", "苹果 (2)", "长" * 80 + "…"]


PIECES = [
    r"\bai\b",
    "(?<![a-z])ai(?![a-z])",
    "苹果(?!手机|派|手)",
    "(?<!小|红)米",
    r"\b苹果\b",
    "x|y",
    "a+",
    "[^a]b",
    "苹.果",
]


@given(
    st.lists(st.sampled_from(PIECES), min_size=1, max_size=3).map("|".join),
    st.text("ai苹果手机派小红米xyb _1-", max_size=9),
)
def test_expressions_find_what_python_finds(source: str, title: str) -> None:
    assert bool(names(f"/{source}/", title)) == bool(re.search(source, title.lower(), re.IGNORECASE))


@given(st.text('ab苹/\\[]()!+@=>|\n #*"', max_size=30))
def test_any_text_gives_rules_that_compile(text: str) -> None:
    compiled(text)


@pytest.mark.slow
def test_lists_of_others_match_what_their_program_matched(shared_data: Callable[[str], Path]) -> None:
    folder = shared_data("rules-trendradar")
    with gzip.open(folder / "titles.jsonl.gz", "rt", encoding="utf-8") as lines:
        titles = [json.loads(line) for line in lines]
    for path in sorted((folder / "rules").glob("*.txt"))[::6]:
        wanted = set(json.loads((folder / "oracle" / f"{path.stem}.json").read_text(encoding="utf-8"))["ids"])
        if not wanted or len(wanted) > 0.9 * len(titles):
            continue
        rules = compiled(path.read_text(encoding="utf-8"))
        found = {each["id"] for each in titles if rules.match("", title=each["title"])}
        assert len(found & wanted) / len(found | wanted) > 0.99, path.name
