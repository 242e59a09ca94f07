"""what the steps of a node combine → wires, and buses of which a sample may lack steps: padded, or of a free number.

::

          M   M   M       each step reads one of Y by a wire, and the first two all of X, which enters them by a bus
         /|  /|   |
    +-+-+-|-+ |   |
    X X X Y   Y   Y
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import (
    ConcatTime,
    Elementwise,
    Pool,
    Repeat,
    Share,
    Step,
    blocks_of,
    walk,
)
from seqdsl.ir.operations import Identity, Merge
from seqdsl.layers import Combination
from seqdsl.layout.wiring import Bus, Part, Source, Steps
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.nodes import Node
    from seqdsl.ir.operations import Reduce
    from seqdsl.layout.wiring import Operand

    Read = tuple[Part, ...]
    Evaluate = Callable[[Expression], list[Read]]


@record(frozen=True)
class Pooled(Source):
    """All that a bus leads, where it is read by one of several steps; in no wiring."""

    of: tuple[Source, ...] = ()


def how_pooled(node: Node) -> str:
    """How a node combines a bus whose steps may be missing with other wires; empty if it does not."""
    if not isinstance(node.operation, Merge | Identity):
        return ""
    inner = [item for view in node.views for item in walk(view)]
    # A mean is a sum, times a share.
    if any(isinstance(item, Share) for item in inner):
        return Combination.MEAN.value
    return next((item.how for item in inner if isinstance(item, Pool)), "")


def wires_and_buses(node: Node, evaluate: Evaluate) -> tuple[Operand, ...]:
    """What a node reads that combines such a bus: wires, of which some steps may have fewer, and buses."""
    views = [evaluate(view) for view in node.views]
    read = [tuple(part for step in steps for part in step) for steps in zip(*views, strict=True)]
    wires = [tuple(part for part in step if not isinstance(part, Pooled)) for step in read]
    return (*lanes(wires), *_buses(read))


def _buses(read: list[Read]) -> list[Operand]:
    entered: dict[tuple[Source, ...], list[int]] = {}
    for at, step in enumerate(read):
        for part in step:
            if isinstance(part, Pooled):
                entered.setdefault(part.of, []).append(at)
    return [
        Bus(of, None if len(steps) == len(read) else tuple(steps)) for of, steps in entered.items()
    ]


def lanes(read: list[Read]) -> tuple[Operand, ...]:
    """Wires one by one of steps that have different numbers of them: each has its place beside those of its row.

    ::

        a z    b z    z      of these steps the first lane is `a b -`, the second one `z z z`
    """
    most = max(read, key=len)
    found = [_in_places(step, most) for step in read]
    return tuple(
        Steps(tuple((step[at],) if step[at] else () for step in found)) for at in range(len(most))
    )


def _in_places(step: Read, most: Read) -> list[Part]:
    own: list[Part] = [None] * len(most)
    for part in step:
        free = [at for at, there in enumerate(own) if there is None]
        alike = [at for at in free if _block(most[at]) == _block(part)]
        own[(alike or free)[0]] = part
    return own


def _block(part: Part) -> int | None:
    return None if part is None else part.block


def values_apart(
    operation: Reduce, evaluate: Evaluate, padded: frozenset[int]
) -> tuple[list[Operand], list[Read]]:
    """What a single node reads by wires that lead a value where a sample has none, zero, and all else, by a bus."""
    whole = operation.operand
    parts = whole.parts if isinstance(whole, ConcatTime) else (whole,)
    wires = [part for part in parts if _is_value(part, padded)]
    joined = [part for part in parts if part not in wires]
    if not joined:
        return [], evaluate(whole)
    rest = [step for part in joined for step in evaluate(part)]
    return [Steps(tuple(evaluate(part))) for part in wires], rest


def _is_value(part: Expression, padded: frozenset[int]) -> bool:
    """Whether a part is one step of a row with padding, whatever a sample has of it."""
    read = part.parts[0] if isinstance(part, Elementwise) else part
    return isinstance(read, Repeat) and isinstance(read.of, Step) and bool(blocks_of(read) & padded)
