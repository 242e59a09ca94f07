"""Keras model that is called again and again → the same model as one program, which runs without Python.

A call runs operation by operation: an LSTM over 100 steps is 2,000 of them, at 50 µs of Python each. `verify` calls a
model some twenty times with the same weights. Where a call takes long, it becomes a program: on TensorFlow a graph for
any number of samples; on JAX the whole is compiled for each shape, not each operation. For each shape, samples and
all, the program first has to give what the operations give: layers that merge do otherwise where the samples are as
many as the features.

Models that may compute something else as a program are called as they are: those that draw random numbers or keep a
state, and on JAX those with layers of the module's own, which may inspect the values of their inputs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from time import process_time
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary, ref

import keras
import numpy as np

# What `keras.Model(inputs, outputs)` makes; there is no public name for it.
from keras.src.models.functional import Functional

from seqdsl.runtime.results import several
from seqdsl.targets.keras.random import is_patched

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.runtime.adapter import Array

    Shapes = tuple[tuple[tuple[int, ...], str], ...]
    Program = Callable[[Sequence[Any]], list[Any]]


@dataclass(slots=True)
class _Programs:
    """What is known of a model.

    Attributes:
        by_sample: the program for the shapes of a sample; ``None``: it was called once, without one.
        is_same: whether that gives what the operations give, for the shapes of all samples.
    """

    by_sample: dict[Shapes, Program | None] = field(default_factory=dict)
    is_same: dict[Shapes, bool] = field(default_factory=dict)


_SHORT = 0.05
"""Seconds of a call that are not worth a program: writing one down and comparing it takes as long as several calls."""

_CALLED: WeakKeyDictionary[Any, _Programs] = WeakKeyDictionary()
"""The models that have been called."""


def tensors_of(model: Any, arrays: Sequence[Array]) -> list[Any]:
    """The arguments of a model as tensors."""
    # As the weights have it; a model without weights computes in what it is given.
    precision = next(
        (weight.dtype for weight in model.weights if "float" in weight.dtype), "float64"
    )
    return [
        keras.ops.convert_to_tensor(array, precision if array.dtype.kind == "f" else None)
        for array in arrays
    ]


def infer(model: Any, tensors: Sequence[Any]) -> list[Any]:
    """What a model gives as in inference."""
    make = None if is_patched() or not _is_whole(model) else _PROGRAMS.get(keras.backend.backend())
    if make is None:
        return called(model, tensors)
    known = _CALLED.setdefault(model, _Programs())
    shapes = tuple((tuple(tensor.shape), str(tensor.dtype)) for tensor in tensors)
    # Not for any number of steps: Keras's `TimeDistributed` takes samples for steps where their number is not known.
    sample = tuple((shape[1:], dtype) for shape, dtype in shapes)
    program = known.by_sample.get(sample)
    if program is not None and known.is_same.get(shapes):
        try:
            return program(tensors)
        # An input that the model refuses is refused again below, with an error that names the operation.
        except Exception:
            return called(model, tensors)
    began = process_time()
    results = called(model, tensors)
    took = process_time() - began
    if sample not in known.by_sample:
        known.by_sample[sample] = None
    elif shapes not in known.is_same and (took > _SHORT or known.by_sample[sample]):
        program = known.by_sample[sample] = program or make(model, tensors)
        known.is_same[shapes] = _gives(program, tensors, results)
    return results


def _gives(program: Program, tensors: Sequence[Any], results: Sequence[Any]) -> bool:
    """Whether a program gives what the operations gave."""
    try:
        found = [keras.ops.convert_to_numpy(item) for item in program(tensors)]
    # Whatever it cannot do is done operation by operation.
    except Exception:
        return False
    given = [keras.ops.convert_to_numpy(item) for item in results]
    return all(
        one.shape == other.shape and np.allclose(one, other, rtol=1e-4, atol=1e-5, equal_nan=True)
        for one, other in zip(found, given, strict=True)
    )


def called(model: Any, tensors: Sequence[Any], *, training: bool = False) -> list[Any]:
    """What a model gives, operation by operation."""
    return several(model(tensors[0] if len(tensors) == 1 else list(tensors), training=training))


def _is_whole(model: Any) -> bool:
    """Whether a model consists of layers alone, without code of its own, and keeps nothing between calls."""
    if not (isinstance(model, Functional) or (isinstance(model, keras.Sequential) and model.built)):
        return False
    # A model that keeps its state has a fixed number of samples.
    return all(tensor.shape[0] is None for tensor in model.inputs)


def _graph(model: Any, tensors: Sequence[Any]) -> Program:
    """A model as a graph of TensorFlow, for any number of samples."""
    import tensorflow as tf

    # Optimizing a graph takes longer than running it unoptimized a few times.
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    # The entries of `_CALLED` end with their models: a program that held its model would keep it forever.
    model_ref = ref(model)
    signature = [tf.TensorSpec((None, *tensor.shape[1:]), tensor.dtype) for tensor in tensors]

    def run(tensors: Sequence[Any]) -> list[Any]:
        return called(model_ref(), tensors)

    program: Program = tf.function(run, input_signature=[signature], autograph=False)
    return program


def _compiled(model: Any, tensors: Sequence[Any]) -> Program:
    """A model that JAX compiles as a whole for each shape."""
    import jax

    model_ref = ref(model)
    # A layer of the module's own may inspect its inputs' values, and refuse them: no compiled one can.
    if not all(type(layer).__module__.startswith("keras.") for layer in model._flatten_layers()):
        return lambda tensors: called(model_ref(), tensors)

    @jax.jit
    def run(values: Sequence[Any], tensors: Sequence[Any]) -> list[Any]:
        known = model_ref()
        assert known is not None
        with keras.StatelessScope(list(zip(known.variables, values, strict=True))):
            return called(known, tensors)

    def program(tensors: Sequence[Any]) -> list[Any]:
        known = model_ref()
        assert known is not None
        found: list[Any] = run([variable.value for variable in known.variables], tensors)
        return found

    return program


_PROGRAMS = {"tensorflow": _graph, "jax": _compiled}
