"""PyTorch model leaky-units: many-to-many aligned."""

import torch
from torch import Tensor, nn


class Leaky(nn.Module):
    """A cell of the picture, run over all steps.

    cell leaky(units, rate=0.2):
        h = (1 - rate) * h + rate * relu(dense(x, h))
    """

    def __init__(self, features: int, units: int, rate: float) -> None:
        super().__init__()
        self.units = units
        self.rate = rate
        self.h_x = nn.Linear(features, units)
        self.h_h = nn.Linear(units, units, bias=False)

    def forward(self, x: Tensor, state: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Map (batch, steps, features) and a state to all outputs and the last state.

        A state is (1, batch, units).
        """
        if state is None:
            state = x.new_zeros(1, x.shape[0], self.units)
        h = state[0]
        # What depends on x alone, for all steps at once.
        h_x = self.h_x(x)
        outputs: list[Tensor] = []
        for h_x_now in h_x.unbind(1):
            h = (1 - self.rate) * h + self.rate * torch.relu(h_x_now + self.h_h(h))
            outputs.append(h)
        return torch.stack(outputs, dim=1), h[None]


class LeakyUnits(nn.Module):
    """Map a sequence ``stimulus`` to a sequence ``y``.

        cell leaky(units, rate=0.2):
            h = (1 - rate) * h + rate * relu(dense(x, h))

        Y Y Y Y Y   dense(3)
        | | | | |
        H-H-H-H-H   leaky(7)
        | | | | |
        X X X X X   input(4, name=stimulus)

    Shapes, without the batch:
        input stimulus: (5, 4) float32
        output y: (5, 3)
    """

    def __init__(self) -> None:
        super().__init__()
        self.leaky_h = Leaky(4, 7, rate=0.2)
        self.dense_y = nn.Linear(7, 3)

    def forward(self, stimulus: Tensor) -> Tensor:
        leaky_h, _ = self.leaky_h(stimulus)
        y: Tensor = self.dense_y(leaky_h)
        return y


def build_model() -> LeakyUnits:
    """Build the model, with random weights."""
    return LeakyUnits()


if __name__ == "__main__":
    model = build_model()
    print(model)
    stimulus = torch.randn(2, 5, 4)
    with torch.no_grad():
        outputs = model(stimulus)
    print("y", tuple(outputs.shape))
