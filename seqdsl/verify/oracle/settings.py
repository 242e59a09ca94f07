"""picture → what its layers are told, and which places the steps of its blocks hold."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.verify.oracle.functions import FUNCTIONS, Array

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.verify.oracle.steps import Steps
    from seqdsl.verify.oracle.training import Training


class Settings:
    """What the rules of layers ask of a picture, whatever has been computed.

    Attributes:
        drawing: what was read of the picture.
        steps: its steps.
        training: how it is computed as in training; ``None``: as in inference.
        grids: the places that each step of a block holds; the numbers of all are one vector, place by place.
    """

    drawing: Drawing
    steps: Steps
    training: Training | None
    grids: dict[int, tuple[int, ...]]

    def kind(self, index: int) -> str:
        """The layer of a block."""
        return self.drawing.settings[index].kind

    def chosen(self, index: int) -> bool:
        """Whether a block gives ids that it chooses; they are kept as numbers of one feature."""
        return self.kind(index) in ("argmax", "sample")

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

    def own_grid(self, index: int) -> tuple[int, ...]:
        """The places that each step of an argument holds: of an image its height and its width."""
        names = ("height", "width", "places")
        return tuple(self.size(index, name) for name in names if self.argument(index, name))

    def marked(self, index: int, steps: Sequence[Array]) -> list[Array] | None:
        """Where the steps of an argument are data, by what marks padding; ``None``: all are."""
        marks = self.argument(index, "mask")
        if marks is None or self.drawing.blocks[index].is_vector:
            return None
        differs = [value.real != marks for value in steps]
        # As Keras's `Masking`: a step is data if any of its features is another. A plain id has no features.
        is_id = self.kind(index) == "tokens" and not self.own_grid(index)
        return differs if is_id else [step.any(-1) for step in differs]

    def grid_read(self, index: int) -> tuple[int, ...]:
        """The places of what a block reads; all that it reads has the same."""
        read = (place for row in self.steps.operands[index] for place in row if place)
        found = [place.sources[0].block for place in read]
        start = self.steps.starts.get(index)
        if start is not None:
            # A decoder that nothing enters reads zeros at the places of the state that it begins with.
            begun = start.block if start.value is None else start.value.sources[0].block
            found += [] if begun is None else [begun]
        return next(filter(None, (self.grids.get(block, ()) for block in found)), ())

    def as_images(self, index: int, parts: tuple[Array, ...]) -> tuple[Array, ...]:
        """The states of a block as a model has them: those of images with height and width."""
        grid = self.grids.get(index, ())
        return tuple(one.reshape(*one.shape[:-1], *grid, -1) if grid else one for one in parts)

    def apart(self, x: Array, count: int) -> Array:
        """The places of a grid, each as if it were a sample."""
        return x if count == 1 else x.reshape(*x.shape[:-2], x.shape[-2] * count, -1)


def as_vector(state: Array) -> Array:
    """A state as a vector, as an image is one here: (batch, height, width, features) as (batch, numbers)."""
    return state.reshape(len(state), -1)
