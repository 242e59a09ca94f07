"""PyTorch modules of texts: classes, tags, further words."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence

from tests.ported.catalog import TORCH


@TORCH.ported("letters=5,B,8", differs="takes it as")
class NamesByRow(nn.Module):
    """Names of languages: a whole row, its end, classes."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = nn.RNN(8, 6)
        self.h2o = nn.Linear(6, 4)
        self.softmax = nn.LogSoftmax(dim=1)

    def forward(self, letters: Tensor) -> Tensor:
        _, hidden = self.rnn(letters)
        return self.softmax(self.h2o(hidden[0]))


@TORCH.ported("context=3:int64")
class NgramModel(nn.Module):
    """Words before, side by side, tell the next one."""

    def __init__(self) -> None:
        super().__init__()
        self.embeddings = nn.Embedding(20, 4)
        self.linear1 = nn.Linear(3 * 4, 8)
        self.linear2 = nn.Linear(8, 20)

    def forward(self, context: Tensor) -> Tensor:
        flat = self.embeddings(context).view(context.size(0), -1)
        return F.log_softmax(self.linear2(F.relu(self.linear1(flat))), dim=1)


@TORCH.ported("context=4:int64")
class BagOfContext(nn.Module):
    """The sum of the words around."""

    def __init__(self) -> None:
        super().__init__()
        self.embeddings = nn.Embedding(20, 4)
        self.linear = nn.Linear(4, 20)

    def forward(self, context: Tensor) -> Tensor:
        return self.linear(self.embeddings(context).sum(dim=1))


@TORCH.waiting("cannot be run on a probe", "words=6:int64")
class NewsTopics(nn.Module):
    """The mean of all words, in one layer."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.EmbeddingBag(20, 5)
        self.fc = nn.Linear(5, 4)

    def forward(self, words: Tensor) -> Tensor:
        return self.fc(self.embedding(words))


@TORCH.ported("words=*:int64")
class LanguageModel(nn.Module):
    """Rows with dropout around them, and the table of words once more as the output's matrix."""

    def __init__(self) -> None:
        super().__init__()
        self.drop = nn.Dropout(0.2)
        self.encoder = nn.Embedding(15, 6)
        self.rnn = nn.LSTM(6, 6, 2, dropout=0.2, batch_first=True)
        self.decoder = nn.Linear(6, 15)
        self.decoder.weight = self.encoder.weight
        nn.init.zeros_(self.decoder.bias)

    def forward(self, words: Tensor) -> Tensor:
        output, _ = self.rnn(self.drop(self.encoder(words)))
        return F.log_softmax(self.decoder(self.drop(output)), dim=-1)


@TORCH.ported("words=4:int64", "h=2,B,6", "c=2,B,6", differs="states of its rows in one tensor")
class LanguageModelWithStates(nn.Module):
    """The same with the states as arguments and results."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Embedding(15, 5)
        self.rnn = nn.LSTM(5, 6, 2, batch_first=True)
        self.decoder = nn.Linear(6, 15)

    def forward(self, words: Tensor, h: Tensor, c: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        output, (h, c) = self.rnn(self.encoder(words), (h, c))
        return self.decoder(output), h, c


@TORCH.ported("words=6:int64")
class CausalTransformer(nn.Module):
    """Keys, queries and values in one matrix, a triangle of what may be read."""

    def __init__(self) -> None:
        super().__init__()
        self.wte, self.wpe = nn.Embedding(18, 8), nn.Embedding(6, 8)
        self.blocks = nn.ModuleList(GptBlock(8, 2) for _ in range(2))
        self.ln_f = nn.LayerNorm(8)
        self.lm_head = nn.Linear(8, 18, bias=False)

    def forward(self, words: Tensor) -> Tensor:
        x = self.wte(words) + self.wpe(torch.arange(words.size(1)))
        for block in self.blocks:
            x = block(x)
        return self.lm_head(self.ln_f(x))


class GptBlock(nn.Module):
    """A block as small GPTs have it."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.ln_1, self.ln_2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn = GptAttention(width, heads)
        self.mlp = nn.Sequential(nn.Linear(width, 12), nn.GELU(), nn.Linear(12, width))

    def forward(self, x: Tensor) -> Tensor:
        x = x + self.attn(self.ln_1(x))
        return x + self.mlp(self.ln_2(x))


