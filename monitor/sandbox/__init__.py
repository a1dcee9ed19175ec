"""Killable child processes with limits: the place where bytes from outside are read.

A parser is a large surface: one hostile document can take all time, all memory, or crash the interpreter. So readers
run in children that can be lost. `pool` is the parent's side, `child` what runs in the child.
"""

from monitor.sandbox.pool import Inline, ReaderPool

__all__ = ["Inline", "ReaderPool"]
