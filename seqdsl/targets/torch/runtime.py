"""PyTorch module → plain numbers: the adapter for ``torch``."""

from __future__ import annotations

from io import BytesIO
from itertools import zip_longest
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import torch
from torch import nn

from seqdsl.runtime.adapter import DOUBLE, SINGLE, drawn_in_place, no_such_graph
from seqdsl.runtime.loss import loss
from seqdsl.runtime.results import several
from seqdsl.runtime.weight_binding import NoSuchWeights
from seqdsl.targets.torch import copying as torch_copying
from seqdsl.targets.torch import gradients as torch_gradients
from seqdsl.targets.torch import random as torch_random
from seqdsl.targets.torch import settings as torch_settings
from seqdsl.targets.torch import weights as torch_weights
from seqdsl.targets.torch.arranging import arrange, flatten  # noqa: F401 - part of the adapter
from seqdsl.targets.torch.state_files import apart, matched
from seqdsl.targets.torch.threads import threads_for  # noqa: F401 - part of the adapter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import ModuleType

    from seqdsl.runtime.adapter import Array, Declared
    from seqdsl.runtime.controlled import Draws
    from seqdsl.runtime.generating import Asked
    from seqdsl.runtime.named_weights import LayerWeights

_NOT_TENSORS = "the file holds something other than named tensors, and is not loaded"


def version() -> str:
    """The framework's name and version."""
    return f"torch {torch.__version__}"


def warm() -> None:
    """Import what `torch.export` needs: a thousand modules, at its first use."""
    with BytesIO() as file:
        torch.export.save(torch.export.export(nn.Identity(), (torch.zeros(1),)), file)
        file.seek(0)
        torch.export.load(file)


def builder(module: ModuleType) -> Callable[..., Any]:
    """What makes a model of a generated module."""
    build: Callable[..., Any] = module.build_model
    return build


def begin(model: Any, layers: Sequence[LayerWeights]) -> None:
    """Nothing: layers begin with weights of their own."""


def is_model(value: object) -> bool:
    """Whether ``value`` is a `torch.nn.Module`."""
    return isinstance(value, nn.Module)


def declared(model: Any) -> tuple[list[Declared], list[Declared]] | None:
    """Nothing: a module does not say what shapes it takes."""
    return None


def count_parameters(model: Any) -> int:
    """The number of weights; a buffer is none."""
    return sum(weight.numel() for weight in model.parameters())


def cast(model: Any, precision: str) -> Any:
    """The module with weights of a precision."""
    return model.to(getattr(torch, precision))


def _precision(model: Any) -> torch.dtype:
    weights = (item.dtype for item in model.parameters() if item.is_floating_point())
    return next(weights, torch.float64)


_IMAGES: WeakKeyDictionary[Any, tuple[Sequence[bool], Sequence[bool]]] = WeakKeyDictionary()
"""Which arguments and which results of each model hold images; of most there are none."""


def lay_out(model: Any, inputs: Sequence[bool], outputs: Sequence[bool]) -> None:
    """Note which arguments and results hold images: PyTorch has the channels of these first."""
    if any(inputs) or any(outputs):
        _IMAGES[model] = (inputs, outputs)


def _tensors(model: Any, arrays: Sequence[Array]) -> list[torch.Tensor]:
    tensors = [torch.from_numpy(array) for array in arrays]
    precision = _precision(model)
    return [item.to(precision) if item.is_floating_point() else item for item in tensors]


def _arguments(model: Any, arrays: Sequence[Array]) -> list[torch.Tensor]:
    """Arguments as the model takes them: images with their channels first."""
    inputs, _ = _IMAGES.get(model, ((), ()))
    return _channels_first(_tensors(model, arrays), inputs)


def _channels_first(tensors: Sequence[torch.Tensor], images: Sequence[bool]) -> list[torch.Tensor]:
    # (..., height, width, channels) -> (..., channels, height, width), copied: one channel would keep its strides
    return [
        item.movedim(-1, -3).clone(memory_format=torch.contiguous_format) if is_image else item
        for item, is_image in zip_longest(tensors, images[: len(tensors)])
    ]


def _channels_last(item: torch.Tensor, is_image: bool | None) -> torch.Tensor:
    return item.movedim(-3, -1) if is_image else item


def _results(model: Any, arrays: Sequence[Array]) -> list[torch.Tensor]:
    """The model's results, images with their channels last."""
    found = several(model(*_arguments(model, arrays)), torch.Tensor)
    _, outputs = _IMAGES.get(model, ((), ()))
    return [_channels_last(*pair) for pair in zip_longest(found, outputs[: len(found)])]


def call(model: Any, arrays: Sequence[Array], *, training: bool = False) -> list[Array]:
    """The model's results for ``arrays``, as in inference or as in training with the statistics that are kept."""
    model.train(training)
    for module in model.modules():
        # There is no public name for all of them.
        if isinstance(module, nn.modules.batchnorm._BatchNorm):
            module.eval()
    with torch.no_grad():
        return [tensor.numpy() for tensor in _results(model, arrays)]


def generator(module: ModuleType, model: Any) -> Callable[..., Any] | None:
    """The model's method."""
    return getattr(model, "generate", None)


