"""The composition root: configuration → a program of live parts."""

from monitor.wiring.looks import Look, explain_all, look_at, look_at_all, look_at_file
from monitor.wiring.parts import (
    assemble,
    bring_into_force,
    fetch_settings,
    has_database,
    live_channels,
    open_program,
    open_store,
)
from monitor.wiring.program import Pass, Program, Readers

__all__ = [
    "Look",
    "Pass",
    "Program",
    "Readers",
    "assemble",
    "bring_into_force",
    "explain_all",
    "fetch_settings",
    "has_database",
    "live_channels",
    "look_at",
    "look_at_all",
    "look_at_file",
    "open_program",
    "open_store",
]
