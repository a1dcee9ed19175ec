"""What is kept from those who guess dates."""

from __future__ import annotations

from lxml import html

from monitor.articles.supported import without_generation


def test_when_a_page_was_made_is_not_seen() -> None:
    tree = html.document_fromstring(
        "<p>页面生成时间 <b>2026-11-20</b> 10:00</p><p>Text <i>of</i> 有效期至 2027-01-01</p><p>2026-11-18</p>"
    )
    seen = without_generation(tree).text_content()
    assert "2026-11-18" in seen
    assert "Text of" in seen
    assert not any(day in seen for day in ("2026-11-20", "10:00", "2027"))
    assert "2026-11-20" in tree.text_content(), "the page itself stays"
