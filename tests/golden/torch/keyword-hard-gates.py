"""PyTorch model keyword-hard-gates: many-to-one, convolutional, variable length."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class SoftsignHardSigmoidLSTM(nn.RNNBase):
    """nn.LSTM with other activations, taken step by step.

    The kernels of nn.LSTM know tanh and sigmoid only; the weights here are the same.
    """

    def __init__(self, features: int, units: int, **options: Any) -> None:
        super().__init__("LSTM", features, units, **options)

    def activation(self, x: Tensor) -> Tensor:
        return F.softsign(x)

    def gate(self, x: Tensor) -> Tensor:
        return F.hardsigmoid(x)

    def step(self, seen: Tensor, kept: Tensor, c: Tensor) -> tuple[Tensor, ...]:
        """One step, given what it sees and the last output, both times their weights."""
        i, f, g, o = (seen + kept).chunk(4, dim=-1)
        c = self.gate(f) * c + self.gate(i) * self.activation(g)
        return self.gate(o) * self.activation(c), c

    def forward(self, x: Tensor) -> Any:
        """Map (batch, steps, features) to all outputs and the last state."""
        zeros = x.new_zeros(x.shape[0], self.hidden_size)
        w, u, b_w, b_u = self.all_weights[0]
        now: tuple[Tensor, ...] = (zeros, zeros)
        seen: list[Tensor] = []
        for item in F.linear(x, w, b_w).unbind(1):
            kept = F.linear(now[0], u, b_u)
            now = self.step(item, kept, now[1])
            seen.append(now[0])
        last = tuple(part.unsqueeze(0) for part in now)
        return torch.stack(seen, dim=1), last


class KeywordHardGates(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                Y   dense(4, softmax)
                |
                D   dense(8, relu6)
                |
        H H ... H   lstm(16, activation=softsign, recurrent_activation=hard_sigmoid)
        | |     |
        F F ... F   conv(8, 3, leaky_relu)
        | |     |
        X X ... X   input(10)

    Shapes, without the batch:
        input x: (None, 10) float32
        output y: (4,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.conv_f = nn.Conv1d(10, 8, 3, padding=1)
        self.lstm_h = SoftsignHardSigmoidLSTM(8, 16, batch_first=True)
        self.dense_d = nn.Linear(16, 8)
        self.dense_y = nn.Linear(8, 4)

    def forward(self, x: Tensor) -> Tensor:
        conv_f = F.leaky_relu(
            self.conv_f(x.transpose(1, 2)),
            negative_slope=0.01,
        ).transpose(1, 2)
        _, (h_n, _) = self.lstm_h(conv_f)
        dense_d = F.relu6(self.dense_d(h_n[-1]))
        return torch.softmax(self.dense_y(dense_d), dim=-1)


def build_model() -> KeywordHardGates:
    """Build the model, with random weights."""
    return KeywordHardGates()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 6, 10)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
