"""The interfaces of the parts that the program is made of."""

from __future__ import annotations

from typing import Protocol

from monitor import collect


class Readers(collect.Readers, Protocol):
    """Readers that can be closed."""

    def close(self) -> None:
        """Finish the accepted work, then release all resources."""
        ...

    def abort(self) -> None:
        """Stop all work at once."""
        ...
