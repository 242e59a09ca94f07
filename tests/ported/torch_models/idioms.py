"""PyTorch's layers and functions, one idiom each."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tests.ported.catalog import TORCH


class OnlyOutput(nn.Module):
    """What a row of `nn.Sequential` needs: the steps without the state."""

    def forward(self, pair: tuple[Tensor, object]) -> Tensor:
        return pair[0]


@TORCH.ported("x=5,3")
class InSequential(nn.Module):
    """Rows within `nn.Sequential`."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(
            nn.LSTM(3, 4, batch_first=True), OnlyOutput(), nn.Dropout(0.1), nn.Linear(4, 2)
        )

    def forward(self, x: Tensor) -> Tensor:
        return self.net(x)


@TORCH.ported("x=5,3")
class CellsOfGru(nn.Module):
    """Two cells in a loop, the second reads the first of the same step."""

    def __init__(self) -> None:
        super().__init__()
        self.low, self.high = nn.GRUCell(3, 4), nn.GRUCell(4, 5)

    def forward(self, x: Tensor) -> Tensor:
        low = x.new_zeros(x.size(0), 4)
        high = x.new_zeros(x.size(0), 5)
        found = []
        for step in range(x.size(1)):
            low = self.low(x[:, step], low)
            high = self.high(low, high)
            found.append(high)
        return torch.stack(found, 1)


@TORCH.ported("x=5,3")
class BackwardByHand(nn.Module):
    """A cell from the last step to the first."""

    def __init__(self) -> None:
        super().__init__()
        self.cell, self.out = nn.RNNCell(3, 4), nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        h, found = torch.zeros(x.size(0), 4).to(x), []
        for step in reversed(range(x.size(1))):
            h = self.cell(x[:, step], h)
            found.insert(0, self.out(h))
        return torch.stack(found, dim=1)


@TORCH.ported("x=5,3")
class ThreeRowsOfRnn(nn.Module):
    """Three rows in one layer, with another activation."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.RNN(3, 4, num_layers=3, nonlinearity="relu", batch_first=True, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return self.rnn(x)[0]


@TORCH.ported("x=5,3")
class AllFinalStates(nn.Module):
    """The last states of two rows in two directions, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(3, 4, num_layers=2, bidirectional=True, batch_first=True)
        self.out = nn.Linear(16, 2)

    def forward(self, x: Tensor) -> Tensor:
        _, h = self.gru(x)
        return self.out(h.permute(1, 0, 2).flatten(1))


@TORCH.ported("x=5,4")
class SumOfDirections(nn.Module):
    """The two directions, cut apart and added."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(4, 4, bidirectional=True, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        y, _ = self.gru(x)
        return y[:, :, :4] + y[:, :, 4:]


@TORCH.ported("x=*,4")
class ResidualRows(nn.Module):
    """Rows with sums around them, normalized."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = nn.ModuleList(nn.LSTM(4, 4, batch_first=True) for _ in range(3))
        self.norms = nn.ModuleList(nn.LayerNorm(4) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        for row, norm in zip(self.rows, self.norms, strict=True):
            x = norm(x + row(x)[0])
        return x


@TORCH.ported("x=6,4")
class MeanAndLargest(nn.Module):
    """Two summaries and the last step, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(4, 3, batch_first=True, bidirectional=True)
        self.out = nn.Linear(18, 2)

    def forward(self, x: Tensor) -> Tensor:
        y, _ = self.gru(x)
        return self.out(torch.cat((y.mean(1), y.max(1)[0], y[:, -1]), 1))


@TORCH.ported("x=4,3")
class Doubled(nn.Module):
    """Each step twice, then windows."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv1d(3, 2, 3, padding=1)

    def forward(self, x: Tensor) -> Tensor:
        x = x.repeat_interleave(2, dim=1)
        return self.conv(x.transpose(1, 2)).transpose(1, 2)


@TORCH.ported("x=6,4")
class Activations(nn.Module):
    """Activations as modules and as functions."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two, self.three = (nn.Linear(4, 4) for _ in range(3))
        self.prelude = nn.Sequential(nn.ELU(), nn.SELU(), nn.SiLU())

    def forward(self, x: Tensor) -> Tensor:
        x = self.prelude(self.one(x))
        x = F.leaky_relu(self.two(x))
        return F.hardsigmoid(F.mish(self.three(x)))


@TORCH.waiting("negative_slope=0.2", "x=6,4")
class SteeperSlope(nn.Module):
    """A leaky activation with a slope of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.two = nn.Linear(4, 5), nn.Linear(5, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.two(F.leaky_relu(self.one(x), negative_slope=0.2))


@TORCH.waiting("glu", "x=6,4")
class GatedLinear(nn.Module):
    """Half of the features say how much of the others passes."""

    def __init__(self) -> None:
        super().__init__()
        self.both, self.out = nn.Linear(4, 8), nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(F.glu(self.both(x), dim=-1))


@TORCH.waiting("groups", "x=6,4")
class DepthWise(nn.Module):
    """A window for each feature by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.deep = nn.Conv1d(4, 4, 3, padding=1, groups=4)
        self.wide = nn.Conv1d(4, 5, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.wide(self.deep(x.transpose(1, 2))).transpose(1, 2)


@TORCH.refused("topk", "x=6,4")
class SortedSteps(nn.Module):
    """The largest three of each feature."""

    def __init__(self) -> None:
        super().__init__()
        self.gru, self.out = nn.GRU(4, 5, batch_first=True), nn.Linear(15, 2)

    def forward(self, x: Tensor) -> Tensor:
        return self.out(self.gru(x)[0].topk(3, dim=1)[0].flatten(1))


@TORCH.ported("x=6,4")
class Gates(nn.Module):
    """How much of a row passes, by what a dense layer says."""

    def __init__(self) -> None:
        super().__init__()
        self.gru, self.gate = nn.GRU(4, 4, batch_first=True), nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        y, _ = self.gru(x)
        return y * self.gate(x).sigmoid() + x


@TORCH.ported("x=8,3")
class EverySecond(nn.Module):
    """Every second step of a row, and another row over them."""

    def __init__(self) -> None:
        super().__init__()
        self.low, self.high = nn.GRU(3, 4, batch_first=True), nn.GRU(4, 4, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.high(self.low(x)[0][:, 1::2])[0]


@TORCH.ported("x=4,3")
class SharedRow(nn.Module):
    """The same dense layer before and behind a row."""

    def __init__(self) -> None:
        super().__init__()
        self.dense, self.rnn = nn.Linear(3, 3), nn.RNN(3, 3, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.dense(torch.tanh(self.rnn(self.dense(x))[0]))
