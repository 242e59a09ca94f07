"""models as people write them in PyTorch, by kind of task: own words, small sizes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

if TYPE_CHECKING:
    from collections.abc import Callable


def ids(*shape: int) -> Tensor:
    """An input of ids; only its shape counts."""
    return torch.zeros(shape, dtype=torch.long)


class NameClassifier(nn.Module):
    """Languages of names, a letter at a time: a cell by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.cell = nn.RNNCell(6, 5)
        self.head = nn.Linear(5, 3)

    def forward(self, letters: Tensor) -> Tensor:
        hidden = torch.zeros(letters.shape[1], 5)
        for step in range(letters.shape[0]):
            hidden = self.cell(letters[step], hidden)
        return F.log_softmax(self.head(hidden), dim=1)


class PosTagger(nn.Module):
    """One sentence at a time, steps first."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(12, 4)
        self.lstm = nn.LSTM(4, 5)
        self.tags = nn.Linear(5, 3)

    def forward(self, sentence: Tensor) -> Tensor:
        embedded = self.words(sentence)
        out, _ = self.lstm(embedded.view(len(sentence), 1, -1))
        return F.log_softmax(self.tags(out.view(len(sentence), -1)), dim=1)


class PackedTagger(nn.Module):
    """A padded batch with its lengths."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(12, 4, padding_idx=0)
        self.lstm = nn.LSTM(4, 5, batch_first=True, bidirectional=True)
        self.tags = nn.Linear(10, 3)

    def forward(self, words: Tensor, lengths: Tensor) -> Tensor:
        packed = pack_padded_sequence(
            self.words(words), lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        out, _ = self.lstm(packed)
        padded, _ = pad_packed_sequence(out, batch_first=True)
        return self.tags(padded)


class Translator(nn.Module):
    """An encoder hands its whole state to a decoder, two rows each."""

    def __init__(self) -> None:
        super().__init__()
        self.source = nn.Embedding(12, 4)
        self.target = nn.Embedding(14, 4)
        self.encoder = nn.LSTM(4, 5, num_layers=2, batch_first=True, dropout=0.1)
        self.decoder = nn.LSTM(4, 5, num_layers=2, batch_first=True, dropout=0.1)
        self.out = nn.Linear(5, 14)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        _, (hidden, cell) = self.encoder(self.source(source))
        decoded, _ = self.decoder(self.target(target), (hidden, cell))
        return self.out(decoded)


class LuongTranslator(nn.Module):
    """Context by plain dot products, beside the decoder's state."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(4, 5, batch_first=True)
        self.decoder = nn.GRU(3, 5, batch_first=True)
        self.join = nn.Linear(10, 6)
        self.out = nn.Linear(6, 7)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        memory, state = self.encoder(source)
        queries, _ = self.decoder(target, state)
        energy = torch.bmm(queries, memory.permute(0, 2, 1))
        context = torch.bmm(F.softmax(energy, dim=2), memory)
        attended = torch.tanh(self.join(torch.cat([context, queries], dim=2)))
        return self.out(attended)


class LuongLoop(nn.Module):
    """The same in a loop over the steps of the target, with cells and `einsum`."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.GRU(4, 5, batch_first=True)
        self.cell = nn.GRUCell(3, 5)
        self.out = nn.Linear(10, 7)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        memory, state = self.encoder(source)
        hidden, outputs = state[0], []
        for step in range(target.size(1)):
            hidden = self.cell(target[:, step], hidden)
            weights = torch.einsum("bf,bsf->bs", hidden, memory).softmax(dim=1)
            context = (weights.unsqueeze(2) * memory).sum(dim=1)
            outputs.append(self.out(torch.cat((context, hidden), dim=1)))
        return torch.stack(outputs, dim=1)


class AdditiveAttention(nn.Module):
    """Bahdanau's scores over a whole target at once."""

    def __init__(self) -> None:
        super().__init__()
        self.ask = nn.Linear(5, 6)
        self.key = nn.Linear(4, 6)
        self.score = nn.Linear(6, 1)

    def forward(self, queries: Tensor, memory: Tensor) -> Tensor:
        pairs = torch.tanh(self.ask(queries)[:, :, None] + self.key(memory)[:, None])
        weights = torch.softmax(self.score(pairs).squeeze(-1), dim=-1)
        return weights @ memory


class Forecaster(nn.Module):
    """The last step of a row tells the next three values."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(input_size=1, hidden_size=5, batch_first=True)
        self.linear = nn.Linear(5, 3)

    def forward(self, series: Tensor) -> Tensor:
        out, _ = self.lstm(series.unsqueeze(-1))
        return self.linear(out[:, -1, :])


class Autoencoder(nn.Module):
    """The final state, again and again, is what a decoder reads."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.LSTM(2, 5, batch_first=True)
        self.decoder = nn.LSTM(5, 5, batch_first=True)
        self.out = nn.Linear(5, 2)

    def forward(self, x: Tensor) -> Tensor:
        _, (hidden, _) = self.encoder(x)
        repeated = hidden[-1].unsqueeze(1).repeat(1, x.size(1), 1)
        decoded, _ = self.decoder(repeated)
        return self.out(decoded)


class TextCnn(nn.Module):
    """Windows of several widths, the largest value of each (Kim 2014)."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(12, 4)
        self.convs = nn.ModuleList(nn.Conv1d(4, 3, width) for width in (2, 3))
        self.drop = nn.Dropout(0.5)
        self.fc = nn.Linear(6, 2)

    def forward(self, text: Tensor) -> Tensor:
        channels = self.embed(text).transpose(1, 2)
        pooled = [F.relu(conv(channels)).max(dim=2).values for conv in self.convs]
        return self.fc(self.drop(torch.cat(pooled, dim=1)))


class Sinusoid(nn.Module):
    """Codes of positions, in a buffer as long as any sentence."""

    def __init__(self, width: int, most: int) -> None:
        super().__init__()
        place = torch.arange(most).unsqueeze(1)
        rate = torch.exp(torch.arange(0, width, 2) * (-math.log(10000.0) / width))
        code = torch.zeros(1, most, width)
        code[0, :, 0::2] = torch.sin(place * rate)
        code[0, :, 1::2] = torch.cos(place * rate)
        self.register_buffer("code", code)
        self.dropout = nn.Dropout(0.1)

    def forward(self, x: Tensor) -> Tensor:
        return self.dropout(x + self.code[:, : x.size(1)])


class Encoder(nn.Module):
    """A causal transformer: two of PyTorch's layers above codes of positions."""

    def __init__(self, *, norm_first: bool = False) -> None:
        super().__init__()
        self.embed = nn.Embedding(12, 4)
        self.place = Sinusoid(4, 30)
        layer = nn.TransformerEncoderLayer(
            4, 2, 8, dropout=0.0, batch_first=True, norm_first=norm_first
        )
        self.rows = nn.TransformerEncoder(layer, 1, enable_nested_tensor=False)
        self.out = nn.Linear(4, 12)

    def forward(self, text: Tensor) -> Tensor:
        mask = nn.Transformer.generate_square_subsequent_mask(text.size(1))
        return self.out(self.rows(self.place(self.embed(text)), mask=mask))


class AudioNet(nn.Module):
    """Strided windows over a waveform, channels first."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv1d(1, 4, kernel_size=5, stride=2)
        self.bn1 = nn.BatchNorm1d(4)
        self.pool = nn.MaxPool1d(2)
        self.conv2 = nn.Conv1d(4, 6, kernel_size=3, padding=1)
        self.fc = nn.Linear(6, 3)

    def forward(self, wave: Tensor) -> Tensor:
        x = self.pool(F.relu(self.bn1(self.conv1(wave))))
        x = F.relu(self.conv2(x))
        x = F.avg_pool1d(x, x.shape[-1])
        return F.log_softmax(self.fc(x.squeeze(2)), dim=1)


class EvenWindows(nn.Module):
    """Windows of four with two zeros at each end: one more than there are steps."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv1d(3, 4, kernel_size=4, padding=2)
        self.rows = nn.GRU(4, 2, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.rows(F.relu(self.conv(x.transpose(1, 2))).transpose(1, 2))[0]


class AttentionPooling(nn.Module):
    """A trained vector says which steps count."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(3, 4, batch_first=True, bidirectional=True)
        self.score = nn.Linear(8, 1)
        self.out = nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        states, _ = self.gru(x)
        weights = torch.softmax(self.score(states), dim=1)
        return self.out((states * weights).sum(dim=1))


class Projected(nn.Module):
    """Narrow outputs, and the two final states of both directions."""

    def __init__(self) -> None:
        super().__init__()
        self.lstm = nn.LSTM(3, 6, batch_first=True, proj_size=4, bidirectional=True)
        self.out = nn.Linear(8, 2)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.lstm(x)
        return torch.sigmoid(self.out(torch.cat([h_n[-2], h_n[-1]], dim=-1)))


class Stateful(nn.Module):
    """Initial states are inputs, the final ones are results."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(3, 4, batch_first=True)
        self.out = nn.Linear(4, 2)

    def forward(self, x: Tensor, h0: Tensor) -> tuple[Tensor, Tensor]:
        states, h_n = self.gru(x, h0)
        return self.out(states), h_n


class BothWaysFrom(nn.Module):
    """Two directions that begin with states from a linear layer."""

    def __init__(self) -> None:
        super().__init__()
        self.begin = nn.Linear(2, 8)
        self.lstm = nn.LSTM(3, 4, batch_first=True, bidirectional=True)

    def forward(self, x: Tensor, about: Tensor) -> Tensor:
        state = torch.tanh(self.begin(about)).view(-1, 2, 4).transpose(0, 1).contiguous()
        out, _ = self.lstm(x, (state, state))
        return out


class Tied(nn.Module):
    """The embedding's matrix is the output's, too."""

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(12, 4)
        self.rnn = nn.RNN(4, 4, nonlinearity="relu", batch_first=True)
        self.out = nn.Linear(4, 12)
        self.out.weight = self.embed.weight

    def forward(self, text: Tensor) -> Tensor:
        out, _ = self.rnn(self.embed(text))
        return self.out(out)


class Reversed(nn.Module):
    """Two rows of one direction each, one of them from right to left."""

    def __init__(self) -> None:
        super().__init__()
        self.forth = nn.LSTM(3, 4, batch_first=True)
        self.back = nn.LSTM(3, 4, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        one, _ = self.forth(x)
        two, _ = self.back(x.flip([1]))
        return torch.cat((one, two.flip([1])), dim=-1)


class Learned(nn.Module):
    """A trained class token in front, trained positions, PyTorch's own attention."""

    def __init__(self) -> None:
        super().__init__()
        self.token = nn.Parameter(torch.zeros(1, 1, 4))
        self.place = nn.Parameter(torch.zeros(1, 9, 4))
        self.attend = nn.MultiheadAttention(4, 2, batch_first=True)
        self.norm = nn.LayerNorm(4, eps=1e-6)
        self.out = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = torch.cat((self.token.expand(x.size(0), -1, -1), x), dim=1)
        x = x + self.place[:, : x.size(1)]
        x = x + self.attend(x, x, x)[0]
        return self.out(self.norm(x)[:, 0])


class TwoRows(nn.Module):
    """Bidirectional rows with a linear layer between them, any batch (pytorch 72399)."""

    def __init__(self) -> None:
        super().__init__()
        self.lower = nn.LSTM(3, 4, bidirectional=True, batch_first=True)
        self.between = nn.Linear(8, 5)
        self.upper = nn.LSTM(5, 4, bidirectional=True, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        x = F.relu(self.between(self.lower(x)[0]))
        return self.upper(x)[0]


class StackedGru(nn.Module):
    """Two rows of a GRU whose last step is read (keras 15915, onnxscript 2852)."""

    def __init__(self) -> None:
        super().__init__()
        self.gru = nn.GRU(3, 4, num_layers=2, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        return self.gru(x)[1][-1]


Case = tuple["Callable[[], nn.Module]", tuple[Any, ...], dict[tuple[int, int], str]]

N = {(0, 1): "n"}
MODELS: dict[str, Case] = {
    "names": (NameClassifier, (torch.zeros(5, 2, 6),), {}),
    "tagger": (PosTagger, (ids(5),), {(0, 0): "n"}),
    "packed": (PackedTagger, (ids(2, 5), torch.tensor([5, 3])), N),
    "translator": (Translator, (ids(2, 4), ids(2, 3)), {}),
    "luong": (LuongTranslator, (torch.zeros(2, 4, 4), torch.zeros(2, 3, 3)), {}),
    "loop": (LuongLoop, (torch.zeros(2, 4, 4), torch.zeros(2, 3, 3)), {(0, 1): "s", (1, 1): "t"}),
    "additive": (AdditiveAttention, (torch.zeros(2, 3, 5), torch.zeros(2, 4, 4)), {}),
    "forecast": (Forecaster, (torch.zeros(2, 5),), {}),
    "autoencoder": (Autoencoder, (torch.zeros(2, 4, 2),), N),
    "cnn": (TextCnn, (ids(2, 6),), {}),
    "encoder": (Encoder, (ids(2, 4),), N),
    "norm_first": (lambda: Encoder(norm_first=True), (ids(2, 4),), {}),
    "even_windows": (EvenWindows, (torch.zeros(2, 3, 3),), {}),
    "audio": (AudioNet, (torch.zeros(2, 1, 16),), {}),
    "pooling": (AttentionPooling, (torch.zeros(2, 4, 3),), {}),
    "projected": (Projected, (torch.zeros(2, 4, 3),), {}),
    "stateful": (Stateful, (torch.zeros(2, 4, 3), torch.zeros(1, 2, 4)), {}),
    "begins": (BothWaysFrom, (torch.zeros(2, 4, 3), torch.zeros(2, 2)), {}),
    "tied": (Tied, (ids(2, 4),), {}),
    "reversed": (Reversed, (torch.zeros(2, 4, 3),), N),
    "learned": (Learned, (torch.zeros(2, 4, 4),), {}),
    "two_rows": (TwoRows, (torch.zeros(2, 4, 3),), {}),
    "stacked": (StackedGru, (torch.zeros(2, 4, 3),), {}),
}
