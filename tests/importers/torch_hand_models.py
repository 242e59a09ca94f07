"""models with matrices of their own and attention written by hand, as people write them in PyTorch: own words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
import torch.nn.functional as F
from torch import Tensor, nn

if TYPE_CHECKING:
    from collections.abc import Callable


class Matrices(nn.Module):
    """Parameters of the module itself, multiplied and added."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = nn.Parameter(torch.randn(3, 4))
        self.shift = nn.Parameter(torch.randn(4))
        self.gru = nn.GRU(4, 5, batch_first=True)
        self.outer = nn.Parameter(torch.randn(2, 5))
        self.last = nn.Parameter(torch.randn(1, 2))

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.gru(torch.tanh(x @ self.inner + self.shift))
        return torch.matmul(states[:, -1], self.outer.t()) + self.last


class Functions(nn.Module):
    """Functions in place of layers, and a matrix in an `einsum`."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(4, 3))
        self.bias = nn.Parameter(torch.randn(4))
        self.mix = nn.Parameter(torch.randn(4, 5))
        self.out = nn.Parameter(torch.randn(2, 5))

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(F.linear(x, self.weight, self.bias))
        x = torch.einsum("bti,io->bto", x, self.mix)
        return F.linear(x.mean(1), self.out)


class ByHand(nn.Module):
    """Heads by `view` and `transpose`, weights with a dropout; a mask, where it is causal."""

    def __init__(self, *, causal: bool = False, bias: bool = True) -> None:
        super().__init__()
        self.causal = causal
        self.query, self.key, self.value, self.join = (nn.Linear(8, 8, bias=bias) for _ in range(4))
        self.drop = nn.Dropout(0.1)
        self.out = nn.Linear(8, 3)

    def forward(self, x: Tensor) -> Tensor:
        batch, steps, width = x.shape
        q, k, v = (
            layer(x).view(batch, steps, 2, width // 2).transpose(1, 2)
            for layer in (self.query, self.key, self.value)
        )
        scores = q @ k.transpose(-2, -1) / math.sqrt(width // 2)
        if self.causal:
            hidden = torch.triu(torch.ones(steps, steps, dtype=torch.bool), diagonal=1)
            scores = scores.masked_fill(hidden, float("-inf"))
        seen = self.drop(F.softmax(scores, dim=-1)) @ v
        return self.out(x + self.join(seen.transpose(1, 2).contiguous().view(batch, steps, width)))


class Packed(nn.Module):
    """One layer for queries, keys and values, cut by `reshape`; what is read is averaged."""

    def __init__(self) -> None:
        super().__init__()
        self.qkv = nn.Linear(8, 24)
        self.proj = nn.Linear(8, 8)
        self.out = nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        batch, steps = x.shape[:2]
        q, k, v = self.qkv(x).reshape(batch, steps, 3, 2, 4).permute(2, 0, 3, 1, 4)
        weights = ((q @ k.transpose(-2, -1)) * 4**-0.5).softmax(dim=-1)
        return self.out(self.proj((weights @ v).transpose(1, 2).reshape(x.shape)).mean(1))


class Mixer(nn.Module):
    """The same with PyTorch's function, within a block of its own."""

    def __init__(self) -> None:
        super().__init__()
        self.before, self.after = nn.LayerNorm(8), nn.LayerNorm(8)
        self.attend = nn.ModuleDict({"all": nn.Linear(8, 24), "out": nn.Linear(8, 8)})
        self.feed = nn.Sequential(nn.Linear(8, 12), nn.GELU(), nn.Linear(12, 8))

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (
            part.unflatten(2, (2, 4)).transpose(1, 2)
            for part in self.attend["all"](self.before(x)).split(8, dim=2)
        )
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.attend["out"](seen.transpose(1, 2).flatten(2))
        return x + self.feed(self.after(x))


