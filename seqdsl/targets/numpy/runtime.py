"""generated numpy module → plain numbers: the adapter for ``numpy``; its models predict, and cannot be trained."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, ClassVar, NoReturn

import numpy as np

from seqdsl.layers import layer_def
from seqdsl.runtime.adapter import DOUBLE, any_threads, channels_last, drawn_in_place, no_such_graph
from seqdsl.runtime.named_weights import ROW
from seqdsl.runtime.noise import gumbel_noise, normal_noise
from seqdsl.runtime.results import several
from seqdsl.targets.numpy.weight_file import save_weights
from seqdsl.targets.torch.state_dict import COUNTER, Projections, attribute_path
from seqdsl.targets.torch.state_dict import places as places_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import ModuleType

    from seqdsl.runtime.adapter import Array
    from seqdsl.runtime.generating import Asked
    from seqdsl.runtime.named_weights import LayerWeights
    from seqdsl.runtime.settings import Settings


class Model:
    """A model that may have no weights yet.

    Attributes:
        load: the generated module's ``load``, with the builder's parameters.
        precision: what its weights are to be made of.
        arrays: the weights by name, as they were given.
        layers: whose weights they are.
        loaded: the object that predicts.
        default: what the weights of new models are to be made of.
        fixed: whether what is sampled is not random.
    """

    default: ClassVar[str] = DOUBLE
    fixed: ClassVar[bool] = False

    def __init__(self, load: Callable[[Path], Any]) -> None:
        """A model without weights."""
        self.load = load
        self.precision = self.default
        self.arrays: dict[str, Array] = {}
        self.layers: Sequence[LayerWeights] = ()
        self.loaded: Any = None

    def take(self, layers: Sequence[LayerWeights], arrays: Mapping[str, Array]) -> None:
        """Take weights from a file, as users do; the module refuses those that are missing or no part of it."""
        self.arrays = {name: arrays[name] for layer in layers for _, name in layer.names()}
        self.layers = layers
        with TemporaryDirectory(prefix="seqdsl-") as folder:
            file = Path(folder) / "weights.safetensors"
            self.save(file)
            self.loaded = self.load(file)

    def save(self, file: Path) -> None:
        """Write the file that a generated module loads."""
        weights = {
            name: array if array.dtype.kind == "i" else array.astype(self.precision)
            for name, array in state_dict(self.layers, self.arrays).items()
        }
        save_weights(file, weights)


def state_dict(layers: Sequence[LayerWeights], arrays: Mapping[str, Array]) -> dict[str, Array]:
    """The named arrays of ``layers`` under PyTorch's names, in PyTorch's layouts.

    The tests compare this with what PyTorch itself keeps.
    """
    tensors: dict[str, Array] = {}
    for layer in layers:
        name, _, row = (layer.row or layer.name).partition(ROW)
        module = attribute_path(name)
        definition = layer_def(layer.kind)
        # q, k and v of an attention that PyTorch packs into one tensor, by their place in it: below each other.
        thirds: dict[str, dict[int, Array]] = {}
        for (part, shape), (_, name) in zip(layer.shapes, layer.names(), strict=True):
            projections = _projections(layer)
            end = f"_l{row or 0}"
            for place in places_of(definition, part, shape, end, projections=projections):
                value = place.put(np.asarray(arrays[name]))
                if place.third is None:
                    tensors[f"{module}.{place.tensor}"] = value
                else:
                    thirds.setdefault(place.tensor, {})[place.third] = value
        for tensor, values in thirds.items():
            tensors[f"{module}.{tensor}"] = np.concatenate([values[k] for k in sorted(values)])
        if definition.has_statistics:
            tensors[f"{module}.{COUNTER}"] = np.asarray(0)
    return tensors


def _projections(layer: LayerWeights) -> Projections:
    """How PyTorch keeps what an attention projects with: in one tensor if it reads equally many features."""
    settings = dict(layer.settings)
    if "heads" not in settings or "key" in settings:
        return Projections.OWN
    kernels = [shape for part, shape in layer.shapes if part.endswith("kernel")]
    same = len({shape[0] for shape in kernels}) == 1
    return Projections.PACKED if same else Projections.SEPARATE


def version() -> str:
    """The framework's name and version."""
    return f"numpy {np.__version__}"


def warm() -> None:
    """Nothing: all of numpy is loaded."""


def builder(module: ModuleType) -> Callable[..., Any]:
    """What makes a model of a generated module, by its ``load`` and with the module's parameters."""
    return lambda **parameters: Model(lambda file: module.load(file, **parameters))


