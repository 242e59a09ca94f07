"""PyTorch model forecast-vector: many-to-one."""

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ReluLSTM(nn.RNNBase):
    """nn.LSTM with other activations, taken step by step.

    The kernels of nn.LSTM know tanh and sigmoid only; the weights here are the same.
    """

    def __init__(self, features: int, units: int, **options: Any) -> None:
        super().__init__("LSTM", features, units, **options)

    def activation(self, x: Tensor) -> Tensor:
        return torch.relu(x)

    def gate(self, x: Tensor) -> Tensor:
        return torch.sigmoid(x)

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


class ForecastVector(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

                Y   dense(3)
                |
        H H H H H   lstm(16, activation=relu)
        | | | | |
        X X X X X   input(2)

    Shapes, without the batch:
        input x: (5, 2) float32
        output y: (3,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstm_h = ReluLSTM(2, 16, batch_first=True)
        self.dense_y = nn.Linear(16, 3)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.lstm_h(x)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> ForecastVector:
    """Build the model, with random weights."""
    return ForecastVector()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 2)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
