"""Labels of dates in the languages of Europe and East Asia."""

from __future__ import annotations

import datetime as dt

import pytest

from monitor.text.dates import parse_moment
from monitor.text.dates.labels import DATE_WORDS, PUBLISHED_LABELS, UPDATED_LABELS

NOW = dt.datetime(2026, 11, 20, 12, tzinfo=dt.UTC)


def day(text: str) -> dt.date | None:
    moment = parse_moment(text, now=NOW, language="de")
    return moment.at.date() if moment else None


@pytest.mark.parametrize("form", ["{}: 03.11.26", "{} 03.11.26", "{}：3/11/26", "{}: 3. 11. 2026"])
def test_a_label_leaves_a_date_a_date_alone(form: str) -> None:
    wrong = [
        label
        for label in (*PUBLISHED_LABELS, *UPDATED_LABELS, *DATE_WORDS)
        for shown in (label, label.upper(), label.title())
        if day(form.format(shown)) != dt.date(2026, 11, 3)
    ]
    assert wrong == []


def test_a_date_of_publication_goes_before_one_of_a_change() -> None:
    wrong = [
        (published, updated)
        for published in PUBLISHED_LABELS
        for updated in UPDATED_LABELS
        if day(f"{updated} 12.11.2026 | {published} 03.11.2026") != dt.date(2026, 11, 3)
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("发布时间：10-03", dt.date(2026, 10, 3)),
        ("發佈時間：10-03 11:20", dt.date(2026, 10, 3)),
        ("张贴日期：10月3日", dt.date(2026, 10, 3)),
        ("公開日：2026年10月3日", dt.date(2026, 10, 3)),
        ("게시일 2026.10.03. 오전 10:15", dt.date(2026, 10, 3)),
    ],
)
def test_labels_of_east_asia_are_read(text: str, expected: dt.date) -> None:
    moment = parse_moment(text, now=NOW, timezone="Asia/Shanghai")
    assert moment is not None
    assert moment.at.date() == expected


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        (f"{number} {unit}{s}{point} ago", number * size)
        for unit, size in (("hr", 60), ("min", 1), ("hour", 60), ("h", 60))
        for number in (1, 2)
        for s in ("", "s")
        for point in ("", ".")
    ],
)
def test_units_of_a_relative_time_may_be_abbreviated_with_a_point(text: str, minutes: int) -> None:
    moment = parse_moment(text, now=NOW)
    assert moment is not None
    assert moment.at == NOW - dt.timedelta(minutes=minutes)
