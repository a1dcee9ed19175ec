"""The options of the kind `page`: CSS selectors for the list, all optional."""

from __future__ import annotations

from typing import Annotated, ClassVar, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from monitor.sources.plain import one_line


def split_selector(selector_with_attribute: str) -> tuple[str, str]:
    """Split `a@href` into selector and attribute. Both may be empty. `@href` is an attribute of the row itself."""
    selector, _, attribute = (
        selector_with_attribute.rpartition("@") if "@" in selector_with_attribute else (selector_with_attribute, "", "")
    )
    return selector.strip(), attribute.strip()


_CSS_REMEDY: Final = "write it as in `ul.news > li`, or `a@href` for an attribute"
_XPATH_REMEDY: Final = "this is XPath: write CSS, as in `ul > li` for //ul/li"


def _check_selector(selector_with_attribute: str) -> str:
    from cssselect import SelectorError
    from lxml.cssselect import CSSSelector

    selector, attribute = split_selector(selector_with_attribute)
    if not selector and not attribute:
        raise ValueError("the selector is empty")
    try:
        CSSSelector(selector or "*", translator="html")
    except SelectorError as error:
        remedy = _XPATH_REMEDY if selector_with_attribute.lstrip().startswith(("/", "./", "(/")) else _CSS_REMEDY
        raise ValueError(f"not a CSS selector: {one_line(str(error))}; {remedy}") from error
    return selector_with_attribute


Selector = Annotated[str, AfterValidator(_check_selector)]


class PageOptions(BaseModel):
    """The selectors of a page. `NAME@ATTRIBUTE` takes an attribute instead of the text."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    item: Selector | None = Field(
        None, description="One row of the list. If it is left out, the list is found automatically."
    )
    title: Selector | None = Field(None, description="The title, within a row.")
    link: Selector | None = Field(None, description="The link, within a row.")
    date: Selector | None = Field(None, description="The date, within a row.")
    summary: Selector | None = Field(None, description="The summary, within a row.")
    next: Selector | None = Field(None, description="The link to the next page of the list, on the page.")
