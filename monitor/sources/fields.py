"""Recognise title, address, date and summary in data records by the names of their fields."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Final, Literal

from monitor.model import Moment
from monitor.text.address import absolute_url
from monitor.text.dates.others import is_field_of_other_date

Meaning = Literal["title", "url", "date", "summary"]

_FIELD_NAMES: Final[dict[Meaning, tuple[str, ...]]] = {
    "title": ("title", "headers", "header", "subject", "headline", "biaoti", "标题", "name", "text"),
    "url": ("url", "urls", "link", "links", "href", "linkurl", "地址", "链接", "path"),
    "date": (
        *("pubdate", "publishdate", "publishtime", "pubtime", "publishedat", "releasetime", "reltime", "发布时间"),
        *(
            "publishedtime",
            "publisheddate",
            "datepublished",
            "发布日期",
            "datetime",
            "date",
            "dates",
            "time",
            "日期",
            "createtime",
            "created",
            "updatetime",
        ),
    ),
    "summary": ("summary", "abstract", "description", "digest", "摘要", "content"),
}
_MAX_KEY_LENGTH: Final = 60
_EPOCH_SECONDS = re.compile(r"1\d{9}")
_EPOCH_MILLISECONDS = re.compile(r"1\d{12}")


def fields_by_name(record: Mapping[str, object]) -> dict[str, object]:
    """Return the fields by their names in lower case and without separators: `pub_Date` becomes `pubdate`.

    The ending `str`, as in `pubDateStr`, is removed too.
    """
    short = ((key, value) for key, value in record.items() if len(key) <= _MAX_KEY_LENGTH)
    plain = {re.sub(r"[\W_]+", "", key).lower(): value for key, value in short}
    return {key.removesuffix("str") if key.removesuffix("str") not in plain else key: plain[key] for key in plain}


def text_of_field(fields: Mapping[str, object], meaning: Meaning) -> str:
    """Return the text of the first field whose name is, or ends with, a name for `meaning` (`title`, `docTitle`)."""
    for fits in (str.__eq__, str.endswith):
        for name in _FIELD_NAMES[meaning]:
            for key, value in fields.items():
                if fits(key, name) is not True or (
                    meaning == "date" and is_field_of_other_date(key.removesuffix(name))
                ):
                    continue
                if text := text_of(value):
                    return text
    return ""


def address_of(fields: Mapping[str, object], base: str) -> str:
    """Return the absolute address in the fields; "" if no field looks like an address."""
    stated = text_of_field(fields, "url")
    return absolute_url(base, stated) if "/" in stated or "." in stated else ""


def text_of(value: object) -> str:
    """Return a text or number as text; "" for anything else."""
    return str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""


def read_epoch(text: str, now: dt.datetime) -> Moment | None:
    """Read a time in seconds or milliseconds since 1970; None if it is more than a day after `now`."""
    if _EPOCH_MILLISECONDS.fullmatch(text):
        at = dt.datetime.fromtimestamp(int(text) / 1000, dt.UTC)
    elif _EPOCH_SECONDS.fullmatch(text):
        at = dt.datetime.fromtimestamp(int(text), dt.UTC)
    else:
        return None
    return Moment(at, "second") if at <= now + dt.timedelta(days=1) else None
