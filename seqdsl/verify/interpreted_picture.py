"""compiled model → the picture as the oracle takes it: what was read of it, and the names of its layers."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.ir.called import PATH, body_of
from seqdsl.ir.direction import Direction
from seqdsl.model.spec import ModelSpec
from seqdsl.runtime.named_weights import by_layer
from seqdsl.verify.oracle import expand, interpret, reachable, without_last_activations
from seqdsl.verify.oracle.variants import Variant
from seqdsl.verify.spec_weights import layer_weights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from seqdsl.lowering.compiled import CompiledModel as Model
    from seqdsl.runtime.named_weights import Array, LayerWeights
    from seqdsl.verify.jobs import Case
    from seqdsl.verify.oracle import Training, Walk


class InterpretedPicture:
    """A picture as the interpreter takes it."""

    def __init__(self, model: Model) -> None:
        """Take what was read of the picture, and the names of its layers."""
        # The drawing is that of the whole picture: names and layers are, too.
        self.drawing, self._spec = model.drawing, model.as_drawn.spec
        self.names = _names(self._spec)
        self._gives_logits = model.gives_logits
        self.rates = {item.name: float(item.default) for item in model.spec.parameters}
        self.is_random = any(
            # A dropout layer with the rate 0 counts as random; a cell with the rate 0 does not.
            rate or not item.is_recurrent
            for item in self.drawing.settings
            for rate in item.losses
        )
        self.has_statistics = any(item.definition.has_statistics for item in self.drawing.settings)

    @cached_property
    def layers(self) -> tuple[LayerWeights, ...]:
        """The layers that have weights."""
        return layer_weights(self._spec)

    def drops_both_ways(self) -> bool:
        """Whether a bidirectional row drops some of its input."""
        items = zip(self.drawing.settings, self.drawing.states.directions, strict=True)
        return any(
            # A cell of a file drops what it drops in each direction by itself.
            item.is_recurrent
            and not item.definition.is_declared
            and any(item.losses)
            and way is Direction.BIDIRECTIONAL
            for item, way in items
        )

    def dropout_rates(self) -> tuple[float, ...]:
        """The rates with which numbers are lost, each once."""
        given = [rate for item in self.drawing.settings for rate in item.losses]
        rates = (self.rates[rate] if isinstance(rate, str) else rate for rate in given)
        return tuple(sorted({float(rate) for rate in rates if rate}))

    def walk(
        self,
        case: Case,
        inputs: Sequence[Array],
        weights: Mapping[str, Array],
        lead: tuple[int, ...] = (),
        training: Training | None = None,
        variant: Variant | None = None,
    ) -> Walk:
        """What the interpreter makes of a case; the rest as `interpret` takes it."""
        variant = variant or Variant()
        walk = self.walk_as_drawn(case, inputs, weights, lead, training, variant)
        return without_last_activations(walk, variant) if self._gives_logits else walk

    def walk_as_drawn(
        self,
        case: Case,
        inputs: Sequence[Array],
        weights: Mapping[str, Array],
        lead: tuple[int, ...] = (),
        training: Training | None = None,
        variant: Variant | None = None,
    ) -> Walk:
        """The same with all activations, also where the model gives logits."""
        layers = by_layer(weights)
        placed = _placed(self._spec, self.names, layers)
        steps = expand(self.drawing, dict(case.lengths))
        # The oracle computes in double precision whatever the model does; ids stay integers.
        exact = [array.astype(np.float64) if array.dtype.kind == "f" else array for array in inputs]
        return interpret(self.drawing, steps, placed, exact, lead, training, variant=variant)

    def reach(self, case: Case, columns: Sequence[int]) -> NDArray[np.bool_]:
        """Which input step is joined to which output step."""
        return reachable(self.drawing, expand(self.drawing, dict(case.lengths)), columns)


def _placed(
    spec: ModelSpec,
    names: Mapping[int, str],
    layers: Mapping[str, Mapping[str, Array]],
    path: str = "",
) -> dict[int, dict[str, Array]]:
    """The arrays of each block's layer; of a picture that is called, by the block in it: ``3/kernel``."""
    placed: dict[int, dict[str, Array]] = {}
    for index, name in names.items():
        placed[index] = dict(layers.get(f"{path}{name}", {}))
        body = body_of(spec.blocks[index])
        if isinstance(body, ModelSpec):
            # sentence.gru/kernel, where `gru` is block 3 of `sentence`
            inner = _placed(body, _names(body), layers, f"{path}{name}{PATH}")
            placed[index] = {
                f"{block}/{array}": value
                for block, arrays in inner.items()
                for array, value in arrays.items()
            }
    return placed


def _names(spec: ModelSpec) -> dict[int, str]:
    """The name of each block's layer: one name for each letter, as a letter names a layer."""
    names: dict[int, str] = {}
    first: dict[str, str] = {}
    for block in spec.blocks:
        if block.layer is not None:
            alone = block.letter == "O"
            name = block.layer.name
            names[block.index] = name if alone else first.setdefault(block.letter, name)
    return names
