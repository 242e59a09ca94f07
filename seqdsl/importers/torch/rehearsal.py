"""module and inputs for it → why it cannot be called with them at all; then nothing can be said of its layers."""

from __future__ import annotations

import inspect
import warnings
from typing import TYPE_CHECKING, Any

import torch

from seqdsl.importers.torch.inputs import flat

if TYPE_CHECKING:
    from torch import nn


class CannotCall(ValueError):
    """A module raises an error when it is called with what it is said to take."""


def rehearse(module: nn.Module, example: Any) -> None:
    """Call a module.

    Args:
        module: a copy, which is run.
        example: its arguments; a dictionary: by name.

    Raises:
        CannotCall: it raises an error; the message says which, and what it was called with.
    """
    named = example
    if not isinstance(example, dict):
        names = list(inspect.signature(module.forward).parameters)
        named = dict(zip(names, example, strict=False))
    try:
        with torch.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module.eval()(**example) if isinstance(example, dict) else module.eval()(*example)
    except Exception as problem:
        # The code of the model is the user's: it may raise anything.
        given = ", ".join(f"{name} {_shown(tensor)}" for name, tensor in flat(named))
        said = next(iter(str(problem).strip().splitlines()), "")
        raise CannotCall(
            f"`forward` raises {type(problem).__name__} when it is called with {given or 'nothing'}: {said}"
        ) from problem


def _shown(tensor: torch.Tensor) -> str:
    return f"{tuple(tensor.shape)} {str(tensor.dtype).removeprefix('torch.')}"
