"""PyTorch model sentiment-recurrent-dropout: many-to-one, masked, variable length."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class DropoutLSTM(nn.RNNBase):
    """nn.LSTM that drops part of its state in training, taken step by step.

    The kernels of nn.LSTM do not; the weights here are the same.
    """

    def __init__(
        self, features: int, units: int, recurrent_dropout: float, **options: Any
    ) -> None:
        super().__init__("LSTM", features, units, **options)
        self.recurrent_dropout = recurrent_dropout

    def activation(self, x: Tensor) -> Tensor:
        return torch.tanh(x)

    def gate(self, x: Tensor) -> Tensor:
        return torch.sigmoid(x)

    def step(self, seen: Tensor, kept: Tensor, c: Tensor) -> tuple[Tensor, ...]:
        """One step, given what it sees and the last output, both times their weights."""
        i, f, g, o = (seen + kept).chunk(4, dim=-1)
        c = self.gate(f) * c + self.gate(i) * self.activation(g)
        return self.gate(o) * self.activation(c), c

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Any:
        """Map (batch, steps, features) to all outputs and the last state.

        State passes unchanged over the steps that are false in ``mask``, (batch, steps).
        """
        zeros = x.new_zeros(x.shape[0], self.hidden_size)
        w, u, b_w, b_u = self.all_weights[0]
        now: tuple[Tensor, ...] = (zeros, zeros)
        # What is dropped is the same at all steps, and for all gates.
        ones = torch.ones_like(zeros)
        mask_h = F.dropout(ones, self.recurrent_dropout, self.training)
        seen: list[Tensor] = []
        for place, item in enumerate(F.linear(x, w, b_w).unbind(1)):
            kept = F.linear(now[0] * mask_h, u, b_u)
            before, now = now, self.step(item, kept, now[1])
            if mask is not None:
                real = mask[:, place, None]
                pairs = zip(now, before, strict=True)
                now = tuple(torch.where(real, new, old) for new, old in pairs)
            seen.append(now[0])
        last = tuple(part.unsqueeze(0) for part in now)
        return torch.stack(seen, dim=1), last


class SentimentRecurrentDropout(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                Y   dense(1, sigmoid)
                |
        H-H-...-H   lstm(6, dropout=0.2, recurrent_dropout=0.2)
        | |     |
        W W ... W   embedding(5, mask=true)
        | |     |
        X X ... X   tokens(20)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.embedding_w = nn.Embedding(20, 5)
        self.lstm_h_dropout = nn.Dropout1d(0.2)
        self.lstm_h = DropoutLSTM(5, 6, recurrent_dropout=0.2, batch_first=True)
        self.dense_y = nn.Linear(6, 1)

    def forward(self, x: Tensor) -> Tensor:
        mask = x != 0
        embedding_w = self.embedding_w(x)
        # Of (batch, features, steps) a feature is dropped at all steps alike.
        dropped = self.lstm_h_dropout(embedding_w.transpose(1, 2)).transpose(1, 2)
        _, (h_n, _) = self.lstm_h(dropped, mask=mask)
        return torch.sigmoid(self.dense_y(h_n[-1]))


def build_model() -> SentimentRecurrentDropout:
    """Build the model, with random weights."""
    return SentimentRecurrentDropout()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randint(20, (2, 6))
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
