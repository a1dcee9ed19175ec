"""Read JSON APIs that list entries, by JMESPath expressions (https://jmespath.org/) or by the names of fields."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Annotated, Any, Final
from urllib.parse import quote

import jmespath
from jmespath.exceptions import JMESPathError, JMESPathTypeError
from pydantic import AfterValidator, BaseModel, Field

from monitor.model import Entry, Reading
from monitor.sources.base import SELECTS_NOTHING
from monitor.sources.fields import address_of, fields_by_name, read_epoch, text_of, text_of_field
from monitor.sources.keys import assign_keys
from monitor.sources.plain import clean_lines, one_line, text_of_html, title_in_plain_text, valid_language_tag
from monitor.sources.posting import PostOptions
from monitor.text.address import absolute_url
from monitor.text.dates import Dates
from monitor.text.decode import decode

Record = Mapping[str, object]

_EXPRESSION_IN_BRACES = re.compile(r"\{([^{}]+)\}")
_JSON_IN_SCRIPT = re.compile(
    r"\s*(?:\)\]\}'?,?|for\s*\(;;\);|while\s*\(1\);)?\s*(?:[\w$.]{1,80}\s*\((.*)\)\s*;?)?\s*", re.DOTALL
)
_PLAIN_TYPES: Final = (str, int, float)
_MAX_NESTED_VALUES: Final = 10_000
_ITEM_OPTIONS: Final = ("title", "link", "date", "summary")


def _check_expression(expression: str) -> str:
    try:
        _compile_expression(expression)
    except JMESPathError as error:
        raise ValueError(f"not JMESPath: {one_line(str(error))[:120]}") from error
    return expression


def _check_link(link: str) -> str:
    if not is_template(link):
        return _check_expression(link)
    for slot in _EXPRESSION_IN_BRACES.findall(link):
        _check_expression(slot)
    return link


Path = Annotated[str, AfterValidator(_check_expression)]
Link = Annotated[str, AfterValidator(_check_link)]


class ApiOptions(PostOptions):
    """JMESPath expressions for the entries and their fields in the answer. All are optional."""

    items: Path | None = Field(
        None, description="The array of entries. If it is left out, the longest array of objects is read."
    )
    title: Path | None = Field(None, description="The title, within an entry.")
    link: Link | None = Field(None, description="The address, within an entry; or a template, `https://…/{id}.html`.")
    date: Path | None = Field(
        None, description="The date, within an entry: text, or seconds or milliseconds since 1970."
    )
    summary: Path | None = Field(None, description="The summary, within an entry.")
    next: Link | None = Field(None, description="The address of the next page, in the answer; or a template.")


class ApiKind:
    """An API that answers with JSON."""

    kind: str = "api"
    synonyms: tuple[str, ...] = ("json", "jsonapi", "rest", "ajax", "post", "接口")
    accept: str = "application/json, text/json;q=0.9, */*;q=0.1"
    Options: type[BaseModel] = ApiOptions

    def read(
        self,
        body: bytes,
        *,
        url: str,
        content_type: str | None,
        options: Mapping[str, object],
        now: dt.datetime,
        timezone: str,
    ) -> Reading:
        """Read the entries of the answer `body`. Fields without an option are found by their names."""
        api_options = ApiOptions.model_validate(options)
        decoded = decode(body, content_type)
        try:
            answer = json.loads(_unwrap_json(decoded.text), strict=False)
        except (ValueError, RecursionError):
            from monitor.sources.feed.document import describe_document

            kind = describe_document(body, decoded.text) if body.strip() else "empty"
            kind = "broken, or nested too deeply" if kind.startswith("JSON") else kind
            return _unreadable_answer(f"not JSON that can be read: it is {kind}")
        items = _find_items(answer, api_options.items)
        if isinstance(items, str):
            return _unreadable_answer(items)
        api_options, unused = _drop_unused_expressions(items, api_options)
        dates = Dates(now, timezone)
        drafts = [(_make_entry(item, api_options, url, dates), item) for item in items]
        filled = [(entry, item) for entry, item in drafts if entry.title or entry.url]
        keyed = [entry for entry, _ in filled]
        if items and not keyed:
            return _unreadable_answer(
                f"its items have neither title nor address; they have: {_describe_keys(items[0])}"
            )
        empty = len(items) - len(keyed)
        problems = (
            *decoded.problems,
            *unused,
            *((f"{empty} of its items have neither title nor address",) if empty else ()),
            *dates.problems(),
        )
        former = [_as_first_version(entry, item, api_options) for entry, item in filled]
        return Reading(
            "api",
            assign_keys(keyed, None if former == keyed else former),
            next_url=(_address_at(answer, api_options.next, url) or None) if api_options.next else None,
            problems=problems,
        )


def _drop_unused_expressions(items: Sequence[Record], options: ApiOptions) -> tuple[ApiOptions, tuple[str, ...]]:
    """Return `options` without expressions that select nothing in any item, and a message for each of these."""
    expressions = {key: path for key in _ITEM_OPTIONS if items and (path := getattr(options, key)) is not None}
    slots = {
        key: _EXPRESSION_IN_BRACES.findall(path) if is_template(path) else [path] for key, path in expressions.items()
    }
    unused = {
        key: path
        for key, path in expressions.items()
        if not any(all(_text_at(item, slot) for slot in slots[key]) for item in items)
    }
    present = _describe_keys(items[0]) if unused else ""
    problems = tuple(
        f'{key} = "{path}" {SELECTS_NOTHING}{_explain_wrong_type(path, items[0])}; the field is found '
        f"by its name instead; the items have: {present}"
        for key, path in unused.items()
    )
    return options.model_copy(update=dict.fromkeys(unused)), problems


def _explain_wrong_type(expression: str, value: object) -> str:
    """Return the reason why an expression cannot be applied to `value`, in brackets; "" if it can be applied.

    The reason does not quote `value`.
    """
    if is_template(expression):
        return ""
    try:
        _compile_expression(expression).search(value)
    except JMESPathTypeError as error:
        needed = " or ".join(map(str, error.expected_types))
        return f" ({error.function_name}() needs {needed}, and gets {error.actual_type})"
    except JMESPathError as error:
        return f" ({type(error).__name__})"
    return ""


def is_template(link: str) -> bool:
    """Return whether the option `link` is an address with expressions in braces, and not itself an expression."""
    return link.startswith(("http://", "https://", "/", "?", "./", "../"))


def _unreadable_answer(problem: str) -> Reading:
    return Reading("api", problems=(problem,), readable=False)


def _unwrap_json(text: str) -> str:
    """Return the JSON in a function call (JSONP), or after a prefix such as `)]}'` that protects it from scripts."""
    text = text.strip()
    if text[:1] in ("{", "["):
        return text
    found = _JSON_IN_SCRIPT.fullmatch(text)
    if found and found[1]:
        return found[1]
    return re.sub(r"\A\)\]\}'?,?\s*", "", text)


def _find_items(answer: object, expression: str | None) -> list[Record] | str:
    """Return the entries as objects, or a message why there are no entries."""
    found: object
    if expression is None:
        # The longest array of objects anywhere in the answer, else an empty array.
        arrays = list(_nested_arrays(answer))
        of_objects = [array for array in arrays if any(isinstance(item, dict) for item in array)]
        found = max(of_objects or [array for array in arrays if not array], key=len, default=None)
    else:
        found = _evaluate(expression, answer)
    if isinstance(found, dict):
        found = list(found.values()) if all(isinstance(each, dict) for each in found.values()) else [found]
    if not isinstance(found, list):
        problem = (
            f'items = "{expression}" finds nothing{_explain_wrong_type(expression, answer)}'
            if expression
            else "no array of objects is in the answer"
        )
        return f"{problem}; it has: {_describe_keys(answer)}"
    items: list[Record] = [item for item in found if isinstance(item, dict)]
    return items if items or not found else "its items are not objects"


def _nested_arrays(answer: object) -> Iterator[list[object]]:
    todo = [answer]
    for _ in range(_MAX_NESTED_VALUES):
        if not todo:
            return
        found = todo.pop(0)
        if isinstance(found, list):
            yield found
            todo += found
        elif isinstance(found, dict):
            todo += found.values()


def _describe_keys(value: object) -> str:
    """Return a description of a value for a message: the keys of an object, or the type of another value."""
    if isinstance(value, dict):
        return one_line(", ".join(map(str, value)))[:200] or "nothing"
    return {list: "an array", str: "a text", type(None): "null"}.get(type(value), "a number")


def _make_entry(item: Record, options: ApiOptions, base: str, dates: Dates) -> Entry:
    fields = fields_by_name(item)
    title = _text_at(item, options.title) if options.title else text_of_field(fields, "title")
    summary = _text_at(item, options.summary) if options.summary else text_of_field(fields, "summary")
    date = _text_at(item, options.date) if options.date else text_of_field(fields, "date")
    # The order of day and month in a date depends on the language.
    languages = (valid_language_tag(text_of(fields.get(name))) for name in ("language", "lang", "locale"))
    language = next(filter(None, languages), None)
    return Entry(
        key="",
        title=title_in_plain_text(title),
        url=_address_at(item, options.link, base) if options.link else address_of(fields, base),
        published=read_epoch(date, dates.now) or dates.moment(date, language=language),
        summary=clean_lines(text_of_html(summary)),
    )


def _as_first_version(entry: Entry, item: Record, options: ApiOptions) -> Entry:
    """Return an entry as the first version read it: if it has no address, its key is a hash of its title."""
    title = _text_at(item, options.title) if options.title else text_of_field(fields_by_name(item), "title")
    return replace(entry, title=one_line(text_of_html(title, sections=False)))


def _address_at(item: object, link: str, base: str) -> str:
    """Return the address by the option `link`, an expression or a template; "" if a part of it is missing."""
    if not is_template(link):
        return absolute_url(base, _text_at(item, link))
    values = {slot: _text_at(item, slot) for slot in _EXPRESSION_IN_BRACES.findall(link)}
    if not all(values.values()):
        return ""
    return absolute_url(base, _EXPRESSION_IN_BRACES.sub(lambda slot: quote(values[slot[1]], safe="/:"), link))


def _text_at(item: object, expression: str) -> str:
    """Return the result of an expression as text. If it has several values, return the first that is not empty."""
    found = _evaluate(expression, item)
    values = found if isinstance(found, list) else [found]
    leaves = (value for value in values if isinstance(value, _PLAIN_TYPES) and not isinstance(value, bool))
    return next((text for value in leaves if (text := str(value).strip())), "")


def _evaluate(expression: str, value: object) -> object:
    """Return the result of an expression; None if the value does not have the types that the expression needs."""
    try:
        return _compile_expression(expression).search(value)
    except JMESPathError:
        return None


@cache
def _compile_expression(expression: str) -> Any:
    return jmespath.compile(expression)
