"""The site of which the fixture is made: a few days of a small press, in every form that the program reads.

Each host is one source. What is risky for a later version is in it on purpose: entries without guid or link, links with
tracking parameters, mobile and AMP addresses, bare ampersands, titles with tags, blanks in Chinese text, GB18030,
decimals and numbers with commas, names with accents.
"""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass, field
from email.utils import format_datetime
from html import escape

FIRST = dt.datetime(2026, 11, 16, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)

Page = tuple[str, bytes]


@dataclass(frozen=True, slots=True)
class Piece:
    """One announcement. It is listed from day `day` on (0 is the first poll), and came out two hours before."""

    day: int
    title: str
    path: str
    text: str = ""
    guid: str = ""

    @property
    def at(self) -> dt.datetime:
        return FIRST + self.day * DAY - dt.timedelta(hours=2)


@dataclass
class Site:
    """What is at each address on one day. `moved` are redirects for good, `refusals` the status of what is refused."""

    pages: dict[str, Page] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    refusals: dict[str, int] = field(default_factory=dict)


ENGLISH = (
    Piece(-9, "Ministry reviews metaverse statutes", "/2026/a0?utm_source=rss", "An older review, long before.", "n0"),
    Piece(0, "AT&T and City backs Web3 & blockchain hub", "/2026/a1?CMP=rss&utm_source=rss", "R&D gets money.", "n1"),
    Piece(0, "Third spider web found in zoo", "/2026/a2?ftag=MSF0951a18", "Keepers were surprised by its size.", "n2"),
    Piece(1, "Web3 <b>policy</b> brief by <em>Ürümqi</em> office", "/2026/a3?ftag=MSF0951a18", "Four pages.", "n3"),
    Piece(1, "Apple unveils metaverse glasses", "/2026/a4?partner=rss&emc=rss", "The US price is 3,499 dollars.", "n4"),
    Piece(2, "Funding program for Web3 start-ups", "/2026/a5?CMP=share_btn_tw", "It begins in May.", "n5"),
    Piece(3, "Inflation at 3.14 percent, bank says", "/2026/a6?ref=rss&id=7", "Growth of 1,000 points is seen.", "n6"),
    Piece(3, "Top 10 smart city plans ranked", "/2026/a7?spm=1.2.3&id=8", "Chongqing leads. Web3 comes later.", "n7"),
    Piece(4, "Council holds blockchain hearing", "/2026/a8?utm_medium=feed", "Three experts will speak.", "n8"),
    Piece(5, "Senate funds metaverse museum", "/2026/a9?utm_medium=feed", "It opens to all in spring.", "n9"),
    Piece(6, "Harbour opens blockchain registry", "/2026/b1", "Ships are entered at once.", "nb1"),
)
CHINESE = (
    Piece(-5, "旧闻：元宇宙展览闭幕", "/zh/0.html", "去年的展览今天闭幕。", "z0"),
    Piece(0, "重庆发布互联网 3.0 行动方案", "/zh/1.html", "资金支持 5 亿元。两江新区先行先试。", "z1"),
    Piece(1, "公布第二批 元宇宙 试点名单", "/zh/2.html", "共有 500 家企业入选，名单附后。", "z2"),
    Piece(2, "《数字经济“十五五”规划》印发", "/zh/3.html", "2026年重庆元宇宙行动方案同时公布。", "z3"),
    Piece(3, "區塊鏈發票試點擴大", "/zh/4.html", "深圳與香港兩地同步推行電子發票。", "z4"),
    Piece(4, "两江新区 举办 Web3 大会", "/zh/5.html", "投资500亿元的项目在会上签约。", "z5"),
    Piece(5, "乌鲁木齐建设区块链政务平台", "/zh/6.html", "今天天晴。平台年底上线。", "z6"),
    Piece(6, "成都成立元宇宙研究院", "/zh/7.html", "首批研究人员三十名。", "z7"),
)
JSON = (
    Piece(0, "Estonia moves land register to blockchain", "/j/1", "The registrar signs each entry.", "j1"),
    Piece(1, "Museum shows metaverse paintings", "/j/2?fbclid=Iw1", "Visitors wear glasses in the hall.", "j2"),
    Piece(3, "Québec funds Web 3.0 studios", "/j/3", "Montréal and Saint-Jérôme take part in it.", "j3"),
    Piece(5, "Oslo tests Web 3.0 identity cards", "/j/4", "A thousand residents received one.", "j4"),
    Piece(6, "Lisbon taxes metaverse estates", "/j/5", "The rate is the same as on land.", "j5"),
)
GB18030 = (
    Piece(0, "武汉出台区块链扶持办法", "/gb/t1.htm", "最高奖励 300 万元，自印发之日起施行。"),
    Piece(2, "元宇宙㐂产业联盟成立", "/gb/t2.htm?from=timeline", "联盟由二十家单位发起。"),
    Piece(4, "第三代互联网标准征求意见", "/gb/t3.htm", "意见请于月底前反馈。"),
    Piece(6, "长沙开通区块链公证", "/gb/t4.htm", "市民可以在网上办理。"),
)
MOBILE = (
    Piece(0, "Metaverse classrooms open in Ürümqi", "http://m.mobile.example/n/1.html?CMP=Share_iOSApp_Other"),
    Piece(1, "Blockchain bill passes first reading", "http://www.mobile.example/amp/n/2?outputType=amp"),
    Piece(2, "Web3 wallets get consumer rules", "https://www.nytimes.com/n/3.html?partner=rss&emc=rss"),
    Piece(3, "Stadium tickets go to blockchain", "https://www.cnet.com/n/4/?ftag=CAD590a51e"),
    Piece(4, "Library lends metaverse headsets", "https://amp.theguardian.com/n/5?CMP=fb_gu"),
    Piece(5, "Mint strikes blockchain coin", "http://mobile.example/n/6/?amp=1"),
    Piece(6, "Theatre plays in the metaverse", "http://m.mobile.example/n/7.html"),
)
TITLES = (
    Piece(0, "Titles alone: metaverse treaty signed", ""),
    Piece(2, "Titles alone: blockchain tariff cut by 2.5 %", ""),
    Piece(4, "Titles alone: Web3 envoy named", ""),
    Piece(6, "Titles alone: metaverse census begins", ""),
)
LISTED = (
    Piece(0, "关于征集区块链应用案例的通知", "/tz/202611/t1.html"),
    Piece(0, "关于公布元宇宙重点企业的公示", "/tz/202611/t2.html"),
    Piece(0, "关于国庆节放假安排的通知", "/tz/202611/t3.html"),
    Piece(0, "关于举办数字经济培训班的通知", "/tz/202611/t4.html"),
    Piece(2, "关于组织申报互联网 3.0 项目的通知", "/tz/202611/t5.html"),
    Piece(4, "关于元宇宙专项资金拨付的公告", "/tz/202611/t6.html"),
    Piece(6, "关于成立区块链专家库的公告", "/tz/202611/t7.html"),
)
SELECTED = (
    Piece(0, "Board adopts metaverse roadmap", "/notice/?id=1&utm_source=list"),
    Piece(0, "Board publishes minutes", "/notice/?id=2"),
    Piece(1, "Tender for blockchain audit", "/notice/?id=3"),
    Piece(3, "Web3 sandbox takes 12 firms", "/notice/?id=4"),
    Piece(5, "Board seeks metaverse adviser", "/notice/?id=5"),
    Piece(6, "Board prints blockchain manual", "/notice/?id=6"),
)
MAPPED = (
    Piece(0, "Blockchain customs corridor opens", "/news/customs-corridor"),
    Piece(3, "Metaverse trade fair dated", "/news/metaverse-fair"),
    Piece(6, "Web3 harbour office moves", "/news/harbour-office"),
)
INDEXED = (
    Piece(0, "Regulator lists metaverse risks", "/press/risks"),
    Piece(2, "Regulator licenses Web3 bank", "/press/licence"),
    Piece(5, "Regulator fines blockchain broker", "/press/fine"),
    Piece(6, "Regulator opens metaverse desk", "/press/desk"),
)
ANSWERED = (
    Piece(0, "Commission consults on metaverse", "101", "Replies are due by 1 March."),
    Piece(1, "Commission maps blockchain nodes", "102", "There are 1,204 of them."),
    Piece(4, "Commission opens Web3 desk", "103", "The desk has six officers."),
    Piece(6, "Commission revokes metaverse grant", "104", "The project ended early."),
)
FULL = (
    Piece(0, "Port report published", "/story/port.html", "A short teaser on the port.", "f1"),
    Piece(1, "Harvest report published", "/story/harvest.html", "A short teaser on the harvest.", "f2"),
    Piece(3, "Rail report published", "/story/rail.html", "A short teaser on the railway.", "f3"),
    Piece(4, "Bridge report published", "/story/bridge.html", "A short teaser on the bridge.", "f4"),
    Piece(6, "Tunnel report published", "/story/tunnel.html", "A short teaser on the tunnel.", "f5"),
)
STORIES = {
    "/story/port.html": "The port will record each container on a blockchain that twelve shipping lines share.",
    "/story/harvest.html": "Farmers sold their wheat early this year because the rain of late summer stayed away.",
    "/story/rail.html": "Passengers of the night train may visit a metaverse copy of each station on the line.",
    "/story/bridge.html": "Engineers walk the bridge in a metaverse model before they climb its real pylons.",
    "/story/tunnel.html": "Drivers pay for the new tunnel with a Web3 purse that the town gave to every household.",
}
FOUND = (
    Piece(0, "Village votes by blockchain", "/v/1", "Turnout was high on Sunday.", "v1"),
    Piece(2, "Village builds metaverse square", "/v/2", "The square has a well and benches.", "v2"),
    Piece(6, "Village mints blockchain stamps", "/v/3", "Collectors came from afar.", "v3"),
)
RAPID = (
    Piece(0, "Rapid wire: blockchain morning note", "/r/1", "Nothing of weight happened.", "r1"),
    Piece(3, "Rapid wire: metaverse noon note", "/r/2", "Shares of makers rose a little.", "r2"),
    Piece(3, "Rapid wire: Web3 evening note", "/r/3", "Trade was thin until the close.", "r3"),
    Piece(6, "Rapid wire: blockchain night note", "/r/4", "Offices were dark by then.", "r4"),
)
CARELESS = (
    Piece(0, "R&D grants for metaverse labs", "/c?id=1&cat=2", "Nine labs applied.", "c1"),
    Piece(1, "&lt;![CDATA[Metaverse ferry sails]]&gt;", "/c?id=2&lang=en", "It crosses the bay.", "c2"),
    Piece(2, "Web3 &lt;wbr&gt;fair opens<br/>in May", "/c?id=3&copy=1", "Stands are free.", "c3"),
    Piece(4, "AT&T &lt;b&gt;tests&lt;/b&gt; metaverse calls", "&lt;![CDATA[/c/4]]&gt;", "The calls are short.", "c4"),
    Piece(6, "Q&A on blockchain taxes", "/c?id=5&sect=7", "Answers are online.", "c5"),
)
MOVED = (
    Piece(0, "Gazette: metaverse decree", "/g/1", "In force at once.", "g1"),
    Piece(3, "Gazette: blockchain decree", "/g/2", "In force next year.", "g2"),
    Piece(6, "Gazette: Web3 decree", "/g/3", "In force in two years.", "g3"),
)
LEFT = (Piece(0, "Withdrawn wire: blockchain recap", "/l/1", "Its last issue.", "l1"),)
COPIED = (ENGLISH[1], ENGLISH[4], ENGLISH[8])
"""What another source lists too, under the same addresses with other tracking parameters."""


