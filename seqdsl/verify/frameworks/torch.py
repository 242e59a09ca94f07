"""PyTorch module → plain numbers: the adapter for ``torch``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.verify.frameworks import Array, Declared


def version() -> str:
    """The framework's name and version."""
    return f"torch {torch.__version__}"


def is_model(value: object) -> bool:
    """Whether ``value`` is a `torch.nn.Module`."""
    return isinstance(value, nn.Module)


def declared(model: Any) -> tuple[list[Declared], list[Declared]] | None:
    """Nothing: a module does not say what shapes it takes."""
    return None


def count_parameters(model: Any) -> int:
    """The number of weights; a buffer is none."""
    return sum(weight.numel() for weight in model.parameters())


def call(model: Any, arrays: Sequence[Array]) -> list[Array]:
    """The model's results for ``arrays``, as in inference."""
    model.eval()
    with torch.no_grad():
        result = model(*(torch.from_numpy(array) for array in arrays))
    several = result if isinstance(result, list | tuple) else [result]
    return [tensor.numpy() for tensor in several]


def reset() -> None:
    """Seed the weights of the next model; earlier ones leave nothing behind."""
    torch.manual_seed(0)
