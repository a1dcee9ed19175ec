"""The order of numbers in dates: what all dates of a page tell together."""

from __future__ import annotations

import pytest

from monitor.sources.page.order import Order, order_of


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        ([], Order()),
        (["20/11/2026", "08/11/2026"], Order(day_first=True)),
        (["11/20/2026", "11/08/2026"], Order()),
        (["20/11/2026", "11/20/2026"], Order()),
        (["08/11/2026"], Order()),
        (["20.11.26", "17.11.26", "08.11.26"], Order(day_first=True)),
        (["26-11-20", "26-11-17", "26-10-30"], Order(year_first=True)),
        (["02/24/12", "02/14/12"], Order()),
        (["11/08/26", "10/05/26", "9/04/26"], Order()),
        (["1.12.4-5", "10.0.0.1"], Order()),
    ],
)
def test_all_dates_of_a_page_tell_their_order(texts: list[str], order: Order) -> None:
    assert order_of(texts, 2026) == order


@pytest.mark.parametrize(
    ("order", "text", "plain"),
    [
        (Order(), "08/11/2026", "08/11/2026"),
        (Order(day_first=True), "Posted 08/11/2026, 10:00", "Posted 2026-11-08, 10:00"),
        (Order(day_first=True), "08.11.26", "2026-11-08"),
        (Order(year_first=True), "[26-11-08]", "[2026-11-08]"),
        (Order(year_first=True), "08/11/2026", "08/11/2026"),
    ],
)
def test_a_date_of_known_order_is_written_plainly(order: Order, text: str, plain: str) -> None:
    assert order.plain(text) == plain
