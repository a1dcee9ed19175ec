"""Asking by POST: the options of the kinds that can, and the body as it is sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, ValidationInfo, WithJsonSchema, model_validator

from monitor.secret import Secret, is_reference

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Payload:
    """A body ready to be sent, its media type, and the values in it that are secret."""

    content: bytes = field(repr=False)
    content_type: str
    secrets: tuple[str, ...] = field(default=(), repr=False)


def payload(stated: Any, info: ValidationInfo) -> Payload:
    """The body that a text or a table states; texts in it may name secrets. Raises ValueError for anything else."""
    reveal = _Reveal((info.context or {}).get("resolve_secret", Secret))
    said = reveal(stated)
    if isinstance(said, str):
        return Payload(said.encode(), JSON if _is_json(said) else FORM, tuple(reveal.seen))
    if not isinstance(said, dict):
        raise ValueError('a body is a text or a table; write body = "…" or body = { … }')
    try:
        text = json.dumps(said, ensure_ascii=False, allow_nan=False)
    except TypeError:
        raise ValueError("JSON has no dates; put quotes around those in the body") from None
    except ValueError:
        raise ValueError("JSON has no inf and no nan; take them out of the body") from None
    return Payload(text.encode(), JSON, tuple(reveal.seen))


class _Reveal:
    """Puts the values of secrets where their names stand, and remembers them."""

    def __init__(self, resolve: Callable[[str], Secret]) -> None:
        self.seen: list[str] = []
        self._resolve = resolve

    def __call__(self, stated: Any) -> Any:
        if isinstance(stated, dict):
            return {key: self(value) for key, value in stated.items()}
        if isinstance(stated, list):
            return [self(value) for value in stated]
        if not isinstance(stated, str) or not is_reference(stated):
            return stated
        self.seen.append(self._resolve(stated).reveal())
        return self.seen[-1]


def _is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict | list)
    except (ValueError, RecursionError):
        return False


Body = Annotated[
    Payload,
    PlainValidator(payload),
    WithJsonSchema({"type": ["string", "object"], "examples": ["keyword=metaverse&page=1", {"page": 1}]}),
]


class Posting(BaseModel):
    """How an address is asked that may want a POST. These options are the asker's; the reader has no use for them."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid", frozen=True)

    method: Literal["GET", "POST"] = Field(default="GET", description="How the address is asked.")
    body: Body | None = Field(default=None, description="What a POST sends: a text, or a table, which becomes JSON.")

    @model_validator(mode="after")
    def _no_body_without_a_post(self) -> Self:
        if self.body is not None and self.method == "GET":
            raise ValueError('a body is sent by POST only; add method = "POST"')
        return self
