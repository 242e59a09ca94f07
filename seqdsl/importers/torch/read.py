"""live `nn.Module` → reading: its wires at one set of lengths or several, or all that keeps it from being read.

The module is run by PyTorch itself, on labels in place of numbers (`seqdsl.importers.torch.trace`). That sees what
`torch.export` sees, and what it cannot: packed sequences, Python loops over cells, lengths that the model works out
itself. It needs no graph, and no function that moves values has to be known.
"""

from __future__ import annotations

import inspect
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seqdsl.importers.reading import Difference, Reading, Unread
from seqdsl.importers.torch import inputs as given
from seqdsl.importers.torch import loops, settle
from seqdsl.importers.torch.blocks import Drawn, drawn
from seqdsl.importers.torch.differing_axes import differing_axes, with_vectors
from seqdsl.importers.torch.heads import fold_heads, fold_keys
from seqdsl.importers.torch.matrices import settle_biases
from seqdsl.importers.torch.names import Names
from seqdsl.importers.torch.nodes import Kind, Refused
from seqdsl.importers.torch.own_cells import OwnCells, candidates
from seqdsl.importers.torch.padding import settle_padding
from seqdsl.importers.torch.probe import Failed, Probe, copied, run_probe
from seqdsl.importers.torch.randomness import settled
from seqdsl.importers.torch.rehearsal import rehearse
from seqdsl.layout.wiring import Wirings
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import nn

    from seqdsl.importers.torch.draft import Draft
    from seqdsl.importers.torch.nodes import Node
    from seqdsl.layout.wiring import Wiring

_BATCHES = (3, 5, 7, 11, 13, 17, 19, 23)
"""How many samples a probe may have: a number that no other axis has."""
_GROWTH = (1, 2, 4)
"""By how much free lengths are longer in each run; the next one takes the next of these first."""


def read_torch(
    module: nn.Module,
    example_inputs: Any,
    free: Mapping[tuple[int, int], str] | None = None,
    *,
    name: str = "",
) -> Reading:
    """Read a module.

    Args:
        module: the module; it is not changed.
        example_inputs: what it takes, tensors of any numbers: a tuple, or a dictionary by name. Its shapes count.
        free: the name of each free length, by the number of the input and of its axis: ``{(0, 1): "n"}``. All other
            lengths are part of the model.
        name: the model's name; empty: that of its class.

    Returns:
        What was read. The batch is the axis for which the model can be read.

    Raises:
        CannotCall: the module raises an error for its inputs.
    """
    inputs = _inputs(module, example_inputs, free or {})
    lengths = _lengths(inputs)
    name = name or model_name(type(module).__name__)
    found: _Try | None = None
    for batch in _batches(module, inputs):
        probe = Probe(module, example_inputs, inputs, batch)
        found = _best(probe, lengths[0])
        if found is not None and found.faults and any(True for _ in candidates(module)):
            probe, found = _with_cells(probe, found, lengths[0])
        # A model that is written for one number of samples fails with any other.
        if found is None or not found.failed:
            break
    if found is None:
        # Every input that has a reading at all has one with samples: one of them has none.
        return Reading(None, unread=given.unreadable(inputs))
    if found.failed:
        rehearse(copied(module), example_inputs)
    if found.unread:
        return Reading(None, unread=found.unread, operations=found.operations)
    return _whole(probe, found, lengths, name)


def _with_cells(probe: Probe, found: _Try, lengths: Mapping[str, int]) -> tuple[Probe, _Try]:
    """A reading in which modules may be cells of their own, if it is better than one call by call."""
    cells = OwnCells(probe.module)
    other = replace(probe, cells=cells)
    made = _best(other, lengths)
    if made is None:
        return probe, found
    return (other, made) if made.faults < found.faults else (probe, found)


def model_name(kind: str) -> str:
    """The name of a model of a class: ``LSTMClassifier`` is drawn as `model lstm-classifier`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", kind)
    return words.lower()


def _best(probe: Probe, lengths: Mapping[str, int]) -> _Try | None:
    """The reading of the axes that speaks most for itself; ``None``: there is none."""
    best: _Try | None = None
    for axes in given.readings(probe.inputs):
        made = _tried(probe, axes, lengths)
        if best is None or made.faults < best.faults:
            best = made
        if not made.faults:
            break
    return best


@record(frozen=True)
class _Try:
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
    """

    axes: Sequence[str]
    drawn: Drawn | None
    unread: tuple[Unread, ...] = ()
    operations: int = 0
    failed: bool = False
    mixed: bool = False
    differences: tuple[Difference, ...] = ()
    awkward: int = 0

    @property
    def faults(self) -> int:
        """How much speaks against it."""
        # Where the axes are right, several operations may be unread; where not, often the first one ends it.
        return 1000 * self.failed + 500 * self.mixed + 10 * len(self.unread) + self.awkward


