"""decoders and forecasters whose outputs become inputs, as people write them in PyTorch: own words, small sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Callable


class OwnOutput(nn.Module):
    """An encoder, and a cell that begins with zeros and reads what it gave."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(3, 8, batch_first=True)
        self.cell = nn.GRUCell(2, 8)
        self.out = nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        hidden = self.encoder(x)[1][0]
        y = x.new_zeros(x.size(0), 2)
        outputs = []
        for _ in range(4):
            hidden = self.cell(y, hidden)
            y = self.out(hidden)
            outputs.append(y)
        return torch.stack(outputs, 1)


class SineWaves(nn.Module):
    """A cell that warms up on what is known, then goes on from its own forecasts: two loops."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(1, 6)
        self.head = nn.Linear(6, 1)

    def forward(self, x: Tensor, future: int = 3) -> Tensor:
        outputs = []
        h, c = torch.zeros(x.size(0), 6), torch.zeros(x.size(0), 6)
        for known in x.unbind(1):
            h, c = self.cell(known, (h, c))
            y = self.head(h)
            outputs.append(y)
        for _ in range(future):
            h, c = self.cell(y, (h, c))
            y = self.head(h)
            outputs.append(y)
        return torch.stack(outputs, 1)


class LearnedStart(nn.Module):
    """From a vector to a sequence: a whole layer that is called for one step at a time, from a trained start on."""

    def __init__(self) -> None:
        super().__init__()
        self.start = nn.Parameter(torch.randn(5))
        self.hidden = nn.Linear(6, 7)
        self.lstm = nn.LSTM(5, 7, batch_first=True)
        self.out = nn.Linear(7, 5)

    def forward(self, v: Tensor) -> Tensor:
        hidden = torch.tanh(self.hidden(v)).unsqueeze(0)
        state = (hidden, hidden)
        y = self.start.expand(v.size(0), 1, 5)
        outputs = []
        for _ in range(4):
            value, state = self.lstm(y, state)
            y = self.out(value)
            outputs.append(y)
        return torch.cat(outputs, 1)


class Jordan(nn.Module):
    """What is kept for the next step is the output: no recurrent layer at all."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(5, 7)
        self.out = nn.Linear(7, 2)

    def forward(self, x: Tensor) -> Tensor:
        y = torch.zeros(x.shape[0], 2)
        given = torch.empty(x.shape[0], x.shape[1], 2)
        for step in range(x.shape[1]):
            both = torch.cat([x[:, step], y], dim=-1)
            y = torch.sigmoid(self.out(torch.tanh(self.hidden(both))))
            given[:, step] = y
        return given


class Bahdanau(nn.Module):
    """Additive attention, asked by the state before, of keys that each turn makes anew."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(10, 6)
        self.encoder = nn.GRU(6, 8, batch_first=True)
        self.ask = nn.Linear(8, 5)
        self.key = nn.Linear(8, 5)
        self.score = nn.Linear(5, 1, bias=False)
        self.decoder = nn.GRU(4 + 8, 8, batch_first=True)
        self.out = nn.Linear(8, 4)

    def attend(self, query: Tensor, memory: Tensor) -> Tensor:
        scores = self.score(torch.tanh(self.ask(query) + self.key(memory)))
        return torch.bmm(F.softmax(scores.squeeze(2).unsqueeze(1), dim=-1), memory)

    def forward(self, source: Tensor) -> Tensor:
        memory, hidden = self.encoder(self.words(source))
        y = torch.zeros(source.size(0), 1, 4)
        outputs = []
        for _ in range(3):
            context = self.attend(hidden.permute(1, 0, 2), memory)
            value, hidden = self.decoder(torch.cat((y, context), dim=2), hidden)
            y = self.out(value)
            outputs.append(y)
        return torch.cat(outputs, dim=1)


class Luong(nn.Module):
    """Dot products of each new state with the memory, and the answer goes into what is given."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(3, 6, batch_first=True)
        self.cell = nn.GRUCell(2, 6)
        self.joined = nn.Linear(12, 6)
        self.out = nn.Linear(6, 2)

    def forward(self, x: Tensor) -> Tensor:
        memory, last = self.encoder(x)
        hidden, y = last[0], x.new_zeros(x.size(0), 2)
        outputs = []
        for _ in range(4):
            hidden = self.cell(y, hidden)
            weights = torch.softmax(torch.bmm(memory, hidden.unsqueeze(2)).squeeze(2), 1)
            context = torch.bmm(weights.unsqueeze(1), memory).squeeze(1)
            y = self.out(torch.tanh(self.joined(torch.cat([context, hidden], 1))))
            outputs.append(y)
        return torch.stack(outputs, 1)


class InputFeeding(nn.Module):
    """Words are given (teacher forcing), and the attentional vector of each step enters the next."""

    def __init__(self) -> None:
        super().__init__()
        self.source_words, self.target_words = nn.Embedding(12, 5), nn.Embedding(14, 5)
        self.encoder = nn.GRU(5, 6, batch_first=True)
        self.cell = nn.GRUCell(12, 6)
        self.attentional = nn.Linear(12, 7)
        self.out = nn.Linear(7, 14)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        memory, last = self.encoder(self.source_words(source))
        hidden, fed = last[0], torch.zeros(source.size(0), 7)
        words = self.target_words(target)
        outputs = []
        for step in range(target.size(1)):
            hidden = self.cell(torch.cat([words[:, step], fed], 1), hidden)
            weights = torch.softmax((memory @ hidden.unsqueeze(2)).squeeze(2), 1)
            context = (weights.unsqueeze(1) @ memory).squeeze(1)
            fed = torch.tanh(self.attentional(torch.cat([hidden, context], 1)))
            outputs.append(F.log_softmax(self.out(fed), -1))
        return torch.stack(outputs, 1)


