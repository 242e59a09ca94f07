"""Python source → syntax tree: one tree at a time, whichever thread asks.

CPython (3.11, at least) keeps how deep it is in a tree in one place for all threads. `ast.parse` makes an object for
each node, which may collect garbage, and a finalizer may then let another thread run. If that one parses as well, both
find a depth that is not theirs: ``SystemError: AST constructor recursion depth mismatch``. `verify` prepares its jobs
in threads, and programs that use seqdsl may have some: nothing in seqdsl calls `ast.parse` but this.
"""

from __future__ import annotations

import ast
from threading import RLock

# Whatever runs while a tree is being made may ask for one itself: such a thread must not wait for itself.
_LOCK = RLock()


def parse_python(source: str | bytes) -> ast.Module:
    """The syntax tree of a Python module.

    Raises:
        SyntaxError: it is none.
        ValueError: it has null bytes.
    """
    with _LOCK:
        return ast.parse(source)
