"""the closed set of operations: what a block computes, one frozen class for each way of computing.

An operation refers to other blocks by the expressions that it reads (see `seqdsl.ir.expressions`). What it computes
with, its arguments and its weights, is the block's layer; which of its steps are padding is the block's masking.
"""

from __future__ import annotations

from dataclasses import field, fields
from enum import Enum
from typing import TYPE_CHECKING, get_args

from seqdsl.ir.carry import Carry
from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import Expression
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.cells.cell import Cell
    from seqdsl.ir.body import Body
    from seqdsl.layers import Combination
    from seqdsl.size import Size


class Use(Enum):
    """What is read of a block's value."""

    SEQUENCE = "sequence"
    """Its value: all steps, or the one vector."""
    FINAL = "final"
    """Its final state as a value: an LSTM's h, both directions' side by side."""
    STATE = "state"
    """Its whole final state, which another block begins with."""


class StateMode(Enum):
    """How the state that a recurrent block begins with is made of what it is given.

    With ``f`` and ``b`` for the states of the two directions of a bidirectional block::

        DIRECT     s -> s          and  f, b -> f, b
        JOINED     f, b -> [f b]   for a block of one direction that is twice as wide
        FORWARD    s -> f, 0       for the forward direction only
        HALVES     [f b] -> f, b   a value that holds both
    """

    DIRECT = "direct"
    JOINED = "joined"
    FORWARD = "forward"
    HALVES = "halves"


class Padding(Enum):
    """Where the padding of an input may be."""

    ANYWHERE = "any"
    END = "end"


# E-E-E-D-D: the last state of E is where D begins, h and c of an LSTM alike.
@record(frozen=True)
class PassedState:
    """A recurrence begins with the whole state in which the block ``source`` ended."""

    source: int
    mode: StateMode = StateMode.DIRECT


# +--H-H-H with a wire from below into the +: one value is the state; where a cell has two, it is both.
@record(frozen=True)
class ValueState:
    """A recurrence begins with a value: it is both h and c of an LSTM, or has them side by side (``is_apart``)."""

    value: Expression
    mode: StateMode = StateMode.DIRECT
    is_apart: bool = False


InitialState = PassedState | ValueState


# H-H-H H-H-H is one letter twice: (batch, 6, features) is taken as (2 * batch, 3, features), run once,
# and taken as before.
@record(frozen=True)
class Batch:
    """``number`` runs of one layer, of ``steps`` steps each, that are computed as one batch."""

    number: int
    steps: Size


@record(frozen=True)
class Placeholder:
    """An argument of the model.

    Attributes:
        padding: where its padding may be, if its author says so.
        marks: which value, or id, a padded step has.
        lengths: the argument that holds how many steps of each sample are valid; empty: there is none, and what
            padding is follows from ``marks``.
        mask: the argument that holds which steps are valid, of a graph that is called with one; empty: there is none.
    """

    padding: Padding | None = None
    marks: float = 0.0
    lengths: str = ""
    mask: str = ""


# P P P over no wires: a trained vector, or a code of each step's number.
@record(frozen=True)
class Constant:
    """Values that are the same for every sample, and read nothing.

    Attributes:
        like: what has as many samples.
        free: whether it has as many steps as ``like``; else their number is known before run time.
        carry: whether the number of the first step is state: each sample has its own, and it goes on in the next call.
    """

    like: Expression
    free: bool = False
    carry: Carry = Carry.NONE


@record(frozen=True)
class Identity:
    """What is read, unchanged: an output, or values side by side."""

    operand: Expression


@record(frozen=True)
class Apply:
    """A layer applied to a vector, or to each step of a sequence by itself."""

    operand: Expression


# One wide value under a row of n nodes: node i reads the i-th of n equal parts.
@record(frozen=True)
class Split:
    """Equal parts of a vector, or of a grid along its width, one for each of ``parts`` steps; ``None``: all of it."""

    operand: Expression
    parts: Size | None


# Of windows of three over a b c d e, those around b, c and d are whole.
@record(frozen=True)
class Centers:
    """The steps in the middle of those windows that lie within a sequence of ``steps`` steps."""

    start: Size
    count: Size
    steps: Size