def generate(
    generator: Callable[..., Any], model: Any, arrays: Sequence[Array], asked: Asked
) -> Any:
    """What the model makes of the arguments that are not fed."""
    model.eval()

    def tensor(array: Array) -> torch.Tensor:
        return _tensors(model, [array])[0]

    def image(array: Array) -> torch.Tensor:
        return _channels_first([tensor(array)], [True])[0]

    arguments = asked.arguments(tensor, image)
    if asked.seed is not None:
        arguments["generator"] = torch.Generator().manual_seed(asked.seed)
    others = _channels_first(_tensors(model, arrays), asked.images)
    found = generator(*others, **arguments)
    if not isinstance(found, dict):
        return _channels_last(found, bool(asked.fed_images)).numpy()
    return {key: _channels_last(x, key in asked.fed_images).numpy() for key, x in found.items()}


def stateful(module: ModuleType | None, model: Any, batch: int) -> None:
    """Nothing: its models are given their state."""


def call_controlled(model: Any, arrays: Sequence[Array], draws: Draws) -> list[Array]:
    """The model's results as in training, with the numbers of ``draws`` instead of random ones."""
    with torch_random.controlled(draws):
        return call(model, arrays, training=True)


sampled = torch_random.sampled


def gradients(
    model: Any,
    layers: Sequence[LayerWeights],
    arrays: Sequence[Array],
    goals: Sequence[Array],
    *,
    training: bool = False,
) -> tuple[float, dict[str, Array]]:
    """The loss and its gradient by each named array of weights."""
    model.train(training)

    def distance() -> Any:
        return loss(_results(model, arrays), _tensors(model, goals), torch.mean)

    return torch_gradients.slope(model, distance), torch_gradients.gradients(model, layers)


write, read = torch_weights.write, torch_weights.read
places, fits, train_padding = torch_weights.places, torch_weights.fits, torch_weights.train_padding
settings = torch_settings.settings
copy, aside = torch_copying.copy, torch_copying.aside
frozen, merged, untrained = torch_weights.frozen, torch_weights.merged, torch_weights.untrained
spared, results_at_any_length, undrawn = torch_weights.spared, no_such_graph, drawn_in_place
call_once = call


_WEIGHTS, _PROGRAM = "model.pt", "model.pt2"


def save(model: Any, folder: Path, arrays: Sequence[Array], *, must_export: bool) -> None:
    """Save the module's ``state_dict``, and the module as `torch.export` takes it down."""
    torch.save(model.state_dict(), folder / _WEIGHTS)
    try:
        program = torch.export.export(model.eval(), tuple(_arguments(model, arrays)))
    except Exception:
        # A packed sequence depends on the data; what the user's model does is theirs.
        if must_export:
            raise
        return
    torch.export.save(program, folder / _PROGRAM)


def restore(
    build: Callable[[], Any], folder: Path, arrays: Sequence[Array]
) -> tuple[list[Any], str]:
    """A module with the ``state_dict`` that was saved, and the program that was exported."""
    weights = torch.load(folder / _WEIGHTS, weights_only=True)
    precision = next(
        (item.dtype for item in weights.values() if item.is_floating_point()), torch.float64
    )
    model = build().to(precision)
    model.load_state_dict(weights)
    if not (folder / _PROGRAM).exists():
        return [model], ""
    return [model, _Exported(torch.export.load(folder / _PROGRAM).module(), precision)], ""


class _Exported(nn.Module):
    """An exported program, which is for inference from the start, as a module that can be told so."""

    def __init__(self, program: Callable[..., Any], precision: torch.dtype) -> None:
        super().__init__()
        # In a tuple: a module that is an attribute would be a part of this one, and set to training with it.
        self.program = (program,)
        # What `_precision` reads; without numbers, so that nothing is counted.
        self.precision = nn.Parameter(torch.empty(0, dtype=precision))

    def forward(self, *tensors: torch.Tensor) -> Any:
        return self.program[0](*tensors)


def load_file(build: Callable[[], Any], file: Path) -> Any:
    """A module with the ``state_dict`` of a ``.pt`` or ``.safetensors`` file."""
    model = build()
    model.load_state_dict(matched(_state(file), model.state_dict()))
    return model


def _state(file: Path) -> dict[str, torch.Tensor]:
    if file.suffix == ".safetensors":
        from safetensors.torch import load_file as load

        return load(file)
    try:
        # Nothing in the file can run: weights, or an error.
        found = torch.load(file, map_location="cpu", weights_only=True)
    except (OSError, MemoryError):
        raise
    except Exception:
        # PyTorch advises to let the file run, by `weights_only=False`; junk raises whatever its unpickler runs into.
        raise NoSuchWeights(_NOT_TENSORS) from None
    if not isinstance(found, dict) or not all(map(torch.is_tensor, found.values())):
        raise NoSuchWeights(_NOT_TENSORS)
    return found


def holds_models(file: Path) -> bool:
    """None does: a ``state_dict`` is weights alone."""
    return False


def file_precision(file: Path) -> str:
    """The precision of the weights in a file: double if any of them is."""
    return DOUBLE if any(item.dtype == torch.float64 for item in _state(file).values()) else SINGLE


def save_file(model: Any, file: Path) -> None:
    """Write a module's ``state_dict``."""
    if file.suffix == ".safetensors":
        from safetensors.torch import save_file as save

        save(apart(model.state_dict()), file)
    else:
        torch.save(model.state_dict(), file)


def reset(precision: str = DOUBLE, *, generated: bool = False) -> None:
    """Seed the weights of the next model; earlier ones leave nothing behind."""
    torch.manual_seed(0)
