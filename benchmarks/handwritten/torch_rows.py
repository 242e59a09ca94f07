"""sizes → PyTorch modules written by hand: one input, rows on top of each other."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Rows(nn.Module):
    """A recurrent layer and a dense one, as nearly all of these have."""

    def __init__(self, recurrent: nn.RNNBase, head: nn.Linear) -> None:
        super().__init__()
        self.recurrent, self.head = recurrent, head


def one_to_one(units: int, width: int) -> nn.Module:
    return nn.Sequential(
        nn.Linear(width, units), nn.ReLU(), nn.Linear(units, 10), nn.Softmax(dim=-1)
    )


class LastState(Rows):
    def forward(self, x: Tensor) -> Tensor:
        _, (h, _) = self.recurrent(x)
        return self.head(h[-1])


def many_to_one(n: int, units: int, width: int) -> nn.Module:
    return LastState(nn.LSTM(width, units, batch_first=True), nn.Linear(units, 10))


class Repeated(Rows):
    def __init__(self, n: int, recurrent: nn.RNNBase, head: nn.Linear) -> None:
        super().__init__(recurrent, head)
        self.n = n

    def forward(self, x: Tensor) -> Tensor:
        steps, _ = self.recurrent(x.unsqueeze(1).expand(-1, self.n, -1))
        return self.head(steps)


def one_to_many(n: int, units: int, width: int) -> nn.Module:
    return Repeated(n, nn.GRU(width, units, batch_first=True), nn.Linear(units, 10))


class Every(Rows):
    def forward(self, x: Tensor) -> Tensor:
        steps, _ = self.recurrent(x)
        return torch.softmax(self.head(steps), dim=-1)


def aligned(n: int, units: int, width: int) -> nn.Module:
    return Every(nn.LSTM(width, units, batch_first=True), nn.Linear(units, 10))


class Last3(Rows):
    def forward(self, x: Tensor) -> Tensor:
        steps, _ = self.recurrent(x)
        return self.head(steps[:, -3:])


def last_3(n: int, units: int, width: int) -> nn.Module:
    return Last3(nn.LSTM(width, units, batch_first=True), nn.Linear(units, 10))


class Padded(Rows):
    def forward(self, x: Tensor) -> Tensor:
        steps, _ = self.recurrent(F.pad(x, (0, 0, 0, 3)))
        return self.head(steps[:, -3:])


def padded(n: int, units: int, width: int) -> nn.Module:
    return Padded(nn.LSTM(width, units, batch_first=True), nn.Linear(units, 10))


def stacked(n: int, units: int, width: int) -> nn.Module:
    lstm = nn.LSTM(width, units, num_layers=3, batch_first=True)
    return LastState(lstm, nn.Linear(units, 10))


class Tapered(nn.Module):
    def __init__(self, units: int, width: int) -> None:
        super().__init__()
        self.wide = nn.GRU(width, units, batch_first=True)
        self.narrow = nn.GRU(units, width, batch_first=True)
        self.head = nn.Linear(width, 10)

    def forward(self, x: Tensor) -> Tensor:
        steps, _ = self.wide(x)
        _, h = self.narrow(steps)
        return self.head(h[-1])


def tapered(n: int, units: int, width: int) -> nn.Module:
    return Tapered(units, width)


def bidirectional(n: int, units: int, width: int) -> nn.Module:
    lstm = nn.LSTM(width, units, batch_first=True, bidirectional=True)
    return Every(lstm, nn.Linear(2 * units, 10))


def bidirectional_stacked(n: int, units: int, width: int) -> nn.Module:
    gru = nn.GRU(width, units, num_layers=2, batch_first=True, bidirectional=True)
    return Every(gru, nn.Linear(2 * units, 10))


class BothFinals(Rows):
    def forward(self, x: Tensor) -> Tensor:
        _, (h, _) = self.recurrent(x)
        return torch.sigmoid(self.head(torch.cat((h[-2], h[-1]), dim=-1)))


def bidirectional_final(n: int, units: int, width: int) -> nn.Module:
    lstm = nn.LSTM(width, units, batch_first=True, bidirectional=True)
    return BothFinals(lstm, nn.Linear(2 * units, 1))


class Backward(Rows):
    def forward(self, x: Tensor) -> Tensor:
        steps, _ = self.recurrent(x.flip(1))
        return torch.softmax(self.head(steps.flip(1)), dim=-1)


def right_to_left(n: int, units: int, width: int) -> nn.Module:
    return Backward(nn.GRU(width, units, batch_first=True), nn.Linear(units, 10))


def free_length(units: int, width: int) -> nn.Module:
    return Last3(nn.GRU(width, units, batch_first=True), nn.Linear(units, 10))


class CharRNN(nn.Module):
    def __init__(self, units: int, width: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(100, width)
        self.lstm = nn.LSTM(width, units, num_layers=2, batch_first=True)
        self.dropout = nn.Dropout(0.2)
        self.head = nn.Linear(units, 100)

    def forward(self, x: Tensor) -> Tensor:
        steps, _ = self.lstm(self.embedding(x))
        return torch.softmax(self.head(self.dropout(steps)), dim=-1)


def char_rnn(n: int, units: int, width: int) -> nn.Module:
    return CharRNN(units, width)


class ReluLSTM(nn.Module):
    """An LSTM with relu, as one writes it: the inputs of all steps at once, then a loop."""

    def __init__(self, units: int, width: int) -> None:
        super().__init__()
        self.seen = nn.Linear(width, 4 * units)
        self.kept = nn.Linear(units, 4 * units)
        self.head = nn.Linear(units, 10)

    def forward(self, x: Tensor) -> Tensor:
        h = c = x.new_zeros(x.shape[0], self.kept.in_features)
        for step in self.seen(x).unbind(1):
            i, f, g, o = (step + self.kept(h)).chunk(4, dim=-1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.relu(g)
            h = torch.sigmoid(o) * torch.relu(c)
        return self.head(h)


def own_cell(n: int, units: int, width: int) -> nn.Module:
    return ReluLSTM(units, width)


class Residual(Rows):
    def forward(self, x: Tensor) -> Tensor:
        steps, _ = self.recurrent(x)
        return self.head(steps + x)


def residual(n: int, width: int) -> nn.Module:
    return Residual(nn.LSTM(width, width, batch_first=True), nn.Linear(width, 10))


class Broken(Repeated):
    def forward(self, x: Tensor) -> Tensor:
        first, _ = self.recurrent(x[:, : self.n])
        second, _ = self.recurrent(x[:, self.n :])
        return torch.softmax(self.head(torch.cat((first, second), dim=1)), dim=-1)


def broken_chains(n: int, units: int, width: int) -> nn.Module:
    return Broken(n, nn.GRU(width, units, batch_first=True), nn.Linear(units, 10))


class TwoHeads(Rows):
    def __init__(self, units: int, width: int) -> None:
        super().__init__(nn.GRU(width, units, batch_first=True), nn.Linear(units, 10))
        self.last = nn.Linear(units, 1)

    def forward(self, x: Tensor) -> Any:
        steps, h = self.recurrent(x)
        return torch.softmax(self.head(steps), dim=-1), self.last(h[-1])


def two_heads(n: int, units: int, width: int) -> nn.Module:
    return TwoHeads(units, width)
