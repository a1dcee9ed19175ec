"""A page → its tree."""

from __future__ import annotations

from monitor.sources.page.document import parse_tree


def test_ends_of_the_page_in_its_midst_are_none() -> None:
    root = parse_tree("<html><body><p>Head</p></body></html>\n<ul><li>Row</ul></BODY ></html><p>Foot</p>")
    assert root is not None
    assert [element.text for element in root.iter("p", "li")] == ["Head", "Row", "Foot"]
