"""recurrent layers, whole or a step at a time → a node for each row, and one for its final state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from seqdsl.importers.torch.nodes import Begins, EachStep, Kind, Node, Refused
from seqdsl.ir.direction import Direction
from seqdsl.records import record
from seqdsl.runtime.named_weights import ROW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.importers.torch.calls import Call
    from seqdsl.importers.torch.labels import Ids
    from seqdsl.importers.torch.trace import Trace

_WORDS = {"lstm": "lstm", "gru": "gru", "rnn_tanh": "rnn", "rnn_relu": "rnn"}


@record(frozen=True)
class _Stack:
    """A call of a recurrent layer of one row or several.

    Attributes:
        function: PyTorch's name of it.
        word: the layer.
        weights: its weights, row by row and, within a row, forward before backward.
        has_bias: whether it has biases.
        rows: how many rows it has.
        ways: of how many directions each is.
        dropout: the rate between rows.
        states: the initial ones, (rows * ways, batch, units) each.
    """

    function: str
    word: str
    weights: Sequence[torch.Tensor]
    has_bias: bool
    rows: int
    ways: int
    dropout: float
    states: Sequence[torch.Tensor]

    def of_row(self, row: int) -> torch.Tensor:
        """The first of the weights of a row."""
        each = len(self.weights) // (self.rows * self.ways)
        return self.weights[row * self.ways * each]

    @property
    def has_projection(self) -> bool:
        """Whether what a step gives is narrower than its memory."""
        each = len(self.weights) // (self.rows * self.ways)
        return each > (4 if self.has_bias else 2)


def recurrent(trace: Trace, call: Call) -> Any:
    """``_VF.lstm``, ``gru``, ``rnn_tanh`` and ``rnn_relu``, of a tensor or of a packed sequence."""
    # lstm(input, hx, weights, bias, layers, dropout, train, both, batch_first)
    # lstm(data, batch_sizes, hx, weights, bias, layers, dropout, train, both)
    value, second = call.args[0], call.args[1]
    is_packed = isinstance(second, torch.Tensor) and isinstance(call.args[3], list | tuple)
    states, weights = call.args[2:4] if is_packed else call.args[1:3]
    rest = call.args[4:] if is_packed else call.args[3:]
    has_bias, rows, dropout, _, both = rest[:5]
    word = call.name
    stack = _Stack(
        word,
        _WORDS[word],
        weights,
        has_bias,
        rows,
        2 if both else 1,
        dropout,
        [states] if isinstance(states, torch.Tensor) else states,
    )
    ids = _over_time(trace, value, second if is_packed else None, bool(rest[5:] and rest[5]))
    begins = _states(trace, stack)
    result = call.run()
    _read_rows(trace, stack, ids, begins, result, (is_packed, bool(rest[5:] and rest[5])))
    return result


def _over_time(
    trace: Trace, value: torch.Tensor, sizes: torch.Tensor | None, batch_first: bool
) -> Ids:
    """Labels (rows, steps, features) of what is run over: each row is a chain."""
    ids = trace.read(value)
    if sizes is not None:
        if len(torch.unique(sizes)) != 1:
            raise Refused(
                "the model itself says how long its sequences are, other than by an input"
            )
        # A packed sequence: all samples of the first step, then of the second.
        ids = ids.reshape(len(sizes), -1, ids.shape[-1])
    elif batch_first:
        return ids
    return np.moveaxis(ids, 0, 1)


def _states(trace: Trace, stack: _Stack) -> list[Ids]:
    """The labels of the initial states, (rows * ways, batch, units)."""
    return [trace.read(state) for state in stack.states]


def _read_rows(
    trace: Trace,
    stack: _Stack,
    ids: Ids,
    begins: list[Ids],
    result: Any,
    how: tuple[bool, bool],
) -> None:
    out, *finals = result
    is_packed, batch_first = how
    local, order, columns = trace.turned_chains(ids)
    steps, chains = local.shape[1], len(local)
    read = [trace.rows(chain) for chain in local]
    last: list[Node] = []
    for row in range(stack.rows):
        last = []
        for chain in range(chains):
            initial = _begins(trace, stack, begins, row, order[:, chain])
            node = _row(trace, stack, row, (len(order), steps), read[chain], initial)
            node.notes["columns"] = None if row else columns
            last.append(node)
            _finals(trace, stack, node, row, finals, order[:, chain])
        read = [_between(trace, stack, node, row) for node in last]
    # A row of the tensor is a chain of a sample: of a batch of documents, one for each sentence.
    made = np.empty((ids.shape[0], steps, last[0].features), np.int64)
    for chain, node in enumerate(last):
        made[order[:, chain]] = np.arange(node.first, node.end).reshape(-1, steps, node.features)
    flat = made if batch_first and not is_packed else np.moveaxis(made, 0, 1)
    trace.place(out, flat)


def _between(trace: Trace, stack: _Stack, node: Node, row: int) -> tuple[Any, ...]:
    """What the next row reads of one: all steps, behind a dropout where there is one."""
    rows = trace.rows(np.arange(node.first, node.first + node.each).reshape(node.steps, -1))
    if not stack.dropout or row == stack.rows - 1:
        return rows
    dropped = trace.node(
        "dropout", (node.samples, node.steps), node.features, EachStep(rows), _0=stack.dropout
    )
    dropped.is_vector = False
    return trace.rows(
        np.arange(dropped.first, dropped.first + dropped.each).reshape(node.steps, -1)
    )


def _row(
    trace: Trace,
    stack: _Stack,
    row: int,
    shape: tuple[int, int],
    read: tuple[Any, ...],
    initial: Begins | None,
) -> Node:
    weight = stack.of_row(row)
    gates = {"lstm": 4, "gru": 3, "rnn": 1}[stack.word]
    units = weight.shape[0] // gates
    given = units
    path = trace.weights.layer(weight)
    # Behind the weights and biases of a direction stands the matrix of its projection.
    if stack.has_projection:
        given = stack.weights[len(stack.weights) // (stack.rows * stack.ways) - 1].shape[0]
    node = trace.node(
        stack.word,
        shape,
        given * stack.ways,
        EachStep(read),
        layer=f"{path}{ROW}{row}" if row else path,
        _0=units,
        _1=_activation(stack.function),
        bias=None if stack.has_bias else False,
        projection=given if stack.has_projection else None,
    )
    node.is_vector = False
    node.direction = Direction.BIDIRECTIONAL if stack.ways > 1 else Direction.FORWARD
    node.begins = initial
    return node


def _begins(
    trace: Trace, stack: _Stack, begins: list[Ids], row: int, samples: Ids
) -> Begins | None:
    """The initial state of a row: of both directions side by side."""
    states = []
    for state in begins:
        # (ways, batch, units) to the samples of a chain, both directions side by side
        held = state[row * stack.ways : (row + 1) * stack.ways]
        # [h forward, h backward] of each sample
        side = np.moveaxis(held, 0, 1).reshape(held.shape[1], -1)
        local, _ = trace.chains(side[samples][:, None])
        states.append(trace.rows(local[0])[0])
    if not any(states):
        return None
    return Begins(states[0], states[1] if len(states) > 1 else None)


def _finals(
    trace: Trace, stack: _Stack, node: Node, row: int, finals: list[torch.Tensor], samples: Ids
) -> None:
    for state, kind in zip(finals, (Kind.FINAL, Kind.MEMORY), strict=False):
        width = state.shape[-1]
        held = trace.node(node.word, (node.samples, 1), width * stack.ways, kind=kind)
        held.notes["of"] = node.index
        ids = np.arange(held.first, held.end).reshape(-1, stack.ways, width)
        slot = state[row * stack.ways : (row + 1) * stack.ways]
        whole = np.full(slot.shape, -1, np.int64) if slot.ndim == 3 else None
        if whole is None:
            trace.place(slot, np.moveaxis(ids, 0, 1)[:, 0])
            continue
        # Other chains are filled by and by.
        whole = trace.read(slot)
        whole[:, samples] = np.moveaxis(ids, 0, 1)
        known = np.where(whole >= 0, whole, -1)
        trace.place(slot, known)


def _activation(function: str) -> str | None:
    """What a plain recurrent layer has instead of tanh."""
    return "relu" if "relu" in function else None


_CELLS = {"lstm_cell": "lstm", "gru_cell": "gru", "rnn_tanh_cell": "rnn", "rnn_relu_cell": "rnn"}


def cell(trace: Trace, call: Call) -> Any:
    """``_VF.lstm_cell``, ``gru_cell`` and ``rnn_*_cell``: a run of one step."""
    value, states, weight = call.args[0], call.args[1], call.args[2]
    states = [states] if isinstance(states, torch.Tensor) else list(states)
    has_bias = len(call.args) > 4 and call.args[4] is not None
    taken = trace.take(value, in_any_order=True)
    begins = [trace.take(state) for state in states]
    result = call.run()
    parts = [result] if isinstance(result, torch.Tensor) else list(result)
    word = _CELLS[call.name]
    for step in range(taken.steps):
        # A cell may be called for several steps at once, each from a state of its own.
        held = [item.rows[step] for item in begins]
        initial = Begins(held[0], held[1] if len(held) > 1 else None) if any(held) else None
        node = trace.node(
            word,
            (len(taken.order), 1),
            parts[0].shape[-1],
            EachStep(taken.rows[step : step + 1]),
            layer=trace.weights.layer(weight),
            _0=weight.shape[0] // {"lstm": 4, "gru": 3, "rnn": 1}[word],
            _1=_activation(call.name),
            bias=None if has_bias else False,
        )
        node.is_vector, node.direction, node.begins = False, Direction.FORWARD, initial
        node.notes.update(is_cell=True, columns=taken.columns)
        _cell_values(trace, node, parts, taken.order[:, step])
    return result


def _cell_values(trace: Trace, node: Node, parts: list[torch.Tensor], samples: Ids) -> None:
    for place, part in enumerate(parts):
        kind = Kind.MEMORY if place else Kind.FINAL
        held = (
            node
            if not place
            else trace.node(node.word, (node.samples, 1), part.shape[-1], kind=kind)
        )
        held.notes.setdefault("of", node.index)
        whole = trace.read(part)
        flat = np.where(whole >= 0, whole, -1).reshape(-1, part.shape[-1])
        flat[samples] = np.arange(held.first, held.end).reshape(-1, held.features)
        trace.place(part, flat.reshape(whole.shape))
