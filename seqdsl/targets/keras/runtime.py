"""Keras model → plain numbers: the adapter for ``keras``, whatever its backend."""

from __future__ import annotations

import sys
from contextlib import contextmanager, nullcontext
from typing import IO, TYPE_CHECKING, Any
from zipfile import ZipFile

import h5py
import keras
import numpy as np

from seqdsl.runtime.adapter import DOUBLE, SINGLE, channels_last
from seqdsl.runtime.generating import arrays_of
from seqdsl.runtime.loss import loss
from seqdsl.targets.keras import gradients as keras_gradients
from seqdsl.targets.keras import random as keras_random
from seqdsl.targets.keras import session
from seqdsl.targets.keras import settings as keras_settings
from seqdsl.targets.keras import weights as keras_weights
from seqdsl.targets.keras.any_length import results_at_any_length  # noqa: F401 - part of the adapter
from seqdsl.targets.keras.copying import arrange, aside, copy, flatten, merged, spared, threads_for  # noqa: F401 - part of the adapter
from seqdsl.targets.keras.keeping import stateful  # noqa: F401 - part of the adapter
from seqdsl.targets.keras.large import undrawn  # noqa: F401 - part of the adapter
from seqdsl.targets.keras.precision import compute_in
from seqdsl.targets.keras.tracing import called, infer, tensors_of
from seqdsl.targets.keras.weights import fits, frozen, places, read, train_padding, untrained, write  # noqa: F401 - part of the adapter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from types import ModuleType

    from seqdsl.runtime.adapter import Array, Declared
    from seqdsl.runtime.controlled import Draws
    from seqdsl.runtime.generating import Asked
    from seqdsl.runtime.named_weights import LayerWeights

_MODEL, _WEIGHTS, _REASON = "model.keras", "model.weights.h5", "reason.txt"


def version() -> str:
    """The framework's name and version, with its backend's name."""
    return f"keras {keras.__version__} ({keras.backend.backend()})"


def warm() -> None:
    """Nothing: there is little left, and the first tensor starts threads."""


def builder(module: ModuleType) -> Callable[..., Any]:
    """What makes a model of a generated module."""
    build: Callable[..., Any] = module.build_model
    return build


def begin(model: Any, layers: Sequence[LayerWeights]) -> None:
    """Nothing: layers begin with weights of their own."""


def is_model(value: object) -> bool:
    """Whether ``value`` is a `keras.Model`, or a layer, which `cast` makes one of."""
    return isinstance(value, keras.layers.Layer)


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
    """The model as it is: `reset` has set the precision before it was built. A single layer becomes a model."""
    return model if isinstance(model, keras.Model) else keras.Sequential([model])


def call(model: Any, arrays: Sequence[Array], *, training: bool = False) -> list[Array]:
    """The model's results for ``arrays``, as in inference or as in training with the statistics that are kept."""
    tensors = tensors_of(model, arrays)
    with _kept_statistics(model) if training else nullcontext():
        results = called(model, tensors, training=True) if training else infer(model, tensors)
    return _arrays(results)


def call_once(model: Any, arrays: Sequence[Array]) -> list[Array]:
    """The results of a model that is not called with such shapes again: it becomes no program."""
    return _arrays(called(model, tensors_of(model, arrays)))


def _arrays(results: Sequence[Any]) -> list[Array]:
    return [np.asarray(keras.ops.convert_to_numpy(tensor)) for tensor in results]


def generator(module: ModuleType, model: Any) -> Callable[..., Any] | None:
    """The function of the module."""
    return getattr(module, "generate", None)


def generate(
    generator: Callable[..., Any], model: Any, arrays: Sequence[Array], asked: Asked
) -> Any:
    """What the model makes of the arguments that are not fed."""

    def tensor(array: Array) -> Any:
        return tensors_of(model, [array])[0]

    arguments = asked.arguments(tensor)
    if asked.seed is not None:
        arguments["seed"] = asked.seed
    found = generator(model, *tensors_of(model, arrays), **arguments)
    return arrays_of(found, lambda item: np.asarray(keras.ops.convert_to_numpy(item)))


