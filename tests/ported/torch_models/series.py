"""PyTorch modules of series: forecasts, classes, reconstructions."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tests.ported.catalog import TORCH


@TORCH.ported("x=8,1")
class SineWaves(nn.Module):
    """Two cells in a loop over the steps, with states made in place."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm1, self.lstm2 = nn.LSTMCell(1, 5), nn.LSTMCell(5, 5)
        self.linear = nn.Linear(5, 1)

    def forward(self, x: Tensor) -> Tensor:
        outputs = []
        h1 = c1 = h2 = c2 = torch.zeros(x.size(0), 5, dtype=x.dtype)
        for step in x.split(1, dim=1):
            h1, c1 = self.lstm1(step.squeeze(1), (h1, c1))
            h2, c2 = self.lstm2(h1, (h2, c2))
            outputs.append(self.linear(h2))
        return torch.stack(outputs, dim=1)


@TORCH.ported("x=5,1")
class SineWavesOnward(nn.Module):
    """The same, and then further on its own results."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm, self.linear = nn.LSTMCell(1, 5), nn.Linear(5, 1)

    def forward(self, x: Tensor) -> Tensor:
        outputs = []
        h = c = torch.zeros(x.size(0), 5, dtype=x.dtype)
        for step in x.unbind(1):
            h, c = self.lstm(step, (h, c))
            outputs.append(self.linear(h))
        for _ in range(3):
            h, c = self.lstm(outputs[-1], (h, c))
            outputs.append(self.linear(h))
        return torch.stack(outputs, dim=1)


@TORCH.ported("x=*,1")
class Passengers(nn.Module):
    """A prediction at each step."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(input_size=1, hidden_size=6, num_layers=1, batch_first=True)
        self.linear = nn.Linear(6, 1)

    def forward(self, x: Tensor) -> Tensor:
        x, _ = self.lstm(x)
        return self.linear(x)


@TORCH.ported("x=6,2")
class Stocks(nn.Module):
    """Zeros to begin with, two rows, the last step."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(2, 5, 2, batch_first=True, dropout=0.2)
        self.fc1, self.fc = nn.Linear(5, 6), nn.Linear(6, 1)
        self.relu = nn.ReLU()

    def forward(self, x: Tensor) -> Tensor:
        h0 = torch.zeros(2, x.size(0), 5).to(x)
        c0 = torch.zeros(2, x.size(0), 5).to(x)
        out, _ = self.lstm(x, (h0.detach(), c0.detach()))
        return self.fc(self.relu(self.fc1(self.relu(out[:, -1]))))


class Chomp(nn.Module):
    """Cut what padding has put behind."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, x: Tensor) -> Tensor:
        return x[:, :, : -self.size].contiguous()


class TemporalBlock(nn.Module):
    """Two causal windows, and a way around them."""

    def __init__(self, inputs: int, outputs: int, dilation: int) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for width in (inputs, outputs):
            conv = nn.Conv1d(width, outputs, 2, padding=dilation, dilation=dilation)
            layers += [conv, Chomp(dilation), nn.ReLU(), nn.Dropout(0.2)]
        self.net = nn.Sequential(*layers)
        self.around = nn.Conv1d(inputs, outputs, 1) if inputs != outputs else None

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.net(x) + (x if self.around is None else self.around(x)))


@TORCH.ported("x=2,9", differs="takes it as")
class TemporalConvolutions(nn.Module):
    """Blocks that reach twice as far, and the last step of them."""

    def __init__(self) -> None:
        super().__init__()
        self.tcn = nn.Sequential(TemporalBlock(2, 4, 1), TemporalBlock(4, 4, 2))
        self.linear = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(self.tcn(x)[:, :, -1])


