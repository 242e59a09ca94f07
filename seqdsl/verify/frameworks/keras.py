"""Keras model → plain numbers: the adapter for ``keras``, whatever its backend."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZipFile

import h5py
import keras
import numpy as np

from seqdsl.verify.frameworks import DOUBLE, SINGLE, keras_gradients, keras_weights
from seqdsl.verify.frameworks.keras_precision import compute_in
from seqdsl.verify.frameworks.results import several
from seqdsl.verify.loss import loss

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from seqdsl.verify.frameworks import Array, Declared
    from seqdsl.verify.weights import LayerWeights


def version() -> str:
    """The framework's name and version, with its backend's name."""
    return f"keras {keras.__version__} ({keras.backend.backend()})"


def warm() -> None:
    """Nothing: there is little left, and the first tensor starts threads."""


def is_model(value: object) -> bool:
    """Whether ``value`` is a `keras.Model`."""
    return isinstance(value, keras.Model)


def declared(model: Any) -> tuple[list[Declared], list[Declared]] | None:
    """The shapes of a functional or sequential model; a subclassed one declares none."""
    try:
        ends = model.inputs, model.outputs
    # Which of the two depends on whether the model has been called.
    except (AttributeError, ValueError):
        return None
    inputs, outputs = ([tuple(tensor.shape[1:]) for tensor in end or ()] for end in ends)
    return (inputs, outputs) if inputs else None


def count_parameters(model: Any) -> int:
    """The number of weights; the state of a dropout's random generator is none."""
    return int(model.count_params())


def cast(model: Any, precision: str) -> Any:
    """The model as it is: `reset` has set the precision before it was built."""
    return model


def _tensors(model: Any, arrays: Sequence[Array]) -> list[Any]:
    precision = next(
        (weight.dtype for weight in model.weights if "float" in weight.dtype), "float64"
    )
    return [
        keras.ops.convert_to_tensor(array, precision if array.dtype.kind == "f" else None)
        for array in arrays
    ]


def _results(model: Any, arrays: Sequence[Array], *, training: bool) -> list[Any]:
    tensors = _tensors(model, arrays)
    result = model(tensors[0] if len(tensors) == 1 else tensors, training=training)
    return several(result)


def call(model: Any, arrays: Sequence[Array], *, training: bool = False) -> list[Array]:
    """The model's results for ``arrays``, as in inference or as in training with the statistics that are kept."""
    with _kept_statistics(model) if training else nullcontext():
        results = _results(model, arrays, training=training)
    return [np.asarray(keras.ops.convert_to_numpy(tensor)) for tensor in results]


@contextmanager
def _kept_statistics(model: Any) -> Iterator[None]:
    """Keras's own way to have batch normalization as in inference: its layers are not trained."""
    found = [
        layer
        for layer in model._flatten_layers()
        if isinstance(layer, keras.layers.BatchNormalization) and layer.trainable
    ]
    for layer in found:
        layer.trainable = False
    try:
        yield
    finally:
        for layer in found:
            layer.trainable = True


def gradients(
    model: Any,
    layers: Sequence[LayerWeights],
    arrays: Sequence[Array],
    goals: Sequence[Array],
    *,
    training: bool = False,
) -> tuple[float, dict[str, Array]]:
    """The loss and its gradient by each named array of weights."""

    def forward() -> Any:
        outputs = _results(model, arrays, training=training)
        return loss(outputs, _tensors(model, goals), keras.ops.mean)

    variables = model.trainable_variables
    found, slopes = keras_gradients.slope(forward, variables, model.non_trainable_variables)
    pairs = zip(variables, slopes, strict=True)
    known = {id(variable): slope for variable, slope in pairs if slope is not None}
    return found, keras_weights.named(model, layers, known)


write, read = keras_weights.write, keras_weights.read
places, fits = keras_weights.places, keras_weights.fits


def save(model: Any, folder: Path, arrays: Sequence[Array], *, must_export: bool) -> None:
    """Save the model in Keras's own format."""
    model.save(folder / "model.keras")


def restore(build: Callable[[], Any], folder: Path) -> list[Any]:
    """The model that was saved; its module has been imported, so that its own layers are known."""
    return [keras.saving.load_model(folder / "model.keras")]


def load_file(build: Callable[[], Any], file: Path) -> Any:
    """A model from a ``.keras`` file, or with the weights of a ``.weights.h5`` file."""
    if file.suffix == ".keras":
        return keras.saving.load_model(file)
    model = build()
    model.load_weights(file)
    return model


def holds_models(file: Path) -> bool:
    """Whether it is a ``.keras`` file."""
    return file.suffix == ".keras"


def file_precision(file: Path) -> str:
    """The precision of the weights in a file: double if any of them is."""
    if file.suffix != ".keras":
        return _precision(file)
    with ZipFile(file) as whole, whole.open("model.weights.h5") as weights:
        return _precision(weights)


def _precision(file: Path | IO[bytes]) -> str:
    found: list[str] = []

    def note(_: str, item: Any) -> None:
        if isinstance(item, h5py.Dataset):
            found.append(str(item.dtype))

    with h5py.File(file, "r") as weights:
        weights.visititems(note)
    return DOUBLE if DOUBLE in found else SINGLE


def save_file(model: Any, file: Path) -> None:
    """Write a ``.keras`` file, or a ``.weights.h5`` file."""
    if file.suffix == ".keras":
        model.save(file)
    else:
        model.save_weights(file, overwrite=True)


def reset(precision: str = DOUBLE) -> None:
    """Forget earlier models, seed the weights of the next, and set their precision."""
    keras.backend.clear_session()
    if keras.backend.backend() == "jax":
        import jax

        # What it has compiled for earlier models is 200 MB for each, and of no use to the next.
        jax.clear_caches()
    keras.saving.get_custom_objects().clear()
    keras.utils.set_random_seed(0)
    compute_in(precision)
