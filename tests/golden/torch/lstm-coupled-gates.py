"""PyTorch model lstm-coupled-gates: many-to-one."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Coupled(nn.Module):
    """A cell of the picture, run over all steps.

    cell coupled(units):
        f = sigmoid(dense(x, h))
        o = sigmoid(dense(x, h))
        c = f * c + (1 - f) * tanh(dense(x, h))
        h = o * tanh(c)
    """

    def __init__(self, features: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.f_x = nn.Linear(features, units)
        self.f_h = nn.Linear(units, units, bias=False)
        self.o_x = nn.Linear(features, units)
        self.o_h = nn.Linear(units, units, bias=False)
        self.c_x = nn.Linear(features, units)
        self.c_h = nn.Linear(units, units, bias=False)

    def forward(
        self,
        x: Tensor,
        state: tuple[Tensor, ...] | None = None,
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Map (batch, steps, features) and a state to all outputs and the last state.

        The parts of a state, h and c, are (1, batch, units).
        """
        if state is None:
            zeros = x.new_zeros(1, x.shape[0], self.units)
            state = (zeros, zeros)
        h, c = (part[0] for part in state)
        # What depends on x alone, for all steps at once.
        f_x, o_x, c_x = F.linear(
            x,
            torch.cat([self.f_x.weight, self.o_x.weight, self.c_x.weight]),
            torch.cat([self.f_x.bias, self.o_x.bias, self.c_x.bias]),
        ).chunk(3, dim=-1)
        f_h_joined = torch.cat([self.f_h.weight, self.o_h.weight, self.c_h.weight])
        outputs: list[Tensor] = []
        for f_x_now, o_x_now, c_x_now in zip(
            f_x.unbind(1),
            o_x.unbind(1),
            c_x.unbind(1),
            strict=True,
        ):
            f_h, o_h, c_h = F.linear(h, f_h_joined).chunk(3, dim=-1)
            f = torch.sigmoid(f_x_now + f_h)
            o = torch.sigmoid(o_x_now + o_h)
            c = f * c + (1 - f) * torch.tanh(c_x_now + c_h)
            h = o * torch.tanh(c)
            outputs.append(h)
        last = tuple(part[None] for part in (h, c))
        return torch.stack(outputs, dim=1), last


class LstmCoupledGates(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

        cell coupled(units):
            f = sigmoid(dense(x, h))
            o = sigmoid(dense(x, h))
            c = f * c + (1 - f) * tanh(dense(x, h))
            h = o * tanh(c)

            Y   dense(1)
            |
        H-H-H   coupled(8)
        | | |
        X X X   input(3)

    Shapes, without the batch:
        input x: (3, 3) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.coupled_h = Coupled(3, 8)
        self.dense_y = nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.coupled_h(x)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> LstmCoupledGates:
    """Build the model, with random weights."""
    return LstmCoupledGates()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
