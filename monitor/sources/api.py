"""APIs: JSON that lists entries, read by JMESPath (https://jmespath.org/) or by the names of fields."""

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
from monitor.sources.base import UNSELECTED
from monitor.sources.fields import address_of, epoch, field, fields_by_name, text_of
from monitor.sources.keys import assign_keys
from monitor.sources.plain import html_text, language_tag, one_line, tidy, title_text
from monitor.sources.posting import PostOptions
from monitor.text.address import absolute_url
from monitor.text.dates import Dates
from monitor.text.decode import decode

Record = Mapping[str, object]

_SLOT = re.compile(r"\{([^{}]+)\}")
_WRAPPED = re.compile(
    r"\s*(?:\)\]\}'?,?|for\s*\(;;\);|while\s*\(1\);)?\s*(?:[\w$.]{1,80}\s*\((.*)\)\s*;?)?\s*", re.DOTALL
)
_LEAVES: Final = (str, int, float)
_NESTED: Final = 10_000
_WITHIN: Final = ("title", "link", "date", "summary")


def _expression(stated: str) -> str:
    try:
        _compiled(stated)
    except JMESPathError as error:
        raise ValueError(f"not JMESPath: {one_line(str(error))[:120]}") from error
    return stated


def _link(stated: str) -> str:
    if not is_template(stated):
        return _expression(stated)
    for slot in _SLOT.findall(stated):
        _expression(slot)
    return stated


Path = Annotated[str, AfterValidator(_expression)]
Link = Annotated[str, AfterValidator(_link)]


class ApiOptions(PostOptions):
    """Where the entries and their fields are in the answer: JMESPath expressions, all optional."""

    items: Path | None = Field(None, description="The array of entries. Left out, the longest array of objects.")
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
        where = ApiOptions.model_validate(options)
        decoded = decode(body, content_type)
        try:
            answer = json.loads(_unwrap(decoded.text), strict=False)
        except (ValueError, RecursionError):
            from monitor.sources.feed.document import what_it_is

            kind = what_it_is(body, decoded.text) if body.strip() else "empty"
            kind = "broken, or nested too deeply" if kind.startswith("JSON") else kind
            return _unreadable(f"not JSON that can be read: it is {kind}")
        items = _items(answer, where.items)
        if isinstance(items, str):
            return _unreadable(items)
        where, unused = _without_unused(items, where)
        dates = Dates(now, timezone)
        drafts = [(_entry(item, where, url, dates), item) for item in items]
        spoken = [(entry, item) for entry, item in drafts if entry.title or entry.url]
        said = [entry for entry, _ in spoken]
        if items and not said:
            return _unreadable(f"its items have neither title nor address; they have: {_describe_keys(items[0])}")
        silent = len(items) - len(said)
        problems = (
            *decoded.problems,
            *unused,
            *((f"{silent} of its items have neither title nor address",) if silent else ()),
            *dates.problems(),
        )
        before = [_as_before(entry, item, where) for entry, item in spoken]
        return Reading(
            "api",
            assign_keys(said, None if before == said else before),
            next_url=(_address(answer, where.next, url) or None) if where.next else None,
            problems=problems,
        )


def _without_unused(items: Sequence[Record], where: ApiOptions) -> tuple[ApiOptions, tuple[str, ...]]:
    """Return `where` without expressions that select nothing in any item, and a problem for each in words."""
    stated = {key: path for key in _WITHIN if items and (path := getattr(where, key)) is not None}
    slots = {key: _SLOT.findall(path) if is_template(path) else [path] for key, path in stated.items()}
    unused = {
        key: path
        for key, path in stated.items()
        if not any(all(_text_at(item, slot) for slot in slots[key]) for item in items)
    }
    present = _describe_keys(items[0]) if unused else ""
    problems = tuple(
        f'{key} = "{path}" {UNSELECTED}{_explain_types(path, items[0])}; it is found by its name; they have: {present}'
        for key, path in unused.items()
    )
    return where.model_copy(update=dict.fromkeys(unused)), problems


def _explain_types(stated: str, value: object) -> str:
    """Return why an expression cannot be applied, in brackets; "" if it can, or is not stated. No value is repeated."""
    if is_template(stated):
        return ""
    try:
        _compiled(stated).search(value)
    except JMESPathTypeError as error:
        needed = " or ".join(map(str, error.expected_types))
        return f" ({error.function_name}() needs {needed}, and gets {error.actual_type})"
    except JMESPathError as error:
        return f" ({type(error).__name__})"
    return ""


