"""Options whose values are the names in a registry. The names are loaded only when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from typer.core import TyperCommand


def command_listing(option: str, names: Callable[[], Iterable[str]]) -> type[TyperCommand]:
    """Return a command class whose help lists `names()` as the values of `option`.

    A choice made by typer needs the names when the program starts, so `monitor --help` would load every channel. The
    command itself must refuse other values.
    """

    class Listing(TyperCommand):
        def get_params(self, ctx: Any) -> Any:
            """Return the parameters of the command. Called when the command is run or its help is shown."""
            params = super().get_params(ctx)
            for param in params:
                if param.name == option:
                    param.metavar = f"<{'|'.join(names())}>"
            return params

    return Listing


def complete(names: Callable[[], Iterable[str]]) -> Callable[[str], list[str]]:
    """Return a function that returns the names that begin with a text, for completion in a shell."""

    def beginning(incomplete: str) -> list[str]:
        return [name for name in names() if name.startswith(incomplete)]

    return beginning
