"""steps + weights + inputs → values: the walk over all nodes, each after those that it sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.verify.oracle import masks
from seqdsl.verify.oracle.functions import FUNCTIONS, Array
from seqdsl.verify.oracle.kinds import KINDS
from seqdsl.verify.oracle.steps import FINAL, Counted, Place, Source, Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from seqdsl.model.drawing import Drawing
    from seqdsl.verify.oracle.cells import State
    from seqdsl.verify.oracle.training import Statistics, Training
    from seqdsl.verify.oracle.variants import Variant


def interpret(  # noqa: PLR0913 - a picture at given lengths and all that it is computed with
    drawing: Drawing,
    steps: Steps,
    weights: Mapping[int, Mapping[str, Array]],
    inputs: Sequence[Array],
    lead: tuple[int, ...] = (),
    training: Training | None = None,
    *,
    variant: Variant | None = None,
) -> Walk:
    """The values of all nodes of a picture.

    Args:
        drawing: what was read of the picture.
        steps: its steps, as `expand` draws them out.
        weights: the arrays of each block's layer by name, such as ``kernel``.
        inputs: the arguments, (batch, steps, features) or (batch, features); token ids without features.
        lead: axes that all weights have in front, for so many sets of them at once; after these, what
            has one axis then has another of length 1.
        training: how it is to be computed as in training; as in inference if left out.
        variant: what is computed otherwise than the language has it; nothing if left out.
    """
    walk = Walk(drawing, steps, weights, lead, training)
    walk.variant = variant
    for index, array in zip(steps.inputs, inputs, strict=True):
        walk.put(index, array)
    for index in steps.order:
        if index not in walk.values:
            walk.visit(index)
    return walk


class Walk:
    """What has been computed so far.

    Attributes:
        values: what each step of each block gives, (..., batch, features).
        finals: the final state of each recurrent block, as a value.
        states: the whole of it, for each direction.
        real: which samples each step of a masked block is valid for.
        statistics: what batch normalization finds of a batch in training.
    """

    def __init__(
        self,
        drawing: Drawing,
        steps: Steps,
        weights: Mapping[int, Mapping[str, Array]],
        lead: tuple[int, ...] = (),
        training: Training | None = None,
    ) -> None:
        """Begin with nothing."""
        self.training = training
        self.variant: Variant | None = None
        self.drawing, self.steps, self.weights = drawing, steps, weights
        self.values: dict[int, list[Array]] = {}
        self.finals: dict[int, Array] = {}
        self.states: dict[int, list[State]] = {}
        self.real: dict[int, list[Array]] = {}
        self.statistics: dict[int, Statistics] = {}
        self.lead = lead
        self.batch = 0

    def kind(self, index: int) -> str:
        """The layer of a block."""
        return self.drawing.settings[index].kind

    def argument(self, index: int, name: str) -> Any:
        """An argument of a block's layer."""
        return self.drawing.settings[index].arguments.get(name)

    def function(self, index: int, name: str, default: str) -> Callable[[Array], Array]:
        """An activation of a block's layer."""
        return FUNCTIONS[str(self.argument(index, name) or default)]

    def size(self, index: int, name: str) -> int:
        """A size among the arguments of a block's layer."""
        return int(self.argument(index, name).value(self.drawing.values))

    def rate(self, index: int, name: str) -> float:
        """A rate among the arguments of a block's layer, as it is in training; zero if it is not given."""
        rate = self.argument(index, name) if self.training else None
        return self.training.rates[rate] if self.training and isinstance(rate, str) else rate or 0.0

    def number(self, index: int, name: str, default: float) -> float:
        """A number among the arguments of a block's layer, which may be a parameter; ``default`` if it is not given."""
        number = self.argument(index, name)
        if isinstance(number, str):
            number = self.drawing.numbers[number]
        return default if number is None else float(number)

    def put(self, index: int, array: Array) -> None:
        """Take an argument of the model."""
        self.batch = len(array)
        vector = self.drawing.blocks[index].is_vector
        self.values[index] = [array] if vector else list(np.moveaxis(array, 1, 0))
        if self.argument(index, "mask") is not None and not vector and not self._unmasked():
            self.real[index] = [(value != 0).any(-1) for value in self.values[index]]

    def _unmasked(self) -> bool:
        return self.variant is not None and self.variant.ignores_padding

    def visit(self, index: int) -> None:
        """Compute all steps of a block; what it gives in its padding is zero."""
        real = None if self._unmasked() else masks.find(self, index)
        if real:
            self.real[index] = real
        rules = self.variant.rules if self.variant else {}
        values = rules.get(index, KINDS[self.kind(index)])(self, index)
        width = max(value.shape[-1] for value in values)
        # A node all of whose wires have one feature is as wide as its neighbours.
        values = [np.broadcast_to(value, (*value.shape[:-1], width)) for value in values]
        if real and not (self.variant and self.variant.keeps_padding):
            pairs = zip(values, real, strict=True)
            values = [np.where(here[:, None], value, 0) for value, here in pairs]
        self.values[index] = values

    def seen(self, index: int) -> list[Array]:
        """What each step of a block sees, side by side, zero in places where nothing is wired."""
        rows = [
            [None if place is None else self.place(place) for place in step]
            for step in self.steps.seen[index]
        ]
        columns = list(zip(*rows, strict=True))
        widths = [max(v.shape[-1] for v in column if v is not None) for column in columns]
        # A decoder that is fed by its state alone sees one feature that is always zero.
        return [self._side_by_side(row, widths) if row else self.zeros(1) for row in rows]

    def _side_by_side(self, row: list[Array | None], widths: list[int]) -> Array:
        parts = [self.zeros(0) if value is None else value for value in row]
        return self.join(
            [
                self.join([part, self.zeros(width - part.shape[-1])])
                for part, width in zip(parts, widths, strict=True)
            ]
        )

    def place(self, place: Place) -> Array:
        """What enters by one place."""
        return self.join([self.value(source, how) for source, how in place.counted()])

    def value(self, source: Source, how: Counted = Counted.IN_PLACE) -> Array:
        """The value of one source."""
        if source.step == FINAL:
            return self.finals[source.block]
        if how is not Counted.IN_PLACE and source.block in self.real:
            return masks.counted(self, source, how)
        return self.values[source.block][source.step]

    def wires(self, places: Sequence[Place | None]) -> list[tuple[Source, Counted]]:
        """All that enters a node, in order, one by one, and how it is counted."""
        return [pair for place in places if place for pair in place.counted()]

    def zeros(self, width: int) -> Array:
        """Zeros for every sample."""
        return np.zeros((*self.lead, self.batch, width))

    def join(self, parts: Sequence[Array]) -> Array:
        """Values side by side."""
        if len(parts) == 1:
            return parts[0]
        shape = max((part.shape[:-1] for part in parts), key=len)
        return np.concatenate(
            [np.broadcast_to(part, (*shape, part.shape[-1])) for part in parts], -1
        )

    def outputs(self) -> list[Array]:
        """The results of the model, in order."""
        return [self._output(index) for index in self.steps.outputs]

    def _output(self, index: int) -> Array:
        values = self.values[index]
        vector = self.drawing.blocks[index].is_vector
        return values[0] if vector else np.stack(np.broadcast_arrays(*values), -2)

    def largest(self) -> float:
        """The largest size of any value; not a number if one is not."""
        sizes = [np.abs(value).max(initial=0) for block in self.values.values() for value in block]
        return float(np.max(sizes))
