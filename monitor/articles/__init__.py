"""Extract articles from their pages. Pure.

The package cannot be called `extract`: `monitor.extract` is a function of the public API, and a package of that name
would replace it when it is imported.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.articles.page import extract

__all__ = ["extract"]


def __getattr__(name: str) -> Any:
    """Load the page reader when it is first used. Loading takes a second, and only child processes need the reader."""
    if name != "extract":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module("monitor.articles.page").extract
