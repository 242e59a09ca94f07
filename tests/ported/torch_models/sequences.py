"""PyTorch modules that make sequences of sequences, and states that go in and come out."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tests.ported.catalog import TORCH


class Encoder(nn.Module):
    """Words, a table, a row: all steps and the state."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(14, 5)
        self.gru = nn.GRU(5, 6, batch_first=True)
        self.dropout = nn.Dropout(0.1)

    def forward(self, words: Tensor) -> Any:
        return self.gru(self.dropout(self.embedding(words)))


@TORCH.ported("source=5:int64", "target=4:int64", differs="axis of length 1")
class ForcedTranslator(nn.Module):
    """The right words of before, all at once."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.embedding = nn.Embedding(15, 6)
        self.gru = nn.GRU(6, 6, batch_first=True)
        self.out = nn.Linear(6, 15)

    def forward(self, source: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        _, hidden = self.encoder(source)
        output, hidden = self.gru(F.relu(self.embedding(target)), hidden)
        return F.log_softmax(self.out(output), dim=-1), hidden


@TORCH.ported("source=5:int64")
class FreeTranslator(nn.Module):
    """Its own words of before."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.embedding = nn.Embedding(15, 6)
        self.gru = nn.GRU(6, 6, batch_first=True)
        self.out = nn.Linear(6, 15)

    def forward(self, source: Tensor) -> Tensor:
        _, hidden = self.encoder(source)
        word = torch.zeros(source.size(0), 1, dtype=torch.long)
        outputs = []
        for _ in range(4):
            output, hidden = self.gru(F.relu(self.embedding(word)), hidden)
            outputs.append(self.out(output))
            word = outputs[-1].topk(1)[1].squeeze(-1).detach()
        return F.log_softmax(torch.cat(outputs, dim=1), dim=-1)


class Bahdanau(nn.Module):
    """Sums of what asks and what may be read, a number for each step."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.Wa, self.Ua, self.Va = (nn.Linear(width, size) for size in (width, width, 1))

    def forward(self, query: Tensor, keys: Tensor) -> Tensor:
        scores = self.Va(torch.tanh(self.Wa(query) + self.Ua(keys)))
        weights = F.softmax(scores.squeeze(2).unsqueeze(1), dim=-1)
        return torch.bmm(weights, keys)


@TORCH.ported("source=5:int64", "target=4:int64", differs="not used by its results")
class AttentiveTranslator(nn.Module):
    """The state of before asks; what is read stands beside the word."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = Encoder()
        self.embedding = nn.Embedding(15, 6)
        self.attention = Bahdanau(6)
        self.gru = nn.GRU(12, 6, batch_first=True)
        self.out = nn.Linear(6, 15)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        memory, hidden = self.encoder(source)
        outputs = []
        for step in range(target.size(1)):
            word = self.embedding(target[:, step : step + 1])
            context = self.attention(hidden.permute(1, 0, 2), memory)
            output, hidden = self.gru(torch.cat((word, context), dim=2), hidden)
            outputs.append(self.out(output))
        return torch.cat(outputs, dim=1)


@TORCH.ported("source=5,4", "target=3,2")
class ContextAtEachStep(nn.Module):
    """The end of the source beside each step of the target, and beside what comes out."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(4, 5, batch_first=True)
        self.decoder = nn.GRU(7, 5, batch_first=True)
        self.out = nn.Linear(10, 3)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        _, hidden = self.encoder(source)
        context = hidden.permute(1, 0, 2).repeat(1, target.size(1), 1)
        y, _ = self.decoder(torch.cat((target, context), dim=2), hidden)
        return self.out(torch.cat((y, context), dim=2))


@TORCH.ported("source=5,4", "target=3,2")
class BothWaysIntoOne(nn.Module):
    """The ends of both directions through a dense layer begin a decoder."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(4, 3, batch_first=True, bidirectional=True)
        self.fc = nn.Linear(6, 5)
        self.decoder = nn.GRU(2, 5, batch_first=True)
        self.out = nn.Linear(5, 3)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        _, hidden = self.encoder(source)
        begin = torch.tanh(self.fc(torch.cat((hidden[-2], hidden[-1]), dim=1)))
        y, _ = self.decoder(target, begin.unsqueeze(0))
        return self.out(y)


@TORCH.ported("source=5:int64", "target=4:int64")
class WholeTransformer(nn.Module):
    """PyTorch's own, with its mask, and words with their places."""

    def __init__(self) -> None:
        super().__init__()
        self.source, self.target = nn.Embedding(12, 8), nn.Embedding(13, 8)
        self.source_places, self.target_places = nn.Embedding(5, 8), nn.Embedding(4, 8)
        self.transformer = nn.Transformer(8, 2, 1, 1, 12, batch_first=True)
        self.generator = nn.Linear(8, 13)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        x = self.source(source) + self.source_places(torch.arange(source.size(1)))
        y = self.target(target) + self.target_places(torch.arange(target.size(1)))
        mask = nn.Transformer.generate_square_subsequent_mask(target.size(1))
        return self.generator(self.transformer(x, y, tgt_mask=mask))


@TORCH.ported("first=4,3", "second=4,3")
class Segments(nn.Module):
    """The same row twice: it goes on where it ended."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 4, batch_first=True)
        self.head = nn.Linear(4, 2)

    def forward(self, first: Tensor, second: Tensor) -> Tensor:
        _, state = self.lstm(first)
        y, _ = self.lstm(second, state)
        return self.head(y)


@TORCH.ported("image=6", "words=*:int64")
class Caption(nn.Module):
    """Features of an image as the first step, words behind it."""

    def __init__(self) -> None:
        super().__init__()
        self.features = nn.Linear(6, 4)
        self.embed = nn.Embedding(12, 4)
        self.lstm = nn.LSTM(4, 5, batch_first=True)
        self.linear = nn.Linear(5, 12)

    def forward(self, image: Tensor, words: Tensor) -> Tensor:
        first = self.features(image).unsqueeze(1)
        x, _ = self.lstm(torch.cat((first, self.embed(words)), dim=1))
        return self.linear(x)


@TORCH.ported("x=4,3", "h=4", "c=4")
class OneCellAStep(nn.Module):
    """A player: states in, states out, two heads."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 4, batch_first=True)
        self.actor, self.critic = nn.Linear(4, 3), nn.Linear(4, 1)

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
        y, _ = self.lstm(x, (h.unsqueeze(0), c.unsqueeze(0)))
        return self.actor(y), self.critic(y)


@TORCH.ported("x=3", "h=4", "c=4")
class Player(nn.Module):
    """One step at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.LSTMCell(3, 4)
        self.actor, self.critic = nn.Linear(4, 3), nn.Linear(4, 1)

    def forward(self, x: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, ...]:
        h, c = self.cell(x, (h, c))
        return self.actor(h).softmax(-1), self.critic(h), h, c


@TORCH.waiting("each as one value", "x=5,3", "about=2")
class BothWaysBegun(nn.Module):
    """A bidirectional row with two initial states."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden, self.cell = nn.Linear(2, 8), nn.Linear(2, 8)
        self.lstm = nn.LSTM(3, 4, batch_first=True, bidirectional=True)

    def forward(self, x: Tensor, about: Tensor) -> Tensor:
        h = self.hidden(about).view(-1, 2, 4).permute(1, 0, 2).contiguous()
        c = self.cell(about).view(-1, 2, 4).permute(1, 0, 2).contiguous()
        return self.lstm(x, (h, c))[0]
