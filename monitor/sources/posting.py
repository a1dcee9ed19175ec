"""POST requests: the options of the kinds that allow them, and the request body."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationInfo, WithJsonSchema, model_validator

from monitor.secret import Secret, is_reference

JSON_TYPE: Final = "application/json"
FORM_TYPE: Final = "application/x-www-form-urlencoded"

# Names of fields with secret values. Not every name with "key" counts: "keyword" and "sort_key" do not.
_SECRET_VALUE: Final = re.compile(r"\d.*[^\W\d]|[^\W\d].*\d|.{16}")  # `token = "bitcoin"` is not a secret
_SECRET_NAME: Final = re.compile(
    r"token|secret|passw|signature|session|(?:api|app|access|auth|private)[_-]?(?:key|code)|^key$|^auth", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class RequestBody:
    """The body of a request, its media type, and the secret values in it.

    `is_plaintext` means that a secret value is written in the configuration file itself.
    """

    content: bytes = field(repr=False)
    content_type: str
    secrets: tuple[str, ...] = field(default=(), repr=False)
    is_plaintext: bool = False


def read_body(value: Any, info: ValidationInfo) -> RequestBody:
    """Return the request body for a text or a table, which may refer to secrets. Raises ValueError for others."""
    secret_values: list[str] = []
    text_or_table = _resolve_secrets(value, (info.context or {}).get("resolve_secret", Secret), secret_values)
    if not isinstance(text_or_table, str | dict):
        raise ValueError('a body is a text or a table; write body = "…" or body = { … }')
    content, content_type, fields = (
        _read_text_body(text_or_table)
        if isinstance(text_or_table, str)
        else (_write_json_body(text_or_table), JSON_TYPE, text_or_table)
    )
    by_name = list(_secret_texts(fields))
    is_plaintext = (
        bool(by_name) if not secret_values else isinstance(value, dict) and not set(by_name) <= set(secret_values)
    )
    return RequestBody(content, content_type, tuple(dict.fromkeys([*secret_values, *by_name])), is_plaintext)


def _resolve_secrets(value_or_table: Any, resolve: Callable[[str], Secret], secret_values: list[str]) -> Any:
    """Return `value_or_table` with secrets instead of references. Add the secret values to `secret_values`."""
    if isinstance(value_or_table, dict):
        return {key: _resolve_secrets(value, resolve, secret_values) for key, value in value_or_table.items()}
    if isinstance(value_or_table, list):
        return [_resolve_secrets(value, resolve, secret_values) for value in value_or_table]
    if not isinstance(value_or_table, str) or not is_reference(value_or_table):
        return value_or_table
    secret_values.append(resolve(value_or_table).reveal())
    return secret_values[-1]


def _read_text_body(text: str) -> tuple[bytes, str, Any]:
    """Return a text body as bytes, its media type, and its fields."""
    try:
        fields = json.loads(text)
    except (ValueError, RecursionError):
        fields = None
    if isinstance(fields, dict | list):
        return text.encode(), JSON_TYPE, fields
    return text.encode(), FORM_TYPE, dict(pair.partition("=")[::2] for pair in text.split("&"))


def _write_json_body(table: dict[str, Any]) -> bytes:
    try:
        return json.dumps(table, ensure_ascii=False, allow_nan=False).encode()
    except TypeError:
        raise ValueError("JSON has no dates; put quotes around those in the body") from None
    except ValueError:
        raise ValueError("JSON has no inf and no nan; remove them from the body") from None


def plaintext_secrets(body_or_query: Any) -> tuple[str, ...]:
    """Return the values in a body, or in the query of an address, that are secret by the names of their fields."""
    fields = (
        _read_text_body(body_or_query)[2]
        if isinstance(body_or_query, str) and not is_reference(body_or_query)
        else body_or_query
    )
    return tuple(text for text in _secret_texts(fields) if not is_reference(text))


def _secret_texts(fields: Any, name: str = "") -> Iterator[str]:
    """Yield the texts in `fields` that are secret by the names of their fields."""
    if isinstance(fields, dict):
        for key, value in fields.items():
            yield from _secret_texts(value, str(key))
    elif isinstance(fields, list):
        for value in fields:
            yield from _secret_texts(value, name)
    elif isinstance(fields, str) and _SECRET_NAME.search(name) and _SECRET_VALUE.search(fields):
        yield fields


Body = Annotated[
    RequestBody,
    PlainValidator(read_body),
    WithJsonSchema({"type": ["string", "object"], "examples": ["keyword=metaverse&page=1", {"page": 1}]}),
]


class PostOptions(BaseModel):
    """The options for requesting an address. They are used by the fetcher, not by the readers."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    method: Literal["GET", "POST"] = Field(default="GET", description="How the address is requested.")
    body: Body | None = Field(default=None, description="What a POST sends: a text, or a table, which becomes JSON.")

    @model_validator(mode="after")
    def _refuse_body_without_post(self) -> Self:
        if self.body is not None and self.method == "GET":
            raise ValueError('a body is sent by POST only; add method = "POST"')
        return self
