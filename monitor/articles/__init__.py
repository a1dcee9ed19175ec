"""Pages → articles. Pure.

The package is not called `extract`, as its function is: `monitor.extract` is the function of the public API, and a
package of that name would take its place as soon as anything imported it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from monitor.articles.page import extract

__all__ = ["extract"]


def __getattr__(name: str) -> Any:
    """Load the page reader when it is first used: that takes a second, and only child processes need it."""
    if name != "extract":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return import_module("monitor.articles.page").extract