def site_on(day: int) -> Site:
    """Return the site as it is on `day`, counted from the first poll."""
    site = Site()
    for host, pieces in (("wire", ENGLISH), ("mobile", MOBILE), ("full", FULL), ("found", FOUND)):
        _rss(site, host, _seen(pieces, day))
    _rss(site, "rapid", [piece for piece in RAPID if 0 <= day - piece.day <= 3 and (day < 3 or piece.day >= 3)])
    _rss(site, "left", _seen(LEFT, day))
    _rss(site, "titles", _seen(TITLES, day))
    _rss(site, "copies", [_copied(piece) for piece in _seen(COPIED, day - 1)])
    _rss(site, "mirror", [_copied(piece) for piece in (*ENGLISH[:9], *MOBILE[:5])] if day >= 5 else [])
    _rss(site, "gb", _seen(GB18030, day), encoding="gb18030")
    _atom(site, _seen(CHINESE, day), revised=day >= 3)
    _json_feed(site, _seen(JSON, day))
    _careless(site, _seen(CARELESS, day))
    _gazette(site, day)
    _listed(site, _seen(LISTED, day))
    _selected(site, _seen(SELECTED, day))
    _maps(site, day)
    _api(site, _seen(ANSWERED, day))
    _stories(site, day)
    html(site, "http://found.example/", '<link rel="alternate" type="application/rss+xml" href="/feed.xml"><p>Hi.</p>')
    _failing(site, day)
    return site