class SmallGpt(nn.Module):
    """Two such blocks above an embedding."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(11, 8)
        self.blocks = nn.ModuleList(Mixer() for _ in range(2))
        self.head = nn.Linear(8, 11, bias=False)

    def forward(self, tokens: Tensor) -> Tensor:
        x = self.embed(tokens)
        for block in self.blocks:
            x = block(x)
        return self.head(x)


class Crossed(nn.Module):
    """Queries of a decoder, keys and values of an encoder, products by `einsum`."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(3, 6, batch_first=True)
        self.decoder = nn.GRU(2, 8, batch_first=True)
        self.q, self.k, self.v = nn.Linear(8, 8), nn.Linear(6, 8), nn.Linear(6, 8)
        self.o, self.out = nn.Linear(8, 8), nn.Linear(8, 3)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        memory, _ = self.encoder(source)
        asked, _ = self.decoder(target)
        q, k, v = (
            x.view(x.size(0), x.size(1), 4, 2).permute(0, 2, 1, 3)
            for x in (self.q(asked), self.k(memory), self.v(memory))
        )
        weights = torch.softmax(torch.einsum("bhqd,bhkd->bhqk", q, k) / math.sqrt(2), -1)
        seen = torch.einsum("bhqk,bhkd->bhqd", weights, v)
        return self.out(self.o(seen.permute(0, 2, 1, 3).flatten(2)))


class Additive(nn.Module):
    """A trained vector compares the sum of a query and a key (Bahdanau et al. 2014)."""

    def __init__(self, *, bias: bool = False) -> None:
        super().__init__()
        self.encoder = nn.GRU(3, 4, batch_first=True)
        self.decoder = nn.GRU(2, 5, batch_first=True)
        self.ask, self.keep = nn.Linear(5, 6, bias=bias), nn.Linear(4, 6, bias=bias)
        self.score = nn.Linear(6, 1, bias=bias)
        self.out = nn.Linear(9, 2)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        memory, _ = self.encoder(source)
        asked, _ = self.decoder(target)
        both = self.ask(asked).unsqueeze(2) + self.keep(memory).unsqueeze(1)
        weights = torch.softmax(self.score(torch.tanh(both)).squeeze(-1), dim=-1)
        return self.out(torch.cat([weights @ memory, asked], dim=-1))


class WordsThatCount(nn.Module):
    """A softmax over time of how alike each step is to a vector of the module's (Yang et al. 2016)."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(3, 4, batch_first=True, bidirectional=True)
        self.inner = nn.Linear(8, 6)
        self.context = nn.Parameter(torch.randn(6))
        self.out = nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.gru(x)
        weights = torch.softmax(torch.tanh(self.inner(states)) @ self.context, dim=1)
        return self.out((states * weights.unsqueeze(-1)).sum(1))


class Pooled(nn.Module):
    """The same without a layer between, as the product of two matrices."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(3, 4, batch_first=True)
        self.vector = nn.Parameter(torch.randn(4))
        self.out = nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.gru(x)
        weights = torch.softmax(states @ self.vector, dim=1)
        return self.out((weights.unsqueeze(1) @ states).squeeze(1))


class SingleHead(nn.Module):
    """Queries, keys and values without biases, as the first pages on attention have it."""

    def __init__(self) -> None:
        super().__init__()
        self.q, self.k, self.v = (nn.Linear(3, 4, bias=False) for _ in range(3))
        self.out = nn.Linear(4, 2)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.q(x), self.k(x), self.v(x)
        weights = F.softmax(q @ k.transpose(1, 2) / k.size(-1) ** 0.5, dim=-1)
        return self.out(weights @ v)


X, WIDE = torch.zeros(2, 5, 3), torch.zeros(2, 5, 8)
BOTH = (X, torch.zeros(2, 4, 2))
MODELS: dict[str, tuple[Callable[[], nn.Module], tuple[Tensor, ...]]] = {
    "matrices": (Matrices, (X,)),
    "functions": (Functions, (X,)),
    "by_hand": (ByHand, (WIDE,)),
    "causal": (lambda: ByHand(causal=True), (WIDE,)),
    "packed": (Packed, (WIDE,)),
    "gpt": (SmallGpt, (torch.zeros(2, 5, dtype=torch.long),)),
    "crossed": (Crossed, BOTH),
    "additive": (Additive, BOTH),
    "additive_biases": (lambda: Additive(bias=True), BOTH),
    "words": (WordsThatCount, (X,)),
    "pooled": (Pooled, (X,)),
    "single": (SingleHead, (X,)),
}