class GptAttention(nn.Module):
    """Attention to what was before, by PyTorch's function."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.c_attn = nn.Linear(width, 3 * width)
        self.c_proj = nn.Linear(width, width)

    def forward(self, x: Tensor) -> Tensor:
        batch, steps, width = x.shape
        parts = self.c_attn(x).split(width, dim=2)
        q, k, v = (part.view(batch, steps, self.heads, -1).transpose(1, 2) for part in parts)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.c_proj(y.transpose(1, 2).contiguous().view(batch, steps, width))


@TORCH.ported("words=6:int64")
class TransformerByHand(nn.Module):
    """One head, all written out."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(18, 6)
        self.key = nn.Linear(6, 4, bias=False)
        self.query = nn.Linear(6, 4, bias=False)
        self.value = nn.Linear(6, 4, bias=False)
        self.head = nn.Linear(4, 18)
        self.register_buffer("tril", torch.tril(torch.ones(6, 6)))

    def forward(self, words: Tensor) -> Tensor:
        x = self.table(words)
        steps = x.size(1)
        k, q = self.key(x), self.query(x)
        scores = q @ k.transpose(-2, -1) * 4**-0.5
        scores = scores.masked_fill(self.tril[:steps, :steps] == 0, float("-inf"))
        return self.head(F.softmax(scores, dim=-1) @ self.value(x))


@TORCH.ported("text=*:int64")
class TextRcnn(nn.Module):
    """Each word beside what two directions make of it; the largest value of all."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(20, 4)
        self.lstm = nn.LSTM(4, 3, bidirectional=True, batch_first=True)
        self.inner = nn.Linear(10, 6)
        self.label = nn.Linear(6, 3)

    def forward(self, text: Tensor) -> Tensor:
        words = self.embedding(text)
        both, _ = self.lstm(words)
        y = torch.tanh(self.inner(torch.cat((words, both), 2)))
        y = F.max_pool1d(y.permute(0, 2, 1), y.size(1)).squeeze(2)
        return self.label(y)


@TORCH.ported("words=6:int64")
class CharactersBesideWords(nn.Module):
    """A highway around a dense layer: how much passes is computed."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(20, 5)
        self.dense, self.gate = nn.Linear(5, 5), nn.Linear(5, 5)
        self.gru = nn.GRU(5, 4, batch_first=True)
        self.out = nn.Linear(4, 2)

    def forward(self, words: Tensor) -> Tensor:
        x = self.table(words)
        x = x + torch.sigmoid(self.gate(x)) * F.relu(self.dense(x))
        return self.out(self.gru(x)[0])


@TORCH.refused("abs", "premise=5,4", "hypothesis=4,4")
class Entailment(nn.Module):
    """Two sentences through one encoder, with how far they are apart."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(4, 3, batch_first=True, bidirectional=True)
        self.out = nn.Sequential(nn.Linear(24, 8), nn.ReLU(), nn.Linear(8, 3))

    def encode(self, x: Tensor) -> Tensor:
        _, (h, _) = self.encoder(x)
        return h[-2:].transpose(0, 1).contiguous().view(x.size(0), -1)

    def forward(self, premise: Tensor, hypothesis: Tensor) -> Tensor:
        p, h = self.encode(premise), self.encode(hypothesis)
        return self.out(torch.cat([p, h, (p - h).abs(), p * h], 1))


@TORCH.ported("premise=5,4", "hypothesis=4,4")
class EntailmentByProducts(nn.Module):
    """The same without the distance."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(4, 3, batch_first=True, bidirectional=True)
        self.out = nn.Sequential(
            nn.Linear(18, 8),
            nn.ReLU(),
            nn.Dropout(0.2),
            nn.Linear(8, 8),
            nn.ReLU(),
            nn.Linear(8, 3),
        )

    def encode(self, x: Tensor) -> Tensor:
        _, (h, _) = self.encoder(x)
        return torch.cat((h[0], h[1]), dim=1)

    def forward(self, premise: Tensor, hypothesis: Tensor) -> Tensor:
        p, h = self.encode(premise), self.encode(hypothesis)
        return self.out(torch.cat([p, h, p * h], 1))


class PackedSentiment(nn.Module):
    """Padded reviews with their lengths; the ends of both directions."""

    def __init__(self) -> None:
        super().__init__()
        self.embedding = nn.Embedding(20, 4, padding_idx=0)
        self.rnn = nn.LSTM(4, 3, num_layers=2, bidirectional=True, batch_first=True, dropout=0.5)
        self.fc = nn.Linear(6, 2)
        self.dropout = nn.Dropout(0.5)

    def forward(self, text: Tensor, lengths: Tensor) -> Tensor:
        words = self.dropout(self.embedding(text))
        packed = pack_padded_sequence(words, lengths, batch_first=True, enforce_sorted=False)
        _, (hidden, _) = self.rnn(packed)
        return self.fc(self.dropout(torch.cat((hidden[-2], hidden[-1]), dim=1)))


@TORCH.ported(differs="without a valid step")
def packed_sentiment() -> object:
    text = torch.tensor([[4, 5, 1, 0, 0], [3, 2, 9, 8, 7]])
    return PackedSentiment(), (text, torch.tensor([3, 5]))
