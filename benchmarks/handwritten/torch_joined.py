"""sizes → PyTorch modules written by hand: several inputs, windows, attention, masks."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


class HandOver(nn.Module):
    def __init__(self, units: int, width: int) -> None:
        super().__init__()
        self.source, self.target = nn.Embedding(1000, width), nn.Embedding(1000, width)
        self.encoder = nn.LSTM(width, units, batch_first=True)
        self.decoder = nn.LSTM(width, units, batch_first=True)
        self.head = nn.Linear(units, 100)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        _, state = self.encoder(self.source(source))
        steps, _ = self.decoder(self.target(target), state)
        return torch.softmax(self.head(steps), dim=-1)


def hand_over(n: int, m: int, units: int, width: int) -> nn.Module:
    return HandOver(units, width)


class Autoencoder(nn.Module):
    def __init__(self, units: int, width: int) -> None:
        super().__init__()
        self.encoder = nn.LSTM(width, units, batch_first=True)
        self.decoder = nn.LSTM(units, units, batch_first=True)
        self.head = nn.Linear(units, width)

    def forward(self, x: Tensor) -> Tensor:
        _, (h, _) = self.encoder(x)
        steps, _ = self.decoder(h[-1].unsqueeze(1).expand(-1, x.shape[1], -1))
        return self.head(steps)


def autoencoder(n: int, units: int, width: int) -> nn.Module:
    return Autoencoder(units, width)


class Luong(nn.Module):
    def __init__(self, units: int, width: int) -> None:
        super().__init__()
        self.encoder = nn.GRU(width, units, batch_first=True)
        self.decoder = nn.GRU(width, units, batch_first=True)
        self.head = nn.Linear(units, 100)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        memory, state = self.encoder(source)
        query, _ = self.decoder(target, state)
        weights = torch.softmax(query @ memory.transpose(1, 2), dim=-1)
        return torch.softmax(self.head(weights @ memory), dim=-1)


def attention(n: int, m: int, units: int, width: int) -> nn.Module:
    return Luong(units, width)


class SelfAttention(nn.Module):
    def __init__(self, width: int) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(width, 4, batch_first=True)
        self.head = nn.Linear(width, 10)

    def forward(self, x: Tensor) -> Tensor:
        seen, _ = self.attention(x, x, x, need_weights=False)
        return self.head(seen.mean(dim=1))


def self_attention(n: int, width: int) -> nn.Module:
    return SelfAttention(width)


class Transformer(nn.Module):
    def __init__(self, units: int, width: int) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(width, 2, batch_first=True)
        self.first, self.second = nn.LayerNorm(width), nn.LayerNorm(width)
        self.up, self.down = nn.Linear(width, units), nn.Linear(units, width)

    def forward(self, x: Tensor) -> Tensor:
        size = x.shape[1]
        later = torch.ones(size, size, dtype=torch.bool, device=x.device).triu(1)
        seen, _ = self.attention(x, x, x, attn_mask=later, need_weights=False)
        x = self.first(x + seen)
        return self.second(x + self.down(torch.relu(self.up(x))))


def transformer(units: int, width: int) -> nn.Module:
    return Transformer(units, width)


class Convolutions(nn.Module):
    def __init__(self, units: int, width: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(1000, width)
        self.conv = nn.Conv1d(width, units, 3, padding=1)
        self.head = nn.Linear(units, 10)

    def forward(self, x: Tensor) -> Tensor:
        found = torch.relu(self.conv(self.embedding(x).transpose(1, 2)))
        return torch.softmax(self.head(found.amax(dim=-1)), dim=-1)


def convolutions(n: int, units: int, width: int) -> nn.Module:
    return Convolutions(units, width)


class Causal(nn.Module):
    def __init__(self, units: int, width: int) -> None:
        super().__init__()
        self.one = nn.Conv1d(width, units, 3)
        self.two = nn.Conv1d(units, units, 3, dilation=2)
        self.head = nn.Linear(units, 10)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.relu(self.one(F.pad(x.transpose(1, 2), (2, 0))))
        x = torch.relu(self.two(F.pad(x, (4, 0))))
        return self.head(x[:, :, -1])


def causal(n: int, units: int, width: int) -> nn.Module:
    return Causal(units, width)


class Windows(nn.Module):
    def __init__(self, units: int, width: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(1000, width)
        self.conv = nn.Conv1d(width, units, 3, padding=1)
        self.head = nn.Linear(units, 10)

    def forward(self, x: Tensor) -> Tensor:
        found = torch.tanh(self.conv(self.embedding(x).transpose(1, 2)))
        return torch.softmax(self.head(found.transpose(1, 2)), dim=-1)


def windows(units: int, width: int) -> nn.Module:
    return Windows(units, width)


class Pooled(nn.Module):
    def __init__(self, units: int, width: int) -> None:
        super().__init__()
        self.gru = nn.GRU(width, units, batch_first=True)
        self.head = nn.Linear(units, 10)

    def forward(self, x: Tensor) -> Tensor:
        steps, _ = self.gru(x)
        return torch.softmax(self.head(steps.mean(dim=1)), dim=-1)


def pooled(n: int, units: int, width: int) -> nn.Module:
    return Pooled(units, width)


class PooledPairs(Pooled):
    def forward(self, x: Tensor) -> Tensor:
        _, h = self.gru(F.max_pool1d(x.transpose(1, 2), 2).transpose(1, 2))
        return self.head(h[-1])


def pooled_pairs(units: int, width: int) -> nn.Module:
    return PooledPairs(units, width)


class MaskedLast(nn.Module):
    def __init__(self, units: int, width: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(1000, width)
        self.lstm = nn.LSTM(width, units, batch_first=True)
        self.head = nn.Linear(units, 10)

    def forward(self, x: Tensor) -> Tensor:
        lengths = (x != 0).sum(dim=1).cpu()
        seen = pack_padded_sequence(
            self.embedding(x), lengths, batch_first=True, enforce_sorted=False
        )
        _, (h, _) = self.lstm(seen)
        return torch.softmax(self.head(h[-1]), dim=-1)


def masked_last(n: int, units: int, width: int) -> nn.Module:
    return MaskedLast(units, width)


class MaskedMean(Pooled):
    def forward(self, x: Tensor) -> Tensor:
        lengths = (x != 0).any(dim=-1).sum(dim=1)
        seen = pack_padded_sequence(x, lengths.cpu(), batch_first=True, enforce_sorted=False)
        steps, _ = self.gru(seen)
        steps, _ = pad_packed_sequence(steps, batch_first=True, total_length=x.shape[1])
        return torch.softmax(self.head(steps.sum(dim=1) / lengths[:, None]), dim=-1)


def masked_mean(n: int, units: int, width: int) -> nn.Module:
    return MaskedMean(units, width)


class Siamese(nn.Module):
    def __init__(self, units: int, width: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(width, units, batch_first=True)
        self.head = nn.Linear(2 * units, 1)

    def forward(self, x: Tensor, z: Tensor) -> Tensor:
        _, (first, _) = self.lstm(x)
        _, (second, _) = self.lstm(z)
        return torch.sigmoid(self.head(torch.cat((first[-1], second[-1]), dim=-1)))


def siamese(n: int, units: int, width: int) -> nn.Module:
    return Siamese(units, width)


class InitialState(nn.Module):
    def __init__(self, units: int, width: int) -> None:
        super().__init__()
        self.image = nn.Linear(width, units)
        self.words = nn.Embedding(1000, width)
        self.lstm = nn.LSTM(width, units, batch_first=True)
        self.head = nn.Linear(units, 100)

    def forward(self, image: Tensor, words: Tensor) -> Tensor:
        state = torch.tanh(self.image(image)).unsqueeze(0)
        steps, _ = self.lstm(self.words(words), (state, state))
        return torch.softmax(self.head(steps), dim=-1)


def initial_state(n: int, units: int, width: int) -> nn.Module:
    return InitialState(units, width)


class Split(nn.Module):
    def __init__(self, units: int, width: int) -> None:
        super().__init__()
        self.lstm = nn.LSTM(width, units, batch_first=True)
        self.head = nn.Linear(units, 40)

    def forward(self, x: Tensor) -> Tensor:
        _, (h, _) = self.lstm(x)
        return self.head(h[-1]).view(-1, 4, 10)


def split(n: int, units: int, width: int) -> nn.Module:
    return Split(units, width)
