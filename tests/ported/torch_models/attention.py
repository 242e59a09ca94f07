"""PyTorch modules with attention: by PyTorch's layers, by its functions, and by hand."""

from __future__ import annotations

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from tests.ported.catalog import TORCH


@TORCH.ported("x=5,8")
class EncoderLayer(nn.Module):
    """One of PyTorch's, with its defaults."""

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.TransformerEncoderLayer(8, 2, dim_feedforward=12, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer(x)


@TORCH.ported("x=4,8", "memory=6,8")
class DecoderLayer(nn.Module):
    """One of PyTorch's, which may not look ahead."""

    def __init__(self) -> None:
        super().__init__()
        layer = nn.TransformerDecoderLayer(8, 2, 12, batch_first=True, norm_first=True)
        self.decoder = nn.TransformerDecoder(layer, 1)

    def forward(self, x: Tensor, memory: Tensor) -> Tensor:
        mask = torch.triu(torch.full((x.size(1), x.size(1)), float("-inf")), diagonal=1)
        return self.decoder(x, memory, tgt_mask=mask)


@TORCH.ported("query=3,6", "value=5,4")
class OtherWidths(nn.Module):
    """Keys and values of widths of their own."""

    def __init__(self) -> None:
        super().__init__()
        self.read = nn.MultiheadAttention(6, 2, kdim=4, vdim=4, batch_first=True)
        self.norm = nn.LayerNorm(6)

    def forward(self, query: Tensor, value: Tensor) -> Tensor:
        read, _ = self.read(query, value, value)
        return self.norm(query + read)


@TORCH.ported("x=5,6")
class HeadsByHand(nn.Module):
    """Heads cut from three matrices, products, weights, and all side by side again."""

    def __init__(self) -> None:
        super().__init__()
        self.W_q, self.W_k, self.W_v, self.W_o = (nn.Linear(6, 6) for _ in range(4))
        self.dropout = nn.Dropout(0.1)

    def split(self, x: Tensor) -> Tensor:
        batch, steps, _ = x.size()
        return x.view(batch, steps, 2, 3).transpose(1, 2)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = self.split(self.W_q(x)), self.split(self.W_k(x)), self.split(self.W_v(x))
        scores = torch.matmul(q, k.transpose(-2, -1)) / math.sqrt(3)
        read = torch.matmul(self.dropout(F.softmax(scores, dim=-1)), v)
        return self.W_o(read.transpose(1, 2).contiguous().view(x.size(0), -1, 6))


@TORCH.ported("patches=4,6")
class PatchTransformer(nn.Module):
    """A trained step in front of the patches of an image says what it shows."""

    def __init__(self) -> None:
        super().__init__()
        self.project = nn.Linear(6, 8)
        self.cls_token = nn.Parameter(torch.zeros(1, 1, 8))
        self.pos_embed = nn.Parameter(torch.randn(1, 5, 8) * 0.02)
        layer = nn.TransformerEncoderLayer(8, 2, 12, batch_first=True, norm_first=True)
        self.blocks = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)
        self.head = nn.Sequential(nn.LayerNorm(8), nn.Linear(8, 3))

    def forward(self, patches: Tensor) -> Tensor:
        x = self.project(patches)
        x = torch.cat((self.cls_token.expand(x.shape[0], -1, -1), x), dim=1) + self.pos_embed
        return self.head(self.blocks(x)[:, 0])


@TORCH.ported("x=6,4", differs="not used by its results")
class StructuredSelfAttention(nn.Module):
    """Several weighted sums over a bidirectional row."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(4, 3, batch_first=True, bidirectional=True)
        self.inner, self.scores = nn.Linear(6, 5), nn.Linear(5, 1)
        self.out = nn.Linear(6, 2)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.lstm(x)
        weights = F.softmax(self.scores(torch.tanh(self.inner(states))), dim=1)
        return self.out(torch.bmm(weights.transpose(1, 2), states).squeeze(1))


@TORCH.ported("x=6,4")
class LastStepAsks(nn.Module):
    """The last state asks all states by products."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(4, 5, batch_first=True)
        self.label = nn.Linear(5, 2)

    def forward(self, x: Tensor) -> Tensor:
        output, (h, _) = self.lstm(x)
        hidden = h.squeeze(0)
        weights = F.softmax(torch.bmm(output, hidden.unsqueeze(2)).squeeze(2), 1)
        found = torch.bmm(output.transpose(1, 2), weights.unsqueeze(2)).squeeze(2)
        return self.label(found)


@TORCH.ported("x=7,6")
class TrainedQuestions(nn.Module):
    """A few trained vectors ask many steps."""

    def __init__(self) -> None:
        super().__init__()
        self.latents = nn.Parameter(torch.randn(1, 3, 6))
        self.cross = nn.MultiheadAttention(6, 2, batch_first=True)
        self.out = nn.Linear(6, 2)

    def forward(self, x: Tensor) -> Tensor:
        asked = self.latents.repeat(x.size(0), 1, 1)
        return self.out(self.cross(asked, x, x)[0])


@TORCH.ported("x=5,B,6", differs="takes it as")
class StepsFirst(nn.Module):
    """Attention as PyTorch has it by default: steps, then samples."""

    def __init__(self) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(6, 3)
        self.norm = nn.LayerNorm(6, eps=1e-5)

    def forward(self, x: Tensor) -> Tensor:
        return self.norm(x + self.attention(x, x, x)[0])


@TORCH.ported("left=4,5", "right=6,5")
class EachReadsTheOther(nn.Module):
    """Scores of all pairs, read in both directions."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(5, 3, batch_first=True, bidirectional=True)
        self.out = nn.Linear(12, 3)

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        (one, _), (other, _) = self.lstm(left), self.lstm(right)
        scores = torch.einsum("bid,bjd->bij", one, other)
        ahead = torch.einsum("bij,bjd->bid", scores.softmax(-1), other)
        back = torch.einsum("bji,bjd->bid", scores.softmax(1), one)
        return self.out(torch.cat((ahead.amax(1), back.amax(1)), dim=-1))


class Pointer(nn.Module):
    """Which of its inputs it means: weights are the result."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(3, 4, batch_first=True)
        self.query = nn.Linear(4, 4)

    def forward(self, x: Tensor) -> Tensor:
        memory, h = self.encoder(x)
        scores = torch.bmm(memory, self.query(h[-1]).unsqueeze(2)).squeeze(2)
        return F.log_softmax(scores, dim=-1)


@TORCH.waiting("log_softmax over steps")
def pointer() -> object:
    return Pointer(), (torch.zeros(2, 5, 3),)


@TORCH.ported("words=6:int64")
class BertLike(nn.Module):
    """Words, their places, kinds that are all alike; the first step pooled, and each step."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.places = nn.Embedding(20, 8), nn.Embedding(6, 8)
        self.norm = nn.LayerNorm(8, eps=1e-12)
        self.drop = nn.Dropout(0.1)
        layer = nn.TransformerEncoderLayer(
            8, 2, 12, activation=F.gelu, layer_norm_eps=1e-12, batch_first=True
        )
        self.encoder = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)
        self.pooler = nn.Linear(8, 8)

    def forward(self, words: Tensor) -> tuple[Tensor, Tensor]:
        places = torch.arange(words.size(1)).unsqueeze(0)
        x = self.drop(self.norm(self.words(words) + self.places(places)))
        x = self.encoder(x)
        return x, torch.tanh(self.pooler(x[:, 0]))
