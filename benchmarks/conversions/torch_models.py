"""The standard topologies as people write them in PyTorch: sizes are small, weights random."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.utils.rnn import pack_padded_sequence


class OneToOne(nn.Module):
    """No steps at all."""

    def __init__(self) -> None:
        """Two layers."""
        super().__init__()
        self.net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3), nn.Softmax(-1))

    def forward(self, x: Tensor) -> Tensor:
        """A vector."""
        return self.net(x)


class Row(nn.Module):
    """A row and a head; what the row reads, and what the head reads, is what the topologies differ in."""

    def __init__(self, kind: type[nn.Module] = nn.LSTM, **options: int | bool) -> None:
        """A layer of ``kind``."""
        super().__init__()
        self.row = kind(4, 8, batch_first=True, **options)
        self.head = nn.Linear(16 if options.get("bidirectional") else 8, 3)


class OneToMany(Row):
    """A vector, repeated."""

    def forward(self, x: Tensor) -> Tensor:
        """Five steps."""
        return self.head(self.row(x.unsqueeze(1).repeat(1, 5, 1))[0])


class ManyToOne(Row):
    """The last step."""

    def forward(self, x: Tensor) -> Tensor:
        """A vector."""
        return self.head(self.row(x)[0][:, -1])


class ManyToMany(Row):
    """Each step."""

    def forward(self, x: Tensor) -> Tensor:
        """As many steps."""
        return self.head(self.row(x)[0])


class LastSteps(Row):
    """The last three steps."""

    def forward(self, x: Tensor) -> Tensor:
        """Three steps."""
        return self.head(self.row(x)[0][:, -3:])


class PaddedSteps(Row):
    """Three steps, and three that read nothing."""

    def forward(self, x: Tensor) -> Tensor:
        """Six steps."""
        return self.head(self.row(F.pad(x, (0, 0, 0, 3)))[0])


class EncoderDecoder(Row):
    """The end of one row is what another reads at each step."""

    def __init__(self) -> None:
        """A second row."""
        super().__init__()
        self.decoder = nn.LSTM(8, 8, batch_first=True)

    def forward(self, x: Tensor) -> Tensor:
        """Five steps."""
        _, (h, _) = self.row(x)
        return self.head(self.decoder(h[-1].unsqueeze(1).repeat(1, 5, 1))[0])


class Translation(nn.Module):
    """The state of one row begins another; ids on both sides."""

    def __init__(self) -> None:
        """Two tables, two rows."""
        super().__init__()
        self.source, self.target = nn.Embedding(20, 4), nn.Embedding(21, 4)
        self.encoder = nn.LSTM(4, 8, batch_first=True)
        self.decoder = nn.LSTM(4, 8, batch_first=True)
        self.head = nn.Linear(8, 21)

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        """As many steps as the target."""
        _, state = self.encoder(self.source(source))
        return self.head(self.decoder(self.target(target), state)[0])


class Masked(nn.Module):
    """Words with padding, which is not read."""

    def __init__(self) -> None:
        """A table and a row."""
        super().__init__()
        self.table = nn.Embedding(20, 4, padding_idx=0)
        self.row, self.head = nn.LSTM(4, 8, batch_first=True), nn.Linear(8, 3)

    def forward(self, words: Tensor, lengths: Tensor) -> Tensor:
        """A vector."""
        packed = pack_padded_sequence(
            self.table(words), lengths.cpu(), batch_first=True, enforce_sorted=False
        )
        return self.head(self.row(packed)[1][0][-1])


def model(name: str) -> nn.Module:
    """The module of a topology."""
    made = {
        "one_to_one": OneToOne,
        "one_to_many": OneToMany,
        "many_to_one": ManyToOne,
        "many_to_many": ManyToMany,
        "last_steps": LastSteps,
        "padded_steps": PaddedSteps,
        "encoder_decoder": EncoderDecoder,
        "translation": Translation,
        "stacked": lambda: ManyToOne(num_layers=2),
        "bidirectional": lambda: ManyToMany(bidirectional=True),
        "gru": lambda: ManyToOne(nn.GRU),
        "masked": Masked,
    }
    torch.manual_seed(0)
    return made[name]().eval()
