"""PyTorch model adding-problem-independent: many-to-one, stacked 2."""

import torch
from torch import Tensor, nn


class Independent(nn.Module):
    """A cell of the picture, run over all steps.

    cell independent(units):
        h = relu(dense(x) + scale(h))
    """

    def __init__(self, features: int, units: int) -> None:
        super().__init__()
        self.units = units
        self.h_x = nn.Linear(features, units)
        self.h_scale = nn.Parameter(torch.ones(units))

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
            h = torch.relu(h_x_now + self.h_scale * h)
            outputs.append(h)
        return torch.stack(outputs, dim=1), h[None]


class AddingProblemIndependent(nn.Module):
    """Map a sequence ``x`` to a vector ``y``.

        cell independent(units):
            h = relu(dense(x) + scale(h))

                Y   dense(1)
                |
        G-G-G-G-G   independent(6)
        | | | | |
        H-H-H-H-H   independent(6)
        | | | | |
        X X X X X   input(2)

    Shapes, without the batch:
        input x: (5, 2) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.independent_h = Independent(2, 6)
        self.independent_g = Independent(6, 6)
        self.dense_y = nn.Linear(6, 1)

    def forward(self, x: Tensor) -> Tensor:
        independent_h, _ = self.independent_h(x)
        _, h_n = self.independent_g(independent_h)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> AddingProblemIndependent:
    """Build the model, with random weights."""
    return AddingProblemIndependent()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 2)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
