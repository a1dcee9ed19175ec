"""An option whose values are the names in a registry. The names are loaded only when they are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from typer.core import TyperCommand


def command_listing(option: str, names: Callable[[], Iterable[str]]) -> type[TyperCommand]:
    """Return a class of commands whose `option` shows `names()` as its values.

    A choice that typer makes itself would have to know the names when the program starts, and so load every channel for
    `monitor --help`. The command itself refuses other values, since it reads the registry anyway.
    """

    class Listing(TyperCommand):
        def get_params(self, ctx: Any) -> Any:
            """Return the parameters of the command; asked when it is run or its help is shown."""
            params = super().get_params(ctx)
            for param in params:
                if param.name == option:
                    param.metavar = f"<{'|'.join(names())}>"
            return params

    return Listing


def complete(names: Callable[[], Iterable[str]]) -> Callable[[str], list[str]]:
    """Return a function that completes such a value in a shell."""

    def beginning(incomplete: str) -> list[str]:
        return [name for name in names() if name.startswith(incomplete)]

    return beginning
