"""a ``*`` at an end of a run: state that passes from call to call, and what is wrong with one."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.ir.direction import Direction
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from seqdsl.text.source import Span


class StateEnd(NamedTuple):
    """A ``*``: state that passes from one call of the model to the next.

    Attributes:
        block: the block whose state it is.
        leaves: whether the model gives the block's final state; otherwise it takes the initial one.
        span: the ``*``.
    """

    block: int
    leaves: bool
    span: Span


def stray_end(span: Span) -> Diagnostic:
    """A ``*`` that no state wire joins to a node."""
    return Diagnostic(
        "SEQ217",
        "this `*` is not joined to a run",
        span,
        "draw it at an end of a row with state wires, such as `*--H-H-H--*`",
    )


def uncut(letter: str, direction: Direction, span: Span) -> Diagnostic:
    """State from call to call needs a run from left to right: a later call knows nothing of what comes after."""
    way = {
        Direction.BACKWARD: "runs from right to left",
        Direction.BIDIRECTIONAL: "is bidirectional",
    }
    runs = way.get(direction, "does not run to the right here")
    return Diagnostic(
        "SEQ317",
        f"the state of `{letter}` cannot pass from call to call: it {runs}",
        span,
        "draw its state wires from left to right, such as `*--H-H-H--*`, or remove the `*`",
    )
