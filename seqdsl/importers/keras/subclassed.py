"""a model's inputs → which of their axes are free; a model of a custom class → its calls, by calling it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import keras

from seqdsl.importers.keras.inlined import trace
from seqdsl.importers.keras.ledger import SAMPLES
from seqdsl.importers.keras.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seqdsl.importers.keras.network import Network

    Axis = tuple[int, int]


def free_axes(model: keras.Model) -> list[Axis]:
    """The axes of a model's inputs whose length is free: the input's number, and the axis behind the samples."""
    return [
        (place, number)
        for place, (_, shape, _) in enumerate(_inputs(model))
        for number, size in enumerate(shape[1:])
        if size is None
    ]


def _inputs(model: keras.Model) -> Iterator[tuple[str, tuple[Any, ...], str]]:
    if hasattr(model, "inputs") and model.inputs:
        for item in model.inputs:
            yield item.name, tuple(item.shape), str(item.dtype)
        return
    for number, shape in enumerate(_flat(_shapes(model))):
        yield f"input_{number}" if number else "input", tuple(shape), "float32"


def _shapes(model: keras.Model) -> Any:
    """The shapes that a model of a custom class was built with.

    Raises:
        Refused: they are not known, or go by names.
    """
    if not model.built:
        raise Refused("it was not called yet, so that its input shapes are unknown", "call it once")
    config = model.get_build_config() or {}
    shapes = config.get("input_shape") or config.get("shapes_dict")
    if shapes is None:
        raise Refused("its input shapes are unknown", "build it as a functional model")
    if isinstance(shapes, dict) and "input_shape" in config:
        raise Refused(
            "its call takes a dictionary of inputs",
            "let it take a list, `source, target = inputs`, or build it as a functional model",
        )
    return shapes


def _flat(shapes: Any) -> list[Any]:
    if isinstance(shapes, dict):
        return [shape for item in shapes.values() for shape in _flat(item)]
    if shapes and isinstance(shapes[0], list | tuple):
        return [shape for item in shapes for shape in _flat(item)]
    return [shapes]


def traced_at(model: keras.Model, lengths: Mapping[Axis, int]) -> Network:
    """The calls that a model makes on symbolic inputs of given lengths."""
    symbols = []
    for place, (name, shape, dtype) in enumerate(_inputs(model)):
        axes = [lengths.get((place, number), size) for number, size in enumerate(shape[1:])]
        symbols.append(keras.Input(batch_shape=(SAMPLES, *axes), dtype=dtype, name=name))
    given = symbols[0] if len(symbols) == 1 else symbols
    return trace(model, [given], {}, symbols, "")
