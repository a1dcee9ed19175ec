"""The order of numbers in dates: what all dates of a page tell together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from monitor import sources
from monitor.model import Reading
from monitor.sources.page.order import DateOrder, order_of

NOW = dt.datetime(2026, 11, 21, 4, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        ([], DateOrder()),
        (["20/11/2026", "08/11/2026"], DateOrder(day_first=True)),
        (["11/20/2026", "11/08/2026"], DateOrder()),
        (["20/11/2026", "11/20/2026"], DateOrder()),
        (["08/11/2026"], DateOrder()),
        (["20.11.26", "17.11.26", "08.11.26"], DateOrder(day_first=True)),
        (["26-11-20", "26-11-17", "26-10-30"], DateOrder(year_first=True)),
        (["02/24/12", "02/14/12"], DateOrder()),
        (["11/08/26", "10/05/26", "9/04/26"], DateOrder()),
        (["1.12.4-5", "10.0.0.1"], DateOrder()),
        (["115-11-20", "張貼日期：114-12-31"], DateOrder(counts_republic_years=True)),
        (["115-11-20"], DateOrder()),
        (["115-11-20", "115-23-46"], DateOrder()),
        (["115-11-20", "186-02-03"], DateOrder()),
        (["115-11-20", "115-11-18", "020-7654-321"], DateOrder(counts_republic_years=True)),
    ],
)
def test_all_dates_of_a_page_tell_their_order(texts: list[str], order: DateOrder) -> None:
    assert order_of(texts, 2026) == order


@pytest.mark.parametrize(
    ("order", "text", "plain"),
    [
        (DateOrder(), "08/11/2026", "08/11/2026"),
        (DateOrder(day_first=True), "Posted 08/11/2026, 10:00", "Posted 2026-11-08, 10:00"),
        (DateOrder(day_first=True), "08.11.26", "2026-11-08"),
        (DateOrder(year_first=True), "[26-11-08]", "[2026-11-08]"),
        (DateOrder(year_first=True), "08/11/2026", "08/11/2026"),
        (DateOrder(counts_republic_years=True), "(115-11-08)", "(2026-11-08)"),
        (DateOrder(counts_republic_years=True, day_first=True), "08/11/2026", "2026-11-08"),
    ],
)
def test_a_date_of_known_order_is_written_plainly(order: DateOrder, text: str, plain: str) -> None:
    assert order.normalize(text) == plain


OFFICES = ["國防部發布新聞稿說明區塊鏈應用", "元宇宙產業發展會議召開", "關於徵求意見的公告"]


@pytest.mark.parametrize("stated", ["115-11-{}", "民國115年11月{}日", "發布日期：115-11-{}", "張貼 115/11/{}"])
@pytest.mark.parametrize("charset", ["utf-8", "big5"])
@pytest.mark.parametrize("options", [{}, {"item": "li"}], ids=["found", "selected"])
def test_years_of_the_republic_in_a_list(stated: str, charset: str, options: Mapping[str, object]) -> None:
    rows = "".join(
        f"<li><a href=/news/{n}.html>{title}</a><i>{stated.format(10 + n)}</i></li>" for n, title in enumerate(OFFICES)
    )
    reading = read(f"<ul>{rows}</ul>".encode(charset), options)
    assert [entry.title for entry in reading.entries] == OFFICES
    assert [f"{entry.published.at:%F}" for entry in reading.entries if entry.published] == [
        "2026-11-10", "2026-11-11", "2026-11-12",
    ]  # fmt: skip


def test_the_order_is_known_to_selectors_too() -> None:
    rows = "".join(f"<li><a href=/{n}>A plan of the office, part {n}</a> <i>{n}/11/2026</i></li>" for n in (20, 9, 8))
    for options in ({}, {"item": "li", "date": "i"}):
        dates = [f"{entry.published.at:%d}" for entry in read(rows.encode(), options).entries if entry.published]
        assert dates == ["20", "09", "08"]


def read(body: bytes, options: Mapping[str, object]) -> Reading:
    return sources.read(body, url="https://www.example.gov.tw/", kind="page", options=options, now=NOW, timezone="UTC")
