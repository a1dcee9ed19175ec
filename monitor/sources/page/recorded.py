"""Make rows from data records in a page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from monitor.sources.fields import address_of, fields_by_name, read_epoch, text_of, text_of_field
from monitor.sources.page.dated import Calendar, is_date
from monitor.sources.page.document import ParsedPage, text_width
from monitor.sources.page.rows import Row
from monitor.sources.plain import one_line, text_of_html

_MIN_ROWS: Final = 2
_MIN_TITLE_WIDTH: Final = 8
_ADDRESS_PATTERN = re.compile(
    r"(?:https?:)?//\S+|\.{0,2}/[^\s<>]+|[\w./-]+\.(?:s?html?|pdf|jsp|php|aspx?)(?:\?\S*)?", re.IGNORECASE
)


def rows_of_records(records: Sequence[Mapping[str, object]], page: ParsedPage, calendar: Calendar) -> list[Row]:
    """Return a row for each record with a title and an address; no rows if there are too few, or titles are short."""
    rows = [row for record in records if (row := _row_of_record(record, page, calendar)) is not None]
    if len(rows) < _MIN_ROWS or len(rows) * 2 < len(records):
        return []
    median_width = sorted(text_width(row.title) for row in rows)[len(rows) // 2]
    dated = sum(row.published is not None for row in rows) * 2 >= len(rows)
    return rows if median_width >= (_MIN_TITLE_WIDTH if dated else 2 * _MIN_TITLE_WIDTH) else []


def rows_of_tuples(tuples: Sequence[Sequence[str]], page: ParsedPage, calendar: Calendar) -> list[Row]:
    """Return a row for each array of values: one value is the address, one the date, and the longest text the title."""
    records = []
    for values in tuples:
        url = next((value for value in values if _ADDRESS_PATTERN.fullmatch(value.strip())), "")
        date = next((value for value in values if is_date(value)), "")
        title = max((value for value in values if value not in (url, date)), key=text_width, default="")
        if url and title:
            records.append({"title": title, "url": url, "date": date})
    return rows_of_records(records, page, calendar)


def _row_of_record(record: Mapping[str, object], page: ParsedPage, calendar: Calendar) -> Row | None:
    fields = fields_by_name(record)
    title = one_line(text_of_html(text_of_field(fields, "title")))
    url = address_of(fields, page.base)
    if not title or not url:
        return None
    summary = one_line(text_of_html(text_of_field(fields, "summary")))
    date = text_of_field(fields, "date")
    parts = [text_of(fields.get(part)) for part in ("year", "month", "day")]
    if all(parts):
        date = date or "-".join(part.zfill(2) for part in parts)
    published = read_epoch(date, calendar.now) or calendar.moment(date) or calendar.date_of_address(url)
    return Row((), url, title, published, summary)
