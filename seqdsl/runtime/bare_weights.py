"""weight that is an attribute of a custom module → the array of a layer that is a table and nothing else.

A trained initial state, a class token or positions are often no layer of a framework::

    self.start = nn.Parameter(torch.zeros(1, 1, 8))       S = learned(8)
    self.places = self.add_weight((1, 5, 8))              P = position(8)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.runtime.weight_binding import Binding, NoSuchWeights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.runtime.named_weights import LayerWeights

BARE = "*"
"""Before the place of a weight that is not in a layer."""


def bare_binding(tensor: Any, layer: LayerWeights) -> Binding:
    """The weight as the only one of a layer, such as a table: axes of length 1 do not count.

    Args:
        tensor: what holds the numbers.
        layer: the layer, such as ``learned(8)``.

    Raises:
        NoSuchWeights: the layer has several weights, or one of another shape.
    """
    (part, shape), *others = layer.shapes
    held = tuple(tensor.shape)
    # (1, 8), (8,) and (1, 1, 8) are one vector of 8 numbers; (8, 5) and (5, 8) are different tables.
    if others or _counting(held) != _counting(shape):
        raise NoSuchWeights(f"nothing holds `{layer.name}/{part}`")
    return Binding(
        f"{layer.name}/{part}",
        tensor,
        lambda array: array.reshape(held),
        lambda array: array.reshape(shape),
    )


def _counting(shape: Sequence[int]) -> list[int]:
    return [size for size in shape if size != 1]


def unmatched(places: Sequence[str], layers: Sequence[LayerWeights]) -> list[str]:
    """The bare weights of a model that hold nothing of the picture, as their author calls them.

    Args:
        places: all places of the model.
        layers: the layers of the picture, each with its place.
    """
    taken = {layer.place for layer in layers}
    # own.weight is no bare weight where the layer `own` was found to be a dense one
    return [
        place.rpartition(" ")[2].removeprefix(BARE)
        for place in places
        if place.startswith(BARE)
        and place not in taken
        and place.removeprefix(BARE).rpartition(".")[0] not in taken
    ]
