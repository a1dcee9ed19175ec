"""Sources as OPML: what comes back by an import is what was exported, and no secret leaves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from monitor.app.import_plan import plan_import
from monitor.interchange import ImportedFile, OpmlExport, export_opml, read_import

FEED = {"name": "A", "url": "https://example.org/a?x=1&y=2"}


def again(exported: OpmlExport, **environ: str) -> list[dict[str, Any]]:
    """Return what an import of the export would write."""
    found = read_import(exported.text.encode())
    assert isinstance(found, ImportedFile)
    assert found.format == "opml"
    plan = plan_import(found.parsed, {}, environ, Path("/"))
    assert plan.unmapped == []
    assert plan.warnings == []
    return sorted(plan.sources, key=lambda table: str(table["name"]))


@pytest.mark.parametrize(
    "table",
    [
        {**FEED, "kind": "feed"},
        {**FEED, "kind": "page"},
        {**FEED, "kind": "feed", "tags": ["News", "中文", "x"]},
        {**FEED, "kind": "feed", "tags": ["a, b", "c/d", " e "]},
        {**FEED, "kind": "page", "item": "ul > li", "link": 'a[title="<&>"]@href', "every": "30m", "full_text": True},
        {**FEED, "kind": "sitemap", "include": "*/news/*"},
        {**FEED, "kind": "api", "link": "https://e.org/{id}", "tags": ["x"]},
        {**FEED, "name": 'A "b" <c> & 两江', "kind": "feed"},
        {**FEED, "name": "a  b", "kind": "page", "title": "a"},
    ],
)
def test_a_source_comes_back_as_it_was(table: dict[str, Any]) -> None:
    (found,) = again(export_opml([table]))
    names = found.pop("name"), " ".join(str(table["name"]).split())
    assert names[0] == names[1]
    assert found == {key: value for key, value in table.items() if key != "name"}


@pytest.mark.parametrize("url", ["https://example.org/news", "https://example.org/rss.xml"])
def test_a_kind_that_is_not_stated_stays_unstated(url: str) -> None:
    exported = export_opml([{**FEED, "url": url}])
    assert again(exported) == [{**FEED, "url": url}]
    assert ("xmlUrl" in exported.text) == url.endswith("xml")


names = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf", "Zl", "Zp", "Co", "Cn"]), min_size=1, max_size=20)
tags = names.filter(str.strip)


pairs_ = st.tuples(
    names.filter(lambda name: name == " ".join(name.split()) != ""), st.lists(tags, max_size=3, unique=True)
)


@given(st.lists(pairs_, max_size=5, unique_by=lambda pair: pair[0]))
def test_names_addresses_and_tags_come_back(pairs: list[tuple[str, list[str]]]) -> None:
    tables = [
        {"name": name, "url": f"https://example.org/{number}", "kind": "feed", **({"tags": tags} if tags else {})}
        for number, (name, tags) in enumerate(pairs)
    ]
    assert again(export_opml(tables)) == sorted(tables, key=lambda table: str(table["name"]))


def test_a_reader_sees_feeds_in_folders() -> None:
    tables: list[dict[str, Any]] = [
        {**FEED, "kind": "feed", "tags": ["News", "x"]},
        {"name": "B", "url": "https://b.org", "kind": "page", "tags": ["News"]},
        {"name": "C", "url": "https://c.org", "kind": "api"},
    ]
    root = etree.fromstring(export_opml(tables).text.encode())
    assert [(one.get("text"), one.get("type"), one.get("xmlUrl")) for one in root.iter("outline")] == [
        ("News", None, None), ("A", "rss", FEED["url"]), ("B", "link", None), ("C", "link", None),
    ]  # fmt: skip
    assert root.findall("body/outline/outline")[0].get("category") == "x"


def test_a_secret_address_is_exported_as_it_is_written() -> None:
    exported = export_opml([{"name": "A", "url": "env:FEED", "tags": ["x"]}])
    assert exported.notes == ('"A": its address is a secret; only the reference env:FEED is exported',)
    assert not exported.left_out
    assert again(exported, FEED="https://e.org/?key=1") == [{"name": "A", "url": "env:FEED", "tags": ["x"]}]


def test_a_password_in_an_address_does_not_leave() -> None:
    exported = export_opml([FEED, {"name": "B", "url": "https://me:CANARY@example.org/"}])
    assert (exported.sources, exported.left_out) == (1, True)
    assert "CANARY" not in exported.text + "".join(exported.notes)
    assert exported.notes[0].startswith('"B" is left out')


@pytest.mark.parametrize(
    "table",
    [
        {"url": "https://example.org/feed?page=1&api_key=CANARY12"},
        {"url": "rsshub://gov/x?key=CANARY12#there"},
        {"url": "https://example.org/api", "kind": "api", "method": "POST", "body": {"q": "x", "token": "CANARY12"}},
        {"url": "https://example.org/api", "kind": "api", "method": "POST", "body": "q=x&token=CANARY12"},
        {"url": "https://example.org/api", "kind": "api", "method": "POST", "body": '{"auth": {"key": "CANARY12"}}'},
    ],
)
def test_what_is_a_secret_by_its_name_does_not_leave(table: dict[str, Any]) -> None:
    exported = export_opml([FEED, {"name": "B", **table}])
    assert (exported.sources, exported.left_out) == (1, True)
    assert "CANARY" not in exported.text + "".join(exported.notes)


@pytest.mark.parametrize("body", [{"token": "env:TOKEN", "key": "bitcoin"}, "env:BODY"])
def test_what_only_names_a_secret_is_exported(body: object) -> None:
    table = {"name": "B", "url": "https://example.org/?key=bitcoin", "kind": "api", "method": "POST", "body": body}
    exported = export_opml([table])
    assert (exported.sources, exported.left_out) == (1, False)
    assert "env:" in exported.text


def test_a_header_that_gives_access_does_not_leave() -> None:
    headers = {"Authorization": "Bearer CANARY", "X-Api-Key": "CANARY", "Accept": "x", "Cookie": "env:COOKIE"}
    exported = export_opml([{**FEED, "headers": headers}])
    assert "CANARY" not in exported.text
    assert "&quot;Accept&quot;: &quot;x&quot;, &quot;Cookie&quot;: &quot;env:COOKIE&quot;" in exported.text
    (note,) = exported.notes
    assert note.startswith('"A": the headers Authorization, X-Api-Key hold secrets and are not exported; in ')
    assert not exported.left_out
