"""classes that generated Keras modules define → the same classes here: a file names them, and never brings their code.

A file with a class of somebody's own is refused, as it only has the class's name. The classes here are registered in
the package ``seqdsl``, which says what they compute::

    @keras.saving.register_keras_serializable(package="seqdsl")
    class EachStep(layers.Wrapper):                                "registered_name": "seqdsl>EachStep"
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras
from keras import layers, ops

if TYPE_CHECKING:
    from collections.abc import Mapping

    Shape = tuple[int | None, ...]

_PACKAGE = "seqdsl"


class EachStep(layers.Wrapper):  # type: ignore[misc]
    """Applies a layer to every step: all steps of all samples are one batch for it."""

    def __init__(self, layer: layers.Layer, **options: Any) -> None:
        """Wrap a layer."""
        super().__init__(layer, **options)
        # As in a generated module: it takes masks, and gives none.
        self.supports_masking = True

    def build(self, input_shape: Shape) -> None:
        """Build the layer for one step."""
        super().build((None, *input_shape[2:]))

    def call(self, x: Any) -> Any:
        """Apply the layer to (samples * steps, ...)."""
        steps = ops.shape(x)[1]
        y = self.layer(ops.reshape(x, (-1, *x.shape[2:])))
        return ops.reshape(y, (-1, steps, *y.shape[1:]))

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """No mask: generated code gives it where it is read."""

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """What the layer gives, at each step."""
        given = self.layer.compute_output_shape((None, *input_shape[2:]))
        return (*input_shape[:2], *given[1:])


_CLASSES: Mapping[str, type[keras.layers.Layer]] = {f"{_PACKAGE}>EachStep": EachStep}


def is_written(item: Mapping[str, Any]) -> bool:
    """Whether an object of a configuration is of one of these classes.

    >>> is_written({"class_name": "EachStep", "registered_name": "seqdsl>EachStep"})
    True
    >>> is_written({"class_name": "EachStep", "registered_name": "Custom>EachStep"})
    False
    """
    # Keras treats some names of classes in ways of their own: both names have to be those of one class.
    return item.get("registered_name") == f"{_PACKAGE}>{item.get('class_name')}" in _CLASSES


def written_classes() -> dict[str, type[keras.layers.Layer]]:
    """The classes by the names that they are registered by."""
    return dict(_CLASSES)