def _seen(pieces: tuple[Piece, ...], day: int) -> list[Piece]:
    return [piece for piece in reversed(pieces) if piece.day <= day]


def _copied(piece: Piece) -> Piece:
    link = link_of("wire" if piece in ENGLISH else "mobile", piece.path)
    bare = link.partition("?")
    kept = "&".join(word for word in bare[2].split("&") if word.startswith("id="))
    return Piece(piece.day, piece.title, f"{bare[0]}?{kept}{'&' if kept else ''}utm_campaign=x", piece.text)


def link_of(host: str, path: str) -> str:
    return path if path.startswith("http") else f"http://{host}.example{path}"


def _rss(site: Site, host: str, pieces: list[Piece], *, encoding: str = "utf-8") -> None:
    rows = "".join(_item(host, piece) for piece in pieces)
    head = f"<title>The {host} press</title><link>http://{host}.example/</link>"
    text = f'<?xml version="1.0" encoding="{encoding}"?><rss version="2.0"><channel>{head}\n{rows}</channel></rss>'
    site.pages[f"http://{host}.example/feed.xml"] = ("application/rss+xml", text.encode(encoding))


def _item(host: str, piece: Piece) -> str:
    """Return an item as careless programs write it: ampersands bare where no markup is meant, tags in CDATA."""
    title = f"<![CDATA[{piece.title}]]>" if "<" in piece.title else piece.title
    parts = [f"<title>{title}</title>"]
    if piece.path:
        parts.append(f"<link>{escape(link_of(host, piece.path))}</link>")
    if piece.guid:
        parts.append(f"<guid isPermaLink='false'>{piece.guid}</guid>")
    if host != "titles":
        parts.append(f"<pubDate>{format_datetime(piece.at)}</pubDate>")
    if piece.text:
        parts.append(f"<description>{piece.text}</description>")
    return f"<item>{''.join(parts)}</item>\n"


