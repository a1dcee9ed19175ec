"""What keeps two reports apart, however alike they are, and what does not."""

from __future__ import annotations

import pytest

from monitor.stories.conflicts import find_conflict, find_missing_facts
from monitor.stories.reports import read_report
from tests.stories.event_articles import ROUND_UP, TUNNEL, TUNNEL_AGAIN, article

LOOK_ALIKES = [
    ("Port levies 12.5 million fee", "Port levies 14.5 million fee", "numbers"),
    ("Prices rise 3.1% at the pump", "Prices rise 2.7% at the pump", "percentages"),
    ("Tender No. 12 for street lamps", "Tender No. 13 for street lamps", "numbers"),
    ("Notice of March 2 on lamps", "Notice of March 9 on lamps", "dates"),
    ("Trade figures for October", "Trade figures for November", "months"),
    ("Velmora reports second quarter profit", "Velmora reports third quarter profit", "quarters"),
    ("Budget 2025 is out", "Budget 2026 is out", "years"),
    ("第87次常务会议召开", "第88次常务会议召开", "numbers"),
    ("10月新增38款服务完成备案", "10月新增22款服务完成备案", "numbers"),
    ("Port summit opens in the old hall", "Port summit closes with a pledge", "stages"),
    ("港口峰会开幕", "港口峰会闭幕", "stages"),
    ("Velmora applies for a bank charter", "Velmora is granted a bank charter", "stages"),
    ("《港口管理办法》公开征求意见", "港口管理办法正式公布", "stages"),
    ("更正：港口管理办法", "港口管理办法公布", "stages"),
    ("Draft rules on harbour pilots", "Rules on harbour pilots are out", "stages"),
    ("Court in Hangzhou rules on pictures", "Court in Chengdu rules on pictures", "places"),
    ("贵阳签订算力合同", "成都签订算力合同", "places"),
    ("Velmora moves to Shanghai", "Velmora pays from January 1", "lacks"),
    ("Velmora Price Analysis for the week", "Zorbex Price Analysis for the week", "one part"),
    ("Port sells three-month bills", "Port sells six-month bills", "one part"),
    ("关于公布东岭区示范企业名单的通知", "关于公布西岭区示范企业名单的通知", "one part"),
]


@pytest.mark.parametrize(("one", "other", "word"), LOOK_ALIKES)
def test_look_alikes_are_kept_apart_and_the_reason_says_why(one: str, other: str, word: str) -> None:
    first, second = read_report(article(one)), read_report(article(other))
    assert word in find_conflict(first, second)
    assert word in find_conflict(second, first)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Fund of 500 million for ports", "Ports get a fund"),
        ("Port crime tops 150 billion", "Port crime at 154 billion"),
        ("Two ministers quit over harbour", "Three reasons why ministers quit over harbour"),
        ("Beijing issues port plan", "China issues port plan"),
        ("Velmora opens a dock", "Dock of Velmora opens to the public"),
        ("Fed cuts rates again", "Fed lowers rates again"),
    ],
)
def test_reports_of_one_event_are_not_kept_apart(one: str, other: str) -> None:
    assert find_conflict(read_report(article(one)), read_report(article(other))) == ""


def test_what_the_other_text_states_too_is_no_conflict() -> None:
    first = article("Port fee of 12.5 million", "The fee of 12.5 million follows one of 14.5 million.")
    second = article("Port fee of 14.5 million", "The fee of 14.5 million came before that of 12.5 million.")
    assert find_conflict(read_report(first), read_report(second)) == ""


def test_a_stage_that_the_other_lead_reports_too_is_no_conflict() -> None:
    first = article("Suspect in port theft arrested")
    second = article("Suspect in port theft charged", "He was arrested on Monday and charged on Tuesday.")
    assert find_conflict(read_report(first), read_report(second)) == ""


def test_a_round_up_is_of_no_event() -> None:
    assert "round-up" in find_conflict(read_report(TUNNEL), read_report(ROUND_UP))


def test_a_title_lacks_nothing_that_is_anywhere_in_the_other_report() -> None:
    assert find_missing_facts(read_report(TUNNEL), read_report(TUNNEL_AGAIN)) == []
    assert find_missing_facts(read_report(article("Suzhou gets 95 million")), read_report(TUNNEL)) == [
        "9.5e+07",
        "suzhou",
    ]
