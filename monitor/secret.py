"""A value that must not be shown: it prints as `***` everywhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from pydantic_core.core_schema import CoreSchema, ValidationInfo

MASK: Final = "***"


def is_reference(text: str) -> bool:
    """Return whether `text` refers to a secret instead of being one. `file://` is an address, not a reference."""
    return text.startswith("env:") or (text.startswith("file:") and not text.startswith("file://"))


def password_of(url: str) -> str | None:
    """Return the password in an address, as written. Return None if it has no password or is not an address."""
    try:
        return urlsplit(url).password
    except ValueError:
        return None


class Secret:
    """A secret and its origin (`env:NAME`, `file:PATH` or `inline`).

    `str`, `repr`, f-strings, and JSON encoders that fall back to `str` all show `***`. Only `reveal()` returns the
    value; call it only where the value is sent.
    """

    __slots__ = ("_value", "origin")

    def __init__(self, value: str, origin: str = "inline") -> None:
        self._value = value
        self.origin = origin

    def reveal(self) -> str:
        """Return the value itself. Never log it, store it or put it into an error."""
        return self._value

    def __str__(self) -> str:
        return MASK

    def __repr__(self) -> str:
        return f"Secret({MASK}, origin={self.origin!r})"

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> tuple[type[Secret], tuple[str, str]]:
        raise TypeError("a secret is not pickled: it would be readable wherever the pickle goes")

    @classmethod
    def __get_pydantic_core_schema__(cls, source: object, handler: object) -> CoreSchema:
        """Make options of type `Secret` possible: a string in the file, resolved by the loader's context.

        The loader passes `context={"resolve_secret": str -> Secret}`, a function that resolves `env:` and `file:`.
        It raises ValueError with a message for the user. Without this context, the string itself is the value.
        """
        from pydantic_core import core_schema

        def resolve(value: Any, info: ValidationInfo) -> Secret:
            resolver = (info.context or {}).get("resolve_secret", cls)
            found = resolver(value)
            if not isinstance(found, Secret):
                raise TypeError("resolve_secret must return a Secret")
            return found

        text = core_schema.with_info_after_validator_function(resolve, core_schema.str_schema(strict=True))
        return core_schema.json_or_python_schema(
            json_schema=text,
            python_schema=core_schema.union_schema([core_schema.is_instance_schema(cls), text]),
            serialization=core_schema.to_string_ser_schema(),
        )


def redact(text: str, secrets: tuple[Secret, ...]) -> str:
    """Return `text` with `***` in place of every secret. Called before a text is logged, shown or stored."""
    for secret in sorted(secrets, key=lambda s: len(s.reveal()), reverse=True):
        if secret.reveal():
            text = text.replace(secret.reveal(), MASK)
    return text
