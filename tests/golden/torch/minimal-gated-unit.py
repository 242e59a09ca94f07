"""PyTorch model minimal-gated-unit: many-to-one."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Mgu(nn.Module):
    """A cell of the picture, run over all steps.

    cell mgu(units):
        f = sigmoid(dense(x, h))
        n = tanh(dense(x, f * h))
        h = (1 - f) * h + f * n
    """

    def __init__(self, features: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.f_x = nn.Linear(features, units)
        self.f_h = nn.Linear(units, units, bias=False)
        self.n_x = nn.Linear(features, units)
        self.n_fh = nn.Linear(units, units, bias=False)

    def forward(self, x: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Map (batch, steps, features) and a state to all outputs and the last state.

        A state is (1, batch, units).
        """
        if state is None:
            state = x.new_zeros(1, x.shape[0], self.units)
        h = state[0]
        # What depends on x alone, for all steps at once.
        f_x, n_x = F.linear(
            x,
            torch.cat([self.f_x.weight, self.n_x.weight]),
            torch.cat([self.f_x.bias, self.n_x.bias]),
        ).chunk(2, dim=-1)
        outputs: list[Tensor] = []
        for f_x_now, n_x_now in zip(f_x.unbind(1), n_x.unbind(1), strict=True):
            f = torch.sigmoid(f_x_now + self.f_h(h))
            n = torch.tanh(n_x_now + self.n_fh(f * h))
            h = (1 - f) * h + f * n
            outputs.append(h)
        return torch.stack(outputs, dim=1), h[None]


class MinimalGatedUnit(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

        cell mgu(units):
            f = sigmoid(dense(x, h))
            n = tanh(dense(x, f * h))
            h = (1 - f) * h + f * n

                  Y   dense(10, softmax)
                  |
        H H ..n.. H   mgu(64)
        | |       |
        X X  ...  X   input(28)

        n = 28

    Shapes, without the batch:
        input x: (n, 28) float32
        output y: (10,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.mgu_h = Mgu(28, 64)
        self.dense_y = nn.Linear(64, 10)

    def forward(self, x: Tensor) -> Tensor:
        _, h_n = self.mgu_h(x)
        return torch.softmax(self.dense_y(h_n[-1]), dim=-1)


def build_model() -> MinimalGatedUnit:
    """Build the model, with random weights."""
    return MinimalGatedUnit()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 28, 28)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
