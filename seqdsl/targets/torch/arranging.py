"""a user's module, whose axes are in another order → the same, called as pictures are: samples, steps, features.

nn.LSTM(3, 4)            (steps, samples, features), batch_first=False
nn.Conv1d(3, 4, 5)       (samples, features, steps)
a tagger of a tutorial   (steps,): one sample at a time
nn.LSTM(3, 4, 2)         states of (rows, samples, units), here a state of (samples, units) for each row
"""

from __future__ import annotations

from itertools import permutations
from typing import TYPE_CHECKING, Any

import torch

from seqdsl.runtime.results import several

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from seqdsl.runtime.adapter import Declared

AXES = "bspfhw"
"""Samples (of a batch), steps, places, features, height, width: in this order in generated modules."""


def arrange(model: Any, axes: Sequence[str], results: Sequence[Declared]) -> None:
    """Let a module take and give its axes in the order of pictures; it is a copy that nobody else has.

    Args:
        model: the module.
        axes: the order of axes of each argument, as ``"sbf"``; a word that has none of them: as it is. ``"sbf_1_3"``
            takes the arguments 1 and 3, which are the last ones, one behind the other. Its results give them so, too.
        results: the shape of each result, without the samples.
    """
    ours: Callable[..., Any] = model.forward
    orders: dict[int, tuple[int, ...]] = {}
    places = [tuple(map(int, said.split("_")[1:])) for said in axes]
    axes = [said.partition("_")[0] for said in axes]
    # One sample at a time, if no argument has an axis for them.
    is_single = not any("b" in said or not set(said) <= set(AXES) for said in axes)
    given_as = _of_results(places, len(results))

    def forward(*tensors: torch.Tensor) -> list[torch.Tensor]:
        if is_single:
            return _one_by_one(ours, tensors, axes, results)
        batch, taken = len(tensors[0]), _stacked(tensors, places)
        given = several(ours(*map(_argument, taken, axes)), torch.Tensor)
        made: dict[int, torch.Tensor] = {}
        for place, (item, to) in enumerate(zip(given, given_as, strict=True)):
            rows = (len(to),) if len(to) > 1 else ()
            whole = _result(item, (batch, *rows, *results[to[0]]), orders, place)
            made.update(zip(to, whole.unbind(1) if rows else [whole], strict=True))
        return [made[place] for place in range(len(results))]

    model.forward = forward


def flatten(model: Any, example: Sequence[Any]) -> None:
    """Let a module take and give tensors alone: ``y, (h, c) = forward(x, (h, c))`` has three of each.

    Args:
        model: the module; it is a copy that nobody else has.
        example: arguments that it can be called with, nested as it takes them; empty: it takes tensors.
    """
    ours: Callable[..., Any] = model.forward

    def forward(*tensors: torch.Tensor) -> list[torch.Tensor]:
        taken = rebuilt(example, iter(tensors)) if len(example) else tensors
        return list(_tensors(ours(*taken)))

    model.forward = forward


def _tensors(results: Any) -> Iterator[torch.Tensor]:
    """All tensors of results, in order; what else a module gives, such as ``None``, is none of a picture's."""
    if isinstance(results, torch.Tensor):
        yield results
    elif isinstance(results, dict | list | tuple):
        for item in results.values() if isinstance(results, dict) else results:
            yield from _tensors(item)


def rebuilt(example: Any, tensors: Iterator[torch.Tensor]) -> Any:
    """Nested arguments or results with other tensors in place of theirs."""
    if isinstance(example, torch.Tensor):
        return next(tensors)
    if isinstance(example, dict):
        return {name: rebuilt(item, tensors) for name, item in example.items()}
    if isinstance(example, list | tuple):
        return type(example)(rebuilt(item, tensors) for item in example)
    return example


def _stacked(
    tensors: Sequence[torch.Tensor], places: Sequence[tuple[int, ...]]
) -> Sequence[torch.Tensor]:
    """The arguments of a module, of which some are several of a picture's, one behind the other as steps."""
    if not any(places):
        return tensors
    return [
        torch.stack([tensors[at] for at in of], 1) if of else tensors[place]
        for place, of in enumerate(places)
    ]


def _of_results(places: Sequence[tuple[int, ...]], count: int) -> list[tuple[int, ...]]:
    """Which results of a picture's each of a module's is: states come last among them, as among the arguments."""
    # arguments x, h_c of rows 1 and 2: () (1, 3) (2, 4), of 5; of results y and the same (0,) (1, 3) (2, 4)
    held = [of for of in places if of]
    first = count - sum(map(len, held))
    moved = first - (len(places) - len(held))
    return [(at,) for at in range(first)] + [tuple(at + moved for at in of) for of in held]


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
