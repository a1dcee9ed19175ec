"""Sitemaps: of pages, of news, indexes, packed ones, broken ones."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest
from lxml import etree

from monitor import sources
from monitor.model import Reading
from monitor.sources import listed, sitemap
from monitor.text.address import former_url

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
URL = "https://www.example.org/sitemap.xml"
XMLNS = "http://www.sitemaps.org/schemas/sitemap/0.9"
NEWS = f"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="{XMLNS}" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><!-- c -->
<url><loc>https://www.example.org/a?id=1&amp;x=2</loc><lastmod>2026-11-20T08:00:00+08:00</lastmod><news:news>
<news:publication><news:name>Daily Wire</news:name><news:language>zh-cn</news:language></news:publication>
<news:publication_date>2026-11-19</news:publication_date><news:title> 重庆发布元宇宙 &amp; Web3 计划 </news:title>
<news:keywords>web3, metaverse, web3</news:keywords></news:news></url>
<url><loc>/b</loc></url><url><loc>mailto:x@example.org</loc></url><url/></urlset>"""


def read(body: bytes | str, **options: str) -> Reading:
    raw = body.encode() if isinstance(body, str) else body
    return sources.read(raw, url=URL, kind="sitemap", options=options, now=NOW)


def plain(*addresses: str) -> str:
    return f"<urlset xmlns='{XMLNS}'>" + "".join(f"<url><loc>{each}</loc></url>" for each in addresses) + "</urlset>"


def test_a_sitemap_of_news_has_titles_dates_and_languages() -> None:
    reading = read(NEWS)
    first, second = reading.entries
    assert reading.problems == ('1 of its elements have no readable address, for instance "mailto:x@example.org"',)
    assert (first.title, first.url) == ("重庆发布元宇宙 & Web3 计划", "https://www.example.org/a?id=1&x=2")
    assert (first.language, first.author, first.tags) == ("zh-cn", "Daily Wire", ("web3", "metaverse"))
    assert first.published is not None
    assert (first.published.at.day, first.published.precision) == (19, "day")
    assert first.updated is not None
    assert first.updated.at == dt.datetime(2026, 11, 20, tzinfo=dt.UTC)
    assert (second.title, second.url, second.published) == ("", "https://www.example.org/b", None)


@pytest.mark.parametrize(
    "body",
    [
        gzip.compress(NEWS.encode(), mtime=0),
        gzip.compress(NEWS[:300].encode(), mtime=0) + gzip.compress(NEWS[300:].encode(), mtime=0),
        gzip.compress(NEWS.encode(), mtime=0) + bytes(512),
        NEWS.replace("UTF-8", "UTF-16").encode("utf-16"),
        b"\xef\xbb\xbf\n" + NEWS.encode(),
        NEWS.replace(XMLNS, "https://wrong.example/").encode(),
    ],
)
def test_packed_or_marked_or_under_a_wrong_name_it_reads_the_same(body: bytes) -> None:
    assert read(body).entries == read(NEWS).entries


def test_a_list_of_addresses_is_a_sitemap() -> None:
    reading = read("https://a.example/1\r\nhttps://a.example/2\n\n")
    assert [entry.url for entry in reading.entries] == ["https://a.example/1", "https://a.example/2"]


def test_an_index_names_its_newest_sitemap() -> None:
    maps = "".join(
        f"<sitemap><loc>https://www.example.org/{year}.xml</loc><lastmod>{year}-01-01</lastmod></sitemap>"
        for year in (2025, 2026, 2024)
    )
    reading = read(f"<sitemapindex xmlns='{XMLNS}'>{maps}</sitemapindex>")
    assert reading.readable
    assert reading.problems == ('it is an index of 3 sitemaps, the newest is "https://www.example.org/2026.xml"',)
    assert [sitemap.url[-8:] for sitemap in reading.parts] == ["2026.xml", "2025.xml", "2024.xml"]
    empty = read("<sitemapindex/>")
    assert (empty.readable, empty.problems) == (False, ("it is an index that names no sitemap",))


