"""RSS, RDF, Atom and CDF."""

from __future__ import annotations

import datetime as dt
import html
import io
from collections.abc import Callable
from pathlib import Path

import feedparser
import pytest

from monitor import sources
from monitor.model import Entry, Moment, Reading
from monitor.sources.plain import one_line, text_of_html
from monitor.text.address import absolute_url

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
URL = "http://feeds.example/all/feed.xml"
IANA = "http://www.iana.org/assignments/relation/"
AT = dt.datetime(2026, 11, 20, 10, tzinfo=dt.UTC)


def read(text: str, timezone: str = "UTC") -> Reading:
    return sources.read(text.encode(), url=URL, kind="feed", now=NOW, timezone=timezone)


def rss(item: str, channel: str = "", attributes: str = "") -> Entry:
    namespaces = (
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
    )
    feed = f'<rss version="2.0" {namespaces} {attributes}><channel>{channel}<item>{item}</item></channel></rss>'
    [entry] = read(feed).entries
    return entry


def atom(entry: str, feed: str = "", attributes: str = "") -> Entry:
    [found] = read(
        f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>{feed}<entry>{entry}</entry></feed>'
    ).entries
    return found


# --- the same two items in every format

ITEMS = [
    ("One & only", "http://news.example/1", "First"),
    ("元宇宙", "http://news.example/2", "第二"),
]
ESCAPED = [(title.replace("&", "&amp;"), url, summary) for title, url, summary in ITEMS]


def _rss(version: str) -> str:
    items = "".join(
        f"<item><title>{t}</title><link>{u}</link><description>{s}</description></item>" for t, u, s in ESCAPED
    )
    return f'<rss version="{version}"><channel><title>All</title>{items}</channel></rss>'


def _rdf(namespace: str) -> str:
    items = "".join(
        f"<item><title>{t}</title><link>{u}</link><description>{s}</description></item>" for t, u, s in ESCAPED
    )
    rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    return f'<rdf:RDF {rdf} xmlns="{namespace}"><channel><title>All</title></channel>{items}</rdf:RDF>'


def _atom(namespace: str, version: str, prefix: str = "") -> str:
    p = f"{prefix}:" if prefix else ""
    items = "".join(
        f'<{p}entry><{p}title>{t}</{p}title><{p}link rel="alternate" type="text/html" href="{u}"/>'
        f"<{p}summary>{s}</{p}summary></{p}entry>"
        for t, u, s in ESCAPED
    )
    xmlns = f"xmlns:{prefix}" if prefix else "xmlns"
    return f'<{p}feed {version} {xmlns}="{namespace}"><{p}title>All</{p}title>{items}</{p}feed>'


def _cdf() -> str:
    items = "".join(f'<ITEM HREF="{u}"><TITLE>{t}</TITLE><ABSTRACT>{s}</ABSTRACT></ITEM>' for t, u, s in ESCAPED)
    return f"<CHANNEL><TITLE>All</TITLE>{items}</CHANNEL>"


FORMATS = {
    **{f"RSS {version}": _rss(version) for version in ("0.91", "0.92", "0.93", "0.94", "2.0")},
    "RSS 0.90": _rdf("http://my.netscape.com/rdf/simple/0.9/"),
    "RSS 1.0": _rdf("http://purl.org/rss/1.0/"),
    "Atom 0.3": _atom("http://purl.org/atom/ns#", 'version="0.3"'),
    "Atom 1.0": _atom("http://www.w3.org/2005/Atom", ""),
    "Atom 1.0, prefixed": _atom("http://www.w3.org/2005/Atom", "", "a"),
    "CDF": _cdf(),
    "a prefix that is declared nowhere": _rss("2.0")
    .replace("</", "</rss:")
    .replace("<", "<rss:")
    .replace("<rss:/rss:", "</rss:"),
    "two declarations": "<!-- a --><?xml version='1.0'?>\n<?xml version='1.0'?>" + _rss("2.0"),
    "blanks before the declaration": "\n \ufeff<?xml version='1.0'?>" + _rss("2.0"),
    "controls": _rss("2.0").replace("One", "O\x0b\x08ne"),
    "no end": _rss("2.0").removesuffix("</item></channel></rss>"),
    "a stray ampersand": _rss("2.0").replace("&amp;", "&"),
}


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_items_read_alike_in_every_format(name: str) -> None:
    reading = read(FORMATS[name])
    assert [(entry.title, entry.url, entry.summary) for entry in reading.entries] == ITEMS
    assert [entry.key for entry in reading.entries] == ["https://news.example/1", "https://news.example/2"]
    assert reading.title == "All"


