"""probe of a module → the result of one reading of its axes, or of the best one, with cells of its own or without."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from seqdsl.importers.reading import Difference, Unread
from seqdsl.importers.torch import inputs as given
from seqdsl.importers.torch import loops, settle
from seqdsl.importers.torch.blocks import Drawn, drawn
from seqdsl.importers.torch.heads import fold_heads, fold_keys
from seqdsl.importers.torch.matrices import settle_biases
from seqdsl.importers.torch.names import Names
from seqdsl.importers.torch.nodes import Kind, Refused
from seqdsl.importers.torch.own_cells import OwnCells, candidates, has_states
from seqdsl.importers.torch.padding import settle_padding
from seqdsl.importers.torch.probe import Failed, run_probe
from seqdsl.importers.torch.randomness import settled
from seqdsl.importers.torch.states import settle_states
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.importers.torch.draft import Draft
    from seqdsl.importers.torch.nodes import Node
    from seqdsl.importers.torch.probe import Probe


@record(frozen=True)
class Try:
    """What comes of one reading of the axes.

    Attributes:
        axes: what the axes of each input are.
        drawn: its wires.
        unread: what cannot be read.
        operations: how many operations compute.
        failed: whether the module could not be run.
        mixed: whether its results are not alike for all samples.
        differences: what differs.
        awkward: how many parts of inputs are read, as if their features were steps.
        stacked: which arguments of a picture's model inputs hold, by their names, as `Draft` has them.
    """

    axes: Sequence[str]
    drawn: Drawn | None
    unread: tuple[Unread, ...] = ()
    operations: int = 0
    failed: bool = False
    mixed: bool = False
    differences: tuple[Difference, ...] = ()
    awkward: int = 0
    stacked: Mapping[str, tuple[int, ...]] = field(default_factory=dict)

    @property
    def faults(self) -> int:
        """How much speaks against it."""
        # Where the axes are right, several operations may be unread; where not, often the first one ends it.
        return 1000 * self.failed + 500 * self.mixed + 10 * len(self.unread) + self.awkward


def best(probe: Probe, lengths: Mapping[str, int]) -> Try | None:
    """The reading of the axes that speaks most for itself; ``None``: there is none."""
    found: Try | None = None
    for axes in given.readings(probe.inputs):
        made = tried(probe, axes, lengths)
        if found is None or made.faults < found.faults:
            found = made
        if not made.faults:
            break
    return found


def tried(probe: Probe, axes: Sequence[str], lengths: Mapping[str, int]) -> Try:
    """What comes of one reading of the axes."""
    try:
        draft = settled(probe.module, lambda: run_probe(probe, axes, lengths))
    except Failed as problem:
        fault = Unread(
            "forward", type(probe.module).__name__, f"it cannot be run on a probe: {problem}"
        )
        return Try(axes, None, (fault,), failed=True)
    except Refused as problem:
        return Try(axes, None, (_of_model(probe, problem),), mixed=True)
    draft.prune()
    count = sum(node.kind is Kind.LAYER and bool(node.operands) for node in draft.nodes.values())
    # Two states that one line draws are reported once.
    unread = tuple(
        dict.fromkeys(_unread_of(node) for node in draft.nodes.values() if node.kind is Kind.UNREAD)
    )
    if unread:
        return Try(axes, None, unread, count + len(unread))
    try:
        differences = _settled(draft, is_free=bool(lengths))
        made = drawn(draft, Names(), lengths)
    except Refused as problem:
        return Try(axes, None, (_of_model(probe, problem),), count)
    return Try(axes, made, (), count, False, False, differences, _awkward(draft), draft.stacked)


def _settled(draft: Draft, *, is_free: bool) -> tuple[Difference, ...]:
    """Bring a draft into what the language has."""
    # Finals of cells are last steps, then last steps of rows that were folded.
    settle.settle_finals(draft)
    loops.fold_runs(draft)
    settle.settle_finals(draft)
    loops.merge_equal(draft)
    loops.fold_turns(draft)
    loops.fold_first_turns(draft)
    draft.prune()
    settle_biases(draft)
    fold_heads(draft)
    fold_keys(draft)
    draft.prune()
    settle.settle_backward(draft)
    settle.settle_turned(draft)
    settle_states(draft)
    settle.settle_activations(draft)
    settle.settle_windows(draft)
    settle.settle_positions(draft, is_free=is_free)
    settle.settle_parts(draft)
    draft.prune()
    return (*draft.differences, *settle_padding(draft))


def _awkward(draft: Draft) -> int:
    """How many inputs are cut into parts."""
    return sum(
        node.word == "split" and node.operands[0].rows[0][0].node in draft.inputs
        for node in draft.nodes.values()
    )


def _unread_of(node: Node) -> Unread:
    where = node.site
    return Unread(
        where.module or "forward",
        where.kind if where.is_layer else node.word,
        f"`{node.word}`: {node.notes['reason']}",
        where.line,
        node.notes["way"],
    )


def _of_model(probe: Probe, problem: Refused) -> Unread:
    return Unread("forward", type(probe.module).__name__, str(problem), way=problem.way)


def with_cells(probe: Probe, found: Try, lengths: Mapping[str, int]) -> tuple[Probe, Try]:
    """The reading in which modules may be cells, if it is better than the one that follows each operation."""
    if not any(has_states(inner) for _, inner in candidates(probe.module)):
        return probe, found
    # The same cells are found at all lengths, and for all readings of the axes.
    cells = OwnCells(probe.module)
    other = replace(probe, cells=cells)
    made = best(other, lengths)
    if cells.turned:
        other, made = _turned(other, made, cells.turned, lengths)
    if made is None:
        return probe, found
    if made.faults < found.faults or _spares(made, found):
        return other, made
    return probe, replace(found, unread=cells.explain(found.unread))


def _turned(
    probe: Probe, made: Try | None, turned: Mapping[str, int], lengths: Mapping[str, int]
) -> tuple[Probe, Try | None]:
    """The reading in which cells read their other tensor, if what they gave goes on in fewer rows then."""
    again = replace(probe, cells=OwnCells(probe.module, turned))
    found = best(again, lengths)
    if made is None or (found is not None and _cost(found) < _cost(made)):
        return again, found
    return probe, made


def _cost(item: Try) -> tuple[int, int]:
    return item.faults, 0 if item.drawn is None else len(item.drawn.wiring.blocks)


_SPARED = 4
"""How many rows cells have to save where their operations could be rows: for a gate or two no cell is declared."""


def _spares(made: Try, found: Try) -> bool:
    """Whether cells save many rows."""
    if made.drawn is None or found.drawn is None or made.faults > found.faults:
        return False
    return len(made.drawn.wiring.blocks) + _SPARED <= len(found.drawn.wiring.blocks)