def test_only_the_addresses_that_are_asked_for_are_entries() -> None:
    body = plain("https://a.example/news/1", "https://a.example/about")
    assert [entry.url for entry in read(body, include="*/news/*").entries] == ["https://a.example/news/1"]
    none = read(body, include="*/blog/*")
    assert none.readable
    assert none.problems == ('none of its 2 addresses matches include = "*/blog/*"',)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not a sitemap: it is empty"),
        (b"<rss><channel/></rss>", "not a sitemap: it is a document of <rss>"),
        (b"<!doctype html><html><title>Sign in</title></html>", "not a sitemap: it is an HTML page (“Sign in”)"),
        (b"Not found", "not a sitemap: it is text that begins “Not found”"),
        (b"\x1f\x8bbroken", "not a sitemap: it is data packed with gzip"),
    ],
)
def test_what_is_no_sitemap_is_named(body: bytes, words: str) -> None:
    reading = read(body)
    assert (reading.entries, reading.problems, reading.readable) == ((), (words,), False)


def test_a_sitemap_that_lists_nothing_is_readable() -> None:
    assert read("<urlset/>") == Reading("sitemap")


def test_what_there_is_of_a_broken_one_is_read_and_said() -> None:
    cut = read(plain("https://a.example/1", "https://a.example/2")[:-30])
    assert [entry.url for entry in cut.entries] == ["https://a.example/1"]
    assert cut.problems[0].startswith("not well-formed XML: ")
    assert not cut.complete
    assert read(plain("https://a.example/1").replace("<url>", "<b>&</b><url>")).complete
    packed = read(gzip.compress(NEWS.encode() + b" " * 200_000, mtime=0)[:-40])
    assert packed.entries == read(NEWS).entries


def test_no_more_is_read_than_the_protocol_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (sitemap, listed):
        monkeypatch.setattr(module, "MAX_ADDRESSES", 2)
    reading = read(plain(*(f"https://a.example/{n}" for n in range(5))))
    assert len(reading.entries) == 2
    assert reading.problems == ("it lists 5 addresses; the first 2 are read",)
    monkeypatch.setattr(sitemap, "MAX_SIZE", 2 << 20)
    bomb = read(gzip.compress(f"<urlset>{' ' * (4 << 20)}</urlset>".encode()))
    assert bomb.problems[0] == "it is larger than 2 MB; the rest was not read"
    assert not bomb.complete


