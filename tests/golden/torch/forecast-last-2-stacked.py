"""PyTorch model forecast-last-2-stacked: many-to-many last N, stacked 2."""

import torch
from torch import Tensor, nn


class ForecastLast2Stacked(nn.Module):
    """Map a sequence ``x`` to a sequence ``y``.

              Y Y   dense(1)
              | |
        G G G G G   gru(8)
        | | | | |
        H H H H H   gru(12)
        | | | | |
        X X X X X   input(3)

    Shapes, without the batch:
        input x: (5, 3) float32
        output y: (2, 1)
    """

    def __init__(self) -> None:
        super().__init__()
        self.gru_h = nn.GRU(3, 12, batch_first=True)
        self.gru_g = nn.GRU(12, 8, batch_first=True)
        self.dense_y = nn.Linear(8, 1)

    def forward(self, x: Tensor) -> Tensor:
        gru_h, _ = self.gru_h(x)
        gru_g, _ = self.gru_g(gru_h)
        y: Tensor = self.dense_y(gru_g[:, -2:])
        return y


def build_model() -> ForecastLast2Stacked:
    """Build the model, with random weights."""
    return ForecastLast2Stacked()


if __name__ == "__main__":
    model = build_model()
    print(model)
    x = torch.randn(2, 5, 3)
    with torch.no_grad():
        outputs = model(x)
    print("y", tuple(outputs.shape))
