"""models over images and other grids as people write them in PyTorch, by kind of task: own words, small sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Callable


def ids(*shape: int) -> Tensor:
    """An input of ids; only its shape counts."""
    return torch.zeros(shape, dtype=torch.long)


class ActionRecognizer(nn.Module):
    """A small CNN on all frames at once, an LSTM over what it gives."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Sequential(
            nn.Conv2d(3, 4, kernel_size=3, padding=1),
            nn.BatchNorm2d(4),
            nn.ReLU(),
            nn.MaxPool2d(2),
            nn.Conv2d(4, 5, kernel_size=3),
            nn.ReLU(),
            nn.Flatten(),
        )
        self.lstm = nn.LSTM(5 * 2 * 1, 6, batch_first=True)
        self.head = nn.Linear(6, 3)

    def forward(self, frames: Tensor) -> Tensor:
        batch, steps, channels, height, width = frames.shape
        maps = self.features(frames.view(batch * steps, channels, height, width))
        out, _ = self.lstm(maps.view(batch, steps, -1))
        return self.head(out[:, -1])


class FrameLoop(nn.Module):
    """The same frame by frame, with a global mean; each sample of a cell's state is its own."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, stride=2, padding=1)
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.cell = nn.GRUCell(4, 5)
        self.steer = nn.Linear(5, 1)

    def forward(self, frames: Tensor) -> Tensor:
        state = torch.zeros(frames.size(0), 5)
        turns = []
        for step in range(frames.size(1)):
            seen = self.pool(F.relu(self.conv(frames[:, step]))).flatten(1)
            state = self.cell(seen, state)
            turns.append(self.steer(state))
        return torch.stack(turns, dim=1)


class TextLineReader(nn.Module):
    """A CRNN: columns of the last feature map are the steps (Shi et al. 2015), for CTC."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 3, 3, padding=1)
        self.conv2 = nn.Conv2d(3, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(4)
        self.rnn = nn.LSTM(4 * 2, 5, bidirectional=True)
        self.letters = nn.Linear(10, 7)

    def forward(self, lines: Tensor) -> Tensor:
        x = F.max_pool2d(F.relu(self.conv1(lines)), 2)
        x = F.max_pool2d(F.relu(self.norm(self.conv2(x))), 2)
        # (width, batch, channels * height), as CTC takes them
        steps = x.permute(3, 0, 1, 2).flatten(2)
        out, _ = self.rnn(steps)
        return F.log_softmax(self.letters(out), dim=2)


class SoundTagger(nn.Module):
    """A mel spectrogram without channels, (batch, mels, time): convolutions, a mean over the mels, a GRU over time."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(1, 4, 3, padding="same")
        self.bn = nn.BatchNorm2d(4)
        self.pool = nn.AvgPool2d(2)
        self.gru = nn.GRU(4, 5, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(10, 3)

    def forward(self, mels: Tensor) -> Tensor:
        x = self.pool(F.relu(self.bn(self.conv(mels.unsqueeze(1)))))
        x = x.mean(dim=2).transpose(1, 2)
        out, _ = self.gru(x)
        return torch.sigmoid(self.fc(out.max(dim=1).values))


class SpeechFrames(nn.Module):
    """A spectrogram as (batch, channel, time, mels), features of all mels side by side at each time."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 3, 3, stride=2, padding=1)
        self.conv2 = nn.Conv2d(3, 4, 2, bias=False)
        self.pool = nn.MaxPool2d(2)
        self.gru = nn.GRU(4 * 2, 5, batch_first=True)
        self.fc = nn.Linear(5, 3)

    def forward(self, sound: Tensor) -> Tensor:
        x = self.pool(F.relu(self.conv2(F.relu(self.conv1(sound)))))
        batch, channels, steps, mels = x.shape
        x = x.permute(0, 2, 1, 3).reshape(batch, steps, channels * mels)
        return F.log_softmax(self.fc(self.gru(x)[0]), dim=-1)


class ResidualImage(nn.Module):
    """A residual block, a shortcut by a convolution of one place, a mean over height and width."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 4, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(4)
        self.conv = nn.Conv2d(4, 6, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(6)
        self.shortcut = nn.Conv2d(4, 6, 1)
        self.fc = nn.Linear(6, 5)

    def forward(self, image: Tensor) -> Tensor:
        x = F.relu(self.bn1(self.stem(image)))
        x = F.relu(self.bn2(self.conv(x)) + self.shortcut(x))
        return self.fc(x.mean((2, 3)))


class Digits(nn.Module):
    """The convolutional network of the first tutorial, with `valid` windows and two dropouts."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(1, 3, 3, 1)
        self.conv2 = nn.Conv2d(3, 4, 3, 1)
        self.dropout1 = nn.Dropout(0.25)
        self.dropout2 = nn.Dropout(0.5)
        self.fc1 = nn.Linear(4 * 4 * 3, 8)
        self.fc2 = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.conv1(x))
        x = F.relu(self.conv2(x))
        x = F.max_pool2d(x, 2)
        x = self.dropout1(x)
        x = torch.flatten(x, 1)
        x = F.relu(self.fc1(x))
        x = self.dropout2(x)
        return F.log_softmax(self.fc2(x), dim=1)


