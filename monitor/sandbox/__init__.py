"""Parse untrusted bytes in child processes that have limits and can be killed.

A parser is a large attack surface: one hostile document can use up time or memory, or crash the interpreter. So parsers
run in child processes, whose loss does no harm. `pool` runs in the parent, `child` runs in the child.
"""

from monitor.sandbox.pool import InlineReaders, ReaderPool

__all__ = ["InlineReaders", "ReaderPool"]
