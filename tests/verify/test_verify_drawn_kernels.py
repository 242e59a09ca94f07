"""The weights that are drawn for recurrent kernels of convolutions have the shapes of the layer's."""

from __future__ import annotations

import pytest

import seqdsl
from seqdsl.runtime.named_weights import draw
from seqdsl.verify.spec_weights import layer_weights


@pytest.mark.parametrize("sizes", ["1, 2", "2, 1", "3, 2"])
def test_a_recurrent_kernel_has_all_its_gates(sizes: str) -> None:
    model = seqdsl.compile(f"V-V\n| |\nX X\n\nV = convlstm({sizes})\nX = input(3, 3, 1)\n")
    layers = layer_weights(model.spec)
    drawn = draw(layers)
    (layer,) = layers
    assert {name: drawn[f"{layer.name}/{name}"].shape for name, _ in layer.shapes} == dict(
        layer.shapes
    )
