"""OPML: folders, attributes in any spelling, and the letters that programs forget to escape."""

from __future__ import annotations

import json

import pytest

from monitor.interchange.base import UnreadableFile
from monitor.interchange.opml import NAMESPACE, is_opml, parse

FEED = 'text="One" xmlUrl="https://example.org/1.xml"'


def opml(body: str, head: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{head}<opml version="2.0">\n<head/>\n<body>\n{body}\n</body></opml>'
    )


def tables(text: str) -> list[dict[str, object]]:
    return [dict(candidate.table) for candidate in parse(text).candidates]


@pytest.mark.parametrize(
    ("outline", "table"),
    [
        (f"<outline {FEED}/>", {"name": "One", "url": "https://example.org/1.xml", "kind": "feed"}),
        ('<outline TITLE="两江" text="x" XMLURL=" https://e.org/1 "/>', {"name": "两江", "url": "https://e.org/1"}),
        ('<outline xmlUrl="https://e.org/1?a=1&amp;b=2"/>', {"name": "", "url": "https://e.org/1?a=1&b=2"}),
        ('<outline text="a" htmlUrl="https://e.org"/>', {"name": "a", "url": "https://e.org"}),
        ('<outline text="a" type="link" url="https://e.org"/>', {"url": "https://e.org"}),
        (f'<outline {FEED} category="/Boston/Weather, /Tech"/>', {"tags": ["Boston", "Weather", "Tech"]}),
        (f'<outline text="A"><outline title="B"><outline {FEED}/></outline></outline>', {"tags": ["A", "B"]}),
        (f'<outline text="A"><outline text=" "/><outline {FEED} category="A"/></outline>', {"tags": ["A"]}),
    ],
)
def test_an_outline_becomes_a_source(outline: str, table: dict[str, object]) -> None:
    (found,) = tables(opml(outline))
    assert table.items() <= found.items()


def test_a_feed_within_a_feed_has_no_folder_of_that_name() -> None:
    found = tables(opml(f'<outline {FEED}><outline text="Two" xmlUrl="https://example.org/2"/></outline>'))
    assert [(table["name"], table.get("tags")) for table in found] == [("One", None), ("Two", None)]


def test_the_order_of_the_file_is_kept() -> None:
    body = "".join(f'<outline text="{number}" xmlUrl="https://e.org/{number}"/>' for number in range(20))
    assert [table["name"] for table in tables(opml(body))] == [str(number) for number in range(20)]


@pytest.mark.parametrize(
    ("outline", "reason"),
    [
        ('<outline text="note"/>', "it has no address"),
        ('<outline type="include" url="https://e.org/more.opml"/>',
         "it includes another list; import that list separately"),
    ],
)  # fmt: skip
def test_what_is_no_source_is_reported(outline: str, reason: str) -> None:
    (left,) = parse(opml(outline)).unmapped
    assert (left.where, left.reason) == ("line 5", reason)


def test_an_empty_folder_is_no_loss() -> None:
    parsed = parse(opml('<outline text="A"><outline text="B"><!-- c --></outline></outline>'))
    assert [left.what for left in parsed.unmapped] == ['"B"']


@pytest.mark.parametrize(
    ("outline", "name"),
    [
        ('<outline text="Science & News" xmlUrl="https://e.org/?a=1&b=2"/>', "Science & News"),
        ('<outline text="A <b>bold</b> name" xmlUrl="https://e.org/?a=1&amp;b=2"/>', "A <b>bold</b> name"),
        ('<outline text="Caf&eacute; &amp; &#20013;" xmlUrl="https://e.org/?a=1&b=2" />', "Café & 中"),
        (
            '<outline text="Two & more" title="" description="a\n<br> b"\n xmlUrl="https://e.org/?a=1&b=2"/>',
            "Two & more",
        ),
        ('<outline text="He said "hi" there" xmlUrl="https://e.org/?a=1&b=2" type="rss"/>', 'He said "hi" there'),
    ],
)
def test_letters_that_should_be_escaped_are_read_and_reported(outline: str, name: str) -> None:
    parsed = parse(opml(outline))
    (candidate,) = parsed.candidates
    assert (candidate.table["name"], candidate.table["url"]) == (name, "https://e.org/?a=1&b=2")
    (warning,) = parsed.warnings
    assert warning.startswith("line 5: this is not valid XML (")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (opml("<outline"), 6, "this is not valid XML"),
        (opml("<outline></outline></body>"), 6, "this is not valid XML"),
        ("<opml>" + "<outline>" * 5000, 1, "this is not valid XML: Excessive depth"),
        (opml(f"<outline {FEED}/>", '<!DOCTYPE opml [\n<!ENTITY a "b">]>\n'), 3, "declares its own entities"),
        (opml("", '<!DOCTYPE opml [\n<!entity % a SYSTEM "file:///etc/passwd">]>\n'), 3, "declares its own entities"),
    ],
)
def test_what_cannot_be_read_has_a_place(text: str, line: int, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said) as raised:
        parse(text)
    assert raised.value.line == line
    assert raised.value.remedy


def test_an_external_document_type_is_not_asked_for() -> None:
    text = opml(f"<outline {FEED}/>", '<!DOCTYPE opml SYSTEM "http://127.0.0.1:9/x.dtd">\n')
    assert len(parse(text).candidates) == 1


def test_a_source_of_our_own_export_comes_back_whole() -> None:
    table = {"name": "One", "kind": "page", "item": "li > a", "tags": ["a, b"]}
    own = json.dumps(table).replace("&", "&amp;").replace('"', "&quot;").replace(">", "&gt;")
    (found,) = tables(opml(f'<outline {FEED} xmlns:m="{NAMESPACE}" m:source="{own}"/>'))
    assert found == {**table, "url": "https://example.org/1.xml"}


@pytest.mark.parametrize("own", ["{", "[1]", "[" * 3000])
def test_a_damaged_export_is_reported(own: str) -> None:
    parsed = parse(opml(f'<outline {FEED} xmlns:m="{NAMESPACE}" m:source="{own}"/>'))
    assert [left.reason for left in parsed.unmapped] == ["its attribute `source` of this program is damaged"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [(opml(""), True), ("  <opml/>", True), ("<OPML>", True), ("<rss><opml2/></rss>", False), ("a <opml>", False)],
)
def test_opml_is_known_by_its_root(text: str, expected: bool) -> None:
    assert is_opml(text) is expected