@record(frozen=True)
class Convolve:
    """A layer applied to windows of a sequence.

    Attributes:
        operand: the sequence.
        before: the zero steps that are put in front of it; cut off there where negative.
        after: the same at its end.
        kept: which steps of the result are kept, read of the block itself; ``None``: all.
        centers: the steps that whole windows are around, where only these are computed.
        shrinks: whether a window that the picture draws gives another number of steps.
        carry: whether the last ``before`` steps that it reads are state, which takes the place of the zero steps in
            front in the next call.
    """

    operand: Expression
    before: Size
    after: Size
    kept: Expression | None = None
    centers: Centers | None = None
    shrinks: bool = False
    carry: Carry = Carry.NONE


@record(frozen=True)
class Scan:
    """A recurrence: the layer's cell, applied step by step to its state and what it reads.

    Attributes:
        operand: what the steps read.
        direction: the direction in which it runs.
        initial: the state with which it begins; ``None``: zero.
        batch: the runs that are computed as one, if there are several.
        rows: the layers of a stack that is computed as one, from the bottom up; empty: one by itself.
        carry: whether the model takes its initial state (``initial`` is then ``None``), or gives its final one.
        body: the cell: what one step computes.
    """

    operand: Expression
    direction: Direction = Direction.FORWARD
    initial: InitialState | None = None
    batch: Batch | None = None
    rows: tuple[str, ...] = ()
    carry: Carry = Carry.NONE
    body: Cell = field(kw_only=True)


@record(frozen=True)
class Attend:
    """Attention of each step of a query to all steps of a memory.

    Attributes:
        query: what asks.
        memory: what is attended to.
        keys: what the query is compared with; ``None``: the memory.
        memory_masks: the masks whose common steps are the memory's valid steps; none: all are.
    """

    query: Expression
    memory: Expression
    keys: Expression | None = None
    memory_masks: tuple[Expression, ...] = ()


# The bus enters one node (mean, max, ...), or a whole row, each of whose nodes then has the same value.
@record(frozen=True)
class Reduce:
    """All steps of a sequence combined into one value.

    Attributes:
        how: how they are combined.
        operand: the sequence.
        repeat: the number of steps at which the value is repeated; ``None``: it is a vector.
        like: a sequence of that many steps, where their number is known at run time only.
        memory_masks: the masks whose common steps are the sequence's valid steps; none: all are.
    """

    how: Combination
    operand: Expression
    repeat: Size | None = None
    like: Expression | None = None
    memory_masks: tuple[Expression, ...] = ()


@record(frozen=True)
class Merge:
    """Vectors, or sequences of equal length, combined element by element."""

    how: Combination
    operands: tuple[Expression, ...]


# S = sentence: another picture of the file is the layer, and its graph the body.
@record(frozen=True)
class Call:
    """Another graph, of one argument and one result, applied to what is read.

    Attributes:
        operand: what it is applied to.
        each: whether it is applied to every step by itself; else to the operand as a whole.
        masks: the masks whose common steps are the operand's valid steps; none: all are, and the graph takes no mask.
        body: the graph.
    """

    operand: Expression
    each: bool = False
    masks: tuple[Expression, ...] = ()
    body: Body = field(kw_only=True)


_Computed = Apply | Split | Convolve | Scan | Attend | Reduce | Merge | Call
Operation = Placeholder | Constant | Identity | _Computed


def operands(operation: Operation) -> tuple[Expression, ...]:
    """What the layer of an operation is applied to, in the order of its inputs."""
    # A constant only counts the samples, and the steps, of what it is like.
    if isinstance(operation, Placeholder | Constant):
        return ()
    if isinstance(operation, Merge):
        return operation.operands
    if isinstance(operation, Attend):
        keys = () if operation.keys is None else (operation.keys,)
        return (operation.query, operation.memory, *keys)
    return (operation.operand,)


def read_by(operation: Operation) -> Iterator[Expression]:
    """All expressions in an operation: its operands, its initial state, its masks, what it takes lengths from."""
    for item in fields(operation):
        value = getattr(operation, item.name)
        if isinstance(value, ValueState):
            yield value.value
        elif isinstance(value, _EXPRESSIONS):
            yield value
        elif isinstance(value, tuple):
            yield from (part for part in value if isinstance(part, _EXPRESSIONS))


_EXPRESSIONS = get_args(Expression)