def call_controlled(model: Any, arrays: Sequence[Array], draws: Draws) -> list[Array]:
    """The model's results as in training, with the numbers of ``draws`` instead of random ones."""
    with keras_random.controlled(draws):
        return call(model, arrays, training=True)


@contextmanager
def _kept_statistics(model: Any) -> Iterator[None]:
    """Keras's own way to have batch normalization as in inference: its layers are not trained."""
    found = [
        layer
        # Layers within layers, too; there is no public name for all of them.
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

    def forward(given: Any) -> Any:
        tensors, aims = given
        pairs = zip(called(model, tensors, training=training), aims, strict=True)
        # Ids are whole numbers; TensorFlow subtracts none from others.
        outputs = [keras.ops.cast(output, aim.dtype) for output, aim in pairs]
        return loss(outputs, aims, keras.ops.mean)

    variables = model.trainable_variables
    given = [tensors_of(model, arrays), tensors_of(model, goals)]
    others = model.non_trainable_variables
    # A compiled function would draw the same numbers again.
    what = () if keras_random.is_patched() else (model, training)
    found, slopes = keras_gradients.slope(forward, given, variables, others, *what)
    pairs = zip(variables, slopes, strict=True)
    known = {id(variable): slope for variable, slope in pairs if slope is not None}
    return found, keras_weights.named(model, layers, known)


settings, sampled, lay_out = keras_settings.settings, keras_random.sampled, channels_last


def save(model: Any, folder: Path, arrays: Sequence[Array], *, must_export: bool) -> None:
    """Save the model in Keras's own format, and its weights alone if the whole of it need not be saved."""
    if must_export:
        model.save(folder / _MODEL)
        return
    model.save_weights(folder / _WEIGHTS)
    try:
        model.save(folder / _MODEL)
    # Somebody's own layers may have no configuration; that is said once it is known what was lost.
    except Exception as problem:
        (folder / _MODEL).unlink(missing_ok=True)
        (folder / _REASON).write_text(_reason(problem), "utf-8")


def restore(
    build: Callable[[], Any], folder: Path, arrays: Sequence[Array]
) -> tuple[list[Any], str]:
    """The model that was saved; its module has been imported, so that its own layers are known.

    Where the whole model cannot be saved or loaded but need not be, it is built anew and given the weights.
    """
    weights = folder / _WEIGHTS
    try:
        if (folder / _MODEL).exists():
            return [keras.saving.load_model(folder / _MODEL)], ""
        why = (folder / _REASON).read_text("utf-8")
    except Exception as problem:
        if not weights.exists():
            raise
        why = _reason(problem)
    reset(_precision(weights))
    model = cast(build(), DOUBLE)
    # A model that was not called has no weights yet.
    call(model, arrays)
    model.load_weights(weights)
    return [
        model
    ], f"only the weights were saved and loaded, as Keras cannot save and load the model: {why}"


def _reason(problem: Exception) -> str:
    """What Keras raised, without the examples that it adds."""
    said = f"{type(problem).__name__}: {str(problem).strip()}".split("\n\n")[0]
    return " ".join(said.split())


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
    # A `.keras` file is an archive: config.json, metadata.json, and the weights in the other format.
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


def reset(precision: str = DOUBLE, *, generated: bool = False) -> None:
    """Forget earlier models, seed the weights of the next, and set their precision."""
    session.begin(generated=generated)
    keras_gradients.forget()
    if keras.backend.backend() == "jax":
        import jax

        # What it has compiled for earlier models is 200 MB for each, and of no use to the next.
        jax.clear_caches()
    # What a module of the user's has registered stays: it is not imported a second time.
    registered = keras.saving.get_custom_objects()
    for name, item in list(registered.items()):
        module = getattr(item, "__module__", "")
        # A module that is still loaded may build its model once more, and looks its cells up by their names then.
        if module.startswith("seqdsl_") and module not in sys.modules:
            del registered[name]
    compute_in(precision)