# --- titles and texts


@pytest.mark.parametrize(
    ("stated", "title"),
    [
        ("a\n  b", "a b"),
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("it&amp;#8217;s &amp;ldquo;so&amp;rdquo;", "it’s “so”"),
        ("&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"),
        ("<![CDATA[<i>x</i> &amp; y]]>", "x & y"),
        ("&lt;![CDATA[Hello <b>bold</b> move]]&gt;", "Hello bold move"),
        ("&lt;![CDATA[Hello move]]&gt;", "Hello move"),
        ("if a[b[[1]]&gt; 2", "if a[b[[1]]> 2"),
        ("a[[1]]&gt;", "a[[1]]>"),
        ("1 &lt; 2", "1 < 2"),
        ("a&lt;script&gt;alert(1)&lt;/script&gt;&lt;b&gt;c&lt;/b&gt;", "a<script>alert(1)</script>c"),
        ("&#xD800;x&#99999999;&#1114112;&#55296;&#20803;", "\ufffdx\ufffd\ufffd\ufffd元"),
        ("", ""),
    ],
)
def test_titles_are_one_line_of_plain_text(stated: str, title: str) -> None:
    assert rss(f"<title>{stated}</title><link>http://a.example/</link>").title == title


INLINE = ("b", "i", "em", "strong", "a", "span", "font", "sub", "sup")
PARTING = ("p", "div", "li", "td")


def escaped(markup: str) -> str:
    return markup.replace("&", "&amp;").replace("<", "&lt;")


def as_cdata(markup: str) -> str:
    return f"<![CDATA[{markup}]]>"


@pytest.mark.parametrize("written", [escaped, as_cdata, lambda markup: escaped(as_cdata(markup))])
@pytest.mark.parametrize("attribute", ["", ' class="x"', " style='color: red; a > b'"])
def test_the_tags_of_titles_are_rendered(written: Callable[[str], str], attribute: str) -> None:
    def title(markup: str) -> str:
        return rss(f"<title>{written(markup)}</title><link>/1</link>").title

    for tag in (*INLINE, *map(str.upper, INLINE)):
        assert title(f"Port <{tag}{attribute}>op</{tag}>ens & on") == "Port opens & on"
        assert title(f"<{tag}{attribute}>Port opens & on") == "Port opens & on"
    for tag in (*PARTING, *map(str.upper, PARTING)):
        assert title(f"<{tag}{attribute}>Port</{tag}><{tag}>opens</{tag}>") == "Port opens"
    for tag in ("br", "hr", "BR"):
        for void in (f"<{tag}{attribute}>", f"<{tag}{attribute}/>", f"<{tag}{attribute} />"):
            assert title(f"Port{void}opens") == "Port opens"
    assert title(f"inter<wbr{attribute}>net") == "internet"
    assert title(f'Port<img{attribute} alt="of call" src=x>opens') == "Port of call opens"
    assert title(f"Port<img{attribute} src='x'/>opens") == "Port opens"


@pytest.mark.parametrize(
    "title",
    ["Use <head> tags", "</kubernetes>", "Map<String, List<b2>>", "<selectedoption>", "a<b and c>d", "1 < 2 > 1", "<3",
     "<script>", "The <title> and <body> elements", "a <bold> move", "<html>", "x <!-- y", "<code> alone", "<>"],
)  # fmt: skip
@pytest.mark.parametrize("written", [escaped, as_cdata])
def test_anything_else_in_angle_brackets_is_text(title: str, written: Callable[[str], str]) -> None:
    assert rss(f"<title>{written(title)}</title><link>/1</link>").title == title
    assert atom(f"<title>{written(title)}</title><id>1</id>").title == title


