"""What keeps guessed dates honest: no moments at which pages were made, no days made up of years."""

from __future__ import annotations

import copy
import datetime as dt
import re
from typing import Final

from lxml import etree, html

from monitor.articles.published import Page

_OF_SOMETHING_ELSE = re.compile(
    "页面生成|生成时间|生成于|打印时间|当前时间|今天是|现在是|截止|截至|有效期|到期|浏览时间|访问时间"
)
_LOOKED_AT: Final = 1_000_000


def supported(day: dt.date, page: Page) -> bool:
    """Whether `day` may be taken: a first of a month must stand on the page with its day, any other is believed.

    What finds dates by heuristics fills up what a page leaves open: `2019` becomes the first of January.
    """
    if day.day != 1:
        return True
    markup = etree.tostring(page.tree, encoding="unicode", method="html")[:_LOOKED_AT]
    month, year = day.month, day.year
    numbers = [f"{year}{mark}{month:02}{mark}01" for mark in ("-", "/", ".", "", "_")]
    numbers += [f"{year}{mark}{month}{mark}1" for mark in ("-", "/", ".")]
    numbers += [f"01{mark}{month:02}{mark}{year}" for mark in ("-", "/", ".")]
    numbers += [f"{month:02}/01/{year}", f"1.{month}.{year}", f"{year}年{month}月1日", f"{year}年{month:02}月01日"]
    name = day.strftime("%B")
    words = [f"{form} {year}" for form in (f"1 {name}", f"1. {name}", f"01 {name}", f"{name} 1,", f"{name} 01,")]
    return any(form in markup for form in (*numbers, *words))


def without_generation(tree: html.HtmlElement) -> html.HtmlElement:
    """A copy of the page without the texts that say when it was made, or until when something is valid."""
    copied = copy.deepcopy(tree)
    for element in copied.iter():
        if element.text and _OF_SOMETHING_ELSE.search(element.text):
            element.text = None
            for child in element:
                child.text = child.tail = None
        if element.tail and _OF_SOMETHING_ELSE.search(element.tail):
            element.tail = None
    return copied
