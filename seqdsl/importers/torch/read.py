"""live `nn.Module` → reading: its wires at one set of lengths or several, or all that keeps it from being read.

The module is run by PyTorch itself, on labels in place of numbers (`seqdsl.importers.torch.trace`). That sees what
`torch.export` sees, and what it cannot: packed sequences, Python loops over cells, lengths that the model works out
itself. It needs no graph, and no function that moves values has to be known.
"""

from __future__ import annotations

import inspect
import re
from typing import TYPE_CHECKING, Any

from torch.nn import UninitializedParameter

from seqdsl.importers.carried import with_carried
from seqdsl.importers.reading import Reading, Unread
from seqdsl.importers.torch import inputs as given
from seqdsl.importers.torch.differing_axes import differing_axes, with_vectors
from seqdsl.importers.torch.probe import Probe, copied
from seqdsl.importers.torch.rehearsal import rehearse
from seqdsl.importers.torch.tries import Try, best, tried, with_cells
from seqdsl.importers.varying import why_unlike
from seqdsl.layout.wiring import Wirings
from seqdsl.syntax import names
from seqdsl.targets.torch.threads import threads_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import nn

    from seqdsl.importers.torch.blocks import Drawn
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
    lazy = [
        key
        for key, weight in module.named_parameters()
        if isinstance(weight, UninitializedParameter)
    ]
    if lazy:
        reason = f"the shape of its weight `{lazy[0]}` is not known before the first call"
        return _unread(
            reason, "call it once before it is read, as the function that builds it can do"
        )
    # It is run on few samples, many times.
    with threads_for(sum(weight.numel() for weight in module.parameters())):
        return _read(module, example_inputs, free or {}, name)


def _read(
    module: nn.Module, example_inputs: Any, free: Mapping[tuple[int, int], str], name: str
) -> Reading:
    inputs = _inputs(module, example_inputs, free)
    lengths = _lengths(inputs)
    name = name or model_name(type(module).__name__)
    found: Try | None = None
    for batch in _batches(module, inputs):
        probe = Probe(module, example_inputs, inputs, batch)
        found = best(probe, lengths[0])
        if found is not None:
            probe, found = with_cells(probe, found, lengths[0])
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


def model_name(kind: str) -> str:
    """The name of a model of a class: ``LSTMClassifier`` is `model lstm-classifier`, ``_Net`` is `model net`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "-", kind)
    return names.model_name(words.lower())


def _unread(reason: str, way: str) -> Reading:
    return Reading(None, unread=(Unread("forward", "", reason, way=way),))


def _whole(probe: Probe, found: Try, lengths: Sequence[Mapping[str, int]], name: str) -> Reading:
    """The reading at all lengths."""
    assert found.drawn is not None
    wirings = [found.drawn.wiring]
    for values in lengths[1:]:
        other = tried(probe, found.axes, values)
        if other.drawn is None:
            return Reading(None, unread=other.unread, operations=found.operations)
        # Only how often a step is repeated may depend on a length, not which layers there are.
        if _kinds(other.drawn) != _kinds(found.drawn):
            blocks = found.drawn.wiring.blocks, other.drawn.wiring.blocks
            return _unread(*why_unlike(*blocks))
        wirings.append(other.drawn.wiring)
    axes = [
        "_".join(map(str, (said, *found.stacked.get(item.name, ()))))
        for item, said in zip(probe.inputs, found.axes, strict=True)
    ]
    others = tuple(differing_axes(probe.inputs, axes, found.drawn.wiring))
    return Reading(
        Wirings(
            name,
            with_carried([*map(with_vectors, wirings)]),
            cells=_cells(probe, found.drawn.wiring),
        ),
        found.drawn.places,
        (*others, *found.differences),
        (),
        found.operations,
        tuple(axes) if others else (),
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
    declared = inspect.signature(module.forward).parameters
    arguments = list(declared)
    # (x, (h0, c0)) has the inputs x, hidden_0 and hidden_1.
    if not isinstance(example, dict):
        example = dict(zip(arguments, example, strict=False))
    return [
        given.Input(
            name,
            tuple(tensor.shape),
            tensor.dtype,
            {axis: length for (place, axis), length in free.items() if place == at},
            _is_optional(name, declared),
        )
        for at, (name, tensor) in enumerate(given.flat(example))
    ]


def _is_optional(name: str, declared: Mapping[str, inspect.Parameter]) -> bool:
    """Whether an input is an argument, or a part of one, whose default is ``None``."""
    # state_0 is a part of `state`.
    whole = declared.get(name) or declared.get(re.sub(r"(_\d+)+$", "", name))
    return whole is not None and whole.default is None


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