@TORCH.ported("x=8,2")
class RowBesideWindows(nn.Module):
    """A row, and windows over the same series."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(2, 4, batch_first=True)
        self.conv1, self.conv2 = nn.Conv1d(2, 5, 3, padding=1), nn.Conv1d(5, 4, 3, padding=1)
        self.bn1, self.bn2 = nn.BatchNorm1d(5), nn.BatchNorm1d(4)
        self.drop = nn.Dropout(0.3)
        self.fc = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        _, (h, _) = self.lstm(x)
        y = x.transpose(2, 1)
        y = F.relu(self.bn1(self.conv1(y)))
        y = F.relu(self.bn2(self.conv2(y)))
        y = torch.mean(y, 2)
        return F.log_softmax(self.fc(torch.cat((self.drop(h[-1]), y), dim=1)), dim=1)


@TORCH.ported("x=8,2", differs="")
class SeveralWidths(nn.Module):
    """Windows of several widths side by side, with what a pool gives."""

    def __init__(self) -> None:
        super().__init__()
        self.narrow = nn.Conv1d(2, 3, 1, bias=False)
        self.windows = nn.ModuleList(
            nn.Conv1d(3, 4, width, padding=width // 2, bias=False) for width in (3, 5)
        )
        self.norm = nn.BatchNorm1d(8)
        self.out = nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        x = self.narrow(x.transpose(1, 2))
        x = torch.cat([window(x) for window in self.windows], dim=1)
        return self.out(F.adaptive_avg_pool1d(F.relu(self.norm(x)), 1).squeeze(-1))


@TORCH.ported("days=6,3", "shop=2")
class WithFacts(nn.Module):
    """What is known of a shop begins the state, and stands beside each day."""

    def __init__(self) -> None:
        super().__init__()
        self.about = nn.Linear(2, 4)
        self.gru = nn.GRU(7, 4, batch_first=True)
        self.mean, self.spread = nn.Linear(4, 1), nn.Linear(4, 1)

    def forward(self, days: Tensor, shop: Tensor) -> tuple[Tensor, Tensor]:
        about = torch.relu(self.about(shop))
        beside = about.unsqueeze(1).expand(-1, days.size(1), -1)
        x, _ = self.gru(torch.cat((days, beside), dim=-1))
        return self.mean(x), F.softplus(self.spread(x))


@TORCH.ported("x=6,3")
class Reconstruction(nn.Module):
    """Down to a vector and up again, in two modules."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.ModuleList(
            [nn.LSTM(3, 6, batch_first=True), nn.LSTM(6, 4, batch_first=True)]
        )
        self.decoder = nn.ModuleList(
            [nn.LSTM(4, 4, batch_first=True), nn.LSTM(4, 6, batch_first=True)]
        )
        self.output_layer = nn.Linear(6, 3)

    def forward(self, x: Tensor) -> Tensor:
        steps = x.shape[1]
        x, _ = self.encoder[0](x)
        _, (hidden, _) = self.encoder[1](x)
        x = hidden.reshape(-1, 4).unsqueeze(1).repeat(1, steps, 1)
        x, _ = self.decoder[0](x)
        x, _ = self.decoder[1](x)
        return self.output_layer(x)


@TORCH.ported("x=6,4")
class SeriesTransformer(nn.Module):
    """An encoder over a series with trained places; the mean of it."""

    def __init__(self) -> None:
        super().__init__()
        self.project = nn.Linear(4, 8)
        self.places = nn.Parameter(torch.randn(1, 6, 8) * 0.02)
        layer = nn.TransformerEncoderLayer(8, 2, 12, activation="gelu", batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 2)
        self.out = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = self.encoder(self.project(x) + self.places)
        return self.out(x.mean(dim=1))


@TORCH.ported("x=5,3")
class OnlyDense(nn.Module):
    """All steps side by side, and dense layers with a way around them."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(15, 8), nn.Linear(8, 15)

    def forward(self, x: Tensor) -> Tensor:
        flat = x.flatten(1)
        return (flat + self.second(F.relu(self.first(flat)))).view(-1, 5, 3)


@TORCH.refused("randn", "x=5,3")
class Variational(nn.Module):
    """Noise in the middle."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(3, 4, batch_first=True)
        self.mean, self.spread = nn.Linear(4, 2), nn.Linear(4, 2)
        self.decoder = nn.GRU(2, 3, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        _, h = self.encoder(x)
        spread = torch.exp(0.5 * self.spread(h[-1]))
        z = self.mean(h[-1]) + torch.randn_like(spread) * spread
        return self.decoder(z.unsqueeze(1).repeat(1, 5, 1))[0]
