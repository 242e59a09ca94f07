"""PyTorch modules as people have them; imported by a worker, from the folder of the tests."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn


class Translator(nn.Module):
    """An encoder whose state begins a decoder."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(3, 5, batch_first=True)
        self.decoder = nn.LSTM(2, 5, batch_first=True)
        self.head = nn.Linear(5, 4)

    def forward(self, source: Tensor, target: Tensor) -> Any:
        _, state = self.encoder(source)
        steps, _ = self.decoder(target, state)
        return self.head(steps)


class StepsFirst(nn.Module):
    """A module that takes steps before samples, has a layer that it does not use, and squeezes its result."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.GRU(3, 4)
        self.head = nn.Linear(4, 1)
        self.unused = nn.Linear(2, 2)

    def forward(self, x: Tensor) -> Any:
        steps, _ = self.rnn(x)
        return self.head(steps)


class Odd(nn.Module):
    """Two things that the language does not have."""

    def __init__(self) -> None:
        super().__init__()
        self.norm = nn.InstanceNorm1d(3)
        self.head = nn.Linear(3, 2)

    def forward(self, x: Tensor) -> Any:
        return self.head(torch.sort(self.norm(x), dim=1).values)


class Reviews(nn.Module):
    """Ids of which 0 is padding, without a mask: PyTorch does not train its vector."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(9, 3, padding_idx=0)
        self.rnn = nn.GRU(3, 4, batch_first=True)

    def forward(self, text: Tensor) -> Any:
        _, last = self.rnn(self.words(text))
        return last[-1]


def translator() -> Any:
    return Translator(), (torch.randn(2, 5, 3), torch.randn(2, 4, 2))
