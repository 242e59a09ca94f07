"""PyTorch model lstm-peephole: many-to-one."""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class Peephole(nn.Module):
    """A cell of the picture, run over all steps.

    cell peephole(units):
        i = sigmoid(dense(x, h) + scale(c))
        f = sigmoid(dense(x, h) + scale(c))
        c = f * c + i * tanh(dense(x, h))
        o = sigmoid(dense(x, h) + scale(c))
        h = o * tanh(c)
    """

    def __init__(self, features: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.i_x = nn.Linear(features, units)
        self.i_h = nn.Linear(units, units, bias=False)
        self.i_scale = nn.Parameter(torch.ones(units))
        self.f_x = nn.Linear(features, units)
        self.f_h = nn.Linear(units, units, bias=False)
        self.f_scale = nn.Parameter(torch.ones(units))
        self.c_x = nn.Linear(features, units)
        self.c_h = nn.Linear(units, units, bias=False)
        self.o_x = nn.Linear(features, units)
        self.o_h = nn.Linear(units, units, bias=False)
        self.o_scale = nn.Parameter(torch.ones(units))

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
        i_x, f_x, c_x, o_x = F.linear(
            x,
            torch.cat(
                [self.i_x.weight, self.f_x.weight, self.c_x.weight, self.o_x.weight],
            ),
            torch.cat([self.i_x.bias, self.f_x.bias, self.c_x.bias, self.o_x.bias]),
        ).chunk(4, dim=-1)
        i_h_joined = torch.cat(
            [self.i_h.weight, self.f_h.weight, self.c_h.weight, self.o_h.weight],
        )
        outputs: list[Tensor] = []
        for i_x_now, f_x_now, c_x_now, o_x_now in zip(
            i_x.unbind(1),
            f_x.unbind(1),
            c_x.unbind(1),
            o_x.unbind(1),
            strict=True,
        ):
            i_h, f_h, c_h, o_h = F.linear(h, i_h_joined).chunk(4, dim=-1)
            i = torch.sigmoid(i_x_now + i_h + self.i_scale * c)
            f = torch.sigmoid(f_x_now + f_h + self.f_scale * c)
            c = f * c + i * torch.tanh(c_x_now + c_h)
            o = torch.sigmoid(o_x_now + o_h + self.o_scale * c)
            h = o * torch.tanh(c)
            outputs.append(h)
        last = tuple(part[None] for part in (h, c))
        return torch.stack(outputs, dim=1), last


class LstmPeephole(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

        cell peephole(units):
            i = sigmoid(dense(x, h) + scale(c))
            f = sigmoid(dense(x, h) + scale(c))
            c = f * c + i * tanh(dense(x, h))
            o = sigmoid(dense(x, h) + scale(c))
            h = o * tanh(c)

            Y   dense(1)
            |
        H-H-H   peephole(8)
        | | |
        X X X   input(3)

    Shapes, without the batch:
        input x: (3, 3) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.peephole_h = Peephole(3, 8)
        self.dense_y = nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.peephole_h(x)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> LstmPeephole:
    """Build the model, with random weights."""
    return LstmPeephole()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
