"""states that a module takes and gives → runs whose state passes from call to call, ``*--H-H-H--*``.

A wire carries an LSTM's output `h`; its memory `c` is known to the run alone. So a module that gives both is one whose
run ends with `*`, and one that takes both as well is cut there, and goes on where the call before has ended::

    y, (h, c) = self.lstm(x, (h[None], c[None]))
    return self.out(y), h[0], c[0]

The state of a GRU is its last output, as any other may be a result: it passes from call to call if it is taken and
given, or if it is an argument that may be left out, ``forward(self, x, h=None)``.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from seqdsl.importers.given_states import ORDER, results_before, taken_last
from seqdsl.importers.torch.draft import is_whole, last_step, read_by
from seqdsl.importers.torch.nodes import Kind, Refused
from seqdsl.importers.torch.stacked_states import settle_stacked
from seqdsl.ir.carry import Carry
from seqdsl.ir.direction import Direction

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from seqdsl.importers.torch.draft import Draft, Result
    from seqdsl.importers.torch.nodes import Node, Piece, Row


def settle_states(draft: Draft) -> None:
    """Note the runs that take or give their state, and drop what they give and take from results and inputs.

    Raises:
        Refused: states do not come last among the results, as they do in a picture's model.
    """
    if settle_stacked(draft):
        return
    given = _given_last(draft)
    taken = _taken_last(draft, given)
    for index in {*given, *taken}:
        run, is_taken = draft.nodes[index], index in taken
        both = Carry.BOTH if index in given else Carry.TAKEN
        run.notes["carry"] = both if is_taken else Carry.GIVEN
        run.begins = None if is_taken else run.begins
    states = set(chain.from_iterable(taken.values()))
    draft.results = draft.results[: len(draft.results) - sum(map(len, given.values()))]
    draft.inputs = [index for index in draft.inputs if index not in states]


def _given_last(draft: Draft) -> dict[int, tuple[int, ...]]:
    """The runs whose final states a module gives, the lowest first, with the places of these in the results."""
    memories: dict[int, tuple[int, ...]] = dict(_given(draft))
    ends = dict(_given_as_taken(draft))
    whole = dict(sorted({**memories, **ends}.items()))
    places = list(chain.from_iterable(whole.values()))
    count = len(draft.results)
    first = count - len(places)
    # Those of a GRU may be any results, those of an LSTM only the last ones.
    is_last = places == list(range(first, count)) and {*ends} <= {*_taken_last(draft, whole)}
    if ends and first and is_last:
        return whole
    given = dict(sorted(memories.items()))
    if given:
        results_before(given, count, Refused)
    return given


def _taken_last(draft: Draft, given: Collection[int]) -> Mapping[int, tuple[int, ...]]:
    """The runs that go on from arguments of the module, with these; none where they are not its last ones."""
    found = {run.index: item for run in _runs(draft) if (item := _taken(draft, run))}
    whole = {run: item for run, item in found.items() if run in given or _is_optional(draft, item)}
    of_given = {run: item for run, item in whole.items() if run in given}
    return taken_last(whole, draft.inputs) or taken_last(of_given, draft.inputs)


def _is_optional(draft: Draft, inputs: Iterable[int]) -> bool:
    """Whether inputs may be left out."""
    return all(draft.nodes[index].notes["is_optional"] for index in inputs)


def _runs(draft: Draft) -> list[Node]:
    runs = (node for node in draft.nodes.values() if node.kind is Kind.LAYER)
    return sorted((node for node in runs if node.begins is not None), key=lambda node: node.index)


def _given_as_taken(draft: Draft) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The runs without a memory of which a module takes the state and gives it: the run, and its place."""
    for place, result in enumerate(draft.results):
        piece = _vector(draft, result)
        run = None if piece is None else draft.nodes[piece.node]
        if run is None or run.begins is None or run.begins.c is not None:
            continue
        if (
            run.direction is Direction.FORWARD
            and _is_end(draft, result, run)
            and _taken(draft, run)
        ):
            yield run.index, (place,)


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
    """The inputs that are the state with which a run begins, `h` or `h` and `c`, and nothing else."""
    if run.begins is None:
        return None
    rows = [run.begins.h] if run.begins.c is None else [run.begins.h, run.begins.c]
    found = tuple(_input(draft, row) for row in rows)
    # Twice the same input would be read twice.
    read = [piece.node for node in draft.nodes.values() for piece in read_by(node)]
    is_own = all(index >= 0 and read.count(index) == 1 for index in found)
    return found if is_own else None


def _input(draft: Draft, row: Row) -> int:
    """The input that a state is; -1: it is none."""
    piece = _single(row)
    if piece is None or piece.node not in draft.inputs or not is_whole(draft, piece):
        return -1
    # (1, samples, units), of one step, is what PyTorch's own layers take, and a vector in a picture.
    return piece.node if draft.nodes[piece.node].steps == 1 else -1
