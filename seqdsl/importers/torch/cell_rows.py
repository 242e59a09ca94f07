"""call of a cell of its own → a node for the steps that it computes, and one for the state beside its output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from seqdsl.importers.torch.calls import tensors
from seqdsl.importers.torch.cell_forms import read_first
from seqdsl.importers.torch.images import images
from seqdsl.importers.torch.labels import ZERO
from seqdsl.importers.torch.nodes import Begins, EachStep, Kind, Node, Piece, Refused
from seqdsl.importers.torch.rows import by_sample, numbered
from seqdsl.ir.direction import Direction
from seqdsl.records import record
from seqdsl.targets.torch.arranging import rebuilt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.importers.cells.own import Stepped
    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.nodes import Row
    from seqdsl.importers.torch.trace import Trace


@record(frozen=True)
class OwnCell:
    """A module that is a cell.

    Attributes:
        path: the module's path.
        name: the name of the cell in the picture's file, or a layer of the language.
        arguments: those of the layer.
        place: where its weights are.
        is_run: whether it runs over the steps of a sequence.
        inner: how many axes are behind that of the features: 2 of images.
        step: what it computes in a step.
        at: which of the tensors that it is called with it reads.
    """

    path: str
    name: str
    arguments: Mapping[str, int | bool]
    place: str
    is_run: bool
    inner: int
    step: Stepped
    at: int = 0


@record(frozen=True)
class _Read:
    """What a call reads.

    Attributes:
        rows: what each step reads.
        order: which of the folded rows each step of each sample is, (samples, steps).
        places: height and width of images; of features nothing.
        columns: in which column of the tensor each feature is, as `Taken` has it.
    """

    rows: tuple[Row, ...]
    order: Ids
    places: tuple[int, ...]
    columns: Ids | None = None


def run(
    trace: Trace, own: OwnCell, args: tuple[Any, ...], result: Any, padding: frozenset[int]
) -> Any:
    """Read a call of a cell.

    Args:
        trace: the run so far.
        own: the cell.
        args: what it is called with.
        result: what it gave, which is not read.
        padding: the inputs of whose padding its arguments tell.

    Raises:
        Refused: it reads no whole values.
    """
    value, *states = read_first(args, own.at)
    read = _read(trace, own, value)
    steps = value.shape[1] if own.is_run else 1
    if read.order.shape[1] != steps:
        raise Refused("it is applied to several steps at once")
    # A node of images has all numbers of one as its features.
    count = int(np.prod(read.places, dtype=np.int64))
    rows = [
        _state(trace, own, trace.read(item), is_output=is_output)
        # It may be called without states, and begins with zeros.
        for item, is_output in zip(states, own.step.outputs, strict=False)
    ]
    initial = _begins(trace, own, rows)
    arguments: dict[str, Any] = dict(own.arguments)
    node = trace.node(
        own.name,
        (len(read.order), steps),
        own.step.features * count,
        EachStep(read.rows),
        layer=own.place,
        grid=read.places,
        **arguments,
    )
    node.is_vector, node.direction, node.begins = False, Direction.FORWARD, initial
    node.notes.update(
        is_cell=not own.is_run, columns=read.columns, called=own.path, padded_by=padding
    )
    # A result may be a part of another one's memory: each gets its own.
    made = [item.clone() for item in tensors(result)]
    trace.padded.update((id(item), (item, padding)) for item in made if padding)
    _fill(trace, own, (node, read), made)
    return rebuilt(result, iter(made))


# for x in steps: h = cell(h, x)     of equal widths: read as cell(x, h), it reads what it gave itself
def state_read(trace: Trace, own: OwnCell, args: tuple[Any, ...]) -> int | None:
    """Which tensor a cell may read instead, where what it reads is its last output, and its state is not."""
    held = list(tensors(args))
    if len(held) != 2:
        return None
    is_own = [_is_of(trace, own, trace.read(item)) for item in held]
    return 1 - own.at if is_own[own.at] and not is_own[1 - own.at] else None


def _is_of(trace: Trace, own: OwnCell, ids: Ids) -> bool:
    """Whether labels are what a call of the same cell gave."""
    first = int(ids.flat[0])
    return first >= 0 and trace.nodes.of(first).notes.get("called") == own.path


def _read(trace: Trace, own: OwnCell, value: torch.Tensor) -> _Read:
    if not own.inner:
        taken = trace.take(value, in_any_order=True)
        return _Read(taken.rows, taken.order, (), taken.columns)
    ids = trace.read(value)
    if (ids == ZERO).all():
        # A forecaster that goes on from a state reads nothing: (batch, steps, channels, height, width) of zeros.
        order = numbered(value.shape[: value.ndim - 1 - own.inner], trace.batch)
        return _Read(((),) * order.shape[1], order, tuple(value.shape[-own.inner :]))
    read = images(trace, ids)
    if read.is_turned:
        raise Refused("it reads images that are turned")
    return _Read(read.grids.rows, read.grids.order, read.grids.places)


_ORDER = "let it take `(x, h, c)`, or `(x, (h, c))`, and give `(h, c)`"


def _is_memory_of(trace: Trace, own: OwnCell, ids: Ids) -> bool:
    """Whether labels are the other state of the same cell: ``c, h = cell(x, h, c)`` in a loop that mixes them up."""
    first = int(ids.flat[0])
    node = trace.nodes.of(first) if first >= 0 else None
    if node is None or node.kind is not Kind.MEMORY:
        return False
    return bool(trace.nodes.all[node.notes["of"]].layer == own.place)


def _state(trace: Trace, own: OwnCell, ids: Ids, *, is_output: bool) -> Row:
    """A state to begin with, of the first sample."""
    rows = ids.reshape(-1, *ids.shape[ids.ndim - 1 - own.inner :])
    if (rows == ZERO).all():
        return ()
    if is_output and _is_memory_of(trace, own, rows):
        raise Refused("it gives its states in another order than it takes them", _ORDER)
    if own.inner:
        found = images(trace, rows).grids.rows
    else:
        local, _ = by_sample(trace.nodes, rows, trace.batch, (len(rows),))
        found = trace.rows(local)
    if len(found) != 1:
        raise Refused("it begins several runs with states")
    return found[0]


def _begins(trace: Trace, own: OwnCell, rows: list[Row]) -> Begins | None:
    """The initial state of a run: that of the output, and the other one."""
    if not rows:
        return None
    named = zip(own.step.outputs, own.step.states, rows, strict=True)
    # A state without a name is one that the output does not need.
    held = [(is_output, row) for is_output, name, row in named if name]
    # h of an LSTM is its output, c is not: the state of the output comes first.
    outputs, others = (
        [row for is_output, row in held if is_output is wanted] for wanted in (True, False)
    )
    if len(others) > 1:
        raise Refused("it has more than one state beside its output")
    if not outputs:
        return _begins_beside(trace, others)
    if not any((*outputs, *others)):
        return None
    return Begins(outputs[0], *others)


def _begins_beside(trace: Trace, rows: list[Row]) -> Begins | None:
    """The same of a cell whose output is no state, as tanh(c): it goes on, or begins with zeros."""
    if not any(rows):
        return None
    (piece, *rest) = rows[0]
    memory = trace.nodes.all[piece.node]
    if rest or memory.kind is not Kind.MEMORY:
        raise Refused("it begins with a state, and its output is none of its states")
    of = trace.nodes.all[memory.notes["of"]]
    return Begins((Piece(of.index, of.steps - 1, 0, of.features),), rows[0])


def _fill(trace: Trace, own: OwnCell, what: tuple[Node, _Read], made: list[torch.Tensor]) -> None:
    """Overwrite the output and the new states with labels."""
    node, read = what
    ids = np.arange(node.first, node.end).reshape(*read.order.shape, -1)
    states = own.step.outputs
    if len(made) > len(states):
        _place(trace, made[0], ids, read)
    # Of samples, each with its steps behind each other, the rows of states are the samples.
    order = read.order[:, -1:] // read.order.shape[1]
    last = _Read(read.rows[-1:], order, read.places)
    ends = zip(made[len(made) - len(states) :], states, own.step.states, strict=True)
    for tensor, is_output, name in ends:
        if is_output:
            _place(trace, tensor, ids[:, -1:], last)
        elif name:
            _place(trace, tensor, _memory(trace, own, node, tensor), last)
        else:
            trace.unknown(tensor, node.word, "it is a state on which the output does not depend")


def _memory(trace: Trace, own: OwnCell, node: Node, state: torch.Tensor) -> Ids:
    """Labels of the state beside the output, (samples, 1, numbers)."""
    width = state.shape[state.ndim - 1 - own.inner] * int(np.prod(node.grid, dtype=np.int64))
    held = trace.node(node.word, (node.samples, 1), width, kind=Kind.MEMORY, grid=node.grid)
    held.notes["of"] = node.index
    return np.arange(held.first, held.end).reshape(node.samples, 1, -1)


def _place(trace: Trace, out: torch.Tensor, ids: Ids, read: _Read) -> None:
    rows = np.empty((read.order.size, ids.shape[-1]), np.int64)
    rows[read.order.reshape(-1)] = ids.reshape(-1, ids.shape[-1])
    if read.places:
        # By width, height and channel, to channel, height and width.
        height, width = read.places
        spread = rows.reshape(len(rows), width, height, -1)
        rows = spread.transpose(0, 3, 2, 1).reshape(len(rows), -1)
    trace.place(out, rows.reshape(tuple(out.shape)))
