"""Translate urlwatch's filters (https://urlwatch.readthedocs.io/en/latest/filters.html) into options of a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from monitor.interchange.base import CandidateBuilder
from monitor.interchange.xpath import to_css

_UNNEEDED_FILTERS: Final = {
    "html2text", "strip", "striplines", "strip-each-line", "format-json", "format-xml", "beautify", "sort", "reverse",
    "remove-duplicate-lines", "remove-repeated", "clean-new-lines", "if_empty", "csv2text", "pretty-xml",
}  # fmt: skip
"""Filters that normalise a page's text before it is compared. This program compares entries, so they are not needed."""

_REASONS: Final = {
    "grep": "write a rule that asks for the entries that matter, with title:WORD",
    "grepi": "write a rule that excludes the entries that do not matter, with NOT title:WORD",
    "shellpipe": "commands are not run",
    "execute": "commands are not run",
    "jq": 'write JMESPath expressions that select the entries: kind = "api", items, title, link, date',
}
_TEXT_REASON: Final = "the text is used as the page has it; rules can look for words"
_FEED_XPATH: Final = re.compile(r"//(?:rss/)?channel/item\b|//item\b|//(?:\w+:)?entry\b")
_ROW_SELECTOR: Final = re.compile(r"(?:^|[\s>+~])(?:li|tr|article|dl|dt)(?:[.#:\[][^\s>+~]*)?$")
_LINK_SELECTOR: Final = re.compile(r"(?:^|[\s>+~])a(?:[.#:\[][^\s>+~]*)?$")
_FIRST_ROWS: Final = re.compile(r":(?:nth-child|nth-of-type)\((?:1|-n\s*\+\s*\d+)\)|:first-(?:child|of-type)\b")


def filter_steps(filters: object) -> Iterator[tuple[str, Any]]:
    """Yield the name and the argument of each filter of a job. Reads all notations that urlwatch allows."""
    if isinstance(filters, str):
        for part in filters.split(","):
            name, _, argument = part.partition(":")
            if name.strip():
                yield name.strip(), argument.strip()
    elif isinstance(filters, list):
        for step in filters:
            if isinstance(step, dict):
                yield from ((str(name), argument) for name, argument in step.items())
            elif isinstance(step, str):
                if "," in step:
                    yield from filter_steps(step)
                else:
                    name, _, argument = step.partition(":")
                    yield name.strip(), argument.strip()
    elif isinstance(filters, dict):
        yield from ((str(name), argument) for name, argument in filters.items())


def map_filters(builder: CandidateBuilder, filters: object) -> None:
    """Translate the filters of a job into its table, and note the filters that have no equivalent."""
    for name, argument in filter_steps(filters):
        if name in _SELECTING_FILTERS:
            _map_selecting_filter(builder, name, argument)
        elif name not in _UNNEEDED_FILTERS:
            builder.leave_out(f"filter {name}", _REASONS.get(name, _TEXT_REASON))


def _map_selecting_filter(builder: CandidateBuilder, name: str, argument: Any) -> None:
    """Translate a filter that selects a part of the page. Only the first such filter can be translated."""
    if isinstance(argument, dict):
        argument = next((argument[key] for key in ("selector", "path") if key in argument), "")
    selector = str(argument)
    if name == "xpath" and _FEED_XPATH.match(selector):
        builder.table["kind"] = "feed"
        if re.search(r"\[\d", selector):
            builder.leave_out("filter xpath", "all entries of the feed are read, not only one")
        return
    if "item" in builder.table or "link" in builder.table:
        builder.leave_out(f"filter {name}", "it selects from the result of another filter")
        return
    found = _SELECTING_FILTERS[name](selector)
    if found is None:
        builder.leave_out(
            f"filter {name}", f"no CSS selector selects the same as {selector[:120]}; the list is found automatically"
        )
        return
    css, widened = found
    if css in ("body", "html", "html > body"):
        return
    builder.table |= {"kind": "page", **_list_options(css)}
    if widened:
        builder.leave_out(f"filter {name}", "everything that it selects is read, not only the first")


def _list_options(css: str) -> dict[str, str]:
    """Return the option for the list that `css` selects: `item` if it selects rows, else `link`."""
    if _ROW_SELECTOR.search(css):
        return {"item": css}
    return {"link": f"{css}@href" if _LINK_SELECTOR.search(css) else ", ".join(f"{part} a@href" for part in [css])}


def _widen_css(selector: str) -> tuple[str, bool] | None:
    """Return a selector without its restriction to the first rows, and whether it had one; None if it is not usable."""
    if "," in selector or not selector:
        return None if not selector else (selector, False) if _ROW_SELECTOR.search(selector) else None
    widened = _FIRST_ROWS.sub("", selector)
    return widened, widened != selector


def _translate_xpath(xpath: str) -> tuple[str, bool] | None:
    found = to_css(xpath)
    if found is None or found.attribute not in ("", "href"):
        return None
    widened = _FIRST_ROWS.sub("", found.css) if _ROW_SELECTOR.search(_FIRST_ROWS.sub("", found.css)) else found.css
    return widened, found.widened or widened != found.css


def _selector_maker(form: str) -> Callable[[str], tuple[str, bool] | None]:
    def fill_in(name: str) -> tuple[str, bool] | None:
        return (form.format(name.strip()), False) if re.fullmatch(r"[\w-]+", name.strip()) else None

    return fill_in


_SELECTING_FILTERS: Final[dict[str, Callable[[str], tuple[str, bool] | None]]] = {
    "css": _widen_css,
    "xpath": _translate_xpath,
    "element-by-id": _selector_maker('[id="{}"]'),
    "element-by-class": _selector_maker(".{}"),
    "element-by-tag": _selector_maker("{}"),
}