class Frames(nn.Module):
    """Frame by frame: the frame before goes through a layer, and the state before asks the text (Tacotron)."""

    def __init__(self) -> None:
        super().__init__()
        self.letters = nn.Embedding(15, 6)
        self.encoder = nn.GRU(6, 6, batch_first=True)
        self.before = nn.Linear(4, 5)
        self.cell = nn.GRUCell(11, 6)
        self.out = nn.Linear(6, 4)

    def forward(self, text: Tensor) -> Tensor:
        memory, last = self.encoder(self.letters(text))
        hidden, frame = last[0], torch.zeros(text.size(0), 4)
        frames = []
        for _ in range(4):
            before = torch.relu(self.before(frame))
            weights = torch.softmax((memory @ hidden.unsqueeze(2)).squeeze(2), 1)
            context = (weights.unsqueeze(1) @ memory).squeeze(1)
            hidden = self.cell(torch.cat([context, before], 1), hidden)
            frame = self.out(hidden)
            frames.append(frame)
        return torch.stack(frames, 1)


class Residual(nn.Module):
    """Two rows forecast the difference to the step before, from the last known one on."""

    def __init__(self) -> None:
        super().__init__()
        self.past = nn.GRU(3, 5, num_layers=2, batch_first=True)
        self.future = nn.GRU(3, 5, num_layers=2, batch_first=True)
        self.out = nn.Linear(5, 3)

    def forward(self, x: Tensor) -> Tensor:
        _, state = self.past(x)
        y, outputs = x[:, -1:], []
        for _ in range(3):
            value, state = self.future(y, state)
            y = y + self.out(value)
            outputs.append(y)
        return torch.cat(outputs, 1)


class Greedy(nn.Module):
    """The most probable word is read in the next step; the first one is word 0."""

    choose: Callable[[Tensor], Tensor] = staticmethod(lambda logits: logits.argmax(-1))

    def __init__(self, start: int = 0) -> None:
        super().__init__()
        self.start = start
        self.words = nn.Embedding(9, 6)
        self.encoder = nn.LSTM(3, 8, batch_first=True)
        self.cell = nn.LSTMCell(6, 8)
        self.out = nn.Linear(8, 9)

    def forward(self, x: Tensor) -> Tensor:
        _, (h, c) = self.encoder(x)
        h, c = h[0], c[0]
        word = torch.full((x.size(0),), self.start, dtype=torch.long)
        outputs = []
        for _ in range(4):
            h, c = self.cell(self.words(word), (h, c))
            outputs.append(self.out(h))
            word = type(self).choose(outputs[-1])
        return torch.stack(outputs, 1)


class TopOne(Greedy):
    """As the translation tutorial has it."""

    choose = staticmethod(lambda logits: logits.topk(1)[1].squeeze(-1).detach())


class Largest(Greedy):
    """The index that `max` gives beside the value."""

    choose = staticmethod(lambda logits: logits.max(1)[1])


class Sampled(Greedy):
    """A word is drawn."""

    choose = staticmethod(lambda logits: torch.multinomial(F.softmax(logits, -1), 1)[:, 0])


class Given(nn.Module):
    """The start and the state are inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.GRUCell(2, 4)
        self.out = nn.Linear(4, 2)

    def forward(self, start: Tensor, state: Tensor) -> Tensor:
        outputs = []
        for _ in range(3):
            state = self.cell(start, state)
            start = self.out(state)
            outputs.append(start)
        return torch.stack(outputs, 1)


class PartlyKnown(nn.Module):
    """Shifted targets, without a loop: a decoder as it is trained."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(3, 6, batch_first=True)
        self.decoder = nn.LSTM(2, 6, batch_first=True)
        self.out = nn.Linear(6, 2)

    def forward(self, x: Tensor, target: Tensor) -> Tensor:
        _, state = self.encoder(x)
        shifted = F.pad(target[:, :-1], (0, 0, 1, 0))
        return self.out(self.decoder(shifted, state)[0])


Case = tuple["Callable[[], nn.Module]", tuple[Any, ...]]
X, TEXT = torch.zeros(2, 5, 3), torch.zeros(2, 5, dtype=torch.long)

MODELS: dict[str, Case] = {
    "own": (OwnOutput, (X,)),
    "sine": (SineWaves, (torch.zeros(2, 4, 1),)),
    "start": (LearnedStart, (torch.zeros(2, 6),)),
    "jordan": (Jordan, (X,)),
    "bahdanau": (Bahdanau, (TEXT,)),
    "luong": (Luong, (X,)),
    "feeding": (InputFeeding, (TEXT, TEXT[:, :4])),
    "frames": (Frames, (TEXT,)),
    "residual": (Residual, (X,)),
    "greedy": (Greedy, (X,)),
    "top": (TopOne, (X,)),
    "largest": (Largest, (X,)),
    "given": (Given, (torch.zeros(2, 2), torch.zeros(2, 4))),
    "shifted": (PartlyKnown, (X, torch.zeros(2, 4, 2))),
}
