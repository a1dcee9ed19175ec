"""List pages made up of parts: so many rows, in such a markup, dated so, linked so, among such menus."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product, starmap

BASE = "https://gov.example.org/news/"
NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
MOST = 12

TITLES = {
    "en": (
        "Ministry opens the second call for digital halls",
        "New rules for drones near the harbour take effect",
        "Council publishes report on web services",
        "Grant round for village libraries opens again",
        "Public consultation on the draft Digital Assets Bill",
        "Minister visits the chip plant in the new area",
        "Statement on the joint programme for open standards",
        "Order about pump station number seven",
        "Board appoints three members of the audit office",
        "Tender for the second line of the tramway",
        "Results of the spring survey of small firms",
        "Notice of works on the northern bridge",
    ),
    "zh": (
        "关于印发《元宇宙产业发展行动计划》的通知",
        "关于公布2026年度科技型企业入库名单的通知",
        "公开招聘事业单位工作人员公告",
        "关于开展数字化转型试点城市申报工作的通知",
        "关于征求创新发展若干措施意见的公告",
        "关于拟认定市级企业技术中心的公示",
        "互联网3.0示范应用场景揭榜挂帅榜单",
        "关于调整公交线路的通告",
        "关于道路施工的公告",
        "关于拟表彰先进集体的公示",
        "第三季度财政预算执行情况公告",
        "关于节假日安排的通知",
    ),
}

_NAMES = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
          "November", "December")  # fmt: skip
DATES: dict[str, Callable[[dt.date], str]] = {
    "iso": lambda day: day.isoformat(),
    "bracketed": lambda day: f"[{day.isoformat()}]",
    "with time": lambda day: f"{day.isoformat()} 09:30",
    "slashes": lambda day: f"{day:%Y/%m/%d}",
    "dots": lambda day: f"{day:%Y.%m.%d}",
    "day, month by name": lambda day: f"{day.day} {_NAMES[day.month - 1]} {day.year}",
    "month by name, day": lambda day: f"{_NAMES[day.month - 1][:3]}. {day.day}, {day.year}",
    "weekday": lambda day: f"{day:%A}, {_NAMES[day.month - 1]} {day.day}, {day.year}",
    "ordinal": lambda day: f"{day.day}th {_NAMES[day.month - 1]} {day.year}",
    "american": lambda day: f"{day:%m/%d/%Y}",
    "short american": lambda day: f"{day.month}/{day.day}/{day:%y}",
    "german": lambda day: f"{day:%d.%m.%Y}",
    "han": lambda day: f"{day.year}年{day.month}月{day.day}日",
    "month and day": lambda day: f"{day:%m-%d}",
    "labelled": lambda day: f"Published: {day.day} {_NAMES[day.month - 1]} {day.year}",
    "labelled han": lambda day: f"发布时间：{day.isoformat()}",
    "element": lambda day: f'<time datetime="{day.isoformat()}">some days ago</time>',
}
"""How a day is written."""

LINKS = ("link", "whole", "more", "onclick open", "onclick location", "data-href", "data-url", "script link",
         "script address")  # fmt: skip
"""What leads on: the title, all of the row, "Read more", the row by a script, the row by an attribute, …"""

MARKUPS = ("list", "table", "nineties", "columns", "loose columns", "definitions", "definition lists", "cards",
           "articles", "paragraphs", "breaks")  # fmt: skip

MENUS = ("none", "named", "plain", "large")


@dataclass(frozen=True)
class Shape:
    """Of what a page is made up."""

    count: int
    markup: str
    link: str
    date: str
    place: str
    menu: str
    language: str = "en"

    def __str__(self) -> str:
        return f"{self.count} {self.markup}, {self.link}, {self.date} {self.place}, menu {self.menu}, {self.language}"

    @property
    def titles(self) -> list[str]:
        return list(TITLES[self.language][: self.count])

    @property
    def days(self) -> list[dt.date]:
        return [dt.date(2026, 11, 19) - dt.timedelta(days=3 * number) for number in range(self.count)]

    @property
    def urls(self) -> list[str]:
        return [f"{BASE}2026/{40 - number}.html" for number in range(self.count)]

    def page(self) -> str:
        return _page(self)


def makes_sense(shape: Shape) -> bool:
    """Return whether somebody would write such a page: rows that open by a script need an element to hold it."""
    on_row = shape.link in ("onclick open", "onclick location", "data-href", "data-url")
    if shape.markup in ("loose columns", "definitions", "breaks") and (on_row or shape.link == "whole"):
        return False
    if shape.markup in ("table", "nineties") and shape.link == "whole":
        return False
    if shape.markup == "nineties" and on_row:
        return False
    if shape.markup == "breaks" and shape.link == "more" and shape.date == "month and day":
        return False  # "11-19 Title" as one text may begin a title
    if shape.date == "ordinal" and any(day.day % 10 in (1, 2, 3) for day in shape.days):
        return False
    return shape.date != "han" or shape.language == "zh"


def all_shapes(
    counts: Sequence[int] = range(1, MOST + 1),
    *,
    markups: Sequence[str] = MARKUPS,
    links: Sequence[str] = LINKS,
    menus: Sequence[str] = MENUS,
) -> list[Shape]:
    """Return every page that can be made up of these parts and makes sense."""
    made = starmap(Shape, product(counts, markups, links, DATES, ("before", "behind"), menus, TITLES))
    return [shape for shape in made if makes_sense(shape)]


def _page(shape: Shape) -> str:
    rows = [_row(shape, number) for number in range(shape.count)]
    head = "News" if shape.language == "en" else "通知公告"
    before, behind = _MENU[shape.menu][shape.language]
    listed = f"<h1>{head}</h1>{_around(shape.markup, rows)}"
    return (
        f'<!doctype html><html lang="{shape.language}"><head><meta charset="utf-8"><title>{head}</title></head>'
        f'<body>{before}<div class="con"><div class="con-r">{listed}</div></div>{behind}</body></html>'
    )


def _around(markup: str, rows: Sequence[str]) -> str:
    inner = "".join(rows)
    match markup:
        case "list":
            return f'<ul class="list">{inner}</ul>'
        case "table":
            return f"<table>{inner}</table>"
        case "nineties":
            return f"<TABLE WIDTH='100%' BORDER=0>{inner}</TABLE>"
        case "definitions":
            return f"<dl>{inner}</dl>"
        case _:
            return f"<div>{inner}</div>"


def _row(shape: Shape, number: int) -> str:
    title, url = shape.titles[number], f"2026/{40 - number}.html"
    date = DATES[shape.date](shape.days[number])
    opened = _ON_ROW.get(shape.link, "").format(url=f"/news/{url}")
    link = _IN_ROW.get(shape.link, "{title}").format(title=title, url=url)
    more = ""
    if shape.link == "more":
        more = f'<a href="{url}">{"Read more" if shape.language == "en" else "查看详情"}</a>'
    cells = [date, link] if shape.place == "before" else [link, date]
    cells += [more] if more else []
    row = _ROWS[shape.markup](opened, cells, cells.index(link))
    return f'<a href="{url}">{row}</a>' if shape.link == "whole" else row


_ON_ROW = {
    "onclick open": " onclick=\"window.open('{url}')\"",
    "onclick location": " onclick=\"location.href='{url}'\"",
    "data-href": ' data-href="{url}"',
    "data-url": ' data-url="{url}"',
}
_IN_ROW = {
    "link": '<a href="{url}">{title}</a>',
    "script link": '<a href="javascript:void(0)" onclick="window.open(\'{url}\')">{title}</a>',
    "script address": "<a href=\"javascript:window.open('{url}')\">{title}</a>",
}


def _spans(opened: str, cells: Sequence[str], title: int, tag: str) -> str:
    inner = " ".join(cell if number == title else f"<span>{cell}</span>" for number, cell in enumerate(cells))
    return f"<{tag}{opened}>{inner}</{tag}>"


def _card(opened: str, cells: Sequence[str], title: int) -> str:
    inner = "".join(f"<h3>{cell}</h3>" if number == title else f"<p>{cell}</p>" for number, cell in enumerate(cells))
    return f'<div class="card"{opened}>{inner}</div>'


_ROWS: dict[str, Callable[[str, Sequence[str], int], str]] = {
    "list": lambda opened, cells, title: _spans(opened, cells, title, "li"),
    "paragraphs": lambda opened, cells, title: _spans(opened, cells, title, "p"),
    "breaks": lambda _opened, cells, _title: " ".join(cells) + "<br>\n",
    "table": lambda opened, cells, _title: f"<tr{opened}>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>",
    "nineties": lambda _opened, cells, _title: "<TR BGCOLOR='#EEEEEE'>" + "".join(
        f"<TD><FONT SIZE=-1>{cell}\n" for cell in cells),
    "columns": lambda opened, cells, _title: f'<div class="row"{opened}>' + "".join(
        f'<div class="col c{number}">{cell}</div>' for number, cell in enumerate(cells)) + "</div>",
    "loose columns": lambda _opened, cells, _title: "".join(
        f'<div class="c{number}">{cell}</div>' for number, cell in enumerate(cells)),
    "definitions": lambda _opened, cells, title: "".join(
        f"<dt>{cell}</dt>" if number == title else f"<dd>{cell}</dd>" for number, cell in enumerate(cells)),
    "definition lists": lambda opened, cells, title: f"<dl{opened}>" + "".join(
        f"<dt>{cell}</dt>" if number == title else f"<dd>{cell}</dd>" for number, cell in enumerate(cells)) + "</dl>",
    "cards": _card,
    "articles": lambda opened, cells, title: f"<article{opened}>" + "".join(
        f"<header><h2>{cell}</h2></header>" if number == title else f"<footer>{cell}</footer>"
        for number, cell in enumerate(cells)) + "</article>",
}  # fmt: skip

_ITEMS = {
    "en": ("Home", "About the ministry", "Press room", "Laws and Regulations", "Public Consultations",
           "Careers at the Commission", "Contact and opening hours", "Publications and Reports"),
    "zh": ("首页", "政务公开", "机构职能", "政策文件", "政府信息公开指南", "法定主动公开内容", "互动交流", "关于我们"),
}  # fmt: skip
_LAST = {
    "en": ("Imprint and legal notice", "Privacy statement", "Accessibility statement"),
    "zh": ("网站地图", "国家发展和改革委员会", "工业和信息化部"),
}


def _items(texts: Sequence[str], start: str) -> str:
    return "<ul>" + "".join(f'<li><a href="/{start}{n}/">{text}</a></li>' for n, text in enumerate(texts)) + "</ul>"


def _menus(language: str) -> dict[str, tuple[str, str]]:
    items, last = _items(_ITEMS[language], "m"), _items(_LAST[language], "f")
    large = "".join(
        f"<div><h4><a href='/x{n}/'>{text}</a></h4>{_items(_ITEMS[language], f'x{n}/')}</div>"
        for n, text in enumerate(_ITEMS[language])
    )
    return {
        "none": ("", ""),
        "named": (f"<header><nav>{items}</nav></header>", f"<footer>{last}<p>© 2026</p></footer>"),
        "plain": (f"<div>{items}</div>", f"<div>{last}<p>© 2026</p></div>"),
        "large": (f"<div id=top>{large}</div><div class=con-l>{items}</div>", f"<div class=bottom>{last}</div>"),
    }


_MENU = {name: {language: _menus(language)[name] for language in TITLES} for name in MENUS}
