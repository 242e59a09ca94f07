"""states that a module takes and gives → runs whose state passes from call to call, ``*--H-H-H--*``.

A wire carries an LSTM's output `h`; its memory `c` is known to the run alone. So a module that gives both is one whose
run ends with `*`, and one that takes both as well is cut there, and goes on where the call before has ended::

    y, (h, c) = self.lstm(x, (h[None], c[None]))
    return self.out(y), h[0], c[0]
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from seqdsl.importers.given_states import ORDER, results_before, taken_last
from seqdsl.importers.torch.draft import is_whole, last_step, read_by
from seqdsl.importers.torch.nodes import Kind, Refused
from seqdsl.ir.carry import Carry
from seqdsl.ir.direction import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.importers.torch.draft import Draft, Result
    from seqdsl.importers.torch.nodes import Node, Piece, Row


def settle_states(draft: Draft) -> None:
    """Note the runs that give their final state, and drop what they give and take from results and inputs.

    Raises:
        Refused: states do not come last among the results, as they do in a picture's model.
    """
    given = dict(sorted(_given(draft)))
    if not given:
        return
    first = results_before(given, len(draft.results), Refused)
    runs = {run: item for run in given if (item := _taken(draft, draft.nodes[run]))}
    taken = taken_last(runs, draft.inputs)
    for index in given:
        run = draft.nodes[index]
        run.notes["carry"] = Carry.BOTH if index in taken else Carry.GIVEN
        if index in taken:
            run.begins = None
    draft.results = draft.results[:first]
    states = set(chain.from_iterable(taken.values()))
    draft.inputs = [index for index in draft.inputs if index not in states]


def _given(draft: Draft) -> Iterator[tuple[int, tuple[int, int]]]:
    """The runs of which a module gives the final memory: the run, and the places of `h` and `c` in the results."""
    seen: set[int] = set()
    for place, result in enumerate(draft.results):
        run = _run_of(draft, result)
        if run is None:
            continue
        is_first = run.index not in seen
        if not is_first or not place or not _is_end(draft, draft.results[place - 1], run):
            raise Refused("it gives the memory `c` of an LSTM without its `h` before it", ORDER)
        seen.add(run.index)
        yield run.index, (place - 1, place)


def _run_of(draft: Draft, result: Result) -> Node | None:
    """The run whose final memory a result is; ``None``: it is anything else, or a memory that cannot be given."""
    piece = _vector(draft, result)
    node = None if piece is None else draft.nodes.get(piece.node)
    if node is None or node.kind is not Kind.MEMORY or node.notes.get("is_inner"):
        return None
    run = draft.nodes[node.notes["of"]]
    return None if run.direction is Direction.BIDIRECTIONAL else run


def _is_end(draft: Draft, result: Result, run: Node) -> bool:
    """Whether a result is the last output of a run."""
    piece = _vector(draft, result)
    return piece is not None and (piece.node, piece.step) == (run.index, last_step(run))


def _vector(draft: Draft, result: Result) -> Piece | None:
    """The only value that a result is, if it is no sequence."""
    piece = _single(result.rows[0]) if result.is_vector else None
    return piece if piece is not None and is_whole(draft, piece) else None


def _single(row: Row | None) -> Piece | None:
    return row[0] if row is not None and len(row) == 1 and row[0].node >= 0 else None


def _taken(draft: Draft, run: Node) -> tuple[int, ...] | None:
    """The inputs that are the `h` and `c` with which a run begins, and nothing else."""
    # One step alone is a vector, and no row that could be cut.
    if run.begins is None or run.steps == 1:
        return None
    pair = [_single(run.begins.h), _single(run.begins.c)]
    h, c = (-1 if piece is None or not is_whole(draft, piece) else piece.node for piece in pair)
    # A sequence of one step, (1, samples, units), is no input of a picture's model.
    own = [index for index in draft.inputs if draft.nodes[index].is_vector and index in {h, c}]
    read = [piece.node for node in draft.nodes.values() for piece in read_by(node)]
    is_alone = h != c and read.count(h) == read.count(c) == 1
    return (h, c) if len(own) == 2 and is_alone else None