@pytest.mark.parametrize("end", ["]]>", "", "]]> "])
def test_the_words_of_an_escaped_cdata_section_are_not_lost(end: str) -> None:
    section = escaped(f"<![CDATA[Lead words <b>bold</b> tail{end}")
    entry = rss(f"<title>{section}</title><description>{section}</description><link>/1</link>")
    assert (entry.title, entry.summary) == ("Lead words bold tail", "Lead words bold tail")
    entry = atom(f"<title>{section}</title><content type='html'>{section}</content><link href='/1'/>")
    assert (entry.title, entry.content) == ("Lead words bold tail", "Lead words bold tail")


@pytest.mark.parametrize(
    ("element", "title"),
    [
        ('<title type="html">&lt;b&gt;x&lt;/b&gt; &amp;amp; y&lt;script&gt;z&lt;/script&gt;</title>', "x & y"),
        ('<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">a <b>b</b> &lt;c&gt;</div></title>', "a b <c>"),
        ('<title type="text">the &lt;b&gt; tag</title>', "the <b> tag"),
    ],
)
def test_an_atom_title_is_what_its_type_says(element: str, title: str) -> None:
    assert atom(f"{element}<id>1</id>").title == title


def test_summary_and_content_are_kept_apart() -> None:
    entry = rss(
        "<description>short</description><content:encoded>&lt;p&gt;long&lt;/p&gt;&lt;p&gt;text&lt;/p&gt;</content:encoded>"
    )
    assert (entry.summary, entry.content) == ("short", "long\ntext")


def test_the_order_of_summary_and_content_does_not_matter() -> None:
    entry = rss("<content:encoded>&lt;p&gt;long&lt;/p&gt;</content:encoded><description>short</description>")
    assert (entry.summary, entry.content) == ("short", "long")


def test_a_content_is_not_taken_for_a_summary() -> None:
    assert atom('<id>1</id><content type="html">&lt;p&gt;x&lt;/p&gt;</content>').summary == ""


def test_the_longest_content_is_taken_and_data_is_none() -> None:
    entry = atom(
        '<id>1</id><content type="text">text</content><content type="html">&lt;p&gt;longer text</content>'
        f'<content type="image/png">{"QUJD" * 50}</content>'
    )
    assert entry.content == "longer text"


@pytest.mark.parametrize(
    "stated", ["&lt;p&gt;a&lt;/p&gt;&lt;p&gt;b&lt;/p&gt;", "&amp;lt;p&amp;gt;a&amp;lt;/p&amp;gt;&amp;lt;p&amp;gt;b"]
)
def test_markup_that_calls_itself_plain_or_was_escaped_twice_becomes_text(stated: str) -> None:
    assert atom(f"<id>1</id><summary>{stated}</summary>").summary == "a\nb"


# --- addresses


@pytest.mark.parametrize(
    ("item", "url"),
    [
        ("<link>http://a.example/1</link>", "http://a.example/1"),
        ("<link>http://a.example/?a=1&amp;b=2</link>", "http://a.example/?a=1&b=2"),
        ("<link>/1</link>", "http://site.example/1"),
        ("<link>2</link>", "http://site.example/news/2"),
        ("<guid>http://a.example/g</guid>", "http://a.example/g"),
        ("<guid isPermaLink='false'>http://a.example/g</guid>", ""),
        ("<guid>7bd2-04c6</guid>", ""),
        ("<guid>http://a.example/g</guid><link>http://a.example/1</link>", "http://a.example/1"),
        ("<link>http://a.example/1</link><guid>http://a.example/g</guid>", "http://a.example/1"),
        ("<link>javascript:alert(1)</link>", ""),
        ("<link>http://[</link>", ""),
        (
            "<link>http://p.example/x</link><feedburner:origLink>http://a.example/1</feedburner:origLink>",
            "http://a.example/1",
        ),
        ("<enclosure url='http://a.example/a.mp3'/>", "http://a.example/a.mp3"),
        ("<enclosure url='http://a.example/a.mp3'/><link>/1</link>", "http://site.example/1"),
        ("<link>&lt;![CDATA[http://a.example/1]]&gt;</link>", "http://a.example/1"),
    ],
)
def test_the_address_of_an_rss_item(item: str, url: str) -> None:
    assert rss(f"<title>t</title>{item}", "<link>http://site.example/news/</link>").url == url


