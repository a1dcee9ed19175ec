"""A slip anywhere in a document costs no more than its own place: every other entry reads as in the well-formed one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from html.entities import html5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor import sources
from monitor.model import Entry, Reading
from monitor.sources.xml import repair_xml, xml_fault
from tests.support.growth import assert_grows_with_size

NOW = dt.datetime(2026, 11, 21, 4, 0, tzinfo=dt.UTC)
URL = "https://news.example/feed.xml"
COUNT = 3
NAMES = sorted({name.rstrip(";") for name in html5})
NO_CHARACTERS = ("&#0;", "&#1;", "&#8;", "&#11;", "&#x1F;", "&#xFFFE;", "&#XFFFF;", "&#000;", "\ufffe", "\uffff")
# The limits of what a document may hold: https://www.w3.org/TR/xml/#charsets
CHARACTERS = (0x9, 0xA, 0xD, 0x20, 0x7F, 0xD7FF, 0xE000, 0xFFFD, 0x10000, 0x10FFFF)


def read(text: str, kind: str = "feed") -> Reading:
    return sources.read(text.encode(), url=URL, kind=kind, now=NOW)


def item(number: int, *, title: str = "", link: str = "", guid: str = "", text: str = "", more: str = "") -> str:
    return (
        f"<item><title>{title or f'Title {number} &amp; more'}</title>"
        f"<link>{link or f'https://news.example/v?id={number}&amp;lang=en'}</link>"
        f"<guid isPermaLink='false'>{guid or f'g&amp;cat={number}'}</guid>"
        f"<pubDate>Fri, 20 Nov 2026 10:0{number}:00 GMT</pubDate>"
        f"<description>{text or f'&lt;p&gt;Text {number}&lt;/p&gt;'}</description>{more}</item>\n"
    )


def entry(number: int, *, title: str = "", link: str = "", guid: str = "", text: str = "", more: str = "") -> str:
    return (
        f"<entry><title>{title or f'Title {number} &amp; more'}</title>"
        f'<link rel="alternate" href="{link or f"https://news.example/v?id={number}&amp;lang=en"}"/>'
        f"<id>{guid or f'g&amp;cat={number}'}</id><updated>2026-11-20T10:0{number}:00Z</updated>"
        f'<summary type="html">{text or f"&lt;p&gt;Text {number}&lt;/p&gt;"}</summary>{more}</entry>\n'
    )


def rss(items: list[str]) -> str:
    return f'<?xml version="1.0"?>\n<rss version="2.0"><channel><title>F</title>\n{"".join(items)}</channel></rss>'


def atom(items: list[str]) -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom"><title>F</title><id>urn:f</id>\n{"".join(items)}</feed>'


FORMATS: dict[str, tuple[Callable[[list[str]], str], Callable[..., str]]] = {"RSS": (rss, item), "Atom": (atom, entry)}

IN_A_TEXT = {
    "a bare ampersand": "R&D",
    "an ampersand apart": "R & D",
    "an ampersand that looks like a reference": "R&D; x",
    "a reference without a digit": "a &#; b",
    "an entity of HTML": "Caf&eacute;&nbsp;&ndash; x",
    "an entity of no standard": "a &nosuch; b",
    "a bare less-than sign": "a < b",
    "a less-than sign before a digit": "a <3 b",
    "a less-than sign before a letter": "a <b and c",
    "an element that is never closed": "a <b>bold",
    "an end of an element never opened": "a</b> c",
    "elements that cross": "<b>a<i>b</b>c</i>",
    "a void element": "a<br>b<hr>c",
    "an attribute without quotes": "<a href=x>y</a>",
    "an attribute without a value": "<a nowrap>y</a>",
    "an attribute twice": "<a x='1' x='2'>y</a>",
    "an attribute whose quote is never closed": '<a href="x>y</a>',
    "a prefix declared nowhere": "<o:p>y</o:p>",
    "the end of a CDATA section": "a ]]> b",
    "a CDATA section that is never closed": "<![CDATA[a",
    "a comment that is never closed": "a <!-- b",
    "a comment with two hyphens": "a <!-- b -- c --> d",
    "a processing instruction that is never closed": "a <? b",
    "a script": "<script>if (a<b && c) x()</script>",
    "a control character": "a\x0bb",
    "half a character": "a&#xD800;b",
    **{f"what is no character: {said!a}": f"a{said}b" for said in NO_CHARACTERS},
}
IN_AN_ENTRY = {
    "an element that is never closed": "<x>y",
    "an empty element without its slash": '<enclosure url="https://news.example/e.mp3">',
    "an end of an element never opened": "</x>",
    "a prefix declared nowhere": "<foo:bar>y</foo:bar>",
    "a bare ampersand in an attribute": '<enclosure url="https://news.example/e?a=1&copy=2" type="audio/mpeg"/>',
    "a bare less-than sign": "<",
    "text": "R&D",
    "an element of a name that is none": "<x\xb2>y</x\xb2>",
    **{f"no character in an attribute: {said!a}": f"<x y='a{said}b'/>" for said in NO_CHARACTERS},
}
IN_AN_ADDRESS = {"a bare ampersand": "https://news.example/a?x=1&lang=en&copy=2&sect=3&times=4"}


def _said(entry: Entry) -> dict[str, str]:
    return {"title": entry.title, "link": entry.url, "guid": entry.key, "text": entry.summary}


def _others(reading: Reading, slipped: int) -> list[Entry]:
    return [each for number, each in enumerate(reading.entries) if number != slipped]


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("place", "slip"),
    [
        *((place, slip) for place in ("title", "text", "guid") for slip in IN_A_TEXT),
        *(("more", slip) for slip in IN_AN_ENTRY),
        *(("link", slip) for slip in IN_AN_ADDRESS),
    ],
)
def test_one_slip_leaves_every_other_entry_as_it_is(name: str, place: str, slip: str) -> None:
    document, make = FORMATS[name]
    said = {"more": IN_AN_ENTRY, "link": IN_AN_ADDRESS}.get(place, IN_A_TEXT)[slip]
    well = read(document([make(number) for number in range(COUNT)]))
    assert well.problems == ()
    for at in range(COUNT):
        ill = read(document([make(number, **({place: said} if number == at else {})) for number in range(COUNT)]))
        assert len(ill.entries) == COUNT
        assert _others(ill, at) == _others(well, at)
        assert {**_said(ill.entries[at]), place: ""} == {**_said(well.entries[at]), place: ""}


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("</title>", ""),
        ("</title>", "<title>"),
        ("</title>", "</titel>"),
        ("</title>", "</Title>"),
        ("</title>", "</title"),
        ("</item>", ""),
        ("</entry>", ""),
        ("</item>", "</entry>"),
        ("</pubDate>", "</pubdate>"),
        ("</guid>", ""),
        ("</id>", ""),
        ("<title>", "<title"),
    ],
)
def test_an_end_that_is_missing_or_misspelt_costs_no_other_entry(name: str, before: str, after: str) -> None:
    document, make = FORMATS[name]
    entries = [make(number) for number in range(COUNT)]
    well = read(document(entries))
    for at in range(COUNT):
        ill = read(
            document([each.replace(before, after) if number == at else each for number, each in enumerate(entries)])
        )
        assert len(ill.entries) == COUNT
        assert _others(ill, at) == _others(well, at)
        assert ill.entries[at].url == well.entries[at].url


@pytest.mark.slow
@pytest.mark.parametrize(("name", "mine"), [("RSS", NAMES[::2]), ("Atom", NAMES[1::2])], ids=["RSS", "Atom"])
def test_every_name_of_an_entity_is_a_parameter_in_an_address_without_its_semicolon(
    name: str, mine: Sequence[str]
) -> None:
    document, make = FORMATS[name]
    for start in range(0, len(mine), 50):
        names = mine[start : start + 50]
        links = [f"https://news.example/?id=1&{n}=2" for n in names]
        bare = [make(at, link=links[at], guid=f"g&{n}={at}") for at, n in enumerate(names)]
        right = [each.replace(f"&{n}=", f"&amp;{n}=") for each, n in zip(bare, names, strict=True)]
        ill, well = read(document(bare)), read(document(right))
        assert ill.entries == well.entries
        assert [each.url for each in ill.entries] == links


@pytest.mark.slow
@pytest.mark.parametrize(("end", "first"), [("=", 0), (" ", 1), ("", 2)])
def test_a_bare_ampersand_before_any_name_stays_in_a_title(end: str, first: int) -> None:
    names = NAMES[first::3]
    for start in range(0, len(names), 50):
        titles = [f"R&{name}{end}x" if end else f"R&{name}" for name in names[start : start + 50]]
        reading = read(rss([item(number, title=title) for number, title in enumerate(titles, 10)]))
        assert [each.title for each in reading.entries] == titles


def test_an_entity_of_html_is_its_character() -> None:
    names = [name for name in NAMES if f"{name};" in html5 and html5[f"{name};"].strip()]
    for start in range(0, len(names), 50):
        some = names[start : start + 50]
        reading = read(rss([item(number, title=f"x &{name}; y") for number, name in enumerate(some, 10)]))
        assert [each.title for each in reading.entries] == [f"x {html5[f'{name};']} y" for name in some]


@pytest.mark.parametrize("code", CHARACTERS)
@pytest.mark.parametrize("form", ["&#{};", "&#0000{};", "&#x{:x};", "&#x00{:X};"])
def test_a_reference_to_any_character_stays(code: int, form: str) -> None:
    reference = form.format(code)
    repaired = repair_xml(f"<rss><channel>&<title a='{reference}'>{reference}</title></channel></rss>")
    assert repaired == f'<rss><channel>&amp;<title a="{reference}">{reference}</title></channel></rss>'
    assert xml_fault(repaired) is None


@pytest.mark.parametrize("said", [*NO_CHARACTERS, "&#x8;", "&#14;", "&#31;", "&#xD800;", "&#xDFFF;", "&#1114112;"])
def test_what_is_no_character_is_left_out_and_nothing_else(said: str) -> None:
    repaired = repair_xml(f"<rss><channel>&<title a='b{said}c'>b{said}c</title></channel></rss>")
    assert repaired == '<rss><channel>&amp;<title a="bc">bc</title></channel></rss>'


def test_a_reference_of_many_zeros_is_one_like_any_other() -> None:
    reference = f"&#{'0' * 5000}65;"
    assert f"<title>{reference}</title>" in repair_xml(f"<rss><channel>&<title>{reference}</title></channel></rss>")


def test_an_entity_that_the_document_declares_is_what_it_declares() -> None:
    doctype = '<!DOCTYPE rss [<!ENTITY co "Water &amp; Co"><!ENTITY nbsp "&#160;">]>'
    reading = read(doctype + rss([item(1, title="The &co;&nbsp;R&D")]).partition("?>")[2])
    assert reading.entries[0].title == "The Water & Co R&D"


def test_a_cdata_section_that_reaches_into_the_next_entry_does_not_hide_it() -> None:
    """XML calls this well-formed."""
    whole = [item(number, title=f"<![CDATA[Title {number}]]>") for number in range(COUNT)]
    for at in range(COUNT - 1):
        entries = list(whole)
        entries[at] = entries[at].replace("]]>", "")
        assert read(rss(entries)).entries == read(rss(whole)).entries


def test_what_is_printed_before_a_feed_is_no_part_of_it() -> None:
    well = read(rss([item(1)]))
    for lead in ("Warning: x in /a.php on line 3\n", "<br />\n<b>Warning</b>: x in <b>/a.php</b> on line 3<br />\n"):
        assert read(lead + rss([item(1)])).entries == well.entries


def test_what_is_well_formed_is_known_as_such() -> None:
    for document, make in FORMATS.values():
        assert xml_fault(document([make(1)])) is None


PIECES = (
    *("<item>", "</item>", "<title>", "</title>", "<link>", "<b>", "</b>", "<br>", "<x:y>", "</x:y>", "</rss>", "<?"),
    *("&", "<", ">", "<![CDATA[", "]]>", "<!--", "-->", "?>", "<a b='", '"', "<!DOCTYPE a [", "&amp;", "x", " ", "--"),
    *NO_CHARACTERS,
    *("&#65;", "<a b='&#1;'>", "<b\xb2>", "</b\xb2>", "<b \xb2='1'>", "<b a\xb2='1'/>", "\x0b"),
)


@given(st.lists(st.sampled_from(PIECES)))
def test_whatever_is_wrong_the_repaired_document_is_well_formed(pieces: list[str]) -> None:
    assert xml_fault(repair_xml(f"<rss><channel>{''.join(pieces)}</channel></rss>")) is None


HOSTILE = (
    *(
        "<!--",
        "<![CDATA[",
        "<?",
        "<!DOCTYPE",
        "<!DOCTYPE [",
        "</",
        "<a:",
        "<item ",
        "<a b=",
        '<a b="',
        "<a b='",
        "<a =",
    ),
    *("&", "&a", "]]>", "<title>", "<x:title>", "<item><title>", "<title><link>", "</b>", "<b>", "a<b and c"),
)


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_documents_take_linear_time(piece: str) -> None:
    assert_grows_with_size(lambda size: repair_xml(f"<rss><channel><item>{piece * (size // len(piece))}"), 20_000)


def test_names_of_ever_new_elements_that_are_never_closed_take_linear_time() -> None:
    names = [f"<a{number}:title>" for number in range(8_000)]
    assert_grows_with_size(lambda size: repair_xml("<rss><channel><item>" + "".join(names[:size])), 2_000)
