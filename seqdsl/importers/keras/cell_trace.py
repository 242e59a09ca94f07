"""a layer that runs a cell of its own → what its author's code calls in one step, and before the steps.

The layer's ``call`` is run on symbolic tensors up to the loop over the steps, which Keras has, and the cell's on those
of one step. What a subclass computes for all steps at once is read like what a step computes: it acts on features::

    class CellRNN(layers.RNN):
        def call(self, sequences, ...):
            return super().call(self.cell.project(sequences), ...)      `ahead`, then `step` for each
"""

from __future__ import annotations

from contextlib import contextmanager
from inspect import signature
from typing import TYPE_CHECKING, Any, NamedTuple

import keras

from seqdsl.importers.cells.called import local_names
from seqdsl.importers.keras.alike import do_the_same
from seqdsl.importers.keras.held import config_and_model, held_in, short_keys, symbolic
from seqdsl.importers.keras.network import Network, Ref, network
from seqdsl.importers.keras.refusals import Refused, said
from seqdsl.importers.keras.source_lines import raised_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.importers.keras.held import Held

SAMPLES, STEPS = 2, 3
"""How many samples and steps the symbolic tensors have: enough to tell if they are mixed."""

Places = tuple[int, ...]
"""Height and width of the images that a step reads; of features nothing."""


class Traced(NamedTuple):
    """The calls of a cell.

    Attributes:
        ahead: from what the layer reads to what steps read; ``None``: they read the same.
        step: from what a step reads and the states to the output and the new states.
        held: the weights that are read without a call, the last inputs of both.
        widths: the features of the states.
        local: the tensors that the author of the cell has names for.
        is_same: whether it calls the same where it is told that it is trained, or is told nothing.
    """

    ahead: Network | None
    step: Network
    held: list[Held]
    widths: tuple[int, ...]
    local: dict[str, Ref]
    is_same: bool


class _Reached(Exception):
    """The loop over the steps was reached, which runs on a tensor."""

    def __init__(self, sequences: Any) -> None:
        super().__init__("the loop over the steps")
        self.sequences = sequences


def knows_training(layer: Any) -> bool:
    """Whether a layer, or its cell, is told whether it is trained."""
    calls = (layer.cell.call, layer.call) if _is_own_call(layer) else (layer.cell.call,)
    return any("training" in signature(item).parameters for item in calls)


def _is_own_call(layer: Any) -> bool:
    return type(layer).call is not keras.layers.RNN.call


def traced(layer: Any, width: int, places: Places, *, training: bool) -> Traced:
    """What a layer calls in each step, and before.

    Args:
        layer: it runs a cell of its own.
        width: the features that it reads.
        places: of images how large they are.
        training: whether it is told that it is trained.

    Raises:
        Refused: it cannot be called on symbolic tensors.
    """
    cell = layer.cell
    widths = _widths(cell, places)
    held = [*held_in(layer, windows=True), *held_in(cell, windows=True)]
    try:
        with _unchanged(layer, cell), symbolic(held), short_keys():
            return _traced(layer, (*places, width), held, widths, training=training)
    except Refused:
        raise
    except Exception as problem:
        reason = f"it runs a cell of its own, which cannot be followed on symbolic inputs: {said(problem)}"
        raise Refused(reason, line=raised_at(problem)) from problem


def _widths(cell: Any, places: Places) -> tuple[int, ...]:
    """The features of the states."""
    # A number, or one for each state; of an image it may be a shape.
    size = cell.state_size
    sizes = (size,) if isinstance(size, int) else tuple(size)
    if places and sizes[: len(places)] == places and len(sizes) == len(places) + 1:
        sizes = (sizes,)
    shapes = [(*places, item) if isinstance(item, int) else tuple(item) for item in sizes]
    if not all(shape[:-1] == places for shape in shapes):
        raise Refused("it runs a cell of its own, whose states hold more than features")
    return tuple(shape[-1] for shape in shapes)


def _traced(
    layer: Any,
    shape: tuple[int, ...],
    held: list[Held],
    widths: tuple[int, ...],
    *,
    training: bool,
) -> Traced:
    symbols = [item.symbol for item in held]
    read = keras.Input(batch_shape=(SAMPLES, STEPS, *shape))
    given = _up_to_the_loop(layer, read, training=training)
    step = keras.Input(batch_shape=(SAMPLES, *given.shape[2:]))
    states = [keras.Input(batch_shape=(SAMPLES, *shape[:-1], item)) for item in widths]
    # The cell itself would be one operation: what its code calls is followed.
    with local_names(type(layer.cell), "call") as local:
        output, new = layer.cell.call(step, list(states), **_told(layer.cell, training=training))
    ahead = None if given is read else _network([read, *symbols], [given])
    after = keras.tree.flatten(new)
    if len(after) != len(states):
        raise Refused("it runs a cell of its own, which gives other states than it takes")
    made = _network([step, *states, *symbols], [output, *after])
    is_same = not knows_training(layer) or (
        not training and _is_same_in_training(layer, (read, given), (step, states), (output, new))
    )
    return Traced(ahead, made, held, widths, _refs(local), is_same)


def _is_same_in_training(layer: Any, ahead: Any, read: Any, results: Any) -> bool:
    """Whether a layer calls the same for the same tensors where it is told that it is trained."""
    step, states = read
    try:
        given = _up_to_the_loop(layer, ahead[0], training=True)
        again = layer.cell.call(step, list(states), **_told(layer.cell, training=True))
    # Then it is followed by itself, and that tells why.
    except Exception:
        return False
    return do_the_same(ahead[1], given) and do_the_same(_flat(results), _flat(again))


def _flat(results: Any) -> list[Any]:
    return [results[0], *keras.tree.flatten(results[1])]


def _refs(local: dict[str, Any]) -> dict[str, Ref]:
    """What a network calls the tensors of local variables."""
    histories = {
        name: item._keras_history
        for name, item in local.items()
        if isinstance(item, keras.KerasTensor)
    }
    return {
        name: Ref(found.operation.name, found.node_index, found.tensor_index)
        for name, found in histories.items()
        if found is not None
    }


def _network(inputs: list[Any], outputs: list[Any]) -> Network:
    config, model = config_and_model(inputs, outputs)
    return network(config, "", model)


def _told(layer: Any, *, training: bool) -> dict[str, bool]:
    return {"training": training} if "training" in signature(layer.call).parameters else {}


def _up_to_the_loop(layer: Any, read: Any, *, training: bool) -> Any:
    """What the loop over the steps runs on."""
    usual = keras.layers.RNN.call
    if not _is_own_call(layer):
        return read

    def reached(
        self: Any,
        sequences: Any,
        initial_state: Any = None,
        mask: Any = None,
        training: Any = False,
    ) -> Any:
        if initial_state is not None or mask is not None:
            raise Refused("it runs a cell of its own, with a state or a mask of its own as well")
        raise _Reached(sequences)

    keras.layers.RNN.call = reached
    # `super().call(...)` of a subclass comes to here, with what its own code made of the sequence.
    try:
        layer.call(read, **_told(layer, training=training))
    except _Reached as loop:
        return loop.sequences
    finally:
        keras.layers.RNN.call = usual
    raise Refused("it runs a cell of its own, in a loop of its own")


@contextmanager
def _unchanged(*layers: Any) -> Iterator[None]:
    """Layers keep their attributes: code that is run on symbols may note some of these."""
    before = [dict(vars(item)) for item in layers]
    try:
        yield
    finally:
        for item, kept in zip(layers, before, strict=True):
            own = vars(item)
            for name in [name for name in own if name not in kept]:
                del own[name]
            own.update(kept)