def test_without_a_site_an_address_is_relative_to_the_feed() -> None:
    assert rss("<title>t</title><link>1</link>").url == "http://feeds.example/all/1"


@pytest.mark.parametrize(
    ("links", "url"),
    [
        ('<link href="http://a.example/1"/>', "http://a.example/1"),
        ('<link href="1"/>', "http://feeds.example/all/1"),
        ('<link rel="self" href="/s"/><link rel="alternate" href="/1"/>', "http://feeds.example/1"),
        ('<link rel="alternate" type="text/plain" href="/p"/><link href="/1"/>', "http://feeds.example/1"),
        ('<link rel="alternate" type="text/plain" href="/p"/>', "http://feeds.example/p"),
        ('<link href="/1" hreflang="zh"/><link href="/2" hreflang="en"/>', "http://feeds.example/1"),
        ('<link rel="enclosure" href="/e"/>', "http://feeds.example/e"),
        ('<link rel="enclosure" href="/e"/><link href="/1"/>', "http://feeds.example/1"),
        (f'<link rel="{IANA}alternate" href="/1"/><link rel="self" href="/s"/>', "http://feeds.example/1"),
        (f'<link rel="{IANA}self" href="/s"/>', ""),
        ('<link xml:base="http://b.example/x/" href="1"/>', "http://b.example/x/1"),
        ("", ""),
    ],
)
def test_the_address_of_an_atom_entry(links: str, url: str) -> None:
    assert atom(f"<title>t</title><id>1</id>{links}", '<link href="http://site.example/"/>').url == url


def test_xml_base_holds_for_what_is_below() -> None:
    entry = atom('<title>t</title><link href="1"/>', attributes='xml:base="http://b.example/x/"')
    assert entry.url == "http://b.example/x/1"


# --- identity


@pytest.mark.parametrize(
    ("item", "former"),
    [
        ("<title>A &amp; B</title><link>http://a.example/?id=1&cat=2</link>", ["https://a.example/?ampcat=2&id=1"]),
        (
            "<title>A &amp; B</title><link>http://a.example/?id=1&lang=2</link>",
            ["https://a.example/?amplang=2&id=1", "https://a.example/?id=1%E2%8C%A9=2"],
        ),
        ("<title>R&D</title><guid>g&cat=1</guid>", ["g&amp;cat=1", "g&cat;=1"]),
        ("<title>R&D</title><guid>g&lang=1</guid>", ["g&amp;lang=1", "g\u2329=1"]),
        ("<title>R&D</title><guid>g</guid>", []),
        ("<title>t</title><link>http://m.a.example/1?ftag=x</link>", ["https://m.a.example/1?ftag=x"]),
        ("<title>t</title><link>http://a.example/1</link>", []),
        ("<title>t</title><guid>g</guid><link>http://m.a.example/1</link>", []),
    ],
)
def test_the_keys_that_the_first_version_may_have_given_are_kept(item: str, former: list[str]) -> None:
    assert sorted(rss(item).former_keys) == former


def test_a_title_or_an_enclosure_that_is_read_otherwise_leaves_the_former_key() -> None:
    plain = rss("<title>A opens</title><description>x</description>")
    enclosed = rss("<title>A opens</title><description>x</description><enclosure url='/e.mp3'/>")
    assert enclosed.former_keys == (plain.key,)
    [former] = rss("<title>A&lt;br&gt;opens</title><description>x</description>").former_keys
    assert former not in (plain.key, "")
    assert plain.former_keys == ()


SLIP = "<item><title>Questions & answers</title><guid>q</guid></item>"


