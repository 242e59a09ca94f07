"""PyTorch model lstm-projected: many-to-one."""

import torch
from torch import Tensor, nn


class Lstmp(nn.Module):
    """A cell of the picture, run over all steps.

    cell lstmp(units, size):
        i, f, g, o = split(dense(x, h, features=4 * units), 4)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        h = dense(sigmoid(o) * tanh(c), features=size, bias=false)
    """

    def __init__(self, features: int, units: int, size: int) -> None:
        super().__init__()
        self.units = units
        self.size = size
        self.ifgo_x = nn.Linear(features, 4 * units)
        self.ifgo_h = nn.Linear(size, 4 * units, bias=False)
        self.h_oc = nn.Linear(units, size, bias=False)

    def forward(
        self,
        x: Tensor,
        state: tuple[Tensor, ...] | None = None,
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """Map (batch, steps, features) and a state to all outputs and the last state.

        The parts of a state are h, (1, batch, size) and c, (1, batch, units).
        """
        if state is None:
            widths = (self.size, self.units)
            state = tuple(x.new_zeros(1, x.shape[0], width) for width in widths)
        h, c = (part[0] for part in state)
        # What depends on x alone, for all steps at once.
        ifgo_x = self.ifgo_x(x)
        outputs: list[Tensor] = []
        for ifgo_x_now in ifgo_x.unbind(1):
            i, f, g, o = (ifgo_x_now + self.ifgo_h(h)).chunk(4, dim=-1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = self.h_oc(torch.sigmoid(o) * torch.tanh(c))
            outputs.append(h)
        last = tuple(part[None] for part in (h, c))
        return torch.stack(outputs, dim=1), last


class LstmProjected(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

        cell lstmp(units, size):
            i, f, g, o = split(dense(x, h, features=4 * units), 4)
            c = sigmoid(f) * c + sigmoid(i) * tanh(g)
            h = dense(sigmoid(o) * tanh(c), features=size, bias=false)

            Y   dense(1)
            |
        H-H-H   lstmp(8, 3)
        | | |
        X X X   input(3)

    Shapes, without the batch:
        input x: (3, 3) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.lstmp_h = Lstmp(3, 8, 3)
        self.dense_y = nn.Linear(3, 1)

    def forward(self, x: Tensor) -> Tensor:
        _, (h_n, _) = self.lstmp_h(x)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> LstmProjected:
    """Build the model, with random weights."""
    return LstmProjected()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 3, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