def _tried(probe: Probe, axes: Sequence[str], lengths: Mapping[str, int]) -> _Try:
    try:
        draft = settled(probe.module, lambda: run_probe(probe, axes, lengths))
    except Failed as problem:
        fault = Unread(
            "forward", type(probe.module).__name__, f"it cannot be run on a probe: {problem}"
        )
        return _Try(axes, None, (fault,), failed=True)
    except Refused as problem:
        return _Try(axes, None, (_of_model(probe, problem),), mixed=True)
    draft.prune()
    count = sum(node.kind is Kind.LAYER and bool(node.operands) for node in draft.nodes.values())
    # Two states that one line draws are reported once.
    unread = tuple(
        dict.fromkeys(_unread_of(node) for node in draft.nodes.values() if node.kind is Kind.UNREAD)
    )
    if unread:
        return _Try(axes, None, unread, count + len(unread))
    try:
        differences = _settled(draft, is_free=bool(lengths))
        made = drawn(draft, Names(), lengths)
    except Refused as problem:
        return _Try(axes, None, (_of_model(probe, problem),), count)
    return _Try(axes, made, (), count, differences=differences, awkward=_awkward(draft))


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
    settle.settle_activations(draft)
    settle.settle_windows(draft)
    settle.settle_positions(draft, is_free=is_free)
    settle.settle_parts(draft)
    draft.prune()
    return settle_padding(draft)


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


def _unread(reason: str) -> Reading:
    return Reading(None, unread=(Unread("forward", "", reason),))


def _whole(probe: Probe, found: _Try, lengths: Sequence[Mapping[str, int]], name: str) -> Reading:
    """The reading at all lengths."""
    assert found.drawn is not None
    wirings = [found.drawn.wiring]
    for values in lengths[1:]:
        other = _tried(probe, found.axes, values)
        if other.drawn is None:
            return Reading(None, unread=other.unread, operations=found.operations)
        # Only how often a step is repeated may depend on a length, not which layers there are.
        if _kinds(other.drawn) != _kinds(found.drawn):
            return _unread("how many layers it has depends on a free length")
        wirings.append(other.drawn.wiring)
    others = tuple(differing_axes(probe.inputs, found.axes, found.drawn.wiring))
    return Reading(
        Wirings(name, tuple(map(with_vectors, wirings)), cells=_cells(probe, found.drawn.wiring)),
        found.drawn.places,
        (*others, *found.differences),
        (),
        found.operations,
        tuple(found.axes) if others else (),
        found.drawn.columns,
    )


def _cells(probe: Probe, wiring: Wiring) -> tuple[str, ...]:
    """The texts of the cells that rows run."""
    if probe.cells is None:
        return ()
    used = {block.call.partition("(")[0] for block in wiring.blocks}
    return tuple(text for name, text in probe.cells.texts.items() if name in used)


def _kinds(made: Drawn) -> list[tuple[str, str]]:
    return [(block.layer, block.call) for block in made.wiring.blocks]


def _inputs(
    module: nn.Module, example: Any, free: Mapping[tuple[int, int], str]
) -> list[given.Input]:
    names = list(inspect.signature(module.forward).parameters)
    # (x, (h0, c0)) has the inputs x, hidden_0 and hidden_1.
    if not isinstance(example, dict):
        example = dict(zip(names, example, strict=False))
    return [
        given.Input(
            name,
            tuple(tensor.shape),
            tensor.dtype,
            {axis: length for (place, axis), length in free.items() if place == at},
        )
        for at, (name, tensor) in enumerate(given.flat(example))
    ]


def _lengths(inputs: Sequence[given.Input]) -> list[dict[str, int]]:
    """Three sets of free lengths, each growing in another way; one set of none where all are part of the model."""
    first: dict[str, int] = {}
    for item in inputs:
        for axis, name in item.free.items():
            first.setdefault(name, max(item.shape[axis], 4))
    # A free length has to be long enough for windows, and not as long as anything else.
    if not first:
        return [{}]
    return [
        {
            name: size + 4 * _GROWTH[(at + turn) % len(_GROWTH)]
            for at, (name, size) in enumerate(first.items())
        }
        for turn in range(len(_GROWTH))
    ]


def _batches(module: nn.Module, inputs: Sequence[given.Input]) -> list[int]:
    """How many samples to try: a number that no axis has, then that of the example."""
    sizes = {size for item in inputs for size in item.shape}
    sizes |= {size for parameter in module.parameters() for size in parameter.shape}
    # A number that occurs nowhere else tells the axis of samples from all others.
    rare = next((batch for batch in _BATCHES if batch not in sizes), 29)
    shown = {item.shape[0] for item in inputs if item.shape}
    return [rare, *sorted(shown - {rare, 1})]
