"""states of several rows in one tensor, (rows, samples, units) → runs of which each has a state of its own.

::

    y, (h, c) = self.lstm(x, (h, c))      of two rows: h and c are (2, samples, units), arguments and results
    return self.out(y), h, c              a picture's model takes and gives h, c, h, c of (samples, units)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.importers.torch.draft import last_step, read_by
from seqdsl.importers.torch.nodes import Begins, Kind, Piece
from seqdsl.ir.carry import Carry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.importers.torch.draft import Draft, Result
    from seqdsl.importers.torch.nodes import Node, Row


def settle_stacked(draft: Draft) -> bool:
    """Note the rows whose states pass from call to call in tensors that hold those of all rows."""
    # h and c of LSTMs, or h of others: the last results, and as many inputs
    for count in (2, 1):
        runs = _runs(draft, draft.results[-count:]) if len(draft.results) > count else []
        inputs = draft.inputs[-count:]
        if len(runs) > 1 and all(_takes(draft, inputs, *pair) for pair in enumerate(runs)):
            _carry(draft, runs, inputs)
            return True
    return False


def _runs(draft: Draft, results: Sequence[Result]) -> list[Node]:
    """The rows whose final states, one row's behind the other's, are results; none: they are not."""
    ends = [result.rows for result in results]
    if len({len(rows) for rows in ends}) > 1:
        return []
    runs = [_run_of(draft, states) for states in zip(*ends, strict=True)]
    found = [run for run in runs if run is not None]
    # The lowest first, as a picture's model has them.
    order = [run.index for run in found]
    return found if len(found) == len(runs) and order == sorted(set(order)) else []


def _run_of(draft: Draft, states: Sequence[Row]) -> Node | None:
    """The run whose final `h`, or `h` and `c`, values are."""
    if any(len(row) != 1 or row[0].node < 0 for row in states):
        return None
    h, *others = (row[0] for row in states)
    run = draft.nodes[h.node]
    if run.direction is None or h != Piece(run.index, last_step(run), 0, run.features):
        return None
    return run if all(_is_memory(draft.nodes[piece.node], run) for piece in others) else None


def _is_memory(node: Node, run: Node) -> bool:
    """Whether a node is what a run remembers behind its last step."""
    is_last = node.kind is Kind.MEMORY and not node.notes.get("is_inner")
    return is_last and bool(node.notes["of"] == run.index)


def _takes(draft: Draft, inputs: Sequence[int], row: int, run: Node) -> bool:
    """Whether a run begins with its row of each input, and nothing else reads that."""
    whole = [(Piece(index, row, 0, draft.nodes[index].features),) for index in inputs]
    if run.begins != Begins(*whole):
        return False
    read = [piece for node in draft.nodes.values() for piece in read_by(node)]
    return all(
        [piece.node for piece in read].count(index) == draft.nodes[index].steps for index in inputs
    )


def _carry(draft: Draft, runs: Sequence[Node], inputs: Sequence[int]) -> None:
    first, each = len(draft.inputs) - len(inputs), len(inputs)
    for run in runs:
        run.notes["carry"], run.begins = Carry.BOTH, None
    # h of the first row, its c, then h of the second
    draft.stacked = {
        draft.nodes[index].notes["name"]: tuple(first + each * row + at for row in range(len(runs)))
        for at, index in enumerate(inputs)
    }
    draft.inputs = draft.inputs[:first]
    draft.results = draft.results[: len(draft.results) - each]
