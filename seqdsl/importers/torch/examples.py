"""shapes of inputs, as somebody gives them → tensors that a module can be called with, and which axes are free."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any, Protocol

import torch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SAMPLES, LENGTH = 2, 6
"""Samples of an example, and how long what is free is in it."""


class Shape(Protocol):
    """What is known of an input (see `seqdsl.porting.origin.GivenInput`)."""

    shape: tuple[int | str, ...]
    dtype: str
    name: str
    samples: int


def examples(
    module: Any, inputs: Sequence[Shape]
) -> tuple[tuple[torch.Tensor, ...], dict[tuple[int, int], str]]:
    """Tensors in the order of the module's arguments, and the names of free lengths by (input, axis).

    Args:
        module: the module.
        inputs: the shapes of its arguments; those with names first find theirs.
    """
    ordered = _ordered(inputs, [*inspect.signature(module.forward).parameters])
    tensors: list[torch.Tensor] = []
    free: dict[tuple[int, int], str] = {}
    for place, item in enumerate(ordered):
        sizes: list[int] = []
        for axis, size in enumerate(_with_samples(item)):
            if isinstance(size, str):
                # (steps, B, features): the samples count as an axis.
                free[place, axis] = size or _free_name(free)
            sizes.append(LENGTH if isinstance(size, str) else size)
        tensors.append(_tensor(sizes, item.dtype))
    return tuple(tensors), free


def _ordered(inputs: Sequence[Shape], arguments: Sequence[str]) -> list[Shape]:
    """The inputs in the order of the arguments.

    Raises:
        ValueError: there is no argument of a name.
    """
    named = {item.name: item for item in inputs if item.name}
    unknown = [name for name in named if name not in arguments]
    if unknown:
        raise ValueError(
            f"the module has no argument `{unknown[0]}`: choose from {', '.join(arguments)}"
        )
    others = iter(item for item in inputs if not item.name)
    ordered = (named.get(name) or next(others, None) for name in arguments)
    return [item for item in ordered if item is not None]


def _with_samples(item: Shape) -> list[int | str]:
    axes: list[int | str] = [*item.shape]
    return [*axes[: item.samples], SAMPLES, *axes[item.samples :]]


def _free_name(free: Mapping[tuple[int, int], str]) -> str:
    """A name that is free: n, n_2, n_3."""
    count = sum(name.partition("_")[0] == "n" for name in free.values()) + 1
    return "n" if count == 1 else f"n_{count}"


def _tensor(sizes: Sequence[int], dtype: str) -> torch.Tensor:
    kind = getattr(torch, dtype)
    if kind.is_floating_point:
        return torch.randn(*sizes, dtype=kind)
    # Whole numbers are ids, of which 0 is always one; one for each sample is its length, which is 1 at least.
    make = torch.ones if len(sizes) == 1 else torch.zeros
    return make(*sizes, dtype=kind)