def test_a_packed_list_that_is_cut_off_is_not_complete() -> None:
    lines = gzip.compress("\n".join(f"https://a.example/{number}" for number in range(5000)).encode())
    assert read(lines).complete
    cut = read(lines[: len(lines) // 2])
    assert cut.entries
    assert not cut.complete
    assert "its end is missing" in cut.problems[0]


def test_a_line_that_is_no_address_costs_only_itself() -> None:
    reading = read(b"# our pages\nhttps://a.example/1\nhttps://a.example/2\nno address\nhttps://a.example/3\n")
    assert [entry.url[-1] for entry in reading.entries] == ["1", "2", "3"]
    assert "no address" in reading.problems[0]


def test_entities_that_name_files_are_not_resolved() -> None:
    doctype = '<!DOCTYPE urlset [<!ENTITY a "b"><!ENTITY one_more "c"><!ENTITY f SYSTEM "file:///etc/passwd">]>'
    reading = read(doctype + plain("https://a.example/&f;/&a;&one_more;", "https://a.example/2"))
    assert [entry.url for entry in reading.entries] == ["https://a.example/&f;/bc", "https://a.example/2"]


def test_pictures_on_a_page_are_neither_its_address_nor_its_title() -> None:
    picture = "<image:image><image:loc>/i.jpg</image:loc><image:title>A dog</image:title></image:image>"
    news = "<news:news><news:title>Web3 plan</news:title></news:news>"
    film = "<video:video><video:title>A film on Web3</video:title></video:video>"
    reading = read(
        "<urlset xmlns:image='i' xmlns:news='n' xmlns:video='v'>"
        f"<url>{picture}<loc>/a</loc>{news}</url><url><loc>/b</loc>{picture}</url><url>{film}<loc>/c</loc></url></urlset>"
    )
    assert [(entry.url[-2:], entry.title) for entry in reading.entries] == [
        ("/a", "Web3 plan"), ("/b", ""), ("/c", "A film on Web3"),
    ]  # fmt: skip


@pytest.mark.parametrize(("include", "kept"), [("*/a?id=*", ["/a?id=1"]), ("*", ["/a?id=1", "/a-id=1"])])
def test_only_the_asterisk_stands_for_anything(include: str, kept: list[str]) -> None:
    start = "https://www.example.org"
    reading = read(f"{start}/a?id=1\n{start}/a-id=1", include=include)
    assert [entry.url.removeprefix(start) for entry in reading.entries] == kept


# --- one slip costs no more than its own place

COUNT = 3
TITLES = {
    "a bare ampersand": "R&D",
    "an ampersand that looks like a reference": "R&D; x",
    "an entity of HTML": "Caf&eacute; &ndash;&nbsp;x",
    "an entity of no standard": "a &nosuch; b",
    "a bare less-than sign": "a < b",
    "a less-than sign before a letter": "a <b and c",
    "an element that is never closed": "a <b>bold",
    "an end of an element never opened": "a</b> c",
    "a void element": "a<br>b",
    "a prefix declared nowhere": "<o:p>y</o:p>",
    "a CDATA section that is never closed": "<![CDATA[a",
    "a comment that is never closed": "a <!-- b",
    "a control character": "a\x0bb",
    **{
        f"what is no character: {said!a}": f"a{said}b"
        for said in ("&#0;", "&#1;", "&#8;", "&#11;", "&#x1F;", "&#xFFFE;", "&#xFFFF;", "\ufffe", "\uffff")
    },
}
ADDRESSES = {name: f"https://www.example.org/a?x=1&{name}=2" for name in ("cat", "lang", "copy", "sect", "times", "b")}


def news(number: int, *, title: str = "", address: str = "", more: str = "") -> str:
    return (
        f"<url><loc>{address or f'https://www.example.org/{number}?a=1&amp;b=2'}</loc>"
        f"<lastmod>2026-11-1{number}</lastmod><news:news><news:publication_date>2026-11-1{number}</news:publication_date>"
        f"<news:title>{title or f'Title {number}'}</news:title></news:news>{more}</url>\n"
    )


def of_news(urls: list[str], attributes: str = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"') -> str:
    return f"<urlset xmlns='{XMLNS}' {attributes}>\n{''.join(urls)}</urlset>"


@pytest.mark.parametrize(
    ("place", "said"),
    [
        *(("title", said) for said in TITLES.values()),
        *(("address", said) for said in ADDRESSES.values()),
        *(("more", said) for said in ("<x>", "</x>", "<foo:bar>y</foo:bar>", "&", "<", "<image:image>", "text")),
    ],
)
def test_one_slip_leaves_every_other_address_as_it_is(place: str, said: str) -> None:
    well = read(of_news([news(number) for number in range(COUNT)]))
    assert (well.problems, well.complete) == ((), True)
    for at in range(COUNT):
        ill = read(of_news([news(number, **({place: said} if number == at else {})) for number in range(COUNT)]))
        assert len(ill.entries) == COUNT
        assert ill.complete or said in ("<![CDATA[a", "a <!-- b")  # more may be hidden behind these
        assert [each for n, each in enumerate(ill.entries) if n != at] == [
            each for n, each in enumerate(well.entries) if n != at
        ]
        assert place == "address" or ill.entries[at].url == well.entries[at].url
        assert place != "address" or ill.entries[at].url == said
        assert place == "title" or ill.entries[at].title == well.entries[at].title
        assert ill.entries[at].published == well.entries[at].published


@pytest.mark.parametrize("said", TITLES.values())
@pytest.mark.parametrize("address", [*ADDRESSES.values(), "https://www.example.org/a?x=1&amp;lang=2"])
def test_an_address_in_an_ill_formed_sitemap_has_its_key_of_the_first_version_too(said: str, address: str) -> None:
    """That version gave lxml the sitemap as it was."""
    body = of_news([news(1, title=said), news(2), news(3, address=address), news(4)])
    then = etree.fromstring(body.encode(), etree.XMLParser(recover=True, resolve_entities=False)).iter("{*}loc")
    known = {key for entry in read(body).entries for key in (entry.key, *entry.former_keys)}
    assert {former_url(str(loc.text)) for loc in then} <= known


@pytest.mark.parametrize(
    "slipped",
    [
        of_news([news(1), news(2)], ""),
        "Warning: x in /a.php on line 3\n<?xml version='1.0'?>\n" + of_news([news(1), news(2)]),
        "<br />\n<b>Notice</b>: x<br />\n" + of_news([news(1), news(2)]),
        of_news([news(1), news(2)]).replace("</url>", "", 1),
        of_news([news(1), news(2)]).replace("</loc>", "", 1),
        of_news([news(1), news(2)]).replace("</loc>", "</lock>", 1),
        of_news([news(1), news(2)]).replace("</news:news>", "", 1),
        *(
            f"<?xml version='1.0' encoding='{label}'?>" + of_news([news(1), news(2)])
            for label in ("utf-16", "big5", "x")
        ),
    ],
)
def test_a_slip_around_the_addresses_costs_none(slipped: str) -> None:
    reading = read(slipped)
    assert reading.entries == read(of_news([news(1), news(2)])).entries
    assert reading.complete


@pytest.mark.parametrize("encoding", ["gb18030", "windows-1251", "utf-8", "utf-16"])
@pytest.mark.parametrize("declared", [True, False])
def test_the_encoding_is_found_as_that_of_feeds(encoding: str, *, declared: bool) -> None:
    title = "重庆发布元宇宙产业行动计划" if encoding != "windows-1251" else "Город объявил о начале большой программы"
    head = f"<?xml version='1.0' encoding='{encoding}'?>" if declared else ""
    body = (head + of_news([news(1, title=title), news(2, title=title)])).encode(encoding)
    assert [entry.title for entry in read(body).entries] == [title, title]
    assert [entry.title for entry in read(gzip.compress(body)).entries] == [title, title]


@pytest.mark.parametrize("cut", range(20, 700, 17))
def test_a_cut_is_never_silent_and_never_gives_half_an_address(cut: int) -> None:
    for slip in ("&", "&amp;"):
        whole = of_news([news(number, title=f"a {slip} b") for number in range(COUNT)])
        if cut >= len(whole):
            continue
        reading = read(whole[:cut])
        assert not reading.complete or not reading.readable
        assert reading.problems
        assert {entry.url for entry in reading.entries} <= {entry.url for entry in read(whole).entries}


def test_addresses_outside_their_element_are_read() -> None:
    reading = read(
        "<urlset><loc>https://a.example/1</loc><lastmod>2026-11-01</lastmod><loc>https://a.example/2</loc>"
        "<url><loc>https://a.example/3</loc></url></urlset>"
    )
    assert sorted(entry.url[-1] for entry in reading.entries) == ["1", "2", "3"]
    dated = {entry.url[-1] for entry in reading.entries if entry.updated}
    assert dated == {"1"}
    index = read("<sitemapindex><loc>https://www.example.org/1.xml</loc></sitemapindex>")
    assert [part.url for part in index.parts] == ["https://www.example.org/1.xml"]


@pytest.mark.parametrize(
    "said",
    [
        "<page><loc>{}</loc><lastmod>2026-11-01</lastmod></page>",
        "<x:page xmlns:x='urn:x'><loc>{}</loc></x:page>",
        "<x:page xmlns:x='urn:x'><x:loc>{}</x:loc></x:page>",
        "<pages><section><page><loc>{}</loc></page></section></pages>",
        "<pages><title>Pages</title><loc>{}</loc><url><lastmod>2026-11-01</lastmod></url></pages>",
        "<pages><url><loc>{}</loc></url></pages>",
        "<loc href='{}'/>",
        "<loc><a href='{}'>A page</a></loc>",
        "<loc><span>{}</span></loc>",
        "<loc xml:base='https://b.example/'>{}</loc>",
        "<page href='{}'>A page</page>",
        "<page loc='{}'/>",
        "<page>{}</page>",
        "<url><loc href='{}'/></url>",
        "<url><loc><a x:href='{}' xmlns:x='http://www.w3.org/1999/xlink'/></loc></url>",
        "<url href='{}'/>",
        "<url><page><loc>{}</loc></page></url>",
    ],
)
@pytest.mark.parametrize("namespace", ["", f" xmlns='{XMLNS}'"])
def test_an_address_is_read_in_whatever_element_it_is(said: str, namespace: str) -> None:
    start, more = "https://a.example/", "<url><loc>https://a.example/{}</loc></url>".format
    stated = (more(0), said.format(f"{start}1"), said.format(f"{start}2"), more(3))
    reading = read(f"<urlset{namespace}>{''.join(stated)}</urlset>")
    assert [entry.url for entry in reading.entries] == [f"{start}{number}" for number in range(4)]
    index = read(f"<sitemapindex{namespace}>{said.format(f'{start}1.xml').replace('url>', 'sitemap>')}</sitemapindex>")
    if "<url " not in said:
        assert [part.url for part in index.parts] == [f"{start}1.xml"]


@pytest.mark.parametrize(
    "said",
    [
        "<image><loc>https://a.example/i.jpg</loc></image>",
        "<images><image><loc>https://a.example/i.jpg</loc></image></images>",
        "<script src='https://a.example/x.js'/>",
        "<link rel='self' href='https://a.example/sitemap.xml'/>",
        "<generator>made by hand</generator>",
        "<page><title>of no address</title></page>",
    ],
)
def test_what_is_no_address_of_a_page_is_none_wherever_it_is(said: str) -> None:
    page = "<url><loc>https://a.example/1</loc>{}</url>"
    assert [entry.url for entry in read(f"<urlset>{said}{page.format('')}</urlset>").entries] == ["https://a.example/1"]
    assert [entry.url for entry in read(f"<urlset>{page.format(said)}</urlset>").entries] == ["https://a.example/1"]


def test_an_address_that_is_at_its_place_is_the_only_one() -> None:
    said = "<languages><language><loc>https://a.example/de/1</loc></language></languages>"
    reading = read(f"<urlset><url>{said}<loc>https://a.example/1</loc>{said}</url></urlset>")
    assert [entry.url for entry in reading.entries] == ["https://a.example/1"]


@pytest.mark.parametrize(
    "said", ["<page><loc>{}</loc></page>", "<page>{}</page>", "<p><q><loc><b>{}</b></loc></q></p>"]
)
def test_an_unknown_element_without_an_address_is_said(said: str) -> None:
    said = said.format("mailto:x@a.example")
    reading = read(f"<urlset>{said}<url><loc>https://a.example/1</loc></url></urlset>")
    assert [entry.url for entry in reading.entries] == ["https://a.example/1"]
    assert reading.problems == ('1 of its elements have no readable address, for instance "mailto:x@a.example"',)


def test_a_second_address_is_read_and_said() -> None:
    reading = read(
        "<urlset><url><loc>https://a.example/1</loc><lastmod>2026-11-01</lastmod><loc>https://a.example/2</loc>"
        "<lastmod>2026-11-02</lastmod></url></urlset>"
    )
    assert [(entry.url[-1], entry.updated and entry.updated.at.day) for entry in reading.entries] == [
        ("1", 1),
        ("2", 2),
    ]
    assert reading.problems == ("1 of its elements have several addresses; all were read",)


def test_an_address_without_its_element_is_read_and_anything_else_is_said() -> None:
    index = read(
        "<sitemapindex><sitemap>\nhttps://www.example.org/1.xml?a=1&amp;b=2\n</sitemap><sitemap><loc/></sitemap>"
        "<sitemap><link>/2.xml</link></sitemap><sitemap>soon</sitemap></sitemapindex>"
    )
    assert [part.url for part in index.parts] == ["https://www.example.org/1.xml?a=1&b=2"]
    assert index.problems[-1] == '2 of its elements have no readable address, for instance "/2.xml"'
    [entry] = read("<urlset><url>https://a.example/1<lastmod>2026-11-01</lastmod></url></urlset>").entries
    assert (entry.url, entry.updated is not None) == ("https://a.example/1", True)


def test_what_belongs_to_the_other_kind_of_sitemap_is_said() -> None:
    address, part = "<url><loc>https://a.example/1</loc></url>", "<sitemap><loc>https://a.example/s.xml</loc></sitemap>"
    assert read(f"<urlset>{address}{part}</urlset>").problems == ("1 sitemaps among its addresses were not read",)
    assert read(f"<sitemapindex>{address}{part}</sitemapindex>").problems[-1] == (
        "1 addresses among its sitemaps were not read"
    )


def test_a_large_sitemap_reads_as_a_small_one(monkeypatch: pytest.MonkeyPatch) -> None:
    small = read(of_news([news(number) for number in range(COUNT)]))
    monkeypatch.setattr(sitemap, "_MIN_LARGE_SIZE", 1)
    assert read(of_news([news(number) for number in range(COUNT)])) == small
    assert read(of_news([news(1, address="https://a.example/?a=1&b=2")])).entries[0].url == "https://a.example/?a=1&b=2"


@pytest.mark.parametrize("end", ["", "</", "</l", "</lo", "</loc", "</loc "])
def test_an_end_tag_that_is_cut_is_no_part_of_an_address(end: str) -> None:
    body = f"<urlset><url><loc>https://a.example/b{end}</url><url><loc>https://a.example/c</loc></url></urlset>"
    assert [entry.url for entry in read(body).entries] == ["https://a.example/b", "https://a.example/c"]
