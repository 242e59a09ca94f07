"""loss of a PyTorch module → gradients of its weights by name; of a large table only those of the rows that are read.

PyTorch gives a table a gradient that is as large and has zeros for all other rows, unless it is told otherwise.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
from torch import nn

from seqdsl.targets.torch.weights import bindings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from seqdsl.runtime.named_weights import Array, LayerWeights

AT_ONCE = 2**20
"""Numbers of a table, above which it is large."""


def slope(model: Any, loss: Callable[[], Any]) -> float:
    """The loss; its gradients are left in the weights."""
    model.zero_grad(set_to_none=True)
    with _rows_alone(model):
        found = loss()
        # A model without weights has nothing to learn.
        if found.requires_grad:
            found.backward()
    return float(found.detach())


@contextmanager
def _rows_alone(model: Any) -> Iterator[None]:
    """Within the block large tables get sparse gradients, where PyTorch has these."""
    tables = [
        item
        for item in model.modules()
        if isinstance(item, nn.Embedding)
        and item.weight.numel() > AT_ONCE
        and not (item.sparse or item.scale_grad_by_freq)
    ]
    for table in tables:
        table.sparse = True
    try:
        yield
    finally:
        for table in tables:
            table.sparse = False


def gradients(model: Any, layers: Sequence[LayerWeights]) -> dict[str, Array]:
    """The gradients of a module's weights, after a backward pass, taken from it; nothing where there is none."""
    found: dict[str, Array] = {}
    for binding in bindings(model, layers):
        if binding.take is None or getattr(binding.tensor, "grad", None) is None:
            continue
        array = binding.take(_array(binding.tensor.grad))
        found[binding.name] = found[binding.name] + array if binding.name in found else array
    # The arrays share their memory, which is free as soon as nobody needs them.
    model.zero_grad(set_to_none=True)
    return found


def _array(gradient: Any) -> Array:
    """The numbers of a gradient; of a sparse one, what nobody writes to takes no memory."""
    if not getattr(gradient, "is_sparse", False):
        return np.asarray(gradient.numpy())
    rows = gradient.coalesce()
    values = rows.values().numpy()
    whole: Array = np.zeros(tuple(gradient.shape), values.dtype)
    whole[rows.indices().numpy()[0]] = values
    return whole