def _atom(site: Site, pieces: list[Piece], *, revised: bool) -> None:
    rows = "".join(
        f"<entry><id>tag:zh,{piece.guid}</id><title>{escape(piece.title)}</title>"
        f'<link href="http://zh.example{piece.path}"/><published>{piece.at.isoformat()}</published>'
        f"<summary>{piece.text}{'更正：附件已更新。' if revised and piece.guid == 'z2' else ''}</summary>"
        f"<category term='政策'/></entry>\n"
        for piece in pieces
    )
    text = f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="zh"><id>zh</id><title>中文</title>{rows}</feed>'
    site.pages["http://zh.example/atom.xml"] = ("application/atom+xml", text.encode())


def _json_feed(site: Site, pieces: list[Piece]) -> None:
    items = [
        {"id": piece.guid, "url": link_of("json", piece.path), "title": piece.title, "content_text": piece.text}
        | {"date_published": piece.at.isoformat(), "authors": [{"name": "Ann Gård"}]}
        for piece in pieces
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "JSON", "items": items}
    site.pages["http://json.example/feed.json"] = ("application/feed+json", json.dumps(feed).encode())


def _careless(site: Site, pieces: list[Piece]) -> None:
    """Add a feed without dates that nobody escaped: its titles and addresses were read otherwise, and both are news."""
    rows = "".join(
        f"<item><title>{piece.title}</title><link>{piece.path}</link><guid isPermaLink='false'>{piece.guid}</guid>"
        f"<description>{piece.text}</description></item>\n"
        for piece in pieces
    )
    head = "<title>Careless & Co</title><link>http://careless.example/</link>"
    text = f'<rss version="2.0"><channel>{head}\n{rows}</channel></rss>'
    site.pages["http://careless.example/feed.xml"] = ("application/rss+xml", text.encode())


