"""PyTorch modules of images in steps."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tests.ported.catalog import TORCH


@TORCH.ported("image=8,6")
class RowsOfAnImage(nn.Module):
    """Each row of an image is a step."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.LSTM(6, 5, 2, batch_first=True)
        self.fc = nn.Linear(5, 4)

    def forward(self, image: Tensor) -> Tensor:
        out, (_, _) = self.rnn(image, None)
        return self.fc(out[:, -1, :])


@TORCH.ported("frames=4,1,6,6")
class FrameByFrame(nn.Module):
    """Windows over each frame, a row above."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 3, 3)
        self.rnn = nn.GRU(12, 4, batch_first=True)
        self.fc = nn.Linear(4, 2)

    def forward(self, frames: Tensor) -> Tensor:
        batch, steps = frames.shape[:2]
        x = F.max_pool2d(F.relu(self.conv(frames.flatten(0, 1))), 2)
        x = x.reshape(batch, steps, -1)
        return self.fc(self.rnn(x)[1][-1])


@TORCH.ported("frames=4,1,6,6")
class MeanOfFrames(nn.Module):
    """Each frame to a vector, the mean of all."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Sequential(nn.Conv2d(1, 4, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2))
        self.fc = nn.Linear(4 * 9, 3)

    def forward(self, frames: Tensor) -> Tensor:
        vectors = [self.fc(self.conv(frame).flatten(1)) for frame in frames.unbind(1)]
        return torch.stack(vectors, dim=1).mean(dim=1)


@TORCH.ported("image=1,8,16")
class ColumnsOfLetters(nn.Module):
    """An image of a word: its columns are steps of two directions."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 3, 3, padding=1), nn.Conv2d(3, 4, 3, padding=1)
        self.rnn = nn.LSTM(8, 4, bidirectional=True, batch_first=True)
        self.fc = nn.Linear(8, 6)

    def forward(self, image: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.conv1(image)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        samples, channels, height, width = x.shape
        x = x.view(samples, channels * height, width).permute(0, 2, 1)
        return self.fc(self.rnn(x)[0]).log_softmax(2)


@TORCH.ported("features=6,8")
class FeaturesOfFrames(nn.Module):
    """Frames were made vectors by another model: an encoder, and a row."""

    def __init__(self) -> None:
        super().__init__()
        layer = nn.TransformerEncoderLayer(8, 2, 12, batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, 1)
        self.rnn = nn.GRU(8, 4, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(8, 3)

    def forward(self, features: Tensor) -> Tensor:
        _, h = self.rnn(self.encoder(features))
        return self.fc(h.transpose(0, 1).reshape(-1, 8))


@TORCH.ported("colors=5,6", "flow=5,4")
class TwoStreams(nn.Module):
    """Two rows over features of the same frames, joined at each step."""

    def __init__(self) -> None:
        super().__init__()
        self.colors = nn.LSTM(6, 4, batch_first=True)
        self.flow = nn.LSTM(4, 4, batch_first=True)
        self.joined = nn.LSTM(8, 3, batch_first=True)
        self.fc = nn.Linear(3, 2)

    def forward(self, colors: Tensor, flow: Tensor) -> Tensor:
        x = torch.cat((self.colors(colors)[0], self.flow(flow)[0]), dim=-1)
        _, (h, _) = self.joined(x)
        return self.fc(h[-1])


@TORCH.refused("conv3d", "frames=1,4,6,6")
class Volume(nn.Module):
    """Windows that reach over frames as well."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv3d(1, 2, 3, padding=1)
        self.fc = nn.Linear(2, 2)

    def forward(self, frames: Tensor) -> Tensor:
        return self.fc(F.relu(self.conv(frames)).mean(dim=(2, 3, 4)))
