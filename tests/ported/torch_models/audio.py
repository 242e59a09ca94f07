"""PyTorch modules of sounds."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tests.ported.catalog import TORCH


@TORCH.ported("wave=1,64", differs="takes it as")
class KeywordNet(nn.Module):
    """Strided windows over raw sound, normalized and pooled, the mean of what is left."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(1, 4, kernel_size=8, stride=4)
        self.bn1 = nn.BatchNorm1d(4)
        self.pool1 = nn.MaxPool1d(2)
        self.conv2 = nn.Conv1d(4, 6, kernel_size=3)
        self.bn2 = nn.BatchNorm1d(6)
        self.fc1 = nn.Linear(6, 5)

    def forward(self, wave: Tensor) -> Tensor:
        x = self.pool1(F.relu(self.bn1(self.conv1(wave))))
        x = F.relu(self.bn2(self.conv2(x)))
        x = F.avg_pool1d(x, x.shape[-1])
        x = self.fc1(x.permute(0, 2, 1))
        return F.log_softmax(x, dim=2)


@TORCH.ported("frames=*,6")
class SpeechRows(nn.Module):
    """Two directions, normalized between; a letter for each frame."""

    def __init__(self) -> None:
        super().__init__()
        self.rows = nn.ModuleList([nn.GRU(6, 4, bidirectional=True, batch_first=True)])
        self.rows.append(nn.GRU(8, 4, bidirectional=True, batch_first=True))
        self.norms = nn.ModuleList(nn.LayerNorm(8) for _ in self.rows)
        self.head = nn.Sequential(nn.Linear(8, 8), nn.ReLU(), nn.Dropout(0.1), nn.Linear(8, 7))

    def forward(self, frames: Tensor) -> Tensor:
        x = frames
        for row, norm in zip(self.rows, self.norms, strict=True):
            x = F.relu(norm(row(x)[0]))
        return self.head(x)


@TORCH.ported("frames=12,6")
class WindowsThenRow(nn.Module):
    """Windows with strides, then a row over fewer steps."""

    def __init__(self) -> None:
        super().__init__()
        self.sub = nn.Sequential(
            nn.Conv1d(6, 8, 3, stride=2), nn.ReLU(), nn.Conv1d(8, 8, 3, stride=2), nn.ReLU()
        )
        self.rnn = nn.GRU(8, 5, batch_first=True)
        self.fc = nn.Linear(5, 7)

    def forward(self, frames: Tensor) -> Tensor:
        x = self.sub(frames.transpose(1, 2)).transpose(1, 2)
        return self.fc(self.rnn(x)[0]).log_softmax(-1)


@TORCH.ported("frames=8,4")
class Pyramid(nn.Module):
    """Two steps side by side become one, between rows."""

    def __init__(self) -> None:
        super().__init__()
        self.low = nn.LSTM(4, 3, bidirectional=True, batch_first=True)
        self.mid = nn.LSTM(12, 3, bidirectional=True, batch_first=True)
        self.top = nn.LSTM(12, 3, bidirectional=True, batch_first=True)

    def forward(self, frames: Tensor) -> Tensor:
        x, _ = self.low(frames)
        for row in (self.mid, self.top):
            batch, steps, width = x.shape
            x, _ = row(x.reshape(batch, steps // 2, 2 * width))
        return x


@TORCH.ported("wave=1,20", differs="takes it as")
class GatedWindows(nn.Module):
    """Causal windows whose values pass through gates; all blocks add to the result."""

    def __init__(self) -> None:
        super().__init__()
        self.start = nn.Conv1d(1, 4, 1)
        self.filters = nn.ModuleList(nn.Conv1d(4, 4, 2, dilation=rate) for rate in (1, 2, 4))
        self.gates = nn.ModuleList(nn.Conv1d(4, 4, 2, dilation=rate) for rate in (1, 2, 4))
        self.skips = nn.ModuleList(nn.Conv1d(4, 5, 1) for _ in range(3))
        self.nexts = nn.ModuleList(nn.Conv1d(4, 4, 1) for _ in range(3))
        self.end = nn.Conv1d(5, 9, 1)

    def forward(self, wave: Tensor) -> Tensor:
        x, total = self.start(wave), None
        for number, rate in enumerate((1, 2, 4)):
            padded = F.pad(x, (rate, 0))
            y = torch.tanh(self.filters[number](padded))
            y = y * torch.sigmoid(self.gates[number](padded))
            skip = self.skips[number](y)
            total = skip if total is None else total + skip
            x = x + self.nexts[number](y)
        return self.end(F.relu(total))


@TORCH.ported("frames=10,4")
class TimeDelay(nn.Module):
    """Dilated windows, then the mean over all steps."""

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Conv1d(4, 5, 3, dilation=1)
        self.two = nn.Conv1d(5, 5, 3, dilation=2)
        self.norm = nn.BatchNorm1d(5)
        self.out = nn.Linear(5, 3)

    def forward(self, frames: Tensor) -> Tensor:
        x = F.relu(self.one(frames.transpose(1, 2)))
        x = self.norm(F.relu(self.two(x)))
        return self.out(x.mean(dim=-1))


@TORCH.waiting("std", "frames=10,4")
class MeanAndSpread(nn.Module):
    """The mean and the spread of all steps, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.one = nn.Conv1d(4, 5, 3)
        self.out = nn.Linear(10, 3)

    def forward(self, frames: Tensor) -> Tensor:
        x = F.relu(self.one(frames.transpose(1, 2)))
        return self.out(torch.cat((x.mean(dim=-1), x.std(dim=-1)), dim=1))


@TORCH.refused("conv_transpose1d", "frames=5,4")
class Vocoder(nn.Module):
    """More steps than it reads."""

    def __init__(self) -> None:
        super().__init__()
        self.up = nn.ConvTranspose1d(4, 3, 4, stride=2, padding=1)
        self.out = nn.Conv1d(3, 1, 3, padding=1)

    def forward(self, frames: Tensor) -> Tensor:
        return torch.tanh(self.out(F.leaky_relu(self.up(frames.transpose(1, 2)), 0.1)))


@TORCH.ported("spectrogram=1,12,8", differs="takes it as")
class SpectrogramImage(nn.Module):
    """A spectrogram as an image, its columns as steps."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 3, 3, padding=1)
        self.rnn = nn.GRU(12, 4, batch_first=True)

    def forward(self, spectrogram: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.conv(spectrogram)), 2)
        x = x.permute(0, 2, 1, 3).flatten(2)
        return self.rnn(x)[0]


@TORCH.ported("frames=*,6")
class ConformerLike(nn.Module):
    """Half dense steps are left out: attention, then gated windows, with sums around both."""

    def __init__(self) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.LayerNorm(6), nn.LayerNorm(6)
        self.attention = nn.MultiheadAttention(6, 2, batch_first=True)
        self.into = nn.Conv1d(6, 6, 1)
        self.gate = nn.Conv1d(6, 6, 1)
        self.window = nn.Conv1d(6, 6, 3, padding=1)
        self.out = nn.Linear(6, 5)

    def forward(self, frames: Tensor) -> Tensor:
        x = self.norm1(frames)
        x = frames + self.attention(x, x, x, need_weights=False)[0]
        y = self.norm2(x).transpose(1, 2)
        y = self.into(y) * torch.sigmoid(self.gate(y))
        y = F.silu(self.window(y)).transpose(1, 2)
        return self.out(x + y)