def _gazette(site: Site, day: int) -> None:
    _rss(site, "gazette", _seen(MOVED, day))
    if day >= 3:
        site.pages["http://new-gazette.example/feed.xml"] = site.pages.pop("http://gazette.example/feed.xml")
        site.moved["http://gazette.example/feed.xml"] = "http://new-gazette.example/feed.xml"


def html(site: Site, address: str, body: str, title: str = "") -> None:
    text = f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title></head><body>{body}</body></html>'
    site.pages[address] = ("text/html; charset=utf-8", text.encode())


def _listed(site: Site, pieces: list[Piece]) -> None:
    rows = "".join(
        f'<li><a href="{piece.path}" title="{piece.title}">{piece.title}</a><span>{piece.at:%Y-%m-%d}</span></li>\n'
        for piece in pieces
    )
    menu = "".join(f'<li><a href="/{name}/">{name}</a></li>' for name in ("首页", "政务公开", "办事服务"))
    html(site, "http://gov.example/tz/", f"<ul class='nav'>{menu}</ul><div class='list'><ul>{rows}</ul></div>", "通知")


def _selected(site: Site, pieces: list[Piece]) -> None:
    rows = "".join(
        f"<tr><td class='d'>{piece.at:%d.%m.%Y}</td><td><a href='{escape(piece.path)}'>{piece.title}</a></td></tr>\n"
        for piece in pieces
    )
    html(site, "http://board.example/notice/", f"<table class='n'>{rows}</table>", "Notices")


def _map(site: Site, host: str, address: str, pieces: list[Piece]) -> None:
    rows = "".join(
        f"<url><loc>http://{host}.example{piece.path}</loc><news:news><news:publication_date>{piece.at.isoformat()}"
        f"</news:publication_date><news:title>{piece.title}</news:title></news:news></url>\n"
        for piece in pieces
    )
    names = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    news = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    site.pages[address] = ("application/xml", f"<urlset {names} {news}>{rows}</urlset>".encode())


def _maps(site: Site, day: int) -> None:
    _map(site, "map", "http://map.example/sitemap.xml", _seen(MAPPED, day))
    old, new = [p for p in _seen(INDEXED, day) if p.day < 2], [p for p in _seen(INDEXED, day) if p.day >= 2]
    parts = ((1, old), (2, new)) if new else ((1, old),)
    for number, pieces in parts:
        _map(site, "index", f"http://index.example/map-{number}.xml", pieces)
    rows = "".join(
        f"<sitemap><loc>http://index.example/map-{number}.xml</loc><lastmod>{pieces[0].at.isoformat()}</lastmod>"
        "</sitemap>\n"
        for number, pieces in parts
    )
    text = f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</sitemapindex>'
    site.pages["http://index.example/sitemap.xml"] = ("application/xml", text.encode())


def _api(site: Site, pieces: list[Piece]) -> None:
    rows = [
        {"id": int(piece.path), "docTitle": piece.title, "abstract": piece.text, "pubDate": piece.at.isoformat()}
        for piece in pieces
    ]
    answer = {"code": 0, "data": {"list": rows, "total": len(rows)}}
    site.pages["http://api.example/articles"] = ("application/json", json.dumps(answer).encode())


def _stories(site: Site, day: int) -> None:
    for piece in _seen(FULL, day):
        address = f"http://full.example{piece.path}"
        if piece.path == "/story/bridge.html" and day < 6:
            site.refusals[address] = 503
            continue
        more = "More will be said about it at the yearly meeting of the council, which everybody may attend."
        body = f"<article><h1>{piece.title}</h1><p>{STORIES[piece.path]}</p><p>{more}</p></article>"
        html(site, address, body, piece.title)


def _failing(site: Site, day: int) -> None:
    """Add sources that work at first: one breaks, one says that it is gone, one is cured on the last day."""
    rows = [Piece(0, "Frail office on blockchain", "/x/1", "It answers at first.", "x1")]
    for host, since, until, status in (("broken", 3, 99, 500), ("gone", 2, 99, 410), ("cured", 4, 5, 502)):
        _rss(site, host, [Piece(0, f"{host} {rows[0].title}", "/x/1", f"{host}: {rows[0].text}", "x1")])
        if since <= day < until:
            del site.pages[f"http://{host}.example/feed.xml"]
            site.refusals[f"http://{host}.example/feed.xml"] = status
