"""sizes → PyTorch modules by hand: cells of one's own, decoders that read what they gave one step before."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class Mgu(nn.Module):
    """A minimal gated unit (Zhou et al. 2016): what reads the input is computed for all steps at once."""

    def __init__(self, width: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.input = nn.Linear(width, 2 * units)
        self.forget = nn.Linear(units, units, bias=False)
        self.candidate = nn.Linear(units, units, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        h = x.new_zeros(x.shape[0], self.units)
        for gate, value in zip(
            *(part.unbind(1) for part in self.input(x).chunk(2, -1)), strict=True
        ):
            f = torch.sigmoid(gate + self.forget(h))
            n = torch.tanh(value + self.candidate(f * h))
            h = (1 - f) * h + f * n
        return h


class LastOf(nn.Module):
    """A cell of one's own and a dense layer on its last output."""

    def __init__(self, cell: nn.Module, head: nn.Linear) -> None:
        super().__init__()
        self.cell, self.head = cell, head

    def forward(self, x: Tensor) -> Tensor:
        return self.head(self.cell(x))


def gated_cell(units: int, width: int) -> nn.Module:
    return LastOf(Mgu(width, units), nn.Linear(units, 10))


class NormalizedLSTM(nn.Module):
    """An LSTM with layer normalization (Ba et al. 2016)."""

    def __init__(self, width: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.input = nn.Linear(width, 4 * units)
        self.recurrent = nn.Linear(units, 4 * units, bias=False)
        self.gates_norm = nn.LayerNorm(4 * units)
        self.state_norm = nn.LayerNorm(units)

    def forward(self, x: Tensor) -> Tensor:
        h = c = x.new_zeros(x.shape[0], self.units)
        for read in self.input(x).unbind(1):
            i, f, g, o = self.gates_norm(read + self.recurrent(h)).chunk(4, -1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * self.state_norm(c).tanh()
        return h


def normalized_cell(units: int, width: int) -> nn.Module:
    return LastOf(NormalizedLSTM(width, units), nn.Linear(units, 10))


class OwnSteps(nn.Module):
    """A decoder that reads its own outputs, as PyTorch's tutorial on translation writes it."""

    def __init__(self, m: int, units: int, width: int) -> None:
        super().__init__()
        self.m = m
        self.encoder = nn.GRU(width, units, batch_first=True)
        self.decoder = nn.GRU(width, units, batch_first=True)
        self.head = nn.Linear(units, width)

    def forward(self, x: Tensor, s: Tensor) -> Tensor:
        _, state = self.encoder(x)
        read, found = s[:, None], []
        for _ in range(self.m):
            step, state = self.decoder(read, state)
            read = self.head(step)
            found.append(read)
        return torch.cat(found, dim=1)


def own_steps(m: int, units: int, width: int) -> nn.Module:
    return OwnSteps(m, units, width)


class AttentionAsked(nn.Module):
    """Attention asked by the decoder's state one step before (Bahdanau et al. 2014); the keys are projected once."""

    def __init__(self, units: int, width: int) -> None:
        super().__init__()
        self.encoder = nn.GRU(width, units, batch_first=True)
        self.query = nn.Linear(units, units, bias=False)
        self.key = nn.Linear(units, units, bias=False)
        self.score = nn.Linear(units, 1, bias=False)
        self.decoder = nn.GRU(units + width, units, batch_first=True)
        self.head = nn.Linear(units, 10)

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        memory, state = self.encoder(x)
        keys = self.key(memory)
        found = []
        for read in z.split(1, dim=1):
            scores = self.score(torch.tanh(self.query(state[-1])[:, None] + keys))
            context = scores.softmax(dim=1).transpose(1, 2) @ memory
            step, state = self.decoder(torch.cat((context, read), dim=-1), state)
            found.append(step)
        return self.head(torch.cat(found, dim=1))


def attention_asked(units: int, width: int) -> nn.Module:
    return AttentionAsked(units, width)


class WarmUp(nn.Module):
    """One layer warms up on the past, then reads its own forecasts."""

    def __init__(self, m: int, units: int) -> None:
        super().__init__()
        self.m = m
        self.lstm = nn.LSTM(1, units, batch_first=True)
        self.head = nn.Linear(units, 1)

    def forward(self, x: Tensor) -> Tensor:
        steps, state = self.lstm(x)
        found = [self.head(steps[:, -1:])]
        for _ in range(self.m - 1):
            step, state = self.lstm(found[-1], state)
            found.append(self.head(step))
        return torch.cat(found, dim=1)


def warm_up(m: int, units: int) -> nn.Module:
    return WarmUp(m, units)
