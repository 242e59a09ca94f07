"""parts of parameters → what can be read and written as if it were one parameter.

It has what `seqdsl.targets.torch.weights` asks of a parameter: its shape, its data, its gradient.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.runtime.named_weights import Array


class Part:
    """Some rows of a parameter, and some columns, as if they were one."""

    def __init__(self, tensor: Any, *places: slice) -> None:
        """Take a parameter, and the part of each of its axes."""
        self.tensor, self.places = tensor, places

    @property
    def shape(self) -> torch.Size:
        """The part's own."""
        return self.data.shape  # type: ignore[no-any-return]

    @property
    def data(self) -> Any:
        """The numbers."""
        # A part shares the memory of the whole: what is written to it is written there.
        return self.tensor.data[self.places]

    @property
    def grad(self) -> Any:
        """The gradient, after a backward pass; ``None``: there is none."""
        return None if self.tensor.grad is None else self.tensor.grad[self.places]


# kernel of an lstm:    i.weight | f.weight | g.weight | o.weight      four linear layers, side by side
class Joined:
    """Several parameters, or parts of such, as if they were one."""

    def __init__(self, parts: Sequence[Any], axis: int) -> None:
        """Take parts, and the axis along which they are side by side."""
        self.parts, self.axis = parts, axis
        # Whether it is trained is known of one: an array is trained as a whole.
        self.tensor = getattr(parts[0], "tensor", parts[0])

    @property
    def shape(self) -> torch.Size:
        """That of all together."""
        return torch.cat([part.data for part in self.parts], self.axis).shape

    @property
    def data(self) -> Joined:
        """What can be read, and copied to."""
        # A copy of the numbers would not be the parameters' memory.
        return self

    def numpy(self) -> Array:
        """The numbers."""
        return torch.cat([part.data for part in self.parts], self.axis).numpy()

    def copy_(self, value: torch.Tensor) -> None:
        """Write to each part its own."""
        sizes = [part.shape[self.axis] for part in self.parts]
        for part, piece in zip(self.parts, torch.split(value, sizes, self.axis), strict=True):
            part.data.copy_(piece)

    @property
    def grad(self) -> torch.Tensor | None:
        """The gradient, after a backward pass; ``None``: a part has none."""
        grads = [part.grad for part in self.parts]
        return None if any(item is None for item in grads) else torch.cat(grads, self.axis)
