"""PyTorch model sets-of-points: many-to-one."""

import torch
from torch import Tensor, nn


class SetsOfPoints(nn.Module):
    """Map a sequence of grids ``points`` to a vector ``y``.

              Y   dense(1)
              |
        H H H H   gru(6)
        | | | |
        M M M M   max(grid)
        | | | |
        D D D D   dense(8, relu)
        | | | |
        P P P P   dense(8, relu)
        | | | |
        X X X X   input(6, 2, name=points)

    Shapes, without the batch:
        input points: (4, 6, 2) float32
        output y: (1,)
    """

    def __init__(self) -> None:
        super().__init__()
        self.dense_p = nn.Linear(2, 8)
        self.dense_d = nn.Linear(8, 8)
        self.gru_h = nn.GRU(8, 6, batch_first=True)
        self.dense_y = nn.Linear(6, 1)

    def forward(self, points: Tensor) -> Tensor:
        dense_p = torch.relu(self.dense_p(points))
        dense_d = torch.relu(self.dense_d(dense_p))
        pooled_m = dense_d.amax(dim=-2)
        _, h_n = self.gru_h(pooled_m)
        y: Tensor = self.dense_y(h_n[-1])
        return y


def build_model() -> SetsOfPoints:
    """Build the model, with random weights."""
    return SetsOfPoints()


if __name__ == "__main__":
    model = build_model()
    print(model)
    points = torch.randn(2, 4, 6, 2)
    with torch.no_grad():
        outputs = model(points)
    print("y", tuple(outputs.shape))
