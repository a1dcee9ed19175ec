"""XPath and its CSS select the same elements."""

from __future__ import annotations

import pytest
from lxml import html
from lxml.cssselect import CSSSelector

from monitor.interchange.xpath import TranslatedSelector, to_css

PAGE = """<html><body><main><div class="a list"><ul><li id="x"><a href="/1" title="it's">One</a></li>
<li><a class="b" href="/2">Two</a></li></ul><ul><li><a>Three</a></li><p><a href="/4">Four</a></p></ul></div>
<div><h1><a href="/5">Five</a></h1></div></main></body></html>"""


@pytest.mark.parametrize(
    "xpath",
    [
        "//a", "//li/a", "/html/body/main/div/ul", "//div[@class='a list']//a", '//div[contains(@class,"list")]//li',
        "//li[1]", "//ul[2]/li", "//ul/li[2]/a", "//a[@href]", "//a[starts-with(@href, '/')]", '//a[@title="it\'s"]',
        "//li[@id='x']/a", "//*[@id]", "//div[1]/ul[1][@class]", "//h1//a", "//li[1][@id]", "//ul//*",
    ],
)  # fmt: skip
def test_css_selects_what_xpath_selects(xpath: str) -> None:
    root = html.fromstring(PAGE)
    found = to_css(xpath)
    assert found is not None
    assert CSSSelector(found.css, translator="html")(root) == root.xpath(xpath)


@pytest.mark.parametrize(
    ("xpath", "selected"),
    [
        ("(//h1//a)[1]", TranslatedSelector("h1 a", widened=True)),
        ("(//div[contains(@class, 'x')]//h4)[1]/a", TranslatedSelector('div[class*="x"] h4 > a', widened=True)),
        ("(//li)[position() <= 3]", TranslatedSelector("li", widened=True)),
        ("//section/ul/li/a/@href", TranslatedSelector("section > ul > li > a", "href")),
        ("//a/text()", TranslatedSelector("a")),
        ("//a//text()", TranslatedSelector("a")),
    ],
)
def test_what_is_taken_and_what_is_widened(xpath: str, selected: TranslatedSelector) -> None:
    assert to_css(xpath) == selected


@pytest.mark.parametrize(
    "xpath",
    [
        "", "a", "//li[last()]", "//li[position()>1]", "//li[a]", "//a[text()='x']", "//li/..", "//li/following::a",
        "//a | //b", "//*[1]", "//li[@id][1]", "//li[not(@id)]", "//ns:item", "//a[contains(., 'x')]", "(//a", "//a[",
    ],
)  # fmt: skip
def test_what_css_cannot_say_is_not_guessed(xpath: str) -> None:
    assert to_css(xpath) is None
