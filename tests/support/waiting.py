"""How long tests wait: a slow or busy machine breaks none of them, and a program that hangs does."""

from __future__ import annotations

from typing import Final

SOON: Final = 60.0
"""Seconds that a test waits at most for what an idle machine does at once."""
NEVER: Final = 3600.0
"""Seconds of a limit that must not be what ends the work. A test that waits for it is ended by its own limit."""
EXCHANGE: Final = 1.5
"""Seconds within which an exchange with a server on this machine gets to its last step, also on a slow machine."""
