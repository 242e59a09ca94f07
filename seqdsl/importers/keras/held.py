"""a weight that a custom layer uses itself, and the symbol in its place while the layer is called."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

import keras

from seqdsl.importers.keras.configs import config_of

if TYPE_CHECKING:
    from collections.abc import Iterator


class Held:
    """A weight that a custom layer uses itself.

    Attributes:
        variable: the weight.
        owner: the layer that has it: the layer itself, or an embedding within.
        attribute: what it is called there.
        symbol: what stands in its place.
    """

    def __init__(self, variable: Any, owner: Any, attribute: str) -> None:
        """Note a weight, and the attribute of its owner that it is."""
        self.variable, self.owner, self.attribute = variable, owner, attribute
        self.symbol = keras.Input(batch_shape=tuple(variable.shape))


def config_and_model(symbols: list[Any], outputs: list[Any]) -> tuple[Any, Any]:
    """The configuration of what leads from symbols to outputs, and the model of it."""
    # A model needs an output, if only an input that is passed.
    model = keras.Model(symbols, outputs or symbols[:1])
    return config_of(model), model


def held_in(layer: Any, *, windows: bool = False) -> Iterator[Held]:
    """The weights that a layer has itself, and the tables of embeddings within it: both may be read without a call.

    Args:
        layer: the layer.
        windows: whether kernels of images are wanted, too.
    """
    axes = (1, 2, 4) if windows else (1, 2)
    if isinstance(layer, keras.Sequential) or hasattr(layer, "operations"):
        return
    for owner in (layer, *layer._flatten_layers(include_self=False)):
        if owner is not layer and not isinstance(owner, keras.layers.Embedding):
            continue
        for name, item in vars(owner).items():
            if isinstance(item, keras.Variable) and len(item.shape) in axes:
                yield Held(item, owner, name)


@contextmanager
def symbolic(held: list[Held]) -> Iterator[None]:
    """Symbols in place of weights for as long as a layer is called."""
    usual = keras.layers.Layer.symbolic_call

    # The shapes that a layer within gives are found out by a run of its call in the backend, which takes no symbols.
    # What it does with its weights is read when it is traced itself.
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        _set(held, "variable")
        try:
            return usual(self, *args, **kwargs)
        finally:
            _set(held, "symbol")

    keras.layers.Layer.symbolic_call = call
    _set(held, "symbol")
    try:
        yield
    finally:
        _set(held, "variable")
        keras.layers.Layer.symbolic_call = usual


def _set(held: list[Held], which: Literal["symbol", "variable"]) -> None:
    """Give each owner the symbols of its weights, or the weights."""
    for item in held:
        vars(item.owner)[item.attribute] = getattr(item, which)


@contextmanager
def short_keys() -> Iterator[None]:
    """``x[:3]`` of a symbol as ``x[(slice(3),)]``: Keras takes such a key of numbers alone."""
    usual = keras.KerasTensor.__getitem__

    def item(self: Any, key: Any) -> Any:
        return usual(self, (key,) if isinstance(key, slice) else key)

    keras.KerasTensor.__getitem__ = item
    try:
        yield
    finally:
        keras.KerasTensor.__getitem__ = usual
