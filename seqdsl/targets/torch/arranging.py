"""a user's module, whose axes are in another order → the same, called as pictures are: samples, steps, features.

nn.LSTM(3, 4)            (steps, samples, features), batch_first=False
nn.Conv1d(3, 4, 5)       (samples, features, steps)
a tagger of a tutorial   (steps,): one sample at a time
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

import torch

from seqdsl.runtime.results import several

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.runtime.adapter import Declared

AXES = "bspfhw"
"""Samples (of a batch), steps, places, features, height, width: in this order in generated modules."""


def arrange(model: Any, axes: Sequence[str], results: Sequence[Declared]) -> None:
    """Let a module take and give its axes in the order of pictures; it is a copy that nobody else has.

    Args:
        model: the module.
        axes: the order of axes of each argument, as ``"sbf"``; a word that has none of them: as it is.
        results: the shape of each result, without the samples.
    """
    ours: Callable[..., Any] = model.forward
    orders: dict[int, tuple[int, ...]] = {}
    # One sample at a time, if no argument has an axis for them.
    is_single = not any("b" in said or not set(said) <= set(AXES) for said in axes)

    def forward(*tensors: torch.Tensor) -> list[torch.Tensor]:
        if is_single:
            return _one_by_one(ours, tensors, axes, results)
        given = several(ours(*map(_argument, tensors, axes)), torch.Tensor)
        batch = len(tensors[0])
        return [
            _result(item, (batch, *shape), orders, place)
            for place, (item, shape) in enumerate(zip(given, results, strict=True))
        ]

    model.forward = forward


def _argument(tensor: torch.Tensor, said: str) -> torch.Tensor:
    """An argument in the order that a module takes."""
    if not set(said) <= set(AXES):
        return tensor
    ordered = [axis for axis in AXES if axis in said]
    if "s" in said and tensor.dim() < len(ordered):
        # A row of one step is a vector in a picture.
        tensor = tensor.unsqueeze(ordered.index("s"))
    # (samples, steps, 1) for a module that takes numbers without an axis of features,
    # (samples, 1, height, width) for one that takes images without channels
    whole = tensor
    if tensor.dim() > len(ordered):
        whole = tensor.squeeze(-3 if "h" in said else -1)
    # Of one channel, `contiguous` keeps strides that PyTorch takes for channels last, and `view` fails behind a window.
    turned = whole.permute(*(ordered.index(axis) for axis in said))
    return turned.clone(memory_format=torch.contiguous_format)


def _one_by_one(
    ours: Callable[..., Any],
    tensors: Sequence[torch.Tensor],
    axes: Sequence[str],
    results: Sequence[Declared],
) -> list[torch.Tensor]:
    given = [
        several(ours(*map(_argument, [item[at] for item in tensors], axes)), torch.Tensor)
        for at in range(len(tensors[0]))
    ]
    return [
        # (steps, features), or (1, features) of a vector that keeps an axis
        torch.stack([item.reshape(item.shape[-len(shape) :]) for item in column])
        for column, shape in zip(zip(*given, strict=True), results, strict=True)
    ]


def _result(
    tensor: torch.Tensor,
    shape: Declared,
    orders: dict[int, tuple[int, ...]],
    place: int,
) -> torch.Tensor:
    """A result in our order: the one order in which its shape is right, or that of an earlier call."""
    while tensor.dim() < len(shape):
        tensor = tensor.unsqueeze(-1)
    while tensor.dim() > len(shape) and 1 in tensor.shape:
        tensor = tensor.squeeze(tensor.shape.index(1))
    # (7, 3, 4) of 3 samples, 7 steps and 4 features: (1, 0, 2). Of 3 samples and 3 steps that is open.
    fitting = [
        order
        for order in permutations(range(tensor.dim()))
        if _fits([tensor.shape[axis] for axis in order], shape)
    ]
    if len(fitting) == 1:
        orders[place] = fitting[0]
    order = orders.get(place, fitting[0] if fitting else tuple(range(tensor.dim())))
    return tensor.permute(*order)


def _fits(sizes: Sequence[int], shape: Declared) -> bool:
    return len(sizes) == len(shape) and all(
        expected in (None, size) for size, expected in zip(sizes, shape, strict=True)
    )
