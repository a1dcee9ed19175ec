"""Import libraries and names of packages, and compile patterns, when they are first used: so commands start fast."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any, cast


class _LazyPattern:
    """Stands for a regular expression that is compiled when one of its attributes is first used."""

    def __init__(self, text: str, flags: int) -> None:
        self._arguments = text, flags

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(re.compile(*self._arguments), attribute)
        setattr(self, attribute, value)
        return value


def lazy_pattern(text: str, flags: int = 0) -> re.Pattern[str]:
    """Return a regular expression that is compiled when it is first used.

    It is for the long patterns of modules that many processes import and few use: compiling them was a sixth of the
    start. Use its methods and attributes; functions of `re` do not take it as a pattern.
    """
    return cast("re.Pattern[str]", _LazyPattern(text, flags))


class LazyModule:
    """Stands for a library that is imported when one of its attributes is first used."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(import_module(self._name), attribute)
        setattr(self, attribute, value)
        return value


def lazily(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """Return a `__getattr__` for `package` (PEP 562). `modules` are its names, by the module that has them.

    A name that was used once is an attribute of the package from then on.
    """
    module_of = {name: module for module, names in modules.items() for name in names.split()}

    def get(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(module_of[name]), name)
        setattr(sys.modules[package], name, value)
        return value

    return get
