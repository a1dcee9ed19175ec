"""Records of data → rows: which of their fields are title, address and date shows in their names."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Final

from lxml.html import HtmlElement

from monitor.model import Moment
from monitor.sources.page.dated import Calendar
from monitor.sources.page.document import Page, weight
from monitor.sources.page.rows import Row
from monitor.sources.plain import html_text, one_line
from monitor.text.address import absolute_url

_TITLES: Final = ("title", "headers", "header", "subject", "headline", "biaoti", "标题", "name", "text")
_ADDRESSES: Final = ("url", "urls", "link", "links", "href", "linkurl", "地址", "链接", "path")
_DATES: Final = (
    "pubdate", "publishdate", "publishtime", "pubtime", "publishedat", "releasetime", "reltime", "发布时间", "发布日期",
    "datetime", "date", "dates", "time", "日期", "createtime", "created", "updatetime",
)  # fmt: skip
_SUMMARIES: Final = ("summary", "abstract", "description", "digest", "摘要", "content")
_LONGEST_KEY: Final = 60
_FEWEST: Final = 2
_LITTLE: Final = 8
_SECONDS: Final = re.compile(r"1\d{9}")
_MILLISECONDS: Final = re.compile(r"1\d{12}")


def rows_of(found: Sequence[Mapping[str, object]], page: Page, calendar: Calendar) -> list[Row]:
    """The records that have a title and an address, as rows; none if these are too few or say too little."""
    rows = [row for record in found if (row := _row(record, page, calendar)) is not None]
    if len(rows) < _FEWEST or len(rows) * 2 < len(found):
        return []
    said = sorted(weight(row.title) for row in rows)[len(rows) // 2]
    dated = sum(row.published is not None for row in rows) * 2 >= len(rows)
    return rows if said >= (_LITTLE if dated else 2 * _LITTLE) else []


def _row(record: Mapping[str, object], page: Page, calendar: Calendar) -> Row | None:
    named = {_name(key): value for key, value in record.items() if len(key) <= _LONGEST_KEY}
    title = one_line(html_text(_text(named, _TITLES)))
    stated = _text(named, _ADDRESSES)
    url = absolute_url(page.base, stated) if "/" in stated or "." in stated else ""
    if not title or not url:
        return None
    summary = one_line(html_text(_text(named, _SUMMARIES)))
    return Row(_NOWHERE, url, title, _moment(named, url, calendar), summary)


_NOWHERE: Final[tuple[HtmlElement, ...]] = ()


def _name(key: str) -> str:
    return re.sub(r"[\W_]+", "", key).lower()


def _text(named: Mapping[str, object], names: Sequence[str]) -> str:
    """The value under the first of `names`; else under one that ends so, as `docTitle` does."""
    for match in (str.__eq__, str.endswith):
        for name in names:
            for key, value in named.items():
                if match(key, name) is True and isinstance(value, str | int) and not isinstance(value, bool):
                    return str(value).strip()
    return ""


def _moment(named: Mapping[str, object], url: str, calendar: Calendar) -> Moment | None:
    stated = _text(named, _DATES)
    parts = [_text(named, (part,)) for part in ("year", "month", "day")]
    if all(parts):
        stated = stated or "-".join(part.zfill(2) for part in parts)
    return epoch(stated, calendar.now) or calendar.moment(stated) or calendar.of_address(url)


def epoch(stated: str, now: dt.datetime) -> Moment | None:
    """A moment written as seconds or milliseconds since 1970, unless it lies more than a day after `now`."""
    if _MILLISECONDS.fullmatch(stated):
        at = dt.datetime.fromtimestamp(int(stated) / 1000, dt.UTC)
    elif _SECONDS.fullmatch(stated):
        at = dt.datetime.fromtimestamp(int(stated), dt.UTC)
    else:
        return None
    return Moment(at, "second") if at <= now + dt.timedelta(days=1) else None