class CharacterTagger(nn.Module):
    """Each word is its embedding beside what its characters come to."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(12, 4)
        self.characters = nn.Embedding(11, 3)
        self.mix = nn.Linear(3, 5)
        self.lstm = nn.LSTM(9, 4, batch_first=True, bidirectional=True)
        self.tags = nn.Linear(8, 3)

    def forward(self, words: Tensor, characters: Tensor) -> Tensor:
        spelled = torch.tanh(self.mix(self.characters(characters)))
        whole = torch.cat([self.words(words), spelled.max(dim=2)[0]], dim=-1)
        return self.tags(self.lstm(whole)[0])


class FramesLast(nn.Module):
    """Frames as cameras give them, channels last; the features of each are normalized, still channels first."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv2d(3, 4, 4, stride=2)
        self.norm = nn.LayerNorm(4 * 2 * 3)
        self.mean = nn.Linear(24, 3)
        self.gru = nn.GRU(24, 5, batch_first=True)

    def forward(self, video: Tensor) -> tuple[Tensor, Tensor]:
        batch, steps = video.shape[:2]
        x = video.permute(0, 1, 4, 2, 3).flatten(0, 1)
        x = self.norm(F.elu(self.conv(x)).flatten(1)).view(batch, steps, -1)
        return self.gru(x)[0], self.mean(x.mean(1))


class Agent(nn.Module):
    """Four gray frames are the channels of one image; what an agent did before stands beside its features."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(4, 5, 4, stride=2)
        self.conv2 = nn.Conv2d(5, 6, 3)
        self.hidden = nn.Linear(6 * 2 * 1 + 2, 8)
        self.values = nn.Linear(8, 3)

    def forward(self, frames: Tensor, before: Tensor) -> Tensor:
        x = F.relu(self.conv2(F.relu(self.conv1(frames))))
        flat = x.reshape(len(frames), -1)
        return self.values(F.relu(self.hidden(torch.cat([flat, before], 1))))


class Gestures(nn.Module):
    """Joints of a body in each frame: the same layer for each joint, the largest of them, windows over time."""

    def __init__(self) -> None:
        super().__init__()
        self.joint = nn.Linear(2, 4)
        self.norm = nn.LayerNorm(4)
        self.whole = nn.Conv1d(4 * 5, 6, 3, padding=1)
        self.fc = nn.Linear(10, 3)

    def forward(self, joints: Tensor) -> Tensor:
        x = self.norm(F.relu(self.joint(joints)))
        # Transposed before it is flattened: features first, then joints.
        flat = x.transpose(2, 3).flatten(2)
        seen = self.whole(flat.transpose(1, 2)).mean(2)
        return self.fc(torch.cat([seen, x.amax(2)[:, -1]], dim=1))


class Densely(nn.Module):
    """What was read before stands beside what is new, as channels."""

    def __init__(self) -> None:
        super().__init__()
        self.first = nn.Conv2d(2, 3, 3, padding=1)
        self.second = nn.Conv2d(5, 4, 3, padding=1)
        self.norm = nn.BatchNorm2d(9)
        self.out = nn.Linear(9 * 2 * 3, 3)

    def forward(self, image: Tensor) -> Tensor:
        x = torch.cat([image, torch.relu(self.first(image))], dim=1)
        x = torch.cat([x, torch.relu(self.second(x))], dim=1)
        x = F.adaptive_avg_pool2d(torch.tanh(self.norm(x)), (2, 3))
        return self.out(x.view(x.size(0), -1))


Case = tuple["Callable[[], nn.Module]", tuple[Any, ...], dict[tuple[int, int], str]]

N = {(0, 1): "n"}
MODELS: dict[str, Case] = {
    "actions": (ActionRecognizer, (torch.zeros(2, 4, 3, 8, 6),), N),
    "loop": (FrameLoop, (torch.zeros(2, 4, 1, 6, 7),), N),
    "lines": (TextLineReader, (torch.zeros(2, 1, 8, 20),), {}),
    "sounds": (SoundTagger, (torch.zeros(2, 8, 10),), {}),
    "speech": (SpeechFrames, (torch.zeros(2, 1, 14, 10),), {}),
    "residual": (ResidualImage, (torch.zeros(2, 3, 8, 6),), {}),
    "digits": (Digits, (torch.zeros(2, 1, 12, 10),), {}),
    "characters": (CharacterTagger, (ids(2, 4), ids(2, 4, 6)), {(0, 1): "n", (1, 1): "n"}),
    "channels_last": (FramesLast, (torch.zeros(2, 4, 6, 8, 3),), N),
    "agent": (Agent, (torch.zeros(2, 4, 10, 8), torch.zeros(2, 2)), {}),
    "gestures": (Gestures, (torch.zeros(2, 6, 5, 2),), {}),
    "dense": (Densely, (torch.zeros(2, 2, 4, 6),), {}),
}
