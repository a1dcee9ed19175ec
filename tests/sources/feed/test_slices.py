"""Where a feed is cut: at its entries, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.sources.feed.slices import CutFeed, cut_feed
from tests.support.growth import assert_grows_with_size

HEAD = '<?xml version="1.0"?><rss version="2.0"><channel><title>F</title>'
END = "</channel></rss>"
ONE, TWO = "<item><title>1</title></item>", "<item ><description><![CDATA[<p>2</p>]]></description></item\n>"


def test_a_feed_is_cut_at_its_entries() -> None:
    assert cut_feed(f"{HEAD}\n{ONE}\n {TWO}{END}") == CutFeed(f"{HEAD}\n", (ONE, TWO), END)
    entry = "<entry><content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>x</div></content></entry>"
    assert cut_feed(f"<feed>{entry}</feed>") == CutFeed("<feed>", (entry,), "</feed>")


def test_tags_within_comments_and_sections_are_no_places_of_a_cut() -> None:
    head = f"{HEAD}<!-- <item> --><description><![CDATA[</item><item>]]></description>"
    item = "<item><title><![CDATA[</item><item>]]></title><!-- </item> --></item>"
    assert cut_feed(f"{head}{item}{ONE}{END}") == CutFeed(head, (item, ONE), END)


@pytest.mark.parametrize(
    "text",
    [
        "",
        HEAD + END,
        f"{HEAD}{ONE}text{TWO}{END}",
        f"{HEAD}{ONE}<!-- between -->{TWO}{END}",
        f"{HEAD}<item><item></item></item>{END}",
        f"{HEAD}{ONE}<item>{END}",
        f"{HEAD}</item>{ONE}{END}",
        f"{HEAD}{ONE}<entry></entry>{END}",
        f"{HEAD}{ONE}<item/>{TWO}{END}",
        f"{HEAD}{ONE}<item><title><![CDATA[x</title></item>{END}",
        f"{HEAD}<item><![CDATA[a <![CDATA[ b]]></item>{END}",
        f"{HEAD}<item><!-- x</item>{END}",
        f"{HEAD}<item><?php x ?></item>{END}",
        f"{HEAD}<item><![CDATA[<?xml version='1.0'?>]]></item>{END}",
        f'<!DOCTYPE rss [<!ENTITY x "<item>">]>{HEAD}{ONE}{END}',
        f'{HEAD}<item xml:base="http://a.example/"></item>{END}',
        f"{HEAD}<item><description><p BASE = 'http://a.example/'/></description></item>{END}",
        f'{HEAD}<item lang="fr"><description><h:div xmlns:h="urn:h">x</h:div></description></item>{END}',
        f"{HEAD}<item><description>x<details><summary>y</summary></details></description></item>{END}",
        f"{HEAD}<item><x:y xmlns:x='urn:x'/></item><item><x:y xmlns:x='urn:y'/></item>{END}",
        f"{HEAD}<item><x:y xmlns:x='urn:x'/></item><item><y:y xmlns:y='urn:x'/></item>{END}",
        f'<RDF><item><x:y xmlns:x="urn:x"/></item>{ONE}</RDF>',
        f"{HEAD}<item><![CDATA[<foo:url>]]></item>{END}",
        f"{HEAD}{'x' * 70_000}{ONE}{END}",
        f"{HEAD}{ONE}{'x' * 5_000}{END}",
    ],
)
def test_a_feed_is_not_cut_where_a_place_is_not_certain(text: str) -> None:
    assert cut_feed(text) is None


@pytest.mark.parametrize(
    "item",
    [
        "<item><description><![CDATA[<div lang='fr'><p base='x'><summary>x</summary>]]></description></item>",
        "<item><description>&lt;div&gt;</description><link hreflang='fr'>/?base=x</link></item>",
        "<item><media:content><media:title>x</media:title></media:content><title/><description></description></item>",
        "<item><m:x xmlns:m='urn:m'/></item><item><m:x xmlns:m='urn:m'/><p xmlns='urn:a'/><p xmlns='urn:b'/></item>",
    ],
)
def test_a_feed_is_cut_where_an_entry_counts_for_itself_alone(item: str) -> None:
    assert cut_feed(f"{HEAD}{item}{END}") is not None


def test_the_frame_of_a_feed_is_without_its_dates_and_comments() -> None:
    def frame(date: str, comment: str, title: str = "F") -> str:
        dated = f"<lastBuildDate>{date}</lastBuildDate><dc:date>{date}</dc:date><title>{title}</title>"
        cut = cut_feed(f"<rss><channel>{dated}{ONE}</channel></rss><!-- {comment} -->")
        assert cut is not None
        return cut.frame

    assert frame("Mon, 30 Nov 2026", "0.1 s") == frame("Tue, 01 Dec 2026", "0.2 s")
    assert frame("x", "y") != frame("x", "y", title="G")


def test_the_frame_has_what_is_between_signs_of_a_comment_in_sections() -> None:
    def frame(language: str) -> str:
        head = f"<a><![CDATA[<!--]]></a><language>{language}</language><b><![CDATA[-->]]></b><!-- x -->"
        cut = cut_feed(f"<rss><channel>{head}{ONE}{END}")
        assert cut is not None
        return cut.frame

    assert frame("de") != frame("fr")
    assert "<!-- x -->" not in frame("de")


@pytest.mark.parametrize("piece", ["<!--", "<![CDATA[]]>", "<!---->", "<??>", "<date>"])
def test_the_time_for_the_frame_grows_no_faster_than_the_head(piece: str) -> None:
    def frame(size: int) -> str:
        inner = piece * (size // len(piece))
        return CutFeed(f"<![CDATA[{inner}]]>" if piece == "<!--" else inner, (ONE,), END).frame

    assert_grows_with_size(frame, 16_000)


@given(st.lists(st.sampled_from([HEAD, END, ONE, TWO, "<item>", "</item>", "<![CDATA[", "]]>", "<!--", "-->", "x"])))
def test_the_parts_of_a_feed_are_the_whole_of_it(pieces: list[str]) -> None:
    text = "".join(pieces)
    cut = cut_feed(text)
    if cut is not None:
        assert cut.head + "".join(cut.entries) + cut.end == text
        assert all(entry.startswith("<item") and entry.endswith(">") for entry in cut.entries)


@pytest.mark.parametrize(
    "piece", ["<item>", "</item>", "<item></item>", "<![CDATA[", "<!--", "<?", "<item", "]]>", "<x:"]
)
def test_time_grows_no_faster_than_the_text(piece: str) -> None:
    assert_grows_with_size(lambda size: cut_feed(HEAD + ONE + piece * (size // len(piece))), 200_000)


@pytest.mark.parametrize(
    "piece", ["<title", "<title></title>", "<x.", " base ", " lang=", "xmlns='", 'xmlns:x="', "xmlns:"]
)
def test_time_grows_no_faster_than_an_entry(piece: str) -> None:
    assert_grows_with_size(lambda size: cut_feed(f"{HEAD}<item>{piece * (size // len(piece))}</item>{END}"), 100_000)