def begin(model: Model, layers: Sequence[LayerWeights]) -> None:
    """Give a model its first weights: a generated module has none of its own."""
    random = np.random.default_rng(0)
    write(
        model,
        layers,
        {
            # Variances are among them: a negative one has no root.
            f"{layer.name}/{part}": np.abs(random.normal(size=shape))
            for layer in layers
            for part, shape in layer.shapes
        },
    )


def is_model(value: object) -> bool:
    """Whether ``value`` is a model of a generated module."""
    return isinstance(value, Model)


def declared(model: Any) -> None:
    """Nothing: a class does not say what shapes it takes."""


def count_parameters(model: Model) -> int:
    """The number of weights."""
    return sum(array.size for array in model.arrays.values())


def cast(model: Model, precision: str) -> Model:
    """The model with weights of a precision."""
    model.precision = precision
    return model


lay_out = channels_last


def call(model: Model, arrays: Sequence[Array], *, training: bool = False) -> list[Array]:
    """The model's results for ``arrays``."""
    if model.loaded is None:
        model.take((), {})
    # A model without weights computes in the precision of its inputs, which is to be that of the others.
    given = [item.astype(model.precision) if item.dtype.kind == "f" else item for item in arrays]
    _hold_noise(model)
    return several(model.loaded.predict(*given), np.ndarray)


@contextmanager
def sampled(*, ids: bool = True) -> Iterator[None]:
    """What is sampled within the block is drawn by `seqdsl.runtime.noise`."""
    # But ids that `generate` draws by its seed: these have a generator of their own, whatever `ids` says.
    Model.fixed = True
    try:
        yield
    finally:
        Model.fixed = False


def _hold_noise(model: Model) -> None:
    """Let a model draw what is fixed within a block of `sampled`."""
    # At each call, as a model may have been loaded within the block or before it.
    if model.fixed and model.loaded is not None:
        _hold_within(model.loaded)


def _hold_within(loaded: Any) -> None:
    """Let an object of a generated class, and those of the pictures that it calls, draw what is fixed."""
    loaded.random = FixedNoise()
    for part in vars(loaded).values():
        if hasattr(part, "predict"):
            _hold_within(part)


class FixedNoise:
    """Instead of numpy's generator: what the functions of a generated module ask of it."""

    def gumbel(self, *, size: Sequence[int]) -> Array:
        """Gumbel numbers."""
        return np.broadcast_to(gumbel_noise(size[-1]), tuple(size))

    def standard_normal(self, size: Sequence[int]) -> Array:
        """Normal numbers."""
        return np.broadcast_to(normal_noise(size[-1]), tuple(size))


def stateful(module: ModuleType | None, model: Any, batch: int) -> None:
    """Nothing: its models are given their state."""


results_at_any_length, undrawn, threads_for = no_such_graph, drawn_in_place, any_threads
call_once = call


def generator(module: ModuleType, model: Model) -> Callable[..., Any] | None:
    """The model's method."""
    if model.loaded is None:
        model.take((), {})
    return getattr(model.loaded, "generate", None)


def generate(
    generator: Callable[..., Any], model: Model, arrays: Sequence[Array], asked: Asked
) -> Any:
    """What the model makes of the arguments that are not fed."""

    def given(array: Array) -> Array:
        return array.astype(model.precision) if array.dtype.kind == "f" else array

    _hold_noise(model)
    arguments = asked.arguments(given)
    if asked.seed is not None:
        arguments["seed"] = asked.seed
    return generator(*map(given, arrays), **arguments)


def write(model: Model, layers: Sequence[LayerWeights], arrays: Mapping[str, Array]) -> None:
    """Give a model the named weights."""
    model.take(layers, arrays)


def read(model: Model, layers: Sequence[LayerWeights], *, copied: bool = True) -> dict[str, Array]:
    """The model's weights by name."""
    names = [name for layer in layers for _, name in layer.names()]
    return {name: model.arrays[name].astype(model.precision, copy=copied) for name in names}


def places(model: Model) -> list[str]:
    """None: only a generated module has the class that is looked for."""
    return []


def fits(model: Model, layer: LayerWeights) -> bool:
    """No: see `places`."""
    return False


def settings(model: Model, layer: LayerWeights) -> Settings:
    """Nothing: a function is not asked for its settings."""
    return {}


def reset(precision: str = DOUBLE, *, generated: bool = False) -> None:
    """Set what the weights of the next models are made of by default."""
    Model.default = precision


def _cannot(*_: Any, **__: Any) -> NoReturn:
    raise NotImplementedError("a numpy model predicts; it can be neither trained nor saved")


def save_file(model: Model, file: Path) -> None:
    """Write a ``.safetensors`` file."""
    model.save(file)


call_controlled = copy = aside = flatten = arrange = frozen = untrained = merged = spared = (
    gradients
) = save = restore = load_file = holds_models = file_precision = train_padding = _cannot
