"""Texts state moments; `now` and the source's zone fill in what they leave out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from email.utils import format_datetime
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.text.dates import parse_moment
from tests.support.growth import assert_grows_with_size

NOW = dt.datetime(2026, 11, 21, 12, 34, 56, tzinfo=ZoneInfo("Asia/Shanghai"))


def read(text: str, timezone: str = "Asia/Shanghai", now: dt.datetime = NOW) -> tuple[str, str] | None:
    moment = parse_moment(text, now=now, timezone=timezone)
    if moment is None:
        return None
    assert isinstance(moment.at.tzinfo, dt.timezone)  # a plain offset: what was stated or assumed, whatever comes later
    at = moment.at.isoformat()
    return (at[:10] if moment.precision == "day" and at[11:19] == "00:00:00" else at), moment.precision


def check(text: str, expected: str | None, timezone: str = "Asia/Shanghai") -> None:
    found = read(text, timezone)
    assert (None if found is None else " ".join(found)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Fri, 25 Aug 2023 09:02:03 +0800", "2023-08-25T09:02:03+08:00 second"),
        ("Fri, 25 Aug 2023 01:02:03 GMT", "2023-08-25T01:02:03+00:00 second"),
        ("Fri, 25 Aug 2023 01:02:03 -0000", "2023-08-25T01:02:03+00:00 second"),
        ("25 Aug 2023 01:02 UT", "2023-08-25T01:02:00+00:00 minute"),
        ("Fri, 25 Aug 23 01:02:03 EST", "2023-08-25T01:02:03-05:00 second"),
        ("Fri, 25 Aug 99 01:02:03 PDT", "1999-08-25T01:02:03-07:00 second"),
        ("Sat, 01 Jan 100 00:00:00 GMT", "2000-01-01T00:00:00+00:00 second"),
        ("Mon, 25 Aug 2023 01:02:03 Z", "2023-08-25T01:02:03+00:00 second"),  # it was a Friday
        ("Fri,25 August 2023 1:02:03 +08:00", "2023-08-25T01:02:03+08:00 second"),
        ("Friday, 25-Aug-23 01:02:03 GMT", "2023-08-25T01:02:03+00:00 second"),
        ("Fri, 25 Aug 2023 09:02:03 GMT+8", "2023-08-25T09:02:03+08:00 second"),
        ("Fri, 25 Aug 2023 09:02:03 +0800 (CST)", "2023-08-25T09:02:03+08:00 second"),
        ("  fri,  25  AUG  2023\n01:02:03\tgmt ", "2023-08-25T01:02:03+00:00 second"),
        ("Thu, 31 Dec 2009 23:59:60 GMT", "2009-12-31T23:59:59+00:00 second"),
        ("Fri, 25 Aug 2023 09:02:03 XYZ", "2023-08-25T09:02:03+08:00 second"),
        ("Fri, 25 Aug 2023 09:02:03 +9999", "2023-08-25T09:02:03+08:00 second"),
        ("Fri, 25 Aug 2023 09:02:03 -0530", "2023-08-25T09:02:03+08:00 second"),  # no place has this offset
        ("Fri, 25 Aug 2023 09:02:03 -0330", "2023-08-25T09:02:03-03:30 second"),
        ("Fri, 25 Aug 2023 25:02:03 GMT", "2023-08-25 day"),
        ("Fri, 25 Aug 2023 23:59:61 GMT", "2023-08-25 day"),
        ("Fri, 25 Aug 2023", "2023-08-25 day"),
    ],
)
def test_rfc_822_is_read_with_all_its_ills(text: str, expected: str) -> None:
    check(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023-08-25T09:02:03Z", "2023-08-25T09:02:03+00:00 second"),
        ("2023-08-25t09:02:03z", "2023-08-25T09:02:03+00:00 second"),
        ("2023-08-25T09:02:03.123456789+08:00", "2023-08-25T09:02:03.123456+08:00 second"),
        ("2023-08-25T09:02:03,5Z", "2023-08-25T09:02:03.500000+00:00 second"),
        ("2023-08-25T09:02+08", "2023-08-25T09:02:00+08:00 minute"),
        ("2023-08-25T09:02", "2023-08-25T09:02:00+08:00 minute"),
        ("2023-08-25T09", "2023-08-25T09:00:00+08:00 hour"),
        ("2023-08-25 09:02:03 +0000", "2023-08-25T09:02:03+00:00 second"),
        ("2023-08-25T24:00:00Z", "2023-08-26T00:00:00+00:00 second"),
        ("2023-08-25T24:00:01Z", "2023-08-25 day"),
        ("2023-08-25", "2023-08-25 day"),
        ("2023-08-25Z", "2023-08-25T00:00:00+00:00 day"),
        ("2023-08-25-05:00", "2023-08-25T00:00:00-05:00 day"),
        ("2023-08", "2023-08-01T00:00:00+08:00 month"),
        ("2023", None),
        ("2023-W34-5", "2023-08-25 day"),
        ("2023W345", "2023-08-25 day"),
        ("2023-W54-1", None),
        ("2023-237", "2023-08-25 day"),
        ("2023-366", None),
        ("2023-000", None),
        ("20230825", "2023-08-25 day"),
        ("20230825T090203Z", "2023-08-25T09:02:03+00:00 second"),
        ("20230825T0902+0800", "2023-08-25T09:02:00+08:00 minute"),
        ("20230825090203", "2023-08-25T09:02:03+08:00 second"),
        ("20231345", None),
        ("2023-13-45", None),
        ("2023-02-29", None),
    ],
)
def test_iso_8601_is_read_in_every_precision_but_the_bare_year(text: str, expected: str | None) -> None:
    shown = read(text)
    if expected and expected.endswith("day") and "T" in expected:
        moment = parse_moment(text, now=NOW, timezone="Asia/Shanghai")
        assert moment is not None
        assert f"{moment.at.isoformat()} {moment.precision}" == expected
    else:
        assert (None if shown is None else " ".join(shown)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25 August 2023", "2023-08-25 day"),
        ("25th of August, 2023", "2023-08-25 day"),
        ("August 25, 2023", "2023-08-25 day"),
        ("AUGUST 25TH, 2023", "2023-08-25 day"),
        ("2023-Aug-25", "2023-08-25 day"),
        ("Sept. 5, 2023", "2023-09-05 day"),
        ("Aug. 25, 2023 10:15 am", "2023-08-25T10:15:00+08:00 minute"),
        ("Aug 25, 2023 at 10:15 p.m.", "2023-08-25T22:15:00+08:00 minute"),
        ("August 25, 2023 | 3pm", "2023-08-25T15:00:00+08:00 hour"),
        ("12:05 a.m. on August 25, 2023", "2023-08-25T00:05:00+08:00 minute"),
        ("Updated 10:15 AM ET, Fri August 25, 2023", "2023-08-25T10:15:00-04:00 minute"),
        ("Updated 10:15 AM ET, Fri January 20, 2023", "2023-01-20T10:15:00-05:00 minute"),
        ("Fri Aug 25 01:02:03 2023", "2023-08-25T01:02:03+08:00 second"),
        ("Fri Aug 25 01:02:03 UTC 2023", "2023-08-25T01:02:03+00:00 second"),
        ("Fri Aug 25 2023 10:15:30 GMT+0800 (China Standard Time)", "2023-08-25T10:15:30+08:00 second"),
        ("August 2023", "2023-08-01T00:00:00+08:00 month"),
        ("Aug 5", "2026-08-05 day"),
        ("5 Aug 10:15", "2026-08-05T10:15:00+08:00 minute"),
        ("Dec. 31", "2025-12-31 day"),
        ("Published: Monday, May 8, 2023", "2023-05-08 day"),
        ("By Jo Smith, 25 August 2023", "2023-08-25 day"),
        ("No. 3, 10:15, 25 August 2023", "2023-08-25T10:15:00+08:00 minute"),
        ("from 10:15 to the end, 25 August 2023", "2023-08-25 day"),
        ("May be in 3 cases", None),
        ("August 32, 2023", None),
        ("The march of 100 people", None),
    ],
)
def test_english_dates_are_read(text: str, expected: str | None) -> None:
    check(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2023年8月25日", "2023-08-25 day"),
        ("２０２３年８月２５日", "2023-08-25 day"),
        ("2023 年 8 月 25 日", "2023-08-25 day"),
        ("2023年8月25号 10:15", "2023-08-25T10:15:00+08:00 minute"),
        ("2023年8月25日10时15分30秒", "2023-08-25T10:15:30+08:00 second"),
        ("2023年8月25日 下午3点", "2023-08-25T15:00:00+08:00 hour"),
        ("2023年8月25日晚8时30分", "2023-08-25T20:30:00+08:00 minute"),
        ("2023年8月25日早8点", "2023-08-25T08:00:00+08:00 hour"),
        ("2023年8月25日 上午12:05", "2023-08-25T00:05:00+08:00 minute"),
        ("2023年8月25日 上午9点半", "2023-08-25T09:30:00+08:00 minute"),
        ("2023/8/25 03:05:00 下午", "2023-08-25T15:05:00+08:00 second"),
        ("2023/8/25 PM 3:05", "2023-08-25T15:05:00+08:00 minute"),
        ("2023/8/25 03:05 下午茶", "2023-08-25T03:05:00+08:00 minute"),
        ("2023年8月25-27日", "2023-08-25 day"),
        ("2023年8月25日 中午1:05", "2023-08-25T13:05:00+08:00 minute"),
        ("2023年8月25日 中午12:05", "2023-08-25T12:05:00+08:00 minute"),
        ("2023年8月25日（星期五）10:15", "2023-08-25T10:15:00+08:00 minute"),
        ("2023年8月", "2023-08-01T00:00:00+08:00 month"),
        ("23年8月25日", "2023-08-25 day"),
        ("二〇二三年八月二十五日", "2023-08-25 day"),
        ("二○二三年十月十日", "2023-10-10 day"),
        ("二零二三年十二月卅一日", "2023-12-31 day"),
        ("8月25日", "2026-08-25 day"),
        ("12月1日 10:15", "2025-12-01T10:15:00+08:00 minute"),
        ("11-21", "2026-11-21 day"),
        ("11-22", "2025-11-22 day"),
        ("11/20 08:30", "2026-11-20T08:30:00+08:00 minute"),
        ("2月29日", "2024-02-29 day"),
        ("2月30日", None),
        ("2023/8/25", "2023-08-25 day"),
        ("2023.08.25", "2023-08-25 day"),
        ("2023．08．25", "2023-08-25 day"),
        ("2023–08–25", "2023-08-25 day"),
        ("发布时间：2023-08-25 10:15 浏览次数：1024", "2023-08-25T10:15:00+08:00 minute"),
        ("更新时间：2023-08-26 发布时间：2023-08-25", "2023-08-25 day"),
        ("2023-08-25 来源：新华社 发布", "2023-08-25 day"),
        ("2023-08-25 10:15（北京时间）", "2023-08-25T10:15:00+08:00 minute"),
        ("2023년 8월 25일 오후 3:05", "2023-08-25T15:05:00+08:00 minute"),
    ],
)
def test_chinese_dates_are_read(text: str, expected: str | None) -> None:
    check(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("民國112年8月25日", "2023-08-25 day"),
        ("中華民國一百一十二年八月二十五日", "2023-08-25 day"),
        ("民國一百零五年八月五日", "2016-08-05 day"),
        ("民國元年1月1日", None),
        ("民国 112-08-25", "2023-08-25 day"),
        ("民國99.8.5", "2010-08-05 day"),
        ("112年8月25日", "2023-08-25 day"),
        ("112.08.25", "2023-08-25 day"),
        ("112/08/25", "2023-08-25 day"),
        ("發布日期：112.08.25", "2023-08-25 day"),
        ("112-08-25", None),
    ],
)
def test_years_of_the_republic_are_taken_only_where_they_are_plain(text: str, expected: str | None) -> None:
    check(text, expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("刚刚", "2026-11-21T12:34:00+08:00 minute"),
        ("just now", "2026-11-21T12:34:00+08:00 minute"),
        ("40秒前", "2026-11-21T12:34:16+08:00 second"),
        ("半小时前", "2026-11-21T12:04:00+08:00 minute"),
        ("5 mins ago", "2026-11-21T12:29:00+08:00 minute"),
        ("2小時前", "2026-11-21T10:00:00+08:00 hour"),
        ("发布于 2 个小时前", "2026-11-21T10:00:00+08:00 hour"),
        ("an hour ago", "2026-11-21T11:00:00+08:00 hour"),
        ("1 hour, 5 minutes ago", "2026-11-21T11:29:00+08:00 minute"),
        ("1小时5分钟前", "2026-11-21T11:29:00+08:00 minute"),
        ("三天前", "2026-11-18 day"),
        ("两周前", "2026-11-07 day"),
        ("a week ago", "2026-11-14 day"),
        ("Posted 3 days ago by Bob", "2026-11-18 day"),
        ("2个月前", "2026-09-01T00:00:00+08:00 month"),
        ("1 year 2 months ago", "2026-09-01T00:00:00+08:00 month"),
        ("3年前", "2023-01-01T00:00:00+08:00 year"),
        ("9999年前", None),
        ("昨天", "2026-11-20 day"),
        ("昨日 08:30", "2026-11-20T08:30:00+08:00 minute"),
        ("Yesterday at 8:30 PM", "2026-11-20T20:30:00+08:00 minute"),
        ("大前天", "2026-11-18 day"),
        ("the day before yesterday", "2026-11-19 day"),
        ("昨天的会议", None),
        ("a year ago it was said that " + "so " * 30, None),
    ],
)
def test_what_is_counted_from_now_is_only_as_exact_as_it_says(text: str, expected: str | None) -> None:
    check(text, expected)


def test_a_day_is_the_sources_day_not_the_readers() -> None:
    late = dt.datetime(2026, 11, 21, 17, 0, tzinfo=dt.UTC)  # already the 22nd in Shanghai
    assert read("昨天", "Asia/Shanghai", late) == ("2026-11-21", "day")
    assert read("yesterday", "America/New_York", late) == ("2026-11-20", "day")
    assert read("11-22", "Asia/Shanghai", late) == ("2026-11-22", "day")
    assert read("11-22", "UTC", late) == ("2025-11-22", "day")


@pytest.mark.parametrize(
    ("text", "timezone", "expected"),
    [
        ("2023-08-25 10:15 CST", "Asia/Shanghai", "2023-08-25T10:15:00+08:00 minute"),
        ("112-08-25", "Asia/Taipei", "2023-08-25 day"),
        ("發布日期：112-08-25", "Asia/Taipei", "2023-08-25 day"),
        ("112-08-25", "Asia/Shanghai", None),
        ("123-45-67", "Asia/Taipei", None),
        ("2023-08-25 10:15 CST", "UTC", "2023-08-25T10:15:00-06:00 minute"),
        ("Fri Aug 25 10:15:30 CST 2023", "Asia/Taipei", "2023-08-25T10:15:30+08:00 second"),
        ("2023-08-25 10:15 IST", "Europe/Dublin", "2023-08-25T10:15:00+01:00 minute"),
        ("2023-08-25 10:15 IST", "UTC", "2023-08-25T10:15:00+05:30 minute"),
        ("2023-08-25 10:15", "America/New_York", "2023-08-25T10:15:00-04:00 minute"),
        ("2023-01-25 10:15", "America/New_York", "2023-01-25T10:15:00-05:00 minute"),
        ("2023-08-25 10:15 am PT", "UTC", "2023-08-25T10:15:00-07:00 minute"),
    ],
)
def test_a_stated_zone_is_kept_and_an_ambiguous_one_is_the_sources_own(text: str, timezone: str, expected: str) -> None:
    check(text, expected, timezone)


@pytest.mark.parametrize(
    ("text", "timezone", "expected"),
    [
        ("8/25/2023", "Europe/London", "2023-08-25 day"),
        ("25/8/2023", "America/New_York", "2023-08-25 day"),
        ("05/08/2023", "America/New_York", "2023-05-08 day"),
        ("05/08/2023", "UTC", "2023-05-08 day"),
        ("05/08/2023", "Europe/London", "2023-08-05 day"),
        ("05.08.2023", "America/New_York", "2023-08-05 day"),
        ("05-08-2023", "Africa/Lagos", "2023-08-05 day"),
        ("8/25/23", "America/New_York", "2023-08-25 day"),
        ("32/08/2023", "UTC", None),
    ],
)
def test_the_zone_decides_which_of_two_numbers_is_the_month(text: str, timezone: str, expected: str | None) -> None:
    check(text, expected, timezone)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "第3期",
        "Copyright 2010-2026",
        "© 2023-08-25 Example",
        "页面生成时间：2026-11-20 03:00",
        "今天是2026年11月21日 星期六",
        "报名截止时间：2026年11月20日",
        "Deadline: August 25, 2023",
        "Valid until 25 August 2023",
        "1989-12-31",
        "0001-01-01",
        "2026-11-23",
        "Sun, 22 Nov 2026 12:35:00 +0800",
        "3 of 5",
        "3.11",
        "192.168.10.12",
        "tel 2023-8-1234",
        "sunday",
    ],
)
def test_what_is_no_publication_date_is_refused(text: str) -> None:
    assert read(text) is None


def test_up_to_a_day_ahead_of_now_is_taken_for_a_clock_that_runs_fast() -> None:
    assert read("2026-11-22") == ("2026-11-22", "day")
    assert read("2026-11-22T12:34:56+08:00") == ("2026-11-22T12:34:56+08:00", "second")


def test_only_the_caller_can_be_at_fault() -> None:
    with pytest.raises(ValueError, match="no zone"):
        parse_moment("2023-08-25", now=dt.datetime(2026, 1, 1))  # noqa: DTZ001 - naive on purpose
    with pytest.raises(ZoneInfoNotFoundError):
        parse_moment("2023-08-25", now=NOW, timezone="Mars/Olympus")


MOMENTS = st.datetimes(min_value=dt.datetime(1990, 1, 2), max_value=dt.datetime(2026, 11, 20))  # noqa: DTZ001 - bounds
OFFSETS = st.sampled_from([-720, -480, -210, 0, 60, 330, 345, 480, 630, 780]).map(
    lambda minutes: dt.timezone(dt.timedelta(minutes=minutes))
)


@given(MOMENTS, OFFSETS)
def test_what_python_writes_as_a_date_is_read_back(naive: dt.datetime, offset: dt.timezone) -> None:
    at = naive.replace(tzinfo=offset)
    whole = at.replace(microsecond=0)
    for text, expected in [(at.isoformat(), at), (at.isoformat(" "), at), (format_datetime(at), whole)]:
        moment = parse_moment(text, now=NOW, timezone="America/New_York")
        assert moment is not None
        assert (moment.at, moment.at.utcoffset(), moment.precision) == (expected, offset.utcoffset(None), "second")


@given(MOMENTS, st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York", "Asia/Kathmandu"]))
def test_a_day_keeps_its_date_in_every_way_of_writing(naive: dt.datetime, timezone: str) -> None:
    for form in ("%Y年%m月%d日", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%d %B %Y", "%b %d, %Y", "[%Y-%m-%d]", "%Y%m%d"):
        moment = parse_moment(naive.strftime(form), now=NOW, timezone=timezone)
        assert moment is not None
        assert (moment.at.date(), moment.precision) == (naive.date(), "day")


WORDS = [
    "2023",
    "-",
    "08",
    "25",
    "年",
    "月",
    "日",
    "民国",
    "10:15",
    "ago",
    "hours",
    "上午",
    "GMT",
    "+08",
    "t",
    "十",
    "昨天",
    "/",
]


@given(st.text() | st.lists(st.sampled_from(WORDS)).map("".join) | st.lists(st.sampled_from(WORDS)).map(" ".join))
def test_no_text_raises_and_no_moment_is_outside_its_bounds(text: str) -> None:
    moment = parse_moment(text, now=NOW, timezone="Asia/Shanghai")
    assert moment is None or (moment.at.year >= 1990 and moment.at <= NOW + dt.timedelta(days=1))


@pytest.mark.parametrize(
    "piece", ["1", "1 ", "12:", "2023-", "at ", "mon ", "十", "\n", "上午 ", "2 hours ", "ﷺ", "(", "\u0663"]
)
def test_a_long_text_takes_no_longer_than_a_short_one(piece: str) -> None:
    assert_grows_with_size(lambda size: parse_moment(piece * (size // len(piece)), now=NOW), 60_000)


def test_strings_as_pages_show_them(shared_data: Callable[[str], Path]) -> None:
    labelled = json.loads(shared_data("dates-text.json").read_text(encoding="utf-8"))
    now = dt.datetime.fromisoformat(labelled["now"])
    wrong = []
    for case in labelled["cases"]:
        moment = parse_moment(case["text"], now=now, timezone="Asia/Shanghai")
        expected = case["expected"] and dt.datetime.fromisoformat(case["expected"])
        if expected and expected.tzinfo is None:
            expected = expected.replace(tzinfo=ZoneInfo("Asia/Shanghai"))
        if (moment and moment.at, moment and moment.precision) != (expected, case["precision"]):
            wrong.append((case, moment))
    assert not wrong
