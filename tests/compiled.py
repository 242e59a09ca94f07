"""file of pictures → its models: an example is compiled once in a process, whichever tests read it.

Every process of the tests collects all of them, and a dozen files of tests go through all examples. Models are data
that never changes, so they may share them.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from seqdsl.api import Analysis, Model, analyze


@cache
def analyzed(path: Path) -> Analysis:
    """What the pictures of a file come to."""
    return analyze(path.read_bytes(), path.name)


def compiled(path: Path) -> tuple[Model, ...]:
    """The models of a file without errors."""
    found = analyzed(path)
    assert not any(item.is_error for item in found.diagnostics), path.name
    return found.models