@pytest.mark.parametrize("slip", ["", SLIP])
@pytest.mark.parametrize("guid", ["", "<guid isPermaLink='false'>g</guid>"])
@pytest.mark.parametrize("link", ["/1", "/1?id=1&amp;cat=2", "/1?id=1&cat=2&lang=en", "/1?a=1&copy=3"])
@pytest.mark.parametrize(
    "title",
    [
        "Plain title",
        "R&D grants & prizes",
        "R&amp;D grants",
        "Fish &amp;copy; chips",
        "A &copy= b",
        "Use &lt;b&gt;bold&lt;/b&gt; R&D",
        "<![CDATA[R&D <b>bold</b> move]]>",
        "&lt;![CDATA[Port opens]]&gt;",
        "A &lt;br&gt; opens & closes",
        "Use &lt;head&gt; tags & R&D",
        "caf&eacute; & bar",
    ],
)
def test_how_the_first_version_read_titles_and_addresses_is_kept(title: str, link: str, guid: str, slip: str) -> None:
    """The first version gave feedparser the document as it was, and rendered titles as HTML where that called them so.

    A document that is read otherwise throughout may be known by its titles alone, so these are exact.
    """
    item = f"<item><title>{title}</title><link>http://a.example{link}</link>{guid}</item>"
    document = f'<rss version="2.0"><channel><link>http://a.example/</link>{item}{slip}</channel></rss>'
    entry = sources.read(document.encode(), url="http://a.example/feed.xml", kind="feed", now=NOW).entries[0]
    (node, *_) = feedparser.parse(
        io.BytesIO(document.encode()), sanitize_html=False, resolve_relative_uris=False
    ).entries
    markup = node.title_detail.type == "text/html"
    shown = text_of_html(node.title, sections=False) if markup else node.title
    assert one_line(html.unescape(shown)) in (entry.title, *entry.former_titles)
    if guid == "" or entry.former_titles:
        assert absolute_url("http://a.example/", node.link) in (entry.url, *entry.former_addresses)


def test_a_guid_stays_as_it_is_stated() -> None:
    """Resolved against the address of the feed it would change when the feed moves."""
    assert rss("<title>t</title><guid>abc</guid>").key == "abc"


@pytest.mark.parametrize("guid", ["<guid/>", "<guid> </guid>", "<guid isPermaLink='false'></guid>", ""])
def test_a_blank_guid_is_none(guid: str) -> None:
    assert rss(f"<title>t</title><link>http://a.example/1</link>{guid}").key == "https://a.example/1"


def test_a_guid_that_all_items_share_is_no_identity() -> None:
    items = "".join(f"<item><guid>0</guid><title>{n}</title><link>http://a.example/{n}</link></item>" for n in range(3))
    keys = [entry.key for entry in read(f"<rss version='2.0'><channel>{items}</channel></rss>").entries]
    assert keys == [f"https://a.example/{n}" for n in range(3)]


def test_the_resource_of_rdf_is_the_guid() -> None:
    rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
    [entry] = read(f'<rdf:RDF {rdf}><item rdf:about="urn:1"><title>t</title></item></rdf:RDF>').entries
    assert entry.key == "urn:1"


# --- dates


@pytest.mark.parametrize(
    ("item", "at", "precision"),
    [
        ("<pubDate>Fri, 20 Nov 2026 10:00:00 GMT</pubDate>", AT, "second"),
        ("<pubDate>Fri, 20 Nov 2026 18:00:00 +0800</pubDate>", AT, "second"),
        ("<dc:date>2026-11-20T10:00:00Z</dc:date>", AT, "second"),
        ("<dcterms:issued>2026-11-20T10:00:00Z</dcterms:issued>", AT, "second"),
        ("<dcterms:created>2026-11-20T10:00:00Z</dcterms:created>", AT, "second"),
        ("<pubDate> </pubDate><dc:date>2026-11-20T10:00:00Z</dc:date>", AT, "second"),
        ("<pubDate>?</pubDate><dc:date>2026-11-20T10:00:00Z</dc:date>", AT, "second"),
        ("<pubDate>2026年10月6日</pubDate>", dt.datetime(2026, 10, 6, tzinfo=dt.UTC), "day"),
    ],
)
def test_when_an_item_was_published(item: str, at: dt.datetime, precision: str) -> None:
    published = rss(f"<title>t</title>{item}").published
    assert published is not None
    assert (published.at, published.precision) == (at, precision)


