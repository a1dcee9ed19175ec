"""Read YAML from untrusted files, with limits: no tags that create objects, few aliases, no deep nesting."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from monitor.interchange.base import UnreadableFile

MAX_TEXT_SIZE: Final = 8 * 1024 * 1024
"""Characters. The largest known list of jobs has 80,000."""

MAX_ALIASES: Final = 200
MAX_DEPTH: Final = 50


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML document, and the line in which it begins."""

    line: int
    value: Any


def documents(text: str) -> Iterator[Document]:
    """Yield the documents in `text`, without empty ones. Raises UnreadableFile if it is not YAML or exceeds a limit."""
    if len(text) > MAX_TEXT_SIZE:
        raise UnreadableFile(0, 0, f"this has more than {MAX_TEXT_SIZE >> 20} million characters", "split the file")
    try:
        loader = _Loader(text.replace("\t", "    ") if _has_only_trailing_tabs(text) else text)
        while loader.check_node():
            node = loader.get_node()
            if node is not None:
                yield Document(node.start_mark.line + 1, loader.construct_document(node))
    except yaml.MarkedYAMLError as wrong:
        mark = wrong.problem_mark or wrong.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise UnreadableFile(
            line, column, f"this is not valid YAML: {wrong.problem or wrong.context}", _YAML_REMEDY
        ) from None
    except yaml.YAMLError as wrong:
        raise UnreadableFile(0, 0, f"this is not valid YAML: {str(wrong).splitlines()[0]}", _YAML_REMEDY) from None
    except (RecursionError, ValueError) as wrong:
        raise UnreadableFile(0, 0, f"this YAML cannot be read: {wrong}", _YAML_REMEDY) from None


_YAML_REMEDY: Final = "fix that line, and import the file again; nothing was imported"


def _has_only_trailing_tabs(text: str) -> bool:
    """Return whether all tabs are at line ends: libyaml accepts tabs there, but PyYAML's own parser does not."""
    return "\t" in text and all("\t" not in line.rstrip() or "#" in line for line in text.splitlines())


class _Loader(yaml.SafeLoader):
    """A safe loader that has limits and keeps dates as text."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML's own attribute
        sign: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for sign, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._aliases = self._depth = 0

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Compose a node, and raise if there are too many aliases or levels."""
        self._aliases += self.check_event(yaml.AliasEvent)
        self._depth += 1
        if self._aliases > MAX_ALIASES:
            raise yaml.composer.ComposerError(None, None, "it has too many aliases", None)
        if self._depth > MAX_DEPTH:
            raise yaml.composer.ComposerError(None, None, "it is nested too deeply", None)
        try:
            return super().compose_node(parent, index)
        finally:
            self._depth -= 1
