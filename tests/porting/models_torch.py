"""PyTorch modules as people have them; imported by a worker, from the folder of the tests."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence


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


class Tagger(nn.Module):
    """A row, and a layer for each step."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.head = nn.GRU(3, 4, batch_first=True), nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Any:
        return self.head(self.rnn(x)[0])


class Begun(Tagger):
    """A row whose state is an argument."""

    def forward(self, x: Tensor, h0: Tensor) -> Any:  # type: ignore[override]
        return self.head(self.rnn(x, h0)[0])


class Packed(Tagger):
    """A row that is told how long its samples are."""

    def forward(self, x: Tensor, lengths: Tensor) -> Any:  # type: ignore[override]
        packed = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
        return self.head(self.rnn(packed)[1][-1])


class Deaf(Tagger):
    """An argument that changes nothing."""

    def forward(self, x: Tensor, z: Tensor) -> Any:  # type: ignore[override]
        return super().forward(x)


def translator() -> Any:
    return Translator(), (torch.randn(2, 5, 3), torch.randn(2, 4, 2))