def is_template(stated: str) -> bool:
    """Return whether a link is an address with expressions in braces, not an expression itself."""
    return stated.startswith(("http://", "https://", "/", "?", "./", "../"))


def _unreadable(problem: str) -> Reading:
    return Reading("api", problems=(problem,), readable=False)


def _unwrap(text: str) -> str:
    """Return the JSON inside a call (JSONP), or after a prefix that keeps scripts from reading it."""
    text = text.strip()
    if text[:1] in ("{", "["):
        return text
    found = _WRAPPED.fullmatch(text)
    if found and found[1]:
        return found[1]
    return re.sub(r"\A\)\]\}'?,?\s*", "", text)


def _items(answer: object, stated: str | None) -> list[Record] | str:
    """Return the entries as objects, or why there are none."""
    found: object
    if stated is None:
        # The longest array of objects anywhere in the answer; an empty one if there is no other.
        arrays = list(_arrays(answer))
        of_objects = [array for array in arrays if any(isinstance(item, dict) for item in array)]
        found = max(of_objects or [array for array in arrays if not array], key=len, default=None)
    else:
        found = _search(stated, answer)
    if isinstance(found, dict):
        found = list(found.values()) if all(isinstance(each, dict) for each in found.values()) else [found]
    if not isinstance(found, list):
        problem = (
            f'items = "{stated}" finds nothing{_explain_types(stated, answer)}'
            if stated
            else "no array of objects is in the answer"
        )
        return f"{problem}; it has: {_describe_keys(answer)}"
    items: list[Record] = [item for item in found if isinstance(item, dict)]
    return items if items or not found else "its items are not objects"


def _arrays(answer: object) -> Iterator[list[object]]:
    todo = [answer]
    for _ in range(_NESTED):
        if not todo:
            return
        found = todo.pop(0)
        if isinstance(found, list):
            yield found
            todo += found
        elif isinstance(found, dict):
            todo += found.values()


def _describe_keys(value: object) -> str:
    """Return the names of an object's keys, in words; for another value, its type."""
    if isinstance(value, dict):
        return one_line(", ".join(map(str, value)))[:200] or "nothing"
    return {list: "an array", str: "a text", type(None): "null"}.get(type(value), "a number")


def _entry(item: Record, where: ApiOptions, base: str, dates: Dates) -> Entry:
    fields = fields_by_name(item)
    title = _text_at(item, where.title) if where.title else field(fields, "title")
    summary = _text_at(item, where.summary) if where.summary else field(fields, "summary")
    stated = _text_at(item, where.date) if where.date else field(fields, "date")
    # The language says in which order a date's numbers are.
    languages = (language_tag(text_of(fields.get(name))) for name in ("language", "lang", "locale"))
    language = next(filter(None, languages), None)
    return Entry(
        key="",
        title=title_text(title),
        url=_address(item, where.link, base) if where.link else address_of(fields, base),
        published=epoch(stated, dates.now) or dates.moment(stated, language=language),
        summary=tidy(html_text(summary)),
    )


def _as_before(entry: Entry, item: Record, where: ApiOptions) -> Entry:
    """Return an entry as the first version read it: without an address its key was a hash of its title."""
    title = _text_at(item, where.title) if where.title else field(fields_by_name(item), "title")
    return replace(entry, title=one_line(html_text(title, sections=False)))


def _address(item: object, stated: str, base: str) -> str:
    """Return the address that an expression finds or a template makes; "" if a part of it is missing."""
    if not is_template(stated):
        return absolute_url(base, _text_at(item, stated))
    values = {slot: _text_at(item, slot) for slot in _SLOT.findall(stated)}
    if not all(values.values()):
        return ""
    return absolute_url(base, _SLOT.sub(lambda slot: quote(values[slot[1]], safe="/:"), stated))


def _text_at(item: object, expression: str) -> str:
    """Return what an expression finds, as text; of several values the first one that is not empty."""
    found = _search(expression, item)
    values = found if isinstance(found, list) else [found]
    leaves = (value for value in values if isinstance(value, _LEAVES) and not isinstance(value, bool))
    return next((text for value in leaves if (text := str(value).strip())), "")


def _search(expression: str, value: object) -> object:
    """Return what an expression finds; None if the answer has other types than the expression needs."""
    try:
        return _compiled(expression).search(value)
    except JMESPathError:
        return None


@cache
def _compiled(expression: str) -> Any:
    return jmespath.compile(expression)