def test_no_date_is_none() -> None:
    assert rss("<title>t</title>").published is None


def test_published_and_updated_are_kept_apart() -> None:
    entry = atom("<title>t</title><published>2026-11-20T10:00:00Z</published><updated>2026-11-20T12:00:00Z</updated>")
    assert entry.published == Moment(AT, "second")
    assert entry.updated == Moment(AT + dt.timedelta(hours=2), "second")


def test_an_entry_that_only_changed_was_published_then() -> None:
    entry = atom("<title>t</title><updated>2026-11-20T10:00:00Z</updated>")
    assert entry.published == entry.updated == Moment(AT, "second")


def test_the_zone_of_the_source_is_assumed_where_none_is_stated() -> None:
    item = "<item><title>t</title><pubDate>2026-11-20 10:00:00</pubDate></item>"
    [entry] = read(f"<rss version='2.0'><channel>{item}</channel></rss>", "Asia/Shanghai").entries
    assert entry.published is not None
    assert entry.published.at == AT - dt.timedelta(hours=8)


# --- the rest


@pytest.mark.parametrize(
    ("item", "author"),
    [
        ("<author>li@a.example (Li Wei)</author>", "Li Wei"),
        ("<dc:creator>Li Wei</dc:creator><dc:creator>Wang</dc:creator>", "Li Wei, Wang"),
        ("<author>li@a.example</author>", "li@a.example"),
        ("<author>Li Wei &lt;li@a.technology&gt;</author>", "Li Wei"),
        ("<author>Li Wei (mailto:li@a.cn)</author>", "Li Wei"),
        ("<dc:creator>Li</dc:creator><dc:creator>wang@a.example</dc:creator>", "Li, wang@a.example"),
        ("<author> </author>", None),
        ("", None),
    ],
)
def test_the_author(item: str, author: str | None) -> None:
    assert rss(f"<title>t</title>{item}", "<managingEditor>boss@a.example</managingEditor>").author == author


def test_an_atom_entry_inherits_the_author_of_the_feed() -> None:
    assert atom("<title>t</title>", "<author><name>Desk</name></author>").author == "Desk"


@pytest.mark.parametrize(
    ("attributes", "channel", "item", "language"),
    [
        ("", "<language>zh-cn</language>", "", "zh-cn"),
        ("", "<language>zh_CN</language>", "", "zh-CN"),
        ("", "<language>English</language>", "", None),
        ("", "<language>en</language>", "<dc:language>de</dc:language>", "de"),
        ('xml:lang="fr"', "", "", "fr"),
        ("", "", "", None),
    ],
)
def test_the_language(attributes: str, channel: str, item: str, language: str | None) -> None:
    assert rss(f"{item}<title>t</title>", channel, attributes).language == language


def test_tags_are_plain_and_none_twice() -> None:
    tags = "<category>Web3</category><category>A &amp;amp; B</category><category>Web3</category><category/>"
    assert rss(f"<title>t</title>{tags}").tags == ("Web3", "A & B")
    assert atom('<title>t</title><category term="t1" label="Label"/><category term="t2"/>').tags == ("Label", "t2")


def test_the_next_page_is_found() -> None:
    feed = '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="?page=2"/><title>t</title></feed>'
    assert read(feed).next_url == "http://feeds.example/all/feed.xml?page=2"
    assert read(feed.replace("?page=2", "ftp://x/")).next_url is None


def test_ill_formed_xml_is_read_and_said_to_be() -> None:
    reading = read("<rss version='2.0'>\n<channel>\n<item><title>a</title><b></item></channel></rss>")
    assert [entry.title for entry in reading.entries] == ["a"]
    assert reading.problems == ("not well-formed XML: mismatched tag near line 3; repaired",)


