"""Statements that are compiled once in a process, not once for each engine.

SQLAlchemy keeps what it compiled with the engine that asked for it. The program has one engine, but nearly every test
opens one more, and to compile the statements of a pass again takes half of the pass's time.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.engine import Engine


class Compiled:
    """What was compiled for one kind of database, whichever engine asked: all of a kind are set up the same."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Any, ...], Any] = {}

    def get(self, key: tuple[Any, ...]) -> Any:
        """Return what was compiled for this statement. A key is the engine's dialect, then all about the statement."""
        return self._kept.get(key[1:])

    def __setitem__(self, key: tuple[Any, ...], compiled: Any) -> None:
        """Keep what was compiled."""
        self._kept[key[1:]] = compiled


def share() -> None:
    """Let all engines of this process share what they compile."""
    kept: dict[str, Compiled] = {}

    def connected(connection: Connection) -> None:
        connection.execution_options(compiled_cache=kept.setdefault(connection.dialect.name, Compiled()))

    event.listen(Engine, "engine_connect", connected)
