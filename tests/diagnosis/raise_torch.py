"""Code that PyTorch refuses, one function for each kind of message; prints what it says as JSON.

Run in a process of its own: `python tests/diagnosis/raise_torch.py`.
"""

from __future__ import annotations

import json
import traceback
import warnings
from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional
from torch.nn.utils.rnn import pack_padded_sequence
from torch.utils.data import default_collate

CASES: dict[str, Callable[[], object]] = {}


def case(name: str) -> Callable[[Callable[[], object]], Callable[[], object]]:
    def add(function: Callable[[], object]) -> Callable[[], object]:
        CASES[name] = function
        return function

    return add


def ones(*shape: int) -> torch.Tensor:
    return torch.ones(shape)


def lstm(*arguments: int) -> nn.LSTM:
    return nn.LSTM(*(arguments or (4, 32)), batch_first=True)


@case("torch-input-size")
def _() -> object:
    return lstm()(ones(2, 3, 5))


@case("torch-input-axes")
def _() -> object:
    return lstm()(ones(2, 3, 12, 4))


@case("torch-input-one-axis")
def _() -> object:
    return lstm()(ones(6))


@case("torch-packed-axes")
def _() -> object:
    layer = lstm()
    return layer.check_input(ones(2, 4), None)


@case("torch-linear-one-direction")
def _() -> object:
    y, _ = nn.LSTM(4, 32, batch_first=True, bidirectional=True)(ones(2, 3, 4))
    return nn.Linear(32, 2)(y)


@case("torch-linear-width")
def _() -> object:
    return nn.Linear(4, 32)(ones(2, 5))


@case("torch-channels-last")
def _() -> object:
    return nn.Conv1d(4, 32, 3)(ones(2, 20, 4))


@case("torch-channels")
def _() -> object:
    return nn.Conv1d(4, 32, 3)(ones(2, 5, 20))


@case("torch-window-too-long")
def _() -> object:
    return nn.Conv1d(4, 32, 3)(ones(2, 4, 2))


@case("torch-normalized-width")
def _() -> object:
    return nn.LayerNorm(32)(ones(2, 3, 4))


@case("torch-attention-width")
def _() -> object:
    x = ones(2, 3, 16)
    return nn.MultiheadAttention(32, 2, batch_first=True)(x, x, x)


@case("torch-attention-heads")
def _() -> object:
    return nn.MultiheadAttention(33, 2)


@case("torch-key-padding-mask")
def _() -> object:
    x = ones(2, 5, 32)
    mask = torch.zeros(5, 2, dtype=torch.bool)
    return nn.MultiheadAttention(32, 2, batch_first=True)(x, x, x, key_padding_mask=mask)


@case("torch-attention-mask")
def _() -> object:
    x = ones(2, 3, 32)
    return nn.MultiheadAttention(32, 2)(x, x, x, attn_mask=torch.zeros(3, 3, dtype=torch.bool))


@case("torch-attention-axes")
def _() -> object:
    return nn.MultiheadAttention(32, 2)(ones(32), ones(3, 32), ones(3, 32))


def started(*shape: int) -> object:
    return lstm()(ones(2, 3, 4), (ones(*shape), ones(*shape)))


@case("torch-state-width")
def _() -> object:
    return started(1, 2, 16)


@case("torch-state-directions")
def _() -> object:
    return started(2, 2, 32)


@case("torch-state-batch")
def _() -> object:
    state = ones(1, 2, 32), ones(1, 2, 32)
    return nn.LSTM(4, 32)(ones(2, 3, 4), state)


@case("torch-state-swapped")
def _() -> object:
    return started(2, 1, 32)


@case("torch-state-not-a-pair")
def _() -> object:
    return lstm()(ones(2, 3, 4), ones(1, 2, 32))


@case("torch-state-axes")
def _() -> object:
    return nn.GRU(4, 32, batch_first=True)(ones(2, 3, 4), ones(2, 32))


@case("torch-result-tuple")
def _() -> object:
    return lstm()(ones(2, 3, 4)).size()


@case("torch-graph-freed")
def _() -> object:
    layer, state = lstm(), None
    for _ in range(2):
        y, state = layer(ones(2, 3, 4), state)
        y.sum().backward()
    return None


def packed(lengths: torch.Tensor, **options: bool) -> object:
    return pack_padded_sequence(ones(2, 3, 4), lengths, **options)


@case("torch-lengths-device")
def _() -> object:
    return packed(torch.tensor([3, 2], device="meta"), batch_first=True)


@case("torch-lengths-order")
def _() -> object:
    return packed(torch.tensor([2, 3]), batch_first=True)


@case("torch-lengths-zero")
def _() -> object:
    return packed(torch.tensor([3, 0]), batch_first=True)


@case("torch-lengths-count")
def _() -> object:
    return packed(torch.tensor([2, 2]))


@case("torch-ids-are-floats")
def _() -> object:
    return nn.Embedding(10, 4)(ones(2, 3))


@case("torch-id-too-large")
def _() -> object:
    return nn.Embedding(10, 4)(torch.tensor([10]))


@case("torch-join-ranks")
def _() -> object:
    return torch.cat([ones(2, 3, 4), ones(2, 5)], -1)


@case("torch-join-sizes")
def _() -> object:
    return torch.cat([ones(2, 3, 4), ones(2, 2, 5)], -1)


@case("torch-ragged-batch")
def _() -> object:
    return default_collate([ones(3, 4), ones(2, 4)])


@case("torch-view-order")
def _() -> object:
    return ones(2, 3, 4).transpose(1, 2).view(2, -1)


@case("torch-view-size")
def _() -> object:
    return ones(2, 7).view(2, 3, 2)


@case("torch-weights")
def _() -> object:
    saved = nn.ModuleDict({"lstm": lstm(5, 32)})
    return nn.ModuleDict({"lstm": lstm(4, 32)}).load_state_dict(saved.state_dict())


@case("torch-other-widths")
def _() -> object:
    x = ones(2, 3, 4)
    return x + lstm()(x)[0]


@case("torch-other-sizes")
def _() -> object:
    return ones(2, 6) * ones(2, 3)


@case("torch-classes-axis")
def _() -> object:
    return nn.CrossEntropyLoss()(ones(2, 3, 5), torch.zeros(2, 3, dtype=torch.long))


@case("torch-target-batch")
def _() -> object:
    return nn.CrossEntropyLoss()(ones(6, 5), torch.zeros(2, dtype=torch.long))


@case("torch-target-axis")
def _() -> object:
    return nn.CrossEntropyLoss()(ones(2, 5), torch.zeros(2, 1, dtype=torch.long))


@case("torch-target-type")
def _() -> object:
    return nn.CrossEntropyLoss()(ones(2, 5), ones(2))


@case("torch-target-size")
def _() -> object:
    return functional.mse_loss(ones(2, 1), ones(2))


def said(function: Callable[[], object]) -> str:
    """The traceback of a call, and what it warned of."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            function()
        except Exception:
            return traceback.format_exc()
    return "\n".join(f"{item.category.__name__}: {item.message}" for item in caught)


if __name__ == "__main__":
    print(json.dumps({name: said(function) for name, function in CASES.items()}))
