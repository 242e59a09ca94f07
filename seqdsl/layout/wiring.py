"""a model as wires → typed data: which steps of which blocks each step reads, at given lengths.

Nothing here knows of pictures, letters, or frameworks: importers make wirings of models that exist, a graph tells its
own, and `seqdsl.layout` draws them. A wiring has numbers for all lengths; what is free is a wiring for each of several
lengths (see `Wirings`).
"""

from __future__ import annotations

from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING

from seqdsl.ir.carry import Carry
from seqdsl.ir.direction import Direction
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping


class Counted(Enum):
    """From where a step is counted that is read from a row with padding."""

    IN_PLACE = "in its place"
    FROM_FIRST = "from the first valid step"
    FROM_LAST = "from the last valid step"
    HELD = "at the last valid step up to it"


@record(frozen=True)
class Source:
    """One value that is read.

    Attributes:
        block: the block that has it.
        step: which step, from 0; 0 of a vector. Before the first step, -1 and less, is what the call before left of the
            block, in a model that passes on its state.
        final: whether it is the block's final state as a value (an LSTM's h), and not a step.
        counted: how it is counted; only recorded in `Wirings.counted`.
    """

    block: int
    step: int = 0
    final: bool = False
    counted: Counted = Counted.IN_PLACE


Part = Source | None
"""One of the values that a step reads side by side; ``None``: it is zero at this step, and as wide as at the others."""


# A B    One step of the block above reads A and B side by side: (A, B). A step that nothing enters: ().
#  \|     A window at the end of its sequence, over a step that is not there: (A, B, None).
@record(frozen=True)
class Steps:
    """What each step of a block reads: one tuple for each of its steps, in the order of concatenation."""

    of: tuple[tuple[Part, ...], ...]


@record(frozen=True)
class Bus:
    """What steps of a block read alike and as single values: a memory to attend to, the steps of a mean.

    Attributes:
        sources: these values.
        entered: the steps that read them, where not all do: of a row that combines them with what it has beside them.
    """

    sources: tuple[Source, ...]
    entered: tuple[int, ...] | None = None


Operand = Steps | Bus


@record(frozen=True)
class Passed:
    """A block begins with the whole final state (h and c) of another."""

    block: int


@record(frozen=True)
class Begun:
    """A block begins with values side by side: a vector that is h and c both, or final states.

    Attributes:
        sources: the values.
        is_forward: whether of a block in both directions the forward one begins with them, and the other with zero;
            else they are halves, one for each.
    """

    sources: tuple[Source, ...]
    is_forward: bool = False


# C C C    conv(4, 3) over X: each step is the center of a window over all that is read, so C has all steps of X, and
# | | |    what reads C picks those that it needs. That only these are drawn, or computed, is another matter.
# X X X
@record(frozen=True)
class Block:
    """One application of one layer.

    Attributes:
        layer: the name of the layer, an identifier; blocks with the same have the same weights.
        call: the layer as it is written: ``lstm(32, dropout=0.1)``, without ``name=``.
        steps: its length at the lengths of the wiring; ``None``: a vector.
        operands: what it reads, by the operands of its layer: the one of most, the parts of an ``add`` or
            ``multiply`` in their order, query, memory and, where they differ, keys of an attention; none of an input.
        direction: the direction of a recurrent block; ``None`` of any other.
        initial: the state with which it begins; ``None``: zero.
        carry: whether the model takes the state with which a recurrent block begins, or gives that in which it ends.
            What else is then cut, such as a causal convolution that it reads, follows.
        valid: for each step the steps whose padding it has; for a row that marks padding, or has windows, which steps
            it has. Only recorded in `Wirings.counted`.
    """

    layer: str
    call: str
    steps: int | None
    operands: tuple[Operand, ...] = ()
    direction: Direction | None = None
    initial: Passed | Begun | None = None
    carry: Carry = Carry.NONE
    valid: tuple[frozenset[Source] | int, ...] = ()


@record(frozen=True)
class Wiring:
    """A model at given lengths.

    Attributes:
        blocks: its blocks, each behind those that it reads, but for what is fed back: an earlier step of a later block.
        inputs: the blocks that are its arguments, in order.
        outputs: the blocks that are its results, in order; nothing reads them, but for what is fed back. Where the
            model gives what others read too, that is a block of its own with the call ``output``.
        lengths: the names of its lengths, with their values here; free and set ones alike.
    """

    blocks: tuple[Block, ...]
    inputs: tuple[int, ...]
    outputs: tuple[int, ...]
    lengths: Mapping[str, int] = field(default_factory=dict)


@record(frozen=True)
class Wirings:
    """A model, at one set of lengths or, where some are free, at several.

    Attributes:
        name: its name, an identifier.
        at: its wiring at each set of lengths. The blocks are the same ones in all, in the same order; a model without
            free lengths has one. Three are enough to tell ``n - 2`` from ``n / 2``.
        fixed: the names among its lengths whose value is part of the model; it is the same in all wirings.
        cells: the texts of cells of its own that calls name.
        called: the texts of pictures that calls name, with their `model` lines, each behind those that it calls.
        counted: the wirings once more, with how steps are counted; empty: there is no padding, or the model is
            imported and does not tell.
    """

    name: str
    at: tuple[Wiring, ...]
    fixed: frozenset[str] = frozenset()
    cells: tuple[str, ...] = ()
    called: tuple[str, ...] = ()
    counted: tuple[Wiring, ...] = ()
