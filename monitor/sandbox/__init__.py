"""Child processes with limits, which can be killed: bytes from outside are parsed here.

A parser is a large attack surface: one hostile document can take all time, all memory, or crash the interpreter. So
readers run in children that can be lost. `pool` is the parent's side, `child` runs in the child.
"""

from monitor.sandbox.pool import InlineReaders, ReaderPool

__all__ = ["InlineReaders", "ReaderPool"]