ITEM = "<item><title>a</title></item>"
COMPLETE = {
    "well-formed": f"<rss><channel>{ITEM}</channel></rss>",
    "an ampersand": f"<rss><channel><title>a & b</title>{ITEM}</channel></rss>\n",
    "an element that is not closed": "<rss><channel><item><title>a</title><b></item></channel></rss>",
    "a comment behind the end": f"<rss><channel><title>&</title>{ITEM}</channel></rss><!-- 0.1 s -->",
    "a tail behind the end": f"<rss><channel>{ITEM}</channel></rss><script>x</script>",
    "an item in a comment": f"<rss><channel><title>&</title>{ITEM}<!-- <item> --></channel></rss>",
    "a prefix": "<a:feed><a:title>&</a:title><a:entry><a:title>x</a:title></a:entry></a:feed>",
    "a comment with a tag first": f"<!-- <x> --><rss><channel><title>&</title>{ITEM}</channel></rss>",
}
INCOMPLETE = {
    "no end": f"<rss><channel>{ITEM}",
    "within an item": f"<rss><channel>{ITEM}<item><title>b",
    "within a tag": f"<rss><channel>{ITEM}<item><tit",
    "ill-formed and cut": f"<rss><channel><title>a & b</title>{ITEM}<item><title>b</title>",
    "within a CDATA section": f"<rss><channel>{ITEM}<item><title><![CDATA[b</title></item></channel></rss>",
    "within a comment": f"<rss><channel>{ITEM}<!-- b {ITEM}</channel></rss>",
    "an error page in the middle": f"<rss><channel>{ITEM}<b>Fatal error</b>",
    "the end of another element": f"<rss><channel>{ITEM}</channel>",
}


@pytest.mark.parametrize(
    ("feed", "complete"),
    [*((feed, True) for feed in COMPLETE.values()), *((feed, False) for feed in INCOMPLETE.values())],
)
def test_a_feed_that_was_cut_off_is_not_complete_and_one_that_is_ill_formed_is(feed: str, *, complete: bool) -> None:
    reading = read(feed)
    assert reading.entries
    assert reading.complete is complete


def test_no_cut_within_the_root_passes_for_the_whole() -> None:
    feed = _rss("2.0").replace("&amp;", "&")
    end = len(feed) - len("</rss>")
    assert read(feed).complete
    assert [length for length in range(end + 1) if read(feed[:length]).complete and read(feed[:length]).entries] == []


def test_an_undeclared_entity_does_not_cost_the_feed() -> None:
    assert rss("<title>a&nbsp;b &copy;</title>").title == "a b ©"


def test_an_entry_that_says_nothing_is_dropped_and_counted() -> None:
    reading = read(
        "<rss version='2.0'><channel><item><guid>1</guid></item><item><title>t</title></item></channel></rss>"
    )
    assert [entry.title for entry in reading.entries] == ["t"]
    assert reading.problems == ("1 entries have no title, no address and no text",)


def test_elements_named_like_keys_of_the_parser_do_no_harm() -> None:
    names = ("title_detail", "summary_detail", "authors", "content", "tags", "published_parsed", "guidislink")
    entry = rss("<title>t</title><link>http://a.example/1</link>" + "".join(f"<{name}>x</{name}>" for name in names))
    assert (entry.title, entry.url) == ("t", "http://a.example/1")


def test_nothing_is_fetched_or_opened(tmp_path: Path) -> None:
    """Feedparser opens a text that is an address or the name of a file."""
    feed = tmp_path / "feed.xml"
    feed.write_text(_rss("2.0"))
    for text in (str(feed), feed.as_uri(), "http://127.0.0.1:9/feed"):
        assert read(text).entries == ()


@pytest.mark.slow
def test_the_formats_of_a_published_suite_read_alike(shared_data: Callable[[str], Path]) -> None:
    folder = shared_data("feeds-misc/rome-resources")
    names = ["rss_0.9", "rss_0.91N", "rss_0.91U", "rss_0.92", "rss_0.93", "rss_0.94", "rss_1.0", "rss_2.0", "atom_0.3"]
    for name in names:
        reading = sources.read((folder / f"{name}.xml").read_bytes(), url=URL, kind="feed", now=NOW)
        assert [entry.title.rpartition("[")[2] for entry in reading.entries] == ["0].title", "1].title"], name
        assert all("link" in entry.url for entry in reading.entries), name
        assert reading.problems == (), name
