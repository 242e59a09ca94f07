"""code of a cell → what its author calls the values that it computes: the names of its local variables."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from seqdsl.cells import ACTIVATIONS
from seqdsl.importers.identifiers import identifier
from seqdsl.lowering.declared_cells import FRAME
from seqdsl.syntax.names import is_reserved

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_OTHER = {"x", "split", "dense", "conv2d", "scale", "layernorm", "dropout", "zoneout", *FRAME}
"""Words that mean something else in equations, or in the code of every cell."""
_LONGEST = 16


@contextmanager
def local_names(kind: type, method: str) -> Iterator[dict[str, Any]]:
    """The local variables of a method of a class, or of its base classes, as they are when it returns.

    Args:
        kind: the class.
        method: the method's name.
    """
    # `super().forward(...)` has names of its own: the class's own method returns last, so its names win.
    codes = {
        code
        for item in kind.__mro__
        if (code := getattr(vars(item).get(method), "__code__", None)) is not None
    }
    found: dict[str, Any] = {}
    before = sys.getprofile()

    def noted(frame: FrameType, event: Any, argument: Any) -> None:
        if event == "return" and frame.f_code in codes:
            found.update(frame.f_locals)
        if before is not None:
            before(frame, event, argument)

    sys.setprofile(noted)
    try:
        yield found
    finally:
        sys.setprofile(before)


def as_name(local: str) -> str:
    """A variable's name as a name in equations; empty: it cannot be one."""
    word = identifier(local)
    if word in _OTHER or word in ACTIVATIONS or is_reserved(word) or len(word) > _LONGEST:
        return ""
    return word if local.lower().strip("_") == word else ""
