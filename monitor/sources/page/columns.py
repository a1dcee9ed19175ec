"""Find, by the head of a table, which of several date columns has the day of publication."""

from __future__ import annotations

import re
from collections.abc import Sequence

from lxml.html import HtmlElement

from monitor.sources.page.document import ancestors
from monitor.text.dates.others import MINOR_DATE, is_label_of_other_date
from monitor.text.dates.plain import plain

_CELL_TAGS = ("td", "th")
_PUBLICATION_HEAD = re.compile(r"发布|公布|发文|publi|posted|filed|issued|released?", re.IGNORECASE)


def elements_of_other_dates(row: HtmlElement) -> set[HtmlElement]:
    """Return the elements of a table row whose dates are not the date of publication, judged by the table head.

    These are the cells in columns for other dates ("成文日期", "Argued"), with all elements in them. If the table has a
    column for the date of publication, these are the cells of all other columns.
    """
    if row.tag != "tr":
        return set()
    table = next((parent for parent in ancestors(row) if parent.tag == "table"), row)
    head = next(iter(table.iter("tr")), row)
    cells, heads = _cells_of(row), [str(cell.text_content())[:60] for cell in _cells_of(head)]
    if any(cell.tag == "td" and next(cell.iter("a"), None) is not None for cell in head) or len(cells) != len(heads):
        return set()
    published = any(map(_PUBLICATION_HEAD.search, heads))
    others = [
        cell
        for cell, text in zip(cells, heads, strict=True)
        if (
            not _PUBLICATION_HEAD.search(text)
            if published
            else MINOR_DATE.search(text.lower()) or is_label_of_other_date(f"{plain(text)}:")
        )
    ]
    return {element for cell in others for element in cell.iter()}


def _cells_of(row: HtmlElement) -> Sequence[HtmlElement]:
    return [cell for cell in row if cell.tag in _CELL_TAGS]
