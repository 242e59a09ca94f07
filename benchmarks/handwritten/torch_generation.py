"""sizes → PyTorch models that generate, by hand: a character model, and a transformer that keeps keys and values."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class CharRnn(nn.Module):
    """An LSTM that reads its own last character."""

    def __init__(self, units: int, width: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(100, width)
        self.lstm = nn.LSTM(width, units, batch_first=True)
        self.head = nn.Linear(units, 100)

    @torch.no_grad()
    def generate(self, start: Tensor, steps: int) -> Tensor:
        ids, state, found = start[:, None], None, []
        for _ in range(steps):
            step, state = self.lstm(self.embedding(ids), state)
            ids = self.head(step).argmax(dim=-1)
            found.append(ids)
        return torch.cat(found, dim=1)


class Transformer(nn.Module):
    """A block of a decoder-only transformer, which keeps keys and values in memory for all steps."""

    def __init__(self, units: int, heads: int = 4) -> None:
        super().__init__()
        self.units, self.heads = units, heads
        self.embedding = nn.Embedding(100, units)
        self.projected, self.out = nn.Linear(units, 3 * units), nn.Linear(units, units)
        self.head = nn.Linear(units, 100)
        exponents = torch.arange(0, units, 2) / units
        self.register_buffer("rates", 10000**-exponents)

    def _position(self, step: int) -> Tensor:
        angles = step * self.rates
        return torch.stack((angles.sin(), angles.cos()), dim=-1).flatten()

    @torch.no_grad()
    def generate(self, start: Tensor, steps: int) -> Tensor:
        ids, batch, found = start, start.shape[0], []
        keys, values = torch.empty(2, batch, self.heads, steps, self.units // self.heads)
        for step in range(steps):
            x = self.embedding(ids) + self._position(step)
            q, k, v = self.projected(x).view(batch, 3, self.heads, -1).unbind(1)
            keys[:, :, step], values[:, :, step] = k, v
            kept = (part[:, :, : step + 1] for part in (keys, values))
            read = F.scaled_dot_product_attention(q[:, :, None], *kept)
            ids = self.head(x + self.out(read.flatten(1))).argmax(dim=-1)
            found.append(ids)
        return torch.stack(found, dim=1)


def char_rnn(units: int, width: int) -> nn.Module:
    return CharRnn(units, width)


def transformer(units: int) -> nn.Module:
    return Transformer(units)
